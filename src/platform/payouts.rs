use chrono::NaiveDate;

use super::connect_fees::PayoutNews;
use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::{Account, Action, ExternalAccount, PayoutMethod};
use crate::calendar::{TimeError, Timestamp};
use crate::ids::{AccountId, ExternalAccountId, PayoutId};
use crate::journal::{AnomalyCause, AnomalyReason, CycleWrite, DeadlineKind, Guard, Instruction, Key};
use crate::ledger::{EntryKind, LedgerAccount, Postings};
use crate::money::{Currency, Money};
use crate::payouts::{
    AdvanceLine, BalanceSettings, CancelPayout, NewPayout, Payout, PayoutCycle, PayoutError, PayoutEvent, PayoutLine,
    PayoutSchedule, PayoutTrigger, Plan, ReconciliationStatus, SetPayoutSchedule, Window, check_descriptor,
};
use crate::routing::RoutingEvent;
use crate::rulebook::{InstantRule, PayoutLimits};

impl<'a> Transaction<'a> {
    /// Sees to it that money which an account can be paid has a run ahead.
    // RULE: the first run of the schedule at or after the moment the money is available (docs.stripe.com/payouts, 2026).
    pub(super) fn arm(&mut self, account: AccountId, currency: Currency) -> Result<(), Error> {
        self.want(&[Key::Family(account.family()), Key::Balance(account, currency)])?;
        let cycle = self.cycle(account, currency)?;
        if cycle.next_run.is_some() {
            return self.rely_on_cycle(&cycle);
        }
        // What an earlier entry of this transaction has left is looked at again with this one.
        let available = LedgerAccount::Available { owner: account };
        let is_earlier = |known: &Guard| (known.low, known.high) == (i128::MIN, 0) && known.currency == currency;
        self.changes.guards.retain(|known| known.account != available || !is_earlier(known));
        if self.available(account, currency)? <= 0 {
            // Two credits that each leave the balance below zero may lift it above together: one has to look again.
            self.guard(available, currency, i128::MIN, 0);
            return Ok(());
        }
        let owner = self.get::<Account>(account)?;
        let Some(bank) = owner.bank_for(currency).filter(|_| owner.payouts_enabled()) else { return Ok(()) };
        let settings = self.get::<BalanceSettings>(owner.settings())?;
        let PayoutSchedule::Automatic(recurrence) = settings.schedule() else { return Ok(()) };
        // The provider makes the payouts, and tells of them.
        if self.only_mirrors()? {
            return Ok(());
        }
        if !self.get::<ExternalAccount>(bank)?.is_usable() {
            return Ok(());
        }
        // A run that belongs to this moment has been and gone, unless the clock is just settling what it pays, or lets it go.
        let settling = matches!(
            self.firing.map(|deadline| deadline.what),
            Some(
                DeadlineKind::Settle(..)
                    | DeadlineKind::EndReservePlan(_)
                    | DeadlineKind::ReleaseHold(_)
                    | DeadlineKind::FreeCover(_)
                    | DeadlineKind::PayoutArrival(_)
            )
        );
        let after = |moment: Timestamp| moment.checked_add(chrono::TimeDelta::microseconds(1));
        let now = if settling { Ok(self.now) } else { after(self.now) };
        let last = cycle.paid_through.map_or(Ok(Timestamp::MIN), after);
        let first = self.first_payout(account, currency)?.unwrap_or(Timestamp::MIN);
        let from = now.and_then(|now| Ok(now.max(last?).max(first)));
        let calendar = self.rulebook.payout_calendar(owner.country(), currency);
        let next = from.and_then(|from| recurrence.next_run_from(from, calendar, &settings.starts_of_day()));
        match next {
            Ok(next_run) => self.put_cycle(PayoutCycle { next_run: Some(next_run), ..cycle }),
            // The calendar has no day left to pay on: the money stays where it is.
            Err(_) => Ok(()),
        }
    }

