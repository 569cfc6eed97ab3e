use serde::{Deserialize, Serialize};

use super::TerminalError;
use super::location::check_text;
use crate::payments::PaymentCard;

/// A card that was presented to a reader and saved for later, as the world calls it.
///
/// What is charged with it later is a payment online, by [`Card`](crate::rulebook::PaymentMethod::Card) under this token. Whose card it
/// is, and what its holder has agreed to, is the host's to keep.
// RULE: a card that was presented cannot be saved itself; what is saved stands for it, and is charged as a card online is
// (docs.stripe.com/terminal/features/saving-payment-details/save-directly, 2025).
///
/// ```
/// use fundroute::payments::PaymentCard;
/// use fundroute::rulebook::CardBrand;
/// use fundroute::terminal::SavedCard;
///
/// let card = SavedCard::under("pm_generated_7").card(PaymentCard::of(CardBrand::Visa));
/// assert_eq!(card.token, "pm_generated_7");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SavedCard {
    /// The acquirer's token under which it can be charged online, of 1 to 255 characters (`generated_card`).
    pub token: String,
    /// The card, as far as the world tells.
    pub card: Option<PaymentCard>,
}

impl SavedCard {
    /// A card of which nothing but the token is known.
    pub fn under(token: impl Into<String>) -> Self {
        Self { token: token.into(), card: None }
    }

    /// The same, with what is known of the card.
    #[must_use]
    pub const fn card(mut self, card: PaymentCard) -> Self {
        self.card = Some(card);
        self
    }

    pub(crate) fn check(&self) -> Result<(), TerminalError> {
        check_text("token", &self.token)
    }
}
