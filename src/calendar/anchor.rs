//! On which days available money is paid out.

use chrono::{Datelike, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::business_day::bit;
use super::{BankCalendar, StartOfDay, StartsOfDay, TimeError, Timestamp};

/// Some of the days from Monday to Friday, at least one.
///
/// ```
/// use chrono::Weekday;
/// use fundroute::calendar::{TimeError, WeekdaySet};
///
/// let days = WeekdaySet::new([Weekday::Mon, Weekday::Thu])?;
/// assert!(days.contains(Weekday::Thu));
/// assert_eq!(WeekdaySet::new([Weekday::Sat]), Err(TimeError::WeekendDay(Weekday::Sat)));
/// # Ok::<(), TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<DayName>", into = "Vec<DayName>")]
pub struct WeekdaySet(u8);

impl WeekdaySet {
    /// The set of those days, in whatever order they come, however often.
    ///
    /// # Errors
    ///
    /// [`TimeError::WeekendDay`] for a Saturday or Sunday, [`TimeError::NoDays`] if there are none.
    pub fn new(days: impl IntoIterator<Item = Weekday>) -> Result<Self, TimeError> {
        let mut set = 0;
        for day in days {
            // RULE: payout days are Monday to Friday; the weekend was allowed for three months of 2025
            // (docs.stripe.com/changelog, 2025-09-30).
            if matches!(day, Weekday::Sat | Weekday::Sun) {
                return Err(TimeError::WeekendDay(day));
            }
            set |= bit(day);
        }
        if set == 0 { Err(TimeError::NoDays) } else { Ok(Self(set)) }
    }

    /// Whether that day is in the set.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// The days of the set, Monday first.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        [Mon, Tue, Wed, Thu, Fri].into_iter().filter(move |day| self.contains(*day))
    }
}

/// A weekday as it is stored, by the name that the field's interface gives it.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DayName {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<WeekdaySet> for Vec<DayName> {
    fn from(set: WeekdaySet) -> Self {
        set.iter()
            .map(|day| match day {
                Weekday::Mon => DayName::Monday,
                Weekday::Tue => DayName::Tuesday,
                Weekday::Wed => DayName::Wednesday,
                Weekday::Thu => DayName::Thursday,
                Weekday::Fri => DayName::Friday,
                Weekday::Sat => DayName::Saturday,
                Weekday::Sun => DayName::Sunday,
            })
            .collect()
    }
}

impl TryFrom<Vec<DayName>> for WeekdaySet {
    type Error = TimeError;

    fn try_from(names: Vec<DayName>) -> Result<Self, TimeError> {
        Self::new(names.into_iter().map(|name| match name {
            DayName::Monday => Weekday::Mon,
            DayName::Tuesday => Weekday::Tue,
            DayName::Wednesday => Weekday::Wed,
            DayName::Thursday => Weekday::Thu,
            DayName::Friday => Weekday::Fri,
            DayName::Saturday => Weekday::Sat,
            DayName::Sunday => Weekday::Sun,
        }))
    }
}

/// Some of the days 1 to 31 of a month, at least one.
///
/// In a month that lacks a day, the last day of the month stands for it. Two days that fall together that way are one.
///
/// ```
/// use fundroute::calendar::{MonthDays, TimeError};
///
/// assert!(MonthDays::new([1, 15])?.contains(15));
/// assert_eq!(MonthDays::new([32]), Err(TimeError::DayOfMonth(32)));
/// # Ok::<(), TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct MonthDays(u32);

impl MonthDays {
    /// The set of those days, in whatever order they come, however often.
    ///
    /// # Errors
    ///
    /// [`TimeError::DayOfMonth`] for a day outside 1 to 31, [`TimeError::NoDays`] if there are none.
    pub fn new(days: impl IntoIterator<Item = u8>) -> Result<Self, TimeError> {
        let mut set = 0;
        for day in days {
            if !(1..=31).contains(&day) {
                return Err(TimeError::DayOfMonth(day));
            }
            set |= day_bit(day);
        }
        if set == 0 { Err(TimeError::NoDays) } else { Ok(Self(set)) }
    }

