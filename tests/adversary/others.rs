//! Captures, fees, deadlines and texts.

use super::*;

/// Captures that come after everything of the others was given back: the seller ends with nothing.
#[test]
fn a_late_capture_after_a_full_refund_ends_at_nothing() {
    for (first, second, fee) in [(4_00, 6_00, 1_00), (3_33, 3_34, 1), (1, 9_99, 7), (6_01, 1_99, 3_33)] {
        let mut rig = Rig::ca();
        let jo = rig.jo;
        let funds = rig.pay(NewPayment::card(cad(100_00)));
        let funds = rig.charge(funds);
        rig.tell(took(funds, cad(100_00)));
        rig.wait(days(8));
        let sale = rig.pay(NewPayment::card(cad(10_00)).destination(jo).application_fee(cad(fee)).manual_capture());
        let charge = rig.charge(sale);
        rig.tell(held(charge, cad(10_00)));
        let capture = |rig: &mut Rig, amount| {
            rig.run(Command::CapturePayment(CapturePayment::of(sale).amount(cad(amount)))).map(drop)
        };
        if fee <= first {
            capture(&mut rig, first).unwrap();
        } else {
            continue;
        }
        rig.tell(uncaptured(charge, 1));
        capture(&mut rig, second).unwrap();
        rig.tell(captured(charge, 2, cad(second), true));
        let back = |rig: &mut Rig| {
            let back = NewRefund::of(sale).reverse_transfer().refund_application_fee();
            let Answer::Refund(refund) = rig.run(Command::CreateRefund(back)).unwrap().answer else { panic!() };
            rig.tell(Fact::RefundSucceeded(RefundSucceeded { refund }));
        };
        let moved = |rig: &Rig, when: &str| {
            let charge = rig.platform.charge_of(sale).unwrap();
            let transfer = rig.platform.transfer(charge.transfer().unwrap()).unwrap();
            let left = transfer.amount().minor() - transfer.amount_reversed().minor();
            assert_eq!(charge.captured().unwrap().transferred(), left, "{when} of {first} {second} {fee}");
        };
        moved(&rig, "captured");
        back(&mut rig);
        moved(&rig, "given back");
        assert_eq!(rig.tell(captured(charge, 1, cad(first), true)), FactOutcome::Applied);
        moved(&rig, "captured late");
        back(&mut rig);
        rig.sound();
        assert_eq!(rig.total(jo, CAD), 0, "{first} {second} {fee}");
        let charge = rig.platform.charge_of(sale).unwrap();
        assert_eq!((charge.refundable(), charge.captured().unwrap().transferred()), (cad(0), 0));
    }
}

/// Two attempts by debit: the failure of the first did not hold, but another attempt was made since.
#[test]
fn late_money_of_a_superseded_debit_is_seen() {
    let mut rig = Rig::open(DE, book());
    let sale = rig.pay(NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)));
    let first = rig.charge(sale);
    rig.tell(lost(first, DebitFailure::InsufficientFunds));
    rig.confirm(ConfirmPayment::by(PaymentMethod::SepaDebit, sale)).unwrap();
    assert!(matches!(rig.tell(took(first, eur(100_00))), FactOutcome::Anomaly(_)));
    rig.sound();
    assert_eq!(rig.reasons(), [AnomalyReason::Superseded]);
}

#[test]
fn texts_are_kept_or_refused() {
    let mut rig = Rig::ca();
    let (place, reader) = rig.stall(None);
    for text in ["", "\0", "\u{202e}evil", "'; drop table--", "\u{1f4a3}\u{fe0f}", "\n\r\t", &"ü".repeat(100_000)] {
        let cart = rig.pay(NewPayment::open(cad(10_00)).token(text).transfer_group(text));
        let _ = rig.update(UpdatePayment::of(cart).method(PaymentMethod::Card).token(text));
        let _ = rig.confirm(ConfirmPayment::by(PaymentMethod::Card, cart).token(text));
        let new = NewReader::new(place, DeviceType::SimulatedWiseposE).label(text).serial_number(text);
        let _ = rig.run(Command::Terminal(TerminalCommand::RegisterReader(new)));
        for task in [ReaderTask::CollectInputs(text.to_owned()), ReaderTask::PrintContent(text.to_owned())] {
            if rig.run(start(reader, task)).is_ok() {
                let action = rig.platform.reader(reader).unwrap().action().unwrap().number();
                let message = Some(text.to_owned());
                let failure = ReaderFailure::Unknown.into();
                rig.tell(Fact::Terminal(TerminalFact::ActionFailed(ReaderActionFailed {
                    reader,
                    action,
                    failure,
                    message,
                })));
            }
        }
        let cart = Cart::of(cad(i64::MIN)).line(text, cad(i64::MAX), u32::MAX);
        if rig.run(start(reader, ReaderTask::SetReaderDisplay(cart))).is_ok() {
            let action = rig.platform.reader(reader).unwrap().action().unwrap().number();
            rig.tell(ended(reader, action));
        }
        let unknown = Named::Reference(text.to_owned());
        rig.tell(Fact::ActionRequired(ActionRequired::of(unknown.clone(), NextAction::Redirect).until(Timestamp::MIN)));
        rig.tell(Fact::ActionCompleted(ActionCompleted { charge: unknown }));
    }
    rig.sound();
    rig.wait(days(400));
    rig.sound();
}

