//! Debits of which both is told: that the bank has pulled them back, and that they are disputed.

use fundroute::journal::{Fact, FactOutcome, Report};
use fundroute::ledger::EntryKind;
use fundroute::payments::{
    ChargeReversed, DisputeCase, DisputeChange, DisputeChanged, DisputeStatus, NamedDispute, PaymentError,
};
use fundroute::prelude::*;

use super::{ach, back, last_line, refundable, reversed};
use crate::disputes::{Contested, opened};
use crate::shop::{Shop, events};

/// A debit of 100.00 on the platform, available.
fn sold() -> (Shop, fundroute::ids::PaymentId) {
    let mut shop = Shop::open();
    let sale = shop.sell(ach(100_00));
    shop.wait(14);
    assert_eq!(shop.available(shop.house), 99_20);
    (shop, sale)
}

/// The money leaves once, and the dispute costs its 15.00: told in either order.
#[test]
fn what_was_pulled_back_is_not_lost_a_second_time() {
    let (mut first, sale) = sold();
    back(&mut first, sale, 100_00);
    first.chargeback(sale, "du_1", usd(100_00));
    // It is the dispute that has the money now.
    let lines = first.lines(first.house);
    let expected = [
        "payment_reversal -10000 - 0 = -10000 (unlisted)",
        "adjustment -10000 - 1500 = -11500 (dispute)",
        "payment_reversal 10000 - 0 = 10000 (unlisted)",
    ];
    assert_eq!(lines[lines.len() - 3..], expected);
    let (mut second, other) = sold();
    second.chargeback(other, "du_1", usd(100_00));
    let length = second.lines(second.house).len();
    back(&mut second, other, 100_00);
    assert_eq!(second.lines(second.house).len(), length);
    for (shop, sale) in [(first, sale), (second, other)] {
        assert_eq!((shop.available(shop.house), reversed(&shop, sale)), (99_20 - 115_00, usd(0)));
        assert_eq!(shop.platform.charge_of(sale).unwrap().reversal().unwrap().amount(), 100_00);
        assert_eq!(refundable(&shop, sale), usd(0));
        shop.sound();
    }
}

/// A dispute of a part leaves the rest to the reversal, and one of more than was pulled back takes more.
#[test]
fn a_part_of_it_is_taken_by_a_dispute() {
    for (pulled, disputed, left, gone) in
        [(100_00, 40_00, 60_00, 100_00), (30_00, 40_00, 0, 40_00), (40_00, 40_00, 0, 40_00)]
    {
        let (mut shop, sale) = sold();
        back(&mut shop, sale, pulled);
        shop.chargeback(sale, "du_1", usd(disputed));
        assert_eq!(reversed(&shop, sale), usd(left), "{pulled} and {disputed}");
        assert_eq!(shop.available(shop.house), 99_20 - 15_00 - i128::from(gone));
        assert_eq!(refundable(&shop, sale), usd(100_00 - gone));
        let asked = usd(100_00 - gone + 1);
        let refused = shop.refund(NewRefund::of(sale).amount(asked)).unwrap_err();
        let refundable = refundable(&shop, sale);
        assert_eq!(refused, PaymentError::Disputed { payment: sale, asked, refundable }.into());
        shop.sound();
    }
}

/// Two disputes of 60.00 each take 120.00 of a charge of 100.00 that was pulled back.
#[test]
fn several_disputes_take_it_together() {
    let (mut shop, sale) = sold();
    back(&mut shop, sale, 100_00);
    shop.chargeback(sale, "du_1", usd(60_00));
    assert_eq!(reversed(&shop, sale), usd(40_00));
    shop.chargeback(sale, "du_2", usd(60_00));
    assert_eq!(reversed(&shop, sale), usd(0));
    assert_eq!(last_line(&shop, shop.house), "payment_reversal 4000 - 0 = 4000 (unlisted)");
    assert_eq!(shop.available(shop.house), 99_20 - 120_00 - 30_00);
    shop.sound();
}

/// What a dispute gives back the bank still has: nobody has said that the reversal was undone.
#[test]
fn after_a_win_the_reversal_holds() {
    let (mut shop, sale) = sold();
    let dispute = shop.chargeback(sale, "du_1", usd(100_00));
    back(&mut shop, sale, 100_00);
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!(shop.status_of(dispute), DisputeStatus::Won);
    let lines = shop.lines(shop.house);
    let expected =
        ["adjustment 10000 - 0 = 10000 (dispute_reversal)", "payment_reversal -10000 - 0 = -10000 (unlisted)"];
    assert_eq!(lines[lines.len() - 2..], expected);
    assert_eq!((shop.available(shop.house), reversed(&shop, sale)), (99_20 - 115_00, usd(100_00)));
    let refused = shop.refund(NewRefund::of(sale).amount(usd(1))).unwrap_err();
    assert_eq!(refused, PaymentError::Reversed { payment: sale, asked: usd(1), refundable: usd(0) }.into());
    shop.sound();
}

/// A dispute whose money the network has not taken leaves the reversal alone.
#[test]
fn a_dispute_takes_over_when_its_money_is_withdrawn() {
    let (mut shop, sale) = sold();
    back(&mut shop, sale, 100_00);
    shop.open_case(sale, "du_1", usd(100_00), DisputeCase::Chargeback);
    assert_eq!((reversed(&shop, sale), shop.available(shop.house)), (usd(100_00), -80));
    assert_eq!(refundable(&shop, sale), usd(0));
    shop.happens("du_1", DisputeChange::FundsWithdrawn);
    assert_eq!((reversed(&shop, sale), shop.available(shop.house)), (usd(0), -15_80));
    shop.sound();
}

/// All of it is told before the success, in every order: each movement of a reversal is told once, and one that moves nothing as well.
#[test]
fn what_is_taken_up_at_once_is_told_as_often_as_it_moves() {
    let mut seen = Vec::new();
    let orders = (0..4_usize).flat_map(|a| (0..3).flat_map(move |b| (0..2).map(move |c| [a, b, c, 0])));
    for order in orders {
        let mut shop = Shop::open();
        let sale = shop.order(ach(100_00));
        let (charge, now) = (shop.charge_of(sale), shop.platform.now());
        let opened = opened(&shop, sale, "du_1", usd(100_00), DisputeCase::Chargeback);
        let changed = |change| {
            let dispute = NamedDispute::Reference("du_1".to_owned());
            Fact::DisputeChanged(DisputeChanged { dispute, change })
        };
        let mut left = vec![
            Fact::DisputeOpened(opened),
            changed(DisputeChange::FundsWithdrawn),
            changed(DisputeChange::Won),
            Fact::ChargeReversed(ChargeReversed::of(charge, usd(100_00))),
        ];
        for (place, digit) in order.into_iter().enumerate() {
            let fact = left.remove(digit);
            let outcome = shop.platform.record(&Report::new(format!("f{place}"), now, fact)).unwrap().answer;
            assert!(matches!(outcome, FactOutcome::Parked(_)), "{outcome:?}");
        }
        let changes = shop.platform.payments().record_succeeded("paid", now, charge, usd(100_00)).unwrap().changes;
        let moved = changes.entries.iter().filter(|entry| entry.kind() == EntryKind::PaymentReversal).count();
        let told = events(&changes).into_iter().filter(|event| *event == "charge.updated").count();
        assert_eq!(told, moved.max(1), "{order:?}");
        assert_eq!(reversed(&shop, sale), usd(100_00));
        seen.push(moved);
        shop.sound();
    }
    assert!(seen.contains(&1) && seen.contains(&3), "{seen:?}");
}
