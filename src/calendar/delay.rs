//! How long a payment stays pending.

use std::fmt;

use chrono::Days;
use serde::{Deserialize, Serialize};

use super::{BankCalendar, StartOfDay, TimeError, Timestamp};

/// The number of days from a payment to the day on which its money becomes available, with the unit it counts in.
///
/// The unit stays with the number, because one country may use both: European accounts start with seven calendar days and
/// come down to three business days.
///
/// ```
/// use fundroute::calendar::{BankCalendar, Delay, utc};
///
/// let banks = BankCalendar::weekends_only();
/// let saturday = utc(2026, 11, 7).at(18, 30);
/// assert_eq!(Delay::Calendar(7).available_on(saturday, &banks)?, utc(2026, 11, 14));
/// assert_eq!(Delay::Business(2).available_on(saturday, &banks)?, utc(2026, 11, 11));
/// # Ok::<(), fundroute::calendar::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// Days on which banks are open. A payment made on a closed day counts as made on the next open one.
    Business(u8),
    /// Days of the calendar. The day of the payment is day 0, whether banks are open or not.
    Calendar(u8),
}

impl Delay {
    /// The midnight UTC at which the money of a payment made at `at` becomes available.
    ///
    /// In calendar days that may be a weekend: the money is available then, and leaves with the next payout.
    ///
    /// # Errors
    ///
    /// [`TimeError::NoBusinessDay`] if banks stay closed for more than a year, [`TimeError::OutOfRange`] past 9999.
    pub fn available_on(&self, at: Timestamp, calendar: &BankCalendar) -> Result<Timestamp, TimeError> {
        self.available_from(at, calendar, StartOfDay::UTC)
    }

    /// The same where days begin at another hour: the start of the day on which the money becomes available.
    ///
    /// ```
    /// use fundroute::calendar::{BankCalendar, Delay, StartOfDay, utc};
    ///
    /// let six_in_singapore = StartOfDay::new(480, 6, 0)?;
    /// let sunday = utc(2026, 11, 7).at(21, 30); // half past five there, which is still the day before
    /// let available = Delay::Calendar(7).available_from(sunday, &BankCalendar::weekends_only(), six_in_singapore)?;
    /// assert_eq!(available, utc(2026, 11, 13).at(22, 0)); // six on Saturday
    /// # Ok::<(), fundroute::calendar::TimeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`available_on`](Self::available_on).
    pub fn available_from(
        &self,
        at: Timestamp,
        calendar: &BankCalendar,
        start: StartOfDay,
    ) -> Result<Timestamp, TimeError> {
        // RULE: funds become available at the start of a day, 00:00 UTC unless an account has another start of day
        // (docs.stripe.com/payouts, 2026).
        let day = start.day_of(at);
        let available = match self {
            Self::Business(days) => calendar.add_business_days(day, u32::from(*days))?,
            Self::Calendar(days) => day.checked_add_days(Days::new(u64::from(*days))).ok_or(TimeError::OutOfRange)?,
        };
        start.begin(available)
    }

