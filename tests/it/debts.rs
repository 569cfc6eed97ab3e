//! Balances below zero: what the platform sets aside, when it pays, and who owes what and why.

mod bank;
mod concurrent;
mod reserve;
mod under_way;
mod written_off;

use fundroute::accounts::LossBearer;
use fundroute::ids::{AccountId, ObjectId, PaymentId};
use fundroute::journal::{Changes, Deadline, DeadlineKind};
use fundroute::payouts::debt::{DebtEvent, Liable};
use fundroute::prelude::*;

use crate::disputes::Contested;
use crate::shop::{Shop, every_kind, rules};

/// A platform with 1,000.00 less fees of its own available, and a seller who got and was paid so much of a sale, and whose bank is not
/// debited.
pub(crate) fn paid_out(account: NewAccount, amount: Money) -> (Shop, AccountId, PaymentId) {
    let mut shop = Shop::open();
    let jo = shop.banked(account);
    shop.spare_bank(jo);
    shop.sell(NewPayment::card(usd(1_000_00)));
    let sale = shop.sell(NewPayment::card(amount).destination(jo));
    shop.wait(5);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, amount.minor().into()));
    (shop, jo, sale)
}

/// What the platform has set aside in dollars.
pub(crate) fn set_aside(shop: &Shop) -> i128 {
    shop.platform.balance(shop.house, USD).unwrap().connect_reserved
}

/// What an account owes, in its only debt.
pub(crate) fn owes(shop: &Shop, account: AccountId) -> i128 {
    shop.platform.who_owes(account).unwrap().first().unwrap().amount
}

fn names(changes: &[Changes]) -> Vec<&'static str> {
    changes.iter().flat_map(|changes| &changes.events).map(|event| event.kind.name()).collect()
}

/// money that is owed for 180 days: 50.00 are set aside, 20.00 come in and give as much free, and at the end the platform pays the other
/// 30.00 and gets as much back from what was set aside (docs.stripe.com/connect/account-balances, 2024).
#[test]
fn example_d9_what_is_owed_for_180_days_is_collected() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    let own = shop.available(shop.house);
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let since = shop.platform.now();
    assert_eq!((shop.available(jo), set_aside(&shop)), (-50_00, 50_00));
    assert_eq!(shop.available(shop.house), own - 50_00, "the refund is the seller's, the reserve the platform's");
    assert_eq!(
        shop.lines(shop.house).last().unwrap(),
        "reserve_transaction -5000 - 0 = -5000 (connect_reserved_funds)"
    );

    shop.wait(30);
    shop.transfer(NewTransfer::to(jo, usd(20_00))).unwrap();
    assert_eq!((shop.available(jo), set_aside(&shop)), (-30_00, 30_00));
    assert_eq!(shop.lines(shop.house).last().unwrap(), "reserve_transaction 2000 - 0 = 2000 (connect_reserved_funds)");

    let due = since.plus_days(180).unwrap();
    shop.until(due.checked_add(chrono::TimeDelta::microseconds(-1)).unwrap());
    assert_eq!((shop.available(jo), set_aside(&shop)), (-30_00, 30_00));
    let before = shop.available(shop.house);
    let collected = shop.platform.advance_to(due).unwrap();
    assert_eq!(collected.len(), 1);
    assert_eq!(names(&collected), [DebtEvent::Collected.name()]);
    assert_eq!((collected[0].events[0].object, collected[0].events[0].account), (jo.into(), None));
    assert_eq!((shop.available(jo), set_aside(&shop)), (0, 0));
    assert_eq!(shop.available(shop.house), before);
    let lines = shop.lines(shop.house);
    let last = [
        "connect_collection_transfer -3000 - 0 = -3000 (connect_collection_transfer)",
        "reserve_transaction 3000 - 0 = 3000 (connect_reserved_funds)",
    ];
    assert_eq!(lines[lines.len() - 2..], last);
    assert_eq!(shop.lines(jo).last().unwrap(), "payment 3000 - 0 = 3000 (charge)");
    // What the platform covered is nothing that payers gave.
    assert_eq!(shop.platform.volume(jo, USD), 50_00 + 20_00);
    assert_eq!(shop.platform.who_owes(jo).unwrap(), []);
    shop.sound();
}

#[test]
fn what_comes_in_ends_the_wait() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    shop.wait(170);
    shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
    assert_eq!((shop.available(jo), set_aside(&shop)), (0, 0));
    let due = |shop: &Shop| shop.platform.deadlines().any(|due| due.what == DeadlineKind::Collect(jo, USD));
    assert!(!due(&shop));
    // Owed again, it waits anew.
    shop.wait(1);
    let other = shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(5);
    shop.refund(NewRefund::of(other).reverse_transfer()).unwrap();
    let since = shop.platform.now();
    assert!(due(&shop));
    let debt = shop.platform.overdraft(jo, USD).unwrap().unwrap();
    assert_eq!((debt.since, debt.collect_at), (since, since.plus_days(180).ok()));
    shop.wait(179);
    assert_eq!(shop.available(jo), -10_00);
    shop.wait(1);
    assert_eq!((shop.available(jo), set_aside(&shop)), (0, 0));
    shop.sound();
}

