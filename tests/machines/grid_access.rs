//! Account links, and connections that holders make and end.

use fundroute::accounts::{
    Access, Actor, Authorize, ConnectionRevoked, ConnectionState, ExchangeCode, LinkStatus, NewAccount, NewAccountLink,
    NewApplication, NewExternalAccount,
};
use fundroute::calendar::{Timestamp, hours};
use fundroute::ids::{AccountId, AccountLinkId, ConnectionId};
use fundroute::journal::{Answer, Fact};
use fundroute::money::usd;
use fundroute::payments::NewPayment;
use fundroute::platform::{Command, Error, NewPlatform, Platform, Request};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{Capability, Country, Rulebook};
use fundroute::simulator::World;

use crate::grid::{Cell, Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, noon, tell};

fn as_holder(platform: &mut Platform, key: &str, on: Option<AccountId>, command: Command) -> Result<Answer, Error> {
    let mut request = Request::new(key, command);
    (request.actor, request.account) = (Actor::Holder, on);
    platform.handle(request).map(|decided| decided.answer)
}

#[derive(Clone, Copy)]
struct Link {
    account: AccountId,
    link: AccountLinkId,
}

fn link_state(platform: &Platform, ids: Link) -> String {
    match platform.link_status(ids.link).unwrap() {
        LinkStatus::Issued => "issued",
        LinkStatus::Consumed => "consumed",
        LinkStatus::Returned => "returned",
        LinkStatus::Expired => "expired",
        LinkStatus::Void => "void",
    }
    .to_owned()
}

fn new_link(account: AccountId) -> NewAccountLink {
    NewAccountLink::onboarding(account, "https://shop.example/again", "https://shop.example/done")
}

/// A link of the standard seller, that so many have visited and one may have left.
fn link(visits: usize, left: bool) -> (Platform, Link) {
    let mut scene = Scene::us();
    let account = scene.standard;
    let Answer::AccountLink(link) = scene.ask(None, Command::CreateAccountLink(new_link(account))) else { panic!() };
    for _ in 0..visits {
        scene.ask(None, Command::VisitAccountLink(link));
    }
    if left {
        scene.ask(None, Command::LeaveAccountLink(link));
    }
    (scene.platform, Link { account, link })
}

fn later((mut platform, ids): (Platform, Link)) -> (Platform, Link) {
    let until = platform.now().checked_add(hours(1)).unwrap();
    platform.advance_to(until).unwrap();
    (platform, ids)
}

fn lost((mut platform, ids): (Platform, Link)) -> (Platform, Link) {
    ask(&mut platform, "lost", None, Command::Deauthorize(ids.account)).unwrap();
    (platform, ids)
}

fn visited(answer: Result<Answer, Error>) -> Cell {
    let is_refreshed = matches!(answer?, Answer::LinkRefreshed(_));
    Ok(if is_refreshed { Did::Said("sent to refresh".to_owned()) } else { Did::Done })
}

/// Visits a link so many microseconds before its time is over.
fn visit_at(platform: &mut Platform, link: AccountLinkId, left: i64) -> Cell {
    let end = platform.account_link(link).unwrap().expires_at();
    let at = Timestamp::from_micros(end.micros() - left)?;
    if at < platform.now() {
        return Ok(Did::Nothing);
    }
    platform.advance_to(at)?;
    visited(ask(platform, "x", None, Command::VisitAccountLink(link)))
}

