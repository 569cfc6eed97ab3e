//! On which days the banks of three large currencies are closed, by rule.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The years whose holidays are known by rule: from the first with TARGET's six to the last for which [`easter`] holds.
const FIRST_YEAR: i32 = 2002;
const LAST_YEAR: i32 = 2099;

/// The holidays of the Federal Reserve.
// RULE: eleven holidays; one on a Sunday is kept on the Monday after it, one on a Saturday is not moved
// (richmondfed.org/about_us/holiday_schedule, 2025). That Juneteenth came in 2021, when it was a Saturday, is common knowledge.
pub(super) fn us_fed() -> impl Iterator<Item = NaiveDate> {
    years().flat_map(|year| {
        let juneteenth = fixed(year, 6, 19).filter(|_| year >= 2022);
        let fixed = [fixed(year, 1, 1), juneteenth, fixed(year, 7, 4), fixed(year, 11, 11), fixed(year, 12, 25)];
        let moved =
            fixed.map(|date| date.and_then(|date| if is(date, Weekday::Sun) { date.succ_opt() } else { Some(date) }));
        let floating = [
            nth(year, 1, Weekday::Mon, 3),
            nth(year, 2, Weekday::Mon, 3),
            last_monday(year, 5),
            nth(year, 9, Weekday::Mon, 1),
            nth(year, 10, Weekday::Mon, 2),
            nth(year, 11, Weekday::Thu, 4),
        ];
        moved.into_iter().chain(floating).flatten()
    })
}

/// The holidays of TARGET, over which euros move.
// RULE: six days, none of which is moved (ecb.europa.eu/press/pr/date/2000/html/pr001214_4.en.html, 2000, until further notice).
pub(super) fn target() -> impl Iterator<Item = NaiveDate> {
    years().flat_map(|year| {
        let [good_friday, easter_monday] = around_easter(year);
        let fixed = [fixed(year, 1, 1), fixed(year, 5, 1), fixed(year, 12, 25), fixed(year, 12, 26)];
        fixed.into_iter().chain([good_friday, easter_monday]).flatten()
    })
}

/// The bank holidays of England and Wales.
// RULE: one on a weekend is kept on the next weekday that is not one itself; some years have days of their own, or have moved one
// (gov.uk/bank-holidays, 2026, and its older years).
pub(super) fn england_and_wales() -> impl Iterator<Item = NaiveDate> {
    years().flat_map(|year| {
        let [good_friday, easter_monday] = around_easter(year);
        let early_may = if year == 2020 { fixed(year, 5, 8) } else { nth(year, 5, Weekday::Mon, 1) };
        let spring = match year {
            2002 | 2012 => fixed(year, 6, 4),
            2022 => fixed(year, 6, 2),
            _ => last_monday(year, 5),
        };
        let [christmas, boxing_day] = christmas_and_boxing_day(year);
        let new_year = fixed(year, 1, 1).and_then(next_weekday);
        let usual =
            [new_year, good_friday, easter_monday, early_may, spring, last_monday(year, 8), christmas, boxing_day];
        usual.into_iter().chain(of_one_year(year)).flatten()
    })
}

/// The days that England and Wales had in one year only: jubilees, a wedding, a funeral, a coronation.
fn of_one_year(year: i32) -> [Option<NaiveDate>; 2] {
    match year {
        2002 => [fixed(year, 6, 3), None],
        2011 => [fixed(year, 4, 29), None],
        2012 => [fixed(year, 6, 5), None],
        2022 => [fixed(year, 6, 3), fixed(year, 9, 19)],
        2023 => [fixed(year, 5, 8), None],
        _ => [None, None],
    }
}

/// Both days of Christmas, each on a weekday of its own.
fn christmas_and_boxing_day(year: i32) -> [Option<NaiveDate>; 2] {
    let (christmas, boxing_day) = (fixed(year, 12, 25), fixed(year, 12, 26));
    match christmas.map(|date| date.weekday()) {
        // The second day keeps its Monday, and the first is made up for after it.
        Some(Weekday::Sun) => [fixed(year, 12, 27), boxing_day],
        Some(Weekday::Sat) => [fixed(year, 12, 27), fixed(year, 12, 28)],
        Some(Weekday::Fri) => [christmas, fixed(year, 12, 28)],
        Some(Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu) | None => [christmas, boxing_day],
    }
}

fn years() -> impl Iterator<Item = i32> {
    FIRST_YEAR..=LAST_YEAR
}

