//! What payments come to that carry a plan: commissions with their tax, and parts with transfers of their own.

use fundroute::money::{Spare, Split};
use fundroute::routing::PaymentPlan;

use super::*;
use crate::terms;
use crate::ways::between;

/// How the money of a payment is shared out by its plan, in the currency in which it is booked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    /// Who may get a part, with how it is converted for them.
    recipients: Vec<(AccountId, Way)>,
    /// Who gets what, the platform as well, part by part; and what of each went back with refunds.
    pub(crate) parts: Vec<(AccountId, i128)>,
    pub(crate) returned: Vec<i128>,
    /// The refunds that took the parts back.
    pub(super) asked: i128,
    pub(super) transfers: BTreeMap<AccountId, TransferId>,
}

/// The plan, unless a part that is named goes before it.
pub(super) fn without_named(mut order: NewPayment) -> NewPayment {
    if order.application_fee.is_some() || order.transfer_amount.is_some() {
        order.plan = None;
    }
    order
}

impl Sale {
    pub(super) fn is_shared(&self) -> bool {
        !self.shared.recipients.is_empty()
    }

    /// The parts of all that was taken: nobody gets less than before, and what that costs comes off whoever gets most now.
    fn parts(&self) -> Vec<(AccountId, i128)> {
        let Some(PaymentPlan::Split(plan)) = self.order.plan.as_deref() else { return Vec::new() };
        let (way, coin) = (self.ways().booked, self.order.amount.currency());
        let mut total = 0;
        let taken = Money::new(i64::try_from(self.total).unwrap(), coin);
        let mut parts = terms::shares(plan, taken);
        for (_, part) in &mut parts {
            let before = total;
            total += *part;
            *part = between(way, before, total);
        }
        let had: Vec<i128> = self.shared.parts.iter().map(|(_, part)| *part).collect();
        let mut over = 0;
        for ((_, part), had) in parts.iter_mut().zip(&had) {
            over += (had - *part).max(0);
            *part = (*part).max(*had);
        }
        while over > 0 {
            let gain = |place: &usize| parts[*place].1 - had[*place];
            let most = (0..parts.len()).rev().max_by_key(gain).unwrap();
            let less = over.min(gain(&most));
            assert!(less > 0, "more was sent than there is");
            parts[most].1 -= less;
            over -= less;
        }
        parts
    }

    /// Of so much more that goes back with everybody's part, what each recipient is asked for; and what went back of each part then.
    pub(super) fn asked_of_each(&self, amount: i128) -> (Vec<(AccountId, i128)>, Vec<i128>) {
        let (shared, coin) = (&self.shared, self.ways().booked_in());
        let due = through(self.ways().booked, shared.asked + amount) - shared.returned.iter().sum::<i128>();
        if due <= 0 {
            return (Vec::new(), shared.returned.clone());
        }
        let money = |minor: &i128| Money::new(i64::try_from(*minor).unwrap(), coin);
        let weights = shared.parts.iter().map(|(_, part)| u64::try_from(*part).unwrap()).collect();
        let given: Vec<Money> = shared.returned.iter().map(money).collect();
        let more = Split::new(weights, Spare::Largest).unwrap().take(&given, money(&due)).unwrap();
        let more =
            || shared.parts.iter().map(|(account, _)| *account).zip(more.iter().map(|part| i128::from(part.minor())));
        let of = |account| more().filter(|(party, _)| *party == account).map(|(_, part)| part).sum::<i128>();
        let each = shared.recipients.iter().map(|(account, _)| (*account, of(*account))).collect();
        (each, shared.returned.iter().zip(more()).map(|(before, (_, part))| before + part).collect())
    }
}

