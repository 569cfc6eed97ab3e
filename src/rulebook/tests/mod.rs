//! The tables, and what a host can do to them.

mod bank;
mod capabilities;
mod corridors;
mod debits;
mod fields;
mod host;
mod onboarding;
mod requirements;
mod standard;
