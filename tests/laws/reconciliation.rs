//! A provider's report is held against the ledger: of a true report nothing is found, and of one in which rows were dropped, doubled or
//! altered exactly that.

use std::collections::BTreeSet;
use std::ops::Range;

use fundroute::ids::AccountId;
use fundroute::money::Currency;
use fundroute::prelude::*;
use fundroute::tools::{Aspect, Difference, ItemizedRow, ProviderRow, Reconciliation, csv};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::stage::Stage;
use crate::story::story;

/// What is done to a row of a true report.
#[derive(Clone, Copy, Debug)]
enum Change {
    Drop,
    Double,
    Amount(i64),
    CreatedOn(i64),
    AvailableOn(i64),
    Currency,
    Category,
    Source(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Drop),
        Just(Change::Double),
        (1_i64..100_000).prop_map(Change::Amount),
        (1_i64..60).prop_map(Change::CreatedOn),
        (1_i64..60).prop_map(Change::AvailableOn),
        Just(Change::Currency),
        Just(Change::Category),
        any::<Index>().prop_map(Change::Source),
    ]
}

/// The report of a provider that has booked what the ledger has.
fn report(lines: &[ItemizedRow]) -> Vec<ProviderRow> {
    let mut rows = ProviderRow::read_csv(&csv(lines).unwrap()).unwrap();
    rows.iter_mut().enumerate().for_each(|(place, row)| row.id = format!("txn_{place}"));
    rows
}

/// All of a row but its object and its id: what two rows may share, so that nobody can say which of them was dropped.
fn content(row: &ProviderRow) -> ProviderRow {
    ProviderRow { id: String::new(), source: String::new(), ..row.clone() }
}

/// A difference, as far as there is only one way to tell it.
fn told(difference: &Difference) -> (String, Vec<Aspect>) {
    match difference {
        Difference::Missing { line, .. } => {
            (format!("missing {} {} {}", line.source, line.category, line.net), Vec::new())
        }
        Difference::Extra { row, .. } => (format!("extra {}", row.id), Vec::new()),
        Difference::Differs { row, aspects, .. } => (format!("differs {}", row.id), aspects.clone()),
    }
}

/// Changes one row, and tells what is to be found then; nothing where the row has to be left alone.
fn alter(rows: &mut Vec<ProviderRow>, lines: &[ItemizedRow], place: usize, change: Change) -> (String, Vec<Aspect>) {
    let row = rows.iter_mut().find(|row| row.id == format!("txn_{place}")).unwrap();
    let differs = |aspect| (format!("differs txn_{place}"), vec![aspect]);
    match change {
        Change::Drop => {
            rows.retain(|row| row.id != format!("txn_{place}"));
            let line = &lines[place];
            (format!("missing {} {} {}", line.source, line.category, line.net), Vec::new())
        }
        Change::Double => {
            let twin = row.clone();
            rows.push(twin);
            (format!("extra txn_{place}"), Vec::new())
        }
        Change::Amount(by) => {
            row.gross -= by;
            row.net -= by;
            differs(Aspect::Amount)
        }
        Change::CreatedOn(by) => {
            row.created = row.created.plus_days(by).unwrap();
            differs(Aspect::CreatedOn)
        }
        Change::AvailableOn(by) => {
            row.available_on = row.available_on.plus_days(by).unwrap();
            differs(Aspect::AvailableOn)
        }
        Change::Currency => {
            row.currency = if row.currency == Currency::CHF { Currency::NOK } else { Currency::CHF };
            differs(Aspect::Currency)
        }
        Change::Category => {
            row.category = "climate_order_purchase".to_owned();
            differs(Aspect::Category)
        }
        Change::Source(other) => {
            row.source = lines[other.index(lines.len())].source.to_string();
            differs(Aspect::Source)
        }
    }
}

/// In each currency the two sides lie as far apart as the differences make them.
fn adds_up(found: &Reconciliation) {
    for totals in &found.totals {
        let ours = |line: &ItemizedRow| if line.currency == totals.currency { line.net } else { 0 };
        let theirs = |row: &ProviderRow| if row.currency == totals.currency { i128::from(row.net) } else { 0 };
        let apart: i128 = found
            .differences
            .iter()
            .map(|difference| match difference {
                Difference::Missing { line, .. } => ours(line),
                Difference::Extra { row, .. } => -theirs(row),
                Difference::Differs { row, line, .. } => ours(line) - theirs(row),
            })
            .sum();
        assert_eq!(totals.ledger - totals.report, apart, "{found:?}");
    }
}

fn owners(stage: &Stage) -> BTreeSet<AccountId> {
    stage.platform.balances().into_iter().map(|(owner, _)| owner).collect()
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn a_true_report_agrees(story in story(40..120), cuts in [any::<Index>(), any::<Index>()]) {
        let stage = Stage::played(&story);
        let moments: Vec<Timestamp> = stage.journal.iter().map(|changes| changes.at).collect();
        let [one, other] = cuts.map(|cut| *cut.get(&moments));
        let periods: [Range<Timestamp>; 2] = [one.min(other)..one.max(other), Timestamp::MIN..Timestamp::MAX];
        for owner in owners(&stage) {
            for period in &periods {
                let lines = stage.platform.itemized(owner, period.clone()).unwrap();
                let mut rows = report(&lines);
                // In which order a report comes is no matter.
                rows.reverse();
                let found = stage.platform.reconcile(owner, period.clone(), rows).unwrap();
                prop_assert_eq!(&found.differences, &[]);
                prop_assert_eq!(found.agreed, u64::try_from(lines.len()).unwrap());
                prop_assert!(found.totals.iter().all(|totals| totals.ledger == totals.report));
            }
        }
    }

    #[test]
    fn what_was_dropped_doubled_or_altered_is_found_and_nothing_else(
        story in story(60..120),
        changes in proptest::collection::vec((any::<Index>(), change()), 1..8),
    ) {
        let stage = Stage::played(&story);
        for owner in owners(&stage) {
            let always = Timestamp::MIN..Timestamp::MAX;
            let lines = stage.platform.itemized(owner, always.clone()).unwrap();
            let mut rows = report(&lines);
            let (mut touched, mut contents, mut expected) = (BTreeSet::new(), Vec::new(), Vec::new());
            for (at, change) in changes.iter().filter(|_| !lines.is_empty()) {
                let place = at.index(lines.len());
                let (source, twin) = (lines[place].source, content(&report(&lines[place..=place])[0]));
                let other = if let Change::Source(other) = change { Some(lines[other.index(lines.len())].source) } else { None };
                let is_used = touched.contains(&source) || contents.contains(&twin);
                if is_used || other.is_some_and(|other| other == source || touched.contains(&other)) {
                    continue;
                }
                touched.extend([Some(source), other].into_iter().flatten());
                contents.push(twin);
                expected.push(alter(&mut rows, &lines, place, *change));
            }
            let found = stage.platform.reconcile(owner, always, rows).unwrap();
            let mut differences: Vec<_> = found.differences.iter().map(told).collect();
            differences.sort();
            expected.sort();
            prop_assert_eq!(differences, expected, "{:?}", found.differences);
            adds_up(&found);
            for difference in &found.differences {
                if let Difference::Extra { row, nearest } = difference {
                    prop_assert_eq!(nearest[0].source.to_string(), row.source.clone());
                }
            }
        }
    }
}
