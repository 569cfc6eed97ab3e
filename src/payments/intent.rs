mod in_person;

use serde::{Deserialize, Serialize};

use super::{
    Cancellation, CancellationReason, Capture, ChargeFailure, Flow, ManualCapture, Parties, PaymentAction,
    PaymentError, PaymentStatus,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId, ReaderId};
use crate::money::{Currency, Money};
use crate::rulebook::PaymentMethod;

/// A command: collect a payment, now, with the method given.
///
/// Where the money goes decides the charge type: made [on behalf of an account](crate::Platform::acting_as) it is
/// a direct charge; with a destination, a destination charge; otherwise the platform keeps it, to transfer from.
///
/// ```
/// use fundroute::ids::AccountId;
/// use fundroute::money::usd;
/// use fundroute::payments::NewPayment;
///
/// let jo = AccountId::from_host([1; 14]);
/// let order = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
/// assert_eq!(order.application_fee, Some(usd(10_00)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPayment {
    /// What the payer pays.
    pub amount: Money,
    /// How.
    pub method: PaymentMethod,
    /// The one recipient of a destination charge.
    pub destination: Option<AccountId>,
    /// The account whose business it is, where that is not who charges.
    pub on_behalf_of: Option<AccountId>,
    /// The platform's commission.
    pub application_fee: Option<Money>,
    /// What the recipient of a destination charge gets, instead of everything less a commission.
    pub transfer_amount: Option<Money>,
    /// A name that ties payments and transfers together.
    pub transfer_group: Option<String>,
    /// The acquirer's token for the card or bank account; passed on, never read.
    pub token: Option<String>,
    /// When the money is taken.
    pub capture: Capture,
    /// An id of the host's own choosing.
    pub id: Option<PaymentId>,
}

impl NewPayment {
    /// A payment by card.
    pub const fn card(amount: Money) -> Self {
        Self::by(PaymentMethod::Card, amount)
    }

    /// A payment by any method.
    pub const fn by(method: PaymentMethod, amount: Money) -> Self {
        Self {
            amount,
            method,
            destination: None,
            on_behalf_of: None,
            application_fee: None,
            transfer_amount: None,
            transfer_group: None,
            token: None,
            capture: Capture::Automatic,
            id: None,
        }
    }

    /// Only has it authorized, to be captured later, once (`capture_method: manual`).
    #[must_use]
    pub const fn manual_capture(self) -> Self {
        self.capture_later(ManualCapture::new())
    }

    /// Only has it authorized, to be captured later, with more asked of the payer's bank than that.
    #[must_use]
    pub const fn capture_later(mut self, how: ManualCapture) -> Self {
        self.capture = Capture::Manual(how);
        self
    }

    /// Transfers the money to this account when it arrives.
    #[must_use]
    pub const fn destination(mut self, account: AccountId) -> Self {
        self.destination = Some(account);
        self
    }

    /// Makes it this account's business: its country's methods, currencies, prices and delays hold, and its name is on the payer's
    /// statement. Of a destination charge it is the recipient's or nobody's.
    #[must_use]
    pub const fn on_behalf_of(mut self, account: AccountId) -> Self {
        self.on_behalf_of = Some(account);
        self
    }

    /// Keeps this much of it for the platform; zero means none.
    #[must_use]
    pub const fn application_fee(mut self, fee: Money) -> Self {
        self.application_fee = Some(fee);
        self
    }

    /// Transfers this much of it, and keeps the rest for the platform.
    #[must_use]
    pub const fn transfer_amount(mut self, amount: Money) -> Self {
        self.transfer_amount = Some(amount);
        self
    }

    /// Names the group of payments and transfers that it belongs to.
    #[must_use]
    pub fn transfer_group(mut self, name: impl Into<String>) -> Self {
        self.transfer_group = Some(name.into());
        self
    }

    /// Names the card or bank account by the acquirer's token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Gives the payment an id that the host has chosen.
    #[must_use]
    pub const fn with_id(mut self, id: PaymentId) -> Self {
        self.id = Some(id);
        self
    }
}

/// A command: try again to collect a payment that was refused or ran out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmPayment {
    /// The payment.
    pub payment: PaymentId,
    /// How it is to be paid this time.
    pub method: PaymentMethod,
    /// The acquirer's token for the card or bank account.
    pub token: Option<String>,
}

impl ConfirmPayment {
    /// Tries the payment again by this method.
    pub const fn by(method: PaymentMethod, payment: PaymentId) -> Self {
        Self { payment, method, token: None }
    }

    /// Names the card or bank account by the acquirer's token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }
}

/// How far the collection of a payment has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentState {
    /// No attempt is under way; one may be made. A payment in person waits for a reader.
    RequiresPaymentMethod {
        /// Why the last attempt failed; nothing where none was made.
        last_failure: Option<ChargeFailure>,
    },
    /// The payer holds a voucher and has to pay it.
    RequiresAction {
        /// When the voucher runs out.
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
    later: Option<Later>,
    on_behalf_of: Option<AccountId>,
    /// The reader that works on it.
    reader: Option<ReaderId>,
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
    method: PaymentMethod,
    state: PaymentState,
    created: Timestamp,
    attempt: u16,
    born: u16,
    rare: Option<Box<Rare>>,
    token: Option<Box<str>>,
}

