use super::CheckState;
use crate::calendar::Timestamp;
use crate::rulebook::{FieldRule, RequirementErrorCode};

/// Where a field of one subject stands.
pub(super) enum Field<'a> {
    Missing,
    /// It was given, and waits for the rest of what is checked together with it.
    Unchecked,
    Pending(Doubt),
    Failed {
        code: RequirementErrorCode,
        alternative: Option<&'a str>,
        doubt: Doubt,
    },
    /// It has to be given anew, because something else was changed.
    Outdated {
        until: Timestamp,
    },
    Fine,
}

/// Something that is not verified, and since when.
#[derive(Clone, Copy)]
pub(super) struct Doubt {
    /// Since when it is not, or no longer.
    pub(super) since: Timestamp,
    /// When its check failed first.
    pub(super) failed_at: Option<Timestamp>,
    /// Until when it counts as what it was before it was changed.
    pub(super) grace_until: Option<Timestamp>,
    /// Whether it failed because it had expired.
    pub(super) has_expired: bool,
}

impl Doubt {
    pub(super) fn of(state: &CheckState) -> Self {
        Self {
            since: state.unverified_since(),
            failed_at: state.first_failed_at(),
            grace_until: state.grace_until,
            has_expired: state.has_expired(),
        }
    }

    /// Doubt that somebody had before there was any check.
    pub(super) const fn at(since: Timestamp) -> Self {
        Self { since, failed_at: Some(since), grace_until: None, has_expired: false }
    }

    /// The same about something that was given in the place of something else, which has not been verified for longer.
    fn inherited(self, from: &CheckState) -> Self {
        Self { since: self.since.min(from.unverified_since()), ..self }
    }
}

/// A field that is being checked.
pub(super) fn pending<'a>(state: &CheckState) -> Field<'a> {
    Field::Pending(Doubt::of(state))
}

/// A field whose check failed.
pub(super) fn failed<'a>(code: RequirementErrorCode, state: &CheckState, rule: &'a FieldRule) -> Field<'a> {
    Field::Failed { code, alternative: rule.alternative(), doubt: Doubt::of(state) }
}

impl Field<'_> {
    /// The same of something that was given in the place of what failed that check.
    pub(super) fn in_place_of(self, failed: &CheckState) -> Self {
        match self {
            Self::Pending(doubt) => Self::Pending(doubt.inherited(failed)),
            Self::Failed { code, alternative, doubt } => {
                Self::Failed { code, alternative, doubt: doubt.inherited(failed) }
            }
            Self::Missing | Self::Unchecked | Self::Outdated { .. } | Self::Fine => self,
        }
    }
}
