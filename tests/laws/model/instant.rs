//! Payouts that somebody asks for: those within minutes take what is pending, too, and pay the platform's price.

use super::*;

/// Parts of an amount, by the day from which each is lent; nothing for what is available.
type Parts = Vec<(Option<Timestamp>, i128)>;

impl Model {
    /// What each day has to give: what a later day owes is taken of the days right before it, and what is owed before of the days after.
    fn to_give(&self, account: AccountId, currency: Currency) -> Parts {
        let mut days: Parts = vec![(None, self.available(account, currency))];
        if let Some(pot) = self.pots.get(&(account, currency)) {
            days.extend(pot.pending.iter().map(|(on, sum)| (Some(*on), *sum)));
        }
        let mut owed = 0;
        for (_, sum) in days.iter_mut().rev() {
            (*sum, owed) = ((*sum - owed).max(0), (owed - *sum).max(0));
        }
        for (_, sum) in &mut days {
            (*sum, owed) = ((*sum - owed).max(0), (owed - *sum).max(0));
        }
        let last = rules::instant_through(currency, self.now);
        days.retain(|(on, _)| on.is_none_or(|on| on < last));
        days
    }

    pub(crate) fn instantly_available(&self, account: AccountId, currency: Currency) -> i128 {
        self.to_give(account, currency).iter().map(|(_, sum)| sum).sum()
    }

    /// What somebody can be paid as they ask for it.
    pub(crate) fn payable(&self, account: AccountId, new: &NewPayout) -> i128 {
        match new.method {
            PayoutMethod::Instant => self.instantly_available(account, new.amount.currency()),
            PayoutMethod::Standard => self.available(account, new.amount.currency()),
        }
    }

    /// What the processor and the platform take from the account for a payout that was asked for.
    pub(crate) fn fees_of_payout(&self, account: AccountId, new: &NewPayout) -> (i128, i128) {
        let (holder, amount) = (&self.holders[&account], i128::from(new.amount.minor()));
        if new.method == PayoutMethod::Standard {
            return (0, 0);
        }
        let fee = if holder.pays_itself { rules::instant_fee(holder.country, amount) } else { 0 };
        let price = self.prices.get(&new.amount.currency()).filter(|_| account != self.platform);
        (fee, price.map_or(0, |(percent, fixed)| (amount * percent + 50) / 100 + fixed))
    }

    pub(super) fn pay_by_hand(&mut self, id: PayoutId, account: AccountId, new: &NewPayout, changes: &Changes) {
        let (currency, amount) = (new.amount.currency(), i128::from(new.amount.minor()));
        let (fee, price) = self.fees_of_payout(account, new);
        assert!(amount + fee + price <= self.payable(account, new), "a payout of more than there is");
        let mut lent = Vec::new();
        if new.method == PayoutMethod::Instant {
            let mut left = amount + fee + price;
            for (on, sum) in self.to_give(account, currency) {
                let part = left.min(sum);
                left -= part;
                lent.extend(on.filter(|_| part > 0).map(|on| (on, part)));
            }
        }
        for (on, part) in &lent {
            self.put(account, currency, *on, -part);
            self.pot(account, currency).available += part;
        }
        self.send(id, account, currency, (amount, fee));
        let wire = self.wires.get_mut(&id).unwrap();
        (wire.lent, wire.is_instant) = (lent, new.method == PayoutMethod::Instant);
        if wire.is_instant {
            self.counted_instant(id, false);
        }
        self.expected_by_hand(id, new.method);
        let born = changes.records.iter().find_map(|write| match write.record.id() {
            ObjectId::ApplicationFee(fee) => Some(fee),
            _ => None,
        });
        assert_eq!(born.is_some(), price > 0, "a price is a commission");
        if let Some(fee) = born {
            let share = Share { amount: price, ..Share::new((account, currency), self.now, (None, None)) };
            self.fees.insert(fee, share);
            self.put(account, currency, self.now, -price);
            self.put(self.platform, currency, self.now, price);
        }
    }

    pub(super) fn called_off(&mut self, payout: PayoutId) {
        let wire = self.wires.get_mut(&payout).unwrap();
        assert!(matches!(wire.how, Fate::UnderWay), "a payout that left was called off");
        wire.how = Fate::Canceled;
        let (account, currency, amount, fee) = (wire.account, wire.currency, wire.amount, wire.fee);
        self.counted(payout, true);
        if self.wires[&payout].is_instant {
            self.counted_instant(payout, true);
        }
        self.outside.entry(currency).or_default().fees -= fee;
        let pot = self.pot(account, currency);
        pot.in_transit -= amount;
        pot.available += amount + fee;
        self.given_back(payout, amount + fee);
    }

    /// What came back of a payout goes to the days that lent it, to the last one first.
    pub(super) fn given_back(&mut self, payout: PayoutId, mut came_back: i128) {
        let wire = &self.wires[&payout];
        let (account, currency, lent) = (wire.account, wire.currency, wire.lent.clone());
        for (on, part) in lent.into_iter().rev() {
            let part = part.min(came_back);
            came_back -= part;
            self.pot(account, currency).available -= part;
            self.put(account, currency, on, part);
        }
    }
}
