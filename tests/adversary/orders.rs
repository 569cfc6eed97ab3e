//! The same facts in any order.

use super::*;
use crate::readers::giving_back;

fn limited(limit: u16) -> Rulebook {
    book().with_attempt_limit(Some(limit))
}

#[test]
fn orders_around_an_exhausted_payment() {
    for (manual, by_hand) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut rig = Rig::open(CA, limited(1));
        let jo = rig.jo;
        let mut order = NewPayment::card(cad(10_00)).destination(jo).application_fee(cad(1_00));
        if manual {
            order = order.manual_capture();
        }
        if by_hand {
            order = order.confirm_by_hand();
        }
        let sale = rig.pay(order);
        let charge = rig.charge(sale);
        rig.wait(days(2));
        let until = rig.platform.now().checked_add(hours(5)).unwrap();
        let money = if manual { held(charge, cad(10_00)) } else { took(charge, cad(10_00)) };
        let facts = vec![
            (9, lost(charge, DeclineCode::DoNotHonor)),
            (8, lost(charge, DeclineCode::ExpiredCard)),
            (7, Fact::ActionRequired(ActionRequired::of(charge, NextAction::Redirect).until(until))),
            (6, done(charge)),
            (5, money),
        ];
        let end = all_orders_agree(&rig, facts.clone());
        let expected = if manual { PaymentStatus::RequiresCapture } else { PaymentStatus::Succeeded };
        assert_eq!(end.status(sale), expected);
    }
}

#[test]
fn orders_around_an_exhausted_payment_without_money() {
    let mut rig = Rig::open(CA, limited(1));
    let sale = rig.pay(NewPayment::card(cad(10_00)));
    let charge = rig.charge(sale);
    rig.wait(days(2));
    let until = rig.platform.now().checked_add(hours(5)).unwrap();
    let facts = vec![
        (9, lost(charge, DeclineCode::DoNotHonor)),
        (8, lost(charge, DeclineCode::ExpiredCard)),
        (7, Fact::ActionRequired(ActionRequired::of(charge, NextAction::Redirect).until(until))),
        (6, done(charge)),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!((end.status(sale), end.platform.instructions()), (PaymentStatus::Canceled, vec![]));
}

#[test]
fn orders_around_a_reader_with_a_limit_and_a_step_of_the_payer() {
    for manual in [true, false] {
        let mut rig = Rig::open(CA, limited(1));
        let jo = rig.jo;
        let (_, reader) = rig.stall(None);
        let order = NewPayment::by(PaymentMethod::CardPresent, cad(10_00)).destination(jo);
        let sale = rig.pay(if manual { order.manual_capture() } else { order });
        let (charge, action) = rig.process(reader, sale);
        rig.wait(days(1));
        let money = if manual { held(charge, cad(10_00)) } else { took(charge, cad(10_00)) };
        let facts = vec![
            (9, stopped(reader, action)),
            (8, lost(charge, DeclineCode::DoNotHonor)),
            (7, done(charge)),
            (6, money),
            (5, broke(reader, action, ReaderFailure::ConnectionError)),
        ];
        let end = all_orders_agree(&rig, facts);
        assert_eq!(end.platform.payment(sale).unwrap().reader(), None);
        let expected = if manual { PaymentStatus::RequiresCapture } else { PaymentStatus::Succeeded };
        assert_eq!(end.status(sale), expected);
    }
}

#[test]
fn orders_of_single_message_money_with_a_limit() {
    let mut rig = Rig::open(CA, limited(1));
    let (_, reader) = rig.stall(None);
    let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)).manual_capture());
    let (charge, action) = rig.process(reader, sale);
    rig.wait(days(1));
    let facts = vec![
        (9, stopped(reader, action)),
        (8, held(charge, cad(10_00))),
        (7, took(charge, cad(10_00))),
        (6, lost(charge, DeclineCode::DoNotHonor)),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!((end.status(sale), end.reasons()), (PaymentStatus::Succeeded, vec![]));
}

