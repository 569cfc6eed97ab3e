//! Payments that a reader takes.

use super::{PaymentError, PaymentIntent, PaymentState};
use crate::ids::ReaderId;
use crate::rulebook::PaymentMethod;

impl PaymentIntent {
    /// The reader that works on it and has not told what came of it: on an attempt, on a card, or on a refund.
    pub fn reader(&self) -> Option<ReaderId> {
        self.at_reader().map(|(reader, _)| reader)
    }

    fn at_reader(&self) -> Option<(ReaderId, u16)> {
        self.rare.as_deref()?.reader
    }

    /// Whether a reader works on that member of its family, an attempt or a refund, and has not told what came of it.
    pub(crate) fn is_at_reader(&self, member: u16) -> bool {
        self.at_reader().is_some_and(|(_, known)| known == member)
    }

    /// That no reader works on it, and none is needed for an attempt by that method.
    pub(crate) fn check_away_from_readers(&self, method: Option<PaymentMethod>) -> Result<(), PaymentError> {
        if let Some(reader) = self.reader() {
            return Err(PaymentError::AtReader { payment: self.id, reader });
        }
        match method.filter(|method| method.is_in_person()) {
            Some(method) => Err(PaymentError::NeedsReader(method)),
            None => Ok(()),
        }
    }

    /// The payment in the hands of a reader, which works on that member of its family.
    // INVARIANT: one reader has it at a time, until that is told what came of it.
    pub(crate) fn hand_to(mut self, reader: ReaderId, member: u16) -> Result<Self, PaymentError> {
        if let Some(reader) = self.reader() {
            return Err(PaymentError::AtReader { payment: self.id, reader });
        }
        self.rare.get_or_insert_default().reader = Some((reader, member));
        Ok(self)
    }

    /// The payment after a reader has told what came of it; nothing where that reader does not have it.
    // INVARIANT: what is in nobody's hands leaves no trace, so that payments that went different ways to the same end are equal.
    pub(crate) fn leave(&self, reader: ReaderId) -> Option<Self> {
        let mut next = self.clone();
        let rare = next.rare.as_deref_mut().filter(|rare| rare.reader.is_some_and(|(known, _)| known == reader))?;
        rare.reader = None;
        Some(next.without_empty_rare())
    }

    /// The payment with an attempt under way at a reader.
    // This is where a payment in person comes to its attempt; all others do when they are created or confirmed.
    pub(crate) fn attempt_at(&self, reader: ReaderId) -> Result<Self, PaymentError> {
        if let Some(reader) = self.reader() {
            return Err(PaymentError::AtReader { payment: self.id, reader });
        }
        let mut next = self.clone();
        next.begin(None)?;
        let attempt = next.attempt;
        next.hand_to(reader, attempt)
    }

    /// The payment, captured at once whatever was asked for.
    // RULE: networks that authorize and capture in one message, such as eftpos, always capture at once
    // (docs.stripe.com/terminal/features/refunds, 2025).
    pub(crate) fn captured_at_once(mut self) -> Self {
        let amount = self.amount;
        if let Some(later) = self.rare.as_deref_mut().and_then(|rare| rare.later.as_mut()) {
            (later.received, later.capturable) = (amount, 0);
        }
        self
    }

    /// The payment as if its money had never been held ready.
    pub(crate) fn not_held(self) -> Self {
        match self.state {
            PaymentState::RequiresCapture { .. } => Self { state: PaymentState::Processing, ..self },
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Succeeded
            | PaymentState::Canceled { .. } => self,
        }
    }

    pub(super) fn without_empty_rare(mut self) -> Self {
        if self.rare.as_deref().is_some_and(|rare| *rare == super::Rare::default()) {
            self.rare = None;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;
    use crate::ids::PaymentId;
    use crate::money::usd;
    use crate::payments::{Flow, NewPayment, PaymentStatus};

    fn waiting() -> PaymentIntent {
        let order = NewPayment::by(PaymentMethod::CardPresent, usd(10_00));
        PaymentIntent::new(PaymentId::from_host([1; 14]), &order, Flow::Separate, utc(2026, 11, 2))
    }

    #[test]
    fn one_reader_has_a_payment_at_a_time() {
        let (one, other) = (ReaderId::from_host([2; 14]), ReaderId::from_host([3; 14]));
        let payment = waiting();
        assert_eq!((payment.status(), payment.latest_charge()), (PaymentStatus::RequiresPaymentMethod, None));
        let handed = payment.clone().hand_to(one, 7).unwrap();
        let refused = PaymentError::AtReader { payment: payment.id(), reader: one };
        assert_eq!((handed.is_at_reader(7), handed.is_at_reader(0), payment.is_at_reader(0)), (true, false, false));
        assert_eq!(handed.clone().hand_to(one, 8), Err(refused.clone()));
        assert_eq!(handed.attempt_at(other), Err(refused.clone()));
        assert_eq!(handed.cancel(utc(2026, 11, 3), None), Err(refused));
        assert_eq!(handed.leave(other), None);
        assert_eq!(handed.leave(one), Some(payment.clone()));
        assert_eq!(payment.leave(one), None);
    }

    #[test]
    fn attempts_are_numbered_from_one() {
        let reader = ReaderId::from_host([2; 14]);
        let tried = waiting().attempt_at(reader).unwrap();
        assert_eq!(
            (tried.status(), tried.latest_charge().map(|id| id.ordinal())),
            (PaymentStatus::Processing, Some(1))
        );
        assert!(tried.is_at_reader(1) && !tried.is_at_reader(0));
    }

    #[test]
    fn no_attempt_begins_whose_money_could_not_be_booked() {
        let reader = ReaderId::from_host([2; 14]);
        let last = PaymentIntent { born: u16::MAX - 4, ..waiting() }.attempt_at(reader).unwrap();
        assert!(last.has_room_for_a_capture(0));
        let full = PaymentIntent { born: u16::MAX - 3, ..waiting() };
        assert_eq!(full.attempt_at(reader), Err(PaymentError::FamilyFull(full.id())));
    }
}
