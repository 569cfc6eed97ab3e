use fundroute::accounts::{AccountError, NewAccount};
use fundroute::ids::{AccountId, AnomalyId, PaymentId};
use fundroute::journal::{Outcome, RequestError};
use fundroute::prelude::*;

use super::Table;
use crate::shop::{NOBODY, Shop, monday};

fn order() -> Command {
    Command::CreatePayment(NewPayment::card(usd(10_00)))
}

/// docs.stripe.com/api/idempotent_requests (2026): at most 255 characters, whatever their bytes.
#[test]
fn keys_are_one_to_255_characters_long() {
    let mut shop = Shop::open();
    let before = shop.platform.snapshot();
    let too_long = [(256, "k".repeat(256)), (256, "é".repeat(256)), (300, "k".repeat(300))];
    for (characters, key) in too_long {
        let refused = shop.platform.handle(Request::new(key, order())).map(|decided| decided.answer);
        assert_eq!(refused, Err(RequestError::KeyTooLong(characters).into()));
    }
    let empty = shop.platform.handle(Request::new("", order())).map(|decided| decided.answer);
    assert_eq!(empty, Err(RequestError::KeyEmpty.into()));
    assert_eq!(shop.platform.snapshot(), before);
    for key in ["k".repeat(255), "é".repeat(255), "k".to_owned()] {
        assert!(shop.platform.handle(Request::new(key, order())).is_ok());
    }
}

/// The same key answers the same; with another body it is refused (docs.stripe.com/api/idempotent_requests, 2026).
#[test]
fn one_key_is_one_request() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let first = shop.platform.handle(Request::new("key", order())).unwrap();
    let before = shop.platform.snapshot();
    let again = shop.platform.handle(Request::new("key", order())).unwrap();
    assert_eq!((again.answer, again.outcome), (first.answer, Outcome::Replayed));
    assert!(again.changes.is_empty() && again.changes.instructions.is_empty());
    let others =
        [Command::CreatePayment(NewPayment::card(usd(10_01))), Command::CreateAccount(NewAccount::express(US))];
    for command in others {
        let refused = shop.platform.handle(Request::new("key", command)).unwrap_err();
        assert_eq!(refused, RequestError::KeyReused("key".to_owned()).into());
        assert_eq!(refused.code(), Some("idempotency_error"));
    }
    assert_eq!(shop.platform.snapshot(), before);
    // Keys are separate for each account, and fresh again after thirty days.
    let direct = shop.platform.handle(Request::new("key", order()).acting_as(jo)).unwrap();
    assert_eq!((direct.outcome, direct.answer == first.answer), (Outcome::Applied, false));
    shop.platform.advance_to(utc(2026, 12, 1).at(23, 59)).unwrap();
    assert_eq!(shop.platform.handle(Request::new("key", order())).unwrap().outcome, Outcome::Replayed);
    shop.platform.advance_to(utc(2026, 12, 2)).unwrap();
    assert_eq!(shop.platform.handle(Request::new("key", order())).unwrap().outcome, Outcome::Applied);
}

/// A refused request leaves its key free for a corrected one.
#[test]
fn a_refused_request_leaves_its_key_free() {
    let mut shop = Shop::open();
    assert!(shop.platform.payments().create("key", NewPayment::card(usd(49))).is_err());
    assert!(shop.platform.payments().create("key", NewPayment::card(usd(50))).is_ok());
}

#[test]
fn time_does_not_go_backwards() {
    let mut shop = Shop::open();
    let before = shop.platform.snapshot();
    let yesterday = utc(2026, 11, 1).at(23, 59);
    let error = Error::TimeBackwards { clock: monday(), now: yesterday };
    assert_eq!(shop.platform.advance_to(yesterday), Err(error.clone()));
    assert_eq!(shop.platform.decide_next(yesterday), Err(error.clone()));
    assert_eq!(error.code(), None);
    assert_eq!((shop.platform.snapshot(), shop.platform.now()), (before, monday()));
    assert_eq!(shop.platform.advance_to(monday()), Ok(Vec::new()));
}

#[test]
fn nobody_acts_for_the_platform_or_for_an_unknown_account() {
    let mut shop = Shop::open();
    let nobody = AccountId::from_host(NOBODY);
    let mut table = Table::default();
    let error = Error::NotFound(nobody.into());
    table.for_account("for nobody", nobody, order(), error, Some("resource_missing"));
    let error = AccountError::IsPlatform(shop.house);
    table.for_account("for the platform itself", shop.house, order(), error, Some("account_invalid"));
    table.check(&mut shop);
    assert!(shop.platform.acting_as(nobody).is_err());
}

/// An id of the host's own choosing is used once, whatever for.
#[test]
fn an_id_is_taken_once() {
    let mut shop = Shop::open();
    let id = PaymentId::from_host([7; 14]);
    let chosen = NewPayment::card(usd(10_00)).with_id(id);
    assert_eq!(shop.sell(chosen.clone()), id);
    let account = AccountId::from_host([7; 14]);
    let code = Some("resource_already_exists");
    let mut table = Table::default();
    table.row("for a payment", Command::CreatePayment(chosen), Error::IdTaken(id.into()), code);
    let other = Command::CreateAccount(NewAccount::express(US).with_id(account));
    table.row("for an account", other, Error::IdTaken(account.into()), code);
    table.check(&mut shop);
}

#[test]
fn an_unknown_anomaly_cannot_be_closed() {
    let mut shop = Shop::open();
    let nobody = AnomalyId::from_host(NOBODY);
    let mut table = Table::default();
    let error = Error::NotFound(nobody.into());
    table.row("unknown", Command::CloseAnomaly(nobody), error, Some("resource_missing"));
    table.check(&mut shop);
}
