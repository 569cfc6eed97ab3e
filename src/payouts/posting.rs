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
    /// `payout_minimum_balance_hold`, a debit, beside the payout that leaves that much behind.
    Kept(i64),
    /// `payout_minimum_balance_release`, a credit of the same amount.
    LetGo(i64),
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
            // RULE: both lines go with the payout, and come to nothing together
            // (docs.stripe.com/payouts/minimum-balances-for-automatic-payouts, 2026; docs.stripe.com/changelog, 2024-12-18).
            Self::Kept(minimum) => {
                line(LineKind::PayoutMinimumBalanceHold, minimum.saturating_neg()).available(now, now)
            }
            Self::LetGo(minimum) => line(LineKind::PayoutMinimumBalanceRelease, minimum).available(now, now),
        }
    }
}
