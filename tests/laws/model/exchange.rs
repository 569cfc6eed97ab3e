//! What is converted for whom, and at which of the rates that the host has named.

use fundroute::routing::SetExchangeRate;

use super::*;
use crate::ways::{Becomes, HUNDRED_THOUSANDTHS, Way, both, coin_of};

/// How what an attempt brings is converted on its way: as settled when it was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    /// The currency of the payment.
    pub(super) coin: Currency,
    /// From there into the currency in which it is booked.
    pub(super) booked: Way,
    /// From there into the recipient's.
    pub(super) onward: Way,
    /// How the platform gets its commission.
    pub(super) kept: Way,
}

impl Ways {
    pub(super) fn booked_in(&self) -> Currency {
        coin_of(self.booked, self.coin)
    }

    /// How an account pays its commission.
    pub(super) fn paid(&self) -> Way {
        both(self.booked, self.onward)
    }
}

impl Model {
    /// The host names the middle of the market.
    pub(super) fn quote(&mut self, set: &SetExchangeRate) {
        let mid = set.mid.value();
        let parts = mid.mantissa() * 10_i128.pow(HUNDRED_THOUSANDTHS - mid.scale());
        self.rates.insert((set.from, set.to), parts);
    }

    /// Whether an owner can have money of a currency: its own, or another one of its country, for which it may need a bank account.
    fn holds(&self, account: AccountId, coin: Currency) -> bool {
        let holder = &self.holders[&account];
        let is_further = rules::settles_in(holder.country).contains(&coin);
        let is_banked = !self.rules.banked || holder.banks.contains_key(&coin);
        coin == rules::currency_of(holder.country) || (is_further && is_banked)
    }

    /// What comes in that its owner cannot have: at the middle, less what the processor keeps of it.
    pub(super) fn inbound(&self, account: AccountId, coin: Currency) -> Way {
        if self.holds(account, coin) {
            return None;
        }
        let country = self.holders[&account].country;
        let home = rules::currency_of(country);
        Some(Becomes::at(self.rates[&(coin, home)], rules::kept_of_conversions(country), home))
    }

    /// What goes back: at the middle of the day.
    pub(super) fn middle(&self, from: Currency, to: Currency) -> Way {
        (from != to).then(|| Becomes::at(self.rates[&(from, to)], 100, to))
    }

    /// The processor gets one currency and gives another one.
    pub(super) fn exchange(&mut self, (given, of): (i128, Currency), (got, to): (i128, Currency)) {
        if of != to {
            self.outside.entry(of).or_default().exchange += given;
            self.outside.entry(to).or_default().exchange -= got;
        }
    }

    /// How what an order brings will be converted, if it is tried now.
    pub(super) fn ways_of(&self, order: &NewPayment, owner: AccountId) -> Ways {
        let coin = order.amount.currency();
        let booked = self.inbound(order.on_behalf_of.unwrap_or(owner), coin);
        let onward = order.destination.and_then(|recipient| self.inbound(recipient, coin_of(booked, coin)));
        let has_commission = order.plan.is_some() || order.application_fee.is_some_and(|fee| fee.is_positive());
        let kept = match order.destination {
            Some(_) => both(booked, onward).filter(|_| !self.holds(self.platform, coin)),
            None if has_commission => self.commission_of(coin, booked),
            None => None,
        };
        Ways { coin, booked, onward, kept }
    }

    /// How the platform gets the commission on a direct charge: what the account pays in the platform's currency is not converted again.
    fn commission_of(&self, coin: Currency, booked: Way) -> Way {
        let home = rules::currency_of(self.holders[&self.platform].country);
        let is_there = !self.holds(self.platform, coin) && booked.is_some_and(|booked| booked.coin == home);
        if is_there { booked } else { self.inbound(self.platform, coin) }
    }

    /// The first commission on a direct charge is named when more of it is asked for: how that is converted is settled with it.
    pub(super) fn first_commission(&mut self, payment: PaymentId, named: Option<Money>, total: i128) {
        let sale = &self.sales[&payment];
        let of = |fee: Option<Money>| fee.map_or(0, |fee| total.min(fee.minor().into()));
        let is_first = of(sale.order.application_fee) == 0 && of(named.or(sale.order.application_fee)) > 0;
        if !is_first || sale.fee.is_some() || sale.owner == self.platform {
            return;
        }
        let Ways { coin, booked, .. } = sale.ways();
        let kept = self.commission_of(coin, booked);
        let attempts = &mut self.sales.get_mut(&payment).unwrap().attempts;
        attempts.last_mut().unwrap().ways.kept = kept;
    }
}
