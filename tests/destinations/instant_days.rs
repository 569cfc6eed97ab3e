//! How much can be paid out within minutes in a day, and when a day is over.

use fundroute::ErrorKind;
use fundroute::journal::Record;
use fundroute::payments::NewPayment;
use fundroute::payouts::{InstantBarrier, NewPayout};
use fundroute::rulebook::Table;

use super::advance::{at, fails, instantly, sale};
use super::*;

/// A second seller of the platform.
fn another(platform: &mut Platform, world: &mut World) -> AccountId {
    let new = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let flo = world.onboard(platform, new).unwrap();
    platform.payouts().set_schedule("flo-by-hand", flo, PayoutSchedule::Manual).unwrap();
    flo
}

fn left(platform: &Platform, account: AccountId) -> (Option<Money>, Option<Timestamp>, i128) {
    let told = platform.instant_balance(account, USD).unwrap();
    (told.left_today, told.resets_at, told.instant_available)
}

/// All accounts of a platform have one limit, which begins anew at midnight of the central United States: at six in winter.
#[test]
fn all_accounts_share_the_limit_of_a_day() {
    let book = Rulebook::standard().with_instant_limit_of_accounts(usd(100_00));
    let (mut platform, mut world, jo) = at(utc(2026, 11, 3).at(5, 0), book);
    let flo = another(&mut platform, &mut world);
    sale(&mut platform, &mut world, "jo", jo, 500_00);
    sale(&mut platform, &mut world, "flo", flo, 500_00);
    let resets_at = utc(2026, 11, 3).at(6, 0);
    assert_eq!(left(&platform, flo), (Some(usd(100_00)), Some(resets_at), 100_00));
    instantly(&mut platform, jo, 60_00).unwrap();
    assert_eq!(left(&platform, flo), (Some(usd(40_00)), Some(resets_at), 40_00));
    let before = platform.snapshot();
    let error = instantly(&mut platform, flo, 40_01).unwrap_err();
    let limit = PayoutError::DailyLimit { amount: usd(40_01), left: usd(40_00), resets_at };
    assert_eq!((error.code(), error.kind()), (Some("instant_payouts_limit_exceeded"), ErrorKind::Refused));
    assert_eq!((error, platform.snapshot()), (limit.into(), before));
    instantly(&mut platform, flo, 40_00).unwrap();
    assert!(instantly(&mut platform, jo, 50).is_err());

    // A microsecond before midnight the day is not over; at midnight it is.
    platform.advance_to(resets_at.checked_add(chrono::TimeDelta::microseconds(-1)).unwrap()).unwrap();
    assert!(instantly(&mut platform, jo, 50).is_err());
    platform.advance_to(resets_at).unwrap();
    assert_eq!(left(&platform, jo), (Some(usd(100_00)), Some(utc(2026, 11, 4).at(6, 0)), 100_00));
    instantly(&mut platform, jo, 100_00).unwrap();
    assert!(instantly(&mut platform, flo, 50).is_err());
    // Over a jump of years nothing is left of it.
    platform.advance_to(utc(2031, 7, 1).at(4, 59)).unwrap();
    assert_eq!(left(&platform, flo).1, Some(utc(2031, 7, 1).at(5, 0)), "five in summer");
    instantly(&mut platform, flo, 100_00).unwrap();
    assert_eq!(platform.audit(), []);
}

/// What was asked for counts, whatever becomes of it.
#[test]
fn what_fails_or_is_called_off_counts_all_the_same() {
    let book = Rulebook::standard().with_instant_limit_of_accounts(usd(100_00));
    let (mut platform, mut world, jo) = at(utc(2026, 11, 3).at(12, 0), book);
    sale(&mut platform, &mut world, "jo", jo, 500_00);
    let first = instantly(&mut platform, jo, 60_00).unwrap();
    let second = instantly(&mut platform, jo, 30_00).unwrap();
    platform.acting_as(jo).unwrap().payouts().cancel("not", first).unwrap();
    fails(&mut platform, second);
    assert_eq!(left(&platform, jo).0, Some(usd(10_00)));
    assert_eq!(platform.balance(jo, USD).unwrap().total(), 500_00);
}

/// A platform's own payouts within minutes are ten a day, and no part of its accounts' limit.
#[test]
fn a_platform_has_ten_a_day_of_its_own() {
    let book = Rulebook::standard().with_instant_limit_of_accounts(usd(1_00)).with_own_instant_limit(usd(50_00));
    let (mut platform, mut world, jo) = at(utc(2026, 11, 3).at(12, 0), book);
    let own = platform.id();
    world.add_bank(&mut platform, own, US, USD, "000123456789").unwrap();
    platform.payments().create("sale", NewPayment::card(usd(500_00))).unwrap();
    world.settle(&mut platform).unwrap();
    let ask = |platform: &mut Platform, key: &str, minor: i64| {
        platform.payouts().create_instant(key, usd(minor)).map(|decided| decided.answer)
    };
    for number in 0..10 {
        ask(&mut platform, &format!("{number}"), 1_00).unwrap();
    }
    let resets_at = utc(2026, 11, 4).at(6, 0);
    let eleventh = ask(&mut platform, "eleventh", 1_00).unwrap_err();
    assert_eq!(eleventh, PayoutError::DailyCount { limit: 10, resets_at }.into());
    let told = platform.instant_balance(own, USD).unwrap();
    assert_eq!((told.left_today, told.net_available[0].amount), (Some(usd(0)), usd(0)));
    sale(&mut platform, &mut world, "jo", jo, 5_00);
    instantly(&mut platform, jo, 1_00).unwrap();
    platform.advance_to(resets_at).unwrap();
    let error = ask(&mut platform, "much", 50_01).unwrap_err();
    let tomorrow = utc(2026, 11, 5).at(6, 0);
    let limit = PayoutError::DailyLimit { amount: usd(50_01), left: usd(50_00), resets_at: tomorrow };
    assert_eq!(error, limit.into());
    ask(&mut platform, "enough", 50_00).unwrap();
    assert_eq!(platform.audit(), []);
}

