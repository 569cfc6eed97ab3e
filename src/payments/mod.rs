//! Taking money from payers and giving it back.
//!
//! ```text
//!  payment intent
//!    create ──► processing ────────────► succeeded
//!       │           │ refused                ▲
//!       │           ▼                        │ paid
//!       │   requires_payment_method ──► (confirm again)
//!       │           ▲ expired                │
//!       └──► requires_action (voucher) ──────┘
//!    requires_payment_method, requires_action ──► canceled
//!
//!  charge (one attempt)   pending ──► succeeded
//!                            └──────► failed
//!
//!  refund
//!    asked for ──► waiting (pending, insufficient_funds) ──► failed, canceled
//!       │             │ the balance covers it
//!       ▼             ▼
//!      booked: requires_action ──► pending ──► succeeded    (a card's refund shows as succeeded at once)
//!                  │                  │            │
//!                  └──────────────────┴────────────┴──► failed, canceled
//! ```
//!
//! | edge | balance transactions | event |
//! |---|---|---|
//! | payment created | none | `payment_intent.created` |
//! | debit submitted | none | `payment_intent.processing`, `charge.pending` |
//! | voucher handed out | none | `payment_intent.requires_action` |
//! | charge succeeded | `charge` or `payment`, with its transfer and commission | `charge.succeeded`, `payment_intent.succeeded` |
//! | charge failed | none | `charge.failed`, `payment_intent.payment_failed` |
//! | payment canceled | none | `payment_intent.canceled` |
//! | refund created | `refund` or `payment_refund`, with the shares pulled back | `refund.created`, `charge.refunded` |
//! | refund created, not covered | none | `refund.created` |
//! | refund covered at last | as if created then | `charge.refunded`, `refund.updated`, `charge.refund.updated` |
//! | refund under way, succeeded | none | `refund.updated`, `charge.refund.updated` |
//! | refund failed | `refund_failure`, or `payment_refund` as a credit | `refund.failed`, `charge.refund.updated` |
//! | refund canceled | the same | `refund.updated`, `charge.refund.updated` |
//! | waiting refund failed, canceled | none | the same |
//! | … that had pulled a transfer back | the same | also `transfer.reversal.kept` |
//! | recipient sends its share back | `transfer_refund`, `payment_refund` | `transfer.reversed`, `payment_intent.payer_owed` |
//!
//! # Rules
//! - A payment has at most one successful charge, and any number of failed ones
//!   (docs.stripe.com/payments/paymentintents/lifecycle, 2026).
//! - No money is booked before the world says that it was taken.
//! - A refund says who bears it: whether the transfer is pulled back and whether the commission is returned.
//!   Returning the commission of a destination charge needs its transfer pulled back too
//!   (docs.stripe.com/connect/destination-charges, 2026).
//! - A refund that the balance of the account that was charged does not cover waits for it; those that wait are booked in the order in
//!   which they were asked for (docs.stripe.com/refunds, 2024). The first one that is not covered holds up those behind it. One whose
//!   transfer the recipient cannot give back is refused as a whole (docs.stripe.com/connect/charges, 2026).
//! - Refunds of money that is still pending wait for nothing: they lower what is pending (recorded exchanges, 2023-2025).
//! - What waits counts as refunded. Its shares are cut when it is booked: in the order of booking, not of asking.
//! - A refund that did not reach the payer, or came back after it had, gives the amount back to the balance that it was taken from,
//!   and the charge can be refunded again. What it had pulled back of a transfer, and returned of a commission, stays so
//!   (docs.stripe.com/refunds, 2024), and counts for the refunds to come: nobody gives the same share twice.
//!   [`Platform::passes_on`](crate::Platform::passes_on) tells the transfer that would pass the money on.
//! - Only a refund for which the payer has to act can be called off (docs.stripe.com/api/refunds/cancel, 2026).
//! - Of contradicting reports failure holds over cancellation, and both over success, whatever comes first.
//! - The processor's fee is not given back (docs.stripe.com/refunds, 2024), unless the rulebook has it as it was for older accounts
//!   ([`with_processor_fee_returned`](crate::rulebook::Rulebook::with_processor_fee_returned)).
//!
//! # Not modelled
//! Separate confirmation and capture, customers, disputes. A dispute of a charge is to end its refunds under way with
//! [`RefundFailure::ChargeForPendingRefundDisputed`]. Refunds of payments that have not succeeded yet, and which of a card's refunds
//! the network takes as a reversal of the charge.

mod charge;
mod error;
mod event;
mod failure;
mod intent;
mod new_refund;
mod posting;
mod refund;
mod refund_queue;
mod refund_words;

pub(crate) use charge::Attempt;
pub use charge::{Captured, Charge, ChargeFailed, ChargeState, ChargeSubmitted, ChargeSucceeded, Named};
pub use error::{PaymentAction, PaymentError, PaymentStatus};
pub use event::{PaymentEvent, PaymentInstruction};
pub use failure::{ChargeFailure, DebitFailure, DeclineCode};
pub use intent::{CancelPayment, CancellationReason, ConfirmPayment, Flow, NewPayment, PaymentIntent, PaymentState};
pub use new_refund::{CancelRefund, NewRefund, WhoBears};
pub(crate) use posting::{Received, RefundReturned, Refunded};
pub use refund::{CanceledBy, Refund, RefundCanceled, RefundFailed, RefundState, RefundSucceeded, RefundUnderWay};
pub(crate) use refund::{Heard, Legs, Takes};
pub use refund_queue::RefundQueue;
pub use refund_words::{PendingReason, RefundFailure, RefundReason, RefundStatus};
