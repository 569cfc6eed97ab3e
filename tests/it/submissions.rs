//! Debits on their way: what an account shows before the payer's bank has answered, and what nobody can do with it.

use fundroute::accounts::{AccountError, CloseAccount};
use fundroute::ids::{AccountId, PaymentId};
use fundroute::journal::{AnomalyReason, Changes, Fact, FactOutcome, Report};
use fundroute::ledger::{Bucket, EntryKind, LedgerAccount, LineKind};
use fundroute::payments::{ActionCompleted, ActionRequired, ConfirmPayment, DebitFailure, NextAction, PaymentError};
use fundroute::payouts::{NewPayout, PayoutError};
use fundroute::prelude::*;
use fundroute::routing::RoutingError;
use fundroute::rulebook::Capability;
use fundroute::simulator::DEBIT_REFUSED;

use crate::shop::{Shop, events, root, rules};

fn ach(minor: i64) -> NewPayment {
    NewPayment::by(PaymentMethod::UsBankAccount, usd(minor))
}

fn debits() -> NewAccount {
    NewAccount::express(US).request(Capability::UsBankAccountAchPayments).request(Capability::Transfers)
}

/// What an account shows as pending, and how much of that is on its way.
fn shown(shop: &Shop, account: AccountId) -> (i128, i128) {
    let held = shop.platform.balance(account, USD).unwrap();
    (held.pending, held.submitted)
}

/// Checks that each bucket is the sum of what explains it, and the statement the sum of its lines.
fn explained(shop: &Shop, account: AccountId) {
    let held = shop.platform.balance(account, USD).unwrap();
    let steps = shop.platform.explain(account, USD).unwrap();
    assert_eq!(steps.iter().map(|step| step.pending).sum::<i128>(), held.pending);
    assert_eq!(steps.iter().map(|step| step.available).sum::<i128>(), held.available);
    let lines = shop.transactions(account);
    assert!(lines.iter().all(|line| line.net == i128::from(line.amount) - line.fee));
    assert_eq!(lines.iter().map(|line| line.net).sum::<i128>(), held.pending + held.available);
    shop.sound();
}

fn fails(shop: &mut Shop, sale: PaymentId) -> Changes {
    let (key, now, charge) = (shop.key(), shop.platform.now(), shop.charge_of(sale));
    shop.platform.payments().record_failed(&key, now, charge, DebitFailure::AccountClosed.into()).unwrap().changes
}

fn tell(shop: &mut Shop, fact: Fact) -> FactOutcome {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.record(&Report::new(key, now, fact)).unwrap().answer
}

fn asks_payer(shop: &mut Shop, sale: PaymentId) -> FactOutcome {
    let charge = shop.charge_of(sale);
    tell(shop, Fact::ActionRequired(ActionRequired::of(charge, NextAction::VerifyMicrodeposits)))
}

fn payer_acts(shop: &mut Shop, sale: PaymentId) -> FactOutcome {
    let charge = shop.charge_of(sale);
    tell(shop, Fact::ActionCompleted(ActionCompleted { charge: charge.into() }))
}

/// docs.stripe.com/reports/balance-transaction-types (2024): pending at once; what comes is one `payment` with its fee of 0.8 % and
/// its date, four business days after the money was taken on Friday the 6th.
#[test]
fn example_a_debit_that_comes_is_one_payment() {
    let mut shop = Shop::open();
    let house = shop.house;
    let key = shop.key();
    let decided = shop.platform.payments().create(&key, ach(100_00)).unwrap();
    assert_eq!(events(&decided.changes), ["payment_intent.created", "payment_intent.processing", "charge.pending"]);
    let entry = &decided.changes.entries[0];
    assert_eq!((entry.kind(), entry.lines().len(), entry.postings().len()), (EntryKind::Submission, 1, 1));
    assert_eq!(shown(&shop, house), (100_00, 100_00));
    assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), -100_00);
    assert!(shop.platform.pending(house, USD).is_empty(), "it has no date");
    let line = shop.transactions(house).pop().unwrap();
    assert_eq!((line.kind, line.kind.name(), line.bucket), (LineKind::PaymentSubmitted, "payment", Bucket::Submitted));
    // If the bank paid today, on the 2nd.
    assert_eq!(line.available_on, utc(2026, 11, 6));
    assert_eq!(shop.lines(house), ["payment 10000 - 0 = 10000 (charge)"]);
    assert_eq!(shop.platform.volume(house, USD), 0, "nothing was received yet");
    explained(&shop, house);

    shop.settle();
    shop.wait(4);
    assert_eq!(shown(&shop, house), (99_20, 0));
    assert_eq!(shop.lines(house), ["payment 10000 - 80 = 9920 (charge)"]);
    assert_eq!(shop.transactions(house).pop().unwrap().available_on, utc(2026, 11, 13));
    let steps = shop.platform.explain(house, USD).unwrap();
    let moved: Vec<i128> = steps.iter().map(|step| step.pending).collect();
    assert_eq!(moved, [100_00, -100_00, 99_20]);
    assert!(steps.iter().all(|step| root(&step.because) == decided.answer.into()));
    assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), -100_00);
    assert_eq!(shop.platform.volume(house, USD), 100_00);
    explained(&shop, house);
    shop.wait(7);
    assert_eq!((shown(&shop, house), shop.available(house)), ((0, 0), 99_20));
    explained(&shop, house);
}

