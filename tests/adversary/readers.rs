//! Readers, and what they leave behind.

use super::*;

type End = fn(RefundId) -> Fact;

/// What the payer did at a reader is done: the host can go on with the attempt as with any other.
#[test]
fn an_attempt_at_a_reader_that_waits_for_the_host_can_go_on() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let (_, reader) = rig.stall(None);
    let order = NewPayment::by(PaymentMethod::CardPresent, cad(10_00)).confirm_by_hand().destination(jo);
    let sale = rig.pay(order);
    let (charge, action) = rig.process(reader, sale);
    rig.tell(done(charge));
    rig.tell(ended(reader, action));
    assert_eq!(rig.status(sale), PaymentStatus::RequiresConfirmation);
    assert_eq!(rig.confirm(ConfirmPayment::of(sale)), Ok(()));
    rig.sound();
}

/// A refund of 5.00 at a reader, of 20.00 of which 18.00 are the seller's.
pub(super) fn giving_back() -> (Rig, ReaderId, u32, RefundId, PaymentId) {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let (_, reader) = rig.stall(None);
    let order = NewPayment::by(PaymentMethod::InteracPresent, cad(20_00)).destination(jo).application_fee(cad(2_00));
    let sale = rig.pay(order);
    let (charge, action) = rig.process(reader, sale);
    rig.tell(took(charge, cad(20_00)));
    rig.tell(ended(reader, action));
    let back = NewRefund::of(sale).amount(cad(5_00)).reverse_transfer().refund_application_fee();
    let action = rig.start(reader, ReaderTask::RefundPayment(back)).unwrap();
    let refund = rig.platform.reader(reader).unwrap().action().unwrap().kind().refund().unwrap();
    (rig, reader, action, refund, sale)
}

/// A refund that never was given took nothing of the seller.
#[test]
fn a_refund_at_a_reader_that_was_never_given_costs_the_seller_nothing() {
    let mut moved = Vec::new();
    let ends: [(&str, End); 2] = [
        ("canceled", |refund| Fact::RefundCanceled(RefundCanceled { refund })),
        ("failed", |refund| Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })),
    ];
    for first in [true, false] {
        for (name, fact) in ends {
            let (mut rig, reader, action, refund, _) = giving_back();
            let (jo, house) = (rig.jo, rig.house());
            let before = (rig.total(jo, CAD), rig.total(house, CAD));
            if first {
                rig.tell(broke(reader, action, ReaderFailure::CustomerCanceled));
            }
            rig.tell(fact(refund));
            rig.sound();
            if (rig.total(jo, CAD), rig.total(house, CAD)) != before {
                moved.push((name, first));
            }
        }
    }
    assert_eq!(moved, [], "what was told, and whether the reader had let go before");
}

/// What a buyer holds the card for is what is charged.
#[test]
fn a_card_collected_for_one_amount_is_not_charged_another() {
    let mut rig = Rig::ca();
    let (_, reader) = rig.stall(None);
    let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)));
    let action = rig.start(reader, ReaderTask::CollectPaymentMethod(sale)).unwrap();
    rig.tell(card(reader, action));
    rig.tell(ended(reader, action));
    rig.update(UpdatePayment::of(sale).amount(cad(2_000_00))).unwrap();
    let charged = rig.start(reader, ReaderTask::ConfirmPaymentIntent(sale));
    assert!(charged.is_err(), "presented for 20.00, charged 2000.00");
}

/// Direct money for an account that was closed while the payer stood at its reader can go back to the payer.
#[test]
fn money_at_the_reader_of_a_closed_account_can_be_given_back() {
    for method in [PaymentMethod::CardPresent, PaymentMethod::InteracPresent] {
        let mut rig = Rig::ca();
        let jo = rig.jo;
        let (_, reader) = rig.stall(Some(jo));
        let sale = rig.pay_as(jo, NewPayment::by(method, cad(20_00)));
        rig.run_as(jo, start(reader, ReaderTask::ProcessPaymentIntent(sale))).unwrap();
        let charge = rig.charge(sale);
        rig.run(Command::CloseAccount(CloseAccount { account: jo })).unwrap();
        rig.tell(took(charge, cad(20_00)));
        rig.tell(ended(reader, 1));
        assert_eq!(rig.reasons(), [AnomalyReason::RecipientClosed]);
        let back = NewRefund::of(sale).amount(cad(5_00));
        let online = rig.run_as(jo, Command::CreateRefund(back.clone())).map(drop);
        let there = rig.run_as(jo, start(reader, ReaderTask::RefundPayment(back))).map(drop);
        assert!(online.is_ok() || there.is_ok(), "{method}: online {online:?}, at the reader {there:?}");
        rig.sound();
    }
}

