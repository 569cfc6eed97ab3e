//! The example of a month of a marketplace: what its platform's people are told comes to what the ledger says.

#[path = "../examples/platform_month/month.rs"]
mod month;
#[path = "../examples/platform_month/pack.rs"]
mod pack;

use fundroute::money::Currency;
use fundroute::prelude::*;
use fundroute::tools::EarningsHeading;
use month::Month;
use pack::Pack;

fn told() -> (Month, Pack) {
    let month = Month::play();
    assert!(month.is_ok(), "{:?}", month.as_ref().err().map(ToString::to_string));
    let told = month.and_then(|month| Pack::of(&month).map(|pack| (month, pack)));
    assert!(told.is_ok(), "{:?}", told.as_ref().err().map(ToString::to_string));
    #[expect(clippy::unwrap_used, reason = "it was looked at just now")]
    told.unwrap()
}

/// The cells of a column of a file, below its header.
fn column(pack: &Pack, file: &str, name: &str) -> Vec<String> {
    let rows = pack.files.iter().find(|(known, _)| *known == file).map_or("", |(_, rows)| rows);
    let mut lines = rows.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let place = lines.next().and_then(|header| header.iter().position(|column| *column == name));
    lines.filter_map(|line| line.get(place?).map(|cell| (*cell).to_owned())).collect()
}

/// Cells in major units, summed up in minor ones.
fn sum(cells: &[String]) -> i64 {
    cells.iter().filter_map(|cell| cell.replace('.', "").parse::<i64>().ok()).sum()
}

#[test]
fn every_report_comes_to_what_the_ledger_says() {
    let (month, pack) = told();
    let house = month.platform.id();
    let report = month.platform.balance_report(house, Month::period());
    let held = report.ok().and_then(|report| report.currency(Currency::USD).map(|dollars| dollars.closing.held()));
    let earned = sum(&column(&pack, "earnings.csv", "amount"));
    assert_eq!((earned, held), (145_29, Some(145_29)), "{}", pack.text);
    // The bill of November is what the processor takes on the first day of December.
    let first = month.platform.earnings(utc(2026, 12, 1)..utc(2026, 12, 2)).map(|earnings| earnings.by_heading());
    let fees = first.ok().into_iter().flatten().find(|(heading, ..)| *heading == EarningsHeading::ConnectFee);
    let billed = sum(&column(&pack, "bill.csv", "billed"));
    assert_eq!((billed, fees), (22_31, Some((EarningsHeading::ConnectFee, Currency::USD, -22_31))));
    // What payouts have settled is what was paid out.
    assert_eq!(sum(&column(&pack, "payouts.csv", "net")), 1_484_80 + 645_92 + 529_55 + 1_350_88);
    // A seller's statement ends with what the seller has.
    assert_eq!(sum(&column(&pack, "statement.csv", "net")), 321_20);
    assert_eq!(column(&pack, "tax_register.csv", "gross"), ["2425.00", "844.80"]);
    assert_eq!(column(&pack, "exposure.csv", "owed_if_lost"), ["167.31"]);
    assert_eq!(pack.files.len(), 7);
}

#[test]
fn the_pack_reads_like_this() {
    let (_, pack) = told();
    for line in [
        "  earned   commission                          389.81 USD",
        "  518.60 USD are left of what was earned; -373.31 USD came or went besides.",
        "  Kim, who prints           payout                      3.11 USD for 6 payouts",
        "  22.31 USD owed, 167.31 USD if every open dispute is lost",
        "  Jo, who turns bowls          1484.80 USD in 13 payouts of 32 balance transactions",
        "  Jo, who turns bowls          2425.00 USD in 33 payments, 1099-K: will_not_file",
        "The books balance, in each currency.",
    ] {
        assert!(pack.text.lines().any(|told| told == line), "{line}\n{}", pack.text);
    }
}
