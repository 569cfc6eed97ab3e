//! What changes by country, currency, payment method and year: data, not code.
//!
//! The rules of the field live in small tables beside this page, one row a rule, each with the page and the year it was read
//! from. [`Rulebook::standard`] holds them all; a host edits its copy, or reads tables of its own over it. Rules are looked up
//! when something is decided, and their outcome is written down with the decision, so no history needs an old rulebook.
//!
//! ```
//! use fundroute::money::{Currency, Money, Rate};
//! use fundroute::rulebook::{Country, PaymentMethod, Price, Rulebook};
//!
//! let book = Rulebook::standard();
//! let price = book.price(Country::US, PaymentMethod::Card, Currency::USD)?;
//! assert_eq!(price.fee(Money::new(100_00, Currency::USD))?, Money::new(3_20, Currency::USD));
//!
//! // A host with a better deal:
//! let ours = Price::new(Country::US, PaymentMethod::Card, Currency::USD, "2.5%".parse()?, 10);
//! let book = book.with_price(ours)?;
//! let price = book.price(Country::US, PaymentMethod::Card, Currency::USD)?;
//! assert_eq!(price.fee(Money::new(100_00, Currency::USD))?, Money::new(2_60, Currency::USD));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The tables, by [`Table`]:
//!
//! | file | a row says | looked up with |
//! |---|---|---|
//! | `countries.csv` | where accounts may be, and which currencies settle there | [`Rulebook::country`] |
//! | `currencies.csv` | how little and how much may be charged | [`Rulebook::charge_limits`] |
//! | `settlement_timing.csv` | how long charges stay pending, which payout schedules are open | [`Rulebook::settlement_delay`], [`Rulebook::schedule_rule`] |
//! | `payment_methods.csv` | what a way to pay needs and allows | [`Rulebook::payment_method`] |
//! | `prices.csv` | what the processor takes | [`Rulebook::price`] |
//! | `payout_minimums.csv` | how little may be paid out | [`Rulebook::payout_limits`] |
//! | `payout_failure_codes.csv` | why banks send payouts back | [`Rulebook::payout_failure`] |
//! | `payout_test_values.csv` | the bank accounts and cards of test mode | [`Rulebook::test_destination`] |
//!
//! What is not known is not in a table, and asking for it is a typed error or `None`, never a zero.
//!
//! The plain words that rows speak ([`AccountKind`], [`Capability`], [`PaymentMethod`] …) are declared here too, so that every
//! part of the crate may use them.
//!
//! # Not modelled
//!
//! Slower settlement of charges from abroad in Brazil and India, dearer cards from abroad, minimums of payouts that cross a
//! border, and every price but the few in the table.

mod book;
mod charge_limits;
mod country;
mod edit;
mod error;
mod method;
mod payout;
mod price;
mod source;
mod table;
mod test_destination;
mod timing;
mod words;

#[cfg(test)]
mod tests;

pub use book::Rulebook;
pub use charge_limits::ChargeLimits;
pub use country::CountryRule;
pub use error::RulebookError;
pub use iso_country::Country;
pub use method::MethodRule;
pub use payout::{PayoutFailureRule, PayoutLimits};
pub use price::Price;
pub use source::Source;
pub use table::Table;
pub use test_destination::{TestDestination, TestOutcome};
pub use timing::{ScheduleRule, SettlementTiming};
pub use words::{
    AccountKind, Availability, Capability, DestinationKind, Notification, PaymentMethod, Region, UnknownWord,
};
