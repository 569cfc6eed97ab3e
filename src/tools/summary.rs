mod show;

use serde::Serialize;

use super::SupportAction;
use crate::accounts::Readiness;
use crate::calendar::Timestamp;
use crate::ids::{
    AccountId, ChargeId, DisputeId, EarlyFraudWarningId, ObjectId, PayoutId, ReserveHoldId, ReservePlanId,
};
use crate::ledger::{Balance, Explanation};
use crate::money::{Money, wide};
use crate::payments::{DisputeReason, DisputeStatus, FraudType};
use crate::payouts::{Debt, Payout, PayoutStatus, Suspension};
use crate::rulebook::{FailureOf, TurnOf};

/// All that a person who answers an account's holder has to know: [`Platform::account_summary`](crate::Platform::account_summary).
///
/// It prints as a page that a person can read, at most [`LATEST`](Self::LATEST) of each sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountSummary {
    /// The account.
    pub account: AccountId,
    /// When it was so.
    pub at: Timestamp,
    /// What it can do.
    pub readiness: Readiness,
    /// What stands in the way of more, and whose turn it is.
    pub blockers: Vec<Blocker>,
    /// Its balances, with what made them so, by currency.
    pub balances: Vec<BalanceSummary>,
    /// The payouts that follow from what is known: [`Platform::upcoming`](crate::Platform::upcoming).
    pub next_payouts: Vec<Payout>,
    /// The payouts, and the debits of its bank, of which nothing final is known, oldest first.
    pub under_way: Vec<PayoutUnderWay>,
    /// What has failed, the latest first; no more than [`LATEST`](Self::LATEST).
    pub failures: Vec<Failure>,
    /// The disputes that are not decided, those first whose evidence is due first.
    pub disputes: Vec<OpenDispute>,
    /// Warnings that a payment was fraud about which something can still be done, the latest first, of the last
    /// [`LATEST`](Self::LATEST) that there were.
    pub warnings: Vec<Warning>,
    /// What was done with somebody behind it and a reason, the latest first; no more than [`LATEST`](Self::LATEST).
    pub done: Vec<SupportAction>,
}

impl AccountSummary {
    /// How many there are at most of what only grows.
    pub const LATEST: usize = 10;
}

/// Something that stands in the way of what an account asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocker {
    /// The reason's name on the wire, or the path of what is asked for.
    pub what: String,
    /// Whose turn it is.
    // RULE: it is the user's or the processor's (docs.stripe.com/api/v2/core/accounts, 2026); that it is the platform's where that has stopped
    // something, or collects requirements itself, is our own reading.
    pub who: TurnOf,
}

/// A balance, and what made it so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceSummary {
    /// The balance.
    pub balance: Balance,
    /// What of the pending money becomes available when, in minor units, soonest first.
    #[serde(with = "wide::by")]
    pub becomes_available: Vec<(Timestamp, i128)>,
    /// What is held back, by whom.
    pub held_back: Vec<HeldBack>,
    /// What it owes, and why, where it is below zero.
    pub debt: Option<Debt>,
    /// When the schedule pays out next.
    pub next_run: Option<Timestamp>,
    /// Why the schedule pays nothing out for now.
    pub suspended: Option<Suspension>,
    /// What moved it last, the latest first, of the last [`LATEST`](AccountSummary::LATEST) entries.
    pub latest: Vec<Explanation>,
}

/// Money that is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// By what.
    pub by: HeldBy,
    /// How much, in minor units.
    #[serde(with = "wide")]
    pub amount: i128,
    /// When the first of it is let go by itself, if any is.
    pub until: Option<Timestamp>,
}

/// What holds money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// A hold by itself.
    Hold(ReserveHoldId),
    /// All holds of a plan.
    Plan(ReservePlanId),
    /// The processor's own reserve.
    Processor,
}

/// A payout of which nothing final is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PayoutUnderWay {
    /// The payout.
    pub payout: PayoutId,
    /// How much; below zero where the bank is debited.
    pub amount: Money,
    /// How far it has got.
    pub status: PayoutStatus,
    /// The day on which it is expected.
    pub arrival_date: Timestamp,
    /// Whether that is over.
    pub is_overdue: bool,
    /// Whether it is kept back while the account's payouts are stopped.
    pub is_held: bool,
}

/// Something that has failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What sort of thing.
    pub of: FailureOf,
    /// The attempt, payout, refund or top-up.
    pub object: ObjectId,
    /// When.
    pub at: Timestamp,
    /// How much it was to move.
    pub amount: Money,
    /// With which code, where one was told: of a card the decline code.
    pub code: Option<String>,
    /// What the code means, where that is known.
    pub meaning: Option<String>,
    /// Whose turn it is, where that is known.
    pub who: Option<TurnOf>,
    /// What they can do, where that is known.
    pub what_to_do: Option<String>,
    /// Whether it has been made good since: the payment was collected by another attempt, or the payout was sent again and has arrived.
    pub is_made_good: bool,
}

/// A dispute that is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OpenDispute {
    /// The dispute.
    pub dispute: DisputeId,
    /// The charge that it is about.
    pub charge: ChargeId,
    /// How much is disputed.
    pub amount: Money,
    /// Why.
    pub reason: DisputeReason,
    /// How far it has got.
    pub status: DisputeStatus,
    /// Until when evidence can be given, if it waits for some and that is known.
    pub respond_by: Option<Timestamp>,
}

/// A warning that a payment was fraud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The warning.
    pub warning: EarlyFraudWarningId,
    /// The charge that it is about.
    pub charge: ChargeId,
    /// What the payment is taken for.
    pub fraud_type: FraudType,
    /// When it was given.
    pub at: Timestamp,
}
