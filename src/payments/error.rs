use std::fmt;

use serde::{Deserialize, Serialize};

use super::{RefundReason, RefundStatus};
use crate::ids::{AccountId, PaymentId, ReaderId, RefundId};
use crate::money::{Currency, Money, MoneyError};
use crate::routing::PlanError;
use crate::rulebook::{Country, PaymentMethod};

/// The names of a payment's states, as on the field's wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// `requires_payment_method`
    RequiresPaymentMethod,
    /// `requires_confirmation`
    RequiresConfirmation,
    /// `requires_action`
    RequiresAction,
    /// `processing`
    Processing,
    /// `requires_capture`
    RequiresCapture,
    /// `succeeded`
    Succeeded,
    /// `canceled`
    Canceled,
}

impl fmt::Display for PaymentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation => "requires_confirmation",
            Self::RequiresAction => "requires_action",
            Self::Processing => "processing",
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        })
    }
}

/// What someone wanted to do with a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PaymentAction {
    /// Report that it was authorized.
    Authorize,
    /// Call it off.
    Cancel,
    /// Capture it.
    Capture,
    /// Collect it, or try that again.
    Confirm,
    /// Have more of it authorized.
    Increment,
    /// Give it back.
    Refund,
    /// Report that the money was taken.
    Succeed,
    /// Change it.
    Update,
}

impl fmt::Display for PaymentAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authorize => "authorized",
            Self::Cancel => "canceled",
            Self::Capture => "captured",
            Self::Confirm => "confirmed",
            Self::Increment => "raised",
            Self::Refund => "refunded",
            Self::Succeed => "paid",
            Self::Update => "changed",
        })
    }
}

