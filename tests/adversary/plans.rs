//! Payments that are planned, changed and called off.

use super::*;

/// An attempt that a change called off was voided; its late money is seen and not booked, whatever was changed.
#[test]
fn money_of_a_voided_attempt_is_not_booked_whatever_was_changed() {
    let mut booked = Vec::new();
    for what in ["amount", "fee", "method"] {
        let mut rig = Rig::ca();
        let jo = rig.jo;
        let order = NewPayment::card(cad(10_00)).confirm_by_hand().destination(jo).application_fee(cad(1_00));
        let sale = rig.pay(order);
        let charge = rig.charge(sale);
        rig.tell(done(charge));
        assert_eq!(rig.status(sale), PaymentStatus::RequiresConfirmation);
        let change = UpdatePayment::of(sale);
        let change = match what {
            "amount" => change.amount(cad(12_00)),
            "fee" => change.application_fee(cad(2_00)),
            _ => change.method(PaymentMethod::CardPresent),
        };
        let decided = rig.run(Command::UpdatePayment(change)).unwrap();
        let void = Instruction::Payment(PaymentInstruction::Void { charge });
        assert!(decided.changes.instructions.contains(&void), "{what}");
        let told = rig.tell(took(charge, cad(10_00)));
        if !matches!(told, FactOutcome::Anomaly(_)) {
            booked.push(what);
        }
        rig.sound();
    }
    assert_eq!(booked, Vec::<&str>::new(), "booked with the void under way");
}

#[test]
fn a_hold_of_a_voided_attempt_is_let_go_whatever_was_changed() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let order = NewPayment::card(cad(10_00)).confirm_by_hand().destination(jo).manual_capture();
    let sale = rig.pay(order);
    let charge = rig.charge(sale);
    rig.tell(done(charge));
    rig.update(UpdatePayment::of(sale).application_fee(cad(2_00))).unwrap();
    let told = rig.told(held(charge, cad(10_00)));
    assert!(matches!(told.answer, FactOutcome::Anomaly(_)), "{:?}", told.answer);
}

/// Somebody owes an answer as long as an attempt is open.
#[test]
fn an_open_attempt_is_outstanding_after_the_payer_was_through() {
    let mut rig = Rig::ca();
    let sale = rig.pay(NewPayment::card(cad(10_00)));
    let charge = rig.charge(sale);
    rig.tell(required(charge));
    rig.tell(done(charge));
    assert_eq!(rig.status(sale), PaymentStatus::Processing);
    assert_eq!(rig.platform.instructions().len(), 1, "the world works on it and has not answered");
}

/// Attempts use up what can be born of a payment: one whose money could not be booked is not begun.
#[test]
fn no_attempt_is_begun_whose_money_could_not_be_booked() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let sale = rig.pay(NewPayment::card(cad(10_00)).destination(jo).application_fee(cad(1_00)));
    let mut number = 0_u32;
    loop {
        let charge = rig.charge(sale);
        let now = rig.platform.now();
        if number > 65_500 {
            let mut last = rig.platform.clone();
            let report = Report::new("late", now, took(charge, cad(10_00)));
            let told = last.record(&report).unwrap().answer;
            assert_eq!(told, FactOutcome::Applied, "attempt {number} was begun, and its money is nobody's");
        }
        let fact = lost(charge, DeclineCode::DoNotHonor);
        rig.platform.record(&Report::new(format!("f{number}"), now, fact)).unwrap();
        let again = Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, sale));
        if rig.platform.handle(Request::new(format!("c{number}"), again)).is_err() {
            break;
        }
        number += 1;
    }
    assert!(number > 60_000);
}

#[test]
fn commissions_are_the_platforms_to_name() {
    let mut rig = Rig::ca();
    let flo = rig.flo;
    let (_, reader) = rig.stall(Some(flo));
    let online = rig.pay_as(flo, NewPayment::card(cad(20_00)).application_fee(cad(2_00)).confirm_later());
    let there = rig.pay_as(flo, NewPayment::by(PaymentMethod::InteracPresent, cad(20_00)).application_fee(cad(2_00)));
    for actor in [Actor::Holder, Actor::Extension(Scope::ReadWrite), Actor::Extension(Scope::ReadOnly)] {
        for sale in [online, there] {
            for fee in [0, 1, 1_99, 2_01, 20_00] {
                let update = UpdatePayment::of(sale).application_fee(cad(fee));
                assert!(rig.by(actor, flo, Command::UpdatePayment(update.clone())).is_err(), "{actor:?} {fee}");
                let both = update.amount(cad(30_00));
                assert!(rig.by(actor, flo, Command::UpdatePayment(both)).is_err(), "{actor:?} {fee}");
            }
            // Nor by making the payment smaller than it.
            let smaller = UpdatePayment::of(sale).amount(cad(1_00));
            assert!(rig.by(actor, flo, Command::UpdatePayment(smaller)).is_err(), "{actor:?}");
        }
        let new = NewPayment::open(cad(20_00)).application_fee(cad(1));
        assert!(rig.by(actor, flo, Command::CreatePayment(new)).is_err());
    }
    rig.run_as(flo, start(reader, ReaderTask::ProcessPaymentIntent(there))).unwrap();
    let charge = rig.charge(there);
    rig.tell(took(charge, cad(20_00)));
    rig.tell(ended(reader, 1));
    for actor in [Actor::Holder, Actor::Extension(Scope::ReadWrite), Actor::Extension(Scope::ReadOnly)] {
        let back = NewRefund::of(there).refund_application_fee();
        assert!(rig.by(actor, flo, start(reader, ReaderTask::RefundPayment(back))).is_err(), "{actor:?}");
    }
    rig.sound();
}

