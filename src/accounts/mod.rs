//! Connected accounts.
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
//! While payouts are off, automatic ones have no run ahead; they get one again with the first change that lets them go on.

mod access_error;
mod account;
mod assessment;
mod bank_details;
mod branding;
mod capability;
mod card;
mod component;
mod connection;
mod connection_error;
mod controller;
mod destination;
mod error;
mod event;
mod external_account;
mod given;
mod information;
mod link;
mod metadata;
mod permission;
mod person;
mod profile;
mod readiness;
mod requirement;
mod session;
mod standing;

pub use access_error::AccessError;
pub use account::{Account, Flags, NewAccount, Role};
pub(crate) use assessment::{Assessment, Dossier};
pub use bank_details::{AccountNumber, BankDetails, Routing};
pub use branding::{Branding, UpdatePlatform};
pub use capability::{CapabilityReport, CapabilityReviewed, CapabilityState, CapabilityStatus, RequestCapability};
pub use card::{Card, CardBrand, CardFunding};
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
pub use link::{
    AccountLink, FutureRequirements, LinkFields, LinkKind, LinkState, LinkStatus, LoginLink, NewAccountLink, Visit,
};
pub use metadata::{Metadata, MetadataError};
pub use permission::{Action, Actor, Denial, Grants, Scope};
pub use person::{Person, Relationship, Verification};
pub use profile::{CapabilityRequest, Profile};
pub use readiness::{DisabledReason, Phase, Readiness};
pub use requirement::{Alternative, Due, DueState, RequirementError, RequirementPath, Requirements, Urgency};
pub use session::{AccountSession, Components, NewAccountSession};
pub use standing::{
    Access, CloseAccount, Oversight, PayoutsAction, RejectAccount, RejectReason, RejectedBy, RejectedByProcessor,
    Rejection, Review, ReviewClosed, ReviewOpened, ReviewOutcome, SetPause, Standing, UnrejectAccount,
};