/// Express holders and others' accounts do nothing with readers and plans.
#[test]
fn strangers_have_no_readers() {
    let mut rig = Rig::ca();
    let (jo, flo) = (rig.jo, rig.flo);
    let (place, reader) = rig.stall(None);
    let (_, flos) = rig.stall(Some(flo));
    let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).destination(jo));
    let direct = rig.pay_as(flo, NewPayment::by(PaymentMethod::CardPresent, cad(20_00)));
    let process = |reader, sale| start(reader, ReaderTask::ProcessPaymentIntent(sale));
    assert!(rig.run(process(flos, sale)).is_err());
    assert!(rig.run(process(reader, direct)).is_err());
    assert!(rig.run_as(flo, process(flos, sale)).is_err());
    assert!(rig.run_as(flo, process(reader, direct)).is_err());
    assert!(rig.run_as(jo, process(flos, direct)).is_err());
    assert!(rig.by(Actor::Holder, jo, process(reader, sale)).is_err());
    assert!(rig.by(Actor::Extension(Scope::ReadOnly), flo, process(flos, direct)).is_err());
    let steal =
        Command::Terminal(TerminalCommand::RegisterReader(NewReader::new(place, DeviceType::SimulatedWiseposE)));
    assert!(rig.run_as(flo, steal).is_err());
    assert!(rig.run_as(flo, Command::UpdatePayment(UpdatePayment::of(sale).amount(cad(1_00)))).is_err());
    assert!(rig.run_as(flo, Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, sale))).is_err());
    assert!(rig.run(Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, direct))).is_err());
    rig.run(process(reader, sale)).unwrap();
    assert!(
        rig.run_as(flo, Command::Terminal(TerminalCommand::CancelReaderAction(CancelReaderAction { reader }))).is_err()
    );
    rig.sound();
}

/// Two payments at one reader, and one payment at two.
#[test]
fn two_payments_at_one_reader_and_one_at_two() {
    let mut rig = Rig::ca();
    let (place, reader) = rig.stall(None);
    let other = rig.reader(None, place);
    let first = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)));
    let second = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(11_00)));
    let (charge, one) = rig.process(reader, first);
    assert!(rig.start(reader, ReaderTask::ProcessPaymentIntent(second)).is_err());
    assert!(rig.start(other, ReaderTask::ProcessPaymentIntent(first)).is_err());
    rig.tell(broke(reader, one, ReaderFailure::ConnectionError));
    let (second_charge, two) = rig.process(reader, second);
    rig.wait(days(1));
    let facts = vec![
        (9, ended(reader, one)),
        (8, took(charge, cad(10_00))),
        (7, stopped(reader, two)),
        (6, took(second_charge, cad(11_00))),
        (5, lost(charge, DeclineCode::DoNotHonor)),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!((end.status(first), end.status(second)), (PaymentStatus::Succeeded, PaymentStatus::Succeeded));
    assert_eq!((end.total(end.house(), CAD), end.platform.instructions()), (21_00 - 20, vec![]));
}

/// An account was closed while its reader was at work: the host can have it stop, or is not asked for it any more.
#[test]
fn nothing_stays_asked_of_the_reader_of_a_closed_account() {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let (_, reader) = rig.stall(Some(jo));
    let sale = rig.pay_as(jo, NewPayment::by(PaymentMethod::CardPresent, cad(20_00)));
    rig.run_as(jo, start(reader, ReaderTask::ProcessPaymentIntent(sale))).unwrap();
    if rig.run(Command::CloseAccount(CloseAccount { account: jo })).is_err() {
        return;
    }
    let stop = Command::Terminal(TerminalCommand::CancelReaderAction(CancelReaderAction { reader }));
    let stopped = rig.run_as(jo, stop).map(drop);
    assert!(
        stopped.is_ok() || rig.platform.instructions().is_empty(),
        "{stopped:?}: {:?}",
        rig.platform.instructions()
    );
}

