//! What an account is asked for, and who is known.

use fundroute::accounts::{
    CheckOutcome, Due, DueState, Information, InformationChecked, NewAccount, NewPerson, Relationship,
    RequestCapability, Urgency, Verification,
};
use fundroute::ids::{AccountId, PersonId};
use fundroute::journal::Fact;
use fundroute::money::usd;
use fundroute::payments::NewPayment;
use fundroute::platform::{Command, Platform};
use fundroute::rulebook::{BusinessType, Capability, Check, Country, PersonRole, RequirementErrorCode};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, tell};

const PATH: &str = "company.tax_id";

fn item_state(platform: &Platform, account: AccountId) -> String {
    let profile = platform.profile(platform.account(account).unwrap().profile()).unwrap();
    let most = profile.due().iter().filter(|due| due.path.as_str() == PATH).map(|due: &Due| due.state).max();
    match most {
        None if profile.given().has(PATH) => "satisfied",
        None => "not asked for",
        Some(DueState::Wanted(Urgency::Eventually)) => "eventually due",
        Some(DueState::Wanted(Urgency::Currently)) => "currently due",
        Some(DueState::Wanted(Urgency::Past)) => "past due",
        Some(DueState::Pending { blocks: false }) => "pending",
        Some(DueState::Pending { blocks: true }) => "pending and blocking",
    }
    .to_owned()
}

fn give(account: AccountId, field: &str, value: &str) -> Command {
    Command::ProvideInformation(Information::about(account).set(field, value))
}

fn answer(platform: &mut Platform, account: AccountId, check: Check, fails: bool) -> Fact {
    let profile = platform.profile(platform.account(account).unwrap().profile()).unwrap();
    let revision = profile.given().check(check).map_or(1, |state| state.revision);
    let code = RequirementErrorCode::VerificationFailedTaxIdMatch;
    let outcome = if fails { CheckOutcome::Failed { code, fields: vec![PATH.into()] } } else { CheckOutcome::Verified };
    Fact::InformationChecked(InformationChecked { account, person: None, check, revision, outcome })
}

/// What happened to the tax id of a US company.
#[derive(Clone, Copy)]
enum Before {
    /// It is an individual's account.
    NotAsked,
    Nothing,
    Given,
    GivenLongAgo,
    Failed,
    Verified,
    Changed,
}

fn company(before: Before) -> (Platform, AccountId) {
    let mut scene = Scene::vetted();
    let business_type = if let Before::NotAsked = before { BusinessType::Individual } else { BusinessType::Company };
    let new = NewAccount::custom(Country::US).request(Capability::CardPayments).request(Capability::Transfers);
    let account = scene.platform.accounts().create("oak", new.business_type(business_type)).unwrap().answer;
    if matches!(before, Before::NotAsked | Before::Nothing) {
        return (scene.platform, account);
    }
    scene.ask(None, give(account, PATH, "123456789"));
    match before {
        Before::GivenLongAgo => advance(&mut scene.platform, 31).unwrap(),
        Before::Failed => {
            let fact = answer(&mut scene.platform, account, Check::TaxId, true);
            scene.tell(fact);
        }
        Before::Verified | Before::Changed => {
            let fact = answer(&mut scene.platform, account, Check::TaxId, false);
            scene.tell(fact);
        }
        Before::NotAsked | Before::Nothing | Before::Given => {}
    }
    if let Before::Changed = before {
        scene.ask(None, give(account, PATH, "987654321"));
    }
    (scene.platform, account)
}

#[test]
fn requirement() {
    let about = "The tax id of a US company that takes cards: it may be unconfirmed for 30 days or 1,500.00, whichever is first.";
    let mut machine = Machine::new("requirement", about, item_state);
    machine.row("not asked for", company(Before::NotAsked));
    machine.row("past due", company(Before::Nothing));
    machine.row("pending", company(Before::Given));
    machine.row("pending and blocking", company(Before::GivenLongAgo));
    machine.row("currently due, after a failure", company(Before::Failed));
    machine.row("satisfied", company(Before::Verified));
    machine.row("pending, changed", company(Before::Changed));
    machine.column("give it", |platform, account| did(ask(platform, "x", None, give(account, PATH, "000000000"))));
    machine.column("give it badly", |platform, account| did(ask(platform, "x", None, give(account, PATH, "12-34"))));
    machine.column("give a document", |platform, account| {
        let document = give(account, "company.verification.document", "file_identity_document_success");
        did(ask(platform, "x", None, document))
    });
    machine.column("a document that is found good", |platform, account| {
        let document = give(account, "company.verification.document", "file_identity_document_success");
        ask(platform, "x", None, document)?;
        let (at, fact) = (platform.now(), answer(platform, account, Check::CompanyDocument, false));
        told(tell(platform, "y", at, fact))
    });
    for (name, fails) in [("found true", false), ("found wrong", true)] {
        machine.column(name, move |platform, account| {
            let (at, fact) = (platform.now(), answer(platform, account, Check::TaxId, fails));
            told(tell(platform, "x", at, fact))
        });
    }
    machine.column("an answer about another revision", |platform, account| {
        let (at, outcome) = (platform.now(), CheckOutcome::Verified);
        let fact = InformationChecked { account, person: None, check: Check::TaxId, revision: 9, outcome };
        told(tell(platform, "x", at, Fact::InformationChecked(fact)))
    });
    for (name, days) in [("15 days", 15), ("31 days", 31)] {
        machine.column(name, move |platform, _| {
            advance(platform, days)?;
            Ok(Did::Done)
        });
    }
    machine.column("becomes an individual", |platform, account| {
        did(ask(platform, "x", None, give(account, "business_type", "individual")))
    });
    machine.column("gives up cards", |platform, account| {
        let (capability, requested) = (Capability::CardPayments, false);
        did(ask(platform, "x", None, Command::RequestCapability(RequestCapability { account, capability, requested })))
    });
    machine.column("pay it 1.00 by card", |platform, account| {
        did(ask(platform, "x", None, Command::CreatePayment(NewPayment::card(usd(1_00)).destination(account))))
    });
    machine.check();
}

