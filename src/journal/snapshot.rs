use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::state::{Holding, Known, Queue, State};
use super::{Digest, Key, PersonalWrite, Record, RequestRow};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, ParkedFactId, PayoutId, RefundId, ReserveHoldId};
use crate::ledger::{Entry, LedgerAccount};
use crate::money::{Currency, wide};
use crate::payouts::{BankDebit, Overdraft, SameDay};

/// One balance as it is kept: every bucket in minor units, and where its payouts stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceRow {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// Funds that can be moved now.
    #[serde(with = "wide")]
    pub available: i128,
    /// Funds held against the debts of others.
    #[serde(with = "wide")]
    pub connect_reserved: i128,
    /// Funds held back by a reserve.
    #[serde(with = "wide")]
    pub risk_reserved: i128,
    /// Payouts under way.
    #[serde(with = "wide")]
    pub in_transit: i128,
    /// Debits on their way.
    #[serde(with = "wide")]
    pub submitted: i128,
    /// Funds that become available, by date; a date with nothing is left out.
    #[serde(with = "wide::by")]
    pub pending: Vec<(Timestamp, i128)>,
    /// When the next automatic payout runs.
    pub next_run: Option<Timestamp>,
    /// Up to when automatic payouts have taken what became available.
    pub paid_through: Option<Timestamp>,
    /// How many payouts of the last day on which one was asked for arrive on the same day.
    pub same_day: Option<SameDay>,
    /// Where the debit of the bank stands.
    pub debit: BankDebit,
    /// The version of the last three; 0 where there was never one.
    pub cycle_version: u32,
    /// The latest date of which pending funds were settled.
    pub settled_through: Option<Timestamp>,
    /// Everything that was ever received in payments, refunded or not.
    #[serde(with = "wide")]
    pub volume: i128,
    /// When the first of that was received.
    pub first_received: Option<Timestamp>,
    /// The volume at which the account has to be looked at again.
    pub watch: Option<i64>,
    /// When the volume reached that; it is due since then.
    pub crossed_at: Option<Timestamp>,
    /// The first refund that waits for it.
    pub first_refund: Option<RefundId>,
    /// The last refund that waits for it.
    pub last_refund: Option<RefundId>,
    /// What has to be available for the queue of refunds to be looked at.
    pub refund_needs: Option<i64>,
    /// The version of the last three; 0 where there was never one.
    pub queue_version: u32,
    /// When that much was available; it is due since then.
    pub funded_at: Option<Timestamp>,
    /// That the available funds are below zero, or were last.
    pub overdraft: Option<Overdraft>,
}

impl BalanceRow {
    /// The balance of someone who never had any.
    pub const fn empty(account: AccountId, currency: Currency) -> Self {
        Self {
            account,
            currency,
            available: 0,
            connect_reserved: 0,
            risk_reserved: 0,
            in_transit: 0,
            submitted: 0,
            pending: Vec::new(),
            next_run: None,
            paid_through: None,
            same_day: None,
            debit: BankDebit::None,
            cycle_version: 0,
            settled_through: None,
            volume: 0,
            first_received: None,
            watch: None,
            crossed_at: None,
            first_refund: None,
            last_refund: None,
            refund_needs: None,
            queue_version: 0,
            funded_at: None,
            overdraft: None,
        }
    }

    pub(super) fn of(account: AccountId, currency: Currency, holding: &Holding) -> Self {
        Self {
            account,
            currency,
            available: holding.available,
            connect_reserved: holding.connect_reserved,
            risk_reserved: holding.risk_reserved,
            in_transit: holding.in_transit,
            submitted: holding.submitted,
            pending: holding.pending.to_vec(),
            next_run: holding.next_run,
            paid_through: holding.paid_through,
            same_day: holding.same_day,
            debit: holding.debit,
            cycle_version: holding.cycle_version,
            settled_through: holding.settled_through,
            volume: holding.volume,
            first_received: holding.first_received,
            watch: holding.watch,
            crossed_at: holding.crossed_at,
            first_refund: holding.queue.first,
            last_refund: holding.queue.last,
            refund_needs: holding.queue.needs,
            queue_version: holding.queue.version,
            funded_at: holding.queue.funded_at,
            overdraft: holding.overdraft.as_deref().copied(),
        }
    }

