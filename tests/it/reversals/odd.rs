//! What is told too early, and what cannot be.

use fundroute::accounts::{Access, CloseAccount};
use fundroute::journal::{AnomalyReason, FactOutcome};
use fundroute::ledger::EntryKind;
use fundroute::payments::{ChargeReversed, DebitFailure, Named};
use fundroute::prelude::*;
use fundroute::simulator::DEBIT_REFUSED;

use super::{ach, back, debits, of, reversed, told_at};
use crate::shop::{NOBODY, Shop, events};

/// Told under a reference that nobody knows, of a debit that has not come: it waits for the one, and then for the other.
#[test]
fn it_waits_for_the_success_of_its_charge() {
    let mut shop = Shop::open();
    let sale = shop.order(ach(100_00));
    let (charge, now, house) = (shop.charge_of(sale), shop.platform.now(), shop.house);
    let fact = ChargeReversed::of(Named::Reference("ch_outside".to_owned()), usd(100_00));
    assert!(matches!(told_at(&mut shop, now, fact).0, FactOutcome::Parked(_)));
    shop.platform.payments().record_submitted("known", now, charge, "ch_outside").unwrap();
    assert_eq!((shop.waiting(), shop.platform.charge(charge).unwrap().reversal()), (1, None));
    assert!(matches!(back(&mut shop, sale, 100_00), FactOutcome::Parked(_)));
    assert_eq!((shop.waiting(), shop.pending(house)), (2, 100_00), "on its way, and not pulled back");
    shop.taken(charge, usd(100_00));
    assert_eq!((shop.waiting(), reversed(&shop, sale), shop.pending(house)), (0, usd(100_00), -80));
    assert_eq!((shop.lines(house).len(), shop.anomalies()), (2, vec![]));
    shop.sound();
}

/// Two tellings wait, and one only says when, or why: one movement, told once, whichever of them is taken up first.
#[test]
fn what_was_told_twice_before_the_success_is_told_of_once() {
    for hours in [[1, 2], [2, 1], [1, 1]] {
        let mut shop = Shop::open();
        let sale = shop.order(ach(100_00));
        let (charge, now) = (shop.charge_of(sale), shop.platform.now());
        let whole = ChargeReversed::of(Named::Id(charge), usd(100_00));
        for (hours, fact) in hours.into_iter().zip([whole.clone(), whole.because(DebitFailure::AccountClosed)]) {
            let at = now.checked_add(-chrono::TimeDelta::hours(hours)).unwrap();
            assert!(matches!(told_at(&mut shop, at, fact).0, FactOutcome::Parked(_)));
        }
        let changes = shop.platform.payments().record_succeeded("paid", now, charge, usd(100_00)).unwrap().changes;
        let moved = changes.entries.iter().filter(|entry| entry.kind() == EntryKind::PaymentReversal).count();
        let told = events(&changes).into_iter().filter(|event| *event == "charge.updated").count();
        assert_eq!((moved, told), (1, 1));
        shop.sound();
    }
}

/// A debit that fails is not pulled back: there was nothing.
#[test]
fn of_a_debit_that_fails_it_is_given_up() {
    let mut shop = Shop::open();
    let sale = shop.sell(ach(100_00).token(DEBIT_REFUSED));
    assert!(matches!(back(&mut shop, sale, 100_00), FactOutcome::Parked(_)));
    shop.wait(4);
    assert_eq!(shop.status(sale), "requires_payment_method");
    assert_eq!((shop.waiting(), shop.available(shop.house)), (1, -4_00));
    shop.wait(31);
    assert_eq!((shop.waiting(), shop.anomalies()), (0, vec![AnomalyReason::UnknownReference]));
    assert_eq!(shop.available(shop.house), -4_00);
    shop.sound();
}

