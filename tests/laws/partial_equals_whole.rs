//! A worker that looks everything up in a store decides as a platform that holds everything in memory, and what two workers
//! decide at the same time is never stored twice.

use fundroute::accounts::Actor;
use fundroute::ids::AccountId;
use fundroute::journal::{Changes, DeadlineKind, Fact, Report};
use fundroute::ledger::LedgerAccount;
use fundroute::payments::ChargeSucceeded;
use fundroute::payouts::{NewPayout, PayoutSchedule, SetPayoutSchedule};
use fundroute::platform::Identity;
use fundroute::prelude::*;
use proptest::prelude::*;

use crate::rules::Rules;
use crate::stage::{Act, Stage};
use crate::store::{Conflict, Store, Work, Worker};
use crate::story::{opening, story};

pub(crate) fn worker(stage: &Stage) -> Worker {
    let who = Identity { platform: stage.platform.id(), livemode: stage.platform.livemode() };
    Worker { who, rulebook: stage.rules.book(), now: stage.platform.now() }
}

/// Lets a worker do what a platform does, and store it.
pub(crate) fn work(store: &mut Store, worker: &mut Worker, act: &Act) -> Result<Vec<Changes>, Error> {
    let changes = match act {
        Act::Ask(request) => vec![worker.decide(store, |part| part.decide(request)).decided?.changes],
        Act::Tell(report) => vec![worker.decide(store, |part| part.decide_fact(report)).decided?.changes],
        Act::Wait(until) => {
            let mut fired = Vec::new();
            while let Some(deadline) = store.next_deadline().filter(|deadline| deadline.due <= *until) {
                worker.now = worker.now.max(deadline.due);
                let changes = worker.decide(store, |part| part.decide_due(deadline)).decided?;
                assert!(!changes.is_empty(), "{deadline:?} was not due");
                store.commit(&changes).unwrap();
                fired.push(changes);
            }
            worker.now = *until;
            return Ok(fired);
        }
    };
    for changes in changes.iter().filter(|changes| !changes.is_empty()) {
        store.commit(changes).unwrap();
    }
    Ok(changes)
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn a_worker_with_a_store_writes_the_same_journal(story in story(40..140), by_date in any::<bool>()) {
        let mut stage = Stage::new(Rules { by_date, ..story.rules });
        let mut store = Store::of(&stage.journal);
        let mut worker = worker(&stage);
        for step in &story.steps {
            let act = stage.act(step);
            let whole = stage.play(&act).map(|came| came.changes().cloned().collect::<Vec<_>>());
            let part = work(&mut store, &mut worker, &act);
            prop_assert_eq!(part, whole, "{:?}", act);
            prop_assert_eq!(store.next_deadline(), stage.platform.deadlines().next().copied());
        }
        for (account, currency) in stage.platform.balances() {
            let held = stage.platform.balance(account, currency).unwrap();
            prop_assert_eq!(store.balance_of(LedgerAccount::Available { owner: account }, currency), held.available);
            prop_assert_eq!(store.balance_of(LedgerAccount::Submitted { owner: account }, currency), held.submitted);
        }
        for write in stage.platform.snapshot().personal {
            prop_assert!(store.knows(&write), "{write:?}");
        }
    }

    /// A store that fails between deciding and applying leaves the platform where it was.
    #[test]
    fn what_could_not_be_stored_has_not_happened(story in story(40..100), fails in proptest::collection::vec(any::<bool>(), 200)) {
        let mut stage = Stage::new(story.rules);
        let mut fails = fails.into_iter().cycle();
        for step in &story.steps {
            let act = stage.act(step);
            let Act::Ask(request) = &act else {
                let _refused = stage.play(&act);
                continue;
            };
            let before = stage.platform.snapshot();
            let Ok(decided) = stage.platform.decide(request) else { continue };
            if fails.next() == Some(true) {
                drop(decided);
                prop_assert_eq!(before, stage.platform.snapshot());
                continue;
            }
            stage.platform.apply(&decided.changes).unwrap();
            let again = stage.platform.decide(request).unwrap();
            prop_assert_eq!(again.answer, decided.answer);
            prop_assert!(again.changes.is_empty());
        }
        prop_assert_eq!(stage.platform.audit(), []);
    }

    /// Whatever a platform has decided, it refuses to apply twice, and nothing happens.
    #[test]
    fn stale_changes_are_refused_and_leave_no_trace(story in story(40..100)) {
        let stage = Stage::played(&story);
        let mut platform = stage.platform.clone();
        let before = platform.snapshot();
        for changes in &stage.journal {
            // A balance that merely moves has no version; all else has.
            let applied = platform.apply(changes);
            let versioned = !changes.records.is_empty() || !changes.cycles.is_empty() || changes.request.is_some();
            if versioned {
                prop_assert!(matches!(applied, Err(Error::Stale(_))), "{:?}", changes);
                prop_assert_eq!(&before, &platform.snapshot());
            } else {
                // Settlements: the guard says that what was pending is all gone afterwards.
                prop_assert!(matches!(applied, Err(Error::Stale(_))), "{:?}", changes);
            }
        }
        let mut store = Store::of(&stage.journal);
        for changes in &stage.journal {
            prop_assert!(store.commit(changes).is_err(), "{:?}", changes);
        }
    }
}

