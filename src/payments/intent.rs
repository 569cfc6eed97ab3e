mod in_person;
mod planned;

use serde::{Deserialize, Serialize};

use super::{
    Cancellation, CancellationReason, Capture, ChargeFailure, ConfirmationMethod, Flow, ManualCapture, NewPayment,
    NextAction, Parties, PaymentAction, PaymentError, PaymentStatus,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId, ReaderId};
use crate::money::{Currency, Money};
use crate::routing::PaymentPlan;
use crate::rulebook::PaymentMethod;

/// How far the collection of a payment has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentState {
    /// It is not known how it will be paid, or the last attempt failed. A payment in person waits for a reader.
    RequiresPaymentMethod {
        /// Why the last attempt failed, if there was one.
        last_failure: Option<ChargeFailure>,
    },
    /// The host has to say that it is to be collected, or that it goes on.
    RequiresConfirmation {
        /// Why the last attempt failed, if there was one that did.
        last_failure: Option<ChargeFailure>,
    },
    /// The payer has to do something.
    RequiresAction {
        /// What.
        action: NextAction,
        /// Until when; [`Timestamp::MAX`] where no end is known.
        // An optional time would make every payment larger by a word.
        expires_at: Timestamp,
    },
    /// The world is working on it: on an attempt, or on a capture.
    Processing,
    /// The money is held ready, to be captured.
    RequiresCapture {
        /// When it is let go.
        expires_at: Timestamp,
    },
    /// Paid.
    Succeeded,
    /// Given up.
    Canceled {
        /// When.
        at: Timestamp,
        /// By whom, and why.
        by: Cancellation,
    },
}

impl PaymentState {
    /// The state's name.
    pub const fn status(&self) -> PaymentStatus {
        match self {
            Self::RequiresPaymentMethod { .. } => PaymentStatus::RequiresPaymentMethod,
            Self::RequiresConfirmation { .. } => PaymentStatus::RequiresConfirmation,
            Self::RequiresAction { .. } => PaymentStatus::RequiresAction,
            Self::Processing => PaymentStatus::Processing,
            Self::RequiresCapture { .. } => PaymentStatus::RequiresCapture,
            Self::Succeeded => PaymentStatus::Succeeded,
            Self::Canceled { .. } => PaymentStatus::Canceled,
        }
    }
}

/// What few payments have: most are captured at once, and of no group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rare {
    transfer_group: Option<Box<str>>,
    plan: Option<Box<PaymentPlan>>,
    /// Whether it was named that the platform takes nothing of it, so that no scheme does either.
    is_unpriced: bool,
    later: Option<Later>,
    on_behalf_of: Option<AccountId>,
    confirmation_method: ConfirmationMethod,
    /// How many attempts failed.
    failures: u16,
    /// The reader that works on it, and the ordinal of what it works on: the attempt or the refund; its own where a card is only read.
    reader: Option<(ReaderId, u16)>,
}

/// A payment that is captured later. Amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Later {
    how: ManualCapture,
    received: i64,
    /// What is held ready, whether or not more can be taken now.
    capturable: i64,
}

/// What a buyer owes, and how far its collection has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentIntent {
    id: PaymentId,
    flow: Flow,
    amount: i64,
    currency: Currency,
    method: Option<PaymentMethod>,
    state: PaymentState,
    created: Timestamp,
    /// The ordinal of the last attempt; the payment's own where there was none.
    attempt: u16,
    born: u16,
    rare: Option<Box<Rare>>,
    token: Option<Box<str>>,
}