/// A transfer that was pulled back in full with a refund is not transferred any more.
#[test]
fn what_a_refund_pulled_back_is_not_transferred_any_more() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let sale = rig.pay(NewPayment::card(cad(10_00)).destination(jo).application_fee(cad(1_00)));
    let charge = rig.charge(sale);
    rig.tell(took(charge, cad(10_00)));
    let transfer = rig.platform.charge_of(sale).unwrap().transfer().unwrap();
    let before = rig.platform.charge_of(sale).unwrap().captured().unwrap().transferred();
    rig.run(Command::CreateRefund(NewRefund::of(sale).reverse_transfer().refund_application_fee())).unwrap();
    let reversed = rig.platform.transfer(transfer).unwrap().amount_reversed();
    assert_eq!(
        (rig.platform.charge_of(sale).unwrap().captured().unwrap().transferred(), reversed, before),
        (0, cad(10_00), 10_00)
    );
}

/// A late telling of when a debit or a hold ends fires once, and nothing is due after the end.
#[test]
fn deadlines_fire_once() {
    let mut rig = Rig::ca();
    let sale = rig.pay(NewPayment::card(cad(10_00)));
    let charge = rig.charge(sale);
    let now = rig.platform.now();
    for end in [Timestamp::MIN, now, now.checked_add(hours(1)).unwrap(), Timestamp::MAX] {
        rig.tell(Fact::ActionRequired(ActionRequired::of(charge, NextAction::Redirect).until(end)));
    }
    let due = rig.platform.next_deadline().unwrap();
    assert!(due > now && due < now.checked_add(hours(1)).unwrap());
    rig.wait(hours(2));
    assert_eq!(rig.status(sale), PaymentStatus::RequiresPaymentMethod);
    rig.tell(done(charge));
    rig.confirm(ConfirmPayment::by(PaymentMethod::Card, sale)).unwrap();
    let second = rig.charge(sale);
    rig.tell(Fact::ActionRequired(
        ActionRequired::of(second, NextAction::Redirect).until(rig.platform.now().checked_add(hours(1)).unwrap()),
    ));
    rig.tell(took(second, cad(10_00)));
    rig.wait(days(400));
    assert_eq!((rig.status(sale), rig.platform.instructions()), (PaymentStatus::Succeeded, vec![]));
    rig.sound();
}

/// The fee of a failed debit follows from how the charge stands, whatever the payment's end.
#[test]
fn a_fee_of_a_failed_debit_stands_when_the_payment_is_called_off() {
    let mut rig = Rig::open(DE, book());
    let sale = rig.pay(NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)));
    let charge = rig.charge(sale);
    rig.tell(lost(charge, DebitFailure::InsufficientFunds));
    rig.cancel(sale).unwrap();
    rig.sound();
    assert_eq!(rig.platform.charge_of(sale).unwrap().failure_fee(), eur(3_50));
    let ahead = Report::new("ahead", rig.platform.now().checked_add(hours(1)).unwrap(), took(charge, eur(100_00)));
    assert!(matches!(rig.platform.record(&ahead), Err(Error::FactAheadOfClock { .. })));
}

/// An attempt by debit that the host gave up before its failure was told costs what the processor took for that.
#[test]
fn a_fee_of_a_debit_that_failed_after_it_was_given_up_is_booked() {
    let mut rig = Rig::open(DE, book());
    let sale = rig.pay(NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)));
    let charge = rig.charge(sale);
    rig.tell(Fact::ActionRequired(ActionRequired::of(charge, NextAction::VerifyMicrodeposits)));
    rig.cancel(sale).unwrap();
    rig.wait(days(1));
    rig.tell(lost(charge, DebitFailure::InsufficientFunds));
    rig.sound();
    assert_eq!(rig.platform.charge_of(sale).unwrap().failure_fee(), eur(3_50));
}
