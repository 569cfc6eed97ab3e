//! Plans that no payment can carry, and amounts that no plan can.

use fundroute::accounts::AccountError;
use fundroute::money::eur;
use fundroute::payments::{PaymentError, UpdatePayment};
use fundroute::routing::PlanError;

use super::*;

fn plan_error(error: PlanError) -> Error {
    PaymentError::Plan(error).into()
}

#[test]
fn plans_are_for_their_type_of_payment() {
    let mut shop = Shop::open();
    let (ann, full) = (shop.ann, shop.full());
    let order = || NewPayment::card(usd(100_00));
    let refused = shop.try_pay(order().plan(tenth(Excess::Cap))).unwrap_err();
    assert_eq!(refused, PaymentError::NobodyToShareWith.into());
    let refused = shop.try_pay(order().destination(ann).plan(shop.cart())).unwrap_err();
    assert_eq!(refused, PaymentError::SplitNotSeparate.into());
    let cart = shop.cart();
    assert_eq!(shop.try_pay_as(full, order().plan(cart)).unwrap_err(), PaymentError::SplitNotSeparate.into());
    // A part that is named has nobody to go to, with or without a plan.
    let refused = shop.try_pay(order().plan(shop.cart()).transfer_amount(usd(1))).unwrap_err();
    assert_eq!(refused, PaymentError::NobodyToShareWith.into());
    assert_eq!(shop.platform.entry_count(), 0);
}

#[test]
fn amounts_that_a_plan_is_not_for_are_refused_at_once() {
    let mut shop = Shop::open();
    let (ann, ben) = (shop.ann, shop.ben);
    let fees =
        FeePlan::builder(Excess::Refuse).rule(When::always().currency(EUR), Fee::fixed(eur(1_00))).only_in([EUR]);
    let euros = shop.try_pay(NewPayment::card(usd(100_00)).destination(ann).plan(fees.build().unwrap()));
    assert_eq!(euros.unwrap_err(), plan_error(PlanError::CurrencyNotCovered(USD)));
    let open = NewPayment::open(usd(100_00)).destination(ann);
    let euros = FeePlan::builder(Excess::Refuse).rule(When::always(), Fee::percent(rate("1 %"))).only_in([EUR]);
    let refused = shop.try_pay(open.plan(euros.build().unwrap())).unwrap_err();
    assert_eq!(refused, plan_error(PlanError::CurrencyNotCovered(USD)));

    let in_euros = SplitPlan::builder(Excess::Refuse).amount(ann, eur(1_00)).rest(ben).build().unwrap();
    let refused = shop.try_pay(NewPayment::card(usd(100_00)).plan(in_euros)).unwrap_err();
    assert_eq!(refused, plan_error(PlanError::CurrencyNotCovered(USD)));

    let small = NewPayment::card(usd(5_00));
    let (taken, whole) = (usd(5_00 + 50 + 1_67), usd(5_00));
    let refused = shop.try_pay(small.clone().plan(shop.cart())).unwrap_err();
    assert_eq!(refused, plan_error(PlanError::PartsAboveWhole { taken, whole }));
    // A transfer takes no more out of a payment than it brings, so nobody can owe for one.
    let refused = shop.try_pay(small.clone().plan(shop.parts(Excess::Owe).build().unwrap())).unwrap_err();
    assert_eq!(refused, plan_error(PlanError::PartOwed { account: ben, owed: usd(50 + 1_67) }));
    let capped = shop.pay(small.plan(shop.parts(Excess::Cap).build().unwrap()));
    assert_eq!((shop.totals(), shop.charge(capped).refundable()), ([0, 0, 5_00], usd(5_00)));
    let least = NewPayment::card(usd(50)).destination(ann);
    let refused = shop.try_pay(least.plan(tenth(Excess::Refuse))).unwrap_err();
    assert_eq!(refused, plan_error(PlanError::FeeAboveSale { fee: usd(1_00), sale: usd(50) }));
    shop.sound();
}

/// A capture that leaves too little is refused before the world is asked.
#[test]
fn captures_and_changes_are_held_to_the_plan() {
    let mut shop = Shop::open();
    let sale = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()).manual_capture());
    let refused = shop.capture(CapturePayment::of(sale).amount(usd(5_00))).unwrap_err();
    assert!(matches!(refused, Error::Payment(PaymentError::Plan(PlanError::PartsAboveWhole { .. }))), "{refused}");
    assert_eq!(shop.platform.instructions(), []);
    shop.capture(CapturePayment::of(sale).amount(usd(50_00))).unwrap();

    let planned = shop.pay(NewPayment::card(usd(100_00)).plan(shop.cart()).confirm_later());
    let key = shop.key();
    let refused = shop.platform.payments().update(&key, UpdatePayment::of(planned).amount(usd(5_00))).unwrap_err();
    assert!(matches!(refused, Error::Payment(PaymentError::Plan(PlanError::PartsAboveWhole { .. }))), "{refused}");
    shop.sound();
}

#[test]
fn recipients_are_who_can_get_a_transfer() {
    let mut shop = Shop::open();
    let (ann, ben) = (shop.ann, shop.ben);
    let to = |account| SplitPlan::builder(Excess::Refuse).share(account, rate("50 %")).rest(ben).build().unwrap();
    let order = |account| NewPayment::card(usd(100_00)).plan(to(account));
    let nobody = AccountId::from_host([9; 14]);
    assert_eq!(shop.try_pay(order(nobody)).unwrap_err(), Error::NotFound(nobody.into()));

    let key = shop.key();
    shop.platform.accounts().close(&key, ann).unwrap();
    let refused = shop.try_pay(order(ann)).unwrap_err();
    assert!(matches!(refused, Error::Account(AccountError::NotConnected(account, _)) if account == ann), "{refused}");

    let key = shop.key();
    let new = shop.platform.accounts().create(&key, NewAccount::express(US)).unwrap().answer;
    let refused = shop.try_pay(order(new)).unwrap_err();
    assert!(matches!(refused, Error::Account(_)), "{refused}");

    let mut many = SplitPlan::builder(Excess::Cap).rest(ben);
    for number in 0..101_u8 {
        many = many.amount(AccountId::from_host([number.max(1); 14].map(|byte| byte ^ 0x55)), usd(1));
    }
    let refused = shop.try_pay(NewPayment::card(usd(100_00)).plan(many.build().unwrap())).unwrap_err();
    assert_eq!(refused, PaymentError::TooManyRecipients(100).into());
    shop.sound();
}

/// Only the platform takes a commission, by whatever means.
#[test]
fn nobody_else_plans_the_platforms_commission() {
    use fundroute::accounts::Actor;

    let mut shop = Shop::open();
    let full = shop.full();
    let by_holder = |shop: &mut Shop, command: Command| {
        let request = Request::new(shop.key(), command).by(Actor::Holder, full);
        shop.platform.handle(request).map(|decided| decided.answer)
    };
    let order = || NewPayment::card(usd(100_00));
    let planned = Command::CreatePayment(order().plan(tenth(Excess::Cap)));
    assert!(matches!(by_holder(&mut shop, planned), Err(Error::Account(AccountError::NotPermitted { .. }))));
    // Nor does anybody do without it.
    let sale = shop.try_pay_as(full, order().plan(tenth(Excess::Cap)).confirm_later()).unwrap();
    for fee in [0, 1, 20_00] {
        let update = Command::UpdatePayment(UpdatePayment::of(sale).application_fee(usd(fee)));
        assert!(
            matches!(by_holder(&mut shop, update), Err(Error::Account(AccountError::NotPermitted { .. }))),
            "{fee}"
        );
    }
}
