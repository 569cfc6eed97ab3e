//! The hand-written yardstick: what the workload costs a program that does this and nothing else.
//!
//! It keeps outside names, request keys, every check the workload calls for, double-entry balances, a
//! row for each posting and, if asked, a compact journal from which it can be rebuilt. It has no
//! rulebook, no state machines and no layers: dense tables, a few hash maps, one function for each thing
//! that can happen.
//!
//! Its rungs are its type parameters: the form of names ([`Text`] or `u128`), whether a charge is one
//! step or two (asked for, then reported as succeeded), and whether a journal is written.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    reason = "the floor is what a plain program costs: overflow of money is checked where it is posted"
)]

mod books;
mod ident;
mod journal;
mod script;
mod views;

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use crate::workload::{CURRENCIES, MIN_PAYOUT, Outcome, Reason, SETTLEMENT_DAYS, currency_of, processor_fee};
pub(crate) use books::Owner;
use books::{Books, Cell};
pub(crate) use ident::{Ident, Text};
use journal::{Asked, Event, Reader};
pub(crate) use script::{Script, ask_the_floor};

type Map<K, V> = HashMap<K, V, FixedState>;

/// A marketplace's books and the tables they rest on.
pub(crate) struct Floor<I, const TWO_STEPS: bool, const JOURNAL: bool> {
    sellers: Vec<Seller<I>>,
    seller_numbers: Map<I, u32>,
    charges: Vec<Charge>,
    charge_numbers: Map<I, u32>,
    answers: Map<Text, Answer>,
    facts: HashSet<I, FixedState>,
    payouts: Vec<Payout<I>>,
    /// How many payouts the bank has confirmed: the others were made last night.
    confirmed: usize,
    /// Midnights so far.
    today: u32,
    /// Charges the processor has still to be told of.
    instructions: Vec<Instruction<I>>,
    books: Books,
    journal: Vec<u8>,
}

struct Seller<I> {
    id: I,
    currency: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Charge {
    amount: i64,
    fee: i64,
    refunded: i64,
    fee_refunded: i64,
    seller: u32,
    available_on: u16,
    state: ChargeState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ChargeState {
    Pending,
    Succeeded,
}

/// What an accepted request asked for: enough to know it again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Charge(u32),
    Refund { charge: u32, amount: i64 },
    Payout { seller: u32, amount: i64 },
}

#[derive(PartialEq, Eq)]
struct Payout<I> {
    id: I,
    seller: u32,
    amount: i64,
}

/// To the processor: make this charge.
struct Instruction<I> {
    charge: I,
    amount: i64,
}

impl<I: Ident, const TWO_STEPS: bool, const JOURNAL: bool> Floor<I, TWO_STEPS, JOURNAL> {
    /// Opens the books of so many accounts.
    pub(crate) fn new(accounts: u32) -> Self {
        let seller = |number| Seller { id: I::account(number), currency: currency_of(number) };
        let sellers: Vec<_> = (0..accounts).map(seller).collect();
        let numbered = (0..).zip(&sellers);
        Self {
            seller_numbers: numbered.map(|(number, seller)| (seller.id, number)).collect(),
            books: Books::new(sellers.len()),
            sellers,
            charges: Vec::new(),
            charge_numbers: Map::default(),
            answers: Map::default(),
            facts: HashSet::default(),
            payouts: Vec::new(),
            confirmed: 0,
            today: 0,
            instructions: Vec::new(),
            journal: Vec::new(),
        }
    }

    /// Rebuilds a floor from the journal of another.
    pub(crate) fn replay(accounts: u32, journal: &[u8]) -> Self {
        let mut floor = Self::new(accounts);
        let mut reader = Reader::new(journal);
        while let Some(event) = Event::read(&mut reader) {
            floor.commit(event);
        }
        floor
    }

