//! What automatic payouts leave behind (docs.stripe.com/payouts/minimum-balances-for-automatic-payouts, 2026).

use fundroute::accounts::{AccountError, Action, Denial};
use fundroute::money::{Currency, gbp};
use fundroute::payouts::{PayoutError, PayoutSchedule};
use fundroute::prelude::*;

use super::{cut_off, refused};
use crate::shop::{Shop, events, monday};

/// A seller in Germany whose payments cost nothing, and which keeps so many cents.
fn keeping(minimum: i64) -> (Shop, fundroute::ids::AccountId) {
    let mut shop = Shop::open_in(DE);
    let jo = shop.banked(NewAccount::express(DE));
    keep(&mut shop, jo, eur(minimum));
    (shop, jo)
}

fn keep(shop: &mut Shop, account: fundroute::ids::AccountId, minimum: Money) {
    let key = shop.key();
    let kept = shop.platform.payouts().set_minimum_balance(&key, account, minimum).unwrap();
    assert_eq!(events(&kept.changes), ["balance_settings.updated"]);
    assert_eq!(shop.platform.balance_settings(account).unwrap().minimum_balance(minimum.currency()), minimum);
}

fn eur(minor: i64) -> Money {
    Money::new(minor, EUR)
}

/// docs.stripe.com/changelog (2024-12-18): of 1000 available with a minimum of 100, 900 leave, between a hold and a release of 100.
#[test]
fn example_w13_a_payout_leaves_the_minimum_behind() {
    let (mut shop, jo) = keeping(100_00);
    shop.sell_as(jo, NewPayment::card(eur(1_000_00)));
    shop.wait(7);
    let lines = shop.lines(jo);
    assert_eq!(
        lines[1..],
        [
            "payout_minimum_balance_hold -10000 - 0 = -10000 (unlisted)",
            "payout -90000 - 0 = -90000 (payout)",
            "payout_minimum_balance_release 10000 - 0 = 10000 (unlisted)",
        ]
    );
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (100_00, 900_00));
    assert_eq!(shop.payout_list(jo), ["90000 paid 2026-11-09 2026-11-09"]);
    shop.sound();
}

/// docs.stripe.com/currencies (2024): of 10.45 forint 10 leave, of 800.45 new dollars of Taiwan 800. No account can be in Taiwan: its
/// dollars are tried by the rules alone.
#[test]
fn example_w15_what_leaves_is_a_multiple() {
    let mut shop = Shop::open_in(Country::HU);
    let eva = shop.banked(NewAccount::express(Country::HU));
    let huf = |minor| Money::new(minor, Currency::HUF);
    shop.sell_as(eva, NewPayment::card(huf(200_00)));
    shop.wait(7);
    keep(&mut shop, eva, huf(190_00));
    shop.sell_as(eva, NewPayment::card(huf(200_45)));
    shop.wait(7);
    assert_eq!((shop.paid_out(eva), shop.available(eva)), (210_00, 190_45));
    keep(&mut shop, eva, huf(180_00));
    shop.wait(1);
    // 10.45 are above the minimum.
    assert_eq!((shop.payouts(eva).last().unwrap().amount(), shop.available(eva)), (huf(10_00), 180_45));
    let book = Rulebook::standard();
    assert_eq!(book.payout_limits(Country::HU, Currency::HUF).payable(10_45), Some(10_00));
    assert_eq!(book.payout_limits(Country::TW, Currency::TWD).payable(800_45), Some(800_00));
    shop.sound();
}

#[test]
fn what_is_below_the_minimum_is_filled_up_first() {
    let (mut shop, jo) = keeping(100_00);
    let sale = shop.sell_as(jo, NewPayment::card(eur(150_00)));
    shop.wait(7);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (100_00, 50_00));
    // A refund takes from what was left behind; what comes next fills it up.
    shop.refund_as(jo, NewRefund::of(sale).amount(eur(30_00))).unwrap();
    assert_eq!(shop.available(jo), 70_00);
    for (sale, there, paid) in [(20_00, 90_00, 50_00), (30_00, 100_00, 70_00)] {
        shop.sell_as(jo, NewPayment::card(eur(sale)));
        shop.wait(7);
        assert_eq!((shop.available(jo), shop.paid_out(jo)), (there, paid));
    }
    shop.sound();
}

