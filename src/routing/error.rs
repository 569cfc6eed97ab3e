use crate::ids::{AccountId, ApplicationFeeId, PaymentId, TransferId};
use crate::money::{Currency, Money};

/// Why a command about transfers or commissions was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoutingError {
    /// Amounts must be positive.
    #[error("`{0}` is not a positive amount")]
    AmountNotPositive(Money),
    /// More than what is left of a transfer.
    #[error("transfer `{transfer}` has `{left}` left to reverse, not `{asked}`")]
    ReversalTooLarge {
        /// The transfer.
        transfer: TransferId,
        /// What was asked for.
        asked: Money,
        /// What is left.
        left: Money,
    },
    /// More than what is left of a commission.
    #[error("application fee `{fee}` has `{left}` left to refund, not `{asked}`")]
    FeeRefundTooLarge {
        /// The commission.
        fee: ApplicationFeeId,
        /// What was asked for.
        asked: Money,
        /// What is left.
        left: Money,
    },
    /// The transfers tied to a payment would exceed it.
    #[error("payment `{payment}` has `{left}` left to transfer, not `{asked}`")]
    SourceExceeded {
        /// The payment.
        payment: PaymentId,
        /// What was asked for.
        asked: Money,
        /// What is left.
        left: Money,
    },
    /// The payment has brought no money yet, or is not booked on the platform.
    #[error("payment `{0}` cannot be the source of a transfer")]
    SourceUnusable(PaymentId),
    /// The amount is not in the currency of what it is about.
    #[error("the amount is in {given}, it must be in {needed}")]
    WrongCurrency {
        /// The currency that was given.
        given: Currency,
        /// The currency that is needed.
        needed: Currency,
    },
    /// An owner has too little available.
    #[error("`{account}` has `{available}` minor units of {currency} available, `{needed}` are needed")]
    InsufficientFunds {
        /// The owner.
        account: AccountId,
        /// The currency.
        currency: Currency,
        /// What is available, in minor units.
        available: i128,
        /// What is needed, in minor units.
        needed: i128,
    },
    /// Transfers go from the platform to a connected account.
    #[error("`{0}` is the platform itself, and cannot receive a transfer from it")]
    ToPlatform(AccountId),
}
