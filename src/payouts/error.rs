use std::fmt;

use serde::{Deserialize, Serialize};

use crate::calendar::{StartOfDay, Timestamp};
use crate::ids::{AccountId, ExternalAccountId, PayoutId};
use crate::money::{Currency, Money};
use crate::routing::PlanError;
use crate::rulebook::Country;

/// The names of a payout's states, as on the field's wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// `pending`
    Pending,
    /// `in_transit`
    InTransit,
    /// `paid`
    Paid,
    /// `failed`
    Failed,
    /// `canceled`
    Canceled,
}

impl fmt::Display for PayoutStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::InTransit => "in_transit",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        })
    }
}

/// Whether it is known which balance transactions a payout settled.
// RULE: docs.stripe.com/payouts/reconciliation (2026). That it takes a while there (`in_progress`) is no part of this: it is known at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconciliationStatus {
    /// `completed`: those of its [contents](crate::Platform::payout_contents).
    Completed,
    /// `not_applicable`: it was made by hand, and stands for none in particular.
    NotApplicable,
}

/// What someone wanted to do with a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PayoutAction {
    /// Call it off.
    Cancel,
    /// Report that it arrived.
    Pay,
    /// Send it again.
    Resend,
    /// Take it back.
    Reverse,
    /// Report that it was handed to the bank.
    Submit,
}

impl fmt::Display for PayoutAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cancel => "canceled",
            Self::Pay => "paid",
            Self::Resend => "sent again",
            Self::Reverse => "reversed",
            Self::Submit => "submitted",
        })
    }
}

/// Why money cannot arrive within minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstantBarrier {
    /// The account is under the recipient agreement.
    Agreement,
    /// There is none in the country, or not in the currency, which is not the country's own.
    Currency,
    /// The bank account or card does not take them.
    Destination,
    /// The account has received its first payment too recently, or none at all.
    New,
    /// The account is in another region than the platform.
    Region,
}

impl fmt::Display for InstantBarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agreement => "it is under the recipient agreement",
            Self::Currency => "its country has none in that currency",
            Self::Destination => "the bank account or card takes none",
            Self::New => "it has not received payments for long enough",
            Self::Region => "it is in another region than the platform",
        })
    }
}

/// Why a payout cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalBarrier {
    /// The bank account is where none is debited for that, or it is a card.
    Bank,
    /// The bank got it in another currency than the balance's.
    Converted,
    /// It took money from the bank itself.
    Debit,
    /// It is kept back while the account's payouts are stopped: nothing was sent yet.
    Held,
    /// It arrived within minutes.
    Instant,
    /// It was expected at the bank too long ago.
    Late,
    /// It is the platform's own.
    Own,
}

impl fmt::Display for ReversalBarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bank => "its bank account is not one that can be debited for it",
            Self::Converted => "it was converted on its way to the bank",
            Self::Debit => "it is a debit itself",
            Self::Held => "it is kept back and was not sent yet",
            Self::Instant => "it arrived within minutes",
            Self::Late => "it was expected at the bank too long ago",
            Self::Own => "it is the platform's own",
        })
    }
}

