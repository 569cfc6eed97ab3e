use serde::{Deserialize, Serialize};

use crate::ids::{ExternalAccountId, TopUpId};
use crate::money::Money;

/// What happened to a top-up; the object of the event says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TopUpEvent {
    /// `topup.canceled`
    Canceled,
    /// `topup.created`
    Created,
    /// `topup.failed`
    Failed,
    /// `topup.reversed`
    Reversed,
    /// `topup.succeeded`
    Succeeded,
}

impl TopUpEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Canceled => "topup.canceled",
            Self::Created => "topup.created",
            Self::Failed => "topup.failed",
            Self::Reversed => "topup.reversed",
            Self::Succeeded => "topup.succeeded",
        }
    }
}

/// What the host must do for a top-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TopUpInstruction {
    /// Debit the platform's own bank account; report [`TopUpSucceeded`](super::TopUpSucceeded) or
    /// [`TopUpFailed`](super::TopUpFailed). The top-up's id is the idempotency key to pass on.
    Debit {
        /// The top-up.
        top_up: TopUpId,
        /// The bank account to debit.
        source: ExternalAccountId,
        /// How much.
        amount: Money,
        /// What the bank is to show beside it.
        statement_descriptor: Option<Box<str>>,
    },
    /// Do not debit it after all, if that is still possible.
    Cancel {
        /// The top-up.
        top_up: TopUpId,
    },
}

impl TopUpInstruction {
    /// The top-up that it is about.
    pub const fn top_up(&self) -> TopUpId {
        match self {
            Self::Debit { top_up, .. } | Self::Cancel { top_up } => *top_up,
        }
    }
}
