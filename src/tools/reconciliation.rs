use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use serde::Serialize;

use super::{ItemizedRow, ProviderRow};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId};
use crate::money::{Currency, wide};

/// In what two records of one balance transaction do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// The gross amount, the fees or the net.
    Amount,
    /// The day on which it becomes available.
    AvailableOn,
    /// The heading.
    Category,
    /// The day on which it was booked.
    CreatedOn,
    /// The currency.
    Currency,
    /// The object that caused it: the report names another one that the ledger knows.
    Source,
}

/// Something on which a provider's report and the ledger do not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "difference", rename_all = "snake_case")]
pub enum Difference {
    /// The ledger has it, the report has not.
    Missing {
        /// What the ledger has.
        line: ItemizedRow,
        /// Rows of the report that nothing else accounts for, at most three, the nearest first.
        nearest: Vec<ProviderRow>,
    },
    /// The report has it, the ledger has not, or has it fewer times.
    Extra {
        /// What the report has.
        row: ProviderRow,
        /// What the ledger has of the same object, and what the report has left out, at most three, the nearest first.
        nearest: Vec<ItemizedRow>,
    },
    /// Both have it, and do not say the same.
    Differs {
        /// What the report has.
        row: ProviderRow,
        /// What the ledger has.
        line: ItemizedRow,
        /// In what they differ; at least one thing.
        aspects: Vec<Aspect>,
    },
}

/// What came and went in one currency, as either side has it, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// The currency.
    pub currency: Currency,
    /// The nets of the ledger's balance transactions.
    #[serde(with = "wide")]
    pub ledger: i128,
    /// The nets of the report's rows.
    #[serde(with = "wide")]
    pub report: i128,
}

/// A provider's report of one account's balance changes, held against the ledger.
// INVARIANT: in each currency the totals lie as far apart as the differences make them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// Whose balance.
    pub account: AccountId,
    /// When the period begins.
    pub from: Timestamp,
    /// When it is over.
    pub until: Timestamp,
    /// How many balance transactions are the same on both sides.
    pub agreed: u64,
    /// Everything else: what differs in the order of the report, then what it has too much, then what it has not.
    pub differences: Vec<Difference>,
    /// What each side comes to, in each currency that one of them has.
    pub totals: Vec<Totals>,
}

impl Reconciliation {
    /// Whether the report and the ledger say the same.
    pub const fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

/// How many candidates a difference names.
const NEAREST: usize = 3;

/// What counts when two records are held against each other; what does not is left out of the [`Key`].
#[derive(Clone, Copy)]
struct Pass {
    source: bool,
    category: bool,
    currency: bool,
    amounts: bool,
    created: bool,
    available: bool,
}

impl Pass {
    const ALL: Self =
        Self { source: true, category: true, currency: true, amounts: true, created: true, available: true };
}

/// From what agrees in everything to what agrees in least: of two records that could belong to one another, the better match does.
const OF_KNOWN_SOURCES: [Pass; 10] = [
    Pass::ALL,
    Pass { available: false, ..Pass::ALL },
    Pass { created: false, ..Pass::ALL },
    Pass { created: false, available: false, ..Pass::ALL },
    Pass { amounts: false, ..Pass::ALL },
    Pass { currency: false, ..Pass::ALL },
    Pass { category: false, ..Pass::ALL },
    Pass { source: false, ..Pass::ALL },
    Pass { amounts: false, created: false, available: false, ..Pass::ALL },
    Pass { currency: false, amounts: false, created: false, available: false, ..Pass::ALL },
];

/// A source that the ledger does not know says nothing; all else has to agree.
const OF_UNKNOWN_SOURCES: [Pass; 1] = [Pass { source: false, ..Pass::ALL }];

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    source: Option<ObjectId>,
    category: Option<&'a str>,
    currency: Option<&'static str>,
    amounts: Option<[i128; 3]>,
    created: Option<NaiveDate>,
    available: Option<NaiveDate>,
}

/// Either side's record, as far as it is compared.
struct Record<'a> {
    source: Option<ObjectId>,
    category: &'a str,
    currency: Currency,
    amounts: [i128; 3],
    created: NaiveDate,
    available: NaiveDate,
}

