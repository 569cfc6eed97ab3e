//! What the world tells about readers, and what became of what they did.

use super::payments::News;
use super::{Error, Transaction};
use crate::calendar::Timestamp;
use crate::ids::{PaymentId, ReaderId, RefundId};
use crate::journal::{AnomalyReason, FactOutcome, Key, Told};
use crate::payments::{Charge, ChargeFailed, PaymentIntent, Refund};
use crate::terminal::{
    ActionEnd, Heard, Reader, ReaderActionStatus, ReaderActionUpdated, ReaderSeen, TerminalEvent, TerminalFact,
};

/// How much of what a reader says for people is kept.
const LONGEST_MESSAGE: usize = 255;

impl News {
    /// The same, forgetting that a card was held ready that its network captured with that: money that was taken is booked, whichever
    /// of the two is told first.
    // RULE: networks that authorize and capture in one message always capture at once (docs.stripe.com/terminal/features/refunds, 2025).
    pub(super) fn taken_at_once(self) -> Self {
        match self.charge.not_held() {
            Some(charge) => Self { payment: self.payment.not_held(), charge },
            None => self,
        }
    }
}

impl Transaction<'_> {
    pub(super) fn reader_news(&mut self, told: Told<'_>, fact: &TerminalFact) -> Result<FactOutcome, Error> {
        match fact {
            TerminalFact::ActionCanceled(fact) => {
                self.action_ended(told, (fact.reader, fact.action), &ActionEnd::Canceled)
            }
            TerminalFact::ActionFailed(fact) => {
                let message =
                    fact.message.as_deref().map(|text| text.chars().take(LONGEST_MESSAGE).collect::<String>());
                let end = ActionEnd::Failed(fact.failure, message.map(Into::into));
                self.action_ended(told, (fact.reader, fact.action), &end)
            }
            TerminalFact::ActionSucceeded(fact) => {
                self.action_ended(told, (fact.reader, fact.action), &ActionEnd::Succeeded)
            }
            TerminalFact::ActionUpdated(fact) => self.card_presented(told, fact),
            TerminalFact::Seen(fact) => self.reader_seen(told.at, fact),
        }
    }

    fn reader_seen(&mut self, at: Timestamp, fact: &ReaderSeen) -> Result<FactOutcome, Error> {
        let next = self.get::<Reader>(fact.reader)?.seen(at, fact.status);
        let Some(next) = next else { return Ok(FactOutcome::Stale) };
        self.put(next);
        Ok(FactOutcome::Applied)
    }

    fn card_presented(&mut self, told: Told<'_>, fact: &ReaderActionUpdated) -> Result<FactOutcome, Error> {
        match self.get::<Reader>(fact.reader)?.presented(fact.action, told.at, fact.card) {
            Heard::NotAsked => Ok(self.odd(told, AnomalyReason::NotAsked)),
            Heard::Past | Heard::Known(_) => Ok(FactOutcome::Stale),
            Heard::Next(next, _) => {
                self.event(TerminalEvent::ActionUpdated, fact.reader, Some(next.owner()));
                self.put(*next);
                Ok(FactOutcome::Applied)
            }
        }
    }

    /// Takes up how an action ended. The reader lets go of the payment; what was attempted or to be given back has come to nothing where
    /// that is said.
    // INVARIANT: what follows for the attempt and the refund follows from each report by itself, and not from which of contradicting ones
    // holds for the action. So the order of delivery is no matter, and money that moved all the same is booked when that is told.
    fn action_ended(
        &mut self,
        told: Told<'_>,
        (id, number): (ReaderId, u32),
        end: &ActionEnd,
    ) -> Result<FactOutcome, Error> {
        let reader = self.get::<Reader>(id)?;
        let (kind, next) = match reader.ended(number, told.at, end) {
            Heard::NotAsked => return Ok(self.odd(told, AnomalyReason::NotAsked)),
            Heard::Past => return Ok(FactOutcome::Stale),
            Heard::Known(kind) => (kind, None),
            Heard::Next(next, kind) => (kind, Some(next)),
        };
        if let Some(payment) = kind.payment() {
            self.want(&[Key::Family(payment.family())])?;
        }
        let mut is_news = next.is_some();
        if let Some(next) = next {
            if kind.is_told() {
                self.tell_of_action(&reader, &next);
            }
            self.put(*next);
        }
        if let Some(payment) = kind.payment() {
            is_news |= self.hand_back(payment, id)?;
        }
        if let Some(failure) = end.failure() {
            if let Some(charge) = kind.charge() {
                let failed = ChargeFailed { charge: charge.into(), failure };
                is_news |= self.charge_failed(told.at, charge, &failed)? == FactOutcome::Applied;
            }
            if let Some(refund) = kind.refund() {
                is_news |= self.let_go_of_refund(told.at, refund)?;
            }
        }
        Ok(if is_news { FactOutcome::Applied } else { FactOutcome::Stale })
    }

    fn tell_of_action(&mut self, before: &Reader, after: &Reader) {
        let status = |reader: &Reader| reader.action().map(crate::terminal::ReaderAction::status);
        if status(before) == status(after) {
            return;
        }
        let event = match status(after) {
            Some(ReaderActionStatus::Succeeded) => TerminalEvent::ActionSucceeded,
            Some(ReaderActionStatus::Failed) => TerminalEvent::ActionFailed,
            Some(ReaderActionStatus::InProgress | ReaderActionStatus::Canceled) | None => return,
        };
        self.event(event, after.id(), Some(after.owner()));
    }

    /// A reader does not have a payment any more; tells whether it had.
    fn hand_back(&mut self, payment: PaymentId, reader: ReaderId) -> Result<bool, Error> {
        let next = self.get::<PaymentIntent>(payment)?.leave(reader);
        let had = next.is_some();
        if let Some(next) = next {
            self.put(next);
        }
        Ok(had)
    }

    /// A reader has not given a refund, as far as it knows; tells whether that is news.
    fn let_go_of_refund(&mut self, at: Timestamp, id: RefundId) -> Result<bool, Error> {
        let refund = self.take::<Refund>(id)?;
        let Some(next) = refund.let_go(at) else { return Ok(false) };
        self.refund_becomes(&refund, next)?;
        Ok(true)
    }

    /// Books a refund of which the world tells that it was given at a reader, whatever the reader said and whatever the balance covers.
    // INVARIANT: nothing of it was booked before, so it is booked once.
    pub(super) fn book_given(&mut self, refund: &Refund) -> Result<Result<Refund, AnomalyReason>, Error> {
        let payment = self.take::<PaymentIntent>(PaymentId::of(refund.id().family(), 0))?;
        let charge = self.take::<Charge>(refund.charge())?;
        self.want_parties(&payment, charge.owner())?;
        // One that the reader has let go does not count as given back any more.
        let charge = if refund.is_over() {
            match charge.given_after_all(refund.amount().minor()) {
                Some(charge) => charge,
                None => return Ok(Err(AnomalyReason::RefundCanceled)),
            }
        } else {
            charge
        };
        match self.draft_refund(payment, charge, (refund.id(), refund.amount(), refund.takes())) {
            Ok(draft) => Ok(Ok(self.book_refund(refund.clone(), draft)?)),
            Err(error) if error.is_about_loading() => Err(error),
            Err(_) => Ok(Err(AnomalyReason::OutOfRange)),
        }
    }
}
