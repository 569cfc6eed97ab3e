//! What happens to an account while its bank is being asked for what it owes: nothing of it loses money, or counts it twice.

use fundroute::accounts::{CloseAccount, RejectAccount, RejectReason, SetPause};
use fundroute::ids::PayoutId;
use fundroute::payouts::{Payout, PayoutSchedule, PayoutStatus, SetDebitNegativeBalances};
use fundroute::routing::NewTransferReversal;
use fundroute::simulator::NEVER_ANSWERS;

use super::*;

/// A seller who owes 50.00, and whose bank has been asked for it and is silent.
fn asked(wait: i64) -> (Shop, AccountId, PayoutId) {
    let mut shop = Shop::open_by(US, rules().with_collection_wait(Some(days(wait))));
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(1_000_00)));
    shop.wait(3);
    let sent = shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
    shop.wait(2);
    let (out, now) = (shop.payouts(jo).first().unwrap().id(), shop.platform.now());
    shop.platform.payouts().record_paid("out", now, out).unwrap();
    shop.reverse(NewTransferReversal::of(sent)).unwrap();
    while !shop.payouts(jo).iter().any(Payout::is_debit) {
        shop.wait(1);
    }
    let payout = shop.payouts(jo).into_iter().find(Payout::is_debit).unwrap().id();
    (shop, jo, payout)
}

/// What somebody does to an account, and its name.
fn stops(jo: AccountId) -> Vec<(&'static str, Command)> {
    let pause = SetPause { account: jo, payments: Some(true), payouts: Some(true) };
    let reject = RejectAccount { account: jo, reason: RejectReason::FraudOther, payouts: Default::default() };
    let manual = fundroute::payouts::SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual };
    vec![
        ("paused", Command::SetPause(pause)),
        ("rejected", Command::RejectAccount(reject)),
        ("closed", Command::CloseAccount(CloseAccount { account: jo })),
        ("by hand", Command::SetPayoutSchedule(manual)),
        (
            "not to be debited",
            Command::SetDebitNegativeBalances(SetDebitNegativeBalances { account: jo, debit: false }),
        ),
    ]
}

#[test]
fn a_debit_under_way_ends_as_the_bank_says_whatever_becomes_of_the_account() {
    let (_, jo, _) = asked(180);
    for (name, stop) in stops(jo) {
        for is_paid in [true, false] {
            let (mut shop, jo, payout) = asked(180);
            shop.platform.handle(Request::new("stop", stop.clone())).unwrap_or_else(|error| panic!("{name}: {error}"));
            let now = shop.platform.now();
            if is_paid {
                shop.platform.payouts().record_paid("paid", now, payout).unwrap();
                assert_eq!((shop.available(jo), shop.pending(jo)), (0, 0), "{name}");
            } else {
                shop.platform.payouts().record_failed("failed", now, payout, "account_closed").unwrap();
                assert_eq!((shop.available(jo), shop.pending(jo), set_aside(&shop)), (-50_00, 0, 50_00), "{name}");
                shop.platform.payouts().record_paid("after all", now, payout).unwrap();
                assert_eq!(shop.available(jo), -50_00, "{name}");
            }
            shop.sound();
            // In the end nobody owes anything, and nothing stays set aside.
            shop.wait(400);
            assert_eq!((shop.available(jo), shop.pending(jo), set_aside(&shop)), (0, 0, 0), "{name} {is_paid}");
            shop.sound();
        }
    }
}

/// The bank's answer and the day of the collection fall on one moment: whichever comes first, the debt is paid once.
#[test]
fn an_answer_at_the_moment_of_the_collection_pays_once() {
    let ends = [true, false].map(|answers_first| {
        let (mut shop, jo, payout) = asked(12);
        let house = shop.house;
        let own = |shop: &Shop| shop.available(house) + set_aside(shop);
        let before = own(&shop);
        let due = shop.platform.overdraft(jo, USD).unwrap().unwrap().collect_at.unwrap();
        shop.until(due.plus_days(-1).unwrap());
        let answer = |shop: &mut Shop, at| {
            shop.platform.advance_to(at).unwrap();
            shop.platform.payouts().record_paid("paid", at, payout).unwrap();
        };
        if answers_first {
            answer(&mut shop, due.checked_add(chrono::TimeDelta::microseconds(-1)).unwrap());
            shop.until(due);
        } else {
            answer(&mut shop, due);
        }
        shop.wait(10);
        shop.sound();
        (shop.available(jo), shop.pending(jo), own(&shop) - before)
    });
    assert_eq!(ends, [(0, 0, 0); 2]);
}

/// A bank that refuses whatever it is asked for, over more than a year: one jump ends as daily steps do, and what nobody paid is covered.
#[test]
fn a_year_of_refusals_is_the_same_in_one_jump() {
    let played = |times: i64, steps: i64| {
        let (mut shop, jo, payout) = asked(90);
        let now = shop.platform.now();
        shop.platform.payouts().record_failed("failed", now, payout, "insufficient_funds").unwrap();
        for _ in 0..times {
            let next = shop.platform.now().plus_days(steps).unwrap();
            shop.platform.advance_to(next).unwrap();
        }
        shop.sound();
        let asked =
            shop.payouts(jo).into_iter().filter(Payout::is_debit).map(|debit| debit.status()).collect::<Vec<_>>();
        (shop.available(jo), shop.pending(jo), set_aside(&shop), asked, shop.platform.snapshot())
    };
    let (jump, daily) = (played(1, 400), played(400, 1));
    assert_eq!(jump, daily);
    assert_eq!(jump.0, 0);
    assert!(jump.3.starts_with(&[PayoutStatus::Failed, PayoutStatus::Pending]), "{:?}", jump.3);
}
