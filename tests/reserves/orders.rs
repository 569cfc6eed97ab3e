//! The order in which the world tells what it knows of a charge is no matter.

use fundroute::journal::{Fact, Record, Report};
use fundroute::payments::{ChargeReversed, ChargeSucceeded, DisputeChange, RefundFailed, RefundFailure};
use fundroute::payouts::NewReservePlan;
use fundroute::prelude::*;

use super::captures::{authorized, taken};
use super::{ACH, Shop, changed, percent};

/// Everything that is known in the end, but for how it came to be known.
fn known(platform: &Platform) -> (Vec<Record>, Vec<(Timestamp, i128)>, Vec<i128>) {
    let mut records: Vec<Record> = platform.records().cloned().collect();
    records.retain(|record| !matches!(record, Record::ParkedFact(_)));
    records.sort_by_key(Record::id);
    let mut sums = Vec::new();
    let mut pending = Vec::new();
    for (account, currency) in platform.balances() {
        let held = platform.balance(account, currency).unwrap();
        sums.extend([held.available, held.risk_reserved, held.pending]);
        pending.extend(platform.pending(account, currency));
    }
    (records, pending, sums)
}

fn each_order(facts: &[Fact], place: usize, seen: &mut dyn FnMut(&[Fact])) {
    if place == facts.len() {
        return seen(facts);
    }
    for other in place..facts.len() {
        let mut next = facts.to_vec();
        next.swap(place, other);
        each_order(&next, place + 1, seen);
    }
}

/// Tells the facts in every order, and compares what is known afterwards.
fn agree(shop: &Shop, facts: &[Fact]) -> usize {
    let mut expected = None;
    let mut orders = 0;
    let named: Vec<(Fact, String)> =
        facts.iter().enumerate().map(|(number, fact)| (fact.clone(), format!("evt-{number}"))).collect();
    each_order(facts, 0, &mut |order| {
        let mut platform = shop.platform.clone();
        for fact in order {
            let id = named.iter().find(|(known, _)| known == fact).unwrap().1.clone();
            platform.record(&Report::new(id, platform.now(), fact.clone())).unwrap();
        }
        assert_eq!(platform.audit(), [], "{order:?}");
        let ends = known(&platform);
        match &expected {
            None => expected = Some(ends),
            Some(expected) => assert_eq!(*expected, ends, "{order:?}"),
        }
        orders += 1;
    });
    orders
}

fn reversed(shop: &Shop, sale: fundroute::ids::PaymentId, minor: i64) -> Fact {
    let charge = shop.charge(sale).into();
    Fact::ChargeReversed(ChargeReversed { charge, amount: usd(minor), failure: None })
}

#[test]
fn of_a_debit_that_is_disputed_and_pulled_back() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    let sale = shop.start(Some(jo), NewPayment::by(ACH, usd(100_00)));
    let success = Fact::ChargeSucceeded(ChargeSucceeded::of(shop.charge(sale), usd(100_00)));
    for sizes in [(30_00, 20_00, 60_00), (20_00, 30_00, 10_00), (20_00, 24_99, 25_00), (30_00, 30_00, 30_00)] {
        let (one, other, back) = sizes;
        let facts = [
            success.clone(),
            shop.opened(sale, "dp_1", one),
            changed("dp_1", DisputeChange::FundsWithdrawn),
            shop.opened(sale, "dp_2", other),
            changed("dp_2", DisputeChange::FundsWithdrawn),
            reversed(&shop, sale, back),
        ];
        assert_eq!(agree(&shop, &facts), 720, "{sizes:?}");
    }
}

/// Also where the world contradicts itself.
#[test]
fn of_a_debit_that_is_told_to_be_pulled_back_twice_or_won() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    let sale = shop.start(Some(jo), NewPayment::by(ACH, usd(100_00)));
    let facts = [
        Fact::ChargeSucceeded(ChargeSucceeded::of(shop.charge(sale), usd(100_00))),
        reversed(&shop, sale, 20_00),
        reversed(&shop, sale, 40_00),
        shop.opened(sale, "dp_1", 26_00),
        changed("dp_1", DisputeChange::FundsWithdrawn),
        changed("dp_1", DisputeChange::Won),
    ];
    assert_eq!(agree(&shop, &facts), 720);
}

#[test]
fn of_captures_and_disputes() {
    for (first, second, size) in [(4_00, 6_00, 2_00), (4_00, 6_00, 2_50), (4_00, 1_00, 1_25), (4_00, 1_00, 1_00)] {
        for direct in [true, false] {
            let mut shop = Shop::open();
            let jo = shop.jo;
            shop.plan(NewReservePlan::rolling(jo, percent(25), 30));
            let order = NewPayment::card(usd(10_00));
            let sale = authorized(&mut shop, if direct { order } else { order.destination(jo) }, direct);
            let facts = [
                taken(&shop, sale, (1, first, false)),
                taken(&shop, sale, (2, second, true)),
                shop.opened(sale, "dp_1", size),
                changed("dp_1", DisputeChange::FundsWithdrawn),
                shop.opened(sale, "dp_2", 1_10),
                changed("dp_2", DisputeChange::FundsWithdrawn),
            ];
            assert_eq!(agree(&shop, &facts), 720, "{first} {second} {size}");
        }
    }
}

/// A refund is a command; what the world tells of it, and of the charge, comes in any order.
#[test]
fn of_what_becomes_of_a_refund() {
    for minor in [25_00, 24_99] {
        let (mut shop, _) = Shop::with_plan();
        let (jo, sale) = (shop.jo, shop.direct(100_00));
        let refund = shop.refund(Some(jo), NewRefund::of(sale).amount(usd(minor))).unwrap();
        let facts = [
            Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined }),
            shop.opened(sale, "dp_1", 50_00),
            changed("dp_1", DisputeChange::FundsWithdrawn),
            changed("dp_1", DisputeChange::FundsReinstated),
        ];
        assert_eq!(agree(&shop, &facts), 24);
    }
}
