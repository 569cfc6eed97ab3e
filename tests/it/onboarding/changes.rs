//! What was verified and is changed: what is refused, and what is asked for anew (docs.stripe.com/connect/update-verified-information,
//! 2024).

use fundroute::accounts::{AccountError, Information, NewPerson, Phase, Relationship};
use fundroute::ids::AccountId;
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, Check, Country, PersonRole, Rulebook, Table};

use super::{Desk, names, refused};

const CNPJ: &str = "11.222.333/0001-81";
const CPF: &str = "529.982.247-25";

fn ready(desk: &mut Desk, country: Country, business_type: BusinessType) -> AccountId {
    let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
    desk.ready(new.business_type(business_type))
}

fn about(account: AccountId, field: &str, value: &str) -> Information {
    Information::about(account).set(field, value)
}

/// A worker that holds nothing but what it asks for, and no data about persons, answers the same.
fn decided_in_part(desk: &Desk, command: Command) {
    let who = Identity { platform: desk.platform.id(), livemode: false };
    let mut worker = Platform::partial(who, Rulebook::standard(), desk.platform.now());
    let request = Request::new("in part", command);
    let decided = loop {
        match worker.decide(&request) {
            Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| desk.platform.look_up(key))),
            decided => break decided,
        }
    };
    assert_eq!(decided, desk.platform.decide(&request));
}

#[test]
fn a_verified_tax_id_in_brazil_stays() {
    let mut desk = Desk::open();
    let company = desk.custom(Country::BR, BusinessType::Company);
    desk.give(about(company, "company.tax_id", CNPJ)).unwrap();
    // While it is looked at, and after it was found wrong, it can be put right.
    desk.give(about(company, "company.tax_id", CNPJ)).unwrap();
    desk.checked(company, None, Check::TaxId, Some("company.tax_id"));
    desk.give(about(company, "company.tax_id", CNPJ)).unwrap();
    desk.checked(company, None, Check::TaxId, None);
    let error = refused(desk.give(about(company, "company.tax_id", CNPJ)));
    assert_eq!(error, AccountError::FieldLocked("company.tax_id".into()));
    decided_in_part(&desk, Command::ProvideInformation(about(company, "company.tax_id", CNPJ)));
    desk.give(about(company, "company.phone", "+5511987654321")).unwrap();

    let jo = desk.custom(Country::BR, BusinessType::Individual);
    desk.give(about(jo, "individual.id_number", CPF)).unwrap();
    let person = desk.platform.persons(jo).unwrap()[0].id();
    desk.checked(jo, Some(person), Check::Identity, None);
    let locked = AccountError::FieldLocked("individual.id_number".into());
    assert_eq!(refused(desk.give(about(jo, "individual.id_number", CPF))), locked);
    // A name is changed, and all of it looked at again: the number still stands.
    desk.give(about(jo, "individual.last_name", "Silva")).unwrap();
    assert_eq!(refused(desk.give(about(jo, "individual.id_number", CPF))), locked);
    desk.checked(jo, Some(person), Check::Identity, Some("last_name"));
    assert_eq!(refused(desk.give(about(jo, "individual.id_number", CPF))), locked);
    // Unless that is what was found wrong with it.
    desk.give(about(jo, "individual.last_name", "Souza")).unwrap();
    desk.checked(jo, Some(person), Check::Identity, Some("id_number"));
    desk.give(about(jo, "individual.id_number", CPF)).unwrap();
    // The persons of a company are no individuals.
    let representative = desk.person(company, Relationship::of([PersonRole::Representative]));
    let told = || Information::about_person(representative).set("id_number", CPF);
    desk.give(told()).unwrap();
    desk.checked(company, Some(representative), Check::Identity, None);
    desk.give(told()).unwrap();
}

/// Where nothing is locked everything can be changed; which it is stands in a table.
#[test]
fn what_is_locked_is_data() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    desk.give(about(oak, "company.tax_id", "123456789")).unwrap();
    desk.checked(oak, None, Check::TaxId, None);
    desk.give(about(oak, "company.tax_id", "123456780")).unwrap();

    let mut rules = Rulebook::standard();
    let sets = "country,sets,confidence,business_types,owners,locked_fields,source\n\
                US,us common everywhere,high,company,>=25,company.name,ours\n";
    rules.read(Table::RequirementSets, sets).unwrap();
    let mut desk = Desk::open_by(rules.clone());
    let elm = desk.custom(US, BusinessType::Company);
    desk.give(about(elm, "company.name", "Elm Inc")).unwrap();
    desk.checked(elm, None, Check::Registry, None);
    let error = refused(desk.give(about(elm, "company.name", "Elm & Oak Inc")));
    assert_eq!(error, AccountError::FieldLocked("company.name".into()));
    let error = rules.read(Table::RequirementSets, &sets.replace("company.name", "company.moon")).unwrap_err();
    assert!(error.to_string().contains("`company.moon` is not a field"), "{error}");
}

