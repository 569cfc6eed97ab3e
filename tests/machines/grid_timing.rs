//! When days begin, what payouts leave behind, and how far the processor trusts an account.

use chrono::TimeDelta;
use fundroute::accounts::NewAccount;
use fundroute::calendar::StartOfDay;
use fundroute::ids::AccountId;
use fundroute::journal::{Fact, Report};
use fundroute::money::Money;
use fundroute::payouts::{SetMinimumBalance, SetStartOfDay, SpeedReviewed, TimingCommand};
use fundroute::platform::{Command, Platform, Request};
use fundroute::rulebook::{Country, SettlementSpeed};

use crate::grid::{Machine, did, told};
use crate::scene::{Scene, advance, ask, before, noon, tell};
use crate::shapes::{check, variant};

/// The account, and somebody else.
type Ids = (AccountId, AccountId);

/// When the days begin and will, how fast its payments are, and what stays behind.
fn state(platform: &Platform, (account, _): Ids) -> String {
    let settings = platform.balance_settings(account).unwrap();
    let starts = settings.starts_of_day();
    let (now, (chosen, _)) = (starts.at(platform.now()), starts.chosen());
    let soon = if chosen == now { String::new() } else { format!(" then {chosen}") };
    let speed = format!("{:?}", settings.settlement_speed()).to_lowercase();
    let kept: Vec<String> = settings.minimum_balances().map(|kept| format!(" keeps {kept}")).collect();
    format!("{now}{soon} {speed}{}", kept.concat())
}

fn keep(account: AccountId, minimum: Money) -> Command {
    Command::Timing(TimingCommand::SetMinimumBalance(SetMinimumBalance { account, minimum }))
}

fn begin(account: AccountId, offset: i16, hour: u8) -> Command {
    let start = StartOfDay::new(offset, hour, 0).unwrap();
    Command::Timing(TimingCommand::SetStartOfDay(SetStartOfDay { account, start }))
}

fn trusts(account: AccountId, speed: SettlementSpeed) -> Fact {
    Fact::SpeedReviewed(SpeedReviewed { account, speed })
}

fn of(platform: &Platform, account: AccountId, minor: i64) -> Money {
    Money::new(minor, platform.account(account).unwrap().default_currency())
}

/// An account of a country, after what happened to it.
fn account(scene: &Scene, country: Country, acts: &[fn(&mut Platform, AccountId)]) -> (Platform, Ids) {
    let mut platform = scene.platform.clone();
    let key = format!("in-{country}");
    let account = platform.accounts().create(&key, NewAccount::express(country)).unwrap().answer;
    for act in acts {
        act(&mut platform, account);
    }
    (platform, (account, scene.standard))
}

