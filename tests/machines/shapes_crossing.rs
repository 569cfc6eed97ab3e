//! How it looks when it is written down what payouts of accounts cost the platform, at home and across borders.

use fundroute::journal::{Answer, Changes, Record};
use fundroute::money::{Currency, Rate};
use fundroute::payouts::{CancelPayout, NewPayout, PayoutSchedule, SetPayoutSchedule};
use fundroute::prelude::*;
use fundroute::routing::SetExchangeRate;
use fundroute::rulebook::{ConversionFee, Vetting};
use fundroute::simulator::{World, bank_account};

use crate::shapes::check;

fn story() -> (Platform, Vec<(String, Changes)>) {
    let free = ConversionFee::new(Rate::ZERO).in_country(DE);
    let book =
        Rulebook::standard().with_connect_prices(true).with_vetting(Vetting::ByHost).with_conversion_fee(free).unwrap();
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2).at(12, 0)).unwrap();
    let mut world = World::new();
    let hans = platform.accounts().create("hans", NewAccount::express(DE)).unwrap().answer;
    let bank = bank_account(platform.rulebook(), hans, DE, EUR);
    platform.accounts().add_external_account("bank", bank).unwrap();
    let rate = |from, to, mid: &str| SetExchangeRate::new(from, to, mid.parse().unwrap());
    let by_hand = SetPayoutSchedule { account: hans, schedule: PayoutSchedule::Manual };
    for (key, command) in [
        ("there", Command::SetExchangeRate(rate(USD, EUR, "0.9"))),
        ("back", Command::SetExchangeRate(rate(EUR, USD, "1.1"))),
        ("by hand", Command::SetPayoutSchedule(by_hand)),
        ("money", Command::CreatePayment(NewPayment::card(usd(1_000_00)))),
    ] {
        platform.handle(Request::new(key, command)).unwrap();
    }
    world.advance(&mut platform, days(4)).unwrap();
    platform.transfers().create("transfer", NewTransfer::to(hans, usd(800_00))).unwrap();
    let mut journal = Vec::new();
    let mut ask = |platform: &mut Platform, name: &str, command| {
        let decided = platform.handle(Request::new(name, command).acting_as(hans)).unwrap();
        journal.push((name.to_owned(), decided.changes));
        decided.answer
    };
    let pay = |minor| Command::CreatePayout(NewPayout::of(Money::new(minor, Currency::EUR)));
    ask(&mut platform, "counted", pay(400_00));
    let Answer::Payout(payout) = ask(&mut platform, "counted too", pay(200_00)) else {
        panic!("a payout is answered with its id")
    };
    ask(&mut platform, "called off", Command::CancelPayout(CancelPayout { payout }));
    let billed = platform.advance_to(utc(2026, 12, 1)).unwrap();
    let bill = |changes: &Changes| {
        changes.records.iter().find_map(|write| {
            let Record::ConnectFees(fees) = &write.record else { return None };
            Some(format!("billed in {}: {}", fees.currency(), fees.item()))
        })
    };
    journal.extend(billed.into_iter().filter_map(|changes| Some((bill(&changes)?, changes))));
    (platform, journal)
}

#[test]
fn how_the_monthly_bill_is_written_down() {
    let (platform, journal) = story();
    let records = platform.records().filter(|record| matches!(record, Record::ConnectFees(_)));
    check("crossing_records", &records.map(|record| (record.id().to_string(), record.clone())).collect::<Vec<_>>());
    check("crossing_changes", &journal);
}
