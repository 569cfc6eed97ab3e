//! When an account's days begin, how fast its payments become available, and what its payouts leave behind.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::calendar::{StartOfDay, StartsOfDay, Timestamp};
use crate::ids::AccountId;
use crate::money::{Currency, Money};
use crate::rulebook::SettlementSpeed;

/// A command: leave a part of what is available behind when an account is paid out by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetMinimumBalance {
    /// The account; the platform's own if it is the platform's id.
    pub account: AccountId,
    /// How much stays, for payouts in its currency; zero for nothing.
    pub minimum: Money,
}

/// A command: let an account's days begin at another hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetStartOfDay {
    /// The account; the platform's own if it is the platform's id.
    pub account: AccountId,
    /// The hour, which counts from when it is next reached.
    pub start: StartOfDay,
}

/// A command: have the bank show certain words beside an account's payouts from now on, unless a payout has words of its own.
///
/// What the platform's own settings say holds for the accounts whose settings say nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SetStatementDescriptor {
    /// The account; the platform's own if it is the platform's id.
    pub account: AccountId,
    /// The words: 1 to 22 plain ASCII characters, one of them a letter; nothing for none of its own.
    pub descriptor: Option<String>,
}

/// A command about an account's balance settings, beside its schedule and its delay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimingCommand {
    /// Leave a minimum behind.
    SetMinimumBalance(SetMinimumBalance),
    /// Let days begin at another hour.
    SetStartOfDay(SetStartOfDay),
    /// Have the bank show certain words.
    SetStatementDescriptor(SetStatementDescriptor),
}

impl TimingCommand {
    /// Whose settings it is about.
    pub const fn account(&self) -> AccountId {
        match self {
            Self::SetMinimumBalance(set) => set.account,
            Self::SetStartOfDay(set) => set.account,
            Self::SetStatementDescriptor(set) => set.account,
        }
    }
}

/// A fact: the processor has looked at how far it trusts an account, and lets its payments become available sooner, or no longer.
///
/// It concerns the payments that begin from now on. Of several reports the one with the latest time holds, in whatever order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeedReviewed {
    /// The account; the platform's own if it is the platform's id.
    pub account: AccountId,
    /// How fast its payments become available from now on.
    pub speed: SettlementSpeed,
}

/// What an account's settings say of its days, its balances and its payouts, where that is not what they say of every account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Timing {
    starts: StartsOfDay,
    reviewed: Option<(Timestamp, SettlementSpeed)>,
    minimums: SmallVec<[(Currency, i64); 1]>,
    descriptor: Option<Box<str>>,
}

impl Timing {
    pub(crate) const fn starts(&self) -> StartsOfDay {
        self.starts
    }

    pub(crate) fn speed(&self) -> SettlementSpeed {
        self.reviewed.map_or(SettlementSpeed::Initial, |(_, speed)| speed)
    }

    pub(crate) fn minimum(&self, currency: Currency) -> i64 {
        self.minimums.iter().find(|(known, _)| *known == currency).map_or(0, |(_, minimum)| *minimum)
    }

    pub(crate) fn minimums(&self) -> impl Iterator<Item = Money> + '_ {
        self.minimums.iter().map(|(currency, minimum)| Money::new(*minimum, *currency))
    }

    pub(crate) fn descriptor(&self) -> Option<&str> {
        self.descriptor.as_deref()
    }

    pub(crate) fn with_descriptor(mut self, descriptor: Option<&str>) -> Self {
        self.descriptor = descriptor.map(Box::from);
        self
    }

    pub(crate) fn with_starts(mut self, starts: StartsOfDay) -> Self {
        self.starts = starts;
        self
    }

    pub(crate) fn with_minimum(mut self, minimum: Money) -> Self {
        self.minimums.retain(|(known, _)| *known != minimum.currency());
        if !minimum.is_zero() {
            self.minimums.push((minimum.currency(), minimum.minor()));
            self.minimums.sort_unstable();
        }
        self
    }

    /// The same after a review; nothing where a later one is known.
    pub(crate) fn reviewed(mut self, at: Timestamp, speed: SettlementSpeed) -> Option<Self> {
        let news = Some((at, speed));
        if news <= self.reviewed {
            return None;
        }
        self.reviewed = news;
        Some(self)
    }
}
