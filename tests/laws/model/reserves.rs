//! What is held back of what accounts are paid, and let go.

use fundroute::payouts::{
    FundsReserved, NewReserveHold, NewReservePlan, NewReserveRelease, PlanRelease, ReserveCommand,
};

use super::shares::in_proportion;
use super::*;

/// By how much of what, and until when.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    account: AccountId,
    percent: i128,
    new: NewReservePlan,
    is_active: bool,
    /// When more of what it holds back is let go, and behind which hold.
    releasing: Option<(Timestamp, Option<ReserveHoldId>)>,
}

#[derive(Clone, Debug)]
pub(super) struct Kept {
    account: AccountId,
    currency: Currency,
    plan: Option<ReservePlanId>,
    /// What came, what was held back of it, and what is left of that.
    base: i128,
    amount: i128,
    left: i128,
    due: Timestamp,
    date: Timestamp,
    /// The largest claim while more could be captured.
    claim: i128,
}

/// What came to an account this time, before fees and after them.
pub(super) struct Incoming {
    pub(super) source: ObjectId,
    pub(super) purse: Purse,
    pub(super) gross: i128,
    pub(super) net: i128,
    pub(super) charged: Timestamp,
    pub(super) date: Timestamp,
}

fn day_after(date: Timestamp) -> Timestamp {
    rules::midnight(rules::day(date) + 1)
}

fn due(release: Option<Timestamp>, since: Timestamp) -> Timestamp {
    let latest = since.plus_days(180).unwrap();
    release.map_or(latest, |date| day_after(date).min(latest))
}

impl Plan {
    fn due(&self, charged: Timestamp) -> Timestamp {
        match self.new.release {
            PlanRelease::Rolling { days_after_charge, .. } => {
                due(Some(charged.plus_days(days_after_charge.into()).unwrap()), charged)
            }
            PlanRelease::Fixed { release_after } => due(Some(release_after), charged),
            PlanRelease::Manual => due(None, charged),
        }
    }

    fn next(&self) -> Option<Timestamp> {
        let end = match self.new.release {
            PlanRelease::Rolling { expires_on, .. } => expires_on,
            PlanRelease::Fixed { release_after } => Some(day_after(release_after)),
            PlanRelease::Manual => None,
        };
        self.releasing.map(|(due, _)| due).or(end.filter(|_| self.is_active))
    }
}

/// The hold that was made for something, if one was.
fn hold_in(changes: &Changes, source: ObjectId) -> Option<ReserveHoldId> {
    let mut holds = changes.records.iter().filter_map(|write| match &write.record {
        Record::ReserveHold(hold) => Some(hold),
        _ => None,
    });
    holds.find(|hold| hold.source() == Some(source)).map(|hold| hold.id())
}

impl Model {
    pub(super) fn reserve(&mut self, command: &ReserveCommand, answer: Answer) {
        match (command, answer) {
            (ReserveCommand::CreatePlan(new), Answer::ReservePlan(id)) => {
                let is_taken =
                    |plan: &Plan| plan.is_active && (plan.account, plan.new.currency) == (new.account, new.currency);
                assert!(self.holders[&new.account].is_borne && !self.plans.values().any(is_taken), "another plan");
                let percent = (1..=100).find(|percent| Rate::from_basis_points(percent * 100) == new.percent);
                let (percent, is_active) = (percent.expect("more than all").into(), true);
                let plan = Plan { account: new.account, percent, new: *new, is_active, releasing: None };
                self.plans.insert(id, plan);
            }
            (ReserveCommand::DisablePlan(disable), _) => {
                let plan = self.plans.get_mut(&disable.plan).unwrap();
                assert!(std::mem::replace(&mut plan.is_active, false), "a plan that was over was disabled");
                plan.releasing = Some((soon(self.now), None));
            }
            (ReserveCommand::Hold(new), Answer::ReserveHold(id)) => self.hold_alone(new, id),
            (ReserveCommand::Release(release), _) => self.release_some(*release),
            (command, answer) => panic!("{command:?} was answered {answer:?}"),
        }
    }

    fn hold_alone(&mut self, new: &NewReserveHold, id: ReserveHoldId) {
        let (amount, currency, now) = (i128::from(new.amount.minor()), new.amount.currency(), self.now);
        assert!(amount <= self.available(new.account, currency), "more held back than there is");
        assert!(self.holders[&new.account].is_borne);
        let due = due(new.release_after, now);
        let (account, plan) = (new.account, None);
        let kept = Kept { account, currency, plan, base: 0, amount, left: amount, due, date: now, claim: 0 };
        self.kept.insert(id, kept);
        let pot = self.pot(account, currency);
        (pot.available, pot.reserved) = (pot.available - amount, pot.reserved + amount);
    }

