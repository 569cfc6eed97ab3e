//! Payouts at the edges: of the calendar, of the clock, of what an amount can be.

use fundroute::accounts::{NewExternalAccount, SetPause};
use fundroute::calendar::{Recurrence, StartOfDay};
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Answer, FactOutcome};
use fundroute::money::{Currency, Rate};
use fundroute::payouts::{NewPayout, Payout, PayoutSchedule, PayoutState, PayoutStatus, ReversePayout};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;
use fundroute::rulebook::Price;
use fundroute::simulator::NEVER_ANSWERS;

use crate::shop::{Shop, rules};

/// What the clock makes of an account until then, if nothing else happens, is what is told beforehand.
fn as_told(shop: &Shop, account: AccountId, until: Timestamp) -> Vec<Payout> {
    let told = shop.platform.upcoming(account).unwrap();
    let mut platform = shop.platform.clone();
    let known: Vec<PayoutId> = shop.payouts(account).iter().map(Payout::id).collect();
    platform.advance_to(until).unwrap();
    assert_eq!(platform.audit(), []);
    let made: Vec<Payout> = Shop::around(platform).payouts(account);
    let made: Vec<Payout> = made.into_iter().filter(|payout| !known.contains(&payout.id())).collect();
    let ids = |payouts: &[Payout]| {
        payouts
            .iter()
            .map(|known| (known.id(), known.amount(), known.created(), known.arrival_date()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&told), ids(&made));
    told
}

fn on_schedule(shop: &mut Shop, account: AccountId, schedule: PayoutSchedule) {
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, account, schedule).unwrap();
}

fn days_of(payouts: &[Payout]) -> Vec<(String, String)> {
    let day = |at: Timestamp| at.date().to_string();
    payouts.iter().map(|payout| (day(payout.created()), day(payout.arrival_date()))).collect()
}

/// A seller paid on these days of the month who gets 10.00 on this day.
fn monthly(days: &[u8], sold: Timestamp) -> (Shop, AccountId) {
    let mut shop = Shop::open_on(sold, US, rules());
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    on_schedule(&mut shop, jo, PayoutSchedule::Automatic(Recurrence::monthly(days.iter().copied()).unwrap()));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    (shop, jo)
}

/// docs.stripe.com/payouts (2026): a day that a month lacks is its last one, also in a leap year, in 2100, which is none, and where several
/// days come to the same.
#[test]
fn the_last_days_of_february() {
    for (days, sold, run, arrives) in [
        (&[31][..], utc(2028, 2, 1), "2028-02-29", "2028-02-29"),
        (&[29], utc(2028, 2, 1), "2028-02-29", "2028-02-29"),
        (&[29, 30, 31], utc(2027, 2, 1), "2027-02-28", "2027-03-01"),
        (&[30], utc(2100, 2, 1), "2100-02-28", "2100-03-01"),
        (&[31], utc(2027, 4, 1), "2027-04-30", "2027-04-30"),
    ] {
        let (shop, jo) = monthly(days, sold);
        let told = as_told(&shop, jo, sold.plus_days(120).unwrap());
        assert_eq!(days_of(&told), [(run.to_owned(), arrives.to_owned())], "{days:?}");
    }
}

/// The calendars of the banks end with 2099; after that weekends alone are known, and nothing stops.
#[test]
fn beyond_the_years_of_the_calendars() {
    // New Year's Eve of 2099 is a Thursday; Friday is New Year's Day, of which no calendar knows any more.
    let mut shop = Shop::open_on(utc(2099, 12, 29).at(12, 0), US, rules());
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    let told = as_told(&shop, jo, utc(2100, 2, 1));
    assert_eq!(days_of(&told), [("2099-12-31".to_owned(), "2099-12-31".to_owned())]);
    // Christmas of 2099, a Friday, is known.
    let mut shop = Shop::open_on(utc(2099, 12, 23).at(12, 0), US, rules());
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    assert_eq!(days_of(&as_told(&shop, jo, utc(2100, 2, 1)))[0].0, "2099-12-28");
}

