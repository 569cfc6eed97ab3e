//! A database that holds nothing but what the changes have told it, and a worker that decides on it.

use std::collections::{BTreeMap, BTreeSet};

use fundroute::ids::{AccountId, Family, ObjectId, ParkedFactId};
use fundroute::journal::{
    BalanceRow, Changes, Deadline, DeadlineKind, Digest, Key, Loaded, PersonalData, PersonalWrite, Record,
    ReferenceWrite, RequestRow,
};
use fundroute::ledger::{EntryKind, LedgerAccount, LineKind};
use fundroute::money::Currency;
use fundroute::payments::RefundQueue;
use fundroute::payouts::{Overdraft, PayoutCycle};
use fundroute::platform::Identity;
use fundroute::prelude::*;

/// Why a store does not take changes: somebody was faster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    Version(ObjectId),
    Cycle(AccountId, Currency),
    Queue(AccountId, Currency),
    NotEmpty(AccountId, Currency),
    Range(LedgerAccount, Currency),
    Reference(Digest),
    Settled(AccountId, Currency),
    Request(Digest),
}

/// Tables, each with the key that a worker asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    records: BTreeMap<ObjectId, (u32, Record)>,
    families: BTreeMap<Family, BTreeSet<ObjectId>>,
    balances: BTreeMap<(LedgerAccount, Currency), i128>,
    cycles: BTreeMap<(AccountId, Currency), (u32, PayoutCycle)>,
    requests: BTreeMap<Digest, RequestRow>,
    references: BTreeMap<Digest, (u32, Option<ObjectId>)>,
    parked: BTreeMap<Digest, BTreeSet<ParkedFactId>>,
    deadlines: BTreeMap<DeadlineKind, Timestamp>,
    settled: BTreeMap<(AccountId, Currency), Timestamp>,
    persons: BTreeMap<ObjectId, PersonalData>,
    said: BTreeMap<(Digest, ObjectId), PersonalWrite>,
    volumes: BTreeMap<(AccountId, Currency), (i128, Timestamp)>,
    watches: BTreeMap<(AccountId, Currency), (Option<i64>, Option<Timestamp>)>,
    queues: BTreeMap<(AccountId, Currency), (u32, RefundQueue, Option<Timestamp>)>,
    overdrafts: BTreeMap<(AccountId, Currency), Overdraft>,
    given_up: BTreeSet<Deadline>,
}

