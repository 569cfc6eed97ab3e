//! Where captures meet refunds, disputes, closed accounts and late answers.

use super::facts::{all_orders_agree, asked, outcome, part};
use super::*;
use fundroute::payments::{
    CaptureFailed, ChargeAuthorized, ChargeCaptured, ChargeFailure, DeclineCode, DisputeCase, DisputeOpened,
    DisputeReason, RefundFailed, RefundFailure,
};
use fundroute::simulator::CAPTURE_NEVER_ANSWERS;

pub(super) fn failed(charge: ChargeId, capture: u8) -> Fact {
    let failure = ChargeFailure::Card(DeclineCode::ProcessingError);
    Fact::CaptureFailed(CaptureFailed { charge: charge.into(), capture, failure })
}

fn disputed(case: DisputeCase, charge: ChargeId, amount: i64) -> DisputeOpened {
    DisputeOpened {
        charge: charge.into(),
        reference: "dp_1".to_owned(),
        amount: usd(amount),
        reason: DisputeReason::General,
        case,
        network: None,
        respond_by: None,
        settled: None,
    }
}

fn inquiry(charge: ChargeId, amount: i64) -> Fact {
    Fact::DisputeOpened(disputed(DisputeCase::Inquiry, charge, amount))
}

fn chargeback(charge: ChargeId, amount: i64) -> Fact {
    Fact::DisputeOpened(disputed(DisputeCase::Chargeback, charge, amount))
}

pub(super) fn silent(payment: NewPayment) -> NewPayment {
    payment.token(CAPTURE_NEVER_ANSWERS)
}

/// A first capture that named a commission took nothing, so nothing is settled: the next need not name one.
#[test]
fn a_failed_capture_forces_no_shares_on_the_next() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(silent(NewPayment::card(usd(10_00)).destination(jo).manual_capture()));
    let charge = shop.charge_id(order);
    shop.ask(CapturePayment::of(order).application_fee(usd(3_00))).unwrap();
    shop.tell(failed(charge, 1));
    shop.ask(CapturePayment::of(order)).unwrap();
}

/// The first capture was paid out long ago; a small second one is pending. A refund of everything needs money.
#[test]
fn a_small_pending_capture_lets_no_refund_overdraw() {
    let mut shop = Shop::open();
    let key = shop.key();
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let order = shop.hold_as(standard, parcels(usd(1_000_00)));
    let capture = |shop: &mut Shop, key: &str, capture: CapturePayment| {
        shop.platform.acting_as(standard).unwrap().payments().capture(key, capture).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
    };
    capture(&mut shop, "one", CapturePayment::of(order).amount(usd(900_00)).more_to_come());
    shop.wait(days(6));
    assert_eq!(shop.total(standard), 0, "paid out");
    capture(&mut shop, "two", CapturePayment::of(order).amount(usd(1_00)));
    // For comparison: had there been the first capture only, the refund would wait for funds.
    let refund =
        shop.platform.acting_as(standard).unwrap().refunds().create(&key, NewRefund::of(order)).unwrap().answer;
    let state = *shop.platform.refund(refund).unwrap().state();
    shop.platform.advance_to(shop.platform.now().checked_add(days(4)).unwrap()).unwrap();
    let balance = shop.platform.balance(standard, USD).unwrap();
    assert!(balance.available + balance.pending >= 0, "{balance:?} {state:?}");
}

/// The same by hand: pulling a transfer back from a recipient that may not owe.
#[test]
fn a_small_pending_capture_lets_no_reversal_overdraw() {
    use fundroute::routing::NewTransferReversal;
    let mut shop = Shop::open();
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let order = shop.hold(parcels(usd(1_000_00)).destination(standard));
    shop.capture(CapturePayment::of(order).amount(usd(900_00)).more_to_come()).unwrap();
    shop.wait(days(6));
    assert_eq!(shop.total(standard), 0, "paid out");
    let transfer = shop.charge(order).transfer().unwrap();
    let (early, late) = (shop.key(), shop.key());
    let refused = shop.platform.transfers().reverse_part(&early, NewTransferReversal::of(transfer));
    assert!(refused.is_err(), "before the second capture it is refused");
    shop.capture(CapturePayment::of(order).amount(usd(1_00))).unwrap();
    let reversed = shop.platform.transfers().reverse_part(&late, NewTransferReversal::of(transfer));
    assert!(reversed.is_err(), "{}", shop.total(standard));
}

