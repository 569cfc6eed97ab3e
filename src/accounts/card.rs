use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::AccountError;
use crate::rulebook::{CardBrand, CardFunding};

/// A card, as far as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its network.
    pub brand: CardBrand,
    /// Whose money it spends; payouts go to debit cards only.
    pub funding: CardFunding,
    /// The month that it expires at the end of, from 1.
    pub exp_month: u8,
    /// The year of that month.
    pub exp_year: u16,
}

impl Card {
    /// A debit card that expires at the end of a month.
    pub const fn debit(brand: CardBrand, exp_month: u8, exp_year: u16) -> Self {
        Self { brand, funding: CardFunding::Debit, exp_month, exp_year }
    }

    /// That payouts can be sent to it on that day.
    // RULE: debit cards that are not prepaid (docs.stripe.com/error-codes, `invalid_card_type`, 2024).
    pub(crate) fn check(self, today: NaiveDate) -> Result<(), AccountError> {
        if self.funding != CardFunding::Debit {
            return Err(AccountError::CardNotDebit(self.funding));
        }
        if !(1..=12).contains(&self.exp_month) {
            return Err(AccountError::ExpiryMonthInvalid(self.exp_month));
        }
        let this_month = (today.year(), today.month());
        if (i32::from(self.exp_year), u32::from(self.exp_month)) < this_month {
            return Err(AccountError::CardExpired { month: self.exp_month, year: self.exp_year });
        }
        Ok(())
    }
}
