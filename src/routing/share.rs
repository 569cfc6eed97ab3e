use serde::{Deserialize, Serialize};

/// What the one recipient of a destination charge gets. Amounts in minor units of the payment's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Everything, less this commission; the recipient sees both.
    ApplicationFee(i64),
    /// This amount; the platform keeps the rest, and the recipient does not see it.
    TransferAmount(i64),
    /// Everything.
    Whole,
}

impl Share {
    /// What is transferred of `captured`.
    // RULE: a transfer amount is capped at what was captured (docs.stripe.com/connect/destination-charges, 2026).
    pub const fn transferred(self, captured: i64) -> i64 {
        match self {
            Self::TransferAmount(amount) if amount < captured => amount,
            Self::ApplicationFee(_) | Self::TransferAmount(_) | Self::Whole => captured,
        }
    }

    /// The commission on `captured`.
    // RULE: the commission is capped at what was captured (docs.stripe.com/connect/direct-charges, 2026).
    pub const fn application_fee(self, captured: i64) -> i64 {
        match self {
            Self::ApplicationFee(fee) if fee < captured => fee,
            Self::ApplicationFee(_) => captured,
            Self::TransferAmount(_) | Self::Whole => 0,
        }
    }
}
