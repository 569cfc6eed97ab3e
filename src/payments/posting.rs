//! The only place in this folder that makes balance transactions.

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ChargeId, DisputeId, RefundId};
use crate::ledger::{FeeKind, Line, LineKind};
use crate::money::{Currency, Money};
use crate::rulebook::PaymentMethod;

/// A payment received, on the account that it is booked on; in the currency in which it is booked.
pub(crate) struct Received {
    pub(crate) owner: AccountId,
    pub(crate) charge: ChargeId,
    pub(crate) method: PaymentMethod,
    pub(crate) amount: i64,
    /// What was held ready beyond that, and is let go.
    pub(crate) let_go: i64,
    pub(crate) processor_fee: i64,
    pub(crate) application_fee: i64,
    pub(crate) currency: Currency,
    pub(crate) available_on: Timestamp,
    pub(crate) now: Timestamp,
}

impl Received {
    /// `charge` for cards, `payment` for all else, less the fees taken out of it.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn line(&self) -> Line {
        let kind = if self.method.is_card() { LineKind::Charge } else { LineKind::Payment };
        // INVARIANT: what was held ready is no more than what was authorized, which is an amount.
        let authorized = self.amount.saturating_add(self.let_go);
        Line::new(self.owner, kind, self.charge, self.currency, authorized)
            .less(FeeKind::ProcessorFee, self.processor_fee)
            .less(FeeKind::ApplicationFee, self.application_fee)
            .available(self.available_on, self.now)
    }

    /// `refund` under a heading of its own, for what was authorized and not captured.
    // RULE: a partial capture shows as a charge of what was authorized and a `partial_capture_reversal` of the rest
    // (docs.stripe.com/reports/balance-transaction-types and /reports/reporting-categories, 2024).
    pub(crate) fn reversal(&self) -> Option<Line> {
        let out = self.let_go.checked_neg().filter(|out| *out != 0)?;
        let line = Line::new(self.owner, LineKind::PartialCaptureReversal, self.charge, self.currency, out);
        Some(line.available(self.available_on, self.now))
    }

    /// `stripe_fee` on the platform, where it bears the fees of the account that the payment is booked on.
    pub(crate) fn fee_of_platform(&self, platform: AccountId, fee: i64) -> Option<Line> {
        let out = fee.checked_neg().filter(|out| *out != 0)?;
        let line = Line::new(platform, LineKind::ProcessorFee, self.charge, self.currency, out);
        Some(line.available(self.available_on, self.now))
    }

    /// `application_fee` on the platform.
    pub(crate) fn commission(&self, platform: AccountId, fee: ApplicationFeeId, amount: Money) -> Line {
        Line::new(platform, LineKind::ApplicationFee, fee, amount.currency(), amount.minor())
            .available(self.available_on, self.now)
    }
}

/// A payment given back, on the account that it was booked on.
pub(crate) struct Refunded {
    pub(crate) owner: AccountId,
    pub(crate) refund: RefundId,
    pub(crate) method: PaymentMethod,
    pub(crate) amount: i64,
    /// What the processor gives back of its fee to the same account.
    pub(crate) processor_fee: i64,
    pub(crate) currency: Currency,
    pub(crate) available_on: Timestamp,
    pub(crate) now: Timestamp,
}

impl Refunded {
    /// `refund` for cards, `payment_refund` for all else, with the processor's fee that is given back as a negative one.
    pub(crate) fn line(&self) -> Line {
        let kind = if self.method.is_card() { LineKind::Refund } else { LineKind::PaymentRefund };
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let out = self.amount.saturating_neg();
        Line::new(self.owner, kind, self.refund, self.currency, out)
            .less(FeeKind::ProcessorFee, self.processor_fee.saturating_neg())
            .available(self.available_on, self.now)
    }

    /// `stripe_fee` on whoever bears the fees of the account: what the processor gives back, or takes again.
    pub(crate) fn fee_of(&self, bearer: AccountId, given_back: i64) -> Option<Line> {
        let line = Line::new(bearer, LineKind::ProcessorFee, self.refund, self.currency, given_back);
        (given_back != 0).then(|| line.available(self.available_on, self.now))
    }
}

/// A refund that came back, on the account that it was taken from.
pub(crate) struct RefundReturned(pub(crate) Refunded);

