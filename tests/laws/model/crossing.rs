//! What payouts across borders cost the platform, month by month.

use chrono::Datelike;

use super::*;
use crate::ways::{rounded, through};

/// The year and the month of a moment.
fn month(at: Timestamp) -> (i32, u32) {
    (at.date().year(), at.date().month())
}

impl Model {
    /// A quarter of a percent of what goes to an account in Germany or Britain, unless that pays the processor itself.
    fn crosses(&self, account: AccountId, amount: i128) -> i128 {
        let holder = &self.holders[&account];
        let is_far = matches!(holder.country, DE | GB) && account != self.platform;
        if is_far && !holder.is_recipient && !holder.pays_itself && amount > 0 {
            rounded(amount * 25, 10_000)
        } else {
            0
        }
    }

    /// A payout is made, or called off again.
    pub(super) fn crossed(&mut self, account: AccountId, currency: Currency, amount: i128, is_back: bool) {
        let cost = self.crosses(account, amount);
        if cost != 0 {
            // What happens at midnight is the new month's.
            let month = self.crossings.entry(month(self.now)).or_default();
            *month.entry(currency).or_default() += if is_back { -cost } else { cost };
        }
    }

    /// A month begins: what the last one cost is taken.
    pub(super) fn bill(&mut self, midnight: Timestamp) {
        let begun = self.crossings.split_off(&month(midnight));
        let over = std::mem::replace(&mut self.crossings, begun);
        for (currency, cost) in over.into_values().flatten() {
            let home = rules::currency_of(self.holders[&self.platform].country);
            let coin = if self.holds(self.platform, currency) { currency } else { home };
            let known = self.rates.contains_key(&(currency, coin)) || currency == coin;
            let (billed, coin) =
                if known { (through(self.middle(currency, coin), cost), coin) } else { (cost, currency) };
            self.pot(self.platform, coin).available -= billed;
            self.outside.entry(coin).or_default().fees += billed;
            self.see_funds();
        }
    }
}
