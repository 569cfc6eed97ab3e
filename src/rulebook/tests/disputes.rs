//! What disputes cost.

use chrono::NaiveDate;

use crate::calendar::{Timestamp, utc};
use crate::money::{Currency, Money, eur, gbp, usd};
use crate::rulebook::{
    CardBrand, Country, DisputeFee, DisputeFeeKind, MethodFees, PaymentMethod, Rulebook, RulebookError, Table,
};

use DisputeFeeKind::{Compliance, Countered, Received};

fn fee(kind: DisputeFeeKind, country: Country, network: Option<CardBrand>, at: Timestamp) -> Option<(Money, bool)> {
    let book = Rulebook::standard();
    book.dispute_fee(kind, country, network, at).map(|fee| (fee.amount(), fee.is_returned()))
}

/// Recorded exchanges (2022-2024), and the published prices of June 2025.
#[test]
fn what_is_known_by_country_and_day() {
    let now = utc(2026, 11, 2);
    let table = [
        (Received, Country::US, utc(2023, 10, 2), Some((usd(15_00), true))),
        (Received, Country::US, utc(2024, 3, 31), Some((usd(15_00), true))),
        // When the fee was first kept is not known to the day.
        (Received, Country::US, utc(2024, 4, 1), None),
        (Received, Country::US, utc(2024, 12, 1), Some((usd(15_00), false))),
        (Received, Country::US, now, Some((usd(15_00), false))),
        (Received, Country::GB, utc(2022, 6, 1), Some((gbp(15_00), true))),
        (Received, Country::GB, utc(2023, 6, 1), None),
        (Received, Country::GB, utc(2024, 2, 1), Some((gbp(20_00), true))),
        (Received, Country::GB, now, Some((gbp(20_00), false))),
        (Received, Country::DE, now, None),
        (Countered, Country::US, utc(2025, 6, 16), Some((usd(0), false))),
        (Countered, Country::US, utc(2025, 6, 17), Some((usd(15_00), true))),
        (Countered, Country::MX, now, Some((Money::new(0, Currency::MXN), false))),
        (Countered, Country::JP, now, Some((Money::new(0, Currency::JPY), false))),
        (Countered, Country::GB, now, None),
        (Compliance, Country::US, now, None),
    ];
    for (kind, country, at, expected) in table {
        assert_eq!(fee(kind, country, None, at), expected, "{kind} in {country} at {at}");
    }
}

#[test]
fn what_is_known_by_network() {
    let now = utc(2026, 11, 2);
    for network in CardBrand::ALL {
        let compliance = matches!(network, CardBrand::Visa | CardBrand::Mastercard).then_some((usd(500_00), true));
        assert_eq!(fee(Compliance, Country::DE, Some(network), now), compliance, "{network}");
        let of_network = (network == CardBrand::CartesBancaires).then_some((eur(0), false));
        assert_eq!(fee(Received, Country::FR, Some(network), now), of_network, "{network}");
    }
    // The closest row holds, and of those that are as close the latest.
    let visa = DisputeFee::new(Received, usd(7_00)).on_network(CardBrand::Visa);
    let day = |number| NaiveDate::from_ymd_opt(2026, 11, number).unwrap();
    let book = Rulebook::standard().with_dispute_fee(visa.clone()).unwrap();
    let book = book.with_dispute_fee(visa.clone().from(day(3)).until(day(5)).in_country(Country::US)).unwrap();
    let book =
        book.with_dispute_fee(DisputeFee::new(Received, usd(8_00)).in_country(Country::US).from(day(1))).unwrap();
    let of = |network, date| book.dispute_fee(Received, Country::US, network, utc(2026, 11, date)).unwrap().amount();
    assert_eq!([of(None, 2), of(Some(CardBrand::Visa), 2), of(Some(CardBrand::Jcb), 2)], [8_00, 7_00, 8_00].map(usd));
}

#[test]
fn fees_that_make_no_sense_are_refused() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    let plain = || DisputeFee::new(Received, usd(1));
    let bad =
        [DisputeFee::new(Received, usd(-1)), DisputeFee::new(Received, usd(i64::MAX)), plain().from(day).until(day)];
    for fee in bad {
        let refused = Rulebook::standard().with_dispute_fee(fee);
        assert!(matches!(refused, Err(RulebookError::Invalid { table: Table::DisputeFees, .. })));
    }
    let nowhere = Rulebook::standard().with_dispute_fee(plain().in_country(Country::AQ));
    assert!(matches!(nowhere, Err(RulebookError::UnknownCountry(_))));
    let mut book = Rulebook::standard();
    for row in [
        "received,US,,usd,-1,no,,,us",
        "received,US,,usd,1,perhaps,,,us",
        "received,AQ,,usd,1,no,,,us",
        "bribe,US,,usd,1,no,,,us",
    ] {
        let csv = format!("kind,country,network,currency,amount,returned,from,until,source\n{row}\n");
        assert!(book.read(Table::DisputeFees, &csv).is_err(), "{row}");
    }
}

