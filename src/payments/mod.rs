//! Taking money from payers and giving it back.
//!
//! ```text
//!  payment intent
//!    planned without a method ──► requires_payment_method
//!                                      │ method
//!    planned with one ──────► requires_confirmation ─────┐
//!    at once ───────────────────────────────── confirmed ┴──► processing ──► succeeded
//!                                                               │    ▲
//!    processing ──► requires_action ──► processing              │    │ confirmed again, or the money came after all
//!      the payer has something to do │                          ▼    │
//!      (vouchers begin with it)      │    refused, run out: requires_payment_method
//!                                    └──► requires_confirmation, where the host goes on by hand
//!    requires_payment_method, requires_confirmation, requires_action ──► canceled
//!    too many attempts failed ──► canceled ──► succeeded    only where the money came after all
//!
//!  captured later
//!    processing ──► requires_capture ──► processing ──► succeeded
//!      authorized         │   ▲ failed,     │ captured for the last time
//!                         │   └─ in part ───┘
//!                         └──► canceled, or succeeded where captured in part
//!
//!  charge (one attempt)   pending ──► succeeded
//!                            ├──────► failed
//!                            └──────► authorized ──► succeeded
//!                                        └─────────► released
//!
//!  refund
//!    asked for ──► waiting (pending, insufficient_funds) ──► failed, canceled
//!       │             │ the balance covers it
//!       ├──► awaiting a card, at a reader ──► booked, canceled
//!       ▼             ▼
//!      booked: requires_action ──► pending ──► succeeded    (a card's refund shows as succeeded at once)
//!                  │                  │            │
//!                  └──────────────────┴────────────┴──► failed, canceled
//!
//!  dispute
//!    (an inquiry) ──► warning_needs_response ──► warning_under_review
//!    warning_* ──► warning_closed                after 120 days, by a full refund, or told
//!    warning_* ──► needs_response                escalated, or its money withdrawn
//!    (a chargeback, a compliance case) ──► needs_response ──► under_review
//!    needs_response, under_review ──► won, lost
//!    needs_response ──► lost                     accepted, or not answered in time
//!    (what cannot be answered) ──► lost ──► won  a late win; of a debit that is all there is
//!    needs_response, under_review, won, lost ──► appeal_needs_response ──► appeal_under_review
//!    appeal_* ──► won, lost
//!    (settled before it was filed), warning_*, needs_response, under_review ──► prevented
//! ```
//!
//! | edge | balance transactions | event |
//! |---|---|---|
//! | payment created | none | `payment_intent.created` |
//! | debit submitted | `payment`, on its way | `payment_intent.processing`, `charge.pending` |
//! | its payer has something to do first | the `payment` off again | `payment_intent.requires_action` |
//! | its payer has done it, and the host confirmed where it has to | `payment`, on its way | `payment_intent.processing` |
//! | voucher handed out, or the payer has something else to do | none | `payment_intent.requires_action` |
//! | the payer has done it | none | `payment_intent.processing` where the world goes on by itself |
//! | payment changed | none | none |
//! | charge succeeded | `charge` or `payment`, in place of a debit on its way, with its transfer and commission; a `stripe_fee` back where it seemed to have failed | `charge.succeeded`, `payment_intent.succeeded` |
//! | charge failed | `payment_failure_refund` for a debit on its way; `stripe_fee` where it costs one | `charge.failed`, `payment_intent.payment_failed`, and `.canceled` with the last attempt that can be made |
//! | charge authorized, or raised | none | `charge.succeeded`, or `charge.updated`; `payment_intent.amount_capturable_updated` |
//! | capture asked for | none | `payment_intent.processing` |
//! | captured, more to come | `charge`, with what it adds to transfer and commission | `charge.updated`, `payment_intent.amount_capturable_updated` |
//! | captured for the last time | the same, and a `refund` of what a single capture did not take | `charge.captured`, `payment_intent.succeeded` |
//! | capture failed | none | `payment_intent.amount_capturable_updated` |
//! | authorization ran out | none | `charge.expired`, `payment_intent.canceled` or, captured in part, `.succeeded` |
//! | payment canceled | none | `payment_intent.canceled` or, captured in part, `.succeeded` |
//! | refund created | `refund` or `payment_refund`, with the shares pulled back | `refund.created`, `charge.refunded` |
//! | refund created, not covered | none | `refund.created` |
//! | refund covered at last | as if created then | `charge.refunded`, `refund.updated`, `charge.refund.updated` |
//! | refund under way, succeeded | none | `refund.updated`, `charge.refund.updated` |
//! | refund failed | `refund_failure`, or `payment_refund` as a credit | `refund.failed`, `charge.refund.updated` |
//! | refund canceled | the same | `refund.updated`, `charge.refund.updated` |
//! | waiting refund failed, canceled | none | the same |
//! | … that had pulled a transfer back | the same | also `transfer.reversal.kept` |
//! | recipient sends its share back | `transfer_refund`, `payment_refund` | `transfer.reversed`, `payment_intent.payer_owed` |
//! | pulled back by the payer's bank, without a dispute | `payment_reversal` | `charge.updated` |
//! | … and a dispute takes the same money, or gives it back | `payment_reversal`, as a credit or once more | `charge.updated` |
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
//! - Only what is not being collected can be changed. A change while an attempt waits for the host to go on calls that attempt off; money
//!   that comes for another amount than the payment's is an anomaly.
//! - What was open when a payment was planned has to be open when it is collected: both are checked.
//! - How many attempts can be made is the host's rulebook's to say
//!   ([`with_attempt_limit`](crate::rulebook::Rulebook::with_attempt_limit)); the field's own limit is not published.
//! - A payment in person is not attempted before a reader takes it ([`terminal`](crate::terminal)).
//! - No money is booked before the world says that it was taken, but for debits on their way: each is pending on the account that it will
//!   be booked on, whole and without fees, and nothing can leave from there
//!   (docs.stripe.com/reports/balance-transaction-types, 2024). An authorization books nothing, nor does a voucher.
//! - What others get is worked out on all that was captured so far, and each capture books what that adds. The processor's fee is on
//!   what was captured (docs.stripe.com/connect/platform-pricing-tools, 2024).
//! - What is not captured in time is let go by the clock; the window is the world's to tell, and else the rulebook's
//!   ([`Rulebook::authorization_window`](crate::rulebook::Rulebook::authorization_window)).
//! - A capture that was asked for and is not answered keeps the payment where it is: it does not run out, is not called off and not
//!   asked for again.
//! - A payment may carry a plan: its commission is worked out, or its money is shared out with a transfer for each recipient, in the entry of
//!   the capture and on all that was captured by then. What others get of a payment is bounded by it. Refunds pull those transfers back as
//!   they do that of a destination charge, everybody's in one entry (that they do is our own reading).
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
//! - Whose business a payment is decides which country's methods, currencies, prices and delays hold; on whose balance it is booked
//!   decides who pays and who gives back. [`Parties`] has both.
//! - A charge that the business whose payment it is cannot hold in its currency is converted into that business's default currency, at the
//!   rate of when it was attempted: the middle of the market less a fee. So what is charged on behalf of an account is booked on the
//!   platform in the account's currency. What goes on to a recipient is converted once more where that cannot hold it. The processor takes
//!   its price of that, and the least that can be charged goes by it. The payer gets back the exact amount, which costs the account what it
//!   does at the middle of that day, each refund by itself. The commission is defined in the currency of the payment; the account pays it,
//!   and gets it back, at the rate of the charge (docs.stripe.com/connect/currencies and /currencies/conversions, 2024; recorded exchanges,
//!   2023-2025).
//! - What the world tells of a converted charge is converted at its rate: captures in parts, debits on their way and such that banks pull
//!   back come to what the whole does, whatever their order. A dispute takes what the world says, and else what the charge had brought
//!   (docs.stripe.com/disputes/how-disputes-work, 2026; recorded exchanges).
//! - What is disputed, and what was lost to a dispute, is not refunded as well; an inquiry may be refunded, and a full refund closes those
//!   that are known by then; after a win the charge can be refunded again (docs.stripe.com/disputes/how-disputes-work, 2026; recorded
//!   exchanges, 2023-2025).
//! - A dispute debits the account that its charge is booked on, whatever it has: its money nets inside what is pending, as a refund's
//!   does. Who pays its fee is [a policy](crate::rulebook::DisputeFeePayer). The commission and the transfer stay as they are
//!   (docs.stripe.com/connect/disputes, 2026).
//! - A dispute's state and its money follow from when each thing happened, not from when it was told, and from the clock: a chargeback
//!   that nobody answers in time is lost, an inquiry is closed after 120 days (docs.stripe.com/disputes/how-disputes-work, 2026).
//! - A dispute of a debit is final: it is lost as soon as it is there, takes no evidence and knows neither inquiry nor appeal
//!   (docs.stripe.com/payments/sepa-debit, 2024; support.stripe.com/questions/disputes-for-ach-payments, 2026). Which methods are like
//!   that, and how long payers have, is [data](crate::rulebook::DisputeRule).
//! - A debit that failed costs a fee, where the rulebook knows one ([`MethodFees`](crate::rulebook::MethodFees)), of whoever the
//!   controller says pays for failed payments (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026).
//! - A debit that its payer's bank pulls back without a dispute leaves the account that the charge is booked on
//!   (docs.stripe.com/reports/balance-transaction-types, 2024), from where refunds and disputes take their money. The payment has
//!   succeeded all the same. The commission, the transfer and the processor's fee stay with whom they are, and it costs no fee. A bank pulls
//!   a debit back once: what a dispute has taken of it is not taken again. Only methods whose success is known later are pulled back
//!   (all but the first is our own reading).
//! - Money is withdrawn when the world says so, and for a chargeback only; during an appeal it stays where it is (the latter is our own
//!   reading: the pages say nothing of it).
//!
//! # Authorize now, capture later
//! ```
//! use fundroute::payments::CapturePayment;
//! use fundroute::prelude::*;
//! use fundroute::simulator::World;
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let mut world = World::new();
//! let jo = world.onboard(&mut platform, NewAccount::express(US))?;
//! let order = NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_00)).manual_capture();
//! let order = platform.payments().create("order", order)?.answer;
//! world.settle(&mut platform)?;
//! assert_eq!(platform.payment(order)?.amount_capturable(), usd(10_00));
//!
//! // One of the two things was sold out.
//! platform.payments().capture("parcel", CapturePayment::of(order).amount(usd(6_00)))?;
//! world.settle(&mut platform)?;
//! assert_eq!(platform.payment(order)?.amount_received(), usd(6_00));
//! assert_eq!(platform.balance(jo, USD)?.pending, 5_00);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Not modelled
//! Customers. Refunds of payments that have not succeeded yet. What a debit costs that is pulled back. Of disputes: documents of evidence,
//! of which the host keeps all but a name; what the processor's own service takes for a win; disputes that are told in another
//! currency than their charge; fees in another currency, which are not booked.

