use super::{Reserves, pick};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ReserveHoldId, ReservePlanId, ReserveReleaseId};
use crate::journal::{Fact, FactOutcome};
use crate::money::Money;
use crate::payouts::{
    DisableReservePlan, FundsReserved, NewReserveHold, NewReservePlan, NewReserveRelease, ReserveCommand,
};
use crate::platform::{Command, Decided, Error};

impl Reserves<'_> {
    /// Holds a part back of everything that an account is paid from now on.
    ///
    /// # Errors
    /// [`ReserveError`](crate::payouts::ReserveError), and [`AccountError`](crate::accounts::AccountError) where the platform does not bear
    /// the account's losses, or the account does not settle in the currency.
    pub fn create_plan(&mut self, key: &str, plan: NewReservePlan) -> Result<Decided<ReservePlanId>, Error> {
        self.0.run(key, Command::Reserve(ReserveCommand::CreatePlan(plan)), pick!(ReservePlan))
    }

    /// Holds nothing more back by a plan, and lets everything go that is still held back by it, from a microsecond later on.
    ///
    /// ```
    /// use fundroute::money::Rate;
    /// use fundroute::payouts::NewReservePlan;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let tenth = NewReservePlan::manual(jo, Rate::from_basis_points(10_00));
    /// let plan = platform.reserves().create_plan("hold", tenth)?.answer;
    /// platform.payments().create("order-1", NewPayment::card(usd(100_00)).destination(jo))?;
    /// world.settle(&mut platform)?;
    /// assert_eq!(platform.balance(jo, USD)?.risk_reserved, 10_00);
    ///
    /// platform.reserves().disable_plan("trusted", plan)?;
    /// world.advance(&mut platform, days(1))?;
    /// assert_eq!(platform.balance(jo, USD)?.risk_reserved, 0);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ReserveError::PlanOver`](crate::payouts::ReserveError::PlanOver).
    pub fn disable_plan(&mut self, key: &str, plan: ReservePlanId) -> Result<Decided<ReservePlanId>, Error> {
        let disable = DisableReservePlan { plan };
        self.0.run(key, Command::Reserve(ReserveCommand::DisablePlan(disable)), pick!(ReservePlan))
    }

    /// Holds so much back of what an account has available.
    ///
    /// ```
    /// use fundroute::payouts::{NewReserveHold, NewReserveRelease, PayoutSchedule};
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
    /// let hold = platform.reserves().hold("until we know more", NewReserveHold::of(jo, usd(40_00)))?.answer;
    /// platform.reserves().release("we know more", NewReserveRelease::of(hold).amount(usd(15_00)))?;
    /// let balance = platform.balance(jo, USD)?;
    /// assert_eq!((balance.available, balance.risk_reserved), (75_00, 25_00));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ReserveError`](crate::payouts::ReserveError), and [`AccountError`](crate::accounts::AccountError) where the platform does not bear
    /// the account's losses.
    pub fn hold(&mut self, key: &str, hold: NewReserveHold) -> Result<Decided<ReserveHoldId>, Error> {
        self.0.run(key, Command::Reserve(ReserveCommand::Hold(hold)), pick!(ReserveHold))
    }

    /// Lets money go that is held back, wholly or in part, by a plan or by itself.
    ///
    /// # Errors
    /// [`ReserveError::ReleaseTooLarge`](crate::payouts::ReserveError::ReleaseTooLarge), and others about the amount.
    pub fn release(&mut self, key: &str, release: NewReserveRelease) -> Result<Decided<ReserveReleaseId>, Error> {
        self.0.run(key, Command::Reserve(ReserveCommand::Release(release)), pick!(ReserveRelease))
    }

    /// Records that the processor keeps so much of an account's money in a reserve of its own, which it names like this; nothing once it
    /// has let all go.
    ///
    /// # Errors
    /// As [`record`](crate::Platform::record).
    pub fn record_reserved(
        &mut self,
        id: &str,
        at: Timestamp,
        (account, reference): (AccountId, &str),
        amount: Money,
    ) -> Result<Decided<FactOutcome>, Error> {
        let fact = FundsReserved { account, reference: reference.to_owned(), amount };
        self.0.record(id, at, Fact::FundsReserved(fact))
    }
}
