use serde::{Deserialize, Serialize};

use super::{Deadline, Digest};
use crate::accounts::{
    AccountTokenChanged, CapabilityReviewed, CapabilityStopped, ConnectionRevoked, ExternalAccountChecked,
    InformationChecked, InquiryChanged, RejectedByProcessor, ReviewClosed, ReviewOpened,
};
use crate::calendar::Timestamp;
use crate::ids::{AnomalyId, ParkedFactId};
use crate::mirror::ProviderFact;
use crate::payments::{
    ActionCompleted, ActionRequired, AuthorizationIncremented, CaptureFailed, ChargeAuthorized, ChargeCaptured,
    ChargeFailed, ChargeReversed, ChargeSubmitted, ChargeSucceeded, DisputeChanged, DisputeOpened, FraudWarned,
    IncrementDeclined, RefundCanceled, RefundFailed, RefundSucceeded, RefundTraced, RefundUnderWay,
};
use crate::payouts::{
    DebtWrittenOff, FundsReserved, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSubmitted, PayoutTraced,
    SpeedReviewed, TopUpFact,
};
use crate::terminal::TerminalFact;
use crate::tools::tax::TaxFact;

/// Something that the world did. It cannot be refused for being unwelcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Fact {
    /// A bank has called in the token that stood for an account's number, or honours it again.
    AccountTokenChanged(AccountTokenChanged),
    /// A payer has done what was theirs.
    ActionCompleted(ActionCompleted),
    /// A payer has to do something before an attempt can go on.
    ActionRequired(ActionRequired),
    /// A capability was reviewed.
    CapabilityReviewed(CapabilityReviewed),
    /// An authorization was raised.
    AuthorizationIncremented(AuthorizationIncremented),
    /// Money of an authorized charge was not taken.
    CaptureFailed(CaptureFailed),
    /// The payer's bank holds the amount of a charge ready.
    ChargeAuthorized(ChargeAuthorized),
    /// Money of an authorized charge was taken.
    ChargeCaptured(ChargeCaptured),
    /// An attempt to collect a payment failed.
    ChargeFailed(ChargeFailed),
    /// The payer's bank pulled a charge back that had succeeded.
    ChargeReversed(ChargeReversed),
    /// The world took a charge up under a reference of its own.
    ChargeSubmitted(ChargeSubmitted),
    /// The money of a charge was taken.
    ChargeSucceeded(ChargeSucceeded),
    /// A holder has ended the connection in the dashboard.
    ConnectionRevoked(ConnectionRevoked),
    /// Something happened to a dispute.
    DisputeChanged(DisputeChanged),
    /// A payer, or their bank, wants the money of a charge back.
    DisputeOpened(DisputeOpened),
    /// Somebody has found out whose a bank account is.
    ExternalAccountChecked(ExternalAccountChecked),
    /// The payer's bank takes a payment for fraud.
    FraudWarned(FraudWarned),
    /// An authorization was not raised.
    IncrementDeclined(IncrementDeclined),
    /// Something that an account had given was checked.
    InformationChecked(InformationChecked),
    /// A payout was refused or came back.
    PayoutFailed(PayoutFailed),
    /// A payout arrived.
    PayoutPaid(PayoutPaid),
    /// A payout was handed to the bank.
    PayoutSubmitted(PayoutSubmitted),
    /// It is known by which id a bank finds a payout.
    PayoutTraced(PayoutTraced),
    /// A refund was called off outside.
    RefundCanceled(RefundCanceled),
    /// A refund did not reach the payer, or came back.
    RefundFailed(RefundFailed),
    /// A refund reached the payer.
    RefundSucceeded(RefundSucceeded),
    /// It is known how a refund shows on the payer's statement.
    RefundTraced(RefundTraced),
    /// The world works on a refund.
    RefundUnderWay(RefundUnderWay),
    /// The processor turned an account away.
    RejectedByProcessor(RejectedByProcessor),
    /// The processor has looked into an account.
    ReviewClosed(ReviewClosed),
    /// The processor has begun to look into an account.
    ReviewOpened(ReviewOpened),
    /// Something happened to a reader, or to what it does.
    Terminal(TerminalFact),
    /// A bank has said something about a top-up.
    TopUp(TopUpFact),
    /// The processor has given up what an account owes.
    DebtWrittenOff(DebtWrittenOff),
    /// The processor keeps money of an account in a reserve of its own, or lets it go.
    FundsReserved(FundsReserved),
    /// The processor wants to know something about an account's business, or wants it no longer.
    InquiryChanged(InquiryChanged),
    /// The world has taken a capability away, and said why.
    CapabilityStopped(CapabilityStopped),
    /// The processor lets an account's payments become available sooner, or no longer.
    SpeedReviewed(SpeedReviewed),
    /// The processor called a payout off by itself.
    PayoutCanceled(PayoutCanceled),
    /// Somebody has said something about a tax form.
    Tax(TaxFact),
    /// The provider made, or did, something by itself.
    Provider(Box<ProviderFact>),
}

/// A fact as the host tells it: with an id, under which it is never taken twice, and the time it happened.
///
/// ```
/// use fundroute::calendar::utc;
/// use fundroute::ids::PayoutId;
/// use fundroute::journal::{Fact, Report};
/// use fundroute::payouts::PayoutPaid;
///
/// let payout = PayoutId::from_host([3; 14]);
/// let report = Report::new("bank-file-17/3", utc(2026, 11, 4), Fact::PayoutPaid(PayoutPaid { payout }));
/// assert_eq!(report.id, "bank-file-17/3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The fact's own id: the provider's event id, or a bank file's row.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub fact: Fact,
}

