use serde::{Deserialize, Serialize};

use super::filing::{Impossible, Told};
use crate::calendar::Timestamp;
use crate::wire::wire;

wire! {
    /// The names of the states of a delivery, as on the field's wire.
    // RULE: docs.stripe.com/connect/deliver-tax-forms (2024).
    DeliveryStatus:
    "will_not_deliver" WillNotDeliver "Its payee gets none.",
    "needs_attention" NeedsAttention "Something is missing that it needs.",
    "ready" Ready "It goes out with the first filing.",
    "scheduled" Scheduled "It is about to go out.",
    "delivering" Delivering "It is on its way.",
    "delivered" Delivered "Its payee has it.",
    "failed" Failed "It did not arrive.",

    /// How a form comes to its payee.
    TaxDeliveryMethod:
    "electronic" Electronic "On a page of the platform's or the processor's, with the payee's consent.",
    "post" Post "By post.",
}

/// How far a form has got on its way to its payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaxDelivery {
    /// Its payee gets none.
    WillNotDeliver,
    /// Something is missing that it needs.
    NeedsAttention,
    /// It goes out with the first filing.
    Ready,
    /// It is about to go out.
    Scheduled {
        /// How.
        by: TaxDeliveryMethod,
        /// Since when.
        scheduled_at: Timestamp,
    },
    /// It is on its way.
    Delivering {
        /// How.
        by: TaxDeliveryMethod,
        /// Since when it was about to.
        scheduled_at: Timestamp,
        /// Since when it is.
        sent_at: Timestamp,
    },
    /// Its payee has it.
    Delivered {
        /// How.
        by: TaxDeliveryMethod,
        /// Since when.
        delivered_at: Timestamp,
    },
    /// It did not arrive.
    Failed {
        /// How it should have.
        by: TaxDeliveryMethod,
        /// Since when it was about to.
        scheduled_at: Timestamp,
        /// When that was known.
        failed_at: Timestamp,
        /// Why.
        reason: Box<str>,
    },
}

impl TaxDelivery {
    /// The state's name.
    pub const fn status(&self) -> DeliveryStatus {
        match self {
            Self::WillNotDeliver => DeliveryStatus::WillNotDeliver,
            Self::NeedsAttention => DeliveryStatus::NeedsAttention,
            Self::Ready => DeliveryStatus::Ready,
            Self::Scheduled { .. } => DeliveryStatus::Scheduled,
            Self::Delivering { .. } => DeliveryStatus::Delivering,
            Self::Delivered { .. } => DeliveryStatus::Delivered,
            Self::Failed { .. } => DeliveryStatus::Failed,
        }
    }

    /// Whether somebody was asked to bring it and has not said what became of it; and how.
    pub const fn under_way(&self) -> Option<TaxDeliveryMethod> {
        match self {
            Self::Scheduled { by, .. } | Self::Delivering { by, .. } => Some(*by),
            Self::WillNotDeliver
            | Self::NeedsAttention
            | Self::Ready
            | Self::Delivered { .. }
            | Self::Failed { .. } => None,
        }
    }

    /// Whether it goes out with the first filing, or would once nothing is missing.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self, Self::WillNotDeliver | Self::NeedsAttention | Self::Ready)
    }

    /// The delivery after the form was looked at again: what it is, as long as nobody was asked to bring it.
    pub(super) fn assessed(&self, is_wanted: bool, is_complete: bool) -> Self {
        match (self.is_open(), is_wanted, is_complete) {
            (false, _, _) => self.clone(),
            (true, false, _) => Self::WillNotDeliver,
            (true, true, false) => Self::NeedsAttention,
            (true, true, true) => Self::Ready,
        }
    }

    /// The delivery once somebody is asked to bring the form: for the first time, or again after it did not arrive.
    pub(super) const fn schedule(&self, by: TaxDeliveryMethod, scheduled_at: Timestamp) -> Option<Self> {
        match self {
            Self::Ready | Self::Failed { .. } => Some(Self::Scheduled { by, scheduled_at }),
            Self::WillNotDeliver
            | Self::NeedsAttention
            | Self::Scheduled { .. }
            | Self::Delivering { .. }
            | Self::Delivered { .. } => None,
        }
    }

    /// The delivery once the form is on its way.
    // INVARIANT: what is told of an earlier attempt is from before this one was asked for, so it says nothing of it.
    pub(super) fn send(&self, sent_at: Timestamp) -> Told<Self> {
        match self {
            Self::Scheduled { by, scheduled_at } if sent_at >= *scheduled_at => {
                Ok(Some(Self::Delivering { by: *by, scheduled_at: *scheduled_at, sent_at }))
            }
            Self::Delivering { by, scheduled_at, sent_at: known } if (*scheduled_at..*known).contains(&sent_at) => {
                Ok(Some(Self::Delivering { by: *by, scheduled_at: *scheduled_at, sent_at }))
            }
            Self::Scheduled { .. } | Self::Delivering { .. } | Self::Delivered { .. } | Self::Failed { .. } => Ok(None),
            Self::WillNotDeliver | Self::NeedsAttention | Self::Ready => Err(Impossible),
        }
    }

    /// The delivery once the payee has the form, which counts more than that it did not arrive.
    pub(super) fn arrive(&self, delivered_at: Timestamp) -> Told<Self> {
        match self {
            Self::Delivered { delivered_at: known, .. } if delivered_at >= *known => Ok(None),
            Self::Scheduled { by, .. }
            | Self::Delivering { by, .. }
            | Self::Delivered { by, .. }
            | Self::Failed { by, .. } => Ok(Some(Self::Delivered { by: *by, delivered_at })),
            Self::WillNotDeliver | Self::NeedsAttention | Self::Ready => Err(Impossible),
        }
    }

    /// The delivery once it is known that the form did not arrive.
    pub(super) fn fail(&self, failed_at: Timestamp, reason: &str) -> Told<Self> {
        match self {
            Self::Failed { failed_at: known, reason: why, .. } if (*known, &**why) <= (failed_at, reason) => Ok(None),
            Self::Delivered { .. } => Ok(None),
            Self::Scheduled { by, scheduled_at }
            | Self::Delivering { by, scheduled_at, .. }
            | Self::Failed { by, scheduled_at, .. } => {
                let (by, scheduled_at) = (*by, *scheduled_at);
                let failed = || Self::Failed { by, scheduled_at, failed_at, reason: reason.into() };
                Ok((failed_at >= scheduled_at).then(failed))
            }
            Self::WillNotDeliver | Self::NeedsAttention | Self::Ready => Err(Impossible),
        }
    }
}
