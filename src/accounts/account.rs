use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{CapabilityReviewed, CapabilityState, CapabilityStatus, Controller};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, BalanceSettingsId, ExternalAccountId};
use crate::money::Currency;
use crate::rulebook::{AccountKind, Capability, Country};

/// A command: connect a new account to the platform.
///
/// ```
/// use fundroute::accounts::NewAccount;
/// use fundroute::rulebook::{Capability, Country};
///
/// let seller = NewAccount::custom(Country::BR).request(Capability::CardPayments).request(Capability::Transfers);
/// assert_eq!(seller.capabilities.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAccount {
    /// Which preset of properties it has; cannot be changed later.
    pub kind: AccountKind,
    /// The country of the business; cannot be changed later.
    pub country: Country,
    /// What it asks to be allowed to do.
    pub capabilities: Vec<Capability>,
    /// An id of the host's own choosing.
    pub id: Option<AccountId>,
}

impl NewAccount {
    /// An account that has a light dashboard and asks for card payments and transfers, as the platform's settings
    /// do for it.
    pub fn express(country: Country) -> Self {
        Self::of(AccountKind::Express, country).request(Capability::CardPayments).request(Capability::Transfers)
    }

    /// An account with a full dashboard of its own; it is given card payments and transfers without asking.
    pub fn standard(country: Country) -> Self {
        Self::of(AccountKind::Standard, country).request(Capability::CardPayments).request(Capability::Transfers)
    }

    /// An account that only the platform sees; name what it [requests](Self::request).
    pub fn custom(country: Country) -> Self {
        Self::of(AccountKind::Custom, country)
    }

    fn of(kind: AccountKind, country: Country) -> Self {
        Self { kind, country, capabilities: Vec::new(), id: None }
    }

    /// The same account, asking for one more capability.
    #[must_use]
    pub fn request(mut self, capability: Capability) -> Self {
        self.capabilities.push(capability);
        self
    }

    /// The same account under an id that the host has chosen.
    #[must_use]
    pub fn with_id(mut self, id: AccountId) -> Self {
        self.id = Some(id);
        self
    }
}

/// What an account is to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// The platform's own account.
    Platform {
        /// Whether it moves real money.
        livemode: bool,
    },
    /// Somebody who is paid through the platform.
    Connected(AccountKind),
}

/// A connected account, or the platform's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    id: AccountId,
    role: Role,
    country: Country,
    default_currency: Currency,
    created: Timestamp,
    capabilities: SmallVec<[CapabilityState; 2]>,
    banks: SmallVec<[(Currency, u16); 1]>,
    born: u16,
}

impl Account {
    /// The ordinals that every account's family starts with: the account itself, then its balance settings.
    const FIRST_FREE: u16 = 2;

    pub(crate) fn open(id: AccountId, command: &NewAccount, currency: Currency, at: Timestamp) -> Self {
        let mut capabilities: SmallVec<[CapabilityState; 2]> = SmallVec::new();
        for &capability in &command.capabilities {
            if capabilities.iter().all(|known| known.capability != capability) {
                capabilities.push(CapabilityState { capability, status: CapabilityStatus::Pending, as_of: None });
            }
        }
        capabilities.sort_unstable_by_key(|state| state.capability);
        Self {
            id,
            role: Role::Connected(command.kind),
            country: command.country,
            default_currency: currency,
            created: at,
            capabilities,
            banks: SmallVec::new(),
            born: Self::FIRST_FREE,
        }
    }

    pub(crate) fn of_platform(
        id: AccountId,
        livemode: bool,
        country: Country,
        currency: Currency,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            role: Role::Platform { livemode },
            country,
            default_currency: currency,
            created: at,
            capabilities: SmallVec::new(),
            banks: SmallVec::new(),
            born: Self::FIRST_FREE,
        }
    }

    /// Its id.
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// What it is to the platform.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Its kind; nothing for the platform's own account.
    pub const fn kind(&self) -> Option<AccountKind> {
        match self.role {
            Role::Connected(kind) => Some(kind),
            Role::Platform { .. } => None,
        }
    }

    /// Who answers for it; nothing for the platform's own account, which answers for itself.
    pub fn controller(&self) -> Option<Controller> {
        self.kind().map(Controller::of)
    }

    /// The country of the business.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The currency of its country.
    pub const fn default_currency(&self) -> Currency {
        self.default_currency
    }

    /// When it was connected.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// What it has asked to be allowed to do.
    pub fn capabilities(&self) -> &[CapabilityState] {
        &self.capabilities
    }

    /// Where a capability stands; nothing if it was never asked for.
    pub fn capability(&self, capability: Capability) -> Option<CapabilityStatus> {
        self.capabilities.iter().find(|state| state.capability == capability).map(CapabilityState::status)
    }

    /// Whether a capability can be used. The platform's own account needs none.
    pub fn can(&self, capability: Capability) -> bool {
        self.kind().is_none() || self.capability(capability) == Some(CapabilityStatus::Active)
    }

    /// Whether its balance may be paid out.
    // RULE: payouts need one of the capabilities that bring money in (docs.stripe.com/connect/account-capabilities,
    // 2024); the bank account is looked at by the payout itself.
    pub fn payouts_enabled(&self) -> bool {
        self.kind().is_none() || self.capabilities.iter().any(|state| state.status == CapabilityStatus::Active)
    }

    /// Whether something is still under review.
    pub fn is_under_review(&self) -> bool {
        self.capabilities.iter().any(|state| state.status == CapabilityStatus::Pending)
    }

    /// The currencies in which it can be paid out.
    pub fn bank_currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.banks.iter().map(|(currency, _)| *currency)
    }

    /// Whether it may owe money after a reversal; the platform's own account never may.
    pub fn may_owe(&self) -> bool {
        self.controller().is_some_and(|controller| controller.may_owe())
    }

    /// The bank account that payouts in `currency` go to.
    pub fn bank_for(&self, currency: Currency) -> Option<ExternalAccountId> {
        let bank = self.banks.iter().find(|(known, _)| *known == currency);
        bank.map(|(_, ordinal)| ExternalAccountId::of(self.id.family(), *ordinal))
    }

    /// Where its payout schedule is kept.
    pub const fn settings(&self) -> BalanceSettingsId {
        BalanceSettingsId::of(self.id.family(), 1)
    }

    /// The account after a review, or nothing if a later report is already known.
    // INVARIANT: of two reports at one moment the greater status wins, so that the order of delivery is no matter.
    pub(crate) fn reviewed(&self, report: &CapabilityReviewed, at: Timestamp) -> Option<Self> {
        let mut next = self.clone();
        let state = next.capabilities.iter_mut().find(|state| state.capability == report.capability)?;
        if state.as_of.is_some_and(|as_of| (at, report.status) <= (as_of, state.status)) {
            return None;
        }
        (state.status, state.as_of) = (report.status, Some(at));
        Some(next)
    }

    /// The account with a new default bank account for `currency`, and the id of that bank account; nothing when
    /// the family has no room for another member.
    pub(crate) fn with_bank(&self, currency: Currency) -> Option<(Self, ExternalAccountId)> {
        let mut next = self.clone();
        let ordinal = next.born;
        next.born = ordinal.checked_add(1)?;
        match next.banks.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, default)) => *default = ordinal,
            None => next.banks.push((currency, ordinal)),
        }
        Some((next, ExternalAccountId::of(self.id.family(), ordinal)))
    }
}
