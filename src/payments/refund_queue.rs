use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, RefundId};
use crate::money::Currency;

/// The refunds that wait for the money of one balance, in the order in which they were asked for.
///
/// It names the first and the last of them; each refund names the [next](super::Refund::next_waiting), so that no list grows. One
/// that was given up stays in its place until its turn comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefundQueue {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// The one whose turn it is; nothing where none waits.
    pub first: Option<RefundId>,
    /// The one that came last.
    pub last: Option<RefundId>,
    /// What has to be available, in minor units, for the queue to be looked at; nothing where none waits.
    pub needs: Option<i64>,
}

impl RefundQueue {
    /// That nothing waits.
    pub const fn empty(account: AccountId, currency: Currency) -> Self {
        Self { account, currency, first: None, last: None, needs: None }
    }
}
