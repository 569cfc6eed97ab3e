//! Banks that are debited for balances below zero: payouts below zero, which nobody asks for.

use super::set_aside::owed;
use super::{Error, Transaction};
use crate::accounts::{Access, Account, Action, Dashboard, ExternalAccount, ExternalAccountKind};
use crate::calendar::{TimeError, Timestamp};
use crate::ids::{AccountId, ExternalAccountId, PayoutId};
use crate::journal::{AnomalyReason, Deadline, Key};
use crate::ledger::{EntryKind, LedgerAccount};
use crate::money::{Currency, Money};
use crate::payouts::{
    BalanceSettings, BankDebit, FailedFrom, Payout, PayoutCycle, PayoutDue, PayoutEvent, PayoutStatus, PayoutTrigger,
    Plan, SetDebitNegativeBalances,
};
use crate::rulebook::BankDebitTerms;

impl<'a> Transaction<'a> {
    pub(super) fn set_debit_negative_balances(
        &mut self,
        on: Option<AccountId>,
        command: SetDebitNegativeBalances,
    ) -> Result<AccountId, Error> {
        let SetDebitNegativeBalances { account: id, debit } = command;
        let account = self.get::<Account>(id)?;
        if let Some(other) = on.filter(|on| *on != id) {
            return Err(Error::NotForAccounts(other));
        }
        self.permit(&account, Action::SetBalanceSettings)?;
        let settings = self.get::<BalanceSettings>(account.settings())?;
        if settings.debits_negative_balances() == debit {
            return Ok(id);
        }
        let currencies: Vec<Currency> = account.bank_currencies().collect();
        let keys: Vec<Key> = currencies.iter().map(|currency| Key::Balance(id, *currency)).collect();
        self.want(&keys)?;
        self.put(settings.with_debit_of_negative_balances(debit));
        for currency in currencies {
            if debit {
                self.plan_debit_of_debt(id, currency)?;
                continue;
            }
            let cycle = self.cycle(id, currency)?;
            match cycle.debit {
                BankDebit::Ahead { .. } => self.put_cycle(PayoutCycle { debit: BankDebit::None, ..cycle })?,
                // What is owed at the same time must not get a debit after all.
                BankDebit::None | BankDebit::UnderWay { .. } => self.rely_on_cycle(&cycle)?,
            }
        }
        self.event(PayoutEvent::SettingsUpdated, account.settings(), Some(id));
        Ok(id)
    }

    /// The bank account that is debited for what an account owes in a currency, and on which terms; nothing where none is.
    // RULE: bank accounts only, never cards; each currency by itself (docs.stripe.com/connect/account-balances, 2024). That an account which
    // was closed is debited no more, and that one which was paused or turned away still is, is our reading.
    fn debited_bank(
        &mut self,
        account: &Account,
        currency: Currency,
    ) -> Result<Option<(ExternalAccountId, &'a BankDebitTerms)>, Error> {
        let Some(id) = account.bank_for(currency).filter(|_| account.standing().access != Access::Closed) else {
            return Ok(None);
        };
        if !self.get::<BalanceSettings>(account.settings())?.debits_negative_balances() {
            return Ok(None);
        }
        let bank = self.get::<ExternalAccount>(id)?;
        let is_bank = matches!(bank.kind(), ExternalAccountKind::BankAccount { .. });
        let terms = self.rulebook.bank_debit_terms(bank.country(), currency);
        Ok(terms.filter(|_| is_bank && bank.is_usable()).map(|terms| (id, terms)))
    }

    /// Sees to it that the bank of whoever owes is debited, once what comes in has had its time to pay. Whoever asks says on which side of
    /// zero the balance is.
    pub(super) fn plan_debit(&mut self, id: AccountId, currency: Currency) -> Result<(), Error> {
        self.want(&[Key::Family(id.family()), Key::Balance(id, currency)])?;
        let cycle = self.cycle(id, currency)?;
        let account = self.get::<Account>(id)?;
        let at = match cycle.debit {
            BankDebit::Ahead { .. } | BankDebit::UnderWay { .. } => None,
            BankDebit::None => match self.debited_bank(&account, currency)? {
                // Beyond the end of the calendar no bank is debited.
                Some((_, terms)) if !self.only_mirrors()? => self.debit_day(&account, terms, self.now).ok(),
                Some(_) => None,
                None => None,
            },
        };
        match at {
            Some(at) => self.put_cycle(PayoutCycle { debit: BankDebit::Ahead { at }, ..cycle }),
            None => self.rely_on_cycle(&cycle),
        }
    }

    /// The same, if something is owed.
    pub(super) fn plan_debit_of_debt(&mut self, account: AccountId, currency: Currency) -> Result<(), Error> {
        let bucket = LedgerAccount::Available { owner: account };
        if self.available(account, currency)? >= 0 {
            // Whoever takes it below zero meanwhile has to look again.
            self.guard(bucket, currency, 0, i128::MAX);
            return Ok(());
        }
        self.guard(bucket, currency, i128::MIN, -1);
        self.plan_debit(account, currency)
    }

