//! What a reader is not asked to do.

use super::facts::{canceled, failed};
use super::*;
use fundroute::journal::AnomalyReason;
use fundroute::payments::{ConfirmPayment, PaymentCard, PaymentError, ReaderFailure};
use fundroute::rulebook::CardBrand;
use fundroute::simulator::NEVER_ANSWERS;
use fundroute::terminal::{ReaderActionSucceeded, TerminalError, TerminalFact};

#[test]
fn a_reader_does_one_thing_at_a_time() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let (first, second) = (market.order(PaymentMethod::CardPresent), market.order(PaymentMethod::CardPresent));
    market.process(first);
    let before = market.platform.snapshot();
    for task in [
        ReaderTask::ProcessPaymentIntent(first),
        ReaderTask::ProcessPaymentIntent(second),
        ReaderTask::CollectPaymentMethod(second),
        ReaderTask::CollectInputs("form".to_owned()),
        ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1)),
    ] {
        let refused = market.start(market.reader, task).unwrap_err();
        assert_eq!(
            (&refused, refused.code()),
            (&TerminalError::ReaderBusy(market.reader).into(), Some("terminal_reader_busy"))
        );
    }
    assert_eq!(market.platform.snapshot(), before);
}

/// docs.stripe.com/terminal/payments/collect-card-payment (2025): `intent_invalid_state`.
#[test]
fn only_what_waits_for_a_reader_is_given_to_one() {
    let mut market = Market::open();
    let reader = market.reader;
    let paid = market.order(PaymentMethod::CardPresent);
    market.process(paid);
    let held = market.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).manual_capture());
    market.process(held);
    let gone = market.order(PaymentMethod::CardPresent);
    market.platform.payments().cancel("gone", gone).unwrap();
    for (payment, status) in
        [(paid, PaymentStatus::Succeeded), (held, PaymentStatus::RequiresCapture), (gone, PaymentStatus::Canceled)]
    {
        let refused = market.start(reader, ReaderTask::ProcessPaymentIntent(payment)).unwrap_err();
        assert_eq!(refused, TerminalError::PaymentNotReady { payment, status }.into());
        assert_eq!(refused.code(), Some("intent_invalid_state"));
    }
    let online = market.pay(NewPayment::card(cad(20_00)));
    let refused = market.start(reader, ReaderTask::ProcessPaymentIntent(online));
    assert_eq!(refused, Err(TerminalError::NotInPerson { payment: online, method: PaymentMethod::Card }.into()));
    let nobody = PaymentId::from_host([9; 14]);
    let refused = market.start(reader, ReaderTask::ProcessPaymentIntent(nobody)).unwrap_err();
    assert_eq!(refused.code(), Some("resource_missing"));
    let nobodys = ReaderId::from_host([9; 14]);
    assert_eq!(market.start(nobodys, ReaderTask::ProcessPaymentIntent(paid)), Err(Error::NotFound(nobodys.into())));
    let waiting = market.order(PaymentMethod::CardPresent);
    let refused = market.start(reader, ReaderTask::ConfirmPaymentIntent(waiting));
    assert_eq!(refused, Err(TerminalError::NotCollected { reader, payment: waiting }.into()));
}

/// Networks that authorize and capture in one message.
#[test]
fn interac_is_not_captured_later() {
    let mut market = Market::open();
    let order = NewPayment::by(PaymentMethod::InteracPresent, cad(20_00)).manual_capture();
    let refused = market.platform.payments().create("later", order).map(drop);
    assert_eq!(refused, Err(PaymentError::CaptureNotLater(PaymentMethod::InteracPresent).into()));
    let order = market.order(PaymentMethod::InteracPresent);
    market.process(order);
    let refused = market.platform.payments().capture("capture", CapturePayment::of(order)).unwrap_err();
    assert_eq!(refused.code(), Some("payment_intent_unexpected_state"));
}

/// A card that was held ready, and of which a capture was asked for, is not taken at once any more.
#[test]
fn what_is_about_to_be_captured_was_not_taken_at_once() {
    let mut market = Market::open();
    let order = market.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).manual_capture());
    market.process(order);
    market.platform.payments().capture("capture", CapturePayment::of(order)).unwrap();
    let (charge, now) = (market.charge_id(order), market.platform.now());
    let told = market.platform.payments().record_succeeded("odd", now, charge, cad(20_00)).unwrap().answer;
    let FactOutcome::Anomaly(anomaly) = told else { panic!("{told:?}") };
    assert_eq!(market.platform.anomaly(anomaly).unwrap().reason, AnomalyReason::WrongCaptureMethod);
    market.settle();
    assert_eq!((market.status(order), market.total(market.jo)), (PaymentStatus::Succeeded, 20_00));
}

