//! The same facts about an action and its money, in any order, end the same.

use super::*;
use fundroute::calendar::Timestamp;
use fundroute::ids::ObjectId;
use fundroute::journal::{ParkedState, Record};
use fundroute::payments::{
    ChargeAuthorized, ChargeFailed, ChargeFailure, ChargeSubmitted, ChargeSucceeded, DeclineCode, DisputeCase,
    DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, Named, PaymentCard, ReaderFailure, RefundFailed,
    RefundFailure, RefundStatus, RefundSucceeded, RefundUnderWay,
};
use fundroute::payouts::{NewReservePlan, ReserveHoldStatus};
use fundroute::rulebook::CardBrand;
use fundroute::terminal::{
    ReaderActionCanceled, ReaderActionFailed, ReaderActionSucceeded, ReaderActionUpdated, ReaderSeen, ReaderStatus,
    TerminalFact,
};
use std::collections::BTreeMap;

type Pots = Vec<(AccountId, i128, Vec<(Timestamp, i128)>)>;

/// Everything but the journal and that a fact had to wait, with what the world is still asked.
fn outcome(platform: &Platform) -> (BTreeMap<ObjectId, Record>, Pots, Vec<Instruction>) {
    let waited = |record: &Record| matches!(record, Record::ParkedFact(parked) if parked.state == ParkedState::TakenUp);
    let records = platform.records().filter(|record| !waited(record)).map(|record| (record.id(), record.clone()));
    let pots = platform.balances().into_iter().map(|(account, currency)| {
        (account, platform.balance(account, currency).unwrap().available, platform.pending(account, currency))
    });
    (records.collect(), pots.collect(), platform.instructions())
}

/// Calls `see` with every order of the items.
fn orders<T: Clone>(items: &[T], taken: &mut Vec<T>, see: &mut impl FnMut(&[T])) {
    if items.is_empty() {
        see(taken);
    }
    for (place, item) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(place);
        taken.push(item.clone());
        orders(&rest, taken, see);
        taken.pop();
    }
}

/// Tells every order of the facts, each of them twice, and checks that all end the same, at once and a week later. The same news under
/// another name changes no money either.
pub(super) fn all_orders_agree(start: &Market, facts: Vec<(i64, Fact)>) -> Market {
    let told: Vec<Report> = facts
        .into_iter()
        .enumerate()
        .map(|(number, (ago, fact))| {
            let at = start.platform.now().checked_add(hours(-ago)).unwrap();
            Report::new(format!("fact-{number}"), at, fact)
        })
        .collect();
    let mut first = None;
    orders(&told, &mut Vec::new(), &mut |order| {
        let mut market = start.clone();
        for report in order.iter().chain(order) {
            market.platform.record(report).unwrap();
            assert_eq!(market.platform.audit(), [], "{order:#?}");
        }
        let at_once = outcome(&market.platform);
        for report in order {
            let again = Report::new(format!("{} again", report.id), report.at, report.fact.clone());
            let _ = market.platform.record(&again).unwrap();
        }
        assert_eq!(outcome(&market.platform).1, at_once.1, "{order:#?}");
        let mut later = start.clone();
        for report in order {
            later.platform.record(report).unwrap();
        }
        let end = later.clone();
        later.platform.advance_to(start.platform.now().checked_add(days(9)).unwrap()).unwrap();
        let both = (at_once, outcome(&later.platform));
        match &first {
            Some((_, expected)) => assert_eq!(&both, expected, "{order:#?}"),
            None => first = Some((end, both)),
        }
    });
    first.unwrap().0
}

pub(super) fn succeeded(reader: ReaderId) -> Fact {
    Fact::Terminal(TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action: 1 }))
}

pub(super) fn failed(reader: ReaderId, failure: impl Into<ChargeFailure>) -> Fact {
    let failed = ReaderActionFailed { reader, action: 1, failure: failure.into(), message: None };
    Fact::Terminal(TerminalFact::ActionFailed(failed))
}