impl Store {
    pub(crate) fn of<'a>(journal: impl IntoIterator<Item = &'a Changes>) -> Self {
        let mut store = Self::default();
        for changes in journal {
            store.commit(changes).unwrap();
        }
        store
    }

    /// One transaction of the database: everything, or nothing.
    pub(crate) fn commit(&mut self, changes: &Changes) -> Result<(), Conflict> {
        self.check(changes)?;
        for write in &changes.records {
            let id = write.record.id();
            self.families.entry(id.family()).or_default().insert(id);
            if let Record::ParkedFact(parked) = &write.record {
                self.parked.entry(parked.reference).or_default().insert(parked.id);
            }
            self.records.insert(id, (write.read_at + 1, write.record.clone()));
        }
        for write in &changes.cycles {
            self.cycles.insert((write.cycle.account, write.cycle.currency), (write.read_at + 1, write.cycle));
        }
        for balance in changes.balances() {
            let sum = self.balances.entry((balance.account, balance.currency)).or_default();
            *sum += balance.delta;
        }
        for (what, due) in changes.deadlines() {
            match due {
                Some(due) => self.deadlines.insert(what, due),
                None => self.deadlines.remove(&what),
            };
        }
        self.given_up.extend(changes.given_up());
        for (purse, on) in pending_dates(changes, true) {
            let settled = self.settled.entry(purse).or_insert(on);
            *settled = on.max(*settled);
        }
        if let Some(row) = changes.request {
            self.said.retain(|(request, _), _| *request != row.name);
            self.requests.insert(row.name, row);
        }
        let known = |write: &ReferenceWrite| (write.reference, (write.read_at + 1, write.object));
        self.references.extend(changes.references.iter().map(known));
        for entry in &changes.entries {
            for line in entry.lines().iter().filter(|line| matches!(line.kind(), LineKind::Charge | LineKind::Payment))
            {
                let purse = (line.owner(), line.currency());
                let (volume, first) = self.volumes.entry(purse).or_insert((0, entry.at()));
                *volume += i128::from(line.amount());
                *first = entry.at().min(*first);
                self.cross(purse, entry.at());
            }
        }
        for write in &changes.watches {
            let purse = (write.account, write.currency);
            self.watches.insert(purse, (write.watch, None));
            self.deadlines.remove(&DeadlineKind::CrossVolume(purse.0, purse.1));
            self.cross(purse, changes.at);
        }
        for write in &changes.queues {
            let purse = (write.queue.account, write.queue.currency);
            self.queues.insert(purse, (write.read_at + 1, write.queue, None));
            self.deadlines.remove(&DeadlineKind::FundRefunds(purse.0, purse.1));
        }
        self.see_funds(changes.at);
        self.overdrafts.extend(changes.overdrafts.iter().map(|write| ((write.account, write.currency), *write)));
        for write in &changes.personal {
            match (&write.data, self.persons.get_mut(&write.of)) {
                (PersonalData::Erased, _) => {
                    self.persons.remove(&write.of);
                    self.said.retain(|(_, of), _| *of != write.of);
                }
                (PersonalData::Said { request, .. }, _) => drop(self.said.insert((*request, write.of), write.clone())),
                (PersonalData::Values(new), Some(PersonalData::Values(known))) => known.0.extend(new.0.clone()),
                (data, _) => drop(self.persons.insert(write.of, data.clone())),
            }
        }
        Ok(())
    }

    fn see_funds(&mut self, at: Timestamp) {
        for ((account, currency), (_, queue, funded_at)) in &mut self.queues {
            let available = self.balances.get(&(LedgerAccount::Available { owner: *account }, *currency)).unwrap_or(&0);
            if funded_at.is_none() && queue.needs.is_some_and(|needs| *available >= i128::from(needs)) {
                let due = at.checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
                *funded_at = Some(due);
                self.deadlines.insert(DeadlineKind::FundRefunds(*account, *currency), due);
            }
        }
    }

    fn cross(&mut self, purse: (AccountId, Currency), at: Timestamp) {
        let volume = self.volumes.get(&purse).map_or(0, |(volume, _)| *volume);
        if let Some((Some(watch), crossed @ None)) = self.watches.get_mut(&purse)
            && volume >= i128::from(*watch)
        {
            let due = at.checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
            *crossed = Some(due);
            self.deadlines.insert(DeadlineKind::CrossVolume(purse.0, purse.1), due);
        }
    }

    fn check(&self, changes: &Changes) -> Result<(), Conflict> {
        let version = |id| self.records.get(&id).map_or(0, |(version, _)| *version);
        let writes = changes.records.iter().map(|write| (write.record.id(), write.read_at));
        let reads = changes.reads.iter().map(|read| (read.object, read.version));
        if let Some((id, _)) = writes.chain(reads).find(|(id, read_at)| version(*id) != *read_at) {
            return Err(Conflict::Version(id));
        }
        let writes = changes.cycles.iter().map(|write| ((write.cycle.account, write.cycle.currency), write.read_at));
        let reads = changes.cycle_reads.iter().map(|read| ((read.account, read.currency), read.version));
        for (purse, read_at) in writes.chain(reads) {
            if self.cycles.get(&purse).map_or(0, |(version, _)| *version) != read_at {
                return Err(Conflict::Cycle(purse.0, purse.1));
            }
        }
        let writes = changes.queues.iter().map(|write| ((write.queue.account, write.queue.currency), write.read_at));
        let reads = changes.queue_reads.iter().map(|read| ((read.account, read.currency), read.version));
        for (purse, read_at) in writes.chain(reads) {
            if self.queues.get(&purse).map_or(0, |(version, _, _)| *version) != read_at {
                return Err(Conflict::Queue(purse.0, purse.1));
            }
        }
        for write in &changes.references {
            if self.references.get(&write.reference).map_or(0, |(version, _)| *version) != write.read_at {
                return Err(Conflict::Reference(write.reference));
            }
        }
        for (purse, on) in pending_dates(changes, false) {
            let paid = self.cycles.get(&purse).and_then(|(_, cycle)| cycle.paid_through);
            if self.settled.get(&purse).copied().max(paid).is_some_and(|closed| on <= closed) {
                return Err(Conflict::Settled(purse.0, purse.1));
            }
        }
        for balance in changes.balances() {
            let before = self.balances.get(&(balance.account, balance.currency)).copied().unwrap_or(0);
            let after = before + balance.delta;
            if after < balance.low || after > balance.high {
                return Err(Conflict::Range(balance.account, balance.currency));
            }
        }
        for purse in &changes.emptied {
            let mut held =
                self.balances.iter().filter(|((bucket, coin), _)| (bucket.owner(), *coin) == (Some(purse.0), purse.1));
            let waits = self.queues.get(purse).is_some_and(|(_, queue, _)| queue.first.is_some());
            if waits || held.any(|(_, sum)| *sum != 0) {
                return Err(Conflict::NotEmpty(purse.0, purse.1));
            }
        }
        match changes.request.filter(|row| self.requests.get(&row.name).is_some_and(|known| known.at >= row.at)) {
            Some(row) => Err(Conflict::Request(row.name)),
            None => Ok(()),
        }
    }

    pub(crate) fn look_up(&self, key: Key) -> Loaded {
        let mut found = Loaded::nothing(key);
        match key {
            Key::Family(family) => {
                let members = self.families.get(&family).into_iter().flatten();
                found.records = members.map(|id| self.records[id].clone()).collect();
            }
            Key::Balance(account, currency) => found.balance = self.balance(account, currency),
            Key::Request(name) => {
                found.request = self.requests.get(&name).copied();
                let said = self.said.values();
                found.personal = said.filter(|write| said_under(write) == Some(name)).cloned().collect();
            }
            Key::Payouts(account) => {
                let payouts = self.records.values().filter_map(|(_, record)| match record {
                    Record::Payout(payout) if payout.account() == account && payout.is_under_way() => Some(payout.id()),
                    _ => None,
                });
                found.payouts = payouts.collect();
            }
            Key::Holds(plan, after) => {
                let held = self.records.values().filter_map(|(_, record)| match record {
                    Record::ReserveHold(hold) if hold.plan() == Some(plan) && hold.is_releasable() => Some(hold.id()),
                    _ => None,
                });
                let mut held: Vec<_> = held.filter(|hold| after.is_none_or(|after| *hold > after)).collect();
                held.sort_unstable();
                held.truncate(17);
                found.holds = held;
            }
            Key::Reference(name) => {
                found.reference = self.references.get(&name).copied();
                found.parked = self.parked.get(&name).into_iter().flatten().copied().collect();
            }
        }
        found
    }

    fn balance(&self, account: AccountId, currency: Currency) -> Option<BalanceRow> {
        let ours = |bucket: LedgerAccount, coin: Currency| bucket.owner() == Some(account) && coin == currency;
        let sums = self.balances.iter().filter(|((bucket, coin), _)| ours(*bucket, *coin));
        let mut row = BalanceRow::empty(account, currency);
        let mut known = false;
        for ((bucket, _), sum) in sums {
            known = true;
            match bucket {
                LedgerAccount::Pending { on, .. } if *sum != 0 => row.pending.push((*on, *sum)),
                LedgerAccount::Submitted { .. } => row.submitted = *sum,
                LedgerAccount::Available { .. } => row.available = *sum,
                LedgerAccount::InTransit { .. } => row.in_transit = *sum,
                LedgerAccount::ConnectReserved { .. } => row.connect_reserved = *sum,
                LedgerAccount::RiskReserved { .. } => row.risk_reserved = *sum,
                _ => {}
            }
        }
        if let Some((version, cycle)) = self.cycles.get(&(account, currency)) {
            known = true;
            (row.next_run, row.paid_through, row.cycle_version) = (cycle.next_run, cycle.paid_through, *version);
            row.same_day = cycle.same_day;
            row.debit = cycle.debit;
        }
        row.settled_through = self.settled.get(&(account, currency)).copied();
        if let Some((volume, first)) = self.volumes.get(&(account, currency)) {
            (row.volume, row.first_received) = (*volume, Some(*first));
        }
        if let Some((watch, crossed_at)) = self.watches.get(&(account, currency)) {
            known = true;
            (row.watch, row.crossed_at) = (*watch, *crossed_at);
        }
        if let Some((version, queue, funded_at)) = self.queues.get(&(account, currency)) {
            known = true;
            (row.first_refund, row.last_refund, row.refund_needs) = (queue.first, queue.last, queue.needs);
            (row.queue_version, row.funded_at) = (*version, *funded_at);
        }
        if let Some(overdraft) = self.overdrafts.get(&(account, currency)) {
            row.overdraft = Some(*overdraft);
        }
        known.then_some(row)
    }

    /// What is due next.
    pub(crate) fn next_deadline(&self) -> Option<Deadline> {
        let pending = self.balances.iter().filter(|(_, sum)| **sum != 0).filter_map(|((bucket, currency), _)| {
            let LedgerAccount::Pending { owner, on } = bucket else { return None };
            Some(Deadline { due: *on, what: DeadlineKind::Settle(*owner, *currency) })
        });
        let all = self.deadlines.iter().map(|(what, due)| Deadline { due: *due, what: *what }).chain(pending);
        all.filter(|deadline| !self.given_up.contains(deadline)).min()
    }

    pub(crate) fn balance_of(&self, bucket: LedgerAccount, currency: Currency) -> i128 {
        self.balances.get(&(bucket, currency)).copied().unwrap_or(0)
    }

    /// Whether it holds exactly this about the same object.
    pub(crate) fn knows(&self, write: &PersonalWrite) -> bool {
        match said_under(write) {
            Some(request) => self.said.get(&(request, write.of)) == Some(write),
            None => self.persons.get(&write.of) == Some(&write.data),
        }
    }
}

