use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Timestamp;
use crate::journal::{Deadline, DeadlineKind};
use crate::money::Currency;

/// What happens by itself, soonest first. Deadlines of one time and kind lie together, so that only their objects are compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    ahead: BTreeMap<(Timestamp, u8), BTreeMap<Object, Deadline>>,
    /// What was given up, and never comes back.
    given_up: BTreeSet<Deadline>,
}

/// Which object, as numbers: they are compared faster than ids of several kinds.
type Object = (u128, Option<Currency>);

/// The order of what happens at one time: by kind, and within it by object.
const fn order(what: DeadlineKind) -> (u8, Object) {
    match what {
        DeadlineKind::Settle(account, currency) => (0, (account.uuid().as_u128(), Some(currency))),
        DeadlineKind::ExpirePayment(payment) => (1, (payment.uuid().as_u128(), None)),
        DeadlineKind::GiveUp(parked) => (2, (parked.uuid().as_u128(), None)),
        DeadlineKind::Reassess(account) => (3, (account.uuid().as_u128(), None)),
        DeadlineKind::CrossVolume(account, currency) => (4, (account.uuid().as_u128(), Some(currency))),
        DeadlineKind::GiveUpRefund(refund) => (5, (refund.uuid().as_u128(), None)),
        DeadlineKind::FundRefunds(account, currency) => (6, (account.uuid().as_u128(), Some(currency))),
        DeadlineKind::CancelHeld(payout) => (7, (payout.uuid().as_u128(), None)),
        DeadlineKind::CloseDispute(dispute) => (8, (dispute.uuid().as_u128(), None)),
        DeadlineKind::EndReservePlan(plan) => (9, (plan.uuid().as_u128(), None)),
        DeadlineKind::ReleaseHold(hold) => (10, (hold.uuid().as_u128(), None)),
        DeadlineKind::FreeCover(payout) => (11, (payout.uuid().as_u128(), None)),
        DeadlineKind::PayoutArrival(payout) => (12, (payout.uuid().as_u128(), None)),
        DeadlineKind::PayOut(account, currency) => (13, (account.uuid().as_u128(), Some(currency))),
        DeadlineKind::DebitBank(account, currency) => (14, (account.uuid().as_u128(), Some(currency))),
        DeadlineKind::Collect(account, currency) => (15, (account.uuid().as_u128(), Some(currency))),
        DeadlineKind::EndTrace(payout) => (16, (payout.uuid().as_u128(), None)),
        DeadlineKind::BillConnectFees(fees) => (17, (fees.uuid().as_u128(), None)),
        DeadlineKind::AssessRisk(day) => (18, (day.uuid().as_u128(), None)),
    }
}

impl Agenda {
    pub(super) fn insert(&mut self, deadline: Deadline) {
        if self.given_up.contains(&deadline) {
            return;
        }
        let (kind, object) = order(deadline.what);
        self.ahead.entry((deadline.due, kind)).or_default().insert(object, deadline);
    }

    pub(super) fn remove(&mut self, deadline: Deadline) {
        let (kind, object) = order(deadline.what);
        let place = (deadline.due, kind);
        let Some(together) = self.ahead.get_mut(&place) else { return };
        together.remove(&object);
        if together.is_empty() {
            self.ahead.remove(&place);
        }
    }

    /// Gives a deadline up for good, whatever else still speaks of it.
    pub(super) fn give_up(&mut self, deadline: Deadline) {
        self.remove(deadline);
        self.given_up.insert(deadline);
    }

    /// Moves a deadline to another time, sets it or calls it off.
    pub(super) fn change(&mut self, what: DeadlineKind, before: Option<Timestamp>, after: Option<Timestamp>) {
        if before == after {
            return;
        }
        if let Some(due) = before {
            self.remove(Deadline { due, what });
        }
        if let Some(due) = after {
            self.insert(Deadline { due, what });
        }
    }

    /// Puts what happens to an object by itself in the place of what would have.
    pub(super) fn replace(&mut self, before: Option<Deadline>, after: Option<Deadline>) {
        if before == after {
            return;
        }
        if let Some(before) = before {
            self.remove(before);
        }
        if let Some(after) = after {
            self.insert(after);
        }
    }

    /// What happens first.
    pub(super) fn first(&self) -> Option<Deadline> {
        let (_, together) = self.ahead.first_key_value()?;
        together.first_key_value().map(|(_, deadline)| *deadline)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Deadline> {
        self.ahead.values().flat_map(BTreeMap::values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;
    use crate::ids::{AccountId, ParkedFactId, PaymentId, RefundId};

    #[test]
    fn it_lists_deadlines_in_their_own_order() {
        let mut all = Vec::new();
        for due in [utc(2026, 11, 2), utc(2026, 11, 3)] {
            for bytes in [[3; 14], [1; 14], [2; 14]] {
                let account = AccountId::from_host(bytes);
                for currency in [Currency::USD, Currency::EUR] {
                    all.push(Deadline { due, what: DeadlineKind::PayOut(account, currency) });
                    all.push(Deadline { due, what: DeadlineKind::CrossVolume(account, currency) });
                    all.push(Deadline { due, what: DeadlineKind::Collect(account, currency) });
                    all.push(Deadline { due, what: DeadlineKind::FundRefunds(account, currency) });
                    all.push(Deadline { due, what: DeadlineKind::Settle(account, currency) });
                }
                all.push(Deadline { due, what: DeadlineKind::Reassess(account) });
                all.push(Deadline { due, what: DeadlineKind::ExpirePayment(PaymentId::from_host(bytes)) });
                all.push(Deadline { due, what: DeadlineKind::GiveUp(ParkedFactId::from_host(bytes)) });
                all.push(Deadline { due, what: DeadlineKind::GiveUpRefund(RefundId::from_host(bytes)) });
            }
        }
        let mut agenda = Agenda::default();
        for deadline in all.iter().chain(&all) {
            agenda.insert(*deadline);
        }
        all.sort_unstable();
        assert!(agenda.iter().eq(&all));
        for deadline in all {
            assert_eq!(agenda.first(), Some(deadline));
            agenda.remove(deadline);
        }
        assert!(agenda.first().is_none() && agenda.ahead.is_empty());
    }

    #[test]
    fn what_was_given_up_never_comes_back() {
        let what = DeadlineKind::Reassess(AccountId::from_host([1; 14]));
        let [early, late] = [utc(2026, 11, 2), utc(2026, 11, 3)].map(|due| Deadline { due, what });
        let mut agenda = Agenda::default();
        agenda.insert(early);
        agenda.give_up(early);
        agenda.insert(early);
        assert_eq!(agenda.first(), None);
        agenda.change(what, Some(early.due), Some(late.due));
        assert_eq!(agenda.first(), Some(late));
        agenda.change(what, Some(late.due), Some(early.due));
        assert_eq!(agenda.first(), None);
    }
}
