use serde::{Deserialize, Serialize};

use super::Requirements;
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::rulebook::Capability;

/// Whether an account may use a capability that it has asked for.
// RULE: `unrequested` is no status of what was asked for (docs.stripe.com/api/capabilities/object, 2026); what an unrequested
// capability would need is told by `Platform::capability`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapabilityStatus {
    /// Everything was given, and something is being checked.
    Pending,
    /// Usable.
    Active,
    /// Not usable: something is missing, or stands in the way.
    Inactive,
}

/// One capability that an account has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CapabilityState {
    pub(super) capability: Capability,
    pub(super) status: CapabilityStatus,
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
}

/// A capability of an account, asked for or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityReport {
    /// Whose capability.
    pub account: AccountId,
    /// Which.
    pub capability: Capability,
    /// Since when it is asked for; nothing if it is not.
    pub requested_at: Option<Timestamp>,
    /// Where it stands; nothing if it is not asked for.
    pub status: Option<CapabilityStatus>,
    /// What it needs, or would need.
    pub requirements: Requirements,
}

/// A command: ask for a capability, or give it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCapability {
    /// For which account.
    pub account: AccountId,
    /// The capability.
    pub capability: Capability,
    /// Whether it is asked for from now on.
    pub requested: bool,
}

/// A fact: what the world has decided about a capability.
///
/// Where the [host vets](crate::rulebook::Vetting::ByHost) accounts this is what makes a capability usable. Elsewhere it can only
/// take one away, or give it back: `Inactive` and `Pending` stand until a later report says `Active`. Of several reports about one
/// capability the one with the latest time holds, in whatever order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityReviewed {
    /// The account that was looked at.
    pub account: AccountId,
    /// The capability that was decided.
    pub capability: Capability,
    /// What was decided.
    pub status: CapabilityStatus,
}
