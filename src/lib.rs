#![doc = include_str!("../README.md")]

pub mod money;
pub mod ids;
pub mod calendar;
pub mod rulebook;
pub mod ledger;
pub mod accounts;
pub mod routing;
pub mod payments;
pub mod payouts;