#[test]
fn balance_settings() {
    let about =
        "When an account's days begin, how far the processor trusts it, and what its automatic payouts leave behind.";
    let mut machine = Machine::new("balance_settings", about, state);
    let scene = Scene::us();
    let (own, standard) = (scene.platform.id(), scene.standard);
    let six: fn(&mut Platform, AccountId) = |platform, account| {
        ask(platform, "six", None, begin(account, 480, 6)).unwrap();
    };
    let day: fn(&mut Platform, AccountId) = |platform, _| advance(platform, 1).unwrap();
    let keeps: fn(&mut Platform, AccountId) = |platform, account| {
        let minimum = of(platform, account, 50_00);
        ask(platform, "keep", None, keep(account, minimum)).unwrap();
    };
    let trusted: fn(&mut Platform, AccountId) = |platform, account| {
        let at = before(platform, 6);
        tell(platform, "trusted", at, trusts(account, SettlementSpeed::Established)).unwrap();
    };
    machine.row("00:00 UTC+00:00 initial, the platform", (scene.platform.clone(), (own, standard)));
    machine.row("00:00 UTC+00:00 initial, US standard", (scene.platform.clone(), (standard, own)));
    machine.row("00:00 UTC+00:00 initial, US", account(&scene, Country::US, &[]));
    machine.row("00:00 UTC+00:00 initial keeps 50.00 USD, US", account(&scene, Country::US, &[keeps]));
    machine.row("00:00 UTC+00:00 established, DE", account(&scene, Country::DE, &[trusted]));
    machine.row("00:00 UTC+00:00 initial, BR", account(&scene, Country::BR, &[]));
    machine.row("00:00 UTC+07:00 initial, TH", account(&scene, Country::TH, &[]));
    machine.row("00:00 UTC+08:00 initial, SG", account(&scene, Country::SG, &[]));
    machine.row("00:00 UTC+08:00 then 06:00 UTC+08:00 initial, SG", account(&scene, Country::SG, &[six]));
    machine.row("06:00 UTC+08:00 initial, SG", account(&scene, Country::SG, &[six, day]));
    machine.column("keep 70.00", |platform, (account, _)| {
        let minimum = of(platform, account, 70_00);
        did(ask(platform, "x", None, keep(account, minimum)))
    });
    machine.column("keep nothing", |platform, (account, _)| {
        let minimum = of(platform, account, 0);
        did(ask(platform, "x", None, keep(account, minimum)))
    });
    machine.column("keep less than nothing", |platform, (account, _)| {
        let minimum = of(platform, account, -1);
        did(ask(platform, "x", None, keep(account, minimum)))
    });
    machine.column("keep 70.00 as itself", |platform, (account, _)| {
        let minimum = of(platform, account, 70_00);
        let on = Some(account).filter(|account| *account != platform.id());
        did(ask(platform, "x", on, keep(account, minimum)))
    });
    machine
        .column("begin at midnight UTC", |platform, (account, _)| did(ask(platform, "x", None, begin(account, 0, 0))));
    machine.column("begin at ten, eight hours ahead", |platform, (account, _)| {
        did(ask(platform, "x", None, begin(account, 480, 10)))
    });
    machine.column("begin at midnight, as another", |platform, (account, other)| {
        let other = if other == platform.id() { account } else { other };
        did(ask(platform, "x", Some(other), begin(account, 0, 0)))
    });
    for (name, hours, speed) in [
        ("trusted, of before", 9, SettlementSpeed::Established),
        ("trusted, of now", 3, SettlementSpeed::Established),
        ("no longer, of before", 9, SettlementSpeed::Initial),
        ("no longer, of then", 6, SettlementSpeed::Initial),
        ("no longer, of now", 3, SettlementSpeed::Initial),
    ] {
        machine.column(name, move |platform, (account, _)| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, trusts(account, speed)))
        });
    }
    machine.column("a day passes", |platform, _| advance(platform, 1).map(|()| crate::grid::Did::Done));
    machine.check();
}

/// How what is asked and told about it looks when it is written down, and what is kept of it.
#[test]
fn what_is_asked_told_and_kept() {
    let account = AccountId::from_host([1; 14]);
    let commands =
        [("SetMinimumBalance", keep(account, fundroute::money::usd(50_00))), ("SetStartOfDay", begin(account, 480, 6))];
    check("timing_requests", &commands.map(|(name, command)| (name.to_owned(), Request::new("key", command))));
    let fact = trusts(account, SettlementSpeed::Established);
    check("timing_reports", &[(variant(&fact), Report::new("fact", noon(), fact))]);
    let mut scene = Scene::us();
    let id = scene.platform.accounts().create("sg", NewAccount::express(Country::SG).with_id(account)).unwrap().answer;
    let minimum = of(&scene.platform, id, 50_00);
    ask(&mut scene.platform, "keep", None, keep(id, minimum)).unwrap();
    ask(&mut scene.platform, "six", None, begin(id, 480, 6)).unwrap();
    let at = scene.platform.now().checked_add(TimeDelta::hours(-1)).unwrap();
    tell(&mut scene.platform, "trusted", at, trusts(id, SettlementSpeed::Established)).unwrap();
    let settings = scene.platform.balance_settings(id).unwrap().clone();
    check("timing_records", &[("balance_settings".to_owned(), settings)]);
}
