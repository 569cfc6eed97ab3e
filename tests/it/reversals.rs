//! Debits that payers' banks pull back after they had paid, without a dispute.

mod disputed;
mod odd;

use fundroute::ids::{AccountId, ChargeId, PaymentId};
use fundroute::journal::{Changes, Fact, FactOutcome, Report};
use fundroute::ledger::{BalanceTransaction, EntryKind, LedgerAccount, LineKind, ReportingCategory};
use fundroute::payments::{ChargeReversed, DebitFailure, PaymentError, RefundFailure};
use fundroute::prelude::*;
use fundroute::routing::{NewTransferReversal, RoutingError};
use fundroute::rulebook::Capability;
use fundroute::simulator::DEBIT_PULLED_BACK;

use crate::shop::{Shop, events, root};

fn ach(minor: i64) -> NewPayment {
    NewPayment::by(PaymentMethod::UsBankAccount, usd(minor))
}

fn debits() -> NewAccount {
    NewAccount::express(US).request(Capability::UsBankAccountAchPayments).request(Capability::Transfers)
}

/// What a bank tells, with nothing but the amount.
fn of(shop: &Shop, sale: PaymentId, minor: i64) -> ChargeReversed {
    ChargeReversed::of(shop.charge_of(sale), usd(minor))
}

fn told_at(shop: &mut Shop, at: Timestamp, fact: ChargeReversed) -> (FactOutcome, Changes) {
    let key = shop.key();
    let decided = shop.platform.record(&Report::new(key, at, Fact::ChargeReversed(fact))).unwrap();
    (decided.answer, decided.changes)
}

/// The bank pulls so much of a sale back, now.
fn back(shop: &mut Shop, sale: PaymentId, minor: i64) -> FactOutcome {
    let (now, fact) = (shop.platform.now(), of(shop, sale, minor));
    told_at(shop, now, fact).0
}

fn reversed(shop: &Shop, sale: PaymentId) -> Money {
    shop.platform.charge_of(sale).unwrap().reversed()
}

fn refundable(shop: &Shop, sale: PaymentId) -> Money {
    shop.platform.charge_of(sale).unwrap().refundable()
}

/// The last line of an account, as it is reported.
fn last_line(shop: &Shop, account: AccountId) -> String {
    shop.lines(account).pop().unwrap()
}

/// docs.stripe.com/reports/balance-transaction-types (2024): `payment_reversal`, a debit. The 0.8 % that the payment cost are kept, and so
/// is the commission.
#[test]
fn example_a_direct_debit_is_pulled_back() {
    let mut shop = Shop::open();
    let (jo, house) = (shop.seller(debits()), shop.house);
    let sale = shop.sell_as(jo, ach(100_00).application_fee(usd(10_00)));
    shop.wait(4);
    assert_eq!((shop.pending(jo), shop.pending(house)), (89_20, 10_00));
    let (charge, now) = (shop.charge_of(sale), shop.platform.now());
    let fact = of(&shop, sale, 100_00).because(DebitFailure::InsufficientFunds);
    let decided = shop.platform.payments().record_reversed("return", now, fact).unwrap();
    assert_eq!((decided.answer, events(&decided.changes)), (FactOutcome::Applied, vec!["charge.updated"]));
    let event = &decided.changes.events[0];
    assert_eq!((event.account, event.object), (Some(jo), charge.into()));
    let entry = &decided.changes.entries[0];
    assert_eq!((entry.kind(), entry.lines().len(), entry.postings().len()), (EntryKind::PaymentReversal, 1, 1));
    assert_eq!(last_line(&shop, jo), "payment_reversal -10000 - 0 = -10000 (unlisted)");
    let line = shop.transactions(jo).pop().unwrap();
    assert_eq!((line.kind, line.source), (LineKind::PaymentReversal, charge.into()));
    assert_eq!(line.reporting_category, ReportingCategory::Unlisted);
    assert_eq!((line.created, line.available_on), (now, utc(2026, 11, 13)), "it nets inside what is pending");
    shop.ends(&[(jo, -10_80), (house, 10_00)]);
    let step = shop.platform.explain(jo, USD).unwrap().into_iter().find(|step| step.entry == entry.kind()).unwrap();
    assert_eq!((step.pending, root(&step.because)), (-100_00, sale.into()));
    // What an account has received it has received, and the payment was paid.
    assert_eq!((shop.platform.volume(jo, USD), shop.status(sale).as_str()), (100_00, "succeeded"));
    assert_eq!(shop.platform.payment(sale).unwrap().amount_received(), usd(100_00));
    assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), 0);
    let charge = shop.platform.charge_of(sale).unwrap();
    let known = charge.reversal().unwrap();
    assert_eq!((known.at(), known.amount(), known.failure()), (now, 100_00, Some(DebitFailure::InsufficientFunds)));
    assert_eq!((charge.reversed(), charge.refundable()), (usd(100_00), usd(0)));
    assert_eq!((charge.failure_fee(), charge.captured().unwrap().refunded()), (usd(0), 0));
}

