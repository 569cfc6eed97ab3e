//! Platforms that must not have data about persons in their hands.

use fundroute::accounts::{AccountError, Actor, Information, NewPerson, Phase, Relationship};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, PersonRole, Table};

use super::Desk;

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
