//! Where accounts can be debited, how much, and for what.

use super::super::*;
use crate::money::{Currency, Money, Rate, eur, usd};

use Country::{AU, BR, CA, CH, DE, FR, GB, GI, HK, IS, JP, KP, LI, NZ, US};

/// Every row of the table, region by region: docs.stripe.com/connect/account-debits (2024) names the seven, Europe is our reading.
#[test]
fn accounts_can_be_debited_in_seven_regions() {
    let book = Rulebook::standard();
    let own = [(AU, "au"), (CA, "ca"), (HK, "hk"), (JP, "jp"), (NZ, "nz"), (US, "us")];
    for rule in book.countries() {
        let known = own.iter().find(|(country, _)| *country == rule.country()).map(|(_, name)| *name);
        let is_eea = rule.region() == Region::Eea && rule.offers(ServiceAgreement::Full);
        let europe = is_eea || matches!(rule.country(), GB | CH);
        let region = book.debit_region(rule.country());
        let expected = known.or(europe.then_some("europe"));
        assert_eq!(region.map(DebitRegion::name), expected, "{}", rule.name());
        if let Some(region) = region {
            assert_eq!(region.country(), rule.country());
            assert_eq!(region.source().to_string(), "docs.stripe.com/connect/account-debits, 2024");
            assert_eq!(region.source().note().is_empty(), known.is_some());
        }
    }
    assert_eq!([IS, GI, BR, KP, Country::Unspecified].map(|country| book.debit_region(country)), [None; 5]);
    assert!(book.debit_region(LI).is_some());
}

#[test]
fn a_platform_debits_within_its_own_region() {
    let book = Rulebook::standard();
    for from in book.countries().map(CountryRule::country) {
        for to in book.countries().map(CountryRule::country) {
            let (one, other) = (book.debit_region(from), book.debit_region(to));
            let same = one.zip(other).is_some_and(|(one, other)| one.name() == other.name());
            assert_eq!(book.may_debit(from, to), same, "{from} of {to}");
            // No region but Europe has two countries, and what may be debited can be paid.
            let in_europe = one.is_some_and(|region| region.name() == "europe");
            assert!(!same || from == to || in_europe, "{from} of {to}");
        }
    }
    let pairs = [(US, US), (DE, FR), (GB, DE), (FR, CH), (US, CA), (AU, NZ), (BR, BR), (IS, DE), (KP, KP)];
    let allowed = pairs.map(|(from, to)| book.may_debit(from, to));
    assert_eq!(allowed, [true, true, true, true, false, false, false, false, false]);
}

#[test]
fn debits_in_dollars_are_bounded_and_cost_nothing_that_is_known() {
    let book = Rulebook::standard();
    let terms = book.debit_terms(Currency::USD).unwrap();
    assert_eq!((terms.currency(), terms.max()), (Currency::USD, Some(usd(100_000_00))));
    assert_eq!(terms.fee_of(usd(100_000_00)), Ok(usd(0)));
    assert_eq!(terms.source().to_string(), "third-party reading of docs.stripe.com/connect/account-debits, 2026");
    assert!(terms.fee_of(eur(1)).is_err());
    assert!(
        Currency::all().filter(|currency| *currency != Currency::USD).all(|other| book.debit_terms(other).is_none())
    );
}

#[test]
fn a_host_has_terms_and_regions_of_its_own() {
    let half: Rate = "0.5%".parse().unwrap();
    let terms = DebitTerms::new(Currency::EUR).fee(half, 10);
    let book = Rulebook::standard().with_debit_terms(terms).unwrap();
    let known = book.debit_terms(Currency::EUR).unwrap();
    assert_eq!((known.max(), known.fee_of(eur(33_00))), (None, Ok(eur(27))));
    assert_eq!(known.fee_of(eur(i64::MAX)).unwrap().minor(), 46_116_860_184_273_889);
    assert_eq!(known.source().page(), "the host");
    let wrong = [DebitTerms::new(Currency::EUR).at_most(0), DebitTerms::new(Currency::EUR).fee(half, -1)];
    for terms in wrong {
        let refused = book.clone().with_debit_terms(terms).unwrap_err();
        assert!(matches!(refused, RulebookError::Invalid { table: Table::DebitTerms, .. }), "{refused}");
    }
    let unknown = book.clone().with_debit_region(KP, "kp").unwrap_err();
    assert_eq!(unknown, RulebookError::UnknownCountry(KP));
    let joined = book.with_debit_region(CA, "us").unwrap();
    assert!(joined.may_debit(US, CA) && joined.may_debit(CA, US) && joined.may_debit(CA, CA));
}

#[test]
fn rows_of_a_host_take_the_place_of_others_and_bad_ones_are_refused() {
    let mut book = Rulebook::standard();
    book.read(Table::DebitTerms, "currency,max,percent,fixed,source\nusd,500,1%,,us\n").unwrap();
    book.read(Table::DebitRegions, "country,region,source\nBR,latam,us\n").unwrap();
    let terms = book.debit_terms(Currency::USD).unwrap();
    assert_eq!((terms.max(), terms.fee_of(Money::new(500, Currency::USD))), (Some(usd(5_00)), Ok(usd(5))));
    assert!(book.may_debit(BR, BR) && book.may_debit(US, US));
    let known = book.clone();
    for (table, text, expected) in [
        (Table::DebitTerms, "currency,max,source\nusd,0,us\n", "above zero"),
        (Table::DebitTerms, "currency,fixed,source\nusd,-1,us\n", "never negative"),
        (Table::DebitTerms, "currency,percent,source\nusd,much,us\n", "not a usable rate"),
        (Table::DebitTerms, "currency,max,source\nusd,1,us\nusd,2,us\n", "another row"),
        (Table::DebitRegions, "country,region,source\nKP,kp,us\n", "KP"),
        (Table::DebitRegions, "country,region,source\nBR,,us\n", "its name"),
    ] {
        let error = book.read(table, text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert_eq!(book, known);
    }
}
