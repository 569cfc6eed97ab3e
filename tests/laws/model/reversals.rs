//! Debits that payers' banks pull back after they had paid.

use std::collections::BTreeSet;

use fundroute::payments::{ChargeReversed, DebitFailure};

use super::*;
use crate::ways::between;

/// What was told of it: when, less how much, and why, reasons before none; and what is taken for it.
#[derive(Clone, Debug, Default)]
pub(super) struct PulledBack {
    told: BTreeSet<(Timestamp, i128, bool, Option<DebitFailure>)>,
    booked: i128,
}

impl PulledBack {
    /// The first telling counts.
    fn amount(&self) -> i128 {
        self.told.first().map_or(0, |(_, less, ..)| -less)
    }
}

impl Model {
    pub(super) fn pulled_back(&mut self, report: &Report, fact: &ChargeReversed) {
        let Some(charge) = self.charge(&fact.charge) else { return self.park(&fact.charge, report) };
        let sold = self.sales.iter().find(|(id, _)| id.family() == charge.family());
        let (payment, sale) = sold.map(|(id, sale)| (*id, sale.clone())).unwrap();
        let method = sale.attempts.iter().find(|known| known.charge == charge).unwrap().method;
        let is_odd = fact.amount.currency() != sale.order.amount.currency() || !fact.amount.is_positive();
        if is_odd || !rules::is_known_later(method) {
            return;
        }
        if sale.paid_by != Some(charge) {
            return self.wait_for(format!("success {charge}"), report);
        }
        let amount = i128::from(fact.amount.minor());
        if amount > sale.total {
            return;
        }
        let known = self.pulled_back.entry(payment).or_default();
        let is_first = known.told.is_empty();
        known.told.insert((report.at, -amount, fact.failure.is_none(), fact.failure));
        self.settle_pulled_back(payment);
        self.claim_sale(payment, through(sale.ways().booked, amount));
        if is_first {
            self.end_waiting(payment);
        }
        self.see_funds();
    }

    /// What a bank has pulled back leaves the balance, but for what disputes have taken of the same sale.
    pub(super) fn settle_pulled_back(&mut self, payment: PaymentId) {
        let taken = self.taken_by_disputes(payment);
        let Some(known) = self.pulled_back.get_mut(&payment) else { return };
        let due = (known.amount() - taken).max(0);
        let before = std::mem::replace(&mut known.booked, due);
        let sale = &self.sales[&payment];
        let (owner, ways, date) = (sale.owner, sale.ways(), sale.first.unwrap());
        // At the rate at which it came.
        let taken = between(ways.booked, before, due);
        self.outside.entry(ways.coin).or_default().payers -= due - before;
        self.put(owner, ways.booked_in(), date, -taken);
        self.exchange((taken, ways.booked_in()), (due - before, ways.coin));
    }

    /// What is taken from the balance because it was pulled back.
    pub(crate) fn reversed(&self, payment: PaymentId) -> i128 {
        self.pulled_back.get(&payment).map_or(0, |known| known.booked)
    }

    /// What can neither be given back nor passed on: a dispute and a bank that pulls it back are about the same money.
    pub(crate) fn kept_back(&self, payment: PaymentId) -> i128 {
        let pulled = self.pulled_back.get(&payment).map_or(0, PulledBack::amount);
        self.disputed(payment).max(pulled)
    }
}