/// A refund that came back gives its money back on the date from which it was taken.
#[test]
fn a_returned_refund_and_a_second_capture() {
    let mut shop = Shop::open();
    let order = shop.hold(parcels(usd(10_00)));
    let charge = shop.charge_id(order);
    shop.capture(CapturePayment::of(order).amount(usd(5_00)).more_to_come()).unwrap();
    let refund = shop.refund(NewRefund::of(order).amount(usd(2_00))).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    shop.platform.advance_to(shop.platform.now().checked_add(hours(24)).unwrap()).unwrap();
    let facts = vec![
        (0, Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })),
        (0, part(charge, 2, 5_00, true)),
    ];
    all_orders_agree(&shop.platform, facts);
}

/// All that was captured was given back; then the rest is let go: the inquiry is closed as it would be otherwise.
#[test]
fn inquiry_and_last_capture_of_nothing() {
    let mut shop = Shop::open();
    let order = shop.hold(parcels(usd(10_00)));
    let charge = shop.charge_id(order);
    shop.capture(CapturePayment::of(order).amount(usd(5_00)).more_to_come()).unwrap();
    shop.refund(NewRefund::of(order)).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    let facts = vec![(0, inquiry(charge, 5_00)), (0, part(charge, 2, 0, true))];
    all_orders_agree(&shop.platform, facts);
}

/// The same by letting the rest go.
#[test]
fn an_inquiry_ends_alike_when_the_rest_is_let_go() {
    let mut shop = Shop::open();
    let order = shop.hold(parcels(usd(10_00)));
    let charge = shop.charge_id(order);
    shop.capture(CapturePayment::of(order).amount(usd(5_00)).more_to_come()).unwrap();
    shop.refund(NewRefund::of(order)).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    let mut other = shop.clone();
    shop.tell(inquiry(charge, 5_00));
    shop.cancel(order).unwrap();
    other.cancel(order).unwrap();
    other.tell(inquiry(charge, 5_00));
    let state = |shop: &Shop| {
        let id = shop.charge(order).first_dispute().unwrap();
        shop.platform.dispute(id).unwrap().status()
    };
    assert_eq!(state(&shop), state(&other));
}

/// A full refund that failed, and an inquiry.
#[test]
fn inquiry_and_a_refund_that_failed() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)));
    let charge = shop.charge_id(order);
    let refund = shop.refund(NewRefund::of(order)).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    let facts = vec![
        (0, inquiry(charge, 5_00)),
        (0, Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })),
    ];
    all_orders_agree(&shop.platform, facts);
}

/// Captures told backwards, each known earlier than the one before it: no stack is deep enough for ever.
#[test]
fn fifty_captures_told_backwards() {
    let (start, order, charge) = asked(parcels(usd(100_00)));
    let mut platform = start;
    let now = platform.now();
    let mut tell = |number: i64, fact: Fact| {
        let at = now.checked_add(hours(-number)).unwrap();
        platform.record(&Report::new(format!("c-{number}"), at, fact)).unwrap()
    };
    for capture in (1..=50).rev() {
        tell(i64::from(capture), part(charge, capture, 1_00, false));
    }
    tell(100, Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(100_00))));
    assert_eq!(platform.payment(order).unwrap().amount_received(), usd(50_00));
    assert_eq!(platform.audit(), []);
}

/// A chargeback between captures, one of which seemed to fail.
#[test]
fn dispute_date_with_a_late_first_capture() {
    let (start, _, charge) = asked(parcels(usd(10_00)));
    let facts = vec![
        (47, Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00)))),
        (46, part(charge, 1, 4_00, false)),
        (1, part(charge, 2, 6_00, false)),
        (1, chargeback(charge, 3_00)),
    ];
    all_orders_agree(&start, facts);
}

