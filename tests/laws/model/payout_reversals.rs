//! Payouts that are taken back by a debit of the bank.

use super::*;

impl Model {
    pub(super) fn reverse_payout(&mut self, id: PayoutId, payout: PayoutId) {
        let wire = self.wires.get_mut(&payout).unwrap();
        let (account, currency, amount, bank) = (wire.account, wire.currency, wire.amount, wire.bank);
        assert!(matches!(wire.how, Fate::UnderWay | Fate::Paid) && amount > 0, "{wire:?} was taken back");
        assert!(wire.reversal.replace(id).is_none(), "{wire:?} was taken back twice");
        let holder = &self.holders[&account];
        assert!(holder.is_borne && holder.country == US && currency == USD, "{holder:?} was debited");
        let back = Wire { original: Some(payout), ..Wire::new(account, currency, (-amount, 0), bank) };
        self.wires.insert(id, back);
        self.expected_of_debit(id);
        self.pot(account, currency).in_transit -= amount;
    }

    /// The money of a payout is there that was taken back; tells whether it was one.
    pub(super) fn taken_back(&mut self, payout: PayoutId) -> bool {
        let Wire { account, currency, amount, original, .. } = self.wires[&payout];
        if original.is_some() {
            self.pot(account, currency).available -= amount;
        }
        original.is_some()
    }

    /// A bank has paid what it was told to leave.
    pub(super) fn paid_after_all(&mut self, payout: PayoutId) {
        let wire = self.wires.get_mut(&payout).unwrap();
        if let (Fate::Canceled, Some(_)) = (&wire.how, wire.original) {
            wire.how = Fate::Paid;
            let (currency, amount) = (wire.currency, wire.amount);
            self.outside.entry(currency).or_default().banks += amount;
            self.taken_back(payout);
        }
    }

    /// A bank has not paid what it was told to leave.
    pub(super) fn unpaid_after_all(&mut self, payout: PayoutId, code: &str) {
        self.bank_failed(payout, rules::breaks_bank(code));
        let wire = self.wires.get_mut(&payout).unwrap();
        wire.how = Fate::Failed;
        let purse = (wire.account, wire.currency);
        self.plan_debit(purse);
    }

    /// A payout came back: what is still to take it back is left.
    pub(super) fn nothing_to_take_back(&mut self, payout: PayoutId) {
        let Some(id) = self.wires[&payout].reversal else { return };
        let wire = self.wires.get_mut(&id).unwrap();
        if let Fate::UnderWay = wire.how {
            wire.how = Fate::Canceled;
            let (account, currency, amount) = (wire.account, wire.currency, wire.amount);
            self.pot(account, currency).in_transit -= amount;
        }
    }
}
