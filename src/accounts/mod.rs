//! Connected accounts: who answers for them, what they are asked for, what they may do, and where their money goes.
//!
//! An account gives what the [rulebook](crate::rulebook) asks of it, the world checks that, and what the account can do follows:
//! its capabilities, whether it takes payments and is paid out, and why not. [`Platform::readiness`](crate::Platform::readiness)
//! is the one answer to "are they onboarded?".
//!
//! ```
//! use fundroute::accounts::{Information, Phase};
//! use fundroute::prelude::*;
//! use fundroute::rulebook::BusinessType;
//! use fundroute::simulator::World;
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let mut world = World::new();
//! let new = NewAccount::express(US).business_type(BusinessType::Individual);
//! let jo = platform.accounts().create("jo", new)?.answer;
//!
//! let asked = platform.requirements(jo)?;
//! assert!(asked.currently_due.iter().any(|path| path.as_str() == "individual.dob.day"));
//! let told = Information::about(jo).set("individual.first_name", "Jo").set("individual.dob", "1988-04-30");
//! platform.holder_of(jo)?.accounts().provide("jo-1", told)?;
//!
//! world.complete(&mut platform, jo)?;                     // everything else, and all of it found true
//! assert_eq!(platform.readiness(jo)?.phase, Phase::Restricted); // charges are on; payouts want a bank account
//! # Ok::<(), Error>(())
//! ```
//!
//! | page | what it holds |
//! |---|---|
//! | [`Controller`], [`Action`], [`Actor`] | who answers for an account, and who may do what to it: one table |
//! | [`Information`], [`NewPerson`], [`Given`] | what is given, by whom, and what came of checking it |
//! | [`Requirements`], [`Due`], [`Readiness`] | what is asked for, by when, and what follows from it |
//! | [`RequestCapability`], [`CapabilityReport`] | what an account asks to be allowed to do |
//! | [`NewAccountLink`], [`NewAccountSession`], [`LoginLink`] | the pages that holders are sent to |
//! | [`Authorize`], [`Connection`] | accounts that exist already, and let the platform in |
//! | [`NewExternalAccount`], [`ExternalAccount`] | the bank accounts and cards that payouts go to |
//! | [`v2`] | the same in the words of the field's newer interface |
//! | [`InquiryChanged`], [`CapabilityStopped`] | what the processor wants to know about a business, and what it takes away |
//! | [`AccountToken`], [`Sealed`] | data about persons that nobody here has seen |
//! | [`Standing`], [`RejectAccount`], [`SetPause`], [`CloseAccount`] | what stands in an account's way, and how it ends |
//!
//! # Machines
//! ```text
//!  requirement   not asked for ──► eventually due ──► currently due ──► past due
//!                                        └───────────────┴──── given ─────┘
//!                                                               ▼
//!                   satisfied ◄── found true ── pending (blocking once its limit is over)
//!                       │  ▲                      │
//!                changed│  └── a document ◄── found wrong ──► currently due, or past due
//!                       └──► pending, with fourteen days of grace
//!
//!  capability    not requested ◄──► pending ◄──► active ◄──► inactive
//!
//!  person        unverified ◄──► pending ──► verified ──► (changed) pending; removed from each, but whom the account needs
//!
//!  account link  issued ──► consumed ──► returned      expired by its time, void once its account was turned away
//!
//!  connection    code issued (five minutes, once) ──► connected ──► revoked ──► connected anew
//!                       └──► denied                      └── by either side, or by the same code again
//!
//!  bank, card    new ──► errored ──► (updated) new      verification failed, deactivated, deleted
//! ```
//!
//! | edge | postings | event |
//! |---|---|---|
//! | created, or anything about it changed | none | `account.updated` |
//! | a capability's status changed, or what it is asked for | none | `capability.updated` |
//! | a person added, changed or checked, removed | none | `person.created`, `.updated`, `.deleted` |
//! | a bank account or card added, changed, removed | none | `account.external_account.created`, `.updated`, `.deleted` |
//! | a connection made, ended | none | `account.application.authorized`, `.deauthorized` |
//! | a holder left the page of a link | none | `v2.core.account_link.returned` |
//!
//! # What is due, and when
//! - A rule of the rulebook without limit is past due until its field is given; one with an amount or a number of days is eventually
//!   due, currently due from its notice on, and past due at the limit. Amounts count all payments ever received in the account's
//!   own currency.
//! - The time fires by itself ([`DeadlineKind::Reassess`](crate::journal::DeadlineKind)); so does an amount, a microsecond after the
//!   payment that reached it, so that no payment has to look at what its recipient is asked for.
//! - What is decided is written down: under a newer rulebook an account is asked for something else the next time that anything
//!   about it changes.
//! - A host that vets accounts elsewhere says [`Vetting::ByHost`](crate::rulebook::Vetting) and reports each capability.
//!
//! An owner is whoever has that role and owns what the country's rules [ask](crate::rulebook::RequirementSet::owner_threshold) at the
//! least, or has not said how much.
//!
//! # What was verified and is changed
//! - Giving it again has it checked again; for fourteen days the account goes on as before, whatever the check comes to, and another
//!   change does not extend that.
//! - What another business type or another representative brings with it is asked for within fourteen days ([`Transition`]), as far as it
//!   would stop what worked before. There and back again gives no time twice, and a capability asked for meanwhile has none.
//! - Of a company that becomes an individual's account the individual is whoever represented it, and the other way round.
//! - What failed has fourteen days from the first time that the world said so; once they are over, giving it again is not enough: what
//!   depends on it stays off until it is found true.
//! - Another owner, or another share, has the terms accepted anew.
//! - Whoever changes a verified tax id of a company accepts the terms anew: `tos_acceptance` is due again within fourteen days.
//! - A country can lock fields ([`RequirementSet::locked_fields`](crate::rulebook::RequirementSet::locked_fields)), as Brazil does its
//!   tax ids: what was verified is [refused](AccountError::FieldLocked), the same value too, until a check finds it wrong.
//! - Documents of a company that is verified [stay](AccountError::DocumentLocked); what was not given yet, or has failed, can be given.
//! - One file for both documents of a person is [refused](AccountError::SameFile) where they come in one command.
//!
//! # Data about persons
//! Every value that is given travels in the personal part of [`Changes`](crate::journal::Changes); the journal knows which fields were
//! given and what came of checks. [`Accounts::erase`](crate::platform::Accounts::erase) forgets the values and moves nothing. A request
//! that comes again under its key is compared with what it said the first time, by a digest that is kept, and forgotten, with the
//! values; of somebody forgotten it is answered as before, whatever it says.
//!
//! Who is under age needs a guardian, and comes of age by the clock. The journal must not know a date of birth, and what changes on a
//! birthday tells it: so it knows the [month](Person::minor_until) alone, and a guardian is asked for until that is over.
//!
//! What a link to connect an account had filled in beforehand lies with them, for the page that its holder sees
//! ([`Authorize::fill_in`], [`Platform::filled_in`](crate::Platform::filled_in)). Where the rulebook says so, as of France, a platform
//! gives nothing about who is behind an account ([`AccountError::TokenNeeded`]): its holder does, here or with the processor, and then the
//! platform hands in the token that stands for it ([`Information::sealed`]). Which fields are behind a token is told beside it; their values
//! are known to nobody here, so nothing is checked of them but by the world, and who is under age is for the world to find out.
//!
//! # Standing
//! What stands in an account's way, apart from what it is asked for. Each line is independent of the others; what the account can
//! do follows from all of them together ([`Readiness`]).
//!
//! ```text
//!  access     connected ──► closed (for good)
//!  rejection  none ◄──► by the platform      the processor's goes before it, and only a review
//!             none ◄──► by the processor     that the processor closes as cleared takes that back
//!  review     none ◄──► under review, listed
//!  pauses     payments on ◄──► off           payouts on ◄──► off
//! ```
//!
//! | | payments and capabilities | payouts |
//! |---|---|---|
//! | rejected by the platform | off | off, unless it lets them go on |
//! | rejected by the processor, under review, listed | off | off |
//! | payments paused | off | on |
//! | payouts paused | on | off |
//! | closed | off | off |
//!
//! While payouts are off, automatic ones have no run ahead; they get one again with the first change that lets them go on. A payout
//! that is not with the bank yet is held, and called off after ten days.
//!
//! # When the rules change
//! A rule with a date takes effect on it, for accounts that were looked at since the rule came: until then it is among the
//! [future requirements](crate::Platform::future_requirements), and what it replaces stays. A host that puts other rules in looks at each
//! account once ([`Accounts::reassess`](crate::platform::Accounts::reassess)).
//!
//! # Terms of single countries
//! In Singapore an account of which somebody was not verified for 120 business days is turned away by the clock, as if the
//! [processor](RejectedByProcessor) had said so; the rule's row says it, and the country's bank calendar which days count. In the
//! United Arab Emirates what was verified and has expired, such as a trade licence, has 28 days, and is currently due in the last two
//! weeks of them; the country's row says it.
//!
//! # Not modelled
//! Checks that the processor starts by itself (reviews of risk, lists of sanctions): the world reports what they come to, and what the
//! processor wants to know ([`InquiryChanged`]). Requirements of capabilities for tax, issuing and treasury.
//!
//! States of single products: the verification that is put on hold after 540 days without activity, of which it is not published what
//! counts as activity and what goes on meanwhile, and the deadlines that card issuing has of its own. A host that knows of them reports
//! what they come to ([`CapabilityStopped`], [`RejectedByProcessor`]). For how long money may lie on an account before it has to be paid out
//! (90 days, two years in the United States, ten days in Thailand): no page says what happens then.
//!
//! Two documents of a person that come in two commands are not compared, and a file that failed before does not fail at once when it
//! comes again, but is checked again: the names of files are data about persons, which a partial platform does not have and which
//! can be erased, and everybody who decides decides the same.