    fn release_some(&mut self, release: NewReserveRelease) {
        let left = self.kept[&release.hold].left;
        let amount = release.amount.map_or(left, |amount| amount.minor().into());
        assert!(amount > 0 && amount <= left, "more let go than was held back");
        let Kept { account, currency, date, .. } = self.kept[&release.hold];
        self.free(release.hold, amount, date);
        if amount < left {
            self.wake((account, currency));
        }
    }

    /// Lets money go, to where it is available or pending.
    fn free(&mut self, id: ReserveHoldId, amount: i128, date: Timestamp) {
        let kept = self.kept.get_mut(&id).unwrap();
        kept.left -= amount;
        let (account, currency) = (kept.account, kept.currency);
        self.pot(account, currency).reserved -= amount;
        self.put(account, currency, date, amount);
    }

    /// A share of what comes goes into the reserve; tells into which hold.
    pub(super) fn keep(
        &mut self,
        known: Option<ReserveHoldId>,
        incoming: &Incoming,
        changes: &Changes,
    ) -> Option<ReserveHoldId> {
        let Incoming { source, purse: (account, currency), gross, net, charged, date } = *incoming;
        let of = |wanted: Option<Currency>| {
            let mut plans = self.plans.iter();
            let is_it = |plan: &Plan| plan.is_active && (plan.account, plan.new.currency) == (account, wanted);
            plans.find(|(_, plan)| is_it(plan)).map(|(id, _)| *id)
        };
        let plan_id = match known {
            Some(known) => self.kept[&known].plan.unwrap(),
            None => of(Some(currency)).or_else(|| of(None))?,
        };
        let plan = &self.plans[&plan_id];
        let due = known.map_or(plan.due(charged), |known| self.kept[&known].due);
        if !plan.is_active || due <= self.now {
            return known;
        }
        let percent = plan.percent;
        let before = known.map_or((0, 0), |known| (self.kept[&known].base, self.kept[&known].amount));
        let more = (in_proportion(before.0 + gross, percent, 100) - before.1).min(net).max(0);
        if known.is_none() && more == 0 {
            return None;
        }
        let id = known.unwrap_or_else(|| hold_in(changes, source).expect("nothing was held back"));
        let (plan, base, amount, left) = (Some(plan_id), 0, 0, 0);
        let new = Kept { account, currency, plan, base, amount, left, due, date, claim: 0 };
        let kept = self.kept.entry(id).or_insert(new);
        (kept.base, kept.amount, kept.left) = (kept.base + gross, kept.amount + more, kept.left + more);
        kept.date = kept.date.max(date);
        self.pot(account, currency).reserved += more;
        self.put(account, currency, date, -more);
        Some(id)
    }

    /// How much a claim of so much would let go.
    pub(super) fn covered(&self, hold: Option<ReserveHoldId>, amount: i128, is_open: bool) -> i128 {
        let left = hold.map_or(0, |hold| self.kept[&hold].left);
        if !is_open && amount >= left { left } else { 0 }
    }

    /// So much is claimed back of what something is held back of, at `date`.
    pub(super) fn claim(&mut self, hold: Option<ReserveHoldId>, amount: i128, (date, is_open): (Timestamp, bool)) {
        let Some(hold) = hold else { return };
        if is_open {
            let kept = self.kept.get_mut(&hold).unwrap();
            kept.claim = kept.claim.max(amount);
            return;
        }
        let covered = self.covered(Some(hold), amount, false);
        if covered > 0 {
            self.free(hold, covered, date);
        }
    }

    /// A refund has claimed so much, and has had so much of it let go already.
    pub(super) fn is_claimed(&mut self, hold: ReserveHoldId, amount: i128, (covered, is_open): (i128, bool)) {
        let kept = self.kept.get_mut(&hold).unwrap();
        kept.claim = if is_open { kept.claim.max(amount) } else { kept.claim };
        kept.left -= covered;
        let purse = (kept.account, kept.currency);
        self.pot(purse.0, purse.1).reserved -= covered;
    }

