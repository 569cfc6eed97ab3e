//! When days begin, who may choose that, and how far the processor trusts an account.

use fundroute::calendar::{Delay, Recurrence, StartOfDay, WeekendDay};
use fundroute::ids::AccountId;
use fundroute::journal::FactOutcome;
use fundroute::money::Currency;
use fundroute::payouts::{PayoutError, PayoutSchedule, Suspension};
use fundroute::prelude::*;
use fundroute::rulebook::{CrossBorderEra, SettlementSpeed};

use super::{cut_off, october, refused};
use crate::shop::{Shop, events, rules};

fn start(offset: i16, hour: u8, minutes: u8) -> StartOfDay {
    StartOfDay::new(offset, hour, minutes).unwrap()
}

fn set(shop: &mut Shop, account: AccountId, start: StartOfDay) -> Result<(), Error> {
    let key = shop.key();
    shop.platform.payouts().set_start_of_day(&key, account, start).map(|done| {
        assert_eq!(events(&done.changes), ["balance_settings.updated"]);
    })
}

/// support.stripe.com/questions/default-start-of-day (2022): nine countries, from 15 March 2022 on.
#[test]
fn new_accounts_of_nine_countries_begin_at_local_midnight() {
    let mut shop = Shop::open_by(US, rules().with_cross_border_era(CrossBorderEra::Recipient));
    for (country, offset) in [
        (Country::AU, 600),
        (Country::HK, 480),
        (Country::IN, 330),
        (Country::JP, 540),
        (Country::MY, 480),
        (Country::NZ, 720),
        (Country::SG, 480),
        (Country::TH, 420),
    ] {
        let account = shop.seller(NewAccount::express(country));
        let starts = shop.platform.balance_settings(account).unwrap().starts_of_day();
        assert_eq!(starts.chosen(), (start(offset, 0, 0), None), "{country}");
        let home = Shop::open_in(country);
        assert_eq!(home.platform.balance_settings(home.house).unwrap().starts_of_day(), starts, "{country}");
    }
    for country in [US, DE, Country::GB, BR] {
        let account = shop.seller(NewAccount::express(country));
        assert_eq!(shop.platform.balance_settings(account).unwrap().starts_of_day().chosen(), (StartOfDay::UTC, None));
    }
    let book = Rulebook::standard();
    let indonesia = |at| book.start_of_day(Country::ID, at);
    assert_eq!(indonesia(utc(2022, 3, 14).at(17, 0)), start(420, 0, 0));
    assert_eq!(indonesia(utc(2022, 3, 14).at(16, 59)), StartOfDay::UTC);
}

/// docs.stripe.com/connect/customized-start-of-day (2026): any hour by local time, in Australia until four, nowhere else.
#[test]
fn hours_are_open_by_country() {
    let mut shop = Shop::open();
    let (mei, oz) = (shop.seller(NewAccount::express(Country::SG)), shop.seller(NewAccount::express(Country::AU)));
    let (jo, house) = (shop.seller(NewAccount::express(US)), shop.house);
    for (account, open, closed) in [
        (mei, vec![start(480, 23, 30), StartOfDay::UTC, start(480, 0, 30)], vec![start(540, 0, 0), start(0, 6, 0)]),
        (oz, vec![start(600, 4, 0), start(480, 0, 0), start(660, 1, 30)], vec![start(600, 4, 30), start(720, 0, 0)]),
        (jo, vec![], vec![start(-300, 0, 0), StartOfDay::UTC]),
        (house, vec![], vec![start(-300, 0, 0)]),
    ] {
        for start in open {
            set(&mut shop, account, start).unwrap();
        }
        let country = shop.platform.account(account).unwrap().country();
        for start in closed {
            assert_eq!(refused(set(&mut shop, account, start)), PayoutError::StartOfDayNotAllowed { country, start });
        }
    }
    let nobody = AccountId::from_host(crate::shop::NOBODY);
    assert_eq!(set(&mut shop, nobody, StartOfDay::UTC).unwrap_err(), Error::NotFound(nobody.into()));
}

/// A run that was ahead moves with the day that it is on.
#[test]
fn a_run_that_is_ahead_moves_with_the_day() {
    let sgd = |minor| Money::new(minor, Currency::SGD);
    let free = fundroute::rulebook::Price::new(
        Country::SG,
        PaymentMethod::Card,
        Currency::SGD,
        fundroute::money::Rate::ZERO,
        0,
    );
    let mut shop = Shop::open_by(US, rules().with_price(free).unwrap());
    let mei = shop.banked(NewAccount::express(Country::SG));
    let fridays = PayoutSchedule::Automatic(Recurrence::weekly([chrono::Weekday::Fri]).unwrap());
    shop.platform.payouts().set_schedule("fridays", mei, fridays).unwrap();
    shop.sell_as(mei, NewPayment::card(sgd(10_00)));
    shop.until(utc(2026, 11, 9).at(20, 0));
    assert_eq!(shop.platform.next_payout(mei, Currency::SGD), Some(utc(2026, 11, 12).at(16, 0)));
    set(&mut shop, mei, start(480, 6, 0)).unwrap();
    assert_eq!(shop.platform.next_payout(mei, Currency::SGD), Some(utc(2026, 11, 12).at(22, 0)));
    shop.wait(5);
    assert_eq!(shop.payouts(mei)[0].created(), utc(2026, 11, 12).at(22, 0));
    shop.sound();
}