impl<'a> Record<'a> {
    fn of_line(line: &'a ItemizedRow) -> Self {
        Self {
            source: Some(line.source),
            category: line.category.as_str(),
            currency: line.currency,
            amounts: [line.gross, line.fee, line.net],
            created: line.created.date(),
            available: line.available_on.date(),
        }
    }

    fn of_row(row: &'a ProviderRow, source: Option<ObjectId>) -> Self {
        Self {
            source,
            category: &row.category,
            currency: row.currency,
            amounts: [row.gross.into(), row.fee.into(), row.net.into()],
            created: row.created.date(),
            available: row.available_on.date(),
        }
    }

    fn key(&self, pass: Pass) -> Key<'a> {
        Key {
            source: self.source.filter(|_| pass.source),
            category: pass.category.then_some(self.category),
            currency: pass.currency.then_some(self.currency.code()),
            amounts: pass.amounts.then_some(self.amounts),
            created: pass.created.then_some(self.created),
            available: pass.available.then_some(self.available),
        }
    }

    /// In what another record differs from this one.
    fn aspects(&self, other: &Self) -> Vec<Aspect> {
        let mut aspects = Vec::new();
        let mut look = |differs: bool, aspect| aspects.extend(differs.then_some(aspect));
        look(self.amounts != other.amounts, Aspect::Amount);
        look(self.available != other.available, Aspect::AvailableOn);
        look(self.category != other.category, Aspect::Category);
        look(self.created != other.created, Aspect::CreatedOn);
        look(self.currency != other.currency, Aspect::Currency);
        look(self.source.is_some_and(|source| Some(source) != other.source), Aspect::Source);
        aspects
    }

    const fn net(&self) -> i128 {
        let [_, _, net] = self.amounts;
        net
    }
}

/// Records by something that they share and by their nets, so that the nearest of a group are found without looking at the others.
struct ByNet<G>(Vec<(G, i128, usize)>);

impl<G: Ord + Copy> ByNet<G> {
    fn of(records: impl Iterator<Item = (G, i128, usize)>) -> Self {
        let mut sorted: Vec<(G, i128, usize)> = records.collect();
        sorted.sort_unstable();
        Self(sorted)
    }

    /// The records of a group whose nets are nearest, the nearest first.
    fn nearest(&self, group: G, net: i128) -> Vec<usize> {
        let start = self.0.partition_point(|(of, its, _)| (*of, *its) < (group, net));
        let (below, above) = self.0.split_at(start);
        let ours = |(of, ..): &&(G, i128, usize)| *of == group;
        let below = below.iter().rev().take_while(ours).take(NEAREST);
        let above = above.iter().take_while(ours).take(NEAREST);
        let mut found: Vec<_> = below.chain(above).collect();
        found.sort_by_key(|(_, its, place)| (its.abs_diff(net), *place));
        found.into_iter().map(|(.., place)| *place).take(NEAREST).collect()
    }
}

/// Holds a report against the ledger.
pub(crate) struct Reconciler {
    lines: Vec<ItemizedRow>,
    rows: Vec<(ProviderRow, Option<ObjectId>)>,
    /// The row of each line that has one.
    row_of: Vec<Option<usize>>,
    /// The line of each row that has one.
    line_of: Vec<Option<usize>>,
}

impl Reconciler {
    /// The lines of the ledger, and the rows of the report with the objects that their sources stand for, where the ledger knows them.
    pub(crate) fn new(lines: Vec<ItemizedRow>, rows: Vec<(ProviderRow, Option<ObjectId>)>) -> Self {
        let (row_of, line_of) = (vec![None; lines.len()], vec![None; rows.len()]);
        Self { lines, rows, row_of, line_of }
    }

    /// What comes of it. Only lines of the period are missed.
    pub(crate) fn done(mut self, account: AccountId, period: &Range<Timestamp>) -> Reconciliation {
        for pass in OF_KNOWN_SOURCES {
            self.pair(pass, true);
        }
        for pass in OF_UNKNOWN_SOURCES {
            self.pair(pass, false);
        }
        let (agreed, differences) = self.differences(period);
        Reconciliation {
            account,
            from: period.start,
            until: period.end,
            agreed,
            differences,
            totals: self.totals(period),
        }
    }

