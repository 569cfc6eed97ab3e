//! Platforms that must not have data about persons in their hands.

use fundroute::accounts::{
    AccountError, AccountToken, Actor, CheckOutcome, Information, InformationChecked, NewPerson, Phase, Relationship,
};
use fundroute::ids::AccountId;
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, Check, PersonRole, RequirementErrorCode, Table};

use super::{Desk, names, refused};

fn custom(country: Country) -> NewAccount {
    let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
    new.business_type(BusinessType::Company)
}

fn desk(home: Country, rules: Rulebook) -> Desk {
    let mut desk = Desk::open();
    desk.platform = Platform::new(NewPlatform::in_country(home), rules, crate::shop::monday()).unwrap();
    desk
}

/// docs.stripe.com/connect/custom-accounts (2024): French platforms must use account tokens. What a token carries is what the holder
/// says.
#[test]
fn a_french_platform_hands_in_what_holders_give() {
    let mut desk = desk(Country::FR, Rulebook::standard());
    for country in [Country::FR, Country::DE] {
        let oak = desk.create(custom(country));
        let tell = |field: &str, value: &str| Command::ProvideInformation(Information::about(oak).set(field, value));
        let told = [
            tell("company.name", "Oak SA"),
            tell("business_type", "company"),
            tell("tos_acceptance.ip", "203.0.113.7"),
            Command::CreatePerson(NewPerson::new(oak, Relationship::of([PersonRole::Owner]))),
        ];
        for command in told {
            let before = desk.platform.snapshot();
            let request = Request::new(desk.key(), command);
            let refused = desk.platform.handle(request.clone()).map(|decided| decided.answer);
            assert_eq!(refused, Err(AccountError::TokenNeeded(oak).into()), "{request:?}");
            assert_eq!(desk.platform.snapshot(), before);
            desk.platform.handle(request.by(Actor::Holder, oak)).unwrap();
        }
        let person = desk.platform.persons(oak).unwrap().first().unwrap().id();
        let relationship = Information::about_person(person).relationship(Relationship::of([PersonRole::Director]));
        let refused = desk.give(relationship).unwrap_err();
        assert_eq!(refused, AccountError::TokenNeeded(oak).into());
        // What is about the business alone needs no token.
        desk.give(Information::about(oak).set("business_profile.url", "https://oak.example")).unwrap();
        let ready = desk.ready(custom(country));
        assert_eq!(desk.platform.readiness(ready).unwrap().phase, Phase::Ready);
    }
}

#[test]
fn platforms_elsewhere_need_no_token_nor_do_those_whose_rulebook_says_so() {
    let row = "code,name,availability,default_currency,settlement_currencies,region,source\n\
               FR,France,ga,eur,eur,eea,our lawyers\n";
    let mut rules = Rulebook::standard();
    rules.read(Table::Countries, row).unwrap();
    for (home, rules) in [(US, Rulebook::standard()), (DE, Rulebook::standard()), (Country::FR, rules)] {
        let mut desk = desk(home, rules);
        let oak = desk.create(custom(Country::FR));
        desk.give(Information::about(oak).set("company.name", "Oak SA")).unwrap();
    }
}

fn token(text: &str) -> AccountToken {
    text.parse().unwrap()
}

/// docs.stripe.com/connect/account-tokens (2024): what a holder gave to the processor is handed in behind a token, by a platform that must
/// not see it and by any other that does not want to.
#[test]
fn what_is_behind_a_token_counts_as_given_and_is_known_to_nobody() {
    for home in [Country::FR, US] {
        let mut desk = desk(home, Rulebook::standard());
        let jo = NewAccount::custom(home).request(Capability::Transfers);
        let jo = desk.create(jo.business_type(BusinessType::Individual));
        desk.give_all_but(jo, &[]);
        let asked: Vec<String> = names(&desk.asked(jo).eventually_due).into_iter().map(str::to_owned).collect();
        assert_eq!(asked, ["external_account"], "her holder has given all of it");

        let al = NewAccount::custom(home).request(Capability::Transfers);
        let al = desk.create(al.business_type(BusinessType::Individual));
        let all = [
            "first_name",
            "last_name",
            "dob",
            "address.line1",
            "address.city",
            "address.postal_code",
            "email",
            "phone",
        ];
        let mut fields: Vec<String> = all.iter().map(|field| format!("individual.{field}")).collect();
        fields.extend(["address.state", "ssn_last_4", "id_number"].map(|field| format!("individual.{field}")));
        fields.extend(["tos_acceptance.date", "tos_acceptance.ip"].map(str::to_owned));
        let told = Information::about(al).sealed(token("ct_1Nq"), fields.iter().map(String::as_str));
        let key = desk.key();
        let changes = desk.platform.accounts().provide(&key, told.clone()).unwrap().changes;
        assert_eq!(names(&desk.asked(al).eventually_due), ["external_account"], "and so has his");
        assert!(desk.platform.accounts().provide(&key, told.clone()).unwrap().changes.is_empty(), "once is once");
        let person = desk.platform.persons(al).unwrap().first().unwrap().id();
        let kept = desk.platform.information(person).unwrap();
        assert_eq!((kept.get("first_name"), kept.get("dob")), (Some("ct_1Nq"), Some("ct_1Nq")));
        let said = format!("{told:?}{changes:?}{}", serde_json::to_string(&changes.without_personal()).unwrap());
        assert!(!said.contains("ct_1Nq"), "a token stands with the data about persons");
        desk.settle();
        let given = desk.platform.person(person).unwrap().given();
        assert!(given.check(Check::Identity).unwrap().is_verified(), "the world can look");

        // The world finds somebody in it who is under age: it says so, and the field is asked for again.
        let told = Information::about(al).sealed(token("ct_2"), ["individual.dob"]);
        desk.give(told).unwrap();
        let revision = desk.platform.person(person).unwrap().given().check(Check::Identity).unwrap().revision;
        let code = RequirementErrorCode::InvalidDobAgeUnder18;
        let outcome = CheckOutcome::Failed { code, fields: vec!["dob".into()] };
        let fact = InformationChecked { account: al, person: Some(person), check: Check::Identity, revision, outcome };
        let (key, now) = (desk.key(), desk.platform.now());
        desk.platform.accounts().record_checked(&key, now, fact).unwrap();
        assert!(desk.asked(al).errors.iter().any(|error| error.code == code));
    }
}

