//! What the world tells late, twice, or against its own word.

use super::facts::{all_orders_agree, asked, part};
use super::seams::{failed, silent};
use super::*;
use fundroute::accounts::CloseAccount;
use fundroute::journal::{AnomalyReason, Instruction, Record};
use fundroute::payments::{
    AuthorizationIncremented, ChargeAuthorized, ChargeFailed, ChargeFailure, ConfirmPayment, DeclineCode,
    IncrementDeclined, PaymentInstruction,
};

fn granted(charge: ChargeId, attempt: u8, amount: i64) -> Fact {
    Fact::AuthorizationIncremented(AuthorizationIncremented { charge: charge.into(), attempt, amount: usd(amount) })
}

fn declined(charge: ChargeId, attempt: u8) -> Fact {
    let failure = DeclineCode::ProcessingError.into();
    Fact::IncrementDeclined(IncrementDeclined { charge: charge.into(), attempt, failure })
}

fn reasons(platform: &Platform) -> Vec<AnomalyReason> {
    let reason = |record: &Record| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None };
    platform.records().filter_map(reason).collect()
}

/// The host asked for a second capture because the first seemed to fail; the world took both. Each is booked, whichever answer comes
/// first, although either says that it is the last.
#[test]
fn both_captures_are_booked_when_the_first_only_seemed_to_fail() {
    let mut shop = Shop::open();
    let order = shop.hold(silent(NewPayment::card(usd(10_00)).manual_capture()));
    let charge = shop.charge_id(order);
    shop.ask(CapturePayment::of(order).amount(usd(4_00))).unwrap();
    shop.tell(failed(charge, 1));
    shop.ask(CapturePayment::of(order).amount(usd(6_00))).unwrap();
    let end = all_orders_agree(
        &shop.platform,
        vec![(0, part(charge, 1, 4_00, true)), (0, part(charge, 2, 6_00, true)), (0, failed(charge, 1))],
    );
    let payment = end.payment(order).unwrap();
    assert_eq!((payment.amount_received(), payment.status().to_string()), (usd(10_00), "succeeded".to_owned()));
    assert_eq!((end.balance(shop.platform.id(), USD).unwrap().available, reasons(&end)), (10_00 - 59, vec![]));
}

/// The second one, still asked for when the first turned out to have closed the authorization, failed: what is paid is paid.
#[test]
fn a_capture_that_fails_after_the_last_one_leaves_the_payment_paid() {
    let mut shop = Shop::open();
    let order = shop.hold(silent(NewPayment::card(usd(10_00)).manual_capture()));
    let charge = shop.charge_id(order);
    shop.ask(CapturePayment::of(order).amount(usd(4_00))).unwrap();
    shop.tell(failed(charge, 1));
    shop.ask(CapturePayment::of(order).amount(usd(6_00))).unwrap();
    assert_eq!(shop.tell(part(charge, 1, 4_00, true)), FactOutcome::Applied);
    assert_eq!(shop.status(order), "processing", "the second may have taken money too");
    shop.tell(failed(charge, 2));
    assert_eq!((shop.status(order), shop.payment(order).amount_received()), ("succeeded".to_owned(), usd(4_00)));
    assert!(shop.ask(CapturePayment::of(order)).is_err());
    // And if that was wrong as well, it is booked as well.
    assert_eq!(shop.tell(part(charge, 2, 6_00, true)), FactOutcome::Applied);
    assert_eq!(shop.payment(order).amount_received(), usd(10_00));
}

/// What the host named last is what it wants in all, also for a capture that seemed to fail before.
#[test]
fn the_parts_named_last_count_for_a_capture_that_seemed_to_fail() {
    for (second_takes, fee) in [(true, 2_00), (false, 2_00)] {
        let mut shop = Shop::open();
        let jo = shop.jo;
        let order = shop.hold(silent(parcels(usd(10_00)).destination(jo)));
        let charge = shop.charge_id(order);
        shop.ask(CapturePayment::of(order).amount(usd(4_00)).application_fee(usd(3_00))).unwrap();
        shop.tell(failed(charge, 1));
        shop.ask(CapturePayment::of(order).amount(usd(5_00)).more_to_come().application_fee(usd(2_00))).unwrap();
        let second = if second_takes { part(charge, 2, 5_00, false) } else { failed(charge, 2) };
        for first_comes_first in [true, false] {
            let mut shop = shop.clone();
            let mut facts = vec![part(charge, 1, 4_00, false), second.clone()];
            if !first_comes_first {
                facts.reverse();
            }
            for fact in facts {
                assert_eq!(shop.tell(fact), FactOutcome::Applied);
            }
            let kept = shop.charge(order).application_fee().expect("a commission was named");
            assert_eq!(shop.platform.application_fee(kept).unwrap().amount(), usd(fee), "{first_comes_first}");
            let received = if second_takes { 9_00 } else { 4_00 };
            assert_eq!(shop.total(jo), (received - fee).into());
        }
    }
}

