//! At which hour days begin.

use std::fmt;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{TimeError, Timestamp};

/// The earliest and the latest local time there is, in minutes east of Greenwich.
const OFFSETS: std::ops::RangeInclusive<i16> = -720..=840;

/// At which moment a day begins: an hour or a half hour, by a local time that is always the same number of minutes ahead of UTC.
///
/// The crate has no database of time zones: where clocks are moved in summer, the offset is the one that a host chose, all year.
///
/// ```
/// use fundroute::calendar::{StartOfDay, TimeError, utc};
///
/// // Six in the morning in Singapore. Half an hour before that, it is still the day before.
/// let six = StartOfDay::new(480, 6, 0)?;
/// let sunday = utc(2026, 11, 7).at(21, 30);
/// assert_eq!(six.day_of(sunday), utc(2026, 11, 7).date());
/// assert_eq!(six.begin(utc(2026, 11, 14).date())?, utc(2026, 11, 13).at(22, 0));
/// assert_eq!(six.to_string(), "06:00 UTC+08:00");
/// assert_eq!(StartOfDay::new(480, 6, 15), Err(TimeError::StartOfDay { hour: 6, minutes: 15 }));
/// # Ok::<(), TimeError>(())
/// ```
// RULE: an hour, with no minutes or thirty, in a time zone (docs.stripe.com/payouts/customized-start-of-day, 2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct StartOfDay {
    offset: i16,
    hour: u8,
    minutes: u8,
}

/// A start of day as it is stored.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Parts {
    offset_minutes: i16,
    hour: u8,
    minutes: u8,
}

impl StartOfDay {
    /// Midnight UTC.
    pub const UTC: Self = Self { offset: 0, hour: 0, minutes: 0 };

    /// That time of day, where clocks are so many minutes ahead of UTC; behind where the number is negative.
    ///
    /// # Errors
    ///
    /// [`TimeError::Offset`] for an offset that no place has: below -12 or above 14 hours, or in between quarters of an hour.
    /// [`TimeError::StartOfDay`] for an hour above 23, and for minutes that are neither 0 nor 30.
    pub fn new(offset_minutes: i16, hour: u8, minutes: u8) -> Result<Self, TimeError> {
        if !OFFSETS.contains(&offset_minutes) || offset_minutes.checked_rem(15) != Some(0) {
            return Err(TimeError::Offset(offset_minutes));
        }
        if hour > 23 || !matches!(minutes, 0 | 30) {
            return Err(TimeError::StartOfDay { hour, minutes });
        }
        Ok(Self { offset: offset_minutes, hour, minutes })
    }

    /// By how many minutes its local time is ahead of UTC.
    #[must_use]
    pub const fn offset_minutes(self) -> i16 {
        self.offset
    }

    /// The hour of the local time, from 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minutes past the hour, 0 or 30.
    #[must_use]
    pub const fn minutes(self) -> u8 {
        self.minutes
    }

    /// How much earlier than midnight UTC its days begin. Negative where they begin later.
    fn ahead(self) -> TimeDelta {
        let start = i64::from(self.hour).saturating_mul(60).saturating_add(i64::from(self.minutes));
        // INVARIANT: at most two days either way, which every span holds.
        TimeDelta::try_minutes(i64::from(self.offset).saturating_sub(start)).unwrap_or_default()
    }

    /// The day that a moment belongs to.
    #[must_use]
    pub fn day_of(self, at: Timestamp) -> NaiveDate {
        let local = at.to_datetime().naive_utc().checked_add_signed(self.ahead());
        local.map_or_else(|| at.date(), |local| local.date())
    }

    /// The moment in which a day begins.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub fn begin(self, day: NaiveDate) -> Result<Timestamp, TimeError> {
        Timestamp::start_of(day)?.checked_add(self.ahead().checked_mul(-1).unwrap_or_default())
    }

    /// The first day that begins at or after a moment.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub fn first_day(self, at: Timestamp) -> Result<NaiveDate, TimeError> {
        let day = self.day_of(at);
        // A day that began before 1970 began before every moment there is.
        if self.begin(day) == Ok(at) { Ok(day) } else { day.succ_opt().ok_or(TimeError::OutOfRange) }
    }
}

