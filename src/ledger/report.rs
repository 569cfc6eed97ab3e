use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::statement::{major, without_replaced};
use super::{Balance, BalanceTransaction, ReportingCategory};
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::money::{Currency, wide};

/// What was booked under one heading, in minor units of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The heading.
    pub category: ReportingCategory,
    /// How many lines.
    pub count: u64,
    /// Their gross amounts.
    #[serde(with = "wide")]
    pub amount: i128,
    /// The fees taken out of them.
    #[serde(with = "wide")]
    pub fee: i128,
    /// What that comes to.
    #[serde(with = "wide")]
    pub net: i128,
}

/// An owner's balance in one currency over a period.
// INVARIANT: what there was, and the nets of the lines, come to what there is; payouts, what is set aside, and what a reserve holds back
// are out of it as soon as they are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CurrencyReport {
    /// What there was when the period began.
    pub opening: Balance,
    /// What came and went, oldest first.
    pub lines: Vec<BalanceTransaction>,
    /// What there was when it ended.
    pub closing: Balance,
}

impl CurrencyReport {
    /// The currency of all amounts.
    pub const fn currency(&self) -> Currency {
        self.opening.currency
    }

    /// The lines added up by the headings of the field's finance reports, in the order of the headings.
    pub fn activity(&self) -> Vec<Activity> {
        let mut sums: BTreeMap<ReportingCategory, Activity> = BTreeMap::new();
        for line in &self.lines {
            let category = line.reporting_category;
            let sum = sums.entry(category).or_insert(Activity { category, count: 0, amount: 0, fee: 0, net: 0 });
            // INVARIANT: sums of i64 in i128: saturation is never reached.
            sum.count = sum.count.saturating_add(1);
            sum.amount = sum.amount.saturating_add(line.amount.into());
            sum.fee = sum.fee.saturating_add(line.fee);
            sum.net = sum.net.saturating_add(line.net);
        }
        sums.into_values().collect()
    }
}

/// What happened to an owner's balances in a period, currency by currency: what there was, what came and went, and what there was then.
///
/// It reconciles: what was [held](Balance::held) in the beginning, and the nets of the lines, come to what is held in the end, and the end
/// of one period is the beginning of the next. What is set aside against debts is out of it and comes back into it, each by a line. What became available in between is told by the two balances, and is no line.
///
/// It prints as a table that a seller can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceReport {
    /// Whose balances.
    pub owner: AccountId,
    /// When the period begins.
    pub from: Timestamp,
    /// When it is over; what was booked at this moment belongs to the next one.
    pub until: Timestamp,
    /// Each currency that the owner has ever held.
    pub currencies: Vec<CurrencyReport>,
}

impl BalanceReport {
    /// The report in one currency, if the owner has ever held it.
    pub fn currency(&self, currency: Currency) -> Option<&CurrencyReport> {
        self.currencies.iter().find(|report| report.currency() == currency)
    }
}

/// A report in the making.
pub(crate) struct Reporter {
    report: CurrencyReport,
    from: Timestamp,
}

impl Reporter {
    pub(crate) const fn new(currency: Currency, from: Timestamp) -> Self {
        let (opening, closing) = (Balance::nothing(currency), Balance::nothing(currency));
        Self { report: CurrencyReport { opening, lines: Vec::new(), closing }, from }
    }

    /// The balance that a movement of that moment changes last.
    pub(crate) fn balances(&mut self, at: Timestamp) -> impl Iterator<Item = &mut Balance> {
        let before = (at < self.from).then_some(&mut self.report.opening);
        before.into_iter().chain(std::iter::once(&mut self.report.closing))
    }

    pub(crate) fn line(&mut self, line: BalanceTransaction) {
        if line.created >= self.from {
            self.report.lines.push(line);
        }
    }

    pub(crate) fn done(mut self) -> CurrencyReport {
        without_replaced(&mut self.report.lines);
        self.report
    }
}

impl fmt::Display for BalanceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "balances of {}, from {} until {}", self.owner, self.from.date(), self.until.date())?;
        for report in &self.currencies {
            let show = |minor| major(minor, report.currency());
            let row = |f: &mut fmt::Formatter<'_>, balance: &Balance, what| {
                let (held, available) = (show(balance.held()), show(balance.available));
                write!(f, "  {what:<28} {held:>20}  of which available {available}")?;
                if balance.risk_reserved != 0 {
                    write!(f, ", and {} held back", show(balance.risk_reserved))?;
                }
                writeln!(f)
            };
            row(f, &report.opening, "in the beginning")?;
            for activity in report.activity() {
                let (name, net) = (activity.category.as_str(), show(activity.net));
                writeln!(f, "  {name:<28} {net:>20}  {} in {}", show(activity.amount), activity.count)?;
            }
            row(f, &report.closing, "in the end")?;
        }
        Ok(())
    }
}
