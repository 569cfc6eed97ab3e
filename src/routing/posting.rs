//! The only place in this folder that makes balance transactions.

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ApplicationFeeRefundId, TransferId, TransferReversalId};
use crate::ledger::{FeeKind, Line, LineKind, Lines};
use crate::money::Money;

/// When money that goes from one owner to another is available, or was: to the one that sends it, and to the one that gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dates {
    pub(crate) sent: Timestamp,
    pub(crate) received: Timestamp,
}

impl Dates {
    /// The same for both.
    pub(crate) const fn on(date: Timestamp) -> Self {
        Self { sent: date, received: date }
    }
}

/// Money sent from the platform to an account, less a commission that stays with the platform; or from an account to the platform,
/// less what the processor takes for it.
pub(crate) struct Sent {
    pub(crate) from: AccountId,
    pub(crate) to: AccountId,
    pub(crate) transfer: TransferId,
    pub(crate) amount: Money,
    /// The same as it arrives, from which the fees are taken: in another currency where it is converted.
    pub(crate) received: Money,
    pub(crate) processor_fee: i64,
    pub(crate) application_fee: i64,
    pub(crate) dates: Dates,
    pub(crate) now: Timestamp,
}

impl Sent {
    /// `transfer` on the sender, `payment` on the receiver.
    // RULE: templates of destination charges and transfers (docs.stripe.com/connect/destination-charges, 2026), and of debits, where
    // the sender is the account (docs.stripe.com/connect/account-debits, 2024, and a recorded exchange).
    pub(crate) fn lines(&self) -> [Line; 2] {
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let out = self.amount.minor().saturating_neg();
        let sent = Line::new(self.from, LineKind::Transfer, self.transfer, self.amount.currency(), out);
        let (amount, currency) = (self.received.minor(), self.received.currency());
        let received = Line::new(self.to, LineKind::Payment, self.transfer, currency, amount)
            .less(FeeKind::ProcessorFee, self.processor_fee)
            .less(FeeKind::ApplicationFee, self.application_fee);
        [sent.available(self.dates.sent, self.now), received.available(self.dates.received, self.now)]
    }
}

/// A transfer taken back: from the one who had received it to the one who had sent it.
pub(crate) struct Returned {
    pub(crate) to: AccountId,
    pub(crate) from: AccountId,
    pub(crate) reversal: TransferReversalId,
    pub(crate) amount: Money,
    /// What the other one gives for it: in another currency where the transfer was converted.
    pub(crate) taken: Money,
    pub(crate) dates: Dates,
    pub(crate) now: Timestamp,
}

impl Returned {
    /// `transfer_refund` on the one who had sent it, `payment_refund` on the other.
    // RULE: docs.stripe.com/connect/separate-charges-and-transfers, "Reverse transfers" (2024). No page shows the lines of a debit
    // that is taken back; that they are the same the other way round is our reading.
    pub(crate) fn lines(&self) -> [Line; 2] {
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let (amount, out) = (self.amount.minor(), self.taken.minor().saturating_neg());
        let back = Line::new(self.to, LineKind::TransferRefund, self.reversal, self.amount.currency(), amount);
        let taken = Line::new(self.from, LineKind::PaymentRefund, self.reversal, self.taken.currency(), out);
        [back.available(self.dates.sent, self.now), taken.available(self.dates.received, self.now)]
    }
}

/// A commission given back to the account that had paid it.
pub(crate) struct FeeReturned {
    pub(crate) platform: AccountId,
    pub(crate) to: AccountId,
    pub(crate) refund: ApplicationFeeRefundId,
    /// What the platform gives.
    pub(crate) given: Money,
    /// The same as the account gets it: in another currency where the commission was converted.
    pub(crate) back: Money,
    /// What of both is tax.
    pub(crate) tax: (Money, Money),
    pub(crate) dates: Dates,
    pub(crate) now: Timestamp,
}

impl FeeReturned {
    /// `application_fee_refund` on both: a debit of the platform, a credit of its own on the account.
    // RULE: the account's refund shows no fee; the commission comes back as a separate credit (recorded
    // exchanges of 2023; the credit's type on the account is not on record, so it is named as the platform's).
    pub(crate) fn lines(&self) -> Lines {
        let (tax_given, tax_back) = (self.tax.0.minor(), self.tax.1.minor());
        let (given, back) = (self.given.minor().saturating_sub(tax_given), self.back.minor().saturating_sub(tax_back));
        let mut lines = Lines::from_slice(&self.of(LineKind::ApplicationFeeRefund, given, back));
        if tax_given != 0 || tax_back != 0 {
            lines.extend(self.of(LineKind::CommissionTax, tax_given, tax_back));
        }
        lines
    }

    fn of(&self, kind: LineKind, given: i64, back: i64) -> [Line; 2] {
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let given = Line::new(self.platform, kind, self.refund, self.given.currency(), given.saturating_neg());
        let back = Line::new(self.to, kind, self.refund, self.back.currency(), back);
        [given.available(self.dates.sent, self.now), back.available(self.dates.received, self.now)]
    }
}

/// Tax on a commission, beside it.
pub(crate) struct CommissionTaxed {
    pub(crate) platform: AccountId,
    pub(crate) payer: AccountId,
    pub(crate) fee: ApplicationFeeId,
    /// What the account pays.
    pub(crate) paid: Money,
    /// The same as the platform gets it.
    pub(crate) kept: Money,
    pub(crate) dates: Dates,
    pub(crate) now: Timestamp,
}

impl CommissionTaxed {
    /// `tax_fee` on both: a debit of the account that pays the commission, a credit of the platform, which owes it to its tax office.
    // RULE: the type of a tax line is `tax_fee`, its heading `tax` (docs.stripe.com/reports/balance-transaction-types and
    // /reports/reporting-categories, 2024), and each tax is a line that is rounded by itself (support.stripe.com, rounding rules for Stripe
    // fees, undated). The field knows it for what the processor takes: that the tax on a platform's commission looks the same, and shows as
    // a credit on the platform, is our reading.
    pub(crate) fn lines(&self) -> [Line; 2] {
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let out = self.paid.minor().saturating_neg();
        let paid = Line::new(self.payer, LineKind::CommissionTax, self.fee, self.paid.currency(), out);
        let kept = Line::new(self.platform, LineKind::CommissionTax, self.fee, self.kept.currency(), self.kept.minor());
        [paid.available(self.dates.received, self.now), kept.available(self.dates.sent, self.now)]
    }
}
