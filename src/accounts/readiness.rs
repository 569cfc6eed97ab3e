use serde::{Deserialize, Serialize};

use super::{
    Access, Account, CapabilityState, CapabilityStatus, Due, DueState, RejectReason, RejectedBy, RequirementPath,
    Requirements, Review,
};
use crate::calendar::Timestamp;

/// Why an account cannot do all that it asked for.
// RULE: the names of docs.stripe.com/api/accounts/object#account_object-requirements-disabled_reason (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// It was turned away.
    Rejected(RejectedBy, RejectReason),
    /// Somebody behind it may be on a list of sanctions.
    Listed,
    /// The processor is looking into it.
    UnderReview,
    /// The platform has paused it.
    PlatformPaused,
    /// Something was needed and did not come.
    RequirementsPastDue,
    /// Something had to be verified by now and is still being checked.
    RequirementsPendingVerification,
    /// It has asked for no capability.
    ActionRequiredRequestedCapabilities,
    /// The world has said no to a capability.
    Other,
}

impl DisabledReason {
    /// The reason's name on the wire.
    // RULE: rejections by the platform have names of their own (docs.stripe.com/api/accounts/object, 2026).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected(RejectedBy::Platform, reason) => match reason {
                RejectReason::FraudPaymentMethodCasher
                | RejectReason::FraudPaymentMethodTester
                | RejectReason::FraudNoIntentToFulfill
                | RejectReason::FraudOther => "rejected.platform_fraud",
                RejectReason::TermsOfService => "rejected.platform_terms_of_service",
                RejectReason::Credit
                | RejectReason::Listed
                | RejectReason::IncompleteVerification
                | RejectReason::Other => "rejected.platform_other",
            },
            Self::Rejected(RejectedBy::Processor, reason) => match reason {
                RejectReason::FraudPaymentMethodCasher
                | RejectReason::FraudPaymentMethodTester
                | RejectReason::FraudNoIntentToFulfill
                | RejectReason::FraudOther => "rejected.fraud",
                RejectReason::TermsOfService => "rejected.terms_of_service",
                RejectReason::Listed => "rejected.listed",
                RejectReason::IncompleteVerification => "rejected.incomplete_verification",
                RejectReason::Credit | RejectReason::Other => "rejected.other",
            },
            Self::Listed => "listed",
            Self::UnderReview => "under_review",
            Self::PlatformPaused => "platform_paused",
            Self::RequirementsPastDue => "requirements.past_due",
            Self::RequirementsPendingVerification => "requirements.pending_verification",
            Self::ActionRequiredRequestedCapabilities => "action_required.requested_capabilities",
            Self::Other => "other",
        }
    }
}

/// How far an account is: the one answer to "are they onboarded?".
///
/// Of several that would fit the first one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The account is closed for good.
    Closed,
    /// The platform has nothing to do with it any more.
    Disconnected,
    /// It was turned away.
    Rejected,
    /// The processor is looking into it; nothing moves meanwhile.
    UnderReview,
    /// The platform has paused its payments, its payouts, or both.
    Paused,
    /// It can do everything that it asked for, and be paid out.
    Ready,
    /// It can do some of it.
    Restricted,
    /// It can do nothing yet, and waits for checks only.
    Verifying,
    /// It can do nothing: something has to be given, or a capability asked for.
    Incomplete,
}

/// What an account can do now, what stands in its way, and by when something must happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// How far it is.
    pub phase: Phase,
    /// Whether it can take payments.
    pub charges_enabled: bool,
    /// Whether its balance can be paid out.
    pub payouts_enabled: bool,
    /// Whether its holder has once given everything that had to be there.
    pub details_submitted: bool,
    /// Why it cannot do all that it asked for; nothing if it can.
    pub disabled_reason: Option<DisabledReason>,
    /// Each capability that it asked for.
    pub capabilities: Vec<CapabilityState>,
    /// What has to be given before more is possible.
    pub blocked_by: Vec<RequirementPath>,
    /// What has to be found true before more is possible.
    pub waiting_for: Vec<RequirementPath>,
    /// By when something more must be given, and what: later it is off.
    pub next_deadline: Option<Timestamp>,
    /// Everything that is asked for.
    pub requirements: Requirements,
}