/// At the end of time what cannot be dated is refused or told as an anomaly, and no money is lost.
#[test]
fn at_the_end_of_the_clock() {
    let mut shop = Shop::open_on(utc(9999, 12, 20).at(12, 0), US, rules());
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.sell(NewPayment::card(usd(900_00)));
    shop.until(utc(9999, 12, 30).at(12, 0));
    on_schedule(&mut shop, jo, PayoutSchedule::Manual);
    let payouts = shop.payouts(jo);
    assert_eq!((payouts.len(), shop.in_transit(jo)), (1, 10_00));
    let sent = payouts[0].id();
    let now = shop.platform.now();
    shop.platform.payouts().record_paid("paid", now, sent).unwrap();
    let back = Request::new("back", Command::ReversePayout(ReversePayout { payout: sent })).acting_as(jo);
    let refused = shop.platform.handle(back.clone()).unwrap_err();
    assert!(matches!(refused, Error::Time(_)), "{refused}");
    shop.platform.advance_to(Timestamp::MAX).unwrap();
    assert!(shop.platform.handle(back).is_err());
    let free = Request::new("free", Command::CreateTransfer(NewTransfer::to(jo, usd(20_00))));
    let Answer::Transfer(transfer) = shop.platform.handle(free).unwrap().answer else { panic!("a transfer") };
    for (key, new) in [("slow", NewPayout::of(usd(5_00))), ("fast", NewPayout::of(usd(5_00)).instant())] {
        let _refused = shop.platform.handle(Request::new(key, Command::CreatePayout(new)).acting_as(jo)).is_err();
    }
    let _refused = shop.reverse(NewTransferReversal::of(transfer)).is_err();
    for payout in shop.payouts(jo) {
        let now = shop.platform.now();
        shop.platform.payouts().record_canceled(&format!("{}", payout.id()), now, payout.id()).unwrap();
    }
    let _told = shop.platform.upcoming(jo).unwrap();
    shop.platform.advance_to(Timestamp::MAX).unwrap();
    assert_eq!(shop.in_transit(jo), 0);
    shop.sound();
}

/// Payouts are stopped in the last days of the clock, by a fact, which is never refused: what is under way is kept back until the end.
#[test]
fn what_is_kept_back_at_the_end_of_the_clock() {
    let mut shop = Shop::open_on(utc(9999, 12, 20).at(12, 0), US, rules());
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.platform.advance_to(utc(9999, 12, 27).at(12, 0)).unwrap();
    let payout = shop.payouts(jo)[0].id();
    let (key, now) = (shop.key(), shop.platform.now());
    let reason = fundroute::accounts::RejectReason::FraudOther;
    shop.platform.accounts().record_rejected(&key, now, jo, reason).unwrap();
    assert!(!shop.platform.account(jo).unwrap().payouts_enabled());
    assert!(matches!(shop.platform.payout(payout).unwrap().state(), PayoutState::Held { .. }));
    shop.platform.advance_to(Timestamp::MAX).unwrap();
    assert_eq!(shop.platform.payout(payout).unwrap().status(), PayoutStatus::Canceled);
    assert_eq!((shop.available(jo), shop.in_transit(jo)), (10_00, 0));
    shop.sound();
}

/// The clock jumps by decades with a payout under way: it is overdue once, its trace is over once, and facts of the first day still count.
#[test]
fn a_clock_that_jumps_by_decades() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    let payout = shop.payouts(jo)[0].id();
    let fired = shop.platform.advance_to(utc(2086, 1, 1)).unwrap();
    let about = fired.iter().flat_map(|changes| &changes.events).filter(|event| event.object == payout.into()).count();
    assert_eq!(about, 1, "overdue");
    let then = utc(2026, 11, 4).at(12, 0);
    shop.platform.payouts().record_canceled("off", then, payout).unwrap();
    assert_eq!((shop.available(jo), shop.in_transit(jo)), (80_00, 0));
    // It is sent again by the next run, by the calendar of that year.
    let told = as_told(&shop, jo, utc(2086, 2, 1));
    assert_eq!(days_of(&told), [("2086-01-02".to_owned(), "2086-01-02".to_owned())]);
    assert_eq!(shop.anomalies(), []);
    shop.sound();
}

