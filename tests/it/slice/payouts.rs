//! Balances sent to banks: on every schedule and by hand, paid, failed, and failed after having been paid.

use chrono::Weekday;
use fundroute::accounts::{ExternalAccountState, NewAccount};
use fundroute::calendar::Recurrence;
use fundroute::ids::AccountId;
use fundroute::journal::FactOutcome;
use fundroute::ledger::LedgerAccount;
use fundroute::money::Currency;
use fundroute::payouts::{PayoutAction, PayoutError, PayoutSchedule, PayoutStatus};
use fundroute::prelude::*;
use fundroute::simulator::NEVER_ANSWERS;

use crate::shop::{Shop, events};

fn schedule(shop: &mut Shop, seller: AccountId, schedule: PayoutSchedule) {
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, seller, schedule).unwrap();
}

/// Sells for 10.00 to a seller on each of the first days of the story, Monday to Friday.
fn a_week_of_sales(shop: &mut Shop, seller: AccountId) {
    for _ in 0..5 {
        shop.sell(NewPayment::card(usd(10_00)).destination(seller));
        shop.wait(1);
    }
}

/// docs.stripe.com/payouts (2026): every business day, with what is available by then; the weekend waits for Monday.
#[test]
fn a_daily_schedule_pays_every_business_day() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    a_week_of_sales(&mut shop, jo);
    shop.wait(7);
    let days = ["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09", "2026-11-10"];
    assert_eq!(shop.payout_list(jo), days.map(|day| format!("1000 paid {day} {day}")));
    assert_eq!((shop.paid_out(jo), shop.available(jo), shop.in_transit(jo)), (50_00, 0, 0));
    assert_eq!(shop.platform.outside(LedgerAccount::Banks, USD), 50_00);
    assert_eq!(shop.lines(jo).last().unwrap(), "payout -1000 - 0 = -1000 (payout)");
    shop.sound();
}

/// docs.stripe.com/payouts (2026): on the days named, with all that has gathered.
#[test]
fn a_weekly_schedule_pays_on_its_days() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    schedule(&mut shop, jo, PayoutSchedule::Automatic(Recurrence::weekly([Weekday::Fri]).unwrap()));
    a_week_of_sales(&mut shop, jo);
    shop.until(utc(2026, 11, 9));
    assert_eq!(shop.platform.next_payout(jo, USD), Some(utc(2026, 11, 13)));
    shop.wait(5);
    assert_eq!(shop.payout_list(jo), ["3000 paid 2026-11-06 2026-11-06", "2000 paid 2026-11-13 2026-11-13"]);
}

/// docs.stripe.com/payouts (2026): a day that the month lacks is its last; a closed day arrives on the next open one.
#[test]
fn a_monthly_schedule_pays_on_its_days() {
    for (day, expected) in [
        (31, "5000 paid 2026-11-30 2026-11-30"),
        (14, "5000 paid 2026-11-14 2026-11-16"), // a Saturday
        (1, "5000 paid 2026-12-01 2026-12-01"),
    ] {
        let mut shop = Shop::open();
        let jo = shop.banked(NewAccount::express(US));
        schedule(&mut shop, jo, PayoutSchedule::Automatic(Recurrence::monthly([day]).unwrap()));
        a_week_of_sales(&mut shop, jo);
        shop.wait(28);
        assert_eq!(shop.payout_list(jo), [expected]);
    }
}

/// docs.stripe.com/payouts (2026): nothing leaves by itself; by hand any part of what is available, a business day away.
#[test]
fn a_manual_schedule_pays_when_asked() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    schedule(&mut shop, jo, PayoutSchedule::Manual);
    a_week_of_sales(&mut shop, jo);
    shop.wait(7);
    assert_eq!((shop.available(jo), shop.payouts(jo).len()), (50_00, 0));
    assert_eq!(shop.platform.next_payout(jo, USD), None);
    // Asked on a Saturday, by the clocks of New York on Friday after the cut-off, it arrives on Monday.
    let payout = shop.pay_out(jo, usd(20_00)).unwrap();
    assert_eq!((shop.available(jo), shop.in_transit(jo)), (30_00, 20_00));
    let short = PayoutError::InsufficientFunds { account: jo, available: 30_00, needed: usd(30_01) };
    assert_eq!(shop.pay_out(jo, usd(30_01)), Err(short.into()));
    assert_eq!(shop.platform.payout(payout).unwrap().arrival_date(), utc(2026, 11, 16));
    // Its line shows the day of arrival (recorded exchanges 2023-2025).
    assert_eq!(shop.transactions(jo).pop().unwrap().available_on, utc(2026, 11, 16));
    shop.until(utc(2026, 11, 15).at(23, 59));
    assert_eq!((shop.paid_out(jo), shop.in_transit(jo)), (20_00, 20_00));
    shop.until(utc(2026, 11, 16));
    assert_eq!((shop.platform.payout(payout).unwrap().status(), shop.in_transit(jo)), (PayoutStatus::Paid, 0));
    // Back on a schedule, the rest leaves with its next run.
    schedule(&mut shop, jo, PayoutSchedule::Automatic(Recurrence::Daily));
    shop.wait(1);
    assert_eq!(shop.payout_list(jo), ["2000 paid 2026-11-14 2026-11-16", "3000 paid 2026-11-17 2026-11-17"]);
}

