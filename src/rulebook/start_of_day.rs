//! At which hour the days of accounts begin, and who may choose another.

use chrono::NaiveDate;
use iso_country::Country;
use serde::Deserialize;

use super::same_day::time_of_day;
use super::{Rulebook, RulebookError, Source, Table, table};
use crate::calendar::{StartOfDay, Timestamp};

/// At which hour the days of a country's accounts begin, and which hours they may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartOfDayRule {
    local_midnight: StartOfDay,
    offsets: (i16, i16),
    midnight_from: Option<NaiveDate>,
    platforms: bool,
    accounts: bool,
    latest: (u8, u8),
    source: Source,
}

impl StartOfDayRule {
    /// Midnight by the country's usual local time.
    #[must_use]
    pub const fn local_midnight(&self) -> StartOfDay {
        self.local_midnight
    }

    /// From which day on new accounts begin at local midnight; nothing where all begin at midnight UTC.
    #[must_use]
    pub const fn midnight_from(&self) -> Option<NaiveDate> {
        self.midnight_from
    }

    /// Whether the days of a platform, or of a connected account, may begin at that hour. Midnight UTC is always open.
    #[must_use]
    pub fn allows(&self, start: StartOfDay, is_platform: bool) -> bool {
        let is_open = if is_platform { self.platforms } else { self.accounts };
        let (least, most) = self.offsets;
        let is_local = (least..=most).contains(&start.offset_minutes());
        start == StartOfDay::UTC || (is_open && is_local && (start.hour(), start.minutes()) <= self.latest)
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// Starts of day.
impl Rulebook {
    /// What is known of the days of a country's accounts. `None` where they begin at midnight UTC and nobody may choose.
    // RULE: nine countries of Asia and the Pacific, and businesses of the Philippines that are no connected accounts; in Australia until
    // four in the morning. In the United States in preview, which a host opens with a row of its own
    // (docs.stripe.com/payouts/customized-start-of-day and /connect/customized-start-of-day, 2026).
    #[must_use]
    pub fn start_of_day_rule(&self, country: Country) -> Option<&StartOfDayRule> {
        self.0.starts_of_day.get(&country)
    }

    /// At which hour the days of an account begin that is opened at a moment, as long as nobody chooses another.
    ///
    /// ```
    /// use fundroute::calendar::{StartOfDay, utc};
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert_eq!(book.start_of_day(Country::US, utc(2026, 11, 2)), StartOfDay::UTC);
    /// assert_eq!(book.start_of_day(Country::SG, utc(2026, 11, 2)), StartOfDay::new(480, 0, 0)?);
    /// assert_eq!(book.start_of_day(Country::SG, utc(2022, 3, 14)), StartOfDay::UTC);
    /// # Ok::<(), fundroute::calendar::TimeError>(())
    /// ```
    // RULE: accounts of nine countries opened from 15 March 2022 on begin at local midnight (support.stripe.com/questions/default-start-of-day,
    // 2022). That the day is that of the local time is our reading.
    #[must_use]
    pub fn start_of_day(&self, country: Country, opened: Timestamp) -> StartOfDay {
        let Some(rule) = self.start_of_day_rule(country) else { return StartOfDay::UTC };
        let local = rule.local_midnight;
        if rule.midnight_from.is_some_and(|from| local.day_of(opened) >= from) { local } else { StartOfDay::UTC }
    }

    pub(super) fn read_starts_of_day(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| self.knows(row.check()?, |(country, _)| *country);
        let rules = table::read(Table::StartsOfDay, csv, check)?;
        self.book_mut().starts_of_day.extend(rules);
        Ok(())
    }
}

/// A row of `starts_of_day.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    offset: i16,
    least_offset: i16,
    most_offset: i16,
    midnight_from: Option<NaiveDate>,
    #[serde(deserialize_with = "table::yes_or_no")]
    platforms: bool,
    #[serde(deserialize_with = "table::yes_or_no")]
    accounts: bool,
    latest: String,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<(Country, StartOfDayRule), String> {
        let at = |offset, (hour, minutes)| StartOfDay::new(offset, hour, minutes).map_err(|error| error.to_string());
        let local_midnight = at(self.offset, (0, 0))?;
        let latest = time_of_day(&self.latest)?;
        at(self.least_offset, latest)?;
        at(self.most_offset, latest)?;
        if !(self.least_offset..=self.most_offset).contains(&self.offset) {
            return Err("the usual offset is not one of those that are open".to_owned());
        }
        let rule = StartOfDayRule {
            local_midnight,
            offsets: (self.least_offset, self.most_offset),
            midnight_from: self.midnight_from,
            platforms: self.platforms,
            accounts: self.accounts,
            latest,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.country, rule))
    }
}