    /// When the bank is debited for what is owed since a moment.
    fn debit_day(&self, account: &Account, terms: &BankDebitTerms, since: Timestamp) -> Result<Timestamp, TimeError> {
        let calendar = self.rulebook.payout_calendar(account.country(), terms.currency());
        Timestamp::start_of(calendar.add_business_days(since.date(), terms.wait_days().into())?)
    }

    /// A bank is debited for what its owner's balance is below zero, if it is still, and for long enough.
    pub(super) fn debit_bank(&mut self, deadline: Deadline, id: AccountId, currency: Currency) -> Result<(), Error> {
        self.want(&[Key::Family(id.family()), Key::Balance(id, currency)])?;
        let cycle = self.cycle(id, currency)?;
        if cycle.debit.due() != Some(self.now) {
            return Ok(());
        }
        let available = self.available(id, currency)?;
        self.guard(LedgerAccount::Available { owner: id }, currency, available, available);
        let account = self.get::<Account>(id)?;
        let idle = PayoutCycle { debit: BankDebit::None, ..cycle };
        let overdraft = self.holding(id, currency)?.and_then(|holding| holding.overdraft.as_deref());
        let Some(since) = overdraft.filter(|known| known.is_open()).map(|known| known.since) else {
            return self.put_cycle(idle);
        };
        let Some((bank, terms)) = self.debited_bank(&account, currency)? else { return self.put_cycle(idle) };
        let Ok(amount) = self.debitable(&account, currency, available) else {
            self.put_cycle(idle)?;
            return self.cannot_happen(deadline, AnomalyReason::OutOfRange);
        };
        let calendar = self.rulebook.payout_calendar(account.country(), currency);
        let arrival = calendar.add_business_days(self.now.date(), terms.lead_days().into());
        let (Ok(due), Ok((day, arrival_date))) = (
            self.debit_day(&account, terms, since),
            arrival.and_then(|day| Timestamp::start_of(day).map(|date| (day, date))),
        ) else {
            self.put_cycle(idle)?;
            return self.cannot_happen(deadline, AnomalyReason::OutOfRange);
        };
        let Some(amount) = amount else { return self.put_cycle(idle) };
        // The balance was at zero in between: what comes in has its time again.
        if due > self.now {
            return self.put_cycle(PayoutCycle { debit: BankDebit::Ahead { at: due }, ..cycle });
        }
        let payout = PayoutId::of(self.new_family(None)?, 0);
        self.put_cycle(PayoutCycle { debit: BankDebit::UnderWay { payout }, ..cycle })?;
        let plan = Plan {
            id: payout,
            destination: bank,
            amount,
            created: self.now,
            arrival_date,
            silence: self.silence(&account, day)?,
            descriptor: self.descriptor_of(&account)?,
            has_trace: false,
            trigger: PayoutTrigger::Debt,
            instant: None,
            resend_of: None,
            minimum: 0,
            arrives: None,
        };
        self.send(plan).map(drop)
    }

    /// What a bank is debited for: less than zero; nothing where too little is owed.
    // RULE: accounts with a full dashboard only below -10.00, all others for any amount (support.stripe.com/questions/auto-debit-faq).
    fn debitable(&self, account: &Account, currency: Currency, available: i128) -> Result<Option<Money>, Error> {
        let is_full = account.controller().is_none_or(|controller| controller.dashboard == Dashboard::Full);
        let tolerated = i128::from(self.rulebook.tolerated_debt(is_full, currency).minor());
        if owed(available) <= tolerated {
            return Ok(None);
        }
        let owed = i64::try_from(owed(available)).map_err(|_| crate::ledger::LedgerError::Overflow)?;
        // No more than is owed, in the steps in which the currency moves.
        let multiple = self.rulebook.payout_limits(account.country(), currency).multiple();
        let amount = owed.saturating_sub(owed.checked_rem(multiple).unwrap_or(0));
        Ok((amount > 0).then(|| Money::new(amount.saturating_neg(), currency)))
    }

    /// Whether a bank has been asked for what an account owes, and has not answered.
    pub(super) fn awaits_debit(&mut self, account: AccountId, currency: Currency) -> Result<bool, Error> {
        let cycle = self.cycle(account, currency)?;
        self.rely_on_cycle(&cycle)?;
        Ok(matches!(cycle.debit, BankDebit::UnderWay { .. }))
    }

