//! Payments that a plan shares out, and what is born of payments.

use super::PaymentIntent;
use crate::ids::AccountId;
use crate::money::Money;
use crate::payments::{Flow, PaymentError};
use crate::routing::{Commission, PaymentPlan, Sale, Share, SplitPlan};
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
    const fn seller(flow: &Flow) -> Option<AccountId> {
        match flow {
            Flow::Direct { account, .. } | Flow::Destination { account, .. } => Some(*account),
            Flow::Separate => None,
        }
    }

    /// That its plan can be carried out for so much, by that method if it is known.
    pub(crate) fn check_plan(&self, method: Option<PaymentMethod>, amount: Money) -> Result<(), PaymentError> {
        let Some(plan) = self.plan() else { return Ok(()) };
        Ok(plan.check((Self::seller(&self.flow), method), amount)?)
    }

    /// Who gets a part of so much that has been taken, in all: as its flow says, and its plan; and what the plan has come to.
    pub(crate) fn shared_out(&self, flow: Flow, method: PaymentMethod, total: Money) -> (Flow, Option<Commission>) {
        let Some((PaymentPlan::Commission(plan), account)) = self.plan().zip(Self::seller(&flow)) else {
            return (flow, None);
        };
        let commission = plan.of_taken(&Sale { account, method, amount: total });
        let application_fee = commission.collected().minor();
        let flow = match flow {
            Flow::Direct { account, .. } => Flow::Direct { account, application_fee },
            Flow::Destination { account, .. } => {
                Flow::Destination { account, share: Share::ApplicationFee(application_fee) }
            }
            Flow::Separate => flow,
        };
        (flow, Some(commission))
    }

    /// The payment after a part was named, which goes before the plan from then on.
    pub(crate) fn without_plan(mut self) -> Self {
        if let Some(rare) = self.rare.as_deref_mut() {
            rare.plan = None;
        }
        self.without_empty_rare()
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
