//! Balances below zero, as each transaction leaves them: the platform's money that is set aside for them, and since when they are.

use chrono::TimeDelta;

use super::transaction::Purse;
use super::{Error, Transaction};
use crate::accounts::{Account, Controller, LossBearer};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId};
use crate::journal::{AnomalyCause, AnomalyReason, Deadline, DeadlineKind, FactOutcome, Key, Known, Told};
use crate::ledger::{Entry, EntryKind, LedgerAccount, LedgerError, Lines, Postings};
use crate::money::Currency;
use crate::payouts::{Collected, DebtEvent, DebtWrittenOff, Overdraft, Reserved, WrittenOff};

/// More than any debt ever needs; only a damaged state asks for more.
const MOST_PARTS: usize = 8;

/// For how long after its day a debt is not covered because a bank was asked for it and has not answered: our own choice, no page says.
const BANK_PATIENCE: TimeDelta = TimeDelta::days(30);

/// How much a balance owes.
pub(super) fn owed(available: i128) -> i128 {
    available.min(0).saturating_neg()
}

impl Transaction<'_> {
    /// Whether the platform answers for what an account cannot pay.
    // INVARIANT: who controls an account never changes, so no decision depends on the version in which it was read.
    pub(super) fn is_platforms_loss(&mut self, account: AccountId) -> Result<bool, Error> {
        self.want(&[Key::Family(account.family())])?;
        match self.known_account(account) {
            Known::Here(known) => Ok(known.controller().is_some_and(|controller| Controller::may_owe(&controller))),
            Known::Absent => Err(Error::NotFound(account.into())),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// Sets as much of the platform's money aside as an account owes, after an entry that was caused by `source` has moved its available
    /// funds by `moved`. All that one transaction sets aside for one account is one entry.
    // RULE: support.stripe.com/questions/connect-reserves-faq; docs.stripe.com/connect/account-balances (2024).
    // INVARIANT: what is set aside is, in each currency, the sum of what the accounts owe for which the platform answers, and of what debits
    // of their banks have brought that can still be pulled back.
    pub(super) fn mirror(
        &mut self,
        account: AccountId,
        currency: Currency,
        moved: i128,
        source: ObjectId,
    ) -> Result<(), Error> {
        if account == self.platform {
            return Ok(());
        }
        let after = self.available(account, currency)?;
        let more = owed(after).saturating_sub(owed(after.saturating_sub(moved)));
        if more == 0 || !self.is_platforms_loss(account)? {
            return Ok(());
        }
        self.set_more_aside((account, currency), more, source)
    }

    /// Sets so much more of the platform's money aside for an account, or so much less.
    pub(super) fn set_more_aside(
        &mut self,
        (account, currency): (AccountId, Currency),
        more: i128,
        source: ObjectId,
    ) -> Result<(), Error> {
        self.want(&[Key::Balance(self.platform, currency), Key::Family(self.platform.family())])?;
        self.holding(self.platform, currency)?;
        let house = LedgerAccount::ConnectReserved { owner: self.platform };
        let is_ours = |entry: &Entry| {
            entry.kind() == EntryKind::ConnectReserve
                && entry.cause() == account.into()
                && entry.movements().all(|(_, in_currency, _)| in_currency == currency)
        };
        let earlier = self.changes.entries.iter().position(is_ours).map(|place| self.changes.entries.remove(place));
        let movements = earlier.iter().flat_map(Entry::movements);
        let known = movements.filter(|(bucket, ..)| *bucket == house).fold(0_i128, |sum, (.., part)| {
            // INVARIANT: sums of i64 in i128: saturation is never reached.
            sum.saturating_add(part)
        });
        self.set_aside(account, currency, known.saturating_add(more), source)?;
        Purse::add(&mut self.purses, self.platform, currency, more.saturating_neg());
        // What was decided by what the platform has was decided before this.
        let available = LedgerAccount::Available { owner: self.platform };
        let guards = self.changes.guards.iter_mut().filter(|guard| guard.currency == currency);
        for floor in guards.filter(|guard| guard.account == available && guard.high == i128::MAX) {
            floor.low = floor.low.saturating_sub(more);
        }
        if more < 0 { self.arm(self.platform, currency) } else { Ok(()) }
    }

    fn set_aside(
        &mut self,
        account: AccountId,
        currency: Currency,
        mut left: i128,
        source: ObjectId,
    ) -> Result<(), Error> {
        if left == 0 {
            return Ok(());
        }
        let (mut lines, mut postings) = (Lines::new(), Postings::new());
        let reserved = Reserved { platform: self.platform, source, currency, now: self.now };
        while left != 0 {
            if lines.len() == MOST_PARTS {
                return Err(LedgerError::Overflow.into());
            }
            let part = i64::try_from(left).unwrap_or(if left < 0 { -i64::MAX } else { i64::MAX });
            left = left.saturating_sub(part.into());
            lines.push(reserved.line(part));
            postings.push(Self::posting(LedgerAccount::ConnectReserved { owner: self.platform }, part, currency));
        }
        let what = (EntryKind::ConnectReserve, account.into(), self.now);
        Ok(Entry::draft(&mut self.changes.entries, what, &lines, &postings)?)
    }

    /// Makes the decision stand only as long as every balance that it moves is on the side of zero on which it was seen, and notes those
    /// that it takes to the other side.
    // INVARIANT: nothing crosses zero unseen: whoever stays on one side can be overtaken by everybody who does too, and whoever crosses
    // by nobody.
    pub(super) fn watch_zero(&mut self) -> Result<(), Error> {
        let mut next = 0_usize;
        while let Some(Purse { owner, currency, moved }) = self.purses.get(next).copied() {
            next = next.saturating_add(1);
            if moved == 0 {
                continue;
            }
            let after = self.available(owner, currency)?;
            let before = after.saturating_sub(moved);
            let bucket = LedgerAccount::Available { owner };
            match (before < 0, after < 0) {
                (false, false) => self.guard_floor(bucket, currency, moved.max(0)),
                (true, true) => self.guard(bucket, currency, i128::MIN, moved.min(0).saturating_sub(1)),
                (true, false) | (false, true) => {
                    self.guard(bucket, currency, after, after);
                    self.cross_zero(owner, currency, after < 0)?;
                }
            }
            if moved < 0 && after < 0 {
                self.plan_debit(owner, currency)?;
            }
        }
        Ok(())
    }

    /// Makes the decision stand only if a balance ends no lower than this, unless that is said already.
    fn guard_floor(&mut self, bucket: LedgerAccount, currency: Currency, low: i128) {
        let mut known =
            self.changes.guards.iter().filter(|guard| guard.account == bucket && guard.currency == currency);
        if !known.any(|guard| guard.low >= low) {
            self.guard(bucket, currency, low, i128::MAX);
        }
    }

    /// Notes that a balance has fallen below zero, or is there no longer.
    fn cross_zero(&mut self, owner: AccountId, currency: Currency, is_below: bool) -> Result<(), Error> {
        let before = self.holding(owner, currency)?.and_then(|holding| holding.overdraft.as_deref());
        let next = if is_below {
            let is_collected = owner != self.platform && self.is_platforms_loss(owner)? && !self.only_mirrors()?;
            let patience = self.rulebook.collection_wait().filter(|_| is_collected);
            let collect = |since: Timestamp| since.checked_add(patience?).ok();
            Some(Overdraft::begun((owner, currency), before, self.now, collect))
        } else {
            // What was collected is over, whatever follows at the same moment.
            let is_over = matches!(self.firing, Some(Deadline { what: DeadlineKind::Collect(..), .. }));
            before.map(|before| if is_over { before.collected(self.now) } else { before.lifted(self.now) })
        };
        self.changes.overdrafts.extend(next);
        Ok(())
    }

    /// What an account has owed for too long is covered by the platform.
    // RULE: after 180 days, and the account is at zero then (docs.stripe.com/connect/account-balances, 2024).
    pub(super) fn collect_debt(
        &mut self,
        deadline: Deadline,
        account: AccountId,
        currency: Currency,
    ) -> Result<(), Error> {
        let platform = self.platform;
        let families = [account, platform].map(|owner| Key::Family(owner.family()));
        self.want(&families)?;
        self.want(&[account, platform].map(|owner| Key::Balance(owner, currency)))?;
        let overdraft = self.holding(account, currency)?.and_then(|holding| holding.overdraft.as_deref());
        if overdraft.and_then(Overdraft::due) != Some(self.now) {
            return Ok(());
        }
        let Ok(amount) = i64::try_from(owed(self.available(account, currency)?)) else {
            return self.cannot_happen(deadline, AnomalyReason::OutOfRange);
        };
        if amount == 0 {
            return Ok(());
        }
        if let Some(overdraft) = overdraft
            && self.may_wait_for_bank(overdraft)
            && self.awaits_debit(account, currency)?
        {
            // What a bank has been asked for is not covered at the same time, or the debt would be paid twice. No page says so.
            let after = self.available(account, currency)?;
            self.guard(LedgerAccount::Available { owner: account }, currency, after, after);
            // Once the bank has answered, this must not count any more, and it must not count twice.
            let cycle = self.cycle(account, currency)?;
            self.put_cycle(cycle)?;
            self.changes.overdrafts.push(overdraft.postponed(self.now.plus_days(1)?));
            return Ok(());
        }
        let lines = Collected { platform, account, amount, currency, now: self.now }.lines();
        self.post(EntryKind::Collection, account, &lines, &[])?;
        self.event(DebtEvent::Collected, account, None);
        Ok(())
    }

    /// Whether a bank that was asked for what is owed may still take its time.
    // INVARIANT: a bank that never answers is waited for a few times, and not for ever.
    fn may_wait_for_bank(&self, overdraft: &Overdraft) -> bool {
        let wait = self.rulebook.collection_wait().and_then(|wait| wait.checked_add(&BANK_PATIENCE));
        wait.and_then(|wait| overdraft.since.checked_add(wait).ok()).is_some_and(|end| self.now < end)
    }

    /// Takes up that the processor has given up what an account owes. The money is the processor's, whatever the balance is by now: of
    /// what else happened to it at the same time may be told later.
    // RULE: the processor bears the losses of accounts for which it answers (docs.stripe.com/connect/account-balances, 2024).
    pub(super) fn debt_written_off(&mut self, told: Told<'_>, fact: &DebtWrittenOff) -> Result<FactOutcome, Error> {
        let DebtWrittenOff { account, amount } = *fact;
        let controller = self.get::<Account>(account)?.controller();
        let flaw = match controller.map(|controller| controller.losses) {
            Some(LossBearer::Application) | None => Some(AnomalyReason::LossesNotTheirs),
            Some(LossBearer::Processor) if !amount.is_positive() => Some(AnomalyReason::AmountDiffers),
            Some(LossBearer::Processor) => None,
        };
        if let Some(reason) = flaw {
            return Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), reason));
        }
        let losses = Self::posting(LedgerAccount::Losses, amount.checked_neg()?.minor(), amount.currency());
        let line = WrittenOff { account, amount, now: self.now }.line();
        self.post(EntryKind::WriteOff, account, &[line], &[losses])?;
        self.event(DebtEvent::WrittenOff, account, Some(account));
        Ok(FactOutcome::Applied)
    }
}
