//! Several captures of one authorization, and authorizations that are raised.

use super::*;
use fundroute::payments::PaymentError;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReversal, RoutingError};

/// docs.stripe.com/payments/multicapture (2024).
#[test]
fn example_w6_two_captures_and_the_rest_is_released() {
    let mut shop = Shop::open();
    let order = shop.hold(parcels(usd(10_00)));
    shop.capture(CapturePayment::of(order).amount(usd(7_00)).more_to_come()).unwrap();
    assert_eq!((shop.status(order), shop.figures(order)), ("requires_capture".to_owned(), (3_00, 7_00)));
    shop.capture(CapturePayment::of(order).amount(usd(2_00))).unwrap();
    assert_eq!((shop.status(order), shop.figures(order)), ("succeeded".to_owned(), (0, 9_00)));
    // One charge, one price: 2.9 % of 9.00 and 0.30 once.
    let fees: i128 = shop.lines(shop.platform.id()).iter().map(|(_, _, fee)| fee).sum();
    assert_eq!((shop.charge(order).processor_fee(), fees), (56, 56));
    assert_eq!(shop.house(), 9_00 - 56);
}

#[test]
fn captures_share_one_transfer_and_one_commission() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)).destination(jo).application_fee(usd(1_23)));
    shop.capture(CapturePayment::of(order).amount(usd(1_00)).more_to_come()).unwrap();
    // A commission is capped at what was captured so far, and grows with it.
    assert_eq!((shop.total(jo), shop.house()), (0, 1_00 - 33));
    shop.capture(CapturePayment::of(order).amount(usd(6_00)).more_to_come()).unwrap();
    assert_eq!(shop.total(jo), 7_00 - 1_23);
    shop.capture(CapturePayment::of(order)).unwrap();
    assert_eq!((shop.total(jo), shop.house()), (8_77, 64));
    let charge = shop.charge(order);
    let (transfer, fee) = (charge.transfer().unwrap(), charge.application_fee().unwrap());
    assert_eq!(shop.platform.transfer(transfer).unwrap().amount(), usd(10_00));
    assert_eq!(shop.platform.application_fee(fee).unwrap().amount(), usd(1_23));
    assert_eq!(shop.platform.audit(), []);

    // Given back with everything that went with it, nobody has anything left of it.
    shop.refund(NewRefund::of(order).amount(usd(4_00)).reverse_transfer().refund_application_fee()).unwrap();
    shop.refund(NewRefund::of(order).reverse_transfer().refund_application_fee()).unwrap();
    assert_eq!((shop.total(jo), shop.house()), (0, -59));
}

#[test]
fn a_transfer_amount_is_reached_capture_by_capture() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)).destination(jo).transfer_amount(usd(8_00)));
    let mut seen = Vec::new();
    for part in [3_00, 3_00, 3_00] {
        shop.capture(CapturePayment::of(order).amount(usd(part)).more_to_come()).unwrap();
        seen.push(shop.total(jo));
    }
    // A last capture of nothing closes it.
    shop.capture(CapturePayment::of(order).amount(usd(0))).unwrap();
    assert_eq!((seen, shop.status(order), shop.total(jo)), (vec![3_00, 6_00, 8_00], "succeeded".to_owned(), 8_00));
}

/// Once the first capture names a part, every later one has to; and no part becomes less than what was given.
#[test]
fn later_captures_name_the_total_part_again() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)).destination(jo));
    let capture = |part: i64| CapturePayment::of(order).amount(usd(part)).more_to_come();
    shop.capture(capture(5_00).application_fee(usd(1_00))).unwrap();
    assert_eq!(shop.total(jo), 4_00);
    assert_eq!(shop.ask(capture(2_00)), Err(PaymentError::SharesUnsaid(order).into()));
    let below = PaymentError::ShareBelowGiven { payment: order, asked: usd(99), given: usd(1_00) };
    assert_eq!(shop.ask(capture(2_00).application_fee(usd(99))), Err(below.into()));
    let both = capture(2_00).application_fee(usd(1_00)).transfer_amount(usd(1_00));
    assert_eq!(shop.ask(both), Err(PaymentError::FeeAndTransferAmount.into()));
    let other = capture(2_00).transfer_amount(usd(7_00));
    assert_eq!(shop.ask(other), Err(PaymentError::FeeAndTransferAmount.into()));
    shop.capture(capture(2_00).application_fee(usd(1_50))).unwrap();
    assert_eq!(shop.total(jo), 7_00 - 1_50);
    shop.cancel(order).unwrap();
    assert_eq!((shop.status(order), shop.figures(order)), ("succeeded".to_owned(), (0, 7_00)));
}

