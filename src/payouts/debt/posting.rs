//! The only place that makes balance transactions of debts.

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId};
use crate::ledger::{Line, LineKind};
use crate::money::{Currency, Money};

/// Funds of the platform that are set aside, or given free again.
#[derive(Clone, Copy)]
pub(crate) struct Reserved {
    pub(crate) platform: AccountId,
    /// What moved the balance of the account that owes.
    pub(crate) source: ObjectId,
    pub(crate) currency: Currency,
    pub(crate) now: Timestamp,
}

impl Reserved {
    /// The line on the platform's account, where so much more has to be set aside; less than nothing is given free.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn line(self, more: i64) -> Line {
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let kind = LineKind::ReserveTransaction;
        Line::new(self.platform, kind, self.source, self.currency, more.saturating_neg()).available(self.now, self.now)
    }
}

/// What an account owed for too long, out of the platform's money.
#[derive(Clone, Copy)]
pub(crate) struct Collected {
    pub(crate) platform: AccountId,
    pub(crate) account: AccountId,
    pub(crate) amount: i64,
    pub(crate) currency: Currency,
    pub(crate) now: Timestamp,
}

impl Collected {
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024), of the platform's line.
    pub(crate) fn lines(self) -> [Line; 2] {
        let Self { platform, account, amount, currency, now } = self;
        let line = |owner, kind, amount| Line::new(owner, kind, account, currency, amount).available(now, now);
        [
            line(platform, LineKind::ConnectCollectionTransfer, amount.saturating_neg()),
            line(account, LineKind::PaymentCollected, amount),
        ]
    }
}

/// What the processor has absorbed of an account's debt.
#[derive(Clone, Copy)]
pub(crate) struct WrittenOff {
    pub(crate) account: AccountId,
    pub(crate) amount: Money,
    pub(crate) now: Timestamp,
}

impl WrittenOff {
    // RULE: whatever has no type of its own is an adjustment (docs.stripe.com/reports/balance-transaction-types, 2024); that this is one is
    // our reading.
    pub(crate) fn line(self) -> Line {
        let Self { account, amount, now } = self;
        Line::new(account, LineKind::WriteOff, account, amount.currency(), amount.minor()).available(now, now)
    }
}
