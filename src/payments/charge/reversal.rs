//! Charges that a payer's bank has pulled back.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::Charge;
use crate::calendar::Timestamp;
use crate::money::Money;
use crate::payments::{ChargeReversed, DebitFailure};

/// That a payer's bank has pulled a charge back, or a part of it, without a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReversal {
    at: Timestamp,
    amount: i64,
    failure: Option<DebitFailure>,
    booked: i64,
}

impl PaymentReversal {
    /// When; of several tellings the earliest holds, and of those of one moment the largest.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How much the bank has pulled back, in minor units of the charge's currency.
    pub const fn amount(&self) -> i64 {
        self.amount
    }

    /// Why, if the bank said so.
    pub const fn failure(&self) -> Option<DebitFailure> {
        self.failure
    }

    /// What decides between two tellings of it, in which the order of delivery has no part: the earlier one comes first, of those of one
    /// moment the larger one, and then the one with a reason.
    const fn rank(&self) -> (Timestamp, Reverse<i64>, bool, Option<DebitFailure>) {
        (self.at, Reverse(self.amount), self.failure.is_none(), self.failure)
    }
}

impl Charge {
    /// What is known of the payer's bank having pulled it back; nothing as long as it has not.
    pub fn reversal(&self) -> Option<&PaymentReversal> {
        self.rare.as_deref()?.reversal.as_ref()
    }

    /// What is taken from the balance because the payer's bank pulled it back: all that it [pulled back](PaymentReversal::amount), but
    /// for what a dispute has taken of the charge.
    pub fn reversed(&self) -> Money {
        Money::new(self.reversal().map_or(0, |reversal| reversal.booked), self.currency)
    }

    /// What neither refunds nor transfers can be made of, because it is in dispute, was lost to one, or was pulled back, in minor units.
    // INVARIANT: a bank pulls a debit back once, so what a dispute and a reversal both tell of is the same money.
    pub(super) fn kept_back(&self) -> i128 {
        let reversed = self.reversal().map_or(0, |reversal| reversal.amount);
        self.disputed().max(reversed.into())
    }

    /// What has to be taken from the balance because it was pulled back, in minor units.
    // INVARIANT: it follows from what is known of the charge and its disputes, and not from what was told before.
    pub(crate) fn reversal_due(&self) -> i64 {
        let amount = self.reversal().map_or(0, |reversal| reversal.amount);
        let left = i128::from(amount).saturating_sub(self.contest().withdrawn).max(0);
        // INVARIANT: it lies between nothing and the amount.
        i64::try_from(left).unwrap_or(amount)
    }

    /// The charge, pulled back as told; nothing where another telling holds.
    pub(crate) fn pulled_back(&self, at: Timestamp, fact: &ChargeReversed) -> Option<Self> {
        let booked = self.reversed().minor();
        let told = PaymentReversal { at, amount: fact.amount.minor(), failure: fact.failure, booked };
        let is_news = self.reversal().is_none_or(|known| told.rank() < known.rank());
        is_news.then(|| self.clone().with_rare(|rare| rare.reversal = Some(told)))
    }

    /// The charge with so many minor units taken from the balance because it was pulled back.
    pub(crate) fn with_reversed(self, booked: i64) -> Self {
        self.with_rare(|rare| rare.reversal = rare.reversal.map(|known| PaymentReversal { booked, ..known }))
    }
}
