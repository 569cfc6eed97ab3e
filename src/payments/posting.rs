//! The only place in this folder that makes balance transactions.

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ChargeId, RefundId};
use crate::ledger::{FeeKind, Line, LineKind};
use crate::money::Currency;
use crate::rulebook::PaymentMethod;

/// A payment received, on the account that it is booked on.
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
        let kind = match self.method {
            PaymentMethod::Card => LineKind::Charge,
            PaymentMethod::Boleto | PaymentMethod::SepaDebit | PaymentMethod::UsBankAccount => LineKind::Payment,
        };
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
    pub(crate) fn commission(&self, platform: AccountId, fee: ApplicationFeeId) -> Line {
        Line::new(platform, LineKind::ApplicationFee, fee, self.currency, self.application_fee)
            .available(self.available_on, self.now)
    }
}

/// A payment given back, on the account that it was booked on.
pub(crate) struct Refunded {
    pub(crate) owner: AccountId,
    pub(crate) refund: RefundId,
    pub(crate) method: PaymentMethod,
    pub(crate) amount: i64,
    pub(crate) currency: Currency,
    pub(crate) available_on: Timestamp,
    pub(crate) now: Timestamp,
}

impl Refunded {
    /// `refund` for cards, `payment_refund` for all else.
    pub(crate) fn line(&self) -> Line {
        let kind = match self.method {
            PaymentMethod::Card => LineKind::Refund,
            PaymentMethod::Boleto | PaymentMethod::SepaDebit | PaymentMethod::UsBankAccount => LineKind::PaymentRefund,
        };
        // INVARIANT: the one amount without an opposite would leave the entry off balance.
        let out = self.amount.saturating_neg();
        Line::new(self.owner, kind, self.refund, self.currency, out).available(self.available_on, self.now)
    }
}
