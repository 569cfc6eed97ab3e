//! What is told to sellers is what the ledger has: a timeline comes to the balances, and a story is all that its object caused.

use std::collections::BTreeSet;

use fundroute::ids::{AccountId, ObjectId};
use fundroute::tools::Happening;
use proptest::prelude::*;

use crate::stage::Stage;
use crate::story::story;

proptest! {
    #![proptest_config(crate::cases(32))]

    #[test]
    fn a_timeline_comes_to_the_balances(story in story(40..120)) {
        let stage = Stage::played(&story);
        let owners: BTreeSet<AccountId> = stage.platform.balances().into_iter().map(|(owner, _)| owner).collect();
        for owner in owners {
            let timeline = stage.platform.timeline(owner).unwrap();
            prop_assert!(timeline.is_sorted_by_key(|happening| happening.at));
            let moved = || timeline.iter().flat_map(|happening| &happening.moved);
            prop_assert!(moved().all(|moved| moved.owner == owner));
            for (_, currency) in stage.platform.balances().into_iter().filter(|(of, _)| *of == owner) {
                let held = stage.platform.balance(owner, currency).unwrap();
                let of = || moved().filter(|moved| moved.currency == currency);
                let sums = [
                    of().map(|moved| moved.pending).sum::<i128>(),
                    of().map(|moved| moved.available).sum(),
                    of().map(|moved| moved.in_transit).sum(),
                    of().map(|moved| moved.reserved).sum(),
                ];
                prop_assert_eq!(
                    sums,
                    [held.pending, held.available, held.in_transit, held.connect_reserved + held.risk_reserved]
                );
                let steps = stage.platform.explain(owner, currency).unwrap();
                let lines = steps.into_iter().filter_map(|step| step.transaction).count();
                prop_assert_eq!(of().flat_map(|moved| &moved.transactions).count(), lines);
            }
        }
    }

    #[test]
    fn a_story_is_all_that_its_object_caused(story in story(40..80)) {
        let stage = Stage::played(&story);
        let house = stage.platform.timeline(stage.platform.id()).unwrap();
        let roots: BTreeSet<ObjectId> = house.iter().filter_map(|happening| happening.because.last().copied()).collect();
        for root in roots.into_iter().take(12) {
            let told = stage.platform.story(root).unwrap();
            let goes_back = |happening: &&Happening| happening.because.contains(&root);
            // Of the platform's part, nothing is left out, and nothing is told twice.
            let part = told.happenings.iter().filter(|of| of.moved.iter().any(|moved| moved.owner == stage.platform.id()));
            let part: Vec<_> = part.map(|of| (of.at, of.entry, of.because.clone())).collect();
            for happening in house.iter().filter(goes_back) {
                let ours = (happening.at, happening.entry, happening.because.clone());
                let times = |of: &[_]| of.iter().filter(|of| **of == ours).count();
                let all: Vec<_> = house.iter().map(|of| (of.at, of.entry, of.because.clone())).collect();
                prop_assert_eq!(times(&part), times(&all), "{:?}", ours);
            }
            for payout in told.settled_by {
                let lines = stage.platform.payout_contents(payout).unwrap().lines;
                let sources: BTreeSet<ObjectId> =
                    told.happenings.iter().flat_map(|of| &of.moved).flat_map(|of| &of.transactions).map(|of| of.source).collect();
                prop_assert!(lines.iter().any(|line| sources.contains(&line.source)));
            }
        }
    }
}
