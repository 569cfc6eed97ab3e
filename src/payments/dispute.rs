use serde::{Deserialize, Serialize};

mod course;
mod error;
mod event;
mod state;
mod told;
mod words;

pub use course::Submission;
use course::{Course, Standing};
pub use error::DisputeError;
pub use event::{DisputeEvent, DisputeInstruction};
pub use state::{
    AwaitingEvidence, ClosedInquiry, Countered, DisputeState, Inquiry, InquiryEnd, LossCause, Lost, Prevented, Won,
};
pub use told::{DisputeChange, DisputeChanged, DisputeOpened, NamedDispute, SubmitEvidence};
pub use words::{DisputeCase, DisputeReason, DisputeStatus, FraudType, SubmissionMethod};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, DisputeId};
use crate::money::{Currency, Money, MoneyError};
use crate::routing::Conversion;
use crate::rulebook::{CardBrand, DisputeFeeKind};

/// What the processor takes for a dispute, and from whom, as the rules said when it was opened. In minor units; nothing where the rules
/// do not know, or know it in another currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeeTerms {
    pub(crate) payer: AccountId,
    pub(crate) received: Option<i64>,
    pub(crate) countered: Option<i64>,
    pub(crate) compliance: Option<i64>,
}

impl FeeTerms {
    const fn of(&self, kind: DisputeFeeKind) -> Option<i64> {
        match kind {
            DisputeFeeKind::Received => self.received,
            DisputeFeeKind::Countered => self.countered,
            DisputeFeeKind::Compliance => self.compliance,
        }
    }
}

/// Where the money of a dispute is, and what was taken for it: in minor units, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Whether the money was ever taken out of the balance.
    pub(crate) withdrawn: bool,
    /// What is taken from the balance, less what came back.
    pub(crate) taken: i64,
    /// What of that the payer has; the processor withholds the rest.
    pub(crate) with_payer: i64,
    pub(crate) received: i64,
    pub(crate) countered: i64,
    pub(crate) compliance: i64,
}

/// What a new dispute is made of.
pub(crate) struct NewDispute<'a> {
    pub(crate) id: DisputeId,
    pub(crate) charge: ChargeId,
    pub(crate) fact: &'a DisputeOpened,
    pub(crate) at: Timestamp,
    pub(crate) closes_at: Timestamp,
    /// Whether the rules of the method say that the payer's bank has decided already.
    pub(crate) is_final: bool,
    pub(crate) terms: FeeTerms,
    pub(crate) conversion: Option<Conversion>,
}

/// Why a fact about a dispute cannot be true, whatever else may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contradiction {
    /// An amount that is not a part of what is disputed.
    Amount,
    /// Only an inquiry escalates or comes to nothing.
    NotAnInquiry,
    /// The inquiry had come to nothing.
    Closed,
    /// What was paid like that knows no appeal.
    Final,
}

/// A payer's, or their bank's, claim to get the money of a charge back.
///
/// What happened to it is told in any order; its state follows from when each thing happened, and from the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    id: DisputeId,
    charge: ChargeId,
    amount: i64,
    currency: Currency,
    reason: DisputeReason,
    case: DisputeCase,
    network: Option<CardBrand>,
    opened: Timestamp,
    respond_by: Option<Timestamp>,
    closes_at: Timestamp,
    is_final: bool,
    terms: FeeTerms,
    course: Course,
    state: DisputeState,
    back: i64,
    won: Option<Timestamp>,
    booked: Position,
    next: Option<DisputeId>,
    conversion: Option<Conversion>,
    /// What the world said that it comes to.
    settled: Option<Money>,
}

impl Dispute {
    pub(crate) fn new(new: &NewDispute<'_>, now: Timestamp) -> Self {
        let NewDispute { id, charge, fact, at, closes_at, is_final, terms, conversion } = new;
        let respond_by = fact.respond_by.filter(|_| !*is_final);
        let state = DisputeState::opened(*at, fact.case, respond_by, *closes_at);
        let dispute = Self {
            id: *id,
            charge: *charge,
            amount: fact.amount.minor(),
            currency: fact.amount.currency(),
            reason: fact.reason,
            case: fact.case,
            network: fact.network,
            opened: *at,
            respond_by: fact.respond_by,
            closes_at: *closes_at,
            is_final: *is_final,
            terms: *terms,
            course: Course::default(),
            state,
            back: 0,
            won: None,
            booked: Position::default(),
            next: None,
            conversion: *conversion,
            settled: fact.settled,
        };
        dispute.seen_at(now)
    }

