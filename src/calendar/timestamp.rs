//! An instant as a number of microseconds.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::TimeError;

const MICROS_PER_MINUTE: i64 = 60_000_000;
const MICROS_PER_HOUR: i64 = 3_600_000_000;
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A moment in time, in microseconds since 1970-01-01T00:00:00Z.
///
/// Reaches from 1970 to the end of 9999, so that milliseconds fit the 48 bits that ids hold them in, and every value has a
/// calendar date. What a host holds as a [`DateTime`] is converted at the door, and loses what is finer than a microsecond.
///
/// Reads and prints as RFC 3339. Stored as that text where the format is for people, and as one integer where it is not.
///
/// ```
/// use fundroute::calendar::{Timestamp, TimeError, days, utc};
///
/// let noon = utc(2026, 11, 2).at(12, 0);
/// assert_eq!(noon.to_string(), "2026-11-02T12:00:00Z");
/// assert_eq!("2026-11-02T13:00:00+01:00".parse(), Ok(noon));
/// assert_eq!(noon.checked_add(days(30))?, utc(2026, 12, 2).at(12, 0));
/// assert_eq!(Timestamp::MAX.plus_days(1), Err(TimeError::OutOfRange));
/// # Ok::<(), TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first moment of 1970, UTC.
    pub const MIN: Self = Self(0);

    /// The last microsecond of 9999, UTC.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// The moment that many microseconds after the start of 1970.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub const fn from_micros(micros: i64) -> Result<Self, TimeError> {
        if Self::MIN.0 <= micros && micros <= Self::MAX.0 { Ok(Self(micros)) } else { Err(TimeError::OutOfRange) }
    }

    /// The moment of a [`DateTime`], cut down to the microsecond.
    ///
    /// Cut, not rounded, so that no moment becomes a later one.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub const fn from_datetime(at: DateTime<Utc>) -> Result<Self, TimeError> {
        Self::from_micros(at.timestamp_micros())
    }

    /// The moment in which a date begins, at midnight UTC.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub const fn start_of(date: NaiveDate) -> Result<Self, TimeError> {
        Self::from_datetime(date.and_time(NaiveTime::MIN).and_utc())
    }

    /// Microseconds since the start of 1970. Never negative.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the start of 1970, which take at most 48 bits.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0.unsigned_abs().saturating_div(1_000)
    }

    /// The same moment as chrono's type.
    #[must_use]
    pub const fn to_datetime(self) -> DateTime<Utc> {
        // INVARIANT: every constructor keeps the value within 1970 to 9999, all of which chrono can hold.
        match DateTime::from_timestamp_micros(self.0) {
            Some(at) => at,
            None => DateTime::UNIX_EPOCH,
        }
    }

    /// The date of this moment, in UTC.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.to_datetime().date_naive()
    }

    /// The midnight UTC with which the day of this moment began.
    #[must_use]
    pub const fn midnight(self) -> Self {
        // INVARIANT: the remainder lies between zero and the value, so the difference does too.
        Self(self.0.saturating_sub(self.0.rem_euclid(MICROS_PER_DAY)))
    }

    /// The same day at an hour and a minute, UTC. Hours past 23 count as 23, minutes past 59 as 59.
    ///
    /// ```
    /// use fundroute::calendar::utc;
    ///
    /// assert_eq!(utc(2026, 11, 2).at(9, 30).to_string(), "2026-11-02T09:30:00Z");
    /// assert_eq!(utc(2026, 11, 2).at(24, 0), utc(2026, 11, 2).at(23, 0));
    /// ```
    #[must_use]
    pub fn at(self, hour: u32, minute: u32) -> Self {
        let hours = i64::from(hour.min(23)).saturating_mul(MICROS_PER_HOUR);
        let minutes = i64::from(minute.min(59)).saturating_mul(MICROS_PER_MINUTE);
        // INVARIANT: midnight plus less than a day is still the same day.
        Self(self.midnight().0.saturating_add(hours).saturating_add(minutes))
    }

    /// The moment that much later, or earlier where the span is negative.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub fn checked_add(self, span: TimeDelta) -> Result<Self, TimeError> {
        let micros = span.num_microseconds().and_then(|span| self.0.checked_add(span));
        Self::from_micros(micros.ok_or(TimeError::OutOfRange)?)
    }

    /// The moment that many days of 24 hours later, or earlier where the number is negative.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub fn plus_days(self, days: i64) -> Result<Self, TimeError> {
        let micros = days.checked_mul(MICROS_PER_DAY).and_then(|span| self.0.checked_add(span));
        Self::from_micros(micros.ok_or(TimeError::OutOfRange)?)
    }

    /// How much later this moment is than another one. Negative where it is earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> TimeDelta {
        // INVARIANT: both lie within 1970 to 9999, so the difference cannot overflow.
        TimeDelta::microseconds(self.0.saturating_sub(earlier.0))
    }
}