    /// Whether that day is in the set.
    #[must_use]
    pub fn contains(self, day: u8) -> bool {
        (1..=31).contains(&day) && self.0 & day_bit(day) != 0
    }

    /// The days of the set, the smallest first.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (1..=31).filter(move |day| self.contains(*day))
    }

    /// The first day of the set, as far as the month of `date` goes, that is not before `date`.
    fn next_in_month(self, date: NaiveDate) -> Option<NaiveDate> {
        let last = date.num_days_in_month();
        // RULE: a day that the month lacks is its last day (docs.stripe.com/payouts, 2026).
        let day = self.iter().map(|day| u32::from(day.min(last))).find(|day| *day >= date.day())?;
        date.with_day(day)
    }
}

/// The bit of a day from 1 to 31.
fn day_bit(day: u8) -> u32 {
    1_u32.rotate_left(u32::from(day))
}

impl From<MonthDays> for Vec<u8> {
    fn from(set: MonthDays) -> Self {
        set.iter().collect()
    }
}

impl TryFrom<Vec<u8>> for MonthDays {
    type Error = TimeError;

    fn try_from(days: Vec<u8>) -> Result<Self, TimeError> {
        Self::new(days)
    }
}

/// A day of the weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeekendDay {
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// How often money is paid out by itself.
///
/// A run is the start of a payout day, midnight UTC unless the account's days begin at another hour; it takes what is available by
/// then. When its money reaches the bank is [`arrival_date`].
///
/// ```
/// use chrono::Weekday;
/// use fundroute::calendar::{BankCalendar, Recurrence, utc};
///
/// let banks = BankCalendar::weekends_only();
/// let saturday = utc(2026, 11, 7);
/// assert_eq!(Recurrence::Daily.next_run(saturday, &banks)?, utc(2026, 11, 9));
/// assert_eq!(Recurrence::weekly([Weekday::Fri])?.next_run(saturday, &banks)?, utc(2026, 11, 13));
/// assert_eq!(Recurrence::monthly([31])?.next_run(saturday, &banks)?, utc(2026, 11, 30));
/// # Ok::<(), fundroute::calendar::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recurrence {
    /// On every business day.
    Daily,
    /// On some days of each week.
    Weekly(WeekdaySet),
    /// On some days of each month.
    Monthly(MonthDays),
    /// On one day of each weekend, as only the older interface lets an account be paid out: the money arrives on the next business
    /// day.
    EachWeekend(WeekendDay),
}

impl Recurrence {
    /// On those days of each week.
    ///
    /// # Errors
    ///
    /// As [`WeekdaySet::new`].
    pub fn weekly(days: impl IntoIterator<Item = Weekday>) -> Result<Self, TimeError> {
        WeekdaySet::new(days).map(Self::Weekly)
    }

    /// On one day of each week, as the older interface names it (`weekly_anchor`): any of the seven.
    ///
    /// ```
    /// use chrono::Weekday;
    /// use fundroute::calendar::{Recurrence, WeekendDay};
    ///
    /// assert_eq!(Recurrence::weekly_anchor(Weekday::Fri), Recurrence::weekly([Weekday::Fri])?);
    /// assert_eq!(Recurrence::weekly_anchor(Weekday::Sun), Recurrence::EachWeekend(WeekendDay::Sunday));
    /// # Ok::<(), fundroute::calendar::TimeError>(())
    /// ```
    // RULE: the anchor may be a Saturday or a Sunday, the newer lists of days may not (docs.stripe.com/api/accounts/object, 2026).
    #[must_use]
    pub const fn weekly_anchor(day: Weekday) -> Self {
        match day {
            Weekday::Sat => Self::EachWeekend(WeekendDay::Saturday),
            Weekday::Sun => Self::EachWeekend(WeekendDay::Sunday),
            Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => {
                Self::Weekly(WeekdaySet(bit(day)))
            }
        }
    }

