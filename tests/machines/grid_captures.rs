//! Payments that are authorized first and captured later.

use fundroute::ids::{ChargeId, PaymentId};
use fundroute::journal::Fact;
use fundroute::money::{Money, usd};
use fundroute::payments::{
    Asked, AuthorizationIncremented, CancelPayment, CaptureFailed, CapturePayment, ChargeAuthorized, ChargeCaptured,
    ChargeFailure, DeclineCode, IncrementAuthorization, IncrementDeclined, ManualCapture, NewPayment, NewRefund,
    PaymentCard,
};
use fundroute::platform::{Command, Platform};
use fundroute::rulebook::{CardBrand, Trade};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, failed, succeeded, tell};

type Held = (PaymentId, ChargeId);

const WHY: ChargeFailure = ChargeFailure::Card(DeclineCode::ProcessingError);

/// The payment's state, what can be captured and what was received, and what the world was asked.
fn state(platform: &Platform, (payment, charge): Held) -> String {
    let payment = platform.payment(payment).unwrap();
    let asked = match platform.charge(charge).unwrap().authorization().and_then(|held| held.asked()) {
        Some(Asked::Capture { capture, .. }) => format!(" (capture {capture} asked)"),
        Some(Asked::Increment(raise)) => format!(" (raise {} asked)", raise.attempt),
        None => String::new(),
    };
    let (left, received) = (payment.amount_capturable().minor(), payment.amount_received().minor());
    format!("{} {left}/{received}{asked}", payment.status())
}

fn authorized(charge: ChargeId) -> Fact {
    let card = PaymentCard::of(CardBrand::Visa);
    Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00)).card(card))
}

fn captured(charge: ChargeId, capture: u8, amount: Money, is_final: bool) -> Fact {
    Fact::ChargeCaptured(ChargeCaptured { charge: charge.into(), capture, amount, is_final })
}

fn capture_failed(charge: ChargeId, capture: u8) -> Fact {
    Fact::CaptureFailed(CaptureFailed { charge: charge.into(), capture, failure: WHY })
}

fn capture(payment: PaymentId, amount: i64) -> CapturePayment {
    CapturePayment::of(payment).amount(usd(amount))
}

fn raise(payment: PaymentId, amount: i64) -> Command {
    Command::IncrementAuthorization(IncrementAuthorization::to(payment, usd(amount)))
}

/// A payment of 10.00 to an express seller with a commission of 1.00, asked for with everything that can be asked for.
fn held(story: fn(&mut Scene, PaymentId)) -> (Platform, Held) {
    let mut scene = Scene::us();
    scene.fund();
    let how = ManualCapture::new().multicapture().incremental().overcapture(Trade::Restaurant);
    let order = NewPayment::card(usd(10_00)).destination(scene.express).application_fee(usd(1_00));
    let payment = scene.start(None, order.capture_later(how));
    let charge = scene.charge(payment);
    story(&mut scene, payment);
    (scene.platform, (payment, charge))
}

fn ready(scene: &mut Scene, payment: PaymentId) {
    let charge = scene.charge(payment);
    scene.tell(authorized(charge));
}

fn in_part(scene: &mut Scene, payment: PaymentId) {
    ready(scene, payment);
    scene.ask(None, Command::CapturePayment(capture(payment, 4_00).more_to_come()));
    let charge = scene.charge(payment);
    scene.tell(captured(charge, 1, usd(4_00), false));
}

fn machine() -> Machine<Held> {
    let about =
        "A payment of 10.00 that is captured later, with up to 12.00; what can be captured, and what was received.";
    let mut machine = Machine::new("authorization", about, state);
    machine.row("processing 0/0", held(|_, _| ()));
    machine.row("requires_payment_method 0/0", held(Scene::refuse));
    machine.row(
        "processing 0/0, a capture told too early",
        held(|scene, payment| {
            let charge = scene.charge(payment);
            scene.tell(captured(charge, 1, usd(10_00), true));
        }),
    );
    machine.row("requires_capture 1000/0", held(ready));
    machine.row(
        "processing 0/0 (capture 1 asked)",
        held(|scene, payment| {
            ready(scene, payment);
            scene.ask(None, Command::CapturePayment(CapturePayment::of(payment)));
        }),
    );
    machine.row(
        "requires_capture 1000/0, a capture failed",
        held(|scene, payment| {
            ready(scene, payment);
            scene.ask(None, Command::CapturePayment(CapturePayment::of(payment)));
            let charge = scene.charge(payment);
            scene.tell(capture_failed(charge, 1));
        }),
    );
    machine.row(
        "requires_capture 1000/0 (raise 1 asked)",
        held(|scene, payment| {
            ready(scene, payment);
            scene.ask(None, raise(payment, 11_00));
        }),
    );
    captured_rows(&mut machine);
    machine
}

