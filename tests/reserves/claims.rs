use fundroute::ids::ObjectId;
use fundroute::journal::Fact;
use fundroute::payments::{DisputeChange, PaymentError, RefundFailed, RefundFailure, RefundStatus};
use fundroute::payouts::{NewReserveRelease, ReleaseReason, ReserveHoldStatus};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReturn;

use super::{Shop, changed};

/// Direct charges, the first of which is settled and paid out as far as it is not held back.
fn paid_out() -> (Shop, fundroute::ids::PaymentId) {
    let (mut shop, _) = Shop::with_plan();
    let (jo, sale) = (shop.jo, shop.direct(100_00));
    shop.wait(3);
    let (_, available, reserve) = shop.purse();
    assert_eq!((available, reserve), (71_80, 25_00));
    shop.platform.acting_as(jo).unwrap().payouts().create("out", usd(71_80)).unwrap();
    (shop, sale)
}

/// The refund of as much as is held back needs no other money; a smaller one needs its own.
#[test]
fn example_what_is_held_back_covers_a_refund_of_its_size() {
    let (mut shop, sale) = paid_out();
    let jo = shop.jo;
    let mut smaller = shop.clone();
    let refund = shop.refund(Some(jo), NewRefund::of(sale).amount(usd(25_00))).unwrap();
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    assert_eq!((shop.purse(), shop.held(sale).status()), ((0, 0, 0), ReserveHoldStatus::Consumed));
    assert_eq!(shop.releases(), [(25_00, ReleaseReason::HoldReversed, Some(refund.into()))]);
    shop.sound();

    let refund = smaller.refund(Some(jo), NewRefund::of(sale).amount(usd(24_99))).unwrap();
    assert_eq!(smaller.platform.refund(refund).unwrap().status(), RefundStatus::Pending);
    assert_eq!((smaller.purse(), smaller.held(sale).status()), ((0, 0, 25_00), ReserveHoldStatus::Held));
    smaller.sound();
}

/// A larger refund needs the rest from elsewhere, and waits for that: until then nothing is let go.
#[test]
fn a_refund_that_is_not_covered_lets_nothing_go_until_it_is() {
    let (mut shop, sale) = paid_out();
    let jo = shop.jo;
    let refund = shop.refund(Some(jo), NewRefund::of(sale)).unwrap();
    assert_eq!((shop.purse(), shop.releases()), ((0, 0, 25_00), vec![]));
    shop.sell(None, NewPayment::card(usd(200_00)));
    shop.wait(5);
    let send = |shop: &mut Shop, minor| {
        let key = shop.key();
        shop.platform.transfers().create(&key, NewTransfer::to(jo, usd(minor))).unwrap();
        shop.a_moment();
    };
    // A quarter of each is held back: 74.99 come, and then two cents.
    send(&mut shop, 99_99);
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Pending);
    send(&mut shop, 2);
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    assert_eq!(shop.purse().1, 0);
    assert_eq!(shop.releases(), [(25_00, ReleaseReason::HoldReversed, Some(refund.into()))]);
    shop.sound();
}

/// What is let go by hand may leave so little that a refund which waits covers itself with it.
#[test]
fn a_refund_that_waits_is_looked_at_when_less_is_held_back() {
    let (mut shop, sale) = paid_out();
    let jo = shop.jo;
    // Something that the account owes.
    let other = shop.direct(12_00);
    shop.wait(5);
    let (_, available, _) = shop.purse();
    let payout = usd(i64::try_from(available).unwrap());
    shop.platform.acting_as(jo).unwrap().payouts().create("more", payout).unwrap();
    shop.dispute(other, "dp_1", 10_00);
    let owed = shop.purse().1;
    assert_eq!(owed, -22_00);
    let refund = shop.refund(Some(jo), NewRefund::of(sale).amount(usd(3_00))).unwrap();
    let hold = shop.held(sale).id();
    // What is let go covers the debt and no more. But the refund is as large as what stays: it needs nothing else.
    shop.release(NewReserveRelease::of(hold).amount(usd(22_00))).unwrap();
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Pending);
    shop.a_moment();
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    assert_eq!(shop.purse(), (0, 0, 0));
    shop.sound();
}

#[test]
fn a_refund_that_came_back_is_not_held_back_again() {
    let (mut shop, sale) = paid_out();
    let jo = shop.jo;
    let refund = shop.refund(Some(jo), NewRefund::of(sale).amount(usd(25_00))).unwrap();
    let reason = RefundFailure::LostOrStolenCard;
    shop.tell(Fact::RefundFailed(RefundFailed { refund, reason }));
    assert_eq!((shop.purse(), shop.held(sale).status()), ((0, 25_00, 0), ReserveHoldStatus::Consumed));
    shop.sound();
}

