//! Disputes.

use fundroute::ids::{DisputeId, PaymentId};
use fundroute::journal::{Changes, Fact, Report};
use fundroute::money::usd;
use fundroute::payments::{
    DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, FraudType, FraudWarned, NamedDispute,
    NewPayment, NewRefund, SubmitEvidence,
};
use fundroute::platform::{Command, Platform, Request};
use fundroute::rulebook::{CardBrand, PaymentMethod};

use crate::grid::{Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};

type Case = (DisputeId, PaymentId);

/// The reference of the dispute that every row is about.
const REFERENCE: &str = "du_1";

fn state(platform: &Platform, (dispute, _): Case) -> String {
    platform.dispute(dispute).unwrap().status().to_string()
}

/// A dispute of a charge of 100.00 on the platform, which can be answered for nine days.
pub(crate) fn opened(platform: &Platform, sale: PaymentId, case: DisputeCase) -> Fact {
    Fact::DisputeOpened(DisputeOpened {
        charge: platform.payment(sale).unwrap().latest_charge().unwrap().into(),
        reference: REFERENCE.to_owned(),
        amount: usd(100_00),
        reason: DisputeReason::ProductNotReceived,
        case,
        network: Some(CardBrand::Visa),
        respond_by: Some(respond_by(platform)),
        settled: None,
    })
}

fn respond_by(platform: &Platform) -> fundroute::calendar::Timestamp {
    platform.now().midnight().plus_days(9).unwrap()
}

pub(crate) fn changed(change: DisputeChange) -> Fact {
    Fact::DisputeChanged(DisputeChanged { dispute: NamedDispute::Reference(REFERENCE.to_owned()), change })
}

/// What brings a dispute into the state of a row.
#[derive(Clone, Copy)]
enum Step {
    World(DisputeChange),
    Submit,
    Accept,
    Refund,
    Wait(i64),
}

/// A dispute through these steps, an hour apart.
fn case(case: DisputeCase, steps: &[Step]) -> (Platform, Case) {
    case_of(NewPayment::card(usd(100_00)), case, steps)
}

/// The same, of a debit over ACH, whose disputes are final.
fn debit(case: DisputeCase, steps: &[Step]) -> (Platform, Case) {
    case_of(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)), case, steps)
}

fn case_of(order: NewPayment, case: DisputeCase, steps: &[Step]) -> (Platform, Case) {
    let mut scene = Scene::us();
    scene.fund();
    let sale = scene.sale(None, order);
    scene.wait(1);
    let (at, fact) = (before(&scene.platform, 20), opened(&scene.platform, sale, case));
    tell(&mut scene.platform, "opened", at, fact).unwrap();
    let dispute = scene.platform.disputes_of(sale).unwrap().first().unwrap().id();
    for (number, step) in (1..).zip(steps) {
        let key = scene.key();
        match step {
            Step::World(change) => {
                let at = before(&scene.platform, 20 - number);
                tell(&mut scene.platform, &key, at, changed(*change)).unwrap();
            }
            Step::Submit => {
                scene.ask(None, Command::SubmitEvidence(SubmitEvidence::new(dispute, "note")));
                scene.wait(1);
            }
            Step::Accept => drop(scene.ask(None, Command::AcceptDispute(dispute))),
            Step::Refund => drop(scene.ask(None, Command::CreateRefund(NewRefund::of(sale)))),
            Step::Wait(days) => scene.wait(*days),
        }
    }
    (scene.platform, (dispute, sale))
}

fn appeal() -> DisputeChange {
    DisputeChange::Appealed { respond_by: respond_by(&Scene::us().platform) }
}

fn rows(machine: &mut Machine<Case>) {
    use DisputeCase::{Chargeback, Inquiry, Resolution};
    use DisputeChange::{FundsWithdrawn, InquiryClosed, Lost, PartlyWon, Won};
    use Step::{Accept, Refund, Submit, Wait, World};

    let partly = PartlyWon { amount: usd(1_00) };
    let escalated = DisputeChange::Escalated { respond_by: Some(respond_by(&Scene::us().platform)) };
    machine.row("warning_needs_response", case(Inquiry, &[]));
    machine.row("warning_under_review", case(Inquiry, &[Submit]));
    machine.row("warning_closed, told", case(Inquiry, &[World(InquiryClosed)]));
    machine.row("warning_closed, refunded", case(Inquiry, &[Refund, Wait(1)]));
    machine.row("warning_closed, after 120 days", case(Inquiry, &[Wait(121)]));
    machine.row("needs_response", case(Chargeback, &[]));
    machine.row("needs_response, withdrawn", case(Chargeback, &[World(FundsWithdrawn)]));
    machine.row("needs_response, escalated", case(Inquiry, &[World(escalated), World(FundsWithdrawn)]));
    machine.row("needs_response, inquiry withdrawn", case(Inquiry, &[World(FundsWithdrawn)]));
    machine.row("under_review", case(Chargeback, &[World(FundsWithdrawn), Submit]));
    machine.row("appeal_needs_response, won before", case(Chargeback, &[World(Won), World(appeal())]));
    machine.row("appeal_needs_response, lost before", case(Chargeback, &[World(Lost), World(appeal())]));
    machine.row("appeal_under_review", case(Chargeback, &[World(Won), World(appeal()), Submit]));
    machine.row("won", case(Chargeback, &[World(FundsWithdrawn), World(Won)]));
    machine.row("won, after it was lost", case(Chargeback, &[World(FundsWithdrawn), World(Lost), World(Won)]));
    machine.row("lost", case(Chargeback, &[World(FundsWithdrawn), World(Lost)]));
    machine.row("lost, but for a part", case(Chargeback, &[World(FundsWithdrawn), World(partly)]));
    machine.row("lost, accepted", case(Chargeback, &[Accept]));
    machine.row("lost, nobody answered", case(Chargeback, &[Wait(12)]));
    machine.row("prevented", case(Resolution, &[World(FundsWithdrawn)]));
    machine.row("lost, a debit", debit(Chargeback, &[]));
    machine.row("lost, a debit withdrawn", debit(Chargeback, &[World(FundsWithdrawn)]));
    machine.row("won, a debit after all", debit(Chargeback, &[World(FundsWithdrawn), World(Won)]));
}

