//! Payouts that the platform takes back from the bank.

use fundroute::accounts::{AccountError, Action, Actor, Denial, ExternalAccountState};
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Answer, Changes, FactOutcome, Instruction};
use fundroute::payouts::debt::BankDebit;
use fundroute::payouts::{
    PayoutError, PayoutInstruction, PayoutSchedule, PayoutStatus, PayoutTrigger, ReconciliationStatus, ReversalBarrier,
    ReversePayout,
};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;

use crate::shop::{NOBODY, Shop, events};

/// A seller who was paid 80.00 by the schedule on Wednesday 2026-11-04, and is paid by hand since.
fn paid() -> (Shop, AccountId, PayoutId) {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(1_000_00)));
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    assert_eq!((shop.paid_out(jo), shop.available(jo)), (80_00, 0));
    let payout = shop.payouts(jo).pop().unwrap().id();
    (shop, jo, payout)
}

fn request(jo: AccountId, payout: PayoutId) -> Request {
    Request::new("reverse", Command::ReversePayout(ReversePayout { payout })).acting_as(jo)
}

fn reverse(shop: &mut Shop, jo: AccountId, payout: PayoutId) -> (PayoutId, Changes) {
    let decided = shop.platform.handle(request(jo, payout)).unwrap();
    let reversal = shop.platform.payout(payout).unwrap().reversed_by().unwrap();
    assert_eq!(decided.answer, Answer::Payout(reversal));
    (reversal, decided.changes)
}

fn failed(shop: &mut Shop, payout: PayoutId, code: &str) -> FactOutcome {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.payouts().record_failed(&key, now, payout, code).unwrap().answer
}

fn status(shop: &Shop, payout: PayoutId) -> PayoutStatus {
    shop.platform.payout(payout).unwrap().status()
}

/// docs.stripe.com/connect/payout-reversals (2024): the bank is debited by a new payout, below zero, which names the first; the first
/// names it, and stays paid.
#[test]
fn example_p1_a_payout_is_taken_back() {
    let (mut shop, jo, payout) = paid();
    let bank = shop.platform.payout(payout).unwrap().destination();
    let (reversal, changes) = reverse(&mut shop, jo, payout);
    assert_eq!(events(&changes), ["payout.updated", "payout.created"]);
    assert!(changes.events.iter().all(|event| event.account == Some(jo)));
    // Four bank days after Wednesday the 4th.
    let arrival_date = utc(2026, 11, 10);
    let asked = PayoutInstruction::Debit {
        payout: reversal,
        source: bank,
        amount: usd(80_00),
        arrival_date,
        statement_descriptor: "STRIPE".into(),
    };
    assert_eq!(changes.instructions, [Instruction::Payout(asked)]);
    let (first, second) = (shop.platform.payout(payout).unwrap(), shop.platform.payout(reversal).unwrap());
    assert_eq!(
        (first.status(), first.reversed_by(), first.original_payout()),
        (PayoutStatus::Paid, Some(reversal), None)
    );
    assert_eq!((second.amount(), second.original_payout(), second.reversed_by()), (usd(-80_00), Some(payout), None));
    assert_eq!((second.trigger(), second.is_debit()), (PayoutTrigger::Reversal, true));
    assert_eq!(second.reconciliation_status(), ReconciliationStatus::NotApplicable);
    assert_eq!((second.destination(), second.arrival_date()), (bank, arrival_date));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout 8000 - 0 = 8000 (payout)");
    // On its way, it is pending; nothing of it can be used.
    assert_eq!((shop.available(jo), shop.pending(jo), shop.in_transit(jo)), (0, 80_00, -80_00));
    shop.until(arrival_date);
    assert_eq!(status(&shop, reversal), PayoutStatus::Paid);
    assert_eq!((shop.available(jo), shop.pending(jo), shop.in_transit(jo)), (80_00, 0, 0));
    assert_eq!(shop.paid_out(jo), 0);
    // The walk from the reversal leads to the payout.
    let why = shop.platform.explain(jo, USD).unwrap();
    assert_eq!(why.last().unwrap().because, [reversal.into(), payout.into()]);
    shop.sound();
}

