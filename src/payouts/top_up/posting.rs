//! The only place that makes balance transactions of top-ups.

use super::TopUp;
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::ledger::{Line, LineKind};

/// What a top-up does to the platform's balance.
#[derive(Clone, Copy)]
pub(crate) enum TopUpLine {
    /// `topup`, a credit.
    Succeeded,
    /// `topup_reversal`, a debit, from where the credit went.
    Reversed,
}

impl TopUpLine {
    /// The amount that the line has, in minor units.
    pub(crate) const fn amount(self, top_up: &TopUp) -> i64 {
        match self {
            Self::Succeeded => top_up.amount().minor(),
            Self::Reversed => top_up.amount().minor().saturating_neg(),
        }
    }

    /// The line on the platform's account. Money that came sooner than expected is pending until the date that was.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024); the date as in docs.stripe.com/api/topups/object (2025).
    pub(crate) fn of(self, top_up: &TopUp, platform: AccountId, now: Timestamp) -> Line {
        let kind = match self {
            Self::Succeeded => LineKind::TopUp,
            Self::Reversed => LineKind::TopUpReversal,
        };
        let date = top_up.expected_availability_date().unwrap_or(now);
        Line::new(platform, kind, top_up.id(), top_up.amount().currency(), self.amount(top_up)).available(date, now)
    }
}
