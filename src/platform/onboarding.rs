//! What accounts give about themselves, and what follows from it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::TimeDelta;
use smallvec::SmallVec;

use super::access::permitted;
use super::{Error, Transaction};
use crate::accounts::{
    Account, AccountError, AccountEvent, AccountInstruction, Action, Actor, Assessment, CapabilityDisabledReason,
    CapabilityReviewed, CapabilityStatus, CapabilityStopped, CheckOutcome, Connection, Destination, Dossier,
    ExternalAccount, Given, Grants, Information, InformationChecked, Person, Profile, Record, RejectReason,
    Relationship, RequestCapability, Turn, Values,
};
use crate::calendar::{Timestamp, days};
use crate::ids::{AccountId, ObjectId};
use crate::journal::{
    AnomalyCause, AnomalyReason, FactOutcome, Instruction, Key, PersonalData, PersonalWrite, Told, WatchWrite,
};
use crate::money::Currency;
use crate::rulebook::{BusinessType, Capability, Check, Country, FieldRule, PersonRole, Rulebook, Subject};
use crate::tools::tax::TaxForm;

impl<'a> Transaction<'a> {
    /// That whoever asks may do this to an account that the platform still has to do with.
    pub(super) fn permit(&mut self, account: &Account, action: Action) -> Result<(), Error> {
        let grants = if action.depends_on_grants() && account.is_connected() && !account.is_platform() {
            self.get::<Profile>(account.profile())?.grants()
        } else {
            Grants::default()
        };
        let livemode = action == Action::Close && self.livemode()?;
        Ok(permitted(account, self.actor, action, grants, livemode)?)
    }

    /// Looks at an account as it stands now, and writes down what it is asked for and what it can do.
    // INVARIANT: it is the clock alone that turns an account away, once everything of a moment is known: what is told late may say that
    // somebody is in doubt before it says that they no longer are, or that the processor has spoken.
    pub(super) fn reassess(&mut self, id: AccountId) -> Result<(), Error> {
        let mut assessment = self.assess(id)?;
        if self.turns_away(id, &assessment)? {
            let next = self.now.checked_add(TimeDelta::microseconds(1)).ok();
            assessment.review_at = [assessment.review_at, next].into_iter().flatten().min();
        }
        self.write_down(id, assessment)
    }

    /// The same because its time has come.
    fn reassess_by_clock(&mut self, id: AccountId) -> Result<(), Error> {
        let assessment = self.assess(id)?;
        if self.turns_away(id, &assessment)? { self.turn_away(id) } else { self.write_down(id, assessment) }
    }

    fn turns_away(&mut self, id: AccountId, assessment: &Assessment) -> Result<bool, Error> {
        let profile = self.get::<Account>(id)?.profile();
        Ok(assessment.turns_away && self.get::<Profile>(profile)?.oversight().turned_away().is_none())
    }

    fn assess(&mut self, id: AccountId) -> Result<Assessment, Error> {
        let account = self.get::<Account>(id)?;
        let currency = account.default_currency();
        self.want(&[Key::Family(id.family()), Key::Balance(id, currency)])?;
        let profile = self.get::<Profile>(account.profile())?;
        let (persons, removed) = self.everybody(id)?;
        let (volume, first_received) = self.received(id, currency)?;
        let removed: Vec<&Person> = removed.iter().map(|person| &**person).collect();
        let grace = days(i64::from(self.rulebook.vetting_policy().grace_days));
        let heirs: Vec<Cow<'_, Person>> = persons.iter().map(|person| person.after(&removed, grace)).collect();
        let everybody: Vec<&Person> = heirs.iter().map(|person| &**person).collect();
        let dossier = Dossier {
            account: &account,
            profile: &profile,
            persons: &everybody,
            destination: Destination::of(self.external_accounts(id)?.iter().map(|known| &**known)),
            volume,
            first_received,
            now: self.now,
        };
        Ok(Assessment::of(self.rulebook, &dossier))
    }

    /// The time is over in which somebody had to be verified, and the processor turns the account away, as if it had said so. It does
    /// that once: what it takes back stays.
    // RULE: as `other` (docs.stripe.com/connect/required-verification-information, 2024).
    fn turn_away(&mut self, id: AccountId) -> Result<(), Error> {
        let account = self.take::<Account>(id)?;
        let profile = self.get::<Profile>(account.profile())?;
        let oversight = profile.oversight().rejected(RejectReason::Other, self.now);
        self.put(profile.with_oversight(oversight));
        self.stand(&account, account.standing().overseen(&oversight))
    }