impl Report {
    /// A fact with its id and time.
    pub fn new(id: impl Into<String>, at: Timestamp, fact: Fact) -> Self {
        Self { id: id.into(), at, fact }
    }
}

/// A fact as it is being taken up: told just now, or parked before.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) id: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) fact: &'a Fact,
    /// As what it was parked before, if it was.
    pub(crate) parked: Option<ParkedFactId>,
}

impl Told<'_> {
    /// The fact, to be kept.
    pub(crate) fn to_report(self) -> Report {
        Report::new(self.id, self.at, self.fact.clone())
    }
}

impl Report {
    pub(crate) fn told(&self) -> Told<'_> {
        Told { id: &self.id, at: self.at, fact: &self.fact, parked: None }
    }
}

/// Where a parked fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParkedState {
    /// It waits for what it names, until the limit.
    Waiting {
        /// When the wait is over.
        until: Timestamp,
    },
    /// What it names became known, and it was taken up.
    TakenUp,
    /// Nothing came; it became an anomaly.
    GivenUp,
}

/// A fact that came before the one it builds on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedFact {
    /// Its id.
    pub id: ParkedFactId,
    /// The digest of the outside reference that it names, or of something else that it waits for, such as a charge's success.
    pub reference: Digest,
    /// The fact.
    pub report: Report,
    /// Where it stands.
    pub state: ParkedState,
}

impl ParkedFact {
    /// The fact, to be taken up.
    pub(crate) fn told(&self) -> Told<'_> {
        Told { parked: Some(self.id), ..self.report.told() }
    }

    /// When it will be given up.
    pub const fn due(&self) -> Option<Timestamp> {
        match self.state {
            ParkedState::Waiting { until } => Some(until),
            ParkedState::TakenUp | ParkedState::GivenUp => None,
        }
    }
}

/// Why something could not be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AnomalyReason {
    /// The account had been closed: nothing comes to it here any more. The money was not booked.
    AccountClosed,
    /// The charge had succeeded already.
    AlreadySucceeded,
    /// The account has no bank account for that currency, and none was named.
    BankUnknown,
    /// The amount is not positive, or not the one that was asked for, or in another currency, or more than can be captured, or than was.
    AmountDiffers,
    /// The charge has a commission already.
    CommissionKnown,
    /// Disputes of what was paid like that are final: there is no inquiry and no appeal.
    DisputeFinal,
    /// The inquiry had come to nothing before it became a chargeback.
    InquiryClosed,
    /// The dispute was no inquiry, and only one of those escalates or comes to nothing.
    NotAnInquiry,
    /// A balance, a fee or a date would be out of range.
    OutOfRange,
    /// It is about the standing of the platform's own account, which nobody looks into here.
    IsPlatform,
    /// The processor answers for nothing that the account owes: the platform does, or owes it itself.
    LossesNotTheirs,
    /// The account never asked for the capability that was reviewed.
    NotRequested,
    /// An object that it is about is not there, though it must be: the state was damaged.
    Missing,
    /// The platform never asked for it.
    NotAsked,
    /// The refund is not to a card.
    NotByCard,
    /// What is paid like that is not pulled back without a dispute.
    NotReversible,
    /// Money was told to go where it cannot: to the platform itself, out of a charge that is booked on an account, or from somebody who has
    /// no part in the charge.
    WrongParty,
    /// Only accounts with a full dashboard have a connection that their holders can end.
    NotRevocable,
    /// The payment had been called off.
    PaymentCanceled,
    /// The payout had been called off.
    PayoutCanceled,
    /// The account that the payment, or a part of it, was for has been closed. The payment was taken up: a part stays with the platform,
    /// and what was charged on the account itself lies there until the platform [refunds](crate::payments::NewRefund) it.
    RecipientClosed,
    /// The world was never asked for the refund: it waited for money, or was given up while it did.
    RefundNotAsked,
    /// The refund had been called off.
    RefundCanceled,
    /// The reference stands for another object.
    ReferenceTaken,
    /// The attempt was given up and another one made since.
    Superseded,
    /// The id by which a bank is to find a payout says nothing, or too much.
    TraceInvalid,
    /// The token under which a card was saved says nothing, or too much.
    TokenInvalid,
    /// The account has more of them open than are kept.
    TooMany,
    /// The top-up had been called off: money that came for it all the same is not on the balance.
    TopUpCanceled,
    /// What it names never became known, or what it waited for never happened.
    UnknownReference,
    /// The payment is captured at once and was told of as authorized, or the other way round.
    WrongCaptureMethod,
}

/// What could not be taken up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnomalyCause {
    /// A fact.
    Fact(Report),
    /// Something that was due.
    Deadline(Deadline),
}

/// Something that no rule could take up, or not all of it: a person has to look at it. Unless its reason says otherwise, it moved
/// no money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anomaly {
    /// Its id.
    pub id: AnomalyId,
    /// What could not be taken up.
    pub cause: AnomalyCause,
    /// Why.
    pub reason: AnomalyReason,
    /// When it was told.
    pub at: Timestamp,
    /// When a person closed it.
    pub closed_at: Option<Timestamp>,
}