    /// Says in which ranges the balances that this transaction moves must end.
    pub(super) fn confirm(&mut self) -> Result<(), Error> {
        self.watch_zero()?;
        self.confirm_runs()
    }

    /// Makes the runs that this transaction has set stand only as long as there is something to pay, after everything that it moves.
    // INVARIANT: money that leaves at the same time does not leave a run behind for what is gone.
    fn confirm_runs(&mut self) -> Result<(), Error> {
        let mut next = 0_usize;
        while let Some(CycleWrite { cycle, .. }) = self.changes.cycles.get(next) {
            let (account, currency, is_set) = (cycle.account, cycle.currency, cycle.next_run.is_some());
            next = next.saturating_add(1);
            if is_set && self.available(account, currency)? > 0 {
                self.guard(LedgerAccount::Available { owner: account }, currency, 1, i128::MAX);
            }
        }
        Ok(())
    }

    /// Takes the run of a balance away that cannot be paid for now.
    pub(super) fn put_off(&mut self, account: AccountId, currency: Currency) -> Result<(), Error> {
        let cycle = self.cycle(account, currency)?;
        if cycle.next_run.is_none() {
            // Money that comes at the same time must not get a run after all.
            return self.rely_on_cycle(&cycle);
        }
        self.put_cycle(PayoutCycle { next_run: None, ..cycle })
    }

    pub(super) fn set_payout_schedule(
        &mut self,
        on: Option<AccountId>,
        command: &SetPayoutSchedule,
    ) -> Result<AccountId, Error> {
        let account = self.get::<Account>(command.account)?;
        if let Some(other) = on.filter(|on| *on != command.account) {
            return Err(Error::NotForAccounts(other));
        }
        self.permit(&account, Action::SetPayoutSchedule)?;
        let recurrence = match &command.schedule {
            PayoutSchedule::Automatic(recurrence) => Some(recurrence),
            PayoutSchedule::Manual => None,
        };
        if !self.schedule_rule_of(&account)?.allows(recurrence) {
            return Err(PayoutError::ScheduleNotAllowed(account.country()).into());
        }
        let currencies: Vec<Currency> = account.bank_currencies().collect();
        let keys: Vec<Key> = currencies.iter().map(|currency| Key::Balance(command.account, *currency)).collect();
        self.want(&keys)?;
        let settings = self.get::<BalanceSettings>(account.settings())?;
        self.put(settings.with_schedule(command.schedule));
        for currency in currencies {
            self.put_off(command.account, currency)?;
            self.arm(command.account, currency)?;
        }
        self.event(PayoutEvent::SettingsUpdated, account.settings(), Some(command.account));
        Ok(command.account)
    }

