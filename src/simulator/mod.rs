//! A stand-in for the world outside: card networks, banks and identity checks, for examples and tests.
//!
//! A [`World`] is as pure as the platform: it is given instructions and answers with facts, the same ones every time. What it
//! answers is decided by the tokens and account numbers that the field documents for its test mode:
//!
//! | given | the world answers |
//! |---|---|
//! | a card | taken at once |
//! | `pm_card_chargeDeclined` and its kin | refused at once, with the documented reason |
//! | `pm_card_createDispute` and its kin | taken at once, and disputed, inquired about or warned of |
//! | evidence by one of the documented words | won, lost, or an inquiry escalated; of any other nothing is heard |
//! | a bank debit | taken after its notification delay |
//! | `pm_usBankAccount_noAccount` and its kin | refused after the same delay |
//! | a voucher | nothing until [`World::pay_voucher`]; with the token [`PAYS_AT_ONCE`], paid at once |
//! | a payout to a bank account | paid on its arrival date, or failed as the [test number](crate::rulebook::TestDestination) says |
//! | something that an account has given | true, but for [`UNKNOWN_NUMBER`] and the other test values |
//! | an account to review | every capability active |
//!
//! ```
//! use fundroute::prelude::*;
//! use fundroute::simulator::{DECLINED, World};
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let mut world = World::new();
//! let sale = platform.payments().create("order-1", NewPayment::card(usd(20_00)).token(DECLINED))?.answer;
//! world.settle(&mut platform)?;
//! assert_eq!(platform.payment(sale)?.status().to_string(), "requires_payment_method");
//! # Ok::<(), Error>(())
//! ```

mod banks;
mod disputes;
mod onboarding;
mod world;

pub use banks::bank_account;
pub use disputes::{
    DISPUTED, DISPUTED_NOT_RECEIVED, ESCALATING_EVIDENCE, INQUIRED, LOSING_EVIDENCE, WARNED, WINNING_EVIDENCE,
};
pub use onboarding::{UNKNOWN_ADDRESS, UNKNOWN_BIRTH, UNKNOWN_NUMBER, UNREADABLE_DOCUMENT};
pub use world::{DEBIT_REFUSED, DECLINED, INSUFFICIENT_FUNDS, NEVER_ANSWERS, PAYS_AT_ONCE, World};
