//! Schemes of prices: which is in force for an account, in every state that matters to it, under everything that can be done.

use fundroute::ids::{AccountId, PaymentId, PricingSchemeId};
use fundroute::journal::{Answer, Fact};
use fundroute::money::usd;
use fundroute::payments::{CapturePayment, ChargeAuthorized, ChargeSucceeded, ManualCapture, NewPayment};
use fundroute::platform::{Command, Platform};
use fundroute::routing::{
    AssignPricing, Excess, Fee, FeePlan, NewPricingScheme, PricingCommand, PricingStatus, UpdatePricingScheme, When,
};

use crate::grid::{Did, Machine, did};
use crate::scene::{Scene, ask, tell};

/// The scheme of all accounts, that of one, and the account.
type Schemes = (PricingSchemeId, PricingSchemeId, AccountId);

/// What a sale of 100.00 to the account would bring the platform, by which rules, and under which status each scheme is.
fn state(platform: &Platform, (of_all, own, account): Schemes) -> String {
    let sale = fundroute::platform::NewQuote::of(NewPayment::card(usd(100_00)).destination(account));
    let quote = platform.quote(&sale).unwrap();
    let decides = match quote.pricing {
        Some(rules) if rules.family() == of_all.family() => "all's".to_owned(),
        Some(rules) if rules.family() == own.family() => "own".to_owned(),
        Some(_) => "another".to_owned(),
        None => "none".to_owned(),
    };
    format!("{} by {decides}", quote.application_fee.map_or(0, |fee| fee.minor()))
}

fn plan(percent: &str) -> FeePlan {
    FeePlan::builder(Excess::Refuse).rule(When::always(), Fee::percent(percent.parse().unwrap())).build().unwrap()
}

fn pricing(scene: &mut Scene, command: PricingCommand) -> Answer {
    scene.ask(None, Command::Pricing(command))
}

fn schemes(story: fn(&mut Scene, Schemes)) -> (Platform, Schemes) {
    let (scene, ids) = scene(story);
    (scene.platform, ids)
}

fn scene(story: fn(&mut Scene, Schemes)) -> (Scene, Schemes) {
    let mut scene = Scene::us();
    scene.fund();
    let mut create = |percent| {
        let new = NewPricingScheme::of_payments("prices", plan(percent));
        let Answer::PricingScheme(id) = pricing(&mut scene, PricingCommand::Create(new)) else { panic!("no scheme") };
        id
    };
    let (of_all, own) = (create("10 %"), create("3 %"));
    let ids = (of_all, own, scene.express);
    story(&mut scene, ids);
    (scene, ids)
}

fn assigned(scene: &mut Scene, (of_all, ..): Schemes) {
    pricing(scene, PricingCommand::Assign(AssignPricing::to_all(of_all)));
}

fn own(scene: &mut Scene, schemes: Schemes) {
    assigned(scene, schemes);
    let (_, own, account) = schemes;
    pricing(scene, PricingCommand::Assign(AssignPricing::to_account(account, own)));
}

fn switched_off(scene: &mut Scene, schemes: Schemes) {
    own(scene, schemes);
    let off = UpdatePricingScheme::of(schemes.1).status(PricingStatus::Disabled);
    pricing(scene, PricingCommand::Update(off));
}

