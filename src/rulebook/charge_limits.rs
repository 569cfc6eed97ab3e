//! How little and how much may be charged.

use serde::Deserialize;

use super::{Source, table};
use crate::money::{Currency, Money};

/// What may be charged and paid out in one currency.
///
/// ```
/// use fundroute::money::Currency;
/// use fundroute::rulebook::{ChargeLimits, Rulebook};
///
/// let book = Rulebook::standard();
/// assert_eq!(book.charge_limits(Currency::USD)?.min().map(|min| min.minor()), Some(50));
///
/// // A processor that takes no less than a dollar:
/// let ours = ChargeLimits::new(Currency::USD, Some(1_00), 999_999_99);
/// let book = book.with_charge_limits(ours)?;
/// assert_eq!(book.charge_limits(Currency::USD)?.min().map(|min| min.minor()), Some(100));
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeLimits {
    currency: Currency,
    min: Option<i64>,
    max: i64,
    charge_multiple: i64,
    payout_multiple: i64,
    presentment: bool,
    source: Source,
}

impl ChargeLimits {
    /// Limits of the host's own, in minor units, for a currency that customers can pay in, in any number of minor units.
    #[must_use]
    pub fn new(currency: Currency, min: Option<i64>, max: i64) -> Self {
        Self { currency, min, max, charge_multiple: 1, payout_multiple: 1, presentment: true, source: Source::host() }
    }

    /// The same limits for amounts that must be multiples of so many minor units.
    #[must_use]
    pub fn in_multiples(mut self, charge: i64, payout: i64) -> Self {
        self.charge_multiple = charge;
        self.payout_multiple = payout;
        self
    }

    /// The same limits for a currency that is paid out, but that no customer can pay in.
    #[must_use]
    pub fn without_presentment(mut self) -> Self {
        self.presentment = false;
        self
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The smallest payment that may settle in this currency, if one is known.
    ///
    /// It counts in the currency in which the payment *settles*: what was charged in another is converted first.
    // RULE: the minimum is that of the settlement currency, after conversion (docs.stripe.com/currencies, 2024).
    #[must_use]
    pub fn min(&self) -> Option<Money> {
        self.min.map(|minor| Money::new(minor, self.currency))
    }

    /// The largest payment in this currency.
    // RULE: amounts have at most eight digits, twelve in rupiah (docs.stripe.com/currencies, 2024).
    #[must_use]
    pub fn max(&self) -> Money {
        Money::new(self.max, self.currency)
    }

    /// Payments must be a multiple of so many minor units. One for most currencies.
    // RULE: 100 for krona and shilling, which are written with decimals that they do not have; 10 for those with three decimals
    // (docs.stripe.com/currencies, 2024).
    #[must_use]
    pub const fn charge_multiple(&self) -> i64 {
        self.charge_multiple
    }

    /// Payouts must be a multiple of so many minor units.
    // RULE: forint and Taiwan dollar are charged in hundredths, but paid out whole (docs.stripe.com/currencies, 2024).
    #[must_use]
    pub const fn payout_multiple(&self) -> i64 {
        self.payout_multiple
    }

    /// Whether customers can pay in this currency.
    #[must_use]
    pub const fn is_presentment(&self) -> bool {
        self.presentment
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// What contradicts itself, if anything.
    pub(super) fn problem(&self) -> Option<&'static str> {
        if self.charge_multiple < 1 || self.payout_multiple < 1 {
            return Some("amounts cannot be multiples of less than one minor unit");
        }
        if self.min.is_some_and(|min| min < 0) || self.max < self.min.unwrap_or(0) {
            return Some("the minimum must be neither negative nor above the maximum");
        }
        None
    }
}

/// A row of `currencies.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    code: Currency,
    exponent: u32,
    min_charge: Option<i64>,
    max_charge: i64,
    charge_multiple: i64,
    payout_multiple: i64,
    #[serde(deserialize_with = "table::yes_or_no")]
    presentment: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(Currency, ChargeLimits), String> {
        if self.exponent != self.code.exponent() {
            return Err(format!("`{}` has {} decimals, not {}", self.code, self.code.exponent(), self.exponent));
        }
        let rule = ChargeLimits {
            currency: self.code,
            min: self.min_charge,
            max: self.max_charge,
            charge_multiple: self.charge_multiple,
            payout_multiple: self.payout_multiple,
            presentment: self.presentment,
            source: Source::new(self.source, self.year, self.note),
        };
        rule.problem().map_or(Ok((self.code, rule)), |problem| Err(problem.to_owned()))
    }
}
