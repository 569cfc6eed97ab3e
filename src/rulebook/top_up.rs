//! Where platforms may pull money from a bank account of their own, how much at once, and how long that takes.

use iso_country::Country;
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::calendar::Delay;
use crate::money::{Currency, Money};

/// What holds for the top-ups of platforms in a country, in one currency.
///
/// ```
/// use fundroute::calendar::Delay;
/// use fundroute::money::{Currency, Money};
/// use fundroute::rulebook::{Country, Rulebook, TopUpTerms};
///
/// // A host with a contract of its own:
/// let ours = TopUpTerms::new(Country::DE, Currency::EUR).available_after(3).at_most(50_000_00);
/// let book = Rulebook::standard().with_top_up_terms(ours)?;
/// let terms = book.top_up_terms(Country::DE, Currency::EUR).unwrap();
/// assert_eq!(terms.delay(), Some(Delay::Business(3)));
/// assert_eq!(terms.max(), Some(Money::new(50_000_00, Currency::EUR)));
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUpTerms {
    country: Country,
    currency: Currency,
    days: Option<u8>,
    max: Option<i64>,
    source: Source,
}

impl TopUpTerms {
    /// Terms of the host's own: any amount, after a time that nobody knows beforehand.
    #[must_use]
    pub fn new(country: Country, currency: Currency) -> Self {
        Self { country, currency, days: None, max: None, source: Source::host() }
    }

    /// The same terms, where the money is expected to be available after so many bank days.
    #[must_use]
    pub const fn available_after(mut self, days: u8) -> Self {
        self.days = Some(days);
        self
    }

    /// The same terms, but never more than so many minor units at once.
    #[must_use]
    pub const fn at_most(mut self, minor: i64) -> Self {
        self.max = Some(minor);
        self
    }

    /// Where the platform is.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// What is pulled.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// After how long the money is expected to be available; nothing where that is not known.
    #[must_use]
    pub fn delay(&self) -> Option<Delay> {
        self.days.map(Delay::Business)
    }

    /// The most that one top-up may pull, if that is bounded.
    #[must_use]
    pub fn max(&self) -> Option<Money> {
        self.max.map(|minor| Money::new(minor, self.currency))
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    fn problem(&self) -> Option<&'static str> {
        self.max.is_some_and(|max| max < 1).then_some("the maximum must be above zero")
    }
}

/// Top-ups.
impl Rulebook {
    /// What holds for the top-ups of platforms in a country, in one currency. `None` where they have none.
    ///
    /// ```
    /// use fundroute::calendar::Delay;
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// let delay = |country, currency| book.top_up_terms(country, currency).map(|terms| terms.delay());
    /// assert_eq!(delay(Country::US, Currency::USD), Some(Some(Delay::Business(6))));
    /// assert_eq!(delay(Country::GB, Currency::GBP), Some(None));
    /// assert_eq!(delay(Country::DE, Currency::EUR), None);
    /// ```
    // RULE: open to platforms in the United States, the United Kingdom and Japan, in preview elsewhere, which a host opens with a row of
    // its own (docs.stripe.com/connect/top-ups, 2025). Five to six bank days in the United States, of which the later is expected
    // (docs.stripe.com/connect/add-and-pay-out-guide, 2024); elsewhere no page says. How much at once none says either.
    #[must_use]
    pub fn top_up_terms(&self, country: Country, currency: Currency) -> Option<&TopUpTerms> {
        self.0.top_up_terms.get(&(country, currency))
    }

    /// All terms of top-ups, by country and currency.
    pub fn all_top_up_terms(&self) -> impl Iterator<Item = &TopUpTerms> {
        self.0.top_up_terms.values()
    }

    /// The book with other terms of top-ups, in place of those for the same country and currency.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, [`RulebookError::Invalid`] where the most is nothing.
    pub fn with_top_up_terms(mut self, terms: TopUpTerms) -> Result<Self, RulebookError> {
        self.country(terms.country)?;
        if let Some(reason) = terms.problem() {
            return Err(RulebookError::Invalid { table: Table::TopUpTerms, reason });
        }
        self.book_mut().top_up_terms.insert((terms.country, terms.currency), terms);
        Ok(self)
    }

    pub(super) fn read_top_up_terms(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| self.knows(row.check()?, |((country, _), _)| *country);
        let terms = table::read(Table::TopUpTerms, csv, check)?;
        self.book_mut().top_up_terms.extend(terms);
        Ok(())
    }
}

/// A row of `top_up_terms.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    days: Option<u8>,
    max: Option<i64>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<((Country, Currency), TopUpTerms), String> {
        let Self { country, currency, days, max, .. } = self;
        let source = Source::new(self.source, self.year, self.note);
        let terms = TopUpTerms { country, currency, days, max, source };
        match terms.problem() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok(((country, currency), terms)),
        }
    }
}
