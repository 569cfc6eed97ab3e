//! Payouts within minutes of money that is still pending: from which days it is lent, and what becomes of it.

use fundroute::ErrorKind;
use fundroute::ids::TransferId;
use fundroute::journal::{Key, Record};
use fundroute::ledger::{BalanceTransaction, LineKind};
use fundroute::payments::NewPayment;
use fundroute::payouts::{NewPayout, PayoutCanceled};
use fundroute::platform::Identity;
use fundroute::routing::{NewTransfer, NewTransferReturn, NewTransferReversal};
use fundroute::rulebook::PaymentMethod;

use super::*;

/// A seller without money whose payouts go out by hand, on a platform at that moment.
pub(super) fn at(now: Timestamp, book: Rulebook) -> (Platform, World, AccountId) {
    let mut platform = Platform::new(NewPlatform::in_country(US), book, now).unwrap();
    let mut world = World::new();
    let new = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = world.onboard(&mut platform, new).unwrap();
    for account in [platform.id(), jo] {
        platform.payouts().set_schedule(&format!("{account}"), account, PayoutSchedule::Manual).unwrap();
    }
    (platform, world, jo)
}

/// A card payment of which the seller gets all.
pub(super) fn sale(platform: &mut Platform, world: &mut World, key: &str, jo: AccountId, minor: i64) {
    platform.payments().create(key, NewPayment::card(usd(minor)).destination(jo)).unwrap();
    world.settle(platform).unwrap();
}

pub(super) fn instantly(platform: &mut Platform, jo: AccountId, minor: i64) -> Result<PayoutId, Error> {
    let key = format!("now-{}-{minor}", platform.now());
    Ok(platform.acting_as(jo)?.payouts().create_instant(&key, usd(minor))?.answer)
}

fn called_off(platform: &mut Platform, payout: PayoutId) {
    let now = platform.now();
    tell(platform, &format!("off-{payout}"), now, Fact::PayoutCanceled(PayoutCanceled { payout }));
}

pub(super) fn fails(platform: &mut Platform, payout: PayoutId) {
    let now = platform.now();
    let failed = Fact::PayoutFailed(PayoutFailed { payout, failure_code: "could_not_process".to_owned() });
    tell(platform, &format!("failed-{payout}"), now, failed);
}

fn lines(platform: &Platform, account: AccountId, source: PayoutId) -> Vec<BalanceTransaction> {
    let lines = platform.statement(account).unwrap().lines;
    lines.into_iter().filter(|line| line.source == source.into()).collect()
}

fn shown(lines: &[BalanceTransaction]) -> Vec<(LineKind, i64, Timestamp)> {
    lines.iter().map(|line| (line.kind, line.amount, line.available_on)).collect()
}

fn transfer(record: &Record) -> Option<TransferId> {
    if let Record::Transfer(transfer) = record { Some(transfer.id()) } else { None }
}

fn first_transfer(platform: &Platform) -> TransferId {
    platform.records().find_map(transfer).unwrap()
}

fn available(platform: &Platform, account: AccountId) -> i128 {
    platform.balance(account, USD).unwrap().available
}

/// 25.00 are on the way for tomorrow and 15.00 for the day after, late on 8 May 2024.
fn s12() -> (Platform, World, AccountId) {
    let (mut platform, mut world, jo) = at(utc(2024, 5, 7).at(15, 0), Rulebook::standard());
    sale(&mut platform, &mut world, "one", jo, 25_00);
    platform.advance_to(utc(2024, 5, 8).at(15, 0)).unwrap();
    sale(&mut platform, &mut world, "two", jo, 15_00);
    platform.advance_to(utc(2024, 5, 8).at(22, 2).checked_add(chrono::TimeDelta::seconds(40)).unwrap()).unwrap();
    (platform, world, jo)
}