/// What was paid at the reader of an account that was rejected, or has left, since can be given back as well as what was paid online.
#[test]
fn interac_of_an_account_that_is_gone_is_given_back_as_a_card_is() {
    let mut worse = Vec::new();
    for how in ["rejected", "left"] {
        let mut came = Vec::new();
        for method in [PaymentMethod::CardPresent, PaymentMethod::InteracPresent] {
            let mut rig = Rig::ca();
            let who = if how == "left" { rig.flo } else { rig.jo };
            let (_, reader) = rig.stall(Some(who));
            let sale = rig.pay_as(who, NewPayment::by(method, cad(20_00)));
            rig.run_as(who, start(reader, ReaderTask::ProcessPaymentIntent(sale))).unwrap();
            let charge = rig.charge(sale);
            rig.tell(took(charge, cad(20_00)));
            rig.tell(ended(reader, 1));
            match how {
                "rejected" => {
                    let (reason, payouts) = (RejectReason::FraudOther, Default::default());
                    rig.run(Command::RejectAccount(RejectAccount { account: who, reason, payouts })).unwrap();
                }
                _ => drop(rig.run(Command::Deauthorize(who)).unwrap()),
            }
            let back = NewRefund::of(sale).amount(cad(5_00));
            let online = rig.run_as(who, Command::CreateRefund(back.clone())).is_ok();
            let there = rig.run_as(who, start(reader, ReaderTask::RefundPayment(back))).is_ok();
            came.push(online || there);
            rig.sound();
        }
        if came[0] && !came[1] {
            worse.push(how);
        }
    }
    assert_eq!(worse, Vec::<&str>::new());
}

#[test]
fn an_open_attempt_at_a_reader_is_outstanding_after_a_lost_connection() {
    let mut rig = Rig::ca();
    let (_, reader) = rig.stall(None);
    let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)));
    let (_, action) = rig.process(reader, sale);
    rig.tell(broke(reader, action, ReaderFailure::ConnectionError));
    assert_eq!(rig.status(sale), PaymentStatus::Processing);
    assert_eq!(rig.platform.instructions().len(), 1, "nobody knows whether the card was charged");
}

/// The reader tells late what came of an action, when it does something else already: the attempt has failed all the same.
#[test]
fn a_failure_told_after_the_reader_was_asked_for_something_else_is_not_lost() {
    for stop in [true, false] {
        let mut rig = Rig::ca();
        let (_, reader) = rig.stall(None);
        let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)));
        let (_, action) = rig.process(reader, sale);
        rig.tell(broke(reader, action, ReaderFailure::Timeout));
        let fact = if stop { stopped(reader, action) } else { broke(reader, action, ReaderFailure::CustomerCanceled) };
        let mut other = rig.clone();
        other.tell(fact.clone());
        assert_eq!(other.status(sale), PaymentStatus::RequiresPaymentMethod);
        rig.start(reader, ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1))).unwrap();
        rig.tell(fact);
        assert_eq!(rig.status(sale), PaymentStatus::RequiresPaymentMethod, "{stop}");
    }
}

#[test]
fn a_refund_let_go_after_the_reader_was_asked_for_something_else_is_let_go() {
    let (mut rig, reader, action, refund, sale) = giving_back();
    rig.tell(broke(reader, action, ReaderFailure::ConnectionError));
    rig.start(reader, ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1))).unwrap();
    rig.tell(stopped(reader, action));
    assert_eq!(rig.platform.refund(refund).unwrap().status(), RefundStatus::Canceled);
    assert_eq!(rig.platform.charge_of(sale).unwrap().refundable(), cad(20_00));
}

