//! What becomes of a refund: it waits for money or for the payer, takes its time, fails, comes back or is called off.

use fundroute::accounts::NewAccount;
use fundroute::ids::{PaymentId, RefundId};
use fundroute::journal::Instruction;
use fundroute::payments::{
    CanceledBy, PaymentError, PaymentInstruction, PendingReason, RefundFailure, RefundReason, RefundState, RefundStatus,
};
use fundroute::prelude::*;
use fundroute::simulator::{REFUND_FAILS, REFUND_NEVER_ANSWERS, REFUND_TAKES_TIME};

use crate::shop::{Shop, rules};

fn status(shop: &Shop, refund: RefundId) -> RefundStatus {
    shop.platform.refund(refund).unwrap().status()
}

fn pending(shop: &Shop, refund: RefundId) -> Option<PendingReason> {
    shop.platform.refund(refund).unwrap().pending_reason()
}

/// docs.stripe.com/testing (2026): one card's refunds begin as pending and then succeed, another's succeed and then fail.
#[test]
fn the_documented_cards_take_their_time_and_come_back() {
    let mut shop = Shop::open();
    let slow = shop.sell(NewPayment::card(usd(10_00)).token(REFUND_TAKES_TIME));
    let lost = shop.sell(NewPayment::card(usd(10_00)).token(REFUND_FAILS));
    let [slow, lost] = [slow, lost].map(|sale| shop.refund(NewRefund::of(sale)).unwrap());
    assert_eq!([slow, lost].map(|refund| status(&shop, refund)), [RefundStatus::Succeeded; 2]);
    shop.settle();
    assert_eq!((status(&shop, slow), status(&shop, lost)), (RefundStatus::Pending, RefundStatus::Succeeded));
    assert_eq!(pending(&shop, slow), Some(PendingReason::Processing));
    shop.wait(1);
    assert_eq!((status(&shop, slow), status(&shop, lost)), (RefundStatus::Succeeded, RefundStatus::Succeeded));
    let at = shop.platform.now();
    assert_eq!(shop.platform.refund(slow).unwrap().state(), &RefundState::Succeeded { at });
    shop.wait(1);
    assert_eq!((status(&shop, slow), status(&shop, lost)), (RefundStatus::Succeeded, RefundStatus::Failed));
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (0, 10_00 - 2 * 59));
    shop.sound();
}

/// A bank debit's refund is pending because the debit has not settled, or because it is on its way
/// (docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason).
#[test]
fn a_pending_refund_says_why() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    shop.wait(4);
    let because = NewRefund::of(sale).amount(usd(1_00)).because(RefundReason::RequestedByCustomer);
    let refund = shop.refund(because).unwrap();
    assert_eq!(pending(&shop, refund), Some(PendingReason::ChargePending));
    assert_eq!(shop.platform.refund(refund).unwrap().reason(), Some(RefundReason::RequestedByCustomer));
    shop.wait(10);
    let refund = shop.refund(NewRefund::of(sale).amount(usd(1_00))).unwrap();
    assert_eq!(pending(&shop, refund), Some(PendingReason::Processing));
    assert_eq!(shop.platform.refund(refund).unwrap().reason(), None);
}

/// A shop whose bank debits are given back to a bank account that the payer names, with a sale that has settled.
fn nameless(token: &str) -> (Shop, PaymentId) {
    let mut shop = Shop::open_by(US, rules().with_refund_details(PaymentMethod::UsBankAccount));
    let sale = shop.sell(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)).token(token));
    shop.wait(14);
    (shop, sale)
}

/// docs.stripe.com/payments/customer-balance/refunding (2026): the payer has 45 days; the money is set aside meanwhile.
#[test]
fn a_payer_names_a_bank_account_or_lets_the_refund_go() {
    let (mut shop, sale) = nameless("");
    let refund = shop.refund(NewRefund::of(sale).amount(usd(40_00))).unwrap();
    assert_eq!((status(&shop, refund), shop.available(shop.house)), (RefundStatus::RequiresAction, 59_20));
    shop.wait(1);
    assert_eq!(status(&shop, refund), RefundStatus::Pending);
    shop.wait(1);
    assert_eq!(status(&shop, refund), RefundStatus::Succeeded);

    let (mut shop, sale) = nameless(REFUND_NEVER_ANSWERS);
    let refund = shop.refund(NewRefund::of(sale).amount(usd(40_00))).unwrap();
    shop.wait(44);
    assert_eq!((status(&shop, refund), shop.available(shop.house)), (RefundStatus::RequiresAction, 59_20));
    assert_eq!(shop.platform.instructions().len(), 1);
    shop.wait(1);
    let known = shop.platform.refund(refund).unwrap();
    assert!(matches!(known.state(), RefundState::Canceled { by: CanceledBy::Platform, .. }));
    assert_eq!((shop.available(shop.house), shop.platform.instructions().len()), (99_20, 0));
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(100_00));
    shop.sound();
}

