//! Payouts, and the schedules that countries allow.

use chrono::{TimeDelta, Weekday};
use fundroute::accounts::SetPause;
use fundroute::accounts::{CapabilityReviewed, CapabilityStatus, NewAccount};
use fundroute::calendar::Recurrence;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Answer, Changes, Fact, Record, Report};
use fundroute::money::{Currency, Money, usd};
use fundroute::payments::NewPayment;
use fundroute::payouts::{
    CancelPayout, NewPayout, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSchedule, PayoutSubmitted, PayoutTraced,
    SetInstantPrice, SetPayoutSchedule,
};
use fundroute::platform::{Command, Platform};
use fundroute::routing::{Fee, NewTransfer};
use fundroute::rulebook::{Capability, Country, Rulebook, Vetting};

use crate::grid::{Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};
use crate::shapes::check;

fn payout_state(platform: &Platform, (payout, _, _): Ids) -> String {
    let payout = platform.payout(payout).unwrap();
    format!("{}{}", payout.status(), if payout.is_overdue() { " overdue" } else { "" })
}

/// The payout, whose it is, and somebody else.
type Ids = (PayoutId, AccountId, AccountId);

fn submitted(payout: PayoutId) -> Fact {
    Fact::PayoutSubmitted(PayoutSubmitted { payout })
}

fn paid(payout: PayoutId) -> Fact {
    Fact::PayoutPaid(PayoutPaid { payout })
}

fn canceled(payout: PayoutId) -> Fact {
    Fact::PayoutCanceled(PayoutCanceled { payout })
}

fn failed(payout: PayoutId, code: &str) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: code.to_owned() })
}

/// A payout, and what was told about it, all of it six hours ago.
fn payout(by_hand: bool, facts: &[fn(PayoutId) -> Fact], cancel: bool) -> (Platform, Ids) {
    payout_of(Scene::us(), (by_hand, 0, 11), facts, cancel)
}

/// The same on a scene, made so many hours later, and looked at so many hours after that.
fn payout_of(
    mut scene: Scene,
    (by_hand, late, hours): (bool, i64, i64),
    facts: &[fn(PayoutId) -> Fact],
    cancel: bool,
) -> (Platform, Ids) {
    let payout = if by_hand {
        scene.fund_seller();
        let (key, seller) = (scene.key(), scene.express);
        let moment = scene.platform.now().checked_add(TimeDelta::hours(late)).unwrap();
        scene.platform.advance_to(moment).unwrap();
        scene.platform.acting_as(seller).unwrap().payouts().create(&key, usd(100_00)).unwrap().answer
    } else {
        scene.fund();
        let transfer = NewTransfer::to(scene.express, usd(200_00));
        scene.platform.transfers().create("free", transfer).unwrap();
        scene.wait(1);
        let theirs = |record: &Record| if let Record::Payout(payout) = record { Some(payout.id()) } else { None };
        scene.platform.records().find_map(theirs).unwrap()
    };
    let later = scene.platform.now().checked_add(TimeDelta::hours(hours)).unwrap();
    scene.platform.advance_to(later).unwrap();
    for (number, fact) in facts.iter().enumerate() {
        let at = before(&scene.platform, 6);
        tell(&mut scene.platform, &format!("fact-{number}"), at, fact(payout)).unwrap();
    }
    if cancel {
        scene.ask(Some(scene.express), Command::CancelPayout(CancelPayout { payout }));
    }
    let ids = (payout, scene.express, scene.standard);
    (scene.platform, ids)
}

