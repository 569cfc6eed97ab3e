use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use super::{
    CardRefund, NewRefund, PaymentError, PaymentInstruction, PendingReason, RefundFailure, RefundReason, RefundStatus,
};
use crate::calendar::Timestamp;
use crate::ids::{ApplicationFeeRefundId, ChargeId, RefundId, TransferReversalId};
use crate::money::{Currency, Money};
use crate::routing::{Conversion, Converted};

/// A fact: a refund that was under way has reached the payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundSucceeded {
    /// The refund.
    pub refund: RefundId,
}

/// A fact: the world works on a refund. The payer has said where the money goes, or a card's bank takes its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundUnderWay {
    /// The refund.
    pub refund: RefundId,
}

/// A fact: it is known how a refund to a card shows on the payer's statement. It moves no money, and does not say that the refund has
/// reached the payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundTraced {
    /// The refund.
    pub refund: RefundId,
    /// How it shows.
    pub shows_as: CardRefund,
}

/// A fact: a refund did not reach the payer, or came back after it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundFailed {
    /// The refund.
    pub refund: RefundId,
    /// Why.
    pub reason: RefundFailure,
}

/// A fact: somebody has called a refund off outside, as the dashboard lets for some cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundCanceled {
    /// The refund.
    pub refund: RefundId,
}

/// Who called a refund off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanceledBy {
    /// It was called off here, or the payer did not answer in time.
    Platform,
    /// A reader did not give it: as far as is known nothing was given back.
    Reader,
    /// It was called off outside.
    World,
}

/// How far a refund has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefundState {
    /// It waits for the balance to cover it: nothing is booked yet, and the world was not asked.
    Waiting {
        /// When it is given up.
        until: Timestamp,
    },
    /// A reader waits for the payer's card: nothing is booked yet.
    AwaitingCard,
    /// The payer has to say where the money goes. The balance is debited.
    RequiresAction {
        /// When it is given up.
        until: Timestamp,
    },
    /// On its way: methods other than cards take days. The balance is debited.
    Pending {
        /// Whether the payment that it gives back had not settled when the balance was debited.
        unsettled: bool,
    },
    /// Given back, as far as is known.
    Succeeded {
        /// When.
        at: Timestamp,
    },
    /// It did not reach the payer, or came back: the money is with the balance that was debited.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        reason: RefundFailure,
    },
    /// Called off: the money is with the balance that was debited.
    Canceled {
        /// When.
        at: Timestamp,
        /// By whom.
        by: CanceledBy,
    },
}

/// Which shares of a payment a refund takes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Takes {
    /// The recipient's transfer, in proportion.
    pub(crate) transfer: bool,
    /// The commission, in proportion.
    pub(crate) commission: bool,
}

/// What a fact about a refund comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It changes nothing.
    Known,
    /// The refund from now on.
    Next(Refund),
    /// The world was never asked for this refund.
    NotAsked,
    /// It was called off here.
    CalledOff,
}

/// What booking a refund has brought forth.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Legs {
    pub(crate) reversal: Option<TransferReversalId>,
    /// How many there are; those after the first have the ordinals after its.
    pub(crate) reversals: u16,
    pub(crate) fee_refund: Option<ApplicationFeeRefundId>,
    /// What the processor gave back of its fee, in minor units of the currency in which the charge is booked.
    pub(crate) processor_fee: i64,
    /// What the balance was debited, where that is another currency.
    pub(crate) debited: Option<Converted>,
}

/// Money given back to a payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    id: RefundId,
    charge: u16,
    amount: i64,
    currency: Currency,
    created: Timestamp,
    state: RefundState,
    takes: Takes,
    reason: Option<RefundReason>,
    booked_at: Option<Timestamp>,
    /// Whether it shows as under way until the world says that it is done.
    takes_time: bool,
    confirmed_at: Option<Timestamp>,
    // An ordinal is zero only for whatever heads the family.
    reversal: Option<NonZeroU16>,
    fee_refund: Option<NonZeroU16>,
    processor_fee: i64,
    /// Whether a reader gives it.
    in_person: bool,
    shows_as: Option<CardRefund>,
    rare: Option<Box<Rare>>,
}

