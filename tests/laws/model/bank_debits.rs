//! Banks that are asked for what accounts owe: when, for how much, and for how long the platform's money stays set aside afterwards.

use super::*;

/// How far it has come to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Later(Timestamp),
    Now(PayoutId),
}

impl Model {
    /// How many bank days what comes in has to pay a debt; nothing where no bank is debited for it.
    fn debit_wait(&self, (account, currency): Purse) -> Option<i64> {
        let holder = &self.holders[&account];
        holder.banks.get(&currency).filter(|bank| holder.is_debited && !self.broken_banks.contains(bank))?;
        rules::debit_wait(holder.country, currency)
    }

    /// A bank is going to be asked, unless it is already.
    pub(super) fn plan_debit(&mut self, purse: Purse) {
        if self.owed(purse) == 0 || self.asked.contains_key(&purse) {
            return;
        }
        if let Some(wait) = self.debit_wait(purse) {
            self.asked.insert(purse, Asked::Later(rules::after(wait, purse.1, self.now)));
        }
    }

    /// Whoever owes more than before is looked at.
    pub(super) fn note_falls(&mut self) {
        let house = self.pots.keys().map(|(_, currency)| (self.platform, *currency));
        let purses: BTreeSet<Purse> = self.pots.keys().copied().chain(house).collect();
        for purse in purses {
            let stands = self.available(purse.0, purse.1);
            let stood = self.stood.insert(purse, stands).unwrap_or(0);
            if stands < stood {
                self.plan_debit(purse);
            }
        }
    }

    pub(super) fn set_debits(&mut self, account: AccountId, is_debited: bool) {
        let holder = self.holders.get_mut(&account).unwrap();
        // What is so already changes nothing.
        if std::mem::replace(&mut holder.is_debited, is_debited) == is_debited {
            return;
        }
        for currency in holder.banks.keys().copied().collect::<Vec<_>>() {
            if is_debited {
                self.plan_debit((account, currency));
            } else {
                self.drop_debit((account, currency));
            }
        }
    }

    /// Nothing is asked for later.
    pub(super) fn drop_debit(&mut self, purse: Purse) {
        self.asked.retain(|known, asked| *known != purse || matches!(asked, Asked::Now(_)));
    }

    /// It is midnight: banks are asked for what is owed, for long enough.
    pub(super) fn ask_banks(&mut self, born: &mut BTreeMap<(Timestamp, AccountId, Currency), PayoutId>) -> Vec<Run> {
        let mut runs = Vec::new();
        for (purse, asked) in self.asked.clone() {
            if asked != Asked::Later(self.now) {
                continue;
            }
            self.asked.remove(&purse);
            let ((account, currency), owed) = (purse, self.owed(purse));
            let holder = &self.holders[&account];
            let (_, step) = self.rules.payout_limits(holder.country, currency);
            let amount = owed - owed % step;
            let Some(wait) = self.debit_wait(purse).filter(|_| amount > 0) else { continue };
            if holder.is_tolerated && owed <= 10_00 {
                continue;
            }
            let since = self.below.get(&purse).copied().unwrap_or(self.now);
            let due = rules::after(wait, currency, since);
            if due > self.now {
                self.asked.insert(purse, Asked::Later(due));
                continue;
            }
            runs.push((self.now, account, currency, -amount));
            let Some(id) = born.remove(&(self.now, account, currency)) else { continue };
            let bank = holder.banks[&currency];
            self.wires.insert(id, Wire::new(account, currency, (-amount, 0), bank));
            self.expected_of_debit(id);
            self.pot(account, currency).in_transit -= amount;
            self.asked.insert(purse, Asked::Now(id));
        }
        runs
    }

    /// What banks were asked for and have not answered.
    pub(crate) fn asked_of_banks(&self) -> BTreeMap<Purse, i128> {
        let mut sums = BTreeMap::new();
        for wire in self.wires.values().filter(|wire| wire.amount < 0 && matches!(wire.how, Fate::UnderWay)) {
            *sums.entry((wire.account, wire.currency)).or_default() -= wire.amount;
        }
        sums
    }

    /// The bank has paid: so much less is owed, and as much of the platform's money stays set aside for three bank days.
    pub(super) fn bank_paid(&mut self, payout: PayoutId) {
        let Wire { account, currency, amount, .. } = self.wires[&payout];
        let purse = (account, currency);
        self.pot(account, currency).available -= amount;
        if self.holders[&account].is_borne {
            self.covers.insert(payout, (rules::after(3, currency, self.now), currency, -amount));
        }
        self.answered_by_bank(purse, payout);
    }

    pub(super) fn answered_by_bank(&mut self, purse: Purse, payout: PayoutId) {
        if self.asked.get(&purse) == Some(&Asked::Now(payout)) {
            self.asked.remove(&purse);
        }
        self.plan_debit(purse);
    }

    /// A bank has not paid for the third time, or cannot.
    pub(super) fn bank_failed(&mut self, payout: PayoutId, breaks: bool) {
        let Wire { account, currency, amount, bank, original, .. } = self.wires[&payout];
        let is_first = !matches!(self.wires[&payout].how, Fate::Failed);
        let unpaid = self.unpaid.entry(bank).or_default();
        *unpaid += u8::from(amount < 0 && original.is_none() && is_first && !breaks);
        if (breaks || *unpaid >= 3)
            && self.broken_banks.insert(bank)
            && self.holders[&account].banks.get(&currency) == Some(&bank)
        {
            self.drop_debit((account, currency));
        }
    }
}
