//! A stand-in for the world outside: card networks, banks and identity checks, for examples and tests.
//!
//! A [`World`] is as pure as the platform: it is given instructions and answers with facts, the same ones every time. What it
//! answers is decided by the tokens and account numbers that the field documents for its test mode:
//!
//! | given | the world answers |
//! |---|---|
//! | a card | taken at once |
//! | `pm_card_chargeDeclined` and its kin | refused at once, with the documented reason |
//! | a card to be captured later | authorized at once, and captured when asked; `pm_card_amex` and its kin tell the network |
//! | `pm_card_createDispute` and its kin | taken at once, and disputed, inquired about or warned of |
//! | evidence by one of the documented words | won, lost, or an inquiry escalated; of any other nothing is heard |
//! | a bank debit | taken after its notification delay |
//! | `pm_usBankAccount_noAccount` and its kin | refused after the same delay |
//! | a debit of [`DEBIT_PULLED_BACK`] | taken after the same delay, and pulled back by the payer's bank two days later |
//! | a voucher | nothing until [`World::pay_voucher`]; with the token [`PAYS_AT_ONCE`], paid at once |
//! | a refund | given back the next day; a payer who has to name a bank account does so then, and has the money a day later |
//! | a refund to `pm_card_refundFail` | given back the next day, and back here the day after |
//! | a refund to `pm_card_pendingRefund` | under way at once, given back the next day |
//! | a refund of a payment with the token [`REFUND_NEVER_ANSWERS`] | nothing, ever |
//! | a payout to a bank account | paid on its arrival date, or failed as the [test number](crate::rulebook::TestDestination) says |
//! | a payout to the bank account [`PAYOUT_CALLED_OFF`] | handed over at once, and called off by the processor on its arrival date |
//! | a bank account whose [test number](crate::rulebook::TestOutcome) says so | looked at whose it is, by [`World::add_bank`] or [`World::look_whose`] |
//! | a card that [blocks payouts](crate::rulebook::TestOutcome::BlocksPayouts) | taken at once, and the payouts of the account behind the payment stopped |
//! | a debit of a bank for a balance below zero | the same |
//! | a top-up | paid on the date that is expected, the next day where none is; or failed, as the test number says or [`TOP_UP_UNPAID`] |
//! | a top-up from [`TOP_UP_PULLED_BACK`] | paid on that date, and pulled back by the bank two days later |
//! | a reader | done at once; of a payment in person the token tells which card is presented, and whether it is declined |
//! | a reader with the serial number [`READER_OFFLINE`], [`READER_BROKEN`] or [`READER_TIMES_OUT`] | not done, for that reason |
//! | one with [`READER_LOSES_CONNECTION`] | told as not done, though the money has moved |
//! | one with [`NEVER_ANSWERS`] | nothing, until it is asked to stop |
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
mod cards;
mod disputes;
mod onboarding;
mod readers;
mod top_ups;
mod world;

pub use banks::bank_account;
pub use cards::{
    AUTHENTICATION_REQUIRED, CAPTURE_NEVER_ANSWERS, DEBIT_PULLED_BACK, DEBIT_REFUSED, DECLINED, INSUFFICIENT_FUNDS,
    PAYS_AT_ONCE,
};
pub use disputes::{
    DISPUTED, DISPUTED_NOT_RECEIVED, ESCALATING_EVIDENCE, INQUIRED, LOSING_EVIDENCE, WARNED, WINNING_EVIDENCE,
};
pub use onboarding::{UNKNOWN_ADDRESS, UNKNOWN_BIRTH, UNKNOWN_NUMBER, UNREADABLE_DOCUMENT};
pub use readers::{READER_BROKEN, READER_LOSES_CONNECTION, READER_OFFLINE, READER_TIMES_OUT};
pub use top_ups::{TOP_UP_PAID, TOP_UP_PULLED_BACK, TOP_UP_UNPAID};
pub use world::{NEVER_ANSWERS, PAYOUT_CALLED_OFF, REFUND_FAILS, REFUND_NEVER_ANSWERS, REFUND_TAKES_TIME, World};
