//! How what is asked and told about readers looks when it is written down.

use fundroute::ids::{LocationId, PaymentId, ReaderId};
use fundroute::journal::{Fact, Report};
use fundroute::money::usd;
use fundroute::payments::{NewRefund, PaymentCard, ReaderFailure};
use fundroute::platform::{Command, Request};
use fundroute::rulebook::{CardBrand, Country};
use fundroute::terminal::{
    Address, CancelReaderAction, Cart, DeviceType, NewConnectionToken, NewLocation, NewReader, ReaderActionCanceled,
    ReaderActionFailed, ReaderActionSucceeded, ReaderActionUpdated, ReaderCardSaved, ReaderSeen, ReaderStatus,
    ReaderTask, SavedCard, StartReaderAction, TerminalCommand, TerminalFact, UpdateLocation, UpdateReader,
};

use crate::scene::noon;
use crate::shapes::{check, variant};

fn commands() -> Vec<TerminalCommand> {
    let (location, reader) = (LocationId::from_host([1; 14]), ReaderId::from_host([2; 14]));
    let address = Address::new(Country::US, "1 Market Street", "94105").city("San Francisco").state("CA");
    vec![
        TerminalCommand::CancelReaderAction(CancelReaderAction { reader }),
        TerminalCommand::CreateConnectionToken(NewConnectionToken::at(location)),
        TerminalCommand::CreateLocation(NewLocation::new("Stall", address.clone().line2("Hall 7"))),
        TerminalCommand::DeleteLocation(location),
        TerminalCommand::DeleteReader(reader),
        TerminalCommand::RegisterReader(
            NewReader::new(location, DeviceType::VerifoneP400).label("till").serial_number("7"),
        ),
        TerminalCommand::UpdateLocation(UpdateLocation::new(location).display_name("Stall 7").address(address)),
        TerminalCommand::UpdateReader(UpdateReader { reader, label: "till 2".to_owned() }),
    ]
}

fn tasks() -> Vec<ReaderTask> {
    let payment = PaymentId::from_host([3; 14]);
    vec![
        ReaderTask::CollectInputs("form-7".to_owned()),
        ReaderTask::CollectPaymentMethod(payment),
        ReaderTask::ConfirmPaymentIntent(payment),
        ReaderTask::PrintContent("receipt-7".to_owned()),
        ReaderTask::ProcessPaymentIntent(payment),
        ReaderTask::ProcessSetupIntent("season-7".to_owned()),
        ReaderTask::RefundPayment(NewRefund::of(payment).amount(usd(5_00)).reverse_transfer()),
        ReaderTask::SetReaderDisplay(Cart::of(usd(7_00)).line("Honey", usd(3_50), 2).tax(usd(50))),
    ]
}

#[test]
fn what_is_asked_about_readers() {
    let reader = ReaderId::from_host([2; 14]);
    let plain = commands().into_iter().map(|command| (variant(&command), command));
    let starts = tasks().into_iter().map(|task| {
        (
            format!("StartReaderAction: {}", variant(&task)),
            TerminalCommand::StartReaderAction(StartReaderAction { reader, task }),
        )
    });
    let named = |(name, command)| (name, Request::new("key-1", Command::Terminal(command)));
    check("terminal_requests", &plain.chain(starts).map(named).collect::<Vec<_>>());
}

#[test]
fn what_is_told_about_readers() {
    let (reader, action) = (ReaderId::from_host([2; 14]), 7);
    let (failure, message) = (ReaderFailure::CustomerCanceled.into(), Some("Canceled".to_owned()));
    let card = PaymentCard::of(CardBrand::Interac);
    let facts = [
        TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action }),
        TerminalFact::ActionFailed(ReaderActionFailed { reader, action, failure, message }),
        TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }),
        TerminalFact::ActionUpdated(ReaderActionUpdated { reader, action, card }),
        TerminalFact::CardSaved(ReaderCardSaved { reader, action, saved: SavedCard::under("pm_7").card(card) }),
        TerminalFact::Seen(ReaderSeen { reader, status: ReaderStatus::Offline }),
    ];
    let named = facts.map(|fact| (variant(&fact), Report::new("evt_1", noon(), Fact::Terminal(fact))));
    check("terminal_reports", &named);
}
