//! What payouts of accounts cost the platform, month by month.

use chrono::Datelike;

use super::*;
use crate::ways::{rounded, through};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Active,
    Crossing,
    Instant,
    Payout,
}

/// A month, by its number.
type Month = i32;

fn month(at: Timestamp) -> Month {
    at.date().year() * 12 + i32::try_from(at.date().month()).unwrap()
}

/// What was counted and is not billed.
#[derive(Clone, Debug, Default)]
pub(super) struct Bill {
    sums: BTreeMap<(Month, AccountId, Item, Currency), i128>,
    /// How many payouts there were that have not come to nothing, and whether that was billed.
    active: BTreeMap<(AccountId, Month), (i64, bool)>,
}

impl Model {
    /// Whether the platform pays for an account's payouts.
    fn is_billed(&self, account: AccountId, amount: i128) -> bool {
        account != self.platform && !self.holders[&account].pays_itself && amount > 0
    }

    fn count(&mut self, account: AccountId, item: Item, currency: Currency, cost: i128) {
        *self.bill.sums.entry((month(self.now), account, item, currency)).or_default() += cost;
    }

    /// A payout is made, or called off again: a quarter of a percent where it goes to Germany or Britain; and where that is billed at all
    /// a quarter of a percent and a quarter of a dollar, and two dollars for the month.
    pub(super) fn counted(&mut self, payout: PayoutId, is_back: bool) {
        let wire = &self.wires[&payout];
        let (account, currency, amount, made) = (wire.account, wire.currency, wire.amount, month(wire.made));
        if !self.is_billed(account, amount) {
            return;
        }
        let (holder, sign) = (&self.holders[&account], if is_back { -1 } else { 1 });
        if matches!(holder.country, DE | GB) && !holder.is_recipient {
            self.count(account, Item::Crossing, currency, sign * rounded(amount * 25, 10_000));
        }
        if !self.rules.is_billed() {
            return;
        }
        self.count(account, Item::Payout, currency, sign * rounded(amount * 25, 10_000));
        self.count(account, Item::Payout, USD, sign * 25);
        if is_back {
            self.less_active(payout);
        } else {
            self.bill.active.entry((account, made)).or_default().0 += 1;
        }
    }

    /// It is within minutes, or was: one percent more.
    pub(super) fn counted_instant(&mut self, payout: PayoutId, is_back: bool) {
        let wire = &self.wires[&payout];
        let (account, currency, amount) = (wire.account, wire.currency, wire.amount);
        if self.rules.is_billed() && self.is_billed(account, amount) {
            let cost = rounded(amount * 100, 10_000);
            self.count(account, Item::Instant, currency, if is_back { -cost } else { cost });
        }
    }

    /// A payout has come to nothing: what its month cost comes back, if it was the only one.
    pub(super) fn less_active(&mut self, payout: PayoutId) {
        let wire = &self.wires[&payout];
        let (account, amount, made) = (wire.account, wire.amount, month(wire.made));
        if !self.rules.is_billed() || !self.is_billed(account, amount) {
            return;
        }
        let (left, was_billed) = self.bill.active.get_mut(&(account, made)).unwrap();
        *left -= 1;
        if *left == 0 && *was_billed {
            self.count(account, Item::Active, USD, -2_00);
        }
    }

    /// A month begins: what the last one cost is taken.
    pub(super) fn take_bill(&mut self, midnight: Timestamp) {
        if midnight.date().day() != 1 {
            return;
        }
        for ((account, made), (left, was_billed)) in &mut self.bill.active {
            if *made < month(midnight) && !*was_billed {
                *was_billed = true;
                let sum = self.bill.sums.entry((*made, *account, Item::Active, USD)).or_default();
                *sum += if *left > 0 { 2_00 } else { 0 };
            }
        }
        // What is made at this very moment belongs to the month that begins.
        let sums = std::mem::take(&mut self.bill.sums).into_iter();
        let (due, later): (BTreeMap<_, _>, _) = sums.partition(|((made, ..), _)| *made < month(midnight));
        self.bill.sums = later;
        for ((_, _, _, currency), cost) in due {
            let home = rules::currency_of(self.holders[&self.platform].country);
            let coin = if self.holds(self.platform, currency) { currency } else { home };
            let known = self.rates.contains_key(&(currency, coin)) || currency == coin;
            let (billed, coin) =
                if known { (through(self.middle(currency, coin), cost), coin) } else { (cost, currency) };
            self.pot(self.platform, coin).available -= billed;
            self.outside.entry(coin).or_default().fees += billed;
        }
        // Who falls below zero by it has fallen at this moment.
        self.see_funds();
    }
}
