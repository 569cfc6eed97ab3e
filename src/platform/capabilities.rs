//! What is news about capabilities.

use super::Transaction;
use crate::accounts::{Account, AccountEvent, Assessment, Due, Person, Profile, Requirements};
use crate::journal::{Event, EventKind, Stored};
use crate::rulebook::Capability;

/// What a capability is asked for: now, and from a later date on.
type Asked = [Requirements; 2];

fn asked<'d>(
    capability: Capability,
    now: impl IntoIterator<Item = &'d Due>,
    future: impl IntoIterator<Item = &'d Due>,
) -> Asked {
    let concerns = |due: &&Due| due.concerns(capability);
    [Requirements::list(now.into_iter().filter(concerns)), Requirements::list(future.into_iter().filter(concerns))]
}

impl Transaction<'_> {
    /// The capabilities that stand elsewhere than before, or are asked for something else.
    // RULE: `capability.updated` tells of a new status and of new requirements (docs.stripe.com/api/events/types, 2026).
    pub(super) fn changed_capabilities(&self, account: &Account, next: &Assessment) -> Vec<Capability> {
        let mut dues: [Vec<&Due>; 2] = [Vec::new(), Vec::new()];
        let [now, future] = &mut dues;
        for (record, _) in self.state.records.family(account.id().family()) {
            let own = Profile::of(record).map(|profile| (profile.due(), profile.future()));
            let known = own.or_else(|| Person::of(record).map(|person| (person.due(), person.future())));
            let (due, later) = known.unwrap_or_default();
            now.extend(due);
            future.extend(later);
        }
        let [now, future] = dues;
        let is_news = |capability: Capability| {
            asked(capability, now.iter().copied(), future.iter().copied())
                != asked(capability, next.dues(), next.future_dues())
        };
        let states = next.capabilities.iter();
        let changed = states.filter(|state| !account.capabilities().contains(*state) || is_news(state.capability()));
        changed.map(|state| state.capability()).collect()
    }

    /// Tells once of what is news about an account.
    pub(super) fn tell_once(&mut self, account: &Account, event: AccountEvent) {
        let told = Event { kind: EventKind::Account(event), object: account.id().into(), account: Some(account.id()) };
        if !self.changes.events.contains(&told) {
            self.event(event, account.id(), Some(account.id()));
        }
    }
}