impl fmt::Display for StartOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, ahead) = (if self.offset < 0 { '-' } else { '+' }, self.offset.unsigned_abs());
        let (hours, minutes) = (ahead.checked_div(60).unwrap_or(0), ahead.checked_rem(60).unwrap_or(0));
        write!(f, "{:02}:{:02} UTC{sign}{hours:02}:{minutes:02}", self.hour, self.minutes)
    }
}

impl From<StartOfDay> for Parts {
    fn from(start: StartOfDay) -> Self {
        Self { offset_minutes: start.offset, hour: start.hour, minutes: start.minutes }
    }
}

impl TryFrom<Parts> for StartOfDay {
    type Error = TimeError;

    fn try_from(parts: Parts) -> Result<Self, TimeError> {
        Self::new(parts.offset_minutes, parts.hour, parts.minutes)
    }
}

/// When the days of an account begin: at one hour, and from some moment on at another.
///
/// ```
/// use fundroute::calendar::{StartOfDay, StartsOfDay, TimeError, utc};
///
/// // At seven in the morning in Singapore somebody chooses midnight there: that is seventeen hours away.
/// let midnight = StartOfDay::new(480, 0, 0)?;
/// let starts = StartsOfDay::of(StartOfDay::UTC).change(midnight, utc(2026, 11, 8).at(23, 0))?;
/// assert_eq!(starts.at(utc(2026, 11, 9).at(15, 59)), StartOfDay::UTC);
/// assert_eq!(starts.at(utc(2026, 11, 9).at(16, 0)), midnight);
/// # Ok::<(), TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StartsOfDay {
    first: StartOfDay,
    then: Option<(Timestamp, StartOfDay)>,
}

impl StartsOfDay {
    /// Days that always begin at that hour.
    #[must_use]
    pub const fn of(start: StartOfDay) -> Self {
        Self { first: start, then: None }
    }

    /// When the day of a moment begins.
    #[must_use]
    pub fn at(&self, moment: Timestamp) -> StartOfDay {
        match self.then {
            Some((from, start)) if moment >= from => start,
            Some(_) | None => self.first,
        }
    }

    /// The hour that was chosen last, and from when on it counts, if it was not always so.
    #[must_use]
    pub const fn chosen(&self) -> (StartOfDay, Option<Timestamp>) {
        match self.then {
            Some((from, start)) => (start, Some(from)),
            None => (self.first, None),
        }
    }

    /// The same days, beginning at another hour as soon as that is reached. One that was chosen before and is not reached yet is
    /// forgotten.
    ///
    /// Of what was before, only the hour that counts at `now` is kept: a moment before the change before this one is taken to have
    /// belonged to a day that began by it.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] after 9999.
    // RULE: another start of day counts from when it is next reached; what was paid before keeps the one before
    // (docs.stripe.com/payouts/customized-start-of-day, 2026).
    pub fn change(&self, start: StartOfDay, now: Timestamp) -> Result<Self, TimeError> {
        let first = self.at(now);
        let then = if first == start { None } else { Some((start.begin(start.first_day(now)?)?, start)) };
        Ok(Self { first, then })
    }

    /// The moments from which a rule by the day has to look: with the start of day that counts there.
    pub(super) fn spans(&self, from: Timestamp) -> (StartOfDay, Option<(Timestamp, StartOfDay)>) {
        (self.at(from), self.then.filter(|(then, _)| from < *then))
    }
}

