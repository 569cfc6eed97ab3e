//! Payouts asked for by hand: on the same day before the cut-off, later otherwise (docs.stripe.com/payouts, 2026); and until when the law
//! lets money lie.

use fundroute::money::{Currency, gbp};
use fundroute::payouts::PayoutSchedule;
use fundroute::prelude::*;

use super::{cut_off, october};
use crate::shop::{Shop, rules};

fn nov(day: u32) -> Timestamp {
    utc(2026, 11, day)
}

/// When a payout of so much arrives that is asked for at a moment.
fn asked(country: Country, amount: Money, at: Timestamp) -> Timestamp {
    let mut shop = Shop::open_on(utc(2026, 10, 1), country, cut_off());
    let sale = Money::new(999_999_99, amount.currency());
    let jo = shop.funded(country, sale);
    shop.sell_as(jo, NewPayment::card(sale));
    shop.until(at);
    let payout = shop.pay_out(jo, amount).unwrap();
    shop.sound();
    shop.platform.payout(payout).unwrap().arrival_date()
}

/// In winter five in New York is ten at night in UTC; the second Wednesday of November is Veterans Day.
#[test]
fn in_the_united_states_five_in_new_york() {
    for (at, arrives) in [
        (nov(4).at(21, 59), nov(4).at(21, 59)),
        (nov(4).at(22, 0), nov(5)),
        (nov(6).at(22, 0), nov(9)),
        (nov(7).at(15, 0), nov(9)),
        (nov(10).at(22, 0), nov(12)),
        (nov(11).at(15, 0), nov(12)),
        // In New York it is the evening before; the day of arrival has begun in UTC.
        (nov(13).at(0, 30), nov(13).at(0, 30)),
    ] {
        assert_eq!(asked(US, usd(10_00), at), arrives, "{at}");
    }
}

/// In pounds "within two business days", of which the second is told.
#[test]
fn in_britain_five_in_london() {
    for (at, arrives) in [
        (nov(4).at(16, 59), nov(4).at(16, 59)),
        (nov(4).at(17, 0), nov(6)),
        (nov(6).at(17, 0), nov(10)),
        (nov(7).at(10, 0), nov(10)),
    ] {
        assert_eq!(asked(Country::GB, gbp(10_00), at), arrives, "{at}");
    }
}

#[test]
fn in_euros_four_in_copenhagen() {
    let eur = Money::new(10_00, EUR);
    for (at, arrives) in [(nov(4).at(14, 59), nov(4).at(14, 59)), (nov(4).at(15, 0), nov(5)), (nov(7).at(9, 0), nov(9))]
    {
        assert_eq!(asked(DE, eur, at), arrives, "{at}");
    }
}

/// In summer clocks are an hour ahead.
#[test]
fn cut_offs_follow_the_clocks() {
    let june = |hour, minute| utc(2027, 6, 2).at(hour, minute);
    let mut shop = Shop::open_on(utc(2027, 5, 3), US, cut_off());
    let (jo, bo) = (shop.funded(US, usd(500_00)), shop.funded(Country::GB, gbp(500_00)));
    let mut arrival = |account, amount, at| {
        shop.until(at);
        let payout = shop.pay_out(account, amount).unwrap();
        shop.platform.payout(payout).unwrap().arrival_date()
    };
    assert_eq!(arrival(bo, gbp(1_00), june(15, 59)), june(15, 59));
    assert_eq!(arrival(bo, gbp(1_00), june(16, 0)), utc(2027, 6, 4));
    assert_eq!(arrival(jo, usd(1_00), june(20, 59)), june(20, 59));
    assert_eq!(arrival(jo, usd(1_00), june(21, 0)), utc(2027, 6, 3));
}

#[test]
fn more_than_a_million_takes_a_day_longer() {
    let noon = nov(4).at(12, 0);
    assert_eq!(asked(US, usd(1_000_000_00), noon), noon);
    assert_eq!(asked(US, usd(1_000_000_01), noon), nov(5));
}

#[test]
fn ten_a_day_arrive_on_it() {
    let mut shop = Shop::open_on(october(), US, cut_off());
    let jo = shop.funded(US, usd(500_00));
    for day in [4, 5] {
        let noon = nov(day).at(12, 0);
        shop.until(noon);
        for number in 0..12 {
            let payout = shop.pay_out(jo, usd(1_00)).unwrap();
            let arrives = shop.platform.payout(payout).unwrap().arrival_date();
            assert_eq!(arrives, if number < 10 { noon } else { nov(day + 1) }, "{number}");
        }
    }
    let snapshot = shop.platform.snapshot();
    let restored = Platform::restore(cut_off(), snapshot, shop.platform.now());
    assert_eq!(restored.snapshot(), shop.platform.snapshot());
    shop.sound();
}

/// Payments that wait for a day less than the rule says are too fast for it.
#[test]
fn where_payments_wait_less_payouts_take_longer() {
    let fast = cut_off().with_settlement_delay(US, None, fundroute::calendar::Delay::Business(1)).unwrap();
    let mut shop = Shop::open_on(october(), US, fast);
    let jo = shop.funded(US, usd(500_00));
    shop.until(nov(4).at(12, 0));
    let payout = shop.pay_out(jo, usd(1_00)).unwrap();
    assert_eq!(shop.platform.payout(payout).unwrap().arrival_date(), nov(5));
    let book = cut_off().without_same_day_payouts();
    assert!(book.same_day_payouts(US, USD).is_none() && cut_off().same_day_payouts(BR, BRL).is_none());
}

/// docs.stripe.com/connect/manual-payouts (2024): ten days in Thailand, two years in the United States, ninety days elsewhere. The oldest
/// leaves first.
#[test]
fn money_must_not_lie_for_ever() {
    let book = cut_off();
    for (country, until) in
        [(Country::TH, nov(12)), (US, utc(2028, 11, 1)), (DE, utc(2027, 1, 31)), (BR, utc(2027, 1, 31))]
    {
        assert_eq!(book.must_pay_out_by(country, nov(2)), Ok(until), "{country}");
    }
    let free = |country, currency| {
        fundroute::rulebook::Price::new(country, PaymentMethod::Card, currency, fundroute::money::Rate::ZERO, 0)
    };
    let book = rules().with_price(free(Country::TH, Currency::THB)).unwrap();
    let mut shop = Shop::open_on(october(), Country::TH, book);
    let thb = |minor| Money::new(minor, Currency::THB);
    let jo = shop.banked(NewAccount::express(Country::TH));
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    let mut dates = Vec::new();
    for _ in 0..2 {
        shop.sell_as(jo, NewPayment::card(thb(100_00)));
        dates.push(shop.platform.pending(jo, Currency::THB).last().unwrap().0);
        shop.wait(3);
    }
    let must = |shop: &Shop| shop.platform.must_pay_out_by(jo, Currency::THB).unwrap();
    assert_eq!(must(&shop), None);
    shop.until(dates[1]);
    assert_eq!(must(&shop), dates[0].plus_days(10).ok());
    shop.pay_out(jo, thb(99_99)).unwrap();
    assert_eq!(must(&shop), dates[0].plus_days(10).ok());
    shop.pay_out(jo, thb(1_00)).unwrap();
    assert_eq!(must(&shop), dates[1].plus_days(10).ok());
    shop.pay_out(jo, thb(99_01)).unwrap();
    assert_eq!(must(&shop), None);
}
