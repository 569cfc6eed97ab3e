//! One reader for every table of rules.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use iso_country::Country;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use super::RulebookError;
use crate::calendar::Delay;

/// A table of rules: comma-separated values with a header line, as in the files that come with the crate.
///
/// Lines that begin with `#` are remarks. Columns may come in any order, and those that no row needs may be left out, but
/// every row names its `source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// `countries.csv`: code, name, availability, default_currency, settlement_currencies, region, agreements,
    /// custom_platform_2010s, express_2017, cross_border_recipient, commissions_at_home, account_tokens,
    /// source, year, note.
    Countries,
    /// `currencies.csv`: code, exponent, min_charge, max_charge, charge_multiple, payout_multiple, presentment, source, year,
    /// note.
    Currencies,
    /// `settlement_timing.csv`: country, initial_days, initial_unit, default_days, default_unit, override_unit,
    /// default_interval, forced_daily, daily_allowed, manual_allowed, minimum_balance, holding_days, source, year, note.
    SettlementTiming,
    /// `payment_methods.csv`: method, notification, answer_days, capability, countries, currencies, domestic, min, max, refundable,
    /// delay_days, delay_unit, voucher_expiry_days, refundable_days, captures_later, disputes, dispute_window, unauthorized_window, source, year,
    /// note.
    PaymentMethods,
    /// `prices.csv`: country, method, currency, percent, fixed, min, max, source, year, note.
    Prices,
    /// `payout_minimums.csv`: country, currency, min, max, multiple, route, source, year, note.
    PayoutMinimums,
    /// `payout_failure_codes.csv`: code, applies_to, breaks_destination, meaning, source, year, note.
    PayoutFailureCodes,
    /// `failure_advice.csv`: of, code, who, meaning, what_to_do, source, year, note.
    FailureAdvice,
    /// `payout_test_values.csv`: kind, country, routing, number, token, outcome, source, year, note.
    PayoutTestValues,
    /// `capabilities.csv`: capability, family, needs, permanent, payments, agreements, countries, brings, brings_in, source,
    /// year, note.
    Capabilities,
    /// `field_shapes.csv`: format, country, kind, shapes, check_digits, example, source, year, note.
    FieldShapes,
    /// `fields.csv`: subject, path, format, check, alternative, renews, personal, test_value, documented, source, year, note.
    Fields,
    /// `requirements.csv`: set, entities, structures, capabilities, agreement, party, paths, stage, impact, amount, currency,
    /// days, since, unit, from, after, turns_away, confidence, source, year, note. Among the capabilities the word `payments` stands for those that
    /// take payments at the time of reading.
    Requirements,
    /// `requirement_sets.csv`: country, sets, confidence, business_types, owners, locked_fields, expired_days, source, year, note.
    RequirementSets,
    /// `cross_border.csv`: era, platform, account, agreement, lane, fee, delay_hours, flows, only_currency, availability, closed, source,
    /// year, note.
    CrossBorder,
    /// `bank_formats.csv`: country, currency, fields, routing, account, iban_length, check, account_types, test_routing,
    /// test_account, source, year, note.
    BankFormats,
    /// `time_zones.csv`: zone, offset, summer_offset, from_month, from_sunday, until_month, until_sunday, source, year, note.
    TimeZones,
    /// `instant_payouts.csv`: country, currency, min, max, cards, banks, connect_banks, direct_fee, connect_fee, direct_reset,
    /// connect_reset, direct_daily_count, source, year, note.
    InstantPayouts,
    /// `connect_prices.csv`: country, item, currency, percent, fixed, source, year, note.
    ConnectPrices,
    /// `debit_regions.csv`: country, region, source, year, note.
    DebitRegions,
    /// `debit_terms.csv`: currency, max, percent, fixed, source, year, note.
    DebitTerms,
    /// `authorization_windows.csv`: method, brand, off_session, extended, country, currency, days, hours, source, year, note.
    AuthorizationWindows,
    /// `overcapture_limits.csv`: brand, trade, funding, country, percent, least, currency, except_within, source, year, note.
    OvercaptureLimits,
    /// `dispute_fees.csv`: kind, country, network, currency, amount, returned, from, until, source, year, note.
    DisputeFees,
    /// `method_fees.csv`: method, currency, failure, dispute, from, source, year, note.
    MethodFees,
    /// `top_up_terms.csv`: country, currency, days, max, source, year, note.
    TopUpTerms,
    /// `bank_debits.csv`: country, currency, wait_days, lead_days, source, year, note.
    BankDebits,
    /// `conversion_fees.csv`: country, from, to, fee, source, year, note.
    ConversionFees,
    /// `terminal_countries.csv`: country, city, state, source, year, note.
    TerminalCountries,
    /// `bank_holidays.csv`: calendar, date, name, source, year, note. Days on weekends can be left out.
    BankHolidays,
    /// `bank_calendars.csv`: currency, calendar, source, year, note. A calendar is `us_fed`, `target` or `england_and_wales`, each with
    /// what `bank_holidays.csv` adds, or one that has its days there alone.
    BankCalendars,
    /// `starts_of_day.csv`: country, offset, least_offset, most_offset, midnight_from, platforms, accounts, latest, source, year, note.
    StartsOfDay,
    /// `same_day_payouts.csv`: countries, currency, cutoff, zone, delay, max, per_day, otherwise, source, year, note.
    SameDayPayouts,
    /// `document_files.csv`: check, purposes, types, max_bytes, max_pixels, months, source, year, note.
    DocumentFiles,
    /// `tax_federal.csv`: form, income, from, until, amount, transactions, counts, source, year, note.
    TaxFederal,
    /// `tax_states.csv`: state, form, tax_year, duty, way, limit, transactions, due, number, source, year, note.
    TaxStates,
    /// `tax_cycles.csv`: form, tax_year, outreach_from, split_from, file_from, file_until, deliver_by, due, identity_until, source, year,
    /// note.
    TaxCycles,
    /// `tax_platforms.csv`: form, currency, seller_copy, due, least_sales, most_amount, confidence, source, year, note.
    TaxPlatforms,
}