fn captured_rows(machine: &mut Machine<Held>) {
    machine.row("requires_capture 600/400", held(in_part));
    machine.row(
        "processing 0/400 (capture 2 asked)",
        held(|scene, payment| {
            in_part(scene, payment);
            scene.ask(None, Command::CapturePayment(CapturePayment::of(payment)));
        }),
    );
    machine.row(
        "succeeded 0/1000",
        held(|scene, payment| {
            ready(scene, payment);
            let charge = scene.charge(payment);
            scene.tell(captured(charge, 1, usd(10_00), true));
        }),
    );
    machine.row(
        "succeeded 0/400, called off",
        held(|scene, payment| {
            in_part(scene, payment);
            scene.ask(None, Command::CancelPayment(CancelPayment::of(payment)));
        }),
    );
    machine.row(
        "canceled 0/0",
        held(|scene, payment| {
            ready(scene, payment);
            scene.ask(None, Command::CancelPayment(CancelPayment::of(payment)));
        }),
    );
    machine.row(
        "canceled 0/0, ran out",
        held(|scene, payment| {
            ready(scene, payment);
            scene.wait(8);
        }),
    );
}

type Columns<I, T> = Vec<(&'static str, fn(I) -> T)>;

fn commands() -> Columns<PaymentId, Command> {
    vec![
        ("capture all", |id| Command::CapturePayment(CapturePayment::of(id))),
        ("capture 3.00", |id| Command::CapturePayment(capture(id, 3_00))),
        ("capture 3.00, more to come", |id| Command::CapturePayment(capture(id, 3_00).more_to_come())),
        ("capture 12.00", |id| Command::CapturePayment(capture(id, 12_00))),
        ("capture nothing", |id| Command::CapturePayment(capture(id, 0))),
        ("capture with fee 2.00", |id| Command::CapturePayment(CapturePayment::of(id).application_fee(usd(2_00)))),
        ("raise to 15.00", |id| raise(id, 15_00)),
        ("cancel", |id| Command::CancelPayment(CancelPayment::of(id))),
        ("refund", |id| Command::CreateRefund(NewRefund::of(id).keep_transfer().keep_application_fee())),
    ]
}

fn facts() -> Columns<ChargeId, Fact> {
    vec![
        ("authorized", authorized),
        ("captured 1: 3.00", |id| captured(id, 1, usd(3_00), false)),
        ("captured 1: 12.00, the last", |id| captured(id, 1, usd(12_00), true)),
        ("captured 2: 3.00, the last", |id| captured(id, 2, usd(3_00), true)),
        ("captured 2: nothing, the last", |id| captured(id, 2, usd(0), true)),
        ("capture 1 failed", |id| capture_failed(id, 1)),
        ("capture 2 failed", |id| capture_failed(id, 2)),
        ("raised to 11.00", |id| {
            let charge = id.into();
            Fact::AuthorizationIncremented(AuthorizationIncremented { charge, attempt: 1, amount: usd(11_00) })
        }),
        ("not raised", |id| Fact::IncrementDeclined(IncrementDeclined { charge: id.into(), attempt: 1, failure: WHY })),
        ("charge failed", |id| failed(id)),
        ("charge succeeded", |id| succeeded(id, usd(10_00))),
    ]
}

#[test]
fn authorization() {
    let mut machine = machine();
    for (name, command) in commands() {
        machine.column(name, move |platform, (payment, _)| did(ask(platform, "x", None, command(payment))));
    }
    for (name, fact) in facts() {
        machine.column(name, move |platform, (_, charge)| {
            let at = platform.now();
            told(tell(platform, "x", at, fact(charge)))
        });
    }
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}
