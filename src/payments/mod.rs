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
//!
//!  dispute
//!    (an inquiry) ──► warning_needs_response ──► warning_under_review
//!    warning_* ──► warning_closed                after 120 days, by a full refund, or told
//!    warning_* ──► needs_response                escalated, or its money withdrawn
//!    (a chargeback, a compliance case) ──► needs_response ──► under_review
//!    needs_response, under_review ──► won, lost
//!    needs_response ──► lost                     accepted, or not answered in time
//!    (what cannot be answered) ──► lost ──► won  a late win
//!    needs_response, under_review, won, lost ──► appeal_needs_response ──► appeal_under_review
//!    appeal_* ──► won, lost
//!    (settled before it was filed), warning_*, needs_response, under_review ──► prevented
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
//! | dispute opened | none | `charge.dispute.created` |
//! | its money withdrawn | `adjustment` (category `dispute`) less the fee, which is a `stripe_fee` where somebody else pays it | `charge.dispute.funds_withdrawn` |
//! | evidence submitted | `stripe_fee` for countering, or for a compliance case | `charge.dispute.updated` |
//! | escalated, appealed | none | `charge.dispute.updated` |
//! | won, after or before it was lost; partly won | `adjustment` (category `dispute_reversal`), `stripe_fee` for fees that come back | `charge.dispute.funds_reinstated`, `charge.dispute.closed` |
//! | lost, accepted, not answered in time | none: what was withheld goes to the payer | `charge.dispute.closed` |
//! | inquiry closed, prevented | none | `charge.dispute.closed` |
//! | fraud warning | none | `radar.early_fraud_warning.created`, later `.updated` |
//!
//! # Rules
//! - A payment has at most one successful charge, and any number of failed ones
//!   (docs.stripe.com/payments/paymentintents/lifecycle, 2026).
//! - No money is booked before the world says that it was taken.
//! - A refund says who bears it: whether the transfer is pulled back and whether the commission is returned.
//!   Returning the commission of a destination charge needs its transfer pulled back too
//!   (docs.stripe.com/connect/destination-charges, 2026).
//! - The processor's fee is not given back (docs.stripe.com/refunds, 2024).
//! - What is disputed, and what was lost to a dispute, is not refunded as well; an inquiry may be refunded, and a full refund closes it;
//!   after a win the charge can be refunded again (docs.stripe.com/disputes/how-disputes-work, 2026; recorded exchanges, 2023-2025).
//! - A dispute debits the account that its charge is booked on, whatever it has: its money nets inside what is pending, as a refund's
//!   does. Who pays its fee is [a policy](crate::rulebook::DisputeFeePayer). The commission and the transfer stay as they are
//!   (docs.stripe.com/connect/disputes, 2026).
//! - A dispute's state and its money follow from when each thing happened, not from when it was told, and from the clock: a chargeback
//!   that nobody answers in time is lost, an inquiry is closed after 120 days (docs.stripe.com/disputes/how-disputes-work, 2026).
//! - Money is withdrawn when the world says so, and for a chargeback only; during an appeal it stays where it is (the latter is our own
//!   reading: the pages say nothing of it).
//!
//! # Not modelled
//! Separate confirmation and capture, customers, refunds that wait for funds or come back:
//! a refund that the balance cannot cover is refused. Of disputes: documents of evidence, of which the host keeps all but a name; what
//! the processor's own service takes for a win; disputes in another currency than their charge; fees in another currency, which are
//! not booked; what a dispute of a refunded charge does to the refund.

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
