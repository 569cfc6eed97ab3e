use super::{TopUps, pick};
use crate::calendar::Timestamp;
use crate::ids::TopUpId;
use crate::journal::{Fact, FactOutcome};
use crate::payouts::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUpFact, TopUpFailed, TopUpReversed, TopUpSubmitted, TopUpSucceeded,
    UpdateTopUp,
};
use crate::platform::{Command, Decided, Error};

impl TopUps<'_> {
    /// Asks a bank account of the platform's own for money. It is on the balance once the bank has paid.
    ///
    /// # Errors
    /// [`TopUpError`](crate::payouts::TopUpError), and [`AccountError`](crate::accounts::AccountError) for a currency that does not settle
    /// where the platform is.
    pub fn create(&mut self, key: &str, top_up: NewTopUp) -> Result<Decided<TopUpId>, Error> {
        self.0.run(key, Command::CreateTopUp(top_up), pick!(TopUp))
    }

    /// Calls off a top-up of which the bank has said nothing yet. If it pays all the same, that is an
    /// [anomaly](crate::journal::AnomalyReason::TopUpCanceled), and the money is not on the balance.
    ///
    /// ```
    /// use fundroute::payouts::{NewTopUp, TopUpStatus};
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::{World, bank_account};
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let bank = bank_account(platform.rulebook(), platform.id(), US, USD);
    /// platform.accounts().add_external_account("bank", bank)?;
    /// let top_up = platform.top_ups().create("november", NewTopUp::of(usd(500_00)))?.answer;
    /// platform.top_ups().cancel("not needed", top_up)?;
    /// assert_eq!(platform.top_up(top_up)?.status(), TopUpStatus::Canceled);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`TopUpError::IllegalTransition`](crate::payouts::TopUpError::IllegalTransition) once the bank has answered.
    pub fn cancel(&mut self, key: &str, top_up: TopUpId) -> Result<Decided<TopUpId>, Error> {
        self.0.run(key, Command::CancelTopUp(CancelTopUp { top_up }), pick!(TopUp))
    }

    /// Changes what a top-up is for, and what the host has written on it, in whatever state it is.
    ///
    /// # Errors
    /// [`TopUpError`](crate::payouts::TopUpError) for words and notes that are too long.
    pub fn update(&mut self, key: &str, update: UpdateTopUp) -> Result<Decided<TopUpId>, Error> {
        self.0.run(key, Command::UpdateTopUp(update), pick!(TopUp))
    }

    /// Records that the bank was asked, under a reference by which facts may name the top-up from then on.
    ///
    /// # Errors
    /// As [`record`](crate::Platform::record).
    pub fn record_submitted(
        &mut self,
        id: &str,
        at: Timestamp,
        top_up: TopUpId,
        reference: &str,
    ) -> Result<Decided<FactOutcome>, Error> {
        let fact = TopUpSubmitted { top_up, reference: reference.to_owned() };
        self.0.record(id, at, Fact::TopUp(TopUpFact::Submitted(fact)))
    }

    /// Records that the bank has paid.
    ///
    /// # Errors
    /// As [`record`](crate::Platform::record).
    pub fn record_succeeded(
        &mut self,
        id: &str,
        at: Timestamp,
        top_up: impl Into<NamedTopUp>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::TopUp(TopUpFact::Succeeded(TopUpSucceeded { top_up: top_up.into() })))
    }

    /// Records that the bank did not pay, and why.
    ///
    /// # Errors
    /// As [`record`](crate::Platform::record).
    pub fn record_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        top_up: impl Into<NamedTopUp>,
        failure_code: &str,
    ) -> Result<Decided<FactOutcome>, Error> {
        let fact = TopUpFailed { top_up: top_up.into(), failure_code: failure_code.to_owned() };
        self.0.record(id, at, Fact::TopUp(TopUpFact::Failed(fact)))
    }

    /// Records that the bank has pulled back what it had paid.
    ///
    /// # Errors
    /// As [`record`](crate::Platform::record).
    pub fn record_reversed(
        &mut self,
        id: &str,
        at: Timestamp,
        top_up: impl Into<NamedTopUp>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::TopUp(TopUpFact::Reversed(TopUpReversed { top_up: top_up.into() })))
    }
}
