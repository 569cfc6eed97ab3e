//! Tools for the platform's own people: reports as rows, the comparison of a provider's report with the ledger, and answers for sellers.
//!
//! A report is a view of the ledger, made when somebody asks, and nothing is stored for it. Its rows have the columns of the field's
//! own reports, so that what a host has written for those reads these, and [`csv()`] prints any of them.
//!
//! | report | rows | what holds |
//! |---|---|---|
//! | balance summary: [`Platform::balance_summary`](crate::Platform::balance_summary) | [`SummaryRow`] | the first and what lies between come to the last |
//! | balance changes one by one: [`Platform::itemized`](crate::Platform::itemized) | [`ItemizedRow`] | they sum to the activity of the summary |
//! | the monthly bill: [`Platform::monthly_bill`](crate::Platform::monthly_bill) | [`BillRow`] | what was billed is the `stripe_fee` lines of the month's end |
//! | earnings: [`Platform::earnings`](crate::Platform::earnings) | [`EarningsRow`] | in each currency, and in each grouping, they come to the change of the platform's balance |
//! | what payouts settled: [`Platform::payout_reconciliation`](crate::Platform::payout_reconciliation) | [`PayoutContents`](crate::payouts::PayoutContents), and of them [`ItemizedRow`] | opening and lines come to the payout and closing |
//!
//! [`Platform::reconcile`](crate::Platform::reconcile) holds a provider's report of balance changes, read by [`ProviderRow::read_csv`], against
//! the ledger, and answers with a [`Reconciliation`]: each [`Difference`], with what comes nearest to it.
//!
//! For whoever answers a seller: [`Platform::timeline`](crate::Platform::timeline) tells what happened to an account's money, and
//! [`Platform::story`](crate::Platform::story) what came of one payment, transfer, refund or payout, for everybody whom it concerned.
//! [`Platform::account_summary`](crate::Platform::account_summary) is all that has to be known of an account at once.
//!
//! What such a person does are commands like all others, with who was behind them and why: [`Attribution`],
//! [`Platform::support_actions`](crate::Platform::support_actions).
//!
//! [`tax`]: what payees were paid in a year, and the forms on which that is reported.
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

mod attribution;
mod bill;
mod earnings;
mod provider;
mod reconciliation;
pub mod risk;
mod row;
mod summary;
mod support;
pub mod tax;

pub(crate) use attribution::Deed;
pub use attribution::{Agent, Attribution, AttributionError, SupportAction};
pub use bill::BillRow;
pub(crate) use earnings::{Concerns, Earner};
pub use earnings::{Earnings, EarningsHeading, EarningsPart, EarningsRow, EarningsTotal};
pub use provider::{ProviderRow, ReportError};
pub(crate) use reconciliation::Reconciler;
pub use reconciliation::{Aspect, Difference, Reconciliation, Totals};
pub use row::{ItemizedRow, SummaryRow, csv};
pub use summary::{
    AccountSummary, BalanceSummary, Blocker, Failure, HeldBack, HeldBy, OpenDispute, PayoutUnderWay, Warning,
};
pub use support::{Happening, Moved, Story};