/// docs.stripe.com/payouts/instant-payouts-advance-funding (2026): 40 are asked for, with 25 for tomorrow and 15 for the day after.
#[test]
fn date_s12_an_instant_payout_takes_from_the_days_to_come() {
    let (mut platform, mut world, jo) = s12();
    let (first, second) = (utc(2024, 5, 9), utc(2024, 5, 10));
    assert_eq!(platform.pending(jo, USD), [(first, 25_00), (second, 15_00)]);
    assert_eq!((available(&platform, jo), platform.instant_balance(jo, USD).unwrap().instant_available), (0, 40_00));
    let now = platform.now();
    let payout = instantly(&mut platform, jo, 40_00).unwrap();
    let expected = [
        (LineKind::Advance, 40_00, now),
        (LineKind::AdvanceFunding, -25_00, first),
        (LineKind::AdvanceFunding, -15_00, second),
        (LineKind::Payout, -40_00, now),
    ];
    assert_eq!(shown(&lines(&platform, jo, payout)), expected);
    assert_eq!((available(&platform, jo), platform.pending(jo, USD).len()), (0, 0));
    world.settle(&mut platform).unwrap();
    // What is left of the days is nothing, and nothing becomes available.
    let fired = platform.advance_to(utc(2024, 5, 14)).unwrap();
    let settled = fired.iter().flat_map(|changes| &changes.entries).filter(|entry| entry.cause() == jo.into());
    assert_eq!(settled.count(), 0);
    let advances: Vec<_> = platform.payout(payout).unwrap().advances().collect();
    assert_eq!(advances, [(first, usd(25_00)), (second, usd(15_00))]);
    assert_eq!((available(&platform, jo), platform.audit()), (0, Vec::new()));
}

/// What fails the same evening, or is called off by the processor, gives each day its money back.
#[test]
fn what_fails_in_time_gives_each_day_its_money_back() {
    type End = fn(&mut Platform, PayoutId);
    let ends: [(End, LineKind); 2] = [(fails, LineKind::PayoutFailure), (called_off, LineKind::PayoutCancel)];
    for (end, kind) in ends {
        let (mut platform, _, jo) = s12();
        let before = platform.pending(jo, USD);
        let payout = instantly(&mut platform, jo, 40_00).unwrap();
        let now = platform.now();
        end(&mut platform, payout);
        assert_eq!((available(&platform, jo), platform.pending(jo, USD)), (0, before));
        let expected = [
            (LineKind::Advance, -40_00, now),
            (LineKind::AdvanceFunding, 25_00, utc(2024, 5, 9)),
            (LineKind::AdvanceFunding, 15_00, utc(2024, 5, 10)),
            (kind, 40_00, now),
        ];
        assert_eq!(shown(&lines(&platform, jo, payout))[4..], expected);
        platform.advance_to(utc(2024, 5, 10)).unwrap();
        assert_eq!((available(&platform, jo), platform.audit()), (40_00, Vec::new()));
    }
}

/// What fails after some of the days have come makes their money available, told before or after that they came.
#[test]
fn what_fails_late_is_available_as_far_as_its_days_have_come() {
    for days_later in [1, 2, 4] {
        let (mut platform, _, jo) = s12();
        let payout = instantly(&mut platform, jo, 40_00).unwrap();
        platform.advance_to(utc(2024, 5, 8).plus_days(days_later).unwrap()).unwrap();
        fails(&mut platform, payout);
        let expected = if days_later == 1 { 25_00 } else { 40_00 };
        assert_eq!(available(&platform, jo), expected, "{days_later} days later");
        platform.advance_to(utc(2024, 5, 14)).unwrap();
        assert_eq!((available(&platform, jo), platform.audit()), (40_00, Vec::new()));
        fails(&mut platform, payout);
        assert_eq!(available(&platform, jo), 40_00, "told twice");
    }
}

/// A part that is left of a day settles on it.
#[test]
fn what_a_day_keeps_becomes_available_on_it() {
    let (mut platform, _, jo) = s12();
    instantly(&mut platform, jo, 10_00).unwrap();
    assert_eq!(platform.pending(jo, USD), [(utc(2024, 5, 9), 15_00), (utc(2024, 5, 10), 15_00)]);
    platform.advance_to(utc(2024, 5, 9)).unwrap();
    assert_eq!(available(&platform, jo), 15_00);
    // What is available goes first.
    instantly(&mut platform, jo, 20_00).unwrap();
    assert_eq!((available(&platform, jo), platform.pending(jo, USD)), (0, vec![(utc(2024, 5, 10), 10_00)]));
    assert_eq!(platform.audit(), []);
}

