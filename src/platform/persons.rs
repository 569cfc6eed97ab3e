//! The persons of an account: the individual it belongs to, or those of a company.

use chrono::{Datelike, Months, NaiveDate};

use super::onboarding::{country_of, subjects};
use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::{
    Account, AccountError, AccountEvent, Action, NewPerson, Person, Record, Relationship, Turn, Values, check_files,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PersonId};
use crate::journal::{EventKind, PersonalData, PersonalWrite};
use crate::rulebook::{PersonRole, Subject};

/// Those who belong to an account, and those who were removed from it.
type Everybody<'a> = (Vec<Seen<'a, Person>>, Vec<Seen<'a, Person>>);

impl<'a> Transaction<'a> {
    /// Everybody who belongs to an account.
    pub(super) fn persons(&mut self, account: AccountId) -> Result<Vec<Seen<'a, Person>>, Error> {
        Ok(self.everybody(account)?.0)
    }

    /// Everybody who belongs to an account, and everybody who did.
    pub(super) fn everybody(&mut self, account: AccountId) -> Result<Everybody<'a>, Error> {
        let mut persons = Vec::new();
        for id in self.members(account.family()) {
            if let ObjectId::Person(id) = id {
                persons.push(self.get::<Person>(id)?);
            }
        }
        Ok(persons.into_iter().partition(|person| person.is_there()))
    }

    /// Takes down what was given about a person.
    pub(super) fn give_person<'f>(
        &mut self,
        account: &Account,
        person: Person,
        fields: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Result<(), Error> {
        let fields: Vec<(&str, &str)> = fields.collect();
        check_files(self.rulebook, &fields)?;
        if person.is_individual() {
            let record = Record { book: self.rulebook, subjects: subjects(true), given: person.given() };
            record.check_locked(account.country(), "individual.", fields.iter().map(|(field, _)| *field))?;
        }
        let mut given = person.given().clone();
        let mut values = Values::default();
        let mut names = Vec::new();
        let mut minor_until = person.minor_until();
        for (field, value) in fields {
            if field == "dob" {
                minor_until = of_age_at(value, self.now);
            }
            given.give(field, self.now);
            values.0.insert(field.into(), value.into());
            names.push(field);
        }
        self.start_checks(person.given(), &mut given, true, &names);
        let person = person.with_given(given).with_age(minor_until);
        let id = person.id();
        self.instruct_checks(id, person.given());
        self.remember_personal(id, values);
        self.put(person);
        let told = [AccountEvent::PersonCreated, AccountEvent::PersonUpdated].map(EventKind::Account);
        if !self.changes.events.iter().any(|event| told.contains(&event.kind) && event.object == id.into()) {
            self.event(AccountEvent::PersonUpdated, id, Some(account.id()));
        }
        Ok(())
    }

    pub(super) fn add_person(
        &mut self,
        account: AccountId,
        relationship: Relationship,
        is_individual: bool,
    ) -> Result<Person, Error> {
        let (next, id) = self.get::<Account>(account)?.with_person().ok_or(AccountError::FamilyFull(account))?;
        self.put(next);
        self.event(AccountEvent::PersonCreated, id, Some(account));
        Ok(Person::new(id, relationship, is_individual, self.now))
    }

    pub(super) fn create_person(&mut self, on: Option<AccountId>, command: &NewPerson) -> Result<PersonId, Error> {
        let account = self.get::<Account>(command.account)?;
        Self::acting_for(on, command.account)?;
        if account.is_platform() {
            return Err(AccountError::IsPlatform(command.account).into());
        }
        let of_person = &[Subject::Person];
        self.permit(&account, Action::WritePersonal)?;
        if command.sealed.is_none() {
            self.need_no_token(command.account)?;
        }
        self.may_tell(&account, of_person, &command.fields, command.sealed.is_some())?;
        for (field, value) in &command.fields {
            let country = country_of(&command.fields, field, account.country());
            self.check_field(of_person, (field, value), country)?;
        }
        self.check_files(of_person, &command.fields, &command.files)?;
        if let Some(sealed) = &command.sealed {
            self.unseal(&account, of_person, (&command.fields, sealed))?;
        }
        self.check_relationship(&account, None, &command.relationship)?;
        if command.relationship.is(PersonRole::Representative) {
            self.represented(&account, Turn::StandsUp)?;
        }
        self.owners_changed(&account, &Relationship::default(), &command.relationship)?;
        let person = self.add_person(command.account, command.relationship.tidied(), false)?;
        let id = person.id();
        let values = command.values();
        let fields = values.0.iter().map(|(field, value)| (&**field, &**value));
        self.give_person(&account, person, fields)?;
        self.reassess(command.account)?;
        Ok(id)
    }

    /// That there is one representative at most, and nobody owns more than there is.
    // RULE: an account has exactly one representative at a time (docs.stripe.com/api/persons, 2026).
    pub(super) fn check_relationship(
        &mut self,
        account: &Account,
        person: Option<PersonId>,
        relationship: &Relationship,
    ) -> Result<(), Error> {
        let others: Vec<Seen<'a, Person>> =
            self.persons(account.id())?.into_iter().filter(|other| Some(other.id()) != person).collect();
        let is_taken = others.iter().find(|other| other.relationship().is(PersonRole::Representative));
        if let Some(other) = is_taken.filter(|_| relationship.is(PersonRole::Representative)) {
            return Err(AccountError::RepresentativeExists(other.id()).into());
        }
        let shares = others.iter().filter_map(|other| other.relationship().percent_ownership);
        let all = shares.chain(relationship.percent_ownership).map(u64::from).sum::<u64>();
        if all > 10_000 { Err(AccountError::OwnershipTooLarge(account.id()).into()) } else { Ok(()) }
    }

    // RULE: the representative cannot be deleted, nor the only verified executive (docs.stripe.com/api/persons/delete, 2026).
    pub(super) fn delete_person(&mut self, on: Option<AccountId>, id: PersonId) -> Result<PersonId, Error> {
        let person = self.take::<Person>(id)?;
        let account = self.get::<Account>(person.account())?;
        Self::acting_for(on, account.id())?;
        self.permit(&account, Action::WritePersonal)?;
        if !person.is_there() {
            return Err(Error::NotFound(id.into()));
        }
        if person.is_individual() || person.relationship().is(PersonRole::Representative) {
            return Err(AccountError::PersonNeeded(id).into());
        }
        let is_verified_executive =
            |person: &Person| person.relationship().is(PersonRole::Executive) && person.verification().is_verified();
        let others = self.persons(account.id())?;
        let has_another = others.iter().any(|other| other.id() != id && is_verified_executive(other));
        if is_verified_executive(&person) && !has_another {
            return Err(AccountError::PersonNeeded(id).into());
        }
        self.owners_changed(&account, person.relationship(), &Relationship::default())?;
        self.put(person.deleted(self.now));
        self.changes.personal.push(PersonalWrite { of: id.into(), data: PersonalData::Erased });
        self.event(AccountEvent::PersonDeleted, id, Some(account.id()));
        self.reassess(account.id())?;
        Ok(id)
    }
}

/// When somebody who is under age now no longer counts as such: from the first day of a month, that of the birthday or the next one.
/// Records keep it, and no record may tell a date of birth, so they are told the month alone.
// RULE: people under 18 need a guardian (docs.stripe.com/connect/required-verification-information, 2024). That it ends with the
// month, and not with the day, is our own: a journal that changes on a birthday tells it.
fn of_age_at(born: &str, now: Timestamp) -> Option<Timestamp> {
    let born = born.parse::<NaiveDate>().ok()?;
    now.date().years_since(born).filter(|age| *age < OF_AGE)?;
    let birthday = born.checked_add_months(Months::new(OF_AGE.saturating_mul(12)))?;
    let next = || birthday.with_day(1)?.checked_add_months(Months::new(1));
    Timestamp::start_of(if birthday.day() == 1 { birthday } else { next()? }).ok()
}

/// At how many years somebody is of age.
const OF_AGE: u32 = 18;