/// Facts with the wildest amounts are answered.
#[test]
fn wild_amounts() {
    for most in [i64::MIN, -1, 0, 1, i64::MAX] {
        for amount in [usd(i64::MAX), usd(i64::MAX - 1), usd(1), usd(1_000_000_000_000)] {
            let (mut platform, _, charge) = asked(dinner(usd(10_00)));
            let now = platform.now();
            let granted = ChargeAuthorized::of(charge, usd(10_00)).most_capturable(most).capture_before(Timestamp::MAX);
            platform.record(&Report::new("auth", now, Fact::ChargeAuthorized(granted))).unwrap();
            for (number, is_final) in [(1, false), (2, false), (3, true)] {
                let fact =
                    Fact::ChargeCaptured(ChargeCaptured { charge: charge.into(), capture: number, amount, is_final });
                platform.record(&Report::new(format!("c{number}"), now, fact)).unwrap();
                assert_eq!(platform.audit(), []);
            }
            platform.advance_to(now.checked_add(days(30)).unwrap()).unwrap();
            let _ = outcome(&platform);
        }
    }
}

/// Nobody but the platform names the platform's commission, and nobody but it takes it away.
#[test]
fn no_holder_captures_without_the_platforms_commission() {
    use fundroute::accounts::{Actor, Scope};
    for actor in [Actor::Holder, Actor::Extension(Scope::ReadWrite)] {
        let mut shop = Shop::open();
        let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
        let order = shop.hold_as(standard, NewPayment::card(usd(100_00)).application_fee(usd(20_00)).manual_capture());
        let command = Command::CapturePayment(CapturePayment::of(order).application_fee(usd(0)));
        let refused = shop.platform.handle(Request::new("mine", command).by(actor, standard)).map(drop);
        assert!(refused.is_err(), "{actor:?} {refused:?}");
    }
}

/// The same with a raise.
#[test]
fn no_holder_raises_without_the_platforms_commission() {
    use fundroute::accounts::Actor;
    let mut shop = Shop::open();
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let how = ManualCapture::new().incremental();
    let order = shop.hold_as(standard, NewPayment::card(usd(100_00)).application_fee(usd(20_00)).capture_later(how));
    let command =
        Command::IncrementAuthorization(IncrementAuthorization::to(order, usd(101_00)).application_fee(usd(0)));
    let refused = shop.platform.handle(Request::new("mine", command).by(Actor::Holder, standard)).map(drop);
    assert!(refused.is_err(), "{refused:?}");
}

/// By reference, disputed before anything was captured.
#[test]
fn disputed_before_captured_by_reference() {
    use fundroute::payments::{ChargeSubmitted, Named};
    let (start, _, charge) = asked(parcels(usd(10_00)));
    let outside = || Named::Reference("outside".to_owned());
    let mut opened = disputed(DisputeCase::Chargeback, charge, 3_00);
    opened.charge = outside();
    let facts = vec![
        (47, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() })),
        (47, Fact::ChargeAuthorized(ChargeAuthorized::of(outside(), usd(10_00)))),
        (46, part(outside(), 1, 4_00, false)),
        (1, part(charge, 2, 6_00, true)),
        (20, Fact::DisputeOpened(opened)),
    ];
    all_orders_agree(&start, facts);
}

/// A refund that waits for money, a second capture and a chargeback.
#[test]
fn waiting_refund_second_capture_and_chargeback() {
    let mut shop = Shop::open();
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let order = shop.hold_as(standard, parcels(usd(1_000_00)));
    let charge = shop.charge_id(order);
    shop.platform
        .acting_as(standard)
        .unwrap()
        .payments()
        .capture("one", CapturePayment::of(order).amount(usd(900_00)).more_to_come())
        .unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    shop.wait(days(6));
    let refund = shop.platform.acting_as(standard).unwrap().refunds().create("r", NewRefund::of(order)).unwrap().answer;
    assert_eq!(shop.platform.refund(refund).unwrap().booked_at(), None);
    let facts = vec![(0, chargeback(charge, 50_00)), (0, part(charge, 2, 100_00, true))];
    all_orders_agree(&shop.platform, facts);
}

