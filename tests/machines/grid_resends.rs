//! Payouts that have failed and are sent again.

use chrono::TimeDelta;
use fundroute::accounts::{Actor, SetPause};
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Answer, Changes, Fact, Record};
use fundroute::money::{Currency, usd};
use fundroute::payouts::{
    CancelPayout, NewPayout, PayoutFailed, PayoutPaid, PayoutSubmitted, ResendPayout, ReversePayout,
};
use fundroute::platform::{Command, Platform, Request};
use fundroute::routing::{NewTransfer, NewTransferReversal};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};
use crate::shapes::check;

/// The payout, whose it is, and somebody else.
type Ids = (PayoutId, AccountId, AccountId);

fn submitted(payout: PayoutId) -> Fact {
    Fact::PayoutSubmitted(PayoutSubmitted { payout })
}

fn paid(payout: PayoutId) -> Fact {
    Fact::PayoutPaid(PayoutPaid { payout })
}

/// A failure that says nothing of the bank account.
fn unpaid(payout: PayoutId) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: "insufficient_funds".to_owned() })
}

/// A failure after which the bank account gets nothing more.
fn returned(payout: PayoutId) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: "account_closed".to_owned() })
}

fn again(payout: PayoutId) -> Command {
    Command::ResendPayout(ResendPayout::of(payout))
}

fn word(platform: &Platform, payout: Option<PayoutId>) -> String {
    payout.map_or_else(|| "-".to_owned(), |payout| platform.payout(payout).unwrap().status().to_string())
}

/// How far the payout has got, that by which it was sent again last, and the one after; what is available, and the bank account.
fn state(platform: &Platform, (payout, account, _): Ids) -> String {
    let original = platform.payout(payout).unwrap();
    let next = original.resent_as();
    let last = next.and_then(|next| platform.payout(next).unwrap().resent_as());
    let available = platform.balance(account, Currency::USD).unwrap().available;
    let bank = platform.external_account(original.destination()).unwrap().state().as_str();
    format!("{} / {} / {} {available} {bank}", word(platform, Some(payout)), word(platform, next), word(platform, last))
}

/// What is done to the payout, or to the one by which it was sent again.
#[derive(Clone, Copy)]
enum Do {
    Tell(fn(PayoutId) -> Fact),
    Ask(fn(PayoutId) -> Command),
    TellNext(fn(PayoutId) -> Fact),
    AskNext(fn(PayoutId) -> Command),
    Bank,
    Unbank,
    Stop,
    Spend,
}

fn next(platform: &Platform, payout: PayoutId) -> PayoutId {
    platform.payout(payout).unwrap().resent_as().unwrap()
}

/// A payout of 100.00, of 200.00, with which this was done.
fn sent(deeds: &[Do]) -> (Platform, Ids) {
    let mut scene = Scene::us();
    let (payout, account) = (scene.payout(), scene.express);
    let later = scene.platform.now().checked_add(TimeDelta::hours(11)).unwrap();
    scene.platform.advance_to(later).unwrap();
    for (number, deed) in deeds.iter().enumerate() {
        let at = before(&scene.platform, 6);
        match *deed {
            Do::Tell(fact) => drop(tell(&mut scene.platform, &format!("fact-{number}"), at, fact(payout)).unwrap()),
            Do::TellNext(fact) => {
                let next = next(&scene.platform, payout);
                tell(&mut scene.platform, &format!("fact-{number}"), at, fact(next)).unwrap();
            }
            Do::Ask(command) => drop(scene.ask(Some(account), command(payout))),
            Do::AskNext(command) => {
                let next = next(&scene.platform, payout);
                scene.ask(Some(account), command(next));
            }
            Do::Bank => scene.bank(account),
            Do::Unbank => {
                let bank = scene.platform.payout(payout).unwrap().destination();
                scene.bank(account);
                scene.ask(None, Command::DeleteExternalAccount(bank));
            }
            Do::Stop => {
                scene.ask(None, Command::SetPause(SetPause { account, payments: None, payouts: Some(true) }));
            }
            Do::Spend => drop(scene.ask(Some(account), Command::CreatePayout(NewPayout::of(usd(150_00))))),
        }
    }
    (scene.platform, (payout, account, scene.standard))
}

fn cancel(payout: PayoutId) -> Command {
    Command::CancelPayout(CancelPayout { payout })
}

fn to_default(payout: PayoutId) -> Command {
    Command::ResendPayout(ResendPayout::of(payout).to_default())
}

