//! Debits that payers' banks have not answered: what is on its way, added up anew from what is known of each attempt.

use fundroute::payments::ConfirmationMethod;

use super::*;

/// How far the payer of an attempt has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Payer {
    HasToAct,
    HasActed,
    Confirmed,
}

impl Model {
    /// Whether an attempt has neither brought money nor come to nothing.
    fn is_open(&self, sale: &Sale, attempt: &Attempt) -> bool {
        let is_last = sale.attempts.last().is_some_and(|last| last.charge == attempt.charge);
        is_last && sale.paid_by.is_none() && !sale.called_off && !self.failures.contains_key(&attempt.charge)
    }

    fn is_open_attempt(&self, charge: ChargeId) -> bool {
        let attempts = self.sales.values().flat_map(|sale| sale.attempts.iter().map(move |attempt| (sale, attempt)));
        attempts.into_iter().any(|(sale, attempt)| attempt.charge == charge && self.is_open(sale, attempt))
    }

    pub(super) fn about_payer(&mut self, charge: ChargeId, has_acted: bool) {
        if self.is_open_attempt(charge) {
            let step = if has_acted { Payer::HasActed } else { Payer::HasToAct };
            let known = self.payers.entry(charge).or_insert(step);
            *known = step.max(*known);
        }
    }

    /// What is on its way to each owner, and what of it comes from payers and is exchanged, by currency.
    pub(crate) fn on_its_way(&self) -> (BTreeMap<Purse, i128>, BTreeMap<Currency, Outside>) {
        let mut sums = BTreeMap::new();
        let mut outside: BTreeMap<Currency, Outside> = BTreeMap::new();
        for sale in self.sales.values() {
            let open = sale.attempts.iter().filter(|attempt| self.is_open(sale, attempt));
            for attempt in open.filter(|attempt| rules::is_known_later(attempt.method)) {
                let by_hand = sale.order.confirmation_method == ConfirmationMethod::Manual;
                let was_sent = match self.payers.get(&attempt.charge) {
                    None | Some(Payer::Confirmed) => true,
                    Some(Payer::HasToAct) => false,
                    Some(Payer::HasActed) => !by_hand,
                };
                let amount = if was_sent { i128::from(attempt.amount.minor()) } else { 0 };
                let (coin, booked_in) = (attempt.ways.coin, attempt.ways.booked_in());
                let settled = through(attempt.ways.booked, amount);
                let sum: &mut i128 = sums.entry((sale.owner, booked_in)).or_default();
                *sum += settled;
                outside.entry(coin).or_default().payers += amount;
                if coin != booked_in {
                    outside.entry(coin).or_default().exchange += amount;
                    outside.entry(booked_in).or_default().exchange -= settled;
                }
            }
        }
        (sums, outside)
    }
}
