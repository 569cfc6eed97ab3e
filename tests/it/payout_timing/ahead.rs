//! Which payouts will leave, told beforehand.

use fundroute::ids::AccountId;
use fundroute::journal::Record;
use fundroute::money::Rate;
use fundroute::payouts::{NewReservePlan, Payout, PayoutSchedule};
use fundroute::platform::Identity;
use fundroute::prelude::*;

use crate::shop::{NOBODY, Shop, rules};

/// What the clock makes of an account within so many days, if nobody does anything.
fn made(platform: &Platform, account: AccountId, number: i64) -> Vec<Payout> {
    let mut platform = platform.clone();
    let until = platform.now().plus_days(number).unwrap();
    let fired = platform.advance_to(until).unwrap();
    let new = fired.iter().flat_map(|changes| &changes.records).filter(|write| write.read_at == 0);
    let payouts =
        new.filter_map(
            |write| if let Record::Payout(payout) = &write.record { Some(payout.as_ref().clone()) } else { None },
        );
    payouts.filter(|payout| payout.account() == account).collect()
}

/// Checks that what is told is what the clock makes, and that a part of the platform tells the same; gives the amounts.
fn told(shop: &Shop, account: AccountId) -> Vec<i64> {
    let platform = &shop.platform;
    let before = platform.snapshot();
    let upcoming = platform.upcoming(account).unwrap();
    assert_eq!(platform.snapshot(), before);
    assert_eq!(upcoming, made(platform, account, 800));
    let who = Identity { platform: platform.id(), livemode: platform.livemode() };
    let mut part = Platform::partial(who, platform.rulebook().clone(), platform.now());
    let by_part = loop {
        match part.upcoming(account) {
            Err(Error::NotLoaded(keys)) => {
                assert!(!keys.is_empty() && keys.iter().all(|key| !part.is_loaded(*key)), "{keys:?}");
                part.load(keys.into_iter().map(|key| platform.look_up(key)));
            }
            told => break told.unwrap(),
        }
    };
    assert_eq!(by_part, upcoming);
    upcoming.iter().map(|payout| payout.amount().minor()).collect()
}

#[test]
fn nothing_is_told_where_nothing_leaves() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    assert_eq!(told(&shop, jo), Vec::<i64>::new());
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    assert_eq!(told(&shop, jo), Vec::<i64>::new());
    let nobody = AccountId::from_host(NOBODY);
    assert_eq!(shop.platform.upcoming(nobody), Err(Error::NotFound(nobody.into())));
}

#[test]
fn what_is_pending_is_told_by_its_runs() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    for day in 1..=5 {
        shop.sell(NewPayment::card(usd(day * 10_00)).destination(jo));
        shop.wait(1);
    }
    // By the weekend three have left, and two are ahead.
    assert_eq!(told(&shop, jo), [40_00, 50_00]);
    shop.platform.payouts().set_minimum_balance("keep", jo, usd(45_00)).unwrap();
    assert_eq!(told(&shop, jo), [45_00]);
    // The platform's own money is told too, once it has a bank account.
    assert_eq!(told(&shop, shop.house), Vec::<i64>::new());
    let house = shop.house;
    shop.sell(NewPayment::card(usd(1_000_00)));
    shop.new_bank(house, "000123456789");
    assert_eq!(told(&shop, house).len(), 1);
}

#[test]
fn what_reserves_let_go_is_told() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let tenth = NewReservePlan::rolling(jo, Rate::from_basis_points(10_00), 30);
    shop.platform.reserves().create_plan("hold", tenth).unwrap();
    for _ in 0..3 {
        shop.sell(NewPayment::card(usd(100_00)).destination(jo));
        shop.wait(1);
    }
    // Two of the sales have been paid out but for what is held back of them.
    assert_eq!(told(&shop, jo), [90_00, 10_00, 10_00, 10_00]);
}

/// A refund waits for money: what comes is its, and what is left of it is paid out.
#[test]
fn what_refunds_take_is_not_told() {
    let mut shop = Shop::open_in(DE);
    let jo = shop.banked(NewAccount::standard(DE));
    let eur = |minor| Money::new(minor, EUR);
    let sale = shop.sell_as(jo, NewPayment::card(eur(50_00)));
    shop.wait(8);
    assert_eq!(shop.paid_out(jo), 50_00);
    shop.sell_as(jo, NewPayment::card(eur(30_00)));
    shop.wait(1);
    shop.sell_as(jo, NewPayment::card(eur(40_00)));
    shop.refund_as(jo, NewRefund::of(sale)).unwrap();
    assert_eq!(told(&shop, jo), [20_00]);
}

/// What is kept back while payouts are stopped comes back after ten days; nothing leaves until somebody lets it.
#[test]
fn what_is_stopped_is_not_told() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), fundroute::simulator::NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(2);
    shop.sell(NewPayment::card(usd(20_00)).destination(jo));
    assert_eq!(told(&shop, jo), [20_00]);
    let stop = fundroute::accounts::SetPause { account: jo, payments: None, payouts: Some(true) };
    shop.platform.handle(Request::new("stop", Command::SetPause(stop))).unwrap();
    assert_eq!(told(&shop, jo), Vec::<i64>::new());
}

/// The month of its first payouts ends before its last ones leave.
#[test]
fn what_payouts_cost_the_platform_changes_nothing_about_them() {
    let mut shop = Shop::open_on(utc(2026, 11, 24), US, rules().with_connect_prices(true));
    let jo = shop.banked(NewAccount::express(US));
    for _ in 0..3 {
        shop.sell(NewPayment::card(usd(100_00)).destination(jo));
        shop.wait(2);
    }
    assert_eq!(told(&shop, jo), [100_00, 100_00]);
    shop.wait(14);
    assert_eq!(shop.platform.monthly_bill(utc(2026, 12, 1)).unwrap().len(), 2);
}
