use serde::{Deserialize, Serialize};

use super::{AssignReview, CloseReview, NewRiskRule, OpenReview, UpdateRiskRule};
use crate::ids::{AccountId, Family, ObjectId, RiskRuleId};

/// What somebody wants of rules and reviews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RiskCommand {
    /// Make a rule.
    CreateRule(NewRiskRule),
    /// Change one.
    UpdateRule(UpdateRiskRule),
    /// Look at one no longer.
    RemoveRule(RiskRuleId),
    /// Hold an account against the rules.
    Assess(AccountId),
    /// Have a person look at something.
    OpenReview(OpenReview),
    /// Say who looks.
    AssignReview(AssignReview),
    /// Close a review.
    CloseReview(CloseReview),
}

impl RiskCommand {
    /// The family that it names.
    pub(crate) fn family(&self) -> Option<Family> {
        match self {
            Self::CreateRule(_) => None,
            Self::UpdateRule(update) => Some(update.rule.family()),
            Self::RemoveRule(rule) => Some(rule.family()),
            Self::Assess(account) => Some(account.family()),
            Self::OpenReview(open) => Some(ObjectId::from(open.of).family()),
            Self::AssignReview(assign) => Some(assign.review.family()),
            Self::CloseReview(close) => Some(close.review.family()),
        }
    }
}
