use fundroute::accounts::{AccountError, Actor, Denial};
use fundroute::ids::{ReserveHoldId, ReservePlanId};
use fundroute::money::Rate;
use fundroute::payouts::{
    DisableReservePlan, NewReserveHold, NewReservePlan, NewReserveRelease, ReserveCommand, ReserveError,
};
use fundroute::platform::ErrorKind;
use fundroute::prelude::*;

use super::{Shop, percent};

/// What is refused leaves no trace; tells why it was.
fn refused(shop: &mut Shop, request: Request) -> Error {
    let before = shop.platform.snapshot();
    let error = shop.platform.handle(request).unwrap_err();
    assert_eq!(before, shop.platform.snapshot(), "{error}");
    error
}

fn asked(shop: &mut Shop, command: ReserveCommand) -> Error {
    let request = Request::new(shop.key(), Command::Reserve(command));
    refused(shop, request)
}

#[test]
fn plans_that_make_no_sense() {
    let mut shop = Shop::open();
    let (jo, now) = (shop.jo, shop.platform.now());
    let of = |percent| NewReservePlan::rolling(jo, percent, 30);
    let more = Rate::from_basis_points(100_01);
    for (plan, expected) in [
        (of(Rate::ZERO), ReserveError::PercentOutOfRange(Rate::ZERO)),
        (of(more), ReserveError::PercentOutOfRange(more)),
        (NewReservePlan::rolling(jo, percent(25), 0), ReserveError::DaysOutOfRange { days: 0, maximum: 180 }),
        (NewReservePlan::rolling(jo, percent(25), 181), ReserveError::DaysOutOfRange { days: 181, maximum: 180 }),
        (of(percent(25)).expires_on(now), ReserveError::DateNotAhead(now)),
        (NewReservePlan::fixed(jo, percent(25), now), ReserveError::DateNotAhead(now)),
        (
            NewReservePlan::fixed(jo, percent(25), now.plus_days(181).unwrap()),
            ReserveError::DateTooFar { date: now.plus_days(181).unwrap(), latest: now.plus_days(180).unwrap() },
        ),
    ] {
        let error = asked(&mut shop, ReserveCommand::CreatePlan(plan));
        assert_eq!((error.kind(), error), (ErrorKind::Invalid, expected.into()));
    }
    let all = NewReservePlan::rolling(jo, percent(100), 180);
    shop.plan(all);
    let second = asked(&mut shop, ReserveCommand::CreatePlan(all));
    assert!(matches!(second, Error::Reserve(ReserveError::PlanInForce(_))), "{second}");
    let euros = asked(&mut shop, ReserveCommand::CreatePlan(of(percent(25)).in_currency(EUR)));
    assert!(matches!(euros, Error::Account(AccountError::CurrencyNotHeld { .. })), "{euros}");
}

#[test]
fn holds_and_releases_that_make_no_sense() {
    let (mut shop, plan) = Shop::with_plan();
    let (jo, now) = (shop.jo, shop.platform.now());
    for minor in [0, -1, i64::MIN] {
        let error = asked(&mut shop, ReserveCommand::Hold(NewReserveHold::of(jo, usd(minor))));
        assert_eq!(error, ReserveError::AmountNotPositive(usd(minor)).into());
    }
    for (amount, code) in [(usd(1), "balance_insufficient"), (usd(i64::MAX), "balance_insufficient")] {
        let error = asked(&mut shop, ReserveCommand::Hold(NewReserveHold::of(jo, amount)));
        assert_eq!((error.kind(), error.code()), (ErrorKind::Insufficient, Some(code)));
    }
    let early = NewReserveHold::of(jo, usd(1)).release_after(now);
    assert_eq!(asked(&mut shop, ReserveCommand::Hold(early)), ReserveError::DateNotAhead(now).into());
    let sale = shop.direct(100_00);
    let hold = shop.held(sale).id();
    for (amount, is_invalid) in
        [(usd(0), true), (usd(-1), true), (eur(1), true), (usd(25_01), false), (usd(i64::MAX), false)]
    {
        let error = asked(&mut shop, ReserveCommand::Release(NewReserveRelease::of(hold).amount(amount)));
        assert_eq!(error.kind() == ErrorKind::Invalid, is_invalid, "{error}");
    }
    shop.release(NewReserveRelease::of(hold)).unwrap();
    let twice = asked(&mut shop, ReserveCommand::Release(NewReserveRelease::of(hold)));
    let (asked_for, releasable) = (usd(0), usd(0));
    assert_eq!(twice, ReserveError::ReleaseTooLarge { hold, asked: asked_for, releasable }.into());
    shop.platform.reserves().disable_plan("once", plan).unwrap();
    let again = asked(&mut shop, ReserveCommand::DisablePlan(DisableReservePlan { plan }));
    assert!(matches!(again, Error::Reserve(ReserveError::PlanOver { .. })), "{again}");
    let nothing = ReserveHoldId::from_host([9; 14]);
    let unknown = asked(&mut shop, ReserveCommand::Release(NewReserveRelease::of(nothing)));
    assert_eq!(unknown, Error::NotFound(nothing.into()));
    let nothing = ReservePlanId::from_host([9; 14]);
    let unknown = asked(&mut shop, ReserveCommand::DisablePlan(DisableReservePlan { plan: nothing }));
    assert_eq!(unknown, Error::NotFound(nothing.into()));
}

/// docs.stripe.com/connect/connected-account-reserves (2025): a platform holds back from accounts whose losses it bears.
#[test]
fn only_who_bears_the_losses_holds_back() {
    let mut shop = Shop::open();
    let bo = shop.platform.accounts().create("bo", NewAccount::standard(US)).unwrap().answer;
    let house = shop.platform.id();
    let plan = |account| ReserveCommand::CreatePlan(NewReservePlan::rolling(account, percent(25), 30));
    let hold = |account| ReserveCommand::Hold(NewReserveHold::of(account, usd(1)));
    for command in [plan(bo), hold(bo)] {
        let error = asked(&mut shop, command);
        let Error::Account(AccountError::NotPermitted { denial, .. }) = error else { panic!("{error}") };
        assert_eq!(denial, Denial::LossesNotYours);
    }
    for command in [plan(house), hold(house)] {
        assert_eq!(asked(&mut shop, command), AccountError::IsPlatform(house).into());
    }
    let jo = shop.jo;
    for command in [plan(jo), hold(jo)] {
        let request = Request::new(shop.key(), Command::Reserve(command)).by(Actor::Holder, jo);
        assert_eq!(refused(&mut shop, request).kind(), ErrorKind::Refused);
        let request = Request::new(shop.key(), Command::Reserve(command)).acting_as(bo);
        assert_eq!(refused(&mut shop, request).code(), Some("platform_account_required"));
    }
}

#[test]
fn the_same_request_again_is_the_same_plan_and_the_same_release() {
    let mut shop = Shop::open();
    let new = NewReservePlan::rolling(shop.jo, percent(25), 30);
    let plan = shop.platform.reserves().create_plan("plan", new).unwrap().answer;
    assert_eq!(shop.platform.reserves().create_plan("plan", new).unwrap().answer, plan);
    let sale = shop.direct(100_00);
    let some = NewReserveRelease::of(shop.held(sale).id()).amount(usd(5_00));
    let first = shop.platform.reserves().release("some", some).unwrap().answer;
    assert_eq!(shop.platform.reserves().release("some", some).unwrap().answer, first);
    assert_eq!(shop.purse().2, 20_00);
}
