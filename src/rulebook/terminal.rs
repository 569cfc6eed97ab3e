//! Where readers can take payments.

use iso_country::Country;
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};

/// A country where readers can take payments, and what the address of a place there has to say.
///
/// ```
/// use fundroute::rulebook::{Country, Rulebook};
///
/// let book = Rulebook::standard();
/// assert!(book.terminal_country(Country::US).is_some_and(|rule| rule.needs_city() && rule.needs_state()));
/// assert!(book.terminal_country(Country::IE).is_some_and(|rule| !rule.needs_city()));
/// assert!(book.terminal_country(Country::BR).is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalCountry {
    country: Country,
    city: bool,
    state: bool,
    source: Source,
}

impl TerminalCountry {
    /// The country.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// Whether the address of a place there names the city.
    #[must_use]
    pub const fn needs_city(&self) -> bool {
        self.city
    }

    /// Whether the address of a place there names the state or province.
    #[must_use]
    pub const fn needs_state(&self) -> bool {
        self.state
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// Payments in person.
impl Rulebook {
    /// What holds for readers in a country. `None` where there can be none.
    // RULE: docs.stripe.com/terminal/fleet/locations (2025).
    #[must_use]
    pub fn terminal_country(&self, country: Country) -> Option<&TerminalCountry> {
        self.0.terminal_countries.get(&country)
    }

    /// Every country where readers can be, in order.
    pub fn terminal_countries(&self) -> impl Iterator<Item = &TerminalCountry> {
        self.0.terminal_countries.values()
    }

    pub(super) fn read_terminal_countries(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| self.knows(row.check(), |(country, _)| *country);
        let countries = table::read(Table::TerminalCountries, csv, check)?;
        self.book_mut().terminal_countries.extend(countries);
        Ok(())
    }
}

/// A row of `terminal_countries.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    #[serde(deserialize_with = "table::yes_or_no")]
    city: bool,
    #[serde(deserialize_with = "table::yes_or_no")]
    state: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> (Country, TerminalCountry) {
        let Self { country, city, state, source, year, note } = self;
        (country, TerminalCountry { country, city, state, source: Source::new(source, year, note) })
    }
}
