//! The only place that makes balance transactions of reserves.

use super::{ReserveHold, ReservedFunds};
use crate::calendar::Timestamp;
use crate::ids::ObjectId;
use crate::ledger::{Line, LineKind};

/// What a reserve does to the balance of an account.
#[derive(Clone, Copy)]
pub(crate) enum ReserveLine {
    /// `reserve_hold`, a debit.
    Held,
    /// `reserve_release`, a credit.
    Released,
}

impl ReserveLine {
    /// The line on the account, of so many minor units: out of, or into, what is available on `date`.
    // RULE: docs.stripe.com/api/balance_transactions/object (2026).
    pub(crate) fn of(
        self,
        hold: &ReserveHold,
        source: ObjectId,
        amount: i64,
        (date, now): (Timestamp, Timestamp),
    ) -> Line {
        let (kind, amount) = match self {
            Self::Held => (LineKind::ReserveHold, amount.saturating_neg()),
            Self::Released => (LineKind::ReserveRelease, amount),
        };
        Line::new(hold.account(), kind, source, hold.amount().currency(), amount).available(date, now)
    }

    /// `reserved_funds` on an account of which the processor keeps so much more; a credit where it is less.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn of_processor(reserve: &ReservedFunds, more: i64, now: Timestamp) -> Line {
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let (currency, amount) = (reserve.amount().currency(), more.saturating_neg());
        Line::new(reserve.account(), LineKind::ReservedFunds, reserve.id(), currency, amount).available(now, now)
    }
}
