//! What changes by country, currency, payment method and year: data, not code.
//!
//! The rules of the field live in small tables beside this page, one row a rule, each with the page and the year it was read
//! from. [`Rulebook::standard`] holds them all; a host edits its copy, or reads tables of its own over it. Rules are looked up
//! when something is decided, and their outcome is written down with the decision, so no history needs an old rulebook.
//!
//! ```
//! use fundroute::money::{Currency, Money, Rate};
//! use fundroute::rulebook::{Country, PaymentMethod, Price, Rulebook};
//!
//! let book = Rulebook::standard();
//! let price = book.price(Country::US, PaymentMethod::Card, Currency::USD)?;
//! assert_eq!(price.fee(Money::new(100_00, Currency::USD))?, Money::new(3_20, Currency::USD));
//!
//! // A host with a better deal:
//! let ours = Price::new(Country::US, PaymentMethod::Card, Currency::USD, "2.5%".parse()?, 10);
//! let book = book.with_price(ours)?;
//! let price = book.price(Country::US, PaymentMethod::Card, Currency::USD)?;
//! assert_eq!(price.fee(Money::new(100_00, Currency::USD))?, Money::new(2_60, Currency::USD));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The tables, by [`Table`]:
//!
//! | file | a row says | looked up with |
//! |---|---|---|
//! | `countries.csv` | where accounts may be, which currencies settle there, and which agreements are made | [`Rulebook::country`], [`Rulebook::may_onboard`] |
//! | `currencies.csv` | how little and how much may be charged | [`Rulebook::charge_limits`] |
//! | `settlement_timing.csv` | how long charges stay pending, which payout schedules are open | [`Rulebook::settlement_delay`], [`Rulebook::schedule_rule`] |
//! | `payment_methods.csv` | what a way to pay needs and allows | [`Rulebook::payment_method`] |
//! | `prices.csv` | what the processor takes | [`Rulebook::price`] |
//! | `payout_minimums.csv` | how little may be paid out, and how much | [`Rulebook::payout_limits`], [`Rulebook::payout_limits_on`] |
//! | `payout_failure_codes.csv` | why banks send payouts back | [`Rulebook::payout_failure`] |
//! | `failure_advice.csv` | what a person can do about what has failed | [`Rulebook::failure_advice`] |
//! | `payout_test_values.csv` | the bank accounts, cards and tokens of test mode | [`Rulebook::test_destination`], [`Rulebook::test_token`] |
//! | `capabilities.csv` | what a capability needs and opens | [`Rulebook::capability`] |
//! | `field_shapes.csv` | how numbers and codes are written in a country | [`FieldRule::check`] |
//! | `fields.csv` | what can be asked of an account, and how it is verified | [`Rulebook::field`] |
//! | `requirements.csv` | which field is asked of whom, and by when | [`RequirementSet::rules`] |
//! | `requirement_sets.csv` | which of these rules hold in a country | [`Rulebook::requirement_set`] |
//! | `cross_border.csv` | from where to where a platform's money may go, and how | [`Rulebook::lane`], [`Rulebook::lane_allows`], [`Rulebook::cross_border_fee`] |
//! | `bank_formats.csv` | what a bank account is asked for, and how its numbers are built | [`Rulebook::bank_format`], [`Rulebook::check_bank_account`] |
//! | `connect_prices.csv` | what a platform is billed by the month for its accounts | [`Rulebook::connect_price`] |
//! | `instant_payouts.csv` | where payouts can arrive within minutes | [`Rulebook::instant_destinations`] |
//! | `time_zones.csv` | when a day begins somewhere, and what clocks show there | [`Rulebook::time_zone`] |
//! | `debit_regions.csv` | where platforms may debit their accounts | [`Rulebook::may_debit`] |
//! | `debit_terms.csv` | how much one debit may take, and what it costs | [`Rulebook::debit_terms`] |
//! | `authorization_windows.csv` | until when an authorization can be captured | [`Rulebook::authorization_window`] |
//! | `overcapture_limits.csv` | how much more than authorized can be captured | [`Rulebook::most_capturable`] |
//! | `dispute_fees.csv` | what disputes cost, and when that is given back | [`Rulebook::dispute_fee`] |
//! | `method_fees.csv` | what a failed payment costs, and a dispute, by method | [`Rulebook::method_fees`] |
//! | `top_up_terms.csv` | where platforms may pull money from their own banks | [`Rulebook::top_up_terms`] |
//! | `bank_debits.csv` | where banks are debited for balances below zero, and when | [`Rulebook::bank_debit_terms`] |
//! | `bank_holidays.csv` | on which days banks are closed | [`Rulebook::bank_calendar`], [`Rulebook::calendar`] |
//! | `bank_calendars.csv` | which banks move a currency | [`Rulebook::bank_calendar`] |
//! | `conversion_fees.csv` | what is taken of money that is converted | [`Rulebook::conversion_fee`] |
//! | `terminal_countries.csv` | where readers can be, and how places there are addressed | [`Rulebook::terminal_country`] |
//! | `starts_of_day.csv` | at which hour the days of accounts begin, and who may choose | [`Rulebook::start_of_day_rule`] |
//! | `same_day_payouts.csv` | until which hour payouts asked for by hand arrive on the same day | [`Rulebook::same_day_payouts`] |
//! | `document_files.csv` | what the files of documents have to be like | [`Rulebook::document_rule`] |
//! | `tax_federal.csv` | from how much on income is reported to the federal authority | [`Rulebook::federal_tax_limit`] |
//! | `tax_states.csv` | from how much on a state wants a form | [`Rulebook::state_tax_rule`] |
//! | `tax_cycles.csv` | on which days forms are filed and delivered | [`Rulebook::tax_cycle`] |
//! | `tax_platforms.csv` | what platforms report of their sellers outside the United States | [`Rulebook::platform_tax_rule`] |
//!
//! What is not known is not in a table, or `unknown` there, and asking for it is a typed error or `None`, never a zero.
//!
//! Where the field changed its rules over the years, the newest ones hold, and a host can ask for older ones:
//! [`Rulebook::with_onboarding_era`], [`Rulebook::with_cross_border_era`], [`Rulebook::with_rejection_era`].
//!
//! The plain words that rows speak ([`AccountKind`], [`Capability`], [`PaymentMethod`] …) are declared here too, so that every
//! part of the crate may use them.
//!
//! # Not modelled
//!
//! Slower settlement of charges from abroad in Brazil and India, dearer cards from abroad, and every price but the few in the table. Of the ways to pay: bank transfers, which need a balance of the customer's, and
//! those of which no more than the capability is known.
//!
//! Requirements are those of the pages that tell them, which is a few countries; [`RequirementSet::confidence`] says how sure each
//! is. Missing are the items of tax forms, lists that no page was found for, the countries that payment methods are open to, and
//! amounts as limits outside the United States.

