use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Digest, Event, Instruction, Record, RequestRow};
use crate::accounts::{BankDetails, Values};
use crate::calendar::Timestamp;
use crate::ids::{
    AccountId, ConnectFeesId, DisputeId, Family, ObjectId, ParkedFactId, PaymentId, PayoutId, RefundId, ReserveHoldId,
    ReservePlanId, RiskDayId,
};
use crate::ledger::{Entry, LedgerAccount};
use crate::money::{Currency, wide};
use crate::payments::RefundQueue;
use crate::payouts::{Overdraft, PayoutCycle};

/// Something that happens by itself at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Deadline {
    /// When.
    pub due: Timestamp,
    /// What.
    pub what: DeadlineKind,
}

/// What happens by itself. Of several at one time those higher up come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DeadlineKind {
    /// Pending funds of an account become available.
    Settle(AccountId, Currency),
    /// A voucher runs out.
    ExpirePayment(PaymentId),
    /// A parked fact is given up.
    GiveUp(ParkedFactId),
    /// What an account is asked for changes with the time.
    Reassess(AccountId),
    /// An account has received as much as its requirements were waiting for.
    CrossVolume(AccountId, Currency),
    /// A refund that waits for money, or for its payer to act, is given up.
    GiveUpRefund(RefundId),
    /// A balance covers a refund that waits for it.
    FundRefunds(AccountId, Currency),
    /// A payout that was kept back for too long is called off.
    CancelHeld(PayoutId),
    /// A dispute that nobody answered is lost, or an inquiry that came to nothing is closed.
    CloseDispute(DisputeId),
    /// A plan of reserves expires, or more of what one that was disabled has held back is let go.
    EndReservePlan(ReservePlanId),
    /// Money that is held back is let go.
    ReleaseHold(ReserveHoldId),
    /// The platform's money that was kept set aside after a debit of a bank goes free.
    FreeCover(PayoutId),
    /// The day of a payout's arrival has gone by in silence; or it has come, where that counts for the arrival.
    PayoutArrival(PayoutId),
    /// An automatic payout runs.
    PayOut(AccountId, Currency),
    /// A bank is debited for a balance below zero.
    DebitBank(AccountId, Currency),
    /// The platform covers what an account has owed for too long. It changes nothing about what anybody can be paid.
    Collect(AccountId, Currency),
    /// The trace of a payout is looked up no longer. It moves nothing.
    EndTrace(PayoutId),
    /// What an account's payouts of a month cost is billed to the platform.
    BillConnectFees(ConnectFeesId),
    /// A day is over on which something was counted of an account.
    AssessRisk(RiskDayId),
}

impl DeadlineKind {
    /// What has to be loaded to see whether this is due.
    pub fn key(&self) -> Key {
        match self {
            Self::Settle(account, currency)
            | Self::Collect(account, currency)
            | Self::DebitBank(account, currency)
            | Self::PayOut(account, currency)
            | Self::FundRefunds(account, currency)
            | Self::CrossVolume(account, currency) => Key::Balance(*account, *currency),
            Self::Reassess(account) => Key::Family(account.family()),
            Self::ExpirePayment(payment) => Key::Family(payment.family()),
            Self::GiveUp(parked) => Key::Family(parked.family()),
            Self::GiveUpRefund(refund) => Key::Family(refund.family()),
            Self::CancelHeld(payout)
            | Self::FreeCover(payout)
            | Self::EndTrace(payout)
            | Self::PayoutArrival(payout) => Key::Family(payout.family()),
            Self::CloseDispute(dispute) => Key::Family(dispute.family()),
            Self::BillConnectFees(fees) => Key::Family(fees.family()),
            Self::AssessRisk(day) => Key::Family(day.family()),
            Self::EndReservePlan(plan) => Key::Family(plan.family()),
            Self::ReleaseHold(hold) => Key::Family(hold.family()),
        }
    }
}

