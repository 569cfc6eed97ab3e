//! When a platform may turn an account away, in each era.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::words::read_and_print;
use super::{Rulebook, UnknownWord};

/// By the rules of which time platforms turn accounts away. In test mode they always may.
// RULE: until 2026-07-29 all balances of a live account had to be zero (docs.stripe.com/api/account/reject, 2025); since then they
// may hold anything (docs.stripe.com/changelog, 2026-07-29).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionEra {
    /// Whatever the account holds.
    #[default]
    Current,
    /// Only when every balance of the account is zero.
    BalancesMustBeZero,
}

impl RejectionEra {
    /// Every era, the newest first.
    pub const ALL: [Self; 2] = [Self::Current, Self::BalancesMustBeZero];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::BalancesMustBeZero => "balances_must_be_zero",
        }
    }
}

read_and_print!(RejectionEra, "a rejection era");

impl Rulebook {
    /// By the rules of which time platforms turn accounts away. The current ones in the standard book.
    ///
    /// ```
    /// use fundroute::rulebook::{RejectionEra, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert_eq!(book.rejection_era(), RejectionEra::Current);
    /// let then = book.with_rejection_era("balances_must_be_zero".parse()?);
    /// assert_eq!(then.rejection_era(), RejectionEra::BalancesMustBeZero);
    /// # Ok::<(), fundroute::rulebook::UnknownWord>(())
    /// ```
    #[must_use]
    pub fn rejection_era(&self) -> RejectionEra {
        self.0.rejection_era
    }

    /// The book in which platforms turn accounts away by the rules of another time.
    #[must_use]
    pub fn with_rejection_era(mut self, era: RejectionEra) -> Self {
        self.book_mut().rejection_era = era;
        self
    }
}
