use std::fmt;

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, SupportActionId};

/// How many characters the reason of a support action has at most. No page says: it is our own choice.
const REASON_LENGTH: usize = 500;

/// How many characters the host's id of a member of staff has at most. No page says: it is our own choice.
const STAFF_ID_LENGTH: usize = 255;

/// Who is behind a command, as the host tells it. It lets nobody do more or less than without: that is for the command's
/// [actor](crate::accounts::Actor).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Agent {
    /// The account's holder, who asked for it.
    Holder,
    /// The platform, nobody in particular.
    Platform,
    /// Somebody of the platform's staff, by the host's own id: 1 to 255 characters, which must not be a name or an address.
    Staff(Box<str>),
    /// A program of the host's, by itself.
    System,
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holder => f.write_str("the account's holder"),
            Self::Platform => f.write_str("the platform"),
            Self::Staff(id) => write!(f, "staff {id}"),
            Self::System => f.write_str("the system"),
        }
    }
}

/// Who is behind a command, and why: what a platform that does something for somebody wants to find again later.
///
/// It travels with any command ([`Platform::attributed_to`](crate::Platform::attributed_to),
/// [`Request::attributed_to`](crate::platform::Request::attributed_to)), and stays in the journal as a [`SupportAction`].
///
/// ```
/// use fundroute::tools::Attribution;
///
/// let sam = Attribution::staff("s-17", "the parcel never came, ticket 4711");
/// assert_eq!(sam.to_string(), "staff s-17: the parcel never came, ticket 4711");
/// assert!(sam.check().is_ok());
/// assert!(Attribution::staff("s-17", " ").check().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attribution {
    /// Who.
    pub by: Agent,
    /// Why: 1 to 500 characters, without line breaks and other control characters, and not of spaces only. It goes into the journal, where
    /// nothing is ever erased: it must not say anything about persons that a host may have to forget. A ticket's number does no harm.
    pub reason: Box<str>,
}

impl Attribution {
    /// Something done by this agent for this reason.
    pub fn new(by: Agent, reason: impl Into<Box<str>>) -> Self {
        Self { by, reason: reason.into() }
    }

    /// Something done by a member of the platform's staff, whom the host knows by this id.
    pub fn staff(id: impl Into<Box<str>>, reason: impl Into<Box<str>>) -> Self {
        Self::new(Agent::Staff(id.into()), reason)
    }

    /// That both can be kept.
    ///
    /// # Errors
    /// [`AttributionError::StaffIdInvalid`], [`AttributionError::ReasonInvalid`].
    pub fn check(&self) -> Result<(), AttributionError> {
        match &self.by {
            Agent::Staff(id) if !is_text(id, STAFF_ID_LENGTH) => return Err(AttributionError::StaffIdInvalid),
            Agent::Staff(_) | Agent::Holder | Agent::Platform | Agent::System => {}
        }
        if is_text(&self.reason, REASON_LENGTH) { Ok(()) } else { Err(AttributionError::ReasonInvalid) }
    }
}

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.by, self.reason)
    }
}

/// Why a command's attribution cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributionError {
    /// The host's id of a member of staff cannot be kept.
    #[error("the id of a member of staff has 1 to 255 characters, with no control characters, and not only spaces")]
    StaffIdInvalid,
    /// The reason cannot be kept.
    #[error("a reason has 1 to 500 characters, with no control characters, and not only spaces")]
    ReasonInvalid,
}

fn is_text(text: &str, most: usize) -> bool {
    let is_short = text.chars().nth(most).is_none();
    is_short && !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// A command that was carried out, with who was behind it and why. It is written with what the command changes, and never changes itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportAction {
    id: SupportActionId,
    at: Timestamp,
    attribution: Attribution,
    command: Box<str>,
    object: ObjectId,
    account: Option<AccountId>,
}

/// What a support action is about.
pub(crate) struct Deed {
    pub(crate) command: &'static str,
    pub(crate) object: ObjectId,
    pub(crate) account: Option<AccountId>,
}

impl SupportAction {
    pub(crate) fn new(id: SupportActionId, at: Timestamp, attribution: Attribution, deed: Deed) -> Self {
        let Deed { command, object, account } = deed;
        Self { id, at, attribution, command: command.into(), object, account }
    }

    /// Its id.
    pub const fn id(&self) -> SupportActionId {
        self.id
    }

    /// When the command was carried out.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Who was behind it.
    pub const fn by(&self) -> &Agent {
        &self.attribution.by
    }

    /// Why.
    pub fn reason(&self) -> &str {
        &self.attribution.reason
    }

    /// What was done, such as `create_refund`.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// What the command created or changed, as it was answered.
    pub const fn object(&self) -> ObjectId {
        self.object
    }

    /// Which connected account it concerns, where it concerns one.
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }
}

impl fmt::Display for SupportAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {} {}, by {}", self.at.date(), self.command, self.object, self.attribution)
    }
}