#[derive(Clone, Copy)]
struct Owner {
    account: AccountId,
    person: PersonId,
}

fn person_state(platform: &Platform, ids: Owner) -> String {
    let person = platform.person(ids.person).unwrap();
    if person.deleted_at().is_some() {
        return "gone".to_owned();
    }
    match person.verification() {
        Verification::Unverified => "unverified",
        Verification::Pending => "pending",
        Verification::Verified => "verified",
    }
    .to_owned()
}

fn about_person(platform: &Platform, ids: Owner, check: Check, fails: bool) -> Fact {
    let given = platform.person(ids.person).unwrap().given();
    let revision = given.check(check).map_or(1, |state| state.revision);
    let code = RequirementErrorCode::VerificationFailedKeyedIdentity;
    let outcome = if fails { CheckOutcome::Failed { code, fields: Vec::new() } } else { CheckOutcome::Verified };
    Fact::InformationChecked(InformationChecked {
        account: ids.account,
        person: Some(ids.person),
        check,
        revision,
        outcome,
    })
}

fn executive(given: bool, answered: Option<bool>, gone: bool) -> (Platform, Owner) {
    let mut scene = Scene::vetted();
    let new = NewAccount::custom(Country::US).request(Capability::Transfers).business_type(BusinessType::Company);
    let account = scene.platform.accounts().create("oak", new).unwrap().answer;
    let person = NewPerson::new(account, Relationship::of([PersonRole::Executive]));
    let person = scene.platform.accounts().add_person("al", person).unwrap().answer;
    let ids = Owner { account, person };
    if given {
        scene.ask(None, name(person));
    }
    if let Some(fails) = answered {
        let fact = about_person(&scene.platform, ids, Check::Identity, fails);
        scene.tell(fact);
    }
    if gone {
        scene.ask(None, Command::DeletePerson(person));
    }
    (scene.platform, ids)
}

fn name(person: PersonId) -> Command {
    let told =
        Information::about_person(person).set("first_name", "Al").set("last_name", "Oak").set("dob", "1980-05-01");
    Command::ProvideInformation(told)
}

#[test]
fn person() {
    let about = "The one executive of a US company.";
    let mut machine = Machine::new("person", about, person_state);
    machine.row("unverified", executive(false, None, false));
    machine.row("pending", executive(true, None, false));
    machine.row("unverified, after a failure", executive(true, Some(true), false));
    machine.row("verified", executive(true, Some(false), false));
    machine.row("gone", executive(false, None, true));
    machine.column("give a name", |platform, ids: Owner| did(ask(platform, "x", None, name(ids.person))));
    machine.column("give a document", |platform, ids| {
        let told = Information::about_person(ids.person).set("verification.document", "file_identity_document_success");
        did(ask(platform, "x", None, Command::ProvideInformation(told)))
    });
    for (name, check, fails) in [
        ("known", Check::Identity, false),
        ("not known", Check::Identity, true),
        ("document good", Check::Document, false),
    ] {
        machine.column(name, move |platform, ids| {
            let (at, fact) = (platform.now(), about_person(platform, ids, check, fails));
            told(tell(platform, "x", at, fact))
        });
    }
    machine.column("becomes an owner too", |platform, ids| {
        let both = Relationship::of([PersonRole::Executive, PersonRole::Owner]).owning(30);
        let told = Information::about_person(ids.person).relationship(both);
        did(ask(platform, "x", None, Command::ProvideInformation(told)))
    });
    machine.column("leaves", |platform, ids| did(ask(platform, "x", None, Command::DeletePerson(ids.person))));
    machine.column("is forgotten", |platform, ids| did(ask(platform, "x", None, Command::Erase(ids.person.into()))));
    machine.check();
}
