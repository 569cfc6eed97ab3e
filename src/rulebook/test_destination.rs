//! The bank accounts and debit cards that exist in test mode only.

use std::str::FromStr;

use iso_country::Country;
use serde::Deserialize;

use super::number::{Number, plain};
use super::{DestinationKind, Source, table};

/// What becomes of a payout to a test destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// It arrives.
    Paid,
    /// It comes back, with this failure code.
    Failed(Box<str>),
}

impl FromStr for TestOutcome {
    type Err = String;

    /// Reads `paid`, or `failed:` and a code.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "paid" => Ok(Self::Paid),
            Some(("failed", code)) if !code.is_empty() => Ok(Self::Failed(code.into())),
            None | Some(_) => Err(format!("`{text}` is neither `paid` nor `failed:` and a code")),
        }
    }
}

/// A bank account or debit card of test mode, and what becomes of a payout to it.
///
/// ```
/// use fundroute::rulebook::{Country, Rulebook, TestOutcome};
///
/// let book = Rulebook::standard();
/// let closed = book.test_destination(Country::US, "000111111113");
/// let outcome = closed.map(|destination| destination.outcome());
/// assert_eq!(outcome, Some(&TestOutcome::Failed("account_closed".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestDestination {
    kind: DestinationKind,
    country: Country,
    routing: Option<Box<str>>,
    number: Number,
    token: Option<Box<str>>,
    outcome: TestOutcome,
    source: Source,
}

impl TestDestination {
    /// Bank account or card.
    #[must_use]
    pub const fn kind(&self) -> DestinationKind {
        self.kind
    }

    /// The country of the bank.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The number of the bank, where the country has such numbers.
    #[must_use]
    pub fn routing(&self) -> Option<&str> {
        self.routing.as_deref()
    }

    /// Whether this is the number of its bank, however it is typed; nothing is, where the country has no such numbers.
    #[must_use]
    pub fn is_at(&self, routing: Option<&str>) -> bool {
        self.routing().and_then(plain) == routing.and_then(plain)
    }

    /// The number of the account or card, as it would be typed in.
    #[must_use]
    pub fn number(&self) -> &str {
        self.number.as_str()
    }

    /// The word that stands for the number, where there is one.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// What becomes of a payout to it.
    #[must_use]
    pub const fn outcome(&self) -> &TestOutcome {
        &self.outcome
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// A row of `payout_test_values.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    kind: DestinationKind,
    #[serde(deserialize_with = "table::country")]
    country: Country,
    routing: Option<String>,
    number: String,
    token: Option<String>,
    #[serde(deserialize_with = "table::parsed")]
    outcome: TestOutcome,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<((Country, Number), TestDestination), String> {
        if self.number.is_empty() {
            return Err("a test destination needs a number".to_owned());
        }
        let destination = TestDestination {
            kind: self.kind,
            country: self.country,
            routing: self.routing.map(Into::into),
            number: Number::new(self.number),
            token: self.token.map(Into::into),
            outcome: self.outcome,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok(((destination.country, destination.number.clone()), destination))
    }
}
