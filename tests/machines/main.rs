//! What each machine does in each state, and what its data looks like when it is written down.
//!
//! Expectations are committed as text in `tests/snapshots`, for a reviewer to read. After an intended change run
//! `BLESS=1 cargo test --test machines` and look at the difference.
#![expect(clippy::unwrap_used, reason = "the recipes of a test stop it where they go wrong")]
#![expect(clippy::panic, reason = "a check that fails stops its test")]
#![expect(clippy::arithmetic_side_effects, reason = "small numbers of the tests' own")]

mod components;
mod events;
mod golden;
mod grid;
mod grid_access;
mod grid_accounts;
mod grid_attempts;
mod grid_bank_debits;
mod grid_captures;
mod grid_debits;
mod grid_debts;
mod grid_destinations;
mod grid_disputes;
mod grid_facts;
mod grid_mirror;
mod grid_payments;
mod grid_payout_reversals;
mod grid_payouts;
mod grid_plans;
mod grid_pricing;
mod grid_refunds;
mod grid_requirements;
mod grid_resends;
mod grid_reserved_funds;
mod grid_reserves;
mod grid_reversals;
mod grid_risk;
mod grid_routing;
mod grid_submissions;
mod grid_tax;
mod grid_terminal;
mod grid_timing;
mod grid_top_ups;
mod permutations;
mod scene;
mod shapes;
mod shapes_accounts;
mod shapes_crossing;
mod shapes_exchange;
mod shapes_instant;
mod shapes_pricing;
mod shapes_risk;
mod shapes_terminal;
mod tidy;
