//! What a platform knows: the sum of its changes.

mod agenda;
mod book;
mod concerns;
mod holdings;
mod outside;
mod personal;
mod records;
mod requests;
mod reserved;

use smallvec::SmallVec;

use agenda::Agenda;
pub(crate) use book::{Book, Booked};
pub(crate) use concerns::Concern;
use concerns::{ConcernChange, Concerns};
use holdings::DateChange;
pub(crate) use holdings::{Holding, Holdings, Queue};
use personal::Personal;
pub(crate) use records::{Members, Records};
pub(crate) use requests::Requests;
pub(crate) use reserved::HOLDS_LOOKED_UP;
use reserved::Reserved;

use super::index::Index;
use super::{Changes, Deadline, DeadlineKind, Digest, Key, QueueWrite, Record, RequestRow, Stored};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, ParkedFactId, PayoutId, ReserveHoldId, ReservePlanId};
use crate::ledger::{Entry, EntryKind, LedgerAccount};
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

/// The facts that wait, or waited, for a reference, oldest first.
type Parked = Index<Digest, SmallVec<[ParkedFactId; 1]>>;

fn remember_parked(parked: &mut Parked, reference: Digest, ids: &[ParkedFactId]) {
    let Some(known) = parked.value(reference) else { return };
    for id in ids {
        // Ids sort by time, so a new one nearly always goes to the end.
        if let Err(place) = known.binary_search(id) {
            known.insert(place, *id);
        }
    }
}

/// The payouts of each account that are under way.
type UnderWay = Index<AccountId, SmallVec<[PayoutId; 1]>>;

fn set_under_way(under_way: &mut UnderWay, account: AccountId, payout: PayoutId, is_under_way: bool) {
    let Some(known) = under_way.value(account) else { return };
    known.retain(|id| *id != payout);
    if is_under_way {
        known.push(payout);
    }
}

