use serde::{Deserialize, Serialize};

use super::{ChargeFailure, PaymentCard};
use crate::ids::ChargeId;
use crate::money::Money;

/// A fact names a charge by its id, or by the reference under which the world knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Named {
    /// By its id here.
    Id(ChargeId),
    /// By the world's reference, as told by [`ChargeSubmitted`]. A fact whose reference is not known yet is parked.
    Reference(String),
}

impl From<ChargeId> for Named {
    fn from(id: ChargeId) -> Self {
        Self::Id(id)
    }
}

/// A fact: the world took a charge up, and knows it by a reference of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSubmitted {
    /// The charge.
    pub charge: ChargeId,
    /// The provider's id for it; unique among charges.
    pub reference: String,
}

/// A fact: the money of a charge was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSucceeded {
    /// The charge.
    pub charge: Named,
    /// How much was taken: the amount that was asked for, or the fact is an anomaly.
    pub amount: Money,
    /// With which card.
    pub card: Option<PaymentCard>,
}

impl ChargeSucceeded {
    /// Money taken, of which nothing is told but the amount.
    pub fn of(charge: impl Into<Named>, amount: Money) -> Self {
        Self { charge: charge.into(), amount, card: None }
    }

    /// The same, by this card.
    #[must_use]
    pub const fn card(mut self, card: PaymentCard) -> Self {
        self.card = Some(card);
        self
    }
}

/// A fact: an attempt came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeFailed {
    /// The charge.
    pub charge: Named,
    /// Why.
    pub failure: ChargeFailure,
}
