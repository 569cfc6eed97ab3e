//! What the processor takes from the platform for the payouts of its accounts, counted by account and month.

use chrono::{Datelike, Months};
use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ConnectFeesId, Family};
use crate::money::{Currency, Money, wide};
use crate::rulebook::ConnectItem;

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

/// A part of what a payout costs the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConnectFee {
    pub(crate) item: ConnectItem,
    pub(crate) amount: Money,
}

/// What the processor takes from the platform for one item of its monthly bill: what was counted of one account in one month and currency.
/// It is billed at the end of the month, as a balance transaction of its own, so that each line of the bill names what it is for.
///
/// [`Platform::connect_fees`](crate::Platform::connect_fees) finds it, [`Platform::monthly_bill`](crate::Platform::monthly_bill) lists all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectFees {
    id: ConnectFeesId,
    account: AccountId,
    item: ConnectItem,
    currency: Currency,
    begins: Timestamp,
    ends: Timestamp,
    payouts: i64,
    /// What the payouts cost one by one, and what was given back of months that are over.
    #[serde(with = "wide")]
    by_payout: i128,
    /// What the month costs that has payouts.
    once: i64,
    billed: Option<Money>,
}

impl ConnectFees {
    /// Under which id an item is kept in the family of its account, month and currency.
    pub(crate) const fn place(family: Family, item: ConnectItem) -> ConnectFeesId {
        let ordinal = match item {
            ConnectItem::ActiveAccount => 0,
            ConnectItem::CrossBorderPayout => 1,
            ConnectItem::InstantPayout => 2,
            ConnectItem::Payout => 3,
        };
        ConnectFeesId::of(family, ordinal)
    }

    pub(crate) const fn new(
        family: Family,
        account: AccountId,
        item: ConnectItem,
        currency: Currency,
        month: Month,
    ) -> Self {
        let Month { begins, ends } = month;
        let id = Self::place(family, item);
        Self { id, account, item, currency, begins, ends, payouts: 0, by_payout: 0, once: 0, billed: None }
    }

    /// Its id.
    pub const fn id(&self) -> ConnectFeesId {
        self.id
    }

    /// For whose payouts.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What for.
    pub const fn item(&self) -> ConnectItem {
        self.item
    }

    /// The currency in which it is counted: that of the payouts, or that of the price.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The first moment of the month, by UTC.
    pub const fn month(&self) -> Timestamp {
        self.begins
    }

    /// When it is billed: the first moment of the next month.
    pub const fn billed_on(&self) -> Timestamp {
        self.ends
    }

    /// How many payouts were counted, less those that were called off; of an active account also less those that failed. Below zero where
    /// more was called off than was made.
    pub const fn payouts(&self) -> i64 {
        self.payouts
    }

    /// What they cost, in minor units of their own currency; below zero where more was called off than was made.
    // INVARIANT: sums of i64 in i128: saturation is never reached.
    pub fn fees(&self) -> i128 {
        self.by_payout.saturating_add(self.once.into())
    }

    /// What was taken from the platform for them, once it was billed; below zero where it was given back.
    pub const fn billed(&self) -> Option<Money> {
        self.billed
    }

    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.billed.is_none().then_some(self.ends)
    }

    /// With one more payout, at its price.
    pub(crate) fn with_payout(&self, price: i64) -> Self {
        let payouts = self.payouts.saturating_add(1);
        match self.item {
            // It is the first payout of the month that sets the price.
            ConnectItem::ActiveAccount if self.payouts == 0 => Self { payouts, once: price, ..self.clone() },
            ConnectItem::ActiveAccount => Self { payouts, ..self.clone() },
            ConnectItem::CrossBorderPayout | ConnectItem::InstantPayout | ConnectItem::Payout => {
                Self { payouts, by_payout: self.by_payout.saturating_add(price.into()), ..self.clone() }
            }
        }
    }

    /// With a payout, of this month or an earlier one, that was called off.
    pub(crate) fn without_payout(&self, price: i64) -> Self {
        Self { payouts: self.payouts.saturating_sub(1), ..self.with_back(price) }
    }

    /// The month in which an account had one payout less than it seemed, and what has to be given back for it where it was billed by then.
    // INVARIANT: no payout is taken off twice, so there are never less than none.
    pub(crate) fn less_active(&self) -> (Self, i64) {
        let payouts = self.payouts.saturating_sub(1);
        match (payouts, self.billed) {
            (0, None) => (Self { payouts, once: 0, ..self.clone() }, 0),
            (0, Some(_)) => (Self { payouts, ..self.clone() }, self.once),
            (_, _) => (Self { payouts, ..self.clone() }, 0),
        }
    }

    /// With something given back of a month that is over.
    pub(crate) fn with_back(&self, amount: i64) -> Self {
        Self { by_payout: self.by_payout.saturating_sub(amount.into()), ..self.clone() }
    }

    pub(crate) fn bill(&self, billed: Money) -> Self {
        Self { billed: Some(billed), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;
    use crate::money::usd;

    #[test]
    fn months_are_those_of_utc() {
        let last = Timestamp::from_micros(utc(2026, 12, 1).micros() - 1).unwrap();
        for at in [utc(2026, 11, 1), utc(2026, 11, 2), last] {
            assert_eq!(Month::of(at), Some(Month { begins: utc(2026, 11, 1), ends: utc(2026, 12, 1) }));
        }
        assert_eq!(Month::of(utc(2026, 12, 31)).unwrap().ends, utc(2027, 1, 1));
        assert_eq!(Month::of(Timestamp::MAX), None);
    }

    fn fees(item: ConnectItem) -> ConnectFees {
        let (family, month) = (Family::born(1, [0; 8]), Month::of(utc(2026, 11, 2)).unwrap());
        ConnectFees::new(family, AccountId::from_host([1; 14]), item, Currency::USD, month)
    }

    #[test]
    fn an_active_account_costs_once_and_nothing_when_no_payout_is_left() {
        let one = fees(ConnectItem::ActiveAccount).with_payout(2_00);
        let two = one.with_payout(3_00);
        assert_eq!((one.fees(), two.fees(), two.payouts()), (2_00, 2_00, 2));
        let (left, back) = two.less_active();
        assert_eq!((left.fees(), left.payouts(), back), (2_00, 1, 0));
        let (none, back) = left.less_active();
        assert_eq!((none.fees(), none.payouts(), back), (0, 0, 0));
        // Whoever comes next sets the price anew.
        assert_eq!(none.with_payout(3_00).fees(), 3_00);
        let (late, back) = left.bill(usd(2_00)).less_active();
        assert_eq!((late.fees(), late.billed(), back), (2_00, Some(usd(2_00)), 2_00));
    }

    #[test]
    fn payouts_cost_one_by_one() {
        let two = fees(ConnectItem::Payout).with_payout(50).with_payout(26);
        assert_eq!((two.fees(), two.payouts()), (76, 2));
        let one = two.without_payout(50);
        assert_eq!((one.fees(), one.payouts()), (26, 1));
        assert_eq!(one.without_payout(76).fees(), -50);
    }
}