    /// Its id.
    pub const fn id(&self) -> DisputeId {
        self.id
    }

    /// The charge that is disputed.
    pub const fn charge(&self) -> ChargeId {
        self.charge
    }

    /// How much is disputed.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// Why.
    pub const fn reason(&self) -> DisputeReason {
        self.reason
    }

    /// What sort of case it is.
    pub const fn case(&self) -> DisputeCase {
        self.case
    }

    /// The card network; nothing for other ways to pay.
    pub const fn network(&self) -> Option<CardBrand> {
        self.network
    }

    /// When it was opened.
    pub const fn opened(&self) -> Timestamp {
        self.opened
    }

    /// How far it has got.
    pub const fn state(&self) -> &DisputeState {
        &self.state
    }

    /// The name of its state.
    pub const fn status(&self) -> DisputeStatus {
        self.state.status()
    }

    /// Whether nothing can be done against it: the payer's bank has given the money back, as those of debits do.
    // RULE: there is no inquiry, no evidence and no appeal, whatever date the world tells (docs.stripe.com/payments/sepa-debit, 2024;
    // support.stripe.com/questions/disputes-for-ach-payments, 2026).
    pub const fn is_final(&self) -> bool {
        self.is_final
    }

    /// Whether it is still to be decided: somebody has to answer, or has answered.
    pub const fn is_open(&self) -> bool {
        match self.status() {
            DisputeStatus::WarningNeedsResponse
            | DisputeStatus::WarningUnderReview
            | DisputeStatus::NeedsResponse
            | DisputeStatus::UnderReview
            | DisputeStatus::AppealNeedsResponse
            | DisputeStatus::AppealUnderReview => true,
            DisputeStatus::WarningClosed | DisputeStatus::Won | DisputeStatus::Lost | DisputeStatus::Prevented => false,
        }
    }

    /// Until when evidence can be given, if it waits for some and that is known.
    pub const fn respond_by(&self) -> Option<Timestamp> {
        match &self.state {
            DisputeState::WarningNeedsResponse(inquiry) => inquiry.respond_by(),
            DisputeState::NeedsResponse(awaiting) | DisputeState::AppealNeedsResponse(awaiting) => {
                awaiting.respond_by()
            }
            DisputeState::WarningUnderReview(_)
            | DisputeState::WarningClosed(_)
            | DisputeState::UnderReview(_)
            | DisputeState::AppealUnderReview(_)
            | DisputeState::Won(_)
            | DisputeState::Lost(_)
            | DisputeState::Prevented(_) => None,
        }
    }

    /// The evidence that was handed in last.
    pub fn evidence(&self) -> Option<&Submission> {
        let course = &self.course;
        [&course.appeal_countered, &course.countered, &course.inquiry_answer].into_iter().find_map(Option::as_ref)
    }

    /// How evidence was handed in, if it was.
    pub fn submission_method(&self) -> SubmissionMethod {
        match self.evidence() {
            None => SubmissionMethod::NotSubmitted,
            Some(Submission { automated: true, .. }) => SubmissionMethod::SmartDisputes,
            Some(Submission { automated: false, .. }) => SubmissionMethod::Manual,
        }
    }

    /// Whether the disputed money can be given back as a refund: only while the dispute is an inquiry, and after a win.
    // RULE: recorded exchanges (2023-2025): not while a response is needed or under review nor after a loss, again after a win.
    pub const fn is_charge_refundable(&self) -> bool {
        match self.state {
            DisputeState::WarningNeedsResponse(_)
            | DisputeState::WarningUnderReview(_)
            | DisputeState::WarningClosed(_)
            | DisputeState::Won(_) => true,
            DisputeState::NeedsResponse(_)
            | DisputeState::UnderReview(_)
            | DisputeState::AppealNeedsResponse(_)
            | DisputeState::AppealUnderReview(_)
            | DisputeState::Lost(_)
            | DisputeState::Prevented(_) => false,
        }
    }

