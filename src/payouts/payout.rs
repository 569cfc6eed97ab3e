use serde::{Deserialize, Serialize};

use super::{Instant, PayoutAction, PayoutError, PayoutInstruction, PayoutStatus, ReconciliationStatus};
use crate::accounts::PayoutMethod;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ExternalAccountId, PayoutId};
use crate::money::{Currency, Money};
use crate::routing::{Conversion, Converted};

/// A command: send available money to a bank account or card now. It pays the platform, or the account
/// [acted for](crate::Platform::acting_as).
///
/// ```
/// use fundroute::accounts::PayoutMethod;
/// use fundroute::money::usd;
/// use fundroute::payouts::NewPayout;
///
/// assert_eq!(NewPayout::of(usd(50_00)).method, PayoutMethod::Standard);
/// assert_eq!(NewPayout::of(usd(50_00)).instant().method, PayoutMethod::Instant);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPayout {
    /// How much arrives.
    pub amount: Money,
    /// How fast.
    pub method: PayoutMethod,
    /// Where it goes; nothing for where automatic payouts in the currency go.
    pub destination: Option<ExternalAccountId>,
}

impl NewPayout {
    /// A payout that arrives on a bank day.
    pub const fn of(amount: Money) -> Self {
        Self { amount, method: PayoutMethod::Standard, destination: None }
    }

    /// The same, within minutes, for a fee.
    #[must_use]
    pub const fn instant(mut self) -> Self {
        self.method = PayoutMethod::Instant;
        self
    }

    /// The same, to this bank account or card.
    #[must_use]
    pub const fn to(mut self, destination: ExternalAccountId) -> Self {
        self.destination = Some(destination);
        self
    }
}

/// A command: call off a payout that was asked for by hand and has not left yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelPayout {
    /// The payout.
    pub payout: PayoutId,
}

/// A fact: a payout was handed to the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutSubmitted {
    /// The payout.
    pub payout: PayoutId,
}

/// A fact: a payout reached the bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutPaid {
    /// The payout.
    pub payout: PayoutId,
}

/// A fact: a bank refused a payout, or sent it back after reporting it as paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutFailed {
    /// The payout.
    pub payout: PayoutId,
    /// The bank's reason, one of the field's failure codes such as `account_closed`, or one it has not named yet.
    pub failure_code: String,
}

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
}

/// What of the platform's money stays set aside, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cover {
    amount: i64,
    until: Timestamp,
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
    /// What crossing a border costs the platform, in minor units.
    cross_border_fee: i64,
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
    pub(crate) trigger: PayoutTrigger,
    /// What one within minutes takes, and from where.
    pub(crate) instant: Option<Instant>,
    /// What it leaves behind because the account's settings say so, in minor units.
    pub(crate) minimum: i64,
    /// What the bank gets, where that is not what leaves the balance.
    pub(crate) arrives: Option<Converted>,
}

