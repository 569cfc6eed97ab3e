//! Cards that are saved at a reader, for later, without being charged.

use super::facts::{all_orders_agree, canceled, failed, presented, succeeded};
use super::*;
use fundroute::accounts::RejectAccount;
use fundroute::journal::AnomalyReason;
use fundroute::payments::{DeclineCode, PaymentCard, ReaderFailure};
use fundroute::rulebook::{Capability, CardBrand};
use fundroute::simulator::READER_LOSES_CONNECTION;
use fundroute::terminal::{
    CancelReaderAction, ReaderCardSaved, SavedCard, TerminalCommand, TerminalError, TerminalEvent, TerminalFact,
};

fn season() -> ReaderTask {
    ReaderTask::ProcessSetupIntent("season-ticket-7".to_owned())
}

fn saved(reader: ReaderId, saved: SavedCard) -> Fact {
    Fact::Terminal(TerminalFact::CardSaved(ReaderCardSaved { reader, action: 1, saved }))
}

/// A reader at the stall that was asked, two days ago, to save a card.
fn asked() -> Market {
    let mut market = Market::open();
    market.start(market.reader, season()).unwrap();
    market.platform.advance_to(market.platform.now().checked_add(days(2)).unwrap()).unwrap();
    market
}

/// docs.stripe.com/terminal/features/saving-payment-details/save-directly (2025): the card is charged online, later.
#[test]
fn example_a_card_is_saved_at_the_stall_and_charged_online_later() {
    let mut market = Market::open();
    let (reader, before) = (market.reader, market.platform.entry_count());
    market.start(reader, season()).unwrap();
    let instructions = market.platform.instructions();
    let [Instruction::Reader(ReaderInstruction::Act { action: 1, what, .. })] = &instructions[..] else {
        panic!("{instructions:?}")
    };
    assert_eq!(
        (what.as_str(), what.setup_intent(), what.payment()),
        ("process_setup_intent", Some("season-ticket-7"), None)
    );
    market.settle();
    assert_eq!(
        (market.action(reader).status(), market.platform.instructions()),
        (ReaderActionStatus::Succeeded, vec![])
    );
    assert_eq!(market.platform.entry_count(), before, "nothing was charged");
    let token = market.action(reader).saved_card().unwrap().token.clone();
    let later = market.pay(NewPayment::card(cad(20_00)).token(token).application_fee(cad(2_00)));
    market.settle();
    assert_eq!((market.status(later), market.total(market.jo)), (PaymentStatus::Succeeded, 18_00));
}

#[test]
fn a_card_that_is_declined_is_not_saved() {
    let mut market = Market::open();
    market.start(market.reader, ReaderTask::ProcessSetupIntent(DECLINED.to_owned())).unwrap();
    market.settle();
    let action = market.action(market.reader);
    assert_eq!((action.failure_code(), action.saved_card()), (Some("card_declined"), None));
}

/// The account's own reader saves cards for the account, and nobody else's does.
#[test]
fn cards_are_saved_for_whom_the_reader_belongs_to() {
    let mut market = Market::open();
    let (flo, flos, reader) = (market.flo, market.flos, market.reader);
    assert_eq!(market.start(flos, season()), Err(TerminalError::ReaderNotOnAccount(flos).into()));
    let mut acting = market.platform.acting_as(flo).unwrap();
    let refused = acting.readers().process_setup_intent("x", reader, "season");
    assert_eq!(refused, Err(TerminalError::ReaderNotOnAccount(reader).into()));
    let decided = acting.readers().process_setup_intent("y", flos, "season").unwrap();
    assert_eq!(decided.answer, flos);
    let now = market.platform.now();
    let card = SavedCard::under("pm_7");
    let told = market.platform.readers().record_card_saved("evt", now, (flos, 1), card.clone()).unwrap();
    let [event] = told.changes.events[..] else { panic!("one event") };
    assert_eq!(
        (event.kind, event.object, event.account),
        (TerminalEvent::ActionSucceeded.into(), flos.into(), Some(flo))
    );
    assert_eq!(market.action(flos).saved_card(), Some(&card));
}

#[test]
fn no_card_is_saved_where_none_could_be_charged() {
    let mut market = Market::open();
    let (reader, stall) = (market.reader, market.stall);
    for text in ["", " \n", &"x".repeat(256)] {
        let refused = market.start(reader, ReaderTask::ProcessSetupIntent(text.to_owned())).unwrap_err();
        let Error::Terminal(TerminalError::TextInvalid { what: "setup_intent", .. }) = refused else {
            panic!("{refused}")
        };
    }
    market.start(reader, ReaderTask::ProcessSetupIntent("ü".repeat(255))).unwrap();
    assert_eq!(market.start(reader, season()), Err(TerminalError::ReaderBusy(reader).into()));
    market.settle();
    market.platform.locations().delete("gone", stall).unwrap();
    let invalid = TerminalError::InvalidLocation { reader, location: stall, country: CA };
    assert_eq!(market.start(reader, season()), Err(invalid.into()));
    let (jo, key) = (market.jo, market.key());
    let reason = fundroute::accounts::RejectReason::FraudOther;
    let (stall, till) = {
        let mut jos = market.platform.acting_as(jo).unwrap();
        let stall = jos.locations().create("jos", NewLocation::new("Jo's own", toronto())).unwrap().answer;
        (stall, jos.readers().register("jos till", NewReader::new(stall, DeviceType::StripeS700)).unwrap().answer)
    };
    let reject = RejectAccount { account: jo, reason, payouts: Default::default() };
    market.platform.handle(Request::new(key, Command::RejectAccount(reject))).unwrap();
    let refused = market.platform.acting_as(jo).unwrap().readers().process_setup_intent("late", till, "season");
    let Error::Account(refused) = refused.unwrap_err() else { panic!("it cannot take cards, at {stall}") };
    let capability = Capability::CardPayments;
    assert_eq!(refused, fundroute::accounts::AccountError::CapabilityNotActive { account: jo, capability });
}

