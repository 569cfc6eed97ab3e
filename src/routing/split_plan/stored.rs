//! How a plan is read that somebody else has stored.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::{DEEPEST, Get, SpareUnits, SplitPlan, SplitPlanBuilder, To};
use crate::ids::AccountId;
use crate::routing::{Excess, PlanError};

/// A plan whose parts are split again by plans of the kind `P`.
#[derive(Deserialize)]
#[serde(rename = "SplitPlanBuilder")]
pub(super) struct Stored<P> {
    parts: Vec<(Recipient<P>, Get)>,
    spare: SpareUnits,
    excess: Excess,
}

#[derive(Deserialize)]
#[serde(rename = "To")]
enum Recipient<P> {
    Account(AccountId),
    Among(P),
}

/// A plan below the deepest one.
pub(super) enum TooDeep {}

/// A plan as deep as any may be.
// INVARIANT: one type for each level, so that what is nested deeper is turned away before it is read, and never fills the stack.
pub(super) type Deepest = Stored<Stored<Stored<Stored<Stored<Stored<Stored<Stored<TooDeep>>>>>>>>;

impl<'de> Deserialize<'de> for TooDeep {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(PlanError::TooDeep(DEEPEST)))
    }
}

impl TryFrom<TooDeep> for SplitPlan {
    type Error = PlanError;

    fn try_from(none: TooDeep) -> Result<Self, Self::Error> {
        match none {}
    }
}

impl<P: TryInto<SplitPlan, Error = PlanError>> TryFrom<Stored<P>> for SplitPlan {
    type Error = PlanError;

    fn try_from(stored: Stored<P>) -> Result<Self, Self::Error> {
        let Stored { parts, spare, excess } = stored;
        let mut plan = SplitPlanBuilder { parts: Vec::with_capacity(parts.len()), spare, excess };
        for (to, get) in parts {
            let to = match to {
                Recipient::Account(account) => To::Account(account),
                Recipient::Among(nested) => To::Among(nested.try_into()?),
            };
            plan.parts.push((to, get));
        }
        plan.build()
    }
}
