//! A refused command leaves state, journal, deadlines and instructions equal to before.

use fundroute::ErrorKind;
use fundroute::journal::{Deadline, Instruction, Snapshot};
use fundroute::prelude::*;
use proptest::prelude::*;

use crate::stage::{Act, Stage};
use crate::story::story;

type Everything = (Snapshot, Vec<Deadline>, Vec<Instruction>, Timestamp, usize);

fn everything(platform: &Platform) -> Everything {
    let deadlines = platform.deadlines().copied().collect();
    (platform.snapshot(), deadlines, platform.instructions(), platform.now(), platform.remembered_requests())
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn what_is_refused_changes_nothing(story in story(40..120)) {
        let mut stage = Stage::new(story.rules);
        for step in &story.steps {
            let act = stage.act(step);
            let (before, entries) = (everything(&stage.platform), stage.journal.len());
            let Err(error) = stage.play(&act) else { continue };
            prop_assert!(before == everything(&stage.platform), "{error} left a trace of {act:?}");
            prop_assert_eq!(entries, stage.journal.len());
            prop_assert_ne!(error.kind(), ErrorKind::Bug);
            prop_assert_ne!(error.kind(), ErrorKind::NotLoaded);
            prop_assert_ne!(error.kind(), ErrorKind::Stale);
            // Asked again it is refused again, for the same reason.
            prop_assert_eq!(stage.play(&act).map(drop), Err(error));
        }
    }

    /// To decide is not to do.
    #[test]
    fn what_is_only_decided_changes_nothing(story in story(40..120)) {
        let mut stage = Stage::new(story.rules);
        for step in &story.steps {
            let act = stage.act(step);
            let before = everything(&stage.platform);
            let decided = match &act {
                Act::Ask(request) => stage.platform.decide(request).map(|decided| vec![decided.changes]),
                Act::Tell(report) => stage.platform.decide_fact(report).map(|decided| vec![decided.changes]),
                Act::Wait(until) => stage.platform.decide_next(*until).map(|next| next.into_iter().collect()),
            };
            prop_assert!(before == everything(&stage.platform));
            let played = stage.play(&act).map(|came| came.changes().take(1).cloned().collect::<Vec<_>>());
            prop_assert_eq!(decided, played);
        }
    }

    /// Neither refused nor carried out requests leave anything in the buffers that are used again.
    #[test]
    fn used_buffers_are_as_good_as_new(story in story(40..120)) {
        let mut stage = Stage::new(story.rules);
        let mut thrifty = stage.platform.clone();
        for step in &story.steps {
            let act = stage.act(step);
            let expected = stage.play(&act).map(|came| came.changes().cloned().collect::<Vec<_>>());
            let changes = match &act {
                Act::Ask(request) => thrifty.handle(request.clone()).map(|decided| vec![decided.changes]),
                Act::Tell(report) => thrifty.record(report).map(|decided| vec![decided.changes]),
                Act::Wait(until) => {
                    let mut fired = Vec::new();
                    let advanced = thrifty.advance_with(*until, |changes| {
                        fired.push(changes.clone());
                        Some(changes)
                    });
                    advanced.map(|()| fired)
                }
            };
            prop_assert_eq!(&changes, &expected);
            for used in changes.into_iter().flatten() {
                thrifty.recycle(used);
            }
        }
        prop_assert_eq!(thrifty.snapshot(), stage.platform.snapshot());
    }
}
