//! How rules over accounts, what is counted and reviews look when they are written down.

use fundroute::journal::{Answer, Changes, Record};
use fundroute::money::usd;
use fundroute::payments::NewPayment;
use fundroute::platform::{Command, Request};
use fundroute::tools::risk::{
    AssignReview, CloseReview, Condition, Figure, NewRiskRule, OpenReview, ReviewOf, RiskCommand, RiskOutcome, Share,
    UpdateRiskRule, Verdict,
};

use crate::scene::Scene;
use crate::shapes::check;

#[test]
fn how_rules_and_reviews_are_written_down() {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    let mut journal: Vec<(String, Changes)> = Vec::new();
    let mut requests: Vec<(String, Request)> = Vec::new();
    let mut ask = |scene: &mut Scene, name: &str, command: RiskCommand| {
        let request = Request::new(name, Command::Risk(command));
        let decided = scene.platform.handle(request.clone()).unwrap();
        journal.push((name.to_owned(), decided.changes));
        requests.push((name.to_owned(), request));
        decided.answer
    };
    let sold = Condition::at_least_amount(Figure::Volume { days: 7 }, usd(50_00));
    let reserve = RiskOutcome::SetReserve { percent: "25 %".parse().unwrap(), days: 30 };
    let new = NewRiskRule::new("sold", sold, reserve);
    let Answer::RiskRule(rule) = ask(&mut scene, "made", RiskCommand::CreateRule(new)) else { panic!("no rule") };
    let refunds = Figure::RefundRate { days: 30, of: Share::Number, least: 10 };
    let refunds = Condition::at_least_rate(refunds, "5 %".parse().unwrap());
    let new = NewRiskRule::new("refunds", refunds, RiskOutcome::HoldPayouts).at_place(0);
    let Answer::RiskRule(other) = ask(&mut scene, "another", RiskCommand::CreateRule(new)) else { panic!("no rule") };
    ask(&mut scene, "changed", RiskCommand::UpdateRule(UpdateRiskRule::of(other).enabled(false).at_place(9)));
    let sale = scene.sale(None, NewPayment::card(usd(60_00)).destination(seller));
    ask(&mut scene, "assessed", RiskCommand::Assess(seller));
    let review = scene.platform.open_reviews()[0].id();
    assert_eq!(scene.platform.review(review).unwrap().finding().unwrap().rule, rule);
    let manual = RiskCommand::OpenReview(OpenReview { of: ReviewOf::Payment(sale) });
    let Answer::Review(manual) = ask(&mut scene, "opened", manual) else { panic!("no review") };
    let assign = AssignReview { review: manual, to: Some("ana".to_owned()) };
    ask(&mut scene, "assigned", RiskCommand::AssignReview(assign));
    ask(&mut scene, "closed", RiskCommand::CloseReview(CloseReview { review, verdict: Verdict::Approve }));
    ask(&mut scene, "removed", RiskCommand::RemoveRule(other));
    let is_ours = |record: &&Record| {
        matches!(record, Record::Review(_) | Record::RiskDay(_) | Record::RiskRule(_) | Record::RiskRules(_))
    };
    let records = scene.platform.records().filter(is_ours);
    let records: Vec<_> = records.map(|record| (record.id().to_string(), record.clone())).collect();
    check("risk_records", &records);
    check("risk_changes", &journal);
    check("risk_requests", &requests);
}
