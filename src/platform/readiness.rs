//! What accounts can do, and what stands in their way.

use super::access::permitted;
use super::{Error, Platform};
use crate::accounts::{
    Account, Action, Actor, Advice, Assessment, Branding, CapabilityDisabledReason, CapabilityReport, DESTINATION,
    Destination, Dossier, Due, ExternalAccount, ExternalAccountState, Person, Profile, Readiness, Requirements,
    Urgency, is_of_pair, v2,
};
use crate::ids::{AccountId, ExternalAccountId, PersonId};
use crate::journal::{Key, Stored};
use crate::rulebook::{Capability, ChargeType};

/// Whether accounts are ready. Nothing here changes anything.
impl Platform {
    /// What an account can do now, what stands in its way, and by when something must happen.
    ///
    /// ```
    /// use fundroute::accounts::{DisabledReason, Phase};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let readiness = platform.readiness(jo)?;
    /// assert_eq!((readiness.phase, readiness.charges_enabled), (Phase::Incomplete, false));
    /// assert_eq!(readiness.disabled_reason, Some(DisabledReason::RequirementsPastDue));
    /// assert!(readiness.blocked_by.iter().any(|path| path.as_str() == "business_type"));
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn readiness(&self, account: AccountId) -> Result<Readiness, Error> {
        let profile = self.profile_of(account)?;
        Ok(Readiness::of(self.account(account)?, profile.awaits_review(), &self.dues(account)?))
    }

    /// Everything that an account is asked for.
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    pub fn requirements(&self, account: AccountId) -> Result<Requirements, Error> {
        Ok(Requirements::list(self.dues(account)?))
    }

    /// Everything that a person is asked for. Deadlines are the account's.
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    // RULE: persons have requirements without a deadline (docs.stripe.com/api/persons/object, 2026).
    pub fn person_requirements(&self, person: PersonId) -> Result<Requirements, Error> {
        let lists = Requirements::list(self.person(person)?.due());
        Ok(Requirements { current_deadline: None, ..lists })
    }

    /// What is asked for because it could not be confirmed whose a bank account is.
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    // RULE: docs.stripe.com/api/external_account_bank_accounts/object (2026).
    pub fn external_account_requirements(&self, id: ExternalAccountId) -> Result<Requirements, Error> {
        let known = self.external_account(id)?;
        let is_in_doubt = known.state() == ExternalAccountState::VerificationFailed;
        let mut dues = self.dues(known.account())?;
        dues.retain(|due| is_in_doubt && due.path.as_str() == DESTINATION);
        Ok(Requirements { current_deadline: None, ..Requirements::list(dues) })
    }

    /// What an account will be asked for beside that, from the date on that is its current deadline.
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    pub fn future_requirements(&self, account: AccountId) -> Result<Requirements, Error> {
        Ok(Requirements::list(self.future_dues(account)?))
    }

    /// Everybody who belongs to an account, in the order in which they were added.
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    pub fn persons(&self, account: AccountId) -> Result<Vec<&Person>, Error> {
        self.account(account)?;
        Ok(self.family(account).filter_map(Person::of).filter(|person| person.deleted_at().is_none()).collect())
    }

    /// The bank accounts and cards of an account that were not removed, in the order in which they were added.
    ///
    /// Payouts in a currency go to [`Account::bank_for`]. A host shows the list to the account's holder, and to the platform only
    /// where that controls the account: where it is no [extension](Account::extension).
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    // RULE: the list is there for platforms that control the account (docs.stripe.com/api/accounts/object, 2026).
    pub fn external_accounts(&self, account: AccountId) -> Result<Vec<&ExternalAccount>, Error> {
        self.account(account)?;
        let known = self.family(account).filter_map(ExternalAccount::of);
        Ok(known.filter(|known| known.deleted_at().is_none()).collect())
    }