/// And once more money is there, the waiting refund takes no more than there is.
#[test]
fn waiting_refund_and_a_pending_capture() {
    let mut shop = Shop::open();
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let order = shop.hold_as(standard, parcels(usd(1_000_00)));
    let act = |shop: &mut Shop, key: &str, capture: CapturePayment| {
        shop.platform.acting_as(standard).unwrap().payments().capture(key, capture).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
    };
    act(&mut shop, "one", CapturePayment::of(order).amount(usd(900_00)).more_to_come());
    shop.wait(days(6));
    shop.platform.acting_as(standard).unwrap().refunds().create("r", NewRefund::of(order)).unwrap();
    shop.hold_as(standard, NewPayment::card(usd(950_00)));
    shop.platform.advance_to(shop.platform.now().checked_add(hours(1)).unwrap()).unwrap();
    act(&mut shop, "two", CapturePayment::of(order).amount(usd(1_00)));
    for _ in 0..200 {
        shop.platform.advance_to(shop.platform.now().checked_add(hours(1)).unwrap()).unwrap();
        let balance = shop.platform.balance(standard, USD).unwrap();
        assert!(balance.available >= 0, "{balance:?}");
    }
}

/// What counts for requirements is what was captured.
#[test]
fn volume_counts_what_was_captured() {
    let mut shop = Shop::open();
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let order = shop.hold_as(standard, parcels(usd(10_00)));
    let charge = shop.charge_id(order);
    for fact in [failed(charge, 1), part(charge, 2, 6_00, true), part(charge, 1, 3_00, false)] {
        shop.tell(fact);
    }
    assert_eq!(shop.platform.volume(standard, USD), 9_00);
    assert_eq!(shop.platform.audit(), []);
}

/// A worker that knows nothing decides the same, whatever the order.
#[test]
fn partial_platforms_decide_the_same() {
    use fundroute::payments::{ChargeSubmitted, Named};
    use fundroute::platform::Identity;
    let (start, _, charge) = asked(parcels(usd(10_00)));
    let outside = || Named::Reference("outside".to_owned());
    let facts = vec![
        Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() }),
        Fact::ChargeAuthorized(ChargeAuthorized::of(outside(), usd(10_00))),
        failed(charge, 1),
        part(outside(), 2, 4_00, false),
        part(charge, 3, 6_00, true),
        chargeback(charge, 3_00),
    ];
    let told: Vec<Report> =
        facts.into_iter().enumerate().map(|(n, fact)| Report::new(format!("f{n}"), start.now(), fact)).collect();
    super::facts::orders(&told, &mut Vec::new(), &mut |order| {
        let mut whole = start.clone();
        let who = Identity { platform: whole.id(), livemode: whole.livemode() };
        for report in order {
            let mut worker = Platform::partial(who, whole.rulebook().clone(), whole.now());
            let mut turns = 0;
            let decided = loop {
                turns += 1;
                assert!(turns < 20);
                match worker.decide_fact(report) {
                    Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| whole.look_up(key))),
                    decided => break decided.unwrap(),
                }
            };
            assert_eq!(decided, whole.decide_fact(report).unwrap());
            whole.record(report).unwrap();
        }
    });
}

/// A recipient that is closed between two captures: what it got stays, what comes stays with the platform, and it can be given back.
#[test]
fn recipient_closed_between_captures() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)).destination(jo).application_fee(usd(1_00)));
    let charge = shop.charge_id(order);
    shop.capture(CapturePayment::of(order).amount(usd(5_00)).more_to_come()).unwrap();
    shop.platform
        .handle(Request::new("close", Command::CloseAccount(fundroute::accounts::CloseAccount { account: jo })))
        .unwrap();
    shop.tell(part(charge, 2, 5_00, true));
    assert_eq!((shop.total(jo), shop.house()), (4_00, 6_00 - 59));
    shop.refund(NewRefund::of(order).amount(usd(2_00)).keep_transfer().keep_application_fee()).unwrap();
    shop.wait(days(9));
    shop.refund(NewRefund::of(order).reverse_transfer().keep_application_fee()).map(drop).unwrap();
    assert_eq!(shop.platform.audit(), []);
}

