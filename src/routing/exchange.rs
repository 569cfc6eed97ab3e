//! Money that becomes money of another currency.

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::QuotedRateId;
use crate::money::{Currency, ExchangeRate, Money, MoneyError, Rounding};

/// The most that a conversion may come to, in minor units: far more than anybody is paid, so that sums of several stay in range.
const MOST: i64 = 1_000_000_000_000_000_000;

/// Into which currency something is converted, and at which rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Conversion {
    to: Currency,
    rate: ExchangeRate,
}

impl Conversion {
    pub(crate) const fn new(to: Currency, rate: ExchangeRate) -> Self {
        Self { to, rate }
    }

    /// The currency that it leads to.
    pub const fn to(&self) -> Currency {
        self.to
    }

    /// How many minor units of that currency a minor unit of the other one is worth, in full precision.
    pub const fn rate(&self) -> ExchangeRate {
        self.rate
    }

    /// What an amount becomes.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where that is too much.
    // ROUNDING: each conversion by itself, to the nearest minor unit, ties away from zero (recorded exchanges, 2023-2025).
    pub fn of(&self, amount: Money) -> Result<Money, MoneyError> {
        let converted = self.rate.convert(amount, self.to, Rounding::NearestTiesAway)?;
        let is_in_range = converted.minor().unsigned_abs() <= MOST.unsigned_abs();
        if is_in_range { Ok(converted) } else { Err(MoneyError::Overflow) }
    }

    /// What an amount becomes where it is converted, and the amount where it is not.
    pub(crate) fn through(by: Option<Self>, amount: Money) -> Result<Money, MoneyError> {
        by.map_or(Ok(amount), |by| by.of(amount))
    }

    /// The same of the part between two totals of one thing: what the one becomes less what the other does, so that parts in any order
    /// come to the same.
    pub(crate) fn part_through(
        by: Option<Self>,
        currency: Currency,
        (before, after): (i64, i64),
    ) -> Result<Money, MoneyError> {
        let total = |minor| Money::new(minor, currency);
        match by {
            Some(by) => by.of(total(after))?.checked_sub(by.of(total(before))?),
            None => total(after).checked_sub(total(before)),
        }
    }

    /// This conversion and then another one, where there is one.
    pub(crate) fn then(first: Option<Self>, next: Option<Self>) -> Result<Option<Self>, MoneyError> {
        match (first, next) {
            (Some(first), Some(next)) => Ok(Some(Self::new(next.to, first.rate.then(next.rate)?))),
            (first, next) => Ok(first.or(next)),
        }
    }
}

/// An amount as it was booked in another currency than the one in which it is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Converted {
    by: Conversion,
    amount: i64,
}

impl Converted {
    pub(crate) fn new(by: Conversion, of: Money) -> Result<Self, MoneyError> {
        Ok(Self { by, amount: by.of(of)?.minor() })
    }

    /// That so many minor units of the other currency are booked.
    pub(crate) const fn told(by: Conversion, amount: i64) -> Self {
        Self { by, amount }
    }

    /// Into which currency, and at which rate.
    pub const fn by(&self) -> Conversion {
        self.by
    }

    /// What was booked.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.by.to)
    }
}

/// How a commission is converted: for the account that pays it, and for the platform that gets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeeExchange {
    pub(crate) paid: Option<Conversion>,
    pub(crate) received: Option<Conversion>,
}

impl FeeExchange {
    /// As it is kept: what is not converted leaves no trace.
    pub(crate) fn kept(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// A command: say at which rate money of one currency becomes money of another from now on.
///
/// It is the rate in the middle of the market. What the processor takes of money that comes in is
/// [a rule](crate::rulebook::Rulebook::conversion_fee) and not part of it; what goes back goes at this rate. Nothing is converted between
/// two currencies before their rate is known.
///
/// A host that mirrors a provider sets the rate of each booking before it asks for it; with no conversion fee in its rulebook that is the
/// rate at which money comes in, too.
///
/// ```
/// use fundroute::money::Currency;
/// use fundroute::prelude::*;
/// use fundroute::routing::SetExchangeRate;
///
/// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// // A US cent is worth 1.36622 Singapore cents.
/// platform.exchange_rates().set("monday", SetExchangeRate::new(USD, Currency::SGD, "1.36622".parse()?))?;
/// assert_eq!(platform.exchange_rate(USD, Currency::SGD)?.map(|quoted| quoted.mid()), Some("1.36622".parse()?));
/// assert!(platform.exchange_rate(Currency::SGD, USD)?.is_none());
/// # Ok::<(), Error>(())
/// ```
// RULE: what comes in is converted at the middle less a fee, what goes back at the middle (recorded exchanges of 2023-2025;
// docs.stripe.com/currencies/conversions, 2024). Which rate that is, the host says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetExchangeRate {
    /// What is converted.
    pub from: Currency,
    /// What it becomes. The way back is a rate of its own.
    pub to: Currency,
    /// How many minor units of `to` a minor unit of `from` is worth.
    pub mid: ExchangeRate,
}

impl SetExchangeRate {
    /// This rate for this pair.
    pub const fn new(from: Currency, to: Currency, mid: ExchangeRate) -> Self {
        Self { from, to, mid }
    }
}

/// At which rate money of one currency becomes money of another, as the host has said last.
// INVARIANT: its id is made of the pair, so that it is found by key; it is replaced and never taken away, so that what was converted
// once can go back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedRate {
    id: QuotedRateId,
    from: Currency,
    to: Currency,
    mid: ExchangeRate,
    set_at: Timestamp,
}

impl QuotedRate {
    pub(crate) const fn new(id: QuotedRateId, command: &SetExchangeRate, set_at: Timestamp) -> Self {
        let SetExchangeRate { from, to, mid } = *command;
        Self { id, from, to, mid, set_at }
    }

    /// Its id.
    pub const fn id(&self) -> QuotedRateId {
        self.id
    }

    /// What is converted.
    pub const fn from(&self) -> Currency {
        self.from
    }

    /// What it becomes.
    pub const fn to(&self) -> Currency {
        self.to
    }

    /// The rate in the middle of the market: minor units to minor units.
    pub const fn mid(&self) -> ExchangeRate {
        self.mid
    }

    /// Since when it holds.
    pub const fn set_at(&self) -> Timestamp {
        self.set_at
    }
}
