//! Who gets what of a payment: charge types, commissions, transfers and their way back.
//!
//! ```text
//!  transfer          created ──► partially reversed ──► reversed
//!  application fee   collected ──► partially refunded ──► refunded
//! ```
//!
//! | edge | balance transactions | event |
//! |---|---|---|
//! | transfer created | `transfer` on the platform, `payment` on the account | `transfer.created` |
//! | transfer reversed | `transfer_refund` on the platform, `payment_refund` on the account | `transfer.reversed` |
//! | account debited | `transfer` on the account, `payment` on the platform, less what the debit costs | `transfer.created` on the account |
//! | debit reversed | `transfer_refund` on the account, `payment_refund` on the platform | `transfer.reversed` on the account |
//! | exchange rate set | none | none |
//! | fee collected, of a charge or of a [payout within minutes](crate::payouts::SetInstantPrice) | `application_fee` on the platform, a fee of the account's line | `application_fee.created` |
//! | fee refunded | `application_fee_refund` on both | `application_fee.refunded` |
//!
//! What a platform takes of each sale is a [`FeePlan`], who gets what of it a [`SplitPlan`]: values that hosts build once, store, and ask
//! for the amounts of their payments, transfers and reversals. They know nothing of any platform.
//!
//! # Rules
//! - A commission and a transfer amount exclude each other (docs.stripe.com/connect/destination-charges, 2026).
//! - Shares pulled back by partial refunds are *cumulative*: the rounded share of all refunds that asked for
//!   it so far, less what was already pulled back, and never more than what is left
//!   (recorded exchanges of 2023-2025: 880 of 1200 gives 367 back on 500, then 733 on 1000).
//! - Transfers tied to a charge, less what came back, never exceed the charge, carry its currency and become
//!   available with it (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
//! - Destination charges and transfers go where [`Rulebook::lane`](crate::rulebook::Rulebook::lane) lets the platform's money go, and
//!   in the ways that are open there (docs.stripe.com/connect/charges and /connect/cross-border-payouts, 2026).
//! - To accounts under the recipient agreement they come a day later than to others
//!   (docs.stripe.com/connect/cross-border-payouts, 2024).
//! - A transfer that its recipient cannot hold is converted into the recipient's default currency, at the rate in the middle of the market
//!   less a fee. It is defined in its own currency: what comes back of it comes back to the cent, and the recipient gives for it what it
//!   costs at the middle of that day (recorded exchanges of 2023-2025; docs.stripe.com/connect/separate-charges-and-transfers, 2024).
//! - An account debit is a transfer made on the account, to the platform: where the platform bears the account's losses, within one
//!   of a few regions, in the account's default currency, up to a maximum, and never below zero
//!   (docs.stripe.com/connect/account-debits, 2024 and 2026).
//!
//! # Not modelled
//! Conversion of debits. Commissions that a payment works out by itself, from a plan: it is told the amount. Debits that lead below zero,
//! which the field allows to some platforms; a debit as a charge with the account as its source, the older shape of the same; debits of
//! accounts whose losses the processor bears, which a page of 2024 had for payments, charges and payouts that it named.

mod application_fee;
mod error;
mod event;
mod exchange;
mod fee;
mod fee_plan;
mod plan_error;
mod posting;
mod proportion;
mod share;
mod split_plan;
mod transfer;

pub use crate::rulebook::ChargeType;
pub use application_fee::{ApplicationFee, ApplicationFeeRefund, FeeSource, NewApplicationFeeRefund};
pub use error::RoutingError;
pub use event::RoutingEvent;
pub(crate) use exchange::FeeExchange;
pub use exchange::{Conversion, Converted, QuotedRate, SetExchangeRate};
pub use fee::{Excess, Fee, Tier, Tiering};
pub use fee_plan::{Commission, CommissionTax, FeePlan, FeePlanBuilder, Sale, When};
pub use plan_error::PlanError;
pub(crate) use posting::{Dates, FeeReturned, Returned, Sent};
pub use proportion::Proportion;
pub use share::Share;
pub use split_plan::{Allotment, SpareUnits, SplitPlan, SplitPlanBuilder};
pub use transfer::{NewTransfer, NewTransferReturn, NewTransferReversal, Transfer, TransferReversal};