    /// Pays out what somebody asked for by hand: anew, or `again`, after that has failed.
    pub(super) fn pay_by_hand(
        &mut self,
        on: Option<AccountId>,
        command: &NewPayout,
        again: Option<&Payout>,
    ) -> Result<PayoutId, Error> {
        let (amount, currency) = (command.amount, command.amount.currency());
        if !amount.is_positive() {
            return Err(PayoutError::AmountNotPositive(amount).into());
        }
        check_descriptor(command.statement_descriptor.as_deref())?;
        let id = on.unwrap_or(self.platform);
        let keys = [Key::Family(id.family()), Key::Balance(id, currency), Key::Family(self.platform.family())];
        match command.method {
            PayoutMethod::Standard => self.want(&keys)?,
            PayoutMethod::Instant => self.want(&[keys.as_slice(), &self.keys_of_instant(currency)].concat())?,
        }
        let account = self.get::<Account>(id)?;
        let action = match command.method {
            PayoutMethod::Standard => Action::CreatePayout,
            PayoutMethod::Instant => Action::CreateInstantPayout,
        };
        self.permit(&account, action)?;
        let country = account.country();
        if !self.schedule_rule_of(&account)?.allows_manual() {
            return Err(PayoutError::ManualNotAllowed(country).into());
        }
        let instant = match command.method {
            PayoutMethod::Standard => None,
            PayoutMethod::Instant => Some(self.instant_rule(&account, currency)?),
        };
        let way = self.way_out(&account, command)?;
        let limits = self.limits_of(&account, way.paid(amount).currency(), way.bank)?;
        Self::check_payout(way.paid(amount), limits, instant)?;
        let destination = self.bank_to_pay(&account, currency, way.bank)?;
        let ((day, counted), instant) = match instant {
            None => {
                if let Some(available) = self.shortfall(id, currency, amount.minor().into())? {
                    return Err(PayoutError::InsufficientFunds { account: id, available, needed: amount }.into());
                }
                (self.standard_arrival(&account, way.paid(amount))?, None)
            }
            Some(rule) => {
                let today = self.starts_of_day(&account)?.at(self.now).day_of(self.now);
                ((today, None), Some(self.instant_of(rule, &account, destination, amount)?))
            }
        };
        let silence = self.silence(&account, day)?;
        let has_trace = self.has_trace(destination, command.method)?;
        let own = command.statement_descriptor.as_deref().or(again.map(Payout::statement_descriptor));
        let descriptor = own.map_or_else(|| self.descriptor_of(&account), |own| Ok(own.into()))?;
        let payout = self.send(Plan {
            id: PayoutId::of(self.new_family(None)?, 0),
            destination,
            amount,
            created: self.now,
            arrival_date: if instant.is_some() { self.now } else { self.told_as(day)? },
            silence,
            descriptor,
            has_trace,
            trigger: PayoutTrigger::Manual,
            resend_of: again.map(Payout::id),
            instant,
            minimum: 0,
            arrives: way.arrives,
        })?;
        counted.map_or(Ok(()), |cycle| self.put_cycle(cycle))?;
        Ok(payout)
    }

    /// That so much can be sent at once, by the rules of the account's country, or those within minutes, if it is to go so.
    fn check_payout(amount: Money, limits: PayoutLimits, instant: Option<&InstantRule>) -> Result<(), PayoutError> {
        let minimum = instant.map_or(Money::new(limits.min(), amount.currency()), InstantRule::min);
        if amount.minor() < minimum.minor() {
            return Err(PayoutError::AmountTooSmall { amount, minimum });
        }
        let maximum = instant.map(InstantRule::max);
        if let Some(maximum) = maximum.filter(|maximum| amount.minor() > maximum.minor()) {
            return Err(PayoutError::AmountTooLarge { amount, maximum });
        }
        let maximum = limits.max().filter(|maximum| instant.is_none() && amount.minor() > *maximum);
        if let Some(maximum) = maximum.map(|maximum| Money::new(maximum, amount.currency())) {
            return Err(PayoutError::AboveMaximum { amount, maximum });
        }
        let multiple = limits.multiple();
        if amount.minor().checked_rem(multiple) != Some(0) {
            return Err(PayoutError::AmountNotMultiple { amount, multiple });
        }
        Ok(())
    }

    /// The bank account or card that a payout goes to, if the account can be paid there now.
    fn bank_to_pay(
        &mut self,
        account: &Account,
        currency: Currency,
        bank: Option<ExternalAccountId>,
    ) -> Result<ExternalAccountId, Error> {
        let id = account.id();
        // An account with nowhere to be paid to has its payouts off; the reason says more than that.
        if let Some(bank) = bank
            && !self.get::<ExternalAccount>(bank)?.is_usable()
        {
            return Err(PayoutError::BankAccountErrored(bank).into());
        }
        if !account.payouts_enabled() {
            return Err(PayoutError::PayoutsNotEnabled(id).into());
        }
        let bank = bank.ok_or(PayoutError::NoBankAccount { account: id, currency })?;
        match self.first_payout(id, currency)?.filter(|until| *until > self.now) {
            Some(until) => Err(PayoutError::FirstPayoutWaits { account: id, until }.into()),
            None => Ok(bank),
        }
    }

