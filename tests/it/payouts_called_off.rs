//! Payouts that the processor calls off by itself.

use fundroute::accounts::ExternalAccountState;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{AnomalyReason, FactOutcome, Instruction};
use fundroute::payouts::debt::BankDebit;
use fundroute::payouts::{
    CancelPayout, CanceledBy, PayoutInstruction, PayoutSchedule, PayoutState, PayoutStatus, ReversePayout, TraceId,
};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;
use fundroute::simulator::{NEVER_ANSWERS, PAYOUT_CALLED_OFF};

use crate::shop::{Shop, events, rules};

/// A seller with 80.00 that became available on Wednesday the 4th, at a bank of which nothing is heard unless a test tells it.
fn seller(schedule: PayoutSchedule) -> (Shop, AccountId) {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, schedule).unwrap();
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    (shop, jo)
}

/// The same, who has asked for all of it by hand, and it was handed over.
fn sent() -> (Shop, AccountId, PayoutId) {
    let (mut shop, jo) = seller(PayoutSchedule::Manual);
    let payout = shop.pay_out(jo, usd(80_00)).unwrap();
    let now = shop.platform.now();
    shop.platform.payouts().record_submitted("handed over", now, payout).unwrap();
    (shop, jo, payout)
}

fn called_off(shop: &mut Shop, payout: PayoutId) -> FactOutcome {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.payouts().record_canceled(&key, now, payout).unwrap().answer
}

fn status(shop: &Shop, payout: PayoutId) -> PayoutStatus {
    shop.platform.payout(payout).unwrap().status()
}

fn holds(shop: &Shop, account: AccountId) -> (i128, i128, i128) {
    (shop.available(account), shop.pending(account), shop.in_transit(account))
}

/// docs.stripe.com/api/payouts/object (2026): what is in transit may be canceled, by the processor alone.
#[test]
fn example_o1_the_processor_calls_off_what_is_in_transit() {
    let (mut shop, jo, payout) = sent();
    let before = shop.platform.instructions().len();
    assert_eq!(holds(&shop, jo), (0, 0, 80_00));
    let now = shop.platform.now();
    let told = shop.platform.payouts().record_canceled("off", now, payout).unwrap();
    assert_eq!(events(&told.changes), ["payout.canceled"]);
    assert_eq!(told.changes.events[0].account, Some(jo));
    assert!(told.changes.instructions.is_empty(), "the world knows");
    assert_eq!(shop.platform.instructions().len() + 1, before, "nobody is asked to send it any more");
    let known = shop.platform.payout(payout).unwrap();
    assert_eq!(known.state(), &PayoutState::Canceled { canceled_at: now, by: CanceledBy::Processor });
    assert_eq!((known.is_overdue(), known.trace_id()), (false, TraceId::Unsupported));
    assert_eq!(holds(&shop, jo), (80_00, 0, 0));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout_cancel 8000 - 0 = 8000 (payout_reversal)");
    // It says nothing of the bank account, and the money can be sent again.
    assert_eq!(shop.platform.external_account(known.destination()).unwrap().state(), ExternalAccountState::New);
    shop.pay_out(jo, usd(80_00)).unwrap();
    // Told once more, or that it was handed over or arrived, it is no news.
    let later = shop.platform.now();
    assert_eq!(called_off(&mut shop, payout), FactOutcome::Stale);
    let paid = shop.platform.payouts().record_paid("paid", later, payout).unwrap().answer;
    let submitted = shop.platform.payouts().record_submitted("again", later, payout).unwrap().answer;
    assert_eq!((paid, submitted), (FactOutcome::Stale, FactOutcome::Stale));
    assert_eq!(holds(&shop, jo), (0, 0, 80_00));
    assert_eq!(shop.anomalies(), []);
    shop.sound();
}

/// The next run of the schedule pays what one that was called off had taken, and both tell what they settled.
#[test]
fn the_next_run_pays_what_was_called_off() {
    let (mut shop, jo) = seller(PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily));
    let first = shop.payouts(jo)[0].id();
    assert_eq!((holds(&shop, jo), status(&shop, first)), ((0, 0, 80_00), PayoutStatus::Pending));
    assert_eq!(called_off(&mut shop, first), FactOutcome::Applied);
    assert_eq!(shop.platform.next_payout(jo, USD), Some(utc(2026, 11, 5)));
    shop.until(utc(2026, 11, 5).at(12, 0));
    let payouts = shop.payouts(jo);
    assert_eq!((payouts.len(), payouts[1].amount()), (2, usd(80_00)));
    let contents = |payout| shop.platform.payout_contents(payout).unwrap();
    let kinds = |payout| contents(payout).lines.iter().map(|line| line.kind.name()).collect::<Vec<_>>();
    assert_eq!((kinds(first), kinds(payouts[1].id())), (vec!["payment"], vec!["payout_cancel"]));
    assert_eq!(contents(payouts[1].id()).opening, 0);
    shop.sound();
}

