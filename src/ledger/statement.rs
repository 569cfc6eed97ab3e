use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Bucket, EntryKind, FeeDetail, LedgerAccount, Line, LineKind, ReportingCategory};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId};
use crate::money::{Currency, ExchangeRate, wide};

/// What an owner holds in one currency, in minor units. What of it can be paid out within minutes is a matter of rules, and a query of its
/// own: [`Platform::instant_balance`](crate::Platform::instant_balance).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The currency of all amounts.
    pub currency: Currency,
    /// Funds that become available later, and those of debits on their way.
    #[serde(with = "wide")]
    pub pending: i128,
    /// How much of what is pending are debits on their way, which the payers' banks have not answered: it is not certain, has no
    /// date, and becomes available no earlier than a bank has paid and the usual delay is over.
    #[serde(with = "wide")]
    pub submitted: i128,
    /// Funds that can be moved or paid out; negative where the owner owes.
    #[serde(with = "wide")]
    pub available: i128,
    /// Funds held against the debts of others.
    #[serde(with = "wide")]
    pub connect_reserved: i128,
    /// Funds held back by a reserve.
    #[serde(with = "wide")]
    pub risk_reserved: i128,
    /// Payouts under way.
    #[serde(with = "wide")]
    pub in_transit: i128,
}

impl Balance {
    pub(super) const fn nothing(currency: Currency) -> Self {
        Self { currency, pending: 0, submitted: 0, available: 0, connect_reserved: 0, risk_reserved: 0, in_transit: 0 }
    }

    /// Moves an amount into one of its buckets.
    // INVARIANT: sums of i64 in i128: saturation is never reached.
    pub(crate) const fn add(&mut self, bucket: LedgerAccount, amount: i128) {
        let sum = match bucket {
            LedgerAccount::Pending { .. } => &mut self.pending,
            LedgerAccount::Submitted { .. } => {
                self.submitted = self.submitted.saturating_add(amount);
                &mut self.pending
            }
            LedgerAccount::Available { .. } => &mut self.available,
            LedgerAccount::ConnectReserved { .. } => &mut self.connect_reserved,
            LedgerAccount::RiskReserved { .. } => &mut self.risk_reserved,
            LedgerAccount::InTransit { .. } => &mut self.in_transit,
            LedgerAccount::Fees
            | LedgerAccount::Exchange
            | LedgerAccount::Disputes
            | LedgerAccount::Losses
            | LedgerAccount::Payers
            | LedgerAccount::Banks => return,
        };
        *sum = sum.saturating_add(amount);
    }

    /// What is held for the owner here and is neither set aside nor held back: everything but payouts under way, what is held against the
    /// debts of others, and what reserves hold back, which are out of it as soon as their balance transactions are booked.
    // RULE: what is reserved is a balance of its own, beside that of payments (docs.stripe.com/api/balance_transactions, 2026).
    pub const fn held(&self) -> i128 {
        self.pending.saturating_add(self.available)
    }

    /// All buckets together: what is owed to the owner, payouts under way included.
    pub const fn total(&self) -> i128 {
        self.pending
            .saturating_add(self.available)
            .saturating_add(self.connect_reserved)
            .saturating_add(self.risk_reserved)
            .saturating_add(self.in_transit)
    }
}

/// One line of an owner's statement, with the names that the field's API gives its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceTransaction {
    /// When it was booked.
    pub created: Timestamp,
    /// What it is.
    pub kind: LineKind,
    /// The heading it is counted under.
    pub reporting_category: ReportingCategory,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The gross amount in minor units; positive for a credit.
    pub amount: i64,
    /// All fees taken out of it.
    #[serde(with = "wide")]
    pub fee: i128,
    /// The fees one by one.
    pub fee_details: Vec<FeeDetail>,
    /// The amount less the fees.
    #[serde(with = "wide")]
    pub net: i128,
    /// When the net becomes, or became, available; of a debit on its way, when it could at the earliest.
    pub available_on: Timestamp,
    /// The bucket it went to when it was booked.
    pub bucket: Bucket,
    /// The object that caused it.
    pub source: ObjectId,
    /// At which rate it was converted from the currency in which its object is defined, in full precision: minor units to minor units.
    /// Nothing where it was not.
    pub exchange_rate: Option<ExchangeRate>,
}

