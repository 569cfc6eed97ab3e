//! Capabilities.

use fundroute::accounts::{CapabilityReviewed, CapabilityStatus, NewAccount};
use fundroute::ids::AccountId;
use fundroute::journal::Fact;
use fundroute::money::usd;
use fundroute::payments::NewPayment;
use fundroute::payouts::NewPayout;
use fundroute::platform::{Command, Platform};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{Capability, Country};

use crate::grid::{Machine, did, told};
use crate::scene::{Scene, ask, before, tell};

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
