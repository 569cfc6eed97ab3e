mod edges;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

pub(crate) use edges::{FailedFrom, PaidFrom};

use super::{
    ConnectFee, Instant, PayoutDue, PayoutInstruction, PayoutStatus, ReconciliationStatus, Silence, Trace, TraceId,
};
use crate::accounts::PayoutMethod;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ExternalAccountId, PayoutId};
use crate::money::{Currency, Money};
use crate::routing::{Conversion, Converted};
use crate::rulebook::ConnectItem;

/// What became available between two automatic payouts: what the later one settled.
///
/// A line that was pending belongs to it if it became available after `from` and not after `through`; a line that
/// was available at once, if it was booked at `from` or later, and before `through`; what a debit of the bank has brought, if it
/// arrived in that time. What reserves let go by the clock at the very moment of a run is part of it. The lines of automatic payouts
/// themselves belong to no window.
///
/// [`Platform::payout_contents`](crate::Platform::payout_contents) lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// When the automatic payout before it ran; nothing for the first.
    pub from: Option<Timestamp>,
    /// When it ran.
    pub through: Timestamp,
}

/// What made a payout happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayoutTrigger {
    /// The schedule; it settles what became available in its window.
    Automatic(Window),
    /// Somebody asked for an amount, which stands for no transactions in particular.
    Manual,
    /// The balance was below zero, and the bank is debited for it: a payout below zero, which nobody asked for. It stands for no
    /// transactions in particular either.
    Debt,
    /// Somebody took another payout back, and the bank that it went to is debited for it: a payout below zero, too.
    Reversal,
    /// The provider made it, and has [told](crate::mirror::ProviderPayout) of it: which transactions it settled is not known here.
    Provider {
        /// Whether by its schedule, or because somebody asked it to.
        automatic: bool,
    },
}

/// The same as it is kept: the window of an automatic payout ends when it is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Trigger {
    Automatic {
        from: Option<Timestamp>,
    },
    Manual,
    // What is rare lies apart, so that the others take less room.
    Instant(Box<Instant>),
    Debt,
    /// The same, and as much of the platform's money stays set aside until then.
    DebtCovered(Box<Cover>),
    Reversal,
    Provider {
        automatic: bool,
    },
}

/// What of the platform's money stays set aside, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cover {
    amount: i64,
    until: Timestamp,
}

/// Of which payout one is the next try, and which one is its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tries {
    before: Option<PayoutId>,
    next: Option<PayoutId>,
}

/// Who called a payout off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CanceledBy {
    /// It was decided here: by hand, because it was kept back for too long, or together with the payout that it was to take back.
    Platform,
    /// The processor, while it was under way ([`PayoutCanceled`](super::PayoutCanceled)).
    Processor,
}

/// How far a payout has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayoutState {
    /// Not yet handed to the bank.
    Pending,
    /// Not yet handed to the bank, and kept back while the account's payouts are stopped.
    Held {
        /// When it is called off, if they still are.
        until: Timestamp,
    },
    /// With the bank.
    InTransit {
        /// Since when.
        submitted_at: Timestamp,
    },
    /// Arrived, as far as is known.
    Paid {
        /// When.
        paid_at: Timestamp,
    },
    /// Refused or sent back.
    Failed {
        /// When.
        failed_at: Timestamp,
        /// Why.
        failure_code: Box<str>,
    },
    /// Called off.
    Canceled {
        /// When.
        canceled_at: Timestamp,
        /// By whom.
        by: CanceledBy,
    },
}

/// Money sent to a bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    id: PayoutId,
    account: AccountId,
    destination: u16,
    amount: i64,
    currency: Currency,
    created: Timestamp,
    arrival_date: Timestamp,
    trigger: Trigger,
    state: PayoutState,
    /// What follows if nothing is heard of it; nothing once it has followed, or once its fate is known.
    silence: Option<Silence>,
    is_reversed: bool,
    /// What it was sent again for, or as; nothing for most.
    tries: Option<Box<Tries>>,
    statement_descriptor: Box<str>,
    trace: Trace,
    /// What it costs the platform, part by part.
    connect_fees: SmallVec<[ConnectFee; 1]>,
    /// What the bank gets, where that is not what left the balance.
    arrives: Option<Converted>,
}

