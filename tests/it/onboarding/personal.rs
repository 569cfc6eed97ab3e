use fundroute::accounts::{HolderType, Information, NewExternalAccount, NewPerson, Relationship};
use fundroute::journal::{Answer, Changes, Event, Outcome, Report, Snapshot};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Check, PersonRole};
use fundroute::simulator::UNKNOWN_NUMBER;

use super::Desk;

/// What must be seen nowhere but in the part that a store keeps apart.
const SECRETS: [&str; 7] =
    ["000123456789", "987654321", UNKNOWN_NUMBER, "1961-08-04", "Josephine", "jo@oak.example", "203.0.113.7"];

/// Everything that is written, shown or said about an account is without a full account number, tax id, or birth date, and without
/// names.
#[test]
fn no_output_tells_who_somebody_is() {
    let mut desk = Desk::open();
    let mut journal: Vec<Changes> = Vec::new();
    let mut said = String::new();
    let oak = desk.custom(US, BusinessType::Company);
    let commands = [
        Command::ProvideInformation(
            Information::about(oak)
                .set("company.name", "Josephine Oak Inc")
                .set("company.tax_id", "987654321")
                .set("tos_acceptance.ip", "203.0.113.7"),
        ),
        Command::CreatePerson(
            NewPerson::new(oak, Relationship::of([PersonRole::Representative]))
                .set("first_name", "Josephine")
                .set("email", "jo@oak.example")
                .set("dob", "1961-08-04")
                .set("id_number", UNKNOWN_NUMBER),
        ),
        Command::AddExternalAccount(NewExternalAccount::bank(oak, US, USD, "000123456789").routing("110000000")),
    ];
    for command in commands {
        said.push_str(&format!("{command:?}"));
        let request = Request::new(desk.key(), command);
        said.push_str(&format!("{request:?}"));
        let decided = desk.platform.handle(request.clone()).unwrap();
        journal.push(decided.changes);
        // The same key with another value is known as another request, without the value being told.
        let mut other = request;
        if let Command::ProvideInformation(told) = &mut other.command {
            told.fields.insert("company.tax_id".into(), "123456780".to_owned());
            let error = desk.platform.handle(other).unwrap_err();
            said.push_str(&format!("{error} {error:?}"));
        }
    }
    let person = desk.platform.persons(oak).unwrap()[0].id();
    desk.checked(oak, Some(person), Check::Identity, Some("id_number"));
    for instruction in desk.platform.instructions() {
        said.push_str(&format!("{instruction:?}{}", serde_json::to_string(&instruction).unwrap()));
    }
    let error = desk.give(Information::about(oak).set("company.tax_id", "98765432")).unwrap_err();
    said.push_str(&format!("{error} {error:?}"));
    for record in desk.platform.records() {
        said.push_str(&format!("{record:?}{}", serde_json::to_string(record).unwrap()));
    }
    for changes in &journal {
        said.push_str(&format!("{changes:?}{}", serde_json::to_string(&changes.without_personal()).unwrap()));
        let bytes = postcard::to_stdvec(&changes.without_personal()).unwrap();
        said.push_str(&String::from_utf8_lossy(&bytes));
    }
    said.push_str(&format!("{:?}{:?}", desk.platform.readiness(oak), desk.platform.information(person)));
    for secret in SECRETS {
        assert!(!said.contains(secret), "{secret}");
    }
    // It is there where it belongs.
    let apart = serde_json::to_string(&journal.iter().map(|changes| &changes.personal).collect::<Vec<_>>()).unwrap();
    assert!(SECRETS.iter().all(|secret| apart.contains(secret)));
    assert_eq!(desk.platform.information(person).unwrap().get("first_name"), Some("Josephine"));
}

/// A person is erased: nothing is left of them, the same requests give the same answers, and replay gives the same money and states.
#[test]
fn a_person_is_erased_and_the_journal_replayed() {
    let mut desk = Desk::open();
    let jo = desk.ready(NewAccount::express(US));
    let person = desk.platform.persons(jo).unwrap()[0].id();
    assert!(desk.platform.information(person).is_some());
    let before = desk.platform.snapshot();
    let erased = desk.platform.accounts().erase("forget", person).unwrap();
    assert!(desk.platform.information(person).is_none());
    let after = desk.platform.snapshot();
    assert_eq!((&after.records, &after.balances, &after.entries), (&before.records, &before.balances, &before.entries));
    assert!(desk.platform.accounts().erase("forget", person).unwrap().changes.is_empty(), "once is once");
    assert!(erased.changes.events.is_empty() && erased.changes.instructions.is_empty());
    let sale = NewPayment::card(usd(10_00)).destination(jo);
    desk.platform.payments().create("sale", sale).unwrap();
    let house = desk.platform.id();
    let nothing = desk.platform.accounts().erase("house", house).map(|decided| decided.answer);
    assert_eq!(nothing, Err(fundroute::accounts::AccountError::NothingPersonal(house.into()).into()));
}