    /// On one day of each month, as the older interface names it (`monthly_anchor`).
    ///
    /// # Errors
    ///
    /// As [`MonthDays::new`].
    pub fn monthly_anchor(day: u8) -> Result<Self, TimeError> {
        Self::monthly([day])
    }

    /// On those days of each month.
    ///
    /// # Errors
    ///
    /// As [`MonthDays::new`].
    pub fn monthly(days: impl IntoIterator<Item = u8>) -> Result<Self, TimeError> {
        MonthDays::new(days).map(Self::Monthly)
    }

    /// The first run at or after a moment, where days begin at midnight UTC.
    ///
    /// A daily run waits for a business day. A weekly or monthly one takes place on its day even if banks are closed, and its
    /// money arrives on the next business day.
    ///
    /// # Errors
    ///
    /// [`TimeError::NoBusinessDay`] if banks stay closed for more than a year, [`TimeError::OutOfRange`] past 9999.
    pub fn next_run(&self, not_before: Timestamp, calendar: &BankCalendar) -> Result<Timestamp, TimeError> {
        self.next_run_from(not_before, calendar, &StartsOfDay::default())
    }

    /// The same where days begin at another hour, or will from some moment on.
    ///
    /// ```
    /// use fundroute::calendar::{BankCalendar, Recurrence, StartOfDay, StartsOfDay, utc};
    ///
    /// let six_in_singapore = StartsOfDay::of(StartOfDay::new(480, 6, 0)?);
    /// let saturday = utc(2026, 11, 13).at(22, 0);
    /// let run = Recurrence::Daily.next_run_from(saturday, &BankCalendar::weekends_only(), &six_in_singapore)?;
    /// assert_eq!(run, utc(2026, 11, 15).at(22, 0)); // six on Monday
    /// # Ok::<(), fundroute::calendar::TimeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_run`](Self::next_run).
    pub fn next_run_from(
        &self,
        not_before: Timestamp,
        calendar: &BankCalendar,
        starts: &StartsOfDay,
    ) -> Result<Timestamp, TimeError> {
        let run = |from: Timestamp, start: StartOfDay| start.begin(self.next_day(start.first_day(from)?, calendar)?);
        let (start, then) = starts.spans(not_before);
        let before = run(not_before, start);
        match then {
            Some((from, other)) if before.as_ref().map_or(true, |run| *run >= from) => run(from, other),
            Some(_) | None => before,
        }
    }

    /// The first payout day that is not before a day.
    fn next_day(&self, first: NaiveDate, calendar: &BankCalendar) -> Result<NaiveDate, TimeError> {
        let on = |is_due: &dyn Fn(Weekday) -> bool| {
            first.iter_days().take(7).find(|date| is_due(date.weekday())).ok_or(TimeError::OutOfRange)
        };
        match self {
            Self::Daily => calendar.roll_forward(first),
            // INVARIANT: no set is empty, so one of seven days, and one day of two months, is in it.
            Self::Weekly(days) => on(&|day| days.contains(day)),
            Self::EachWeekend(WeekendDay::Saturday) => on(&|day| day == Weekday::Sat),
            Self::EachWeekend(WeekendDay::Sunday) => on(&|day| day == Weekday::Sun),
            Self::Monthly(days) => days
                .next_in_month(first)
                .or_else(|| {
                    let next_month = first.with_day(1)?.checked_add_months(Months::new(1))?;
                    days.next_in_month(next_month)
                })
                .ok_or(TimeError::OutOfRange),
        }
    }
}

