use serde::{Deserialize, Serialize};

use super::{ChargeFailure, PaymentAction, PaymentError, PaymentStatus};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId};
use crate::money::{Currency, Money};
use crate::routing::{ChargeType, Share};
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
    /// The platform's commission.
    pub application_fee: Option<Money>,
    /// What the recipient of a destination charge gets, instead of everything less a commission.
    pub transfer_amount: Option<Money>,
    /// A name that ties payments and transfers together.
    pub transfer_group: Option<String>,
    /// The acquirer's token for the card or bank account; passed on, never read.
    pub token: Option<String>,
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
            application_fee: None,
            transfer_amount: None,
            transfer_group: None,
            token: None,
            id: None,
        }
    }

    /// Transfers the money to this account when it arrives.
    #[must_use]
    pub const fn destination(mut self, account: AccountId) -> Self {
        self.destination = Some(account);
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

/// A command: give up on a payment that has brought no money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelPayment {
    /// The payment.
    pub payment: PaymentId,
    /// Why, if somebody says so.
    pub reason: Option<CancellationReason>,
}

impl CancelPayment {
    /// Gives up on a payment.
    pub const fn of(payment: PaymentId) -> Self {
        Self { payment, reason: None }
    }

    /// The same, saying why.
    #[must_use]
    pub const fn because(mut self, reason: CancellationReason) -> Self {
        self.reason = Some(reason);
        self
    }
}

/// Why a payment was given up, by whoever gave it up.
// RULE: docs.stripe.com/api/payment_intents/cancel (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CancellationReason {
    /// The buyer has left.
    Abandoned,
    /// It was asked for twice.
    Duplicate,
    /// It is not the buyer who asked for it.
    Fraudulent,
    /// The buyer does not want it any more.
    RequestedByCustomer,
}

impl CancellationReason {
    /// The reason's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abandoned => "abandoned",
            Self::Duplicate => "duplicate",
            Self::Fraudulent => "fraudulent",
            Self::RequestedByCustomer => "requested_by_customer",
        }
    }
}

/// Whose payment it is and who gets a part, as settled when it was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Flow {
    /// Booked on the account, less a commission (0 for none).
    Direct {
        /// The account.
        account: AccountId,
        /// The commission, in minor units.
        application_fee: i64,
    },
    /// Booked on the platform, with a transfer to one account.
    Destination {
        /// The recipient.
        account: AccountId,
        /// Its part.
        share: Share,
    },
    /// Booked on the platform.
    Separate,
}

impl Flow {
    /// The charge type.
    pub const fn charge_type(&self) -> ChargeType {
        match self {
            Self::Direct { .. } => ChargeType::Direct,
            Self::Destination { .. } => ChargeType::Destination,
            Self::Separate => ChargeType::Separate,
        }
    }

    /// The commission on `captured` minor units.
    pub fn application_fee(&self, captured: i64) -> i64 {
        match self {
            Self::Direct { application_fee, .. } => captured.min(*application_fee),
            Self::Destination { share, .. } => share.application_fee(captured),
            Self::Separate => 0,
        }
    }
}

/// How far the collection of a payment has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentState {
    /// The last attempt failed; another may be made.
    RequiresPaymentMethod {
        /// Why it failed.
        last_failure: ChargeFailure,
    },
    /// The payer holds a voucher and has to pay it.
    RequiresAction {
        /// When the voucher runs out.
        expires_at: Timestamp,
    },
    /// The world is working on it.
    Processing,
    /// Paid.
    Succeeded,
    /// Given up.
    Canceled {
        /// When.
        at: Timestamp,
        /// Why, if somebody said so.
        reason: Option<CancellationReason>,
    },
}

impl PaymentState {
    /// The state's name.
    pub const fn status(&self) -> PaymentStatus {
        match self {
            Self::RequiresPaymentMethod { .. } => PaymentStatus::RequiresPaymentMethod,
            Self::RequiresAction { .. } => PaymentStatus::RequiresAction,
            Self::Processing => PaymentStatus::Processing,
            Self::Succeeded => PaymentStatus::Succeeded,
            Self::Canceled { .. } => PaymentStatus::Canceled,
        }
    }
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
    // Boxed twice to be one word: most payments have none.
    transfer_group: Option<Box<Box<str>>>,
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
        Self {
            id,
            flow,
            amount: command.amount.minor(),
            currency: command.amount.currency(),
            method: command.method,
            state: Self::submitted(voucher),
            created,
            attempt: 1,
            born: 2,
            transfer_group: command.transfer_group.as_deref().map(|name| Box::new(name.into())),
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

    /// What the payer pays.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
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

    /// The last attempt to collect it; the successful one, once there is one.
    pub const fn latest_charge(&self) -> ChargeId {
        ChargeId::of(self.id.family(), self.attempt)
    }

    /// The name of the group of payments and transfers that it belongs to.
    pub fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref().map(|name| &**name)
    }

    /// The acquirer's token for the card or bank account.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// When something will happen to it by itself: its voucher runs out.
    pub const fn due(&self) -> Option<Timestamp> {
        match self.state {
            PaymentState::RequiresAction { expires_at } => Some(expires_at),
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
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Confirm)),
        }
    }

    /// The payment after it was paid.
    // A payment whose last attempt had failed, or whose voucher had run out, is paid when the money of that attempt
    // arrives after all; one that was called off or paid before is not.
    pub(crate) fn succeed(self) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing => Ok(Self { state: PaymentState::Succeeded, ..self }),
            PaymentState::Succeeded | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Succeed)),
        }
    }

    /// The payment after its last attempt came to nothing, or another reason for that was told.
    pub(crate) fn fail(&self, last_failure: ChargeFailure) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing => {
                Ok(Self { state: PaymentState::RequiresPaymentMethod { last_failure }, ..self.clone() })
            }
            PaymentState::Succeeded | PaymentState::Canceled { .. } => Err(self.refuse(PaymentAction::Fail)),
        }
    }

    /// The payment after it was given up.
    // RULE: a payment that the world is working on cannot be called off by the host, because the money may be on
    // its way (docs.stripe.com/payments/paymentintents/lifecycle, 2026: "processing" only in rare cases).
    pub(crate) fn cancel(&self, at: Timestamp, reason: Option<CancellationReason>) -> Result<Self, PaymentError> {
        match self.state {
            PaymentState::RequiresPaymentMethod { .. } | PaymentState::RequiresAction { .. } => {
                Ok(Self { state: PaymentState::Canceled { at, reason }, ..self.clone() })
            }
            PaymentState::Processing | PaymentState::Succeeded | PaymentState::Canceled { .. } => {
                Err(self.refuse(PaymentAction::Cancel))
            }
        }
    }
}