pub(super) fn canceled(reader: ReaderId) -> Fact {
    Fact::Terminal(TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action: 1 }))
}

pub(super) fn presented(reader: ReaderId, brand: CardBrand) -> Fact {
    let card = PaymentCard::of(brand);
    Fact::Terminal(TerminalFact::ActionUpdated(ReaderActionUpdated { reader, action: 1, card }))
}

fn seen(reader: ReaderId, status: ReaderStatus) -> Fact {
    Fact::Terminal(TerminalFact::Seen(ReaderSeen { reader, status }))
}

/// A payment at a reader, two days ago, of which nothing was heard.
pub(super) fn asked(order: NewPayment) -> (Market, PaymentId, ChargeId) {
    let mut market = Market::open();
    let order = market.pay(order);
    market.start(market.reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    market.platform.advance_to(market.platform.now().checked_add(days(2)).unwrap()).unwrap();
    let charge = market.charge_id(order);
    (market, order, charge)
}

pub(super) fn taken(charge: impl Into<Named>) -> Fact {
    Fact::ChargeSucceeded(ChargeSucceeded::of(charge, cad(20_00)))
}

pub(super) fn interac() -> NewPayment {
    NewPayment::by(PaymentMethod::InteracPresent, cad(20_00)).application_fee(cad(2_00))
}

#[test]
fn every_order_of_a_success_and_its_charge_ends_the_same() {
    let (start, order, charge) = asked(interac());
    let reader = start.reader;
    let facts = vec![
        (40, seen(reader, ReaderStatus::Online)),
        (30, presented(reader, CardBrand::Interac)),
        (28, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() })),
        (25, taken(Named::Reference("outside".to_owned()))),
        (20, succeeded(reader)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!((end.status(order), end.total(end.jo), end.house()), (PaymentStatus::Succeeded, 18_00, 2_00 - 15));
    assert_eq!(end.action(reader).status(), ReaderActionStatus::Succeeded);
}

/// The reader says that it was called off, and that it failed; the card was charged all the same.
#[test]
fn every_order_of_a_race_with_a_cancellation_ends_with_the_money_booked() {
    let (start, order, charge) = asked(interac());
    let reader = start.reader;
    let facts = vec![
        (30, canceled(reader)),
        (28, canceled(reader)),
        (26, failed(reader, ReaderFailure::CustomerCanceled)),
        (25, taken(charge)),
        (20, seen(reader, ReaderStatus::Offline)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!((end.status(order), end.total(end.jo)), (PaymentStatus::Succeeded, 18_00));
    assert_eq!(end.action(reader).failure_code(), Some("customer_canceled"));
    assert_eq!(end.payment(order).reader(), None);
}

#[test]
fn every_order_of_contradicting_answers_ends_the_same() {
    let (start, order, charge) = asked(interac());
    let reader = start.reader;
    let declined = ChargeFailure::Card(DeclineCode::InsufficientFunds);
    let facts = vec![
        (30, failed(reader, declined)),
        (30, failed(reader, ReaderFailure::HardwareFault)),
        (28, Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure: declined })),
        (25, canceled(reader)),
        (20, succeeded(reader)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!((end.status(order), end.house()), (PaymentStatus::RequiresPaymentMethod, 0));
    assert_eq!(end.action(reader).status(), ReaderActionStatus::Succeeded);
}

/// A connection error says nothing about the money: what the world tells of the charge does.
#[test]
fn every_order_of_a_lost_connection_ends_the_same() {
    let manual = NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).manual_capture();
    let (start, order, charge) = asked(manual);
    let reader = start.reader;
    let card = PaymentCard::of(CardBrand::Mastercard);
    let facts = vec![
        (30, failed(reader, ReaderFailure::ConnectionError)),
        (29, failed(reader, ReaderFailure::Timeout)),
        (28, Fact::ChargeAuthorized(ChargeAuthorized::of(charge, cad(20_00)).card(card))),
        (27, presented(reader, CardBrand::Mastercard)),
        (26, presented(reader, CardBrand::Visa)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!((end.status(order), end.action(reader).card()), (PaymentStatus::RequiresCapture, Some(&card)));
}

/// A network that captures at once, told of as held ready as well.
#[test]
fn every_order_of_a_card_held_ready_and_taken_at_once_ends_the_same() {
    let (start, order, charge) = asked(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).manual_capture());
    let reader = start.reader;
    let card = PaymentCard::of(CardBrand::Eftpos);
    let facts = vec![
        (30, Fact::ChargeAuthorized(ChargeAuthorized::of(charge, cad(20_00)).card(card))),
        (29, taken(charge)),
        (28, failed(reader, ReaderFailure::ConnectionError)),
        (27, presented(reader, CardBrand::Eftpos)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!((end.status(order), end.payment(order).amount_received()), (PaymentStatus::Succeeded, cad(20_00)));
    assert_eq!((end.payment(order).amount_capturable(), end.total(end.jo)), (cad(0), 20_00));
}

#[test]
fn every_order_about_a_card_that_was_only_read_ends_the_same() {
    let mut start = Market::open();
    let order = start.order(PaymentMethod::CardPresent);
    let reader = start.reader;
    start.start(reader, ReaderTask::CollectPaymentMethod(order)).unwrap();
    let facts = vec![
        (0, presented(reader, CardBrand::Visa)),
        (0, succeeded(reader)),
        (0, failed(reader, ReaderFailure::Timeout)),
        (0, canceled(reader)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.platform.reader(reader).unwrap().collected(), Some((order, cad(20_00))));
    assert_eq!((end.payment(order).reader(), end.status(order)), (None, PaymentStatus::RequiresPaymentMethod));
}

/// A refund at the reader of which nothing was heard.
pub(super) fn giving_back() -> (Market, RefundId, PaymentId) {
    let mut market = Market::open();
    let order = market.order(PaymentMethod::InteracPresent);
    market.process(order);
    let flos = market.another_reader();
    let back = NewRefund::of(order).amount(cad(5_00)).reverse_transfer().refund_application_fee();
    market.start(flos, ReaderTask::RefundPayment(back)).unwrap();
    market.reader = flos;
    let refund = market.refund_of(flos);
    market.platform.advance_to(market.platform.now().checked_add(days(2)).unwrap()).unwrap();
    (market, refund, order)
}

#[test]
fn every_order_of_a_race_with_a_refund_ends_with_it_booked() {
    let (start, refund, order) = giving_back();
    let reader = start.reader;
    let facts = vec![
        (30, canceled(reader)),
        (28, failed(reader, ReaderFailure::CustomerCanceled)),
        (27, Fact::RefundUnderWay(RefundUnderWay { refund })),
        (25, Fact::RefundSucceeded(RefundSucceeded { refund })),
        (20, succeeded(reader)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    assert_eq!(end.charge(order).refundable(), cad(15_00));
    assert_eq!((end.total(end.jo), end.house()), (18_00 - 4_50, 2_00 - 15 - 50));
}

#[test]
fn every_order_of_a_refund_that_came_to_nothing_ends_the_same() {
    let (start, refund, order) = giving_back();
    let reader = start.reader;
    let facts = vec![(30, canceled(reader)), (29, canceled(reader)), (28, failed(reader, ReaderFailure::Offline))];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.platform.refund(refund).unwrap().status(), RefundStatus::Canceled);
    assert_eq!((end.charge(order).refundable(), end.total(end.jo)), (cad(20_00), 18_00));
}

/// One that was given and came back: the seller's share stays pulled back, as of any refund.
#[test]
fn every_order_of_a_refund_that_came_back_ends_the_same() {
    let (start, refund, order) = giving_back();
    let reader = start.reader;
    let reason = RefundFailure::LostOrStolenCard;
    let facts = vec![
        (30, Fact::RefundSucceeded(RefundSucceeded { refund })),
        (29, failed(reader, ReaderFailure::ConnectionError)),
        (28, Fact::RefundFailed(RefundFailed { refund, reason })),
        (27, canceled(reader)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.platform.refund(refund).unwrap().status(), RefundStatus::Failed);
    assert_eq!((end.charge(order).refundable(), end.total(end.jo)), (cad(20_00), 18_00 - 4_50));
}

/// The payer's bank wants everything back, and a part had been given at the reader that seemed to have stopped.
#[test]
fn every_order_of_a_refund_and_a_dispute_ends_the_same() {
    let (start, refund, order) = giving_back();
    let reader = start.reader;
    let opened = DisputeOpened {
        charge: start.charge_id(order).into(),
        reference: "du_1".to_owned(),
        amount: cad(20_00),
        reason: DisputeReason::Fraudulent,
        case: DisputeCase::Chargeback,
        network: Some(CardBrand::Interac),
        respond_by: Some(start.platform.now().checked_add(days(30)).unwrap()),
        settled: None,
    };
    let change = DisputeChange::FundsWithdrawn;
    let facts = vec![
        (30, canceled(reader)),
        (25, Fact::RefundSucceeded(RefundSucceeded { refund })),
        (20, Fact::DisputeOpened(opened)),
        (19, Fact::DisputeChanged(DisputeChanged { dispute: "du_1".into(), change })),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.platform.refund(refund).unwrap().status(), RefundStatus::Succeeded);
    assert_eq!((end.charge(order).refundable(), end.total(end.jo)), (cad(0), 18_00 - 4_50));
}

/// A quarter of what the seller got is held back, and the reader gives a part back that is larger: whatever is told first, that has it.
#[test]
fn every_order_of_a_refund_that_claims_what_is_held_back_ends_the_same() {
    let mut market = Market::open();
    let plan = NewReservePlan::rolling(market.jo, "25 %".parse().unwrap(), 30);
    market.platform.reserves().create_plan("plan", plan).unwrap();
    let order = market.order(PaymentMethod::InteracPresent);
    market.process(order);
    let reserve = |market: &Market| market.platform.balance(market.jo, CAD).unwrap().risk_reserved;
    // 20.00 came, 18.00 of them the seller's after the commission.
    assert_eq!((market.total(market.jo), reserve(&market)), (18_00 - 5_00, 5_00));
    let reader = market.another_reader();
    let back = NewRefund::of(order).amount(cad(5_00)).reverse_transfer().refund_application_fee();
    market.start(reader, ReaderTask::RefundPayment(back)).unwrap();
    let refund = market.refund_of(reader);
    market.platform.advance_to(market.platform.now().checked_add(days(2)).unwrap()).unwrap();
    assert_eq!(reserve(&market), 5_00, "nothing is let go before it is given");
    let facts = vec![
        (30, canceled(reader)),
        (27, Fact::RefundUnderWay(RefundUnderWay { refund })),
        (25, Fact::RefundSucceeded(RefundSucceeded { refund })),
        (20, succeeded(reader)),
    ];
    let end = all_orders_agree(&market, facts);
    assert_eq!((end.total(end.jo), reserve(&end)), (18_00 - 4_50, 0));
    let hold = end.platform.reserve_hold(end.charge(order).hold().unwrap()).unwrap();
    assert_eq!(hold.status(), ReserveHoldStatus::Consumed);
}

#[test]
fn the_latest_word_about_a_reader_holds() {
    let start = Market::open();
    let mut start = start;
    start.platform.advance_to(start.platform.now().checked_add(days(1)).unwrap()).unwrap();
    let reader = start.reader;
    let facts = vec![
        (5, seen(reader, ReaderStatus::Online)),
        (3, seen(reader, ReaderStatus::Offline)),
        (3, seen(reader, ReaderStatus::Online)),
        (8, seen(reader, ReaderStatus::Offline)),
    ];
    let end = all_orders_agree(&start, facts);
    assert_eq!(end.platform.reader(reader).unwrap().status(), Some(ReaderStatus::Online));
}
