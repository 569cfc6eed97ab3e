//! The facade: one [`Platform`] that hosts drive, and that decides every cent.
//!
//! Every call runs one transaction: it reads by key, decides, and yields [`Changes`], or refuses and leaves no trace.
//! The methods of the handles ([`payments`](Platform::payments), [`payouts`](Platform::payouts) …) decide and apply in one.
//! A host with a store decides first, stores the changes, and then applies them:
//!
//! ```
//! use fundroute::payments::NewPayment;
//! use fundroute::prelude::*;
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let request = Request::new("order-1", Command::CreatePayment(NewPayment::card(usd(20_00))));
//!
//! let decided = platform.decide(&request)?;               // nothing has happened yet
//! let stored = serde_json::to_string(&decided.changes);   // … one transaction of the host's database …
//! assert!(stored.is_ok());
//! platform.apply(&decided.changes)?;                      // now it has
//!
//! assert_eq!(platform.handle(request)?.answer, decided.answer); // sent again: same answer, no second payment
//! # Ok::<(), fundroute::Error>(())
//! ```
//!
//! # Time
//! The platform has no clock. It is told the time ([`Platform::advance_to`]), and what is due by then happens one by one, at its
//! own due time: pending funds settle, vouchers run out, payouts leave. [`Platform::next_deadline`] says when to come back.
//!
//! # Kinds of accounts
//! [`Platform::standard`], [`Platform::express`] and [`Platform::custom`] lend an account with just what its kind allows; what a
//! Standard account does not allow does not compile. [`Platform::acting_as`] takes every account, and refuses at run time.

mod access;
mod accounts;
mod attempts;
mod authorizations;
mod bank_debits;
mod capabilities;
mod captures;
mod claims;
mod command;
mod connect_fees;
mod connections;
mod deadlines;
mod debits;
mod debts;
mod destinations;
mod disputes;
mod earnings;
mod encoding;
mod error;
mod exchange;
mod exposure;
mod facts;
mod failure_fees;
mod figures;
mod forecast;
mod founding;
mod handles;
mod holds;
mod instant;
mod mirrored;
mod mirrored_money;
mod mirrored_routing;
mod onboarding;
mod partial;
mod payments;
mod payout_contents;
mod payout_news;
mod payout_reversals;
mod payouts;
mod personal;
mod persons;
mod plans;
mod pricing;
mod queries;
mod quote;
mod readiness;
mod reconciliation;
mod refund_draft;
mod refund_news;
mod refund_queue;
mod refunds;
mod reports;
mod resends;
mod reserved_funds;
mod reserves;
mod returns;
mod reversals;
mod risk;
mod sealed;
mod set_aside;
mod settlement;
mod standing;
mod submissions;
mod summary;
mod support;
mod support_actions;
mod tax;
mod terminal;
mod terminal_news;
mod timing;
mod top_ups;
mod transaction;
mod transfers;
mod turns;
mod v2_events;

use crate::accounts::{Account, Actor, Profile, Role};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationId};
use crate::journal::{
    Answer, Changes, Deadline, Domain, FactOutcome, Origin, Outcome, Record, RecordWrite, Report, RequestError,
    Snapshot, State, Told,
};
use crate::payouts::{BalanceSettings, PayoutSchedule};
use crate::rulebook::{Rulebook, ScheduleRule};
use crate::tools::Attribution;

pub use command::{Command, Request};
use encoding::{encoded, fingerprint};
pub use error::{Error, ErrorKind};
pub use founding::NewPlatform;
pub use handles::{
    Accounts, ActingAs, Anomalies, Attributed, ConnectionTokens, Connections, Custom, Disputes, ExchangeRates, Express,
    Locations, Mirror, Payments, Payouts, PlatformControls, Pricing, Readers, Refunds, Reserves, Risk, Standard,
    TaxForms, TopUps, Transfers,
};
pub use partial::Identity;
pub use quote::{NewQuote, PaymentQuote, QuotedParty};
use transaction::Transaction;

