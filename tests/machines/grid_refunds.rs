//! Refunds.

use fundroute::calendar::Timestamp;
use fundroute::ids::{PaymentId, RefundId};
use fundroute::journal::{Answer, Fact, Record};
use fundroute::money::usd;
use fundroute::payments::{
    CancelRefund, CardRefund, NewPayment, NewRefund, PendingReason, RefundCanceled, RefundFailed, RefundFailure,
    RefundSucceeded, RefundTraced, RefundUnderWay,
};
use fundroute::platform::{Command, Platform};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{PaymentMethod, Rulebook, Vetting};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};

type Back = (RefundId, PaymentId);

fn refund_state(platform: &Platform, (refund, _): Back) -> String {
    let refund = platform.refund(refund).unwrap();
    match refund.pending_reason() {
        Some(PendingReason::InsufficientFunds) => "waiting".to_owned(),
        _ => refund.status().to_string(),
    }
}

/// A refund of 40.00 out of 100.00 on which something was told six hours ago.
fn back(method: PaymentMethod, what: &[fn(RefundId) -> Fact]) -> (Platform, Back) {
    let mut scene = Scene::us();
    scene.fund();
    let payment = scene.sale(None, NewPayment::by(method, usd(100_00)));
    let back = refund(&mut scene, payment, what);
    (scene.platform, (back, payment))
}

fn refund(scene: &mut Scene, payment: PaymentId, what: &[fn(RefundId) -> Fact]) -> RefundId {
    let command = Command::CreateRefund(NewRefund::of(payment).amount(usd(40_00)));
    let Answer::Refund(refund) = scene.ask(None, command) else { panic!("a refund is answered with its id") };
    for (number, what) in what.iter().enumerate() {
        let at = before(&scene.platform, 6);
        tell(&mut scene.platform, &format!("then {number}"), at, what(refund)).unwrap();
    }
    refund
}

/// The same while the platform has nothing: it has sent all of it elsewhere.
fn unfunded(then: fn(&mut Scene, RefundId)) -> (Platform, Back) {
    let mut scene = Scene::us();
    scene.fund();
    let payment = scene.sale(None, NewPayment::card(usd(100_00)));
    scene.wait(7);
    let available = scene.platform.balance(scene.platform.id(), usd(0).currency()).unwrap().available;
    let all = usd(i64::try_from(available).unwrap());
    let seller = scene.express;
    scene.ask(None, Command::CreateTransfer(NewTransfer::to(seller, all)));
    let back = refund(&mut scene, payment, &[]);
    then(&mut scene, back);
    (scene.platform, (back, payment))
}

/// A refund for which the payer has to name a bank account.
fn nameless(then: fn(&mut Scene, RefundId)) -> (Platform, Back) {
    let book = Rulebook::standard().with_vetting(Vetting::ByHost).with_refund_details(PaymentMethod::UsBankAccount);
    let mut scene = Scene::by(fundroute::rulebook::Country::US, book);
    scene.fund();
    let payment = scene.sale(None, NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    let back = refund(&mut scene, payment, &[]);
    then(&mut scene, back);
    (scene.platform, (back, payment))
}

fn arrived(refund: RefundId) -> Fact {
    Fact::RefundSucceeded(RefundSucceeded { refund })
}

fn under_way(refund: RefundId) -> Fact {
    Fact::RefundUnderWay(RefundUnderWay { refund })
}

fn vanishes(refund: RefundId) -> Fact {
    Fact::RefundTraced(RefundTraced { refund, shows_as: CardRefund::Reversal })
}

fn failed(refund: RefundId) -> Fact {
    Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::LostOrStolenCard })
}

fn canceled(refund: RefundId) -> Fact {
    Fact::RefundCanceled(RefundCanceled { refund })
}

fn tells_now(scene: &mut Scene, fact: Fact) {
    scene.tell(fact);
}

fn cancel(scene: &mut Scene, refund: RefundId) {
    scene.ask(None, Command::CancelRefund(CancelRefund { refund }));
}

