use serde::{Deserialize, Serialize};

use super::ManualCapture;
use crate::ids::{ChargeId, RefundId};
use crate::money::Money;
use crate::rulebook::PaymentMethod;

/// What happened to a payment, a charge or a refund; the object of the event says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PaymentEvent {
    /// `payment_intent.amount_capturable_updated`
    AmountCapturableUpdated,
    /// `charge.captured`
    ChargeCaptured,
    /// `charge.expired`
    ChargeExpired,
    /// `charge.failed`
    ChargeFailed,
    /// `charge.pending`
    ChargePending,
    /// `charge.refund.updated`: an older name for what happened to a refund.
    ChargeRefundUpdated,
    /// `charge.refunded`
    ChargeRefunded,
    /// `charge.succeeded`
    ChargeSucceeded,
    /// `charge.updated`
    ChargeUpdated,
    /// `payment_intent.canceled`
    Canceled,
    /// `payment_intent.created`
    Created,
    /// `payment_intent.payer_owed`, a name of our own: a recipient has sent its share back to the platform, as a refund on its own
    /// side, and the payer has not got it. What the platform does not refund itself stays owed.
    PayerStillOwed,
    /// `payment_intent.payment_failed`
    PaymentFailed,
    /// `payment_intent.processing`
    Processing,
    /// `payment_intent.requires_action`
    RequiresAction,
    /// `payment_intent.succeeded`
    Succeeded,
    /// `refund.created`
    RefundCreated,
    /// `refund.failed`: the money is back with the balance that was debited.
    RefundFailed,
    /// `refund.updated`
    RefundUpdated,
}

impl PaymentEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AmountCapturableUpdated => "payment_intent.amount_capturable_updated",
            Self::ChargeCaptured => "charge.captured",
            Self::ChargeExpired => "charge.expired",
            Self::ChargeFailed => "charge.failed",
            Self::ChargePending => "charge.pending",
            Self::ChargeRefundUpdated => "charge.refund.updated",
            Self::ChargeRefunded => "charge.refunded",
            Self::ChargeSucceeded => "charge.succeeded",
            Self::ChargeUpdated => "charge.updated",
            Self::Canceled => "payment_intent.canceled",
            Self::Created => "payment_intent.created",
            Self::PayerStillOwed => "payment_intent.payer_owed",
            Self::PaymentFailed => "payment_intent.payment_failed",
            Self::Processing => "payment_intent.processing",
            Self::RequiresAction => "payment_intent.requires_action",
            Self::Succeeded => "payment_intent.succeeded",
            Self::RefundCreated => "refund.created",
            Self::RefundFailed => "refund.failed",
            Self::RefundUpdated => "refund.updated",
        }
    }
}

/// What the host must do for a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PaymentInstruction {
    /// Have the amount held ready by the payer's bank; report [`ChargeAuthorized`](super::ChargeAuthorized) or
    /// [`ChargeFailed`](super::ChargeFailed). The charge's id is the idempotency key to pass on.
    Authorize {
        /// The attempt.
        charge: ChargeId,
        /// How much.
        amount: Money,
        /// How.
        method: PaymentMethod,
        /// The acquirer's token for the card.
        token: Option<Box<str>>,
        /// What the bank is asked for beyond the amount.
        how: ManualCapture,
    },
    /// Take money that is held ready; report [`ChargeCaptured`](super::ChargeCaptured) or [`CaptureFailed`](super::CaptureFailed).
    /// The charge's id and the number are the idempotency key to pass on.
    Capture {
        /// The charge.
        charge: ChargeId,
        /// Which of its captures.
        capture: u8,
        /// How much.
        amount: Money,
        /// Whether the rest is to be released.
        is_final: bool,
    },
    /// Take the money, or for a voucher hand it out and wait; report
    /// [`ChargeSucceeded`](super::ChargeSucceeded) or [`ChargeFailed`](super::ChargeFailed), and before that
    /// [`ActionRequired`](super::ActionRequired) where the payer has to do something. The charge's id is the idempotency key to pass on.
    Charge {
        /// The attempt.
        charge: ChargeId,
        /// How much.
        amount: Money,
        /// How.
        method: PaymentMethod,
        /// The acquirer's token for the card or bank account.
        token: Option<Box<str>>,
    },
    /// Go on with an attempt whose payer has done what was theirs; report as for the attempt itself. It stays in the list of what was
    /// asked until the attempt has ended, also where a payment that confirms itself needed nobody to ask.
    Confirm {
        /// The attempt.
        charge: ChargeId,
    },
    /// Hold more ready; report [`AuthorizationIncremented`](super::AuthorizationIncremented) or
    /// [`IncrementDeclined`](super::IncrementDeclined). The charge's id and the number are the idempotency key to pass on.
    IncrementAuthorization {
        /// The charge.
        charge: ChargeId,
        /// Which attempt.
        attempt: u8,
        /// The new total.
        amount: Money,
    },
    /// Find out what became of an attempt whose reader has let go without telling it; report what is reported of any attempt:
    /// [`ChargeSucceeded`](super::ChargeSucceeded), [`ChargeAuthorized`](super::ChargeAuthorized) or
    /// [`ChargeFailed`](super::ChargeFailed). Nothing is to be charged again.
    // RULE: after a connection error, or a timeout, the payment is looked up (docs.stripe.com/terminal/payments/collect-card-payment,
    // 2025).
    Retrieve {
        /// The attempt.
        charge: ChargeId,
    },
    /// Stop waiting for the payer, or let go what is held ready and was not captured.
    Void {
        /// The attempt.
        charge: ChargeId,
    },
    /// Give money back, having asked the payer where it goes if the method needs that, and report
    /// [`RefundTraced`](super::RefundTraced), [`RefundUnderWay`](super::RefundUnderWay), [`RefundSucceeded`](super::RefundSucceeded),
    /// [`RefundFailed`](super::RefundFailed) or [`RefundCanceled`](super::RefundCanceled). The refund's id is the idempotency key
    /// to pass on.
    Refund {
        /// The refund.
        refund: RefundId,
        /// The charge that it gives back.
        charge: ChargeId,
        /// How much.
        amount: Money,
    },
    /// Stop asking the payer where the money goes: nothing is given back.
    CancelRefund {
        /// The refund.
        refund: RefundId,
    },
    /// Find out what became of a refund whose reader has let go without telling it; report what is reported of any refund. Nothing
    /// is to be given back again.
    RetrieveRefund {
        /// The refund.
        refund: RefundId,
    },
}
