//! What banks tell of top-ups, among all else that is told.

use fundroute::ids::TopUpId;
use fundroute::payouts::{NamedTopUp, NewTopUp, TopUpFact, TopUpFailed, TopUpReversed, TopUpSubmitted, TopUpSucceeded};

use super::*;
use crate::stage::about_top_up;

/// That the bank was asked, and up to three more things, by id or by the one reference that there is.
pub(super) fn about_top_ups(
    stage: &Stage,
    id: TopUpId,
    (what, how, early, late): (u8, u8, u32, u32),
) -> Vec<(Timestamp, Fact)> {
    let named = |bit: u8| match how & bit {
        0 => NamedTopUp::Reference(format!("outside-{id}")),
        _ => NamedTopUp::Id(id),
    };
    let tell = |place: u32, bit, what: u8| {
        let at = past(stage, early.wrapping_mul(place) ^ late);
        (at, Fact::TopUp(about_top_up(id, named(bit), what)))
    };
    let all = [tell(3, 1, 0), tell(5, 2, what), tell(7, 4, how), tell(11, 8, what ^ how), tell(13, 16, what / 7)];
    all.into_iter().take(1 + usize::from(how >> 5) % 5).collect()
}

/// One top-up, told to have failed, to have come and to have been pulled back, some of it twice and under its reference: all 5,040 orders of
/// seven facts end the same, whether it was called off before or not.
#[test]
fn every_order_of_what_is_told_of_a_top_up_ends_the_same() {
    for is_canceled in [false, true] {
        let mut stage = plain();
        let top_up = stage.platform.top_ups().create("top-up", NewTopUp::of(usd(90_00))).unwrap().answer;
        stage.platform.advance_to(stage.platform.now().plus_days(3).unwrap()).unwrap();
        if is_canceled {
            stage.platform.top_ups().cancel("cancel", top_up).unwrap();
        }
        let now = stage.platform.now();
        let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
        let outside = || NamedTopUp::from("outside");
        let failed = |top_up, code: &str| TopUpFact::Failed(TopUpFailed { top_up, failure_code: code.to_owned() });
        let facts = [
            (at(60), TopUpFact::Submitted(TopUpSubmitted { top_up, reference: "outside".to_owned() })),
            (at(50), failed(outside(), "no_account")),
            (at(51), failed(top_up.into(), "account_closed")),
            (at(40), TopUpFact::Succeeded(TopUpSucceeded { top_up: outside() })),
            (at(30), TopUpFact::Succeeded(TopUpSucceeded { top_up: top_up.into() })),
            // A clock outside is late.
            (at(45), TopUpFact::Reversed(TopUpReversed { top_up: outside() })),
            (at(20), TopUpFact::Reversed(TopUpReversed { top_up: top_up.into() })),
        ];
        let number = |(number, (at, fact))| Report::new(format!("f{number}"), at, Fact::TopUp(fact));
        let facts: Vec<Report> = facts.into_iter().enumerate().map(number).collect();
        let until = now.plus_days(40).unwrap();
        let expected = told(&stage, &facts, until);
        let mut orders = 0;
        permutations(&facts, &mut Vec::new(), &mut |order| {
            orders += 1;
            assert_eq!(told(&stage, order, until), expected, "{order:#?}");
        });
        let [_, (records, pots)] = expected;
        assert_eq!((orders, pots.get(&(stage.platform.id(), USD)).map_or(0, |pot| pot.0)), (5_040, 0));
        let Record::TopUp(known) = &records[&top_up.into()] else { panic!("a top-up is one") };
        let (succeeded_at, reversed_at) = (at(40), at(45));
        let expected = if is_canceled {
            fundroute::payouts::TopUpState::Canceled { canceled_at: now }
        } else {
            fundroute::payouts::TopUpState::Reversed { succeeded_at, reversed_at }
        };
        assert_eq!(*known.state(), expected);
    }
}