/// docs.stripe.com/reports/balance-transaction-types (2024): `payment_failure_refund` of the same size, and 4.00 for the failure (a
/// third-party reading of stripe.com/pricing/local-payment-methods, 2026). Each attempt shows its own.
#[test]
fn example_a_debit_that_fails_is_taken_off_again() {
    let mut shop = Shop::open();
    let house = shop.house;
    let sale = shop.sell(ach(100_00).token(DEBIT_REFUSED));
    shop.wait(4);
    let failed = [
        "payment 10000 - 0 = 10000 (charge)",
        "payment_failure_refund -10000 - 0 = -10000 (charge_failure)",
        "stripe_fee -400 - 0 = -400 (fee)",
    ];
    assert_eq!(shop.lines(house), failed);
    assert_eq!((shown(&shop, house), shop.available(house)), ((0, 0), -4_00));
    assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), 0);
    explained(&shop, house);
    let again = ConfirmPayment::by(PaymentMethod::UsBankAccount, sale);
    shop.platform.payments().confirm("again", again).unwrap();
    assert_eq!(shown(&shop, house), (100_00, 100_00));
    shop.settle();
    shop.wait(4);
    assert_eq!((shown(&shop, house), shop.lines(house).len()), ((99_20, 0), 4));
    explained(&shop, house);
}

/// W2 of the field's pages, by debit: 10.00 with a commission of 1.23. Only the platform shows it before it has come: the seller's part
/// is sent with the money. The processor's fee is 0.08, as 0.8 %.
#[test]
fn example_a_destination_charge_by_debit_is_shared_when_it_comes() {
    let mut shop = Shop::open();
    let jo = shop.seller(debits());
    let sale = shop.sell(ach(10_00).destination(jo).application_fee(usd(1_23)));
    assert_eq!((shown(&shop, shop.house), shown(&shop, jo)), ((10_00, 10_00), (0, 0)));
    shop.wait(4);
    assert_eq!(shop.status(sale), "succeeded");
    assert_eq!((shown(&shop, shop.house), shown(&shop, jo)), ((1_15, 0), (8_77, 0)));
    explained(&shop, jo);
    explained(&shop, shop.house);
    shop.ends(&[(jo, 8_77), (shop.house, 1_15)]);
}

/// A direct charge is on its way to the seller, with nothing taken out of it yet.
#[test]
fn example_a_direct_charge_by_debit_is_on_the_sellers_balance() {
    let mut shop = Shop::open();
    let jo = shop.seller(debits());
    shop.sell_as(jo, ach(10_00).application_fee(usd(1_23)));
    assert_eq!((shown(&shop, jo), shown(&shop, shop.house)), ((10_00, 10_00), (0, 0)));
    shop.wait(4);
    assert_eq!(shop.lines(jo), ["payment 1000 - 131 = 869 (charge)"]);
    shop.ends(&[(jo, 8_69), (shop.house, 1_23)]);
}

