//! Faults of payouts and of the currencies that they are in.

use super::*;
use fundroute::payouts::{NewPayout, PayoutError};

/// Tables of currencies had Uganda's shillings without decimals, rounded three decimals up to ten in the seller's favour, and paid forints
/// and Taiwan dollars in hundredths, or dropped the rest and marked it as paid.
#[test]
fn bug_13_a_table_of_exponents_is_wrong() {
    let book = Rulebook::standard();
    let rows = [
        // currency, "12.34" or the like in minor units, charged in steps of, paid out in steps of
        (Currency::USD, ("12.34", 12_34), 1, 1),
        (Currency::JPY, ("1234", 1234), 1, 1),
        (Currency::KRW, ("1234", 1234), 1, 1),
        (Currency::KWD, ("5.120", 5_120), 10, 10),
        (Currency::HUF, ("10.45", 10_45), 1, 100),
        (Currency::TWD, ("800.45", 800_45), 1, 100),
        (Currency::ISK, ("5124.00", 5_124_00), 100, 100),
        (Currency::UGX, ("5124.00", 5_124_00), 100, 100),
    ];
    for (currency, (text, minor), charged, paid_out) in rows {
        assert_eq!(Money::parse_major(text, currency), Ok(Money::new(minor, currency)), "{currency}");
        let limits = book.charge_limits(currency).unwrap();
        assert_eq!((limits.charge_multiple(), limits.payout_multiple()), (charged, paid_out), "{currency}");
    }
    // Three decimals are refused, and not rounded in anybody's favour; nothing without decimals is scaled.
    let odd = Money::parse_major("5.124", Currency::KWD).unwrap().minor();
    assert_ne!(odd % book.charge_limits(Currency::KWD).unwrap().charge_multiple(), 0);
    assert!(Money::parse_major("12.3", Currency::JPY).is_err());
    // What a payout cannot hold stays in the balance, and is not among what it has paid.
    let mut shop = Shop::open();
    let eva = shop.banked(NewAccount::express(Country::HU));
    shop.sell_as(eva, NewPayment::card(Money::new(1_000_45, Currency::HUF)));
    shop.wait(7);
    assert_eq!((shop.paid_out(eva), shop.available(eva)), (1_000_00, 45));
    shop.sound();
}

/// A payout failed after it had been paid, or news of it came late, and the money was given back twice or not at all.
#[test]
fn bug_10_a_payout_fails_after_it_was_paid() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), fundroute::simulator::NEVER_ANSWERS);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(3);
    let payout = shop.pay_out(jo, usd(60_00)).unwrap();
    // Overdue by the time that anything is heard.
    shop.wait(7);
    assert!(shop.platform.payout(payout).unwrap().is_overdue());
    let failed = |code: &str| Fact::PayoutFailed(PayoutFailed { payout, failure_code: code.to_owned() });
    let facts = [
        Fact::PayoutSubmitted(PayoutSubmitted { payout }),
        Fact::PayoutPaid(PayoutPaid { payout }),
        failed("account_closed"),
        failed("no_account"),
    ];
    let at = |hours: i64| shop.platform.now().checked_add(TimeDelta::hours(-hours)).unwrap();
    let told =
        facts.into_iter().zip([9, 8, 4, 3]).map(|(fact, hours)| Report::new(format!("{hours}"), at(hours), fact));
    let told: Vec<Report> = told.collect();
    let mut ends = Vec::new();
    for first in 0..4 {
        for (second, third) in [(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)] {
            let order = [first, (first + second) % 4, (first + third) % 4, (first + 6 - second - third) % 4];
            let mut shop = shop.clone();
            for place in order {
                shop.platform.record(&told[place]).unwrap();
                shop.platform.record(&told[place]).unwrap();
            }
            shop.sound();
            let known = shop.platform.payout(payout).unwrap().clone();
            assert_eq!((shop.available(jo), shop.in_transit(jo), shop.paid_out(jo)), (100_00, 0, 0));
            ends.push(known);
        }
    }
    assert_eq!(ends.len(), 24);
    assert!(ends.windows(2).all(|pair| pair[0] == pair[1]), "{ends:#?}");
}

/// Payouts that were asked for at once drew on the same money, and a balance below zero was tried again for ever.
#[test]
fn bug_14_two_payouts_draw_on_the_same_money() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    shop.spare_bank(jo);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(3);
    let ask = |key: &str| Request::new(key, Command::CreatePayout(NewPayout::of(usd(60_00)))).acting_as(jo);
    // Both are decided on what is there now; only one of them can happen.
    let (one, other) = (shop.platform.decide(&ask("one")).unwrap(), shop.platform.decide(&ask("other")).unwrap());
    shop.platform.apply(&one.changes).unwrap();
    assert!(matches!(shop.platform.apply(&other.changes), Err(Error::Stale(_))));
    let short = |available, needed| PayoutError::InsufficientFunds { account: jo, available, needed: usd(needed) };
    let refused = shop.platform.decide(&ask("other")).map(drop);
    assert_eq!(refused, Err(short(40_00, 60_00).into()));
    // Below zero: refused with the reason, by hand and by the clock, until what comes in has paid the debt.
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    assert_eq!(shop.available(jo), -60_00);
    assert_eq!(shop.platform.decide(&ask("third")).map(drop), Err(short(-60_00, 60_00).into()));
    let daily = PayoutSchedule::Automatic(Recurrence::Daily);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, daily).unwrap();
    assert_eq!(shop.platform.next_payout(jo, USD), None, "no run is tried again and again");
    shop.sell(NewPayment::card(usd(70_00)).destination(jo));
    shop.wait(7);
    let paid: Vec<i64> = shop.payouts(jo).iter().map(|payout| payout.amount().minor()).collect();
    assert_eq!(paid, [60_00, 10_00]);
    shop.sound();
}
