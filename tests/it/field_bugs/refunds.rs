//! Faults about refunds that come back, are made by somebody else, or are never answered.

use fundroute::accounts::AccountError;
use fundroute::ids::{AccountId, PaymentId, RefundId};
use fundroute::journal::{Changes, Fact, FactOutcome, Outcome, Report, RequestError};
use fundroute::ledger::EntryKind;
use fundroute::payments::{
    PaymentError, PendingReason, RefundCanceled, RefundFailed, RefundFailure, RefundState, RefundStatus,
    RefundSucceeded, RefundUnderWay,
};
use fundroute::prelude::*;
use fundroute::routing::{NewTransferReturn, RoutingError};
use fundroute::simulator::{REFUND_FAILS, REFUND_NEVER_ANSWERS};

use crate::shop::{Shop, events};

const LOST: RefundFailure = RefundFailure::LostOrStolenCard;

fn fails(shop: &mut Shop, refund: RefundId) -> Changes {
    let (id, now) = (shop.key(), shop.platform.now());
    shop.platform.refunds().record_failed(&id, now, refund, LOST).unwrap().changes
}

/// Of four refunds one comes back, and is made again: every party's parts still come to exactly what it had.
#[test]
fn bug_04_a_refund_that_comes_back_in_between_leaves_a_residue() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_33)));
    let back = NewRefund::of(sale).reverse_transfer().refund_application_fee();
    shop.refund(back.clone().amount(usd(33_33))).unwrap();
    let lost = shop.refund(back.clone().amount(usd(33_33))).unwrap();
    fails(&mut shop, lost);
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(66_67));
    shop.refund(back.clone().amount(usd(11_11))).unwrap();
    shop.refund(back).unwrap();
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(0));
    assert_eq!(shop.reversals(sale).iter().sum::<i64>(), 100_00);
    assert_eq!(shop.fee_refunds(sale).iter().sum::<i64>(), 10_33);
    shop.ends(&[(jo, 0), (shop.house, -3_20)]);
}

/// The refund, the transfer that it pulls back and the commission that it returns are one entry, whatever the platform has; and when
/// it comes back days later, the money is with the platform again, the charge can be refunded again, what was pulled back stays so,
/// and it is told how much of which transfer that was (docs.stripe.com/connect/destination-charges, 2024).
#[test]
fn bug_06_a_refund_fails_days_after_the_transfer_was_reversed() {
    let mut shop = Shop::open();
    shop.platform.payouts().set_schedule("by hand", shop.house, fundroute::payouts::PayoutSchedule::Manual).unwrap();
    let jo = shop.seller(NewAccount::express(US));
    let order = NewPayment::card(usd(100_00)).destination(jo).token(REFUND_FAILS);
    let sale = shop.sell(order);
    shop.wait(2);
    // The platform owes the processor's fee: it has less than nothing, and the refund goes through all the same.
    assert_eq!((shop.available(shop.house), shop.available(jo)), (-3_20, 100_00));
    let entries = shop.platform.entry_count();
    let refund = shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    assert_eq!(shop.platform.entry_count(), entries + 1);
    assert_eq!((shop.available(shop.house), shop.available(jo)), (-3_20, 0));
    shop.wait(1);
    assert_eq!(shop.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    shop.wait(1);
    let known = shop.platform.refund(refund).unwrap();
    assert_eq!(known.failure_reason(), Some(RefundFailure::Unknown));
    let reversal = known.transfer_reversal().unwrap();
    assert_eq!((shop.available(shop.house), shop.available(jo)), (96_80, 0));
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(100_00));
    assert_eq!(shop.platform.transfer(shop.transfer_of(sale)).unwrap().amount_reversed(), usd(100_00));
    let house = shop.lines(shop.house);
    assert_eq!(house.last().unwrap(), "refund_failure 10000 - 0 = 10000 (refund_failure)");
    // What has to be done to pass the money on is said, and works.
    let passes_on = shop.platform.passes_on(reversal).unwrap();
    assert_eq!((passes_on.destination, passes_on.amount, passes_on.source), (jo, usd(100_00), Some(sale)));
    shop.platform.payments().create("more", NewPayment::card(usd(10_00))).unwrap();
    shop.settle();
    shop.wait(5);
    shop.transfer(passes_on).unwrap();
    assert_eq!(shop.available(jo), 100_00);
    shop.sound();
}

