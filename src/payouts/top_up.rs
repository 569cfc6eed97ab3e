//! Money that the platform pulls from its own bank account into its own balance, to pay accounts without having been paid itself.
//!
//! ```text
//!              ┌──────► canceled
//!              │
//!  top-up   pending ──► succeeded ──► reversed
//!              │            ▲
//!              └──► failed ─┘ the money came after all
//! ```
//!
//! | edge | balance transactions | postings | event |
//! |---|---|---|---|
//! | created | none | none | `topup.created` |
//! | submitted | none | none | none: it has the bank's reference from then on |
//! | succeeded | `topup` | banks → pending until the date that was expected, available after it | `topup.succeeded` |
//! | failed | none | none | `topup.failed` |
//! | canceled | none | none | `topup.canceled` |
//! | reversed | `topup_reversal` | pending or available → banks | `topup.reversed` |
//! | updated | none | none | none |
//!
//! # Rules
//! - Nothing is on the balance before the bank has paid (docs.stripe.com/reports/balance-transaction-types, 2024).
//! - Only what is pending is called off (docs.stripe.com/api/topups, 2025).
//! - What a bank pulls back after it had paid leaves the balance whatever is on it, and may leave it below zero
//!   (docs.stripe.com/reports/balance-transaction-types, 2024).
//! - It is in a currency that the platform has a balance in, from a bank account of its own in that currency
//!   (docs.stripe.com/connect/add-and-pay-out-guide, 2024; docs.stripe.com/api/topups, 2025). So nothing of it is ever converted.
//! - In every state what it is for and its metadata can be changed, and nothing else (docs.stripe.com/api/topups, 2025). The field has no
//!   event for that.
//! - A transfer or a payout that was refused for want of money is not tried again (docs.stripe.com/connect/top-ups, 2025). Refunds that
//!   wait for money are carried out once it is there.
//!
//! The platform has to be paid out by hand, or the schedule sends what was pulled in back to the bank.
//!
//! # A payment that is none
//! ```
//! use fundroute::payouts::{NewTopUp, PayoutSchedule, TopUpStatus};
//! use fundroute::prelude::*;
//! use fundroute::simulator::{World, bank_account};
//!
//! let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
//! let mut world = World::new();
//! let jo = world.onboard(&mut platform, NewAccount::express(US))?;
//! let house = platform.id();
//! let bank = bank_account(platform.rulebook(), house, US, USD);
//! platform.accounts().add_external_account("bank", bank)?;
//! platform.payouts().set_schedule("by hand", house, PayoutSchedule::Manual)?;
//! platform.payouts().set_schedule("jo by hand", jo, PayoutSchedule::Manual)?;
//!
//! // The bank is asked on Monday, and has paid six bank days later, on the Tuesday of the next week.
//! let bonuses = NewTopUp::of(usd(500_00)).statement_descriptor("Bonuses").group("bonuses-11");
//! let top_up = platform.top_ups().create("november", bonuses)?.answer;
//! world.advance(&mut platform, days(7))?;
//! assert_eq!(platform.top_up(top_up)?.status(), TopUpStatus::Pending);
//! world.advance(&mut platform, days(1))?;
//! assert_eq!(platform.top_up(top_up)?.status(), TopUpStatus::Succeeded);
//! assert_eq!(platform.balance(house, USD)?.available, 500_00);
//!
//! // A recipient who has never sold anything is paid.
//! platform.transfers().create("jo's bonus", NewTransfer::to(jo, usd(120_00)).group("bonuses-11"))?;
//! let payout = platform.express(jo)?.payouts().create("out", usd(120_00))?.answer;
//! world.advance(&mut platform, days(3))?;
//! assert_eq!(platform.payout(payout)?.status().to_string(), "paid");
//! assert_eq!(platform.balance(house, USD)?.available, 380_00);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Not modelled
//! Money that the platform's bank sends by itself, such as a wire that covers a negative balance; names for people of why a top-up
//! failed.

mod error;
mod event;
mod posting;

use serde::{Deserialize, Serialize};