/// What a store loads in one read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Key {
    /// The balance of an account in one currency, with its pending funds by date, its payout cycle, its queue of refunds and its overdraft.
    Balance(AccountId, Currency),
    /// Every object of a family.
    Family(Family),
    /// What a plan holds back and has not let go, in the order of the ids, behind one of them or from the first: 17 holds, or all there
    /// are.
    Holds(ReservePlanId, Option<ReserveHoldId>),
    /// Which payouts of an account are under way: neither arrived nor failed nor called off.
    Payouts(AccountId),
    /// What an outside reference stands for, and the facts parked under it; or something else that facts wait for, such as the success
    /// of a charge.
    Reference(Digest),
    /// What was answered to a request or a fact.
    Request(Digest),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Balance(account, currency) => write!(f, "balance of {account} in {currency}"),
            Self::Family(family) => write!(f, "family {family}"),
            Self::Holds(plan, None) => write!(f, "holds of {plan}"),
            Self::Holds(plan, Some(after)) => write!(f, "holds of {plan} after {after}"),
            Self::Payouts(account) => write!(f, "payouts of {account} under way"),
            Self::Reference(digest) => write!(f, "reference {digest}"),
            Self::Request(digest) => write!(f, "request {digest}"),
        }
    }
}

/// An object as it is from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordWrite {
    /// The version that was read; 0 where the object did not exist. It has the next version from now on.
    pub read_at: u32,
    /// The object.
    pub record: Record,
}

/// A payout cycle as it is from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleWrite {
    /// The version that was read; 0 where there was none. It has the next version from now on.
    pub read_at: u32,
    /// The cycle.
    pub cycle: PayoutCycle,
}

/// A payout cycle that the decision relied on without changing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleRead {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// The version of its cycle.
    pub version: u32,
}

/// A queue of refunds that the decision relied on without changing it: that nothing waits in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRead {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// The version of its queue; 0 where there was none.
    pub version: u32,
}

/// A queue of refunds as it is from now on.
///
/// A store keeps it beside the balance. Once the available funds have reached what it [needs](RefundQueue::needs), after all that one
/// change moves, [`DeadlineKind::FundRefunds`] is due, a microsecond after that change, and stays due until the queue is written again.
/// A queue that is written is compared with the available funds as they are then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueWrite {
    /// The version that was read; 0 where there was none. It has the next version from now on.
    pub read_at: u32,
    /// The queue.
    pub queue: RefundQueue,
}

/// An object that the decision relied on without changing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRead {
    /// The object.
    pub object: ObjectId,
    /// Its version.
    pub version: u32,
}

/// In which range a balance must lie, after the changes, for the decision to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// The balance.
    pub account: LedgerAccount,
    /// Its currency.
    pub currency: Currency,
    /// The least it may be, in minor units.
    #[serde(with = "wide")]
    pub low: i128,
    /// The most it may be, in minor units.
    #[serde(with = "wide")]
    pub high: i128,
}

/// By how much a balance changes; a store adds it without reading, where no guard says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceDelta {
    /// The balance.
    pub account: LedgerAccount,
    /// Its currency.
    pub currency: Currency,
    /// The difference, in minor units.
    pub delta: i128,
    /// The least that it may be afterwards.
    pub low: i128,
    /// The most that it may be afterwards.
    pub high: i128,
}

/// What is known of an outside reference from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceWrite {
    /// The version that was read; 0 where there was none. It has the next version from now on.
    pub read_at: u32,
    /// The digest of the reference and its kind.
    pub reference: Digest,
    /// The object that it stands for; nothing while facts are parked under it that wait for that to be told.
    pub object: Option<ObjectId>,
}

/// At which volume of payments received an account has to be looked at again.
///
/// A store keeps it beside the balance, with the volume, to which it adds the amount of every line of the kinds
/// [`Charge`](crate::ledger::LineKind::Charge) and [`Payment`](crate::ledger::LineKind::Payment), and the time of the earliest entry
/// with such a line. Once the volume has reached it,
/// [`DeadlineKind::CrossVolume`] is due, a microsecond after the change that did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchWrite {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// The volume, in minor units; nothing where no volume changes anything.
    pub watch: Option<i64>,
}

