//! What is given about the wrong kind of thing.

use fundroute::accounts::*;
use fundroute::payments::*;
use fundroute::prelude::*;
use fundroute::rulebook::*;

use super::*;

#[test]
fn a_business_type_that_a_country_does_not_admit_is_refused() {
    let mut lab = Lab::new();
    let made = lab.ask(Command::CreateAccount(custom(Country::DE).business_type(BusinessType::GovernmentEntity)));
    assert!(made.is_err(), "created: {made:?}");
}

#[test]
fn a_business_type_that_a_country_does_not_admit_cannot_be_given_later() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(Country::DE));
    let told = lab.give(Information::about(jo).business_type(BusinessType::GovernmentEntity));
    assert!(told.is_err(), "{told:?}");
}

#[test]
fn percent_ownership_is_no_field() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(BR).business_type(BusinessType::Company));
    let owner = lab.person(jo, Relationship::of([PersonRole::Owner]));
    let path = format!("{owner}.relationship.percent_ownership");
    assert!(lab.due(jo).contains(&path));
    let told = lab.give(Information::about_person(owner).set("relationship.percent_ownership", "80"));
    assert!(told.is_err() || !lab.due(jo).contains(&path), "taken, and asked for still");
}

#[test]
fn percent_given_as_a_field_does_not_escape_the_sum() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(BR).business_type(BusinessType::Company));
    let mut results = Vec::new();
    for _ in 0..2 {
        let owner = lab.person(jo, Relationship::of([PersonRole::Owner]));
        results.push(lab.give(Information::about_person(owner).set("relationship.percent_ownership", "80")).is_ok());
    }
    assert_ne!(results, [true, true]);
}

#[test]
fn there_is_one_representative() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Company));
    lab.person(jo, Relationship::of([PersonRole::Representative]));
    let _ = lab.give(Information::about(jo).set("individual.first_name", "Jo"));
    let count = lab.p.persons(jo).unwrap().iter().filter(|p| p.relationship().is(PersonRole::Representative)).count();
    assert_eq!(count, 1);
}

#[test]
fn a_company_is_not_asked_for_an_individual() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    lab.give(Information::about(jo).set("individual.first_name", "Jo")).unwrap();
    lab.give(Information::about(jo).business_type(BusinessType::Company)).unwrap();
    let due = lab.due(jo);
    assert!(!due.iter().any(|path| path.starts_with("individual.")), "{due:?}");
}

#[test]
fn a_demoted_individual_can_leave_a_company() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    lab.give(Information::about(jo).set("individual.first_name", "Jo")).unwrap();
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.give(Information::about(jo).business_type(BusinessType::Company)).unwrap();
    lab.give(Information::about_person(me).relationship(Relationship::default())).unwrap();
    lab.person(jo, Relationship::of([PersonRole::Representative]));
    let left = lab.ask(Command::DeletePerson(me));
    assert!(left.is_ok(), "{left:?}");
}

#[test]
fn legacy_payments_is_enough_by_itself() {
    let mut lab = Lab::new();
    let jo =
        lab.ready(NewAccount::custom(US).request(Capability::LegacyPayments).business_type(BusinessType::Individual));
    let r = lab.p.readiness(jo).unwrap();
    assert!(r.charges_enabled);
    let sale = lab.ask_as(jo, Command::CreatePayment(NewPayment::card(usd(20_00))));
    assert!(sale.is_ok(), "charges_enabled, yet {sale:?}");
}

#[test]
fn two_needs_of_a_capability_are_looked_up_each() {
    let mut book = Rulebook::standard();
    let header = "capability,family,needs,permanent,payments,agreements,countries,source,year,note\n";
    let row = "link_payments,other,transfers card_payments,no,yes,full,,ours,2026,\n";
    book.read(Table::Capabilities, &format!("{header}{row}")).unwrap();
    let mut lab = Lab::by(book);
    let new = NewAccount::custom(US)
        .request(Capability::CardPayments)
        .request(Capability::Transfers)
        .request(Capability::LinkPayments);
    let made = lab.ask(Command::CreateAccount(new));
    assert!(made.is_ok(), "{made:?}");
}

#[test]
fn a_relationship_without_a_person_is_refused() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Company));
    let told = lab.give(Information::about(jo).relationship(Relationship::of([PersonRole::Owner])));
    assert!(told.is_err(), "taken, and nothing came of it: {told:?}");
}

#[test]
fn no_unregistered_field_name_is_echoed_whole() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US));
    let slip = format!("Jenny Rosen 1988-04-30 SSN 123-45-6789 {}", "x".repeat(1_000_000));
    let error = lab.give(Information::about(jo).set(&slip, "id_number")).unwrap_err();
    assert!(
        error.to_string().len() < 1_000 && !error.to_string().contains("123-45-6789"),
        "{} bytes of whatever was sent",
        error.to_string().len()
    );
}

#[test]
fn an_address_that_is_refused_is_not_echoed_whole() {
    let mut lab = Lab::live();
    let jo = lab.create(NewAccount::express(US));
    let url = format!("http://a.example/{}", "x".repeat(1_000_000));
    let error = lab
        .ask(Command::CreateAccountLink(NewAccountLink::onboarding(jo, url.as_str(), "https://a.example/y")))
        .unwrap_err();
    assert!(error.to_string().len() < 1_000, "{}", error.to_string().len());
}

#[test]
fn a_check_names_fields_of_its_subject_only() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.fails(jo, Some(me), Check::Identity, &["Jenny Rosen, born 1988-04-30"]);
    let json = serde_json::to_string(&lab.p.snapshot()).unwrap();
    assert!(!json.contains("Jenny Rosen, born"), "what a fact says about fields stands in the journal unchecked");
}
