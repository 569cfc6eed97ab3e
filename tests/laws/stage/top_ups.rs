//! Money that the platform pulls from its own bank account.

use fundroute::ids::TopUpId;
use fundroute::payouts::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUpFact, TopUpFailed, TopUpReversed, TopUpSubmitted, TopUpSucceeded,
};

use super::*;

impl Stage {
    /// A top-up, mostly in a currency that the platform has; or one that is called off, mostly while that is possible.
    pub(super) fn top_up(&self, step: &Step) -> (Command, Option<AccountId>) {
        match step {
            Step::TopUp { amount, coin, on } => {
                let currency = self.coin(*coin, self.platform.id());
                let new = NewTopUp::of(Money::new(amount.of(200_00), currency));
                (Command::CreateTopUp(new), self.on(*on, None))
            }
            Step::CancelTopUp { top_up, on } => {
                let top_up = self.a_top_up(*top_up, true);
                (Command::CancelTopUp(CancelTopUp { top_up }), self.on(*on, None))
            }
            _ => panic!("{step:?} pulls nothing"),
        }
    }

    fn a_top_up(&self, pick: Pick, open: bool) -> TopUpId {
        let known = self.ids(|id| if let ObjectId::TopUp(id) = id { Some(id) } else { None });
        let waits = |id: &TopUpId| self.platform.top_up(*id).is_ok_and(|top_up| top_up.awaits_answer());
        let waiting: Vec<TopUpId> = known.iter().copied().filter(waits).collect();
        let from = if open && !waiting.is_empty() { &waiting } else { &known };
        pick.of(from).unwrap_or(TopUpId::from_host(NOBODY))
    }

    pub(super) fn about_top_up(&self, step: &Step) -> Option<(Fact, i64)> {
        let Step::AboutTopUp { top_up, open, what, by, ago } = step else { return None };
        let id = self.a_top_up(*top_up, *open);
        let named = match by {
            By::Id => NamedTopUp::Id(id),
            By::Reference => NamedTopUp::Reference(format!("outside-{id}")),
            By::Rumour(number) => NamedTopUp::Reference(format!("rumour-{number}")),
        };
        Some((Fact::TopUp(about_top_up(id, named, *what)), *ago))
    }
}

/// What a bank may say of a top-up.
pub(crate) fn about_top_up(id: TopUpId, top_up: NamedTopUp, what: u8) -> TopUpFact {
    match what % 10 {
        0 | 1 => TopUpFact::Submitted(TopUpSubmitted { top_up: id, reference: format!("outside-{id}") }),
        2..=5 => TopUpFact::Succeeded(TopUpSucceeded { top_up }),
        6 | 7 => {
            let failure_code = FAILURE_CODES[usize::from(what / 10) % FAILURE_CODES.len()].to_owned();
            TopUpFact::Failed(TopUpFailed { top_up, failure_code })
        }
        _ => TopUpFact::Reversed(TopUpReversed { top_up }),
    }
}