impl TryFrom<DateTime<Utc>> for Timestamp {
    type Error = TimeError;

    fn try_from(at: DateTime<Utc>) -> Result<Self, TimeError> {
        Self::from_datetime(at)
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(at: Timestamp) -> Self {
        at.to_datetime()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_datetime().format("%Y-%m-%dT%H:%M:%S%.fZ"))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        match DateTime::parse_from_rfc3339(text) {
            Ok(at) => Self::from_datetime(at.to_utc()),
            Err(_) => Err(TimeError::Malformed(text.to_owned())),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant in RFC 3339 form")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Text)
        } else {
            Self::from_micros(i64::deserialize(deserializer)?).map_err(de::Error::custom)
        }
    }
}

/// The start of a day, UTC, for examples, tests and hosts that know what they write.
///
/// Cannot fail: a year outside 1970 to 9999, a month outside 1 to 12 and a day that the month lacks count as the nearest one
/// that exists. Where a date comes from outside, use [`Timestamp::start_of`] or parse it.
///
/// ```
/// use fundroute::calendar::utc;
///
/// assert_eq!(utc(2026, 11, 2).to_string(), "2026-11-02T00:00:00Z");
/// assert_eq!(utc(2026, 2, 31), utc(2026, 2, 28));
/// ```
#[must_use]
pub fn utc(year: i32, month: u32, day: u32) -> Timestamp {
    let (year, month) = (year.clamp(1970, 9999), month.clamp(1, 12));
    let wanted = day.clamp(1, 31);
    // INVARIANT: every month has a 28th day, so one of the candidates exists, and its year is within range.
    [wanted, 30, 29, 28]
        .into_iter()
        .filter(|day| *day <= wanted)
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .and_then(|date| Timestamp::start_of(date).ok())
        .unwrap_or(Timestamp::MIN)
}

/// A span of that many days of 24 hours. A number too large for a span counts as the longest one.
#[must_use]
pub const fn days(number: i64) -> TimeDelta {
    longest_if_none(TimeDelta::try_days(number), number)
}

/// A span of that many hours. A number too large for a span counts as the longest one.
#[must_use]
pub const fn hours(number: i64) -> TimeDelta {
    longest_if_none(TimeDelta::try_hours(number), number)
}

