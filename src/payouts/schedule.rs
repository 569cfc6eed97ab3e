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

/// How and when an account is paid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceSettings {
    id: BalanceSettingsId,
    schedule: PayoutSchedule,
}

impl BalanceSettings {
    pub(crate) const fn new(id: BalanceSettingsId, schedule: PayoutSchedule) -> Self {
        Self { id, schedule }
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