/// While the world is asked what became of an attempt, nobody else charges the payer for it.
#[test]
fn nobody_charges_again_while_it_is_not_known_what_became_of_an_attempt() {
    for failure in [ReaderFailure::ConnectionError, ReaderFailure::Timeout, ReaderFailure::Unknown] {
        let mut rig = Rig::ca();
        let (place, reader) = rig.stall(None);
        let other = rig.reader(None, place);
        let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)));
        let (charge, action) = rig.process(reader, sale);
        rig.tell(broke(reader, action, failure));
        let asked = rig.platform.instructions();
        if rig.status(sale) != PaymentStatus::Processing {
            assert_eq!(asked, vec![], "{failure:?}");
            continue;
        }
        assert_eq!(asked, [Instruction::Payment(PaymentInstruction::Retrieve { charge })]);
        for refused in [
            rig.start(other, ReaderTask::ProcessPaymentIntent(sale)).map(drop),
            rig.start(reader, ReaderTask::ProcessPaymentIntent(sale)).map(drop),
            rig.start(reader, ReaderTask::CollectPaymentMethod(sale)).map(drop),
            rig.confirm(ConfirmPayment::by(PaymentMethod::Card, sale)),
            rig.confirm(ConfirmPayment::of(sale)),
            rig.update(UpdatePayment::of(sale).amount(cad(12_00))),
        ] {
            assert!(refused.is_err(), "{failure:?}");
        }
        // What is asked of the reader since, and a restart, leave the question open.
        rig.start(reader, ReaderTask::CollectInputs("form".to_owned())).unwrap();
        let snapshot = rig.platform.snapshot();
        let again = Platform::restore(rig.platform.rulebook().clone(), snapshot, rig.platform.now());
        let retrieve = Instruction::Payment(PaymentInstruction::Retrieve { charge });
        assert!(again.instructions().contains(&retrieve) && rig.platform.instructions().contains(&retrieve));
        assert_eq!(rig.tell(took(charge, cad(10_00))), FactOutcome::Applied);
        assert!(!rig.platform.instructions().contains(&retrieve));
        assert_eq!(rig.total(rig.house(), CAD), 10_00 - 10);
        rig.sound();
    }
}

fn inquiry(charge: ChargeId, amount: Money) -> Fact {
    Fact::DisputeOpened(fundroute::payments::DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount,
        reason: fundroute::payments::DisputeReason::General,
        case: fundroute::payments::DisputeCase::Inquiry,
        network: None,
        respond_by: None,
        settled: None,
    })
}

/// A sale of that much by Interac with a commission, and a refund of it at a reader that has lost its connection.
fn asked_to_give(minor: i64, fee: i64) -> (Rig, ChargeId, RefundId) {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let (_, reader) = rig.stall(None);
    let order = NewPayment::by(PaymentMethod::InteracPresent, cad(minor)).destination(jo).application_fee(cad(fee));
    let sale = rig.pay(order);
    let (charge, action) = rig.process(reader, sale);
    rig.tell(took(charge, cad(minor)));
    rig.tell(ended(reader, action));
    let back = NewRefund::of(sale).reverse_transfer().refund_application_fee();
    let action = rig.start(reader, ReaderTask::RefundPayment(back)).unwrap();
    let refund = rig.platform.reader(reader).unwrap().action().unwrap().kind().refund().unwrap();
    rig.tell(broke(reader, action, ReaderFailure::ConnectionError));
    rig.wait(days(1));
    (rig, charge, refund)
}

/// That all was given back at a reader is told before or after an inquiry.
#[test]
fn orders_of_a_full_refund_at_a_reader_and_an_inquiry() {
    let (rig, charge, refund) = asked_to_give(20_00, 2_00);
    let facts = vec![
        (9, Fact::RefundSucceeded(RefundSucceeded { refund })),
        (8, inquiry(charge, cad(20_00))),
        (7, Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })),
    ];
    all_orders_agree(&rig, facts[..2].to_vec());
    all_orders_agree(&rig, facts);
}

