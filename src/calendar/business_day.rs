//! On which days banks move money.

use std::fmt;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{TimeError, holidays};

/// How many stretches of closed days a count may cross before the calendar is taken to be wrong.
const STRETCHES: u16 = 366;

/// The days on which banks are closed: some weekdays, and holidays by date.
///
/// Which banks is the host's to say: money in dollars moves when the Federal Reserve is open, euros when TARGET is, whatever
/// the shops of the country do.
///
/// ```
/// use chrono::NaiveDate;
/// use fundroute::calendar::BankCalendar;
///
/// let veterans_day = NaiveDate::from_ymd_opt(2026, 11, 11).unwrap();
/// let fed = BankCalendar::us_fed();
/// assert!(!fed.is_business_day(veterans_day));
/// assert_eq!(fed.roll_forward(veterans_day)?, veterans_day.succ_opt().unwrap());
///
/// // A country of which the crate has no calendar: its own holidays, from whatever knows them.
/// let carnival = NaiveDate::from_ymd_opt(2026, 2, 17).unwrap();
/// let brazil = BankCalendar::weekends_only().with_holidays([carnival]);
/// assert!(!brazil.is_business_day(carnival));
/// # Ok::<(), fundroute::calendar::TimeError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BankCalendar {
    /// Bit 0 is Monday. INVARIANT: `new` leaves at least one of the seven bits unset.
    weekend: u8,
    /// INVARIANT: in order, and none is a closed weekday.
    holidays: Arc<[NaiveDate]>,
}

/// How many holidays it knows, and from when to when: there may be a thousand.
impl fmt::Debug for BankCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("BankCalendar");
        shown.field("weekend", &format_args!("{:#09b}", self.weekend)).field("holidays", &self.holidays.len());
        if let (Some(first), Some(last)) = (self.holidays.first(), self.holidays.last()) {
            shown.field("from", first).field("to", last);
        }
        shown.finish()
    }
}

impl BankCalendar {
    /// Closed on Saturdays and Sundays, open on every other day.
    #[must_use]
    pub fn weekends_only() -> Self {
        Self { weekend: 0b110_0000, holidays: Arc::default() }
    }

    /// Closed when the Federal Reserve is, over which dollars move: by its rules, from 2002 to 2099. Later, and before, weekends only.
    #[must_use]
    pub fn us_fed() -> Self {
        Self::weekends_only().with_holidays(holidays::us_fed())
    }

    /// Closed when TARGET is, over which euros move: by its rules, from 2002 to 2099. Later, and before, weekends only.
    #[must_use]
    pub fn target() -> Self {
        Self::weekends_only().with_holidays(holidays::target())
    }

    /// Closed on the bank holidays of England and Wales, when no pounds move: by their rules and with the days of single years, from 2002
    /// to 2099. Later, and before, weekends only.
    #[must_use]
    pub fn england_and_wales() -> Self {
        Self::weekends_only().with_holidays(holidays::england_and_wales())
    }

    /// Closed on those weekdays, such as Friday and Saturday. An empty list is a week without a closed day.
    ///
    /// # Errors
    ///
    /// [`TimeError::AlwaysClosed`] if all seven days are given.
    pub fn with_weekend(weekend: impl IntoIterator<Item = Weekday>) -> Result<Self, TimeError> {
        let weekend = weekend.into_iter().fold(0, |days, day| days | bit(day));
        if weekend == 0b111_1111 {
            return Err(TimeError::AlwaysClosed);
        }
        Ok(Self { weekend, holidays: Arc::default() })
    }

    /// The same calendar with more holidays. Where one falls on a weekend, nothing changes.
    #[must_use]
    pub fn with_holidays(self, holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        let more = holidays.into_iter().filter(|date| !self.is_weekend(*date));
        let mut all: Vec<NaiveDate> = self.holidays.iter().copied().chain(more).collect();
        all.sort_unstable();
        all.dedup();
        Self { holidays: all.into(), ..self }
    }

    /// The holidays that it knows, in order, without those on a closed weekday.
    #[must_use]
    pub fn holidays(&self) -> &[NaiveDate] {
        &self.holidays
    }

