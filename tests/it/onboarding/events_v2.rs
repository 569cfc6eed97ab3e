//! What happens to accounts, in the words of the newer interface.

use fundroute::accounts::*;
use fundroute::ids::*;
use fundroute::journal::*;
use fundroute::prelude::*;
use fundroute::rulebook::*;

/// The names of the newer interface, without what they all begin with.
fn told(changes: &Changes) -> Vec<&'static str> {
    changes.events.iter().filter_map(|event| event.kind.name().strip_prefix("v2.core.account")).collect()
}

fn open(wanted: bool) -> Platform {
    let book = Rulebook::standard().with_v2_events(wanted);
    Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap()
}

fn oak(platform: &mut Platform) -> AccountId {
    let new = NewAccount::custom(US).request(Capability::Transfers).business_type(BusinessType::Company);
    platform.accounts().create("oak", new).unwrap().answer
}

#[test]
fn every_part_of_an_account_has_an_event_of_its_own() {
    let mut platform = open(true);
    let new = NewAccount::custom(US).request(Capability::Transfers).business_type(BusinessType::Company);
    let created = platform.accounts().create("oak", new).unwrap();
    let oak = created.answer;
    assert_eq!(told(&created.changes), [".created"]);

    let mut give = |key: &str, command: Command| {
        let changes = platform.handle(Request::new(key, command)).unwrap().changes;
        let ours = |event: &&Event| event.kind.name().starts_with("v2.core");
        assert!(changes.events.iter().filter(ours).all(|event| event.account == Some(oak)));
        told(&changes)
    };
    let about = |field: &str, value: &str| Command::ProvideInformation(Information::about(oak).set(field, value));
    assert_eq!(give("mcc", about("business_profile.mcc", "5734")), [".updated", "[defaults].updated"]);
    let named = give("name", about("company.name", "Oak"));
    assert_eq!(named, [".updated", "[requirements].updated", "[identity].updated"]);
    let terms = give("terms", about("tos_acceptance.ip", "203.0.113.7"));
    assert_eq!(terms, [".updated", "[requirements].updated"]);

    let capability = Capability::CardPayments;
    let cards = RequestCapability { account: oak, capability, requested: true };
    let asked = give("cards", Command::RequestCapability(cards));
    assert_eq!(asked, [".updated", "[requirements].updated", "[configuration.merchant].updated"]);

    let owner = NewPerson::new(oak, Relationship::of([PersonRole::Owner]));
    let added = give("owner", Command::CreatePerson(owner));
    assert_eq!(added, [".updated", "[requirements].updated", "_person.created"]);
    let closed = give("end", Command::CloseAccount(CloseAccount { account: oak }));
    assert!(closed.starts_with(&[".closed"]), "{closed:?}");
}

#[test]
fn capabilities_and_persons_are_told_of_by_what_became_of_them() {
    let mut platform = open(true);
    let oak = oak(&mut platform);
    let mut world = fundroute::simulator::World::new();
    let mut all: Vec<&str> = Vec::new();
    for _ in 0..4 {
        for request in world.answers(&platform, oak).unwrap() {
            all.extend(told(&platform.handle(request).unwrap().changes));
        }
        for instruction in platform.instructions() {
            world.answer(&platform, &instruction);
        }
        while let Some(report) = world.tell(platform.now()) {
            all.extend(told(&platform.record(&report).unwrap().changes));
        }
    }
    assert_eq!(platform.account(oak).unwrap().capability(Capability::Transfers), Some(CapabilityStatus::Active));
    for name in ["[configuration.recipient].capability_status_updated", "_person.created", "_person.updated"] {
        assert!(all.contains(&name), "{name}: {all:?}");
    }
    assert!(!all.contains(&"[configuration.recipient].updated"), "it asked for nothing new");

    let director = NewPerson::new(oak, Relationship::of([PersonRole::Director]));
    let Answer::Person(id) = platform.handle(Request::new("al", Command::CreatePerson(director))).unwrap().answer
    else {
        panic!("a person is answered with its id")
    };
    let gone = platform.handle(Request::new("no al", Command::DeletePerson(id))).unwrap();
    assert!(told(&gone.changes).contains(&"_person.deleted"));
}

#[test]
fn what_rules_bring_with_time_is_told_when_it_comes() {
    let header = "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,since,from,\
                  after,confidence,source\n";
    let row = "us,company,*,*,*,company,company.tax_id_registrar,unprovided,both,,,,,2026-12-01,,low,ours\n";
    let mut book = Rulebook::standard().with_v2_events(true);
    book.read(Table::Requirements, &format!("{header}{row}")).unwrap();
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    oak(&mut platform);
    let fired = platform.advance_to(utc(2026, 12, 2)).unwrap();
    let all: Vec<&str> = fired.iter().flat_map(told).collect();
    assert!(all.contains(&"[future_requirements].updated") && all.contains(&"[requirements].updated"), "{all:?}");
}

/// What a person will be asked for is a matter of the account, too.
#[test]
fn what_rules_will_bring_for_a_person_is_told_with_the_person() {
    let header = "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,since,from,\
                  after,confidence,source\n";
    let row = "us,company,*,*,*,owner,nationality,unprovided,both,,,,,2026-12-01,,low,ours\n";
    let mut book = Rulebook::standard().with_v2_events(true);
    book.read(Table::Requirements, &format!("{header}{row}")).unwrap();
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    let oak = oak(&mut platform);
    let owner = Command::CreatePerson(NewPerson::new(oak, Relationship::of([PersonRole::Owner])));
    let added = platform.handle(Request::new("owner", owner)).unwrap();
    assert!(told(&added.changes).contains(&"[future_requirements].updated"), "{:?}", told(&added.changes));
}

#[test]
fn nobody_is_told_who_did_not_ask() {
    let mut platform = open(false);
    let new = NewAccount::custom(US).request(Capability::Transfers);
    assert_eq!(told(&platform.accounts().create("oak", new).unwrap().changes), [""; 0]);
}
