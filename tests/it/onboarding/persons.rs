use fundroute::accounts::{AccountError, Information, Relationship};
use fundroute::calendar::Timestamp;
use fundroute::ids::PersonId;
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, Check, PersonRole, RequirementErrorCode};

use super::{Desk, names, owner, refused};

fn leave(desk: &mut Desk, person: PersonId) -> Result<PersonId, Error> {
    let key = desk.key();
    desk.platform.accounts().delete_person(&key, person).map(|decided| decided.answer)
}

/// docs.stripe.com/api/persons (2026): one representative, who cannot be deleted; nor can the only verified executive.
#[test]
fn some_persons_cannot_leave() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let jo = desk.person(oak, Relationship::of([PersonRole::Representative]));
    let key = desk.key();
    let second = fundroute::accounts::NewPerson::new(oak, Relationship::of([PersonRole::Representative]));
    let answer = desk.platform.accounts().add_person(&key, second).map(|decided| decided.answer);
    assert_eq!(answer, Err(AccountError::RepresentativeExists(jo).into()));
    assert_eq!(leave(&mut desk, jo), Err(AccountError::PersonNeeded(jo).into()));
    let al = desk.person(oak, Relationship::of([PersonRole::Executive]));
    let told = Information::about_person(al).set("first_name", "Al").set("last_name", "Oak").set("dob", "1980-05-01");
    desk.give(told).unwrap();
    desk.checked(oak, Some(al), Check::Identity, None);
    assert_eq!(leave(&mut desk, al), Err(AccountError::PersonNeeded(al).into()));
    let bo = desk.person(oak, Relationship::of([PersonRole::Executive]));
    desk.give(Information::about_person(bo).set("first_name", "Bo").set("dob", "1981-05-01")).unwrap();
    desk.checked(oak, Some(bo), Check::Identity, None);
    assert_eq!(leave(&mut desk, al), Ok(al));
    assert_eq!(leave(&mut desk, al), Err(Error::NotFound(al.into())), "once is enough");
    assert_eq!(desk.platform.persons(oak).unwrap().len(), 2);
    assert!(names(&desk.asked(oak).eventually_due).iter().all(|path| !path.starts_with(&al.to_string())));
    assert!(desk.platform.information(al).is_none(), "who left is forgotten");
}

#[test]
fn nobody_owns_more_than_there_is() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    desk.person(oak, owner(60));
    let key = desk.key();
    let second = fundroute::accounts::NewPerson::new(oak, owner(41));
    let answer = desk.platform.accounts().add_person(&key, second).map(|decided| decided.answer);
    assert_eq!(answer, Err(AccountError::OwnershipTooLarge(oak).into()));
    let al = desk.person(oak, owner(40));
    let answer = desk.give(Information::about_person(al).relationship(owner(41)));
    assert_eq!(refused(answer), AccountError::OwnershipTooLarge(oak));
}

/// docs.stripe.com/connect/required-verification-information (2024): who is under age needs a guardian.
#[test]
fn a_minor_is_known_by_the_date_of_birth() {
    let mut desk = Desk::open();
    let jo = desk.custom(US, BusinessType::Individual);
    let born = |date: &str| Information::about(jo).set("individual.dob", date);
    desk.give(born("2010-11-03")).unwrap();
    let person = desk.platform.persons(jo).unwrap()[0].id();
    assert!(desk.platform.person(person).unwrap().is_minor());
    assert!(names(&desk.asked(jo).currently_due).contains(&"relationship.legal_guardian"));
    desk.person(jo, Relationship::of([PersonRole::LegalGuardian]));
    assert!(!names(&desk.asked(jo).currently_due).contains(&"relationship.legal_guardian"));
    desk.give(born("2008-11-02")).unwrap();
    assert!(!desk.platform.person(person).unwrap().is_minor(), "eighteen today");
    let error = AccountError::FieldInvalid {
        field: "individual.dob".into(),
        code: RequirementErrorCode::InvalidDobAgeUnderMinimum,
    };
    assert_eq!(refused(desk.give(born("2020-01-01"))), error);
}

/// Who is under age comes of age by the clock, with the month of their birthday and not on it: a journal that changes on a birthday
/// would tell it.
#[test]
fn a_minor_comes_of_age_with_the_month() {
    let days = [("2008-11-03", "2026-12-01"), ("2008-12-01", "2026-12-01"), ("2008-12-02", "2027-01-01")];
    for (born, on) in days.into_iter().chain([("2012-02-29", "2030-03-01")]) {
        let mut desk = Desk::open();
        let jo =
            desk.ready(NewAccount::custom(US).request(Capability::Transfers).business_type(BusinessType::Individual));
        desk.give(Information::about(jo).set("individual.dob", born)).unwrap();
        let person = desk.platform.persons(jo).unwrap()[0].id();
        desk.checked(jo, Some(person), Check::Identity, None);
        let of_age = Timestamp::start_of(on.parse().unwrap()).unwrap();
        assert_eq!(desk.platform.person(person).unwrap().minor_until(), Some(of_age), "{born}");
        assert_eq!(desk.platform.account(jo).unwrap().review_at(), Some(of_age));
        assert!(!desk.platform.account(jo).unwrap().payouts_enabled(), "nobody answers for them");
        let just_before = Timestamp::from_micros(of_age.micros() - 1).unwrap();
        assert!(desk.platform.advance_to(just_before).unwrap().is_empty());
        let changes = desk.platform.advance_to(of_age).unwrap();
        assert!(!desk.platform.person(person).unwrap().is_minor());
        assert!(
            names(&desk.asked(jo).currently_due).is_empty() && desk.platform.account(jo).unwrap().payouts_enabled()
        );
        let told: Vec<&str> = changes.iter().flat_map(|one| &one.events).map(|event| event.kind.name()).collect();
        assert!(told.contains(&"account.updated") && told.contains(&"capability.updated"), "{told:?}");
        let journal = format!("{:?}{}", desk.platform, serde_json::to_string(&changes).unwrap());
        assert!(!journal.contains(born) && (born.ends_with("01") || !journal.contains(&born.replace("2008", "2026"))));
    }
}

