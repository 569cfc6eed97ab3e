use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::plan::{check_date, midnight_after};
use super::{ReserveError, ReserveHoldStatus};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, ObjectId, ReserveHoldId, ReservePlanId, ReserveReleaseId, TransferId};
use crate::money::{Currency, Money, Rate, Rounding};
use crate::wire::wire;

wire! {
    /// Why money is held back.
    // RULE: docs.stripe.com/api/reserve/hold/object (2026).
    HoldReason:
    "charge" Charge "It is a part of a charge, or of a transfer.",
    "standalone" Standalone "Somebody had it held back by itself.",
}

wire! {
    /// Why money that was held back is let go.
    // RULE: docs.stripe.com/api/reserve/release/object (2026).
    ReleaseReason:
    "hold_expired" HoldExpired "Its time is over.",
    "hold_released_early" HoldReleasedEarly "Somebody let it go.",
    "hold_reversed" HoldReversed "The charge or the transfer was claimed back.",
    "plan_disabled" PlanDisabled "The plan was ended.",
}

/// A command: hold back so much of what an account has available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReserveHold {
    /// The connected account, whose losses the platform bears.
    pub account: AccountId,
    /// How much.
    pub amount: Money,
    /// The date after which it is let go, at midnight (UTC); nothing where somebody has to. It is when the longest time that a reserve
    /// lasts is over, in any case.
    pub release_after: Option<Timestamp>,
}

impl NewReserveHold {
    /// Until somebody lets it go.
    pub const fn of(account: AccountId, amount: Money) -> Self {
        Self { account, amount, release_after: None }
    }

    /// The same, until then.
    #[must_use]
    pub const fn release_after(mut self, date: Timestamp) -> Self {
        self.release_after = Some(date);
        self
    }

    /// That it makes sense by itself, at `now`, where a reserve lasts no longer than `limit`.
    ///
    /// # Errors
    /// [`ReserveError::AmountNotPositive`], [`ReserveError::DateNotAhead`], [`ReserveError::DateTooFar`].
    pub fn check(&self, now: Timestamp, limit: TimeDelta) -> Result<(), ReserveError> {
        if !self.amount.is_positive() {
            return Err(ReserveError::AmountNotPositive(self.amount));
        }
        self.release_after.map_or(Ok(()), |date| check_date(date, now, limit))
    }
}

/// A command: let money go that is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReserveRelease {
    /// What is held back.
    pub hold: ReserveHoldId,
    /// How much of it; all that is left if not given.
    pub amount: Option<Money>,
}

impl NewReserveRelease {
    /// All that is left of it.
    pub const fn of(hold: ReserveHoldId) -> Self {
        Self { hold, amount: None }
    }

    /// Only this much.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }
}

/// What of a payment is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HeldOf {
    Charge(ChargeId),
    Transfer(TransferId),
}

impl From<HeldOf> for ObjectId {
    fn from(of: HeldOf) -> Self {
        match of {
            HeldOf::Charge(id) => id.into(),
            HeldOf::Transfer(id) => id.into(),
        }
    }
}

/// By which plan a part of a charge is held back, and how much that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Share {
    of: HeldOf,
    plan: ReservePlanId,
    percent: Rate,
    /// What it is a percentage of by now, in minor units.
    base: i64,
}

/// That money of a charge, or of a transfer, was claimed back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// How much the account gives for it, in minor units of the currency in which it is held back.
    pub amount: i64,
    /// The refund, the dispute, the transfer taken back, or the charge that a payer's bank pulled back.
    pub by: ObjectId,
}

impl Claim {
    /// Whether it goes before another one that was told at the same moment: the larger one does, and of two of a size the first by id.
    // INVARIANT: which of the two is told first is no matter.
    fn goes_before(self, other: Self) -> bool {
        (self.amount, other.by) > (other.amount, self.by)
    }
}