    /// Asks for a charge.
    fn charge(&mut self, request: &Text, charge: &I, account: &I, currency: usize, amount: i64, fee: i64) -> Outcome {
        if let Some(answer) = self.answers.get(request) {
            let Answer::Charge(first) = *answer else {
                return Outcome::Conflict;
            };
            let first = &self.charges[first as usize];
            let seller = &self.sellers[first.seller as usize];
            let same =
                first.amount == amount && first.fee == fee && seller.currency == currency && seller.id == *account;
            return repeated(same);
        }
        let Some(&seller) = self.seller_numbers.get(account) else {
            return Outcome::Refused(Reason::Invalid);
        };
        if amount <= 0
            || !(0..=amount).contains(&fee)
            || self.sellers[seller as usize].currency != currency
            || self.charge_numbers.contains_key(charge)
        {
            return Outcome::Refused(Reason::Invalid);
        }
        let asked = Asked { request: *request, charge: *charge, account: seller, amount, fee };
        if TWO_STEPS {
            self.commit(Event::Created(asked));
            self.instructions.push(Instruction { charge: *charge, amount });
        } else {
            let processor_fee = processor_fee(amount);
            self.commit(Event::Charged { asked, processor_fee });
        }
        Outcome::Accepted
    }

    /// Hears from the processor that a charge has succeeded.
    fn charge_succeeded(&mut self, fact: &I, charge: &I, amount: i64) -> Outcome {
        if self.facts.contains(fact) {
            return Outcome::Replayed;
        }
        let Some(&number) = self.charge_numbers.get(charge) else {
            return Outcome::Refused(Reason::Invalid);
        };
        let charge = &self.charges[number as usize];
        if charge.state != ChargeState::Pending || charge.amount != amount {
            return Outcome::Refused(Reason::Invalid);
        }
        self.commit(Event::Succeeded { fact: *fact, charge: number, processor_fee: processor_fee(amount) });
        Outcome::Accepted
    }

    fn refund(&mut self, request: &Text, charge: &I, amount: i64) -> Outcome {
        let Some(&number) = self.charge_numbers.get(charge) else {
            return Outcome::Refused(Reason::Invalid);
        };
        if let Some(first) = self.answers.get(request) {
            let charge = number;
            return repeated(*first == Answer::Refund { charge, amount });
        }
        let charge = &self.charges[number as usize];
        if amount <= 0 || charge.state != ChargeState::Succeeded {
            return Outcome::Refused(Reason::Invalid);
        }
        if amount > charge.amount - charge.refunded {
            return Outcome::Refused(Reason::ExceedsRemaining);
        }
        // The share of the fee that belongs to all refunds so far, less what was given back before.
        let refunded = charge.refunded + amount;
        let fee_refund = share(charge.fee, refunded, charge.amount) - charge.fee_refunded;
        // The transfer was of the whole amount, so as much of it is reversed as is refunded, and the
        // platform is out of pocket by the fee alone.
        if self.is_settled(charge) {
            let currency = self.sellers[charge.seller as usize].currency;
            let available = Cell::available(Owner::Platform(currency));
            if self.books.balance(available) < fee_refund {
                return Outcome::Refused(Reason::InsufficientFunds);
            }
        }
        self.commit(Event::Refunded { request: *request, charge: number, amount, fee_refund });
        Outcome::Accepted
    }

    fn payout(&mut self, request: &Text, account: &I, amount: i64) -> Outcome {
        let Some(&seller) = self.seller_numbers.get(account) else {
            return Outcome::Refused(Reason::Invalid);
        };
        if let Some(first) = self.answers.get(request) {
            return repeated(*first == Answer::Payout { seller, amount });
        }
        if amount <= 0 {
            return Outcome::Refused(Reason::Invalid);
        }
        if amount > self.books.balance(Cell::available(Owner::Seller(seller))) {
            return Outcome::Refused(Reason::InsufficientFunds);
        }
        self.commit(Event::PayoutRequested { request: *request, payout: self.next_payout(), account: seller, amount });
        Outcome::Accepted
    }

    fn night(&mut self, day: u32) -> Outcome {
        if day != self.today {
            return Outcome::Refused(Reason::Invalid);
        }
        self.commit(Event::Night { day });
        for account in 0..self.sellers.len() as u32 {
            let amount = self.books.balance(Cell::available(Owner::Seller(account)));
            if amount >= MIN_PAYOUT {
                self.commit(Event::PaidOut { payout: self.next_payout(), account, amount });
            }
        }
        Outcome::Accepted
    }

    fn next_payout(&self) -> I {
        I::payout(self.payouts.len() as u32)
    }

    fn is_settled(&self, charge: &Charge) -> bool {
        u32::from(charge.available_on) <= self.today
    }