/// Nothing is collected for an account that was rejected, closed or has left.
#[test]
fn nothing_is_collected_for_who_is_gone() {
    for how in ["rejected", "closed", "left"] {
        let mut rig = Rig::ca();
        let (jo, flo) = (rig.jo, rig.flo);
        let who = if how == "left" { flo } else { jo };
        let (_, reader) = rig.stall(None);
        let (_, theirs) = rig.stall(Some(who));
        let online = rig.pay(NewPayment::card(cad(20_00)).destination(who).confirm_later());
        let there = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).destination(who));
        let direct = rig.pay_as(who, NewPayment::card(cad(20_00)).confirm_later());
        let present = rig.pay_as(who, NewPayment::by(PaymentMethod::CardPresent, cad(20_00)));
        let gone = match how {
            "rejected" => rig.run(Command::RejectAccount(RejectAccount {
                account: who,
                reason: RejectReason::FraudOther,
                payouts: Default::default(),
            })),
            "closed" => rig.run(Command::CloseAccount(CloseAccount { account: who })),
            _ => rig.run(Command::Deauthorize(who)),
        };
        gone.unwrap();
        let process = |reader, sale| start(reader, ReaderTask::ProcessPaymentIntent(sale));
        assert!(rig.confirm(ConfirmPayment::of(online)).is_err(), "{how}");
        assert!(rig.run(process(reader, there)).is_err(), "{how}");
        assert!(rig.start(reader, ReaderTask::CollectPaymentMethod(there)).is_err(), "{how}");
        assert!(rig.run_as(who, Command::ConfirmPayment(ConfirmPayment::of(direct))).is_err(), "{how}");
        assert!(rig.run_as(who, process(theirs, present)).is_err(), "{how}");
        // What is the platform's can still be called off.
        assert_eq!(rig.cancel(online), Ok(()), "{how}");
        rig.sound();
        assert_eq!(rig.platform.instructions(), vec![], "{how}");
    }
}

#[test]
fn amounts_of_updates_are_those_of_new_payments() {
    let by = |method| Price::new(DE, method, EUR, Rate::ZERO, 0);
    let ideal = book().payment_method(PaymentMethod::Ideal).clone().open_to(&[DE]);
    let rules = book().with_payment_method(ideal).unwrap().with_price(by(PaymentMethod::Ideal)).unwrap();
    let mut rig = Rig::open(DE, rules);
    let cart = rig.pay(NewPayment::by(PaymentMethod::Ideal, eur(10_00)).confirm_later());
    rig.pay(NewPayment::by(PaymentMethod::Ideal, eur(1)).confirm_later());
    for amount in [eur(0), eur(-1), eur(i64::MIN), eur(i64::MAX), cad(10_00)] {
        assert!(rig.update(UpdatePayment::of(cart).amount(amount)).is_err());
        assert!(rig.update(UpdatePayment::of(cart).application_fee(amount)).is_err());
        assert!(rig.update(UpdatePayment::of(cart).transfer_amount(amount)).is_err());
    }
    assert_eq!(rig.update(UpdatePayment::of(cart).amount(eur(1))), Ok(()), "one cent by iDEAL, as a new payment");
}

/// What a plan is checked for: a method that cannot capture later, a reader in another country, a commission above the amount.
#[test]
fn plans_do_not_slip_past_checks() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let (_, reader) = rig.stall(None);
    let later = rig.pay(NewPayment::open(cad(10_00)).manual_capture().destination(jo));
    for refused in [
        rig.confirm(ConfirmPayment::by(PaymentMethod::InteracPresent, later)),
        rig.update(UpdatePayment::of(later).method(PaymentMethod::InteracPresent)),
        rig.update(UpdatePayment::of(later).method(PaymentMethod::AcssDebit)),
        rig.update(UpdatePayment::of(later).method(PaymentMethod::Ideal)),
        rig.confirm(ConfirmPayment::by(PaymentMethod::Paypal, later)),
    ] {
        assert!(refused.is_err());
    }
    assert!(rig.start(reader, ReaderTask::ProcessPaymentIntent(later)).is_err());
    rig.sound();
}

/// A payment says by which method it was paid.
#[test]
fn a_payment_paid_by_a_late_success_names_the_method_that_paid() {
    let mut rig = Rig::ca();
    let sale = rig.pay(NewPayment::card(cad(10_00)));
    let charge = rig.charge(sale);
    rig.tell(lost(charge, DeclineCode::DoNotHonor));
    rig.update(UpdatePayment::of(sale).method(PaymentMethod::CardPresent)).unwrap();
    assert_eq!(rig.tell(took(charge, cad(10_00))), FactOutcome::Applied);
    assert_eq!(rig.status(sale), PaymentStatus::Succeeded);
    rig.sound();
    assert_eq!(
        rig.platform.payment(sale).unwrap().method(),
        Some(PaymentMethod::Card),
        "how the last attempt was made"
    );
}
