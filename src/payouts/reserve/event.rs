use serde::{Deserialize, Serialize};

/// What happened to a plan, a hold or a release; the object of the event says to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReserveEvent {
    /// `reserved_funds.updated`: the processor keeps more in a reserve of its own, or less. The field has no event for it.
    FundsUpdated,
    /// `reserve.hold.created`
    HoldCreated,
    /// `reserve.hold.updated`
    HoldUpdated,
    /// `reserve.plan.created`
    PlanCreated,
    /// `reserve.plan.disabled`
    PlanDisabled,
    /// `reserve.plan.expired`
    PlanExpired,
    /// `reserve.release.created`
    ReleaseCreated,
}

impl ReserveEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FundsUpdated => "reserved_funds.updated",
            Self::HoldCreated => "reserve.hold.created",
            Self::HoldUpdated => "reserve.hold.updated",
            Self::PlanCreated => "reserve.plan.created",
            Self::PlanDisabled => "reserve.plan.disabled",
            Self::PlanExpired => "reserve.plan.expired",
            Self::ReleaseCreated => "reserve.release.created",
        }
    }
}
