//! What is told of what a reader did before it was asked for something else.

use super::facts::{all_orders_agree, asked, canceled, failed, giving_back, interac, presented, succeeded, taken};
use super::*;
use fundroute::ids::{ObjectId, ReaderActionId};
use fundroute::journal::{AnomalyReason, Record};
use fundroute::payments::{
    ChargeFailed, DeclineCode, PaymentCard, ReaderFailure, RefundCanceled, RefundFailed, RefundFailure, RefundStatus,
    RefundSucceeded,
};
use fundroute::rulebook::CardBrand;
use fundroute::terminal::{ReaderActionSucceeded, TerminalEvent, TerminalFact};

/// The reader shows something: what it did before has ended without telling what became of it.
fn shows_after(market: &mut Market, failure: ReaderFailure) {
    market.tell(failed(market.reader, failure));
    let cart = Cart::of(cad(1)).line("Honey", cad(1), 1);
    market.start(market.reader, ReaderTask::SetReaderDisplay(cart)).unwrap();
}

fn done(reader: ReaderId, action: u32) -> Fact {
    Fact::Terminal(TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }))
}

/// What is kept of the reader's first action.
fn row(market: &Market) -> ReaderActionId {
    let past = |record: &Record| if let Record::PastAction(past) = record { Some(past.id()) } else { None };
    let rows: Vec<ReaderActionId> = market.platform.records().filter_map(past).collect();
    *rows.last().unwrap()
}

/// The payment with everything born of it.
fn family(market: &Market, payment: PaymentId) -> Vec<Record> {
    market.platform.family(payment).cloned().collect()
}

/// Whatever the reader does by now, a late word means for the payment what it meant in time.
#[test]
fn what_is_told_late_ends_as_what_is_told_in_time() {
    let reader = asked(interac()).0.reader;
    for fact in [
        canceled(reader),
        failed(reader, ReaderFailure::CustomerCanceled),
        failed(reader, DeclineCode::InsufficientFunds),
        succeeded(reader),
        presented(reader, CardBrand::Interac),
    ] {
        for failure in [ReaderFailure::Timeout, ReaderFailure::ConnectionError] {
            let (mut late, order, _) = asked(interac());
            shows_after(&mut late, failure);
            assert_eq!(late.tell(fact.clone()), FactOutcome::Applied, "{fact:?}");
            let (mut early, _, _) = asked(interac());
            early.tell(failed(reader, failure));
            early.tell(fact.clone());
            assert_eq!(family(&late, order), family(&early, order), "{fact:?}");
            assert_eq!(
                Some(late.platform.reader_action(reader, 1).unwrap()),
                early.platform.reader(reader).unwrap().action()
            );
        }
    }
}

