//! Charges that are booked on the platform, and their recipients abroad.

use fundroute::payments::PaymentError;
use fundroute::routing::RoutingError;

use super::*;

/// 12.00 dollars of which 8.80 are transferred to an account in Canada.
fn m6(mid: &str) -> (Desk, AccountId, PaymentId) {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, mid);
    let sale = desk.sell(NewPayment::card(usd(12_00)).destination(jo).transfer_amount(usd(8_80)));
    (desk, jo, sale)
}

/// Recorded exchanges, 2023-2025: 2.00 given back plainly and then 5.00 with the recipient's share take 3.67 from the transfer, which costs
/// the recipient 5.00 Canadian dollars.
#[test]
fn example_m6_the_recipient_gives_its_share_at_the_rate_of_the_day() {
    let (mut desk, jo, sale) = m6("1.36314");
    assert_eq!(desk.lines(jo), ["payment 1176 - 0 = 1176 CAD @ 1.33588"]);
    desk.refund(NewRefund::of(sale).amount(usd(2_00)).keep_transfer()).unwrap();
    assert_eq!(desk.lines(jo).len(), 1);
    desk.refund(NewRefund::of(sale).amount(usd(5_00)).reverse_transfer()).unwrap();
    assert_eq!(desk.last(jo), "payment_refund -500 - 0 = -500 CAD @ 1.36314");
    assert_eq!(desk.last(desk.house), "transfer_refund 367 - 0 = 367 USD");
    desk.sound();
}

/// Recorded exchanges, 2023-2025: the same with 10.00 takes 7.33 and costs 9.99; 1.47 of the 8.80 stay with the recipient.
#[test]
fn example_m7_the_share_is_of_what_asked_for_it() {
    let (mut desk, jo, sale) = m6("1.36314");
    desk.refund(NewRefund::of(sale).amount(usd(2_00)).keep_transfer()).unwrap();
    desk.refund(NewRefund::of(sale).amount(usd(10_00)).reverse_transfer()).unwrap();
    assert_eq!(desk.last(jo), "payment_refund -999 - 0 = -999 CAD @ 1.36314");
    let transfer = desk.platform.charge_of(sale).unwrap().transfer().unwrap();
    let transfer = desk.platform.transfer(transfer).unwrap();
    assert_eq!((transfer.amount(), transfer.amount_reversed()), (usd(8_80), usd(7_33)));
    desk.sound();
}

/// Recorded exchanges, 2023-2025: 1.09 of 1.53 become 1.48, and the share of a refund of 0.50, which is 0.36, costs 0.50.
#[test]
fn example_m8_a_transfer_amount_is_converted_for_its_recipient() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38656");
    let sale = desk.sell(NewPayment::card(usd(1_53)).destination(jo).transfer_amount(usd(1_09)));
    desk.refund(NewRefund::of(sale).amount(usd(50)).reverse_transfer()).unwrap();
    assert_eq!(desk.lines(jo), ["payment 148 - 0 = 148 CAD @ 1.35883", "payment_refund -50 - 0 = -50 CAD @ 1.38656"]);
    assert_eq!(desk.last(desk.house), "transfer_refund 36 - 0 = 36 USD");
    desk.sound();
}

/// Recorded exchanges, 2023-2025: 10.00 dollars on behalf of an account in Canada are booked on the platform in Canadian dollars, and the
/// commission in its own.
#[test]
fn example_m9_a_charge_on_behalf_of_an_account_is_booked_in_its_currency() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let order = NewPayment::card(usd(10_00)).destination(jo).on_behalf_of(jo).application_fee(usd(30));
    let sale = desk.sell(order);
    let mut house = desk.lines(desk.house);
    house.sort();
    assert_eq!(
        house,
        ["application_fee 30 - 0 = 30 USD", "charge 1356 - 69 = 1287 CAD @ 1.35576", "transfer -1356 - 0 = -1356 CAD"]
    );
    assert_eq!(desk.lines(jo), ["payment 1356 - 41 = 1315 CAD"]);
    let both = |minor| NewRefund::of(sale).amount(usd(minor)).reverse_transfer().refund_application_fee();
    desk.refund(both(5_00)).unwrap();
    assert_eq!(
        desk.lines(jo)[1..],
        ["payment_refund -678 - 0 = -678 CAD", "application_fee_refund 20 - 0 = 20 CAD @ 1.35576"]
    );
    let refunded = |desk: &Desk, line: &str| assert!(desk.lines(desk.house).contains(&line.to_owned()), "{line}");
    refunded(&desk, "refund -692 - 0 = -692 CAD @ 1.38343");
    refunded(&desk, "transfer_refund 678 - 0 = 678 CAD");
    refunded(&desk, "application_fee_refund -15 - 0 = -15 USD");
    desk.refund(both(1_00)).unwrap();
    refunded(&desk, "refund -138 - 0 = -138 CAD @ 1.38343");
    refunded(&desk, "transfer_refund 136 - 0 = 136 CAD");
    refunded(&desk, "application_fee_refund -3 - 0 = -3 USD");
    let transfer = desk.platform.charge_of(sale).unwrap().transfer().unwrap();
    assert_eq!(desk.platform.transfer(transfer).unwrap().amount_reversed(), cad(8_14));
    // Balances are by currency: what the platform lacks in one is not taken from the other.
    assert_eq!((desk.holds(desk.house, USD).0, desk.holds(desk.house, CAD).0), (12, -69 - 14 - 2));
    desk.sound();
}

