//! The standard tables against what was read from the field's pages.

use super::super::*;
use crate::calendar::{BankCalendar, Delay, Recurrence, days};
use crate::money::{Currency, Rate, brl, eur, usd};

use Country::{AE, BR, DE, FR, GB, HU, IN, JP, KE, MY, RO, TW, US};
use PaymentMethod::{Boleto, Card, SepaDebit, UsBankAccount};

/// How many codes have an advice.
const ADVICE: usize = 92;

/// How many rows the file of a table has below its header.
fn rows(table: Table) -> usize {
    table.standard().lines().filter(|line| !line.starts_with('#')).skip(1).count()
}

#[test]
fn every_standard_table_is_read_whole() {
    let book = Rulebook::standard();
    assert_eq!((book.countries().count(), rows(Table::Countries)), (122, 122));
    assert_eq!((book.0.currencies.len(), rows(Table::Currencies)), (140, 140));
    assert_eq!((book.0.timings.len(), rows(Table::SettlementTiming)), (45, 45));
    assert_eq!((book.0.lanes.len(), rows(Table::CrossBorder)), (80, 80));
    assert_eq!((book.0.bank_formats.len(), rows(Table::BankFormats)), (121, 121));
    assert_eq!((book.0.instant.len(), rows(Table::InstantPayouts)), (36, 36));
    assert_eq!((book.connect_prices().count(), rows(Table::ConnectPrices)), (2, 2));
    assert_eq!((book.debit_regions().count(), rows(Table::DebitRegions)), (37, 37));
    assert_eq!((book.0.debit_terms.len(), rows(Table::DebitTerms)), (1, 1));
    assert_eq!((book.all_top_up_terms().count(), rows(Table::TopUpTerms)), (3, 3));
    assert_eq!((book.all_bank_debit_terms().count(), rows(Table::BankDebits)), (36, 36));
    assert_eq!((book.conversion_fees().count(), rows(Table::ConversionFees)), (2, 2));
    assert_eq!(rows(Table::PaymentMethods), PaymentMethod::ALL.len());
    assert_eq!((book.all_method_fees().count(), rows(Table::MethodFees)), (20, 20));
    assert_eq!((book.0.prices.len(), rows(Table::Prices)), (6, 6));
    assert_eq!((book.0.payout_minimums.len(), rows(Table::PayoutMinimums)), (129, 129));
    assert_eq!((book.0.payout_failures.len(), rows(Table::PayoutFailureCodes)), (27, 27));
    assert_eq!((book.all_failure_advice().count(), rows(Table::FailureAdvice)), (ADVICE, ADVICE));
    assert_eq!((book.terminal_countries().count(), rows(Table::TerminalCountries)), (23, 23));
    assert_eq!((book.bank_holidays().count(), rows(Table::BankHolidays)), (90, 90));
    assert_eq!((book.0.documents.len(), rows(Table::DocumentFiles)), (4, 4));
    let test_values = book.test_destinations().count() + book.test_tokens().count();
    assert_eq!((test_values, rows(Table::PayoutTestValues)), (206, 206));
}

#[test]
fn every_rule_names_its_source() {
    let book = Rulebook::standard();
    let mut sources: Vec<&Source> = book.countries().map(CountryRule::source).collect();
    sources.extend(book.0.currencies.values().map(ChargeLimits::source));
    sources.extend(book.0.timings.values().map(SettlementTiming::source));
    sources.extend(PaymentMethod::ALL.map(|method| book.payment_method(method).source()));
    sources.extend(book.0.prices.values().map(Price::source));
    sources.extend(book.0.payout_failures.values().map(PayoutFailureRule::source));
    sources.extend(book.all_failure_advice().map(FailureAdvice::source));
    sources.extend(book.test_destinations().map(TestDestination::source));
    sources.extend(book.bank_formats().map(BankFormat::source));
    sources.extend(book.instant_rules().map(InstantRule::source));
    sources.extend(book.connect_prices().map(ConnectPrice::source));
    sources.extend(book.debit_regions().map(DebitRegion::source));
    sources.extend(book.0.debit_terms.values().map(DebitTerms::source));
    sources.extend(book.all_top_up_terms().map(TopUpTerms::source));
    sources.extend(book.all_bank_debit_terms().map(BankDebitTerms::source));
    sources.extend(book.conversion_fees().map(ConversionFee::source));
    sources.extend(book.all_method_fees().map(MethodFees::source));
    sources.extend(book.bank_holidays().map(BankHoliday::source));
    sources.extend(book.terminal_countries().map(TerminalCountry::source));
    sources.extend(book.0.documents.values().map(DocumentRule::source));
    assert!(sources.iter().all(|source| !source.page().is_empty()));
    let minimum = book.payout_limits_source(RO, Currency::RON).unwrap();
    assert_eq!(minimum.to_string(), "third-party reading of docs.stripe.com/payouts, 2026");
    assert_eq!(minimum.year(), Some(2026));
}

