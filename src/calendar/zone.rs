//! What clocks show where they are moved in summer.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};

use super::Timestamp;

/// By which rule clocks are moved forward an hour in summer.
// RULE: in the European Union and the United Kingdom from the last Sunday of March to the last Sunday of October, at 01:00 UTC
// everywhere (eur-lex.europa.eu/eli/dir/2000/84, 2001; gov.uk/when-do-the-clocks-change, 2026). In the United States from the second
// Sunday of March to the first Sunday of November, at two in the morning by the clock (nist.gov/pml/time-and-frequency-division, 2007).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SummerTime {
    /// Never.
    None,
    /// As in the European Union and the United Kingdom.
    Europe,
    /// As in the United States.
    UnitedStates,
}

/// A local time: so many minutes ahead of UTC in winter, and an hour more in summer where there is a rule for that.
///
/// The rules are those of today, whatever the year: enough for the cut-off hours of payouts, and no database of time zones.
///
/// ```
/// use fundroute::calendar::{SummerTime, Zone, utc};
///
/// let london = Zone::new(0, SummerTime::Europe);
/// assert_eq!(london.local(utc(2026, 11, 4).at(16, 30)), (utc(2026, 11, 4).date(), 16 * 60 + 30));
/// assert_eq!(london.local(utc(2026, 7, 1).at(23, 30)), (utc(2026, 7, 2).date(), 30));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone {
    winter: i16,
    summer: SummerTime,
}

impl Zone {
    /// The local time that many minutes ahead of UTC in winter; behind where the number is negative.
    #[must_use]
    pub const fn new(winter_minutes: i16, summer: SummerTime) -> Self {
        Self { winter: winter_minutes, summer }
    }

    /// By how many minutes clocks are ahead of UTC in winter.
    #[must_use]
    pub const fn winter_minutes(self) -> i16 {
        self.winter
    }

    /// By which rule they are moved.
    #[must_use]
    pub const fn summer(self) -> SummerTime {
        self.summer
    }

    /// The date that calendars show at a moment, and how many minutes after midnight clocks show.
    #[must_use]
    pub fn local(self, at: Timestamp) -> (NaiveDate, u32) {
        let utc = at.to_datetime().naive_utc();
        let later = |time: NaiveDateTime, minutes: i64| {
            TimeDelta::try_minutes(minutes).and_then(|span| time.checked_add_signed(span)).unwrap_or(time)
        };
        let winter = later(utc, self.winter.into());
        let is_summer = match self.summer {
            SummerTime::None => false,
            SummerTime::Europe => {
                let turn = |month| last_sunday(utc.year(), month).and_then(|day| day.and_hms_opt(1, 0, 0));
                turn(3).is_some_and(|turn| utc >= turn) && turn(10).is_some_and(|turn| utc < turn)
            }
            // Both turns are at two by the clock; in autumn that is one o'clock in winter time.
            SummerTime::UnitedStates => {
                let turn = |month, week, hour| {
                    NaiveDate::from_weekday_of_month_opt(winter.year(), month, Weekday::Sun, week)
                        .and_then(|day| day.and_hms_opt(hour, 0, 0))
                };
                turn(3, 2, 2).is_some_and(|turn| winter >= turn) && turn(11, 1, 1).is_some_and(|turn| winter < turn)
            }
        };
        let shown = if is_summer { later(winter, 60) } else { winter };
        (shown.date(), shown.hour().saturating_mul(60).saturating_add(shown.minute()))
    }
}

/// The last Sunday of a month of 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(u64::from(last.weekday().num_days_from_sunday())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;

    fn shown(zone: Zone, at: Timestamp) -> String {
        let (date, minutes) = zone.local(at);
        format!("{date} {:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
    }

    /// In 2026 clocks are moved in Europe on 29 March and 25 October, in the United States on 8 March and 1 November.
    #[test]
    fn clocks_are_moved_at_their_hour() {
        let (london, copenhagen) = (Zone::new(0, SummerTime::Europe), Zone::new(60, SummerTime::Europe));
        let (eastern, tokyo) = (Zone::new(-300, SummerTime::UnitedStates), Zone::new(540, SummerTime::None));
        for (zone, at, expected) in [
            (london, utc(2026, 3, 29).at(0, 59), "2026-03-29 00:59"),
            (london, utc(2026, 3, 29).at(1, 0), "2026-03-29 02:00"),
            (london, utc(2026, 10, 25).at(0, 59), "2026-10-25 01:59"),
            (london, utc(2026, 10, 25).at(1, 0), "2026-10-25 01:00"),
            (copenhagen, utc(2026, 3, 29).at(0, 59), "2026-03-29 01:59"),
            (copenhagen, utc(2026, 3, 29).at(1, 0), "2026-03-29 03:00"),
            (copenhagen, utc(2026, 12, 31).at(23, 30), "2027-01-01 00:30"),
            (eastern, utc(2026, 3, 8).at(6, 59), "2026-03-08 01:59"),
            (eastern, utc(2026, 3, 8).at(7, 0), "2026-03-08 03:00"),
            (eastern, utc(2026, 11, 1).at(5, 59), "2026-11-01 01:59"),
            (eastern, utc(2026, 11, 1).at(6, 0), "2026-11-01 01:00"),
            (eastern, utc(2026, 1, 1).at(4, 59), "2025-12-31 23:59"),
            (tokyo, utc(2026, 7, 1).at(15, 0), "2026-07-02 00:00"),
        ] {
            assert_eq!(shown(zone, at), expected, "{at}");
        }
    }

    #[test]
    fn the_ends_of_time_are_shown_too() {
        for summer in [SummerTime::None, SummerTime::Europe, SummerTime::UnitedStates] {
            for minutes in [i16::MIN, -300, 0, 540, i16::MAX] {
                for at in [Timestamp::MIN, Timestamp::MAX] {
                    assert!(Zone::new(minutes, summer).local(at).1 < 24 * 60);
                }
            }
        }
    }
}