#[test]
fn another_tax_id_needs_the_terms_accepted_anew() {
    let mut desk = Desk::open();
    let oak = ready(&mut desk, US, BusinessType::Company);
    desk.wait(40);
    let changed = desk.platform.now();
    let until = changed.plus_days(14).unwrap();
    desk.give(about(oak, "company.tax_id", "123456789")).unwrap();
    let terms = ["tos_acceptance.date", "tos_acceptance.ip"];
    let asked = desk.asked(oak);
    assert!(terms.iter().all(|field| names(&asked.currently_due).contains(field)), "{asked:?}");
    assert_eq!((asked.past_due.len(), asked.current_deadline), (0, Some(until)));
    desk.settle();
    assert_eq!(desk.platform.readiness(oak).unwrap().phase, Phase::Ready, "not at once");

    // Another change does not buy more time.
    desk.wait(10);
    desk.give(about(oak, "company.tax_id", "123456780")).unwrap();
    desk.settle();
    assert_eq!(desk.asked(oak).current_deadline, Some(until));
    desk.platform.advance_to(until.checked_add(-chrono::TimeDelta::microseconds(1)).unwrap()).unwrap();
    assert!(desk.platform.account(oak).unwrap().charges_enabled());
    desk.platform.advance_to(until).unwrap();
    let ready = desk.platform.readiness(oak).unwrap();
    assert_eq!((ready.phase, names(&ready.blocked_by)), (Phase::Restricted, terms.to_vec()));

    let accept = |told: Information| told.set(terms[0], "1790000000").set(terms[1], "203.0.113.7");
    desk.give(accept(Information::about(oak))).unwrap();
    assert_eq!(desk.platform.readiness(oak).unwrap().phase, Phase::Ready);
    // Accepted together with the change they are accepted.
    desk.give(accept(about(oak, "company.tax_id", "123456789"))).unwrap();
    assert!(desk.asked(oak).currently_due.is_empty());
}

#[test]
fn a_tax_id_that_was_never_verified_asks_for_nothing_anew() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let accepted =
        Information::about(oak).set("tos_acceptance.date", "1790000000").set("tos_acceptance.ip", "203.0.113.7");
    desk.give(accepted.set("company.tax_id", "123456789")).unwrap();
    desk.give(about(oak, "company.tax_id", "123456780")).unwrap();
    desk.checked(oak, None, Check::TaxId, Some("company.tax_id"));
    desk.give(about(oak, "company.tax_id", "123456789")).unwrap();
    assert!(!names(&desk.asked(oak).eventually_due).contains(&"tos_acceptance.date"));
    // A document that was given for it proves it as well.
    desk.checked(oak, None, Check::TaxId, Some("company.tax_id"));
    desk.give(about(oak, "company.verification.document", "file_identity_document_success")).unwrap();
    desk.checked(oak, None, Check::CompanyDocument, None);
    desk.give(about(oak, "company.tax_id", "123456780")).unwrap();
    let asked = desk.asked(oak);
    assert!(names(&asked.currently_due).contains(&"tos_acceptance.date"), "{asked:?}");
    assert!(!names(&asked.past_due).contains(&"tos_acceptance.date"), "{asked:?}");
    decided_in_part(&desk, Command::ProvideInformation(about(oak, "company.tax_id", "123456789")));
}

/// docs.stripe.com/connect/handling-api-verification (2024).
#[test]
fn one_file_is_not_two_documents() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let same = AccountError::SameFile {
        identity: "verification.document".into(),
        address: "verification.additional_document".into(),
    };
    let jo = desk.custom(US, BusinessType::Individual);
    let told = about(jo, "individual.verification.document", "file_a");
    let error = refused(desk.give(told.clone().set("individual.verification.additional_document", "file_a")));
    assert_eq!(error, same);
    assert!(!error.to_string().contains("file_a"));
    desk.give(told.set("individual.verification.additional_document", "file_b")).unwrap();

    let new = || NewPerson::new(oak, Relationship::of([PersonRole::Representative]));
    let both = new().set("verification.document", "file_c").set("verification.additional_document", "file_c");
    let error = desk.platform.accounts().add_person("both", both).map(|decided| decided.answer);
    assert_eq!(error, Err(same.clone().into()));
    let person = desk.platform.accounts().add_person("one", new()).unwrap().answer;
    let told = Information::about_person(person).set("verification.document", "file_c");
    let error = refused(desk.give(told.clone().set("verification.additional_document", "file_c")));
    assert_eq!(error, same);
    // One after the other they are not compared: whoever decides may not have the names of files.
    desk.give(told).unwrap();
    let later = Information::about_person(person).set("verification.additional_document", "file_c");
    decided_in_part(&desk, Command::ProvideInformation(later.clone()));
    desk.give(later).unwrap();
}

#[test]
fn documents_of_a_verified_company_stay() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let document = |file: &str| about(oak, "company.verification.document", file);
    desk.give(about(oak, "company.tax_id", "123456789")).unwrap();
    desk.give(document("file_a")).unwrap();
    // Not verified yet, and not while one of them is in doubt.
    desk.give(document("file_b")).unwrap();
    desk.checked(oak, None, Check::CompanyDocument, Some("company.verification.document"));
    desk.checked(oak, None, Check::TaxId, None);
    desk.give(document("file_c")).unwrap();
    desk.checked(oak, None, Check::CompanyDocument, None);
    let error = refused(desk.give(document("file_d")));
    assert_eq!(error, AccountError::DocumentLocked("company.verification.document".into()));
    decided_in_part(&desk, Command::ProvideInformation(document("file_d")));
    // Another document is no replacement, and with something new in doubt the company is not verified.
    desk.give(about(oak, "documents.company_license", "file_e")).unwrap();
    desk.give(about(oak, "company.name", "Oak Inc")).unwrap();
    desk.give(document("file_d")).unwrap();
}
