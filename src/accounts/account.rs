use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Access, CapabilityState, CapabilityStatus, Controller, Scope, Standing};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, BalanceSettingsId, ExternalAccountId, PersonId, ProfileId, ReservePlanId};
use crate::money::Currency;
use crate::rulebook::{AccountKind, BusinessType, Capability, Country, ServiceAgreement};

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
    /// Who answers for it; cannot be changed later.
    pub controller: Controller,
    /// The country of the business; cannot be changed later. Nothing for the platform's own.
    pub country: Option<Country>,
    /// With whom the holder has a contract; cannot be changed once it is accepted.
    pub agreement: ServiceAgreement,
    /// What sort of business it is, where the platform knows.
    pub business_type: Option<BusinessType>,
    /// What it asks to be allowed to do.
    pub capabilities: Vec<Capability>,
    /// Whether the platform has the controls of its payouts, though the account has a full dashboard.
    pub platform_controls: bool,
    /// An id of the host's own choosing.
    pub id: Option<AccountId>,
}

impl NewAccount {
    /// An account that has a light dashboard and asks for card payments and transfers, as the platform's settings
    /// do for it.
    pub fn express(country: Country) -> Self {
        Self { country: Some(country), ..Self::at_home(AccountKind::Express) }
    }

    /// An account with a full dashboard of its own; it is given card payments and transfers without asking.
    pub fn standard(country: Country) -> Self {
        Self { country: Some(country), ..Self::at_home(AccountKind::Standard) }
    }

    /// An account that only the platform sees; name what it [requests](Self::request).
    pub fn custom(country: Country) -> Self {
        Self::controlled(Controller::of(AccountKind::Custom), country)
    }

    /// An account of a kind in the country of the platform, asking for what the constructor of that kind asks for. An account that only
    /// the platform sees names its country, so there is no Custom one.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::AccountKind;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(DE), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::at_home(AccountKind::Express))?.answer;
    /// assert_eq!((platform.account(jo)?.country(), platform.account(jo)?.default_currency()), (DE, EUR));
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    // RULE: an account whose onboarding the processor runs needs no country of its own, and is then in the platform's
    // (docs.stripe.com/connect/standard-accounts and /connect/express-accounts, 2024).
    pub fn at_home(kind: AccountKind) -> Self {
        let new = Self { country: None, ..Self::controlled(Controller::of(kind), Country::Unspecified) };
        match kind {
            AccountKind::Custom => new,
            AccountKind::Express | AccountKind::Standard => {
                new.request(Capability::CardPayments).request(Capability::Transfers)
            }
        }
    }

    /// An account that is none of the three kinds, or one of them by its properties; name what it [requests](Self::request).
    pub fn controlled(controller: Controller, country: Country) -> Self {
        Self {
            controller,
            country: Some(country),
            agreement: ServiceAgreement::Full,
            business_type: None,
            capabilities: Vec::new(),
            platform_controls: false,
            id: None,
        }
    }

    /// The same account, asking for one more capability.
    #[must_use]
    pub fn request(mut self, capability: Capability) -> Self {
        self.capabilities.push(capability);
        self
    }

    /// The same account, of a sort of business.
    #[must_use]
    pub const fn business_type(mut self, business_type: BusinessType) -> Self {
        self.business_type = Some(business_type);
        self
    }

    /// The same account, under an agreement with the platform alone: it can receive transfers, and nothing else.
    #[must_use]
    pub fn recipient(mut self) -> Self {
        self.agreement = ServiceAgreement::Recipient;
        self.capabilities.retain(|capability| *capability == Capability::Transfers);
        self
    }

    /// The same account, with the controls of its payouts given to the platform.
    #[must_use]
    pub const fn platform_controls(mut self) -> Self {
        self.platform_controls = true;
        self
    }

    /// The same account under an id that the host has chosen.
    #[must_use]
    pub fn with_id(mut self, id: AccountId) -> Self {
        self.id = Some(id);
        self
    }
}

/// The ordinal of the account itself, in the place of a bank account that it does not have.
const NO_BANK: u16 = 0;

