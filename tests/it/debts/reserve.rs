//! What the platform sets aside: whatever moved the balance of the account that owes, and however little the platform has.

use fundroute::ids::{AccountId, PaymentId};
use fundroute::journal::{AuditNote, Changes, Fact, Record, Report};
use fundroute::ledger::{EntryKind, LedgerAccount};
use fundroute::payments::DisputeChange;
use fundroute::payouts::PayoutFailed;
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;

use super::{owes, paid_out, set_aside};
use crate::disputes::Contested;
use crate::shop::{Shop, every_kind};

/// What is set aside in one change, as (account, by how much, what it goes back to).
fn reserves(changes: &Changes) -> Vec<(fundroute::ids::ObjectId, i128, fundroute::ids::ObjectId)> {
    let entries = changes.entries.iter().filter(|entry| entry.kind() == EntryKind::ConnectReserve);
    entries
        .map(|entry| {
            let held = entry.movements().filter(|(bucket, ..)| matches!(bucket, LedgerAccount::ConnectReserved { .. }));
            (entry.cause(), held.map(|(.., amount)| amount).sum(), entry.lines().first().unwrap().source())
        })
        .collect()
}

type Mover = fn(&mut Shop, AccountId, PaymentId) -> i128;

/// Everything that takes an account below zero, and by how much.
const MOVERS: [(&str, Mover); 3] = [
    ("a reversal of its transfer", |shop, _, sale| {
        let transfer = shop.transfer_of(sale);
        shop.reverse(NewTransferReversal::of(transfer)).unwrap();
        50_00
    }),
    ("a refund that pulls its transfer back", |shop, _, sale| {
        shop.refund(NewRefund::of(sale).amount(usd(20_00)).reverse_transfer()).unwrap();
        20_00
    }),
    ("a dispute of a direct charge", |shop, jo, _| {
        let sale = shop.sell_as(jo, NewPayment::card(usd(30_00)));
        shop.wait(5);
        shop.chargeback(sale, "dp_1", usd(30_00));
        owes(shop, jo)
    }),
];

#[test]
fn whatever_takes_an_account_below_zero_sets_money_of_the_platform_aside() {
    for (what, mover) in MOVERS {
        for (name, account) in every_kind(US).into_iter().skip(1) {
            let (mut shop, jo, sale) = paid_out(account, usd(50_00));
            let owed = mover(&mut shop, jo, sale);
            assert_eq!(shop.available(jo), -owed, "{what}, {name}");
            assert_eq!(set_aside(&shop), owed, "{what}, {name}");
            shop.sound();
        }
    }
}

#[test]
fn the_entry_stands_in_the_changes_of_what_moved_the_account() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    let decided = shop.platform.refunds().create("back", NewRefund::of(sale).reverse_transfer()).unwrap();
    let transfer = shop.platform.transfer(shop.transfer_of(sale)).unwrap().id();
    assert!(shop.platform.family(transfer).any(|record| matches!(record, Record::TransferReversal(_))));
    assert_eq!(reserves(&decided.changes), [(jo.into(), 50_00, decided.answer.into())]);
    let back = shop.platform.transfers().create("again", NewTransfer::to(jo, usd(70_00))).unwrap();
    assert_eq!(reserves(&back.changes), [(jo.into(), -50_00, back.answer.into())]);
    // Each step of the explanation goes back to where the money came from.
    let steps = shop.platform.explain(shop.house, USD).unwrap();
    let set_aside = steps.iter().filter(|step| step.reserved == 50_00).collect::<Vec<_>>();
    assert_eq!(set_aside.len(), 1);
    assert_eq!(set_aside[0].because.last(), Some(&sale.into()));
}

/// What goes below zero and comes back in one change sets nothing aside.
#[test]
fn what_one_change_does_to_an_account_is_one_entry() {
    let (mut shop, jo, _) = paid_out(NewAccount::express(US), usd(50_00));
    let sale = shop.sell_as(jo, NewPayment::card(usd(30_00)));
    shop.wait(5);
    let dispute = shop.chargeback(sale, "dp_1", usd(30_00));
    let owed = shop.platform.who_owes(jo).unwrap()[0].amount;
    let (id, now) = (shop.key(), shop.platform.now());
    let news = shop.platform.disputes().record_changed(&id, now, "dp_1", DisputeChange::Won).unwrap();
    assert!(reserves(&news.changes).len() <= 1);
    assert_eq!(shop.available(jo), -(owed - set_free(&news.changes)));
    assert_eq!(set_aside(&shop), owed - set_free(&news.changes));
    assert_eq!(shop.record_of(dispute).id(), dispute);
}

fn set_free(changes: &Changes) -> i128 {
    -reserves(changes).iter().map(|(_, more, _)| more).sum::<i128>()
}