/// A payout within minutes of money of which half is pending, with a commission, and what was told about it six hours ago.
fn within_minutes(facts: &[fn(PayoutId) -> Fact], cancel: bool) -> (Platform, Ids) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    scene.sale(None, NewPayment::card(usd(100_00)).destination(seller));
    let price = SetInstantPrice { currency: Currency::USD, price: Some(Fee::fixed(usd(1_00))) };
    scene.ask(None, Command::SetInstantPrice(price));
    let later = scene.platform.now().checked_add(TimeDelta::hours(11)).unwrap();
    let asked = NewPayout::of(usd(250_00)).instant();
    let Answer::Payout(payout) = scene.ask(Some(seller), Command::CreatePayout(asked)) else {
        panic!("a payout is answered with its id")
    };
    scene.platform.advance_to(later).unwrap();
    for (number, fact) in facts.iter().enumerate() {
        let at = before(&scene.platform, 6);
        tell(&mut scene.platform, &format!("fact-{number}"), at, fact(payout)).unwrap();
    }
    if cancel {
        scene.ask(Some(seller), Command::CancelPayout(CancelPayout { payout }));
    }
    let ids = (payout, seller, scene.standard);
    (scene.platform, ids)
}

#[test]
fn payouts() {
    let about = "A payout, and what is told about it before, at and after the moment of what is known.";
    let mut machine = Machine::new("payout", about, payout_state);
    let fails: fn(PayoutId) -> Fact = |payout| failed(payout, "could_not_process");
    machine.row("pending", payout(true, &[], false));
    machine.row("pending, automatic", payout(false, &[], false));
    machine.row("in_transit", payout(true, &[submitted], false));
    machine.row("in_transit, automatic", payout(false, &[submitted], false));
    machine.row("paid", payout(true, &[submitted, paid], false));
    machine.row("failed", payout(true, &[submitted, fails], false));
    machine.row("failed, after paid", payout(true, &[submitted, paid, fails], false));
    machine.row("canceled", payout(true, &[], true));
    machine.row("canceled, by the processor", payout(true, &[submitted, canceled], false));
    machine.row("canceled, by the processor, automatic", payout(false, &[submitted, canceled], false));
    machine.row("canceled, by the processor, after paid", payout(true, &[submitted, paid, canceled], false));
    machine.row("pending, within minutes", within_minutes(&[], false));
    machine.row("in_transit, within minutes", within_minutes(&[submitted], false));
    machine.row("paid, within minutes", within_minutes(&[paid], false));
    machine.row("failed, within minutes", within_minutes(&[fails], false));
    machine.row("failed, within minutes, after paid", within_minutes(&[paid, fails], false));
    machine.row("canceled, within minutes", within_minutes(&[], true));
    machine.row("canceled, within minutes, by the processor", within_minutes(&[canceled], false));
    let paused = |by_hand| {
        let (mut platform, ids) = payout(by_hand, &[], false);
        ask(&mut platform, "pause", None, pause(ids.1, true)).unwrap();
        (platform, ids)
    };
    machine.row("pending overdue", payout_of(Scene::us(), (true, 0, 12), &[], false));
    machine.row("in_transit overdue", payout_of(Scene::us(), (true, 0, 12), &[submitted], false));
    machine.row("pending, held", paused(true));
    machine.row("pending, automatic, held", paused(false));
    act_on(&mut machine);
    machine.check();
}

/// Payouts whose day of arrival counts for the arrival.
#[test]
fn payouts_by_date() {
    let about = "A payout whose day of arrival counts for its arrival, a day before that day, on it, and after it.";
    let mut machine = Machine::new("payout_by_date", about, payout_state);
    let fails: fn(PayoutId) -> Fact = |payout| failed(payout, "could_not_process");
    let by_date = || {
        let rules = Rulebook::standard().with_vetting(Vetting::ByHost).with_arrival_as_paid(true);
        Scene::by(Country::US, rules)
    };
    machine.row("pending, before", payout_of(by_date(), (true, 35, 11), &[], false));
    machine.row("in_transit, before", payout_of(by_date(), (true, 35, 11), &[submitted], false));
    machine.row("paid, on its day", payout_of(by_date(), (true, 35, 50), &[], false));
    machine.row("paid, after it", payout_of(by_date(), (true, 35, 90), &[], false));
    machine.row("paid, told before", payout_of(by_date(), (true, 35, 11), &[paid], false));
    machine.row("failed, before", payout_of(by_date(), (true, 35, 11), &[fails], false));
    machine.row("failed, on its day", payout_of(by_date(), (true, 35, 50), &[fails], false));
    machine.row("canceled, before", payout_of(by_date(), (true, 35, 11), &[], true));
    machine.row("canceled, by the processor before", payout_of(by_date(), (true, 35, 11), &[canceled], false));
    machine.row("canceled, by the processor on its day", payout_of(by_date(), (true, 35, 50), &[canceled], false));
    let kept_back = {
        let (mut platform, ids) = payout_of(by_date(), (true, 35, 11), &[], false);
        ask(&mut platform, "pause", None, pause(ids.1, true)).unwrap();
        (platform, ids)
    };
    machine.row("pending, kept back before", kept_back.clone());
    let (mut platform, ids) = kept_back;
    advance(&mut platform, 3).unwrap();
    machine.row("pending overdue, kept back on its day", (platform, ids));
    act_on(&mut machine);
    machine.check();
}

