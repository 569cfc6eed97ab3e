use fundroute::accounts::{
    AccountError, Action, Actor, Advice, Controller, Dashboard, Denial, FeePayer, Grants, LossBearer,
    RequirementCollector, Scope,
};
use fundroute::prelude::*;
use fundroute::rulebook::{AccountKind, Capability, ChargeType};

use super::Desk;

fn all() -> Vec<Controller> {
    let mut all = Vec::new();
    for dashboard in [Dashboard::Full, Dashboard::Express, Dashboard::None] {
        for fees in
            [FeePayer::Account, FeePayer::Application, FeePayer::ApplicationCustom, FeePayer::ApplicationExpress]
        {
            for losses in [LossBearer::Application, LossBearer::Processor] {
                for requirements in [RequirementCollector::Application, RequirementCollector::Processor] {
                    all.push(Controller { fees, losses, requirements, dashboard });
                }
            }
        }
    }
    all
}

/// docs.stripe.com/connect/migrate-to-controller-properties (2025): five sets, which with the fee payers that only the presets
/// have are seven; two more in preview since 2026-06-24. In each, who collects requirements follows from the others.
#[test]
fn the_valid_controllers_and_no_other() {
    let open: Vec<Controller> = all().into_iter().filter(|controller| controller.check(false).is_ok()).collect();
    assert_eq!((all().len(), open.len()), (48, 7));
    let preview: Vec<Controller> = all().into_iter().filter(|controller| controller.check(true).is_ok()).collect();
    assert_eq!(preview.len(), 9);
    for controller in preview {
        let bears = (controller.dashboard, controller.losses) == (Dashboard::None, LossBearer::Application);
        assert_eq!(controller.requirements == RequirementCollector::Application, bears, "{controller:?}");
    }
    let kinds: Vec<_> = open.iter().filter_map(Controller::kind).collect();
    assert_eq!(kinds, [AccountKind::Standard, AccountKind::Express, AccountKind::Custom]);
    for kind in AccountKind::ALL {
        assert!(Controller::of(kind).check(false).is_ok());
    }
}

#[test]
fn a_controller_that_is_not_open_is_refused() {
    let express =
        Controller { losses: LossBearer::Processor, fees: FeePayer::Account, ..Controller::of(AccountKind::Express) };
    let new = NewAccount::controlled(express, US).request(Capability::Transfers);
    let mut desk = Desk::open();
    let refused = desk.platform.accounts().create("no", new.clone()).map(|decided| decided.answer);
    assert_eq!(refused, Err(AccountError::ControllerNotOpen(express).into()));
    let mut desk = Desk::open_by(Rulebook::standard().with_preview_controllers(true));
    let jo = desk.create(new);
    assert_eq!(desk.platform.account(jo).unwrap().kind(), None);
    let bare = NewAccount::controlled(Controller::of(AccountKind::Custom), US);
    let refused = desk.platform.accounts().create("bare", bare).map(|decided| decided.answer);
    assert_eq!(refused, Err(AccountError::NothingRequested.into()));
    let recipient = NewAccount::standard(US).recipient();
    let refused = desk.platform.accounts().create("recipient", recipient).map(|decided| decided.answer);
    assert_eq!(refused, Err(AccountError::AgreementNotOpen.into()));
}

/// github.com/stripe/ai, Connect recommendation guide (2026): direct charges suit everyone; where the processor bears the losses,
/// charges on the platform are advised against. Nothing is refused for it.
#[test]
fn advice_is_no_refusal() {
    let expected = [
        (AccountKind::Standard, [Advice::Ok, Advice::Avoid, Advice::Avoid]),
        (AccountKind::Express, [Advice::Ok, Advice::Caution, Advice::Caution]),
        (AccountKind::Custom, [Advice::Ok, Advice::Ok, Advice::Ok]),
    ];
    for (kind, expected) in expected {
        let types = [ChargeType::Direct, ChargeType::Destination, ChargeType::Separate];
        assert_eq!(types.map(|charge| Controller::of(kind).advice(charge)), expected, "{kind}");
    }
    let mut desk = Desk::open();
    let al = desk.ready(NewAccount::standard(US));
    assert_eq!(desk.platform.advice(al, ChargeType::Destination), Ok(Advice::Avoid));
    desk.platform.payments().create("anyway", NewPayment::card(usd(10_00)).destination(al)).unwrap();
}

