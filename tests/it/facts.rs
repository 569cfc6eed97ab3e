//! What the world says: early, late, twice, contradicting itself, or not at all.

use fundroute::accounts::{CapabilityReviewed, CapabilityStatus, NewAccount};
use fundroute::ids::{AccountId, ChargeId, PaymentId, PayoutId, RefundId};
use fundroute::journal::{
    AnomalyCause, AnomalyReason, Fact, FactOutcome, Instruction, Outcome, ParkedState, Report, RequestError,
};
use fundroute::money::Money;
use fundroute::payments::{
    ChargeFailed, ChargeFailure, ChargeSubmitted, ChargeSucceeded, ConfirmPayment, DeclineCode, Named,
    PaymentInstruction, RefundSucceeded,
};
use fundroute::payouts::{PayoutFailed, PayoutInstruction, PayoutPaid, PayoutSchedule, PayoutSubmitted};
use fundroute::prelude::*;
use fundroute::rulebook::Capability;
use fundroute::simulator::{DECLINED, NEVER_ANSWERS};

use crate::shop::{NOBODY, Shop, events, monday, rules};

fn succeeded(charge: impl Into<Named>, amount: Money) -> Fact {
    Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount))
}

fn by_reference(reference: &str, amount: Money) -> Fact {
    succeeded(Named::Reference(reference.to_owned()), amount)
}

fn submitted(charge: ChargeId, reference: &str) -> Fact {
    Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: reference.to_owned() })
}

/// Tells a fact that happened at the clock's time; the id is its own.
fn tell(shop: &mut Shop, fact: Fact) -> FactOutcome {
    let report = Report::new(shop.key(), shop.platform.now(), fact);
    shop.platform.record(&report).unwrap().answer
}

/// A payment of 100.00 of which nothing is heard.
fn waiting(shop: &mut Shop) -> (PaymentId, ChargeId) {
    let sale = shop.sell(NewPayment::card(usd(100_00)).token(NEVER_ANSWERS));
    assert_eq!(shop.status(sale), "processing");
    (sale, shop.charge_of(sale))
}

#[test]
fn a_success_that_comes_before_its_reference_waits_for_it() {
    let mut shop = Shop::open();
    let (sale, charge) = waiting(&mut shop);
    let early = Report::new("early", monday(), by_reference("py_1", usd(100_00)));
    let told = shop.platform.record(&early).unwrap();
    let FactOutcome::Parked(parked) = told.answer else { return assert_eq!(told.answer, FactOutcome::Applied) };
    assert!(told.changes.entries.is_empty() && told.changes.events.is_empty());
    let until = utc(2026, 12, 2);
    assert_eq!(shop.platform.parked_fact(parked).unwrap().state, ParkedState::Waiting { until });
    assert_eq!((shop.status(sale).as_str(), shop.pending(shop.house)), ("processing", 0));
    // Told again while it waits, it waits once.
    let again = shop.platform.record(&early).unwrap();
    assert_eq!((again.answer, again.outcome), (told.answer, Outcome::Replayed));

    shop.wait(1);
    assert_eq!(tell(&mut shop, submitted(charge, "py_1")), FactOutcome::Applied);
    assert_eq!((shop.status(sale).as_str(), shop.pending(shop.house)), ("succeeded", 96_80));
    assert_eq!(shop.platform.parked_fact(parked).unwrap().state, ParkedState::TakenUp);
    // It counts as of when it happened, not of when it was understood.
    assert_eq!(shop.transactions(shop.house).pop().unwrap().available_on, utc(2026, 11, 4));
    // Nothing is left of the wait, and the reference is known from now on.
    shop.wait(60);
    assert_eq!(shop.platform.parked_fact(parked).unwrap().state, ParkedState::TakenUp);
    assert!(matches!(tell(&mut shop, by_reference("py_1", usd(100_00))), FactOutcome::Anomaly(_)));
    assert_eq!(shop.available(shop.house), 96_80);
    shop.sound();
}

