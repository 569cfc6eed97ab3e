//! Exact money: amounts in minor units, rates, currency conversion, and splits that lose nothing.
//!
//! # Rules
//!
//! | rule | source |
//! |---|---|
//! | An amount is a whole number of minor units of one currency; how many digits a currency has is the payments API's count, not the bank note's | docs.stripe.com/currencies, 2024 |
//! | No binary fractions anywhere, no default rounding: every multiplication names its [`Rounding`] | our own |
//! | The house rounding is [`Rounding::NearestTiesAway`]: to the nearest minor unit, ties up, once, at the end | support.stripe.com, rounding rules for Stripe fees, undated |
//! | A text with more decimals than the currency has is refused, never rounded | our own |
//! | The parts of a [`Split`] sum to the whole, and a zero weight gets zero | our own |
//! | Shares of a series of partial refunds are shares of the running total, less what was given before | our own; agrees with every partial refund recorded in the field's test mode |
//! | An exchange rate maps minor units to minor units, and is applied in full precision | `exchange_rate` of a balance transaction, API reference, 2026 |
//!
//! # Example
//!
//! A sale of 100.00 USD: the processor takes 2.9 % and 0.30, two cooks and a rider share the rest,
//! and a third of the sale is later given back.
//!
//! ```
//! use fundroute::money::{Rate, Rounding, Spare, Split, cumulative_part, usd};
//!
//! let sale = usd(100_00);
//! let percentage: Rate = "2.9 %".parse()?;
//! let fee = percentage.of(sale, Rounding::NearestTiesAway)?.checked_add(usd(30))?;
//! assert_eq!(fee, usd(3_20));
//!
//! let rest = sale.checked_sub(fee)?;
//! let shares = Split::new(vec![3, 3, 1], Spare::Largest)?.allocate(rest)?;
//! assert_eq!(shares, [usd(41_49), usd(41_48), usd(13_83)]);
//!
//! let fee_returned = cumulative_part(fee.minor(), 33_33, sale.minor(), 0)?;
//! assert_eq!(fee_returned, 1_07);
//! # Ok::<(), fundroute::money::MoneyError>(())
//! ```
//!
//! # Not modelled
//!
//! Which amounts may be charged or paid out (minimum, maximum, multiples of ten or a hundred) is
//! the rulebook's business: it depends on the country, the method and the year. A symbol or a local
//! number format is the host's.

mod allocate;
mod amount;
mod compound;
mod currency;
mod rate;
mod rounding;
mod series;
pub(crate) mod wide;

pub use allocate::{Spare, Split};
pub use amount::{Major, Money, MoneyError, brl, eur, gbp, jpy, usd};
pub(crate) use compound::compound;
pub use currency::Currency;
pub use rate::{ExchangeRate, Rate};
pub use rounding::{Rounding, mul_div};
pub use series::cumulative_part;
