use serde::{Deserialize, Serialize};

use super::AccountError;
use crate::rulebook::{AccountKind, ChargeType};

/// Who pays the processor for charges made on the account itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeePayer {
    /// The account pays for everything.
    Account,
    /// The platform pays for everything, and sets its own prices.
    Application,
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

/// Whether a way to charge suits an account. Nothing is refused for it: it is a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// It suits.
    Ok,
    /// It works if the platform recovers what accounts owe it by itself.
    Caution,
    /// Refunds and disputes would land on the platform, while the processor answers for the account.
    Avoid,
}

/// The four properties that say who answers for an account, fixed when it is created.
///
/// Of the 48 combinations seven are open: the three presets of [`AccountKind`], and four more. Two others are open
/// where the rulebook says so.
///
/// ```
/// use fundroute::accounts::{Controller, Dashboard, FeePayer, LossBearer, RequirementCollector};
/// use fundroute::rulebook::AccountKind;
///
/// // No dashboard, and the processor bears the losses: embedded onboarding with managed risk.
/// let embedded = Controller {
///     fees: FeePayer::Account,
///     losses: LossBearer::Processor,
///     requirements: RequirementCollector::Processor,
///     dashboard: Dashboard::None,
/// };
/// assert!(embedded.check(false).is_ok());
/// assert_eq!(embedded.kind(), None); // reported as the field reports it: neither of the three
///
/// // A full dashboard goes with an account that pays its own fees.
/// let odd = Controller { fees: FeePayer::Application, ..Controller::of(AccountKind::Standard) };
/// assert!(odd.check(true).is_err());
/// ```
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
    // RULE: the presets as in docs.stripe.com/connect/migrate-to-controller-properties (2025).
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

    /// The preset that has exactly these properties, as the field reports an account's `type`; none for the others.
    pub fn kind(&self) -> Option<AccountKind> {
        AccountKind::ALL.into_iter().find(|kind| Self::of(*kind) == *self)
    }

    /// The kind that an account like this is treated as where a rule speaks of kinds only: the one with its dashboard.
    pub const fn nearest_kind(&self) -> AccountKind {
        match self.dashboard {
            Dashboard::Express => AccountKind::Express,
            Dashboard::Full => AccountKind::Standard,
            Dashboard::None => AccountKind::Custom,
        }
    }

    /// That accounts can have these properties together; `preview` opens the two that are not open to everyone.
    ///
    /// # Errors
    /// [`AccountError::ControllerNotOpen`].
    // RULE: an account whose requirements the platform collects has no dashboard and the platform bears its losses, and the other
    // way round; a full dashboard goes with fees and losses that are not the platform's; an Express one with fees and losses
    // that are (docs.stripe.com/connect/migrate-to-controller-properties, 2025). Express with losses borne by the processor is in
    // preview (docs.stripe.com/changelog, 2026-06-24). Who bears the losses bears the fees
    // (docs.stripe.com/connect/accounts-v2/connected-account-configuration, 2026).
    pub const fn check(&self, preview: bool) -> Result<(), AccountError> {
        use {Dashboard as D, FeePayer as F, LossBearer as L, RequirementCollector as R};
        let is_open = match (self.dashboard, self.fees, self.losses, self.requirements) {
            (D::Full, F::Account, L::Processor, R::Processor)
            | (D::Express, F::Application | F::ApplicationExpress, L::Application, R::Processor)
            | (D::None, F::Application | F::ApplicationCustom, L::Application, R::Application)
            | (D::None, F::Account | F::Application, L::Processor, R::Processor) => true,
            (D::Express, F::Account | F::Application, L::Processor, R::Processor) => preview,
            (
                D::Full | D::Express | D::None,
                F::Account | F::Application | F::ApplicationCustom | F::ApplicationExpress,
                L::Application | L::Processor,
                R::Application | R::Processor,
            ) => false,
        };
        if is_open { Ok(()) } else { Err(AccountError::ControllerNotOpen(*self)) }
    }

    /// Whether a way to charge suits an account like this.
    // RULE: direct charges suit everyone. Where the processor bears the losses, a charge on the platform leaves the platform
    // with its refunds and disputes all the same; where the platform bears them, it has to recover what it pulls back
    // (docs.stripe.com/connect/integration-recommendations, 2025; github.com/stripe/ai, Connect recommendation guide, 2026).
    pub const fn advice(&self, charge: ChargeType) -> Advice {
        match (charge, self.losses, self.requirements) {
            (ChargeType::Direct, _, _) | (_, LossBearer::Application, RequirementCollector::Application) => Advice::Ok,
            (ChargeType::Destination | ChargeType::Separate, LossBearer::Application, _) => Advice::Caution,
            (ChargeType::Destination | ChargeType::Separate, LossBearer::Processor, _) => Advice::Avoid,
        }
    }

    /// Whether the account may owe money: only where the platform covers it.
    // RULE: a reversal may drive an account below zero only where the platform answers for its losses
    // (docs.stripe.com/connect/account-balances and /connect/separate-charges-and-transfers, 2024).
    pub const fn may_owe(&self) -> bool {
        matches!(self.losses, LossBearer::Application)
    }

    /// Whether the holder has a dashboard of the processor.
    pub const fn has_dashboard(&self) -> bool {
        match self.dashboard {
            Dashboard::Express | Dashboard::Full => true,
            Dashboard::None => false,
        }
    }
}
