//! What a host can change, and what it cannot.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::super::*;
use crate::calendar::{BankCalendar, Delay, days, utc};
use crate::money::{Currency, Rate, eur, usd};

use Country::{DE, GB, KE, SG, US};
use PaymentMethod::{Boleto, Card, SepaDebit, UsBankAccount};

/// The line and reason of a refused table.
fn refusal(table: Table, csv: &str) -> (u64, String) {
    let mut book = Rulebook::standard();
    let error = book.read(table, csv).unwrap_err();
    assert_eq!(book, Rulebook::standard(), "a refused table must change nothing");
    let RulebookError::Table { table: named, line, reason } = error else { panic!("{error}") };
    assert_eq!(named, table);
    (line, reason)
}

#[test]
fn a_host_changes_its_own_copy_only() -> Result<(), RulebookError> {
    let standard = Rulebook::standard();
    let fed = BankCalendar::weekends_only().with_holidays([utc(2026, 11, 11).date()]);
    let ours = Rulebook::standard()
        .with_price(Price::new(DE, Card, Currency::EUR, Rate::from_basis_points(150), 25))?
        .with_settlement_delay(US, None, Delay::Business(1))?
        .with_settlement_delay(DE, Some(Card), Delay::Business(3))?
        .with_refundable(Boleto, true)
        .with_refund_details(SepaDebit)
        .with_refund_windows(days(3), TimeDelta::MIN)
        .with_processor_fee_returned(true)
        .with_calendar(US, fed.clone())?
        .with_settlement_currencies(US, &[Currency::EUR, Currency::USD, Currency::EUR])?
        .with_charge_limits(ChargeLimits::new(Currency::USD, None, 100).in_multiples(10, 10).without_presentment())?
        .with_payout_limits(KE, Currency::KES, PayoutLimits::new(2_000, 100)?)?
        .with_payout_leads(2, 1)
        .with_request_retention(days(1))
        .with_parked_fact_limit(TimeDelta::MIN);
    assert_eq!(ours.price(DE, Card, Currency::EUR)?.fee(eur(100_00)), Ok(eur(1_75)));
    assert_eq!(ours.settlement_delay(US, Card)?, Delay::Business(1));
    assert_eq!(ours.settlement_delay(US, UsBankAccount)?, Delay::Business(4));
    assert_eq!(ours.settlement_delay(DE, Card)?, Delay::Business(3));
    assert_eq!(ours.settlement_delay(DE, SepaDebit)?, Delay::Business(6));
    assert!(ours.payment_method(Boleto).is_refundable() && !ours.payment_method(Boleto).refund_needs_details());
    assert!(ours.payment_method(SepaDebit).is_refundable() && ours.payment_method(SepaDebit).refund_needs_details());
    assert_eq!((ours.refund_funding_window(), ours.refund_details_window()), (days(3), days(0)));
    assert!(ours.returns_processor_fee() && !standard.returns_processor_fee());
    assert_eq!((standard.refund_funding_window(), standard.refund_details_window()), (days(30), days(45)));
    assert_eq!((ours.calendar(US), ours.calendar(GB)), (&fed, &BankCalendar::england_and_wales()));
    assert_eq!(ours.country(US)?.settlement_currencies(), [Currency::USD, Currency::EUR]);
    assert!(!ours.charge_limits(Currency::USD)?.is_presentment());
    assert_eq!(ours.payout_limits(KE, Currency::KES), PayoutLimits::new(2_000, 100)?);
    assert_eq!((ours.manual_payout_lead(), ours.automatic_payout_lead()), (2, 1));
    assert_eq!((ours.request_retention(), ours.parked_fact_limit()), (days(1), days(0)));
    assert_eq!(ours.payment_method(Boleto).source().page(), "the host");
    assert_ne!(ours, standard);
    assert_eq!(standard, Rulebook::standard());
    Ok(())
}

#[test]
fn a_delay_opens_a_country_that_had_none() -> Result<(), RulebookError> {
    let book = Rulebook::standard().with_settlement_delay(KE, None, Delay::Calendar(10))?;
    assert_eq!(book.settlement_delay(KE, Card)?, Delay::Calendar(10));
    assert_eq!(book.settlement_timing(KE)?.platform_delay(3), Delay::Calendar(3));
    Ok(())
}