#[test]
fn example_a_failure_told_late_frees_the_payment() {
    let (mut market, order, _) = asked(interac());
    let reader = market.reader;
    shows_after(&mut market, ReaderFailure::Timeout);
    assert_eq!((market.status(order), market.platform.instructions().len()), (PaymentStatus::Processing, 2));
    market.tell(failed(reader, ReaderFailure::CustomerCanceled));
    assert_eq!((market.status(order), market.platform.instructions().len()), (PaymentStatus::RequiresPaymentMethod, 1));
    let other = market.another_reader();
    market.start(other, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    market.settle();
    assert_eq!(market.status(order), PaymentStatus::Succeeded);
}

#[test]
fn example_a_refund_let_go_late_does_not_count_as_given_any_more() {
    let (mut market, refund, order) = giving_back();
    let reader = market.reader;
    shows_after(&mut market, ReaderFailure::ConnectionError);
    assert_eq!(market.charge(order).refundable(), cad(15_00));
    market.tell(canceled(reader));
    assert_eq!(market.platform.refund(refund).unwrap().status(), RefundStatus::Canceled);
    assert_eq!(market.charge(order).refundable(), cad(20_00));
    // It was given all the same.
    market.tell(Fact::RefundSucceeded(RefundSucceeded { refund }));
    assert_eq!((market.charge(order).refundable(), market.total(market.jo)), (cad(15_00), 18_00 - 4_50));
}

#[test]
fn every_order_of_what_is_told_of_an_earlier_action_ends_the_same() {
    let (mut start, order, charge) = asked(interac());
    let reader = start.reader;
    shows_after(&mut start, ReaderFailure::Timeout);
    start.platform.advance_to(start.platform.now().checked_add(days(2)).unwrap()).unwrap();
    let facts = vec![
        (30, canceled(reader)),
        (29, failed(reader, ReaderFailure::CustomerCanceled)),
        (28, presented(reader, CardBrand::Interac)),
        (27, taken(charge)),
        (26, succeeded(reader)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!((end.status(order), end.total(end.jo)), (PaymentStatus::Succeeded, 18_00));
    let action = end.platform.reader_action(reader, 1).unwrap();
    assert_eq!(
        (action.status(), action.card()),
        (ReaderActionStatus::Succeeded, Some(&PaymentCard::of(CardBrand::Interac)))
    );
}

#[test]
fn every_order_of_what_is_told_of_an_earlier_refund_ends_the_same() {
    for is_given in [true, false] {
        let (mut start, refund, order) = giving_back();
        let reader = start.reader;
        shows_after(&mut start, ReaderFailure::Timeout);
        start.platform.advance_to(start.platform.now().checked_add(days(2)).unwrap()).unwrap();
        let mut facts = vec![
            (30, canceled(reader)),
            (29, failed(reader, ReaderFailure::Offline)),
            (28, succeeded(reader)),
            (27, Fact::RefundCanceled(RefundCanceled { refund })),
        ];
        if is_given {
            facts.push((26, Fact::RefundSucceeded(RefundSucceeded { refund })));
            let reason = RefundFailure::LostOrStolenCard;
            facts.push((25, Fact::RefundFailed(RefundFailed { refund, reason })));
        }
        let end = all_orders_agree(&start, facts);
        let (status, theirs) =
            if is_given { (RefundStatus::Failed, 18_00 - 4_50) } else { (RefundStatus::Canceled, 18_00) };
        assert_eq!(end.platform.refund(refund).unwrap().status(), status);
        assert_eq!((end.charge(order).refundable(), end.total(end.jo)), (cad(20_00), theirs));
    }
}

/// The reader has the same payment again, for another attempt: what is told of the first one takes nothing away from the second.
#[test]
fn a_late_word_does_not_take_the_payment_from_a_later_action() {
    let (mut market, order, first) = asked(interac());
    let reader = market.reader;
    market.tell(failed(reader, ReaderFailure::Timeout));
    let failure = DeclineCode::DoNotHonor.into();
    market.tell(Fact::ChargeFailed(ChargeFailed { charge: first.into(), failure }));
    market.start(reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    let second = market.charge_id(order);
    for fact in [canceled(reader), failed(reader, DeclineCode::CallIssuer), succeeded(reader)] {
        market.tell(fact);
        assert_eq!((market.status(order), market.payment(order).reader()), (PaymentStatus::Processing, Some(reader)));
        assert!(matches!(
            market.platform.instructions()[..],
            [Instruction::Reader(ReaderInstruction::Act { action: 2, .. })]
        ));
    }
    market.settle();
    assert_eq!((market.status(order), market.charge_id(order)), (PaymentStatus::Succeeded, second));
}

/// Two attempts of one payment at one reader, and what is told of both.
#[test]
fn every_order_of_what_is_told_of_two_attempts_at_one_reader_ends_the_same() {
    let (mut start, order, first) = asked(interac());
    let reader = start.reader;
    start.tell(failed(reader, ReaderFailure::Timeout));
    let lost =
        |failure: DeclineCode| Fact::ChargeFailed(ChargeFailed { charge: first.into(), failure: failure.into() });
    start.tell(lost(DeclineCode::DoNotHonor));
    start.start(reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    let second = start.charge_id(order);
    start.platform.advance_to(start.platform.now().checked_add(days(2)).unwrap()).unwrap();
    let facts = vec![
        (31, canceled(reader)),
        (30, failed(reader, ReaderFailure::CustomerCanceled)),
        (29, lost(DeclineCode::CallIssuer)),
        (28, taken(second)),
        (27, done(reader, 2)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!((end.status(order), end.total(end.jo)), (PaymentStatus::Succeeded, 18_00));
    assert_eq!((end.payment(order).reader(), end.platform.instructions()), (None, vec![]));
}

/// A card that was read is ready for as long as no other card was asked for, whenever it is told that it was read.
#[test]
fn a_card_that_was_read_is_known_late() {
    let cart = || ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1));
    for (task, is_ready) in [(cart(), true), (ReaderTask::ProcessSetupIntent("season".to_owned()), false)] {
        let mut market = Market::open();
        let (order, reader) = (market.order(PaymentMethod::CardPresent), market.reader);
        market.start(reader, ReaderTask::CollectPaymentMethod(order)).unwrap();
        market.tell(failed(reader, ReaderFailure::Timeout));
        market.start(reader, task).unwrap();
        assert_eq!(market.tell(succeeded(reader)), FactOutcome::Applied);
        let collected = market.platform.reader(reader).unwrap().collected();
        assert_eq!(collected, is_ready.then_some((order, cad(20_00))));
        assert_eq!(market.action(reader).number(), 2, "what it does is still what it does");
    }
}

/// What a reader did is taken up after it is gone.
#[test]
fn a_late_word_of_a_reader_that_was_deleted_is_taken_up() {
    let (mut market, order, _) = asked(interac());
    let reader = market.reader;
    market.tell(failed(reader, ReaderFailure::Timeout));
    market.start(reader, ReaderTask::PrintContent("receipt".to_owned())).unwrap();
    market.tell(done(reader, 2));
    market.platform.readers().delete("gone", reader).unwrap();
    assert_eq!(market.tell(canceled(reader)), FactOutcome::Applied);
    assert_eq!((market.status(order), market.platform.instructions()), (PaymentStatus::RequiresPaymentMethod, vec![]));
}

/// The reader is named by the events of what it does, the row by those of what it did.
#[test]
fn events_of_an_earlier_action_name_its_row() {
    let (mut market, _, _) = asked(interac());
    let reader = market.reader;
    shows_after(&mut market, ReaderFailure::Timeout);
    let row = ObjectId::from(row(&market));
    let facts = [
        (presented(reader, CardBrand::Interac), TerminalEvent::ActionUpdated),
        (succeeded(reader), TerminalEvent::ActionSucceeded),
    ];
    for (fact, event) in facts {
        let (key, now) = (market.key(), market.platform.now());
        let told = market.platform.record(&Report::new(key, now, fact)).unwrap();
        let [told] = told.changes.events[..] else { panic!("one event") };
        assert_eq!((told.kind, told.object, told.account), (event.into(), row, None));
    }
    let past = market.platform.past_action(row.to_string().parse().unwrap()).unwrap();
    assert_eq!((past.reader(), past.action().number()), (reader, 1));
}

/// What was only shown is not kept, and nothing that never was.
#[test]
fn what_was_only_shown_is_forgotten_and_the_rest_is_a_row() {
    let mut market = Market::open();
    let reader = market.reader;
    let mut sizes = Vec::new();
    for number in 1..=40_u32 {
        let task = match number % 2 {
            0 => ReaderTask::CollectInputs(format!("form-{}", number % 10)),
            _ => ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1)),
        };
        market.start(reader, task).unwrap();
        market.settle();
        assert_eq!(market.action(reader).number(), number);
        if number % 2 == 0 {
            sizes.push(serde_json::to_string(market.platform.reader(reader).unwrap()).unwrap().len());
        }
    }
    // The numbers take a digit more.
    assert!(sizes.iter().all(|size| *size <= sizes[0] + 2), "a reader does not grow: {sizes:?}");
    for number in 1..40 {
        let kept = market.platform.reader_action(reader, number).map(|action| action.number());
        assert_eq!(kept.ok(), (number % 2 == 0).then_some(number));
    }
    for number in [0, 41, u32::MAX] {
        assert!(matches!(market.platform.reader_action(reader, number), Err(Error::NotFound(_))));
    }
    assert_eq!(
        (market.tell(done(reader, 39)), market.tell(done(reader, 38))),
        (FactOutcome::Stale, FactOutcome::Stale)
    );
    for never in [0, 41, u32::MAX] {
        let FactOutcome::Anomaly(id) = market.tell(done(reader, never)) else { panic!("{never}") };
        assert_eq!(market.platform.anomaly(id).unwrap().reason, AnomalyReason::NotAsked);
    }
}
