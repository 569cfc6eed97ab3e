use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// What happened to an account; the object of the event says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AccountEvent {
    /// `account.updated`
    Updated,
    /// `account.external_account.created`
    ExternalAccountCreated,
    /// `account.external_account.updated`
    ExternalAccountUpdated,
    /// `capability.updated`
    CapabilityUpdated,
}

impl AccountEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Updated => "account.updated",
            Self::ExternalAccountCreated => "account.external_account.created",
            Self::ExternalAccountUpdated => "account.external_account.updated",
            Self::CapabilityUpdated => "capability.updated",
        }
    }
}

/// What the host must do for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AccountInstruction {
    /// Find out whether the account may have what it asked for, and report a
    /// [`CapabilityReviewed`](super::CapabilityReviewed) for each capability.
    Review(AccountId),
}
