//! What can be wrong with an instant, a date or a set of days.

use chrono::{NaiveDate, Weekday};

/// Why an instant, a date or a set of days was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// A calendar whose week has no open day was asked for: no money could ever move.
    #[error("a bank calendar needs at least one open day a week")]
    AlwaysClosed,
    /// A number that no month has as a day.
    #[error("`{0}` is not a day of a month, which are 1 to 31")]
    DayOfMonth(u8),
    /// A text that is not an RFC 3339 instant, such as `2026-11-02T15:00:00Z`.
    #[error("`{0}` is not an instant in RFC 3339 form")]
    Malformed(String),
    /// Banks stay closed for more than a year from this date on: the holidays of the calendar must be wrong.
    #[error("no business day within a year of {after}")]
    NoBusinessDay {
        /// The last date that was looked at from.
        after: NaiveDate,
    },
    /// A set of payout days without a day in it.
    #[error("a payout schedule needs at least one day")]
    NoDays,
    /// A number of minutes by which no place is ahead of UTC.
    #[error("no clock is `{0}` minutes ahead of UTC")]
    Offset(i16),
    /// An instant or a date before 1970 or after 9999, or the result of a sum that would be.
    #[error("an instant must be between 1970-01-01 and 9999-12-31 UTC")]
    OutOfRange,
    /// A time at which no day can begin.
    #[error("a day cannot begin at `{hour}:{minutes:02}`, only at a full or a half hour")]
    StartOfDay {
        /// The hour.
        hour: u8,
        /// The minutes past it.
        minutes: u8,
    },
    /// A Saturday or Sunday as a payout day, on which banks move nothing.
    #[error("`{0}` is not a payout day, which are Monday to Friday")]
    WeekendDay(Weekday),
}
