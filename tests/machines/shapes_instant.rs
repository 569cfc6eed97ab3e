//! How payouts within minutes look when they are written down: what is lent to them, their price, and what a day allows.

use fundroute::ids::{AccountId, PayoutId};
use fundroute::journal::{Answer, Changes, Fact, Record};
use fundroute::money::{Currency, usd};
use fundroute::payments::NewPayment;
use fundroute::payouts::{CancelPayout, NewPayout, PayoutFailed, SetInstantPrice};
use fundroute::platform::{Command, Platform, Request};
use fundroute::routing::{Fee, NewApplicationFeeRefund};

use crate::scene::Scene;
use crate::shapes::check;

struct Story {
    platform: Platform,
    seller: AccountId,
    journal: Vec<(String, Changes)>,
}

impl Story {
    fn ask(&mut self, name: &str, on: Option<AccountId>, command: Command) -> Answer {
        let request = Request::new(name, command);
        let request = if let Some(account) = on { request.acting_as(account) } else { request };
        let decided = self.platform.handle(request).unwrap();
        self.journal.push((name.to_owned(), decided.changes));
        decided.answer
    }

    fn pay(&mut self, name: &str, minor: i64) -> PayoutId {
        let payout = Command::CreatePayout(NewPayout::of(usd(minor)).instant());
        let Answer::Payout(payout) = self.ask(name, Some(self.seller), payout) else {
            panic!("a payout is answered with its id")
        };
        payout
    }
}

fn price() -> Command {
    let price = Fee::percent("2 %".parse().unwrap()).plus(usd(25)).at_least(usd(50));
    Command::SetInstantPrice(SetInstantPrice { currency: Currency::USD, price: Some(price) })
}

fn story() -> Story {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    scene.sale(None, NewPayment::card(usd(100_00)).destination(seller));
    let book = scene.platform.rulebook().clone().with_instant_limit_of_accounts(usd(1_000_00));
    let (snapshot, now) = (scene.platform.snapshot(), scene.platform.now());
    let platform = Platform::restore(book, snapshot, now);
    let mut story = Story { platform, seller, journal: Vec::new() };
    story.ask("price set", None, price());
    let payout = story.pay("lent", 250_00);
    let now = story.platform.now();
    let failed = Fact::PayoutFailed(PayoutFailed { payout, failure_code: "exceeds_amount_limit".to_owned() });
    let told = story.platform.record(&fundroute::journal::Report::new("failed", now, failed)).unwrap();
    story.journal.push(("failed".to_owned(), told.changes));
    let fee = story.platform.payout(payout).unwrap().application_fee().unwrap();
    story.ask("price given back", None, Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee)));
    let payout = story.pay("lent again", 290_00);
    story.ask("canceled", Some(seller), Command::CancelPayout(CancelPayout { payout }));
    story
}

#[test]
fn how_payouts_within_minutes_are_written_down() {
    let story = story();
    let is_ours = |record: &Record| {
        matches!(record, Record::InstantTerms(_) | Record::Payout(_) | Record::ApplicationFee(_))
            || matches!(record, Record::ApplicationFeeRefund(_))
    };
    let records = story.platform.records().filter(|record| is_ours(record));
    let records: Vec<_> = records.map(|record| (record.id().to_string(), record.clone())).collect();
    check("instant_records", &records);
    let entries =
        story.journal.iter().filter_map(|(name, changes)| Some((name.clone(), changes.entries.first()?.clone())));
    check("instant_entries", &entries.collect::<Vec<_>>());
    check("instant_changes", &story.journal);
    check("instant_requests", &[("SetInstantPrice".to_owned(), Request::new("key-1", price()))]);
}
