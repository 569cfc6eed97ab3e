//! What becomes of a payout that is on its way when something happens to its account: each stop, and the end of the connection, by how far
//! the payout has got (docs.stripe.com/connect/pausing-payments-or-payouts-on-connected-accounts, 2025).

use fundroute::accounts::Actor;
use fundroute::ids::PayoutId;
use fundroute::journal::Answer;
use fundroute::money::Currency;
use fundroute::payouts::{NewPayout, PayoutSchedule, PayoutState, PayoutStatus};
use fundroute::prelude::*;
use fundroute::rulebook::Impact;

use crate::gates::Stop;
use crate::shop::Shop;

/// How far it has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Nobody has told the bank.
    Pending,
    /// The bank has it.
    WithTheBank,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is kept back, and called off after ten days.
    Held,
    /// It goes on.
    GoesOn,
}

/// A seller paid by hand, with 60.00 of 200.00 on their way.
fn in_flight(way: Way, new: NewAccount) -> (Shop, PayoutId) {
    let book = Rulebook::standard().without_same_day_payouts();
    let mut shop = Shop::of(NewPlatform::in_country(US), book, new);
    let jo = shop.jo;
    let by_hand = fundroute::payouts::SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual };
    let request = Request::new(shop.key(), Command::SetPayoutSchedule(by_hand));
    let request = if shop.platform.account(jo).unwrap().may_owe() { request } else { request.by(Actor::Holder, jo) };
    shop.platform.handle(request).unwrap();
    shop.fund_seller();
    let key = shop.key();
    let payout = Request::new(key, Command::CreatePayout(NewPayout::of(usd(60_00)))).by(Actor::Holder, jo);
    let payout = if shop.platform.account(jo).unwrap().may_owe() {
        shop.platform.acting_as(jo).unwrap().payouts().create("out", usd(60_00)).unwrap().answer
    } else {
        let Answer::Payout(payout) = shop.platform.handle(payout).unwrap().answer else { panic!("no payout") };
        payout
    };
    shop.world.settle(&mut shop.platform).unwrap();
    if way == Way::WithTheBank {
        let now = shop.platform.now();
        shop.platform.payouts().record_submitted("sent", now, payout).unwrap();
    }
    (shop, payout)
}

fn status(shop: &Shop, payout: PayoutId) -> PayoutStatus {
    shop.platform.payout(payout).unwrap().status()
}

/// What the seller has available and under way.
fn stands(shop: &Shop) -> (i128, i128) {
    let balance = shop.platform.balance(shop.jo, Currency::USD).unwrap();
    (balance.available, balance.in_transit)
}

/// What stands in the account's way as such holds back what has not left. What is asked of it, and what closes it, does not: no page says
/// so of those.
fn fate(stop: Stop, way: Way) -> Fate {
    match (way, stop) {
        (
            Way::Pending,
            Stop::Payouts | Stop::Rejected | Stop::RejectedByProcessor | Stop::UnderReview | Stop::Listed,
        ) => Fate::Held,
        (
            Way::Pending,
            Stop::Payments
            | Stop::RejectedButPaid
            | Stop::Asked(Impact::Both | Impact::Charges | Impact::Payouts)
            | Stop::Closed,
        )
        | (Way::WithTheBank, _) => Fate::GoesOn,
    }
}