/// Nothing is counted where nothing is limited: then payouts of different accounts stand in nobody's way.
#[test]
fn without_a_limit_nothing_is_counted() {
    let (mut platform, mut world, jo) = at(utc(2026, 11, 3).at(12, 0), Rulebook::standard());
    sale(&mut platform, &mut world, "jo", jo, 500_00);
    instantly(&mut platform, jo, 60_00).unwrap();
    assert!(!platform.records().any(|record| matches!(record, Record::InstantTerms(_))));
    assert_eq!(left(&platform, jo), (None, None, 440_00));
}

/// Two workers that ask for the last of a day: one has to decide anew.
#[test]
fn two_workers_do_not_spend_the_same_day() {
    let book = Rulebook::standard().with_instant_limit_of_accounts(usd(100_00));
    let (mut platform, mut world, jo) = at(utc(2026, 11, 3).at(12, 0), book);
    let flo = another(&mut platform, &mut world);
    sale(&mut platform, &mut world, "jo", jo, 500_00);
    sale(&mut platform, &mut world, "flo", flo, 500_00);
    let decide = |platform: &Platform, account: AccountId, key: &str| {
        let request = Request::new(key, Command::CreatePayout(NewPayout::of(usd(60_00)).instant()));
        platform.decide(&request.acting_as(account)).map(|decided| decided.changes)
    };
    let (one, two) = (decide(&platform, jo, "one").unwrap(), decide(&platform, flo, "two").unwrap());
    platform.apply(&one).unwrap();
    assert!(matches!(platform.apply(&two), Err(Error::Stale(_))));
    assert!(matches!(decide(&platform, flo, "two"), Err(Error::Payout(PayoutError::DailyLimit { .. }))));
}

/// How long a new account waits is for the host to say.
#[test]
fn a_new_account_waits_as_long_as_the_host_says() {
    let book = Rulebook::standard().with_instant_wait(days(3));
    let start = utc(2026, 11, 3).at(12, 0);
    let (mut platform, mut world, jo) = at(start, book);
    let barrier = |platform: &Platform| platform.instant_balance(jo, USD).unwrap().barrier;
    assert_eq!(barrier(&platform), Some(InstantBarrier::New), "it never received anything");
    sale(&mut platform, &mut world, "jo", jo, 500_00);
    let error = instantly(&mut platform, jo, 60_00).unwrap_err();
    assert_eq!(error, PayoutError::InstantNotOpen { account: jo, why: InstantBarrier::New }.into());
    platform.advance_to(start.plus_days(3).unwrap()).unwrap();
    assert_eq!(barrier(&platform), None);
    instantly(&mut platform, jo, 60_00).unwrap();
}

/// A host's own row has to name a zone whose days are known.
#[test]
fn a_zone_that_nobody_knows_is_refused() {
    let head = "country,currency,min,max,cards,banks,connect_banks,direct_fee,connect_fee,direct_reset,connect_reset,\
                direct_daily_count,source";
    let row = |zone: &str| format!("{head}\nKE,kes,100,99900,yes,no,no,1%,1%,{zone},America/Chicago,10,us\n");
    let mut book = Rulebook::standard();
    let error = book.read(Table::InstantPayouts, &row("Africa/Nairobi")).unwrap_err();
    assert!(error.to_string().ends_with("the time zone `Africa/Nairobi` is not in time_zones.csv"), "{error}");
    book.read(
        Table::TimeZones,
        "zone,offset,summer_offset,from_month,from_sunday,until_month,until_sunday,source\n\
                                 Africa/Nairobi,180,,,,,,us\n",
    )
    .unwrap();
    book.read(Table::InstantPayouts, &row("Africa/Nairobi")).unwrap();
    for bad in [
        "X,0,60,,,,,us",
        "X,0,60,13,1,4,1,us",
        "X,0,60,3,6,4,1,us",
        "X,0,60,3,1,3,1,us",
        "X,2000,,,,,,us",
        ",0,,,,,,us",
    ] {
        let csv = format!("zone,offset,summer_offset,from_month,from_sunday,until_month,until_sunday,source\n{bad}\n");
        assert!(book.read(Table::TimeZones, &csv).is_err(), "{bad}");
    }
}
