//! What becomes of payouts because somebody wants so.

use super::*;

impl Stage {
    /// A payout is called off, taken back or sent again.
    pub(super) fn take_back(&self, step: &Step) -> (Command, Option<AccountId>) {
        match step {
            Step::CancelPayout { payout, on } => {
                let is_fit = |payout: &Payout| {
                    payout.status() == PayoutStatus::Pending && payout.trigger() == PayoutTrigger::Manual
                };
                let (payout, owner) = self.fit_payout(*payout, is_fit);
                (Command::CancelPayout(CancelPayout { payout }), self.on(*on, owner))
            }
            Step::ReversePayout { payout, on } => {
                let (payout, owner) = self.fit_payout(*payout, |payout| self.can_be_taken_back(payout));
                (Command::ReversePayout(ReversePayout { payout }), self.on(*on, owner))
            }
            Step::ResendPayout { payout, to_default, on } => {
                let is_fit = |payout: &Payout| payout.status() == PayoutStatus::Failed && !payout.is_debit();
                let (payout, owner) = self.fit_payout(*payout, is_fit);
                let again = ResendPayout::of(payout);
                let again = if *to_default { again.to_default() } else { again };
                (Command::ResendPayout(again), self.on(*on, owner))
            }
            _ => panic!("{step:?} takes nothing back"),
        }
    }

    fn can_be_taken_back(&self, payout: &Payout) -> bool {
        let owner = self.platform.account(payout.account()).unwrap();
        let is_out = match payout.status() {
            PayoutStatus::Pending => matches!(payout.trigger(), PayoutTrigger::Automatic(_)),
            PayoutStatus::InTransit | PayoutStatus::Paid => true,
            PayoutStatus::Failed | PayoutStatus::Canceled => false,
        };
        let is_plain =
            payout.method() == fundroute::accounts::PayoutMethod::Standard && payout.arrives() == payout.amount();
        let is_new = !payout.is_debit() && payout.reversed_by().is_none();
        is_out && is_plain && is_new && owner.may_owe() && owner.country() == US
    }

    /// A payout and whose it is; mostly one of those that are fit for what is to be done with it.
    fn fit_payout(&self, pick: Pick, is_fit: impl Fn(&Payout) -> bool) -> (PayoutId, Option<AccountId>) {
        let known = self.ids(|id| if let ObjectId::Payout(id) = id { Some(id) } else { None });
        let good = known.iter().copied().filter(|id| self.platform.payout(*id).is_ok_and(&is_fit));
        let payout = pick.likely(&good.collect::<Vec<_>>(), &known).unwrap_or(PayoutId::from_host(NOBODY));
        (payout, self.platform.payout(payout).ok().map(|payout| payout.account()))
    }
}
