use super::{Error, Transaction};
use crate::ids::{AccountId, AnomalyId};
use crate::journal::{Anomaly, AnomalyCause, AnomalyReason, Deadline, DeadlineKind, Key, Known};
use crate::ledger::{EntryKind, LedgerAccount, Postings};
use crate::money::Currency;

/// More than a day's funds of any owner ever need; only a damaged state asks for more.
const MOST_POSTINGS: usize = 8;

impl Transaction<'_> {
    /// Lets something happen that is due. What is no longer due changes nothing.
    // INVARIANT: a deadline is never refused, or the clock would stop for everybody; what it cannot do becomes an anomaly.
    pub(super) fn fire(&mut self, deadline: Deadline) -> Result<(), Error> {
        match self.happen(deadline) {
            // What leads nowhere would be the next for ever.
            Ok(()) if self.changes.is_empty() && self.state.next_deadline() == Some(deadline) => {}
            Err(Error::NotFound(_)) => {}
            done => return done,
        }
        self.changes.reset(self.now);
        self.purses.clear();
        self.cannot_happen(deadline, AnomalyReason::Missing)
    }

    /// Gives up what is due, and tells so once.
    pub(super) fn cannot_happen(&mut self, deadline: Deadline, reason: AnomalyReason) -> Result<(), Error> {
        if !self.is_given_up(deadline)? {
            self.open_anomaly(AnomalyCause::Deadline(deadline), reason);
        }
        Ok(())
    }

    /// Whether a deadline was given up before, and told of. Its anomaly is named after it.
    pub(super) fn is_given_up(&self, deadline: Deadline) -> Result<bool, Error> {
        let id = AnomalyId::of(self.origin_of(deadline).family(deadline.due), 0);
        match self.state.record::<Anomaly>(id) {
            Known::Here((anomaly, _)) => Ok(anomaly.cause == AnomalyCause::Deadline(deadline)),
            Known::Absent => Ok(false),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    fn happen(&mut self, deadline: Deadline) -> Result<(), Error> {
        match deadline.what {
            DeadlineKind::Settle(account, currency) => self.settle(deadline, account, currency),
            DeadlineKind::ExpirePayment(payment) => self.expire_payment(payment),
            DeadlineKind::GiveUp(parked) => self.give_up(parked),
            DeadlineKind::Reassess(account) => self.reassess_due(account),
            DeadlineKind::CrossVolume(account, currency) => self.cross_volume(account, currency),
            DeadlineKind::GiveUpRefund(refund) => self.give_up_refund(refund),
            DeadlineKind::FundRefunds(account, currency) => self.fund_refunds(account, currency),
            DeadlineKind::CancelHeld(payout) => self.cancel_held(payout),
            DeadlineKind::CloseDispute(dispute) => self.close_dispute(dispute),
            DeadlineKind::Collect(account, currency) => self.collect_debt(deadline, account, currency),
            DeadlineKind::EndReservePlan(plan) => self.end_reserve_plan(plan),
            DeadlineKind::ReleaseHold(hold) => self.hold_is_over(hold),
            DeadlineKind::FreeCover(payout) => self.free_cover(payout),
            DeadlineKind::EndTrace(payout) => self.end_trace(payout),
            DeadlineKind::PayoutArrival(payout) => self.arrival_passed(payout),
            DeadlineKind::BillConnectFees(fees) => self.bill_connect_fees(deadline, fees),
            DeadlineKind::AssessRisk(day) => self.assess_day(day),
            DeadlineKind::DebitBank(account, currency) => self.debit_bank(deadline, account, currency),
            DeadlineKind::PayOut(account, currency) => self.pay_out(account, currency),
        }
    }

    /// Pending funds become available.
    fn settle(&mut self, deadline: Deadline, owner: AccountId, currency: Currency) -> Result<(), Error> {
        self.want(&[Key::Balance(owner, currency), Key::Family(owner.family())])?;
        let pending = LedgerAccount::Pending { owner, on: self.now };
        let available = LedgerAccount::Available { owner };
        let mut left = self.balance(pending, currency)?;
        if left == 0 {
            return Ok(());
        }
        let mut postings = Postings::new();
        while left != 0 && postings.len() < MOST_POSTINGS {
            let part = i64::try_from(left).unwrap_or(if left < 0 { -i64::MAX } else { i64::MAX });
            left = left.saturating_sub(i128::from(part));
            postings.push(Self::posting(pending, part.saturating_neg(), currency));
            postings.push(Self::posting(available, part, currency));
        }
        if left != 0 {
            return self.cannot_happen(deadline, AnomalyReason::OutOfRange);
        }
        // All of it goes at once: a payment that comes in between would be left behind without a deadline.
        self.guard(pending, currency, 0, 0);
        self.post(EntryKind::Settlement, owner, &[], &postings)
    }
}
