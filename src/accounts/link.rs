use serde::{Deserialize, Serialize};

use super::{AccessError, Account, Action, Profile, RequirementPath};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, AccountLinkId, LoginLinkId};
use crate::rulebook::turns_text;

/// The longest address that is taken; the field publishes no limit of its own.
const LONGEST_URL: usize = 2_048;

/// What an account link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The holder gives what the account is asked for.
    AccountOnboarding,
    /// The holder changes what was given before.
    AccountUpdate,
}

impl LinkKind {
    /// What handing such a link out takes.
    pub const fn action(self) -> Action {
        match self {
            Self::AccountOnboarding => Action::CreateOnboardingLink,
            Self::AccountUpdate => Action::CreateUpdateLink,
        }
    }
}

/// How much an account link asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkFields {
    /// What is needed by the current deadline.
    #[default]
    CurrentlyDue,
    /// What will be needed if the account reaches every threshold.
    EventuallyDue,
}

/// Whether an account link asks for what rules will demand from a later date on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FutureRequirements {
    /// It does not.
    #[default]
    Omit,
    /// It does.
    Include,
}

/// A command: hand out a page on which an account's holder gives what is asked for. Nobody else may see the address.
///
/// ```
/// use fundroute::accounts::{LinkFields, LinkKind, NewAccountLink};
/// use fundroute::ids::AccountId;
///
/// let jo = AccountId::from_host([7; 14]);
/// let link = NewAccountLink::onboarding(jo, "https://shop.example/again", "https://shop.example/done").eventually_due();
/// assert_eq!((link.kind, link.fields), (LinkKind::AccountOnboarding, LinkFields::EventuallyDue));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAccountLink {
    /// Whose page.
    pub account: AccountId,
    /// What it is for.
    pub kind: LinkKind,
    /// Where a visitor is sent whom the link does not let in any more; that page hands out a new one with the same wishes.
    pub refresh_url: String,
    /// Where a visitor is sent who has finished, or saved the rest for later.
    pub return_url: String,
    /// How much it asks for.
    pub fields: LinkFields,
    /// Whether it asks for what is demanded from a later date on.
    pub future_requirements: FutureRequirements,
}

impl NewAccountLink {
    /// A page on which the holder gives what is currently due.
    pub fn onboarding(account: AccountId, refresh_url: impl Into<String>, return_url: impl Into<String>) -> Self {
        Self {
            account,
            kind: LinkKind::AccountOnboarding,
            refresh_url: refresh_url.into(),
            return_url: return_url.into(),
            fields: LinkFields::CurrentlyDue,
            future_requirements: FutureRequirements::Omit,
        }
    }

    /// A page on which the holder changes what was given before.
    pub fn update(account: AccountId, refresh_url: impl Into<String>, return_url: impl Into<String>) -> Self {
        Self { kind: LinkKind::AccountUpdate, ..Self::onboarding(account, refresh_url, return_url) }
    }

    /// The same page, asking for what will be needed at any threshold too.
    #[must_use]
    pub const fn eventually_due(mut self) -> Self {
        self.fields = LinkFields::EventuallyDue;
        self
    }

    /// The same page, asking for what rules will demand from a later date on too.
    #[must_use]
    pub const fn with_future_requirements(mut self) -> Self {
        self.future_requirements = FutureRequirements::Include;
        self
    }

    pub(crate) fn check(&self, livemode: bool) -> Result<(), AccessError> {
        check_url(&self.refresh_url, livemode)?;
        check_url(&self.return_url, livemode)
    }
}

/// That an address can be sent to a browser, and is encrypted where real money is moved.
// RULE: http only in test mode (docs.stripe.com/connect/standard-accounts and /connect/custom-accounts, 2024).
pub(super) fn check_url(url: &str, livemode: bool) -> Result<(), AccessError> {
    let host = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => Some(rest),
        (None, Some(_)) if livemode => return Err(AccessError::UrlNotEncrypted(url.chars().take(80).collect())),
        (None, rest) => rest,
    };
    let has_host = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']));
    let is_odd = url.len() > LONGEST_URL || url.chars().any(|c| c.is_whitespace() || c.is_control() || turns_text(c));
    if has_host && !is_odd { Ok(()) } else { Err(AccessError::UrlInvalid(url.chars().take(80).collect())) }
}