#[test]
fn a_raise_told_declined_and_granted_is_granted() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).capture_later(ManualCapture::new().incremental()));
    let charge = shop.charge_id(order);
    shop.raise(IncrementAuthorization::to(order, usd(11_00))).unwrap();
    let end = all_orders_agree(&shop.platform, vec![(0, declined(charge, 1)), (0, granted(charge, 1, 11_00))]);
    assert_eq!(end.payment(order).unwrap().amount(), usd(11_00));
}

/// Unless something else was asked for since.
#[test]
fn a_raise_granted_after_the_next_was_asked_for_is_past() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).capture_later(ManualCapture::new().incremental()));
    let charge = shop.charge_id(order);
    shop.raise(IncrementAuthorization::to(order, usd(11_00))).unwrap();
    shop.tell(declined(charge, 1));
    shop.raise(IncrementAuthorization::to(order, usd(13_00))).unwrap();
    let end = all_orders_agree(&shop.platform, vec![(0, granted(charge, 1, 11_00)), (0, declined(charge, 2))]);
    assert_eq!(end.payment(order).unwrap().amount(), usd(10_00));
    assert_eq!(shop.tell(granted(charge, 1, 11_00)), FactOutcome::Stale);
}

/// By another tool of the platform: a capture of all that a raise makes ready, or of what was ready before it.
#[test]
fn a_capture_waits_for_the_answer_to_a_raise() {
    for (answer, captured) in [(true, 20_00), (true, 10_00), (false, 10_00)] {
        let mut shop = Shop::open();
        let jo = shop.jo;
        let ride = NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_00));
        let ride = shop.hold(ride.capture_later(ManualCapture::new().incremental()));
        let charge = shop.charge_id(ride);
        shop.raise(IncrementAuthorization::to(ride, usd(20_00)).application_fee(usd(3_00))).unwrap();
        let answered = if answer { granted(charge, 1, 20_00) } else { declined(charge, 1) };
        let end = all_orders_agree(&shop.platform, vec![(2, answered), (1, part(charge, 1, captured, true))]);
        assert_eq!(end.payment(ride).unwrap().amount_received(), usd(captured));
        let fee = end.charge_of(ride).unwrap().application_fee().unwrap();
        let expected = if answer { 3_00 } else { 1_00 };
        assert_eq!(end.application_fee(fee).unwrap().amount(), usd(expected));
    }
}

/// Two figures for one capture cannot both be true: the first stands, and a person has to see the other.
#[test]
fn one_capture_told_with_two_amounts_is_an_anomaly() {
    let mut shop = Shop::open();
    let order = shop.hold(parcels(usd(10_00)));
    let charge = shop.charge_id(order);
    assert_eq!(shop.tell(part(charge, 1, 4_00, false)), FactOutcome::Applied);
    assert_eq!(shop.tell(part(charge, 1, 4_00, false)), FactOutcome::Stale);
    assert!(matches!(shop.tell(part(charge, 1, 5_00, true)), FactOutcome::Anomaly(_)));
    assert_eq!(
        (reasons(&shop.platform), shop.payment(order).amount_received()),
        (vec![AnomalyReason::AmountDiffers], usd(4_00))
    );
}

/// A last capture of nothing waits for the capture that makes it possible.
#[test]
fn a_last_capture_of_nothing_waits_for_one_that_took_money() {
    let (start, order, charge) = asked(parcels(usd(10_00)));
    let facts = vec![
        (47, Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00)))),
        (46, failed(charge, 1)),
        (45, part(charge, 1, 4_00, false)),
        (44, part(charge, 2, 0, true)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.payment(order).unwrap().amount_received(), usd(4_00));
    assert!(!end.charge(charge).unwrap().is_capturable());
}