impl Table {
    /// Every table, each after those that its rows refer to.
    pub const ALL: [Self; 38] = [
        Self::Countries,
        Self::Currencies,
        Self::SettlementTiming,
        Self::PaymentMethods,
        Self::Prices,
        Self::PayoutMinimums,
        Self::PayoutFailureCodes,
        Self::FailureAdvice,
        Self::PayoutTestValues,
        Self::Capabilities,
        Self::FieldShapes,
        Self::Fields,
        Self::Requirements,
        Self::RequirementSets,
        Self::CrossBorder,
        Self::BankFormats,
        Self::TimeZones,
        Self::InstantPayouts,
        Self::ConnectPrices,
        Self::DebitRegions,
        Self::DebitTerms,
        Self::AuthorizationWindows,
        Self::OvercaptureLimits,
        Self::DisputeFees,
        Self::MethodFees,
        Self::TopUpTerms,
        Self::BankDebits,
        Self::ConversionFees,
        Self::TerminalCountries,
        Self::BankHolidays,
        Self::BankCalendars,
        Self::StartsOfDay,
        Self::SameDayPayouts,
        Self::DocumentFiles,
        Self::TaxFederal,
        Self::TaxStates,
        Self::TaxCycles,
        Self::TaxPlatforms,
    ];

    /// The name of the file that holds the table.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Countries => "countries.csv",
            Self::Currencies => "currencies.csv",
            Self::SettlementTiming => "settlement_timing.csv",
            Self::PaymentMethods => "payment_methods.csv",
            Self::Prices => "prices.csv",
            Self::PayoutMinimums => "payout_minimums.csv",
            Self::PayoutFailureCodes => "payout_failure_codes.csv",
            Self::FailureAdvice => "failure_advice.csv",
            Self::PayoutTestValues => "payout_test_values.csv",
            Self::Capabilities => "capabilities.csv",
            Self::FieldShapes => "field_shapes.csv",
            Self::Fields => "fields.csv",
            Self::Requirements => "requirements.csv",
            Self::RequirementSets => "requirement_sets.csv",
            Self::CrossBorder => "cross_border.csv",
            Self::BankFormats => "bank_formats.csv",
            Self::TimeZones => "time_zones.csv",
            Self::InstantPayouts => "instant_payouts.csv",
            Self::ConnectPrices => "connect_prices.csv",
            Self::DebitRegions => "debit_regions.csv",
            Self::DebitTerms => "debit_terms.csv",
            Self::AuthorizationWindows => "authorization_windows.csv",
            Self::OvercaptureLimits => "overcapture_limits.csv",
            Self::DisputeFees => "dispute_fees.csv",
            Self::MethodFees => "method_fees.csv",
            Self::TopUpTerms => "top_up_terms.csv",
            Self::BankDebits => "bank_debits.csv",
            Self::ConversionFees => "conversion_fees.csv",
            Self::TerminalCountries => "terminal_countries.csv",
            Self::BankHolidays => "bank_holidays.csv",
            Self::BankCalendars => "bank_calendars.csv",
            Self::StartsOfDay => "starts_of_day.csv",
            Self::SameDayPayouts => "same_day_payouts.csv",
            Self::DocumentFiles => "document_files.csv",
            Self::TaxFederal => "tax_federal.csv",
            Self::TaxStates => "tax_states.csv",
            Self::TaxCycles => "tax_cycles.csv",
            Self::TaxPlatforms => "tax_platforms.csv",
        }
    }

    /// The table that comes with the crate, as text: a start for a host's own.
    #[must_use]
    pub const fn standard(self) -> &'static str {
        match self {
            Self::Countries => include_str!("data/countries.csv"),
            Self::Currencies => include_str!("data/currencies.csv"),
            Self::SettlementTiming => include_str!("data/settlement_timing.csv"),
            Self::PaymentMethods => include_str!("data/payment_methods.csv"),
            Self::Prices => include_str!("data/prices.csv"),
            Self::PayoutMinimums => include_str!("data/payout_minimums.csv"),
            Self::PayoutFailureCodes => include_str!("data/payout_failure_codes.csv"),
            Self::FailureAdvice => include_str!("data/failure_advice.csv"),
            Self::PayoutTestValues => include_str!("data/payout_test_values.csv"),
            Self::Capabilities => include_str!("data/capabilities.csv"),
            Self::FieldShapes => include_str!("data/field_shapes.csv"),
            Self::Fields => include_str!("data/fields.csv"),
            Self::Requirements => include_str!("data/requirements.csv"),
            Self::RequirementSets => include_str!("data/requirement_sets.csv"),
            Self::CrossBorder => include_str!("data/cross_border.csv"),
            Self::BankFormats => include_str!("data/bank_formats.csv"),
            Self::TimeZones => include_str!("data/time_zones.csv"),
            Self::InstantPayouts => include_str!("data/instant_payouts.csv"),
            Self::ConnectPrices => include_str!("data/connect_prices.csv"),
            Self::DebitRegions => include_str!("data/debit_regions.csv"),
            Self::DebitTerms => include_str!("data/debit_terms.csv"),
            Self::AuthorizationWindows => include_str!("data/authorization_windows.csv"),
            Self::OvercaptureLimits => include_str!("data/overcapture_limits.csv"),
            Self::DisputeFees => include_str!("data/dispute_fees.csv"),
            Self::MethodFees => include_str!("data/method_fees.csv"),
            Self::TopUpTerms => include_str!("data/top_up_terms.csv"),
            Self::BankDebits => include_str!("data/bank_debits.csv"),
            Self::ConversionFees => include_str!("data/conversion_fees.csv"),
            Self::TerminalCountries => include_str!("data/terminal_countries.csv"),
            Self::BankHolidays => include_str!("data/bank_holidays.csv"),
            Self::BankCalendars => include_str!("data/bank_calendars.csv"),
            Self::StartsOfDay => include_str!("data/starts_of_day.csv"),
            Self::SameDayPayouts => include_str!("data/same_day_payouts.csv"),
            Self::DocumentFiles => include_str!("data/document_files.csv"),
            Self::TaxFederal => include_str!("data/tax_federal.csv"),
            Self::TaxStates => include_str!("data/tax_states.csv"),
            Self::TaxCycles => include_str!("data/tax_cycles.csv"),
            Self::TaxPlatforms => include_str!("data/tax_platforms.csv"),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.file_name())
    }
}