fn rows(machine: &mut Machine<Back>) {
    let debit = PaymentMethod::UsBankAccount;
    machine.row("waiting, for money", unfunded(|_, _| ()));
    machine.row("requires_action", nameless(|_, _| ()));
    machine.row("pending", back(debit, &[]));
    machine.row("pending, the payer has acted", nameless(|scene, refund| tells_now(scene, under_way(refund))));
    machine.row("pending, by card", back(PaymentMethod::Card, &[under_way]));
    machine.row("succeeded", back(debit, &[arrived]));
    machine.row("succeeded, by card", back(PaymentMethod::Card, &[]));
    machine.row("succeeded, by card, as is known", back(PaymentMethod::Card, &[arrived]));
    machine.row("succeeded, by card, gone from the statement", back(PaymentMethod::Card, &[vanishes]));
    machine.row("failed", back(debit, &[failed]));
    machine.row("failed, after it had succeeded", back(PaymentMethod::Card, &[arrived, failed]));
    machine.row("failed, for want of money", unfunded(|scene, _| scene.wait(31)));
    machine.row("canceled, outside", back(PaymentMethod::Card, &[canceled]));
    machine.row("canceled, outside, while it waited", unfunded(|scene, refund| tells_now(scene, canceled(refund))));
    machine.row("canceled, here", nameless(cancel));
    machine.row("canceled, the payer never acted", nameless(|scene, _| scene.wait(46)));
}

fn tells(machine: &mut Machine<Back>) {
    type Tell = fn(RefundId) -> Fact;
    let all: [(&'static str, i64, Tell); 9] = [
        ("arrives, of before", 9, arrived),
        ("arrives, of then", 6, arrived),
        ("arrives, of now", 0, arrived),
        ("traced", 0, vanishes),
        ("under way", 0, under_way),
        ("fails, of before", 9, failed),
        ("fails, of now", 0, failed),
        ("fails otherwise, of then", 6, |refund| {
            Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })
        }),
        ("is called off outside", 0, canceled),
    ];
    for (name, hours, fact) in all {
        machine.column(name, move |platform, (refund, _)| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, fact(refund)))
        });
    }
}

fn asks(machine: &mut Machine<Back>) {
    machine.column("cancel", |platform, (refund, _)| {
        did(ask(platform, "x", None, Command::CancelRefund(CancelRefund { refund })))
    });
    machine.column("cancel for a seller", |platform, (refund, _)| {
        let sellers = platform.records().filter_map(|record| {
            let Record::Account(account) = record else { return None };
            (!account.is_platform()).then(|| account.id())
        });
        let seller = sellers.last();
        did(ask(platform, "x", seller, Command::CancelRefund(CancelRefund { refund })))
    });
    machine.column("refund the rest", |platform, (_, payment)| {
        let Answer::Refund(rest) = ask(platform, "x", None, Command::CreateRefund(NewRefund::of(payment)))? else {
            return Ok(Did::Nothing);
        };
        let rest = platform.refund(rest)?;
        Ok(Did::Said(format!("{} {}", rest.amount().minor(), rest.status())))
    });
    machine.column("refund 60.01", |platform, (_, payment)| {
        let more = NewRefund::of(payment).amount(usd(60_01));
        ask(platform, "x", None, Command::CreateRefund(more)).map(|_| Did::Said("refunds".to_owned()))
    });
    machine.column("refund 200 days later", |platform, (_, payment)| {
        let mut later = platform.clone();
        advance(&mut later, 200)?;
        Ok(match ask(&mut later, "x", None, Command::CreateRefund(NewRefund::of(payment))) {
            Ok(_) => Did::Said("refunds".to_owned()),
            Err(error) => Did::Said(format!("refused: {}", error.code().unwrap_or("-"))),
        })
    });
}

#[test]
fn refund_machine() {
    let about = "A refund of 40.00 out of 100.00; what was told before was told as of six hours ago.";
    let mut machine = Machine::new("refund", about, refund_state);
    rows(&mut machine);
    tells(&mut machine);
    asks(&mut machine);
    machine.column("39.99 come", |platform, _| come(platform, 39_99));
    machine.column("40.00 come", |platform, _| come(platform, 40_00));
    machine.column("30 days pass", |platform, _| advance(platform, 30).map(|()| Did::Done));
    machine.column("45 days pass", |platform, _| advance(platform, 45).map(|()| Did::Done));
    machine.check();
}

/// So much comes back from the seller, and a moment passes.
fn come(platform: &mut Platform, amount: i64) -> crate::grid::Cell {
    let transfer = platform
        .records()
        .find_map(|record| if let Record::Transfer(transfer) = record { Some(transfer.id()) } else { None });
    let Some(transfer) = transfer else { return Ok(Did::Nothing) };
    let back = fundroute::routing::NewTransferReversal::of(transfer).amount(usd(amount));
    ask(platform, "come", None, Command::ReverseTransfer(back))?;
    let soon = Timestamp::from_micros(platform.now().micros() + 1)?;
    platform.advance_to(soon).map(|_| Did::Done)
}