impl PaymentIntent {
    pub(crate) fn new(id: PaymentId, command: &NewPayment, flow: Flow, created: Timestamp) -> Self {
        let later = match command.capture {
            Capture::Automatic => None,
            Capture::Manual(how) => Some(Later { how, received: 0, capturable: 0 }),
        };
        let transfer_group = command.transfer_group.as_deref().map(Into::into);
        let (on_behalf_of, confirmation_method) = (command.on_behalf_of, command.confirmation_method);
        let plan = command.plan_in_force().cloned().map(Box::new);
        let is_named = command.application_fee.is_some() || command.transfer_amount.is_some();
        let is_unpriced = is_named && !flow.names_shares();
        let rare =
            Rare { transfer_group, plan, is_unpriced, later, on_behalf_of, confirmation_method, ..Rare::default() };
        Self {
            id,
            flow,
            amount: command.amount.minor(),
            currency: command.amount.currency(),
            method: command.method,
            state: Self::before_an_attempt(command.method, None),
            created,
            attempt: 0,
            born: 1,
            rare: (rare != Rare::default()).then(|| Box::new(rare)),
            token: command.token.as_deref().map(Into::into),
        }
    }

    /// Its id.
    pub const fn id(&self) -> PaymentId {
        self.id
    }

    /// Whose it is and who gets a part.
    pub const fn flow(&self) -> &Flow {
        &self.flow
    }

