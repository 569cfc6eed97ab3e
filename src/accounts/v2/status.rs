use serde::{Deserialize, Serialize};

use super::super::{Access, CapabilityStatus as Known, RejectReason, RejectedBy, Rejection, Standing};
use super::{CapabilityStatus, Configuration, Resolution, StatusCode};
use crate::rulebook::Capability;

/// One reason why a capability cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatusDetail {
    /// Why.
    pub code: StatusCode,
    /// What can be done about it.
    pub resolution: Resolution,
}

/// A capability of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityReport {
    /// Which.
    pub capability: Capability,
    /// Which configuration it is shown under.
    pub configuration: Option<Configuration>,
    /// Whether it is asked for.
    pub requested: bool,
    /// Where it stands; nothing where it is not asked for and could be.
    pub status: Option<CapabilityStatus>,
    /// Why it cannot be used, if it cannot.
    pub status_details: Vec<StatusDetail>,
}

/// Everything that the status of a capability follows from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    /// Nothing where the capability is not asked for.
    pub(crate) status: Option<Known>,
    pub(crate) standing: Standing,
    /// Whether something that has to be given stops it.
    pub(crate) lacks: bool,
    /// Whether something that is being checked stops it.
    pub(crate) waits: bool,
    /// Why accounts like this cannot have it, if they cannot.
    pub(crate) unsupported: Option<StatusCode>,
}

impl Situation {
    /// The status, and why it is no better.
    // RULE: the words of docs.stripe.com/api/v2/core/accounts (2026). Which situation has which of them is our own reading: what
    // waits for somebody's word is `pending`, what only the platform can take back has no resolution.
    pub(crate) fn judge(&self) -> (Option<CapabilityStatus>, Vec<StatusDetail>) {
        use CapabilityStatus::{Active, Pending, Restricted, Unsupported};
        use Resolution::{ContactProcessor, NoResolution, ProvideInfo};
        use StatusCode as Code;
        let detail = |code, resolution| StatusDetail { code, resolution };
        let Some(status) = self.status else {
            let details: Vec<_> = self.unsupported.map(|code| detail(code, NoResolution)).into_iter().collect();
            return ((!details.is_empty()).then_some(Unsupported), details);
        };
        if let Some((status, detail)) = self.stopped() {
            return (Some(status), vec![detail]);
        }
        if status == Known::Active {
            return (Some(Active), Vec::new());
        }
        if let Some(code) = self.unsupported {
            return (Some(Unsupported), vec![detail(code, NoResolution)]);
        }
        let mut details = Vec::new();
        if self.lacks {
            details.push(detail(Code::RequirementsPastDue, ProvideInfo));
        }
        if self.waits {
            details.push(detail(Code::RequirementsPendingVerification, NoResolution));
        }
        match status {
            // The world has said no.
            Known::Inactive if !self.lacks => details.push(detail(Code::RestrictedOther, ContactProcessor)),
            Known::Pending if details.is_empty() => details.push(detail(Code::DeterminingStatus, NoResolution)),
            Known::Active | Known::Inactive | Known::Pending => {}
        }
        (Some(if status == Known::Pending { Pending } else { Restricted }), details)
    }

    /// What comes of what stops every capability of the account.
    fn stopped(&self) -> Option<(CapabilityStatus, StatusDetail)> {
        let (status, code, resolution) = if let Some(rejection) = self.standing.rejection {
            let resolution = match rejection.by {
                RejectedBy::Platform => Resolution::NoResolution,
                RejectedBy::Processor => Resolution::ContactProcessor,
            };
            (CapabilityStatus::Rejected, code_of(rejection), resolution)
        } else if self.standing.access == Access::Connected && self.standing.review.is_some() {
            (CapabilityStatus::Pending, StatusCode::DeterminingStatus, Resolution::NoResolution)
        } else if self.standing.stops_payments() {
            (CapabilityStatus::Restricted, StatusCode::RestrictedOther, Resolution::NoResolution)
        } else {
            return None;
        };
        Some((status, StatusDetail { code, resolution }))
    }
}

