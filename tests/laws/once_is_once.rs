//! An accepted request sent again within its key's life gives the same answer and no second effect; the same key with another
//! body is refused; a refused request leaves its key free. The same holds for facts and their ids.

use chrono::TimeDelta;
use fundroute::ids::AccountId;
use fundroute::journal::{Fact, Outcome, Report, RequestError};
use fundroute::payments::RefundSucceeded;
use fundroute::prelude::*;
use proptest::prelude::*;

use crate::rules::Rules;
use crate::stage::{Act, Came, Stage};
use crate::story::story;

/// Another body, whatever the first one was.
fn other_body(request: &Request) -> Request {
    let mut other = request.clone();
    other.command =
        Command::CreatePayment(NewPayment::card(usd(12_345_67)).token(format!("other than {}", request.key)));
    other
}

fn is_reuse<T>(refused: Result<T, Error>, key: &str) -> bool {
    matches!(refused, Err(Error::Request(RequestError::KeyReused(reused))) if reused == key)
}

fn check_request(stage: &mut Stage, request: &Request, came: &Came) {
    let Came::Answer(answer, ..) = came else { panic!("{came:?}") };
    let before = stage.platform.snapshot();
    let again = stage.platform.handle(request.clone()).unwrap();
    assert_eq!((again.answer, again.outcome), (*answer, Outcome::Replayed));
    assert!(again.changes.is_empty() && again.changes.events.is_empty() && again.changes.instructions.is_empty());
    assert!(again.changes.reads.is_empty() && again.changes.guards.is_empty() && again.changes.personal.is_empty());
    assert!(is_reuse(stage.platform.handle(other_body(request)), &request.key));
    assert_eq!(before, stage.platform.snapshot());
}

fn check_fact(stage: &mut Stage, report: &Report, came: &Came) {
    let Came::News(outcome, ..) = came else { panic!("{came:?}") };
    let before = stage.platform.snapshot();
    let again = stage.platform.record(report).unwrap();
    assert_eq!((again.answer, again.outcome), (*outcome, Outcome::Replayed));
    assert!(again.changes.is_empty() && again.changes.events.is_empty() && again.changes.instructions.is_empty());
    // A provider that stamps the same news anew tells nothing new; other news under its id is refused.
    // Told again with another time it is still the same fact; another fact under its id is not taken for it.
    let earlier = Report { at: report.at.checked_add(TimeDelta::microseconds(-7)).unwrap(), ..report.clone() };
    assert_eq!(stage.platform.record(&earlier).unwrap().outcome, Outcome::Replayed);
    let refund = fundroute::ids::RefundId::from_host([9; 14]);
    let other = Report { fact: Fact::RefundSucceeded(RefundSucceeded { refund }), ..report.clone() };
    assert!(is_reuse(stage.platform.record(&other), &report.id));
    assert_eq!(before, stage.platform.snapshot());
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn what_is_said_again_at_once_happens_once(story in story(40..120)) {
        let mut stage = Stage::new(story.rules);
        for step in &story.steps {
            let act = stage.act(step);
            let known = stage.journal.len();
            match (&act, stage.play(&act)) {
                (Act::Ask(request), Ok(came)) => check_request(&mut stage, request, &came),
                (Act::Tell(report), Ok(came)) => check_fact(&mut stage, report, &came),
                (Act::Wait(_), Ok(_)) => {}
                // A key that was refused is not remembered: with a body that can be accepted it is accepted.
                (Act::Ask(request), Err(error)) if !matches!(error, Error::Request(_)) => {
                    let request = Request { account: None, ..other_body(request) };
                    let fresh = stage.platform.decide(&request);
                    prop_assert!(!is_reuse(fresh, &request.key) || story_has_used(&stage, &request.key));
                    prop_assert_eq!(known, stage.journal.len());
                }
                (_, Err(_)) => {}
            }
        }
    }

    /// At the end of a story everything that was accepted within the last thirty days is replayed, and nothing of it happens.
    #[test]
    fn what_is_said_again_later_happens_once(story in story(40..120)) {
        let mut stage = Stage::new(story.rules);
        let mut accepted = Vec::new();
        for step in &story.steps {
            let act = stage.act(step);
            let now = stage.platform.now();
            if let Ok(came) = stage.play(&act) && !came.is_replay() {
                accepted.push((now, act, came));
            }
        }
        let (before, now) = (stage.platform.snapshot(), stage.platform.now());
        let fresh_again = |at: Timestamp| now.since(at) >= days(30);
        for (at, act, came) in accepted.into_iter().filter(|(at, ..)| !fresh_again(*at)) {
            match (&act, came) {
                (Act::Ask(request), Came::Answer(answer, ..)) => {
                    let again = stage.platform.handle(request.clone()).unwrap();
                    prop_assert_eq!((again.answer, again.outcome), (answer, Outcome::Replayed), "of {}", at);
                }
                (Act::Tell(report), Came::News(outcome, ..)) => {
                    let again = stage.platform.record(report).unwrap();
                    prop_assert_eq!((again.answer, again.outcome), (outcome, Outcome::Replayed), "of {}", at);
                }
                _ => {}
            }
        }
        prop_assert_eq!(before, stage.platform.snapshot());
    }
}

