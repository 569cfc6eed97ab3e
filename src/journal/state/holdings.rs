use chrono::TimeDelta;
use smallvec::SmallVec;

use super::outside::Outside;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, RefundId};
use crate::journal::index::Index;
use crate::journal::table::Table;
use crate::ledger::{Balance, LedgerAccount};
use crate::money::Currency;
use crate::payments::RefundQueue;
use crate::payouts::{BankDebit, Overdraft, PayoutCycle, SameDay};

const NEVER: u32 = u32::MAX;

/// What one owner holds in one currency, and where its payouts stand.
// INVARIANT: a date with nothing pending has no place in `pending`, so that an unknown balance equals an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) available: i128,
    pub(crate) connect_reserved: i128,
    pub(crate) risk_reserved: i128,
    pub(crate) in_transit: i128,
    /// Debits on their way.
    pub(crate) submitted: i128,
    pub(crate) pending: SmallVec<[(Timestamp, i128); 2]>,
    pub(crate) next_run: Option<Timestamp>,
    pub(crate) paid_through: Option<Timestamp>,
    pub(crate) same_day: Option<SameDay>,
    /// Where the debit of the bank stands.
    pub(crate) debit: BankDebit,
    pub(crate) cycle_version: u32,
    /// The latest date of which pending funds were settled.
    pub(crate) settled_through: Option<Timestamp>,
    /// Everything that was ever received in payments, refunded or not.
    pub(crate) volume: i128,
    /// When the first of that was received.
    pub(crate) first_received: Option<Timestamp>,
    /// The volume at which the account has to be looked at again.
    pub(crate) watch: Option<i64>,
    /// When the volume reached that.
    pub(crate) crossed_at: Option<Timestamp>,
    pub(crate) queue: Queue,
    /// That the available funds are below zero, or were last.
    pub(crate) overdraft: Option<Box<Overdraft>>,
    pub(super) last_node: u32,
}

/// The refunds that wait for an owner's money, as far as the first and the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Queue {
    pub(crate) first: Option<RefundId>,
    pub(crate) last: Option<RefundId>,
    /// What has to be available for the first one.
    pub(crate) needs: Option<i64>,
    pub(crate) version: u32,
    /// When that much was available.
    pub(crate) funded_at: Option<Timestamp>,
}

impl Default for Holding {
    fn default() -> Self {
        Self {
            available: 0,
            connect_reserved: 0,
            risk_reserved: 0,
            in_transit: 0,
            submitted: 0,
            pending: SmallVec::new(),
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
            queue: Queue::default(),
            overdraft: None,
            last_node: NEVER,
        }
    }
}

impl Holding {
    /// Whether nothing lies on it, waits to, or is on its way to it or from it, and no refund waits for it.
    pub(crate) fn is_empty(&self) -> bool {
        let sums = [self.available, self.connect_reserved, self.risk_reserved, self.in_transit, self.submitted];
        self.pending.is_empty() && self.queue.first.is_none() && sums.iter().all(|sum| *sum == 0)
    }

    /// What becomes available at `on`.
    pub(crate) fn pending_on(&self, on: Timestamp) -> i128 {
        self.pending.iter().find(|(date, _)| *date == on).map_or(0, |(_, amount)| *amount)
    }

    /// When the next pending funds become available.
    pub(crate) fn next_settlement(&self) -> Option<Timestamp> {
        self.pending.first().map(|(date, _)| *date)
    }

    fn cross(&mut self, at: Timestamp) -> Option<Timestamp> {
        let reached = self.watch.is_some_and(|watch| self.volume >= i128::from(watch));
        if !reached || self.crossed_at.is_some() {
            return None;
        }
        // What the change itself leads to comes after everything that is decided at its moment.
        self.crossed_at = at.checked_add(TimeDelta::microseconds(1)).ok();
        self.crossed_at
    }

