//! Everything that is known to have happened to a dispute, and where that leaves it.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::state::Turn;
use super::{DisputeChange, DisputeState};
use crate::calendar::Timestamp;

/// When something was told to have happened that may happen again after an appeal: the first time, and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Span<T> {
    first: T,
    last: T,
}

/// Evidence that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub(super) at: Timestamp,
    pub(super) evidence: Box<str>,
    pub(super) automated: bool,
}

impl Submission {
    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// What the host calls it.
    pub const fn evidence(&self) -> &str {
        &self.evidence
    }
}

/// Everything that is known to have happened to a dispute.
///
/// Each thing has a place of its own, in which two tellings of it meet in a way that does not depend on which came first: the earlier
/// one is kept, or the later one, or both ends. So whoever knows the same things knows the same course. What is told to have happened more
/// than twice happened the first and the last time: what is between is not kept.
// INVARIANT: what ends a stage keeps its first telling, or a later one would undo what has followed from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Course {
    escalated: Option<(Timestamp, Option<Timestamp>)>,
    pub(super) withdrawn: Option<Timestamp>,
    /// The last time: it changes no state, and what comes after it has the last word.
    reinstated: Option<Timestamp>,
    inquiry_closed: Option<Timestamp>,
    prevented: Option<Timestamp>,
    lost: Option<Span<Timestamp>>,
    partly_won: Option<Span<(Timestamp, i64)>>,
    won: Option<Span<Timestamp>>,
    appealed: Option<Span<(Timestamp, Timestamp)>>,
    pub(super) refunded: Option<Timestamp>,
    accepted: Option<Span<Timestamp>>,
    pub(super) inquiry_answer: Option<Submission>,
    pub(super) countered: Option<Submission>,
    pub(super) appeal_countered: Option<Submission>,
    /// When the fee of a compliance case was acknowledged.
    pub(super) fee_acknowledged: bool,
}

fn earliest<T: Ord + Copy>(place: &mut Option<T>, told: T) {
    *place = Some(place.map_or(told, |known| known.min(told)));
}

fn latest<T: Ord + Copy>(place: &mut Option<T>, told: T) {
    *place = Some(place.map_or(told, |known| known.max(told)));
}

fn widen<T: Ord + Copy>(place: &mut Option<Span<T>>, told: T) {
    let known = place.unwrap_or(Span { first: told, last: told });
    *place = Some(Span { first: known.first.min(told), last: known.last.max(told) });
}

/// Where everything that happened leaves a dispute.
pub(super) struct Standing {
    pub(super) state: DisputeState,
    /// What of the disputed amount is the seller's again, in minor units.
    pub(super) back: i64,
    /// When it was won in full, if that is the last word.
    pub(super) won: Option<Timestamp>,
}

impl Course {
    /// Takes up what the world tells.
    pub(super) fn hear(&mut self, at: Timestamp, change: DisputeChange) {
        match change {
            DisputeChange::Escalated { respond_by } => earliest(&mut self.escalated, (at, respond_by)),
            DisputeChange::FundsWithdrawn => earliest(&mut self.withdrawn, at),
            DisputeChange::FundsReinstated => latest(&mut self.reinstated, at),
            DisputeChange::InquiryClosed => earliest(&mut self.inquiry_closed, at),
            DisputeChange::Prevented => earliest(&mut self.prevented, at),
            DisputeChange::Lost => widen(&mut self.lost, at),
            DisputeChange::PartlyWon { amount } => widen(&mut self.partly_won, (at, amount.minor())),
            DisputeChange::Won => widen(&mut self.won, at),
            DisputeChange::Appealed { respond_by } => widen(&mut self.appealed, (at, respond_by)),
        }
    }

    /// Notes that the charge's owner gave in.
    pub(super) fn accept(&mut self, at: Timestamp) {
        widen(&mut self.accepted, at);
    }

    /// What happened, in its order.
    fn turns(&self) -> SmallVec<[(Timestamp, Turn); 8]> {
        let mut turns: SmallVec<[(Timestamp, Turn); 8]> = SmallVec::new();
        let mut add = |at: Option<Timestamp>, turn: Turn| turns.extend(at.map(|at| (at, turn)));
        if let Some((at, respond_by)) = self.escalated {
            add(Some(at), Turn::Escalated(respond_by));
        }
        add(self.withdrawn, Turn::Withdrawn);
        add(self.inquiry_answer.as_ref().map(Submission::at), Turn::InquiryAnswered);
        add(self.refunded, Turn::Refunded);
        add(self.inquiry_closed, Turn::InquiryClosed);
        add(self.countered.as_ref().map(Submission::at), Turn::Countered);
        add(self.prevented, Turn::Prevented);
        for (span, turn) in [(self.accepted, Turn::Accepted), (self.lost, Turn::Lost), (self.won, Turn::Won)] {
            add(span.map(|span| span.first), turn);
            add(span.map(|span| span.last), turn);
        }
        if let Some(Span { first, last }) = self.partly_won {
            add(Some(first.0), Turn::PartlyWon(first.1));
            add(Some(last.0), Turn::PartlyWon(last.1));
        }
        add(self.reinstated, Turn::Reinstated);
        if let Some(Span { first, last }) = self.appealed {
            add(Some(first.0), Turn::Appealed(first.1));
            add(Some(last.0), Turn::Appealed(last.1));
        }
        add(self.appeal_countered.as_ref().map(Submission::at), Turn::AppealCountered);
        turns.sort_unstable();
        turns
    }

    /// Where all of it leaves a dispute of `amount` that was opened then, by `now`.
    pub(super) fn standing(&self, opened: (Timestamp, DisputeState), amount: i64, now: Timestamp) -> Standing {
        let (start, state) = opened;
        let mut standing = Standing { state, back: 0, won: None };
        for (at, turn) in self.turns() {
            // Nothing happens to a dispute before it is there.
            let at = at.max(start);
            standing.lapse(at);
            standing.turn(at, turn, amount);
        }
        standing.lapse(now);
        standing
    }
}

impl Standing {
    fn lapse(&mut self, now: Timestamp) {
        if let Some(state) = self.state.lapsed(now) {
            (self.state, self.back, self.won) = (state, 0, None);
        }
    }

    fn turn(&mut self, at: Timestamp, turn: Turn, amount: i64) {
        let Some(state) = self.state.turn(at, turn) else {
            if turn == Turn::Reinstated && self.state.is_filed() {
                self.back = amount;
            }
            return;
        };
        self.state = state;
        match turn {
            Turn::Won => (self.back, self.won) = (amount, Some(at)),
            Turn::PartlyWon(part) => (self.back, self.won) = (part, None),
            Turn::Lost | Turn::Accepted | Turn::Prevented => (self.back, self.won) = (0, None),
            Turn::Escalated(_)
            | Turn::Withdrawn
            | Turn::InquiryAnswered
            | Turn::Refunded
            | Turn::InquiryClosed
            | Turn::Countered
            | Turn::Reinstated
            | Turn::Appealed(_)
            | Turn::AppealCountered => {}
        }
    }
}
