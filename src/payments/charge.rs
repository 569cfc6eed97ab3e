mod held;
mod in_person;
mod over;
mod reversal;
mod settlement;
mod split;
mod told;

pub use reversal::PaymentReversal;
pub(crate) use settlement::ChargeExchange;
pub use split::ChargeSplit;

use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use super::{
    Asked, Authorization, ChargeFailure, PayerStep, PaymentAction, PaymentCard, PaymentError, PaymentInstruction,
    PaymentIntent, PaymentStatus, Raise, Takes,
};
use crate::calendar::{Delay, Timestamp};
use crate::ids::{AccountId, ApplicationFeeId, ChargeId, DisputeId, EarlyFraudWarningId, PaymentId, TransferId};
use crate::money::{Currency, Money, wide};
use crate::routing::{Commission, Proportion};
use crate::rulebook::PaymentMethod;

/// A charge whose money was taken, all of it or a part: what became of it since. All amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    at: Timestamp,
    available_on: Timestamp,
    refunded: i64,
    transferred: i64,
    transfer: Option<u16>,
    application_fee: Option<u16>,
}

/// What is known of few charges only: most are captured at once, never refunded, and nobody contests them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rare {
    /// What refunds have taken back of the transfer.
    pulled_back: Proportion,
    /// What refunds have taken back of the commission.
    fee_returned: Proportion,
    authorization: Option<Authorization>,
    waited_for: bool,
    /// Whether the host called it off while it was under way.
    called_off: bool,
    /// The refunds with which the processor gave back of its fee, and what, in minor units.
    refunded_with_fee: i64,
    processor_fee: i64,
    contest: Option<Contest>,
    /// Of what was taken at once; of what was authorized, the authorization knows it.
    card: Option<PaymentCard>,
    /// What the processor took because it failed, in minor units.
    failure_fee: i64,
    /// What of it is on the balance as on its way, in minor units.
    submitted: i64,
    reversal: Option<PaymentReversal>,
    /// The refund that a reader was asked for last, until it is known what became of it.
    at_reader: Option<NonZeroU16>,
    exchange: Option<ChargeExchange>,
    hold: Option<NonZeroU16>,
    /// What the plan of its payment has come to.
    split: Option<Box<ChargeSplit>>,
    commission: Option<Box<Commission>>,
    pricing: Option<crate::ids::PricingRulesId>,
    /// Whether the provider has told what was sent of it.
    told: bool,
}

/// Who contests a charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contest {
    /// The first of its disputes, each of which names the next, by id.
    pub(crate) first: Option<DisputeId>,
    /// What disputes keep from being given back as refunds, in minor units.
    #[serde(with = "wide")]
    pub(crate) disputed: i128,
    /// What disputes have taken from the balance and not given back, in minor units and without fees.
    #[serde(with = "wide")]
    pub(crate) withdrawn: i128,
    /// The first warning that it was fraud, by id.
    pub(crate) warning: Option<EarlyFraudWarningId>,
    /// Whether disputes, or that it was pulled back, were told before its money was taken.
    pub(crate) awaited: bool,
}

impl Captured {
    /// When the money was taken; of several captures, the last.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// When it becomes, or became, available to the account that it is booked on; of several captures, the last to.
    pub const fn available_on(&self) -> Timestamp {
        self.available_on
    }

    /// What went back to the payer, or is about to: refunds that failed do not count.
    pub const fn refunded(&self) -> i64 {
        self.refunded
    }

    /// What was transferred out of it, less what was reversed: in the currency in which it is booked.
    pub const fn transferred(&self) -> i64 {
        self.transferred
    }
}

/// How an attempt ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChargeState {
    /// The world has been asked and has not answered.
    Pending {
        /// How far the payer has got with what is theirs.
        step: PayerStep,
    },
    /// The money is held ready and none of it was taken.
    Authorized,
    /// It was held ready and let go; none of it was taken.
    Released {
        /// When.
        at: Timestamp,
    },
    /// The money was taken, all of it or a part.
    Succeeded(Captured),
    /// Nothing was taken.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        failure: ChargeFailure,
    },
}

/// One attempt to take money from a payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    id: ChargeId,
    owner: AccountId,
    amount: i64,
    currency: Currency,
    method: PaymentMethod,
    created: Timestamp,
    processor_fee: i64,
    delay: Delay,
    state: ChargeState,
    rare: Option<Box<Rare>>,
}

