//! Readers, what they do, and the payments and refunds that they do it with.

use fundroute::ids::{AccountId, ChargeId, LocationId, PaymentId, ReaderId, RefundId};
use fundroute::journal::{Answer, Fact, Instruction};
use fundroute::money::{Currency, Money};
use fundroute::payments::{
    CancelPayment, CaptureFailed, ChargeAuthorized, ChargeFailed, ChargeFailure, ChargeSucceeded, ConfirmPayment,
    DeclineCode, NewPayment, NewRefund, PaymentCard, PaymentInstruction, ReaderFailure, RefundCanceled, RefundFailed,
    RefundFailure, RefundSucceeded, RefundUnderWay,
};
use fundroute::platform::{Command, Platform};
use fundroute::rulebook::{CardBrand, Country, PaymentMethod, Price, Rulebook, Vetting};
use fundroute::terminal::{
    Address, CancelReaderAction, Cart, DeviceType, NewLocation, NewReader, ReaderAction, ReaderActionCanceled,
    ReaderActionFailed, ReaderActionState, ReaderActionSucceeded, ReaderActionUpdated, ReaderCardSaved, ReaderSeen,
    ReaderStatus, ReaderTask, SavedCard, StartReaderAction, TerminalCommand, TerminalFact, UpdateReader,
};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, tell};

#[derive(Clone, Copy)]
pub(crate) struct Till {
    location: LocationId,
    pub(crate) reader: ReaderId,
    /// Another reader at the same place.
    other: ReaderId,
    pub(crate) payment: PaymentId,
    refund: Option<RefundId>,
}

const fn cad(minor: i64) -> Money {
    Money::new(minor, Currency::CAD)
}

/// A platform in Canada that takes cards and Interac at readers.
pub(crate) fn canada() -> Scene {
    let by =
        |method, percent: &str, fixed| Price::new(Country::CA, method, Currency::CAD, percent.parse().unwrap(), fixed);
    let book = Rulebook::standard().with_vetting(Vetting::ByHost);
    let book = book.with_price(by(PaymentMethod::CardPresent, "2.7%", 5)).unwrap();
    let book = book.with_price(by(PaymentMethod::Card, "2.9%", 30)).unwrap();
    let mut scene = Scene::by(Country::CA, book.with_price(by(PaymentMethod::InteracPresent, "0%", 15)).unwrap());
    scene.by_hand_where_allowed();
    scene
}

pub(crate) fn start(reader: ReaderId, task: ReaderTask) -> Command {
    Command::Terminal(TerminalCommand::StartReaderAction(StartReaderAction { reader, task }))
}

fn stop(reader: ReaderId) -> Command {
    Command::Terminal(TerminalCommand::CancelReaderAction(CancelReaderAction { reader }))
}

/// A place with two readers, and a payment of 20.00 for the express seller with a commission of 2.00: a direct charge where it is made for
/// an account.
pub(crate) fn till(scene: &mut Scene, on: Option<AccountId>, method: PaymentMethod) -> Till {
    let address = Address::new(Country::CA, "92 Front Street E", "M5E 1C4").city("Toronto").state("ON");
    let place = Command::Terminal(TerminalCommand::CreateLocation(NewLocation::new("Stall", address)));
    let Answer::Location(location) = scene.ask(on, place) else { panic!("a place is answered with its id") };
    let mut register = || {
        let new = NewReader::new(location, DeviceType::SimulatedWiseposE);
        let Answer::Reader(reader) = scene.ask(on, Command::Terminal(TerminalCommand::RegisterReader(new))) else {
            panic!("a reader is answered with its id")
        };
        reader
    };
    let (reader, other) = (register(), register());
    let order = NewPayment::by(method, cad(20_00)).application_fee(cad(2_00));
    let payment = scene.start(on, if on.is_some() { order } else { order.destination(scene.express) });
    Till { location, reader, other, payment, refund: None }
}

fn word(action: &ReaderAction) -> String {
    let stopping = matches!(action.state(), ReaderActionState::InProgress { cancel_asked: true });
    let (stop, card) = (if stopping { " stopping" } else { "" }, action.card().map_or("", |_| " card"));
    let saved = action.saved_card().map_or("", |_| " saved");
    format!("{}{stop}{card}{saved}", action.status())
}

