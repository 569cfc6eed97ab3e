//! Authorizations that nobody captures in time.

use super::*;
use fundroute::payments::{Cancellation, ChargeAuthorized, PaymentCard, PaymentState};
use fundroute::rulebook::{AuthorizationWindow, CardBrand};

/// When the authorization of a payment runs out, as hours after it was given.
fn hours_held(how: ManualCapture, token: &str) -> i64 {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).token(token).capture_later(how));
    let authorization = shop.charge(order).authorization().unwrap();
    let held = authorization.capture_before().since(authorization.at());
    assert_eq!(shop.payment(order).due(), Some(authorization.capture_before()));
    held.num_hours()
}

/// docs.stripe.com/payments/place-a-hold-on-a-payment-method (2026).
#[test]
fn windows_are_those_of_the_network_and_the_occasion() {
    let online = ManualCapture::new();
    for token in ["pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_discover"] {
        assert_eq!(hours_held(online, token), 7 * 24, "{token}");
    }
    assert_eq!(hours_held(online.off_session(), "pm_card_visa"), 4 * 24 + 18);
    assert_eq!(hours_held(online.off_session(), "pm_card_mastercard"), 7 * 24);
    // An extension that was asked for and is not told of was not granted.
    assert_eq!(hours_held(online.extended(), "pm_card_visa"), 7 * 24);
}

#[test]
fn an_extension_holds_where_the_world_tells_of_it() {
    let mut shop = Shop::open();
    let extended = ManualCapture::new().extended();
    let mut held = |brand, asked: ManualCapture| {
        let key = shop.key();
        let order = shop.platform.payments().create(&key, NewPayment::card(usd(10_00)).capture_later(asked));
        let order = order.unwrap().answer;
        let told = ChargeAuthorized::of(shop.charge_id(order), usd(10_00)).card(PaymentCard::of(brand));
        shop.tell(Fact::ChargeAuthorized(ChargeAuthorized { extended: Some(true), ..told }));
        let authorization = shop.charge(order).authorization().unwrap().clone();
        authorization.capture_before().since(authorization.at()).num_hours()
    };
    assert_eq!(held(CardBrand::Visa, extended), 29 * 24 + 18);
    assert_eq!(held(CardBrand::Mastercard, extended), 30 * 24);
    assert_eq!(held(CardBrand::Jcb, extended), 7 * 24);
    // Nobody is held for longer who was not asked.
    assert_eq!(held(CardBrand::Visa, ManualCapture::new()), 7 * 24);
}

#[test]
fn yen_are_held_for_thirty_days_in_japan() {
    use fundroute::money::Currency;
    use fundroute::rulebook::{AuthorizationUse, Country};

    let what = AuthorizationUse {
        method: PaymentMethod::Card,
        brand: CardBrand::Visa,
        off_session: true,
        extended: false,
        country: Country::JP,
        currency: Currency::JPY,
    };
    let book = Rulebook::standard();
    assert_eq!(book.authorization_window(&what), Some(days(30)));
    assert_eq!(book.authorization_window(&AuthorizationUse { currency: USD, ..what }), Some(hours(4 * 24 + 18)));
    let debit = AuthorizationUse { method: PaymentMethod::UsBankAccount, ..what };
    assert_eq!(book.authorization_window(&debit), None);
    let ours = AuthorizationWindow::new(PaymentMethod::Card, 1, 0).within(Country::JP, Currency::JPY);
    assert_eq!(book.with_authorization_window(ours).authorization_window(&what), Some(days(1)));
}

/// The clock lets go what nobody captured, at that very moment and whether it jumps or creeps there.
#[test]
fn what_nobody_captures_is_let_go() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).destination(shop.jo).manual_capture());
    let before = shop.charge(order).authorization().unwrap().capture_before();
    let mut creeping = shop.clone();
    shop.wait(days(7) - chrono::TimeDelta::microseconds(1));
    assert_eq!(shop.status(order), "requires_capture");
    let mut late = shop.clone();
    let changes = late.platform.advance_to(before).unwrap();
    let events: Vec<_> = changes.iter().flat_map(|changes| &changes.events).map(|event| event.kind.name()).collect();
    assert_eq!(events, ["charge.expired", "payment_intent.canceled"]);
    assert!(
        matches!(late.payment(order).state(), PaymentState::Canceled { at, by: Cancellation::Expired } if *at == before)
    );
    assert_eq!(late.charge(order).state(), &ChargeState::Released { at: before });
    assert_eq!((late.house(), late.platform.entry_count()), (0, 0));
    let gone = late.ask(CapturePayment::of(order)).unwrap_err();
    assert_eq!(gone.code(), Some("payment_intent_unexpected_state"));
    for _ in 0..14 {
        creeping.wait(hours(12));
    }
    assert_eq!(creeping.payment(order), late.payment(order));
}

/// What was captured in part has succeeded with that.
#[test]
fn what_was_captured_before_the_window_closed_stays() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)).destination(jo).transfer_amount(usd(5_00)));
    shop.capture(CapturePayment::of(order).amount(usd(7_00)).more_to_come()).unwrap();
    shop.wait(days(8));
    assert_eq!((shop.status(order), shop.figures(order)), ("succeeded".to_owned(), (0, 7_00)));
    assert_eq!(shop.charge(order).amount_captured(), usd(7_00));
    assert!(!shop.charge(order).is_capturable());
    shop.refund(NewRefund::of(order).amount(usd(1_00)).reverse_transfer()).unwrap();
}

/// What the world tells goes before the rules.
#[test]
fn the_world_says_until_when() {
    let mut shop = Shop::open();
    let key = shop.key();
    let order = shop.platform.payments().create(&key, NewPayment::card(usd(10_00)).manual_capture()).unwrap().answer;
    let until = shop.platform.now().checked_add(days(2)).unwrap();
    let told = ChargeAuthorized::of(shop.charge_id(order), usd(10_00)).capture_before(until);
    shop.tell(Fact::ChargeAuthorized(told));
    assert_eq!(shop.payment(order).due(), Some(until));
    shop.platform.advance_to(until).unwrap();
    assert_eq!(shop.status(order), "canceled");
}

/// An authorization that is told of after its window has closed is let go as soon as anything happens.
#[test]
fn an_authorization_told_of_too_late_runs_out_at_once() {
    let mut shop = Shop::open();
    let key = shop.key();
    let order = shop.platform.payments().create(&key, NewPayment::card(usd(10_00)).manual_capture()).unwrap().answer;
    let asked = shop.platform.now();
    shop.platform.advance_to(asked.checked_add(days(9)).unwrap()).unwrap();
    let told = Fact::ChargeAuthorized(ChargeAuthorized::of(shop.charge_id(order), usd(10_00)));
    shop.platform.record(&Report::new("late", asked, told)).unwrap();
    assert_eq!(shop.status(order), "requires_capture");
    shop.wait(chrono::TimeDelta::microseconds(1));
    assert_eq!(shop.status(order), "canceled");
}
