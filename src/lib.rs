#![doc = include_str!("../README.md")]

pub mod money;
pub mod ids;
pub mod calendar;
pub mod rulebook;
pub mod ledger;
