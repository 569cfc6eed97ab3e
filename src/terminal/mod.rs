//! Payments in person: places, readers, and what readers do.
//!
//! ```text
//!  location    (there) ──► deleted
//!
//!  reader      (there) ──► deleted                online ◄──► offline, as the world tells
//!
//!  action      in_progress ──► succeeded
//!    asked for       │   ├───► failed ──────┐
//!                    │   └───► canceled     │  of contradicting reports success holds over failure,
//!                    ▼                      │  and both over that it was called off
//!             (asked to stop) ──────────────┘
//!              and once another one is asked for, a row of its own, about which the same is told and taken up
//!
//!  payment     requires_payment_method ──► processing ──► succeeded, requires_capture
//!    created         ▲     an action makes    │
//!                    │     the attempt        │
//!                    └────────────────────────┘ declined, or not done by the reader
//!
//!  refund      awaiting the card ──► booked: succeeded
//!    asked of a reader   └─────────► canceled by the reader, which what the world tells of the refund itself takes back
//! ```
//!
//! | edge | balance transactions | event |
//! |---|---|---|
//! | payment created | none | `payment_intent.created` |
//! | action asked for, or asked to stop | none | none; a refund asked of a reader: `refund.created` |
//! | card presented | none | `terminal.reader.action_updated` |
//! | action succeeded, card saved | none | `terminal.reader.action_succeeded`; nothing where something was only shown |
//! | token of a saved card told after its success | none | `terminal.reader.action_updated` |
//! | action failed | none | `terminal.reader.action_failed`, and those of the attempt that failed with it |
//! | charge succeeded, authorized, captured | as of any card | as of any card |
//! | refund told as given | as of any refund | as of any refund |
//!
//! # Who owns what
//! | charge | location, reader, token and payment belong to |
//! |---|---|
//! | direct | the account: [`Platform::acting_as`](crate::Platform::acting_as) |
//! | destination | the platform; the payment is on behalf of an account in another country |
//! | separate | the platform, by the same logic, which is our own reading |
//!
//! A reader takes no payment of another owner. It stands in the country of the business that the payment is, which takes the currency
//! of that country only; the account that a payment is for needs the capability to take cards
//! (docs.stripe.com/terminal/features/connect, 2024; docs.stripe.com/terminal/payments/regional, 2025).
//!
//! # Rules
//! - A payment by [`CardPresent`](crate::rulebook::PaymentMethod::CardPresent) or
//!   [`InteracPresent`](crate::rulebook::PaymentMethod::InteracPresent) waits for a reader: nothing is asked of the world when it is created.
//! - One reader has a payment at a time. An action that is not answered stays in progress: the reader takes nothing else, and no other
//!   reader takes the payment. A card that was declined can be followed by another one, on any reader.
//! - What a reader tells of an action is about the reader. What became of money is told of the charge and the refund, as always, and
//!   is booked whatever the reader said: both come in any order, and twice.
//! - After a connection error or a timeout nobody knows yet what became of the attempt: the reader is free, and the payment stays under
//!   way until the world tells (docs.stripe.com/terminal/payments/collect-card-payment, 2025). The world is asked: as long as an attempt, or a
//!   refund, has no end and no reader works on it, it is among [`Platform::instructions`](crate::Platform::instructions), as
//!   [`Retrieve`](crate::payments::PaymentInstruction::Retrieve) or [`RetrieveRefund`](crate::payments::PaymentInstruction::RetrieveRefund).
//! - What is told of an action after the reader was asked for another one is taken up as it would have been in time. Each action is kept
//!   ([`Platform::reader_action`](crate::Platform::reader_action)), unless it only showed something.
//! - A reader is asked to stop; it has stopped when the world says so. Once a card was presented that may be charged it does not stop.
//! - Networks that authorize and capture in one message, Interac and eftpos, capture at once. By Interac nothing is captured later; what
//!   the world tells as taken of a card by eftpos is taken, whatever was asked for (docs.stripe.com/terminal/features/refunds, 2025).
//! - Refunds of Interac happen at a reader, and no others do (docs.stripe.com/terminal/features/refunds, 2025). They say who bears
//!   them, like any refund; one that the balance does not cover is refused. While it is not known whether a reader has given one,
//!   another one of the same payment is refused as well.
//! - A card can be saved without being charged. It is charged later as a card online, under a token that the world tells
//!   (docs.stripe.com/terminal/features/saving-payment-details/save-directly, 2025). The setup that it is saved for is the host's own record,
//!   and so is whose card it is: the action names the setup by a text of the host's, which nobody reads here, and keeps what was told.
//! - An authorization in person lasts two days, of Visa nearly five
//!   (docs.stripe.com/payments/place-a-hold-on-a-payment-method, 2026).
//!
//! # A stall at a market
//! ```
//! use fundroute::payments::RefundStatus;
//! use fundroute::prelude::*;
//! use fundroute::money::{Currency, Rate};
//! use fundroute::rulebook::Price;
//! use fundroute::simulator::World;
//! use fundroute::terminal::{Address, DeviceType, NewLocation, NewReader};
//!
//! let (ca, cad) = (Country::CA, |minor| Money::new(minor, Currency::CAD));
//! // What Interac costs is the host's to say.
//! let price = Price::new(ca, PaymentMethod::InteracPresent, Currency::CAD, Rate::ZERO, 15);
//! let mut platform =
//!     Platform::new(NewPlatform::in_country(ca), Rulebook::standard().with_price(price)?, utc(2026, 11, 2))?;
//! let mut world = World::new();
//! let jo = world.onboard(&mut platform, NewAccount::express(ca))?;
//!
//! // The reader of a destination charge is the platform's.
//! let market = Address::new(ca, "92 Front Street E", "M5E 1C4").city("Toronto").state("ON");
//! let market = platform.locations().create("market", NewLocation::new("Jo's stall", market))?.answer;
//! let reader = NewReader::new(market, DeviceType::SimulatedWiseposE).label("stall 7");
//! let reader = platform.readers().register("reader", reader)?.answer;
//!
//! let honey = NewPayment::by(PaymentMethod::InteracPresent, cad(20_00)).destination(jo).application_fee(cad(2_00));
//! let honey = platform.payments().create("honey", honey)?.answer;
//! assert!(platform.instructions().is_empty()); // it waits for a reader
//! platform.readers().process_payment_intent("honey-1", reader, honey)?;
//! world.settle(&mut platform)?;
//! assert_eq!(platform.balance(jo, Currency::CAD)?.pending, 18_00);
//!
//! // A jar was broken: 5.00 go back to the same card, at the stall. Both give back their share.
//! let back = NewRefund::of(honey).amount(cad(5_00)).reverse_transfer().refund_application_fee();
//! assert!(platform.refunds().create("online", back.clone()).is_err());
//! platform.readers().refund_payment("jar", reader, back)?;
//! let refund = platform.reader(reader)?.action().and_then(|action| action.kind().refund());
//! world.settle(&mut platform)?;
//! assert_eq!(platform.balance(jo, Currency::CAD)?.pending, 18_00 - 4_50);
//! assert_eq!(platform.balance(platform.id(), Currency::CAD)?.pending, 2_00 - 15 - 50);
//! assert_eq!(refund.and_then(|refund| platform.refund(refund).ok()).map(|refund| refund.status()), Some(RefundStatus::Succeeded));
//! # Ok::<(), Error>(())
//! ```
//!
//! # A lost connection
//! ```
//! use fundroute::payments::{PaymentInstruction, PaymentStatus, ReaderFailure};
//! use fundroute::prelude::*;
//! use fundroute::journal::Instruction;
//! # use fundroute::money::Rate;
//! # use fundroute::rulebook::Price;
//! # use fundroute::terminal::{Address, DeviceType, NewLocation, NewReader};
//! # let now = utc(2026, 11, 2);
//! # let price = Price::new(US, PaymentMethod::CardPresent, USD, "2.7%".parse::<Rate>()?, 5);
//! # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard().with_price(price)?, now)?;
//! # let market = Address::new(US, "1 Market Street", "94105").city("San Francisco").state("CA");
//! # let market = platform.locations().create("market", NewLocation::new("Market", market))?.answer;
//! # let reader = NewReader::new(market, DeviceType::SimulatedStripeS700);
//! # let reader = platform.readers().register("reader", reader)?.answer;
//!
//! let honey = platform.payments().create("honey", NewPayment::by(PaymentMethod::CardPresent, usd(20_00)))?.answer;
//! platform.readers().process_payment_intent("honey-1", reader, honey)?;
//! platform.readers().record_action_failed("evt_1", now, (reader, 1), ReaderFailure::ConnectionError)?;
//!
//! // Nobody knows whether the card was charged. Whoever starts anew finds the question.
//! let charge = platform.charge_of(honey)?.id();
//! let question = Instruction::Payment(PaymentInstruction::Retrieve { charge });
//! assert_eq!(platform.instructions(), [question]);
//!
//! // The reader does other things meanwhile, and then tells what came of the first one.
//! platform.readers().start("receipt", reader, fundroute::terminal::ReaderTask::PrintContent("receipt-6".to_owned()))?;
//! platform.readers().record_action_failed("evt_2", now, (reader, 1), ReaderFailure::CustomerCanceled)?;
//! let honey = platform.payment(honey)?;
//! assert_eq!(honey.status(), PaymentStatus::RequiresPaymentMethod);
//! assert_eq!(honey.last_failure().map(|failure| failure.code()), Some("customer_canceled"));
//! assert_eq!(platform.reader_action(reader, 1)?.kind().charge(), Some(charge)); // a row of its own by now
//! # Ok::<(), Error>(())
//! ```
//!
//! # Not modelled
//! Setups and customers, and with them on whose behalf a card is saved. Readers of the platform that take direct charges, payments
//! that are stored while a reader is offline, tips, configurations of readers, and replacing a payment for which no card was
//! presented by another one without calling it off. That a device is registered twice nobody notices.

mod action;
mod command;
mod connection_token;
mod error;
mod event;
mod location;
mod past;
mod reader;
mod saved_card;
mod told;

pub(crate) use action::ActionEnd;
pub use action::{
    CancelReaderAction, Cart, CartLine, ReaderAction, ReaderActionKind, ReaderActionState, ReaderActionStatus,
    ReaderTask, StartReaderAction,
};
pub use command::TerminalCommand;
pub use connection_token::{ConnectionToken, NewConnectionToken};
pub use error::TerminalError;
pub use event::{ReaderInstruction, TerminalEvent};
pub use location::{Address, Location, NewLocation, UpdateLocation};
pub use past::PastAction;
pub(crate) use reader::Numbered;
pub use reader::{DeviceType, NewReader, Reader, ReaderStatus, UpdateReader};
pub use saved_card::SavedCard;
pub use told::{
    ReaderActionCanceled, ReaderActionFailed, ReaderActionSucceeded, ReaderActionUpdated, ReaderCardSaved, ReaderSeen,
    TerminalFact,
};
