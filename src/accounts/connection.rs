use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::link::check_url;
use super::permission::Scope;
use super::{ConnectionError, Landing, Values};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationId, ConnectionId};
use crate::rulebook::{Capability, Country};

/// What an application is to the accounts that it connects.
// RULE: docs.stripe.com/connect/oauth-changes-for-standard-platforms (2024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// It controls the accounts that it connects, and creates others.
    Platform,
    /// It works beside the platform of an account that somebody else may control.
    Extension,
}

/// A command: say what the application is to those who connect accounts of their own to it. Said again, it replaces the addresses.
///
/// ```
/// use fundroute::accounts::{ApplicationKind, NewApplication};
///
/// let app = NewApplication::platform("https://shop.example/connected").redirect_uri("https://shop.example/beta");
/// assert_eq!((app.kind, app.redirect_uris.len()), (ApplicationKind::Platform, 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApplication {
    /// What it is; cannot be changed later.
    pub kind: ApplicationKind,
    /// Where holders may be sent back to. The first is taken where none is named.
    pub redirect_uris: Vec<String>,
}

impl NewApplication {
    /// The most addresses that are kept; the field publishes no limit of its own.
    pub const MOST_URIS: usize = 20;

    /// A platform.
    pub fn platform(redirect_uri: impl Into<String>) -> Self {
        Self { kind: ApplicationKind::Platform, redirect_uris: vec![redirect_uri.into()] }
    }

    /// An extension.
    pub fn extension(redirect_uri: impl Into<String>) -> Self {
        Self { kind: ApplicationKind::Extension, ..Self::platform(redirect_uri) }
    }

    /// The same application, with one address more.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    // RULE: redirects are encrypted in live mode (docs.stripe.com/connect/oauth-reference, 2024).
    pub(crate) fn check(&self, livemode: bool) -> Result<(), ConnectionError> {
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > Self::MOST_URIS {
            return Err(ConnectionError::InvalidRequest("redirect_uris"));
        }
        match self.redirect_uris.iter().find(|uri| check_url(uri, livemode).is_err()) {
            Some(uri) => Err(ConnectionError::InvalidRedirectUri(uri.chars().take(80).collect())),
            None => Ok(()),
        }
    }
}

/// What the platform is to those who connect accounts of their own to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    id: ApplicationId,
    kind: ApplicationKind,
    redirect_uris: Vec<String>,
    livemode: bool,
}

impl Application {
    /// The last place of the platform's own family, which nothing that is born into it ever gets.
    const ORDINAL: u16 = u16::MAX;

    pub(crate) const fn id_of(platform: AccountId) -> ApplicationId {
        ApplicationId::of(platform.family(), Self::ORDINAL)
    }

    pub(crate) fn new(platform: AccountId, command: &NewApplication, livemode: bool) -> Self {
        Self { id: Self::id_of(platform), kind: command.kind, redirect_uris: command.redirect_uris.clone(), livemode }
    }

    /// Its id, which is its client id.
    pub const fn id(&self) -> ApplicationId {
        self.id
    }

    /// What it is.
    pub const fn kind(&self) -> ApplicationKind {
        self.kind
    }

    /// Where holders may be sent back to.
    pub fn redirect_uris(&self) -> &[String] {
        &self.redirect_uris
    }

    /// Whether it connects accounts that move real money.
    pub const fn livemode(&self) -> bool {
        self.livemode
    }

    /// The address that a holder is sent back to.
    // RULE: exactly one of those registered, or else the first (docs.stripe.com/connect/oauth-reference, 2024).
    pub(crate) fn redirect(&self, asked: Option<&str>) -> Result<&str, ConnectionError> {
        let known = match asked {
            Some(asked) => self.redirect_uris.iter().find(|uri| *uri == asked),
            None => self.redirect_uris.first(),
        };
        let unknown = || ConnectionError::InvalidRedirectUri(asked.unwrap_or_default().chars().take(80).collect());
        known.map(String::as_str).ok_or_else(unknown)
    }

    /// The scope that is asked for.
    // RULE: platforms always have `read_write`; extensions have `read_only` unless they ask for more
    // (docs.stripe.com/connect/oauth-reference, 2024).
    pub(crate) const fn scope(&self, asked: Option<Scope>) -> Result<Scope, ConnectionError> {
        match (self.kind, asked) {
            (ApplicationKind::Platform, None | Some(Scope::ReadWrite)) => Ok(Scope::ReadWrite),
            (ApplicationKind::Platform, Some(scope @ Scope::ReadOnly)) => Err(ConnectionError::InvalidScope(scope)),
            (ApplicationKind::Extension, None) => Ok(Scope::ReadOnly),
            (ApplicationKind::Extension, Some(scope)) => Ok(scope),
        }
    }
}

