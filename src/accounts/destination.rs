//! What payouts go to, as a host tells it: bank accounts and debit cards.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{AccountError, AccountNumber, BankDetails, Card, Metadata, Routing};
use crate::ids::{AccountId, ExternalAccountId};
use crate::money::Currency;
use crate::rulebook::{BankFormatError, Country, Rulebook, TestDestination, TestOutcome};

/// Who holds a bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderType {
    /// A company.
    Company,
    /// A person.
    Individual,
}

/// What a bank account is used for.
// RULE: the words of docs.stripe.com/api/external_account_bank_accounts/object (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankAccountType {
    /// Payments in and out.
    Checking,
    /// Ordinary deposits, in Japan.
    Futsu,
    /// Savings.
    Savings,
    /// Current deposits, in Japan.
    Toza,
}

impl BankAccountType {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Futsu => "futsu",
            Self::Savings => "savings",
            Self::Toza => "toza",
        }
    }
}

/// A bank account or a card to send payouts to, with what is kept apart from the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewDestination {
    /// A bank account.
    Bank {
        /// The number of the bank, and of its branch where there is one; nothing where the account number says it all.
        routing: Option<Routing>,
        /// Its number.
        number: AccountNumber,
        /// What it is used for, where the country asks.
        account_type: Option<BankAccountType>,
    },
    /// A debit card. Its number is nobody's to hold: a token stands for it.
    Card {
        /// What stands for its number.
        number: AccountNumber,
        /// The card.
        card: Card,
    },
}

impl NewDestination {
    /// The number, and that of the bank.
    pub(crate) fn numbers(&self) -> (&AccountNumber, Option<&str>) {
        match self {
            Self::Bank { number, routing, .. } => (number, routing.as_ref().map(|routing| routing.0.as_str())),
            Self::Card { number, .. } => (number, None),
        }
    }
}

/// What becomes of the bank account or card that payouts in the same currency have gone to so far.
// RULE: docs.stripe.com/api/external_accounts/create and /api/accounts/update#update_account-external_account (2026).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// Payouts go on to it. The first one of a currency is its default all the same.
    #[default]
    Beside,
    /// It stays, and payouts go to the new one from now on: `default_for_currency`.
    Default,
    /// The new one takes its place, and it is deleted: what giving an account its `external_account` does.
    Replacing,
}

/// A command: give an account a bank account or a debit card to be paid out to.
///
/// ```
/// use fundroute::accounts::{HolderType, NewExternalAccount, Placement};
/// use fundroute::ids::AccountId;
/// use fundroute::prelude::*;
///
/// let jo = AccountId::from_host([7; 14]);
/// let bank = NewExternalAccount::bank(jo, US, USD, "000123456789")
///     .routing("110000000")
///     .holder("Jo Doe", HolderType::Individual)
///     .default_for_currency();
/// assert_eq!(bank.placement, Placement::Default);
/// let log = format!("{bank:?}"); // a log holds no number and no name
/// assert!(log.contains("…6789") && !log.contains("12345") && !log.contains("110000000") && !log.contains("Doe"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewExternalAccount {
    /// Whose it is.
    pub account: AccountId,
    /// Where the bank, or the issuer of the card, is.
    pub country: Country,
    /// What it is held in.
    pub currency: Currency,
    /// The bank account or card. Its numbers are kept apart from the journal, as personal data.
    pub kind: NewDestination,
    /// The name of the holder. Kept apart from the journal, as personal data.
    pub holder_name: Option<String>,
    /// Who the holder is.
    pub holder_type: Option<HolderType>,
    /// What becomes of the one that payouts in its currency have gone to so far.
    pub placement: Placement,
    /// What the host writes on it for itself.
    pub metadata: Metadata,
}

impl NewExternalAccount {
    /// The bank account with this number or IBAN, in the given country and currency.
    pub fn bank(account: AccountId, country: Country, currency: Currency, number: impl Into<String>) -> Self {
        let number = AccountNumber::Full(number.into());
        Self::of(account, country, currency, NewDestination::Bank { routing: None, number, account_type: None })
    }

    /// A bank account of whose number only the last four characters are known here; a token stands for it.
    pub fn bank_token(
        account: AccountId,
        country: Country,
        currency: Currency,
        token: impl Into<String>,
        last4: impl Into<String>,
    ) -> Self {
        let number = AccountNumber::Token { token: token.into(), last4: last4.into() };
        Self::of(account, country, currency, NewDestination::Bank { routing: None, number, account_type: None })
    }

    /// A debit card for whose number a token stands.
    pub fn card(
        account: AccountId,
        country: Country,
        currency: Currency,
        token: impl Into<String>,
        last4: impl Into<String>,
        card: Card,
    ) -> Self {
        let number = AccountNumber::Token { token: token.into(), last4: last4.into() };
        Self::of(account, country, currency, NewDestination::Card { number, card })
    }

    const fn of(account: AccountId, country: Country, currency: Currency, kind: NewDestination) -> Self {
        Self {
            account,
            country,
            currency,
            kind,
            holder_name: None,
            holder_type: None,
            placement: Placement::Beside,
            metadata: Metadata::new(),
        }
    }

