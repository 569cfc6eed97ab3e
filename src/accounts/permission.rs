use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Controller, Dashboard, LossBearer, RequirementCollector};

/// How much of a connected account an extension may touch.
// RULE: extensions ask for `read_only` or `read_write`, platforms always for `read_write`
// (docs.stripe.com/connect/oauth-reference, 2024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look at everything that is the account's business.
    ReadOnly,
    /// Charge, refund and change as well.
    ReadWrite,
}

/// On whose behalf something is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The platform, for itself or for a connected account.
    #[default]
    Platform,
    /// The holder of the connected account, through a dashboard, a hosted page or an embedded component.
    Holder,
    /// Another application that the holder has let in. Each has request keys of its own, where it is
    /// [named](crate::platform::Request::by_extension); those that are not share theirs on an account.
    Extension(Scope),
}

/// What may be done to a connected account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Look at the account, its balance and its payments.
    Read,
    /// Take and refund direct charges, and send back what a transfer has brought.
    TakePayments,
    /// Send it transfers.
    Transfer,
    /// Change the business's profile: what it sells, its name and address on receipts.
    UpdateBusiness,
    /// Look at the data about persons that the account has been asked for.
    ReadPersonal,
    /// Give or change what the account is asked for: company, persons, tax ids.
    WritePersonal,
    /// Attest that the holder has accepted the terms of service.
    AcceptTerms,
    /// Add, change or remove bank accounts and debit cards.
    ManageExternalAccounts,
    /// Ask for capabilities, or give them up.
    RequestCapabilities,
    /// Change when the account is paid out, and whether its bank is debited for what it owes.
    SetPayoutSchedule,
    /// Send available money to the account's bank.
    CreatePayout,
    /// Take a payout back from the account's bank.
    ReversePayout,
    /// Make the account's funds wait longer.
    SetDelayDays,
    /// Send available money at once, for a price.
    CreateInstantPayout,
    /// Take money out of the account's balance.
    Debit,
    /// Stop payments or payouts for a while.
    Pause,
    /// Hold a part of the account's money back.
    Reserve,
    /// Turn the account away for good.
    Reject,
    /// Hand out a page on which the holder gives what is asked for.
    CreateOnboardingLink,
    /// Hand out a page on which the holder changes what was given before.
    CreateUpdateLink,
    /// Let the holder see a part of the account inside the platform's own pages.
    CreateAccountSession,
    /// Let the holder into the light dashboard.
    CreateLoginLink,
    /// Close the account.
    Close,
    /// End the connection between the account and an application.
    Disconnect,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 24] = [
        Self::Read,
        Self::TakePayments,
        Self::Transfer,
        Self::UpdateBusiness,
        Self::ReadPersonal,
        Self::WritePersonal,
        Self::AcceptTerms,
        Self::ManageExternalAccounts,
        Self::RequestCapabilities,
        Self::SetPayoutSchedule,
        Self::CreatePayout,
        Self::ReversePayout,
        Self::SetDelayDays,
        Self::CreateInstantPayout,
        Self::Debit,
        Self::Pause,
        Self::Reserve,
        Self::Reject,
        Self::CreateOnboardingLink,
        Self::CreateUpdateLink,
        Self::CreateAccountSession,
        Self::CreateLoginLink,
        Self::Close,
        Self::Disconnect,
    ];
}

impl Action {
    /// Whether it is not the controller alone that decides about it.
    pub(crate) const fn depends_on_grants(self) -> bool {
        matches!(
            self,
            Self::ReadPersonal
                | Self::WritePersonal
                | Self::ManageExternalAccounts
                | Self::SetPayoutSchedule
                | Self::CreatePayout
        )
    }
}

