use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::rulebook::Capability;

/// Whether an account may use a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapabilityStatus {
    /// Asked for, and under review.
    Pending,
    /// Usable.
    Active,
    /// Not usable: refused, or withdrawn later.
    Inactive,
}

/// One capability that an account has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityState {
    pub(super) capability: Capability,
    pub(super) status: CapabilityStatus,
    pub(super) as_of: Option<Timestamp>,
}

impl CapabilityState {
    /// Which capability.
    pub const fn capability(&self) -> Capability {
        self.capability
    }

    /// Whether it can be used.
    pub const fn status(&self) -> CapabilityStatus {
        self.status
    }

    /// When that was decided; nothing while no review was reported.
    pub const fn as_of(&self) -> Option<Timestamp> {
        self.as_of
    }
}

/// A fact: the outcome of a review, or of a later change of mind.
///
/// Of several reports about one capability the one with the latest time holds, in whatever order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityReviewed {
    /// The account that was looked at.
    pub account: AccountId,
    /// The capability that was decided.
    pub capability: Capability,
    /// What was decided.
    pub status: CapabilityStatus,
}
