//! What a platform knows: the sum of its changes.

mod book;
mod holdings;
mod records;

use std::collections::BTreeSet;

use smallvec::SmallVec;

pub(crate) use book::{Book, Booked};
use holdings::DateChange;
pub(crate) use holdings::{Holding, Holdings};
pub(crate) use records::Records;

use super::index::Index;
use super::{Changes, Deadline, DeadlineKind, Digest, Key, Record, RequestRow, Stored};
use crate::accounts::BankDetails;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ExternalAccountId, ObjectId, ParkedFactId};
use crate::ledger::{Entry, LedgerAccount};
use crate::money::Currency;

/// The answer to a look-up by key.
pub(crate) enum Known<T> {
    /// It exists, and here it is.
    Here(T),
    /// It was looked for, and does not exist.
    Absent,
    /// It was not loaded.
    NotLoaded(Key),
}

/// Everything that is known, or the part of it that was loaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) records: Records,
    pub(crate) holdings: Holdings,
    pub(crate) requests: Index<Digest, RequestRow>,
    pub(crate) references: Index<Digest, ObjectId>,
    parked: Index<Digest, SmallVec<[ParkedFactId; 1]>>,
    pub(crate) personal: Index<ExternalAccountId, BankDetails>,
    deadlines: BTreeSet<Deadline>,
    outstanding: BTreeSet<ObjectId>,
    pub(crate) book: Book,
    /// Which keys were loaded; nothing where everything is known.
    loaded: Option<Index<Key, ()>>,
}

impl State {
    /// A state that knows nothing and says so, until it is told.
    pub(crate) fn partial() -> Self {
        Self { loaded: Some(Index::default()), ..Self::default() }
    }

    /// Remembers that `key` was looked up.
    pub(super) fn mark_loaded(&mut self, key: Key) {
        if let Some(loaded) = &mut self.loaded {
            loaded.insert(key, ());
        }
    }

    pub(crate) const fn is_whole(&self) -> bool {
        self.loaded.is_none()
    }

    pub(crate) fn is_loaded(&self, key: Key) -> bool {
        self.loaded.as_ref().is_none_or(|loaded| loaded.contains(&key))
    }

    fn missing<T>(&self, key: Key) -> Known<T> {
        if self.is_loaded(key) { Known::Absent } else { Known::NotLoaded(key) }
    }

    pub(crate) fn record<R: Stored>(&self, id: R::Id) -> Known<(&R, u32)> {
        match self.records.find::<R>(id) {
            Some(found) => Known::Here(found),
            None => self.missing(Key::Family(Into::<ObjectId>::into(id).family())),
        }
    }

    pub(crate) fn holding(&self, account: AccountId, currency: Currency) -> Known<&Holding> {
        match self.holdings.get(account, currency) {
            Some(found) => Known::Here(found),
            None => self.missing(Key::Balance(account, currency)),
        }
    }

    pub(crate) fn request(&self, name: Digest) -> Known<&RequestRow> {
        match self.requests.get(&name) {
            Some(found) => Known::Here(found),
            None => self.missing(Key::Request(name)),
        }
    }

    pub(crate) fn reference(&self, name: Digest) -> Known<ObjectId> {
        match self.references.get(&name) {
            Some(found) => Known::Here(*found),
            None => self.missing(Key::Reference(name)),
        }
    }

    /// The facts that wait, or waited, for a reference to become known.
    pub(crate) fn parked(&self, reference: Digest) -> &[ParkedFactId] {
        self.parked.get(&reference).map_or(&[], SmallVec::as_slice)
    }

    pub(super) fn remember_parked(&mut self, reference: Digest, ids: &[ParkedFactId]) {
        if self.parked.get(&reference).is_none() {
            self.parked.insert(reference, SmallVec::new());
        }
        if let Some(known) = self.parked.get_mut(&reference) {
            known.extend(ids.iter().copied());
            known.sort_unstable();
            known.dedup();
        }
    }

    /// What happens next by itself.
    pub(crate) fn next_deadline(&self) -> Option<Deadline> {
        self.deadlines.first().copied()
    }

    pub(crate) fn deadlines(&self) -> impl Iterator<Item = &Deadline> {
        self.deadlines.iter()
    }

    /// The objects about which the world has been asked and has not answered, by kind and then oldest first.
    pub(crate) fn outstanding(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.outstanding.iter().copied()
    }

    /// Which object or range stands in the way of these changes, if any.
    pub(crate) fn objection(&self, changes: &Changes) -> Option<String> {
        let version = |id: ObjectId| self.records.get(id).map_or(0, |(_, version)| version);
        let writes = changes.records.iter().map(|write| (write.record.id(), write.read_at));
        let reads = changes.reads.iter().map(|read| (read.object, read.version));
        if let Some((id, _)) = writes.chain(reads).find(|(id, read_at)| version(*id) != *read_at) {
            return Some(id.to_string());
        }
        for write in &changes.cycles {
            let (account, currency) = (write.cycle.account, write.cycle.currency);
            let version = self.holdings.get(account, currency).map_or(0, |holding| holding.cycle_version);
            if version != write.read_at {
                return Some(Key::Balance(account, currency).to_string());
            }
        }
        if let Some(row) = changes.request.as_ref()
            && self.requests.get(&row.name).is_some_and(|known| known.at >= row.at)
        {
            return Some(Key::Request(row.name).to_string());
        }
        if changes.guards.is_empty() {
            return None;
        }
        let broken = changes.balances().into_iter().find(|delta| {
            let before = self.bucket(delta.account, delta.currency);
            let after = before.saturating_add(delta.delta);
            after < delta.low || after > delta.high
        });
        broken.and_then(|delta| delta.account.owner().map(|owner| Key::Balance(owner, delta.currency).to_string()))
    }

