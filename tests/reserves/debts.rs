//! What is held back of accounts that owe, and what the platform sets aside for them meanwhile.

use fundroute::calendar::Recurrence;
use fundroute::ids::{ObjectId, TransferId};
use fundroute::journal::{Changes, DeadlineKind};
use fundroute::ledger::{EntryKind, LedgerAccount};
use fundroute::payouts::{NewReserveHold, NewReserveRelease, PayoutSchedule};
use fundroute::prelude::*;

use super::Shop;

impl Shop {
    /// What the platform has available and set aside.
    fn house(&self) -> (i128, i128) {
        let balance = self.platform.balance(self.platform.id(), USD).unwrap();
        assert_eq!(balance.held(), balance.pending + balance.available, "what is set aside is out of it");
        (balance.available, balance.connect_reserved)
    }

    /// Pays the seller all out that is available.
    fn empty(&mut self) {
        let available = i64::try_from(self.purse().1).unwrap();
        let (key, jo) = (self.key(), self.jo);
        self.platform.acting_as(jo).unwrap().payouts().create(&key, usd(available)).unwrap();
    }

    fn take_back(&mut self, transfer: TransferId) {
        let key = self.key();
        self.platform.transfers().reverse(&key, transfer).unwrap();
    }
}

/// What one change sets aside, and for whom.
fn set_aside(changes: &Changes) -> Vec<(ObjectId, i128)> {
    let entries = changes.entries.iter().filter(|entry| entry.kind() == EntryKind::ConnectReserve);
    let parts = entries.map(|entry| {
        let ours = entry.movements().filter(|(account, ..)| matches!(account, LedgerAccount::ConnectReserved { .. }));
        (entry.cause(), ours.map(|(.., amount)| amount).sum())
    });
    parts.collect()
}

/// A seller that had 100.00, of which 60.00 are held back by themselves, and now owes 100.00, for which as much is set aside and for which
/// no bank is debited.
fn below(hold: impl FnOnce(NewReserveHold) -> NewReserveHold) -> (Shop, fundroute::ids::ReserveHoldId) {
    let mut shop = Shop::open();
    let jo = shop.jo;
    shop.platform.payouts().debit_negative_balances("spare", jo, false).unwrap();
    shop.sell(None, NewPayment::card(usd(500_00)));
    shop.wait(3);
    let transfer = shop.platform.transfers().create("send", NewTransfer::to(jo, usd(100_00))).unwrap().answer;
    let held = shop.hold(hold(NewReserveHold::of(jo, usd(60_00)))).unwrap();
    shop.empty();
    let own = shop.house().0;
    shop.take_back(transfer);
    assert_eq!((shop.purse(), shop.house()), ((0, -100_00, 60_00), (own + 100_00 - 100_00, 100_00)));
    shop.sound();
    (shop, held)
}

#[test]
fn what_is_let_go_below_zero_gives_as_much_free_as_was_set_aside() {
    let date = utc(2026, 11, 20);
    let (mut shop, hold) = below(|hold| hold.release_after(date));
    let (jo, own) = (shop.jo, shop.house().0);
    let release = NewReserveRelease::of(hold).amount(usd(25_00));
    let decided = shop.platform.reserves().release("some", release).unwrap();
    assert_eq!(set_aside(&decided.changes), [(jo.into(), -25_00)]);
    assert_eq!((shop.purse(), shop.house()), ((0, -75_00, 35_00), (own + 25_00, 75_00)));
    shop.sound();
    // The rest in its time.
    shop.platform.advance_to(utc(2026, 11, 21)).unwrap();
    assert_eq!((shop.purse(), shop.house()), ((0, -40_00, 0), (own + 60_00, 40_00)));
    assert_eq!(shop.platform.who_owes(jo).unwrap()[0].amount, 40_00);
    shop.sound();
}

/// What is let go beyond what is owed is the account's, and the wait for the platform to pay is over.
#[test]
fn what_is_let_go_may_end_a_debt() {
    let (mut shop, hold) = below(|hold| hold);
    let jo = shop.jo;
    let collects = |shop: &Shop| shop.platform.deadlines().any(|due| due.what == DeadlineKind::Collect(jo, USD));
    shop.platform.transfers().create("more", NewTransfer::to(jo, usd(55_00))).unwrap();
    assert_eq!((shop.purse().1, shop.house().1, collects(&shop)), (-45_00, 45_00, true));
    shop.release(NewReserveRelease::of(hold)).unwrap();
    assert_eq!((shop.purse(), shop.house().1, collects(&shop)), ((0, 15_00, 0), 0, false));
    assert_eq!(shop.platform.who_owes(jo).unwrap(), []);
    shop.sound();
}

