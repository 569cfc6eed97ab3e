//! Payouts in flight when an account's payouts are stopped (docs.stripe.com/connect/pausing-payments-or-payouts-on-connected-accounts,
//! 2025): they wait for up to ten days.

use fundroute::accounts::SetPause;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Instruction, Key, Loaded};
use fundroute::payouts::{CanceledBy, PayoutInstruction, PayoutState, PayoutStatus, PayoutSubmitted};
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::simulator::World;

/// No payout arrives on the day on which it is asked for: all are in flight for a while.
fn rules() -> Rulebook {
    Rulebook::standard().without_same_day_payouts()
}

fn in_flight() -> (Platform, World, AccountId, PayoutId) {
    let start = utc(2026, 11, 2).at(9, 0);
    let mut platform = Platform::new(NewPlatform::in_country(US), rules(), start).unwrap();
    let mut world = World::new();
    let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
    platform.payouts().set_schedule("by hand", jo, fundroute::payouts::PayoutSchedule::Manual).unwrap();
    platform.payments().create("sale", NewPayment::card(usd(100_00)).destination(jo)).unwrap();
    world.advance(&mut platform, days(3)).unwrap();
    let payout = platform.acting_as(jo).unwrap().payouts().create("payout", usd(60_00)).unwrap().answer;
    (platform, world, jo, payout)
}

fn pause(platform: &mut Platform, key: &str, account: AccountId, stops: bool) {
    platform.accounts().set_pause(key, SetPause { account, payments: None, payouts: Some(stops) }).unwrap();
}

#[test]
fn what_is_let_go_in_time_arrives() {
    let (mut platform, mut world, jo, payout) = in_flight();
    world.settle(&mut platform).unwrap();
    let paused_at = platform.now();
    pause(&mut platform, "pause", jo, true);
    let until = paused_at.plus_days(10).unwrap();
    assert_eq!(platform.payout(payout).unwrap().state(), &PayoutState::Held { until });
    assert_eq!(platform.payout(payout).unwrap().status(), PayoutStatus::Pending);
    let hold = Instruction::Payout(PayoutInstruction::Hold { payout });
    assert!(platform.instructions().contains(&hold));
    let last = until.checked_add(-chrono::TimeDelta::microseconds(1)).unwrap();
    world.advance_to(&mut platform, last).unwrap();
    assert_eq!(platform.balance(jo, USD).unwrap().in_transit, 60_00);
    pause(&mut platform, "go on", jo, false);
    assert_eq!(platform.payout(payout).unwrap().state(), &PayoutState::Pending);
    world.advance(&mut platform, days(3)).unwrap();
    assert_eq!(platform.payout(payout).unwrap().status(), PayoutStatus::Paid);
    assert_eq!(platform.audit(), []);
}

#[test]
fn what_is_not_let_go_comes_back_after_ten_days() {
    let (mut platform, mut world, jo, payout) = in_flight();
    world.settle(&mut platform).unwrap();
    pause(&mut platform, "pause", jo, true);
    pause(&mut platform, "again", jo, true);
    let until = platform.now().plus_days(10).unwrap();
    world.advance_to(&mut platform, until).unwrap();
    assert_eq!(
        platform.payout(payout).unwrap().state(),
        &PayoutState::Canceled { canceled_at: until, by: CanceledBy::Platform }
    );
    let held = platform.balance(jo, USD).unwrap();
    assert_eq!((held.available, held.in_transit), (100_00, 0));
    pause(&mut platform, "go on", jo, false);
    world.advance(&mut platform, days(5)).unwrap();
    assert_eq!(platform.payout(payout).unwrap().status(), PayoutStatus::Canceled);
    assert_eq!(platform.audit(), []);
}

#[test]
fn what_is_with_the_bank_already_goes_on() {
    let (mut platform, mut world, jo, payout) = in_flight();
    let now = platform.now();
    platform.payouts().record_submitted("sent", now, payout).unwrap();
    pause(&mut platform, "pause", jo, true);
    assert_eq!(platform.payout(payout).unwrap().status(), PayoutStatus::InTransit);
    world.advance(&mut platform, days(20)).unwrap();
    assert_eq!(platform.payout(payout).unwrap().status(), PayoutStatus::Paid);

    // The bank was faster than the pause: what it says counts.
    let (mut platform, _, jo, payout) = in_flight();
    pause(&mut platform, "pause", jo, true);
    let fact = fundroute::journal::Fact::PayoutSubmitted(PayoutSubmitted { payout });
    let report = fundroute::journal::Report::new("sent", platform.now(), fact);
    platform.record(&report).unwrap();
    platform.advance_to(platform.now().plus_days(20).unwrap()).unwrap();
    assert_eq!(platform.payout(payout).unwrap().status(), PayoutStatus::InTransit);
}

/// A worker asks for the payouts under way by key, and decides the same; a payout that leaves in between is no surprise.
#[test]
fn a_part_decides_as_the_whole_does() {
    let (mut platform, _, jo, payout) = in_flight();
    let request =
        Request::new("pause", Command::SetPause(SetPause { account: jo, payments: None, payouts: Some(true) }));
    let whole = platform.decide(&request).unwrap();
    let who = Identity { platform: platform.id(), livemode: platform.livemode() };
    let mut part = Platform::partial(who, platform.rulebook().clone(), platform.now());
    let mut asked = Vec::new();
    let decided = loop {
        match part.decide(&request) {
            Err(Error::NotLoaded(keys)) => {
                part.load(keys.iter().map(|key| platform.look_up(*key)).collect::<Vec<Loaded>>());
                asked.extend(keys);
            }
            decided => break decided.unwrap(),
        }
    };
    assert_eq!(decided.changes, whole.changes);
    assert!(asked.contains(&Key::Payouts(jo)) && asked.contains(&Key::Family(payout.family())));
    platform.acting_as(jo).unwrap().payouts().create("faster", usd(10_00)).unwrap();
    assert!(matches!(platform.apply(&decided.changes), Err(Error::Stale(_))));
}