    /// A capability of an account: whether it is asked for, where it stands and what it needs. One that was not asked for is
    /// looked at as if it were.
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    // RULE: retrieving an unrequested capability previews its requirements (docs.stripe.com/connect/account-capabilities, 2024).
    pub fn capability(&self, account: AccountId, capability: Capability) -> Result<CapabilityReport, Error> {
        let (known, profile) = (self.account(account)?, self.profile_of(account)?);
        let request = profile.capabilities().iter().find(|known| known.capability() == capability);
        let requested_at = request.and_then(|request| request.requested_at());
        let concerned = |dues: &[&Due]| Requirements::list(dues.iter().copied().filter(|due| due.concerns(capability)));
        let (requirements, future_requirements) = if requested_at.is_some() {
            (concerned(&self.dues(account)?), concerned(&self.future_dues(account)?))
        } else {
            let preview = self.preview(account, capability)?;
            let future = preview.future_dues().collect::<Vec<_>>();
            (concerned(&preview.dues().collect::<Vec<_>>()), concerned(&future))
        };
        let status = requested_at.and_then(|_| known.capability(capability));
        let blocked = self.blocked(account, capability)?;
        let told = request.and_then(|request| request.stopped_for());
        let reason = |status| CapabilityDisabledReason::of(status, &known.standing(), blocked, told);
        let disabled_reason = status.and_then(reason);
        Ok(CapabilityReport {
            account,
            capability,
            requested_at,
            status,
            disabled_reason,
            requirements,
            future_requirements,
        })
    }

    /// Whether something that has to be given stops a capability of an account, and whether something that is being checked does.
    fn blocked(&self, account: AccountId, capability: Capability) -> Result<(bool, bool), Error> {
        // What is off together is off for the same reasons.
        let is_tied = |other: Capability| other == capability || (is_of_pair(capability) && is_of_pair(other));
        let profile = self.profile_of(account)?;
        let tied: Vec<Capability> = profile.requested().filter(|other| is_tied(*other)).collect();
        let mut blocks = self.dues(account)?;
        blocks.retain(|due| tied.iter().any(|capability| due.blocks_capability(*capability)));
        let lacks = blocks.iter().any(|due| due.is_wanted(Urgency::Past));
        Ok((lacks, blocks.iter().any(|due| !due.is_wanted(Urgency::Past))))
    }

    /// An account in the words of the field's newer interface.
    ///
    /// ```
    /// use fundroute::accounts::v2::{AwaitingActionFrom, DeadlineStatus};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let account = platform.account_v2(jo)?;
    /// let asked = account.entries.iter().find(|entry| entry.description.as_str() == "business_type").unwrap();
    /// assert_eq!(asked.awaiting_action_from, AwaitingActionFrom::User);
    /// assert_eq!(asked.minimum_deadline.status, DeadlineStatus::PastDue);
    /// assert_eq!(asked.restricts_capabilities.len(), 4); // card payments, transfers, and payouts of either configuration
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    pub fn account_v2(&self, account: AccountId) -> Result<v2::Account, Error> {
        let (known, profile) = (self.account(account)?, self.profile_of(account)?);
        let requested: Vec<Capability> = profile.requested().collect();
        let reports = requested.iter().map(|capability| self.capability_v2(account, *capability));
        Ok(v2::Account {
            id: account,
            responsibilities: known.controller().map(|controller| controller.responsibilities()),
            country: known.country(),
            entity_type: profile.business_type(),
            configurations: v2::Configuration::of_all(self.rulebook(), &requested),
            capabilities: reports.collect::<Result<_, _>>()?,
            entries: v2::Entry::list(self.rulebook(), &requested, &self.dues(account)?),
        })
    }

