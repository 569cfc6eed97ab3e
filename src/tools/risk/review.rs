//! Reviews: what a person has to look at.

use serde::{Deserialize, Serialize};

use super::{Condition, ReviewAction, ReviewStatus, RiskError, RiskOutcome, Value};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PaymentId, PayoutId, ReservePlanId, ReviewId, RiskRuleId};
use crate::money::Currency;

/// How long the host's name for who looks at a review can be, in characters: our own choice.
const LONGEST_NAME: usize = 255;

/// What a review is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOf {
    /// An account.
    Account(AccountId),
    /// A payment.
    Payment(PaymentId),
    /// A payout.
    Payout(PayoutId),
}

impl From<ReviewOf> for ObjectId {
    fn from(of: ReviewOf) -> Self {
        match of {
            ReviewOf::Account(id) => id.into(),
            ReviewOf::Payment(id) => id.into(),
            ReviewOf::Payout(id) => id.into(),
        }
    }
}

/// What was done to the account when a rule was about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Nothing was to be done but the review.
    None,
    /// What was to be done was so already: somebody else has done it, and it is not undone with the review.
    InForce,
    /// What was to be done the platform may not do to this account, or cannot as it stands.
    Impossible,
    /// Its payments, its payouts or both were stopped.
    Paused {
        /// Whether its payments were.
        payments: bool,
        /// Whether its payouts were.
        payouts: bool,
    },
    /// A plan holds a part back of what it is paid.
    Reserved(ReservePlanId),
}

/// Which rule was about an account, with what: enough to see why without the rule, which may have changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: RiskRuleId,
    /// Its condition, as it was: the figure with its window, and the threshold.
    pub condition: Condition,
    /// In which currency the figure was taken.
    pub currency: Currency,
    /// What the figure came to.
    pub value: Value,
    /// What was to follow.
    pub outcome: RiskOutcome,
    /// What was done.
    pub measure: Measure,
}

/// Why a review was opened.
// RULE: the field knows `rule` and `manual` (docs.stripe.com/api/radar/reviews/object, 2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedReason {
    /// Somebody wanted it.
    Manual,
    /// A rule was about the account.
    Rule(Finding),
}

/// Why a review is closed.
// RULE: docs.stripe.com/api/radar/reviews/object (2026), which has `redacted` as well, and no word for what was not approved: `upheld` is
// our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedReason {
    /// A person found nothing wrong.
    Approved,
    /// The payment was disputed.
    Disputed,
    /// The payment was given back in full.
    Refunded,
    /// The payment was given back in full, for fraud.
    RefundedAsFraud,
    /// A person found it right: what was done stays.
    Upheld,
}

/// How far a review has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Somebody has to look.
    Open,
    /// It is over.
    Closed {
        /// When.
        at: Timestamp,
        /// Why.
        reason: ClosedReason,
    },
}

/// Something for a person to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    id: ReviewId,
    of: ReviewOf,
    account: AccountId,
    opened: Timestamp,
    reason: OpenedReason,
    assigned_to: Option<Box<str>>,
    state: ReviewState,
}

impl Review {
    pub(crate) const fn new(
        id: ReviewId,
        (of, account): (ReviewOf, AccountId),
        reason: OpenedReason,
        opened: Timestamp,
    ) -> Self {
        Self { id, of, account, opened, reason, assigned_to: None, state: ReviewState::Open }
    }

    /// Its id.
    pub const fn id(&self) -> ReviewId {
        self.id
    }

    /// What it is about.
    pub const fn of(&self) -> ReviewOf {
        self.of
    }

    /// The account that it is about: of a payment the seller, or the platform where there is none; of a payout whose it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// When it was opened.
    pub const fn opened(&self) -> Timestamp {
        self.opened
    }

    /// Why it was opened.
    pub const fn reason(&self) -> &OpenedReason {
        &self.reason
    }

    /// Which rule has opened it, with what; nothing for one that somebody wanted.
    pub const fn finding(&self) -> Option<&Finding> {
        match &self.reason {
            OpenedReason::Rule(finding) => Some(finding),
            OpenedReason::Manual => None,
        }
    }