/// What became of money that is held back. All amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReserveHoldState {
    /// All of it is held back.
    Held,
    /// A part of it was let go.
    PartlyReleased {
        /// How much.
        released: i64,
    },
    /// All of it was let go.
    Released {
        /// When the last of it was.
        at: Timestamp,
    },
    /// What was left of it was let go for a claim on the charge.
    Consumed {
        /// When.
        at: Timestamp,
        /// How much that was.
        amount: i64,
        /// The claim.
        claim: Claim,
        /// The release; nothing where there was no number left for one.
        release: Option<ReserveReleaseId>,
    },
}

/// Money of an account that is held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveHold {
    id: ReserveHoldId,
    account: AccountId,
    amount: i64,
    currency: Currency,
    created: Timestamp,
    release_after: Option<Timestamp>,
    scheduled_release: Timestamp,
    available_on: Timestamp,
    share: Option<Share>,
    /// The largest claim on a charge of which more can be captured.
    claim: Option<Claim>,
    born: u16,
    state: ReserveHoldState,
}

/// When what is held back since `created` is let go.
// RULE: at the midnight (UTC) of the day after the date (docs.stripe.com/api/reserve/hold/object, 2026), and never later than 180 days
// (docs.stripe.com/connect/connected-account-reserves, 2025).
fn scheduled(release_after: Option<Timestamp>, created: Timestamp, limit: TimeDelta) -> Timestamp {
    let latest = created.checked_add(limit).unwrap_or(Timestamp::MAX);
    release_after.map_or(latest, |date| midnight_after(date).min(latest))
}

/// Money that came to an account, of which a plan holds a part back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeldShare {
    pub(crate) of: HeldOf,
    pub(crate) account: AccountId,
    pub(crate) currency: Currency,
    pub(crate) plan: ReservePlanId,
    pub(crate) percent: Rate,
    pub(crate) charged: Timestamp,
    pub(crate) release_after: Option<Timestamp>,
    /// When the money is available.
    pub(crate) available_on: Timestamp,
}

impl ReserveHold {
    /// What somebody has held back by itself.
    pub(crate) fn standalone(id: ReserveHoldId, command: &NewReserveHold, now: Timestamp, limit: TimeDelta) -> Self {
        Self {
            id,
            account: command.account,
            amount: command.amount.minor(),
            currency: command.amount.currency(),
            created: now,
            release_after: command.release_after,
            scheduled_release: scheduled(command.release_after, now, limit),
            available_on: now,
            share: None,
            claim: None,
            born: 1,
            state: ReserveHoldState::Held,
        }
    }

    /// What is held back of a charge, or a transfer: nothing yet.
    pub(crate) fn of(id: ReserveHoldId, held: &HeldShare, limit: TimeDelta) -> Self {
        let HeldShare { of, account, currency, plan, percent, charged, release_after, available_on } = *held;
        Self {
            id,
            account,
            amount: 0,
            currency,
            created: charged,
            release_after,
            scheduled_release: scheduled(release_after, charged, limit),
            available_on,
            share: Some(Share { of, plan, percent, base: 0 }),
            claim: None,
            born: 1,
            state: ReserveHoldState::Held,
        }
    }

    /// The same hold under a number of its own.
    pub(crate) const fn numbered(mut self, ordinal: u16) -> Self {
        self.id = ReserveHoldId::of(self.id.family(), ordinal);
        self
    }

    /// Its id.
    pub const fn id(&self) -> ReserveHoldId {
        self.id
    }

    /// Whose money it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// How much was held back.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// What is still held back (`amount_releasable`).
    pub const fn amount_releasable(&self) -> Money {
        Money::new(self.left(), self.currency)
    }

    /// Whether anything of it is still held back.
    pub const fn is_releasable(&self) -> bool {
        self.left() > 0
    }

    /// Why.
    pub const fn reason(&self) -> HoldReason {
        match self.share {
            Some(_) => HoldReason::Charge,
            None => HoldReason::Standalone,
        }
    }

    /// The charge, or the transfer, that it is a part of.
    pub fn source(&self) -> Option<ObjectId> {
        self.share.map(|share| share.of.into())
    }

    /// What it is a part of, where it is.
    pub(crate) fn held_of(&self) -> Option<HeldOf> {
        self.share.map(|share| share.of)
    }