#[test]
fn a_dispute_has_what_is_held_back_first() {
    let (mut shop, sale) = paid_out();
    shop.dispute(sale, "dp_1", 100_00);
    let dispute = shop.platform.disputes_of(sale).unwrap()[0].id();
    // 100.00 and the fee of 15.00.
    assert_eq!(shop.purse(), (0, 25_00 - 115_00, 0));
    assert_eq!(shop.releases(), [(25_00, ReleaseReason::HoldReversed, Some(dispute.into()))]);
    shop.tell(changed("dp_1", DisputeChange::Won));
    shop.tell(changed("dp_1", DisputeChange::FundsReinstated));
    assert_eq!((shop.purse(), shop.releases().len()), ((0, 10_00, 0), 1));
    shop.sound();
}

#[test]
fn an_inquiry_and_a_small_dispute_leave_it_where_it_is() {
    let (mut shop, sale) = paid_out();
    shop.tell(shop.opened(sale, "dp_1", 100_00));
    assert_eq!(shop.held(sale).status(), ReserveHoldStatus::Held);
    shop.dispute(sale, "dp_2", 24_99);
    assert_eq!((shop.held(sale).status(), shop.purse().2), (ReserveHoldStatus::Held, 25_00));
}

/// The charge is the platform's, and so is what is claimed of it; what is held back is its recipient's, until the transfer is taken back.
#[test]
fn of_a_destination_charge_the_transfer_counts() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    let sale = shop.sell(None, NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(3);
    assert_eq!(shop.purse(), (0, 75_00, 25_00));
    shop.dispute(sale, "dp_1", 100_00);
    assert_eq!(shop.purse(), (0, 75_00, 25_00));
    let transfer = shop.platform.charge_of(sale).unwrap().transfer().unwrap();
    assert_eq!(shop.held(sale).source(), Some(ObjectId::from(transfer)));
    let reversal = shop.platform.transfers().reverse("back", transfer).unwrap().answer;
    assert_eq!(shop.purse(), (0, 0, 0));
    assert_eq!(shop.releases(), [(25_00, ReleaseReason::HoldReversed, Some(reversal.into()))]);
    shop.sound();
}

/// A refund of a destination charge is the platform's own until it pulls the transfer back with it.
#[test]
fn a_refund_claims_what_it_pulls_back() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    let sale = shop.sell(None, NewPayment::card(usd(100_00)).destination(jo));
    shop.refund(None, NewRefund::of(sale).amount(usd(50_00)).keep_transfer()).unwrap();
    assert_eq!(shop.purse(), (75_00, 0, 25_00));
    let refund = shop.refund(None, NewRefund::of(sale).amount(usd(30_00)).reverse_transfer()).unwrap();
    assert_eq!(shop.purse(), (70_00, 0, 0));
    assert_eq!(shop.releases(), [(25_00, ReleaseReason::HoldReversed, Some(refund.into()))]);
    shop.sound();
}

/// A recipient that sends a transfer back has what is held back of it as well.
#[test]
fn who_sends_a_transfer_back_needs_no_more_than_it_got() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    shop.sell(None, NewPayment::card(usd(200_00)));
    shop.wait(3);
    let transfer = shop.platform.transfers().create("free", NewTransfer::to(jo, usd(100_00))).unwrap().answer;
    assert_eq!(shop.purse(), (0, 75_00, 25_00));
    let back = |minor| NewTransferReturn { transfer, amount: Some(usd(minor)) };
    let returned = shop.platform.acting_as(jo).unwrap().transfers().send_back("some", back(20_00)).unwrap().answer;
    assert_eq!((shop.purse(), shop.releases()), ((0, 55_00, 25_00), vec![]));
    let rest = shop.platform.acting_as(jo).unwrap().transfers().send_back("rest", back(80_00)).unwrap().answer;
    assert_ne!(returned, rest);
    assert_eq!(shop.purse(), (0, 0, 0));
    assert_eq!(shop.releases(), [(25_00, ReleaseReason::HoldReversed, Some(rest.into()))]);
    shop.sound();
}

/// A platform that is not covered by what is held back is refused as before.
#[test]
fn a_refund_beyond_what_the_recipient_may_owe_is_refused() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    let sale = shop.sell(None, NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(3);
    shop.platform.acting_as(jo).unwrap().payouts().create("out", usd(75_00)).unwrap();
    shop.platform.accounts().close("close", jo).unwrap();
    shop.sell(None, NewPayment::card(usd(500_00)));
    shop.wait(3);
    let refused = shop.refund(None, NewRefund::of(sale).amount(usd(25_01)).reverse_transfer()).unwrap_err();
    let expected = PaymentError::InsufficientFunds { account: jo, currency: USD, available: 0, needed: 1 };
    assert_eq!(refused, expected.into());
    shop.refund(None, NewRefund::of(sale).amount(usd(25_00)).reverse_transfer()).unwrap();
    assert_eq!(shop.purse(), (0, 0, 0));
    shop.sound();
}