/// A platform with accounts, 500.00 of which the platform can use, and a payment of 20.00 under way to the first account.
fn scene() -> (Stage, Request) {
    let mut stage = Stage::new(Rules::PLAIN);
    for step in opening() {
        let act = stage.act(&step);
        stage.play(&act).unwrap();
    }
    let hold = SetPayoutSchedule { account: stage.accounts()[5], schedule: PayoutSchedule::Manual };
    stage.play(&Act::Ask(Request::new("hold", Command::SetPayoutSchedule(hold)))).unwrap();
    let ask = |stage: &mut Stage, key: &str, payment: NewPayment| {
        let request = Request::new(key, Command::CreatePayment(payment));
        stage.play(&Act::Ask(request.clone())).unwrap();
        request
    };
    ask(&mut stage, "float", NewPayment::card(usd(515_76)));
    take_all(&mut stage);
    stage.play(&Act::Wait(stage.platform.now().plus_days(7).unwrap())).unwrap();
    let jo = stage.accounts()[0];
    let sale = ask(&mut stage, "sale", NewPayment::card(usd(20_00)).destination(jo).application_fee(usd(2_00)));
    (stage, sale)
}

/// The world takes every payment that it was asked to.
fn take_all(stage: &mut Stage) {
    for instruction in stage.platform.instructions() {
        if let Some(report) = success(stage, &instruction) {
            stage.play(&Act::Tell(report)).unwrap();
        }
    }
}

fn success(stage: &Stage, instruction: &fundroute::journal::Instruction) -> Option<Report> {
    use fundroute::journal::Instruction;
    use fundroute::payments::PaymentInstruction;

    let Instruction::Payment(PaymentInstruction::Charge { charge, amount, .. }) = instruction else { return None };
    let fact = ChargeSucceeded::of(*charge, *amount);
    Some(Report::new(format!("{charge} succeeded"), stage.platform.now(), Fact::ChargeSucceeded(fact)))
}

fn rounds<T: std::fmt::Debug>(what: &str, work: &Work<T>) -> usize {
    assert!(work.decided.is_ok(), "{what}: {:?}", work.decided);
    println!("{what}: {} rounds: {:?}", work.rounds.len(), work.rounds);
    work.rounds.len()
}

/// The most rounds of look-ups that a worker needs for a payment's creation, its success and its refund: one
/// for what the call names, and one for what that leads to.
const MOST_ROUNDS: [usize; 3] = [1, 2, 2];

