//! Debits: what a failure and a dispute cost, whom, and that nothing can be done against the latter.

use fundroute::accounts::{Controller, Dashboard, FeePayer, LossBearer, RequirementCollector};
use fundroute::ids::{AccountId, PaymentId};
use fundroute::journal::{AnomalyReason, FactOutcome};
use fundroute::payments::{
    ConfirmPayment, DebitFailure, DisputeCase, DisputeChange, DisputeError, DisputeStatus, LossCause, SubmitEvidence,
};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, DisputeFeeKind, DisputeProcess, DisputeRule, MethodFees};
use fundroute::simulator::DEBIT_REFUSED;

use super::{Contested, opened, refusal};
use crate::shop::{Shop, rules};

/// A shop in Germany, where debits of euro accounts cost nothing but what is told here.
fn germany() -> Shop {
    Shop::open_in(DE)
}

fn sepa(minor: i64) -> NewPayment {
    NewPayment::by(PaymentMethod::SepaDebit, eur(minor))
}

/// A debit of 100.00 that the bank has taken.
fn taken(shop: &mut Shop) -> PaymentId {
    let sale = shop.sell(sepa(100_00));
    shop.wait(4);
    assert_eq!(shop.status(sale), "succeeded");
    sale
}

/// docs.stripe.com/payments/sepa-debit (2024): disputes are final; 15.00 in euros.
#[test]
fn example_a_disputed_sepa_debit_is_lost_at_once() {
    let mut shop = germany();
    let sale = taken(&mut shop);
    // Whatever date is told: the payer's bank has decided.
    let dispute = shop.open_case(sale, "du_1", eur(100_00), DisputeCase::Chargeback);
    let record = shop.record_of(dispute);
    assert!(record.is_final() && record.respond_by().is_none());
    assert_eq!((record.status(), record.due()), (DisputeStatus::Lost, None));
    let fundroute::payments::DisputeState::Lost(lost) = record.state() else { panic!("{record:?}") };
    assert_eq!(lost.cause(), LossCause::Unanswerable);
    assert_eq!(shop.pending(shop.house), 100_00);
    assert_eq!(shop.happens("du_1", DisputeChange::FundsWithdrawn), FactOutcome::Applied);
    assert_eq!(shop.pending(shop.house), -15_00);
    let record = shop.record_of(dispute);
    assert_eq!((record.withdrawn(), record.fee(DisputeFeeKind::Received)), (eur(100_00), eur(15_00)));
    shop.sound();
}

#[test]
fn nothing_can_be_done_against_a_final_dispute() {
    let mut shop = germany();
    let sale = taken(&mut shop);
    let dispute = shop.open_case(sale, "du_1", eur(100_00), DisputeCase::Chargeback);
    let before = shop.platform.snapshot();
    let refused = shop.answer(SubmitEvidence::new(dispute, "a signed mandate"));
    assert_eq!(refusal(refused), DisputeError::Final(dispute));
    let refused = shop.platform.disputes().accept("give in", dispute).map(|decided| decided.answer);
    assert_eq!(refusal(refused), DisputeError::Final(dispute));
    assert_eq!(shop.platform.snapshot(), before);
    let text = DisputeError::Final(dispute).to_string();
    assert_eq!(text, format!("dispute `{dispute}` is final: the payer's bank has given the money back"));

    // There is no appeal, and no inquiry: the one is an anomaly, and so is the other.
    let respond_by = shop.respond_by();
    let FactOutcome::Anomaly(_) = shop.happens("du_1", DisputeChange::Appealed { respond_by }) else { panic!() };
    let fact = opened(&shop, sale, "du_2", eur(1_00), DisputeCase::Inquiry);
    let now = shop.platform.now();
    let outcome = shop.platform.disputes().record_opened("asked", now, fact).unwrap().answer;
    assert!(matches!(outcome, FactOutcome::Anomaly(_)));
    assert_eq!(shop.anomalies(), [AnomalyReason::DisputeFinal, AnomalyReason::DisputeFinal]);
    assert_eq!(shop.pending(shop.house), 100_00);
}

/// The bank may give the money back all the same; what the dispute cost is kept.
#[test]
fn money_that_comes_back_after_a_final_dispute_is_booked() {
    let mut shop = germany();
    let sale = taken(&mut shop);
    let dispute = shop.open_case(sale, "du_1", eur(40_00), DisputeCase::Chargeback);
    shop.happens("du_1", DisputeChange::FundsWithdrawn);
    assert_eq!(shop.pending(shop.house), 100_00 - 40_00 - 15_00);
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!((shop.status_of(dispute), shop.pending(shop.house)), (DisputeStatus::Won, 85_00));
    shop.sound();
}

