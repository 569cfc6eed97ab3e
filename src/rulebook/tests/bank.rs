//! How bank accounts are numbered.

use proptest::prelude::*;

use super::super::*;
use crate::money::Currency;

use BankField::{AccountHolderName, AccountNumber, AccountType, BankCode, BranchCode, Iban, SortCode, SwiftOrBankCode};
use Country::{AL, AR, AT, AU, BR, CA, CH, CL, DE, DO, GB, GE, GM, HK, IE, IN, JP, KE, KR, LK, MX, NZ, US, UZ};

/// The format of a country's only row.
fn format(country: Country) -> BankFormat {
    let book = Rulebook::standard();
    book.bank_formats().find(|format| format.country() == country).unwrap().clone()
}

#[test]
fn every_country_but_georgia_has_one_format() {
    let book = Rulebook::standard();
    let without: Vec<Country> = book
        .countries()
        .filter(|rule| book.bank_format(rule.country(), rule.default_currency()).is_none())
        .map(CountryRule::country)
        .collect();
    assert_eq!((without, book.bank_formats().count()), (vec![GE], 121));
    assert_eq!(book.bank_formats().filter(|format| format.is_iban()).count(), 63);
    assert!(book.bank_formats().all(|format| !format.fields().is_empty()));
}

#[test]
fn every_test_number_passes() {
    let book = Rulebook::standard();
    let mut tried = 0;
    for format in book.bank_formats() {
        let Some(account) = format.test_account() else { continue };
        assert_eq!(format.check(format.test_routing(), account), Ok(()), "{}", format.country());
        tried += 1;
    }
    assert_eq!(tried, 102);
    for test in book.test_destinations().filter(|test| test.kind() == DestinationKind::Bank) {
        let currency = book.country(test.country()).unwrap().default_currency();
        let checked = book.check_bank_account(test.country(), currency, test.routing(), test.number());
        assert_eq!(checked, Ok(()), "{test:?}");
        let spaced = test.number().chars().fold(String::new(), |text, c| format!("{text}{c} "));
        let plain = spaced.replace("- ", "");
        assert_eq!(book.check_bank_account(test.country(), currency, test.routing(), &plain), Ok(()), "{test:?}");
    }
}

#[test]
fn wrong_check_digits_pass_for_test_accounts_only() {
    let book = Rulebook::standard();
    let check = |country, number| book.check_bank_account(country, Currency::EUR, None, number);
    assert_eq!(format(DE).check(None, "DE89370400440532013002"), Err(BankFormatError::AccountChecksum));
    assert_eq!(check(DE, "DE89 3704 0044 0532 0130 02"), Ok(()));
    assert_eq!(check(DE, "DE89370400440532013006"), Err(BankFormatError::AccountChecksum));
    assert_eq!(check(AT, "DE89370400440532013002"), Err(BankFormatError::IbanCountry { expected: AT }));
    // The test number of one bank says nothing about another's, and a test card is no bank account.
    let us = |routing, number| book.check_bank_account(US, Currency::USD, Some(routing), number);
    assert_eq!(us("110000000", "000123456789"), Ok(()));
    assert_eq!(us("111000000", "000123456789"), Err(BankFormatError::RoutingChecksum));
    let card = book.check_bank_account(DE, Currency::EUR, None, "4000052760000037");
    assert!(matches!(card, Err(BankFormatError::AccountShape { .. })));
}