impl Readiness {
    /// What follows from an account and everything that it is asked for.
    pub(crate) fn of(account: &Account, awaits_review: bool, dues: &[&Due]) -> Self {
        let blocking = |wanted: bool| {
            let of_kind =
                dues.iter().filter(move |due| due.blocks() && matches!(due.state, DueState::Wanted(_)) == wanted);
            let mut paths: Vec<_> = of_kind.map(|due| due.path.clone()).collect();
            paths.sort_unstable();
            paths.dedup();
            paths
        };
        let (blocked_by, waiting_for) = (blocking(true), blocking(false));
        let is_waiting = awaits_review || !waiting_for.is_empty();
        let requirements = Requirements::list(dues.iter().copied());
        Self {
            phase: phase(account, is_waiting, !blocked_by.is_empty()),
            charges_enabled: account.charges_enabled(),
            payouts_enabled: account.payouts_enabled(),
            details_submitted: account.details_submitted(),
            disabled_reason: disabled_reason(account, is_waiting, !blocked_by.is_empty()),
            capabilities: account.capabilities().to_vec(),
            blocked_by,
            waiting_for,
            next_deadline: requirements.current_deadline,
            requirements,
        }
    }
}

fn is_any(account: &Account, status: CapabilityStatus) -> bool {
    account.capabilities().iter().any(|state| state.status() == status)
}

/// The first reason that holds.
// RULE: the order is this crate's; the field gives one reason and no precedence (docs.stripe.com/api/accounts/object, 2026).
fn disabled_reason(account: &Account, is_waiting: bool, is_blocked: bool) -> Option<DisabledReason> {
    let standing = account.standing();
    if account.is_platform() {
        return None;
    }
    if let Some(rejection) = standing.rejection {
        return Some(DisabledReason::Rejected(rejection.by, rejection.reason));
    }
    match standing.review {
        Some(Review::Listed) => return Some(DisabledReason::Listed),
        Some(Review::UnderReview) => return Some(DisabledReason::UnderReview),
        None => {}
    }
    if standing.payments_paused || standing.payouts_paused {
        return Some(DisabledReason::PlatformPaused);
    }
    if is_blocked {
        return Some(DisabledReason::RequirementsPastDue);
    }
    if is_waiting {
        return Some(DisabledReason::RequirementsPendingVerification);
    }
    if account.capabilities().is_empty() {
        return Some(DisabledReason::ActionRequiredRequestedCapabilities);
    }
    let is_off = is_any(account, CapabilityStatus::Inactive) || is_any(account, CapabilityStatus::Pending);
    (is_off || standing.access != Access::Connected).then_some(DisabledReason::Other)
}

fn phase(account: &Account, is_waiting: bool, is_blocked: bool) -> Phase {
    let standing = account.standing();
    match standing.access {
        Access::Closed => return Phase::Closed,
        Access::Disconnected => return Phase::Disconnected,
        Access::Connected => {}
    }
    if standing.rejection.is_some() {
        return Phase::Rejected;
    }
    if standing.review.is_some() {
        return Phase::UnderReview;
    }
    if standing.payments_paused || standing.payouts_paused {
        return Phase::Paused;
    }
    let is_all_on = account.capabilities().iter().all(|state| state.status() == CapabilityStatus::Active);
    if account.is_platform() || (is_all_on && !account.capabilities().is_empty() && account.payouts_enabled()) {
        return Phase::Ready;
    }
    if is_any(account, CapabilityStatus::Active) {
        return Phase::Restricted;
    }
    // RULE: an account that once had everything and lost it is restricted, one that never had it is incomplete
    // (docs.stripe.com/connect/handling-api-verification, 2024).
    let asks_for_some = !account.capabilities().is_empty();
    if is_waiting && !is_blocked && asks_for_some {
        Phase::Verifying
    } else if account.details_submitted() && asks_for_some {
        Phase::Restricted
    } else {
        Phase::Incomplete
    }
}