/// Sells, lets the bank pull all of it back while it is pending or once it is available, and tells what each has in the end.
fn ends(order: fn(AccountId) -> (Option<AccountId>, NewPayment), is_available: bool) -> (i128, i128) {
    let mut shop = Shop::open();
    let (jo, house) = (shop.seller(debits()), shop.house);
    let (on, order) = order(jo);
    let sale = match on {
        Some(seller) => shop.sell_as(seller, order),
        None => shop.sell(order),
    };
    shop.wait(if is_available { 14 } else { 4 });
    // What the platform sets aside where the account owes it is a line of its own.
    let own = |line: &BalanceTransaction| line.kind != LineKind::ReserveTransaction;
    let lines = |shop: &Shop| [jo, house].into_iter().flat_map(|owner| shop.transactions(owner)).filter(own).count();
    let (before, payers) = (lines(&shop), -100_00);
    assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), payers);
    assert_eq!(back(&mut shop, sale, 100_00), FactOutcome::Applied);
    assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), 0);
    assert_eq!(lines(&shop), before + 1, "one line, on one account");
    let merchant = if on.is_some() { jo } else { house };
    let line = shop.transactions(merchant).pop().unwrap();
    assert_eq!((line.kind, line.net), (LineKind::PaymentReversal, -100_00));
    if is_available {
        assert_eq!((line.available_on, shop.pending(merchant)), (shop.platform.now(), 0));
    }
    shop.wait(14);
    shop.sound();
    (shop.available(jo), shop.own(house))
}

/// On whomever a charge is booked loses all of it; transfers and commissions stay with whom they are, as after a dispute.
#[test]
fn the_account_that_a_charge_is_booked_on_loses_it() {
    for is_available in [false, true] {
        let end = |order| ends(order, is_available);
        assert_eq!(end(|jo| (Some(jo), ach(100_00))), (-80, 0));
        assert_eq!(end(|jo| (Some(jo), ach(100_00).application_fee(usd(10_00)))), (-10_80, 10_00));
        assert_eq!(end(|_| (None, ach(100_00))), (0, -80));
        assert_eq!(end(|jo| (None, ach(100_00).destination(jo))), (100_00, -100_80));
        assert_eq!(end(|jo| (None, ach(100_00).destination(jo).application_fee(usd(10_00)))), (90_00, -90_80));
        assert_eq!(end(|jo| (None, ach(100_00).destination(jo).transfer_amount(usd(60_00)))), (60_00, -60_80));
        assert_eq!(end(|jo| (None, ach(100_00).destination(jo).on_behalf_of(jo))), (100_00, -100_80));
        assert_eq!(end(|jo| (None, ach(100_00).on_behalf_of(jo))), (0, -80));
    }
}

