use serde::{Deserialize, Serialize};

use crate::calendar::{Recurrence, Timestamp};
use crate::ids::{AccountId, BalanceSettingsId};
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
}

impl BalanceSettings {
    pub(crate) const fn new(id: BalanceSettingsId, schedule: PayoutSchedule) -> Self {
        Self { id, schedule, delay_days: None }
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

    pub(crate) const fn with_schedule(&self, schedule: PayoutSchedule) -> Self {
        Self { id: self.id, schedule, delay_days: self.delay_days }
    }

    pub(crate) const fn with_delay_days(&self, delay_days: Option<u8>) -> Self {
        Self { id: self.id, schedule: self.schedule, delay_days }
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
