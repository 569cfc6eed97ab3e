//! Refunds.

use fundroute::ids::{PaymentId, RefundId};
use fundroute::journal::{Answer, Fact};
use fundroute::money::usd;
use fundroute::payments::{NewPayment, NewRefund, RefundSucceeded};
use fundroute::platform::{Command, Platform};
use fundroute::rulebook::PaymentMethod;

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};

type Back = (RefundId, PaymentId);

fn refund_state(platform: &Platform, (refund, _): Back) -> String {
    platform.refund(refund).unwrap().status().to_string()
}

/// A refund of 40.00 out of 100.00, reported as arrived six hours ago where it says so.
fn back(method: PaymentMethod, reported: bool) -> (Platform, Back) {
    let mut scene = Scene::us();
    scene.fund();
    let payment = scene.sale(None, NewPayment::by(method, usd(100_00)));
    let command = Command::CreateRefund(NewRefund::of(payment).amount(usd(40_00)));
    let Answer::Refund(refund) = scene.ask(None, command) else { panic!("a refund is answered with its id") };
    if reported {
        let at = before(&scene.platform, 6);
        tell(&mut scene.platform, "then", at, arrived(refund)).unwrap();
    }
    (scene.platform, (refund, payment))
}

fn arrived(refund: RefundId) -> Fact {
    Fact::RefundSucceeded(RefundSucceeded { refund })
}

#[test]
fn refund_machine() {
    let about = "A refund of 40.00 out of 100.00; those by card arrive at once, that is now.";
    let mut machine = Machine::new("refund", about, refund_state);
    machine.row("pending", back(PaymentMethod::UsBankAccount, false));
    machine.row("succeeded", back(PaymentMethod::UsBankAccount, true));
    machine.row("succeeded, by card", back(PaymentMethod::Card, false));
    for (name, hours) in [("arrives, of before", 9), ("arrives, of then", 6), ("arrives, of now", 0)] {
        machine.column(name, move |platform, (refund, _)| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, arrived(refund)))
        });
    }
    machine.column("refund the rest", |platform, (_, payment)| {
        did(ask(platform, "x", None, Command::CreateRefund(NewRefund::of(payment))))
    });
    machine.column("refund 60.01", |platform, (_, payment)| {
        did(ask(platform, "x", None, Command::CreateRefund(NewRefund::of(payment).amount(usd(60_01)))))
    });
    machine.column("refund 200 days later", |platform, (_, payment)| {
        let mut later = platform.clone();
        advance(&mut later, 200)?;
        Ok(match ask(&mut later, "x", None, Command::CreateRefund(NewRefund::of(payment))) {
            Ok(_) => Did::Said("refunds".to_owned()),
            Err(error) => Did::Said(format!("refused: {}", error.code().unwrap_or("-"))),
        })
    });
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}
