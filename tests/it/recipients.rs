//! Accounts under the recipient agreement have what is transferred to them a day later than others
//! (docs.stripe.com/connect/cross-border-payouts, 2024).

use chrono::TimeDelta;
use fundroute::calendar::hours;
use fundroute::ids::{AccountId, PaymentId, TransferId};
use fundroute::money::Rate;
use fundroute::payments::NewRefund;
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReversal, RoutingError};
use fundroute::rulebook::{Capability, Price, Table};

use crate::shop::{Shop, rules};

/// A platform in the Emirates that takes dollars for nothing, and pays recipients there in every way.
fn book() -> Rulebook {
    let free = Price::new(Country::AE, PaymentMethod::Card, USD, Rate::ZERO, 0);
    let mut book =
        rules().with_price(free).and_then(|book| book.with_settlement_currencies(Country::AE, &[USD])).unwrap();
    let head = "era,platform,account,agreement,lane,fee,flows,source";
    let row = "self_serve,AE,AE,recipient,recipient,0%,destination separate top_up,us";
    book.read(Table::CrossBorder, &format!("{head}\n{row}\n")).unwrap();
    book
}

struct Scene {
    shop: Shop,
    jo: AccountId,
}

impl Scene {
    fn new(book: Rulebook) -> Self {
        let mut shop = Shop::open_by(Country::AE, book);
        let jo = shop.seller(NewAccount::custom(Country::AE).request(Capability::Transfers).recipient());
        Self { shop, jo }
    }

    /// What the platform and the recipient have pending and available, in cents.
    fn stand(&self) -> [(i128, i128); 2] {
        [self.shop.platform.id(), self.jo].map(|owner| {
            let balance = self.shop.platform.balance(owner, USD).unwrap();
            (balance.pending, balance.available)
        })
    }

    fn dates(&self, transfer: TransferId) -> [Timestamp; 2] {
        let transfer = self.shop.platform.transfer(transfer).unwrap();
        [transfer.sent_on(), transfer.available_on()]
    }

    /// Lets the time pass up to when a sale's money is the platform's, and not yet the recipient's.
    fn in_between(&mut self, sale: PaymentId) -> Timestamp {
        let charge = self.shop.charge_of(sale);
        let date = self.shop.platform.charge(charge).unwrap().captured().unwrap().available_on();
        self.shop.until(date.checked_add(hours(1)).unwrap());
        date
    }
}

#[test]
fn a_free_transfer_is_there_a_day_later() {
    let mut scene = Scene::new(book());
    scene.shop.sell(NewPayment::card(usd(100_00)));
    scene.shop.wait(14);
    let now = scene.shop.platform.now();
    let transfer = scene.shop.transfer(NewTransfer::to(scene.jo, usd(30_00))).unwrap();
    assert_eq!(scene.dates(transfer), [now, now.plus_days(1).unwrap()]);
    assert_eq!(scene.stand(), [(0, 70_00), (30_00, 0)]);
    scene.shop.until(now.checked_add(hours(24) - TimeDelta::microseconds(1)).unwrap());
    assert_eq!(scene.stand(), [(0, 70_00), (30_00, 0)]);
    scene.shop.until(now.plus_days(1).unwrap());
    assert_eq!(scene.stand(), [(0, 70_00), (0, 30_00)]);
    scene.shop.sound();
}

#[test]
fn what_is_taken_back_on_that_day_comes_out_of_what_is_pending() {
    let mut scene = Scene::new(book());
    scene.shop.sell(NewPayment::card(usd(100_00)));
    scene.shop.wait(14);
    let transfer = scene.shop.transfer(NewTransfer::to(scene.jo, usd(30_00))).unwrap();
    scene.shop.reverse(NewTransferReversal::of(transfer).amount(usd(10_00))).unwrap();
    assert_eq!(scene.stand(), [(0, 80_00), (20_00, 0)]);
    scene.shop.wait(1);
    scene.shop.reverse(NewTransferReversal::of(transfer).amount(usd(5_00))).unwrap();
    assert_eq!(scene.stand(), [(0, 85_00), (0, 15_00)]);
    scene.shop.sound();
}

