//! The states of a dispute, and the edges between them.

use serde::{Deserialize, Serialize};

use super::{DisputeCase, DisputeStatus};
use crate::calendar::Timestamp;

/// How a dispute came to be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LossCause {
    /// Whoever owns the charge gave in.
    Accepted,
    /// Nobody answered in time.
    Lapsed,
    /// It was decided.
    Ruled,
    /// There was no time in which it could be answered.
    Unanswerable,
}

/// How an inquiry came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum InquiryEnd {
    /// Its time was over.
    Lapsed,
    /// The charge was given back in full.
    Refunded,
    /// The world said so.
    Told,
}

/// An inquiry that waits for an answer, or was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    respond_by: Option<Timestamp>,
    closes_at: Timestamp,
    answered_at: Option<Timestamp>,
}

/// An inquiry that came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedInquiry {
    at: Timestamp,
    end: InquiryEnd,
}

/// A chargeback, or an appeal, that waits for evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitingEvidence {
    since: Timestamp,
    /// Nothing where only the withdrawal of the money says that an inquiry escalated.
    respond_by: Option<Timestamp>,
}

/// A chargeback, or an appeal, that was countered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countered {
    at: Timestamp,
}

/// A dispute that was decided for the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Won {
    at: Timestamp,
}

/// A dispute that ended for the payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    at: Timestamp,
    cause: LossCause,
}

/// A dispute that was settled before it was filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prevented {
    at: Timestamp,
}

/// How far a dispute has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisputeState {
    /// An inquiry waits for an answer.
    WarningNeedsResponse(Inquiry),
    /// An inquiry was answered.
    WarningUnderReview(Inquiry),
    /// An inquiry came to nothing.
    WarningClosed(ClosedInquiry),
    /// A chargeback waits for evidence.
    NeedsResponse(AwaitingEvidence),
    /// A chargeback was countered.
    UnderReview(Countered),
    /// An appeal waits for evidence.
    AppealNeedsResponse(AwaitingEvidence),
    /// An appeal was countered.
    AppealUnderReview(Countered),
    /// It was decided for the seller.
    Won(Won),
    /// It ended for the payer.
    Lost(Lost),
    /// It was settled for the payer before it was filed.
    Prevented(Prevented),
}

/// What can happen to a dispute, in the order in which it counts where it happened at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    Escalated(Option<Timestamp>),
    Withdrawn,
    InquiryAnswered,
    Refunded,
    InquiryClosed,
    Countered,
    Accepted,
    Prevented,
    Lost,
    PartlyWon(i64),
    Won,
    Reinstated,
    Appealed(Timestamp),
    AppealCountered,
}

/// A chargeback that can be answered until then, or not at all.
const fn filed(at: Timestamp, respond_by: Option<Timestamp>) -> DisputeState {
    match respond_by {
        Some(_) => DisputeState::NeedsResponse(AwaitingEvidence { since: at, respond_by }),
        // RULE: what cannot be answered, such as on Cartes Bancaires in the single euro payments area, is lost as soon as it is
        // there (docs.stripe.com/disputes/how-disputes-work, 2026).
        None => DisputeState::Lost(Lost { at, cause: LossCause::Unanswerable }),
    }
}

const fn lost(at: Timestamp, cause: LossCause) -> DisputeState {
    DisputeState::Lost(Lost { at, cause })
}

impl Inquiry {
    /// Until when it should be answered, if anybody said so. It is not lost for want of an answer.
    pub const fn respond_by(&self) -> Option<Timestamp> {
        self.respond_by
    }

    /// When it is closed, unless it escalates before.
    pub const fn closes_at(&self) -> Timestamp {
        self.closes_at
    }

    /// When it was answered.
    pub const fn answered_at(&self) -> Option<Timestamp> {
        self.answered_at
    }

    const fn close(self, at: Timestamp, end: InquiryEnd) -> DisputeState {
        DisputeState::WarningClosed(ClosedInquiry { at, end })
    }

    const fn turn(self, at: Timestamp, turn: Turn) -> Option<DisputeState> {
        Some(match turn {
            Turn::Escalated(respond_by) => filed(at, respond_by),
            Turn::Withdrawn => DisputeState::NeedsResponse(AwaitingEvidence { since: at, respond_by: None }),
            Turn::InquiryAnswered if self.answered_at.is_none() => {
                DisputeState::WarningUnderReview(Self { answered_at: Some(at), ..self })
            }
            Turn::Refunded => self.close(at, InquiryEnd::Refunded),
            Turn::InquiryClosed => self.close(at, InquiryEnd::Told),
            Turn::Prevented => DisputeState::Prevented(Prevented { at }),
            Turn::InquiryAnswered
            | Turn::Countered
            | Turn::Accepted
            | Turn::Lost
            | Turn::PartlyWon(_)
            | Turn::Won
            | Turn::Reinstated
            | Turn::Appealed(_)
            | Turn::AppealCountered => return None,
        })
    }
}

