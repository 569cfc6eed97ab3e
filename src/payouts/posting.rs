//! The only place that makes balance transactions of payouts.

use super::Payout;
use crate::calendar::Timestamp;
use crate::ledger::{FeeKind, Line, LineKind};

/// What a payout does to the balance it is taken from, or given back to.
#[derive(Clone, Copy)]
pub(crate) enum PayoutLine {
    /// `payout`, a debit, less what the processor takes for it from the account.
    Sent,
    /// `payout_failure`, a credit.
    Failed,
    /// `payout_cancel`, a credit, with the fee: nothing was sent.
    Canceled,
}

impl PayoutLine {
    /// The line on the payout's account.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn of(self, payout: &Payout, now: Timestamp) -> Line {
        let (amount, currency): (i64, _) = (payout.amount().minor(), payout.amount().currency());
        let fee = payout.fee().minor();
        let line = |kind, amount| Line::new(payout.account(), kind, payout.id(), currency, amount);
        match self {
            // INVARIANT: the one amount without an opposite would leave the entry off balance.
            Self::Sent => line(LineKind::Payout, amount.saturating_neg())
                .arriving(payout.arrival_date())
                .less(FeeKind::ProcessorFee, fee),
            Self::Failed => line(LineKind::PayoutFailure, amount).available(now, now),
            Self::Canceled => line(LineKind::PayoutCancel, amount)
                .available(now, now)
                .less(FeeKind::ProcessorFee, fee.saturating_neg()),
        }
    }
}
