//! What the world tells of charges: by which card they were, and what a provider has made of them by itself.

use super::{Authorization, Charge, ChargeState};
use crate::ids::{ApplicationFeeId, TransferId};
use crate::payments::PaymentCard;

impl Charge {
    /// The card that it was made with, where it was by card and the world told of it.
    pub fn card(&self) -> Option<&PaymentCard> {
        let told = self.rare.as_deref().and_then(|rare| rare.card.as_ref());
        told.or_else(|| self.authorization().and_then(Authorization::card))
    }

    pub(crate) fn with_card(mut self, card: Option<PaymentCard>) -> Self {
        if card.is_some() {
            self.rare.get_or_insert_default().card = card;
        }
        self
    }

    /// Whether a provider has told of it, or of a transfer of its money. What is sent of such a charge is the provider's affair: while
    /// not everything is told, it may be more than the charge has brought.
    pub fn is_told(&self) -> bool {
        self.rare.as_deref().is_some_and(|rare| rare.told)
    }

    pub(crate) fn told(self) -> Self {
        self.with_rare(|rare| rare.told = true)
    }

    /// What can be given back to the payer if the provider says so, whatever disputes say, in minor units.
    pub(crate) fn left_to_give(&self) -> i64 {
        self.unrefunded()
    }

    /// The charge with so many minor units given back, as the provider says; nothing where nothing was taken.
    pub(crate) fn given_back(&self, amount: i64) -> Option<Self> {
        let ChargeState::Succeeded(mut captured) = self.state else { return None };
        captured.refunded = captured.refunded.checked_add(amount)?;
        Some(Self { state: ChargeState::Succeeded(captured), ..self.clone() })
    }

    /// The charge with so many more minor units sent, or less, as the provider says; `own` is the transfer of a destination charge.
    pub(crate) fn sent(&self, amount: i64, own: Option<TransferId>) -> Option<Self> {
        let ChargeState::Succeeded(mut captured) = self.state else { return None };
        captured.transferred = captured.transferred.checked_add(amount)?;
        captured.transfer = own.map(TransferId::ordinal).or(captured.transfer);
        Some(Self { state: ChargeState::Succeeded(captured), ..self.clone() }.told())
    }

    /// The charge with the commission that the provider has collected of it.
    pub(crate) fn with_fee(&self, fee: ApplicationFeeId) -> Option<Self> {
        let ChargeState::Succeeded(mut captured) = self.state else { return None };
        captured.application_fee = Some(fee.ordinal());
        Some(Self { state: ChargeState::Succeeded(captured), ..self.clone() })
    }
}
