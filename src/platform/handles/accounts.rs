use super::{Accounts, pick};
use crate::accounts::{
    Branding, CapabilityReviewed, CapabilityStatus, CapabilityStopped, CloseAccount, Information, InformationChecked,
    InquiryChanged, NewAccount, NewPerson, RejectAccount, RejectReason, RejectedByProcessor, RequestCapability, Review,
    ReviewClosed, ReviewOpened, ReviewOutcome, SetPause, UnrejectAccount, UpdatePlatform,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PersonId};
use crate::journal::{Fact, FactOutcome};
use crate::platform::{Command, Decided, Error};
use crate::rulebook::Capability;

impl Accounts<'_> {
    /// Connects an account. It can be paid once its capabilities are reported active.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError); [`Error::Rulebook`] where the country is not known.
    pub fn create(&mut self, key: &str, account: NewAccount) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::CreateAccount(account), pick!(Account))
    }

    /// Gives what an account is asked for; what has to be true is checked by the world.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) for a field that nobody is asked for, a value that is not written as it should
    /// be, and where whoever asks may not give it.
    pub fn provide(&mut self, key: &str, information: Information) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::ProvideInformation(information), pick!(Account))
    }

    /// Adds a person to a company's account.
    ///
    /// # Errors
    /// As [`provide`](Self::provide); and where there is a representative already, or the owners would own more than all of it.
    pub fn add_person(&mut self, key: &str, person: NewPerson) -> Result<Decided<PersonId>, Error> {
        self.0.run(key, Command::CreatePerson(person), pick!(Person))
    }

    /// Removes a person from a company's account, and forgets what was known about them.
    ///
    /// # Errors
    /// [`AccountError::PersonNeeded`](crate::accounts::AccountError::PersonNeeded) for the representative and for the only verified executive.
    pub fn delete_person(&mut self, key: &str, person: PersonId) -> Result<Decided<PersonId>, Error> {
        self.0.run(key, Command::DeletePerson(person), pick!(Person))
    }

    /// Forgets what is known about a person, a company (by its [profile](crate::accounts::Profile)) or a bank account. Money and
    /// states stay as they are.
    ///
    /// # Errors
    /// [`AccountError::NothingPersonal`](crate::accounts::AccountError::NothingPersonal) for any other object.
    pub fn erase(&mut self, key: &str, of: impl Into<ObjectId>) -> Result<Decided<ObjectId>, Error> {
        self.0.run(key, Command::Erase(of.into()), pick!(Erased))
    }

    /// Asks for a capability.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) where the country or the agreement does not allow it, or another one is needed first.
    pub fn request(
        &mut self,
        key: &str,
        account: AccountId,
        capability: Capability,
    ) -> Result<Decided<AccountId>, Error> {
        let request = RequestCapability { account, capability, requested: true };
        self.0.run(key, Command::RequestCapability(request), pick!(Account))
    }

    /// Gives a capability up.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) where it is permanent, or another one needs it.
    pub fn unrequest(
        &mut self,
        key: &str,
        account: AccountId,
        capability: Capability,
    ) -> Result<Decided<AccountId>, Error> {
        let request = RequestCapability { account, capability, requested: false };
        self.0.run(key, Command::RequestCapability(request), pick!(Account))
    }

    /// Turns an account away, and stops its payouts unless the command says otherwise.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) where the platform does not bear the account's losses, the account is rejected
    /// already, the reason is the processor's alone, or the rules want its balances to be zero.
    pub fn reject(&mut self, key: &str, reject: RejectAccount) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::RejectAccount(reject), pick!(Account))
    }

    /// Takes the platform's own rejection back. Pauses stay.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) where there is none, or the processor has rejected the account too.
    pub fn unreject(&mut self, key: &str, account: AccountId) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::UnrejectAccount(UnrejectAccount { account }), pick!(Account))
    }

    /// Stops an account's payments or payouts for a while, or lets them go on.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) where the platform does not bear the account's losses.
    pub fn set_pause(&mut self, key: &str, pause: SetPause) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::SetPause(pause), pick!(Account))
    }

    /// Looks at what an account is asked for by the rules of now. Whatever happens to an account, and every date that its rules name, has it
    /// looked at by itself; a host does so for each account after it has changed the rules.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`AccountError`](crate::accounts::AccountError) for the platform's own account.
    pub fn reassess(&mut self, key: &str, account: AccountId) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::ReassessAccount(account), pick!(Account))
    }

    /// Closes an account for good.
    ///
    /// # Errors
    /// In live mode [`AccountError`](crate::accounts::AccountError) for accounts with a full dashboard, and while any balance is not zero.
    pub fn close(&mut self, key: &str, account: AccountId) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::CloseAccount(CloseAccount { account }), pick!(Account))
    }

    /// Changes how the platform shows itself to the holders of its accounts. What is not named is taken away.
    ///
    /// # Errors
    /// [`AccountError::BrandingInvalid`](crate::accounts::AccountError::BrandingInvalid).
    pub fn update_platform(&mut self, key: &str, branding: Branding) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::UpdatePlatform(UpdatePlatform { branding }), pick!(Account))
    }

    /// Records that the processor looks into an account.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_review_opened(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
        review: Review,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ReviewOpened(ReviewOpened { account, review }))
    }

    /// Records how a review ended.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_review_closed(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
        outcome: ReviewOutcome,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ReviewClosed(ReviewClosed { account, outcome }))
    }

    /// Records that the processor wants to know something about an account's business, has an answer, or needs no more. Only the
    /// processor's own pages take the answer: a link that the platform hands out leads there.
    ///
    /// ```
    /// use fundroute::accounts::{InquiryChanged, InquiryState};
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::Impact;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = World::new().onboard(&mut platform, NewAccount::express(US))?;
    /// let inquiry = "interv_1a2b.business_model_verification.form".parse().unwrap();
    /// let (state, deadline) = (InquiryState::Open, Some(utc(2026, 11, 16)));
    /// let fact = InquiryChanged { account: jo, inquiry, state, impact: Impact::Payouts, deadline };
    /// let now = platform.now();
    /// platform.accounts().record_inquiry("evt-1", now, fact)?;
    /// assert_eq!(platform.readiness(jo)?.next_deadline, deadline);
    /// platform.advance_to(utc(2026, 11, 16))?;
    /// let ready = platform.readiness(jo)?;
    /// assert_eq!((ready.charges_enabled, ready.payouts_enabled), (true, false));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_inquiry(
        &mut self,
        id: &str,
        at: Timestamp,
        inquiry: InquiryChanged,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::InquiryChanged(inquiry))
    }

    /// Records that the processor turned an account away.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_rejected(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
        reason: RejectReason,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::RejectedByProcessor(RejectedByProcessor { account, reason }))
    }

    /// Records what came of checking something that was given.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_checked(
        &mut self,
        id: &str,
        at: Timestamp,
        checked: InformationChecked,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::InformationChecked(checked))
    }

    /// Records the outcome of a review.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_reviewed(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
        capability: Capability,
        status: CapabilityStatus,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }))
    }

    /// Records that the world took a capability away, and why, such as `paused.inactivity`.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_stopped(
        &mut self,
        id: &str,
        at: Timestamp,
        stopped: CapabilityStopped,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::CapabilityStopped(stopped))
    }
}
