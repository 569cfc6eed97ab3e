//! Disputes that are told before what they build on.

use fundroute::journal::{AnomalyReason, FactOutcome, ParkedState, Record};
use fundroute::payments::{DisputeCase, DisputeChange, DisputeStatus, Named};
use fundroute::prelude::*;

use super::{Contested, opened};
use crate::shop::Shop;

/// How many facts wait, and how many were given up.
fn parked(shop: &Shop) -> (usize, usize) {
    let count = |wanted: fn(&ParkedState) -> bool| {
        let is_it = |record: &&Record| matches!(record, Record::ParkedFact(parked) if wanted(&parked.state));
        shop.platform.records().filter(is_it).count()
    };
    (count(|state| matches!(state, ParkedState::Waiting { .. })), count(|state| *state == ParkedState::GivenUp))
}

/// Told under a reference that nobody knows, of a charge whose money was not taken: it waits for the one, and then for the other.
#[test]
fn a_dispute_waits_for_its_charge_and_its_news_wait_for_it() {
    let mut shop = Shop::open();
    let sale = shop.order(NewPayment::card(usd(10_00)));
    let (now, charge) = (shop.platform.now(), shop.charge_of(sale));
    let mut fact = opened(&shop, sale, "du_1", usd(10_00), DisputeCase::Chargeback);
    fact.charge = Named::Reference("ch_outside".to_owned());
    for change in [DisputeChange::FundsWithdrawn, DisputeChange::Won] {
        assert!(matches!(shop.happens("du_1", change), FactOutcome::Parked(_)));
    }
    let told = shop.platform.disputes().record_opened("opened", now, fact).unwrap().answer;
    assert!(matches!(told, FactOutcome::Parked(_)));
    assert_eq!(parked(&shop), (3, 0));
    shop.platform.payments().record_submitted("known", now, charge, "ch_outside").unwrap();
    assert_eq!((parked(&shop), shop.platform.disputes_of(sale).unwrap().len()), ((3, 0), 0));
    shop.taken(charge, usd(10_00));
    assert_eq!(parked(&shop), (0, 0));
    let dispute = shop.platform.disputes_of(sale).unwrap().first().copied().unwrap();
    assert_eq!((dispute.status(), dispute.was_withdrawn()), (DisputeStatus::Won, true));
    assert_eq!(shop.pending(shop.house), 9_41 - 15_00);
    // Taken and given back are two movements, though they were heard of together.
    assert_eq!(shop.lines(shop.house).len(), 3);
    shop.sound();
}

#[test]
fn a_dispute_of_a_charge_that_never_succeeds_is_given_up() {
    let mut shop = Shop::open();
    let sale = shop.order(NewPayment::card(usd(10_00)).token(fundroute::simulator::DECLINED));
    let now = shop.platform.now();
    let fact = opened(&shop, sale, "du_1", usd(10_00), DisputeCase::Chargeback);
    let told = shop.platform.disputes().record_opened("opened", now, fact).unwrap().answer;
    assert!(matches!(told, FactOutcome::Parked(_)));
    shop.wait(31);
    assert_eq!(parked(&shop), (0, 1));
    let reasons = shop.platform.records().filter_map(|record| {
        let Record::Anomaly(anomaly) = record else { return None };
        Some(anomaly.reason)
    });
    assert_eq!(reasons.collect::<Vec<_>>(), [AnomalyReason::UnknownReference]);
    assert_eq!(shop.lines(shop.house), Vec::<String>::new());
    shop.sound();
}

/// The policy of the day on which a dispute was opened goes on for it, whatever the rules say later.
#[test]
fn a_dispute_keeps_the_terms_it_was_opened_under() {
    use fundroute::rulebook::{DisputeFeePayer, DisputePolicy};

    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    shop.open_case(sale, "du_1", usd(10_00), DisputeCase::Chargeback);
    let policy = DisputePolicy { fee_payer: DisputeFeePayer::Platform, inquiry_days: 7 };
    let rules = crate::shop::rules().with_dispute_policy(policy);
    shop.platform = Platform::restore(rules, shop.platform.snapshot(), shop.platform.now());
    shop.happens("du_1", DisputeChange::FundsWithdrawn);
    assert_eq!((shop.pending(jo), shop.pending(shop.house)), (9_41 - 25_00, 0));
    // A new one is under the new rules.
    let other = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    shop.chargeback(other, "du_2", usd(10_00));
    assert_eq!((shop.pending(jo), shop.pending(shop.house)), (9_41 - 25_00 - 59, -15_00));
    let inquiry = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    let inquiry = shop.open_case(inquiry, "du_3", usd(10_00), DisputeCase::Inquiry);
    shop.wait(7);
    assert_eq!(shop.status_of(inquiry), DisputeStatus::WarningClosed);
    shop.sound();
}
