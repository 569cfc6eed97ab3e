use serde::{Deserialize, Serialize};

use super::{Conversion, FeeExchange, RoutingError};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ApplicationFeeRefundId, ChargeId, ObjectId, PayoutId, RefundId};
use crate::money::{Currency, Money, MoneyError};

/// What the platform has taken a commission of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FeeSource {
    /// A payment: the charge that paid it.
    Charge(ChargeId),
    /// A payout within minutes.
    Payout(PayoutId),
}

impl From<FeeSource> for ObjectId {
    fn from(source: FeeSource) -> Self {
        match source {
            FeeSource::Charge(charge) => charge.into(),
            FeeSource::Payout(payout) => payout.into(),
        }
    }
}

/// The same as it is kept: the source is of the commission's own family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Source {
    Charge(u16),
    Payout(u16),
}

/// The platform's commission on a payment, or on a payout within minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationFee {
    id: ApplicationFeeId,
    account: AccountId,
    source: Source,
    amount: i64,
    currency: Currency,
    refunded: i64,
    created: Timestamp,
    exchange: Option<Box<FeeExchange>>,
}

impl ApplicationFee {
    pub(crate) fn new(
        id: ApplicationFeeId,
        account: AccountId,
        source: FeeSource,
        amount: Money,
        created: Timestamp,
    ) -> Self {
        Self {
            id,
            account,
            source: match source {
                FeeSource::Charge(charge) => Source::Charge(charge.ordinal()),
                FeeSource::Payout(payout) => Source::Payout(payout.ordinal()),
            },
            amount: amount.minor(),
            currency: amount.currency(),
            refunded: 0,
            created,
            exchange: None,
        }
    }

    /// The same commission, converted for the account that pays it, or for the platform.
    pub(crate) fn converted(mut self, exchange: FeeExchange) -> Self {
        self.exchange = exchange.kept();
        self
    }

    pub(crate) fn exchange(&self) -> FeeExchange {
        self.exchange.as_deref().copied().unwrap_or_default()
    }

    /// Its id.
    pub const fn id(&self) -> ApplicationFeeId {
        self.id
    }

    /// The account that paid it.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What it was taken of.
    pub const fn source(&self) -> FeeSource {
        match self.source {
            Source::Charge(ordinal) => FeeSource::Charge(ChargeId::of(self.id.family(), ordinal)),
            Source::Payout(ordinal) => FeeSource::Payout(PayoutId::of(self.id.family(), ordinal)),
        }
    }

    /// The charge it was taken from; nothing where that was a payout.
    pub const fn charge(&self) -> Option<ChargeId> {
        match self.source() {
            FeeSource::Charge(charge) => Some(charge),
            FeeSource::Payout(_) => None,
        }
    }

    /// Into which currency it was converted for the account that paid it, and at which rate; nothing where it paid in the currency of the
    /// payment.
    pub fn conversion_paid(&self) -> Option<Conversion> {
        self.exchange().paid
    }

    /// Into which currency it was converted for the platform, and at which rate; nothing where it got the currency of the payment.
    pub fn conversion_received(&self) -> Option<Conversion> {
        self.exchange().received
    }

    /// How much was collected, in the currency of the payment or the payout.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// How much of it was given back.
    pub const fn amount_refunded(&self) -> Money {
        Money::new(self.refunded, self.currency)
    }

    /// When it was collected.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// What can still be given back, in minor units.
    // INVARIANT: refunded never exceeds amount; `refund` keeps it.
    pub(crate) const fn left(&self) -> i64 {
        self.amount.saturating_sub(self.refunded)
    }

    /// The fee after `amount` more minor units were collected.
    pub(crate) fn grow(mut self, amount: i64) -> Option<Self> {
        self.amount = self.amount.checked_add(amount)?;
        Some(self)
    }

    /// The fee with `amount` minor units less.
    pub(crate) fn refund(&self, amount: i64) -> Result<Self, RoutingError> {
        if amount > self.left() {
            return Err(RoutingError::FeeRefundTooLarge {
                fee: self.id,
                asked: Money::new(amount, self.currency),
                left: Money::new(self.left(), self.currency),
            });
        }
        let refunded = self.refunded.saturating_add(amount);
        Ok(Self { refunded, ..self.clone() })
    }
}

/// A command: give a commission back on its own, wholly or in part. The payer's money is not touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApplicationFeeRefund {
    /// The commission.
    pub fee: ApplicationFeeId,
    /// How much; everything that is left if not given.
    pub amount: Option<Money>,
}

impl NewApplicationFeeRefund {
    /// Gives back everything that is left of a commission.
    pub const fn of(fee: ApplicationFeeId) -> Self {
        Self { fee, amount: None }
    }

    /// Gives back only this much.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }
}

/// A commission given back, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationFeeRefund {
    id: ApplicationFeeRefundId,
    fee: u16,
    amount: i64,
    currency: Currency,
    created: Timestamp,
    refund: Option<u16>,
    exchange: Option<Box<FeeExchange>>,
}

impl ApplicationFeeRefund {
    pub(crate) fn new(
        id: ApplicationFeeRefundId,
        fee: ApplicationFeeId,
        amount: Money,
        refund: Option<RefundId>,
        created: Timestamp,
    ) -> Self {
        Self {
            id,
            fee: fee.ordinal(),
            amount: amount.minor(),
            currency: amount.currency(),
            created,
            refund: refund.map(RefundId::ordinal),
            exchange: None,
        }
    }

    /// The same refund, of a commission that was converted like this.
    pub(crate) fn converted(mut self, exchange: FeeExchange) -> Self {
        self.exchange = exchange.kept();
        self
    }

    fn exchange(&self) -> FeeExchange {
        self.exchange.as_deref().copied().unwrap_or_default()
    }

    /// Its id.
    pub const fn id(&self) -> ApplicationFeeRefundId {
        self.id
    }

    /// The commission.
    pub const fn fee(&self) -> ApplicationFeeId {
        ApplicationFeeId::of(self.id.family(), self.fee)
    }

    /// How much, in the currency of the payment.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// What the platform gives, in the currency in which it got the commission.
    pub(crate) fn given(&self) -> Result<Money, MoneyError> {
        Conversion::through(self.exchange().received, self.amount())
    }

    /// What the account that paid the commission gets back, in the currency in which it paid.
    pub(crate) fn back(&self) -> Result<Money, MoneyError> {
        Conversion::through(self.exchange().paid, self.amount())
    }

    /// Into which currency it was converted for the account, at the rate of the commission; nothing where it was not.
    pub fn conversion_paid(&self) -> Option<Conversion> {
        self.exchange().paid
    }

    /// Into which currency it was converted for the platform, at the rate of the commission; nothing where it was not.
    pub fn conversion_received(&self) -> Option<Conversion> {
        self.exchange().received
    }

    /// When.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// The refund that it is part of, if any.
    pub fn refund(&self) -> Option<RefundId> {
        self.refund.map(|ordinal| RefundId::of(self.id.family(), ordinal))
    }
}