#[test]
fn rules_that_contradict_themselves_are_refused() {
    let invalid = |result: Result<Rulebook, RulebookError>, expected| {
        let Err(RulebookError::Invalid { table, .. }) = result else { panic!("{result:?}") };
        assert_eq!(table, expected);
    };
    let price = Price::new(US, Card, Currency::USD, Rate::ZERO, -1);
    invalid(Rulebook::standard().with_price(price), Table::Prices);
    for limits in [
        ChargeLimits::new(Currency::USD, Some(2), 1),
        ChargeLimits::new(Currency::USD, Some(-1), 1),
        ChargeLimits::new(Currency::USD, None, -1),
        ChargeLimits::new(Currency::USD, None, 1).in_multiples(0, 1),
        ChargeLimits::new(Currency::USD, None, 1).in_multiples(1, 0),
    ] {
        invalid(Rulebook::standard().with_charge_limits(limits), Table::Currencies);
    }
}

#[test]
fn reading_the_standard_tables_again_changes_nothing() {
    let mut book = Rulebook::standard();
    for table in Table::ALL {
        book.read(table, table.standard()).unwrap();
    }
    assert_eq!(book, Rulebook::standard());
}

#[test]
fn a_table_replaces_the_rules_it_speaks_of_and_keeps_the_rest() {
    let mut book = Rulebook::standard();
    let csv = "# our contract\nsource,currency, fixed ,percent,method,country\nours, usd ,5,2.7 %,card,US\n\nours,eur,0,1%,card,DE\n";
    book.read(Table::Prices, csv).unwrap();
    assert_eq!(book.price(US, Card, Currency::USD).unwrap().fee(usd(100_00)), Ok(usd(2_75)));
    assert!(book.price(DE, Card, Currency::EUR).is_ok() && book.price(SG, Card, Currency::SGD).is_ok());

    let csv = "kind,country,number,token,outcome,source\ncard,US,4000056655665572,tok_new,paid,ours\n";
    book.read(Table::PayoutTestValues, csv).unwrap();
    assert_eq!(book.test_destination_by_token("tok_new").unwrap().outcome(), &TestOutcome::Paid);
    assert_eq!(book.test_destination_by_token("tok_visa_debit_us_transferFail"), None);
}

#[test]
fn a_bad_table_is_refused_with_the_line_and_the_reason() {
    let prices =
        |row: &str| refusal(Table::Prices, &format!("country,method,currency,percent,fixed,min,max,source\n{row}\n"));
    let table = [
        ("US,cash,usd,1%,0,,,us", "`cash` is not a payment method"),
        ("ZZ,card,usd,1%,0,,,us", "`ZZ` is not a country of ISO 3166"),
        (",card,usd,1%,0,,,us", "`` is not a country of ISO 3166"),
        ("KP,card,usd,1%,0,,,us", "the rulebook has no country `KP`"),
        ("US,card,zzz,1%,0,,,us", "`zzz` is not"),
        ("US,card,usd,-1%,0,,,us", "`-1%` is not"),
        ("US,card,usd,1%,much,,,us", "column `fixed`: "),
        ("US,card,usd,1%,-1,,,us", "a price is never negative"),
        ("US,card,usd,1%,0,2,1,us", "the minimum must not be above the maximum"),
        ("US,card,usd,1%", "4 values under 8 headers"),
    ];
    for (row, expected) in table {
        let (line, reason) = prices(row);
        assert!(line == 2 && reason.starts_with(expected), "{row}: line {line}: {reason}");
    }
    let twice = prices("US,card,usd,1%,0,,,us\n# a remark\nUS,card,usd,2%,0,,,us");
    assert_eq!(twice, (4, "another row says what this one is about".to_owned()));
    let remarks = "# one\n\ncountry,fixed\n# two\n\n\n# three\nUS,1\n";
    assert_eq!(refusal(Table::Prices, remarks).0, 8);
    assert_eq!(refusal(Table::Prices, &remarks.replace('\n', "\r\n")).0, 8);
    assert_eq!(refusal(Table::Prices, "country,fixed\n# two\nUS\n").0, 3);
    assert_eq!(refusal(Table::Prices, "country,fixed\r\nUS,1\r\n").0, 2);
    assert_eq!(refusal(Table::Prices, ""), (1, "there is no header line".to_owned()));
    assert_eq!(refusal(Table::Prices, "country,fee\nUS,1\n").0, 2);
}

