use super::{Pricing, pick};
use crate::ids::{AccountId, PricingSchemeId};
use crate::platform::{Command, Decided, Error};
use crate::routing::{AssignPricing, NewPricingScheme, PricingCommand, UpdatePricingScheme};

impl Pricing<'_> {
    /// Makes a scheme of prices: see [`NewPricingScheme`].
    ///
    /// # Errors
    /// [`PricingError`](crate::routing::PricingError): a name that is missing or too long, rules without one that is for everything and takes
    /// something, and of payouts rules that ask for what only sales have.
    pub fn create(&mut self, key: &str, scheme: NewPricingScheme) -> Result<Decided<PricingSchemeId>, Error> {
        self.0.run(key, Command::Pricing(PricingCommand::Create(scheme)), pick!(PricingScheme))
    }

    /// Changes a scheme of prices from now on. What it has decided before stays what it is.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`PricingError`](crate::routing::PricingError) as of [`create`](Self::create), also where nothing changes.
    pub fn update(&mut self, key: &str, update: UpdatePricingScheme) -> Result<Decided<PricingSchemeId>, Error> {
        self.0.run(key, Command::Pricing(PricingCommand::Update(update)), pick!(PricingScheme))
    }

    /// Says whose prices are found by which scheme from now on: see [`AssignPricing`].
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`PricingError::WrongScheme`](crate::routing::PricingError::WrongScheme) where it is for something else.
    pub fn assign(&mut self, key: &str, assign: AssignPricing) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::Pricing(PricingCommand::Assign(assign)), pick!(Account))
    }
}
