//! Accounts whose holders let the application in.

use super::{Error, Platform, Transaction, default_schedule};
use crate::accounts::{
    Access, Account, AccountEvent, Action, Actor, Application, ApplicationKind, Authorize, Connecting, Connection,
    ConnectionError, ConnectionRevoked, ConnectionState, Dashboard, Exchange, ExchangeCode, Grants, Landing,
    NewAccount, NewApplication, OutsideAccount, Profile, RevokedBy, Standing,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationId, ConnectionId};
use crate::journal::{AnomalyCause, AnomalyReason, Answer, FactOutcome, Told};
use crate::payouts::BalanceSettings;
use crate::rulebook::Subject;

impl Transaction<'_> {
    pub(super) fn register_application(
        &mut self,
        on: Option<AccountId>,
        command: &NewApplication,
    ) -> Result<ApplicationId, Error> {
        command.check(self.livemode)?;
        Self::platform_only(on)?;
        let id = Application::id_of(self.platform);
        if self.find::<Application>(id)?.is_some_and(|known| known.kind() != command.kind) {
            return Err(ConnectionError::KindFixed.into());
        }
        self.put(Application::new(self.platform, command, self.livemode));
        Ok(id)
    }

    /// That the application may create accounts: an extension works on those that others connect.
    // RULE: extensions must use OAuth (docs.stripe.com/connect/oauth-changes-for-standard-platforms, 2024).
    pub(super) fn may_create_accounts(&mut self) -> Result<(), Error> {
        match self.find::<Application>(Application::id_of(self.platform))?.map(|application| application.kind()) {
            Some(ApplicationKind::Extension) => Err(ConnectionError::ExtensionsConnect.into()),
            Some(ApplicationKind::Platform) | None => Ok(()),
        }
    }

    /// A holder lets the application in: it is told a code.
    pub(super) fn authorize(&mut self, on: Option<AccountId>, command: &Authorize) -> Result<ConnectionId, Error> {
        let expires_at = self.now.checked_add(self.rulebook.access_policy().code())?;
        self.answer(on, command, ConnectionState::CodeIssued { expires_at })
    }

    /// A holder does not let the application in, which is told so.
    pub(super) fn deny_authorization(
        &mut self,
        on: Option<AccountId>,
        command: &Authorize,
    ) -> Result<ConnectionId, Error> {
        self.answer(on, command, ConnectionState::Denied)
    }

    fn answer(
        &mut self,
        on: Option<AccountId>,
        command: &Authorize,
        state: ConnectionState,
    ) -> Result<ConnectionId, Error> {
        command.check()?;
        let application = self.find::<Application>(Application::id_of(self.platform))?;
        let application = application.ok_or(ConnectionError::NotRegistered)?;
        if command.client_id.is_some_and(|id| id != application.id()) {
            return Err(ConnectionError::UnknownClient.into());
        }
        application.redirect(command.redirect_uri.as_deref())?;
        application.scope(command.scope)?;
        match &command.who {
            Connecting::Known(account) => drop(self.connected(*account)?),
            Connecting::New(country) => drop(self.rulebook.country(*country)?),
            Connecting::Outside(account) => drop(self.rulebook.country(account.country)?),
        }
        let known = match &command.who {
            Connecting::Known(account) => Some(*account),
            // Naming an account as another platform's does not make it one.
            Connecting::Outside(outside) => self.find::<Account>(outside.id)?.map(|known| known.id()),
            Connecting::New(_) => None,
        };
        match (self.actor, on) {
            (Actor::Holder, on) if on == known => {}
            (Actor::Holder, Some(other)) => return Err(Error::NotForAccounts(other)),
            (Actor::Holder, None) => return Err(Error::NobodyActedFor),
            (Actor::Platform | Actor::Extension(_), _) => return Err(ConnectionError::HolderOnly.into()),
        }
        if let Some(known) = known {
            let known = self.get::<Account>(known)?;
            if !is_connectable(&known) {
                return Err(ConnectionError::NotConnectable(known.id()).into());
            }
        }
        let id = ConnectionId::of(self.new_family(None)?, 0);
        let connection = Connection::new(id, &application, command, self.now, state)?;
        self.put(connection);
        self.remember_personal(id, command.filled_in());
        Ok(id)
    }

    /// The application exchanges a code. A code that was exchanged before ends the connection: an answer, for it leaves a trace.
    // RULE: a code is good once, for five minutes, for the application and the mode that it was made for; a second exchange ends
    // the connection (docs.stripe.com/connect/oauth-reference, 2024). Codes of other applications and of the other mode are
    // other platforms' and unknown here.
    pub(super) fn exchange_code(&mut self, on: Option<AccountId>, command: &ExchangeCode) -> Result<Answer, Error> {
        if command.grant_type != "authorization_code" {
            let grant_type = command.grant_type.chars().take(80).collect();
            return Err(ConnectionError::UnsupportedGrantType(grant_type).into());
        }
        let id = command.connection().ok_or(ConnectionError::InvalidGrant)?;
        let connection = self.find::<Connection>(id)?.ok_or(ConnectionError::InvalidGrant)?;
        Self::platform_only(on)?;
        match (connection.state(), connection.account()) {
            (ConnectionState::CodeIssued { expires_at }, _) if self.now < expires_at => {
                let connection = connection.into_owned();
                self.connect(&connection)?;
                Ok(Answer::Exchanged(id))
            }
            (ConnectionState::Connected { .. }, Some(account)) => {
                self.disconnect(account, self.now, RevokedBy::Replay)?;
                Ok(Answer::CodeReplayed(id))
            }
            (
                ConnectionState::CodeIssued { .. }
                | ConnectionState::Denied
                | ConnectionState::Connected { .. }
                | ConnectionState::Revoked { .. }
                | ConnectionState::Superseded { .. },
                _,
            ) => Err(ConnectionError::InvalidGrant.into()),
        }
    }

    /// Finds, or makes, the account that a connection is about, and lets the application in.
    fn connect(&mut self, connection: &Connection) -> Result<(), Error> {
        let account = match connection.who() {
            Connecting::Known(account) => *account,
            Connecting::New(country) => self.open_account(&NewAccount::standard(*country))?,
            Connecting::Outside(outside) => self.open_outside(connection.kind(), outside)?,
        };
        let known = self.take::<Account>(account)?;
        if !is_connectable(&known) {
            return Err(ConnectionError::InvalidGrant.into());
        }
        let profile = self.take::<Profile>(known.profile())?;
        if let Some(earlier) = profile.connection().filter(|earlier| *earlier != connection.id())
            && let Some(over) = self.get::<Connection>(earlier)?.superseded(self.now)
        {
            self.put(over);
        }
        // RULE: controls of payouts are not restored when an account is connected again
        // (docs.stripe.com/connect/platform-controls-for-stripe-dashboard-accounts, 2024). That data about persons are closed to
        // an application that was let in is inferred: their holder gave them to the processor.
        let grants = Grants { locked: true, ..Grants::default() };
        self.put(profile.with_connection(connection.id()).with_grants(grants));
        let extension = match connection.kind() {
            ApplicationKind::Extension => Some(connection.scope()),
            ApplicationKind::Platform => None,
        };
        let standing = Standing { access: Access::Connected, ..known.standing() };
        self.put(known.with_standing(standing).with_extension(extension));
        self.put(connection.connected(account, self.now));
        self.reassess(account)?;
        self.event(AccountEvent::ApplicationAuthorized, connection.application(), Some(account));
        Ok(())
    }

    /// The account that is connected where its holder names one that the platform does not know.
    // RULE: a platform cannot connect an account that another one controls; its holder makes a separate one, which is connected
    // instead. Extensions connect it all the same (docs.stripe.com/connect/oauth-changes-for-standard-platforms, 2024).
    fn open_outside(&mut self, kind: ApplicationKind, outside: &OutsideAccount) -> Result<AccountId, Error> {
        if self.find::<Account>(outside.id)?.is_some() {
            return Ok(outside.id);
        }
        let mut new = NewAccount::standard(outside.country);
        match kind {
            ApplicationKind::Platform if outside.is_controlled => return self.open_account(&new),
            ApplicationKind::Platform | ApplicationKind::Extension => {}
        }
        new.capabilities.clone_from(&outside.capabilities);
        let currency = self.rulebook.country(outside.country)?.default_currency();
        let id = AccountId::of(self.new_family(Some(outside.id.into()))?, 0);
        let account = Account::open(id, &new, (outside.country, currency), self.now);
        // What it may do was found out elsewhere, so the host reports it.
        let mut profile = Profile::new(account.profile(), true);
        for &capability in &outside.capabilities {
            profile = profile.with_request(capability, Some(self.now));
        }
        let schedule = default_schedule(self.schedule_rule_of(&account)?);
        self.put(BalanceSettings::new(&account, schedule));
        self.put(profile);
        self.review_if_needed(&account)?;
        self.put(account);
        Ok(outside.id)
    }

    /// Ends the connection of an account, from either side.
    pub(super) fn deauthorize(&mut self, on: Option<AccountId>, id: AccountId) -> Result<AccountId, Error> {
        let account = self.connected(id)?;
        Self::acting_for(on, id)?;
        self.permit(&account, Action::Disconnect)?;
        let by = match self.actor {
            Actor::Holder => RevokedBy::Holder,
            Actor::Platform | Actor::Extension(_) => RevokedBy::Application,
        };
        self.disconnect(id, self.now, by)?;
        Ok(id)
    }

    /// What an account is and has stays; the application has no more to do with it.
    // RULE: controls of payouts end with the connection (docs.stripe.com/connect/platform-controls-for-stripe-dashboard-accounts,
    // 2024).
    fn disconnect(&mut self, id: AccountId, at: Timestamp, by: RevokedBy) -> Result<(), Error> {
        let account = self.take::<Account>(id)?;
        let profile = self.take::<Profile>(account.profile())?;
        if let Some(connection) = profile.connection()
            && let Some(over) = self.get::<Connection>(connection)?.revoked(at, by)
        {
            self.put(over);
        }
        self.put(profile.with_grants(Grants { platform_controls: false, ..profile.grants() }));
        self.put(account.with_standing(Standing { access: Access::Disconnected, ..account.standing() }));
        self.reassess(id)?;
        self.event(AccountEvent::ApplicationDeauthorized, Application::id_of(self.platform), Some(id));
        Ok(())
    }

    pub(super) fn connection_revoked(
        &mut self,
        told: Told<'_>,
        fact: &ConnectionRevoked,
    ) -> Result<FactOutcome, Error> {
        let account = self.get::<Account>(fact.account)?;
        if account.controller().is_none_or(|controller| controller.dashboard != Dashboard::Full) {
            return Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), AnomalyReason::NotRevocable));
        }
        let connection = self.get::<Profile>(account.profile())?.connection();
        let connection = connection.map(|connection| self.get::<Connection>(connection)).transpose()?;
        let since = connection.as_ref().and_then(|connection| connection.connected_at()).unwrap_or(account.created());
        if told.at < since {
            return Ok(FactOutcome::Stale);
        }
        match account.standing().access {
            Access::Connected => self.disconnect(fact.account, told.at, RevokedBy::Holder)?,
            Access::Disconnected => match connection.and_then(|known| known.revoked(told.at, RevokedBy::Holder)) {
                Some(earlier) => self.put(earlier),
                None => return Ok(FactOutcome::Stale),
            },
            Access::Closed => return Ok(FactOutcome::Stale),
        }
        Ok(FactOutcome::Applied)
    }
}

