//! Money that a plan shares out among several.

use fundroute::ids::ObjectId;
use fundroute::money::{Currency, eur};
use fundroute::payouts::{NewReservePlan, PayoutSchedule};
use fundroute::routing::{NewTransfer, Planned, RoutingError, SetExchangeRate};

use super::*;

/// Everybody has a transfer out of the payment, pending with it, and the platform keeps its own part less what the processor takes.
#[test]
fn a_payment_is_shared_out_when_its_money_is_there() {
    let mut shop = Shop::open();
    let (house, ann, ben, courier) = (shop.house, shop.ann, shop.ben, shop.courier);
    let order = NewPayment::card(usd(100_01)).plan(shop.cart()).transfer_group("order-7");
    let Some(Planned::Split(quoted)) = order.quote(None).unwrap() else { panic!("a split is quoted") };
    let sale = shop.pay(order);
    // 10 % are 10.001 and 33.3 % 33.30333: the rest of a cent is Ben's.
    assert_eq!(shop.totals(), [33_30, 51_71, 5_00]);
    let charge = shop.charge(sale);
    assert_eq!(shop.total(house), 10_00 - i128::from(charge.processor_fee()));
    let told = charge.split().unwrap().parts().unwrap();
    assert_eq!(told, &quoted);
    assert_eq!([courier, house, ann, ben].map(|party| told.of(party)), [5_00, 10_00, 33_30, 51_71]);
    assert_eq!(charge.captured().unwrap().transferred(), 90_01);
    for (account, id) in charge.split_transfers() {
        let transfer = shop.platform.transfer(id).unwrap();
        assert_eq!((transfer.destination(), transfer.source()), (account, Some(charge.id())));
        assert_eq!(transfer.available_on(), charge.captured().unwrap().available_on());
        assert_eq!(transfer.transfer_group().as_deref(), Some("order-7"));
    }
    // One entry has it all, and each cent is explained by the payment.
    assert_eq!(shop.platform.entry_count(), 1);
    let step = shop.platform.explain(ann, USD).unwrap().remove(0);
    assert_eq!(step.because.last(), Some(&ObjectId::from(sale)));
    shop.sound();
}

/// A refusal leaves no trace, and what the world does not take sends nothing.
#[test]
fn nothing_is_sent_before_the_money_is_there() {
    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()).manual_capture());
    assert_eq!((shop.totals(), shop.platform.entry_count()), ([0, 0, 0], 0));
    assert_eq!(shop.charge(sale).split().unwrap().parts(), None);
    assert_eq!(shop.charge(sale).split_transfers().count(), 0);
    shop.capture(CapturePayment::of(sale).amount(usd(50_00))).unwrap();
    assert_eq!(shop.totals(), [16_65, 23_35, 5_00]);
    shop.sound();
}

/// Each capture adds to the transfers what the plan says of all that was captured, and in the end they are those of one capture.
#[test]
fn captures_in_parts_come_to_what_the_whole_does() {
    for parts in [vec![100_01], vec![33_33, 33_33, 33_35], vec![7, 1, 4_93, 95_00], vec![99_99, 1, 1]] {
        let mut shop = Shop::open();
        let sale = shop.pay(parcels(usd(100_01)).plan(shop.parts(Excess::Cap).build().unwrap()));
        let mut total = 0;
        for (place, amount) in parts.iter().enumerate() {
            let capture = CapturePayment::of(sale).amount(usd(*amount));
            shop.capture(if place + 1 == parts.len() { capture } else { capture.more_to_come() }).unwrap();
            total += amount;
            let fee = i128::from(shop.charge(sale).processor_fee());
            assert_eq!(shop.totals().iter().sum::<i128>() + shop.total(shop.house) + fee, i128::from(total));
        }
        assert_eq!(shop.totals(), [33_30, 51_71, 5_00], "{parts:?}");
        assert_eq!(shop.charge(sale).split_transfers().count(), 3);
        shop.sound();
    }
}

/// Largest remainders move from one to another as the whole grows. Nobody gives back with a capture what came with one before.
#[test]
fn no_capture_takes_anything_back() {
    let mut shop = Shop::open();
    let (ann, ben, courier) = (shop.ann, shop.ben, shop.courier);
    let plan = SplitPlan::builder(Excess::Refuse).share(ann, rate("42.8 %")).share(ben, rate("42.8 %")).rest(courier);
    let sale = shop.pay(parcels(usd(50)).plan(plan.build().unwrap()));
    let mut before = [0; 3];
    for amount in [3, 1, 1, 1, 1, 1, 42] {
        let capture = CapturePayment::of(sale).amount(usd(amount));
        shop.capture(if amount == 42 { capture } else { capture.more_to_come() }).unwrap();
        let now = shop.totals();
        assert!(now.iter().zip(&before).all(|(now, before)| now >= before), "{before:?} then {now:?}");
        before = now;
    }
    assert_eq!(before.iter().sum::<i128>(), 50);
    shop.sound();
}