/// A last capture of nothing took no money.
#[test]
fn a_last_capture_of_nothing_is_not_counted() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(10_00)));
    shop.capture(CapturePayment::of(order).amount(usd(5_00)).more_to_come()).unwrap();
    shop.capture(CapturePayment::of(order).amount(usd(0))).unwrap();
    let key = shop.key();
    let tied = shop.platform.transfers().create(&key, NewTransfer::to(jo, usd(1_00)).from_payment(order)).map(drop);
    assert_eq!((shop.charge(order).authorization().unwrap().captures(), tied), (1, Ok(())));
}

/// Everything was given back, then an inquiry and a capture that seemed to have failed.
#[test]
fn inquiry_and_a_late_capture_after_a_full_refund() {
    let mut shop = Shop::open();
    let order = shop.hold(silent(NewPayment::card(usd(10_00)).manual_capture()));
    let charge = shop.charge_id(order);
    shop.ask(CapturePayment::of(order).amount(usd(4_00))).unwrap();
    shop.tell(failed(charge, 1));
    shop.ask(CapturePayment::of(order).amount(usd(6_00))).unwrap();
    shop.tell(part(charge, 2, 6_00, true));
    shop.refund(NewRefund::of(order)).unwrap();
    let facts = vec![(0, inquiry(charge, 5_00)), (0, part(charge, 1, 4_00, true))];
    all_orders_agree(&shop.platform, facts);
}

/// The platform itself is overdrawn in the same way.
#[test]
fn no_refund_after_a_small_capture_overdraws_the_platform() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(parcels(usd(1_000_00)).destination(jo));
    shop.capture(CapturePayment::of(order).amount(usd(900_00)).more_to_come()).unwrap();
    shop.wait(days(6));
    let mut before = shop.clone();
    let keep = || NewRefund::of(order).keep_transfer();
    let waits = before.refund(keep()).unwrap();
    assert_eq!(before.platform.refund(waits).unwrap().booked_at(), None, "it waits for funds");
    shop.capture(CapturePayment::of(order).amount(usd(1_00)).more_to_come()).unwrap();
    let booked = shop.refund(keep()).unwrap();
    assert_eq!(shop.platform.refund(booked).unwrap().booked_at(), None, "{}", shop.house());
}

/// A captured payment of a holder that is refunded in full while a capture is asked; then the capture comes, and everything adds up.
#[test]
fn refund_while_a_capture_is_asked() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(silent(parcels(usd(10_00)).destination(jo).application_fee(usd(1_00))));
    let charge = shop.charge_id(order);
    shop.tell(part(charge, 1, 5_00, false));
    shop.ask(CapturePayment::of(order)).unwrap();
    shop.refund(NewRefund::of(order).keep_transfer().keep_application_fee()).unwrap();
    shop.tell(part(charge, 2, 5_00, true));
    assert_eq!(shop.charge(order).refundable(), usd(5_00));
    shop.refund(NewRefund::of(order).reverse_transfer().refund_application_fee()).unwrap();
    assert_eq!(shop.platform.audit(), []);
    shop.wait(days(30));
    assert_eq!((shop.charge(order).refundable(), shop.platform.audit()), (usd(0), vec![]));
}