/// What a new payout is made of.
pub(crate) struct Plan {
    pub(crate) id: PayoutId,
    pub(crate) destination: ExternalAccountId,
    pub(crate) amount: Money,
    pub(crate) created: Timestamp,
    pub(crate) arrival_date: Timestamp,
    /// What follows if nothing is heard of it.
    pub(crate) silence: Silence,
    /// What the bank shows beside it.
    pub(crate) descriptor: Box<str>,
    /// Whether a bank will know it by an id.
    pub(crate) has_trace: bool,
    pub(crate) trigger: PayoutTrigger,
    /// Which one that has failed it sends again.
    pub(crate) resend_of: Option<PayoutId>,
    /// What one within minutes takes, and from where.
    pub(crate) instant: Option<Instant>,
    /// What it leaves behind because the account's settings say so, in minor units.
    pub(crate) minimum: i64,
    /// What the bank gets, where that is not what leaves the balance.
    pub(crate) arrives: Option<Converted>,
}

impl Payout {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            id: plan.id,
            account: AccountId::of(plan.destination.family(), 0),
            destination: plan.destination.ordinal(),
            amount: plan.amount.minor(),
            currency: plan.amount.currency(),
            created: plan.created,
            arrival_date: plan.arrival_date,
            // Only what somebody asks for goes within minutes.
            trigger: match (plan.trigger, plan.instant) {
                (PayoutTrigger::Automatic(Window { from, .. }), _) => Trigger::Automatic { from },
                (PayoutTrigger::Debt, _) => Trigger::Debt,
                (PayoutTrigger::Reversal, _) => Trigger::Reversal,
                (PayoutTrigger::Provider { automatic }, _) => Trigger::Provider { automatic },
                (PayoutTrigger::Manual, None) => Trigger::Manual,
                (PayoutTrigger::Manual, Some(instant)) => Trigger::Instant(Box::new(instant)),
            },
            state: match plan.trigger {
                PayoutTrigger::Provider { .. } => PayoutState::InTransit { submitted_at: plan.created },
                PayoutTrigger::Automatic(_) | PayoutTrigger::Manual | PayoutTrigger::Debt | PayoutTrigger::Reversal => {
                    PayoutState::Pending
                }
            },
            silence: Some(plan.silence),
            is_reversed: false,
            tries: plan.resend_of.map(|first| Box::new(Tries { before: Some(first), next: None })),
            statement_descriptor: plan.descriptor,
            trace: if plan.has_trace { Trace::Open } else { Trace::Closed },
            connect_fees: SmallVec::new(),
            arrives: plan.arrives,
        }
    }

    /// Its id.
    pub const fn id(&self) -> PayoutId {
        self.id
    }

    /// Whose balance it was taken from.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The bank account it goes to, or comes from where it is below zero.
    pub const fn destination(&self) -> ExternalAccountId {
        ExternalAccountId::of(self.account.family(), self.destination)
    }

    /// How much; below zero where the bank is debited.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// Whether the bank is debited: the amount is below zero.
    pub const fn is_debit(&self) -> bool {
        match self.trigger {
            Trigger::Debt | Trigger::DebtCovered(_) | Trigger::Reversal => true,
            Trigger::Automatic { .. } | Trigger::Manual | Trigger::Instant(_) | Trigger::Provider { .. } => false,
        }
    }

    /// Whether the bank is debited for what its owner owes.
    pub(crate) const fn is_for_debt(&self) -> bool {
        matches!(self.trigger, Trigger::Debt | Trigger::DebtCovered(_))
    }

    /// How much of the platform's money stays set aside after a debit has arrived, and until when.
    pub const fn covered(&self) -> Option<(Money, Timestamp)> {
        match &self.trigger {
            Trigger::DebtCovered(cover) => Some((Money::new(cover.amount, self.currency), cover.until)),
            Trigger::Automatic { .. }
            | Trigger::Manual
            | Trigger::Instant(_)
            | Trigger::Debt
            | Trigger::Reversal
            | Trigger::Provider { .. } => None,
        }
    }

    /// The debit with so much of the platform's money set aside until then, or with none any more.
    pub(crate) fn with_cover(&self, cover: Option<(i64, Timestamp)>) -> Self {
        let trigger =
            cover.map_or(Trigger::Debt, |(amount, until)| Trigger::DebtCovered(Box::new(Cover { amount, until })));
        Self { trigger, ..self.clone() }
    }

    /// When it was created, and the balance debited.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// The day on which it is expected at the bank; where that has begun already, as for one within minutes, the moment at which it was
    /// created.
    pub const fn arrival_date(&self) -> Timestamp {
        self.arrival_date
    }

    /// What the bank shows beside it: of the payout's own words, those of its account's settings, those of the platform's, and the processor's
    /// name, the first that there was when it was made.
    pub fn statement_descriptor(&self) -> &str {
        &self.statement_descriptor
    }

    /// What made it happen.
    pub const fn trigger(&self) -> PayoutTrigger {
        match &self.trigger {
            Trigger::Automatic { from } => PayoutTrigger::Automatic(Window { from: *from, through: self.created }),
            Trigger::Manual | Trigger::Instant(_) => PayoutTrigger::Manual,
            Trigger::Debt | Trigger::DebtCovered(_) => PayoutTrigger::Debt,
            Trigger::Reversal => PayoutTrigger::Reversal,
            Trigger::Provider { automatic } => PayoutTrigger::Provider { automatic: *automatic },
        }
    }

    /// Whether it is known which balance transactions it settled.
    pub const fn reconciliation_status(&self) -> ReconciliationStatus {
        match &self.trigger {
            Trigger::Automatic { .. } => ReconciliationStatus::Completed,
            Trigger::Manual
            | Trigger::Instant(_)
            | Trigger::Debt
            | Trigger::DebtCovered(_)
            | Trigger::Reversal
            | Trigger::Provider { .. } => ReconciliationStatus::NotApplicable,
        }
    }

    /// How fast it arrives.
    pub const fn method(&self) -> PayoutMethod {
        match &self.trigger {
            Trigger::Instant(_) => PayoutMethod::Instant,
            Trigger::Automatic { .. }
            | Trigger::Manual
            | Trigger::Debt
            | Trigger::DebtCovered(_)
            | Trigger::Reversal
            | Trigger::Provider { .. } => PayoutMethod::Standard,
        }
    }

    /// What is kept of one within minutes.
    pub(crate) fn instant(&self) -> Option<&Instant> {
        match &self.trigger {
            Trigger::Instant(instant) => Some(instant),
            Trigger::Automatic { .. }
            | Trigger::Manual
            | Trigger::Debt
            | Trigger::DebtCovered(_)
            | Trigger::Reversal
            | Trigger::Provider { .. } => None,
        }
    }

    /// The payout that this one takes back, if it does.
    pub const fn original_payout(&self) -> Option<PayoutId> {
        match (&self.trigger, self.id.ordinal().checked_sub(1)) {
            (Trigger::Reversal, Some(original)) => Some(PayoutId::of(self.id.family(), original)),
            (Trigger::Reversal, None)
            | (
                Trigger::Automatic { .. }
                | Trigger::Manual
                | Trigger::Instant(_)
                | Trigger::Debt
                | Trigger::DebtCovered(_)
                | Trigger::Provider { .. },
                _,
            ) => None,
        }
    }

    /// The payout that takes this one back, if somebody has asked for that, whatever became of it.
    pub fn reversed_by(&self) -> Option<PayoutId> {
        self.is_reversed.then(|| self.reversal())
    }

    /// The id of what takes it back.
    // INVARIANT: it is born of the payout, right behind it; what is born of one within minutes lies there, and none of those is taken back.
    pub(crate) const fn reversal(&self) -> PayoutId {
        PayoutId::of(self.id.family(), self.id.ordinal().saturating_add(1))
    }

    /// The payout that had failed and is sent again by this one, if any.
    pub fn resend_of(&self) -> Option<PayoutId> {
        self.tries.as_ref().and_then(|tries| tries.before)
    }

    /// The payout by which this one was sent again last, after it had failed, if it was.
    pub fn resent_as(&self) -> Option<PayoutId> {
        self.tries.as_ref().and_then(|tries| tries.next)
    }

    /// What the processor took for it from the account, in its own currency.
    pub fn fee(&self) -> Money {
        Money::new(self.instant().map_or(0, |instant| instant.fee), self.currency)
    }

    /// What the platform took for it from the account, in its own currency (`application_fee_amount`).
    pub fn application_fee_amount(&self) -> Money {
        Money::new(self.instant().map_or(0, |instant| instant.commission), self.currency)
    }

    /// What the bank gets: the amount, unless that is [converted](Self::conversion).
    pub fn arrives(&self) -> Money {
        self.arrives.map_or(self.amount(), |arrives| arrives.amount())
    }

    /// How it was converted, where it was asked for by hand in a currency for which the account has no bank account.
    pub fn conversion(&self) -> Option<Conversion> {
        self.arrives.map(|arrives| arrives.by())
    }

    /// What it costs the platform that it crosses a border, in its own currency.
    pub fn cross_border_fee(&self) -> Money {
        let crossing = self.connect_fees.iter().find(|fee| fee.item == ConnectItem::CrossBorderPayout);
        crossing.map_or(Money::new(0, self.currency), |fee| fee.amount)
    }

    /// What it costs the platform, item by item. It is billed by the month: [`Platform::connect_fees`](crate::Platform::connect_fees).
    ///
    /// An active account costs that once a month, whichever of its payouts are made in it.
    pub fn connect_fees(&self) -> impl Iterator<Item = (ConnectItem, Money)> + '_ {
        self.connect_fees.iter().map(|fee| (fee.item, fee.amount))
    }

    pub(crate) fn costing(self, connect_fees: SmallVec<[ConnectFee; 1]>) -> Self {
        Self { connect_fees, ..self }
    }

    /// The commission that the platform took for it, if any.
    pub fn application_fee(&self) -> Option<ApplicationFeeId> {
        let is_there = self.application_fee_amount().is_positive();
        // INVARIANT: it is born with the payout, right behind it.
        is_there.then(|| ApplicationFeeId::of(self.id.family(), self.id.ordinal().saturating_add(1)))
    }

    /// What it took of money that was pending, by when that would have become available: what was lent to it and was owed by these days.
    pub fn advances(&self) -> impl Iterator<Item = (Timestamp, Money)> + '_ {
        let parts = self.instant().map_or(&[][..], |instant| instant.advance.as_slice());
        parts.iter().map(|(on, minor)| (*on, Money::new(*minor, self.currency)))
    }

    /// The place in its family of one more object that is born of it; nothing where the family is full.
    pub(crate) fn bear(&self) -> Option<(Self, u16)> {
        let mut instant = self.instant()?.clone();
        instant.born = instant.born.checked_add(1)?;
        let ordinal = self.id.ordinal().checked_add(instant.born)?;
        Some((Self { trigger: Trigger::Instant(Box::new(instant)), ..self.clone() }, ordinal))
    }

    /// How far it has got.
    pub const fn state(&self) -> &PayoutState {
        &self.state
    }

    /// The state's name.
    pub const fn status(&self) -> PayoutStatus {
        match self.state {
            PayoutState::Pending | PayoutState::Held { .. } => PayoutStatus::Pending,
            PayoutState::InTransit { .. } => PayoutStatus::InTransit,
            PayoutState::Paid { .. } => PayoutStatus::Paid,
            PayoutState::Failed { .. } => PayoutStatus::Failed,
            PayoutState::Canceled { .. } => PayoutStatus::Canceled,
        }
    }

    /// What the world is asked to do.
    pub(crate) fn to_send(&self) -> PayoutInstruction {
        let (payout, arrival_date) = (self.id, self.arrival_date);
        if self.is_debit() {
            // INVARIANT: an amount without an opposite is never asked for.
            let amount = Money::new(self.amount.saturating_neg(), self.currency);
            let (source, statement_descriptor) = (self.destination(), self.statement_descriptor.clone());
            return PayoutInstruction::Debit { payout, source, amount, arrival_date, statement_descriptor };
        }
        PayoutInstruction::Send {
            payout,
            destination: self.destination(),
            amount: self.arrives(),
            arrival_date,
            method: self.method(),
            statement_descriptor: self.statement_descriptor.clone(),
        }
    }

    /// Whether the world has still to say what became of it.
    pub const fn is_under_way(&self) -> bool {
        matches!(self.state, PayoutState::Pending | PayoutState::Held { .. } | PayoutState::InTransit { .. })
    }

    /// Whether the provider has made it by itself, and told of it: nobody here is to send it.
    pub const fn is_from_provider(&self) -> bool {
        matches!(self.trigger, Trigger::Provider { .. })
    }

    /// Whether its day of arrival has gone by, at its owner's hour, without a word of what became of it.
    ///
    /// Nothing follows from it but the event: its money stays where it is until a fact is told.
    pub const fn is_overdue(&self) -> bool {
        self.is_under_way() && self.silence.is_none()
    }

    /// What happens to it by itself next, and when; nothing while nothing is ahead.
    pub(crate) fn due(&self) -> Option<(Timestamp, PayoutDue)> {
        match (&self.state, &self.trigger) {
            (PayoutState::Held { until }, _) => {
                let silent = self.silence.filter(|silence| silence.until() < *until);
                Some(silent.map_or((*until, PayoutDue::Cancel), |silence| (silence.until(), PayoutDue::Arrival)))
            }
            (PayoutState::Pending | PayoutState::InTransit { .. }, _) => {
                self.silence.map(|silence| (silence.until(), PayoutDue::Arrival))
            }
            (PayoutState::Paid { .. }, Trigger::DebtCovered(cover)) => Some((cover.until, PayoutDue::FreeCover)),
            (PayoutState::Paid { paid_at }, _) => {
                self.trace.open_until(*paid_at).map(|until| (until, PayoutDue::EndTrace))
            }
            (PayoutState::Failed { .. } | PayoutState::Canceled { .. }, _) => None,
        }
    }

    /// Whether this happens to it now.
    pub(crate) fn is_due(&self, what: PayoutDue, now: Timestamp) -> bool {
        self.due() == Some((now, what))
    }

    /// Whether it is kept back.
    pub(crate) const fn is_held(&self) -> bool {
        matches!(self.state, PayoutState::Held { .. })
    }

    /// By which id its bank finds it.
    // RULE: pending until it is paid, failed or canceled (docs.stripe.com/payouts/trace-ids, 2026).
    pub fn trace_id(&self) -> TraceId<'_> {
        if self.is_under_way() { TraceId::Pending } else { self.trace.shown() }
    }

    // INVARIANT: once its fate is known, how long it was silent is no matter, nor in which order that was told.
    fn with(&self, state: PayoutState) -> Self {
        let silence = match state {
            PayoutState::Pending | PayoutState::Held { .. } | PayoutState::InTransit { .. } => self.silence,
            PayoutState::Paid { .. } | PayoutState::Failed { .. } | PayoutState::Canceled { .. } => None,
        };
        let trace = match state {
            PayoutState::Failed { .. } | PayoutState::Canceled { .. } => self.trace.clone().closed(),
            PayoutState::Pending
            | PayoutState::Held { .. }
            | PayoutState::InTransit { .. }
            | PayoutState::Paid { .. } => self.trace.clone(),
        };
        Self { state, silence, trace, ..self.clone() }
    }

    /// Whether it was called off with what it was to take back: the world may tell something else after all.
    const fn is_void(&self) -> bool {
        matches!(
            (&self.state, &self.trigger),
            (PayoutState::Canceled { by: CanceledBy::Platform, .. }, Trigger::Reversal)
        )
    }

    /// That it was called off here, and for good.
    pub(crate) const fn is_called_off(&self) -> bool {
        matches!(self.state, PayoutState::Canceled { by: CanceledBy::Platform, .. }) && !self.is_void()
    }
}
