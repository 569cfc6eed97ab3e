use iso_country::Country;
use serde::Serialize;

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ConnectFeesId};
use crate::money::{Currency, Money, wide};
use crate::payouts::ConnectFees;
use crate::rulebook::ConnectItem;

/// One line of the platform's monthly bill: what one item has cost for one account.
///
/// On the wire its columns are `month`, `account`, `country`, `item`, `payouts`, `currency`, `fees` (in major units), `billed`,
/// `billed_currency` and `source_id`, which is the source of the balance transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "BillColumns")]
pub struct BillRow {
    /// The first moment of the month.
    pub month: Timestamp,
    /// For whose payouts.
    pub account: AccountId,
    /// Where the account is.
    pub country: Country,
    /// What for.
    pub item: ConnectItem,
    /// How many payouts were counted.
    pub payouts: i64,
    /// The currency in which it was counted.
    pub currency: Currency,
    /// What it comes to, in minor units; below zero where it is given back.
    pub fees: i128,
    /// What was taken for it; nothing while the month lasts.
    pub billed: Option<Money>,
    /// What the balance transaction names as its source.
    pub source: ConnectFeesId,
}

impl BillRow {
    pub(crate) fn of(fees: &ConnectFees, country: Country) -> Self {
        Self {
            month: fees.month(),
            account: fees.account(),
            country,
            item: fees.item(),
            payouts: fees.payouts(),
            currency: fees.currency(),
            fees: fees.fees(),
            billed: fees.billed(),
            source: fees.id(),
        }
    }
}

#[derive(Serialize)]
struct BillColumns {
    month: String,
    account: AccountId,
    country: String,
    item: ConnectItem,
    payouts: i64,
    currency: Currency,
    fees: String,
    billed: Option<String>,
    billed_currency: Option<Currency>,
    source_id: ConnectFeesId,
}

impl From<BillRow> for BillColumns {
    fn from(row: BillRow) -> Self {
        Self {
            month: row.month.date().format("%Y-%m").to_string(),
            account: row.account,
            country: row.country.to_string(),
            item: row.item,
            payouts: row.payouts,
            currency: row.currency,
            fees: wide::major(row.fees, row.currency),
            billed: row.billed.map(|billed| wide::major(billed.minor().into(), billed.currency())),
            billed_currency: row.billed.map(Money::currency),
            source_id: row.source,
        }
    }
}
