//! Withdrawal, reinstatement, and where the money is in between.

use fundroute::calendar::utc;
use fundroute::ledger::LedgerAccount;
use fundroute::payments::{DisputeCase, DisputeChange, DisputeStatus, LossCause, SubmitEvidence};
use fundroute::prelude::*;
use fundroute::rulebook::{CardBrand, DisputeFeeKind};

use super::{Contested, opened};
use crate::shop::{Shop, events, rules};

const SALE: &str = "charge 1000 - 59 = 941 (charge)";
const TAKEN: &str = "adjustment -1000 - 1500 = -2500 (dispute)";
const COUNTERED: &str = "stripe_fee -1500 - 0 = -1500 (fee)";
const BACK: &str = "adjustment 1000 - 0 = 1000 (dispute_reversal)";
const COUNTERED_BACK: &str = "stripe_fee 1500 - 0 = 1500 (fee)";

/// What the processor withholds and what payers have got back, in dollars.
fn outside(shop: &Shop) -> (i128, i128) {
    let of = |account| shop.platform.outside(account, USD);
    (of(LedgerAccount::Disputes), of(LedgerAccount::Payers))
}

#[test]
fn a_chargeback_that_is_countered_and_won() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    assert_eq!(shop.lines(shop.house), [SALE, TAKEN]);
    assert_eq!(outside(&shop), (10_00, -10_00));
    shop.answer(SubmitEvidence::new(dispute, "note-17")).unwrap();
    assert_eq!(shop.status_of(dispute), DisputeStatus::UnderReview);
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!(shop.status_of(dispute), DisputeStatus::Won);
    assert_eq!(shop.lines(shop.house), [SALE, TAKEN, COUNTERED, BACK, COUNTERED_BACK]);
    assert_eq!(outside(&shop), (0, -10_00));
    assert_eq!(shop.processor_fees(), 59 + 15_00);
    shop.ends(&[(shop.house, 9_41 - 15_00)]);
}

#[test]
fn a_chargeback_that_is_countered_and_lost() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    shop.answer(SubmitEvidence::new(dispute, "note-17")).unwrap();
    shop.happens("du_1", DisputeChange::Lost);
    assert_eq!(shop.status_of(dispute), DisputeStatus::Lost);
    assert_eq!(outside(&shop), (0, 0));
    assert_eq!(shop.record_of(dispute).fee(DisputeFeeKind::Countered), usd(15_00));
    shop.ends(&[(shop.house, 9_41 - 10_00 - 30_00)]);
}

#[test]
fn evidence_that_the_processor_gathers_itself_costs_nothing_to_counter() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    shop.answer(SubmitEvidence::new(dispute, "smart").automated()).unwrap();
    assert_eq!(shop.lines(shop.house), [SALE, TAKEN]);
}

/// Recorded exchanges, 2023-2025: until 2024 a win brought the fee back in the line of the money; since then it is kept.
#[test]
fn a_win_brought_the_fee_back_until_2024() {
    for (day, line, left) in [
        (utc(2024, 3, 4), "adjustment 1000 - -1500 = 2500 (dispute_reversal)", 9_41),
        (utc(2024, 12, 2), BACK, 9_41 - 15_00),
    ] {
        let mut shop = Shop::open_on(day, US, rules());
        let sale = shop.sell(NewPayment::card(usd(10_00)));
        shop.chargeback(sale, "du_1", usd(10_00));
        shop.happens("du_1", DisputeChange::Won);
        assert_eq!(shop.lines(shop.house), [SALE, TAKEN, line]);
        assert_eq!(shop.pending(shop.house), left);
        shop.sound();
    }
}

/// Recorded exchanges, 2023-2025: what is disputed while its charge is pending nets inside the pending money, at the charge's date;
/// afterwards it is taken from what is available at once, and may leave less than nothing.
#[test]
fn a_dispute_nets_inside_what_is_pending_and_is_taken_at_once_afterwards() {
    let mut shop = Shop::open();
    let early = shop.sell(NewPayment::card(usd(10_00)));
    shop.chargeback(early, "du_1", usd(10_00));
    let date = shop.platform.charge_of(early).unwrap().captured().unwrap().available_on();
    assert_eq!(shop.platform.pending(shop.house, USD), [(date, 9_41 - 25_00)]);
    shop.wait(7);
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (0, 9_41 - 25_00));
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (0, 9_41 - 15_00));
    shop.sound();
}

#[test]
fn a_dispute_takes_what_a_seller_does_not_have() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    shop.wait(7);
    shop.chargeback(sale, "du_1", usd(10_00));
    assert_eq!(shop.available(jo), 9_41 - 25_00);
    let transfer = shop.transfer(NewTransfer::to(jo, usd(1_00)));
    assert!(transfer.is_err(), "the platform has nothing");
    shop.sound();
}

