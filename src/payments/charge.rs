use serde::{Deserialize, Serialize};

use super::{ChargeFailure, PaymentAction, PaymentError, PaymentStatus};
use crate::calendar::{Delay, Timestamp};
use crate::ids::{AccountId, ApplicationFeeId, ChargeId, DisputeId, EarlyFraudWarningId, PaymentId, TransferId};
use crate::money::{Currency, Money, wide};
use crate::routing::Proportion;
use crate::rulebook::PaymentMethod;

/// A fact names a charge by its id, or by the reference under which the world knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Named {
    /// By its id here.
    Id(ChargeId),
    /// By the world's reference, as told by [`ChargeSubmitted`]. A fact whose reference is not known yet is parked.
    Reference(String),
}

impl From<ChargeId> for Named {
    fn from(id: ChargeId) -> Self {
        Self::Id(id)
    }
}

/// A fact: the world took a charge up, and knows it by a reference of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSubmitted {
    /// The charge.
    pub charge: ChargeId,
    /// The provider's id for it; unique among charges.
    pub reference: String,
}

/// A fact: the money of a charge was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSucceeded {
    /// The charge.
    pub charge: Named,
    /// How much was taken: the amount that was asked for, or the fact is an anomaly.
    pub amount: Money,
}

/// A fact: an attempt came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeFailed {
    /// The charge.
    pub charge: Named,
    /// Why.
    pub failure: ChargeFailure,
}

/// A charge whose money was taken: what became of it since. All amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    at: Timestamp,
    available_on: Timestamp,
    refunded: i64,
    transferred: i64,
    transfer: Option<u16>,
    application_fee: Option<u16>,
}

/// What the refunds of a charge have taken back from others, and who contests it. Most charges have neither, so it is kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Shares {
    pulled_back: Proportion,
    fee_returned: Proportion,
    contest: Option<Contest>,
}

/// Who contests a charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contest {
    /// The first of its disputes, each of which names the next, by id.
    pub(crate) first: Option<DisputeId>,
    /// What disputes keep from being given back as refunds, in minor units.
    #[serde(with = "wide")]
    pub(crate) disputed: i128,
    /// The first warning that it was fraud, by id.
    pub(crate) warning: Option<EarlyFraudWarningId>,
    /// Whether disputes were told before its money was taken.
    pub(crate) awaited: bool,
}

impl Captured {
    /// When the money was taken.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// When it becomes, or became, available to the account that it is booked on.
    pub const fn available_on(&self) -> Timestamp {
        self.available_on
    }

    /// What went back to the payer.
    pub const fn refunded(&self) -> i64 {
        self.refunded
    }

    /// What was transferred out of it, less what was reversed.
    pub const fn transferred(&self) -> i64 {
        self.transferred
    }
}

/// How an attempt ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChargeState {
    /// The world has been asked and has not answered.
    Pending,
    /// The money was taken.
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
    shares: Option<Box<Shares>>,
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
}

impl Charge {
    pub(crate) const fn new(attempt: Attempt) -> Self {
        let Attempt { id, owner, amount, method, created, processor_fee, delay } = attempt;
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
            state: ChargeState::Pending,
            shares: None,
        }
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

    /// What the payer pays.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// How.
    pub const fn method(&self) -> PaymentMethod {
        self.method
    }