#[test]
fn the_usual_calls_take_few_rounds_of_look_ups() {
    let (mut stage, _) = scene();
    let accounts = stage.accounts();
    let (jo, flo) = (accounts[0], accounts[5]);
    let card = |minor| NewPayment::card(usd(minor));
    let sales = [
        ("separate", None, card(20_00)),
        ("direct", Some(flo), card(20_00).application_fee(usd(1_00))),
        ("destination", None, card(20_00).destination(jo).application_fee(usd(1_00))),
        ("destination, an amount", None, card(20_00).destination(jo).transfer_amount(usd(15_00))),
    ];
    let mut most = [0; 3];
    for (name, account, payment) in sales {
        for settled in [false, true] {
            let request = Request {
                key: format!("{name} {settled}"),
                account,
                actor: Actor::Platform,
                extension: None,
                attribution: None,
                command: Command::CreatePayment(payment.clone()),
            };
            let store = Store::of(&stage.journal);
            let created = worker(&stage).decide(&store, |part| part.decide(&request));
            most[0] = most[0].max(rounds(&format!("creation, {name}"), &created));
            stage.play(&Act::Ask(request.clone())).unwrap();

            let store = Store::of(&stage.journal);
            let instruction = created.decided.unwrap().changes.instructions.remove(0);
            let report = success(&stage, &instruction).unwrap();
            let taken = worker(&stage).decide(&store, |part| part.decide_fact(&report));
            most[1] = most[1].max(rounds(&format!("success, {name}"), &taken));
            stage.play(&Act::Tell(report)).unwrap();
            if settled {
                stage.play(&Act::Wait(stage.platform.now().plus_days(4).unwrap())).unwrap();
            }

            let Ok(fundroute::journal::Answer::Payment(sale)) =
                stage.platform.handle(request).map(|again| again.answer)
            else {
                panic!("no payment");
            };
            let mut refund = NewRefund::of(sale).amount(usd(5_00));
            if stage.platform.charge_of(sale).unwrap().transfer().is_some() {
                refund = refund.reverse_transfer();
            }
            if stage.platform.charge_of(sale).unwrap().application_fee().is_some() {
                refund = refund.refund_application_fee();
            }
            let request = Request {
                key: format!("back {name} {settled}"),
                account,
                actor: Actor::Platform,
                extension: None,
                attribution: None,
                command: Command::CreateRefund(refund),
            };
            let store = Store::of(&stage.journal);
            let refunded = worker(&stage).decide(&store, |part| part.decide(&request));
            most[2] = most[2].max(rounds(&format!("refund, {name}, settled: {settled}"), &refunded));
        }
    }
    assert_eq!(most, MOST_ROUNDS);
}

/// Two workers, each about to pay out all that there is: the store takes the faster one's changes only. Before the cut-off both payouts
/// count as one of the day, which is noticed first; after it, that the money is there once.
#[test]
fn two_workers_cannot_both_send_the_whole_balance() {
    let (mut stage, _) = scene();
    race(&stage, |owner| Conflict::Cycle(owner, USD));
    let evening = stage.platform.now().midnight().at(23, 0);
    stage.play(&Act::Wait(evening)).unwrap();
    race(&stage, |owner| Conflict::Range(LedgerAccount::Available { owner }, USD));
}

fn race(stage: &Stage, conflict: impl Fn(AccountId) -> Conflict) {
    let owner = stage.platform.id();
    let available = stage.platform.balance(owner, USD).unwrap().available;
    let all = usd(i64::try_from(available).unwrap());
    let mut store = Store::of(&stage.journal);
    let decide = |key: &str| {
        let request = Request::new(key, Command::CreatePayout(NewPayout::of(all)));
        worker(stage).decide(&store, |part| part.decide(&request)).decided.unwrap().changes
    };
    let (faster, slower) = (decide("payout-1"), decide("payout-2"));
    store.commit(&faster).unwrap();
    assert_eq!(store.commit(&slower), Err(conflict(owner)));
    // The platform in memory says the same, and its next decision is the right one.
    let mut platform = stage.platform.clone();
    platform.apply(&faster).unwrap();
    assert!(matches!(platform.apply(&slower), Err(Error::Stale(_))));
    let request = Request::new("payout-2", Command::CreatePayout(NewPayout::of(all)));
    let retried = worker(stage).decide(&store, |part| part.decide(&request)).decided;
    assert_eq!(retried.map(drop), platform.decide(&request).map(drop));
    assert_eq!(platform.decide(&request).unwrap_err().kind(), fundroute::ErrorKind::Insufficient);
}