#[test]
fn numbers_are_refused_by_what_is_wrong_with_them() {
    let shape = |expected: &str| BankFormatError::RoutingShape { expected: expected.into() };
    let number = |expected: &str| BankFormatError::AccountShape { expected: expected.into() };
    let table = [
        (US, Some("021000021"), "1234567890", Ok(())),
        (US, Some("021-000-021"), "12 34", Ok(())),
        (US, Some("021000022"), "1234", Err(BankFormatError::RoutingChecksum)),
        (US, Some("02100002"), "1234", Err(shape("9n"))),
        (US, Some("02100002X"), "1234", Err(shape("9n"))),
        (US, None, "1234", Err(BankFormatError::RoutingMissing { expected: "9n".into() })),
        (US, Some(" "), "1234", Err(BankFormatError::RoutingMissing { expected: "9n".into() })),
        (US, Some("021000021"), "", Err(number("1-17n"))),
        (US, Some("021000021"), "123456789012345678", Err(number("1-17n"))),
        (GB, Some("10-88-00"), "00012345", Ok(())),
        (GB, Some("108800"), "0001234", Err(number("8n or IBAN"))),
        (GB, None, "00012345", Err(BankFormatError::RoutingMissing { expected: "6n".into() })),
        (GB, None, "GB82 WEST 1234 5698 7654 32", Ok(())),
        (GB, Some("108800"), "GB82WEST12345698765432", Err(BankFormatError::RoutingNotExpected)),
        (GB, None, "GB82WEST12345698765433", Err(BankFormatError::AccountChecksum)),
        (DE, None, "de89370400440532013000", Ok(())),
        (DE, Some(""), "DE89-3704-0044-0532-0130-00", Ok(())),
        (DE, Some("37040044"), "DE89370400440532013000", Err(BankFormatError::RoutingNotExpected)),
        (DE, None, "DE8937040044053201300", Err(BankFormatError::IbanLength { expected: 22, found: 21 })),
        (DE, None, "AT611904300234573201", Err(BankFormatError::IbanCountry { expected: DE })),
        (DE, None, "0532013000", Err(number("IBAN"))),
        (DE, None, "DEX9370400440532013000", Err(number("IBAN"))),
        (DE, None, "DE", Err(number("IBAN"))),
        (DE, None, "DE89370400440532013000.", Err(number("IBAN"))),
        (AL, Some("AAAAALTXXXX"), "AL35202111090000000001234567", Ok(())),
        (AL, None, "AL35202111090000000001234567", Err(BankFormatError::RoutingMissing { expected: "8-11an".into() })),
        (AU, Some("110-000"), "000123456", Ok(())),
        (BR, Some("1100000"), "12345-X", Ok(())),
        (CA, Some("11000 000"), "000123456789", Ok(())),
        (CA, Some("1100-000"), "000123456789", Err(shape("5n 3n"))),
        (DO, Some("999-12"), "1", Err(shape("3n"))),
        (HK, Some("110000"), "000123456", Ok(())),
        (IN, Some("HDFC1004051"), "1", Err(shape("4a '0' 6an"))),
        (KE, Some("barckenx"), "1", Ok(())),
        (KR, Some("SGSEUSSLXXX"), "00000000000", Err(shape("4a 'KR' 2-5an"))),
        (LK, Some("AAAALKLXXXX7010999"), "0000012345", Ok(())),
        (UZ, Some("AAAAUZUZ-00000"), "99934", Ok(())),
        (NZ, None, "11-0000-0000000-1", Err(number("15-16n"))),
        (NZ, None, "11-0000-0000000-010", Ok(())),
        (MX, None, "000000001234567897", Ok(())),
        (MX, None, "000000001234567898", Err(BankFormatError::AccountChecksum)),
        (MX, None, "00000000123456789", Err(number("18n"))),
        (AR, None, "0110000600000000000000", Ok(())),
        (GM, Some("anything"), "goes", Ok(())),
        (GM, Some("any/thing"), "goes", Err(shape("1-34an"))),
    ];
    for (country, routing, account, expected) in table {
        assert_eq!(format(country).check(routing, account), expected, "{country} {routing:?} {account}");
    }
}

#[test]
fn a_currency_beside_the_countrys_own_has_the_same_numbers() {
    let book = Rulebook::standard();
    assert_eq!(book.bank_format(CH, Currency::EUR), book.bank_format(CH, Currency::CHF));
    assert_eq!(book.bank_format(GB, Currency::USD).map(BankFormat::currency), Some(Currency::GBP));
    assert_eq!(book.bank_format(KE, Currency::USD), None, "accounts in Kenya hold no dollars");
    assert_eq!(book.bank_format(GE, Currency::GEL), None);
    let mut dollars = book.with_settlement_currencies(KE, &[Currency::USD, Currency::EUR]).unwrap();
    assert!(dollars.bank_format(KE, Currency::USD).is_some());
    // With a second format nothing tells which of the two a third currency has.
    dollars.read(Table::BankFormats, "country,currency,fields,account,source\nKE,usd,account_number,9n,us\n").unwrap();
    assert_eq!(dollars.bank_format(KE, Currency::USD).map(BankFormat::account_shape), Some("9n".to_owned()));
    assert_eq!(dollars.bank_format(KE, Currency::EUR), None);
    let unknown = dollars.check_bank_account(GE, Currency::GEL, None, "1").unwrap_err();
    assert_eq!(unknown.to_string(), "the rulebook has no format for bank accounts in `GE` that hold `GEL`");
}

#[test]
fn a_form_asks_for_what_the_country_needs() {
    assert_eq!(format(IE).fields(), [Iban]);
    assert_eq!(format(GB).fields(), [SortCode, AccountNumber]);
    assert_eq!(format(AL).fields(), [SwiftOrBankCode, Iban]);
    let japan = format(JP);
    assert_eq!(japan.fields(), [BankCode, BranchCode, AccountNumber, AccountHolderName, AccountType]);
    assert!(japan.asks_for(AccountHolderName) && !format(CL).asks_for(AccountHolderName));
    assert_eq!(japan.account_types(), ["futsu".into(), "toza".into()]);
    assert_eq!(format(CL).account_types(), ["checking".into(), "savings".into()]);
    assert_eq!((japan.routing_shape(), japan.account_shape()), (Some("4n 3n".to_owned()), "4-8n".to_owned()));
    assert_eq!((format(IE).routing_shape(), format(IE).account_shape()), (None, "IBAN".to_owned()));
    assert_eq!((format(IE).iban_length(), format(GB).iban_length(), japan.iban_length()), (Some(22), Some(22), None));
    assert!(format(IE).is_iban() && !format(GB).is_iban() && !japan.is_iban());
}