/// docs.stripe.com/payments/sepa-debit (2024), from June 2024 on; a third-party reading of what ACH costs (2026). In whole units.
#[test]
fn what_failures_and_disputes_cost_by_method() {
    let book = Rulebook::standard();
    let now = utc(2026, 11, 2);
    let sepa: [(&str, &str, &str); 19] = [
        ("aud", "5", "25"),
        ("cad", "5", "20"),
        ("chf", "3", "15"),
        ("czk", "85", "360"),
        ("dkk", "25", "115"),
        ("eur", "3.50", "15"),
        ("gbp", "3", "13"),
        ("hkd", "30", "130"),
        ("huf", "1350", "5750"),
        ("jpy", "550", "2375"),
        ("mxn", "65", "280"),
        ("nok", "40", "175"),
        ("nzd", "5", "30"),
        ("pln", "15", "65"),
        ("ron", "15", "75"),
        ("sek", "40", "175"),
        ("sgd", "5", "20"),
        ("usd", "5", "15"),
        ("zar", "70", "300"),
    ];
    let units = |currency: Currency, text: &str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let one = 10_i64.pow(currency.exponent());
        Some(Money::new(whole.parse::<i64>().unwrap() * one + part.parse::<i64>().unwrap(), currency))
    };
    for (code, failure, dispute) in sepa {
        let currency: Currency = code.parse().unwrap();
        let fees = book.method_fees(PaymentMethod::SepaDebit, currency, now).unwrap();
        assert_eq!((fees.failure(), fees.dispute()), (units(currency, failure), units(currency, dispute)), "{code}");
        assert_eq!(fees.source().to_string(), "docs.stripe.com/payments/sepa-debit, 2024");
        assert_eq!(book.method_fees(PaymentMethod::SepaDebit, currency, utc(2024, 5, 31)), None, "{code}");
        assert!(book.method_fees(PaymentMethod::SepaDebit, currency, utc(2024, 6, 1)).is_some(), "{code}");
    }
    let ach = book.method_fees(PaymentMethod::UsBankAccount, Currency::USD, utc(2023, 1, 1)).unwrap();
    assert_eq!(
        (ach.method(), ach.failure(), ach.dispute()),
        (PaymentMethod::UsBankAccount, Some(usd(4_00)), Some(usd(15_00)))
    );
    assert_eq!(book.all_method_fees().count(), sepa.len() + 1);
    assert_eq!(book.method_fees(PaymentMethod::Card, Currency::USD, now), None);
    assert_eq!(book.method_fees(PaymentMethod::SepaDebit, Currency::BRL, now), None);
}

#[test]
fn a_host_says_what_failures_cost() {
    let day = |number| NaiveDate::from_ymd_opt(2026, 11, number).unwrap();
    let ours = |failure| MethodFees::new(PaymentMethod::BacsDebit, Currency::GBP).of_failure(failure);
    let book = Rulebook::standard().with_method_fees(ours(1_00)).unwrap();
    let book = book.with_method_fees(ours(2_00).of_dispute(3_00).from(day(5))).unwrap();
    let fees = |number| {
        let fees = book.method_fees(PaymentMethod::BacsDebit, Currency::GBP, utc(2026, 11, number)).unwrap();
        (fees.failure(), fees.dispute(), fees.source().page())
    };
    assert_eq!([fees(1), fees(4)], [(Some(gbp(1_00)), None, "the host"); 2]);
    assert_eq!([fees(5), fees(9)], [(Some(gbp(2_00)), Some(gbp(3_00)), "the host"); 2]);
    for bad in [ours(-1), ours(i64::MAX), ours(0).of_dispute(-1)] {
        let refused = Rulebook::standard().with_method_fees(bad);
        assert!(matches!(refused, Err(RulebookError::Invalid { table: Table::MethodFees, .. })));
    }
    let mut book = Rulebook::standard();
    let header = "method,currency,failure,dispute,from,source";
    book.read(Table::MethodFees, &format!("{header}\nsepa_debit,eur,,900,2026-11-01,us\n")).unwrap();
    let fees = book.method_fees(PaymentMethod::SepaDebit, Currency::EUR, utc(2026, 11, 2)).unwrap();
    assert_eq!((fees.failure(), fees.dispute()), (None, Some(eur(9_00))));
    for row in ["cash,eur,1,1,,us", "sepa_debit,eur,-1,,,us", "sepa_debit,eur,x,,,us", "sepa_debit,eur,1,1,soon,us"] {
        assert!(book.read(Table::MethodFees, &format!("{header}\n{row}\n")).is_err(), "{row}");
    }
}
