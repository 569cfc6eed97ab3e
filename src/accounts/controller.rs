use serde::{Deserialize, Serialize};

use crate::rulebook::AccountKind;

/// Who pays the processor for charges made on the account itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeePayer {
    /// The account pays for everything.
    Account,
    /// A custom account pays for processing and disputes, the platform for the rest.
    ApplicationCustom,
    /// An express account pays for processing and disputes, the platform for the rest.
    ApplicationExpress,
}

/// Who covers a negative balance that the account does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossBearer {
    /// The platform.
    Application,
    /// The processor.
    Processor,
}

/// Who collects what is asked of the account's holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementCollector {
    /// The platform.
    Application,
    /// The processor.
    Processor,
}

/// What the account's holder sees of the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dashboard {
    /// A light view of payouts and settings.
    Express,
    /// Everything.
    Full,
    /// Nothing: the platform shows what it wants to show.
    None,
}

/// The four properties that say who answers for an account; what its kind stands for.
// RULE: the presets as in docs.stripe.com/connect/migrate-to-controller-properties (2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Controller {
    /// Who pays the processor for direct charges.
    pub fees: FeePayer,
    /// Who covers losses.
    pub losses: LossBearer,
    /// Who collects requirements.
    pub requirements: RequirementCollector,
    /// Which dashboard the holder has.
    pub dashboard: Dashboard,
}

impl Controller {
    /// What an account of this kind has.
    ///
    /// ```
    /// use fundroute::accounts::{Controller, LossBearer};
    /// use fundroute::rulebook::AccountKind;
    ///
    /// assert_eq!(Controller::of(AccountKind::Express).losses, LossBearer::Application);
    /// assert_eq!(Controller::of(AccountKind::Standard).losses, LossBearer::Processor);
    /// ```
    pub const fn of(kind: AccountKind) -> Self {
        match kind {
            AccountKind::Custom => Self {
                fees: FeePayer::ApplicationCustom,
                losses: LossBearer::Application,
                requirements: RequirementCollector::Application,
                dashboard: Dashboard::None,
            },
            AccountKind::Express => Self {
                fees: FeePayer::ApplicationExpress,
                losses: LossBearer::Application,
                requirements: RequirementCollector::Processor,
                dashboard: Dashboard::Express,
            },
            AccountKind::Standard => Self {
                fees: FeePayer::Account,
                losses: LossBearer::Processor,
                requirements: RequirementCollector::Processor,
                dashboard: Dashboard::Full,
            },
        }
    }

    /// Whether the account may owe money: only where the platform covers it.
    // RULE: a reversal may drive an account below zero only where the platform answers for its losses
    // (docs.stripe.com/connect/account-balances and /connect/separate-charges-and-transfers, 2024).
    pub const fn may_owe(&self) -> bool {
        matches!(self.losses, LossBearer::Application)
    }
}