/// Money taken from the payer of a charge, and what went with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) at: Timestamp,
    pub(crate) available_on: Timestamp,
    /// All that was taken by now, in minor units.
    pub(crate) total: i64,
    /// What the processor keeps of it.
    pub(crate) processor_fee: i64,
    pub(crate) transfer: Option<TransferId>,
    /// What of it was sent, less what was reversed.
    pub(crate) transferred: i64,
    pub(crate) application_fee: Option<ApplicationFeeId>,
}

/// What a new attempt is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    pub(crate) id: ChargeId,
    pub(crate) owner: AccountId,
    pub(crate) amount: Money,
    pub(crate) method: PaymentMethod,
    pub(crate) created: Timestamp,
    pub(crate) processor_fee: i64,
    pub(crate) delay: Delay,
    pub(crate) exchange: ChargeExchange,
}

impl Charge {
    pub(crate) fn new(attempt: Attempt) -> Self {
        let Attempt { id, owner, amount, method, created, processor_fee, delay, exchange } = attempt;
        let (amount, currency) = (amount.minor(), amount.currency());
        Self {
            id,
            owner,
            amount,
            currency,
            method,
            created,
            processor_fee,
            delay,
            state: ChargeState::Pending { step: PayerStep::None },
            rare: None,
        }
        .with_exchange(exchange)
    }

    /// Its id.
    pub const fn id(&self) -> ChargeId {
        self.id
    }

    /// The payment that it tries to collect.
    pub const fn payment(&self) -> PaymentId {
        PaymentId::of(self.id.family(), 0)
    }

    /// The account whose balance it is booked on.
    pub const fn owner(&self) -> AccountId {
        self.owner
    }

    /// What the payer was asked for: what was authorized, or captured if that is more.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// What was taken from the payer (`amount_captured`), zero as long as nothing was.
    pub fn amount_captured(&self) -> Money {
        let taken = || self.authorization().map_or(self.amount, Authorization::taken);
        Money::new(self.captured().map_or(0, |_| taken()), self.currency)
    }

    /// How.
    pub const fn method(&self) -> PaymentMethod {
        self.method
    }

    /// When it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// What the processor keeps of it once it succeeds, in minor units of the currency in which it is booked.
    pub const fn processor_fee(&self) -> i64 {
        self.processor_fee
    }

    /// How long the money stays pending after it was taken.
    pub const fn delay(&self) -> Delay {
        self.delay
    }

    /// How it ended, or that it has not.
    pub const fn state(&self) -> &ChargeState {
        &self.state
    }

    /// What became of the money; nothing unless it was taken.
    pub const fn captured(&self) -> Option<&Captured> {
        match &self.state {
            ChargeState::Succeeded(captured) => Some(captured),
            ChargeState::Pending { .. }
            | ChargeState::Authorized
            | ChargeState::Released { .. }
            | ChargeState::Failed { .. } => None,
        }
    }

    /// What is known of its authorization, where it is captured separately.
    pub fn authorization(&self) -> Option<&Authorization> {
        self.rare.as_deref()?.authorization.as_ref()
    }

    /// Whether more of it can be captured.
    pub fn is_capturable(&self) -> bool {
        self.authorization().is_some_and(Authorization::is_open)
    }

    /// The transfer that went with it, if it is a destination charge that succeeded.
    pub fn transfer(&self) -> Option<TransferId> {
        let ordinal = self.captured()?.transfer?;
        Some(TransferId::of(self.id.family(), ordinal))
    }

    /// The commission taken from it.
    pub fn application_fee(&self) -> Option<ApplicationFeeId> {
        let ordinal = self.captured()?.application_fee?;
        Some(ApplicationFeeId::of(self.id.family(), ordinal))
    }

    /// What can still be given back to the payer: nothing that was given back before, is disputed, or was pulled back.
    // INVARIANT: refunded never exceeds what was captured; `refund` keeps it.
    // RULE: what is disputed, or was lost to a dispute, is not given back a second time; after a win it can be (recorded exchanges,
    // 2023-2025). That what a payer's bank pulled back is not either is our reading.
    pub fn refundable(&self) -> Money {
        let left = i128::from(self.unrefunded()).saturating_sub(self.kept_back()).max(0);
        // INVARIANT: it lies between nothing and what was not refunded.
        Money::new(i64::try_from(left).unwrap_or(0), self.currency)
    }

    /// What was not given back to the payer in refunds, in minor units.
    fn unrefunded(&self) -> i64 {
        self.captured().map_or(0, |captured| self.amount_captured().minor().saturating_sub(captured.refunded))
    }