/// The published example of a balance below zero: -25 now, +20 tomorrow, +30 the day after, and 10 are asked for.
#[test]
fn what_is_owed_is_not_repaired_and_not_lent() {
    let (mut platform, mut world, jo) = at(utc(2024, 5, 1).at(15, 0), Rulebook::standard());
    platform.payments().create("float", NewPayment::card(usd(100_00))).unwrap();
    world.settle(&mut platform).unwrap();
    platform.advance_to(utc(2024, 5, 7).at(15, 0)).unwrap();
    let share = platform.transfers().create("share", NewTransfer::to(jo, usd(25_00))).unwrap().answer;
    platform.acting_as(jo).unwrap().payouts().create("all", usd(25_00)).unwrap();
    platform.transfers().reverse_part("back", NewTransferReversal::of(share)).unwrap();
    sale(&mut platform, &mut world, "one", jo, 20_00);
    platform.advance_to(utc(2024, 5, 8).at(15, 0)).unwrap();
    sale(&mut platform, &mut world, "two", jo, 30_00);
    let (first, second) = (utc(2024, 5, 9), utc(2024, 5, 10));
    assert_eq!((available(&platform, jo), platform.pending(jo, USD)), (-25_00, vec![(first, 20_00), (second, 30_00)]));
    assert_eq!(platform.instant_balance(jo, USD).unwrap().instant_available, 25_00);

    let too_much = instantly(&mut platform, jo, 25_01).unwrap_err();
    let short = PayoutError::InsufficientFunds { account: jo, available: 25_00, needed: usd(25_01) };
    assert_eq!((too_much.code(), too_much), (Some("balance_insufficient"), short.into()));
    let payout = instantly(&mut platform, jo, 10_00).unwrap();
    assert_eq!(platform.payout(payout).unwrap().advances().collect::<Vec<_>>(), [(second, usd(10_00))]);
    assert_eq!((available(&platform, jo), platform.pending(jo, USD)), (-25_00, vec![(first, 20_00), (second, 20_00)]));
    platform.advance_to(second).unwrap();
    assert_eq!((available(&platform, jo), platform.audit()), (15_00, Vec::new()));
}

/// A day that owes more than it brings leaves less of what is available now.
#[test]
fn what_a_later_day_owes_stays() {
    let (mut platform, mut world, jo) = at(utc(2024, 5, 1).at(15, 0), Rulebook::standard());
    platform.payments().create("float", NewPayment::card(usd(100_00))).unwrap();
    world.settle(&mut platform).unwrap();
    platform.advance_to(utc(2024, 5, 7).at(15, 0)).unwrap();
    sale(&mut platform, &mut world, "one", jo, 25_00);
    instantly(&mut platform, jo, 25_00).unwrap();
    let sold = platform.records().filter_map(transfer).last().unwrap();
    platform.transfers().reverse_part("back", NewTransferReversal::of(sold).amount(usd(15_00))).unwrap();
    assert_eq!(platform.pending(jo, USD), [(utc(2024, 5, 9), -15_00)]);
    platform.transfers().create("gift", NewTransfer::to(jo, usd(20_00))).unwrap();
    assert_eq!((available(&platform, jo), platform.instant_balance(jo, USD).unwrap().instant_available), (20_00, 5_00));
    assert!(instantly(&mut platform, jo, 5_01).is_err());
    let payout = instantly(&mut platform, jo, 5_00).unwrap();
    assert_eq!(platform.payout(payout).unwrap().advances().count(), 0);
    platform.advance_to(utc(2024, 5, 14)).unwrap();
    assert_eq!((available(&platform, jo), platform.audit()), (0, Vec::new()));
}

