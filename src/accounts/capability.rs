use serde::{Deserialize, Serialize};

use super::{Access, RejectedBy, Requirements, Standing};
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

impl CapabilityStatus {
    /// The status on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
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
    /// Why it cannot be used; nothing if it can, or is not asked for.
    pub disabled_reason: Option<CapabilityDisabledReason>,
    /// What it needs, or would need.
    pub requirements: Requirements,
    /// What it will need beside that from a date on that rules name, or would.
    pub future_requirements: Requirements,
}

/// Why a capability that an account has asked for cannot be used.
///
/// Four words are said only where the world has said them ([`CapabilityStopped`]): `pending.onboarding`, `paused.inactivity`,
/// `rejected.inactivity` and `rejected.unsupported_business`. Nothing here is put on hold for being idle, finds out what a business does, or
/// tells an onboarding that goes on from fields that are missing.
// RULE: the names of docs.stripe.com/api/capabilities/object (2026), which says of none what it is for: which situation has which is
// our own reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CapabilityDisabledReason {
    /// Its time as an account is over, or the world has said no.
    #[serde(rename = "other")]
    Other,
    /// It was not used for long.
    #[serde(rename = "paused.inactivity")]
    PausedInactivity,
    /// The holder has not finished.
    #[serde(rename = "pending.onboarding")]
    PendingOnboarding,
    /// Something is being checked, or the account is looked into.
    #[serde(rename = "pending.review")]
    PendingReview,
    /// The platform has turned the account away.
    #[serde(rename = "platform_disabled")]
    PlatformDisabled,
    /// The platform has paused the account's payments.
    #[serde(rename = "platform_paused")]
    PlatformPaused,
    /// It was turned away because it was not used for long.
    #[serde(rename = "rejected.inactivity")]
    RejectedInactivity,
    /// The processor has turned the account away.
    #[serde(rename = "rejected.other")]
    RejectedOther,
    /// The processor does not take such a business.
    #[serde(rename = "rejected.unsupported_business")]
    RejectedUnsupportedBusiness,
    /// Something has to be given.
    #[serde(rename = "requirements.fields_needed")]
    RequirementsFieldsNeeded,
}

impl CapabilityDisabledReason {
    /// The first reason that holds, for a capability that something which has to be given stops (`lacks`), or not.
    pub(crate) fn of(
        status: CapabilityStatus,
        standing: &Standing,
        (lacks, waits): (bool, bool),
        told: Option<Self>,
    ) -> Option<Self> {
        let stopped = match (standing.rejection.map(|rejection| rejection.by), standing.access) {
            (Some(RejectedBy::Processor), _) => Some(Self::RejectedOther),
            (Some(RejectedBy::Platform), _) => Some(Self::PlatformDisabled),
            (None, Access::Disconnected | Access::Closed) => Some(Self::Other),
            (None, Access::Connected) if standing.review.is_some() => Some(Self::PendingReview),
            (None, Access::Connected) if standing.payments_paused => Some(Self::PlatformPaused),
            (None, Access::Connected) => None,
        };
        match (stopped, status) {
            (Some(reason), _) => Some(reason),
            (None, CapabilityStatus::Active) => None,
            (None, CapabilityStatus::Inactive | CapabilityStatus::Pending) if lacks => {
                Some(Self::RequirementsFieldsNeeded)
            }
            (None, CapabilityStatus::Pending) => Some(Self::PendingReview),
            (None, CapabilityStatus::Inactive) if waits => Some(Self::PendingReview),
            (None, CapabilityStatus::Inactive) => Some(told.unwrap_or(Self::Other)),
        }
    }

    /// The reason's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::PausedInactivity => "paused.inactivity",
            Self::PendingOnboarding => "pending.onboarding",
            Self::PendingReview => "pending.review",
            Self::PlatformDisabled => "platform_disabled",
            Self::PlatformPaused => "platform_paused",
            Self::RejectedInactivity => "rejected.inactivity",
            Self::RejectedOther => "rejected.other",
            Self::RejectedUnsupportedBusiness => "rejected.unsupported_business",
            Self::RequirementsFieldsNeeded => "requirements.fields_needed",
        }
    }
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

/// A fact: the world has taken a capability away, and says why. As [`CapabilityReviewed`] with `Inactive`, of which it takes the place: of
/// both the one with the latest time holds.
///
/// It is how a host tells what depends on what it alone can see, such as that an account was idle for so long that its capabilities are
/// on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityStopped {
    /// The account.
    pub account: AccountId,
    /// The capability that is off.
    pub capability: Capability,
    /// Why.
    pub reason: CapabilityDisabledReason,
}
