use serde::{Deserialize, Serialize};

use crate::ids::{ChargeId, RefundId};
use crate::money::Money;
use crate::rulebook::PaymentMethod;

/// What happened to a payment, a charge or a refund; the object of the event says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PaymentEvent {
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
            Self::ChargeFailed => "charge.failed",
            Self::ChargePending => "charge.pending",
            Self::ChargeRefundUpdated => "charge.refund.updated",
            Self::ChargeRefunded => "charge.refunded",
            Self::ChargeSucceeded => "charge.succeeded",
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
    /// Take the money, or for a voucher hand it out and wait; report
    /// [`ChargeSucceeded`](super::ChargeSucceeded) or [`ChargeFailed`](super::ChargeFailed). The charge's id is the
    /// idempotency key to pass on.
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
    /// Stop waiting for a voucher to be paid.
    Void {
        /// The attempt.
        charge: ChargeId,
    },
    /// Give money back, having asked the payer where it goes if the method needs that, and report
    /// [`RefundUnderWay`](super::RefundUnderWay), [`RefundSucceeded`](super::RefundSucceeded),
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
}