    /// Counts a payment received; tells when that reached the volume that is watched for.
    // INVARIANT: a sum of i64 in i128: saturation is never reached.
    pub(super) fn received(&mut self, amount: i64, at: Timestamp) -> Option<Timestamp> {
        self.volume = self.volume.saturating_add(i128::from(amount));
        self.first_received = Some(self.first_received.map_or(at, |first| first.min(at)));
        self.cross(at)
    }

    /// Watches for another volume, from `at` on; tells when the one before was reached, and when this one is.
    pub(super) fn watch(&mut self, watch: Option<i64>, at: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        self.watch = watch;
        let before = self.crossed_at.take();
        (before, self.cross(at))
    }

    /// Puts another queue of refunds in the place of the one that there was; tells when that one was to be looked at.
    pub(super) fn put_queue(&mut self, queue: &RefundQueue, version: u32) -> Option<Timestamp> {
        let RefundQueue { first, last, needs, .. } = *queue;
        std::mem::replace(&mut self.queue, Queue { first, last, needs, version, funded_at: None }).funded_at
    }

    /// Tells when the queue of refunds has to be looked at, if what it needs became available with the change made at `at`.
    pub(super) fn funded(&mut self, at: Timestamp) -> Option<Timestamp> {
        let reached = self.queue.needs.is_some_and(|needs| self.available >= i128::from(needs));
        if !reached || self.queue.funded_at.is_some() {
            return None;
        }
        // What the change itself leads to comes after everything that is decided at its moment.
        self.queue.funded_at = at.checked_add(TimeDelta::microseconds(1)).ok();
        self.queue.funded_at
    }

    /// When what it owes is collected.
    pub(crate) fn collect_at(&self) -> Option<Timestamp> {
        self.overdraft.as_deref().and_then(Overdraft::due)
    }

    /// Up to which date nothing more can become pending.
    pub(crate) fn closed_through(&self) -> Option<Timestamp> {
        self.settled_through.max(self.paid_through)
    }

    pub(crate) fn balance(&self, currency: Currency) -> Balance {
        // INVARIANT: each amount is a sum of i64; there are too few of them to leave i128.
        let pending = self.pending.iter().fold(self.submitted, |sum, (_, amount)| sum.saturating_add(*amount));
        Balance {
            currency,
            pending,
            submitted: self.submitted,
            available: self.available,
            connect_reserved: self.connect_reserved,
            risk_reserved: self.risk_reserved,
            in_transit: self.in_transit,
        }
    }

    pub(crate) fn cycle(&self, account: AccountId, currency: Currency) -> PayoutCycle {
        let Self { next_run, paid_through, same_day, debit, .. } = *self;
        PayoutCycle { account, currency, next_run, paid_through, same_day, debit }
    }

    pub(crate) fn queue(&self, account: AccountId, currency: Currency) -> RefundQueue {
        let Queue { first, last, needs, .. } = self.queue;
        RefundQueue { account, currency, first, last, needs }
    }

    /// The balance that `account` names; it is one of this holding's buckets.
    pub(crate) fn bucket(&self, account: LedgerAccount) -> i128 {
        match account {
            LedgerAccount::Pending { on, .. } => self.pending_on(on),
            LedgerAccount::Submitted { .. } => self.submitted,
            LedgerAccount::Available { .. } => self.available,
            LedgerAccount::ConnectReserved { .. } => self.connect_reserved,
            LedgerAccount::RiskReserved { .. } => self.risk_reserved,
            LedgerAccount::InTransit { .. } => self.in_transit,
            LedgerAccount::Fees
            | LedgerAccount::Exchange
            | LedgerAccount::Disputes
            | LedgerAccount::Losses
            | LedgerAccount::Payers
            | LedgerAccount::Banks => 0,
        }
    }

