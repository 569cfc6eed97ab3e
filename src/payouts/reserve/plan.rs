use serde::{Deserialize, Serialize};

use super::{ReserveError, ReservePlanStatus};
use crate::calendar::{Timestamp, days};
use crate::ids::{AccountId, ReserveHoldId, ReservePlanId};
use crate::money::{Currency, Rate};

/// Until when a plan holds money back.
// RULE: docs.stripe.com/api/reserve/plan/object (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlanRelease {
    /// So many days after each charge.
    Rolling {
        /// How many, from one to as many as a reserve lasts.
        days_after_charge: u16,
        /// From when on nothing more is held back; nothing where somebody has to disable the plan.
        expires_on: Option<Timestamp>,
    },
    /// All of it on one date.
    Fixed {
        /// The date: what is held back is let go at the midnight (UTC) after it.
        release_after: Timestamp,
    },
    /// Until somebody lets it go, or the longest time that a reserve lasts is over.
    Manual,
}

/// At the midnight (UTC) of the day after.
// RULE: docs.stripe.com/api/reserve/hold/object (2026), `scheduled_release`.
pub(super) fn midnight_after(release_after: Timestamp) -> Timestamp {
    release_after.midnight().plus_days(1).unwrap_or(Timestamp::MAX)
}

/// A command: hold a part back of everything that an account is paid from now on.
///
/// ```
/// use fundroute::ids::AccountId;
/// use fundroute::money::{Currency, Rate};
/// use fundroute::payouts::NewReservePlan;
///
/// let jo = AccountId::from_host([1; 14]);
/// // A quarter of each charge in dollars, for 30 days.
/// let plan = NewReservePlan::rolling(jo, "25 %".parse()?, 30).in_currency(Currency::USD);
/// assert_eq!(plan.percent, Rate::from_basis_points(25_00));
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReservePlan {
    /// The connected account, whose losses the platform bears.
    pub account: AccountId,
    /// How much of each charge, above zero and no more than all of it.
    pub percent: Rate,
    /// Only of what it is paid in this currency; in any, where none is named.
    pub currency: Option<Currency>,
    /// Until when.
    pub release: PlanRelease,
}

impl NewReservePlan {
    /// So much of each charge, until so many days after it.
    pub const fn rolling(account: AccountId, percent: Rate, days_after_charge: u16) -> Self {
        let release = PlanRelease::Rolling { days_after_charge, expires_on: None };
        Self { account, percent, currency: None, release }
    }

    /// So much of each charge, all of it until one date.
    pub const fn fixed(account: AccountId, percent: Rate, release_after: Timestamp) -> Self {
        Self { account, percent, currency: None, release: PlanRelease::Fixed { release_after } }
    }

    /// So much of each charge, until somebody lets it go.
    pub const fn manual(account: AccountId, percent: Rate) -> Self {
        Self { account, percent, currency: None, release: PlanRelease::Manual }
    }

    /// The same, only of what is paid in one currency.
    #[must_use]
    pub const fn in_currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// The same, until then. Only a rolling plan has such an end; a fixed one ends with its date, a manual one when it is disabled.
    #[must_use]
    pub const fn expires_on(mut self, date: Timestamp) -> Self {
        if let PlanRelease::Rolling { days_after_charge, .. } = self.release {
            self.release = PlanRelease::Rolling { days_after_charge, expires_on: Some(date) };
        }
        self
    }

    /// That it makes sense by itself, at `now`, where a reserve lasts no longer than `limit`.
    ///
    /// # Errors
    /// [`ReserveError::PercentOutOfRange`], [`ReserveError::DaysOutOfRange`], [`ReserveError::DateNotAhead`],
    /// [`ReserveError::DateTooFar`].
    // RULE: at most 180 days (docs.stripe.com/connect/connected-account-reserves, 2025). That none of the days is no time at all, and
    // that dates lie ahead, is our own choice.
    pub fn check(&self, now: Timestamp, limit: chrono::TimeDelta) -> Result<(), ReserveError> {
        if self.percent == Rate::ZERO || self.percent > Rate::from_basis_points(100_00) {
            return Err(ReserveError::PercentOutOfRange(self.percent));
        }
        match self.release {
            PlanRelease::Rolling { days_after_charge, expires_on } => {
                if days_after_charge == 0 || days(days_after_charge.into()) > limit {
                    return Err(ReserveError::DaysOutOfRange { days: days_after_charge, maximum: limit.num_days() });
                }
                match expires_on.filter(|date| *date <= now) {
                    Some(date) => Err(ReserveError::DateNotAhead(date)),
                    None => Ok(()),
                }
            }
            PlanRelease::Fixed { release_after } => check_date(release_after, now, limit),
            PlanRelease::Manual => Ok(()),
        }
    }
}

/// That a date lies ahead, and no further than a reserve lasts.
pub(super) fn check_date(date: Timestamp, now: Timestamp, limit: chrono::TimeDelta) -> Result<(), ReserveError> {
    let latest = now.checked_add(limit).unwrap_or(Timestamp::MAX);
    if date <= now {
        Err(ReserveError::DateNotAhead(date))
    } else if date > latest {
        Err(ReserveError::DateTooFar { date, latest })
    } else {
        Ok(())
    }
}

