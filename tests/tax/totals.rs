//! What payees were paid in a year.

use fundroute::ids::AccountId;
use fundroute::money::{Currency, ExchangeRate, Rate};
use fundroute::payouts::PayoutSchedule;
use fundroute::prelude::*;
use fundroute::rulebook::{Price, TaxFormType, Vetting};
use fundroute::tools::tax::{NewTaxForm, TaxAttention, TaxMethod, TaxTotals};

use crate::shop::{Shop, full};

const BEFORE_FEES: TaxMethod = TaxMethod::PaymentsIncludingFees;
const AFTER_FEES: TaxMethod = TaxMethod::PaymentsExcludingFees;
const PAYOUTS: TaxMethod = TaxMethod::PayoutsOnly;

fn totals(shop: &Shop, account: AccountId, method: TaxMethod, year: u16) -> TaxTotals {
    shop.platform.tax_totals(account, method, year, USD, |_, _| None).unwrap()
}

/// The gross of 2026 and of 2027, by a method.
fn gross(shop: &Shop, method: TaxMethod) -> (i128, i128) {
    let of = |year| totals(shop, shop.jo, method, year).gross;
    (of(2026), of(2027))
}

/// The published example (docs.stripe.com/connect/tax-form-calculation-methods, 2024): a charge of 100, of which the platform takes 2 and
/// the processor 3.20; it is paid on 30 December, available in January, and paid out then.
#[test]
fn a_charge_of_100_by_the_three_methods() {
    let mut shop = Shop::open(utc(2026, 12, 30));
    let sale = NewPayment::card(usd(100_00)).application_fee(usd(2_00));
    shop.platform.acting_as(shop.jo).unwrap().payments().create("sale", sale).unwrap();
    shop.advance(1);
    assert_eq!((gross(&shop, BEFORE_FEES), gross(&shop, PAYOUTS)), ((0, 100_00), (0, 0)), "the year of availability");
    shop.advance(9);
    assert_eq!(gross(&shop, BEFORE_FEES), (0, 100_00));
    assert_eq!(gross(&shop, AFTER_FEES), (0, 94_80));
    assert_eq!(gross(&shop, PAYOUTS), (0, 94_80));
    let told = totals(&shop, shop.jo, BEFORE_FEES, 2027);
    assert_eq!((told.transactions, told.not_present, told.months[0]), (1, 100_00, 100_00));
    let figures = told.figures().unwrap();
    assert_eq!((figures.gross(), figures.without_card(), figures.months().unwrap()[0]), (100_00, 100_00, 100_00));
}

#[test]
fn refunds_and_disputes_are_never_deducted() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let order = NewPayment::card(usd(100_00)).destination(shop.jo).application_fee(usd(10_00));
    let sale = shop.platform.payments().create("sale", order).unwrap().answer;
    shop.advance(1);
    let back = NewRefund::of(sale).amount(usd(25_00)).reverse_transfer().refund_application_fee();
    shop.platform.refunds().create("back", back).unwrap();
    shop.advance(9);
    assert_eq!(gross(&shop, BEFORE_FEES), (100_00, 0));
    assert_eq!(gross(&shop, AFTER_FEES), (90_00, 0));
    assert_eq!(gross(&shop, PAYOUTS), (67_50, 0), "what reached the bank");
}

/// Of charges and transfers that are separate it is the transfer that counts, whatever the charge was.
#[test]
fn of_separate_charges_the_transfer_counts() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let house = shop.platform.id();
    shop.platform.payouts().set_schedule("by hand", house, PayoutSchedule::Manual).unwrap();
    let sale = shop.platform.payments().create("sale", NewPayment::card(usd(500_00))).unwrap().answer;
    shop.advance(5);
    shop.platform.transfers().create("part", NewTransfer::to(shop.jo, usd(70_00)).from_payment(sale)).unwrap();
    shop.platform.transfers().create("bonus", NewTransfer::to(shop.jo, usd(5_00))).unwrap();
    let told = totals(&shop, shop.jo, BEFORE_FEES, 2026);
    assert_eq!((told.gross, told.not_present, told.transactions), (75_00, 75_00, 2));
    let of_house = totals(&shop, house, BEFORE_FEES, 2026);
    assert_eq!(of_house.gross, 500_00, "what is sent on is not taken off");
}

