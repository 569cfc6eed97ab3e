//! Refunds of money that a plan has shared out.

use fundroute::payments::{PaymentError, RefundFailed, RefundFailure, RefundStatus};
use fundroute::routing::NewTransferReversal;

use super::*;

/// What Ann, Ben, the courier and the platform hold after a refund of everything at once.
fn at_once(amount: i64) -> ([i128; 3], i128) {
    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(amount)).plan(shop.cart()));
    shop.refund(back(sale, amount)).unwrap();
    (shop.totals(), shop.total(shop.house))
}

/// Each refund takes as much of the parts together as it gives back, less the platform's own; and all of them together what one does.
#[test]
fn any_refunds_that_end_in_full_end_like_one() {
    for parts in [vec![100_01], vec![33_33, 1, 33_33, 33_34], vec![1, 1, 1, 99_98], vec![50_00, 50_01]] {
        let mut shop = Shop::open();
        let sale = shop.pay(NewPayment::card(usd(100_01)).plan(shop.cart()));
        let mut given = 0;
        for amount in &parts {
            let before: i128 = shop.totals().iter().sum();
            let house = shop.total(shop.house);
            let refund = shop.refund(back(sale, *amount)).unwrap();
            let (taken, ours) = (before - shop.totals().iter().sum::<i128>(), house - shop.total(shop.house));
            assert_eq!(taken + ours, i128::from(*amount));
            assert!(ours >= 0, "{parts:?}");
            given += amount;
            assert_eq!(shop.charge(sale).split().unwrap().returned().unwrap().whole(), usd(given));
            let reversals = shop.platform.refund(refund).unwrap().transfer_reversals();
            let sum: i64 = reversals.map(|id| shop.platform.transfer_reversal(id).unwrap().amount().minor()).sum();
            assert_eq!(i128::from(sum), taken);
        }
        assert_eq!((shop.totals(), shop.total(shop.house)), at_once(100_01));
        assert_eq!(shop.totals(), [0, 0, 0]);
        assert_eq!(shop.charge(sale).captured().unwrap().transferred(), 0);
        shop.sound();
    }
}

/// Left open it is the mistake that costs most.
#[test]
fn a_refund_says_who_bears_it() {
    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()));
    let refused = shop.refund(NewRefund::of(sale)).unwrap_err();
    assert_eq!(refused, PaymentError::TransferBearerMissing(sale).into());
    let refused = shop.refund(NewRefund::of(sale).reverse_transfer().refund_application_fee()).unwrap_err();
    assert_eq!(refused, PaymentError::NoFee(sale).into());
    let before = shop.totals();
    shop.refund(NewRefund::of(sale).amount(usd(20_00)).keep_transfer()).unwrap();
    assert_eq!(shop.totals(), before);
    // What is refunded later is a part of the whole all the same.
    shop.refund(back(sale, 80_00)).unwrap();
    assert_eq!(shop.totals(), [6_66, 10_34, 1_00]);
    shop.sound();
}

/// What was taken back by hand is not asked for again, and nobody else bears it.
#[test]
fn a_reversal_by_hand_is_not_asked_for_again() {
    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()));
    let (transfer, key) = (shop.transfer_to(sale, shop.ann), shop.key());
    shop.platform.transfers().reverse_part(&key, NewTransferReversal::of(transfer).amount(usd(30_00))).unwrap();
    shop.refund(back(sale, 50_00)).unwrap();
    assert_eq!(shop.totals(), [0, 25_85, 2_50]);
    shop.refund(back(sale, 50_00)).unwrap();
    assert_eq!(shop.totals(), [0, 0, 0]);
    shop.sound();
}

/// A refund that did not reach the payer leaves what was pulled back with the platform; nobody gives the same part twice.
#[test]
fn a_refund_that_came_back_keeps_the_parts() {
    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()));
    let refund = shop.refund(back(sale, 60_00)).unwrap();
    let taken = shop.totals();
    let failed = RefundFailed { refund, reason: RefundFailure::LostOrStolenCard };
    assert_eq!(shop.tell(Fact::RefundFailed(failed)), FactOutcome::Applied);
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Failed);
    assert_eq!(shop.totals(), taken);
    let reversals: Vec<_> = shop.platform.refund(refund).unwrap().transfer_reversals().collect();
    let again: Vec<_> = reversals.iter().map(|id| shop.platform.passes_on(*id).unwrap().amount.minor()).collect();
    assert_eq!(again.iter().sum::<i64>(), 54_00);
    shop.refund(back(sale, 50_00)).unwrap();
    assert_eq!(shop.totals(), taken);
    shop.refund(back(sale, 50_00)).unwrap();
    assert_eq!(shop.totals(), [0, 0, 0]);
    shop.sound();
}

