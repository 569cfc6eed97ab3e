//! Who lets a holder in, and what a holder lets in: links, sessions and connections.
#![expect(clippy::unwrap_used, reason = "the recipes of a test stop it where they go wrong")]
#![expect(clippy::panic, reason = "a check that fails stops its test")]
#![expect(clippy::arithmetic_side_effects, reason = "small numbers of the tests' own")]

use fundroute::accounts::*;
use fundroute::calendar::{Timestamp, hours};
use fundroute::ids::{AccountId, ConnectionId, ObjectId};
use fundroute::journal::{Answer, Changes, Event, Fact, Outcome, Record, Report, Snapshot};
use fundroute::payments::{CancelPayment, ConfirmPayment};
use fundroute::payouts::{CancelPayout, NewPayout, PayoutPaid, PayoutSchedule, SetDelayDays, SetPayoutSchedule};
use fundroute::platform::{ErrorKind, Identity};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;
use fundroute::rulebook::{AccessPolicy, AccountKind, BusinessType, Capability, PersonRole};
use fundroute::simulator::World;

mod connections;
mod lost;
mod pages;
mod parts;

const AGAIN: &str = "https://shop.example/again";
const DONE: &str = "https://shop.example/done";

fn platform() -> Platform {
    Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2).at(12, 0)).unwrap()
}

fn onboarding(account: AccountId) -> NewAccountLink {
    NewAccountLink::onboarding(account, AGAIN, DONE)
}

fn seconds_later(platform: &mut Platform, seconds: i64) {
    platform.advance_to(Timestamp::from_micros(platform.now().micros() + seconds * 1_000_000).unwrap()).unwrap();
}

fn registered() -> Platform {
    let mut platform = platform();
    platform.connections().register("app", NewApplication::platform("https://shop.example/back")).unwrap();
    platform
}

fn connect(platform: &mut Platform, key: &str, wish: Authorize) -> (ConnectionId, AccountId) {
    let connection = platform.connections().authorize(key, wish).unwrap().answer;
    let code = platform.connection(connection).unwrap().code();
    let Exchange::Connected { account, .. } = platform.connections().exchange(key, &code).unwrap().answer else {
        panic!("the code is new")
    };
    (connection, account)
}

fn denial(error: Error) -> Denial {
    let Error::Account(AccountError::NotPermitted { denial, .. }) = error else { panic!("{error:?}") };
    denial
}

fn every_controller() -> Vec<Controller> {
    let mut all = Vec::new();
    for dashboard in [Dashboard::Full, Dashboard::Express, Dashboard::None] {
        for losses in [LossBearer::Application, LossBearer::Processor] {
            for requirements in [RequirementCollector::Application, RequirementCollector::Processor] {
                for fees in [
                    FeePayer::Account,
                    FeePayer::Application,
                    FeePayer::ApplicationCustom,
                    FeePayer::ApplicationExpress,
                ] {
                    let controller = Controller { fees, losses, requirements, dashboard };
                    all.extend(controller.check(true).is_ok().then_some(controller));
                }
            }
        }
    }
    all
}
