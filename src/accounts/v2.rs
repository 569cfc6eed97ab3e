//! The same accounts in the words of the field's newer interface, for hosts that speak both.
//!
//! Nothing is kept for it: every word here follows from what the rest of this folder knows.
//!
//! | here | there |
//! |---|---|
//! | [`Controller::fees`] `account`, `application`, … | `defaults.responsibilities.fees_collector` `stripe`, `application`, … |
//! | [`Controller::losses`] | `defaults.responsibilities.losses_collector` |
//! | [`Controller::requirements`] | `defaults.responsibilities.requirements_collector` |
//! | [`Controller::dashboard`] | `dashboard` |
//! | the business type | `identity.entity_type` |
//! | capabilities that are asked for | `configuration.merchant` and `configuration.recipient`, each with its capabilities |
//! | [`CapabilityStatus`](super::CapabilityStatus) and what stands in the way | [`CapabilityStatus`], with `status_details` |
//! | the lists of [`Requirements`](super::Requirements) | `requirements.entries`, one [`Entry`] each |
//! | `account.updated`, `capability.updated`, `person.created` and so on | [`Event`]s for each part, where the rulebook [wants them](Rulebook::with_v2_events) |
//!
//! ```
//! use fundroute::accounts::v2::{CapabilityStatus, Configuration, StatusCode};
//! use fundroute::prelude::*;
//! use fundroute::rulebook::Capability;
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
//! let account = platform.account_v2(jo)?;
//! assert_eq!(account.responsibilities.map(|who| who.fees_collector.as_str()), Some("application_express"));
//! assert_eq!(account.configurations, [Configuration::Merchant, Configuration::Recipient]);
//!
//! let cards = platform.capability_v2(jo, Capability::CardPayments)?;
//! assert_eq!(cards.status, Some(CapabilityStatus::Restricted));
//! assert_eq!(cards.status_details[0].code, StatusCode::RequirementsPastDue);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Not modelled
//! The customer configuration, for which there are no capabilities here; taking a configuration off, for which a host gives its capabilities
//! up one by one, and naming the configurations of an account that is closed; names of payment methods' capabilities, which have their
//! older names. That a business is not supported is the world's to say ([`CapabilityStopped`](super::CapabilityStopped)). Capabilities by which a recipient is sent money in other ways.

use serde::{Deserialize, Serialize};

use super::{Controller, Dashboard, FeePayer, LossBearer, RequirementCollector};
use crate::ids::AccountId;
use crate::rulebook::{BusinessType, Capability, Country, Rulebook};
use crate::wire::wire;

mod entry;
mod event;
mod status;

pub use entry::{Entry, MinimumDeadline, RestrictedCapability, Restriction};
pub use event::Event;
pub(crate) use status::Situation;
pub use status::{CapabilityReport, StatusDetail};

