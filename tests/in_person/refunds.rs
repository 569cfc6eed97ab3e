//! Money given back at a reader, and online: docs.stripe.com/terminal/features/refunds (2025).

use super::facts::{canceled, failed};
use super::*;
use fundroute::payments::{PaymentError, PendingReason, ReaderFailure, RefundState, RefundStatus};
use fundroute::payouts::{NewPayout, PayoutSchedule, SetPayoutSchedule};
use fundroute::simulator::{NEVER_ANSWERS, READER_TIMES_OUT};
use fundroute::terminal::TerminalError;

/// A payment of 20.00 by Interac, of which 18.00 are the seller's; and a market whose next reader behaves as the serial number says.
fn sold(serial: Option<&str>) -> (Market, PaymentId) {
    let mut market = Market::open();
    let order = market.order(PaymentMethod::InteracPresent);
    market.process(order);
    let mut new = NewReader::new(market.stall, DeviceType::StripeS700);
    new.serial_number = serial.map(str::to_owned);
    market.reader = market.platform.readers().register("second", new).unwrap().answer;
    (market, order)
}

fn back(order: PaymentId) -> NewRefund {
    NewRefund::of(order).amount(cad(5_00)).reverse_transfer().refund_application_fee()
}

#[test]
fn example_an_interac_payment_is_given_back_at_the_reader() {
    let (mut market, order) = sold(None);
    let reader = market.start(market.reader, ReaderTask::RefundPayment(back(order))).unwrap();
    let refund = market.refund_of(reader);
    let known = market.platform.refund(refund).unwrap();
    assert_eq!((known.state(), known.pending_reason()), (&RefundState::AwaitingCard, Some(PendingReason::Processing)));
    // Nothing is booked, and nobody can give the same money back a second time.
    assert_eq!((market.total(market.jo), market.charge(order).refundable()), (18_00, cad(15_00)));
    assert_eq!(market.platform.instructions().len(), 1);
    let (key, given) = (market.key(), Fact::RefundSucceeded(fundroute::payments::RefundSucceeded { refund }));
    let told = market.platform.record(&Report::new(key, market.platform.now(), given)).unwrap();
    assert_eq!(told.changes.instructions, [], "nobody gives it a second time");
    assert_eq!(market.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    market.settle();
    assert_eq!((market.total(market.jo), market.house()), (18_00 - 4_50, 2_00 - 15 - 50));
    assert_eq!((market.platform.instructions(), market.payment(order).reader()), (vec![], None));
    // The rest, at the platform's cost.
    let rest = NewRefund::of(order).keep_transfer().keep_application_fee();
    market.start(reader, ReaderTask::RefundPayment(rest)).unwrap();
    market.settle();
    assert_eq!((market.total(market.jo), market.house()), (18_00 - 4_50, 2_00 - 15 - 50 - 15_00));
    assert_eq!(market.platform.audit(), []);
}

#[test]
fn interac_is_not_given_back_online() {
    let (mut market, order) = sold(None);
    let refused = market.platform.refunds().create("online", back(order)).map(drop);
    assert_eq!(refused, Err(PaymentError::RefundInPerson(PaymentMethod::InteracPresent).into()));
    assert_eq!(refused.unwrap_err().kind(), fundroute::ErrorKind::Refused);
}

#[test]
fn other_cards_are_given_back_online_only() {
    let mut market = Market::open();
    let order = market.order(PaymentMethod::CardPresent);
    market.process(order);
    let refused = market.start(market.reader, ReaderTask::RefundPayment(back(order)));
    assert_eq!(refused, Err(TerminalError::RefundOnline(PaymentMethod::CardPresent).into()));
    market.platform.refunds().create("online", back(order)).unwrap();
    assert_eq!(market.total(market.jo), 18_00 - 4_50);
}

/// What a refund at a reader has to say, and cannot exceed, is what any refund has to.
#[test]
fn a_refund_at_a_reader_says_who_bears_it() {
    let (mut market, order) = sold(None);
    let mut refused = |refund: NewRefund| market.start(market.reader, ReaderTask::RefundPayment(refund)).unwrap_err();
    assert_eq!(refused(NewRefund::of(order)), PaymentError::TransferBearerMissing(order).into());
    assert_eq!(refused(NewRefund::of(order).reverse_transfer()), PaymentError::FeeBearerMissing(order).into());
    let unbacked = NewRefund::of(order).keep_transfer().refund_application_fee();
    assert_eq!(refused(unbacked), PaymentError::FeeNeedsTransfer(order).into());
    assert_eq!(refused(back(order).amount(cad(20_01))).code(), None);
    assert_eq!(refused(back(order).amount(cad(0))), PaymentError::AmountNotPositive(cad(0)).into());
    assert_eq!(refused(back(order).amount(usd(1))), PaymentError::WrongCurrency { given: USD, needed: CAD }.into());
    let unpaid = market.order(PaymentMethod::InteracPresent);
    let refused = market.start(market.reader, ReaderTask::RefundPayment(back(unpaid))).unwrap_err();
    assert_eq!(refused.code(), Some("charge_not_refundable"));
}

/// One refund of a payment at a time, on one reader.
#[test]
fn a_refund_whose_reader_never_answers_keeps_its_money() {
    let (mut market, order) = sold(Some(NEVER_ANSWERS));
    let (reader, other) = (market.reader, market.another_reader());
    let account = market.jo;
    let by_hand = SetPayoutSchedule { account, schedule: PayoutSchedule::Manual };
    market.platform.handle(Request::new("by hand", Command::SetPayoutSchedule(by_hand))).unwrap();
    let booked = (market.total(market.jo), market.house());
    market.start(reader, ReaderTask::RefundPayment(back(order))).unwrap();
    market.settle();
    let refused = market.start(other, ReaderTask::RefundPayment(back(order)));
    assert_eq!(refused, Err(PaymentError::AtReader { payment: order, reader }.into()));
    market.wait(days(40));
    assert_eq!(market.charge(order).refundable(), cad(15_00));
    assert_eq!(market.tell(canceled(reader)), FactOutcome::Applied);
    let refund = market.refund_of(reader);
    assert_eq!(market.platform.refund(refund).unwrap().status(), RefundStatus::Canceled);
    assert_eq!(market.charge(order).refundable(), cad(20_00));
    assert_eq!((market.total(market.jo), market.house()), booked, "nothing was given back");
}

/// A reader that was not heard of may have given the money: that is known later.
#[test]
fn a_refund_that_timed_out_is_open_until_it_is_known() {
    let (mut market, order) = sold(Some(READER_TIMES_OUT));
    market.start(market.reader, ReaderTask::RefundPayment(back(order))).unwrap();
    market.settle();
    let refund = market.refund_of(market.reader);
    assert_eq!(market.action(market.reader).status(), ReaderActionStatus::Failed);
    assert_eq!(market.platform.refund(refund).unwrap().state(), &RefundState::AwaitingCard);
    market.wait(hours(2));
    assert_eq!(market.platform.refund(refund).unwrap().status(), RefundStatus::Canceled);
    assert_eq!((market.charge(order).refundable(), market.total(market.jo)), (cad(20_00), 18_00));
}

/// The reader let it go, the same money was given back otherwise, and then it turns out that it was given: a person has to look.
#[test]
fn what_was_given_twice_is_for_a_person_to_look_at() {
    let (mut market, order) = sold(Some(NEVER_ANSWERS));
    let (reader, other) = (market.reader, market.another_reader());
    let all = || NewRefund::of(order).reverse_transfer().refund_application_fee();
    market.start(reader, ReaderTask::RefundPayment(all())).unwrap();
    let first = market.refund_of(reader);
    market.tell(failed(reader, ReaderFailure::CustomerCanceled));
    market.start(other, ReaderTask::RefundPayment(all())).unwrap();
    market.settle();
    assert_eq!((market.total(market.jo), market.house()), (0, -15));
    let late = Fact::RefundSucceeded(fundroute::payments::RefundSucceeded { refund: first });
    assert!(matches!(market.tell(late), FactOutcome::Anomaly(_)));
    assert_eq!((market.total(market.jo), market.house()), (0, -15));
}

/// A refund that the balance does not cover does not wait: the payer stands there.
#[test]
fn a_refund_that_is_not_covered_is_refused() {
    let (mut market, order) = sold(None);
    let account = market.platform.id();
    let by_hand = SetPayoutSchedule { account, schedule: PayoutSchedule::Manual };
    market.platform.handle(Request::new("by hand", Command::SetPayoutSchedule(by_hand))).unwrap();
    let bank = fundroute::simulator::bank_account(market.platform.rulebook(), account, CA, CAD);
    market.platform.accounts().add_external_account("bank", bank).unwrap();
    market.wait(days(10));
    let all = NewPayout::of(cad(2_00 - 15));
    market.platform.handle(Request::new("all", Command::CreatePayout(all))).unwrap();
    let refused =
        market.start(market.reader, ReaderTask::RefundPayment(back(order).keep_transfer().keep_application_fee()));
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), Some("balance_insufficient"));
    assert_eq!((market.charge(order).refundable(), market.payment(order).reader()), (cad(20_00), None));
}

/// Neither takes it.
#[test]
fn a_place_that_was_deleted_gives_nothing_back() {
    let (mut market, order) = sold(None);
    market.platform.locations().delete("close", market.stall).unwrap();
    let refused = market.start(market.reader, ReaderTask::RefundPayment(back(order))).unwrap_err();
    assert_eq!(refused.code(), Some("terminal_reader_invalid_location_for_payment"));
}
