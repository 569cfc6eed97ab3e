//! Direct charges in a currency that the account does not hold.

use fundroute::money::MoneyError;
use fundroute::payments::{PaymentError, RefundFailure, RefundStatus};
use fundroute::routing::{NewApplicationFeeRefund, RoutingError};

use super::*;

/// Recorded exchanges, 2023-2025: a dollar for an account in Singapore, with a commission of 0.25, given back with it.
#[test]
fn example_m4_a_direct_charge_in_dollars_for_an_account_in_singapore() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::standard(SG));
    desk.rate(USD, SGD, "1.32373");
    let sale = desk.sell_as(jo, NewPayment::card(usd(1_00)).application_fee(usd(25)));
    assert_eq!(desk.lines(jo), ["charge 130 - 87 = 43 SGD @ 1.29726"]);
    let fees: Vec<i64> = desk.transactions(jo)[0].fee_details.iter().map(|fee| fee.amount).collect();
    assert_eq!(fees, [55, 32]);
    assert_eq!(desk.lines(desk.house), ["application_fee 25 - 0 = 25 USD"]);
    let charge = desk.platform.charge_of(sale).unwrap();
    assert_eq!((charge.amount(), charge.amount_settled()), (usd(1_00), sgd(130)));
    assert_eq!(charge.conversion().unwrap().rate().to_string(), "1.2972554");

    let refund = desk.refund_as(jo, NewRefund::of(sale).refund_application_fee()).unwrap();
    assert_eq!(
        desk.lines(jo)[1..],
        ["refund -132 - 0 = -132 SGD @ 1.32373", "application_fee_refund 32 - 0 = 32 SGD @ 1.29726"]
    );
    assert_eq!(desk.last(desk.house), "application_fee_refund -25 - 0 = -25 USD");
    let refund = desk.platform.refund(refund).unwrap();
    assert_eq!((refund.amount(), refund.amount_debited()), (usd(1_00), sgd(132)));
    desk.sound();
}

/// docs.stripe.com/currencies/conversions (2024): 60.00 dollars at 0.88 are 52.80 euros, and go back at 0.86 for 51.60.
#[test]
fn example_w8_a_refund_goes_back_at_the_rate_of_its_day() {
    let mut desk = Desk::open_in(DE, free());
    let jo = desk.seller(NewAccount::standard(DE));
    desk.rate(USD, EUR, "0.88");
    let sale = desk.sell_as(jo, NewPayment::card(usd(60_00)));
    assert_eq!(desk.lines(jo), ["charge 5280 - 0 = 5280 EUR @ 0.88"]);
    desk.rate(USD, EUR, "0.86");
    desk.refund_as(jo, NewRefund::of(sale)).unwrap();
    assert_eq!(desk.last(jo), "refund -5160 - 0 = -5160 EUR @ 0.86");
    // The payer has the exact amount; what the rate did is the account's.
    assert_eq!(desk.platform.outside(LedgerAccount::Payers, USD), 0);
    assert_eq!((desk.holds(jo, EUR), desk.position(EUR), desk.position(USD)), ((1_20, 0), -1_20, 0));
    desk.sound();
}

/// Recorded exchanges, 2023-2025: mostly at the middle of the market, and once at the charge's own rate. Each booking has the rate that its
/// host has set by then.
#[test]
fn example_l4_a_refund_has_the_rate_that_the_host_sets() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::standard(CA));
    desk.rate(USD, CAD, "1.38343");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)));
    assert_eq!(desk.platform.charge_of(sale).unwrap().amount_settled(), cad(13_56));
    desk.refund_as(jo, NewRefund::of(sale).amount(usd(5_00))).unwrap();
    assert_eq!(desk.last(jo), "refund -692 - 0 = -692 CAD @ 1.38343");
    desk.rate(USD, CAD, "1.35576");
    desk.refund_as(jo, NewRefund::of(sale)).unwrap();
    assert_eq!(desk.last(jo), "refund -678 - 0 = -678 CAD @ 1.35576");
    desk.sound();
}

/// API reference, `exchange_rate` of a balance transaction (2026): 10.00 euros at 1.234 are 12.34 dollars.
#[test]
fn example_w10_what_is_paid_in_euros_and_booked_in_dollars() {
    let mut desk = Desk::open_in(US, free());
    let jo = desk.seller(NewAccount::standard(US));
    desk.rate(EUR, USD, "1.234");
    desk.sell_as(jo, NewPayment::card(eur(10_00)));
    assert_eq!(desk.lines(jo), ["charge 1234 - 66 = 1168 USD @ 1.234"]);
    desk.sound();
}