    fn write_down(&mut self, id: AccountId, assessment: Assessment) -> Result<(), Error> {
        let account = self.get::<Account>(id)?;
        let (account, profile, persons) = (&*account, self.get::<Profile>(account.profile())?, self.persons(id)?);
        let (changed, was_enabled) = (self.changed_capabilities(account, &assessment), account.payouts_enabled());
        let watch = WatchWrite { account: id, currency: account.default_currency(), watch: assessment.watch };
        let next = account.assessed(assessment.capabilities, assessment.flags, assessment.review_at);
        let next_profile = profile.assessed(assessment.due.now, assessment.due.future);
        let mut is_news = next != *account || next_profile != *profile;
        for (person, (_, lists)) in persons.iter().zip(assessment.persons) {
            let next = person.assessed(lists.now, lists.future, self.now);
            if next != **person {
                is_news = true;
                self.put(next);
            }
        }
        let is_enabled = next.payouts_enabled();
        let currencies: SmallVec<[Currency; 2]> =
            if is_enabled == was_enabled { SmallVec::new() } else { next.bank_currencies().collect() };
        if !currencies.is_empty() {
            let keys: Vec<Key> = currencies.iter().map(|currency| Key::Balance(id, *currency)).collect();
            self.want(&keys)?;
        }
        // INVARIANT: an assessment that finds nothing new is still written, so that what was due is due no longer.
        self.put(next_profile);
        self.put(next);
        self.watch(watch)?;
        for capability in changed {
            self.tell_once(account, AccountEvent::CapabilityUpdated(capability));
        }
        if is_news {
            self.event(AccountEvent::Updated, id, Some(id));
        }
        for currency in currencies {
            if is_enabled {
                self.arm(id, currency)?;
            } else {
                self.put_off(id, currency)?;
            }
        }
        Ok(())
    }

    pub(super) fn reassess_account(&mut self, on: Option<AccountId>, id: AccountId) -> Result<AccountId, Error> {
        self.connected(id)?;
        Self::platform_only(on)?;
        self.reassess(id)?;
        Ok(id)
    }

    /// The time has changed what an account is asked for.
    pub(super) fn reassess_due(&mut self, id: AccountId) -> Result<(), Error> {
        match self.find::<Account>(id)?.and_then(|account| account.review_at()) {
            Some(due) if due == self.now => self.reassess_by_clock(id),
            Some(_) | None => Ok(()),
        }
    }