const fn short(actor: Actor) -> &'static str {
    match actor {
        Actor::Platform => "platform",
        Actor::Holder => "holder",
        Actor::Extension(Scope::ReadOnly) => "read_only",
        Actor::Extension(Scope::ReadWrite) => "read_write",
    }
}

/// docs.stripe.com/connect/accounts and /connect/authentication (2024): the table of what a platform may do, by kind.
#[test]
fn the_table_of_permissions_by_kind() {
    let yes = [true, true, true];
    let (not_standard, custom) = ([false, true, true], [false, false, true]);
    let grants = Grants::default();
    let expected = [
        (Action::Read, yes),
        (Action::TakePayments, yes),
        (Action::Transfer, yes),
        (Action::UpdateBusiness, yes),
        (Action::ReadPersonal, yes),
        (Action::WritePersonal, yes),
        (Action::AcceptTerms, custom),
        (Action::ManageExternalAccounts, yes),
        (Action::RequestCapabilities, yes),
        (Action::SetPayoutSchedule, not_standard),
        (Action::CreatePayout, not_standard),
        (Action::ReversePayout, not_standard),
        (Action::SetDelayDays, not_standard),
        (Action::CreateInstantPayout, not_standard),
        (Action::Debit, not_standard),
        (Action::Pause, not_standard),
        (Action::Reserve, not_standard),
        (Action::Reject, not_standard),
        (Action::CreateOnboardingLink, yes),
        (Action::CreateUpdateLink, custom),
        (Action::CreateAccountSession, yes),
        (Action::CreateLoginLink, [false, true, false]),
        (Action::Close, not_standard),
        (Action::Disconnect, [true, false, false]),
    ];
    assert_eq!(expected.map(|(action, _)| action), Action::ALL);
    let kinds = [AccountKind::Standard, AccountKind::Express, AccountKind::Custom];
    for (action, expected) in expected {
        let may = kinds.map(|kind| Controller::of(kind).permits(Actor::Platform, action, grants).is_ok());
        assert_eq!(may, expected, "{action:?}");
        // Locked, a platform loses what it does not collect itself.
        let locked = Grants { locked: true, ..grants };
        let may = kinds.map(|kind| Controller::of(kind).permits(Actor::Platform, action, locked).is_ok());
        let is_data = matches!(action, Action::ReadPersonal | Action::WritePersonal | Action::ManageExternalAccounts);
        assert_eq!(may, if is_data { custom } else { expected }, "{action:?}, locked");
        // With the platform's controls, payouts of a Standard account are its affair too.
        let controls = Grants { platform_controls: true, ..grants };
        let may = Controller::of(AccountKind::Standard).permits(Actor::Platform, action, controls).is_ok();
        let of_payouts = matches!(action, Action::SetPayoutSchedule | Action::CreatePayout);
        assert_eq!(may, expected[0] || of_payouts, "{action:?}, with controls");
        // An extension that reads does nothing else.
        for kind in kinds {
            let reads = Controller::of(kind).permits(Actor::Extension(Scope::ReadOnly), action, grants);
            let looks = matches!(action, Action::Read | Action::Disconnect);
            assert_eq!(reads.is_ok(), looks, "{action:?}");
            assert!(reads.is_ok() || reads == Err(Denial::ReadOnly));
        }
    }
}

