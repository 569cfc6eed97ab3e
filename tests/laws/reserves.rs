//! What is held back of what accounts are paid.

use std::collections::BTreeMap;

use fundroute::calendar::Timestamp;
use fundroute::ids::{AccountId, ReserveHoldId};
use fundroute::journal::Record;
use fundroute::money::Currency;
use fundroute::payouts::{ReleaseReason, ReserveHold, ReserveHoldStatus};
use fundroute::platform::Platform;
use proptest::prelude::*;

use crate::money_is_conserved;
use crate::stage::Stage;
use crate::story::{Coin, On, Pick, Step, Story, Sum, opening, story};

/// A story in which a part of what three accounts are paid is held back from the beginning.
fn reserved(steps: std::ops::Range<usize>) -> impl Strategy<Value = Story> {
    story(steps).prop_map(|mut story| {
        let plans = [(0, 25, 1), (2, 100, 4), (5, 10, 2)].map(|(who, percent, what)| {
            let (who, amount, coin) = (Pick(who), Sum::Share(percent), Coin::Home);
            Step::Reserve { who, what, amount, number: 20, coin, on: On::Right }
        });
        let first = opening().len();
        story.steps.splice(first..first, plans);
        story
    })
}

/// No more is let go than was held back, nothing stays beyond its time, and the releases come to what was let go.
fn hold_bounds(platform: &Platform, hold: &ReserveHold, released: i64) {
    let (amount, left) = (hold.amount().minor(), hold.amount_releasable().minor());
    assert!(0 < amount && (0..=amount).contains(&left), "{hold:?}");
    assert_eq!((hold.released().minor(), released), (amount - left, amount - left), "{hold:?}");
    let latest: Timestamp = hold.created().plus_days(180).unwrap();
    assert!(hold.scheduled_release() <= latest, "{hold:?}");
    assert!(left == 0 || platform.now() < hold.scheduled_release(), "{hold:?}");
    assert_eq!(hold.is_releasable(), left > 0);
    let is_over = matches!(hold.status(), ReserveHoldStatus::Released | ReserveHoldStatus::Consumed);
    assert_eq!(is_over, left == 0, "{hold:?}");
    assert_eq!(hold.plan().is_some(), hold.source().is_some(), "{hold:?}");
    assert!(platform.account(hold.account()).unwrap().controller().is_some(), "{hold:?}");
}

fn check(platform: &Platform) {
    let mut released: BTreeMap<ReserveHoldId, i64> = BTreeMap::new();
    for record in platform.records() {
        let Record::ReserveRelease(release) = record else { continue };
        *released.entry(release.hold()).or_default() += release.amount().minor();
        let is_claim = release.reason() == ReleaseReason::HoldReversed;
        assert_eq!(release.source_transaction().is_some(), is_claim, "{release:?}");
    }
    let mut sums: BTreeMap<(AccountId, Currency), i128> = BTreeMap::new();
    for record in platform.records() {
        let Record::ReserveHold(hold) = record else { continue };
        hold_bounds(platform, hold, released.get(&hold.id()).copied().unwrap_or(0));
        let left = hold.amount_releasable();
        *sums.entry((hold.account(), left.currency())).or_default() += i128::from(left.minor());
    }
    for record in platform.records() {
        let Record::ReservedFunds(reserve) = record else { continue };
        *sums.entry((reserve.account(), reserve.amount().currency())).or_default() +=
            i128::from(reserve.amount().minor());
    }
    for (account, currency) in platform.balances() {
        let reserved = platform.balance(account, currency).unwrap().risk_reserved;
        assert_eq!(reserved, sums.remove(&(account, currency)).unwrap_or(0), "{account} in {currency}");
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn invariants_of_holds_hold_at_every_step(story in reserved(40..120)) {
        let mut stage = Stage::new(story.rules);
        for step in &story.steps {
            let act = stage.act(step);
            if stage.play(&act).is_ok() {
                check(&stage.platform);
            }
        }
        prop_assert_eq!(stage.platform.audit(), vec![]);
    }

    #[test]
    fn every_balance_is_what_the_model_computes_where_much_is_held_back(story in reserved(40..120)) {
        money_is_conserved::play(&story, money_is_conserved::check);
    }
}