/// The event of the failure names what was pulled back of which transfer.
#[test]
fn bug_06_the_seller_is_forgotten_when_a_refund_fails() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    let back = NewRefund::of(sale).amount(usd(40_00)).reverse_transfer().refund_application_fee();
    let refund = shop.refund(back).unwrap();
    let changes = fails(&mut shop, refund);
    assert_eq!(events(&changes), ["transfer.reversal.kept", "refund.failed", "charge.refund.updated"]);
    let reversal = shop.platform.refund(refund).unwrap().transfer_reversal().unwrap();
    assert_eq!(changes.events.first().unwrap().object, reversal.into());
    let [entry] = changes.entries.as_slice() else { panic!("one entry") };
    assert_eq!((entry.kind(), entry.lines().len()), (EntryKind::RefundReturned, 1));
    // 90.00 less 40.00 pulled back, plus 4.00 of the commission; the platform has 40.00 that are the seller's.
    shop.ends(&[(jo, 54_00), (shop.house, 10_00 - 3_20 + 40_00 - 4_00)]);
    // A refund of another method comes back as a credit of its own kind.
    let debit = shop.sell(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    shop.wait(4);
    let refund = shop.refund(NewRefund::of(debit).amount(usd(1_00))).unwrap();
    let changes = fails(&mut shop, refund);
    assert_eq!(events(&changes), ["refund.failed", "charge.refund.updated"]);
    assert_eq!(shop.lines(shop.house).last().unwrap(), "payment_refund 100 - 0 = 100 (refund)");
    // Nothing of a share that was not pulled back.
    assert!(shop.platform.refund(refund).unwrap().transfer_reversal().is_none());
}

/// The seller of a Standard account refunds what it sees as its payment: the money goes to the platform, and the buyer is still owed.
#[test]
fn bug_07_a_seller_refunds_and_the_money_stops_at_the_platform() {
    use fundroute::accounts::Actor;

    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    let transfer = shop.transfer_of(sale);
    let back = Command::ReturnTransfer(NewTransferReturn::of(transfer).amount(usd(60_00)));
    let decided = shop.platform.handle(Request::new("back", back.clone()).by(Actor::Holder, jo)).unwrap();
    assert_eq!(events(&decided.changes), ["transfer.reversed", "payment_intent.payer_owed"]);
    assert_eq!(decided.changes.events.last().unwrap().object, sale.into());
    let fundroute::journal::Answer::TransferReversal(reversal) = decided.answer else { panic!("a reversal") };
    assert!(shop.platform.transfer_reversal(reversal).unwrap().is_by_recipient());
    assert_eq!((shop.pending(jo), shop.pending(shop.house)), (30_00, 10_00 - 3_20 + 60_00));
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(100_00), "the buyer has got nothing");
    // The platform passes it on, and takes the seller's share no second time.
    shop.refund(NewRefund::of(sale).amount(usd(60_00)).keep_transfer().keep_application_fee()).unwrap();
    shop.ends(&[(jo, 30_00), (shop.house, 6_80)]);
    // Once the buyer has all of it, nobody is owed.
    let before = Request::new("rest", Command::ReturnTransfer(NewTransferReturn::of(transfer))).by(Actor::Holder, jo);
    let short = shop.platform.handle(before).map(|decided| decided.answer);
    let error = RoutingError::InsufficientFunds { account: jo, currency: USD, available: 30_00, needed: 40_00 };
    assert_eq!(short, Err(error.into()));
    // The holder of a light dashboard has no such button, and nobody sends back what is somebody else's.
    let bo = shop.seller(NewAccount::express(US));
    let to_bo = shop.sell(NewPayment::card(usd(10_00)).destination(bo));
    let theirs = Command::ReturnTransfer(NewTransferReturn::of(shop.transfer_of(to_bo)));
    let denied = shop.platform.handle(Request::new("bo", theirs.clone()).by(Actor::Holder, bo)).map(drop);
    assert!(matches!(denied, Err(Error::Account(AccountError::NotPermitted { .. }))), "{denied:?}");
    let stranger = shop.platform.handle(Request::new("jo", theirs).by(Actor::Holder, jo)).map(drop);
    assert_eq!(stranger, Err(RoutingError::NotOnAccount(shop.transfer_of(to_bo)).into()));
    shop.sound();
}

/// A refund whose answer never came holds its money: the same key makes no second one, another key no more than what is left, another
/// amount under the same key conflicts, and the late answer is taken.
#[test]
fn bug_09_a_timeout_refunds_twice() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(100_00)).token(REFUND_NEVER_ANSWERS));
    shop.wait(2);
    let back = NewRefund::of(sale).amount(usd(60_00));
    let first = shop.platform.refunds().create("back", back.clone()).unwrap();
    shop.wait(20);
    let refund = shop.platform.refund(first.answer).unwrap();
    assert_eq!((refund.confirmed_at(), refund.is_outstanding()), (None, true));
    assert_eq!(shop.available(shop.house), 96_80 - 60_00);
    assert_eq!(shop.platform.instructions().len(), 1, "it is asked for again, under the same id");
    let again = shop.platform.refunds().create("back", back.clone()).unwrap();
    assert_eq!((again.answer, again.outcome, again.changes.is_empty()), (first.answer, Outcome::Replayed, true));
    let other_amount = shop.platform.refunds().create("back", back.clone().amount(usd(61_00))).map(drop);
    assert_eq!(other_amount, Err(RequestError::KeyReused("back".to_owned()).into()));
    let other_key = shop.platform.refunds().create("another", back).map(drop);
    let left = PaymentError::RefundTooLarge { payment: sale, asked: usd(60_00), refundable: usd(40_00) };
    assert_eq!(other_key, Err(left.into()));
    // The answer comes late.
    let at = utc(2026, 11, 5);
    shop.platform.refunds().record_succeeded("late", at, first.answer).unwrap();
    assert_eq!(shop.platform.refund(first.answer).unwrap().confirmed_at(), Some(at));
    assert_eq!((shop.platform.instructions().len(), shop.available(shop.house)), (0, 96_80 - 60_00));
    shop.sound();
}

