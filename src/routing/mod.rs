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
//! | scheme made, changed, assigned | none | none |
//! | fee collected, of a charge or of a [payout within minutes](crate::payouts::SetInstantPrice) | `application_fee` on the platform, a fee of the account's line; `tax_fee` on both where it is taxed | `application_fee.created` |
//! | fee refunded | `application_fee_refund` on both, with `tax_fee` the other way round | `application_fee.refunded` |
//!
//! What a platform takes of each sale is a [`FeePlan`], who gets what of it a [`SplitPlan`]: values that hosts build once, store, and ask
//! for the amounts of their payments, transfers and reversals. They know nothing of any platform. A payment that carries one
//! ([`NewPayment::plan`](crate::payments::NewPayment::plan)) asks by itself, once its money is there. One that names nothing of its own
//! follows a [`PricingScheme`]: a plan of fees with a name, for all accounts or for one.
//!
//! ```text
//!  scheme   enabled ◄──► disabled          rules   in force ──► replaced (kept for what they decided)
//! ```
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
//!   of a few regions, in the account's default currency, up to a maximum; below zero only where the platform has connected reserves and a bank
//!   account in the currency (docs.stripe.com/connect/account-debits, 2024 and 2026). Where the platform cannot hold that currency it comes to
//!   it in its own, as all that comes in (docs.stripe.com/connect/currencies, 2024). A debit that is taken back comes back to the account to
//!   the minor unit, and the platform gives what that costs at the middle of the day.
//! - The plan of a payment is worked out on what was captured, and a commission or a transfer amount that is named goes before it
//!   (docs.stripe.com/connect/platform-pricing-tools, 2024). What it takes is no more than what was captured
//!   (docs.stripe.com/connect/direct-charges and /connect/destination-charges, 2026). That captures in parts and refunds go by it,
//!   cumulatively, is our own reading.
//! - A scheme of prices is for payments whose processing the platform is billed for, of accounts that can be asked for commissions, captured
//!   once, and without a commission or a transfer amount of their own; the first rule that is met decides, discounts and markups come after
//!   the fee, and all is rounded once (docs.stripe.com/connect/platform-pricing-tools, 2024, and /pricing-schemes, 2026). That an attempt
//!   keeps the rules that it began with is our own choice.
//! - A tax on a commission is a line of its own, rounded by itself (docs.stripe.com/reports/balance-transaction-types, 2024;
//!   support.stripe.com, rounding rules for Stripe fees, undated), and goes back with the commission. The seller pays both.
//!
//! # Not modelled
//! Fees in another currency than the sale's, converted; conditions on product codes and categories. Groups of accounts, but for accounts that
//! follow the same scheme. Tax on a commission that is named, not planned. A debit as a charge with
//! the account as its source, the older shape of the same; debits of accounts whose losses the processor bears, which a page of 2024 had for
//! payments, charges and payouts that it named.

mod application_fee;
mod error;
mod event;
mod exchange;
mod fee;
mod fee_plan;
mod payment_plan;
mod plan_error;
mod posting;
mod pricing;
mod proportion;
mod sale;
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
pub use fee_plan::{Commission, CommissionTax, FeePlan, FeePlanBuilder};
pub use payment_plan::{PaymentPlan, Planned};
pub use plan_error::PlanError;
pub(crate) use posting::{CommissionTaxed, Dates, FeeReturned, Returned, Sent};
pub use pricing::{
    AssignPricing, NewPricingScheme, PriceRule, PricingCommand, PricingError, PricingRules, PricingScheme,
    PricingStatus, UpdatePricingScheme,
};
pub use proportion::Proportion;
pub(crate) use sale::Occasion;
pub use sale::{Sale, SaleDetails, When};
pub use share::Share;
pub use split_plan::{Allotment, SpareUnits, SplitPlan, SplitPlanBuilder};
pub use transfer::{NewTransfer, NewTransferReturn, NewTransferReversal, Transfer, TransferReversal};