/// What was sent out of a charge stays with the recipients until the platform takes it back; nothing more is sent.
#[test]
fn transfers_out_of_a_separate_charge_stay_until_they_are_taken_back() {
    let mut shop = Shop::open();
    let (jo, bo, house) = (shop.seller(debits()), shop.seller(debits()), shop.house);
    let sale = shop.sell(ach(100_00));
    shop.wait(4);
    let transfer = shop.transfer(NewTransfer::to(jo, usd(70_00)).from_payment(sale)).unwrap();
    assert_eq!(back(&mut shop, sale, 20_00), FactOutcome::Applied);
    let refused = shop.transfer(NewTransfer::to(bo, usd(10_01)).from_payment(sale)).unwrap_err();
    let left = RoutingError::SourceExceeded { payment: sale, asked: usd(10_01), left: usd(10_00) };
    assert_eq!(refused.to_string(), left.to_string());
    shop.transfer(NewTransfer::to(bo, usd(10_00)).from_payment(sale)).unwrap();
    assert_eq!((shop.pending(jo), shop.pending(bo), shop.pending(house)), (70_00, 10_00, -80));
    shop.reverse(NewTransferReversal::of(transfer)).unwrap();
    shop.ends(&[(jo, 0), (bo, 10_00), (house, 69_20)]);
}

#[test]
fn after_all_was_sent_and_pulled_back_nothing_more_is_sent() {
    let mut shop = Shop::open();
    let jo = shop.seller(debits());
    let sale = shop.sell(ach(100_00));
    shop.wait(4);
    shop.transfer(NewTransfer::to(jo, usd(70_00)).from_payment(sale)).unwrap();
    back(&mut shop, sale, 100_00);
    let refused = shop.transfer(NewTransfer::to(jo, usd(1)).from_payment(sale)).unwrap_err();
    let left = RoutingError::SourceExceeded { payment: sale, asked: usd(1), left: usd(0) };
    assert_eq!(refused.to_string(), left.to_string());
    shop.sound();
}

/// The earliest telling holds, whichever comes first; the money moves once.
#[test]
fn it_is_pulled_back_once_however_often_it_is_told() {
    let mut shop = Shop::open();
    let sale = shop.sell(ach(100_00));
    shop.wait(11);
    let (house, now) = (shop.house, shop.platform.now());
    let at = |hours: i64| now.checked_add(-chrono::TimeDelta::hours(hours)).unwrap();
    let whole = of(&shop, sale, 100_00);
    assert_eq!(told_at(&mut shop, at(2), whole.clone()).0, FactOutcome::Applied);
    let (part, reason) = (of(&shop, sale, 40_00), whole.clone().because(DebitFailure::AccountClosed));
    for (hours, later) in [(1, whole.clone()), (1, part.clone()), (1, reason), (2, part)] {
        let (answer, changes) = told_at(&mut shop, at(hours), later);
        assert_eq!((answer, changes.entries.len(), events(&changes)), (FactOutcome::Stale, 0, vec![]));
    }
    // Of two of one moment the one with a reason holds: nothing moves, and the charge is told of.
    let (answer, changes) = told_at(&mut shop, at(2), whole.clone().because(DebitFailure::AccountClosed));
    assert_eq!((answer, changes.entries.len(), events(&changes)), (FactOutcome::Applied, 0, vec!["charge.updated"]));
    assert_eq!(told_at(&mut shop, at(2), whole).0, FactOutcome::Stale);
    assert_eq!((shop.available(house), reversed(&shop, sale)), (-80, usd(100_00)));
    // One that was earlier, and less: what is too much comes back.
    let part = of(&shop, sale, 40_00);
    let (answer, changes) = told_at(&mut shop, at(3), part);
    assert_eq!((answer, events(&changes)), (FactOutcome::Applied, vec!["charge.updated"]));
    assert_eq!(last_line(&shop, house), "payment_reversal 6000 - 0 = 6000 (unlisted)");
    assert_eq!(
        (shop.available(house), reversed(&shop, sale), refundable(&shop, sale)),
        (59_20, usd(40_00), usd(60_00))
    );
    let known = *shop.platform.charge_of(sale).unwrap().reversal().unwrap();
    assert_eq!((known.at(), known.amount(), known.failure()), (at(3), 40_00, None));
    shop.sound();
}