/// A payment in person is not confirmed online as such; it can be paid online instead, while no reader has it.
#[test]
fn only_a_reader_makes_attempts_in_person() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let order = market.order(PaymentMethod::CardPresent);
    let confirm = |market: &mut Market, method| {
        let key = market.key();
        market.platform.payments().confirm(&key, ConfirmPayment::by(method, order)).map(drop)
    };
    for method in [PaymentMethod::CardPresent, PaymentMethod::InteracPresent] {
        assert_eq!(confirm(&mut market, method), Err(PaymentError::NeedsReader(method).into()));
    }
    let reader = market.reader;
    market.start(reader, ReaderTask::CollectPaymentMethod(order)).unwrap();
    let at_reader = || Err(PaymentError::AtReader { payment: order, reader }.into());
    assert_eq!(confirm(&mut market, PaymentMethod::Card), at_reader());
    assert_eq!(market.platform.payments().cancel("gone", order).map(drop), at_reader());
    assert_eq!(market.tell(canceled(reader)), FactOutcome::Applied);
    assert_eq!(confirm(&mut market, PaymentMethod::Card), Ok(()));
    market.settle();
    assert_eq!((market.status(order), market.total(market.jo)), (PaymentStatus::Succeeded, 18_00));
}

#[test]
fn a_reader_that_does_nothing_does_not_stop() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let reader = market.reader;
    assert_eq!(
        market.platform.readers().cancel_action("stop", reader).map(drop),
        Err(TerminalError::ReaderIdle(reader).into())
    );
    let order = market.order(PaymentMethod::CardPresent);
    market.start(reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    let now = market.platform.now();
    market
        .platform
        .readers()
        .record_action_updated("card", now, (reader, 1), PaymentCard::of(CardBrand::Visa))
        .unwrap();
    // A card was presented and may be charged.
    let refused = market.platform.readers().cancel_action("stop", reader).unwrap_err();
    assert_eq!((&refused, refused.code()), (&TerminalError::ReaderBusy(reader).into(), Some("terminal_reader_busy")));
    market.tell(failed(reader, ReaderFailure::CustomerCanceled));
    assert_eq!(
        market.platform.readers().cancel_action("stop", reader).map(drop),
        Err(TerminalError::ReaderIdle(reader).into())
    );
    // One that was only read can be called off.
    market.start(reader, ReaderTask::CollectPaymentMethod(order)).unwrap();
    market
        .platform
        .readers()
        .record_action_updated("card-2", now, (reader, 2), PaymentCard::of(CardBrand::Visa))
        .unwrap();
    market.platform.readers().cancel_action("stop", reader).unwrap();
}

/// News about something that nobody asked a reader to do is for a person to look at; about something before, it is late.
#[test]
fn news_of_what_nobody_asked_for() {
    let mut market = Market::open();
    let reader = market.reader;
    let done = |action| Fact::Terminal(TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }));
    let odd = |market: &mut Market, action| {
        let FactOutcome::Anomaly(anomaly) = market.tell(done(action)) else { panic!("{action}") };
        market.platform.anomaly(anomaly).unwrap().reason
    };
    assert_eq!(odd(&mut market, 1), AnomalyReason::NotAsked);
    let order = market.order(PaymentMethod::CardPresent);
    market.process(order);
    market.start(reader, ReaderTask::CollectInputs("form".to_owned())).unwrap();
    for action in [0, 3, u32::MAX] {
        assert_eq!(odd(&mut market, action), AnomalyReason::NotAsked);
    }
    let before = (market.status(order), market.house());
    assert_eq!(market.tell(failed(reader, ReaderFailure::HardwareFault)), FactOutcome::Stale);
    assert_eq!((market.status(order), market.house()), before);
    let nobody = ReaderId::from_host([9; 14]);
    let now = market.platform.now();
    let refused = market.platform.readers().record_action_canceled("nobody", now, (nobody, 1)).map(drop);
    assert_eq!(refused, Err(Error::NotFound(nobody.into())));
}

/// What a reader says for people is kept as far as it can be read.
#[test]
fn a_long_message_is_cut() {
    let mut market = Market::with(Some(NEVER_ANSWERS));
    let order = market.order(PaymentMethod::CardPresent);
    let reader = market.reader;
    market.start(reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    let message = Some("ü".repeat(1 << 20));
    let failure = ReaderFailure::Unknown.into();
    let failed = fundroute::terminal::ReaderActionFailed { reader, action: 1, failure, message };
    assert_eq!(market.tell(Fact::Terminal(TerminalFact::ActionFailed(failed))), FactOutcome::Applied);
    let action = market.action(reader);
    assert_eq!(action.failure_message().map(|kept| kept.chars().count()), Some(255));
    assert_eq!(action.failure_code(), Some("unknown"));
}