/// Whether the world is asked what became of something at a reader.
fn asked(platform: &Platform) -> &'static str {
    let is_question = |asked: &Instruction| {
        let Instruction::Payment(asked) = asked else { return false };
        matches!(asked, PaymentInstruction::Retrieve { .. } | PaymentInstruction::RetrieveRefund { .. })
    };
    if platform.instructions().iter().any(is_question) { " asked about" } else { "" }
}

/// What the reader does, and has done first where it does something else; in which state the payment is, whether the reader has it, and
/// whether the world is asked what became of it.
fn state(platform: &Platform, till: Till) -> String {
    let reader = platform.reader(till.reader).unwrap();
    let action = match reader.action() {
        None => "idle".to_owned(),
        Some(action) if action.number() == 1 => word(action),
        Some(action) => format!("{} after {}", word(action), word(platform.reader_action(till.reader, 1).unwrap())),
    };
    let payment = platform.payment(till.payment).unwrap();
    let here = payment.reader().map_or("", |_| " here");
    let collected = reader.collected().map_or("", |_| " collected");
    let deleted = reader.deleted_at().map_or("", |_| " deleted");
    format!("{action}{collected}{deleted} / {}{here}{}", payment.status(), asked(platform))
}

pub(crate) fn done(till: Till) -> Fact {
    let (reader, action) = (till.reader, 1);
    Fact::Terminal(TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }))
}

pub(crate) fn not_done(till: Till, failure: impl Into<ChargeFailure>) -> Fact {
    let failed = ReaderActionFailed { reader: till.reader, action: 1, failure: failure.into(), message: None };
    Fact::Terminal(TerminalFact::ActionFailed(failed))
}

fn stopped(till: Till) -> Fact {
    let (reader, action) = (till.reader, 1);
    Fact::Terminal(TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action }))
}

pub(crate) fn presented(till: Till) -> Fact {
    let (reader, action, card) = (till.reader, 1, PaymentCard::of(CardBrand::Visa));
    Fact::Terminal(TerminalFact::ActionUpdated(ReaderActionUpdated { reader, action, card }))
}

pub(crate) fn saved(till: Till) -> Fact {
    let (reader, action, saved) = (till.reader, 1, SavedCard::under("pm_generated_7"));
    Fact::Terminal(TerminalFact::CardSaved(ReaderCardSaved { reader, action, saved }))
}

/// The last attempt at the payment, or one that is not there.
fn attempt(platform: &Platform, till: Till) -> ChargeId {
    platform.payment(till.payment).unwrap().latest_charge().unwrap_or(ChargeId::from_host([9; 14]))
}

fn taken(platform: &Platform, till: Till) -> Fact {
    let charge = attempt(platform, till);
    Fact::ChargeSucceeded(ChargeSucceeded::of(charge, cad(20_00)))
}

fn declined(platform: &Platform, till: Till) -> Fact {
    let charge = attempt(platform, till).into();
    Fact::ChargeFailed(ChargeFailed { charge, failure: DeclineCode::GenericDecline.into() })
}

/// A payment by card at a till to which something has happened.
fn at_till(task: Option<fn(PaymentId) -> ReaderTask>, story: fn(&mut Scene, Till)) -> (Platform, Till) {
    let mut scene = canada();
    let till = till(&mut scene, None, PaymentMethod::CardPresent);
    if let Some(task) = task {
        scene.ask(None, start(till.reader, task(till.payment)));
    }
    story(&mut scene, till);
    (scene.platform, till)
}

fn process(story: fn(&mut Scene, Till)) -> (Platform, Till) {
    at_till(Some(ReaderTask::ProcessPaymentIntent), story)
}

fn rows(machine: &mut Machine<Till>) {
    machine.row("idle / requires_payment_method", at_till(None, |_, _| ()));
    machine.row(
        "idle / canceled",
        at_till(None, |scene, till| {
            scene.ask(None, Command::CancelPayment(CancelPayment::of(till.payment)));
        }),
    );
    machine.row(
        "idle deleted / requires_payment_method",
        at_till(None, |scene, till| {
            scene.ask(None, Command::Terminal(TerminalCommand::DeleteReader(till.reader)));
        }),
    );
    machine.row(
        "idle / requires_payment_method, place deleted",
        at_till(None, |scene, till| {
            scene.ask(None, Command::Terminal(TerminalCommand::DeleteLocation(till.location)));
        }),
    );
    machine.row(
        "idle / requires_payment_method, offline",
        at_till(None, |scene, till| {
            scene.tell(seen(till, ReaderStatus::Offline));
        }),
    );
    machine.row("in_progress / processing here", process(|_, _| ()));
    machine.row(
        "in_progress card / processing here",
        process(|scene, till| {
            scene.tell(presented(till));
        }),
    );
    machine.row(
        "in_progress stopping / processing here",
        process(|scene, till| {
            scene.ask(None, stop(till.reader));
        }),
    );
    machine.row(
        "in_progress / succeeded here",
        process(|scene, till| {
            let fact = taken(&scene.platform, till);
            scene.tell(fact);
        }),
    );
    machine.row(
        "in_progress / requires_payment_method here, declined",
        process(|scene, till| {
            let fact = declined(&scene.platform, till);
            scene.tell(fact);
        }),
    );
    machine.row("in_progress / requires_payment_method here, to collect", {
        at_till(Some(ReaderTask::CollectPaymentMethod), |_, _| ())
    });
    ended_rows(machine);
}

