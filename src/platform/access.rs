//! Links and sessions that let an account's holder in.

use super::transaction::Seen;
use super::{Error, Platform, Transaction};
use crate::accounts::{
    AccessError, Account, AccountError, AccountEvent, AccountLink, AccountSession, Action, Actor, Barriers, Controller,
    DESTINATION, Denial, FutureRequirements, Grants, LinkFields, LinkStatus, LoginLink, NewAccountLink,
    NewAccountSession, Profile, RequirementCollector, RequirementPath, Visit,
};
use crate::ids::{AccountId, AccountLinkId, AccountSessionId, LoginLinkId};
use crate::journal::Answer;

impl<'a> Transaction<'a> {
    pub(super) fn create_account_link(
        &mut self,
        on: Option<AccountId>,
        command: &NewAccountLink,
    ) -> Result<AccountLinkId, Error> {
        command.check(self.livemode)?;
        let (account, controller) = self.governed(on, command.account)?;
        self.permit(&account, command.kind.action())?;
        Self::not_rejected(&account)?;
        let expires_at = self.now.checked_add(self.rulebook.access_policy().link())?;
        let id = AccountLinkId::of(self.new_family(None)?, 0);
        self.lock(&account, &controller)?;
        let barriers = Barriers::of(&account, &*self.get::<Profile>(account.profile())?);
        self.put(AccountLink::new(id, command, barriers, (self.now, expires_at)));
        Ok(id)
    }

    /// A connected account that whoever asks may speak about, and its controller.
    fn governed(&mut self, on: Option<AccountId>, id: AccountId) -> Result<(Seen<'a, Account>, Controller), Error> {
        let account = self.get::<Account>(id)?;
        Self::acting_for(on, id)?;
        let controller = account.controller().ok_or(AccountError::IsPlatform(id))?;
        Ok((account, controller))
    }

    fn not_rejected(account: &Account) -> Result<(), AccessError> {
        if account.standing().rejection.is_some() { Err(AccessError::Rejected(account.id())) } else { Ok(()) }
    }

    /// Closes the data about persons to the platform, once the holder is sent to give them.
    // RULE: the first account link or session of an account whose requirements the processor collects does so
    // (docs.stripe.com/api/accounts/object, 2026; docs.stripe.com/connect/standard-accounts and /connect/express-accounts, 2024).
    fn lock(&mut self, account: &Account, controller: &Controller) -> Result<(), Error> {
        let profile = self.get::<Profile>(account.profile())?;
        let grants = profile.grants();
        match controller.requirements {
            RequirementCollector::Processor if !grants.locked => {
                let profile = profile.with_grants(Grants { locked: true, ..grants });
                self.put(profile);
            }
            RequirementCollector::Processor | RequirementCollector::Application => {}
        }
        Ok(())
    }

    /// Somebody follows an account link. Whom it does not let in is sent to where a new one is handed out, which is an answer and
    /// no refusal.
    pub(super) fn visit_account_link(&mut self, on: Option<AccountId>, id: AccountLinkId) -> Result<Answer, Error> {
        let link = self.get::<AccountLink>(id)?;
        let account = self.get::<Account>(link.account())?;
        Self::acting_for(on, link.account())?;
        let profile = self.get::<Profile>(account.profile())?;
        match link.status(&account, &profile, self.now) {
            LinkStatus::Issued => {
                self.put(link.consumed(self.now));
                Ok(Answer::LinkOpened(id))
            }
            LinkStatus::Consumed | LinkStatus::Returned | LinkStatus::Expired | LinkStatus::Void => {
                Ok(Answer::LinkRefreshed(id))
            }
        }
    }

    /// The visitor of an account link has finished, or saves the rest for later. Whether anything is still due is another matter.
    pub(super) fn leave_account_link(
        &mut self,
        on: Option<AccountId>,
        id: AccountLinkId,
    ) -> Result<AccountLinkId, Error> {
        let link = self.get::<AccountLink>(id)?;
        Self::acting_for(on, link.account())?;
        let next = link.returned(self.now)?;
        let account = link.account();
        self.put(next);
        self.event(AccountEvent::LinkReturned, id, Some(account));
        Ok(id)
    }

    pub(super) fn create_account_session(
        &mut self,
        on: Option<AccountId>,
        command: &NewAccountSession,
    ) -> Result<AccountSessionId, Error> {
        command.check()?;
        let (account, controller) = self.governed(on, command.account)?;
        self.permit(&account, Action::CreateAccountSession)?;
        let components = command.resolve(&controller)?;
        let expires_at = self.now.checked_add(self.rulebook.access_policy().session())?;
        let id = AccountSessionId::of(self.new_family(None)?, 0);
        self.lock(&account, &controller)?;
        self.put(AccountSession::new(id, command.account, components, self.now, expires_at));
        Ok(id)
    }

    /// That a page of an account may be opened: by its holder, or by the platform for the holder.
    fn may_enter(&mut self, on: Option<AccountId>, id: AccountId) -> Result<(), Error> {
        let (account, _) = self.governed(on, id)?;
        let account = account.into_owned();
        match self.actor {
            Actor::Platform | Actor::Holder => self.permit(&account, Action::Read),
            Actor::Extension(_) => {
                let (action, denial) = (Action::CreateAccountSession, Denial::PlatformOnly);
                Err(AccountError::NotPermitted { account: id, action, denial }.into())
            }
        }
    }

