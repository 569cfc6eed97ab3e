//! What is told of debits that payers' banks pull back, among all else that is told of them.

use fundroute::ids::PaymentId;
use fundroute::payments::{
    Charge, ChargeReversed, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, RefundFailed,
    RefundFailure, RefundSucceeded,
};

use super::*;
use crate::rules::is_known_later;

/// That a bank has pulled a debit back, told up to three times, with other times, amounts and reasons; and of cards now and then, of
/// which it is an anomaly.
pub(super) fn about_reversal(
    stage: &Stage,
    charge: &Charge,
    (what, how, early, late): (u8, u8, u32, u32),
) -> Vec<(Timestamp, Fact)> {
    if !is_known_later(charge.method()) && what % 8 != 0 {
        return Vec::new();
    }
    let named = || match how & 4 {
        0 => Named::Reference(format!("outside-{}", charge.id())),
        _ => Named::Id(charge.id()),
    };
    let whole = charge.amount();
    let part = Money::new((whole.minor() / 3).max(1), whole.currency());
    let tell = |place: u32, amount, failure| {
        let fact = ChargeReversed { failure, ..ChargeReversed::of(named(), amount) };
        (past(stage, early.wrapping_mul(place) ^ late), Fact::ChargeReversed(fact))
    };
    let all = [
        tell(3, whole, Some(DebitFailure::InsufficientFunds)),
        tell(7, whole, None),
        tell(if how & 8 == 0 { 3 } else { 11 }, part, Some(DebitFailure::AccountClosed)),
    ];
    all.into_iter().take(usize::from(how >> 4) % 4).collect()
}

fn reports(facts: Vec<(Timestamp, Fact)>) -> Vec<Report> {
    let number = |(number, (at, fact))| Report::new(format!("f{number}"), at, fact);
    facts.into_iter().enumerate().map(number).collect()
}

/// That every order of these facts ends as the first one does, at once and later; tells how it ends.
fn every_order_ends_the_same(stage: &Stage, facts: Vec<(Timestamp, Fact)>, days: i64) -> (Pots, usize) {
    let facts = reports(facts);
    let until = stage.platform.now().plus_days(days).unwrap();
    let expected = told(stage, &facts, until);
    let mut orders = 0;
    permutations(&facts, &mut Vec::new(), &mut |order| {
        orders += 1;
        assert_eq!(told(stage, order, until), expected, "{order:#?}");
    });
    let [_, (_, pots)] = expected;
    (pots, orders)
}

/// The third seller, who is in Germany, and a stage on which it has asked for a debit.
fn debit() -> (Stage, AccountId, PaymentId) {
    let mut stage = plain();
    let jo = stage.accounts()[2];
    let order = NewPayment::by(PaymentMethod::SepaDebit, eur(20_00));
    let sale = stage.platform.acting_as(jo).unwrap().payments().create("sale", order).unwrap().answer;
    stage.platform.advance_to(stage.platform.now().plus_days(3).unwrap()).unwrap();
    (stage, jo, sale)
}

fn opened(charge: ChargeId, amount: Money) -> Fact {
    Fact::DisputeOpened(DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount,
        reason: DisputeReason::DebitNotAuthorized,
        case: DisputeCase::Chargeback,
        network: None,
        respond_by: None,
        settled: None,
    })
}

fn changed(change: DisputeChange) -> Fact {
    Fact::DisputeChanged(DisputeChanged { dispute: "du_1".into(), change })
}

fn reversed(charge: impl Into<Named>, amount: Money) -> Fact {
    Fact::ChargeReversed(ChargeReversed::of(charge, amount))
}

/// One debit, told to have been pulled back in part and as a whole, before and after it is known under which name, that it succeeded, and
/// that it is disputed. All 5,040 orders of seven facts end the same: the earliest telling holds, and the dispute goes first.
#[test]
fn every_order_of_what_is_told_of_a_debit_that_is_pulled_back_ends_the_same() {
    let (stage, jo, sale) = debit();
    let charge = stage.platform.charge_of(sale).unwrap().id();
    let now = stage.platform.now();
    let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let outside = || Named::Reference("outside".to_owned());
    let facts = vec![
        (at(60), Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() })),
        (at(50), Fact::ChargeSucceeded(ChargeSucceeded::of(outside(), eur(20_00)))),
        // A clock outside is an hour late.
        (at(51), reversed(outside(), eur(15_00))),
        (at(30), reversed(charge, eur(20_00))),
        (at(25), opened(charge, eur(9_00))),
        (at(20), changed(DisputeChange::FundsWithdrawn)),
        (at(20), changed(DisputeChange::Lost)),
    ];
    let (pots, orders) = every_order_ends_the_same(&stage, facts, 20);
    assert_eq!(orders, 5_040);
    // 9.00 to the dispute, with 15.00 for receiving it, and 6.00 more to the bank.
    assert_eq!(pots[&(jo, EUR)].0 + pots[&(jo, EUR)].1, 20_00 - 35 - 9_00 - 15_00 - 6_00);
}

/// One debit with a refund under way and one that waits for money. What is told of the refund, that the bank has pulled the debit back
/// twice, and what becomes of a dispute that is won: all 5,040 orders end the same.
#[test]
fn every_order_of_a_reversal_a_refund_and_a_dispute_ends_the_same() {
    let (mut stage, jo, sale) = debit();
    let charge = stage.platform.charge_of(sale).unwrap().id();
    let now = stage.platform.now();
    stage.platform.payments().record_succeeded("paid", now, charge, eur(20_00)).unwrap();
    stage.platform.payouts().set_schedule("hold", jo, fundroute::payouts::PayoutSchedule::Manual).unwrap();
    stage.platform.advance_to(now.plus_days(20).unwrap()).unwrap();
    let mut back = |key: &str, amount| {
        let refund = NewRefund::of(sale).amount(eur(amount));
        stage.platform.acting_as(jo).unwrap().refunds().create(key, refund).unwrap().answer
    };
    let (under_way, waits) = (back("back", 5_00), back("waits", 15_00));
    assert!(stage.platform.refund(under_way).unwrap().booked_at().is_some());
    let record = stage.platform.refund(waits).unwrap();
    assert_eq!(record.pending_reason(), Some(fundroute::payments::PendingReason::InsufficientFunds));
    let now = stage.platform.now();
    let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let failed = RefundFailed { refund: under_way, reason: RefundFailure::Declined };
    let facts = vec![
        (at(9), Fact::RefundSucceeded(RefundSucceeded { refund: under_way })),
        (at(8), Fact::RefundFailed(failed)),
        (at(7), reversed(charge, eur(20_00))),
        (at(6), reversed(charge, eur(12_00))),
        (at(5), opened(charge, eur(20_00))),
        (at(4), changed(DisputeChange::FundsWithdrawn)),
        (at(3), changed(DisputeChange::Won)),
    ];
    let (pots, orders) = every_order_ends_the_same(&stage, facts, 20);
    assert_eq!(orders, 5_040);
    // Nobody has said that what the bank pulled back came home: the dispute did, but for its fee.
    assert_eq!(pots[&(jo, EUR)].0, 20_00 - 35 - 20_00 - 15_00);
}
