//! Rules over accounts, and reviews: what each can come to.

use fundroute::ids::{PaymentId, ReviewId, RiskRuleId};
use fundroute::journal::{Answer, Fact};
use fundroute::money::usd;
use fundroute::payments::{DisputeCase, FraudType, FraudWarned, NewPayment, NewRefund, RefundReason};
use fundroute::platform::{Command, Platform};
use fundroute::tools::risk::{
    AssignReview, CloseReview, Condition, Figure, Measure, NewRiskRule, OpenReview, ReviewOf, RiskCommand, RiskOutcome,
    UpdateRiskRule, Verdict,
};

use crate::grid::{Cell, Machine, did, told};
use crate::grid_disputes::opened;
use crate::scene::{Scene, ask, tell};

fn risk(scene: &mut Scene, command: RiskCommand) -> Answer {
    scene.ask(None, Command::Risk(command))
}

fn review(answer: Answer) -> ReviewId {
    let Answer::Review(id) = answer else { panic!("a review is answered with its id") };
    id
}

/// A review of a payment of 100.00 on the platform itself.
fn reviewed(story: fn(&mut Scene, PaymentId, ReviewId)) -> (Platform, (ReviewId, PaymentId)) {
    let mut scene = Scene::us();
    scene.fund();
    let sale = scene.sale(None, NewPayment::card(usd(100_00)));
    let id = review(risk(&mut scene, RiskCommand::OpenReview(OpenReview { of: ReviewOf::Payment(sale) })));
    story(&mut scene, sale, id);
    (scene.platform, (id, sale))
}

fn review_state(platform: &Platform, (id, _): (ReviewId, PaymentId)) -> String {
    let review = platform.review(id).unwrap();
    let assigned = review.assigned_to().map_or_else(String::new, |name| format!(" for {name}"));
    let closed = review.closed().map_or_else(String::new, |(_, reason)| format!(": {reason:?}"));
    format!("{}{closed}{assigned}", review.status())
}

fn closed(scene: &mut Scene, review: ReviewId, verdict: Verdict) {
    risk(scene, RiskCommand::CloseReview(CloseReview { review, verdict }));
}

fn refunded(scene: &mut Scene, sale: PaymentId) {
    scene.ask(None, Command::CreateRefund(NewRefund::of(sale)));
}

fn disputed(scene: &mut Scene, sale: PaymentId) {
    let fact = opened(&scene.platform, sale, DisputeCase::Chargeback);
    scene.tell(fact);
}

fn command(platform: &mut Platform, command: RiskCommand) -> Cell {
    did(ask(platform, "x", None, Command::Risk(command)))
}

