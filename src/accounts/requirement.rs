use std::fmt;

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::PersonId;
use crate::rulebook::{Capability, Impact, RequirementErrorCode};

/// What an account is asked for, by name: `company.tax_id`, `individual.dob.day`, `person_….first_name`,
/// `relationship.owner`, `tos_acceptance.date` …
///
/// ```
/// use fundroute::accounts::RequirementPath;
///
/// assert_eq!(RequirementPath::new("company.tax_id").to_string(), "company.tax_id");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequirementPath(Box<str>);

impl RequirementPath {
    /// The path of this name.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self(name.into())
    }

    /// What a person of a company is asked for.
    pub(crate) fn of_person(person: PersonId, field: &str) -> Self {
        Self(format!("{person}.{field}").into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequirementPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RequirementPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How urgent it is to give something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It will be asked for if the account grows, or stays.
    Eventually,
    /// It is asked for, by its deadline if it has one.
    Currently,
    /// The deadline is over: what it impacts is off.
    Past,
}

/// Where something that is asked for stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// It is to be given, or given again.
    Wanted(Urgency),
    /// It was given and is being checked; what it impacts is off meanwhile if `blocks`.
    Pending {
        /// Whether it had to be verified by now.
        blocks: bool,
    },
}

impl DueState {
    /// Whether it stops what it impacts.
    pub const fn blocks(self) -> bool {
        match self {
            Self::Wanted(Urgency::Past) => true,
            Self::Pending { blocks } => blocks,
            Self::Wanted(Urgency::Eventually | Urgency::Currently) => false,
        }
    }

    /// The same for what is not asked for yet, and so cannot be over.
    pub(crate) fn of_future(self) -> Self {
        match self {
            Self::Wanted(urgency) => Self::Wanted(urgency.min(Urgency::Currently)),
            Self::Pending { .. } => Self::Pending { blocks: false },
        }
    }
}

/// One thing that an account is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// What.
    pub path: RequirementPath,
    /// How urgently, or that it is being checked.
    pub state: DueState,
    /// By when it is to be given and, where it has to be, verified; nothing where only an amount decides.
    pub deadline: Option<Timestamp>,
    /// What stops when that is over.
    pub impact: Impact,
    /// The capabilities that stop with it; none stands for all.
    pub capabilities: Vec<Capability>,
    /// Why what was given before was not good enough.
    pub error: Option<RequirementErrorCode>,
    /// What can be given in its place.
    pub alternative: Option<RequirementPath>,
}

impl Due {
    /// Whether it is to be given with at least this urgency.
    pub fn is_wanted(&self, urgency: Urgency) -> bool {
        matches!(self.state, DueState::Wanted(own) if own >= urgency)
    }

    /// Whether it stops what it impacts.
    pub const fn blocks(&self) -> bool {
        self.state.blocks()
    }

    /// Whether it stops this capability.
    pub fn blocks_capability(&self, capability: Capability) -> bool {
        self.blocks() && self.impact.stops_charges() && self.concerns(capability)
    }

    /// Whether it is asked for because of this capability.
    pub fn concerns(&self, capability: Capability) -> bool {
        self.capabilities.is_empty() || self.capabilities.contains(&capability)
    }
}

/// Why something has to be given again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementError {
    /// What.
    pub requirement: RequirementPath,
    /// Why.
    pub code: RequirementErrorCode,
}

/// What can be given in the place of something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// What is asked for.
    pub original_fields_due: Vec<RequirementPath>,
    /// What resolves it just as well.
    pub alternative_fields_due: Vec<RequirementPath>,
}

/// Everything that an account, a capability or a person is asked for, as the field's API lists it.
// RULE: docs.stripe.com/api/accounts/object#account_object-requirements (2026).
// INVARIANT: what is past due is currently due, and what is currently due is eventually due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    /// What is needed if the account reaches every threshold.
    pub eventually_due: Vec<RequirementPath>,
    /// What is needed by the current deadline.
    pub currently_due: Vec<RequirementPath>,
    /// What was needed and did not come: what it impacts is off.
    pub past_due: Vec<RequirementPath>,
    /// What is being checked.
    pub pending_verification: Vec<RequirementPath>,
    /// Why something has to be given again.
    pub errors: Vec<RequirementError>,
    /// What can be given instead.
    pub alternatives: Vec<Alternative>,
    /// When the first of what is currently due will be past due; nothing where only amounts decide.
    pub current_deadline: Option<Timestamp>,
}

impl Requirements {
    /// The lists that these make.
    pub(crate) fn list<'a>(dues: impl IntoIterator<Item = &'a Due>) -> Self {
        let mut lists = Self::default();
        for due in dues {
            match due.state {
                DueState::Pending { .. } => lists.pending_verification.push(due.path.clone()),
                DueState::Wanted(urgency) => {
                    lists.eventually_due.push(due.path.clone());
                    if urgency >= Urgency::Currently {
                        lists.currently_due.push(due.path.clone());
                    }
                    if urgency == Urgency::Past {
                        lists.past_due.push(due.path.clone());
                    }
                    if urgency == Urgency::Currently {
                        lists.current_deadline = [lists.current_deadline, due.deadline].into_iter().flatten().min();
                    }
                }
            }
            let error = due.error.map(|code| RequirementError { requirement: due.path.clone(), code });
            lists.errors.extend(error.filter(|error| !lists.errors.contains(error)));
            if let Some(alternative) = &due.alternative {
                let known =
                    lists.alternatives.iter_mut().find(|known| known.alternative_fields_due.contains(alternative));
                match known {
                    Some(known) if known.original_fields_due.contains(&due.path) => {}
                    Some(known) => known.original_fields_due.push(due.path.clone()),
                    None => lists.alternatives.push(Alternative {
                        original_fields_due: vec![due.path.clone()],
                        alternative_fields_due: vec![alternative.clone()],
                    }),
                }
            }
        }
        for list in
            [&mut lists.eventually_due, &mut lists.currently_due, &mut lists.past_due, &mut lists.pending_verification]
        {
            list.sort_unstable();
            list.dedup();
        }
        lists
    }

    /// Whether nothing is asked for now, and nothing is being checked.
    pub fn is_clear(&self) -> bool {
        self.currently_due.is_empty() && self.pending_verification.is_empty()
    }
}