/// Recorded exchanges, 2023-2025: each part of a returned commission is converted by itself, so that two halves of 30 cents, 41 Canadian
/// ones, give 20 and 20, and one whole gives 41.
#[test]
fn example_l2_parts_of_a_commission_are_converted_by_themselves() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let both = |sale| NewRefund::of(sale).refund_application_fee();
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(30)));
    assert_eq!(desk.lines(jo), ["charge 1356 - 110 = 1246 CAD @ 1.35576"]);
    for _ in 0..2 {
        desk.refund_as(jo, both(sale).amount(usd(5_00))).unwrap();
        assert_eq!(desk.last(jo), "application_fee_refund 20 - 0 = 20 CAD @ 1.35576");
        assert_eq!(desk.last(desk.house), "application_fee_refund -15 - 0 = -15 USD");
    }
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(30)));
    desk.refund_as(jo, both(sale)).unwrap();
    assert_eq!(desk.last(jo), "application_fee_refund 41 - 0 = 41 CAD @ 1.35576");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(30)));
    let fee = desk.platform.charge_of(sale).unwrap().application_fee().unwrap();
    let key = desk.key();
    desk.platform.transfers().refund_fee_part(&key, NewApplicationFeeRefund::of(fee).amount(usd(15))).unwrap();
    assert_eq!(desk.last(jo), "application_fee_refund 20 - 0 = 20 CAD @ 1.35576");
    assert_eq!(desk.last(desk.house), "application_fee_refund -15 - 0 = -15 USD");
    desk.sound();
}

/// Recorded exchanges, 2023-2025: two refunds of 5.00 take 6.92 each where one of 10.00 takes 13.83.
#[test]
fn example_l3_each_refund_is_converted_by_itself() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)));
    for _ in 0..2 {
        desk.refund_as(jo, NewRefund::of(sale).amount(usd(5_00))).unwrap();
        assert_eq!(desk.last(jo), "refund -692 - 0 = -692 CAD @ 1.38343");
    }
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)));
    desk.refund_as(jo, NewRefund::of(sale)).unwrap();
    assert_eq!(desk.last(jo), "refund -1383 - 0 = -1383 CAD @ 1.38343");
    desk.sound();
}

/// docs.stripe.com/currencies (2024): an account in pounds is charged at least 0.30 pounds, whatever the payer pays in.
#[test]
fn example_w16_the_least_goes_by_the_currency_in_which_it_is_booked() {
    let mut desk = Desk::open_in(GB, free());
    let jo = desk.seller(NewAccount::standard(GB));
    desk.rate(EUR, GBP, "0.8");
    let charge = |desk: &mut Desk, amount| {
        let key = desk.key();
        desk.platform.acting_as(jo).unwrap().payments().create(&key, NewPayment::card(amount)).map(drop)
    };
    let few = PaymentError::AmountTooSmall { amount: gbp(29), minimum: gbp(30) };
    assert_eq!(charge(&mut desk, eur(36)), Err(few.into()));
    charge(&mut desk, eur(38)).unwrap();
    desk.rate(EUR, GBP, "0.5");
    let few = PaymentError::AmountTooSmall { amount: gbp(28), minimum: gbp(30) };
    assert_eq!(charge(&mut desk, eur(56)), Err(few.into()), "also what is above the least in euros");
    // Planned payments, and those that are changed, have to come to it as well.
    let key = desk.key();
    let plan = NewPayment::open(eur(56));
    let few = PaymentError::AmountTooSmall { amount: gbp(28), minimum: gbp(30) };
    assert_eq!(desk.platform.acting_as(jo).unwrap().payments().create(&key, plan).map(drop), Err(few.into()));
}

/// docs.stripe.com/connect/currencies (2024): the platform's commission is converted into its own currency where it cannot hold that of the
/// payment, and returned at the same rate.
#[test]
fn a_commission_that_the_platform_cannot_hold_is_converted_for_it() {
    let mut desk = Desk::open();
    let hans = desk.seller(NewAccount::standard(DE));
    let order = || NewPayment::card(eur(10_00)).application_fee(eur(1_23));
    let key = desk.key();
    let unset = desk.platform.acting_as(hans).unwrap().payments().create(&key, order()).map(drop);
    assert_eq!(unset, Err(RoutingError::NoExchangeRate { from: EUR, to: USD }.into()));
    desk.rate(EUR, USD, "1.1");
    let sale = desk.sell_as(hans, order());
    assert_eq!(desk.lines(hans), ["charge 1000 - 123 = 877 EUR"]);
    assert_eq!(desk.lines(desk.house), ["application_fee 133 - 0 = 133 USD @ 1.078"]);
    let fee = desk.platform.charge_of(sale).unwrap().application_fee().unwrap();
    assert_eq!(desk.platform.application_fee(fee).unwrap().amount(), eur(1_23));
    desk.rate(EUR, USD, "1.5");
    desk.refund_as(hans, NewRefund::of(sale).amount(eur(5_00)).refund_application_fee()).unwrap();
    assert_eq!(desk.last(hans), "application_fee_refund 62 - 0 = 62 EUR");
    assert_eq!(desk.last(desk.house), "application_fee_refund -67 - 0 = -67 USD @ 1.078");
    desk.sound();
}

