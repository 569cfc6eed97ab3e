use iso_country::Country;

use super::onboarding::{brought_with, may_request};
use super::timing::settings_of;
use super::{Error, Transaction, default_schedule};
use crate::accounts::{Account, AccountError, Action, Actor, Dashboard, Denial, Grants, NewAccount, Profile};
use crate::ids::{AccountId, AnomalyId};
use crate::journal::{Anomaly, EventKind};
use crate::payouts::BalanceSettings;
use crate::rulebook::{BusinessType, Lane, ServiceAgreement, Vetting};

impl Transaction<'_> {
    pub(super) fn create_account(&mut self, on: Option<AccountId>, command: &NewAccount) -> Result<AccountId, Error> {
        command.controller.check(self.rulebook.preview_controllers())?;
        // RULE: an account without a dashboard names at least one capability (docs.stripe.com/api/accounts/create, 2026).
        if !command.controller.has_dashboard() && command.capabilities.is_empty() {
            return Err(AccountError::NothingRequested.into());
        }
        // RULE: the recipient agreement is for Express and Custom accounts (docs.stripe.com/connect/service-agreement-types, 2024).
        if command.agreement == ServiceAgreement::Recipient && command.controller.dashboard == Dashboard::Full {
            return Err(AccountError::AgreementNotOpen.into());
        }
        // RULE: and its country (docs.stripe.com/connect/custom-accounts, 2024).
        if !command.controller.has_dashboard() && command.country.is_none() {
            return Err(AccountError::CountryMissing.into());
        }
        Self::platform_only(on)?;
        self.may_create_accounts()?;
        let country = self.country_of(command)?;
        self.may_open(command, country)?;
        self.open_account(command)
    }

    /// Where an account is to be: in the platform's country, if nothing else is said.
    fn country_of(&mut self, command: &NewAccount) -> Result<Country, Error> {
        match command.country {
            Some(country) => Ok(country),
            None => self.home(),
        }
    }

    /// An account that the platform is the first to know.
    pub(super) fn open_account(&mut self, command: &NewAccount) -> Result<AccountId, Error> {
        let country = self.country_of(command)?;
        let only = self.rulebook.only_currency(self.home()?, country, command.agreement);
        let currency = only.unwrap_or(self.rulebook.country(country)?.default_currency());
        let family = self.new_family(command.id.map(Into::into))?;
        let account = Account::open(AccountId::of(family, 0), command, (country, currency), self.now);
        let mut profile = Profile::new(account.profile(), self.rulebook.vetting_policy().vetting == Vetting::ByHost);
        if let Some(business_type) = command.business_type {
            self.admit(country, business_type)?;
            profile = profile.with_business_type(business_type);
        }
        profile = profile.with_grants(Grants { platform_controls: command.platform_controls, ..Grants::default() });
        for &capability in &command.capabilities {
            may_request(self.rulebook, &account, command.capabilities.iter().copied(), capability)?;
            for known in [capability].into_iter().chain(brought_with(self.rulebook, &account, capability)) {
                profile = profile.with_request(known, Some(self.now));
            }
        }
        let id = account.id();
        let settings = BalanceSettings::new(&account, default_schedule(self.schedule_rule_of(&account)?));
        let (account, settings) = settings_of(account, settings, self.rulebook);
        self.put(settings);
        self.put(profile);
        self.review_if_needed(&account)?;
        self.put(account);
        self.reassess(id)?;
        Ok(id)
    }

    /// That the platform may have such an account in that country, and pay it.
    // RULE: which kinds a platform may open where has changed over the years (docs.stripe.com/connect/accounts, 2017 and 2026). Under
    // the recipient agreement an account has a contract with the platform alone, so it is opened only where the platform's money can
    // come to it (docs.stripe.com/connect/service-agreement-types, 2024).
    fn may_open(&mut self, command: &NewAccount, country: Country) -> Result<(), Error> {
        let platform = self.get::<Account>(self.platform)?.country();
        self.rulebook.may_onboard(platform, country, command.controller.nearest_kind())?;
        if command.agreement == ServiceAgreement::Recipient
            && let Lane::Closed(why) = self.rulebook.lane(platform, country, command.agreement)
        {
            return Err(AccountError::LaneClosed(why).into());
        }
        Ok(())
    }

    /// That whoever asks may take, or give back, the platform's commission: nobody else names it.
    pub(super) fn is_for_commission(&self, account: AccountId) -> Result<(), AccountError> {
        match self.actor {
            Actor::Platform => Ok(()),
            Actor::Holder | Actor::Extension(_) => {
                Err(AccountError::NotPermitted { account, action: Action::Transfer, denial: Denial::PlatformOnly })
            }
        }
    }

    /// That a country has accounts for such a business.
    pub(super) fn admit(&self, country: Country, business_type: BusinessType) -> Result<(), AccountError> {
        if self.rulebook.requirement_set(country).admits(business_type) {
            Ok(())
        } else {
            Err(AccountError::BusinessTypeNotAdmitted { country, business_type })
        }
    }

    /// That the account can hold this currency without converting it.
    pub(super) fn holds(&self, account: &Account, currency: crate::money::Currency) -> Result<(), AccountError> {
        let country = account.country();
        if self.rulebook.settles_in(country, currency) {
            return Ok(());
        }
        Err(AccountError::CurrencyNotHeld { account: account.id(), country, currency })
    }

    pub(super) fn close_anomaly(&mut self, on: Option<AccountId>, id: AnomalyId) -> Result<AnomalyId, Error> {
        let mut anomaly = self.take::<Anomaly>(id)?;
        Self::platform_only(on)?;
        // Closing it twice is no harm: the first time stands.
        if anomaly.closed_at.is_none() {
            anomaly.closed_at = Some(self.now);
            self.put(anomaly);
            self.event(EventKind::AnomalyClosed, id, None);
        }
        Ok(id)
    }
}