/// Only what a bank has been asked for is on its way: not what is taken at once or is only held, and no voucher that is to be paid.
#[test]
fn nothing_else_is_on_its_way() {
    let mut shop = Shop::open();
    shop.order(NewPayment::card(usd(10_00)));
    shop.order(NewPayment::card(usd(10_00)).manual_capture());
    shop.order(ach(10_00).confirm_later());
    assert_eq!(shown(&shop, shop.house), (0, 0));
    let mut brazil = Shop::open_in(BR);
    let ana = brazil.seller(NewAccount::express(BR).request(Capability::BoletoPayments));
    brazil.sell_as(ana, NewPayment::by(PaymentMethod::Boleto, brl(100_00)));
    assert_eq!(brazil.platform.balance(ana, BRL).unwrap().total(), 0);
}

/// A payer who has to confirm their bank account first has not been debited; the statement shows one `payment` all the same.
#[test]
fn what_waits_for_its_payer_is_not_on_its_way() {
    for first in [true, false] {
        let mut shop = Shop::open();
        let (house, sale) = (shop.house, shop.order(ach(50_00)));
        if first {
            assert_eq!(asks_payer(&mut shop, sale), FactOutcome::Applied);
            assert_eq!((shown(&shop, house), shop.lines(house)), ((0, 0), vec![]));
            assert_eq!(shop.platform.outside(LedgerAccount::Payers, USD), 0);
            explained(&shop, house);
            assert_eq!(payer_acts(&mut shop, sale), FactOutcome::Applied);
        } else {
            payer_acts(&mut shop, sale);
            assert_eq!(asks_payer(&mut shop, sale), FactOutcome::Stale);
        }
        assert_eq!(shown(&shop, house), (50_00, 50_00));
        assert_eq!(shop.lines(house), ["payment 5000 - 0 = 5000 (charge)"]);
        let charge = shop.charge_of(sale);
        assert_eq!(shop.taken(charge, usd(50_00)), FactOutcome::Applied);
        assert_eq!(shop.lines(house), ["payment 5000 - 40 = 4960 (charge)"]);
        explained(&shop, house);
    }
}

/// With confirmation by hand it is on its way again when the host says so; what is called off before leaves nothing.
#[test]
fn by_hand_it_waits_for_the_host() {
    let mut shop = Shop::open();
    let house = shop.house;
    let (sale, other) = (shop.order(ach(50_00).confirm_by_hand()), shop.order(ach(20_00).confirm_by_hand()));
    for sale in [sale, other] {
        asks_payer(&mut shop, sale);
        payer_acts(&mut shop, sale);
    }
    assert_eq!((shop.status(sale).as_str(), shown(&shop, house)), ("requires_confirmation", (0, 0)));
    shop.platform.payments().confirm("go on", ConfirmPayment::of(sale)).unwrap();
    shop.platform.payments().cancel("never mind", other).unwrap();
    assert_eq!(shown(&shop, house), (50_00, 50_00));
    let failed = fails(&mut shop, sale);
    assert_eq!(events(&failed), ["payment_intent.payment_failed", "charge.failed"]);
    assert_eq!(shown(&shop, house), (0, 0));
    explained(&shop, house);
}

/// Success over failure, whatever is told first, and however often: the same balances.
#[test]
fn every_order_of_what_a_bank_says_ends_the_same() {
    let mut ends = Vec::new();
    for order in [&["taken"][..], &["failed", "taken"], &["taken", "failed"], &["failed", "taken", "failed", "taken"]] {
        let mut shop = Shop::open();
        let sale = shop.order(ach(100_00));
        let charge = shop.charge_of(sale);
        for told in order {
            if *told == "failed" {
                fails(&mut shop, sale);
            } else {
                shop.taken(charge, usd(100_00));
            }
            explained(&shop, shop.house);
        }
        let charge = shop.platform.charge(charge).unwrap().clone();
        ends.push((shop.platform.balance(shop.house, USD).unwrap(), charge));
    }
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    assert_eq!((ends[0].0.pending, ends[0].0.submitted, ends[0].0.available), (99_20, 0, 0));
}

