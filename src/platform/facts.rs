use super::transaction::Seen;
use super::{Error, Transaction};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, DisputeId, ObjectId, ParkedFactId};
use crate::journal::{
    AnomalyCause, AnomalyReason, Digest, Domain, Fact, FactOutcome, Key, Origin, ParkedFact, ParkedState, Stored, Told,
};
use crate::payments::{Charge, ChargeSubmitted, DisputeChanged, Named, NamedDispute};
use crate::payouts::TopUpFact;

impl Transaction<'_> {
    /// Takes up what the world did.
    pub(super) fn learn(&mut self, report: Told<'_>) -> Result<FactOutcome, Error> {
        match report.fact {
            Fact::AccountTokenChanged(fact) => self.account_token_changed(report, fact),
            Fact::ActionCompleted(fact) => self.of_charge(report, &fact.charge, Self::action_completed),
            Fact::ActionRequired(fact) => {
                self.of_charge(report, &fact.charge, |this, charge| this.action_required(charge, fact))
            }
            Fact::AuthorizationIncremented(fact) => {
                self.about(report, &fact.charge, fact, Self::authorization_incremented)
            }
            Fact::CapabilityReviewed(fact) => self.capability_reviewed(report, fact),
            Fact::CapabilityStopped(fact) => self.capability_stopped(report, fact),
            Fact::CaptureFailed(fact) => self.about(report, &fact.charge, fact, Self::capture_failed),
            Fact::ChargeAuthorized(fact) => self.about(report, &fact.charge, fact, Self::charge_authorized),
            Fact::ChargeCaptured(fact) => self.about(report, &fact.charge, fact, Self::charge_captured),
            Fact::ChargeFailed(fact) => {
                self.of_charge(report, &fact.charge, |this, charge| this.charge_failed(report.at, charge, fact))
            }
            Fact::ChargeReversed(fact) => self.about(report, &fact.charge, fact, Self::charge_reversed),
            Fact::ChargeSubmitted(fact) => self.charge_submitted(report, fact),
            Fact::ChargeSucceeded(fact) => self.about(report, &fact.charge, fact, Self::charge_succeeded),
            Fact::ConnectionRevoked(fact) => self.connection_revoked(report, fact),
            Fact::DebtWrittenOff(fact) => self.debt_written_off(report, fact),
            Fact::DisputeChanged(fact) => self.of_dispute(report, fact),
            Fact::DisputeOpened(fact) => self.about(report, &fact.charge, fact, Self::dispute_opened),
            Fact::ExternalAccountChecked(fact) => self.external_account_checked(report, fact),
            Fact::FraudWarned(fact) => self.about(report, &fact.charge, fact, Self::fraud_warned),
            Fact::FundsReserved(fact) => self.funds_reserved(report, fact),
            Fact::IncrementDeclined(fact) => self.about(report, &fact.charge, fact, Self::increment_declined),
            Fact::InformationChecked(fact) => self.information_checked(report, fact),
            Fact::InquiryChanged(fact) => self.inquiry_changed(report, fact),
            Fact::PayoutCanceled(fact) => self.payout_canceled(report.at, *fact),
            Fact::PayoutFailed(fact) => self.payout_failed(report.at, fact),
            Fact::PayoutPaid(fact) => self.payout_paid(report, fact),
            Fact::PayoutSubmitted(fact) => self.payout_submitted(report, fact),
            Fact::PayoutTraced(fact) => self.payout_traced(report, fact),
            Fact::Provider(fact) => self.provider_told(report, fact),
            Fact::RefundCanceled(fact) => self.refund_canceled(report, fact),
            Fact::RefundFailed(fact) => self.refund_failed(report, fact),
            Fact::RefundSucceeded(fact) => self.refund_succeeded(report, fact),
            Fact::RefundTraced(fact) => self.refund_traced(report, fact),
            Fact::RefundUnderWay(fact) => self.refund_under_way(report, fact),
            Fact::RejectedByProcessor(fact) => {
                self.oversee(report, fact.account, |known| known.rejected(fact.reason, report.at))
            }
            Fact::ReviewClosed(fact) => {
                self.oversee(report, fact.account, |known| known.closed(fact.outcome, report.at))
            }
            Fact::ReviewOpened(fact) => {
                self.oversee(report, fact.account, |known| known.opened(fact.review, report.at))
            }
            Fact::SpeedReviewed(fact) => self.speed_reviewed(report, fact),
            Fact::Tax(fact) => self.tax_news(report, fact),
            Fact::Terminal(fact) => self.reader_news(report, fact),
            Fact::TopUp(fact) => self.top_up_news(report, fact),
        }
    }

    /// The digest under which an outside reference is kept, or something else that facts wait for.
    pub(super) fn reference_of(&self, kind: &str, reference: &str) -> Origin {
        origin_of_reference(self.platform, kind, reference)
    }

    /// The digest under which an outside reference to a charge is kept.
    pub(super) fn charge_reference(&self, reference: &str) -> Digest {
        self.reference_of("charge", reference).name
    }

    /// The digest under which an outside reference to a dispute is kept.
    pub(super) fn dispute_reference(&self, reference: &str) -> Digest {
        self.reference_of("dispute", reference).name
    }

    /// The digest under which facts wait for a charge's success.
    pub(super) fn success_of(&self, charge: ChargeId) -> Digest {
        self.reference_of("success", &charge.to_string()).name
    }

    /// The dispute that a fact names, or the reference that is not known yet.
    fn named_dispute(&self, dispute: &NamedDispute) -> Result<Result<DisputeId, Digest>, Error> {
        match dispute {
            NamedDispute::Id(id) => Ok(Ok(*id)),
            NamedDispute::Reference(text) => {
                let reference = self.dispute_reference(text);
                let known = self.reference(reference)?;
                Ok(if let Some(ObjectId::Dispute(id)) = known { Ok(id) } else { Err(reference) })
            }
        }
    }

    /// Takes up a change of a dispute; one that names it by a reference that is not known yet waits.
    fn of_dispute(&mut self, report: Told<'_>, fact: &DisputeChanged) -> Result<FactOutcome, Error> {
        match self.named_dispute(&fact.dispute)? {
            Ok(dispute) => self.dispute_changed(report, dispute, fact.change),
            Err(reference) => self.park(report, reference),
        }
    }

    /// Takes up a fact about a charge; one that names it by a reference that is not known yet waits.
    fn of_charge(
        &mut self,
        report: Told<'_>,
        named: &Named,
        take_up: impl FnOnce(&mut Self, ChargeId) -> Result<FactOutcome, Error>,
    ) -> Result<FactOutcome, Error> {
        match self.named(named)? {
            Ok(charge) => take_up(self, charge),
            Err(reference) => self.park(report, reference),
        }
    }

    /// The same, where the fact has more to say.
    fn about<F>(
        &mut self,
        report: Told<'_>,
        named: &Named,
        fact: &F,
        take_up: impl FnOnce(&mut Self, Told<'_>, ChargeId, &F) -> Result<FactOutcome, Error>,
    ) -> Result<FactOutcome, Error> {
        self.of_charge(report, named, |this, charge| take_up(this, report, charge, fact))
    }

    /// The charge that a fact names, or the reference that is not known yet.
    pub(super) fn named(&self, charge: &Named) -> Result<Result<ChargeId, Digest>, Error> {
        match charge {
            Named::Id(id) => Ok(Ok(*id)),
            Named::Reference(text) => {
                let reference = self.charge_reference(text);
                let known = self.reference(reference)?;
                Ok(if let Some(ObjectId::Charge(id)) = known { Ok(id) } else { Err(reference) })
            }
        }
    }

    /// Keeps a fact until the reference that it names becomes known, or something else that it waits for happens.
    pub(super) fn park(&mut self, report: Told<'_>, reference: Digest) -> Result<FactOutcome, Error> {
        self.put_reference(reference, None)?;
        // One that has waited for something else goes on waiting.
        if let Some(id) = report.parked {
            let parked = self.take::<ParkedFact>(id)?;
            self.put(ParkedFact { reference, ..parked });
            return Ok(FactOutcome::Parked(id));
        }
        let id = ParkedFactId::of(self.origin().family(self.now), 0);
        let until = self.now.checked_add(self.rulebook.parked_fact_limit()).unwrap_or(Timestamp::MAX);
        self.put(ParkedFact { id, reference, report: report.to_report(), state: ParkedState::Waiting { until } });
        Ok(FactOutcome::Parked(id))
    }

    /// The world has taken a charge up under a reference: what was told under it before is taken up now.
    fn charge_submitted(&mut self, report: Told<'_>, fact: &ChargeSubmitted) -> Result<FactOutcome, Error> {
        self.get::<Charge>(fact.charge)?;
        let reference = self.charge_reference(&fact.reference);
        match self.reference(reference)? {
            Some(known) if known == fact.charge.into() => return Ok(FactOutcome::Stale),
            Some(_) => {
                return Ok(self.open_anomaly(AnomalyCause::Fact(report.to_report()), AnomalyReason::ReferenceTaken));
            }
            None => self.put_reference(reference, Some(fact.charge.into()))?,
        }
        self.take_up(reference)?;
        Ok(FactOutcome::Applied)
    }

    /// Takes up what has waited for a reference, or for something else. What finds that still more has to be known stays parked.
    // INVARIANT: parked facts are taken up by the time they happened, so the order of delivery is no matter. What is told of a dispute,
    // or that the charge or the top-up was pulled back, builds on its success, so it comes last whenever it happened.
    pub(super) fn take_up(&mut self, reference: Digest) -> Result<(), Error> {
        let mut ids = self.state.parked(reference).to_vec();
        // What this transaction has parked, it may have to take up as well.
        let drafted = self.changes.records.iter().filter_map(|write| ParkedFact::of(&write.record));
        let drafted = drafted.filter(|parked| parked.reference == reference).map(|parked| parked.id);
        ids.extend(drafted);
        ids.sort_unstable();
        ids.dedup();
        let keys: Vec<Key> = ids.iter().map(|id| Key::Family(id.family())).collect();
        self.want(&keys)?;
        let mut waiting = Vec::new();
        for id in ids {
            let parked = self.take::<ParkedFact>(id)?;
            let comes_last = matches!(
                parked.report.fact,
                Fact::DisputeOpened(_) | Fact::ChargeReversed(_) | Fact::TopUp(TopUpFact::Reversed(_))
            );
            waiting.push((comes_last, parked.report.at, id));
        }
        waiting.sort_unstable();
        for (_, _, id) in waiting {
            // What was taken up before may have taken this one up as well.
            let parked = self.take::<ParkedFact>(id)?;
            let ParkedState::Waiting { .. } = parked.state else { continue };
            if parked.reference != reference {
                continue;
            }
            match self.learn(parked.told())? {
                FactOutcome::Parked(_) => {}
                FactOutcome::Applied | FactOutcome::Stale | FactOutcome::Anomaly(_) => {
                    self.put(ParkedFact { state: ParkedState::TakenUp, ..parked });
                }
            }
        }
        Ok(())
    }

    /// Nothing came that a parked fact could build on.
    pub(super) fn give_up(&mut self, id: ParkedFactId) -> Result<(), Error> {
        let Some(parked) = self.find::<ParkedFact>(id)?.map(Seen::into_owned) else { return Ok(()) };
        if parked.due() != Some(self.now) {
            return Ok(());
        }
        self.open_anomaly(AnomalyCause::Fact(parked.report.clone()), AnomalyReason::UnknownReference);
        self.put(ParkedFact { state: ParkedState::GivenUp, ..parked });
        Ok(())
    }
}

/// Under what a platform keeps an outside reference.
pub(super) fn origin_of_reference(platform: AccountId, kind: &str, reference: &str) -> Origin {
    Origin::new(Domain::Reference, platform, None, format!("{kind}/{reference}").as_bytes())
}
