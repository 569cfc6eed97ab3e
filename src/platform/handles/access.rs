use super::{Accounts, ActingAs, Caller, Connections, pick};
use crate::accounts::{
    Actor, Authorize, ConnectionRevoked, Exchange, ExchangeCode, NewAccountLink, NewAccountSession, NewApplication,
    Visit,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, AccountLinkId, AccountSessionId, ApplicationId, ConnectionId, LoginLinkId};
use crate::journal::{Answer, Fact, FactOutcome};
use crate::platform::{Command, Decided, Error, Platform};

impl Accounts<'_> {
    /// Hands out a page on which the holder of an account gives what is asked for; it lets one visitor in, within five minutes.
    ///
    /// Where the processor collects what the account is asked for, data about persons are closed to the platform from now on.
    ///
    /// ```
    /// use fundroute::accounts::{NewAccountLink, Visit};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let link = NewAccountLink::onboarding(jo, "https://shop.example/again", "https://shop.example/done");
    /// let link = platform.accounts().create_link("jo-1", link)?.answer;
    ///
    /// let Visit::Opened { collect } = platform.accounts().visit_link("visit-1", link)?.answer else { panic!() };
    /// assert!(collect.iter().any(|path| path.as_str() == "business_type"));
    /// assert_eq!(platform.accounts().leave_link("leave-1", link)?.answer, "https://shop.example/done");
    ///
    /// // A second visitor is sent to where a new link is handed out.
    /// let Visit::SentToRefresh { url } = platform.accounts().visit_link("visit-2", link)?.answer else { panic!() };
    /// assert_eq!(url, "https://shop.example/again");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`AccessError`](crate::accounts::AccessError) for an address that is none, or not encrypted in live mode, and for an account
    /// that was turned away; [`AccountError::NotPermitted`](crate::accounts::AccountError::NotPermitted) where the platform does
    /// not collect what a page for changes is about.
    pub fn create_link(&mut self, key: &str, link: NewAccountLink) -> Result<Decided<AccountLinkId>, Error> {
        self.0.run(key, Command::CreateAccountLink(link), pick!(AccountLink))
    }

    /// Somebody follows an account link. Whom it does not let in, because it was used, has expired or is void, is sent to where a new
    /// one is handed out: that is an answer and no error.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn visit_link(&mut self, key: &str, link: AccountLinkId) -> Result<Decided<Visit>, Error> {
        let pick = |answer| matches!(answer, Answer::LinkOpened(_) | Answer::LinkRefreshed(_)).then_some(answer);
        let decided = self.0.run(key, Command::VisitAccountLink(link), pick)?;
        translated(&self.0, key, decided, Platform::visit)
    }

    /// The visitor of an account link has finished, or saves the rest for later, and is sent to the address that is answered.
    /// It says nothing about how much was given: see [`Platform::requirements`].
    ///
    /// # Errors
    /// [`AccessError::NobodyOnPage`](crate::accounts::AccessError::NobodyOnPage).
    pub fn leave_link(&mut self, key: &str, link: AccountLinkId) -> Result<Decided<String>, Error> {
        let Decided { outcome, changes, .. } = self.0.run(key, Command::LeaveAccountLink(link), pick!(AccountLink))?;
        let answer = self.0.platform.account_link(link)?.return_url().to_owned();
        Ok(Decided { answer, outcome, changes })
    }

    /// Lets the holder of an account see parts of it inside the platform's own pages, once.
    ///
    /// ```
    /// use fundroute::accounts::{Component, Feature, NewAccountSession};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let session = NewAccountSession::of(jo).show(Component::Payouts);
    /// let session = platform.accounts().create_session("jo-1", session)?.answer;
    /// let shown = platform.account_session(session)?.components();
    /// assert_eq!(shown[&Component::Payouts][&Feature::StandardPayouts], false); // the platform bears the losses
    /// platform.accounts().claim_session("browser-1", session)?;
    /// assert!(platform.accounts().claim_session("browser-2", session).is_err());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`AccessError`](crate::accounts::AccessError) where nothing is shown, or a feature cannot have the value that is wished.
    pub fn create_session(
        &mut self,
        key: &str,
        session: NewAccountSession,
    ) -> Result<Decided<AccountSessionId>, Error> {
        self.0.run(key, Command::CreateAccountSession(session), pick!(AccountSession))
    }

    /// Opens a session.
    ///
    /// # Errors
    /// [`AccessError`](crate::accounts::AccessError) where it was opened before, or has expired.
    pub fn claim_session(&mut self, key: &str, session: AccountSessionId) -> Result<Decided<AccountSessionId>, Error> {
        self.0.run(key, Command::ClaimAccountSession(session), pick!(AccountSession))
    }

    /// Lets the holder of an account into the light dashboard, once.
    ///
    /// # Errors
    /// [`AccountError::NotPermitted`](crate::accounts::AccountError::NotPermitted) for any other dashboard;
    /// [`AccessError::DetailsNotSubmitted`](crate::accounts::AccessError::DetailsNotSubmitted).
    pub fn create_login_link(&mut self, key: &str, account: AccountId) -> Result<Decided<LoginLinkId>, Error> {
        self.0.run(key, Command::CreateLoginLink(account), pick!(LoginLink))
    }

    /// Uses a login link.
    ///
    /// # Errors
    /// [`AccessError::LoginLinkUsed`](crate::accounts::AccessError::LoginLinkUsed).
    pub fn use_login_link(&mut self, key: &str, link: LoginLinkId) -> Result<Decided<LoginLinkId>, Error> {
        self.0.run(key, Command::UseLoginLink(link), pick!(LoginLink))
    }
}

