use fundroute::journal::Fact;
use fundroute::payments::{CapturePayment, ChargeAuthorized, ChargeCaptured, ManualCapture};
use fundroute::payouts::{NewReservePlan, NewReserveRelease, ReleaseReason, ReserveHoldStatus};
use fundroute::prelude::*;

use super::{Shop, percent};
use fundroute::ids::PaymentId;

/// A payment of 10.00 that was authorized, to be captured in parts.
pub(super) fn authorized(shop: &mut Shop, payment: NewPayment, direct: bool) -> PaymentId {
    let on = direct.then_some(shop.jo);
    let amount = payment.amount;
    let sale = shop.start(on, payment.capture_later(ManualCapture::new().multicapture()));
    let charge = shop.charge(sale);
    let told = ChargeAuthorized { multicapture: Some(true), ..ChargeAuthorized::of(charge, amount) };
    shop.tell(Fact::ChargeAuthorized(told));
    sale
}

pub(super) fn taken(shop: &Shop, sale: PaymentId, (capture, minor, is_final): (u8, i64, bool)) -> Fact {
    let charge = shop.charge(sale).into();
    Fact::ChargeCaptured(ChargeCaptured { charge, capture, amount: usd(minor), is_final })
}

fn capture(shop: &mut Shop, sale: PaymentId, (number, minor, is_final): (u8, i64, bool)) {
    let mut capture = CapturePayment::of(sale).amount(usd(minor));
    capture.is_final = is_final;
    let key = shop.key();
    match shop.platform.charge_of(sale).unwrap().owner() {
        owner if owner == shop.jo => shop.platform.acting_as(owner).unwrap().payments().capture(&key, capture),
        _ => shop.platform.payments().capture(&key, capture),
    }
    .unwrap();
    shop.tell(taken(shop, sale, (number, minor, is_final)));
}

/// On the running total, so that three thirds are held back as one charge would be.
#[test]
fn what_is_captured_in_parts_is_held_back_on_the_running_total() {
    for direct in [true, false] {
        let mut shop = Shop::open();
        let jo = shop.jo;
        shop.plan(NewReservePlan::rolling(jo, percent(5), 30));
        let order = NewPayment::card(usd(10_00));
        let sale = authorized(&mut shop, if direct { order } else { order.destination(jo) }, direct);
        let mut held = Vec::new();
        for part in [(1, 3_33, false), (2, 3_33, false), (3, 3_34, true)] {
            capture(&mut shop, sale, part);
            held.push(shop.held(sale).amount().minor());
            shop.sound();
        }
        // 16.65, 33.3 and 50 cents.
        assert_eq!(held, [17, 33, 50]);
        assert_eq!(shop.purse().2, 50);
    }
}

/// The plan of the first part counts; what was let go of it stays so, and nothing more comes under a plan that is over.
#[test]
fn later_parts_go_by_the_plan_of_the_first() {
    let (mut shop, plan) = Shop::with_plan();
    let sale = authorized(&mut shop, NewPayment::card(usd(10_00)), true);
    capture(&mut shop, sale, (1, 4_00, false));
    let hold = shop.held(sale).id();
    shop.release(NewReserveRelease::of(hold)).unwrap();
    capture(&mut shop, sale, (2, 2_00, false));
    let held = shop.held(sale);
    assert_eq!(
        (held.amount(), held.released(), held.status()),
        (usd(1_50), usd(1_00), ReserveHoldStatus::PartlyReleased)
    );
    shop.platform.reserves().disable_plan("over", plan).unwrap();
    shop.plan(NewReservePlan::rolling(shop.jo, percent(50), 30));
    capture(&mut shop, sale, (3, 4_00, true));
    assert_eq!((shop.held(sale).amount(), shop.purse().2), (usd(1_50), 50));
    shop.a_moment();
    assert_eq!(shop.purse().2, 0);
    shop.sound();
}

/// While more can be captured no claim is compared with what is held back; then the largest one is.
#[test]
fn a_claim_before_the_last_part_is_looked_at_with_it() {
    for last in [1_00, 6_00] {
        let (mut shop, _) = Shop::with_plan();
        let jo = shop.jo;
        let sale = authorized(&mut shop, NewPayment::card(usd(10_00)), true);
        capture(&mut shop, sale, (1, 4_00, false));
        let refund = shop.refund(Some(jo), NewRefund::of(sale).amount(usd(2_00))).unwrap();
        shop.refund(Some(jo), NewRefund::of(sale).amount(usd(1_00))).unwrap();
        assert_eq!((shop.held(sale).status(), shop.purse().2), (ReserveHoldStatus::Held, 1_00));
        capture(&mut shop, sale, (2, last, true));
        if last == 1_00 {
            // 1.25 are held back, and 2.00 were claimed.
            assert_eq!(shop.releases(), [(1_25, ReleaseReason::HoldReversed, Some(refund.into()))]);
        } else {
            assert_eq!((shop.releases(), shop.purse().2), (vec![], 2_50));
        }
        shop.sound();
    }
}

/// What is let go of an authorization ends it as a last capture does.
#[test]
fn a_claim_is_looked_at_when_the_rest_is_called_off() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    let sales = [(); 2].map(|()| authorized(&mut shop, NewPayment::card(usd(10_00)), true));
    for sale in sales {
        capture(&mut shop, sale, (1, 4_00, false));
        shop.refund(Some(jo), NewRefund::of(sale).amount(usd(1_00))).unwrap();
    }
    assert_eq!(shop.purse().2, 2_00);
    shop.platform.acting_as(jo).unwrap().payments().cancel("the rest", sales[0]).unwrap();
    assert_eq!((shop.held(sales[0]).status(), shop.purse().2), (ReserveHoldStatus::Consumed, 1_00));
    // The other one runs out.
    shop.wait(8);
    assert_eq!((shop.held(sales[1]).status(), shop.purse().2), (ReserveHoldStatus::Consumed, 0));
    shop.sound();
}
