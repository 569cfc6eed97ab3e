use serde::{Deserialize, Serialize};

use super::Configuration;

/// What happened to an account, as the newer interface tells it; the object of the event is the account, or the person.
///
/// They are told beside the older [events](crate::accounts::AccountEvent) where the rulebook
/// [says so](crate::rulebook::Rulebook::with_v2_events).
// RULE: docs.stripe.com/api/v2/core/events/event-types (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Event {
    /// `v2.core.account.created`
    AccountCreated,
    /// `v2.core.account.updated`: with anything below, and with anything else about it.
    AccountUpdated,
    /// `v2.core.account.closed`
    AccountClosed,
    /// `v2.core.account[requirements].updated`
    RequirementsUpdated,
    /// `v2.core.account[future_requirements].updated`
    FutureRequirementsUpdated,
    /// `v2.core.account[identity].updated`: what it is, and what was given about its company.
    IdentityUpdated,
    /// `v2.core.account[defaults].updated`: how it shows itself, and what its payments begin with.
    DefaultsUpdated,
    /// `v2.core.account[configuration.….].updated`: it asks for another capability, or gives one up.
    ConfigurationUpdated(Configuration),
    /// `v2.core.account[configuration.….].capability_status_updated`
    CapabilityStatusUpdated(Configuration),
    /// `v2.core.account_person.created`
    PersonCreated,
    /// `v2.core.account_person.updated`
    PersonUpdated,
    /// `v2.core.account_person.deleted`
    PersonDeleted,
}

impl Event {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountCreated => "v2.core.account.created",
            Self::AccountUpdated => "v2.core.account.updated",
            Self::AccountClosed => "v2.core.account.closed",
            Self::RequirementsUpdated => "v2.core.account[requirements].updated",
            Self::FutureRequirementsUpdated => "v2.core.account[future_requirements].updated",
            Self::IdentityUpdated => "v2.core.account[identity].updated",
            Self::DefaultsUpdated => "v2.core.account[defaults].updated",
            Self::ConfigurationUpdated(Configuration::Customer) => "v2.core.account[configuration.customer].updated",
            Self::ConfigurationUpdated(Configuration::Merchant) => "v2.core.account[configuration.merchant].updated",
            Self::ConfigurationUpdated(Configuration::Recipient) => "v2.core.account[configuration.recipient].updated",
            Self::CapabilityStatusUpdated(Configuration::Customer) => {
                "v2.core.account[configuration.customer].capability_status_updated"
            }
            Self::CapabilityStatusUpdated(Configuration::Merchant) => {
                "v2.core.account[configuration.merchant].capability_status_updated"
            }
            Self::CapabilityStatusUpdated(Configuration::Recipient) => {
                "v2.core.account[configuration.recipient].capability_status_updated"
            }
            Self::PersonCreated => "v2.core.account_person.created",
            Self::PersonUpdated => "v2.core.account_person.updated",
            Self::PersonDeleted => "v2.core.account_person.deleted",
        }
    }
}
