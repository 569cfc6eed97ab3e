use serde::{Deserialize, Serialize};

use super::{Allotment, Commission, FeePlan, PlanError, Sale, SplitPlan};
use crate::ids::AccountId;
use crate::money::Money;
use crate::rulebook::PaymentMethod;

/// What becomes of a payment's money by itself, once it is there.
///
/// ```
/// use fundroute::ids::AccountId;
/// use fundroute::money::usd;
/// use fundroute::prelude::*;
/// use fundroute::routing::{Excess, Fee, FeePlan, Planned, SplitPlan, When};
///
/// let (house, jo, courier) = (AccountId::from_host([1; 14]), AccountId::from_host([2; 14]), AccountId::from_host([3; 14]));
/// let tenth = FeePlan::builder(Excess::Cap).rule(When::always(), Fee::percent("10 %".parse()?)).build()?;
/// let sale = NewPayment::card(usd(80_00)).destination(jo).plan(tenth);
/// let Some(Planned::Commission(taken)) = sale.quote(None)? else { panic!("a plan of fees") };
/// assert_eq!(taken.collected(), usd(8_00));
///
/// let parts = SplitPlan::builder(Excess::Cap).amount(courier, usd(5_00)).share(house, "10 %".parse()?).rest(jo).build()?;
/// let Some(Planned::Split(parts)) = NewPayment::card(usd(80_00)).plan(parts).quote(None)? else { panic!("a split") };
/// assert_eq!([courier, house, jo].map(|party| parts.of(party)), [5_00, 8_00, 67_00]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentPlan {
    /// What the platform takes of a direct or a destination charge.
    Commission(FeePlan),
    /// Who gets what of a separate charge, each with a transfer out of it.
    Split(SplitPlan),
}

impl PaymentPlan {
    /// That it can be carried out for so much, as far as it is known whose sale it is and how it is paid.
    pub(crate) fn check(
        &self,
        sale: (Option<AccountId>, Option<PaymentMethod>),
        amount: Money,
    ) -> Result<(), PlanError> {
        match (self, sale) {
            (Self::Commission(plan), (Some(account), Some(method))) => {
                plan.commission(&Sale { account, method, amount }).map(drop)
            }
            (Self::Commission(plan), _) if plan.is_for(amount.currency()) => Ok(()),
            (Self::Commission(_), _) => Err(PlanError::CurrencyNotCovered(amount.currency())),
            (Self::Split(plan), _) => plan.allot_sale(amount).map(drop),
        }
    }
}

impl From<FeePlan> for PaymentPlan {
    fn from(plan: FeePlan) -> Self {
        Self::Commission(plan)
    }
}

impl From<SplitPlan> for PaymentPlan {
    fn from(plan: SplitPlan) -> Self {
        Self::Split(plan)
    }
}

/// What the plan of a payment comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Planned {
    /// What the platform takes.
    Commission(Commission),
    /// Who gets what.
    Split(Allotment),
}
