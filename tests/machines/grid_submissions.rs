//! What is on the balance of a debit before the payer's bank has answered, and after.

use fundroute::ids::{AccountId, ChargeId, PaymentId};
use fundroute::journal::Fact;
use fundroute::money::{Currency, usd};
use fundroute::payments::{
    ActionCompleted, ActionRequired, CancelPayment, ChargeFailed, ConfirmPayment, DebitFailure, NewPayment, NewRefund,
    NextAction, PaymentStatus, UpdatePayment,
};
use fundroute::payouts::NewPayout;
use fundroute::platform::{Command, Platform};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::PaymentMethod;

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, succeeded, tell};

#[derive(Clone, Copy, Debug)]
struct Debit {
    payment: PaymentId,
    to: AccountId,
}

/// The payment's state, and what the platform shows of it.
fn state(platform: &Platform, debit: Debit) -> String {
    let payment = platform.payment(debit.payment).unwrap();
    let held = platform.balance(platform.id(), Currency::USD).unwrap();
    let (submitted, dated) = (held.submitted, held.pending - held.submitted);
    format!("{} (on its way {submitted} pending {dated} available {})", payment.status(), held.available)
}

fn ach() -> NewPayment {
    NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00))
}

fn told_of(plan: NewPayment, story: &[fn(ChargeId) -> Fact]) -> (Platform, Debit) {
    let mut scene = Scene::us();
    let payment = scene.start(None, plan);
    for fact in story {
        let charge = scene.charge(payment);
        scene.tell(fact(charge));
    }
    (scene.platform, Debit { payment, to: scene.express })
}

fn required(charge: ChargeId) -> Fact {
    Fact::ActionRequired(ActionRequired::of(charge, NextAction::VerifyMicrodeposits))
}

fn completed(charge: ChargeId) -> Fact {
    Fact::ActionCompleted(ActionCompleted { charge: charge.into() })
}

fn fails(charge: ChargeId) -> Fact {
    Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure: DebitFailure::InsufficientFunds.into() })
}

fn comes(charge: ChargeId) -> Fact {
    succeeded(charge, usd(100_00))
}

fn comes_otherwise(charge: ChargeId) -> Fact {
    succeeded(charge, usd(99_00))
}

fn rows(machine: &mut Machine<Debit>) {
    let by_hand = ach().confirm_by_hand();
    let planned = told_of(ach().confirm_later(), &[]);
    machine.row("requires_confirmation (on its way 0 pending 0 available 0)", planned);
    machine.row("processing (on its way 10000 pending 0 available 0)", told_of(ach(), &[]));
    machine.row("requires_action (on its way 0 pending 0 available 0)", told_of(ach(), &[required]));
    machine.row(
        "processing (on its way 10000 pending 0 available 0), the payer has acted",
        told_of(ach(), &[required, completed]),
    );
    machine.row(
        "requires_confirmation (on its way 0 pending 0 available 0), by hand",
        told_of(by_hand.clone(), &[completed]),
    );
    let (mut platform, debit) = told_of(by_hand, &[completed]);
    ask(&mut platform, "go on", None, Command::ConfirmPayment(ConfirmPayment::of(debit.payment))).unwrap();
    machine.row("processing (on its way 10000 pending 0 available 0), by hand", (platform, debit));
    machine.row("requires_payment_method (on its way 0 pending 0 available -400)", told_of(ach(), &[fails]));
    machine.row("succeeded (on its way 0 pending 9920 available 0)", told_of(ach(), &[comes]));
    machine
        .row("succeeded (on its way 0 pending 9920 available 0), after it had failed", told_of(ach(), &[fails, comes]));
    let (mut platform, debit) = told_of(ach(), &[required]);
    ask(&mut platform, "no", None, Command::CancelPayment(CancelPayment::of(debit.payment))).unwrap();
    assert_eq!(platform.payment(debit.payment).unwrap().status(), PaymentStatus::Canceled);
    machine.row("canceled (on its way 0 pending 0 available 0)", (platform, debit));
}

type Asks = fn(Debit) -> Command;
type Facts = fn(ChargeId) -> Fact;

#[test]
fn submission() {
    let about = "A debit of 100.00 on the platform, and what of it is on its way, pending and available.";
    let mut machine = Machine::new("submission", about, state);
    rows(&mut machine);
    let commands: [(&'static str, Asks); 7] = [
        ("confirm", |debit| Command::ConfirmPayment(ConfirmPayment::of(debit.payment))),
        ("confirm by debit", |debit| {
            Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::UsBankAccount, debit.payment))
        }),
        ("90.00", |debit| Command::UpdatePayment(UpdatePayment::of(debit.payment).amount(usd(90_00)))),
        ("cancel", |debit| Command::CancelPayment(CancelPayment::of(debit.payment))),
        ("refund", |debit| Command::CreateRefund(NewRefund::of(debit.payment))),
        ("transfer", |debit| Command::CreateTransfer(NewTransfer::to(debit.to, usd(1_00)))),
        ("payout", |_| Command::CreatePayout(NewPayout::of(usd(1_00)))),
    ];
    for (name, command) in commands {
        machine.column(name, move |platform, debit| did(ask(platform, "x", None, command(debit))));
    }
    let facts: [(&'static str, Facts); 5] = [
        ("the payer has something to do", required),
        ("the payer has done it", completed),
        ("it comes", comes),
        ("it comes for less", comes_otherwise),
        ("it fails", fails),
    ];
    for (name, fact) in facts {
        machine.column(name, move |platform, debit| {
            let charge = platform.payment(debit.payment)?.latest_charge().unwrap_or(ChargeId::from_host([9; 14]));
            told(tell(platform, "x", before(platform, 0), fact(charge)))
        });
    }
    machine.column("three days pass", |platform, _| advance(platform, 3).map(|()| Did::Done));
    machine.check();
}
