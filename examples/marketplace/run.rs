//! Runs orders: sells them, splits the money, pays canceled ones back, and lets the clock run until all is paid out.

use std::collections::{BTreeMap, BTreeSet};

use fundroute::Error;
use fundroute::calendar::Timestamp;
use fundroute::ids::{AccountId, PaymentId, RefundId, TransferId};
use fundroute::payments::{NewPayment, NewRefund, PaymentStatus, RefundFailure};
use fundroute::prelude::{Command, Request};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{PaymentMethod, Rulebook};

use crate::market::Market;
use crate::orders::{ORDERS, Order, Orders};
use crate::schedule::{Event, Schedule, Step};
use crate::table::RowNote;

/// After how many purchases progress is told.
const PROGRESS_EVERY: usize = 1_000;

/// One order's payment, and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Sale {
    /// The payment.
    pub(crate) payment: PaymentId,
    /// What was sent to each of several sellers.
    pub(crate) transfers: Vec<TransferId>,
    /// Whether its money arrived.
    pub(crate) paid: bool,
    /// The refund of all of it, if that was asked for.
    pub(crate) refund: Option<RefundId>,
    /// Whether all of it was given back.
    pub(crate) refunded: bool,
}

/// A run that is over.
pub(crate) struct Run {
    /// The platform, with nothing due any more.
    pub(crate) market: Market,
    /// The orders that were to be run.
    pub(crate) orders: Vec<Order>,
    /// What became of them, by their place in the list.
    pub(crate) sales: BTreeMap<usize, Sale>,
    /// The sellers' accounts.
    pub(crate) sellers: BTreeMap<String, AccountId>,
    /// Rows that were left out.
    pub(crate) skipped: Vec<RowNote>,
    /// What was unusual about others.
    pub(crate) notes: Vec<RowNote>,
}

/// The standard rules, but for two: here the platform pays boletos back itself, and nobody else what a seller owes.
// RULE: the processor does not refund boletos (docs.stripe.com/payments/boleto, 2026).
pub(crate) fn rulebook() -> Rulebook {
    // What a seller owes in the end is shown as the seller's: the platform does not cover it after half a year.
    Rulebook::standard().with_refundable(PaymentMethod::Boleto, true).with_collection_wait(None)
}

/// Runs all orders by those rules; `progress` is told how many of how many have been made.
///
/// # Errors
/// None but a fault of the crate: what is wrong with an order is told in the run.
pub(crate) fn run(all: Orders, rulebook: Rulebook, progress: impl FnMut(usize, usize)) -> Result<Run, Error> {
    let Schedule { events, notes, skipped } = Schedule::of(&all.orders);
    let start = events.first().map_or(Timestamp::MIN, |event| event.at);
    let mut run = Run {
        market: Market::found(rulebook, start)?,
        orders: Vec::new(),
        sales: BTreeMap::new(),
        sellers: BTreeMap::new(),
        skipped: all.skipped,
        notes,
    };
    run.skipped.extend(skipped);
    run.drive(&all.orders, events, progress)?;
    run.market.run_out()?;
    run.conclude(&all.orders)?;
    RowNote::sort(&mut run.skipped);
    RowNote::sort(&mut run.notes);
    run.orders = all.orders;
    Ok(run)
}

