//! Payments that carry a plan: what each plan has come to, in every state that matters to it, under everything that can be done.

use fundroute::ids::{ChargeId, PaymentId, TransferId};
use fundroute::journal::Fact;
use fundroute::money::{Money, usd};
use fundroute::payments::{
    CapturePayment, ChargeAuthorized, ChargeCaptured, IncrementAuthorization, ManualCapture, NewPayment, NewRefund,
};
use fundroute::platform::{Command, Platform};
use fundroute::routing::{
    CommissionTax, Excess, Fee, FeePlan, NewTransfer, NewTransferReversal, PaymentPlan, SplitPlan, When,
};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, tell};

/// What was received, and what of it the platform has taken, or each recipient has after what went back.
fn state(platform: &Platform, payment: PaymentId) -> String {
    let (known, charge) = (platform.payment(payment).unwrap(), platform.charge_of(payment).unwrap());
    let received = known.amount_received().minor();
    let sent = |id: TransferId| {
        platform.transfer(id).map_or(0, |transfer| transfer.amount().minor() - transfer.amount_reversed().minor())
    };
    let fee = charge.application_fee().map(|fee| platform.application_fee(fee).unwrap());
    let fee = fee.map(|fee| fee.amount().minor() - fee.amount_refunded().minor());
    let shares: Vec<String> = charge.split_transfers().map(|(_, id)| sent(id).to_string()).collect();
    let plan = if known.plan().is_some() { "" } else { " (plan given up)" };
    match (fee, shares.is_empty()) {
        (Some(fee), _) => format!("{received} received: {fee} taken{plan}"),
        (None, false) => format!("{received} received: {} sent{plan}", shares.join(" and ")),
        (None, true) => format!("{received} received{plan}"),
    }
}

/// A fifth, but no less than 1.50, and a tax of a quarter of that.
fn fees(_: &Scene) -> PaymentPlan {
    let fee = Fee::percent("20 %".parse().unwrap()).at_least(usd(1_50));
    let plan = FeePlan::builder(Excess::Refuse).rule(When::always().currency(usd(0).currency()), fee);
    plan.only_in([usd(0).currency()]).tax(CommissionTax::on_top("25 %".parse().unwrap())).build().unwrap().into()
}

/// 1.50 for one, a fifth for the platform, and the rest for another.
fn shares(scene: &Scene) -> PaymentPlan {
    let plan = SplitPlan::builder(Excess::Refuse).amount(scene.express, usd(1_50));
    plan.share(scene.platform.id(), "20 %".parse().unwrap()).rest(scene.standard).build().unwrap().into()
}

type Plan = fn(&Scene) -> PaymentPlan;
type Story = fn(&mut Scene, PaymentId);

fn sale(plan: Plan, story: Story) -> (Platform, PaymentId) {
    let mut scene = Scene::us();
    scene.fund();
    let how = ManualCapture::new().multicapture().incremental();
    let order = NewPayment::card(usd(10_00)).capture_later(how);
    let order = match plan(&scene) {
        PaymentPlan::Commission(plan) => order.destination(scene.express).plan(plan),
        PaymentPlan::Split(plan) => order.plan(plan),
    };
    let payment = scene.start(None, order);
    let charge = scene.charge(payment);
    let mut held = ChargeAuthorized::of(charge, usd(10_00));
    (held.multicapture, held.incremental) = (Some(true), Some(true));
    scene.tell(Fact::ChargeAuthorized(held));
    story(&mut scene, payment);
    (scene.platform, payment)
}

fn captured(charge: ChargeId, capture: u8, amount: Money, is_final: bool) -> Fact {
    Fact::ChargeCaptured(ChargeCaptured { charge: charge.into(), capture, amount, is_final })
}

fn first_half(scene: &mut Scene, payment: PaymentId) {
    let charge = scene.charge(payment);
    scene.tell(captured(charge, 1, usd(5_00), false));
}

fn all(scene: &mut Scene, payment: PaymentId) {
    let charge = scene.charge(payment);
    scene.tell(captured(charge, 1, usd(10_00), true));
}