/// A command: hold nothing more back by a plan, and let all go that is still held back by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisableReservePlan {
    /// The plan.
    pub plan: ReservePlanId,
}

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReservePlanState {
    /// It holds back.
    Active,
    /// Somebody has ended it, and what it held back is let go.
    Disabled {
        /// When.
        at: Timestamp,
        /// What was held back and is let go next; nothing once that is all.
        releasing: Option<Releasing>,
    },
    /// Its time is over; what it held back stays so until its own time.
    Expired {
        /// When.
        at: Timestamp,
    },
}

/// How far the holds of a plan that was disabled have been let go, in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releasing {
    /// When the next ones are.
    pub due: Timestamp,
    /// The last one that was.
    pub after: Option<ReserveHoldId>,
}

/// That a part of each charge of an account is held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservePlan {
    id: ReservePlanId,
    percent: Rate,
    currency: Option<Currency>,
    release: PlanRelease,
    created: Timestamp,
    state: ReservePlanState,
}

impl ReservePlan {
    pub(crate) const fn new(id: ReservePlanId, command: &NewReservePlan, created: Timestamp) -> Self {
        let NewReservePlan { percent, currency, release, .. } = *command;
        Self { id, percent, currency, release, created, state: ReservePlanState::Active }
    }

    /// Its id.
    pub const fn id(&self) -> ReservePlanId {
        self.id
    }

    /// The account whose money it holds back.
    pub const fn account(&self) -> AccountId {
        AccountId::of(self.id.family(), 0)
    }

    /// How much of each charge.
    pub const fn percent(&self) -> Rate {
        self.percent
    }

    /// Only of what is paid in this currency; in any, where there is none.
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// Until when it holds back.
    pub const fn release(&self) -> PlanRelease {
        self.release
    }

    /// When it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// Where it stands.
    pub const fn state(&self) -> &ReservePlanState {
        &self.state
    }

    /// The state's name.
    pub const fn status(&self) -> ReservePlanStatus {
        match self.state {
            ReservePlanState::Active => ReservePlanStatus::Active,
            ReservePlanState::Disabled { .. } => ReservePlanStatus::Disabled,
            ReservePlanState::Expired { .. } => ReservePlanStatus::Expired,
        }
    }

    /// Whether it holds back what is paid now.
    pub const fn is_active(&self) -> bool {
        matches!(self.state, ReservePlanState::Active)
    }

    /// When what is held back of a charge is to be let go, as the plan names it.
    pub(crate) fn release_after(&self, charged: Timestamp) -> Option<Timestamp> {
        match self.release {
            PlanRelease::Rolling { days_after_charge, .. } => {
                Some(charged.plus_days(days_after_charge.into()).unwrap_or(Timestamp::MAX))
            }
            PlanRelease::Fixed { release_after } => Some(release_after),
            PlanRelease::Manual => None,
        }
    }

    /// When something happens to it by itself: it expires, or what it held back is let go.
    // That a fixed plan is over when all that it held back is let go is our own reading: nothing could be held back by it any more.
    pub fn due(&self) -> Option<Timestamp> {
        match (self.state, self.release) {
            (ReservePlanState::Active, PlanRelease::Rolling { expires_on, .. }) => expires_on,
            (ReservePlanState::Active, PlanRelease::Fixed { release_after }) => Some(midnight_after(release_after)),
            (ReservePlanState::Active, PlanRelease::Manual) | (ReservePlanState::Expired { .. }, _) => None,
            (ReservePlanState::Disabled { releasing, .. }, _) => releasing.map(|releasing| releasing.due),
        }
    }

    /// The plan, ended at `at`, with what it holds back to be let go at `due`.
    pub(crate) fn disable(&self, at: Timestamp, due: Timestamp) -> Result<Self, ReserveError> {
        if !self.is_active() {
            return Err(ReserveError::PlanOver { plan: self.id, status: self.status() });
        }
        let releasing = Some(Releasing { due, after: None });
        Ok(Self { state: ReservePlanState::Disabled { at, releasing }, ..self.clone() })
    }

    /// The plan after some of what it held back was let go; nothing where that is not under way.
    pub(crate) fn released(&self, next: Option<Releasing>) -> Option<Self> {
        match self.state {
            ReservePlanState::Disabled { at, releasing: Some(_) } => {
                Some(Self { state: ReservePlanState::Disabled { at, releasing: next }, ..self.clone() })
            }
            ReservePlanState::Active | ReservePlanState::Disabled { .. } | ReservePlanState::Expired { .. } => None,
        }
    }

    /// The plan after its time; nothing where it was over before.
    pub(crate) fn expire(&self, at: Timestamp) -> Option<Self> {
        self.is_active().then(|| Self { state: ReservePlanState::Expired { at }, ..self.clone() })
    }
}