    /// Whether banks move money on that date.
    #[must_use]
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        !self.is_weekend(date) && self.holidays.binary_search(&date).is_err()
    }

    /// That date if it is a business day, else the next one that is. Never moves backward.
    ///
    /// # Errors
    ///
    /// [`TimeError::NoBusinessDay`] if banks stay closed for more than a year, [`TimeError::OutOfRange`] past the last date.
    pub fn roll_forward(&self, date: NaiveDate) -> Result<NaiveDate, TimeError> {
        if self.is_business_day(date) { Ok(date) } else { self.count_after(date, 1) }
    }

    /// The date that many business days later.
    ///
    /// A count that starts on a closed day starts on the next open one, as day 0: Saturday plus one is Tuesday, and Saturday plus
    /// none is Monday.
    ///
    /// ```
    /// use fundroute::calendar::{BankCalendar, utc};
    ///
    /// let banks = BankCalendar::weekends_only();
    /// assert_eq!(banks.add_business_days(utc(2026, 11, 6).date(), 2)?, utc(2026, 11, 10).date());
    /// assert_eq!(banks.add_business_days(utc(2026, 11, 7).date(), 1)?, utc(2026, 11, 10).date());
    /// # Ok::<(), fundroute::calendar::TimeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TimeError::NoBusinessDay`] if banks stay closed for more than a year, [`TimeError::OutOfRange`] past the last date.
    pub fn add_business_days(&self, date: NaiveDate, days: u32) -> Result<NaiveDate, TimeError> {
        // RULE: what happens on a closed day counts as of the next business day (docs.stripe.com/payouts, 2026).
        let day_zero = self.roll_forward(date)?;
        if days == 0 { Ok(day_zero) } else { self.count_after(day_zero, days) }
    }

    /// The date of the last of `days` business days after `date`, not counting `date` itself. `days` is at least one.
    ///
    /// Counts as if there were no holidays, then counts on by the holidays it passed, until it passes none. So its cost does
    /// not grow with the number of days, and each holiday is looked at once.
    fn count_after(&self, date: NaiveDate, days: u32) -> Result<NaiveDate, TimeError> {
        let (mut reached, mut left) = (date, days);
        for _ in 0..STRETCHES {
            let next = self.skip_weekdays(reached, left).ok_or(TimeError::OutOfRange)?;
            left = self.holidays_between(reached, next);
            reached = next;
            if left == 0 {
                return Ok(reached);
            }
        }
        Err(TimeError::NoBusinessDay { after: date })
    }

    /// The last of `count` days after `date` that are not weekend.
    fn skip_weekdays(&self, date: NaiveDate, count: u32) -> Option<NaiveDate> {
        let open = self.weekend.count_zeros().saturating_sub(1);
        let weeks = count.checked_div(open)?;
        let mut rest = count.checked_rem(open)?;
        let mut reached = date.checked_add_days(Days::new(u64::from(weeks).checked_mul(7)?))?;
        // Whole weeks may end on a weekend, if the count began on one: then its last weekday lies before.
        while rest == 0 && self.is_weekend(reached) {
            reached = reached.pred_opt()?;
        }
        while rest > 0 {
            reached = reached.succ_opt()?;
            if !self.is_weekend(reached) {
                rest = rest.saturating_sub(1);
            }
        }
        Some(reached)
    }

    /// How many holidays that are not weekend lie after `from`, up to and including `to`. `from` is not after `to`.
    fn holidays_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let until = |last: NaiveDate| self.holidays.partition_point(|date| *date <= last);
        u32::try_from(until(to).saturating_sub(until(from))).unwrap_or(u32::MAX)
    }

    fn is_weekend(&self, date: NaiveDate) -> bool {
        self.weekend & bit(date.weekday()) != 0
    }
}

/// The bit of a weekday in a set of seven, Monday first.
pub(super) const fn bit(day: Weekday) -> u8 {
    match day {
        Weekday::Mon => 1,
        Weekday::Tue => 1 << 1,
        Weekday::Wed => 1 << 2,
        Weekday::Thu => 1 << 3,
        Weekday::Fri => 1 << 4,
        Weekday::Sat => 1 << 5,
        Weekday::Sun => 1 << 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        utc(year, month, day).date()
    }

    /// One day after the other, as a person would count on a paper calendar.
    fn count_slowly(calendar: &BankCalendar, from: NaiveDate, days: u32) -> NaiveDate {
        let mut date = from;
        while !calendar.is_business_day(date) {
            date = date.succ_opt().unwrap();
        }
        for _ in 0..days {
            date = date.succ_opt().unwrap();
            while !calendar.is_business_day(date) {
                date = date.succ_opt().unwrap();
            }
        }
        date
    }

    #[test]
    fn counting_in_weeks_agrees_with_counting_in_days() {
        let christmas = [(12, 24), (12, 25), (12, 26), (12, 28)].map(|(month, day)| date(2026, month, day));
        let calendars = [
            BankCalendar::weekends_only(),
            BankCalendar::weekends_only().with_holidays(christmas),
            BankCalendar::with_weekend([]).unwrap().with_holidays(christmas),
            BankCalendar::with_weekend([Weekday::Fri, Weekday::Sat]).unwrap().with_holidays(christmas),
            BankCalendar::with_weekend([
                Weekday::Mon,
                Weekday::Tue,
                Weekday::Wed,
                Weekday::Thu,
                Weekday::Fri,
                Weekday::Sat,
            ])
            .unwrap()
            .with_holidays([date(2026, 12, 27)]),
        ];
        for calendar in calendars {
            for start in date(2026, 12, 14).iter_days().take(21) {
                for days in 0..30 {
                    let expected = count_slowly(&calendar, start, days);
                    assert_eq!(
                        calendar.add_business_days(start, days).unwrap(),
                        expected,
                        "{start} + {days}, {calendar:?}"
                    );
                }
                assert_eq!(calendar.roll_forward(start).unwrap(), count_slowly(&calendar, start, 0));
            }
        }
    }

    #[test]
    fn a_week_without_an_open_day_is_refused() {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let all = [Mon, Tue, Wed, Thu, Fri, Sat, Sun];
        assert_eq!(BankCalendar::with_weekend(all), Err(TimeError::AlwaysClosed));
    }

    #[test]
    fn banks_that_never_open_again_are_an_error_not_a_hang() {
        let start = date(2026, 1, 1);
        let closed = BankCalendar::weekends_only().with_holidays(start.iter_days().take(40_000));
        assert_eq!(closed.roll_forward(start), Err(TimeError::NoBusinessDay { after: start }));
        assert_eq!(closed.add_business_days(start, u32::MAX), Err(TimeError::NoBusinessDay { after: start }));
        let before = date(2025, 12, 31);
        assert_eq!(closed.add_business_days(before, 0), Ok(before));
    }

    #[test]
    fn counts_past_the_last_date_are_refused() {
        let calendar = BankCalendar::weekends_only();
        assert_eq!(calendar.add_business_days(date(2026, 1, 1), u32::MAX), Err(TimeError::OutOfRange));
        assert_eq!(calendar.add_business_days(NaiveDate::MAX, 1), Err(TimeError::OutOfRange));
        let far = calendar.add_business_days(date(2026, 1, 1), 1_000_000).unwrap();
        assert_eq!(far, date(2026, 1, 1).checked_add_days(Days::new(1_400_000)).unwrap());
    }
}