    pub(super) fn claim_account_session(
        &mut self,
        on: Option<AccountId>,
        id: AccountSessionId,
    ) -> Result<AccountSessionId, Error> {
        let session = self.get::<AccountSession>(id)?;
        self.may_enter(on, session.account())?;
        self.put(session.claimed(self.now)?);
        Ok(id)
    }

    pub(super) fn create_login_link(
        &mut self,
        on: Option<AccountId>,
        account: AccountId,
    ) -> Result<LoginLinkId, Error> {
        let (known, _) = self.governed(on, account)?;
        self.permit(&known, Action::CreateLoginLink)?;
        // There is a dashboard to log in to once its holder has given what was due; the field does not say so, its integrations do.
        if !known.details_submitted() {
            return Err(AccessError::DetailsNotSubmitted(account).into());
        }
        let id = LoginLinkId::of(self.new_family(None)?, 0);
        self.put(LoginLink::new(id, account, self.now));
        Ok(id)
    }

    pub(super) fn use_login_link(&mut self, on: Option<AccountId>, id: LoginLinkId) -> Result<LoginLinkId, Error> {
        let link = self.get::<LoginLink>(id)?;
        self.may_enter(on, link.account())?;
        self.put(link.used(self.now)?);
        Ok(id)
    }
}

/// What links lead to. Nothing here changes anything.
impl Platform {
    /// Where an account link stands now.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn link_status(&self, link: AccountLinkId) -> Result<LinkStatus, Error> {
        let link = self.account_link(link)?;
        let account = self.account(link.account())?;
        Ok(link.status(account, self.look(account.profile())?, self.now()))
    }

    /// What the answer to a visit means: what the page asks for as things stand now, or where the visitor is sent. Nothing for the
    /// answers to other commands.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn visit(&self, answer: Answer) -> Result<Option<Visit>, Error> {
        if let Answer::LinkOpened(link) = answer {
            return Ok(Some(Visit::Opened { collect: self.collected_by(link)? }));
        }
        let Answer::LinkRefreshed(link) = answer else { return Ok(None) };
        Ok(Some(Visit::SentToRefresh { url: self.account_link(link)?.refresh_url().to_owned() }))
    }

    /// What the page of an account link asks for as things stand now. One for changes also shows what was given before. A bank account is
    /// asked for where the platform does not collect itself what the account is asked for, or the [rulebook](crate::rulebook::AccessPolicy)
    /// says so.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    // RULE: what is currently due, or eventually, and what is so from a later date on if it is wished
    // (docs.stripe.com/api/account_links/create, 2026).
    pub fn collected_by(&self, link: AccountLinkId) -> Result<Vec<RequirementPath>, Error> {
        let link = self.account_link(link)?;
        let controller = self.account(link.account())?.controller();
        let is_platforms = controller.is_some_and(|known| known.requirements == RequirementCollector::Application);
        let is_bank_left_out = is_platforms && !self.rulebook().access_policy().links_collect_banks;
        let mut lists = vec![self.requirements(link.account())?];
        match link.future_requirements() {
            FutureRequirements::Include => lists.push(self.future_requirements(link.account())?),
            FutureRequirements::Omit => {}
        }
        let mut collect: Vec<RequirementPath> = Vec::new();
        for list in lists {
            let due = match link.fields() {
                LinkFields::CurrentlyDue => list.currently_due,
                LinkFields::EventuallyDue => list.eventually_due,
            };
            for path in due {
                let is_left_out = is_bank_left_out && path.as_str() == DESTINATION;
                if !is_left_out && !collect.contains(&path) {
                    collect.push(path);
                }
            }
        }
        Ok(collect)
    }
}

/// That somebody may do something to an account that the platform still has to do with.
// RULE: in test mode a platform may close any account (docs.stripe.com/api/accounts/delete, 2026).
pub(super) fn permitted(
    account: &Account,
    actor: Actor,
    action: Action,
    grants: Grants,
    livemode: bool,
) -> Result<(), AccountError> {
    let id = account.id();
    if !account.is_connected() {
        return Err(AccountError::NotConnected(id, account.standing().access));
    }
    let Some(controller) = account.controller() else { return Ok(()) };
    let verdict = match (actor, account.extension(), action) {
        // Where the platform is an extension, it may do what extensions may.
        (Actor::Platform, Some(scope), _) => controller.permits(Actor::Extension(scope), action, grants),
        (Actor::Platform, None, Action::Close) if !livemode => Ok(()),
        // An extension beside the platform has no part in the platform's own connection.
        (Actor::Extension(_), _, Action::Disconnect) => Err(Denial::PlatformOnly),
        (Actor::Platform | Actor::Holder | Actor::Extension(_), _, _) => controller.permits(actor, action, grants),
    };
    verdict.map_err(|denial| AccountError::NotPermitted { account: id, action, denial })
}