impl Run {
    fn drive(
        &mut self,
        orders: &[Order],
        mut events: BTreeSet<Event>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<(), Error> {
        let mut made = 0_usize;
        while let Some(event) = events.pop_first() {
            let Some(order) = orders.get(event.order) else { continue };
            self.market.advance_to(event.at)?;
            match event.step {
                Step::Purchase => {
                    made = made.saturating_add(1);
                    if made.checked_rem(PROGRESS_EVERY) == Some(0) {
                        progress(made, orders.len());
                    }
                    self.purchase(event.order, order)?;
                }
                Step::Approval => self.approve(event.order, order)?,
                Step::Cancellation => self.cancel(event.order, order)?,
            }
        }
        Ok(())
    }

    fn skip(&mut self, order: &Order, reason: String) {
        self.skipped.push(RowNote { file: ORDERS, line: order.line, reason });
    }

    fn note(&mut self, order: &Order, reason: String) {
        self.notes.push(RowNote { file: ORDERS, line: order.line, reason });
    }

    /// An order is made: new sellers are connected, and the payment is created.
    fn purchase(&mut self, place: usize, order: &Order) -> Result<(), Error> {
        let key = format!("order {}", order.id);
        let payment = NewPayment::by(order.method, order.total);
        let new: Vec<_> = order.shares.iter().filter(|share| !self.sellers.contains_key(&share.seller)).collect();
        if !new.is_empty() {
            // A dry run, so that nobody is connected for a sale that is refused.
            let request = Request::new(key.as_str(), Command::CreatePayment(payment.clone()));
            if let Err(refused) = self.market.platform.decide(&request) {
                self.skip(order, format!("the payment is refused: {refused}"));
                return Ok(());
            }
        }
        for share in new {
            let account = self.market.connect(&share.seller)?;
            self.sellers.insert(share.seller.clone(), account);
        }
        let payment = match order.shares.as_slice() {
            [only] => match self.sellers.get(&only.seller) {
                Some(account) => payment.destination(*account).transfer_amount(only.transfer),
                None => payment,
            },
            _ => payment.transfer_group(order.id.as_str()),
        };
        let decided = match self.market.platform.payments().create(&key, payment) {
            Ok(decided) => decided,
            Err(refused) => {
                self.skip(order, format!("the payment is refused: {refused}"));
                return Ok(());
            }
        };
        let payment = self.market.carry_out(decided)?;
        self.sales.insert(place, Sale { payment, transfers: Vec::new(), paid: false, refund: None, refunded: false });
        if order.method == PaymentMethod::Boleto { Ok(()) } else { self.share_out(place, order) }
    }

    /// A boleto is paid.
    fn approve(&mut self, place: usize, order: &Order) -> Result<(), Error> {
        let Some(sale) = self.sales.get(&place) else { return Ok(()) };
        let Market { platform, world, .. } = &mut self.market;
        world.pay_voucher_at(platform, sale.payment, platform.now())?;
        self.market.listen()?;
        self.share_out(place, order)
    }

    /// The money of an order has arrived; where it is for several sellers, each is sent a part of it.
    fn share_out(&mut self, place: usize, order: &Order) -> Result<(), Error> {
        let Some(mut sale) = self.sales.remove(&place) else { return Ok(()) };
        if self.market.platform.payment(sale.payment)?.status() != PaymentStatus::Succeeded {
            self.skip(order, "the payment did not come about".to_owned());
            return Ok(());
        }
        sale.paid = true;
        let several = if order.shares.len() > 1 { order.shares.as_slice() } else { &[] };
        for share in several.iter().filter(|share| share.transfer.is_positive()) {
            let Some(account) = self.sellers.get(&share.seller) else { continue };
            let key = format!("share {} {}", order.id, share.seller);
            let transfer = NewTransfer::to(*account, share.transfer).from_payment(sale.payment);
            match self.market.platform.transfers().create(&key, transfer) {
                Ok(decided) => sale.transfers.push(self.market.carry_out(decided)?),
                Err(refused) => self.note(order, format!("seller `{}` is not sent its share: {refused}", share.seller)),
            }
        }
        self.sales.insert(place, sale);
        Ok(())
    }

    /// An order is called off: everything goes back to where it came from, as soon as the platform has it.
    fn cancel(&mut self, place: usize, order: &Order) -> Result<(), Error> {
        let Some(mut sale) = self.sales.get(&place).cloned() else { return Ok(()) };
        let mut refund = NewRefund::of(sale.payment);
        if order.shares.len() == 1 {
            refund = refund.reverse_transfer();
        }
        let key = format!("refund {}", order.id);
        let decided = match self.market.platform.refunds().create(&key, refund) {
            Ok(decided) => decided,
            Err(refused) => {
                self.note(order, format!("canceled, but not refunded: {refused}"));
                return Ok(());
            }
        };
        sale.refund = Some(self.market.carry_out(decided)?);
        for (number, transfer) in sale.transfers.iter().enumerate() {
            let key = format!("pull back {} {number}", order.id);
            match self.market.platform.transfers().reverse(&key, *transfer) {
                Ok(decided) => {
                    self.market.carry_out(decided)?;
                }
                Err(refused) => self.note(order, format!("refunded, but a share is not pulled back: {refused}")),
            }
        }
        self.sales.insert(place, sale);
        Ok(())
    }

    /// What became of the refunds, once nothing is due any more.
    fn conclude(&mut self, orders: &[Order]) -> Result<(), Error> {
        for (place, sale) in self.sales.clone() {
            let (Some(id), Some(order)) = (sale.refund, orders.get(place)) else { continue };
            let refund = self.market.platform.refund(id)?;
            let Some(booked) = refund.booked_at().filter(|_| !refund.is_over()) else {
                let why = refund.failure_reason().map_or("unknown", RefundFailure::as_str);
                self.note(order, format!("canceled, but not refunded: {why}"));
                continue;
            };
            let captured = self.market.platform.charge_of(sale.payment)?.captured().copied();
            if let Some(captured) = captured.filter(|captured| captured.available_on() <= booked) {
                let (on, since) = (booked.date(), captured.available_on().date());
                let reason =
                    format!("refunded on {on} out of what was available: its own money no longer waited since {since}");
                self.note(order, reason);
            }
            self.sales.insert(place, Sale { refunded: true, ..sale });
        }
        Ok(())
    }
}
