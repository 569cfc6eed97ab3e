use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::AccountId;

/// One account of the chart; each exists once for every currency.
///
/// A positive balance of an owner's bucket is money that is owed to that owner; a positive balance of `Banks`
/// or of the processor's accounts is money that went there; `Payers` is negative by what came in, and `Losses` by what the processor
/// gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LedgerAccount {
    /// Funds of an owner that become available at `on`.
    Pending {
        /// Whose funds.
        owner: AccountId,
        /// When they become available.
        on: Timestamp,
    },
    /// What payers' banks were asked for and have not answered: on its way to an owner, and not certain.
    Submitted {
        /// Who gets it if it comes.
        owner: AccountId,
    },
    /// Funds of an owner that can be transferred or paid out now.
    Available {
        /// Whose funds.
        owner: AccountId,
    },
    /// The platform's own funds, held against the debts of its accounts.
    ConnectReserved {
        /// Whose funds.
        owner: AccountId,
    },
    /// Funds held back by a reserve.
    RiskReserved {
        /// Whose funds.
        owner: AccountId,
    },
    /// Payouts that have left the balance and are not yet known to have arrived.
    InTransit {
        /// Whose funds.
        owner: AccountId,
    },
    /// What the processor has charged.
    Fees,
    /// The processor's open position from conversions.
    Exchange,
    /// What the processor withholds while a dispute is open.
    Disputes,
    /// Shortfalls that the processor absorbed: negative by what it gave.
    Losses,
    /// Cards and bank debits: where money comes from, and where refunds go.
    Payers,
    /// Bank accounts: where payouts go, and where top-ups come from.
    Banks,
}

impl LedgerAccount {
    /// Whose bucket this is; nothing for the processor and the world outside.
    pub const fn owner(self) -> Option<AccountId> {
        match self {
            Self::Pending { owner, .. }
            | Self::Submitted { owner }
            | Self::Available { owner }
            | Self::ConnectReserved { owner }
            | Self::RiskReserved { owner }
            | Self::InTransit { owner } => Some(owner),
            Self::Fees | Self::Exchange | Self::Disputes | Self::Losses | Self::Payers | Self::Banks => None,
        }
    }
}
