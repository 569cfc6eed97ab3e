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
//! The amount of a payout is below zero where the bank is debited for what its owner owes: then all of this goes the other way, and what is
//! under way is pending until it has arrived. Nobody asks for it, and nobody calls it off.
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
//! - It leaves the minimum balance of its currency behind, if the account has one; a payout by hand pays no heed to that
//!   (docs.stripe.com/payouts/minimum-balances-for-automatic-payouts, 2026). Its lines stand between a
//!   `payout_minimum_balance_hold` and a `payout_minimum_balance_release` of the same amount.
//! - It runs at the start of one of the account's days, which is midnight UTC unless its settings say otherwise
//!   (docs.stripe.com/payouts/customized-start-of-day, 2026).
//! - A payout by hand arrives on the same day if it is asked for before the cut-off of its country, and on one of the next otherwise
//!   (docs.stripe.com/payouts, 2026).
//! - A bank account that returned a payout gets no more until another takes its place (docs.stripe.com/payouts, 2026).
//!
//! # Payouts within minutes
//! Somebody asks for them ([`NewPayout::instant`]), in the account's local currency, to a card or bank account that takes them, within the
//! bounds of the [table](crate::rulebook::Rulebook::instant_destinations) and what a day allows. They draw on available money first. The rest
//! is lent by the days of the next week on which pending money becomes available, soonest first:
//!
//! | edge | balance transactions besides | postings |
//! |---|---|---|
//! | created | `advance`, and `advance_funding` for each day that lends; `application_fee` on the platform | pending → available |
//! | failed, canceled | the same the other way round, as far as money comes back | available → pending |
//!
//! - Card payments count at once, debits when the payer's bank has paid; only what becomes available within about six business days
//!   (docs.stripe.com/payouts/instant-payouts, 2026).
//! - An advance does not repair a balance below zero: it takes of days by which everything comes to more than nothing
//!   (docs.stripe.com/payouts/instant-payouts-advance-funding, 2026). What a later day owes is not lent.
//! - What the processor takes for one is a fee on its line where the account pays the processor itself, and stays taken when the payout fails;
//!   other accounts' platform is billed apart (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026). What it is billed is on no
//!   balance: [`InstantRule::connect_fee`](crate::rulebook::InstantRule::connect_fee) is the rate.
//! - The platform can take a price of its own ([`SetInstantPrice`]), which is a commission paired with the payout, and refundable
//!   (docs.stripe.com/connect/instant-payouts, 2024).
//! - All accounts of a platform have one limit a day together, from midnight to midnight in the central United States; a platform's own have
//!   one of its own and ten a day, by its region's midnight. What counts is when one is asked for (docs.stripe.com/connect/instant-payouts
//!   and /payouts/instant-payouts, 2026). The amounts are the host's to say: no page does.
//!
//! What there is, and what is left of it after all of that: [`Platform::instant_balance`](crate::Platform::instant_balance).
//!
//! # Who sets what
//! The platform sets the schedule of accounts whose losses it bears, and holders of a dashboard set it themselves, unless the platform
//! [locks](LockPayoutSchedule) it (docs.stripe.com/connect/manage-payout-schedule, 2024). The rest of the balance settings is for whoever bears
//! the losses, the delay for the platform that does. Countries force and forbid intervals, but not of recipients whose money comes from abroad.
//!
//! # Several currencies
//! An account settles in its own currency and in those that it was given a bank account for, or that were
//! [named](SetSettlementCurrency); removing the bank account does not undo it, and what comes then gathers. A payout by hand in a currency without a
//! bank account is converted into the default currency, where a rate is known: what leaves the balance is in the one, what
//! [arrives](Payout::arrives) in the other (docs.stripe.com/currencies, 2024).
//!
//! # Across borders
//! What an account is paid out whose money comes to it [across a border](crate::rulebook::Rulebook::lane) costs the platform a share of each
//! payout, which the [table](crate::rulebook::Rulebook::cross_border_fee) gives by way, agreement and years. It is counted with the payout and
//! billed by the month, as one `stripe_fee` of the platform ([`CrossBorderFees`]).
//!
//! - 0.25 %, nothing between the United Kingdom and the EEA, nor within it (docs.stripe.com/connect/cross-border-payouts, 2024 and 2025);
//!   nothing where the account pays the processor itself (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026).
//!
//! # Top-ups
//! Money goes the other way too: the platform pulls it from a bank account of its own ([`NewTopUp`]): see [`top_up`].
//!
//! # Debts
//! What a balance below zero is, who answers for it and how it comes back: see [`debt`]. A payout below zero takes it from the bank.
//!
//! # Reserves
//! A part of what accounts are paid can be held back: see [`reserve`]. No payout takes it.
//!
//! # Not modelled
//! The processor's monthly bill, and with it what a platform pays for its accounts' payouts within minutes. Reversals of payouts; payouts
//! whose day of arrival has gone by in silence; statement descriptors and trace ids.

mod contents;
mod crossing;
pub mod debt;
mod error;
mod event;
mod instant;
mod payout;
mod posting;
pub mod reserve;
mod schedule;
mod timing;
pub mod top_up;

pub use contents::PayoutContents;
pub use crossing::CrossBorderFees;
pub(crate) use crossing::Month;
pub use debt::{BankDebit, Debt, DebtEvent, DebtWrittenOff, Liable, Netting, Overdraft, SetDebitNegativeBalances};
pub(crate) use debt::{Collected, Reserved, WrittenOff};
pub use error::{InstantBarrier, PayoutAction, PayoutError, PayoutStatus, ReconciliationStatus};
pub use event::{PayoutEvent, PayoutInstruction};
pub(crate) use instant::{Bounds, Counted, Funds, Instant, InstantCost, Parts};
pub use instant::{InstantBalance, InstantTerms, NetAvailable, SetInstantPrice};
pub use payout::{
    CancelPayout, NewPayout, Payout, PayoutFailed, PayoutPaid, PayoutState, PayoutSubmitted, PayoutTrigger, Window,
};
pub(crate) use payout::{FailedFrom, Plan};
pub(crate) use posting::{AdvanceLine, CollectedPrice, PayoutLine, bill_line};
pub use reserve::{
    Claim, DisableReservePlan, FundsReserved, HoldReason, NewReserveHold, NewReservePlan, NewReserveRelease,
    PlanRelease, ReleaseReason, Releasing, ReserveCommand, ReserveError, ReserveEvent, ReserveHold, ReserveHoldState,
    ReserveHoldStatus, ReservePlan, ReservePlanState, ReservePlanStatus, ReserveRelease, ReservedFunds,
};
pub(crate) use reserve::{HeldOf, HeldShare, ReserveLine};
pub use schedule::{
    BalanceSettings, PayoutCycle, PayoutSchedule, SameDay, SetDelayDays, SetPayoutSchedule, Suspension,
};
pub use timing::{
    LockPayoutSchedule, SetMinimumBalance, SetSettlementCurrency, SetStartOfDay, SpeedReviewed, TimingCommand,
};
pub(crate) use top_up::TopUpLine;
pub use top_up::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUp, TopUpAction, TopUpError, TopUpEvent, TopUpFact, TopUpFailed,
    TopUpInstruction, TopUpReversed, TopUpState, TopUpStatus, TopUpSubmitted, TopUpSucceeded, UpdateTopUp,
};
