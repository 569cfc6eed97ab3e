//! What can fail, and whose turn it is then.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UnknownWord;

words! {
    /// Whose turn it is.
    TurnOf, "one whose turn it can be":
    "holder" Holder "whoever holds the account",
    "payer" Payer "whoever pays, or gets money back",
    "platform" Platform "the platform",
    "processor" Processor "the processor",
}

words! {
    /// What can fail.
    FailureOf, "something that can fail":
    "debit" Debit "the debit of an account's own bank, for what it owes or for a top-up",
    "payment" Payment "an attempt to collect a payment, or money that the payer's bank has pulled back",
    "payout" Payout "a payout",
    "refund" Refund "a refund",
}