/// It counts whenever it is told: before it is known that it was handed over, while it is kept back, and after it was reported as paid, also
/// long after the five business days of the page.
#[test]
fn it_counts_whenever_it_is_told() {
    let (mut shop, jo) = seller(PayoutSchedule::Manual);
    let payout = shop.pay_out(jo, usd(80_00)).unwrap();
    let pending = shop.clone();
    let ends = |shop: &mut Shop| {
        assert_eq!(called_off(shop, payout), FactOutcome::Applied);
        assert_eq!((holds(shop, jo), status(shop, payout)), ((80_00, 0, 0), PayoutStatus::Canceled));
        assert_eq!(shop.paid_out(jo), 0);
        shop.wait(60);
        assert_eq!((holds(shop, jo), shop.anomalies()), ((80_00, 0, 0), vec![]));
        shop.sound();
    };
    ends(&mut shop);
    let mut held = pending.clone();
    let pause = fundroute::accounts::SetPause { account: jo, payments: None, payouts: Some(true) };
    held.platform.handle(Request::new("pause", Command::SetPause(pause))).unwrap();
    ends(&mut held);
    for days in [0, 30, 4_000] {
        let mut late = pending.clone();
        let now = late.platform.now();
        late.platform.payouts().record_paid("paid", now, payout).unwrap();
        late.wait(days);
        ends(&mut late);
    }
    // Where the day counts for the arrival, it had arrived.
    let book = rules().with_arrival_as_paid(true);
    let mut by_date = Shop::open_by(US, book);
    let jo = by_date.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    by_date.sell(NewPayment::card(usd(80_00)).destination(jo));
    by_date.until(utc(2026, 11, 4).at(12, 0));
    let payout = by_date.payouts(jo)[0].id();
    assert_eq!((status(&by_date, payout), by_date.paid_out(jo)), (PayoutStatus::Paid, 80_00));
    let key = by_date.key();
    by_date.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    assert_eq!(called_off(&mut by_date, payout), FactOutcome::Applied);
    assert_eq!((holds(&by_date, jo), by_date.paid_out(jo)), ((80_00, 0, 0), 0));
    by_date.sound();
}

/// What a bank says holds against what the processor says, in either order, and its bank account gets no more.
#[test]
fn the_banks_word_holds() {
    let (shop, jo, payout) = sent();
    for bank_first in [true, false] {
        let mut shop = shop.clone();
        let now = shop.platform.now();
        let fails = |shop: &mut Shop| {
            shop.platform.payouts().record_failed("failed", now, payout, "account_closed").unwrap().answer
        };
        let told = if bank_first {
            [fails(&mut shop), called_off(&mut shop, payout)]
        } else {
            [called_off(&mut shop, payout), fails(&mut shop)]
        };
        let second = if bank_first { FactOutcome::Stale } else { FactOutcome::Applied };
        assert_eq!(told, [FactOutcome::Applied, second]);
        assert_eq!((holds(&shop, jo), status(&shop, payout)), ((80_00, 0, 0), PayoutStatus::Failed));
        let bank = shop.platform.payout(payout).unwrap().destination();
        assert_eq!(shop.platform.external_account(bank).unwrap().state(), ExternalAccountState::Errored);
        shop.sound();
    }
}

/// What was called off here is called off: that the processor says so as well is no news, that it was paid an anomaly.
#[test]
fn one_that_was_called_off_by_hand_stays_so() {
    let (mut shop, jo) = seller(PayoutSchedule::Manual);
    let payout = shop.pay_out(jo, usd(80_00)).unwrap();
    let cancel = Request::new("cancel", Command::CancelPayout(CancelPayout { payout })).acting_as(jo);
    shop.platform.handle(cancel).unwrap();
    let now = shop.platform.now();
    assert_eq!(called_off(&mut shop, payout), FactOutcome::Stale);
    let known = shop.platform.payout(payout).unwrap();
    assert_eq!(known.state(), &PayoutState::Canceled { canceled_at: now, by: CanceledBy::Platform });
    shop.platform.payouts().record_paid("paid", now, payout).unwrap();
    assert_eq!((holds(&shop, jo), shop.anomalies()), ((80_00, 0, 0), vec![AnomalyReason::PayoutCanceled]));
    shop.sound();
}

