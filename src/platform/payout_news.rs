//! What the world tells of payouts, and what follows where it tells nothing.

use chrono::NaiveDate;

use super::connect_fees::PayoutNews;
use super::{Error, Transaction};
use crate::accounts::{Account, AccountEvent, ExternalAccount};
use crate::calendar::Timestamp;
use crate::ids::PayoutId;
use crate::journal::{AnomalyCause, AnomalyReason, FactOutcome, Told};
use crate::ledger::{EntryKind, LedgerAccount, Postings};
use crate::payouts::{
    FailedFrom, PaidFrom, Payout, PayoutCanceled, PayoutCycle, PayoutDue, PayoutEvent, PayoutFailed, PayoutLine,
    PayoutPaid, PayoutSubmitted, PayoutTraced, Silence,
};

impl Transaction<'_> {
    /// What follows if nothing is heard of a payout that is made now and expected on a day.
    // That a payout is overdue once its day is over for whoever owns the balance is our own choice: no page says.
    // RULE: a payout is paid once the bank has accepted it, or the date of arrival is reached (docs.stripe.com/api/payouts/object, 2026). The
    // second is the host's choice here.
    pub(super) fn silence(&mut self, account: &Account, day: NaiveDate) -> Result<Silence, Error> {
        let starts = self.starts_of_day(account)?;
        let next = self.now.checked_add(chrono::TimeDelta::microseconds(1)).unwrap_or(Timestamp::MAX);
        // A day beyond the end of the calendar never begins.
        let begin = |day: Option<NaiveDate>| {
            let midnight = day.and_then(|day| Timestamp::start_of(day).ok());
            let moment = midnight.zip(day).and_then(|(midnight, day)| starts.at(midnight).begin(day).ok());
            moment.unwrap_or(Timestamp::MAX).max(next)
        };
        Ok(if self.rulebook.arrival_as_paid() {
            Silence::Arrived(begin(Some(day)))
        } else {
            Silence::Overdue(begin(day.succ_opt()))
        })
    }

    /// The day of a payout's arrival has gone by in silence; or it has come, where that counts for the arrival.
    pub(super) fn arrival_passed(&mut self, id: PayoutId) -> Result<(), Error> {
        let Some(payout) = self.find::<Payout>(id)? else { return Ok(()) };
        if !payout.is_due(PayoutDue::Arrival, self.now) {
            return Ok(());
        }
        let (silence, next) = payout.unheard();
        if let (Some(Silence::Arrived(_)), Ok(Some((paid, from)))) = (silence, payout.pay(self.now)) {
            return self.book_arrival(paid, from);
        }
        self.put(next);
        self.event(PayoutEvent::Overdue, id, Some(payout.account()));
        Ok(())
    }

    /// A payout is known to have arrived: its money is moved from where it was.
    fn book_arrival(&mut self, paid: Payout, from: PaidFrom) -> Result<(), Error> {
        let paid = paid.looked_up(self.now);
        let (id, account, amount) = (paid.id(), paid.account(), paid.amount());
        match from {
            PaidFrom::Bank => {}
            PaidFrom::Transit if paid.is_for_debt() => {
                let arrived = self.debit_arrived(&paid)?;
                self.put(arrived);
                return Ok(());
            }
            PaidFrom::Transit if paid.is_debit() => self.bank_has_paid(&paid)?,
            PaidFrom::Transit => {
                let out = amount.checked_neg()?.minor();
                let mut postings = Self::at_the_bank(&paid)?;
                postings.push(Self::posting(LedgerAccount::InTransit { owner: account }, out, amount.currency()));
                self.post(EntryKind::PayoutPaid, id, &[], &postings)?;
                self.event(PayoutEvent::Paid, id, Some(account));
            }
            PaidFrom::Nowhere => {
                let posting = Self::posting(LedgerAccount::Banks, amount.minor(), amount.currency());
                let line = PayoutLine::CameAfterAll.of(&paid, self.now);
                self.post(EntryKind::PayoutPaid, id, &[line], &[posting])?;
                self.event(PayoutEvent::Paid, id, Some(account));
            }
        }
        self.put(paid);
        Ok(())
    }

    pub(super) fn payout_submitted(&mut self, told: Told<'_>, fact: &PayoutSubmitted) -> Result<FactOutcome, Error> {
        let payout = self.get::<Payout>(fact.payout)?;
        let next = match payout.submit(told.at) {
            Ok(Some(next)) => next,
            Ok(None) => return Ok(FactOutcome::Stale),
            Err(_) => return Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), AnomalyReason::PayoutCanceled)),
        };
        self.put(next);
        self.event(PayoutEvent::Updated, fact.payout, Some(payout.account()));
        Ok(FactOutcome::Applied)
    }

    pub(super) fn payout_traced(&mut self, told: Told<'_>, fact: &PayoutTraced) -> Result<FactOutcome, Error> {
        let payout = self.get::<Payout>(fact.payout)?;
        if !fact.is_valid() {
            return Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), AnomalyReason::TraceInvalid));
        }
        let Some(next) = payout.traced(told.at, fact.trace_id.as_deref()) else { return Ok(FactOutcome::Stale) };
        self.put(next);
        self.event(PayoutEvent::Updated, fact.payout, Some(payout.account()));
        Ok(FactOutcome::Applied)
    }

    /// Nobody has told by which id a payout is found, for so long that nobody will.
    pub(super) fn end_trace(&mut self, id: PayoutId) -> Result<(), Error> {
        let Some(payout) = self.find::<Payout>(id)? else { return Ok(()) };
        if payout.is_due(PayoutDue::EndTrace, self.now) {
            let next = payout.clone().looked_up(self.now);
            self.put(next);
            self.event(PayoutEvent::Updated, id, Some(payout.account()));
        }
        Ok(())
    }

    pub(super) fn payout_paid(&mut self, report: Told<'_>, fact: &PayoutPaid) -> Result<FactOutcome, Error> {
        let payout = self.get::<Payout>(fact.payout)?;
        match payout.pay(report.at) {
            Ok(Some((paid, from))) => self.book_arrival(paid, from)?,
            Ok(None) => return Ok(FactOutcome::Stale),
            Err(_) => {
                return Ok(self.open_anomaly(AnomalyCause::Fact(report.to_report()), AnomalyReason::PayoutCanceled));
            }
        }
        Ok(FactOutcome::Applied)
    }

    pub(super) fn payout_failed(&mut self, at: Timestamp, fact: &PayoutFailed) -> Result<FactOutcome, Error> {
        let payout = self.get::<Payout>(fact.payout)?;
        let account = payout.account();
        let failed = payout.fail(at, &fact.failure_code);
        let is_new_to_bank = !payout.is_called_off() && self.break_bank(&payout, &fact.failure_code, at)?;
        let Some((next, from)) = failed else {
            self.reassess_destination(account, is_new_to_bank)?;
            return Ok(if is_new_to_bank { FactOutcome::Applied } else { FactOutcome::Stale });
        };
        let event = (payout.status() != next.status()).then_some(PayoutEvent::Failed);
        self.bring_back(next, from, (EntryKind::PayoutFailed, PayoutLine::Failed(from)), event)?;
        self.reassess_destination(account, is_new_to_bank)?;
        Ok(FactOutcome::Applied)
    }

    /// The processor has called a payout off.
    // What it cost stays taken, as of one that came back, and of the month's bill as well: no page says otherwise, and whether it was handed to
    // the bank before is often told late or not at all.
    pub(super) fn payout_canceled(&mut self, at: Timestamp, fact: PayoutCanceled) -> Result<FactOutcome, Error> {
        let payout = self.get::<Payout>(fact.payout)?;
        let Some((next, from)) = payout.cancel_outside(at) else { return Ok(FactOutcome::Stale) };
        let event = (payout.status() != next.status()).then_some(PayoutEvent::Canceled);
        self.bring_back(next, from, (EntryKind::PayoutCanceled, PayoutLine::CalledOff(from)), event)?;
        Ok(FactOutcome::Applied)
    }

    /// The money of a payout that came to nothing outside goes back to where it was taken from, with all that hangs on it.
    fn bring_back(
        &mut self,
        next: Payout,
        from: FailedFrom,
        (kind, line): (EntryKind, PayoutLine),
        event: Option<PayoutEvent>,
    ) -> Result<(), Error> {
        let (account, amount) = (next.account(), next.amount());
        let postings = match from {
            FailedFrom::Transit => {
                let (owner, out) = (account, amount.checked_neg()?.minor());
                let posting = Self::posting(LedgerAccount::InTransit { owner }, out, amount.currency());
                Some(Postings::from_elem(posting, 1))
            }
            FailedFrom::Bank => Some(Self::back_from_the_bank(&next)?),
            FailedFrom::Back | FailedFrom::Nowhere => None,
        };
        if let Some(postings) = postings {
            let mut lines = self.give_back(&next, amount.minor());
            lines.push(line.of(&next, self.now));
            self.post(kind, next.id(), &lines, &postings)?;
        }
        let next = if from == FailedFrom::Back { next } else { self.debit_failed(next, from)? };
        if from != FailedFrom::Back {
            self.count_fees(&next, PayoutNews::Failed)?;
        }
        if let Some(event) = event {
            self.event(event, next.id(), Some(account));
        }
        self.put(next.clone());
        self.void_reversal(&next)
    }

    /// Stops sending to a bank account that returned a payout; tells whether that is new.
    // RULE: a returned payout disables the bank account, whatever the reason, unless the table of failure codes says
    // otherwise (docs.stripe.com/payouts, 2026).
    // INVARIANT: every reported failure counts, also one that was overtaken, so that the order of delivery is no matter.
    fn break_bank(&mut self, payout: &Payout, failure_code: &str, at: Timestamp) -> Result<bool, Error> {
        let breaks = self.rulebook.payout_failure(failure_code).is_none_or(|rule| rule.breaks_destination());
        let bank = self.get::<ExternalAccount>(payout.destination())?;
        let counted = self.unpaid_by(&bank, payout);
        let broken = if breaks { counted.as_ref().unwrap_or(&bank).errored(at) } else { None };
        let is_broken = broken.is_some();
        let Some(next) = broken.or(counted) else { return Ok(false) };
        let was_usable = bank.is_usable();
        let is_usable = next.is_usable();
        self.put(next);
        if was_usable == is_usable && !is_broken {
            return Ok(false);
        }
        self.event(AccountEvent::ExternalAccountUpdated, bank.id(), Some(payout.account()));
        // A run that was ahead would find nowhere to pay to.
        let cycle = self.cycle(payout.account(), bank.currency())?;
        let idle = PayoutCycle { next_run: None, debit: cycle.debit.put_off(), ..cycle };
        if idle != cycle && self.get::<Account>(payout.account())?.bank_for(bank.currency()) == Some(bank.id()) {
            self.put_cycle(idle)?;
        }
        Ok(true)
    }
}