    /// What is taken from the balance for it now, less what came back and without fees.
    pub const fn withdrawn(&self) -> Money {
        Money::new(self.booked.taken, self.currency)
    }

    /// Whether the money was ever taken out of the balance.
    pub const fn was_withdrawn(&self) -> bool {
        self.booked.withdrawn
    }

    /// What the processor took for it, less what it gave back.
    pub fn fee(&self, kind: DisputeFeeKind) -> Money {
        let fee = match kind {
            DisputeFeeKind::Received => self.booked.received,
            DisputeFeeKind::Countered => self.booked.countered,
            DisputeFeeKind::Compliance => self.booked.compliance,
        };
        Money::new(fee, self.settlement_currency())
    }

    /// What the processor takes of each kind, as the rules said when the dispute was opened. Nothing where they do not know, or know
    /// it in another currency than the one in which the charge is booked: then nothing is booked, and the host settles it with its processor.
    pub fn fee_terms(&self, kind: DisputeFeeKind) -> Option<Money> {
        self.terms.of(kind).map(|fee| Money::new(fee, self.settlement_currency()))
    }

    /// At which rate what is disputed is converted into the currency in which its charge is booked; nothing where that is its own.
    pub const fn conversion(&self) -> Option<Conversion> {
        self.conversion
    }

    /// The currency in which it takes money from the balance, and in which the processor takes its fees.
    pub fn settlement_currency(&self) -> Currency {
        self.conversion.map_or(self.currency, |conversion| conversion.to())
    }

    /// What the part between two totals of it is in that currency.
    pub(crate) fn settled_part(&self, before: i64, after: i64) -> Result<Money, MoneyError> {
        Conversion::part_through(self.conversion, self.currency, (before, after))
    }

    /// Who pays what the processor takes.
    pub const fn fee_payer(&self) -> AccountId {
        self.terms.payer
    }

    /// The next dispute of the same charge, by id.
    pub const fn next(&self) -> Option<DisputeId> {
        self.next
    }

    pub(crate) const fn with_next(mut self, next: Option<DisputeId>) -> Self {
        self.next = next;
        self
    }

    /// What of the disputed money cannot be given back as a refund, in minor units.
    pub(crate) const fn blocked(&self) -> i64 {
        match self.state {
            DisputeState::WarningNeedsResponse(_)
            | DisputeState::WarningUnderReview(_)
            | DisputeState::WarningClosed(_)
            | DisputeState::Won(_) => 0,
            DisputeState::NeedsResponse(_)
            | DisputeState::UnderReview(_)
            | DisputeState::AppealNeedsResponse(_)
            | DisputeState::AppealUnderReview(_) => self.amount,
            // A part that came back belongs to the seller, who may give it to the payer.
            DisputeState::Lost(_) | DisputeState::Prevented(_) => self.amount.saturating_sub(self.back),
        }
    }

    /// When something will happen to it by itself.
    pub const fn due(&self) -> Option<Timestamp> {
        self.state.due()
    }

    /// Whether it was answered, and the world has not decided.
    pub(crate) const fn awaits_answer(&self) -> bool {
        match self.state {
            DisputeState::WarningUnderReview(_) | DisputeState::UnderReview(_) | DisputeState::AppealUnderReview(_) => {
                true
            }
            DisputeState::WarningNeedsResponse(_)
            | DisputeState::WarningClosed(_)
            | DisputeState::NeedsResponse(_)
            | DisputeState::AppealNeedsResponse(_)
            | DisputeState::Won(_)
            | DisputeState::Lost(_)
            | DisputeState::Prevented(_) => false,
        }
    }

    /// Whether it is, or was, more than an inquiry.
    pub(crate) const fn is_filed(&self) -> bool {
        match self.status() {
            DisputeStatus::WarningNeedsResponse | DisputeStatus::WarningUnderReview | DisputeStatus::WarningClosed => {
                false
            }
            DisputeStatus::AppealNeedsResponse
            | DisputeStatus::AppealUnderReview
            | DisputeStatus::Lost
            | DisputeStatus::NeedsResponse
            | DisputeStatus::Prevented
            | DisputeStatus::UnderReview
            | DisputeStatus::Won => true,
        }
    }

