//! What an account is asked for, rule by rule.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use smallvec::SmallVec;

use super::assessment::{Assessment, DESTINATION, Dossier, Lists};
use super::field_state::{Doubt, Field, failed, pending};
use super::{CheckStatus, Destination, Due, DueState, Given, InquiryState, Person, RequirementPath, Urgency};
use crate::calendar::Timestamp;
use crate::ids::PersonId;
use crate::rulebook::{
    BusinessType, Capability, Check, FieldRule, Impact, Party, PersonRole, RequirementErrorCode, RequirementRule,
    Rulebook, Stage, Subject,
};

/// The word that these are all owners.
const OWNERS_PROVIDED: &str = "company.owners_provided";

/// How urgently something is wanted, and by when.
pub(super) type Wanted = (Urgency, Option<Timestamp>);

/// What one part of a rule stops, and how urgent it is.
#[derive(Clone)]
struct Part {
    wanted: Wanted,
    impact: Impact,
    capabilities: Vec<Capability>,
}

/// Whoever goes through the rules for one account.
pub(super) struct Assessor<'a> {
    pub(super) book: &'a Rulebook,
    pub(super) dossier: &'a Dossier<'a>,
    pub(super) requested: Vec<Capability>,
    /// When the clock changes something next.
    pub(super) next: Option<Timestamp>,
    /// At which volume something changes next.
    pub(super) watch: Option<i64>,
    /// Whether something was not verified for so long that the account is turned away.
    pub(super) turns_away: bool,
}

impl<'a> Assessor<'a> {
    pub(super) fn new(book: &'a Rulebook, dossier: &'a Dossier<'a>) -> Self {
        Self {
            book,
            dossier,
            requested: dossier.profile.requested().collect(),
            next: None,
            watch: None,
            turns_away: false,
        }
    }

    /// Has the account looked at when somebody comes of age.
    pub(super) fn await_ages(&mut self) {
        for person in self.dossier.persons {
            self.look_again(person.minor_beyond(self.dossier.now));
        }
    }

    pub(super) fn ask(&mut self, assessment: &mut Assessment) {
        let account = self.dossier.account;
        let set = self.book.requirement_set(account.country());
        let rules: Vec<&'a RequirementRule> = set.rules().filter(|rule| self.applies(rule)).collect();
        self.ask_guardian(assessment, &rules);
        for rule in rules {
            let starts = rule.from().and_then(start);
            let ends = rule.until().and_then(start);
            if ends.is_some_and(|ends| ends <= self.dossier.now) {
                continue;
            }
            let is_future = starts.filter(|starts| *starts > self.dossier.now);
            self.look_again(is_future);
            self.look_again(ends);
            match rule.party() {
                Party::Account | Party::Company => {
                    let field = self.account_field(rule.party().subject(), rule.path());
                    let lists = &mut assessment.due;
                    self.add(lists, rule, starts, (&field, None), &|item| RequirementPath::new(item));
                }
                Party::Individual => self.ask_individual(assessment, rule, starts),
                Party::Representative | Party::Owner | Party::Director | Party::Executive | Party::LegalGuardian => {
                    self.ask_persons(assessment, rule, starts)
                }
            }
        }
        self.add_failures(assessment);
    }

    fn applies(&self, rule: &RequirementRule) -> bool {
        let (account, profile) = (self.dossier.account, self.dossier.profile);
        let applies =
            |business_type| rule.applies(business_type, profile.structure(), &self.requested, account.agreement());
        // As long as it is not known what sort of business it is, it is asked for what every sort is.
        let applies = match profile.business_type() {
            Some(business_type) => applies(business_type),
            None => BusinessType::ALL.into_iter().all(applies),
        };
        applies
            && rule.after().is_none_or(|after| !matches!(self.account_field(Subject::Account, after), Field::Missing))
    }

    /// Whoever is under age needs somebody who answers for them, where the rules know guardians.
    // RULE: docs.stripe.com/connect/required-verification-information and docs.stripe.com/api/persons (2026).
    fn ask_guardian(&mut self, assessment: &mut Assessment, rules: &[&RequirementRule]) {
        let persons = self.dossier.persons;
        let is_minor = |person: &Person| person.minor_beyond(self.dossier.now).is_some();
        let answers = |person: &Person| person.is_individual() || person.relationship().is(PersonRole::Representative);
        let is_needed = rules.iter().any(|rule| rule.party() == Party::LegalGuardian)
            && persons.iter().any(|person| is_minor(person) && answers(person))
            && !persons.iter().any(|person| person.relationship().is(PersonRole::LegalGuardian) && !is_minor(person));
        if is_needed {
            assessment.due.now.push(Due {
                path: RequirementPath::new("relationship.legal_guardian"),
                state: DueState::Wanted(Urgency::Past),
                deadline: None,
                impact: Impact::Both,
                capabilities: Vec::new(),
                error: None,
                alternative: None,
            });
        }
    }

