use serde::{Deserialize, Serialize};

use crate::ids::PaymentId;

/// A command: give up on a payment that has brought no money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelPayment {
    /// The payment.
    pub payment: PaymentId,
    /// Why, if somebody says so.
    pub reason: Option<CancellationReason>,
}

impl CancelPayment {
    /// Gives up on a payment.
    pub const fn of(payment: PaymentId) -> Self {
        Self { payment, reason: None }
    }

    /// The same, saying why.
    #[must_use]
    pub const fn because(mut self, reason: CancellationReason) -> Self {
        self.reason = Some(reason);
        self
    }
}

/// Why a payment was given up, by whoever gave it up.
// RULE: docs.stripe.com/api/payment_intents/cancel (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CancellationReason {
    /// The buyer has left.
    Abandoned,
    /// It was asked for twice.
    Duplicate,
    /// It is not the buyer who asked for it.
    Fraudulent,
    /// The buyer does not want it any more.
    RequestedByCustomer,
}

impl CancellationReason {
    /// The reason's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abandoned => "abandoned",
            Self::Duplicate => "duplicate",
            Self::Fraudulent => "fraudulent",
            Self::RequestedByCustomer => "requested_by_customer",
        }
    }
}

/// Who gave a payment up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cancellation {
    /// Somebody asked for it, for this reason if one was given.
    Asked(Option<CancellationReason>),
    /// As many attempts failed as [can be made](crate::rulebook::Rulebook::with_attempt_limit). Money that comes after all is taken up.
    AttemptsExhausted,
    /// Nobody captured it in time.
    Expired,
}

impl Cancellation {
    /// The reason on the wire.
    // RULE: of the reasons that the field gives itself, which one stands for an authorization that ran out, and which for too many
    // attempts, is not published (docs.stripe.com/api/payment_intents/object, 2026): the plainest ones are our reading.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Asked(reason) => reason.map(CancellationReason::as_str),
            Self::AttemptsExhausted => Some("automatic"),
            Self::Expired => Some("expired"),
        }
    }
}