/// An account that its holder had with the processor before, and that the platform does not know yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideAccount {
    /// Its id with the processor; the same whenever it is connected.
    pub id: AccountId,
    /// The country of its business.
    pub country: Country,
    /// Whether another platform controls it.
    pub is_controlled: bool,
    /// What it has asked to be allowed to do; the host reports each with a [`CapabilityReviewed`](super::CapabilityReviewed).
    pub capabilities: Vec<Capability>,
}

/// Which account a holder connects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Connecting {
    /// One that the platform knows: it was connected before, or still is.
    Known(AccountId),
    /// One that the holder makes on the way.
    New(Country),
    /// One that the holder has with the processor.
    Outside(OutsideAccount),
}

/// A command of a holder: let the application in (or refuse to).
///
/// ```
/// use fundroute::accounts::{Authorize, Scope};
/// use fundroute::rulebook::Country;
///
/// let wish = Authorize::new_account(Country::US).state("session-17");
/// assert_eq!((wish.scope, wish.response_type.as_str()), (None, "code"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorize {
    /// What the application wants to be answered; there is only `code`.
    pub response_type: String,
    /// Which application it is; nothing for the platform's, which is the only one that is known here.
    #[serde(default)]
    pub client_id: Option<ApplicationId>,
    /// How much it wants to do; nothing for the usual.
    pub scope: Option<Scope>,
    /// Where the holder is sent back to; nothing for the first address that was registered.
    pub redirect_uri: Option<String>,
    /// What the application wants to be told again, against forgery.
    pub state: Option<String>,
    /// Which page the holder sees first; nothing for the usual one of the scope ([`Platform::landing`](crate::Platform::landing)).
    #[serde(default)]
    pub landing: Option<Landing>,
    /// Whether a holder who has let the application in already is asked again.
    #[serde(default)]
    pub always_prompt: bool,
    /// Which account.
    pub who: Connecting,
    /// What the link had filled in beforehand of what the holder is asked for, by the names that requirements use. Kept apart from the
    /// journal, as personal data.
    #[serde(default)]
    pub prefill: Values,
}

impl Authorize {
    /// The most fields that are filled in beforehand, the longest name of one, and the longest value; the field publishes no limits.
    const MOST_FILLED_IN: usize = 100;
    const LONGEST_NAME: usize = 100;
    const LONGEST_FILLED_IN: usize = 2_048;

    /// The longest state that is taken; the field publishes no limit of its own.
    pub const LONGEST_STATE: usize = 2_048;

    const fn who(who: Connecting, response_type: String) -> Self {
        Self {
            response_type,
            client_id: None,
            scope: None,
            redirect_uri: None,
            state: None,
            landing: None,
            always_prompt: false,
            who,
            prefill: Values(BTreeMap::new()),
        }
    }

    /// A holder connects an account that the platform knows, such as one that was disconnected.
    pub fn account(account: AccountId) -> Self {
        Self::who(Connecting::Known(account), "code".to_owned())
    }

    /// A holder makes an account on the way.
    pub fn new_account(country: Country) -> Self {
        Self::who(Connecting::New(country), "code".to_owned())
    }

    /// A holder connects an account that the platform does not know yet.
    pub fn outside(account: OutsideAccount) -> Self {
        Self::who(Connecting::Outside(account), "code".to_owned())
    }

    /// The same, with this scope.
    #[must_use]
    pub const fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The same, of this application.
    #[must_use]
    pub const fn client_id(mut self, application: ApplicationId) -> Self {
        self.client_id = Some(application);
        self
    }

    /// The same, with this page first.
    #[must_use]
    pub const fn landing(mut self, landing: Landing) -> Self {
        self.landing = Some(landing);
        self
    }

    /// The same, asking also who has let the application in already.
    #[must_use]
    pub const fn always_prompt(mut self) -> Self {
        self.always_prompt = true;
        self
    }

    /// The same, going back to this address.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// The same, with something to be told again.
    #[must_use]
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The same, with one field more filled in beforehand.
    #[must_use]
    pub fn fill_in(mut self, field: &str, value: impl Into<String>) -> Self {
        self.prefill.0.insert(field.into(), value.into());
        self
    }

