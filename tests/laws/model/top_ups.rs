//! Money that the platform pulls from its own bank account: when it came, when it went, and that it does so once.

use fundroute::ids::TopUpId;
use fundroute::payouts::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUpFact, TopUpFailed, TopUpReversed, TopUpSubmitted, TopUpSucceeded,
};

use super::*;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Word {
    Asked,
    Refused,
    CalledOff,
    Came,
    Went,
}

#[derive(Clone, Debug)]
pub(super) struct Pull {
    amount: Money,
    /// From when on the money is expected.
    date: Option<Timestamp>,
    word: Word,
}

impl Model {
    pub(super) fn pull(&mut self, id: TopUpId, new: &NewTopUp) {
        let currency = new.amount.currency();
        let bank = self.holders[&self.platform].banks[&currency];
        assert!(new.amount.is_positive() && !self.broken_banks.contains(&bank));
        let (most, date) = rules::top_ups_in(currency, self.now).expect("a currency without top-ups");
        assert!(most.is_none_or(|most| new.amount.minor() <= most), "{new:?}");
        self.pulls.insert(id, Pull { amount: new.amount, date, word: Word::Asked });
    }

    pub(super) fn call_off_pull(&mut self, cancel: CancelTopUp) {
        let pull = self.pulls.get_mut(&cancel.top_up).unwrap();
        assert_eq!(pull.word, Word::Asked, "a top-up was called off that the bank had answered");
        pull.word = Word::CalledOff;
    }

    pub(super) fn of_pull(&mut self, report: &Report, fact: &TopUpFact, changes: &Changes) {
        let named = match fact {
            TopUpFact::Submitted(TopUpSubmitted { top_up, reference }) => {
                if !self.pull_references.contains_key(reference) {
                    self.pull_references.insert(reference.clone(), *top_up);
                    self.take_up(&format!("top-up {reference}"), changes);
                }
                return;
            }
            TopUpFact::Succeeded(TopUpSucceeded { top_up })
            | TopUpFact::Failed(TopUpFailed { top_up, .. })
            | TopUpFact::Reversed(TopUpReversed { top_up }) => top_up,
        };
        let id = match named {
            NamedTopUp::Id(id) => *id,
            NamedTopUp::Reference(reference) => match self.pull_references.get(reference) {
                Some(id) => *id,
                None => return self.wait_for(format!("top-up {reference}"), report),
            },
        };
        let word = self.pulls[&id].word;
        match (fact, word) {
            (TopUpFact::Succeeded(_), Word::Asked | Word::Refused) => {
                self.move_pull(id, Word::Came, 1);
                self.take_up(&format!("success {id}"), changes);
            }
            (TopUpFact::Failed(_), Word::Asked) => self.pulls.get_mut(&id).unwrap().word = Word::Refused,
            (TopUpFact::Reversed(_), Word::Asked | Word::Refused) => self.wait_for(format!("success {id}"), report),
            (TopUpFact::Reversed(_), Word::Came) => self.move_pull(id, Word::Went, -1),
            _ => {}
        }
    }

    fn move_pull(&mut self, id: TopUpId, word: Word, sign: i128) {
        let pull = self.pulls.get_mut(&id).unwrap();
        pull.word = word;
        let (amount, currency, date) = (pull.amount, pull.amount.currency(), pull.date);
        let amount = i128::from(amount.minor()) * sign;
        self.outside.entry(currency).or_default().banks -= amount;
        self.put(self.platform, currency, date.unwrap_or(self.now), amount);
        self.see_funds();
    }
}
