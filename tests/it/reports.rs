//! What happened to an account's balances in a month, as it is told.

use fundroute::ErrorKind;
use fundroute::ids::AccountId;
use fundroute::payments::NewRefund;
use fundroute::prelude::*;

use crate::shop::{Shop, monday};

#[test]
fn a_report_prints_what_there_was_what_came_and_went_and_what_there_is() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sell = |shop: &mut Shop| shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    sell(&mut shop);
    shop.wait(1);
    let from = shop.platform.now();
    let second = sell(&mut shop);
    shop.wait(4);
    shop.refund(NewRefund::of(second).amount(usd(50_00)).reverse_transfer().refund_application_fee()).unwrap();
    let report = shop.platform.balance_report(jo, from..from.plus_days(30).unwrap()).unwrap();
    let expected = format!(
        "balances of {jo}, from 2026-11-03 until 2026-12-03\n  \
         in the beginning                        90.00 USD  of which available 0.00 USD\n  \
         charge                                  90.00 USD  100.00 USD in 1\n  \
         fee                                      5.00 USD  5.00 USD in 1\n  \
         payout                                -180.00 USD  -180.00 USD in 2\n  \
         refund                                 -50.00 USD  -50.00 USD in 1\n  \
         in the end                             -45.00 USD  of which available -45.00 USD\n"
    );
    assert_eq!(report.to_string(), expected);
    assert_eq!(shop.in_transit(jo), 0);
    shop.sound();
}

#[test]
fn a_period_may_be_empty_or_not_have_begun() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    assert_eq!(shop.platform.balance_report(jo, monday()..Timestamp::MAX).unwrap().currencies, []);
    shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    let report = |period| shop.platform.balance_report(jo, period).unwrap().currency(USD).cloned().unwrap();
    for (period, held) in [
        (monday()..monday(), [0, 0]),
        (Timestamp::MAX..monday(), [100_00, 100_00]),
        (utc(2027, 1, 1)..utc(2028, 1, 1), [100_00, 100_00]),
        (Timestamp::MIN..Timestamp::MAX, [0, 100_00]),
    ] {
        let report = report(period);
        assert_eq!([report.opening.held(), report.closing.held()], held);
    }
    let nobody = AccountId::from_host([9; 14]);
    assert_eq!(shop.platform.balance_report(nobody, monday()..monday()).unwrap_err().kind(), ErrorKind::NotFound);
}