/// All that a plan lets go at once for one account is one entry of what is set aside.
#[test]
fn the_end_of_a_plan_gives_free_what_is_set_aside_in_one_entry() {
    let (mut shop, plan) = Shop::with_plan();
    let jo = shop.jo;
    shop.sell(None, NewPayment::card(usd(500_00)));
    shop.wait(3);
    let send = |shop: &mut Shop| {
        let key = shop.key();
        shop.platform.transfers().create(&key, NewTransfer::to(jo, usd(40_00))).unwrap().answer
    };
    let first = send(&mut shop);
    let rest = [send(&mut shop), send(&mut shop)];
    shop.empty();
    // The first one claims what is held back of it; of the others it stays.
    shop.take_back(first);
    assert_eq!((shop.purse(), shop.house().1), ((0, -30_00, 20_00), 30_00));
    assert!(rest.iter().all(|id| shop.platform.transfer(*id).unwrap().hold().is_some()));
    shop.platform.reserves().disable_plan("enough", plan).unwrap();
    let soon = shop.platform.now().checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
    let fired = shop.platform.advance_to(soon).unwrap();
    let told: Vec<_> = fired.iter().flat_map(set_aside).collect();
    assert_eq!(told, [(jo.into(), -20_00)]);
    assert_eq!((shop.purse(), shop.house().1), ((0, -10_00, 0), 10_00));
    shop.sound();
}

/// What is held back for as long as a debt may last is let go first, and the platform pays what is left of it.
#[test]
fn what_is_held_back_covers_a_debt_before_the_platform_does() {
    let (mut shop, _) = below(|hold| hold);
    let due = shop.platform.now().plus_days(180).unwrap();
    shop.platform.advance_to(due.checked_add(chrono::TimeDelta::microseconds(-1)).unwrap()).unwrap();
    let own = shop.house().0;
    assert_eq!((shop.purse(), shop.house().1), ((0, -100_00, 60_00), 100_00));
    let fired = shop.platform.advance_to(due).unwrap();
    let kinds: Vec<EntryKind> = fired.iter().flat_map(|changes| &changes.entries).map(|entry| entry.kind()).collect();
    let expected =
        [EntryKind::ReserveRelease, EntryKind::ConnectReserve, EntryKind::Collection, EntryKind::ConnectReserve];
    assert_eq!(kinds, expected);
    // 60.00 that are no longer needed, and 40.00 for which the platform pays as much.
    assert_eq!((shop.purse(), shop.house()), ((0, 0, 0), (own + 60_00, 0)));
    shop.sound();
}

/// A claim that takes an account below zero sets aside what is owed after what it lets go, in one entry.
#[test]
fn a_claim_sets_aside_what_its_hold_does_not_cover() {
    let (mut shop, _) = Shop::with_plan();
    let sale = shop.direct(100_00);
    shop.wait(3);
    shop.empty();
    shop.tell(shop.opened(sale, "dp_1", 100_00));
    let (key, now) = (shop.key(), shop.platform.now());
    let told = fundroute::payments::DisputeChange::FundsWithdrawn;
    let news = shop.platform.disputes().record_changed(&key, now, "dp_1", told).unwrap();
    let owed = 115_00 - 25_00;
    assert_eq!((shop.purse(), shop.house().1), ((0, -owed, 0), owed));
    assert_eq!(set_aside(&news.changes), [(shop.jo.into(), owed)]);
    shop.sound();
}

/// Payouts of the platform leave what is set aside, and those of the account what is held back; what is let go, and set free, goes with
/// the next run.
#[test]
fn a_payout_takes_neither_what_is_held_back_nor_what_is_set_aside() {
    let (mut shop, hold) = below(|hold| hold);
    let (jo, house, own) = (shop.jo, shop.platform.id(), shop.house().0);
    let bank = fundroute::simulator::bank_account(shop.platform.rulebook(), house, US, USD);
    shop.platform.accounts().add_external_account("bank", bank).unwrap();
    let in_transit = |shop: &Shop, account| shop.platform.balance(account, USD).unwrap().in_transit;
    let owed_to_banks = in_transit(&shop, jo);
    let refused = shop.platform.payouts().create("more", usd(i64::try_from(own).unwrap() + 1)).unwrap_err();
    assert_eq!(refused.code(), Some("balance_insufficient"));
    for account in [jo, house] {
        let (key, daily) = (shop.key(), PayoutSchedule::Automatic(Recurrence::Daily));
        shop.platform.payouts().set_schedule(&key, account, daily).unwrap();
    }
    shop.wait(1);
    assert_eq!((shop.purse(), in_transit(&shop, jo)), ((0, -100_00, 60_00), owed_to_banks));
    assert_eq!((shop.house(), in_transit(&shop, house)), ((0, 100_00), own));
    shop.release(NewReserveRelease::of(hold).amount(usd(25_00))).unwrap();
    // Over the weekend.
    shop.wait(3);
    assert_eq!((shop.purse(), in_transit(&shop, jo)), ((0, -75_00, 35_00), owed_to_banks));
    assert_eq!((shop.house(), in_transit(&shop, house)), ((0, 75_00), own + 25_00));
    // 200.00, less a fee of 6.10, end the debt.
    shop.direct(200_00);
    shop.wait(4);
    assert_eq!((shop.purse(), in_transit(&shop, jo)), ((0, 0, 35_00), owed_to_banks + 193_90 - 75_00));
    assert_eq!((shop.house(), in_transit(&shop, house)), ((0, 0), own + 100_00));
    shop.sound();
}
