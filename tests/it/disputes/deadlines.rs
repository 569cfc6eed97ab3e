//! What the clock does to disputes, and what is told late.

use fundroute::journal::{AnomalyReason, FactOutcome};
use fundroute::payments::{
    DisputeCase, DisputeChange, DisputeError, DisputeState, DisputeStatus, InquiryEnd, LossCause, SubmitEvidence,
};
use fundroute::prelude::*;

use super::{Contested, refusal};
use crate::shop::Shop;

#[test]
fn a_chargeback_that_nobody_answers_is_lost_when_its_time_is_over() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let due = shop.respond_by();
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    assert_eq!(shop.record_of(dispute).respond_by(), Some(due));
    shop.until(due.checked_add(chrono::TimeDelta::microseconds(-1)).unwrap());
    assert_eq!(shop.status_of(dispute), DisputeStatus::NeedsResponse);
    shop.until(due);
    let DisputeState::Lost(lost) = shop.record_of(dispute).state() else { panic!("it is open") };
    assert_eq!((lost.at(), lost.cause()), (due, LossCause::Lapsed));
    let late = shop.answer(SubmitEvidence::new(dispute, "late"));
    assert_eq!(refusal(late), DisputeError::NotOpenForEvidence { dispute, status: DisputeStatus::Lost });
    shop.sound();
}

/// A ruling that is told late counts from when it was made.
#[test]
fn what_is_told_late_counts_from_when_it_happened() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    shop.wait(8);
    let won_at = shop.platform.now();
    shop.wait(8);
    assert_eq!(shop.status_of(dispute), DisputeStatus::Lost);
    shop.platform.disputes().record_won("late", won_at, "du_1").unwrap();
    let DisputeState::Won(won) = shop.record_of(dispute).state() else { panic!("it is lost") };
    assert_eq!(won.at(), won_at);
    assert_eq!(shop.available(shop.house), 9_41 - 15_00);
    shop.sound();
}

#[test]
fn an_inquiry_that_does_not_escalate_is_closed_after_120_days() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.open_case(sale, "du_1", usd(10_00), DisputeCase::Inquiry);
    shop.answer(SubmitEvidence::new(dispute, "note")).unwrap();
    assert_eq!(shop.status_of(dispute), DisputeStatus::WarningUnderReview);
    shop.wait(119);
    assert_eq!(shop.status_of(dispute), DisputeStatus::WarningUnderReview);
    shop.wait(1);
    let DisputeState::WarningClosed(closed) = shop.record_of(dispute).state() else { panic!("it is open") };
    assert_eq!(closed.end(), InquiryEnd::Lapsed);
    // It is too late to escalate, whoever says so.
    for change in [DisputeChange::Escalated { respond_by: None }, DisputeChange::FundsWithdrawn] {
        let FactOutcome::Anomaly(id) = shop.happens("du_1", change) else { panic!("it escalated") };
        assert_eq!(shop.platform.anomaly(id).unwrap().reason, AnomalyReason::InquiryClosed);
    }
    assert_eq!(shop.lines(shop.house).len(), 1);
    shop.sound();
}

#[test]
fn an_appeal_that_nobody_answers_is_lost() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    shop.happens("du_1", DisputeChange::Won);
    let respond_by = shop.respond_by();
    shop.happens("du_1", DisputeChange::Appealed { respond_by });
    shop.wait(9);
    assert_eq!(shop.status_of(dispute), DisputeStatus::Lost);
    assert_eq!(shop.available(shop.house), 9_41 - 25_00);
    shop.sound();
}

/// A dispute whose time was over before anybody heard of it is lost as soon as it is told.
#[test]
fn a_dispute_that_is_told_after_its_time_is_lost_at_once() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let at = shop.platform.now();
    let fact = super::opened(&shop, sale, "du_1", usd(10_00), DisputeCase::Chargeback);
    shop.wait(30);
    shop.platform.disputes().record_opened("late", at, fact).unwrap();
    let dispute = shop.platform.disputes_of(sale).unwrap().first().copied().unwrap();
    assert_eq!((dispute.status(), dispute.opened()), (DisputeStatus::Lost, at));
    let no_deadlines = shop.platform.deadlines().all(|deadline| deadline.due > shop.platform.now());
    assert!(no_deadlines);
}