/// How far the use of an account link has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkState {
    /// Nobody has visited it.
    Issued,
    /// Somebody has, and it lets nobody in again.
    Consumed {
        /// When.
        at: Timestamp,
    },
    /// The visitor has finished, or saved the rest for later.
    Returned {
        /// When.
        at: Timestamp,
    },
}

/// Where an account link stands at a moment: its state, and whether time or the account have overtaken it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkStatus {
    /// It lets one visitor in.
    Issued,
    /// It has let one in.
    Consumed,
    /// The one it let in has left.
    Returned,
    /// Its time is over; nobody has visited it.
    Expired,
    /// The account was turned away, closed or disconnected since it was handed out, whether or not that was taken back.
    Void,
}

/// What has come between an account and its links so far. A link lets in as long as it is what it was when the link was handed out.
// INVARIANT: it is the same in whatever order the world tells things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Barriers {
    /// How often the platform turned the account away or lost it.
    shut: u32,
    /// The latest time of which the processor said that the account is turned away.
    turned_away: Option<Timestamp>,
}

impl Barriers {
    pub(crate) const fn of(account: &Account, profile: &Profile) -> Self {
        Self { shut: account.shut(), turned_away: profile.oversight().turned_away() }
    }
}

/// A page that was handed out to an account's holder, good for one visit.
///
/// It needs no deadline to run out: whether its time is over is decided by the visit itself, at the exact instant. There is
/// nothing personal in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLink {
    id: AccountLinkId,
    account: AccountId,
    kind: LinkKind,
    fields: LinkFields,
    future_requirements: FutureRequirements,
    refresh_url: Box<str>,
    return_url: Box<str>,
    created: Timestamp,
    expires_at: Timestamp,
    barriers: Barriers,
    state: LinkState,
}

impl AccountLink {
    const PATH: &'static str = "setup/s/";

    pub(crate) fn new(
        id: AccountLinkId,
        command: &NewAccountLink,
        barriers: Barriers,
        (created, expires_at): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            id,
            account: command.account,
            kind: command.kind,
            fields: command.fields,
            future_requirements: command.future_requirements,
            refresh_url: command.refresh_url.as_str().into(),
            return_url: command.return_url.as_str().into(),
            created,
            expires_at,
            barriers,
            state: LinkState::Issued,
        }
    }

    /// Its id.
    pub const fn id(&self) -> AccountLinkId {
        self.id
    }

    /// Whose page it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What it is for.
    pub const fn kind(&self) -> LinkKind {
        self.kind
    }

    /// How much it asks for.
    pub const fn fields(&self) -> LinkFields {
        self.fields
    }

    /// Whether it asks for what is demanded from a later date on.
    pub const fn future_requirements(&self) -> FutureRequirements {
        self.future_requirements
    }

    /// Where a visitor is sent whom it does not let in.
    pub fn refresh_url(&self) -> &str {
        &self.refresh_url
    }

    /// Where its visitor is sent in the end. That says nothing about how much was given.
    pub fn return_url(&self) -> &str {
        &self.return_url
    }

    /// When it was handed out.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// From when on it lets nobody in.
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// How far its use has got.
    pub const fn state(&self) -> LinkState {
        self.state
    }

    /// Where it stands at `now`, for an account that stands like this.
    // RULE: an expired or used link, and one of an account that was turned away or lost, leads to the refresh URL
    // (docs.stripe.com/connect/custom/hosted-onboarding, 2024). That it stays so when the account is taken back is our own reading.
    pub(crate) fn status(&self, account: &Account, profile: &Profile, now: Timestamp) -> LinkStatus {
        match self.state {
            LinkState::Returned { .. } => LinkStatus::Returned,
            LinkState::Consumed { .. } => LinkStatus::Consumed,
            LinkState::Issued if self.barriers != Barriers::of(account, profile) => LinkStatus::Void,
            LinkState::Issued if self.expires_at <= now => LinkStatus::Expired,
            LinkState::Issued => LinkStatus::Issued,
        }
    }

    /// The path of the page; a host puts its own origin before it. It is made of the id and no secret: a host whose pages stand
    /// in the open adds a signature of its own.
    ///
    /// ```
    /// # use fundroute::accounts::{AccountLink, NewAccountLink};
    /// # use fundroute::prelude::*;
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let link = NewAccountLink::onboarding(jo, "https://shop.example/again", "https://shop.example/done");
    /// let id = platform.accounts().create_link("jo-1", link)?.answer;
    /// let path = platform.account_link(id)?.path();
    /// assert!(path.starts_with("setup/s/"));
    /// assert_eq!(AccountLink::id_in(&path), Some(id));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn path(&self) -> String {
        format!("{}{}", Self::PATH, self.id.uuid().simple())
    }

    /// The link that a path names.
    pub fn id_in(path: &str) -> Option<AccountLinkId> {
        format!("{}{}", AccountLinkId::PREFIX, path.strip_prefix(Self::PATH)?).parse().ok()
    }

    pub(crate) fn consumed(&self, at: Timestamp) -> Self {
        Self { state: LinkState::Consumed { at }, ..self.clone() }
    }

    pub(crate) fn returned(&self, at: Timestamp) -> Result<Self, AccessError> {
        match self.state {
            LinkState::Consumed { .. } => Ok(Self { state: LinkState::Returned { at }, ..self.clone() }),
            LinkState::Issued | LinkState::Returned { .. } => Err(AccessError::NobodyOnPage(self.id)),
        }
    }
}

