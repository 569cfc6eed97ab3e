//! Payments and charges.

use fundroute::ids::{AccountId, ChargeId, PaymentId};
use fundroute::journal::{Fact, Record};
use fundroute::money::{Money, usd};
use fundroute::payments::{CancelPayment, ChargeState, ChargeSubmitted, ConfirmPayment, NewPayment, NewRefund};
use fundroute::platform::{Command, Platform};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{Country, PaymentMethod};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, failed, succeeded, tell};

type Sale = (PaymentId, AccountId);

fn payment_state(platform: &Platform, (payment, _): Sale) -> String {
    platform.payment(payment).unwrap().status().to_string()
}

/// The first attempt at a payment.
fn first_charge(platform: &Platform, payment: PaymentId) -> ChargeId {
    let charge = |record: &Record| if let Record::Charge(charge) = record { Some(charge.id()) } else { None };
    platform.family(payment).find_map(charge).unwrap()
}

fn sale(method: PaymentMethod, story: fn(&mut Scene, PaymentId)) -> (Platform, Sale) {
    let mut scene = Scene::of(Country::BR);
    scene.by_hand_where_allowed();
    let order = NewPayment::by(method, scene.money(100_00));
    let payment = scene.start(None, order);
    story(&mut scene, payment);
    (scene.platform, (payment, scene.express))
}

fn confirm(payment: PaymentId, method: PaymentMethod) -> Command {
    Command::ConfirmPayment(ConfirmPayment::by(method, payment))
}

fn cancel(payment: PaymentId) -> Command {
    Command::CancelPayment(CancelPayment::of(payment))
}

fn refund(refund: NewRefund) -> Command {
    Command::CreateRefund(refund)
}

fn intents() -> Machine<Sale> {
    let about = "A payment of 100.00 in Brazil that the platform collects for itself; its attempts by card or voucher.";
    let mut machine = Machine::new("payment_intent", about, payment_state);
    let (card, boleto) = (PaymentMethod::Card, PaymentMethod::Boleto);
    machine.row("processing", sale(card, |_, _| ()));
    machine.row("requires_action", sale(boleto, |_, _| ()));
    machine.row("requires_payment_method", sale(card, Scene::refuse));
    machine.row("requires_payment_method, the voucher ran out", sale(boleto, |scene, _| scene.wait(7)));
    machine.row(
        "processing, tried again",
        sale(boleto, |scene, payment| {
            scene.wait(5);
            scene.ask(None, confirm(payment, PaymentMethod::Card));
        }),
    );
    machine.row("succeeded", sale(card, Scene::succeed));
    machine.row(
        "succeeded, then refunded",
        sale(card, |scene, payment| {
            scene.succeed(payment);
            scene.ask(None, refund(NewRefund::of(payment)));
        }),
    );
    machine.row(
        "canceled",
        sale(card, |scene, payment| {
            scene.refuse(payment);
            scene.ask(None, cancel(payment));
        }),
    );
    machine.row(
        "canceled, with a voucher out",
        sale(boleto, |scene, payment| {
            scene.ask(None, cancel(payment));
        }),
    );
    machine
}

#[test]
fn payment_intent() {
    let mut machine = intents();
    machine.column("confirm by card", |platform, (payment, _)| {
        did(ask(platform, "x", None, confirm(payment, PaymentMethod::Card)))
    });
    machine.column("confirm by voucher", |platform, (payment, _)| {
        did(ask(platform, "x", None, confirm(payment, PaymentMethod::Boleto)))
    });
    machine.column("confirm by a method of elsewhere", |platform, (payment, _)| {
        did(ask(platform, "x", None, confirm(payment, PaymentMethod::UsBankAccount)))
    });
    machine.column("cancel", |platform, (payment, _)| did(ask(platform, "x", None, cancel(payment))));
    machine.column("cancel for a seller", |platform, (payment, seller)| {
        did(ask(platform, "x", Some(seller), cancel(payment)))
    });
    machine.column("refund", |platform, (payment, _)| did(ask(platform, "x", None, refund(NewRefund::of(payment)))));
    machine.column("transfer 10.00 of it", |platform, (payment, seller)| {
        let amount = Money::new(10_00, platform.payment(payment)?.amount().currency());
        did(ask(platform, "x", None, Command::CreateTransfer(NewTransfer::to(seller, amount).from_payment(payment))))
    });
    for (name, less) in [("last attempt succeeds", 0), ("last attempt succeeds, 0.01 short", 1)] {
        machine.column(name, move |platform, (payment, _)| {
            let (charge, at) = (platform.payment(payment)?.latest_charge().unwrap(), platform.now());
            let amount = platform.payment(payment)?.amount();
            let amount = Money::new(amount.minor() - less, amount.currency());
            told(tell(platform, "x", at, succeeded(charge, amount)))
        });
    }
    machine.column("first attempt succeeds", |platform, (payment, _)| {
        let (charge, at) = (first_charge(platform, payment), platform.now());
        let amount = platform.payment(payment)?.amount();
        told(tell(platform, "x", at, succeeded(charge, amount)))
    });
    machine.column("last attempt fails", |platform, (payment, _)| {
        let (charge, at) = (platform.payment(payment)?.latest_charge().unwrap(), platform.now());
        told(tell(platform, "x", at, failed(charge)))
    });
    machine.column("first attempt fails, long ago", |platform, (payment, _)| {
        let (charge, at) = (first_charge(platform, payment), before(platform, 200));
        told(tell(platform, "x", at, failed(charge)))
    });
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}

