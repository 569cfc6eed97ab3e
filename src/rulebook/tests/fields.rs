//! What fields take, and what they refuse.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::*;
use crate::calendar::utc;

use Country::{AE, AT, AU, BR, CA, CH, DE, FR, GB, IN, JP, KE, NL, SG, US};
use RequirementErrorCode as Code;
use Subject::{Account, Company, Person};

fn today() -> NaiveDate {
    utc(2026, 11, 21).date()
}

fn field(subject: Subject, path: &str) -> FieldRule {
    Rulebook::standard().field(subject, path).unwrap_or_else(|| panic!("no field {path}")).clone()
}

fn check(subject: Subject, path: &str, country: Country, value: &str) -> Result<(), Code> {
    field(subject, path).check(country, value, today())
}

#[test]
fn every_field_is_read_and_names_its_source() {
    let rows = |table: Table| table.standard().lines().filter(|line| !line.starts_with('#')).skip(1).count();
    let book = Rulebook::standard();
    assert_eq!((book.fields().count(), rows(Table::Fields)), (106, 106));
    assert_eq!((book.0.shapes.len(), rows(Table::FieldShapes)), (49, 49));
    assert!(book.fields().all(|rule| !rule.source().page().is_empty() && rule.source().year().is_some()));
    assert!(book.0.shapes.values().all(|shape| !shape.source().page().is_empty()));
    for rule in book.fields() {
        assert_eq!(book.field(rule.subject(), rule.path()), Some(rule));
        let alternative = rule.alternative().map(|path| book.field(rule.subject(), path));
        assert_ne!(alternative, Some(None), "{}", rule.path());
        assert!(rule.renews().all(|path| book.field(Account, path).is_some()), "{}", rule.path());
    }
    for (subject, path) in [(Company, "company.tax_id"), (Account, "relationship.owner")] {
        assert!(field(subject, path).renews().eq(["tos_acceptance.date", "tos_acceptance.ip"]), "{path}");
    }
    assert_eq!(book.fields().filter(|rule| rule.renews().count() > 0).count(), 2);
    assert_eq!(book.field(Person, "company.name"), None);
}

#[test]
fn the_test_value_of_every_field_passes_in_every_country() {
    let book = Rulebook::standard();
    for country in book.countries().map(CountryRule::country) {
        for rule in book.fields() {
            let value = rule.test_value(country);
            assert_eq!(rule.check(country, value, today()), Ok(()), "{} in {country}: {value}", rule.path());
        }
    }
}

#[test]
fn personal_fields_are_marked() {
    for path in ["first_name", "dob", "id_number", "address.line1", "verification.document", "nationality"] {
        assert!(field(Person, path).is_personal(), "{path}");
    }
    assert!(field(Account, "external_account").is_personal() && field(Account, "tos_acceptance.ip").is_personal());
    assert!(!field(Account, "business_profile.mcc").is_personal());
}

#[test]
fn what_a_field_falls_back_on() {
    let table = [
        (Person, "ssn_last_4", Check::Identity, "id_number"),
        (Person, "id_number", Check::Identity, "verification.document"),
        (Person, "dob", Check::Identity, "verification.document"),
        (Person, "address.line1", Check::Address, "verification.additional_document"),
        (Company, "company.tax_id", Check::TaxId, "company.verification.document"),
        (Account, "external_account", Check::BankOwnership, "documents.bank_account_ownership_verification"),
    ];
    for (subject, path, checked, alternative) in table {
        let rule = field(subject, path);
        assert_eq!((rule.verified_by(), rule.alternative()), (Some(checked), Some(alternative)), "{path}");
    }
    assert_eq!(field(Account, "business_profile.mcc").verified_by(), None);
    assert_eq!(field(Person, "verification.document").alternative(), None);
}

#[test]
fn a_date_of_birth_is_listed_in_three_parts() {
    let items = |rule: &FieldRule| rule.items().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(items(&field(Person, "dob")), ["dob.day", "dob.month", "dob.year"]);
    assert_eq!(items(&field(Company, "company.tax_id")), ["company.tax_id"]);
}