#[test]
fn a_platform_without_money_falls_below_zero_by_what_it_sets_aside() {
    let mut shop = Shop::open();
    let (jo, bo) = (shop.banked(NewAccount::express(US)), shop.seller(NewAccount::express(US)));
    let sale = shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    shop.wait(5);
    let short = shop.available(shop.house);
    assert!(short < 0, "the platform has paid the processor alone");
    let float = shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(5);
    let own = shop.available(shop.house);
    // The seller's share covers the refund; that the seller does not have it takes the platform below zero. It is decided apart from
    // its storage, and stands.
    let request = Request::new("back", Command::CreateRefund(NewRefund::of(sale).reverse_transfer()));
    let decided = shop.platform.decide(&request).unwrap();
    shop.platform.apply(&decided.changes).unwrap();
    assert_eq!((shop.available(shop.house), set_aside(&shop)), (own - 50_00, 50_00));
    assert_eq!(shop.platform.who_owes(shop.house).unwrap()[0].amount, 50_00 - own);
    // Nothing leaves it then.
    let refused = shop.transfer(NewTransfer::to(bo, usd(1))).unwrap_err();
    assert_eq!(refused.kind(), fundroute::ErrorKind::Insufficient);
    let refund = shop.refund(NewRefund::of(float)).unwrap();
    assert_eq!(shop.platform.refund(refund).unwrap().status(), fundroute::payments::RefundStatus::Pending);
    shop.sound();
}

/// What is given free when an account is paid is the platform's to use: a refund that waited for it is made, and a payout runs.
#[test]
fn what_is_given_free_pays_what_waited_for_it() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    let float = shop.sell(NewPayment::card(usd(60_00)));
    shop.wait(5);
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let waits = shop.refund(NewRefund::of(float).amount(usd(40_00))).unwrap();
    let status = |shop: &Shop| shop.platform.refund(waits).unwrap().status().to_string();
    assert_eq!(status(&shop), "pending");
    // The seller's own sales pay the debt.
    shop.sell_as(jo, NewPayment::card(usd(80_00)));
    shop.wait(6);
    assert_eq!((status(&shop), set_aside(&shop)), ("succeeded".to_owned(), 0));
    shop.sound();
}

#[test]
fn each_currency_is_by_itself() {
    let mut shop = Shop::open_by(US, crate::shop::rules().with_settlement_currencies(US, &[USD, EUR]).unwrap());
    let jo = shop.banked(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(1_000_00)));
    let sale = shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    shop.wait(5);
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    assert_eq!(set_aside(&shop), 50_00);
    assert_eq!(shop.platform.balance(shop.house, EUR).unwrap().connect_reserved, 0);
    assert_eq!(shop.platform.who_owes(jo).unwrap().len(), 1);
}

/// A payout that comes back pays what was owed meanwhile.
#[test]
fn a_payout_that_comes_back_lowers_the_debt() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let payout = shop.payouts(jo)[0].id();
    let (id, now) = (shop.key(), shop.platform.now());
    let failed = PayoutFailed { payout, failure_code: "account_closed".to_owned() };
    let news = shop.platform.record(&Report::new(id, now, Fact::PayoutFailed(failed)));
    assert_eq!(reserves(&news.unwrap().changes), [(jo.into(), -50_00, payout.into())]);
    assert_eq!((shop.available(jo), set_aside(&shop)), (0, 0));
}

/// What is set aside is out of what is held, by a line, and comes back by one: the report reconciles and names it.
#[test]
fn a_report_names_what_was_set_aside() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    let from = shop.platform.now();
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    shop.wait(1);
    shop.transfer(NewTransfer::to(jo, usd(20_00))).unwrap();
    let until = shop.platform.now().plus_days(1).unwrap();
    let report = shop.platform.balance_report(shop.house, from..until).unwrap();
    let of = report.currency(USD).unwrap();
    let activity = of.activity();
    let aside = activity.iter().find(|sum| sum.category.as_str() == "connect_reserved_funds").unwrap();
    assert_eq!((aside.count, aside.net), (2, -30_00));
    let nets: i128 = of.lines.iter().map(|line| line.net).sum();
    assert_eq!(of.opening.held() + nets, of.closing.held());
    assert_eq!(of.closing.connect_reserved, 30_00);
    assert!(report.to_string().contains("connect_reserved_funds"));
    let statement = shop.platform.statement(shop.house).unwrap().to_string();
    assert!(
        statement.contains("reserve_transaction") && statement.contains(", set aside against debts 30.00"),
        "{statement}"
    );
}

/// The audit adds up what is owed, and says where something else is set aside.
#[test]
fn an_audit_finds_what_is_not_set_aside() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let mut snapshot = shop.platform.snapshot();
    snapshot.balances.iter_mut().find(|row| row.account == jo).unwrap().available -= 1;
    let damaged = Platform::restore(crate::shop::rules(), snapshot, shop.platform.now());
    let note = AuditNote::ReservedDiffers { currency: USD, owed: 50_01, reserved: 50_00 };
    assert!(damaged.audit().contains(&note), "{:?}", damaged.audit());
    assert_eq!(note.to_string(), "5000 of the platform's USD are set aside, its accounts owe 5001");
}
