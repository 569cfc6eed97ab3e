//! Tax records: what payees were paid in a year, and the forms on which that is reported.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::arithmetic_side_effects, reason = "small numbers of the tests' own")]

mod corrections;
mod exports;
mod facts;
mod limits;
mod refused;
mod shop;
mod totals;
