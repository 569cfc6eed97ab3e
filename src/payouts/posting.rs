//! The only place in this folder that makes balance transactions.

use super::Payout;
use crate::calendar::Timestamp;
use crate::ledger::{Line, LineKind};
use crate::money::Money;

/// What a payout does to the balance it is taken from, or given back to.
#[derive(Clone, Copy)]
pub(crate) enum PayoutLine {
    /// `payout`, a debit.
    Sent,
    /// `payout_failure`, a credit.
    Failed,
    /// `payout_cancel`, a credit.
    Canceled,
}

impl PayoutLine {
    /// The line on the payout's account.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn of(self, payout: &Payout, now: Timestamp) -> Option<Line> {
        let (amount, currency): (i64, _) = (payout.amount().minor(), payout.amount().currency());
        let line = |kind, amount| Line::new(payout.account(), kind, payout.id(), currency, amount);
        Some(match self {
            Self::Sent => line(LineKind::Payout, Money::new(amount, currency).checked_neg().ok()?.minor())
                .arriving(payout.arrival_date()),
            Self::Failed => line(LineKind::PayoutFailure, amount).available(now, now),
            Self::Canceled => line(LineKind::PayoutCancel, amount).available(now, now),
        })
    }
}
