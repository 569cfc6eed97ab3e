//! Where a platform may take money back from an account, how much of it, and what that costs.

use iso_country::Country;
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::money::{Currency, Money, MoneyError, Rate, Rounding};

/// The region in which accounts of a country can be debited by platforms of the same one.
///
/// ```
/// use fundroute::rulebook::{Country, Rulebook};
///
/// let book = Rulebook::standard();
/// let region = |country| book.debit_region(country).map(|region| region.name());
/// assert_eq!((region(Country::US), region(Country::FR), region(Country::BR)), (Some("us"), Some("europe"), None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitRegion {
    country: Country,
    name: Box<str>,
    source: Source,
}

impl DebitRegion {
    /// The country.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The name of the region, which the countries in it share.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// How much one debit of an account may take in a currency, and what the platform pays for it.
///
/// ```
/// use fundroute::money::{Currency, usd};
/// use fundroute::rulebook::{DebitTerms, Rulebook};
///
/// let ours = DebitTerms::new(Currency::USD).at_most(5_000_00).fee("1%".parse()?, 25);
/// assert_eq!((ours.max(), ours.fee_of(usd(33_00))?), (Some(usd(5_000_00)), usd(58)));
/// let book = Rulebook::standard().with_debit_terms(ours)?;
/// assert_eq!(book.debit_terms(Currency::USD).and_then(DebitTerms::max), Some(usd(5_000_00)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitTerms {
    currency: Currency,
    max: Option<i64>,
    percent: Rate,
    fixed: i64,
    source: Source,
}

impl DebitTerms {
    /// Terms of the host's own: any amount, for nothing.
    #[must_use]
    pub fn new(currency: Currency) -> Self {
        Self { currency, max: None, percent: Rate::ZERO, fixed: 0, source: Source::host() }
    }

    /// The same terms, but never more than so many minor units at once.
    #[must_use]
    pub const fn at_most(mut self, minor: i64) -> Self {
        self.max = Some(minor);
        self
    }

    /// The same terms for a price: `percent` of the amount and `fixed` minor units, paid by the platform.
    #[must_use]
    pub const fn fee(mut self, percent: Rate, fixed: i64) -> Self {
        (self.percent, self.fixed) = (percent, fixed);
        self
    }

    /// What they are about.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The most that one debit may take, if that is bounded.
    #[must_use]
    pub fn max(&self) -> Option<Money> {
        self.max.map(|minor| Money::new(minor, self.currency))
    }

    /// What the platform pays the processor for a debit of that amount. It may be more than the amount.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] for an amount in another currency, [`MoneyError::Overflow`] beyond what [`Money`] holds.
    pub fn fee_of(&self, amount: Money) -> Result<Money, MoneyError> {
        // ROUNDING: to the nearest minor unit, ties up, as the processor's other fees
        // (support.stripe.com/questions/rounding-rules-for-stripe-fees).
        let share = self.percent.of(amount, Rounding::NearestTiesAway)?;
        Money::new(self.fixed, self.currency).checked_add(share)
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    fn problem(&self) -> Option<&'static str> {
        if self.max.is_some_and(|max| max < 1) {
            return Some("the maximum must be above zero");
        }
        (self.fixed < 0).then_some("a price is never negative")
    }
}

/// Debits of connected accounts.
impl Rulebook {
    /// The region in which accounts of a country can be debited. `None` where they cannot be.
    // RULE: Australia, Canada, Europe, Hong Kong, Japan, New Zealand and the United States (docs.stripe.com/connect/account-debits,
    // 2024). The page does not list the countries of Europe: that these are the European Economic Area where payments settle, the
    // United Kingdom and Switzerland is our reading.
    #[must_use]
    pub fn debit_region(&self, country: Country) -> Option<&DebitRegion> {
        self.0.debit_regions.get(&country)
    }