    /// What is kept of what was filled in: nothing for accounts that exist, and nothing that is too much.
    // RULE: what is filled in beforehand is ignored in silence where it is not good, or the holder has an account already
    // (docs.stripe.com/connect/oauth-reference, 2024).
    pub(crate) fn filled_in(&self) -> Values {
        let is_short =
            |field: &str, value: &str| field.len() <= Self::LONGEST_NAME && value.len() <= Self::LONGEST_FILLED_IN;
        match &self.who {
            Connecting::Known(_) | Connecting::Outside(_) => Values::default(),
            Connecting::New(_) => {
                let fields = self.prefill.0.iter().map(|(field, value)| (&**field, value));
                fields.filter(|(field, value)| is_short(field, value)).take(Self::MOST_FILLED_IN).collect()
            }
        }
    }

    /// The same without the values, for what is written into the journal about it.
    pub(crate) fn without_values(&self) -> Self {
        let fields = self.prefill.0.keys().map(|field| (field.clone(), String::new()));
        Self { prefill: Values(fields.collect()), ..self.clone() }
    }

    /// The account that the holder speaks for, if the platform knows it.
    pub(crate) const fn known(&self) -> Option<AccountId> {
        match &self.who {
            Connecting::Known(account) => Some(*account),
            Connecting::New(_) | Connecting::Outside(_) => None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), ConnectionError> {
        if self.response_type != "code" {
            return Err(ConnectionError::UnsupportedResponseType(self.response_type.chars().take(80).collect()));
        }
        if self.state.as_ref().is_some_and(|state| state.len() > Self::LONGEST_STATE) {
            return Err(ConnectionError::InvalidRequest("state"));
        }
        match &self.who {
            Connecting::Outside(account) if account.id.ordinal() != 0 => {
                Err(ConnectionError::InvalidRequest("account"))
            }
            Connecting::Known(_) | Connecting::New(_) | Connecting::Outside(_) => Ok(()),
        }
    }
}

/// A command: exchange a code for the connection that it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeCode {
    /// What is exchanged; there is only `authorization_code`.
    pub grant_type: String,
    /// The code.
    pub code: String,
}

impl ExchangeCode {
    /// The exchange of a code.
    pub fn of(code: impl Into<String>) -> Self {
        Self { grant_type: "authorization_code".to_owned(), code: code.into() }
    }

    /// The connection that the code stands for, if it is one.
    pub(crate) fn connection(&self) -> Option<ConnectionId> {
        format!("{}{}", ConnectionId::PREFIX, self.code.strip_prefix(Connection::CODE)?).parse().ok()
    }
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokedBy {
    /// The holder, here or in the dashboard.
    Holder,
    /// The application.
    Application,
    /// Nobody: its code was exchanged twice, so somebody else may have it.
    Replay,
}

/// How far a connection has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectionState {
    /// The holder has agreed; the code waits to be exchanged.
    CodeIssued {
        /// From when on it cannot be.
        expires_at: Timestamp,
    },
    /// The holder has refused.
    Denied,
    /// The application may act for the account.
    Connected {
        /// Since when.
        at: Timestamp,
    },
    /// It may no longer.
    Revoked {
        /// Since when it could.
        connected_at: Timestamp,
        /// Since when it cannot.
        at: Timestamp,
        /// Who ended it.
        by: RevokedBy,
    },
    /// The holder has let the application in again, and the newer connection holds.
    Superseded {
        /// Since when.
        at: Timestamp,
    },
}

/// That a holder has let the application in, or was asked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    id: ConnectionId,
    application: ApplicationId,
    kind: ApplicationKind,
    scope: Scope,
    livemode: bool,
    redirect_uri: Box<str>,
    echo: Option<Box<str>>,
    who: Connecting,
    account: Option<AccountId>,
    created: Timestamp,
    state: ConnectionState,
}

impl Connection {
    const CODE: &'static str = "ac_";

    pub(crate) fn new(
        id: ConnectionId,
        application: &Application,
        command: &Authorize,
        created: Timestamp,
        state: ConnectionState,
    ) -> Result<Self, ConnectionError> {
        let mut who = command.who.clone();
        if let Connecting::Outside(outside) = &mut who {
            // Each once, so that the list is no longer than there are capabilities.
            outside.capabilities.sort_unstable();
            outside.capabilities.dedup();
        }
        Ok(Self {
            id,
            application: application.id,
            kind: application.kind,
            scope: application.scope(command.scope)?,
            livemode: application.livemode,
            redirect_uri: application.redirect(command.redirect_uri.as_deref())?.into(),
            echo: command.state.as_deref().map(Into::into),
            who,
            account: None,
            created,
            state,
        })
    }

