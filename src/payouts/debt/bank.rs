use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, PayoutId};

/// Where the debit of the bank account stands from which a balance below zero is brought up again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankDebit {
    /// None is made: nothing is owed, there is no bank account that could be debited, or the debt is too small.
    #[default]
    None,
    /// What comes in has until then to pay the debt; then the bank is debited for what is left of it, if it still may be.
    Ahead {
        /// When.
        at: Timestamp,
    },
    /// The bank was asked, and what became of it is not known yet. Until it is, it is not asked again.
    UnderWay {
        /// The payout below zero.
        payout: PayoutId,
    },
}

impl BankDebit {
    /// When the bank is debited, if that is ahead.
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Ahead { at } => Some(*at),
            Self::None | Self::UnderWay { .. } => None,
        }
    }

    /// The same, with nothing ahead: what is under way stays so.
    pub(crate) const fn put_off(self) -> Self {
        match self {
            Self::None | Self::Ahead { .. } => Self::None,
            Self::UnderWay { .. } => self,
        }
    }
}

/// A command: have an account's bank debited for what the account owes, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SetDebitNegativeBalances {
    /// The account; the platform's own if it is the platform's id.
    pub account: AccountId,
    /// Whether its bank is debited.
    pub debit: bool,
}
