//! Terms that change while something is told.

use fundroute::payments::{DisputeCase, DisputeOpened, DisputeReason};
use fundroute::rulebook::DisputeFeeKind;

use super::*;

/// A dispute that was opened days before it was told to be opened is under the terms of then, whichever is told first.
#[test]
fn orders_of_when_a_dispute_was_opened_around_a_change_of_terms() {
    let begun = utc(2025, 6, 2).at(9, 0);
    let mut platform =
        Platform::new(NewPlatform::in_country(US), Rulebook::standard().with_vetting(Vetting::ByHost), begun).unwrap();
    let mut world = World::new();
    let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
    world.settle(&mut platform).unwrap();
    let (start, started) = (platform.snapshot(), platform.now());
    let mut rig = Rig { platform, start, started, journal: Vec::new(), jo, flo: jo, keys: 0 };
    let sale = rig.pay(NewPayment::card(usd(20_00)));
    let charge = rig.charge(sale);
    rig.tell(took(charge, usd(20_00)));
    rig.until(utc(2025, 6, 30));
    let opened = Fact::DisputeOpened(DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount: usd(20_00),
        reason: DisputeReason::General,
        case: DisputeCase::Chargeback,
        network: Some(CardBrand::Visa),
        respond_by: Some(utc(2025, 7, 20)),
        settled: None,
    });
    let change = fundroute::payments::DisputeChange::FundsWithdrawn;
    let withdrawn = Fact::DisputeChanged(fundroute::payments::DisputeChanged { dispute: "du_1".into(), change });
    let facts = vec![(24 * 25, opened.clone()), (24 * 4, withdrawn), (24 * 5, opened)];
    let end = all_orders_agree(&rig, facts);
    let dispute = end.platform.charge(charge).unwrap().first_dispute().unwrap();
    let dispute = end.platform.dispute(dispute).unwrap();
    assert_eq!(dispute.opened(), utc(2025, 6, 5));
    let told: Vec<_> = DisputeFeeKind::ALL.iter().map(|kind| dispute.fee_terms(*kind)).collect();
    let book = end.platform.rulebook();
    let fee = |kind| book.dispute_fee(kind, US, Some(CardBrand::Visa), dispute.opened()).map(|fee| fee.amount());
    let then: Vec<_> = DisputeFeeKind::ALL.iter().map(|kind| fee(*kind)).collect();
    assert_eq!(told, then);
}