/// What the account pays in the platform's currency already is not converted once more.
#[test]
fn a_commission_is_converted_once() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::standard(US));
    desk.rate(EUR, USD, "1.1");
    desk.sell_as(jo, NewPayment::card(eur(10_00)).application_fee(eur(1_23)));
    // 1000 * 1.078, and 2.9 % of that with 30.
    assert_eq!(desk.lines(jo), ["charge 1078 - 194 = 884 USD @ 1.078"]);
    assert_eq!(desk.lines(desk.house), ["application_fee 133 - 0 = 133 USD @ 1.078"]);
    assert_eq!((desk.position(EUR), desk.position(USD)), (10_00, -10_78));
    desk.sound();
}

/// The charge keeps the rate of when it was attempted, whatever rates and bank accounts become before the world answers.
#[test]
fn what_is_told_later_comes_to_the_same() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::standard(CA));
    desk.rate(USD, CAD, "1.25");
    let key = desk.key();
    desk.platform.acting_as(jo).unwrap().payments().create(&key, NewPayment::card(usd(10_00))).unwrap();
    desk.rate(USD, CAD, "2");
    desk.world.settle(&mut desk.platform).unwrap();
    assert_eq!(desk.lines(jo), ["charge 1225 - 66 = 1159 CAD @ 1.225"]);
    desk.sound();
}

/// A refund that waits is booked at the rate of the day on which it is; what it brings back when it fails is what it had cost.
#[test]
fn a_refund_that_waits_and_one_that_comes_back() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::standard(CA));
    desk.rate(USD, CAD, "1.25");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)));
    desk.wait(7);
    assert_eq!(desk.holds(jo, CAD), (0, 12_25 - 66));
    let refund = desk.refund_as(jo, NewRefund::of(sale)).unwrap();
    let known = desk.platform.refund(refund).unwrap();
    assert_eq!((known.status(), known.amount_debited(), known.conversion()), (RefundStatus::Pending, usd(10_00), None));
    desk.rate(USD, CAD, "1.5");
    desk.sell_as(jo, NewPayment::card(usd(10_00)));
    desk.wait(8);
    assert_eq!(desk.last(jo), "refund -1500 - 0 = -1500 CAD @ 1.5");
    assert_eq!(desk.holds(jo, CAD), (0, 11_59 + 14_70 - 73 - 15_00));
    desk.rate(USD, CAD, "1.1");
    let (now, reason) = (desk.platform.now(), RefundFailure::LostOrStolenCard);
    desk.platform.refunds().record_failed("back", now, refund, reason).unwrap();
    assert_eq!(desk.last(jo), "refund_failure 1500 - 0 = 1500 CAD @ 1.5");
    assert_eq!(desk.platform.charge_of(sale).unwrap().refundable(), usd(10_00));
    desk.sound();
}

/// The older rule, by which the processor gives back what its fee of the whole is above that of the rest, in the currency of the fee.
#[test]
fn the_processors_fee_comes_back_in_its_own_currency() {
    let mut desk = Desk::open_in(US, rules().with_processor_fee_returned(true));
    let jo = desk.seller(NewAccount::standard(CA));
    desk.rate(USD, CAD, "1.38343");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)));
    desk.refund_as(jo, NewRefund::of(sale).amount(usd(5_00))).unwrap();
    // 2.9 % of 678 and 30 are 50, so that 19 of 69 come back.
    assert_eq!(desk.last(jo), "refund -692 - -19 = -673 CAD @ 1.38343");
    desk.refund_as(jo, NewRefund::of(sale)).unwrap();
    assert_eq!(desk.last(jo), "refund -692 - -50 = -642 CAD @ 1.38343");
    assert_eq!(desk.platform.outside(LedgerAccount::Fees, CAD), 0);
    desk.sound();
}

#[test]
fn what_cannot_be_converted_is_refused() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::standard(CA));
    let ask = |desk: &mut Desk, order: NewPayment| {
        let key = desk.key();
        desk.platform.acting_as(jo).unwrap().payments().create(&key, order).map(drop)
    };
    let unset = RoutingError::NoExchangeRate { from: USD, to: CAD };
    for order in [NewPayment::card(usd(10_00)), NewPayment::open(usd(10_00))] {
        assert_eq!(ask(&mut desk, order), Err(unset.clone().into()));
    }
    desk.rate(USD, CAD, "79228162514264337593543950335");
    assert_eq!(ask(&mut desk, NewPayment::card(usd(10_00))), Err(MoneyError::Overflow.into()));
    // Nor is anything booked on the platform that it cannot hold.
    let key = desk.key();
    let refused = desk.platform.payments().create(&key, NewPayment::card(eur(10_00))).map(drop);
    assert_eq!(refused, Err(RoutingError::NoExchangeRate { from: EUR, to: USD }.into()));
    desk.sound();
}
