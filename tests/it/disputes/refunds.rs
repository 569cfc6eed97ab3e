//! What a disputed charge still allows.

use fundroute::journal::Record;
use fundroute::payments::{
    DisputeCase, DisputeChange, DisputeState, DisputeStatus, FraudType, InquiryEnd, PaymentError,
};
use fundroute::prelude::*;

use super::Contested;
use crate::shop::Shop;

fn disputed(refused: Result<fundroute::ids::RefundId, Error>) -> (Money, Money) {
    let error = refused.unwrap_err();
    assert_eq!(error.code(), Some("charge_disputed"));
    let of_dispute = |error: &Error| {
        let Error::Payment(PaymentError::Disputed { asked, refundable, .. }) = error else { return None };
        Some((*asked, *refundable))
    };
    of_dispute(&error).ok_or(error).unwrap()
}

#[test]
fn a_refund_of_a_disputed_charge_is_refused_until_it_is_won() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.chargeback(sale, "du_1", usd(10_00));
    assert_eq!(disputed(shop.refund(NewRefund::of(sale).amount(usd(1_00)))), (usd(1_00), usd(0)));
    assert_eq!(disputed(shop.refund(NewRefund::of(sale))), (usd(0), usd(0)));
    shop.happens("du_1", DisputeChange::Lost);
    assert_eq!(disputed(shop.refund(NewRefund::of(sale).amount(usd(10_00)))), (usd(10_00), usd(0)));
    shop.happens("du_1", DisputeChange::Won);
    shop.refund(NewRefund::of(sale)).unwrap();
    shop.sound();
}

#[test]
fn several_disputes_of_one_charge_count_together() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    for (reference, amount) in [("du_1", 3_00), ("du_3", 4_00), ("du_2", 1_00)] {
        shop.chargeback(sale, reference, usd(amount));
    }
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(2_00));
    shop.happens("du_3", DisputeChange::Won);
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(6_00));
    let ids: Vec<_> = shop.platform.disputes_of(sale).unwrap().iter().map(|dispute| dispute.id()).collect();
    assert!(ids.len() == 3 && ids.is_sorted(), "{ids:?}");
}

/// What is disputed cannot be transferred out of the charge either.
#[test]
fn a_tied_transfer_takes_nothing_that_is_disputed() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.chargeback(sale, "du_1", usd(4_00));
    assert!(shop.transfer(NewTransfer::to(jo, usd(6_01)).from_payment(sale)).is_err());
    shop.transfer(NewTransfer::to(jo, usd(6_00)).from_payment(sale)).unwrap();
    shop.sound();
}

#[test]
fn an_inquiry_may_be_refunded_and_a_full_refund_closes_it() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.open_case(sale, "du_1", usd(10_00), DisputeCase::Inquiry);
    shop.refund(NewRefund::of(sale).amount(usd(4_00))).unwrap();
    assert_eq!(shop.status_of(dispute), DisputeStatus::WarningNeedsResponse);
    shop.refund(NewRefund::of(sale)).unwrap();
    let DisputeState::WarningClosed(closed) = shop.record_of(dispute).state() else { panic!("it is open") };
    assert_eq!(closed.end(), InquiryEnd::Refunded);
    // No money moved for it, and no fee.
    assert_eq!(shop.processor_fees(), 3_20 + 59);
    shop.sound();
}

#[test]
fn a_dispute_may_be_about_what_was_refunded_already() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.refund(NewRefund::of(sale).amount(usd(4_00))).unwrap();
    shop.chargeback(sale, "du_1", usd(10_00));
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(0));
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(6_00));
    shop.sound();
}

#[test]
fn a_warning_is_worth_acting_on_until_the_charge_is_refunded_or_disputed() {
    for refunded in [true, false] {
        let mut shop = Shop::open();
        shop.sell(NewPayment::card(usd(100_00)));
        let sale = shop.sell(NewPayment::card(usd(10_00)));
        let (now, charge) = (shop.platform.now(), shop.charge_of(sale));
        let before = (shop.lines(shop.house), shop.pending(shop.house));
        let kind = FraudType::MadeWithStolenCard;
        let told = shop.platform.disputes().record_fraud_warning("w", now, charge, "issfr_1", kind).unwrap().changes;
        assert_eq!(crate::shop::events(&told), ["radar.early_fraud_warning.created"]);
        assert_eq!((shop.lines(shop.house), shop.pending(shop.house)), before);
        let warning = told.records.iter().find_map(|write| {
            let Record::EarlyFraudWarning(warning) = &write.record else { return None };
            Some(warning.id())
        });
        let warning = warning.unwrap();
        assert!(shop.platform.is_actionable(warning).unwrap());
        if refunded {
            shop.refund(NewRefund::of(sale).amount(usd(4_00))).unwrap();
            assert!(shop.platform.is_actionable(warning).unwrap());
            shop.refund(NewRefund::of(sale)).unwrap();
        } else {
            shop.open_case(sale, "du_1", usd(10_00), DisputeCase::Inquiry);
        }
        assert!(!shop.platform.is_actionable(warning).unwrap());
    }
}