impl PaymentIntent {
    pub(crate) fn new(
        id: PaymentId,
        command: &NewPayment,
        flow: Flow,
        voucher: Option<Timestamp>,
        created: Timestamp,
    ) -> Self {
        let later = match command.capture {
            Capture::Automatic => None,
            Capture::Manual(how) => Some(Later { how, received: 0, capturable: 0 }),
        };
        let transfer_group = command.transfer_group.as_deref().map(Into::into);
        let rare = Rare { transfer_group, later, on_behalf_of: command.on_behalf_of, reader: None };
        let is_in_person = command.method.is_in_person();
        Self {
            id,
            flow,
            amount: command.amount.minor(),
            currency: command.amount.currency(),
            method: command.method,
            state: if is_in_person { Self::unattempted() } else { Self::submitted(voucher) },
            created,
            // The first ordinal is the payment's own.
            attempt: u16::from(!is_in_person),
            born: if is_in_person { 1 } else { 2 },
            rare: (rare != Rare::default()).then(|| Box::new(rare)),
            token: command.token.as_deref().map(Into::into),
        }
    }

    const fn submitted(voucher: Option<Timestamp>) -> PaymentState {
        match voucher {
            Some(expires_at) => PaymentState::RequiresAction { expires_at },
            None => PaymentState::Processing,
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

    /// How the last attempt was made.
    pub const fn method(&self) -> PaymentMethod {
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

    /// The last attempt to collect it; the successful one, once there is one. Of a payment that was never attempted it names nothing.
    pub const fn latest_charge(&self) -> ChargeId {
        ChargeId::of(self.id.family(), self.attempt)
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

    /// When something will happen to it by itself: its voucher or its authorization runs out.
    pub const fn due(&self) -> Option<Timestamp> {
        match self.state {
            PaymentState::RequiresAction { expires_at } | PaymentState::RequiresCapture { expires_at } => {
                Some(expires_at)
            }
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::Processing
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => None,
        }
    }

    fn refuse(&self, action: PaymentAction) -> PaymentError {
        PaymentError::UnexpectedState { payment: self.id, status: self.status(), action }
    }

    /// How many more objects can be born of this payment.
    pub(crate) const fn room(&self) -> u16 {
        u16::MAX.saturating_sub(self.born)
    }

    /// The ordinal for the next object born of this payment, kept by changing the payment.
    pub(crate) fn bear(&mut self) -> Result<u16, PaymentError> {
        let ordinal = self.born;
        self.born = ordinal.checked_add(1).ok_or(PaymentError::FamilyFull(self.id))?;
        Ok(ordinal)
    }

    /// The payment with a further attempt under way.
    // RULE: only a payment whose last attempt failed takes another method
    // (docs.stripe.com/payments/paymentintents/lifecycle, 2026).
    pub(crate) fn confirm(&self, command: &ConfirmPayment, voucher: Option<Timestamp>) -> Result<Self, PaymentError> {
        self.check_away_from_readers(Some(command.method))?;
        match self.state {
            PaymentState::RequiresPaymentMethod { .. } => {
                let mut next = self.clone();
                next.attempt = next.bear()?;
                next.method = command.method;
                next.token = command.token.as_deref().map(Into::into);
                next.state = Self::submitted(voucher);
                Ok(next)
            }
            PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Confirm)),
        }
    }

    /// The payment after it was paid at once.
    // A payment whose last attempt had failed, or whose voucher had run out, is paid when the money of that attempt
    // arrives after all; one that was called off or paid before is not.
    pub(crate) fn succeed(self) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing => Ok(Self { state: PaymentState::Succeeded, ..self }),
            PaymentState::RequiresCapture { .. } | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Succeed))
            }
        }
    }

    /// The payment after the payer's bank held `capturable` minor units ready, until then.
    pub(crate) fn authorize(self, capturable: i64, expires_at: Timestamp) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing => {
                let mut next = Self { state: PaymentState::RequiresCapture { expires_at }, ..self };
                next.hold_ready(capturable);
                Ok(next)
            }
            PaymentState::RequiresCapture { .. } | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Authorize))
            }
        }
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
                    Some(_) if is_asked => self.state,
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
            | PaymentState::RequiresAction { .. }
            | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Capture)),
        }
    }

    /// The payment after a capture took nothing: it can be captured as before. Nothing where none is under way.
    pub(crate) fn capture_failed(&self, expires_at: Timestamp) -> Option<Self> {
        let state = PaymentState::RequiresCapture { expires_at };
        matches!(self.state, PaymentState::Processing).then(|| Self { state, ..self.clone() })
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
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Cancel)),
        }
    }

    /// The payment after its last attempt came to nothing, or another reason for that was told.
    pub(crate) fn fail(&self, last_failure: ChargeFailure) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing => {
                let last_failure = Some(last_failure);
                Ok(Self { state: PaymentState::RequiresPaymentMethod { last_failure }, ..self.clone() })
            }
            PaymentState::RequiresCapture { .. } | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Fail))
            }
        }
    }

    /// The payment after it was given up.
    // RULE: a payment that the world is working on cannot be called off by the host, because the money may be on
    // its way (docs.stripe.com/payments/paymentintents/lifecycle, 2026: "processing" only in rare cases).
    pub(crate) fn cancel(&self, at: Timestamp, reason: Option<CancellationReason>) -> Result<Self, PaymentError> {
        self.check_away_from_readers(None)?;
        match self.state {
            PaymentState::RequiresPaymentMethod { .. } | PaymentState::RequiresAction { .. } => {
                Ok(Self { state: PaymentState::Canceled { at, by: Cancellation::Asked(reason) }, ..self.clone() })
            }
            PaymentState::RequiresCapture { .. } => self.release(at, Cancellation::Asked(reason)),
            PaymentState::Processing | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Cancel))
            }
        }
    }
}
