//! What happens when: every order's purchase, approval and cancellation, in the order of time.

use std::collections::BTreeSet;

use fundroute::calendar::{Timestamp, days};
use fundroute::rulebook::PaymentMethod;

use crate::orders::{ORDERS, Order};
use crate::table::RowNote;

/// What happens to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// It is made: the payment is created, and a card pays at once.
    Purchase,
    /// A boleto is paid.
    Approval,
    /// It is called off.
    Cancellation,
}

/// What happens when, to which of the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    /// When.
    pub(crate) at: Timestamp,
    /// Which, by its place in the list.
    pub(crate) order: usize,
    /// What.
    pub(crate) step: Step,
}

/// Everything that is to happen, and what is to be said about it.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    /// In the order of time.
    pub(crate) events: BTreeSet<Event>,
    /// Orders whose times make no sense, and what was made of them.
    pub(crate) notes: Vec<RowNote>,
    /// Orders that cannot be run for their times.
    pub(crate) skipped: Vec<RowNote>,
}

impl Schedule {
    /// The schedule of all orders.
    pub(crate) fn of(orders: &[Order]) -> Self {
        let mut schedule = Self::default();
        for (place, order) in orders.iter().enumerate() {
            schedule.add(place, order);
        }
        schedule
    }

    fn add(&mut self, place: usize, order: &Order) {
        let (purchased, approved) = (order.purchased, order.approved.max(order.purchased));
        let note = |reason: &str| RowNote { file: ORDERS, line: order.line, reason: reason.to_owned() };
        let canceled = if order.canceled { approved.checked_add(days(1)).map(Some) } else { Ok(None) };
        let Ok(canceled) = canceled else {
            self.skipped.push(note("the order is canceled beyond the end of the calendar"));
            return;
        };
        if order.approved < purchased {
            self.notes.push(note("approved before it was made: taken as approved when it was made"));
        }
        let mut happens = |at, step| self.events.insert(Event { at, order: place, step });
        happens(purchased, Step::Purchase);
        if order.method == PaymentMethod::Boleto {
            happens(approved, Step::Approval);
        }
        if let Some(canceled) = canceled {
            happens(canceled, Step::Cancellation);
        }
    }
}
