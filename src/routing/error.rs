use crate::ids::{AccountId, ApplicationFeeId, PaymentId, TransferId};
use crate::money::{Currency, Money};
use crate::rulebook::Country;

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
    /// Nobody has said at which rate the one currency becomes the other.
    #[error("no exchange rate from {from} to {to} is set")]
    NoExchangeRate {
        /// What would be converted.
        from: Currency,
        /// What it would become.
        to: Currency,
    },
    /// An exchange rate is between two currencies.
    #[error("{0} cannot be exchanged for itself")]
    ExchangedForItself(Currency),
    /// What would come of a conversion is less than half a minor unit.
    #[error("`{amount}` comes to nothing in {to}")]
    ConvertsToNothing {
        /// What would be converted.
        amount: Money,
        /// What it would become.
        to: Currency,
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
    /// The platform may not debit accounts in that country: only those of its own region, where that is one of a few.
    #[error("a platform in `{platform}` cannot debit accounts in `{account}`")]
    DebitNotOpen {
        /// Where the platform is.
        platform: Country,
        /// Where the account is.
        account: Country,
    },
    /// One debit takes no more than the rulebook says.
    #[error("one debit takes at most `{maximum}`, not `{asked}`")]
    DebitTooLarge {
        /// What was asked for.
        asked: Money,
        /// The most that there can be.
        maximum: Money,
    },
    /// An account is debited out of what it has available, not out of a payment.
    #[error("payment `{0}` cannot be the source of a debit")]
    DebitWithSource(PaymentId),
    /// A debit is an object of the account that it was made on, and is taken back for that account.
    #[error("transfer `{0}` is not the platform's, it is reversed for the account that it debited")]
    NotOnAccount(TransferId),
    /// Transfers go from the platform to a connected account; to the platform they go for an account.
    #[error("`{0}` is the platform itself, and cannot receive a transfer from it")]
    ToPlatform(AccountId),
}

impl RoutingError {
    /// Whether what is asked is not possible as things stand, rather than a call to be corrected.
    pub(crate) const fn is_refusal(&self) -> bool {
        match self {
            Self::ReversalTooLarge { .. }
            | Self::FeeRefundTooLarge { .. }
            | Self::SourceExceeded { .. }
            | Self::SourceUnusable(_)
            | Self::NoExchangeRate { .. }
            | Self::DebitNotOpen { .. } => true,
            Self::AmountNotPositive(_)
            | Self::ExchangedForItself(_)
            | Self::ConvertsToNothing { .. }
            | Self::WrongCurrency { .. }
            | Self::InsufficientFunds { .. }
            | Self::DebitTooLarge { .. }
            | Self::DebitWithSource(_)
            | Self::NotOnAccount(_)
            | Self::ToPlatform(_) => false,
        }
    }
}
