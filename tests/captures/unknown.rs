//! What the world has not answered.

use super::*;
use fundroute::payments::{CaptureFailed, ChargeCaptured, ChargeFailure, DeclineCode, PaymentError};
use fundroute::simulator::{CAPTURE_NEVER_ANSWERS, NEVER_ANSWERS};

fn captured(shop: &Shop, order: PaymentId, capture: u8, amount: i64) -> Fact {
    let charge = shop.charge_id(order).into();
    Fact::ChargeCaptured(ChargeCaptured { charge, capture, amount: usd(amount), is_final: true })
}

fn failed(shop: &Shop, order: PaymentId, capture: u8) -> Fact {
    let failure = ChargeFailure::Card(DeclineCode::ProcessingError);
    Fact::CaptureFailed(CaptureFailed { charge: shop.charge_id(order).into(), capture, failure })
}

/// A capture whose answer never came is not tried a second time under another key, does not run out, and takes the late answer.
#[test]
fn bug_09_a_capture_that_timed_out_is_done_twice() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).token(CAPTURE_NEVER_ANSWERS).manual_capture());
    let capture = CapturePayment::of(order);
    let first = shop.platform.payments().capture("capture", capture.clone()).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!(shop.status(order), "processing");
    let again = shop.platform.payments().capture("capture", capture.clone()).unwrap();
    assert_eq!((again.answer, again.changes.instructions.len()), (first.answer, 0));
    let other = shop.ask(capture).unwrap_err();
    assert_eq!(other.code(), Some("payment_intent_unexpected_state"));
    assert!(shop.cancel(order).is_err(), "the money may be on its way");
    shop.wait(days(20));
    assert_eq!((shop.status(order), shop.platform.instructions().len()), ("processing".to_owned(), 1));
    let late = captured(&shop, order, 1, 10_00);
    assert_eq!(shop.tell(late.clone()), FactOutcome::Applied);
    assert_eq!((shop.status(order), shop.house()), ("succeeded".to_owned(), 10_00 - 59));
    assert_eq!(shop.tell(late), FactOutcome::Stale);
    assert_eq!(shop.house(), 10_00 - 59);
}

#[test]
fn an_authorization_whose_answer_never_came_is_not_asked_for_twice() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).token(NEVER_ANSWERS).manual_capture());
    assert_eq!(shop.status(order), "processing");
    shop.wait(days(20));
    assert!(shop.cancel(order).is_err() && shop.ask(CapturePayment::of(order)).is_err());
    assert_eq!(shop.platform.instructions().len(), 1);
}

/// A capture that failed leaves the authorization as it was, and the next one has a number of its own.
#[test]
fn a_capture_that_failed_can_be_tried_again() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).token(CAPTURE_NEVER_ANSWERS).manual_capture());
    shop.ask(CapturePayment::of(order).amount(usd(8_00))).unwrap();
    let fact = failed(&shop, order, 1);
    assert_eq!(shop.tell(fact.clone()), FactOutcome::Applied);
    assert_eq!((shop.status(order), shop.figures(order)), ("requires_capture".to_owned(), (10_00, 0)));
    assert_eq!(shop.tell(fact), FactOutcome::Stale);
    shop.ask(CapturePayment::of(order)).unwrap();
    let second = captured(&shop, order, 2, 10_00);
    assert_eq!(shop.tell(second), FactOutcome::Applied);
    assert_eq!((shop.status(order), shop.payment(order).amount_received()), ("succeeded".to_owned(), usd(10_00)));
    // That the first one took money after all is something for a person to look at: there is nothing left that it could have taken.
    let first = captured(&shop, order, 1, 8_00);
    assert!(matches!(shop.tell(first), FactOutcome::Anomaly(_)));
}

/// Whatever was captured since: money that was taken is booked, as long as it is not more than was authorized.
#[test]
fn a_capture_that_seemed_to_fail_is_booked_beside_the_one_that_took_its_place() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = NewPayment::card(usd(10_00)).destination(jo).token(CAPTURE_NEVER_ANSWERS).manual_capture();
    let order = shop.hold(order);
    shop.ask(CapturePayment::of(order).amount(usd(4_00)).application_fee(usd(3_00))).unwrap();
    let lost = failed(&shop, order, 1);
    shop.tell(lost);
    shop.ask(CapturePayment::of(order).amount(usd(6_00)).application_fee(usd(1_00))).unwrap();
    let second = captured(&shop, order, 2, 6_00);
    shop.tell(second);
    assert_eq!((shop.status(order), shop.total(jo)), ("succeeded".to_owned(), 5_00));
    let first = captured(&shop, order, 1, 4_00);
    assert_eq!(shop.tell(first), FactOutcome::Applied);
    assert_eq!((shop.status(order), shop.payment(order).amount_received()), ("succeeded".to_owned(), usd(10_00)));
    assert_eq!((shop.total(jo), shop.house()), (9_00, 1_00 - 59));
    assert_eq!(shop.platform.audit(), []);
}

/// It seemed to fail and was taken after all: what was told last counts, unless more was asked for meanwhile.
#[test]
fn a_capture_that_seemed_to_fail_is_booked_when_it_took_money() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).token(CAPTURE_NEVER_ANSWERS).manual_capture());
    shop.ask(CapturePayment::of(order).amount(usd(8_00))).unwrap();
    let (lost, won) = (failed(&shop, order, 1), captured(&shop, order, 1, 8_00));
    let mut other = shop.clone();
    shop.tell(lost.clone());
    shop.tell(won.clone());
    other.tell(won);
    other.tell(lost);
    assert_eq!((shop.payment(order), shop.charge(order)), (other.payment(order), other.charge(order)));
    assert_eq!((shop.house(), other.house()), (8_00 - 53, 8_00 - 53));
}

/// While it is not known whether more is held ready, nothing is captured; calling everything off is the way out.
#[test]
fn a_raise_whose_answer_never_came_blocks_all_but_letting_go() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).capture_later(ManualCapture::new().incremental()));
    shop.raise(IncrementAuthorization::to(order, usd(11_00))).unwrap();
    assert_eq!(shop.ask(CapturePayment::of(order)), Err(PaymentError::AuthorizationBusy(order).into()));
    let again = IncrementAuthorization::to(order, usd(12_00));
    assert_eq!(shop.raise(again), Err(PaymentError::AuthorizationBusy(order).into()));
    shop.cancel(order).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!((shop.status(order), shop.platform.instructions().len()), ("canceled".to_owned(), 0));
}