/// A guardian who is under age as well answers for nobody, until they come of age.
#[test]
fn a_guardian_grows_up_too() {
    let mut desk = Desk::open();
    let jo = desk.custom(US, BusinessType::Individual);
    desk.give(Information::about(jo).set("individual.dob", "2012-05-05")).unwrap();
    let guardian = desk.person(jo, Relationship::of([PersonRole::LegalGuardian]));
    desk.give(Information::about_person(guardian).set("dob", "2008-12-24")).unwrap();
    let asked = |desk: &Desk| names(&desk.asked(jo).currently_due).contains(&"relationship.legal_guardian");
    assert!(asked(&desk));
    desk.platform.advance_to(utc(2026, 12, 31)).unwrap();
    assert!(asked(&desk));
    desk.platform.advance_to(utc(2027, 1, 1)).unwrap();
    assert!(!asked(&desk));
    desk.give(Information::about_person(guardian).set("dob", "1988-12-24")).unwrap();
    assert_eq!(desk.platform.person(guardian).unwrap().minor_until(), None, "of an adult nothing is kept");
}

/// Fields that are nobody's, and values that are not written as they should be, are refused and leave nothing behind.
#[test]
fn what_is_not_a_field_or_not_a_value_is_refused() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let before = desk.platform.snapshot();
    let told = |field: &str, value: &str| Information::about(oak).set(field, value);
    for field in
        ["company.shoe_size", "external_account", "relationship.owner", "individual.shoe_size", "", "first_name"]
    {
        assert_eq!(refused(desk.give(told(field, "x"))), AccountError::UnknownField(field.into()), "{field}");
    }
    for (field, value, code) in [
        ("company.tax_id", "12-34", RequirementErrorCode::InvalidTaxIdFormat),
        ("business_profile.url", "no blanks in here", RequirementErrorCode::InvalidUrlFormat),
        ("company.name", "", RequirementErrorCode::InformationMissing),
    ] {
        let error = AccountError::FieldInvalid { field: field.into(), code };
        let refusal = refused(desk.give(told(field, value)));
        assert_eq!(refusal, error);
        assert!(value.is_empty() || !refusal.to_string().contains(value), "no value in a message");
    }
    // One bad field among good ones: nothing of it is taken.
    let answer = desk.give(told("company.name", "Oak Inc").set("company.tax_id", "x"));
    assert!(answer.is_err());
    assert_eq!(desk.platform.snapshot(), before);
    let house = desk.platform.id();
    let answer = desk.give(Information::about(house).set("company.name", "House"));
    assert_eq!(refused(answer), AccountError::IsPlatform(house));
}

/// docs.stripe.com/api/persons/object and /api/external_account_bank_accounts/object (2026): each person has requirements of their own,
/// and so has a bank account of which it could not be confirmed whose it is.
#[test]
fn what_is_asked_of_one_person_and_of_a_bank_account() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let [ada, bea] =
        [PersonRole::Representative, PersonRole::Owner].map(|role| desk.person(oak, Relationship::of([role])));
    let of = |desk: &Desk, person| desk.platform.person_requirements(person).unwrap();
    let all = desk.asked(oak);
    for person in [ada, bea] {
        let own = of(&desk, person);
        assert!(!own.eventually_due.is_empty() && own.current_deadline.is_none());
        assert!(own.eventually_due.iter().all(|path| path.as_str().starts_with(&person.to_string())));
        assert!(own.past_due.iter().all(|path| all.past_due.contains(path)));
    }
    let other = all.eventually_due.iter().filter(|path| !path.as_str().starts_with("person_")).count();
    let each = of(&desk, ada).eventually_due.len() + of(&desk, bea).eventually_due.len();
    assert_eq!(other + each, all.eventually_due.len(), "nobody is asked twice");

    let jo = desk.ready(NewAccount::express(US));
    let bank = desk.platform.external_accounts(jo).unwrap().first().unwrap().id();
    let of = |desk: &Desk| desk.platform.external_account_requirements(bank).unwrap();
    assert_eq!(of(&desk), fundroute::accounts::Requirements::default());
    let code = RequirementErrorCode::VerificationFailedOther;
    let outcome = fundroute::accounts::Ownership::Failed(code);
    let fact = fundroute::accounts::ExternalAccountChecked { external_account: bank, outcome };
    let report = fundroute::journal::Report::new(
        "owner",
        desk.platform.now(),
        fundroute::journal::Fact::ExternalAccountChecked(fact),
    );
    desk.platform.record(&report).unwrap();
    let asked = of(&desk);
    assert_eq!(names(&asked.currently_due), ["external_account"]);
    assert_eq!((asked.errors[0].code, asked.current_deadline), (code, None));
}
