//! What exists in test mode only: bank accounts, cards and tokens.

use std::str::FromStr;

use iso_country::Country;
use serde::Deserialize;

use super::number::{Number, plain};
use super::{CardFunding, DestinationKind, Source, table};

/// What becomes of a payout to a test destination, or of what another test value is used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// It arrives; a top-up is paid.
    Paid,
    /// It comes back, with this failure code; a top-up fails.
    Failed(Box<str>),
    /// It arrives, but not within minutes.
    NotInstant,
    /// It arrives; somebody looks whose the bank account is, and finds it to be its owner's.
    OwnershipVerified,
    /// Somebody looks whose the bank account is, and asks for a document that says so.
    OwnershipDocument,
    /// The card takes no payouts, because it is no debit card.
    Refused(CardFunding),
    /// The payouts of whoever is paid with it are stopped.
    BlocksPayouts,
}

impl FromStr for TestOutcome {
    type Err = String;

    /// Reads `paid`, `failed:` and a code, `refused:` and the kind of a card, or one of the other words.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None => match text {
                "paid" => Ok(Self::Paid),
                "not_instant" => Ok(Self::NotInstant),
                "ownership_verified" => Ok(Self::OwnershipVerified),
                "ownership_document" => Ok(Self::OwnershipDocument),
                "blocks_payouts" => Ok(Self::BlocksPayouts),
                _ => Err(format!("`{text}` is no outcome of a test value")),
            },
            Some(("failed", code)) if !code.is_empty() => Ok(Self::Failed(code.into())),
            Some(("refused", funding)) => {
                funding.parse().map(Self::Refused).map_err(|_| format!("`{funding}` is no kind of card"))
            }
            Some(_) => Err(format!("`{text}` is neither `failed:` and a code nor `refused:` and a kind of card")),
        }
    }
}

/// What a token of test mode stands for, that is nothing to pay out to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestTokenKind {
    /// A card to pay with.
    PayerCard,
    /// A bank account of the platform's, which is debited for top-ups.
    TopUpSource,
}

/// A token of test mode for something that is paid with, and what that brings about.
///
/// ```
/// use fundroute::rulebook::{Rulebook, TestOutcome, TestTokenKind};
///
/// let book = Rulebook::standard();
/// let closed = book.test_token("btok_us_verified_accountClosed");
/// assert_eq!(closed.map(|token| token.kind()), Some(TestTokenKind::TopUpSource));
/// assert_eq!(closed.map(|token| token.outcome()), Some(&TestOutcome::Failed("account_closed".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestToken {
    kind: TestTokenKind,
    token: Box<str>,
    outcome: TestOutcome,
    source: Source,
}

impl TestToken {
    /// What it stands for.
    #[must_use]
    pub const fn kind(&self) -> TestTokenKind {
        self.kind
    }

    /// The word.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What it brings about.
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

/// What a row is about.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Bank,
    Card,
    PayerCard,
    TopUpSource,
}

/// What tells rows apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TestKey {
    Destination(Country, Number),
    Token(Box<str>),
}

/// What a row says.
pub(super) enum TestValue {
    Destination(TestDestination),
    Token(TestToken),
}

impl TestValue {
    pub(super) const fn outcome(&self) -> &TestOutcome {
        match self {
            Self::Destination(destination) => &destination.outcome,
            Self::Token(token) => &token.outcome,
        }
    }
}

/// A row of `payout_test_values.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    kind: Kind,
    country: Option<String>,
    routing: Option<String>,
    number: Option<String>,
    token: Option<String>,
    #[serde(deserialize_with = "table::parsed")]
    outcome: TestOutcome,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(TestKey, TestValue), String> {
        let source = Source::new(self.source, self.year, self.note);
        let is_about = match self.outcome {
            TestOutcome::Paid | TestOutcome::Failed(_) => !matches!(self.kind, Kind::PayerCard),
            TestOutcome::NotInstant => matches!(self.kind, Kind::Bank | Kind::Card),
            TestOutcome::OwnershipVerified | TestOutcome::OwnershipDocument => matches!(self.kind, Kind::Bank),
            TestOutcome::Refused(_) => matches!(self.kind, Kind::Card),
            TestOutcome::BlocksPayouts => matches!(self.kind, Kind::PayerCard),
        };
        if !is_about {
            return Err("that does not become of such a test value".to_owned());
        }
        let kind = match self.kind {
            Kind::Bank => DestinationKind::Bank,
            Kind::Card => DestinationKind::Card,
            Kind::PayerCard | Kind::TopUpSource => {
                let token: Box<str> = self.token.ok_or("such a test value needs a token")?.into();
                let kind = match self.kind {
                    Kind::TopUpSource => TestTokenKind::TopUpSource,
                    Kind::Bank | Kind::Card | Kind::PayerCard => TestTokenKind::PayerCard,
                };
                let known = TestToken { kind, token: token.clone(), outcome: self.outcome, source };
                return Ok((TestKey::Token(token), TestValue::Token(known)));
            }
        };
        let destination = TestDestination {
            kind,
            country: table::country_from(self.country.as_deref().unwrap_or_default())?,
            routing: self.routing.map(Into::into),
            number: Number::new(self.number.ok_or("a test destination needs a number")?),
            token: self.token.map(Into::into),
            outcome: self.outcome,
            source,
        };
        let key = TestKey::Destination(destination.country, destination.number.clone());
        Ok((key, TestValue::Destination(destination)))
    }
}
