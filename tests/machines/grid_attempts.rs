//! From a payment that is planned to one that is collected, with what the payer does in between.

use fundroute::ids::{ChargeId, PaymentId};
use fundroute::journal::Fact;
use fundroute::money::usd;
use fundroute::payments::{
    ActionCompleted, ActionRequired, CancelPayment, ChargeAuthorized, ChargeState, ConfirmPayment, NewPayment,
    NextAction, UpdatePayment,
};
use fundroute::platform::{Command, Platform};
use fundroute::rulebook::PaymentMethod;

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, failed, succeeded, tell};

/// The payment's state and amount, and the state of its last attempt.
fn state(platform: &Platform, payment: PaymentId) -> String {
    let known = platform.payment(payment).unwrap();
    let attempt = platform.charge_of(payment).map_or("nothing tried".to_owned(), |charge| match charge.state() {
        ChargeState::Pending { step } => format!("step {step:?}"),
        ChargeState::Authorized => "authorized".to_owned(),
        ChargeState::Released { .. } => "released".to_owned(),
        ChargeState::Succeeded(_) => "taken".to_owned(),
        ChargeState::Failed { failure, .. } => failure.code().to_owned(),
    });
    format!("{} of {} ({attempt})", known.status(), known.amount().minor())
}

fn planned(plan: NewPayment, story: fn(&mut Scene, PaymentId)) -> (Platform, PaymentId) {
    let mut scene = Scene::us();
    let payment = scene.start(None, plan);
    story(&mut scene, payment);
    (scene.platform, payment)
}

fn required(charge: ChargeId) -> Fact {
    Fact::ActionRequired(ActionRequired::of(charge, NextAction::Authenticate))
}

fn completed(charge: ChargeId) -> Fact {
    Fact::ActionCompleted(ActionCompleted { charge: charge.into() })
}

fn asked_payer(scene: &mut Scene, payment: PaymentId) {
    let charge = scene.charge(payment);
    scene.tell(required(charge));
}

fn payer_done(scene: &mut Scene, payment: PaymentId) {
    let charge = scene.charge(payment);
    scene.tell(completed(charge));
}

fn held(scene: &mut Scene, payment: PaymentId) {
    let charge = scene.charge(payment);
    scene.tell(Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(100_00))));
}

fn attempts() -> Machine<PaymentId> {
    let about = "A payment of 100.00 by card, planned and collected in every way.";
    let mut machine = Machine::new("attempt", about, state);
    let (card, open) = (NewPayment::card(usd(100_00)), NewPayment::open(usd(100_00)));
    machine.row("requires_payment_method of 10000 (nothing tried)", planned(open.clone(), |_, _| ()));
    machine.row("requires_confirmation of 10000 (nothing tried)", planned(card.clone().confirm_later(), |_, _| ()));
    machine.row("processing of 10000 (step None)", planned(card.clone(), |_, _| ()));
    machine.row("requires_action of 10000 (step Required)", planned(card.clone(), asked_payer));
    machine.row("processing of 10000 (step Confirmed)", planned(card.clone(), payer_done));
    machine.row("requires_payment_method of 10000 (card_declined)", planned(card.clone(), Scene::refuse));
    machine.row(
        "requires_confirmation of 10000 (card_declined), another card since",
        planned(card.clone(), |scene, payment| {
            scene.refuse(payment);
            scene.ask(None, Command::UpdatePayment(UpdatePayment::of(payment).method(PaymentMethod::Card)));
        }),
    );
    let by_hand = card.clone().confirm_by_hand();
    machine.row("requires_action of 10000 (step Required), by hand", planned(by_hand.clone(), asked_payer));
    machine.row("requires_confirmation of 10000 (step Done), by hand", planned(by_hand.clone(), payer_done));
    machine.row(
        "processing of 10000 (step Confirmed), by hand",
        planned(by_hand, |scene, payment| {
            payer_done(scene, payment);
            scene.ask(None, Command::ConfirmPayment(ConfirmPayment::of(payment)));
        }),
    );
    machine.row("requires_capture of 10000 (authorized)", planned(card.clone().manual_capture(), held));
    machine.row("succeeded of 10000 (taken)", planned(card.clone(), Scene::succeed));
    machine.row(
        "canceled of 10000 (payment_canceled)",
        planned(card, |scene, payment| {
            asked_payer(scene, payment);
            scene.ask(None, Command::CancelPayment(CancelPayment::of(payment)));
        }),
    );
    machine
}

type Asks = fn(PaymentId) -> Command;
type Facts = fn(ChargeId) -> Fact;

#[test]
fn attempt() {
    let mut machine = attempts();
    let commands: [(&'static str, Asks); 6] = [
        ("confirm", |id| Command::ConfirmPayment(ConfirmPayment::of(id))),
        ("confirm by card", |id| Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, id))),
        ("another card", |id| Command::UpdatePayment(UpdatePayment::of(id).method(PaymentMethod::Card))),
        ("90.00", |id| Command::UpdatePayment(UpdatePayment::of(id).amount(usd(90_00)))),
        ("nothing", |id| Command::UpdatePayment(UpdatePayment::of(id))),
        ("cancel", |id| Command::CancelPayment(CancelPayment::of(id))),
    ];
    for (name, command) in commands {
        machine.column(name, move |platform, payment| did(ask(platform, "x", None, command(payment))));
    }
    let facts: [(&'static str, Facts); 4] = [
        ("the payer has something to do", required),
        ("the payer has done it", completed),
        ("takes the money", |charge| succeeded(charge, usd(100_00))),
        ("fails", failed),
    ];
    for (name, fact) in facts {
        machine.column(name, move |platform, payment| {
            let charge = platform.payment(payment)?.latest_charge().unwrap_or(ChargeId::from_host([9; 14]));
            told(tell(platform, "x", before(platform, 0), fact(charge)))
        });
    }
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}