/// What was to take a payout back is called off with it; and the processor can call that off by itself as well.
#[test]
fn what_was_to_take_it_back_is_called_off_with_it() {
    let (mut shop, jo, payout) = sent();
    let reverse = Request::new("reverse", Command::ReversePayout(ReversePayout { payout })).acting_as(jo);
    shop.platform.handle(reverse).unwrap();
    let reversal = shop.platform.payout(payout).unwrap().reversed_by().unwrap();
    assert_eq!(holds(&shop, jo), (0, 80_00, 0));
    let alone = shop.clone();
    let now = shop.platform.now();
    let told = shop.platform.payouts().record_canceled("off", now, payout).unwrap().changes;
    assert_eq!(events(&told), ["payout.canceled", "payout.canceled"]);
    assert_eq!(told.instructions, [Instruction::Payout(PayoutInstruction::Cancel { payout: reversal })]);
    assert_eq!((holds(&shop, jo), status(&shop, reversal)), ((80_00, 0, 0), PayoutStatus::Canceled));
    shop.platform.payouts().record_paid("all the same", now, reversal).unwrap();
    assert_eq!((holds(&shop, jo), status(&shop, reversal)), ((160_00, 0, 0), PayoutStatus::Paid));
    shop.sound();
    // The debit is called off, and the payout stands.
    let mut shop = alone;
    assert_eq!(called_off(&mut shop, reversal), FactOutcome::Applied);
    assert_eq!((holds(&shop, jo), status(&shop, payout)), ((0, 0, 80_00), PayoutStatus::InTransit));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout_cancel -8000 - 0 = -8000 (payout_reversal)");
    let paid = shop.platform.payouts().record_paid("paid", now, reversal).unwrap().answer;
    assert_eq!(paid, FactOutcome::Stale, "its own end was told");
    shop.sound();
}

/// The debit of a bank for what is owed: the debt stays, nothing counts against the bank, and it is asked again on the next bank day; what
/// had arrived is owed again, and what was set aside for it goes free.
#[test]
fn a_debit_that_is_called_off_is_made_again() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(1_000_00)));
    let sale = shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.until(utc(2026, 11, 9).at(12, 0));
    let paid = shop.pay_out(jo, usd(80_00)).unwrap();
    let now = shop.platform.now();
    shop.platform.payouts().record_paid("out", now, paid).unwrap();
    let transfer = shop.transfer_of(sale);
    shop.reverse(NewTransferReversal::of(transfer).amount(usd(50_00))).unwrap();
    shop.until(utc(2026, 11, 13).at(12, 0));
    let BankDebit::UnderWay { payout } = shop.platform.bank_debit(jo, USD).unwrap() else { panic!("no debit") };
    for arrives in [false, true] {
        let mut shop = shop.clone();
        let bank = shop.platform.payout(payout).unwrap().destination();
        let now = shop.platform.now();
        if arrives {
            shop.platform.payouts().record_paid("paid", now, payout).unwrap();
            assert_eq!(holds(&shop, jo), (0, 0, 0));
        }
        assert_eq!(called_off(&mut shop, payout), FactOutcome::Applied);
        assert_eq!(holds(&shop, jo), (-50_00, 0, 0));
        assert_eq!(shop.platform.balance(shop.house, USD).unwrap().connect_reserved, 50_00);
        let known = shop.platform.external_account(bank).unwrap();
        assert_eq!((known.failed_debits(), known.state()), (0, ExternalAccountState::New));
        let BankDebit::Ahead { at } = shop.platform.bank_debit(jo, USD).unwrap() else { panic!("never again") };
        assert_eq!(at, utc(2026, 11, 16));
        shop.until(at.at(12, 0));
        assert!(matches!(shop.platform.bank_debit(jo, USD).unwrap(), BankDebit::UnderWay { .. }));
        shop.sound();
    }
}

/// The stand-in for the world hands it over and calls it off on the day on which it was expected; kept back before that, it is not heard of.
#[test]
fn the_simulator_calls_payouts_off() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), PAYOUT_CALLED_OFF);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(23, 0));
    let payout = shop.pay_out(jo, usd(80_00)).unwrap();
    shop.settle();
    let arrival = shop.platform.payout(payout).unwrap().arrival_date();
    assert_eq!((arrival, status(&shop, payout)), (utc(2026, 11, 5), PayoutStatus::InTransit));
    shop.until(arrival);
    assert_eq!((holds(&shop, jo), status(&shop, payout)), ((80_00, 0, 0), PayoutStatus::Canceled));
    shop.sound();
}
