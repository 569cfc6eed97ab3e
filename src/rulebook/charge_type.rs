use serde::{Deserialize, Serialize};

/// On whose account a payment is booked, and how the others get their part.
// RULE: docs.stripe.com/connect/charges (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeType {
    /// On the connected account; the platform may take a commission.
    Direct,
    /// On the platform, with one transfer to a connected account.
    Destination,
    /// On the platform; transfers to any number of accounts are commands of their own.
    Separate,
}