#[test]
fn a_failure_and_a_success_that_wait_are_taken_up_in_their_own_order() {
    for success_first in [true, false] {
        let mut shop = Shop::open();
        let (sale, charge) = waiting(&mut shop);
        shop.until(monday().at(12, 0));
        let failed = Fact::ChargeFailed(ChargeFailed {
            charge: Named::Reference("py_1".to_owned()),
            failure: ChargeFailure::Card(DeclineCode::ProcessingError),
        });
        let mut reports = vec![
            Report::new("failed", monday().at(9, 0), failed),
            Report::new("succeeded", monday().at(10, 0), by_reference("py_1", usd(100_00))),
        ];
        if success_first {
            reports.reverse();
        }
        for report in &reports {
            assert!(matches!(shop.platform.record(report).unwrap().answer, FactOutcome::Parked(_)));
        }
        tell(&mut shop, submitted(charge, "py_1"));
        assert_eq!((shop.status(sale).as_str(), shop.pending(shop.house)), ("succeeded", 96_80));
        shop.sound();
    }
}

/// Of two successes that wait, the one that happened first counts, whichever was told first.
#[test]
fn of_two_successes_that_wait_the_earlier_one_counts() {
    // The ids are of all kinds, so that their order is no help.
    for told in 0..8 {
        let mut shop = Shop::open();
        let (sale, charge) = waiting(&mut shop);
        shop.until(monday().at(12, 0));
        let mut reports = [9, 10].map(|hour| {
            let at = monday().at(hour, 0);
            Report::new(format!("{told} at {hour}"), at, by_reference("py_1", usd(100_00)))
        });
        if told % 2 == 1 {
            reports.reverse();
        }
        for report in &reports {
            assert!(matches!(shop.platform.record(report).unwrap().answer, FactOutcome::Parked(_)));
        }
        let report = Report::new("submitted", shop.platform.now(), submitted(charge, "py_1"));
        let told = shop.platform.record(&report).unwrap();
        assert_eq!(told.answer, FactOutcome::Applied);
        assert_eq!(events(&told.changes), ["charge.succeeded", "payment_intent.succeeded", "anomaly.opened"]);
        let captured = shop.platform.charge_of(sale).unwrap().captured().copied().unwrap();
        assert_eq!((captured.at(), shop.pending(shop.house)), (monday().at(9, 0), 96_80));
    }
}

#[test]
fn a_fact_that_waits_in_vain_becomes_an_anomaly() {
    let mut shop = Shop::open_by(US, rules().with_parked_fact_limit(days(3)));
    let (sale, charge) = waiting(&mut shop);
    let early = Report::new("early", monday(), by_reference("py_1", usd(100_00)));
    let FactOutcome::Parked(parked) = shop.platform.record(&early).unwrap().answer else {
        return assert!(shop.lines(shop.house).is_empty(), "it should wait");
    };
    assert_eq!(shop.platform.next_deadline(), Some(utc(2026, 11, 5)));
    let fired = shop.platform.advance_to(utc(2026, 11, 6)).unwrap();
    let [given_up] = fired.as_slice() else { return assert_eq!(fired.len(), 1) };
    assert_eq!((events(given_up), given_up.at), (vec!["anomaly.opened"], utc(2026, 11, 5)));
    assert!(given_up.entries.is_empty());
    assert_eq!(shop.platform.parked_fact(parked).unwrap().state, ParkedState::GivenUp);
    let [event] = given_up.events.as_slice() else { return assert_eq!(given_up.events.len(), 1) };
    let fundroute::ids::ObjectId::Anomaly(anomaly) = event.object else { return assert_eq!(event.account, None) };
    let record = shop.platform.anomaly(anomaly).unwrap();
    assert_eq!((record.reason, &record.cause), (AnomalyReason::UnknownReference, &AnomalyCause::Fact(early)));
    // The reference comes too late: a person has to decide.
    assert_eq!(tell(&mut shop, submitted(charge, "py_1")), FactOutcome::Applied);
    assert_eq!((shop.status(sale).as_str(), shop.pending(shop.house)), ("processing", 0));
}

