//! Charges in another currency than the one in which they are booked.

use serde::{Deserialize, Serialize};

use super::{Charge, ChargeState};
use crate::money::{Currency, Money, MoneyError};
use crate::routing::Conversion;

/// How what a charge brings is converted on its way, as settled when it was attempted: what the world tells of it later comes to the same,
/// whatever rates and bank accounts have become meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChargeExchange {
    /// Into the currency in which it is booked.
    pub(crate) settlement: Option<Conversion>,
    /// From that one into the recipient's, with the transfer of a destination charge.
    pub(crate) transfer: Option<Conversion>,
    /// From the currency of the payment into the one in which the platform gets its commission.
    pub(crate) commission: Option<Conversion>,
}

impl ChargeExchange {
    /// Every currency in which something of a payment is booked that is made in that one.
    pub(crate) fn currencies(self, own: Currency) -> impl Iterator<Item = Currency> {
        let converted = [self.settlement, self.transfer, self.commission].into_iter().flatten();
        std::iter::once(own).chain(converted.map(|conversion| conversion.to()))
    }

    /// That so much of a payment can be converted on every way that it may go.
    pub(crate) fn apply(&self, amount: Money) -> Result<(), MoneyError> {
        let settled = Conversion::through(self.settlement, amount)?;
        Conversion::through(self.transfer, settled)?;
        Conversion::through(Conversion::then(self.settlement, self.transfer)?, amount)?;
        Conversion::through(self.commission, amount).map(drop)
    }
}

impl Charge {
    /// Whether so many minor units of it can be converted on every way that they may go.
    pub(crate) fn can_be_converted(&self, minor: i64) -> bool {
        self.exchange().apply(Money::new(minor, self.currency)).is_ok()
    }

    pub(crate) fn with_exchange(self, exchange: ChargeExchange) -> Self {
        if exchange == self.exchange() { self } else { self.with_rare(|rare| rare.exchange = Some(exchange)) }
    }

    pub(crate) fn exchange(&self) -> ChargeExchange {
        self.rare.as_deref().and_then(|rare| rare.exchange).unwrap_or_default()
    }

    /// Into which currency it is converted where it is booked, and at which rate; nothing where its own currency is held there.
    pub fn conversion(&self) -> Option<Conversion> {
        self.exchange().settlement
    }

    /// The currency in which it is booked, and in which the processor takes its fees.
    pub fn settlement_currency(&self) -> Currency {
        self.conversion().map_or(self.currency, |conversion| conversion.to())
    }

    /// What was taken from the payer, as it was booked before fees; nothing as long as nothing was taken.
    // INVARIANT: what is booked was converted before, so it can be converted again.
    pub fn amount_settled(&self) -> Money {
        self.settled(self.amount_captured().minor()).unwrap_or(Money::new(0, self.settlement_currency()))
    }

    /// What so many minor units of it are where it is booked.
    pub(crate) fn settled(&self, minor: i64) -> Result<Money, MoneyError> {
        Conversion::through(self.conversion(), Money::new(minor, self.currency))
    }

    /// What the part between two totals of it is where it is booked.
    pub(crate) fn settled_part(&self, before: i64, after: i64) -> Result<Money, MoneyError> {
        Conversion::part_through(self.conversion(), self.currency, (before, after))
    }

    /// The charge after `delta` more minor units were transferred out of it; negative for a reversal. Nothing if
    /// that would be more than the charge, or the charge brought no money.
    // INVARIANT: transfers tied to a charge, net of reversals, never exceed what it brought, in the currency in which it is booked.
    pub(crate) fn transfer_out(&self, delta: i64) -> Option<Self> {
        let ChargeState::Succeeded(mut captured) = self.state else { return None };
        captured.transferred = captured.transferred.checked_add(delta)?;
        (captured.transferred <= self.amount_settled().minor())
            .then(|| Self { state: ChargeState::Succeeded(captured), ..self.clone() })
    }
}
