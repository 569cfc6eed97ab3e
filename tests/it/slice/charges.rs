//! The charge types: on whose account a payment is booked, who gets a part, and who bears the processor's fee.

use fundroute::prelude::*;
use fundroute::routing::{ChargeType, RoutingError};

use crate::shop::{Shop, events};

/// docs.stripe.com/connect/direct-charges (2026).
#[test]
fn a_direct_charge_is_the_sellers_own() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let plain = shop.sell_as(jo, NewPayment::card(usd(50_00)));
    assert_eq!(shop.platform.payment(plain).unwrap().flow().charge_type(), ChargeType::Direct);
    assert_eq!(shop.platform.charge_of(plain).unwrap().owner(), jo);
    assert_eq!(shop.lines(jo), ["charge 5000 - 175 = 4825 (charge)"]);
    assert!(shop.lines(shop.house).is_empty());

    let shared = shop.sell_as(jo, NewPayment::card(usd(50_00)).application_fee(usd(5_00)));
    assert_eq!(shop.lines(jo).last().unwrap(), "charge 5000 - 675 = 4325 (charge)");
    assert_eq!(shop.lines(shop.house), ["application_fee 500 - 0 = 500 (platform_earning)"]);
    let fee = shop.platform.application_fee(shop.fee_of(shared)).unwrap();
    assert_eq!((fee.account(), fee.charge(), fee.amount()), (jo, Some(shop.charge_of(shared)), usd(5_00)));
    shop.ends(&[(jo, 91_50), (shop.house, 5_00)]);
}

/// docs.stripe.com/connect/destination-charges (2026): a commission, an amount, or all of it.
#[test]
fn a_destination_charge_has_three_forms() {
    let plain = NewPayment::card(usd(50_00));
    let forms = [
        ("commission", plain.clone().application_fee(usd(5_00)), 50_00, 45_00, 3_25),
        ("amount", plain.clone().transfer_amount(usd(45_00)), 45_00, 45_00, 3_25),
        ("all", plain, 50_00, 50_00, -1_75),
    ];
    for (name, order, transferred, seller, house) in forms {
        let mut shop = Shop::open();
        let jo = shop.seller(NewAccount::express(US));
        let sale = shop.sell(order.destination(jo));
        let transfer = shop.platform.transfer(shop.transfer_of(sale)).unwrap();
        assert_eq!((transfer.amount(), transfer.destination()), (usd(transferred), jo), "{name}");
        assert_eq!(transfer.source(), Some(shop.charge_of(sale)), "{name}");
        assert_eq!(transfer.transfer_group(), Some(format!("group_{sale}")), "{name}");
        assert_eq!(transfer.available_on(), utc(2026, 11, 4), "{name}");
        assert_eq!(shop.platform.charge_of(sale).unwrap().owner(), shop.house, "{name}");
        assert_eq!(shop.platform.payment(sale).unwrap().flow().charge_type(), ChargeType::Destination, "{name}");
        shop.ends(&[(jo, seller), (shop.house, house)]);
    }
}

/// docs.stripe.com/connect/separate-charges-and-transfers (2024).
#[test]
fn a_separate_charge_is_shared_out_among_several_sellers() {
    let mut shop = Shop::open();
    let sellers = [70_00, 20_00, 5_00].map(|part| (shop.seller(NewAccount::express(US)), part));
    let sale = shop.sell(NewPayment::card(usd(100_00)).transfer_group("order-1"));
    shop.wait(1);
    for (seller, part) in sellers {
        let order = NewTransfer::to(seller, usd(part)).from_payment(sale).group("order-1");
        let id = shop.transfer(order).unwrap();
        let transfer = shop.platform.transfer(id).unwrap();
        assert_eq!(
            (transfer.transfer_group().as_deref(), transfer.source()),
            (Some("order-1"), Some(shop.charge_of(sale)))
        );
        // Made a day later, it is available with the charge all the same.
        assert_eq!(transfer.available_on(), utc(2026, 11, 4));
        assert_eq!(shop.pending(seller), i128::from(part));
    }
    assert_eq!(shop.platform.charge_of(sale).unwrap().captured().unwrap().transferred(), 95_00);
    let (jo, _) = sellers.first().copied().unwrap();
    let too_much = shop.transfer(NewTransfer::to(jo, usd(5_01)).from_payment(sale));
    let error = RoutingError::SourceExceeded { payment: sale, asked: usd(5_01), left: usd(5_00) };
    assert_eq!(too_much, Err(error.into()));
    // The processor's 3.20 and the transfers come out of the 100.00; nothing hinders the platform from sending more than its net.
    shop.transfer(NewTransfer::to(jo, usd(5_00)).from_payment(sale)).unwrap();
    shop.ends(&[(jo, 75_00), (shop.house, -3_20)]);
}

