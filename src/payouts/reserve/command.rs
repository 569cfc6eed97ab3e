use serde::{Deserialize, Serialize};

use super::{DisableReservePlan, NewReserveHold, NewReservePlan, NewReserveRelease};
use crate::ids::Family;

/// What somebody wants of reserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReserveCommand {
    /// Hold a part back of everything that an account is paid.
    CreatePlan(NewReservePlan),
    /// Hold nothing more back by a plan, and let everything go.
    DisablePlan(DisableReservePlan),
    /// Hold money back by itself.
    Hold(NewReserveHold),
    /// Let money go that is held back.
    Release(NewReserveRelease),
}

impl ReserveCommand {
    /// The family that it names.
    pub(crate) const fn family(&self) -> Family {
        match self {
            Self::CreatePlan(plan) => plan.account.family(),
            Self::DisablePlan(disable) => disable.plan.family(),
            Self::Hold(hold) => hold.account.family(),
            Self::Release(release) => release.hold.family(),
        }
    }
}
