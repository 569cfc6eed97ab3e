//! Which banks are closed when.

use chrono::{Datelike, NaiveDate};

use super::super::*;
use crate::calendar::{BankCalendar, utc};
use crate::money::Currency;

use Country::{BR, DE, EC, GB, US};

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    utc(year, month, day).date()
}

/// The holidays of the calendars that are known by rule, against the rows of the years that the table lists, day by day.
#[test]
fn the_rules_give_the_listed_holidays_and_no_others() {
    let book = Rulebook::standard();
    let calendars = [
        ("england_and_wales", BankCalendar::england_and_wales(), 32),
        ("target", BankCalendar::target(), 19),
        ("us_fed", BankCalendar::us_fed(), 39),
    ];
    for (name, calendar, count) in calendars {
        let listed: Vec<_> = book.bank_holidays().filter(|row| row.calendar() == name).map(BankHoliday::date).collect();
        let by_rule = calendar.holidays().iter().copied().filter(|date| (2025..=2028).contains(&date.year()));
        assert_eq!(by_rule.collect::<Vec<_>>(), listed, "{name}");
        assert_eq!(listed.len(), count, "{name}");
    }
    assert!(book.bank_holidays().all(|row| !row.name().is_empty()));
}

#[test]
fn a_country_keeps_the_days_of_the_banks_of_its_currency() {
    let book = Rulebook::standard();
    assert_eq!(book.calendar(US), &BankCalendar::us_fed());
    assert_eq!(book.calendar(DE), &BankCalendar::target());
    assert_eq!(book.calendar(GB), &BankCalendar::england_and_wales());
    assert_eq!(book.calendar(BR), &BankCalendar::weekends_only());
    assert_eq!(book.bank_calendar(Currency::BRL), &BankCalendar::weekends_only());
    assert_eq!(book.calendar(Country::Unspecified), &BankCalendar::weekends_only());
    // Where dollars are the country's own money, the Federal Reserve moves them.
    assert_eq!(book.calendar(EC), &BankCalendar::us_fed());
    // Euros of an account in Britain arrive when TARGET is open.
    let (labour_day, spring) = (date(2026, 5, 1), date(2026, 5, 25));
    assert!(!book.payout_calendar(GB, Currency::EUR).is_business_day(labour_day));
    assert!(book.payout_calendar(GB, Currency::EUR).is_business_day(spring));
    assert!(!book.payout_calendar(GB, Currency::GBP).is_business_day(spring));
}

#[test]
fn the_host_has_the_last_word() {
    let day = date(2026, 11, 4);
    let closed = BankCalendar::weekends_only().with_holidays([day]);
    let book = Rulebook::standard().with_bank_calendar(Currency::USD, closed.clone());
    assert_eq!((book.calendar(US), book.bank_calendar(Currency::USD)), (&closed, &closed));
    let book = book.with_calendar(US, BankCalendar::weekends_only()).unwrap();
    assert!(book.payout_calendar(US, Currency::USD).is_business_day(day));
    assert!(!book.payout_calendar(EC, Currency::USD).is_business_day(day));
    assert!(!book.payout_calendar(GB, Currency::USD).is_business_day(day));
    let refused = book.clone().with_calendar(Country::Unspecified, BankCalendar::target());
    assert_eq!(refused, Err(RulebookError::UnknownCountry(Country::Unspecified)));
}

/// A calendar that no code knows, from rows alone; and a day of one year that a known one gets.
#[test]
fn holidays_and_calendars_are_rows() {
    let mut book = Rulebook::standard();
    let calendars = "currency,calendar,source\nbrl,febraban,us\n";
    let unknown = book.read(Table::BankCalendars, calendars).unwrap_err();
    let said =
        "bank_calendars.csv, line 2: no holiday of `febraban` is in bank_holidays.csv, and it is not known by rule";
    assert_eq!(unknown.to_string(), said);
    let holidays = "calendar,date,name,source\nfebraban,2026-02-16,Carnival,us\nfebraban,2026-02-17,Carnival,us\n\
                    england_and_wales,2026-06-15,A jubilee,us\n";
    book.read(Table::BankHolidays, holidays).unwrap();
    book.read(Table::BankCalendars, calendars).unwrap();
    assert_eq!(book.calendar(BR).holidays(), [date(2026, 2, 16), date(2026, 2, 17)]);
    assert!(!book.calendar(GB).is_business_day(date(2026, 6, 15)));
    assert!(!book.calendar(GB).is_business_day(date(2026, 12, 28)), "and those that it had");
    let wrong = [
        ("calendar,date,name,source\nx,2026-02-30,Nothing,us\n", "`2026-02-30` is not a date"),
        ("calendar,date,name,source\n,2026-02-03,Nothing,us\n", "the calendar has no name"),
        ("calendar,date,name,source\nx,2026-02-03,A,us\nx,2026-02-03,B,us\n", "another row says"),
    ];
    for (text, reason) in wrong {
        let before = book.clone();
        let error = book.read(Table::BankHolidays, text).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(book, before);
    }
}
