//! Workers that share nothing: whoever stays on one side of zero is not in the way of anybody else who does, and nothing crosses unseen.

use fundroute::ids::AccountId;
use fundroute::journal::{Changes, Guard};
use fundroute::ledger::LedgerAccount;
use fundroute::payouts::Payout;
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;
use fundroute::simulator::NEVER_ANSWERS;

use super::{paid_out, set_aside};
use crate::shop::{Shop, rules};

fn credit(jo: AccountId, key: &str, minor: i64) -> Request {
    Request::new(key, Command::CreateTransfer(NewTransfer::to(jo, usd(minor))))
}

/// Decides both on the same state, and applies one after the other; tells whether the second one stands.
fn both(shop: &mut Shop, requests: [&Request; 2]) -> bool {
    let decided: [Changes; 2] = requests.map(|request| shop.platform.decide(request).unwrap().changes);
    shop.platform.apply(&decided[0]).unwrap();
    let second = shop.platform.apply(&decided[1]);
    if second.is_err() {
        assert!(matches!(second, Err(Error::Stale(_))), "{second:?}");
        shop.platform.handle(requests[1].clone()).unwrap();
    }
    second.is_ok()
}

/// (what is owed before, two movements of the seller's balance, whether they stand together)
const PAIRS: [(i64, [i64; 2], bool); 9] = [
    // In credit: credits do not look at each other.
    (0, [10_00, 20_00], true),
    // In debt, and both leave it so.
    (50_00, [10_00, 20_00], true),
    (50_00, [10_00, -5_00], true),
    (50_00, [-5_00, -10_00], true),
    // Each leaves the debt, both end it.
    (50_00, [30_00, 30_00], false),
    // The one ends it.
    (50_00, [60_00, 10_00], false),
    (50_00, [10_00, 50_00], false),
    (50_00, [60_00, -5_00], false),
    // The one leads into debt.
    (0, [-10_00, 20_00], false),
];

#[test]
fn movements_on_one_side_of_zero_commute_and_no_crossing_goes_unseen() {
    for (owed, movements, together) in PAIRS {
        for order in [[0, 1], [1, 0]] {
            let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
            let transfer = shop.transfer_of(sale);
            // Payouts have guards of their own.
            let manual = fundroute::payouts::PayoutSchedule::Manual;
            shop.platform.payouts().set_schedule("manual", jo, manual).unwrap();
            let spare = shop.sell(NewPayment::card(usd(90_00)).destination(jo));
            shop.wait(5);
            shop.pay_out(jo, usd(90_00)).unwrap();
            let spare = shop.transfer_of(spare);
            if owed > 0 {
                shop.reverse(NewTransferReversal::of(transfer)).unwrap();
            }
            let request = |place: usize| {
                let (key, amount) = (format!("movement-{place}"), movements[place]);
                if amount > 0 {
                    return credit(jo, &key, amount);
                }
                // Two reversals of one transfer would be in each other's way.
                let transfer = if owed > 0 || place == 0 { spare } else { transfer };
                let reversal = NewTransferReversal::of(transfer).amount(usd(-amount));
                Request::new(key, Command::ReverseTransfer(reversal))
            };
            let requests = [request(order[0]), request(order[1])];
            let is_one_transfer = movements.iter().all(|amount| *amount < 0);
            let stood = both(&mut shop, [&requests[0], &requests[1]]);
            assert_eq!(stood, together && !is_one_transfer, "{owed}: {movements:?}, {order:?}");
            let expected = i128::from(movements[0] + movements[1] - owed);
            assert_eq!(shop.available(jo), expected);
            assert_eq!(set_aside(&shop), (-expected).max(0), "{owed}: {movements:?}, {order:?}");
            shop.sound();
        }
    }
}