/// Why a command about payouts was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayoutError {
    /// Amounts must be positive.
    #[error("`{0}` is not a positive amount")]
    AmountNotPositive(Money),
    /// Too little to send.
    #[error("`{amount}` is below the minimum payout of `{minimum}`")]
    AmountTooSmall {
        /// What was asked for.
        amount: Money,
        /// The least there is.
        minimum: Money,
    },
    /// The currency is paid out in larger steps.
    #[error("`{amount}` is not a multiple of `{multiple}` minor units")]
    AmountNotMultiple {
        /// What was asked for.
        amount: Money,
        /// The step.
        multiple: i64,
    },
    /// Too much to send within minutes.
    #[error("`{amount}` is above the largest payout within minutes of `{maximum}`")]
    AmountTooLarge {
        /// What was asked for.
        amount: Money,
        /// The most there is.
        maximum: Money,
    },
    /// Too much to send to a card at once.
    #[error("`{amount}` is above the largest payout of `{maximum}`")]
    AboveMaximum {
        /// What was asked for.
        amount: Money,
        /// The most there is.
        maximum: Money,
    },
    /// More would be sent within minutes today than a day allows.
    #[error("`{amount}` is more than the `{left}` that can be paid out within minutes before `{resets_at}`")]
    DailyLimit {
        /// What was asked for.
        amount: Money,
        /// What is left of the day's limit.
        left: Money,
        /// When the next day begins.
        resets_at: Timestamp,
    },
    /// As many payouts within minutes were asked for today as a day allows.
    #[error("no more than {limit} payouts within minutes can be asked for before `{resets_at}`")]
    DailyCount {
        /// How many a day allows.
        limit: u16,
        /// When the next day begins.
        resets_at: Timestamp,
    },
    /// The price of payouts within minutes makes no sense.
    #[error(transparent)]
    Price(#[from] PlanError),
    /// Money of the account cannot arrive within minutes.
    #[error("account `{account}` has no payouts within minutes: {why}")]
    InstantNotOpen {
        /// The account.
        account: AccountId,
        /// What is in the way.
        why: InstantBarrier,
    },
    /// Too little is available.
    #[error("account `{account}` has `{available}` minor units available, the payout needs `{needed}`")]
    InsufficientFunds {
        /// The account.
        account: AccountId,
        /// What is available, in minor units.
        available: i128,
        /// What was asked for.
        needed: Money,
    },
    /// The account has no bank account in that currency.
    #[error("account `{account}` has no bank account for {currency}")]
    NoBankAccount {
        /// The account.
        account: AccountId,
        /// The currency.
        currency: Currency,
    },
    /// Nothing is sent to the bank account or card: it returned a payout, its owner could not be confirmed, or its token was
    /// called in.
    #[error("nothing is sent to bank account `{0}` as it stands; it must be updated or replaced first")]
    BankAccountErrored(ExternalAccountId),
    /// The account may not be paid out yet.
    #[error("payouts are not enabled for account `{0}`")]
    PayoutsNotEnabled(AccountId),
    /// The payout is not in a state for that.
    #[error("payout `{payout}` is {status} and cannot be {action}")]
    IllegalTransition {
        /// The payout.
        payout: PayoutId,
        /// Its state.
        status: PayoutStatus,
        /// What was wanted.
        action: PayoutAction,
    },
    /// Automatic payouts cannot be called off.
    #[error("payout `{0}` was made by the schedule and cannot be canceled")]
    AutomaticNotCancelable(PayoutId),
    /// What takes a payout back cannot be called off.
    #[error("payout `{0}` takes another one back and cannot be canceled")]
    ReversalNotCancelable(PayoutId),
    /// The payout was asked for by hand and is pending: it is to be canceled, and not taken back.
    #[error("payout `{0}` was asked for by hand and is pending: cancel it instead")]
    CancelInstead(PayoutId),
    /// The payout has been taken back before.
    #[error("payout `{payout}` is reversed by `{by}` already")]
    AlreadyReversed {
        /// The payout.
        payout: PayoutId,
        /// What takes it back.
        by: PayoutId,
    },
    /// The payout cannot be taken back.
    #[error("payout `{payout}` cannot be reversed: {why}")]
    NotReversible {
        /// The payout.
        payout: PayoutId,
        /// What is in the way.
        why: ReversalBarrier,
    },
    /// The payout has been sent again before.
    #[error("payout `{payout}` was sent again as `{by}` already")]
    AlreadyResent {
        /// The payout.
        payout: PayoutId,
        /// What was sent again.
        by: PayoutId,
    },
    /// A debit of a bank is not sent again.
    #[error("payout `{0}` is a debit of a bank and cannot be sent again")]
    DebitNotResendable(PayoutId),
    /// The bank account or card that a payout went to is not there any more.
    #[error("bank account `{0}` was removed and nothing can be sent to it again")]
    DestinationRemoved(ExternalAccountId),
    /// The account's country prescribes its schedule.
    #[error("accounts in `{0}` cannot have that payout schedule")]
    ScheduleNotAllowed(Country),
    /// The account's country allows no payouts by hand.
    #[error("accounts in `{0}` are paid out automatically only")]
    ManualNotAllowed(Country),
    /// The payout belongs to another account than the one acted for.
    #[error("payout `{0}` does not belong to the account that was acted for")]
    NotOnAccount(PayoutId),
    /// The payout was asked for by hand, or is the debit of a bank, and stands for no balance transactions in particular.
    #[error("payout `{0}` was not made by the schedule and settled no balance transactions in particular")]
    NotReconcilable(PayoutId),
    /// A bank cannot show that beside a payout.
    #[error("`{0}` is not 1 to 22 plain characters with a letter among them, as a statement descriptor is")]
    DescriptorInvalid(String),
    /// A minimum balance cannot be below zero.
    #[error("`{0}` is below zero, which no minimum balance can be")]
    MinimumNegative(Money),
    /// The account's country has no minimum balances.
    #[error("automatic payouts of accounts in `{0}` leave nothing behind")]
    MinimumNotAllowed(Country),
    /// The account's country does not open that hour.
    #[error("the days of accounts in `{country}` cannot begin at `{start}`")]
    StartOfDayNotAllowed {
        /// The country.
        country: Country,
        /// The hour.
        start: StartOfDay,
    },
    /// The account's country prescribes for how long its payments wait.
    #[error("for how long payments of accounts in `{0}` wait is fixed")]
    DelayFixed(Country),
    /// The account's first payment is not long enough ago.
    #[error("account `{account}` is paid out for the first time from {until} on")]
    FirstPayoutWaits {
        /// The account.
        account: AccountId,
        /// From when on it is paid out.
        until: Timestamp,
    },
    /// The account's payments cannot wait for so many days.
    #[error("payments of account `{account}` can wait for {minimum} to {maximum} days, not for {delay}")]
    DelayOutOfRange {
        /// The account.
        account: AccountId,
        /// What was asked for.
        delay: u16,
        /// The least there is: what its country and the platform's have payments wait for.
        minimum: u16,
        /// The most there is.
        maximum: u16,
    },
}

