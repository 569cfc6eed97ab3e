//! Where banks are debited for balances below zero, when, and how often that is tried.

use super::super::*;
use crate::money::Currency;

use Country::{AU, CA, DE, FR, GB, JP, KP, NZ, US};

/// docs.stripe.com/connect/account-balances (2024) and support.stripe.com/questions/auto-debit-faq: the next day in Australia, Canada and the
/// United States, after three business days in the United Kingdom.
#[test]
fn banks_are_debited_where_the_page_says_so() {
    let book = Rulebook::standard();
    let terms = |country, currency| {
        let terms = book.bank_debit_terms(country, currency)?;
        assert_eq!((terms.country(), terms.currency()), (country, currency));
        Some((terms.wait_days(), terms.lead_days()))
    };
    assert_eq!(terms(AU, Currency::AUD), Some((1, 2)));
    assert_eq!(terms(CA, Currency::CAD), Some((1, 5)));
    assert_eq!(terms(US, Currency::USD), Some((1, 4)));
    assert_eq!(terms(GB, Currency::GBP), Some((3, 4)));
    assert_eq!(terms(NZ, Currency::NZD), Some((3, 2)));
    assert_eq!((terms(DE, Currency::EUR), terms(FR, Currency::EUR)), (Some((3, 6)), Some((3, 6))));
    for closed in [(JP, Currency::JPY), (US, Currency::EUR), (GB, Currency::EUR)] {
        assert_eq!(terms(closed.0, closed.1), None, "{closed:?}");
    }
    let others = book.all_bank_debit_terms().filter(|terms| terms.currency() == Currency::EUR);
    assert!(others.into_iter().all(|terms| (terms.wait_days(), terms.lead_days()) == (3, 6)));
}

#[test]
fn small_debts_are_tolerated_in_whole_units() {
    let policy = Rulebook::standard().bank_debit_policy();
    let tolerated = [Currency::USD, Currency::JPY, Currency::KWD].map(|currency| policy.tolerated(currency));
    assert_eq!(tolerated, [10_00, 10, 10_000]);
    let most = BankDebitPolicy { tolerance: u32::MAX, ..policy };
    let book = Rulebook::standard().with_bank_debit_policy(most);
    assert_eq!(book.tolerated_debt(true, Currency::USD).minor(), i64::from(u32::MAX) * 100);
    assert_eq!(book.tolerated_debt(false, Currency::USD).minor(), 0);
    let none = Rulebook::standard().with_bank_debit_policy(BankDebitPolicy { attempts: 0, ..policy });
    assert_eq!(none.bank_debit_policy().attempts, 1);
}

#[test]
fn a_host_has_rows_of_its_own() {
    let mut book = Rulebook::standard();
    book.read(Table::BankDebits, "country,currency,wait_days,lead_days,source\nUS,usd,2,1,us\nJP,jpy,5,5,us\n")
        .unwrap();
    let terms = |country, currency| book.bank_debit_terms(country, currency).unwrap();
    assert_eq!((terms(US, Currency::USD).wait_days(), terms(JP, Currency::JPY).lead_days()), (2, 5));
    assert_eq!(terms(GB, Currency::GBP).wait_days(), 3);
    let known = book.clone();
    for (text, expected) in [
        ("country,currency,wait_days,lead_days,source\nUS,usd,0,1,us\n", "at least one day"),
        ("country,currency,wait_days,lead_days,source\nUS,usd,-1,1,us\n", "wait_days"),
        ("country,currency,wait_days,lead_days,source\nUS,usd,1,256,us\n", "lead_days"),
        ("country,currency,wait_days,lead_days,source\nUS,usd,1,1,us\nUS,usd,1,1,us\n", "another row"),
        ("country,currency,wait_days,lead_days,source\nKP,usd,1,1,us\n", "KP"),
    ] {
        let error = book.read(Table::BankDebits, text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert_eq!(book, known);
    }
    let refused = book.clone().with_bank_debit_terms(BankDebitTerms::new(US, Currency::USD, 0, 1)).unwrap_err();
    assert!(matches!(refused, RulebookError::Invalid { table: Table::BankDebits, .. }), "{refused}");
    let unknown = book.clone().with_bank_debit_terms(BankDebitTerms::new(KP, Currency::USD, 1, 1)).unwrap_err();
    assert_eq!(unknown, RulebookError::UnknownCountry(KP));
    let closed = book.without_bank_debits(US, Currency::USD);
    assert_eq!(closed.bank_debit_terms(US, Currency::USD), None);
}
