//! By which ids banks find payouts.

use fundroute::accounts::PayoutMethod;
use fundroute::calendar::hours;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{AnomalyReason, Changes, DeadlineKind, FactOutcome};
use fundroute::payouts::{NewPayout, PayoutSchedule, TraceId};
use fundroute::prelude::*;
use fundroute::rulebook::Price;
use fundroute::simulator::NEVER_ANSWERS;

use crate::shop::{Shop, events, rules};

/// A payout of 50.00 that the bank was asked for on a Thursday, at noon.
fn sent() -> (Shop, AccountId, PayoutId) {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    shop.until(utc(2026, 11, 5).at(12, 0));
    let payout = shop.pay_out(jo, usd(50_00)).unwrap();
    (shop, jo, payout)
}

fn traced(shop: &mut Shop, payout: PayoutId, ago: i64, trace_id: Option<&str>) -> (FactOutcome, Changes) {
    let (key, at) = (shop.key(), shop.platform.now().checked_add(-hours(ago)).unwrap());
    let told = shop.platform.payouts().record_traced(&key, at, payout, trace_id).unwrap();
    (told.answer, told.changes)
}

fn paid(shop: &mut Shop, payout: PayoutId) {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.payouts().record_paid(&key, now, payout).unwrap();
}

fn shown(shop: &Shop, payout: PayoutId) -> TraceId<'_> {
    shop.platform.payout(payout).unwrap().trace_id()
}

fn told(fired: &[Changes]) -> Vec<(Timestamp, &'static str)> {
    fired.iter().flat_map(|changes| changes.events.iter().map(|event| (changes.at, event.kind.name()))).collect()
}

/// docs.stripe.com/payouts/trace-ids (2026): pending until the payout has arrived, then the id; told before that, it is kept until then.
#[test]
fn a_trace_shows_once_the_fate_of_its_payout_is_known() {
    for early in [true, false] {
        let (mut shop, jo, payout) = sent();
        assert_eq!(shown(&shop, payout), TraceId::Pending);
        if !early {
            paid(&mut shop, payout);
            assert_eq!(shown(&shop, payout), TraceId::Pending);
        }
        let (outcome, changes) = traced(&mut shop, payout, 0, Some("021000021234567"));
        assert_eq!((outcome, events(&changes)), (FactOutcome::Applied, vec!["payout.updated"]));
        assert_eq!(changes.events[0].account, Some(jo));
        if early {
            assert_eq!(shown(&shop, payout), TraceId::Pending);
            paid(&mut shop, payout);
        }
        assert_eq!(shown(&shop, payout), TraceId::Supported("021000021234567"));
        // Nothing is ahead of it any more.
        assert!(told(&shop.platform.advance_to(utc(2027, 1, 1)).unwrap()).is_empty());
        let now = shop.platform.now();
        shop.platform.payouts().record_failed("back", now, payout, "account_closed").unwrap();
        assert_eq!(shown(&shop, payout), TraceId::Supported("021000021234567"), "it is still found by it");
    }
}

/// docs.stripe.com/payouts/trace-ids (2026): looked up for ten days after it was paid; what is told later counts all the same.
#[test]
fn a_trace_is_looked_up_for_ten_days() {
    let (mut shop, jo, payout) = sent();
    paid(&mut shop, payout);
    let end = utc(2026, 11, 15).at(12, 0);
    let ahead = shop.platform.deadlines().find(|deadline| deadline.what == DeadlineKind::EndTrace(payout));
    assert_eq!(ahead.unwrap().due, end);
    let moment = chrono::TimeDelta::microseconds(1);
    assert!(told(&shop.platform.advance_to(end.checked_add(-moment).unwrap()).unwrap()).is_empty());
    assert_eq!(shown(&shop, payout), TraceId::Pending);
    let fired = shop.platform.advance_to(end).unwrap();
    assert_eq!((told(&fired), fired[0].events[0].account), (vec![(end, "payout.updated")], Some(jo)));
    assert!(fired[0].entries.is_empty());
    assert_eq!(shown(&shop, payout), TraceId::Unsupported);
    assert_eq!(traced(&mut shop, payout, 200, Some("late")).0, FactOutcome::Applied);
    assert_eq!(shown(&shop, payout), TraceId::Supported("late"));
}

/// An arrival that is told after more than ten days leaves no time to look anything up.
#[test]
fn a_trace_is_not_looked_up_of_what_arrived_long_ago() {
    let (mut shop, _, payout) = sent();
    shop.platform.advance_to(utc(2026, 11, 20)).unwrap();
    shop.platform.payouts().record_paid("late", utc(2026, 11, 6), payout).unwrap();
    assert_eq!(shown(&shop, payout), TraceId::Unsupported);
    assert!(!shop.platform.deadlines().any(|deadline| deadline.what == DeadlineKind::EndTrace(payout)));
}

