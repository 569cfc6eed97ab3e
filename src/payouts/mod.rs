//! Sending balances to banks: schedules, payouts, and what happens when one comes back.
//!
//! ```text
//!  payout    pending ──► in_transit ──► paid
//!               │  └─────────┼──────────►┤
//!               │            ▼           ▼ the bank sends it back
//!               └────────► failed ◄──────┘
//!            pending (by hand only) ──► canceled ◄── pending, in_transit, paid (by the processor)
//!
//!  schedule  manual ◄──► daily ◄──► weekly ◄──► monthly
//! ```
//!
//! | edge | balance transactions | postings | event |
//! |---|---|---|---|
//! | created | `payout`, within minutes less a fee | available → in transit (and fees) | `payout.created` |
//! | submitted | none | none | `payout.updated` |
//! | overdue | none | none | `payout.overdue`, our own |
//! | paid | none | in transit → banks | `payout.paid` |
//! | failed | `payout_failure` | in transit, or banks, → available | `payout.failed` |
//! | canceled | `payout_cancel` | in transit → available | `payout.canceled` |
//! | canceled by the processor | `payout_cancel` | in transit, or banks, → available | `payout.canceled` |
//!
//! The amount of a payout is below zero where the bank is debited for what its owner owes, or for another payout that is taken back: then all of
//! this goes the other way, and what is under way is pending until it has arrived. Nobody calls it off.
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
//! - A bank account that returned a payout gets no more until it is updated or another takes its place; the run after that pays again
//!   (docs.stripe.com/payouts, 2026). What each reason does is in a [table](crate::rulebook::Rulebook::payout_failures): those that say nothing of
//!   the bank account or card, such as that nobody was there to answer for the card, leave it as it is, and the next payout date pays again.
//!
//! # Arrival
//! That a payout has arrived is a fact, and how it shows until then is [`Payout::status`]. Where the day on which it was expected is over, by its
//! owner's [start of day](BalanceSettings::starts_of_day), and nothing final was told, it is [overdue](Payout::is_overdue): that is told once,
//! and moves nothing, because nobody knows where the money is. For hosts whose bank never answers the day itself counts for the arrival, as soon
//! as it comes ([`Rulebook::with_arrival_as_paid`](crate::rulebook::Rulebook::with_arrival_as_paid)); what the world tells later is taken up as
//! if it had been told in time, so that a failure is one of a payout that had arrived. What is kept back on its day has not arrived.
//!
//! # Called off by the processor
//! The processor can call off what is in transit, within five business days of when it was sent, and only it can
//! (docs.stripe.com/api/payouts/object, 2026). That is a fact ([`PayoutCanceled`]), which says nothing of the bank account: the next run of the
//! schedule pays again. Everything else is as of a payout that came back: the days that lent it have theirs again, what was to take it back is
//! called off, a debit for a debt can be made again, and what it cost stays taken. It counts whenever it is told, before it is known that the
//! payout was handed over as well as after it was reported as paid, and also long after those days. Of a payout that a bank sent back as well
//! the bank's word holds; of one that was called off here it is no news. Who called one off is part of its state ([`CanceledBy`]).
//!
//! # Reversals
//! The platform can take a payout back ([`ReversePayout`]), all of it, by a debit of the bank account that it went to: a payout of its own below
//! zero, which names the [first](Payout::original_payout) and is [named by it](Payout::reversed_by).
//!
//! ```text
//!  reversal  pending ──► in_transit ──► paid
//!               │  └─────────┼──────────►┤  ▲
//!               │            ▼           ▼  │ the bank has paid all the same
//!               ├────────► failed ◄──────┘  │
//!               │            ▲              │
//!               └────────► canceled ────────┘ the payout itself came to nothing
//! ```
//!
//! | edge | balance transactions | postings | event |
//! |---|---|---|---|
//! | asked for | `payout`, a credit | in transit → on its way | `payout.updated` of the payout, `payout.created` |
//! | paid | none | banks → in transit, on its way → available | `payout.paid` |
//! | failed | `payout_failure`, a debit | on its way → in transit; available → banks once it was paid | `payout.failed` |
//! | canceled | `payout_cancel`, a debit | on its way → in transit | `payout.canceled` |
//! | paid all the same | `payout`, a credit | banks → available | `payout.paid` |
//! | not paid, after it was canceled | none | none | `payout.failed` |
//!
//! - The account's losses are the platform's, its bank in the United States or Canada, and the payout was expected there less than 90 days ago;
//!   it is not a debit itself and did not arrive within minutes (docs.stripe.com/connect/payout-reversals, 2024;
//!   docs.stripe.com/api/payouts/reverse, 2026).
//! - A pending one that was asked for by hand is canceled instead (docs.stripe.com/api/payouts/reverse, 2026).
//! - Where the payout itself fails while that is under way, the reversal is canceled; one that fails, also after it was paid, is not tried again
//!   (docs.stripe.com/connect/payout-reversals, 2024). What it had brought leaves the balance, which may fall below zero.
//! - It is no debit for what the account owes: it neither begins nor ends one, counts as none that a bank has not paid, and none of the
//!   platform's money stays set aside after it.
//!
//! # Sent again
//! What has failed can be sent again ([`ResendPayout`]): as much, once its money is back on the balance, by a payout of its own that
//! [names the first](Payout::resend_of) and is [named by it](Payout::resent_as).
//!
//! - The next automatic payout takes money that came back by itself, to wherever it goes then (docs.stripe.com/payouts, 2026); no page knows a
//!   command for it, so all that follows is our own reading. It is a payout that somebody asked for by hand, with all that is asked of one: it
//!   stands for no balance transactions in particular, and goes on a bank day also where the first went within minutes.
//! - A payout is sent again once, whatever comes of that; if it fails too, it is that one which is sent again. Only where it was called off
//!   can the first be sent once more.
//! - Debits of a bank are none of this: those for a debt are tried again by rule ([`debt`]), what takes a payout back is not tried again.
//! - That a payout has failed stands, whatever a bank says later of the same payout, so what was sent again is no second payment of it.
//!
//! # What the bank shows
//! A payout shows with its own words ([`NewPayout::statement_descriptor`]), or else with those of its account's settings
//! ([`SetStatementDescriptor`]), or else of the platform's, or else with the [processor's name](crate::rulebook::Rulebook::processor_name): at most
//! 22 characters (docs.stripe.com/payouts/statement-descriptors, 2026). Which it is is settled when the payout is made, and goes along with the
//! instruction. Of a payout over the ACH network a bank shows [ten of them](ach_entry_description).
//!
//! # Traces
//! By which id a bank finds a payout ([`Payout::trace_id`]) is a fact ([`PayoutTraced`]). It is pending while the payout is under way, and for up
//! to ten days after it has arrived; what is not told by then has none, and what is told later counts all the same. Payouts to
//! [some countries](crate::rulebook::Rulebook::has_trace_ids) never have one, nor do those within minutes in the United Kingdom
//! (docs.stripe.com/payouts/trace-ids, 2026).
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
//!   other accounts' platform is billed apart (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026): it is part of its
//!   monthly bill, at the rate of [`InstantRule::connect_fee`](crate::rulebook::InstantRule::connect_fee).
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
//! payout, which the [table](crate::rulebook::Rulebook::cross_border_fee) gives by way, agreement and years: 0.25 %, nothing between the
//! United Kingdom and the EEA, nor within it (docs.stripe.com/connect/cross-border-payouts, 2024 and 2025). It is part of the monthly bill.
//!
//! # The monthly bill
//! What accounts and their payouts cost the platform is counted with each payout, by account, month, item and currency ([`ConnectFees`]), and
//! taken when the month is over, each as one `stripe_fee` of the platform: see [`Platform::monthly_bill`](crate::Platform::monthly_bill).
//!
//! - An account that was paid out in the month 2.00 USD, each payout 0.25 % and 0.25 USD, by a
//!   [list](crate::rulebook::Rulebook::connect_price) that hosts sign
//!   ([`with_connect_prices`](crate::rulebook::Rulebook::with_connect_prices)) or put their own prices into
//!   (stripe.com/connect/pricing by way of third parties, 2026); payouts within minutes 1 % by the same contract.
//! - Nothing where the account pays the processor itself (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026).
//! - A payout counts when it is made. One that is called off comes off again; one that comes back still costs what payouts cost, and makes
//!   no account active, for which it takes a successful one (docs.stripe.com/connect/accounts, 2024). What was billed by then is given back in
//!   the month in which that happens.
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
//! What settling in several currencies costs: the page fills its figures in while it is read, and no copy has them. Rules by which money
//! goes on to an account at the processor by itself (the interface's automatic transfer rules, 2026): no page says when they act.

