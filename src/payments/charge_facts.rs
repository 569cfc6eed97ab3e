use serde::{Deserialize, Serialize};

use super::{ChargeFailure, DebitFailure, PaymentCard};
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

/// A fact: the payer's bank has pulled money of a charge back after it had succeeded, and there is no dispute about it.
///
/// Banks do that with debits; told of anything else it is an [anomaly](crate::journal::AnomalyReason::NotReversible), because the
/// money of a card comes back through a [dispute](super::DisputeOpened). Told before the success of its charge it waits for that.
///
/// ```
/// use fundroute::payments::{ChargeReversed, DebitFailure};
/// use fundroute::prelude::*;
/// use fundroute::simulator::World;
///
/// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// let mut world = World::new();
/// let order = NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00));
/// let order = platform.payments().create("order", order)?.answer;
/// world.advance(&mut platform, days(11))?;
/// assert_eq!(platform.balance(platform.id(), USD)?.available, 99_20);
///
/// // The bank had paid, and found out later that the account was closed.
/// let charge = platform.charge_of(order)?.id();
/// let back = ChargeReversed::of(charge, usd(100_00)).because(DebitFailure::AccountClosed);
/// platform.payments().record_reversed("return-1", utc(2026, 11, 13), back)?;
/// assert_eq!(platform.charge_of(order)?.reversed(), usd(100_00));
/// // What the processor took for the payment it keeps.
/// assert_eq!(platform.balance(platform.id(), USD)?.available, -80);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeReversed {
    /// The charge.
    pub charge: Named,
    /// How much was pulled back: as a rule all of it, and never more than was taken, or the fact is an anomaly.
    pub amount: Money,
    /// Why, if the bank said so.
    pub failure: Option<DebitFailure>,
}

impl ChargeReversed {
    /// Money pulled back, of which nothing is told but the amount.
    pub fn of(charge: impl Into<Named>, amount: Money) -> Self {
        Self { charge: charge.into(), amount, failure: None }
    }

    /// The same, for this reason.
    #[must_use]
    pub const fn because(mut self, failure: DebitFailure) -> Self {
        self.failure = Some(failure);
        self
    }
}
