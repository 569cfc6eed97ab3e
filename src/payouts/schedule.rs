use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::BankDebit;
use super::timing::Timing;
use crate::accounts::{Account, AssignedPricing, Controller, Priced, RequirementCollector};
use crate::calendar::{Recurrence, StartsOfDay, Timestamp};
use crate::ids::{AccountId, BalanceSettingsId, ExternalAccountId, PricingSchemeId, ReservePlanId};
use crate::money::{Currency, Money};
use crate::rulebook::SettlementSpeed;

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
    debits_negative_balances: bool,
    reserve_plans: Option<Box<ReservePlans>>,
    timing: Option<Box<Timing>>,
    pricing: Option<Box<AssignedPricing>>,
}

/// Plans by which money is held back, by currency; no currency stands for all.
type ReservePlans = SmallVec<[(Option<Currency>, u16); 1]>;

impl BalanceSettings {
    // RULE: banks are debited for what is owed unless the platform collects what the account is asked for
    // (docs.stripe.com/api/balance-settings, 2026).
    pub(crate) fn new(account: &Account, schedule: PayoutSchedule) -> Self {
        let is_collected_by_us = |controller: Controller| controller.requirements == RequirementCollector::Application;
        let debits_negative_balances = !account.controller().is_some_and(is_collected_by_us);
        Self {
            id: account.settings(),
            schedule,
            delay_days: None,
            debits_negative_balances,
            reserve_plans: None,
            timing: None,
            pricing: None,
        }
    }

    /// Its id; the account is the one of the same family.
    pub const fn id(&self) -> BalanceSettingsId {
        self.id
    }

    /// Whose settings these are.
    pub const fn account(&self) -> AccountId {
        AccountId::of(self.id.family(), 0)
    }

    /// The scheme by which the account's prices are found, where it has one of its own; of the platform's own account, the one of all
    /// accounts that have none.
    pub fn pricing(&self, priced: Priced) -> Option<PricingSchemeId> {
        self.pricing.as_deref().and_then(|pricing| pricing.of(priced))
    }

    pub(crate) fn with_pricing(&self, priced: Priced, scheme: Option<PricingSchemeId>) -> Self {
        let pricing = self.pricing.as_deref().copied().unwrap_or_default().with(priced, scheme);
        Self { pricing: pricing.map(Box::new), ..self.clone() }
    }

    /// Whether it names any scheme of prices.
    pub(crate) const fn has_pricing(&self) -> bool {
        self.pricing.is_some()
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

    /// When the account's days begin, from which everything about its dates is counted.
    pub fn starts_of_day(&self) -> StartsOfDay {
        self.timing.as_deref().map_or_else(StartsOfDay::default, Timing::starts)
    }

    /// How fast the account's payments become available, as the processor trusts it.
    pub fn settlement_speed(&self) -> SettlementSpeed {
        self.timing.as_deref().map_or(SettlementSpeed::Initial, Timing::speed)
    }

    /// What automatic payouts in a currency leave behind.
    pub fn minimum_balance(&self, currency: Currency) -> Money {
        Money::new(self.timing.as_deref().map_or(0, |timing| timing.minimum(currency)), currency)
    }

    /// What automatic payouts leave behind, in each currency in which it is something.
    pub fn minimum_balances(&self) -> impl Iterator<Item = Money> + '_ {
        self.timing.as_deref().into_iter().flat_map(Timing::minimums)
    }

    /// What the bank shows beside the account's payouts, where they have no words of their own; nothing where it is what the platform's
    /// settings say.
    pub fn statement_descriptor(&self) -> Option<&str> {
        self.timing.as_deref().and_then(Timing::descriptor)
    }

    /// Whether it says more of the account's days and balances than of others'.
    pub(crate) const fn has_own_timing(&self) -> bool {
        self.timing.is_some()
    }

    pub(crate) fn timing(&self) -> Timing {
        self.timing.as_deref().cloned().unwrap_or_default()
    }

    pub(crate) fn with_timing(&self, timing: Timing) -> Self {
        let timing = Some(Box::new(timing)).filter(|timing| **timing != Timing::default());
        Self { timing, ..self.clone() }
    }

    /// Whether the account's bank is debited for what the account owes: see [`debt`](super::debt).
    pub const fn debits_negative_balances(&self) -> bool {
        self.debits_negative_balances
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

    pub(crate) fn with_debit_of_negative_balances(&self, debits_negative_balances: bool) -> Self {
        Self { debits_negative_balances, ..self.clone() }
    }

    pub(crate) fn with_delay_days(&self, delay_days: Option<u8>) -> Self {
        Self { delay_days, ..self.clone() }
    }
}

/// Why a schedule makes no payouts for now. The schedule itself stays, and goes on once the reason is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspension {
    /// Nothing is sent to the bank account or card as it stands.
    BankAccountErrored(ExternalAccountId),
    /// There is no bank account or card in the currency.
    NoBankAccount,
    /// The account may not be paid out: the platform has stopped that, something is past due, or the account was turned away.
    PayoutsNotEnabled,
    /// Refunds wait for the money.
    RefundsWait,
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
    /// The last day on which a payout was asked for that arrives on the same day, and how many of that day there are.
    pub same_day: Option<SameDay>,
    /// Where the debit of the bank stands, for what the balance is below zero.
    pub debit: BankDebit,
}

/// The payouts of one day that arrive on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SameDay {
    /// The day, by its midnight UTC.
    pub day: Timestamp,
    /// How many there are.
    pub count: u8,
}

impl PayoutCycle {
    /// How many payouts of a day arrive on it.
    pub(crate) fn same_day_count(&self, day: Timestamp) -> u8 {
        self.same_day.filter(|known| known.day == day).map_or(0, |known| known.count)
    }

    /// The cycle of a balance that was never paid out.
    pub const fn idle(account: AccountId, currency: Currency) -> Self {
        Self { account, currency, next_run: None, paid_through: None, same_day: None, debit: BankDebit::None }
    }
}