/// Checks that a fact is an anomaly for this reason, that it moves nothing, and that a person can close it, once.
fn impossible(shop: &mut Shop, name: &str, fact: Fact, reason: AnomalyReason) {
    let (entries, balances) = (shop.platform.entry_count(), shop.platform.trial_balances());
    let id = shop.key();
    let report = Report::new(id.clone(), shop.platform.now(), fact);
    let told = shop.platform.record(&report).unwrap();
    let FactOutcome::Anomaly(anomaly) = told.answer else {
        return assert_eq!(told.answer, FactOutcome::Stale, "{name}");
    };
    assert_eq!(events(&told.changes), ["anomaly.opened"], "{name}");
    assert_eq!((shop.platform.entry_count(), shop.platform.trial_balances()), (entries, balances), "{name}");
    let record = shop.platform.anomaly(anomaly).unwrap();
    assert_eq!((record.reason, record.closed_at), (reason, None), "{name}");
    assert_eq!(record.cause, AnomalyCause::Fact(report.clone()), "{name}");
    // Told again it is the same anomaly.
    let again = shop.platform.record(&report).unwrap();
    assert_eq!((again.answer, again.outcome), (told.answer, Outcome::Replayed), "{name}");

    let closed = shop.platform.anomalies().close(&format!("close {id}"), anomaly).unwrap();
    assert_eq!(events(&closed.changes), ["anomaly.closed"], "{name}");
    let now = shop.platform.now();
    assert_eq!(shop.platform.anomaly(anomaly).unwrap().closed_at, Some(now), "{name}");
    shop.wait(1);
    shop.platform.anomalies().close(&format!("close {id} again"), anomaly).unwrap();
    assert_eq!(shop.platform.anomaly(anomaly).unwrap().closed_at, Some(now), "{name}: the first time stands");
    shop.sound();
}

#[test]
fn what_no_later_fact_could_make_possible_is_an_anomaly() {
    use AnomalyReason::{AlreadySucceeded, AmountDiffers, PaymentCanceled, ReferenceTaken, Superseded};
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    let fact = succeeded(shop.charge_of(sale), usd(100_00));
    impossible(&mut shop, "a second success", fact, AlreadySucceeded);

    let (sale, charge) = waiting(&mut shop);
    for (name, amount) in [("more", usd(100_01)), ("less", usd(99_99)), ("another currency", eur(100_00))] {
        impossible(&mut shop, name, succeeded(charge, amount), AmountDiffers);
        assert_eq!(shop.status(sale), "processing", "{name}");
    }
    // What was impossible is no hindrance to what is possible.
    assert_eq!(tell(&mut shop, succeeded(charge, usd(100_00))), FactOutcome::Applied);
    assert_eq!(shop.status(sale), "succeeded");

    let declined = shop.sell(NewPayment::card(usd(100_00)).token(DECLINED));
    let first = shop.charge_of(declined);
    let key = shop.key();
    let again = ConfirmPayment::by(PaymentMethod::Card, declined).token(NEVER_ANSWERS);
    shop.platform.payments().confirm(&key, again).unwrap();
    impossible(&mut shop, "an attempt given up", succeeded(first, usd(100_00)), Superseded);
    assert_eq!(shop.status(declined), "processing");

    let called_off = shop.sell(NewPayment::card(usd(100_00)).token(DECLINED));
    let key = shop.key();
    shop.platform.payments().cancel(&key, called_off).unwrap();
    let fact = succeeded(shop.charge_of(called_off), usd(100_00));
    impossible(&mut shop, "after it was called off", fact, PaymentCanceled);
    assert_eq!(shop.status(called_off), "canceled");

    let ((_, one), (_, two)) = (waiting(&mut shop), waiting(&mut shop));
    assert_eq!(tell(&mut shop, submitted(one, "py_1")), FactOutcome::Applied);
    assert_eq!(tell(&mut shop, submitted(one, "py_1")), FactOutcome::Stale);
    impossible(&mut shop, "a reference of another charge", submitted(two, "py_1"), ReferenceTaken);
}

#[test]
fn a_payout_that_was_called_off_cannot_arrive() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(2);
    let payout = shop.pay_out(jo, usd(10_00)).unwrap();
    shop.platform.acting_as(jo).unwrap().payouts().cancel("no", payout).unwrap();
    let paid = Fact::PayoutPaid(PayoutPaid { payout });
    impossible(&mut shop, "paid after it was called off", paid, AnomalyReason::PayoutCanceled);
    let sent = Fact::PayoutSubmitted(PayoutSubmitted { payout });
    impossible(&mut shop, "sent after it was called off", sent, AnomalyReason::PayoutCanceled);
    // That it failed is old news: the money is back already.
    let failed = PayoutFailed { payout, failure_code: "no_account".to_owned() };
    assert_eq!(tell(&mut shop, Fact::PayoutFailed(failed)), FactOutcome::Stale);
    assert_eq!((shop.available(jo), shop.in_transit(jo)), (10_00, 0));
}

