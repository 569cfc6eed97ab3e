use serde::{Deserialize, Serialize};

use crate::accounts::PayoutMethod;
use crate::calendar::Timestamp;
use crate::ids::{ExternalAccountId, PayoutId};
use crate::money::Money;

/// What happened to a payout; the object of the event says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PayoutEvent {
    /// `payout.canceled`
    Canceled,
    /// `payout.created`
    Created,
    /// `payout.failed`
    Failed,
    /// `payout.overdue`: its day of arrival has gone by in silence. The field has none like it: this one is our own.
    Overdue,
    /// `payout.paid`
    Paid,
    /// `payout.reconciliation_completed`
    ReconciliationCompleted,
    /// `payout.updated`
    Updated,
    /// `balance_settings.updated`
    SettingsUpdated,
}

impl PayoutEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Canceled => "payout.canceled",
            Self::Created => "payout.created",
            Self::Failed => "payout.failed",
            Self::Overdue => "payout.overdue",
            Self::Paid => "payout.paid",
            Self::ReconciliationCompleted => "payout.reconciliation_completed",
            Self::Updated => "payout.updated",
            Self::SettingsUpdated => "balance_settings.updated",
        }
    }
}

/// What the host must do for a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PayoutInstruction {
    /// Send the money; report [`PayoutPaid`](super::PayoutPaid) or [`PayoutFailed`](super::PayoutFailed). The payout's
    /// id is the idempotency key to pass on.
    Send {
        /// The payout.
        payout: PayoutId,
        /// The bank account it goes to.
        destination: ExternalAccountId,
        /// How much.
        amount: Money,
        /// The day on which it should arrive.
        arrival_date: Timestamp,
        /// How fast.
        method: PayoutMethod,
        /// What the bank is to show beside it.
        statement_descriptor: Box<str>,
    },
    /// Debit the bank account for what its owner's balance is below zero, or for a payout that is taken back; report [`PayoutPaid`](super::PayoutPaid) once the money has come,
    /// or [`PayoutFailed`](super::PayoutFailed), also where it was pulled back after that. The payout's id is the idempotency key to pass
    /// on.
    Debit {
        /// The payout, which is below zero.
        payout: PayoutId,
        /// The bank account to debit.
        source: ExternalAccountId,
        /// How much to take; positive.
        amount: Money,
        /// The day on which the money is expected.
        arrival_date: Timestamp,
        /// What the bank is to show beside it.
        statement_descriptor: Box<str>,
    },
    /// Do not send it for now; it is either [sent](Self::Send) or [called off](Self::Cancel) later.
    Hold {
        /// The payout.
        payout: PayoutId,
    },
    /// Do not send it after all.
    Cancel {
        /// The payout.
        payout: PayoutId,
    },
}
