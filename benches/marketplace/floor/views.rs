//! What can be read from a floor: balances, statements, totals.

use crate::workload::CURRENCIES;

use super::books::Cell;
use super::{Floor, Ident, Owner};

/// What an owner holds in a currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Balance {
    pub(crate) pending: i64,
    pub(crate) available: i64,
    pub(crate) in_transit: i64,
}

/// Sums over a floor's whole life, by currency where it is money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) charge_volume: [i64; CURRENCIES.len()],
    pub(crate) application_fees: [i64; CURRENCIES.len()],
    pub(crate) refund_volume: [i64; CURRENCIES.len()],
    pub(crate) fee_refunds: [i64; CURRENCIES.len()],
    pub(crate) payout_volume: [i64; CURRENCIES.len()],
    pub(crate) payouts: usize,
    pub(crate) postings: usize,
    pub(crate) sellers_below_zero: usize,
}

impl<I: Ident, const TWO_STEPS: bool, const JOURNAL: bool> Floor<I, TWO_STEPS, JOURNAL> {
    /// What an account holds in a currency, by its outside name.
    pub(crate) fn balance(&self, account: &I, currency: usize) -> Option<Balance> {
        let &number = self.seller_numbers.get(account)?;
        if self.sellers[number as usize].currency != currency {
            return Some(Balance::default());
        }
        Some(self.holding(Owner::Seller(number)))
    }

    /// What an owner holds.
    pub(crate) fn holding(&self, owner: Owner) -> Balance {
        Balance { pending: self.pending(owner), available: self.available(owner), in_transit: self.in_transit(owner) }
    }

    /// Money that is not available yet, of all dates.
    pub(crate) fn pending(&self, owner: Owner) -> i64 {
        let on = |date| self.books.balance(Cell::pending(owner, date));
        on(0) + on(1)
    }

    /// Money that can be paid out or refunded from.
    pub(crate) fn available(&self, owner: Owner) -> i64 {
        self.books.balance(Cell::available(owner))
    }

    /// Money on its way to the bank.
    pub(crate) fn in_transit(&self, owner: Owner) -> i64 {
        self.books.balance(Cell::in_transit(owner))
    }

    /// What payers have received, less what they have paid.
    pub(crate) fn payers(&self, currency: usize) -> i64 {
        self.books.balance(Cell::payers(currency))
    }

    /// What the processor has kept.
    pub(crate) fn processor_fees(&self, currency: usize) -> i64 {
        self.books.balance(Cell::processor_fees(currency))
    }

    /// What has arrived in the accounts' banks.
    pub(crate) fn banks(&self, currency: usize) -> i64 {
        self.books.balance(Cell::banks(currency))
    }

    /// The lines of an owner's account: the number of the event, and what it brought or took.
    pub(crate) fn statement(&self, owner: Owner) -> impl Iterator<Item = (u32, i64)> {
        self.books.statement(owner)
    }

    /// The bytes of the journal.
    pub(crate) fn journal(&self) -> &[u8] {
        &self.journal
    }

    /// Sums over everything that has happened.
    pub(crate) fn totals(&self) -> Totals {
        let mut totals = Totals { payouts: self.payouts.len(), postings: self.books.postings(), ..Totals::default() };
        for charge in &self.charges {
            let currency = self.sellers[charge.seller as usize].currency;
            totals.charge_volume[currency] += charge.amount;
            totals.application_fees[currency] += charge.fee;
            totals.refund_volume[currency] += charge.refunded;
            totals.fee_refunds[currency] += charge.fee_refunded;
        }
        for payout in &self.payouts {
            let currency = self.sellers[payout.seller as usize].currency;
            totals.payout_volume[currency] += payout.amount;
        }
        let below = |&seller: &u32| self.available(Owner::Seller(seller)) < 0;
        totals.sellers_below_zero = (0..self.sellers.len() as u32).filter(below).count();
        totals
    }

    /// Whether two floors have come to the same end, to the last posting.
    pub(crate) fn is_equal(&self, other: &Self) -> bool {
        self.books == other.books
            && self.charges == other.charges
            && self.charge_numbers == other.charge_numbers
            && self.answers == other.answers
            && self.facts == other.facts
            && self.payouts == other.payouts
            && self.journal == other.journal
    }

    /// The sum of every balance in a currency, outside and inside: zero.
    pub(crate) fn imbalance(&self, currency: usize) -> i64 {
        let total = |owner| {
            let Balance { pending, available, in_transit } = self.holding(owner);
            pending + available + in_transit
        };
        let inside: i64 = (0..)
            .zip(&self.sellers)
            .filter(|(_, seller)| seller.currency == currency)
            .map(|(number, _)| total(Owner::Seller(number)))
            .sum();
        inside
            + total(Owner::Platform(currency))
            + self.payers(currency)
            + self.processor_fees(currency)
            + self.banks(currency)
    }
}
