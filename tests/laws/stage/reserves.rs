//! Money of accounts that is held back.

use fundroute::ids::{ReserveHoldId, ReservePlanId};
use fundroute::money::Rate;
use fundroute::payouts::{
    DisableReservePlan, FundsReserved, NewReserveHold, NewReservePlan, NewReserveRelease, PlanRelease, ReserveCommand,
};

use super::*;
use crate::story::Sum;

impl Stage {
    /// A plan, a hold by itself, or the end of one; mostly of what can be held back.
    pub(super) fn reserve(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Reserve { who, what, amount, number, coin, on } = step else { panic!("{step:?} holds nothing back") };
        let now = self.platform.now();
        let date = now.plus_days(i64::from(*number) % 60).unwrap_or(now);
        let account = self.borne(*who);
        let command = match what % 10 {
            0..=4 => {
                let release = match what % 5 {
                    0 | 1 => PlanRelease::Rolling {
                        days_after_charge: u16::from(*number) % 40,
                        expires_on: (what % 3 == 0).then_some(date),
                    },
                    2 | 3 => PlanRelease::Fixed { release_after: date },
                    _ => PlanRelease::Manual,
                };
                let percent = u32::try_from(amount.of(100)).unwrap_or(7);
                let percent = Rate::from_basis_points(percent.saturating_mul(100));
                let currency = (what % 7 == 0).then(|| self.coin(*coin, account));
                ReserveCommand::CreatePlan(NewReservePlan { account, percent, currency, release })
            }
            5 => ReserveCommand::DisablePlan(DisableReservePlan { plan: self.reserve_plan(*who) }),
            6 => {
                let (account, currency) = self.rich(*who, *coin);
                let available = self.platform.balance(account, currency).map_or(0, |balance| balance.available);
                let new = NewReserveHold::of(account, Money::new(amount.of(available), currency));
                ReserveCommand::Hold(if number % 2 == 0 { new } else { new.release_after(date) })
            }
            _ => {
                let hold = self.reserve_hold(*who);
                let left = self.platform.reserve_hold(hold).map_or(usd(1_00), |hold| hold.amount_releasable());
                let amount = Money::new(amount.of(left.minor().into()), left.currency());
                ReserveCommand::Release(NewReserveRelease { hold, amount: (number % 3 > 0).then_some(amount) })
            }
        };
        (Command::Reserve(command), self.on(*on, None))
    }

    /// What the processor keeps of what somebody has; mostly of whom it has told before.
    pub(super) fn kept(&self, who: Pick, number: u8, amount: Sum, coin: Coin) -> Fact {
        let reference = format!("reserve-{}", number % 3);
        let known = self.platform.reserved_funds(&reference).unwrap().filter(|_| !number.is_multiple_of(8));
        let (account, currency) = self.rich(who, coin);
        let (account, currency) =
            known.map_or((account, currency), |known| (known.account(), known.amount().currency()));
        let available = self.platform.balance(account, currency).map_or(0, |balance| balance.available);
        let amount = Money::new(amount.of(available.max(20_00)), currency);
        Fact::FundsReserved(FundsReserved { account, reference, amount })
    }

    /// An account; mostly one whose losses the platform bears.
    fn borne(&self, pick: Pick) -> AccountId {
        let all = self.accounts();
        let borne = |id: &AccountId| self.platform.account(*id).is_ok_and(|account| account.may_owe());
        let good: Vec<AccountId> = all.iter().copied().filter(borne).collect();
        pick.likely(&good, &all).unwrap_or(AccountId::from_host(NOBODY))
    }

    fn reserve_plan(&self, pick: Pick) -> ReservePlanId {
        let all = self.ids(|id| if let ObjectId::ReservePlan(id) = id { Some(id) } else { None });
        let is_active = |id: &ReservePlanId| self.platform.reserve_plan(*id).is_ok_and(|plan| plan.is_active());
        let good: Vec<ReservePlanId> = all.iter().copied().filter(is_active).collect();
        pick.likely(&good, &all).unwrap_or(ReservePlanId::from_host(NOBODY))
    }

    fn reserve_hold(&self, pick: Pick) -> ReserveHoldId {
        let all = self.ids(|id| if let ObjectId::ReserveHold(id) = id { Some(id) } else { None });
        let is_held = |id: &ReserveHoldId| self.platform.reserve_hold(*id).is_ok_and(|hold| hold.is_releasable());
        let good: Vec<ReserveHoldId> = all.iter().copied().filter(is_held).collect();
        pick.likely(&good, &all).unwrap_or(ReserveHoldId::from_host(NOBODY))
    }
}