#[test]
fn a_win_may_come_after_a_loss_and_a_part_as_well() {
    for (change, back) in [(DisputeChange::Won, 10_00), (DisputeChange::PartlyWon { amount: usd(2_50) }, 2_50)] {
        let mut shop = Shop::open();
        let sale = shop.sell(NewPayment::card(usd(10_00)));
        let dispute = shop.chargeback(sale, "du_1", usd(10_00));
        shop.happens("du_1", DisputeChange::Lost);
        assert_eq!(outside(&shop), (0, 0));
        shop.wait(40);
        shop.happens("du_1", change);
        assert_eq!(shop.available(shop.house), i128::from(9_41 - 25_00 + back));
        assert_eq!(outside(&shop), (0, -i128::from(back)));
        let status = if back == 10_00 { DisputeStatus::Won } else { DisputeStatus::Lost };
        assert_eq!(shop.status_of(dispute), status);
        shop.sound();
    }
}

#[test]
fn an_appeal_moves_money_only_when_it_is_decided_otherwise() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    shop.happens("du_1", DisputeChange::Won);
    shop.wait(1);
    let pending = shop.pending(shop.house);
    let respond_by = shop.respond_by();
    shop.happens("du_1", DisputeChange::Appealed { respond_by });
    assert_eq!((shop.status_of(dispute), shop.pending(shop.house)), (DisputeStatus::AppealNeedsResponse, pending));
    shop.answer(SubmitEvidence::new(dispute, "note-18")).unwrap();
    assert_eq!(shop.status_of(dispute), DisputeStatus::AppealUnderReview);
    shop.wait(1);
    shop.happens("du_1", DisputeChange::Lost);
    assert_eq!(shop.status_of(dispute), DisputeStatus::Lost);
    assert_eq!(shop.available(shop.house) + shop.pending(shop.house), 9_41 - 25_00);
    assert_eq!(outside(&shop), (0, 0));
    shop.sound();
}

#[test]
fn the_network_may_give_the_money_back_before_it_decides() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let dispute = shop.chargeback(sale, "du_1", usd(10_00));
    shop.happens("du_1", DisputeChange::FundsReinstated);
    assert_eq!((shop.status_of(dispute), shop.pending(shop.house)), (DisputeStatus::NeedsResponse, 9_41 - 15_00));
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!(shop.lines(shop.house), [SALE, TAKEN, BACK]);
    shop.sound();
}

/// More than one payment can be disputed as one; a part of one as well.
#[test]
fn the_disputed_amount_may_be_more_or_less_than_the_charge() {
    for amount in [usd(4_00), usd(30_00)] {
        let mut shop = Shop::open();
        let sale = shop.sell(NewPayment::card(usd(10_00)));
        shop.chargeback(sale, "du_1", amount);
        assert_eq!(shop.pending(shop.house), i128::from(9_41 - 15_00 - amount.minor()));
        shop.happens("du_1", DisputeChange::Won);
        assert_eq!(shop.pending(shop.house), 9_41 - 15_00);
        shop.sound();
    }
}

/// Where the rules do not know what a dispute costs, its money moves all the same, and the record says that the fee is not known.
#[test]
fn a_fee_that_is_not_known_is_not_made_up() {
    let mut shop = Shop::open_in(DE);
    let sale = shop.sell(NewPayment::card(eur(10_00)));
    let dispute = shop.chargeback(sale, "du_1", eur(10_00));
    assert_eq!(shop.record_of(dispute).fee_terms(DisputeFeeKind::Received), None);
    assert_eq!(shop.lines(shop.house).last().unwrap(), "adjustment -1000 - 0 = -1000 (dispute)");
    // That there is none is known of Cartes Bancaires, where nothing can be answered either.
    let sale = shop.sell(NewPayment::card(eur(20_00)));
    let mut fact = opened(&shop, sale, "du_2", eur(20_00), DisputeCase::Chargeback);
    (fact.network, fact.respond_by) = (Some(CardBrand::CartesBancaires), None);
    let now = shop.platform.now();
    shop.platform.disputes().record_opened("cb", now, fact).unwrap();
    let dispute = shop.platform.disputes_of(sale).unwrap().first().copied().unwrap();
    assert_eq!(dispute.fee_terms(DisputeFeeKind::Received), Some(eur(0)));
    let fundroute::payments::DisputeState::Lost(lost) = dispute.state() else { panic!("{dispute:?}") };
    assert_eq!(lost.cause(), LossCause::Unanswerable);
}

#[test]
fn every_movement_is_told_once_and_on_the_account_that_it_is_on() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    let now = shop.platform.now();
    let fact = opened(&shop, sale, "du_1", usd(10_00), DisputeCase::Chargeback);
    let mut told = Vec::new();
    let mut disputes = shop.platform.disputes();
    told.push(disputes.record_opened("1", now, fact).unwrap().changes);
    told.push(disputes.record_funds_withdrawn("2", now, "du_1").unwrap().changes);
    told.push(disputes.record_lost("3", now, "du_1").unwrap().changes);
    told.push(disputes.record_won("4", now, "du_1").unwrap().changes);
    assert!(told.iter().flat_map(|changes| &changes.events).all(|event| event.account == Some(jo)));
    let names: Vec<_> = told.iter().map(events).collect();
    let expected = [
        &["charge.dispute.created"][..],
        &["charge.dispute.funds_withdrawn"],
        &["charge.dispute.closed"],
        &["charge.dispute.funds_reinstated", "charge.dispute.closed"],
    ];
    assert_eq!(names, expected);
}