#[test]
fn account_link() {
    let about =
        "A page of the standard seller, who is disconnected where that is said; links are good for five minutes.";
    let mut machine = Machine::new("account_link", about, link_state);
    machine.row("issued", link(0, false));
    machine.row("consumed", link(1, false));
    machine.row("consumed, visited twice", link(2, false));
    machine.row("consumed, long ago", later(link(1, false)));
    machine.row("consumed, seller lost", lost(link(1, false)));
    machine.row("returned", link(1, true));
    machine.row("returned, seller lost", lost(link(1, true)));
    machine.row("expired", later(link(0, false)));
    machine.row("void", lost(link(0, false)));
    machine.row("void, long ago", lost(later(link(0, false))));
    machine.column("visit", |platform, ids| visited(ask(platform, "x", None, Command::VisitAccountLink(ids.link))));
    machine.column("visit by its holder", |platform, ids| {
        visited(as_holder(platform, "x", Some(ids.account), Command::VisitAccountLink(ids.link)))
    });
    machine.column("visit by a stranger", |platform, ids| {
        visited(as_holder(platform, "x", None, Command::VisitAccountLink(ids.link)))
    });
    machine.column("visit in its last microsecond", |platform, ids| visit_at(platform, ids.link, 1));
    machine.column("visit when its time is over", |platform, ids| visit_at(platform, ids.link, 0));
    machine.column("leave", |platform, ids| did(ask(platform, "x", None, Command::LeaveAccountLink(ids.link))));
    machine.column("lose the seller", |platform, ids| did(ask(platform, "x", None, Command::Deauthorize(ids.account))));
    machine.column("hand out another", |platform, ids| {
        did(ask(platform, "x", None, Command::CreateAccountLink(new_link(ids.account))))
    });
    machine.check();
}

#[derive(Clone, Copy)]
struct Connected {
    connection: ConnectionId,
    account: Option<AccountId>,
}

fn connection_state(platform: &Platform, ids: Connected) -> String {
    match platform.connection(ids.connection).unwrap().state() {
        ConnectionState::CodeIssued { .. } => "code issued".to_owned(),
        ConnectionState::Denied => "denied".to_owned(),
        ConnectionState::Connected { .. } => "connected".to_owned(),
        ConnectionState::Superseded { .. } => "superseded".to_owned(),
        ConnectionState::Revoked { by, .. } => format!("revoked by {by:?}").to_lowercase(),
    }
}

fn access(platform: &Platform, account: AccountId) -> &'static str {
    match platform.account(account).unwrap().standing().access {
        Access::Connected => "open",
        Access::Disconnected => "shut",
        Access::Closed => "closed",
    }
}

fn exchange(platform: &mut Platform, key: &str, connection: ConnectionId) -> Result<Answer, Error> {
    let code = platform.connection(connection)?.code();
    ask(platform, key, None, Command::ExchangeCode(ExchangeCode::of(code)))
}

/// An American who has made an account on the way, or has not yet.
fn connection(answered: bool, exchanged: bool) -> (Platform, Connected) {
    let mut platform = Platform::new(NewPlatform::in_country(Country::US), Rulebook::standard(), noon()).unwrap();
    let mut world = World::new();
    platform.payments().create("funds", NewPayment::card(usd(1_000_00))).unwrap();
    world.settle(&mut platform).unwrap();
    advance(&mut platform, 3).unwrap();
    platform.connections().register("app", NewApplication::platform("https://shop.example/back")).unwrap();
    let wish = Authorize::new_account(Country::US);
    let connection = match answered {
        true => platform.connections().authorize("wish", wish),
        false => platform.connections().deny("wish", wish),
    };
    let connection = connection.unwrap().answer;
    if !exchanged {
        return (platform, Connected { connection, account: None });
    }
    exchange(&mut platform, "code", connection).unwrap();
    let account = platform.connection(connection).unwrap().account().unwrap();
    world.complete(&mut platform, account).unwrap();
    let bank = NewExternalAccount::bank(account, Country::US, usd(0).currency(), "000123456789");
    platform.holder_of(account).unwrap().accounts().add_external_account("bank", bank).unwrap();
    world.settle(&mut platform).unwrap();
    assert!(platform.account(account).unwrap().can(Capability::CardPayments));
    // Six hours in which facts can have happened.
    let until = platform.now().checked_add(hours(6)).unwrap();
    platform.advance_to(until).unwrap();
    (platform, Connected { connection, account: Some(account) })
}

fn then(ending: impl FnOnce(&mut Platform, Connected)) -> (Platform, Connected) {
    let (mut platform, ids) = connection(true, true);
    ending(&mut platform, ids);
    (platform, ids)
}

fn again(platform: &mut Platform, account: AccountId) -> Result<ConnectionId, Error> {
    let connection = platform.connections().authorize("again", Authorize::account(account))?.answer;
    exchange(platform, "again-code", connection)?;
    Ok(connection)
}

/// What is done to an account, where there is one: the state of the connection tells the rest.
fn on(ids: Connected, act: impl FnOnce(AccountId) -> Cell) -> Cell {
    ids.account.map_or(Ok(Did::Nothing), act)
}

