use serde::{Deserialize, Serialize};

use super::RoutingError;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ApplicationFeeRefundId, ChargeId, RefundId};
use crate::money::{Currency, Money};

/// The platform's commission on a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationFee {
    id: ApplicationFeeId,
    account: AccountId,
    charge: u16,
    amount: i64,
    currency: Currency,
    refunded: i64,
    created: Timestamp,
}

impl ApplicationFee {
    pub(crate) fn new(
        id: ApplicationFeeId,
        account: AccountId,
        charge: ChargeId,
        amount: Money,
        created: Timestamp,
    ) -> Self {
        Self {
            id,
            account,
            charge: charge.ordinal(),
            amount: amount.minor(),
            currency: amount.currency(),
            refunded: 0,
            created,
        }
    }

    /// Its id.
    pub const fn id(&self) -> ApplicationFeeId {
        self.id
    }

    /// The account that paid it.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The charge it was taken from.
    pub const fn charge(&self) -> ChargeId {
        ChargeId::of(self.id.family(), self.charge)
    }

    /// How much was collected.
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
        }
    }

    /// Its id.
    pub const fn id(&self) -> ApplicationFeeRefundId {
        self.id
    }

    /// The commission.
    pub const fn fee(&self) -> ApplicationFeeId {
        ApplicationFeeId::of(self.id.family(), self.fee)
    }

    /// How much.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
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