/// docs.stripe.com/api/payouts/cancel (2026): made by hand, and while pending.
#[test]
fn a_payout_by_hand_can_be_called_off_before_it_leaves() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    schedule(&mut shop, jo, PayoutSchedule::Manual);
    a_week_of_sales(&mut shop, jo);
    let payout = shop.pay_out(jo, usd(20_00)).unwrap();
    let canceled = shop.platform.acting_as(jo).unwrap().payouts().cancel("no", payout).unwrap();
    assert_eq!(events(&canceled.changes), ["payout.canceled"]);
    assert_eq!((shop.available(jo), shop.in_transit(jo)), (30_00, 0));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout_cancel 2000 - 0 = 2000 (payout_reversal)");

    let sent = shop.pay_out(jo, usd(10_00)).unwrap();
    let now = shop.platform.now();
    shop.platform.payouts().record_submitted("sent", now, sent).unwrap();
    let late = shop.platform.acting_as(jo).unwrap().payouts().cancel("too late", sent).map(|decided| decided.answer);
    let (status, action) = (PayoutStatus::InTransit, PayoutAction::Cancel);
    assert_eq!(late, Err(PayoutError::IllegalTransition { payout: sent, status, action }.into()));
}

/// The test numbers of docs.stripe.com/payouts (2026): a bank that returns a payout gets no more until it is replaced; then the
/// next run of the schedule tries again.
#[test]
fn a_returned_payout_breaks_the_bank_account_until_it_is_replaced() {
    for (number, code) in [("000111111116", "no_account"), ("000111111113", "account_closed")] {
        let mut shop = Shop::open();
        let jo = shop.banked_at(NewAccount::express(US), number);
        shop.sell(NewPayment::card(usd(10_00)).destination(jo));
        shop.wait(2);
        let failed = shop.payouts(jo).pop().unwrap();
        assert_eq!(failed.status(), PayoutStatus::Failed);
        assert!(format!("{:?}", failed.state()).contains(code), "{:?}", failed.state());
        let lines = ["payout -1000 - 0 = -1000 (payout)", "payout_failure 1000 - 0 = 1000 (payout_reversal)"];
        assert!(shop.lines(jo).ends_with(&lines.map(str::to_owned)));
        assert_eq!((shop.available(jo), shop.in_transit(jo), shop.paid_out(jo)), (10_00, 0, 0));
        let bank = shop.platform.external_account(failed.destination()).unwrap();
        assert_eq!(bank.state(), ExternalAccountState::Errored);
        // Nothing more is sent there, by the schedule or by hand.
        shop.wait(14);
        assert_eq!(shop.payouts(jo).len(), 1);
        assert_eq!(shop.pay_out(jo, usd(10_00)), Err(PayoutError::BankAccountErrored(failed.destination()).into()));
        // Wednesday noon: another bank account. Thursday's run pays it.
        shop.until(utc(2026, 11, 18).at(12, 0));
        shop.new_bank(jo, "000123456789");
        assert_eq!(shop.platform.next_payout(jo, USD), Some(utc(2026, 11, 19)));
        shop.wait(1);
        assert_eq!(shop.payout_list(jo), ["1000 failed 2026-11-04 2026-11-04", "1000 paid 2026-11-19 2026-11-19"]);
        assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 10_00));
        shop.sound();
    }
}

/// docs.stripe.com/api/payouts/failures (2023): a failure that is not the bank account's fault is tried again by the schedule.
#[test]
fn a_payout_that_failed_for_another_reason_is_tried_again() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), "000222222227"); // insufficient_funds
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.until(utc(2026, 11, 5));
    assert_eq!(shop.payout_list(jo), ["1000 failed 2026-11-04 2026-11-04", "1000 failed 2026-11-05 2026-11-05"]);
    shop.new_bank(jo, "000123456789");
    shop.wait(1);
    assert_eq!(shop.payout_list(jo).last().unwrap(), "1000 paid 2026-11-06 2026-11-06");
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 10_00));
}

