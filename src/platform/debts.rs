//! What balances below zero owe, and why.

use super::{Error, Platform};
use crate::accounts::{Account, LossBearer};
use crate::ids::AccountId;
use crate::journal::Known;
use crate::ledger::Explanation;
use crate::money::{Currency, Money};
use crate::payouts::{BankDebit, Debt, Liable, Netting, Overdraft};

/// Reading. Nothing here changes anything.
impl Platform {
    /// Since when an account's balance in a currency has been below zero, and when the platform covers it; nothing while it is not.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn overdraft(&self, account: AccountId, currency: Currency) -> Result<Option<Overdraft>, Error> {
        match self.state.holding(account, currency) {
            Known::Here(holding) => Ok(holding.overdraft.as_deref().copied().filter(Overdraft::is_open)),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// Where the debit of the bank stands from which an account's balance in a currency is brought up to zero.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn bank_debit(&self, account: AccountId, currency: Currency) -> Result<BankDebit, Error> {
        match self.state.holding(account, currency) {
            Known::Here(holding) => Ok(holding.debit),
            Known::Absent => Ok(BankDebit::None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// What an account owes, currency by currency: how much, who answers for it, since when, and every movement of its available funds
    /// since then with the chain of what caused it. Nothing where it owes nothing. Only available funds below zero are a debt: what is
    /// pending may still pay for itself.
    ///
    /// ```
    /// use fundroute::ids::ObjectId;
    /// use fundroute::payouts::debt::Liable;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let rules = Rulebook::standard().with_vetting(fundroute::rulebook::Vetting::ByHost);
    /// let mut platform = Platform::new(NewPlatform::in_country(US), rules, utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payments().create("float", NewPayment::card(usd(200_00)))?;
    /// let sale = platform.payments().create("order-1", NewPayment::card(usd(50_00)).destination(jo))?.answer;
    /// world.settle(&mut platform)?;
    /// world.advance(&mut platform, days(5))?; // jo is paid out
    ///
    /// platform.refunds().create("back", NewRefund::of(sale).reverse_transfer())?;
    /// let debts = platform.who_owes(jo)?;
    /// assert_eq!((debts[0].currency, debts[0].amount), (USD, 50_00));
    /// assert_eq!(debts[0].liable, [Liable::Holder, Liable::Platform]);
    /// assert_eq!(debts[0].collect_at, debts[0].since.plus_days(180).ok());
    /// // A refund took the transfer back, and with it the money that had been paid out.
    /// let because = &debts[0].because[0].because;
    /// assert_eq!(because.last(), Some(&ObjectId::from(sale)));
    /// // As much of the platform's own money is set aside.
    /// assert_eq!(platform.balance(platform.id(), USD)?.connect_reserved, 50_00);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn who_owes(&self, account: AccountId) -> Result<Vec<Debt>, Error> {
        let liable = liable(self.account(account)?);
        self.history_is_kept()?;
        let mut debts = Vec::new();
        for currency in Currency::all() {
            let Some(overdraft) = self.overdraft(account, currency)? else { continue };
            let available = self.balance(account, currency)?.available;
            let because = self.since(&overdraft);
            // INVARIANT: sums of i64 in i128: saturation is never reached.
            let before = because.iter().fold(available, |sum, step| sum.saturating_sub(step.available));
            debts.push(Debt {
                account,
                currency,
                amount: available.saturating_neg(),
                liable,
                since: overdraft.since,
                collect_at: overdraft.collect_at,
                bank_debit: self.bank_debit(account, currency)?,
                before,
                because,
            });
        }
        Ok(debts)
    }

    /// What of an amount pays an account's debt, and what is left for its holder, if the amount became available to it now: by a transfer,
    /// a sale, or anything else. Nothing can be chosen about it; it is told so that a platform knows before it sends.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let rules = Rulebook::standard().with_vetting(fundroute::rulebook::Vetting::ByHost);
    /// let mut platform = Platform::new(NewPlatform::in_country(US), rules, utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payments().create("float", NewPayment::card(usd(200_00)))?;
    /// let sale = platform.payments().create("order-1", NewPayment::card(usd(50_00)).destination(jo))?.answer;
    /// world.advance(&mut platform, days(5))?;
    /// platform.refunds().create("back", NewRefund::of(sale).reverse_transfer())?;
    ///
    /// let netting = platform.netted(jo, usd(60_00))?;
    /// assert_eq!((netting.owed, netting.pays, netting.left), (50_00, 50_00, 10_00));
    /// platform.transfers().create("next", NewTransfer::to(jo, usd(60_00)))?;
    /// assert_eq!(platform.balance(jo, USD)?.available, netting.left);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    // RULE: docs.stripe.com/connect/account-balances (2024).
    pub fn netted(&self, account: AccountId, amount: Money) -> Result<Netting, Error> {
        let [_, second] = liable(self.account(account)?);
        let available = self.balance(account, amount.currency())?.available;
        let amount = i128::from(amount.minor()).max(0);
        let owed = available.min(0).saturating_neg();
        let pays = owed.min(amount);
        let given_free = if second == Liable::Platform { pays } else { 0 };
        let (left, still_owed) = (amount.saturating_sub(pays), owed.saturating_sub(pays));
        Ok(Netting { owed, pays, left, still_owed, given_free })
    }

    /// Every movement of the available funds since a balance fell below zero, oldest first.
    fn since(&self, overdraft: &Overdraft) -> Vec<Explanation> {
        let Overdraft { account: owner, currency, since, .. } = *overdraft;
        let mut steps = Vec::new();
        for booked in self.state.latest(owner, currency).take_while(|booked| booked.at() >= since) {
            let mut moved = self.steps(booked, owner, currency);
            moved.retain(|step| step.available != 0);
            steps.extend(moved.into_iter().rev());
        }
        steps.reverse();
        steps
    }
}

/// Who answers for what an account owes, one after the other.
// RULE: the account's holder first, then whoever bears its losses (docs.stripe.com/connect/account-balances, 2024); that the processor
// comes after a platform that owes itself is our reading.
fn liable(account: &Account) -> [Liable; 2] {
    match account.controller().map(|controller| controller.losses) {
        Some(LossBearer::Application) => [Liable::Holder, Liable::Platform],
        Some(LossBearer::Processor) => [Liable::Holder, Liable::Processor],
        None => [Liable::Platform, Liable::Processor],
    }
}