    fn into_holding(self) -> Holding {
        // Whatever a damaged row says, a date is there once, and not with nothing.
        let mut by_date: BTreeMap<Timestamp, i128> = BTreeMap::new();
        for (date, amount) in self.pending {
            let sum = by_date.entry(date).or_default();
            *sum = sum.saturating_add(amount);
        }
        let pending = by_date.into_iter().filter(|(_, amount)| *amount != 0).collect();
        let mut holding = Holding::default();
        holding.available = self.available;
        holding.connect_reserved = self.connect_reserved;
        holding.risk_reserved = self.risk_reserved;
        holding.in_transit = self.in_transit;
        holding.submitted = self.submitted;
        holding.pending = pending;
        holding.next_run = self.next_run;
        holding.paid_through = self.paid_through;
        holding.same_day = self.same_day;
        holding.debit = self.debit;
        holding.cycle_version = self.cycle_version;
        holding.settled_through = self.settled_through;
        holding.volume = self.volume;
        holding.first_received = self.first_received;
        holding.watch = self.watch;
        holding.crossed_at = self.crossed_at;
        holding.queue = Queue {
            first: self.first_refund,
            last: self.last_refund,
            needs: self.refund_needs,
            version: self.queue_version,
            funded_at: self.funded_at,
        };
        holding.overdraft = self.overdraft.map(Box::new);
        holding
    }
}

/// What a store found under a key, for a platform that holds only what it was given.
///
/// That nothing was found is an answer too: it is what tells an object that does not exist from one that was
/// not loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// The key that was looked up.
    pub key: Key,
    /// The objects found, with their versions: all members of a family; for a reference, none.
    pub records: Vec<(u32, Record)>,
    /// The balance found.
    pub balance: Option<BalanceRow>,
    /// The request found.
    pub request: Option<RequestRow>,
    /// The version of the reference, and the object that it stands for if that is known.
    pub reference: Option<(u32, Option<ObjectId>)>,
    /// The facts parked under the reference; their families have to be loaded as well.
    pub parked: Vec<ParkedFactId>,
    /// The payouts of the account that are under way; their families have to be loaded as well.
    pub payouts: Vec<PayoutId>,
    /// What the plan holds back, as far as it was asked for; their families have to be loaded as well.
    pub holds: Vec<ReserveHoldId>,
    /// What the request [said](super::PersonalData::Said) about persons, as far as that is still kept.
    pub personal: Vec<PersonalWrite>,
}

impl Loaded {
    /// That nothing was found under a key.
    pub const fn nothing(key: Key) -> Self {
        Self {
            key,
            records: Vec::new(),
            balance: None,
            request: None,
            reference: None,
            parked: Vec::new(),
            payouts: Vec::new(),
            holds: Vec::new(),
            personal: Vec::new(),
        }
    }
}

/// Everything a platform knows, in a form that can be stored. Two platforms that know the same give equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The platform's own account.
    pub platform: AccountId,
    /// Whether it moves real money.
    pub livemode: bool,
    /// Every object with its version, in the order in which they came to be.
    pub records: Vec<(u32, Record)>,
    /// Every balance, by account and currency.
    pub balances: Vec<BalanceRow>,
    /// The balances of the processor and the world outside.
    #[serde(with = "wide::by")]
    pub outside: Vec<((LedgerAccount, Currency), i128)>,
    /// Every remembered request.
    pub requests: Vec<RequestRow>,
    /// Every outside reference with its version, and what it stands for if that is known.
    pub references: Vec<(Digest, u32, Option<ObjectId>)>,
    /// Every entry, oldest first.
    pub entries: Vec<Entry>,
    /// Data about persons.
    pub personal: Vec<PersonalWrite>,
}