/// docs.stripe.com/payouts (2026): from seven calendar days to three business days, for what begins from then on.
#[test]
fn an_account_with_a_record_waits_less() {
    let mut shop = Shop::open_in(DE);
    let jo = shop.seller(NewAccount::standard(DE));
    let eur = Money::new(10_00, EUR);
    let tell = |shop: &mut Shop, at, speed| {
        let key = shop.key();
        shop.platform.payouts().record_speed_reviewed(&key, at, jo, speed).unwrap()
    };
    let sale = |shop: &mut Shop| {
        let order = shop.sell_as(jo, NewPayment::card(eur));
        shop.platform.charge_of(order).unwrap().delay()
    };
    assert_eq!(sale(&mut shop), Delay::Calendar(7));
    shop.wait(2);
    let now = shop.platform.now();
    let told = tell(&mut shop, now, SettlementSpeed::Established);
    assert_eq!((told.answer, events(&told.changes)), (FactOutcome::Applied, vec!["balance_settings.updated"]));
    assert_eq!(sale(&mut shop), Delay::Business(3));
    // Two days later the older payment has the later date.
    assert_eq!(shop.platform.pending(jo, EUR), [(utc(2026, 11, 9), 20_00)]);
    // The latest word holds, whenever it is told; one that says the same again is no news to anybody.
    let older = tell(&mut shop, utc(2026, 11, 3), SettlementSpeed::Initial);
    assert_eq!((older.answer, sale(&mut shop)), (FactOutcome::Stale, Delay::Business(3)));
    shop.wait(1);
    let now = shop.platform.now();
    let again = tell(&mut shop, now, SettlementSpeed::Established);
    assert_eq!((again.answer, events(&again.changes)), (FactOutcome::Applied, vec![]));
    let back = tell(&mut shop, now, SettlementSpeed::Initial);
    assert_eq!((back.answer, sale(&mut shop)), (FactOutcome::Stale, Delay::Business(3)));
    shop.wait(1);
    let now = shop.platform.now();
    tell(&mut shop, now, SettlementSpeed::Initial);
    assert_eq!(sale(&mut shop), Delay::Calendar(7));
    shop.sound();
}

/// Of the same reports in any order the latest holds; of two of one moment the one that trusts.
#[test]
fn what_is_told_of_an_accounts_speed_converges() {
    use SettlementSpeed::{Established, Initial};

    let mut start = Shop::open_in(DE);
    let jo = start.seller(NewAccount::express(DE));
    start.wait(3);
    let reports = [(1, Established), (2, Initial), (2, Established), (1, Initial)];
    for (first, orders) in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]].into_iter().enumerate() {
        let mut shop = start.clone();
        for report in orders {
            let (days, speed) = reports[report];
            let at = utc(2026, 11, 2 + days);
            shop.platform.payouts().record_speed_reviewed(&format!("r{report}"), at, jo, speed).unwrap();
        }
        let settings = shop.platform.balance_settings(jo).unwrap();
        assert_eq!(settings.settlement_speed(), Established, "{first}");
        let mut other = start.clone();
        let at = utc(2026, 11, 4);
        other.platform.payouts().record_speed_reviewed("r2", at, jo, Established).unwrap();
        assert_eq!(settings, other.platform.balance_settings(jo).unwrap(), "{first}");
    }
}

#[test]
fn a_platform_may_let_a_trusted_account_wait_from_its_own_delay_on() {
    let mut shop = Shop::open_in(US);
    let jo = shop.seller(NewAccount::express(DE));
    let now = shop.platform.now();
    let error = shop.platform.payouts().set_delay_days("five", jo, Some(5)).map(|_| ());
    assert!(matches!(refused(error), PayoutError::DelayOutOfRange { minimum: 7, .. }));
    shop.platform.payouts().record_speed_reviewed("trusted", now, jo, SettlementSpeed::Established).unwrap();
    shop.platform.payouts().set_delay_days("five", jo, Some(5)).unwrap();
    let error = shop.platform.payouts().set_delay_days("two", jo, Some(2)).map(|_| ());
    assert!(matches!(refused(error), PayoutError::DelayOutOfRange { minimum: 3, .. }));
}