/// How many emptied changes are kept for their buffers: as many as a host has in its hands at once.
const SPARES: usize = 4;

/// An answer, and everything that changes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided<T> {
    /// What was asked for: usually the id of what was created.
    pub answer: T,
    /// Whether it is new, or the answer given the first time.
    pub outcome: Outcome,
    /// What changes; nothing if the request was carried out before.
    pub changes: Changes,
}

/// A request in its parts.
#[derive(Clone, Copy)]
struct Asked<'a> {
    key: &'a str,
    account: Option<AccountId>,
    actor: Actor,
    extension: Option<ApplicationId>,
    attribution: Option<&'a Attribution>,
    command: &'a Command,
}

impl<'a> From<&'a Request> for Asked<'a> {
    fn from(request: &'a Request) -> Self {
        let Request { key, account, actor, extension, attribution, command } = request;
        let attribution = attribution.as_ref();
        Self { key, account: *account, actor: *actor, extension: *extension, attribution, command }
    }
}

/// One platform with its connected accounts, their payments and balances.
#[derive(Clone, Debug)]
pub struct Platform {
    id: AccountId,
    livemode: bool,
    rulebook: Rulebook,
    now: Timestamp,
    state: State,
    spare: Vec<Changes>,
}

impl Platform {
    /// What founding a platform changes: the first of its journal.
    ///
    /// # Errors
    /// [`Error::Rulebook`] where the rules do not know the country,
    /// [`AccountError::BrandingInvalid`](crate::accounts::AccountError::BrandingInvalid).
    pub fn founding(new: &NewPlatform, rulebook: &Rulebook, now: Timestamp) -> Result<Changes, Error> {
        new.branding.check()?;
        let currency = rulebook.country(new.country)?.default_currency();
        let nobody = AccountId::from_host([0; 14]);
        let key = [&[u8::from(new.livemode)], new.name.as_bytes()].concat();
        let family = Origin::new(Domain::Command, nobody, None, &key).family(now);
        let id = AccountId::of(family, 0);
        let mode = (new.livemode, new.has_connect_reserves, new.mirrors);
        let account = Account::of_platform(id, mode, new.country, currency, now);
        let schedule = default_schedule(rulebook.schedule_rule(new.country));
        let settings = BalanceSettings::new(&account, schedule);
        let (account, settings) = timing::settings_of(account, settings, rulebook);
        let profile = Profile::new(account.profile(), false).with_branding(&new.branding);
        let mut changes = Changes::new(now);
        changes.records.push(RecordWrite { read_at: 0, record: Record::Account(account) });
        changes.records.push(RecordWrite { read_at: 0, record: Record::BalanceSettings(settings) });
        changes.records.push(RecordWrite { read_at: 0, record: Record::Profile(Box::new(profile)) });
        Ok(changes)
    }

    /// A new platform. Its [founding](Self::founding) is the first entry of its journal.
    ///
    /// # Errors
    /// As [`founding`](Self::founding).
    pub fn new(new: NewPlatform, rulebook: Rulebook, now: Timestamp) -> Result<Self, Error> {
        let founding = Self::founding(&new, &rulebook, now)?;
        Self::replay(rulebook, [founding])
    }

    /// The platform that a journal adds up to, with its clock at the last entry. The journal starts with the [founding](Self::founding); nothing in it is decided
    /// again, so it may be older than the rules.
    ///
    /// # Errors
    /// [`Error::Stale`] where the journal has a gap, or does not start with a founding.
    pub fn replay(rulebook: Rulebook, journal: impl IntoIterator<Item = Changes>) -> Result<Self, Error> {
        let mut journal = journal.into_iter();
        let founding = journal.next().ok_or_else(|| Error::Stale("an empty journal".to_owned()))?;
        let (id, livemode) = founded(&founding).ok_or_else(|| Error::Stale("a journal without founding".to_owned()))?;
        let mut platform =
            Self { id, livemode, rulebook, now: founding.at, state: State::default(), spare: Vec::new() };
        platform.apply(&founding)?;
        for changes in journal {
            platform.apply(&changes)?;
        }
        Ok(platform)
    }

