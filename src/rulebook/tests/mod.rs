//! The tables, and what a host can do to them.

mod host;
mod standard;