/// What passes, wherever the account is.
const GOOD: &[(Subject, &str, Country, &str)] = &[
    (Person, "dob", US, "2013-11-21"),
    (Person, "dob", US, "1906-11-21"),
    (Person, "dob", US, "1901-01-01"),
    (Person, "dob", US, "2004-02-29"),
    (Account, "business_profile.url", US, "http://example.com"),
    (Account, "business_profile.url", US, "HTTPS://shop.example.co.uk:8443/a?b=://#c"),
    (Account, "business_profile.url", US, "müller.example/with?to=http://x"),
    (Account, "business_profile.product_description", US, "ten chars!"),
    (Account, "settings.payments.statement_descriptor", US, "ABC 1"),
    (Account, "settings.payments.statement_descriptor", US, "A234567890123456789012"),
    (Account, "tos_acceptance.ip", US, "2001:db8::1"),
    (Account, "tos_acceptance.date", US, "1795305599"),
    (Account, "business_type", US, "non_profit"),
    (Company, "company.structure", US, "free_zone_llc"),
    (Person, "email", US, "a.b+c@mail.example.com"),
    (Person, "phone", US, "+44 (20) 7946-0000"),
    (Person, "phone", US, "212.555.0100"),
    (Company, "company.owners_provided", US, "true"),
    (Person, "relationship.percent_ownership", US, "33.34"),
    (Person, "nationality", SG, "MY"),
    (Person, "political_exposure", BR, "existing"),
    (Person, "verification.document", US, "file_1N-x_Y"),
];

/// What passes in a country, and might not in another.
const GOOD_BY_COUNTRY: &[(Subject, &str, Country, &str)] = &[
    (Person, "address.postal_code", US, "12345-6789"),
    (Person, "address.postal_code", CA, "k1a 0b1"),
    (Person, "address.postal_code", GB, "W1A 0AX"),
    (Person, "address.postal_code", NL, "1012 JS"),
    (Person, "address.postal_code", AT, "1010"),
    (Person, "address.postal_code", CH, "8001"),
    (Person, "address.postal_code", KE, "P.O. 17"),
    (Person, "address.state", US, "ny"),
    (Person, "address.state", US, "AE"),
    (Person, "address.state", AU, "NSW"),
    (Person, "address.state", AE, "Abu Dhabi"),
    (Person, "ssn_last_4", US, "0000"),
    (Person, "id_number", US, "123-45-6789"),
    (Person, "id_number", BR, "529.982.247-25"),
    (Person, "id_number", CA, "046 454 286"),
    (Person, "id_number", SG, "S1234567D"),
    (Person, "id_number", SG, "F1234567N"),
    (Person, "id_number", GB, "QQ123456C"),
    (Person, "id_number", KE, "A-1"),
    (Company, "company.tax_id", US, "12-3456789"),
    (Company, "company.tax_id", BR, "11.222.333/0001-81"),
    (Company, "company.tax_id", GB, "SC123456"),
    (Company, "company.tax_id", AU, "51 824 753 556"),
    (Company, "company.tax_id", AU, "004 085 616"),
    (Company, "company.tax_id", CA, "123456789 RC0001"),
    (Company, "company.tax_id", SG, "201912345K"),
    (Company, "company.tax_id", SG, "T09LL0001B"),
    (Company, "company.tax_id", DE, "HRB 12345"),
    (Company, "company.tax_id", DE, "HRB 1 B"),
    (Company, "company.tax_id", FR, "732 829 320"),
    (Company, "company.tax_id", JP, "1234567890123"),
    (Company, "company.registration_number", IN, "AAA-1234"),
];