/// Everything that is told of a refund at a reader, by the reader and by the world.
#[test]
fn orders_of_everything_that_is_told_of_a_refund_at_a_reader() {
    use fundroute::payments::{CardRefund, RefundTraced, RefundUnderWay};
    let (rig, charge, refund) = asked_to_give(19_99, 1_11);
    let reader = |record: &Record| if let Record::Reader(reader) = record { Some(reader.id()) } else { None };
    let reader = rig.platform.records().find_map(reader);
    let facts = vec![
        (9, Fact::RefundUnderWay(RefundUnderWay { refund })),
        (8, Fact::RefundSucceeded(RefundSucceeded { refund })),
        (7, Fact::RefundTraced(RefundTraced { refund, shows_as: CardRefund::Reversal })),
        (6, stopped(reader.unwrap(), 2)),
        (5, Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })),
    ];
    all_orders_agree(&rig, facts.clone());
    let mut facts = facts[..4].to_vec();
    facts.push((4, inquiry(charge, cad(19_99))));
    all_orders_agree(&rig, facts);
}

/// While nobody knows whether a reader has given a refund, no reader is asked for another one; once it is known, one is.
#[test]
fn no_second_refund_at_a_reader_while_the_first_is_unknown() {
    let ends: [(End, i64); 3] = [
        (|refund| Fact::RefundSucceeded(RefundSucceeded { refund }), 15_00),
        (|refund| Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined }), 20_00),
        (|refund| Fact::RefundCanceled(RefundCanceled { refund }), 20_00),
    ];
    for (end, left) in ends {
        let (mut rig, reader, action, refund, sale) = giving_back();
        let payment = sale;
        rig.tell(broke(reader, action, ReaderFailure::ConnectionError));
        let back = |minor| {
            let back = NewRefund::of(sale).amount(cad(minor)).reverse_transfer().refund_application_fee();
            ReaderTask::RefundPayment(back)
        };
        let refused = Error::Payment(PaymentError::RefundUnknown { payment, refund });
        assert_eq!(rig.start(reader, back(3_33)), Err(refused));
        rig.tell(end(refund));
        assert!(rig.start(reader, back(left + 1)).is_err());
        rig.start(reader, back(left)).unwrap();
        rig.sound();
    }
}

/// A reader said that it was stopped and had given 5.00 all the same; of what was asked of it since nobody knows. Whatever the world tells
/// of the two, the order is no matter: also where both were given, which is more than was left.
#[test]
fn orders_of_a_refund_that_was_given_after_all_and_a_later_one() {
    for (minor, has_room) in [(20_00, false), (15_00, true), (3_33, true)] {
        let (mut rig, reader, action, given, sale) = giving_back();
        rig.tell(stopped(reader, action));
        let back = NewRefund::of(sale).amount(cad(minor)).reverse_transfer().refund_application_fee();
        let action = rig.start(reader, ReaderTask::RefundPayment(back)).unwrap();
        let later = rig.platform.reader(reader).unwrap().action().unwrap().kind().refund().unwrap();
        rig.tell(broke(reader, action, ReaderFailure::ConnectionError));
        rig.wait(days(1));
        let first = (9, Fact::RefundSucceeded(RefundSucceeded { refund: given }));
        let came = (8, Fact::RefundSucceeded(RefundSucceeded { refund: later }));
        let failed = (7, Fact::RefundFailed(RefundFailed { refund: later, reason: RefundFailure::Declined }));
        let taken_back = (6, Fact::RefundFailed(RefundFailed { refund: given, reason: RefundFailure::Declined }));
        let end = all_orders_agree(&rig, vec![first.clone(), failed.clone()]);
        assert_eq!(end.platform.refund(given).unwrap().status(), RefundStatus::Succeeded);
        assert_eq!(end.reasons(), []);
        let end = all_orders_agree(&rig, vec![first.clone(), came]);
        let is_booked = end.platform.refund(given).unwrap().booked_at().is_some();
        assert_eq!(is_booked, has_room);
        assert_eq!(end.reasons().is_empty(), has_room);
        all_orders_agree(&rig, vec![first.clone(), taken_back.clone(), failed]);
        all_orders_agree(&rig, vec![first, taken_back]);
    }
}