mod authorization;
mod cancel;
mod capture;
mod charge;
mod charge_facts;
mod confirm;
mod dispute;
mod error;
mod event;
mod failure;
mod flow;
mod fraud_warning;
mod intent;
mod new_payment;
mod new_refund;
mod parties;
mod posting;
mod refund;
mod refund_queue;
mod refund_words;

pub use authorization::{Asked, Authorization, Raise};
pub(crate) use authorization::{Granted, MOST_CAPTURES, MOST_INCREMENTS, Telling};
pub use cancel::{CancelPayment, Cancellation, CancellationReason};
pub use capture::{
    AuthorizationIncremented, Capture, CaptureFailed, CapturePayment, ChargeAuthorized, ChargeCaptured,
    IncrementAuthorization, IncrementDeclined, ManualCapture, PaymentCard,
};
pub(crate) use charge::{Attempt, ChargeExchange, Contest, Taken};
pub use charge::{Captured, Charge, ChargeSplit, ChargeState, PaymentReversal};
pub use charge_facts::{ChargeFailed, ChargeReversed, ChargeSubmitted, ChargeSucceeded, Named};
pub use confirm::{
    ActionCompleted, ActionRequired, ConfirmPayment, ConfirmationMethod, NextAction, PayerStep, UpdatePayment,
};
pub use dispute::{
    AwaitingEvidence, ClosedInquiry, Countered, Dispute, DisputeCase, DisputeChange, DisputeChanged, DisputeError,
    DisputeEvent, DisputeInstruction, DisputeOpened, DisputeReason, DisputeState, DisputeStatus, FraudType, Inquiry,
    InquiryEnd, LossCause, Lost, NamedDispute, Prevented, Submission, SubmissionMethod, SubmitEvidence, Won,
};
pub(crate) use dispute::{Contradiction, FeeTerms, NewDispute, Position};
pub use error::{PaymentAction, PaymentError, PaymentStatus};
pub use event::{PaymentEvent, PaymentInstruction};
pub use failure::{ChargeFailure, DebitFailure, DeclineCode, ReaderFailure};
pub use flow::Flow;
pub(crate) use flow::Parts;
pub use fraud_warning::{EarlyFraudWarning, FraudWarned};
pub use intent::{PaymentIntent, PaymentState};
pub use new_payment::NewPayment;
pub use new_refund::{CancelRefund, NewRefund, WhoBears};
pub use parties::{Parties, Party};
pub(crate) use posting::{Disputed, FailedDebit, Received, RefundReturned, Refunded, Reversed, Submitted};
pub use refund::{
    CanceledBy, Refund, RefundCanceled, RefundFailed, RefundState, RefundSucceeded, RefundTraced, RefundUnderWay,
};
pub(crate) use refund::{Heard, Legs, Takes};
pub use refund_queue::RefundQueue;
pub use refund_words::{CardRefund, PendingReason, RefundFailure, RefundReason, RefundStatus};