/// A reversal that has arrived may be pulled back by the bank, and takes the account below zero; it is not tried again.
#[test]
fn a_reversal_fails_after_it_was_paid_and_is_not_tried_again() {
    let (mut shop, jo, payout) = paid();
    let (reversal, _) = reverse(&mut shop, jo, payout);
    shop.until(utc(2026, 11, 10).at(12, 0));
    shop.pay_out(jo, usd(50_00)).unwrap();
    assert_eq!(failed(&mut shop, reversal, "insufficient_funds"), FactOutcome::Applied);
    assert_eq!(status(&shop, reversal), PayoutStatus::Failed);
    assert_eq!(shop.available(jo), -50_00);
    assert_eq!(shop.lines(jo).last().unwrap(), "payout_failure -8000 - 0 = -8000 (payout_reversal)");
    // What it leaves is a debt as any other: the platform answers for it, and the bank is debited for that by itself.
    assert_eq!(shop.platform.balance(shop.house, USD).unwrap().connect_reserved, 50_00);
    assert!(matches!(shop.platform.bank_debit(jo, USD).unwrap(), BankDebit::Ahead { .. }));
    let bank = shop.platform.payout(payout).unwrap().destination();
    assert_eq!(shop.platform.external_account(bank).unwrap().state(), ExternalAccountState::New);
    assert_eq!(shop.platform.external_account(bank).unwrap().failed_debits(), 0, "it was no debit for a debt");
    let known = shop.platform.payout(payout).unwrap();
    assert_eq!((known.status(), known.reversed_by()), (PayoutStatus::Paid, Some(reversal)));
    let again = Request { key: "again".to_owned(), ..request(jo, payout) };
    let refused = PayoutError::AlreadyReversed { payout, by: reversal };
    assert_eq!(shop.platform.handle(again).unwrap_err(), refused.into());
    shop.wait(30);
    let others = shop.payouts(jo).into_iter().filter(|known| known.original_payout() == Some(payout)).count();
    assert_eq!(others, 1);
    shop.sound();
}

/// docs.stripe.com/connect/payout-reversals (2024): where the payout itself fails, what was to take it back is canceled.
#[test]
fn a_payout_that_comes_back_leaves_nothing_to_take_back() {
    let (mut shop, jo, payout) = paid();
    let (reversal, _) = reverse(&mut shop, jo, payout);
    let now = shop.platform.now();
    let decided = shop.platform.payouts().record_failed("back", now, payout, "account_closed").unwrap();
    let told: Vec<_> = events(&decided.changes).into_iter().filter(|name| name.starts_with("payout.")).collect();
    assert_eq!(told, ["payout.failed", "payout.canceled"]);
    let off = Instruction::Payout(PayoutInstruction::Cancel { payout: reversal });
    assert!(decided.changes.instructions.contains(&off));
    assert_eq!((status(&shop, payout), status(&shop, reversal)), (PayoutStatus::Failed, PayoutStatus::Canceled));
    assert_eq!((shop.available(jo), shop.pending(jo), shop.in_transit(jo)), (80_00, 0, 0));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout_cancel -8000 - 0 = -8000 (payout_reversal)");
    // The bank was debited all the same: the money is there, and is told so once more.
    let now = shop.platform.now();
    shop.platform.payouts().record_paid("anyway", now, reversal).unwrap();
    assert_eq!((shop.available(jo), status(&shop, reversal)), (160_00, PayoutStatus::Paid));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout 8000 - 0 = 8000 (payout)");
    shop.sound();
}

/// A payout that was kept back for too long was never sent: there is nothing to take back either.
#[test]
fn a_payout_that_runs_out_leaves_nothing_to_take_back() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), fundroute::simulator::NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    let payout = shop.payouts(jo)[0].id();
    let (reversal, _) = reverse(&mut shop, jo, payout);
    let pause = fundroute::accounts::SetPause { account: jo, payments: None, payouts: Some(true) };
    shop.platform.handle(Request::new("pause", Command::SetPause(pause))).unwrap();
    shop.wait(11);
    assert_eq!((status(&shop, payout), status(&shop, reversal)), (PayoutStatus::Canceled, PayoutStatus::Canceled));
    assert_eq!((shop.available(jo), shop.pending(jo), shop.in_transit(jo)), (80_00, 0, 0));
    shop.sound();
}