/// docs.stripe.com/api/refunds/cancel (2026): only while the payer has to act.
#[test]
fn a_refund_is_called_off_while_the_payer_has_to_act() {
    let (mut shop, sale) = nameless("");
    let refund = shop.refund(NewRefund::of(sale).amount(usd(40_00))).unwrap();
    shop.settle();
    let canceled = shop.platform.refunds().cancel("cancel", refund).unwrap();
    let stop = Instruction::Payment(PaymentInstruction::CancelRefund { refund });
    assert_eq!(canceled.changes.instructions, std::slice::from_ref(&stop));
    shop.world.answer(&shop.platform, &stop);
    shop.wait(9);
    assert_eq!((status(&shop, refund), shop.available(shop.house)), (RefundStatus::Canceled, 99_20));
    let again = shop.platform.refunds().cancel("again", refund).map(drop);
    let error = PaymentError::RefundNotCancelable { refund, status: RefundStatus::Canceled };
    assert_eq!(again, Err(error.into()));
    let refund = shop.refund(NewRefund::of(sale)).unwrap();
    shop.wait(1);
    let late = shop.platform.refunds().cancel("late", refund).map(drop);
    let error = PaymentError::RefundNotCancelable { refund, status: RefundStatus::Pending };
    assert_eq!(late, Err(error.into()));
}

/// docs.stripe.com/refunds (2024): the refund of a direct charge waits for the account's own money, and comes before its payouts.
#[test]
fn a_direct_refund_waits_for_the_account_and_comes_before_its_payouts() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(100_00)));
    shop.wait(7);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 96_80));
    let refund = shop.refund_as(jo, NewRefund::of(sale)).unwrap();
    assert_eq!(pending(&shop, refund), Some(PendingReason::InsufficientFunds));
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(0));
    // Too little comes, and stays.
    shop.sell_as(jo, NewPayment::card(usd(50_00)));
    shop.wait(7);
    assert_eq!((pending(&shop, refund), shop.available(jo)), (Some(PendingReason::InsufficientFunds), 48_25));
    shop.sell_as(jo, NewPayment::card(usd(60_00)));
    shop.wait(7);
    assert_eq!(status(&shop, refund), RefundStatus::Succeeded);
    // 48.25 and 57.96 less 100.00 are paid out.
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 96_80 + 6_21));
    shop.sound();
}

/// For how long is our own choice: thirty days.
#[test]
fn a_refund_that_nobody_pays_for_fails() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(2);
    let [first, second] = [60_00, 10_00].map(|amount| {
        let back = NewRefund::of(sale).amount(usd(amount)).keep_transfer();
        let refund = shop.refund(back).unwrap();
        shop.wait(1);
        refund
    });
    assert_eq!([first, second].map(|refund| pending(&shop, refund)), [Some(PendingReason::InsufficientFunds); 2]);
    shop.sell(NewPayment::card(usd(20_00)));
    shop.wait(20);
    // The smaller one would be covered, and does not come before its turn.
    assert_eq!((status(&shop, second), shop.available(shop.house)), (RefundStatus::Pending, 15_92));
    shop.wait(9);
    assert_eq!(shop.platform.refund(first).unwrap().failure_reason(), Some(RefundFailure::InsufficientFunds));
    assert_eq!((status(&shop, second), shop.available(shop.house)), (RefundStatus::Succeeded, 5_92));
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(90_00));
    shop.sound();
}

/// A recipient that can no longer give its share back when the turn comes does not hold up the others.
#[test]
fn a_refund_whose_recipient_is_short_by_then_fails() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).transfer_amount(usd(50_00)));
    shop.wait(2);
    let bo = shop.seller(NewAccount::express(US));
    shop.transfer(NewTransfer::to(bo, usd(46_80))).unwrap();
    // Half of the refund is the seller's, who has it; the platform has nothing.
    let refund = shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    assert_eq!(pending(&shop, refund), Some(PendingReason::InsufficientFunds));
    shop.world.add_bank(&mut shop.platform, jo, US, USD, "000123456789").unwrap();
    shop.wait(3);
    assert_eq!(shop.available(jo), 0);
    shop.sell(NewPayment::card(usd(100_00)));
    shop.wait(7);
    assert_eq!(shop.platform.refund(refund).unwrap().failure_reason(), Some(RefundFailure::InsufficientFunds));
    assert_eq!((shop.available(shop.house), shop.reversals(sale)), (96_80, vec![]));
    shop.sound();
}
