//! The only place that makes balance transactions of payouts.

use super::{FailedFrom, Payout};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ConnectFeesId};
use crate::ledger::{FeeKind, Line, LineKind, Lines};
use crate::money::Money;

/// What a payout does to the balance it is taken from, or given back to.
#[derive(Clone, Copy)]
pub(crate) enum PayoutLine {
    /// `payout`, a debit, less what the processor and the platform take for it from the account. Where a bank is debited it is a credit, on its
    /// way until the money is there.
    Sent,
    /// `payout_failure`, a credit; where a bank was debited, a debit of what was on its way, or had come.
    Failed(FailedFrom),
    /// `payout_cancel`, a credit, with the processor's fee: nothing was sent. Where a bank was to be debited, a debit of what was on its way.
    Canceled,
    /// `payout_cancel`, as a failure: the processor has called off what was sent.
    CalledOff(FailedFrom),
    /// `payout`, a credit once more: a bank has paid what was called off.
    CameAfterAll,
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
        let back = |kind, from| match from {
            FailedFrom::Transit if payout.is_debit() => line(kind, amount).submitted(payout.arrival_date()),
            FailedFrom::Transit | FailedFrom::Bank | FailedFrom::Back | FailedFrom::Nowhere => {
                line(kind, amount).available(now, now)
            }
        };
        match self {
            // INVARIANT: the one amount without an opposite would leave the entry off balance.
            Self::Sent if payout.is_debit() => {
                line(LineKind::Payout, amount.saturating_neg()).submitted(payout.arrival_date())
            }
            Self::Sent => line(LineKind::Payout, amount.saturating_neg())
                .arriving(payout.arrival_date())
                .less(FeeKind::ProcessorFee, fee)
                .less(FeeKind::ApplicationFee, payout.application_fee_amount().minor()),
            Self::Failed(from) => back(LineKind::PayoutFailure, from),
            Self::CalledOff(from) => back(LineKind::PayoutCancel, from),
            Self::Canceled if payout.is_debit() => {
                line(LineKind::PayoutCancel, amount).submitted(payout.arrival_date())
            }
            Self::CameAfterAll => line(LineKind::Payout, amount.saturating_neg()).available(now, now),
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

/// What is lent to a payout within minutes, and taken of the days that bring it; or the other way round.
#[derive(Clone, Copy)]
pub(crate) enum AdvanceLine {
    /// It is lent.
    Lent,
    /// It is given back, as far as the payout's money came back.
    GivenBack,
}

impl AdvanceLine {
    /// `advance`, available at once, and one `advance_funding` for each day that it is taken from. A day that has come by now has its
    /// money available.
    // RULE: docs.stripe.com/payouts/instant-payouts-advance-funding (2026), docs.stripe.com/reports/balance-transaction-types (2024).
    // INVARIANT: they sum to zero, whatever they are about.
    pub(crate) fn of(self, payout: &Payout, parts: &[(Timestamp, i64)], now: Timestamp) -> Lines {
        let mut lines = Lines::new();
        // INVARIANT: the parts come to no more than the payout with its cost, which is in range.
        let total = parts.iter().fold(0_i64, |sum, (_, part)| sum.saturating_add(*part));
        let signed = |minor: i64| match self {
            Self::Lent => minor,
            Self::GivenBack => minor.saturating_neg(),
        };
        let line = |kind, amount| Line::new(payout.account(), kind, payout.id(), payout.amount().currency(), amount);
        if total != 0 {
            lines.push(line(LineKind::Advance, signed(total)).available(now, now));
        }
        let of_day = |(on, part): &(Timestamp, i64)| {
            line(LineKind::AdvanceFunding, signed(part.saturating_neg())).available(*on, now)
        };
        lines.extend(parts.iter().map(of_day));
        lines
    }
}

/// What the platform gets of a payout within minutes.
pub(crate) struct CollectedPrice {
    pub(crate) platform: AccountId,
    pub(crate) fee: ApplicationFeeId,
    /// In the currency in which the platform gets it.
    pub(crate) amount: Money,
    pub(crate) now: Timestamp,
}

impl CollectedPrice {
    /// `application_fee`, available at once.
    // RULE: it is collected with the payout (docs.stripe.com/connect/instant-payouts, 2024).
    pub(crate) fn line(&self) -> Line {
        let (amount, currency) = (self.amount.minor(), self.amount.currency());
        Line::new(self.platform, LineKind::ApplicationFee, self.fee, currency, amount).available(self.now, self.now)
    }
}

/// `stripe_fee` on the platform, taken at once: what the processor takes for a month's payouts of one account.
pub(crate) fn bill_line(platform: AccountId, fees: ConnectFeesId, billed: Money, now: Timestamp) -> Line {
    let amount = billed.minor().saturating_neg();
    Line::new(platform, LineKind::ProcessorFee, fees, billed.currency(), amount).available(now, now)
}
