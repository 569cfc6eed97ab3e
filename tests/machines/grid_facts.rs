//! Facts that come too early, anomalies, and facts that cannot be told at all.

use fundroute::accounts::{CapabilityReviewed, CapabilityStatus};
use fundroute::calendar::Timestamp;
use fundroute::ids::{AccountId, AnomalyId, ChargeId, ParkedFactId, PayoutId, RefundId};
use fundroute::journal::{Fact, FactOutcome, ParkedState};
use fundroute::money::usd;
use fundroute::payments::{
    CardRefund, ChargeSubmitted, Named, NewPayment, NewRefund, RefundCanceled, RefundFailed, RefundFailure,
    RefundSucceeded, RefundTraced, RefundUnderWay,
};
use fundroute::payouts::{PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSubmitted};
use fundroute::platform::{Command, Platform};
use fundroute::rulebook::{Capability, PaymentMethod};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, failed, noon, succeeded, tell};

/// The parked fact, the charge that it turns out to be about, and another one.
type Parked = (ParkedFactId, ChargeId, ChargeId);

fn parked_state(platform: &Platform, (parked, ..): Parked) -> String {
    match platform.parked_fact(parked).unwrap().state {
        ParkedState::Waiting { .. } => "waiting",
        ParkedState::TakenUp => "taken up",
        ParkedState::GivenUp => "given up",
    }
    .to_owned()
}

fn early() -> Fact {
    succeeded(Named::Reference("early".to_owned()), usd(100_00))
}

fn submitted(charge: ChargeId, reference: &str) -> Fact {
    Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: reference.to_owned() })
}

/// A success told under a reference that is not known yet.
fn parked(story: fn(&mut Scene, Parked)) -> (Platform, Parked) {
    let mut scene = Scene::us();
    let [sale, other] = [usd(100_00), usd(1_00)].map(|amount| scene.start(None, NewPayment::card(amount)));
    let told = tell(&mut scene.platform, "early", noon(), early()).unwrap();
    let FactOutcome::Parked(parked) = told else { panic!("the reference is not known yet") };
    let ids = (parked, scene.charge(sale), scene.charge(other));
    story(&mut scene, ids);
    (scene.platform, ids)
}

#[test]
fn parked_fact() {
    let about = "That a charge succeeded, told under a reference which nobody has heard of.";
    let mut machine = Machine::new("parked_fact", about, parked_state);
    machine.row("waiting", parked(|_, _| ()));
    machine.row(
        "taken up",
        parked(|scene, (_, charge, _)| {
            scene.tell(submitted(charge, "early"));
        }),
    );
    machine.row("given up", parked(|scene, _| scene.wait(31)));
    machine.column("reference becomes known", |platform, (_, charge, _)| {
        let at = platform.now();
        told(tell(platform, "x", at, submitted(charge, "early")))
    });
    machine.column("what becomes of the charge", |platform, (_, charge, _)| {
        let at = platform.now();
        tell(platform, "x", at, submitted(charge, "early"))?;
        Ok(Did::Said(platform.payment(platform.charge(charge)?.payment())?.status().to_string()))
    });
    machine.column("it is another charge's", |platform, (_, _, other)| {
        let at = platform.now();
        told(tell(platform, "x", at, submitted(other, "early")))
    });
    machine.column("told again", |platform, _| told(tell(platform, "early", noon(), early())));
    machine.column("told again, under another id", |platform, _| told(tell(platform, "x", noon(), early())));
    machine.column("same id, other fact", |platform, _| {
        told(tell(platform, "early", noon(), failed(Named::Reference("early".to_owned()))))
    });
    machine.column("a failure of before", |platform, _| {
        let at = before(platform, 1);
        told(tell(platform, "x", at, failed(Named::Reference("early".to_owned()))))
    });
    machine.column("29 days pass", |platform, _| advance(platform, 29).map(|()| Did::Done));
    machine.column("30 days pass", |platform, _| advance(platform, 30).map(|()| Did::Done));
    machine.check();
}

/// The anomaly, the charge it is about, and a seller.
type Odd = (AnomalyId, ChargeId, AccountId);

fn anomaly_state(platform: &Platform, (anomaly, ..): Odd) -> String {
    if platform.anomaly(anomaly).unwrap().closed_at.is_some() { "closed" } else { "open" }.to_owned()
}

/// A second success of one charge.
fn odd(closed: bool) -> (Platform, Odd) {
    let mut scene = Scene::us();
    let sale = scene.sale(None, NewPayment::card(usd(100_00)));
    let charge = scene.charge(sale);
    let told = tell(&mut scene.platform, "twice", noon(), succeeded(charge, usd(100_00))).unwrap();
    let FactOutcome::Anomaly(anomaly) = told else { panic!("a charge succeeds once") };
    if closed {
        scene.ask(None, Command::CloseAnomaly(anomaly));
    }
    (scene.platform, (anomaly, charge, scene.express))
}

