//! What disputes cost.

use chrono::NaiveDate;

use crate::calendar::{Timestamp, utc};
use crate::money::{Currency, Money, eur, gbp, usd};
use crate::rulebook::{CardBrand, Country, DisputeFee, DisputeFeeKind, Rulebook, RulebookError, Table};

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
