use crate::ids::AccountId;
use crate::money::Currency;
use crate::rulebook::{Capability, Country};

/// Why a command about an account was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// A custom account must ask for at least one capability.
    #[error("a custom account must request at least one capability")]
    NothingRequested,
    /// The account lacks what the operation needs.
    #[error("account `{account}` cannot use `{capability}`, which is not active")]
    CapabilityNotActive {
        /// The account.
        account: AccountId,
        /// What it would need.
        capability: Capability,
    },
    /// The account cannot hold money of this currency without converting it.
    #[error("account `{account}` in `{country}` does not settle in {currency}")]
    CurrencyNotHeld {
        /// The account.
        account: AccountId,
        /// Its country.
        country: Country,
        /// The currency.
        currency: Currency,
    },
    /// A bank account needs a number.
    #[error("a bank account needs a number")]
    NumberMissing,
    /// The platform was named where a connected account is needed.
    #[error("`{0}` is the platform itself, not a connected account")]
    IsPlatform(AccountId),
    /// The object has brought forth as many others as an id can count.
    #[error("account `{0}` cannot take another member")]
    FamilyFull(AccountId),
}