/// Where the money of a failed payout comes back from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailedFrom {
    /// It was still under way.
    Transit,
    /// It had arrived.
    Bank,
    /// It had come back before: only the reason changes.
    Failed,
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
                (PayoutTrigger::Manual, None) => Trigger::Manual,
                (PayoutTrigger::Manual, Some(instant)) => Trigger::Instant(Box::new(instant)),
            },
            state: PayoutState::Pending,
            cross_border_fee: 0,
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
        matches!(self.trigger, Trigger::Debt | Trigger::DebtCovered(_))
    }

    /// How much of the platform's money stays set aside after a debit has arrived, and until when.
    pub const fn covered(&self) -> Option<(Money, Timestamp)> {
        match &self.trigger {
            Trigger::DebtCovered(cover) => Some((Money::new(cover.amount, self.currency), cover.until)),
            Trigger::Automatic { .. } | Trigger::Manual | Trigger::Instant(_) | Trigger::Debt => None,
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

    /// What made it happen.
    pub const fn trigger(&self) -> PayoutTrigger {
        match &self.trigger {
            Trigger::Automatic { from } => PayoutTrigger::Automatic(Window { from: *from, through: self.created }),
            Trigger::Manual | Trigger::Instant(_) => PayoutTrigger::Manual,
            Trigger::Debt | Trigger::DebtCovered(_) => PayoutTrigger::Debt,
        }
    }

    /// Whether it is known which balance transactions it settled.
    pub const fn reconciliation_status(&self) -> ReconciliationStatus {
        match &self.trigger {
            Trigger::Automatic { .. } => ReconciliationStatus::Completed,
            Trigger::Manual | Trigger::Instant(_) | Trigger::Debt | Trigger::DebtCovered(_) => {
                ReconciliationStatus::NotApplicable
            }
        }
    }

    /// How fast it arrives.
    pub const fn method(&self) -> PayoutMethod {
        match &self.trigger {
            Trigger::Instant(_) => PayoutMethod::Instant,
            Trigger::Automatic { .. } | Trigger::Manual | Trigger::Debt | Trigger::DebtCovered(_) => {
                PayoutMethod::Standard
            }
        }
    }

    /// What is kept of one within minutes.
    pub(crate) fn instant(&self) -> Option<&Instant> {
        match &self.trigger {
            Trigger::Instant(instant) => Some(instant),
            Trigger::Automatic { .. } | Trigger::Manual | Trigger::Debt | Trigger::DebtCovered(_) => None,
        }
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

    /// What it costs the platform that it crosses a border, in its own currency. It is billed by the month:
    /// [`Platform::cross_border_fees`](crate::Platform::cross_border_fees).
    pub const fn cross_border_fee(&self) -> Money {
        Money::new(self.cross_border_fee, self.currency)
    }

    pub(crate) fn crossing(self, cross_border_fee: i64) -> Self {
        Self { cross_border_fee, ..self }
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
            return PayoutInstruction::Debit { payout, source: self.destination(), amount, arrival_date };
        }
        PayoutInstruction::Send {
            payout,
            destination: self.destination(),
            amount: self.arrives(),
            arrival_date,
            method: self.method(),
        }
    }

    /// Whether the world has still to say what became of it.
    pub const fn is_under_way(&self) -> bool {
        matches!(self.state, PayoutState::Pending | PayoutState::Held { .. } | PayoutState::InTransit { .. })
    }

    /// When it is called off because the account's payouts are stopped, or the platform's money that it keeps set aside goes free; nothing
    /// while neither is ahead.
    pub(crate) const fn due(&self) -> Option<Timestamp> {
        match (&self.state, &self.trigger) {
            (PayoutState::Held { until }, _) => Some(*until),
            (PayoutState::Paid { .. }, Trigger::DebtCovered(cover)) => Some(cover.until),
            (
                PayoutState::Pending
                | PayoutState::InTransit { .. }
                | PayoutState::Paid { .. }
                | PayoutState::Failed { .. }
                | PayoutState::Canceled { .. },
                _,
            ) => None,
        }
    }

    /// The payout kept back until then, or let go again; nothing where that changes nothing. A debit goes on: it is no money that leaves.
    pub(crate) fn hold(&self, until: Option<Timestamp>) -> Option<Self> {
        if self.is_debit() {
            return None;
        }
        match (&self.state, until) {
            (PayoutState::Pending, Some(until)) => Some(self.with(PayoutState::Held { until })),
            (PayoutState::Held { .. }, None) => Some(self.with(PayoutState::Pending)),
            (PayoutState::Pending, None)
            | (PayoutState::Held { .. }, Some(_))
            | (
                PayoutState::InTransit { .. }
                | PayoutState::Paid { .. }
                | PayoutState::Failed { .. }
                | PayoutState::Canceled { .. },
                _,
            ) => None,
        }
    }

    /// The payout after it was kept back for too long, whatever made it.
    pub(crate) fn run_out(&self, canceled_at: Timestamp) -> Self {
        self.with(PayoutState::Canceled { canceled_at })
    }

    fn with(&self, state: PayoutState) -> Self {
        Self { state, ..self.clone() }
    }

    fn refuse(&self, action: PayoutAction) -> PayoutError {
        PayoutError::IllegalTransition { payout: self.id, status: self.status(), action }
    }

    /// The payout after it was handed to the bank; nothing where more than that is known already.
    // INVARIANT: of several reports the earliest is kept, so that the order of delivery is no matter.
    pub(crate) fn submit(&self, submitted_at: Timestamp) -> Result<Option<Self>, PayoutError> {
        match self.state {
            PayoutState::Pending | PayoutState::Held { .. } => {}
            PayoutState::InTransit { submitted_at: known } if submitted_at < known => {}
            PayoutState::InTransit { .. } | PayoutState::Paid { .. } | PayoutState::Failed { .. } => return Ok(None),
            PayoutState::Canceled { .. } => return Err(self.refuse(PayoutAction::Submit)),
        }
        Ok(Some(self.with(PayoutState::InTransit { submitted_at })))
    }

    /// The payout after it arrived, and whether its money was still under way; nothing where it is known to have
    /// come back.
    pub(crate) fn pay(&self, paid_at: Timestamp) -> Result<Option<(Self, bool)>, PayoutError> {
        let under_way = match self.state {
            PayoutState::Pending | PayoutState::Held { .. } | PayoutState::InTransit { .. } => true,
            PayoutState::Paid { paid_at: known } if paid_at < known => false,
            PayoutState::Paid { .. } | PayoutState::Failed { .. } => return Ok(None),
            PayoutState::Canceled { .. } => return Err(self.refuse(PayoutAction::Pay)),
        };
        Ok(Some((self.with(PayoutState::Paid { paid_at }), under_way)))
    }

    /// The payout after it was refused or sent back, and where its money comes back from; nothing where that is
    /// known already.
    // RULE: a payout may fail after it was reported as paid (docs.stripe.com/api/payouts/object, 2026).
    pub(crate) fn fail(&self, failed_at: Timestamp, failure_code: &str) -> Option<(Self, FailedFrom)> {
        let from = match &self.state {
            PayoutState::Pending | PayoutState::Held { .. } | PayoutState::InTransit { .. } => FailedFrom::Transit,
            PayoutState::Paid { .. } => FailedFrom::Bank,
            PayoutState::Failed { failed_at: known, failure_code: why }
                if (failed_at, failure_code) < (*known, why) =>
            {
                FailedFrom::Failed
            }
            PayoutState::Failed { .. } | PayoutState::Canceled { .. } => return None,
        };
        Some((self.with(PayoutState::Failed { failed_at, failure_code: failure_code.into() }), from))
    }

    /// The payout after it was called off.
    // RULE: only a payout made by hand, and only while pending (docs.stripe.com/api/payouts/cancel, 2026).
    pub(crate) fn cancel(&self, canceled_at: Timestamp) -> Result<Self, PayoutError> {
        if let Trigger::Automatic { .. } | Trigger::Debt | Trigger::DebtCovered(_) = self.trigger {
            return Err(PayoutError::AutomaticNotCancelable(self.id));
        }
        match self.state {
            PayoutState::Pending | PayoutState::Held { .. } => Ok(self.with(PayoutState::Canceled { canceled_at })),
            PayoutState::InTransit { .. }
            | PayoutState::Paid { .. }
            | PayoutState::Failed { .. }
            | PayoutState::Canceled { .. } => Err(self.refuse(PayoutAction::Cancel)),
        }
    }
}