#[test]
fn review_of_a_payment() {
    let mut machine = Machine::new("review", "A review of a payment of 100.00, and what ends it.", review_state);
    machine.row("open", reviewed(|_, _, _| ()));
    machine.row(
        "open for ana",
        reviewed(|scene, _, review| {
            risk(scene, RiskCommand::AssignReview(AssignReview { review, to: Some("ana".to_owned()) }));
        }),
    );
    machine.row("closed: Approved", reviewed(|scene, _, id| closed(scene, id, Verdict::Approve)));
    machine.row("closed: Upheld", reviewed(|scene, _, id| closed(scene, id, Verdict::Uphold)));
    machine.row("closed: Refunded", reviewed(|scene, sale, _| refunded(scene, sale)));
    machine.row("closed: Disputed", reviewed(|scene, sale, _| disputed(scene, sale)));
    for (name, to) in [("assign to bo", Some("bo")), ("assign to nobody", None), ("assign to nothing", Some(""))] {
        machine.column(name, move |platform, (review, _)| {
            command(platform, RiskCommand::AssignReview(AssignReview { review, to: to.map(str::to_owned) }))
        });
    }
    for (name, verdict) in [("approve", Verdict::Approve), ("uphold", Verdict::Uphold)] {
        machine.column(name, move |platform, (review, _)| {
            command(platform, RiskCommand::CloseReview(CloseReview { review, verdict }))
        });
    }
    machine.column("open another", |platform, (_, sale)| {
        command(platform, RiskCommand::OpenReview(OpenReview { of: ReviewOf::Payment(sale) }))
    });
    machine.column("refund 1.00", |platform, (_, sale)| {
        did(ask(platform, "x", None, Command::CreateRefund(NewRefund::of(sale).amount(usd(1_00)))))
    });
    machine.column("refund all", |platform, (_, sale)| {
        did(ask(platform, "x", None, Command::CreateRefund(NewRefund::of(sale))))
    });
    machine.column("refund for fraud", |platform, (_, sale)| {
        let refund = NewRefund { reason: Some(RefundReason::Fraudulent), ..NewRefund::of(sale) };
        did(ask(platform, "x", None, Command::CreateRefund(refund)))
    });
    for (name, case) in [("inquiry", DisputeCase::Inquiry), ("dispute", DisputeCase::Chargeback)] {
        machine.column(name, move |platform, (_, sale)| {
            let (fact, now) = (opened(platform, sale, case), platform.now());
            told(tell(platform, "x", now, fact))
        });
    }
    machine.column("fraud warning", |platform, (_, sale)| {
        let charge = platform.payment(sale).unwrap().latest_charge().unwrap().into();
        let warned = FraudWarned { charge, reference: "w".to_owned(), fraud_type: FraudType::Misc };
        let now = platform.now();
        told(tell(platform, "x", now, Fact::FraudWarned(warned)))
    });
    machine.column("as an account", |platform, (review, _)| {
        let connected = |record: &fundroute::journal::Record| {
            let fundroute::journal::Record::Account(account) = record else { return None };
            (!account.is_platform()).then(|| account.id())
        };
        let account = platform.records().find_map(connected);
        let close = RiskCommand::CloseReview(CloseReview { review, verdict: Verdict::Approve });
        did(ask(platform, "x", account, Command::Risk(close)))
    });
    machine.check();
}

/// What a rule that is about an express seller has come to, and what stands in the seller's way.
type Ruled = (RiskRuleId, fundroute::ids::AccountId);

fn rule_state(platform: &Platform, (rule, seller): Ruled) -> String {
    let known = platform.risk_rule(rule).unwrap();
    let rule_is = match (known.removed(), known.is_enabled()) {
        (Some(_), _) => "removed",
        (None, true) => "on",
        (None, false) => "off",
    };
    let open = platform.open_reviews().into_iter().filter(|review| review.finding().is_some_and(|of| of.rule == rule));
    let measures: Vec<&str> = open
        .map(|review| match review.finding().unwrap().measure {
            Measure::None => "review",
            Measure::InForce => "in force",
            Measure::Impossible => "impossible",
            Measure::Paused { payments: true, .. } => "paused",
            Measure::Paused { payments: false, .. } => "held",
            Measure::Reserved(_) => "reserved",
        })
        .collect();
    let account = platform.account(seller).unwrap();
    let standing = account.standing();
    let stops = format!("{}{}", u8::from(standing.payments_paused), u8::from(standing.payouts_paused));
    let reserve = if account.has_reserve_plan() { " plan" } else { "" };
    format!("{rule_is} [{}] {stops}{reserve}", measures.join(" "))
}

fn ruled(outcome: RiskOutcome, story: fn(&mut Scene, Ruled)) -> (Platform, Ruled) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let sold = Condition::at_least_amount(Figure::Volume { days: 7 }, usd(50_00));
    let answer = risk(&mut scene, RiskCommand::CreateRule(NewRiskRule::new("sold", sold, outcome)));
    let Answer::RiskRule(rule) = answer else { panic!("a rule is answered with its id") };
    let ids = (rule, scene.express);
    let sale = NewPayment::card(usd(60_00)).destination(scene.express);
    scene.sale(None, sale);
    story(&mut scene, ids);
    (scene.platform, ids)
}

fn assessed(scene: &mut Scene, (_, seller): Ruled) {
    risk(scene, RiskCommand::Assess(seller));
}