pub use error::{TopUpAction, TopUpError, TopUpStatus};
pub use event::{TopUpEvent, TopUpInstruction};
pub(crate) use posting::TopUpLine;

use crate::accounts::Metadata;
use crate::calendar::Timestamp;
use crate::ids::{ExternalAccountId, TopUpId};
use crate::money::{Currency, Money};

/// The most characters that a bank statement has room for.
// RULE: at most 15 ASCII characters (docs.stripe.com/api/topups, 2025).
const LONGEST_DESCRIPTOR: usize = 15;
/// The most characters of a description.
// RULE: docs.stripe.com/api/topups (2025).
const LONGEST_DESCRIPTION: usize = 5_000;

/// A command: pull money from a bank account of the platform's own into its balance.
///
/// ```
/// use fundroute::money::usd;
/// use fundroute::payouts::{NewTopUp, TopUpError};
///
/// let new = NewTopUp::of(usd(2_000_00)).statement_descriptor("Top-up");
/// assert_eq!(new.check(), Ok(()));
/// let wordless = new.statement_descriptor("2026-11");
/// assert_eq!(wordless.check(), Err(TopUpError::DescriptorInvalid("2026-11".to_owned())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTopUp {
    /// How much, in a currency that settles where the platform is.
    pub amount: Money,
    /// The bank account to pull it from; nothing for where payouts in the currency go.
    pub source: Option<ExternalAccountId>,
    /// What the bank shows beside it: 1 to 15 ASCII characters, one of them a letter.
    pub statement_descriptor: Option<String>,
    /// A name that ties it to payments and transfers.
    pub transfer_group: Option<String>,
    /// What it is for, in at most 5,000 characters.
    pub description: Option<String>,
    /// What the host writes on it for itself.
    pub metadata: Metadata,
}

/// That a description is not too long.
fn check_description(text: Option<&str>) -> Result<(), TopUpError> {
    let characters = text.map_or(0, |text| text.chars().count());
    if characters > LONGEST_DESCRIPTION { Err(TopUpError::DescriptionTooLong(characters)) } else { Ok(()) }
}

impl NewTopUp {
    /// So much, from the bank account that payouts in its currency go to.
    pub const fn of(amount: Money) -> Self {
        Self {
            amount,
            source: None,
            statement_descriptor: None,
            transfer_group: None,
            description: None,
            metadata: Metadata::new(),
        }
    }

    /// The same, from this bank account.
    #[must_use]
    pub const fn from_bank(mut self, source: ExternalAccountId) -> Self {
        self.source = Some(source);
        self
    }

    /// The same, with these words on the bank's statement.
    #[must_use]
    pub fn statement_descriptor(mut self, text: impl Into<String>) -> Self {
        self.statement_descriptor = Some(text.into());
        self
    }

    /// The same, named as part of a group.
    #[must_use]
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.transfer_group = Some(name.into());
        self
    }

    /// The same, with what it is for.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// The same, with metadata.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// That it makes sense by itself, whoever asks for it.
    ///
    /// # Errors
    /// [`TopUpError::AmountNotPositive`], [`TopUpError::DescriptorInvalid`], [`TopUpError::DescriptionTooLong`], [`TopUpError::Metadata`].
    // RULE: a positive amount, and at most 15 ASCII characters, one of them a letter (docs.stripe.com/api/topups, 2025). That no control
    // characters are among them is our own choice.
    pub fn check(&self) -> Result<(), TopUpError> {
        if !self.amount.is_positive() {
            return Err(TopUpError::AmountNotPositive(self.amount));
        }
        let is_plain = |c: char| c.is_ascii() && !c.is_ascii_control();
        let fits = |text: &str| {
            text.len() <= LONGEST_DESCRIPTOR
                && text.chars().all(is_plain)
                && text.chars().any(|c| c.is_ascii_alphabetic())
        };
        if let Some(text) = self.statement_descriptor.as_deref().filter(|text| !fits(text)) {
            return Err(TopUpError::DescriptorInvalid(text.to_owned()));
        }
        check_description(self.description.as_deref())?;
        Ok(self.metadata.check()?)
    }
}