fn ended_rows(machine: &mut Machine<Till>) {
    machine.row(
        "succeeded collected / requires_payment_method",
        at_till(Some(ReaderTask::CollectPaymentMethod), |scene, till| {
            scene.tell(done(till));
        }),
    );
    machine.row(
        "succeeded / processing asked about",
        process(|scene, till| {
            scene.tell(done(till));
        }),
    );
    machine.row(
        "succeeded / succeeded",
        process(|scene, till| {
            let fact = taken(&scene.platform, till);
            scene.tell(fact);
            scene.tell(done(till));
        }),
    );
    machine.row(
        "failed / requires_payment_method",
        process(|scene, till| {
            scene.tell(not_done(till, DeclineCode::GenericDecline));
        }),
    );
    machine.row(
        "failed / processing asked about, connection lost",
        process(|scene, till| {
            scene.tell(not_done(till, ReaderFailure::ConnectionError));
        }),
    );
    machine.row(
        "canceled / requires_payment_method",
        process(|scene, till| {
            scene.ask(None, stop(till.reader));
            scene.tell(stopped(till));
        }),
    );
    machine.row(
        "canceled / processing here, at the other reader",
        process(|scene, till| {
            scene.tell(stopped(till));
            scene.ask(None, start(till.other, ReaderTask::ProcessPaymentIntent(till.payment)));
        }),
    );
    late_rows(machine);
}

pub(crate) fn show(till: Till) -> Command {
    start(till.reader, ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1)))
}

pub(crate) fn save(till: Till) -> Command {
    start(till.reader, ReaderTask::ProcessSetupIntent("season-7".to_owned()))
}

/// What is told of the first action changes what follows from that, whatever the reader does by now.
fn late_rows(machine: &mut Machine<Till>) {
    machine.row(
        "in_progress after failed / processing asked about, shows after a lost connection",
        process(|scene, till| {
            scene.tell(not_done(till, ReaderFailure::ConnectionError));
            scene.ask(None, show(till));
        }),
    );
    machine.row(
        "in_progress after failed / processing here, takes it again after a lost connection",
        process(|scene, till| {
            scene.tell(not_done(till, ReaderFailure::ConnectionError));
            let fact = declined(&scene.platform, till);
            scene.tell(fact);
            scene.ask(None, start(till.reader, ReaderTask::ProcessPaymentIntent(till.payment)));
        }),
    );
    machine.row(
        "in_progress after failed / requires_payment_method, shows after it could not collect",
        at_till(Some(ReaderTask::CollectPaymentMethod), |scene, till| {
            scene.tell(not_done(till, ReaderFailure::Timeout));
            scene.ask(None, show(till));
        }),
    );
    let saving = |_| ReaderTask::ProcessSetupIntent("season-7".to_owned());
    machine.row("in_progress / requires_payment_method, to save a card", at_till(Some(saving), |_, _| ()));
    machine.row(
        "succeeded saved / requires_payment_method",
        at_till(Some(saving), |scene, till| {
            scene.tell(saved(till));
        }),
    );
    machine.row(
        "in_progress after failed / requires_payment_method, shows after it could not save a card",
        at_till(Some(saving), |scene, till| {
            scene.tell(not_done(till, ReaderFailure::Timeout));
            scene.ask(None, show(till));
        }),
    );
}

fn seen(till: Till, status: ReaderStatus) -> Fact {
    Fact::Terminal(TerminalFact::Seen(ReaderSeen { reader: till.reader, status }))
}