impl State {
    pub(crate) fn snapshot(&self, platform: AccountId, livemode: bool) -> Snapshot {
        let balances = self.holdings.sorted();
        Snapshot {
            platform,
            livemode,
            records: self.records.iter().map(|(record, version)| (version, record.clone())).collect(),
            balances: balances
                .into_iter()
                .map(|(account, currency, held)| BalanceRow::of(account, currency, held))
                .collect(),
            outside: self.holdings.all_outside(),
            requests: self.requests.sorted().into_iter().copied().collect(),
            references: self
                .references
                .sorted()
                .into_iter()
                .map(|(name, (version, object))| (*name, *version, *object))
                .collect(),
            entries: self.book.iter().filter_map(|entry| entry.to_entry()).collect(),
            personal: self.personal.sorted(),
        }
    }

    pub(crate) fn restore(snapshot: Snapshot) -> Self {
        let mut state = Self::default();
        state.put(snapshot.records.iter().map(|(version, record)| (record, *version)));
        for row in snapshot.balances {
            state.put_holding(row.account, row.currency, row.into_holding());
        }
        for ((account, currency), sum) in snapshot.outside {
            state.put_outside(account, currency, sum);
        }
        for row in snapshot.requests {
            state.requests.put(&row);
        }
        for (name, version, object) in snapshot.references {
            state.references.insert(name, (version, object));
        }
        for entry in &snapshot.entries {
            state.record_history(entry);
        }
        for write in &snapshot.personal {
            state.personal.remember(write);
        }
        state
    }

    /// Adds what a store found to a partial state.
    pub(crate) fn load(&mut self, loaded: Loaded) {
        self.put(loaded.records.iter().map(|(version, record)| (record, *version)));
        if let Key::Balance(account, currency) = loaded.key {
            let row = loaded.balance.unwrap_or_else(|| BalanceRow::empty(account, currency));
            self.put_holding(account, currency, row.into_holding());
        }
        if let Some(row) = loaded.request {
            self.put_request(&row);
        }
        for write in &loaded.personal {
            self.personal.remember(write);
        }
        if let (Some(known), Key::Reference(name)) = (loaded.reference, loaded.key) {
            self.references.insert(name, known);
        }
        if let Key::Reference(name) = loaded.key {
            self.remember_parked(name, &loaded.parked);
        }
        if let Key::Payouts(account) = loaded.key {
            self.remember_under_way(account, &loaded.payouts);
        }
        if let Key::Holds(plan, _) = loaded.key {
            self.remember_held(plan, &loaded.holds);
        }
        self.mark_loaded(loaded.key);
    }

    /// What a store that holds exactly this state would find under a key.
    pub(crate) fn look_up(&self, key: Key) -> Loaded {
        let mut found = Loaded::nothing(key);
        match key {
            Key::Balance(account, currency) => {
                let holding = self.holdings.get(account, currency);
                found.balance = holding.map(|holding| BalanceRow::of(account, currency, holding));
            }
            Key::Family(family) => {
                found.records =
                    self.records.family(family).map(|(record, version)| (version, record.clone())).collect();
            }
            Key::Holds(plan, after) => {
                if let Known::Here(ids) = self.held_by(plan, after) {
                    found.holds = ids;
                }
            }
            Key::Reference(name) => {
                found.reference = self.references.get(&name).copied();
                found.parked = self.parked(name).to_vec();
            }
            Key::Payouts(account) => {
                if let Known::Here(ids) = self.under_way(account) {
                    found.payouts = ids;
                }
            }
            Key::Request(name) => {
                found.request = self.requests.get(name).copied();
                let about = found.request.and_then(|row| row.answer.personal());
                found.personal = about.map_or_else(Vec::new, |of| self.personal.of_request(of, name));
            }
        }
        found
    }
}