/// A command: change what a top-up is for, or what the host has written on it. Everything else stays as it was asked for.
///
/// ```
/// use fundroute::accounts::Metadata;
/// use fundroute::payouts::{NewTopUp, UpdateTopUp};
/// use fundroute::prelude::*;
/// use fundroute::simulator::bank_account;
///
/// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// let bank = bank_account(platform.rulebook(), platform.id(), US, USD);
/// platform.accounts().add_external_account("bank", bank)?;
/// let new = NewTopUp::of(usd(500_00)).description("November").metadata(Metadata::new().set("ledger", "4711"));
/// let top_up = platform.top_ups().create("november", new)?.answer;
///
/// let update = UpdateTopUp::of(top_up).description("Bonuses").metadata(Metadata::new().set("ledger", "").set("run", "9"));
/// platform.top_ups().update("better words", update)?;
/// let known = platform.top_up(top_up)?;
/// assert_eq!(known.description(), Some("Bonuses"));
/// assert_eq!((known.metadata().get("ledger"), known.metadata().get("run")), (None, Some("9")));
/// # Ok::<(), Error>(())
/// ```
// RULE: only metadata and description can be changed (docs.stripe.com/api/topups, 2025).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateTopUp {
    /// The top-up.
    pub top_up: TopUpId,
    /// Another description, in at most 5,000 characters; an empty one takes it back. Nothing where it stays.
    pub description: Option<String>,
    /// Metadata to set; an empty value removes its key.
    pub metadata: Metadata,
}

impl UpdateTopUp {
    /// An update that changes nothing.
    pub const fn of(top_up: TopUpId) -> Self {
        Self { top_up, description: None, metadata: Metadata::new() }
    }

    /// The same, with another description.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// The same, with metadata to set.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// That it makes sense by itself, whatever the top-up has already.
    ///
    /// # Errors
    /// [`TopUpError::DescriptionTooLong`], [`TopUpError::Metadata`].
    pub fn check(&self) -> Result<(), TopUpError> {
        check_description(self.description.as_deref())?;
        Ok(self.metadata.check()?)
    }
}

/// A command: call off a top-up of which the bank has said nothing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelTopUp {
    /// The top-up.
    pub top_up: TopUpId,
}

/// A fact names a top-up by its id, or by the reference under which the bank took it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedTopUp {
    /// By its id here.
    Id(TopUpId),
    /// By the world's reference. A fact whose top-up is not known under it yet is parked.
    Reference(String),
}

impl From<TopUpId> for NamedTopUp {
    fn from(id: TopUpId) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for NamedTopUp {
    fn from(reference: &str) -> Self {
        Self::Reference(reference.to_owned())
    }
}

/// A fact: the bank was asked for a top-up, under a reference of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUpSubmitted {
    /// The top-up.
    pub top_up: TopUpId,
    /// The reference, such as the trace of a debit.
    pub reference: String,
}

/// A fact: the bank has paid. Of several tellings the earliest counts, and it counts more than that it had failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUpSucceeded {
    /// The top-up.
    pub top_up: NamedTopUp,
}

/// A fact: the bank did not pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUpFailed {
    /// The top-up.
    pub top_up: NamedTopUp,
    /// The bank's reason, one of the field's failure codes such as `insufficient_funds`, or one it has not named yet.
    pub failure_code: String,
}

/// A fact: the bank has pulled all of it back after it had paid. Told before the success, it waits for that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUpReversed {
    /// The top-up.
    pub top_up: NamedTopUp,
}

/// What banks tell of top-ups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TopUpFact {
    /// The bank did not pay.
    Failed(TopUpFailed),
    /// The bank has pulled back what it had paid.
    Reversed(TopUpReversed),
    /// The bank was asked.
    Submitted(TopUpSubmitted),
    /// The bank has paid.
    Succeeded(TopUpSucceeded),
}