    /// The money received has changed what an account is asked for.
    pub(super) fn cross_volume(&mut self, id: AccountId, currency: Currency) -> Result<(), Error> {
        match self.holding(id, currency)?.and_then(|holding| holding.crossed_at) {
            Some(due) if due == self.now => self.reassess_by_clock(id),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn provide(&mut self, on: Option<AccountId>, command: &Information) -> Result<AccountId, Error> {
        let id = command.account;
        let account = self.get::<Account>(id)?;
        Self::acting_for(on, id)?;
        if account.is_platform() {
            return Err(AccountError::IsPlatform(id).into());
        }
        self.permit(&account, Action::Read)?;
        if command.person.is_none() && command.relationship.is_some() {
            return Err(AccountError::RelationshipOfNobody.into());
        }
        let (subjects, is_sealed) = (subjects(command.person.is_some()), command.sealed.is_some());
        self.may_tell(&account, subjects, &command.fields, command.sealed.is_some())?;
        for (field, value) in &command.fields {
            self.check_field(subjects, (field, value), country_of(&command.fields, field, account.country()))?;
        }
        self.check_files(subjects, &command.fields, &command.files)?;
        if let Some(sealed) = &command.sealed {
            self.unseal(&account, subjects, (&command.fields, sealed))?;
        }
        let command = &*command.with_sealed();
        if let Some(person) = command.person {
            self.permit(&account, Action::WritePersonal)?;
            if !is_sealed {
                self.need_no_token(id)?;
            }
            let known = self.get::<Person>(person)?;
            if known.account() != id || !known.is_there() {
                return Err(Error::NotFound(person.into()));
            }
            let mut next = known.into_owned();
            if let Some(relationship) = &command.relationship {
                self.check_relationship(&account, Some(person), relationship)?;
                let represents = |relationship: &Relationship| relationship.is(PersonRole::Representative);
                match (represents(next.relationship()), represents(relationship)) {
                    (true, false) => self.represented(&account, Turn::StandsDown(person))?,
                    (false, true) => self.represented(&account, Turn::StandsUp)?,
                    (true, true) | (false, false) => {}
                }
                self.owners_changed(&account, next.relationship(), relationship)?;
                next = next.with_relationship(relationship.tidied());
            }
            self.give_person(&account, next, command.fields.iter().map(|(field, value)| (&**field, &**value)))?;
        } else {
            self.give_account(&account, command)?;
        }
        self.reassess(id)?;
        Ok(id)
    }

    /// That whoever gives data about who is behind an account is its holder, where the platform must not have them in its hands. What the
    /// field passes on as a token is here a request of the holder.
    // RULE: French platforms must use account tokens (docs.stripe.com/connect/custom-accounts, 2024), which carry data about the legal
    // entity and its persons, and that the terms were accepted.
    pub(super) fn need_no_token(&mut self, account: AccountId) -> Result<(), Error> {
        let home = self.home()?;
        match self.actor {
            Actor::Platform if self.rulebook.country(home)?.account_tokens() => {
                Err(AccountError::TokenNeeded(account).into())
            }
            Actor::Platform | Actor::Holder | Actor::Extension(_) => Ok(()),
        }
    }

    pub(super) fn check_field(
        &self,
        subjects: &[Subject],
        (field, value): (&str, &str),
        country: Country,
    ) -> Result<&'a FieldRule, AccountError> {
        let rule = self.field_rule(subjects, field)?;
        rule.check(country, value, self.now.date())
            .map_err(|code| AccountError::FieldInvalid { field: field.into(), code })?;
        Ok(rule)
    }

    /// Takes down what was given about the account itself, its company, or the individual it belongs to.
    fn give_account(&mut self, account: &Account, command: &Information) -> Result<(), Error> {
        let mut profile = self.take::<Profile>(account.profile())?;
        let renewed = self.check_account_change(account, &profile, command)?;
        let mut given = profile.given().clone();
        let mut own = Vec::new();
        for (field, value) in &command.fields {
            if let Some(field) = field.strip_prefix("individual.") {
                own.push((field, value.as_str()));
                continue;
            }
            match &**field {
                "business_type" => {
                    let business_type = value.parse().map_err(|_| AccountError::UnknownField(field.clone()))?;
                    self.admit(account.country(), business_type)?;
                    profile = self.becoming(account, &profile, business_type)?.with_business_type(business_type);
                }
                "company.structure" => {
                    let structure = value.parse().map_err(|_| AccountError::UnknownField(field.clone()))?;
                    profile = profile.with_structure(structure);
                }
                _ => given.give(field, self.now),
            }
        }
        let fields: Vec<&str> = command.fields.keys().map(|field| &**field).collect();
        for field in renewed.into_iter().filter(|field| !fields.contains(field)) {
            given.renew(field, self.grace().unwrap_or(Timestamp::MAX));
        }
        self.start_checks(profile.given(), &mut given, false, &fields);
        let profile = profile.with_given(given);
        self.instruct_checks(profile.id(), profile.given());
        self.remember_personal(profile.id(), command.values_of(profile.id().into()));
        let is_company = profile.business_type().is_some_and(|known| known != BusinessType::Individual);
        self.put(profile);
        if fields.contains(&"business_type") {
            self.settle_individual(account, is_company)?;
        }
        if own.is_empty() {
            return Ok(());
        }
        if is_company {
            return Err(AccountError::NotAnIndividual(account.id()).into());
        }
        let person = self.individual(account)?;
        self.give_person(account, person, own.into_iter())
    }

    /// That what is given about an account can take the place of what was given before, and what has to be given anew with it.
    fn check_account_change(
        &self,
        account: &Account,
        profile: &Profile,
        command: &Information,
    ) -> Result<Vec<&'a str>, AccountError> {
        let record = Record { book: self.rulebook, subjects: subjects(false), given: profile.given() };
        let fields = || command.fields.keys().map(|field| &**field);
        record.check_locked(account.country(), "", fields())?;
        record.check_documents(profile, fields())?;
        Ok(record.renewed_by(fields()))
    }

    pub(super) fn instruct_checks(&mut self, subject: impl Into<ObjectId>, given: &Given) {
        let (subject, now) = (subject.into(), self.now);
        for (check, state) in given.checks().filter(|(_, state)| state.as_of == now && state.awaits_answer()) {
            let revision = state.revision;
            self.instruct(Instruction::Account(AccountInstruction::Verify { subject, check, revision }));
        }
    }

    pub(super) fn remember_personal(&mut self, of: impl Into<ObjectId>, values: Values) {
        if !values.0.is_empty() {
            self.changes.personal.push(PersonalWrite { of: of.into(), data: PersonalData::Values(values) });
        }
    }