/// The day on which the money of a run reaches the bank: the run's own day, or the next business day.
///
/// A day is told by its midnight UTC; one that has begun before the run, by the moment of the run.
///
/// # Errors
///
/// [`TimeError::NoBusinessDay`] if banks stay closed for more than a year, [`TimeError::OutOfRange`] past 9999.
pub fn arrival_date(run: Timestamp, calendar: &BankCalendar, start: StartOfDay) -> Result<Timestamp, TimeError> {
    // RULE: a payout that falls on a closed day arrives on the next business day (docs.stripe.com/payouts, 2026).
    Ok(Timestamp::start_of(calendar.roll_forward(start.day_of(run))?)?.max(run))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Delay, utc};
    use Weekday::{Fri, Mon, Sat, Sun, Thu};

    fn weekly(days: &[Weekday]) -> Recurrence {
        Recurrence::weekly(days.iter().copied()).unwrap()
    }

    fn monthly(days: &[u8]) -> Recurrence {
        Recurrence::monthly(days.iter().copied()).unwrap()
    }

    /// From the payment to the bank: when it is available, when it is paid out, when it arrives.
    fn journey(at: Timestamp, delay: Delay, schedule: Recurrence, calendar: &BankCalendar) -> [Timestamp; 3] {
        let available = delay.available_on(at, calendar).unwrap();
        let run = schedule.next_run(available, calendar).unwrap();
        [available, run, arrival_date(run, calendar, StartOfDay::UTC).unwrap()]
    }

    #[test]
    fn daily_payouts_go_out_on_the_day_the_money_is_available() {
        let banks = BankCalendar::weekends_only();
        let nov = |day| utc(2026, 11, day);
        let daily = Recurrence::Daily;
        assert_eq!(journey(nov(6), Delay::Business(2), daily, &banks), [nov(10); 3]);
        assert_eq!(journey(nov(5), Delay::Calendar(7), daily, &banks), [nov(12); 3]);
        assert_eq!(journey(nov(4), Delay::Business(4), daily, &banks), [nov(10); 3]);
        assert_eq!(journey(nov(2), Delay::Calendar(14), daily, &banks), [nov(16); 3]);
        // Available on a Saturday, paid out on the Monday.
        assert_eq!(journey(nov(7), Delay::Calendar(7), daily, &banks), [nov(14), nov(16), nov(16)]);
    }

    #[test]
    fn weekly_payouts_wait_for_their_day() {
        let banks = BankCalendar::weekends_only();
        let nov = |day| utc(2026, 11, day);
        let us = journey(nov(2), Delay::Business(2), weekly(&[Mon, Thu]), &banks);
        assert_eq!(us, [nov(4), nov(5), nov(5)]);
        let japan = |at| journey(at, Delay::Business(4), weekly(&[Fri]), &banks);
        assert_eq!(japan(nov(9)), [nov(13), nov(13), nov(13)]);
        assert_eq!(japan(nov(10)), [nov(16), nov(20), nov(20)]);
    }

    #[test]
    fn a_weekly_run_on_a_holiday_takes_place_and_arrives_a_day_later() {
        let labor_day = utc(2026, 9, 7);
        let fed = BankCalendar::weekends_only().with_holidays([labor_day.date()]);
        let dates = journey(utc(2026, 9, 1), Delay::Business(2), weekly(&[Mon]), &fed);
        assert_eq!(dates, [utc(2026, 9, 3), labor_day, utc(2026, 9, 8)]);
        assert_eq!(Recurrence::Daily.next_run(labor_day, &fed), Ok(utc(2026, 9, 8)));
    }

    #[test]
    fn monthly_payouts_clamp_to_the_end_of_the_month() {
        let banks = BankCalendar::weekends_only();
        let run = monthly(&[31]).next_run(utc(2026, 2, 27), &banks).unwrap();
        assert_eq!((run, arrival_date(run, &banks, StartOfDay::UTC).unwrap()), (utc(2026, 2, 28), utc(2026, 3, 2)));
        let run = monthly(&[1, 15]).next_run(utc(2026, 8, 14), &banks).unwrap();
        assert_eq!((run, arrival_date(run, &banks, StartOfDay::UTC).unwrap()), (utc(2026, 8, 15), utc(2026, 8, 17)));
        assert_eq!(monthly(&[31]).next_run(utc(2028, 2, 1), &banks), Ok(utc(2028, 2, 29)));
        assert_eq!(monthly(&[31]).next_run(utc(2026, 12, 31).at(0, 1), &banks), Ok(utc(2027, 1, 31)));
        assert_eq!(monthly(&[1]).next_run(utc(2026, 12, 2), &banks), Ok(utc(2027, 1, 1)));
    }

    #[test]
    fn two_days_that_clamp_to_one_date_give_one_run() {
        let banks = BankCalendar::weekends_only();
        let schedule = monthly(&[30, 31]);
        let mut runs = Vec::new();
        let mut from = utc(2026, 2, 1);
        for _ in 0..4 {
            let run = schedule.next_run(from, &banks).unwrap();
            from = run.plus_days(1).unwrap();
            runs.push(run);
        }
        assert_eq!(runs, [utc(2026, 2, 28), utc(2026, 3, 30), utc(2026, 3, 31), utc(2026, 4, 30)]);
    }

    #[test]
    fn a_run_is_at_midnight_and_a_moment_later_waits_for_the_next() {
        let banks = BankCalendar::weekends_only();
        let monday = utc(2026, 11, 2);
        for schedule in [Recurrence::Daily, weekly(&[Mon]), monthly(&[2])] {
            assert_eq!(schedule.next_run(monday, &banks), Ok(monday));
            assert!(schedule.next_run(monday.at(0, 1), &banks).unwrap() > monday);
        }
    }

    #[test]
    fn no_run_after_the_end_of_time() {
        let banks = BankCalendar::weekends_only();
        for schedule in [Recurrence::Daily, weekly(&[Mon]), monthly(&[2])] {
            assert_eq!(schedule.next_run(Timestamp::MAX, &banks), Err(TimeError::OutOfRange));
        }
    }

    #[test]
    fn sets_of_days_are_checked() {
        assert_eq!(WeekdaySet::new([]), Err(TimeError::NoDays));
        assert_eq!(WeekdaySet::new([Mon, Sun]), Err(TimeError::WeekendDay(Sun)));
        assert_eq!(MonthDays::new([]), Err(TimeError::NoDays));
        assert_eq!(MonthDays::new([0]), Err(TimeError::DayOfMonth(0)));
        assert_eq!(MonthDays::new([31, 1, 31]).unwrap().iter().collect::<Vec<_>>(), [1, 31]);
        let every_day = MonthDays::new(1..=31).unwrap();
        assert!(!every_day.contains(0) && !every_day.contains(32) && !every_day.contains(33));
        assert!(!WeekdaySet::new([Mon]).unwrap().contains(Sat));
    }

    #[test]
    fn schedules_are_stored_by_name_and_read_through_the_same_checks() {
        for schedule in [Recurrence::Daily, weekly(&[Mon, Fri]), monthly(&[1, 15, 31])] {
            let json = serde_json::to_string(&schedule).unwrap();
            assert_eq!(serde_json::from_str::<Recurrence>(&json).unwrap(), schedule);
            let bytes = postcard::to_stdvec(&schedule).unwrap();
            assert_eq!(postcard::from_bytes::<Recurrence>(&bytes).unwrap(), schedule);
        }
        let json = serde_json::to_string(&weekly(&[Fri, Mon])).unwrap();
        assert_eq!(json, r#"{"weekly":["monday","friday"]}"#);
        for bad in [r#"{"weekly":["sunday"]}"#, r#"{"weekly":[]}"#, r#"{"monthly":[32]}"#, r#"{"monthly":[]}"#] {
            assert!(serde_json::from_str::<Recurrence>(bad).is_err(), "{bad}");
        }
    }
}
