//! Tools for the platform's own people: reports as rows, the comparison of a provider's report with the ledger, and answers for sellers.
//!
//! A report is a view of the ledger, made when somebody asks, and nothing is stored for it. Its rows have the columns of the field's
//! own reports, so that what a host has written for those reads these, and [`csv()`] prints any of them.
//!
//! | report | rows | what holds |
//! |---|---|---|
//! | balance summary: [`Platform::balance_summary`](crate::Platform::balance_summary) | [`SummaryRow`] | the first and what lies between come to the last |
//! | balance changes one by one: [`Platform::itemized`](crate::Platform::itemized) | [`ItemizedRow`] | they sum to the activity of the summary |
//! | what payouts settled: [`Platform::payout_reconciliation`](crate::Platform::payout_reconciliation) | [`PayoutContents`](crate::payouts::PayoutContents), and of them [`ItemizedRow`] | opening and lines come to the payout and closing |
//!
//! [`Platform::reconcile`](crate::Platform::reconcile) holds a provider's report of balance changes, read by [`ProviderRow::read_csv`], against
//! the ledger, and answers with a [`Reconciliation`]: each [`Difference`], with what comes nearest to it.
//!
//! For whoever answers a seller: [`Platform::timeline`](crate::Platform::timeline) tells what happened to an account's money, and
//! [`Platform::story`](crate::Platform::story) what came of one payment, transfer, refund or payout, for everybody whom it concerned.
//!
//! What the platform watches its accounts for, and what it answers for, is in [`risk`].
//!
//! # Rules
//! - Columns and their meaning: docs.stripe.com/reports/report-types/balance and /reports/api (2024). Amounts are in major units,
//!   moments in UTC.
//! - Moments are compared by their day in UTC: two clocks never agree to the second.
//!
//! # Not modelled
//! Columns that describe customers, cards and descriptions, which a ledger does not know.

pub mod risk;

mod provider;
mod reconciliation;
mod row;
mod support;

pub use provider::{ProviderRow, ReportError};
pub(crate) use reconciliation::Reconciler;
pub use reconciliation::{Aspect, Difference, Reconciliation, Totals};
pub use row::{ItemizedRow, SummaryRow, csv};
pub use support::{Happening, Moved, Story};
