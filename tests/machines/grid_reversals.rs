//! Debits that payers' banks pull back after they had paid.

use fundroute::calendar::Timestamp;
use fundroute::ids::{AccountId, ChargeId, PaymentId, RefundId};
use fundroute::journal::{Changes, Fact, Record, Report};
use fundroute::money::{Currency, Money, eur, usd};
use fundroute::payments::{
    ChargeFailed, ChargeReversed, DebitFailure, DisputeCase, DisputeChange, DisputeOpened, Named, NewPayment,
    NewRefund, RefundFailed, RefundFailure,
};
use fundroute::platform::{Command, Platform};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::PaymentMethod;

use crate::grid::{Did, Machine, did, told};
use crate::grid_disputes::{changed, opened};
use crate::scene::{Scene, advance, ask, before, succeeded, tell};
use crate::shapes::{check, variant};

#[derive(Clone, Copy, Debug)]
struct Debit {
    payment: PaymentId,
    charge: ChargeId,
    to: AccountId,
    refund: Option<RefundId>,
}

/// The payment's state, what of it was pulled back and what can be given back, and what the platform shows.
fn state(platform: &Platform, debit: Debit) -> String {
    let (payment, charge) = (platform.payment(debit.payment).unwrap(), platform.charge(debit.charge).unwrap());
    let held = platform.balance(platform.id(), Currency::USD).unwrap();
    let (back, left) = (charge.reversed().minor(), charge.refundable().minor());
    format!("{} (back {back} left {left} pending {} available {})", payment.status(), held.pending, held.available)
}

/// That the bank pulled so much back, so many hours ago.
fn reversal(platform: &Platform, charge: ChargeId, (amount, hours): (Money, i64)) -> (Timestamp, Fact) {
    (before(platform, hours), Fact::ChargeReversed(ChargeReversed::of(charge, amount)))
}

/// What brings a debit of 100.00 into the state of a row.
#[derive(Clone, Copy)]
enum Step {
    Comes,
    Fails,
    Days(i64),
    Back(i64),
    Refund(i64),
    Send(i64),
    Dispute(i64),
    World(DisputeChange),
}

fn told_of(method: PaymentMethod, steps: &[Step]) -> (Platform, Debit) {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    let payment = scene.start(None, NewPayment::by(method, usd(100_00)));
    let mut debit = Debit { payment, charge: scene.charge(payment), to: scene.express, refund: None };
    for step in steps {
        let now = scene.platform.now();
        let fact = match step {
            Step::Comes => succeeded(debit.charge, usd(100_00)),
            Step::Fails => {
                let failure = DebitFailure::InsufficientFunds.into();
                Fact::ChargeFailed(ChargeFailed { charge: debit.charge.into(), failure })
            }
            Step::Back(minor) => reversal(&scene.platform, debit.charge, (usd(*minor), 0)).1,
            Step::Dispute(minor) => {
                let fact = opened(&scene.platform, payment, DisputeCase::Chargeback);
                let Fact::DisputeOpened(fact) = fact else { panic!("a dispute is opened by a fact of its own") };
                Fact::DisputeOpened(DisputeOpened { amount: usd(*minor), ..fact })
            }
            Step::World(change) => changed(*change),
            Step::Days(days) => {
                scene.wait(*days);
                continue;
            }
            Step::Refund(minor) => {
                let refund = NewRefund::of(payment).amount(usd(*minor));
                debit.refund = Some(scene.platform.refunds().create("refund", refund).unwrap().answer);
                continue;
            }
            Step::Send(minor) => {
                let transfer = NewTransfer::to(debit.to, usd(*minor)).from_payment(payment);
                scene.ask(None, Command::CreateTransfer(transfer));
                continue;
            }
        };
        let key = scene.key();
        tell(&mut scene.platform, &key, now, fact).unwrap();
    }
    (scene.platform, debit)
}

