use serde::{Deserialize, Serialize};

use crate::accounts::{AccessError, AccountError, ConnectionError};
use crate::calendar::{TimeError, Timestamp};
use crate::ids::{AccountId, ObjectId};
use crate::journal::{Deadline, Key, RequestError};
use crate::ledger::LedgerError;
use crate::money::MoneyError;
use crate::payments::{DisputeError, PaymentError};
use crate::payouts::{PayoutError, ReserveError, TopUpError};
use crate::routing::{PricingError, RoutingError};
use crate::rulebook::RulebookError;
use crate::terminal::TerminalError;
use crate::tools::AttributionError;
use crate::tools::risk::RiskError;
use crate::tools::tax::TaxError;

/// Why a call was refused. Nothing was changed by it, and the request's key is free for another try.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// About a link or a session.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// About who is behind a command, and why.
    #[error(transparent)]
    Attribution(#[from] AttributionError),
    /// About the connection of an account.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// About an account.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// About a dispute.
    #[error(transparent)]
    Dispute(#[from] DisputeError),
    /// A movement that would not balance: a fault of this crate.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// About an amount.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// About a payment or a refund.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// About a payout.
    #[error(transparent)]
    Payout(#[from] PayoutError),
    /// About a scheme of prices.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// About the request itself.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// About what is held back.
    #[error(transparent)]
    Reserve(#[from] ReserveError),
    /// About a rule over accounts, or a review.
    #[error(transparent)]
    Risk(#[from] RiskError),
    /// About a transfer or a commission.
    #[error(transparent)]
    Routing(#[from] RoutingError),
    /// The rules hold no answer.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// About a place, a reader or what it does.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// About a tax form.
    #[error(transparent)]
    Tax(#[from] TaxError),
    /// About a top-up.
    #[error(transparent)]
    TopUp(#[from] TopUpError),
    /// About a date.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// There is no such object.
    #[error("there is no `{0}`")]
    NotFound(ObjectId),
    /// The host has chosen an id that is in use.
    #[error("the id `{0}` is taken")]
    IdTaken(ObjectId),
    /// Somebody else than the platform has to name the account that is meant.
    #[error("no account is acted for")]
    NobodyActedFor,
    /// The platform only [mirrors](crate::mirror) what its provider does: ask the provider, and tell what it did.
    #[error("this platform only mirrors its provider, which has to be asked instead")]
    OnlyMirrors,
    /// What is named belongs to somebody else than the account acted for.
    #[error("account `{0}` cannot do this")]
    NotForAccounts(AccountId),
    /// A partial platform needs to be given these first.
    #[error("{} keys are not loaded, the first of them is the {}", .0.len(), .0.first().map_or_else(String::new, Key::to_string))]
    NotLoaded(Vec<Key>),
    /// A partial platform was given something to which these have to happen first.
    #[error("{} deadlines are overdue", .0.len())]
    Overdue(Vec<Deadline>),
    /// A deadline was to happen before its time.
    #[error("what is due at {} cannot happen at {clock}", .deadline.due)]
    NotDue {
        /// The deadline.
        deadline: Deadline,
        /// Where the clock stands.
        clock: Timestamp,
    },
    /// A partial platform keeps no history.
    #[error("a platform that knows only a part keeps no history")]
    HistoryNotKept,
    /// The changes were decided on something that has changed since.
    #[error("`{0}` has changed since this was decided")]
    Stale(String),
    /// The clock can only go forward.
    #[error("the clock stands at {clock} and cannot go back to {now}")]
    TimeBackwards {
        /// Where the clock stands.
        clock: Timestamp,
        /// Where it was to go.
        now: Timestamp,
    },
    /// A fact cannot have happened after now.
    #[error("a fact of {at} lies ahead of the clock, which stands at {clock}")]
    FactAheadOfClock {
        /// When it is said to have happened.
        at: Timestamp,
        /// Where the clock stands.
        clock: Timestamp,
    },
}

/// What a host can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A fault of this crate: report it.
    Bug,
    /// Too little money: wait, or bring more.
    Insufficient,
    /// The call makes no sense as it is: correct it.
    Invalid,
    /// Nothing by that id: correct it.
    NotFound,
    /// Load what is named, or let it happen, and call again.
    NotLoaded,
    /// What is asked is not possible in this state, or not allowed.
    Refused,
    /// Somebody was faster: decide again.
    Stale,
}

impl Error {
    /// What a host can do about it.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Ledger(_) => ErrorKind::Bug,
            Self::Payment(PaymentError::InsufficientFunds { .. })
            | Self::Payout(PayoutError::InsufficientFunds { .. })
            | Self::Reserve(ReserveError::InsufficientFunds { .. })
            | Self::Routing(RoutingError::InsufficientFunds { .. }) => ErrorKind::Insufficient,
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::NotLoaded(_) | Self::Overdue(_) => ErrorKind::NotLoaded,
            Self::Stale(_) => ErrorKind::Stale,
            Self::Access(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Account(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Connection(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Dispute(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Terminal(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Payment(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Reserve(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Risk(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Routing(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Tax(error) if error.is_refusal() => ErrorKind::Refused,
            Self::TopUp(error) if error.is_refusal() => ErrorKind::Refused,
            Self::Payout(error) if error.is_refusal() => ErrorKind::Refused,
            Self::NotForAccounts(_) | Self::OnlyMirrors => ErrorKind::Refused,
            Self::Access(_)
            | Self::Account(_)
            | Self::Attribution(_)
            | Self::Connection(_)
            | Self::Dispute(_)
            | Self::Money(_)
            | Self::Payment(_)
            | Self::Payout(_)
            | Self::Pricing(_)
            | Self::Request(_)
            | Self::Reserve(_)
            | Self::Risk(_)
            | Self::Routing(_)
            | Self::Rulebook(_)
            | Self::Terminal(_)
            | Self::Tax(_)
            | Self::Time(_)
            | Self::TopUp(_)
            | Self::IdTaken(_)
            | Self::HistoryNotKept
            | Self::NobodyActedFor
            | Self::NotDue { .. }
            | Self::TimeBackwards { .. }
            | Self::FactAheadOfClock { .. } => ErrorKind::Invalid,
        }
    }

    /// The code that the field's API answers in this case, where it has one.
    // RULE: docs.stripe.com/error-codes (2024); the codes of amounts and balances agree with recorded exchanges.
    pub const fn code(&self) -> Option<&'static str> {
        use PaymentError::{AmountTooSmall, AuthorizationBusy, IncrementTooSmall, UnexpectedState};

        Some(match self {
            Self::NotFound(_)
            | Self::Payment(PaymentError::NotOnAccount(_))
            | Self::Routing(RoutingError::ToPlatform(_) | RoutingError::NotOnAccount(_)) => "resource_missing",
            Self::IdTaken(_) => "resource_already_exists",
            Self::Account(error) => return error.code(),
            Self::Payment(error) if error.in_person_code().is_some() => return error.in_person_code(),
            Self::Payment(error) if error.refund_code().is_some() => return error.refund_code(),
            Self::Payment(PaymentError::AmountNotPositive(_)) | Self::Routing(RoutingError::AmountNotPositive(_)) => {
                "parameter_invalid_integer"
            }
            Self::Payment(AmountTooSmall { .. } | IncrementTooSmall { .. }) => "amount_too_small",
            Self::Payout(error) => return error.code(),
            Self::Payment(PaymentError::AmountTooLarge { .. } | PaymentError::CaptureTooLarge { .. })
            | Self::Routing(RoutingError::DebitTooLarge { .. }) => "amount_too_large",
            Self::Routing(RoutingError::DebitNotOpen { .. }) => "transfers_not_allowed",
            Self::Payment(PaymentError::AmountNotMultiple { .. }) => "invalid_charge_amount",
            Self::Payment(PaymentError::FeeAndTransferAmount) => "parameters_exclusive",
            Self::Payment(
                PaymentError::MethodMissing
                | PaymentError::NobodyToShareWith
                | PaymentError::TransferBearerMissing(_)
                | PaymentError::FeeBearerMissing(_)
                | PaymentError::SharesUnsaid(_),
            ) => "parameter_missing",
            Self::Payment(PaymentError::MethodUnavailable { .. } | PaymentError::CaptureNotLater(_)) => {
                "payment_intent_incompatible_payment_method"
            }
            Self::Payment(UnexpectedState { .. } | AuthorizationBusy(_)) => "payment_intent_unexpected_state",
            Self::Payment(PaymentError::CommissionFromAbroad(_)) => "application_fees_not_allowed",
            Self::Payment(PaymentError::InsufficientFunds { .. })
            | Self::Routing(RoutingError::InsufficientFunds { .. }) => "balance_insufficient",
            Self::Access(AccessError::UrlInvalid(_) | AccessError::UrlNotEncrypted(_)) => "url_invalid",
            Self::Connection(error) => return error.code(),
            Self::Dispute(error) => return error.code(),
            Self::Terminal(error) => return error.code(),
            Self::Reserve(error) => return error.code(),
            Self::TopUp(error) => return error.code(),
            Self::Request(RequestError::KeyReused(_)) => "idempotency_error",
            Self::Rulebook(RulebookError::UnknownCountry(_) | RulebookError::NotOnboarded { .. }) => {
                "country_unsupported"
            }
            Self::NotForAccounts(_) => "platform_account_required",
            Self::Access(_)
            | Self::Attribution(_)
            | Self::Ledger(_)
            | Self::Money(_)
            | Self::Payment(_)
            | Self::Pricing(_)
            | Self::Request(_)
            | Self::Risk(_)
            | Self::Routing(_)
            | Self::Rulebook(_)
            | Self::Tax(_)
            | Self::Time(_)
            | Self::NotLoaded(_)
            | Self::Overdue(_)
            | Self::Stale(_)
            | Self::HistoryNotKept
            | Self::NobodyActedFor
            | Self::OnlyMirrors
            | Self::NotDue { .. }
            | Self::TimeBackwards { .. }
            | Self::FactAheadOfClock { .. } => return None,
        })
    }

    /// Whether it tells that something has to be loaded, or to happen, before anything can be decided, or that a state is damaged.
    pub(super) const fn is_about_loading(&self) -> bool {
        match self.kind() {
            ErrorKind::Bug | ErrorKind::NotFound | ErrorKind::NotLoaded | ErrorKind::Stale => true,
            ErrorKind::Insufficient | ErrorKind::Invalid | ErrorKind::Refused => false,
        }
    }

    /// Whether the same call may succeed later without being corrected.
    pub const fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Insufficient | ErrorKind::NotLoaded | ErrorKind::Stale => true,
            ErrorKind::Bug | ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::Refused => false,
        }
    }
}
