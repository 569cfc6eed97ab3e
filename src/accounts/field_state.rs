use super::CheckState;
use crate::calendar::Timestamp;
use crate::rulebook::{FieldRule, RequirementErrorCode};

/// Where a field of one subject stands.
pub(super) enum Field<'a> {
    Missing,
    /// It was given, and waits for the rest of what is checked together with it.
    Unchecked,
    Pending {
        grace_until: Option<Timestamp>,
        failing_since: Option<Timestamp>,
    },
    Failed {
        code: RequirementErrorCode,
        at: Timestamp,
        alternative: Option<&'a str>,
        grace_until: Option<Timestamp>,
    },
    /// It has to be given anew, because something else was changed.
    Outdated {
        until: Timestamp,
    },
    Fine,
}

/// A field that is being checked.
pub(super) const fn pending<'a>(state: &CheckState) -> Field<'a> {
    Field::Pending { grace_until: state.grace_until, failing_since: state.failing_since }
}

/// A field whose check failed.
pub(super) fn failed<'a>(code: RequirementErrorCode, state: &CheckState, rule: &'a FieldRule) -> Field<'a> {
    let at = state.first_failed_at().unwrap_or(state.as_of);
    Field::Failed { code, at, alternative: rule.alternative(), grace_until: state.grace_until }
}