    /// A capability of an account in the words of the field's newer interface. One that is not asked for has no status there, unless
    /// it is that the account cannot have it.
    ///
    /// ```
    /// use fundroute::accounts::v2::{CapabilityStatus, StatusCode};
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::Capability;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let known = platform.capability_v2(jo, Capability::IndiaInternationalPayments)?;
    /// assert_eq!(known.status, Some(CapabilityStatus::Unsupported));
    /// assert_eq!(known.status_details[0].code, StatusCode::UnsupportedCountry);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    pub fn capability_v2(&self, account: AccountId, capability: Capability) -> Result<v2::CapabilityReport, Error> {
        let (known, profile) = (self.account(account)?, self.profile_of(account)?);
        let status = known.capability(capability);
        let (lacks, waits) = self.blocked(account, capability)?;
        let situation = v2::Situation {
            status,
            standing: known.standing(),
            lacks,
            waits,
            unsupported: self.unsupported(known, profile, capability),
        };
        let requested = status.is_some();
        let (status, status_details) = situation.judge();
        let configuration = v2::Configuration::of(self.rulebook(), capability);
        Ok(v2::CapabilityReport { capability, configuration, requested, status, status_details })
    }

    /// Why accounts like this cannot have a capability, if they cannot.
    fn unsupported(&self, account: &Account, profile: &Profile, capability: Capability) -> Option<v2::StatusCode> {
        let request = profile.capabilities().iter().find(|known| known.capability() == capability);
        if request.and_then(|known| known.stopped_for()) == Some(CapabilityDisabledReason::RejectedUnsupportedBusiness)
        {
            return Some(v2::StatusCode::UnsupportedBusiness);
        }
        let (book, country) = (self.rulebook(), account.country());
        let is_admitted = |business_type| book.requirement_set(country).admits(business_type);
        if !book.capability(capability).is_open_to(country) {
            Some(v2::StatusCode::UnsupportedCountry)
        } else if !profile.is_vetted_by_host() && !profile.business_type().is_none_or(is_admitted) {
            Some(v2::StatusCode::UnsupportedEntityType)
        } else {
            None
        }
    }

    /// What would be asked for if the account asked for one capability more.
    fn preview(&self, account: AccountId, capability: Capability) -> Result<Assessment, Error> {
        let known = self.account(account)?;
        let persons = self.persons(account)?;
        let profile = self.profile_of(account)?.with_request(capability, Some(self.now()));
        let currency = known.default_currency();
        if !self.is_loaded(Key::Balance(account, currency)) {
            return Err(Error::NotLoaded(vec![Key::Balance(account, currency)]));
        }
        let dossier = Dossier {
            account: known,
            profile: &profile,
            persons: &persons,
            destination: Destination::of(self.external_accounts(account)?),
            volume: self.volume(account, currency),
            first_received: self.first_received(account, currency),
            now: self.now(),
        };
        Ok(Assessment::of(self.rulebook(), &dossier))
    }

    /// Whether a way to charge suits an account. Nothing is refused for it.
    ///
    /// # Errors
    /// As [`readiness`](Self::readiness).
    pub fn advice(&self, account: AccountId, charge: ChargeType) -> Result<Advice, Error> {
        let controller = self.account(account)?.controller();
        Ok(controller.map_or(Advice::Ok, |controller| controller.advice(charge)))
    }

    /// Whether somebody may do something to an account, by its controller and by what the platform was granted: for a host's own
    /// pages. Whether the account's state allows it is another matter.
    ///
    /// ```
    /// use fundroute::accounts::{Action, Actor};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::standard(US))?.answer;
    /// assert!(platform.permits(jo, Actor::Holder, Action::CreatePayout).is_ok());
    /// let denied = platform.permits(jo, Actor::Platform, Action::CreatePayout).unwrap_err();
    /// assert_eq!(denied.code(), Some("not_allowed_on_standard_account"));
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`AccountError::NotPermitted`](crate::accounts::AccountError::NotPermitted) with the reason,
    /// [`AccountError::NotConnected`](crate::accounts::AccountError::NotConnected); and as [`readiness`](Self::readiness).
    pub fn permits(&self, account: AccountId, actor: Actor, action: Action) -> Result<(), Error> {
        let (known, grants) = (self.account(account)?, self.profile_of(account)?.grants());
        Ok(permitted(known, actor, action, grants, self.livemode())?)
    }

    /// How the platform shows itself to the holders of its accounts.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn branding(&self) -> Result<Branding, Error> {
        Ok(self.profile_of(self.id())?.branding().cloned().unwrap_or_default())
    }

    fn profile_of(&self, account: AccountId) -> Result<&Profile, Error> {
        self.look(self.account(account).map(Account::profile)?)
    }

    fn future_dues(&self, account: AccountId) -> Result<Vec<&Due>, Error> {
        let own = self.profile_of(account)?.future();
        Ok(own.iter().chain(self.persons(account)?.into_iter().flat_map(Person::future)).collect())
    }

    fn dues(&self, account: AccountId) -> Result<Vec<&Due>, Error> {
        let own = self.profile_of(account)?.due();
        Ok(own.iter().chain(self.persons(account)?.into_iter().flat_map(Person::due)).collect())
    }
}
