//! Account debits: who can be debited, and what becomes of a debit.

use fundroute::accounts::{
    CapabilityReviewed, CapabilityStatus, CloseAccount, NewAccount, RejectAccount, RejectReason,
};
use fundroute::ids::{AccountId, PaymentId, TransferId};
use fundroute::journal::{Answer, Fact};
use fundroute::money::{Money, eur, usd};
use fundroute::payments::NewPayment;
use fundroute::payouts::NewPayout;
use fundroute::platform::{Command, Platform, Request};
use fundroute::routing::{NewTransfer, NewTransferReversal};
use fundroute::rulebook::{Capability, Country};

use crate::grid::{Cell, Did, Machine, did};
use crate::grid_routing::reversals;
use crate::scene::{Scene, advance, ask};

/// Who is to be debited, and a payment of the platform.
type Owner = (AccountId, PaymentId);

fn means(platform: &Platform, (account, _): Owner) -> String {
    let balance = platform.balance(account, usd(0).currency()).unwrap();
    match (balance.available, balance.pending) {
        (1.., _) => "has",
        (..0, _) => "owes",
        (0, 1..) => "waits",
        (0, _) => "empty",
    }
    .to_owned()
}

fn debit(platform: &Platform, amount: Money) -> Command {
    Command::CreateTransfer(NewTransfer::to(platform.id(), amount))
}

/// An account with 100.00 that it was transferred, on a platform that has more than that.
fn owner(new: NewAccount, story: fn(&mut Scene, Owner)) -> (Platform, Owner) {
    owner_in(Scene::us(), new, story)
}

fn owner_in(mut scene: Scene, new: NewAccount, story: fn(&mut Scene, Owner)) -> (Platform, Owner) {
    scene.fund();
    let Answer::Account(account) = scene.ask(None, Command::CreateAccount(new)) else { panic!("no account") };
    let asked = scene.platform.account(account).unwrap().capabilities().to_vec();
    for state in asked {
        let (capability, status) = (state.capability(), CapabilityStatus::Active);
        scene.tell(Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }));
    }
    scene.bank(account);
    if scene.platform.account(account).unwrap().may_owe() {
        scene.by_hand(account);
    }
    let sale = scene.sale(None, NewPayment::card(usd(50_00)));
    if scene.platform.account(account).unwrap().country() == Country::US {
        scene.ask(None, Command::CreateTransfer(NewTransfer::to(account, usd(100_00))));
    }
    story(&mut scene, (account, sale));
    (scene.platform, (account, sale))
}

fn express() -> NewAccount {
    NewAccount::express(Country::US)
}

fn owners() -> Machine<Owner> {
    let about =
        "An account in the United States with 100.00 unless said otherwise, of a platform that has more than that.";
    let mut machine = Machine::new("debited_account", about, means);
    machine.row("has, express", owner(express(), |_, _| ()));
    let custom = NewAccount::custom(Country::US).request(Capability::Transfers);
    machine.row("has, custom", owner(custom.clone(), |_, _| ()));
    machine.row("has, express, no connected reserves", owner_in(Scene::without_reserves(), express(), |_, _| ()));
    machine.row("has, standard", owner(NewAccount::standard(Country::US), |_, _| ()));
    machine.row(
        "has, rejected",
        owner(express(), |scene, (account, _)| {
            let out = RejectAccount::new(account, RejectReason::FraudOther);
            scene.ask(None, Command::RejectAccount(out));
        }),
    );
    machine.row(
        "has, closed",
        owner(custom.clone(), |scene, (account, _)| {
            scene.ask(None, Command::CloseAccount(CloseAccount { account }));
        }),
    );
    machine.row(
        "waits, a sale that is pending",
        owner(express(), |scene, (account, _)| {
            let amount = usd(100_00);
            scene.ask(Some(account), Command::CreatePayout(NewPayout::of(amount)));
            scene.sale(None, NewPayment::card(usd(500_00)).destination(account));
        }),
    );
    machine.row(
        "empty, paid out",
        owner(express(), |scene, (account, _)| {
            let amount = usd(100_00);
            scene.ask(Some(account), Command::CreatePayout(NewPayout::of(amount)));
        }),
    );
    machine.row(
        "owes, after a reversal",
        owner(custom, |scene, (account, _)| {
            let sent = Command::CreateTransfer(NewTransfer::to(account, usd(20_00)));
            let Answer::Transfer(sent) = scene.ask(None, sent) else { panic!("no transfer") };
            let amount = usd(120_00);
            scene.ask(Some(account), Command::CreatePayout(NewPayout::of(amount)));
            scene.ask(None, Command::ReverseTransfer(NewTransferReversal::of(sent)));
        }),
    );
    machine.row("empty, in Germany", owner(NewAccount::express(Country::DE), |_, _| ()));
    machine
}

