//! What a platform is billed by the month for its connected accounts.

use std::collections::BTreeMap;

use iso_country::Country;
use serde::{Deserialize, Serialize};

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::money::{Currency, Money, MoneyError, Rate, Rounding};
use crate::wire::wire;

wire! {
    /// What the processor bills a platform for, by the month and the account.
    ConnectItem:
    "active_account" ActiveAccount "That the account was paid out in the month: once, however often it was.",
    "cross_border_payout" CrossBorderPayout "Payouts of the account that cross a border.",
    "instant_payout" InstantPayout "Payouts of the account within minutes.",
    "payout" Payout "Payouts of the account, of each sort.",
}

/// What one item of a platform's monthly bill costs.
///
/// ```
/// use fundroute::money::{Currency, usd};
/// use fundroute::rulebook::{ConnectItem, ConnectPrice, Country, Rulebook};
///
/// let book = Rulebook::standard();
/// let listed = book.connect_price(Country::US, ConnectItem::Payout).unwrap();
/// assert_eq!((listed.share_of(usd(100_00))?, listed.fixed()), (usd(25), usd(25)));
/// assert!(!book.bills_connect_prices(), "a price list binds nobody who has not signed it");
/// // What platforms elsewhere pay was not found: a host puts in what it pays.
/// assert_eq!(book.connect_price(Country::DE, ConnectItem::Payout), None);
///
/// let ours = ConnectPrice::new(Country::DE, ConnectItem::ActiveAccount, Currency::EUR, 1_50);
/// let book = book.with_connect_price(ours)?.with_connect_prices(true);
/// assert!(book.connect_price(Country::DE, ConnectItem::ActiveAccount).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectPrice {
    country: Country,
    item: ConnectItem,
    currency: Currency,
    percent: Rate,
    fixed: i64,
    source: Source,
}

/// Far above every price, and far below what an amount can be.
const MOST: i64 = 1_000_000_000_000_000;

impl ConnectPrice {
    /// A price of the host's own for platforms in a country: so many minor units.
    #[must_use]
    pub fn new(country: Country, item: ConnectItem, currency: Currency, fixed: i64) -> Self {
        Self { country, item, currency, percent: Rate::ZERO, fixed, source: Source::host() }
    }

    /// The same, with a share of each payout besides.
    #[must_use]
    pub const fn and_share(mut self, percent: Rate) -> Self {
        self.percent = percent;
        self
    }

    /// Where the platform is.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// What it is for.
    #[must_use]
    pub const fn item(&self) -> ConnectItem {
        self.item
    }

    /// The part that does not depend on the amount.
    #[must_use]
    pub const fn fixed(&self) -> Money {
        Money::new(self.fixed, self.currency)
    }

    /// The part that does: the share of a payout, in the payout's currency.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] beyond what [`Money`] holds.
    // ROUNDING: of each payout by itself, to the nearest minor unit, ties up, as all fees
    // (support.stripe.com/questions/rounding-rules-for-stripe-fees).
    pub fn share_of(&self, payout: Money) -> Result<Money, MoneyError> {
        self.percent.of(payout, Rounding::NearestTiesAway)
    }

    /// Where the price comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    fn problem(&self) -> Option<&'static str> {
        if self.fixed < 0 {
            return Some("a price is never negative");
        }
        if self.fixed > MOST || self.percent > Rate::WHOLE {
            return Some("no price is that high");
        }
        match self.item {
            ConnectItem::ActiveAccount if self.percent != Rate::ZERO => {
                Some("an account has no amount to take a share of")
            }
            ConnectItem::CrossBorderPayout => Some("what crosses a border has its price in `cross_border.csv`"),
            ConnectItem::InstantPayout => Some("payouts within minutes have their price in `instant_payouts.csv`"),
            ConnectItem::ActiveAccount | ConnectItem::Payout => None,
        }
    }
}

/// The prices that are known, and whether the platform is billed by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ConnectTerms {
    prices: BTreeMap<(Country, ConnectItem), ConnectPrice>,
    is_billed: bool,
}

/// What a platform is billed.
impl Rulebook {
    /// What an item of the monthly bill costs a platform in a country. `None` where that is not known, which is not the same as nothing.
    ///
    /// Payouts across borders and within minutes have tables of their own: [`cross_border_fee`](Self::cross_border_fee),
    /// [`InstantRule::connect_fee`](super::InstantRule::connect_fee).
    // RULE: 2.00 USD for each account and month in which it was paid out, 0.25 % and 0.25 USD for each payout (stripe.com/connect/pricing
    // by way of third parties, 2026). Where the account pays the processor itself no such fee is charged to anyone
    // (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026).
    #[must_use]
    pub fn connect_price(&self, platform: Country, item: ConnectItem) -> Option<&ConnectPrice> {
        self.0.connect.prices.get(&(platform, item))
    }

    /// Every such price that is known.
    pub fn connect_prices(&self) -> impl Iterator<Item = &ConnectPrice> {
        self.0.connect.prices.values()
    }

    /// Whether the platform is billed for active accounts, payouts, and payouts within minutes. Not in the standard book: the list is one
    /// of several contracts, and was read at third parties. Payouts across borders are billed in any case.
    #[must_use]
    pub fn bills_connect_prices(&self) -> bool {
        self.0.connect.is_billed
    }

    /// The book under which the platform is, or is not, billed by these prices. It concerns the payouts that are made from then on.
    #[must_use]
    pub fn with_connect_prices(mut self, billed: bool) -> Self {
        self.book_mut().connect.is_billed = billed;
        self
    }

    /// The book with another price, in place of the one for the same country and item. It binds once
    /// [`with_connect_prices`](Self::with_connect_prices) says so.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where no platform can be; [`RulebookError::Invalid`] for a price below zero or beyond all bounds, a
    /// share of an account, and items with a table of their own.
    pub fn with_connect_price(mut self, price: ConnectPrice) -> Result<Self, RulebookError> {
        self.country(price.country)?;
        if let Some(reason) = price.problem() {
            return Err(RulebookError::Invalid { table: Table::ConnectPrices, reason });
        }
        self.book_mut().connect.prices.insert((price.country, price.item), price);
        Ok(self)
    }

    pub(super) fn read_connect_prices(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| self.knows(row.check()?, |((country, _), _)| *country);
        let prices = table::read(Table::ConnectPrices, csv, check)?;
        self.book_mut().connect.prices.extend(prices);
        Ok(())
    }
}

/// A row of `connect_prices.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    item: ConnectItem,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    percent: Option<String>,
    fixed: Option<i64>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<((Country, ConnectItem), ConnectPrice), String> {
        let percent = self.percent.map(|percent| percent.parse::<Rate>().map_err(|error| error.to_string()));
        let price = ConnectPrice {
            country: self.country,
            item: self.item,
            currency: self.currency,
            percent: percent.transpose()?.unwrap_or(Rate::ZERO),
            fixed: self.fixed.unwrap_or(0),
            source: Source::new(self.source, self.year, self.note),
        };
        price.problem().map_or(Ok(((price.country, price.item), price)), |problem| Err(problem.to_owned()))
    }
}