    /// Whether a bank will know a payout by an id.
    fn has_trace(&mut self, to: ExternalAccountId, method: PayoutMethod) -> Result<bool, Error> {
        let country = self.get::<ExternalAccount>(to)?.country();
        Ok(self.rulebook.has_trace_ids(country, method == PayoutMethod::Instant))
    }

    /// The bank account or card that somebody chose for a payout.
    pub(super) fn chosen(
        &mut self,
        account: &Account,
        chosen: ExternalAccountId,
        currency: Currency,
    ) -> Result<ExternalAccountId, Error> {
        if chosen.family() != account.id().family() {
            return Err(Error::NotFound(chosen.into()));
        }
        let known = self.get::<ExternalAccount>(chosen)?;
        if !known.is_there() {
            return Err(Error::NotFound(chosen.into()));
        }
        if known.currency() != currency {
            return Err(PayoutError::NoBankAccount { account: account.id(), currency }.into());
        }
        Ok(chosen)
    }

    /// Takes a payout out of the balance, with its fees, and asks the world to send it.
    pub(super) fn send(&mut self, plan: Plan) -> Result<PayoutId, Error> {
        let kept = plan.minimum;
        let payout = Payout::new(plan);
        let fees = self.connect_fees_of(&payout)?;
        let payout = payout.costing(fees);
        let (id, account) = (payout.id(), payout.account());
        let (amount, currency) = (payout.amount(), payout.amount().currency());
        let under_way = Self::posting(LedgerAccount::InTransit { owner: account }, amount.minor(), currency);
        let fee = Self::fee_of(payout.fee().minor(), currency);
        let mut postings: Postings = std::iter::once(under_way).chain(fee).collect();
        let advance = payout.instant().map_or(&[][..], |instant| instant.advance.as_slice());
        let mut lines = AdvanceLine::Lent.of(&payout, advance, self.now);
        let line = |line: PayoutLine| line.of(&payout, self.now);
        if kept == 0 {
            lines.push(line(PayoutLine::Sent));
        } else {
            lines.extend([PayoutLine::Kept(kept), PayoutLine::Sent, PayoutLine::LetGo(kept)].map(line));
        }
        if let Some((collected, exchanged)) = self.collect_price(&payout)? {
            lines.push(collected);
            postings.extend(exchanged);
        }
        self.post(EntryKind::Payout, id, &lines, &postings)?;
        self.event(PayoutEvent::Created, id, Some(account));
        if payout.reconciliation_status() == ReconciliationStatus::Completed {
            self.event(PayoutEvent::ReconciliationCompleted, id, Some(account));
        }
        if let Some(fee) = payout.application_fee() {
            self.event(RoutingEvent::ApplicationFeeCreated, fee, None);
        }
        self.count_fees(&payout, PayoutNews::Made)?;
        self.instruct(Instruction::Payout(payout.to_send()));
        self.put(payout);
        Ok(id)
    }

    pub(super) fn cancel_payout(&mut self, on: Option<AccountId>, command: &CancelPayout) -> Result<PayoutId, Error> {
        let payout = self.get::<Payout>(command.payout)?;
        if payout.account() != on.unwrap_or(self.platform) {
            return Err(PayoutError::NotOnAccount(command.payout).into());
        }
        let account = self.get::<Account>(payout.account())?;
        self.permit(&account, Action::CreatePayout)?;
        let next = payout.cancel(self.now)?;
        self.call_off(&next)?;
        Ok(command.payout)
    }