fn reverse(payout: PayoutId) -> Command {
    Command::ReversePayout(ReversePayout { payout })
}

fn rows(machine: &mut Machine<Ids>) {
    use Do::{Ask, AskNext, Bank, Spend, Stop, Tell, TellNext, Unbank};
    machine.row("pending / - / - 10000 new", sent(&[]));
    machine.row("in_transit / - / - 10000 new", sent(&[Tell(submitted)]));
    machine.row("paid / - / - 10000 new", sent(&[Tell(paid)]));
    machine.row("canceled / - / - 20000 new", sent(&[Ask(cancel)]));
    machine.row("failed / - / - 20000 new", sent(&[Tell(unpaid)]));
    machine.row("failed / - / - 20000 new, after paid", sent(&[Tell(paid), Tell(unpaid)]));
    machine.row("failed / - / - 5000 new, the money is gone", sent(&[Tell(unpaid), Spend]));
    machine.row("failed / - / - 20000 new, payouts stopped", sent(&[Tell(unpaid), Stop]));
    machine.row("failed / - / - 20000 errored", sent(&[Tell(returned)]));
    machine.row("failed / - / - 20000 errored, another is there", sent(&[Tell(returned), Bank]));
    machine.row("failed / - / - 20000 deleted, another is there", sent(&[Tell(unpaid), Unbank]));
    machine.row("failed / pending / - 10000 new", sent(&[Tell(unpaid), Ask(again)]));
    machine.row("failed / in_transit / - 10000 new", sent(&[Tell(unpaid), Ask(again), TellNext(submitted)]));
    machine.row("failed / paid / - 10000 new", sent(&[Tell(unpaid), Ask(again), TellNext(paid)]));
    machine.row("failed / failed / - 20000 new", sent(&[Tell(unpaid), Ask(again), TellNext(unpaid)]));
    machine.row("failed / canceled / - 20000 new", sent(&[Tell(unpaid), Ask(again), AskNext(cancel)]));
    let twice = [Tell(unpaid), Ask(again), TellNext(unpaid), AskNext(again)];
    machine.row("failed / failed / pending 10000 new", sent(&twice));
    let once_more = [Tell(unpaid), Ask(again), AskNext(cancel), Ask(again)];
    machine.row("failed / pending / - 10000 new, after canceled", sent(&once_more));
}