    pub(crate) const fn is_closed(&self) -> bool {
        self.state.is_closed()
    }

    /// Whether this is the dispute that a fact opens.
    pub(crate) fn is_opened_by(&self, charge: ChargeId, fact: &DisputeOpened) -> bool {
        self.charge == charge
            && self.amount() == fact.amount
            && (self.reason, self.case, self.network) == (fact.reason, fact.case, fact.network)
            && (self.respond_by, self.settled) == (fact.respond_by, fact.settled)
    }

    /// The dispute as it stands by `now`.
    pub(crate) fn seen_at(mut self, now: Timestamp) -> Self {
        let respond_by = self.respond_by.filter(|_| !self.is_final);
        let start = DisputeState::opened(self.opened, self.case, respond_by, self.closes_at);
        let Standing { state, back, won } = self.course.standing((self.opened, start), self.amount, now);
        (self.state, self.back, self.won) = (state, back, won);
        self
    }

    /// The dispute, opened at an earlier time than was known, under the terms of then; nothing where that is no news.
    pub(crate) fn opened_earlier(
        &self,
        (at, closes_at): (Timestamp, Timestamp),
        terms: FeeTerms,
        now: Timestamp,
    ) -> Option<Self> {
        (at < self.opened).then(|| Self { opened: at, closes_at, terms, ..self.clone() }.seen_at(now))
    }

    /// The dispute after the world told something; nothing where that was known.
    pub(crate) fn changed(
        &self,
        at: Timestamp,
        change: DisputeChange,
        now: Timestamp,
    ) -> Result<Option<Self>, Contradiction> {
        let is_inquirys = matches!(change, DisputeChange::Escalated { .. } | DisputeChange::InquiryClosed);
        if is_inquirys && self.case != DisputeCase::Inquiry {
            return Err(Contradiction::NotAnInquiry);
        }
        if self.is_final && matches!(change, DisputeChange::Appealed { .. }) {
            return Err(Contradiction::Final);
        }
        if let DisputeChange::PartlyWon { amount } = change
            && (amount.currency() != self.currency || !amount.is_positive() || amount.minor() >= self.amount)
        {
            return Err(Contradiction::Amount);
        }
        let mut next = self.clone();
        next.course.hear(at, change);
        if next.course == self.course {
            return Ok(None);
        }
        let next = next.seen_at(now);
        let is_filing = matches!(change, DisputeChange::Escalated { .. } | DisputeChange::FundsWithdrawn);
        if is_filing && matches!(next.state, DisputeState::WarningClosed(_)) {
            return Err(Contradiction::Closed);
        }
        Ok(Some(next))
    }

    /// The dispute after the whole charge was given back; nothing where that changes nothing.
    // RULE: a full refund closes an inquiry (docs.stripe.com/disputes/how-disputes-work, 2026).
    // INVARIANT: it is noted of every inquiry, whether or not it has been closed by now: what closed it may be told before or after.
    pub(crate) fn refunded(&self, now: Timestamp) -> Option<Self> {
        if self.case != DisputeCase::Inquiry || self.course.refunded.is_some() {
            return None;
        }
        let mut next = self.clone();
        next.course.refunded = Some(now);
        Some(next.seen_at(now))
    }

