//! When banks are closed: over which of them a currency moves, and which days count in a country.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use iso_country::Country;
use serde::Deserialize;

use super::sorted::Sorted;
use super::{CountryRule, Rulebook, RulebookError, Source, Table, table};
use crate::calendar::BankCalendar;
use crate::money::Currency;

/// A day on which banks are closed, as a row of `bank_holidays.csv` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankHoliday {
    calendar: String,
    date: NaiveDate,
    name: String,
    source: Source,
}

impl BankHoliday {
    /// The calendar that it belongs to: a word of `bank_calendars.csv`.
    #[must_use]
    pub fn calendar(&self) -> &str {
        &self.calendar
    }

    /// The day.
    #[must_use]
    pub const fn date(&self) -> NaiveDate {
        self.date
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the row comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// The calendars of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Calendars {
    holidays: BTreeMap<(String, NaiveDate), BankHoliday>,
    /// Which calendar a currency has, by name.
    named: BTreeMap<Currency, (String, Source)>,
    /// Those that the host gave itself.
    of_host: BTreeMap<Currency, BankCalendar>,
    at_host: BTreeMap<Country, BankCalendar>,
    // INVARIANT: both follow from what stands above and from the countries of the book; `find_calendars` makes them.
    by_currency: Sorted<Currency, BankCalendar>,
    by_country: Sorted<Country, BankCalendar>,
    weekends_only: BankCalendar,
}

impl Default for Calendars {
    fn default() -> Self {
        Self {
            holidays: BTreeMap::new(),
            named: BTreeMap::new(),
            of_host: BTreeMap::new(),
            at_host: BTreeMap::new(),
            by_currency: Sorted::default(),
            by_country: Sorted::default(),
            weekends_only: BankCalendar::weekends_only(),
        }
    }
}

impl Calendars {
    /// The calendar of that name: its rule, where it has one, and its rows.
    fn named(&self, name: &str) -> BankCalendar {
        let calendar = by_rule(name).unwrap_or_else(BankCalendar::weekends_only);
        calendar.with_holidays(self.rows_of(name).map(BankHoliday::date))
    }

    fn rows_of(&self, name: &str) -> impl Iterator<Item = &BankHoliday> {
        let rows = self.holidays.range((name.to_owned(), NaiveDate::MIN)..=(name.to_owned(), NaiveDate::MAX));
        rows.map(|(_, row)| row)
    }

    fn knows(&self, name: &str) -> bool {
        by_rule(name).is_some() || self.rows_of(name).next().is_some()
    }
}

/// The calendars that are known by rule, and not row by row.
fn by_rule(name: &str) -> Option<BankCalendar> {
    match name {
        "england_and_wales" => Some(BankCalendar::england_and_wales()),
        "target" => Some(BankCalendar::target()),
        "us_fed" => Some(BankCalendar::us_fed()),
        _ => None,
    }
}

/// When banks are closed.
impl Rulebook {
    /// When the banks are closed over which a currency moves: no payout arrives then. Weekends only, where no row says more.
    ///
    /// ```
    /// use fundroute::calendar::utc;
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::Rulebook;
    ///
    /// let book = Rulebook::standard();
    /// // Labor Day moves no dollars, and euros all the same.
    /// let labor_day = utc(2026, 9, 7).date();
    /// assert!(!book.bank_calendar(Currency::USD).is_business_day(labor_day));
    /// assert!(book.bank_calendar(Currency::EUR).is_business_day(labor_day));
    /// ```
    // RULE: payouts on bank holidays arrive on the next business day (docs.stripe.com/payouts, 2026). Which banks are meant no page says:
    // those that move the currency is our reading.
    #[must_use]
    pub fn bank_calendar(&self, currency: Currency) -> &BankCalendar {
        self.0.calendars.by_currency.get(&currency).unwrap_or(&self.0.calendars.weekends_only)
    }

