//! How payouts go from one state to the next.

use super::{CanceledBy, Payout, PayoutState, Tries, Trigger};
use crate::calendar::Timestamp;
use crate::ids::PayoutId;
use crate::payouts::{PayoutAction, PayoutDue, PayoutError, ReversalBarrier, Silence};

/// Where the money of a payout comes back from that failed, or that the processor called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailedFrom {
    /// It was still under way.
    Transit,
    /// It had arrived.
    Bank,
    /// It had come back before: only the time or the reason changes.
    Back,
    /// It had been called off with what it was to take back.
    Nowhere,
}

/// Where the money of a payout was before it was known to have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaidFrom {
    /// It was under way.
    Transit,
    /// It had arrived: only the time changes.
    Bank,
    /// It had been called off with what it was to take back, and the bank has paid it all the same.
    Nowhere,
}

impl Payout {
    /// What follows of the silence about it, and the payout of which that has followed.
    // What is kept back on its day has not arrived, also where the date counts for that.
    pub(crate) fn unheard(&self) -> (Option<Silence>, Self) {
        let silence = match self.silence {
            Some(Silence::Arrived(at)) if self.is_held() => Some(Silence::Overdue(at)),
            known => known,
        };
        (silence, Self { silence: None, ..self.clone() })
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
        self.with(PayoutState::Canceled { canceled_at, by: CanceledBy::Platform })
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
            PayoutState::Canceled { by: CanceledBy::Processor, .. } => return Ok(None),
            PayoutState::Canceled { .. } if self.is_void() => return Ok(None),
            PayoutState::Canceled { by: CanceledBy::Platform, .. } => return Err(self.refuse(PayoutAction::Submit)),
        }
        Ok(Some(self.with(PayoutState::InTransit { submitted_at })))
    }

    /// The payout after something was told of its trace; nothing where more is known.
    pub(crate) fn traced(&self, at: Timestamp, trace_id: Option<&str>) -> Option<Self> {
        self.trace.told(at, trace_id).map(|trace| Self { trace, ..self.clone() })
    }

    /// The payout, whose trace is looked up no longer if it has arrived for so long.
    pub(crate) fn looked_up(self, now: Timestamp) -> Self {
        let is_over = |(until, what)| what == PayoutDue::EndTrace && until <= now;
        if self.due().is_some_and(is_over) { Self { trace: self.trace.clone().closed(), ..self } } else { self }
    }

    /// The payout after it arrived, and where its money was; nothing where it is known to have come back.
    pub(crate) fn pay(&self, paid_at: Timestamp) -> Result<Option<(Self, PaidFrom)>, PayoutError> {
        let from = match self.state {
            PayoutState::Pending | PayoutState::Held { .. } | PayoutState::InTransit { .. } => PaidFrom::Transit,
            PayoutState::Paid { paid_at: known } if paid_at < known => PaidFrom::Bank,
            PayoutState::Paid { .. }
            | PayoutState::Failed { .. }
            | PayoutState::Canceled { by: CanceledBy::Processor, .. } => return Ok(None),
            PayoutState::Canceled { .. } if self.is_void() => PaidFrom::Nowhere,
            PayoutState::Canceled { by: CanceledBy::Platform, .. } => return Err(self.refuse(PayoutAction::Pay)),
        };
        Ok(Some((self.with(PayoutState::Paid { paid_at }), from)))
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
                FailedFrom::Back
            }
            // INVARIANT: what the bank says of it holds against what the processor says, in whatever order.
            PayoutState::Canceled { by: CanceledBy::Processor, .. } => FailedFrom::Back,
            PayoutState::Canceled { .. } if self.is_void() => FailedFrom::Nowhere,
            PayoutState::Failed { .. } | PayoutState::Canceled { by: CanceledBy::Platform, .. } => return None,
        };
        Some((self.with(PayoutState::Failed { failed_at, failure_code: failure_code.into() }), from))
    }

    /// The payout after the processor called it off, and where its money comes back from; nothing where it is known to have come to nothing
    /// already.
    // RULE: what is in transit is paid, or fails or is canceled within five business days (docs.stripe.com/api/payouts/object, 2026). A fact
    // counts whenever it is told, and also of what was reported as paid: that is our own reading, as of failures.
    // INVARIANT: of several reports the earliest is kept, so that the order of delivery is no matter.
    pub(crate) fn cancel_outside(&self, canceled_at: Timestamp) -> Option<(Self, FailedFrom)> {
        let from = match &self.state {
            PayoutState::Pending | PayoutState::Held { .. } | PayoutState::InTransit { .. } => FailedFrom::Transit,
            PayoutState::Paid { .. } => FailedFrom::Bank,
            PayoutState::Canceled { canceled_at: known, by: CanceledBy::Processor } if canceled_at < *known => {
                FailedFrom::Back
            }
            PayoutState::Canceled { .. } if self.is_void() => FailedFrom::Nowhere,
            PayoutState::Failed { .. } | PayoutState::Canceled { .. } => return None,
        };
        Some((self.with(PayoutState::Canceled { canceled_at, by: CanceledBy::Processor }), from))
    }

    /// The payout after it was called off.
    // RULE: only a payout made by hand, and only while pending (docs.stripe.com/api/payouts/cancel, 2026).
    pub(crate) fn cancel(&self, canceled_at: Timestamp) -> Result<Self, PayoutError> {
        match self.trigger {
            Trigger::Automatic { .. } | Trigger::Debt | Trigger::DebtCovered(_) => {
                return Err(PayoutError::AutomaticNotCancelable(self.id));
            }
            Trigger::Reversal => return Err(PayoutError::ReversalNotCancelable(self.id)),
            Trigger::Manual | Trigger::Instant(_) | Trigger::Provider { .. } => {}
        }
        match self.state {
            PayoutState::Pending | PayoutState::Held { .. } => Ok(self.run_out(canceled_at)),
            PayoutState::InTransit { .. }
            | PayoutState::Paid { .. }
            | PayoutState::Failed { .. }
            | PayoutState::Canceled { .. } => Err(self.refuse(PayoutAction::Cancel)),
        }
    }

    /// The payout after somebody has asked for it to be taken back.
    // RULE: not what is a debit itself, nor one within minutes; a pending one that was asked for by hand is canceled instead
    // (docs.stripe.com/connect/payout-reversals, 2024; docs.stripe.com/api/payouts/reverse, 2026). That it happens once, whatever came of
    // it, and not while the payout is kept back, is our own reading.
    pub(crate) fn reverse(&self) -> Result<Self, PayoutError> {
        let barred = |why| Err(PayoutError::NotReversible { payout: self.id, why });
        match self.trigger {
            Trigger::Debt | Trigger::DebtCovered(_) | Trigger::Reversal => return barred(ReversalBarrier::Debit),
            Trigger::Instant(_) => return barred(ReversalBarrier::Instant),
            Trigger::Automatic { .. } | Trigger::Manual | Trigger::Provider { .. } => {}
        }
        if let Some(by) = self.reversed_by() {
            return Err(PayoutError::AlreadyReversed { payout: self.id, by });
        }
        match (&self.state, &self.trigger) {
            (PayoutState::Pending | PayoutState::Held { .. }, Trigger::Manual) => {
                Err(PayoutError::CancelInstead(self.id))
            }
            (PayoutState::Held { .. }, _) => barred(ReversalBarrier::Held),
            (PayoutState::Failed { .. } | PayoutState::Canceled { .. }, _) => Err(self.refuse(PayoutAction::Reverse)),
            (PayoutState::Pending | PayoutState::InTransit { .. } | PayoutState::Paid { .. }, _) => {
                Ok(Self { is_reversed: true, ..self.clone() })
            }
        }
    }

    /// The payout after it was sent again as another one; `earlier` is the last one by which that was tried before, if any.
    // That it is sent again once, and what has failed only, is our own reading: no page knows a command for it.
    // INVARIANT: what has failed never gets out of that, so that no word of a bank makes it a second payment.
    pub(crate) fn resend(&self, next: PayoutId, earlier: Option<&Self>) -> Result<Self, PayoutError> {
        if self.is_debit() {
            return Err(PayoutError::DebitNotResendable(self.id));
        }
        match self.state {
            PayoutState::Failed { .. } => {}
            PayoutState::Pending
            | PayoutState::Held { .. }
            | PayoutState::InTransit { .. }
            | PayoutState::Paid { .. }
            | PayoutState::Canceled { .. } => return Err(self.refuse(PayoutAction::Resend)),
        }
        if let Some(earlier) = earlier.filter(|earlier| !matches!(earlier.state, PayoutState::Canceled { .. })) {
            return Err(PayoutError::AlreadyResent { payout: self.id, by: earlier.id });
        }
        let tries = Tries { before: self.resend_of(), next: Some(next) };
        Ok(Self { tries: Some(Box::new(tries)), ..self.clone() })
    }

    /// Since when it is known that it came to nothing, if it did: it was refused, sent back or called off.
    pub(crate) const fn came_to_nothing(&self) -> Option<Timestamp> {
        match self.state {
            PayoutState::Failed { failed_at: at, .. } | PayoutState::Canceled { canceled_at: at, .. } => Some(at),
            PayoutState::Pending
            | PayoutState::Held { .. }
            | PayoutState::InTransit { .. }
            | PayoutState::Paid { .. } => None,
        }
    }

    /// What was to take a payout back, after that has come to nothing, as is known last, at `at`; nothing where more is known of it, or the
    /// same.
    // RULE: a reversal that is under way is canceled where the payout itself fails (docs.stripe.com/connect/payout-reversals, 2024). That it is
    // the same where the processor calls the payout off is our reading.
    // INVARIANT: what the world tells of the reversal itself holds against this, in whatever order; and the moment is that of the payout.
    pub(crate) fn void(&self, at: Timestamp) -> Option<Self> {
        let canceled_at = at.max(self.created);
        match self.state {
            PayoutState::Canceled { canceled_at: known, .. } if known == canceled_at => None,
            PayoutState::Pending
            | PayoutState::Held { .. }
            | PayoutState::InTransit { .. }
            | PayoutState::Canceled { by: CanceledBy::Platform, .. } => Some(self.run_out(canceled_at)),
            PayoutState::Paid { .. }
            | PayoutState::Failed { .. }
            | PayoutState::Canceled { by: CanceledBy::Processor, .. } => None,
        }
    }
}
