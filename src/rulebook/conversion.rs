//! What the processor takes of money that it converts.

use iso_country::Country;
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::money::{Currency, Rate};

/// What the processor takes of money that it converts for accounts: in a country or everywhere, from a currency or any, into one or any.
///
/// It is never a line of its own: the rate at which money comes in is that much below the one in the middle of the market. What goes
/// back goes at the middle.
///
/// ```
/// use fundroute::money::Currency;
/// use fundroute::rulebook::{ConversionFee, Country, Rulebook};
///
/// let book = Rulebook::standard();
/// assert_eq!(book.conversion_fee(Country::CA, Currency::USD, Currency::CAD).to_string(), "2 %");
///
/// // A host with a better deal for one pair:
/// let ours = ConversionFee::new("0.5 %".parse()?).in_country(Country::CA).between(Currency::USD, Currency::CAD);
/// let book = book.with_conversion_fee(ours)?;
/// assert_eq!(book.conversion_fee(Country::CA, Currency::USD, Currency::CAD).to_string(), "0.5 %");
/// assert_eq!(book.conversion_fee(Country::CA, Currency::EUR, Currency::CAD).to_string(), "2 %");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionFee {
    country: Option<Country>,
    from: Option<Currency>,
    to: Option<Currency>,
    fee: Rate,
    source: Source,
}

/// Whom and what a fee is about; what it is not bound to is not named.
pub(super) type ConversionKey = (Option<Country>, Option<Currency>, Option<Currency>);

impl ConversionFee {
    /// A fee of the host's own, of all conversions.
    #[must_use]
    pub fn new(fee: Rate) -> Self {
        Self { country: None, from: None, to: None, fee, source: Source::host() }
    }

    /// The same fee, of accounts in one country.
    #[must_use]
    pub const fn in_country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// The same fee, of one pair of currencies.
    #[must_use]
    pub const fn between(mut self, from: Currency, to: Currency) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    /// Where the accounts are whose money is converted; nothing for everywhere.
    #[must_use]
    pub const fn country(&self) -> Option<Country> {
        self.country
    }

    /// What is converted; nothing for every currency.
    #[must_use]
    pub const fn from(&self) -> Option<Currency> {
        self.from
    }

    /// What it becomes; nothing for every currency.
    #[must_use]
    pub const fn to(&self) -> Option<Currency> {
        self.to
    }

    /// Which share is taken.
    #[must_use]
    pub const fn fee(&self) -> Rate {
        self.fee
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    const fn key(&self) -> ConversionKey {
        (self.country, self.from, self.to)
    }

    /// What contradicts itself, if anything.
    fn problem(&self) -> Option<&'static str> {
        (self.fee.trillionths() >= Rate::WHOLE.trillionths()).then_some("a fee leaves something to convert")
    }
}

/// In which currencies balances can be held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SettlementPolicy {
    /// Without a bank account to pay them out to.
    unbanked: bool,
    /// Also where the currency is of another region.
    across_regions: bool,
}

/// Conversions.
impl Rulebook {
    /// Which share the processor takes of money that it converts for an account in a country. Nothing where no rule says so.
    // RULE: the fee is inside the rate (recorded exchanges of 2023-2025: 2 % of what came in into CAD, EUR, KRW and SGD); in the
    // United States 1 % (stripe.com/pricing, 2026).
    #[must_use]
    pub fn conversion_fee(&self, country: Country, from: Currency, to: Currency) -> Rate {
        let says = |country, from, to| self.0.conversion_fees.get(&(country, from, to));
        let (countries, froms, tos) = ([Some(country), None], [Some(from), None], [Some(to), None]);
        let keys = countries.into_iter().flat_map(|country| {
            froms.into_iter().flat_map(move |from| tos.into_iter().map(move |to| (country, from, to)))
        });
        let mut rules = keys.filter_map(|(country, from, to)| says(country, from, to));
        rules.next().map_or(Rate::ZERO, ConversionFee::fee)
    }

    /// Whether accounts hold every currency that their country lets them, or only those that they have a bank account for. In the standard
    /// book they need one, except for their default currency, into which all else is converted.
    // RULE: funds stay in a currency in which the account settles and for which it has a bank account (docs.stripe.com/currencies and
    // /connect/currencies, 2024).
    #[must_use]
    pub fn unbanked_settlement(&self) -> bool {
        self.0.settlement.unbanked
    }

    /// The book in which accounts hold every currency that their country lets them, with or without a bank account for it: for hosts whose
    /// accounts have balances that are paid out by other ways.
    ///
    /// ```
    /// use fundroute::rulebook::Rulebook;
    ///
    /// assert!(!Rulebook::standard().unbanked_settlement());
    /// assert!(Rulebook::standard().with_unbanked_settlement(true).unbanked_settlement());
    /// ```
    #[must_use]
    pub fn with_unbanked_settlement(mut self, unbanked: bool) -> Self {
        self.book_mut().settlement.unbanked = unbanked;
        self
    }

    /// Whether connected accounts in another region than the platform can hold other currencies than their own. Not in the standard book.
    // RULE: account and platform are in the same region (docs.stripe.com/connect/multicurrency-settlement, 2025).
    #[must_use]
    pub fn settlement_across_regions(&self) -> bool {
        self.0.settlement.across_regions
    }

    /// The book in which connected accounts can, or cannot, hold other currencies than their own in another region than the platform: for
    /// hosts with banks of their own there.
    ///
    /// ```
    /// use fundroute::rulebook::Rulebook;
    ///
    /// assert!(!Rulebook::standard().settlement_across_regions());
    /// assert!(Rulebook::standard().with_settlement_across_regions(true).settlement_across_regions());
    /// ```
    #[must_use]
    pub fn with_settlement_across_regions(mut self, open: bool) -> Self {
        self.book_mut().settlement.across_regions = open;
        self
    }

    /// All conversion fees that are known.
    pub fn conversion_fees(&self) -> impl Iterator<Item = &ConversionFee> {
        self.0.conversion_fees.values()
    }

    /// The book with another conversion fee, in place of the one about the same.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, [`RulebookError::Invalid`] where it takes everything.
    pub fn with_conversion_fee(mut self, fee: ConversionFee) -> Result<Self, RulebookError> {
        fee.country.map(|country| self.country(country).map(drop)).transpose()?;
        if let Some(reason) = fee.problem() {
            return Err(RulebookError::Invalid { table: Table::ConversionFees, reason });
        }
        self.book_mut().conversion_fees.insert(fee.key(), fee);
        Ok(self)
    }

    pub(super) fn read_conversion_fees(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| {
            let fee = row.check()?;
            fee.country.map_or(Ok(()), |country| self.knows(country, |country| *country).map(drop))?;
            Ok((fee.key(), fee))
        };
        let fees = table::read(Table::ConversionFees, csv, check)?;
        self.book_mut().conversion_fees.extend(fees);
        Ok(())
    }
}

/// A row of `conversion_fees.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    country: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(deserialize_with = "table::parsed")]
    fee: Rate,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<ConversionFee, String> {
        let named = |text: Option<String>| text.filter(|text| !text.is_empty());
        let currency = |code: String| code.parse::<Currency>().map_err(|error| error.to_string());
        let fee = ConversionFee {
            country: named(self.country).map(|code| table::country_from(&code)).transpose()?,
            from: named(self.from).map(currency).transpose()?,
            to: named(self.to).map(currency).transpose()?,
            fee: self.fee,
            source: Source::new(self.source, self.year, self.note),
        };
        fee.problem().map_or(Ok(fee), |problem| Err(problem.to_owned()))
    }
}
