//! What an automatic payout settled: exactly the balance transactions of its window.

use fundroute::accounts::NewAccount;
use fundroute::ids::AccountId;
use fundroute::payouts::{PayoutError, PayoutTrigger, ReconciliationStatus};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;

use crate::shop::Shop;

/// The lines that each automatic payout of an account settled, and its amount.
fn settled(shop: &Shop, seller: AccountId) -> Vec<(i64, Vec<i128>)> {
    let automatic =
        shop.payouts(seller).into_iter().filter(|payout| matches!(payout.trigger(), PayoutTrigger::Automatic(_)));
    let contents = automatic.map(|payout| shop.platform.payout_contents(payout.id()).unwrap());
    contents.map(|of| (of.amount.minor(), of.lines.iter().map(|line| line.net).collect())).collect()
}

/// docs.stripe.com/payouts (2026): an automatic payout can be reconciled with the transactions that it settled.
#[test]
fn an_automatic_payout_settles_exactly_the_lines_of_its_window() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let first = shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.sell(NewPayment::card(usd(20_00)).destination(jo));
    shop.refund(NewRefund::of(first).amount(usd(4_00)).reverse_transfer()).unwrap();
    shop.wait(1);
    shop.sell(NewPayment::card(usd(30_00)).destination(jo));
    shop.wait(2);
    // At the very moment of a run that has been: it is for the next.
    shop.refund(NewRefund::of(first).amount(usd(1_00)).reverse_transfer()).unwrap();
    shop.sell(NewPayment::card(usd(40_00)).destination(jo));
    shop.until(utc(2026, 11, 5).at(12, 0));
    shop.refund(NewRefund::of(first).amount(usd(2_00)).reverse_transfer()).unwrap();
    shop.wait(14);
    // What was owed for a night was taken from the bank, and went back there once it had come.
    let expected = [
        (26_00, vec![10_00, 20_00, -4_00]),
        (30_00, vec![30_00]),
        (37_00, vec![-1_00, 40_00, -2_00]),
        (3_00, vec![3_00]),
    ];
    assert_eq!(settled(&shop, jo), expected);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 93_00));
}

/// A payout that came back is one of the lines that the next one settles; one made by hand lowers it.
#[test]
fn failures_and_payouts_by_hand_are_settled_too() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), "000111111116");
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(2);
    assert_eq!(shop.available(jo), 10_00);
    shop.new_bank(jo, "000123456789");
    shop.pay_out(jo, usd(3_00)).unwrap();
    shop.sell(NewPayment::card(usd(20_00)).destination(jo));
    shop.wait(6);
    let expected = [(10_00, vec![10_00]), (7_00, vec![10_00, -3_00]), (20_00, vec![20_00])];
    assert_eq!(settled(&shop, jo), expected);
    let by_hand = shop.payouts(jo).into_iter().find(|payout| payout.trigger() == PayoutTrigger::Manual).unwrap();
    assert_eq!(by_hand.reconciliation_status(), ReconciliationStatus::NotApplicable);
    let refused = Error::Payout(PayoutError::NotReconcilable(by_hand.id()));
    assert_eq!(shop.platform.payout_contents(by_hand.id()), Err(refused));
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 30_00));
}

/// Every line is in one window, and every window adds up, over weeks of sales, refunds and reversals.
#[test]
fn the_windows_of_an_account_leave_nothing_out() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    for day in 0..20 {
        let sale = shop.sell(NewPayment::card(usd(50_00 + day)).destination(jo));
        shop.wait(1);
        if day % 3 == 0 {
            shop.refund(NewRefund::of(sale).amount(usd(5_00)).reverse_transfer()).unwrap();
        }
        shop.world.advance(&mut shop.platform, hours(day)).unwrap();
        if day % 4 == 0 {
            let reversal = NewTransferReversal::of(shop.transfer_of(sale)).amount(usd(1_00));
            shop.reverse(reversal).unwrap();
        }
    }
    shop.wait(10);
    let windows = settled(&shop, jo);
    assert!(windows.len() > 10);
    for (amount, lines) in &windows {
        assert_eq!(lines.iter().sum::<i128>(), i128::from(*amount), "{lines:?}");
    }
    let lines: usize = windows.iter().map(|(_, lines)| lines.len()).sum();
    assert_eq!(lines, shop.transactions(jo).len() - windows.len());
    assert_eq!(shop.available(jo), 0);
}
