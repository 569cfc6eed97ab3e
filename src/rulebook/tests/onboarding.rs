//! Where accounts may be, and who may open them there.

use super::super::*;
use crate::money::Currency;

use Country::{BT, DE, FR, GE, GH, IN, JP, KE, KP, SG, US};
use ServiceAgreement::{Full, Recipient};

/// The countries of a book that a rule tells apart.
fn countries(book: &Rulebook, by: impl Fn(&CountryRule) -> bool) -> Vec<String> {
    let mut found: Vec<String> =
        book.countries().filter(|rule| by(rule)).map(|rule| rule.country().to_string()).collect();
    found.sort();
    found
}

#[test]
fn accounts_can_be_in_122_countries_19_of_them_in_preview() {
    let book = Rulebook::standard();
    assert_eq!(countries(&book, |rule| rule.availability() == Availability::Ga).len(), 103);
    let preview = countries(&book, |rule| rule.availability() == Availability::Preview);
    assert_eq!(preview.join(" "), "AO AZ BD BR BT DZ GA GE GI HR ID IN KZ LA LI MY MZ NE SM");
}

#[test]
fn bhutan_and_ghana_hold_money_that_nobody_can_be_charged_in() {
    let book = Rulebook::standard();
    let (bhutan, ghana) = (book.country(BT).unwrap(), book.country(GH).unwrap());
    assert_eq!((bhutan.default_currency(), bhutan.default_currency().exponent()), (Currency::BTN, 2));
    assert_eq!((ghana.default_currency(), ghana.default_currency().exponent()), (Currency::GHS, 2));
    assert_eq!((bhutan.availability(), ghana.availability()), (Availability::Preview, Availability::Ga));
    assert_eq!(book.charge_limits(Currency::GHS), Err(RulebookError::UnknownCurrency(Currency::GHS)));
    assert!(book.payout_limits(GH, Currency::GHS).allows(1));
}

#[test]
fn agreements_are_as_far_as_known() {
    let book = Rulebook::standard();
    let rule = |country| book.country(country).unwrap();
    assert_eq!(rule(US).agreements(), [Full, Recipient]);
    assert_eq!(rule(KE).agreements(), [Recipient]);
    assert!(rule(KE).offers(Recipient) && !rule(KE).offers(Full));
    // Nothing is known of Georgia: an account there is one like any other.
    assert_eq!(rule(GE).agreements(), []);
    assert!(rule(GE).offers(Full) && !rule(GE).offers(Recipient));
    assert_eq!(countries(&book, |rule| rule.offers(Full)).len(), 46);
    assert_eq!(countries(&book, |rule| rule.offers(Recipient)).len(), 119);
    assert_eq!(countries(&book, |rule| rule.cross_border_recipient() == Some(true)).len(), 118);
    assert_eq!(countries(&book, |rule| rule.cross_border_recipient() == Some(false)), ["US"]);
    assert_eq!(countries(&book, |rule| rule.commissions_at_home()), ["BR"]);
    assert_eq!(countries(&book, |rule| rule.account_tokens()), ["FR"]);
    assert_eq!(countries(&book, |rule| rule.cross_border_recipient().is_none()), ["BR", "GE", "GI"]);
}

#[test]
fn today_every_kind_of_account_can_be_anywhere() {
    let book = Rulebook::standard();
    for rule in book.countries() {
        for kind in AccountKind::ALL {
            assert_eq!(book.may_onboard(KE, rule.country(), kind), Ok(()));
            assert_eq!(book.may_onboard(rule.country(), IN, kind), Ok(()));
        }
    }
    for (platform, account) in [(US, KP), (KP, US), (US, Country::Unspecified), (Country::Unspecified, US)] {
        let unknown = book.may_onboard(platform, account, AccountKind::Standard).unwrap_err();
        assert!(matches!(unknown, RulebookError::UnknownCountry(KP | Country::Unspecified)), "{unknown}");
    }
}