/// A house that knows better says so: then the world's date counts, and evidence is taken.
#[test]
fn a_host_may_say_that_debits_are_answered() {
    let answered = DisputeRule::new(DisputeProcess::Evidence);
    let rule = rules().payment_method(PaymentMethod::SepaDebit).clone().disputed(answered);
    let book = rules().with_payment_method(rule).unwrap();
    let book = book.with_method_fees(MethodFees::new(PaymentMethod::SepaDebit, EUR).of_dispute(9_00)).unwrap();
    // The row of the standard book began later, and goes on.
    let mut shop = Shop::open_by(DE, book.clone());
    let sale = taken(&mut shop);
    let dispute = shop.open_case(sale, "du_1", eur(100_00), DisputeCase::Inquiry);
    assert_eq!(shop.status_of(dispute), DisputeStatus::WarningNeedsResponse);
    shop.answer(SubmitEvidence::new(dispute, "a signed mandate")).unwrap();
    assert_eq!(shop.record_of(dispute).fee_terms(DisputeFeeKind::Received), Some(eur(15_00)));

    let from = utc(2026, 11, 1).date();
    let later = MethodFees::new(PaymentMethod::SepaDebit, EUR).of_dispute(9_00).from(from);
    let mut shop = Shop::open_by(DE, book.with_method_fees(later).unwrap());
    let sale = taken(&mut shop);
    let dispute = shop.open_case(sale, "du_1", eur(100_00), DisputeCase::Chargeback);
    assert_eq!(shop.record_of(dispute).fee_terms(DisputeFeeKind::Received), Some(eur(9_00)));
}

/// docs.stripe.com/payments/sepa-debit (2024): 3.50 in euros for a debit that failed.
#[test]
fn example_a_failed_sepa_debit_costs_three_euros_fifty() {
    let mut shop = germany();
    let sale = shop.sell(sepa(100_00).token(DEBIT_REFUSED));
    shop.wait(4);
    assert_eq!(shop.status(sale), "requires_payment_method");
    let lines = [
        "payment 10000 - 0 = 10000 (charge)",
        "payment_failure_refund -10000 - 0 = -10000 (charge_failure)",
        "stripe_fee -350 - 0 = -350 (fee)",
    ];
    assert_eq!(shop.lines(shop.house), lines);
    assert_eq!(shop.platform.charge(shop.charge_of(sale)).unwrap().failure_fee(), eur(3_50));
    // Each attempt costs its own.
    let again = ConfirmPayment::by(PaymentMethod::SepaDebit, sale).token(DEBIT_REFUSED);
    shop.platform.payments().confirm("again", again).unwrap();
    shop.wait(4);
    assert_eq!(shop.available(shop.house), -7_00);
    let again = ConfirmPayment::by(PaymentMethod::SepaDebit, sale);
    shop.platform.payments().confirm("third", again).unwrap();
    shop.wait(4);
    assert_eq!((shop.status(sale).as_str(), shop.pending(shop.house)), ("succeeded", 100_00));
    assert_eq!(shop.available(shop.house), -7_00);
    shop.sound();
}

/// A failure that was told before the money came after all does not hold, and costs nothing.
#[test]
fn a_failure_that_did_not_hold_costs_nothing() {
    let mut shop = germany();
    let sale = shop.order(sepa(100_00));
    let charge = shop.charge_of(sale);
    let now = shop.platform.now();
    let failed = |shop: &mut Shop, id: &str, failure: DebitFailure| {
        shop.platform.payments().record_failed(id, now, charge, failure.into()).unwrap().answer
    };
    assert_eq!(failed(&mut shop, "f1", DebitFailure::InsufficientFunds), FactOutcome::Applied);
    assert_eq!(failed(&mut shop, "f2", DebitFailure::ReferToCustomer), FactOutcome::Stale);
    assert_eq!(shop.available(shop.house), -3_50);
    assert_eq!(shop.taken(charge, eur(100_00)), FactOutcome::Applied);
    assert_eq!((shop.available(shop.house), shop.pending(shop.house)), (0, 100_00));
    assert_eq!(shop.platform.charge(charge).unwrap().failure_fee(), eur(0));
    assert_eq!(failed(&mut shop, "f3", DebitFailure::AccountClosed), FactOutcome::Stale);
    assert_eq!(shop.available(shop.house), 0);
    shop.sound();
}

/// What a failed debit of 100.00 costs the seller and the platform.
fn failure(account: NewAccount, order: fn(AccountId) -> (Option<AccountId>, NewPayment)) -> (i128, i128) {
    let mut shop = germany();
    let jo = shop.seller(account.request(Capability::SepaDebitPayments).request(Capability::Transfers));
    let (on, order) = order(jo);
    let order = order.token(DEBIT_REFUSED);
    match on {
        Some(seller) => shop.sell_as(seller, order),
        None => shop.sell(order),
    };
    shop.wait(4);
    shop.sound();
    (-shop.available(jo), -shop.own(shop.house))
}

/// docs.stripe.com/connect/direct-charges-fee-payer-behavior (2026), the row of failed payments by local methods.
#[test]
fn who_pays_for_a_failed_debit() {
    let of = |fees| {
        let (losses, requirements) = (LossBearer::Processor, RequirementCollector::Processor);
        NewAccount::controlled(Controller { fees, losses, requirements, dashboard: Dashboard::None }, DE)
    };
    let direct = |jo| (Some(jo), sepa(100_00));
    assert_eq!(failure(of(FeePayer::Account), direct), (3_50, 0));
    assert_eq!(failure(of(FeePayer::Application), direct), (0, 3_50));
    for older in [NewAccount::express(DE), NewAccount::custom(DE), NewAccount::standard(DE)] {
        assert_eq!(failure(older, direct), (3_50, 0));
    }
    // What is charged on the platform it pays for, whose ever business it is.
    assert_eq!(failure(NewAccount::express(DE), |jo| (None, sepa(100_00).destination(jo))), (0, 3_50));
    assert_eq!(failure(NewAccount::express(DE), |jo| (None, sepa(100_00).on_behalf_of(jo))), (0, 3_50));
}