/// The platform's share is split again, and what it keeps is no transfer.
#[test]
fn a_share_of_the_platform_is_split_again() {
    let mut shop = Shop::open();
    let (house, ann, ben, courier) = (shop.house, shop.ann, shop.ben, shop.courier);
    let ours = SplitPlan::builder(Excess::Refuse).share(ben, rate("25 %")).rest(house).build().unwrap();
    let plan = SplitPlan::builder(Excess::Refuse)
        .amount(courier, usd(5_00))
        .share_among(rate("12 %"), ours)
        .rest(ann)
        .build()
        .unwrap();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(plan));
    assert_eq!(shop.totals(), [83_00, 3_00, 5_00]);
    assert_eq!(shop.charge(sale).captured().unwrap().transferred(), 91_00);
    shop.refund(back(sale, 50_00)).unwrap();
    assert_eq!(shop.totals(), [41_50, 1_50, 2_50]);
    shop.sound();
}

/// Who is named twice gets one transfer.
#[test]
fn who_is_named_twice_gets_one_transfer() {
    let mut shop = Shop::open();
    let (ann, ben) = (shop.ann, shop.ben);
    let plan = SplitPlan::builder(Excess::Refuse).amount(ann, usd(1_00)).share(ann, rate("10 %")).rest(ben);
    let sale = shop.pay(NewPayment::card(usd(10_00)).plan(plan.build().unwrap()));
    assert_eq!(shop.charge(sale).split_transfers().count(), 2);
    assert_eq!(shop.platform.transfer(shop.transfer_to(sale, ann)).unwrap().amount(), usd(2_00));
    shop.refund(back(sale, 10_00)).unwrap();
    assert_eq!(shop.totals(), [0, 0, 0]);
    shop.sound();
}

/// A plan by which the platform keeps all sends nothing, and its refunds need not say who bears them.
#[test]
fn a_plan_without_recipients_is_none() {
    let mut shop = Shop::open();
    let all = SplitPlan::builder(Excess::Refuse).rest(shop.house).build().unwrap();
    let sale = shop.pay(NewPayment::card(usd(10_00)).plan(all));
    assert!(shop.charge(sale).split().is_none());
    shop.refund(NewRefund::of(sale)).unwrap();
    shop.sound();
}

/// What the plan leaves with the platform can be passed on by hand, and no more.
#[test]
fn transfers_by_hand_are_out_of_what_the_plan_leaves() {
    let mut shop = Shop::open();
    let (ann, house) = (shop.ann, shop.house);
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()));
    let key = shop.key();
    let more = NewTransfer::to(ann, usd(10_01)).from_payment(sale);
    let refused = shop.platform.transfers().create(&key, more).unwrap_err();
    assert_eq!(refused, RoutingError::SourceExceeded { payment: sale, asked: usd(10_01), left: usd(10_00) }.into());
    shop.platform.transfers().create(&key, NewTransfer::to(ann, usd(10_00)).from_payment(sale)).unwrap();
    assert_eq!(shop.total(house), -i128::from(shop.charge(sale).processor_fee()));
    shop.sound();
}

