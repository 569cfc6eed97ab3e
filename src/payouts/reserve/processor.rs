use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ReservedFundsId};
use crate::money::{Currency, Money};

/// The most that one reserve may keep, in minor units: far more than anybody has, so that sums of several stay in range.
const MOST: i64 = 1_000_000_000_000_000_000;

/// A fact: so much of an account's money the processor keeps in a reserve of its own, from then on. A reserve that it raises or lets go in
/// part is told again, with what it is then; one that it lets go is told as nothing.
///
/// Of several tellings of one reserve the latest holds, and of those of one moment the largest: the order of delivery is no matter.
///
/// ```
/// use fundroute::payouts::PayoutSchedule;
/// use fundroute::prelude::*;
/// use fundroute::simulator::World;
///
/// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// let mut world = World::new();
/// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
/// platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual)?;
/// platform.payments().create("order-1", NewPayment::card(usd(100_00)).destination(jo))?;
/// world.advance(&mut platform, days(7))?;
///
/// let now = platform.now();
/// platform.reserves().record_reserved("evt_1", now, (jo, "res_1"), usd(40_00))?;
/// let balance = platform.balance(jo, USD)?;
/// assert_eq!((balance.available, balance.risk_reserved), (60_00, 40_00));
///
/// world.advance(&mut platform, days(1))?;
/// let now = platform.now();
/// platform.reserves().record_reserved("evt_2", now, (jo, "res_1"), usd(0))?;
/// assert_eq!(platform.balance(jo, USD)?.available, 100_00);
/// assert_eq!(platform.reserved_funds("res_1")?.map(|reserve| reserve.amount()), Some(usd(0)));
/// # Ok::<(), Error>(())
/// ```
// RULE: the processor may hold money of any account back: a debit of the type `reserved_funds`, and a credit of the same type once it is
// let go (docs.stripe.com/reports/balance-transaction-types, 2024). That a host tells what each reserve comes to is our own choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundsReserved {
    /// Whose money: a connected account's, or the platform's own.
    pub account: AccountId,
    /// The processor's own name for the reserve.
    pub reference: String,
    /// How much it keeps in it, in minor units of its currency; zero where it has let all go.
    pub amount: Money,
}

impl FundsReserved {
    /// Whether its amount is one that somebody can have.
    pub(crate) const fn is_in_range(&self) -> bool {
        self.amount.minor() <= MOST
    }
}

/// What the processor keeps of an account's money in a reserve of its own, as told last.
// INVARIANT: its id is made of the processor's name for it, so that it is found by key whichever telling comes first. What it comes to is
// what lies in reserve for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservedFunds {
    id: ReservedFundsId,
    account: AccountId,
    amount: i64,
    currency: Currency,
    told_at: Timestamp,
}

impl ReservedFunds {
    pub(crate) const fn new(id: ReservedFundsId, fact: &FundsReserved, told_at: Timestamp) -> Self {
        Self { id, account: fact.account, amount: fact.amount.minor(), currency: fact.amount.currency(), told_at }
    }

    /// Its id.
    pub const fn id(&self) -> ReservedFundsId {
        self.id
    }

    /// Whose money it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// How much is kept.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// Since when it is so much, as far as is known.
    pub const fn told_at(&self) -> Timestamp {
        self.told_at
    }

    /// Whether this one may be meant, which is of one account and in one currency.
    pub(crate) fn is_named_by(&self, fact: &FundsReserved) -> bool {
        (self.account, self.currency) == (fact.account, fact.amount.currency())
    }

    /// Whether it holds, and not the other one.
    // INVARIANT: it follows from the two alone, and not from which was told first.
    pub(crate) const fn holds_against(&self, known: &Self) -> bool {
        let (ours, theirs) = (self.told_at.micros(), known.told_at.micros());
        ours > theirs || (ours == theirs && self.amount > known.amount)
    }
}
