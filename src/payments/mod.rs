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
//! | charge authorized, or raised | none | `charge.succeeded`, or `charge.updated`; `payment_intent.amount_capturable_updated` |
//! | capture asked for | none | `payment_intent.processing` |
//! | captured, more to come | `charge`, with what it adds to transfer and commission | `charge.updated`, `payment_intent.amount_capturable_updated` |
//! | captured for the last time | the same, and a `refund` of what a single capture did not take | `charge.captured`, `payment_intent.succeeded` |
//! | capture failed | none | `payment_intent.amount_capturable_updated` |
//! | authorization ran out | none | `charge.expired`, `payment_intent.canceled` or, captured in part, `.succeeded` |
//! | payment canceled | none | `payment_intent.canceled` or, captured in part, `.succeeded` |
//! | refund created | `refund` or `payment_refund`, with the shares pulled back | `refund.created`, `charge.refunded` |
//!
//! # Rules
//! - A payment has at most one successful charge, and any number of failed ones
//!   (docs.stripe.com/payments/paymentintents/lifecycle, 2026).
//! - No money is booked before the world says that it was taken. An authorization books nothing.
//! - What others get is worked out on all that was captured so far, and each capture books what that adds. The processor's fee is on
//!   what was captured (docs.stripe.com/connect/platform-pricing-tools, 2024).
//! - What is not captured in time is let go by the clock; the window is the world's to tell, and else the rulebook's
//!   ([`Rulebook::authorization_window`](crate::rulebook::Rulebook::authorization_window)).
//! - A capture that was asked for and is not answered keeps the payment where it is: it does not run out, is not called off and not
//!   asked for again.
//! - A refund says who bears it: whether the transfer is pulled back and whether the commission is returned.
//!   Returning the commission of a destination charge needs its transfer pulled back too
//!   (docs.stripe.com/connect/destination-charges, 2026).
//! - The processor's fee is not given back (docs.stripe.com/refunds, 2024).
//! - Whose business a payment is decides which country's methods, currencies, prices and delays hold; on whose balance it is booked
//!   decides who pays and who gives back. [`Parties`] has both.
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
//! Creating without confirming, customers, disputes, refunds that wait for funds or come back:
//! a refund that the balance cannot cover is refused. Authorizations of other methods than cards.

mod authorization;
mod cancel;
mod capture;
mod charge;
mod error;
mod event;
mod failure;
mod flow;
mod intent;
mod parties;
mod posting;
mod refund;

pub use authorization::{Asked, Authorization};
pub(crate) use authorization::{Granted, MOST_CAPTURES, MOST_INCREMENTS};
pub use cancel::{CancelPayment, Cancellation, CancellationReason};
pub use capture::{
    AuthorizationIncremented, Capture, CaptureFailed, CapturePayment, ChargeAuthorized, ChargeCaptured,
    IncrementAuthorization, IncrementDeclined, ManualCapture, PaymentCard,
};
pub(crate) use charge::{Attempt, Taken};
pub use charge::{Captured, Charge, ChargeFailed, ChargeState, ChargeSubmitted, ChargeSucceeded, Named};
pub use error::{PaymentAction, PaymentError, PaymentStatus};
pub use event::{PaymentEvent, PaymentInstruction};
pub use failure::{ChargeFailure, DebitFailure, DeclineCode};
pub use flow::Flow;
pub(crate) use flow::Parts;
pub use intent::{ConfirmPayment, NewPayment, PaymentIntent, PaymentState};
pub use parties::{Parties, Party};
pub(crate) use posting::{Received, Refunded};
pub use refund::{NewRefund, Refund, RefundState, RefundSucceeded, WhoBears};
