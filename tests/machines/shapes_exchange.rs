//! How what is converted looks when it is written down.

use fundroute::journal::{Changes, Fact, Record, Report};
use fundroute::money::{Currency, Rate, usd};
use fundroute::payments::{DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, NamedDispute};
use fundroute::prelude::*;
use fundroute::routing::{NewTransferReversal, SetExchangeRate};
use fundroute::rulebook::{Price, Table, Vetting};
use fundroute::simulator::World;

use crate::shapes::check;

const CAD: Currency = Currency::CAD;

/// A platform in the United States, a seller in Canada, and what changed on their way.
struct Story {
    platform: Platform,
    world: World,
    journal: Vec<(String, Changes)>,
}

impl Story {
    fn ask(&mut self, name: &str, command: Command) -> fundroute::journal::Answer {
        let decided = self.platform.handle(Request::new(name, command)).unwrap();
        self.journal.push((name.to_owned(), decided.changes));
        decided.answer
    }

    fn tell(&mut self, name: &str, fact: Fact) {
        let report = Report::new(name, self.platform.now(), fact);
        let decided = self.platform.record(&report).unwrap();
        self.journal.push((name.to_owned(), decided.changes));
    }
}

fn rate(from: Currency, to: Currency, mid: &str) -> Command {
    Command::SetExchangeRate(SetExchangeRate::new(from, to, mid.parse().unwrap()))
}

fn story() -> Story {
    let free = Price::new(US, PaymentMethod::Card, USD, Rate::ZERO, 30);
    let mut book = Rulebook::standard().with_vetting(Vetting::ByHost).with_price(free).unwrap();
    let row = "self_serve,US,CA,full,cross_border,0%,destination separate top_up,us";
    let head = "era,platform,account,agreement,lane,fee,flows,source";
    book.read(Table::CrossBorder, &format!("{head}\n{row}\n")).unwrap();
    let platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2).at(12, 0)).unwrap();
    let mut story = Story { platform, world: World::new(), journal: Vec::new() };
    let jo = story.platform.accounts().create("jo", NewAccount::express(Country::CA)).unwrap().answer;
    story.world.settle(&mut story.platform).unwrap();
    story.ask("rate set", rate(EUR, USD, "1.1"));
    story.ask("another rate set", rate(USD, CAD, "1.38343"));
    story.ask("rate replaced", rate(USD, CAD, "1.25"));
    let order = NewPayment::card(eur(100_00)).destination(jo).application_fee(eur(10_01));
    let fundroute::journal::Answer::Payment(sale) = story.ask("charge created", Command::CreatePayment(order)) else {
        panic!("a payment is answered with its id")
    };
    let charge = story.platform.charge_of(sale).unwrap().id();
    story
        .tell("charge succeeded", Fact::ChargeSucceeded(fundroute::payments::ChargeSucceeded::of(charge, eur(100_00))));
    let refund = NewRefund::of(sale).amount(eur(10_00)).reverse_transfer().refund_application_fee();
    story.ask("refund", Command::CreateRefund(refund));
    let other = NewPayment::card(usd(50_00));
    let fundroute::journal::Answer::Payment(other) = story.ask("charge in dollars", Command::CreatePayment(other))
    else {
        panic!("a payment is answered with its id")
    };
    let paid = story.platform.charge_of(other).unwrap().id();
    story.tell("paid", Fact::ChargeSucceeded(fundroute::payments::ChargeSucceeded::of(paid, usd(50_00))));
    let transfer = NewTransfer::to(jo, usd(10_00)).from_payment(other);
    let fundroute::journal::Answer::Transfer(transfer) = story.ask("transfer", Command::CreateTransfer(transfer))
    else {
        panic!("a transfer is answered with its id")
    };
    story.ask("transfer reversed", Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(usd(1_00))));
    let opened = DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount: eur(20_00),
        reason: DisputeReason::Fraudulent,
        case: DisputeCase::Chargeback,
        network: None,
        respond_by: Some(utc(2026, 12, 1)),
        settled: Some(usd(23_00)),
    };
    story.tell("dispute opened", Fact::DisputeOpened(opened));
    let dispute = NamedDispute::from("du_1");
    let change = DisputeChange::FundsWithdrawn;
    story.tell("funds withdrawn", Fact::DisputeChanged(DisputeChanged { dispute, change }));
    story
}

#[test]
fn how_what_is_converted_is_written_down() {
    let story = story();
    let is_converted = |record: &Record| {
        let written = serde_json::to_string(record).unwrap();
        matches!(record, Record::QuotedRate(_)) || written.contains("\"rate\"")
    };
    let records: Vec<_> = story
        .platform
        .records()
        .filter(|record| is_converted(record))
        .map(|record| (record.id().to_string(), record.clone()))
        .collect();
    // Two rates, a charge, two transfers, two reversals, a commission and its refund, a refund and a dispute.
    assert_eq!(records.len(), 11);
    check("exchange_records", &records);
    let entries =
        story.journal.iter().filter_map(|(name, changes)| Some((name.clone(), changes.entries.first()?.clone())));
    check("exchange_entries", &entries.collect::<Vec<_>>());
    let set = rate(USD, CAD, "1.38343");
    check("exchange_requests", &[("SetExchangeRate".to_owned(), Request::new("key-1", set))]);
}