/// A transfer without a source needs available money, and is available at once on both sides (recorded exchanges 2023-2025).
#[test]
fn a_transfer_out_of_the_platforms_own_money_is_there_at_once() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(100_00)));
    shop.wait(2);
    let at = shop.platform.now();
    let id = shop.transfer(NewTransfer::to(jo, usd(90_00)).group("bonus")).unwrap();
    let transfer = shop.platform.transfer(id).unwrap();
    assert_eq!((transfer.available_on(), transfer.source()), (at, None));
    assert_eq!(transfer.transfer_group().as_deref(), Some("bonus"));
    assert_eq!((shop.available(jo), shop.available(shop.house)), (90_00, 6_80));
}

/// A seller may get a transfer out of a destination charge too, from the part that the platform kept.
#[test]
fn the_rest_of_a_destination_charge_can_be_transferred_as_well() {
    let mut shop = Shop::open();
    let (jo, bo) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(US)));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).transfer_amount(usd(70_00)));
    shop.transfer(NewTransfer::to(bo, usd(20_00)).from_payment(sale)).unwrap();
    let too_much = shop.transfer(NewTransfer::to(bo, usd(10_01)).from_payment(sale));
    let error = RoutingError::SourceExceeded { payment: sale, asked: usd(10_01), left: usd(10_00) };
    assert_eq!(too_much, Err(error.into()));
    shop.ends(&[(jo, 70_00), (bo, 20_00), (shop.house, 6_80)]);
}

/// docs.stripe.com/connect/charges (2026): direct charges cost the seller, all others the platform; there is no fee on the
/// commission. 2.9 % and 0.30 of 100.00 is 3.20 (stripe.com/pricing, 2026).
#[test]
fn who_bears_the_processors_fee() {
    for (direct, destination) in [(true, false), (false, true), (false, false)] {
        let mut shop = Shop::open();
        let jo = shop.seller(NewAccount::express(US));
        let order = NewPayment::card(usd(100_00));
        match (direct, destination) {
            (true, _) => shop.sell_as(jo, order.application_fee(usd(10_00))),
            (false, true) => shop.sell(order.destination(jo).application_fee(usd(10_00))),
            (false, false) => shop.sell(order),
        };
        let (payer, other) = if direct { (jo, shop.house) } else { (shop.house, jo) };
        let fees = |account| {
            let details = shop.transactions(account).into_iter().flat_map(|line| line.fee_details);
            let processor = details.filter(|fee| fee.kind == fundroute::ledger::FeeKind::ProcessorFee);
            processor.map(|fee| fee.amount).sum::<i64>()
        };
        assert_eq!((fees(payer), fees(other), shop.processor_fees()), (3_20, 0, 3_20));
    }
}

/// docs.stripe.com/connect/webhooks (2024): activity on a connected account names it, activity on the platform does not.
#[test]
fn events_say_on_whose_account_something_happened() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let order = NewPayment::card(usd(100_00));
    for (name, direct) in [("direct", true), ("destination", false)] {
        let sale = if direct {
            shop.order_as(jo, order.clone().application_fee(usd(10_00)))
        } else {
            shop.order(order.clone().destination(jo).application_fee(usd(10_00)))
        };
        let (charge, id, now) = (shop.charge_of(sale), shop.key(), shop.platform.now());
        let taken = shop.platform.payments().record_succeeded(&id, now, charge, usd(100_00)).unwrap().changes;
        let mut expected = vec!["application_fee.created", "charge.succeeded", "payment_intent.succeeded"];
        if !direct {
            expected.insert(0, "transfer.created");
        }
        assert_eq!(events(&taken), expected, "{name}");
        for event in &taken.events {
            let on_seller = direct && event.kind.name() != "application_fee.created";
            assert_eq!(event.account, on_seller.then_some(jo), "{name} {}", event.kind.name());
        }
    }
}
