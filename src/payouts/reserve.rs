//! Holding back a part of what accounts are paid, for the refunds and disputes that may come: reserves.
//!
//! ```text
//!  plan   active ──► disabled   what it holds back is let go
//!           └──────► expired    what it holds back stays until its own time
//!
//!  hold   held ──► partly_released ──► released
//!           └──────────────┴─────────► consumed   a claim on its charge
//! ```
//!
//! | edge | balance transactions | postings | event |
//! |---|---|---|---|
//! | plan created | none | none | `reserve.plan.created` |
//! | held, alone | `reserve_hold` | available → in reserve | `reserve.hold.created` |
//! | held, of a charge or a transfer | `reserve_hold` beside the charge's | pending or available → in reserve | `reserve.hold.created`; `reserve.hold.updated` where a further capture adds to it |
//! | let go | `reserve_release` | in reserve → available, or pending until the charge is available | `reserve.release.created`, `reserve.hold.updated` |
//! | claimed | `reserve_release` beside the refund's or the dispute's | in reserve → where the claim is taken from | the same |
//! | plan disabled | none, then those of what is let go | | `reserve.plan.disabled` |
//! | plan expired | none | none | `reserve.plan.expired` |
//! | kept by the processor | `reserved_funds`, a debit; a credit where it is let go | available → in reserve, or back | `reserved_funds.updated`, our own |
//!
//! # Rules
//! - A platform holds money of the accounts back whose losses it bears (docs.stripe.com/connect/connected-account-reserves, 2025).
//! - A plan holds back a percentage of each charge, and of what transfers bring: for some days after it, until one date, or until
//!   somebody lets it go (docs.stripe.com/api/reserve/plan/object, 2026). The charge itself shows as it would without.
//! - What is held back is let go at the midnight (UTC) after its date (docs.stripe.com/api/reserve/hold/object, 2026), and after 180 days
//!   at the latest (docs.stripe.com/connect/connected-account-reserves, 2025), which is [a rule](crate::rulebook::Rulebook::reserve_limit).
//! - A refund or a dispute that takes at least as much as is held back of its charge has that first, whole; a smaller one leaves it where
//!   it is, and needs other money (docs.stripe.com/connect/connected-account-reserves, 2025, and what is told of it since). So does a
//!   transfer that is taken back, and a debit that a payer's bank pulls back, which is our reading.
//! - A plan that is disabled lets everything go at once (docs.stripe.com/api/reserve/plan, 2026): a microsecond later, and if that is
//!   more than 16 holds, so many at a time.
//!
//! - The processor may keep money of any account in a reserve of its own ([`FundsReserved`]): a debit, and a credit once it lets it go
//!   (docs.stripe.com/reports/balance-transaction-types, 2024).
//!
//! # Our own readings
//! - An account has at most one plan for each currency in force, and one for all. What is paid in a currency that has a plan of its own
//!   goes by that one alone.
//! - A plan has effect on what comes from then on. What is captured in parts is held back by the plan of the first part, on the running
//!   total. No more is held back than a charge brings after its fees.
//! - What comes back before its charge is available is pending until then. Refunds that came back are not held back again.
//! - While more of a charge can be captured, no claim lets anything go: what is held back of it may still grow. The largest one is
//!   looked at once nothing more can be captured.
//! - A claim is compared with what is left of the hold; claims are not added up. Both are in the currency in which the money is booked on
//!   the account: the claim is what the account is debited, at the rate of its day where it was converted.
//! - What the processor keeps is taken from what is available, whatever that leaves, and comes back there; no claim lets it go. The field has
//!   no event for it.
//! - What stands in reserve is not on the balance that pays out, transfers and gives back: see
//!   [`Balance::risk_reserved`](crate::ledger::Balance::risk_reserved). A live account is not closed while it has any. What an account
//!   has in reserve that was turned away, or closed in test mode, is let go in its time.
//!
//! # A new seller
//! ```
//! use fundroute::money::Rate;
//! use fundroute::payouts::{NewReservePlan, ReleaseReason};
//! use fundroute::prelude::*;
//! use fundroute::simulator::World;
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let mut world = World::new();
//! let jo = world.onboard(&mut platform, NewAccount::express(US))?;
//! let quarter = NewReservePlan::rolling(jo, Rate::from_basis_points(25_00), 30);
//! platform.reserves().create_plan("jo is new", quarter)?;
//!
//! // Two sales: 75.00 and 30.00 are on their way to jo, 25.00 and 10.00 stay in reserve.
//! let sale = |amount| NewPayment::card(amount).destination(jo);
//! let order = platform.payments().create("order-1", sale(usd(100_00)))?.answer;
//! platform.payments().create("order-2", sale(usd(40_00)))?;
//! world.settle(&mut platform)?;
//! let balance = platform.balance(jo, USD)?;
//! assert_eq!((balance.pending, balance.risk_reserved), (105_00, 35_00));
//!
//! // The first one is paid out, and then comes back: what was held back of it pays a quarter.
//! world.advance(&mut platform, days(7))?;
//! platform.refunds().create("return", NewRefund::of(order).reverse_transfer())?;
//! let balance = platform.balance(jo, USD)?;
//! assert_eq!((balance.available, balance.risk_reserved), (-75_00, 10_00));
//! let hold = platform.charge_of(order)?.hold().unwrap();
//! assert_eq!(platform.reserve_hold(hold)?.status().to_string(), "consumed");
//!
//! // What is owed is taken from jo's bank. What is left in reserve is let go by itself, at the midnight after the thirtieth day, and paid out.
//! world.advance(&mut platform, days(30))?;
//! let balance = platform.balance(jo, USD)?;
//! assert_eq!((balance.available, balance.risk_reserved), (0, 0));
//! let why = |record: &fundroute::journal::Record| match record {
//!     fundroute::journal::Record::ReserveRelease(release) => Some(release.reason()),
//!     _ => None,
//! };
//! let whys: Vec<ReleaseReason> = platform.records().filter_map(why).collect();
//! assert_eq!(whys, [ReleaseReason::HoldReversed, ReleaseReason::HoldExpired]);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Not modelled
//! Money of several holds let go in one; a source type, metadata. What of a plan can be edited no page says, though the field has an event
//! for it (`reserve.plan.updated`): a plan is ended and another one made.

mod command;
mod error;
mod event;
mod hold;
mod plan;
mod posting;
mod processor;

pub use command::ReserveCommand;
pub use error::{ReserveError, ReserveHoldStatus, ReservePlanStatus};
pub use event::ReserveEvent;
pub use hold::{
    Claim, HoldReason, NewReserveHold, NewReserveRelease, ReleaseReason, ReserveHold, ReserveHoldState, ReserveRelease,
};
pub(crate) use hold::{HeldOf, HeldShare};
pub use plan::{DisableReservePlan, NewReservePlan, PlanRelease, Releasing, ReservePlan, ReservePlanState};
pub(crate) use posting::ReserveLine;
pub use processor::{FundsReserved, ReservedFunds};
