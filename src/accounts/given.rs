use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::rulebook::{Check, RequirementErrorCode};

/// What became of a check of what was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// It is true.
    Verified,
    /// It could not be confirmed.
    Failed {
        /// Why.
        code: RequirementErrorCode,
        /// Which fields have to be given again, by their name within the subject; none for all that were checked.
        fields: Vec<Box<str>>,
    },
}

/// Where a check stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// The world has been asked.
    Pending,
    /// It has answered.
    Concluded(CheckOutcome),
}

/// One kind of check of one subject: a company, or a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckState {
    /// How often something new was given to be checked; an answer names the revision that it is about.
    pub revision: u32,
    /// Where it stands.
    pub status: CheckStatus,
    /// Since when.
    pub as_of: Timestamp,
    /// When there was something to check for the first time since it was verified last.
    pub started: Timestamp,
    /// Whether what was given before had been verified and has expired since.
    pub expired: bool,
    /// When it failed for the first time since it was verified last, if what was given then was given anew.
    pub failing_since: Option<Timestamp>,
    /// When the world said of this revision that it failed, oldest first; of many the oldest.
    pub failed_at: Vec<Timestamp>,
    /// When the world last said of this revision that it is true, whatever it has said since.
    pub verified_at: Option<Timestamp>,
    /// When something verified before was changed: how long the account goes on as if it still were, while that is checked.
    pub grace_until: Option<Timestamp>,
}

/// What was given about a subject: which fields and when, and what came of checking them. The values themselves are data about
/// persons, and kept apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    fields: BTreeMap<Box<str>, Timestamp>,
    checks: BTreeMap<Check, CheckState>,
    renewals: BTreeMap<Box<str>, Timestamp>,
}