    pub(super) fn request_capability(
        &mut self,
        on: Option<AccountId>,
        command: &RequestCapability,
    ) -> Result<AccountId, Error> {
        let RequestCapability { account: id, capability, requested } = *command;
        let account = self.get::<Account>(id)?;
        Self::acting_for(on, id)?;
        if account.is_platform() {
            return Err(AccountError::IsPlatform(id).into());
        }
        self.permit(&account, Action::RequestCapabilities)?;
        let profile = self.take::<Profile>(account.profile())?;
        if requested {
            may_request(self.rulebook, &account, profile.requested(), capability)?;
        } else if self.rulebook.capability(capability).is_permanent() {
            return Err(AccountError::CapabilityPermanent(capability).into());
        } else if let Some(other) = profile
            .requested()
            .find(|other| *other != capability && self.rulebook.capability(*other).needs().contains(&capability))
        {
            return Err(AccountError::CapabilityNeeded { capability, by: other }.into());
        }
        let next = profile.with_request(capability, requested.then_some(self.now));
        let brought = brought_with(self.rulebook, &account, capability).filter(|_| requested);
        let next = brought.fold(next, |next, other| next.with_request(other, Some(self.now)));
        self.put(next);
        self.review_if_needed(&account)?;
        self.reassess(id)?;
        Ok(id)
    }

    /// Asks the world about the capabilities of an account that the host vets.
    pub(super) fn review_if_needed(&mut self, account: &Account) -> Result<(), Error> {
        if self.get::<Profile>(account.profile())?.awaits_review() {
            self.instruct(Instruction::Account(AccountInstruction::Review(account.id())));
        }
        Ok(())
    }

    pub(super) fn information_checked(
        &mut self,
        told: Told<'_>,
        fact: &InformationChecked,
    ) -> Result<FactOutcome, Error> {
        let account = self.get::<Account>(fact.account)?;
        let outcome = self.known_fields(subjects(fact.person.is_some()), &fact.outcome);
        let conclude = |given: &Given| {
            let mut given = given.clone();
            given.conclude(fact.check, fact.revision, &outcome, told.at).then_some(given)
        };
        if let Some(id) = fact.person {
            let person = self.get::<Person>(id)?;
            if person.account() != fact.account {
                return Err(Error::NotFound(id.into()));
            }
            let Some(given) = conclude(person.given()) else { return Ok(FactOutcome::Stale) };
            let is_there = person.is_there();
            self.put(person.with_given(given));
            // Of somebody who was removed it still matters since when a check fails: to whoever comes after.
            if is_there {
                self.event(AccountEvent::PersonUpdated, id, Some(fact.account));
            }
        } else {
            let profile = self.get::<Profile>(account.profile())?;
            let Some(given) = conclude(profile.given()) else { return Ok(FactOutcome::Stale) };
            self.put(profile.with_given(given));
            if fact.check == Check::BankOwnership {
                return self.ownership_document_checked(told.at, fact);
            }
        }
        self.reassess(fact.account)?;
        Ok(FactOutcome::Applied)
    }

    /// The outcome of a check with those fields only that there are, each once: records keep no other words of the world.
    fn known_fields(&self, subjects: &[Subject], outcome: &CheckOutcome) -> CheckOutcome {
        let is_field = |field: &str| subjects.iter().any(|subject| self.rulebook.field(*subject, field).is_some());
        let is_known =
            |field: &str| is_field(field) || field.rsplit_once('.').is_some_and(|(whole, _)| is_field(whole));
        match outcome {
            CheckOutcome::Verified => CheckOutcome::Verified,
            CheckOutcome::Failed { code, fields } => {
                let mut fields: Vec<Box<str>> = fields.iter().filter(|field| is_known(field)).cloned().collect();
                fields.sort_unstable();
                fields.dedup();
                CheckOutcome::Failed { code: *code, fields }
            }
        }
    }

    pub(super) fn capability_reviewed(
        &mut self,
        told: Told<'_>,
        fact: &CapabilityReviewed,
    ) -> Result<FactOutcome, Error> {
        self.capability_judged(told, (fact.account, fact.capability), (fact.status, None))
    }

    pub(super) fn capability_stopped(
        &mut self,
        told: Told<'_>,
        fact: &CapabilityStopped,
    ) -> Result<FactOutcome, Error> {
        let verdict = (CapabilityStatus::Inactive, Some(fact.reason));
        self.capability_judged(told, (fact.account, fact.capability), verdict)
    }

