//! Instants, business days, and the two clocks of settled money.
//!
//! Money that was charged is *pending* first, then *available*, then paid out. Two clocks decide when:
//!
//! | clock | question | type |
//! |---|---|---|
//! | settlement timing | when does a pending amount become available? | [`Delay`] |
//! | payout schedule | when is available money sent out? | [`Recurrence`] |
//!
//! Neither knows of the other: another schedule never makes a charge settle sooner. Both read a [`BankCalendar`], and both
//! speak of [`Timestamp`], which only a host can supply: nothing here reads a clock.
//!
//! ```
//! use chrono::Weekday;
//! use fundroute::calendar::{BankCalendar, Delay, Recurrence, StartOfDay, arrival_date, utc};
//!
//! let banks = BankCalendar::us_fed();
//! let friday = utc(2026, 11, 6).at(15, 0);
//!
//! // Two business days after a Friday is a Tuesday; three are a Thursday, because the Wednesday is Veterans Day.
//! let available = Delay::Business(2).available_on(friday, &banks)?;
//! assert_eq!(available, utc(2026, 11, 10));
//! assert_eq!(Delay::Business(3).available_on(friday, &banks)?, utc(2026, 11, 12));
//!
//! // Mondays and Thursdays are payout days: the Thursday takes it.
//! let payout = Recurrence::weekly([Weekday::Mon, Weekday::Thu])?.next_run(available, &banks)?;
//! assert_eq!(payout, utc(2026, 11, 12));
//! assert_eq!(arrival_date(payout, &banks, StartOfDay::UTC)?, payout);
//! # Ok::<(), fundroute::calendar::TimeError>(())
//! ```
//!
//! # Rules
//!
//! | rule | source |
//! |---|---|
//! | a day begins at 00:00 UTC, or at the hour of the account ([`StartOfDay`]) | docs.stripe.com/payouts, /payouts/customized-start-of-day, 2026 |
//! | another start of day counts from when it is next reached, and what was before keeps the one before ([`StartsOfDay`]) | docs.stripe.com/payouts/customized-start-of-day, 2026 |
//! | a business day is Monday to Friday without the holidays of the banks that move the money | docs.stripe.com/payouts, 2026 |
//! | counting business days: what happens on a closed day counts as of the next open one, which is day 0 | docs.stripe.com/payouts, 2026 |
//! | counting calendar days: the day itself is day 0, whatever it is | docs.stripe.com/payouts, 2026 |
//! | dollars move when the Federal Reserve is open: a holiday on a Sunday is kept on the Monday, one on a Saturday is not moved | richmondfed.org/about_us/holiday_schedule, 2025 |
//! | euros move when TARGET is open, which has six holidays and moves none | ecb.europa.eu/press/pr/date/2000/html/pr001214_4.en.html, 2000 |
//! | pounds move on no bank holiday of England and Wales | gov.uk/bank-holidays, 2026 |
//! | a payout on a closed day arrives on the next open one, never before | docs.stripe.com/payouts, 2026 |
//! | a day of the month that a month lacks is that month's last day | docs.stripe.com/payouts, 2026 |
//!
//! # Not modelled
//!
//! Time zones: the start of an account's day has one offset from UTC all year. What goes by the clocks of a place, such as a
//! cut-off hour, is in the rulebook's [table](crate::rulebook::Rulebook::time_zone) with its rule of summer time.

mod anchor;
mod business_day;
mod delay;
mod error;
mod holidays;
mod start_of_day;
mod timestamp;

pub use anchor::{MonthDays, Recurrence, WeekdaySet, WeekendDay, arrival_date};
pub use business_day::BankCalendar;
pub use delay::Delay;
pub use error::TimeError;
pub use start_of_day::{StartOfDay, StartsOfDay};
pub use timestamp::{Timestamp, days, hours, utc};