/// Reads a table whole, each row through `check`, which gives it its key. No two rows may have the same key.
pub(super) fn read<Row, Key, Rule>(
    table: Table,
    text: &str,
    check: impl Fn(Row) -> Result<(Key, Rule), String>,
) -> Result<BTreeMap<Key, Rule>, RulebookError>
where
    Row: DeserializeOwned,
    Key: Ord,
{
    read_each(table, text, |row| Ok([check(row)?]))
}

/// Reads a table whose rows may each say several things.
pub(super) fn read_each<Row, Key, Rule, Several>(
    table: Table,
    text: &str,
    check: impl Fn(Row) -> Result<Several, String>,
) -> Result<BTreeMap<Key, Rule>, RulebookError>
where
    Row: DeserializeOwned,
    Key: Ord,
    Several: IntoIterator<Item = (Key, Rule)>,
{
    let refuse = |line, reason| RulebookError::Table { table, line, reason };
    let mut reader = ReaderBuilder::new().comment(Some(b'#')).trim(Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().map_err(|error| refuse(1, error.to_string()))?;
    if headers.is_empty() {
        return Err(refuse(1, "there is no header line".to_owned()));
    }
    let mut rules = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| refuse(line_of(error.position(), text), reason_of(&error, &headers)))?;
        let line = line_of(record.position(), text);
        let row = record.deserialize(Some(&headers)).map_err(|error| refuse(line, reason_of(&error, &headers)))?;
        for (key, rule) in check(row).map_err(|reason| refuse(line, reason))? {
            if rules.insert(key, rule).is_some() {
                return Err(refuse(line, "another row says what this one is about".to_owned()));
            }
        }
    }
    Ok(rules)
}