/// Cards have disputes, and a voucher was paid in cash: the rulebook says so, and the host may say otherwise.
#[test]
fn what_is_not_known_later_is_not_pulled_back() {
    let mut shop = Shop::open();
    let card = shop.sell(NewPayment::card(usd(100_00)));
    let planned = shop.order(NewPayment::card(usd(100_00)).token(fundroute::simulator::NEVER_ANSWERS));
    let before = shop.lines(shop.house);
    for sale in [card, planned] {
        assert!(matches!(back(&mut shop, sale, 100_00), FactOutcome::Anomaly(_)));
    }
    assert_eq!(shop.anomalies(), [AnomalyReason::NotReversible, AnomalyReason::NotReversible]);
    assert_eq!((shop.lines(shop.house), shop.waiting()), (before, 0));

    let mut brazil = Shop::open_in(BR);
    let voucher = NewPayment::by(PaymentMethod::Boleto, brl(100_00)).token(fundroute::simulator::PAYS_AT_ONCE);
    let voucher = brazil.sell(voucher);
    let (now, fact) = (brazil.platform.now(), ChargeReversed::of(brazil.charge_of(voucher), brl(100_00)));
    assert!(matches!(told_at(&mut brazil, now, fact).0, FactOutcome::Anomaly(_)));
    assert_eq!(brazil.anomalies(), [AnomalyReason::NotReversible]);
    brazil.sound();
}

#[test]
fn amounts_that_cannot_be() {
    let mut shop = Shop::open();
    let sale = shop.sell(ach(100_00));
    let charge = shop.charge_of(sale);
    let odd = [usd(0), usd(-1), usd(i64::MIN), usd(i64::MAX), usd(100_01), eur(100_00)];
    for amount in [usd(0), usd(-1), eur(1)] {
        let now = shop.platform.now();
        let told = told_at(&mut shop, now, ChargeReversed::of(charge, amount)).0;
        assert!(matches!(told, FactOutcome::Anomaly(_)), "{amount}");
    }
    // How much was taken is known with the success.
    assert!(matches!(back(&mut shop, sale, 100_01), FactOutcome::Parked(_)));
    shop.wait(4);
    assert_eq!(shop.anomalies().len(), 4);
    for amount in odd {
        let now = shop.platform.now();
        let told = told_at(&mut shop, now, ChargeReversed::of(charge, amount)).0;
        assert!(matches!(told, FactOutcome::Anomaly(_)), "{amount}");
    }
    assert_eq!(shop.anomalies(), [AnomalyReason::AmountDiffers; 10]);
    assert_eq!((reversed(&shop, sale), shop.pending(shop.house)), (usd(0), 99_20));
    assert!(shop.platform.charge(charge).unwrap().reversal().is_none());
    // What cannot be does not stand in the way of what can.
    assert_eq!(back(&mut shop, sale, 100_00), FactOutcome::Applied);
    shop.sound();
}

#[test]
fn a_charge_that_nobody_knows() {
    let mut shop = Shop::open();
    let now = shop.platform.now();
    let unknown = ChargeReversed::of(fundroute::ids::ChargeId::from_host(NOBODY), usd(1));
    let refused = shop.platform.payments().record_reversed("x", now, unknown).map(drop).unwrap_err();
    assert!(matches!(refused, Error::NotFound(_)), "{refused:?}");
    let sale = shop.sell(ach(100_00));
    let ahead = now.checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
    let fact = of(&shop, sale, 1);
    let refused = shop.platform.payments().record_reversed("x", ahead, fact).map(drop).unwrap_err();
    assert!(matches!(refused, Error::FactAheadOfClock { .. }), "{refused:?}");
    // A fact is taken once, under its id.
    shop.wait(4);
    let (now, fact) = (shop.platform.now(), of(&shop, sale, 1_00));
    for _ in 0..2 {
        let told = shop.platform.payments().record_reversed("x", now, fact.clone()).unwrap().answer;
        assert_eq!(told, FactOutcome::Applied);
    }
    assert_eq!(shop.pending(shop.house), 98_20);
    let other = fact.because(DebitFailure::AccountClosed);
    let refused = shop.platform.payments().record_reversed("x", now, other).map(drop).unwrap_err();
    assert_eq!(refused.code(), Some("idempotency_error"));
}

/// What was charged on an account that is closed since, it owes.
#[test]
fn of_a_closed_account_it_is_booked_all_the_same() {
    let mut shop = Shop::open();
    let jo = shop.banked(debits());
    let sale = shop.sell_as(jo, ach(100_00));
    shop.wait(20);
    assert_eq!(shop.platform.balance(jo, USD).unwrap().total(), 0, "paid out");
    shop.platform.handle(Request::new("end", Command::CloseAccount(CloseAccount { account: jo }))).unwrap();
    assert_eq!(shop.platform.account(jo).unwrap().standing().access, Access::Closed);
    assert_eq!(back(&mut shop, sale, 100_00), FactOutcome::Applied);
    assert_eq!((shop.available(jo), reversed(&shop, sale)), (-100_00, usd(100_00)));
    shop.sound();
}
