use std::fmt;

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ReserveHoldId, ReservePlanId};
use crate::money::{Currency, Money, Rate};

/// The names of a plan's states, as on the field's wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservePlanStatus {
    /// `active`
    Active,
    /// `disabled`
    Disabled,
    /// `expired`
    Expired,
}

impl fmt::Display for ReservePlanStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
        })
    }
}

/// The names of a hold's states. The field has none: it tells how much can be released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReserveHoldStatus {
    /// All of it is held back.
    Held,
    /// A part of it was let go.
    PartlyReleased,
    /// All of it was let go.
    Released,
    /// What was left of it was let go for a claim.
    Consumed,
}

impl fmt::Display for ReserveHoldStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held => "held",
            Self::PartlyReleased => "partly_released",
            Self::Released => "released",
            Self::Consumed => "consumed",
        })
    }
}

/// Why a command about reserves was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReserveError {
    /// Amounts must be positive.
    #[error("`{0}` is not a positive amount")]
    AmountNotPositive(Money),
    /// A date must lie ahead.
    #[error("{0} does not lie ahead")]
    DateNotAhead(Timestamp),
    /// Nothing is held back for that long.
    #[error("{date} is too far ahead: nothing is held back for longer than until {latest}")]
    DateTooFar {
        /// The date that was asked for.
        date: Timestamp,
        /// The latest there is.
        latest: Timestamp,
    },
    /// Nothing is held back for so many days.
    #[error("a charge is held back for 1 to {maximum} days, not for {days}")]
    DaysOutOfRange {
        /// How many were asked for.
        days: u16,
        /// The most there are.
        maximum: i64,
    },
    /// The account has less available than is to be held back.
    #[error(
        "account `{account}` has {available} minor units of {currency} available, and {needed} are to be held back"
    )]
    InsufficientFunds {
        /// The account.
        account: AccountId,
        /// The currency.
        currency: Currency,
        /// What it has.
        available: i128,
        /// What is asked for.
        needed: i128,
    },
    /// No plan holds back nothing, or more than all.
    #[error("`{0}` is not above zero and at most 100 percent")]
    PercentOutOfRange(Rate),
    /// A plan for the same currency, or for all, is in force.
    #[error("plan `{0}` is in force already")]
    PlanInForce(ReservePlanId),
    /// The plan is not in force any more.
    #[error("plan `{plan}` is {status} already")]
    PlanOver {
        /// The plan.
        plan: ReservePlanId,
        /// Where it stands.
        status: ReservePlanStatus,
    },
    /// Less than that is held back.
    #[error("`{hold}` holds `{releasable}` back, and `{asked}` cannot be let go")]
    ReleaseTooLarge {
        /// The hold.
        hold: ReserveHoldId,
        /// What was asked for.
        asked: Money,
        /// What is there.
        releasable: Money,
    },
    /// The money is of another currency.
    #[error("the amount is in {given}, and what is held back in {needed}")]
    WrongCurrency {
        /// The currency that was named.
        given: Currency,
        /// The one of what is held back.
        needed: Currency,
    },
}

impl ReserveError {
    /// The code that the field's API answers in this case, where it has one.
    // RULE: docs.stripe.com/error-codes (2024), as for other amounts and balances.
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::AmountNotPositive(_) => "parameter_invalid_integer",
            Self::InsufficientFunds { .. } => "balance_insufficient",
            Self::ReleaseTooLarge { .. } => "amount_too_large",
            Self::DateNotAhead(_)
            | Self::DateTooFar { .. }
            | Self::DaysOutOfRange { .. }
            | Self::PercentOutOfRange(_)
            | Self::PlanInForce(_)
            | Self::PlanOver { .. }
            | Self::WrongCurrency { .. } => return None,
        })
    }

    /// Whether what is asked is not possible as things stand, rather than a call to be corrected.
    pub(crate) const fn is_refusal(&self) -> bool {
        match self {
            Self::PlanInForce(_) | Self::PlanOver { .. } | Self::ReleaseTooLarge { .. } => true,
            Self::AmountNotPositive(_)
            | Self::DateNotAhead(_)
            | Self::DateTooFar { .. }
            | Self::DaysOutOfRange { .. }
            | Self::InsufficientFunds { .. }
            | Self::PercentOutOfRange(_)
            | Self::WrongCurrency { .. } => false,
        }
    }
}