/// What is refused, wherever the account is.
const BAD: &[(Subject, &str, Country, &str, Code)] = &[
    (Person, "dob", US, "2013-11-22", Code::InvalidDobAgeUnderMinimum),
    (Person, "dob", US, "2027-01-01", Code::InvalidDobAgeUnderMinimum),
    (Person, "dob", US, "1905-11-20", Code::InvalidDobAgeOverMaximum),
    (Person, "dob", US, "1990-02-30", Code::InvalidValueOther),
    (Person, "dob", US, "90-02-3", Code::InvalidValueOther),
    (Person, "dob", US, "+990-02-03", Code::InvalidValueOther),
    (Person, "dob", US, " ", Code::InformationMissing),
    (Account, "business_profile.mcc", US, "573", Code::InvalidValueOther),
    (Account, "business_profile.mcc", US, "٥٧٣٤", Code::InvalidValueOther),
    (Account, "business_profile.mcc", US, "", Code::InformationMissing),
    (Account, "business_profile.url", US, "example", Code::InvalidUrlFormat),
    (Account, "business_profile.url", US, "ftp://example.com", Code::InvalidUrlFormat),
    (Account, "business_profile.url", US, "https://exa mple.com", Code::InvalidUrlFormat),
    (Account, "business_profile.url", US, "https://me@example.com", Code::InvalidUrlFormat),
    (Account, "business_profile.url", US, "https://example.com:99999", Code::InvalidUrlFormat),
    (Account, "business_profile.url", US, "https://-a.com", Code::InvalidUrlFormat),
    (Account, "business_profile.product_description", US, "too short", Code::InvalidProductDescriptionLength),
    (Account, "business_profile.name", US, "***", Code::InvalidBusinessProfileName),
    (Account, "business_type", US, "sect", Code::UnsupportedBusinessType),
    (Account, "business_profile.monthly_estimated_revenue.amount", BR, "-1", Code::InvalidValueOther),
    (Account, "settings.payments.statement_descriptor", US, "FOUR", Code::InvalidStatementDescriptorLength),
    (Account, "settings.payments.statement_descriptor", US, "12345", Code::InvalidStatementDescriptorDenylisted),
    (Account, "settings.payments.statement_descriptor", US, "A*BCD", Code::InvalidStatementDescriptorDenylisted),
    (Account, "tos_acceptance.ip", US, "1.2.3", Code::InvalidTosAcceptance),
    (Account, "tos_acceptance.date", US, "1795392001", Code::InvalidTosAcceptance),
    (Account, "tos_acceptance.date", US, "0", Code::InvalidTosAcceptance),
    (Account, "tos_acceptance.date", US, "yesterday", Code::InvalidTosAcceptance),
    (Account, "external_account", US, "a\nb", Code::InvalidValueOther),
    (Company, "company.structure", US, "heap", Code::InvalidValueOther),
    (Company, "company.owners_provided", US, "false", Code::InvalidValueOther),
    (Person, "email", US, "jenny", Code::InvalidValueOther),
    (Person, "email", US, "a b@example.com", Code::InvalidValueOther),
    (Person, "phone", US, "+123456", Code::InvalidValueOther),
    (Person, "phone", US, "+1234567890123456", Code::InvalidValueOther),
    (Person, "phone", US, "CALL ME", Code::InvalidValueOther),
    (Person, "relationship.percent_ownership", US, "100.1", Code::InvalidValueOther),
    (Person, "relationship.percent_ownership", US, "-1", Code::InvalidValueOther),
    (Person, "nationality", SG, "sg", Code::InvalidValueOther),
    (Person, "nationality", SG, "ZZ", Code::InvalidValueOther),
    (Person, "political_exposure", BR, "maybe", Code::InvalidValueOther),
    (Person, "verification.document", US, "passport.png", Code::VerificationDocumentNotUploaded),
    (Person, "verification.document", US, "file_", Code::VerificationDocumentNotUploaded),
];

/// What is refused in a country, and might pass in another.
const BAD_BY_COUNTRY: &[(Subject, &str, Country, &str, Code)] = &[
    (Person, "address.postal_code", US, "1234", Code::InvalidAddressCityStatePostalCode),
    (Person, "address.postal_code", GB, "12345", Code::InvalidAddressCityStatePostalCode),
    (Person, "address.postal_code", AT, "10100", Code::InvalidAddressCityStatePostalCode),
    (Person, "address.postal_code", KE, "1234567890123", Code::InvalidAddressCityStatePostalCode),
    (Person, "address.state", US, "XX", Code::InvalidAddressCityStatePostalCode),
    (Person, "address.state", US, "##", Code::InvalidAddressCityStatePostalCode),
    (Person, "ssn_last_4", US, "12", Code::InvalidTaxIdFormat),
    (Person, "id_number", US, "12345678", Code::InvalidTaxIdFormat),
    (Person, "id_number", BR, "529.982.247-26", Code::InvalidTaxIdFormat),
    (Person, "id_number", CA, "046454287", Code::InvalidTaxIdFormat),
    (Company, "company.tax_id", BR, "11.222.333/0001-82", Code::InvalidTaxIdFormat),
    (Company, "company.tax_id", AU, "51824753557", Code::InvalidTaxIdFormat),
    (Company, "company.tax_id", FR, "732829321", Code::InvalidTaxIdFormat),
    (Company, "company.tax_id", DE, "12345", Code::InvalidTaxIdFormat),
    (Company, "company.registration_number", IN, "1", Code::InvalidTaxIdFormat),
];

