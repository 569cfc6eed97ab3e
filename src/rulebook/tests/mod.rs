//! The tables, and what a host can do to them.

mod bank;
mod bank_calendars;
mod bank_debits;
mod capabilities;
mod conversions;
mod corridors;
mod debits;
mod disputes;
mod documents;
mod fields;
mod host;
mod methods;
mod onboarding;
mod requirements;
mod standard;
mod tax;
mod timing;
mod top_ups;