/// The journal of an onboarding without its personal part replays to the same accounts, and decides the same from there.
#[test]
fn a_journal_without_persons_decides_the_same() {
    let rules = Rulebook::standard();
    let start = crate::shop::monday();
    let founding = Platform::founding(&NewPlatform::in_country(US), &rules, start).unwrap();
    let mut live = Platform::replay(rules.clone(), [founding.clone()]).unwrap();
    let mut journal = vec![founding];
    let new = NewAccount::custom(US).request(fundroute::rulebook::Capability::Transfers);
    let created = live.accounts().create("jo", new.business_type(BusinessType::Individual)).unwrap();
    let jo = created.answer;
    journal.push(created.changes);
    let told = Information::about(jo).set("individual.first_name", "Josephine").set("individual.dob", "1961-08-04");
    journal.push(live.accounts().provide("told", told).unwrap().changes);
    let mut erased = Platform::replay(rules, journal.iter().map(Changes::without_personal)).unwrap();
    assert_eq!(erased.readiness(jo), live.readiness(jo));
    let person = live.persons(jo).unwrap()[0].id();
    let checked = fundroute::accounts::InformationChecked {
        account: jo,
        person: Some(person),
        check: Check::Identity,
        revision: 1,
        outcome: fundroute::accounts::CheckOutcome::Verified,
    };
    let report = Report::new("checked", start, fundroute::journal::Fact::InformationChecked(checked));
    assert_eq!(erased.record(&report).unwrap().changes, live.record(&report).unwrap().changes);
}

/// Everything that tells who somebody is, of a company with two persons and a bank account.
const FORGOTTEN: [&str; 7] =
    ["Josephine", "1961-08-04", "jo@oak.example", "Oak and Daughters", "987654321", "000123456789", "203.0.113.7"];

/// The journal of a company of whom everything was forgotten, but for one of its persons, and its requests.
#[expect(clippy::panic, reason = "an answer of another kind ends the story")]
fn forgotten() -> (Platform, Vec<Changes>, Vec<Request>) {
    let (rules, start) = (Rulebook::standard(), crate::shop::monday());
    let founding = Platform::founding(&NewPlatform::in_country(US), &rules, start).unwrap();
    let mut platform = Platform::replay(rules, [founding.clone()]).unwrap();
    let (mut journal, mut asked) = (vec![founding], Vec::new());
    let mut ask = |command: Command| {
        let request = Request::new(format!("request-{}", asked.len()), command);
        let decided = platform.handle(request.clone()).unwrap();
        let about = decided.changes.personal.first().map(|write| write.of);
        journal.push(decided.changes);
        asked.push(request);
        (decided.answer, about)
    };
    let new = NewAccount::custom(US).request(fundroute::rulebook::Capability::Transfers);
    let (Answer::Account(oak), _) = ask(Command::CreateAccount(new.business_type(BusinessType::Company))) else {
        panic!()
    };
    let company = Information::about(oak).set("company.name", FORGOTTEN[3]).set("company.tax_id", FORGOTTEN[4]);
    let (_, company) = ask(Command::ProvideInformation(company.set("tos_acceptance.ip", FORGOTTEN[6])));
    let person = |name: &str| NewPerson::new(oak, Relationship::of([PersonRole::Owner])).set("first_name", name);
    let (Answer::Person(jo), about) = ask(Command::CreatePerson(person(FORGOTTEN[0]).set("dob", FORGOTTEN[1]))) else {
        panic!()
    };
    assert_eq!(about, Some(jo.into()));
    ask(Command::ProvideInformation(Information::about_person(jo).set("email", FORGOTTEN[2])));
    ask(Command::CreatePerson(person("Wilhelmina")));
    let bank = NewExternalAccount::bank(oak, US, USD, FORGOTTEN[5]).routing("110000000");
    let (_, bank) = ask(Command::AddExternalAccount(bank.holder(FORGOTTEN[3], HolderType::Company)));
    for of in [about, company, bank].map(Option::unwrap) {
        assert_eq!(ask(Command::Erase(of)).0, Answer::Erased(of));
    }
    (platform, journal, asked)
}

/// A journal in which somebody was forgotten replays to the same platform, with its personal part and without it: and what was
/// forgotten is nowhere.
#[test]
fn a_journal_that_forgets_somebody_replays_without_a_trace_of_them() {
    let (live, journal, asked) = forgotten();
    let stripped: Vec<Changes> = journal.iter().map(Changes::without_personal).collect();
    let whole = Platform::replay(Rulebook::standard(), journal.clone()).unwrap();
    let without = Platform::replay(Rulebook::standard(), stripped.clone()).unwrap();
    assert_eq!(whole.snapshot(), live.snapshot());
    assert_eq!(without.snapshot(), Snapshot { personal: Vec::new(), ..live.snapshot() });
    let mut said = format!("{journal:?}{stripped:?}{live:?}{without:?}{:?}{asked:?}", live.snapshot());
    said.push_str(&serde_json::to_string(&(live.snapshot(), &stripped)).unwrap());
    said.push_str(&String::from_utf8_lossy(&postcard::to_stdvec(&(live.snapshot(), &stripped)).unwrap()));
    let events: Vec<&Event> = journal.iter().flat_map(|changes| &changes.events).collect();
    said.push_str(&serde_json::to_string(&events).unwrap());
    for secret in FORGOTTEN {
        assert!(!said.contains(secret), "{secret}");
    }
    // Whoever was not forgotten is still known, and every request comes again as it was answered.
    assert!(serde_json::to_string(&live.snapshot().personal).unwrap().contains("Wilhelmina"));
    for request in asked {
        let answers = [&live, &whole, &without].map(|platform| platform.decide(&request).map(|again| again.outcome));
        assert_eq!(answers, [Ok(Outcome::Replayed), Ok(Outcome::Replayed), Ok(Outcome::Replayed)], "{request:?}");
    }
    let later = Request::new("later", Command::CreatePayment(NewPayment::card(usd(10_00))));
    assert_eq!(live.decide(&later), without.decide(&later));
}