/// What is owed first takes of what comes after it.
#[test]
fn what_a_day_owes_is_made_up_for_first() {
    let (mut platform, _, jo) = s12();
    instantly(&mut platform, jo, 40_00).unwrap();
    let share = first_transfer(&platform);
    // The first payment's money was lent; it is taken back all the same, and its day owes it.
    platform.transfers().reverse_part("back", NewTransferReversal::of(share)).unwrap();
    assert_eq!(platform.pending(jo, USD), [(utc(2024, 5, 9), -25_00)]);
    platform.payments().create("float", NewPayment::card(usd(100_00))).unwrap();
    let mut world = World::new();
    world.settle(&mut platform).unwrap();
    assert_eq!(platform.instant_balance(jo, USD).unwrap().instant_available, 0);
    sale(&mut platform, &mut world, "three", jo, 30_00);
    assert_eq!(platform.instant_balance(jo, USD).unwrap().instant_available, 5_00);
    assert!(instantly(&mut platform, jo, 5_01).is_err());
    instantly(&mut platform, jo, 5_00).unwrap();
    platform.advance_to(utc(2024, 5, 14)).unwrap();
    assert_eq!((available(&platform, jo), platform.audit()), (0, Vec::new()));
}

/// Who gives a transfer back of which the money was lent would owe it.
#[test]
fn nobody_owes_anything_by_giving_back_what_was_lent() {
    let (mut platform, _, jo) = s12();
    let share = first_transfer(&platform);
    let back = |platform: &mut Platform, key: &str| {
        let request = Request::new(key, Command::ReturnTransfer(NewTransferReturn::of(share)));
        platform.handle(request.acting_as(jo)).map(drop)
    };
    instantly(&mut platform, jo, 1_00).unwrap();
    let before = platform.snapshot();
    let error = back(&mut platform, "one").unwrap_err();
    assert_eq!((error.kind(), platform.snapshot()), (ErrorKind::Insufficient, before));
}

/// Only what becomes available within six business days counts, and debits once the bank has paid.
#[test]
fn only_money_that_comes_soon_and_surely_counts() {
    let thursday = utc(2026, 11, 5).at(15, 0);
    let (mut platform, mut world, jo) = at(thursday, Rulebook::standard());
    let window = |platform: &Platform| platform.instant_balance(jo, USD).unwrap().instant_available;
    sale(&mut platform, &mut world, "card", jo, 10_00);
    assert_eq!(window(&platform), 10_00);
    let debit = NewPayment::by(PaymentMethod::UsBankAccount, usd(30_00)).destination(jo);
    let debit = platform.payments().create("debit", debit).unwrap().answer;
    assert_eq!(window(&platform), 10_00, "a debit that the bank has not paid");
    let is_paid = |platform: &Platform| platform.payment(debit).unwrap().status().to_string() == "succeeded";
    while !is_paid(&platform) {
        assert_eq!(window(&platform), 10_00, "a debit that the bank has not paid");
        world.advance(&mut platform, chrono::TimeDelta::hours(6)).unwrap();
    }
    assert_eq!((window(&platform), available(&platform, jo)), (40_00, 10_00));
    // The days that count are business days: six of them, of which two are a weekend away, and one is Veterans Day.
    for (days, counts) in [(0, false), (2, true), (3, true)] {
        let book = Rulebook::standard().with_instant_window(days);
        let (mut platform, mut world, jo) = at(thursday, book);
        sale(&mut platform, &mut world, "card", jo, 10_00);
        let told = platform.instant_balance(jo, USD).unwrap();
        assert_eq!(told.instant_available == 10_00, counts, "{days} days");
        assert_eq!(told.net_available[0].amount.is_zero(), !counts);
        assert_eq!(instantly(&mut platform, jo, 10_00).is_ok(), counts);
    }
}