/// A part was pulled back: the rest can be given back, and no more.
#[test]
fn what_is_left_of_a_part_can_be_refunded() {
    let mut shop = Shop::open();
    let sale = shop.sell(ach(100_00));
    shop.wait(4);
    back(&mut shop, sale, 30_00);
    let too_much = shop.refund(NewRefund::of(sale).amount(usd(70_01))).unwrap_err();
    let asked = usd(70_01);
    assert_eq!(too_much, PaymentError::Reversed { payment: sale, asked, refundable: usd(70_00) }.into());
    assert_eq!((too_much.kind(), too_much.code()), (fundroute::ErrorKind::Refused, Some("charge_not_refundable")));
    let text = format!(
        "payment `{sale}` was pulled back by the payer's bank and has `{}` left to refund, not `{asked}`",
        usd(70_00)
    );
    assert_eq!(too_much.to_string(), text);
    let beyond = shop.refund(NewRefund::of(sale).amount(usd(100_01))).unwrap_err();
    assert!(matches!(beyond, Error::Payment(PaymentError::RefundTooLarge { .. })), "{beyond:?}");
    shop.refund(NewRefund::of(sale)).unwrap();
    assert_eq!((refundable(&shop, sale), shop.pending(shop.house)), (usd(0), -80));
    let again = shop.refund(NewRefund::of(sale)).unwrap_err();
    assert_eq!(again, PaymentError::Reversed { payment: sale, asked: usd(0), refundable: usd(0) }.into());
    shop.sound();
}

/// The business gave 60.00 back, and the bank all of it: both have left, and no more can.
#[test]
fn a_refund_and_a_reversal_of_all_take_both() {
    let mut shop = Shop::open();
    let (jo, house) = (shop.seller(debits()), shop.house);
    let sale = shop.sell(ach(100_00).destination(jo).application_fee(usd(10_00)));
    shop.wait(14);
    let refund = NewRefund::of(sale).amount(usd(60_00)).reverse_transfer().refund_application_fee();
    let refund = shop.refund(refund).unwrap();
    assert_eq!((shop.available(jo), shop.available(house)), (36_00, 3_20));
    assert_eq!(back(&mut shop, sale, 100_00), FactOutcome::Applied);
    assert_eq!((shop.available(jo), shop.available(house)), (36_00, -96_80));
    assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), 60_00);
    assert_eq!(refundable(&shop, sale), usd(0));
    let now = shop.platform.now();
    shop.platform.refunds().record_failed("no", now, refund, RefundFailure::Declined).unwrap();
    assert_eq!((shop.available(house), refundable(&shop, sale)), (-36_80, usd(0)));
    shop.sound();
}

/// A refund that waits for money is not made after the bank has given the payer the money.
#[test]
fn a_refund_that_waits_comes_to_nothing() {
    let mut shop = Shop::open();
    let jo = shop.seller(debits());
    let sale = shop.sell(ach(100_00).destination(jo));
    shop.wait(14);
    let refund = shop.refund(NewRefund::of(sale).amount(usd(50_00)).keep_transfer()).unwrap();
    assert!(shop.platform.refund(refund).unwrap().booked_at().is_none());
    let (now, fact) = (shop.platform.now(), of(&shop, sale, 30_00));
    let (_, changes) = told_at(&mut shop, now, fact);
    assert_eq!(events(&changes), ["charge.updated", "refund.failed", "charge.refund.updated"]);
    let record = shop.platform.refund(refund).unwrap();
    assert_eq!(record.failure_reason(), Some(RefundFailure::ChargeForPendingRefundDisputed));
    assert_eq!((shop.available(shop.house), refundable(&shop, sale)), (-30_80, usd(70_00)));
    // Told again, it leaves alone what was asked for since.
    shop.sell(NewPayment::card(usd(5_00)));
    let refund = shop.refund(NewRefund::of(sale).amount(usd(50_00)).keep_transfer()).unwrap();
    let earlier = shop.platform.now().checked_add(-chrono::TimeDelta::hours(1)).unwrap();
    let fact = of(&shop, sale, 40_00);
    assert_eq!(told_at(&mut shop, earlier, fact).0, FactOutcome::Applied);
    assert!(shop.platform.refund(refund).unwrap().pending_reason().is_some());
    shop.sound();
}