#[test]
fn currencies_have_the_digits_that_money_counts_with() {
    let book = Rulebook::standard();
    // The reader refuses a row whose digits differ, so what is left to check is that no currency lacks a row.
    // Two are paid out without anyone saying how much may be charged in them.
    let received_only = [Currency::BTN, Currency::GHS];
    for currency in received_only {
        assert_eq!(book.charge_limits(currency), Err(RulebookError::UnknownCurrency(currency)));
    }
    for currency in Currency::all().filter(|currency| !received_only.contains(currency)) {
        let limits = book.charge_limits(currency).unwrap();
        assert_eq!(limits.max().currency(), currency);
        assert_eq!(limits.problem(), None);
    }
}

#[test]
fn countries() {
    let book = Rulebook::standard();
    let us = book.country(US).unwrap();
    assert_eq!((us.name(), us.region(), us.availability()), ("United States", Region::Us, Availability::Ga));
    assert_eq!(
        (us.country(), us.default_currency(), us.settlement_currencies()),
        (US, Currency::USD, &[Currency::USD][..])
    );
    let gb = book.country(GB).unwrap();
    assert_eq!(gb.settlement_currencies().first(), Some(&Currency::GBP));
    assert_eq!(gb.settlement_currencies().len(), 6);
    assert_eq!(book.country(BR).unwrap().availability(), Availability::Preview);
    assert_eq!(book.country(Country::BG).unwrap().default_currency(), Currency::EUR);
    assert!(book.settles_in(GB, Currency::USD) && book.settles_in(Country::CH, Currency::EUR));
    assert!(!book.settles_in(US, Currency::EUR) && !book.settles_in(Country::KP, Currency::USD));
    assert!(book.countries().all(|rule| rule.settles_in(rule.default_currency())));
}

#[test]
fn charge_limits() {
    let book = Rulebook::standard();
    let limits = |currency| book.charge_limits(currency).unwrap();
    assert_eq!((limits(Currency::USD).min(), limits(Currency::USD).max()), (Some(usd(50)), usd(999_999_99)));
    assert_eq!(limits(Currency::HUF).min().map(|min| min.minor()), Some(175_00));
    assert_eq!(limits(Currency::IDR).max().minor(), 999_999_999_999);
    assert_eq!(limits(Currency::AMD).min(), None);
    assert_eq!((limits(Currency::ISK).charge_multiple(), limits(Currency::HUF).charge_multiple()), (100, 1));
    assert_eq!((limits(Currency::TWD).payout_multiple(), limits(Currency::KWD).charge_multiple()), (100, 10));
    assert!(limits(Currency::USD).is_presentment() && !limits(Currency::KWD).is_presentment());
}

#[test]
fn settlement_delays() {
    let book = Rulebook::standard();
    let table = [
        (US, Card, Delay::Business(2)),
        (US, UsBankAccount, Delay::Business(4)),
        (AE, Card, Delay::Business(5)),
        (DE, Card, Delay::Calendar(7)),
        (DE, SepaDebit, Delay::Business(6)),
        (BR, Card, Delay::Calendar(30)),
        (BR, Boleto, Delay::Business(2)),
        (JP, Card, Delay::Business(4)),
        (MY, Card, Delay::Calendar(7)),
        (Country::NZ, Card, Delay::Business(4)),
        (Country::TH, Card, Delay::Business(7)),
    ];
    for (country, method, expected) in table {
        assert_eq!(book.settlement_delay(country, method), Ok(expected), "{country} {method}");
    }
    let germany = book.settlement_timing(DE).unwrap();
    assert_eq!((germany.initial(), germany.established()), (Delay::Calendar(7), Delay::Business(3)));
    assert_eq!(germany.platform_delay(14), Delay::Calendar(14));
    assert_eq!(book.settlement_timing(MY).unwrap().platform_delay(14), Delay::Business(14));
    assert_eq!(book.settlement_delay(KE, Card), Err(RulebookError::UnknownSettlementTiming(KE)));
}

