//! Payouts that are taken back by a debit of the bank.

use chrono::TimeDelta;
use fundroute::accounts::{Actor, SetPause};
use fundroute::calendar::Delay;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Answer, Changes, Fact, Record, Report};
use fundroute::money::{Currency, Money, Rate, usd};
use fundroute::payouts::{
    CancelPayout, NewPayout, Payout, PayoutCanceled, PayoutError, PayoutFailed, PayoutPaid, PayoutSubmitted,
    ReversePayout,
};
use fundroute::platform::{Command, Error, Platform, Request};
use fundroute::routing::{NewTransfer, NewTransferReversal};
use fundroute::rulebook::{Country, PaymentMethod, Price, Rulebook, Vetting};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};
use crate::shapes::check;

/// The payout, what takes it back, whose they are, and somebody else.
type Ids = (PayoutId, PayoutId, AccountId, AccountId);

fn submitted(payout: PayoutId) -> Fact {
    Fact::PayoutSubmitted(PayoutSubmitted { payout })
}

fn paid(payout: PayoutId) -> Fact {
    Fact::PayoutPaid(PayoutPaid { payout })
}

fn canceled(payout: PayoutId) -> Fact {
    Fact::PayoutCanceled(PayoutCanceled { payout })
}

fn unpaid(payout: PayoutId) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: "insufficient_funds".to_owned() })
}

fn refused(payout: PayoutId) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: "debit_not_authorized".to_owned() })
}

fn returned(payout: PayoutId) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: "could_not_process".to_owned() })
}

fn reverse(payout: PayoutId) -> Command {
    Command::ReversePayout(ReversePayout { payout })
}

fn word(payout: &Payout) -> String {
    format!("{}{}", payout.status(), if payout.is_overdue() { " overdue" } else { "" })
}

/// How far both have got, what is available and on its way, and whether anything can be sent to the bank account or taken from it.
fn state(platform: &Platform, (payout, reversal, account, _): Ids) -> String {
    let [original, back] = [payout, reversal].map(|id| platform.payout(id).unwrap());
    let balance = platform.balance(account, Currency::USD).unwrap();
    let bank = platform.external_account(original.destination()).unwrap().state().as_str();
    format!("{} / {} {} + {} {bank}", word(original), word(back), balance.available, balance.pending)
}

/// Which of the two a fact is about.
#[derive(Clone, Copy)]
enum Of {
    Payout(fn(PayoutId) -> Fact),
    Reversal(fn(PayoutId) -> Fact),
}

/// A payout of 100.00, of 200.00, that the bank was handed; it is taken back, and this was told of both, all of it six hours ago.
fn taken_back(facts: &[Of]) -> (Platform, Ids) {
    let mut scene = Scene::us();
    let (payout, account) = (scene.payout(), scene.express);
    scene.tell(submitted(payout));
    let Answer::Payout(reversal) = scene.ask(Some(account), reverse(payout)) else { panic!("answered with a payout") };
    let later = scene.platform.now().checked_add(TimeDelta::hours(11)).unwrap();
    scene.platform.advance_to(later).unwrap();
    for (number, fact) in facts.iter().enumerate() {
        let at = before(&scene.platform, 6);
        let fact = match fact {
            Of::Payout(fact) => fact(payout),
            Of::Reversal(fact) => fact(reversal),
        };
        tell(&mut scene.platform, &format!("fact-{number}"), at, fact).unwrap();
    }
    (scene.platform, (payout, reversal, account, scene.standard))
}