    /// An automatic payout runs.
    pub(super) fn pay_out(&mut self, account: AccountId, currency: Currency) -> Result<(), Error> {
        let platform = Key::Family(self.platform.family());
        self.want(&[Key::Family(account.family()), Key::Balance(account, currency), platform])?;
        let cycle = self.cycle(account, currency)?;
        if cycle.next_run != Some(self.now) {
            return Ok(());
        }
        let mut done = PayoutCycle { next_run: None, ..cycle };
        // Payers wait for this money: no run takes it away from them, or a daily one would do so every night. That is our own choice,
        // no page says which comes first.
        if self.queue(account, currency)?.first.is_some() {
            self.put_cycle(done)?;
            return self.arm(account, currency);
        }
        self.rely_on_empty_queue(account, currency)?;
        let owner = LedgerAccount::Available { owner: account };
        let mut is_capped = false;
        if let Some((amount, minimum, payee)) = self.payable(account, currency)?
            && let Some(bank) = payee.bank_for(currency)
            && self.get::<ExternalAccount>(bank)?.is_usable()
        {
            match self.arrival(&payee, currency)? {
                Ok((day, arrival_date)) => {
                    let plan = Plan {
                        id: PayoutId::of(self.new_family(None)?, 0),
                        destination: bank,
                        amount,
                        created: self.now,
                        arrival_date,
                        silence: self.silence(&payee, day)?,
                        descriptor: self.descriptor_of(&payee)?,
                        has_trace: self.has_trace(bank, PayoutMethod::Standard)?,
                        trigger: PayoutTrigger::Automatic(Window { from: cycle.paid_through, through: self.now }),
                        instant: None,
                        resend_of: None,
                        minimum,
                        arrives: None,
                    };
                    done.paid_through = Some(self.now);
                    self.send(plan)?;
                    is_capped = self.limits_of(&payee, currency, Some(bank))?.max() == Some(amount.minor());
                }
                Err(_) => {
                    if let Some(deadline) = self.firing {
                        self.open_anomaly(AnomalyCause::Deadline(deadline), AnomalyReason::OutOfRange);
                    }
                }
            }
        }
        // Whether it took all of it or found nothing to take, what is available must not have changed since it looked.
        let left = self.available(account, currency)?;
        self.guard(owner, currency, left, left);
        self.put_cycle(done)?;
        // What was too much for one payout leaves with the next.
        if is_capped { self.arm(account, currency) } else { Ok(()) }
    }

    /// What of an account's available money a run can take and what it leaves behind, if the account may be paid.
    // RULE: what is available above the minimum, where there is one; what is asked for by hand pays no heed to it
    // (docs.stripe.com/payouts/minimum-balances-for-automatic-payouts, 2026).
    fn payable(&mut self, id: AccountId, currency: Currency) -> Result<Option<(Money, i64, Seen<'a, Account>)>, Error> {
        let account = self.get::<Account>(id)?;
        let minimum = self.minimum_of(&account, currency)?;
        let above = self.available(id, currency)?.saturating_sub(minimum.into());
        let above = i64::try_from(above).unwrap_or(if above < 0 { 0 } else { i64::MAX });
        let limits = self.limits_of(&account, currency, account.bank_for(currency))?;
        let amount = limits.payable(above).filter(|amount| *amount > 0 && account.payouts_enabled());
        Ok(amount.map(|amount| (Money::new(amount, currency), minimum, account)))
    }

    /// On which day an automatic payout that runs now reaches the bank, and as what that is told.
    // RULE: a payout that falls on a closed day arrives on the next business day (docs.stripe.com/payouts, 2026).
    fn arrival(
        &mut self,
        account: &Account,
        currency: Currency,
    ) -> Result<Result<(NaiveDate, Timestamp), TimeError>, Error> {
        let today = self.starts_of_day(account)?.at(self.now).day_of(self.now);
        let calendar = self.rulebook.payout_calendar(account.country(), currency);
        let day = match u32::from(self.rulebook.automatic_payout_lead()) {
            0 => calendar.roll_forward(today),
            lead => calendar.add_business_days(today, lead),
        };
        Ok(day.and_then(|day| Ok((day, self.told_as(day)?))))
    }
}
