use std::fmt;

use serde::{Deserialize, Serialize};

use super::Figure;
use crate::ids::{ReviewId, RiskRuleId};
use crate::payouts::ReserveError;

/// The name of a review's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStatus {
    /// Somebody has to look.
    Open,
    /// It is over.
    Closed,
}

impl fmt::Display for ReviewStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Closed => "closed",
        })
    }
}

/// What was wanted of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// To approve it.
    Approve,
    /// To assign it.
    Assign,
    /// To uphold it.
    Uphold,
}

impl fmt::Display for ReviewAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Approve => "approved",
            Self::Assign => "assigned",
            Self::Uphold => "upheld",
        })
    }
}

/// Why a command about rules or reviews was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RiskError {
    /// A name is missing, or too long.
    #[error("a name has 1 to {most} characters, not {length}")]
    NameInvalid {
        /// How many it has.
        length: usize,
        /// How many it can have.
        most: usize,
    },
    /// A window has no days, or too many.
    #[error("a window has 1 to {most} days, not {days}")]
    WindowOutOfRange {
        /// How many it has.
        days: u16,
        /// How many it can have.
        most: u16,
    },
    /// The figure is something else than the threshold.
    #[error("the figure {0:?} cannot be held against such a threshold")]
    WrongThreshold(Figure),
    /// The condition always holds, or never.
    #[error("a threshold is above zero")]
    SaysNothing,
    /// The reserve makes no sense.
    #[error(transparent)]
    Reserve(#[from] ReserveError),
    /// The command changes nothing.
    #[error("nothing to change")]
    NothingToChange,
    /// There are as many rules as there can be.
    #[error("there are {0} rules, and there can be no more")]
    TooManyRules(usize),
    /// The rule was removed.
    #[error("rule `{0}` was removed")]
    RuleRemoved(RiskRuleId),
    /// Somebody looks at it already.
    #[error("review `{0}` is open")]
    ReviewOpen(ReviewId),
    /// The review is past that.
    #[error("review `{review}` is {status} and cannot be {action}")]
    IllegalTransition {
        /// The review.
        review: ReviewId,
        /// Its state.
        status: ReviewStatus,
        /// What was wanted.
        action: ReviewAction,
    },
}

impl RiskError {
    /// Whether what is asked is not possible as things stand, rather than a call to be corrected.
    pub(crate) const fn is_refusal(&self) -> bool {
        match self {
            Self::TooManyRules(_) | Self::RuleRemoved(_) | Self::ReviewOpen(_) | Self::IllegalTransition { .. } => true,
            Self::NameInvalid { .. }
            | Self::WindowOutOfRange { .. }
            | Self::WrongThreshold(_)
            | Self::SaysNothing
            | Self::Reserve(_)
            | Self::NothingToChange => false,
        }
    }
}
