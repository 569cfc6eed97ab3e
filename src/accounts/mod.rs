//! Connected accounts: who is paid, what each may do, and which bank account its money goes to.
//!
//! ```text
//!  capability      requested ──► pending ──► active ◄──► inactive
//!                                   └────────────────────────▲
//!  bank account    new ──► errored (a payout came back) ──► replaced by another
//! ```
//!
//! | edge | postings | event |
//! |---|---|---|
//! | account created | none | `account.updated` |
//! | capability reviewed | none | `capability.updated` |
//! | bank account added | none | `account.external_account.created` |
//! | payout came back | none | `account.external_account.updated` |
//!
//! # Rules
//! - The three kinds are presets of the controller's properties, fixed when the account is created
//!   (docs.stripe.com/connect/migrate-to-controller-properties, 2025).
//! - A custom account names the capabilities it asks for (docs.stripe.com/api/accounts/create, 2026).
//! - The first bank account of a currency is its default; another one takes its place
//!   (docs.stripe.com/api/external_accounts, 2026).
//!
//! # Not modelled
//! Requirements, account links, OAuth, persons and controllers other than the three presets: an account
//! becomes ready when the host reports its capabilities active.

mod account;
mod capability;
mod controller;
mod error;
mod event;
mod external_account;

pub use account::{Account, NewAccount, Role};
pub use capability::{CapabilityReviewed, CapabilityState, CapabilityStatus};
pub use controller::{Controller, Dashboard, FeePayer, LossBearer, RequirementCollector};
pub use error::AccountError;
pub use event::{AccountEvent, AccountInstruction};
pub use external_account::{BankDetails, ExternalAccount, ExternalAccountState, NewBankAccount};
