use serde::{Deserialize, Serialize};

use super::{Share, Value};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, RiskDayId};
use crate::money::Currency;

/// What was counted of an account's payments in one currency. Amounts are in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tally {
    /// Payments that succeeded.
    pub payments: i64,
    /// What they brought.
    pub volume: i64,
    /// Refunds that were booked, whether or not they failed later.
    pub refunds: i64,
    /// What they took.
    pub refunded: i64,
    /// Disputes that were filed.
    pub disputes: i64,
    /// What they are about.
    pub disputed: i64,
    /// Early fraud warnings.
    pub warnings: i64,
}

impl Tally {
    /// Both together.
    // INVARIANT: numbers of objects, and sums of their amounts: what saturates is more money than there is.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            payments: self.payments.saturating_add(other.payments),
            volume: self.volume.saturating_add(other.volume),
            refunds: self.refunds.saturating_add(other.refunds),
            refunded: self.refunded.saturating_add(other.refunded),
            disputes: self.disputes.saturating_add(other.disputes),
            disputed: self.disputed.saturating_add(other.disputed),
            warnings: self.warnings.saturating_add(other.warnings),
        }
    }

    /// The same taken off.
    pub(crate) const fn negated(self) -> Self {
        Self {
            payments: self.payments.saturating_neg(),
            volume: self.volume.saturating_neg(),
            refunds: self.refunds.saturating_neg(),
            refunded: self.refunded.saturating_neg(),
            disputes: self.disputes.saturating_neg(),
            disputed: self.disputed.saturating_neg(),
            warnings: self.warnings.saturating_neg(),
        }
    }

    /// So many, or so much, of the payments; nothing where there are fewer than are asked for, or none.
    pub(super) fn share(&self, of: Share, least: u32, (number, amount): (i64, i64)) -> Option<Value> {
        let (part, whole) = match of {
            Share::Amount => (amount, self.volume),
            Share::Number => (number, self.payments),
        };
        (whole > 0 && self.payments >= i64::from(least)).then_some(Value::Share { part, whole })
    }
}

/// What was counted of an account's payments in one currency on one day, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskDay {
    id: RiskDayId,
    account: AccountId,
    currency: Currency,
    day: Timestamp,
    tally: Tally,
    due: Option<Timestamp>,
}

impl RiskDay {
    pub(crate) fn new(id: RiskDayId, account: AccountId, currency: Currency, day: Timestamp) -> Self {
        Self { id, account, currency, day, tally: Tally::default(), due: None }
    }

    /// Its id, which is made of the account, the currency and the day.
    pub const fn id(&self) -> RiskDayId {
        self.id
    }

    /// The account.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The currency that the payers paid in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The midnight, in UTC, with which the day began.
    pub const fn day(&self) -> Timestamp {
        self.day
    }

    /// What was counted.
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// When the account is looked at because of it.
    pub(crate) const fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// The day with so much more, which is looked at then.
    pub(crate) fn counted(&self, more: Tally, due: Timestamp) -> Self {
        Self { tally: self.tally.plus(more), due: Some(due), ..self.clone() }
    }

    /// The day once it was looked at.
    pub(crate) fn looked_at(&self) -> Self {
        Self { due: None, ..self.clone() }
    }
}