fn said_under(write: &PersonalWrite) -> Option<Digest> {
    let PersonalData::Said { request, .. } = write.data else { return None };
    Some(request)
}

/// The dates of pending funds that changes settle, or move otherwise.
fn pending_dates(changes: &Changes, settling: bool) -> Vec<((AccountId, Currency), Timestamp)> {
    let entries = changes.entries.iter().filter(|entry| (entry.kind() == EntryKind::Settlement) == settling);
    let dated = entries.flat_map(|entry| entry.movements()).filter_map(|(bucket, currency, _)| {
        let LedgerAccount::Pending { owner, on } = bucket else { return None };
        Some(((owner, currency), on))
    });
    dated.collect()
}

/// A process without memory: all that it knows it looks up.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) who: Identity,
    pub(crate) rulebook: Rulebook,
    pub(crate) now: Timestamp,
}

/// What a worker decided, and in how many rounds of look-ups.
pub(crate) struct Work<T> {
    pub(crate) decided: Result<T, Error>,
    pub(crate) rounds: Vec<Vec<Key>>,
}

impl Worker {
    pub(crate) fn decide<T>(&self, store: &Store, decide: impl Fn(&Platform) -> Result<T, Error>) -> Work<T> {
        let mut part = Platform::partial(self.who, self.rulebook.clone(), self.now);
        let mut rounds = Vec::new();
        loop {
            match decide(&part) {
                Err(Error::NotLoaded(keys)) => {
                    assert!(
                        !keys.is_empty() && keys.iter().all(|key| !part.is_loaded(*key)),
                        "{keys:?} asked for in vain"
                    );
                    part.load(keys.iter().map(|key| store.look_up(*key)));
                    assert!(keys.iter().all(|key| part.is_loaded(*key)));
                    rounds.push(keys);
                }
                decided => return Work { decided, rounds },
            }
        }
    }
}