    /// The plan by which it is held back.
    pub fn plan(&self) -> Option<ReservePlanId> {
        self.share.map(|share| share.plan)
    }

    /// How much of the charge it is.
    pub fn percent(&self) -> Option<Rate> {
        self.share.map(|share| share.percent)
    }

    /// Since when it is held back: for a charge, since it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// After when it is let go, as it was asked for; nothing where somebody has to.
    pub const fn release_after(&self) -> Option<Timestamp> {
        self.release_after
    }

    /// When it is let go by itself.
    pub const fn scheduled_release(&self) -> Timestamp {
        self.scheduled_release
    }

    /// When the money that it was taken out of is, or was, available: what is let go before comes back to there.
    pub const fn available_on(&self) -> Timestamp {
        self.available_on
    }

    /// What became of it.
    pub const fn state(&self) -> &ReserveHoldState {
        &self.state
    }

    /// The state's name.
    pub const fn status(&self) -> ReserveHoldStatus {
        match self.state {
            ReserveHoldState::Held => ReserveHoldStatus::Held,
            ReserveHoldState::PartlyReleased { .. } => ReserveHoldStatus::PartlyReleased,
            ReserveHoldState::Released { .. } => ReserveHoldStatus::Released,
            ReserveHoldState::Consumed { .. } => ReserveHoldStatus::Consumed,
        }
    }

    /// How much of it was let go.
    pub const fn released(&self) -> Money {
        Money::new(self.amount.saturating_sub(self.left()), self.currency)
    }

    /// What is still held back, in minor units.
    // INVARIANT: what was let go never exceeds the amount; `release` and `consume` keep it.
    pub(crate) const fn left(&self) -> i64 {
        match self.state {
            ReserveHoldState::Held => self.amount,
            ReserveHoldState::PartlyReleased { released } => self.amount.saturating_sub(released),
            ReserveHoldState::Released { .. } | ReserveHoldState::Consumed { .. } => 0,
        }
    }

    /// When it is let go by itself; nothing once it was.
    pub fn due(&self) -> Option<Timestamp> {
        self.is_releasable().then_some(self.scheduled_release)
    }

    /// The hold after more money came with a charge, `gross` before fees and `net` after, in minor units; and how much more is held
    /// back. That is the percentage of all that came, less what is held back of it already, and never more than what came now.
    // ROUNDING: nearest minor unit, ties away from zero, on the running total. That it is the nearest is our reading: no page says.
    // RULE: a percentage of each charge (docs.stripe.com/api/reserve/plan/object, 2026), which is of its amount before fees. That no
    // more is held back than the charge has brought after them is our own choice: it would be taken out of other money.
    pub(crate) fn hold(&self, gross: i64, net: i64, available_on: Timestamp) -> Option<(Self, i64)> {
        let share = self.share?;
        let base = share.base.checked_add(gross)?;
        let all = share.percent.of(Money::new(base, self.currency), Rounding::NearestTiesAway).ok()?;
        let more = all.minor().saturating_sub(self.amount).min(net).max(0);
        let amount = self.amount.checked_add(more)?;
        let state = match self.state {
            _ if more == 0 => self.state,
            ReserveHoldState::Held => ReserveHoldState::Held,
            ReserveHoldState::PartlyReleased { released } => ReserveHoldState::PartlyReleased { released },
            ReserveHoldState::Released { .. } | ReserveHoldState::Consumed { .. } => {
                ReserveHoldState::PartlyReleased { released: self.amount }
            }
        };
        let share = Some(Share { base, ..share });
        let available_on = self.available_on.max(available_on);
        Some((Self { amount, share, available_on, state, ..self.clone() }, more))
    }

