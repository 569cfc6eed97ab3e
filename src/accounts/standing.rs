use std::fmt;

use serde::{Deserialize, Serialize};

use super::AccountError;
use crate::calendar::Timestamp;
use crate::ids::AccountId;

/// Why an account was turned away.
// RULE: the reasons of docs.stripe.com/api/account/reject (changelog, 2026-09-30); before that there were `fraud`,
// `terms_of_service` and `other`, which read as `fraud_other` and themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RejectReason {
    /// It cashed stolen payment methods.
    FraudPaymentMethodCasher,
    /// It tried out stolen payment methods.
    FraudPaymentMethodTester,
    /// It took money for what it never meant to deliver.
    FraudNoIntentToFulfill,
    /// Any other fraud.
    #[serde(alias = "fraud")]
    FraudOther,
    /// The risk of losses is too high.
    Credit,
    /// It broke the terms of service.
    TermsOfService,
    /// It, or somebody behind it, is on a list of sanctions. Only the processor says so.
    Listed,
    /// Who it is could not be found out in time. Only the processor says so.
    IncompleteVerification,
    /// Anything else.
    Other,
}

impl RejectReason {
    /// Whether a platform can name it: two are the processor's alone.
    pub const fn is_open_to_platforms(self) -> bool {
        match self {
            Self::FraudPaymentMethodCasher
            | Self::FraudPaymentMethodTester
            | Self::FraudNoIntentToFulfill
            | Self::FraudOther
            | Self::Credit
            | Self::TermsOfService
            | Self::Other => true,
            Self::Listed | Self::IncompleteVerification => false,
        }
    }
}

/// Who turned an account away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectedBy {
    /// The platform, which can take it back.
    Platform,
    /// The processor, for good.
    Processor,
}

/// That an account was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rejection {
    /// By whom.
    pub by: RejectedBy,
    /// Why.
    pub reason: RejectReason,
    /// Whether its payouts stop too.
    pub stops_payouts: bool,
}

/// What the processor is looking into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Something about the business.
    UnderReview,
    /// Whether somebody is on a list of sanctions.
    Listed,
}

/// Whether the platform still has to do with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// It does.
    Connected,
    /// The connection was ended, by either side; connecting again gives the same account back.
    Disconnected,
    /// The account is closed for good.
    Closed,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::Closed => "closed",
        })
    }
}

/// Everything that stands in an account's way apart from what it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Standing {
    /// Whether the platform still has to do with it.
    pub access: Access,
    /// That it was turned away: by the processor where it has said so, otherwise by the platform.
    pub rejection: Option<Rejection>,
    /// That the platform turned it away, whatever the processor says.
    pub platform_rejection: Option<Rejection>,
    /// What the processor is looking into.
    pub review: Option<Review>,
    /// Whether the platform has stopped its payments for now.
    pub payments_paused: bool,
    /// Whether the platform has stopped its payouts for now.
    pub payouts_paused: bool,
}

impl Standing {
    /// Nothing stands in its way.
    pub const GOOD: Self = Self {
        access: Access::Connected,
        rejection: None,
        platform_rejection: None,
        review: None,
        payments_paused: false,
        payouts_paused: false,
    };

    /// Whether the platform itself lets nobody in any more.
    pub(crate) const fn is_shut(&self) -> bool {
        self.platform_rejection.is_some() || !matches!(self.access, Access::Connected)
    }

    /// Whether payments, and whatever else a capability stands for, are off.
    // RULE: a pause of payments turns every capability off (docs.stripe.com/connect/pausing-payments-or-payouts-on-connected-accounts,
    // 2025); a review or a hit on a list blocks the account until it is cleared (docs.stripe.com/api/accounts/object, 2026).
    pub const fn stops_payments(&self) -> bool {
        !matches!(self.access, Access::Connected)
            || self.rejection.is_some()
            || self.review.is_some()
            || self.payments_paused
    }

    /// Whether payouts are off. Those of a disconnected account go on: what it holds is its own.
    pub const fn stops_payouts(&self) -> bool {
        let rejected = match self.rejection {
            Some(rejection) => rejection.stops_payouts,
            None => false,
        };
        matches!(self.access, Access::Closed) || rejected || self.review.is_some() || self.payouts_paused
    }

    /// The platform turns the account away.
    // RULE: rejecting an account that was rejected is an error (our own reading: the field documents no second rejection).
    pub(crate) const fn reject(
        self,
        account: AccountId,
        reason: RejectReason,
        stops_payouts: bool,
    ) -> Result<Self, AccountError> {
        if let Some(rejection) = self.rejection {
            return Err(AccountError::AlreadyRejected { account, by: rejection.by });
        }
        let rejection = Some(Rejection { by: RejectedBy::Platform, reason, stops_payouts });
        Ok(Self { rejection, platform_rejection: rejection, ..self })
    }

    /// The platform takes its rejection back. Pauses stay as they are.
    // RULE: only the platform's own rejection, never the processor's (docs.stripe.com/changelog, 2026-07-29).
    pub(crate) const fn unreject(self, account: AccountId) -> Result<Self, AccountError> {
        match self.rejection {
            None => Err(AccountError::NotRejected(account)),
            Some(Rejection { by: RejectedBy::Processor, .. }) => Err(AccountError::RejectionFinal(account)),
            Some(Rejection { by: RejectedBy::Platform, .. }) => {
                Ok(Self { rejection: None, platform_rejection: None, ..self })
            }
        }
    }