#[test]
fn a_review_of_what_nobody_asked_for_is_an_anomaly() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::custom(US).request(Capability::Transfers));
    let (capability, status) = (Capability::CardPayments, CapabilityStatus::Active);
    for account in [jo, shop.house] {
        let reviewed = Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status });
        impossible(&mut shop, "a capability never asked for", reviewed, AnomalyReason::NotRequested);
        assert_eq!(shop.platform.account(account).unwrap().capability(capability), None);
    }
}

#[test]
fn a_fact_about_an_unknown_object_is_a_typed_error() {
    let mut shop = Shop::open();
    let (charge, payout, refund) =
        (ChargeId::from_host(NOBODY), PayoutId::from_host(NOBODY), RefundId::from_host(NOBODY));
    let account = AccountId::from_host(NOBODY);
    let review = |account, capability| {
        Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status: CapabilityStatus::Active })
    };
    let failed = ChargeFailed { charge: charge.into(), failure: ChargeFailure::Card(DeclineCode::GenericDecline) };
    let returned = PayoutFailed { payout, failure_code: "no_account".to_owned() };
    let capability = Capability::CardPayments;
    let rows: Vec<(Fact, Error)> = vec![
        (succeeded(charge, usd(1_00)), Error::NotFound(charge.into())),
        (Fact::ChargeFailed(failed), Error::NotFound(charge.into())),
        (submitted(charge, "py_1"), Error::NotFound(charge.into())),
        (Fact::RefundSucceeded(RefundSucceeded { refund }), Error::NotFound(refund.into())),
        (Fact::PayoutPaid(PayoutPaid { payout }), Error::NotFound(payout.into())),
        (Fact::PayoutSubmitted(PayoutSubmitted { payout }), Error::NotFound(payout.into())),
        (Fact::PayoutFailed(returned), Error::NotFound(payout.into())),
        (review(account, capability), Error::NotFound(account.into())),
    ];
    let before = shop.platform.snapshot();
    for (fact, error) in rows {
        let report = Report::new("who?", monday(), fact);
        assert_eq!(shop.platform.record(&report).map(|decided| decided.answer), Err(error), "{report:?}");
        assert_eq!(shop.platform.snapshot(), before, "{report:?}");
    }
}

#[test]
fn a_fact_has_an_id_and_a_time_that_make_sense() {
    let mut shop = Shop::open();
    let (_, charge) = waiting(&mut shop);
    let fact = succeeded(charge, usd(100_00));
    let tomorrow = utc(2026, 11, 3);
    let rows: Vec<(Report, Error)> = vec![
        (Report::new("", monday(), fact.clone()), RequestError::KeyEmpty.into()),
        (Report::new("x".repeat(256), monday(), fact.clone()), RequestError::KeyTooLong(256).into()),
        (Report::new("ahead", tomorrow, fact.clone()), Error::FactAheadOfClock { at: tomorrow, clock: monday() }),
    ];
    let before = shop.platform.snapshot();
    for (report, error) in rows {
        assert_eq!(shop.platform.record(&report).map(|decided| decided.answer), Err(error));
        assert_eq!(shop.platform.snapshot(), before);
    }
    // One id is one fact.
    shop.platform.record(&Report::new("once", monday(), fact)).unwrap();
    let before = shop.platform.snapshot();
    let other = Report::new("once", monday(), succeeded(charge, usd(100_01)));
    let error = RequestError::KeyReused("once".to_owned());
    assert_eq!(shop.platform.record(&other).map(|decided| decided.answer), Err(error.into()));
    assert_eq!(shop.platform.snapshot(), before);
}

/// Booked when it is told, with the date that it would have had in time: pending or not follows from that date.
#[test]
fn a_late_fact_is_booked_now_with_the_date_that_it_would_have_had() {
    for (told, available_on, pending, available) in [
        (utc(2026, 11, 3).at(9, 0), utc(2026, 11, 4), 90_00, 0),
        (utc(2026, 11, 4), utc(2026, 11, 4), 0, 90_00),
        (utc(2026, 11, 20).at(9, 0), utc(2026, 11, 20).at(9, 0), 0, 90_00),
    ] {
        let mut shop = Shop::open();
        let jo = shop.seller(NewAccount::express(US));
        let order = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
        let sale = shop.sell(order.token(NEVER_ANSWERS));
        let charge = shop.charge_of(sale);
        shop.until(told);
        let report = Report::new("late", monday().at(8, 0), succeeded(charge, usd(100_00)));
        assert_eq!(shop.platform.record(&report).unwrap().answer, FactOutcome::Applied);
        let line = shop.transactions(jo).pop().unwrap();
        assert_eq!((line.created, line.available_on), (told, available_on));
        assert_eq!((shop.pending(jo), shop.available(jo)), (pending, available));
        let captured = shop.platform.charge_of(sale).unwrap().captured().copied().unwrap();
        assert_eq!((captured.at(), captured.available_on()), (monday().at(8, 0), utc(2026, 11, 4)));
        assert_eq!(shop.platform.transfer(shop.transfer_of(sale)).unwrap().created(), monday().at(8, 0));
        shop.sound();
    }
}

