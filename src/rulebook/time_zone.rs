//! When a day begins somewhere.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use serde::Deserialize;

use super::{Rulebook, RulebookError, Source, Table, table};
use crate::calendar::{TimeError, Timestamp};

/// How far the clocks of a zone are from Greenwich, and in which part of the year they are turned forward.
///
/// It is made to say when a day begins, and nothing finer: at which hour of the night clocks are turned makes no difference to that.
/// Years in which a zone had other rules are not in it.
///
/// ```
/// use fundroute::calendar::utc;
/// use fundroute::rulebook::Rulebook;
///
/// let book = Rulebook::standard();
/// let chicago = book.time_zone("America/Chicago").ok_or("in the table")?;
/// // Midnight is at six in winter, at five in summer; on 8 March 2026 clocks are turned.
/// assert_eq!(chicago.next_midnight(utc(2026, 1, 15).at(12, 0))?, utc(2026, 1, 16).at(6, 0));
/// assert_eq!(chicago.next_midnight(utc(2026, 3, 8).at(5, 59))?, utc(2026, 3, 8).at(6, 0));
/// assert_eq!(chicago.next_midnight(utc(2026, 3, 8).at(6, 0))?, utc(2026, 3, 9).at(5, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone {
    name: Box<str>,
    offset: i16,
    summer: Option<Summer>,
    source: Source,
}

/// The part of the year in which clocks are turned forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Summer {
    offset: i16,
    from: Sunday,
    until: Sunday,
}

/// A Sunday of a month; the fifth is the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sunday {
    month: u8,
    number: u8,
}

impl Sunday {
    fn of(self, year: i32) -> Option<NaiveDate> {
        let sunday = |number| NaiveDate::from_weekday_of_month_opt(year, self.month.into(), Weekday::Sun, number);
        // A month without a fifth Sunday ends with its fourth.
        sunday(self.number).or_else(|| sunday(4))
    }
}

impl Summer {
    /// Whether clocks are turned forward by the night that follows the beginning of a day.
    fn holds(&self, day: NaiveDate) -> bool {
        match (self.from.of(day.year()), self.until.of(day.year())) {
            (Some(from), Some(until)) if from < until => from <= day && day < until,
            // South of the equator it goes over the new year.
            (Some(from), Some(until)) => from <= day || day < until,
            (None, _) | (_, None) => false,
        }
    }
}

impl TimeZone {
    /// Its name, as the IANA has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// When the next day begins there.
    ///
    /// # Errors
    /// [`TimeError`] at the ends of what a [`Timestamp`] holds.
    pub fn next_midnight(&self, now: Timestamp) -> Result<Timestamp, TimeError> {
        let today = now.checked_add(self.offset_at(now)?)?;
        let tomorrow = today.midnight().plus_days(1)?;
        let about = tomorrow.checked_add(TimeDelta::minutes(self.offset.into()).checked_mul(-1).unwrap_or_default())?;
        tomorrow.checked_add(self.offset_at(about)?.checked_mul(-1).unwrap_or_default())
    }

    /// How far its clocks are ahead of Greenwich.
    fn offset_at(&self, now: Timestamp) -> Result<TimeDelta, TimeError> {
        let Some(summer) = self.summer else { return Ok(TimeDelta::minutes(self.offset.into())) };
        // Clocks are turned at about two at night, by standard time; a day that began before goes on as it was.
        let night = now.checked_add(TimeDelta::minutes(i64::from(self.offset).saturating_sub(120)))?;
        let offset = if summer.holds(night.date()) { summer.offset } else { self.offset };
        Ok(TimeDelta::minutes(offset.into()))
    }
}

/// When days begin.
impl Rulebook {
    /// When a day begins in a time zone, by the name that the IANA has for it. `None` where no row says it.
    #[must_use]
    pub fn time_zone(&self, name: &str) -> Option<&TimeZone> {
        self.0.time_zones.get(name)
    }

    /// When the next day begins in a time zone: at midnight in Greenwich where no row says another.
    pub(crate) fn next_midnight(&self, zone: &str, now: Timestamp) -> Result<Timestamp, TimeError> {
        self.time_zone(zone).map_or_else(|| now.midnight().plus_days(1), |zone| zone.next_midnight(now))
    }

    pub(super) fn read_time_zones(&mut self, csv: &str) -> Result<(), RulebookError> {
        let rows = table::read(Table::TimeZones, csv, Row::check)?;
        self.book_mut().time_zones.extend(rows);
        Ok(())
    }
}

