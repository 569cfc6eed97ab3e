//! Capabilities and bank accounts.

use fundroute::accounts::{CapabilityReviewed, CapabilityStatus, NewAccount, NewExternalAccount};
use fundroute::calendar::Recurrence;
use fundroute::ids::{AccountId, ExternalAccountId, PayoutId};
use fundroute::journal::Fact;
use fundroute::money::usd;
use fundroute::payments::NewPayment;
use fundroute::payouts::{NewPayout, PayoutFailed, PayoutPaid, PayoutSchedule, SetPayoutSchedule};
use fundroute::platform::{Command, Platform};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{Capability, Country};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};

fn review(account: AccountId, status: CapabilityStatus) -> Fact {
    Fact::CapabilityReviewed(CapabilityReviewed { account, capability: Capability::Transfers, status })
}

fn capability_state(platform: &Platform, account: AccountId) -> String {
    match platform.account(account).unwrap().capability(Capability::Transfers) {
        None => "not requested",
        Some(CapabilityStatus::Pending) => "pending",
        Some(CapabilityStatus::Active) => "active",
        Some(CapabilityStatus::Inactive) => "inactive",
    }
    .to_owned()
}

/// A custom account that was told `status` about its transfers six hours ago.
fn reviewed(requests: bool, status: Option<CapabilityStatus>) -> (Platform, AccountId) {
    let mut scene = Scene::us();
    scene.fund();
    let mut new = NewAccount::custom(Country::US).request(Capability::UsBankAccountAchPayments);
    if requests {
        new = new.request(Capability::Transfers);
    }
    let account = scene.platform.accounts().create("custom", new).unwrap().answer;
    if let Some(status) = status {
        let at = before(&scene.platform, 6);
        tell(&mut scene.platform, "review", at, review(account, status)).unwrap();
    }
    (scene.platform, account)
}

#[test]
fn capability() {
    let about = "The transfers of a custom account, reviewed six hours ago, under every further report and use.";
    let mut machine = Machine::new("capability", about, capability_state);
    machine.row("not requested", reviewed(false, None));
    machine.row("pending", reviewed(true, None));
    machine.row("pending, as reported", reviewed(true, Some(CapabilityStatus::Pending)));
    machine.row("active", reviewed(true, Some(CapabilityStatus::Active)));
    machine.row("inactive", reviewed(true, Some(CapabilityStatus::Inactive)));
    let reports = [
        ("pending, of before", CapabilityStatus::Pending, 9),
        ("active, of before", CapabilityStatus::Active, 9),
        ("inactive, of before", CapabilityStatus::Inactive, 9),
        ("pending, of then", CapabilityStatus::Pending, 6),
        ("active, of then", CapabilityStatus::Active, 6),
        ("inactive, of then", CapabilityStatus::Inactive, 6),
        ("pending, of now", CapabilityStatus::Pending, 3),
        ("active, of now", CapabilityStatus::Active, 3),
        ("inactive, of now", CapabilityStatus::Inactive, 3),
    ];
    for (name, status, hours) in reports {
        machine.column(name, move |platform, account| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, review(account, status)))
        });
    }
    machine.column("transfer to it", |platform, account| {
        did(ask(platform, "x", None, Command::CreateTransfer(NewTransfer::to(account, usd(10_00)))))
    });
    machine.column("charge for it", |platform, account| {
        let order = NewPayment::card(usd(10_00)).destination(account);
        did(ask(platform, "x", None, Command::CreatePayment(order)))
    });
    machine.column("pay it out", |platform, account| {
        did(ask(platform, "x", Some(account), Command::CreatePayout(NewPayout::of(usd(1_00)))))
    });
    machine.check();
}

#[derive(Clone, Copy)]
struct Bank {
    account: AccountId,
    bank: ExternalAccountId,
    under_way: PayoutId,
}

