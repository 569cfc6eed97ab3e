use serde::{Deserialize, Serialize};

use super::RefundReason;
use crate::ids::{PaymentId, RefundId};
use crate::money::Money;

/// Who bears one share of a refund: a choice that a refund has to make for each share there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoBears {
    /// The one who got the share gives it back.
    Recipient,
    /// The share stays where it is, and the account that was charged bears it.
    Charged,
}

/// A command: give a payer money back.
///
/// A refund of a destination charge must say whether the transfer is pulled back, and where a commission was
/// taken, whether it is returned: left open, these are the mistakes that cost marketplaces most.
///
/// ```
/// use fundroute::ids::PaymentId;
/// use fundroute::money::usd;
/// use fundroute::payments::{NewRefund, RefundReason, WhoBears};
///
/// let sale = PaymentId::from_host([2; 14]);
/// let back = NewRefund::of(sale).amount(usd(25_00)).reverse_transfer().refund_application_fee();
/// assert_eq!(back.transfer, Some(WhoBears::Recipient));
/// let at_our_cost = NewRefund::of(sale).keep_transfer().keep_application_fee().because(RefundReason::Duplicate);
/// assert_eq!(at_our_cost.transfer, Some(WhoBears::Charged));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRefund {
    /// The payment.
    pub payment: PaymentId,
    /// How much; everything that is left if not given.
    pub amount: Option<Money>,
    /// Whether the transfer of a destination charge is pulled back in proportion.
    pub transfer: Option<WhoBears>,
    /// Whether the commission is returned in proportion.
    pub application_fee: Option<WhoBears>,
    /// Why, if somebody says so.
    pub reason: Option<RefundReason>,
}

impl NewRefund {
    /// Gives back everything that is left of a payment.
    pub const fn of(payment: PaymentId) -> Self {
        Self { payment, amount: None, transfer: None, application_fee: None, reason: None }
    }

    /// Gives back only this much.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }

    /// Pulls the recipient's share back.
    #[must_use]
    pub const fn reverse_transfer(mut self) -> Self {
        self.transfer = Some(WhoBears::Recipient);
        self
    }

    /// Leaves the recipient's share where it is: the platform bears it.
    #[must_use]
    pub const fn keep_transfer(mut self) -> Self {
        self.transfer = Some(WhoBears::Charged);
        self
    }

    /// Returns the commission in proportion.
    #[must_use]
    pub const fn refund_application_fee(mut self) -> Self {
        self.application_fee = Some(WhoBears::Recipient);
        self
    }

    /// Keeps the commission.
    #[must_use]
    pub const fn keep_application_fee(mut self) -> Self {
        self.application_fee = Some(WhoBears::Charged);
        self
    }

    /// Says why.
    #[must_use]
    pub const fn because(mut self, reason: RefundReason) -> Self {
        self.reason = Some(reason);
        self
    }
}

/// A command: call off a refund for which the payer has not yet said where the money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelRefund {
    /// The refund.
    pub refund: RefundId,
}
