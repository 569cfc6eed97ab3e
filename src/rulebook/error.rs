//! What the rulebook cannot answer, or cannot take in.

use iso_country::Country;

use super::{AccountKind, MethodTerm, OnboardingEra, PaymentMethod, Table};
use crate::money::Currency;

/// Why a rule could not be given, changed or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulebookError {
    /// A rule built by the host contradicts itself, such as a minimum above its maximum.
    #[error("a rule for {table} is not valid: {reason}")]
    Invalid {
        /// The table whose rule it would be.
        table: Table,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Accounts of this kind could not be opened, because of one of the two countries.
    #[error("`{kind}` accounts are not open to `{country}` in the era `{era}`")]
    NotOnboarded {
        /// The country that stands in the way: that of the platform or of the account.
        country: Country,
        /// The kind of account.
        kind: AccountKind,
        /// The era that was asked.
        era: OnboardingEra,
    },
    /// A table could not be read. Nothing of it was taken over.
    #[error("{table}, line {line}: {reason}")]
    Table {
        /// The table that was read.
        table: Table,
        /// The line of the text, the first being 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// Accounts in this country are not known. An unspecified country never is.
    #[error("the rulebook has no country `{0:?}`")]
    UnknownCountry(Country),
    /// Charges in this currency are not known.
    #[error("the rulebook has no limits for charges in `{0}`")]
    UnknownCurrency(Currency),
    /// Something about a way to pay is not known, and what was asked for depends on it: the host has to say.
    #[error("the rulebook does not know the {term} of `{method}` payments")]
    UnknownMethodTerm {
        /// The way to pay.
        method: PaymentMethod,
        /// What is not known of it.
        term: MethodTerm,
    },
    /// What the processor takes for such a payment is not known. It is not free: the host has to say.
    #[error("the rulebook has no price for a `{method}` payment in `{currency}`, settled in `{country}`")]
    UnknownPrice {
        /// The country of the business that settles the payment.
        country: Country,
        /// The way to pay.
        method: PaymentMethod,
        /// The currency in which the payment settles.
        currency: Currency,
    },
    /// How long charges stay pending in this country is not known.
    #[error("the rulebook has no settlement timing for `{0}`")]
    UnknownSettlementTiming(Country),
}