type Columns<T> = Vec<(&'static str, fn(Till) -> T)>;

fn commands() -> Columns<Command> {
    vec![
        ("process", |till| start(till.reader, ReaderTask::ProcessPaymentIntent(till.payment))),
        ("process at the other", |till| start(till.other, ReaderTask::ProcessPaymentIntent(till.payment))),
        ("collect", |till| start(till.reader, ReaderTask::CollectPaymentMethod(till.payment))),
        ("confirm there", |till| start(till.reader, ReaderTask::ConfirmPaymentIntent(till.payment))),
        ("refund there", |till| {
            let back = NewRefund::of(till.payment).reverse_transfer().refund_application_fee();
            start(till.reader, ReaderTask::RefundPayment(back))
        }),
        ("save a card", save),
        ("show", show),
        ("stop", |till| stop(till.reader)),
        ("confirm online", |till| Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, till.payment))),
        ("cancel the payment", |till| Command::CancelPayment(CancelPayment::of(till.payment))),
        ("rename", |till| {
            let label = "till 2".to_owned();
            Command::Terminal(TerminalCommand::UpdateReader(UpdateReader { reader: till.reader, label }))
        }),
        ("delete", |till| Command::Terminal(TerminalCommand::DeleteReader(till.reader))),
        ("delete the place", |till| Command::Terminal(TerminalCommand::DeleteLocation(till.location))),
    ]
}

fn facts() -> Columns<Fact> {
    vec![
        ("done", done),
        ("declined", |till| not_done(till, DeclineCode::InsufficientFunds)),
        ("canceled by the payer", |till| not_done(till, ReaderFailure::CustomerCanceled)),
        ("connection lost", |till| not_done(till, ReaderFailure::ConnectionError)),
        ("stopped", stopped),
        ("card presented", presented),
        ("card saved", saved),
        ("offline", |till| seen(till, ReaderStatus::Offline)),
        ("online", |till| seen(till, ReaderStatus::Online)),
    ]
}

#[test]
fn reader_action() {
    let about = "A reader at a stall with a payment of 20.00: what it does, and in which state the payment is.";
    let mut machine = Machine::new("reader_action", about, state);
    rows(&mut machine);
    for (name, command) in commands() {
        machine.column(name, move |platform, till| did(ask(platform, "x", None, command(till))));
    }
    for (name, fact) in facts() {
        machine.column(name, move |platform, till| {
            let at = platform.now();
            told(tell(platform, "x", at, fact(till)))
        });
    }
    type Told = fn(&Platform, Till) -> Fact;
    let charges: [(&str, Told); 4] = [
        ("charge succeeded", taken),
        ("charge failed", declined),
        ("charge authorized", |platform, till| {
            let charge = attempt(platform, till);
            Fact::ChargeAuthorized(ChargeAuthorized::of(charge, cad(20_00)))
        }),
        ("capture failed", |platform, till| {
            let charge = attempt(platform, till).into();
            let failure = DeclineCode::ProcessingError.into();
            Fact::CaptureFailed(CaptureFailed { charge, capture: 1, failure })
        }),
    ];
    for (name, fact) in charges {
        machine.column(name, move |platform, till| {
            let (at, fact) = (platform.now(), fact(platform, till));
            if platform.charge_of(till.payment).is_err() {
                return Ok(Did::Nothing);
            }
            told(tell(platform, "x", at, fact))
        });
    }
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}

fn refund_state(platform: &Platform, till: Till) -> String {
    let refund = platform.refund(till.refund.unwrap()).unwrap();
    let booked = refund.booked_at().map_or("", |_| " booked");
    let here = platform.payment(till.payment).unwrap().reader().map_or("", |_| " here");
    format!("{}{booked}{here}{}", refund.status(), asked(platform))
}

/// A refund of 5.00 of a payment by Interac, at a reader to which something has happened.
fn giving_back(story: fn(&mut Scene, Till)) -> (Platform, Till) {
    let mut scene = canada();
    let mut till = till(&mut scene, None, PaymentMethod::InteracPresent);
    scene.ask(None, start(till.other, ReaderTask::ProcessPaymentIntent(till.payment)));
    let fact = taken(&scene.platform, till);
    scene.tell(fact);
    let reader = till.other;
    scene.tell(Fact::Terminal(TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action: 1 })));
    let back = NewRefund::of(till.payment).amount(cad(5_00)).reverse_transfer().refund_application_fee();
    scene.ask(None, start(till.reader, ReaderTask::RefundPayment(back)));
    till.refund = scene.platform.reader(till.reader).unwrap().action().unwrap().kind().refund();
    story(&mut scene, till);
    (scene.platform, till)
}

