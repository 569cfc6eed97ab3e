//! Payouts of which nothing is heard, and days of arrival that count for the arrival.

use fundroute::calendar::StartOfDay;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Changes, DeadlineKind};
use fundroute::money::{Currency, Rate};
use fundroute::payouts::{PayoutSchedule, PayoutState, PayoutStatus};
use fundroute::prelude::*;
use fundroute::rulebook::Price;
use fundroute::simulator::NEVER_ANSWERS;

use crate::shop::{Shop, rules};

/// A seller with 50.00 to be paid by hand, from a bank that says nothing.
fn silent(rules: Rulebook) -> (Shop, AccountId) {
    let mut shop = Shop::open_by(US, rules);
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    shop.until(utc(2026, 11, 5).at(12, 0));
    assert_eq!(shop.available(jo), 50_00);
    (shop, jo)
}

fn told(fired: &[Changes]) -> Vec<(Timestamp, &'static str)> {
    fired.iter().flat_map(|changes| changes.events.iter().map(|event| (changes.at, event.kind.name()))).collect()
}

fn status(shop: &Shop, payout: PayoutId) -> (PayoutStatus, bool) {
    let payout = shop.platform.payout(payout).unwrap();
    (payout.status(), payout.is_overdue())
}

/// A payout that is expected on a Thursday is overdue once Thursday is over, once and for all; its money stays where it is until somebody
/// tells what became of it, and that counts as if it had been told in time.
#[test]
fn a_payout_is_overdue_once_its_day_is_over() {
    let (mut shop, jo) = silent(rules());
    let payout = shop.pay_out(jo, usd(50_00)).unwrap();
    assert_eq!(shop.platform.payout(payout).unwrap().arrival_date().date(), utc(2026, 11, 5).date());
    let due = shop.platform.deadlines().find(|deadline| deadline.what == DeadlineKind::PayoutArrival(payout));
    assert_eq!(due.unwrap().due, utc(2026, 11, 6));
    let moment = chrono::TimeDelta::microseconds(1);
    let fired = shop.platform.advance_to(utc(2026, 11, 6).checked_add(-moment).unwrap()).unwrap();
    assert_eq!((told(&fired), status(&shop, payout)), (vec![], (PayoutStatus::Pending, false)));
    let fired = shop.platform.advance_to(utc(2026, 11, 6)).unwrap();
    assert_eq!(told(&fired), [(utc(2026, 11, 6), "payout.overdue")]);
    assert_eq!(fired[0].events[0].account, Some(jo));
    assert!(fired[0].entries.is_empty() && fired[0].instructions.is_empty());
    assert_eq!((status(&shop, payout), shop.in_transit(jo)), ((PayoutStatus::Pending, true), 50_00));
    // It is told once, and what the bank is asked stays the same.
    let fired = shop.platform.advance_to(utc(2027, 11, 6)).unwrap();
    assert_eq!((told(&fired), status(&shop, payout)), (vec![], (PayoutStatus::Pending, true)));
    assert_eq!(shop.platform.instructions().len(), 1);
    shop.platform.payouts().record_submitted("late", utc(2026, 11, 5).at(13, 0), payout).unwrap();
    assert_eq!(status(&shop, payout), (PayoutStatus::InTransit, true));
    shop.platform.payouts().record_paid("later", utc(2026, 11, 5).at(14, 0), payout).unwrap();
    assert_eq!(status(&shop, payout), (PayoutStatus::Paid, false));
    assert_eq!((shop.in_transit(jo), shop.paid_out(jo)), (0, 50_00));
    shop.sound();
}

/// What is told before its day is over leaves nothing to be overdue.
#[test]
fn a_payout_of_which_something_final_is_told_is_never_overdue() {
    for fate in 0..3 {
        let (mut shop, jo) = silent(rules());
        let payout = shop.pay_out(jo, usd(50_00)).unwrap();
        let now = shop.platform.now();
        match fate {
            0 => drop(shop.platform.payouts().record_paid("x", now, payout).unwrap()),
            1 => drop(shop.platform.payouts().record_failed("x", now, payout, "account_closed").unwrap()),
            _ => drop(shop.platform.acting_as(jo).unwrap().payouts().cancel("x", payout).unwrap()),
        }
        let fired = shop.platform.advance_to(utc(2027, 1, 1)).unwrap();
        assert!(!told(&fired).iter().any(|(_, name)| *name == "payout.overdue"), "{fate}");
        assert!(!status(&shop, payout).1);
    }
}