/// How far a top-up has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TopUpState {
    /// The bank is asked, or about to be, and has not answered.
    Pending,
    /// The money came.
    Succeeded {
        /// When.
        succeeded_at: Timestamp,
    },
    /// It did not, as far as is known.
    Failed {
        /// When.
        failed_at: Timestamp,
        /// Why.
        failure_code: Box<str>,
    },
    /// Called off.
    Canceled {
        /// When.
        canceled_at: Timestamp,
    },
    /// The money came and was pulled back.
    Reversed {
        /// When it came.
        succeeded_at: Timestamp,
        /// When it was pulled back.
        reversed_at: Timestamp,
    },
}

/// Money pulled from a bank account of the platform's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUp {
    id: TopUpId,
    source: ExternalAccountId,
    amount: i64,
    currency: Currency,
    created: Timestamp,
    expected_availability_date: Option<Timestamp>,
    statement_descriptor: Option<Box<str>>,
    transfer_group: Option<Box<str>>,
    description: Option<Box<str>>,
    metadata: Metadata,
    state: TopUpState,
}

impl TopUp {
    pub(crate) fn new(
        id: TopUpId,
        command: &NewTopUp,
        source: ExternalAccountId,
        created: Timestamp,
        expected_availability_date: Option<Timestamp>,
    ) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Into::into);
        Self {
            id,
            source,
            amount: command.amount.minor(),
            currency: command.amount.currency(),
            created,
            expected_availability_date,
            statement_descriptor: text(&command.statement_descriptor),
            transfer_group: text(&command.transfer_group),
            description: text(&command.description),
            metadata: command.metadata.clone(),
            state: TopUpState::Pending,
        }
    }

    /// Its id.
    pub const fn id(&self) -> TopUpId {
        self.id
    }

    /// The bank account that it is pulled from.
    pub const fn source(&self) -> ExternalAccountId {
        self.source
    }

    /// How much.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// When it was asked for.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// From when on the money is expected to be available; nothing where it is not known how long banks take.
    pub const fn expected_availability_date(&self) -> Option<Timestamp> {
        self.expected_availability_date
    }

    /// What the bank shows beside it.
    pub fn statement_descriptor(&self) -> Option<&str> {
        self.statement_descriptor.as_deref()
    }

    /// The group that it was named as part of.
    pub fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }

    /// What it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// What the host has written on it for itself.
    pub const fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// How far it has got.
    pub const fn state(&self) -> &TopUpState {
        &self.state
    }

    /// The state's name.
    pub const fn status(&self) -> TopUpStatus {
        match self.state {
            TopUpState::Pending => TopUpStatus::Pending,
            TopUpState::Succeeded { .. } => TopUpStatus::Succeeded,
            TopUpState::Failed { .. } => TopUpStatus::Failed,
            TopUpState::Canceled { .. } => TopUpStatus::Canceled,
            TopUpState::Reversed { .. } => TopUpStatus::Reversed,
        }
    }

    /// Why it failed, where it did.
    pub fn failure_code(&self) -> Option<&str> {
        match &self.state {
            TopUpState::Failed { failure_code, .. } => Some(failure_code),
            TopUpState::Pending
            | TopUpState::Succeeded { .. }
            | TopUpState::Canceled { .. }
            | TopUpState::Reversed { .. } => None,
        }
    }

    /// Whether the bank has still to say what became of it.
    pub const fn awaits_answer(&self) -> bool {
        matches!(self.state, TopUpState::Pending)
    }

    /// Whether a success may still be told: it is pending, or seemed to fail.
    pub(crate) const fn may_succeed(&self) -> bool {
        matches!(self.state, TopUpState::Pending | TopUpState::Failed { .. })
    }

    /// What the world is asked to do.
    pub(crate) fn to_debit(&self) -> TopUpInstruction {
        TopUpInstruction::Debit {
            top_up: self.id,
            source: self.source,
            amount: self.amount(),
            statement_descriptor: self.statement_descriptor.clone(),
        }
    }

    fn with(&self, state: TopUpState) -> Self {
        Self { state, ..self.clone() }
    }

    fn refuse(&self, action: TopUpAction) -> TopUpError {
        TopUpError::IllegalTransition { top_up: self.id, status: self.status(), action }
    }

    /// The top-up after the bank has paid, and whether that is new; nothing where as much is known already.
    // INVARIANT: the money did come, so a success counts more than a failure, and of several the earliest is kept: the order of delivery
    // is no matter.
    pub(crate) fn succeed(&self, succeeded_at: Timestamp) -> Result<Option<(Self, bool)>, TopUpError> {
        let succeeded = TopUpState::Succeeded { succeeded_at };
        match self.state {
            TopUpState::Pending | TopUpState::Failed { .. } => Ok(Some((self.with(succeeded), true))),
            TopUpState::Succeeded { succeeded_at: known } if succeeded_at < known => {
                Ok(Some((self.with(succeeded), false)))
            }
            TopUpState::Reversed { succeeded_at: known, reversed_at } if succeeded_at < known => {
                Ok(Some((self.with(TopUpState::Reversed { succeeded_at, reversed_at }), false)))
            }
            TopUpState::Succeeded { .. } | TopUpState::Reversed { .. } => Ok(None),
            TopUpState::Canceled { .. } => Err(self.refuse(TopUpAction::Succeed)),
        }
    }

    /// The top-up after the bank has not paid, and whether that is new; nothing where more is known already.
    pub(crate) fn fail(&self, failed_at: Timestamp, failure_code: &str) -> Option<(Self, bool)> {
        let is_new = match &self.state {
            TopUpState::Pending => true,
            TopUpState::Failed { failed_at: known, failure_code: why } if (failed_at, failure_code) < (*known, why) => {
                false
            }
            TopUpState::Failed { .. }
            | TopUpState::Succeeded { .. }
            | TopUpState::Canceled { .. }
            | TopUpState::Reversed { .. } => return None,
        };
        Some((self.with(TopUpState::Failed { failed_at, failure_code: failure_code.into() }), is_new))
    }

    /// The top-up after the bank has pulled it back, and whether that is new; nothing where as much is known already.
    // RULE: only what had succeeded is reversed, and all of it (docs.stripe.com/api/topups, 2025).
    pub(crate) fn reverse(&self, reversed_at: Timestamp) -> Result<Option<(Self, bool)>, TopUpError> {
        match self.state {
            TopUpState::Succeeded { succeeded_at } => {
                Ok(Some((self.with(TopUpState::Reversed { succeeded_at, reversed_at }), true)))
            }
            TopUpState::Reversed { succeeded_at, reversed_at: known } if reversed_at < known => {
                Ok(Some((self.with(TopUpState::Reversed { succeeded_at, reversed_at }), false)))
            }
            TopUpState::Reversed { .. } => Ok(None),
            TopUpState::Pending | TopUpState::Failed { .. } | TopUpState::Canceled { .. } => {
                Err(self.refuse(TopUpAction::Reverse))
            }
        }
    }

    /// The top-up with other words and notes, in whatever state it is.
    pub(crate) fn updated(&self, update: &UpdateTopUp) -> Result<Self, TopUpError> {
        let metadata = self.metadata.updated(&update.metadata);
        metadata.check()?;
        let description = match update.description.as_deref() {
            Some(text) => Some(text.into()).filter(|_| !text.is_empty()),
            None => self.description.clone(),
        };
        Ok(Self { description, metadata, ..self.clone() })
    }

    /// The top-up after it was called off.
    // RULE: only while it is pending (docs.stripe.com/api/topups, 2025).
    pub(crate) fn cancel(&self, canceled_at: Timestamp) -> Result<Self, TopUpError> {
        match self.state {
            TopUpState::Pending => Ok(self.with(TopUpState::Canceled { canceled_at })),
            TopUpState::Succeeded { .. }
            | TopUpState::Failed { .. }
            | TopUpState::Canceled { .. }
            | TopUpState::Reversed { .. } => Err(self.refuse(TopUpAction::Cancel)),
        }
    }
}
