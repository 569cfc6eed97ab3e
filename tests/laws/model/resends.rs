//! Payouts that have failed and are sent again.

use super::*;

impl Model {
    pub(super) fn resend(&mut self, id: PayoutId, owner: AccountId, first: PayoutId, changes: &Changes) {
        let wire = &self.wires[&first];
        assert!(matches!(wire.how, Fate::Failed) && wire.amount > 0, "{wire:?} was sent again");
        assert_eq!(wire.account, owner, "{wire:?} was sent again by somebody else");
        let earlier = wire.resent.map(|earlier| &self.wires[&earlier]);
        assert!(earlier.is_none_or(|earlier| matches!(earlier.how, Fate::Canceled)), "{wire:?} was sent again twice");
        let minor = i64::try_from(wire.amount).unwrap();
        let again = NewPayout::of(Money::new(minor, wire.currency));
        self.pay_by_hand(id, owner, &again, changes);
        self.wires.get_mut(&first).unwrap().resent = Some(id);
    }
}