/// docs.stripe.com/api/payouts/object (2026): some payouts show as paid and fail afterwards.
#[test]
fn a_payout_fails_after_it_was_paid() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(2);
    let payout = shop.payouts(jo).pop().unwrap().id();
    assert_eq!((shop.paid_out(jo), shop.platform.outside(LedgerAccount::Banks, USD)), (10_00, 10_00));
    shop.wait(1);
    let now = shop.platform.now();
    let told = shop.platform.payouts().record_failed("returned", now, payout, "account_frozen").unwrap();
    assert_eq!(told.answer, FactOutcome::Applied);
    assert_eq!(events(&told.changes), ["account.external_account.updated", "payout.failed"]);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (10_00, 0));
    assert_eq!(shop.platform.outside(LedgerAccount::Banks, USD), 0);
    // Paid for good after all? What was paid before it failed is old news.
    let stale = shop.platform.payouts().record_paid("old news", utc(2026, 11, 4), payout).unwrap();
    assert_eq!((stale.answer, shop.paid_out(jo)), (FactOutcome::Stale, 0));
    shop.new_bank(jo, "000123456789");
    shop.wait(1);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 10_00));
    shop.sound();
}

/// Banks have more reasons than the list of docs.stripe.com/api/payouts/failures (2023): one that is not in it breaks the bank
/// account as well.
#[test]
fn a_reason_that_nobody_knows_breaks_the_bank_account() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(2);
    let payout = shop.payouts(jo).pop().unwrap();
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("returned", now, payout.id(), "dog_ate_it").unwrap();
    let bank = shop.platform.external_account(payout.destination()).unwrap();
    assert_eq!((bank.state(), shop.available(jo)), (ExternalAccountState::Errored, 10_00));
    assert_eq!(shop.platform.next_payout(jo, USD), None);
}

/// A bank that says nothing keeps the money on its way: it is neither paid nor given back, and not sent again.
#[test]
fn a_payout_of_which_nothing_is_heard_stays_under_way() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(60);
    assert_eq!((shop.available(jo), shop.in_transit(jo), shop.payouts(jo).len()), (0, 10_00, 1));
    assert_eq!(shop.platform.instructions().len(), 1);
    let payout = shop.payouts(jo).pop().unwrap().id();
    let now = shop.platform.now();
    shop.platform.payouts().record_paid("at last", now, payout).unwrap();
    assert_eq!((shop.in_transit(jo), shop.paid_out(jo)), (0, 10_00));
    assert!(shop.platform.instructions().is_empty());
}

/// docs.stripe.com/currencies (2024): forints are charged in hundredths and paid out whole; 10.45 pays 10.
#[test]
fn forints_are_paid_out_whole_and_the_rest_stays() {
    let huf = |minor| Money::new(minor, Currency::HUF);
    let mut shop = Shop::open();
    let eva = shop.banked(NewAccount::express(Country::HU));
    shop.sell_as(eva, NewPayment::card(huf(1_000_45)));
    shop.wait(7);
    assert_eq!((shop.paid_out(eva), shop.available(eva)), (1_000_00, 45));
    shop.wait(7);
    assert_eq!(shop.payouts(eva).len(), 1);
    // The rest goes with what comes next.
    shop.sell_as(eva, NewPayment::card(huf(1_000_60)));
    shop.wait(7);
    assert_eq!((shop.paid_out(eva), shop.available(eva)), (2_001_00, 5));
    let odd = PayoutError::AmountNotMultiple { amount: huf(1_50), multiple: 100 };
    assert_eq!(shop.pay_out(eva, huf(1_50)), Err(odd.into()));
    let small = PayoutError::AmountTooSmall { amount: huf(5), minimum: huf(1_00) };
    assert_eq!(shop.pay_out(eva, huf(5)), Err(small.into()));
    shop.sound();
}

/// docs.stripe.com/payouts (2026): an account below zero is not paid out; what it earns first makes up for it.
#[test]
fn an_account_that_owes_is_not_paid_out() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    shop.spare_bank(jo);
    shop.sell_as(jo, NewPayment::card(usd(1_00)).application_fee(usd(1_00)));
    shop.wait(3);
    assert_eq!((shop.available(jo), shop.payouts(jo).len()), (-33, 0));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(4);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 9_67));
}

/// The platform is paid out like anyone else, once it has a bank account.
#[test]
fn the_platform_is_paid_out_too() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    shop.wait(10);
    assert_eq!((shop.available(shop.house), shop.payouts(shop.house).len()), (96_80, 0));
    shop.new_bank(shop.house, "000123456789");
    shop.wait(3);
    assert_eq!(shop.payout_list(shop.house), ["9680 paid 2026-11-13 2026-11-13"]);
}