/// A reversal is no debit for what the account owes: one that is under way goes on, and none begins or ends by it.
#[test]
fn a_reversal_has_no_part_in_debits_for_debts() {
    let (mut shop, jo, payout) = paid();
    // 30.00 are owed, and the bank is asked for them on Thursday.
    let sent = shop.transfer(NewTransfer::to(jo, usd(30_00))).unwrap();
    shop.pay_out(jo, usd(30_00)).unwrap();
    shop.reverse(NewTransferReversal::of(sent)).unwrap();
    shop.until(utc(2026, 11, 5).at(12, 0));
    let BankDebit::UnderWay { payout: debit } = shop.platform.bank_debit(jo, USD).unwrap() else { panic!("no debit") };
    let (reversal, _) = reverse(&mut shop, jo, payout);
    let under_way = BankDebit::UnderWay { payout: debit };
    assert_eq!(shop.platform.bank_debit(jo, USD).unwrap(), under_way);
    let now = shop.platform.now();
    shop.platform.payouts().record_paid("taken back", now, reversal).unwrap();
    assert_eq!((shop.available(jo), shop.platform.bank_debit(jo, USD).unwrap()), (50_00, under_way));
    assert_eq!(shop.platform.payout(reversal).unwrap().covered(), None);
    failed(&mut shop, reversal, "insufficient_funds");
    assert_eq!((shop.available(jo), shop.platform.bank_debit(jo, USD).unwrap()), (-30_00, under_way));
    shop.wait(10);
    assert_eq!((shop.available(jo), status(&shop, debit)), (0, PayoutStatus::Paid));
    shop.sound();
}

/// What stands in the way is told before anything happens, each by its own name.
#[test]
fn misuse_of_reversals_is_refused() {
    let (mut shop, jo, payout) = paid();
    let other = shop.banked(NewAccount::express(US));
    let nobody = PayoutId::from_host(NOBODY);
    assert_eq!(shop.platform.handle(request(jo, nobody)).unwrap_err(), Error::NotFound(nobody.into()));
    assert_eq!(shop.platform.handle(request(other, payout)).unwrap_err(), PayoutError::NotOnAccount(payout).into());
    let holder = request(jo, payout).by(Actor::Holder, jo);
    let denied =
        AccountError::NotPermitted { account: jo, action: Action::ReversePayout, denial: Denial::PlatformOnly };
    assert_eq!(shop.platform.handle(holder).unwrap_err(), denied.into());

    let sent = shop.transfer(NewTransfer::to(jo, usd(20_00)));
    sent.unwrap();
    let by_hand = shop.pay_out(jo, usd(20_00)).unwrap();
    assert_eq!(shop.platform.handle(request(jo, by_hand)).unwrap_err(), PayoutError::CancelInstead(by_hand).into());
    let (reversal, _) = reverse(&mut shop, jo, payout);
    let again = |id| Request { key: "again".to_owned(), ..request(jo, id) };
    let barred = |payout, why| Error::from(PayoutError::NotReversible { payout, why });
    assert_eq!(shop.platform.handle(again(reversal)).unwrap_err(), barred(reversal, ReversalBarrier::Debit));
    let cancel = shop.platform.acting_as(jo).unwrap().payouts().cancel("cancel", reversal).unwrap_err();
    assert_eq!(cancel, PayoutError::ReversalNotCancelable(reversal).into());

    // Once nothing is sent to a bank account as it stands, nothing is taken from it either.
    let (mut shop, jo, payout) = paid();
    shop.transfer(NewTransfer::to(jo, usd(20_00))).unwrap();
    let second = shop.pay_out(jo, usd(20_00)).unwrap();
    failed(&mut shop, second, "account_closed");
    let bank = shop.platform.payout(payout).unwrap().destination();
    let errored = PayoutError::BankAccountErrored(bank);
    assert_eq!(shop.platform.handle(request(jo, payout)).unwrap_err(), errored.into());
}
