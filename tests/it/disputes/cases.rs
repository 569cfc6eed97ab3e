//! The sorts of cases, one by one: inquiries that escalate, what is settled beforehand, compliance, giving in.

use fundroute::journal::{AnomalyReason, FactOutcome, Instruction};
use fundroute::payments::{
    DisputeCase, DisputeChange, DisputeError, DisputeInstruction, DisputeStatus, SubmissionMethod, SubmitEvidence,
};
use fundroute::prelude::*;
use fundroute::rulebook::DisputeFeeKind;

use super::{Contested, opened, refusal};
use crate::shop::Shop;

#[test]
fn an_inquiry_that_escalates_has_to_be_answered_again() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.open_case(sale, "du_1", usd(10_00), DisputeCase::Inquiry);
    shop.answer(SubmitEvidence::new(dispute, "first")).unwrap();
    let twice = shop.answer(SubmitEvidence::new(dispute, "twice"));
    let status = DisputeStatus::WarningUnderReview;
    assert_eq!(refusal(twice), DisputeError::NotOpenForEvidence { dispute, status });
    // Nothing was taken so far, and nothing for the answer.
    assert_eq!(shop.pending(shop.house), 9_41);
    shop.wait(3);
    let respond_by = Some(shop.respond_by());
    shop.happens("du_1", DisputeChange::Escalated { respond_by });
    assert_eq!(shop.record_of(dispute).respond_by(), respond_by);
    shop.happens("du_1", DisputeChange::FundsWithdrawn);
    assert_eq!(shop.available(shop.house), 9_41 - 25_00);
    shop.answer(SubmitEvidence::new(dispute, "second")).unwrap();
    assert_eq!(shop.status_of(dispute), DisputeStatus::UnderReview);
    assert_eq!(shop.record_of(dispute).evidence().unwrap().evidence(), "second");
    assert_eq!(shop.record_of(dispute).submission_method(), SubmissionMethod::Manual);
    assert_eq!(shop.available(shop.house), 9_41 - 40_00);
    shop.sound();
}

/// Only a chargeback's money is withdrawn: a withdrawal says that the inquiry escalated, whether or not that is told as well.
#[test]
fn a_withdrawal_says_that_an_inquiry_escalated() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.open_case(sale, "du_1", usd(10_00), DisputeCase::Inquiry);
    shop.happens("du_1", DisputeChange::FundsWithdrawn);
    assert_eq!((shop.status_of(dispute), shop.pending(shop.house)), (DisputeStatus::NeedsResponse, 9_41 - 25_00));
    assert_eq!(shop.record_of(dispute).respond_by(), None);
    let respond_by = Some(shop.respond_by());
    shop.happens("du_1", DisputeChange::Escalated { respond_by });
    assert_eq!(shop.record_of(dispute).respond_by(), respond_by);
    shop.sound();
}

#[test]
fn what_is_settled_before_it_is_filed_costs_the_amount_and_no_fee() {
    for case in [DisputeCase::Block, DisputeCase::Resolution] {
        let mut shop = Shop::open();
        let sale = shop.sell(NewPayment::card(usd(10_00)));
        let dispute = shop.chargeback_of(sale, case);
        assert_eq!(shop.status_of(dispute), DisputeStatus::Prevented);
        assert_eq!(shop.pending(shop.house), 9_41 - 10_00);
        assert!(shop.refund(NewRefund::of(sale)).is_err());
        shop.sound();
    }
    // An inquiry may still be settled so, and a withdrawal's fee comes back then.
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback_of(sale, DisputeCase::Inquiry);
    shop.happens("du_1", DisputeChange::Prevented);
    assert_eq!((shop.status_of(dispute), shop.pending(shop.house)), (DisputeStatus::Prevented, 9_41 - 10_00));
    shop.sound();
}

trait Filed {
    fn chargeback_of(&mut self, sale: fundroute::ids::PaymentId, case: DisputeCase) -> fundroute::ids::DisputeId;
}

impl Filed for Shop {
    /// A case whose money is withdrawn at once.
    fn chargeback_of(&mut self, sale: fundroute::ids::PaymentId, case: DisputeCase) -> fundroute::ids::DisputeId {
        let dispute = self.open_case(sale, "du_1", usd(10_00), case);
        self.happens("du_1", DisputeChange::FundsWithdrawn);
        dispute
    }
}

