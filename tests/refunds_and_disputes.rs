//! The example of refunds and disputes: who holds what after each event.

#[path = "../examples/refunds_and_disputes/table.rs"]
mod table;

/// The figures of a line, as numbers of cents: seller, platform, processor, disputed, buyer.
fn figures(line: &str) -> Option<[i128; 5]> {
    let numbers = line.get(46..)?.split_whitespace().map(|text| text.replace('.', "").parse::<i128>().ok());
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}

fn lines(about: &str) -> Vec<(String, [i128; 5])> {
    let told = table::tell();
    assert!(told.is_ok(), "{:?}", told.err().map(|problem| problem.to_string()));
    let text = told.unwrap_or_default();
    let part = text.split("\n\n").find(|part| part.starts_with(about)).unwrap_or_default();
    let named = |line: &str| Some((line.get(..46)?.trim().to_owned(), figures(line)?));
    part.lines().filter_map(named).collect()
}

/// What the buyer paid is with somebody, in every line of every table.
#[test]
fn every_cent_is_somewhere() {
    let told = table::tell().unwrap_or_default();
    let all: Vec<[i128; 5]> = told.lines().filter_map(figures).collect();
    assert_eq!(all.len(), 10 + 11 + 11 + 13);
    for [seller, platform, processor, disputed, buyer] in all {
        assert_eq!([seller, platform, processor, disputed].iter().sum::<i128>(), buyer, "{seller} {platform}");
    }
}

#[test]
fn the_seller_of_a_direct_charge_bears_its_dispute() {
    let expected = [
        ("authorized", [0, 0, 0, 0, 0]),
        ("captured", [86_80, 10_00, 3_20, 0, 100_00]),
        ("25.00 refunded, shares pulled back", [64_30, 7_50, 3_20, 0, 75_00]),
        ("the buyer's bank sends it back", [89_30, 7_50, 3_20, 0, 100_00]),
        ("the bank warns of fraud", [89_30, 7_50, 3_20, 0, 100_00]),
        ("disputed, and withdrawn", [-25_70, 7_50, 18_20, 100_00, 100_00]),
        ("countered", [-40_70, 7_50, 33_20, 100_00, 100_00]),
        ("won", [74_30, 7_50, 18_20, 0, 100_00]),
        ("the buyer's bank appeals", [74_30, 7_50, 18_20, 0, 100_00]),
        ("the appeal is lost", [-40_70, 7_50, 33_20, 0, 0]),
    ];
    let expected: Vec<_> = expected.map(|(what, held)| (what.to_owned(), held)).to_vec();
    assert_eq!(lines("A direct charge"), expected);
}

/// The platform bears the dispute of what it charges, whosoever's business it is, and takes the share back itself.
#[test]
fn the_platform_bears_the_disputes_of_its_own_charges() {
    let [destination, on_behalf_of, separate] =
        ["A destination charge", "The same on behalf", "A charge of the platform"].map(lines);
    assert_eq!(destination, on_behalf_of);
    let last = |lines: &[(String, [i128; 5])]| lines.last().cloned();
    let end = Some(("the platform takes what is left of the share".to_owned(), [0, -33_20, 33_20, 0, 0]));
    assert_eq!((last(&destination), last(&separate)), (end.clone(), end));
    let after = |lines: &[(String, [i128; 5])], what: &str| {
        lines.iter().find(|(known, _)| known == what).map(|(_, held)| *held)
    };
    assert_eq!(after(&destination, "captured"), Some([90_00, 6_80, 3_20, 0, 100_00]));
    assert_eq!(after(&destination, "the buyer's bank sends it back"), Some([67_50, 29_30, 3_20, 0, 100_00]));
    assert_eq!(after(&separate, "25.00 refunded"), Some([90_00, -18_20, 3_20, 0, 75_00]));
    assert_eq!(after(&separate, "countered"), Some([67_50, -100_70, 33_20, 100_00, 100_00]));
}