    /// So much of a sale is claimed back from the account that it is booked on.
    pub(super) fn claim_sale(&mut self, payment: PaymentId, amount: i128) {
        let sale = &self.sales[&payment];
        if sale.owner != self.platform {
            let (hold, date, is_open) = (sale.hold, sale.first.unwrap(), sale.goes_on());
            self.claim(hold, amount, (date, is_open));
        }
    }

    /// No more of a sale will be taken: what was claimed before is looked at.
    pub(super) fn closed(&mut self, payment: PaymentId) {
        let sale = &self.sales[&payment];
        if sale.goes_on() {
            return;
        }
        let share = sale.transfer.map(|transfer| &self.transfers[&transfer]);
        let date = || share.map(|share| self.reached(share.account, share.date)).or(sale.first).unwrap();
        let own = sale.hold.or(share.and_then(|share| share.hold)).map(|hold| (hold, date()));
        for (hold, date) in own.into_iter().chain(self.holds_of_shares(payment)) {
            let kept = self.kept.get_mut(&hold).unwrap();
            let purse = (kept.account, kept.currency);
            let amount = std::mem::take(&mut kept.claim);
            if amount > 0 {
                self.claim(Some(hold), amount, (date, false));
            }
            self.wake(purse);
        }
    }

    /// When what is held back, or a plan, has its next turn, by `until`.
    pub(super) fn next_of_reserves(&self, until: Timestamp) -> Option<Timestamp> {
        let kept = self.kept.values().filter(|kept| kept.left > 0).map(|kept| kept.due);
        self.plans.values().filter_map(Plan::next).chain(kept).filter(|at| *at <= until).min()
    }

    /// Plans end, and what is held back is let go.
    pub(super) fn time_for_reserves(&mut self) {
        let now = self.now;
        let ending: Vec<ReservePlanId> =
            self.plans.iter().filter(|(_, plan)| plan.next() == Some(now)).map(|(id, _)| *id).collect();
        for id in ending {
            let plan = self.plans.get_mut(&id).unwrap();
            plan.is_active = false;
            let Some((_, after)) = plan.releasing.take() else { continue };
            let ours = |known: &ReserveHoldId, kept: &Kept| {
                kept.plan == Some(id) && kept.left > 0 && after.is_none_or(|after| *known > after)
            };
            let holds: Vec<_> = self.kept.iter().filter(|(id, kept)| ours(id, kept)).map(|(id, _)| *id).collect();
            for hold in holds.iter().take(16) {
                let Kept { left, date, .. } = self.kept[hold];
                self.free(*hold, left, date);
            }
            if holds.len() > 16 {
                self.plans.get_mut(&id).unwrap().releasing = Some((soon(now), Some(holds[15])));
            }
        }
        let over: Vec<ReserveHoldId> =
            self.kept.iter().filter(|(_, kept)| kept.left > 0 && kept.due == now).map(|(id, _)| *id).collect();
        for id in over {
            let Kept { left, date, .. } = self.kept[&id];
            self.free(id, left, date);
        }
        self.see_funds();
    }

    /// The processor keeps so much: of several tellings the latest holds, and of those of one moment the largest.
    pub(super) fn processor_keeps(&mut self, at: Timestamp, fact: &FundsReserved) {
        let (purse, amount) = ((fact.account, fact.amount.currency()), i128::from(fact.amount.minor()));
        let known = self.with_processor.get(&fact.reference).copied();
        let is_odd = !(0..=1_000_000_000_000_000_000).contains(&amount) || known.is_some_and(|known| known.0 != purse);
        if is_odd || known.is_some_and(|(_, since, before)| (at, amount) <= (since, before)) {
            return;
        }
        self.with_processor.insert(fact.reference.clone(), (purse, at, amount));
        let more = amount - known.map_or(0, |(.., before)| before);
        let pot = self.pot(purse.0, purse.1);
        (pot.available, pot.reserved) = (pot.available - more, pot.reserved + more);
        self.see_funds();
    }

    /// What is held back of all that an owner has, by hold, and what the processor keeps of it.
    pub(crate) fn held_back(&self, purse: Purse) -> i128 {
        let with_processor = self.with_processor.values().filter(|(of, ..)| *of == purse).map(|(.., amount)| amount);
        let held = self.kept.values().filter(|kept| (kept.account, kept.currency) == purse).map(|kept| kept.left);
        held.sum::<i128>() + with_processor.sum::<i128>()
    }
}

fn soon(now: Timestamp) -> Timestamp {
    now.checked_add(chrono::TimeDelta::microseconds(1)).unwrap_or(Timestamp::MAX)
}