/// What an account is to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// The platform's own account.
    Platform {
        /// Whether it moves real money.
        livemode: bool,
        /// Whether it has connected reserves: it may debit its accounts below zero.
        has_connect_reserves: bool,
        /// Whether it counts what its accounts do: it has, or had, rules over them, or reviews.
        counts_risk: bool,
        /// Whether it only [mirrors](crate::mirror) what a provider does, and makes nothing by itself.
        mirrors: bool,
    },
    /// Somebody who is paid through the platform.
    Connected(Controller),
}

/// What an account can do at this moment, as it follows from everything that is known of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// Whether it can take payments.
    pub charges_enabled: bool,
    /// Whether its balance can be paid out, once there is a bank account for it.
    pub payouts_enabled: bool,
    /// Whether the holder has once given everything that was due, and accepted the terms.
    pub details_submitted: bool,
}

/// A connected account, or the platform's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    id: AccountId,
    role: Role,
    country: Country,
    default_currency: Currency,
    agreement: ServiceAgreement,
    created: Timestamp,
    extension: Option<Scope>,
    standing: Standing,
    flags: Flags,
    capabilities: SmallVec<[CapabilityState; 4]>,
    /// The currencies that it settles in, with the ordinal of the bank account or card that payouts go to; that of the account itself
    /// where there is none.
    banks: SmallVec<[(Currency, u16); 1]>,
    born: u16,
    review_at: Option<Timestamp>,
    /// How often the platform turned it away or lost it.
    shut: u32,
    has_reserve_plan: bool,
    has_own_timing: bool,
    has_pricing: bool,
}

impl Account {
    /// The ordinals that every account's family starts with: the account itself, its balance settings, its profile.
    const FIRST_FREE: u16 = 3;

