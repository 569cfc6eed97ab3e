//! What the world tells of disputes, and what can be asked.

use serde::{Deserialize, Serialize};

use super::{DisputeCase, DisputeReason};
use crate::calendar::Timestamp;
use crate::ids::DisputeId;
use crate::money::Money;
use crate::payments::Named;
use crate::rulebook::CardBrand;

/// A fact: a payer, or their bank, wants the money of a charge back, or asks about it.
///
/// One that is told before its charge has succeeded waits for that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeOpened {
    /// The charge.
    pub charge: Named,
    /// The world's own id for the dispute; unique among disputes.
    pub reference: String,
    /// How much is disputed: in the currency of the charge, or the fact is an anomaly. It may be less than the charge, and more.
    pub amount: Money,
    /// Why.
    pub reason: DisputeReason,
    /// What sort of case it is.
    pub case: DisputeCase,
    /// The card network; nothing for other ways to pay.
    pub network: Option<CardBrand>,
    /// Until when evidence can be given. A chargeback without a date cannot be answered, and is lost at once.
    pub respond_by: Option<Timestamp>,
    /// What all of it comes to in the currency in which the charge is booked, where that is another one and the world says so; nothing
    /// for what it was when the charge was made.
    pub settled: Option<Money>,
}

/// A fact names a dispute by its id, or by the reference under which the world opened it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedDispute {
    /// By its id here.
    Id(DisputeId),
    /// By the world's reference. A fact whose dispute was not opened yet is parked.
    Reference(String),
}

impl From<DisputeId> for NamedDispute {
    fn from(id: DisputeId) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for NamedDispute {
    fn from(reference: &str) -> Self {
        Self::Reference(reference.to_owned())
    }
}

/// A fact: something happened to a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeChanged {
    /// The dispute.
    pub dispute: NamedDispute,
    /// What happened.
    pub change: DisputeChange,
}

/// What happens to a dispute in the world. They may be told in any order; what counts is when each happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisputeChange {
    /// The inquiry became a chargeback, which has to be answered anew until then; without a date it cannot be.
    Escalated {
        /// Until when.
        respond_by: Option<Timestamp>,
    },
    /// The network took the money out of the balance. Only a chargeback's money is taken, so this says that an inquiry escalated.
    FundsWithdrawn,
    /// The network gave the money back while the case goes on, or after all.
    FundsReinstated,
    /// The inquiry came to nothing.
    InquiryClosed,
    /// A programme of the network settled it for the payer before it was filed.
    Prevented,
    /// The bank, or an appeal, decided for the payer.
    Lost,
    /// It was decided for the payer, but for a part, which comes back.
    PartlyWon {
        /// The part that comes back: less than what is disputed.
        amount: Money,
    },
    /// The bank, or an appeal, decided for the seller. It may still do so after it had decided otherwise.
    Won,
    /// The ruling was appealed. At one moment a ruling comes before the appeal against it.
    Appealed {
        /// Until when it can be answered.
        respond_by: Timestamp,
    },
}

/// A command: hand in the evidence against a dispute. There is one submission for each stage: the inquiry, the chargeback, the appeal.
///
/// The core keeps no documents: the host names what it sends, by a key of its own or a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitEvidence {
    /// The dispute.
    pub dispute: DisputeId,
    /// What the host calls the evidence that it sends; at most 255 characters.
    pub evidence: String,
    /// Whether the processor's own service gathers and submits it, which costs no fee for countering.
    pub automated: bool,
    /// That the fee for a compliance case was seen; nothing is submitted in such a case without it.
    pub fee_acknowledged: bool,
}

impl SubmitEvidence {
    /// Evidence by hand.
    pub fn new(dispute: DisputeId, evidence: impl Into<String>) -> Self {
        Self { dispute, evidence: evidence.into(), automated: false, fee_acknowledged: false }
    }

    /// The same, gathered and submitted by the processor's own service.
    #[must_use]
    pub const fn automated(mut self) -> Self {
        self.automated = true;
        self
    }

    /// The same, with the fee of a compliance case acknowledged.
    #[must_use]
    pub const fn acknowledging_the_fee(mut self) -> Self {
        self.fee_acknowledged = true;
        self
    }
}
