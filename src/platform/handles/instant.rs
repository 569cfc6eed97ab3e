use super::{Payouts, pick};
use crate::ids::InstantTermsId;
use crate::money::Currency;
use crate::payouts::SetInstantPrice;
use crate::platform::{Command, Decided, Error};
use crate::routing::Fee;

impl Payouts<'_> {
    /// Says what the platform takes of its accounts' payouts within minutes in a currency, from now on: see [`SetInstantPrice`]. Nothing
    /// for no price.
    ///
    /// # Errors
    /// [`PayoutError::Price`](crate::payouts::PayoutError::Price) where the fee contradicts itself, or names amounts in another currency.
    pub fn set_instant_price(
        &mut self,
        key: &str,
        currency: Currency,
        price: Option<Fee>,
    ) -> Result<Decided<InstantTermsId>, Error> {
        let command = SetInstantPrice { currency, price };
        self.0.run(key, Command::SetInstantPrice(command), pick!(InstantTerms))
    }
}