mod access_error;
mod account;
mod assessment;
mod assessor;
mod bank_details;
mod branding;
mod capability;
mod card;
mod change;
mod component;
mod connection;
mod connection_error;
mod controller;
mod destination;
mod error;
mod event;
mod external_account;
mod field_state;
mod given;
mod information;
mod inquiry;
mod landing;
mod link;
mod metadata;
mod patience;
mod permission;
mod person;
mod pricing;
mod processor_fee;
mod profile;
mod readiness;
mod requirement;
mod sealed;
mod session;
mod standing;
pub mod v2;

pub use access_error::AccessError;
pub use account::{Account, Flags, NewAccount, Role};
pub(crate) use assessment::{Assessment, DESTINATION, Dossier, is_of_pair};
pub use bank_details::{AccountNumber, BankDetails, Routing};
pub use branding::{Branding, UpdatePlatform};
pub use capability::{
    CapabilityDisabledReason, CapabilityReport, CapabilityReviewed, CapabilityState, CapabilityStatus,
    CapabilityStopped, RequestCapability,
};
pub use card::Card;
pub(crate) use change::{Record, check_files};
pub use component::{Component, Feature};
pub use connection::{
    Application, ApplicationKind, Authorize, Connecting, Connection, ConnectionRevoked, ConnectionState, Exchange,
    ExchangeCode, NewApplication, OutsideAccount, RevokedBy,
};
pub use connection_error::ConnectionError;
pub use controller::{Advice, Controller, Dashboard, FeePayer, LossBearer, RequirementCollector};
pub(crate) use destination::check_account_type;
pub use destination::{
    BankAccountType, HolderType, NewDestination, NewExternalAccount, Placement, UpdateExternalAccount,
};
pub use error::AccountError;
pub use event::{AccountEvent, AccountInstruction, Receivers};
pub(crate) use external_account::Destination;
pub use external_account::{
    AccountTokenChanged, ExternalAccount, ExternalAccountChecked, ExternalAccountKind, ExternalAccountState, Ownership,
    PayoutMethod, TokenStatus,
};
pub use given::{CheckOutcome, CheckState, CheckStatus, Given};
pub use information::{Information, InformationChecked, NewPerson, Values};
pub(crate) use inquiry::{Heard, hear};
pub use inquiry::{Inquiry, InquiryChanged, InquiryName, InquiryState, NoInquiry};
pub use landing::Landing;
pub(crate) use link::Barriers;
pub use link::{
    AccountLink, FutureRequirements, LinkFields, LinkKind, LinkState, LinkStatus, LoginLink, NewAccountLink, Visit,
};
pub use metadata::{Metadata, MetadataError};
pub use permission::{Action, Actor, Denial, Grants, Scope};
pub use person::{Person, Relationship, Verification};
pub(crate) use pricing::AssignedPricing;
pub use pricing::Priced;
pub use processor_fee::{FeeBearer, ProcessorFee};
pub(crate) use profile::Turn;
pub use profile::{CapabilityRequest, Profile, Transition};
pub use readiness::{DisabledReason, Phase, Readiness};
pub use requirement::{Alternative, Due, DueState, RequirementError, RequirementPath, Requirements, Urgency};
pub use sealed::{AccountToken, NoAccountToken, Sealed};
pub use session::{AccountSession, Components, NewAccountSession};
pub use standing::{
    Access, CloseAccount, Oversight, PayoutsAction, RejectAccount, RejectReason, RejectedBy, RejectedByProcessor,
    Rejection, Review, ReviewClosed, ReviewOpened, ReviewOutcome, SetPause, Standing, UnrejectAccount,
};
