use std::borrow::Cow;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Due, Given, RequirementPath};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, PersonId};
use crate::rulebook::{Check, PersonRole};

/// What a person is to a company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// The roles, each at most once.
    pub roles: SmallVec<[PersonRole; 2]>,
    /// How much of the company an owner has, in hundredths of a percent; nothing where it was not told.
    pub percent_ownership: Option<u16>,
}

impl Relationship {
    /// A person with these roles.
    pub fn of(roles: impl IntoIterator<Item = PersonRole>) -> Self {
        let mut roles: SmallVec<[PersonRole; 2]> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self { roles, percent_ownership: None }
    }

    /// The same, with one role more.
    #[must_use]
    pub fn and(self, role: PersonRole) -> Self {
        Self { percent_ownership: self.percent_ownership, ..Self::of(self.roles.into_iter().chain([role])) }
    }

    /// The same, owning that many percent.
    #[must_use]
    pub fn owning(mut self, percent: u16) -> Self {
        self.percent_ownership = Some(percent.saturating_mul(100));
        self
    }

    /// The same, as it is kept: each role once, in order, however it was told.
    pub(crate) fn tidied(&self) -> Self {
        Self { percent_ownership: self.percent_ownership, ..Self::of(self.roles.iter().copied()) }
    }

    /// Whether the person has a role.
    pub fn is(&self, role: PersonRole) -> bool {
        self.roles.contains(&role)
    }
}

/// Whether it is known who a person is.
// RULE: docs.stripe.com/api/persons/object#person_object-verification (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Not yet, or not any more. That alone is not urgent.
    Unverified,
    /// The world has been asked.
    Pending,
    /// It is.
    Verified,
}

impl Verification {
    /// Whether it is known.
    pub const fn is_verified(self) -> bool {
        matches!(self, Self::Verified)
    }
}

/// Somebody behind an account: the individual who has it, or a person of the company.
///
/// Names, dates of birth and everything else that tells who it is are kept apart from the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    id: PersonId,
    created: Timestamp,
    relationship: Relationship,
    is_individual: bool,
    minor_until: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
    given: Given,
    due: Vec<Due>,
    future: Vec<Due>,
}

impl Person {
    /// A person of a company, or the one person that an individual's account is about.
    pub(crate) fn new(id: PersonId, relationship: Relationship, is_individual: bool, at: Timestamp) -> Self {
        Self {
            id,
            created: at,
            relationship,
            is_individual,
            minor_until: None,
            deleted_at: None,
            given: Given::default(),
            due: Vec::new(),
            future: Vec::new(),
        }
    }

    /// The person's id.
    pub const fn id(&self) -> PersonId {
        self.id
    }

    /// To whose account the person belongs.
    pub const fn account(&self) -> AccountId {
        AccountId::of(self.id.family(), 0)
    }

    /// When the person was added.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// What the person is to the company.
    pub const fn relationship(&self) -> &Relationship {
        &self.relationship
    }

    /// Whether this is the individual whose account it is.
    pub const fn is_individual(&self) -> bool {
        self.is_individual
    }

    /// Whether the person counts as under age.
    pub const fn is_minor(&self) -> bool {
        self.minor_until.is_some()
    }

    /// From when on a person who is under age no longer counts as such: the first day of a month, so that it does not tell the date of
    /// birth. Whoever was born on another day is of age some days before; giving the date of birth again says so at once.
    pub const fn minor_until(&self) -> Option<Timestamp> {
        self.minor_until
    }

    /// When the person was removed.
    pub const fn deleted_at(&self) -> Option<Timestamp> {
        self.deleted_at
    }

    /// Which fields were given, and what came of checking them.
    pub const fn given(&self) -> &Given {
        &self.given
    }

    /// What the person is asked for.
    pub fn due(&self) -> &[Due] {
        &self.due
    }

    /// What the person will be asked for, from a date on that rules name.
    pub fn future(&self) -> &[Due] {
        &self.future
    }

    /// Whether it is known who the person is: by the data that was given, or by a document.
    pub fn verification(&self) -> Verification {
        let is_verified = |check| self.given.check(check).is_some_and(super::CheckState::is_verified);
        let is_shown = |field: &&str| self.given.vouches("verification.document", field);
        if is_verified(Check::Identity) {
            Verification::Verified
        } else if self.given.awaits_answer() {
            Verification::Pending
        } else if is_verified(Check::Document) && ["first_name", "last_name", "dob"].iter().all(is_shown) {
            Verification::Verified
        } else {
            Verification::Unverified
        }
    }

    /// The person as somebody who may have come for others, who were removed while a check of them failed: the same check of this one
    /// counts as failing since then, unless it was found true meanwhile. Once the account was without the other one for as long as
    /// `grace`, that is over.
    // RULE: what there is time for once is not extended by more edits (docs.stripe.com/connect/update-verified-information, 2024).
    // That removing somebody and adding them again is such an edit, and for how long it is, is our own reading: nobody compares who
    // they are.
    pub(crate) fn after(&self, removed: &[&Self], grace: TimeDelta) -> Cow<'_, Self> {
        let mut given = Cow::Borrowed(&self.given);
        for other in removed {
            let Some(left) = other.deleted_at else { continue };
            let until = left.checked_add(grace).unwrap_or(Timestamp::MAX);
            for (check, since) in other.given.failing() {
                if self.given.was_started_in(check, (since.min(left), until)) {
                    given.to_mut().fail_since(check, since);
                }
            }
        }
        match given {
            Cow::Borrowed(_) => Cow::Borrowed(self),
            Cow::Owned(given) => Cow::Owned(self.with_given(given)),
        }
    }

    /// How a field of the person is named among the account's requirements.
    pub(crate) fn path(&self, field: &str) -> RequirementPath {
        if self.is_individual {
            RequirementPath::new(format!("individual.{field}"))
        } else {
            RequirementPath::of_person(self.id, field)
        }
    }

    /// The person as one of a company, who was the individual that the account belonged to.
    pub(crate) fn in_company(&self) -> Self {
        Self { is_individual: false, ..self.clone() }
    }

    /// The person as the individual that the account belongs to, who represented the company that it was.
    pub(crate) fn as_individual(&self) -> Self {
        Self { is_individual: true, ..self.clone() }
    }

    pub(crate) const fn is_there(&self) -> bool {
        self.deleted_at.is_none()
    }

    pub(crate) fn with_given(&self, given: Given) -> Self {
        Self { given, ..self.clone() }
    }

    pub(crate) fn with_relationship(&self, relationship: Relationship) -> Self {
        Self { relationship, ..self.clone() }
    }

    pub(crate) fn with_age(&self, minor_until: Option<Timestamp>) -> Self {
        Self { minor_until, ..self.clone() }
    }

    /// Whether the person counts as under age at a moment, and will until when.
    pub(crate) fn minor_beyond(&self, now: Timestamp) -> Option<Timestamp> {
        self.minor_until.filter(|until| *until > now)
    }

    pub(crate) fn assessed(&self, due: Vec<Due>, future: Vec<Due>, now: Timestamp) -> Self {
        Self { due, future, minor_until: self.minor_beyond(now), ..self.clone() }
    }

    pub(crate) fn deleted(&self, at: Timestamp) -> Self {
        Self { deleted_at: Some(at), due: Vec::new(), future: Vec::new(), ..self.clone() }
    }
}
