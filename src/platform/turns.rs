//! What an account turns into: another sort of business, with another representative, or other owners.

use super::onboarding::subjects;
use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::{
    Account, AccountEvent, CapabilityStatus, Due, Given, Person, Profile, Record, Relationship, Transition, Turn,
};
use crate::calendar::{Timestamp, days};
use crate::rulebook::{BusinessType, Capability, Check, PersonRole, Subject};

impl<'a> Transaction<'a> {
    /// How long an account goes on after something verified was changed.
    pub(super) fn grace(&self) -> Option<Timestamp> {
        self.now.checked_add(days(i64::from(self.rulebook.vetting_policy().grace_days))).ok()
    }

    /// A profile that becomes another sort of business.
    pub(super) fn becoming(
        &mut self,
        account: &Account,
        profile: &Profile,
        to: BusinessType,
    ) -> Result<Profile, Error> {
        if profile.business_type().is_none_or(|was| was == to) {
            return Ok(profile.clone());
        }
        let fresh = self.fresh_transition(account, profile)?;
        let unmet = match profile.transition() {
            Some(known) => self.dues(account, profile)?.iter().any(|due| due.deadline == Some(known.until)),
            None => false,
        };
        Ok(profile.turning(Turn::Business { to, unmet }, fresh, self.now))
    }

    /// Notes that somebody represents an account from now on, or no longer.
    pub(super) fn represented(&mut self, account: &Account, turn: Turn) -> Result<(), Error> {
        let profile = self.take::<Profile>(account.profile())?;
        let fresh = self.fresh_transition(account, &profile)?;
        self.put(profile.turning(turn, fresh, self.now));
        Ok(())
    }

    /// What a change of its own would leave an account with, and how long: nothing where nothing works.
    fn fresh_transition(&mut self, account: &Account, profile: &Profile) -> Result<Transition, Error> {
        let dues = self.dues(account, profile)?;
        let is_free = |capability: &Capability| {
            !dues.iter().any(|due| due.blocks_capability(*capability))
                && matches!(profile.reviewed(*capability), None | Some(CapabilityStatus::Active))
        };
        let kept: Vec<Capability> = profile.requested().filter(is_free).collect();
        let payouts = !dues.iter().any(|due| due.blocks() && due.impact.stops_payouts());
        let until = self.grace().filter(|_| payouts || !kept.is_empty()).unwrap_or(self.now);
        Ok(Transition { until, was: None, representative: false, owners: false, kept, payouts })
    }

    /// Everything that an account and its persons are asked for.
    fn dues(&mut self, account: &Account, profile: &Profile) -> Result<Vec<Due>, Error> {
        let mut dues = profile.due().to_vec();
        for person in self.persons(account.id())? {
            dues.extend_from_slice(person.due());
        }
        Ok(dues)
    }

    /// The individual that an account belongs to, who is added if there is none.
    pub(super) fn individual(&mut self, account: &Account) -> Result<Person, Error> {
        match self.individual_so_far(account)? {
            Some(known) => Ok(known),
            None => self.add_person(account.id(), Relationship::of([PersonRole::Representative]), true),
        }
    }

    /// The individual that an account belongs to; of a company that becomes an individual's account it is whoever represents it.
    fn individual_so_far(&mut self, account: &Account) -> Result<Option<Person>, Error> {
        let persons = self.persons(account.id())?;
        let own = persons.iter().find(|person| person.is_individual()).map(|person| (**person).clone());
        let represents = |person: &&Seen<'_, Person>| person.relationship().is(PersonRole::Representative);
        Ok(own.or_else(|| persons.iter().find(represents).map(|person| person.as_individual())))
    }

    /// Has the person whom an account's business type is about be the individual, or one of the company.
    pub(super) fn settle_individual(&mut self, account: &Account, is_company: bool) -> Result<(), Error> {
        let Some(person) = self.individual_so_far(account)? else { return Ok(()) };
        let next = if is_company { person.in_company() } else { person };
        if *self.get::<Person>(next.id())? != next {
            self.event(AccountEvent::PersonUpdated, next.id(), Some(account.id()));
            self.put(next);
        }
        Ok(())
    }

    /// Has the terms accepted anew after another owner, or another share.
    // RULE: docs.stripe.com/connect/update-verified-information (2024), of accounts that had given everything.
    pub(super) fn owners_changed(
        &mut self,
        account: &Account,
        before: &Relationship,
        after: &Relationship,
    ) -> Result<(), Error> {
        let owned =
            |relationship: &Relationship| relationship.is(PersonRole::Owner).then_some(relationship.percent_ownership);
        if owned(before) == owned(after) || !account.details_submitted() {
            return Ok(());
        }
        let profile = self.take::<Profile>(account.profile())?;
        let mut given = profile.given().clone();
        let owners = self.rulebook.field(Subject::Account, "relationship.owner");
        for field in owners.into_iter().flat_map(|rule| rule.renews()) {
            given.renew(field, self.grace().unwrap_or(Timestamp::MAX));
        }
        let fresh = self.fresh_transition(account, &profile)?;
        self.put(profile.with_given(given).turning(Turn::Owners, fresh, self.now));
        Ok(())
    }

    /// Has the world look at what was given now, with everything else that the same check is about; `before` is what was given until
    /// then.
    pub(super) fn start_checks(&self, before: &Given, given: &mut Given, is_person: bool, fields: &[&str]) {
        let record = Record { book: self.rulebook, subjects: subjects(is_person), given: before };
        let rule = |field: &str| record.subjects.iter().find_map(|subject| self.rulebook.field(*subject, field));
        // What was given before the rules had it checked is checked now, too.
        let known = given.fields().filter_map(|(field, _)| rule(field)?.verified_by());
        let unchecked = known.filter(|check| given.check(*check).is_none());
        let mut checks: Vec<Check> =
            fields.iter().filter_map(|field| rule(field)?.verified_by()).chain(unchecked).collect();
        checks.sort_unstable();
        checks.dedup();
        for check in checks {
            given.start(check, self.now, self.grace(), record.all_proven(check));
        }
    }
}
