//! What is not done, and what a fact that makes no sense comes to.

use super::*;
use fundroute::journal::AnomalyReason;
use fundroute::payments::{AuthorizationIncremented, ChargeAuthorized, ChargeCaptured, ChargeSucceeded, PaymentError};

fn order() -> (Shop, PaymentId) {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).manual_capture());
    (shop, order)
}

#[test]
fn a_capture_of_the_wrong_amount_is_refused() {
    let (mut shop, order) = order();
    let take = |amount: Money| CapturePayment::of(order).amount(amount);
    let too_large = |asked| PaymentError::CaptureTooLarge { payment: order, asked, capturable: usd(10_00) };
    assert_eq!(shop.ask(take(usd(10_01))), Err(too_large(usd(10_01)).into()));
    assert_eq!(shop.ask(take(usd(i64::MAX))), Err(too_large(usd(i64::MAX)).into()));
    assert_eq!(shop.ask(take(usd(0))), Err(PaymentError::AmountNotPositive(usd(0)).into()));
    assert_eq!(shop.ask(take(usd(i64::MIN))), Err(PaymentError::AmountNotPositive(usd(i64::MIN)).into()));
    let (given, needed) = (EUR, USD);
    assert_eq!(shop.ask(take(eur(1_00))), Err(PaymentError::WrongCurrency { given, needed }.into()));
    assert_eq!(shop.ask(take(usd(1_00)).more_to_come()), Err(PaymentError::OneCaptureOnly(order).into()));
    assert_eq!(shop.ask(take(usd(1_00)).application_fee(usd(1))), Err(PaymentError::NobodyToShareWith.into()));
    assert_eq!(shop.figures(order), (10_00, 0));
    shop.capture(take(usd(10_00))).unwrap();
    assert_eq!(shop.ask(take(usd(1))).unwrap_err().code(), Some("payment_intent_unexpected_state"));
}

/// By cards only, and only where more than one capture was asked for in time.
#[test]
fn a_bank_debit_is_not_captured_later() {
    let mut shop = Shop::open();
    let key = shop.key();
    let debit = NewPayment::by(PaymentMethod::UsBankAccount, usd(10_00)).manual_capture();
    let refused = shop.platform.payments().create(&key, debit).map(drop);
    assert_eq!(refused, Err(PaymentError::CaptureNotLater(PaymentMethod::UsBankAccount).into()));
    let payment = shop.hold(NewPayment::card(usd(10_00)).token("pm_card_chargeDeclined").manual_capture());
    let again = fundroute::payments::ConfirmPayment::by(PaymentMethod::UsBankAccount, payment);
    let refused = shop.platform.payments().confirm(&key, again).map(drop);
    assert_eq!(refused, Err(PaymentError::CaptureNotLater(PaymentMethod::UsBankAccount).into()));
    // Declined, and authorized with the next try.
    let again = fundroute::payments::ConfirmPayment::by(PaymentMethod::Card, payment);
    shop.platform.payments().confirm(&key, again).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!(shop.status(payment), "requires_capture");
    let raise = IncrementAuthorization::to(payment, usd(11_00));
    assert_eq!(shop.raise(raise), Err(PaymentError::NotIncremental(payment).into()));
}

#[test]
fn only_whose_payment_it_is_captures_it() {
    let (mut shop, order) = order();
    let (jo, key) = (shop.jo, shop.key());
    let theirs = shop.platform.acting_as(jo).unwrap().payments().capture(&key, CapturePayment::of(order)).map(drop);
    assert_eq!(theirs, Err(PaymentError::NotOnAccount(order).into()));
}

#[test]
fn what_was_let_go_stays_let_go() {
    let (mut shop, order) = order();
    let changes = shop.platform.payments().cancel("off", order).unwrap().changes;
    let events: Vec<_> = changes.events.iter().map(|event| event.kind.name()).collect();
    assert_eq!((events, changes.instructions.len()), (vec!["payment_intent.canceled"], 1));
    assert!(matches!(shop.charge(order).state(), ChargeState::Released { .. }));
    assert!(shop.ask(CapturePayment::of(order)).is_err() && shop.cancel(order).is_err());
    let fact = Fact::ChargeCaptured(ChargeCaptured::of(shop.charge_id(order), usd(10_00)));
    assert_eq!(reason(&mut shop, fact), Some(AnomalyReason::PaymentCanceled));
    assert_eq!(shop.house(), 0);
}

fn reason(shop: &mut Shop, fact: Fact) -> Option<AnomalyReason> {
    match shop.tell(fact) {
        FactOutcome::Anomaly(id) => Some(shop.platform.anomaly(id).unwrap().reason),
        FactOutcome::Applied | FactOutcome::Stale | FactOutcome::Parked(_) => None,
    }
}

/// Facts that nothing could make true are kept for a person to look at, and move nothing.
#[test]
fn facts_that_make_no_sense_are_anomalies() {
    let (mut shop, order) = order();
    let charge = shop.charge_id(order);
    let taken = |capture, amount| {
        Fact::ChargeCaptured(ChargeCaptured { charge: charge.into(), capture, amount, is_final: true })
    };
    let at_once = Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(10_00)));
    assert_eq!(reason(&mut shop, at_once), Some(AnomalyReason::WrongCaptureMethod));
    for amount in [usd(10_01), usd(0), usd(-1), usd(i64::MIN), eur(10_00), usd(i64::MAX)] {
        assert_eq!(reason(&mut shop, taken(1, amount)), Some(AnomalyReason::AmountDiffers), "{amount}");
    }
    for capture in [0, 51, u8::MAX] {
        assert_eq!(reason(&mut shop, taken(capture, usd(1_00))), Some(AnomalyReason::OutOfRange));
    }
    let raised = AuthorizationIncremented { charge: charge.into(), attempt: 1, amount: usd(11_00) };
    assert_eq!(reason(&mut shop, Fact::AuthorizationIncremented(raised)), Some(AnomalyReason::NotAsked));
    assert_eq!((shop.figures(order), shop.house()), ((10_00, 0), 0));

    let sale = shop.hold(NewPayment::card(usd(5_00)));
    let other = shop.charge_id(sale);
    let held = Fact::ChargeAuthorized(ChargeAuthorized::of(other, usd(5_00)));
    assert_eq!(reason(&mut shop, held), Some(AnomalyReason::WrongCaptureMethod));
    let key = shop.key();
    let open = shop.platform.payments().create(&key, NewPayment::card(usd(5_00)).manual_capture()).unwrap().answer;
    let held = Fact::ChargeAuthorized(ChargeAuthorized::of(shop.charge_id(open), usd(4_00)));
    assert_eq!(reason(&mut shop, held), Some(AnomalyReason::AmountDiffers));
}