impl RefundReturned {
    /// `refund_failure` for cards, a `payment_refund` that is a credit for all else: exactly what had been debited.
    // RULE: the amount goes back to the balance that the refund was taken from (docs.stripe.com/refunds, 2024; types from
    // docs.stripe.com/reports/balance-transaction-types, 2024).
    pub(crate) fn line(&self) -> Line {
        let Refunded { owner, refund, method, amount, processor_fee, currency, available_on, now } = self.0;
        let kind = if method.is_card() { LineKind::RefundFailure } else { LineKind::PaymentRefund };
        Line::new(owner, kind, refund, currency, amount)
            .less(FeeKind::ProcessorFee, processor_fee)
            .available(available_on, now)
    }
}

/// A debit on its way to the account that it is booked on.
pub(crate) struct Submitted {
    pub(crate) owner: AccountId,
    pub(crate) charge: ChargeId,
    pub(crate) currency: Currency,
    /// When it could become available at the earliest.
    pub(crate) available_on: Timestamp,
}

impl Submitted {
    /// `payment` for what is put on the balance, or taken off where it is negative.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn line(&self, amount: i64) -> Line {
        Line::new(self.owner, LineKind::PaymentSubmitted, self.charge, self.currency, amount)
            .submitted(self.available_on)
    }

    /// `payment_failure_refund` of the same size.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn failed(&self, amount: i64) -> Line {
        let line = Line::new(self.owner, LineKind::PaymentFailureRefund, self.charge, self.currency, amount);
        line.submitted(self.available_on)
    }
}

/// A debit that failed.
pub(crate) struct FailedDebit {
    pub(crate) payer: AccountId,
    pub(crate) charge: ChargeId,
    pub(crate) currency: Currency,
    pub(crate) now: Timestamp,
}

impl FailedDebit {
    /// `stripe_fee` on whoever pays for that: what is taken at once, or comes back where it is negative.
    pub(crate) fn fee(&self, taken: i64) -> Option<Line> {
        let amount = taken.checked_neg().filter(|amount| *amount != 0)?;
        let line = Line::new(self.payer, LineKind::ProcessorFee, self.charge, self.currency, amount);
        Some(line.available(self.now, self.now))
    }
}

/// A payment that the payer's bank pulled back after it had succeeded.
pub(crate) struct Reversed {
    pub(crate) owner: AccountId,
    pub(crate) charge: ChargeId,
    pub(crate) currency: Currency,
    pub(crate) available_on: Timestamp,
    pub(crate) now: Timestamp,
}

impl Reversed {
    /// `payment_reversal` on the account that the charge is booked on: what is taken, or comes back where it is negative.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024). That it comes back, where a dispute takes the same money, is our
    // reading.
    pub(crate) fn line(&self, taken: i64) -> Line {
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let out = taken.saturating_neg();
        let line = Line::new(self.owner, LineKind::PaymentReversal, self.charge, self.currency, out);
        line.available(self.available_on, self.now)
    }
}

/// Money that moves for a dispute.
pub(crate) struct Disputed {
    pub(crate) owner: AccountId,
    pub(crate) payer_of_fees: AccountId,
    pub(crate) dispute: DisputeId,
    pub(crate) currency: Currency,
    pub(crate) available_on: Timestamp,
    pub(crate) now: Timestamp,
}

impl Disputed {
    /// `adjustment` on the account that the charge is booked on: what is taken, or comes back where it is negative. The fee for
    /// receiving a dispute is taken out of the same line where that account pays it.
    // RULE: recorded exchanges (2023-2025): -1000 with a fee of 1500; on a win +1000, until 2024 with a fee of -1500.
    pub(crate) fn money(&self, taken: i64, fee: i64) -> Option<Line> {
        let kind = if taken > 0 { LineKind::Dispute } else { LineKind::DisputeReversal };
        let amount = taken.checked_neg().filter(|amount| *amount != 0)?;
        let line = Line::new(self.owner, kind, self.dispute, self.currency, amount);
        Some(line.less(FeeKind::ProcessorFee, fee).available(self.available_on, self.now))
    }

    /// `stripe_fee` on whoever pays the fees: what is taken, or comes back where it is negative.
    // The field does not say in which line these come; that it is one of their own is our own reading.
    pub(crate) fn fee(&self, taken: i64) -> Option<Line> {
        let amount = taken.checked_neg().filter(|amount| *amount != 0)?;
        let line = Line::new(self.payer_of_fees, LineKind::ProcessorFee, self.dispute, self.currency, amount);
        Some(line.available(self.available_on, self.now))
    }
}
