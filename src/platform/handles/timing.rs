use super::{Payouts, pick};
use crate::calendar::{StartOfDay, Timestamp};
use crate::ids::{AccountId, PayoutId};
use crate::journal::{Fact, FactOutcome};
use crate::money::Money;
use crate::payouts::{
    PayoutTraced, SetMinimumBalance, SetStartOfDay, SetStatementDescriptor, SpeedReviewed, TimingCommand,
};
use crate::platform::{Command, Decided, Error};
use crate::rulebook::SettlementSpeed;

/// When days begin, how fast payments become available, and what payouts leave behind.
impl Payouts<'_> {
    /// Lets automatic payouts of an account leave so much of what is available behind, in its currency; zero for nothing.
    ///
    /// What falls below that is filled up with what comes next, and a minimum that is raised is reached the same way. Payouts asked for by
    /// hand pay no heed to it.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut world = World::new();
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payouts().set_minimum_balance("keep", jo, usd(100_00))?;
    /// platform.payments().create("sale", NewPayment::card(usd(1_000_00)).destination(jo))?;
    /// world.advance(&mut platform, days(2))?;
    /// assert_eq!(platform.statement(jo)?.paid_out(USD), 900_00);
    /// assert_eq!(platform.balance(jo, USD)?.available, 100_00);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PayoutError::MinimumNegative`](crate::payouts::PayoutError::MinimumNegative),
    /// [`PayoutError::MinimumNotAllowed`](crate::payouts::PayoutError::MinimumNotAllowed) by country, and
    /// [`AccountError`](crate::accounts::AccountError) where the schedule is not the platform's to set.
    pub fn set_minimum_balance(
        &mut self,
        key: &str,
        account: AccountId,
        minimum: Money,
    ) -> Result<Decided<AccountId>, Error> {
        let set = TimingCommand::SetMinimumBalance(SetMinimumBalance { account, minimum });
        self.0.run(key, Command::Timing(set), pick!(Account))
    }

    /// Lets an account's days begin at another hour, from when that is next reached. What was paid before keeps its date.
    ///
    /// ```
    /// use fundroute::calendar::StartOfDay;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mei = World::new().onboard(&mut platform, NewAccount::express(Country::SG))?;
    /// let six = StartOfDay::new(480, 6, 0)?;
    /// platform.payouts().set_start_of_day("six", mei, six)?;
    /// let (start, from) = platform.balance_settings(mei)?.starts_of_day().chosen();
    /// assert_eq!((start, from), (six, Some(utc(2026, 11, 2).at(22, 0))));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PayoutError::StartOfDayNotAllowed`](crate::payouts::PayoutError::StartOfDayNotAllowed) by country, and
    /// [`AccountError`](crate::accounts::AccountError) where the schedule is not the platform's to set.
    pub fn set_start_of_day(
        &mut self,
        key: &str,
        account: AccountId,
        start: StartOfDay,
    ) -> Result<Decided<AccountId>, Error> {
        let set = TimingCommand::SetStartOfDay(SetStartOfDay { account, start });
        self.0.run(key, Command::Timing(set), pick!(Account))
    }

    /// Has the bank show certain words beside an account's payouts from now on; nothing for what the platform's own settings say. The platform's
    /// are set with its own id.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = World::new().onboard(&mut platform, NewAccount::express(US))?;
    /// let house = platform.id();
    /// platform.payouts().set_statement_descriptor("ours", house, Some("Rocket Rides"))?;
    /// platform.payouts().set_statement_descriptor("jo's", jo, Some("Jo's fares"))?;
    /// assert_eq!(platform.balance_settings(jo)?.statement_descriptor(), Some("Jo's fares"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PayoutError::DescriptorInvalid`](crate::payouts::PayoutError::DescriptorInvalid), and
    /// [`AccountError`](crate::accounts::AccountError) where the schedule is not the platform's to set.
    pub fn set_statement_descriptor(
        &mut self,
        key: &str,
        account: AccountId,
        descriptor: Option<&str>,
    ) -> Result<Decided<AccountId>, Error> {
        let set = SetStatementDescriptor { account, descriptor: descriptor.map(str::to_owned) };
        self.0.run(key, Command::Timing(TimingCommand::SetStatementDescriptor(set)), pick!(Account))
    }

    /// Records by which id a bank finds a payout; nothing for that there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_traced(
        &mut self,
        id: &str,
        at: Timestamp,
        payout: PayoutId,
        trace_id: Option<&str>,
    ) -> Result<Decided<FactOutcome>, Error> {
        let trace_id = trace_id.map(str::to_owned);
        self.0.record(id, at, Fact::PayoutTraced(PayoutTraced { payout, trace_id }))
    }

    /// Records that the processor lets an account's payments become available sooner from now on, or no longer.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_speed_reviewed(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
        speed: SettlementSpeed,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::SpeedReviewed(SpeedReviewed { account, speed }))
    }
}