    /// What disputes keep from being given back as refunds, in minor units: what is in dispute, and what was lost. It may be more than
    /// the charge.
    pub fn disputed(&self) -> i128 {
        self.contest().disputed
    }

    /// The first of its disputes, by id; each names the [next](super::Dispute::next).
    pub fn first_dispute(&self) -> Option<DisputeId> {
        self.contest().first
    }

    /// What the processor took because it failed, as it does of some debits.
    pub fn failure_fee(&self) -> Money {
        Money::new(self.rare.as_deref().map_or(0, |rare| rare.failure_fee), self.settlement_currency())
    }

    pub(crate) fn with_failure_fee(self, failure_fee: i64) -> Self {
        self.with_rare(|rare| rare.failure_fee = failure_fee)
    }

    /// What of it is on the balance as on its way, before the payer's bank has answered: all of it, or nothing. In its own currency.
    pub fn submitted(&self) -> Money {
        Money::new(self.rare.as_deref().map_or(0, |rare| rare.submitted), self.currency)
    }

    pub(crate) fn with_submitted(self, submitted: i64) -> Self {
        self.with_rare(|rare| rare.submitted = submitted)
    }

    pub(crate) fn contest(&self) -> Contest {
        self.rare.as_deref().and_then(|rare| rare.contest).unwrap_or_default()
    }

    pub(crate) fn with_contest(self, contest: Contest) -> Self {
        self.with_rare(|rare| rare.contest = Some(contest).filter(|contest| *contest != Contest::default()))
    }

    // INVARIANT: what is as usual leaves no trace, so that charges that went different ways to the same end are equal.
    fn with_rare(mut self, change: impl FnOnce(&mut Rare)) -> Self {
        let rare = self.rare.get_or_insert_default();
        change(rare);
        if **rare == Rare::default() {
            self.rare = None;
        }
        self
    }

    /// On which date refunds and disputes take their money: that of its first capture.
    // INVARIANT: what was captured first may be paid out already, so that a later capture does not make it pending again; and the date
    // stays, so that what comes back comes back to where it was taken from.
    pub(crate) fn first_date(&self) -> Option<Timestamp> {
        let first = self.authorization().and_then(Authorization::first_date);
        first.or(self.captured().map(Captured::available_on))
    }

    /// Whether all of it was given back in refunds, and nothing more can be captured.
    pub(crate) fn is_refunded(&self) -> bool {
        self.captured().is_some() && self.unrefunded() == 0 && !self.is_capturable()
    }

    /// How far the payer has got with what is theirs; nothing once the attempt has ended.
    pub(crate) const fn step(&self) -> Option<PayerStep> {
        match self.state {
            ChargeState::Pending { step } => Some(step),
            ChargeState::Authorized
            | ChargeState::Released { .. }
            | ChargeState::Succeeded(_)
            | ChargeState::Failed { .. } => None,
        }
    }

    /// The charge whose payer has got that far; nothing where that is no news.
    // INVARIANT: steps are taken in one direction, whatever is told first.
    pub(crate) fn at_step(&self, step: PayerStep) -> Option<Self> {
        self.step().filter(|known| *known < step)?;
        Some(Self { state: ChargeState::Pending { step }, ..self.clone() })
    }

    /// Whether the world has been asked something about it and has not answered.
    pub(crate) fn awaits_answer(&self) -> bool {
        let is_open = match self.step() {
            Some(PayerStep::None | PayerStep::Confirmed) => true,
            // Now it is the payer's turn; one who stood at a reader has left it.
            Some(PayerStep::Required) => self.method.is_in_person(),
            // Now it is the host's.
            Some(PayerStep::Done) | None => false,
        };
        is_open || self.asked().is_some()
    }

    /// What the world is asked for with an attempt. What a reader attempts is asked of the reader, and of the world once that has let go.
    pub(crate) fn to_ask(&self, payment: &PaymentIntent) -> PaymentInstruction {
        let (charge, amount, method) = (self.id, self.amount(), self.method);
        if self.step() == Some(PayerStep::Confirmed) {
            return PaymentInstruction::Confirm { charge };
        }
        if method.is_in_person() {
            return PaymentInstruction::Retrieve { charge };
        }
        let token = payment.token().map(Into::into);
        match payment.captured_later() {
            None => PaymentInstruction::Charge { charge, amount, method, token },
            Some(how) => PaymentInstruction::Authorize { charge, amount, method, token, how },
        }
    }