/// docs.stripe.com/connect/manage-payout-schedule (2024): nobody changes it there; that it is what it is can be said.
#[test]
fn delays_are_fixed_in_brazil_and_india() {
    let mut shop = Shop::open();
    for country in [BR, Country::IN] {
        let ana = shop.seller(NewAccount::express(country));
        let key = shop.key();
        let error = shop.platform.payouts().set_delay_days(&key, ana, Some(31)).map(|_| ());
        assert_eq!(refused(error), PayoutError::DelayFixed(country));
        shop.platform.payouts().set_delay_days(&key, ana, None).unwrap();
    }
}

/// docs.stripe.com/api/accounts/object (2026): the older interface takes a day of the weekend, which arrives on the Monday.
#[test]
fn the_older_anchor_may_be_a_day_of_the_weekend() {
    let mut shop = Shop::open_by(US, cut_off());
    let jo = shop.banked(NewAccount::express(US));
    let sundays = Recurrence::weekly_anchor(chrono::Weekday::Sun);
    assert_eq!(sundays, Recurrence::EachWeekend(WeekendDay::Sunday));
    shop.platform.payouts().set_schedule("sundays", jo, PayoutSchedule::Automatic(sundays)).unwrap();
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(14);
    assert_eq!(shop.payout_list(jo), ["1000 paid 2026-11-08 2026-11-09"]);
    let key = shop.key();
    let ana = shop.seller(NewAccount::express(BR));
    let set = shop.platform.payouts().set_schedule(&key, ana, PayoutSchedule::Automatic(sundays)).map(|_| ());
    assert_eq!(refused(set), PayoutError::ScheduleNotAllowed(BR));
}

/// docs.stripe.com/payouts (2026): a while after the first live payment; in test mode there is no wait.
#[test]
fn the_first_payout_waits_where_money_is_real() {
    let wait = days(7);
    let book = || cut_off().with_first_payout_wait(wait);
    for live in [false, true] {
        let new = NewPlatform::in_country(US);
        let new = if live { new.live() } else { new };
        let platform = Platform::new(new, book(), october()).unwrap();
        let mut shop = Shop::around(platform);
        // The numbers of test mode are refused where real money moves.
        let jo = shop.banked_at(NewAccount::express(US), if live { "55779911" } else { "000123456789" });
        shop.sell_as(jo, NewPayment::card(usd(100_00)));
        let first = shop.platform.now();
        shop.until(utc(2026, 10, 22));
        let until = first.checked_add(wait).unwrap();
        if live {
            assert_eq!(shop.platform.next_payout(jo, USD), Some(utc(2026, 10, 27)));
            assert_eq!(refused(shop.pay_out(jo, usd(1_00))), PayoutError::FirstPayoutWaits { account: jo, until });
        } else {
            assert_eq!(shop.payouts(jo).len(), 1);
        }
        shop.until(utc(2026, 10, 27));
        assert_eq!(shop.payouts(jo).len(), 1, "live: {live}");
        shop.sell_as(jo, NewPayment::card(usd(100_00)));
        shop.wait(2);
        assert_eq!(shop.payouts(jo).len(), 2, "live: {live}");
    }
}

/// A schedule that cannot pay out says why, stays, and goes on.
#[test]
fn a_schedule_is_suspended_and_resumed() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let why = |shop: &Shop| shop.platform.payout_suspension(jo, USD).unwrap();
    assert_eq!(why(&shop), Some(Suspension::NoBankAccount));
    shop.new_bank(jo, "000123456789");
    assert_eq!(why(&shop), None);
    let pause = |payouts| fundroute::accounts::SetPause { account: jo, payments: None, payouts: Some(payouts) };
    shop.platform.handle(Request::new("stop", Command::SetPause(pause(true)))).unwrap();
    assert_eq!(why(&shop), Some(Suspension::PayoutsNotEnabled));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(4);
    assert_eq!((shop.payouts(jo).len(), shop.platform.upcoming(jo).unwrap()), (0, vec![]));
    shop.platform.handle(Request::new("go", Command::SetPause(pause(false)))).unwrap();
    let daily = PayoutSchedule::Automatic(Recurrence::Daily);
    assert_eq!((why(&shop), shop.platform.balance_settings(jo).unwrap().schedule()), (None, daily));
    shop.wait(3);
    let payout = shop.payouts(jo).pop().unwrap();
    assert_eq!(shop.payout_list(jo), ["1000 paid 2026-11-09 2026-11-09"]);
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("back", now, payout.id(), "account_closed").unwrap();
    assert_eq!(why(&shop), Some(Suspension::BankAccountErrored(payout.destination())));
    assert_eq!(shop.platform.upcoming(jo).unwrap(), []);
}