    fn ask_individual(&mut self, assessment: &mut Assessment, rule: &'a RequirementRule, starts: Option<Timestamp>) {
        let name = |item: &str| RequirementPath::new(format!("individual.{item}"));
        let known = self.dossier.persons.iter().position(|person| person.is_individual());
        match known.and_then(|place| Some((self.dossier.persons.get(place)?, assessment.persons.get_mut(place)?))) {
            Some((person, (_, lists))) => {
                let field = self.person_field(person, rule.path());
                self.add(lists, rule, starts, (&field, Some(person.id())), &name);
            }
            None => self.add(&mut assessment.due, rule, starts, (&Field::Missing, None), &name),
        }
    }

    fn ask_persons(&mut self, assessment: &mut Assessment, rule: &'a RequirementRule, starts: Option<Timestamp>) {
        let Some(role) = rule.party().role() else { return };
        for (person, (_, lists)) in self.dossier.persons.iter().zip(&mut assessment.persons) {
            if !self.is(person, role) {
                continue;
            }
            let field = self.person_field(person, rule.path());
            self.add(lists, rule, starts, (&field, Some(person.id())), &|item| person.path(item));
        }
    }

    /// Whether a person is this to the company. Who owns less than makes an owner there is none, whatever they are called; who did not
    /// say how much is one.
    fn is(&self, person: &Person, role: PersonRole) -> bool {
        let relationship = person.relationship();
        if !relationship.is(role) {
            return false;
        }
        match relationship.percent_ownership {
            Some(share) if role == PersonRole::Owner => self.owns_enough(share),
            Some(_) | None => true,
        }
    }

    /// Whether so many hundredths of a percent make an owner, where perhaps nobody has more.
    fn owns_enough(&self, share: u16) -> bool {
        let set = self.book.requirement_set(self.dossier.account.country());
        let percent = |share: u16| Decimal::new(share.into(), 2);
        let first = set.owner_threshold();
        let has_owner = || {
            let mut shares = self.dossier.persons.iter().filter_map(|person| person.relationship().percent_ownership);
            shares.any(|share| first.is_reached_by(percent(share)))
        };
        match set.owner_threshold_if_nobody() {
            Some(other) if !has_owner() => other.is_reached_by(percent(share)),
            Some(_) | None => first.is_reached_by(percent(share)),
        }
    }