/// Of what several tellings of an authorization say that counts which allows less.
#[test]
fn every_order_of_several_tellings_of_an_authorization_ends_the_same() {
    let (start, order, charge) = asked(parcels(usd(10_00)));
    let until = |days_ahead| start.now().checked_add(days(days_ahead)).unwrap();
    let told = ChargeAuthorized::of(charge, usd(10_00));
    let single = ChargeAuthorized { multicapture: Some(false), ..told.clone() };
    let facts = vec![
        (40, Fact::ChargeAuthorized(told.clone())),
        (39, Fact::ChargeAuthorized(told.clone().capture_before(until(3)))),
        (38, Fact::ChargeAuthorized(single.capture_before(until(4)))),
        (1, part(charge, 1, 4_00, false)),
    ];
    let end = all_orders_agree(&start, facts);
    let charge = end.charge(charge).unwrap();
    let known = charge.authorization().unwrap();
    assert_eq!((known.capture_before(), known.is_multicapture()), (until(3), false));
    assert_eq!(end.payment(order).unwrap().amount_received(), usd(4_00));
}

#[test]
fn an_authorization_told_again_with_another_end_runs_out_then() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).manual_capture());
    let charge = shop.charge_id(order);
    let until = shop.platform.now().checked_add(hours(5)).unwrap();
    let sooner = ChargeAuthorized::of(charge, usd(10_00)).capture_before(until);
    assert_eq!(shop.tell(Fact::ChargeAuthorized(sooner.clone())), FactOutcome::Applied);
    assert_eq!(shop.tell(Fact::ChargeAuthorized(sooner)), FactOutcome::Stale);
    let other = Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(9_00)));
    assert!(matches!(shop.tell(other), FactOutcome::Anomaly(_)));
    shop.wait(hours(6));
    assert_eq!(shop.status(order), "canceled");
}

/// What a payer's bank holds for an attempt that was given up is let go.
#[test]
fn a_late_hold_for_what_was_given_up_is_let_go() {
    for canceled in [true, false] {
        let (mut platform, order, charge) = asked(NewPayment::card(usd(10_00)).manual_capture());
        let now = platform.now();
        let failure = ChargeFailure::Card(DeclineCode::ProcessingError);
        let lost = Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure });
        platform.record(&Report::new("f", now, lost)).unwrap();
        if canceled {
            platform.payments().cancel("off", order).unwrap();
        } else {
            platform.payments().confirm("again", ConfirmPayment::by(PaymentMethod::Card, order)).unwrap();
        }
        let late = Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00)));
        let decided = platform.record(&Report::new("a", now, late)).unwrap();
        assert!(matches!(decided.answer, FactOutcome::Anomaly(_)), "a person has to see it");
        let void = Instruction::Payment(PaymentInstruction::Void { charge });
        assert_eq!(decided.changes.instructions, [void], "canceled {canceled}");
    }
}

/// Money of a direct charge that comes when its account is closed is seen by a person, and goes back to the payer and nowhere else.
#[test]
fn money_for_an_account_closed_meanwhile_is_given_back() {
    for later in [true, false] {
        let mut shop = Shop::open();
        let jo = shop.jo;
        let sale = NewPayment::card(usd(10_00)).application_fee(usd(1_00));
        let sale = if later { sale.manual_capture() } else { sale.token(fundroute::simulator::NEVER_ANSWERS) };
        let order = shop.hold_as(jo, if later { silent(sale) } else { sale });
        let charge = shop.charge_id(order);
        if later {
            shop.platform.acting_as(jo).unwrap().payments().capture("c", CapturePayment::of(order)).unwrap();
        }
        let close = Command::CloseAccount(CloseAccount { account: jo });
        shop.platform.handle(Request::new("close", close)).unwrap();
        let took = fundroute::payments::ChargeSucceeded::of(charge, usd(10_00));
        let took = if later { part(charge, 1, 10_00, true) } else { Fact::ChargeSucceeded(took) };
        assert_eq!(shop.tell(took), FactOutcome::Applied);
        assert_eq!(reasons(&shop.platform), [AnomalyReason::RecipientClosed]);
        let before = shop.total(jo);
        assert_eq!(before, 10_00 - 1_00 - 59);
        let back = |amount| {
            Request::new("back", Command::CreateRefund(NewRefund::of(order).amount(usd(amount)).keep_application_fee()))
        };
        let by_holder = back(1_00).by(fundroute::accounts::Actor::Holder, jo);
        assert!(shop.platform.handle(by_holder).is_err(), "nobody but the platform");
        shop.platform.handle(back(5_00).acting_as(jo)).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
        assert_eq!((shop.total(jo), shop.platform.audit()), (before - 5_00, vec![]));
    }
}