    /// Everything that it knows, to be stored.
    pub fn snapshot(&self) -> Snapshot {
        self.state.snapshot(self.id, self.livemode)
    }

    /// The platform that a snapshot was taken of, with its clock at `now`, or at what is due first if that is earlier. Apply what
    /// the journal holds beyond the snapshot, then [advance](Self::advance_to).
    pub fn restore(rulebook: Rulebook, snapshot: Snapshot, now: Timestamp) -> Self {
        let (id, livemode) = (snapshot.platform, snapshot.livemode);
        let state = State::restore(snapshot);
        let now = state.next_deadline().map_or(now, |deadline| deadline.due.min(now));
        Self { id, livemode, rulebook, now, state, spare: Vec::new() }
    }

    /// The platform's own account.
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// Whether it moves real money.
    pub const fn livemode(&self) -> bool {
        self.livemode
    }

    /// Where its clock stands.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The rules by which it decides.
    pub const fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    fn transaction<'a>(&'a self, origin: Option<Origin>, now: Timestamp, changes: &'a mut Changes) -> Transaction<'a> {
        changes.reset(now);
        let mut transaction = Transaction::new(&self.state, &self.rulebook, self.id, origin, changes);
        transaction.livemode = self.livemode;
        transaction
    }

    /// Decides a request without letting it happen: for a dry run, or to store the changes first.
    ///
    /// # Errors
    /// Why the request is refused; see [`Error::kind`] for what can be done about it.
    pub fn decide(&self, request: &Request) -> Result<Decided<Answer>, Error> {
        let mut changes = Changes::new(self.now);
        let (answer, outcome) = self.decide_into(request.into(), &mut changes)?;
        Ok(Decided { answer, outcome, changes })
    }

    fn decide_into(&self, asked: Asked<'_>, changes: &mut Changes) -> Result<(Answer, Outcome), Error> {
        let Asked { key, account, actor, extension, attribution, command } = asked;
        check_key(key)?;
        attribution.map_or(Ok(()), Attribution::check)?;
        // Everybody has keys of their own.
        let origin = match (actor, extension) {
            (Actor::Platform, _) => Origin::new(Domain::Command, self.id, account, key.as_bytes()),
            (Actor::Holder, _) => Origin::new(Domain::Holder, self.id, account, key.as_bytes()),
            (Actor::Extension(_), None) => Origin::new(Domain::Extension, self.id, account, key.as_bytes()),
            (Actor::Extension(_), Some(named)) => {
                let key = [&named.uuid().into_bytes(), key.as_bytes()].concat();
                Origin::new(Domain::NamedExtension, self.id, account, &key)
            }
        };
        let mut transaction = self.transaction(Some(origin), self.now, changes);
        transaction.actor = actor;
        transaction.want_named(account, command)?;
        let fingerprint = fingerprint(&*command.without_personal())?;
        if let Some(row) = transaction.remembered()? {
            if row.fingerprint != fingerprint || transaction.says_otherwise(key, command, row)? {
                return Err(RequestError::KeyReused(key.to_owned()).into());
            }
            let answer = row.answer;
            changes.reset(self.now);
            return Ok((answer, Outcome::Replayed));
        }
        transaction.is_ours_to_do(command)?;
        let answer = transaction.execute(account, command)?;
        transaction.confirm()?;
        transaction.tell_v2();
        transaction.remember(fingerprint, answer);
        transaction.remember_said(key)?;
        attribution.map_or(Ok(()), |told| transaction.attribute(told, account, command, answer))?;
        Ok((answer, Outcome::Applied))
    }

    /// Decides a fact without taking it up yet.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it names an unknown object, [`Error::FactAheadOfClock`]; a fact is never refused for what it says.
    pub fn decide_fact(&self, report: &Report) -> Result<Decided<FactOutcome>, Error> {
        let mut changes = Changes::new(self.now);
        let (answer, outcome) = self.decide_fact_into(report.told(), &mut changes)?;
        Ok(Decided { answer, outcome, changes })
    }