impl ClosedInquiry {
    /// When it was closed.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Why.
    pub const fn end(&self) -> InquiryEnd {
        self.end
    }
}

impl AwaitingEvidence {
    /// Since when.
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// Until when evidence is taken; after that it is lost.
    pub const fn respond_by(&self) -> Option<Timestamp> {
        self.respond_by
    }

    const fn turn(self, at: Timestamp, turn: Turn) -> Option<DisputeState> {
        Some(match turn {
            // Now it is said until when it can be answered.
            Turn::Escalated(respond_by) if self.respond_by.is_none() => filed(self.since, respond_by),
            Turn::Countered => DisputeState::UnderReview(Countered { at }),
            Turn::Accepted => lost(at, LossCause::Accepted),
            Turn::Prevented => DisputeState::Prevented(Prevented { at }),
            Turn::Lost | Turn::PartlyWon(_) => lost(at, LossCause::Ruled),
            Turn::Won => DisputeState::Won(Won { at }),
            Turn::Appealed(respond_by) => appealed(at, respond_by),
            Turn::Escalated(_)
            | Turn::Withdrawn
            | Turn::InquiryAnswered
            | Turn::Refunded
            | Turn::InquiryClosed
            | Turn::Reinstated
            | Turn::AppealCountered => return None,
        })
    }

    const fn turn_of_appeal(self, at: Timestamp, turn: Turn) -> Option<DisputeState> {
        Some(match turn {
            Turn::AppealCountered => DisputeState::AppealUnderReview(Countered { at }),
            Turn::Accepted => lost(at, LossCause::Accepted),
            Turn::Lost | Turn::PartlyWon(_) => lost(at, LossCause::Ruled),
            Turn::Won => DisputeState::Won(Won { at }),
            Turn::Escalated(_)
            | Turn::Withdrawn
            | Turn::InquiryAnswered
            | Turn::Refunded
            | Turn::InquiryClosed
            | Turn::Countered
            | Turn::Prevented
            | Turn::Reinstated
            | Turn::Appealed(_) => return None,
        })
    }
}

const fn appealed(at: Timestamp, respond_by: Timestamp) -> DisputeState {
    DisputeState::AppealNeedsResponse(AwaitingEvidence { since: at, respond_by: Some(respond_by) })
}

impl Countered {
    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    const fn turn(self, at: Timestamp, turn: Turn) -> Option<DisputeState> {
        Some(match turn {
            Turn::Prevented => DisputeState::Prevented(Prevented { at }),
            Turn::Lost | Turn::PartlyWon(_) => lost(at, LossCause::Ruled),
            Turn::Won => DisputeState::Won(Won { at }),
            Turn::Appealed(respond_by) => appealed(at, respond_by),
            Turn::Escalated(_)
            | Turn::Withdrawn
            | Turn::InquiryAnswered
            | Turn::Refunded
            | Turn::InquiryClosed
            | Turn::Countered
            | Turn::Accepted
            | Turn::Reinstated
            | Turn::AppealCountered => return None,
        })
    }

    const fn turn_of_appeal(self, at: Timestamp, turn: Turn) -> Option<DisputeState> {
        Some(match turn {
            Turn::Lost | Turn::PartlyWon(_) => lost(at, LossCause::Ruled),
            Turn::Won => DisputeState::Won(Won { at }),
            Turn::Escalated(_)
            | Turn::Withdrawn
            | Turn::InquiryAnswered
            | Turn::Refunded
            | Turn::InquiryClosed
            | Turn::Countered
            | Turn::Accepted
            | Turn::Prevented
            | Turn::Reinstated
            | Turn::Appealed(_)
            | Turn::AppealCountered => return None,
        })
    }
}

impl Won {
    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    // A loss that follows a win is one of an appeal: until that is told, the win stands.
    const fn turn(self, at: Timestamp, turn: Turn) -> Option<DisputeState> {
        match turn {
            Turn::Appealed(respond_by) => Some(appealed(at, respond_by)),
            Turn::Escalated(_)
            | Turn::Withdrawn
            | Turn::InquiryAnswered
            | Turn::Refunded
            | Turn::InquiryClosed
            | Turn::Countered
            | Turn::Accepted
            | Turn::Prevented
            | Turn::Lost
            | Turn::PartlyWon(_)
            | Turn::Won
            | Turn::Reinstated
            | Turn::AppealCountered => None,
        }
    }
}

impl Lost {
    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How.
    pub const fn cause(&self) -> LossCause {
        self.cause
    }

    const fn turn(self, at: Timestamp, turn: Turn) -> Option<DisputeState> {
        match turn {
            // RULE: a bank may still decide for the seller after it had decided otherwise; it is rare
            // (docs.stripe.com/disputes/how-disputes-work, 2026).
            Turn::Won => Some(DisputeState::Won(Won { at })),
            // A part that comes back later leaves it lost (recorded exchanges, 2023-2025).
            Turn::PartlyWon(_) => Some(DisputeState::Lost(self)),
            Turn::Appealed(respond_by) => Some(appealed(at, respond_by)),
            Turn::Escalated(_)
            | Turn::Withdrawn
            | Turn::InquiryAnswered
            | Turn::Refunded
            | Turn::InquiryClosed
            | Turn::Countered
            | Turn::Accepted
            | Turn::Prevented
            | Turn::Lost
            | Turn::Reinstated
            | Turn::AppealCountered => None,
        }
    }
}

