//! By which id a bank finds a payout.

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::PayoutId;

/// For how many days after a payout has arrived its trace is looked up.
// RULE: docs.stripe.com/payouts/trace-ids (2026).
const DAYS_LOOKED_UP: i64 = 10;

/// The most characters of a trace id: our own choice, no page says.
const LONGEST: usize = 128;

/// By which id a bank finds a payout that somebody misses.
///
/// ```
/// use fundroute::payouts::TraceId;
///
/// let trace = TraceId::Supported("021000021234567");
/// assert_eq!((trace.status(), trace.value()), ("supported", Some("021000021234567")));
/// assert_eq!((TraceId::Pending.status(), TraceId::Pending.value()), ("pending", None));
/// ```
// RULE: docs.stripe.com/payouts/trace-ids (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceId<'a> {
    /// It is not known yet: the payout is under way, or its trace is still looked up.
    Pending,
    /// The payout can be found by this.
    Supported(&'a str),
    /// There is none.
    Unsupported,
}

impl<'a> TraceId<'a> {
    /// The word on the wire.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Supported(_) => "supported",
            Self::Unsupported => "unsupported",
        }
    }

    /// The id itself, where there is one.
    pub const fn value(self) -> Option<&'a str> {
        match self {
            Self::Supported(value) => Some(value),
            Self::Pending | Self::Unsupported => None,
        }
    }
}

/// A fact: it is known by which id a bank finds a payout, or that there is none.
///
/// Of several the one with the latest time holds, in whatever order they come; of one moment the one that sorts last, and any id before none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutTraced {
    /// The payout.
    pub payout: PayoutId,
    /// The id, in 1 to 128 characters; nothing where there is none.
    pub trace_id: Option<String>,
}

impl PayoutTraced {
    /// Whether the id says something, and not too much.
    pub(crate) fn is_valid(&self) -> bool {
        let fits = |text: &String| !text.trim().is_empty() && text.chars().count() <= LONGEST;
        self.trace_id.as_ref().is_none_or(fits)
    }
}

/// What is known of a payout's trace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Trace {
    /// Nothing, and it is not looked up, or not any more.
    Closed,
    /// Nothing yet.
    Open,
    /// What was told, and when.
    Told(Timestamp, Option<Box<str>>),
}

impl Trace {
    /// What was told, if that is news.
    // INVARIANT: the latest holds, so that the order of delivery is no matter.
    pub(crate) fn told(&self, at: Timestamp, trace_id: Option<&str>) -> Option<Self> {
        let next = Self::Told(at, trace_id.map(Box::from));
        (next > *self).then_some(next)
    }

    /// Until when the trace of a payout that arrived then is looked up; nothing where it is not.
    pub(crate) fn open_until(&self, paid_at: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Open => Some(paid_at.plus_days(DAYS_LOOKED_UP).unwrap_or(Timestamp::MAX)),
            Self::Closed | Self::Told(..) => None,
        }
    }

    /// The same, where nothing is looked up any more.
    pub(crate) fn closed(self) -> Self {
        match self {
            Self::Open | Self::Closed => Self::Closed,
            Self::Told(..) => self,
        }
    }

    /// What it shows of a payout whose fate is known.
    pub(crate) fn shown(&self) -> TraceId<'_> {
        match self {
            Self::Open => TraceId::Pending,
            Self::Told(_, Some(value)) => TraceId::Supported(value),
            Self::Closed | Self::Told(_, None) => TraceId::Unsupported,
        }
    }
}