#[test]
fn a_company_and_its_persons_come_in_tokens_of_their_own() {
    let mut desk = desk(Country::FR, Rulebook::standard());
    let oak = desk.create(custom(Country::FR));
    let company = Information::about(oak)
        .set("company.structure", "private_company")
        .sealed(token("ct_1"), ["company.name", "company.tax_id", "company.phone"]);
    desk.give(company).unwrap();
    let person = NewPerson::new(oak, Relationship::of([PersonRole::Owner]).owning(100));
    let key = desk.key();
    let person = person.sealed(token("cpt_1"), ["first_name", "last_name", "dob"]);
    let ada = desk.platform.accounts().add_person(&key, person).unwrap().answer;
    let more = Information::about_person(ada).relationship(Relationship::of([PersonRole::Representative]));
    desk.give(more.sealed(token("cpt_2"), ["email", "verification.document", "verification.additional_document"]))
        .unwrap();
    let known = desk.platform.person(ada).unwrap();
    assert!(known.given().has("verification.document") && known.relationship().is(PersonRole::Representative));
    let profile = desk.platform.account(oak).unwrap().profile();
    let profile = desk.platform.profile(profile).unwrap();
    assert!(profile.given().has("company.tax_id") && profile.structure().is_some());
    desk.settle();
    assert!(desk.platform.person(ada).unwrap().verification().is_verified());
}

#[test]
fn what_tokens_are_not_for_is_refused_and_leaves_them_good() {
    let mut desk = desk(US, Rulebook::standard());
    let oak = desk.create(custom(US));
    let other = desk.create(custom(US));
    let before = desk.platform.snapshot();
    let behind = |text: &str, fields: &[&str]| Information::about(oak).sealed(token(text), fields.iter().copied());
    for (told, error) in [
        (behind("ct_1", &[]), AccountError::NothingToChange),
        (behind("ct_1", &["business_profile.url"]), AccountError::NotInToken("business_profile.url".into())),
        (behind("ct_1", &["business_type"]), AccountError::NotInToken("business_type".into())),
        (behind("ct_1", &["company.structure"]), AccountError::NotInToken("company.structure".into())),
        (behind("ct_1", &["company.shoe_size"]), AccountError::UnknownField("company.shoe_size".into())),
        (behind("ct_1", &["external_account"]), AccountError::UnknownField("external_account".into())),
        (behind("cpt_1", &["company.name"]), AccountError::TokenOfAnotherKind),
        (behind("ct_1", &["company.name"]).set("company.name", "Oak"), AccountError::NotInToken("company.name".into())),
    ] {
        assert_eq!(refused(desk.give(told)), error);
    }
    assert_eq!(desk.platform.snapshot(), before);
    desk.give(behind("ct_1", &["company.name"])).unwrap();
    for account in [oak, other] {
        let again = Information::about(account).sealed(token("ct_1"), ["company.phone"]);
        assert_eq!(refused(desk.give(again)), AccountError::TokenUsed);
    }
    for text in ["", "ct_", "cpt_", "tok_1", "ct_1 2", "ct_1\u{202e}", &format!("ct_{}", "x".repeat(300))] {
        assert!(text.parse::<AccountToken>().is_err(), "{text}");
        assert!(serde_json::from_value::<AccountToken>(text.into()).is_err(), "{text}");
    }
}

/// A worker that has nothing but the account decides the same, and knows whether a token was used.
#[test]
fn a_worker_asks_whether_a_token_was_used() {
    let mut desk = desk(US, Rulebook::standard());
    let oak = desk.create(custom(US));
    let told = |account: AccountId| {
        Command::ProvideInformation(Information::about(account).sealed(token("ct_1"), ["company.name"]))
    };
    for key in ["first", "second"] {
        let request = Request::new(key, told(oak));
        let whole = &desk.platform;
        let identity = fundroute::platform::Identity { platform: whole.id(), livemode: whole.livemode() };
        let mut part = Platform::partial(identity, whole.rulebook().clone(), whole.now());
        let decided = loop {
            match part.decide(&request) {
                Err(Error::NotLoaded(keys)) => part.load(keys.into_iter().map(|key| whole.look_up(key))),
                decided => break decided,
            }
        };
        assert_eq!(decided, whole.decide(&request));
        assert_eq!(decided.is_ok(), key == "first");
        if let Ok(decided) = decided {
            desk.platform.apply(&decided.changes).unwrap();
        }
    }
}