fn rows(machine: &mut Machine<Debit>) {
    use DisputeChange::{FundsWithdrawn, Won};
    use Step::{Back, Comes, Days, Dispute, Fails, Refund, Send, World};

    let mut row = |label, steps: &[Step]| machine.row(label, told_of(PaymentMethod::UsBankAccount, steps));
    row("processing (back 0 left 0 pending 10000 available 0)", &[]);
    row("processing (back 0 left 0 pending 10000 available 0), pulled back early", &[Back(100_00)]);
    row("requires_payment_method (back 0 left 0 pending 0 available -400)", &[Fails]);
    row("succeeded (back 0 left 10000 pending 9920 available 0)", &[Comes]);
    row("succeeded (back 0 left 10000 pending 0 available 9920)", &[Comes, Days(10)]);
    row("succeeded (back 3000 left 7000 pending 0 available 6920)", &[Comes, Days(10), Back(30_00)]);
    row("succeeded (back 10000 left 0 pending -80 available 0)", &[Comes, Back(100_00)]);
    row("succeeded (back 10000 left 0 pending 0 available -80)", &[Comes, Days(10), Back(100_00)]);
    row("succeeded (back 0 left 4000 pending 0 available 3920), refunded in part", &[Comes, Days(10), Refund(60_00)]);
    row("succeeded (back 0 left 0 pending 0 available -80), refunded", &[Comes, Refund(100_00), Days(10)]);
    row(
        "succeeded (back 10000 left 0 pending 0 available -6080), refunded in part",
        &[Comes, Days(10), Refund(60_00), Back(100_00)],
    );
    row("succeeded (back 0 left 10000 pending 0 available 2920), sent on", &[Comes, Send(70_00), Days(10)]);
    row(
        "succeeded (back 10000 left 0 pending 0 available -7080), sent on",
        &[Comes, Send(70_00), Days(10), Back(100_00)],
    );
    row("succeeded (back 0 left 6000 pending 0 available 9920), disputed in part", &[Comes, Days(10), Dispute(40_00)]);
    row(
        "succeeded (back 6000 left 0 pending 0 available -1580), disputed in part",
        &[Comes, Days(10), Back(100_00), Dispute(40_00), World(FundsWithdrawn)],
    );
    row(
        "succeeded (back 0 left 0 pending 0 available -1580), disputed",
        &[Comes, Days(10), Dispute(100_00), World(FundsWithdrawn)],
    );
    row(
        "succeeded (back 10000 left 0 pending 0 available -1580), a dispute won",
        &[Comes, Days(10), Back(100_00), Dispute(100_00), World(FundsWithdrawn), World(Won)],
    );
    let by_card = told_of(PaymentMethod::Card, &[Comes]);
    machine.row("succeeded (back 0 left 10000 pending 9680 available 0), a card", by_card);
}

type Asks = fn(Debit) -> Command;

#[test]
fn reversal_of_a_payment() {
    let about =
        "A debit of 100.00 on the platform, what a bank has pulled back of it, and what is left to be given back.";
    let mut machine = Machine::new("reversal", about, state);
    rows(&mut machine);
    let told_as: [(&'static str, (Money, i64)); 6] = [
        ("pulled back", (usd(100_00), 0)),
        ("a part of it", (usd(25_00), 0)),
        ("a part, an hour ago", (usd(25_00), 1)),
        ("more than it", (usd(100_01), 0)),
        ("nothing", (usd(0), 0)),
        ("in euros", (eur(100_00), 0)),
    ];
    for (name, what) in told_as {
        machine.column(name, move |platform, debit| {
            let (at, fact) = reversal(platform, debit.charge, what);
            told(tell(platform, "x", at, fact))
        });
    }
    let commands: [(&'static str, Asks); 3] = [
        ("refund the rest", |debit| Command::CreateRefund(NewRefund::of(debit.payment))),
        ("refund 20.00", |debit| Command::CreateRefund(NewRefund::of(debit.payment).amount(usd(20_00)))),
        ("send 20.00 on", |debit| {
            Command::CreateTransfer(NewTransfer::to(debit.to, usd(20_00)).from_payment(debit.payment))
        }),
    ];
    for (name, command) in commands {
        machine.column(name, move |platform, debit| did(ask(platform, "x", None, command(debit))));
    }
    machine.column("the refund fails", |platform, debit| {
        let refund = debit.refund.unwrap_or(RefundId::from_host([9; 14]));
        let fact = Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined });
        told(tell(platform, "x", platform.now(), fact))
    });
    machine.column("it comes", |platform, debit| {
        told(tell(platform, "x", platform.now(), succeeded(debit.charge, usd(100_00))))
    });
    machine.column("disputed", |platform, debit| {
        let fact = opened(platform, debit.payment, DisputeCase::Chargeback);
        told(tell(platform, "x", platform.now(), fact))
    });
    let changes: [(&'static str, DisputeChange); 2] =
        [("withdrawn", DisputeChange::FundsWithdrawn), ("won", DisputeChange::Won)];
    for (name, change) in changes {
        machine.column(name, move |platform, _| told(tell(platform, "x", platform.now(), changed(change))));
    }
    machine.column("ten days pass", |platform, _| advance(platform, 10).map(|()| Did::Done));
    machine.check();
}

/// A debit that was pulled back after it was available, with what the telling of it changes.
fn pulled_back() -> (Platform, Debit, Changes) {
    let (mut platform, debit) = told_of(PaymentMethod::UsBankAccount, &[Step::Comes, Step::Days(10)]);
    let fact = ChargeReversed::of(debit.charge, usd(100_00)).because(DebitFailure::AccountClosed);
    let report = Report::new("back", before(&platform, 1), Fact::ChargeReversed(fact));
    let changes = platform.record(&report).unwrap().changes;
    (platform, debit, changes)
}

#[test]
fn how_a_reversal_is_written_down() {
    let (platform, debit, changes) = pulled_back();
    let named = ChargeReversed::of(Named::Reference("py_outside".to_owned()), usd(7_00));
    let named = Fact::ChargeReversed(named.because(DebitFailure::DebitDisputed));
    check("reversal_reports", &[(variant(&named), Report::new("evt_1", crate::scene::noon(), named))]);
    check("reversal_records", &[("Charge".to_owned(), Record::Charge(platform.charge(debit.charge).unwrap().clone()))]);
    check("reversal_entries", &[("PaymentReversal".to_owned(), changes.entries.first().unwrap().clone())]);
    check("reversal_changes", &[("PaymentReversal".to_owned(), changes)]);
}
