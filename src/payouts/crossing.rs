//! What the processor takes for payouts that cross a border, counted by month.

use chrono::{Datelike, Months};
use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::CrossBorderFeesId;
use crate::money::{Currency, Money, wide};

/// A month by UTC: its first moment, and the first one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month {
    pub(crate) begins: Timestamp,
    pub(crate) ends: Timestamp,
}

impl Month {
    /// The month in which a moment lies; nothing for the last one that there is.
    pub(crate) fn of(at: Timestamp) -> Option<Self> {
        let first = at.date().with_day(1)?;
        let next = first.checked_add_months(Months::new(1))?;
        Some(Self { begins: Timestamp::start_of(first).ok()?, ends: Timestamp::start_of(next).ok()? })
    }
}

/// What the processor takes from the platform for the payouts of one month in one currency that cross a border. It is a share of each of
/// them, by the [way](crate::rulebook::Rulebook::cross_border_fee) between the platform and the account, and billed at the end of the month.
///
/// [`Platform::cross_border_fees`](crate::Platform::cross_border_fees) finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossBorderFees {
    id: CrossBorderFeesId,
    currency: Currency,
    begins: Timestamp,
    ends: Timestamp,
    payouts: u32,
    #[serde(with = "wide")]
    fees: i128,
    billed: Option<Money>,
}

impl CrossBorderFees {
    pub(crate) const fn new(id: CrossBorderFeesId, currency: Currency, month: Month) -> Self {
        let Month { begins, ends } = month;
        Self { id, currency, begins, ends, payouts: 0, fees: 0, billed: None }
    }

    /// Its id.
    pub const fn id(&self) -> CrossBorderFeesId {
        self.id
    }

    /// Of payouts in which currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The first moment of the month, by UTC.
    pub const fn month(&self) -> Timestamp {
        self.begins
    }

    /// When they are billed: the first moment of the next month.
    pub const fn billed_on(&self) -> Timestamp {
        self.ends
    }

    /// How many payouts were counted. One that was called off stays counted.
    pub const fn payouts(&self) -> u32 {
        self.payouts
    }

    /// What they cost, in minor units of their own currency; below zero where more was called off than was made.
    pub const fn fees(&self) -> i128 {
        self.fees
    }

    /// What was taken from the platform for them, once it was billed; below zero where it was given back.
    pub const fn billed(&self) -> Option<Money> {
        self.billed
    }

    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.billed.is_none().then_some(self.ends)
    }

    /// With one more payout.
    // INVARIANT: a sum of i64 in i128: saturation is never reached.
    pub(crate) fn with_payout(&self, fee: i64) -> Self {
        let fees = self.fees.saturating_add(fee.into());
        Self { fees, payouts: self.payouts.saturating_add(1), ..self.clone() }
    }

    /// With a payout that was called off.
    pub(crate) fn without(&self, fee: i64) -> Self {
        Self { fees: self.fees.saturating_sub(fee.into()), ..self.clone() }
    }

    pub(crate) fn bill(&self, billed: Money) -> Self {
        Self { billed: Some(billed), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;

    #[test]
    fn months_are_those_of_utc() {
        let last = Timestamp::from_micros(utc(2026, 12, 1).micros() - 1).unwrap();
        for at in [utc(2026, 11, 1), utc(2026, 11, 2), last] {
            assert_eq!(Month::of(at), Some(Month { begins: utc(2026, 11, 1), ends: utc(2026, 12, 1) }));
        }
        assert_eq!(Month::of(utc(2026, 12, 31)).unwrap().ends, utc(2027, 1, 1));
        assert_eq!(Month::of(Timestamp::MAX), None);
    }
}