    fn decide_fact_into(&self, told: Told<'_>, changes: &mut Changes) -> Result<(FactOutcome, Outcome), Error> {
        check_key(told.id)?;
        if told.at > self.now {
            return Err(Error::FactAheadOfClock { at: told.at, clock: self.now });
        }
        let origin = Origin::new(Domain::Fact, self.id, None, told.id.as_bytes());
        let mut transaction = self.transaction(Some(origin), self.now, changes);
        transaction.want_told(told.fact)?;
        let fingerprint = fingerprint(told.fact)?;
        if let Some(row) = transaction.remembered()? {
            let Answer::Fact(outcome) = row.answer else { return Ok((FactOutcome::Stale, Outcome::Replayed)) };
            if row.fingerprint != fingerprint {
                return Err(RequestError::KeyReused(told.id.to_owned()).into());
            }
            changes.reset(self.now);
            return Ok((outcome, Outcome::Replayed));
        }
        let outcome = transaction.learn(told)?;
        transaction.confirm()?;
        transaction.tell_v2();
        transaction.remember(fingerprint, Answer::Fact(outcome));
        Ok((outcome, Outcome::Applied))
    }

    /// Decides what is due next by `now`, if anything.
    ///
    /// # Errors
    /// [`Error::TimeBackwards`] where `now` lies before the clock.
    pub fn decide_next(&self, now: Timestamp) -> Result<Option<Changes>, Error> {
        self.check_clock(now)?;
        match self.state.next_deadline().filter(|deadline| deadline.due <= now) {
            Some(deadline) => self.decide_due_now(deadline).map(Some),
            None => Ok(None),
        }
    }

    /// Decides one thing that is due, for hosts that keep the deadlines themselves. What is no longer due changes nothing.
    ///
    /// # Errors
    /// [`Error::NotDue`] where its time has not come; [`Error::NotLoaded`] and [`Error::Overdue`] on a partial platform.
    pub fn decide_due(&self, deadline: Deadline) -> Result<Changes, Error> {
        if deadline.due > self.now {
            return Err(Error::NotDue { deadline, clock: self.now });
        }
        self.decide_due_now(deadline)
    }

    fn decide_due_now(&self, deadline: Deadline) -> Result<Changes, Error> {
        let mut changes = Changes::new(deadline.due);
        self.decide_due_into(deadline, &mut changes)?;
        Ok(changes)
    }

    fn decide_due_into(&self, deadline: Deadline, changes: &mut Changes) -> Result<(), Error> {
        let mut transaction = self.transaction(None, deadline.due, changes);
        transaction.firing = Some(deadline);
        transaction.fire(deadline)?;
        transaction.confirm()?;
        transaction.tell_v2();
        Ok(())
    }

    fn check_clock(&self, now: Timestamp) -> Result<(), Error> {
        if now < self.now { Err(Error::TimeBackwards { clock: self.now, now }) } else { Ok(()) }
    }

    /// Lets decided changes happen. It decides nothing itself.
    ///
    /// # Errors
    /// [`Error::Stale`] where something that they were decided on has changed since; nothing happens then.
    pub fn apply(&mut self, changes: &Changes) -> Result<(), Error> {
        if let Some(what) = self.state.objection(changes) {
            return Err(Error::Stale(what));
        }
        self.fold(changes);
        Ok(())
    }

    fn fold(&mut self, changes: &Changes) {
        self.state.apply(changes);
        self.now = self.now.max(changes.at);
    }

    /// Decides a request and lets it happen.
    ///
    /// # Errors
    /// Why the request is refused; nothing happens then.
    pub fn handle(&mut self, request: Request) -> Result<Decided<Answer>, Error> {
        self.run((&request).into(), Some)
    }

    /// Emptied changes, with the buffers of used ones where there are any.
    fn buffers(&mut self) -> Changes {
        self.spare.pop().unwrap_or_else(|| Changes::new(self.now))
    }