    /// When it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// What the processor keeps of it once it succeeds, in minor units.
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
            ChargeState::Pending | ChargeState::Failed { .. } => None,
        }
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

    /// What can still be given back to the payer.
    // INVARIANT: refunded never exceeds amount; `refund` keeps it.
    // RULE: what is disputed, or was lost to a dispute, is not given back a second time; after a win it can be (recorded exchanges,
    // 2023-2025).
    pub fn refundable(&self) -> Money {
        let left = i128::from(self.unrefunded()).saturating_sub(self.disputed()).max(0);
        // INVARIANT: it lies between nothing and what was not refunded.
        Money::new(i64::try_from(left).unwrap_or(0), self.currency)
    }

    /// What was not given back to the payer in refunds, in minor units.
    fn unrefunded(&self) -> i64 {
        self.captured().map_or(0, |captured| self.amount.saturating_sub(captured.refunded))
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

    pub(crate) fn contest(&self) -> Contest {
        self.shares.as_deref().and_then(|shares| shares.contest).unwrap_or_default()
    }

    // INVARIANT: what contests nothing leaves no trace, so that charges that went different ways to the same end are equal.
    pub(crate) fn with_contest(mut self, contest: Contest) -> Self {
        let contest = Some(contest).filter(|contest| *contest != Contest::default());
        let shares = Shares { contest, ..self.shares.as_deref().copied().unwrap_or_default() };
        self.shares = if shares == Shares::default() { None } else { Some(Box::new(shares)) };
        self
    }

    /// Whether all of it was given back in refunds.
    pub(crate) fn is_refunded(&self) -> bool {
        self.captured().is_some() && self.unrefunded() == 0
    }

    fn refuse(&self, action: PaymentAction) -> PaymentError {
        PaymentError::UnexpectedState { payment: self.payment(), status: self.status(), action }
    }

    /// The state's name, in the words of payments.
    const fn status(&self) -> PaymentStatus {
        match self.state {
            ChargeState::Pending => PaymentStatus::Processing,
            ChargeState::Succeeded(_) => PaymentStatus::Succeeded,
            ChargeState::Failed { .. } => PaymentStatus::RequiresPaymentMethod,
        }
    }

    /// The charge after its money was taken.
    pub(crate) fn succeed(
        self,
        at: Timestamp,
        available_on: Timestamp,
        (transfer, transferred): (Option<TransferId>, i64),
        application_fee: Option<ApplicationFeeId>,
    ) -> Result<Self, PaymentError> {
        match self.state {
            // A failure that was reported first does not undo that the money was taken.
            ChargeState::Pending | ChargeState::Failed { .. } => {
                let captured = Captured {
                    at,
                    available_on,
                    refunded: 0,
                    transferred,
                    transfer: transfer.map(TransferId::ordinal),
                    application_fee: application_fee.map(ApplicationFeeId::ordinal),
                };
                Ok(Self { state: ChargeState::Succeeded(captured), ..self })
            }
            ChargeState::Succeeded(_) => Err(self.refuse(PaymentAction::Succeed)),
        }
    }

    /// The charge after it came to nothing; nothing where that is known already, or the money was taken after all.
    // INVARIANT: of several failures the earliest is kept, so that the order of delivery is no matter.
    pub(crate) fn fail(&self, at: Timestamp, failure: ChargeFailure) -> Option<Self> {
        match self.state {
            ChargeState::Succeeded(_) => return None,
            ChargeState::Failed { at: known, failure: why } if (known, why) <= (at, failure) => return None,
            ChargeState::Pending | ChargeState::Failed { .. } => {}
        }
        Some(Self { state: ChargeState::Failed { at, failure }, ..self.clone() })
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
        let mut next = self.clone();
        let shares = next.shares.get_or_insert_default();
        let part;
        (shares.pulled_back, part) = shares.pulled_back.extend(transferred, self.amount, amount, left)?;
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
        let mut next = self.clone();
        let shares = next.shares.get_or_insert_default();
        let part;
        (shares.fee_returned, part) = shares.fee_returned.extend(fee, self.amount, amount, left)?;
        Ok((next, part))
    }

    /// The charge after `delta` more minor units were transferred out of it; negative for a reversal. Nothing if
    /// that would be more than the charge, or the charge brought no money.
    // INVARIANT: transfers tied to a charge, net of reversals, never exceed it.
    pub(crate) fn transfer_out(&self, delta: i64) -> Option<Self> {
        let ChargeState::Succeeded(mut captured) = self.state else { return None };
        captured.transferred = captured.transferred.checked_add(delta)?;
        (captured.transferred <= self.amount).then(|| Self { state: ChargeState::Succeeded(captured), ..self.clone() })
    }
}
