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
    /// `transfer.reversal.kept`, a name of our own: a refund came back to the platform, and what it had pulled back of a transfer
    /// stays pulled back. The reversal says how much; a new transfer would pass it on.
    // RULE: the platform has to make a new transfer to pass the money on (docs.stripe.com/refunds, 2024;
    // docs.stripe.com/connect/destination-charges, 2024).
    TransferReversalKept,
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
            Self::TransferReversalKept => "transfer.reversal.kept",
            Self::TransferReversed => "transfer.reversed",
            Self::TransferUpdated => "transfer.updated",
        }
    }
}
