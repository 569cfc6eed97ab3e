use super::{Accounts, pick};
use crate::accounts::{
    AccountTokenChanged, ExternalAccountChecked, NewExternalAccount, Ownership, TokenStatus, UpdateExternalAccount,
};
use crate::calendar::Timestamp;
use crate::ids::ExternalAccountId;
use crate::journal::{Fact, FactOutcome};
use crate::platform::{Command, Decided, Error};

/// Bank accounts and debit cards to be paid out to.
impl Accounts<'_> {
    /// Gives an account a bank account or a debit card. Payouts go to the first one of a currency, until another one becomes its
    /// default.
    ///
    /// ```
    /// use fundroute::accounts::NewExternalAccount;
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    ///
    /// let bank = NewExternalAccount::bank(jo, US, USD, "000123456789").routing("110000000");
    /// let first = platform.accounts().add_external_account("bank-1", bank)?.answer;
    /// let bank = NewExternalAccount::bank(jo, US, USD, "000987654321").routing("110000000");
    /// let second = platform.accounts().add_external_account("bank-2", bank.clone().default_for_currency())?.answer;
    /// assert_eq!(platform.account(jo)?.bank_for(USD), Some(second));
    /// assert_eq!(platform.external_account(first)?.last4(), "6789");
    ///
    /// // A number that cannot be right is refused, and not repeated to anybody.
    /// let refused = platform.accounts().add_external_account("bank-3", bank.routing("111000000")).unwrap_err();
    /// assert_eq!(refused.to_string(), "the bank account cannot be right: the check digit of the routing number is wrong");
    /// assert_eq!(refused.code(), Some("routing_number_invalid"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError): for numbers that the country does not have, for cards that take no payouts,
    /// and where whoever asks may not.
    pub fn add_external_account(
        &mut self,
        key: &str,
        new: NewExternalAccount,
    ) -> Result<Decided<ExternalAccountId>, Error> {
        self.0.run(key, Command::AddExternalAccount(new), pick!(ExternalAccount))
    }

    /// Changes what can be changed of a bank account or card. One that had returned a payout is used again, even if nothing else
    /// changes.
    ///
    /// ```
    /// use fundroute::accounts::{Metadata, NewExternalAccount, UpdateExternalAccount};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let bank = NewExternalAccount::bank(jo, US, USD, "000123456789");
    /// let bank = platform.accounts().add_external_account("bank-1", bank)?.answer;
    ///
    /// let update = UpdateExternalAccount::new(bank).metadata(Metadata::new().set("opened_by", "import"));
    /// platform.accounts().update_external_account("note", update)?;
    /// assert_eq!(platform.external_account(bank)?.metadata().get("opened_by"), Some("import"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that was removed; [`AccountError`](crate::accounts::AccountError) for what it cannot have, and
    /// where whoever asks may not.
    pub fn update_external_account(
        &mut self,
        key: &str,
        update: UpdateExternalAccount,
    ) -> Result<Decided<ExternalAccountId>, Error> {
        self.0.run(key, Command::UpdateExternalAccount(update), pick!(ExternalAccount))
    }

    /// Removes a bank account or card, for good. Payouts under way to it are not touched.
    ///
    /// ```
    /// use fundroute::accounts::{AccountError, ExternalAccountState, NewExternalAccount};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let bank = NewExternalAccount::bank(jo, US, USD, "000123456789");
    /// let first = platform.accounts().add_external_account("bank-1", bank.clone())?.answer;
    /// let second = platform.accounts().add_external_account("bank-2", bank)?.answer;
    ///
    /// let refused = platform.accounts().delete_external_account("away", first);
    /// assert_eq!(refused, Err(AccountError::DefaultNeeded(first).into())); // payouts go there
    /// platform.accounts().delete_external_account("away", second)?;
    /// assert_eq!(platform.external_account(second)?.state(), ExternalAccountState::Deleted);
    /// assert_eq!(platform.external_accounts(jo)?.len(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`AccountError::DefaultNeeded`](crate::accounts::AccountError::DefaultNeeded) for the default of the account's own currency, and
    /// for a default beside which there is another one of its currency; [`Error::NotFound`] for one that was removed before.
    pub fn delete_external_account(
        &mut self,
        key: &str,
        external_account: ExternalAccountId,
    ) -> Result<Decided<ExternalAccountId>, Error> {
        self.0.run(key, Command::DeleteExternalAccount(external_account), pick!(ExternalAccount))
    }

    /// Records whose a bank account was found to be. This crate does not ask for that: whoever looks into it tells.
    ///
    /// ```
    /// use fundroute::accounts::{ExternalAccountState, Ownership};
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::RequirementErrorCode;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = World::new().onboard(&mut platform, NewAccount::express(US))?;
    /// let bank = platform.account(jo)?.bank_for(USD).ok_or("no bank account")?;
    ///
    /// let somebody_else = Ownership::Failed(RequirementErrorCode::VerificationFailedNameMatch);
    /// let now = platform.now();
    /// platform.accounts().record_external_account_checked("check-1", now, bank, somebody_else)?;
    /// assert_eq!(platform.external_account(bank)?.state(), ExternalAccountState::VerificationFailed);
    /// assert!(!platform.account(jo)?.payouts_enabled());
    /// assert_eq!(platform.requirements(jo)?.past_due[0].as_str(), "external_account");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_external_account_checked(
        &mut self,
        id: &str,
        at: Timestamp,
        external_account: ExternalAccountId,
        outcome: Ownership,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ExternalAccountChecked(ExternalAccountChecked { external_account, outcome }))
    }

    /// Records that a bank has called in the token that stood for the number of an account, or honours it again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_token_changed(
        &mut self,
        id: &str,
        at: Timestamp,
        external_account: ExternalAccountId,
        status: TokenStatus,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::AccountTokenChanged(AccountTokenChanged { external_account, status }))
    }
}
