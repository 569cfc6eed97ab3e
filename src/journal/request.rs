use serde::{Deserialize, Serialize};

use super::Digest;
use crate::calendar::Timestamp;
use crate::ids::{
    AccountId, AccountLinkId, AccountSessionId, AnomalyId, ApplicationFeeRefundId, ApplicationId, ConnectionId,
    ConnectionTokenId, DisputeId, ExternalAccountId, Family, InstantTermsId, LocationId, LoginLinkId, ObjectId,
    ParkedFactId, PaymentId, PayoutId, PersonId, PricingSchemeId, QuotedRateId, ReaderId, RefundId, ReserveHoldId,
    ReservePlanId, ReserveReleaseId, ReviewId, RiskRuleId, TaxConsentId, TaxFormId, TopUpId, TransferId,
    TransferReversalId,
};

/// What was answered to an accepted request, kept so that the same request gets the same answer again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// An account was created, or its settings changed.
    Account(AccountId),
    /// An account link was handed out, or its visitor has left.
    AccountLink(AccountLinkId),
    /// An account session was handed out or claimed.
    AccountSession(AccountSessionId),
    /// An anomaly was closed.
    Anomaly(AnomalyId),
    /// The platform was registered as an application.
    Application(ApplicationId),
    /// A commission was given back.
    ApplicationFeeRefund(ApplicationFeeRefundId),
    /// A code was exchanged that had been exchanged before: the connection is ended.
    CodeReplayed(ConnectionId),
    /// A holder has answered whether the application is let in.
    Connection(ConnectionId),
    /// A token to connect to readers was handed out.
    ConnectionToken(ConnectionTokenId),
    /// A dispute was answered or accepted.
    Dispute(DisputeId),
    /// What was known about somebody was forgotten.
    Erased(ObjectId),
    /// A code was exchanged for its connection.
    Exchanged(ConnectionId),
    /// A bank account or card was added, changed or removed.
    ExternalAccount(ExternalAccountId),
    /// A fact was taken up.
    Fact(FactOutcome),
    /// A price of payouts within minutes was set.
    InstantTerms(InstantTermsId),
    /// A visitor was let in by an account link.
    LinkOpened(AccountLinkId),
    /// A visitor was sent to where a new account link is handed out.
    LinkRefreshed(AccountLinkId),
    /// A place was created, changed or deleted.
    Location(LocationId),
    /// A login link was handed out or used.
    LoginLink(LoginLinkId),
    /// A payment was created or changed.
    Payment(PaymentId),
    /// A payout was created or changed.
    Payout(PayoutId),
    /// A person was added or removed.
    Person(PersonId),
    /// An exchange rate was set.
    QuotedRate(QuotedRateId),
    /// A scheme of prices was made or changed.
    PricingScheme(PricingSchemeId),
    /// A reader was registered, changed or deleted, or was asked to do something or to stop.
    Reader(ReaderId),
    /// A refund was created.
    Refund(RefundId),
    /// Money is held back.
    ReserveHold(ReserveHoldId),
    /// A plan to hold money back was made or disabled.
    ReservePlan(ReservePlanId),
    /// Money that was held back was let go.
    ReserveRelease(ReserveReleaseId),
    /// A top-up was created or called off.
    TopUp(TopUpId),
    /// A transfer was created.
    Transfer(TransferId),
    /// A transfer was reversed.
    TransferReversal(TransferReversalId),
    /// It was said whether a payee wants tax forms electronically.
    TaxConsent(TaxConsentId),
    /// A tax form was made or changed.
    TaxForm(TaxFormId),
    /// A review was opened, assigned or closed.
    Review(ReviewId),
    /// A rule over accounts was made, changed or removed.
    RiskRule(RiskRuleId),
}