/// A row of `time_zones.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    zone: String,
    offset: i16,
    summer_offset: Option<i16>,
    from_month: Option<u8>,
    from_sunday: Option<u8>,
    until_month: Option<u8>,
    until_sunday: Option<u8>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<(Box<str>, TimeZone), String> {
        let name: Box<str> = self.zone.into();
        let sunday = |month: Option<u8>, number: Option<u8>| Some(Sunday { month: month?, number: number? });
        let from = sunday(self.from_month, self.from_sunday);
        let until = sunday(self.until_month, self.until_sunday);
        let summer = match (self.summer_offset, from, until) {
            (Some(offset), Some(from), Some(until)) => Some(Summer { offset, from, until }),
            (None, None, None) => None,
            (Some(_), _, _) | (None, Some(_), _) | (None, _, Some(_)) => {
                return Err("a summer needs its offset and both of its Sundays".to_owned());
            }
        };
        let is_sunday = |day: Sunday| (1..=12).contains(&day.month) && (1..=5).contains(&day.number);
        let is_offset = |offset: i16| (-1_080..=1_080).contains(&offset);
        if !summer.is_none_or(|summer| is_sunday(summer.from) && is_sunday(summer.until) && summer.from != summer.until)
        {
            return Err("months go from 1 to 12, Sundays of a month from 1 to 5, and a summer has two ends".to_owned());
        }
        if name.is_empty() || !is_offset(self.offset) || !summer.is_none_or(|summer| is_offset(summer.offset)) {
            return Err("a zone has a name, and is no more than 1080 minutes from Greenwich".to_owned());
        }
        let source = Source::new(self.source, self.year, self.note);
        Ok((name.clone(), TimeZone { name, offset: self.offset, summer, source }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;

    fn next(zone: &str, now: Timestamp) -> Timestamp {
        Rulebook::standard().time_zone(zone).unwrap().next_midnight(now).unwrap()
    }

    /// Printed calendars: the days on which clocks are turned in 2026 and 2027, north and south.
    #[test]
    fn days_begin_an_hour_earlier_in_summer() {
        let turned = [
            ("America/Chicago", utc(2026, 3, 8), 6, 5),
            ("America/Chicago", utc(2026, 11, 1), 5, 6),
            ("America/Chicago", utc(2027, 3, 14), 6, 5),
            ("Europe/London", utc(2026, 3, 29), 24, 23),
            ("Europe/Paris", utc(2026, 10, 25), 22, 23),
            ("Australia/Sydney", utc(2026, 4, 5), 13, 14),
            ("Australia/Sydney", utc(2026, 10, 4), 14, 13),
            ("Pacific/Auckland", utc(2026, 9, 27), 12, 11),
        ];
        for (zone, day, before, after) in turned {
            // West of Greenwich the day begins on the same date there, east of it on the date before.
            let start = |day: Timestamp, hour: i64| {
                let day = if zone.starts_with("America") { day } else { day.plus_days(-1).unwrap() };
                day.checked_add(TimeDelta::hours(hour)).unwrap()
            };
            let (begins, ends) = (start(day, before), start(day.plus_days(1).unwrap(), after));
            let just = |moment: Timestamp, micros: i64| moment.checked_add(TimeDelta::microseconds(micros)).unwrap();
            assert_eq!(next(zone, just(begins, -1)), begins, "{zone}");
            assert_eq!(next(zone, begins), ends, "{zone}");
            assert_eq!(next(zone, just(ends, -1)), ends, "{zone}");
            assert!(next(zone, ends) > ends, "{zone}");
        }
    }

    #[test]
    fn every_moment_has_a_next_day_but_for_the_ends_of_time() {
        let book = Rulebook::standard();
        for zone in book.0.time_zones.values() {
            let mut now = utc(2026, 1, 1).at(0, 30);
            while now < utc(2028, 1, 1) {
                let next = zone.next_midnight(now).unwrap();
                let wait = next.since(now);
                assert!(wait > TimeDelta::zero() && wait <= TimeDelta::hours(25), "{zone:?}");
                now = now.checked_add(TimeDelta::minutes(97)).unwrap();
            }
            let edges = [zone.next_midnight(Timestamp::MIN), zone.next_midnight(Timestamp::MAX)];
            assert!(edges.iter().any(Result::is_err), "{zone:?}");
        }
    }
}
