use serde::{Deserialize, Serialize};

/// What happened to a transfer or a commission; the object of the event says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RoutingEvent {
    /// `application_fee.created`
    ApplicationFeeCreated,
    /// `application_fee.refunded`
    ApplicationFeeRefunded,
    /// `transfer.created`
    TransferCreated,
    /// `transfer.reversed`
    TransferReversed,
    /// `transfer.updated`
    TransferUpdated,
}

impl RoutingEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApplicationFeeCreated => "application_fee.created",
            Self::ApplicationFeeRefunded => "application_fee.refunded",
            Self::TransferCreated => "transfer.created",
            Self::TransferReversed => "transfer.reversed",
            Self::TransferUpdated => "transfer.updated",
        }
    }
}