// RULE: the words are those of docs.stripe.com/api/v2/core/accounts (2026).
wire! {
    /// Who pays the processor's fees.
    FeesCollector:
    "stripe" Processor "The processor collects them from the account.",
    "application" Application "The platform, which pays the processor and sets its own prices.",
    "application_custom" ApplicationCustom "As for Custom accounts.",
    "application_express" ApplicationExpress "As for Express accounts.",

    /// Who covers losses, or collects requirements.
    Collector:
    "stripe" Processor "The processor.",
    "application" Application "The platform.",

    /// What an account is used as.
    Configuration:
    "customer" Customer "It can be billed by the platform.",
    "merchant" Merchant "It takes payments in its own name.",
    "recipient" Recipient "It is paid by the platform.",

    /// Whether an account may use a capability.
    CapabilityStatus:
    "active" Active "Usable.",
    "pending" Pending "Not usable yet: something is being looked at.",
    "restricted" Restricted "Not usable: something is missing, or stands in the way.",
    "rejected" Rejected "Not usable: the account was turned away.",
    "unsupported" Unsupported "Accounts like this cannot have it.",

    /// Why a capability cannot be used.
    StatusCode:
    "determining_status" DeterminingStatus "It is being decided.",
    "requirements_past_due" RequirementsPastDue "Something was needed and did not come.",
    "requirements_pending_verification" RequirementsPendingVerification "Something is being checked.",
    "restricted_other" RestrictedOther "Something else.",
    "unsupported_business" UnsupportedBusiness "Businesses like this cannot have it.",
    "unsupported_country" UnsupportedCountry "Accounts in that country cannot have it.",
    "unsupported_entity_type" UnsupportedEntityType "There are no accounts of that sort in that country.",
    "rejected_fraud" RejectedFraud "Turned away by the processor, for fraud.",
    "rejected_incomplete_verification" RejectedIncompleteVerification
        "Turned away by the processor, because who it is could not be found out in time.",
    "rejected_listed" RejectedListed "Turned away by the processor, because of a list of sanctions.",
    "rejected_other" RejectedOther "Turned away by the processor, for something else.",
    "rejected_platform_fraud" RejectedPlatformFraud "Turned away by the platform, for fraud.",
    "rejected_platform_other" RejectedPlatformOther "Turned away by the platform, for something else.",
    "rejected_platform_terms_of_service" RejectedPlatformTermsOfService "Turned away by the platform, for breaking the terms.",
    "rejected_terms_of_service" RejectedTermsOfService "Turned away by the processor, for breaking the terms.",

    /// What the account's holder can do about it.
    Resolution:
    "provide_info" ProvideInfo "Give what is asked for.",
    "contact_stripe" ContactProcessor "Ask the processor.",
    "no_resolution" NoResolution "Nothing.",

    /// Whose turn it is.
    AwaitingActionFrom:
    "user" User "Somebody has to give it.",
    "stripe" Processor "It is being checked.",

    /// How urgent something is; the more urgent, the greater.
    DeadlineStatus:
    "eventually_due" EventuallyDue "It will be asked for if the account grows, or stays.",
    "currently_due" CurrentlyDue "It is asked for.",
    "past_due" PastDue "It is too late: what it restricts is off.",
}

/// Who answers for an account: the [`Controller`] in other words.
///
/// ```
/// use fundroute::accounts::v2::{Collector, FeesCollector, Responsibilities};
/// use fundroute::accounts::{Controller, Dashboard};
/// use fundroute::rulebook::AccountKind;
///
/// let standard = Controller::of(AccountKind::Standard).responsibilities();
/// assert_eq!((standard.fees_collector.as_str(), standard.dashboard), ("stripe", Dashboard::Full));
/// assert_eq!(standard.controller(), Some(Controller::of(AccountKind::Standard)));
///
/// // Who bears the losses bears the fees: there is no such account.
/// let odd = Responsibilities { losses_collector: Collector::Application, ..standard };
/// assert_eq!(odd.controller(), None);
/// ```
// RULE: `stripe` as who collects fees is `account` as who pays them; the rest has the same words
// (docs.stripe.com/connect/accounts-v2/connected-account-configuration, 2026; docs.stripe.com/changelog, 2025-11-17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Responsibilities {
    /// Who collects fees.
    pub fees_collector: FeesCollector,
    /// Who covers losses.
    pub losses_collector: Collector,
    /// Who collects requirements.
    pub requirements_collector: Collector,
    /// Which dashboard the holder has; the interface shows it beside these.
    pub dashboard: Dashboard,
}

impl Responsibilities {
    /// The controller that has these; nothing where accounts cannot have them together, by any rulebook.
    pub fn controller(&self) -> Option<Controller> {
        let fees = match self.fees_collector {
            FeesCollector::Processor => FeePayer::Account,
            FeesCollector::Application => FeePayer::Application,
            FeesCollector::ApplicationCustom => FeePayer::ApplicationCustom,
            FeesCollector::ApplicationExpress => FeePayer::ApplicationExpress,
        };
        let losses = match self.losses_collector {
            Collector::Processor => LossBearer::Processor,
            Collector::Application => LossBearer::Application,
        };
        let requirements = match self.requirements_collector {
            Collector::Processor => RequirementCollector::Processor,
            Collector::Application => RequirementCollector::Application,
        };
        let controller = Controller { fees, losses, requirements, dashboard: self.dashboard };
        controller.check(true).is_ok().then_some(controller)
    }
}