/// A card held ready and captured by a network told in both words.
#[test]
fn orders_of_single_message_money_told_as_a_capture_too() {
    let mut rig = Rig::ca();
    let (_, reader) = rig.stall(None);
    let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)).manual_capture());
    let (charge, _) = rig.process(reader, sale);
    rig.wait(days(1));
    let facts =
        vec![(9, held(charge, cad(10_00))), (8, took(charge, cad(10_00))), (7, captured(charge, 1, cad(10_00), true))];
    let end = all_orders_agree_about_money(&rig, facts);
    assert_eq!(end.platform.payment(sale).unwrap().amount_received(), cad(10_00));
}

/// As `all_orders_agree`, of money only: anomalies may differ.
fn all_orders_agree_about_money(start: &Rig, facts: Vec<(i64, Fact)>) -> Rig {
    let mut first: Option<(Rig, Pots)> = None;
    let facts: Vec<(usize, (i64, Fact))> = facts.into_iter().enumerate().collect();
    orders(&facts, &mut Vec::new(), &mut |order| {
        let mut rig = start.clone();
        for (number, (ago, fact)) in order {
            let at = start.platform.now().checked_add(hours(-ago)).unwrap();
            rig.record(&Report::new(format!("fact-{number}"), at, fact.clone()));
        }
        rig.sound();
        let pots = outcome(&rig.platform).1;
        match &first {
            Some((_, expected)) => assert_eq!(&pots, expected, "{order:#?}"),
            None => first = Some((rig, pots)),
        }
    });
    first.unwrap().0
}

/// The payment went on online after the reader let go; whatever the reader tells late is seen, and booked once.
#[test]
fn orders_of_what_a_reader_tells_late() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let (_, reader) = rig.stall(None);
    let sale = rig.pay(NewPayment::open(cad(10_00)).destination(jo).application_fee(cad(1_00)));
    rig.update(UpdatePayment::of(sale).method(PaymentMethod::CardPresent)).unwrap();
    let (first, action) = rig.process(reader, sale);
    for refused in [
        rig.update(UpdatePayment::of(sale).amount(cad(1_00))),
        rig.confirm(ConfirmPayment::by(PaymentMethod::Card, sale)),
        rig.cancel(sale),
    ] {
        assert_eq!(refused, Err(PaymentError::AtReader { payment: sale, reader }.into()));
    }
    rig.tell(stopped(reader, action));
    rig.confirm(ConfirmPayment::by(PaymentMethod::Card, sale)).unwrap();
    let second = rig.charge(sale);
    rig.wait(days(1));
    let facts = vec![
        (9, broke(reader, action, ReaderFailure::ConnectionError)),
        (8, took(first, cad(10_00))),
        (7, took(second, cad(10_00))),
        (6, ended(reader, action)),
        (5, lost(first, DeclineCode::DoNotHonor)),
    ];
    let end = all_orders_agree_about_money(&rig, facts);
    assert_eq!((end.status(sale), end.total(jo, CAD)), (PaymentStatus::Succeeded, 9_00));
    assert_eq!(end.reasons(), [AnomalyReason::Superseded]);
}

#[test]
fn orders_around_a_step_that_ends_while_a_reader_has_the_payment() {
    let mut rig = Rig::ca();
    let (_, reader) = rig.stall(None);
    let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)));
    let (charge, action) = rig.process(reader, sale);
    let until = rig.platform.now().checked_add(hours(1)).unwrap();
    rig.tell(Fact::ActionRequired(ActionRequired::of(charge, NextAction::Authenticate).until(until)));
    rig.wait(days(1));
    assert_eq!(
        (rig.status(sale), rig.platform.payment(sale).unwrap().reader()),
        (PaymentStatus::RequiresPaymentMethod, Some(reader))
    );
    assert!(rig.start(reader, ReaderTask::ProcessPaymentIntent(sale)).is_err());
    let facts = vec![(9, ended(reader, action)), (8, took(charge, cad(10_00))), (7, done(charge))];
    let end = all_orders_agree(&rig, facts);
    assert_eq!((end.status(sale), end.platform.instructions()), (PaymentStatus::Succeeded, vec![]));
}