/// Everything that is known, or the part of it that was loaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) records: Records,
    pub(crate) holdings: Holdings,
    pub(crate) requests: Requests,
    /// What is known of outside references, with versions.
    pub(crate) references: Index<Digest, (u32, Option<ObjectId>)>,
    parked: Parked,
    under_way: UnderWay,
    reserved: Reserved,
    concerns: Concerns,
    pub(crate) personal: Personal,
    deadlines: Agenda,
    outstanding: Index<ObjectId, ()>,
    /// How many balances refunds wait for.
    queues: usize,
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

    pub(crate) fn missing<T>(&self, key: Key) -> Known<T> {
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
        match self.requests.get(name) {
            Some(found) => Known::Here(found),
            None => self.missing(Key::Request(name)),
        }
    }

    pub(crate) fn reference(&self, name: Digest) -> Known<(u32, Option<ObjectId>)> {
        match self.references.get(&name) {
            Some(found) => Known::Here(*found),
            None => self.missing(Key::Reference(name)),
        }
    }

    /// The payouts of an account that are under way, oldest first.
    pub(crate) fn under_way(&self, account: AccountId) -> Known<Vec<PayoutId>> {
        if !self.is_loaded(Key::Payouts(account)) {
            return Known::NotLoaded(Key::Payouts(account));
        }
        let mut ids = self.under_way.get(&account).map_or_else(Vec::new, |ids| ids.to_vec());
        ids.sort_unstable();
        Known::Here(ids)
    }

    /// What has to be known of an account, the latest first; nothing on a partial state.
    pub(crate) fn concerns(&self, account: AccountId, concern: Concern) -> impl Iterator<Item = ObjectId> + '_ {
        self.concerns.of(account, concern)
    }

    /// What was done to an object for a reason, the latest first; nothing on a partial state.
    pub(crate) fn done_to(&self, object: ObjectId) -> impl Iterator<Item = ObjectId> + '_ {
        self.concerns.done(object)
    }

    /// The first of what a plan holds back, behind one hold or from the first, by id.
    pub(crate) fn held_by(&self, plan: ReservePlanId, after: Option<ReserveHoldId>) -> Known<Vec<ReserveHoldId>> {
        let key = Key::Holds(plan, after);
        if !self.is_loaded(key) {
            return Known::NotLoaded(key);
        }
        Known::Here(self.reserved.after(plan, after))
    }

    pub(super) fn remember_held(&mut self, plan: ReservePlanId, ids: &[ReserveHoldId]) {
        for id in ids {
            self.reserved.set(plan, *id, true);
        }
    }

    pub(super) fn remember_under_way(&mut self, account: AccountId, ids: &[PayoutId]) {
        for id in ids {
            set_under_way(&mut self.under_way, account, *id, true);
        }
    }

    /// The facts that wait, or waited, for a reference to become known.
    pub(crate) fn parked(&self, reference: Digest) -> &[ParkedFactId] {
        self.parked.get(&reference).map_or(&[], SmallVec::as_slice)
    }

    pub(super) fn remember_parked(&mut self, reference: Digest, ids: &[ParkedFactId]) {
        remember_parked(&mut self.parked, reference, ids);
    }

    /// Gives up a deadline that leads nowhere, which only a damaged state can hold.
    pub(crate) fn drop_deadline(&mut self, deadline: Deadline) {
        self.deadlines.remove(deadline);
    }

    /// What happens next by itself.
    pub(crate) fn next_deadline(&self) -> Option<Deadline> {
        self.deadlines.first()
    }

    pub(crate) fn deadlines(&self) -> impl Iterator<Item = &Deadline> {
        self.deadlines.iter()
    }

    /// The objects about which the world has been asked and has not answered, by kind and then oldest first.
    pub(crate) fn outstanding(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.outstanding.sorted().into_iter().map(|(id, ())| *id)
    }

    /// Which object or range stands in the way of these changes, if any.
    pub(crate) fn objection(&self, changes: &Changes) -> Option<String> {
        self.stale_record(changes)
            .or_else(|| self.stale_row(changes))
            .or_else(|| self.settled_date(changes))
            .or_else(|| self.broken_guard(changes))
            .or_else(|| self.full_balance(changes))
    }

    /// An object that is not the one that was read, or whose place another one has taken.
    fn stale_record(&self, changes: &Changes) -> Option<String> {
        let writes = changes.records.iter().map(|write| (write.record.id(), write.read_at));
        let reads = changes.reads.iter().map(|read| (read.object, read.version));
        let stale = writes.chain(reads).find(|(id, read_at)| match self.records.at(*id) {
            Some((record, version)) => record.id() != *id || version != *read_at,
            None => *read_at != 0,
        });
        stale.map(|(id, _)| id.to_string())
    }

    /// A cycle, a reference or a request that is not the one that was read.
    fn stale_row(&self, changes: &Changes) -> Option<String> {
        let writes = changes.cycles.iter().map(|write| (write.cycle.account, write.cycle.currency, write.read_at));
        let reads = changes.cycle_reads.iter().map(|read| (read.account, read.currency, read.version));
        let cycle = writes.chain(reads).find(|(account, currency, read_at)| {
            self.holdings.get(*account, *currency).map_or(0, |holding| holding.cycle_version) != *read_at
        });
        if let Some((account, currency, _)) = cycle {
            return Some(Key::Balance(account, currency).to_string());
        }
        let writes = changes.queues.iter().map(|write| (write.queue.account, write.queue.currency, write.read_at));
        let reads = changes.queue_reads.iter().map(|read| (read.account, read.currency, read.version));
        let queue = writes.chain(reads).find(|(account, currency, read_at)| {
            self.holdings.get(*account, *currency).map_or(0, |holding| holding.queue.version) != *read_at
        });
        if let Some((account, currency, _)) = queue {
            return Some(Key::Balance(account, currency).to_string());
        }
        let version = |name| self.references.get(name).map_or(0, |(version, _)| *version);
        if let Some(write) = changes.references.iter().find(|write| version(&write.reference) != write.read_at) {
            return Some(Key::Reference(write.reference).to_string());
        }
        let row = changes.request.as_ref()?;
        let is_known = self.requests.get(row.name).is_some_and(|known| known.at >= row.at);
        is_known.then(|| Key::Request(row.name).to_string())
    }

    /// A pending date that was settled, or paid out, while these changes were on their way.
    // INVARIANT: what is pending for a date is settled once, before the payout of that date runs.
    fn settled_date(&self, changes: &Changes) -> Option<String> {
        let entries = changes.entries.iter().filter(|entry| entry.kind() != EntryKind::Settlement);
        let late = entries.flat_map(Entry::movements).find(|(account, currency, _)| {
            let LedgerAccount::Pending { owner, on } = *account else { return false };
            let closed = self.holdings.get(owner, *currency).and_then(Holding::closed_through);
            closed.is_some_and(|closed| on <= closed)
        });
        late.and_then(|(account, currency, _)| Some(Key::Balance(account.owner()?, currency).to_string()))
    }

    fn broken_guard(&self, changes: &Changes) -> Option<String> {
        if changes.guards.is_empty() {
            return None;
        }
        let broken = changes.balances().into_iter().find(|delta| {
            let before = self.bucket(delta.account, delta.currency);
            let after = before.saturating_add(delta.delta);
            after < delta.low || after > delta.high
        });
        broken.and_then(|delta| Some(Key::Balance(delta.account.owner()?, delta.currency).to_string()))
    }

    /// A balance that something has come to which had to be empty.
    fn full_balance(&self, changes: &Changes) -> Option<String> {
        let mut emptied = changes.emptied.iter();
        let full = emptied.find(|(account, currency)| {
            self.holdings.get(*account, *currency).is_some_and(|holding| !holding.is_empty())
        });
        full.map(|(account, currency)| Key::Balance(*account, *currency).to_string())
    }

    fn bucket(&self, account: LedgerAccount, currency: Currency) -> i128 {
        match account.owner() {
            Some(owner) => self.holdings.get(owner, currency).map_or(0, |holding| holding.bucket(account)),
            None => self.holdings.outside(account, currency),
        }
    }

    /// Folds changes in. It decides nothing, and there is no way for it to fail.
    pub(crate) fn apply(&mut self, changes: &Changes) {
        if let Some(row) = &changes.request {
            self.put_request(row);
        }
        self.put(changes.records.iter().map(|write| (&write.record, write.read_at.saturating_add(1))));
        for entry in &changes.entries {
            self.book(entry);
        }
        for write in &changes.cycles {
            let (account, currency) = (write.cycle.account, write.cycle.currency);
            let row = self.holdings.row(account, currency);
            let Some(holding) = self.holdings.by_row(row) else { continue };
            let (before, debit_before) = (holding.next_run, holding.debit.due());
            holding.next_run = write.cycle.next_run;
            holding.paid_through = write.cycle.paid_through;
            holding.same_day = write.cycle.same_day;
            holding.debit = write.cycle.debit;
            holding.cycle_version = write.read_at.saturating_add(1);
            self.deadlines.change(DeadlineKind::PayOut(account, currency), before, write.cycle.next_run);
            let debit = DeadlineKind::DebitBank(account, currency);
            self.deadlines.change(debit, debit_before, write.cycle.debit.due());
        }
        self.put_queues(changes);
        for write in &changes.references {
            self.references.insert(write.reference, (write.read_at.saturating_add(1), write.object));
        }
        for write in &changes.watches {
            let row = self.holdings.row(write.account, write.currency);
            let Some(holding) = self.holdings.by_row(row) else { continue };
            let (before, after) = holding.watch(write.watch, changes.at);
            self.deadlines.change(DeadlineKind::CrossVolume(write.account, write.currency), before, after);
        }
        for write in &changes.overdrafts {
            let row = self.holdings.row(write.account, write.currency);
            let Some(holding) = self.holdings.by_row(row) else { continue };
            let before = holding.collect_at();
            holding.overdraft = Some(Box::new(*write));
            self.deadlines.change(DeadlineKind::Collect(write.account, write.currency), before, write.due());
        }
        for write in &changes.personal {
            self.personal.remember(write);
        }
    }

    /// Puts queues of refunds in their place, and sees which ones the changes have brought enough money for.
    fn put_queues(&mut self, changes: &Changes) {
        for QueueWrite { read_at, queue } in &changes.queues {
            let (account, currency) = (queue.account, queue.currency);
            let row = self.holdings.row(account, currency);
            let Some(holding) = self.holdings.by_row(row) else { continue };
            self.queues = self.queues.saturating_sub(usize::from(holding.queue.needs.is_some()));
            self.queues = self.queues.saturating_add(usize::from(queue.needs.is_some()));
            let before = holding.put_queue(queue, read_at.saturating_add(1));
            self.deadlines.change(DeadlineKind::FundRefunds(account, currency), before, None);
            self.see_funds(account, currency, changes.at);
        }
        if self.queues == 0 {
            return;
        }
        for (bucket, currency, _) in changes.entries.iter().flat_map(Entry::movements) {
            if let LedgerAccount::Available { owner } = bucket {
                self.see_funds(owner, currency, changes.at);
            }
        }
    }

    fn see_funds(&mut self, account: AccountId, currency: Currency, at: Timestamp) {
        let row = self.holdings.row(account, currency);
        if let Some(due) = self.holdings.by_row(row).and_then(|holding| holding.funded(at)) {
            self.deadlines.insert(Deadline { due, what: DeadlineKind::FundRefunds(account, currency) });
        }
    }

    /// Remembers a request. What an earlier one said under the same key, which was fresh again, is not kept.
    pub(super) fn put_request(&mut self, row: &RequestRow) {
        if let Some(family) = self.requests.get(row.name).and_then(|known| known.answer.personal()) {
            self.personal.forget_said(family, row.name);
        }
        self.requests.put(row);
    }

    /// Keeps objects, with what follows from them: their deadlines, and whether an answer is awaited.
    pub(super) fn put<'a>(&mut self, objects: impl IntoIterator<Item = (&'a Record, u32)>) {
        let is_whole = self.is_whole();
        let mut changed: SmallVec<[ConcernChange; 2]> = SmallVec::new();
        let Self { records, deadlines, outstanding, parked, under_way, reserved, .. } = self;
        records.put(objects, |id, record, before| {
            if let Record::ParkedFact(fact) = record {
                remember_parked(parked, fact.reference, &[fact.id]);
            }
            if let Record::ReserveHold(hold) = record
                && let Some(plan) = hold.plan()
            {
                reserved.set(plan, hold.id(), hold.is_releasable());
            }
            // INVARIANT: what could not happen was told once, by the anomaly, and is not tried again.
            if let Some(deadline) = record.given_up() {
                deadlines.give_up(deadline);
            }
            deadlines.replace(before.deadline, record.deadline());
            let (before_it, after) = (before.concern, record.concern());
            if is_whole && before_it != after {
                changed.push(ConcernChange { of: id, before: before_it, after });
            }
            let is_outstanding = record.is_outstanding();
            if before.is_outstanding == is_outstanding {
                return;
            }
            if is_outstanding {
                outstanding.insert(id, ())
            } else {
                outstanding.remove(&id)
            }
            if let Record::Payout(payout) = record {
                set_under_way(under_way, payout.account(), payout.id(), is_outstanding);
            }
        });
        for change in changed {
            self.concerns.change(change, &self.records);
        }
    }

    /// Keeps a holding as it was loaded or restored, in the place of what was known of it.
    pub(super) fn put_holding(&mut self, account: AccountId, currency: Currency, holding: Holding) {
        let (settle, pay_out) = (DeadlineKind::Settle(account, currency), DeadlineKind::PayOut(account, currency));
        let cross = DeadlineKind::CrossVolume(account, currency);
        let fund = DeadlineKind::FundRefunds(account, currency);
        let collect = DeadlineKind::Collect(account, currency);
        let debit = DeadlineKind::DebitBank(account, currency);
        if let Some(known) = self.holdings.get(account, currency) {
            for (due, _) in &known.pending {
                self.deadlines.remove(Deadline { due: *due, what: settle });
            }
            if let Some(due) = known.next_run {
                self.deadlines.remove(Deadline { due, what: pay_out });
            }
            if let Some(due) = known.crossed_at {
                self.deadlines.remove(Deadline { due, what: cross });
            }
            if let Some(due) = known.queue.funded_at {
                self.deadlines.remove(Deadline { due, what: fund });
            }
            if let Some(due) = known.collect_at() {
                self.deadlines.remove(Deadline { due, what: collect });
            }
            if let Some(due) = known.debit.due() {
                self.deadlines.remove(Deadline { due, what: debit });
            }
            self.queues = self.queues.saturating_sub(usize::from(known.queue.needs.is_some()));
        }
        for (due, _) in &holding.pending {
            self.deadlines.insert(Deadline { due: *due, what: settle });
        }
        let dues = [
            (holding.next_run, pay_out),
            (holding.crossed_at, cross),
            (holding.queue.funded_at, fund),
            (holding.collect_at(), collect),
            (holding.debit.due(), debit),
        ];
        for (due, what) in dues {
            self.deadlines.change(what, None, due);
        }
        self.queues = self.queues.saturating_add(usize::from(holding.queue.needs.is_some()));
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
        let lines = entry.lines().iter().map(|line| (line.account(), line.currency(), line.net(), line.received()));
        let postings = entry.postings().iter();
        let postings =
            postings.map(|posting| (posting.account, posting.amount.currency(), posting.amount.minor().into(), None));
        lines.chain(postings).for_each(|(account, currency, amount, received)| {
            let Some(owner) = account.owner() else {
                self.holdings.add_outside(account, currency, amount);
                return;
            };
            let known = rows.iter().find(|(known, in_currency, _)| (*known, *in_currency) == (owner, currency));
            let row = known.map(|(_, _, row)| *row);
            let is_new = row.is_none();
            let row = row.unwrap_or_else(|| self.holdings.row(owner, currency));
            let Some(holding) = self.holdings.by_row(row) else { return };
            if is_new {
                rows.push((owner, currency, row));
                if let Some(number) = number {
                    holding.last_node = self.book.tie(number, holding.last_node);
                }
            }
            if let (EntryKind::Settlement, LedgerAccount::Pending { on, .. }) = (entry.kind(), account) {
                holding.settled_through = holding.settled_through.max(Some(on));
            }
            if let Some(crossed) = received.and_then(|received| holding.received(received, entry.at())) {
                self.deadlines.insert(Deadline { due: crossed, what: DeadlineKind::CrossVolume(owner, currency) });
            }
            let change = holding.add(account, amount);
            if let (Some(change), LedgerAccount::Pending { on: due, .. }) = (change, account) {
                let deadline = Deadline { due, what: DeadlineKind::Settle(owner, currency) };
                match change {
                    DateChange::Appeared => self.deadlines.insert(deadline),
                    DateChange::Vanished => self.deadlines.remove(deadline),
                }
            }
        });
    }

    /// The entries that concern an owner in one currency, newest first.
    pub(crate) fn latest(&self, account: AccountId, currency: Currency) -> impl Iterator<Item = Booked<'_>> {
        let holding = self.holdings.get(account, currency);
        holding.into_iter().flat_map(|holding| self.book.back(holding.last_node))
    }

    /// The entries that concern an owner in one currency, oldest first.
    pub(crate) fn history(&self, account: AccountId, currency: Currency) -> Vec<Booked<'_>> {
        self.holdings.get(account, currency).map_or_else(Vec::new, |holding| self.book.thread(holding.last_node))
    }
}
