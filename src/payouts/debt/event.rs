use serde::{Deserialize, Serialize};

/// What happened to a debt; the object of the event is the account that owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DebtEvent {
    /// `connect_collection_transfer.created`: the platform's money has covered what an account owed for too long.
    // The field has no event for it; the name is that of its balance transaction.
    Collected,
    /// `balance.written_off`: the processor has given up what an account owed.
    // The field has no event for it.
    WrittenOff,
}

impl DebtEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Collected => "connect_collection_transfer.created",
            Self::WrittenOff => "balance.written_off",
        }
    }
}
