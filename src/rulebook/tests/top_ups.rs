//! Where platforms may pull money from their own banks, how much at once, and how long that takes.

use super::super::*;
use crate::calendar::{BankCalendar, Delay, utc};
use crate::money::{Currency, gbp, usd};

use Country::{DE, GB, JP, KP, US};

/// docs.stripe.com/connect/top-ups (2025): in general availability in three countries. How long it takes is said of one.
#[test]
fn platforms_of_three_countries_have_top_ups() {
    let book = Rulebook::standard();
    let mut known: Vec<_> =
        book.all_top_up_terms().map(|terms| (terms.country(), terms.currency(), terms.delay())).collect();
    known.sort_by_key(|(_, currency, _)| currency.to_string());
    let six = Delay::Business(6);
    assert_eq!(known, [(GB, Currency::GBP, None), (JP, Currency::JPY, None), (US, Currency::USD, Some(six))]);
    assert!(book.all_top_up_terms().all(|terms| terms.max().is_none() && terms.source().page().contains("connect")));
    assert!(book.all_top_up_terms().all(|terms| book.settles_in(terms.country(), terms.currency())));
    assert_eq!(book.top_up_terms(US, Currency::EUR), None);
    assert_eq!(book.top_up_terms(DE, Currency::EUR), None);
    let days = BankCalendar::weekends_only();
    let monday = utc(2026, 11, 2).at(12, 0);
    assert_eq!(six.available_on(monday, &days), Ok(utc(2026, 11, 10)));
}

#[test]
fn a_host_has_rows_of_its_own() {
    let mut book = Rulebook::standard();
    let rows = "country,currency,days,max,source\nUS,usd,2,500000,us\nGB,gbp,,1,us\n";
    book.read(Table::TopUpTerms, rows).unwrap();
    let terms = |country, currency| book.top_up_terms(country, currency).unwrap();
    let ours = terms(US, Currency::USD);
    assert_eq!((ours.delay(), ours.max()), (Some(Delay::Business(2)), Some(usd(5_000_00))));
    assert_eq!((terms(GB, Currency::GBP).delay(), terms(GB, Currency::GBP).max()), (None, Some(gbp(1))));
    assert!(book.top_up_terms(JP, Currency::JPY).is_some());
    let known = book.clone();
    for (text, expected) in [
        ("country,currency,max,source\nUS,usd,0,us\n", "above zero"),
        ("country,currency,days,source\nUS,usd,-1,us\n", "days"),
        ("country,currency,days,source\nUS,usd,256,us\n", "days"),
        ("country,currency,source\nUS,usd,us\nUS,usd,us\n", "another row"),
        ("country,currency,source\nKP,usd,us\n", "KP"),
    ] {
        let error = book.read(Table::TopUpTerms, text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert_eq!(book, known);
    }
    let nothing = TopUpTerms::new(US, Currency::USD).at_most(0);
    let refused = book.clone().with_top_up_terms(nothing).unwrap_err();
    assert!(matches!(refused, RulebookError::Invalid { table: Table::TopUpTerms, .. }), "{refused}");
    let unknown = book.with_top_up_terms(TopUpTerms::new(KP, Currency::USD)).unwrap_err();
    assert_eq!(unknown, RulebookError::UnknownCountry(KP));
}