/// How what the processor calls off is written down: while it was under way, and after it had arrived.
#[test]
fn how_payouts_that_the_processor_calls_off_are_written_down() {
    let mut changes: Vec<(String, Changes)> = Vec::new();
    type Tell = fn(PayoutId) -> Fact;
    let told: [(&str, &[Tell]); 2] = [("Under way", &[submitted]), ("Arrived", &[submitted, paid])];
    for (name, facts) in told {
        let (mut platform, (payout, ..)) = payout(true, facts, false);
        let report = Report::new("off", platform.now(), canceled(payout));
        changes.push((name.to_owned(), platform.record(&report).unwrap().changes));
        if name == "Arrived" {
            check("payout_canceled_reports", &[("PayoutCanceled".to_owned(), report)]);
        }
    }
    check("payout_canceled_changes", &changes);
}

/// Everything that can be done to a payout and told of it.
fn act_on(machine: &mut Machine<Ids>) {
    machine.column("cancel", |platform, (payout, owner, _)| {
        did(ask(platform, "x", Some(owner), Command::CancelPayout(CancelPayout { payout })))
    });
    machine.column("cancel as the platform", |platform, (payout, _, _)| {
        did(ask(platform, "x", None, Command::CancelPayout(CancelPayout { payout })))
    });
    machine.column("cancel as another", |platform, (payout, _, other)| {
        did(ask(platform, "x", Some(other), Command::CancelPayout(CancelPayout { payout })))
    });
    type Tell = fn(PayoutId) -> Fact;
    let fails: Tell = |payout| failed(payout, "could_not_process");
    let reports: [(&str, i64, Tell); 12] = [
        ("submitted, of before", 9, submitted),
        ("submitted, of now", 3, submitted),
        ("paid, of before", 9, paid),
        ("paid, of then", 6, paid),
        ("paid, of now", 3, paid),
        ("failed, of before", 9, fails),
        ("failed, of then", 6, fails),
        ("failed, of then, other code", 6, |payout| failed(payout, "account_closed")),
        ("failed, of now", 3, fails),
        ("canceled, of before", 9, canceled),
        ("canceled, of then", 6, canceled),
        ("canceled, of now", 3, canceled),
    ];
    for (name, hours, fact) in reports {
        machine.column(name, move |platform, (payout, _, _)| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, fact(payout)))
        });
    }
    for (name, hours, trace_id) in [("traced, of before", 9, Some("trace")), ("traced, of now", 3, None)] {
        machine.column(name, move |platform, (payout, ..)| {
            let (at, trace_id) = (before(platform, hours), trace_id.map(str::to_owned));
            told(tell(platform, "x", at, Fact::PayoutTraced(PayoutTraced { payout, trace_id })))
        });
    }
    machine.column("stop the account's payouts", |platform, (_, owner, _)| {
        did(ask(platform, "x", None, pause(owner, true)))
    });
    machine.column("let them go on, a month passes", |platform, (_, owner, _)| {
        ask(platform, "x", None, pause(owner, false))?;
        advance(platform, 31).map(|()| crate::grid::Did::Done)
    });
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| crate::grid::Did::Done));
}

fn pause(account: AccountId, stops: bool) -> Command {
    Command::SetPause(SetPause { account, payments: None, payouts: Some(stops) })
}