fn fixed(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn nth(year: i32, month: u32, day: Weekday, number: u8) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, day, number)
}

fn last_monday(year: i32, month: u32) -> Option<NaiveDate> {
    nth(year, month, Weekday::Mon, 5).or_else(|| nth(year, month, Weekday::Mon, 4))
}

fn is(date: NaiveDate, day: Weekday) -> bool {
    date.weekday() == day
}

/// That day, or the Monday after it where it is on a weekend.
fn next_weekday(date: NaiveDate) -> Option<NaiveDate> {
    let is_weekend = is(date, Weekday::Sat) || is(date, Weekday::Sun);
    if is_weekend { next_weekday(date.succ_opt()?) } else { Some(date) }
}

/// Good Friday and the Monday after Easter.
fn around_easter(year: i32) -> [Option<NaiveDate>; 2] {
    let sunday = easter(year);
    let good_friday = sunday.and_then(|sunday| sunday.checked_sub_days(Days::new(2)));
    [good_friday, sunday.and_then(|sunday| sunday.succ_opt())]
}

/// Easter Sunday of the Western churches: the Sunday after the first full moon of spring, by tables that hold from 1900 to 2099.
#[expect(
    clippy::arithmetic_side_effects,
    clippy::integer_division,
    reason = "small numbers made of a year between the two"
)]
fn easter(year: i32) -> Option<NaiveDate> {
    let moon = match 225 - 11 * (year % 19) {
        day @ ..=50 => day,
        day => 21 + (day - 21) % 30,
    };
    let moon = if moon > 48 { moon - 1 } else { moon };
    let days_after_sunday = (year + year / 4 + moon + 1) % 7;
    let day_of_march = u64::try_from(moon + 7 - days_after_sunday).ok()?;
    fixed(year, 3, 1)?.checked_add_days(Days::new(day_of_march.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;

    /// Sundays that old tables of the church name, the earliest and the latest there can be among them.
    #[test]
    fn easter_is_when_it_is() {
        let sundays = [
            (2002, 3, 31),
            (2008, 3, 23),
            (2011, 4, 24),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2035, 3, 25),
            (2038, 4, 25),
            (2049, 4, 18),
            (2076, 4, 19),
            (2099, 4, 12),
        ];
        for (year, month, day) in sundays {
            assert_eq!(easter(year), Some(utc(year, month, day).date()));
        }
        assert!(years().all(|year| easter(year).is_some_and(|date| is(date, Weekday::Sun))));
    }

    /// What the pages of those years list, the odd ones above all.
    #[test]
    fn england_has_days_of_single_years() {
        let known: Vec<NaiveDate> = england_and_wales().collect();
        let closed = |year, month, day| known.contains(&utc(year, month, day).date());
        assert!(closed(2020, 5, 8) && !closed(2020, 5, 4), "victory in Europe");
        assert!(closed(2022, 6, 2) && closed(2022, 6, 3) && !closed(2022, 5, 30), "a jubilee");
        assert!(closed(2022, 9, 19) && closed(2023, 5, 8) && closed(2023, 5, 1));
        assert!(
            closed(2021, 12, 27) && closed(2021, 12, 28) && closed(2022, 1, 3),
            "a weekend of Christmas and New Year"
        );
        assert!(closed(2022, 12, 26) && closed(2022, 12, 27));
        assert!(closed(2020, 12, 25) && closed(2020, 12, 28));
        let days_of = |year| known.iter().filter(|date| date.year() == year).count();
        assert_eq!([2012, 2021, 2022, 2023, 2026].map(days_of), [9, 8, 10, 9, 8]);
    }

    /// A civil calendar of the country would close on the Friday before; the Federal Reserve does not.
    #[test]
    fn the_federal_reserve_does_not_move_a_saturday() {
        let known: Vec<NaiveDate> = us_fed().collect();
        let closed = |year, month, day| known.contains(&utc(year, month, day).date());
        for (year, month, day) in [(2026, 7, 3), (2027, 6, 18), (2027, 12, 24), (2027, 12, 31), (2028, 11, 10)] {
            assert!(!closed(year, month, day), "{year}-{month}-{day}");
        }
        assert!(closed(2027, 7, 5) && closed(2023, 1, 2) && closed(2022, 12, 26), "a Sunday is moved");
        assert!(closed(2022, 6, 20) && !closed(2021, 6, 18) && !closed(2020, 6, 19));
    }
}