fn back(payment: PaymentId, amount: i64, platform: &Platform) -> Command {
    let refund = NewRefund::of(payment).amount(usd(amount)).reverse_transfer();
    let has_fee = platform.charge_of(payment).unwrap().application_fee().is_some();
    Command::CreateRefund(if has_fee { refund.refund_application_fee() } else { refund })
}

fn half_back(scene: &mut Scene, payment: PaymentId) {
    all(scene, payment);
    let command = back(payment, 5_00, &scene.platform);
    scene.ask(None, command);
}

fn all_back(scene: &mut Scene, payment: PaymentId) {
    all(scene, payment);
    let command = back(payment, 10_00, &scene.platform);
    scene.ask(None, command);
}

fn check(name: &'static str, about: &'static str, plan: Plan, rows: [&'static str; 5]) {
    let mut machine = Machine::new(name, about, state);
    let stories: [Story; 5] = [|_, _| (), first_half, all, half_back, all_back];
    for (row, story) in rows.into_iter().zip(stories) {
        machine.row(row, sale(plan, story));
    }
    type Asks = fn(PaymentId, &Platform) -> Command;
    let commands: [(&'static str, Asks); 9] = [
        ("capture the rest", |id, _| Command::CapturePayment(CapturePayment::of(id))),
        ("capture 1.00", |id, _| Command::CapturePayment(CapturePayment::of(id).amount(usd(1_00)))),
        ("capture, fee of 0.70", |id, _| Command::CapturePayment(CapturePayment::of(id).application_fee(usd(70)))),
        ("raise to 12.00", |id, _| Command::IncrementAuthorization(IncrementAuthorization::to(id, usd(12_00)))),
        ("refund 3.33", |id, platform| back(id, 3_33, platform)),
        ("refund 3.33 at our cost", |id, _| {
            Command::CreateRefund(NewRefund::of(id).amount(usd(3_33)).keep_transfer().keep_application_fee())
        }),
        ("refund 3.33, unsaid", |id, _| Command::CreateRefund(NewRefund::of(id).amount(usd(3_33)))),
        ("transfer 2.00 of it", |id, platform| {
            let held = platform.balances().into_iter().map(|(account, _)| account);
            let account = held.filter(|account| *account != platform.id()).min().unwrap_or(platform.id());
            Command::CreateTransfer(NewTransfer::to(account, usd(2_00)).from_payment(id))
        }),
        ("take a transfer back", |id, platform| {
            let charge = platform.charge_of(id).unwrap();
            let planned = charge.split_transfers().next().map(|(_, transfer)| transfer);
            let transfer = charge.transfer().or(planned).unwrap_or(TransferId::from_host([9; 14]));
            Command::ReverseTransfer(NewTransferReversal::of(transfer))
        }),
    ];
    for (name, command) in commands {
        machine.column(name, move |platform, payment| {
            let command = command(payment, platform);
            did(ask(platform, "x", None, command))
        });
    }
    let facts: [(&'static str, u8, Money, bool); 3] = [
        ("takes 1.00", 2, usd(1_00), false),
        ("takes 1.00 first", 1, usd(1_00), false),
        ("takes 5.00 for good", 2, usd(5_00), true),
    ];
    for (name, number, amount, is_final) in facts {
        machine.column(name, move |platform, payment| {
            let (charge, now) = (platform.payment(payment)?.latest_charge().unwrap(), platform.now());
            told(tell(platform, "x", now, captured(charge, number, amount, is_final)))
        });
    }
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}

#[test]
fn planned_commission() {
    check(
        "planned_commission",
        "A payment of 10.00 to an account, of which the platform takes a fifth, no less than 1.50, and a tax of a quarter of that.",
        fees,
        [
            "0 received",
            "500 received: 188 taken",
            "1000 received: 250 taken",
            "1000 received: 125 taken",
            "1000 received: 0 taken",
        ],
    );
}

#[test]
fn planned_split() {
    check(
        "planned_split",
        "A payment of 10.00, of which one gets 1.50, the platform a fifth, and another the rest.",
        shares,
        [
            "0 received",
            "500 received: 150 and 250 sent",
            "1000 received: 150 and 650 sent",
            "1000 received: 75 and 325 sent",
            "1000 received: 0 and 0 sent",
        ],
    );
}