    pub(crate) fn open(
        id: AccountId,
        command: &NewAccount,
        (country, currency): (Country, Currency),
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            role: Role::Connected(command.controller),
            country,
            default_currency: currency,
            agreement: command.agreement,
            created: at,
            extension: None,
            standing: Standing::GOOD,
            flags: Flags::default(),
            capabilities: SmallVec::new(),
            banks: SmallVec::new(),
            born: Self::FIRST_FREE,
            review_at: None,
            shut: 0,
            has_reserve_plan: false,
            has_own_timing: false,
            has_pricing: false,
        }
    }

    pub(crate) fn of_platform(
        id: AccountId,
        (livemode, has_connect_reserves, mirrors): (bool, bool, bool),
        country: Country,
        currency: Currency,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            role: Role::Platform { livemode, has_connect_reserves, counts_risk: false, mirrors },
            country,
            default_currency: currency,
            agreement: ServiceAgreement::Full,
            created: at,
            extension: None,
            standing: Standing::GOOD,
            flags: Flags { charges_enabled: true, payouts_enabled: true, details_submitted: true },
            capabilities: SmallVec::new(),
            banks: SmallVec::new(),
            born: Self::FIRST_FREE,
            review_at: None,
            shut: 0,
            has_reserve_plan: false,
            has_own_timing: false,
            has_pricing: false,
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

    /// Who answers for it; nothing for the platform's own account, which answers for itself.
    pub const fn controller(&self) -> Option<Controller> {
        match self.role {
            Role::Connected(controller) => Some(controller),
            Role::Platform { .. } => None,
        }
    }

    /// The kind that its controller amounts to; nothing for the platform's own account, and for combinations that are none of the
    /// three.
    pub fn kind(&self) -> Option<AccountKind> {
        self.controller().and_then(|controller| controller.kind())
    }

    /// Whether it is the platform's own.
    pub const fn is_platform(&self) -> bool {
        matches!(self.role, Role::Platform { .. })
    }

    /// The country of the business.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The currency of its country.
    pub const fn default_currency(&self) -> Currency {
        self.default_currency
    }

    /// With whom the holder has a contract.
    pub const fn agreement(&self) -> ServiceAgreement {
        self.agreement
    }

    /// When it was connected.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// What the application may do on the account, where it is an [extension](super::ApplicationKind::Extension); nothing where it
    /// is the account's platform.
    pub const fn extension(&self) -> Option<Scope> {
        self.extension
    }

    /// What stands in its way apart from what it is asked for.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// What it has asked to be allowed to do.
    pub fn capabilities(&self) -> &[CapabilityState] {
        &self.capabilities
    }

    /// Where a capability stands; nothing if it is not asked for.
    pub fn capability(&self, capability: Capability) -> Option<CapabilityStatus> {
        self.capabilities.iter().find(|state| state.capability == capability).map(CapabilityState::status)
    }

    /// Whether a capability can be used. The platform's own account needs none, and the oldest one stands for the two that took its
    /// place.
    // RULE: `legacy_payments` grants charges and transfers by itself, also where the newer two are off
    // (docs.stripe.com/connect/account-capabilities, 2024).
    pub fn can(&self, capability: Capability) -> bool {
        let has = |capability| self.capability(capability) == Some(CapabilityStatus::Active);
        let is_granted = || super::assessment::is_of_pair(capability) && has(Capability::LegacyPayments);
        self.is_platform() || has(capability) || is_granted()
    }

    /// Whether it can take payments.
    pub const fn charges_enabled(&self) -> bool {
        self.flags.charges_enabled
    }

    /// Whether its balance can be paid out; the bank account is looked at by the payout itself.
    pub const fn payouts_enabled(&self) -> bool {
        self.flags.payouts_enabled
    }

    /// Whether the holder has once given everything that was due, and accepted the terms.
    pub const fn details_submitted(&self) -> bool {
        self.flags.details_submitted
    }

    /// When the clock next changes what is due from it; nothing if only somebody's doing can.
    pub const fn review_at(&self) -> Option<Timestamp> {
        self.review_at
    }

    /// The currencies in which it can be paid out.
    pub fn bank_currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.banks.iter().filter(|(_, bank)| *bank != NO_BANK).map(|(currency, _)| *currency)
    }

    /// The currencies that it holds without converting them, beside its default currency: those that it was given a bank account for, or
    /// that were [named](crate::payouts::SetSettlementCurrency), whether or not a bank account is left.
    pub fn settlement_currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.banks.iter().map(|(currency, _)| *currency).filter(|currency| *currency != self.default_currency)
    }

    /// Whether it holds money of this currency without converting it.
    pub fn settles_in(&self, currency: Currency) -> bool {
        currency == self.default_currency || self.banks.iter().any(|(known, _)| *known == currency)
    }

    /// Whether it may owe money after a reversal; the platform's own account never may, nor one that is closed.
    pub fn may_owe(&self) -> bool {
        self.standing.access != Access::Closed && self.controller().is_some_and(|controller| controller.may_owe())
    }

    /// The bank account or card that payouts in `currency` go to.
    pub fn bank_for(&self, currency: Currency) -> Option<ExternalAccountId> {
        let bank = self.banks.iter().find(|(known, bank)| *known == currency && *bank != NO_BANK);
        bank.map(|(_, ordinal)| ExternalAccountId::of(self.id.family(), *ordinal))
    }

    /// Whether a part of what it is paid is held back, in any currency: its [settings](crate::payouts::BalanceSettings) say by which
    /// plan.
    pub const fn has_reserve_plan(&self) -> bool {
        self.has_reserve_plan
    }

    /// Whether its [settings](crate::payouts::BalanceSettings) say when its days begin, how far the processor trusts it or what its payouts
    /// leave behind.
    pub(crate) const fn has_own_timing(&self) -> bool {
        self.has_own_timing
    }

    /// The account whose settings say so, or do not.
    pub(crate) fn with_own_timing(&self, has_own_timing: bool) -> Self {
        Self { has_own_timing, ..self.clone() }
    }

    pub(crate) fn with_reserve_plan(&self, has_reserve_plan: bool) -> Self {
        Self { has_reserve_plan, ..self.clone() }
    }

    /// The account with one more plan to hold money back, whose id this is.
    pub(crate) fn with_new_plan(&self) -> Option<(Self, ReservePlanId)> {
        let (next, ordinal) = self.born()?;
        Some((next.with_reserve_plan(true), ReservePlanId::of(self.id.family(), ordinal)))
    }

    /// Whether its [settings](crate::payouts::BalanceSettings::pricing) name a scheme of prices.
    pub const fn has_pricing(&self) -> bool {
        self.has_pricing
    }

    pub(crate) fn with_pricing(&self, has_pricing: bool) -> Self {
        Self { has_pricing, ..self.clone() }
    }

    /// Where its payout schedule is kept.
    pub const fn settings(&self) -> BalanceSettingsId {
        BalanceSettingsId::of(self.id.family(), 1)
    }

    /// Where it is kept what the account has given about itself, and what it is asked for.
    pub const fn profile(&self) -> ProfileId {
        ProfileId::of(self.id.family(), 2)
    }

    /// The account with something else in its way, which makes its links void if it shuts them out.
    pub(crate) fn with_standing(&self, standing: Standing) -> Self {
        let is_shut_now = standing.is_shut() && !self.standing.is_shut();
        Self { standing, shut: self.shut.saturating_add(u32::from(is_shut_now)), ..self.clone() }
    }

    /// How often the platform turned it away or lost it.
    pub(crate) const fn shut(&self) -> u32 {
        self.shut
    }

    /// The account after its holder has let an extension in, or a platform.
    pub(crate) fn with_extension(&self, extension: Option<Scope>) -> Self {
        Self { extension, ..self.clone() }
    }

    /// The account with what it can do from now on, and when that has to be looked at again.
    pub(crate) fn assessed(
        &self,
        capabilities: SmallVec<[CapabilityState; 4]>,
        flags: Flags,
        review_at: Option<Timestamp>,
    ) -> Self {
        let flags = if self.is_platform() { self.flags } else { flags };
        Self { capabilities, flags, review_at, ..self.clone() }
    }

    /// Whether it is a platform that counts what its accounts do.
    pub(crate) const fn counts_risk(&self) -> bool {
        matches!(self.role, Role::Platform { counts_risk: true, .. })
    }

    /// The platform, which counts what its accounts do from now on.
    pub(crate) fn with_risk_counted(&self) -> Self {
        let role = match self.role {
            Role::Platform { livemode, has_connect_reserves, mirrors, .. } => {
                Role::Platform { livemode, has_connect_reserves, counts_risk: true, mirrors }
            }
            Role::Connected(controller) => Role::Connected(controller),
        };
        Self { role, ..self.clone() }
    }

    /// That the platform still has to do with the account.
    pub(crate) const fn is_connected(&self) -> bool {
        matches!(self.standing.access, Access::Connected)
    }

    /// The account with room for another member of its family, and the member's ordinal; nothing when there is none left.
    fn born(&self) -> Option<(Self, u16)> {
        let mut next = self.clone();
        let ordinal = next.born;
        next.born = ordinal.checked_add(1)?;
        Some((next, ordinal))
    }

    /// The account with one more person, whose id this is.
    pub(crate) fn with_person(&self) -> Option<(Self, PersonId)> {
        let (next, ordinal) = self.born()?;
        Some((next, PersonId::of(self.id.family(), ordinal)))
    }

    /// The account with one more bank account or card, whose id this is. It becomes the default of its currency if it is the
    /// first one there, or if it shall be.
    // RULE: docs.stripe.com/api/external_accounts (2026).
    pub(crate) fn with_bank(&self, currency: Currency, shall_be_default: bool) -> Option<(Self, ExternalAccountId)> {
        let (mut next, ordinal) = self.born()?;
        match next.banks.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, default)) if shall_be_default || *default == NO_BANK => *default = ordinal,
            Some(_) => {}
            None => next.banks.push((currency, ordinal)),
        }
        Some((next, ExternalAccountId::of(self.id.family(), ordinal)))
    }

    /// The account with another default in a currency; with none where there is none left.
    // RULE: a currency without a bank account goes on accruing (docs.stripe.com/currencies, 2024).
    pub(crate) fn with_default_bank(&self, currency: Currency, bank: Option<ExternalAccountId>) -> Self {
        let bank = bank.map_or(NO_BANK, |bank| bank.ordinal());
        self.with_settlement(currency, Some(bank).filter(|bank| *bank != NO_BANK || currency != self.default_currency))
    }

    /// The account that settles in a currency without a bank account for it, or does so no longer.
    pub(crate) fn settling_in(&self, currency: Currency, settles: bool) -> Self {
        self.with_settlement(currency, settles.then_some(NO_BANK))
    }

    fn with_settlement(&self, currency: Currency, bank: Option<u16>) -> Self {
        let mut next = self.clone();
        next.banks.retain(|(known, _)| *known != currency);
        next.banks.extend(bank.map(|bank| (currency, bank)));
        next.banks.sort_unstable();
        next
    }
}
