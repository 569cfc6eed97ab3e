//! The journal replayed, a snapshot with the journal's tail, and the live platform are equal, and equal bytes as snapshots.

use fundroute::journal::{Changes, Snapshot};
use fundroute::prelude::*;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::stage::{Act, Stage};
use crate::story::story;

fn through_json<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

fn through_postcard<T: Serialize + DeserializeOwned>(value: &T) -> T {
    postcard::from_bytes(&postcard::to_stdvec(value).unwrap()).unwrap()
}

fn bytes(snapshot: &Snapshot) -> (Vec<u8>, Vec<u8>) {
    (postcard::to_stdvec(snapshot).unwrap(), serde_json::to_vec(snapshot).unwrap())
}

/// That two platforms know the same, and say the same of it.
fn same(one: &Platform, other: &Platform) {
    let (left, right) = (one.snapshot(), other.snapshot());
    assert_eq!(left, right);
    assert_eq!(bytes(&left), bytes(&right));
    assert!(one.deadlines().eq(other.deadlines()));
    assert_eq!(one.instructions(), other.instructions());
    assert_eq!(one.trial_balances(), other.trial_balances());
    for (account, currency) in one.balances() {
        assert_eq!(one.explain(account, currency), other.explain(account, currency));
        assert_eq!(one.statement(account), other.statement(account));
    }
    for record in one.records() {
        assert!(one.family(record.id()).eq(other.family(record.id())));
    }
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn a_journal_gives_the_live_platform_in_either_format_and_under_any_rules(story in story(40..120)) {
        let stage = Stage::played(&story);
        let live = &stage.platform;
        for journal in [
            stage.journal.clone(),
            stage.journal.iter().map(through_json).collect::<Vec<Changes>>(),
            stage.journal.iter().map(through_postcard).collect(),
        ] {
            prop_assert_eq!(&journal, &stage.journal);
            same(&Platform::replay(story.rules.book(), journal.clone()).unwrap(), live);
            // Nothing is decided again, so it may be by rules that would have refused all of it.
            same(&Platform::replay(Rulebook::standard(), journal).unwrap(), live);
        }
    }

    #[test]
    fn a_snapshot_and_the_tail_give_the_live_platform(story in story(40..120), cut in any::<prop::sample::Index>()) {
        let stage = Stage::played(&story);
        let (head, tail) = stage.journal.split_at(1 + cut.index(stage.journal.len()));
        let then = Platform::replay(story.rules.book(), head.to_vec()).unwrap();
        let snapshot = then.snapshot();
        for snapshot in [snapshot.clone(), through_json(&snapshot), through_postcard(&snapshot)] {
            prop_assert_eq!(bytes(&snapshot), bytes(&then.snapshot()));
            let mut restored = Platform::restore(story.rules.book(), snapshot, then.now());
            same(&restored, &then);
            for changes in tail {
                restored.apply(changes).unwrap();
            }
            same(&restored, &stage.platform);
        }
    }

    /// A platform that was restored goes on as if nothing had happened.
    #[test]
    fn a_restored_platform_decides_as_the_live_one(story in story(40..160)) {
        let mut stage = Stage::new(story.rules);
        for (number, step) in story.steps.iter().enumerate() {
            let act = stage.act(step);
            let mut other = None;
            if number % 8 == 0 {
                let snapshot = through_postcard(&stage.platform.snapshot());
                other = Some(Platform::restore(story.rules.book(), snapshot, stage.platform.now()));
            }
            let decided = stage.play(&act).map(|came| came.changes().cloned().collect::<Vec<_>>());
            let Some(mut other) = other else { continue };
            let again = match &act {
                Act::Ask(request) => other.handle(request.clone()).map(|decided| vec![decided.changes]),
                Act::Tell(report) => other.record(report).map(|decided| vec![decided.changes]),
                Act::Wait(until) => other.advance_to(*until),
            };
            prop_assert_eq!(decided, again, "{:?}", act);
        }
    }

    /// What is known of persons may be erased from the journal: the money and the states are the same.
    #[test]
    fn a_journal_without_personal_data_gives_the_same_money_and_states(story in story(40..120)) {
        let stage = Stage::played(&story);
        let erased = stage.journal.iter().map(Changes::without_personal);
        let replayed = Platform::replay(story.rules.book(), erased).unwrap().snapshot();
        let live = stage.platform.snapshot();
        prop_assert!(!live.personal.is_empty() && replayed.personal.is_empty());
        prop_assert_eq!(replayed, Snapshot { personal: Vec::new(), ..live });
        let journal = serde_json::to_string(&stage.journal.iter().map(Changes::without_personal).collect::<Vec<_>>());
        prop_assert!(!journal.unwrap().contains("000123456789"));
    }

    /// A journal with a gap is not taken for a whole one, unless what is missing has changed nothing that counts.
    #[test]
    fn a_gap_in_the_journal_is_noticed_or_replay_is_as_good(story in story(20..60), gap in any::<prop::sample::Index>()) {
        let stage = Stage::played(&story);
        let mut journal = stage.journal.clone();
        let missing = journal.remove(gap.index(journal.len()));
        if let Ok(platform) = Platform::replay(story.rules.book(), journal) {
            prop_assert_eq!(platform.audit(), []);
            prop_assert_ne!(platform.snapshot(), stage.platform.snapshot(), "{:?}", missing);
        }
    }
}

/// A fact that waited in vain for its reference is not forgotten by a snapshot: when the reference comes after all, the restored
/// platform decides, word for word, as the live one.
#[test]
fn a_restored_platform_remembers_facts_that_waited_in_vain() {
    let rules = crate::rules::Rules::PLAIN;
    let mut live = Platform::new(NewPlatform::in_country(US), rules.book(), utc(2026, 11, 2)).unwrap();
    let sale = live.payments().create("sale", NewPayment::card(usd(20_00))).unwrap().answer;
    let charge = live.charge_of(sale).unwrap().id();
    let reference = || fundroute::payments::Named::Reference("outside".to_owned());
    live.payments().record_succeeded("early", utc(2026, 11, 2), reference(), usd(20_00)).unwrap();
    live.advance_to(utc(2027, 1, 4)).unwrap();
    let mut restored = Platform::restore(rules.book(), through_postcard(&live.snapshot()), live.now());
    let submitted = |platform: &mut Platform| {
        platform.payments().record_submitted("late", utc(2026, 11, 2), charge, "outside").unwrap().changes
    };
    assert_eq!(submitted(&mut live), submitted(&mut restored));
    same(&live, &restored);
}
