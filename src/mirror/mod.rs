//! The mirror: what a payment provider makes by itself comes in as facts, and the books follow to the cent.
//!
//! A service on top of a provider gets its events and its balance transactions. Each of them is told as a [`ProviderFact`]: it names the
//! provider's own reference (`ch_…`, `tr_…`, `po_…`) and the provider's own figures, and nothing is worked out here that the provider has
//! decided: its fee, its dates, its parts. A fact creates the record that the crate would have made itself (a payment with its charge, a
//! transfer, a commission, a payout, a refund), so that balances, statements, explanations and disputes are those of any other platform.
//!
//! A platform that only [mirrors](crate::platform::NewPlatform::mirroring) makes nothing by itself: no payout by its schedules, no debit
//! of a bank, no collection of a debt, and commands that move money are [refused](crate::Error::OnlyMirrors). The clock still makes
//! pending money available. On any other platform the same facts are taken as well.
//!
//! # A webhook's loop
//! ```
//! use fundroute::mirror::{ProviderCharge, ProviderFact, ProviderFee, ProviderTransfer};
//! use fundroute::payments::Named;
//! use fundroute::prelude::*;
//!
//! let new = NewPlatform::in_country(US).mirroring();
//! let mut books = Platform::new(new, Rulebook::standard(), utc(2026, 11, 4))?;
//! let (us, jo) = (books.id(), books.accounts().create("jo", NewAccount::express(US))?.answer);
//!
//! // What the host makes of the provider's events, in the order in which they happen to arrive.
//! let charge = Some(Named::Reference("ch_1".to_owned()));
//! let on = utc(2026, 11, 6);
//! let events: Vec<(&str, ProviderFact)> = vec![
//!     ("evt_3", ProviderFee {
//!         reference: "fee_1".to_owned(),
//!         charge: Named::Reference("ch_1".to_owned()),
//!         account: jo.into(),
//!         amount: usd(10_00),
//!         paid_on: on,
//!         received_on: on,
//!     }.into()),
//!     ("evt_2", ProviderTransfer {
//!         reference: "tr_1".to_owned(),
//!         destination: jo.into(),
//!         charge,
//!         amount: usd(100_00),
//!         sent_on: on,
//!         received_on: on,
//!     }.into()),
//!     ("evt_1", ProviderCharge::new("ch_1", us, usd(100_00), on).fee(3_20).destination(jo).into()),
//! ];
//! for (event, fact) in events {
//!     books.mirror().record(event, utc(2026, 11, 4), fact)?;
//! }
//! books.advance_to(utc(2026, 11, 7))?;
//! assert_eq!(books.balance(jo, USD)?.available, 90_00);
//! assert_eq!(books.balance(us, USD)?.available, 6_80);
//! # Ok::<(), fundroute::Error>(())
//! ```
//!
//! # Rules
//! - Facts come in any order and any number of times. One that names what is not known yet waits for it, as any fact does; what never
//!   comes becomes an anomaly. A refund beyond what is left of its charge waits for one that comes to nothing.
//! - Dates are told. In which bucket money is follows from its date and the clock.
//! - What is set aside for the debts of accounts follows from the balances, as on any platform, and is not told.
//! - Payouts are [`PayoutTrigger::Provider`](crate::payouts::PayoutTrigger::Provider): nobody is asked to send them. Of what became of
//!   one, that it failed holds over that it was called off, and that over its arrival (the latter is our own reading).
//! - Accounts are the host's to create, under ids of its own or with the provider's reference ([`ProviderAccount`]).
//!
//! | fact | entry | lines |
//! |---|---|---|
//! | [`ProviderCharge`] | `Charge` | `charge` or `payment` |
//! | [`ProviderTransfer`] | `Transfer` | `transfer`, `payment` |
//! | [`ProviderFee`] | `ApplicationFee` | the fee of a `payment` of nothing, `application_fee` |
//! | [`ProviderRefund`], [`ProviderRefundFailed`] | `Refund`, `RefundReturned` | `refund`, `refund_failure`; `payment_refund` |
//! | [`ProviderReversal`] | `TransferReversal` | `transfer_refund`, `payment_refund` |
//! | [`ProviderFeeRefund`] | `ApplicationFeeRefund` | `application_fee_refund` twice |
//! | [`ProviderPayout`], [`ProviderPayoutNews`] | `Payout`, `PayoutPaid`, `PayoutFailed`, `PayoutCanceled` | `payout`, `payout_failure`, `payout_cancel` |
//! | [`ProviderLine`] | `Provider` | `stripe_fee`, `tax_fee`, `adjustment`, `topup` |
//!
//! # Not modelled
//! Conversions: what is told is in the currency in which it is booked, and one object is in one currency. Authorizations and captures in
//! parts: a charge is told with what was captured. Payouts within minutes, and which transactions a payout settled. Holds of reserves: of
//! what is told nothing is held back, and what is taken back lets nothing go. Debits of accounts, and debits of banks.

mod fact;
mod line;
mod posting;

pub use fact::{
    NamedAccount, PayoutFate, ProviderAccount, ProviderCharge, ProviderFact, ProviderFee, ProviderFeeRefund,
    ProviderLine, ProviderLineKind, ProviderPayout, ProviderPayoutNews, ProviderRefund, ProviderRefundFailed,
    ProviderReversal, ProviderTransfer,
};
pub use line::ProviderTransaction;
pub(crate) use posting::FeeCollected;