fn dispute(charge: ChargeId, amount: Money) -> Fact {
    Fact::DisputeOpened(fundroute::payments::DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount,
        reason: fundroute::payments::DisputeReason::DebitNotAuthorized,
        case: fundroute::payments::DisputeCase::Chargeback,
        network: None,
        respond_by: None,
        settled: None,
    })
}

fn changed(change: fundroute::payments::DisputeChange) -> Fact {
    Fact::DisputeChanged(fundroute::payments::DisputeChanged { dispute: "du_1".into(), change })
}

#[test]
fn orders_around_a_debit_that_failed_and_came_and_was_disputed() {
    use fundroute::payments::DisputeChange;
    let mut rig = Rig::open(DE, limited(1));
    let jo = rig.jo;
    let sale =
        rig.pay(NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)).destination(jo).application_fee(eur(1_00)));
    let charge = rig.charge(sale);
    rig.wait(days(3));
    let facts = vec![
        (40, lost(charge, DebitFailure::InsufficientFunds)),
        (39, lost(charge, DebitFailure::AccountClosed)),
        (30, took(charge, eur(100_00))),
        (20, dispute(charge, eur(100_00))),
        (19, changed(DisputeChange::FundsWithdrawn)),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!(end.platform.charge_of(sale).unwrap().failure_fee(), eur(0));
    assert_eq!(end.total(jo, EUR), 99_00);
    assert_eq!(end.total(end.house(), EUR), 1_00 - 10 - 100_00 - 15_00);
}

#[test]
fn orders_around_a_debit_that_failed_by_reference() {
    let mut rig = Rig::open(DE, limited(2));
    let sale = rig.pay(NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)));
    let charge = rig.charge(sale);
    rig.wait(days(3));
    let outside = || Named::Reference("outside".to_owned());
    let facts = vec![
        (50, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() })),
        (45, Fact::ActionRequired(ActionRequired::of(outside(), NextAction::VerifyMicrodeposits))),
        (44, Fact::ActionCompleted(ActionCompleted { charge: outside() })),
        (40, lost(outside(), DebitFailure::InsufficientFunds)),
        (39, lost(charge, DebitFailure::AccountClosed)),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!(end.platform.charge_of(sale).unwrap().failure_fee(), eur(3_50));
    assert_eq!((end.status(sale), end.total(end.house(), EUR)), (PaymentStatus::RequiresPaymentMethod, -3_50));
}

/// A raise told both ways, with captures before and after, and a failure of the attempt.
#[test]
fn orders_around_raises_and_captures() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let how = ManualCapture::new().incremental();
    let sale = rig.pay(NewPayment::card(cad(10_00)).destination(jo).application_fee(cad(1_00)).capture_later(how));
    let charge = rig.charge(sale);
    rig.tell(held(charge, cad(10_00)));
    rig.run(Command::IncrementAuthorization(IncrementAuthorization::to(sale, cad(20_00)).application_fee(cad(3_00))))
        .unwrap();
    rig.wait(days(1));
    let declined = IncrementDeclined { charge: charge.into(), attempt: 1, failure: DeclineCode::DoNotHonor.into() };
    let granted = AuthorizationIncremented { charge: charge.into(), attempt: 1, amount: cad(20_00) };
    let facts = vec![
        (9, Fact::IncrementDeclined(declined)),
        (8, Fact::AuthorizationIncremented(granted)),
        (7, held(charge, cad(10_00))),
        (6, uncaptured(charge, 1)),
        (5, lost(charge, DeclineCode::DoNotHonor)),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!(end.platform.payment(sale).unwrap().amount(), cad(20_00));
}

#[test]
fn orders_of_a_refund_at_a_reader_called_off_outside_and_given() {
    let (mut rig, reader, action, refund, _) = giving_back();
    rig.wait(days(1));
    let facts = vec![
        (9, stopped(reader, action)),
        (8, Fact::RefundCanceled(RefundCanceled { refund })),
        (7, Fact::RefundSucceeded(RefundSucceeded { refund })),
        (6, Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })),
    ];
    all_orders_agree(&rig, facts);
}