/// Why somebody may not do something to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// The application may look, and nothing else.
    ReadOnly,
    /// Only the platform may.
    PlatformOnly,
    /// The holder decides, not the platform.
    HolderOnly,
    /// The platform may only until the holder was first sent to a page or a component that collects data.
    Locked,
    /// The platform may only where it was given the controls of the account's payouts.
    NeedsPlatformControls,
    /// Only where the platform bears the account's losses.
    LossesNotYours,
    /// Only where the platform collects what the account is asked for.
    RequirementsNotYours,
    /// The account has another dashboard.
    WrongDashboard,
    /// The processor decides.
    ProcessorOnly,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadOnly => "the application may only read",
            Self::PlatformOnly => "only the platform may",
            Self::HolderOnly => "the holder decides",
            Self::Locked => {
                "the holder has been sent to onboarding, and data about persons is closed to the platform since"
            }
            Self::NeedsPlatformControls => "the platform has no controls of the account's payouts",
            Self::LossesNotYours => "the platform does not bear the account's losses",
            Self::RequirementsNotYours => "the platform does not collect the account's requirements",
            Self::WrongDashboard => "the account has another dashboard",
            Self::ProcessorOnly => "the processor decides",
        })
    }
}

/// What, besides the controller, decides about permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grants {
    /// Whether data about persons is closed to the platform: the holder was sent to onboarding once.
    pub locked: bool,
    /// Whether the platform was given the controls of a full-dashboard account's payouts.
    pub platform_controls: bool,
}

impl Controller {
    /// Whether somebody may do something to an account like this: the one table of permissions.
    ///
    /// ```
    /// use fundroute::accounts::{Action, Actor, Controller, Denial, Grants};
    /// use fundroute::rulebook::AccountKind;
    ///
    /// let standard = Controller::of(AccountKind::Standard);
    /// let grants = Grants::default();
    /// assert_eq!(standard.permits(Actor::Platform, Action::TakePayments, grants), Ok(()));
    /// assert_eq!(standard.permits(Actor::Platform, Action::Debit, grants), Err(Denial::LossesNotYours));
    /// assert_eq!(standard.permits(Actor::Holder, Action::CreatePayout, grants), Ok(()));
    /// ```
    ///
    /// # Errors
    /// The [`Denial`].
    pub const fn permits(&self, actor: Actor, action: Action, grants: Grants) -> Result<(), Denial> {
        match actor {
            Actor::Platform => self.permits_platform(action, grants),
            Actor::Holder => self.permits_holder(action),
            Actor::Extension(scope) => permits_extension(scope, action),
        }
    }

    // RULE: the table of what a platform may do, by kind (docs.stripe.com/connect/accounts and /connect/authentication, 2024),
    // read by property: who collects requirements decides about data, who bears losses about money
    // (docs.stripe.com/connect/migrate-to-controller-properties, 2025).
    const fn permits_platform(&self, action: Action, grants: Grants) -> Result<(), Denial> {
        match action {
            Action::Read
            | Action::TakePayments
            | Action::Transfer
            | Action::RequestCapabilities
            | Action::CreateOnboardingLink
            | Action::CreateAccountSession => Ok(()),
            // What a locked platform may still change of the business is not published; this crate keeps it open.
            Action::UpdateBusiness => Ok(()),
            Action::ReadPersonal | Action::WritePersonal | Action::ManageExternalAccounts => match self.requirements {
                RequirementCollector::Application => Ok(()),
                RequirementCollector::Processor if grants.locked => Err(Denial::Locked),
                RequirementCollector::Processor => Ok(()),
            },
            Action::AcceptTerms => self.collects_requirements(),
            // RULE: an update page is for accounts without a dashboard whose requirements the platform collects
            // (docs.stripe.com/api/account_links/create, 2026).
            Action::CreateUpdateLink => self.collects_requirements(),
            // RULE: docs.stripe.com/connect/platform-controls-for-stripe-dashboard-accounts (2024).
            Action::SetPayoutSchedule | Action::CreatePayout => match self.losses {
                LossBearer::Application => Ok(()),
                LossBearer::Processor if grants.platform_controls => Ok(()),
                LossBearer::Processor => Err(Denial::NeedsPlatformControls),
            },
            // RULE: docs.stripe.com/connect/manage-payout-schedule, /connect/account-debits and
            // /connect/pausing-payments-or-payouts-on-connected-accounts (2024), docs.stripe.com/api/account/reject (2025).
            // RULE: docs.stripe.com/connect/connected-account-reserves (2025).
            Action::Reserve => self.bears_losses(),
            Action::SetDelayDays | Action::CreateInstantPayout | Action::Debit | Action::Pause | Action::Reject => {
                self.bears_losses()
            }
            // RULE: docs.stripe.com/connect/payout-reversals (2024).
            Action::ReversePayout => self.bears_losses(),
            Action::CreateLoginLink => match self.dashboard {
                Dashboard::Express => Ok(()),
                Dashboard::Full | Dashboard::None => Err(Denial::WrongDashboard),
            },
            // RULE: an account with a full dashboard whose losses the processor bears can never be deleted in live mode, only
            // disconnected; the others the other way round (docs.stripe.com/api/accounts/delete, 2026;
            // docs.stripe.com/connect/oauth-reference, 2024).
            Action::Close => match self.dashboard {
                Dashboard::Full => Err(Denial::HolderOnly),
                Dashboard::Express | Dashboard::None => Ok(()),
            },
            Action::Disconnect => match self.dashboard {
                Dashboard::Full => Ok(()),
                Dashboard::Express | Dashboard::None => Err(Denial::WrongDashboard),
            },
        }
    }

