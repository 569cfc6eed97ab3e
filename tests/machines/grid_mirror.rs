//! What a provider made by itself: its payouts, and how what it tells is written down.

use fundroute::ids::{AccountId, ObjectId};
use fundroute::journal::{Changes, Fact, Record, Report};
use fundroute::mirror::{
    PayoutFate, ProviderAccount, ProviderCharge, ProviderFact, ProviderFee, ProviderFeeRefund, ProviderLine,
    ProviderLineKind, ProviderPayout, ProviderPayoutNews, ProviderRefund, ProviderRefundFailed, ProviderReversal,
    ProviderTransfer,
};
use fundroute::money::{Currency, Money, usd};
use fundroute::payments::{Named, RefundFailure};
use fundroute::payouts::{CancelPayout, ReversePayout};
use fundroute::platform::{Command, Platform};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, noon, tell};
use crate::shapes::check;

fn sent(account: AccountId, amount: Money) -> ProviderFact {
    let arrival_date = noon().plus_days(3).unwrap();
    let (reference, account) = ("po_1".to_owned(), account.into());
    ProviderPayout { reference, account, amount, arrival_date, automatic: true, destination: None }.into()
}

fn news(fate: PayoutFate) -> ProviderFact {
    ProviderPayoutNews { payout: "po_1".to_owned(), fate }.into()
}

fn fact(fact: ProviderFact) -> Fact {
    Fact::Provider(Box::new(fact))
}

fn failed() -> PayoutFate {
    PayoutFate::Failed { failure_code: "could_not_process".to_owned() }
}

fn state(platform: &Platform, account: AccountId) -> String {
    let held = platform.balance(account, Currency::USD).unwrap();
    let known = platform.made_by_provider(&sent(account, usd(50_00))).unwrap();
    let Some(ObjectId::Payout(id)) = known else { return format!("not told (available {})", held.available) };
    let status = platform.payout(id).unwrap().status();
    format!("{status} (available {}; in transit {})", held.available, held.in_transit)
}

/// A seller with 200.00, and what was told of a payout of 50.00, two hours apart.
fn owner(fates: Option<&[PayoutFate]>) -> (Platform, AccountId) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let account = scene.express;
    if let Some(fates) = fates {
        scene.tell(fact(sent(account, usd(50_00))));
        for (place, fate) in fates.iter().enumerate() {
            let at = before(&scene.platform, 8 - 2 * i64::try_from(place).unwrap());
            let key = scene.key();
            tell(&mut scene.platform, &key, at, fact(news(fate.clone()))).unwrap();
        }
    }
    (scene.platform, account)
}

#[test]
fn provider_payouts() {
    let about = "A payout of 50.00 that a provider has made of an express seller's 200.00, and what it tells of it.";
    let mut machine = Machine::new("provider_payout", about, state);
    machine.row("not told (available 20000)", owner(None));
    machine.row("in_transit (available 15000; in transit 5000)", owner(Some(&[])));
    machine.row("paid (available 15000; in transit 0)", owner(Some(&[PayoutFate::Paid])));
    machine.row("canceled (available 20000; in transit 0)", owner(Some(&[PayoutFate::Canceled])));
    let both = [PayoutFate::Paid, PayoutFate::Canceled];
    machine.row("canceled (available 20000; in transit 0), after it was paid", owner(Some(&both)));
    machine.row("failed (available 20000; in transit 0)", owner(Some(&[failed()])));
    machine.row("failed (available 20000; in transit 0), after it was called off", {
        owner(Some(&[PayoutFate::Canceled, failed()]))
    });
    for (name, minor) in [("told", 50_00), ("told otherwise", 51_00)] {
        machine.column(name, move |platform, account| {
            told(tell(platform, "x", platform.now(), fact(sent(account, usd(minor)))))
        });
    }
    for (name, hours, fate) in [
        ("paid", 0, PayoutFate::Paid),
        ("paid, of before", 9, PayoutFate::Paid),
        ("called off", 0, PayoutFate::Canceled),
        ("called off, of before", 9, PayoutFate::Canceled),
        ("failed", 0, failed()),
        ("failed, of before", 9, failed()),
    ] {
        machine.column(name, move |platform, _| {
            told(tell(platform, "x", before(platform, hours), fact(news(fate.clone()))))
        });
    }
    let made = |platform: &Platform, account| match platform.made_by_provider(&sent(account, usd(50_00))).unwrap() {
        Some(ObjectId::Payout(id)) => Some(id),
        _ => None,
    };
    machine.column("cancel", move |platform, account| match made(platform, account) {
        Some(payout) => did(ask(platform, "x", Some(account), Command::CancelPayout(CancelPayout { payout }))),
        None => Ok(Did::Nothing),
    });
    machine.column("reverse", move |platform, account| match made(platform, account) {
        Some(payout) => did(ask(platform, "x", Some(account), Command::ReversePayout(ReversePayout { payout }))),
        None => Ok(Did::Nothing),
    });
    machine.column("a year passes", |platform, _| advance(platform, 366).map(|()| Did::Done));
    machine.check();
}