#[test]
fn payouts_that_are_sent_again() {
    let about = "A payout of 100.00 of 200.00, the one by which it was sent again, and the next; what is available, in cents, and the bank
account that the first went to; and what is told of both before, at and after the moment of what is known.";
    let mut machine = Machine::new("payout_resend", about, state);
    rows(&mut machine);
    type Commands = [(&'static str, fn(PayoutId) -> Command); 3];
    let commands: Commands = [("send it again", again), ("to where payouts go", to_default), ("reverse it", reverse)];
    for (name, command) in commands {
        machine.column(name, move |platform, (payout, owner, _)| did(ask(platform, "x", Some(owner), command(payout))));
    }
    machine.column("send it again as another", |platform, (payout, _, other)| {
        did(ask(platform, "x", Some(other), again(payout)))
    });
    machine.column("as the platform", |platform, (payout, ..)| did(ask(platform, "x", None, again(payout))));
    machine.column("as its holder", |platform, (payout, account, _)| {
        did(platform.handle(Request::new("x", again(payout)).by(Actor::Holder, account)).map(|done| done.answer))
    });
    let commands: Commands =
        [("send the next again", again), ("cancel the next", cancel), ("reverse the next", reverse)];
    for (name, command) in commands {
        machine.column(name, move |platform, (payout, owner, _)| {
            let Some(next) = platform.payout(payout)?.resent_as() else { return Ok(Did::Nothing) };
            did(ask(platform, "x", Some(owner), command(next)))
        });
    }
    type Facts = [(&'static str, fn(PayoutId) -> Fact); 3];
    let facts: Facts = [("first paid", paid), ("first submitted", submitted), ("first sent back", returned)];
    for (name, fact) in facts {
        for (of, hours) in [("", 0), (", of before", 9)] {
            machine.column(format!("{name}{of}").leak(), move |platform, (payout, ..)| {
                let at = before(platform, hours);
                told(tell(platform, "x", at, fact(payout)))
            });
        }
    }
    let facts: Facts = [("next paid", paid), ("next not paid", unpaid), ("next sent back", returned)];
    for (name, fact) in facts {
        machine.column(name, move |platform, (payout, ..)| {
            let Some(next) = platform.payout(payout)?.resent_as() else { return Ok(Did::Nothing) };
            let at = before(platform, 0);
            told(tell(platform, "x", at, fact(next)))
        });
    }
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

fn first(platform: &Platform, is_it: impl Fn(&fundroute::payouts::Payout) -> bool) -> PayoutId {
    let find =
        |record: &Record| if let Record::Payout(payout) = record { is_it(payout).then(|| payout.id()) } else { None };
    platform.records().find_map(find).unwrap()
}

fn by_itself() -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund();
    let account = scene.express;
    scene.platform.transfers().create("free", NewTransfer::to(account, usd(200_00))).unwrap();
    scene.wait(1);
    let payout = first(&scene.platform, |_| true);
    scene.tell(unpaid(payout));
    whose(scene, payout)
}

fn within_minutes() -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    let asked = Command::CreatePayout(NewPayout::of(usd(50_00)).instant());
    let Answer::Payout(payout) = scene.ask(Some(seller), asked) else { panic!("answered with a payout") };
    scene.tell(unpaid(payout));
    whose(scene, payout)
}

/// A debit of the bank of an account that owes, which the bank has not paid.
fn of_debt() -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    let key = scene.key();
    let sent = scene.platform.transfers().create(&key, NewTransfer::to(seller, usd(100_00))).unwrap().answer;
    scene.ask(Some(seller), Command::CreatePayout(NewPayout::of(usd(300_00))));
    scene.ask(None, Command::ReverseTransfer(NewTransferReversal::of(sent).amount(usd(30_00))));
    scene.wait(3);
    let debit = first(&scene.platform, fundroute::payouts::Payout::is_debit);
    scene.tell(unpaid(debit));
    whose(scene, debit)
}

/// What was to take a payout back, and did not.
fn of_reversal() -> (Platform, Whose) {
    let mut scene = Scene::us();
    let (payout, account) = (scene.payout(), scene.express);
    scene.tell(paid(payout));
    let Answer::Payout(reversal) = scene.ask(Some(account), reverse(payout)) else { panic!("answered with a payout") };
    scene.tell(unpaid(reversal));
    whose(scene, reversal)
}

fn of_house() -> (Platform, Whose) {
    let mut scene = Scene::us();
    scene.fund();
    let Answer::Payout(payout) = scene.ask(None, Command::CreatePayout(NewPayout::of(usd(100_00)))) else {
        panic!("answered with a payout")
    };
    scene.tell(unpaid(payout));
    whose(scene, payout)
}

fn of_closed() -> (Platform, Whose) {
    let (mut platform, (payout, account, _)) = sent(&[Do::Tell(unpaid)]);
    let close = Command::CloseAccount(fundroute::accounts::CloseAccount { account });
    ask(&mut platform, "close", None, close).unwrap();
    (platform, (payout, Some(account)))
}

#[test]
fn which_payouts_can_be_sent_again() {
    let about = "Payouts of all sorts that have failed, and whether they can be sent again.";
    let mut machine = Machine::new("payout_resendable", about, status);
    machine.row("failed, automatic", by_itself());
    machine.row("failed, within minutes", within_minutes());
    machine.row("failed, a debit for a debt", of_debt());
    machine.row("failed, a reversal", of_reversal());
    machine.row("failed, the platform's own", of_house());
    machine.row("failed, of an account that was closed", of_closed());
    machine.column("send it again", |platform, (payout, on)| {
        let Answer::Payout(next) = ask(platform, "x", on, again(payout))? else { return Ok(Did::Nothing) };
        let next = platform.payout(next)?;
        Ok(Did::Said(format!("{:?} {:?} of {}", next.trigger(), next.method(), next.amount())))
    });
    machine.check();
}

#[test]
fn how_payouts_that_are_sent_again_are_written_down() {
    let (mut platform, (payout, account, _)) = sent(&[Do::Tell(unpaid)]);
    let request = Request::new("again", again(payout)).acting_as(account);
    let sam = fundroute::tools::Attribution::staff("s-17", "asked for by telephone");
    let told = request.clone().attributed_to(sam);
    let changes: Changes = platform.handle(told.clone()).unwrap().changes;
    check("payout_resend_changes", &[("Sent again".to_owned(), changes)]);
    check("payout_resend_requests", &[("Send again".to_owned(), request), ("Attributed".to_owned(), told)]);
}
