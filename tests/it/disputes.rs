//! Disputes: who is debited, what comes back, and what a disputed charge still allows.

mod cases;
mod deadlines;
mod debits;
mod early;
mod money;
mod payers;
mod refunds;

use fundroute::ids::{DisputeId, PaymentId};
use fundroute::journal::FactOutcome;
use fundroute::payments::{
    Dispute, DisputeCase, DisputeChange, DisputeError, DisputeOpened, DisputeReason, DisputeStatus, SubmitEvidence,
};
use fundroute::prelude::*;
use fundroute::rulebook::CardBrand;

use crate::shop::Shop;

/// What a story of a dispute is told with.
pub(crate) trait Contested {
    fn open_case(&mut self, sale: PaymentId, reference: &str, amount: Money, case: DisputeCase) -> DisputeId;
    fn chargeback(&mut self, sale: PaymentId, reference: &str, amount: Money) -> DisputeId;
    fn happens(&mut self, reference: &str, change: DisputeChange) -> FactOutcome;
    fn status_of(&self, dispute: DisputeId) -> DisputeStatus;
    fn record_of(&self, dispute: DisputeId) -> &Dispute;
    fn answer(&mut self, evidence: SubmitEvidence) -> Result<DisputeId, Error>;
    fn respond_by(&self) -> Timestamp;
}

pub(crate) fn opened(shop: &Shop, sale: PaymentId, reference: &str, amount: Money, case: DisputeCase) -> DisputeOpened {
    DisputeOpened {
        charge: shop.charge_of(sale).into(),
        reference: reference.to_owned(),
        amount,
        reason: DisputeReason::Fraudulent,
        case,
        network: Some(CardBrand::Visa),
        respond_by: Some(shop.respond_by()),
        settled: None,
    }
}

impl Contested for Shop {
    fn open_case(&mut self, sale: PaymentId, reference: &str, amount: Money, case: DisputeCase) -> DisputeId {
        let (id, now) = (self.key(), self.platform.now());
        let fact = opened(self, sale, reference, amount, case);
        let known = self.platform.disputes_of(sale).unwrap().len();
        assert_eq!(self.platform.disputes().record_opened(&id, now, fact).unwrap().answer, FactOutcome::Applied);
        let disputes = self.platform.disputes_of(sale).unwrap();
        assert_eq!(disputes.len(), known + 1);
        let by_name = |dispute: &&&Dispute| dispute.amount() == amount && dispute.opened() == now;
        disputes.iter().find(by_name).unwrap().id()
    }

    /// A chargeback whose money is withdrawn at once.
    fn chargeback(&mut self, sale: PaymentId, reference: &str, amount: Money) -> DisputeId {
        let id = self.open_case(sale, reference, amount, DisputeCase::Chargeback);
        assert_eq!(self.happens(reference, DisputeChange::FundsWithdrawn), FactOutcome::Applied);
        id
    }

    fn happens(&mut self, reference: &str, change: DisputeChange) -> FactOutcome {
        let (id, now) = (self.key(), self.platform.now());
        self.platform.disputes().record_changed(&id, now, reference, change).unwrap().answer
    }

    fn status_of(&self, dispute: DisputeId) -> DisputeStatus {
        self.record_of(dispute).status()
    }

    fn record_of(&self, dispute: DisputeId) -> &Dispute {
        self.platform.dispute(dispute).unwrap()
    }

    fn answer(&mut self, evidence: SubmitEvidence) -> Result<DisputeId, Error> {
        let key = self.key();
        self.platform.disputes().submit_evidence(&key, evidence).map(|decided| decided.answer)
    }

    /// Nine days from now.
    fn respond_by(&self) -> Timestamp {
        self.platform.now().plus_days(9).unwrap()
    }
}

/// Why a command about a dispute was refused.
pub(crate) fn refusal(refused: Result<DisputeId, Error>) -> DisputeError {
    let error = refused.unwrap_err();
    let of_dispute = if let Error::Dispute(error) = &error { Some(error.clone()) } else { None };
    of_dispute.ok_or(error).unwrap()
}