/// The day ends at its owner's hour: six in the morning in Singapore.
#[test]
fn the_day_of_arrival_ends_at_its_owners_hour() {
    let coin = Currency::SGD;
    let free = Price::new(Country::SG, PaymentMethod::Card, coin, Rate::ZERO, 0);
    let mut shop = Shop::open_by(Country::SG, rules().with_price(free).unwrap());
    let mei = shop.banked_at(NewAccount::express(Country::SG), NEVER_ANSWERS);
    shop.platform.payouts().set_start_of_day("six", mei, StartOfDay::new(480, 6, 0).unwrap()).unwrap();
    shop.platform.payouts().set_schedule("by hand", mei, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(Money::new(20_00, coin)).destination(mei));
    shop.wait(14);
    let payout = shop.pay_out(mei, Money::new(20_00, coin)).unwrap();
    let arrival = shop.platform.payout(payout).unwrap().arrival_date();
    let fired = shop.platform.advance_to(arrival.plus_days(5).unwrap()).unwrap();
    let overdue = told(&fired).into_iter().find(|(_, name)| *name == "payout.overdue").unwrap();
    // The day of the arrival is told by its midnight UTC; the next one begins at 22:00 UTC on that very day.
    assert_eq!(overdue.0, arrival.midnight().at(22, 0));
}

/// docs.stripe.com/api/payouts/object (2026): paid means expected to be there, where the host's bank never answers; a failure that is told
/// later is one of a payout that had arrived.
#[test]
fn the_day_of_arrival_counts_for_the_arrival_where_the_rules_say_so() {
    let (mut shop, jo) = silent(rules().with_arrival_as_paid(true));
    let tomorrow = shop.platform.now().midnight().plus_days(1).unwrap();
    shop.until(tomorrow.at(23, 30));
    let payout = shop.pay_out(jo, usd(50_00)).unwrap();
    let arrival = shop.platform.payout(payout).unwrap().arrival_date();
    assert_eq!(arrival, utc(2026, 11, 9), "a Friday evening: on Monday");
    let fired = shop.platform.advance_to(arrival).unwrap();
    assert_eq!(told(&fired), [(arrival, "payout.paid")]);
    assert_eq!(*shop.platform.payout(payout).unwrap().state(), PayoutState::Paid { paid_at: arrival });
    assert_eq!((shop.in_transit(jo), shop.paid_out(jo), shop.available(jo)), (0, 50_00, 0));
    // The bank says when it really was, and later that it came back.
    shop.platform.payouts().record_paid("earlier", arrival.plus_days(-1).unwrap(), payout).unwrap();
    let paid_at = arrival.plus_days(-1).unwrap();
    assert_eq!(*shop.platform.payout(payout).unwrap().state(), PayoutState::Paid { paid_at });
    shop.platform.payouts().record_failed("back", arrival, payout, "account_closed").unwrap();
    assert_eq!((shop.paid_out(jo), shop.available(jo)), (0, 50_00));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout_failure 5000 - 0 = 5000 (payout_reversal)");
    shop.sound();
}

/// A payout that arrives on the day on which it is made counts as arrived at once, and not before whoever asked for it has the answer.
#[test]
fn a_payout_of_the_same_day_counts_at_once() {
    let (mut shop, jo) = silent(rules().with_arrival_as_paid(true));
    let payout = shop.pay_out(jo, usd(50_00)).unwrap();
    assert_eq!(status(&shop, payout), (PayoutStatus::Pending, false));
    let next = shop.platform.now().checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
    assert_eq!(shop.platform.next_deadline(), Some(next));
    shop.platform.advance_to(next).unwrap();
    assert_eq!(status(&shop, payout), (PayoutStatus::Paid, false));
}

/// Which rule holds is settled when a payout is made.
#[test]
fn what_silence_comes_to_is_settled_when_a_payout_is_made() {
    let (mut shop, jo) = silent(rules());
    let before = shop.pay_out(jo, usd(20_00)).unwrap();
    let now = shop.platform.now();
    let by_date = rules().with_arrival_as_paid(true);
    shop.platform = Platform::restore(by_date, shop.platform.snapshot(), now);
    shop.platform.advance_to(now).unwrap();
    let after = shop.pay_out(jo, usd(30_00)).unwrap();
    shop.platform.advance_to(utc(2026, 12, 1)).unwrap();
    assert_eq!(status(&shop, before), (PayoutStatus::Pending, true));
    assert_eq!(status(&shop, after), (PayoutStatus::Paid, false));
}