/// Everything that a rule comes to.
fn rows(machine: &mut Machine<Ruled>) {
    let reserve = RiskOutcome::SetReserve { percent: "25 %".parse().unwrap(), days: 30 };
    machine.row("on [] 00", ruled(RiskOutcome::Review, |_, _| ()));
    machine.row("on [review] 00", ruled(RiskOutcome::Review, assessed));
    machine.row("on [] 00, allows", ruled(RiskOutcome::Allow, assessed));
    machine.row("on [held] 01", ruled(RiskOutcome::HoldPayouts, assessed));
    machine.row("on [paused] 11", ruled(RiskOutcome::Pause, assessed));
    machine.row("on [reserved] 00 plan", ruled(reserve, assessed));
    machine.row(
        "on [in force] 01",
        ruled(RiskOutcome::HoldPayouts, |scene, ids| {
            let stop = fundroute::accounts::SetPause { account: ids.1, payments: None, payouts: Some(true) };
            scene.ask(None, Command::SetPause(stop));
            assessed(scene, ids);
        }),
    );
    machine.row(
        "off [] 00",
        ruled(RiskOutcome::Pause, |scene, (rule, _)| {
            risk(scene, RiskCommand::UpdateRule(UpdateRiskRule::of(rule).enabled(false)));
        }),
    );
    machine.row(
        "removed [] 00",
        ruled(RiskOutcome::Pause, |scene, (rule, _)| {
            risk(scene, RiskCommand::RemoveRule(rule));
        }),
    );
}

#[test]
fn risk_rule() {
    let mut machine = Machine::new(
        "risk_rule",
        "A rule about whoever sells for 50.00 in a week, a seller of 60.00, its open reviews, and whether payments and payouts are stopped.",
        rule_state,
    );
    rows(&mut machine);
    machine.column("assess", |platform, (_, seller)| command(platform, RiskCommand::Assess(seller)));
    machine.column("the night", |platform, _| {
        let midnight = platform.now().midnight().plus_days(1)?;
        platform.advance_to(midnight)?;
        Ok(crate::grid::Did::Done)
    });
    for (name, verdict) in [("approve", Verdict::Approve), ("uphold", Verdict::Uphold)] {
        machine.column(name, move |platform, _| {
            let Some(review) = platform.open_reviews().first().map(|review| review.id()) else {
                return Ok(crate::grid::Did::Nothing);
            };
            command(platform, RiskCommand::CloseReview(CloseReview { review, verdict }))
        });
    }
    machine.column("approve, assess", |platform, (_, seller)| {
        let Some(review) = platform.open_reviews().first().map(|review| review.id()) else {
            return Ok(crate::grid::Did::Nothing);
        };
        let close = RiskCommand::CloseReview(CloseReview { review, verdict: Verdict::Approve });
        ask(platform, "x", None, Command::Risk(close))?;
        did(ask(platform, "y", None, Command::Risk(RiskCommand::Assess(seller))))
    });
    machine.column("switch off", |platform, (rule, _)| {
        command(platform, RiskCommand::UpdateRule(UpdateRiskRule::of(rule).enabled(false)))
    });
    machine.column("change nothing", |platform, (rule, _)| {
        command(platform, RiskCommand::UpdateRule(UpdateRiskRule::of(rule)))
    });
    machine.column("a window of 0 days", |platform, (rule, _)| {
        let none = Condition::at_least(Figure::Payments { days: 0 }, 1);
        command(platform, RiskCommand::UpdateRule(UpdateRiskRule::of(rule).condition(none)))
    });
    machine.column("a reserve of 0 %", |platform, (rule, _)| {
        let none = RiskOutcome::SetReserve { percent: "0 %".parse().unwrap(), days: 1 };
        command(platform, RiskCommand::UpdateRule(UpdateRiskRule::of(rule).outcome(none)))
    });
    machine.column("remove", |platform, (rule, _)| command(platform, RiskCommand::RemoveRule(rule)));
    machine.column("assess the platform", |platform, _| {
        let house = platform.id();
        command(platform, RiskCommand::Assess(house))
    });
    machine.check();
}
