//! Between two calls of the host, one jump and a thousand small steps give the same journal.

use chrono::TimeDelta;
use fundroute::journal::Changes;
use fundroute::prelude::*;
use proptest::prelude::*;

use crate::rules::Rules;
use crate::stage::{Act, Stage};
use crate::story::story;

/// One jump.
fn jump(platform: &mut Platform, until: Timestamp) -> Vec<Changes> {
    platform.advance_to(until).unwrap()
}

/// Many steps, of sizes that repeat.
fn walk(platform: &mut Platform, until: Timestamp, sizes: &[i64]) -> Vec<Changes> {
    let mut fired = Vec::new();
    let mut sizes = sizes.iter().cycle();
    while platform.now() < until {
        let size = TimeDelta::microseconds(*sizes.next().unwrap());
        let next = platform.now().checked_add(size).unwrap_or(until).min(until);
        fired.extend(platform.advance_to(next).unwrap());
    }
    fired.extend(platform.advance_to(until).unwrap());
    fired
}

/// From deadline to deadline.
fn hop(platform: &mut Platform, until: Timestamp) -> Vec<Changes> {
    let mut fired = Vec::new();
    while let Some(due) = platform.next_deadline().filter(|due| *due <= until) {
        fired.extend(platform.advance_to(due.max(platform.now())).unwrap());
    }
    fired.extend(platform.advance_to(until).unwrap());
    fired
}

/// As a host with a store does: decide, store, apply.
fn store_and_apply(platform: &mut Platform, until: Timestamp) -> Vec<Changes> {
    let mut fired = Vec::new();
    while let Some(changes) = platform.decide_next(until).unwrap() {
        platform.apply(&changes).unwrap();
        fired.push(changes);
    }
    assert_eq!(platform.advance_to(until).unwrap(), []);
    fired
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn a_jump_and_a_thousand_steps_give_the_same_journal(
        story in story(40..120),
        sizes in proptest::collection::vec(1..3 * 86_400_000_000_i64, 1..20),
    ) {
        let by_date = sizes.len() % 2 == 0;
        let mut stage = Stage::new(Rules { by_date, ..story.rules });
        for step in &story.steps {
            let act = stage.act(step);
            let Act::Wait(until) = act else {
                let _refused = stage.play(&act);
                continue;
            };
            let here = stage.platform.clone();
            let fired = jump(&mut stage.platform, until);
            let check = |name: &str, way: &dyn Fn(&mut Platform) -> Vec<Changes>| {
                let mut platform = here.clone();
                assert_eq!(way(&mut platform), fired, "{name}");
                assert_eq!(platform.snapshot(), stage.platform.snapshot());
                assert_eq!(platform.now(), until);
                assert!(platform.deadlines().eq(stage.platform.deadlines()));
            };
            check("steps", &|platform| walk(platform, until, &sizes));
            check("hops", &|platform| hop(platform, until));
            check("store", &|platform| store_and_apply(platform, until));
            // Everything happens at its own time, in order, and nothing that is due is left.
            prop_assert!(fired.is_sorted_by_key(|changes| changes.at));
            prop_assert!(fired.iter().all(|changes| changes.at > here.now() && changes.at <= until));
            prop_assert!(stage.platform.next_deadline().is_none_or(|due| due > until));
        }
    }

    #[test]
    fn the_clock_never_goes_back(story in story(10..40), back in 1..1_000_000_000_i64) {
        let mut stage = Stage::played(&story);
        let before = stage.platform.snapshot();
        let now = stage.platform.now();
        let earlier = now.checked_add(TimeDelta::microseconds(-back)).unwrap();
        prop_assert_eq!(stage.platform.advance_to(earlier), Err(Error::TimeBackwards { clock: now, now: earlier }));
        prop_assert!(stage.platform.decide_next(earlier).is_err());
        prop_assert_eq!((stage.platform.snapshot(), stage.platform.now()), (before, now));
    }
}
