//! What stands in an account's way: rejections, reviews, pauses, closing; how long its payments wait; what each kind allows.
#![expect(clippy::unwrap_used, reason = "a recipe that cannot go on has failed")]
#![expect(clippy::panic, reason = "a check that fails stops its test")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a test are small")]

#[path = "standing/closing.rs"]
mod closing;
#[path = "standing/converging.rs"]
mod converging;
#[path = "standing/delays.rs"]
mod delays;
#[path = "standing/gates.rs"]
mod gates;
#[path = "machines/golden.rs"]
mod golden;
#[path = "standing/grid.rs"]
mod grid;
#[path = "standing/holds.rs"]
mod holds;
#[path = "standing/in_flight.rs"]
mod in_flight;
#[path = "standing/inquiries.rs"]
mod inquiries;
#[path = "standing/kinds.rs"]
mod kinds;
#[path = "standing/opening.rs"]
mod opening;
#[path = "standing/readiness.rs"]
mod readiness;
#[path = "standing/shop.rs"]
mod shop;
