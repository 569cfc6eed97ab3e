use fundroute::accounts::{AccountError, PayoutsAction, RejectReason};
use fundroute::calendar::Recurrence;
use fundroute::journal::AuditNote;
use fundroute::payouts::{
    HoldReason, NewReserveHold, NewReservePlan, NewReserveRelease, PayoutSchedule, ReleaseReason, ReserveError,
    ReserveHoldStatus,
};
use fundroute::prelude::*;
use fundroute::rulebook::Capability;

use super::{Shop, percent};

/// A seller who has 100.00 available, and nothing else.
fn funded(new: NewPlatform) -> Shop {
    let mut shop = Shop::by(new);
    let jo = shop.jo;
    shop.sell(None, NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(3);
    assert_eq!(shop.purse(), (0, 100_00, 0));
    shop
}

#[test]
fn what_stands_alone_is_taken_out_of_what_is_available() {
    let mut shop = funded(NewPlatform::in_country(US));
    let noon = shop.platform.now();
    let hold = shop.hold(NewReserveHold::of(shop.jo, usd(40_00))).unwrap();
    assert_eq!(shop.purse(), (0, 60_00, 40_00));
    let held = shop.platform.reserve_hold(hold).unwrap();
    assert_eq!((held.reason(), held.source(), held.plan(), held.percent()), (HoldReason::Standalone, None, None, None));
    assert_eq!(held.scheduled_release(), noon.plus_days(180).unwrap());
    let release = shop.release(NewReserveRelease::of(hold).amount(usd(15_00))).unwrap();
    assert_eq!((release.hold(), release.reason()), (hold, ReleaseReason::HoldReleasedEarly));
    assert_eq!(shop.purse(), (0, 75_00, 25_00));
    assert_eq!(shop.platform.reserve_hold(hold).unwrap().status(), ReserveHoldStatus::PartlyReleased);
    shop.wait(180);
    assert_eq!(shop.purse(), (0, 100_00, 0));
    assert_eq!(shop.releases().len(), 2);
    shop.sound();
}

#[test]
fn a_date_lets_go_at_the_midnight_after_it() {
    let mut shop = funded(NewPlatform::in_country(US));
    let date = utc(2026, 11, 20).at(9, 0);
    let hold = shop.hold(NewReserveHold::of(shop.jo, usd(100_00)).release_after(date)).unwrap();
    assert_eq!(shop.platform.reserve_hold(hold).unwrap().scheduled_release(), utc(2026, 11, 21));
    shop.platform.advance_to(utc(2026, 11, 21)).unwrap();
    assert_eq!(shop.purse(), (0, 100_00, 0));
}

#[test]
fn no_payout_takes_what_is_held_back() {
    let mut shop = funded(NewPlatform::in_country(US));
    let jo = shop.jo;
    let bank = fundroute::simulator::bank_account(shop.platform.rulebook(), jo, US, USD);
    shop.platform.accounts().add_external_account("bank", bank).unwrap();
    shop.hold(NewReserveHold::of(jo, usd(40_00))).unwrap();
    let all = shop.platform.acting_as(jo).unwrap().payouts().create("all", usd(60_01));
    assert_eq!(all.unwrap_err().code(), Some("balance_insufficient"));
    shop.platform.payouts().set_schedule("daily", jo, PayoutSchedule::Automatic(Recurrence::Daily)).unwrap();
    shop.wait(2);
    let balance = shop.platform.balance(jo, USD).unwrap();
    assert_eq!((balance.available, balance.in_transit, balance.risk_reserved), (0, 60_00, 40_00));
    // What is let go in its time is paid out by the next run.
    shop.wait(185);
    assert_eq!(shop.platform.balance(jo, USD).unwrap().in_transit, 100_00);
    shop.sound();
}

/// The audit adds up what the holds come to, and says where something else lies in reserve.
#[test]
fn an_audit_finds_what_is_not_held_back() {
    let mut shop = funded(NewPlatform::in_country(US));
    let jo = shop.jo;
    shop.hold(NewReserveHold::of(jo, usd(40_00))).unwrap();
    shop.sound();
    let mut snapshot = shop.platform.snapshot();
    snapshot.balances.iter_mut().find(|row| row.account == jo).unwrap().risk_reserved -= 1;
    let damaged = Platform::restore(shop.platform.rulebook().clone(), snapshot, shop.platform.now());
    let note = AuditNote::HeldBackDiffers { account: jo, currency: USD, holds: 40_00, reserved: 39_99 };
    assert!(damaged.audit().contains(&note), "{:?}", damaged.audit());
    assert_eq!(note.to_string(), format!("{jo} has 3999 in reserve in USD, its holds come to 4000"));
}

#[test]
fn nothing_is_held_back_that_is_not_there() {
    let mut shop = funded(NewPlatform::in_country(US));
    let jo = shop.jo;
    let refused = shop.hold(NewReserveHold::of(jo, usd(100_01))).unwrap_err();
    let expected = ReserveError::InsufficientFunds { account: jo, currency: USD, available: 100_00, needed: 100_01 };
    assert_eq!(refused, expected.into());
    shop.hold(NewReserveHold::of(jo, usd(100_00))).unwrap();
    assert_eq!(shop.purse(), (0, 0, 100_00));
}

/// docs.stripe.com/api/accounts/delete (2026): all balances are zero, what is in reserve among them.
#[test]
fn a_live_account_is_not_closed_while_it_has_a_reserve() {
    let mut shop = funded(NewPlatform::in_country(US).live());
    let jo = shop.jo;
    let hold = shop.hold(NewReserveHold::of(jo, usd(100_00))).unwrap();
    let close = |shop: &mut Shop| {
        let key = shop.key();
        shop.platform.accounts().close(&key, jo)
    };
    let refused = close(&mut shop).unwrap_err();
    assert_eq!(refused, AccountError::BalanceNotZero { account: jo, currency: USD }.into());
    shop.release(NewReserveRelease::of(hold)).unwrap();
    let house = shop.platform.id();
    shop.platform.acting_as(jo).unwrap().transfers().create("all", NewTransfer::to(house, usd(100_00))).unwrap();
    close(&mut shop).unwrap();
}

/// What an account has in reserve that was turned away, or closed in test mode, is let go in its time; nobody does it by hand any more
/// where nobody is let in.
#[test]
fn what_is_held_back_outlasts_its_account() {
    let mut rejected = funded(NewPlatform::in_country(US));
    let (jo, plan) = (rejected.jo, NewReservePlan::rolling(rejected.jo, percent(25), 30));
    rejected.plan(plan);
    let hold = rejected.hold(NewReserveHold::of(jo, usd(30_00))).unwrap();
    rejected.platform.express(jo).unwrap().reject("out", RejectReason::FraudOther, PayoutsAction::Pause).unwrap();
    rejected.release(NewReserveRelease::of(hold).amount(usd(10_00))).unwrap();
    rejected.wait(181);
    assert_eq!(rejected.purse(), (0, 100_00, 0));

    let mut closed = funded(NewPlatform::in_country(US));
    let hold = closed.hold(NewReserveHold::of(jo, usd(30_00))).unwrap();
    closed.platform.accounts().close("close", jo).unwrap();
    let refused = closed.release(NewReserveRelease::of(hold)).unwrap_err();
    assert!(matches!(refused, Error::Account(AccountError::NotConnected(..))), "{refused}");
    let refused = closed.hold(NewReserveHold::of(jo, usd(1_00))).unwrap_err();
    assert!(matches!(refused, Error::Account(AccountError::NotConnected(..))), "{refused}");
    closed.wait(181);
    assert_eq!(closed.purse(), (0, 100_00, 0));
    assert_eq!(
        closed.platform.records().filter(|record| matches!(record, fundroute::journal::Record::Anomaly(_))).count(),
        0
    );
    closed.sound();
}

/// The handles of accounts whose losses the platform bears lend them, each for its own account alone.
#[test]
fn the_handles_of_the_kinds_hold_back_for_their_own_account() {
    let mut shop = Shop::open();
    let (jo, other) = (shop.jo, shop.another(NewAccount::express(US)));
    shop.direct(100_00);
    shop.wait(7);
    let mut handle = shop.platform.express(jo).unwrap();
    let hold = handle.reserves().hold("until we know more", NewReserveHold::of(jo, usd(40_00))).unwrap().answer;
    handle.reserves().release("we know more", NewReserveRelease::of(hold).amount(usd(15_00))).unwrap();
    let plan = NewReservePlan::rolling(other, percent(25), 30);
    assert_eq!(handle.reserves().create_plan("another's", plan).map(drop), Err(Error::NotForAccounts(jo)));
    assert_eq!(shop.purse(), (0, 71_80, 25_00));
    let custom = NewAccount::custom(US).request(Capability::Transfers);
    let al = shop.another(custom);
    let mut handle = shop.platform.custom(al).unwrap();
    handle.reserves().create_plan("al is new", NewReservePlan::rolling(al, percent(25), 30)).unwrap();
    shop.sound();
}