/// Data about persons that belongs to one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonalData {
    /// The numbers of a bank account or card, and the name of its holder; what is not named here stays.
    Bank(BankDetails),
    /// What was given about an account or a person; fields that are not named here stay.
    Values(Values),
    /// What a request said about the object, so that its key is not taken for something else. A store keeps it beside the other
    /// data, one for each object and request, and finds it by the [request](Key::Request). Once the key is fresh again and used
    /// anew, nothing that it said before is kept, about whomever.
    Said {
        /// The digest of the request's key.
        request: Digest,
        /// The digest of what it said, of use only to whoever knows the key.
        values: Digest,
    },
    /// Nothing is kept any more, nor what any request said.
    Erased,
}

/// Data about a person, kept apart from the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalWrite {
    /// Whose data: the object that the journal knows by this id.
    pub of: ObjectId,
    /// The data.
    pub data: PersonalData,
}

/// Everything that one transaction changes: plain data, and the only thing that ever alters a platform.
///
/// A host stores it, in one transaction of its database, before it lets the platform know
/// ([`Platform::apply`](crate::Platform::apply)). The changes stand only if nothing that they were decided on has changed, so
/// the transaction checks, and gives up where one check fails:
///
/// - each [record](Self::records), [cycle](Self::cycles), [queue](Self::queues) and [reference](Self::references) still has the
///   version that was read, 0 for one that does not exist; it is written with the next version. No two objects share family and ordinal;
/// - each [object](Self::reads), [cycle](Self::cycle_reads) and [queue](Self::queue_reads) that was relied on still has its version;
/// - each [balance](Self::balances) is changed by its difference and ends within its range. A pending date at zero is deleted.
///   One that lies at or before the latest date of which a balance was settled (an entry of the kind
///   [`Settlement`](crate::ledger::EntryKind::Settlement)), or paid out (`paid_through` of its cycle), takes nothing more;
/// - in each [emptied](Self::emptied) balance every bucket and every pending date is at zero, and no refund is in its
///   queue;
/// - the [request](Self::request) is not remembered from the same or a later time.
///
/// The deadlines to come back for are those of [`deadlines`](Self::deadlines), every pending date that is not zero, and every
/// balance whose volume has reached the one that is [watched](Self::watches) for, or whose available funds what its
/// [queue](Self::queues) needs; none of them once it is [given up](Self::given_up).
/// Facts that are parked stand under their reference as records. A [request](Self::request) takes the place of an earlier one of its
/// name, and everything that one [said](PersonalData::Said) is deleted before the [personal](Self::personal) part is kept. Then the
/// host delivers the events and carries out the instructions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The platform's clock when this was decided.
    pub at: Timestamp,
    /// The request or fact that is remembered; nothing for what happened by itself.
    pub request: Option<RequestRow>,
    /// Objects created or changed.
    pub records: Vec<RecordWrite>,
    /// Objects relied on.
    pub reads: Vec<RecordRead>,
    /// Payout cycles changed.
    pub cycles: Vec<CycleWrite>,
    /// Payout cycles relied on.
    pub cycle_reads: Vec<CycleRead>,
    /// Queues of refunds changed.
    pub queues: Vec<QueueWrite>,
    /// Queues of refunds relied on.
    pub queue_reads: Vec<QueueRead>,
    /// Money moved.
    pub entries: Vec<Entry>,
    /// Ranges in which balances must end.
    pub guards: Vec<Guard>,
    /// Balances that nothing may be left in.
    pub emptied: Vec<(AccountId, Currency)>,
    /// Outside references that became known.
    pub references: Vec<ReferenceWrite>,
    /// Volumes to watch for.
    pub watches: Vec<WatchWrite>,
    /// Balances that fell below zero, or are there no longer.
    pub overdrafts: Vec<Overdraft>,
    /// What to tell the host's webhooks.
    pub events: Vec<Event>,
    /// What to do in the world outside.
    pub instructions: Vec<Instruction>,
    /// Data about persons; a store keeps it elsewhere, and a journal may be without it.
    pub personal: Vec<PersonalWrite>,
}