#[test]
fn payouts_that_are_taken_back() {
    use Of::{Payout as O, Reversal as R};

    let about = "A payout of 100.00 and what takes it back: how far both have got, what is available and on its way, in cents, and the bank
account; and what is told of both before, at and after the moment of what is known.";
    let mut machine = Machine::new("payout_reversal", about, state);
    machine.row("in_transit / pending 10000 + 10000 new", taken_back(&[]));
    machine.row("in_transit / in_transit 10000 + 10000 new", taken_back(&[R(submitted)]));
    machine.row("in_transit / paid 20000 + 0 new", taken_back(&[R(paid)]));
    machine.row("in_transit / failed 10000 + 0 new", taken_back(&[R(unpaid)]));
    machine.row("in_transit / failed 10000 + 0 errored", taken_back(&[R(refused)]));
    machine.row("paid / pending 10000 + 10000 new", taken_back(&[O(paid)]));
    machine.row("paid / paid 20000 + 0 new", taken_back(&[O(paid), R(paid)]));
    machine.row("paid / failed 10000 + 0 new, after paid", taken_back(&[O(paid), R(paid), R(unpaid)]));
    machine.row("failed / canceled 20000 + 0 errored", taken_back(&[O(returned)]));
    machine.row("failed / canceled 20000 + 0 errored, after paid", taken_back(&[O(paid), R(submitted), O(returned)]));
    machine.row("failed / paid 30000 + 0 errored", taken_back(&[R(paid), O(returned)]));
    machine.row("failed / paid 30000 + 0 errored, after canceled", taken_back(&[O(returned), R(paid)]));
    machine.row("failed / failed 20000 + 0 errored", taken_back(&[R(unpaid), O(returned)]));
    machine.row("failed / failed 20000 + 0 errored, after canceled", taken_back(&[O(returned), R(unpaid)]));
    machine.row("in_transit / canceled 10000 + 0 new", taken_back(&[R(canceled)]));
    machine.row("paid / canceled 10000 + 0 new, after paid", taken_back(&[O(paid), R(paid), R(canceled)]));
    machine.row("canceled / canceled 20000 + 0 new", taken_back(&[O(canceled)]));
    machine.row("canceled / canceled 20000 + 0 new, both by the processor", taken_back(&[O(canceled), R(canceled)]));
    machine.row("canceled / paid 30000 + 0 new", taken_back(&[R(paid), O(canceled)]));
    machine.row("canceled / failed 20000 + 0 new", taken_back(&[O(canceled), R(unpaid)]));
    type Commands = [(&'static str, fn(Ids) -> (AccountId, Command)); 4];
    let commands: Commands = [
        ("reverse it again", |(payout, _, owner, _)| (owner, reverse(payout))),
        ("reverse the reversal", |(_, reversal, owner, _)| (owner, reverse(reversal))),
        ("cancel the reversal", |(_, payout, owner, _)| (owner, Command::CancelPayout(CancelPayout { payout }))),
        ("reverse it as another", |(payout, _, _, other)| (other, reverse(payout))),
    ];
    for (name, command) in commands {
        machine.column(name, move |platform, ids| {
            let (on, command) = command(ids);
            did(ask(platform, "x", Some(on), command))
        });
    }
    let facts = [
        ("reversal submitted", R(submitted)),
        ("reversal paid", R(paid)),
        ("reversal not paid", R(unpaid)),
        ("reversal refused", R(refused)),
        ("payout paid", O(paid)),
        ("payout sent back", O(returned)),
        ("reversal called off outside", R(canceled)),
        ("payout called off outside", O(canceled)),
    ];
    for (name, fact) in facts {
        for (of, hours) in [("", 0), (", of before", 9)] {
            machine.column(format!("{name}{of}").leak(), move |platform, (payout, reversal, ..)| {
                let at = before(platform, hours);
                let fact = match fact {
                    O(fact) => fact(payout),
                    R(fact) => fact(reversal),
                };
                told(tell(platform, "x", at, fact))
            });
        }
    }
    machine.column("stop the account's payouts", |platform, (_, _, account, _)| {
        let pause = SetPause { account, payments: None, payouts: Some(true) };
        did(ask(platform, "x", None, Command::SetPause(pause)))
    });
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}

/// The payout, and for whom it was made.
type Whose = (PayoutId, Option<AccountId>);

fn status(platform: &Platform, (payout, _): Whose) -> String {
    platform.payout(payout).unwrap().status().to_string()
}

fn whose(scene: Scene, payout: PayoutId) -> (Platform, Whose) {
    let owner = scene.platform.payout(payout).unwrap().account();
    let on = Some(owner).filter(|owner| *owner != scene.platform.id());
    (scene.platform, (payout, on))
}

fn currency_of(country: Country) -> Currency {
    Rulebook::standard().country(country).unwrap().default_currency()
}

/// A payout of the seller's that was asked for by hand, and what was told of it.
fn by_hand(country: Country, facts: &[fn(PayoutId) -> Fact], days: i64) -> (Platform, Whose) {
    let free = Price::new(country, PaymentMethod::Card, currency_of(country), Rate::ZERO, 0);
    let rules = Rulebook::standard().with_vetting(Vetting::ByHost).with_price(free).unwrap();
    let rules = rules.with_settlement_delay(country, None, Delay::Business(2)).unwrap();
    let mut scene = Scene::by(country, rules);
    scene.fund_seller();
    let (key, seller, amount) = (scene.key(), scene.express, scene.money(100_00));
    let payout = scene.platform.acting_as(seller).unwrap().payouts().create(&key, amount).unwrap().answer;
    for fact in facts {
        scene.tell(fact(payout));
    }
    scene.wait(days);
    whose(scene, payout)
}

/// The first payout of an account that the schedule makes.
fn by_itself(stopped: bool) -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund();
    let account = scene.express;
    scene.platform.transfers().create("free", NewTransfer::to(account, usd(200_00))).unwrap();
    scene.wait(1);
    let theirs = |record: &Record| if let Record::Payout(payout) = record { Some(payout.id()) } else { None };
    let payout = scene.platform.records().find_map(theirs).unwrap();
    if stopped {
        scene.ask(None, Command::SetPause(SetPause { account, payments: None, payouts: Some(true) }));
    }
    whose(scene, payout)
}

fn within_minutes() -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    let asked = Command::CreatePayout(NewPayout::of(usd(50_00)).instant());
    let Answer::Payout(payout) = scene.ask(Some(seller), asked) else { panic!("answered with a payout") };
    scene.tell(paid(payout));
    whose(scene, payout)
}

