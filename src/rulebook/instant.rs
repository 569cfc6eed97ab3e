//! Where payouts can arrive within minutes.

use std::collections::BTreeMap;

use chrono::TimeDelta;
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

    /// How many of them a business may ask for in a day, where that is bounded. Those of a platform's accounts are bounded by amount only.
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

/// What holds for payouts within minutes wherever they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InstantPolicy {
    is_cross_region: bool,
    window: u8,
    wait: TimeDelta,
    of_accounts: BTreeMap<Currency, i64>,
    own: BTreeMap<Currency, i64>,
}

impl InstantPolicy {
    pub(super) const fn standard() -> Self {
        Self {
            is_cross_region: true,
            window: 6,
            wait: TimeDelta::zero(),
            of_accounts: BTreeMap::new(),
            own: BTreeMap::new(),
        }
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
        self.0.instant_policy.is_cross_region
    }

    /// The book under which platforms can, or cannot, have payouts within minutes made outside their own region.
    #[must_use]
    pub fn with_cross_region_instant(mut self, open: bool) -> Self {
        self.book_mut().instant_policy.is_cross_region = open;
        self
    }

    /// Within how many business days pending money has to become available so that a payout within minutes can take it.
    // RULE: about six business days (docs.stripe.com/payouts/instant-payouts, 2026).
    #[must_use]
    pub fn instant_window(&self) -> u8 {
        self.0.instant_policy.window
    }

    /// The book under which payouts within minutes take what becomes available within so many business days; zero for nothing that is
    /// still pending but what becomes available today.
    #[must_use]
    pub fn with_instant_window(mut self, business_days: u8) -> Self {
        self.book_mut().instant_policy.window = business_days;
        self
    }

    /// How long after its first payment in a currency an account waits for payouts within minutes. While that is no time at all, accounts
    /// that never received any have them too.
    // RULE: new users are not eligible at once (docs.stripe.com/payouts/instant-payouts, 2026). For how long no page says, so that it is
    // the host's to say.
    #[must_use]
    pub fn instant_wait(&self) -> TimeDelta {
        self.0.instant_policy.wait
    }

    /// The book under which accounts wait for payouts within minutes for so long after their first payment. Less than nothing counts as
    /// nothing.
    #[must_use]
    pub fn with_instant_wait(mut self, wait: TimeDelta) -> Self {
        self.book_mut().instant_policy.wait = wait.max(TimeDelta::zero());
        self
    }

    /// How much all accounts of a platform together can be paid within minutes in a day, in a currency. `None` for no limit.
    // RULE: a platform has one limit a day for all of its accounts (docs.stripe.com/connect/instant-payouts, 2026). It names no amount, so
    // that none holds until the host says one; and one for each currency is our reading.
    #[must_use]
    pub fn instant_limit_of_accounts(&self, currency: Currency) -> Option<Money> {
        self.0.instant_policy.of_accounts.get(&currency).map(|limit| Money::new(*limit, currency))
    }

    /// How much a platform can be paid within minutes of its own in a day, in a currency. `None` for no limit.
    // RULE: a business has a limit a day of its own (docs.stripe.com/payouts/instant-payouts, 2026). The page names no amount either.
    #[must_use]
    pub fn own_instant_limit(&self, currency: Currency) -> Option<Money> {
        self.0.instant_policy.own.get(&currency).map(|limit| Money::new(*limit, currency))
    }

    /// The book under which all accounts of a platform together can be paid so much within minutes in a day, in the amount's currency.
    /// Less than nothing counts as nothing.
    #[must_use]
    pub fn with_instant_limit_of_accounts(mut self, a_day: Money) -> Self {
        self.book_mut().instant_policy.of_accounts.insert(a_day.currency(), a_day.minor().max(0));
        self
    }

    /// The book under which a platform can be paid so much within minutes of its own in a day, in the amount's currency. Less than nothing
    /// counts as nothing.
    #[must_use]
    pub fn with_own_instant_limit(mut self, a_day: Money) -> Self {
        self.book_mut().instant_policy.own.insert(a_day.currency(), a_day.minor().max(0));
        self
    }

    /// Every such rule, by country and currency.
    pub fn instant_rules(&self) -> impl Iterator<Item = &InstantRule> {
        self.0.instant.values()
    }

    pub(super) fn read_instant_payouts(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| {
            let row = self.knows(row.check()?, |((country, _), _)| *country)?;
            let is_unknown = |zone: &&str| self.time_zone(zone).is_none();
            let unknown = [row.1.direct_reset(), row.1.connect_reset()].into_iter().find(is_unknown);
            match unknown.map(|zone| format!("the time zone `{zone}` is not in {}", Table::TimeZones)) {
                Some(flaw) => Err(flaw),
                None => Ok(row),
            }
        };
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