#[test]
fn a_transfer_out_of_a_payment_is_a_day_behind_it() {
    let mut scene = Scene::new(book());
    let sale = scene.shop.sell(NewPayment::card(usd(100_00)));
    let tied = scene.shop.transfer(NewTransfer::to(scene.jo, usd(70_00)).from_payment(sale)).unwrap();
    assert_eq!(scene.stand(), [(30_00, 0), (70_00, 0)]);
    let date = scene.in_between(sale);
    assert_eq!(scene.dates(tied), [date, date.plus_days(1).unwrap()]);
    assert_eq!(scene.stand(), [(0, 30_00), (70_00, 0)]);

    // The platform's money is there by now, so a transfer needs cover.
    let more = scene.shop.transfer(NewTransfer::to(scene.jo, usd(30_01)));
    assert!(matches!(more, Err(Error::Routing(RoutingError::InsufficientFunds { needed: 30_01, .. }))), "{more:?}");
    scene.shop.wait(1);
    assert_eq!(scene.stand(), [(0, 30_00), (0, 70_00)]);
    scene.shop.sound();
}

/// In between, what a refund pulls back and the commission it returns move inside what is pending at the recipient, and need nothing
/// that is available there.
#[test]
fn a_refund_meets_each_share_where_it_is() {
    let sale = |scene: &mut Scene| {
        let order = NewPayment::card(usd(100_00)).destination(scene.jo).application_fee(usd(10_00));
        scene.shop.sell(order)
    };
    let everything = |sale| NewRefund::of(sale).amount(usd(40_00)).reverse_transfer().refund_application_fee();

    let mut scene = Scene::new(book());
    let paid = sale(&mut scene);
    assert_eq!(scene.stand(), [(10_00, 0), (90_00, 0)]);
    scene.shop.refund(everything(paid)).unwrap();
    assert_eq!(scene.stand(), [(6_00, 0), (54_00, 0)]);
    let date = scene.in_between(paid);
    assert_eq!(scene.dates(scene.shop.transfer_of(paid)), [date, date.plus_days(1).unwrap()]);
    assert_eq!(scene.stand(), [(0, 6_00), (54_00, 0)]);

    scene.shop.refund(everything(paid)).unwrap();
    assert_eq!(scene.stand(), [(0, 2_00), (18_00, 0)]);
    let fee = scene.shop.fee_of(paid);
    let key = scene.shop.key();
    scene.shop.platform.transfers().refund_fee_part(&key, NewApplicationFeeRefund::of(fee).amount(usd(1_00))).unwrap();
    assert_eq!(scene.stand(), [(0, 1_00), (19_00, 0)]);
    scene.shop.wait(1);
    assert_eq!(scene.stand(), [(0, 1_00), (0, 19_00)]);
    scene.shop.refund(NewRefund::of(paid).reverse_transfer().refund_application_fee()).unwrap();
    assert_eq!(scene.stand(), [(0, 0), (0, 0)]);
    scene.shop.sound();
}

#[test]
fn a_host_may_know_another_time() {
    for (book, later) in [
        (book().with_recipient_delay(hours(48)), days(2)),
        (book().with_recipient_delay(TimeDelta::zero()), days(0)),
        (book().with_recipient_delay(days(-3)), days(0)),
        (book().with_recipient_delay(TimeDelta::MAX), TimeDelta::MAX),
    ] {
        let mut scene = Scene::new(book);
        let sale = scene.shop.sell(NewPayment::card(usd(100_00)).destination(scene.jo));
        let [sent, received] = scene.dates(scene.shop.transfer_of(sale));
        assert_eq!(received, sent.checked_add(later).unwrap_or(Timestamp::MAX));
        scene.shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
        assert_eq!(scene.stand(), [(0, 0), (0, 0)]);
        scene.shop.sound();
    }
}

/// An account with the full agreement beside a recipient: only the one waits.
#[test]
fn an_account_under_the_full_agreement_waits_for_nothing() {
    let mut scene = Scene::new(book());
    let full = scene.shop.seller(NewAccount::express(Country::AE));
    let sale = scene.shop.sell(NewPayment::card(usd(100_00)));
    let [now, later] = [full, scene.jo].map(|to| {
        let transfer = scene.shop.transfer(NewTransfer::to(to, usd(10_00)).from_payment(sale)).unwrap();
        scene.dates(transfer)
    });
    assert_eq!((now[0], now[1], later[0]), (later[0], later[0], now[0]));
    assert_eq!(later[1], later[0].plus_days(1).unwrap());
}
