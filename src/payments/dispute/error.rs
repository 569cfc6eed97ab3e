use crate::ids::DisputeId;
use crate::payments::DisputeStatus;

/// Why a command about a dispute was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DisputeError {
    /// Nothing can be submitted, or nothing more at this stage.
    #[error("dispute `{dispute}` is {status} and takes no evidence")]
    NotOpenForEvidence {
        /// The dispute.
        dispute: DisputeId,
        /// Its state.
        status: DisputeStatus,
    },
    /// There is nothing to give in to.
    #[error("dispute `{dispute}` is {status} and cannot be accepted")]
    NotOpenToAccept {
        /// The dispute.
        dispute: DisputeId,
        /// Its state.
        status: DisputeStatus,
    },
    /// The dispute was decided when it was opened: what was paid by debit is answered by nobody.
    #[error("dispute `{0}` is final: the payer's bank has given the money back")]
    Final(DisputeId),
    /// The evidence has no name, or one that is too long.
    #[error("evidence has a name of 1 to 255 characters, not of `{0}`")]
    EvidenceUnnamed(usize),
    /// A compliance case is answered only once its fee was acknowledged.
    #[error("dispute `{0}` is answered only once its compliance fee is acknowledged")]
    FeeNotAcknowledged(DisputeId),
    /// The dispute is about a charge of another account than the one acted for.
    #[error("dispute `{0}` does not belong to the account that was acted for")]
    NotOnAccount(DisputeId),
}

impl DisputeError {
    /// Whether it is the dispute's state that stands in the way.
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::NotOpenForEvidence { .. } | Self::NotOpenToAccept { .. } | Self::Final(_) => true,
            Self::EvidenceUnnamed(_) | Self::FeeNotAcknowledged(_) | Self::NotOnAccount(_) => false,
        }
    }

    /// The code that the field's API answers in this case, where it has one.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::NotOnAccount(_) => Some("resource_missing"),
            Self::FeeNotAcknowledged(_) => Some("parameter_missing"),
            Self::NotOpenForEvidence { .. }
            | Self::NotOpenToAccept { .. }
            | Self::Final(_)
            | Self::EvidenceUnnamed(_) => None,
        }
    }
}
