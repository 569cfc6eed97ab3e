//! How schemes of prices look when they are written down, with what they decide.

use fundroute::accounts::Priced;
use fundroute::journal::{Answer, Changes, Record};
use fundroute::money::{Currency, usd};
use fundroute::payments::NewPayment;
use fundroute::payouts::NewPayout;
use fundroute::platform::{Command, Request};
use fundroute::routing::{
    AssignPricing, Excess, Fee, FeePlan, NewPricingScheme, PricingCommand, PricingStatus, UpdatePricingScheme, When,
};
use fundroute::rulebook::CardBrand;

use crate::scene::Scene;
use crate::shapes::check;

fn plan() -> FeePlan {
    let fee = Fee::percent("2 %".parse().unwrap()).discounted("5 %".parse().unwrap());
    FeePlan::builder(Excess::Cap)
        .in_order()
        .rule(When::always().brand(CardBrand::Visa), fee.clone())
        .rule(When::always().currency(Currency::USD).from(usd(50_00)), fee.clone().plus(usd(25)))
        .rule(When::always(), fee.marked_up("10 %".parse().unwrap()))
        .build()
        .unwrap()
}

fn flat() -> FeePlan {
    FeePlan::builder(Excess::Refuse).rule(When::always(), Fee::percent("1 %".parse().unwrap())).build().unwrap()
}

#[test]
fn how_schemes_of_prices_are_written_down() {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    let mut journal: Vec<(String, Changes)> = Vec::new();
    let mut requests: Vec<(String, Request)> = Vec::new();
    let mut ask = |scene: &mut Scene, name: &str, command: Command, on| {
        let request = Request { account: on, ..Request::new(name, command) };
        let decided = scene.platform.handle(request.clone()).unwrap();
        journal.push((name.to_owned(), decided.changes));
        requests.push((name.to_owned(), request));
        decided.answer
    };
    let pricing = Command::Pricing;
    let new = NewPricingScheme::of_payments("sellers", plan());
    let Answer::PricingScheme(scheme) = ask(&mut scene, "made", pricing(PricingCommand::Create(new)), None) else {
        panic!("a scheme is answered with its id")
    };
    ask(&mut scene, "assigned", pricing(PricingCommand::Assign(AssignPricing::to_all(scheme))), None);
    let update = UpdatePricingScheme::of(scheme).plan(flat()).name("flat").status(PricingStatus::Enabled);
    ask(&mut scene, "changed", pricing(PricingCommand::Update(update)), None);
    let minutes = NewPricingScheme::of_instant_payouts("minutes", flat());
    let Answer::PricingScheme(minutes) = ask(&mut scene, "minutes", pricing(PricingCommand::Create(minutes)), None)
    else {
        panic!("a scheme is answered with its id")
    };
    let own = AssignPricing::to_account(seller, minutes).of_instant_payouts();
    ask(&mut scene, "own", pricing(PricingCommand::Assign(own)), None);
    ask(&mut scene, "sale", Command::CreatePayment(NewPayment::card(usd(100_00)).destination(seller)), None);
    ask(&mut scene, "payout", Command::CreatePayout(NewPayout::of(usd(50_00)).instant()), Some(seller));
    let is_assigned = |record: &Record| {
        matches!(record, Record::Account(account) if account.has_pricing())
            || matches!(record, Record::BalanceSettings(settings) if settings.pricing(Priced::Payments).is_some())
            || matches!(record, Record::BalanceSettings(settings) if settings.pricing(Priced::InstantPayouts).is_some())
    };
    let is_ours = |record: &&Record| {
        matches!(record, Record::PricingRules(_) | Record::PricingScheme(_) | Record::Charge(_) | Record::Payout(_))
            || is_assigned(record)
    };
    let records = scene.platform.records().filter(is_ours);
    let records: Vec<_> = records.map(|record| (record.id().to_string(), record.clone())).collect();
    check("pricing_records", &records);
    check("pricing_changes", &journal);
    requests.retain(|(_, request)| matches!(request.command, Command::Pricing(_)));
    check("pricing_requests", &requests);
}