    /// The same, at the bank with this number. A card has none.
    #[must_use]
    pub fn routing(mut self, number: impl Into<String>) -> Self {
        if let NewDestination::Bank { routing, .. } = &mut self.kind {
            *routing = Some(Routing(number.into()));
        }
        self
    }

    /// The same, used for something. A card is used for nothing else than payouts.
    #[must_use]
    pub fn account_type(mut self, used_for: BankAccountType) -> Self {
        if let NewDestination::Bank { account_type, .. } = &mut self.kind {
            *account_type = Some(used_for);
        }
        self
    }

    /// The same, with its holder.
    #[must_use]
    pub fn holder(mut self, name: impl Into<String>, holder_type: HolderType) -> Self {
        self.holder_name = Some(name.into());
        self.holder_type = Some(holder_type);
        self
    }

    /// The same; payouts in its currency go to it from now on.
    #[must_use]
    pub const fn default_for_currency(mut self) -> Self {
        self.placement = Placement::Default;
        self
    }

    /// The same; payouts in its currency go to it from now on, and the one that they have gone to so far is deleted.
    #[must_use]
    pub const fn replacing_default(mut self) -> Self {
        self.placement = Placement::Replacing;
        self
    }

    /// The same, with metadata.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// The same without numbers and names, for what is written into the journal about it.
    pub(crate) fn without_personal(&self) -> Self {
        let kind = match &self.kind {
            NewDestination::Bank { number, account_type, .. } => {
                NewDestination::Bank { routing: None, number: number.emptied(), account_type: *account_type }
            }
            NewDestination::Card { number, card } => NewDestination::Card { number: number.emptied(), card: *card },
        };
        Self { kind, holder_name: None, ..self.clone() }
    }

    /// What is kept of it apart from the journal.
    pub(crate) fn details(&self) -> BankDetails {
        let (number, routing) = self.kind.numbers();
        BankDetails {
            number: Some(number.clone()),
            routing: routing.map(str::to_owned),
            holder_name: self.holder_name.clone(),
        }
    }

    /// That it is complete, whoever it is for.
    pub(crate) fn check(&self, today: NaiveDate) -> Result<(), AccountError> {
        let (number, _) = self.kind.numbers();
        number.check()?;
        self.metadata.check().map_err(AccountError::Metadata)?;
        match &self.kind {
            NewDestination::Card { number: AccountNumber::Full(_), .. } => Err(AccountError::CardNumber),
            NewDestination::Card { card, .. } => card.check(today),
            NewDestination::Bank { .. } => Ok(()),
        }
    }

    /// That payouts in its currency can be sent to it.
    pub(crate) fn check_rules(&self, book: &Rulebook, livemode: bool) -> Result<(), AccountError> {
        let (country, currency) = (self.country, self.currency);
        match &self.kind {
            NewDestination::Bank { number, account_type, .. } => {
                // Where no format is known, anything is taken.
                let has_format = book.bank_format(country, currency).is_some();
                if !has_format && book.bank_formats().any(|format| format.country() == country) {
                    let reason = BankFormatError::UnknownFormat { country, currency };
                    return Err(AccountError::BankNumberInvalid { reason });
                }
                check_account_type(book, country, currency, *account_type)?;
                if self.is_test(book, livemode, number)? {
                    return Ok(());
                }
                let (AccountNumber::Full(number), Some(format)) = (number, book.bank_format(country, currency)) else {
                    return Ok(());
                };
                let checked = format.check(self.kind.numbers().1, number);
                checked.map_err(|reason| AccountError::BankNumberInvalid { reason })
            }
            NewDestination::Card { number, .. } => {
                if let Some(TestOutcome::Refused(funding)) = self.test_value(book).map(TestDestination::outcome) {
                    return Err(AccountError::CardNotDebit(*funding));
                }
                // RULE: debit cards take payouts where they take them within minutes
                // (docs.stripe.com/payouts/instant-payouts, 2026).
                let is_taken = book.instant_destinations(country, currency).is_some_and(|rule| rule.to_cards());
                if self.is_test(book, livemode, number)? || is_taken {
                    return Ok(());
                }
                Err(AccountError::CardsNotTaken { country, currency })
            }
        }
    }

    /// The test value that it is, whether or not it is at the bank that the value names.
    fn test_value<'b>(&self, book: &'b Rulebook) -> Option<&'b TestDestination> {
        match self.kind.numbers().0 {
            AccountNumber::Token { token, .. } => book.test_destination_by_token(token),
            AccountNumber::Full(number) => book.test_bank_account(self.country, number),
        }
    }

    /// Whether its bank, or the card's, takes no payouts within minutes, as far as a test value says so.
    pub(crate) fn is_never_instant(&self, book: &Rulebook) -> bool {
        self.test_value(book).is_some_and(|known| *known.outcome() == TestOutcome::NotInstant)
    }

    /// Whether the number is a documented test number, which passes as it is.
    // RULE: test accounts are for test mode only (docs.stripe.com/connect/testing, 2024).
    fn is_test(&self, book: &Rulebook, livemode: bool, number: &AccountNumber) -> Result<bool, AccountError> {
        let routing = self.kind.numbers().1;
        let (is_known, is_known_there) = match number {
            AccountNumber::Token { token, .. } => {
                let is_known = book.test_destination_by_token(token).is_some();
                (is_known, is_known)
            }
            AccountNumber::Full(number) => {
                let test = book.test_bank_account(self.country, number);
                // In test mode the number says by itself which bank it is at.
                let is_there = test.is_some_and(|test| test.is_at(routing));
                (test.is_some() && (is_there || routing.is_none()), is_there)
            }
        };
        if livemode && is_known_there {
            return Err(AccountError::TestNumberInLiveMode);
        }
        Ok(is_known && !livemode)
    }
}