#[test]
fn payout_schedules() {
    let book = Rulebook::standard();
    let weekly = Recurrence::weekly([chrono::Weekday::Fri]).unwrap();
    for forced in [BR, IN] {
        let rule = book.schedule_rule(forced);
        assert!(rule.is_forced_daily() && rule.allows_daily() && !rule.allows_manual());
        assert!(rule.allows(Some(&Recurrence::Daily)) && !rule.allows(Some(&weekly)) && !rule.allows(None));
    }
    let japan = book.schedule_rule(JP);
    assert_eq!(japan.default_schedule(), None);
    assert!(!japan.allows(Some(&Recurrence::Daily)) && japan.allows(Some(&weekly)) && japan.allows(None));
    for free in [US, DE, KE] {
        let rule = book.schedule_rule(free);
        assert_eq!(rule.default_schedule(), Some(Recurrence::Daily));
        assert!(rule.allows(Some(&Recurrence::Daily)) && rule.allows(Some(&weekly)) && rule.allows(None));
    }
}

#[test]
fn payment_methods() {
    let book = Rulebook::standard();
    let boleto = book.payment_method(Boleto);
    assert_eq!((boleto.min(), boleto.max()), (Some(brl(5_00)), Some(brl(49_999_99))));
    assert_eq!((boleto.notification(), boleto.capability()), (Notification::Voucher, Some(Capability::BoletoPayments)));
    assert_eq!((boleto.voucher_expiry_days(), boleto.refundable_days()), (Some(3), None));
    let card = book.payment_method(Card);
    assert_eq!((card.notification(), card.capability()), (Notification::Immediate, Some(Capability::CardPayments)));
    assert_eq!((card.min(), card.max(), card.delay()), (None, None, None));
    assert!(card.is_open_to(US) && card.is_open_to(BR) && card.takes(Currency::JPY));
    let sepa = book.payment_method(SepaDebit);
    assert_eq!((sepa.max(), sepa.refundable_days()), (Some(eur(10_000_00)), Some(180)));
    assert!(sepa.is_open_to(FR) && sepa.is_open_to(US) && !sepa.is_open_to(BR) && !sepa.takes(Currency::USD));
    let ach = book.payment_method(UsBankAccount);
    assert_eq!((ach.method(), ach.capability()), (UsBankAccount, Some(Capability::UsBankAccountAchPayments)));
    assert!(ach.is_open_to(US) && !ach.is_open_to(FR) && ach.is_refundable());
    assert_eq!((ach.min(), ach.max()), (Some(usd(50)), None));
}

#[test]
fn payout_limits() {
    let book = Rulebook::standard();
    let table = [
        (US, Currency::USD, 1, 1),
        (RO, Currency::RON, 500, 1),
        (HU, Currency::HUF, 100, 100),
        (JP, Currency::JPY, 1, 1),
        (DE, Currency::EUR, 100, 1),
        (TW, Currency::TWD, 1, 100),
        (KE, Currency::KES, 1, 1),
    ];
    for (country, currency, min, multiple) in table {
        assert_eq!(book.payout_limits(country, currency), PayoutLimits::new(min, multiple).unwrap(), "{country}");
    }
    assert_eq!(book.payout_limits_source(KE, Currency::KES), None);
}

#[test]
fn payout_failures() {
    let book = Rulebook::standard();
    let closed = book.payout_failure("account_closed").unwrap();
    assert!(closed.breaks_destination() && closed.applies_to() == [DestinationKind::Bank]);
    assert_eq!((closed.code(), closed.meaning()), ("account_closed", "the bank account was closed"));
    let both = book.payout_failure("could_not_process").unwrap();
    assert_eq!(both.applies_to(), [DestinationKind::Bank, DestinationKind::Card]);
    for passing in ["insufficient_funds", "issuer_unavailable", "exceeds_amount_limit", "exceeds_count_limit"] {
        assert!(!book.payout_failure(passing).unwrap().breaks_destination(), "{passing}");
    }
    assert_eq!(book.payout_failure("struck_by_lightning"), None);
}

#[test]
fn test_destinations() {
    let book = Rulebook::standard();
    let good = book.test_destination(US, "000123456789").unwrap();
    assert_eq!((good.kind(), good.routing(), good.token()), (DestinationKind::Bank, Some("110000000"), None));
    assert_eq!((good.country(), good.outcome()), (US, &TestOutcome::Paid));
    let iban = book.test_destination(DE, "DE62370400440532013001").unwrap();
    assert_eq!(iban.outcome(), &TestOutcome::Failed("no_account".into()));
    let card = book.test_destination_by_token("tok_visa_debit_us_transferFail").unwrap();
    assert_eq!((card.kind(), card.number()), (DestinationKind::Card, "4000056655665572"));
    assert_eq!(card.outcome(), &TestOutcome::Failed("could_not_process".into()));
    assert_eq!(book.test_destination(US, "42"), None);
    assert_eq!(book.test_destination_by_token("tok_unknown"), None);
}

