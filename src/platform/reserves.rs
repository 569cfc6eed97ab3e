//! Money of accounts that is held back, and let go.

use super::{Error, Transaction};
use crate::accounts::{Account, AccountError, Action};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, PaymentId, ReserveHoldId, ReservePlanId, ReserveReleaseId};
use crate::journal::{Answer, HOLDS_LOOKED_UP, Key, Known};
use crate::ledger::{EntryKind, LedgerAccount, Line, Posting};
use crate::money::Currency;
use crate::payments::PaymentIntent;
use crate::payouts::{
    BalanceSettings, DisableReservePlan, HeldOf, HeldShare, NewReserveHold, NewReservePlan, NewReserveRelease,
    ReleaseReason, Releasing, ReserveCommand, ReserveError, ReserveEvent, ReserveHold, ReserveLine, ReservePlan,
    ReservePlanState, ReserveRelease,
};
use crate::routing::Transfer;

/// How many holds of a plan that was disabled are let go in one go: the others follow a microsecond later.
const AT_ONCE: usize = HOLDS_LOOKED_UP.saturating_sub(1);

/// What came to an account with a charge or a transfer, of which a plan may hold a part back. Amounts in minor units.
pub(super) struct Incoming {
    pub(super) of: HeldOf,
    pub(super) account: AccountId,
    pub(super) currency: Currency,
    /// The plan that is in force now.
    pub(super) plan: Option<ReservePlanId>,
    /// What is held back of it by now.
    pub(super) hold: Option<ReserveHoldId>,
    /// What came this time, before fees and after them.
    pub(super) gross: i64,
    pub(super) net: i64,
    /// When it was charged, and when it is available.
    pub(super) charged: Timestamp,
    pub(super) date: Timestamp,
}

/// What is held back of that.
pub(super) struct HeldBack {
    pub(super) hold: ReserveHoldId,
    pub(super) line: Line,
    pub(super) posting: Posting,
}

