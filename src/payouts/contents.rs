use serde::Serialize;

use super::Window;
use crate::ids::PayoutId;
use crate::ledger::BalanceTransaction;
use crate::money::{Money, wide};

/// What an automatic payout settled: the balance transactions that it is made of, and what was left over before and after.
///
/// Its amount is what was left over by the payouts before it and the nets of its lines, less what it left itself. Every balance
/// transaction of an account is in one payout at most, and in the next one if it became available since the last.
// RULE: an automatic payout can be reconciled with its transactions; one made by hand stands for none in particular
// (docs.stripe.com/payouts/reconciliation, 2026).
// INVARIANT: opening + nets of the lines = amount + closing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayoutContents {
    /// The payout.
    pub payout: PayoutId,
    /// What was sent.
    pub amount: Money,
    /// In which its lines became available.
    pub window: Window,
    /// What the payout before it had left in the balance, in minor units: what its currency does not let out, and what is kept there.
    #[serde(with = "wide")]
    pub opening: i128,
    /// What it settled, oldest first.
    pub lines: Vec<BalanceTransaction>,
    /// What it left in the balance itself, in minor units.
    #[serde(with = "wide")]
    pub closing: i128,
}
