//! Sending balances to banks: schedules, payouts, and what happens when one comes back.
//!
//! ```text
//!  payout    pending ──► in_transit ──► paid
//!               │  └─────────┼──────────►┤
//!               │            ▼           ▼ the bank sends it back
//!               └────────► failed ◄──────┘
//!            pending (by hand only) ──► canceled
//!
//!  schedule  manual ◄──► daily ◄──► weekly ◄──► monthly
//! ```
//!
//! | edge | balance transactions | postings | event |
//! |---|---|---|---|
//! | created | `payout`, within minutes less a fee | available → in transit (and fees) | `payout.created` |
//! | submitted | none | none | `payout.updated` |
//! | paid | none | in transit → banks | `payout.paid` |
//! | failed | `payout_failure` | in transit, or banks, → available | `payout.failed` |
//! | canceled | `payout_cancel` | in transit → available | `payout.canceled` |
//!
//! # Rules
//! - Funds leave the balance when the payout is created, and stay in transit until the bank is heard
//!   (docs.stripe.com/api/payouts, 2026).
//! - `paid` is not the end: a bank may return a payout that it reported as paid
//!   (docs.stripe.com/api/payouts/object, 2026).
//! - An automatic payout takes everything that is available in its currency when it runs, rounded down to what
//!   the currency allows (docs.stripe.com/payouts, 2026; docs.stripe.com/currencies, 2024). What it settled are
//!   the balance transactions that became available in its [`Window`]
//!   ([`Platform::payout_contents`](crate::Platform::payout_contents)).
//! - A bank account that returned a payout gets no more until another takes its place (docs.stripe.com/payouts, 2026).
//!
//! # Payouts within minutes
//! Somebody asks for them ([`NewPayout::instant`]), in the account's local currency, to a card or bank account that takes them, within the
//! bounds of the [table](crate::rulebook::Rulebook::instant_destinations). They draw on available money. What the processor takes for one is
//! a fee on its line where the account pays the processor itself, and stays taken when the payout fails; other accounts' platform is
//! billed apart.
//!
//! # Top-ups
//! Money goes the other way too: the platform pulls it from a bank account of its own ([`NewTopUp`]): see [`top_up`].
//!
//! # Debts
//! What a balance below zero is, who answers for it and how it comes back: see [`debt`].
//!
//! # Reserves
//! A part of what accounts are paid can be held back: see [`reserve`]. No payout takes it.
//!
//! # Not modelled
//! Of payouts within minutes: money that is still pending, limits of a day, a platform's own price for them. Minimum balances, reversals of
//! payouts, and debits of banks for negative balances.

mod contents;
pub mod debt;
mod error;
mod event;
mod payout;
mod posting;
pub mod reserve;
mod schedule;
pub mod top_up;

pub use contents::PayoutContents;
pub(crate) use debt::{Collected, Reserved, WrittenOff};
pub use debt::{Debt, DebtEvent, DebtWrittenOff, Liable, Netting, Overdraft};
pub use error::{InstantBarrier, PayoutAction, PayoutError, PayoutStatus, ReconciliationStatus};
pub use event::{PayoutEvent, PayoutInstruction};
pub use payout::{
    CancelPayout, NewPayout, Payout, PayoutFailed, PayoutPaid, PayoutState, PayoutSubmitted, PayoutTrigger, Window,
};
pub(crate) use payout::{FailedFrom, Plan};
pub(crate) use posting::PayoutLine;
pub use reserve::{
    Claim, DisableReservePlan, FundsReserved, HoldReason, NewReserveHold, NewReservePlan, NewReserveRelease,
    PlanRelease, ReleaseReason, Releasing, ReserveCommand, ReserveError, ReserveEvent, ReserveHold, ReserveHoldState,
    ReserveHoldStatus, ReservePlan, ReservePlanState, ReservePlanStatus, ReserveRelease, ReservedFunds,
};
pub(crate) use reserve::{HeldOf, HeldShare, ReserveLine};
pub use schedule::{BalanceSettings, PayoutCycle, PayoutSchedule, SetDelayDays, SetPayoutSchedule};
pub(crate) use top_up::TopUpLine;
pub use top_up::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUp, TopUpAction, TopUpError, TopUpEvent, TopUpFact, TopUpFailed,
    TopUpInstruction, TopUpReversed, TopUpState, TopUpStatus, TopUpSubmitted, TopUpSucceeded, UpdateTopUp,
};
