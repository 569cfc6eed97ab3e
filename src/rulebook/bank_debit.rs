//! Where banks are debited for balances below zero, when, and how often that is tried.

use iso_country::Country;
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::money::{Currency, Money};

/// What holds for debits of bank accounts in a country, held in one currency, whose owners have a balance below zero.
///
/// ```
/// use fundroute::money::Currency;
/// use fundroute::rulebook::{BankDebitTerms, Country, Rulebook};
///
/// // A host whose processor debits banks in Singapore too, two bank days after the fall, and hears of it after three more:
/// let ours = BankDebitTerms::new(Country::SG, Currency::SGD, 2, 3);
/// let book = Rulebook::standard().with_bank_debit_terms(ours)?;
/// let terms = book.bank_debit_terms(Country::SG, Currency::SGD).unwrap();
/// assert_eq!((terms.wait_days(), terms.lead_days()), (2, 3));
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankDebitTerms {
    country: Country,
    currency: Currency,
    wait_days: u8,
    lead_days: u8,
    reverses_payouts: bool,
    source: Source,
}

impl BankDebitTerms {
    /// Terms of the host's own: debited so many bank days after the balance fell below zero, at least one, and expected to be there so many
    /// bank days after that.
    #[must_use]
    pub fn new(country: Country, currency: Currency, wait_days: u8, lead_days: u8) -> Self {
        Self { country, currency, wait_days, lead_days, reverses_payouts: false, source: Source::host() }
    }

    /// The same, where payouts to such bank accounts can be taken back, too.
    #[must_use]
    pub fn with_payout_reversals(mut self) -> Self {
        self.reverses_payouts = true;
        self
    }

    /// Where the bank is.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// What is owed, and what the bank account is held in.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// How many bank days what comes in has to pay a debt before the bank is debited; one or more.
    #[must_use]
    pub const fn wait_days(&self) -> u8 {
        self.wait_days
    }

    /// How many bank days after that the money is expected.
    #[must_use]
    pub const fn lead_days(&self) -> u8 {
        self.lead_days
    }

    /// Whether such bank accounts are debited for payouts that are taken back, too.
    // RULE: in the United States and in Canada (docs.stripe.com/api/payouts/reverse, 2026).
    #[must_use]
    pub const fn reverses_payouts(&self) -> bool {
        self.reverses_payouts
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    const fn problem(&self) -> Option<&'static str> {
        if self.wait_days == 0 { Some("what comes in has at least one day to pay the debt") } else { None }
    }
}

/// How patient debits of banks are, and for how long what they bring is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankDebitPolicy {
    /// Accounts with a full dashboard, and the platform, are debited once they owe more than so many whole units of the currency; all
    /// others for any amount.
    pub tolerance: u32,
    /// After so many debits that a bank account did not pay, nothing is sent to it or taken from it until it is updated or replaced; at
    /// least one.
    pub attempts: u8,
    /// For how many bank days after a debit has brought money the platform's own stays set aside; nothing for not at all.
    pub reserve_days: u8,
}

impl BankDebitPolicy {
    /// What the field does.
    // RULE: accounts of the Standard kind below -10.00 only (support.stripe.com/questions/auto-debit-faq). That "10.00" are ten units of any
    // currency, that the platform is treated alike, and so are other accounts with a full dashboard, is our reading.
    // RULE: the platform's money stays set aside for up to three business days after the debit posts
    // (support.stripe.com/questions/connect-reserves-faq; docs.stripe.com/connect/account-balances, 2024).
    // After how many debits it is over is not published: three is our own choice.
    pub const STANDARD: Self = Self { tolerance: 10, attempts: 3, reserve_days: 3 };

    /// How much may be owed in a currency without a debit by whoever is not debited for any amount, in minor units.
    pub(crate) fn tolerated(self, currency: Currency) -> i128 {
        // INVARIANT: no currency has more than four digits behind its point.
        let unit = 10_i128.checked_pow(currency.exponent()).unwrap_or(i128::MAX);
        i128::from(self.tolerance).saturating_mul(unit)
    }
}

