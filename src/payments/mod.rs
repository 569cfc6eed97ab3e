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
//!  refund                 pending ──► succeeded
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
//!
//! # Rules
//! - A payment has at most one successful charge, and any number of failed ones
//!   (docs.stripe.com/payments/paymentintents/lifecycle, 2026).
//! - No money is booked before the world says that it was taken.
//! - A refund says who bears it: whether the transfer is pulled back and whether the commission is returned.
//!   Returning the commission of a destination charge needs its transfer pulled back too
//!   (docs.stripe.com/connect/destination-charges, 2026).
//! - The processor's fee is not given back (docs.stripe.com/refunds, 2024).
//!
//! # Not modelled
//! Separate confirmation and capture, customers, disputes, refunds that wait for funds or come back:
//! a refund that the balance cannot cover is refused.

mod charge;
mod dispute;
mod error;
mod event;
mod failure;
mod fraud_warning;
mod intent;
mod posting;
mod refund;

pub(crate) use charge::{Attempt, Contest};
pub use charge::{Captured, Charge, ChargeFailed, ChargeState, ChargeSubmitted, ChargeSucceeded, Named};
pub use dispute::{
    AwaitingEvidence, ClosedInquiry, Countered, Dispute, DisputeCase, DisputeChange, DisputeChanged, DisputeError,
    DisputeEvent, DisputeInstruction, DisputeOpened, DisputeReason, DisputeState, DisputeStatus, FraudType, Inquiry,
    InquiryEnd, LossCause, Lost, NamedDispute, Prevented, Submission, SubmissionMethod, SubmitEvidence, Won,
};
pub(crate) use dispute::{Contradiction, FeeTerms, NewDispute, Position};
pub use error::{PaymentAction, PaymentError, PaymentStatus};
pub use event::{PaymentEvent, PaymentInstruction};
pub use failure::{ChargeFailure, DebitFailure, DeclineCode};
pub use fraud_warning::{EarlyFraudWarning, FraudWarned};
pub use intent::{CancelPayment, CancellationReason, ConfirmPayment, Flow, NewPayment, PaymentIntent, PaymentState};
pub(crate) use posting::{Disputed, Received, Refunded};
pub use refund::{NewRefund, Refund, RefundState, RefundSucceeded, WhoBears};