fn choices() -> [(&'static str, PayoutSchedule); 5] {
    let weekly = Recurrence::weekly([Weekday::Mon, Weekday::Thu]).unwrap();
    let monthly = Recurrence::monthly([1, 15]).unwrap();
    [
        ("manual", PayoutSchedule::Manual),
        ("daily", PayoutSchedule::Automatic(Recurrence::Daily)),
        ("weekly", PayoutSchedule::Automatic(weekly)),
        ("monthly", PayoutSchedule::Automatic(monthly)),
        ("each weekend", PayoutSchedule::Automatic(Recurrence::weekly_anchor(Weekday::Sun))),
    ]
}

/// The account, somebody else, and the smallest amount that could be asked for.
type Whose = (AccountId, AccountId, Money);

fn schedule_state(platform: &Platform, (account, _, _): Whose) -> String {
    match platform.balance_settings(account).unwrap().schedule() {
        PayoutSchedule::Manual => "manual",
        PayoutSchedule::Automatic(Recurrence::Daily) => "daily",
        PayoutSchedule::Automatic(Recurrence::Weekly(_)) => "weekly",
        PayoutSchedule::Automatic(Recurrence::Monthly(_)) => "monthly",
        PayoutSchedule::Automatic(Recurrence::EachWeekend(_)) => "each weekend",
    }
    .to_owned()
}

fn set(account: AccountId, schedule: PayoutSchedule) -> Command {
    Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule })
}

/// An account as it starts out, and in every other schedule that it can be given.
fn reachable(machine: &mut Machine<Whose>, name: &str, scene: &Scene, account: AccountId) {
    let currency = scene.platform.account(account).unwrap().default_currency();
    let ids = (account, scene.standard, Money::new(500_00, currency));
    let start = schedule_state(&scene.platform, ids);
    machine.row(format!("{start}, {name}, from the start").leak(), (scene.platform.clone(), ids));
    for (word, schedule) in choices() {
        let mut platform = scene.platform.clone();
        if word != start && ask(&mut platform, "set", None, set(account, schedule)).is_ok() {
            machine.row(format!("{word}, {name}").leak(), (platform, ids));
        }
    }
}

#[test]
fn payout_schedule() {
    let about = "Payout schedules by country, of express accounts unless said otherwise, with nothing to pay out.";
    let mut machine = Machine::new("payout_schedule", about, schedule_state);
    let mut scene = Scene::us();
    let (own, standard) = (scene.platform.id(), scene.standard);
    reachable(&mut machine, "the platform", &scene, own);
    reachable(&mut machine, "US standard", &scene, standard);
    for country in [Country::US, Country::DE, Country::BR, Country::IN, Country::JP, Country::KE] {
        let key = format!("in-{country}");
        let account = scene.platform.accounts().create(&key, NewAccount::express(country)).unwrap().answer;
        for capability in [Capability::CardPayments, Capability::Transfers] {
            let status = CapabilityStatus::Active;
            scene.tell(Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }));
        }
        scene.bank(account);
        reachable(&mut machine, &country.to_string(), &scene, account);
    }
    for (word, schedule) in choices() {
        let name = format!("set {word}").leak();
        machine.column(name, move |platform, (account, _, _)| did(ask(platform, "x", None, set(account, schedule))));
    }
    for (word, schedule) in choices() {
        let name = format!("set {word} as itself").leak();
        machine.column(name, move |platform, (account, _, _)| {
            let on = Some(account).filter(|account| *account != platform.id());
            did(ask(platform, "x", on, set(account, schedule)))
        });
    }
    machine.column("set as another", |platform, (account, other, _)| {
        if account == other {
            return Ok(crate::grid::Did::Nothing);
        }
        did(ask(platform, "x", Some(other), set(account, PayoutSchedule::Manual)))
    });
    machine.column("pay out by hand", |platform, (account, _, amount)| {
        let on = Some(account).filter(|account| *account != platform.id());
        did(ask(platform, "x", on, Command::CreatePayout(NewPayout::of(amount))))
    });
    machine.check();
}