    /// Where the money of a charge lies, at the seller and at the platform.
    fn purses(&self, charge: &Charge) -> (Cell, Cell) {
        let currency = self.sellers[charge.seller as usize].currency;
        let owners = (Owner::Seller(charge.seller), Owner::Platform(currency));
        if self.is_settled(charge) {
            (Cell::available(owners.0), Cell::available(owners.1))
        } else {
            let date = u32::from(charge.available_on);
            (Cell::pending(owners.0, date), Cell::pending(owners.1, date))
        }
    }

    /// Makes an event true. Nothing is decided here.
    #[inline(always)]
    fn commit(&mut self, event: Event<I>) {
        self.books.open_event();
        match event {
            Event::Charged { asked, processor_fee } => {
                let number = self.create(&asked);
                self.book_charge(number, processor_fee);
            }
            Event::Created(asked) => {
                self.create(&asked);
            }
            Event::Succeeded { fact, charge, processor_fee } => {
                self.facts.insert(fact);
                self.book_charge(charge, processor_fee);
            }
            Event::Refunded { request, charge, amount, fee_refund } => {
                self.book_refund(charge, amount, fee_refund);
                self.answers.insert(request, Answer::Refund { charge, amount });
            }
            Event::PayoutRequested { request, payout, account: seller, amount } => {
                self.book_payout(payout, seller, amount);
                self.answers.insert(request, Answer::Payout { seller, amount });
            }
            Event::PaidOut { payout, account, amount } => self.book_payout(payout, account, amount),
            Event::Night { day } => self.book_night(day + 1),
        }
        if JOURNAL {
            event.write(&mut self.journal);
        }
    }

    fn create(&mut self, asked: &Asked<I>) -> u32 {
        let number = self.charges.len() as u32;
        self.charges.push(Charge {
            amount: asked.amount,
            fee: asked.fee,
            refunded: 0,
            fee_refunded: 0,
            seller: asked.account,
            available_on: 0,
            state: ChargeState::Pending,
        });
        self.charge_numbers.insert(asked.charge, number);
        self.answers.insert(asked.request, Answer::Charge(number));
        number
    }

    fn book_charge(&mut self, number: u32, processor_fee: i64) {
        let charge = &mut self.charges[number as usize];
        charge.state = ChargeState::Succeeded;
        charge.available_on = (self.today + SETTLEMENT_DAYS) as u16;
        let charge = *charge;
        let currency = self.sellers[charge.seller as usize].currency;
        let (seller, platform) = self.purses(&charge);
        self.books.post(Cell::payers(currency), platform, charge.amount);
        self.books.post(platform, Cell::processor_fees(currency), processor_fee);
        self.books.post(platform, seller, charge.amount);
        self.books.post(seller, platform, charge.fee);
    }

    fn book_refund(&mut self, number: u32, amount: i64, fee_refund: i64) {
        let charge = &mut self.charges[number as usize];
        charge.refunded += amount;
        charge.fee_refunded += fee_refund;
        let charge = *charge;
        let currency = self.sellers[charge.seller as usize].currency;
        let (seller, platform) = self.purses(&charge);
        self.books.post(platform, Cell::payers(currency), amount);
        self.books.post(seller, platform, amount);
        if fee_refund != 0 {
            self.books.post(platform, seller, fee_refund);
        }
    }

    fn book_payout(&mut self, id: I, seller: u32, amount: i64) {
        let owner = Owner::Seller(seller);
        self.books.post(Cell::available(owner), Cell::in_transit(owner), amount);
        self.payouts.push(Payout { id, seller, amount });
    }

    fn book_night(&mut self, date: u32) {
        for payout in &self.payouts[self.confirmed..] {
            let currency = self.sellers[payout.seller as usize].currency;
            let from = Cell::in_transit(Owner::Seller(payout.seller));
            self.books.post(from, Cell::banks(currency), payout.amount);
        }
        self.confirmed = self.payouts.len();
        self.today = date;
        for currency in 0..CURRENCIES.len() {
            self.books.settle(Owner::Platform(currency), date);
        }
        for seller in 0..self.sellers.len() as u32 {
            self.books.settle(Owner::Seller(seller), date);
        }
    }
}

fn repeated(same: bool) -> Outcome {
    if same { Outcome::Replayed } else { Outcome::Conflict }
}

/// The part of a fee that goes with a part of an amount, to the nearest unit, a half upwards.
fn share(fee: i64, part: i64, whole: i64) -> i64 {
    let (fee, part, whole) = (i128::from(fee), i128::from(part), i128::from(whole));
    ((2 * fee * part + whole) / (2 * whole)) as i64
}
