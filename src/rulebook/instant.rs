//! Where payouts can arrive within minutes.

use iso_country::Country;
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::money::{Currency, Money, Rate};

/// What holds for payouts that arrive within minutes, in one country and currency.
///
/// ```
/// use fundroute::money::{Currency, usd};
/// use fundroute::rulebook::{Country, Rulebook};
///
/// let book = Rulebook::standard();
/// let rule = book.instant_destinations(Country::US, Currency::USD).ok_or("not in the United States")?;
/// assert_eq!((rule.min(), rule.max()), (usd(50), usd(9_999_00)));
/// assert!(rule.to_cards() && rule.to_banks());
/// assert!(book.instant_destinations(Country::KE, Currency::KES).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstantRule {
    country: Country,
    min: Money,
    max: Money,
    cards: bool,
    banks: bool,
    connect_banks: bool,
    direct_fee: Rate,
    connect_fee: Rate,
    direct_reset: Box<str>,
    connect_reset: Box<str>,
    direct_daily_count: Option<u16>,
    source: Source,
}

impl InstantRule {
    /// The country of the account.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// What is paid out.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.min.currency()
    }

    /// The smallest such payout.
    #[must_use]
    pub const fn min(&self) -> Money {
        self.min
    }

    /// The largest such payout.
    #[must_use]
    pub const fn max(&self) -> Money {
        self.max
    }

    /// Whether debit cards take them.
    #[must_use]
    pub const fn to_cards(&self) -> bool {
        self.cards
    }

    /// Whether some banks take them, in the account of a business of its own.
    #[must_use]
    pub const fn to_banks(&self) -> bool {
        self.banks
    }

    /// Whether some banks take them, in a connected account.
    #[must_use]
    pub const fn to_banks_of_connected_accounts(&self) -> bool {
        self.connect_banks
    }

    /// What a business pays for one of its own.
    #[must_use]
    pub const fn direct_fee(&self) -> Rate {
        self.direct_fee
    }

    /// What a platform pays for one of its connected accounts, whatever it asks of them.
    #[must_use]
    pub const fn connect_fee(&self) -> Rate {
        self.connect_fee
    }

    /// The time zone, as the IANA names it, at whose midnight the daily limits of a business begin anew.
    #[must_use]
    pub fn direct_reset(&self) -> &str {
        &self.direct_reset
    }

    /// The time zone at whose midnight the daily limits of a platform begin anew, for all its accounts together.
    #[must_use]
    pub fn connect_reset(&self) -> &str {
        &self.connect_reset
    }

    /// How many of them a business may ask for in a day, where that is bounded. A platform's are bounded by amount only.
    #[must_use]
    pub const fn direct_daily_count(&self) -> Option<u16> {
        self.direct_daily_count
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// Payouts within minutes.
impl Rulebook {
    /// What holds for payouts within minutes to accounts in a country, in a currency. `None` where there are none.
    // RULE: in the account's local currency, between bounds of each payout (docs.stripe.com/payouts/instant-payouts, 2026).
    #[must_use]
    pub fn instant_destinations(&self, country: Country, currency: Currency) -> Option<&InstantRule> {
        self.0.instant.get(&(country, currency))
    }

    /// Whether a platform can have payouts within minutes made for accounts outside its own region.
    // RULE: since 2026 where both countries have such payouts, before that never (docs.stripe.com/connect/instant-payouts, 2024 and
    // 2026).
    #[must_use]
    pub fn cross_region_instant(&self) -> bool {
        self.0.cross_region_instant
    }

    /// The book under which platforms can, or cannot, have payouts within minutes made outside their own region.
    #[must_use]
    pub fn with_cross_region_instant(mut self, open: bool) -> Self {
        self.book_mut().cross_region_instant = open;
        self
    }

    /// Every such rule, by country and currency.
    pub fn instant_rules(&self) -> impl Iterator<Item = &InstantRule> {
        self.0.instant.values()
    }

    pub(super) fn read_instant_payouts(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| self.knows(row.check()?, |((country, _), _)| *country);
        let rules = table::read(Table::InstantPayouts, csv, check)?;
        self.book_mut().instant.extend(rules);
        Ok(())
    }
}

/// A row of `instant_payouts.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    min: i64,
    max: i64,
    #[serde(deserialize_with = "table::yes_or_no")]
    cards: bool,
    #[serde(deserialize_with = "table::yes_or_no")]
    banks: bool,
    #[serde(deserialize_with = "table::yes_or_no")]
    connect_banks: bool,
    #[serde(deserialize_with = "table::parsed")]
    direct_fee: Rate,
    #[serde(deserialize_with = "table::parsed")]
    connect_fee: Rate,
    direct_reset: String,
    connect_reset: String,
    direct_daily_count: Option<u16>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<((Country, Currency), InstantRule), String> {
        if self.min < 1 || self.max < self.min {
            return Err("the minimum must be above zero and not above the maximum".to_owned());
        }
        if !self.cards && !self.banks && !self.connect_banks {
            return Err("neither cards nor banks take such payouts".to_owned());
        }
        let rule = InstantRule {
            country: self.country,
            min: Money::new(self.min, self.currency),
            max: Money::new(self.max, self.currency),
            cards: self.cards,
            banks: self.banks,
            connect_banks: self.connect_banks,
            direct_fee: self.direct_fee,
            connect_fee: self.connect_fee,
            direct_reset: self.direct_reset.into(),
            connect_reset: self.connect_reset.into(),
            direct_daily_count: self.direct_daily_count,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok(((self.country, self.currency), rule))
    }
}