impl Model {
    /// Who may get a part of a payment that is tried now.
    pub(super) fn shared(&self, order: &NewPayment, booked_in: Currency) -> Shared {
        let Some(PaymentPlan::Split(plan)) = order.plan.as_deref() else { return Shared::default() };
        let others = plan.accounts().into_iter().filter(|account| *account != self.platform);
        let recipients = others.map(|account| {
            assert!(rules::is_reached(self.holders[&account].country), "a part crossed a closed border");
            (account, self.inbound(account, booked_in))
        });
        Shared { recipients: recipients.collect(), ..Shared::default() }
    }

    /// The commission on all that was taken, and its tax: as the plan says, but no less than what was given back of them.
    pub(super) fn commission(&self, sale: &Sale, known: Option<&Share>) -> (i128, i128) {
        let (before, tax) = known.map_or((0, (0, 0)), |share| (share.amount, share.tax));
        let Some(PaymentPlan::Commission(plan)) = sale.order.plan.as_deref() else {
            let named = sale.order.application_fee.map_or(0, |fee| sale.total.min(fee.minor().into()));
            return (named.max(before), tax.0);
        };
        let taken = Money::new(i64::try_from(sale.total).unwrap(), sale.order.amount.currency());
        let (amount, of_it) = terms::commission(plan, sale.attempts.last().unwrap().method, taken);
        let back = known.map_or(0, |share| share.back);
        (amount.max(back), of_it.max(tax.1))
    }

    /// Everybody's part of a sale grows to what its total brings.
    pub(super) fn send_shares(&mut self, id: PaymentId, (at, date): (Timestamp, Timestamp), changes: &Changes) {
        let sale = &self.sales[&id];
        if !sale.is_shared() {
            return;
        }
        let (family, currency, parts) = (id.family(), sale.ways().booked_in(), sale.parts());
        assert_eq!(parts.iter().map(|(_, part)| part).sum::<i128>(), sale.settled(), "parts that are not the whole");
        let sale = self.sales.get_mut(&id).unwrap();
        let shared = &mut sale.shared;
        shared.returned.resize(parts.len(), 0);
        shared.parts = parts.clone();
        for write in &changes.records {
            if let Record::Transfer(transfer) = &write.record
                && transfer.id().family() == family
            {
                shared.transfers.entry(transfer.destination()).or_insert(transfer.id());
            }
        }
        let (recipients, transfers) = (shared.recipients.clone(), shared.transfers.clone());
        for (account, theirs) in recipients {
            let part: i128 = parts.iter().filter(|(party, _)| *party == account).map(|(_, part)| part).sum();
            let known = transfers.get(&account).copied();
            let before = known.and_then(|id| self.transfers.get(&id)).map_or(0, |share| share.amount);
            if part <= before {
                continue;
            }
            let transfer = known.expect("a part was not sent");
            let source = Some(id);
            let new = Share { source, ..Share::new((account, currency), date, (theirs, None)) };
            let share = self.transfers.entry(transfer).or_insert(new);
            share.amount = part;
            let (got, purse, known) = (between(theirs, before, part), share.purse(), share.hold);
            self.sales.get_mut(&id).unwrap().transferred += part - before;
            let reached = self.reached(account, date);
            self.put(self.platform, currency, date, before - part);
            self.put(account, purse.1, reached, got);
            self.exchange((part - before, currency), (got, purse.1));
            let source = transfer.into();
            let incoming = reserves::Incoming { source, purse, gross: got, net: got, charged: at, date: reached };
            let hold = self.keep(known, &incoming, changes);
            self.transfers.get_mut(&transfer).unwrap().hold = hold;
        }
    }

    /// The holds of all that was sent of a sale by its plan, with when the money came.
    pub(super) fn holds_of_shares(&self, payment: PaymentId) -> Vec<(ReserveHoldId, Timestamp)> {
        let transfers = self.sales[&payment].shared.transfers.values();
        let shares = transfers.map(|transfer| &self.transfers[transfer]);
        shares.filter_map(|share| share.hold.map(|hold| (hold, self.reached(share.account, share.date)))).collect()
    }
}