/// Recorded exchanges, 2023-2025: the same at 1.34207.
#[test]
fn example_m10_the_same_at_another_rate() {
    let mut desk = Desk::open_in(US, free());
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.34207");
    let sale = desk.sell(NewPayment::card(usd(10_00)).destination(jo).on_behalf_of(jo).application_fee(usd(30)));
    assert!(desk.lines(desk.house).contains(&"charge 1342 - 69 = 1273 CAD @ 1.34207".to_owned()));
    for (minor, share) in [(5_00, 6_71), (1_00, 1_34)] {
        desk.refund(NewRefund::of(sale).amount(usd(minor)).reverse_transfer().keep_application_fee()).unwrap();
        assert_eq!(desk.last(jo), format!("payment_refund -{share} - 0 = -{share} CAD"));
    }
    let transfer = desk.platform.charge_of(sale).unwrap().transfer().unwrap();
    assert_eq!(desk.platform.transfer(transfer).unwrap().amount_reversed(), cad(8_05));
    desk.sound();
}

/// Recorded exchanges, 2023-2025: a dispute of that charge takes what it had brought, with a fee in its currency, and brings it back.
#[test]
fn example_m13_a_dispute_of_a_charge_on_behalf_of_an_account() {
    use fundroute::payments::DisputeChange;
    use fundroute::rulebook::{DisputeFee, DisputeFeeKind};

    let fee = DisputeFee::new(DisputeFeeKind::Received, cad(15_00)).in_country(CA);
    let mut desk = Desk::open_in(US, rules().with_dispute_fee(fee).unwrap());
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let sale = desk.sell(NewPayment::card(usd(10_00)).destination(jo).on_behalf_of(jo).application_fee(usd(30)));
    desk.rate(USD, CAD, "1.5");
    let opened = desk.opened(sale, usd(10_00), None);
    desk.told(opened);
    let withdrawn = "adjustment -1356 - 1500 = -2856 CAD @ 1.35576".to_owned();
    desk.happens(DisputeChange::FundsWithdrawn);
    assert!(desk.lines(desk.house).contains(&withdrawn));
    desk.happens(DisputeChange::Won);
    assert!(desk.lines(desk.house).contains(&"adjustment 1356 - 0 = 1356 CAD @ 1.35576".to_owned()));
    desk.sound();
}