/// API reference, docs.stripe.com/api/disputes/object (2026): 500.00, acknowledged before anything is submitted, back on a win.
#[test]
fn a_compliance_case_is_answered_once_its_fee_is_acknowledged() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback_of(sale, DisputeCase::Compliance);
    let silent = shop.answer(SubmitEvidence::new(dispute, "note"));
    assert_eq!(refusal(silent), DisputeError::FeeNotAcknowledged(dispute));
    let before = shop.pending(shop.house);
    shop.answer(SubmitEvidence::new(dispute, "note").acknowledging_the_fee()).unwrap();
    assert_eq!(shop.pending(shop.house), before - 515_00);
    assert_eq!(shop.record_of(dispute).fee(DisputeFeeKind::Compliance), usd(500_00));
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!(shop.pending(shop.house), 9_41 - 15_00);
    shop.sound();
}

#[test]
fn giving_in_is_for_good() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    let not_ours = shop.platform.disputes().accept("theirs", dispute).map(|decided| decided.answer);
    assert_eq!(refusal(not_ours), DisputeError::NotOnAccount(dispute));
    let accepted = shop.platform.acting_as(jo).unwrap().disputes().accept("ours", dispute).unwrap();
    assert_eq!(accepted.changes.instructions, [Instruction::Dispute(DisputeInstruction::Accept { dispute })]);
    assert_eq!(shop.status_of(dispute), DisputeStatus::Lost);
    let again = shop.platform.acting_as(jo).unwrap().disputes().accept("again", dispute);
    let status = DisputeStatus::Lost;
    assert_eq!(refusal(again.map(|decided| decided.answer)), DisputeError::NotOpenToAccept { dispute, status });
    shop.sound();
}

#[test]
fn evidence_has_a_name() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    for (name, length) in [(String::new(), 0), ("x".repeat(256), 256)] {
        let refused = shop.answer(SubmitEvidence::new(dispute, name));
        assert_eq!(refusal(refused), DisputeError::EvidenceUnnamed(length));
    }
    let sent = SubmitEvidence::new(dispute, "x".repeat(255));
    shop.answer(sent).unwrap();
    assert!(shop.platform.instructions().iter().any(|asked| asked.object() == dispute.into()));
}

/// What cannot be true of a dispute moves nothing.
#[test]
fn contradictions_are_anomalies() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let other = shop.sell(NewPayment::card(usd(10_00)));
    let now = shop.platform.now();
    let tell = |shop: &mut Shop, fact| {
        let id = shop.key();
        let FactOutcome::Anomaly(id) = shop.platform.disputes().record_opened(&id, now, fact).unwrap().answer else {
            panic!("it was taken up")
        };
        shop.platform.anomaly(id).unwrap().reason
    };
    for amount in [eur(10_00), usd(0), usd(-1)] {
        let fact = opened(&shop, sale, "du_0", amount, DisputeCase::Chargeback);
        assert_eq!(tell(&mut shop, fact), AnomalyReason::AmountDiffers);
    }
    shop.chargeback(sale, "du_1", usd(10_00));
    for (sale, amount) in [(other, 10_00), (sale, 9_00)] {
        let fact = opened(&shop, sale, "du_1", usd(amount), DisputeCase::Chargeback);
        assert_eq!(tell(&mut shop, fact), AnomalyReason::ReferenceTaken);
    }
    let changes = [
        (DisputeChange::InquiryClosed, AnomalyReason::NotAnInquiry),
        (DisputeChange::Escalated { respond_by: None }, AnomalyReason::NotAnInquiry),
        (DisputeChange::PartlyWon { amount: usd(10_00) }, AnomalyReason::AmountDiffers),
        (DisputeChange::PartlyWon { amount: eur(1_00) }, AnomalyReason::AmountDiffers),
        (DisputeChange::PartlyWon { amount: usd(0) }, AnomalyReason::AmountDiffers),
    ];
    for (change, reason) in changes {
        let FactOutcome::Anomaly(id) = shop.happens("du_1", change) else { panic!("it was taken up") };
        assert_eq!(shop.platform.anomaly(id).unwrap().reason, reason);
    }
    assert_eq!(shop.happens("du_1", DisputeChange::FundsWithdrawn), FactOutcome::Stale);
    shop.sound();
}