/// A debit of the bank of an account that owes.
fn of_debt() -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    let key = scene.key();
    let sent = scene.platform.transfers().create(&key, NewTransfer::to(seller, usd(100_00))).unwrap().answer;
    scene.ask(Some(seller), Command::CreatePayout(NewPayout::of(usd(300_00))));
    scene.ask(None, Command::ReverseTransfer(NewTransferReversal::of(sent).amount(usd(30_00))));
    scene.wait(3);
    let debit = |record: &Record| {
        let Record::Payout(payout) = record else { return None };
        payout.is_debit().then(|| payout.id())
    };
    let debit = scene.platform.records().find_map(debit).unwrap();
    whose(scene, debit)
}

/// What is not the platform's to take back: its own payout, and one of an account whose losses it does not bear.
fn not_ours(of_house: bool) -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund();
    let amount = Money::new(100_00, Currency::USD);
    let on = (!of_house).then_some(scene.standard);
    if let Some(account) = on {
        let key = scene.key();
        scene.platform.transfers().create(&key, NewTransfer::to(account, usd(200_00))).unwrap();
    }
    let request = Request::new("out", Command::CreatePayout(NewPayout::of(amount)));
    let request = on.map_or(request.clone(), |account| request.by(Actor::Holder, account));
    let Answer::Payout(payout) = scene.platform.handle(request).unwrap().answer else { panic!("answered otherwise") };
    scene.tell(paid(payout));
    whose(scene, payout)
}

#[test]
fn which_payouts_can_be_taken_back() {
    let about = "Payouts of all sorts, and whether they can be taken back.";
    let mut machine = Machine::new("payout_reversible", about, status);
    machine.row("pending, by hand", by_hand(Country::US, &[], 0));
    machine.row("pending, automatic", by_itself(false));
    machine.row("pending, automatic and kept back", by_itself(true));
    machine.row("in_transit, by hand", by_hand(Country::US, &[submitted], 0));
    machine.row("paid, by hand", by_hand(Country::US, &[paid], 0));
    machine.row("paid, expected 89 days ago", by_hand(Country::US, &[paid], 89));
    machine.row("paid, expected 90 days ago", by_hand(Country::US, &[paid], 90));
    machine.row("paid, in Canada", by_hand(Country::CA, &[paid], 0));
    machine.row("paid, in Germany", by_hand(Country::DE, &[paid], 0));
    machine.row("failed, by hand", by_hand(Country::US, &[unpaid], 0));
    machine.row("paid, within minutes", within_minutes());
    machine.row("pending, a debit", of_debt());
    machine.row("paid, the platform's own", not_ours(true));
    machine.row("paid, of a standard account", not_ours(false));
    machine.column("reverse", |platform, (payout, on)| did(ask(platform, "x", on, reverse(payout))));
    machine.column("reverse as the platform", |platform, (payout, _)| did(ask(platform, "x", None, reverse(payout))));
    machine.column("reverse as its holder", |platform, (payout, on)| {
        let Some(account) = on else { return Ok(Did::Nothing) };
        did(platform.handle(Request::new("x", reverse(payout)).by(Actor::Holder, account)).map(|done| done.answer))
    });
    machine.column("what is in the way", |platform, (payout, on)| {
        let mut platform = platform.clone();
        let why = match ask(&mut platform, "x", on, reverse(payout)) {
            Err(Error::Payout(PayoutError::NotReversible { why, .. })) => format!("{why:?}"),
            Err(_) => "another refusal".to_owned(),
            Ok(_) => return Ok(Did::Nothing),
        };
        Ok(Did::Said(why))
    });
    machine.check();
}

#[test]
fn how_reversals_of_payouts_are_written_down() {
    let (platform, (payout, reversal, account, _)) = taken_back(&[]);
    let mut changes: Vec<(String, Changes)> = Vec::new();
    let asked = {
        let mut scene = Scene::us();
        let (payout, account) = (scene.payout(), scene.express);
        scene.tell(paid(payout));
        let request = Request::new("back", reverse(payout)).acting_as(account);
        scene.platform.handle(request).unwrap().changes
    };
    changes.push(("Asked".to_owned(), asked));
    let facts = [
        ("Paid", vec![paid(reversal)]),
        ("Void", vec![returned(payout)]),
        ("Came after all", vec![returned(payout), paid(reversal)]),
    ];
    for (name, facts) in facts {
        let mut platform = platform.clone();
        let mut last = None;
        for (number, fact) in facts.into_iter().enumerate() {
            let report = Report::new(format!("{name} {number}"), platform.now(), fact);
            last = Some(platform.record(&report).unwrap().changes);
        }
        changes.push((name.to_owned(), last.unwrap()));
    }
    let mut late = platform.clone();
    let overdue = late.advance_to(platform.now().plus_days(1).unwrap()).unwrap().remove(0);
    changes.push(("Overdue".to_owned(), overdue));
    check("payout_reversal_changes", &changes);
    let request = Request::new("back", reverse(payout)).acting_as(account);
    check("payout_reversal_requests", &[("Reverse".to_owned(), request)]);
}