#[test]
fn a_higher_minimum_gathers_and_a_lower_one_lets_go() {
    let (mut shop, jo) = keeping(50_00);
    shop.sell_as(jo, NewPayment::card(eur(60_00)));
    shop.wait(7);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (50_00, 10_00));
    keep(&mut shop, jo, eur(80_00));
    for (sale, there, paid) in [(20_00, 70_00, 10_00), (20_00, 80_00, 20_00)] {
        shop.sell_as(jo, NewPayment::card(eur(sale)));
        shop.wait(7);
        assert_eq!((shop.available(jo), shop.paid_out(jo)), (there, paid));
    }
    keep(&mut shop, jo, eur(30_00));
    assert_eq!(shop.platform.next_payout(jo, EUR), Some(utc(2026, 11, 24)));
    shop.wait(1);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (30_00, 70_00));
    keep(&mut shop, jo, eur(0));
    shop.wait(1);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 100_00));
    assert!(shop.platform.balance_settings(jo).unwrap().minimum_balances().next().is_none());
    assert_eq!(shop.lines(jo).last().unwrap(), "payout -3000 - 0 = -3000 (payout)");
    shop.sound();
}

#[test]
fn payouts_by_hand_pay_no_heed_to_it() {
    let (mut shop, jo) = keeping(100_00);
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    shop.sell_as(jo, NewPayment::card(eur(120_00)));
    shop.wait(7);
    shop.pay_out(jo, eur(120_00)).unwrap();
    assert_eq!(shop.available(jo), 0);
    assert_eq!(shop.lines(jo).last().unwrap(), "payout -12000 - 0 = -12000 (payout)");
    shop.sound();
}

/// What came back is there again, and nothing more is kept of it than before.
#[test]
fn a_payout_that_comes_back_is_what_it_was() {
    let (mut shop, jo) = keeping(100_00);
    shop.sell_as(jo, NewPayment::card(eur(150_00)));
    shop.wait(7);
    let (payout, now) = (shop.payouts(jo).pop().unwrap(), shop.platform.now());
    shop.platform.payouts().record_failed("back", now, payout.id(), "could_not_process").unwrap();
    assert_eq!(shop.available(jo), 150_00);
    assert_eq!(shop.lines(jo).last().unwrap(), "payout_failure 5000 - 0 = 5000 (payout_reversal)");
    shop.sound();
}

#[test]
fn each_currency_has_its_own() {
    let mut shop = Shop::open_by(DE, cut_off());
    let jo = shop.seller(NewAccount::express(DE));
    keep(&mut shop, jo, eur(1_00));
    keep(&mut shop, jo, usd(2_00));
    keep(&mut shop, jo, eur(3_00));
    let kept: Vec<_> = shop.platform.balance_settings(jo).unwrap().minimum_balances().collect();
    assert_eq!(kept.len(), 2);
    assert!(kept.contains(&eur(3_00)) && kept.contains(&usd(2_00)), "{kept:?}");
    assert_eq!(shop.platform.balance_settings(jo).unwrap().minimum_balance(Currency::GBP), gbp(0));
}

#[test]
fn minimums_are_refused_by_country_by_sign_and_by_who_asks() {
    let mut shop = Shop::open();
    for (country, currency) in [(BR, BRL), (Country::IN, Currency::INR), (Country::TH, Currency::THB)] {
        let ana = shop.seller(NewAccount::express(country));
        let key = shop.key();
        let some = shop.platform.payouts().set_minimum_balance(&key, ana, Money::new(1, currency));
        assert_eq!(refused(some), PayoutError::MinimumNotAllowed(country));
        // That nothing stays behind can be said anywhere.
        shop.platform.payouts().set_minimum_balance(&key, ana, Money::new(0, currency)).unwrap();
    }
    let (jo, al) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::standard(US)));
    let below = shop.platform.payouts().set_minimum_balance("below", jo, usd(-1));
    assert_eq!(refused(below), PayoutError::MinimumNegative(usd(-1)));
    let theirs = shop.platform.payouts().set_minimum_balance("theirs", al, usd(1)).unwrap_err();
    let (action, denial) = (Action::SetBalanceSettings, Denial::NeedsPlatformControls);
    assert_eq!(theirs, AccountError::NotPermitted { account: al, action, denial }.into());
    shop.platform.acting_as(al).unwrap();
    let other = shop.platform.acting_as(jo).unwrap().payouts().set_minimum_balance("other", shop.house, usd(1));
    assert_eq!(other.unwrap_err(), Error::NotForAccounts(jo));
    assert_eq!(shop.platform.now(), monday());
}
