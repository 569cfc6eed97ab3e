//! Accounts on their way to their first payment, and what stops them later.

mod capabilities;
mod changes;
mod checks;
mod controllers;
mod events_v2;
mod files;
mod limits;
mod personal;
mod persons;
mod terms;
mod tokens;
mod vocabulary;
mod walkthrough;

use fundroute::accounts::{
    AccountError, CheckOutcome, Information, InformationChecked, NewPerson, Phase, Relationship, RequirementPath,
    Requirements,
};
use fundroute::ids::{AccountId, PersonId};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, Check, PersonRole, RequirementErrorCode};
use fundroute::simulator::World;

use crate::shop::monday;

/// A platform whose accounts are asked for everything that the rules want to know.
pub(crate) struct Desk {
    pub(crate) platform: Platform,
    pub(crate) world: World,
    asked: u32,
}

impl Desk {
    pub(crate) fn open() -> Self {
        Self::open_by(Rulebook::standard())
    }

    pub(crate) fn open_by(rules: Rulebook) -> Self {
        let platform = Platform::new(NewPlatform::in_country(US), rules, monday()).unwrap();
        Self { platform, world: World::new(), asked: 0 }
    }

    pub(crate) fn key(&mut self) -> String {
        self.asked += 1;
        format!("desk-{}", self.asked)
    }

    pub(crate) fn create(&mut self, account: NewAccount) -> AccountId {
        let key = self.key();
        self.platform.accounts().create(&key, account).unwrap().answer
    }

    /// A custom account that asks for cards and transfers.
    pub(crate) fn custom(&mut self, country: Country, business_type: BusinessType) -> AccountId {
        let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
        self.create(new.business_type(business_type))
    }

    /// An account that has given everything, with everything found true, and a bank account.
    pub(crate) fn ready(&mut self, account: NewAccount) -> AccountId {
        let id = self.world.onboard(&mut self.platform, account).unwrap();
        assert_eq!(self.platform.readiness(id).unwrap().phase, Phase::Ready);
        id
    }

    pub(crate) fn give(&mut self, told: Information) -> Result<AccountId, Error> {
        let key = self.key();
        self.platform.accounts().provide(&key, told).map(|decided| decided.answer)
    }

    /// Gives test values for everything that is currently due, but the named fields.
    pub(crate) fn give_all_but(&mut self, account: AccountId, left_out: &[&str]) {
        for request in self.world.answers(&self.platform, account).unwrap() {
            let mut request = request;
            if let Command::ProvideInformation(told) = &mut request.command {
                told.fields.retain(|field, _| !left_out.contains(&&**field));
                if told.fields.is_empty() && told.relationship.is_none() {
                    continue;
                }
            }
            self.platform.handle(request).unwrap();
        }
    }

    pub(crate) fn settle(&mut self) {
        self.world.settle(&mut self.platform).unwrap();
    }

    pub(crate) fn person(&mut self, account: AccountId, relationship: Relationship) -> PersonId {
        let key = self.key();
        self.platform.accounts().add_person(&key, NewPerson::new(account, relationship)).unwrap().answer
    }

    /// The world's answer to the latest revision of a check of the account, or of a person.
    pub(crate) fn checked(&mut self, account: AccountId, person: Option<PersonId>, check: Check, fails: Option<&str>) {
        let given = match person {
            Some(person) => self.platform.person(person).unwrap().given().clone(),
            None => {
                let profile = self.platform.account(account).unwrap().profile();
                self.platform.profile(profile).unwrap().given().clone()
            }
        };
        let revision = given.check(check).unwrap().revision;
        let outcome = match fails {
            None => CheckOutcome::Verified,
            Some(field) => {
                CheckOutcome::Failed { code: RequirementErrorCode::VerificationFailedOther, fields: vec![field.into()] }
            }
        };
        let fact = InformationChecked { account, person, check, revision, outcome };
        let (key, at) = (self.key(), self.platform.now());
        self.platform.accounts().record_checked(&key, at, fact).unwrap();
    }

    pub(crate) fn asked(&self, account: AccountId) -> Requirements {
        self.platform.requirements(account).unwrap()
    }

    pub(crate) fn wait(&mut self, count: i64) {
        let until = self.platform.now().plus_days(count).unwrap();
        self.platform.advance_to(until).unwrap();
    }
}

fn names(paths: &[RequirementPath]) -> Vec<&str> {
    paths.iter().map(RequirementPath::as_str).collect()
}

fn owner(percent: u16) -> Relationship {
    Relationship::of([PersonRole::Owner]).owning(percent)
}

fn refused(result: Result<AccountId, Error>) -> AccountError {
    let about_account = |error| if let Error::Account(error) = error { Some(error) } else { None };
    about_account(result.unwrap_err()).unwrap()
}
