//! Debts that the processor gives up, and accounts that are to be closed while they owe.

use fundroute::accounts::{AccountError, CloseAccount};
use fundroute::ids::AccountId;
use fundroute::journal::{AnomalyReason, DeadlineKind, FactOutcome};
use fundroute::ledger::LedgerAccount;
use fundroute::prelude::*;

use super::{owes, paid_out, set_aside};
use crate::disputes::Contested;
use crate::shop::{Shop, every_kind, monday, rules};

/// A Standard account that was paid out and owes so much for a dispute.
fn in_debt() -> (Shop, AccountId, i64) {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(80_00)));
    shop.wait(5);
    shop.chargeback(sale, "dp_1", usd(80_00));
    let owed = i64::try_from(owes(&shop, jo)).unwrap();
    (shop, jo, owed)
}

fn write_off(shop: &mut Shop, account: AccountId, amount: Money) -> FactOutcome {
    let (id, now) = (shop.key(), shop.platform.now());
    shop.platform.payouts().record_written_off(&id, now, account, amount).unwrap().answer
}

fn losses(shop: &Shop) -> i128 {
    shop.platform.outside(LedgerAccount::Losses, USD)
}

#[test]
fn what_the_processor_gives_up_is_its_own_loss() {
    let (mut shop, jo, owed) = in_debt();
    let house = shop.available(shop.house);
    assert_eq!(write_off(&mut shop, jo, usd(30_00)), FactOutcome::Applied);
    assert_eq!((shop.available(jo), losses(&shop)), (i128::from(30_00 - owed), -30_00));
    assert_eq!(shop.lines(jo).last().unwrap(), "adjustment 3000 - 0 = 3000 (other_adjustment)");
    let fact = (shop.key(), shop.platform.now());
    let rest = shop.platform.payouts().record_written_off(&fact.0, fact.1, jo, usd(owed - 30_00)).unwrap();
    assert_eq!(crate::shop::events(&rest.changes), ["balance.written_off"]);
    assert_eq!(rest.changes.events[0].account, Some(jo));
    assert_eq!((shop.available(jo), losses(&shop)), (0, -i128::from(owed)));
    assert_eq!(shop.platform.who_owes(jo).unwrap(), []);
    // The platform has nothing to do with it, and it is nothing that payers gave.
    assert_eq!((shop.available(shop.house), set_aside(&shop)), (house, 0));
    assert_eq!(shop.platform.volume(jo, USD), 80_00);
    let sheet = shop.platform.trial_balances();
    assert_eq!((sheet[0].absorbed, sheet[0].balances()), (owed.into(), true));
    shop.sound();
}

#[test]
fn told_again_it_is_the_same_money() {
    let (mut shop, jo, owed) = in_debt();
    let now = shop.platform.now();
    for _ in 0..2 {
        shop.platform.payouts().record_written_off("once", now, jo, usd(owed)).unwrap();
    }
    assert_eq!((shop.available(jo), losses(&shop)), (0, -i128::from(owed)));
}

/// What is told first is no matter: that it was given up, or why it is owed.
#[test]
fn it_may_be_told_before_what_it_is_about() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(80_00)));
    shop.wait(5);
    assert_eq!(write_off(&mut shop, jo, usd(80_00)), FactOutcome::Applied);
    assert_eq!(shop.available(jo), 80_00);
    shop.chargeback(sale, "dp_1", usd(80_00));
    let (_, known, owed) = in_debt();
    assert_eq!(known, jo, "the same story");
    assert_eq!(shop.available(jo), i128::from(80_00 - owed));
    shop.sound();
}

#[test]
fn what_the_platform_answers_for_the_processor_does_not_give_up() {
    for (name, account) in every_kind(US).into_iter().skip(1) {
        let (mut shop, jo, sale) = paid_out(account, usd(50_00));
        shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
        let house = shop.house;
        for owner in [jo, house] {
            let outcome = write_off(&mut shop, owner, usd(50_00));
            assert!(matches!(outcome, FactOutcome::Anomaly(_)), "{name}: {outcome:?}");
        }
        assert_eq!(shop.anomalies(), [AnomalyReason::LossesNotTheirs; 2], "{name}");
        assert_eq!((shop.available(jo), set_aside(&shop), losses(&shop)), (-50_00, 50_00, 0), "{name}");
        shop.sound();
    }
    let (mut shop, jo, owed) = in_debt();
    for amount in [usd(0), usd(-5), usd(i64::MIN)] {
        assert!(matches!(write_off(&mut shop, jo, amount), FactOutcome::Anomaly(_)));
    }
    assert_eq!(shop.anomalies(), [AnomalyReason::AmountDiffers; 3]);
    assert_eq!(shop.available(jo), -i128::from(owed));
    let nobody = AccountId::from_host(crate::shop::NOBODY);
    let now = shop.platform.now();
    let refused = shop.platform.payouts().record_written_off("nobody", now, nobody, usd(1)).unwrap_err();
    assert_eq!(refused, Error::NotFound(nobody.into()));
}

/// A live account that owes is not closed before it is whole; the platform makes it whole, or the time does.
#[test]
fn an_account_that_owes_is_not_closed() {
    for by_time in [true, false] {
        let new = NewPlatform::in_country(US).live();
        let mut shop = Shop::open();
        shop.platform = Platform::new(new, rules(), monday()).unwrap();
        shop.house = shop.platform.id();
        let jo = shop.banked(NewAccount::express(US));
        shop.sell(NewPayment::card(usd(1_000_00)));
        let sale = shop.sell(NewPayment::card(usd(50_00)).destination(jo));
        shop.wait(6);
        shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
        let close = |key: &str| Request::new(key, Command::CloseAccount(CloseAccount { account: jo }));
        let refused = shop.platform.handle(close("close")).unwrap_err();
        assert_eq!(refused, AccountError::BalanceNotZero { account: jo, currency: USD }.into());
        if by_time {
            shop.wait(180);
        } else {
            shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
        }
        shop.platform.handle(close("close")).unwrap();
        assert!(shop.platform.deadlines().all(|due| due.what != DeadlineKind::Collect(jo, USD)));
        shop.sound();
    }
}

/// In test mode an account may be closed while it owes: the debt stays what it is, and is collected like any other.
#[test]
fn what_a_closed_account_owes_is_collected() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    shop.platform.handle(Request::new("close", Command::CloseAccount(CloseAccount { account: jo }))).unwrap();
    assert_eq!(set_aside(&shop), 50_00);
    shop.wait(180);
    assert_eq!((shop.available(jo), set_aside(&shop)), (0, 0));
    shop.sound();
}
