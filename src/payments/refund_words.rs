use serde::{Deserialize, Serialize};

use crate::wire::wire;

wire! {
    /// Why money is given back.
    // RULE: docs.stripe.com/api/refunds/object (2026).
    #[non_exhaustive]
    RefundReason:
    "duplicate" Duplicate "The payer paid twice.",
    "fraudulent" Fraudulent "It was not the payer who paid.",
    "requested_by_customer" RequestedByCustomer "The payer asked for it.",
    "expired_uncaptured_charge" ExpiredUncapturedCharge "The money was set aside and never taken: nobody asks for that, it happens.",

    /// Why a refund did not reach the payer, or came back.
    // RULE: docs.stripe.com/api/refunds/object (2026).
    #[non_exhaustive]
    RefundFailure:
    "charge_for_pending_refund_disputed" ChargeForPendingRefundDisputed "The payer has disputed the payment meanwhile, or the payer's bank has pulled it back.",
    "declined" Declined "It was refused on the way.",
    "expired_or_canceled_card" ExpiredOrCanceledCard "The card is no longer in use.",
    "insufficient_funds" InsufficientFunds "The balance did not cover it in time.",
    "lost_or_stolen_card" LostOrStolenCard "The card was lost or stolen.",
    "merchant_request" MerchantRequest "The business called it off.",
    "unknown" Unknown "Nobody knows.",

    /// How a refund to a card shows on the payer's statement. The field says `pending` as long as that is not known.
    // RULE: docs.stripe.com/api/refunds/object (2026).
    CardRefund:
    "refund" Refund "As a credit of its own, beside the charge.",
    "reversal" Reversal "Not at all: the charge is gone, because it was given back soon after it was made.",

    /// Why a refund is pending.
    // RULE: docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason (2025).
    PendingReason:
    "charge_pending" ChargePending "The payment that it gives back had not settled when it was asked for.",
    "insufficient_funds" InsufficientFunds "The balance does not cover it yet.",
    "processing" Processing "It is on its way.",

    /// The names of a refund's states.
    // RULE: docs.stripe.com/api/refunds/object (2026).
    RefundStatus:
    "pending" Pending "On its way, or waiting for money.",
    "requires_action" RequiresAction "The payer has to say where the money goes.",
    "succeeded" Succeeded "Given back.",
    "failed" Failed "It did not reach the payer, or came back.",
    "canceled" Canceled "Called off.",
}
