use std::fmt;

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ExternalAccountId};
use crate::money::Currency;
use crate::rulebook::Country;

/// A command: give an account a bank account to be paid out to; it becomes the default of its currency.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewBankAccount {
    /// Whose bank account.
    pub account: AccountId,
    /// Where the bank is.
    pub country: Country,
    /// What it is held in.
    pub currency: Currency,
    /// Its number or IBAN. Kept apart from the journal, as personal data.
    pub number: String,
}

impl NewBankAccount {
    /// The bank account with this number, in the given country and currency.
    pub fn new(account: AccountId, country: Country, currency: Currency, number: impl Into<String>) -> Self {
        Self { account, country, currency, number: number.into() }
    }
}

impl fmt::Debug for NewBankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = BankDetails { number: self.number.clone() };
        write!(f, "NewBankAccount({} in {} for {}, {details:?})", self.currency, self.country, self.account)
    }
}

/// Whether payouts may be sent to a bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExternalAccountState {
    /// Usable.
    New,
    /// A payout to it came back: nothing more is sent there.
    Errored,
}

/// A bank account that payouts go to. Its number is personal data and not in here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalAccount {
    id: ExternalAccountId,
    account: AccountId,
    country: Country,
    currency: Currency,
    created: Timestamp,
    state: ExternalAccountState,
}

impl ExternalAccount {
    pub(crate) fn new(id: ExternalAccountId, command: &NewBankAccount, at: Timestamp) -> Self {
        Self {
            id,
            account: command.account,
            country: command.country,
            currency: command.currency,
            created: at,
            state: ExternalAccountState::New,
        }
    }

    /// Its id.
    pub const fn id(&self) -> ExternalAccountId {
        self.id
    }

    /// Whose it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// Where the bank is.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// What it is held in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// When it was added.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// Whether payouts may be sent to it.
    pub const fn state(&self) -> ExternalAccountState {
        self.state
    }

    /// The bank account after a payout to it came back.
    // RULE: nothing more is sent to a bank account that returned a payout until its details are renewed
    // (docs.stripe.com/payouts, 2026).
    pub(crate) fn errored(&self) -> Self {
        Self { state: ExternalAccountState::Errored, ..self.clone() }
    }
}

/// The personal part of a bank account, stored apart from the journal so that a person can be erased.
///
/// ```
/// use fundroute::accounts::BankDetails;
///
/// let details = BankDetails { number: "000123456789".to_owned() };
/// assert_eq!(details.last4(), "6789");
/// assert_eq!(format!("{details:?}"), "BankDetails(…6789)"); // a log never holds the number
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankDetails {
    /// Its number or IBAN.
    pub number: String,
}

impl BankDetails {
    /// The last four characters of the number: all that is ever shown.
    pub fn last4(&self) -> String {
        let mut last: Vec<char> = self.number.chars().rev().take(4).collect();
        last.reverse();
        last.into_iter().collect()
    }
}

impl fmt::Debug for BankDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BankDetails(…{})", self.last4())
    }
}