/// Every order of every selection of what can be told of a debit, some of it twice.
#[test]
fn any_order_of_what_is_told_ends_the_same() {
    for by_hand in [false, true] {
        for selection in 1_u8..16 {
            let told: Vec<u8> = (0..4).filter(|what| selection & (1 << what) != 0).collect();
            let mut ends = Vec::new();
            for order in orders(&told) {
                let mut shop = Shop::open();
                let sale = shop.order(if by_hand { ach(100_00).confirm_by_hand() } else { ach(100_00) });
                for what in order.iter().chain(order.first()) {
                    match what {
                        0 => drop(asks_payer(&mut shop, sale)),
                        1 => drop(payer_acts(&mut shop, sale)),
                        2 => drop(fails(&mut shop, sale)),
                        _ => {
                            let charge = shop.charge_of(sale);
                            shop.taken(charge, usd(100_00));
                        }
                    }
                    explained(&shop, shop.house);
                }
                let charge = shop.platform.charge_of(sale).unwrap().clone();
                let payment = shop.platform.payment(sale).unwrap().clone();
                ends.push((shop.platform.balance(shop.house, USD).unwrap(), charge, payment));
            }
            assert!(ends.iter().all(|end| *end == ends[0]), "{told:?}: {ends:?}");
        }
    }
}

fn orders(told: &[u8]) -> Vec<Vec<u8>> {
    if told.is_empty() {
        return vec![Vec::new()];
    }
    let firsts = told.iter().flat_map(|first| {
        let others: Vec<u8> = told.iter().copied().filter(|other| other != first).collect();
        orders(&others).into_iter().map(move |rest| [vec![*first], rest].concat())
    });
    firsts.collect()
}

/// A success for another amount moves nothing: the debit is still on its way.
#[test]
fn what_cannot_be_taken_up_leaves_it_on_its_way() {
    let mut shop = Shop::open();
    let sale = shop.order(ach(100_00));
    let charge = shop.charge_of(sale);
    let FactOutcome::Anomaly(anomaly) = shop.taken(charge, usd(99_00)) else { panic!("it was taken up") };
    assert_eq!(shop.platform.anomaly(anomaly).unwrap().reason, AnomalyReason::AmountDiffers);
    assert_eq!(shown(&shop, shop.house), (100_00, 100_00));
    explained(&shop, shop.house);
}

/// What has no date never settles by itself, and is paid out only with the money.
#[test]
fn no_clock_and_no_schedule_touches_it() {
    let mut shop = Shop::open();
    let jo = shop.banked(debits());
    let sale = shop.order_as(jo, ach(100_00));
    shop.platform.advance_to(utc(2027, 2, 1)).unwrap();
    assert_eq!((shown(&shop, jo), shop.available(jo), shop.payouts(jo).len()), ((100_00, 100_00), 0, 0));
    assert_eq!(shop.platform.next_payout(jo, USD), None);
    let charge = shop.charge_of(sale);
    shop.taken(charge, usd(100_00));
    shop.wait(7);
    assert_eq!((shop.paid_out(jo), shown(&shop, jo)), (99_20, (0, 0)));
}

fn kind<T>(result: Result<T, Error>) -> Error {
    result.err().unwrap()
}

#[test]
fn misuse_a_payout_of_what_is_on_its_way() {
    let mut shop = Shop::open();
    let jo = shop.banked(debits());
    shop.order_as(jo, ach(100_00));
    let before = shop.platform.snapshot();
    for payout in [NewPayout::of(usd(1_00)), NewPayout::of(usd(1_00)).instant()] {
        let key = shop.key();
        let refused = kind(shop.platform.handle(Request::new(key, Command::CreatePayout(payout)).acting_as(jo)));
        assert!(matches!(refused, Error::Payout(PayoutError::InsufficientFunds { .. })), "{refused:?}");
    }
    assert_eq!(shop.platform.snapshot(), before);
}

#[test]
fn misuse_a_transfer_of_what_is_on_its_way() {
    let mut shop = Shop::open();
    let jo = shop.seller(debits());
    let sale = shop.order(ach(100_00));
    let before = shop.platform.snapshot();
    let refused = kind(shop.transfer(NewTransfer::to(jo, usd(1_00))));
    assert!(matches!(refused, Error::Routing(RoutingError::InsufficientFunds { .. })), "{refused:?}");
    let refused = kind(shop.transfer(NewTransfer::to(jo, usd(1_00)).from_payment(sale)));
    assert_eq!(refused, RoutingError::SourceUnusable(sale).into());
    assert_eq!(shop.platform.snapshot(), before);
}