fn given(till: Till) -> Fact {
    Fact::RefundSucceeded(RefundSucceeded { refund: till.refund.unwrap() })
}

fn came_back(till: Till) -> Fact {
    Fact::RefundFailed(RefundFailed { refund: till.refund.unwrap(), reason: RefundFailure::Unknown })
}

fn refund_rows(machine: &mut Machine<Till>) {
    machine.row("pending here", giving_back(|_, _| ()));
    machine.row(
        "pending asked about, timed out",
        giving_back(|scene, till| {
            scene.tell(not_done(till, ReaderFailure::Timeout));
        }),
    );
    machine.row(
        "pending asked about, timed out and the reader shows",
        giving_back(|scene, till| {
            scene.tell(not_done(till, ReaderFailure::Timeout));
            scene.ask(None, show(till));
        }),
    );
    machine.row(
        "canceled",
        giving_back(|scene, till| assert_eq!(scene.tell(stopped(till)), fundroute::journal::FactOutcome::Applied)),
    );
    machine.row(
        "canceled here, and another one at the other reader",
        giving_back(|scene, till| {
            scene.tell(stopped(till));
            let back = NewRefund::of(till.payment).amount(cad(1_00)).reverse_transfer().refund_application_fee();
            scene.ask(None, start(till.other, ReaderTask::RefundPayment(back)));
        }),
    );
    machine.row(
        "succeeded booked here",
        giving_back(|scene, till| {
            scene.tell(given(till));
        }),
    );
    machine.row(
        "succeeded booked",
        giving_back(|scene, till| {
            scene.tell(given(till));
            scene.tell(done(till));
        }),
    );
    machine.row(
        "failed",
        giving_back(|scene, till| {
            scene.tell(done(till));
            scene.tell(came_back(till));
        }),
    );
    machine.row(
        "failed booked",
        giving_back(|scene, till| {
            scene.tell(given(till));
            scene.tell(done(till));
            scene.tell(came_back(till));
        }),
    );
}

fn refund_facts() -> Columns<Fact> {
    vec![
        ("done", done),
        ("canceled by the payer", |till| not_done(till, ReaderFailure::CustomerCanceled)),
        ("timed out", |till| not_done(till, ReaderFailure::Timeout)),
        ("stopped", stopped),
        ("card presented", presented),
        ("given", given),
        ("under way", |till| Fact::RefundUnderWay(RefundUnderWay { refund: till.refund.unwrap() })),
        ("came back", came_back),
        ("called off outside", |till| Fact::RefundCanceled(RefundCanceled { refund: till.refund.unwrap() })),
    ]
}

#[test]
fn reader_refund() {
    let about = "A refund of 5.00 of a payment of 20.00 by Interac, which a reader gives.";
    let mut machine = Machine::new("reader_refund", about, refund_state);
    refund_rows(&mut machine);
    for (name, fact) in refund_facts() {
        machine.column(name, move |platform, till| {
            let at = platform.now();
            told(tell(platform, "x", at, fact(till)))
        });
    }
    machine.column("refund the rest at the other", |platform, till| {
        let rest = NewRefund::of(till.payment).reverse_transfer().refund_application_fee();
        did(ask(platform, "x", None, start(till.other, ReaderTask::RefundPayment(rest))))
    });
    machine.column("cancel the refund", |platform, till| {
        let cancel = fundroute::payments::CancelRefund { refund: till.refund.unwrap() };
        did(ask(platform, "x", None, Command::CancelRefund(cancel)))
    });
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}

/// Platforms on which a reader does each of the things that readers do.
pub(crate) fn platforms() -> Vec<Platform> {
    let (mut scene, token) = (canada(), fundroute::terminal::NewConnectionToken::new());
    scene.ask(None, Command::Terminal(TerminalCommand::CreateConnectionToken(token)));
    let (waiting, _) = at_till(None, |_, _| ());
    let (taking, _) = process(|scene, till| {
        scene.tell(presented(till));
    });
    let saving = |_| ReaderTask::ProcessSetupIntent("season-7".to_owned());
    let (saved, _) = at_till(Some(saving), |scene, till| {
        scene.tell(saved(till));
        scene.ask(None, show(till));
    });
    vec![scene.platform, waiting, taking, saved, giving_back(|_, _| ()).0]
}
