//! Charges that a reader makes.

use std::num::NonZeroU16;

use super::{Charge, ChargeState, PayerStep};
use crate::ids::RefundId;

impl Charge {
    /// Whether its network may have captured it with its authorization, whatever was asked for.
    pub(crate) fn may_be_taken_at_once(&self) -> bool {
        self.method.is_in_person() && self.authorization().is_none()
    }

    /// The charge after money was given back that its reader had let go; nothing where all was given back otherwise meanwhile.
    // INVARIANT: what is disputed does not matter here, for the money was given; so it does not matter which of the two is told first.
    pub(crate) fn given_after_all(&self, amount: i64) -> Option<Self> {
        let ChargeState::Succeeded(mut captured) = self.state else { return None };
        captured.refunded = captured.refunded.checked_add(amount)?;
        let is_part = captured.refunded <= self.amount_captured().minor();
        is_part.then(|| Self { state: ChargeState::Succeeded(captured), ..self.clone() })
    }

    /// The refund that a reader was asked for, while it is not known whether the payer got it.
    pub fn refund_at_reader(&self) -> Option<RefundId> {
        let ordinal = self.rare.as_deref().and_then(|rare| rare.at_reader)?;
        Some(RefundId::of(self.id.family(), ordinal.get()))
    }

    pub(crate) fn with_refund_at_reader(self, refund: RefundId) -> Self {
        self.with_rare(|rare| rare.at_reader = NonZeroU16::new(refund.ordinal()))
    }

    /// The charge once it is known what became of a refund.
    pub(crate) fn knows_of(self, refund: RefundId) -> Self {
        if self.refund_at_reader() == Some(refund) { self.with_rare(|rare| rare.at_reader = None) } else { self }
    }

    /// The charge as if it had never been held ready; nothing where it is not in person, or something was captured of it or asked for.
    pub(crate) fn not_held(&self) -> Option<Self> {
        let held = self.authorization().filter(|held| held.is_open() && held.asked().is_none() && held.taken() == 0)?;
        if !self.method.is_in_person() || self.state != ChargeState::Authorized || held.increments() > 0 {
            return None;
        }
        let next = self.clone().with_rare(|rare| rare.authorization = None);
        Some(Self { state: ChargeState::Pending { step: PayerStep::None }, ..next })
    }
}
