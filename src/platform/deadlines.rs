use super::{Error, Transaction};
use crate::ids::AccountId;
use crate::journal::{AnomalyCause, AnomalyReason, Deadline, DeadlineKind, Key};
use crate::ledger::{EntryKind, LedgerAccount, Postings};
use crate::money::Currency;

/// More than a day's funds of any owner ever need; only a damaged state asks for more.
const MOST_POSTINGS: usize = 8;

impl Transaction<'_> {
    /// Lets something happen that is due. What is no longer due changes nothing.
    // INVARIANT: a deadline is never refused, or the clock would stop for everybody; what it cannot do becomes an anomaly.
    pub(super) fn fire(&mut self, deadline: Deadline) -> Result<(), Error> {
        match self.happen(deadline) {
            Err(Error::NotFound(_)) => {}
            done => return done,
        }
        self.changes.reset(self.now);
        self.open_anomaly(AnomalyCause::Deadline(deadline), AnomalyReason::Missing);
        Ok(())
    }

    fn happen(&mut self, deadline: Deadline) -> Result<(), Error> {
        match deadline.what {
            DeadlineKind::Settle(account, currency) => self.settle(deadline, account, currency),
            DeadlineKind::ExpireVoucher(payment) => self.expire_voucher(payment),
            DeadlineKind::GiveUp(parked) => self.give_up(parked),
            DeadlineKind::Reassess(account) => self.reassess_due(account),
            DeadlineKind::CrossVolume(account, currency) => self.cross_volume(account, currency),
            DeadlineKind::CancelHeld(payout) => self.cancel_held(payout),
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
            self.open_anomaly(AnomalyCause::Deadline(deadline), AnomalyReason::OutOfRange);
            return Ok(());
        }
        // All of it goes at once: a payment that comes in between would be left behind without a deadline.
        self.guard(pending, currency, 0, 0);
        self.post(EntryKind::Settlement, owner, &[], &postings)
    }
}