    /// The platform stops payments or payouts for a while, or lets them go on; what it does not name stays as it is.
    pub(crate) const fn pause(self, payments: Option<bool>, payouts: Option<bool>) -> Self {
        let payments_paused = match payments {
            Some(paused) => paused,
            None => self.payments_paused,
        };
        let payouts_paused = match payouts {
            Some(paused) => paused,
            None => self.payouts_paused,
        };
        Self { payments_paused, payouts_paused, ..self }
    }

    /// The account is closed, and nothing opens it again.
    pub(crate) const fn close(self) -> Self {
        Self { access: Access::Closed, ..self }
    }

    /// What stands in the account's way by the last word of the processor.
    pub(crate) fn overseen(self, oversight: &Oversight) -> Self {
        let stop = |reason| Rejection { by: RejectedBy::Processor, reason, stops_payouts: true };
        let rejection = oversight.rejection().map(stop).or(self.platform_rejection);
        Self { rejection, review: oversight.review(), ..self }
    }
}

/// What the processor said about an account, each with the time of which it is.
// INVARIANT: of two reports about one thing the later one holds, and the graver one of two at one moment, so that the order of
// delivery is no matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oversight {
    review: Option<(Timestamp, Option<Review>)>,
    rejection: Option<(Timestamp, Option<RejectReason>)>,
    /// The latest time of which it said that the account is turned away, also where it took that back.
    turned_away: Option<Timestamp>,
}

impl Oversight {
    /// What the processor is looking into.
    pub fn review(&self) -> Option<Review> {
        self.review.and_then(|(_, review)| review)
    }

    /// Why the processor turned the account away, if it did.
    pub fn rejection(&self) -> Option<RejectReason> {
        self.rejection.and_then(|(_, reason)| reason)
    }

    pub(crate) const fn turned_away(&self) -> Option<Timestamp> {
        self.turned_away
    }

    /// A review has begun.
    pub(crate) fn opened(self, review: Review, at: Timestamp) -> Self {
        Self { review: self.review.max(Some((at, Some(review)))), ..self }
    }

    /// A review has ended: the account is fine, also where it had been turned away before; or it is turned away.
    pub(crate) fn closed(self, outcome: ReviewOutcome, at: Timestamp) -> Self {
        let heard = Self { review: self.review.max(Some((at, None))), ..self };
        match outcome {
            ReviewOutcome::Cleared => Self { rejection: heard.rejection.max(Some((at, None))), ..heard },
            ReviewOutcome::Rejected(reason) => heard.rejected(reason, at),
        }
    }

    /// The account was turned away.
    pub(crate) fn rejected(self, reason: RejectReason, at: Timestamp) -> Self {
        let turned_away = self.turned_away.max(Some(at));
        Self { rejection: self.rejection.max(Some((at, Some(reason)))), turned_away, ..self }
    }
}

/// Whether the payouts of an account that is turned away go on.
// RULE: `payouts_action` is `pause` unless it says `none` (docs.stripe.com/api/account/reject, 2026).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutsAction {
    /// They stop.
    #[default]
    Pause,
    /// They go on: what the account holds is paid out.
    None,
}

/// A command: turn an account away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RejectAccount {
    /// The account.
    pub account: AccountId,
    /// Why; any but the two that are the processor's.
    pub reason: RejectReason,
    /// What becomes of its payouts.
    #[serde(default)]
    pub payouts: PayoutsAction,
}

impl RejectAccount {
    /// A rejection that stops payouts too.
    pub const fn new(account: AccountId, reason: RejectReason) -> Self {
        Self { account, reason, payouts: PayoutsAction::Pause }
    }

    /// The same rejection, letting payouts of what is there go on.
    #[must_use]
    pub const fn keep_paying_out(mut self) -> Self {
        self.payouts = PayoutsAction::None;
        self
    }
}

/// A command: take the platform's own rejection of an account back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnrejectAccount {
    /// The account.
    pub account: AccountId,
}

/// A command: stop an account's payments or payouts for a while, or let them go on. What is not named stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SetPause {
    /// The account.
    pub account: AccountId,
    /// Whether its payments are stopped from now on.
    pub payments: Option<bool>,
    /// Whether its payouts are stopped from now on.
    pub payouts: Option<bool>,
}

impl SetPause {
    /// Payments alone.
    pub const fn payments(account: AccountId, paused: bool) -> Self {
        Self { account, payments: Some(paused), payouts: None }
    }

    /// Payouts alone.
    pub const fn payouts(account: AccountId, paused: bool) -> Self {
        Self { account, payments: None, payouts: Some(paused) }
    }

    /// Both.
    pub const fn both(account: AccountId, paused: bool) -> Self {
        Self { account, payments: Some(paused), payouts: Some(paused) }
    }
}

/// A command: close an account for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CloseAccount {
    /// The account.
    pub account: AccountId,
}

/// A fact: the processor has begun to look into an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReviewOpened {
    /// The account.
    pub account: AccountId,
    /// What for.
    pub review: Review,
}

/// How a review ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOutcome {
    /// Nothing stands against the account; an earlier rejection by the processor is taken back with it.
    Cleared,
    /// It is turned away.
    Rejected(RejectReason),
}

/// A fact: the processor has looked into an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReviewClosed {
    /// The account.
    pub account: AccountId,
    /// How it ended.
    pub outcome: ReviewOutcome,
}

/// A fact: the processor has turned an account away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RejectedByProcessor {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: RejectReason,
}
