//! What the processor keeps of an account's money in a reserve of its own.

use fundroute::ids::AccountId;
use fundroute::journal::{Changes, Fact, Record, Report};
use fundroute::money::{Currency, Money, eur, usd};
use fundroute::payouts::{FundsReserved, NewPayout};
use fundroute::platform::{Command, Platform};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, noon, tell};
use crate::shapes::check;

/// Whose money it is, and another account.
type Owners = (AccountId, AccountId);

pub(crate) fn kept(account: AccountId, amount: Money) -> Fact {
    Fact::FundsReserved(FundsReserved { account, reference: "res_1".to_owned(), amount })
}

fn state(platform: &Platform, (account, _): Owners) -> String {
    let held = platform.balance(account, Currency::USD).unwrap();
    let ours = platform.reserved_funds("res_1").unwrap().filter(|reserve| reserve.account() == account);
    let known = ours.map_or("nothing told".to_owned(), |reserve| {
        let amount = reserve.amount();
        let held = platform.balance(account, amount.currency()).unwrap().risk_reserved;
        assert_eq!(held, amount.minor().into());
        format!("{} kept", amount.minor())
    });
    format!("{known} (available {})", held.available)
}

/// A seller with 200.00, of which this was told, a day apart.
fn owner(tellings: &[i64]) -> (Platform, Owners) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let (account, other) = (scene.express, scene.standard);
    for minor in tellings {
        scene.wait(1);
        let (key, at) = (scene.key(), before(&scene.platform, 6));
        tell(&mut scene.platform, &key, at, kept(account, usd(*minor))).unwrap();
    }
    (scene.platform, (account, other))
}

#[test]
fn reserved_funds() {
    let about = "Money of an express seller who has 200.00, and what the processor tells of its reserve, a day apart.";
    let mut machine = Machine::new("reserved_funds", about, state);
    machine.row("nothing told (available 20000)", owner(&[]));
    machine.row("4000 kept (available 16000)", owner(&[40_00]));
    machine.row("4000 kept (available 16000), less than before", owner(&[60_00, 40_00]));
    machine.row("25000 kept (available -5000)", owner(&[250_00]));
    machine.row("0 kept (available 20000)", owner(&[40_00, 0]));
    for (name, hours, minor) in [
        ("40.00, of before", 9, 40_00),
        ("40.00, of then", 6, 40_00),
        ("50.00, of then", 6, 50_00),
        ("50.00, of now", 0, 50_00),
        ("nothing, of before", 9, 0),
        ("nothing, of now", 0, 0),
        ("less than nothing", 0, -1),
    ] {
        machine.column(name, move |platform, (account, _)| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, kept(account, usd(minor))))
        });
    }
    machine.column("1.00 euros", |platform, (account, _)| {
        told(tell(platform, "x", platform.now(), kept(account, eur(1_00))))
    });
    machine.column("1.00 of another", |platform, (_, other)| {
        told(tell(platform, "x", platform.now(), kept(other, usd(1_00))))
    });
    machine.column("pay 170.00 out", |platform, (account, _)| {
        did(ask(platform, "x", Some(account), Command::CreatePayout(NewPayout::of(usd(170_00)))))
    });
    machine.column("a year passes", |platform, _| advance(platform, 366).map(|()| Did::Done));
    machine.check();
}

#[test]
fn how_reserves_of_the_processor_are_written_down() {
    let (mut platform, (account, _)) = owner(&[]);
    let mut changes: Vec<(String, Changes)> = Vec::new();
    let mut records: Vec<(String, Record)> = Vec::new();
    for (name, minor) in [("Kept", 40_00), ("Raised", 60_00), ("LetGo", 0)] {
        let until = platform.now().plus_days(1).unwrap();
        platform.advance_to(until).unwrap();
        let report = Report::new(name, platform.now(), kept(account, usd(minor)));
        changes.push((name.to_owned(), platform.record(&report).unwrap().changes));
        let known = platform.reserved_funds("res_1").unwrap().unwrap().clone();
        records.push((name.to_owned(), Record::ReservedFunds(Box::new(known))));
    }
    let entries = changes.iter().filter_map(|(name, changes)| Some((name.clone(), changes.entries.first()?.clone())));
    check("reserved_funds_entries", &entries.collect::<Vec<_>>());
    check("reserved_funds_records", &records);
    check("reserved_funds_changes", &changes);
    let told = Report::new("evt_1", noon(), kept(AccountId::from_host([3; 14]), usd(40_00)));
    check("reserved_funds_reports", &[("Kept".to_owned(), told)]);
}