/// One fact of each sort, about objects that hang together.
fn facts(us: AccountId, account: AccountId) -> Vec<(&'static str, ProviderFact)> {
    let (on, charge) = (noon().plus_days(2).unwrap(), || Named::Reference("ch_1".to_owned()));
    let (name, amount) = (|name: &str| name.to_owned(), usd(10_00));
    vec![
        ("Account", ProviderAccount { account, reference: name("acct_1") }.into()),
        ("Charge", ProviderCharge::new("ch_1", us, usd(100_00), on).fee(3_20).destination("acct_1").into()),
        (
            "Transfer",
            ProviderTransfer {
                reference: name("tr_1"),
                destination: "acct_1".into(),
                charge: Some(charge()),
                amount: usd(100_00),
                sent_on: on,
                received_on: on,
            }
            .into(),
        ),
        (
            "ApplicationFee",
            ProviderFee {
                reference: name("fee_1"),
                charge: charge(),
                account: "acct_1".into(),
                amount,
                paid_on: on,
                received_on: on,
            }
            .into(),
        ),
        (
            "Refund",
            ProviderRefund { reference: name("re_1"), charge: charge(), amount, fee_returned: 30, available_on: on }
                .into(),
        ),
        ("RefundFailed", ProviderRefundFailed { refund: name("re_1"), reason: RefundFailure::LostOrStolenCard }.into()),
        (
            "TransferReversal",
            ProviderReversal {
                reference: name("trr_1"),
                transfer: name("tr_1"),
                amount,
                taken_on: on,
                returned_on: on,
            }
            .into(),
        ),
        (
            "ApplicationFeeRefund",
            ProviderFeeRefund {
                reference: name("fr_1"),
                fee: name("fee_1"),
                amount: usd(1_00),
                given_on: on,
                returned_on: on,
            }
            .into(),
        ),
    ]
}

/// Facts of the other sorts.
fn others(us: AccountId, account: AccountId) -> Vec<(&'static str, ProviderFact)> {
    let name = |name: &str| name.to_owned();
    vec![
        ("Payout", sent(account, usd(50_00))),
        ("PayoutNews", news(failed())),
        (
            "Line",
            ProviderLine {
                reference: name("txn_1"),
                account: us.into(),
                kind: ProviderLineKind::Fee,
                amount: usd(-2_00),
                available_on: noon(),
            }
            .into(),
        ),
    ]
}

#[test]
fn how_what_a_provider_made_is_written_down() {
    let mut scene = Scene::us();
    let (us, account) = (scene.platform.id(), scene.express);
    let mut changes: Vec<(String, Changes)> = Vec::new();
    let mut reports = Vec::new();
    for (name, told) in facts(us, account).into_iter().chain(others(us, account)) {
        let report = Report::new(name, noon(), fact(told));
        let decided = scene.platform.record(&report).unwrap();
        assert_eq!(decided.answer, fundroute::journal::FactOutcome::Applied, "{name}");
        changes.push((name.to_owned(), decided.changes));
        reports.push((name.to_owned(), report));
    }
    let lines = scene.platform.records().filter(|record| matches!(record, Record::ProviderTransaction(_)));
    let lines: Vec<(String, Record)> = lines.map(|record| (record.id().to_string(), record.clone())).collect();
    assert_eq!(scene.platform.audit(), []);
    check("mirror_records", &lines);
    check("mirror_changes", &changes);
    check("mirror_reports", &reports);
}
