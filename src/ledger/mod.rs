//! Double entry, per currency, append only: an [`Entry`] balances or cannot be built.
//!
//! Every cent is in exactly one ledger account. A connected account and the platform each own buckets; the
//! processor and the world outside have accounts of their own, so that each currency sums to zero:
//!
//! | owner | [`LedgerAccount`] | holds |
//! |---|---|---|
//! | the platform, a connected account | `Pending` | funds that become available on a date |
//! | | `Available` | funds that can be moved or paid out now; may be negative |
//! | | `ConnectReserved` | the platform's funds held against its accounts' debts |
//! | | `RiskReserved` | funds held back by a reserve |
//! | | `InTransit` | payouts under way |
//! | the processor | `Fees`, `Exchange`, `Disputes`, `Losses` | what it earned, converted, withholds and absorbed |
//! | outside | `Payers`, `Banks` | where money came from and where it went |
//!
//! What an owner reads as a *balance transaction* is a [`Line`]: an amount, the fees taken out of it, and
//! the date on which the rest becomes available. The other side of an entry, and what moves between buckets of
//! one owner, are plain [`Posting`]s. The types and reporting categories of lines are the field's own
//! (docs.stripe.com/reports/balance-transaction-types, /reports/reporting-categories, 2024).
//!
//! # Rules
//! - `net = amount - fees` (docs.stripe.com/api/balance_transactions, 2026).
//! - An owner's balance is the sum of the nets of its lines, and what it has on its way to banks and in reserve; settling moves it
//!   between buckets.
//! - A debit on its way is pending and has no date; a date is a deadline, on which what lies there settles.
//! - No balance-after is stored anywhere: a running balance is a view, and so is the [`BalanceReport`] of a period.
//!
//! # Not modelled
//! Partitions of a balance by source type, which the field keeps for older accounts.

mod account;
mod entry;
mod error;
mod line;
mod report;
mod statement;

pub use account::LedgerAccount;
pub use entry::{Entry, EntryKind, Posting};
pub(crate) use entry::{Lines, Postings};
pub use error::LedgerError;
pub use line::{Bucket, FeeDetail, FeeKind, Line, LineKind, ReportingCategory};
pub(crate) use report::Reporter;
pub use report::{Activity, BalanceReport, CurrencyReport};
pub(crate) use statement::without_replaced;
pub use statement::{Balance, BalanceTransaction, Explanation, Statement};