    fn capability_judged(
        &mut self,
        told: Told<'_>,
        (id, capability): (AccountId, Capability),
        verdict: (CapabilityStatus, Option<CapabilityDisabledReason>),
    ) -> Result<FactOutcome, Error> {
        let account = self.get::<Account>(id)?;
        let profile = self.get::<Profile>(account.profile())?;
        if !profile.has_asked_for(capability) {
            return Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), AnomalyReason::NotRequested));
        }
        let Some(next) = profile.after_review(capability, verdict, told.at) else { return Ok(FactOutcome::Stale) };
        self.put(next);
        self.reassess(id)?;
        Ok(FactOutcome::Applied)
    }

    /// Forgets what is known about a person, a company or a bank account. Money and states stay as they are.
    pub(super) fn erase(&mut self, on: Option<AccountId>, of: ObjectId) -> Result<ObjectId, Error> {
        Self::platform_only(on)?;
        let is_known = if let ObjectId::Person(id) = of {
            self.get::<Person>(id).map(|_| ())
        } else if let ObjectId::Profile(id) = of {
            self.get::<Profile>(id).map(|_| ())
        } else if let ObjectId::Connection(id) = of {
            self.get::<Connection>(id).map(|_| ())
        } else if let ObjectId::ExternalAccount(id) = of {
            self.get::<ExternalAccount>(id).map(|_| ())
        } else if let ObjectId::TaxForm(id) = of {
            self.get::<TaxForm>(id).map(|_| ())
        } else {
            Err(AccountError::NothingPersonal(of).into())
        };
        is_known?;
        self.changes.personal.push(PersonalWrite { of, data: PersonalData::Erased });
        Ok(of)
    }

    /// A connected account can be acted for only in what is its own.
    pub(super) fn acting_for(on: Option<AccountId>, account: AccountId) -> Result<(), Error> {
        match on.filter(|on| *on != account) {
            Some(other) => Err(Error::NotForAccounts(other)),
            None => Ok(()),
        }
    }
}

/// That an account can have a capability, beside those that it has asked for.
pub(super) fn may_request(
    book: &Rulebook,
    account: &Account,
    requested: impl Iterator<Item = Capability> + Clone,
    capability: Capability,
) -> Result<(), AccountError> {
    let rule = book.capability(capability);
    if !rule.is_open_under(account.agreement()) {
        return Err(AccountError::CapabilityNotInAgreement { capability, agreement: account.agreement() });
    }
    if !rule.is_open_to(account.country()) {
        return Err(AccountError::CapabilityNotInCountry { capability, country: account.country() });
    }
    let missing = rule.needs().iter().find(|needed| !requested.clone().any(|known| known == **needed));
    match missing {
        Some(needed) => Err(AccountError::CapabilityNeeds { capability, needs: *needed }),
        None => Ok(()),
    }
}

/// What an account is given with a capability, without asking for it, as far as it can have that.
pub(super) fn brought_with<'a>(
    book: &'a Rulebook,
    account: &Account,
    capability: Capability,
) -> impl Iterator<Item = Capability> + 'a {
    let (country, agreement) = (account.country(), account.agreement());
    let is_open = move |other: &Capability| {
        let rule = book.capability(*other);
        rule.is_open_under(agreement) && rule.is_open_to(country)
    };
    book.capability(capability).brings(country).iter().copied().filter(is_open)
}

/// The name of a field as far as it is one: what a host mistook for a name may be anything, data about persons too.
pub(super) fn shown(field: &str) -> &str {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
    let digits = field.chars().filter(char::is_ascii_digit).count();
    if field.len() <= 80 && digits <= 3 && field.chars().all(is_name) { field } else { "…" }
}

pub(super) const fn subjects(is_person: bool) -> &'static [Subject] {
    if is_person { &[Subject::Person] } else { &[Subject::Account, Subject::Company] }
}

/// In which country a field is written: that of its address, if that is told with it, and otherwise that of the account.
pub(super) fn country_of(fields: &BTreeMap<Box<str>, String>, field: &str, home: Country) -> Country {
    let address = field.rsplit_once('.').map(|(address, _)| address).filter(|address| address.ends_with("address"));
    let told = address.and_then(|address| fields.get(format!("{address}.country").as_str()));
    told.and_then(|told| told.parse().ok()).unwrap_or(home)
}

/// What it takes to change a field.
pub(super) fn action_of(field: &str) -> Action {
    match field.split_once('.') {
        Some(("business_profile" | "settings", _)) => Action::UpdateBusiness,
        Some(("tos_acceptance" | "additional_tos_acceptances", _)) => Action::AcceptTerms,
        Some(_) | None => Action::WritePersonal,
    }
}

/// What is not given by itself, because it follows from something else: a person, a bank account.
pub(super) fn is_derived(field: &str) -> bool {
    matches!(field, "external_account" | "relationship.percent_ownership")
        || matches!(field.split_once('.'), Some(("relationship", role)) if role.parse::<PersonRole>().is_ok())
}