/// The parts are cut in the currency of the payment, booked in that in which it is booked, and converted for who cannot hold that.
#[test]
fn parts_are_converted_for_their_recipients() {
    let mut shop = Shop::open();
    for (from, to, mid) in [(EUR, USD, "1.1"), (USD, EUR, "0.9"), (USD, Currency::CAD, "1.36")] {
        let key = shop.key();
        shop.platform.exchange_rates().set(&key, SetExchangeRate::new(from, to, mid.parse().unwrap())).unwrap();
    }
    let maple = shop.world.onboard(&mut shop.platform, NewAccount::express(Country::CA)).unwrap();
    let (house, ann) = (shop.house, shop.ann);
    let plan = SplitPlan::builder(Excess::Refuse)
        .share(maple, rate("33.33 %"))
        .share(house, rate("33.33 %"))
        .rest(ann)
        .build()
        .unwrap();
    let sale = shop.pay(NewPayment::card(eur(10_01)).plan(plan));
    let charge = shop.charge(sale);
    let told = charge.split().unwrap().parts().unwrap();
    assert_eq!(told.whole(), charge.amount_settled());
    assert_eq!(told.whole().currency(), USD);
    let sent = shop.platform.transfer(shop.transfer_to(sale, maple)).unwrap();
    assert_eq!(sent.amount().minor(), told.of(maple));
    assert_eq!(
        shop.platform.balance(maple, Currency::CAD).unwrap().pending,
        i128::from(sent.amount_received().minor())
    );
    assert_ne!(sent.amount_received().currency(), USD);
    for part in [3_33, 3_33, 3_35] {
        shop.refund(NewRefund::of(sale).amount(eur(part)).reverse_transfer()).unwrap();
    }
    // In the currency in which each transfer is defined it all comes back.
    for (_, transfer) in shop.charge(sale).split_transfers() {
        assert!(shop.platform.transfer(transfer).unwrap().is_reversed());
    }
    assert_eq!((shop.total(ann), shop.charge(sale).captured().unwrap().transferred()), (0, 0));
    shop.sound();
}

/// What a plan of reserves holds back of a transfer by hand it holds back of a part.
#[test]
fn a_part_is_held_back_like_a_transfer() {
    let mut shop = Shop::open();
    let (ann, key) = (shop.ann, shop.key());
    shop.platform.reserves().create_plan(&key, NewReservePlan::rolling(ann, rate("20 %"), 90)).unwrap();
    let sale = shop.pay(parcels(usd(100_00)).plan(shop.cart()));
    shop.capture(CapturePayment::of(sale).amount(usd(50_00)).more_to_come()).unwrap();
    shop.capture(CapturePayment::of(sale)).unwrap();
    let balance = shop.platform.balance(ann, USD).unwrap();
    assert_eq!((balance.pending, balance.risk_reserved), (26_64_i128, 6_66));
    let hold = shop.platform.transfer(shop.transfer_to(sale, ann)).unwrap().hold().unwrap();
    assert_eq!(shop.platform.reserve_hold(hold).unwrap().amount(), usd(6_66));
    // What is taken back of the part is at least as much as is held back, which is let go for it.
    shop.refund(back(sale, 100_00)).unwrap();
    let balance = shop.platform.balance(ann, USD).unwrap();
    assert_eq!((balance.pending, balance.available, balance.risk_reserved), (0, 0, 0));
    shop.sound();
}

/// A debit that is known later shares nothing out before its bank has paid.
#[test]
fn a_debit_is_shared_out_when_it_has_come() {
    let mut shop = Shop::open();
    let key = shop.key();
    let order = NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)).plan(shop.cart());
    let sale = shop.platform.payments().create(&key, order).unwrap().answer;
    assert_eq!(shop.totals(), [0, 0, 0]);
    shop.world.settle(&mut shop.platform).unwrap();
    shop.wait(10);
    assert_eq!(shop.charge(sale).captured().unwrap().transferred(), 90_00);
    shop.sound();
}

/// Whoever was closed in between gets nothing: the part stays with the platform, and somebody has to look.
#[test]
fn the_part_of_who_was_closed_stays_with_the_platform() {
    let mut shop = Shop::open();
    let (ann, house) = (shop.ann, shop.house);
    let key = shop.key();
    let order = NewPayment::card(usd(100_00)).plan(shop.cart());
    let sale = shop.platform.payments().create(&key, order).unwrap().answer;
    let key = shop.key();
    shop.platform.accounts().close(&key, ann).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!(shop.anomalies(), [AnomalyReason::RecipientClosed]);
    assert_eq!(shop.totals(), [0, 51_70, 5_00]);
    assert_eq!(shop.total(house), 43_30 - i128::from(shop.charge(sale).processor_fee()));
    shop.refund(back(sale, 100_00)).unwrap();
    assert_eq!(shop.totals(), [0, 0, 0]);
    shop.sound();
}

/// Automatic payouts of the platform cannot empty what the parts need: they are out of the payment itself.
#[test]
fn parts_need_no_other_cover() {
    let mut shop = Shop::open();
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, shop.house, PayoutSchedule::Manual).unwrap();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()).manual_capture());
    shop.wait(3);
    shop.capture(CapturePayment::of(sale)).unwrap();
    assert_eq!(shop.platform.balance(shop.house, USD).unwrap().available, 0);
    assert_eq!(shop.totals(), [33_30, 51_70, 5_00]);
    shop.sound();
}