#[test]
fn a_balance_that_was_lifted_and_fell_at_one_moment_was_never_lifted() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    let other = shop.sell(NewPayment::card(usd(40_00)).destination(jo));
    shop.wait(5);
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let since = shop.platform.now();
    shop.wait(9);
    // Up by 60.00 and down by 40.00, or the other way round.
    for lift_first in [true, false] {
        let mut shop = shop.clone();
        let steps = if lift_first { [true, false] } else { [false, true] };
        for is_lift in steps {
            if is_lift {
                shop.transfer(NewTransfer::to(jo, usd(60_00))).unwrap();
            } else {
                shop.refund(NewRefund::of(other).reverse_transfer()).unwrap();
            }
        }
        assert_eq!(shop.available(jo), -30_00);
        assert_eq!(shop.platform.overdraft(jo, USD).unwrap().unwrap().since, since, "lifted first: {lift_first}");
    }
    // An hour in between, and it is another debt.
    shop.transfer(NewTransfer::to(jo, usd(60_00))).unwrap();
    shop.platform.advance_to(shop.platform.now().checked_add(chrono::TimeDelta::hours(1)).unwrap()).unwrap();
    shop.refund(NewRefund::of(other).reverse_transfer()).unwrap();
    assert_eq!(shop.platform.overdraft(jo, USD).unwrap().unwrap().since, shop.platform.now());
}

#[test]
fn what_falls_at_the_moment_of_its_collection_is_another_debt() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    let other = shop.sell(NewPayment::card(usd(40_00)).destination(jo));
    shop.wait(5);
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let due = shop.platform.now().plus_days(180).unwrap();
    shop.until(due);
    assert_eq!(shop.available(jo), 0);
    shop.refund(NewRefund::of(other).reverse_transfer()).unwrap();
    let debt = shop.platform.overdraft(jo, USD).unwrap().unwrap();
    assert_eq!((debt.since, debt.collect_at), (due, due.plus_days(180).ok()));
    assert_eq!(shop.platform.next_deadline().map(|next| next > due), Some(true));
    shop.wait(10);
    assert_eq!((shop.available(jo), set_aside(&shop)), (-40_00, 40_00));
}

#[test]
fn a_host_says_how_long_the_platform_waits() {
    for (wait, collected) in [(Some(days(3)), true), (None, false), (Some(days(-3)), true)] {
        let mut shop = Shop::open_by(US, rules().with_collection_wait(wait));
        let jo = shop.banked(NewAccount::express(US));
        shop.spare_bank(jo);
        shop.sell(NewPayment::card(usd(1_000_00)));
        let sale = shop.sell(NewPayment::card(usd(50_00)).destination(jo));
        shop.wait(5);
        shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
        shop.wait(if wait == Some(days(-3)) { 0 } else { 3 });
        let left = if collected { 0 } else { 50_00 };
        assert_eq!((shop.available(jo), set_aside(&shop)), (-left, left), "{wait:?}");
        shop.wait(400);
        assert_eq!(shop.available(jo), -left);
        shop.sound();
    }
}

/// Who owes: by kind of account, who is second in line, what is set aside, and when it is collected.
#[test]
fn who_owes_follows_from_who_bears_the_losses() {
    for (name, account) in every_kind(US) {
        let is_platforms = account.controller.losses == LossBearer::Application;
        let mut shop = Shop::open();
        let jo = shop.banked(account);
        shop.spare_bank(jo);
        shop.sell(NewPayment::card(usd(1_000_00)));
        let sale = shop.sell_as(jo, NewPayment::card(usd(100_00)));
        shop.wait(5);
        let since = shop.platform.now();
        shop.chargeback(sale, "dp_1", usd(100_00));
        let debts = shop.platform.who_owes(jo).unwrap();
        let [debt] = debts.as_slice() else { panic!("{name}: {debts:?}") };
        let fee = debt.amount - 100_00;
        assert!(fee >= 0, "{name}");
        let second = if is_platforms { Liable::Platform } else { Liable::Processor };
        assert_eq!((debt.liable, debt.since), ([Liable::Holder, second], since), "{name}");
        assert_eq!(debt.collect_at, is_platforms.then(|| since.plus_days(180).unwrap()), "{name}");
        assert_eq!((debt.account, debt.currency, debt.before), (jo, USD, 0));
        assert_eq!(debt.because.iter().map(|step| step.available).sum::<i128>(), -debt.amount);
        let chain: Vec<ObjectId> = debt.because[0].because.clone();
        let dispute = shop.platform.disputes_of(sale).unwrap()[0].id();
        assert_eq!(chain, [dispute.into(), shop.charge_of(sale).into(), sale.into()], "{name}");
        assert_eq!(set_aside(&shop), if is_platforms { debt.amount } else { 0 }, "{name}");
        shop.wait(200);
        let left = if is_platforms { 0 } else { -debt.amount };
        assert_eq!((shop.available(jo), set_aside(&shop)), (left, 0), "{name}");
        shop.sound();
    }
}