/// docs.stripe.com/connect/tax-form-calculation-methods (2024): box 1b is what was paid without the card being there.
#[test]
fn what_was_paid_in_person_is_not_in_box_1b() {
    use fundroute::terminal::{Address, DeviceType, NewLocation, NewReader};

    let price = Price::new(US, PaymentMethod::CardPresent, USD, "2.7%".parse::<Rate>().unwrap(), 5);
    let rules = Rulebook::standard().with_vetting(Vetting::ByHost).with_price(price).unwrap();
    let mut shop = Shop::open_by(utc(2026, 11, 2), rules);
    let address = Address::new(US, "1 Main St", "78701").city("Austin").state("TX");
    let place = shop.platform.locations().create("place", NewLocation::new("Shop", address)).unwrap().answer;
    let till = NewReader::new(place, DeviceType::SimulatedStripeS700);
    let reader = shop.platform.readers().register("till", till).unwrap().answer;
    for (key, method) in [("there", PaymentMethod::CardPresent), ("away", PaymentMethod::Card)] {
        let order = NewPayment::by(method, usd(40_00)).destination(shop.jo);
        let sale = shop.platform.payments().create(key, order).unwrap().answer;
        if method == PaymentMethod::CardPresent {
            shop.platform.readers().process_payment_intent("take", reader, sale).unwrap();
        }
    }
    shop.advance(5);
    let told = totals(&shop, shop.jo, BEFORE_FEES, 2026);
    assert_eq!((told.gross, told.not_present), (80_00, 40_00));
}

#[test]
fn a_payout_that_comes_back_or_is_called_off_is_none() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    shop.platform.payouts().set_schedule("by hand", shop.jo, PayoutSchedule::Manual).unwrap();
    shop.platform.payments().create("sale", NewPayment::card(usd(100_00)).destination(shop.jo)).unwrap();
    shop.advance(5);
    let jo = shop.jo;
    let mut pay =
        |key: &str, amount| shop.platform.acting_as(jo).unwrap().payouts().create(key, usd(amount)).unwrap().answer;
    let (gone, back) = (pay("gone", 30_00), pay("back", 20_00));
    let called_off = pay("off", 10_00);
    shop.platform.acting_as(jo).unwrap().payouts().cancel("no", called_off).unwrap();
    shop.advance(3);
    assert_eq!(gross(&shop, PAYOUTS), (50_00, 0));
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("failed", now, back, "account_closed").unwrap();
    assert_eq!(gross(&shop, PAYOUTS), (30_00, 0));
    assert_eq!(shop.platform.payout(gone).unwrap().status().to_string(), "paid");
    assert_eq!(totals(&shop, jo, PAYOUTS, 2026).transactions, 3);
}

/// Other currencies are converted at the rate of the day, which the host gives; without one the form waits.
#[test]
fn what_has_no_rate_is_named_and_never_guessed() {
    let free = Price::new(DE, PaymentMethod::Card, EUR, Rate::ZERO, 0);
    let rules = Rulebook::standard().with_vetting(Vetting::ByHost).with_price(free).unwrap();
    let mut shop = Shop::open_by(utc(2026, 11, 2), rules);
    let otto = shop.world.onboard(&mut shop.platform, NewAccount::express(DE)).unwrap();
    let sale = NewPayment::by(PaymentMethod::Card, eur(100_01));
    shop.platform.acting_as(otto).unwrap().payments().create("sale", sale).unwrap();
    shop.advance(10);
    let told = totals(&shop, otto, BEFORE_FEES, 2026);
    assert_eq!((told.gross, told.transactions, told.missing.len()), (0, 1, 1));
    let day = told.missing[0].1;
    let rate = |of: Currency, on| {
        assert_eq!((of, on), (EUR, day));
        "1.085".parse::<ExchangeRate>().ok()
    };
    let converted = shop.platform.tax_totals(otto, BEFORE_FEES, 2026, USD, rate).unwrap();
    assert_eq!((converted.gross, converted.missing.len()), (108_51, 0), "108.51085, to the nearest cent");
    let euros = shop.platform.tax_totals(otto, BEFORE_FEES, 2026, EUR, |_, _| None).unwrap();
    assert_eq!(euros.gross, 100_01);

    let new = NewTaxForm::of(TaxFormType::Us1099K, 2026, otto, told.figures().unwrap()).details(full());
    let form = shop.create(new);
    assert_eq!(shop.filed(form)[0], "needs_attention");
    assert!(shop.form(form).attention().contains(&TaxAttention::RateMissing));
    shop.platform.tax_forms().refresh("rates", form, converted.figures().unwrap()).unwrap();
    assert_eq!(shop.filed(form)[0], "will_not_file");
}

#[test]
fn a_part_of_a_year_and_the_rest_come_to_the_year() {
    let mut shop = Shop::open(utc(2026, 10, 1));
    for number in 0..4_i64 {
        let order = NewPayment::card(usd(10_00 + number)).destination(shop.jo);
        shop.platform.payments().create(&format!("sale-{number}"), order).unwrap();
        shop.advance(20);
    }
    let within = |from, until| {
        let period: std::ops::Range<Timestamp> = from..until;
        shop.platform.tax_totals_within(shop.jo, BEFORE_FEES, period, USD, |_, _| None).unwrap().gross
    };
    let (start, day, end) = (utc(2026, 1, 1), utc(2026, 11, 1), utc(2027, 1, 1));
    assert_eq!(within(start, day) + within(day, end), totals(&shop, shop.jo, BEFORE_FEES, 2026).gross);
    assert!(within(start, day) > 0 && within(day, end) > 0);
    assert_eq!(within(end, start), 0, "an empty period");
}