/// The charge, its payment, and another charge.
type Attempt = (ChargeId, PaymentId, ChargeId, AccountId);

fn charge_state(platform: &Platform, (charge, ..): Attempt) -> String {
    let charge = platform.charge(charge).unwrap();
    match charge.state() {
        ChargeState::Pending { .. } => "pending",
        ChargeState::Authorized => "authorized",
        ChargeState::Released { .. } => "released",
        ChargeState::Failed { .. } => "failed",
        ChargeState::Succeeded(captured) if captured.refunded() == 0 => "succeeded",
        ChargeState::Succeeded(captured) if captured.refunded() == charge.amount().minor() => "refunded",
        ChargeState::Succeeded(_) => "partly refunded",
    }
    .to_owned()
}

fn submitted(charge: ChargeId, reference: &str) -> Fact {
    Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: reference.to_owned() })
}

/// A charge of 100.00 known outside as `mine`, beside one known as `other`; what is told about it is six hours old.
fn charge(story: fn(&mut Scene, PaymentId)) -> (Platform, Attempt) {
    let mut scene = Scene::us();
    scene.fund();
    let other = scene.start(None, NewPayment::card(usd(1_00)));
    let other = scene.charge(other);
    let payment = scene.start(None, NewPayment::card(usd(100_00)));
    let charge = scene.charge(payment);
    scene.tell(submitted(charge, "mine"));
    scene.tell(submitted(other, "other"));
    story(&mut scene, payment);
    (scene.platform, (charge, payment, other, scene.express))
}

fn fail_then(scene: &mut Scene, payment: PaymentId) {
    let (charge, at) = (scene.charge(payment), before(&scene.platform, 6));
    tell(&mut scene.platform, "then", at, failed(charge)).unwrap();
}

fn give_back(scene: &mut Scene, payment: PaymentId, amount: i64) {
    scene.succeed(payment);
    scene.ask(None, refund(NewRefund::of(payment).amount(usd(amount))));
}

fn charges() -> Machine<Attempt> {
    let about = "A charge of 100.00 on the platform; what is known about it was told of six hours ago.";
    let mut machine = Machine::new("charge", about, charge_state);
    machine.row("pending", charge(|_, _| ()));
    machine.row("failed", charge(fail_then));
    machine.row(
        "failed, tried again since",
        charge(|scene, payment| {
            fail_then(scene, payment);
            scene.ask(None, confirm(payment, PaymentMethod::Card));
        }),
    );
    machine.row(
        "failed, paid by another since",
        charge(|scene, payment| {
            fail_then(scene, payment);
            scene.ask(None, confirm(payment, PaymentMethod::Card));
            scene.succeed(payment);
        }),
    );
    machine.row(
        "failed, called off since",
        charge(|scene, payment| {
            fail_then(scene, payment);
            scene.ask(None, cancel(payment));
        }),
    );
    machine.row("succeeded", charge(Scene::succeed));
    machine.row(
        "succeeded, settled since",
        charge(|scene, payment| {
            scene.succeed(payment);
            scene.wait(7);
        }),
    );
    machine.row("partly refunded", charge(|scene, payment| give_back(scene, payment, 40_00)));
    machine.row("refunded", charge(|scene, payment| give_back(scene, payment, 100_00)));
    machine
}

#[test]
fn charge_machine() {
    let mut machine = charges();
    machine.column("succeeds", |platform, (charge, ..)| {
        let at = before(platform, 6);
        told(tell(platform, "x", at, succeeded(charge, usd(100_00))))
    });
    machine.column("succeeds, of 1.00", |platform, (charge, ..)| {
        let at = before(platform, 6);
        told(tell(platform, "x", at, succeeded(charge, usd(1_00))))
    });
    machine.column("succeeds, in euros", |platform, (charge, ..)| {
        let at = before(platform, 6);
        told(tell(platform, "x", at, succeeded(charge, fundroute::money::eur(100_00))))
    });
    for (name, hours) in [("fails, of before", 9), ("fails, of then", 6), ("fails, of now", 0)] {
        machine.column(name, move |platform, (charge, ..)| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, failed(charge)))
        });
    }
    for (name, reference) in
        [("submitted as `mine` again", "mine"), ("submitted as `new`", "new"), ("submitted as `other`", "other")]
    {
        machine.column(name, move |platform, (charge, ..)| {
            let at = platform.now();
            told(tell(platform, "x", at, submitted(charge, reference)))
        });
    }
    for (name, amount) in [("refund 40.00", 40_00), ("refund 100.00", 100_00), ("refund 100.01", 100_01)] {
        machine.column(name, move |platform, (_, payment, ..)| {
            did(ask(platform, "x", None, refund(NewRefund::of(payment).amount(usd(amount)))))
        });
    }
    for (name, amount) in [("transfer 100.00 of it", 100_00), ("transfer 100.01 of it", 100_01)] {
        machine.column(name, move |platform, (_, payment, _, seller)| {
            let transfer = NewTransfer::to(seller, usd(amount)).from_payment(payment);
            did(ask(platform, "x", None, Command::CreateTransfer(transfer)))
        });
    }
    machine.check();
}
