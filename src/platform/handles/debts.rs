use super::{Payouts, pick};
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::journal::{Fact, FactOutcome};
use crate::money::Money;
use crate::payouts::{DebtWrittenOff, SetDebitNegativeBalances};
use crate::platform::{Command, Decided, Error};

/// What becomes of debts.
impl Payouts<'_> {
    /// Has the bank of an account debited for what the account owes, once what comes in has had its time to pay; or no longer. What is under
    /// way goes on.
    ///
    /// ```
    /// use fundroute::payouts::debt::BankDebit;
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::Capability;
    /// use fundroute::simulator::World;
    ///
    /// let rules = Rulebook::standard().with_vetting(fundroute::rulebook::Vetting::ByHost);
    /// let mut platform = Platform::new(NewPlatform::in_country(US), rules, utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::custom(US).request(Capability::Transfers))?;
    /// // The platform collects what a Custom account is asked for, so its bank is not debited unless the platform says so.
    /// assert!(!platform.balance_settings(jo)?.debits_negative_balances());
    /// platform.payouts().debit_negative_balances("debit jo", jo, true)?;
    ///
    /// let sale = platform.payments().create("order-1", NewPayment::card(usd(50_00)).destination(jo))?.answer;
    /// platform.payments().create("float", NewPayment::card(usd(200_00)))?;
    /// world.advance(&mut platform, days(7))?; // jo is paid out
    /// platform.refunds().create("back", NewRefund::of(sale).reverse_transfer())?;
    /// assert!(matches!(platform.bank_debit(jo, USD)?, BankDebit::Ahead { .. }));
    ///
    /// world.advance(&mut platform, days(14))?;
    /// assert_eq!(platform.balance(jo, USD)?.available, 0);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) where it is not the platform's to say.
    pub fn debit_negative_balances(
        &mut self,
        key: &str,
        account: AccountId,
        debit: bool,
    ) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::SetDebitNegativeBalances(SetDebitNegativeBalances { account, debit }), pick!(Account))
    }

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
