//! A handle for each kind of account.

use fundroute::accounts::{
    AccountError, Action, Controller, Denial, FeePayer, NewAccount, PayoutsAction, Phase, RejectReason, Standing,
};
use fundroute::ids::AccountId;
use fundroute::money::{Currency, usd};
use fundroute::payments::{NewPayment, NewRefund};
use fundroute::payouts::PayoutSchedule;
use fundroute::platform::{Error, NewPlatform};
use fundroute::prelude::US;
use fundroute::rulebook::{AccountKind, Capability, Rulebook};

use crate::shop::Shop;

#[test]
fn an_account_is_lent_as_what_it_is() {
    let mut shop = Shop::open();
    let platform = &mut shop.platform;
    let custom = NewAccount::custom(US).request(Capability::Transfers);
    let light = Controller { fees: FeePayer::Application, ..Controller::of(AccountKind::Express) };
    let accounts = [
        (platform.accounts().create("s", NewAccount::standard(US)).unwrap().answer, Some(AccountKind::Standard)),
        (platform.accounts().create("e", NewAccount::express(US)).unwrap().answer, Some(AccountKind::Express)),
        (platform.accounts().create("c", custom).unwrap().answer, Some(AccountKind::Custom)),
        (platform.accounts().create("l", NewAccount::controlled(light, US)).unwrap().answer, None),
        (platform.id(), None),
    ];
    for (account, kind) in accounts {
        let outcome = |result: Result<AccountId, Error>, wanted| {
            let wrong = Err(AccountError::WrongKind { account, wanted }.into());
            assert_eq!(result, if kind == Some(wanted) { Ok(account) } else { wrong });
        };
        outcome(platform.standard(account).map(|lent| lent.id()), AccountKind::Standard);
        outcome(platform.express(account).map(|lent| lent.id()), AccountKind::Express);
        outcome(platform.custom(account).map(|lent| lent.id()), AccountKind::Custom);
    }
    let unknown = AccountId::from_host([9; 14]);
    assert_eq!(platform.express(unknown).map(|lent| lent.id()), Err(Error::NotFound(unknown.into())));
}

#[test]
fn the_platform_does_through_the_handle_what_it_does_by_command() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let mut lent = shop.platform.express(jo).unwrap();
    let sale = lent.payments().create("sale", NewPayment::card(usd(100_00))).unwrap().answer;
    lent.set_schedule("hold", PayoutSchedule::Manual).unwrap();
    lent.set_delay_days("wait", Some(5)).unwrap();
    lent.request("ach", Capability::UsBankAccountAchPayments).unwrap();
    lent.unrequest("no ach", Capability::UsBankAccountAchPayments).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    shop.wait(3);
    let mut lent = shop.platform.express(jo).unwrap();
    lent.refunds().create("back", NewRefund::of(sale).amount(usd(50_00))).unwrap();
    lent.pause_payments("pause 1", true).unwrap();
    lent.pause_payouts("pause 2", true).unwrap();
    assert_eq!(lent.readiness().unwrap().phase, Phase::Paused);
    lent.pause_payments("resume 1", false).unwrap();
    lent.pause_payouts("resume 2", false).unwrap();
    assert_eq!(lent.readiness().unwrap().phase, Phase::Ready);
    let payout = lent.payouts().create("pay", usd(46_80)).unwrap().answer;
    lent.payouts().cancel("do not", payout).unwrap();
    lent.reject("out", RejectReason::Credit, PayoutsAction::None).unwrap();
    lent.unreject("in").unwrap();
    assert_eq!(shop.platform.account(jo).unwrap().standing(), Standing::GOOD);
    assert_eq!(shop.platform.balance(jo, Currency::USD).unwrap().available, 46_80);
    shop.platform.express(jo).unwrap().close("end").unwrap();
    assert_eq!(shop.platform.readiness(jo).unwrap().phase, Phase::Closed);
}

#[test]
fn the_controls_of_a_standard_account_are_lent_where_they_were_given() {
    let seller = NewAccount::standard(US).platform_controls();
    let mut shop = Shop::of(NewPlatform::in_country(US), Rulebook::standard(), seller);
    let jo = shop.jo;
    let mut lent = shop.platform.standard(jo).unwrap();
    lent.payments().create("sale", NewPayment::card(usd(100_00))).unwrap();
    lent.platform_controls().unwrap().set_schedule("hold", PayoutSchedule::Manual).unwrap();
    shop.wait(3);
    let mut lent = shop.platform.standard(jo).unwrap();
    let payout = lent.platform_controls().unwrap().create_payout("pay", usd(10_00)).unwrap().answer;
    lent.platform_controls().unwrap().cancel_payout("do not", payout).unwrap();

    let al = shop.platform.accounts().create("al", NewAccount::standard(US)).unwrap().answer;
    let denied = shop.platform.standard(al).unwrap().platform_controls().map(drop).unwrap_err();
    let (action, denial) = (Action::CreatePayout, Denial::NeedsPlatformControls);
    assert_eq!(denied, AccountError::NotPermitted { account: al, action, denial }.into());
}