/// What failed or was called off has no trace, unless one is told.
#[test]
fn a_payout_that_came_to_nothing_has_no_trace() {
    let (mut shop, jo, payout) = sent();
    shop.platform.acting_as(jo).unwrap().payouts().cancel("cancel", payout).unwrap();
    assert_eq!(shown(&shop, payout), TraceId::Unsupported);
    let payout = shop.pay_out(jo, usd(50_00)).unwrap();
    paid(&mut shop, payout);
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("back", now, payout, "account_closed").unwrap();
    assert_eq!(shown(&shop, payout), TraceId::Unsupported);
    traced(&mut shop, payout, 0, Some("found"));
    assert_eq!(shown(&shop, payout), TraceId::Supported("found"));
}

/// Of contradicting reports the latest holds, in whatever order they come.
#[test]
fn of_several_traces_the_latest_holds() {
    let reports = [(3, Some("first")), (2, None), (1, Some("second")), (1, Some("after second"))];
    for start in 0..4 {
        let (mut shop, _, payout) = sent();
        paid(&mut shop, payout);
        shop.wait(1);
        for number in 0..4 {
            let (ago, trace_id) = reports[(start + number) % 4];
            traced(&mut shop, payout, ago, trace_id);
        }
        assert_eq!(shown(&shop, payout), TraceId::Supported("second"));
        assert_eq!(traced(&mut shop, payout, 2, Some("stale")).0, FactOutcome::Stale);
        traced(&mut shop, payout, 0, None);
        assert_eq!(shown(&shop, payout), TraceId::Unsupported);
    }
}

/// An id that says nothing, or too much, is an anomaly.
#[test]
fn a_trace_that_says_nothing_is_an_anomaly() {
    let (mut shop, _, payout) = sent();
    let long = "x".repeat(129);
    for text in ["", "  ", &long] {
        assert!(matches!(traced(&mut shop, payout, 0, Some(text)).0, FactOutcome::Anomaly(_)), "{text:?}");
    }
    assert_eq!(shop.anomalies(), [AnomalyReason::TraceInvalid; 3]);
    paid(&mut shop, payout);
    assert_eq!(shown(&shop, payout), TraceId::Pending);
    assert_eq!(traced(&mut shop, payout, 0, Some(&"x".repeat(128))).0, FactOutcome::Applied);
}

/// docs.stripe.com/payouts/trace-ids (2026): there are none in seven countries, nor of payouts within minutes in the United Kingdom.
#[test]
fn where_payouts_have_no_traces() {
    let free = |country, coin| Price::new(country, PaymentMethod::Card, coin, fundroute::money::Rate::ZERO, 0);
    for (country, method, is_known) in [
        (GB, PayoutMethod::Standard, true),
        (GB, PayoutMethod::Instant, false),
        (US, PayoutMethod::Instant, true),
        (Country::JP, PayoutMethod::Standard, false),
    ] {
        let coin = rules().country(country).unwrap().default_currency();
        let book = if country == US { rules() } else { rules().with_price(free(country, coin)).unwrap() };
        let mut shop = Shop::open_by(country, book);
        let jo = shop.banked(NewAccount::express(country));
        let key = shop.key();
        shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
        let amount = Money::new(20_00, coin);
        shop.sell(NewPayment::card(amount).destination(jo));
        shop.wait(20);
        let new = match method {
            PayoutMethod::Standard => NewPayout::of(amount),
            PayoutMethod::Instant => NewPayout::of(Money::new(15_00, coin)).instant(),
        };
        let payout = shop.platform.acting_as(jo).unwrap().payouts().request("out", new).unwrap().answer;
        assert_eq!(shown(&shop, payout), TraceId::Pending);
        paid(&mut shop, payout);
        let expected = if is_known { TraceId::Pending } else { TraceId::Unsupported };
        assert_eq!(shown(&shop, payout), expected, "{country} {method:?}");
    }
    let book = rules();
    let mut none: Vec<Country> =
        book.countries().map(|rule| rule.country()).filter(|c| !book.has_trace_ids(*c, false)).collect();
    let known = [Country::AR, Country::BO, Country::CL, Country::CO, Country::EG, Country::JP, Country::PH];
    none.sort_unstable_by_key(Country::to_string);
    assert_eq!(none, known);
    let ours =
        book.with_trace_ids(Country::JP, false, true).with_trace_ids(GB, true, true).with_trace_ids(US, false, false);
    assert!(ours.has_trace_ids(Country::JP, false) && ours.has_trace_ids(GB, true) && !ours.has_trace_ids(US, true));
}