impl Default for StartsOfDay {
    /// Days that begin at midnight UTC.
    fn default() -> Self {
        Self::of(StartOfDay::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;

    fn start(offset: i16, hour: u8, minutes: u8) -> StartOfDay {
        StartOfDay::new(offset, hour, minutes).unwrap()
    }

    #[test]
    fn days_begin_at_their_hour_and_not_before() {
        for (start, begins) in [
            (StartOfDay::UTC, utc(2026, 11, 9)),
            (start(480, 0, 0), utc(2026, 11, 8).at(16, 0)),
            (start(480, 6, 0), utc(2026, 11, 8).at(22, 0)),
            (start(330, 0, 0), utc(2026, 11, 8).at(18, 30)),
            (start(-300, 0, 0), utc(2026, 11, 9).at(5, 0)),
            (start(-300, 17, 30), utc(2026, 11, 9).at(22, 30)),
            (start(840, 0, 0), utc(2026, 11, 8).at(10, 0)),
            (start(-720, 23, 30), utc(2026, 11, 10).at(11, 30)),
        ] {
            let monday = utc(2026, 11, 9).date();
            assert_eq!(start.begin(monday), Ok(begins), "{start}");
            let before = begins.checked_add(TimeDelta::microseconds(-1)).unwrap();
            assert_eq!((start.day_of(before).succ_opt().unwrap(), start.day_of(begins)), (monday, monday), "{start}");
            assert_eq!((start.first_day(before), start.first_day(begins)), (Ok(monday), Ok(monday)), "{start}");
            let after = begins.checked_add(TimeDelta::microseconds(1)).unwrap();
            assert_eq!(start.first_day(after), Ok(monday.succ_opt().unwrap()), "{start}");
        }
    }

    #[test]
    fn what_no_clock_shows_is_refused() {
        for offset in [-721, -735, 841, 855, 7, i16::MIN, i16::MAX] {
            assert_eq!(StartOfDay::new(offset, 0, 0), Err(TimeError::Offset(offset)));
        }
        for (hour, minutes) in [(24, 0), (u8::MAX, 30), (0, 15), (0, 60), (6, u8::MAX)] {
            assert_eq!(StartOfDay::new(480, hour, minutes), Err(TimeError::StartOfDay { hour, minutes }));
        }
        assert_eq!(start(-300, 17, 30).begin(Timestamp::MAX.date()), Ok(utc(9999, 12, 31).at(22, 30)));
        assert_eq!(start(-300, 23, 30).begin(Timestamp::MAX.date()), Err(TimeError::OutOfRange));
        assert_eq!(start(480, 0, 0).begin(Timestamp::MIN.date()), Err(TimeError::OutOfRange));
        for start in [StartOfDay::UTC, start(480, 0, 0), start(-720, 23, 30)] {
            assert!(start.first_day(Timestamp::MAX).is_ok_and(|day| start.begin(day).is_err()), "{start}");
            assert!(start.day_of(Timestamp::MIN) <= utc(1970, 1, 1).date(), "{start}");
        }
        assert_eq!(StartsOfDay::default().change(start(480, 0, 0), Timestamp::MAX), Err(TimeError::OutOfRange));
    }

    #[test]
    fn another_hour_counts_from_when_it_is_next_reached() {
        let (midnight, six) = (start(480, 0, 0), start(480, 6, 0));
        let seven = utc(2026, 11, 8).at(23, 0);
        let reached = utc(2026, 11, 9).at(16, 0);
        let starts = StartsOfDay::default().change(midnight, seven).unwrap();
        assert_eq!(starts.chosen(), (midnight, Some(reached)));
        assert_eq!((starts.at(utc(2026, 11, 9)), starts.at(reached)), (StartOfDay::UTC, midnight));
        // At the very hour it counts at once.
        assert_eq!(StartsOfDay::default().change(midnight, reached).unwrap().chosen(), (midnight, Some(reached)));
        // Another one before it is reached takes its place; the one that counts takes it back.
        let other = starts.change(six, utc(2026, 11, 9)).unwrap();
        assert_eq!((other.at(reached), other.chosen()), (StartOfDay::UTC, (six, Some(utc(2026, 11, 9).at(22, 0)))));
        assert_eq!(starts.change(StartOfDay::UTC, utc(2026, 11, 9)).unwrap(), StartsOfDay::default());
        // Another one after it was reached.
        let later = starts.change(six, utc(2026, 11, 10)).unwrap();
        assert_eq!(later.at(utc(2026, 11, 10)), midnight);
        assert_eq!(later.chosen(), (six, Some(utc(2026, 11, 10).at(22, 0))));
    }

    #[test]
    fn stored_in_parts_and_read_through_the_same_door() {
        let starts = StartsOfDay::default().change(start(-300, 17, 30), utc(2026, 11, 9)).unwrap();
        let json = serde_json::to_string(&starts).unwrap();
        assert_eq!(serde_json::from_str::<StartsOfDay>(&json).unwrap(), starts);
        let bytes = postcard::to_stdvec(&starts).unwrap();
        assert_eq!(postcard::from_bytes::<StartsOfDay>(&bytes).unwrap(), starts);
        assert!(serde_json::from_str::<StartOfDay>(r#"{"offset_minutes":7,"hour":0,"minutes":0}"#).is_err());
        assert!(serde_json::from_str::<StartOfDay>(r#"{"offset_minutes":0,"hour":0,"minutes":45}"#).is_err());
    }
}
