use serde::{Deserialize, Serialize};

/// What happened to a review, which is the object of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RiskEvent {
    /// `review.closed`
    ReviewClosed,
    /// `review.opened`
    ReviewOpened,
}

impl RiskEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReviewClosed => "review.closed",
            Self::ReviewOpened => "review.opened",
        }
    }
}
