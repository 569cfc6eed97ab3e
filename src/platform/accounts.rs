use super::{Error, Transaction, default_schedule};
use crate::accounts::BankDetails;
use crate::accounts::{
    Account, AccountError, AccountEvent, AccountInstruction, CapabilityReviewed, ExternalAccount, NewAccount,
    NewBankAccount,
};
use crate::ids::{AccountId, AnomalyId, ExternalAccountId};
use crate::journal::{Anomaly, AnomalyCause, AnomalyReason, EventKind, FactOutcome, Instruction, PersonalWrite, Told};
use crate::payouts::BalanceSettings;
use crate::rulebook::AccountKind;

impl Transaction<'_> {
    pub(super) fn create_account(&mut self, on: Option<AccountId>, command: &NewAccount) -> Result<AccountId, Error> {
        // RULE: a custom account names at least one capability (docs.stripe.com/api/accounts/create, 2026).
        if command.kind == AccountKind::Custom && command.capabilities.is_empty() {
            return Err(AccountError::NothingRequested.into());
        }
        Self::platform_only(on)?;
        let currency = self.rulebook.country(command.country)?.default_currency();
        let family = self.new_family(command.id.map(Into::into))?;
        let account = Account::open(AccountId::of(family, 0), command, currency, self.now);
        let id = account.id();
        self.put(BalanceSettings::new(account.settings(), default_schedule(self.rulebook, command.country)));
        if account.is_under_review() {
            self.instruct(Instruction::Account(AccountInstruction::Review(id)));
        }
        self.put(account);
        self.event(AccountEvent::Updated, id, Some(id));
        Ok(id)
    }

    pub(super) fn add_bank_account(
        &mut self,
        on: Option<AccountId>,
        command: &NewBankAccount,
    ) -> Result<ExternalAccountId, Error> {
        if command.number.is_empty() {
            return Err(AccountError::NumberMissing.into());
        }
        self.want(&[
            crate::journal::Key::Family(command.account.family()),
            crate::journal::Key::Balance(command.account, command.currency),
        ])?;
        let account = self.get::<Account>(command.account)?;
        if let Some(other) = on.filter(|on| *on != command.account) {
            return Err(Error::NotForAccounts(other));
        }
        self.rulebook.country(command.country)?;
        self.holds(&account, command.currency)?;
        let (account, id) = account.with_bank(command.currency).ok_or(AccountError::FamilyFull(command.account))?;
        self.put(ExternalAccount::new(id, command, self.now));
        self.changes.personal.push(PersonalWrite { of: id, details: BankDetails { number: command.number.clone() } });
        self.put(account);
        self.event(AccountEvent::ExternalAccountCreated, id, Some(command.account));
        self.arm(command.account, command.currency)?;
        Ok(id)
    }

    /// That the account can hold this currency without converting it.
    pub(super) fn holds(&self, account: &Account, currency: crate::money::Currency) -> Result<(), AccountError> {
        let country = account.country();
        if self.rulebook.settles_in(country, currency) {
            return Ok(());
        }
        Err(AccountError::CurrencyNotHeld { account: account.id(), country, currency })
    }

    pub(super) fn capability_reviewed(
        &mut self,
        told: Told<'_>,
        report: &CapabilityReviewed,
    ) -> Result<FactOutcome, Error> {
        let account = self.get::<Account>(report.account)?;
        let (id, capability) = (report.account, report.capability);
        if account.capability(capability).is_none() {
            return Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), AnomalyReason::NotRequested));
        }
        let Some(next) = account.reviewed(report, told.at) else { return Ok(FactOutcome::Stale) };
        let enabled = next.payouts_enabled() && !account.payouts_enabled();
        let currencies: Vec<_> = next.bank_currencies().collect();
        self.put(next);
        self.event(AccountEvent::CapabilityUpdated, id, Some(id));
        if enabled {
            for currency in currencies {
                self.arm(id, currency)?;
            }
        }
        Ok(FactOutcome::Applied)
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
