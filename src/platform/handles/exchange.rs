use super::{ExchangeRates, pick};
use crate::ids::QuotedRateId;
use crate::platform::{Command, Decided, Error};
use crate::routing::SetExchangeRate;

impl ExchangeRates<'_> {
    /// Says at which rate money of one currency becomes money of another from now on. What was converted before keeps its rate.
    ///
    /// # Errors
    /// [`RoutingError::ExchangedForItself`](crate::routing::RoutingError::ExchangedForItself).
    pub fn set(&mut self, key: &str, rate: SetExchangeRate) -> Result<Decided<QuotedRateId>, Error> {
        self.0.run(key, Command::SetExchangeRate(rate), pick!(QuotedRate))
    }
}
