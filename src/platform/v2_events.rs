//! What the newer interface tells of the accounts that a transaction has changed.

use super::Transaction;
use crate::accounts::v2::{Configuration, Event};
use crate::accounts::{Access, Account, AccountEvent, CapabilityState, Person, Profile};
use crate::ids::{AccountId, ObjectId};
use crate::journal::{EventKind, Known, Stored};

/// How the fields begin that say how an account shows itself.
const DEFAULTS: [&str; 2] = ["business_profile.", "settings."];

/// How the fields begin that say that terms were accepted, or prove a bank account: neither who it is nor how it shows itself.
const NEITHER: [&str; 3] = ["tos_acceptance.", "documents.", "additional_tos_acceptances."];

impl Transaction<'_> {
    /// Tells what the records of this transaction change, where that is wanted.
    pub(super) fn tell_v2(&mut self) {
        if !self.rulebook.v2_events() {
            return;
        }
        let mut told: Vec<(AccountId, ObjectId, Event)> = Vec::new();
        for write in &self.changes.records {
            if let Some(next) = Account::of(&write.record) {
                let events = self.account_events(self.before::<Account>(next.id()), next);
                told.extend(events.into_iter().map(|event| (next.id(), next.id().into(), event)));
            } else if let Some(next) = Profile::of(&write.record) {
                let events = profile_events(self.before::<Profile>(next.id()), next);
                told.extend(events.into_iter().map(|event| (next.account(), next.account().into(), event)));
            } else if let Some(next) = Person::of(&write.record) {
                let account = next.account();
                let before = self.before::<Person>(next.id());
                let of_person = person_event(before, next).map(|event| (account, next.id().into(), event));
                let (due, future) = before.map_or((&[][..], &[][..]), |person| (person.due(), person.future()));
                let of_account = [
                    (due != next.due(), Event::RequirementsUpdated),
                    (future != next.future(), Event::FutureRequirementsUpdated),
                ];
                told.extend(of_person);
                let changed = of_account.into_iter().filter(|(is_other, _)| *is_other);
                told.extend(changed.map(|(_, event)| (account, account.into(), event)));
            }
        }
        let older = self.changes.events.iter().filter(|event| event.kind == AccountEvent::Updated.into());
        let updated: Vec<AccountId> = older.filter_map(|event| event.account).collect();
        let parts: Vec<AccountId> = told.iter().map(|(account, ..)| *account).collect();
        let is_new = |account: AccountId| {
            let says_so = |event: &Event| matches!(event, Event::AccountCreated | Event::AccountClosed);
            told.iter().any(|(known, _, event)| *known == account && says_so(event))
        };
        let whole = updated.into_iter().chain(parts).filter(|account| !is_new(*account));
        let whole: Vec<_> = whole.map(|account| (account, account.into(), Event::AccountUpdated)).collect();
        told.extend(whole);
        told.retain(|(account, ..)| *account != self.platform);
        told.sort_by_key(|(account, object, event)| (*account, *event, *object));
        told.dedup();
        for (account, object, event) in told {
            self.event(EventKind::Account(AccountEvent::V2(event)), object, Some(account));
        }
    }

    /// A record as it was before this transaction.
    fn before<R: Stored>(&self, id: R::Id) -> Option<&R> {
        match self.state.record::<R>(id) {
            Known::Here((record, _)) => Some(record),
            Known::Absent | Known::NotLoaded(_) => None,
        }
    }

    fn account_events(&self, before: Option<&Account>, next: &Account) -> Vec<Event> {
        let Some(before) = before else { return vec![Event::AccountCreated] };
        let mut events = Vec::new();
        let is_closed = |account: &Account| account.standing().access == Access::Closed;
        if is_closed(next) && !is_closed(before) {
            events.push(Event::AccountClosed);
        }
        for configuration in [Configuration::Merchant, Configuration::Recipient] {
            let states = |account: &Account| -> Vec<CapabilityState> {
                let all = account.capabilities().iter().copied();
                all.filter(|state| Configuration::of(self.rulebook, state.capability()) == Some(configuration))
                    .collect()
            };
            let (old, new) = (states(before), states(next));
            let names = |states: &[CapabilityState]| states.iter().map(CapabilityState::capability).collect::<Vec<_>>();
            if names(&old) != names(&new) {
                events.push(Event::ConfigurationUpdated(configuration));
            }
            let is_other = |state: &CapabilityState| {
                old.iter().any(|known| known.capability() == state.capability() && known.status() != state.status())
            };
            if new.iter().any(is_other) {
                events.push(Event::CapabilityStatusUpdated(configuration));
            }
        }
        events
    }
}

fn profile_events(before: Option<&Profile>, next: &Profile) -> Vec<Event> {
    let Some(before) = before else { return Vec::new() };
    let begins = |field: &str, with: &[&str]| with.iter().any(|start| field.starts_with(start));
    let given = |profile: &Profile, of_defaults: bool| {
        let fields = profile.given().fields().map(|(field, at)| (field.to_owned(), at));
        let fields = fields.filter(|(field, _)| begins(field, &DEFAULTS) == of_defaults && !begins(field, &NEITHER));
        fields.collect::<Vec<_>>()
    };
    let is_identity = given(before, false) != given(next, false)
        || (before.business_type(), before.structure()) != (next.business_type(), next.structure());
    [
        (before.due() != next.due(), Event::RequirementsUpdated),
        (before.future() != next.future(), Event::FutureRequirementsUpdated),
        (is_identity, Event::IdentityUpdated),
        (given(before, true) != given(next, true), Event::DefaultsUpdated),
    ]
    .into_iter()
    .filter_map(|(is_so, event)| is_so.then_some(event))
    .collect()
}

fn person_event(before: Option<&Person>, next: &Person) -> Option<Event> {
    let Some(before) = before else { return Some(Event::PersonCreated) };
    let is_other = |old: &Person, new: &Person| {
        old.given() != new.given()
            || old.relationship() != new.relationship()
            || old.is_individual() != new.is_individual()
    };
    if next.deleted_at().is_some() && before.deleted_at().is_none() {
        Some(Event::PersonDeleted)
    } else {
        is_other(before, next).then_some(Event::PersonUpdated)
    }
}