#[test]
fn rows_that_make_no_sense_are_refused() {
    let head =
        "country,currency,fields,routing,account,iban_length,check,account_types,test_routing,test_account,source";
    for (row, expected) in [
        ("US,usd,account_number,9x,9n,,,,,,us", "`9x` is no part of a shape"),
        ("US,usd,account_number,,9x,,,,,,us", "`9x` is no part of a shape"),
        ("US,usd,account_number,,,,,,,,us", "shape"),
        ("US,usd,iban,,IBAN,,,,,,us", "iban_length"),
        ("US,usd,account_number,,9n,22,,,,,us", "iban_length"),
        ("US,usd,account_number,,9n or IBAN,,,,,,us", "iban_length"),
        ("US,usd,shoe_size,,9n,,,,,,us", "`shoe_size` is not a field of a bank account"),
        ("US,usd,account_type,,9n,,,,,,us", "account_types"),
        ("US,usd,account_number,,9n,,,savings,,,us", "account_types"),
        ("US,usd,account_number,,9n,,luhn,,,,us", "luhn"),
        ("US,usd,account_number,9n,9n,,aba,,111000000,123456789,us", "the test numbers do not pass"),
        ("KP,usd,account_number,,9n,,,,,,us", "no country `KP`"),
    ] {
        let error = Rulebook::standard().read(Table::BankFormats, &format!("{head}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{row}: {error}");
    }
}

#[test]
fn no_output_holds_a_whole_number() {
    let book = Rulebook::standard();
    let mut numbers: Vec<String> =
        book.bank_formats().filter_map(|format| format.test_account().map(ToOwned::to_owned)).collect();
    numbers.extend(book.test_destinations().map(|test| test.number().to_owned()));
    let everything = format!("{book:?}");
    for number in &numbers {
        assert!(!everything.contains(number.as_str()), "{number}");
    }
    assert!(everything.contains("…6789"));

    // Whatever is wrong, the error says nothing of what was typed.
    for format in book.bank_formats() {
        for typed in ["98765432109876", "DE89370400440532013999", "XX89370400440532013999", "9876.5432"] {
            for routing in [None, Some("87654321"), Some("876543210"), Some("111000000"), Some("AAAAAGAGXYZ")] {
                let Err(error) = format.check(routing, typed) else { continue };
                let shown = format!("{error} {error:?}");
                for secret in [typed, "5432109876", "2013999", "87654321", "111000000", "AAAAAGAG"] {
                    assert!(!shown.contains(secret), "{shown}");
                }
            }
        }
    }
    // A test account in a table that is refused is not named either.
    let csv =
        "country,currency,fields,account,check,test_account,source\nMX,mxn,clabe,18n,clabe,000000001234567898,us\n";
    let refused = Rulebook::standard().read(Table::BankFormats, csv).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("1234567898"), "{refused}");
}

fn any_format() -> impl Strategy<Value = BankFormat> {
    let formats: Vec<BankFormat> = Rulebook::standard().bank_formats().cloned().collect();
    prop::sample::select(formats)
}

proptest! {
    #[test]
    fn no_text_makes_the_check_panic(
        format in any_format(),
        routing in prop::option::of("\\PC{0,20}|[A-Z0-9 -]{0,20}"),
        account in "\\PC{0,80}|[A-Z]{2}[0-9]{2}[A-Z0-9 -]{0,32}|[0-9 -]{0,80}",
    ) {
        let _ = format.check(routing.as_deref(), &account);
        let _ = Rulebook::standard().check_bank_account(format.country(), format.currency(), routing.as_deref(), &account);
    }

    #[test]
    fn blanks_and_case_change_nothing(format in any_format(), gaps in prop::collection::vec(0_usize..3, 40)) {
        let Some(account) = format.test_account() else { return Ok(()) };
        let typed: String =
            account.chars().zip(gaps).map(|(c, gap)| format!("{}{}", " ".repeat(gap), c.to_ascii_lowercase())).collect();
        prop_assert_eq!(format.check(format.test_routing(), &typed), Ok(()));
    }

    #[test]
    fn an_iban_with_one_wrong_digit_is_refused(format in any_format(), place in 2_usize..34, by in 1_u32..10) {
        let Some(account) = format.test_account().filter(|_| format.is_iban()) else { return Ok(()) };
        let Some(digit) = account.chars().nth(place).and_then(|c| c.to_digit(10)) else { return Ok(()) };
        let wrong = char::from_digit(digit.saturating_add(by).rem_euclid(10), 10).unwrap();
        let typed: String = account.chars().enumerate().map(|(at, c)| if at == place { wrong } else { c }).collect();
        prop_assert_eq!(format.check(format.test_routing(), &typed), Err(BankFormatError::AccountChecksum));
    }
}
