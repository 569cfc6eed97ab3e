//! Rules: when they are about an account, and what follows.

use serde::{Deserialize, Serialize};

use super::{Condition, RiskError};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, Family, RiskRuleId, RiskRulesId};
use crate::money::Rate;
use crate::payouts::NewReservePlan;

/// How many rules there can be at a time, each of which is read at every look: our own choice.
pub(crate) const MOST_RULES: usize = 50;

/// How long the name of a rule can be, in characters: our own choice.
const LONGEST_NAME: usize = 100;

/// What follows when a rule is about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskOutcome {
    /// Nothing, and the rules after it are not looked at.
    Allow,
    /// A person looks at the account.
    Review,
    /// Its payouts stop, until the review is approved.
    HoldPayouts,
    /// A part of what it is paid is held back, until the review is approved: by a rolling plan, in the currency that the condition
    /// names, or in all.
    SetReserve {
        /// How much of each charge.
        percent: Rate,
        /// For how many days after it.
        days: u16,
    },
    /// Its payments and payouts stop, until the review is approved.
    Pause,
}

impl RiskOutcome {
    fn check(self, now: Timestamp, limit: chrono::TimeDelta) -> Result<(), RiskError> {
        match self {
            Self::SetReserve { percent, days } => {
                // Whose it would be does not matter to what makes sense by itself.
                let nobody = AccountId::from_host([0; 14]);
                Ok(NewReservePlan::rolling(nobody, percent, days).check(now, limit)?)
            }
            Self::Allow | Self::Review | Self::HoldPayouts | Self::Pause => Ok(()),
        }
    }
}

/// A rule of the platform's: when an account's figure is on one side of a threshold, something follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRule {
    id: RiskRuleId,
    name: Box<str>,
    condition: Condition,
    outcome: RiskOutcome,
    is_enabled: bool,
    created: Timestamp,
    removed: Option<Timestamp>,
}

impl RiskRule {
    /// Its id.
    pub const fn id(&self) -> RiskRuleId {
        self.id
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it is about an account.
    pub const fn condition(&self) -> &Condition {
        &self.condition
    }

    /// What follows.
    pub const fn outcome(&self) -> RiskOutcome {
        self.outcome
    }

    /// Whether it is looked at.
    pub const fn is_enabled(&self) -> bool {
        self.is_enabled
    }

    /// When it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it was removed, if it was. It is kept for the reviews that name it.
    pub const fn removed(&self) -> Option<Timestamp> {
        self.removed
    }

    pub(crate) fn updated(
        &self,
        command: &UpdateRiskRule,
        now: Timestamp,
        limit: chrono::TimeDelta,
    ) -> Result<Self, RiskError> {
        if self.removed.is_some() {
            return Err(RiskError::RuleRemoved(self.id));
        }
        let mut next = self.clone();
        if let Some(name) = &command.name {
            next.name = checked_name(name)?;
        }
        next.condition = command.condition.unwrap_or(self.condition);
        next.outcome = command.outcome.unwrap_or(self.outcome);
        next.is_enabled = command.is_enabled.unwrap_or(self.is_enabled);
        next.condition.check()?;
        next.outcome.check(now, limit)?;
        Ok(next)
    }

    pub(crate) fn remove(&self, now: Timestamp) -> Result<Self, RiskError> {
        match self.removed {
            Some(_) => Err(RiskError::RuleRemoved(self.id)),
            None => Ok(Self { removed: Some(now), ..self.clone() }),
        }
    }
}

fn checked_name(name: &str) -> Result<Box<str>, RiskError> {
    match name.chars().count() {
        1..=LONGEST_NAME => Ok(name.into()),
        length => Err(RiskError::NameInvalid { length, most: LONGEST_NAME }),
    }
}

/// Which rules there are, in the order in which they are looked at, and since when the platform counts for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRules {
    id: RiskRulesId,
    since: Timestamp,
    order: Box<[u16]>,
    born: u16,
}

impl RiskRules {
    pub(crate) fn new(family: Family, since: Timestamp) -> Self {
        Self { id: RiskRulesId::of(family, 0), since, order: Box::default(), born: 1 }
    }

    /// Its id, of which every platform has one.
    pub const fn id(&self) -> RiskRulesId {
        self.id
    }

