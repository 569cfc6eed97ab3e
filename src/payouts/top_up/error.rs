use std::fmt;

use serde::{Deserialize, Serialize};

use crate::accounts::MetadataError;
use crate::ids::{ExternalAccountId, TopUpId};
use crate::money::{Currency, Money};
use crate::rulebook::Country;

/// The names of a top-up's states, as on the field's wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopUpStatus {
    /// `pending`
    Pending,
    /// `succeeded`
    Succeeded,
    /// `failed`
    Failed,
    /// `canceled`
    Canceled,
    /// `reversed`
    Reversed,
}

impl fmt::Display for TopUpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Reversed => "reversed",
        })
    }
}

/// What someone wanted to do with a top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TopUpAction {
    /// Call it off.
    Cancel,
    /// Report that the bank has pulled it back.
    Reverse,
    /// Report that the bank has paid.
    Succeed,
}

impl fmt::Display for TopUpAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cancel => "canceled",
            Self::Reverse => "reversed",
            Self::Succeed => "paid",
        })
    }
}

/// Why a command about top-ups was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TopUpError {
    /// Amounts must be positive.
    #[error("`{0}` is not a positive amount")]
    AmountNotPositive(Money),
    /// Too much to pull at once.
    #[error("`{amount}` is above the largest top-up of `{maximum}`")]
    AmountTooLarge {
        /// What was asked for.
        amount: Money,
        /// The most there is.
        maximum: Money,
    },
    /// A bank's statement has room for 15 ASCII characters, and needs a letter.
    #[error("`{0}` is not a statement descriptor of 1 to 15 ASCII characters with a letter among them")]
    DescriptorInvalid(String),
    /// The description is too long.
    #[error("a description has at most 5000 characters, not `{0}`")]
    DescriptionTooLong(usize),
    /// What the host writes on it for itself is too much.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Platforms in the country cannot pull money in that currency.
    #[error("platforms in `{country}` have no top-ups in {currency}")]
    NotOpen {
        /// The platform's country.
        country: Country,
        /// The currency.
        currency: Currency,
    },
    /// The platform has no bank account in that currency.
    #[error("the platform has no bank account for {0}")]
    NoBankAccount(Currency),
    /// Cards are not debited for top-ups.
    #[error("`{0}` is a card, and money is pulled from bank accounts only")]
    NotABankAccount(ExternalAccountId),
    /// Nothing is pulled from the bank account as it stands: it returned a payout, its owner could not be confirmed, or its token was
    /// called in.
    #[error("nothing is pulled from bank account `{0}` as it stands; it must be updated or replaced first")]
    BankAccountErrored(ExternalAccountId),
    /// The top-up is not in a state for that.
    #[error("top-up `{top_up}` is {status} and cannot be {action}")]
    IllegalTransition {
        /// The top-up.
        top_up: TopUpId,
        /// Its state.
        status: TopUpStatus,
        /// What was wanted.
        action: TopUpAction,
    },
}

impl TopUpError {
    /// The code that the field's API answers in this case, where it has one.
    // RULE: docs.stripe.com/error-codes (2024).
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::AmountNotPositive(_) => "parameter_invalid_integer",
            Self::AmountTooLarge { .. } => "amount_too_large",
            Self::NotOpen { .. } => "country_unsupported",
            Self::DescriptorInvalid(_)
            | Self::DescriptionTooLong(_)
            | Self::Metadata(_)
            | Self::NoBankAccount(_)
            | Self::NotABankAccount(_)
            | Self::BankAccountErrored(_)
            | Self::IllegalTransition { .. } => return None,
        })
    }

    /// Whether what is asked is not possible as things stand, rather than a call to be corrected.
    pub(crate) const fn is_refusal(&self) -> bool {
        match self {
            Self::NotOpen { .. }
            | Self::NoBankAccount(_)
            | Self::NotABankAccount(_)
            | Self::BankAccountErrored(_)
            | Self::IllegalTransition { .. } => true,
            Self::AmountNotPositive(_)
            | Self::AmountTooLarge { .. }
            | Self::DescriptorInvalid(_)
            | Self::DescriptionTooLong(_)
            | Self::Metadata(_) => false,
        }
    }
}