#[test]
fn debited_account() {
    let mut machine = owners();
    for (name, amount) in [
        ("debit 33.00", usd(33_00)),
        ("debit 100.00", usd(100_00)),
        ("debit 100.01", usd(100_01)),
        ("debit 0.00", usd(0)),
        ("debit 100,000.01", usd(100_000_01)),
        ("debit 1.00 euros", eur(1_00)),
    ] {
        machine.column(name, move |platform, (account, _)| {
            let command = debit(platform, amount);
            did(ask(platform, "x", Some(account), command))
        });
    }
    machine.column("debit out of a payment", |platform, (account, sale)| {
        let new = NewTransfer::to(platform.id(), usd(1_00)).from_payment(sale);
        did(ask(platform, "x", Some(account), Command::CreateTransfer(new)))
    });
    machine.column("debit by the holder", |platform, (account, _)| {
        let command = debit(platform, usd(1_00));
        let request = Request::new("x", command).by(fundroute::accounts::Actor::Holder, account);
        did(platform.handle(request).map(|decided| decided.answer))
    });
    machine.column("debit twice", |platform, (account, _)| {
        for key in ["x", "x", "y"] {
            let command = debit(platform, usd(30_00));
            ask(platform, key, Some(account), command)?;
        }
        let left = platform.balance(account, usd(0).currency())?.available;
        Ok(Did::Said(format!("{left} left")))
    });
    machine.check();
}

/// The debit, the account, and another one.
type Taken = (TransferId, AccountId, AccountId);

fn state(platform: &Platform, (debit, ..): Taken) -> String {
    let debit = platform.transfer(debit).unwrap();
    if debit.is_reversed() {
        return "reversed".to_owned();
    }
    if debit.amount_reversed().is_zero() { "taken" } else { "partly reversed" }.to_owned()
}

/// A debit of 80.00 out of 200.00.
fn taken(story: fn(&mut Scene, Taken)) -> (Platform, Taken) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let (account, other) = (scene.express, scene.standard);
    let command = debit(&scene.platform, usd(80_00));
    let Answer::Transfer(id) = scene.ask(Some(account), command) else { panic!("no transfer") };
    story(&mut scene, (id, account, other));
    (scene.platform, (id, account, other))
}

fn reverse(debit: TransferId, amount: Option<Money>) -> Command {
    Command::ReverseTransfer(NewTransferReversal { transfer: debit, amount })
}

fn debits() -> Machine<Taken> {
    let mut machine = Machine::new("debit", "A debit of 80.00 of an express seller who had 200.00.", state);
    machine.row("taken", taken(|_, _| ()));
    machine.row(
        "taken, and the platform was paid out",
        taken(|scene, _| {
            let own = scene.platform.id();
            let available = scene.platform.balance(own, usd(0).currency()).unwrap().available;
            let amount = usd(i64::try_from(available).unwrap());
            scene.ask(None, Command::CreatePayout(NewPayout::of(amount)));
        }),
    );
    machine.row(
        "taken, and the account was closed",
        taken(|scene, (_, account, _)| {
            scene.ask(None, Command::CloseAccount(CloseAccount { account }));
        }),
    );
    machine.row(
        "partly reversed",
        taken(|scene, (debit, account, _)| {
            scene.ask(Some(account), reverse(debit, Some(usd(30_00))));
        }),
    );
    machine.row(
        "reversed",
        taken(|scene, (debit, account, _)| {
            scene.ask(Some(account), reverse(debit, None));
        }),
    );
    machine
}

#[test]
fn debit_and_back() {
    let mut machine = debits();
    for (name, amount) in reversals() {
        machine.column(name, move |platform, (debit, account, _)| {
            did(ask(platform, "x", Some(account), reverse(debit, amount)))
        });
    }
    machine.column("reverse for the platform", |platform, (debit, ..)| {
        did(ask(platform, "x", None, reverse(debit, None)))
    });
    machine.column("reverse for another", |platform, (debit, _, other)| {
        did(ask(platform, "x", Some(other), reverse(debit, None)))
    });
    machine.column("reverse all, what the seller has then", |platform, (debit, account, _)| -> Cell {
        ask(platform, "x", Some(account), reverse(debit, None))?;
        let balance = platform.balance(account, usd(0).currency())?;
        Ok(Did::Said(format!("{} pending, {} available", balance.pending, balance.available)))
    });
    machine.column("debit 120.00 more", |platform, (_, account, _)| {
        let command = self::debit(platform, usd(120_00));
        did(ask(platform, "x", Some(account), command))
    });
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}
