//! Payments of the platform that are the business of an account.

use fundroute::accounts::{
    AccountError, Controller, Dashboard, FeePayer, LossBearer, RequestCapability, RequirementCollector,
};
use fundroute::ids::AccountId;
use fundroute::money::Rate;
use fundroute::payments::{CapturePayment, PaymentError};
use fundroute::payouts::SetDelayDays;
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, FundsFlow, Price};

use crate::shop::{Shop, monday, rules};

fn refused(shop: &mut Shop, payment: NewPayment) -> Error {
    let key = shop.key();
    shop.platform.payments().create(&key, payment).map(drop).unwrap_err()
}

fn pending(shop: &Shop, account: AccountId) -> Vec<(Timestamp, i128)> {
    shop.platform.pending(account, USD)
}

/// The account's delay holds for the platform's balance as well, and the platform pays the processor, whoever pays for the account's
/// own charges.
#[test]
fn the_delay_is_the_accounts_and_the_fee_the_platforms() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let slow = Command::SetDelayDays(SetDelayDays { account: jo, delay: Some(5) });
    let key = shop.key();
    shop.platform.handle(Request::new(key, slow)).unwrap();
    let order = NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_23));
    shop.sell(order.clone());
    let usual = monday().plus_days(2).unwrap();
    assert_eq!(pending(&shop, shop.house), [(usual, 64)]);
    shop.sell(order.on_behalf_of(jo));
    let later = monday().plus_days(7).unwrap();
    assert_eq!(pending(&shop, shop.house), [(usual, 64), (later, 64)]);
    assert_eq!(pending(&shop, jo), [(usual, 8_77), (later, 8_77)]);
    // A charge of its own, for comparison: here the account pays the processor.
    shop.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(1_23)));
    assert_eq!(pending(&shop, jo), [(usual, 8_77), (later, 8_77 + 8_18)]);
}

/// The price is that of the account's country, and so it is for a capture that comes later.
#[test]
fn the_price_is_of_the_accounts_country() {
    let price = |country, rate: &str, fixed| {
        Price::new(country, PaymentMethod::Card, EUR, rate.parse::<Rate>().unwrap(), fixed)
    };
    let book = rules().with_price(price(Country::FR, "2%", 10)).and_then(|book| book.with_price(price(DE, "1%", 5)));
    let mut shop = Shop::open_by(DE, book.unwrap());
    let ada = shop.seller(NewAccount::express(Country::FR));
    let fee = |shop: &Shop, payment| shop.platform.charge_of(payment).unwrap().processor_fee();
    let order = NewPayment::card(eur(10_00)).destination(ada);
    let plain = shop.sell(order.clone());
    let hers = shop.sell(order.clone().on_behalf_of(ada));
    assert_eq!((fee(&shop, plain), fee(&shop, hers)), (15, 30));
    let apart = shop.sell(NewPayment::card(eur(10_00)).on_behalf_of(ada));
    assert_eq!(fee(&shop, apart), 30);
    let held = shop.sell(order.on_behalf_of(ada).manual_capture());
    let key = shop.key();
    shop.platform.payments().capture(&key, CapturePayment::of(held).amount(eur(5_00))).unwrap();
    shop.settle();
    assert_eq!(fee(&shop, held), 20);
}

/// Who may be charged on behalf of: an account that can take such payments itself.
#[test]
fn the_account_has_to_be_able_to_take_the_payment_itself() {
    let mut shop = Shop::open();
    let only_transfers = shop.seller(NewAccount::custom(US).request(Capability::Transfers));
    let order = NewPayment::card(usd(10_00));
    let missing = AccountError::CapabilityNotActive { account: only_transfers, capability: Capability::CardPayments };
    let by_destination = order.clone().destination(only_transfers);
    assert_eq!(refused(&mut shop, by_destination.clone().on_behalf_of(only_transfers)), missing.clone().into());
    assert_eq!(refused(&mut shop, order.clone().on_behalf_of(only_transfers)), missing.into());
    shop.sell(by_destination);
    // By a method that the account has not asked for, neither.
    let jo = shop.seller(NewAccount::express(US));
    let capability = Capability::UsBankAccountAchPayments;
    let debit = NewPayment::by(PaymentMethod::UsBankAccount, usd(10_00));
    let missing = AccountError::CapabilityNotActive { account: jo, capability };
    assert_eq!(refused(&mut shop, debit.clone().on_behalf_of(jo)), missing.into());
    shop.sell(debit);
}

#[test]
fn a_payment_is_on_behalf_of_its_recipient_or_of_nobody() {
    let mut shop = Shop::open();
    let (jo, ada) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(US)));
    let order = NewPayment::card(usd(10_00));
    let other = PaymentError::OnBehalfOfOther { destination: jo, on_behalf_of: ada };
    assert_eq!(refused(&mut shop, order.clone().destination(jo).on_behalf_of(ada)), other.into());
    let house = shop.house;
    assert_eq!(refused(&mut shop, order.clone().on_behalf_of(house)), AccountError::IsPlatform(house).into());
    let key = shop.key();
    let direct = order.on_behalf_of(ada);
    let refused = shop.platform.acting_as(jo).unwrap().payments().create(&key, direct).map(drop);
    assert_eq!(refused, Err(PaymentError::OnBehalfOfDirect(jo).into()));
}

/// Across regions the lanes know the way on behalf of an account apart from the others.
#[test]
fn the_way_across_a_border_is_another_one() {
    let mut shop = Shop::open();
    let bob = shop.seller(NewAccount::express(GB));
    let order = NewPayment::card(usd(10_00));
    for (order, flow) in
        [(order.clone().destination(bob), FundsFlow::DestinationOnBehalfOf), (order, FundsFlow::SeparateOnBehalfOf)]
    {
        let closed = AccountError::FlowClosed { account: bob, flow };
        assert_eq!(refused(&mut shop, order.on_behalf_of(bob)), closed.into());
    }
}

/// What goes back comes from the platform, whoever's business it was.
#[test]
fn a_refund_is_the_platforms() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(10_00)).destination(jo).on_behalf_of(jo));
    shop.refund(NewRefund::of(sale).keep_transfer()).unwrap();
    assert_eq!(shop.platform.balance(shop.house, USD).unwrap().pending, -10_00 - 59);
    assert_eq!(shop.platform.balance(jo, USD).unwrap().pending, 10_00);
    let payment = shop.platform.payment(sale).unwrap();
    assert_eq!(payment.on_behalf_of(), Some(jo));
}

/// A payment that is tried again asks the account again.
#[test]
fn another_attempt_looks_at_the_account_anew() {
    use fundroute::payments::ConfirmPayment;
    use fundroute::simulator::DECLINED;

    let mut shop = Shop::open();
    let fees = Controller {
        fees: FeePayer::Application,
        losses: LossBearer::Application,
        dashboard: Dashboard::None,
        requirements: RequirementCollector::Application,
    };
    let both = NewAccount::controlled(fees, US).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = shop.seller(both);
    let sale = shop.sell(NewPayment::card(usd(10_00)).on_behalf_of(jo).token(DECLINED));
    let capability = Capability::CardPayments;
    let gone = RequestCapability { account: jo, capability, requested: false };
    let key = shop.key();
    shop.platform.handle(Request::new(key, Command::RequestCapability(gone))).unwrap();
    let key = shop.key();
    let again = ConfirmPayment::by(PaymentMethod::Card, sale);
    let refused = shop.platform.payments().confirm(&key, again).map(drop);
    assert_eq!(refused, Err(AccountError::CapabilityNotActive { account: jo, capability }.into()));
}