    /// Every country whose accounts can be debited, in order.
    pub fn debit_regions(&self) -> impl Iterator<Item = &DebitRegion> {
        self.0.debit_regions.values()
    }

    /// Whether a platform may debit accounts in that country: both are in one region, and that is one where accounts can be debited.
    ///
    /// ```
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert!(book.may_debit(Country::US, Country::US) && book.may_debit(Country::DE, Country::FR));
    /// assert!(!book.may_debit(Country::US, Country::CA) && !book.may_debit(Country::BR, Country::BR));
    ///
    /// // A host with a contract of its own:
    /// let book = book.with_debit_region(Country::BR, "br")?;
    /// assert!(book.may_debit(Country::BR, Country::BR));
    /// # Ok::<(), fundroute::rulebook::RulebookError>(())
    /// ```
    #[must_use]
    pub fn may_debit(&self, platform: Country, account: Country) -> bool {
        let region = |country| self.debit_region(country).map(DebitRegion::name);
        region(platform).is_some_and(|name| region(account) == Some(name))
    }

    /// How much one debit may take in a currency, and what it costs. Without terms a debit takes any amount, for nothing.
    // RULE: at most 100,000 USD or the equivalent (docs.stripe.com/connect/account-debits, 2026). Equivalents need a rate of the day,
    // so only what a row says is bounded. That there is a fee is said, how much it is not: a host names its own.
    #[must_use]
    pub fn debit_terms(&self, currency: Currency) -> Option<&DebitTerms> {
        self.0.debit_terms.get(&currency)
    }

    /// The book in which accounts of a country can be debited by platforms of the region of that name.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be.
    pub fn with_debit_region(mut self, country: Country, name: &str) -> Result<Self, RulebookError> {
        self.country(country)?;
        let region = DebitRegion { country, name: name.into(), source: Source::host() };
        self.book_mut().debit_regions.insert(country, region);
        Ok(self)
    }

    /// The book with other terms of debits, in place of those for the same currency.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Invalid`] if they contradict themselves.
    pub fn with_debit_terms(mut self, terms: DebitTerms) -> Result<Self, RulebookError> {
        if let Some(reason) = terms.problem() {
            return Err(RulebookError::Invalid { table: Table::DebitTerms, reason });
        }
        self.book_mut().debit_terms.insert(terms.currency, terms);
        Ok(self)
    }

    pub(super) fn read_debit_regions(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: RegionRow| self.knows(row.check()?, |(country, _)| *country);
        let regions = table::read(Table::DebitRegions, csv, check)?;
        self.book_mut().debit_regions.extend(regions);
        Ok(())
    }

    pub(super) fn read_debit_terms(&mut self, csv: &str) -> Result<(), RulebookError> {
        let terms = table::read(Table::DebitTerms, csv, TermsRow::check)?;
        self.book_mut().debit_terms.extend(terms);
        Ok(())
    }
}

/// A row of `debit_regions.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionRow {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    region: String,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl RegionRow {
    fn check(self) -> Result<(Country, DebitRegion), String> {
        if self.region.is_empty() {
            return Err("a region needs its name".to_owned());
        }
        let source = Source::new(self.source, self.year, self.note);
        Ok((self.country, DebitRegion { country: self.country, name: self.region.into(), source }))
    }
}

/// A row of `debit_terms.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsRow {
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    max: Option<i64>,
    percent: Option<String>,
    fixed: Option<i64>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl TermsRow {
    fn check(self) -> Result<(Currency, DebitTerms), String> {
        let percent = self.percent.map(|percent| percent.parse::<Rate>().map_err(|error| error.to_string()));
        let terms = DebitTerms {
            currency: self.currency,
            max: self.max,
            percent: percent.transpose()?.unwrap_or(Rate::ZERO),
            fixed: self.fixed.unwrap_or(0),
            source: Source::new(self.source, self.year, self.note),
        };
        match terms.problem() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok((self.currency, terms)),
        }
    }
}