impl BalanceTransaction {
    pub(crate) fn of(line: &Line, created: Timestamp, exchange_rate: Option<ExchangeRate>) -> Self {
        Self {
            created,
            kind: line.kind(),
            reporting_category: line.kind().reporting_category(line.amount()),
            currency: line.currency(),
            amount: line.amount(),
            fee: line.fee(),
            fee_details: line.fees().collect(),
            net: line.net(),
            available_on: line.available_on(),
            bucket: line.bucket(),
            source: line.source(),
            exchange_rate,
        }
    }
}

/// Everything that happened to an owner's balances, oldest first.
///
/// It prints as a table that a seller can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Whose statement.
    pub owner: AccountId,
    /// The lines, oldest first within each currency.
    pub lines: Vec<BalanceTransaction>,
    /// Where the lines have led, one balance a currency.
    pub balances: Vec<Balance>,
}

/// Leaves out debits that were put on a balance and taken off again because something else took their place: what they came to
/// follows, as one `payment` with its fee and its date. What is left sums to the same.
pub(crate) fn without_replaced(lines: &mut Vec<BalanceTransaction>) {
    let mut open: BTreeMap<(ObjectId, Currency), usize> = BTreeMap::new();
    let mut replaced: BTreeSet<usize> = BTreeSet::new();
    let submitted = lines.iter().enumerate().filter(|(_, line)| line.kind == LineKind::PaymentSubmitted);
    for (place, line) in submitted {
        let of = (line.source, line.currency);
        if line.amount > 0 {
            open.insert(of, place);
        } else if let Some(before) = open.remove(&of) {
            replaced.extend([before, place]);
        }
    }
    let mut place = 0_usize;
    lines.retain(|_| {
        let stays = !replaced.contains(&place);
        place = place.saturating_add(1);
        stays
    });
}

impl Statement {
    /// What was paid out and did not come back, in minor units of `currency`; fees of payouts are not part of it.
    pub fn paid_out(&self, currency: Currency) -> i128 {
        let payouts = self.lines.iter().filter(|line| {
            line.currency == currency
                && matches!(line.kind, LineKind::Payout | LineKind::PayoutCancel | LineKind::PayoutFailure)
        });
        payouts.map(|line| i128::from(line.amount).saturating_neg()).sum()
    }
}

pub(super) fn major(minor: i128, currency: Currency) -> String {
    format!("{} {currency}", wide::major(minor, currency))
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "statement of {}", self.owner)?;
        for line in &self.lines {
            let (date, on) = (line.created.date(), line.available_on.date());
            let net = major(line.net, line.currency);
            write!(f, "  {date}  {:<22} {net:>16}  available {on}", line.kind.name())?;
            if line.fee != 0 {
                let (gross, fee) = (i128::from(line.amount), line.fee);
                write!(f, "  ({} less fees of {})", major(gross, line.currency), major(fee, line.currency))?;
            }
            if let Some(rate) = line.exchange_rate {
                write!(f, "  (converted at {rate})")?;
            }
            writeln!(f)?;
        }
        for balance in &self.balances {
            let show = |minor| major(minor, balance.currency);
            write!(f, "  paid out {}", show(self.paid_out(balance.currency)))?;
            write!(f, ", available {}, pending {}", show(balance.available), show(balance.pending))?;
            write!(f, ", on its way to the bank {}", show(balance.in_transit))?;
            if balance.connect_reserved != 0 {
                write!(f, ", set aside against debts {}", show(balance.connect_reserved))?;
            }
            if balance.risk_reserved != 0 {
                write!(f, ", held back {}", show(balance.risk_reserved))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Why one bucket of a balance is what it is: every movement that made it, and what caused each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// When it was booked.
    pub at: Timestamp,
    /// What the entry records.
    pub entry: EntryKind,
    /// The balance transaction, unless the movement was between buckets of one owner.
    pub transaction: Option<BalanceTransaction>,
    /// What it added to the pending funds, debits on their way among them.
    #[serde(with = "wide")]
    pub pending: i128,
    /// What it added to the available funds.
    #[serde(with = "wide")]
    pub available: i128,
    /// What it added to the payouts under way.
    #[serde(with = "wide")]
    pub in_transit: i128,
    /// What it added to funds held against the debts of others and by reserves.
    #[serde(with = "wide")]
    pub reserved: i128,
    /// The object that caused it, what that grew from, and so on to the payment or command it all began with.
    pub because: Vec<ObjectId>,
}