/// The bank is asked about a card that is saved, so once one was presented the reader does not stop.
#[test]
fn a_reader_that_saves_a_card_stops_until_one_is_presented() {
    let mut market = asked();
    let reader = market.reader;
    let stop = || Command::Terminal(TerminalCommand::CancelReaderAction(CancelReaderAction { reader }));
    let mut other = market.clone();
    other.platform.handle(Request::new("stop", stop())).unwrap();
    other.settle();
    assert_eq!(other.action(reader).status(), ReaderActionStatus::Canceled);
    market.tell(presented(reader, CardBrand::Visa));
    let refused = market.platform.handle(Request::new("stop", stop()));
    assert_eq!(refused, Err(TerminalError::ReaderBusy(reader).into()));
}

/// A card that was read for a payment is not there any more after another one was presented.
#[test]
fn a_card_that_was_read_is_forgotten_for_one_that_is_saved() {
    let mut market = Market::open();
    let (order, reader) = (market.order(PaymentMethod::CardPresent), market.reader);
    market.start(reader, ReaderTask::CollectPaymentMethod(order)).unwrap();
    market.settle();
    assert!(market.platform.reader(reader).unwrap().collected().is_some());
    market.start(reader, season()).unwrap();
    market.settle();
    let refused = market.start(reader, ReaderTask::ConfirmPaymentIntent(order));
    assert_eq!(refused, Err(TerminalError::NotCollected { reader, payment: order }.into()));
}

#[test]
fn every_order_of_what_is_told_of_a_saved_card_ends_the_same() {
    for late in [false, true] {
        let mut start = asked();
        let reader = start.reader;
        if late {
            start.tell(failed(reader, ReaderFailure::Timeout));
            start.start(reader, ReaderTask::PrintContent("receipt".to_owned())).unwrap();
            start.platform.advance_to(start.platform.now().checked_add(days(2)).unwrap()).unwrap();
        }
        let visa = SavedCard::under("pm_7").card(PaymentCard::of(CardBrand::Visa));
        let facts = vec![
            (30, saved(reader, visa.clone())),
            (29, saved(reader, SavedCard::under("pm_8"))),
            (31, canceled(reader)),
            (28, failed(reader, DeclineCode::DoNotHonor)),
            (27, succeeded(reader)),
        ];
        let end = all_orders_agree(&start, facts);
        let action = end.platform.reader_action(reader, 1).unwrap();
        assert_eq!((action.status(), action.saved_card()), (ReaderActionStatus::Succeeded, Some(&visa)));
    }
}

/// The reader told too early that nothing was saved, and does something else when the token is known.
#[test]
fn a_card_that_was_saved_without_a_connection_is_known_later() {
    let mut market = Market::with(Some(READER_LOSES_CONNECTION));
    let reader = market.reader;
    market.start(reader, season()).unwrap();
    market.settle();
    assert_eq!(market.action(reader).failure_code(), Some("connection_error"));
    market.start(reader, ReaderTask::CollectInputs("form".to_owned())).unwrap();
    market.wait(hours(1));
    let action = market.platform.reader_action(reader, 1).unwrap();
    let token = action.saved_card().map(|card| card.token.as_str());
    assert_eq!((action.status(), token), (ReaderActionStatus::Succeeded, Some("season-ticket-7")));
}

/// A success without a token is a success; the token is news when it is told.
#[test]
fn the_token_can_be_told_after_the_success() {
    let mut market = asked();
    let (reader, now) = (market.reader, market.platform.now());
    assert_eq!(market.tell(succeeded(reader)), FactOutcome::Applied);
    assert_eq!(market.action(reader).saved_card(), None);
    let card = SavedCard::under("pm_7");
    let told = market.platform.readers().record_card_saved("evt", now, (reader, 1), card.clone()).unwrap();
    let events: Vec<_> = told.changes.events.iter().map(|event| event.kind).collect();
    assert_eq!((told.answer, events), (FactOutcome::Applied, vec![TerminalEvent::ActionUpdated.into()]));
    assert_eq!(market.action(reader).saved_card(), Some(&card));
    assert_eq!(market.tell(saved(reader, card)), FactOutcome::Stale);
}

/// What nobody asked for, and a token that cannot be one, wait for a person; the action is untouched.
#[test]
fn cards_that_were_not_to_be_saved_are_anomalies() {
    let reason = |market: &mut Market, fact: Fact| {
        let FactOutcome::Anomaly(id) = market.tell(fact) else { panic!("an anomaly") };
        market.platform.anomaly(id).unwrap().reason
    };
    let mut market = asked();
    let reader = market.reader;
    for token in ["", " ", &"x".repeat(256)] {
        assert_eq!(reason(&mut market, saved(reader, SavedCard::under(token))), AnomalyReason::TokenInvalid);
        assert_eq!(market.action(reader).status(), ReaderActionStatus::InProgress);
    }
    assert_eq!(market.tell(saved(reader, SavedCard::under("x".repeat(255)))), FactOutcome::Applied);
    let cart = ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1));
    for task in [cart, ReaderTask::CollectInputs("form".to_owned())] {
        let mut market = Market::open();
        market.start(reader, task).unwrap();
        assert_eq!(reason(&mut market, saved(reader, SavedCard::under("pm_7"))), AnomalyReason::NotAsked);
        market.settle();
        market.start(reader, season()).unwrap();
        assert_eq!(reason(&mut market, saved(reader, SavedCard::under("pm_7"))), AnomalyReason::NotAsked);
    }
}