    /// What the world has been asked about its authorization and has not answered.
    pub(crate) fn asked(&self) -> Option<PaymentInstruction> {
        let (charge, currency) = (self.id, self.currency);
        let instruction = match *self.authorization()?.asked()? {
            Asked::Capture { capture, amount, is_final } => {
                PaymentInstruction::Capture { charge, capture, amount: Money::new(amount, currency), is_final }
            }
            Asked::Increment(Raise { attempt, amount, .. }) => {
                PaymentInstruction::IncrementAuthorization { charge, attempt, amount: Money::new(amount, currency) }
            }
        };
        Some(instruction)
    }

    /// Whether facts are parked that wait for more to be known of its authorization.
    pub fn is_waited_for(&self) -> bool {
        self.rare.as_deref().is_some_and(|rare| rare.waited_for)
    }

    /// The charge with facts parked that wait for it, or none any more.
    pub(crate) fn waited_for(&self, waited_for: bool) -> Self {
        self.clone().with_rare(|rare| rare.waited_for = waited_for)
    }

    fn refuse(&self, action: PaymentAction) -> PaymentError {
        PaymentError::UnexpectedState { payment: self.payment(), status: self.status(), action }
    }

    /// The state's name, in the words of payments.
    const fn status(&self) -> PaymentStatus {
        match self.state {
            ChargeState::Pending { .. } => PaymentStatus::Processing,
            ChargeState::Authorized => PaymentStatus::RequiresCapture,
            ChargeState::Released { .. } => PaymentStatus::Canceled,
            ChargeState::Succeeded(_) => PaymentStatus::Succeeded,
            ChargeState::Failed { .. } => PaymentStatus::RequiresPaymentMethod,
        }
    }

    /// The charge after money of it was taken: the first, or more of it.
    // INVARIANT: what was taken, its date and what was sent of it never become less, whatever comes later.
    pub(crate) fn take(mut self, taken: Taken) -> Result<Self, PaymentError> {
        let refunded = match self.state {
            // A failure that was reported first does not undo that the money was taken.
            ChargeState::Pending { .. } | ChargeState::Authorized | ChargeState::Failed { .. } => 0,
            ChargeState::Succeeded(before) if self.authorization().is_some() => before.refunded,
            ChargeState::Succeeded(_) | ChargeState::Released { .. } => {
                return Err(self.refuse(PaymentAction::Succeed));
            }
        };
        let captured = Captured {
            at: taken.at,
            available_on: taken.available_on,
            refunded,
            transferred: taken.transferred,
            transfer: taken.transfer.map(TransferId::ordinal),
            application_fee: taken.application_fee.map(ApplicationFeeId::ordinal),
        };
        self.amount = self.amount.max(taken.total);
        self.processor_fee = taken.processor_fee;
        self.state = ChargeState::Succeeded(captured);
        Ok(self)
    }

    /// The charge after the payer's bank held its amount ready.
    pub(crate) fn authorize(mut self, authorization: Authorization) -> Result<Self, PaymentError> {
        match self.state {
            // A failure that was reported first does not undo that it was authorized.
            ChargeState::Pending { .. } | ChargeState::Failed { .. } => {
                self.state = ChargeState::Authorized;
                Ok(self.with_authorization(authorization))
            }
            ChargeState::Authorized | ChargeState::Released { .. } | ChargeState::Succeeded(_) => {
                Err(self.refuse(PaymentAction::Authorize))
            }
        }
    }

    /// The charge with another amount authorized, or something else known about that.
    pub(crate) fn with_authorization(mut self, authorization: Authorization) -> Self {
        self.amount = self.amount.max(authorization.amount());
        self.rare.get_or_insert_default().authorization = Some(authorization);
        self
    }

    /// Whether transfers and commissions were taken back otherwise than with refunds, of which `reversed` and `returned` minor units
    /// were.
    pub(crate) fn is_split_by_hand(&self, reversed: i64, returned: i64) -> bool {
        let rare = self.rare.as_deref().cloned().unwrap_or_default();
        (rare.pulled_back.given(), rare.fee_returned.given()) != (reversed, returned)
    }

    /// The charge with `amount` minor units given back to the payer.
    // RULE: partial refunds may add up to the captured amount, not more (docs.stripe.com/refunds, 2024).
    pub(crate) fn refund(&self, amount: i64) -> Result<Self, PaymentError> {
        let ChargeState::Succeeded(mut captured) = self.state else {
            return Err(self.refuse(PaymentAction::Refund));
        };
        let refundable = self.refundable();
        if amount > refundable.minor() {
            return Err(self.too_large(Money::new(amount, self.currency)));
        }
        captured.refunded = captured.refunded.saturating_add(amount);
        Ok(Self { state: ChargeState::Succeeded(captured), ..self.clone() })
    }

