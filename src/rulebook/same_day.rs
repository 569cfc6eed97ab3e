//! Until which hour payouts that are asked for by hand arrive on the same day.

use chrono::NaiveDate;
use iso_country::Country;
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::calendar::{BankCalendar, TimeError, Timestamp};
use crate::money::{Currency, Money};

/// What holds for payouts of one country and currency that are asked for by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameDayPayouts {
    currency: Currency,
    zone: Box<str>,
    cutoff: u32,
    delay: u8,
    max: i64,
    per_day: u8,
    otherwise: u8,
    source: Source,
}

/// When a payout asked for by hand arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutArrival {
    /// The day of arrival.
    pub date: NaiveDate,
    /// The day on which it counts as one that arrives on the same day; nothing for others.
    pub same_day: Option<NaiveDate>,
}

impl SameDayPayouts {
    /// By the clocks of which [time zone](Rulebook::time_zone) the cut-off goes.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// The cut-off, in minutes past midnight.
    #[must_use]
    pub const fn cutoff_minutes(&self) -> u32 {
        self.cutoff
    }

    /// For how many days an account's payments wait at least, so that its payouts can arrive on the same day.
    #[must_use]
    pub const fn least_delay(&self) -> u8 {
        self.delay
    }

    /// The largest payout that arrives on the same day.
    #[must_use]
    pub const fn max(&self) -> Money {
        Money::new(self.max, self.currency)
    }

    /// How many payouts of one account arrive on the same day.
    #[must_use]
    pub const fn per_day(&self) -> u8 {
        self.per_day
    }

    /// After how many business days others arrive.
    #[must_use]
    pub const fn otherwise(&self) -> u8 {
        self.otherwise
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// When a payout arrives that is asked for at a moment, after so many others of that day.
    ///
    /// # Errors
    ///
    /// [`TimeError::NoBusinessDay`] if banks stay closed for more than a year, [`TimeError::OutOfRange`] past the last date.
    // RULE: asked for before the cut-off of a business day it arrives on that day, up to ten a day of up to a million each; otherwise on
    // the next business day, in pounds within two (docs.stripe.com/payouts, 2026). That the latest day is told where a page says
    // "within", and that the days of a request on a closed day count from the next open one as the first, is our reading.
    pub fn arrival(
        &self,
        book: &Rulebook,
        asked: Timestamp,
        amount: i64,
        earlier: impl FnOnce(NaiveDate) -> u8,
        calendar: &BankCalendar,
    ) -> Result<PayoutArrival, TimeError> {
        let (today, minutes) = book.local_time(&self.zone, asked)?;
        let is_open = calendar.is_business_day(today);
        if is_open && minutes < self.cutoff && amount <= self.max && earlier(today) < self.per_day {
            return Ok(PayoutArrival { date: today, same_day: Some(today) });
        }
        // A closed day rolls forward to the next open one, which is the first that counts.
        let days = u32::from(self.otherwise).saturating_sub(u32::from(!is_open && self.otherwise > 0));
        Ok(PayoutArrival { date: calendar.add_business_days(today, days)?, same_day: None })
    }
}

/// Payouts of the same day.
impl Rulebook {
    /// What holds for payouts of a country's accounts in a currency that are asked for by hand. `None` where no page names a cut-off: then
    /// they arrive after [`manual_payout_lead`](Self::manual_payout_lead).
    #[must_use]
    pub fn same_day_payouts(&self, country: Country, currency: Currency) -> Option<&SameDayPayouts> {
        self.0.same_day_payouts.get(&(country, currency))
    }

    /// The book in which no payout arrives on the day on which it is asked for: all by hand arrive after
    /// [`manual_payout_lead`](Self::manual_payout_lead).
    #[must_use]
    pub fn without_same_day_payouts(mut self) -> Self {
        self.book_mut().same_day_payouts.clear();
        self
    }

    pub(super) fn read_same_day_payouts(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| {
            let rows = row.check()?;
            rows.iter().try_for_each(|((country, _), rule)| {
                self.knows(*country, |country| *country)?;
                self.time_zone(&rule.zone).map(drop).ok_or_else(|| format!("`{}` is no known time zone", rule.zone))
            })?;
            Ok(rows)
        };
        let rules = table::read_each(Table::SameDayPayouts, csv, check)?;
        self.book_mut().same_day_payouts.extend(rules);
        Ok(())
    }
}

/// An hour and its minutes, such as `17:30`.
pub(super) fn time_of_day(text: &str) -> Result<(u8, u8), String> {
    let parts = text.split_once(':').and_then(|(hour, minutes)| Some((hour.parse().ok()?, minutes.parse().ok()?)));
    let time = parts.filter(|(hour, minutes)| *hour < 24 && *minutes < 60);
    time.ok_or_else(|| format!("`{text}` is not a time of day, such as 17:00"))
}

/// What a row says of one country.
type Rule = ((Country, Currency), SameDayPayouts);

/// A row of `same_day_payouts.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    countries: String,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    cutoff: String,
    zone: String,
    delay: u8,
    max: i64,
    per_day: u8,
    otherwise: u8,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<Vec<Rule>, String> {
        if self.max < 1 {
            return Err("the largest payout must be above zero".to_owned());
        }
        let (hour, minutes) = time_of_day(&self.cutoff)?;
        let rule = SameDayPayouts {
            currency: self.currency,
            zone: self.zone.into(),
            cutoff: u32::from(hour).saturating_mul(60).saturating_add(minutes.into()),
            delay: self.delay,
            max: self.max,
            per_day: self.per_day,
            otherwise: self.otherwise,
            source: Source::new(self.source, self.year, self.note),
        };
        let countries = table::list(&self.countries, table::country_from)?;
        Ok(countries.iter().map(|country| ((*country, self.currency), rule.clone())).collect())
    }
}
