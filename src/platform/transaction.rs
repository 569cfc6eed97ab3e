//! One transaction: it reads by key, decides, and writes a draft.

use std::cell::Cell;
use std::ops::Deref;

use smallvec::SmallVec;

use crate::accounts::{Account, Actor, Receivers};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, AnomalyId, Family, ObjectId};
use crate::journal::{
    Anomaly, AnomalyCause, AnomalyReason, Answer, Changes, CycleRead, CycleWrite, Deadline, DeadlineKind, Digest,
    Domain, Event, EventKind, FactOutcome, Guard, Holding, Instruction, Key, Known, Members, Origin, RecordRead,
    RecordWrite, ReferenceWrite, RequestRow, State, Stored, WatchWrite,
};
use crate::ledger::{Bucket, Entry, EntryKind, LedgerAccount, Line, Posting};
use crate::money::{Currency, Money};
use crate::payouts::PayoutCycle;
use crate::rulebook::{Country, Rulebook};

use super::Error;

/// A decision in the making: what is known, and the changes drafted so far.
///
/// Reads see what the same transaction has written, so that one step can build on another.
pub(super) struct Transaction<'a> {
    pub(super) state: &'a State,
    pub(super) rulebook: &'a Rulebook,
    pub(super) platform: AccountId,
    /// Whether it moves real money.
    pub(super) livemode: bool,
    pub(super) now: Timestamp,
    /// On whose behalf it is.
    pub(super) actor: Actor,
    /// Where the names of what it creates come from; a deadline makes its own only if it creates something.
    origin: Option<Origin>,
    /// The deadline that this transaction is about, if it is about one.
    pub(super) firing: Option<Deadline>,
    pub(super) changes: &'a mut Changes,
    /// The family that was looked up last.
    family: Option<(Family, Option<&'a Members>)>,
    /// The holding that was looked up last.
    held: Cell<Option<(AccountId, Currency, Option<&'a Holding>)>>,
    /// By how much this transaction has moved what is available, by owner and currency.
    // INVARIANT: it is what the drafted entries move; every way to draft one adds to it.
    pub(super) purses: Purses,
}

pub(super) type Purses = SmallVec<[Purse; 2]>;

/// Available funds of one currency, and by how much they are moved, in minor units.
#[derive(Clone, Copy)]
pub(super) struct Purse {
    pub(super) owner: AccountId,
    pub(super) currency: Currency,
    pub(super) moved: i128,
}

impl Purse {
    pub(super) fn add(purses: &mut Purses, owner: AccountId, currency: Currency, moved: i128) {
        match purses.iter_mut().find(|purse| (purse.owner, purse.currency) == (owner, currency)) {
            Some(purse) => purse.moved = purse.moved.saturating_add(moved),
            None => purses.push(Self { owner, currency, moved }),
        }
    }
}

/// An object as a transaction sees it.
pub(super) enum Seen<'a, R> {
    /// As it is known.
    Known(&'a R),
    /// As the transaction has written it.
    Written(Box<R>),
}

impl<R> Deref for Seen<'_, R> {
    type Target = R;

    fn deref(&self) -> &R {
        match self {
            Self::Known(object) => object,
            Self::Written(object) => object,
        }
    }
}

impl<R: Clone> Seen<'_, R> {
    /// The object, to be changed.
    pub(super) fn into_owned(self) -> R {
        match self {
            Self::Known(object) => object.clone(),
            Self::Written(object) => *object,
        }
    }
}

impl<'a> Transaction<'a> {
    pub(super) fn new(
        state: &'a State,
        rulebook: &'a Rulebook,
        platform: AccountId,
        origin: Option<Origin>,
        changes: &'a mut Changes,
    ) -> Self {
        let now = changes.at;
        Self {
            state,
            rulebook,
            platform,
            livemode: false,
            now,
            actor: Actor::Platform,
            origin,
            firing: None,
            changes,
            family: None,
            held: Cell::new(None),
            purses: Purses::new(),
        }
    }

    pub(super) fn origin(&self) -> Origin {
        let make = || match self.firing {
            Some(deadline) => self.origin_of(deadline),
            None => Origin::new(Domain::Deadline, self.platform, None, &[]),
        };
        self.origin.unwrap_or_else(make)
    }

    /// Where the names of what a deadline creates come from.
    pub(super) fn origin_of(&self, deadline: Deadline) -> Origin {
        let mut room = [0; 64];
        // INVARIANT: an encoded deadline is shorter than 64 bytes.
        let key = postcard::to_slice(&deadline, &mut room).ok();
        Origin::new(Domain::Deadline, self.platform, None, key.unwrap_or_default())
    }

