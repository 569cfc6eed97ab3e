//! Where accounts may be.

use iso_country::Country;
use serde::Deserialize;

use super::{Availability, Region, Source, table};
use crate::money::Currency;

/// What holds for accounts in one country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountryRule {
    country: Country,
    name: Box<str>,
    availability: Availability,
    region: Region,
    default_currency: Currency,
    /// INVARIANT: `with_settlement` puts the default currency first.
    settlement_currencies: Box<[Currency]>,
    source: Source,
}

impl CountryRule {
    /// The country.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// Its name in English.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether every platform may have accounts there.
    #[must_use]
    pub const fn availability(&self) -> Availability {
        self.availability
    }

    /// The region it belongs to.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// The currency that an account there settles in unless it chose another.
    #[must_use]
    pub const fn default_currency(&self) -> Currency {
        self.default_currency
    }

    /// The currencies that an account there can hold, the default first.
    ///
    /// What is known: regions with several settlement currencies may have more, which a host adds with
    /// [`Rulebook::with_settlement_currencies`](super::Rulebook::with_settlement_currencies).
    #[must_use]
    pub fn settlement_currencies(&self) -> &[Currency] {
        &self.settlement_currencies
    }

    /// Whether an account there can hold that currency.
    #[must_use]
    pub fn settles_in(&self, currency: Currency) -> bool {
        self.settlement_currencies.contains(&currency)
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// The same country with those settlement currencies, and its default.
    pub(super) fn with_settlement(mut self, currencies: &[Currency]) -> Self {
        let mut all = vec![self.default_currency];
        for currency in currencies {
            if !all.contains(currency) {
                all.push(*currency);
            }
        }
        self.settlement_currencies = all.into();
        self
    }
}

/// A row of `countries.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::country")]
    code: Country,
    name: String,
    #[serde(deserialize_with = "table::parsed")]
    availability: Availability,
    #[serde(deserialize_with = "table::parsed")]
    default_currency: Currency,
    settlement_currencies: String,
    #[serde(deserialize_with = "table::parsed")]
    region: Region,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(Country, CountryRule), String> {
        let currencies = table::list(&self.settlement_currencies, |code| {
            code.parse::<Currency>().map_err(|error| error.to_string())
        })?;
        let rule = CountryRule {
            country: self.code,
            name: self.name.into(),
            availability: self.availability,
            region: self.region,
            default_currency: self.default_currency,
            settlement_currencies: Box::default(),
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.code, rule.with_settlement(&currencies)))
    }
}