    /// Which days count as business days for what accounts in a country are paid, and on which of them they are paid out: those of the
    /// banks that move its default currency, unless the host gave a calendar of its own.
    // RULE: business days are Monday to Friday without public holidays (docs.stripe.com/payouts, 2026). Whose holidays no page says; that
    // they are those of the banks is our reading.
    #[must_use]
    pub fn calendar(&self, country: Country) -> &BankCalendar {
        self.0.calendars.by_country.get(&country).unwrap_or(&self.0.calendars.weekends_only)
    }

    /// When payouts of accounts in a country arrive in a currency: by the country's own days for its default currency, by those of the
    /// currency's banks for any other.
    #[must_use]
    pub fn payout_calendar(&self, country: Country, currency: Currency) -> &BankCalendar {
        let is_abroad = self.country(country).is_ok_and(|rule| rule.default_currency() != currency);
        if is_abroad { self.bank_calendar(currency) } else { self.calendar(country) }
    }

    /// The rows of `bank_holidays.csv`, by calendar and date. Calendars that are known by rule have holidays without rows.
    pub fn bank_holidays(&self) -> impl Iterator<Item = &BankHoliday> {
        self.0.calendars.holidays.values()
    }

    /// The book with a calendar for the banks over which a currency moves, and with that for the countries whose default currency it is.
    #[must_use]
    pub fn with_bank_calendar(mut self, currency: Currency, calendar: BankCalendar) -> Self {
        self.book_mut().calendars.of_host.insert(currency, calendar);
        self.find_calendars();
        self
    }

    /// The book with a calendar of its own for accounts in a country, whatever the banks of its currency do.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be.
    pub fn with_calendar(mut self, country: Country, calendar: BankCalendar) -> Result<Self, RulebookError> {
        self.country(country)?;
        self.book_mut().calendars.at_host.insert(country, calendar);
        self.find_calendars();
        Ok(self)
    }

    pub(super) fn read_bank_holidays(&mut self, csv: &str) -> Result<(), RulebookError> {
        let rows = table::read(Table::BankHolidays, csv, HolidayRow::check)?;
        self.book_mut().calendars.holidays.extend(rows);
        self.find_calendars();
        Ok(())
    }

    pub(super) fn read_bank_calendars(&mut self, csv: &str) -> Result<(), RulebookError> {
        let rows = table::read(Table::BankCalendars, csv, |row: CalendarRow| {
            let (currency, (name, source)) = row.check();
            if self.0.calendars.knows(&name) {
                Ok((currency, (name, source)))
            } else {
                Err(format!("no holiday of `{name}` is in {}, and it is not known by rule", Table::BankHolidays))
            }
        })?;
        self.book_mut().calendars.named.extend(rows);
        self.find_calendars();
        Ok(())
    }

    /// Works out which calendar each currency and each country has.
    pub(super) fn find_calendars(&mut self) {
        let known = &self.0.calendars;
        let named = known.named.iter().map(|(currency, (name, _))| (*currency, known.named(name)));
        let mut by_currency: Sorted<Currency, BankCalendar> = named.collect();
        by_currency.extend(known.of_host.clone());
        let of = |rule: &CountryRule| Some((rule.country(), by_currency.get(&rule.default_currency())?.clone()));
        let mut by_country: Sorted<Country, BankCalendar> = self.countries().filter_map(of).collect();
        by_country.extend(known.at_host.clone());
        let calendars = &mut self.book_mut().calendars;
        (calendars.by_currency, calendars.by_country) = (by_currency, by_country);
    }
}

/// A row of `bank_holidays.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayRow {
    calendar: String,
    date: String,
    name: String,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl HolidayRow {
    fn check(self) -> Result<((String, NaiveDate), BankHoliday), String> {
        let Self { calendar, date, name, source, year, note } = self;
        if calendar.is_empty() {
            return Err("the calendar has no name".to_owned());
        }
        let date = date.parse().map_err(|_| format!("`{date}` is not a date, such as 2026-12-25"))?;
        let source = Source::new(source, year, note);
        Ok(((calendar.clone(), date), BankHoliday { calendar, date, name, source }))
    }
}

/// A row of `bank_calendars.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarRow {
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    calendar: String,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl CalendarRow {
    fn check(self) -> (Currency, (String, Source)) {
        (self.currency, (self.calendar, Source::new(self.source, self.year, self.note)))
    }
}