    /// The dispute after evidence was handed in.
    pub(crate) fn submit(&self, command: &SubmitEvidence, now: Timestamp) -> Result<Self, DisputeError> {
        if self.is_final {
            return Err(DisputeError::Final(self.id));
        }
        let mut next = self.clone();
        let (evidence, automated) = (command.evidence.as_str().into(), command.automated);
        let submission = Some(Submission { at: now, evidence, automated });
        match self.state {
            DisputeState::WarningNeedsResponse(_) => next.course.inquiry_answer = submission,
            DisputeState::NeedsResponse(_) => next.course.countered = submission,
            DisputeState::AppealNeedsResponse(_) => next.course.appeal_countered = submission,
            DisputeState::WarningUnderReview(_)
            | DisputeState::WarningClosed(_)
            | DisputeState::UnderReview(_)
            | DisputeState::AppealUnderReview(_)
            | DisputeState::Won(_)
            | DisputeState::Lost(_)
            | DisputeState::Prevented(_) => {
                return Err(DisputeError::NotOpenForEvidence { dispute: self.id, status: self.status() });
            }
        }
        // RULE: the fee of a compliance case is acknowledged before evidence is submitted (API reference,
        // docs.stripe.com/api/disputes/object, 2026).
        if self.case == DisputeCase::Compliance && !command.fee_acknowledged {
            return Err(DisputeError::FeeNotAcknowledged(self.id));
        }
        next.course.fee_acknowledged |= command.fee_acknowledged;
        Ok(next.seen_at(now))
    }

    /// The dispute after it was given in to, which cannot be taken back.
    pub(crate) fn accept(&self, now: Timestamp) -> Result<Self, DisputeError> {
        if self.is_final {
            return Err(DisputeError::Final(self.id));
        }
        match self.state {
            DisputeState::NeedsResponse(_) | DisputeState::AppealNeedsResponse(_) => {}
            DisputeState::WarningNeedsResponse(_)
            | DisputeState::WarningUnderReview(_)
            | DisputeState::WarningClosed(_)
            | DisputeState::UnderReview(_)
            | DisputeState::AppealUnderReview(_)
            | DisputeState::Won(_)
            | DisputeState::Lost(_)
            | DisputeState::Prevented(_) => {
                return Err(DisputeError::NotOpenToAccept { dispute: self.id, status: self.status() });
            }
        }
        let mut next = self.clone();
        next.course.accept(now);
        Ok(next.seen_at(now))
    }

    pub(crate) const fn booked(&self) -> Position {
        self.booked
    }

    pub(crate) const fn with_booked(mut self, booked: Position) -> Self {
        self.booked = booked;
        self
    }

    /// Where the money has to be; `returns` says which fees come back on a win.
    // INVARIANT: it follows from what happened alone, and never from the order in which that was told. At most one withdrawal is
    // open; after a win it sums to the fees that are kept, after a loss to the amount and those. An inquiry has none.
    pub(crate) fn position(&self, returns: impl Fn(DisputeFeeKind, Timestamp) -> bool) -> Position {
        let withdrawn = self.course.withdrawn.is_some() && self.state.is_filed();
        let taken = if withdrawn { self.amount.saturating_sub(self.back) } else { 0 };
        let is_over = matches!(self.state, DisputeState::Lost(_) | DisputeState::Prevented(_));
        let fee = |kind, is_due: bool| {
            let is_back = self.won.is_some_and(|won| returns(kind, won));
            if is_due && !is_back { self.terms.of(kind).unwrap_or(0) } else { 0 }
        };
        // RULE: taken with the money; not for inquiries, nor for what was settled before it was filed
        // (docs.stripe.com/disputes/how-disputes-work, 2026; of the latter it is our own reading).
        let received = withdrawn && !matches!(self.state, DisputeState::Prevented(_));
        // RULE: taken when evidence is submitted, unless the processor's own service does it
        // (support.stripe.com/questions/june-2025-pricing-updates-for-disputes, 2025).
        let countered = self.course.countered.as_ref().is_some_and(|submission| !submission.automated);
        Position {
            withdrawn: withdrawn || self.booked.withdrawn,
            taken,
            with_payer: if is_over { taken } else { 0 },
            received: fee(DisputeFeeKind::Received, received),
            countered: fee(DisputeFeeKind::Countered, countered),
            compliance: fee(DisputeFeeKind::Compliance, self.course.fee_acknowledged && self.is_compliance()),
        }
    }

    /// Where the money is once it was withdrawn and nothing else has happened.
    pub(crate) fn just_withdrawn(&self) -> Position {
        let received = self.terms.received.unwrap_or(0);
        Position { withdrawn: true, taken: self.amount, with_payer: 0, received, ..self.booked }
    }

    const fn is_compliance(&self) -> bool {
        matches!(self.case, DisputeCase::Compliance)
    }
}