/// A recipient who may not owe and has been paid out: the refund is refused as a whole, like that of a transfer.
#[test]
fn who_cannot_give_back_holds_up_the_refund() {
    let mut shop = Shop::open();
    let full = shop.full();
    let plan = SplitPlan::builder(Excess::Refuse).share(full, rate("50 %")).rest(shop.ann).build().unwrap();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(plan));
    shop.wait(10);
    assert_eq!((shop.total(full), shop.total(shop.ann)), (0, 0));
    let refused = shop.refund(back(sale, 100_00)).unwrap_err();
    let drained = |error: &Error| matches!(error, Error::Payment(PaymentError::InsufficientFunds { account, needed: 50_00, .. }) if *account == full);
    assert!(drained(&refused), "{refused}");
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(100_00));
    shop.sound();
}

/// Whose losses the platform answers for may owe: the part is taken all the same, and the platform's money set aside for it.
#[test]
fn who_may_owe_gives_back_what_was_paid_out() {
    let mut shop = Shop::open();
    let key = shop.key();
    let daily = fundroute::payouts::PayoutSchedule::Manual;
    shop.platform.payouts().set_schedule(&key, shop.house, daily).unwrap();
    shop.pay(NewPayment::card(usd(300_00)));
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()));
    shop.wait(10);
    assert_eq!(shop.totals(), [0, 0, 0]);
    shop.refund(back(sale, 100_00)).unwrap();
    assert_eq!(shop.totals(), [-33_30, -51_70, -5_00]);
    assert_eq!(shop.platform.balance(shop.house, USD).unwrap().connect_reserved, 90_00);
    shop.sound();
}

/// Before the last of several captures the parts do not go back with a refund, as with one recipient.
#[test]
fn parts_go_back_after_the_last_capture() {
    let mut shop = Shop::open();
    let sale = shop.pay(parcels(usd(100_00)).plan(shop.cart()));
    shop.capture(CapturePayment::of(sale).amount(usd(60_00)).more_to_come()).unwrap();
    assert_eq!(shop.refund(back(sale, 10_00)).unwrap_err(), PaymentError::SharesApart(sale).into());
    shop.capture(CapturePayment::of(sale)).unwrap();
    shop.refund(back(sale, 10_00)).unwrap();
    // Nor once a part went back by itself.
    let (transfer, key) = (shop.transfer_to(sale, shop.ann), shop.key());
    shop.platform.transfers().reverse_part(&key, NewTransferReversal::of(transfer).amount(usd(1))).unwrap();
    assert_eq!(shop.refund(back(sale, 10_00)).unwrap_err(), PaymentError::SharesApart(sale).into());
    shop.sound();
}

/// A dispute leaves the parts where they are; the platform takes them back by hand.
#[test]
fn a_dispute_leaves_the_parts() {
    use fundroute::payments::{DisputeCase, DisputeOpened, DisputeReason};

    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()));
    let before = shop.totals();
    let opened = DisputeOpened {
        charge: shop.charge_id(sale).into(),
        reference: "dp_1".to_owned(),
        amount: usd(100_00),
        reason: DisputeReason::Fraudulent,
        case: DisputeCase::Chargeback,
        network: None,
        respond_by: None,
        settled: None,
    };
    shop.tell(Fact::DisputeOpened(opened));
    assert_eq!(shop.totals(), before);
    for (_, transfer) in shop.charge(sale).split_transfers().collect::<Vec<_>>() {
        let key = shop.key();
        shop.platform.transfers().reverse(&key, transfer).unwrap();
    }
    assert_eq!(shop.totals(), [0, 0, 0]);
    shop.sound();
}

/// A refund that waits for the platform's money takes the parts when it is its turn.
#[test]
fn a_refund_that_waits_takes_the_parts_later() {
    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()));
    shop.wait(10);
    // 90.00 come back, and of its own 10.00 the platform has less than that.
    let refund = shop.refund(back(sale, 100_00)).unwrap();
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Pending);
    assert_eq!(shop.totals(), [0, 0, 0]);
    let key = shop.key();
    let manual = fundroute::payouts::PayoutSchedule::Manual;
    shop.platform.payouts().set_schedule(&key, shop.house, manual).unwrap();
    shop.pay(NewPayment::card(usd(300_00)));
    shop.wait(5);
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    assert_eq!(shop.totals(), [-33_30, -51_70, -5_00]);
    shop.sound();
}