impl Controller {
    /// The same in the words of the newer interface.
    pub const fn responsibilities(&self) -> Responsibilities {
        Responsibilities {
            fees_collector: match self.fees {
                FeePayer::Account => FeesCollector::Processor,
                FeePayer::Application => FeesCollector::Application,
                FeePayer::ApplicationCustom => FeesCollector::ApplicationCustom,
                FeePayer::ApplicationExpress => FeesCollector::ApplicationExpress,
            },
            losses_collector: match self.losses {
                LossBearer::Processor => Collector::Processor,
                LossBearer::Application => Collector::Application,
            },
            requirements_collector: match self.requirements {
                RequirementCollector::Processor => Collector::Processor,
                RequirementCollector::Application => Collector::Application,
            },
            dashboard: self.dashboard,
        }
    }
}

impl Configuration {
    /// What an account that asks for a capability is used as; nothing for those about tax, issuing and the like.
    // RULE: merchants take payments, recipients are sent transfers (docs.stripe.com/connect/accounts-v2/connected-account-configuration,
    // 2026).
    pub fn of(book: &Rulebook, capability: Capability) -> Option<Self> {
        if book.capability(capability).takes_payments() {
            Some(Self::Merchant)
        } else if matches!(capability, Capability::Transfers | Capability::CryptoTransfers) {
            Some(Self::Recipient)
        } else {
            None
        }
    }

    /// What an account that asks for these is used as.
    pub(crate) fn of_all(book: &Rulebook, capabilities: &[Capability]) -> Vec<Self> {
        let mut all: Vec<Self> = capabilities.iter().filter_map(|capability| Self::of(book, *capability)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// An account, in the words of the newer interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Who answers for it; nothing for the platform's own.
    pub responsibilities: Option<Responsibilities>,
    /// Where its business is: `identity.country`.
    pub country: Country,
    /// What sort of business it is, if that was told: `identity.entity_type`.
    pub entity_type: Option<BusinessType>,
    /// What it is used as.
    pub configurations: Vec<Configuration>,
    /// Each capability that it asks for.
    pub capabilities: Vec<CapabilityReport>,
    /// Everything that it is asked for: `requirements.entries`.
    pub entries: Vec<Entry>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::AccountKind;

    #[test]
    fn every_controller_there_can_be_has_responsibilities_and_no_other() {
        let mut known = 0;
        for fees in FeesCollector::ALL {
            for losses in Collector::ALL {
                for requirements in Collector::ALL {
                    for dashboard in [Dashboard::Express, Dashboard::Full, Dashboard::None] {
                        let own = Responsibilities {
                            fees_collector: *fees,
                            losses_collector: *losses,
                            requirements_collector: *requirements,
                            dashboard,
                        };
                        let Some(controller) = own.controller() else { continue };
                        known += 1;
                        assert_eq!((controller.responsibilities(), controller.check(true)), (own, Ok(())));
                    }
                }
            }
        }
        assert_eq!(known, 9, "seven, and two in preview");
    }

    #[test]
    fn responsibilities_have_their_names_on_the_wire() {
        let express = Controller::of(AccountKind::Express).responsibilities();
        let text = serde_json::to_string(&express).unwrap();
        let expected = "{\"fees_collector\":\"application_express\",\"losses_collector\":\"application\",\
                        \"requirements_collector\":\"stripe\",\"dashboard\":\"express\"}";
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<Responsibilities>(&text).unwrap(), express);
    }

    #[test]
    fn what_an_account_is_used_as_follows_from_what_it_asks_for() {
        let book = Rulebook::standard();
        let used = |capabilities: &[Capability]| Configuration::of_all(&book, capabilities);
        assert_eq!(used(&[]), []);
        assert_eq!(used(&[Capability::Transfers]), [Configuration::Recipient]);
        let both = [Configuration::Merchant, Configuration::Recipient];
        assert_eq!(used(&[Capability::Transfers, Capability::CardPayments, Capability::KlarnaPayments]), both);
        assert_eq!(used(&[Capability::Treasury]), []);
    }
}
