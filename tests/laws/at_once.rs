//! Two who decide about money at the same time: both decisions stand only if the second would have been made after the first just as well.

use fundroute::journal::Changes;
use fundroute::prelude::*;
use proptest::prelude::*;

use crate::everything::nothing_is_lost;
use crate::plans::stories::planned;
use crate::stage::{Act, Stage};
use crate::story::{Story, story};

fn decided(stage: &Stage, act: &Act) -> Option<Changes> {
    match act {
        Act::Ask(request) => stage.platform.decide(request).ok().map(|decided| decided.changes),
        Act::Tell(report) => stage.platform.decide_fact(report).ok().map(|decided| decided.changes),
        Act::Wait(_) => None,
    }
}

/// Plays a story, at each step with the next one decided on the same state.
fn play(story: &Story) {
    let mut stage = Stage::new(story.rules);
    for steps in story.steps.windows(2) {
        let act = stage.act(&steps[0]);
        let next = stage.clone().act(&steps[1]);
        if let (Some(first), Some(second)) = (decided(&stage, &act), decided(&stage, &next))
            && !first.is_empty()
            && !second.is_empty()
        {
            nothing_is_lost(&stage.platform, &first, &second, |after| match &next {
                Act::Ask(request) => drop(after.handle(request.clone()).unwrap()),
                Act::Tell(report) => drop(after.record(report).unwrap()),
                Act::Wait(_) => {}
            });
        }
        let _refused = stage.play(&act);
    }
    assert_eq!(stage.platform.audit(), []);
}

/// Plays a story; at each step what comes next by itself happens first, and what was decided before it comes too late, or does no harm.
fn play_late(story: &Story) {
    let mut stage = Stage::new(story.rules);
    for (number, step) in story.steps.iter().enumerate() {
        let act = stage.act(step);
        let due = stage.platform.next_deadline().filter(|_| number % 3 == 0);
        let changes = decided(&stage, &act).filter(|changes| !changes.is_empty());
        if let (Some(changes), Some(due)) = (changes, due)
            && let Some(fired) = stage.platform.decide_next(due).unwrap()
        {
            let mut late = stage.platform.clone();
            late.apply(&fired).unwrap();
            if late.apply(&changes).is_ok() {
                let again = Platform::restore(stage.rules.book(), late.snapshot(), late.now());
                assert_eq!(again.snapshot(), late.snapshot(), "{act:?}");
                assert!(matches!(late.apply(&changes), Err(Error::Stale(_))), "{act:?} is applied twice");
                assert_eq!(late.audit(), [], "{act:?}");
                late.advance_to(due.plus_days(40).unwrap()).unwrap();
                sound(&late, &act);
            }
        }
        let _refused = stage.play(&act);
    }
}

/// The books are right, and nothing is pending that should be there.
fn sound(platform: &Platform, act: &Act) {
    assert_eq!(platform.audit(), [], "{act:?}");
    for (account, currency) in platform.balances() {
        let pending = platform.pending(account, currency);
        assert!(pending.iter().all(|(date, _)| *date > platform.now()), "{act:?} left {pending:?}");
    }
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn what_is_decided_at_once_is_as_if_in_turn(story in story(40..120)) {
        play(&story);
    }

    #[test]
    fn what_is_decided_at_once_of_planned_payments_is_as_if_in_turn(story in planned(40..90)) {
        play(&story);
    }
}

proptest! {
    #![proptest_config(crate::cases(24))]

    #[test]
    fn what_is_decided_before_the_clock_moves_does_no_harm_after_it(story in story(40..100)) {
        play_late(&story);
    }
}
