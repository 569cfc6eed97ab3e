use serde::{Deserialize, Serialize};

use crate::ids::DisputeId;

/// What happened to a dispute or a fraud warning; the object of the event says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DisputeEvent {
    /// `charge.dispute.created`
    Created,
    /// `charge.dispute.updated`
    Updated,
    /// `charge.dispute.funds_withdrawn`
    FundsWithdrawn,
    /// `charge.dispute.funds_reinstated`
    FundsReinstated,
    /// `charge.dispute.closed`
    Closed,
    /// `radar.early_fraud_warning.created`
    WarningCreated,
    /// `radar.early_fraud_warning.updated`
    WarningUpdated,
}

impl DisputeEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "charge.dispute.created",
            Self::Updated => "charge.dispute.updated",
            Self::FundsWithdrawn => "charge.dispute.funds_withdrawn",
            Self::FundsReinstated => "charge.dispute.funds_reinstated",
            Self::Closed => "charge.dispute.closed",
            Self::WarningCreated => "radar.early_fraud_warning.created",
            Self::WarningUpdated => "radar.early_fraud_warning.updated",
        }
    }
}

/// What the host must do about a dispute. The answer comes as [`DisputeChanged`](super::DisputeChanged).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DisputeInstruction {
    /// Hand the evidence in that the host calls by this name.
    SubmitEvidence {
        /// The dispute.
        dispute: DisputeId,
        /// The host's name for the evidence.
        evidence: Box<str>,
    },
    /// Give in.
    Accept {
        /// The dispute.
        dispute: DisputeId,
    },
}

impl DisputeInstruction {
    /// The dispute that it is about.
    pub const fn dispute(&self) -> DisputeId {
        match self {
            Self::SubmitEvidence { dispute, .. } | Self::Accept { dispute } => *dispute,
        }
    }
}
