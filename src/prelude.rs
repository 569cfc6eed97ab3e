//! What nearly every host names: `use fundroute::prelude::*`.

pub use crate::accounts::NewAccount;
pub use crate::calendar::{Timestamp, days, hours, utc};
pub use crate::money::{Money, brl, eur, gbp, usd};
pub use crate::payments::{NewPayment, NewRefund};
pub use crate::platform::{Command, Decided, Error, NewPlatform, Platform, Request};
pub use crate::routing::NewTransfer;
pub use crate::rulebook::{PaymentMethod, Rulebook};

pub use crate::rulebook::Country;
pub use crate::rulebook::Country::{BR, DE, GB, US};

/// US dollars.
pub const USD: crate::money::Currency = crate::money::Currency::USD;
/// Euros.
pub const EUR: crate::money::Currency = crate::money::Currency::EUR;
/// Pounds sterling.
pub const GBP: crate::money::Currency = crate::money::Currency::GBP;
/// Brazilian reais.
pub const BRL: crate::money::Currency = crate::money::Currency::BRL;