/// The start of an account's day is moved in the middle of one, forth and back, with a run ahead: what is told beforehand is what is paid.
#[test]
fn days_that_begin_at_another_hour_in_the_middle_of_one() {
    let country = Country::SG;
    let free = Price::new(country, PaymentMethod::Card, Currency::SGD, Rate::ZERO, 0);
    let mut shop = Shop::open_in(US);
    let book = shop.platform.rulebook().clone().with_price(free).unwrap();
    shop = Shop::open_by(country, book);
    let house = shop.house;
    let bank = fundroute::simulator::bank_account(shop.platform.rulebook(), house, country, Currency::SGD);
    let key = shop.key();
    shop.platform.accounts().add_external_account(&key, bank).unwrap();
    shop.sell(NewPayment::card(Money::new(50_00, Currency::SGD)));
    let local = shop.platform.balance_settings(house).unwrap().starts_of_day().at(shop.platform.now());
    assert_eq!(local.offset_minutes(), 480);
    let first = as_told(&shop, house, utc(2027, 1, 1));
    assert_eq!(first.len(), 1);
    for (number, (hour, minutes)) in [(23, 30), (0, 0), (12, 0), (23, 30), (0, 30)].into_iter().enumerate() {
        shop.platform.advance_to(utc(2026, 11, 8).at(u32::try_from(number).unwrap() * 4, 17)).unwrap();
        let start = StartOfDay::new(480, hour, minutes).unwrap();
        let key = shop.key();
        let _refused = shop.platform.payouts().set_start_of_day(&key, house, start).is_err();
        let told = as_told(&shop, house, utc(2027, 1, 1));
        assert_eq!((told.len(), told[0].amount().minor()), (1, 50_00));
        let date = told[0].arrival_date().date();
        assert!(shop.platform.rulebook().payout_calendar(country, Currency::SGD).is_business_day(date), "{date}");
    }
    shop.sound();
}

/// A minimum above the balance, at it, a cent below it, and the largest there is.
#[test]
fn a_minimum_that_is_above_the_balance() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    for (minimum, paid) in [(i64::MAX, None), (80_01, None), (80_00, None), (79_99, Some(1)), (0, Some(80_00))] {
        let key = shop.key();
        shop.platform.payouts().set_minimum_balance(&key, jo, usd(minimum)).unwrap();
        let told = as_told(&shop, jo, utc(2026, 12, 1));
        assert_eq!(told.first().map(|payout| payout.amount().minor()), paid, "{minimum}");
    }
    // By hand no heed is paid to it.
    let key = shop.key();
    shop.platform.payouts().set_minimum_balance(&key, jo, usd(i64::MAX)).unwrap();
    shop.until(utc(2026, 11, 6).at(12, 0));
    shop.pay_out(jo, usd(80_00)).unwrap();
    assert_eq!(shop.available(jo), 0);
    shop.sound();
}