/// What the clock did meanwhile stands: a payout that left is not undone by a fact that should have come before it.
#[test]
fn a_late_fact_leaves_what_the_clock_did_meanwhile() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let slow = shop.sell(NewPayment::card(usd(40_00)).destination(jo).token(NEVER_ANSWERS));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    assert_eq!(shop.payout_list(jo), ["1000 paid 2026-11-04 2026-11-04"]);
    let report = Report::new("late", monday(), succeeded(shop.charge_of(slow), usd(40_00)));
    shop.platform.record(&report).unwrap();
    assert_eq!(shop.available(jo), 40_00);
    shop.wait(1);
    let list = ["1000 paid 2026-11-04 2026-11-04", "4000 paid 2026-11-05 2026-11-05"];
    assert_eq!(shop.payout_list(jo), list);
}

/// A timeout is no failure: the funds stay where they are, the instruction stays outstanding under its id, and trying again is
/// the same request.
#[test]
fn a_timeout_leaves_everything_where_it_is() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    let sale = shop.sell(NewPayment::card(usd(100_00)).token(NEVER_ANSWERS));
    shop.wait(30);
    assert_eq!((shop.status(sale).as_str(), shop.in_transit(jo), shop.available(jo)), ("processing", 10_00, 0));
    let payout = shop.payouts(jo).pop().unwrap();
    let charge = PaymentInstruction::Charge {
        charge: shop.charge_of(sale),
        amount: usd(100_00),
        method: PaymentMethod::Card,
        token: Some(NEVER_ANSWERS.into()),
    };
    let send = PayoutInstruction::Send {
        payout: payout.id(),
        destination: payout.destination(),
        amount: usd(10_00),
        arrival_date: utc(2026, 11, 4),
        method: fundroute::accounts::PayoutMethod::Standard,
        statement_descriptor: "STRIPE".into(),
    };
    let outstanding = [Instruction::Payment(charge), Instruction::Payout(send)];
    assert_eq!(shop.platform.instructions(), outstanding);
    let restored = Platform::restore(rules(), shop.platform.snapshot(), shop.platform.now());
    assert_eq!(restored.instructions(), outstanding);
    // It can be called off by nobody while its fate is not known.
    let key = shop.key();
    assert!(shop.platform.payments().cancel(&key, sale).is_err());
    // At last the world says what became of both.
    let charge = shop.charge_of(sale);
    let failed = ChargeFailed { charge: charge.into(), failure: ChargeFailure::Card(DeclineCode::ProcessingError) };
    assert_eq!(tell(&mut shop, Fact::ChargeFailed(failed)), FactOutcome::Applied);
    assert_eq!(tell(&mut shop, Fact::PayoutPaid(PayoutPaid { payout: payout.id() })), FactOutcome::Applied);
    assert!(shop.platform.instructions().is_empty());
    assert_eq!((shop.in_transit(jo), shop.paid_out(jo)), (0, 10_00));
}

/// That money was taken counts more than that it was not, in whatever order it is told.
#[test]
fn a_success_stands_against_a_failure_told_before_or_after() {
    for failure_first in [true, false] {
        let mut shop = Shop::open();
        let (sale, charge) = waiting(&mut shop);
        let failed = Fact::ChargeFailed(ChargeFailed {
            charge: charge.into(),
            failure: ChargeFailure::Card(DeclineCode::ProcessingError),
        });
        let mut facts = vec![failed, succeeded(charge, usd(100_00))];
        if !failure_first {
            facts.reverse();
        }
        for fact in facts {
            tell(&mut shop, fact);
        }
        assert_eq!((shop.status(sale).as_str(), shop.pending(shop.house)), ("succeeded", 96_80));
    }
}