/// A credit to whoever is in credit stands wherever the balance ends above zero: nothing is said about how high.
#[test]
fn a_credit_in_credit_is_open_ended() {
    let (shop, jo, _) = paid_out(NewAccount::express(US), usd(50_00));
    let decided = shop.platform.decide(&credit(jo, "credit", 10_00)).unwrap().changes;
    let theirs: Vec<&Guard> =
        decided.guards.iter().filter(|guard| guard.account == LedgerAccount::Available { owner: jo }).collect();
    assert!(!theirs.is_empty());
    assert!(theirs.iter().all(|guard| guard.high == i128::MAX && guard.low <= 10_00), "{theirs:?}");
    assert_eq!(decided.overdrafts, []);
}

/// What the platform needs for something was there before its money was set aside, and has to be there still when it is stored.
#[test]
fn what_the_platform_needs_is_not_hidden_by_what_it_sets_aside() {
    let (mut shop, jo, sale) = paid_out(NewAccount::express(US), usd(50_00));
    let bo = shop.seller(NewAccount::express(US));
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    let own = i64::try_from(shop.available(shop.house)).unwrap();
    // All that there is goes to the seller in debt, which gives 50.00 free. Somebody else takes 10.00 meanwhile.
    let all = shop.platform.decide(&credit(jo, "all", own)).unwrap().changes;
    let other = shop.platform.decide(&credit(bo, "other", 10_00)).unwrap().changes;
    shop.platform.apply(&other).unwrap();
    assert!(matches!(shop.platform.apply(&all), Err(Error::Stale(_))));
    assert_eq!(shop.platform.decide(&credit(jo, "all", own)).unwrap_err().kind(), fundroute::ErrorKind::Insufficient);
}

/// What a refund needs of the platform's own was there. That the seller does not have its share takes the platform below zero, and that
/// is no reason to decide again.
#[test]
fn what_is_set_aside_does_not_stand_in_the_way_of_its_cause() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(50_00)).destination(jo).transfer_amount(usd(30_00)));
    shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(5);
    let own = shop.available(shop.house);
    assert!((20_00..30_00).contains(&own), "{own} covers the refund, and not what is set aside");
    let request = Request::new("back", Command::CreateRefund(NewRefund::of(sale).reverse_transfer()));
    let decided = shop.platform.decide(&request).unwrap();
    shop.platform.apply(&decided.changes).unwrap();
    assert_eq!((shop.available(shop.house), set_aside(&shop)), (own - 20_00 - 30_00, 30_00));
    shop.sound();
}

/// While a bank has been asked, a debt is collected a day later. Two workers put it off once, and nobody does whom the bank's answer
/// overtakes.
#[test]
fn a_collection_is_put_off_once_and_not_past_the_answer_of_the_bank() {
    let mut shop = Shop::open_by(US, rules().with_collection_wait(Some(days(20))));
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(1_000_00)));
    shop.wait(3);
    let sent = shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
    shop.wait(2);
    shop.reverse(NewTransferReversal::of(sent)).unwrap();
    let due = shop.platform.overdraft(jo, USD).unwrap().unwrap().collect_at.unwrap();
    shop.until(due.plus_days(-1).unwrap());
    let put_off = loop {
        let next = shop.platform.decide_next(due).unwrap().unwrap();
        if !next.overdrafts.is_empty() {
            break next;
        }
        shop.platform.apply(&next).unwrap();
    };
    assert_eq!(put_off.overdrafts[0].collect_at, Some(due.plus_days(1).unwrap()));
    let payout = shop.payouts(jo).into_iter().find(Payout::is_debit).unwrap().id();
    let mut answered = shop.clone();
    answered.platform.payouts().record_paid("paid", shop.platform.now(), payout).unwrap();
    assert!(matches!(answered.platform.apply(&put_off), Err(Error::Stale(_))));
    shop.platform.apply(&put_off).unwrap();
    assert!(matches!(shop.platform.apply(&put_off), Err(Error::Stale(_))));
    shop.sound();
}