/// The bank account is given up with a payout under way: what becomes of it counts all the same, and is sent to the other one.
#[test]
fn a_bank_account_that_is_gone_before_its_payout_ends() {
    for (name, status) in
        [("paid", PayoutStatus::Paid), ("failed", PayoutStatus::Failed), ("off", PayoutStatus::Canceled)]
    {
        let mut shop = Shop::open();
        let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
        shop.sell(NewPayment::card(usd(80_00)).destination(jo));
        shop.until(utc(2026, 11, 4).at(12, 0));
        let payout = shop.payouts(jo)[0].id();
        let first = shop.platform.account(jo).unwrap().bank_for(USD).unwrap();
        let bank = NewExternalAccount::bank(jo, US, USD, "000123456789").routing("110000000").default_for_currency();
        let second = shop.platform.accounts().add_external_account("second", bank).unwrap().answer;
        let gone = Request::new("gone", Command::DeleteExternalAccount(first));
        shop.platform.handle(gone).unwrap();
        let now = shop.platform.now();
        let mut payouts = shop.platform.payouts();
        let told = match name {
            "paid" => payouts.record_paid("end", now, payout),
            "failed" => payouts.record_failed("end", now, payout, "account_closed"),
            _ => payouts.record_canceled("end", now, payout),
        };
        assert_eq!(told.unwrap().answer, FactOutcome::Applied);
        assert_eq!(shop.platform.payout(payout).unwrap().status(), status);
        assert!(shop.platform.external_account(second).unwrap().is_usable());
        let told = as_told(&shop, jo, utc(2026, 12, 1));
        let again: Vec<_> = told.iter().map(|payout| (payout.destination(), payout.amount())).collect();
        assert_eq!(again, if name == "paid" { vec![] } else { vec![(second, usd(80_00))] });
        // Nothing is taken back from what is gone.
        let back = Request::new("back", Command::ReversePayout(ReversePayout { payout })).acting_as(jo);
        assert!(shop.platform.handle(back).is_err());
        shop.sound();
    }
}

/// Ten a day reach the bank on the same day, by the clocks of New York: a new day begins there at five in the morning by Greenwich, and what is
/// called off or comes back has counted all the same.
#[test]
fn ten_a_day_by_the_clocks_of_the_place() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    on_schedule(&mut shop, jo, PayoutSchedule::Manual);
    shop.sell(NewPayment::card(usd(900_00)).destination(jo));
    shop.until(utc(2026, 11, 5).at(20, 0));
    let mut days = Vec::new();
    let mut ask = |shop: &mut Shop| {
        let payout = shop.pay_out(jo, usd(1_00)).unwrap();
        days.push(shop.platform.payout(payout).unwrap().arrival_date().date().to_string());
        payout
    };
    for _ in 0..10 {
        let payout = ask(&mut shop);
        let (key, now) = (shop.key(), shop.platform.now());
        shop.platform.payouts().record_canceled(&key, now, payout).unwrap();
    }
    ask(&mut shop);
    // Still Thursday there, after the cut-off, and then Friday.
    shop.platform.advance_to(utc(2026, 11, 6).at(4, 59)).unwrap();
    ask(&mut shop);
    shop.platform.advance_to(utc(2026, 11, 6).at(5, 0)).unwrap();
    ask(&mut shop);
    let mut expected = vec!["2026-11-05"; 10];
    expected.extend(["2026-11-06"; 3]);
    assert_eq!(days, expected);
    shop.sound();
}

/// An account that was closed or stopped with a payout under way that the processor calls off has its money back, and pays nothing out.
#[test]
fn a_stopped_account_has_its_money_back() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    let payout = shop.payouts(jo)[0].id();
    let pause = SetPause { account: jo, payments: None, payouts: Some(true) };
    shop.platform.handle(Request::new("stop", Command::SetPause(pause))).unwrap();
    let now = shop.platform.now();
    shop.platform.payouts().record_submitted("all the same", now, payout).unwrap();
    shop.platform.payouts().record_canceled("off", now, payout).unwrap();
    assert_eq!((shop.available(jo), shop.in_transit(jo)), (80_00, 0));
    assert_eq!(as_told(&shop, jo, utc(2027, 1, 1)), []);
    let go_on = SetPause { account: jo, payments: None, payouts: Some(false) };
    shop.platform.handle(Request::new("go on", Command::SetPause(go_on))).unwrap();
    assert_eq!(days_of(&as_told(&shop, jo, utc(2027, 1, 1)))[0].0, "2026-11-05");
    shop.sound();
}
