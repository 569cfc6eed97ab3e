//! The platform's commission by a plan of fees.

use fundroute::money::eur;
use fundroute::payments::{ChargeCaptured, ConfirmPayment, IncrementAuthorization, PaymentError, UpdatePayment};
use fundroute::routing::{PlanError, Planned, Tier, Tiering};

use super::*;

#[test]
fn a_commission_is_worked_out_on_what_is_captured() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let order = NewPayment::card(usd(20_00)).destination(ann).plan(tenth(Excess::Refuse)).manual_capture();
    let Some(Planned::Commission(quoted)) = order.quote(None).unwrap() else { panic!("a plan of fees is quoted") };
    assert_eq!(quoted.collected(), usd(2_30));
    let sale = shop.pay(order);
    assert_eq!(shop.charge(sale).commission(), None);
    shop.capture(CapturePayment::of(sale).amount(usd(12_00))).unwrap();
    // A tenth of 12.00 and 0.30.
    assert_eq!(shop.total(ann), 12_00 - 1_50);
    let told = shop.charge(sale).commission().unwrap();
    assert_eq!((told.fee, told.owed, told.rule), (usd(1_50), usd(0), When::always().currency(USD)));
    let fee = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
    assert_eq!((fee.amount(), fee.account()), (usd(1_50), ann));
    shop.sound();
}

/// It comes to the same as a commission that is named.
#[test]
fn a_planned_commission_is_booked_like_a_named_one() {
    for direct in [false, true] {
        let books = [false, true].map(|planned| {
            let mut shop = Shop::open();
            let ann = if direct { shop.full() } else { shop.ann };
            let order = NewPayment::card(usd(50_00));
            let order = if planned { order.plan(tenth(Excess::Refuse)) } else { order.application_fee(usd(5_30)) };
            let sale = if direct {
                let sale = shop.try_pay_as(ann, order).unwrap();
                shop.world.settle(&mut shop.platform).unwrap();
                sale
            } else {
                shop.pay(order.destination(ann))
            };
            assert_eq!(shop.charge(sale).commission().is_some(), planned);
            shop.sound();
            [ann, shop.house].map(|owner| shop.platform.statement(owner).unwrap().lines)
        });
        assert_eq!(books[0], books[1], "direct: {direct}");
    }
}

/// Each capture takes what the plan says of all that has been captured by then, less what was taken before, which may be more.
#[test]
fn captures_in_parts_pay_what_the_whole_does() {
    let tiers = vec![Tier::new(usd(0), rate("10 %")), Tier::new(usd(15_00), rate("5 %"))];
    let plan = FeePlan::builder(Excess::Refuse)
        .rule(When::always(), Fee::percent(rate("1 %")))
        .rule(When::always().currency(USD), Fee::tiers(Tiering::Whole, tiers))
        .build()
        .unwrap();
    let mut shop = Shop::open();
    let ann = shop.ann;
    let sale = shop.pay(parcels(usd(20_00)).destination(ann).plan(plan));
    for (amount, fee) in [(3_33, 33), (6_67, 1_00), (10_00, 1_00)] {
        let capture = CapturePayment::of(sale).amount(usd(amount));
        shop.capture(if amount == 10_00 { capture } else { capture.more_to_come() }).unwrap();
        let known = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
        assert_eq!(known.amount(), usd(fee));
    }
    assert_eq!(shop.total(ann), 19_00);
    shop.sound();
}

/// Where more costs less, what was taken too much of the first part comes back with the second.
#[test]
fn a_fee_that_falls_with_the_amount_falls_with_the_captures() {
    let tiers = vec![Tier::new(usd(0), rate("10 %")), Tier::new(usd(15_00), rate("5 %"))];
    let plan = FeePlan::builder(Excess::Refuse)
        .rule(When::always().currency(USD), Fee::tiers(Tiering::Whole, tiers))
        .only_in([USD])
        .build()
        .unwrap();
    let mut shop = Shop::open();
    let ann = shop.ann;
    let sale = shop.pay(parcels(usd(15_00)).destination(ann).plan(plan));
    shop.capture(CapturePayment::of(sale).amount(usd(14_00)).more_to_come()).unwrap();
    assert_eq!(shop.total(ann), 12_60);
    shop.capture(CapturePayment::of(sale)).unwrap();
    assert_eq!(shop.total(ann), 14_25);
    shop.sound();
}