    /// Why `asked` cannot be given back.
    pub(crate) fn too_large(&self, asked: Money) -> PaymentError {
        let (payment, refundable) = (self.payment(), self.refundable());
        if self.disputed() > 0 && self.unrefunded() > 0 && asked.minor() <= self.unrefunded() {
            PaymentError::Disputed { payment, asked, refundable }
        } else if self.reversal().is_some() && self.unrefunded() > 0 && asked.minor() <= self.unrefunded() {
            PaymentError::Reversed { payment, asked, refundable }
        } else {
            PaymentError::RefundTooLarge { payment, asked, refundable }
        }
    }

    /// The charge after a refund of `amount` asked for its share of a transfer of `transferred` minor units, of
    /// which `left` remain; and that share.
    pub(crate) fn pull_back(&self, amount: i64, transferred: i64, left: i64) -> Result<(Self, i64), PaymentError> {
        let ChargeState::Succeeded(mut captured) = self.state else {
            return Err(self.refuse(PaymentAction::Refund));
        };
        let whole = self.amount_captured().minor();
        let mut next = self.clone();
        let rare = next.rare.get_or_insert_default();
        let part;
        (rare.pulled_back, part) = rare.pulled_back.extend(transferred, whole, amount, left)?;
        captured.transferred = captured.transferred.saturating_sub(part);
        next.state = ChargeState::Succeeded(captured);
        Ok((next, part))
    }

    /// The charge after a refund of `amount` asked for its share of a commission of `fee` minor units, of which
    /// `left` remain; and that share.
    pub(crate) fn return_fee(&self, amount: i64, fee: i64, left: i64) -> Result<(Self, i64), PaymentError> {
        let ChargeState::Succeeded(_) = self.state else {
            return Err(self.refuse(PaymentAction::Refund));
        };
        let whole = self.amount_captured().minor();
        let mut next = self.clone();
        let rare = next.rare.get_or_insert_default();
        let part;
        (rare.fee_returned, part) = rare.fee_returned.extend(fee, whole, amount, left)?;
        Ok((next, part))
    }

    /// What is left of the charge, for the processor's fee, after one more refund of `amount` minor units.
    pub(crate) fn rest_with_fee(&self, amount: i64) -> i64 {
        let refunded = self.rare.as_ref().map_or(0, |rare| rare.refunded_with_fee);
        self.amount_captured().minor().saturating_sub(refunded).saturating_sub(amount)
    }

    /// The charge after the processor gave back, with a refund of `amount` minor units, so much of its fee that it keeps `kept`; and
    /// that part.
    // A refund that came back leaves the processor with less than its due; it is not taken from the refunds to come.
    pub(crate) fn return_processor_fee(&self, amount: i64, kept: i64) -> (Self, i64) {
        let mut next = self.clone();
        let rare = next.rare.get_or_insert_default();
        let target = self.processor_fee.saturating_sub(kept.clamp(0, self.processor_fee.max(0)));
        let part = target.saturating_sub(rare.processor_fee).max(0);
        rare.refunded_with_fee = rare.refunded_with_fee.saturating_add(amount);
        rare.processor_fee = rare.processor_fee.saturating_add(part);
        (next, part)
    }

    /// The charge after a refund of `amount` minor units came to nothing: that can be given back again. What a refund that was
    /// booked had pulled back and returned stays so, and counts for the refunds to come; what the processor gave back of its fee,
    /// `fee`, it takes again.
    pub(crate) fn refund_returned(&self, amount: i64, takes: Option<Takes>, fee: i64) -> Self {
        let ChargeState::Succeeded(mut captured) = self.state else { return self.clone() };
        captured.refunded = captured.refunded.saturating_sub(amount).max(0);
        let mut next = Self { state: ChargeState::Succeeded(captured), ..self.clone() };
        if let (Some(takes), Some(rare)) = (takes, next.rare.as_mut()) {
            if takes.transfer {
                rare.pulled_back = rare.pulled_back.without(amount);
            }
            if takes.commission {
                rare.fee_returned = rare.fee_returned.without(amount);
            }
            rare.refunded_with_fee = rare.refunded_with_fee.saturating_sub(amount).max(0);
            rare.processor_fee = rare.processor_fee.saturating_sub(fee);
        }
        next
    }
}
