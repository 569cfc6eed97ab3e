use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::calendar::{Recurrence, Timestamp};
use crate::ids::{AccountId, BalanceSettingsId, ReservePlanId};
use crate::money::Currency;

/// When an account's available funds are sent to its bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutSchedule {
    /// Only when a payout is asked for.
    Manual,
    /// By itself, on the days that the recurrence names.
    Automatic(Recurrence),
}

/// A command: change when an account is paid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPayoutSchedule {
    /// The account; the platform's own if it is the platform's id.
    pub account: AccountId,
    /// The new schedule.
    pub schedule: PayoutSchedule,
}

/// A command: let an account's payments wait longer before they can be paid out, or only as long as they have to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SetDelayDays {
    /// The account.
    pub account: AccountId,
    /// For how many days, in the unit in which its country counts them; nothing for as few as can be.
    pub delay: Option<u16>,
}

/// How and when an account is paid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceSettings {
    id: BalanceSettingsId,
    schedule: PayoutSchedule,
    delay_days: Option<u8>,
    reserve_plans: Option<Box<ReservePlans>>,
}

/// Plans by which money is held back, by currency; no currency stands for all.
type ReservePlans = SmallVec<[(Option<Currency>, u16); 1]>;

impl BalanceSettings {
    pub(crate) const fn new(id: BalanceSettingsId, schedule: PayoutSchedule) -> Self {
        Self { id, schedule, delay_days: None, reserve_plans: None }
    }

    /// Its id; the account is the one of the same family.
    pub const fn id(&self) -> BalanceSettingsId {
        self.id
    }

    /// Whose settings these are.
    pub const fn account(&self) -> AccountId {
        AccountId::of(self.id.family(), 0)
    }

    /// When the account is paid out.
    pub const fn schedule(&self) -> PayoutSchedule {
        self.schedule
    }

    /// For how many days the platform lets the account's payments wait; nothing if only for as many as its country and the way
    /// to pay have them wait.
    pub const fn delay_days(&self) -> Option<u8> {
        self.delay_days
    }

    /// The plan by which a part of what the account is paid in `currency` is held back: the one for that currency, or else the one for
    /// all.
    // That the plan for the currency goes before the one for all is our own choice: no page says what two plans come to.
    pub fn reserve_plan(&self, currency: Currency) -> Option<ReservePlanId> {
        self.reserve_plan_for(Some(currency)).or_else(|| self.reserve_plan_for(None))
    }

    /// The plan that is made for just this currency; for all, where none is named.
    pub(crate) fn reserve_plan_for(&self, currency: Option<Currency>) -> Option<ReservePlanId> {
        let plan = self.reserve_plans.as_ref()?.iter().find(|(known, _)| *known == currency);
        plan.map(|(_, ordinal)| ReservePlanId::of(self.id.family(), *ordinal))
    }

    /// Whether any part of what the account is paid is held back.
    pub(crate) const fn has_reserve_plan(&self) -> bool {
        self.reserve_plans.is_some()
    }

    /// The settings with another plan for a currency, or for all; with none where there is none any more.
    pub(crate) fn with_reserve_plan(&self, currency: Option<Currency>, plan: Option<ReservePlanId>) -> Self {
        let mut next = self.clone();
        let mut plans = next.reserve_plans.take().unwrap_or_default();
        plans.retain(|(known, _)| *known != currency);
        plans.extend(plan.map(|plan| (currency, plan.ordinal())));
        plans.sort_unstable();
        next.reserve_plans = (!plans.is_empty()).then_some(plans);
        next
    }

    pub(crate) fn with_schedule(&self, schedule: PayoutSchedule) -> Self {
        Self { schedule, ..self.clone() }
    }

    pub(crate) fn with_delay_days(&self, delay_days: Option<u8>) -> Self {
        Self { delay_days, ..self.clone() }
    }
}

/// Where the automatic payouts of one balance stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutCycle {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// When the next payout runs; nothing while there is nothing to pay or the schedule is manual.
    pub next_run: Option<Timestamp>,
    /// Up to when automatic payouts have taken what became available.
    pub paid_through: Option<Timestamp>,
}

impl PayoutCycle {
    /// The cycle of a balance that was never paid out.
    pub const fn idle(account: AccountId, currency: Currency) -> Self {
        Self { account, currency, next_run: None, paid_through: None }
    }
}
