//! What is asked for of payouts, and what the world tells of them.

use serde::{Deserialize, Serialize};

use crate::accounts::PayoutMethod;
use crate::ids::{ExternalAccountId, PayoutId};
use crate::money::Money;

/// A command: send available money to a bank account or card now. It pays the platform, or the account
/// [acted for](crate::Platform::acting_as).
///
/// ```
/// use fundroute::accounts::PayoutMethod;
/// use fundroute::money::usd;
/// use fundroute::payouts::NewPayout;
///
/// assert_eq!(NewPayout::of(usd(50_00)).method, PayoutMethod::Standard);
/// assert_eq!(NewPayout::of(usd(50_00)).instant().method, PayoutMethod::Instant);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPayout {
    /// How much arrives.
    pub amount: Money,
    /// How fast.
    pub method: PayoutMethod,
    /// Where it goes; nothing for where automatic payouts in the currency go.
    pub destination: Option<ExternalAccountId>,
    /// What the bank shows beside it: 1 to 22 plain ASCII characters, one of them a letter; nothing for what the account's settings say.
    #[serde(default)]
    pub statement_descriptor: Option<String>,
}

impl NewPayout {
    /// A payout that arrives on a bank day.
    pub const fn of(amount: Money) -> Self {
        Self { amount, method: PayoutMethod::Standard, destination: None, statement_descriptor: None }
    }

    /// The same, within minutes, for a fee.
    #[must_use]
    pub const fn instant(mut self) -> Self {
        self.method = PayoutMethod::Instant;
        self
    }

    /// The same, with these words on the bank's statement.
    #[must_use]
    pub fn statement_descriptor(mut self, text: impl Into<String>) -> Self {
        self.statement_descriptor = Some(text.into());
        self
    }

    /// The same, to this bank account or card.
    #[must_use]
    pub const fn to(mut self, destination: ExternalAccountId) -> Self {
        self.destination = Some(destination);
        self
    }
}

/// A command: call off a payout that was asked for by hand and has not left yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelPayout {
    /// The payout.
    pub payout: PayoutId,
}

/// A command: take a whole payout back, by a debit of the bank account that it went to: another payout, below zero.
///
/// What can be taken back, and until when, is in the [page on payouts](crate::payouts#reversals).
// RULE: a reversal has no amount of its own: it is all of the payout (docs.stripe.com/api/payouts/reverse, 2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReversePayout {
    /// The payout.
    pub payout: PayoutId,
}

/// Where a payout goes that is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResendTo {
    /// Where automatic payouts in the currency go now.
    Default,
    /// To the same bank account or card as before.
    Same,
}

/// A command: send a payout that has failed again, as much of the same money, on a bank day.
///
/// What can be sent again is in the [page on payouts](crate::payouts#sent-again).
///
/// ```
/// use fundroute::ids::PayoutId;
/// use fundroute::payouts::{ResendPayout, ResendTo};
///
/// let failed = PayoutId::from_host([7; 14]);
/// assert_eq!(ResendPayout::of(failed).to, ResendTo::Same);
/// assert_eq!(ResendPayout::of(failed).to_default().to, ResendTo::Default);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResendPayout {
    /// The payout that has failed.
    pub payout: PayoutId,
    /// Where it goes this time.
    pub to: ResendTo,
}

impl ResendPayout {
    /// A payout sent again to the same bank account or card.
    pub const fn of(payout: PayoutId) -> Self {
        Self { payout, to: ResendTo::Same }
    }

    /// The same, to where automatic payouts in the currency go now.
    #[must_use]
    pub const fn to_default(mut self) -> Self {
        self.to = ResendTo::Default;
        self
    }
}

/// A fact: a payout was handed to the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutSubmitted {
    /// The payout.
    pub payout: PayoutId,
}

/// A fact: a payout reached the bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutPaid {
    /// The payout.
    pub payout: PayoutId,
}

/// A fact: the processor called a payout off by itself, mostly while it was in transit. Its money is back on the balance it was taken from.
///
/// What follows is in the [page on payouts](crate::payouts#called-off-by-the-processor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutCanceled {
    /// The payout.
    pub payout: PayoutId,
}

/// A fact: a bank refused a payout, or sent it back after reporting it as paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutFailed {
    /// The payout.
    pub payout: PayoutId,
    /// The bank's reason, one of the field's failure codes such as `account_closed`, or one it has not named yet.
    pub failure_code: String,
}
