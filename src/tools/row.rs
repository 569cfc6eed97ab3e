use serde::{Serialize, Serializer};

use super::ReportError;
use crate::calendar::Timestamp;
use crate::ids::{ObjectId, PayoutId};
use crate::ledger::{BalanceReport, BalanceTransaction, LineKind, ReportingCategory};
use crate::money::{Currency, wide};

/// One balance transaction, as a row of a report.
///
/// On the wire its columns are `created_utc`, `available_on_utc`, `currency`, `gross`, `fee`, `net` (in major units),
/// `reporting_category`, `type`, `source_id` and `automatic_payout_id`.
// RULE: docs.stripe.com/reports/report-types/balance (2024).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "ItemizedColumns")]
pub struct ItemizedRow {
    /// When it was booked.
    pub created: Timestamp,
    /// When the net becomes, or became, available.
    pub available_on: Timestamp,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The amount before fees, in minor units; positive for a credit.
    pub gross: i128,
    /// All fees taken out of it, in minor units.
    pub fee: i128,
    /// What is left, in minor units.
    pub net: i128,
    /// The heading it is counted under.
    pub category: ReportingCategory,
    /// What it is.
    pub kind: LineKind,
    /// The object that caused it.
    pub source: ObjectId,
    /// The automatic payout that settled it, where that is asked for.
    pub automatic_payout: Option<PayoutId>,
}

impl ItemizedRow {
    /// The row of a balance transaction that this automatic payout has settled.
    #[must_use]
    pub const fn settled_by(self, payout: PayoutId) -> Self {
        Self { automatic_payout: Some(payout), ..self }
    }
}

impl From<&BalanceTransaction> for ItemizedRow {
    fn from(line: &BalanceTransaction) -> Self {
        Self {
            created: line.created,
            available_on: line.available_on,
            currency: line.currency,
            gross: line.amount.into(),
            fee: line.fee,
            net: line.net,
            category: line.reporting_category,
            kind: line.kind,
            source: line.source,
            automatic_payout: None,
        }
    }
}

#[derive(Serialize)]
struct ItemizedColumns {
    created_utc: String,
    available_on_utc: String,
    currency: Currency,
    gross: String,
    fee: String,
    net: String,
    reporting_category: ReportingCategory,
    #[serde(rename = "type", serialize_with = "by_name")]
    kind: LineKind,
    source_id: ObjectId,
    automatic_payout_id: Option<PayoutId>,
}

impl From<ItemizedRow> for ItemizedColumns {
    fn from(row: ItemizedRow) -> Self {
        let major = |minor| wide::major(minor, row.currency);
        Self {
            created_utc: moment(row.created),
            available_on_utc: moment(row.available_on),
            currency: row.currency,
            gross: major(row.gross),
            fee: major(row.fee),
            net: major(row.net),
            reporting_category: row.category,
            kind: row.kind,
            source_id: row.source,
            automatic_payout_id: row.automatic_payout,
        }
    }
}

fn by_name<S: Serializer>(kind: &LineKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// The field's reports write moments like this.
fn moment(at: Timestamp) -> String {
    at.to_datetime().format("%Y-%m-%d %H:%M:%S").to_string()
}

/// What a balance was, what came and went under each heading, and what it is.
///
/// On the wire its columns are `category`, `count`, `gross`, `fee`, `net` (in major units) and `currency`.
// RULE: docs.stripe.com/reports/report-types/balance (2024).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "SummaryColumns")]
pub struct SummaryRow {
    /// The heading; nothing for what there was and what there is.
    pub category: Option<ReportingCategory>,
    /// Whether it tells what there is in the end.
    pub is_closing: bool,
    /// How many balance transactions.
    pub count: u64,
    /// Their amounts before fees, in minor units.
    pub gross: i128,
    /// All fees taken out of them, in minor units.
    pub fee: i128,
    /// What is left, in minor units.
    pub net: i128,
    /// The currency of the amounts.
    pub currency: Currency,
}

impl SummaryRow {
    /// The rows of a report: of each currency what there was, each heading, and what there is.
    // INVARIANT: in each currency the nets of all rows but the last come to that of the last.
    pub(crate) fn of(report: &BalanceReport) -> Vec<Self> {
        let mut rows = Vec::new();
        for of in &report.currencies {
            let currency = of.currency();
            let balance = |held, is_closing| Self {
                category: None,
                is_closing,
                count: 0,
                gross: held,
                fee: 0,
                net: held,
                currency,
            };
            rows.push(balance(of.opening.held(), false));
            rows.extend(of.activity().into_iter().map(|sum| Self {
                category: Some(sum.category),
                is_closing: false,
                count: sum.count,
                gross: sum.amount,
                fee: sum.fee,
                net: sum.net,
                currency,
            }));
            rows.push(balance(of.closing.held(), true));
        }
        rows
    }
}

#[derive(Serialize)]
struct SummaryColumns {
    category: &'static str,
    count: u64,
    gross: String,
    fee: String,
    net: String,
    currency: Currency,
}

impl From<SummaryRow> for SummaryColumns {
    fn from(row: SummaryRow) -> Self {
        let major = |minor| wide::major(minor, row.currency);
        let category = match row.category {
            Some(category) => category.as_str(),
            None if row.is_closing => "ending_balance",
            None => "starting_balance",
        };
        Self {
            category,
            count: row.count,
            gross: major(row.gross),
            fee: major(row.fee),
            net: major(row.net),
            currency: row.currency,
        }
    }
}

/// Rows as comma-separated values, with their headers; nothing at all for no rows.
///
/// A host that would rather stream them gives them to a writer of its own, one by one: they are `Serialize`.
///
/// # Errors
/// [`ReportError::NotRows`] for values that are not flat.
pub fn csv<Row: Serialize>(rows: impl IntoIterator<Item = Row>) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).map_err(|error| ReportError::NotRows(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| ReportError::NotRows(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| ReportError::NotRows(error.to_string()))
}
