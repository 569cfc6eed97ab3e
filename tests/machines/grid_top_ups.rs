//! Money that the platform pulls from its own bank account.

use chrono::TimeDelta;
use fundroute::accounts::Metadata;
use fundroute::ids::{AccountId, TopUpId};
use fundroute::journal::{Changes, Fact, Record, Report};
use fundroute::money::{Currency, usd};
use fundroute::payouts::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUpFact, TopUpFailed, TopUpReversed, TopUpSubmitted, TopUpSucceeded,
    UpdateTopUp,
};
use fundroute::platform::{Command, Platform, Request};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, noon, tell};
use crate::shapes::check;

/// The top-up, another one, and somebody else's account.
type Ids = (TopUpId, TopUpId, AccountId);

pub(crate) fn submitted(top_up: TopUpId) -> Fact {
    Fact::TopUp(TopUpFact::Submitted(TopUpSubmitted { top_up, reference: "trace-1".to_owned() }))
}

pub(crate) fn succeeded(top_up: impl Into<NamedTopUp>) -> Fact {
    Fact::TopUp(TopUpFact::Succeeded(TopUpSucceeded { top_up: top_up.into() }))
}

pub(crate) fn failed(top_up: impl Into<NamedTopUp>) -> Fact {
    let failure_code = "insufficient_funds".to_owned();
    Fact::TopUp(TopUpFact::Failed(TopUpFailed { top_up: top_up.into(), failure_code }))
}

fn closed(top_up: impl Into<NamedTopUp>) -> Fact {
    let failure_code = "account_closed".to_owned();
    Fact::TopUp(TopUpFact::Failed(TopUpFailed { top_up: top_up.into(), failure_code }))
}

pub(crate) fn reversed(top_up: impl Into<NamedTopUp>) -> Fact {
    Fact::TopUp(TopUpFact::Reversed(TopUpReversed { top_up: top_up.into() }))
}

fn updated(top_up: TopUpId) -> UpdateTopUp {
    let notes = Metadata::new().set("run", "9").set("ledger", "");
    UpdateTopUp::of(top_up).description("What November costs in the end").metadata(notes)
}

/// The state of the top-up, and what the platform has.
fn state(platform: &Platform, (top_up, _, _): Ids) -> String {
    let held = platform.balance(platform.id(), Currency::USD).unwrap();
    let top_up = platform.top_up(top_up).unwrap();
    format!("{} (pending {} available {})", top_up.status(), held.pending, held.available)
}

#[derive(Clone, Copy)]
enum Step {
    Told(fn(TopUpId) -> Fact),
    Cancel,
    Days(i64),
}

/// A top-up of 100.00, and what happened to it, each step half a day after the one before.
fn top_up(steps: &[Step]) -> (Platform, Ids) {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    let make = |scene: &mut Scene, minor| {
        let key = scene.key();
        scene.platform.top_ups().create(&key, NewTopUp::of(usd(minor))).unwrap().answer
    };
    let (ours, other) = (make(&mut scene, 100_00), make(&mut scene, 7_00));
    for step in steps {
        match step {
            Step::Told(fact) => {
                let later = scene.platform.now().checked_add(TimeDelta::hours(12)).unwrap();
                scene.platform.advance_to(later).unwrap();
                let (key, at) = (scene.key(), before(&scene.platform, 6));
                tell(&mut scene.platform, &key, at, fact(ours)).unwrap();
            }
            Step::Cancel => drop(scene.ask(None, Command::CancelTopUp(CancelTopUp { top_up: ours }))),
            Step::Days(days) => scene.wait(*days),
        }
    }
    let ids = (ours, other, scene.express);
    (scene.platform, ids)
}

fn rows(machine: &mut Machine<Ids>) {
    use Step::{Cancel, Days, Told};

    let mut row = |label, steps: &[Step]| machine.row(label, top_up(steps));
    row("pending (pending 0 available 0)", &[Days(1)]);
    row("pending (pending 0 available 0), submitted", &[Told(submitted)]);
    row("pending (pending 0 available 0), pulled back early", &[Told(reversed)]);
    row("failed (pending 0 available 0)", &[Told(submitted), Told(failed)]);
    row("canceled (pending 0 available 0)", &[Days(1), Cancel]);
    row("canceled (pending 0 available 0), submitted", &[Told(submitted), Cancel]);
    row("canceled (pending 0 available 0), pulled back early", &[Told(reversed), Cancel]);
    row("succeeded (pending 10000 available 0)", &[Told(submitted), Told(succeeded)]);
    row("succeeded (pending 10000 available 0), failed before", &[Told(failed), Told(succeeded)]);
    row("succeeded (pending 0 available 10000)", &[Days(9), Told(succeeded)]);
    let both = [Told(succeeded), Told(reversed)];
    row("reversed (pending 0 available 0), while pending", &both);
    row("reversed (pending 0 available 0), while available", &[&[Days(9)], &both[..]].concat());
    row("reversed (pending 0 available 0), told early", &[Told(reversed), Told(succeeded)]);
}