    /// Moves money into one of its buckets.
    // INVARIANT: sums of i64 in i128: saturation is never reached.
    pub(super) fn add(&mut self, bucket: LedgerAccount, amount: i128) -> Option<DateChange> {
        let sum = match bucket {
            LedgerAccount::Pending { on, .. } => return self.add_pending(on, amount),
            LedgerAccount::Submitted { .. } => &mut self.submitted,
            LedgerAccount::Available { .. } => &mut self.available,
            LedgerAccount::ConnectReserved { .. } => &mut self.connect_reserved,
            LedgerAccount::RiskReserved { .. } => &mut self.risk_reserved,
            LedgerAccount::InTransit { .. } => &mut self.in_transit,
            LedgerAccount::Fees
            | LedgerAccount::Exchange
            | LedgerAccount::Disputes
            | LedgerAccount::Losses
            | LedgerAccount::Payers
            | LedgerAccount::Banks => return None,
        };
        *sum = sum.saturating_add(amount);
        None
    }

    /// Adds to a date's pending funds; tells whether the date came to be or vanished.
    fn add_pending(&mut self, on: Timestamp, amount: i128) -> Option<DateChange> {
        match self.pending.binary_search_by_key(&on, |(date, _)| *date) {
            Ok(place) => {
                let (_, sum) = self.pending.get_mut(place)?;
                *sum = sum.saturating_add(amount);
                let empty = *sum == 0;
                empty.then(|| self.pending.remove(place)).map(|_| DateChange::Vanished)
            }
            Err(_) if amount == 0 => None,
            Err(place) => {
                self.pending.insert(place, (on, amount));
                Some(DateChange::Appeared)
            }
        }
    }
}

/// What a movement of pending funds did to their dates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DateChange {
    Appeared,
    Vanished,
}

/// All balances: each owner's by currency, and those of the processor and the world outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    index: Index<(AccountId, Currency), u32>,
    rows: Table<((AccountId, Currency), Holding)>,
    /// The row that was asked for last: an entry and a cycle of one change are nearly always of one owner.
    recent: Option<((AccountId, Currency), u32)>,
    outside: Outside,
}

impl Holdings {
    pub(crate) fn get(&self, account: AccountId, currency: Currency) -> Option<&Holding> {
        let row = self.index.get(&(account, currency))?;
        self.rows.get(*row).map(|(_, holding)| holding)
    }

    /// The number of the row that keeps this holding, which is made if there is none.
    pub(super) fn row(&mut self, account: AccountId, currency: Currency) -> u32 {
        let key = (account, currency);
        if let Some((known, row)) = self.recent
            && known == key
        {
            return row;
        }
        let next = self.rows.len();
        let row = match self.index.claim(key, next) {
            Some(row) => *row,
            None => self.rows.push((key, Holding::default())),
        };
        self.recent = Some((key, row));
        row
    }

    pub(super) fn by_row(&mut self, row: u32) -> Option<&mut Holding> {
        self.rows.get_mut(row).map(|(_, holding)| holding)
    }

    pub(super) fn add_outside(&mut self, account: LedgerAccount, currency: Currency, amount: i128) {
        self.outside.add(account, currency, amount);
    }

    /// The balance of the processor's or the outside world's `account`.
    pub(crate) fn outside(&self, account: LedgerAccount, currency: Currency) -> i128 {
        self.outside.get(account, currency)
    }

    /// The balances of the processor and the outside world that are not zero, by account and currency.
    pub(crate) fn all_outside(&self) -> Vec<((LedgerAccount, Currency), i128)> {
        self.outside.sorted()
    }

    pub(super) fn put(&mut self, account: AccountId, currency: Currency, holding: Holding) {
        let row = self.row(account, currency);
        if let Some(present) = self.by_row(row) {
            *present = holding;
        }
    }

    /// Every holding, by account and currency.
    pub(crate) fn sorted(&self) -> Vec<(AccountId, Currency, &Holding)> {
        let mut all: Vec<_> =
            self.rows.iter().map(|((account, currency), holding)| (*account, *currency, holding)).collect();
        all.sort_unstable_by_key(|(account, currency, _)| (*account, *currency));
        all
    }
}