/// docs.stripe.com/connect/currencies (2024): what is paid in euros is booked on the platform in dollars and sent on as Canadian ones; the
/// commission, which the platform cannot hold in euros, comes to it in the recipient's currency.
#[test]
fn a_destination_charge_is_converted_twice() {
    let mut desk = Desk::open_in(US, free());
    let jo = desk.seller(NewAccount::express(CA));
    let order = || NewPayment::card(eur(100_00)).destination(jo).application_fee(eur(10_01));
    let ask = |desk: &mut Desk, order| {
        let key = desk.key();
        desk.platform.payments().create(&key, order).map(drop)
    };
    let unset = |from, to| Error::from(RoutingError::NoExchangeRate { from, to });
    assert_eq!(ask(&mut desk, order()), Err(unset(EUR, USD)));
    desk.rate(EUR, USD, "1.1");
    assert_eq!(ask(&mut desk, order()), Err(unset(USD, CAD)));
    assert_eq!(ask(&mut desk, order().confirm_later()), Err(unset(USD, CAD)));
    desk.rate(USD, CAD, "1.25");
    let sale = desk.sell(order());
    // 2.9 % of 110.00 and 0.30; 10.01 at 1.375.
    let house = [
        "application_fee 1376 - 0 = 1376 CAD @ 1.375",
        "charge 11000 - 349 = 10651 USD @ 1.1",
        "transfer -11000 - 0 = -11000 USD",
    ];
    let mut lines = desk.lines(desk.house);
    lines.sort();
    assert_eq!(lines, house);
    assert_eq!(desk.lines(jo), ["payment 13750 - 1376 = 12374 CAD @ 1.25"]);
    assert_eq!((desk.position(EUR), desk.position(USD), desk.position(CAD)), (100_00, 0, -137_50));

    desk.rate(EUR, USD, "1.2");
    desk.rate(USD, CAD, "1.5");
    desk.refund(NewRefund::of(sale).amount(eur(50_00)).reverse_transfer().refund_application_fee()).unwrap();
    let lines = desk.lines(desk.house);
    for line in [
        "refund -6000 - 0 = -6000 USD @ 1.2",
        "transfer_refund 5500 - 0 = 5500 USD",
        "application_fee_refund -689 - 0 = -689 CAD @ 1.375",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    assert_eq!(
        desk.lines(jo)[1..],
        ["payment_refund -8250 - 0 = -8250 CAD @ 1.5", "application_fee_refund 689 - 0 = 689 CAD @ 1.375"]
    );
    desk.sound();
}

/// What is charged separately is booked in the platform's currency, and transferred out of that; on behalf of an account in the account's.
#[test]
fn separate_charges_are_transferred_in_the_currency_in_which_they_are_booked() {
    let mut desk = Desk::open_in(US, free());
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(EUR, USD, "1.1");
    desk.rate(EUR, CAD, "1.4");
    desk.rate(USD, CAD, "1.25");
    let sale = desk.sell(NewPayment::card(eur(100_00)));
    let from = |sale, amount| NewTransfer::to(jo, amount).from_payment(sale);
    let other = RoutingError::WrongCurrency { given: CAD, needed: USD };
    assert_eq!(desk.transfer(from(sale, cad(10_00))), Err(other.into()));
    let most = RoutingError::SourceExceeded { payment: sale, asked: usd(110_01), left: usd(110_00) };
    assert_eq!(desk.transfer(from(sale, usd(110_01))), Err(most.into()));
    desk.refund(NewRefund::of(sale).amount(eur(50_00))).unwrap();
    let most = RoutingError::SourceExceeded { payment: sale, asked: usd(55_01), left: usd(55_00) };
    assert_eq!(desk.transfer(from(sale, usd(55_01))), Err(most.into()));
    desk.transfer(from(sale, usd(55_00))).unwrap();
    assert_eq!(desk.lines(jo), ["payment 6875 - 0 = 6875 CAD @ 1.25"]);

    let sale = desk.sell(NewPayment::card(eur(100_00)).on_behalf_of(jo));
    assert!(desk.lines(desk.house).contains(&"charge 14000 - 436 = 13564 CAD @ 1.4".to_owned()));
    desk.transfer(from(sale, cad(140_00))).unwrap();
    assert_eq!(desk.last(jo), "payment 14000 - 0 = 14000 CAD");
    assert_eq!(desk.holds(desk.house, CAD).0, -4_36);
    desk.sound();
}

/// A recipient that bears no losses has to have what its share costs on the day; the platform what the commission brings back.
#[test]
fn a_refund_asks_for_cover_in_each_currency_by_itself() {
    let mut desk = Desk::open_in(US, free());
    let jo = desk.seller(NewAccount::standard(CA));
    desk.rate(USD, CAD, "1.25");
    let sale = desk.sell(NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_00)));
    desk.sell(NewPayment::card(usd(100_00)));
    desk.wait(7);
    assert_eq!(desk.holds(jo, CAD), (0, 11_25));
    desk.rate(USD, CAD, "1.26");
    let refund = || NewRefund::of(sale).reverse_transfer();
    let (account, currency) = (jo, CAD);
    let short = PaymentError::InsufficientFunds { account, currency, available: 11_25, needed: 12_60 };
    assert_eq!(desk.refund(refund().keep_application_fee()).map(drop), Err(short.into()));
    let short = PaymentError::InsufficientFunds { account, currency, available: 11_25, needed: 11_35 };
    assert_eq!(desk.refund(refund().refund_application_fee()).map(drop), Err(short.into()));
    desk.rate(USD, CAD, "1.25");
    desk.refund(refund().refund_application_fee()).unwrap();
    assert_eq!(desk.holds(jo, CAD), (0, 0));
    desk.sound();
}

/// A platform that holds the payer's currency converts nothing of its own.
#[test]
fn what_both_can_hold_is_converted_for_nobody() {
    let mut desk = Desk::open_in(DE, free());
    let jo = desk.seller(NewAccount::express(GB));
    let bank = fundroute::simulator::bank_account(desk.platform.rulebook(), jo, DE, EUR);
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    desk.sell(NewPayment::card(eur(10_00)).destination(jo).application_fee(eur(1_00)));
    assert_eq!(desk.lines(jo), ["payment 1000 - 100 = 900 EUR"]);
    assert_eq!((desk.position(EUR), desk.position(GBP)), (0, 0));
    desk.sound();
}