    // RULE: the holder of a full dashboard does what a business of its own does; the light dashboard shows balances, payouts
    // and bank accounts; without a dashboard the holder speaks through the pages that the platform hands out
    // (docs.stripe.com/connect/accounts, 2024; docs.stripe.com/connect/supported-embedded-components, 2024).
    const fn permits_holder(&self, action: Action) -> Result<(), Denial> {
        match action {
            Action::Read
            | Action::ReadPersonal
            | Action::WritePersonal
            | Action::UpdateBusiness
            | Action::AcceptTerms
            | Action::ManageExternalAccounts => Ok(()),
            Action::TakePayments | Action::RequestCapabilities | Action::Disconnect => match self.dashboard {
                Dashboard::Full => Ok(()),
                Dashboard::Express | Dashboard::None => Err(Denial::WrongDashboard),
            },
            Action::CreatePayout | Action::CreateInstantPayout | Action::SetPayoutSchedule => match self.losses {
                LossBearer::Processor => Ok(()),
                LossBearer::Application => Err(Denial::PlatformOnly),
            },
            Action::SetDelayDays => Err(Denial::ProcessorOnly),
            Action::Transfer
            | Action::Debit
            | Action::Pause
            | Action::Reserve
            | Action::Reject
            | Action::ReversePayout
            | Action::CreateOnboardingLink
            | Action::CreateUpdateLink
            | Action::CreateAccountSession
            | Action::CreateLoginLink
            | Action::Close => Err(Denial::PlatformOnly),
        }
    }

    const fn collects_requirements(&self) -> Result<(), Denial> {
        match self.requirements {
            RequirementCollector::Application => Ok(()),
            RequirementCollector::Processor => Err(Denial::RequirementsNotYours),
        }
    }

    const fn bears_losses(&self) -> Result<(), Denial> {
        match self.losses {
            LossBearer::Application => Ok(()),
            LossBearer::Processor => Err(Denial::LossesNotYours),
        }
    }
}

// RULE: an extension works beside the platform that the account is connected to: it reads, and with `read_write` it charges and
// refunds; it controls nothing (docs.stripe.com/connect/oauth-reference and /connect/authentication, 2024).
const fn permits_extension(scope: Scope, action: Action) -> Result<(), Denial> {
    match action {
        Action::Read | Action::Disconnect => Ok(()),
        Action::TakePayments | Action::UpdateBusiness => match scope {
            Scope::ReadOnly => Err(Denial::ReadOnly),
            Scope::ReadWrite => Ok(()),
        },
        Action::Transfer
        | Action::ReadPersonal
        | Action::WritePersonal
        | Action::AcceptTerms
        | Action::ManageExternalAccounts
        | Action::RequestCapabilities
        | Action::SetPayoutSchedule
        | Action::CreatePayout
        | Action::ReversePayout
        | Action::SetDelayDays
        | Action::CreateInstantPayout
        | Action::Debit
        | Action::Pause
        | Action::Reserve
        | Action::Reject
        | Action::CreateOnboardingLink
        | Action::CreateUpdateLink
        | Action::CreateAccountSession
        | Action::CreateLoginLink
        | Action::Close => match scope {
            Scope::ReadOnly => Err(Denial::ReadOnly),
            Scope::ReadWrite => Err(Denial::PlatformOnly),
        },
    }
}