impl Answer {
    /// Of which family a command may have said something about persons; nothing for commands that never do.
    pub(crate) fn personal(&self) -> Option<Family> {
        match self {
            Self::Account(account) => Some(account.family()),
            Self::Connection(connection) => Some(connection.family()),
            Self::ExternalAccount(external) => Some(external.family()),
            Self::Person(person) => Some(person.family()),
            Self::TaxForm(form) => Some(form.family()),
            Self::AccountLink(_)
            | Self::AccountSession(_)
            | Self::Anomaly(_)
            | Self::Application(_)
            | Self::ApplicationFeeRefund(_)
            | Self::CodeReplayed(_)
            | Self::ConnectionToken(_)
            | Self::Dispute(_)
            | Self::Erased(_)
            | Self::Exchanged(_)
            | Self::Fact(_)
            | Self::InstantTerms(_)
            | Self::LinkOpened(_)
            | Self::LinkRefreshed(_)
            | Self::Location(_)
            | Self::LoginLink(_)
            | Self::Payment(_)
            | Self::Payout(_)
            | Self::PricingScheme(_)
            | Self::QuotedRate(_)
            | Self::Reader(_)
            | Self::Refund(_)
            | Self::ReserveHold(_)
            | Self::ReservePlan(_)
            | Self::ReserveRelease(_)
            | Self::TaxConsent(_)
            | Self::Review(_)
            | Self::RiskRule(_)
            | Self::TopUp(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => None,
        }
    }
}

impl Answer {
    /// The object that was created or changed; nothing for facts.
    pub(crate) fn object(&self) -> Option<ObjectId> {
        Some(match *self {
            Self::Account(id) => id.into(),
            Self::AccountLink(id) | Self::LinkOpened(id) | Self::LinkRefreshed(id) => id.into(),
            Self::AccountSession(id) => id.into(),
            Self::Anomaly(id) => id.into(),
            Self::Application(id) => id.into(),
            Self::ApplicationFeeRefund(id) => id.into(),
            Self::CodeReplayed(id) | Self::Connection(id) | Self::Exchanged(id) => id.into(),
            Self::ConnectionToken(id) => id.into(),
            Self::Dispute(id) => id.into(),
            Self::Erased(id) => id,
            Self::ExternalAccount(id) => id.into(),
            Self::Fact(_) => return None,
            Self::InstantTerms(id) => id.into(),
            Self::Location(id) => id.into(),
            Self::LoginLink(id) => id.into(),
            Self::Payment(id) => id.into(),
            Self::Payout(id) => id.into(),
            Self::Person(id) => id.into(),
            Self::QuotedRate(id) => id.into(),
            Self::PricingScheme(id) => id.into(),
            Self::Reader(id) => id.into(),
            Self::Refund(id) => id.into(),
            Self::ReserveHold(id) => id.into(),
            Self::ReservePlan(id) => id.into(),
            Self::ReserveRelease(id) => id.into(),
            Self::Review(id) => id.into(),
            Self::RiskRule(id) => id.into(),
            Self::TaxConsent(id) => id.into(),
            Self::TaxForm(id) => id.into(),
            Self::TopUp(id) => id.into(),
            Self::Transfer(id) => id.into(),
            Self::TransferReversal(id) => id.into(),
        })
    }
}

/// What became of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactOutcome {
    /// It contradicts what is known and moved nothing; a person has to look at it.
    Anomaly(AnomalyId),
    /// It was taken up.
    Applied,
    /// It names something not known yet, and waits.
    Parked(ParkedFactId),
    /// It was overtaken by something known already, and changed nothing.
    Stale,
}

/// One accepted request or fact, remembered under the digest of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// The digest of the request's key, or of the fact's id.
    pub name: Digest,
    /// The digest of what was asked.
    pub fingerprint: Digest,
    /// When it was accepted.
    pub at: Timestamp,
    /// What was answered.
    pub answer: Answer,
}

/// Whether an answer is new, or the one that was given the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[must_use]
pub enum Outcome {
    /// The request was carried out.
    Applied,
    /// The same request was carried out before; nothing happened this time.
    Replayed,
}

/// Why a request was refused before it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A key must not be empty.
    #[error("a request key must not be empty")]
    KeyEmpty,
    /// A key is too long.
    // RULE: at most 255 characters (docs.stripe.com/api/idempotent_requests, 2026).
    #[error("a request key has at most 255 characters, not `{0}`")]
    KeyTooLong(usize),
    /// The key was used for something else.
    #[error("key `{0}` was used before, with other parameters")]
    KeyReused(String),
    /// What is asked cannot be written down.
    #[error("the request cannot be encoded")]
    Unencodable,
}
