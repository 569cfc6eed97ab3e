//! What nobody knows yet.

use super::facts::{canceled, failed, succeeded};
use super::*;
use fundroute::payments::{ChargeFailed, PaymentError, ReaderFailure};
use fundroute::simulator::{NEVER_ANSWERS, READER_BROKEN, READER_LOSES_CONNECTION, READER_OFFLINE, READER_TIMES_OUT};
use fundroute::terminal::ReaderStatus;

/// A payment whose reader never answers is at that reader: no other one takes it, it is not called off, and does not run out.
#[test]
fn a_payment_is_not_taken_at_two_readers() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let (order, other) = (market.order(PaymentMethod::CardPresent), market.another_reader());
    let reader = market.reader;
    market.process(order);
    market.wait(days(20));
    let at_reader = || PaymentError::AtReader { payment: order, reader };
    for task in [ReaderTask::ProcessPaymentIntent, ReaderTask::CollectPaymentMethod] {
        assert_eq!(market.start(other, task(order)), Err(at_reader().into()));
    }
    let refused = market.platform.payments().cancel("gone", order).unwrap_err();
    assert_eq!((&refused, refused.code()), (&at_reader().into(), Some("payment_intent_unexpected_state")));
    assert_eq!((market.status(order), market.platform.instructions().len()), (PaymentStatus::Processing, 1));
    // The cashier has the reader stop: then another one may take it.
    market.platform.readers().cancel_action("stop", reader).unwrap();
    let asked = market.platform.instructions();
    assert_eq!(asked, [Instruction::Reader(ReaderInstruction::CancelAction { reader, action: 1 })]);
    assert_eq!(market.start(other, ReaderTask::ProcessPaymentIntent(order)), Err(at_reader().into()), "not heard yet");
    market.settle();
    assert_eq!(market.action(reader).status(), ReaderActionStatus::Canceled);
    assert_eq!(market.status(order), PaymentStatus::RequiresPaymentMethod);
    market.start(other, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    market.settle();
    assert_eq!((market.status(order), market.total(market.jo)), (PaymentStatus::Succeeded, 18_00));
}

/// The reader was asked to stop, and had charged the card already.
#[test]
fn bug_a_cancellation_that_lost_the_race_loses_the_money() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let order = market.order(PaymentMethod::InteracPresent);
    let reader = market.reader;
    market.process(order);
    market.platform.readers().cancel_action("stop", reader).unwrap();
    let charge = market.charge_id(order);
    let now = market.platform.now();
    assert_eq!(market.tell(canceled(reader)), FactOutcome::Applied);
    market.platform.payments().record_succeeded("taken", now, charge, cad(20_00)).unwrap();
    assert_eq!((market.status(order), market.total(market.jo)), (PaymentStatus::Succeeded, 18_00));
    assert_eq!(market.tell(succeeded(reader)), FactOutcome::Applied);
    assert_eq!(market.tell(canceled(reader)), FactOutcome::Stale);
}

/// docs.stripe.com/terminal/payments/collect-card-payment (2025): the payment may have been processed.
#[test]
fn bug_a_lost_connection_charges_twice() {
    let mut market = Market::with(None);
    let order = market.order(PaymentMethod::InteracPresent);
    let (reader, other) = (market.reader, market.another_reader());
    market.start(reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    assert_eq!(market.tell(failed(reader, ReaderFailure::ConnectionError)), FactOutcome::Applied);
    // The reader is free, and the payment is not: nobody knows.
    assert_eq!((market.status(order), market.payment(order).reader()), (PaymentStatus::Processing, None));
    let again = market.start(other, ReaderTask::ProcessPaymentIntent(order)).unwrap_err();
    assert_eq!(again.code(), Some("intent_invalid_state"));
    assert!(market.platform.payments().cancel("gone", order).is_err());
    let (charge, now) = (market.charge_id(order), market.platform.now());
    market.platform.payments().record_succeeded("found", now, charge, cad(20_00)).unwrap();
    assert_eq!((market.status(order), market.total(market.jo)), (PaymentStatus::Succeeded, 18_00));
}

#[test]
fn what_was_not_charged_can_be_tried_again() {
    let mut market = Market::open();
    let order = market.order(PaymentMethod::InteracPresent);
    let reader = market.reader;
    market.start(reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    market.tell(failed(reader, ReaderFailure::Timeout));
    assert_eq!(market.status(order), PaymentStatus::Processing);
    let (charge, failure) = (market.charge_id(order).into(), ReaderFailure::Timeout.into());
    market.tell(Fact::ChargeFailed(ChargeFailed { charge, failure }));
    assert_eq!(market.status(order), PaymentStatus::RequiresPaymentMethod);
    market.process(order);
    assert_eq!((market.status(order), market.total(market.jo)), (PaymentStatus::Succeeded, 18_00));
}

/// Success of the action alone says nothing of the money; nor does money alone free the reader.
#[test]
fn both_are_waited_for() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let order = market.order(PaymentMethod::InteracPresent);
    let (reader, charge) = (market.reader, market.platform.now());
    market.process(order);
    market.tell(succeeded(reader));
    assert_eq!((market.status(order), market.house()), (PaymentStatus::Processing, 0));
    assert!(!market.platform.reader(reader).unwrap().is_busy());
    let id = market.charge_id(order);
    market.platform.payments().record_succeeded("taken", charge, id, cad(20_00)).unwrap();
    assert_eq!(market.status(order), PaymentStatus::Succeeded);

    let order = market.order(PaymentMethod::InteracPresent);
    market.process(order);
    let id = market.charge_id(order);
    market.platform.payments().record_succeeded("taken-2", charge, id, cad(20_00)).unwrap();
    assert_eq!(market.status(order), PaymentStatus::Succeeded);
    assert!(market.platform.reader(reader).unwrap().is_busy());
    let refund = market.start(market.reader, ReaderTask::RefundPayment(NewRefund::of(order))).unwrap_err();
    assert_eq!(refund.code(), Some("terminal_reader_busy"));
}

/// The simulator's readers, told apart by their serial numbers.
#[test]
fn readers_of_the_simulator() {
    let stories = [
        (READER_OFFLINE, "terminal_reader_offline", PaymentStatus::RequiresPaymentMethod, 0),
        (READER_BROKEN, "terminal_reader_hardware_fault", PaymentStatus::RequiresPaymentMethod, 0),
        (READER_LOSES_CONNECTION, "connection_error", PaymentStatus::Succeeded, 18_00),
        (READER_TIMES_OUT, "terminal_reader_timeout", PaymentStatus::Processing, 0),
    ];
    for (serial, code, status, theirs) in stories {
        let mut market = Market::with(Some(serial));
        let order = market.order(PaymentMethod::InteracPresent);
        market.process(order);
        assert_eq!(market.action(market.reader).failure_code(), Some(code));
        assert_eq!((market.status(order), market.total(market.jo)), (status, theirs), "{serial}");
        market.wait(hours(2));
        let later = if status == PaymentStatus::Processing { PaymentStatus::RequiresPaymentMethod } else { status };
        assert_eq!(market.status(order), later, "{serial}");
        let seen = market.platform.reader(market.reader).unwrap().status();
        assert_eq!(seen, (serial == READER_OFFLINE).then_some(ReaderStatus::Offline));
    }
}