const fn code_of(rejection: Rejection) -> StatusCode {
    match (rejection.by, rejection.reason) {
        (
            RejectedBy::Platform,
            RejectReason::FraudPaymentMethodCasher
            | RejectReason::FraudPaymentMethodTester
            | RejectReason::FraudNoIntentToFulfill
            | RejectReason::FraudOther,
        ) => StatusCode::RejectedPlatformFraud,
        (RejectedBy::Platform, RejectReason::TermsOfService) => StatusCode::RejectedPlatformTermsOfService,
        (
            RejectedBy::Platform,
            RejectReason::Credit | RejectReason::Listed | RejectReason::IncompleteVerification | RejectReason::Other,
        ) => StatusCode::RejectedPlatformOther,
        (
            RejectedBy::Processor,
            RejectReason::FraudPaymentMethodCasher
            | RejectReason::FraudPaymentMethodTester
            | RejectReason::FraudNoIntentToFulfill
            | RejectReason::FraudOther,
        ) => StatusCode::RejectedFraud,
        (RejectedBy::Processor, RejectReason::TermsOfService) => StatusCode::RejectedTermsOfService,
        (RejectedBy::Processor, RejectReason::Listed) => StatusCode::RejectedListed,
        (RejectedBy::Processor, RejectReason::IncompleteVerification) => StatusCode::RejectedIncompleteVerification,
        (RejectedBy::Processor, RejectReason::Credit | RejectReason::Other) => StatusCode::RejectedOther,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Review;

    /// Every standing that a capability can find its account in, by name.
    fn standings() -> Vec<(String, Standing)> {
        let good = Standing::GOOD;
        let mut all = vec![
            ("good".to_owned(), good),
            ("payouts paused".to_owned(), good.pause(None, Some(true))),
            ("payments paused".to_owned(), good.pause(Some(true), None)),
            ("under review".to_owned(), Standing { review: Some(Review::UnderReview), ..good }),
            ("listed".to_owned(), Standing { review: Some(Review::Listed), ..good }),
            ("disconnected".to_owned(), Standing { access: Access::Disconnected, ..good }),
            ("closed".to_owned(), good.close()),
        ];
        for reason in [
            RejectReason::FraudPaymentMethodCasher,
            RejectReason::FraudPaymentMethodTester,
            RejectReason::FraudNoIntentToFulfill,
            RejectReason::FraudOther,
            RejectReason::Credit,
            RejectReason::TermsOfService,
            RejectReason::Listed,
            RejectReason::IncompleteVerification,
            RejectReason::Other,
        ] {
            for by in [RejectedBy::Platform, RejectedBy::Processor] {
                for stops_payouts in [true, false] {
                    let rejection = Some(Rejection { by, reason, stops_payouts });
                    all.push((format!("rejected {by:?} {reason:?}"), Standing { rejection, ..good }));
                }
            }
        }
        all
    }

    /// Every phase that a capability can be in by itself: what is known of it, what it lacks and waits for, and whether there is any.
    fn phases() -> Vec<(&'static str, Situation)> {
        let of = |status, lacks, waits, unsupported| Situation {
            status,
            standing: Standing::GOOD,
            lacks,
            waits,
            unsupported,
        };
        let country = Some(StatusCode::UnsupportedCountry);
        let entity = Some(StatusCode::UnsupportedEntityType);
        vec![
            ("not asked for", of(None, true, true, None)),
            ("not asked for, not there", of(None, false, false, country)),
            ("active", of(Some(Known::Active), false, false, None)),
            ("active all the same", of(Some(Known::Active), false, false, entity)),
            ("pending", of(Some(Known::Pending), false, false, None)),
            ("pending, checked", of(Some(Known::Pending), false, true, None)),
            ("inactive, lacking", of(Some(Known::Inactive), true, false, None)),
            ("inactive, lacking, checked", of(Some(Known::Inactive), true, true, None)),
            ("inactive, checked", of(Some(Known::Inactive), false, true, None)),
            ("inactive", of(Some(Known::Inactive), false, false, None)),
            ("inactive, no such entity", of(Some(Known::Inactive), true, false, entity)),
        ]
    }

    fn said(situation: &Situation) -> String {
        let (status, details) = situation.judge();
        let details: Vec<_> = details.iter().map(|detail| format!("{}/{}", detail.code, detail.resolution)).collect();
        format!("{} {}", status.map_or("none", CapabilityStatus::as_str), details.join(" ")).trim_end().to_owned()
    }

    #[test]
    fn every_phase_in_good_standing() {
        let found: Vec<_> = phases().iter().map(|(name, situation)| (*name, said(situation))).collect();
        let expected = [
            ("not asked for", "none"),
            ("not asked for, not there", "unsupported unsupported_country/no_resolution"),
            ("active", "active"),
            ("active all the same", "active"),
            ("pending", "pending determining_status/no_resolution"),
            ("pending, checked", "pending requirements_pending_verification/no_resolution"),
            ("inactive, lacking", "restricted requirements_past_due/provide_info"),
            (
                "inactive, lacking, checked",
                "restricted requirements_past_due/provide_info requirements_pending_verification/no_resolution",
            ),
            (
                "inactive, checked",
                "restricted requirements_pending_verification/no_resolution restricted_other/contact_stripe",
            ),
            ("inactive", "restricted restricted_other/contact_stripe"),
            ("inactive, no such entity", "unsupported unsupported_entity_type/no_resolution"),
        ];
        assert_eq!(found, expected.map(|(name, said)| (name, said.to_owned())));
    }

    /// What a standing makes of every capability that is asked for.
    fn stopped(name: &str) -> Option<&'static str> {
        match name {
            "good" | "payouts paused" => None,
            "payments paused" | "disconnected" | "closed" => Some("restricted restricted_other/no_resolution"),
            "under review" | "listed" => Some("pending determining_status/no_resolution"),
            "rejected Platform TermsOfService" => Some("rejected rejected_platform_terms_of_service/no_resolution"),
            "rejected Processor TermsOfService" => Some("rejected rejected_terms_of_service/contact_stripe"),
            "rejected Processor Listed" => Some("rejected rejected_listed/contact_stripe"),
            "rejected Processor IncompleteVerification" => {
                Some("rejected rejected_incomplete_verification/contact_stripe")
            }
            fraud if fraud.starts_with("rejected Platform Fraud") => {
                Some("rejected rejected_platform_fraud/no_resolution")
            }
            fraud if fraud.starts_with("rejected Processor Fraud") => Some("rejected rejected_fraud/contact_stripe"),
            other if other.starts_with("rejected Platform") => Some("rejected rejected_platform_other/no_resolution"),
            _ => Some("rejected rejected_other/contact_stripe"),
        }
    }

    #[test]
    fn every_phase_in_every_standing() {
        for (name, standing) in standings() {
            let stopped = stopped(&name);
            assert_eq!(stopped.is_some(), standing.stops_payments(), "{name}");
            for (phase, situation) in phases() {
                let (status, details) = Situation { standing, ..situation }.judge();
                let is_fine = matches!(status, Some(CapabilityStatus::Active) | None);
                assert_eq!(is_fine, details.is_empty(), "{phase}, {name}");
                // What nobody asks for is stopped by nothing.
                let expected = stopped.filter(|_| situation.status.is_some());
                let found = said(&Situation { standing, ..situation });
                assert_eq!(found, expected.map_or_else(|| said(&situation), str::to_owned), "{phase}, {name}");
            }
        }
    }
}