/// What the table says is what the facade does: a request by each actor for each command that a holder or an extension could make.
#[test]
fn the_facade_asks_the_table() {
    let actors = [Actor::Holder, Actor::Extension(Scope::ReadOnly), Actor::Extension(Scope::ReadWrite)];
    for kind in AccountKind::ALL {
        let mut desk = Desk::open();
        let mut new = NewAccount::controlled(Controller::of(kind), US);
        for capability in [Capability::CardPayments, Capability::Transfers] {
            new = new.request(capability);
        }
        let jo = desk.ready(new);
        let controller = Controller::of(kind);
        let commands = [
            (Action::TakePayments, Command::CreatePayment(NewPayment::card(usd(10_00)))),
            (Action::CreatePayout, Command::CreatePayout(fundroute::payouts::NewPayout::of(usd(1_00)))),
            (
                Action::UpdateBusiness,
                Command::ProvideInformation(
                    fundroute::accounts::Information::about(jo).set("business_profile.url", "oak.example"),
                ),
            ),
            (
                Action::WritePersonal,
                Command::ProvideInformation(
                    fundroute::accounts::Information::about(jo).set("individual.first_name", "Jo"),
                ),
            ),
        ];
        for actor in actors {
            for (action, command) in &commands {
                let request = Request::new("who", command.clone()).by(actor, jo);
                let denial = controller.permits(actor, *action, Grants::default()).err();
                let denied = match desk.platform.decide(&request) {
                    Err(Error::Account(AccountError::NotPermitted { denial, .. })) => Some(denial),
                    _ => None,
                };
                assert_eq!(denied, denial, "{kind} {} {action:?}", short(actor));
            }
            let alone = Request { account: None, ..Request::new("who", commands[0].1.clone()).by(actor, jo) };
            assert_eq!(desk.platform.decide(&alone).err(), Some(Error::NobodyActedFor));
            let transfer = Command::CreateTransfer(NewTransfer::to(jo, usd(1_00)));
            let request = Request::new("who", transfer).by(actor, jo);
            assert_eq!(desk.platform.decide(&request).err(), Some(Error::NotForAccounts(jo)));
        }
    }
}

/// docs.stripe.com/connect/direct-charges-fee-payer-behavior (2026): who pays the processor for a direct charge, by the controller's
/// fees; a charge on the platform is always the platform's.
#[test]
fn the_fee_payer_pays_for_direct_charges() {
    let none =
        Controller { fees: FeePayer::Application, dashboard: Dashboard::None, ..Controller::of(AccountKind::Standard) };
    let express = Controller { fees: FeePayer::Application, ..Controller::of(AccountKind::Express) };
    let rows = [
        (Controller::of(AccountKind::Standard), true),
        (Controller::of(AccountKind::Express), true),
        (Controller::of(AccountKind::Custom), true),
        (none, false),
        (express, false),
    ];
    for (controller, account_pays) in rows {
        let mut desk = Desk::open();
        let mut new = NewAccount::controlled(controller, US);
        for capability in [Capability::CardPayments, Capability::Transfers] {
            new = new.request(capability);
        }
        let jo = desk.ready(new);
        let sale = NewPayment::card(usd(100_00)).application_fee(usd(10_00));
        let sale = desk.platform.acting_as(jo).unwrap().payments().create("sale", sale).unwrap().answer;
        desk.settle();
        // 2.9 % and 0.30 of 100.00.
        let (own, house) = if account_pays { (86_80, 10_00) } else { (90_00, 6_80) };
        let pending = |desk: &Desk, id| desk.platform.balance(id, USD).unwrap().pending;
        assert_eq!(pending(&desk, jo), own, "{controller:?}");
        assert_eq!(pending(&desk, desk.platform.id()), house, "{controller:?}");
        // A refund gives back the payer's money and the commission, and no fee of the processor's.
        let back = fundroute::payments::NewRefund::of(sale).refund_application_fee();
        desk.platform.acting_as(jo).unwrap().refunds().create("back", back).unwrap();
        assert_eq!(pending(&desk, jo), own - 90_00, "{controller:?}");
        assert_eq!(pending(&desk, desk.platform.id()), house - 10_00, "{controller:?}");
        let order = NewPayment::card(usd(100_00)).destination(jo);
        desk.platform.payments().create("order", order).unwrap();
        desk.settle();
        assert_eq!(pending(&desk, desk.platform.id()), house - 10_00 - 3_20, "{controller:?}");
        assert_eq!(desk.platform.audit(), []);
    }
}
