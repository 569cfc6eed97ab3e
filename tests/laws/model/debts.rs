//! What accounts owe, and what the platform has to set aside and to pay for it.

use super::*;

impl Model {
    /// What an account owes.
    pub(super) fn owed(&self, (account, currency): Purse) -> i128 {
        (-self.available(account, currency)).max(0)
    }

    /// Invariant 19: what the platform sets aside is what the accounts owe whose losses it bears, and what their banks have paid just now.
    pub(crate) fn set_aside(&self, currency: Currency) -> i128 {
        let borne = self.pots.keys().filter(|(account, coin)| *coin == currency && self.holders[account].is_borne);
        let covers = self.covers.values().filter(|(_, coin, _)| *coin == currency).map(|(.., amount)| *amount);
        borne.map(|purse| self.owed(*purse)).chain(covers).sum()
    }

    /// A moment is over: whoever is below zero now has been since then, or since before.
    pub(crate) fn note_debts(&mut self) {
        // The platform may owe by what it sets aside alone.
        let house = self.pots.keys().map(|(_, currency)| (self.platform, *currency));
        let purses: BTreeSet<Purse> = self.pots.keys().copied().chain(house).collect();
        for purse in purses {
            if self.owed(purse) > 0 {
                self.below.entry(purse).or_insert(self.now);
            } else {
                self.below.remove(&purse);
                self.postponed.remove(&purse);
            }
        }
    }

    /// Since when balances have been below zero, once the moment is over.
    pub(crate) fn below(&self) -> BTreeMap<Purse, Timestamp> {
        let mut noted = self.clone();
        noted.note_debts();
        noted.below
    }

    /// When the platform covers what an account owes, if it bears its losses.
    pub(crate) fn collected_at(&self, purse: Purse, since: Timestamp) -> Option<Timestamp> {
        let due = || since.plus_days(self.rules.collection_days()).unwrap();
        self.holders[&purse.0].is_borne.then(|| self.postponed.get(&purse).copied().unwrap_or_else(due))
    }

    pub(super) fn next_collection(&self, until: Timestamp) -> Option<Timestamp> {
        let due = self.below.iter().filter_map(|(purse, since)| self.collected_at(*purse, *since));
        due.filter(|due| *due <= until).min()
    }

    /// Invariant 20: an account that was below zero for so long, without a break, is at zero then.
    pub(super) fn collect_debts(&mut self) {
        for (purse, since) in self.below.clone() {
            if self.collected_at(purse, since) != Some(self.now) {
                continue;
            }
            let owed = self.owed(purse);
            let may_wait = self.now < since.plus_days(self.rules.collection_days() + 30).unwrap();
            if owed > 0 && may_wait && matches!(self.asked.get(&purse), Some(bank_debits::Asked::Now(_))) {
                self.postponed.insert(purse, self.now.plus_days(1).unwrap());
                continue;
            }
            self.pot(purse.0, purse.1).available += owed;
            self.pot(self.platform, purse.1).available -= owed;
            self.below.remove(&purse);
            self.postponed.remove(&purse);
            self.see_funds();
        }
    }
}
