//! How long the payments of an account wait.

use fundroute::accounts::{AccountError, Action, Denial, NewAccount};
use fundroute::calendar::{Delay, Recurrence, utc};
use fundroute::money::{Currency, usd};
use fundroute::payments::NewPayment;
use fundroute::payouts::{PayoutError, PayoutSchedule, SetDelayDays, SetPayoutSchedule};
use fundroute::platform::{Command, Error, NewPlatform, Request};
use fundroute::prelude::{DE, PaymentMethod, US};
use fundroute::rulebook::{Capability, Country, Rulebook, RulebookError};

use crate::shop::Shop;

fn set(shop: &mut Shop, delay: Option<u16>) -> Result<(), Error> {
    shop.ask(Command::SetDelayDays(SetDelayDays { account: shop.jo, delay })).map(drop)
}

/// When a card payment that is taken now on the seller's account can be paid out.
fn waits_until(shop: &Shop, payment: NewPayment, on_account: bool) -> fundroute::calendar::Timestamp {
    let mut shop = shop.clone();
    let (jo, key) = (shop.jo, shop.key());
    if on_account {
        shop.platform.acting_as(jo).unwrap().payments().create(&key, payment).unwrap();
    } else {
        shop.platform.payments().create(&key, payment).unwrap();
    }
    shop.world.settle(&mut shop.platform).unwrap();
    shop.platform.pending(jo, Currency::USD).first().unwrap().0
}

#[test]
fn payments_on_the_account_wait_as_long_as_the_platform_says() {
    let mut shop = Shop::open();
    let card = NewPayment::card(usd(10_00));
    assert_eq!(waits_until(&shop, card.clone(), true), utc(2026, 11, 4));
    set(&mut shop, Some(9)).unwrap();
    assert_eq!(waits_until(&shop, card.clone(), true), utc(2026, 11, 16));
    let shared = card.clone().destination(shop.jo);
    assert_eq!(waits_until(&shop, shared, false), utc(2026, 11, 4), "the platform settles those");
    set(&mut shop, Some(31)).unwrap();
    assert_eq!(waits_until(&shop, card.clone(), true), utc(2026, 12, 17));
    set(&mut shop, None).unwrap();
    assert_eq!(waits_until(&shop, card, true), utc(2026, 11, 4));
}

#[test]
fn what_began_before_is_not_delayed_and_a_schedule_keeps_the_delay() {
    let mut shop = Shop::open();
    let (jo, key) = (shop.jo, shop.key());
    let sale = NewPayment::card(usd(10_00));
    shop.platform.acting_as(jo).unwrap().payments().create(&key, sale.clone()).unwrap();
    set(&mut shop, Some(9)).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!(shop.platform.pending(jo, Currency::USD).first().unwrap().0, utc(2026, 11, 4));
    let schedule = PayoutSchedule::Automatic(Recurrence::Daily);
    for schedule in [PayoutSchedule::Manual, schedule] {
        shop.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule })).unwrap();
        let settings = shop.platform.balance_settings(jo).unwrap();
        assert_eq!((settings.schedule(), settings.delay_days()), (schedule, Some(9)));
    }
}

#[test]
fn a_way_to_pay_that_takes_longer_still_does() {
    let seller = NewAccount::express(US).request(Capability::UsBankAccountAchPayments);
    let mut shop = Shop::of(NewPlatform::in_country(US), Rulebook::standard(), seller);
    let jo = shop.jo;
    for (days, expected) in [(3, Delay::Business(4)), (4, Delay::Business(4)), (5, Delay::Business(5))] {
        set(&mut shop, Some(days)).unwrap();
        let key = shop.key();
        let debit = NewPayment::by(PaymentMethod::UsBankAccount, usd(10_00));
        let payment = shop.platform.acting_as(jo).unwrap().payments().create(&key, debit).unwrap().answer;
        assert_eq!(shop.platform.charge_of(payment).unwrap().delay(), expected, "{days}");
    }
    let book = Rulebook::standard();
    let after = |country, days| book.settlement_delay_after(country, PaymentMethod::Card, days).unwrap();
    assert_eq!(after(DE, 7), Delay::Calendar(7));
    assert_eq!(after(DE, 8), Delay::Calendar(8));
    assert_eq!(after(Country::MY, 7), Delay::Business(7), "of equal numbers, business days are longer");
}

#[test]
fn the_delay_is_no_shorter_than_the_platforms_own_or_the_countrys() {
    let rows = [(US, US, 2), (DE, US, 7), (US, DE, 7), (US, Country::JP, 4)];
    for (platform, account, least) in rows {
        let mut shop = Shop::of(NewPlatform::in_country(platform), Rulebook::standard(), NewAccount::express(account));
        let jo = shop.jo;
        for delay in [0, least - 1, 32, 256 + 9, u16::MAX] {
            let refused = set(&mut shop, Some(delay)).unwrap_err();
            let expected = PayoutError::DelayOutOfRange { account: jo, delay, minimum: least, maximum: 31 };
            assert_eq!(refused, expected.into());
            assert_eq!(refused.code(), Some("parameter_invalid_integer"));
        }
        for delay in [least, 31] {
            set(&mut shop, Some(delay)).unwrap();
            assert_eq!(shop.platform.balance_settings(jo).unwrap().delay_days().map(u16::from), Some(delay));
        }
    }
}

#[test]
fn only_where_the_platform_bears_the_losses() {
    let controls = NewAccount::standard(US).platform_controls();
    let mut shop = Shop::of(NewPlatform::in_country(US), Rulebook::standard(), controls);
    let (account, action) = (shop.jo, Action::SetDelayDays);
    let denied = AccountError::NotPermitted { account, action, denial: Denial::LossesNotYours };
    assert_eq!(set(&mut shop, Some(9)).unwrap_err(), denied.into());
    shop.jo = shop.platform.id();
    assert_eq!(set(&mut shop, Some(9)).unwrap_err(), AccountError::IsPlatform(shop.jo).into());
    let kenya = NewAccount::custom(Country::KE).request(Capability::Transfers);
    shop.jo = shop.platform.accounts().create("ke", kenya).unwrap().answer;
    assert_eq!(set(&mut shop, Some(9)).unwrap_err(), RulebookError::UnknownSettlementTiming(Country::KE).into());
    set(&mut shop, None).unwrap();
}

#[test]
fn a_change_is_told_and_none_is_not() {
    let mut shop = Shop::open();
    for (delay, told) in [(Some(9), 1), (Some(9), 0), (None, 1), (None, 0)] {
        let key = shop.key();
        let command = Command::SetDelayDays(SetDelayDays { account: shop.jo, delay });
        let changes = shop.platform.handle(Request::new(key, command)).unwrap().changes;
        let names: Vec<_> = changes.events.iter().map(|event| event.kind.name()).collect();
        assert_eq!(names, vec!["balance_settings.updated"; told]);
    }
}