/// What few refunds have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rare {
    /// Which one waits behind it.
    next: Option<RefundId>,
    /// What the balance was debited, where that is another currency.
    debited: Option<Converted>,
    /// How many more shares it pulled back than the one that it names.
    further: u16,
}

impl Refund {
    /// A refund as it was asked for, which waits for money until then unless that is there.
    pub(crate) fn asked(
        (id, charge): (RefundId, ChargeId),
        amount: Money,
        command: &NewRefund,
        takes: Takes,
        (created, until): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            id,
            charge: charge.ordinal(),
            amount: amount.minor(),
            currency: amount.currency(),
            created,
            state: RefundState::Waiting { until },
            takes,
            reason: command.reason,
            booked_at: None,
            takes_time: false,
            confirmed_at: None,
            reversal: None,
            fee_refund: None,
            processor_fee: 0,
            in_person: false,
            shows_as: None,
            rare: None,
        }
    }

    /// The same refund, given at a reader.
    pub(crate) fn at_reader(self) -> Self {
        Self { state: RefundState::AwaitingCard, in_person: true, ..self }
    }

    /// Whether a reader gives it.
    pub const fn is_in_person(&self) -> bool {
        self.in_person
    }

    /// Whether it is a reader's to give and nothing is booked: the world may still tell that it was given.
    pub(crate) const fn is_with_reader(&self) -> bool {
        self.in_person && self.booked_at.is_none()
    }

    /// The refund after a reader told that it did not give it; nothing where that is known, or where the world has told otherwise.
    // INVARIANT: of several reports the earliest is kept, and what the world tells of the refund itself holds over all of them.
    pub(crate) fn let_go(&self, at: Timestamp) -> Option<Self> {
        let at = at.max(self.created);
        match self.state {
            RefundState::Canceled { by: CanceledBy::Reader, at: known } if known <= at => None,
            RefundState::AwaitingCard | RefundState::Canceled { by: CanceledBy::Reader, .. } => {
                Some(Self { state: RefundState::Canceled { at, by: CanceledBy::Reader }, ..self.clone() })
            }
            RefundState::Waiting { .. }
            | RefundState::RequiresAction { .. }
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. }
            | RefundState::Canceled { .. } => None,
        }
    }

    /// The refund once its money has left the balance. One that shows as given back at once does so from then on.
    pub(crate) fn booked(self, state: RefundState, now: Timestamp, legs: Legs) -> Self {
        Self {
            state,
            booked_at: Some(now),
            takes_time: !matches!(state, RefundState::Succeeded { .. }),
            reversal: legs.reversal.and_then(|id| NonZeroU16::new(id.ordinal())),
            fee_refund: legs.fee_refund.and_then(|id| NonZeroU16::new(id.ordinal())),
            processor_fee: legs.processor_fee,
            rare: None,
            ..self
        }
        .with_legs(legs)
    }

    fn with_legs(self, legs: Legs) -> Self {
        let further = legs.reversals.saturating_sub(1);
        if legs.debited.is_none() && further == 0 {
            return self;
        }
        Self { rare: Some(Box::new(Rare { next: None, debited: legs.debited, further })), ..self }
    }

    /// Its id.
    pub const fn id(&self) -> RefundId {
        self.id
    }

    /// The charge that it gives back.
    pub const fn charge(&self) -> ChargeId {
        ChargeId::of(self.id.family(), self.charge)
    }

    /// How much.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// What the balance was debited, in the currency in which the charge is booked: the amount, unless it was converted, which it is at the
    /// rate of the day; until then nothing is known of it but the amount.
    pub fn amount_debited(&self) -> Money {
        self.debited().map_or(self.amount(), Converted::amount)
    }

    /// At which rate what was debited is what the payer gets; nothing where nothing was converted, or not yet.
    pub fn conversion(&self) -> Option<Conversion> {
        self.debited().map(Converted::by)
    }

    fn debited(&self) -> Option<&Converted> {
        self.rare.as_deref()?.debited.as_ref()
    }

    // INVARIANT: what is as usual leaves no trace, so that refunds that went different ways to the same end are equal.
    fn with_rare(mut self, change: impl FnOnce(&mut Rare)) -> Self {
        let rare = self.rare.get_or_insert_default();
        change(rare);
        if **rare == Rare::default() {
            self.rare = None;
        }
        self
    }

    /// When it was asked for.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// Why, if somebody said so.
    pub const fn reason(&self) -> Option<RefundReason> {
        self.reason
    }

    /// When the balance was debited, and the world asked; nothing while it waits for money, or where that never came.
    pub const fn booked_at(&self) -> Option<Timestamp> {
        self.booked_at
    }

    /// How far it has got.
    pub const fn state(&self) -> &RefundState {
        &self.state
    }

    /// The name of its state.
    pub const fn status(&self) -> RefundStatus {
        match self.state {
            RefundState::Waiting { .. } | RefundState::AwaitingCard | RefundState::Pending { .. } => {
                RefundStatus::Pending
            }
            RefundState::RequiresAction { .. } => RefundStatus::RequiresAction,
            RefundState::Succeeded { .. } => RefundStatus::Succeeded,
            RefundState::Failed { .. } => RefundStatus::Failed,
            RefundState::Canceled { .. } => RefundStatus::Canceled,
        }
    }

    /// Why it is pending, if it is.
    pub const fn pending_reason(&self) -> Option<PendingReason> {
        match self.state {
            RefundState::Waiting { .. } => Some(PendingReason::InsufficientFunds),
            RefundState::Pending { unsettled: true } => Some(PendingReason::ChargePending),
            RefundState::AwaitingCard | RefundState::Pending { unsettled: false } => Some(PendingReason::Processing),
            RefundState::RequiresAction { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. }
            | RefundState::Canceled { .. } => None,
        }
    }

    /// Why it failed, if it has.
    pub const fn failure_reason(&self) -> Option<RefundFailure> {
        match self.state {
            RefundState::Failed { reason, .. } => Some(reason),
            RefundState::Waiting { .. }
            | RefundState::AwaitingCard
            | RefundState::RequiresAction { .. }
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Canceled { .. } => None,
        }
    }

    /// When the world said that it gave the money back; nothing while that is not known, whatever the state shows.
    pub const fn confirmed_at(&self) -> Option<Timestamp> {
        self.confirmed_at
    }

    /// How it shows on the payer's statement, where it went to a card and the world has told; a reversal may never show there.
    pub const fn shows_as(&self) -> Option<CardRefund> {
        self.shows_as
    }

    /// The recipient's share that was pulled back for it, or the first of several recipients'. It stays pulled back when the refund fails.
    pub fn transfer_reversal(&self) -> Option<TransferReversalId> {
        self.reversal.map(|ordinal| TransferReversalId::of(self.id.family(), ordinal.get()))
    }

    /// Every share that was pulled back for it: of a payment with a plan there may be several.
    pub fn transfer_reversals(&self) -> impl Iterator<Item = TransferReversalId> + '_ {
        let further = self.rare.as_deref().map_or(0, |rare| rare.further);
        let of = move |first: NonZeroU16| first.get()..=first.get().saturating_add(further);
        self.reversal.into_iter().flat_map(of).map(|ordinal| TransferReversalId::of(self.id.family(), ordinal))
    }

    /// The commission that was returned for it. It stays returned when the refund fails.
    pub fn application_fee_refund(&self) -> Option<ApplicationFeeRefundId> {
        self.fee_refund.map(|ordinal| ApplicationFeeRefundId::of(self.id.family(), ordinal.get()))
    }

    /// What the processor gave back of its fee, where the rulebook has it do so, and takes again when the refund fails.
    pub fn processor_fee_returned(&self) -> Money {
        Money::new(self.processor_fee, self.amount_debited().currency())
    }

    /// The refund that waits for the same money after it.
    pub fn next_waiting(&self) -> Option<RefundId> {
        self.rare.as_deref()?.next
    }

    /// When something will happen to it by itself: it is given up.
    pub const fn due(&self) -> Option<Timestamp> {
        match self.state {
            RefundState::Waiting { until } | RefundState::RequiresAction { until } => Some(until),
            RefundState::AwaitingCard
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. }
            | RefundState::Canceled { .. } => None,
        }
    }

    /// Whether it waits for money.
    pub const fn is_waiting(&self) -> bool {
        matches!(self.state, RefundState::Waiting { .. })
    }

    /// Whether it came to nothing.
    pub const fn is_over(&self) -> bool {
        matches!(self.state, RefundState::Failed { .. } | RefundState::Canceled { .. })
    }

    /// Whether the world was asked and has not answered. One that a reader gives was asked of the reader.
    pub const fn is_outstanding(&self) -> bool {
        let is_asked = self.booked_at.is_some() || self.in_person;
        is_asked && self.confirmed_at.is_none() && !self.is_over()
    }

    /// What the world is asked for with a refund. What a reader gives is asked of the reader, and of the world once that has let go.
    pub(crate) const fn to_ask(&self) -> PaymentInstruction {
        let (refund, charge, amount) = (self.id, self.charge(), self.amount());
        if self.in_person {
            PaymentInstruction::RetrieveRefund { refund }
        } else {
            PaymentInstruction::Refund { refund, charge, amount }
        }
    }

    pub(crate) const fn takes(&self) -> Takes {
        self.takes
    }

    /// The same refund, out of its queue.
    // INVARIANT: what has left a queue names no other, so that no damaged queue goes round for ever.
    pub(crate) fn alone(self) -> Self {
        self.with_rare(|rare| rare.next = None)
    }

    /// The same refund, followed by another one.
    pub(crate) fn followed_by(&self, next: RefundId) -> Self {
        self.clone().with_rare(|rare| rare.next = Some(next))
    }

    /// The refund after the world said that it reached the payer.
    // INVARIANT: of several reports the earliest is kept, so that the order of delivery is no matter; and what failed stays failed.
    pub(crate) fn succeed(&self, at: Timestamp) -> Heard {
        let Some(booked) = self.booked_at else { return Heard::NotAsked };
        if let RefundState::Canceled { by: CanceledBy::Platform, .. } = self.state {
            return Heard::CalledOff;
        }
        // Nothing was given back before it was asked for.
        let at = at.max(booked);
        if self.confirmed_at.is_some_and(|known| known <= at) {
            return Heard::Known;
        }
        Heard::Next(Self { confirmed_at: Some(at), ..self.clone() }.told(booked))
    }

    /// The refund after the world said that it works on it.
    pub(crate) fn under_way(&self) -> Heard {
        let Some(booked) = self.booked_at else { return Heard::NotAsked };
        let needs_action = matches!(self.state, RefundState::RequiresAction { .. });
        if self.takes_time && !needs_action {
            return Heard::Known;
        }
        Heard::Next(Self { takes_time: true, ..self.clone() }.told(booked))
    }

    /// The refund after it was told how it shows on the payer's statement.
    // INVARIANT: of contradicting reports the reversal holds, so that the order of delivery is no matter.
    pub(crate) fn traced(&self, shows_as: CardRefund) -> Heard {
        if self.booked_at.is_none() && !self.in_person {
            return Heard::NotAsked;
        }
        let shows_as = Some(shows_as);
        if self.shows_as >= shows_as { Heard::Known } else { Heard::Next(Self { shows_as, ..self.clone() }) }
    }

    /// The refund in the state that follows from what the world has told, unless it came to nothing.
    // INVARIANT: it depends on what was told and not on the order.
    fn told(mut self, booked: Timestamp) -> Self {
        self.state = match (self.state, self.confirmed_at) {
            (
                RefundState::Failed { .. }
                | RefundState::Canceled { .. }
                | RefundState::Waiting { .. }
                | RefundState::AwaitingCard,
                _,
            ) => self.state,
            (_, Some(confirmed)) => RefundState::Succeeded { at: if self.takes_time { confirmed } else { booked } },
            (RefundState::Pending { unsettled }, None) => RefundState::Pending { unsettled },
            (RefundState::RequiresAction { .. } | RefundState::Succeeded { .. }, None) => {
                RefundState::Pending { unsettled: false }
            }
        };
        self
    }

    /// The refund after it was told that it did not reach the payer, or came back.
    // RULE: a refund may fail after it had succeeded: a bank sends the money back within thirty days (docs.stripe.com/refunds, 2024).
    // INVARIANT: of several failures the earliest is kept, failure holds over cancellation, and both over success, so that the
    // order of delivery is no matter.
    pub(crate) fn fail(&self, at: Timestamp, reason: RefundFailure) -> Heard {
        let at = at.max(self.booked_at.unwrap_or(self.created));
        match self.state {
            RefundState::Failed { at: known, reason: why } if (known, why) <= (at, reason) => Heard::Known,
            RefundState::Canceled { by: CanceledBy::Platform, .. } => Heard::Known,
            RefundState::Waiting { .. }
            | RefundState::AwaitingCard
            | RefundState::RequiresAction { .. }
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. }
            | RefundState::Canceled { by: CanceledBy::Reader | CanceledBy::World, .. } => {
                Heard::Next(Self { state: RefundState::Failed { at, reason }, ..self.clone() })
            }
        }
    }

    /// The refund after it was called off outside.
    pub(crate) fn called_off(&self, at: Timestamp) -> Heard {
        let at = at.max(self.booked_at.unwrap_or(self.created));
        match self.state {
            RefundState::Canceled { by: CanceledBy::World, at: known } if known <= at => Heard::Known,
            RefundState::Failed { .. } | RefundState::Canceled { by: CanceledBy::Platform, .. } => Heard::Known,
            RefundState::Waiting { .. }
            | RefundState::AwaitingCard
            | RefundState::RequiresAction { .. }
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Canceled { by: CanceledBy::Reader | CanceledBy::World, .. } => {
                let by = CanceledBy::World;
                Heard::Next(Self { state: RefundState::Canceled { at, by }, ..self.clone() })
            }
        }
    }

    /// The refund after it was called off here.
    // RULE: only while the payer has to act (docs.stripe.com/api/refunds/cancel, 2026).
    pub(crate) fn cancel(&self, at: Timestamp) -> Result<Self, PaymentError> {
        match self.state {
            RefundState::RequiresAction { .. } => Ok(self.clone().canceled(at)),
            RefundState::Waiting { .. }
            | RefundState::AwaitingCard
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. }
            | RefundState::Canceled { .. } => {
                Err(PaymentError::RefundNotCancelable { refund: self.id, status: self.status() })
            }
        }
    }

    /// The refund after its time is over; nothing where it has all the time there is.
    // RULE: a payer who does not say in time where the money goes lets the refund be canceled
    // (docs.stripe.com/payments/customer-balance/refunding, 2026); one whose money does not come in time fails
    // (docs.stripe.com/refunds, 2024).
    pub(crate) fn run_out(&self, at: Timestamp) -> Option<Self> {
        match self.state {
            RefundState::Waiting { until } if until == at => {
                let reason = RefundFailure::InsufficientFunds;
                Some(Self { state: RefundState::Failed { at, reason }, ..self.clone() })
            }
            RefundState::RequiresAction { until } if until == at => Some(self.clone().canceled(at)),
            RefundState::Waiting { .. }
            | RefundState::AwaitingCard
            | RefundState::RequiresAction { .. }
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. }
            | RefundState::Canceled { .. } => None,
        }
    }

    fn canceled(self, at: Timestamp) -> Self {
        Self { state: RefundState::Canceled { at, by: CanceledBy::Platform }, ..self }
    }
}