#[test]
fn rows_that_contradict_themselves_are_refused() {
    let timing = |row: &str| {
        let head = "country,initial_days,initial_unit,default_days,default_unit,override_unit,default_interval,forced_daily,\
                    daily_allowed,manual_allowed,source";
        refusal(Table::SettlementTiming, &format!("{head}\n{row}\n")).1
    };
    assert!(timing("US,1,business,1,business,business,daily,yes,yes,yes,us").contains("forced"));
    assert!(timing("US,1,business,1,business,business,daily,no,no,yes,us").contains("default"));
    assert!(timing("US,256,business,1,business,business,daily,no,yes,yes,us").contains("initial_days"));
    assert!(timing("US,1,lunar,1,business,business,daily,no,yes,yes,us").contains("`lunar`"));
    assert!(timing("US,1,business,1,business,business,daily,maybe,yes,yes,us").contains("`maybe`"));

    let method = |row: &str| {
        let head =
            "method,notification,capability,countries,currencies,min,max,refundable,delay_days,delay_unit,source";
        refusal(Table::PaymentMethods, &format!("{head}\n{row}\n")).1
    };
    assert!(method("card,immediate,card_payments,*,*,1,,yes,,,us").contains("single currency"));
    assert!(method("card,immediate,card_payments,*,usd,2,1,yes,,,us").contains("minimum"));
    assert!(method("card,immediate,card_payments,,usd,,,yes,,,us").contains("empty"));
    assert!(method("card,immediate,card_payments,*,usd,,,yes,3,,us").contains("unit"));
    assert!(method("card,immediate,card_payments,*,usd,,,maybe,,,us").contains("`maybe`"));

    let minimum = refusal(Table::PayoutMinimums, "country,currency,min,source\nUS,usd,0,us\n");
    assert!(minimum.1.contains("at least one"), "{minimum:?}");
    let minimum =
        |row: &str| refusal(Table::PayoutMinimums, &format!("country,currency,min,max,route,source\n{row}\n")).1;
    assert!(minimum("US,usd,5,4,,us").contains("no smaller"));
    assert!(minimum("US,usd,,5,,us").contains("names the smallest"));
    assert!(minimum("US,usd,,,debit_card,us").contains("names the smallest"));
    assert!(minimum("US,usd,1,,moon,us").contains("moon"));
    let head = "kind,country,number,outcome,source";
    for (row, expected) in [
        ("bank,US,1,lost,us", "no outcome"),
        ("bank,US,1,failed:,us", "neither `failed:`"),
        ("bank,US,1,failed:moon,us", "`moon`"),
        ("bank,US,,paid,us", "number"),
        ("card,US,1,refused:gold,us", "`gold`"),
        ("card,US,1,ownership_document,us", "does not become"),
        ("payer_card,,1,paid,us", "does not become"),
        ("top_up_source,US,,paid,us", "needs a token"),
        ("moon,US,1,paid,us", "moon"),
    ] {
        let (line, reason) = refusal(Table::PayoutTestValues, &format!("{head}\n{row}\n"));
        assert!(line == 2 && reason.contains(expected), "{row}: {reason}");
    }
}

#[test]
fn a_book_cannot_begin_without_a_payment_method() {
    let csv: String = Table::PaymentMethods
        .standard()
        .lines()
        .filter(|line| !line.starts_with("card"))
        .fold(String::new(), |text, line| text + line + "\n");
    let error = super::super::edit::read_methods(&csv).unwrap_err();
    assert_eq!(error.to_string(), "payment_methods.csv, line 1: no row for `card`");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_a_table_panic(text in "\\PC*", rows in prop::collection::vec("[A-Za-z0-9,.%*:\"# _-]{0,60}", 0..6)) {
        let mut book = Rulebook::standard();
        for table in Table::ALL {
            let header = table.standard().lines().find(|line| !line.starts_with('#')).unwrap_or_default();
            let with_header = format!("{header}\n{}\n", rows.join("\n"));
            for csv in [&text, &with_header] {
                if book.read(table, csv).is_err() {
                    prop_assert_eq!(&book, &Rulebook::standard());
                }
                book = Rulebook::standard();
            }
        }
    }
}
