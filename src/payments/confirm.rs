//! From a payment that is only planned to an attempt to collect it, and what the payer does in between.

use serde::{Deserialize, Serialize};

use super::Named;
use crate::calendar::Timestamp;
use crate::ids::PaymentId;
use crate::money::Money;
use crate::rulebook::PaymentMethod;

/// Who goes on with a payment once the payer has done what is theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmationMethod {
    /// The world does.
    #[default]
    Automatic,
    /// The host does, with another [`ConfirmPayment`].
    Manual,
}

/// A command: collect a payment. One that was refused or ran out is tried again, one that waited is begun, and one whose payer has done
/// what is theirs goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmPayment {
    /// The payment.
    pub payment: PaymentId,
    /// How it is to be paid, if not by the method that it has; an attempt that waits for this command is given up then.
    pub method: Option<PaymentMethod>,
    /// The acquirer's token for the card or bank account; read with a method only.
    pub token: Option<String>,
}

impl ConfirmPayment {
    /// Collects the payment by this method.
    pub const fn by(method: PaymentMethod, payment: PaymentId) -> Self {
        Self { payment, method: Some(method), token: None }
    }

    /// Collects the payment by the method that it has.
    pub const fn of(payment: PaymentId) -> Self {
        Self { payment, method: None, token: None }
    }

    /// Names the card or bank account by the acquirer's token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }
}

/// A command: change a payment that is not being collected: how it will be paid, how much, and who gets a part. What is not named stays.
// RULE: docs.stripe.com/api/payment_intents/update (2026). That nothing is changed while the payer is at it, and that a change starts
// an attempt anew that waits to be confirmed, are this crate's choice: the world was asked for what was there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdatePayment {
    /// The payment.
    pub payment: PaymentId,
    /// How it is to be paid.
    pub method: Option<PaymentMethod>,
    /// The acquirer's token for the card or bank account; read with a method only.
    pub token: Option<String>,
    /// What the payer pays, in the payment's currency.
    pub amount: Option<Money>,
    /// The platform's commission; zero means none.
    pub application_fee: Option<Money>,
    /// What the recipient of a destination charge gets.
    pub transfer_amount: Option<Money>,
}

impl UpdatePayment {
    /// A change of nothing yet.
    pub const fn of(payment: PaymentId) -> Self {
        Self { payment, method: None, token: None, amount: None, application_fee: None, transfer_amount: None }
    }

    /// Has it paid by this method.
    #[must_use]
    pub const fn method(mut self, method: PaymentMethod) -> Self {
        self.method = Some(method);
        self
    }

    /// Names the card or bank account by the acquirer's token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Has the payer pay this much.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
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

    /// Whether nothing is to be changed.
    pub(crate) const fn is_empty(&self) -> bool {
        self.method.is_none() && !self.changes_money()
    }

    /// Whether other money is to move.
    pub(crate) const fn changes_money(&self) -> bool {
        self.amount.is_some() || self.application_fee.is_some() || self.transfer_amount.is_some()
    }
}

/// What the payer has to do before a payment can go on.
// RULE: the kinds of `next_action` (docs.stripe.com/api/payment_intents/object, 2026), as far as they differ for the books: not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextAction {
    /// Show the bank who they are: 3-D Secure.
    Authenticate,
    /// Go to another page and come back.
    Redirect,
    /// Tell two small amounts that came to their bank account.
    VerifyMicrodeposits,
    /// Pay a voucher.
    PayVoucher,
}

/// A fact: the payer has to do something before an attempt can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRequired {
    /// The attempt.
    pub charge: Named,
    /// What.
    pub action: NextAction,
    /// Until when, if that is known; the attempt fails then.
    pub expires_at: Option<Timestamp>,
}

impl ActionRequired {
    /// Something the payer has to do, with no end known.
    pub fn of(charge: impl Into<Named>, action: NextAction) -> Self {
        Self { charge: charge.into(), action, expires_at: None }
    }

    /// The same, until then.
    #[must_use]
    pub const fn until(mut self, expires_at: Timestamp) -> Self {
        self.expires_at = Some(expires_at);
        self
    }
}

/// A fact: the payer has done what was theirs, and it is not known yet whether the attempt takes money. One that did not succeed at it is
/// a [`ChargeFailed`](super::ChargeFailed).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCompleted {
    /// The attempt.
    pub charge: Named,
}

/// How far the payer has got with what is theirs in an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayerStep {
    /// Nothing was told of anything to do.
    None,
    /// There is something to do.
    Required,
    /// It is done, and the host has to say that the attempt goes on.
    Done,
    /// It is done, and the attempt goes on.
    Confirmed,
}
