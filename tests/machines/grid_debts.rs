//! Balances below zero: what moves them, what is set aside, and what the time does.

use fundroute::ids::{AccountId, TransferId};
use fundroute::journal::{Changes, Fact, Report};
use fundroute::money::{Currency, usd};
use fundroute::payouts::{DebtWrittenOff, NewPayout};
use fundroute::platform::{Command, Platform, Request};
use fundroute::routing::{NewTransfer, NewTransferReversal};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, tell};
use crate::shapes::check;

/// The account, and a transfer to it that can be taken back.
type Ids = (AccountId, TransferId);

fn written_off(account: AccountId, minor: i64) -> Fact {
    Fact::DebtWrittenOff(DebtWrittenOff { account, amount: usd(minor) })
}

/// What the account has, what the platform has set aside, and how many days are left until it pays.
fn state(platform: &Platform, (account, _): Ids) -> String {
    let available = platform.balance(account, Currency::USD).unwrap().available;
    let aside = platform.balance(platform.id(), Currency::USD).unwrap().connect_reserved;
    match platform.overdraft(account, Currency::USD).unwrap() {
        None => format!("{available} (aside {aside})"),
        Some(known) => {
            let left = known.collect_at.map(|due| due.since(platform.now()).num_days().to_string());
            format!("{available} (aside {aside} days {})", left.unwrap_or_else(|| "-".to_owned()))
        }
    }
}

#[derive(Clone, Copy)]
enum Step {
    Send(i64),
    TakeBack(i64),
    PayOut(i64),
    WriteOff(i64),
    Days(i64),
}

/// An account with a transfer of 200.00 that can be taken back, and what happened then.
fn account(is_standard: bool, steps: &[Step]) -> (Platform, Ids) {
    let mut scene = Scene::us();
    scene.fund();
    let account = if is_standard { scene.standard } else { scene.express };
    if !is_standard {
        scene.by_hand(account);
    }
    scene.spare_bank(account);
    let key = scene.key();
    let transfer = scene.platform.transfers().create(&key, NewTransfer::to(account, usd(200_00))).unwrap().answer;
    for step in steps {
        let key = scene.key();
        match step {
            Step::Send(minor) => {
                scene.ask(None, Command::CreateTransfer(NewTransfer::to(account, usd(*minor))));
            }
            Step::TakeBack(minor) => {
                let back = NewTransferReversal::of(transfer).amount(usd(*minor));
                scene.ask(None, Command::ReverseTransfer(back));
            }
            Step::PayOut(minor) => {
                drop(scene.platform.acting_as(account).unwrap().payouts().create(&key, usd(*minor)).unwrap())
            }
            Step::WriteOff(minor) => drop(scene.tell(written_off(account, *minor))),
            Step::Days(days) => scene.wait(*days),
        }
    }
    (scene.platform, (account, transfer))
}

#[test]
fn debts() {
    use Step::{Days, PayOut, Send, TakeBack, WriteOff};

    let about = "An account that got 200.00: what it has available, what the platform has set aside for it, in cents, and the days until the
platform pays what it owes.";
    let mut machine = Machine::new("debt", about, state);
    let mut row = |label, is_standard, steps: &[Step]| machine.row(label, account(is_standard, steps));
    row("20000 (aside 0)", false, &[]);
    row("0 (aside 0)", false, &[PayOut(200_00)]);
    row("-3000 (aside 3000 days 180)", false, &[PayOut(200_00), TakeBack(30_00)]);
    row("-3000 (aside 3000 days 1)", false, &[PayOut(200_00), TakeBack(30_00), Days(179)]);
    row("-1000 (aside 1000 days 170)", false, &[PayOut(200_00), TakeBack(30_00), Days(10), Send(20_00)]);
    row("0 (aside 0), collected", false, &[PayOut(200_00), TakeBack(30_00), Days(180)]);
    row("0 (aside 0), paid back", false, &[PayOut(200_00), TakeBack(30_00), Days(10), Send(30_00)]);
    row(
        "-500 (aside 500 days 180), again",
        false,
        &[PayOut(200_00), TakeBack(30_00), Days(180), Days(1), TakeBack(5_00)],
    );
    row("20000 (aside 0), the processor's loss", true, &[]);
    row("20700 (aside 0), the processor has given", true, &[WriteOff(7_00)]);
    machine.column("send 10.00", |platform, (account, _)| {
        did(ask(platform, "x", None, Command::CreateTransfer(NewTransfer::to(account, usd(10_00)))))
    });
    machine.column("send 30.00", |platform, (account, _)| {
        did(ask(platform, "x", None, Command::CreateTransfer(NewTransfer::to(account, usd(30_00)))))
    });
    machine.column("send 50.00", |platform, (account, _)| {
        did(ask(platform, "x", None, Command::CreateTransfer(NewTransfer::to(account, usd(50_00)))))
    });
    machine.column("take 10.00 back", |platform, (_, transfer)| {
        let back = NewTransferReversal::of(transfer).amount(usd(10_00));
        did(ask(platform, "x", None, Command::ReverseTransfer(back)))
    });
    machine.column("pay 5.00 out", |platform, (account, _)| {
        did(ask(platform, "x", Some(account), Command::CreatePayout(NewPayout::of(usd(5_00)))))
    });
    machine.column("debit 5.00", |platform, (account, _)| {
        let debit = NewTransfer::to(platform.id(), usd(5_00));
        did(ask(platform, "x", Some(account), Command::CreateTransfer(debit)))
    });
    machine.column("10.00 written off", |platform, (account, _)| {
        told(tell(platform, "x", platform.now(), written_off(account, 10_00)))
    });
    machine.column("nothing written off", |platform, (account, _)| {
        told(tell(platform, "x", platform.now(), written_off(account, 0)))
    });
    machine.column("a day passes", |platform, _| advance(platform, 1).map(|()| Did::Done));
    machine.column("half a year passes", |platform, _| advance(platform, 180).map(|()| Did::Done));
    machine.check();
}

#[test]
fn how_debts_are_written_down() {
    let (mut platform, (owing, transfer)) = account(false, &[Step::PayOut(200_00)]);
    let mut changes: Vec<(String, Changes)> = Vec::new();
    let back = Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(usd(30_00)));
    changes.push(("Owed".to_owned(), platform.handle(Request::new("owed", back)).unwrap().changes));
    let sent = Command::CreateTransfer(NewTransfer::to(owing, usd(20_00)));
    changes.push(("Paid back in part".to_owned(), platform.handle(Request::new("sent", sent)).unwrap().changes));
    let due = platform.overdraft(owing, Currency::USD).unwrap().unwrap().collect_at.unwrap();
    let mut fired = platform.advance_to(due).unwrap();
    changes.push(("Collected".to_owned(), fired.pop().unwrap()));
    let (mut platform, (standard, _)) = account(true, &[]);
    let report = Report::new("evt_1", platform.now(), written_off(standard, 10_00));
    changes.push(("Written off".to_owned(), platform.record(&report).unwrap().changes));
    check("debt_changes", &changes);
    check("debt_reports", &[("DebtWrittenOff".to_owned(), report)]);
}
