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
    /// `charge.refunded`
    ChargeRefunded,
    /// `charge.succeeded`
    ChargeSucceeded,
    /// `payment_intent.canceled`
    Canceled,
    /// `payment_intent.created`
    Created,
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
    /// `refund.updated`
    RefundUpdated,
}

impl PaymentEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChargeFailed => "charge.failed",
            Self::ChargePending => "charge.pending",
            Self::ChargeRefunded => "charge.refunded",
            Self::ChargeSucceeded => "charge.succeeded",
            Self::Canceled => "payment_intent.canceled",
            Self::Created => "payment_intent.created",
            Self::PaymentFailed => "payment_intent.payment_failed",
            Self::Processing => "payment_intent.processing",
            Self::RequiresAction => "payment_intent.requires_action",
            Self::Succeeded => "payment_intent.succeeded",
            Self::RefundCreated => "refund.created",
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
    /// Give money back, and report [`RefundSucceeded`](super::RefundSucceeded). The refund's id is the idempotency key to
    /// pass on.
    Refund {
        /// The refund.
        refund: RefundId,
        /// The charge that it gives back.
        charge: ChargeId,
        /// How much.
        amount: Money,
    },
}
