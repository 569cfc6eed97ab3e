//! Balances and the postings that made them.

use crate::workload::{CURRENCIES, SETTLEMENT_DAYS};

/// Dates on which pending money may fall due at the same time.
const DATES: u32 = 2;
const CELLS_AN_OWNER: u32 = 4;
const CURRENCY_COUNT: u32 = CURRENCIES.len() as u32;

const _: () = assert!(SETTLEMENT_DAYS >= 1 && SETTLEMENT_DAYS <= DATES);

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The platform, in a currency.
    Platform(usize),
    /// A connected account, in its own currency.
    Seller(u32),
}

/// One balance: an owner's bucket, or one of the outside's.
///
/// They are numbered four by four: the outside in each currency, the platform in each, the sellers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell(u32);

impl Cell {
    fn outside(currency: usize, bucket: u32) -> Self {
        Self(currency as u32 * CELLS_AN_OWNER + bucket)
    }

    fn of(owner: Owner, bucket: u32) -> Self {
        let place = match owner {
            Owner::Platform(currency) => CURRENCY_COUNT + currency as u32,
            Owner::Seller(number) => 2 * CURRENCY_COUNT + number,
        };
        Self(place * CELLS_AN_OWNER + bucket)
    }

    pub(super) fn payers(currency: usize) -> Self {
        Self::outside(currency, 0)
    }

    pub(super) fn processor_fees(currency: usize) -> Self {
        Self::outside(currency, 1)
    }

    pub(super) fn banks(currency: usize) -> Self {
        Self::outside(currency, 2)
    }

    pub(super) fn pending(owner: Owner, date: u32) -> Self {
        Self::of(owner, date % DATES)
    }

    pub(super) fn available(owner: Owner) -> Self {
        Self::of(owner, 2)
    }

    pub(super) fn in_transit(owner: Owner) -> Self {
        Self::of(owner, 3)
    }

    fn belongs_to(self, owner: Owner) -> bool {
        self.0 / CELLS_AN_OWNER == Self::of(owner, 0).0 / CELLS_AN_OWNER
    }
}

/// One movement of money, as it can be queried: from, to, how much, by which event.
#[derive(PartialEq, Eq)]
struct Posting {
    from: Cell,
    to: Cell,
    amount: i64,
    event: u32,
}

/// Every balance and every posting.
#[derive(PartialEq, Eq)]
pub(super) struct Books {
    cells: Vec<i64>,
    postings: Vec<Posting>,
    events: u32,
}

impl Books {
    pub(super) fn new(sellers: usize) -> Self {
        let owners = 2 * CURRENCIES.len() + sellers;
        Self { cells: vec![0; owners * CELLS_AN_OWNER as usize], postings: Vec::new(), events: 0 }
    }

    pub(super) fn open_event(&mut self) {
        self.events += 1;
    }

    /// Moves an amount from one balance to another.
    #[inline]
    pub(super) fn post(&mut self, from: Cell, to: Cell, amount: i64) {
        let balance = &mut self.cells[from.0 as usize];
        *balance = balance.checked_sub(amount).expect("the balance fits");
        let balance = &mut self.cells[to.0 as usize];
        *balance = balance.checked_add(amount).expect("the balance fits");
        self.postings.push(Posting { from, to, amount, event: self.events });
    }

    /// Makes available what is due on a date.
    pub(super) fn settle(&mut self, owner: Owner, date: u32) {
        let (pending, available) = (Cell::pending(owner, date), Cell::available(owner));
        let due = self.balance(pending);
        if due != 0 {
            self.post(pending, available, due);
        }
    }

    pub(super) fn balance(&self, cell: Cell) -> i64 {
        self.cells[cell.0 as usize]
    }

    pub(super) fn postings(&self) -> usize {
        self.postings.len()
    }

    /// The postings that changed what an owner holds, with the event that made each; moves between its
    /// own buckets are not among them.
    pub(super) fn statement(&self, owner: Owner) -> impl Iterator<Item = (u32, i64)> {
        self.postings.iter().filter_map(move |posting| {
            let Posting { from, to, amount, event } = *posting;
            match (from.belongs_to(owner), to.belongs_to(owner)) {
                (false, true) => Some((event, amount)),
                (true, false) => Some((event, -amount)),
                (true, true) | (false, false) => None,
            }
        })
    }
}
