use super::Mirror;
use crate::calendar::Timestamp;
use crate::ids::ObjectId;
use crate::journal::{Fact, FactOutcome, Known};
use crate::mirror::ProviderFact;
use crate::platform::facts::origin_of_reference;
use crate::platform::{Decided, Error, Platform};

impl Mirror<'_> {
    /// Records what the provider made or did by itself, under the id of its event.
    ///
    /// ```
    /// use fundroute::mirror::{ProviderCharge, ProviderRefund};
    /// use fundroute::payments::Named;
    /// use fundroute::prelude::*;
    ///
    /// let mut books = Platform::new(NewPlatform::in_country(US).mirroring(), Rulebook::standard(), utc(2026, 11, 4))?;
    /// let (us, on) = (books.id(), utc(2026, 11, 6));
    /// let sale = ProviderCharge::new("ch_1", us, usd(50_00), on).fee(1_75);
    /// books.mirror().record("evt_1", utc(2026, 11, 4), sale)?;
    /// let back = ProviderRefund {
    ///     reference: "re_1".to_owned(),
    ///     charge: Named::Reference("ch_1".to_owned()),
    ///     amount: usd(20_00),
    ///     fee_returned: 0,
    ///     available_on: on,
    /// };
    /// books.mirror().record("evt_2", utc(2026, 11, 4), back)?;
    /// assert_eq!(books.balance(us, USD)?.pending, 28_25);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`record`](Platform::record).
    pub fn record(
        &mut self,
        id: &str,
        at: Timestamp,
        fact: impl Into<ProviderFact>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::Provider(Box::new(fact.into())))
    }
}

/// Reading. Nothing here changes anything.
impl Platform {
    /// The object that a provider's fact has made here, or news of which it is; nothing while that is not known.
    ///
    /// ```
    /// use fundroute::ids::ObjectId;
    /// use fundroute::mirror::ProviderCharge;
    /// use fundroute::prelude::*;
    ///
    /// let mut books = Platform::new(NewPlatform::in_country(US).mirroring(), Rulebook::standard(), utc(2026, 11, 4))?;
    /// let sale = ProviderCharge::new("ch_1", books.id(), usd(50_00), utc(2026, 11, 6));
    /// assert_eq!(books.made_by_provider(&sale.clone().into())?, None);
    /// books.mirror().record("evt_1", utc(2026, 11, 4), sale.clone())?;
    /// let Some(ObjectId::Charge(charge)) = books.made_by_provider(&sale.into())? else { panic!("a charge") };
    /// assert_eq!(books.charge(charge)?.amount(), usd(50_00));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn made_by_provider(&self, fact: &ProviderFact) -> Result<Option<ObjectId>, Error> {
        match self.state.reference(origin_of_reference(self.id, fact.kind(), fact.reference()).name) {
            Known::Here((_, object)) => Ok(object),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }
}
