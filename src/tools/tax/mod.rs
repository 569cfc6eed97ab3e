//! Tax records: what payees were paid in a year, whether that has to be reported, and what becomes of the forms.
//!
//! A form is about one payee, one type and one year. It is filed with the authority of the country, and in the United States perhaps with
//! the payee's state; each of these filings goes its own way, and the form goes to its payee once.
//!
//! ```text
//!             the figures, the limits                                        ┌──► accepted ──► corrected by another form
//!             and the platform's word                                        │       ▲
//!  filing   will not file ◄─► needs attention ◄─► ready ──► filing ──► filed ┤       │ in the end it was taken
//!                                                   │                        │       │
//!                                                   │                        └──► rejected ──► replaced by another form
//!                                                   └──► exported: tax was withheld for the state, so the platform files there itself
//!
//!                                                          the first filing
//!  delivery   will not deliver ◄─► needs attention ◄─► ready ──► scheduled ──► delivering ──► delivered
//!                                                                 ▲   │             │             ▲
//!                                                           again │   ▼             ▼             │ it arrived after all
//!                                                                 └─ failed ◄───────┴─────────────┘
//! ```
//!
//! | edge | by | event | instruction |
//! |---|---|---|---|
//! | made, refreshed, described, overridden | commands | `tax.form.updated` | none |
//! | ready → filing | [`TaxCommand::File`] | `tax.form.updated` | [`File`](TaxInstruction::File), and with the first one [`Deliver`](TaxInstruction::Deliver) |
//! | ready → exported | [`TaxCommand::Export`] | `tax.form.updated` | with the first one `Deliver` |
//! | failed → scheduled | [`TaxCommand::DeliverAgain`] | `tax.form.updated` | `Deliver` |
//! | filed, accepted, rejected; delivering, delivered, failed; verified, mismatch | [`TaxFact`] | `tax.form.updated` | none |
//! | accepted → corrected, rejected → replaced | [`TaxCommand::Correct`], [`TaxCommand::Replace`] | `tax.form.updated`, of every form | none |
//!
//! No form moves money.
//!
//! # Rules
//! - What a payee was paid is added up by one of three methods ([`TaxMethod`]), by the day on which it becomes available; refunds are never
//!   deducted (docs.stripe.com/connect/tax-form-calculation-methods, 2024).
//! - Whether that has to be filed is data, by type, year and state ([`Rulebook`](crate::rulebook::Rulebook)). Where the tables tell nothing,
//!   the form [needs attention](TaxAttention::LimitUnknown): the host adds the row, or says what is to be done. What was decided, and by
//!   which limit, is [written down](TaxBasis) with the form.
//! - Forms that share a taxpayer are summed, the first hundred (docs.stripe.com/connect/tax-reporting, 2024).
//! - An account that pays the processor itself gets its 1099-K from there (docs.stripe.com/connect/tax-reporting, 2024).
//! - What was accepted is corrected, in the payee or in the totals, never in both; what was rejected is replaced
//!   (docs.stripe.com/connect/correct-tax-forms, 2024).
//! - Nothing is filed before the year is over, or before the day that the table of cycles has for it.
//!
//! The tax number, the name and the address are data about a person, and are kept apart from the journal. The journal knows that they are
//! there, and which state the payee lives in. Payees who share a number are told by a text of the host's own making, because a digest of a
//! number of nine digits is the number to whoever tries them all.
//!
//! # A year of a seller
//! ```
//! use fundroute::prelude::*;
//! use fundroute::rulebook::{TaxFormType, UsState};
//! use fundroute::simulator::World;
//! use fundroute::tools::tax::{FilingStatus, NewTaxForm, TaxCorrection, TaxDetails, TaxFact, TaxLevel, TaxMethod};
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2024, 11, 4))?;
//! let mut world = World::new();
//! let jo = world.onboard(&mut platform, NewAccount::express(US))?;
//! let sale = NewPayment::card(usd(6_000_00)).destination(jo).application_fee(usd(600_00));
//! platform.payments().create("order", sale)?;
//! world.advance(&mut platform, days(70))?;
//!
//! // 6,000.00 in 2024: above the limit of 5,000.00 that held for that year, whatever the number of payments.
//! let totals = platform.tax_totals(jo, TaxMethod::PaymentsIncludingFees, 2024, USD, |_, _| None)?;
//! let details = TaxDetails::new().name("Jo Doe").tin("000-12-3456").address("1 Main St", "Austin", UsState::Tx, "78701");
//! let new = NewTaxForm::of(TaxFormType::Us1099K, 2024, jo, totals.figures()?).details(details);
//! let form = platform.tax_forms().create("jo 2024", new)?.answer;
//! assert_eq!(platform.tax_form(form)?.country().status(), FilingStatus::Ready);
//!
//! platform.tax_forms().file("file", form, TaxLevel::Country)?;
//! let accepted = TaxFact::Accepted { form, with: TaxLevel::Country };
//! let now = platform.now();
//! platform.tax_forms().record("irs-1", now, accepted)?;
//! assert_eq!(platform.tax_form(form)?.country().status(), FilingStatus::Accepted);
//!
//! // It should have said what was left after fees.
//! let totals = platform.tax_totals(jo, TaxMethod::PaymentsExcludingFees, 2024, USD, |_, _| None)?;
//! let correction = TaxCorrection::Totals(totals.figures()?);
//! let corrected = platform.tax_forms().correct("totals", form, correction)?.answer;
//! assert_eq!(platform.tax_form(form)?.corrected_by(), Some(corrected));
//! assert_eq!(platform.tax_form(corrected)?.figures().gross(), 5_400_00);
//! assert_eq!(platform.tax_form(corrected)?.country().status(), FilingStatus::Ready, "below any limit, all the same");
//! # Ok::<(), Error>(())
//! ```
//!
//! # Not modelled
//! Deadlines: the days of a cycle are data to be looked up, and nothing happens by itself when one goes by. The price of filing with a
//! state. The forms as pages. That the number of a payee has to match before a form is filed: no page says so.

mod assess;
mod command;
mod delivery;
mod error;
mod event;
mod fact;
mod figures;
mod filing;
mod form;
mod payee;
mod row;
mod tally;

pub(crate) use assess::may_be_the_processors;
pub use command::{NewTaxForm, TaxCommand, TaxCorrection, TaxDetails};
pub use delivery::{DeliveryStatus, TaxDelivery, TaxDeliveryMethod};
pub use error::TaxError;
pub use event::{TaxEvent, TaxInstruction};
pub use fact::TaxFact;
pub use figures::{TaxAmounts, TaxFigures};
pub use filing::{FilingState, FilingStatus, TaxBasis, TaxFiling, TaxLevel};
pub use form::{
    TaxAction, TaxAttention, TaxFilingStatus, TaxForm, TaxFormRole, TaxFormStatus, TaxPart, TaxPayee, TinStatus,
};
pub use payee::{TaxConsent, TaxpayerYear};
pub use row::TaxFormRow;
pub(crate) use tally::start_of;
pub use tally::{TaxMethod, TaxTally, TaxTotals, TaxTraits};