impl Prevented {
    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl DisputeState {
    /// Where a dispute begins.
    pub(super) const fn opened(
        at: Timestamp,
        case: DisputeCase,
        respond_by: Option<Timestamp>,
        closes_at: Timestamp,
    ) -> Self {
        match case {
            DisputeCase::Inquiry => Self::WarningNeedsResponse(Inquiry { respond_by, closes_at, answered_at: None }),
            DisputeCase::Chargeback | DisputeCase::Compliance => filed(at, respond_by),
            DisputeCase::Block | DisputeCase::Resolution => Self::Prevented(Prevented { at }),
        }
    }

    /// The state's name.
    pub const fn status(&self) -> DisputeStatus {
        match self {
            Self::WarningNeedsResponse(_) => DisputeStatus::WarningNeedsResponse,
            Self::WarningUnderReview(_) => DisputeStatus::WarningUnderReview,
            Self::WarningClosed(_) => DisputeStatus::WarningClosed,
            Self::NeedsResponse(_) => DisputeStatus::NeedsResponse,
            Self::UnderReview(_) => DisputeStatus::UnderReview,
            Self::AppealNeedsResponse(_) => DisputeStatus::AppealNeedsResponse,
            Self::AppealUnderReview(_) => DisputeStatus::AppealUnderReview,
            Self::Won(_) => DisputeStatus::Won,
            Self::Lost(_) => DisputeStatus::Lost,
            Self::Prevented(_) => DisputeStatus::Prevented,
        }
    }

    /// What happens to it by itself, and when.
    pub(super) const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::WarningNeedsResponse(inquiry) | Self::WarningUnderReview(inquiry) => Some(inquiry.closes_at),
            Self::NeedsResponse(awaiting) | Self::AppealNeedsResponse(awaiting) => awaiting.respond_by,
            Self::WarningClosed(_)
            | Self::UnderReview(_)
            | Self::AppealUnderReview(_)
            | Self::Won(_)
            | Self::Lost(_)
            | Self::Prevented(_) => None,
        }
    }

    /// The state after its time was over, if it was by `now`.
    pub(super) fn lapsed(self, now: Timestamp) -> Option<Self> {
        let due = self.due().filter(|due| *due <= now)?;
        match self {
            Self::WarningNeedsResponse(inquiry) | Self::WarningUnderReview(inquiry) => {
                Some(inquiry.close(due, InquiryEnd::Lapsed))
            }
            Self::NeedsResponse(_) | Self::AppealNeedsResponse(_) => Some(lost(due, LossCause::Lapsed)),
            Self::WarningClosed(_)
            | Self::UnderReview(_)
            | Self::AppealUnderReview(_)
            | Self::Won(_)
            | Self::Lost(_)
            | Self::Prevented(_) => None,
        }
    }

    /// The state after a turn of events; nothing where it has no such edge.
    pub(super) const fn turn(self, at: Timestamp, turn: Turn) -> Option<Self> {
        match self {
            Self::WarningNeedsResponse(inquiry) | Self::WarningUnderReview(inquiry) => inquiry.turn(at, turn),
            Self::NeedsResponse(awaiting) => awaiting.turn(at, turn),
            Self::UnderReview(countered) => countered.turn(at, turn),
            Self::AppealNeedsResponse(awaiting) => awaiting.turn_of_appeal(at, turn),
            Self::AppealUnderReview(countered) => countered.turn_of_appeal(at, turn),
            Self::Won(won) => won.turn(at, turn),
            Self::Lost(lost) => lost.turn(at, turn),
            Self::WarningClosed(_) | Self::Prevented(_) => None,
        }
    }
}

impl DisputeState {
    /// Whether it is more than an inquiry.
    pub(super) const fn is_filed(&self) -> bool {
        match self {
            Self::WarningNeedsResponse(_) | Self::WarningUnderReview(_) | Self::WarningClosed(_) => false,
            Self::NeedsResponse(_)
            | Self::UnderReview(_)
            | Self::AppealNeedsResponse(_)
            | Self::AppealUnderReview(_)
            | Self::Won(_)
            | Self::Lost(_)
            | Self::Prevented(_) => true,
        }
    }

    /// Whether it is over, as far as anybody knows.
    pub(super) const fn is_closed(&self) -> bool {
        match self {
            Self::WarningClosed(_) | Self::Won(_) | Self::Lost(_) | Self::Prevented(_) => true,
            Self::WarningNeedsResponse(_)
            | Self::WarningUnderReview(_)
            | Self::NeedsResponse(_)
            | Self::UnderReview(_)
            | Self::AppealNeedsResponse(_)
            | Self::AppealUnderReview(_) => false,
        }
    }
}
