use serde::{Deserialize, Serialize};

use super::ProviderLineKind;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ProviderTransactionId};
use crate::money::Money;

/// A balance transaction of the provider's that no other object stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTransaction {
    pub(crate) id: ProviderTransactionId,
    pub(crate) account: AccountId,
    pub(crate) kind: ProviderLineKind,
    pub(crate) amount: Money,
    pub(crate) created: Timestamp,
    pub(crate) available_on: Timestamp,
}

impl ProviderTransaction {
    /// Its id.
    pub const fn id(&self) -> ProviderTransactionId {
        self.id
    }

    /// Whose balance it changed.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What it is about.
    pub const fn kind(&self) -> ProviderLineKind {
        self.kind
    }

    /// By how much, after fees: negative for a debit.
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// When it happened.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When the money is available, or was.
    pub const fn available_on(&self) -> Timestamp {
        self.available_on
    }
}
