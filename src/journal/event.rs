use serde::{Deserialize, Serialize};

use crate::accounts::{AccountEvent, AccountInstruction};
use crate::ids::{AccountId, ObjectId};
use crate::payments::{DisputeEvent, DisputeInstruction, PaymentEvent, PaymentInstruction};
use crate::payouts::{DebtEvent, PayoutEvent, PayoutInstruction, ReserveEvent, TopUpEvent, TopUpInstruction};
use crate::routing::RoutingEvent;
use crate::terminal::{ReaderInstruction, TerminalEvent};
use crate::tools::risk::RiskEvent;
use crate::tools::tax::{TaxEvent, TaxInstruction};

/// What happened, by domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EventKind {
    /// To an account.
    Account(AccountEvent),
    /// `anomaly.opened`: something the world told could not be taken up.
    AnomalyOpened,
    /// `anomaly.closed`: a person has looked at it.
    AnomalyClosed,
    /// To what an account owes.
    Debt(DebtEvent),
    /// To a dispute or a fraud warning.
    Dispute(DisputeEvent),
    /// To a payment, a charge or a refund.
    Payment(PaymentEvent),
    /// To a payout.
    Payout(PayoutEvent),
    /// To what is held back.
    Reserve(ReserveEvent),
    /// To a transfer or a commission.
    Routing(RoutingEvent),
    /// To what a reader does.
    Terminal(TerminalEvent),
    /// To a top-up.
    TopUp(TopUpEvent),
    /// To a tax form.
    Tax(TaxEvent),
    /// To a review.
    Risk(RiskEvent),
}

impl EventKind {
    /// The event's name on the wire, such as `payout.paid`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account(event) => event.name(),
            Self::AnomalyOpened => "anomaly.opened",
            Self::AnomalyClosed => "anomaly.closed",
            Self::Debt(event) => event.name(),
            Self::Dispute(event) => event.name(),
            Self::Payment(event) => event.name(),
            Self::Payout(event) => event.name(),
            Self::Reserve(event) => event.name(),
            Self::Routing(event) => event.name(),
            Self::Terminal(event) => event.name(),
            Self::Tax(event) => event.name(),
            Self::TopUp(event) => event.name(),
            Self::Risk(event) => event.name(),
        }
    }
}

impl From<AccountEvent> for EventKind {
    fn from(event: AccountEvent) -> Self {
        Self::Account(event)
    }
}

impl From<DebtEvent> for EventKind {
    fn from(event: DebtEvent) -> Self {
        Self::Debt(event)
    }
}

impl From<DisputeEvent> for EventKind {
    fn from(event: DisputeEvent) -> Self {
        Self::Dispute(event)
    }
}

impl From<PaymentEvent> for EventKind {
    fn from(event: PaymentEvent) -> Self {
        Self::Payment(event)
    }
}

impl From<PayoutEvent> for EventKind {
    fn from(event: PayoutEvent) -> Self {
        Self::Payout(event)
    }
}

impl From<ReserveEvent> for EventKind {
    fn from(event: ReserveEvent) -> Self {
        Self::Reserve(event)
    }
}

impl From<RiskEvent> for EventKind {
    fn from(event: RiskEvent) -> Self {
        Self::Risk(event)
    }
}

impl From<RoutingEvent> for EventKind {
    fn from(event: RoutingEvent) -> Self {
        Self::Routing(event)
    }
}

impl From<TerminalEvent> for EventKind {
    fn from(event: TerminalEvent) -> Self {
        Self::Terminal(event)
    }
}

impl From<TaxEvent> for EventKind {
    fn from(event: TaxEvent) -> Self {
        Self::Tax(event)
    }
}

impl From<TopUpEvent> for EventKind {
    fn from(event: TopUpEvent) -> Self {
        Self::TopUp(event)
    }
}

/// Something to tell the host's webhooks; the object's record in the same changes holds the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub object: ObjectId,
    /// On which connected account; nothing if it happened on the platform.
    // RULE: activity on a connected account names it, activity on the platform does not
    // (docs.stripe.com/connect/webhooks, 2024).
    pub account: Option<AccountId>,
}

/// Something that the host must do in the world outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Instruction {
    /// For an account.
    Account(AccountInstruction),
    /// For a dispute.
    Dispute(DisputeInstruction),
    /// For a payment.
    Payment(PaymentInstruction),
    /// For a payout.
    Payout(PayoutInstruction),
    /// For a reader.
    Reader(ReaderInstruction),
    /// For a top-up.
    TopUp(TopUpInstruction),
    /// For a tax form.
    Tax(TaxInstruction),
}

impl Instruction {
    /// The object that the answering fact is about; its id is the idempotency key to pass on.
    pub fn object(&self) -> ObjectId {
        match self {
            Self::Account(AccountInstruction::Review(account)) => (*account).into(),
            Self::Account(AccountInstruction::Verify { subject, .. }) => *subject,
            Self::Dispute(instruction) => instruction.dispute().into(),
            Self::Payment(
                PaymentInstruction::Authorize { charge, .. }
                | PaymentInstruction::Capture { charge, .. }
                | PaymentInstruction::Charge { charge, .. }
                | PaymentInstruction::Confirm { charge }
                | PaymentInstruction::IncrementAuthorization { charge, .. }
                | PaymentInstruction::Retrieve { charge }
                | PaymentInstruction::Void { charge },
            ) => ObjectId::from(*charge),
            Self::Payment(
                PaymentInstruction::Refund { refund, .. }
                | PaymentInstruction::CancelRefund { refund }
                | PaymentInstruction::RetrieveRefund { refund },
            ) => (*refund).into(),
            Self::Payout(
                PayoutInstruction::Send { payout, .. }
                | PayoutInstruction::Debit { payout, .. }
                | PayoutInstruction::Hold { payout }
                | PayoutInstruction::Cancel { payout },
            ) => ObjectId::from(*payout),
            Self::Reader(instruction) => instruction.reader().into(),
            Self::Tax(instruction) => instruction.form().into(),
            Self::TopUp(instruction) => instruction.top_up().into(),
        }
    }
}
