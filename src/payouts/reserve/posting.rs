//! The only place that makes balance transactions of reserves.

use super::ReserveHold;
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
}
