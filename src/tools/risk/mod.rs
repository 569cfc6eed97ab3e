//! Risk: rules over what the core knows of its accounts, what a person has to look at, and what the platform answers for.
//!
//! A [`RiskRule`] holds one [`Figure`] of an account against a threshold; what follows when it is on the wrong side is its
//! [`RiskOutcome`]. There are no scores: whatever follows has opened a [`Review`], and that names its rule, the figure with its window, what
//! it came to, the threshold, and what was done.
//!
//! ```text
//!                 ┌ a person: Approve, Uphold
//!   Open ─────────┼ the payment came back in full ──► Closed { refunded }, Closed { refunded_as_fraud }
//!                 └ the payment was disputed ───────► Closed { disputed }
//!
//!   Closed { refunded … } ── disputed ──► Closed { disputed }
//! ```
//!
//! | edge | moves | event |
//! |---|---|---|
//! | opened | nothing; the outcome's own path may stop payouts, or hold back what comes in | `review.opened`, and that path's |
//! | approved | nothing; what the rule has done is undone, as far as it still stands | `review.closed`, and that path's |
//! | upheld, refunded, disputed | nothing | `review.closed`, once |
//!
//! # Rules
//! - A review is open or closed, was opened by a rule or by hand, and is closed as approved, refunded, refunded as fraud or disputed
//!   (docs.stripe.com/api/radar/reviews/object, 2026).
//! - An early fraud warning is worth acting on until the payment was disputed or given back
//!   (docs.stripe.com/disputes/how-disputes-work, 2026): see [`Platform::is_actionable`](crate::Platform::is_actionable).
//! - Only the platform that answers for an account's losses may stop it or hold its money back, by the same table of permissions as by hand
//!   (docs.stripe.com/connect/pausing-payments-or-payouts-on-connected-accounts, 2025). Where it may not, the review says that it was
//!   [impossible](Measure::Impossible).
//!
//! # Our own readings
//! - Rules are looked at in their order. One that allows ends the look; of the others each one that holds opens a review of its own. The
//!   same rule opens no second review of an account while one is open, nor for as long after it was closed as its window is.
//! - An account is looked at when somebody [asks](crate::platform::Risk::assess), and in the last microsecond of each day, in UTC,
//!   on which something was counted of it: before the payouts of the next day.
//! - What was counted is kept by account, currency and day. Nothing is counted on a platform that never had a rule or a review.
//! - Payments count for their seller: whose direct charge it is, or who is the destination. Separate charges have none.
//! - A refund that fails stays counted: that it was asked for is what matters.
//! - Of a dispute, what counts is that it was filed; when it was opened is its day.
//!
//! # A seller who is new and sells a lot
//! ```
//! use fundroute::prelude::*;
//! use fundroute::simulator::World;
//! use fundroute::tools::risk::{Condition, Figure, Measure, NewRiskRule, RiskOutcome, Value, Verdict};
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let mut world = World::new();
//! let jo = world.onboard(&mut platform, NewAccount::express(US))?;
//! let much = Condition::at_least_amount(Figure::Volume { days: 7 }, usd(500_00));
//! let rule = NewRiskRule::new("much in a week", much, RiskOutcome::HoldPayouts);
//! let rule = platform.risk().create_rule("rule", rule)?.answer;
//!
//! platform.payments().create("order", NewPayment::card(usd(600_00)).destination(jo))?;
//! world.advance(&mut platform, days(1))?; // the night has come
//! let queue = platform.open_reviews();
//! let finding = *queue[0].finding().unwrap();
//! assert_eq!((finding.rule, finding.value), (rule, Value::Amount(600_00)));
//! assert_eq!(finding.measure, Measure::Paused { payments: false, payouts: true });
//! assert!(platform.account(jo)?.standing().payouts_paused);
//!
//! // A person has looked: jo is paid out again.
//! let review = queue[0].id();
//! platform.risk().close("seen", review, Verdict::Approve)?;
//! assert!(!platform.account(jo)?.standing().payouts_paused);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Not modelled
//! Scores, lists of cards, and what devices and addresses tell: the core does not know them. Reviews that are closed because a charge was
//! redacted. Several rules that stop the same account: the first one has stopped it, and approving its review lets it go on.

mod command;
mod day;
mod error;
mod event;
mod exposure;
mod figure;
mod review;
mod rule;

pub use command::RiskCommand;
pub use day::{RiskDay, Tally};
pub use error::{ReviewAction, ReviewStatus, RiskError};
pub use event::RiskEvent;
pub use exposure::{AccountExposure, CurrencyExposure, Exposure};
pub use figure::{Comparison, Condition, Figure, LONGEST_WINDOW, Share, Threshold, Value};
pub use review::{
    AssignReview, CloseReview, ClosedReason, Finding, Measure, OpenReview, OpenedReason, Review, ReviewOf, ReviewState,
    Verdict,
};
pub use rule::{NewRiskRule, RiskOutcome, RiskRule, RiskRules, UpdateRiskRule};