#[test]
fn each_stop_by_how_far_the_payout_has_got() {
    for stop in Stop::ALL {
        for way in [Way::Pending, Way::WithTheBank] {
            let said = format!("{stop:?} {way:?}");
            let (mut shop, payout) = in_flight(way, NewAccount::express(US));
            stop.set(&mut shop);
            let stopped_at = shop.platform.now();
            let until = stopped_at.plus_days(10).unwrap();
            let is_held = shop.platform.payout(payout).unwrap().state() == &PayoutState::Held { until };
            assert_eq!(is_held, fate(stop, way) == Fate::Held, "{said}");
            assert_eq!(stands(&shop), (140_00, 60_00), "{said}");
            shop.wait(5);
            match fate(stop, way) {
                Fate::GoesOn => {
                    assert_eq!((status(&shop, payout), stands(&shop)), (PayoutStatus::Paid, (140_00, 0)), "{said}");
                    // A bank that sends it back brings the money to the account, whatever has become of that.
                    let now = shop.platform.now();
                    shop.platform.payouts().record_failed("back", now, payout, "could_not_process").unwrap();
                    assert_eq!(stands(&shop), (200_00, 0), "{said}");
                }
                Fate::Held => {
                    assert_eq!(
                        (status(&shop, payout), stands(&shop)),
                        (PayoutStatus::Pending, (140_00, 60_00)),
                        "{said}"
                    );
                    shop.wait(5);
                    assert_eq!((status(&shop, payout), stands(&shop)), (PayoutStatus::Canceled, (200_00, 0)), "{said}");
                }
            }
            assert_eq!(shop.platform.audit(), [], "{said}");
        }
    }
}

#[test]
fn what_was_held_goes_on_once_the_stop_is_lifted() {
    for stop in Stop::ALL {
        let (mut shop, payout) = in_flight(Way::Pending, NewAccount::express(US));
        stop.set(&mut shop);
        if !stop.lift(&mut shop) {
            continue;
        }
        assert_eq!(shop.platform.payout(payout).unwrap().state(), &PayoutState::Pending, "{stop:?}");
        shop.wait(5);
        assert_eq!((status(&shop, payout), stands(&shop)), (PayoutStatus::Paid, (140_00, 0)), "{stop:?}");
    }
}

/// Two stops at once: it is held from the first on, and until the last is lifted.
#[test]
fn two_stops_hold_until_both_are_lifted() {
    let (mut shop, payout) = in_flight(Way::Pending, NewAccount::express(US));
    Stop::Payouts.set(&mut shop);
    let until = shop.platform.now().plus_days(10).unwrap();
    shop.wait(2);
    Stop::UnderReview.set(&mut shop);
    assert_eq!(shop.platform.payout(payout).unwrap().state(), &PayoutState::Held { until });
    assert!(Stop::Payouts.lift(&mut shop));
    assert_eq!(shop.platform.payout(payout).unwrap().state(), &PayoutState::Held { until });
    assert!(Stop::UnderReview.lift(&mut shop));
    assert_eq!(shop.platform.payout(payout).unwrap().state(), &PayoutState::Pending);
}

/// The end of a connection is no stop: the account goes on by itself, with its schedule and what is on its way.
#[test]
fn the_end_of_the_connection_stops_nothing() {
    for way in [Way::Pending, Way::WithTheBank] {
        let (mut shop, payout) = in_flight(way, NewAccount::standard(US));
        let jo = shop.jo;
        let daily = fundroute::payouts::SetPayoutSchedule {
            account: jo,
            schedule: PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily),
        };
        let request = Request::new("daily", Command::SetPayoutSchedule(daily)).by(Actor::Holder, jo);
        shop.platform.handle(request).unwrap();
        let run = shop.platform.next_payout(jo, Currency::USD).unwrap();
        shop.ask(Command::Deauthorize(jo)).unwrap();
        assert_ne!(status(&shop, payout), PayoutStatus::Paid);
        assert_eq!(shop.platform.next_payout(jo, Currency::USD), Some(run));
        shop.wait(6);
        assert_eq!((status(&shop, payout), stands(&shop)), (PayoutStatus::Paid, (0, 0)));
    }
}

/// A schedule that is stopped makes nothing, and its next run takes what gathered meanwhile.
#[test]
fn a_schedule_goes_on_where_it_stopped() {
    for stop in Stop::ALL.into_iter().filter(|stop| stop.stops_payouts()) {
        let mut shop = Shop::open();
        shop.fund_seller();
        let jo = shop.jo;
        stop.set(&mut shop);
        shop.wait(20);
        assert_eq!(stands(&shop), (200_00, 0), "{stop:?}");
        if stop.lift(&mut shop) {
            shop.wait(5);
            assert_eq!(stands(&shop), (0, 0), "{stop:?}");
            assert_eq!(
                shop.platform.balance_settings(jo).unwrap().schedule(),
                PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily)
            );
        }
    }
}