    /// What the payer pays; what was captured, if that is more.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    fn later(&self) -> Option<&Later> {
        self.rare.as_deref()?.later.as_ref()
    }

    /// What was taken from the payer.
    pub fn amount_received(&self) -> Money {
        let minor = match (self.later(), self.state.status()) {
            (Some(later), _) => later.received,
            (None, PaymentStatus::Succeeded) => self.amount,
            (None, _) => 0,
        };
        Money::new(minor, self.currency)
    }

    /// What is authorized and not captured yet. With overcapture more can be taken:
    /// [`Authorization::most_capturable`](super::Authorization::most_capturable).
    pub fn amount_capturable(&self) -> Money {
        let minor = match (self.later(), self.state.status()) {
            (Some(later), PaymentStatus::RequiresCapture) => later.capturable,
            (Some(_) | None, _) => 0,
        };
        Money::new(minor, self.currency)
    }

    /// When its money is taken.
    pub fn capture(&self) -> Capture {
        self.later().map_or(Capture::Automatic, |later| Capture::Manual(later.how))
    }

    /// How it is to be authorized, where it is captured later.
    pub(crate) fn captured_later(&self) -> Option<ManualCapture> {
        self.later().map(|later| later.how)
    }

    /// Who goes on with it once the payer has done what is theirs.
    pub fn confirmation_method(&self) -> ConfirmationMethod {
        self.rare.as_deref().map_or(ConfirmationMethod::Automatic, |rare| rare.confirmation_method)
    }

    /// How it is to be paid, or how the last attempt was made.
    pub const fn method(&self) -> Option<PaymentMethod> {
        self.method
    }

    /// How far it has got.
    pub const fn state(&self) -> &PaymentState {
        &self.state
    }

    /// The name of its state.
    pub const fn status(&self) -> PaymentStatus {
        self.state.status()
    }

    /// When it was created.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// The last attempt to collect it.
    pub(crate) fn attempt(&self) -> Result<ChargeId, PaymentError> {
        self.latest_charge().ok_or(PaymentError::NoAttempt(self.id))
    }

    /// The last attempt to collect it, if any; the successful one, once there is one.
    pub fn latest_charge(&self) -> Option<ChargeId> {
        (self.attempt > 0).then(|| ChargeId::of(self.id.family(), self.attempt))
    }

    /// The name of the group of payments and transfers that it belongs to.
    pub fn transfer_group(&self) -> Option<&str> {
        self.rare.as_deref()?.transfer_group.as_deref()
    }

    /// The acquirer's token for the card or bank account.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The account whose business it is, where it was named.
    pub fn on_behalf_of(&self) -> Option<AccountId> {
        self.rare.as_deref()?.on_behalf_of
    }

    /// Who is who in it.
    pub fn parties(&self) -> Parties {
        Parties::of(self.flow.charge_type(), self.on_behalf_of().is_some())
    }

    /// When something will happen to it by itself: its voucher, its authorization or the time for the payer's step runs out.
    pub fn due(&self) -> Option<Timestamp> {
        match self.state {
            PaymentState::RequiresAction { expires_at, .. } => Some(expires_at).filter(|end| *end < Timestamp::MAX),
            PaymentState::RequiresCapture { expires_at } => Some(expires_at),
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::Processing
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => None,
        }
    }

    fn refuse(&self, action: PaymentAction) -> PaymentError {
        PaymentError::UnexpectedState { payment: self.id, status: self.status(), action }
    }

    /// The payment with an attempt under way by the method that it has.
    // RULE: a payment that was collected before takes another method only after the last attempt failed, or before it was confirmed
    // (docs.stripe.com/payments/paymentintents/lifecycle, 2026): `with_method` and `can_be_changed` keep it.
    // INVARIANT: no attempt begins whose money could not be booked.
    pub(crate) fn begin(&mut self, voucher: Option<Timestamp>) -> Result<(), PaymentError> {
        if !self.has_room_for_a_capture(1) {
            return Err(PaymentError::FamilyFull(self.id));
        }
        self.attempt = self.bear()?;
        self.state = match voucher {
            Some(expires_at) => PaymentState::RequiresAction { action: NextAction::PayVoucher, expires_at },
            None => PaymentState::Processing,
        };
        Ok(())
    }

    /// How far a payment is that nobody collects: a card that is presented to a reader is not known before.
    fn before_an_attempt(method: Option<PaymentMethod>, last_failure: Option<ChargeFailure>) -> PaymentState {
        match method {
            Some(method) if !method.is_in_person() => PaymentState::RequiresConfirmation { last_failure },
            Some(_) | None => PaymentState::RequiresPaymentMethod { last_failure },
        }
    }

    /// The payment to be paid by that method, once that is confirmed or a reader takes it.
    pub(crate) fn with_method(
        &self,
        (method, token): (PaymentMethod, Option<&str>),
        action: PaymentAction,
    ) -> Result<Self, PaymentError> {
        self.can_be_changed(action)?;
        let state = Self::before_an_attempt(Some(method), self.last_failure());
        Ok(Self { state, method: Some(method), token: token.map(Into::into), ..self.clone() })
    }

    /// Why the last attempt failed, as long as no other was made.
    pub const fn last_failure(&self) -> Option<ChargeFailure> {
        match self.state {
            PaymentState::RequiresPaymentMethod { last_failure }
            | PaymentState::RequiresConfirmation { last_failure } => last_failure,
            PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => None,
        }
    }

    /// The payment of another amount, with other parts for others.
    pub(crate) fn with_money(&self, amount: Money, flow: Flow) -> Self {
        Self { amount: amount.minor(), flow, ..self.clone() }
    }

    /// That it is not being collected, so that it can be.
    pub(crate) fn can_be_changed(&self, action: PaymentAction) -> Result<(), PaymentError> {
        self.check_away_from_readers(None)?;
        match self.state {
            PaymentState::RequiresPaymentMethod { .. } | PaymentState::RequiresConfirmation { .. } => Ok(()),
            PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => Err(self.refuse(action)),
        }
    }

    /// The payment whose payer has to do something; nothing where that is no news.
    // INVARIANT: of several tellings the same one is kept whichever came first.
    pub(crate) fn require_action(&self, action: NextAction, expires_at: Timestamp) -> Option<Self> {
        let state = match self.state {
            PaymentState::Processing => PaymentState::RequiresAction { action, expires_at },
            PaymentState::RequiresAction { action: known, expires_at: end } => {
                PaymentState::RequiresAction { action: known.min(action), expires_at: end.min(expires_at) }
            }
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => return None,
        };
        (state != self.state).then(|| Self { state, ..self.clone() })
    }

    /// The payment after the payer has done what was theirs: the world goes on, or the host has to say so.
    pub(crate) fn complete_action(&self) -> Self {
        let state = match (self.state, self.confirmation_method()) {
            (PaymentState::Processing | PaymentState::RequiresAction { .. }, ConfirmationMethod::Manual) => {
                PaymentState::RequiresConfirmation { last_failure: None }
            }
            (PaymentState::Processing | PaymentState::RequiresAction { .. }, ConfirmationMethod::Automatic) => {
                PaymentState::Processing
            }
            (
                state @ (PaymentState::RequiresPaymentMethod { .. }
                | PaymentState::RequiresConfirmation { .. }
                | PaymentState::RequiresCapture { .. }
                | PaymentState::Succeeded
                | PaymentState::Canceled { .. }),
                _,
            ) => state,
        };
        Self { state, ..self.clone() }
    }

    /// The payment after the host said to go on with the attempt that is under way.
    pub(crate) fn go_on(&self) -> Self {
        Self { state: PaymentState::Processing, ..self.clone() }
    }

    /// Whether it was given up only because too many attempts failed: money that comes after all is taken up.
    pub(crate) const fn gave_up_by_itself(&self) -> bool {
        matches!(self.state, PaymentState::Canceled { by: Cancellation::AttemptsExhausted, .. })
    }

    /// The payment after it was paid at once, by that method.
    // A payment whose last attempt had failed, or whose voucher had run out, is paid when the money of that attempt
    // arrives after all; one that was called off or paid before is not.
    pub(crate) fn succeed(mut self, method: PaymentMethod) -> Result<Self, PaymentError> {
        self.method = Some(method);
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Canceled { by: Cancellation::AttemptsExhausted, .. } => {
                Ok(Self { state: PaymentState::Succeeded, ..self.not_failed() })
            }
            PaymentState::RequiresCapture { .. } | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Succeed))
            }
        }
    }

    /// The payment after the payer's bank held `capturable` minor units ready, until then, by that method.
    pub(crate) fn authorize(
        mut self,
        method: PaymentMethod,
        (capturable, expires_at): (i64, Timestamp),
    ) -> Result<Self, PaymentError> {
        self.method = Some(method);
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Canceled { by: Cancellation::AttemptsExhausted, .. } => {
                let mut next = Self { state: PaymentState::RequiresCapture { expires_at }, ..self.not_failed() };
                next.hold_ready(capturable);
                Ok(next)
            }
            PaymentState::RequiresCapture { .. } | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Authorize))
            }
        }
    }

    fn failures(&self) -> u16 {
        self.rare.as_deref().map_or(0, |rare| rare.failures)
    }

    // INVARIANT: what is as usual leaves no trace, so that payments that went different ways to the same end are equal.
    fn with_failures(mut self, failures: u16) -> Self {
        if failures == self.failures() {
            return self;
        }
        self.rare.get_or_insert_default().failures = failures;
        self.without_empty_rare()
    }

    /// The payment whose last attempt has brought money after all, if it seemed to fail.
    fn not_failed(self) -> Self {
        let seemed_to_fail = match self.state {
            PaymentState::RequiresPaymentMethod { .. } | PaymentState::Canceled { .. } => true,
            PaymentState::RequiresConfirmation { last_failure } => last_failure.is_some(),
            PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded => false,
        };
        let failures = self.failures().saturating_sub(seemed_to_fail.into());
        self.with_failures(failures)
    }

    fn hold_ready(&mut self, minor: i64) {
        if let Some(later) = self.rare.as_deref_mut().and_then(|rare| rare.later.as_mut()) {
            later.capturable = minor;
        }
    }

    /// The payment with a capture under way.
    pub(crate) fn ask_capture(&self) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresCapture { .. } => Ok(Self { state: PaymentState::Processing, ..self.clone() }),
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Capture)),
        }
    }

    /// The payment after captures took `received` minor units in all, with parts for others as `flow` says. What is left is held
    /// ready until `further` says, or let go; `is_asked` where another capture is under way.
    pub(crate) fn capture_taken(
        self,
        received: i64,
        flow: Flow,
        further: Option<(i64, Timestamp)>,
        is_asked: bool,
    ) -> Result<Self, PaymentError> {
        match self.state {
            // A capture that seemed to have failed may turn out to have taken money after the last one.
            PaymentState::RequiresCapture { .. } | PaymentState::Processing | PaymentState::Succeeded => {
                let state = match further {
                    _ if is_asked => self.state,
                    Some((_, expires_at)) => PaymentState::RequiresCapture { expires_at },
                    None => PaymentState::Succeeded,
                };
                // RULE: the amount of a payment rises to what was captured (docs.stripe.com/payments/overcapture, 2024).
                let mut next = Self { state, flow, amount: self.amount.max(received), ..self };
                if let Some(later) = next.rare.as_deref_mut().and_then(|rare| rare.later.as_mut()) {
                    (later.received, later.capturable) = (received, further.map_or(0, |(capturable, _)| capturable));
                }
                Ok(next)
            }
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Capture)),
        }
    }

    /// The payment after a capture took nothing: it can be captured as before, until `further`, or was paid with what others took.
    /// Nothing where no capture is under way.
    pub(crate) fn capture_failed(&self, further: Option<Timestamp>) -> Option<Self> {
        let state = further.map_or(PaymentState::Succeeded, |expires_at| PaymentState::RequiresCapture { expires_at });
        matches!(self.state, PaymentState::Processing).then(|| Self { state, ..self.clone() })
    }

    /// The payment after another end of its authorization was told.
    pub(crate) fn expire_at(mut self, expires_at: Timestamp) -> Self {
        if let PaymentState::RequiresCapture { .. } = self.state {
            self.state = PaymentState::RequiresCapture { expires_at };
        }
        self
    }

    /// The payment after more of it was authorized.
    pub(crate) fn raise(mut self, amount: i64, capturable: i64, flow: Flow) -> Self {
        self.hold_ready(capturable);
        (self.amount, self.flow) = (amount, flow);
        self
    }

    /// The payment after what was held ready for it was let go: paid with what was captured, or given up.
    // RULE: docs.stripe.com/payments/multicapture (2024): what was captured in part has succeeded.
    pub(crate) fn release(&self, at: Timestamp, by: Cancellation) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresCapture { .. } if self.amount_received().is_positive() => {
                Ok(Self { state: PaymentState::Succeeded, ..self.clone() })
            }
            PaymentState::RequiresCapture { .. } => {
                Ok(Self { state: PaymentState::Canceled { at, by }, ..self.clone() })
            }
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Cancel)),
        }
    }

    /// The payment after its last attempt came to nothing; nothing where that is no matter any more.
    // RULE: once so many attempts as can be made have failed, it is given up (docs.stripe.com/api/payment_intents/confirm, 2026; how many
    // is not published, so the host's rulebook says).
    pub(crate) fn fail(&self, failure: ChargeFailure, limit: Option<u16>, at: Timestamp) -> Option<Self> {
        match self.state {
            PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing => {
                let failures = self.failures().saturating_add(1);
                let state = if limit.is_some_and(|limit| failures >= limit) {
                    PaymentState::Canceled { at, by: Cancellation::AttemptsExhausted }
                } else {
                    PaymentState::RequiresPaymentMethod { last_failure: Some(failure) }
                };
                Some(Self { state, ..self.clone() }.with_failures(failures))
            }
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => None,
        }
    }

    /// The payment after another reason for which its last attempt failed was told.
    pub(crate) fn failed_otherwise(&self, failure: ChargeFailure) -> Self {
        let last_failure = Some(failure);
        let state = match self.state {
            PaymentState::RequiresPaymentMethod { .. } => PaymentState::RequiresPaymentMethod { last_failure },
            PaymentState::RequiresConfirmation { .. } => PaymentState::RequiresConfirmation { last_failure },
            state @ (PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. }) => state,
        };
        Self { state, ..self.clone() }
    }

    /// The payment after it was given up.
    // RULE: a payment that the world is working on cannot be called off by the host, because the money may be on
    // its way (docs.stripe.com/payments/paymentintents/lifecycle, 2026: "processing" only in rare cases).
    pub(crate) fn cancel(&self, at: Timestamp, reason: Option<CancellationReason>) -> Result<Self, PaymentError> {
        self.check_away_from_readers(None)?;
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. } => {
                Ok(Self { state: PaymentState::Canceled { at, by: Cancellation::Asked(reason) }, ..self.clone() })
            }
            PaymentState::RequiresCapture { .. } => self.release(at, Cancellation::Asked(reason)),
            PaymentState::Processing | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Cancel))
            }
        }
    }
}
