//! What becomes of refunds once they were asked for.

use super::transaction::Seen;
use super::{Error, Transaction};
use crate::calendar::Timestamp;
use crate::ids::RefundId;
use crate::journal::{AnomalyCause, AnomalyReason, Digest, FactOutcome, Instruction, Key, Told};
use crate::payments::{
    CanceledBy, Charge, Heard, PaymentEvent, PaymentInstruction, Refund, RefundCanceled, RefundFailed, RefundFailure,
    RefundState, RefundSucceeded, RefundTraced, RefundUnderWay,
};

impl Transaction<'_> {
    pub(super) fn refund_succeeded(&mut self, told: Told<'_>, fact: &RefundSucceeded) -> Result<FactOutcome, Error> {
        self.hear_of_given(told, fact.refund, |refund| refund.succeed(told.at))
    }

    pub(super) fn refund_under_way(&mut self, told: Told<'_>, fact: &RefundUnderWay) -> Result<FactOutcome, Error> {
        self.hear_of_given(told, fact.refund, Refund::under_way)
    }

    pub(super) fn refund_failed(&mut self, told: Told<'_>, fact: &RefundFailed) -> Result<FactOutcome, Error> {
        self.hear_of_refund(told, fact.refund, |refund| refund.fail(told.at, fact.reason))
    }

    pub(super) fn refund_canceled(&mut self, told: Told<'_>, fact: &RefundCanceled) -> Result<FactOutcome, Error> {
        self.hear_of_refund(told, fact.refund, |refund| refund.called_off(told.at))
    }

    pub(super) fn refund_traced(&mut self, told: Told<'_>, fact: &RefundTraced) -> Result<FactOutcome, Error> {
        let refund = self.take::<Refund>(fact.refund)?;
        if !self.get::<Charge>(refund.charge())?.method().is_card() {
            return Ok(self.odd(told, AnomalyReason::NotByCard));
        }
        self.heard_of_refund(told, &refund, |refund| refund.traced(fact.shows_as))
    }

    fn hear_of_refund(
        &mut self,
        told: Told<'_>,
        id: RefundId,
        hear: impl FnOnce(&Refund) -> Heard,
    ) -> Result<FactOutcome, Error> {
        let refund = self.take::<Refund>(id)?;
        self.heard_of_refund(told, &refund, hear)
    }

    /// Takes up that money is given back. What a reader was to give is booked only now; and where the world had told that it came to
    /// nothing, it came back. One that a reader was told not to have given waits while another one is at a reader, which may have the rest.
    // INVARIANT: what was never given costs nobody anything, and failure holds over success, whichever is told first.
    fn hear_of_given(
        &mut self,
        told: Told<'_>,
        id: RefundId,
        hear: impl FnOnce(&Refund) -> Heard,
    ) -> Result<FactOutcome, Error> {
        let refund = self.take::<Refund>(id)?;
        if !refund.is_with_reader() {
            return self.heard_of_refund(told, &refund, hear);
        }
        if let Some(other) = self.get::<Charge>(refund.charge())?.refund_at_reader().filter(|other| *other != id) {
            return self.park(told, self.end_at_reader(other));
        }
        let booked = match self.book_given(&refund)? {
            Ok(booked) => booked,
            Err(reason) => return Ok(self.odd(told, reason)),
        };
        let outcome = self.heard_of_refund(told, &booked, hear)?;
        let given = self.take::<Refund>(id)?;
        let came_back = match *refund.state() {
            RefundState::Failed { at, reason } => given.fail(at, reason),
            RefundState::Canceled { at, by: CanceledBy::World } => given.called_off(at),
            RefundState::Canceled { by: CanceledBy::Platform | CanceledBy::Reader, .. }
            | RefundState::Waiting { .. }
            | RefundState::AwaitingCard
            | RefundState::RequiresAction { .. }
            | RefundState::Pending { .. }
            | RefundState::Succeeded { .. } => Heard::Known,
        };
        if let Heard::Next(next) = came_back {
            self.refund_becomes(&given, next)?;
        }
        self.take_up_given(id)?;
        Ok(outcome)
    }

    /// The digest under which the world's word that a refund was given waits for the end of another one at a reader.
    fn end_at_reader(&self, refund: RefundId) -> Digest {
        self.reference_of("refund", &refund.to_string()).name
    }

    /// Takes up what was told to be given while it was not known whether this refund was.
    fn take_up_given(&mut self, refund: RefundId) -> Result<(), Error> {
        let end = self.end_at_reader(refund);
        self.want(&[Key::Reference(end)])?;
        self.take_up(end)
    }

    fn heard_of_refund(
        &mut self,
        told: Told<'_>,
        refund: &Refund,
        hear: impl FnOnce(&Refund) -> Heard,
    ) -> Result<FactOutcome, Error> {
        let reason = match hear(refund) {
            Heard::Known => return Ok(FactOutcome::Stale),
            Heard::Next(next) => {
                self.refund_becomes(refund, next)?;
                return Ok(FactOutcome::Applied);
            }
            Heard::NotAsked => AnomalyReason::RefundNotAsked,
            Heard::CalledOff => AnomalyReason::RefundCanceled,
        };
        Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), reason))
    }

    /// Has a refund fail that has not reached the payer yet, whether it waits for money or is on its way, as the world would report it.
    /// This is where a dispute ends the refunds that its charge has under way.
    pub(super) fn fail_refund(&mut self, refund: &Refund, at: Timestamp, reason: RefundFailure) -> Result<(), Error> {
        match refund.fail(at, reason) {
            // What a reader is to give, the payer gets or does not get there.
            Heard::Next(_) if refund.is_with_reader() => Ok(()),
            Heard::Next(next) => self.refund_becomes(refund, next),
            Heard::Known | Heard::NotAsked | Heard::CalledOff => Ok(()),
        }
    }

    /// Writes what a refund has become, and gives its money back where it came to nothing.
    pub(super) fn refund_becomes(&mut self, refund: &Refund, next: Refund) -> Result<(), Error> {
        let owner = self.get::<Charge>(refund.charge())?.owner();
        let is_over = next.is_over() && !refund.is_over();
        if is_over {
            self.take_refund_back(refund)?;
        }
        if is_over && refund.is_waiting() {
            self.leave_queue(owner, refund)?;
        }
        let has_failed = next.failure_reason().is_some() && refund.failure_reason().is_none();
        let event = if has_failed { PaymentEvent::RefundFailed } else { PaymentEvent::RefundUpdated };
        self.event(event, refund.id(), Some(owner));
        self.event(PaymentEvent::ChargeRefundUpdated, refund.id(), Some(owner));
        self.put(next);
        if is_over && refund.is_with_reader() { self.take_up_given(refund.id()) } else { Ok(()) }
    }

    /// Nobody has brought the money in time, or the payer has not said where it goes.
    pub(super) fn give_up_refund(&mut self, id: RefundId) -> Result<(), Error> {
        let Some(refund) = self.find::<Refund>(id)?.map(Seen::into_owned) else { return Ok(()) };
        let Some(next) = refund.run_out(self.now) else { return Ok(()) };
        if let RefundState::RequiresAction { .. } = refund.state() {
            self.instruct(Instruction::Payment(PaymentInstruction::CancelRefund { refund: id }));
        }
        self.refund_becomes(&refund, next)
    }
}
