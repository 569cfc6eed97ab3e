//! Payments that are planned, changed and tried again before and while a reader has them.

use super::facts::canceled;
use super::*;
use fundroute::payments::{Cancellation, ConfirmPayment, PaymentError, PaymentState, UpdatePayment};
use fundroute::simulator::NEVER_ANSWERS;

fn change(market: &mut Market, change: UpdatePayment) -> Result<(), Error> {
    let key = market.key();
    market.platform.payments().update(&key, change).map(drop)
}

fn confirm(market: &mut Market, attempt: ConfirmPayment) -> Result<(), Error> {
    let key = market.key();
    market.platform.payments().confirm(&key, attempt).map(drop)
}

/// A buyer who began online pays at the stall: only then is it known with which card.
#[test]
fn an_open_payment_is_paid_at_a_reader() {
    let mut market = Market::open();
    let cart = market.pay(NewPayment::open(cad(20_00)).application_fee(cad(2_00)));
    let refused = market.start(market.reader, ReaderTask::ProcessPaymentIntent(cart));
    assert_eq!(refused, Err(PaymentError::MethodMissing.into()));
    change(&mut market, UpdatePayment::of(cart).method(PaymentMethod::CardPresent)).unwrap();
    assert_eq!(market.status(cart), PaymentStatus::RequiresPaymentMethod);
    assert_eq!(confirm(&mut market, ConfirmPayment::of(cart)), Err(PaymentError::MethodMissing.into()));
    let by_hand = confirm(&mut market, ConfirmPayment::by(PaymentMethod::CardPresent, cart));
    assert_eq!(by_hand, Err(PaymentError::NeedsReader(PaymentMethod::CardPresent).into()));
    change(&mut market, UpdatePayment::of(cart).amount(cad(30_00)).application_fee(cad(3_00))).unwrap();
    market.process(cart);
    assert_eq!((market.status(cart), market.payment(cart).amount_received()), (PaymentStatus::Succeeded, cad(30_00)));
    assert_eq!(market.platform.audit(), []);
}

/// And the other way round: the card is declined at the stall, so the buyer pays online.
#[test]
fn what_was_declined_at_a_reader_is_paid_online() {
    let mut market = Market::open();
    let order = NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).token(DECLINED);
    let order = market.pay(order);
    market.process(order);
    assert_eq!(market.status(order), PaymentStatus::RequiresPaymentMethod);
    let attempt = market.charge_id(order);
    change(&mut market, UpdatePayment::of(order).method(PaymentMethod::Card).token("pm_card_visa")).unwrap();
    assert_eq!(market.status(order), PaymentStatus::RequiresConfirmation);
    let refused = market.start(market.reader, ReaderTask::ProcessPaymentIntent(order)).unwrap_err();
    assert!(matches!(refused, Error::Terminal(_)), "{refused:?}");
    confirm(&mut market, ConfirmPayment::of(order)).unwrap();
    market.settle();
    assert_eq!((market.status(order), market.charge(order).method()), (PaymentStatus::Succeeded, PaymentMethod::Card));
    assert_ne!(market.charge_id(order), attempt);
}

/// While a reader has it, nothing else is done with a payment.
#[test]
fn what_a_reader_has_is_not_changed() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    for collected in [true, false] {
        let payment = market.order(PaymentMethod::CardPresent);
        let reader = market.another_reader();
        let task = if collected {
            ReaderTask::CollectPaymentMethod(payment)
        } else {
            ReaderTask::ProcessPaymentIntent(payment)
        };
        market.start(reader, task).unwrap();
        let at_reader = || Err(Error::Payment(PaymentError::AtReader { payment, reader }));
        let before = market.platform.snapshot();
        let of = || UpdatePayment::of(payment);
        assert_eq!(change(&mut market, of().amount(cad(10_00))), at_reader());
        assert_eq!(change(&mut market, of().method(PaymentMethod::Card)), at_reader());
        assert_eq!(confirm(&mut market, ConfirmPayment::by(PaymentMethod::Card, payment)), at_reader());
        let key = market.key();
        assert_eq!(market.platform.payments().cancel(&key, payment).map(drop), at_reader());
        assert_eq!(market.platform.snapshot(), before);
    }
}

/// Attempts at readers count like all others, whatever made them fail.
#[test]
fn attempts_at_readers_are_limited_too() {
    let mut market = Market::by(rules().with_attempt_limit(Some(2)), None);
    let payment = market.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).token(DECLINED));
    market.process(payment);
    assert_eq!(market.status(payment), PaymentStatus::RequiresPaymentMethod);
    market.process(payment);
    let state = *market.payment(payment).state();
    let by = Cancellation::AttemptsExhausted;
    assert_eq!(state, PaymentState::Canceled { at: market.platform.now(), by });
}

/// A reader that was stopped leaves the payment as it was, to be taken by another.
#[test]
fn a_payment_of_a_reader_that_was_stopped_goes_to_another() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let payment = market.order(PaymentMethod::CardPresent);
    market.start(market.reader, ReaderTask::ProcessPaymentIntent(payment)).unwrap();
    market.tell(canceled(market.reader));
    let other = market.another_reader();
    change(&mut market, UpdatePayment::of(payment).amount(cad(25_00))).unwrap();
    market.start(other, ReaderTask::ProcessPaymentIntent(payment)).unwrap();
    market.settle();
    assert_eq!(market.payment(payment).amount_received(), cad(25_00));
}