    /// Decides a command and lets it happen; `pick` takes the answer of the kind that was asked for.
    fn run<T>(&mut self, asked: Asked<'_>, pick: impl FnOnce(Answer) -> Option<T>) -> Result<Decided<T>, Error> {
        let mut changes = self.buffers();
        match self.decide_into(asked, &mut changes) {
            Ok((answer, outcome)) => {
                self.fold(&changes);
                // INVARIANT: a command is answered in its own kind, and a replayed one is the same command.
                let answer = pick(answer).ok_or_else(|| Error::Stale(asked.key.to_owned()))?;
                Ok(Decided { answer, outcome, changes })
            }
            Err(error) => {
                self.recycle(changes);
                Err(error)
            }
        }
    }

    /// Takes up a fact.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it names an unknown object, [`Error::FactAheadOfClock`]; nothing happens then.
    pub fn record(&mut self, report: &Report) -> Result<Decided<FactOutcome>, Error> {
        self.record_told(report.told())
    }

    fn record_told(&mut self, told: Told<'_>) -> Result<Decided<FactOutcome>, Error> {
        let mut changes = self.buffers();
        match self.decide_fact_into(told, &mut changes) {
            Ok((answer, outcome)) => {
                self.fold(&changes);
                Ok(Decided { answer, outcome, changes })
            }
            Err(error) => {
                self.recycle(changes);
                Err(error)
            }
        }
    }

    /// Lets the time pass: what is due by `now` happens, one by one, each at its own due time.
    ///
    /// # Errors
    /// [`Error::TimeBackwards`] where `now` lies before the clock.
    pub fn advance_to(&mut self, now: Timestamp) -> Result<Vec<Changes>, Error> {
        let mut fired = Vec::new();
        self.advance_with(now, |changes| {
            fired.push(changes);
            None
        })?;
        Ok(fired)
    }

    /// Lets the time pass, and hands each change over as it happens; `used` may return one whose buffers to use again.
    ///
    /// # Errors
    /// [`Error::TimeBackwards`] where `now` lies before the clock.
    pub fn advance_with(
        &mut self,
        now: Timestamp,
        mut used: impl FnMut(Changes) -> Option<Changes>,
    ) -> Result<(), Error> {
        self.check_clock(now)?;
        let mut changes = self.buffers();
        let mut next = self.state.next_deadline();
        while let Some(deadline) = next.filter(|deadline| deadline.due <= now) {
            if let Err(error) = self.decide_due_into(deadline, &mut changes) {
                self.recycle(changes);
                return Err(error);
            }
            self.fold(&changes);
            next = self.state.next_deadline();
            if next == Some(deadline) {
                self.state.drop_deadline(deadline);
                next = self.state.next_deadline();
            }
            changes = used(changes).unwrap_or_else(|| self.buffers());
        }
        self.recycle(changes);
        self.now = now;
        Ok(())
    }

    /// When something happens next by itself.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.state.next_deadline().map(|deadline| deadline.due)
    }

    /// Hands back changes that are no longer needed, so that their buffers are used again.
    pub fn recycle(&mut self, changes: Changes) {
        if self.spare.len() < SPARES {
            self.spare.push(changes);
        }
    }
}

fn default_schedule(rule: &ScheduleRule) -> PayoutSchedule {
    rule.default_schedule().map_or(PayoutSchedule::Manual, PayoutSchedule::Automatic)
}

fn founded(changes: &Changes) -> Option<(AccountId, bool)> {
    changes.records.iter().find_map(|write| {
        let Record::Account(account) = &write.record else { return None };
        let Role::Platform { livemode, .. } = account.role() else { return None };
        Some((account.id(), livemode))
    })
}

// RULE: at most 255 characters (docs.stripe.com/api/idempotent_requests, 2026).
fn check_key(key: &str) -> Result<(), RequestError> {
    if key.is_empty() {
        return Err(RequestError::KeyEmpty);
    }
    // A character takes at most four bytes, so only long keys have to be counted.
    let characters = if key.len() > 255 { key.chars().count() } else { key.len() };
    if characters > 255 { Err(RequestError::KeyTooLong(characters)) } else { Ok(()) }
}