    fn bucket(&self, account: LedgerAccount, currency: Currency) -> i128 {
        match account.owner() {
            Some(owner) => self.holdings.get(owner, currency).map_or(0, |holding| holding.bucket(account)),
            None => self.holdings.outside(account, currency),
        }
    }

    /// Folds changes in. It decides nothing, and there is no way for it to fail.
    pub(crate) fn apply(&mut self, changes: &Changes) {
        if let Some(row) = changes.request {
            self.requests.insert(row.name, row);
        }
        for write in &changes.records {
            self.put(write.record.clone(), write.read_at.saturating_add(1));
        }
        for entry in &changes.entries {
            self.book(entry);
        }
        for write in &changes.cycles {
            let (account, currency) = (write.cycle.account, write.cycle.currency);
            let row = self.holdings.row(account, currency);
            let Some(holding) = self.holdings.by_row(row) else { continue };
            let before = holding.next_run;
            holding.next_run = write.cycle.next_run;
            holding.paid_through = write.cycle.paid_through;
            holding.cycle_version = write.read_at.saturating_add(1);
            self.reschedule(DeadlineKind::PayOut(account, currency), before, write.cycle.next_run);
        }
        for write in &changes.references {
            self.references.insert(write.reference, write.object);
        }
        for write in &changes.personal {
            self.personal.insert(write.of, write.details.clone());
        }
    }

    fn reschedule(&mut self, what: DeadlineKind, before: Option<Timestamp>, after: Option<Timestamp>) {
        if before == after {
            return;
        }
        if let Some(due) = before {
            self.deadlines.remove(&Deadline { due, what });
        }
        if let Some(due) = after {
            self.deadlines.insert(Deadline { due, what });
        }
    }

    /// Keeps an object, with what follows from it: its deadline, and whether an answer is awaited.
    pub(super) fn put(&mut self, record: Record, version: u32) {
        let id = record.id();
        let (deadline, outstanding) = (record.deadline(), record.is_outstanding());
        if let Record::ParkedFact(parked) = &record {
            self.remember_parked(parked.reference, &[parked.id]);
        }
        let before = self.records.put(id, record, version);
        let (was_due, was_outstanding) =
            before.map_or((None, false), |before| (before.deadline(), before.is_outstanding()));
        if was_due != deadline {
            if let Some(due) = was_due {
                self.deadlines.remove(&due);
            }
            self.deadlines.extend(deadline);
        }
        if outstanding && !was_outstanding {
            self.outstanding.insert(id);
        } else if was_outstanding && !outstanding {
            self.outstanding.remove(&id);
        }
    }

    /// Keeps a holding as it was loaded or restored.
    pub(super) fn put_holding(&mut self, account: AccountId, currency: Currency, holding: Holding) {
        let settle = DeadlineKind::Settle(account, currency);
        self.deadlines.extend(holding.pending.iter().map(|(due, _)| Deadline { due: *due, what: settle }));
        let pay_out = DeadlineKind::PayOut(account, currency);
        self.deadlines.extend(holding.next_run.map(|due| Deadline { due, what: pay_out }));
        self.holdings.put(account, currency, holding);
    }

    pub(super) fn put_outside(&mut self, account: LedgerAccount, currency: Currency, amount: i128) {
        self.holdings.add_outside(account, currency, amount);
    }

    /// Writes an entry down where history is kept, and ties it to the holdings it concerns.
    pub(super) fn record_history(&mut self, entry: &Entry) {
        let number = self.book.add(entry);
        for (account, currency, _) in entry.movements() {
            if let Some(owner) = account.owner() {
                let row = self.holdings.row(owner, currency);
                self.tie(number, row);
            }
        }
    }

    fn tie(&mut self, entry: u32, row: u32) {
        if let Some(holding) = self.holdings.by_row(row)
            && !self.book.is_tied(holding.last_node, entry)
        {
            holding.last_node = self.book.tie(entry, holding.last_node);
        }
    }

    fn book(&mut self, entry: &Entry) {
        let number = self.is_whole().then(|| self.book.add(entry));
        let mut rows: SmallVec<[(AccountId, Currency, u32); 3]> = SmallVec::new();
        for (account, currency, amount) in entry.movements() {
            let Some(owner) = account.owner() else {
                self.holdings.add_outside(account, currency, amount);
                continue;
            };
            let known = rows.iter().find(|(known, in_currency, _)| (*known, *in_currency) == (owner, currency));
            let row = match known {
                Some((_, _, row)) => *row,
                None => {
                    let row = self.holdings.row(owner, currency);
                    rows.push((owner, currency, row));
                    if let Some(number) = number {
                        self.tie(number, row);
                    }
                    row
                }
            };
            let change = self.holdings.add(row, account, amount);
            if let (Some(change), LedgerAccount::Pending { on: due, .. }) = (change, account) {
                let deadline = Deadline { due, what: DeadlineKind::Settle(owner, currency) };
                match change {
                    DateChange::Appeared => self.deadlines.insert(deadline),
                    DateChange::Vanished => self.deadlines.remove(&deadline),
                };
            }
        }
    }

    /// The entries that concern an owner in one currency, oldest first.
    pub(crate) fn history(&self, account: AccountId, currency: Currency) -> Vec<Booked<'_>> {
        self.holdings.get(account, currency).map_or_else(Vec::new, |holding| self.book.thread(holding.last_node))
    }
}