#[test]
fn dispute() {
    let about = "Disputes of 100.00. What it changed is seen in the state only.";
    let mut machine = Machine::<Case>::new("dispute", about, state);
    rows(&mut machine);
    machine.column("submit", |platform, (dispute, _)| {
        did(ask(platform, "act", None, Command::SubmitEvidence(SubmitEvidence::new(dispute, "note-2"))))
    });
    machine.column("accept", |platform, (dispute, _)| did(ask(platform, "act", None, Command::AcceptDispute(dispute))));
    machine.column("refund", |platform, (_, sale)| {
        did(ask(platform, "act", None, Command::CreateRefund(NewRefund::of(sale).amount(usd(2_00)))))
    });
    machine.column("refund all", |platform, (_, sale)| {
        did(ask(platform, "act", None, Command::CreateRefund(NewRefund::of(sale).amount(usd(100_00)))))
    });
    machine.column("opened again", |platform, (_, sale)| {
        let (at, fact) = (platform.now(), opened(platform, sale, DisputeCase::Compliance));
        told(tell(platform, "act", at, fact))
    });
    let later = respond_by(&Scene::us().platform).plus_days(200).unwrap();
    let columns: [(&str, DisputeChange); 9] = [
        ("escalated", DisputeChange::Escalated { respond_by: Some(later) }),
        ("withdrawn", DisputeChange::FundsWithdrawn),
        ("reinstated", DisputeChange::FundsReinstated),
        ("closed", DisputeChange::InquiryClosed),
        ("prevented", DisputeChange::Prevented),
        ("lost", DisputeChange::Lost),
        ("partly won", DisputeChange::PartlyWon { amount: usd(2_00) }),
        ("won", DisputeChange::Won),
        ("appealed", DisputeChange::Appealed { respond_by: later }),
    ];
    for (name, change) in columns {
        machine.column(name, move |platform, _| told(tell(platform, "act", platform.now(), changed(change))));
    }
    machine.column("10 days", |platform, _| advance(platform, 10).map(|()| crate::grid::Did::Done));
    machine.column("121 days", |platform, _| advance(platform, 121).map(|()| crate::grid::Did::Done));
    machine.check();
}

/// Platforms with a dispute in every state, and one with a fraud warning.
pub(crate) fn every_state() -> Vec<Platform> {
    use DisputeChange::{FundsWithdrawn, InquiryClosed, Lost, Won};
    use Step::{Submit, World};

    let mut warned = Scene::us();
    let sale = warned.sale(None, NewPayment::card(usd(100_00)));
    let (charge, reference) = (warned.charge(sale).into(), "issfr_1".to_owned());
    let fraud_type = FraudType::MadeWithLostCard;
    warned.tell(Fact::FraudWarned(FraudWarned { charge, reference, fraud_type }));
    let chargeback = DisputeCase::Chargeback;
    let cases = [
        case(DisputeCase::Inquiry, &[]),
        case(DisputeCase::Inquiry, &[Submit]),
        case(DisputeCase::Inquiry, &[World(InquiryClosed)]),
        case(chargeback, &[World(FundsWithdrawn)]),
        case(chargeback, &[World(FundsWithdrawn), Submit]),
        case(chargeback, &[World(FundsWithdrawn), World(Won), World(appeal())]),
        case(chargeback, &[World(FundsWithdrawn), World(Lost), World(appeal()), Submit]),
        case(chargeback, &[World(FundsWithdrawn), World(Won)]),
        case(chargeback, &[World(FundsWithdrawn), World(Lost)]),
        case(DisputeCase::Block, &[World(FundsWithdrawn)]),
        debit(chargeback, &[World(FundsWithdrawn)]),
    ];
    cases.into_iter().map(|(platform, _)| platform).chain([warned.platform]).collect()
}

/// What a dispute changes that is withdrawn, countered, lost and won after all.
pub(crate) fn journal() -> Vec<Changes> {
    let (mut platform, (dispute, _)) = case(DisputeCase::Chargeback, &[]);
    let mut journal = Vec::new();
    let at = before(&platform, 2);
    journal.push(platform.record(&Report::new("1", at, changed(DisputeChange::FundsWithdrawn))).unwrap().changes);
    let submit = Command::SubmitEvidence(SubmitEvidence::new(dispute, "note"));
    journal.push(platform.handle(Request::new("2", submit)).unwrap().changes);
    advance(&mut platform, 1).unwrap();
    for (id, change) in [("3", DisputeChange::Lost), ("4", DisputeChange::Won)] {
        journal.push(platform.record(&Report::new(id, platform.now(), changed(change))).unwrap().changes);
    }
    journal
}