#[test]
fn top_ups() {
    let about = "A top-up of 100.00, and what is told of it, or under its reference, before and after what is known.";
    let mut machine = Machine::new("top_up", about, state);
    rows(&mut machine);
    machine.column("cancel", |platform, (top_up, _, _)| {
        did(ask(platform, "x", None, Command::CancelTopUp(CancelTopUp { top_up })))
    });
    machine.column("cancel for an account", |platform, (top_up, _, other)| {
        did(ask(platform, "x", Some(other), Command::CancelTopUp(CancelTopUp { top_up })))
    });
    machine.column("update", |platform, (top_up, _, _)| {
        did(ask(platform, "x", None, Command::UpdateTopUp(updated(top_up))))
    });
    machine.column("update for an account", |platform, (top_up, _, other)| {
        did(ask(platform, "x", Some(other), Command::UpdateTopUp(updated(top_up))))
    });
    machine
        .column("submitted", |platform, (top_up, _, _)| told(tell(platform, "x", platform.now(), submitted(top_up))));
    machine.column("another under its reference", |platform, (_, other, _)| {
        told(tell(platform, "x", platform.now(), submitted(other)))
    });
    type Tell = fn(TopUpId) -> Fact;
    let reports: [(&str, i64, Tell); 8] = [
        ("succeeded, of before", 9, succeeded),
        ("succeeded, of now", 0, succeeded),
        ("failed, of before", 9, failed),
        ("failed, of then, other code", 6, closed),
        ("failed, of now", 0, failed),
        ("reversed, of before", 9, reversed),
        ("reversed, of now", 0, reversed),
        ("succeeded, by reference", 0, |_| succeeded("trace-1")),
    ];
    for (name, hours, fact) in reports {
        machine.column(name, move |platform, (top_up, _, _)| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, fact(top_up)))
        });
    }
    machine.column("ten days pass", |platform, _| advance(platform, 10).map(|()| Did::Done));
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}

/// Each with what it is called.
type Named<T> = Vec<(String, T)>;

/// One top-up in every state, with the changes that led there.
fn written() -> (Named<Record>, Named<Changes>) {
    let (mut records, mut changes) = (Vec::new(), Vec::new());
    let record = |platform: &Platform, id| Record::TopUp(Box::new(platform.top_up(id).unwrap().clone()));
    let mut scene = Scene::us();
    let bank = scene.platform.account(scene.platform.id()).unwrap().bank_for(Currency::USD).unwrap();
    let new = NewTopUp::of(usd(100_00)).from_bank(bank).statement_descriptor("Top-up 11").group("bonuses-11");
    let new = new.description("What November costs").metadata(Metadata::new().set("ledger", "4711"));
    let request = Request::new("top-up", Command::CreateTopUp(new));
    let made = scene.platform.handle(request).unwrap();
    let fundroute::journal::Answer::TopUp(top_up) = made.answer else { panic!("a top-up is answered with its id") };
    records.push(("Pending".to_owned(), record(&scene.platform, top_up)));
    changes.push(("Created".to_owned(), made.changes));
    let mut edited = scene.platform.clone();
    changes.push(("Updated".to_owned(), edited.top_ups().update("update", updated(top_up)).unwrap().changes));
    records.push(("Updated".to_owned(), record(&edited, top_up)));
    let mut canceled = scene.platform.clone();
    let gone = canceled.top_ups().cancel("cancel", top_up).unwrap();
    changes.push(("Canceled".to_owned(), gone.changes));
    records.push(("Canceled".to_owned(), record(&canceled, top_up)));
    for (name, fact) in [
        ("Submitted", submitted(top_up)),
        ("Failed", failed(top_up)),
        ("Succeeded", succeeded("trace-1")),
        ("Reversed", reversed(top_up)),
    ] {
        let report = Report::new(name, scene.platform.now(), fact);
        changes.push((name.to_owned(), scene.platform.record(&report).unwrap().changes));
        if name != "Submitted" {
            records.push((name.to_owned(), record(&scene.platform, top_up)));
        }
    }
    (records, changes)
}

#[test]
fn how_top_ups_are_written_down() {
    let (records, changes) = written();
    let entries = changes.iter().filter_map(|(name, changes)| Some((name.clone(), changes.entries.first()?.clone())));
    check("top_up_entries", &entries.collect::<Vec<_>>());
    check("top_up_records", &records);
    check("top_up_changes", &changes);
    let id = TopUpId::from_host([3; 14]);
    let new = NewTopUp::of(usd(5_00)).statement_descriptor("Top-up").group("order-1");
    let commands = [
        ("CreateTopUp", Command::CreateTopUp(new.description("For November"))),
        ("CancelTopUp", Command::CancelTopUp(CancelTopUp { top_up: id })),
        ("UpdateTopUp", Command::UpdateTopUp(updated(id))),
    ];
    check("top_up_requests", &commands.map(|(name, command)| (name.to_owned(), Request::new("key-1", command))));
    let facts = [
        ("Submitted", submitted(id)),
        ("Succeeded", succeeded("trace-1")),
        ("Failed", failed(id)),
        ("Reversed", reversed("trace-1")),
    ];
    check("top_up_reports", &facts.map(|(name, fact)| (name.to_owned(), Report::new("evt_1", noon(), fact))));
}