/// Debits of banks for balances below zero.
impl Rulebook {
    /// What holds for debits of bank accounts in a country, held in one currency. `None` where there are none.
    ///
    /// ```
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// let wait = |country, currency| book.bank_debit_terms(country, currency).map(|terms| terms.wait_days());
    /// assert_eq!(wait(Country::US, Currency::USD), Some(1));
    /// assert_eq!(wait(Country::GB, Currency::GBP), Some(3));
    /// assert_eq!(wait(Country::JP, Currency::JPY), None);
    /// ```
    // RULE: Australia, Canada, New Zealand, the United States and Europe (docs.stripe.com/connect/account-balances, 2024); the next day in
    // Australia, Canada and the United States, after three business days in the United Kingdom
    // (support.stripe.com/questions/auto-debit-faq). Elsewhere the longest that is published is assumed.
    #[must_use]
    pub fn bank_debit_terms(&self, country: Country, currency: Currency) -> Option<&BankDebitTerms> {
        self.0.bank_debits.get(&(country, currency))
    }

    /// All terms of debits of banks, by country and currency.
    pub fn all_bank_debit_terms(&self) -> impl Iterator<Item = &BankDebitTerms> {
        self.0.bank_debits.values()
    }

    /// The book with other terms of debits of banks, in place of those for the same country and currency.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, [`RulebookError::Invalid`] where there is no wait.
    pub fn with_bank_debit_terms(mut self, terms: BankDebitTerms) -> Result<Self, RulebookError> {
        self.country(terms.country)?;
        if let Some(reason) = terms.problem() {
            return Err(RulebookError::Invalid { table: Table::BankDebits, reason });
        }
        self.book_mut().bank_debits.insert((terms.country, terms.currency), terms);
        Ok(self)
    }

    /// The book in which banks in a country are not debited in that currency.
    #[must_use]
    pub fn without_bank_debits(mut self, country: Country, currency: Currency) -> Self {
        self.book_mut().bank_debits.remove(&(country, currency));
        self
    }

    /// How patient debits of banks are.
    #[must_use]
    pub fn bank_debit_policy(&self) -> BankDebitPolicy {
        self.0.bank_debit_policy
    }

    /// The book with another patience of debits of banks. No attempt at all counts as one.
    ///
    /// ```
    /// use fundroute::rulebook::{BankDebitPolicy, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// let ours = BankDebitPolicy { attempts: 2, ..book.bank_debit_policy() };
    /// assert_eq!(book.with_bank_debit_policy(ours).bank_debit_policy().attempts, 2);
    /// ```
    #[must_use]
    pub fn with_bank_debit_policy(mut self, policy: BankDebitPolicy) -> Self {
        self.book_mut().bank_debit_policy = BankDebitPolicy { attempts: policy.attempts.max(1), ..policy };
        self
    }

    /// What may be owed without a debit, in minor units: nothing by those who are debited for any amount.
    pub(crate) fn tolerated_debt(&self, has_full_dashboard: bool, currency: Currency) -> Money {
        let tolerated = self.bank_debit_policy().tolerated(currency);
        let minor = if has_full_dashboard { i64::try_from(tolerated).unwrap_or(i64::MAX) } else { 0 };
        Money::new(minor, currency)
    }

    pub(super) fn read_bank_debits(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| self.knows(row.check()?, |((country, _), _)| *country);
        let terms = table::read(Table::BankDebits, csv, check)?;
        self.book_mut().bank_debits.extend(terms);
        Ok(())
    }
}

/// A row of `bank_debits.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    wait_days: u8,
    lead_days: u8,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    reverses_payouts: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<((Country, Currency), BankDebitTerms), String> {
        let Self { country, currency, wait_days, lead_days, reverses_payouts, .. } = self;
        let source = Source::new(self.source, self.year, self.note);
        let terms = BankDebitTerms { country, currency, wait_days, lead_days, reverses_payouts, source };
        match terms.problem() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok(((country, currency), terms)),
        }
    }
}
