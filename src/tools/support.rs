use std::fmt;

use serde::Serialize;

use super::SupportAction;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PayoutId};
use crate::ledger::{BalanceTransaction, EntryKind, LedgerAccount};
use crate::money::{Currency, wide};

/// Something that happened to money: one entry of the ledger, and what it did to everybody whom it concerned.
///
/// It prints as a few lines that a person can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Happening {
    /// When it was booked.
    pub at: Timestamp,
    /// What the entry records.
    pub entry: EntryKind,
    /// The object that caused it, what that grew from, and so on to the payment or command it all began with.
    pub because: Vec<ObjectId>,
    /// What it did to each balance.
    pub moved: Vec<Moved>,
    /// What had been done by then, with somebody behind it and a reason, to the object that caused it.
    pub done: Vec<SupportAction>,
}

/// What an entry did to one balance, in minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Whose balance.
    pub owner: AccountId,
    /// Its currency.
    pub currency: Currency,
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
    /// The balance transactions; none where money only moved between buckets.
    pub transactions: Vec<BalanceTransaction>,
}

impl Moved {
    pub(crate) const fn nothing(owner: AccountId, currency: Currency) -> Self {
        Self { owner, currency, pending: 0, available: 0, in_transit: 0, reserved: 0, transactions: Vec::new() }
    }

    // INVARIANT: sums of i64 in i128: saturation is never reached.
    pub(crate) const fn add(&mut self, bucket: LedgerAccount, amount: i128) {
        let sum = match bucket {
            LedgerAccount::Pending { .. } | LedgerAccount::Submitted { .. } => &mut self.pending,
            LedgerAccount::Available { .. } => &mut self.available,
            LedgerAccount::InTransit { .. } => &mut self.in_transit,
            LedgerAccount::ConnectReserved { .. } | LedgerAccount::RiskReserved { .. } => &mut self.reserved,
            LedgerAccount::Fees
            | LedgerAccount::Exchange
            | LedgerAccount::Disputes
            | LedgerAccount::Losses
            | LedgerAccount::Payers
            | LedgerAccount::Banks => return,
        };
        *sum = sum.saturating_add(amount);
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = self.because.first().map(ToString::to_string).unwrap_or_default();
        writeln!(f, "{}  {object}", self.at.date())?;
        for moved in &self.moved {
            write!(f, "    {}", moved.owner)?;
            moved.transactions.iter().try_for_each(|line| write!(f, "  {}", line.kind))?;
            let sums = [
                (moved.pending, "pending"),
                (moved.available, "available"),
                (moved.in_transit, "on its way to the bank"),
                (moved.reserved, "set aside or held back"),
            ];
            for (sum, what) in sums.into_iter().filter(|(sum, _)| *sum != 0) {
                write!(f, "  {} {} {what}", wide::major(sum, moved.currency), moved.currency)?;
            }
            writeln!(f)?;
        }
        self.done.iter().try_for_each(|done| writeln!(f, "    {done}"))
    }
}

/// Everything that came of one object: a payment with its commission, transfers, refunds and disputes, or a part of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Story {
    /// The object.
    pub of: ObjectId,
    /// What happened to money because of it, oldest first.
    pub happenings: Vec<Happening>,
    /// The automatic payouts that settled a part of it, by owner and then the oldest first. Of one made by hand nobody can say what it
    /// stands for.
    pub settled_by: Vec<PayoutId>,
    /// What was done to any object of it with somebody behind it and a reason, oldest first.
    pub done: Vec<SupportAction>,
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "what came of {}", self.of)?;
        self.happenings.iter().try_for_each(|happening| write!(f, "  {happening}"))?;
        self.settled_by.iter().try_for_each(|payout| writeln!(f, "  settled by {payout}"))
    }
}