mod access;
mod advice;
mod authorization;
mod bank_calendar;
mod bank_debit;
mod bank_format;
mod book;
mod capability;
mod charge_limits;
mod charge_type;
mod check_digits;
mod connect_price;
mod conversion;
mod country;
mod crossing;
mod debit;
mod dispute;
mod dispute_rule;
mod document;
mod edit;
mod error;
mod field;
mod field_shape;
mod format;
mod instant;
mod lane;
mod method;
mod method_fees;
mod number;
mod onboarding;
mod payout;
mod price;
mod rejection;
mod requirement;
mod requirement_set;
mod same_day;
mod shape;
mod sorted;
mod source;
mod start_of_day;
mod table;
mod tax;
mod terminal;
mod test_destination;
mod time_zone;
mod timing;
mod top_up;
mod vetting;
mod words;

#[cfg(test)]
mod tests;

pub use access::AccessPolicy;
pub use advice::FailureAdvice;
pub use authorization::{AuthorizationUse, AuthorizationWindow, OvercaptureLimit, OvercaptureUse};
pub use bank_calendar::BankHoliday;
pub use bank_debit::{BankDebitPolicy, BankDebitTerms};
pub use bank_format::{BankField, BankFormat, BankFormatError};
pub use book::Rulebook;
pub use capability::CapabilityRule;
pub use charge_limits::ChargeLimits;
pub use charge_type::ChargeType;
pub use connect_price::{ConnectItem, ConnectPrice};
pub use conversion::ConversionFee;
pub use country::CountryRule;
pub use debit::{DebitRegion, DebitTerms};
pub use dispute::{DisputeFee, DisputeFeeKind, DisputeFeePayer, DisputePolicy};
pub use dispute_rule::{DisputeProcess, DisputeRule, DisputeWindow};
pub use document::{DocumentFile, DocumentRule};
pub use error::RulebookError;
pub use field::FieldRule;
pub(crate) use format::{can_be_seen, turns_text};
pub use instant::InstantRule;
pub use iso_country::Country;
pub use lane::{Corridor, CrossBorderEra, FundsFlow, Lane, LaneClosed};
pub use method::MethodRule;
pub use method_fees::MethodFees;
pub use onboarding::OnboardingEra;
pub use payout::{PayoutFailureRule, PayoutLimits, PayoutRoute};
pub use price::Price;
pub use rejection::RejectionEra;
pub use requirement::{Limit, RequirementRule};
pub use requirement_set::{OwnerThreshold, RequirementSet};
pub use same_day::{PayoutArrival, SameDayPayouts};
pub use source::Source;
pub use start_of_day::StartOfDayRule;
pub use table::Table;
pub use tax::{PlatformTaxRule, StateDue, StateDuty, StateLimit, StateTaxRule, TaxCycle, TaxLimit};
pub use terminal::TerminalCountry;
pub use test_destination::{TestDestination, TestOutcome, TestToken, TestTokenKind};
pub use time_zone::TimeZone;
pub use timing::{ScheduleRule, SettlementSpeed, SettlementTiming};
pub use top_up::TopUpTerms;
pub use vetting::{Vetting, VettingPolicy};
pub use words::{
    AccountKind, Availability, BusinessType, Capability, CapabilityFamily, CardBrand, CardFunding, CardWallet, Check,
    CompanyStructure, Confidence, DayUnit, DestinationKind, FailureOf, FieldFormat, FilePurpose, FileType, Impact,
    MethodTerm, Notification, Party, PaymentMethod, PersonRole, Region, RequirementErrorCode, ServiceAgreement, Since,
    Stage, StateFilingWay, Subject, TaxFormType, TaxIncome, Trade, TurnOf, UnknownWord, UsState,
};