/// What a visit to an account link came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visit {
    /// The page opens.
    Opened {
        /// What it asks for.
        collect: Vec<RequirementPath>,
    },
    /// The link lets nobody in (any more); the visitor goes where a new one is handed out.
    SentToRefresh {
        /// Where that is.
        url: String,
    },
}

/// A way into the light dashboard, good for one use.
// RULE: docs.stripe.com/api/accounts/login_link (2026): for accounts with the light dashboard, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginLink {
    id: LoginLinkId,
    account: AccountId,
    created: Timestamp,
    used_at: Option<Timestamp>,
}

impl LoginLink {
    pub(crate) const fn new(id: LoginLinkId, account: AccountId, created: Timestamp) -> Self {
        Self { id, account, created, used_at: None }
    }

    /// Its id.
    pub const fn id(&self) -> LoginLinkId {
        self.id
    }

    /// Whose dashboard it leads to.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// When it was handed out.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it was used.
    pub const fn used_at(&self) -> Option<Timestamp> {
        self.used_at
    }

    /// The path of the page; a host puts its own origin before it. It is made of the id and no secret.
    pub fn path(&self) -> String {
        format!("express/{}", self.id.uuid().simple())
    }

    pub(crate) fn used(&self, at: Timestamp) -> Result<Self, AccessError> {
        match self.used_at {
            Some(_) => Err(AccessError::LoginLinkUsed(self.id)),
            None => Ok(Self { used_at: Some(at), ..self.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encrypted_where_money_is_real() {
        for good in ["https://shop.example", "https://shop.example/a?b=c#d", "https://localhost:8080/x"] {
            assert_eq!((check_url(good, true), check_url(good, false)), (Ok(()), Ok(())), "{good}");
        }
        let plain = "http://shop.example";
        assert_eq!(check_url(plain, false), Ok(()));
        assert_eq!(check_url(plain, true), Err(AccessError::UrlNotEncrypted(plain.to_owned())));
        let long = format!("https://shop.example/{}", "a".repeat(LONGEST_URL));
        for bad in
            ["", "shop.example", "ftp://shop.example", "https://", "https:///x", "https://a b", "http://?x", &long]
        {
            assert!(matches!(check_url(bad, false), Err(AccessError::UrlInvalid(_))), "{bad}");
        }
    }
}
