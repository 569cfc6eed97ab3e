//! The same facts in any order end the same.

use super::*;
use fundroute::ids::ObjectId;
use fundroute::journal::{ParkedState, Record};
use fundroute::payments::{
    CaptureFailed, ChargeAuthorized, ChargeCaptured, ChargeFailed, ChargeFailure, ChargeSubmitted, DeclineCode, Named,
};
use std::collections::BTreeMap;

pub(super) type Pots = Vec<(AccountId, i128, Vec<(Timestamp, i128)>)>;

/// Everything but the journal and that a fact had to wait.
pub(super) fn outcome(platform: &Platform) -> (BTreeMap<ObjectId, Record>, Pots) {
    let waited = |record: &Record| matches!(record, Record::ParkedFact(parked) if parked.state == ParkedState::TakenUp);
    let records = platform.records().filter(|record| !waited(record)).map(|record| (record.id(), record.clone()));
    let pots = platform.balances().into_iter().map(|(account, currency)| {
        (account, platform.balance(account, currency).unwrap().available, platform.pending(account, currency))
    });
    (records.collect(), pots.collect())
}

/// Calls `see` with every order of the items.
pub(super) fn orders<T: Clone>(items: &[T], taken: &mut Vec<T>, see: &mut impl FnMut(&[T])) {
    if items.is_empty() {
        see(taken);
    }
    for (place, item) in items.iter().enumerate() {
        let rest: Vec<T> =
            items.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, item)| item.clone()).collect();
        taken.push(item.clone());
        orders(&rest, taken, see);
        taken.pop();
    }
}

/// Tells every order of the facts, each of them twice, and checks that all end the same, at once and a week later.
pub(super) fn all_orders_agree(start: &Platform, facts: Vec<(i64, Fact)>) -> Platform {
    let told: Vec<Report> = facts
        .into_iter()
        .enumerate()
        .map(|(number, (ago, fact))| {
            let at = start.now().checked_add(hours(-ago)).unwrap();
            Report::new(format!("fact-{number}"), at, fact)
        })
        .collect();
    let mut first: Option<(Platform, _)> = None;
    orders(&told, &mut Vec::new(), &mut |order| {
        let mut platform = start.clone();
        for report in order.iter().chain(order) {
            platform.record(report).unwrap();
            assert_eq!(platform.audit(), []);
        }
        let at_once = outcome(&platform);
        platform.advance_to(start.now().checked_add(days(9)).unwrap()).unwrap();
        let both = (at_once, outcome(&platform));
        match &first {
            Some((_, expected)) => assert_eq!(&both, expected, "{order:#?}"),
            None => first = Some((platform, both)),
        }
    });
    first.unwrap().0
}

pub(super) fn asked(payment: NewPayment) -> (Platform, PaymentId, ChargeId) {
    let mut shop = Shop::open();
    let key = shop.key();
    let jo = shop.jo;
    let order = payment.destination(jo).application_fee(usd(1_23));
    let order = shop.platform.payments().create(&key, order).unwrap().answer;
    shop.platform.advance_to(shop.platform.now().checked_add(days(2)).unwrap()).unwrap();
    let charge = shop.charge_id(order);
    (shop.platform, order, charge)
}

pub(super) fn part(charge: impl Into<Named>, capture: u8, amount: i64, is_final: bool) -> Fact {
    Fact::ChargeCaptured(ChargeCaptured { charge: charge.into(), capture, amount: usd(amount), is_final })
}

/// A decline that was a mistake, the authorization, and three captures, one of them under the world's own reference.
#[test]
fn every_order_of_an_authorization_and_its_captures_ends_the_same() {
    let (start, order, charge) = asked(parcels(usd(10_00)));
    let failure = ChargeFailure::Card(DeclineCode::TryAgainLater);
    let facts = vec![
        (40, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() })),
        (35, Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure })),
        (30, Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00)))),
        (20, part(charge, 1, 3_00, false)),
        (10, part(Named::Reference("outside".to_owned()), 2, 4_00, false)),
        (5, part(charge, 3, 2_00, true)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.payment(order).unwrap().amount_received(), usd(9_00));
    assert_eq!(end.payment(order).unwrap().status().to_string(), "succeeded");
}

#[test]
fn every_order_with_a_capture_that_failed_ends_the_same() {
    let (start, order, charge) = asked(parcels(usd(10_00)));
    let failure = ChargeFailure::Card(DeclineCode::ProcessingError);
    let failed = |capture| Fact::CaptureFailed(CaptureFailed { charge: charge.into(), capture, failure });
    let facts = vec![
        (30, Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00)))),
        (25, failed(1)),
        (20, part(charge, 2, 4_00, false)),
        (15, failed(3)),
        (10, part(charge, 3, 1_00, false)),
    ];
    let end = all_orders_agree(&start, facts);
    // Nobody captured the rest, so it was let go.
    assert_eq!(end.payment(order).unwrap().amount_received(), usd(5_00));
    assert_eq!(end.payment(order).unwrap().status().to_string(), "succeeded");
}

/// What nobody ever authorized waits, and is given up in the end.
#[test]
fn a_capture_of_what_was_never_authorized_is_given_up() {
    let (mut platform, order, charge) = asked(NewPayment::card(usd(10_00)).manual_capture());
    let now = platform.now();
    let outcome = platform.record(&Report::new("early", now, part(charge, 1, 10_00, true))).unwrap().answer;
    let FactOutcome::Parked(parked) = outcome else { panic!("{outcome:?}") };
    platform.advance_to(now.checked_add(days(31)).unwrap()).unwrap();
    assert_eq!(platform.parked_fact(parked).unwrap().state, ParkedState::GivenUp);
    assert_eq!(platform.payment(order).unwrap().status().to_string(), "processing");
    assert_eq!(platform.entry_count(), 0);
}