    /// Where something stands that the account or its company is asked for.
    fn account_field(&self, subject: Subject, path: &str) -> Field<'a> {
        let dossier = self.dossier;
        let is_there = match path {
            "business_type" => dossier.profile.business_type().is_some(),
            DESTINATION => return self.destination(),
            "company.structure" => dossier.profile.structure().is_some(),
            // RULE: that all owners were named is asked because they may not be all; where they have everything they are
            // (docs.stripe.com/connect/required-verification-information, 2024).
            OWNERS_PROVIDED if self.all_is_owned() => true,
            path => match path.strip_prefix("relationship.").and_then(|role| role.parse::<PersonRole>().ok()) {
                Some(role) => dossier.persons.iter().any(|person| self.is(person, role)),
                None => return self.field(dossier.profile.given(), subject, path),
            },
        };
        if is_there { Field::Fine } else { Field::Missing }
    }

    /// Whether the owners that were named own everything.
    fn all_is_owned(&self) -> bool {
        let shares = self.dossier.persons.iter().filter_map(|person| person.relationship().percent_ownership);
        shares.map(u32::from).sum::<u32>() >= 10_000
    }

    /// Where it stands that there is something to send payouts to.
    // RULE: a bank account whose owner could not be confirmed is asked for again, or a document about it
    // (docs.stripe.com/api/external_account_bank_accounts/object, 2026).
    fn destination(&self) -> Field<'a> {
        let (code, at) = match self.dossier.destination {
            Destination::Usable => return Field::Fine,
            Destination::None | Destination::Unusable => return Field::Missing,
            Destination::Refused { code, at } => (code, at),
        };
        let alternative = self.book.field(Subject::Account, DESTINATION).and_then(FieldRule::alternative);
        let given = self.dossier.profile.given();
        match given.check(Check::BankOwnership).filter(|check| check.awaits_answer()) {
            Some(check) => pending(check),
            None => Field::Failed { code, alternative, doubt: Doubt::at(at) },
        }
    }

    /// Where something stands that a person is asked for.
    fn person_field(&self, person: &Person, path: &str) -> Field<'a> {
        let relationship = person.relationship();
        let is_there = match path.strip_prefix("relationship.") {
            Some("percent_ownership") => relationship.percent_ownership.is_some(),
            Some(own) => match own.parse::<PersonRole>() {
                Ok(role) => {
                    let other = self.book.field(Subject::Person, path).and_then(FieldRule::alternative);
                    let other = other.and_then(|path| path.strip_prefix("relationship.")?.parse().ok());
                    relationship.is(role) || other.is_some_and(|other| relationship.is(other))
                }
                Err(_) => return self.field(person.given(), Subject::Person, path),
            },
            None => return self.field(person.given(), Subject::Person, path),
        };
        if is_there { Field::Fine } else { Field::Missing }
    }

    fn field(&self, given: &Given, subject: Subject, path: &str) -> Field<'a> {
        if !given.has(path) {
            let other = self.free_alternative(subject, path);
            return if other.is_some_and(|other| given.has(other)) { Field::Fine } else { Field::Missing };
        }
        if let Some(until) = given.renewal(path) {
            return Field::Outdated { until };
        }
        let Some(rule) = self.book.field(subject, path) else { return Field::Fine };
        let Some(check) = rule.verified_by() else { return Field::Fine };
        self.checked(given, rule, check)
    }

    /// What can be given from the start in the place of a field that nobody verifies.
    // RULE: a description of the product where there is no website (docs.stripe.com/connect/required-verification-information, 2024).
    fn free_alternative(&self, subject: Subject, path: &str) -> Option<&'a str> {
        let rule = self.book.field(subject, path).filter(|rule| rule.verified_by().is_none())?;
        rule.alternative()
    }

    /// Where a field stands that the world verifies.
    // RULE: giving every alternative resolves what it stands for (docs.stripe.com/api/accounts/object, 2026).
    fn checked(&self, given: &Given, rule: &'a FieldRule, check: Check) -> Field<'a> {
        let Some(state) = given.check(check) else { return Field::Unchecked };
        let code = match (&state.status, state.failure()) {
            (CheckStatus::Pending, _) => return pending(state),
            (CheckStatus::Concluded(_), Some(code)) if self.must_be_given_again(given, rule, check) => code,
            (CheckStatus::Concluded(_), _) => return Field::Fine,
        };
        let wrong = failed(code, state, rule);
        let Some(path) = rule.alternative().filter(|path| given.vouches(path, rule.path())) else { return wrong };
        let substitute = self.book.field(rule.subject(), path).and_then(FieldRule::verified_by);
        match substitute.filter(|other| *other != check).and_then(|other| given.check(other)) {
            Some(other) => match (&other.status, other.failure()) {
                (CheckStatus::Pending, _) => pending(other).in_place_of(state),
                (CheckStatus::Concluded(_), Some(code)) => failed(code, other, rule).in_place_of(state),
                (CheckStatus::Concluded(_), None) => Field::Fine,
            },
            None => wrong,
        }
    }

    fn must_be_given_again(&self, given: &Given, rule: &FieldRule, check: Check) -> bool {
        let is_checked =
            |field: &str| self.book.field(rule.subject(), field).and_then(FieldRule::verified_by) == Some(check);
        given.is_to_be_given_again(check, rule.path(), is_checked)
    }

    /// Adds what a rule asks for, if the field is not as it should be.
    fn add(
        &mut self,
        lists: &mut Lists,
        rule: &RequirementRule,
        starts: Option<Timestamp>,
        (field, person): (&Field<'a>, Option<PersonId>),
        name: &dyn Fn(&str) -> RequirementPath,
    ) {
        let wanted = match (field, rule.stage()) {
            (Field::Fine, _) | (Field::Outdated { .. }, Stage::Unverified) => return,
            (Field::Outdated { until }, Stage::Unprovided) => {
                let now = self.dossier.now;
                (self.reached(now, *until), Some(*until).filter(|until| *until > now))
            }
            // A bank account that turned out to be somebody else's is as good as none.
            (Field::Unchecked | Field::Pending(_) | Field::Failed { .. }, Stage::Unprovided)
                if rule.path() != DESTINATION =>
            {
                return;
            }
            (Field::Missing, _) | (_, Stage::Unprovided | Stage::Unverified) => {
                let since = self.unverified_since(field, person);
                self.urgency(rule, starts, since)
            }
        };
        let is_future = starts.is_some_and(|starts| starts > self.dossier.now);
        let rule_of_field = self.book.field(rule.party().subject(), rule.path());
        let whole = [rule.path()];
        let items: Vec<&str> = rule_of_field.map_or_else(|| whole.to_vec(), |field| field.items().collect());
        for part in self.parts(rule, wanted, person) {
            let (state, deadline, error, alternative) = self.state_of(rule, field, part.wanted);
            let state = if is_future { state.of_future() } else { state };
            let list = if is_future { &mut lists.future } else { &mut lists.now };
            self.turns_away |= rule.turns_away() && !is_future && wanted.0 == Urgency::Past && state.blocks();
            for item in &items {
                let due = Due {
                    path: name(item),
                    state,
                    deadline: if is_future { starts } else { deadline },
                    impact: part.impact,
                    capabilities: part.capabilities.clone(),
                    error,
                    alternative: alternative.map(name),
                };
                add_due(list, due);
            }
        }
    }

    /// Where something stands that a rule wants so urgently.
    fn state_of(
        &mut self,
        rule: &RequirementRule,
        field: &Field<'a>,
        (urgency, deadline): Wanted,
    ) -> (DueState, Option<Timestamp>, Option<RequirementErrorCode>, Option<&'a str>) {
        match field {
            Field::Failed { code, alternative, doubt } => {
                let wanted = self.put_off((urgency, deadline), doubt.grace_until);
                let (urgency, deadline) = self.after_failure(wanted, doubt);
                (DueState::Wanted(urgency), deadline, Some(*code), *alternative)
            }
            Field::Pending(doubt) => {
                let blocks = self.has_run_out(urgency, doubt);
                (DueState::Pending { blocks }, deadline, None, None)
            }
            Field::Unchecked => (DueState::Pending { blocks: urgency == Urgency::Past }, deadline, None, None),
            Field::Missing => {
                let other = self.free_alternative(rule.party().subject(), rule.path());
                (DueState::Wanted(urgency), deadline, None, other)
            }
            Field::Outdated { .. } | Field::Fine => (DueState::Wanted(urgency), deadline, None, None),
        }
    }

    /// What a rule stops, part by part: while the account is in transition what worked waits longer than what did not.
    fn parts(&mut self, rule: &RequirementRule, wanted: Wanted, person: Option<PersonId>) -> SmallVec<[Part; 3]> {
        let impact = rule.impact();
        let capabilities: Vec<Capability> =
            rule.capabilities().iter().copied().filter(|known| self.requested.contains(known)).collect();
        let all = |wanted| Part { wanted, impact, capabilities: capabilities.clone() };
        let dossier = self.dossier;
        let transition = dossier.profile.transition().filter(|_| self.is_of_transition(rule, person));
        let Some(transition) = transition.filter(|known| wanted.0 == Urgency::Past && known.until > dossier.now) else {
            return SmallVec::from_elem(all(wanted), 1);
        };
        let mut parts = SmallVec::from_elem(all(self.put_off(wanted, Some(transition.until))), 1);
        let concerned = if capabilities.is_empty() { &self.requested } else { &capabilities };
        let others: Vec<Capability> =
            concerned.iter().copied().filter(|known| !transition.kept.contains(known)).collect();
        if impact.stops_charges() && !others.is_empty() {
            parts.push(Part { wanted, impact: Impact::Charges, capabilities: others });
        }
        if impact.stops_payouts() && !transition.payouts {
            parts.push(Part { wanted, impact: Impact::Payouts, capabilities });
        }
        parts
    }

    /// Whether a rule asks because the account became what the rule is about not long ago. Of whoever represented it before nothing new
    /// is asked.
    fn is_of_transition(&self, rule: &RequirementRule, person: Option<PersonId>) -> bool {
        let (account, profile) = (self.dossier.account, self.dossier.profile);
        let Some(transition) = profile.transition() else { return false };
        let role = rule.path().strip_prefix("relationship.").and_then(|role| role.parse().ok());
        let is_of_another = rule.party() == Party::Representative && person != profile.stood_down();
        let is_of_representative = is_of_another || role == Some(PersonRole::Representative);
        let applied = |was| rule.applies(was, profile.structure(), &self.requested, account.agreement());
        (transition.representative && is_of_representative)
            || (transition.owners && rule.path() == OWNERS_PROVIDED)
            || transition.was.is_some_and(|was| !applied(was))
    }

    /// What the processor wants to know about the business, whoever vets the account.
    // RULE: such items are past due, or due by their deadline, like others, with the error `verification_supportability`
    // (docs.stripe.com/changelog, 2024-09-30; docs.stripe.com/connect/handle-verification-updates, 2024). That what is being looked at goes
    // on stopping what it did once the time is over is our own reading.
    pub(super) fn ask_about_business(&mut self, assessment: &mut Assessment) {
        for inquiry in self.dossier.profile.inquiries() {
            let wanted = match inquiry.deadline() {
                Some(deadline) => (self.reached(self.dossier.now, deadline), Some(deadline)),
                None => (Urgency::Past, None),
            };
            let (state, error) = match inquiry.state() {
                InquiryState::Closed => continue,
                InquiryState::Answered => (DueState::Pending { blocks: wanted.0 == Urgency::Past }, None),
                InquiryState::Open => {
                    (DueState::Wanted(wanted.0), Some(RequirementErrorCode::VerificationSupportability))
                }
            };
            assessment.due.now.push(Due {
                path: inquiry.name().path(),
                state,
                deadline: wanted.1.filter(|deadline| *deadline > self.dossier.now),
                impact: inquiry.impact(),
                capabilities: Vec::new(),
                error,
                alternative: None,
            });
        }
    }

    /// What was given, is checked or has failed, and no rule says by when it must be verified.
    fn add_failures(&mut self, assessment: &mut Assessment) {
        let dossier = self.dossier;
        let is_individual = dossier.profile.business_type() == Some(BusinessType::Individual);
        let subjects = [Subject::Account, Subject::Company];
        // What a company failed at is no matter of the individual that it has become.
        let subjects = if is_individual { subjects.get(..1) } else { subjects.get(..) }.unwrap_or_default();
        self.add_checked(&mut assessment.due, dossier.profile.given(), subjects, &|item| RequirementPath::new(item));
        for (person, (_, lists)) in dossier.persons.iter().zip(&mut assessment.persons) {
            if is_individual && !person.is_individual() {
                continue;
            }
            self.add_checked(lists, person.given(), &[Subject::Person], &|item| person.path(item));
        }
    }

    fn add_checked(
        &mut self,
        lists: &mut Lists,
        given: &Given,
        subjects: &[Subject],
        name: &dyn Fn(&str) -> RequirementPath,
    ) {
        for (path, _) in given.fields() {
            let Some(rule) = subjects.iter().find_map(|subject| self.book.field(*subject, path)) else { continue };
            let Some(check) = rule.verified_by() else { continue };
            let (state, deadline, error, alternative) = match self.checked(given, rule, check) {
                Field::Pending(doubt) => {
                    let blocks = self.has_run_out(Urgency::Eventually, &doubt);
                    (DueState::Pending { blocks }, None, None, None)
                }
                Field::Failed { code, alternative, doubt } => {
                    let (urgency, deadline) = self.after_failure((Urgency::Eventually, None), &doubt);
                    (DueState::Wanted(urgency), deadline, Some(code), alternative)
                }
                Field::Missing | Field::Unchecked | Field::Outdated { .. } | Field::Fine => continue,
            };
            for item in rule.items() {
                let path = name(item);
                if lists.now.iter().any(|due| due.path == path) {
                    continue;
                }
                lists.now.push(Due {
                    path,
                    state,
                    deadline,
                    impact: Impact::Both,
                    capabilities: Vec::new(),
                    error,
                    alternative: alternative.map(name),
                });
            }
        }
    }
}

/// Adds something that is asked for; of two that stop the same thing the more urgent one stays.
fn add_due(list: &mut Vec<Due>, due: Due) {
    let same = list
        .iter_mut()
        .find(|known| known.path == due.path && known.impact == due.impact && known.capabilities == due.capabilities);
    match same {
        Some(known) if known.state >= due.state => {}
        Some(known) => *known = due,
        None => list.push(due),
    }
}

fn start(date: NaiveDate) -> Option<Timestamp> {
    Timestamp::start_of(date).ok()
}