impl Given {
    /// Whether a field was given; `dob` stands for `dob.day`, `dob.month` and `dob.year`.
    pub fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
            || field.rsplit_once('.').is_some_and(|(whole, _)| self.fields.contains_key(whole))
    }

    /// The fields that were given, and when.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.fields.iter().map(|(field, at)| (&**field, *at))
    }

    /// The fields that have to be given anew because something else was changed, and until when what was given holds.
    pub fn renewals(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.renewals.iter().map(|(field, until)| (&**field, *until))
    }

    /// Until when a field holds that has to be given anew.
    pub(crate) fn renewal(&self, field: &str) -> Option<Timestamp> {
        self.renewals.get(field).copied()
    }

    /// The checks that were started.
    pub fn checks(&self) -> impl Iterator<Item = (Check, &CheckState)> {
        self.checks.iter().map(|(check, state)| (*check, state))
    }

    /// Where a check stands; nothing if there was nothing to check yet.
    pub fn check(&self, check: Check) -> Option<&CheckState> {
        self.checks.get(&check)
    }

    /// Whether a field has to be given again after a check failed; `is_checked` tells the fields that the check is about.
    // An answer that names none of what was given and checked is about all of it: a check that failed never passes in silence.
    pub(crate) fn is_to_be_given_again(&self, check: Check, field: &str, is_checked: impl Fn(&str) -> bool) -> bool {
        let Some(CheckStatus::Concluded(CheckOutcome::Failed { fields, .. })) =
            self.check(check).map(|state| &state.status)
        else {
            return false;
        };
        // `dob.day` asks for `dob`, which is given whole.
        let is_named = |field: &str| {
            fields
                .iter()
                .any(|named| named.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        };
        is_named(field) || !self.fields.keys().any(|given| is_checked(given) && is_named(given))
    }

    /// Whether what was given in the place of a field vouches for what the field says now: not if that was changed since.
    pub(crate) fn vouches(&self, substitute: &str, field: &str) -> bool {
        match (self.fields.get(substitute), self.fields.get(field)) {
            (Some(substitute), Some(field)) => substitute >= field,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Whether the world still has to answer a check.
    pub fn awaits_answer(&self) -> bool {
        self.checks.values().any(CheckState::awaits_answer)
    }

    pub(crate) fn give(&mut self, field: &str, at: Timestamp) {
        self.fields.insert(field.into(), at);
        self.renewals.remove(field);
    }

    /// Has something given anew, by `until`; of two dates the earlier one holds.
    pub(crate) fn renew(&mut self, field: &str, until: Timestamp) {
        if self.fields.contains_key(field) {
            self.renewals.entry(field.into()).or_insert(until);
        }
    }

    /// Has something checked, or checked again. What was verified before, or proven by something else, goes on for as long as `grace`
    /// says.
    // RULE: a change of verified data starts a grace period, which further changes do not extend
    // (docs.stripe.com/connect/update-verified-information, 2024).
    pub(crate) fn start(&mut self, check: Check, at: Timestamp, grace: Option<Timestamp>, was_proven: bool) {
        let before = self.checks.get(&check);
        let revision = before.map_or(1, |state| state.revision.saturating_add(1));
        let was_verified = |state: &CheckState| state.status == CheckStatus::Concluded(CheckOutcome::Verified);
        let grace_until = match before {
            Some(state) if was_proven || was_verified(state) => grace,
            Some(state) => state.grace_until,
            None => None,
        };
        let was_true = before.is_some_and(|state| was_proven || was_verified(state));
        let unproven = before.filter(|_| !was_true);
        let failing_since = before.filter(|_| !was_proven).and_then(CheckState::first_failed_at);
        let next = CheckState {
            revision,
            status: CheckStatus::Pending,
            as_of: at,
            started: unproven.map_or(at, |state| state.started),
            expired: unproven.is_some_and(CheckState::has_expired),
            failing_since,
            failed_at: Vec::new(),
            verified_at: None,
            grace_until,
        };
        self.checks.insert(check, next);
    }

    /// The checks that fail, and since when.
    pub(crate) fn failing(&self) -> impl Iterator<Item = (Check, Timestamp)> {
        self.checks().filter_map(|(check, state)| Some((check, state.first_failed_at()?)))
    }

    /// Whether a check, of something that nobody has found true yet, was started for the first time between these two moments.
    pub(crate) fn was_started_in(&self, check: Check, (from, until): (Timestamp, Timestamp)) -> bool {
        let Some(state) = self.checks.get(&check) else { return false };
        let is_new = state.verified_at.is_none() && state.grace_until.is_none();
        is_new && from <= state.started && state.started <= until
    }

    /// Has a check count as failing since then at the latest.
    pub(crate) fn fail_since(&mut self, check: Check, since: Timestamp) {
        if let Some(state) = self.checks.get_mut(&check) {
            let known = state.first_failed_at().map_or(since, |known| known.min(since));
            state.failing_since = Some(known);
        }
    }

    /// Takes an answer down; false where it is about something that was changed since, or answered later already.
    // INVARIANT: of two answers about one revision the later one holds, and the failed one of two at one moment, so that the
    // order of delivery is no matter. Neither is it to since when the check fails: a failure that is told again starts no time anew.
    pub(crate) fn conclude(&mut self, check: Check, revision: u32, outcome: &CheckOutcome, at: Timestamp) -> bool {
        let Some(state) = self.checks.get_mut(&check).filter(|state| state.revision == revision) else { return false };
        let before = state.clone();
        match outcome {
            CheckOutcome::Verified => state.verified_at = state.verified_at.max(Some(at)),
            CheckOutcome::Failed { .. } => {
                if let Err(place) = state.failed_at.binary_search(&at) {
                    state.failed_at.insert(place, at);
                    state.failed_at.truncate(MOST_FAILURES);
                }
            }
        }
        let is_later = match &state.status {
            CheckStatus::Concluded(known) => (at, rank(outcome)) > (state.as_of, rank(known)),
            CheckStatus::Pending => true,
        };
        if is_later {
            (state.status, state.as_of) = (CheckStatus::Concluded(outcome.clone()), at);
        }
        before != *state
    }
}

/// So many failures of one revision are kept: the oldest count, and later ones change nothing but in odd orders of delivery.
const MOST_FAILURES: usize = 16;

/// A total order of outcomes.
fn rank(outcome: &CheckOutcome) -> (u8, Option<RequirementErrorCode>, &[Box<str>]) {
    match outcome {
        CheckOutcome::Verified => (0, None, &[]),
        CheckOutcome::Failed { code, fields } => (1, Some(*code), fields),
    }
}

impl CheckState {
    /// Whether the world has confirmed it.
    pub fn is_verified(&self) -> bool {
        self.status == CheckStatus::Concluded(CheckOutcome::Verified)
    }

    /// Whether the world still has to answer.
    pub fn awaits_answer(&self) -> bool {
        self.status == CheckStatus::Pending
    }

    /// When the world said for the first time, since it confirmed it last, that it could not.
    // RULE: giving what failed again does not start the time anew that there is to give it
    // (docs.stripe.com/connect/update-verified-information, 2024, which says so of changes).
    pub(crate) fn first_failed_at(&self) -> Option<Timestamp> {
        match &self.status {
            CheckStatus::Concluded(CheckOutcome::Verified) => None,
            CheckStatus::Concluded(CheckOutcome::Failed { .. }) => {
                let inherited = self.failing_since.filter(|_| self.verified_at.is_none());
                let first = self.failed_at.iter().find(|at| Some(**at) >= self.verified_at).copied();
                Some(inherited.or(first).unwrap_or(self.as_of))
            }
            CheckStatus::Pending => self.failing_since,
        }
    }

    /// Since when it is not verified, or no longer.
    pub(crate) fn unverified_since(&self) -> Timestamp {
        match self.first_failed_at() {
            Some(failed) if self.verified_at.is_some() => failed,
            Some(failed) => failed.min(self.started),
            None => self.started,
        }
    }

    /// Whether it was verified once, and what was given then has expired.
    pub(crate) fn has_expired(&self) -> bool {
        match &self.status {
            CheckStatus::Concluded(CheckOutcome::Verified) => false,
            CheckStatus::Concluded(CheckOutcome::Failed { code, .. }) if self.verified_at.is_some() => {
                *code == RequirementErrorCode::VerificationDocumentExpired
            }
            CheckStatus::Concluded(CheckOutcome::Failed { .. }) | CheckStatus::Pending => self.expired,
        }
    }

    /// Why the world could not confirm it, if it could not.
    pub const fn failure(&self) -> Option<RequirementErrorCode> {
        match &self.status {
            CheckStatus::Concluded(CheckOutcome::Failed { code, .. }) => Some(*code),
            CheckStatus::Concluded(CheckOutcome::Verified) | CheckStatus::Pending => None,
        }
    }
}