/// The balance of a seller that was paid out goes below zero; what comes next fills it.
#[test]
fn what_was_paid_out_is_owed() {
    let mut shop = Shop::open();
    let jo = shop.banked(debits());
    let sale = shop.sell_as(jo, ach(100_00));
    shop.wait(20);
    assert_eq!((shop.paid_out(jo), shop.available(jo)), (99_20, 0));
    back(&mut shop, sale, 100_00);
    assert_eq!(shop.available(jo), -100_00);
    shop.sell_as(jo, ach(300_00));
    shop.wait(20);
    assert_eq!((shop.paid_out(jo), shop.available(jo)), (99_20 + 297_60 - 100_00, 0));
    shop.sound();
}

/// The bank of this token pays after four days, and wants it back two days later.
#[test]
fn the_world_pulls_back_what_its_token_says() {
    let mut shop = Shop::open();
    let (debit, card) = (shop.sell(ach(100_00).token(DEBIT_PULLED_BACK)), NewPayment::card(usd(100_00)));
    let card = shop.sell(card.token(DEBIT_PULLED_BACK));
    shop.wait(5);
    assert_eq!((shop.status(debit).as_str(), reversed(&shop, debit)), ("succeeded", usd(0)));
    shop.wait(1);
    assert_eq!(reversed(&shop, debit), usd(100_00));
    let known = *shop.platform.charge_of(debit).unwrap().reversal().unwrap();
    assert_eq!((known.at(), known.failure()), (shop.platform.now(), Some(DebitFailure::InsufficientFunds)));
    shop.wait(30);
    assert_eq!(reversed(&shop, card), usd(0));
    assert_eq!(shop.available(shop.house), -80 + 100_00 - 3_20);
    shop.sound();
}

/// What is known of it survives a snapshot and a replay; an audit finds what cannot be.
#[test]
fn it_is_kept() {
    let mut shop = Shop::open();
    let sale = shop.sell(ach(100_00));
    shop.wait(4);
    let before = shop.platform.clone();
    let (now, fact) = (shop.platform.now(), of(&shop, sale, 70_00).because(DebitFailure::ReferToCustomer));
    let (_, changes) = told_at(&mut shop, now, fact);
    let mut replayed = before;
    replayed.apply(&changes).unwrap();
    assert_eq!(replayed.snapshot(), shop.platform.snapshot());
    let charge: ChargeId = shop.charge_of(sale);
    let restored = Platform::restore(crate::shop::rules(), shop.platform.snapshot(), now);
    assert_eq!(restored.charge(charge).unwrap(), shop.platform.charge(charge).unwrap());
    assert_eq!(restored.charge(charge).unwrap().reversed(), usd(70_00));
    assert_eq!(restored.audit(), []);
    let stored = serde_json::to_string(&shop.platform.snapshot()).unwrap();
    for (told, booked) in [(70_00, 70_01), (100_01, 70_00), (70_00, -1)] {
        let damaged = stored.replace("\"amount\":7000,\"failure\"", &format!("\"amount\":{told},\"failure\""));
        let damaged = damaged.replace("\"booked\":7000", &format!("\"booked\":{booked}"));
        assert_ne!(damaged, stored);
        let damaged = Platform::restore(crate::shop::rules(), serde_json::from_str(&damaged).unwrap(), now);
        assert_eq!(damaged.audit().len(), 1, "{told} and {booked}");
    }
}
