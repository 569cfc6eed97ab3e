//! What a reader has let go of without telling what became of it: the world is asked, until it has told.

use super::facts::{asked, canceled, failed, giving_back, interac, succeeded, taken};
use super::*;
use fundroute::journal::Snapshot;
use fundroute::payments::{
    ActionCompleted, ActionRequired, ChargeAuthorized, ChargeFailed, DeclineCode, NextAction, PaymentInstruction,
    ReaderFailure, RefundFailed, RefundFailure, RefundSucceeded, RefundUnderWay,
};

fn retrieve(charge: ChargeId) -> Instruction {
    Instruction::Payment(PaymentInstruction::Retrieve { charge })
}

fn retrieve_refund(refund: RefundId) -> Instruction {
    Instruction::Payment(PaymentInstruction::RetrieveRefund { refund })
}

type End = fn(ChargeId) -> Fact;

/// The ends of an action that say nothing of its money.
fn silent(reader: ReaderId) -> [Fact; 3] {
    [succeeded(reader), failed(reader, ReaderFailure::ConnectionError), failed(reader, ReaderFailure::Timeout)]
}

fn told(market: &mut Market, fact: Fact) -> Vec<Instruction> {
    let (key, now) = (market.key(), market.platform.now());
    market.platform.record(&Report::new(key, now, fact)).unwrap().changes.instructions
}

/// What a host finds that was stopped, and has nothing but what it stored.
fn after_a_restart(market: &Market) -> Vec<Instruction> {
    let bytes = postcard::to_stdvec(&market.platform.snapshot()).unwrap();
    let stored: Snapshot = postcard::from_bytes(&bytes).unwrap();
    let (book, now) = (market.platform.rulebook().clone(), market.platform.now());
    Platform::restore(book, stored, now).instructions()
}

/// docs.stripe.com/terminal/payments/collect-card-payment (2025): after a lost connection the payment is looked up.
#[test]
fn example_a_lost_connection_has_the_world_asked_what_became_of_the_attempt() {
    let (mut market, order, charge) = asked(interac());
    let reader = market.reader;
    assert!(
        matches!(market.platform.instructions()[..], [Instruction::Reader(_)]),
        "the reader is asked, and nobody else"
    );
    assert_eq!(told(&mut market, failed(reader, ReaderFailure::ConnectionError)), [retrieve(charge)]);
    assert_eq!((market.status(order), after_a_restart(&market)), (PaymentStatus::Processing, vec![retrieve(charge)]));
    // Told once more, the host is not asked once more.
    assert_eq!(told(&mut market, failed(reader, ReaderFailure::Timeout)), []);
    assert_eq!(market.tell(taken(charge)), FactOutcome::Applied);
    assert_eq!((market.status(order), market.platform.instructions()), (PaymentStatus::Succeeded, vec![]));
}

#[test]
fn an_attempt_is_asked_about_until_it_has_ended() {
    let manual = NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).manual_capture();
    let stories: [(NewPayment, End); 3] = [
        (interac(), |charge| taken(charge)),
        (interac(), |charge| {
            Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure: DeclineCode::DoNotHonor.into() })
        }),
        (manual, |charge| Fact::ChargeAuthorized(ChargeAuthorized::of(charge, cad(20_00)))),
    ];
    for (order, end) in stories {
        for (number, silent) in silent(asked(order.clone()).0.reader).into_iter().enumerate() {
            let (mut market, id, charge) = asked(order.clone());
            let reader = market.reader;
            assert_eq!(told(&mut market, silent.clone()), [retrieve(charge)]);
            assert_eq!(after_a_restart(&market), [retrieve(charge)]);
            // The reader does something else: the question stays.
            market.start(reader, ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1))).unwrap();
            assert!(market.platform.instructions().contains(&retrieve(charge)));
            assert_eq!(market.tell(end(charge)), FactOutcome::Applied, "{number}");
            assert!(!market.platform.instructions().contains(&retrieve(charge)), "{:?}", market.status(id));
            // An answer that comes before the end of the action leaves nothing to ask.
            let (mut market, _, charge) = asked(order.clone());
            market.tell(end(charge));
            assert_eq!((told(&mut market, silent), market.platform.instructions()), (vec![], vec![]));
        }
    }
}