    /// Gives rows and lines that have none yet to one another, where all agrees that counts.
    fn pair(&mut self, pass: Pass, is_known: bool) {
        let mut open: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
        let unmatched = self.lines.iter().enumerate().zip(&self.row_of).filter(|(_, row)| row.is_none());
        // The oldest is taken first, from the end.
        for ((place, line), _) in unmatched.rev() {
            open.entry(Record::of_line(line).key(pass)).or_default().push(place);
        }
        for ((at, (row, source)), line_of) in self.rows.iter().enumerate().zip(&mut self.line_of) {
            if line_of.is_some() || source.is_some() != is_known {
                continue;
            }
            let found = open.get_mut(&Record::of_row(row, *source).key(pass)).and_then(Vec::pop);
            if let Some(row_of) = found.and_then(|place| self.row_of.get_mut(place)) {
                (*line_of, *row_of) = (found, Some(at));
            }
        }
    }

    /// How many agree, and everything else.
    fn differences(&self, period: &Range<Timestamp>) -> (u64, Vec<Difference>) {
        let (mut agreed, mut differences) = (0_u64, Vec::new());
        for ((row, source), place) in self.rows.iter().zip(&self.line_of) {
            let Some(line) = place.and_then(|place| self.lines.get(place)) else { continue };
            let aspects = Record::of_row(row, *source).aspects(&Record::of_line(line));
            if aspects.is_empty() {
                agreed = agreed.saturating_add(1);
            } else {
                differences.push(Difference::Differs { row: row.clone(), line: line.clone(), aspects });
            }
        }
        let missing = || {
            let lines = self.lines.iter().enumerate().zip(&self.row_of);
            lines.filter(|((_, line), row)| row.is_none() && period.contains(&line.created)).map(|(line, _)| line)
        };
        let extra = || self.rows.iter().enumerate().zip(&self.line_of).filter(|(_, line)| line.is_none());
        let of_source = ByNet::of(self.lines.iter().enumerate().map(|(place, line)| (line.source, line.net, place)));
        let left_out = ByNet::of(missing().map(|(place, line)| (line.currency.code(), line.net, place)));
        let too_much = ByNet::of(extra().map(|((at, (row, _)), _)| (row.currency.code(), row.net.into(), at)));
        for ((_, (row, source)), _) in extra() {
            let net = Record::of_row(row, *source).net();
            let mut places = source.map_or_else(Vec::new, |source| of_source.nearest(source, net));
            for place in left_out.nearest(row.currency.code(), net) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            let nearest = places.into_iter().take(NEAREST).filter_map(|place| self.lines.get(place)).cloned().collect();
            differences.push(Difference::Extra { row: row.clone(), nearest });
        }
        for (_, line) in missing() {
            let places = too_much.nearest(line.currency.code(), line.net);
            let nearest = places.into_iter().filter_map(|at| self.rows.get(at)).map(|(row, _)| row.clone()).collect();
            differences.push(Difference::Missing { line: line.clone(), nearest });
        }
        (agreed, differences)
    }

    /// What each side comes to: the report all its rows, the ledger what they were held against.
    fn totals(&self, period: &Range<Timestamp>) -> Vec<Totals> {
        let mut totals: Vec<Totals> = Vec::new();
        let mut add = |currency: Currency, ledger: i128, report: i128| {
            // INVARIANT: sums of i64 in i128: saturation is never reached.
            if let Some(known) = totals.iter_mut().find(|known| known.currency == currency) {
                known.ledger = known.ledger.saturating_add(ledger);
                known.report = known.report.saturating_add(report);
            } else {
                totals.push(Totals { currency, ledger, report });
            }
        };
        for (line, row) in self.lines.iter().zip(&self.row_of) {
            if row.is_some() || period.contains(&line.created) {
                add(line.currency, line.net, 0);
            }
        }
        self.rows.iter().for_each(|(row, _)| add(row.currency, 0, row.net.into()));
        totals.sort_by_key(|totals| totals.currency.code());
        totals
    }
}