#[test]
fn what_passes() {
    for (subject, path, country, value) in GOOD.iter().chain(GOOD_BY_COUNTRY) {
        assert_eq!(check(*subject, path, *country, value), Ok(()), "{path} in {country}: {value}");
    }
    // What test mode knows passes in every country.
    for country in [US, CA, BR, AU, SG, FR, DE, KE] {
        assert_eq!(check(Person, "id_number", country, "000000000"), Ok(()), "{country}");
        assert_eq!(check(Company, "company.tax_id", country, "000000000"), Ok(()), "{country}");
        assert_eq!(check(Person, "address.line1", country, "address_full_match"), Ok(()), "{country}");
    }
}

#[test]
fn what_is_refused_and_how() {
    let mut refused = BTreeSet::new();
    for (subject, path, country, value, code) in BAD.iter().chain(BAD_BY_COUNTRY) {
        assert_eq!(check(*subject, path, *country, value), Err(*code), "{path} in {country}: {value}");
        refused.insert(field(*subject, path).format());
    }
    let long = "x".repeat(41_000);
    for (subject, path, code) in [
        (Account, "business_profile.url", Code::InvalidUrlLength),
        (Account, "business_profile.product_description", Code::InvalidProductDescriptionLength),
        (Account, "settings.payments.statement_descriptor", Code::InvalidStatementDescriptorLength),
        (Account, "relationship.owner", Code::InvalidValueOther),
        (Company, "company.name", Code::InvalidValueOther),
        (Company, "company.tax_id", Code::InvalidTaxIdFormat),
        (Person, "address.line1", Code::InvalidStreetAddress),
        (Person, "address.city", Code::InvalidAddressCityStatePostalCode),
    ] {
        assert_eq!(check(subject, path, KE, &long), Err(code), "{path}");
        refused.insert(field(subject, path).format());
    }
    assert_eq!(refused.len(), FieldFormat::ALL.len(), "each format refuses something");
}

#[test]
fn how_a_number_is_written_can_change() {
    let mut book = Rulebook::standard();
    let csv =
        "format,country,kind,shapes,check_digits,example,source\ntax_id,KE,kra_pin,@#########@,,A012345678Z,ours\n";
    book.read(Table::FieldShapes, csv).unwrap();
    let tax_id = book.field(Company, "company.tax_id").unwrap();
    assert_eq!(tax_id.check(KE, "A012345678Z", today()), Ok(()));
    assert_eq!(tax_id.check(KE, "A-1", today()), Err(Code::InvalidTaxIdFormat));
    assert_eq!(check(Company, "company.tax_id", KE, "A-1"), Ok(()));
}

#[test]
fn bad_rows_are_refused() {
    let fields = "subject,path,format,check,alternative,personal,test_value,documented,source";
    let shapes = "format,country,kind,shapes,check_digits,example,source";
    for (table, head, row, expected) in [
        (Table::Fields, fields, "person,company.x,text,,,no,x,no,us", "begin with `company.`"),
        (Table::Fields, fields, "company,x,text,,,no,x,no,us", "begin with `company.`"),
        (Table::Fields, fields, "person,x,text,,,no,,no,us", "a value for tests"),
        (Table::Fields, fields, "person,x,prose,,,no,x,no,us", "`prose` is not a format of a field"),
        (Table::Fields, fields, "person,x,text,voodoo,,no,x,no,us", "voodoo"),
        (Table::Fields, fields, "person,x,text,,y,no,x,no,us", "the alternative of `x`, `y`, is not a field"),
        (Table::FieldShapes, shapes, "tax_id,US,x,###,,12,us", "the example"),
        (Table::FieldShapes, shapes, "tax_id,US,x,###,luhn,123,us", "the example"),
        (Table::FieldShapes, shapes, "tax_id,ZZ,x,###,,123,us", "`ZZ` is not a country"),
    ] {
        let error = Rulebook::standard().read(table, &format!("{head}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_value_makes_a_field_panic(value in "\\PC*", close in "[0-9A-Z@.:/+ -]{0,40}", day in any::<(u8, bool)>()) {
        let book = Rulebook::standard();
        let today = if day.1 { NaiveDate::MAX } else { NaiveDate::from_yo_opt(i32::from(day.0), 1).unwrap() };
        for rule in book.fields() {
            for country in [Country::Unspecified, US, BR, AU, CA, DE, KE] {
                for value in [&value, &close] {
                    // A refusal says what is wrong with the field and cannot hold the value: it is a word.
                    let _ = rule.check(country, value, today);
                }
            }
        }
    }
}