const fn longest_if_none(span: Option<TimeDelta>, number: i64) -> TimeDelta {
    match span {
        Some(span) => span,
        None if number < 0 => TimeDelta::MIN,
        None => TimeDelta::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_are_the_documented_ones() {
        assert_eq!(Timestamp::MIN.to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999Z");
        assert_eq!(Timestamp::from_micros(-1), Err(TimeError::OutOfRange));
        assert_eq!(Timestamp::from_micros(Timestamp::MAX.micros() + 1), Err(TimeError::OutOfRange));
        assert!(Timestamp::MAX.millis() < 1 << 48);
    }

    #[test]
    fn chrono_can_go_further_and_is_refused() {
        for far in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert_eq!(Timestamp::from_datetime(far), Err(TimeError::OutOfRange));
        }
        for far in [NaiveDate::MIN, NaiveDate::MAX] {
            assert_eq!(Timestamp::start_of(far), Err(TimeError::OutOfRange));
        }
    }

    #[test]
    fn what_is_finer_than_a_microsecond_is_cut_off() {
        let at: Timestamp = "2026-11-02T00:00:00.000001999Z".parse().unwrap();
        assert_eq!(at.micros(), utc(2026, 11, 2).micros() + 1);
        assert_eq!(at.to_string(), "2026-11-02T00:00:00.000001Z");
    }

    #[test]
    fn sums_stay_in_range_or_are_refused() {
        let at = utc(2026, 11, 2);
        assert_eq!(at.checked_add(days(-1)).unwrap(), utc(2026, 11, 1));
        assert_eq!(at.checked_add(hours(25)).unwrap(), utc(2026, 11, 3).at(1, 0));
        assert_eq!(at.plus_days(30).unwrap(), utc(2026, 12, 2));
        assert_eq!(utc(2026, 12, 2).since(at), days(30));
        for absurd in [i64::MIN, i64::MAX] {
            assert_eq!(at.plus_days(absurd), Err(TimeError::OutOfRange));
            assert_eq!(at.checked_add(days(absurd)), Err(TimeError::OutOfRange));
            assert_eq!(at.checked_add(hours(absurd)), Err(TimeError::OutOfRange));
        }
        assert_eq!(Timestamp::MIN.checked_add(days(-1)), Err(TimeError::OutOfRange));
    }

    #[test]
    fn dates_that_do_not_exist_count_as_the_nearest_that_do() {
        assert_eq!(utc(2028, 2, 31), utc(2028, 2, 29));
        assert_eq!(utc(2026, 4, 31), utc(2026, 4, 30));
        assert_eq!(utc(2026, 0, 0), utc(2026, 1, 1));
        assert_eq!(utc(2026, 99, 99), utc(2026, 12, 31));
        assert_eq!(utc(i32::MIN, 1, 1), Timestamp::MIN);
        assert_eq!(utc(i32::MAX, 12, 31), Timestamp::MAX.midnight());
        assert_eq!(Timestamp::MAX.at(99, 99).to_string(), "9999-12-31T23:59:00Z");
    }

    #[test]
    fn midnight_and_date_belong_to_the_same_day() {
        let at: Timestamp = "2026-11-02T23:59:59.999999Z".parse().unwrap();
        assert_eq!(at.midnight(), utc(2026, 11, 2));
        assert_eq!(Timestamp::start_of(at.date()).unwrap(), at.midnight());
        assert_eq!(Timestamp::start_of(Timestamp::MAX.date()).unwrap(), Timestamp::MAX.midnight());
    }

    #[test]
    fn stored_as_text_for_people_and_as_a_number_for_machines() {
        let at = utc(2026, 11, 2).at(15, 4);
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(json, r#""2026-11-02T15:04:00Z""#);
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
        for at in [at, Timestamp::MIN, Timestamp::MAX] {
            let bytes = postcard::to_stdvec(&at).unwrap();
            assert_eq!(postcard::from_bytes::<Timestamp>(&bytes).unwrap(), at);
        }
        assert_eq!(postcard::to_stdvec(&at).unwrap(), postcard::to_stdvec(&at.micros()).unwrap());
    }

    #[test]
    fn stored_values_pass_the_same_door() {
        assert!(serde_json::from_str::<Timestamp>(r#""1969-12-31T23:59:59Z""#).is_err());
        assert!(serde_json::from_str::<Timestamp>(r#""yesterday""#).is_err());
        let before = postcard::to_stdvec(&-1_i64).unwrap();
        assert!(postcard::from_bytes::<Timestamp>(&before).is_err());
        assert_eq!("soon".parse::<Timestamp>(), Err(TimeError::Malformed("soon".to_owned())));
    }
}
