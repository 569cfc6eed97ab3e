use super::Payouts;
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::journal::{Fact, FactOutcome};
use crate::money::Money;
use crate::payouts::DebtWrittenOff;
use crate::platform::{Decided, Error};

/// What becomes of debts.
impl Payouts<'_> {
    /// Records that the processor has given up what an account owes, for whose losses it answers. The money is on the balance then, whatever
    /// else was told of it.
    ///
    /// ```
    /// use fundroute::ledger::LedgerAccount;
    /// use fundroute::payments::{DisputeCase, DisputeChange, DisputeOpened, DisputeReason};
    /// use fundroute::payouts::debt::Liable;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut world = World::new();
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = world.onboard(&mut platform, NewAccount::standard(US))?;
    /// let sale = platform.acting_as(jo)?.payments().create("sale", NewPayment::card(usd(80_00)))?.answer;
    /// world.advance(&mut platform, days(5))?; // jo is paid out, and gone
    ///
    /// let now = platform.now();
    /// let opened = DisputeOpened {
    ///     charge: platform.charge_of(sale)?.id().into(),
    ///     reference: "dp_1".to_owned(),
    ///     amount: usd(80_00),
    ///     reason: DisputeReason::Fraudulent,
    ///     case: DisputeCase::Chargeback,
    ///     network: None,
    ///     respond_by: None,
    ///     settled: None,
    /// };
    /// platform.disputes().record_opened("opened", now, opened)?;
    /// platform.disputes().record_changed("taken", now, "dp_1", DisputeChange::FundsWithdrawn)?;
    /// let debt = platform.who_owes(jo)?.remove(0);
    /// assert_eq!(debt.liable, [Liable::Holder, Liable::Processor]);
    ///
    /// let owed = Money::new(i64::try_from(debt.amount).unwrap_or(0), USD);
    /// platform.payouts().record_written_off("given up", now, jo, owed)?;
    /// assert!(platform.who_owes(jo)?.is_empty());
    /// assert_eq!(platform.outside(LedgerAccount::Losses, USD), -debt.amount);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`record`](crate::Platform::record).
    pub fn record_written_off(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
        amount: Money,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::DebtWrittenOff(DebtWrittenOff { account, amount }))
    }
}