#[test]
fn pricing_scheme() {
    let mut machine = Machine::new(
        "pricing_scheme",
        "A scheme of 10 % for all accounts, one of 3 % for an account of its own, and what of a sale of 100.00 to it is taken.",
        state,
    );
    machine.row("0 by none", schemes(|_, _| ()));
    machine.row("1000 by all's", schemes(assigned));
    machine.row("300 by own", schemes(own));
    machine.row("0 by none, own switched off", schemes(switched_off));
    type Asks = fn(Schemes) -> PricingCommand;
    let commands: [(&'static str, Asks); 10] = [
        ("assign to all", |(of_all, ..)| PricingCommand::Assign(AssignPricing::to_all(of_all))),
        ("end for all", |_| PricingCommand::Assign(AssignPricing::end_for_all())),
        ("assign own", |(_, own, account)| PricingCommand::Assign(AssignPricing::to_account(account, own))),
        ("revert own", |(.., account)| PricingCommand::Assign(AssignPricing::revert(account))),
        ("assign for payouts", |(of_all, ..)| {
            PricingCommand::Assign(AssignPricing::to_all(of_all).of_instant_payouts())
        }),
        ("all's to 8 %", |(of_all, ..)| PricingCommand::Update(UpdatePricingScheme::of(of_all).plan(plan("8 %")))),
        ("own to nothing", |(_, own, _)| PricingCommand::Update(UpdatePricingScheme::of(own).plan(plan("0 %")))),
        ("own off", |(_, own, _)| PricingCommand::Update(UpdatePricingScheme::of(own).status(PricingStatus::Disabled))),
        ("own on", |(_, own, _)| PricingCommand::Update(UpdatePricingScheme::of(own).status(PricingStatus::Enabled))),
        ("change nothing", |(_, own, _)| PricingCommand::Update(UpdatePricingScheme::of(own))),
    ];
    for (name, command) in commands {
        machine.column(name, move |platform, ids| did(ask(platform, "x", None, Command::Pricing(command(ids)))));
    }
    machine.column("by the account", |platform, (of_all, _, account)| {
        let command = Command::Pricing(PricingCommand::Assign(AssignPricing::to_all(of_all)));
        did(ask(platform, "x", Some(account), command))
    });
    machine.column("of another", |platform, (_, _, account)| {
        let nobody = PricingSchemeId::from_host([9; 14]);
        let command = Command::Pricing(PricingCommand::Assign(AssignPricing::to_account(account, nobody)));
        did(ask(platform, "x", None, command))
    });
    machine.check();
}

/// What was received of a payment, what the platform took of it, and whether by a scheme.
fn sale_state(platform: &Platform, payment: PaymentId) -> String {
    let charge = platform.charge_of(payment).unwrap();
    let fee = charge.application_fee().map_or(0, |fee| platform.application_fee(fee).unwrap().amount().minor());
    let received = platform.payment(payment).unwrap().amount_received().minor();
    format!("{received} received: {fee}{}", if charge.pricing().is_some() { " by scheme" } else { "" })
}

fn sale(more: fn(NewPayment) -> NewPayment, story: fn(&mut Scene, PaymentId)) -> (Platform, PaymentId) {
    let (mut scene, _) = scene(assigned);
    let payment = scene.start(None, more(NewPayment::card(usd(10_00)).destination(scene.express)));
    story(&mut scene, payment);
    (scene.platform, payment)
}

fn held(scene: &mut Scene, payment: PaymentId) {
    let charge = scene.charge(payment);
    scene.tell(Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00))));
}

#[test]
fn priced_payment() {
    let mut machine = Machine::new(
        "priced_payment",
        "A payment of 10.00 to an account whose sales follow a scheme of 10 %, and what of it the platform takes.",
        sale_state,
    );
    machine.row("0 received: 0 by scheme", sale(|new| new, |_, _| ()));
    machine.row("0 received: 0 by scheme, held", sale(NewPayment::manual_capture, held));
    machine.row(
        "0 received: 0, several captures",
        sale(|new| new.capture_later(ManualCapture::new().multicapture()), held),
    );
    machine.row("0 received: 0, named", sale(|new| new.application_fee(usd(70)), |_, _| ()));
    machine.column("succeeds", |platform, payment| {
        let (charge, now) = (platform.payment(payment)?.latest_charge().unwrap(), platform.now());
        crate::grid::told(tell(platform, "x", now, Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(10_00)))))
    });
    type Asks = fn(PaymentId) -> CapturePayment;
    let captures: [(&'static str, Asks); 4] = [
        ("capture 5.00", |id| CapturePayment::of(id).amount(usd(5_00))),
        ("capture, fee of 0.70", |id| CapturePayment::of(id).application_fee(usd(70))),
        ("capture, fee of 0", |id| CapturePayment::of(id).application_fee(usd(0))),
        ("capture part of 9.00", |id| CapturePayment::of(id).transfer_amount(usd(9_00))),
    ];
    for (name, capture) in captures {
        machine.column(name, move |platform, payment| {
            ask(platform, "x", None, Command::CapturePayment(capture(payment)))?;
            let charge = platform.charge_of(payment)?;
            let Some(fundroute::payments::Asked::Capture { amount, .. }) =
                charge.authorization().and_then(|held| held.asked()).copied()
            else {
                panic!("{charge:?} was asked for no capture")
            };
            let (charge, now) = (charge.id(), platform.now());
            let taken = fundroute::payments::ChargeCaptured::of(charge, usd(amount));
            tell(platform, "y", now, Fact::ChargeCaptured(taken))?;
            Ok(Did::Done)
        });
    }
    machine.check();
}