/// The chain of causes leaves out what happened before, and what does not touch the available funds.
#[test]
fn who_owes_tells_what_has_moved_the_balance_since() {
    let (mut shop, jo, first) = paid_out(NewAccount::express(US), usd(50_00));
    let second = shop.sell(NewPayment::card(usd(40_00)).destination(jo));
    shop.wait(6);
    shop.transfer(NewTransfer::to(jo, usd(10_00))).unwrap();
    shop.refund(NewRefund::of(first).reverse_transfer()).unwrap();
    shop.wait(2);
    assert_eq!(shop.platform.who_owes(jo).unwrap()[0].amount, 40_00);
    shop.sell(NewPayment::card(usd(5_00)).destination(jo));
    shop.refund(NewRefund::of(second).amount(usd(15_00)).reverse_transfer()).unwrap();
    shop.wait(5);
    let debts = shop.platform.who_owes(jo).unwrap();
    let moved: Vec<i128> = debts[0].because.iter().map(|step| step.available).collect();
    // At the moment of the fall 10.00 came first; what was pending pays when it settles.
    assert_eq!((debts[0].before, moved), (0, vec![10_00, -50_00, -15_00, 5_00]));
    assert_eq!(debts[0].amount, 50_00);
    assert_eq!(shop.platform.who_owes(shop.house).unwrap(), []);
    assert!(matches!(shop.platform.who_owes(AccountId::from_host(crate::shop::NOBODY)), Err(Error::NotFound(_))));
}

#[test]
fn a_platform_below_zero_owes_the_processor() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(5);
    shop.chargeback(sale, "dp_1", usd(100_00));
    let debts = shop.platform.who_owes(shop.house).unwrap();
    assert_eq!((debts[0].liable, debts[0].collect_at), ([Liable::Platform, Liable::Processor], None));
    assert_eq!(debts[0].amount, -shop.available(shop.house));
    assert_eq!(set_aside(&shop), 0, "nothing is set aside for the platform itself");
}

/// A deadline that a damaged state has, of a debt that is none, is told once and does not come back.
#[test]
fn a_collection_of_nothing_is_given_up() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let mut snapshot = shop.platform.snapshot();
    let row = snapshot.balances.iter_mut().find(|row| row.account == jo).unwrap();
    row.available = 0;
    let due = row.overdraft.unwrap().collect_at.unwrap();
    let mut platform = Platform::restore(rules(), snapshot, shop.platform.now());
    let deadline = Deadline { due, what: DeadlineKind::Collect(jo, USD) };
    assert!(platform.deadlines().any(|known| *known == deadline));
    platform.advance_to(due.plus_days(1).unwrap()).unwrap();
    assert!(platform.deadlines().all(|known| *known != deadline));
    assert_eq!(platform.records().filter(|record| matches!(record, fundroute::journal::Record::Anomaly(_))).count(), 1);
}

/// What is told beforehand of a transfer to whoever owes is what happens; what is not owed here is not netted.
#[test]
fn what_later_transfers_pay_of_a_debt_is_told_beforehand() {
    for (name, account) in every_kind(US) {
        let is_platforms = account.controller.losses == LossBearer::Application;
        let mut shop = Shop::open();
        let jo = shop.banked(account);
        shop.sell(NewPayment::card(usd(1_000_00)));
        let sale = shop.sell_as(jo, NewPayment::card(usd(100_00)));
        shop.wait(5);
        shop.chargeback(sale, "dp_1", usd(100_00));
        for amount in [usd(30_00), usd(40_00), usd(90_00), usd(10_00)] {
            let (before, aside) = (shop.available(jo), set_aside(&shop));
            let netting = shop.platform.netted(jo, amount).unwrap();
            assert_eq!(netting.owed, (-before).max(0), "{name}");
            shop.transfer(NewTransfer::to(jo, amount)).unwrap();
            let now = shop.available(jo);
            assert_eq!(netting.still_owed, (-now).max(0), "{name}");
            assert_eq!(netting.pays + netting.left, i128::from(amount.minor()), "{name}");
            assert_eq!(netting.left, now.max(0) - before.max(0), "{name}");
            assert_eq!(netting.given_free, aside - set_aside(&shop), "{name}");
            assert_eq!(netting.given_free, if is_platforms { netting.pays } else { 0 }, "{name}");
        }
        let other = shop.platform.netted(jo, eur(5_00)).unwrap();
        assert_eq!((other.owed, other.left), (0, 5_00), "another currency is never netted");
        assert_eq!(shop.platform.netted(jo, usd(-5)).unwrap().left, 0);
        shop.sound();
    }
}