/// That accounts in a country can be used for that; where nothing is known about it, anything is taken.
pub(crate) fn check_account_type(
    book: &Rulebook,
    country: Country,
    currency: Currency,
    account_type: Option<BankAccountType>,
) -> Result<(), AccountError> {
    let types = book.bank_format(country, currency).map(|format| format.account_types()).unwrap_or_default();
    let is_other = |used_for: &BankAccountType| !types.iter().any(|known| **known == *used_for.as_str());
    match account_type.filter(|_| !types.is_empty()).filter(is_other) {
        Some(account_type) => Err(AccountError::AccountTypeNotThere { account_type, country }),
        None => Ok(()),
    }
}

impl fmt::Debug for NewExternalAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewExternalAccount")
            .field("account", &self.account)
            .field("country", &self.country)
            .field("currency", &self.currency)
            .field("kind", &self.kind)
            .field("holder_type", &self.holder_type)
            .field("placement", &self.placement)
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}

/// A command: change what can be changed of a bank account or card. Everything else takes a new one.
///
/// Whatever it changes, if anything, a bank account that had returned a payout is used again.
///
/// ```
/// use fundroute::accounts::{HolderType, Metadata, UpdateExternalAccount};
/// use fundroute::ids::ExternalAccountId;
///
/// let bank = ExternalAccountId::from_host([7; 14]);
/// let update = UpdateExternalAccount::new(bank)
///     .holder("Jo Doe", HolderType::Individual)
///     .metadata(Metadata::new().set("checked_by", "import"))
///     .default_for_currency();
/// assert!(update.default_for_currency);
/// assert!(!format!("{update:?}").contains("Doe"));
/// ```
// RULE: docs.stripe.com/api/external_accounts/update and /api/external_account_cards/update (2026).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateExternalAccount {
    /// Which one.
    pub external_account: ExternalAccountId,
    /// Whether payouts in its currency go to it from now on; if not, they go where they went before.
    pub default_for_currency: bool,
    /// Another name of the holder; an empty one takes it back. Kept apart from the journal, as personal data.
    pub holder_name: Option<String>,
    /// Another kind of holder.
    pub holder_type: Option<HolderType>,
    /// Another use of a bank account.
    pub account_type: Option<BankAccountType>,
    /// Another month and year that a card expires at the end of.
    pub expires: Option<(u8, u16)>,
    /// Metadata to set; an empty value removes its key.
    pub metadata: Metadata,
}

impl UpdateExternalAccount {
    /// An update that changes nothing, but has a bank account used again that had returned a payout.
    pub const fn new(external_account: ExternalAccountId) -> Self {
        Self {
            external_account,
            default_for_currency: false,
            holder_name: None,
            holder_type: None,
            account_type: None,
            expires: None,
            metadata: Metadata::new(),
        }
    }

    /// The same; payouts in its currency go to it from now on.
    #[must_use]
    pub const fn default_for_currency(mut self) -> Self {
        self.default_for_currency = true;
        self
    }

    /// The same, with another holder.
    #[must_use]
    pub fn holder(mut self, name: impl Into<String>, holder_type: HolderType) -> Self {
        self.holder_name = Some(name.into());
        self.holder_type = Some(holder_type);
        self
    }

    /// The same, with another use of a bank account.
    #[must_use]
    pub const fn account_type(mut self, account_type: BankAccountType) -> Self {
        self.account_type = Some(account_type);
        self
    }

    /// The same, with another month and year that a card expires at the end of.
    #[must_use]
    pub const fn expires(mut self, month: u8, year: u16) -> Self {
        self.expires = Some((month, year));
        self
    }

    /// The same, with metadata to set.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// What is kept of it apart from the journal, if there is anything.
    pub(crate) fn details(&self) -> Option<BankDetails> {
        let holder_name = Some(self.holder_name.clone()?);
        Some(BankDetails { holder_name, ..BankDetails::default() })
    }

    /// The same without names, for what is written into the journal about it.
    pub(crate) fn without_personal(&self) -> Self {
        Self { holder_name: self.holder_name.as_ref().map(|_| String::new()), ..self.clone() }
    }
}

impl fmt::Debug for UpdateExternalAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateExternalAccount")
            .field("external_account", &self.external_account)
            .field("default_for_currency", &self.default_for_currency)
            .field("holder_type", &self.holder_type)
            .field("account_type", &self.account_type)
            .field("expires", &self.expires)
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}
