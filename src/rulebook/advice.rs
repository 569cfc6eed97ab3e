//! What a person can do about what has failed.

use serde::Deserialize;

use super::{FailureOf, Rulebook, Source, TurnOf, table};

/// What happened where something failed with a code, whose turn it is, and what they can do.
///
/// ```
/// use fundroute::rulebook::{FailureOf, Rulebook, TurnOf};
///
/// let book = Rulebook::standard();
/// let closed = book.failure_advice(FailureOf::Payout, "account_closed").unwrap();
/// assert_eq!(closed.who(), TurnOf::Holder);
/// assert!(closed.what_to_do().starts_with("correct the bank account or give another one"));
/// assert_eq!(book.failure_advice(FailureOf::Payout, "struck_by_lightning"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureAdvice {
    of: FailureOf,
    code: Box<str>,
    who: TurnOf,
    meaning: Option<Box<str>>,
    what_to_do: Box<str>,
    source: Source,
}

impl FailureAdvice {
    /// What failed.
    #[must_use]
    pub const fn of(&self) -> FailureOf {
        self.of
    }

    /// The code on the wire: of a card the decline code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whose turn it is.
    #[must_use]
    pub const fn who(&self) -> TurnOf {
        self.who
    }

    /// What happened, where the [table of payouts](Rulebook::payout_failure) does not say it.
    #[must_use]
    pub fn meaning(&self) -> Option<&str> {
        self.meaning.as_deref()
    }

    /// What they can do about it, for a person.
    #[must_use]
    pub fn what_to_do(&self) -> &str {
        &self.what_to_do
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// What a row is about.
pub(super) type AdviceKey = (FailureOf, Box<str>);

/// A row of `failure_advice.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    of: FailureOf,
    code: Box<str>,
    #[serde(deserialize_with = "table::parsed")]
    who: TurnOf,
    meaning: Option<Box<str>>,
    what_to_do: Box<str>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(AdviceKey, FailureAdvice), String> {
        if self.code.is_empty() || self.what_to_do.is_empty() {
            return Err("a row names a code and what can be done about it".to_owned());
        }
        let source = Source::new(self.source, self.year, self.note);
        let Self { of, code, who, meaning, what_to_do, .. } = self;
        let advice = FailureAdvice { of, code: code.clone(), who, meaning, what_to_do, source };
        Ok(((of, code), advice))
    }
}

impl Rulebook {
    /// What can be done about something that failed with a code. `None` for a code that is not known, which banks may well use.
    #[must_use]
    pub fn failure_advice(&self, of: FailureOf, code: &str) -> Option<&FailureAdvice> {
        self.0.advice.get(&(of, code.into()))
    }

    /// Every such advice, by what failed and the code.
    pub fn all_failure_advice(&self) -> impl Iterator<Item = &FailureAdvice> {
        self.0.advice.values()
    }
}
