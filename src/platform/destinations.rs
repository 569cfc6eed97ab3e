//! What accounts are paid out to: bank accounts and debit cards.

use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::{
    Account, AccountError, AccountEvent, AccountTokenChanged, Action, ExternalAccount, ExternalAccountChecked,
    InformationChecked, NewExternalAccount, Placement, UpdateExternalAccount, check_account_type,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ExternalAccountId, ObjectId};
use crate::journal::{FactOutcome, Key, PersonalData, PersonalWrite, Told};
use crate::money::Currency;
use crate::payouts::PayoutCycle;

impl<'a> Transaction<'a> {
    /// The bank accounts and cards of an account that were not removed.
    pub(super) fn external_accounts(&mut self, account: AccountId) -> Result<Vec<Seen<'a, ExternalAccount>>, Error> {
        let mut known = Vec::new();
        for id in self.members(account.family()) {
            if let ObjectId::ExternalAccount(id) = id {
                known.push(self.get::<ExternalAccount>(id)?);
            }
        }
        known.retain(|known| known.is_there());
        Ok(known)
    }

    pub(super) fn add_external_account(
        &mut self,
        on: Option<AccountId>,
        command: &NewExternalAccount,
    ) -> Result<ExternalAccountId, Error> {
        command.check(self.now.date())?;
        let (owner, currency) = (command.account, command.currency);
        self.want(&[Key::Family(owner.family()), Key::Balance(owner, currency)])?;
        let account = self.get::<Account>(owner)?;
        Self::acting_for(on, owner)?;
        self.permit(&account, Action::ManageExternalAccounts)?;
        self.rulebook.country(command.country)?;
        self.paid_from_abroad_in(&account, currency)?;
        self.may_settle_in(&account, currency)?;
        command.check_rules(self.rulebook, self.livemode)?;
        let (shall_be_default, replaced) = match command.placement {
            Placement::Beside => (false, None),
            Placement::Default => (true, None),
            Placement::Replacing => (true, account.bank_for(currency)),
        };
        let (next, id) = account.with_bank(currency, shall_be_default).ok_or(AccountError::FamilyFull(owner))?;
        self.put(ExternalAccount::new(id, command, command.is_never_instant(self.rulebook), self.now));
        self.changes.personal.push(PersonalWrite { of: id.into(), data: PersonalData::Bank(command.details()) });
        self.put(next);
        self.event(AccountEvent::ExternalAccountCreated, id, Some(owner));
        if let Some(replaced) = replaced {
            self.remove(replaced)?;
        }
        self.destinations_changed(owner, currency)?;
        Ok(id)
    }

    /// That banks in the account's country are paid in this currency, where its money comes from abroad.
    // RULE: docs.stripe.com/connect/cross-border-payouts (2024).
    fn paid_from_abroad_in(&mut self, account: &Account, currency: Currency) -> Result<(), Error> {
        let country = account.country();
        if account.is_platform() {
            return Ok(());
        }
        match self.rulebook.only_currency(self.home()?, country, account.agreement()) {
            Some(only) if only != currency => {
                Err(AccountError::BankPaidInOneCurrency { country, only, currency }.into())
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn update_external_account(
        &mut self,
        on: Option<AccountId>,
        command: &UpdateExternalAccount,
    ) -> Result<ExternalAccountId, Error> {
        let id = command.external_account;
        command.metadata.check().map_err(AccountError::Metadata)?;
        let (account, known) = self.managed(on, id)?;
        check_account_type(self.rulebook, known.country(), known.currency(), command.account_type)?;
        let next = known.after(command, self.now)?;
        let moves = command.default_for_currency && account.bank_for(known.currency()) != Some(id);
        if moves {
            self.put(account.with_default_bank(known.currency(), Some(id)));
        }
        if let Some(details) = command.details() {
            self.changes.personal.push(PersonalWrite { of: id.into(), data: PersonalData::Bank(details) });
        }
        if moves || command.holder_name.is_some() || !next.looks_like(&known) {
            self.event(AccountEvent::ExternalAccountUpdated, id, Some(account.id()));
        }
        self.put(next);
        self.destinations_changed(account.id(), known.currency())?;
        Ok(id)
    }

    // RULE: the default of the account's own currency cannot be deleted, nor a default beside which there is another bank account
    // or card of its currency (docs.stripe.com/api/external_accounts/delete, 2026).
    pub(super) fn delete_external_account(
        &mut self,
        on: Option<AccountId>,
        id: ExternalAccountId,
    ) -> Result<ExternalAccountId, Error> {
        let (account, known) = self.managed(on, id)?;
        let currency = known.currency();
        if account.bank_for(currency) == Some(id) {
            let is_another = |other: &Seen<'_, ExternalAccount>| other.id() != id && other.currency() == currency;
            let has_another = self.external_accounts(account.id())?.iter().any(is_another);
            if has_another || currency == account.default_currency() {
                return Err(AccountError::DefaultNeeded(id).into());
            }
            self.put(account.with_default_bank(currency, None));
        }
        self.remove(id)?;
        self.destinations_changed(account.id(), currency)?;
        Ok(id)
    }

    /// A bank account or card that is there, and that whoever asks may change, with its owner.
    fn managed(
        &mut self,
        on: Option<AccountId>,
        id: ExternalAccountId,
    ) -> Result<(Seen<'a, Account>, Seen<'a, ExternalAccount>), Error> {
        let known = self.get::<ExternalAccount>(id)?;
        let owner = known.account();
        self.want(&[Key::Family(owner.family()), Key::Balance(owner, known.currency())])?;
        let account = self.get::<Account>(owner)?;
        Self::acting_for(on, owner)?;
        self.permit(&account, Action::ManageExternalAccounts)?;
        if known.is_there() { Ok((account, known)) } else { Err(Error::NotFound(id.into())) }
    }

    /// Removes a bank account or card. Its numbers stay where they are kept, for the payouts under way to it.
    fn remove(&mut self, id: ExternalAccountId) -> Result<(), Error> {
        let known = self.get::<ExternalAccount>(id)?;
        self.put(known.deleted(self.now));
        self.event(AccountEvent::ExternalAccountDeleted, id, Some(known.account()));
        Ok(())
    }

    pub(super) fn external_account_checked(
        &mut self,
        told: Told<'_>,
        fact: &ExternalAccountChecked,
    ) -> Result<FactOutcome, Error> {
        let known = self.get::<ExternalAccount>(fact.external_account)?;
        self.learned(&known, known.checked(fact.outcome, told.at))
    }

    pub(super) fn account_token_changed(
        &mut self,
        told: Told<'_>,
        fact: &AccountTokenChanged,
    ) -> Result<FactOutcome, Error> {
        let known = self.get::<ExternalAccount>(fact.external_account)?;
        self.learned(&known, known.token_changed(fact.status, told.at))
    }

    fn learned(&mut self, known: &ExternalAccount, next: Option<ExternalAccount>) -> Result<FactOutcome, Error> {
        let Some(next) = next else { return Ok(FactOutcome::Stale) };
        let (owner, currency) = (known.account(), known.currency());
        self.want(&[Key::Family(owner.family()), Key::Balance(owner, currency)])?;
        self.put_seen(known, next);
        self.destinations_changed(owner, currency)?;
        Ok(FactOutcome::Applied)
    }

    /// Writes a bank account or card down, and tells of it if it is in another state now.
    fn put_seen(&mut self, known: &ExternalAccount, next: ExternalAccount) {
        if next.state() != known.state() {
            self.event(AccountEvent::ExternalAccountUpdated, known.id(), Some(known.account()));
        }
        self.put(next);
    }

    /// Somebody has looked at the document that tells whose the bank accounts are.
    pub(super) fn ownership_document_checked(
        &mut self,
        at: Timestamp,
        fact: &InformationChecked,
    ) -> Result<FactOutcome, Error> {
        let known = self.external_accounts(fact.account)?;
        let keys: Vec<Key> = known.iter().map(|known| Key::Balance(fact.account, known.currency())).collect();
        self.want(&keys)?;
        for known in &known {
            if let Some(next) = known.after_document(fact, at) {
                self.put_seen(known, next);
            }
        }
        self.reassess(fact.account)?;
        let currencies: Vec<Currency> = self.get::<Account>(fact.account)?.bank_currencies().collect();
        for currency in currencies {
            self.align_run(fact.account, currency)?;
        }
        Ok(FactOutcome::Applied)
    }

    /// What follows where an account can be paid to has changed: what it is asked for, and whether a payout is ahead.
    fn destinations_changed(&mut self, owner: AccountId, currency: Currency) -> Result<(), Error> {
        self.reassess_destination(owner, true)?;
        self.align_run(owner, currency)
    }

    /// Looks at a connected account again whose bank accounts are no longer what they were.
    pub(super) fn reassess_destination(&mut self, owner: AccountId, is_news: bool) -> Result<(), Error> {
        if is_news && owner != self.platform { self.reassess(owner) } else { Ok(()) }
    }

    /// Sees to it that a payout is ahead where there is something to pay and somewhere to pay it to, and none otherwise; and a debit where
    /// something is owed.
    fn align_run(&mut self, owner: AccountId, currency: Currency) -> Result<(), Error> {
        let bank = self.get::<Account>(owner)?.bank_for(currency);
        let is_usable = match bank {
            Some(bank) => self.get::<ExternalAccount>(bank)?.is_usable(),
            None => false,
        };
        if is_usable {
            self.arm(owner, currency)?;
            return self.plan_debit_of_debt(owner, currency);
        }
        let cycle = self.cycle(owner, currency)?;
        let idle = PayoutCycle { next_run: None, debit: cycle.debit.put_off(), ..cycle };
        if idle != cycle {
            self.put_cycle(idle)?;
        }
        Ok(())
    }
}