    /// The hold with `amount` minor units less held back.
    pub(crate) fn release(&self, amount: i64, at: Timestamp) -> Result<Self, ReserveError> {
        let left = self.left();
        if amount <= 0 || amount > left {
            let (asked, releasable) = (Money::new(amount, self.currency), self.amount_releasable());
            return Err(ReserveError::ReleaseTooLarge { hold: self.id, asked, releasable });
        }
        let state = if amount == left {
            ReserveHoldState::Released { at }
        } else {
            ReserveHoldState::PartlyReleased { released: self.amount.saturating_sub(left).saturating_add(amount) }
        };
        Ok(Self { state, ..self.clone() })
    }

    /// The hold after its charge was claimed back, and what that lets go: all that is left of it, in minor units; nothing where the
    /// claim is smaller than that.
    // RULE: a claim that is at least the hold lets it go, a smaller one leaves it (docs.stripe.com/connect/connected-account-reserves,
    // 2025, and what is told of it since).
    pub(crate) fn consume(&self, claim: Claim, at: Timestamp) -> Option<(Self, i64)> {
        let amount = self.left();
        if amount == 0 || claim.amount < amount {
            return None;
        }
        Some((Self { state: ReserveHoldState::Consumed { at, amount, claim, release: None }, ..self.clone() }, amount))
    }

    /// The same hold, with the release that a claim has led to.
    pub(crate) const fn consumed_with(mut self, id: ReserveReleaseId) -> Self {
        if let ReserveHoldState::Consumed { release, .. } = &mut self.state {
            *release = Some(id);
        }
        self
    }

    /// The hold that a claim has consumed at this very moment, if another one that would have done so goes before that; and the release.
    pub(crate) fn consumed_rather(&self, by: Claim, now: Timestamp) -> Option<(Self, Option<ReserveReleaseId>)> {
        let ReserveHoldState::Consumed { at, amount, claim, release } = self.state else { return None };
        let is_first = at == now && by.amount >= amount && by.goes_before(claim);
        let state = ReserveHoldState::Consumed { at, amount, claim: by, release };
        is_first.then(|| (Self { state, ..self.clone() }, release))
    }

    /// The hold with a claim to look at once no more of its charge can be captured; of several, the largest.
    pub(crate) fn claimed(&self, claim: Claim) -> Self {
        let claim = self.claim.filter(|known| known.goes_before(claim)).or(Some(claim));
        Self { claim, ..self.clone() }
    }

    /// The claim that waits for that, taken off.
    pub(crate) fn unclaimed(&self) -> Option<(Self, Claim)> {
        Some((Self { claim: None, ..self.clone() }, self.claim?))
    }

    /// The hold with room for another member of its own family, and its ordinal. Only one that stands alone heads a family.
    pub(crate) fn bear(&self) -> Option<(Self, u16)> {
        let ordinal = self.born;
        Some((Self { born: ordinal.checked_add(1)?, ..self.clone() }, ordinal))
    }
}

/// Money that was held back and let go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveRelease {
    id: ReserveReleaseId,
    hold: u16,
    amount: i64,
    currency: Currency,
    reason: ReleaseReason,
    source: Option<ObjectId>,
    created: Timestamp,
}

impl ReserveRelease {
    pub(crate) const fn new(
        id: ReserveReleaseId,
        hold: &ReserveHold,
        amount: i64,
        reason: ReleaseReason,
        source: Option<ObjectId>,
        created: Timestamp,
    ) -> Self {
        Self { id, hold: hold.id.ordinal(), amount, currency: hold.currency, reason, source, created }
    }

    /// Its id.
    pub const fn id(&self) -> ReserveReleaseId {
        self.id
    }

    /// What had been held back.
    pub const fn hold(&self) -> ReserveHoldId {
        ReserveHoldId::of(self.id.family(), self.hold)
    }

    /// How much was let go.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// Why.
    pub const fn reason(&self) -> ReleaseReason {
        self.reason
    }

    /// The claim for which it was: a refund, a dispute, a transfer taken back, or the charge that a payer's bank pulled back.
    pub const fn source_transaction(&self) -> Option<ObjectId> {
        self.source
    }

    /// When.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// The same release, for another claim.
    pub(crate) fn claimed_by(&self, by: ObjectId) -> Self {
        Self { source: Some(by), ..self.clone() }
    }
}