/// What ends the attempt is an answer.
#[test]
fn an_attempt_that_a_reader_did_not_make_is_not_asked_about() {
    let reader = asked(interac()).0.reader;
    for fact in
        [canceled(reader), failed(reader, ReaderFailure::CustomerCanceled), failed(reader, DeclineCode::DoNotHonor)]
    {
        let (mut market, order, _) = asked(interac());
        assert_eq!((told(&mut market, fact), market.platform.instructions()), (vec![], vec![]));
        assert_eq!(market.status(order), PaymentStatus::RequiresPaymentMethod);
    }
}

/// What the world was asked about an attempt before is not asked again because the reader lets go of it.
#[test]
fn a_capture_that_is_under_way_is_asked_for_once() {
    let manual = NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).manual_capture();
    let (mut market, order, charge) = asked(manual);
    let reader = market.reader;
    market.tell(Fact::ChargeAuthorized(ChargeAuthorized::of(charge, cad(20_00))));
    market.platform.payments().capture("all", CapturePayment::of(order)).unwrap();
    assert_eq!(told(&mut market, succeeded(reader)), []);
    let asked = market.platform.instructions();
    assert!(matches!(asked[..], [Instruction::Payment(PaymentInstruction::Capture { .. })]), "{asked:?}");
}

/// A payer who still had to do something has left the reader.
#[test]
fn an_attempt_whose_payer_had_something_to_do_is_asked_about() {
    let (mut market, order, charge) = asked(interac());
    let reader = market.reader;
    let required = ActionRequired::of(charge, NextAction::Authenticate);
    market.tell(Fact::ActionRequired(required));
    assert!(matches!(market.platform.instructions()[..], [Instruction::Reader(_)]));
    assert_eq!(told(&mut market, failed(reader, ReaderFailure::ConnectionError)), [retrieve(charge)]);
    assert_eq!(market.status(order), PaymentStatus::RequiresAction);
    market.tell(Fact::ActionCompleted(ActionCompleted { charge: charge.into() }));
    let go_on = Instruction::Payment(PaymentInstruction::Confirm { charge });
    assert_eq!(market.platform.instructions(), [go_on]);
    market.tell(taken(charge));
    assert_eq!(market.platform.instructions(), []);
}

#[test]
fn a_refund_is_asked_about_until_it_has_ended() {
    let ends: [fn(RefundId) -> Fact; 2] = [
        |refund| Fact::RefundSucceeded(RefundSucceeded { refund }),
        |refund| Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined }),
    ];
    for end in ends {
        let reader = giving_back().0.reader;
        for silent in silent(reader) {
            let (mut market, refund, _) = giving_back();
            assert_eq!(told(&mut market, silent), [retrieve_refund(refund)]);
            assert_eq!(after_a_restart(&market), [retrieve_refund(refund)]);
            market.tell(Fact::RefundUnderWay(RefundUnderWay { refund }));
            assert_eq!(market.platform.instructions(), [retrieve_refund(refund)], "on its way is no end");
            market.tell(end(refund));
            assert_eq!(market.platform.instructions(), []);
        }
    }
}

/// A refund that is on its way is asked about while another reader gives another one of the same payment.
#[test]
fn of_two_refunds_the_one_that_no_reader_has_is_asked_about() {
    let (mut market, first, order) = giving_back();
    let (reader, other) = (market.reader, market.another_reader());
    market.tell(failed(reader, ReaderFailure::Timeout));
    market.tell(Fact::RefundUnderWay(RefundUnderWay { refund: first }));
    let back = NewRefund::of(order).amount(cad(2_00)).reverse_transfer().refund_application_fee();
    market.start(other, ReaderTask::RefundPayment(back)).unwrap();
    let second = market.refund_of(other);
    let instructions = market.platform.instructions();
    assert!(instructions.contains(&retrieve_refund(first)) && !instructions.contains(&retrieve_refund(second)));
    assert_eq!(instructions.len(), 2, "and what the other reader is to do");
    market.tell(Fact::RefundSucceeded(RefundSucceeded { refund: first }));
    assert!(matches!(market.platform.instructions()[..], [Instruction::Reader(_)]));
}
