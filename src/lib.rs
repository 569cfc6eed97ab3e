#![doc = include_str!("../README.md")]

pub mod accounts;
pub mod calendar;
pub mod ids;
pub mod journal;
pub mod ledger;
pub mod manual;
pub mod mirror;
pub mod money;
pub mod payments;
pub mod payouts;
pub mod platform;
pub mod prelude;
pub mod routing;
pub mod rulebook;
pub mod simulator;
pub mod terminal;
pub mod tools;
mod wire;

pub use platform::{Decided, Error, ErrorKind, Platform};