/// The answer as its object has it; it is made of what the journal says, so a repeated request is answered as things stand now.
fn translated<T>(
    caller: &Caller<'_>,
    key: &str,
    decided: Decided<Answer>,
    read: impl FnOnce(&Platform, Answer) -> Result<Option<T>, Error>,
) -> Result<Decided<T>, Error> {
    let Decided { answer, outcome, changes } = decided;
    // INVARIANT: a command is answered in its own kind.
    let answer = read(caller.platform, answer)?.ok_or_else(|| Error::Stale(key.to_owned()))?;
    Ok(Decided { answer, outcome, changes })
}

impl Platform {
    /// Connects accounts whose holders have them already, or make them on the way.
    pub const fn connections(&mut self) -> Connections<'_> {
        Connections(self.caller())
    }
}

impl ActingAs<'_> {
    /// Ends the connection of the account.
    pub const fn connections(&mut self) -> Connections<'_> {
        Connections(self.caller())
    }
}

impl Connections<'_> {
    /// Says what the platform is to those who connect accounts of their own to it. Said again, it replaces the addresses.
    ///
    /// # Errors
    /// [`ConnectionError`](crate::accounts::ConnectionError) for an address that is none, and where it was registered as something
    /// else.
    pub fn register(&mut self, key: &str, application: NewApplication) -> Result<Decided<ApplicationId>, Error> {
        self.0.run(key, Command::RegisterApplication(application), pick!(Application))
    }

    /// A holder lets the application in. What it is told, a code, stands in the [connection](crate::accounts::Connection).
    ///
    /// ```
    /// use fundroute::accounts::{Authorize, Exchange, NewApplication};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// platform.connections().register("app", NewApplication::platform("https://shop.example/back"))?;
    /// let connection = platform.connections().authorize("jo", Authorize::new_account(US).state("s-1"))?.answer;
    /// let code = platform.connection(connection)?.code();
    ///
    /// // The holder is sent to the address with these parameters, and the application exchanges the code.
    /// let told = platform.connection(connection)?.redirect_query();
    /// assert_eq!(told, [("scope", "read_write".to_owned()), ("code", code.clone()), ("state", "s-1".to_owned())]);
    /// let Exchange::Connected { account, .. } = platform.connections().exchange("code-1", &code)?.answer else { panic!() };
    /// assert!(platform.acting_as(account).is_ok());
    ///
    /// // A code that is exchanged twice may have been stolen: the connection is ended.
    /// let again = platform.connections().exchange("code-2", &code)?.answer;
    /// assert_eq!(again, Exchange::Revoked { connection, account });
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// Holders of whom no account is known yet share their request keys, so each visit wants a `key` of its own.
    ///
    /// # Errors
    /// [`ConnectionError`](crate::accounts::ConnectionError), with the codes of OAuth.
    pub fn authorize(&mut self, key: &str, wish: Authorize) -> Result<Decided<ConnectionId>, Error> {
        self.as_holder(wish.known()).run(key, Command::Authorize(wish), pick!(Connection))
    }

    /// A holder does not let the application in, which is told `access_denied`.
    ///
    /// # Errors
    /// As [`authorize`](Self::authorize).
    pub fn deny(&mut self, key: &str, wish: Authorize) -> Result<Decided<ConnectionId>, Error> {
        self.as_holder(wish.known()).run(key, Command::DenyAuthorization(wish), pick!(Connection))
    }

    /// The application exchanges a code. One that was exchanged before, under another key, ends the connection.
    ///
    /// # Errors
    /// [`ConnectionError::InvalidGrant`](crate::accounts::ConnectionError::InvalidGrant) for a code that is unknown or expired.
    pub fn exchange(&mut self, key: &str, code: &str) -> Result<Decided<Exchange>, Error> {
        let pick = |answer| matches!(answer, Answer::Exchanged(_) | Answer::CodeReplayed(_)).then_some(answer);
        let decided = self.0.run(key, Command::ExchangeCode(ExchangeCode::of(code)), pick)?;
        translated(&self.0, key, decided, Platform::exchange)
    }

    /// Ends the connection of an account: everything that the application asks of it from now on is refused. What is under way still
    /// comes to its end, and what the account holds stays its own.
    ///
    /// # Errors
    /// [`AccountError::NotPermitted`](crate::accounts::AccountError::NotPermitted) for accounts without a full dashboard, which are
    /// the platform's to close.
    pub fn deauthorize(&mut self, key: &str, account: AccountId) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::Deauthorize(account), pick!(Account))
    }

    /// Records that a holder has ended the connection in the dashboard.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_revoked(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ConnectionRevoked(ConnectionRevoked { account }))
    }

    const fn as_holder(&mut self, account: Option<AccountId>) -> Caller<'_> {
        Caller { attribution: self.0.attribution, ..Caller::of(self.0.platform, account, Actor::Holder) }
    }
}
