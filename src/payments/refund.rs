use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{ApplicationFeeRefundId, ChargeId, PaymentId, RefundId, TransferReversalId};
use crate::money::{Currency, Money};

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
/// use fundroute::payments::{NewRefund, WhoBears};
///
/// let sale = PaymentId::from_host([2; 14]);
/// let back = NewRefund::of(sale).amount(usd(25_00)).reverse_transfer().refund_application_fee();
/// assert_eq!(back.transfer, Some(WhoBears::Recipient));
/// let at_our_cost = NewRefund::of(sale).keep_transfer().keep_application_fee();
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
}

impl NewRefund {
    /// Gives back everything that is left of a payment.
    pub const fn of(payment: PaymentId) -> Self {
        Self { payment, amount: None, transfer: None, application_fee: None }
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
}

/// A fact: a refund that was under way has reached the payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundSucceeded {
    /// The refund.
    pub refund: RefundId,
}

/// How far a refund has got. The money left the balance when it was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefundState {
    /// On its way: methods other than cards take days.
    Pending,
    /// Given back.
    Succeeded {
        /// When.
        at: Timestamp,
    },
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
    confirmed_at: Option<Timestamp>,
    reversal: Option<u16>,
    fee_refund: Option<u16>,
}

impl Refund {
    pub(crate) fn new(
        id: RefundId,
        charge: ChargeId,
        amount: Money,
        state: RefundState,
        created: Timestamp,
        (reversal, fee_refund): (Option<TransferReversalId>, Option<ApplicationFeeRefundId>),
    ) -> Self {
        Self {
            id,
            charge: charge.ordinal(),
            amount: amount.minor(),
            currency: amount.currency(),
            created,
            state,
            confirmed_at: None,
            reversal: reversal.map(TransferReversalId::ordinal),
            fee_refund: fee_refund.map(ApplicationFeeRefundId::ordinal),
        }
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

    /// When it was created, and the balance debited.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// How far it has got.
    pub const fn state(&self) -> &RefundState {
        &self.state
    }

    /// When the world said that it gave the money back; nothing while that is not known, whatever the state shows.
    pub const fn confirmed_at(&self) -> Option<Timestamp> {
        self.confirmed_at
    }

    /// The recipient's share that was pulled back for it.
    pub fn transfer_reversal(&self) -> Option<TransferReversalId> {
        self.reversal.map(|ordinal| TransferReversalId::of(self.id.family(), ordinal))
    }

    /// The commission that was returned for it.
    pub fn application_fee_refund(&self) -> Option<ApplicationFeeRefundId> {
        self.fee_refund.map(|ordinal| ApplicationFeeRefundId::of(self.id.family(), ordinal))
    }

    /// The refund after the world said that it reached the payer; nothing where that is known already.
    // INVARIANT: of several reports the earliest is kept, so that the order of delivery is no matter.
    pub(crate) fn succeed(&self, at: Timestamp) -> Option<Self> {
        // Nothing was given back before it was asked for, and a card's refund has shown as succeeded since then.
        let at = at.max(self.created);
        if self.confirmed_at.is_some_and(|known| known <= at) {
            return None;
        }
        let state = match self.state {
            RefundState::Succeeded { at: shown } => RefundState::Succeeded { at: shown.min(at) },
            RefundState::Pending => RefundState::Succeeded { at },
        };
        Some(Self { state, confirmed_at: Some(at), ..self.clone() })
    }
}
