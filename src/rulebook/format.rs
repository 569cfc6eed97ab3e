//! How the values of each format are written, wherever the account is.

use std::net::IpAddr;

use chrono::{DateTime, Days, NaiveDate};
use iso_country::Country;
use rust_decimal::Decimal;

use super::{BusinessType, CompanyStructure, FieldFormat, RequirementErrorCode};

/// Whether a value that is not blank is written as its format wants, whatever the country.
pub(super) fn check(format: FieldFormat, value: &str, today: NaiveDate) -> Result<(), RequirementErrorCode> {
    use RequirementErrorCode as Code;
    let length = value.chars().count();
    if value.chars().any(turns_text) {
        return Err(wrong(format));
    }
    let fine = match format {
        FieldFormat::DateOfBirth => return date_of_birth(value, today),
        // RULE: at most 2,048 characters is our own bound; the API reference (2026) names the code and no length.
        FieldFormat::Url if length > 2_048 => return Err(Code::InvalidUrlLength),
        // RULE: 5 to 22 characters (docs.stripe.com/connect/handling-api-verification, 2024).
        FieldFormat::Descriptor if !(5..=22).contains(&length) => return Err(Code::InvalidStatementDescriptorLength),
        FieldFormat::Descriptor => is_descriptor(value),
        FieldFormat::Amount => length <= 15 && digits(value),
        FieldFormat::Attestation => value == "true",
        FieldFormat::BankAccount | FieldFormat::Person | FieldFormat::Text => is_text(value, 200),
        FieldFormat::BusinessName => is_text(value, 200) && value.chars().any(char::is_alphanumeric),
        FieldFormat::BusinessType => value.parse::<BusinessType>().is_ok(),
        FieldFormat::City | FieldFormat::State | FieldFormat::Street => is_text(value, 200),
        FieldFormat::CompanyStructure => value.parse::<CompanyStructure>().is_ok(),
        FieldFormat::Country => is_country(value),
        // RULE: ten characters or more (docs.stripe.com/connect/handling-api-verification, 2024).
        FieldFormat::Description => (10..=40_000).contains(&length),
        FieldFormat::Email => is_email(value),
        FieldFormat::File => is_file(value),
        FieldFormat::IdNumber | FieldFormat::RegistrationNumber | FieldFormat::TaxId => is_text(value, 30),
        FieldFormat::IpAddress => value.parse::<IpAddr>().is_ok(),
        FieldFormat::Last4 | FieldFormat::Mcc => length == 4 && digits(value),
        FieldFormat::Percent => is_percent(value),
        FieldFormat::Phone => is_phone(value),
        FieldFormat::PoliticalExposure => matches!(value, "existing" | "none"),
        FieldFormat::PostalCode => is_text(value, 12),
        FieldFormat::Timestamp => is_past(value, today),
        FieldFormat::Url => is_url(value),
    };
    if fine { Ok(()) } else { Err(wrong(format)) }
}

/// The code of a value that is not written as its format wants.
pub(super) const fn wrong(format: FieldFormat) -> RequirementErrorCode {
    use RequirementErrorCode as Code;
    match format {
        FieldFormat::BusinessName => Code::InvalidBusinessProfileName,
        FieldFormat::BusinessType => Code::UnsupportedBusinessType,
        FieldFormat::City | FieldFormat::PostalCode | FieldFormat::State => Code::InvalidAddressCityStatePostalCode,
        FieldFormat::Description => Code::InvalidProductDescriptionLength,
        FieldFormat::Descriptor => Code::InvalidStatementDescriptorDenylisted,
        FieldFormat::File => Code::VerificationDocumentNotUploaded,
        FieldFormat::IdNumber | FieldFormat::Last4 | FieldFormat::RegistrationNumber | FieldFormat::TaxId => {
            Code::InvalidTaxIdFormat
        }
        FieldFormat::IpAddress | FieldFormat::Timestamp => Code::InvalidTosAcceptance,
        FieldFormat::Street => Code::InvalidStreetAddress,
        FieldFormat::Url => Code::InvalidUrlFormat,
        FieldFormat::Amount
        | FieldFormat::Attestation
        | FieldFormat::BankAccount
        | FieldFormat::CompanyStructure
        | FieldFormat::Country
        | FieldFormat::DateOfBirth
        | FieldFormat::Email
        | FieldFormat::Mcc
        | FieldFormat::Percent
        | FieldFormat::Person
        | FieldFormat::Phone
        | FieldFormat::PoliticalExposure
        | FieldFormat::Text => Code::InvalidValueOther,
    }
}