    /// The number of days, in the delay's own unit.
    #[must_use]
    pub const fn days(&self) -> u8 {
        match self {
            Self::Business(days) | Self::Calendar(days) => *days,
        }
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self {
            Self::Business(_) => "business",
            Self::Calendar(_) => "calendar",
        };
        let plural = if self.days() == 1 { "" } else { "s" };
        write!(f, "{} {unit} day{plural}", self.days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;
    use Delay::{Business, Calendar};

    /// Checks a row of the table of worked dates: a payment at one moment is available on another day.
    fn check(name: &str, delay: Delay, calendar: &BankCalendar, at: Timestamp, expected: Timestamp) {
        assert_eq!(delay.available_on(at, calendar), Ok(expected), "{name}");
    }

    /// Dates that the field's own pages and its integrators publish, set in November 2026 (the 2nd is a Monday).
    #[test]
    fn published_examples() {
        let banks = BankCalendar::weekends_only();
        let nov = |day| utc(2026, 11, day);
        let rows = [
            ("us_one_day_product_monday", Business(1), nov(2), nov(3)),
            ("us_friday", Business(2), nov(6), nov(10)),
            ("germany_thursday", Calendar(7), nov(5), nov(12)),
            ("us_tuesday_before_utc_midnight", Business(2), nov(3).at(23, 59), nov(5)),
            ("us_tuesday_evening_is_wednesday_in_utc", Business(2), nov(4).at(0, 19), nov(6)),
            ("new_zealand_wednesday", Business(4), nov(4), nov(10)),
            ("new_zealand_monday", Business(4), nov(2), nov(6)),
            ("australia_tuesday", Business(2), nov(3), nov(5)),
            ("australia_friday", Business(2), nov(6), nov(10)),
            ("us_monday", Business(2), nov(2), nov(4)),
        ];
        for (name, delay, at, expected) in rows {
            check(name, delay, &banks, at, expected);
        }
    }

    #[test]
    fn derived_examples_without_holidays() {
        let banks = BankCalendar::weekends_only();
        let nov = |day| utc(2026, 11, day);
        let rows = [
            ("us_monday_afternoon", Business(2), nov(2).at(15, 0), nov(4)),
            ("us_over_a_weekend", Business(2), nov(6), nov(10)),
            ("us_summer_evening_crosses_utc_midnight", Business(2), utc(2026, 7, 15).at(0, 19), utc(2026, 7, 17)),
            ("germany_saturday_to_saturday", Calendar(7), nov(7), nov(14)),
            ("singapore_override_counts_calendar_days", Calendar(14), nov(2), nov(16)),
            ("brazil_thirty_days", Calendar(30), nov(2), utc(2026, 12, 2)),
            ("japan_monday", Business(4), nov(9), nov(13)),
            ("japan_tuesday", Business(4), nov(10), nov(16)),
            ("us_bank_debit", Business(4), nov(2), nov(6)),
            ("no_delay_on_an_open_day", Business(0), nov(2).at(9, 0), nov(2)),
            ("no_delay_on_a_closed_day", Business(0), nov(7).at(9, 0), nov(9)),
            ("no_delay_in_calendar_days", Calendar(0), nov(7).at(9, 0), nov(7)),
        ];
        for (name, delay, at, expected) in rows {
            check(name, delay, &banks, at, expected);
        }
    }

    #[test]
    fn derived_examples_with_holidays() {
        let closed = |dates: &[(u32, u32)]| {
            BankCalendar::weekends_only().with_holidays(dates.iter().map(|(month, day)| utc(2026, *month, *day).date()))
        };
        // The Federal Reserve does not move a holiday that falls on a Saturday to the Friday before.
        let fed = closed(&[(7, 4), (11, 11), (11, 26)]);
        let target = closed(&[(4, 3), (4, 6)]);
        let england = closed(&[(12, 25), (12, 28)]);
        check("us_over_veterans_day", Business(2), &fed, utc(2026, 11, 9), utc(2026, 11, 12));
        check("us_saturday_before_veterans_day", Business(2), &fed, utc(2026, 11, 7), utc(2026, 11, 12));
        check("us_fourth_of_july_on_a_saturday", Business(2), &fed, utc(2026, 7, 1), utc(2026, 7, 3));
        check("germany_over_easter", Business(3), &target, utc(2026, 4, 2), utc(2026, 4, 9));
        check("britain_over_christmas", Business(3), &england, utc(2026, 12, 24), utc(2026, 12, 31));
        // Same number as Singapore's fourteen calendar days, another unit, another week; and Thanksgiving is not reached.
        let no_veterans_day = closed(&[(11, 26)]);
        check("us_override_counts_business_days", Business(14), &no_veterans_day, utc(2026, 11, 2), utc(2026, 11, 20));
        check("us_override_over_veterans_day", Business(14), &fed, utc(2026, 11, 2), utc(2026, 11, 23));
    }

    #[test]
    fn the_end_of_time_is_refused() {
        let banks = BankCalendar::weekends_only();
        for delay in [Business(1), Calendar(1), Business(u8::MAX), Calendar(u8::MAX)] {
            assert_eq!(delay.available_on(Timestamp::MAX, &banks), Err(TimeError::OutOfRange));
        }
    }

    #[test]
    fn stored_and_shown() {
        for delay in [Business(2), Calendar(30)] {
            let json = serde_json::to_string(&delay).unwrap();
            assert_eq!(serde_json::from_str::<Delay>(&json).unwrap(), delay);
            let bytes = postcard::to_stdvec(&delay).unwrap();
            assert_eq!(postcard::from_bytes::<Delay>(&bytes).unwrap(), delay);
        }
        assert_eq!(serde_json::to_string(&Business(2)).unwrap(), r#"{"business":2}"#);
        assert_eq!(Business(1).to_string(), "1 business day");
        assert_eq!(Calendar(7).to_string(), "7 calendar days");
    }
}
