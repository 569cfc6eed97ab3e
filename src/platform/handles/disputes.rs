use super::{Disputes, pick};
use crate::calendar::Timestamp;
use crate::ids::DisputeId;
use crate::journal::{Fact, FactOutcome};
use crate::money::Money;
use crate::payments::{
    DisputeChange, DisputeChanged, DisputeOpened, FraudType, FraudWarned, Named, NamedDispute, SubmitEvidence,
};
use crate::platform::{Command, Decided, Error};

impl Disputes<'_> {
    /// Hands in evidence, once for each stage: an inquiry, a chargeback, an appeal. The world is instructed to send it.
    ///
    /// ```
    /// use fundroute::payments::{
    ///     DisputeCase, DisputeOpened, DisputeReason, DisputeStatus, NewPayment, SubmitEvidence,
    /// };
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::CardBrand;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let sale = platform.payments().create("order-1", NewPayment::card(usd(10_00)))?.answer;
    /// world.settle(&mut platform)?;
    ///
    /// // The bank takes the money back, and the processor 15.00 for it.
    /// let now = platform.now();
    /// let opened = DisputeOpened {
    ///     charge: platform.charge_of(sale)?.id().into(),
    ///     reference: "du_1".to_owned(),
    ///     amount: usd(10_00),
    ///     reason: DisputeReason::ProductNotReceived,
    ///     case: DisputeCase::Chargeback,
    ///     network: Some(CardBrand::Visa),
    ///     respond_by: Some(now.plus_days(9)?),
    ///     settled: None,
    /// };
    /// platform.disputes().record_opened("evt_1", now, opened)?;
    /// platform.disputes().record_funds_withdrawn("evt_2", now, "du_1")?;
    /// assert_eq!(platform.balance(platform.id(), USD)?.pending, 10_00 - 59 - 10_00 - 15_00);
    ///
    /// // It is countered, for another 15.00, and won: that fee comes back.
    /// let dispute = platform.disputes_of(sale)?[0].id();
    /// platform.disputes().submit_evidence("answer", SubmitEvidence::new(dispute, "delivery-note-17"))?;
    /// platform.disputes().record_won("evt_3", now, "du_1")?;
    /// assert_eq!(platform.dispute(dispute)?.status(), DisputeStatus::Won);
    /// assert_eq!(platform.balance(platform.id(), USD)?.pending, 10_00 - 59 - 15_00);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`DisputeError`](crate::payments::DisputeError).
    pub fn submit_evidence(&mut self, key: &str, evidence: SubmitEvidence) -> Result<Decided<DisputeId>, Error> {
        self.0.run(key, Command::SubmitEvidence(evidence), pick!(Dispute))
    }

    /// Gives in to a dispute, which cannot be taken back.
    ///
    /// # Errors
    /// [`DisputeError`](crate::payments::DisputeError).
    pub fn accept(&mut self, key: &str, dispute: DisputeId) -> Result<Decided<DisputeId>, Error> {
        self.0.run(key, Command::AcceptDispute(dispute), pick!(Dispute))
    }

    /// Records that a payer, or their bank, wants the money of a charge back, or asks about it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_opened(
        &mut self,
        id: &str,
        at: Timestamp,
        opened: DisputeOpened,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::DisputeOpened(opened))
    }

    /// Records anything else that happened to a dispute.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_changed(
        &mut self,
        id: &str,
        at: Timestamp,
        dispute: impl Into<NamedDispute>,
        change: DisputeChange,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::DisputeChanged(DisputeChanged { dispute: dispute.into(), change }))
    }

    /// Records that the network took the money of a dispute out of the balance: it is booked, with its fee.
    ///
    /// # Errors
    /// As [`record_changed`](Self::record_changed).
    pub fn record_funds_withdrawn(
        &mut self,
        id: &str,
        at: Timestamp,
        dispute: impl Into<NamedDispute>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.record_changed(id, at, dispute, DisputeChange::FundsWithdrawn)
    }

    /// Records that a dispute was decided for the seller: what was withdrawn comes back.
    ///
    /// # Errors
    /// As [`record_changed`](Self::record_changed).
    pub fn record_won(
        &mut self,
        id: &str,
        at: Timestamp,
        dispute: impl Into<NamedDispute>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.record_changed(id, at, dispute, DisputeChange::Won)
    }

    /// Records that a dispute was decided for the payer, but for a part, which comes back.
    ///
    /// # Errors
    /// As [`record_changed`](Self::record_changed).
    pub fn record_partly_won(
        &mut self,
        id: &str,
        at: Timestamp,
        dispute: impl Into<NamedDispute>,
        amount: Money,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.record_changed(id, at, dispute, DisputeChange::PartlyWon { amount })
    }

    /// Records that a dispute was decided for the payer.
    ///
    /// # Errors
    /// As [`record_changed`](Self::record_changed).
    pub fn record_lost(
        &mut self,
        id: &str,
        at: Timestamp,
        dispute: impl Into<NamedDispute>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.record_changed(id, at, dispute, DisputeChange::Lost)
    }

    /// Records that an inquiry became a chargeback, which can be answered until then.
    ///
    /// # Errors
    /// As [`record_changed`](Self::record_changed).
    pub fn record_escalated(
        &mut self,
        id: &str,
        at: Timestamp,
        dispute: impl Into<NamedDispute>,
        respond_by: Option<Timestamp>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.record_changed(id, at, dispute, DisputeChange::Escalated { respond_by })
    }

    /// Records that the ruling of a dispute was appealed, which can be answered until then.
    ///
    /// # Errors
    /// As [`record_changed`](Self::record_changed).
    pub fn record_appealed(
        &mut self,
        id: &str,
        at: Timestamp,
        dispute: impl Into<NamedDispute>,
        respond_by: Timestamp,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.record_changed(id, at, dispute, DisputeChange::Appealed { respond_by })
    }

    /// Records that the payer's bank takes a payment for fraud. No money moves.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_fraud_warning(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: impl Into<Named>,
        reference: &str,
        fraud_type: FraudType,
    ) -> Result<Decided<FactOutcome>, Error> {
        let (charge, reference) = (charge.into(), reference.to_owned());
        self.0.record(id, at, Fact::FraudWarned(FraudWarned { charge, reference, fraud_type }))
    }
}
