use serde::{Deserialize, Serialize};

use super::{ReaderStatus, SavedCard};
use crate::ids::ReaderId;
use crate::payments::{ChargeFailure, PaymentCard};

/// A fact: a reader has stopped doing what it was to do, without having done it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderActionCanceled {
    /// The reader.
    pub reader: ReaderId,
    /// Which of its actions.
    pub action: u32,
}

/// A fact: a reader has not done what it was to do.
///
/// Most failures end the attempt that the action was to make. After a few nobody knows yet
/// ([`ReaderFailure::leaves_open`](crate::payments::ReaderFailure::leaves_open)): the payment stays under way until the world
/// tells what became of its charge, which it is asked
/// ([`PaymentInstruction::Retrieve`](crate::payments::PaymentInstruction::Retrieve)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderActionFailed {
    /// The reader.
    pub reader: ReaderId,
    /// Which of its actions.
    pub action: u32,
    /// Why.
    pub failure: ChargeFailure,
    /// What the reader says about it, for people; the first 255 characters are kept.
    pub message: Option<String>,
}

/// A fact: a reader has done what it was to do. What became of money is told of the charge or the refund itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderActionSucceeded {
    /// The reader.
    pub reader: ReaderId,
    /// Which of its actions.
    pub action: u32,
}

/// A fact: a reader has saved a card for later, as it was asked to, and under which token. The action has succeeded with that; where
/// the world tells no token, [`ReaderActionSucceeded`] alone says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderCardSaved {
    /// The reader.
    pub reader: ReaderId,
    /// Which of its actions.
    pub action: u32,
    /// As what.
    pub saved: SavedCard,
}

/// A fact: a card was presented to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderActionUpdated {
    /// The reader.
    pub reader: ReaderId,
    /// Which of its actions.
    pub action: u32,
    /// The card.
    pub card: PaymentCard,
}

/// A fact: a reader came online, or was not heard of for some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderSeen {
    /// The reader.
    pub reader: ReaderId,
    /// Whether it can be reached.
    pub status: ReaderStatus,
}

/// A fact about a reader, or about what it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TerminalFact {
    /// A reader has stopped doing what it was to do.
    ActionCanceled(ReaderActionCanceled),
    /// A reader has not done what it was to do.
    ActionFailed(ReaderActionFailed),
    /// A reader has done what it was to do.
    ActionSucceeded(ReaderActionSucceeded),
    /// A card was presented to a reader.
    ActionUpdated(ReaderActionUpdated),
    /// A reader has saved a card for later.
    CardSaved(ReaderCardSaved),
    /// A reader came online, or went offline.
    Seen(ReaderSeen),
}

impl TerminalFact {
    /// The reader.
    pub const fn reader(&self) -> ReaderId {
        match self {
            Self::ActionCanceled(fact) => fact.reader,
            Self::ActionFailed(fact) => fact.reader,
            Self::ActionSucceeded(fact) => fact.reader,
            Self::ActionUpdated(fact) => fact.reader,
            Self::CardSaved(fact) => fact.reader,
            Self::Seen(fact) => fact.reader,
        }
    }
}
