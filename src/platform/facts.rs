use super::transaction::Seen;
use super::{Error, Transaction};
use crate::calendar::Timestamp;
use crate::ids::{ChargeId, ObjectId, ParkedFactId};
use crate::journal::{
    AnomalyCause, AnomalyReason, Digest, Domain, Fact, FactOutcome, Key, Origin, ParkedFact, ParkedState, Stored, Told,
};
use crate::payments::{Charge, ChargeSubmitted, Named};

impl Transaction<'_> {
    /// Takes up what the world did.
    pub(super) fn learn(&mut self, report: Told<'_>) -> Result<FactOutcome, Error> {
        match report.fact {
            Fact::AccountTokenChanged(fact) => self.account_token_changed(report, fact),
            Fact::AuthorizationIncremented(fact) => match self.named(&fact.charge)? {
                Ok(charge) => self.authorization_incremented(report, charge, fact),
                Err(reference) => self.park(report, reference),
            },
            Fact::CapabilityReviewed(fact) => self.capability_reviewed(report, fact),
            Fact::CaptureFailed(fact) => match self.named(&fact.charge)? {
                Ok(charge) => self.capture_failed(report, charge, fact),
                Err(reference) => self.park(report, reference),
            },
            Fact::ChargeAuthorized(fact) => match self.named(&fact.charge)? {
                Ok(charge) => self.charge_authorized(report, charge, fact),
                Err(reference) => self.park(report, reference),
            },
            Fact::ChargeCaptured(fact) => match self.named(&fact.charge)? {
                Ok(charge) => self.charge_captured(report, charge, fact),
                Err(reference) => self.park(report, reference),
            },
            Fact::ChargeFailed(fact) => match self.named(&fact.charge)? {
                Ok(charge) => self.charge_failed(report.at, charge, fact),
                Err(reference) => self.park(report, reference),
            },
            Fact::ChargeSubmitted(fact) => self.charge_submitted(report, fact),
            Fact::ChargeSucceeded(fact) => match self.named(&fact.charge)? {
                Ok(charge) => self.charge_succeeded(report, charge, fact),
                Err(reference) => self.park(report, reference),
            },
            Fact::ConnectionRevoked(fact) => self.connection_revoked(report, fact),
            Fact::ExternalAccountChecked(fact) => self.external_account_checked(report, fact),
            Fact::IncrementDeclined(fact) => match self.named(&fact.charge)? {
                Ok(charge) => self.increment_declined(report, charge, fact),
                Err(reference) => self.park(report, reference),
            },
            Fact::InformationChecked(fact) => self.information_checked(report, fact),
            Fact::PayoutFailed(fact) => self.payout_failed(report.at, fact),
            Fact::PayoutPaid(fact) => self.payout_paid(report, fact),
            Fact::PayoutSubmitted(fact) => self.payout_submitted(report, fact),
            Fact::RefundCanceled(fact) => self.refund_canceled(report, fact),
            Fact::RefundFailed(fact) => self.refund_failed(report, fact),
            Fact::RefundSucceeded(fact) => self.refund_succeeded(report, fact),
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
        }
    }

    /// The digest under which an outside reference to a charge is kept.
    pub(super) fn charge_reference(&self, reference: &str) -> Digest {
        Origin::new(Domain::Reference, self.platform, None, format!("charge/{reference}").as_bytes()).name
    }

    /// The charge that a fact names, or the reference that is not known yet.
    fn named(&self, charge: &Named) -> Result<Result<ChargeId, Digest>, Error> {
        match charge {
            Named::Id(id) => Ok(Ok(*id)),
            Named::Reference(text) => {
                let reference = self.charge_reference(text);
                let known = self.reference(reference)?;
                Ok(if let Some(ObjectId::Charge(id)) = known { Ok(id) } else { Err(reference) })
            }
        }
    }

    /// Keeps a fact until the reference that it names becomes known.
    pub(super) fn park(&mut self, report: Told<'_>, reference: Digest) -> Result<FactOutcome, Error> {
        let id = report.parked.unwrap_or_else(|| ParkedFactId::of(self.origin().family(self.now), 0));
        let until = self.now.checked_add(self.rulebook.parked_fact_limit()).unwrap_or(Timestamp::MAX);
        self.put_reference(reference, None)?;
        self.put(ParkedFact { id, reference, report: report.to_report(), state: ParkedState::Waiting { until } });
        Ok(FactOutcome::Parked(id))
    }

    /// The world has taken a charge up under a reference: what was told under it before is taken up now.
    // INVARIANT: parked facts are taken up by the time they happened, so the order of delivery is no matter.
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

    /// Takes up what was parked under a reference, by the time it happened. What finds that still more has to be known stays parked.
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
            waiting.push((parked.report.at, id));
        }
        waiting.sort_unstable();
        for (_, id) in waiting {
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