    /// Its id.
    pub const fn id(&self) -> ConnectionId {
        self.id
    }

    /// The application that is let in.
    pub const fn application(&self) -> ApplicationId {
        self.application
    }

    /// What the application is.
    pub const fn kind(&self) -> ApplicationKind {
        self.kind
    }

    /// How much it may do.
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// Whether it is about real money.
    pub const fn livemode(&self) -> bool {
        self.livemode
    }

    /// Which account the holder wanted to connect.
    pub const fn who(&self) -> &Connecting {
        &self.who
    }

    /// The account that is connected; nothing before the code was exchanged.
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// When the holder was asked.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// How far it has got.
    pub const fn state(&self) -> ConnectionState {
        self.state
    }

    /// The code that the application exchanges. It is made of the id and no secret: a host that answers strangers adds a signature
    /// of its own.
    pub fn code(&self) -> String {
        format!("{}{}", Self::CODE, self.id.uuid().simple())
    }

    /// Where the holder is sent back to.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// What is told there, as parameters still to be encoded.
    // RULE: a code with its scope, or `access_denied`, and the state as it was given
    // (docs.stripe.com/connect/oauth-reference, 2024).
    pub fn redirect_query(&self) -> Vec<(&'static str, String)> {
        let mut query = match self.state {
            ConnectionState::Denied => vec![("error", "access_denied".to_owned())],
            ConnectionState::CodeIssued { .. }
            | ConnectionState::Connected { .. }
            | ConnectionState::Revoked { .. }
            | ConnectionState::Superseded { .. } => {
                let scope = match self.scope {
                    Scope::ReadOnly => "read_only",
                    Scope::ReadWrite => "read_write",
                };
                vec![("scope", scope.to_owned()), ("code", self.code())]
            }
        };
        query.extend(self.echo.as_deref().map(|state| ("state", state.to_owned())));
        query
    }

    /// Since when the application may act for the account, or could.
    pub(crate) const fn connected_at(&self) -> Option<Timestamp> {
        match self.state {
            ConnectionState::Connected { at } | ConnectionState::Revoked { connected_at: at, .. } => Some(at),
            ConnectionState::CodeIssued { .. } | ConnectionState::Denied | ConnectionState::Superseded { .. } => None,
        }
    }

    pub(crate) fn connected(&self, account: AccountId, at: Timestamp) -> Self {
        Self { account: Some(account), state: ConnectionState::Connected { at }, ..self.clone() }
    }

    /// The connection after a newer one took its place; nothing if it holds no longer anyway.
    pub(crate) fn superseded(&self, at: Timestamp) -> Option<Self> {
        let is_live = matches!(self.state, ConnectionState::Connected { .. });
        is_live.then(|| Self { state: ConnectionState::Superseded { at }, ..self.clone() })
    }

    /// The connection after it was ended; nothing where an end is known already that holds.
    // INVARIANT: of several ends the earliest holds, and the holder's before the application's, so that the order of delivery is
    // no matter.
    pub(crate) fn revoked(&self, at: Timestamp, by: RevokedBy) -> Option<Self> {
        let connected_at = match self.state {
            ConnectionState::Connected { at } => at,
            ConnectionState::Revoked { connected_at, at: known, by: whom } if (at, by) < (known, whom) => connected_at,
            ConnectionState::Revoked { .. }
            | ConnectionState::CodeIssued { .. }
            | ConnectionState::Denied
            | ConnectionState::Superseded { .. } => return None,
        };
        Some(Self { state: ConnectionState::Revoked { connected_at, at, by }, ..self.clone() })
    }
}

/// What an exchange came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exchange {
    /// The application may act for the account.
    Connected {
        /// The connection.
        connection: ConnectionId,
        /// The account.
        account: AccountId,
        /// How much it may do.
        scope: Scope,
        /// Whether it is about real money.
        livemode: bool,
    },
    /// The code had been exchanged before, so the connection is ended; whoever asked is told `invalid_grant`.
    Revoked {
        /// The connection.
        connection: ConnectionId,
        /// The account.
        account: AccountId,
    },
}

/// A fact: a holder has ended the connection in the dashboard.
///
/// What happened before the account was last connected is stale; of several reports the earliest holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRevoked {
    /// The account.
    pub account: AccountId,
}