#[test]
fn anomaly() {
    let about = "That a charge succeeded which had succeeded before.";
    let mut machine = Machine::new("anomaly", about, anomaly_state);
    machine.row("open", odd(false));
    machine.row("closed", odd(true));
    machine.column("close", |platform, (anomaly, ..)| did(ask(platform, "x", None, Command::CloseAnomaly(anomaly))));
    machine.column("events of closing", |platform, (anomaly, ..)| {
        let request = fundroute::platform::Request::new("x", Command::CloseAnomaly(anomaly));
        let events = platform.handle(request)?.changes.events;
        Ok(Did::Said(events.iter().map(|event| event.kind.name()).collect::<Vec<_>>().join(" ")))
    });
    machine.column("close for a seller", |platform, (anomaly, _, seller)| {
        did(ask(platform, "x", Some(seller), Command::CloseAnomaly(anomaly)))
    });
    machine.column("told again", |platform, (_, charge, _)| {
        tell(platform, "twice", noon(), succeeded(charge, usd(100_00)))?;
        Ok(Did::Done)
    });
    machine.column("told again, under another id", |platform, (_, charge, _)| {
        told(tell(platform, "x", noon(), succeeded(charge, usd(100_00))))
    });
    machine.column("a year passes", |platform, _| advance(platform, 365).map(|()| Did::Done));
    machine.check();
}

/// Objects that facts can be about, and how they are told.
#[derive(Clone, Copy)]
struct Told {
    account: AccountId,
    charge: ChargeId,
    payout: PayoutId,
    refund: RefundId,
    id: &'static str,
    ahead: i64,
    what: &'static str,
}

fn facts(id: &'static str, ahead: i64, what: &'static str) -> (Platform, Told) {
    let mut scene = Scene::us();
    let payout = scene.payout();
    let sale = scene.sale(None, NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    let Ok(back) = scene.platform.refunds().create("back", NewRefund::of(sale)) else { panic!("no refund") };
    let waiting = scene.start(None, NewPayment::card(usd(100_00)));
    let at = scene.platform.now();
    tell(&mut scene.platform, "used", at, failed(Named::Reference("something else".to_owned()))).unwrap();
    let mut told =
        Told { account: scene.express, charge: scene.charge(waiting), payout, refund: back.answer, id, ahead, what };
    match what {
        "unknown object" => {
            told.account = AccountId::from_host([9; 14]);
            told.charge = ChargeId::from_host([9; 14]);
            told.payout = PayoutId::from_host([9; 14]);
            told.refund = RefundId::from_host([9; 14]);
        }
        "the platform itself" => told.account = scene.platform.id(),
        _ => {}
    }
    (scene.platform, told)
}

fn review(account: AccountId, capability: Capability) -> Fact {
    Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status: CapabilityStatus::Inactive })
}

#[test]
fn fact() {
    let about = "Every fact, as it should be and as it cannot be.";
    let mut machine = Machine::new("fact", about, |_, told: Told| told.what.to_owned());
    machine.row("as it should be", facts("x", 0, "as it should be"));
    machine.row("unknown object", facts("x", 0, "unknown object"));
    machine.row("the platform itself", facts("x", 0, "the platform itself"));
    machine.row("ahead of the clock", facts("x", 1, "ahead of the clock"));
    machine.row("without an id", facts("", 0, "without an id"));
    machine.row("under the id of another fact", facts("used", 0, "under the id of another fact"));
    type Tell = fn(Told) -> Fact;
    let all: [(&str, Tell); 14] = [
        ("capability reviewed", |told| review(told.account, Capability::Transfers)),
        ("never requested", |told| review(told.account, Capability::SepaDebitPayments)),
        ("charge submitted", |told| submitted(told.charge, "ref")),
        ("charge succeeded", |told| succeeded(told.charge, usd(100_00))),
        ("charge failed", |told| failed(told.charge)),
        ("payout submitted", |told| Fact::PayoutSubmitted(PayoutSubmitted { payout: told.payout })),
        ("payout paid", |told| Fact::PayoutPaid(PayoutPaid { payout: told.payout })),
        ("payout failed", |told| {
            Fact::PayoutFailed(PayoutFailed { payout: told.payout, failure_code: "no_account".to_owned() })
        }),
        ("payout canceled", |told| Fact::PayoutCanceled(PayoutCanceled { payout: told.payout })),
        ("refund canceled", |told| Fact::RefundCanceled(RefundCanceled { refund: told.refund })),
        ("refund failed", |told| {
            Fact::RefundFailed(RefundFailed { refund: told.refund, reason: RefundFailure::Unknown })
        }),
        ("refund traced", |told| {
            Fact::RefundTraced(RefundTraced { refund: told.refund, shows_as: CardRefund::Reversal })
        }),
        ("refund under way", |told| Fact::RefundUnderWay(RefundUnderWay { refund: told.refund })),
        ("refund succeeded", |told| Fact::RefundSucceeded(RefundSucceeded { refund: told.refund })),
    ];
    for (name, fact) in all {
        machine.column(name, move |platform, told_as| {
            let at = Timestamp::from_micros(platform.now().micros() + told_as.ahead)?;
            match tell(platform, told_as.id, at, fact(told_as))? {
                FactOutcome::Applied => Ok(Did::Said("applied".to_owned())),
                other @ (FactOutcome::Anomaly(_) | FactOutcome::Parked(_) | FactOutcome::Stale) => told(Ok(other)),
            }
        });
    }
    machine.check();
}