fn bank_state(platform: &Platform, ids: Bank) -> String {
    platform.external_account(ids.bank).unwrap().state().as_str().to_owned()
}

/// A bank account with a payout under way to it, and 50.00 more that could be paid.
fn bank(errored: bool, replaced: bool) -> (Platform, Bank) {
    let mut scene = Scene::us();
    let first = scene.payout();
    let account = scene.express;
    let second = Command::CreatePayout(NewPayout::of(usd(50_00)));
    let fundroute::journal::Answer::Payout(under_way) = scene.ask(Some(account), second) else {
        panic!("a payout is answered with its id")
    };
    let bank = scene.platform.payout(first).unwrap().destination();
    if errored {
        scene.tell(comes_back(first, "account_closed"));
    } else {
        scene.tell(Fact::PayoutPaid(PayoutPaid { payout: first }));
    }
    if replaced {
        scene.bank(account);
    }
    (scene.platform, Bank { account, bank, under_way })
}

fn comes_back(payout: PayoutId, code: &str) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: code.to_owned() })
}

#[test]
fn bank_account() {
    let about =
        "A seller's bank account, with a payout of 50.00 under way to it; payouts go to the newest bank account.";
    let mut machine = Machine::new("bank_account", about, bank_state);
    machine.row("new", bank(false, false));
    machine.row("new, replaced", bank(false, true));
    machine.row("errored", bank(true, false));
    machine.row("errored, replaced", bank(true, true));
    for code in ["account_closed", "insufficient_funds", "a code of tomorrow"] {
        let name = match code {
            "account_closed" => "comes back: account_closed",
            "insufficient_funds" => "comes back: insufficient_funds",
            _ => "comes back: unknown code",
        };
        machine.column(name, move |platform, ids: Bank| {
            let at = platform.now();
            told(tell(platform, "x", at, comes_back(ids.under_way, code)))
        });
    }
    machine.column("payout arrives", |platform, ids| {
        let at = platform.now();
        told(tell(platform, "x", at, Fact::PayoutPaid(PayoutPaid { payout: ids.under_way })))
    });
    machine.column("pay out by hand", |platform, ids| {
        did(ask(platform, "x", Some(ids.account), Command::CreatePayout(NewPayout::of(usd(1_00)))))
    });
    machine.column("daily, for a week", |platform, ids| {
        let currency = usd(0).currency();
        let (account, schedule) = (ids.account, PayoutSchedule::Automatic(Recurrence::Daily));
        ask(platform, "x", None, Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule }))?;
        let old = platform.balance(account, currency)?.available;
        advance(platform, 7)?;
        let paid = old - platform.balance(account, currency)?.available;
        Ok(Did::Said(format!("pays {paid} of {old}")))
    });
    machine.column("add another, daily, for a week", |platform, ids| {
        let (account, currency) = (ids.account, usd(0).currency());
        let old = platform.balance(account, currency)?.available;
        let schedule = PayoutSchedule::Automatic(Recurrence::Daily);
        ask(platform, "x", None, Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule }))?;
        let new = NewExternalAccount::bank(account, Country::US, currency, "000123456789")
            .routing("110000000")
            .default_for_currency();
        ask(platform, "y", None, Command::AddExternalAccount(new))?;
        advance(platform, 7)?;
        let paid = old - platform.balance(account, currency)?.available;
        Ok(Did::Said(format!("pays {paid} of {old}")))
    });
    machine.column("add one without number", |platform, ids| {
        let new = NewExternalAccount::bank(ids.account, Country::US, usd(0).currency(), "").routing("110000000");
        did(ask(platform, "x", None, Command::AddExternalAccount(new)))
    });
    machine.column("add one in a foreign currency", |platform, ids| {
        let new = NewExternalAccount::bank(ids.account, Country::DE, fundroute::money::Currency::EUR, "DE89");
        did(ask(platform, "x", None, Command::AddExternalAccount(new)))
    });
    machine.check();
}
