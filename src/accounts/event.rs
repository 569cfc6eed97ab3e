use serde::{Deserialize, Serialize};

use super::v2;
use crate::ids::{AccountId, ObjectId};
use crate::rulebook::{Capability, Check};

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
    /// `account.external_account.deleted`
    ExternalAccountDeleted,
    /// `account.application.authorized`
    ApplicationAuthorized,
    /// `account.application.deauthorized`
    ApplicationDeauthorized,
    /// `v2.core.account_link.returned`
    LinkReturned,
    /// `capability.updated`
    CapabilityUpdated(Capability),
    /// `person.created`
    PersonCreated,
    /// `person.updated`
    PersonUpdated,
    /// `person.deleted`
    PersonDeleted,
    /// The same as some of these, in the words of the newer interface.
    V2(v2::Event),
}

impl AccountEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Updated => "account.updated",
            Self::ExternalAccountCreated => "account.external_account.created",
            Self::ExternalAccountUpdated => "account.external_account.updated",
            Self::ExternalAccountDeleted => "account.external_account.deleted",
            Self::ApplicationAuthorized => "account.application.authorized",
            Self::ApplicationDeauthorized => "account.application.deauthorized",
            Self::LinkReturned => "v2.core.account_link.returned",
            Self::CapabilityUpdated(_) => "capability.updated",
            Self::PersonCreated => "person.created",
            Self::PersonUpdated => "person.updated",
            Self::PersonDeleted => "person.deleted",
            Self::V2(event) => event.name(),
        }
    }

    /// Who is told.
    // RULE: that an application was let in, or no longer is, is told to that application only; other applications that the
    // account is connected to never hear of it (docs.stripe.com/api/events/types, 2026).
    // RULE: persons and external accounts are told of to the platform that controls the account, and to no other
    // (docs.stripe.com/api/persons and /api/external_accounts, 2026).
    pub const fn receivers(self) -> Receivers {
        match self {
            Self::ApplicationAuthorized | Self::ApplicationDeauthorized => Receivers::ApplicationOnly,
            Self::ExternalAccountCreated
            | Self::ExternalAccountUpdated
            | Self::ExternalAccountDeleted
            | Self::PersonCreated
            | Self::PersonUpdated
            | Self::PersonDeleted
            | Self::V2(v2::Event::PersonCreated | v2::Event::PersonUpdated | v2::Event::PersonDeleted) => {
                Receivers::ControllingPlatform
            }
            Self::Updated | Self::LinkReturned | Self::CapabilityUpdated(_) | Self::V2(_) => Receivers::Platform,
        }
    }
}

/// Who is told of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receivers {
    /// The application that the account was connected to, or disconnected from: the event's object. Nobody else.
    ApplicationOnly,
    /// The platform that controls the account; no application that its holder has let in. There is no such event where the platform
    /// itself is only such an application: an [extension](super::ApplicationKind::Extension).
    ControllingPlatform,
    /// The platform of the account, and the applications that its holder has let in.
    Platform,
}

/// What the host must do for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AccountInstruction {
    /// Find out whether the account may have what it asked for, and report a
    /// [`CapabilityReviewed`](super::CapabilityReviewed) for each capability.
    Review(AccountId),
    /// Find out whether something that was given is true, and report an
    /// [`InformationChecked`](super::InformationChecked) of this revision.
    Verify {
        /// What it was given about: the account's [profile](super::Profile), or a [person](super::Person).
        subject: ObjectId,
        /// What to find out.
        check: Check,
        /// Which revision of it.
        revision: u32,
    },
}