/// The line of the row that begins at a position, past the remarks and empty lines that stand before it.
fn line_of(position: Option<&Position>, text: &str) -> u64 {
    let Some(position) = position else { return 1 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.get(start..).unwrap_or_default();
    let skipped = rest.lines().take_while(|line| line.is_empty() || line.starts_with('#')).count();
    position.line().saturating_add(u64::try_from(skipped).unwrap_or(u64::MAX))
}

/// What is wrong, in the words of the table: which column, and not which byte.
fn reason_of(error: &csv::Error, headers: &StringRecord) -> String {
    if let ErrorKind::UnequalLengths { expected_len, len, .. } = error.kind() {
        return format!("{len} values under {expected_len} headers");
    }
    let ErrorKind::Deserialize { err, .. } = error.kind() else {
        return error.to_string();
    };
    let column = err.field().and_then(|field| headers.get(usize::try_from(field).ok()?));
    match column {
        Some(column) => format!("column `{column}`: {}", err.kind()),
        None => err.kind().to_string(),
    }
}

/// What a number of days counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unit {
    Business,
    Calendar,
}

impl Unit {
    pub(super) const fn delay(self, days: u8) -> Delay {
        match self {
            Self::Business => Delay::Business(days),
            Self::Calendar => Delay::Calendar(days),
        }
    }
}

/// A value by its [`FromStr`].
pub(super) fn parsed<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// A country by its two letters. No letters are no country.
pub(super) fn country<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Country, D::Error> {
    country_from(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// A country by its two letters. No letters are no country.
pub(super) fn country_from(code: &str) -> Result<Country, String> {
    match code.parse() {
        Ok(Country::Unspecified) | Err(_) => Err(format!("`{code}` is not a country of ISO 3166")),
        Ok(country) => Ok(country),
    }
}

/// `yes` or `no`.
pub(super) fn yes_or_no<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(D::Error::custom(format!("`{other}` is neither `yes` nor `no`"))),
    }
}

/// `yes`, `no`, or `unknown`, which nothing stands for as well.
pub(super) fn yes_no_or_unknown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        "unknown" | "" => Ok(None),
        other => Err(D::Error::custom(format!("`{other}` is neither `yes`, `no` nor `unknown`"))),
    }
}

/// Several values with blanks between them.
pub(super) fn list<T>(text: &str, value: impl Fn(&str) -> Result<T, String>) -> Result<Box<[T]>, String> {
    text.split_whitespace().map(value).collect()
}

/// Several words with blanks between them, each named once.
pub(super) fn words<T>(text: &str) -> Result<Box<[T]>, String>
where
    T: FromStr<Err: fmt::Display> + PartialEq,
{
    let words = list(text, |word| word.parse::<T>().map_err(|error| error.to_string()))?;
    let twice = words
        .iter()
        .enumerate()
        .any(|(place, word)| words.iter().skip(place.saturating_add(1)).any(|other| other == word));
    if twice { Err(format!("`{text}` names something twice")) } else { Ok(words) }
}