    /// Says at once everything that will be read, so that a partial platform asks for all of it together.
    pub(super) fn want(&self, keys: &[Key]) -> Result<(), Error> {
        if self.state.is_whole() {
            return Ok(());
        }
        let mut missing: Vec<Key> = keys.iter().copied().filter(|key| !self.state.is_loaded(*key)).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() { Ok(()) } else { Err(Error::NotLoaded(missing)) }
    }

    fn written<R: Stored>(&self, id: R::Id) -> Option<&R> {
        let ours = self.changes.records.iter().filter_map(|write| R::of(&write.record));
        ours.into_iter().find(|object| Stored::id(*object) == id)
    }

    /// That what is read is not waiting for something that should have happened first. A whole platform lets everything happen
    /// in its order; a partial one may have been given a record too early.
    fn in_time(&self, deadline: Option<Deadline>) -> Result<(), Error> {
        let first = deadline.filter(|deadline| match self.firing {
            Some(firing) => *deadline < firing,
            None => deadline.due <= self.now,
        });
        match first {
            Some(deadline) if !self.state.is_whole() && !self.is_given_up(deadline)? => {
                Err(Error::Overdue(vec![deadline]))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// An account by what of it never changes, whatever its version.
    pub(super) fn known_account(&mut self, id: AccountId) -> Known<&'a Account> {
        match self.known::<Account>(id.into()) {
            Known::Here((account, _)) => Known::Here(account),
            Known::Absent => Known::Absent,
            Known::NotLoaded(key) => Known::NotLoaded(key),
        }
    }

    /// The object of this id, if there is one, to be looked at.
    pub(super) fn find<R: Stored>(&mut self, id: R::Id) -> Result<Option<Seen<'a, R>>, Error> {
        if let Some(written) = self.written::<R>(id) {
            return Ok(Some(Seen::Written(Box::new(written.clone()))));
        }
        let object = id.into();
        match self.known::<R>(object) {
            Known::Here((record, version)) => {
                if !self.state.is_whole() {
                    self.in_time(record.clone().into_record().deadline())?;
                }
                if !self.changes.reads.iter().any(|read| read.object == object) {
                    self.changes.reads.push(RecordRead { object, version });
                }
                Ok(Some(Seen::Known(record)))
            }
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// The object as the state knows it. Its family is looked up once as long as no other one is asked for.
    fn known<R: Stored>(&mut self, id: ObjectId) -> Known<(&'a R, u32)> {
        let family = id.family();
        let members = match self.family {
            Some((known, members)) if known == family => members,
            Some(_) | None => {
                let members = self.state.records.members(family);
                self.family = Some((family, members));
                members
            }
        };
        let found = members.and_then(|members| self.state.records.member(members, id.ordinal()));
        match found.and_then(|(record, version)| Some((R::of(record)?, version))) {
            Some(found) => Known::Here(found),
            None => self.state.missing(Key::Family(family)),
        }
    }

    /// The object of this id, to be looked at.
    pub(super) fn get<R: Stored>(&mut self, id: R::Id) -> Result<Seen<'a, R>, Error> {
        match self.find(id)? {
            Some(object) => Ok(object),
            None => Err(Error::NotFound(id.into())),
        }
    }

    /// The object of this id, to be changed.
    pub(super) fn take<R: Stored + 'a>(&mut self, id: R::Id) -> Result<R, Error> {
        self.get::<R>(id).map(Seen::into_owned)
    }

    /// Writes an object: a new one, or one that was read in this transaction.
    pub(super) fn put<R: Stored>(&mut self, object: R) {
        let id = Stored::id(&object);
        let is_it = |write: &&mut RecordWrite| R::of(&write.record).is_some_and(|known| Stored::id(known) == id);
        if let Some(write) = self.changes.records.iter_mut().find(is_it) {
            write.record = object.into_record();
            return;
        }
        let id = id.into();
        let read = self.changes.reads.iter().position(|read| read.object == id);
        let read_at = read.map_or(0, |place| self.changes.reads.swap_remove(place).version);
        self.changes.records.push(RecordWrite { read_at, record: object.into_record() });
    }

    /// Every member of a family, with those that this transaction creates.
    pub(super) fn members(&self, family: Family) -> Vec<ObjectId> {
        let mut members: Vec<ObjectId> = self.state.records.family(family).map(|(record, _)| record.id()).collect();
        let drafted = self.changes.records.iter().filter(|write| write.read_at == 0).map(|write| write.record.id());
        members.extend(drafted.filter(|id| id.family() == family));
        members
    }

    /// Everything that an account ever received in payments of one currency, in minor units, and when the first of it.
    pub(super) fn received(&self, account: AccountId, currency: Currency) -> Result<(i128, Option<Timestamp>), Error> {
        Ok(self.holding(account, currency)?.map_or((0, None), |holding| (holding.volume, holding.first_received)))
    }

    /// Has an account looked at again when it has received so much.
    pub(super) fn watch(&mut self, watch: WatchWrite) -> Result<(), Error> {
        let holding = self.holding(watch.account, watch.currency)?;
        let (known, crossed) = holding.map_or((None, None), |holding| (holding.watch, holding.crossed_at));
        if known != watch.watch || crossed.is_some() {
            self.changes.watches.push(watch);
        }
        Ok(())
    }

    /// The family of what this transaction creates; `chosen` by the host, or made from the request's digest.
    pub(super) fn new_family(&self, chosen: Option<ObjectId>) -> Result<Family, Error> {
        let Some(id) = chosen else {
            let family = self.origin().family(self.now);
            // A key that became fresh again within a millisecond makes the same ids as before.
            let is_taken = self.state.records.has_family(family);
            return if is_taken { Err(Error::Stale(family.to_string())) } else { Ok(family) };
        };
        self.want(&[Key::Family(id.family())])?;
        if id.ordinal() != 0 || self.state.records.has_family(id.family()) {
            return Err(Error::IdTaken(id));
        }
        Ok(id.family())
    }

    /// Where the platform is.
    // INVARIANT: the country of an account never changes, so no decision depends on the version in which it was read.
    pub(super) fn home(&mut self) -> Result<Country, Error> {
        let id = ObjectId::from(self.platform);
        match self.known::<Account>(id) {
            Known::Here((account, _)) => Ok(account.country()),
            Known::Absent => Err(Error::NotFound(id)),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// The account of this id, which must not be the platform's own.
    pub(super) fn connected(&mut self, id: AccountId) -> Result<Seen<'a, Account>, Error> {
        if id == self.platform {
            return Err(crate::accounts::AccountError::IsPlatform(id).into());
        }
        self.get(id)
    }

    /// What an account holds in a currency, before this transaction; nothing if it never held any.
    pub(super) fn holding(&self, account: AccountId, currency: Currency) -> Result<Option<&'a Holding>, Error> {
        if self.state.is_whole() {
            return Ok(self.held(account, currency));
        }
        match self.state.holding(account, currency) {
            Known::Here(holding) => {
                let settle = holding
                    .next_settlement()
                    .map(|due| Deadline { due, what: DeadlineKind::Settle(account, currency) });
                let pay_out =
                    holding.next_run.map(|due| Deadline { due, what: DeadlineKind::PayOut(account, currency) });
                let cross =
                    holding.crossed_at.map(|due| Deadline { due, what: DeadlineKind::CrossVolume(account, currency) });
                let fund = holding
                    .queue
                    .funded_at
                    .map(|due| Deadline { due, what: DeadlineKind::FundRefunds(account, currency) });
                self.in_time(settle)?;
                self.in_time(pay_out)?;
                self.in_time(cross)?;
                let collect =
                    holding.collect_at().map(|due| Deadline { due, what: DeadlineKind::Collect(account, currency) });
                self.in_time(fund)?;
                let debit =
                    holding.debit.due().map(|due| Deadline { due, what: DeadlineKind::DebitBank(account, currency) });
                self.in_time(debit)?;
                self.in_time(collect)?;
                Ok(Some(holding))
            }
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// That the amount is known, as of now, which decides what an account may do.
    pub(super) fn want_volume(&self, account: &Account) -> Result<(), Error> {
        if self.state.is_whole() || account.is_platform() {
            return Ok(());
        }
        self.holding(account.id(), account.default_currency()).map(|_| ())
    }

    /// The holding as it is known, which is looked up once as long as no other one is asked for.
    fn held(&self, account: AccountId, currency: Currency) -> Option<&'a Holding> {
        match self.held.get() {
            Some((known, in_currency, holding)) if known == account && in_currency == currency => holding,
            Some(_) | None => {
                let holding = self.state.holdings.get(account, currency);
                self.held.set(Some((account, currency, holding)));
                holding
            }
        }
    }

    fn drafted(&self, account: LedgerAccount, currency: Currency) -> i128 {
        let movements = self.changes.entries.iter().flat_map(Entry::movements);
        let ours = movements.filter(|(known, in_currency, _)| *known == account && *in_currency == currency);
        ours.fold(0, |sum, (_, _, amount)| sum.saturating_add(amount))
    }

    /// A balance, in minor units, with what this transaction has moved so far.
    pub(super) fn balance(&self, account: LedgerAccount, currency: Currency) -> Result<i128, Error> {
        let Some(owner) = account.owner() else { return Ok(0) };
        let before = self.holding(owner, currency)?.map_or(0, |holding| holding.bucket(account));
        Ok(before.saturating_add(self.drafted(account, currency)))
    }

    /// The available funds of an owner, in minor units.
    pub(super) fn available(&self, owner: AccountId, currency: Currency) -> Result<i128, Error> {
        let before =
            self.holding(owner, currency)?.map_or(0, |holding| holding.bucket(LedgerAccount::Available { owner }));
        let ours = self.purses.iter().find(|purse| (purse.owner, purse.currency) == (owner, currency));
        Ok(before.saturating_add(ours.map_or(0, |purse| purse.moved)))
    }

    /// Makes the decision stand only if a balance ends in this range.
    pub(super) fn guard(&mut self, account: LedgerAccount, currency: Currency, low: i128, high: i128) {
        self.changes.guards.push(Guard { account, currency, low, high });
    }

    /// Where the automatic payouts of a balance stand.
    pub(super) fn cycle(&self, account: AccountId, currency: Currency) -> Result<PayoutCycle, Error> {
        let drafted = self.changes.cycles.iter().map(|write| write.cycle);
        let ours = drafted.into_iter().find(|cycle| cycle.account == account && cycle.currency == currency);
        if let Some(cycle) = ours {
            return Ok(cycle);
        }
        let holding = self.holding(account, currency)?;
        Ok(holding.map_or(PayoutCycle::idle(account, currency), |holding| holding.cycle(account, currency)))
    }

    /// Makes the decision stand only as long as the automatic payouts of a balance stand where they were seen.
    pub(super) fn rely_on_cycle(&mut self, cycle: &PayoutCycle) -> Result<(), Error> {
        let (account, currency) = (cycle.account, cycle.currency);
        let version = self.holding(account, currency)?.map_or(0, |holding| holding.cycle_version);
        self.changes.cycle_reads.push(CycleRead { account, currency, version });
        Ok(())
    }

    /// Writes where the automatic payouts of a balance stand.
    pub(super) fn put_cycle(&mut self, cycle: PayoutCycle) -> Result<(), Error> {
        let ours =
            |write: &&mut CycleWrite| write.cycle.account == cycle.account && write.cycle.currency == cycle.currency;
        if let Some(write) = self.changes.cycles.iter_mut().find(ours) {
            write.cycle = cycle;
            return Ok(());
        }
        let read_at = self.holding(cycle.account, cycle.currency)?.map_or(0, |holding| holding.cycle_version);
        self.changes.cycles.push(CycleWrite { read_at, cycle });
        Ok(())
    }

    /// Drafts an entry, and sees to it that whoever has more available now is paid out, and that the platform's money is set aside for
    /// whoever owes more. Every balance that it moves has to be loaded.
    pub(super) fn post(
        &mut self,
        kind: EntryKind,
        cause: impl Into<ObjectId>,
        lines: &[Line],
        postings: &[Posting],
    ) -> Result<(), Error> {
        let cause = cause.into();
        Entry::draft(&mut self.changes.entries, (kind, cause, self.now), lines, postings)?;
        if !self.state.is_whole() {
            let owners = lines.iter().map(|line| (Some(line.owner()), line.currency()));
            let others = postings.iter().map(|posting| (posting.account.owner(), posting.amount.currency()));
            for (owner, currency) in owners.chain(others) {
                owner.map(|owner| self.holding(owner, currency)).transpose()?;
            }
        }
        let mut gains = Purses::new();
        for line in lines.iter().filter(|line| line.bucket() == Bucket::Available) {
            Purse::add(&mut gains, line.owner(), line.currency(), line.net());
        }
        for posting in postings {
            if let LedgerAccount::Available { owner } = posting.account {
                Purse::add(&mut gains, owner, posting.amount.currency(), posting.amount.minor().into());
            }
        }
        for gain in &gains {
            Purse::add(&mut self.purses, gain.owner, gain.currency, gain.moved);
        }
        for Purse { owner, currency, moved } in gains {
            if moved > 0 {
                self.arm(owner, currency)?;
            }
            self.mirror(owner, currency, moved, cause)?;
        }
        Ok(())
    }

    /// What the processor takes, or gives back, if anything; in minor units.
    pub(super) fn fee_of(fee: i64, currency: Currency) -> Option<Posting> {
        (fee != 0).then(|| Self::posting(LedgerAccount::Fees, fee, currency))
    }

    /// What a movement to or from the world outside looks like in an entry.
    pub(super) const fn posting(account: LedgerAccount, minor: i64, currency: Currency) -> Posting {
        Posting { account, amount: Money::new(minor, currency) }
    }

    pub(super) fn event(
        &mut self,
        kind: impl Into<EventKind>,
        object: impl Into<ObjectId>,
        account: Option<AccountId>,
    ) {
        let (kind, account) = (kind.into(), account.filter(|account| *account != self.platform));
        if !account.is_some_and(|account| self.is_kept_from_us(kind, account)) {
            self.changes.events.push(Event { kind, object: object.into(), account });
        }
    }

    /// Whether an event is for the platform that controls an account, and this one is only an extension there.
    // INVARIANT: whoever tells of a member of an account's family has that family loaded.
    fn is_kept_from_us(&self, kind: EventKind, account: AccountId) -> bool {
        let EventKind::Account(event) = kind else { return false };
        match event.receivers() {
            Receivers::ControllingPlatform => {}
            Receivers::ApplicationOnly | Receivers::Platform => return false,
        }
        let known = self.written::<Account>(account).or_else(|| Some(self.state.records.find::<Account>(account)?.0));
        known.is_some_and(|account| account.extension().is_some())
    }

    pub(super) fn instruct(&mut self, instruction: Instruction) {
        self.changes.instructions.push(instruction);
    }

    /// What an outside reference stands for, if that is known.
    pub(super) fn reference(&self, name: Digest) -> Result<Option<ObjectId>, Error> {
        if let Some(write) = self.changes.references.iter().find(|write| write.reference == name) {
            return Ok(write.object);
        }
        Ok(self.known_reference(name)?.and_then(|(_, object)| object))
    }

    fn known_reference(&self, name: Digest) -> Result<Option<(u32, Option<ObjectId>)>, Error> {
        match self.state.reference(name) {
            Known::Here(known) => Ok(Some(known)),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// Writes what an outside reference stands for, or that something waits for that. Both change its version, so that
    /// a fact cannot be parked while the reference becomes known.
    pub(super) fn put_reference(&mut self, reference: Digest, object: Option<ObjectId>) -> Result<(), Error> {
        if let Some(write) = self.changes.references.iter_mut().find(|write| write.reference == reference) {
            write.object = object;
            return Ok(());
        }
        let read_at = self.known_reference(reference)?.map_or(0, |(version, _)| version);
        self.changes.references.push(ReferenceWrite { read_at, reference, object });
        Ok(())
    }

    /// What was answered to this request or fact before, as long as it is remembered.
    pub(super) fn remembered(&self) -> Result<Option<&'a RequestRow>, Error> {
        match self.state.request(self.origin().name) {
            Known::Here(row) => Ok(Some(row).filter(|row| self.is_remembered(row))),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    // RULE: a request's key is fresh again after the retention (docs.stripe.com/api/idempotent_requests, 2026); a fact
    // stays known for good, because the world does not do the same thing again.
    fn is_remembered(&self, row: &RequestRow) -> bool {
        matches!(row.answer, Answer::Fact(_)) || self.now.since(row.at) < self.rulebook.request_retention()
    }

    /// Records that something could not be taken up, for a person to look at.
    pub(super) fn open_anomaly(&mut self, cause: AnomalyCause, reason: AnomalyReason) -> FactOutcome {
        // With which other fact a fact that waited is taken up is no matter, so its anomaly is named after the fact itself.
        // The first place of a fact's family is for the fact itself, should it have to wait.
        let (origin, first) = match &cause {
            AnomalyCause::Fact(report) => (Origin::new(Domain::Fact, self.platform, None, report.id.as_bytes()), 1),
            AnomalyCause::Deadline(_) => (self.origin(), 0),
        };
        let family = origin.family(self.now);
        let is_beside =
            |write: &&RecordWrite| Anomaly::of(&write.record).is_some_and(|anomaly| anomaly.id.family() == family);
        let opened = self.changes.records.iter().filter(is_beside).count();
        let ordinal = u16::try_from(opened.saturating_add(first)).unwrap_or(u16::MAX);
        let id = AnomalyId::of(family, ordinal);
        self.put(Anomaly { id, cause, reason, at: self.now, closed_at: None });
        self.event(EventKind::AnomalyOpened, id, None);
        FactOutcome::Anomaly(id)
    }
}