impl Changes {
    pub(crate) const fn new(at: Timestamp) -> Self {
        Self {
            at,
            request: None,
            records: Vec::new(),
            reads: Vec::new(),
            cycles: Vec::new(),
            cycle_reads: Vec::new(),
            queues: Vec::new(),
            queue_reads: Vec::new(),
            entries: Vec::new(),
            guards: Vec::new(),
            emptied: Vec::new(),
            references: Vec::new(),
            watches: Vec::new(),
            overdrafts: Vec::new(),
            events: Vec::new(),
            instructions: Vec::new(),
            personal: Vec::new(),
        }
    }

    /// The same buffers, emptied, for the next transaction.
    pub(crate) fn reset(&mut self, at: Timestamp) {
        self.at = at;
        self.request = None;
        self.records.clear();
        self.reads.clear();
        self.cycles.clear();
        self.cycle_reads.clear();
        self.queues.clear();
        self.queue_reads.clear();
        self.entries.clear();
        self.guards.clear();
        self.emptied.clear();
        self.references.clear();
        self.watches.clear();
        self.overdrafts.clear();
        self.events.clear();
        self.instructions.clear();
        self.personal.clear();
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.request.is_none()
            && self.records.is_empty()
            && self.cycles.is_empty()
            && self.queues.is_empty()
            && self.entries.is_empty()
            && self.overdrafts.is_empty()
    }

    /// The same changes without data about persons, as a journal keeps them.
    #[must_use]
    pub fn without_personal(&self) -> Self {
        Self { personal: Vec::new(), ..self.clone() }
    }

    /// The deadlines of the objects, cycles and overdrafts that change: the new time of each, or that it is off. Pending funds, which the
    /// [balances](Self::balances) list by date, are deadlines of their own; those that are [given up](Self::given_up) are off too.
    pub fn deadlines(&self) -> impl Iterator<Item = (DeadlineKind, Option<Timestamp>)> + '_ {
        let records = self.records.iter().flat_map(|write| {
            let ahead = write.record.deadline();
            let due = move |what| ahead.filter(|deadline| deadline.what == what).map(|deadline| deadline.due);
            write.record.deadline_kinds().map(move |what| (what, due(what)))
        });
        let cycles = self.cycles.iter().flat_map(|write| {
            let PayoutCycle { account, currency, next_run, debit, .. } = write.cycle;
            let (run, bank) = (DeadlineKind::PayOut(account, currency), DeadlineKind::DebitBank(account, currency));
            [(run, next_run), (bank, debit.due())]
        });
        let debts = self.overdrafts.iter().map(|write| {
            let Overdraft { account, currency, .. } = *write;
            (DeadlineKind::Collect(account, currency), write.due())
        });
        let over = self.given_up().filter(|deadline| !matches!(deadline.what, DeadlineKind::Settle(..)));
        records.chain(cycles).chain(debts).chain(over.map(|deadline| (deadline.what, None)))
    }

    /// What was due and could not happen, as an anomaly in these changes says: it never comes back, even if what it follows from is
    /// still there, such as pending funds.
    pub fn given_up(&self) -> impl Iterator<Item = Deadline> + '_ {
        let opened = self.records.iter().filter(|write| write.read_at == 0);
        opened.filter_map(|write| write.record.given_up())
    }

    /// By how much each balance changes, and where it must end: what a store writes.
    pub fn balances(&self) -> Vec<BalanceDelta> {
        let mut deltas: Vec<BalanceDelta> = Vec::new();
        for (account, currency, amount) in self.entries.iter().flat_map(Entry::movements) {
            let known = deltas.iter_mut().find(|delta| delta.account == account && delta.currency == currency);
            match known {
                // INVARIANT: an entry's movements fit into i64, so their sum cannot leave i128.
                Some(known) => known.delta = known.delta.saturating_add(amount),
                None => {
                    let (low, high) = (i128::MIN, i128::MAX);
                    deltas.push(BalanceDelta { account, currency, delta: amount, low, high });
                }
            }
        }
        for guard in &self.guards {
            let known =
                deltas.iter_mut().find(|delta| delta.account == guard.account && delta.currency == guard.currency);
            match known {
                Some(known) => (known.low, known.high) = (known.low.max(guard.low), known.high.min(guard.high)),
                None => {
                    let Guard { account, currency, low, high } = *guard;
                    deltas.push(BalanceDelta { account, currency, delta: 0, low, high });
                }
            }
        }
        deltas
    }
}