impl Transaction<'_> {
    pub(super) fn execute_reserve(&mut self, on: Option<AccountId>, command: &ReserveCommand) -> Result<Answer, Error> {
        match command {
            ReserveCommand::CreatePlan(command) => self.create_reserve_plan(on, command).map(Answer::ReservePlan),
            ReserveCommand::DisablePlan(command) => self.disable_reserve_plan(on, *command).map(Answer::ReservePlan),
            ReserveCommand::Hold(command) => self.create_reserve_hold(on, command).map(Answer::ReserveHold),
            ReserveCommand::Release(command) => self.release_hold(on, *command).map(Answer::ReserveRelease),
        }
    }

    pub(super) fn create_reserve_plan(
        &mut self,
        on: Option<AccountId>,
        command: &NewReservePlan,
    ) -> Result<ReservePlanId, Error> {
        command.check(self.now, self.rulebook.reserve_limit())?;
        let account = self.connected(command.account)?;
        Self::acting_for(on, account.id())?;
        self.permit(&account, Action::Reserve)?;
        if let Some(currency) = command.currency {
            self.holds(&account, currency)?;
        }
        let settings = self.get::<BalanceSettings>(account.settings())?;
        if let Some(plan) = settings.reserve_plan_for(command.currency) {
            return Err(ReserveError::PlanInForce(plan).into());
        }
        let full = || AccountError::FamilyFull(command.account);
        let (next, plan) = account.with_new_plan().ok_or_else(full)?;
        self.put(next);
        self.put(settings.with_reserve_plan(command.currency, Some(plan)));
        self.put(ReservePlan::new(plan, command, self.now));
        self.event(ReserveEvent::PlanCreated, plan, Some(command.account));
        Ok(plan)
    }

    /// Ends a plan. What it holds back is let go a microsecond later: by then nothing more can come under it, whoever decides at the same
    /// time.
    // RULE: disabling a plan releases all it holds (docs.stripe.com/api/reserve/plan, 2026).
    pub(super) fn disable_reserve_plan(
        &mut self,
        on: Option<AccountId>,
        command: DisableReservePlan,
    ) -> Result<ReservePlanId, Error> {
        let plan = self.get::<ReservePlan>(command.plan)?;
        let account = self.get::<Account>(plan.account())?;
        Self::acting_for(on, account.id())?;
        self.permit(&account, Action::Reserve)?;
        let next = plan.disable(self.now, self.soon())?;
        self.take_out_of_force(&plan)?;
        self.put(next);
        self.event(ReserveEvent::PlanDisabled, command.plan, Some(plan.account()));
        Ok(command.plan)
    }

    /// The plan by which a part of what an account is paid in a currency is held back. That it has none its own record says, which is read
    /// for every payment: so nobody else pays for it.
    pub(super) fn plan_of(&mut self, account: &Account, currency: Currency) -> Result<Option<ReservePlanId>, Error> {
        if !account.has_reserve_plan() {
            return Ok(None);
        }
        Ok(self.get::<BalanceSettings>(account.settings())?.reserve_plan(currency))
    }

    /// Has nothing more held back by a plan.
    // INVARIANT: whoever holds something back by it has read the account, or the settings, and both are written here.
    fn take_out_of_force(&mut self, plan: &ReservePlan) -> Result<(), Error> {
        let account = self.get::<Account>(plan.account())?;
        let settings = self.get::<BalanceSettings>(account.settings())?.with_reserve_plan(plan.currency(), None);
        self.put(account.with_reserve_plan(settings.has_reserve_plan()));
        self.put(settings);
        Ok(())
    }

    /// After everything that is decided at this moment.
    fn soon(&self) -> Timestamp {
        self.now.checked_add(chrono::TimeDelta::microseconds(1)).unwrap_or(Timestamp::MAX)
    }

    /// The time of a plan is over, or more of what one that was disabled holds back is let go.
    pub(super) fn end_reserve_plan(&mut self, id: ReservePlanId) -> Result<(), Error> {
        let Some(plan) = self.find::<ReservePlan>(id)?.map(super::transaction::Seen::into_owned) else {
            return Ok(());
        };
        if plan.due() != Some(self.now) {
            return Ok(());
        }
        match *plan.state() {
            ReservePlanState::Disabled { releasing: Some(releasing), .. } => self.release_all(&plan, releasing),
            ReservePlanState::Active | ReservePlanState::Disabled { .. } | ReservePlanState::Expired { .. } => {
                let Some(next) = plan.expire(self.now) else { return Ok(()) };
                self.take_out_of_force(&plan)?;
                self.put(next);
                self.event(ReserveEvent::PlanExpired, id, Some(plan.account()));
                Ok(())
            }
        }
    }

    /// Lets the next of what a plan holds back go.
    fn release_all(&mut self, plan: &ReservePlan, releasing: Releasing) -> Result<(), Error> {
        let mut ids = match self.state.held_by(plan.id(), releasing.after) {
            Known::Here(ids) => ids,
            Known::Absent => Vec::new(),
            Known::NotLoaded(key) => return Err(Error::NotLoaded(vec![key])),
        };
        let are_more = ids.len() > AT_ONCE;
        ids.truncate(AT_ONCE);
        let families: Vec<Key> = ids.iter().map(|hold| Key::Family(hold.family())).collect();
        self.want(&families)?;
        let mut holds = Vec::with_capacity(ids.len());
        for id in &ids {
            holds.push(self.take::<ReserveHold>(*id)?);
        }
        let balance = |hold: &ReserveHold| Key::Balance(hold.account(), hold.amount().currency());
        let balances: Vec<Key> = holds.iter().map(balance).collect();
        self.want(&balances)?;
        for hold in &holds {
            self.let_go(hold, hold.left(), ReleaseReason::PlanDisabled)?;
        }
        let next = Releasing { due: self.soon(), after: ids.last().copied() };
        if let Some(next) = plan.released(are_more.then_some(next)) {
            self.put(next);
        }
        Ok(())
    }

    fn create_reserve_hold(&mut self, on: Option<AccountId>, command: &NewReserveHold) -> Result<ReserveHoldId, Error> {
        let limit = self.rulebook.reserve_limit();
        command.check(self.now, limit)?;
        let (id, amount, currency) = (command.account, command.amount.minor(), command.amount.currency());
        self.want(&[Key::Family(id.family()), Key::Balance(id, currency)])?;
        let account = self.connected(id)?;
        Self::acting_for(on, id)?;
        self.permit(&account, Action::Reserve)?;
        // That nothing is held back that is not there is our own choice: it would leave a debt that nobody has made.
        if let Some(available) = self.shortfall(id, currency, amount.into())? {
            let needed = amount.into();
            return Err(ReserveError::InsufficientFunds { account: id, currency, available, needed }.into());
        }
        let hold = ReserveHoldId::of(self.new_family(None)?, 0);
        let held = ReserveHold::standalone(hold, command, self.now, limit);
        let line = ReserveLine::Held.of(&held, hold.into(), amount, (self.now, self.now));
        self.post(EntryKind::ReserveHold, hold, &[line], &[Self::reserve(&held, amount)])?;
        self.put(held);
        self.event(ReserveEvent::HoldCreated, hold, Some(id));
        Ok(hold)
    }

    fn release_hold(&mut self, on: Option<AccountId>, command: NewReserveRelease) -> Result<ReserveReleaseId, Error> {
        if let Some(amount) = command.amount.filter(|amount| !amount.is_positive()) {
            return Err(ReserveError::AmountNotPositive(amount).into());
        }
        let hold = self.take::<ReserveHold>(command.hold)?;
        let (id, left) = (hold.account(), hold.amount_releasable());
        self.want(&[Key::Family(id.family()), Key::Balance(id, left.currency())])?;
        let account = self.get::<Account>(id)?;
        Self::acting_for(on, id)?;
        self.permit(&account, Action::Reserve)?;
        let amount = command.amount.unwrap_or(left);
        if amount.currency() != left.currency() {
            return Err(ReserveError::WrongCurrency { given: amount.currency(), needed: left.currency() }.into());
        }
        let release = self.let_go(&hold, amount.minor(), ReleaseReason::HoldReleasedEarly)?;
        // What is left may cover a refund now that waits.
        if amount != left {
            self.look_at_queue(id, left.currency())?;
        }
        Ok(release.ok_or(AccountError::FamilyFull(id))?)
    }

    /// The time of what is held back is over.
    pub(super) fn hold_is_over(&mut self, id: ReserveHoldId) -> Result<(), Error> {
        let Some(hold) = self.find::<ReserveHold>(id)?.map(super::transaction::Seen::into_owned) else {
            return Ok(());
        };
        if hold.due() != Some(self.now) {
            return Ok(());
        }
        let (account, currency) = (hold.account(), hold.amount().currency());
        self.want(&[Key::Family(account.family()), Key::Balance(account, currency)])?;
        self.let_go(&hold, hold.left(), ReleaseReason::HoldExpired).map(drop)
    }

    /// What goes into the reserve, or comes out of it where it is negative, in minor units.
    pub(super) const fn reserve(hold: &ReserveHold, amount: i64) -> Posting {
        let account = LedgerAccount::RiskReserved { owner: hold.account() };
        Self::posting(account, amount, hold.amount().currency())
    }

    /// Lets money go by itself: to what is available, or to where it is pending with the charge that it was taken out of.
    // Before the charge is available what is held back of it is not either: that is our own reading.
    fn let_go(
        &mut self,
        hold: &ReserveHold,
        amount: i64,
        reason: ReleaseReason,
    ) -> Result<Option<ReserveReleaseId>, Error> {
        let next = hold.release(amount, self.now)?;
        let (next, id) = self.bear_release(next)?;
        self.book_release(&next, id, amount)?;
        if let Some(id) = id {
            self.put(ReserveRelease::new(id, &next, amount, reason, None, self.now));
        }
        self.tell_release(&next, id);
        self.put(next);
        Ok(id)
    }

    /// Books what is let go by itself.
    pub(super) fn book_release(
        &mut self,
        hold: &ReserveHold,
        release: Option<ReserveReleaseId>,
        amount: i64,
    ) -> Result<(), Error> {
        let cause = release.map_or_else(|| hold.id().into(), Into::into);
        let line = ReserveLine::Released.of(hold, cause, amount, (hold.available_on(), self.now));
        self.post(EntryKind::ReserveRelease, cause, &[line], &[Self::reserve(hold, amount.saturating_neg())])
    }

    pub(super) fn tell_release(&mut self, hold: &ReserveHold, release: Option<ReserveReleaseId>) {
        if let Some(release) = release {
            self.event(ReserveEvent::ReleaseCreated, release, Some(hold.account()));
        }
        self.event(ReserveEvent::HoldUpdated, hold.id(), Some(hold.account()));
    }

    /// The id of a release, born of what the hold was born of; nothing where that has no number left. Then the hold stands for it.
    // INVARIANT: nothing is held back for good because there is no number for its release.
    pub(super) fn bear_release(&mut self, hold: ReserveHold) -> Result<(ReserveHold, Option<ReserveReleaseId>), Error> {
        let family = hold.id().family();
        let number = |ordinal| ReserveReleaseId::of(family, ordinal);
        let ordinal = match hold.held_of() {
            None => {
                let Some((next, ordinal)) = hold.bear() else { return Ok((hold, None)) };
                return Ok((next, Some(number(ordinal))));
            }
            Some(HeldOf::Transfer(id)) if id.ordinal() == 0 => {
                self.get::<Transfer>(id)?.bear().map(|(next, ordinal)| {
                    self.put(next);
                    ordinal
                })
            }
            Some(HeldOf::Charge(_) | HeldOf::Transfer(_)) => {
                let mut payment = self.take::<PaymentIntent>(PaymentId::of(family, 0))?;
                let ordinal = payment.bear().ok();
                self.put(payment);
                ordinal
            }
        };
        Ok((hold, ordinal.map(number)))
    }
}