    /// The money of a debit is there: what was on its way is available, and as much of the platform's own is set aside for a while.
    // INVARIANT: as much as the bank has paid, and not what that would set free: what else came in before or after is no matter then.
    // RULE: it counts once the debit posts, and for up to three business days after that the platform's money stays set aside
    // (support.stripe.com/questions/connect-reserves-faq; docs.stripe.com/connect/account-balances, 2024).
    pub(super) fn debit_arrived(&mut self, payout: &Payout) -> Result<Payout, Error> {
        let (id, account, amount) = (payout.id(), payout.account(), payout.amount());
        let currency = amount.currency();
        self.want(&[Key::Family(account.family()), Key::Balance(account, currency)])?;
        self.debit_is_over(payout)?;
        let taken = amount.checked_neg()?.minor();
        let after = self.available(account, currency)?.saturating_add(taken.into());
        let mut next = payout.clone();
        if let Some(until) = self.cover_until(account, currency)?
            && self.is_platforms_loss(account)?
        {
            self.set_more_aside((account, currency), taken.into(), id.into())?;
            next = payout.with_cover(Some((taken, until)));
        }
        self.bank_has_paid(payout)?;
        if after < 0 {
            self.plan_debit(account, currency)?;
        }
        Ok(next)
    }

    /// The money that a bank was asked for is there: what was on its way is available.
    pub(super) fn bank_has_paid(&mut self, payout: &Payout) -> Result<(), Error> {
        let (owner, amount) = (payout.account(), payout.amount());
        let (less, more, currency) = (amount.minor(), amount.checked_neg()?.minor(), amount.currency());
        let postings = [
            Self::posting(LedgerAccount::Submitted { owner }, less, currency),
            Self::posting(LedgerAccount::Available { owner }, more, currency),
            Self::posting(LedgerAccount::InTransit { owner }, more, currency),
            Self::posting(LedgerAccount::Banks, less, currency),
        ];
        self.post(EntryKind::PayoutPaid, payout.id(), &[], &postings)?;
        self.event(PayoutEvent::Paid, payout.id(), Some(owner));
        Ok(())
    }

    /// Until when the platform's money stays set aside after a debit that arrives now; nothing where it does not.
    fn cover_until(&mut self, account: AccountId, currency: Currency) -> Result<Option<Timestamp>, Error> {
        let country = self.get::<Account>(account)?.country();
        let days = self.rulebook.bank_debit_policy().reserve_days;
        let calendar = self.rulebook.payout_calendar(country, currency);
        let until = calendar.add_business_days(self.now.date(), days.into()).and_then(Timestamp::start_of);
        // Beyond the end of the calendar nothing stays set aside.
        Ok(until.ok().filter(|until| *until > self.now && days > 0))
    }

    /// What follows where a debit fails, after its money is booked back: the bank may be asked again, and what stayed set aside for it is
    /// what is owed again.
    pub(super) fn debit_failed(&mut self, payout: Payout, from: FailedFrom) -> Result<Payout, Error> {
        if !payout.is_debit() {
            return Ok(payout);
        }
        let (account, currency) = (payout.account(), payout.amount().currency());
        // What had arrived and came back has been looked at with the balance that fell by it: all orders come to the same.
        if matches!(from, FailedFrom::Transit | FailedFrom::Nowhere) {
            self.debit_is_over(&payout)?;
            self.plan_debit_of_debt(account, currency)?;
        }
        let Some((cover, _)) = payout.covered() else { return Ok(payout) };
        let less = i128::from(cover.minor()).saturating_neg();
        self.set_more_aside((account, currency), less, payout.id().into())?;
        Ok(payout.with_cover(None))
    }

    /// What stayed set aside after a debit goes free.
    pub(super) fn free_cover(&mut self, id: PayoutId) -> Result<(), Error> {
        let Some(payout) = self.find::<Payout>(id)? else { return Ok(()) };
        let Some((cover, _)) = payout.covered().filter(|_| payout.is_due(PayoutDue::FreeCover, self.now)) else {
            return Ok(());
        };
        let less = i128::from(cover.minor()).saturating_neg();
        self.set_more_aside((payout.account(), cover.currency()), less, id.into())?;
        let next = payout.with_cover(None);
        self.put(next);
        Ok(())
    }

    /// Nothing is under way any more.
    fn debit_is_over(&mut self, payout: &Payout) -> Result<(), Error> {
        let cycle = self.cycle(payout.account(), payout.amount().currency())?;
        if cycle.debit == (BankDebit::UnderWay { payout: payout.id() }) {
            self.put_cycle(PayoutCycle { debit: BankDebit::None, ..cycle })?;
        }
        Ok(())
    }

    /// The bank account after a debit that it did not pay, as far as that counts: once for each debit.
    pub(super) fn unpaid_by(&self, bank: &ExternalAccount, payout: &Payout) -> Option<ExternalAccount> {
        let counts = payout.is_for_debt() && payout.status() != PayoutStatus::Failed;
        if counts { bank.unpaid(payout.created(), self.rulebook.bank_debit_policy().attempts) } else { None }
    }
}
