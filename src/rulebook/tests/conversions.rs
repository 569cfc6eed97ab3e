//! What the processor takes of money that it converts.

use super::super::*;
use crate::money::{Currency, Rate};

use Country::{CA, DE, KP, US};

const CAD: Currency = Currency::CAD;
const EUR: Currency = Currency::EUR;
const GBP: Currency = Currency::GBP;
const USD: Currency = Currency::USD;

#[test]
fn the_row_that_says_most_holds() {
    let percent = |percent: u32| Rate::from_basis_points(percent * 100);
    let mut book = Rulebook::standard();
    assert_eq!(book.conversion_fee(CA, USD, CAD), percent(2));
    assert_eq!(book.conversion_fee(US, EUR, USD), percent(1));
    let rows = "country,from,to,fee,source\n,usd,,3%,us\n,,eur,4%,us\n,usd,eur,5%,us\nDE,,,6%,us\nDE,,eur,7%,us\nDE,usd,,8%,us\nDE,usd,eur,9%,us\n";
    book.read(Table::ConversionFees, rows).unwrap();
    let table = [
        (CA, GBP, CAD, 2),
        (CA, USD, CAD, 3),
        (CA, GBP, EUR, 4),
        (CA, USD, EUR, 5),
        (US, USD, EUR, 1),
        (DE, GBP, CAD, 6),
        (DE, GBP, EUR, 7),
        (DE, USD, GBP, 8),
        (DE, USD, EUR, 9),
    ];
    for (country, from, to, expected) in table {
        assert_eq!(book.conversion_fee(country, from, to), percent(expected), "{country} {from} {to}");
    }
    assert_eq!(book.conversion_fees().count(), 9);
}

#[test]
fn a_fee_that_makes_no_sense_is_refused() {
    let mut book = Rulebook::standard();
    let known = book.clone();
    for (text, expected) in [
        ("country,fee,source\nDE,100%,us\n", "leaves something"),
        ("country,fee,source\nDE,x,us\n", "fee"),
        ("country,fee,source\nKP,1%,us\n", "KP"),
        ("from,fee,source\nxyz,1%,us\n", "xyz"),
        ("to,fee,source\nusd,1%,us\nusd,2%,us\n", "another row"),
    ] {
        let error = book.read(Table::ConversionFees, text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert_eq!(book, known);
    }
    let all = ConversionFee::new(Rate::WHOLE);
    let refused = book.clone().with_conversion_fee(all).unwrap_err();
    assert!(matches!(refused, RulebookError::Invalid { table: Table::ConversionFees, .. }), "{refused}");
    let unknown = book.with_conversion_fee(ConversionFee::new(Rate::ZERO).in_country(KP)).unwrap_err();
    assert_eq!(unknown, RulebookError::UnknownCountry(KP));
}
