use std::str::FromStr;

use chrono::NaiveDateTime;
use csv::{ReaderBuilder, StringRecord, Trim};
use serde::{Deserialize, Serialize};

use crate::calendar::{TimeError, Timestamp};
use crate::money::{Currency, Money};

/// Why rows of a report cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A row of a provider's report says what cannot be.
    #[error("row {row}: {reason}")]
    Row {
        /// Which row, counted from one, without the headers.
        row: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// Values that do not fit into rows.
    #[error("these are no rows: {0}")]
    NotRows(String),
}

/// One row of a provider's report of balance changes.
///
/// The amounts are in minor units, as the provider's interface has them; [`read_csv`](Self::read_csv) takes the major units of its files.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ProviderRow {
    /// The provider's id of the balance transaction; it is handed back and not looked at.
    pub id: String,
    /// The object that caused it: an id of the ledger's, or the provider's own reference.
    pub source: String,
    /// The heading, such as `charge`; headings that the ledger does not know are rows that it does not have.
    pub category: String,
    /// When it was booked.
    pub created: Timestamp,
    /// When it becomes, or became, available.
    pub available_on: Timestamp,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The amount before fees, in minor units.
    pub gross: i64,
    /// All fees, in minor units.
    pub fee: i64,
    /// The amount less the fees, in minor units.
    pub net: i64,
}

/// The columns of a report that are read; others are passed over.
#[derive(Deserialize)]
struct Columns {
    #[serde(default)]
    balance_transaction_id: String,
    source_id: String,
    reporting_category: String,
    created_utc: String,
    available_on_utc: String,
    currency: String,
    gross: String,
    fee: String,
    net: String,
}

impl ProviderRow {
    /// Reads a report of balance changes: comma-separated values under headers, amounts in major units, moments in UTC.
    ///
    /// It needs `source_id`, `reporting_category`, `created_utc`, `available_on_utc`, `currency`, `gross`, `fee` and `net`, takes
    /// `balance_transaction_id`, and passes over all other columns.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::tools::ProviderRow;
    ///
    /// let report = "\
    /// balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description
    /// txn_1,2026-11-02 09:00:00,2026-11-04 00:00:00,usd,100.00,3.20,96.80,charge,ch_1,An order
    /// ";
    /// let rows = ProviderRow::read_csv(report)?;
    /// assert_eq!((rows[0].gross, rows[0].net, rows[0].currency), (100_00, 96_80, USD));
    ///
    /// let wrong = ProviderRow::read_csv(&report.replace("3.20", "3.205")).unwrap_err();
    /// assert_eq!(wrong.to_string(), "row 1: `3.205` has more decimals than USD can hold");
    /// # Ok::<(), fundroute::tools::ReportError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReportError::Row`] for the first row that cannot be read; amounts are never rounded.
    // RULE: docs.stripe.com/reports/report-types/balance (2024).
    pub fn read_csv(text: &str) -> Result<Vec<Self>, ReportError> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(text.as_bytes());
        let refuse = |row, reason| ReportError::Row { row, reason };
        let headers = reader.headers().map_err(|error| refuse(0, error.to_string()))?.clone();
        let mut rows = Vec::new();
        let mut record = StringRecord::new();
        for row in 1_u64.. {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(refuse(row, error.to_string())),
            }
            let columns: Columns =
                record.deserialize(Some(&headers)).map_err(|error| refuse(row, error.to_string()))?;
            rows.push(Self::of(columns).map_err(|reason| refuse(row, reason))?);
        }
        Ok(rows)
    }

    fn of(columns: Columns) -> Result<Self, String> {
        let currency = Currency::from_str(&columns.currency.to_ascii_uppercase()).map_err(|error| error.to_string())?;
        let minor =
            |text: &str| Money::parse_major(text, currency).map(Money::minor).map_err(|error| error.to_string());
        let moment = |text: &str| moment(text).map_err(|error| error.to_string());
        Ok(Self {
            created: moment(&columns.created_utc)?,
            available_on: moment(&columns.available_on_utc)?,
            currency,
            gross: minor(&columns.gross)?,
            fee: minor(&columns.fee)?,
            net: minor(&columns.net)?,
            id: columns.balance_transaction_id,
            source: columns.source_id,
            category: columns.reporting_category,
        })
    }
}

/// A moment as the field's reports write it, or as its interface does.
fn moment(text: &str) -> Result<Timestamp, TimeError> {
    match NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S") {
        Ok(at) => Timestamp::from_datetime(at.and_utc()),
        Err(_) => text.parse(),
    }
}