mod asked;
mod connect_fees;
mod contents;
pub mod debt;
mod descriptor;
mod error;
mod event;
mod instant;
mod payout;
mod posting;
pub mod reserve;
mod schedule;
mod timing;
pub mod top_up;
mod trace;
mod watch;

pub use asked::{
    CancelPayout, NewPayout, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSubmitted, ResendPayout, ResendTo,
    ReversePayout,
};
pub use connect_fees::ConnectFees;
pub(crate) use connect_fees::{ConnectFee, Month};
pub use contents::PayoutContents;
pub use debt::{BankDebit, Debt, DebtEvent, DebtWrittenOff, Liable, Netting, Overdraft, SetDebitNegativeBalances};
pub(crate) use debt::{Collected, Reserved, WrittenOff};
pub use descriptor::ach_entry_description;
pub(crate) use descriptor::check_descriptor;
pub use error::{InstantBarrier, PayoutAction, PayoutError, PayoutStatus, ReconciliationStatus, ReversalBarrier};
pub use event::{PayoutEvent, PayoutInstruction};
pub(crate) use instant::{Bounds, Counted, Funds, Instant, InstantCost, InstantPrice, Parts};
pub use instant::{InstantBalance, InstantTerms, NetAvailable, SetInstantPrice};
pub use payout::{CanceledBy, Payout, PayoutState, PayoutTrigger, Window};
pub(crate) use payout::{FailedFrom, PaidFrom, Plan};
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
    LockPayoutSchedule, SetMinimumBalance, SetSettlementCurrency, SetStartOfDay, SetStatementDescriptor, SpeedReviewed,
    TimingCommand,
};
pub(crate) use top_up::TopUpLine;
pub use top_up::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUp, TopUpAction, TopUpError, TopUpEvent, TopUpFact, TopUpFailed,
    TopUpInstruction, TopUpReversed, TopUpState, TopUpStatus, TopUpSubmitted, TopUpSucceeded, UpdateTopUp,
};
pub(crate) use trace::Trace;
pub use trace::{PayoutTraced, TraceId};
pub(crate) use watch::{PayoutDue, Silence};