    /// The host's own name for who looks at it.
    pub fn assigned_to(&self) -> Option<&str> {
        self.assigned_to.as_deref()
    }

    /// How far it has got.
    pub const fn state(&self) -> &ReviewState {
        &self.state
    }

    /// The name of its state.
    pub const fn status(&self) -> ReviewStatus {
        match self.state {
            ReviewState::Open => ReviewStatus::Open,
            ReviewState::Closed { .. } => ReviewStatus::Closed,
        }
    }

    /// Whether somebody has to look.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, ReviewState::Open)
    }

    /// When it was closed, if it was, and why.
    pub const fn closed(&self) -> Option<(Timestamp, ClosedReason)> {
        match self.state {
            ReviewState::Open => None,
            ReviewState::Closed { at, reason } => Some((at, reason)),
        }
    }

    const fn refuse(&self, action: ReviewAction) -> RiskError {
        RiskError::IllegalTransition { review: self.id, status: self.status(), action }
    }

    /// The review in somebody's hands, or in nobody's.
    pub(crate) fn assign(&self, to: Option<&str>) -> Result<Self, RiskError> {
        match self.state {
            ReviewState::Open => Ok(Self { assigned_to: to.map(Into::into), ..self.clone() }),
            ReviewState::Closed { .. } => Err(self.refuse(ReviewAction::Assign)),
        }
    }

    /// The review after a person's word.
    pub(crate) fn close(&self, verdict: Verdict, at: Timestamp) -> Result<Self, RiskError> {
        let (reason, action) = match verdict {
            Verdict::Approve => (ClosedReason::Approved, ReviewAction::Approve),
            Verdict::Uphold => (ClosedReason::Upheld, ReviewAction::Uphold),
        };
        match self.state {
            ReviewState::Open => Ok(Self { state: ReviewState::Closed { at, reason }, ..self.clone() }),
            ReviewState::Closed { .. } => Err(self.refuse(action)),
        }
    }

    /// The review after its payment came back to the payer, or was disputed; nothing where that is no news.
    // INVARIANT: of a refund and a dispute the dispute counts, so that the order in which they are told is no matter.
    pub(crate) fn end(&self, reason: ClosedReason, at: Timestamp) -> Option<Self> {
        let next = |at| Self { state: ReviewState::Closed { at, reason }, ..self.clone() };
        match self.state {
            ReviewState::Open => Some(next(at)),
            ReviewState::Closed { at, reason: ClosedReason::Refunded | ClosedReason::RefundedAsFraud } => {
                (reason == ClosedReason::Disputed).then(|| next(at))
            }
            ReviewState::Closed {
                reason: ClosedReason::Approved | ClosedReason::Disputed | ClosedReason::Upheld,
                ..
            } => None,
        }
    }

    /// Until when the rule that has opened it is not about the account again: as many days after it was closed as the window of its figure
    /// has, and a day where it has none. While it is open, no end is known.
    // So that what was approved does not come back the next night for the same payments: our own choice.
    pub(crate) fn quiet_until(&self) -> Option<Timestamp> {
        let (closed, _) = self.closed()?;
        let days = self.finding().and_then(|finding| finding.condition.figure.days()).unwrap_or(1);
        Some(closed.plus_days(days.into()).unwrap_or(Timestamp::MAX))
    }
}

/// A command: have a person look at something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenReview {
    /// At what.
    pub of: ReviewOf,
}

/// A command: say who looks at a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignReview {
    /// The review.
    pub review: ReviewId,
    /// The host's own name for them, at most 255 characters; nothing for nobody.
    pub to: Option<String>,
}

impl AssignReview {
    pub(crate) fn check(&self) -> Result<(), RiskError> {
        match self.to.as_ref().map(|name| name.chars().count()) {
            None | Some(1..=LONGEST_NAME) => Ok(()),
            Some(length) => Err(RiskError::NameInvalid { length, most: LONGEST_NAME }),
        }
    }
}

/// What a person has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing wrong: what the rule has done is undone, as far as it still stands.
    Approve,
    /// The rule was right: what it has done stays.
    Uphold,
}

/// A command: close a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseReview {
    /// The review.
    pub review: ReviewId,
    /// What was found.
    pub verdict: Verdict,
}
