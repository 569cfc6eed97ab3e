//! Debits of banks for balances below zero: payouts that nobody asked for.

use fundroute::accounts::SetPause;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Changes, Fact, Record, Report};
use fundroute::money::{Currency, usd};
use fundroute::payouts::debt::BankDebit;
use fundroute::payouts::{
    CancelPayout, NewPayout, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSubmitted, SetDebitNegativeBalances,
};
use fundroute::platform::{Command, Platform, Request};
use fundroute::routing::{NewTransfer, NewTransferReversal};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};
use crate::shapes::check;

/// The debit, and whose bank it is.
type Ids = (PayoutId, AccountId);

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

/// How far the debit has got, what is available and on its way, what is set aside, and whether the bank is asked again.
fn state(platform: &Platform, (payout, account): Ids) -> String {
    let balance = platform.balance(account, Currency::USD).unwrap();
    let aside = platform.balance(platform.id(), Currency::USD).unwrap().connect_reserved;
    let again = match platform.bank_debit(account, Currency::USD).unwrap() {
        BankDebit::Ahead { at } => format!("; again in {}", at.since(platform.now().midnight()).num_days()),
        BankDebit::None | BankDebit::UnderWay { .. } => String::new(),
    };
    let status = platform.payout(payout).unwrap().status();
    format!("{status} {} + {} (aside {aside}{again})", balance.available, balance.pending)
}

/// An account that owes 30.00 since a Monday.
fn owing() -> (Scene, AccountId) {
    let mut scene = Scene::us();
    scene.fund();
    let account = scene.express;
    scene.by_hand(account);
    let key = scene.key();
    let transfer = scene.platform.transfers().create(&key, NewTransfer::to(account, usd(200_00))).unwrap().answer;
    scene.ask(Some(account), Command::CreatePayout(NewPayout::of(usd(200_00))));
    let back = NewTransferReversal::of(transfer).amount(usd(30_00));
    scene.ask(None, Command::ReverseTransfer(back));
    (scene, account)
}

/// Its bank has been debited, and this was told of it, all of it at noon.
fn debited(facts: &[fn(PayoutId) -> Fact], days: i64) -> (Platform, Ids) {
    let (mut scene, account) = owing();
    scene.wait(1);
    let theirs = |record: &Record| {
        let Record::Payout(payout) = record else { return None };
        payout.is_debit().then(|| payout.id())
    };
    let payout = scene.platform.records().find_map(theirs).unwrap();
    for fact in facts {
        scene.tell(fact(payout));
    }
    scene.wait(days);
    (scene.platform, (payout, account))
}

#[test]
fn bank_debits() {
    let about = "A debit of the bank of an account that owes 30.00, since yesterday: how far it has got, what is available and on its way, what the
platform has set aside, in cents, and in how many days the bank is asked again.";
    let mut machine = Machine::new("bank_debit", about, state);
    machine.row("pending -3000 + 3000 (aside 3000)", debited(&[], 0));
    machine.row("in_transit -3000 + 3000 (aside 3000)", debited(&[submitted], 0));
    machine.row("paid 0 + 0 (aside 3000)", debited(&[paid], 0));
    machine.row("paid 0 + 0 (aside 0), long ago", debited(&[paid], 10));
    machine.row("failed -3000 + 0 (aside 3000; again in 3)", debited(&[unpaid], 0));
    machine.row("failed -3000 + 0 (aside 3000)", debited(&[refused], 0));
    machine.row("failed -3000 + 0 (aside 3000; again in 3), after paid", debited(&[paid, unpaid], 0));
    machine.row("canceled -3000 + 0 (aside 3000; again in 3)", debited(&[canceled], 0));
    machine.row("canceled -3000 + 0 (aside 3000; again in 3), after paid", debited(&[paid, canceled], 0));
    type Tell = fn(PayoutId) -> Fact;
    let reports: [(&str, Tell); 5] = [
        ("submitted", submitted),
        ("paid", paid),
        ("not paid", unpaid),
        ("never to be paid", refused),
        ("called off by the processor", canceled),
    ];
    for (name, fact) in reports {
        for (of, hours) in [("", 0), (", of before", 6)] {
            machine.column(format!("{name}{of}").leak(), move |platform, (payout, _)| {
                told(tell(platform, "x", before(platform, hours), fact(payout)))
            });
        }
    }
    machine.column("cancel", |platform, (payout, owner)| {
        did(ask(platform, "x", Some(owner), Command::CancelPayout(CancelPayout { payout })))
    });
    machine.column("stop the account's payouts", |platform, (_, account)| {
        let pause = SetPause { account, payments: None, payouts: Some(true) };
        did(ask(platform, "x", None, Command::SetPause(pause)))
    });
    for (name, debit) in [("debit no longer", false), ("debit as before", true)] {
        machine.column(name, move |platform, (_, account)| {
            let set = SetDebitNegativeBalances { account, debit };
            did(ask(platform, "x", None, Command::SetDebitNegativeBalances(set)))
        });
    }
    machine.column("40.00 come in", |platform, (_, account)| {
        did(ask(platform, "x", None, Command::CreateTransfer(NewTransfer::to(account, usd(40_00)))))
    });
    machine.column("a day passes", |platform, _| advance(platform, 1).map(|()| Did::Done));
    machine.column("a week passes", |platform, _| advance(platform, 7).map(|()| Did::Done));
    machine.check();
}

#[test]
fn how_debits_of_banks_are_written_down() {
    let (scene, account) = owing();
    let mut platform = scene.platform;
    let mut changes: Vec<(String, Changes)> = Vec::new();
    let due = platform.bank_debit(account, Currency::USD).unwrap();
    let BankDebit::Ahead { at } = due else { panic!("{due:?}") };
    changes.push(("Debited".to_owned(), platform.advance_to(at).unwrap().pop().unwrap()));
    let BankDebit::UnderWay { payout } = platform.bank_debit(account, Currency::USD).unwrap() else { panic!("none") };
    for (name, fact) in [("Paid", paid(payout)), ("Pulled back", unpaid(payout))] {
        let decided = platform.record(&Report::new(name, platform.now(), fact)).unwrap();
        changes.push((name.to_owned(), decided.changes));
    }
    let free = {
        let (mut platform, (payout, _)) = debited(&[paid], 0);
        let (_, until) = platform.payout(payout).unwrap().covered().unwrap();
        platform.advance_to(until).unwrap().pop().unwrap()
    };
    changes.push(("Given free".to_owned(), free));
    let off = Command::SetDebitNegativeBalances(SetDebitNegativeBalances { account, debit: false });
    changes.push(("No longer".to_owned(), platform.handle(Request::new("off", off)).unwrap().changes));
    check("bank_debit_changes", &changes);
}
