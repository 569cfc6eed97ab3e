//! What happens to payouts by themselves.

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;

/// What follows once nothing was heard of a payout until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Silence {
    /// Its day of arrival has come, and counts for the arrival.
    Arrived(Timestamp),
    /// Its day of arrival is over: it is overdue.
    Overdue(Timestamp),
}

impl Silence {
    /// When it follows.
    pub(crate) const fn until(self) -> Timestamp {
        match self {
            Self::Arrived(at) | Self::Overdue(at) => at,
        }
    }
}

/// What happens to a payout next by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PayoutDue {
    /// Its day of arrival has come, or is over.
    Arrival,
    /// It was kept back for too long.
    Cancel,
    /// The platform's money that was set aside after it goes free.
    FreeCover,
    /// Its trace is looked up no longer.
    EndTrace,
}
