//! What is told of a payout and of what takes it back.

use fundroute::ids::PayoutId;
use fundroute::payouts::{NewPayout, PayoutStatus, ReversePayout};

use super::*;

/// A payout of 60.00 that was handed to the bank, and what takes it back.
fn taken_back() -> (Stage, PayoutId, PayoutId) {
    let mut stage = plain();
    let float = Request::new("float", Command::CreatePayment(NewPayment::card(usd(500_00))));
    stage.play(&Act::Ask(float)).unwrap();
    let charge = stage.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None })[0];
    let now = stage.platform.now();
    stage.platform.payments().record_succeeded("float", now, charge, usd(500_00)).unwrap();
    stage.platform.advance_to(now.plus_days(10).unwrap()).unwrap();
    let jo = stage.accounts()[0];
    stage.platform.transfers().create("sent", NewTransfer::to(jo, usd(60_00))).unwrap();
    let mut ours = stage.platform.acting_as(jo).unwrap();
    let payout = ours.payouts().request("out", NewPayout::of(usd(60_00))).unwrap().answer;
    let now = stage.platform.now();
    stage.platform.payouts().record_submitted("handed over", now, payout).unwrap();
    let reverse = Request::new("back", Command::ReversePayout(ReversePayout { payout })).acting_as(jo);
    let fundroute::journal::Answer::Payout(reversal) = stage.platform.handle(reverse).unwrap().answer else {
        panic!("a payout is taken back by another")
    };
    stage.platform.advance_to(now.plus_days(3).unwrap()).unwrap();
    (stage, payout, reversal)
}

/// A payout arrives or comes back, or both, and so does what takes it back, each told twice or not at all, and the processor calls either off:
/// all orders of these facts end the same, at once and a month later, and every end that there can be is reached.
#[test]
fn every_order_of_what_is_told_of_a_payout_and_its_reversal_ends_the_same() {
    let (stage, payout, reversal) = taken_back();
    let now = stage.platform.now();
    let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let paid = |payout| Fact::PayoutPaid(PayoutPaid { payout });
    let failed = |payout, code: &str| Fact::PayoutFailed(PayoutFailed { payout, failure_code: code.to_owned() });
    let canceled = |payout| Fact::PayoutCanceled(PayoutCanceled { payout });
    let mut ends = std::collections::BTreeSet::new();
    for code in ["insufficient_funds", "debit_not_authorized"] {
        let all = [
            (at(40), Fact::PayoutSubmitted(PayoutSubmitted { payout: reversal })),
            (at(30), paid(payout)),
            (at(20), failed(payout, "could_not_process")),
            (at(22), failed(payout, "account_closed")),
            (at(21), paid(reversal)),
            (at(10), failed(reversal, code)),
        ];
        ends.extend(all_orders(&stage, (payout, reversal), all));
    }
    let of_reversal = [PayoutStatus::InTransit, PayoutStatus::Paid, PayoutStatus::Failed, PayoutStatus::Pending];
    for state in of_reversal {
        for original in [PayoutStatus::InTransit, PayoutStatus::Paid] {
            assert!(ends.contains(&(original, state)), "{original} {state}");
        }
    }
    for state in [PayoutStatus::Canceled, PayoutStatus::Paid, PayoutStatus::Failed] {
        assert!(ends.contains(&(PayoutStatus::Failed, state)), "failed {state}");
    }
    assert_eq!(ends.len(), 11, "{ends:?}");
    // The processor calls off the one or the other, or both.
    let all = [
        (at(30), paid(payout)),
        (at(20), canceled(payout)),
        (at(22), failed(payout, "could_not_process")),
        (at(21), paid(reversal)),
        (at(19), canceled(reversal)),
        (at(10), failed(reversal, "insufficient_funds")),
    ];
    let ends = all_orders(&stage, (payout, reversal), all);
    for state in [PayoutStatus::Canceled, PayoutStatus::Paid, PayoutStatus::Failed] {
        assert!(ends.contains(&(PayoutStatus::Canceled, state)), "canceled {state}");
    }
    for state in [PayoutStatus::InTransit, PayoutStatus::Paid, PayoutStatus::Failed] {
        assert!(ends.contains(&(state, PayoutStatus::Canceled)), "{state} canceled");
    }
}

/// Tells up to five of these facts in every order, which end the same; how the two end, by which of them were told.
fn all_orders(
    stage: &Stage,
    (payout, reversal): (PayoutId, PayoutId),
    all: [(Timestamp, Fact); 6],
) -> std::collections::BTreeSet<(PayoutStatus, PayoutStatus)> {
    let all: Vec<Report> =
        all.into_iter().enumerate().map(|(n, (at, fact))| Report::new(format!("f{n}"), at, fact)).collect();
    let until = stage.platform.now().plus_days(30).unwrap();
    let mut ends = std::collections::BTreeSet::new();
    for chosen in 0..63_u8 {
        let facts: Vec<Report> = (0..6).filter(|bit| chosen & (1 << bit) != 0).map(|bit| all[bit].clone()).collect();
        let expected = told(stage, &facts, until);
        permutations(&facts, &mut Vec::new(), &mut |order| {
            assert_eq!(told(stage, order, until), expected, "{order:#?}");
        });
        let status = |id: PayoutId| match &expected[1].0[&id.into()] {
            Record::Payout(payout) => payout.status(),
            other => panic!("{other:?}"),
        };
        ends.insert((status(payout), status(reversal)));
    }
    ends
}