/// Deadlines of authorizations that are over when they are told fire once, and only once.
#[test]
fn authorization_that_was_over_when_told() {
    for part_first in [false, true] {
        let (mut platform, order, charge) = asked(parcels(usd(10_00)));
        let now = platform.now();
        let old = ChargeAuthorized::of(charge, usd(10_00)).capture_before(now.checked_add(days(-1)).unwrap());
        platform.record(&Report::new("a", now, Fact::ChargeAuthorized(old))).unwrap();
        if part_first {
            platform.record(&Report::new("c", now, part(charge, 1, 5_00, false))).unwrap();
        }
        for step in 1..4 {
            let changes = platform.advance_to(now.checked_add(chrono::TimeDelta::microseconds(step)).unwrap()).unwrap();
            assert_eq!(changes.is_empty(), step != 1, "{changes:?}");
        }
        let expected = if part_first { "succeeded" } else { "canceled" };
        assert_eq!(platform.payment(order).unwrap().status().to_string(), expected);
    }
}

/// Snapshots of every state of a capture come back as they were.
#[test]
fn records_round_trip() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(silent(parcels(usd(10_00)).destination(jo).application_fee(usd(1_00))));
    let charge = shop.charge_id(order);
    let check = |shop: &Shop| {
        for record in shop.platform.records() {
            let text = serde_json::to_string(record).unwrap();
            assert_eq!(&serde_json::from_str::<fundroute::journal::Record>(&text).unwrap(), record);
            let bytes = postcard::to_stdvec(record).unwrap();
            assert_eq!(&postcard::from_bytes::<fundroute::journal::Record>(&bytes).unwrap(), record);
        }
    };
    check(&shop);
    shop.ask(CapturePayment::of(order).amount(usd(4_00)).more_to_come().application_fee(usd(2_00))).unwrap();
    check(&shop);
    shop.tell(failed(charge, 1));
    check(&shop);
    shop.tell(part(charge, 2, 5_00, true));
    shop.tell(part(charge, 1, 4_00, false));
    shop.tell(inquiry(charge, 1_00));
    check(&shop);
}

/// A refund that takes the transfer back, of a recipient that may not owe and has been paid out.
#[test]
fn no_refund_with_reversal_overdraws_the_recipient() {
    let mut shop = Shop::open();
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let order = shop.hold(parcels(usd(1_000_00)).destination(standard));
    shop.capture(CapturePayment::of(order).amount(usd(900_00)).more_to_come()).unwrap();
    shop.wait(days(6));
    shop.capture(CapturePayment::of(order).amount(usd(1_00))).unwrap();
    let refused = shop.refund(NewRefund::of(order).reverse_transfer());
    shop.platform.advance_to(shop.platform.now().checked_add(days(5)).unwrap()).unwrap();
    assert!(refused.is_err() && shop.total(standard) >= 0, "{}", shop.total(standard));
}

/// On behalf of an account that is closed between the authorization and the answer to the capture.
#[test]
fn on_behalf_of_an_account_closed_meanwhile() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let mut held = NewPayment::card(usd(10_00)).manual_capture();
    held.on_behalf_of = Some(jo);
    let order = shop.hold(silent(held));
    let charge = shop.charge_id(order);
    shop.ask(CapturePayment::of(order)).unwrap();
    shop.platform
        .handle(Request::new("close", Command::CloseAccount(fundroute::accounts::CloseAccount { account: jo })))
        .unwrap();
    assert_eq!(shop.tell(part(charge, 1, 10_00, true)), FactOutcome::Applied);
    assert_eq!(shop.house(), 10_00 - 59);
    shop.refund(NewRefund::of(order)).unwrap();
    shop.wait(days(9));
    assert_eq!(shop.platform.audit(), []);
}

/// Called off while the capture of a part that was told too early waits: what the world took is seen by a person.
#[test]
fn released_while_a_later_capture_waits() {
    let mut shop = Shop::open();
    let order = shop.hold(parcels(usd(10_00)));
    let charge = shop.charge_id(order);
    assert!(matches!(shop.tell(part(charge, 2, 5_00, false)), FactOutcome::Parked(_)));
    shop.cancel(order).unwrap();
    shop.wait(days(40));
    let seen = shop.platform.records().any(|record| matches!(record, fundroute::journal::Record::Anomaly(_)));
    assert!(seen && shop.platform.audit().is_empty());
}