/// The days of an advance are those of the moment: the clock may have jumped over any of them.
#[test]
fn a_clock_that_jumps_lends_nothing_of_days_that_are_over() {
    let (mut platform, mut world, jo) = s12();
    platform.advance_to(utc(2024, 6, 1)).unwrap();
    assert_eq!(available(&platform, jo), 40_00);
    let payout = instantly(&mut platform, jo, 40_00).unwrap();
    assert_eq!(platform.payout(payout).unwrap().advances().count(), 0);
    sale(&mut platform, &mut world, "late", jo, 12_00);
    let lent = instantly(&mut platform, jo, 12_00).unwrap();
    platform.advance_to(utc(2030, 1, 1)).unwrap();
    fails(&mut platform, lent);
    let anomalies = platform.records().filter(|record| matches!(record, Record::Anomaly(_)));
    assert_eq!((available(&platform, jo), anomalies.count()), (12_00, 0));
    assert_eq!(platform.audit(), []);
}

/// The same request is the same payout, and of two of which one suffices the second is refused.
#[test]
fn twice_is_once() {
    let (mut platform, _, jo) = s12();
    let ask = |platform: &mut Platform, key: &str| {
        let request = Request::new(key, Command::CreatePayout(NewPayout::of(usd(30_00)).instant()));
        platform.handle(request.acting_as(jo)).map(|decided| decided.answer)
    };
    let first = ask(&mut platform, "one").unwrap();
    assert_eq!(ask(&mut platform, "one").unwrap(), first);
    assert_eq!(platform.balance(jo, USD).unwrap().in_transit, 30_00);
    assert_eq!(ask(&mut platform, "two").unwrap_err().kind(), ErrorKind::Insufficient);
}

/// A worker that has to ask for everything by key tells the same, and decides the same.
#[test]
fn a_worker_that_loads_by_key_lends_the_same() {
    let (mut platform, _, jo) = s12();
    let price = fundroute::routing::Fee::percent("2 %".parse().unwrap());
    platform.payouts().set_instant_price("price", USD, Some(price)).unwrap();
    let who = Identity { platform: platform.id(), livemode: platform.livemode() };
    let mut worker = Platform::partial(who, platform.rulebook().clone(), platform.now());
    let mut rounds = 0;
    let mut load = |worker: &mut Platform, keys: Vec<Key>| {
        rounds += 1;
        assert!(rounds < 10, "{keys:?} are asked for again and again");
        worker.load(keys.into_iter().map(|key| platform.look_up(key)));
    };
    let told = loop {
        match worker.instant_balance(jo, USD) {
            Err(Error::NotLoaded(keys)) => load(&mut worker, keys),
            told => break told,
        }
    };
    assert_eq!(told, platform.instant_balance(jo, USD));
    let all = NewPayout::of(usd(39_21)).instant();
    let request = Request::new("all", Command::CreatePayout(all)).acting_as(jo);
    let decided = loop {
        match worker.decide(&request) {
            Err(Error::NotLoaded(keys)) => load(&mut worker, keys),
            decided => break decided,
        }
    };
    let decided = decided.unwrap();
    assert_eq!(decided, platform.decide(&request).unwrap());
    platform.apply(&decided.changes).unwrap();
    assert_eq!(
        (platform.balance(jo, USD).unwrap().pending, platform.audit()),
        (1, Vec::new()),
        "39.21, and 0.78 for the platform"
    );
}

/// Two workers that lend the same money: one has to decide anew. Money that comes meanwhile disturbs nobody.
#[test]
fn two_workers_do_not_lend_the_same_money() {
    let (mut platform, mut world, jo) = s12();
    let decide = |platform: &Platform, key: &str, minor: i64| {
        let request = Request::new(key, Command::CreatePayout(NewPayout::of(usd(minor)).instant()));
        platform.decide(&request.acting_as(jo)).unwrap().changes
    };
    let (one, two) = (decide(&platform, "one", 30_00), decide(&platform, "two", 30_00));
    sale(&mut platform, &mut world, "more", jo, 5_00);
    platform.apply(&one).unwrap();
    assert!(matches!(platform.apply(&two), Err(Error::Stale(_))));
    // A day that came in between has nothing left to lend.
    let late = decide(&platform, "three", 15_00);
    platform.advance_to(utc(2024, 5, 10)).unwrap();
    assert!(matches!(platform.apply(&late), Err(Error::Stale(_))));
    assert_eq!((available(&platform, jo), platform.audit()), (15_00, Vec::new()));
}