/// Whether the holder of an account is the one to connect it.
fn is_connectable(account: &Account) -> bool {
    let is_own = account.controller().is_some_and(|controller| controller.dashboard == Dashboard::Full);
    is_own && account.standing().access != Access::Closed
}

/// What connections come to. Nothing here changes anything.
impl Platform {
    /// What the page of a connection shows as filled in beforehand, as far as it is known still and good: of an account that the holder
    /// makes on the way. It is given once the holder gives it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn filled_in(&self, connection: ConnectionId) -> Result<Vec<(&str, &str)>, Error> {
        let Connecting::New(country) = self.connection(connection)?.who() else { return Ok(Vec::new()) };
        let fields = self.information(connection).into_iter().flat_map(|values| &values.0);
        let known = |field: &str| match field.strip_prefix("individual.") {
            Some(own) => self.rulebook().field(Subject::Person, own),
            None => [Subject::Account, Subject::Company].into_iter().find_map(|of| self.rulebook().field(of, field)),
        };
        let is_good = |field: &str, value: &str| {
            known(field).is_some_and(|rule| rule.check(*country, value, self.now().date()).is_ok())
        };
        Ok(fields.map(|(field, value)| (&**field, &**value)).filter(|(field, value)| is_good(field, value)).collect())
    }

    /// Which page a holder sees first who follows a link like this; nothing where the holder is not asked, because the application was let
    /// in already, by as much as it wants, and does not insist: the holder is sent on at once.
    ///
    /// ```
    /// use fundroute::accounts::{Authorize, Landing, NewApplication};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// platform.connections().register("app", NewApplication::platform("https://shop.example/back"))?;
    /// let wish = Authorize::new_account(US);
    /// assert_eq!(platform.landing(&wish)?, Some(Landing::Register));
    /// assert_eq!(platform.landing(&wish.landing(Landing::Login))?, Some(Landing::Login));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ConnectionError`] where the platform is not registered, or cannot have the scope; [`Error::NotFound`]; on a partial platform
    /// [`Error::NotLoaded`].
    // RULE: whoever is connected already is asked again only with `always_prompt` (docs.stripe.com/connect/oauth-reference, 2024).
    // That asking for more than was given is asked in any case is our own reading.
    pub fn landing(&self, wish: &Authorize) -> Result<Option<Landing>, Error> {
        let scope = self.application()?.scope(wish.scope)?;
        let page = Some(wish.landing.unwrap_or_else(|| Landing::usual(scope)));
        let Some(account) = wish.known().filter(|_| !wish.always_prompt) else { return Ok(page) };
        let Some(connection) = self.look::<Profile>(self.account(account)?.profile())?.connection() else {
            return Ok(page);
        };
        let known = self.connection(connection)?;
        let is_in = matches!(known.state(), ConnectionState::Connected { .. }) && known.scope() >= scope;
        Ok(page.filter(|_| !is_in))
    }

    /// What the platform is to those who connect accounts of their own to it; its id is the client id.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not registered; on a partial platform [`Error::NotLoaded`].
    pub fn application(&self) -> Result<&Application, Error> {
        self.look(Application::id_of(self.id()))
    }

    /// What the answer to an exchange means. Nothing for the answers to other commands.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn exchange(&self, answer: Answer) -> Result<Option<Exchange>, Error> {
        if let Answer::CodeReplayed(id) = answer {
            return Ok(self.connection(id)?.account().map(|account| Exchange::Revoked { connection: id, account }));
        }
        let Answer::Exchanged(id) = answer else { return Ok(None) };
        let known = self.connection(id)?;
        let (scope, livemode) = (known.scope(), known.livemode());
        Ok(known.account().map(|account| Exchange::Connected { connection: id, account, scope, livemode }))
    }
}