/// Whether the key belongs to something that was accepted for the platform itself.
fn story_has_used(stage: &Stage, key: &str) -> bool {
    stage.asked.iter().any(|request| request.key == key && request.account.is_none())
}

fn payment(key: &str, minor: i64) -> Request {
    Request::new(key, Command::CreatePayment(NewPayment::card(usd(minor))))
}

#[test]
fn a_refused_request_leaves_its_key_free() {
    let mut stage = Stage::new(Rules::PLAIN);
    assert!(stage.platform.handle(payment("order-1", 1)).is_err(), "less than can be charged");
    assert_eq!(stage.platform.handle(payment("order-1", 10_00)).unwrap().outcome, Outcome::Applied);
    assert!(is_reuse(stage.platform.handle(payment("order-1", 1)), "order-1"));
}

#[test]
fn a_key_is_fresh_again_after_thirty_days_and_not_before() {
    let mut stage = Stage::new(Rules::PLAIN);
    let start = stage.platform.now();
    let first = stage.platform.handle(payment("order-1", 10_00)).unwrap();
    let last_moment = start.plus_days(30).unwrap().checked_add(TimeDelta::microseconds(-1)).unwrap();
    stage.platform.advance_to(last_moment).unwrap();
    let replayed = stage.platform.handle(payment("order-1", 10_00)).unwrap();
    assert_eq!((replayed.answer, replayed.outcome), (first.answer, Outcome::Replayed));
    assert!(is_reuse(stage.platform.handle(payment("order-1", 11_00)), "order-1"));
    stage.platform.advance_to(start.plus_days(30).unwrap()).unwrap();
    let fresh = stage.platform.decide(&payment("order-1", 11_00)).unwrap();
    assert_eq!(fresh.outcome, Outcome::Applied);
    assert_ne!(fresh.answer, first.answer);
    stage.platform.apply(&fresh.changes).unwrap();
    assert!(is_reuse(stage.platform.handle(payment("order-1", 10_00)), "order-1"));
}

#[test]
fn keys_are_separate_for_each_account_acted_for() {
    let mut stage = Stage::new(Rules::PLAIN);
    for step in crate::story::opening() {
        let act = stage.act(&step);
        stage.play(&act).unwrap();
    }
    let accounts: Vec<AccountId> = stage.accounts().into_iter().take(2).collect();
    let mut answers = Vec::new();
    for account in [None, Some(accounts[0]), Some(accounts[1])] {
        let request = Request { account, ..payment("order-1", 10_00) };
        let first = stage.platform.handle(request.clone()).unwrap();
        assert_eq!(first.outcome, Outcome::Applied);
        let again = stage.platform.handle(request).unwrap();
        assert_eq!((again.answer, again.outcome), (first.answer, Outcome::Replayed));
        answers.push(first.answer);
    }
    assert!(answers[0] != answers[1] && answers[1] != answers[2] && answers[0] != answers[2]);
}

#[test]
fn a_fact_and_a_request_may_have_the_same_name() {
    let mut stage = Stage::new(Rules::PLAIN);
    let sale = stage.platform.payments().create("1", NewPayment::card(usd(10_00))).unwrap().answer;
    let charge = stage.platform.charge_of(sale).unwrap().id();
    let now = stage.platform.now();
    let told = stage.platform.payments().record_succeeded("1", now, charge, usd(10_00)).unwrap();
    assert_eq!(told.outcome, Outcome::Applied);
}