fn digits(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_digit())
}

fn is_text(value: &str, most: usize) -> bool {
    value.chars().count() <= most && !value.chars().any(char::is_control)
}

/// A day as `YYYY-MM-DD`, and in no other way that a reader of dates might let pass.
fn day(value: &str) -> Option<NaiveDate> {
    let written = value.len() == 10 && value.chars().all(|c| c.is_ascii_digit() || c == '-');
    written.then(|| NaiveDate::parse_from_str(value, "%Y-%m-%d").ok()).flatten()
}

// RULE: younger than 13 and older than 120 cannot be (API reference, 2026). Those from 13 to 17 need a guardian, which is for
// requirements to say.
fn date_of_birth(value: &str, today: NaiveDate) -> Result<(), RequirementErrorCode> {
    let Some(born) = day(value) else { return Err(wrong(FieldFormat::DateOfBirth)) };
    match today.years_since(born) {
        None | Some(..13) => Err(RequirementErrorCode::InvalidDobAgeUnderMinimum),
        Some(13..=120) => Ok(()),
        Some(_) => Err(RequirementErrorCode::InvalidDobAgeOverMaximum),
    }
}

// RULE: at least one letter, and none of < > \ ' " * (docs.stripe.com/get-started/account/statement-descriptors, 2024).
fn is_descriptor(value: &str) -> bool {
    let forbidden = |c: char| matches!(c, '<' | '>' | '\\' | '\'' | '"' | '*') || c.is_control();
    value.chars().any(char::is_alphabetic) && !value.chars().any(forbidden)
}

fn is_country(value: &str) -> bool {
    let written = value.len() == 2 && value.chars().all(|c| c.is_ascii_uppercase());
    written && value.parse::<Country>().is_ok_and(|country| country != Country::Unspecified)
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    value.len() <= 254 && (1..=64).contains(&local.len()) && local.chars().all(plain) && is_host(domain)
}

/// Names with dots between them.
fn is_host(host: &str) -> bool {
    let name = |name: &str| {
        (1..=63).contains(&name.len())
            && name.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !name.starts_with('-')
            && !name.ends_with('-')
    };
    host.len() <= 253 && host.contains('.') && host.split('.').all(name)
}

fn is_url(value: &str) -> bool {
    let scheme = value.split_once("://");
    let rest = match scheme {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => rest,
        Some((before, _)) if !before.contains(['/', '?', '#']) => return false,
        Some(_) | None => value,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    !value.chars().any(|c| c.is_whitespace() || c.is_control())
        && is_host(host)
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

fn is_file(value: &str) -> bool {
    let name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    value.len() <= 200 && value.strip_prefix("file_").is_some_and(name)
}

fn is_percent(value: &str) -> bool {
    let written = value.len() <= 20 && value.chars().all(|c| c.is_ascii_digit() || c == '.');
    written && value.parse::<Decimal>().is_ok_and(|percent| percent <= Decimal::ONE_HUNDRED)
}

fn is_phone(value: &str) -> bool {
    let bare: String = value.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let number = bare.strip_prefix('+').unwrap_or(&bare);
    (7..=15).contains(&number.len()) && digits(number)
}

/// Seconds since 1970. What was agreed to was not agreed to after tomorrow, wherever today is.
fn is_past(value: &str, today: NaiveDate) -> bool {
    let seconds = if value.len() <= 12 && digits(value) { value.parse::<i64>().ok() } else { None };
    let time = seconds.filter(|seconds| *seconds > 0).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let latest = today.checked_add_days(Days::new(1)).unwrap_or(today);
    time.is_some_and(|time| time.date_naive() <= latest)
}

/// Whether a character has the text behind it shown the other way round, so that it reads as something else. Marks of direction, which
/// names in Arabic and Hebrew may hold, do not.
// RULE: that such a text is no value is our own.
pub(crate) const fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether anything of a text can be seen.
pub(crate) fn can_be_seen(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    text.chars().any(|c| !c.is_whitespace() && !c.is_control() && !is_mark(c) && !turns_text(c))
}