/// Why a command about a payment or a refund was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaymentError {
    /// Amounts must be positive.
    #[error("`{0}` is not a positive amount")]
    AmountNotPositive(Money),
    /// Too little to charge.
    #[error("`{amount}` is below the minimum of `{minimum}`")]
    AmountTooSmall {
        /// What was asked for.
        amount: Money,
        /// The least there is.
        minimum: Money,
    },
    /// Too much to charge.
    #[error("`{amount}` is above the maximum of `{maximum}`")]
    AmountTooLarge {
        /// What was asked for.
        amount: Money,
        /// The most there is.
        maximum: Money,
    },
    /// The currency is charged in larger steps.
    #[error("`{amount}` is not a multiple of `{multiple}` minor units")]
    AmountNotMultiple {
        /// What was asked for.
        amount: Money,
        /// The step.
        multiple: i64,
    },
    /// Nobody can pay in this currency.
    #[error("payments in {0} are not offered")]
    NotPresentable(Currency),
    /// The amount is not in the currency of what it is about.
    #[error("the amount is in {given}, it must be in {needed}")]
    WrongCurrency {
        /// The currency that was given.
        given: Currency,
        /// The currency that is needed.
        needed: Currency,
    },
    /// The commission is more than the payment.
    #[error("an application fee of `{fee}` does not fit into `{amount}`")]
    FeeExceedsAmount {
        /// The commission.
        fee: Money,
        /// The payment.
        amount: Money,
    },
    /// What is to be transferred is more than the payment, or nothing.
    #[error("a transfer of `{transfer}` does not fit into `{amount}`")]
    TransferExceedsAmount {
        /// What was to be transferred.
        transfer: Money,
        /// The payment.
        amount: Money,
    },
    /// The plan of a payment cannot be carried out for its amount.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Only what the platform keeps is split by a plan: no payment that is made on an account, or has a destination.
    #[error("only a payment without another recipient can be split by a plan")]
    SplitNotSeparate,
    /// A payment is split among so many accounts at most.
    #[error("a payment can be split among {0} accounts, not more")]
    TooManyRecipients(usize),
    /// A commission and a transfer amount exclude each other.
    #[error("an application fee and a transfer amount exclude each other")]
    FeeAndTransferAmount,
    /// A commission, or a transfer amount, needs an account that it is about.
    #[error("an application fee or a transfer amount needs a destination or an account to act for")]
    NobodyToShareWith,
    /// A direct charge has no destination.
    #[error("a payment made for account `{0}` cannot have a destination")]
    DestinationOnDirect(AccountId),
    /// A direct charge is the account's own business.
    #[error("a payment made for account `{0}` cannot be on behalf of another")]
    OnBehalfOfDirect(AccountId),
    /// A destination charge is on behalf of its recipient, or of nobody.
    #[error("a payment with destination `{destination}` cannot be on behalf of `{on_behalf_of}`")]
    OnBehalfOfOther {
        /// Who gets the money.
        destination: AccountId,
        /// Whose business it was to be.
        on_behalf_of: AccountId,
    },
    /// The method is not offered here.
    #[error("{method} is not open to accounts in `{country}` for payments in {currency}")]
    MethodUnavailable {
        /// The method.
        method: PaymentMethod,
        /// The country of the account that charges.
        country: Country,
        /// The payment's currency.
        currency: Currency,
    },
    /// The payment is not in a state for that.
    #[error("payment `{payment}` is {status} and cannot be {action}")]
    UnexpectedState {
        /// The payment.
        payment: PaymentId,
        /// Its state.
        status: PaymentStatus,
        /// What was wanted.
        action: PaymentAction,
    },
    /// The payment belongs to another account than the one acted for.
    #[error("payment `{0}` does not belong to the account that was acted for")]
    NotOnAccount(PaymentId),
    /// More than what is left of a payment.
    #[error("payment `{payment}` has `{refundable}` left to refund, not `{asked}`")]
    RefundTooLarge {
        /// The payment.
        payment: PaymentId,
        /// What was asked for.
        asked: Money,
        /// What is left.
        refundable: Money,
    },
    /// What is asked to be given back is in dispute, or was lost to one.
    #[error("payment `{payment}` is disputed and has `{refundable}` left to refund, not `{asked}`")]
    Disputed {
        /// The payment.
        payment: PaymentId,
        /// What was asked for.
        asked: Money,
        /// What is left.
        refundable: Money,
    },
    /// What is asked to be given back, the payer's bank has pulled back already.
    #[error(
        "payment `{payment}` was pulled back by the payer's bank and has `{refundable}` left to refund, not `{asked}`"
    )]
    Reversed {
        /// The payment.
        payment: PaymentId,
        /// What was asked for.
        asked: Money,
        /// What is left.
        refundable: Money,
    },
    /// The method does not give money back.
    #[error("payments by {0} cannot be refunded")]
    NotRefundable(PaymentMethod),
    /// A refund of a destination charge has to say whether the transfer is pulled back.
    #[error("a refund of `{0}` must say whether its transfer is reversed")]
    TransferBearerMissing(PaymentId),
    /// A refund of a payment with a commission has to say whether it is returned.
    #[error("a refund of `{0}` must say whether its application fee is refunded")]
    FeeBearerMissing(PaymentId),
    /// There is no transfer to pull back.
    #[error("payment `{0}` has no transfer of its own to reverse")]
    NoTransfer(PaymentId),
    /// There is no commission to return.
    #[error("payment `{0}` has no application fee to refund")]
    NoFee(PaymentId),
    /// Returning the commission of a destination charge needs its transfer pulled back.
    #[error("refunding the application fee of `{0}` needs its transfer reversed too")]
    FeeNeedsTransfer(PaymentId),
    /// The debited account has too little available.
    #[error("`{account}` has `{available}` minor units of {currency} available, the refund needs `{needed}`")]
    InsufficientFunds {
        /// The account.
        account: AccountId,
        /// The currency.
        currency: Currency,
        /// What is available, in minor units.
        available: i128,
        /// What is needed, in minor units.
        needed: i128,
    },
    /// The method takes the money at once, or not at all.
    #[error("payments by {0} cannot be captured later")]
    CaptureNotLater(PaymentMethod),
    /// More than can be captured.
    #[error("payment `{payment}` has `{capturable}` left to capture, not `{asked}`")]
    CaptureTooLarge {
        /// The payment.
        payment: PaymentId,
        /// What was asked for.
        asked: Money,
        /// What is left.
        capturable: Money,
    },
    /// The authorization can be captured only once.
    #[error("payment `{0}` cannot be captured in several parts")]
    OneCaptureOnly(PaymentId),
    /// Every capture that could be tried was tried.
    #[error("payment `{0}` has been captured as often as can be")]
    TooManyCaptures(PaymentId),
    /// The first capture named the part of another, so every later one has to.
    #[error("a further capture of `{0}` must name the application fee or the transfer amount, as the first one did")]
    SharesUnsaid(PaymentId),
    /// What others got of the captures before cannot become less. Both amounts are in the currency in which it was given.
    #[error("of `{payment}` `{given}` was given to others already, which is more than `{asked}`")]
    ShareBelowGiven {
        /// The payment.
        payment: PaymentId,
        /// What was asked for.
        asked: Money,
        /// What was given.
        given: Money,
    },
    /// The world has not answered what it was asked before about the authorization.
    #[error("payment `{0}` waits for an answer about its authorization")]
    AuthorizationBusy(PaymentId),
    /// The authorization cannot be raised, or not any more.
    #[error("the authorization of `{0}` cannot be raised")]
    NotIncremental(PaymentId),
    /// The new total is no more than the old one.
    #[error("the authorization of `{payment}` stands at `{authorized}`, which `{asked}` does not raise")]
    IncrementTooSmall {
        /// The payment.
        payment: PaymentId,
        /// What was asked for.
        asked: Money,
        /// What is authorized.
        authorized: Money,
    },
    /// While more is to be captured, or after shares were taken back by themselves, a refund leaves the shares of others alone.
    #[error("a refund of `{0}` cannot take shares of others back: they are taken back by themselves")]
    SharesApart(PaymentId),
    /// The refund is not in a state in which it can be called off.
    #[error("refund `{refund}` is {status} and cannot be canceled")]
    RefundNotCancelable {
        /// The refund.
        refund: RefundId,
        /// Its state.
        status: RefundStatus,
    },
    /// The reason is one that nobody gives: it tells what happened by itself.
    #[error("`{0}` is not a reason that a refund is asked for")]
    ReasonReserved(RefundReason),
    /// The object has brought forth as many others as an id can count.
    #[error("payment `{0}` cannot take another member")]
    FamilyFull(PaymentId),
    /// Accounts in that country pay commissions to platforms of their own country only.
    #[error("account `{0}` pays no commission to a platform in another country")]
    CommissionFromAbroad(AccountId),
    /// A payment is collected by a method, and none was named.
    #[error("it is not said how the payment is to be paid")]
    MethodMissing,
    /// Nobody has tried to collect the payment yet.
    #[error("there was no attempt to collect payment `{0}`")]
    NoAttempt(PaymentId),
    /// A change of nothing.
    #[error("nothing is to be changed")]
    NothingToChange,
    /// A reader works on the payment, and has not told what came of it.
    #[error("payment `{payment}` is at reader `{reader}`, which has not answered")]
    AtReader {
        /// The payment.
        payment: PaymentId,
        /// The reader.
        reader: ReaderId,
    },
    /// A reader was asked to give money of the payment back, and nobody has told whether it did.
    #[error("it is not known whether a reader gave refund `{refund}` of payment `{payment}`")]
    RefundUnknown {
        /// The payment.
        payment: PaymentId,
        /// The refund.
        refund: RefundId,
    },
    /// Only a reader makes attempts by that method.
    #[error("payments by {0} are attempted at a reader")]
    NeedsReader(PaymentMethod),
    /// The method gives money back at a reader, and in no other way.
    #[error("payments by {0} are refunded at a reader")]
    RefundInPerson(PaymentMethod),
    /// A payment in person for an account in another country is that account's business.
    #[error("a payment in person for account `{0}`, which is in another country, must be on behalf of it")]
    OnBehalfOfNeeded(AccountId),
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl PaymentError {
    /// The code that the field's API answers where a payment needs a reader, or has one.
    // RULE: docs.stripe.com/error-codes (2024). For a refund that has to happen at a reader no code is published.
    pub(crate) const fn in_person_code(&self) -> Option<&'static str> {
        if let Self::AtReader { .. } | Self::RefundUnknown { .. } = self {
            Some("payment_intent_unexpected_state")
        } else if let Self::NeedsReader(_) = self {
            Some("payment_intent_incompatible_payment_method")
        } else if let Self::OnBehalfOfNeeded(_) = self {
            Some("parameter_missing")
        } else {
            None
        }
    }

    /// The code that the field's API answers where a payment cannot be given back.
    // RULE: docs.stripe.com/error-codes (2024). That it is the same for one that was pulled back as for one that cannot be refunded is our
    // reading: none is published for it.
    pub(crate) const fn refund_code(&self) -> Option<&'static str> {
        if let Self::UnexpectedState { action: PaymentAction::Refund, .. }
        | Self::NotRefundable(_)
        | Self::Reversed { .. } = self
        {
            Some("charge_not_refundable")
        } else if let Self::Disputed { .. } = self {
            Some("charge_disputed")
        } else if let Self::RefundTooLarge { refundable, .. } = self
            && refundable.is_zero()
        {
            Some("charge_already_refunded")
        } else {
            None
        }
    }

    /// Whether what was asked makes sense, and is not possible or not allowed as things stand.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::UnexpectedState { .. }
                | Self::RefundTooLarge { .. }
                | Self::Disputed { .. }
                | Self::Reversed { .. }
                | Self::NotRefundable(_)
                | Self::RefundNotCancelable { .. }
                | Self::MethodUnavailable { .. }
                | Self::CaptureNotLater(_)
                | Self::CommissionFromAbroad(_)
                | Self::NoAttempt(_)
                | Self::OneCaptureOnly(_)
                | Self::TooManyCaptures(_)
                | Self::AuthorizationBusy(_)
                | Self::NotIncremental(_)
                | Self::SharesApart(_)
                | Self::FamilyFull(_)
                | Self::AtReader { .. }
                | Self::RefundUnknown { .. }
                | Self::NeedsReader(_)
                | Self::RefundInPerson(_)
        )
    }
}