/// The same while a refund waits for money: it is bounded by what is left, and is not done a second time when the money comes.
#[test]
fn bug_09_a_refund_that_waits_is_made_twice() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(2);
    let back = NewRefund::of(sale).amount(usd(60_00)).keep_transfer();
    let first = shop.platform.refunds().create("back", back.clone()).unwrap().answer;
    assert_eq!(shop.platform.refund(first).unwrap().pending_reason(), Some(PendingReason::InsufficientFunds));
    assert_eq!(shop.platform.instructions(), []);
    assert_eq!(shop.platform.refunds().create("back", back.clone()).unwrap().outcome, Outcome::Replayed);
    let left = PaymentError::RefundTooLarge { payment: sale, asked: usd(60_00), refundable: usd(40_00) };
    assert_eq!(shop.refund(back), Err(left.into()));
    for key in ["first", "second"] {
        shop.platform.payments().create(key, NewPayment::card(usd(100_00))).unwrap();
    }
    shop.wait(4);
    assert_eq!(shop.platform.refund(first).unwrap().status(), RefundStatus::Succeeded);
    assert_eq!(shop.available(shop.house), 2 * 96_80 - 3_20 - 60_00);
    shop.sound();
}

/// Everything that is told of a refund, in every order, ends the same; a failure after a success opens the charge again.
#[test]
fn bug_10_late_news_of_a_refund_takes_it_back_a_state() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    shop.wait(14);
    let refund = shop.refund(NewRefund::of(sale).amount(usd(60_00))).unwrap();
    let hour = |number: i64| shop.platform.now().checked_add(chrono::TimeDelta::hours(number)).unwrap();
    let facts = [
        Report::new("under way", hour(1), Fact::RefundUnderWay(RefundUnderWay { refund })),
        Report::new("there", hour(2), Fact::RefundSucceeded(RefundSucceeded { refund })),
        Report::new("back", hour(3), Fact::RefundFailed(RefundFailed { refund, reason: LOST })),
    ];
    let later = hour(9);
    shop.platform.advance_to(later).unwrap();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut told = shop.clone();
        for place in order {
            told.platform.record(&facts[place]).unwrap();
        }
        let known = told.platform.refund(refund).unwrap();
        assert_eq!(known.state(), &RefundState::Failed { at: facts[2].at, reason: LOST }, "{order:?}");
        assert_eq!(known.confirmed_at(), Some(facts[1].at), "{order:?}");
        assert_eq!(told.platform.charge_of(sale).unwrap().refundable(), usd(100_00), "{order:?}");
        assert_eq!(told.available(told.house), 100_00 - 80, "{order:?}");
        assert!(told.refund(NewRefund::of(sale)).is_ok());
        told.sound();
    }
}

fn told_three_times(shop: &mut Shop, fact: &Fact) -> FactOutcome {
    let report = Report::new(shop.key(), shop.platform.now(), fact.clone());
    let first = shop.platform.record(&report).unwrap().answer;
    for _ in 0..2 {
        assert_eq!(shop.platform.record(&report).unwrap().outcome, Outcome::Replayed);
    }
    // And by another channel, under an id of its own.
    let report = Report::new(shop.key(), shop.platform.now(), fact.clone());
    assert_eq!(shop.platform.record(&report).unwrap().answer, FactOutcome::Stale);
    first
}

#[test]
fn bug_11_a_refund_comes_back_twice() {
    let sold = |shop: &mut Shop| -> (AccountId, PaymentId) {
        let jo = shop.seller(NewAccount::express(US));
        (jo, shop.sell(NewPayment::card(usd(100_00)).destination(jo)))
    };
    for call_off in [false, true] {
        let mut shop = Shop::open();
        let (jo, sale) = sold(&mut shop);
        let refund = shop.refund(NewRefund::of(sale).amount(usd(60_00)).reverse_transfer()).unwrap();
        let fact = if call_off {
            Fact::RefundCanceled(RefundCanceled { refund })
        } else {
            Fact::RefundFailed(RefundFailed { refund, reason: LOST })
        };
        assert_eq!(told_three_times(&mut shop, &fact), FactOutcome::Applied);
        shop.ends(&[(shop.house, -3_20 + 60_00), (jo, 40_00)]);
    }
}