impl PayoutError {
    /// Whether what is asked for makes sense, and is not possible as things are, or not allowed; but for too little money.
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::NoBankAccount { .. }
            | Self::BankAccountErrored(_)
            | Self::PayoutsNotEnabled(_)
            | Self::IllegalTransition { .. }
            | Self::AutomaticNotCancelable(_)
            | Self::ReversalNotCancelable(_)
            | Self::CancelInstead(_)
            | Self::AlreadyResent { .. }
            | Self::AlreadyReversed { .. }
            | Self::DebitNotResendable(_)
            | Self::DestinationRemoved(_)
            | Self::NotReversible { .. }
            | Self::ScheduleNotAllowed(_)
            | Self::ManualNotAllowed(_)
            | Self::MinimumNotAllowed(_)
            | Self::StartOfDayNotAllowed { .. }
            | Self::DelayFixed(_)
            | Self::FirstPayoutWaits { .. }
            | Self::InstantNotOpen { .. }
            | Self::DailyLimit { .. }
            | Self::DailyCount { .. } => true,
            Self::AmountNotPositive(_)
            | Self::AmountTooSmall { .. }
            | Self::AmountNotMultiple { .. }
            | Self::AmountTooLarge { .. }
            | Self::AboveMaximum { .. }
            | Self::Price(_)
            | Self::InsufficientFunds { .. }
            | Self::NotOnAccount(_)
            | Self::NotReconcilable(_)
            | Self::DescriptorInvalid(_)
            | Self::MinimumNegative(_)
            | Self::DelayOutOfRange { .. } => false,
        }
    }

    /// The code that the field's API answers in this case, where it has one.
    // RULE: docs.stripe.com/error-codes (2024).
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotOnAccount(_) => "resource_missing",
            Self::AmountNotPositive(_) | Self::DelayOutOfRange { .. } | Self::MinimumNegative(_) => {
                "parameter_invalid_integer"
            }
            Self::AmountTooSmall { .. } => "amount_too_small",
            Self::AboveMaximum { .. } => "amount_too_large",
            Self::AmountTooLarge { .. } | Self::DailyLimit { .. } | Self::DailyCount { .. } => {
                "instant_payouts_limit_exceeded"
            }
            Self::InstantNotOpen { why: InstantBarrier::Currency, .. } => "instant_payouts_currency_disabled",
            Self::InstantNotOpen {
                why:
                    InstantBarrier::Agreement | InstantBarrier::Destination | InstantBarrier::New | InstantBarrier::Region,
                ..
            } => "instant_payouts_unsupported",
            Self::InsufficientFunds { .. } => "balance_insufficient",
            Self::NoBankAccount { .. }
            | Self::BankAccountErrored(_)
            | Self::DestinationRemoved(_)
            | Self::PayoutsNotEnabled(_)
            | Self::FirstPayoutWaits { .. }
            | Self::ManualNotAllowed(_) => "payouts_not_allowed",
            Self::AmountNotMultiple { .. }
            | Self::IllegalTransition { .. }
            | Self::AutomaticNotCancelable(_)
            | Self::ReversalNotCancelable(_)
            | Self::CancelInstead(_)
            | Self::AlreadyResent { .. }
            | Self::AlreadyReversed { .. }
            | Self::DebitNotResendable(_)
            | Self::NotReversible { .. }
            | Self::DescriptorInvalid(_)
            | Self::NotReconcilable(_)
            | Self::Price(_)
            | Self::MinimumNotAllowed(_)
            | Self::StartOfDayNotAllowed { .. }
            | Self::DelayFixed(_)
            | Self::ScheduleNotAllowed(_) => return None,
        })
    }
}