/// What comes in.
impl Transaction<'_> {
    /// Holds a part back of what comes to an account, as its plan says, and tells what is held back of it this time. The first part of a
    /// charge decides by which plan.
    pub(super) fn hold_back(
        &mut self,
        incoming: &Incoming,
        bear: impl FnOnce() -> Result<u16, Error>,
    ) -> Result<Option<HeldBack>, Error> {
        let Incoming { of, account, currency, gross, net, charged, date, .. } = *incoming;
        let known = incoming.hold.map(|hold| self.take::<ReserveHold>(hold)).transpose()?;
        let Some(plan) = known.as_ref().map_or(incoming.plan, ReserveHold::plan) else { return Ok(None) };
        let plan = self.get::<ReservePlan>(plan)?;
        let is_new = known.is_none();
        let hold = known.unwrap_or_else(|| {
            let family = match of {
                HeldOf::Charge(id) => id.family(),
                HeldOf::Transfer(id) => id.family(),
            };
            let (percent, release_after) = (plan.percent(), plan.release_after(charged));
            let plan = plan.id();
            let held = HeldShare { of, account, currency, plan, percent, charged, release_after, available_on: date };
            ReserveHold::of(ReserveHoldId::of(family, 0), &held, self.rulebook.reserve_limit())
        });
        // What is told so late that its time is over is not held back any more.
        if !plan.is_active() || hold.scheduled_release() <= self.now {
            return Ok(None);
        }
        let Some((mut hold, more)) = hold.hold(gross, net, date) else { return Ok(None) };
        if more == 0 && is_new {
            return Ok(None);
        }
        if is_new {
            hold = hold.numbered(bear()?);
        }
        let id = hold.id();
        let line = ReserveLine::Held.of(&hold, id.into(), more, (date, self.now));
        let posting = Self::reserve(&hold, more);
        self.put(hold);
        if more > 0 {
            let event = if is_new { ReserveEvent::HoldCreated } else { ReserveEvent::HoldUpdated };
            self.event(event, id, Some(account));
        }
        Ok((more > 0).then_some(HeldBack { hold: id, line, posting }))
    }
}
