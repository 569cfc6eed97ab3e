//! Payments that a plan shares out, and what is born of payments.

use super::PaymentIntent;
use crate::ids::AccountId;
use crate::money::Money;
use crate::payments::PaymentError;
use crate::routing::{PaymentPlan, SplitPlan};
use crate::rulebook::PaymentMethod;

/// A transfer, a commission and a hold may be born of a payment when its money is taken.
const MEMBERS_OF_A_CAPTURE: u16 = 3;

/// A transfer and a hold of it may be born for each recipient of a plan.
const MEMBERS_OF_A_SHARE: u16 = 2;

impl PaymentIntent {
    /// The plan by which the platform's commission is worked out, or its money is shared out; nothing where it has none, or where a part
    /// was named since.
    pub fn plan(&self) -> Option<&PaymentPlan> {
        self.rare.as_deref()?.plan.as_deref()
    }

    /// The plan by which its money is shared out.
    pub(crate) fn split_plan(&self) -> Option<&SplitPlan> {
        match self.plan()? {
            PaymentPlan::Split(plan) => Some(plan),
            PaymentPlan::Commission(_) => None,
        }
    }

    /// The account whose sale it is, in the eyes of a plan.
    pub(crate) const fn seller(&self) -> Option<AccountId> {
        self.flow.seller()
    }

    /// Whether a scheme says what the platform takes of it: it names nothing of its own, nor that nothing is to be taken, and is captured
    /// once.
    pub(crate) fn follows_pricing(&self) -> bool {
        let is_in_parts = self.captured_later().is_some_and(|how| how.multicapture);
        let is_settled = self.rare.as_deref().is_some_and(|rare| rare.is_unpriced || rare.plan.is_some());
        !is_in_parts && !is_settled && !self.flow.names_shares()
    }

    /// That its plan can be carried out for so much, by that method if it is known.
    pub(crate) fn check_plan(&self, method: Option<PaymentMethod>, amount: Money) -> Result<(), PaymentError> {
        let Some(plan) = self.plan() else { return Ok(()) };
        Ok(plan.check((self.seller(), method), amount)?)
    }

    /// The payment after a part was named, which goes before the plan from then on.
    pub(crate) fn without_plan(mut self) -> Self {
        if let Some(rare) = self.rare.as_deref_mut() {
            rare.plan = None;
        }
        self.without_empty_rare()
    }

    /// The same of a payment that is not being collected, whose flow is what was named: it goes before any scheme, too, also where it is
    /// nothing.
    pub(crate) fn settled_by_name(self) -> Self {
        let is_unpriced = !self.flow.names_shares();
        let mut next = self.without_plan();
        if is_unpriced || next.rare.is_some() {
            next.rare.get_or_insert_default().is_unpriced = is_unpriced;
        }
        next.without_empty_rare()
    }

    /// Whether what may be born of taking its money can still be numbered, if so many others are born before.
    pub(crate) fn has_room_for_a_capture(&self, after: u16) -> bool {
        let recipients = self.split_plan().map_or(0, |plan| plan.accounts().len());
        let shares = u16::try_from(recipients).unwrap_or(u16::MAX).saturating_mul(MEMBERS_OF_A_SHARE);
        let members = MEMBERS_OF_A_CAPTURE.saturating_add(shares).saturating_add(after);
        u16::MAX.saturating_sub(self.born) >= members
    }

    /// The ordinal for the next object born of this payment, kept by changing the payment.
    pub(crate) fn bear(&mut self) -> Result<u16, PaymentError> {
        self.bear_many(1)
    }

    /// The first of so many ordinals for objects born of this payment.
    pub(crate) fn bear_many(&mut self, count: u16) -> Result<u16, PaymentError> {
        let first = self.born;
        self.born = first.checked_add(count).ok_or(PaymentError::FamilyFull(self.id))?;
        Ok(first)
    }
}