#[test]
fn what_is_unknown_is_refused_by_name() {
    let book = Rulebook::standard();
    let unknown = RulebookError::UnknownPrice { country: DE, method: Card, currency: Currency::EUR };
    assert_eq!(book.price(DE, Card, Currency::EUR), Err(unknown.clone()));
    assert_eq!(unknown.to_string(), "the rulebook has no price for a `card` payment in `EUR`, settled in `DE`");
    for nowhere in [Country::Unspecified, Country::KP] {
        let refused = RulebookError::UnknownCountry(nowhere);
        assert_eq!(book.country(nowhere), Err(refused.clone()));
        assert_eq!(book.settlement_delay(nowhere, Card), Err(refused.clone()));
        assert_eq!(book.settlement_timing(nowhere), Err(refused.clone()));
        let book = || Rulebook::standard();
        let limits = PayoutLimits::new(1, 1).unwrap();
        let price = Price::new(nowhere, Card, Currency::USD, Rate::ZERO, 0);
        assert_eq!(book().with_price(price), Err(refused.clone()));
        assert_eq!(book().with_calendar(nowhere, BankCalendar::weekends_only()), Err(refused.clone()));
        assert_eq!(book().with_settlement_currencies(nowhere, &[]), Err(refused.clone()));
        assert_eq!(book().with_settlement_delay(nowhere, None, Delay::Business(1)), Err(refused.clone()));
        assert_eq!(book().with_payout_limits(nowhere, Currency::USD, limits), Err(refused));
    }
    assert!(!book.payment_method(Card).is_open_to(Country::Unspecified));
    assert_eq!(
        RulebookError::UnknownCountry(Country::Unspecified).to_string(),
        "the rulebook has no country `Unspecified`"
    );
}

#[test]
fn standard_terms() {
    let book = Rulebook::standard();
    assert_eq!((book.request_retention(), book.parked_fact_limit()), (days(30), days(30)));
    assert_eq!((book.manual_payout_lead(), book.automatic_payout_lead()), (1, 0));
    assert_eq!((book.calendar(US), book.calendar(BR)), (&BankCalendar::us_fed(), &BankCalendar::weekends_only()));
}

/// docs.stripe.com/terminal/fleet/locations and /terminal/payments/regional (2025).
#[test]
fn readers_are_where_cards_can_be_presented() {
    let book = Rulebook::standard();
    let card = book.payment_method(PaymentMethod::CardPresent);
    for country in book.countries().map(CountryRule::country) {
        assert_eq!(card.is_open_to(country), book.terminal_country(country).is_some(), "{country}");
    }
    let address = |country| book.terminal_country(country).map(|rule| (rule.needs_city(), rule.needs_state()));
    assert_eq!(
        (address(US), address(GB), address(Country::SG)),
        (Some((true, true)), Some((true, false)), Some((false, false)))
    );
    let interac = book.payment_method(PaymentMethod::InteracPresent);
    assert!(interac.is_open_to(Country::CA) && interac.takes(Currency::CAD) && !interac.takes(Currency::USD));
    assert!(card.can_capture_later() && !interac.can_capture_later());
    assert!(interac.is_refundable() && interac.is_refunded_in_person() && !card.is_refunded_in_person());
    assert_eq!(book.price(US, PaymentMethod::CardPresent, Currency::USD).unwrap().fee(usd(10_00)), Ok(usd(32)));
}

/// docs.stripe.com/payments/place-a-hold-on-a-payment-method (2026).
#[test]
fn cards_that_are_presented_are_held_for_two_days_or_nearly_five() {
    let book = Rulebook::standard();
    let hours = |brand| {
        let method = PaymentMethod::CardPresent;
        let what = AuthorizationUse {
            method,
            brand,
            off_session: false,
            extended: false,
            country: US,
            currency: Currency::USD,
        };
        book.authorization_window(&what).unwrap().num_hours()
    };
    assert_eq!(hours(CardBrand::Visa), 4 * 24 + 18);
    for brand in [CardBrand::Mastercard, CardBrand::AmericanExpress, CardBrand::Discover, CardBrand::Unknown] {
        assert_eq!(hours(brand), 48, "{brand}");
    }
}