fn revoked(account: AccountId) -> Fact {
    Fact::ConnectionRevoked(ConnectionRevoked { account })
}

fn columns(machine: &mut Machine<Connected>) {
    machine.column("exchange its code", |platform, ids| did(exchange(platform, "x", ids.connection)));
    machine.column("deauthorize", |platform, ids| {
        on(ids, |account| did(ask(platform, "x", None, Command::Deauthorize(account))))
    });
    machine.column("deauthorize by its holder", |platform, ids| {
        on(ids, |account| did(as_holder(platform, "x", Some(account), Command::Deauthorize(account))))
    });
    for (name, hours) in [("ended elsewhere, before", 9), ("ended elsewhere, since", 4), ("ended elsewhere, now", 0)] {
        machine.column(name, move |platform, ids| {
            let at = before(platform, hours);
            on(ids, |account| told(tell(platform, "x", at, revoked(account))))
        });
    }
    machine.column("connect again", |platform, ids| {
        on(ids, |account| {
            let newer = again(platform, account)?;
            let same = platform.connection(newer)?.account() == Some(account);
            let state = connection_state(platform, ids);
            Ok(Did::Said(format!("{state}; same account: {same}, {}", access(platform, account))))
        })
    });
    machine.column("transfer to it", |platform, ids| {
        on(ids, |account| did(ask(platform, "x", None, Command::CreateTransfer(NewTransfer::to(account, usd(1_00))))))
    });
    machine.column("charge for it", |platform, ids| {
        on(ids, |account| did(ask(platform, "x", Some(account), Command::CreatePayment(NewPayment::card(usd(10_00))))))
    });
}

#[test]
fn connection_of_a_holder() {
    let about = "The connection of a holder who made an account on the way, six hours ago where a code was exchanged.";
    let mut machine = Machine::new("connection", about, connection_state);
    machine.row("code issued", connection(true, false));
    machine.row("code issued, long ago", {
        let (mut platform, ids) = connection(true, false);
        let until = platform.now().checked_add(hours(1)).unwrap();
        platform.advance_to(until).unwrap();
        (platform, ids)
    });
    machine.row("denied", connection(false, false));
    machine.row("connected", connection(true, true));
    let application = |platform: &mut Platform, ids: Connected| {
        ask(platform, "end", None, Command::Deauthorize(ids.account.unwrap())).unwrap();
    };
    machine.row("revoked by application", then(application));
    machine.row("revoked by holder, here", {
        then(|platform, ids| {
            as_holder(platform, "end", ids.account, Command::Deauthorize(ids.account.unwrap())).unwrap();
        })
    });
    machine.row("revoked by holder, elsewhere", {
        then(|platform, ids| {
            let at = before(platform, 3);
            tell(platform, "end", at, revoked(ids.account.unwrap())).unwrap();
        })
    });
    machine.row(
        "revoked by replay",
        then(|platform, ids| {
            exchange(platform, "end", ids.connection).unwrap();
        }),
    );
    machine.row(
        "superseded",
        then(|platform, ids| {
            again(platform, ids.account.unwrap()).unwrap();
        }),
    );
    machine.row("revoked by application, connected anew", {
        then(|platform, ids| {
            application(platform, ids);
            again(platform, ids.account.unwrap()).unwrap();
        })
    });
    columns(&mut machine);
    machine.check();
}

#[test]
fn a_connection_that_is_no_holders_to_end_is_no_fact() {
    let mut scene = Scene::us();
    for account in [scene.express, scene.platform.id()] {
        let fundroute::journal::FactOutcome::Anomaly(anomaly) = scene.tell(revoked(account)) else { panic!() };
        assert_eq!(crate::scene::reason(&scene.platform, anomaly), "NotRevocable");
    }
    // One that the platform has created itself, and that its holder leaves.
    let new = scene.platform.accounts().create("new", NewAccount::standard(Country::US)).unwrap().answer;
    assert_eq!(scene.tell(revoked(new)), fundroute::journal::FactOutcome::Applied);
    assert_eq!(scene.tell(revoked(new)), fundroute::journal::FactOutcome::Stale);
    assert_eq!(access(&scene.platform, new), "shut");
}
