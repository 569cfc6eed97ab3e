//! What the processor takes from a payment.

use iso_country::Country;
use serde::Deserialize;

use super::{PaymentMethod, Source, table};
use crate::money::{Currency, Money, MoneyError, Rate, Rounding};

/// The processor's price for one way to pay, in one country and currency: a share of the amount and a fixed part, between two
/// bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    country: Country,
    method: PaymentMethod,
    currency: Currency,
    percent: Rate,
    fixed: i64,
    min: Option<i64>,
    max: Option<i64>,
    source: Source,
}

impl Price {
    /// A price of the host's own: `percent` of the amount and `fixed` minor units, without bounds.
    ///
    /// `country` is that of the business that settles the payment: its fee schedule applies, whoever pays the fee.
    #[must_use]
    pub fn new(country: Country, method: PaymentMethod, currency: Currency, percent: Rate, fixed: i64) -> Self {
        Self { country, method, currency, percent, fixed, min: None, max: None, source: Source::host() }
    }

    /// The same price, but never less than so many minor units.
    #[must_use]
    pub fn at_least(mut self, minor: i64) -> Self {
        self.min = Some(minor);
        self
    }

    /// The same price, but never more than so many minor units.
    #[must_use]
    pub fn at_most(mut self, minor: i64) -> Self {
        self.max = Some(minor);
        self
    }

    /// The country whose fee schedule this is.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The way to pay.
    #[must_use]
    pub const fn method(&self) -> PaymentMethod {
        self.method
    }

    /// The currency in which the payment settles and the fee is taken.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The share of the amount.
    #[must_use]
    pub const fn percent(&self) -> Rate {
        self.percent
    }

    /// The part that does not depend on the amount.
    #[must_use]
    pub fn fixed(&self) -> Money {
        Money::new(self.fixed, self.currency)
    }

    /// The least that is taken, if bounded.
    #[must_use]
    pub fn min(&self) -> Option<Money> {
        self.min.map(|minor| Money::new(minor, self.currency))
    }

    /// The most that is taken, if bounded.
    #[must_use]
    pub fn max(&self) -> Option<Money> {
        self.max.map(|minor| Money::new(minor, self.currency))
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// What the processor takes from that amount. It may be more than the amount.
    ///
    /// ```
    /// use fundroute::money::{Currency, usd};
    /// use fundroute::rulebook::{Country, PaymentMethod, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// let card = book.price(Country::US, PaymentMethod::Card, Currency::USD)?;
    /// assert_eq!(card.fee(usd(10_00))?, usd(59));
    /// assert_eq!(card.fee(usd(155_00))?, usd(4_80)); // 4.795 to the nearest cent
    ///
    /// let debit = book.price(Country::US, PaymentMethod::UsBankAccount, Currency::USD)?;
    /// assert_eq!(debit.fee(usd(10_000_00))?, usd(5_00));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] for an amount in another currency, [`MoneyError::Overflow`] beyond what [`Money`] holds.
    pub fn fee(&self, amount: Money) -> Result<Money, MoneyError> {
        // ROUNDING: the exact fee to the nearest minor unit, ties up (support.stripe.com/questions/rounding-rules-for-stripe-fees).
        // The fixed part and the bounds are whole minor units, so rounding the share alone is rounding the fee.
        let share = self.percent.of(amount, Rounding::NearestTiesAway)?;
        let fee = self.fixed().checked_add(share)?.minor();
        let fee = self.max.map_or(fee, |max| fee.min(max));
        let fee = self.min.map_or(fee, |min| fee.max(min));
        Ok(Money::new(fee, self.currency))
    }

    pub(super) const fn key(&self) -> (Country, PaymentMethod, Currency) {
        (self.country, self.method, self.currency)
    }

    /// What contradicts itself, if anything.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let least = self.min.unwrap_or(0);
        if self.fixed < 0 || least < 0 {
            return Some("a price is never negative");
        }
        if self.max.is_some_and(|max| max < least) {
            return Some("the minimum must not be above the maximum");
        }
        None
    }
}

/// A row of `prices.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    #[serde(deserialize_with = "table::parsed")]
    method: PaymentMethod,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    #[serde(deserialize_with = "table::parsed")]
    percent: Rate,
    fixed: i64,
    min: Option<i64>,
    max: Option<i64>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<((Country, PaymentMethod, Currency), Price), String> {
        let price = Price {
            country: self.country,
            method: self.method,
            currency: self.currency,
            percent: self.percent,
            fixed: self.fixed,
            min: self.min,
            max: self.max,
            source: Source::new(self.source, self.year, self.note),
        };
        price.problem().map_or(Ok((price.key(), price)), |problem| Err(problem.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{brl, eur, usd};
    use crate::rulebook::Rulebook;

    fn fee(country: Country, method: PaymentMethod, amount: Money) -> i64 {
        let book = Rulebook::standard();
        book.price(country, method, amount.currency()).unwrap().fee(amount).unwrap().minor()
    }

    /// Amounts and fees as recorded or published, in cents.
    #[test]
    fn us_cards() {
        let recorded =
            [(10_00, 59), (12_00, 65), (100_00, 3_20), (155_00, 4_80), (300_00, 9_00), (5_00, 45), (1, 30), (0, 30)];
        for (amount, expected) in recorded {
            assert_eq!(fee(Country::US, PaymentMethod::Card, usd(amount)), expected, "{amount}");
        }
    }

    #[test]
    fn fitted_schedules() {
        let sgd = |minor| Money::new(minor, Currency::SGD);
        assert_eq!(fee(Country::SG, PaymentMethod::Card, sgd(1_30)), 55);
        assert_eq!(fee(Country::BR, PaymentMethod::Card, brl(100_00)), 4_38);
        assert_eq!(fee(Country::BR, PaymentMethod::Boleto, brl(100_00)), 4_38);
    }

    #[test]
    fn us_bank_debits_are_capped_and_never_free() {
        let table = [
            (1, 1),
            (62, 1),
            (63, 1),
            (187, 1),
            (188, 2),
            (100_00, 80),
            (624_00, 4_99),
            (625_00, 5_00),
            (1_000_00, 5_00),
        ];
        for (amount, expected) in table {
            assert_eq!(fee(Country::US, PaymentMethod::UsBankAccount, usd(amount)), expected, "{amount}");
        }
    }

    #[test]
    fn another_currency_is_refused_and_so_is_overflow() {
        let book = Rulebook::standard();
        let price = book.price(Country::US, PaymentMethod::Card, Currency::USD).unwrap();
        assert!(matches!(price.fee(eur(100)), Err(MoneyError::CurrencyMismatch { .. })));
        let absurd = Price::new(Country::US, PaymentMethod::Card, Currency::USD, "100%".parse().unwrap(), 1);
        assert_eq!(absurd.fee(usd(i64::MAX)), Err(MoneyError::Overflow));
    }

    #[test]
    fn prices_that_contradict_themselves_are_refused() {
        let price = |fixed| Price::new(Country::US, PaymentMethod::Card, Currency::USD, Rate::ZERO, fixed);
        assert_eq!(price(0).problem(), None);
        assert_eq!(price(0).at_least(5).at_most(5).problem(), None);
        for bad in [price(-1), price(0).at_least(-1), price(0).at_most(-1), price(0).at_least(6).at_most(5)] {
            assert!(bad.problem().is_some(), "{bad:?}");
        }
    }
}