/// Two workers that only add to a balance do not get in each other's way.
#[test]
fn two_workers_can_both_add_to_a_balance() {
    let (mut stage, _) = scene();
    for key in ["a", "b"] {
        let request = Request::new(key, Command::CreatePayment(NewPayment::card(usd(30_00))));
        stage.play(&Act::Ask(request)).unwrap();
    }
    let mut store = Store::of(&stage.journal);
    let instructions = stage.platform.instructions();
    let reports: Vec<Report> = instructions.iter().filter_map(|instruction| success(&stage, instruction)).collect();
    let decided: Vec<Changes> = reports
        .iter()
        .map(|report| worker(&stage).decide(&store, |part| part.decide_fact(report)).decided.unwrap().changes)
        .collect();
    assert_eq!(decided.len(), 3);
    for changes in &decided {
        store.commit(changes).unwrap();
        stage.platform.apply(changes).unwrap();
    }
    assert_eq!(stage.platform.audit(), []);
}

/// What two workers decide on the same object at the same time is stored once.
#[test]
fn two_workers_cannot_both_refund_the_same_money() {
    let (mut stage, sale) = scene();
    take_all(&mut stage);
    let Ok(fundroute::journal::Answer::Payment(sale)) = stage.platform.handle(sale).map(|again| again.answer) else {
        panic!("no payment");
    };
    let mut store = Store::of(&stage.journal);
    let refund = NewRefund::of(sale).reverse_transfer().refund_application_fee();
    let decide = |store: &Store, key: &str| {
        let request = Request::new(key, Command::CreateRefund(refund.clone()));
        worker(&stage).decide(store, |part| part.decide(&request)).decided.map(|decided| decided.changes)
    };
    let (faster, slower) = (decide(&store, "back-1").unwrap(), decide(&store, "back-2").unwrap());
    store.commit(&faster).unwrap();
    assert!(matches!(store.commit(&slower), Err(Conflict::Version(_))));
    assert_eq!(decide(&store, "back-2").unwrap_err().kind(), fundroute::ErrorKind::Refused);
}

/// Money that is pending until midnight is not to be counted by a worker that comes after midnight, before it has settled.
#[test]
fn what_should_have_happened_before_is_asked_for_first() {
    let (mut stage, _) = scene();
    take_all(&mut stage);
    let jo = stage.accounts()[0];
    let mut store = Store::of(&stage.journal);
    let mut late = worker(&stage);
    late.now = late.now.plus_days(30).unwrap();
    let request = Request {
        key: "payout".to_owned(),
        account: Some(jo),
        actor: Actor::Platform,
        extension: None,
        attribution: None,
        command: Command::CreatePayout(NewPayout::of(usd(18_00))),
    };
    let mut asked = Vec::new();
    let decided = loop {
        match late.decide(&store, |part| part.decide(&request)).decided {
            Err(Error::Overdue(deadlines)) => {
                assert!(!deadlines.is_empty());
                for deadline in deadlines {
                    assert!(deadline.due <= late.now && !asked.contains(&deadline));
                    asked.push(deadline);
                    let changes = late.decide(&store, |part| part.decide_due(deadline)).decided.unwrap();
                    store.commit(&changes).unwrap();
                    // Fired again by another worker, it changes nothing.
                    let again = late.decide(&store, |part| part.decide_due(deadline)).decided.unwrap();
                    assert!(again.is_empty(), "{again:?}");
                }
            }
            decided => break decided,
        }
    };
    assert!(asked.iter().any(|deadline| deadline.what == DeadlineKind::Settle(jo, USD)), "{asked:?}");
    let mut whole = stage.platform.clone();
    whole.advance_to(late.now).unwrap();
    assert_eq!(decided, whole.decide(&request));
}