/// What is named wins over the plan, wherever it is named, and for good.
#[test]
fn a_commission_that_is_named_goes_before_the_plan() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let order = || NewPayment::card(usd(20_00)).destination(ann).plan(tenth(Excess::Refuse));
    let collected = |shop: &Shop, sale| {
        let charge = shop.charge(sale);
        let fee = charge.application_fee().map(|fee| shop.platform.application_fee(fee).unwrap().amount());
        (fee, charge.commission().is_some())
    };
    let named = shop.pay(order().application_fee(usd(7)));
    assert_eq!(collected(&shop, named), (Some(usd(7)), false));
    assert_eq!(order().application_fee(usd(7)).quote(None), Ok(None));
    let share = shop.pay(order().transfer_amount(usd(19_00)));
    assert_eq!(collected(&shop, share), (None, false));
    let waived = shop.pay(order().application_fee(usd(0)));
    assert_eq!(collected(&shop, waived), (None, false));

    let captured = shop.pay(order().manual_capture());
    shop.capture(CapturePayment::of(captured).application_fee(usd(9))).unwrap();
    assert_eq!(collected(&shop, captured), (Some(usd(9)), false));
    let waived = shop.pay(order().manual_capture());
    shop.capture(CapturePayment::of(waived).application_fee(usd(0))).unwrap();
    assert_eq!(collected(&shop, waived), (None, false));

    let changed = shop.pay(order().confirm_later());
    let (update, confirm) = (shop.key(), shop.key());
    shop.platform.payments().update(&update, UpdatePayment::of(changed).application_fee(usd(11))).unwrap();
    shop.platform.payments().confirm(&confirm, ConfirmPayment::of(changed)).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!(collected(&shop, changed), (Some(usd(11)), false));
    shop.sound();
}

#[test]
fn a_raise_follows_the_plan_unless_it_names_a_commission() {
    for named in [None, Some(usd(13))] {
        let mut shop = Shop::open();
        let ann = shop.ann;
        let how = ManualCapture::new().incremental();
        let sale =
            shop.pay(NewPayment::card(usd(20_00)).destination(ann).plan(tenth(Excess::Refuse)).capture_later(how));
        let mut raise = IncrementAuthorization::to(sale, usd(30_00));
        raise.application_fee = named;
        let key = shop.key();
        shop.platform.payments().increment_authorization(&key, raise).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
        shop.capture(CapturePayment::of(sale)).unwrap();
        assert_eq!(shop.total(ann), 30_00 - named.map_or(3_30, |fee| i128::from(fee.minor())));
        shop.sound();
    }
}

#[test]
fn a_fee_above_what_is_there_is_refused_capped_or_owed() {
    for (excess, expected) in [(Excess::Cap, Some((50, 0))), (Excess::Owe, Some((50, 50))), (Excess::Refuse, None)] {
        let mut shop = Shop::open();
        let ann = shop.ann;
        let sale = shop.pay(NewPayment::card(usd(20_00)).destination(ann).plan(tenth(excess)).manual_capture());
        let captured = shop.capture(CapturePayment::of(sale).amount(usd(50)));
        let Some((collected, owed)) = expected else {
            let refused = PlanError::FeeAboveSale { fee: usd(1_00), sale: usd(50) };
            assert_eq!(captured, Err(PaymentError::Plan(refused).into()));
            continue;
        };
        captured.unwrap();
        let told = shop.charge(sale).commission().unwrap();
        assert_eq!((told.collected(), told.owed), (usd(collected), usd(owed)));
        assert_eq!(shop.total(ann), 0);
        shop.sound();
    }
}

/// The world is never refused: where it takes less than the plan of fees allows, as much is taken as there is.
#[test]
fn what_the_world_takes_is_never_refused() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let sale = shop.pay(parcels(usd(20_00)).destination(ann).plan(tenth(Excess::Refuse)));
    let mut captured = ChargeCaptured::of(shop.charge_id(sale), usd(40));
    captured.is_final = false;
    assert_eq!(shop.tell(Fact::ChargeCaptured(captured)), FactOutcome::Applied);
    assert_eq!((shop.total(ann), shop.charge(sale).commission().unwrap().collected()), (0, usd(40)));
    shop.capture(CapturePayment::of(sale)).unwrap();
    assert_eq!(shop.total(ann), 20_00 - 2_30);
    shop.sound();
}

#[test]
fn rules_of_accounts_and_methods_and_currencies_decide() {
    let mut shop = Shop::open();
    let (ann, ben) = (shop.ann, shop.ben);
    let plan = FeePlan::builder(Excess::Cap)
        .rule(When::always(), Fee::percent(rate("10 %")))
        .rule(When::always().account(ben), Fee::percent(rate("5 %")))
        .rule(When::always().account(ben).method(PaymentMethod::UsBankAccount), Fee::percent(rate("1 %")))
        .build()
        .unwrap();
    let of = |seller, method| NewPayment::by(method, usd(100_00)).destination(seller).plan(plan.clone());
    shop.pay(of(ann, PaymentMethod::Card));
    shop.pay(of(ben, PaymentMethod::Card));
    assert_eq!((shop.total(ann), shop.total(ben)), (90_00, 95_00));
    shop.sound();
    let euros = NewPayment::card(eur(100_00)).destination(ann).plan(plan);
    assert!(matches!(euros.quote(None), Ok(Some(Planned::Commission(taken))) if taken.fee == eur(10_00)));
}

/// All of it goes back in parts, and nobody is left with a cent.
#[test]
fn refunds_return_a_planned_commission() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let sale = shop.pay(NewPayment::card(usd(33_33)).destination(ann).plan(tenth(Excess::Refuse)));
    let fees = shop.total(shop.house) - 3_63;
    for amount in [3_33, 10_00, 20_00] {
        shop.refund(back(sale, amount).refund_application_fee()).unwrap();
    }
    assert_eq!((shop.total(ann), shop.total(shop.house)), (0, fees));
    shop.sound();
}