/// Before the last capture the payer can be given back what was captured; the parts of others are taken back by themselves.
#[test]
fn refunds_between_captures_leave_the_parts_of_others_alone() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)).destination(jo).application_fee(usd(1_00)));
    shop.capture(CapturePayment::of(order).amount(usd(6_00)).more_to_come()).unwrap();
    let keep = NewRefund::of(order).keep_transfer().keep_application_fee();
    let back = NewRefund::of(order).reverse_transfer().refund_application_fee();
    assert_eq!(shop.refund(back.clone().amount(usd(2_00))), Err(PaymentError::SharesApart(order).into()));
    let too_much = PaymentError::RefundTooLarge { payment: order, asked: usd(6_01), refundable: usd(6_00) };
    assert_eq!(shop.refund(keep.clone().amount(usd(6_01))), Err(too_much.into()));
    shop.refund(keep.amount(usd(2_00))).unwrap();

    let (transfer, fee) = (shop.charge(order).transfer().unwrap(), shop.charge(order).application_fee().unwrap());
    let (first, second) = (shop.key(), shop.key());
    shop.platform.transfers().reverse_part(&first, NewTransferReversal::of(transfer).amount(usd(2_00))).unwrap();
    shop.platform.transfers().refund_fee_part(&second, NewApplicationFeeRefund::of(fee).amount(usd(30))).unwrap();
    shop.capture(CapturePayment::of(order)).unwrap();
    assert_eq!(shop.total(jo), 10_00 - 1_00 - 2_00 + 30);
    // And since they were taken back by themselves, they are for good.
    assert_eq!(shop.refund(back), Err(PaymentError::SharesApart(order).into()));
    assert_eq!(shop.platform.audit(), []);
}

#[test]
fn no_transfer_is_tied_to_a_payment_captured_in_parts() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)));
    let tie = |shop: &mut Shop| {
        let key = shop.key();
        let transfer = NewTransfer::to(jo, usd(1_00)).from_payment(order);
        shop.platform.transfers().create(&key, transfer).map(drop)
    };
    shop.capture(CapturePayment::of(order).amount(usd(5_00)).more_to_come()).unwrap();
    assert_eq!(tie(&mut shop), Err(RoutingError::SourceUnusable(order).into()));
    shop.capture(CapturePayment::of(order)).unwrap();
    assert_eq!(tie(&mut shop), Err(RoutingError::SourceUnusable(order).into()));
    // Of one that was captured once, no more than was captured.
    let order = shop.hold(NewPayment::card(usd(10_00)).manual_capture());
    shop.capture(CapturePayment::of(order).amount(usd(5_00))).unwrap();
    let key = shop.key();
    let refused = shop.platform.transfers().create(&key, NewTransfer::to(jo, usd(5_01)).from_payment(order)).map(drop);
    let left = usd(5_00);
    assert_eq!(refused, Err(RoutingError::SourceExceeded { payment: order, asked: usd(5_01), left }.into()));
    shop.platform.transfers().create(&key, NewTransfer::to(jo, usd(5_00)).from_payment(order)).unwrap();
}

/// Fifty tries, and not one more.
#[test]
fn a_payment_is_captured_fifty_times_at_most() {
    let mut shop = Shop::open();
    let order = shop.hold(parcels(usd(100_00)));
    for _ in 0..50 {
        shop.capture(CapturePayment::of(order).amount(usd(1_00)).more_to_come()).unwrap();
    }
    assert_eq!(shop.charge(order).authorization().unwrap().captures(), 50);
    let capture = CapturePayment::of(order).amount(usd(1_00));
    assert_eq!(shop.ask(capture), Err(PaymentError::TooManyCaptures(order).into()));
    shop.cancel(order).unwrap();
    assert_eq!(shop.figures(order), (0, 50_00));
}

#[test]
fn an_authorization_is_raised_ten_times_at_most() {
    use fundroute::payments::{ChargeFailure, DeclineCode, IncrementDeclined};

    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).capture_later(ManualCapture::new().incremental()));
    let charge = shop.charge_id(order);
    let to = |amount: i64| IncrementAuthorization::to(order, usd(amount));
    let small = PaymentError::IncrementTooSmall { payment: order, asked: usd(10_00), authorized: usd(10_00) };
    assert_eq!(shop.raise(to(10_00)), Err(small.into()));
    for attempt in 1..=9 {
        shop.raise(to(10_00 + i64::from(attempt) * 100)).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
    }
    assert_eq!((shop.payment(order).amount(), shop.figures(order)), (usd(19_00), (19_00, 0)));
    // What was declined counts too, and leaves what was held before, with the parts that were named before.
    shop.raise(to(25_00)).unwrap();
    let failure = ChargeFailure::Card(DeclineCode::InsufficientFunds);
    let declined = IncrementDeclined { charge: charge.into(), attempt: 10, failure };
    assert_eq!(shop.tell(Fact::IncrementDeclined(declined)), FactOutcome::Applied);
    assert_eq!((shop.status(order), shop.figures(order)), ("requires_capture".to_owned(), (19_00, 0)));
    assert_eq!(shop.raise(to(26_00)), Err(PaymentError::NotIncremental(order).into()));
    shop.capture(CapturePayment::of(order)).unwrap();
    assert_eq!(shop.payment(order).amount_received(), usd(19_00));
}

#[test]
fn a_raised_authorization_takes_other_parts_with_it() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let ride = NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_00));
    let ride = shop.hold(ride.capture_later(ManualCapture::new().incremental()));
    shop.raise(IncrementAuthorization::to(ride, usd(20_00)).application_fee(usd(3_00))).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    shop.capture(CapturePayment::of(ride)).unwrap();
    assert_eq!(shop.total(jo), 17_00);
}