    /// Since when it counts: payments that were attempted before are in no figure.
    // INVARIANT: it never changes.
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// The rules, in their order.
    pub fn rules(&self) -> impl Iterator<Item = RiskRuleId> + '_ {
        self.order.iter().map(|ordinal| RiskRuleId::of(self.id.family(), *ordinal))
    }

    /// With one more rule, at a place.
    pub(crate) fn with_new(&self, command: &NewRiskRule, now: Timestamp) -> Result<(Self, RiskRule), RiskError> {
        if self.order.len() >= MOST_RULES {
            return Err(RiskError::TooManyRules(MOST_RULES));
        }
        let (ordinal, mut next) = (self.born, self.clone());
        next.born = ordinal.checked_add(1).ok_or(RiskError::TooManyRules(usize::from(u16::MAX)))?;
        let id = RiskRuleId::of(self.id.family(), ordinal);
        let rule = RiskRule {
            id,
            name: checked_name(&command.name)?,
            condition: command.condition,
            outcome: command.outcome,
            is_enabled: true,
            created: now,
            removed: None,
        };
        Ok((next.placed(ordinal, command.place), rule))
    }

    /// With a rule at that place of the order, counted from zero; behind all others where it names none.
    pub(crate) fn placed(&self, ordinal: u16, place: Option<u16>) -> Self {
        let mut order: Vec<u16> = self.order.iter().copied().filter(|known| *known != ordinal).collect();
        let place = place.map_or(order.len(), |place| usize::from(place).min(order.len()));
        order.insert(place, ordinal);
        Self { order: order.into(), ..self.clone() }
    }

    /// Without a rule.
    pub(crate) fn without(&self, ordinal: u16) -> Self {
        let order = self.order.iter().copied().filter(|known| *known != ordinal).collect();
        Self { order, ..self.clone() }
    }
}

/// A command: make a rule. It is looked at from the next look on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRiskRule {
    /// What it is called: one to a hundred characters.
    pub name: String,
    /// When it is about an account.
    pub condition: Condition,
    /// What follows.
    pub outcome: RiskOutcome,
    /// Its place among the rules, counted from zero; behind all others where none is named.
    pub place: Option<u16>,
}

impl NewRiskRule {
    /// A rule behind all others.
    pub fn new(name: impl Into<String>, condition: Condition, outcome: RiskOutcome) -> Self {
        Self { name: name.into(), condition, outcome, place: None }
    }

    /// The same at that place, counted from zero.
    #[must_use]
    pub const fn at_place(mut self, place: u16) -> Self {
        self.place = Some(place);
        self
    }

    /// That it makes sense by itself, at `now`, where a reserve lasts no longer than `limit`.
    pub(crate) fn check(&self, now: Timestamp, limit: chrono::TimeDelta) -> Result<(), RiskError> {
        checked_name(&self.name)?;
        self.condition.check()?;
        self.outcome.check(now, limit)
    }
}

/// A command: change a rule from the next look on. What is not named stays as it is, and so do the reviews that it has opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateRiskRule {
    /// The rule.
    pub rule: RiskRuleId,
    /// What it is called.
    pub name: Option<String>,
    /// When it is about an account.
    pub condition: Option<Condition>,
    /// What follows.
    pub outcome: Option<RiskOutcome>,
    /// Whether it is looked at.
    pub is_enabled: Option<bool>,
    /// Its place among the rules, counted from zero.
    pub place: Option<u16>,
}

impl UpdateRiskRule {
    /// A change of nothing yet.
    pub const fn of(rule: RiskRuleId) -> Self {
        Self { rule, name: None, condition: None, outcome: None, is_enabled: None, place: None }
    }

    /// With another condition.
    #[must_use]
    pub const fn condition(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }

    /// With another outcome.
    #[must_use]
    pub const fn outcome(mut self, outcome: RiskOutcome) -> Self {
        self.outcome = Some(outcome);
        self
    }

    /// Looked at, or not.
    #[must_use]
    pub const fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = Some(is_enabled);
        self
    }

    /// At that place.
    #[must_use]
    pub const fn at_place(mut self, place: u16) -> Self {
        self.place = Some(place);
        self
    }
}