/// The payment itself cannot be refunded before it has come, and the refund of another waits: this money does not cover it.
#[test]
fn misuse_a_refund_out_of_what_is_on_its_way() {
    let mut shop = Shop::open();
    let jo = shop.banked(debits());
    let old = shop.sell_as(jo, NewPayment::card(usd(40_00)));
    shop.wait(9);
    assert_eq!(shop.platform.balance(jo, USD).unwrap().total(), 0, "paid out");
    let sale = shop.order_as(jo, ach(100_00));
    let refused = kind(shop.refund_as(jo, NewRefund::of(sale)));
    assert!(matches!(refused, Error::Payment(PaymentError::UnexpectedState { .. })), "{refused:?}");
    let refund = shop.refund_as(jo, NewRefund::of(old)).unwrap();
    let waits = shop.platform.refund(refund).unwrap().pending_reason().unwrap().to_string();
    assert_eq!((waits.as_str(), shown(&shop, jo), shop.available(jo)), ("insufficient_funds", (100_00, 100_00), 0));
    shop.sound();
}

/// What a reversal takes beyond what is available the account owes; a debit is refused.
#[test]
fn misuse_a_reversal_and_a_debit_out_of_what_is_on_its_way() {
    let mut shop = Shop::open();
    let jo = shop.banked(debits());
    let sale = shop.sell(NewPayment::card(usd(40_00)).destination(jo));
    shop.wait(9);
    shop.order_as(jo, ach(100_00));
    let key = shop.key();
    let refused = kind(shop.platform.express(jo).unwrap().debit(&key, usd(1_00)));
    assert!(matches!(refused, Error::Routing(RoutingError::InsufficientFunds { .. })), "{refused:?}");
    let transfer = shop.transfer_of(sale);
    shop.reverse(fundroute::routing::NewTransferReversal::of(transfer).amount(usd(1_00))).unwrap();
    assert_eq!((shown(&shop, jo), shop.available(jo)), ((100_00, 100_00), -1_00));
    shop.sound();
}

/// A live account is not closed while a debit is on its way to it, nor by a decision that did not know of it.
#[test]
fn misuse_an_account_is_closed_while_a_debit_is_on_its_way() {
    let platform = Platform::new(NewPlatform::in_country(US).live(), rules(), utc(2026, 11, 2)).unwrap();
    let mut shop = Shop::open();
    (shop.house, shop.platform) = (platform.id(), platform);
    let jo = shop.seller(debits());
    let close = |key: &str| Request::new(key.to_owned(), Command::CloseAccount(CloseAccount { account: jo }));
    let decided = shop.platform.decide(&close("early")).unwrap();
    let sale = shop.order_as(jo, ach(100_00));
    assert!(matches!(shop.platform.apply(&decided.changes), Err(Error::Stale(_))));
    let refused = kind(shop.platform.handle(close("end")));
    assert_eq!(refused, AccountError::BalanceNotZero { account: jo, currency: USD }.into());
    let now = shop.platform.now();
    let charge = shop.charge_of(sale);
    shop.platform.payments().record_failed("no", now, charge, DebitFailure::AccountClosed.into()).unwrap();
    assert_eq!(shown(&shop, jo), (0, 0));
}

/// What is on its way survives a snapshot and a replay.
#[test]
fn it_is_kept() {
    let mut shop = Shop::open();
    let jo = shop.seller(debits());
    let sale = shop.order_as(jo, ach(100_00));
    let restored = Platform::restore(rules(), shop.platform.snapshot(), shop.platform.now());
    assert_eq!(restored.snapshot(), shop.platform.snapshot());
    assert_eq!(restored.balance(jo, USD).unwrap().submitted, 100_00);
    assert_eq!(restored.charge_of(sale).unwrap().submitted(), usd(100_00));
    assert_eq!(restored.audit(), []);
    let mut damaged = shop.platform.snapshot();
    let row = damaged.balances.iter_mut().find(|row| row.account == jo).unwrap();
    row.submitted = 0;
    let damaged = Platform::restore(rules(), damaged, shop.platform.now());
    let notes: Vec<String> = damaged.audit().iter().map(ToString::to_string).collect();
    let told = format!("{jo} has 0 submitted in USD, its debits on their way are 10000");
    assert!(notes.contains(&told), "{notes:?}");
}