#[test]
fn in_the_2010s_custom_went_by_platform_and_express_by_account() {
    let book = Rulebook::standard().with_onboarding_era(OnboardingEra::TwentyTens);
    let era = OnboardingEra::TwentyTens;
    assert_eq!((book.onboarding_era(), OnboardingEra::default()), (era, OnboardingEra::Current));
    assert_eq!(
        countries(&book, CountryRule::custom_platform_2010s).join(" "),
        "AT AU BE CA CH DE DK ES FI FR GB HK IE IT JP LU NL NO NZ PT SE US"
    );
    assert_eq!(countries(&book, CountryRule::express_2017), ["US"]);
    let refused = |country, kind| Err(RulebookError::NotOnboarded { country, kind, era });
    let table = [
        (FR, KE, AccountKind::Custom, Ok(())),
        (SG, FR, AccountKind::Custom, refused(SG, AccountKind::Custom)),
        (SG, SG, AccountKind::Custom, refused(SG, AccountKind::Custom)),
        (SG, US, AccountKind::Express, Ok(())),
        (US, FR, AccountKind::Express, refused(FR, AccountKind::Express)),
        (SG, JP, AccountKind::Standard, Ok(())),
        (SG, KP, AccountKind::Standard, Err(RulebookError::UnknownCountry(KP))),
    ];
    for (platform, account, kind, expected) in table {
        assert_eq!(book.may_onboard(platform, account, kind), expected, "{platform} {account} {kind}");
    }
    assert_eq!(
        refused(DE, AccountKind::Express).unwrap_err().to_string(),
        "`express` accounts are not open to `DE` in the era `twenty_tens`"
    );
}

#[test]
fn a_host_reads_the_new_columns_and_may_leave_them_out() {
    let mut book = Rulebook::standard();
    let head = "code,name,availability,default_currency,settlement_currencies,region,source";
    book.read(Table::Countries, &format!("{head}\nKP,North Korea,preview,usd,,apac,us\n")).unwrap();
    let rule = book.country(KP).unwrap();
    assert!(rule.agreements().is_empty() && rule.offers(Full) && !rule.custom_platform_2010s() && !rule.express_2017());
    assert_eq!(rule.cross_border_recipient(), None);
    for (column, value, expected) in [
        ("agreements", "full half", "`half` is not a service agreement"),
        ("express_2017", "maybe", "`maybe`"),
        ("cross_border_recipient", "maybe", "nor `unknown`"),
    ] {
        let error = book
            .read(Table::Countries, &format!("{head},{column}\nKP,North Korea,preview,usd,,apac,us,{value}\n"))
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn instant_payouts() {
    let book = Rulebook::standard();
    let rule = |country, currency| book.instant_destinations(country, currency);
    let us = rule(US, Currency::USD).unwrap();
    assert_eq!((us.country(), us.currency()), (US, Currency::USD));
    assert_eq!((us.direct_fee().to_string(), us.connect_fee().to_string()), ("1.5 %".into(), "1 %".into()));
    assert_eq!((us.direct_reset(), us.connect_reset()), ("America/Chicago", "America/Chicago"));
    assert_eq!((us.direct_daily_count(), us.to_banks_of_connected_accounts()), (Some(10), true));
    let hungary = rule(Country::HU, Currency::HUF).unwrap();
    assert_eq!((hungary.min().minor(), hungary.max().minor()), (200_00, 999_999_00));
    assert!(hungary.to_cards() && !hungary.to_banks());
    let hong_kong = rule(Country::HK, Currency::HKD).unwrap();
    assert!(!hong_kong.to_cards() && hong_kong.to_banks());
    let singapore = rule(SG, Currency::SGD).unwrap();
    assert!(singapore.to_banks() && !singapore.to_banks_of_connected_accounts());
    assert_eq!(
        rule(DE, Currency::EUR).map(|rule| (rule.min().minor(), rule.direct_reset())),
        Some((40, "Europe/Paris"))
    );
    assert_eq!(
        (rule(KE, Currency::KES), rule(DE, Currency::USD), rule(Country::SK, Currency::EUR)),
        (None, None, None)
    );
    assert_eq!(book.instant_rules().filter(|rule| rule.currency() == Currency::EUR).count(), 20);
}

#[test]
fn instant_rules_that_make_no_sense_are_refused() {
    let head =
        "country,currency,min,max,cards,banks,connect_banks,direct_fee,connect_fee,direct_reset,connect_reset,source";
    for (row, expected) in [
        ("US,usd,0,1,yes,no,no,1%,1%,UTC,UTC,us", "above zero"),
        ("US,usd,2,1,yes,no,no,1%,1%,UTC,UTC,us", "above zero"),
        ("US,usd,1,1,no,no,no,1%,1%,UTC,UTC,us", "neither"),
        ("KP,usd,1,1,yes,no,no,1%,1%,UTC,UTC,us", "no country"),
    ] {
        let error = Rulebook::standard().read(Table::InstantPayouts, &format!("{head}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{row}: {error}");
    }
}
