//! The events that hosts tell their webhooks: which there are, about what, and on whose account they happened.

use std::collections::{BTreeMap, BTreeSet};

use fundroute::accounts::{
    Actor, Authorize, CapabilityReviewed, CapabilityStatus, ExchangeCode, Information, NewAccount, NewAccountLink,
    NewApplication, NewPerson, Relationship,
};
use fundroute::ids::AccountId;
use fundroute::journal::{Changes, Event, Fact, FactOutcome, Report};
use fundroute::money::{Money, usd};
use fundroute::payments::{
    ActionCompleted, ActionRequired, ChargeReversed, ConfirmPayment, DisputeCase, DisputeChange, FraudType,
    FraudWarned, NewPayment, NewRefund, NextAction, RefundFailed, RefundFailure, RefundSucceeded, SubmitEvidence,
};
use fundroute::payouts::{
    CancelPayout, CancelTopUp, NewPayout, NewTopUp, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSchedule,
    PayoutSubmitted,
};
use fundroute::platform::{Command, Request};
use fundroute::routing::{NewTransfer, NewTransferReturn};
use fundroute::rulebook::{BusinessType, Capability, Country, PaymentMethod, PersonRole};

use crate::golden;
use crate::grid_disputes::{changed, opened};
use crate::scene::{Scene, failed, succeeded};

/// What was emitted: the event, about what, in which situation; and whether it named the account.
#[derive(Default)]
struct Seen(BTreeMap<(&'static str, String, &'static str), BTreeSet<bool>>);

impl Seen {
    fn note(&mut self, situation: &'static str, events: &[Event], owner: Option<AccountId>) {
        for event in events {
            let name = event.kind.name();
            assert!(event.account.is_none() || event.account == owner, "{name} names somebody else, {situation}");
            let prefix = event.object.to_string().split('_').next().unwrap_or_default().to_owned();
            self.0.entry((name, prefix, situation)).or_default().insert(event.account.is_some());
        }
    }

    fn ask(
        &mut self,
        scene: &mut Scene,
        (situation, on): (&'static str, Option<AccountId>),
        command: Command,
    ) -> Changes {
        let request = Request::new(scene.key(), command);
        let request = if let Some(account) = on { request.acting_as(account) } else { request };
        let changes = scene.platform.handle(request).unwrap().changes;
        self.note(situation, &changes.events, Some(scene.express));
        changes
    }

    fn tell(&mut self, scene: &mut Scene, situation: &'static str, fact: Fact) -> FactOutcome {
        let report = Report::new(scene.key(), scene.platform.now(), fact);
        let decided = scene.platform.record(&report).unwrap();
        self.note(situation, &decided.changes.events, Some(scene.express));
        decided.answer
    }

    /// A payment through everything that can happen to it.
    fn payment(
        &mut self,
        situation: &'static str,
        on: Option<AccountId>,
        order: fn(NewPayment, AccountId) -> NewPayment,
    ) {
        for method in [PaymentMethod::Card, PaymentMethod::Boleto] {
            let mut scene = Scene::of(Country::BR);
            let new = order(NewPayment::by(method, scene.money(100_00)), scene.express);
            let on = on.map(|_| scene.express);
            let made = self.ask(&mut scene, (situation, on), Command::CreatePayment(new));
            let Some(fundroute::journal::Answer::Payment(payment)) = made.request.map(|row| row.answer) else {
                panic!("a payment is answered with its id")
            };
            let charge = scene.charge(payment);
            let required = ActionRequired::of(charge, NextAction::Authenticate);
            self.tell(&mut scene, situation, Fact::ActionRequired(required));
            self.tell(&mut scene, situation, Fact::ActionCompleted(ActionCompleted { charge: charge.into() }));
            self.tell(&mut scene, situation, failed(charge));
            let again = Command::ConfirmPayment(ConfirmPayment::by(method, payment));
            self.ask(&mut scene, (situation, on), again);
            if method == PaymentMethod::Boleto {
                let cancel = fundroute::payments::CancelPayment::of(payment);
                self.ask(&mut scene, (situation, on), Command::CancelPayment(cancel));
                continue;
            }
            let (charge, amount) = (scene.charge(payment), scene.money(100_00));
            self.tell(&mut scene, situation, succeeded(charge, amount));
            self.tell(&mut scene, situation, succeeded(charge, amount));
            let charge = scene.platform.charge(charge).unwrap();
            let mut back = NewRefund::of(payment).amount(scene.money(10_00));
            if charge.transfer().is_some() {
                back = back.reverse_transfer();
            }
            if charge.application_fee().is_some() {
                back = back.refund_application_fee();
            }
            self.ask(&mut scene, (situation, on), Command::CreateRefund(back));
        }
    }

    /// A payment that is captured later: in two parts, or not at all.
    fn held(&mut self, situation: &'static str, direct: bool) {
        use fundroute::payments::{
            AuthorizationIncremented, CapturePayment, ChargeAuthorized, ChargeCaptured, IncrementAuthorization,
            ManualCapture,
        };

        let how = ManualCapture::new().multicapture().incremental();
        for is_captured in [true, false] {
            let mut scene = Scene::us();
            let (on, seller) = (direct.then_some(scene.express), scene.express);
            let order = NewPayment::card(usd(100_00)).capture_later(how);
            let order = if direct { order } else { order.destination(seller) };
            let made = self.ask(&mut scene, (situation, on), Command::CreatePayment(order));
            let Some(fundroute::journal::Answer::Payment(payment)) = made.request.map(|row| row.answer) else {
                panic!("a payment is answered with its id")
            };
            let charge = scene.charge(payment);
            let told = ChargeAuthorized { multicapture: Some(true), ..ChargeAuthorized::of(charge, usd(100_00)) };
            self.tell(&mut scene, situation, Fact::ChargeAuthorized(told));
            if !is_captured {
                let until = scene.platform.now().checked_add(fundroute::calendar::days(8)).unwrap();
                for changes in scene.platform.advance_to(until).unwrap() {
                    self.note(situation, &changes.events, Some(seller));
                }
                continue;
            }
            let raise = Command::IncrementAuthorization(IncrementAuthorization::to(payment, usd(110_00)));
            self.ask(&mut scene, (situation, on), raise);
            let raised = AuthorizationIncremented { charge: charge.into(), attempt: 1, amount: usd(110_00) };
            self.tell(&mut scene, situation, Fact::AuthorizationIncremented(raised));
            for (capture, amount, is_final) in [(1, usd(60_00), false), (2, usd(50_00), true)] {
                let ask = CapturePayment { is_final, ..CapturePayment::of(payment).amount(amount) };
                self.ask(&mut scene, (situation, on), Command::CapturePayment(ask));
                let taken = ChargeCaptured { charge: charge.into(), capture, amount, is_final };
                self.tell(&mut scene, situation, Fact::ChargeCaptured(taken));
            }
        }
    }

    /// Payouts through everything that can happen to them.
    fn payouts(&mut self, situation: &'static str, seller: bool) {
        let mut scene = Scene::us();
        scene.fund_seller();
        let on = seller.then_some(scene.express);
        for fate in 0..4 {
            let made = self.ask(&mut scene, (situation, on), Command::CreatePayout(NewPayout::of(usd(10_00))));
            let Some(fundroute::journal::Answer::Payout(payout)) = made.request.map(|row| row.answer) else {
                panic!("a payout is answered with its id")
            };
            if fate == 0 {
                self.ask(&mut scene, (situation, on), Command::CancelPayout(CancelPayout { payout }));
                continue;
            }
            self.tell(&mut scene, situation, Fact::PayoutSubmitted(PayoutSubmitted { payout }));
            if fate == 2 {
                self.tell(&mut scene, situation, Fact::PayoutCanceled(PayoutCanceled { payout }));
                continue;
            }
            self.tell(&mut scene, situation, Fact::PayoutPaid(PayoutPaid { payout }));
            if fate == 3 {
                let failure_code = "account_closed".to_owned();
                self.tell(&mut scene, situation, Fact::PayoutFailed(PayoutFailed { payout, failure_code }));
            }
        }
        let account = on.unwrap_or(scene.platform.id());
        let schedule = fundroute::payouts::SetPayoutSchedule { account, schedule: PayoutSchedule::Manual };
        self.ask(&mut scene, (situation, None), Command::SetPayoutSchedule(schedule));
        let bank =
            fundroute::accounts::NewExternalAccount::bank(account, Country::US, usd(0).currency(), "000123456789")
                .routing("110000000");
        let known = scene.platform.account(account).unwrap().bank_for(usd(0).currency()).unwrap();
        self.ask(&mut scene, (situation, None), Command::AddExternalAccount(bank.default_for_currency()));
        self.ask(&mut scene, (situation, None), Command::DeleteExternalAccount(known));
        // Another one is paid by its schedule.
        let mut scene = Scene::us();
        scene.fund_seller();
        let account = if seller { scene.express } else { scene.platform.id() };
        let schedule = PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily);
        let schedule = fundroute::payouts::SetPayoutSchedule { account, schedule };
        self.ask(&mut scene, (situation, None), Command::SetPayoutSchedule(schedule));
        let until = scene.platform.now().checked_add(fundroute::calendar::days(8)).unwrap();
        for changes in scene.platform.advance_to(until).unwrap() {
            self.note(situation, &changes.events, Some(scene.express));
        }
    }

    /// A holder lets the platform in, and puts it out again.
    fn connection(&mut self) {
        let mut scene = Scene::us();
        let shop = NewApplication::platform("https://shop.example/back");
        self.ask(&mut scene, ("a connection", None), Command::RegisterApplication(shop));
        let request = Request::new(scene.key(), Command::Authorize(Authorize::new_account(Country::US)));
        let request = Request { actor: Actor::Holder, ..request };
        let fundroute::journal::Answer::Connection(connection) = scene.platform.handle(request).unwrap().answer else {
            panic!("a wish is answered with its connection")
        };
        let code = scene.platform.connection(connection).unwrap().code();
        let request = Request::new(scene.key(), Command::ExchangeCode(ExchangeCode::of(code)));
        let decided = scene.platform.handle(request).unwrap();
        let account = scene.platform.connection(connection).unwrap().account().unwrap();
        self.note("a connection", &decided.changes.events, Some(account));
        scene.express = account;
        let link = NewAccountLink::onboarding(account, "https://shop.example/again", "https://shop.example/done");
        let made = self.ask(&mut scene, ("a connection", None), Command::CreateAccountLink(link));
        let Some(fundroute::journal::Answer::AccountLink(link)) = made.request.map(|row| row.answer) else {
            panic!("a link is answered with its id")
        };
        scene.platform.accounts().visit_link("visit", link).unwrap();
        self.ask(&mut scene, ("a connection", None), Command::LeaveAccountLink(link));
        self.ask(&mut scene, ("a connection", None), Command::Deauthorize(account));
    }

    /// A charge that is warned of and disputed.
    fn dispute(&mut self, situation: &'static str, direct: bool) {
        let mut scene = Scene::us();
        let on = direct.then_some(scene.express);
        let sale = scene.sale(on, NewPayment::card(usd(100_00)));
        let (charge, reference) = (scene.charge(sale).into(), "issfr_1".to_owned());
        let warned = FraudWarned { charge, reference, fraud_type: FraudType::Misc };
        self.tell(&mut scene, situation, Fact::FraudWarned(warned));
        let fact = opened(&scene.platform, sale, DisputeCase::Chargeback);
        self.tell(&mut scene, situation, fact);
        self.tell(&mut scene, situation, changed(DisputeChange::FundsWithdrawn));
        let dispute = scene.platform.disputes_of(sale).unwrap().first().unwrap().id();
        self.ask(&mut scene, (situation, on), Command::SubmitEvidence(SubmitEvidence::new(dispute, "note")));
        self.tell(&mut scene, situation, changed(DisputeChange::Won));
    }

    /// A card that is declined at a reader, one that is taken, and one that is saved; the reader is the account's where the payment is.
    fn reader(&mut self, situation: &'static str, direct: bool) {
        use crate::grid_terminal::{canada, done, not_done, presented, save, saved, show, start, till};
        use fundroute::payments::{DeclineCode, ReaderFailure};
        use fundroute::terminal::ReaderTask;

        let mut scene = canada();
        let on = direct.then_some(scene.express);
        for declined in [true, false] {
            let till = till(&mut scene, on, PaymentMethod::CardPresent);
            let take = start(till.reader, ReaderTask::ProcessPaymentIntent(till.payment));
            self.ask(&mut scene, (situation, on), take);
            self.tell(&mut scene, situation, presented(till));
            let end = if declined { not_done(till, DeclineCode::GenericDecline) } else { done(till) };
            self.tell(&mut scene, situation, end);
        }
        // What is told of an action after the reader was asked for another one.
        let till = till(&mut scene, on, PaymentMethod::CardPresent);
        self.ask(&mut scene, (situation, on), save(till));
        self.tell(&mut scene, situation, not_done(till, ReaderFailure::Timeout));
        self.ask(&mut scene, (situation, on), show(till));
        self.tell(&mut scene, situation, presented(till));
        self.tell(&mut scene, situation, saved(till));
    }

    fn delayed_refund(&mut self, situation: &'static str, direct: bool) {
        let mut scene = Scene::us();
        let on = direct.then_some(scene.express);
        let order = NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00));
        let made = self.ask(&mut scene, (situation, on), Command::CreatePayment(order));
        let Some(fundroute::journal::Answer::Payment(payment)) = made.request.map(|row| row.answer) else {
            panic!("a payment is answered with its id")
        };
        let charge = scene.charge(payment);
        self.tell(&mut scene, situation, succeeded(charge, usd(100_00)));
        let made = self.ask(&mut scene, (situation, on), Command::CreateRefund(NewRefund::of(payment)));
        let Some(fundroute::journal::Answer::Refund(refund)) = made.request.map(|row| row.answer) else {
            panic!("a refund is answered with its id")
        };
        self.tell(&mut scene, situation, Fact::RefundSucceeded(RefundSucceeded { refund }));
        let reason = RefundFailure::LostOrStolenCard;
        self.tell(&mut scene, situation, Fact::RefundFailed(RefundFailed { refund, reason }));
    }

    /// A debit that the payer's bank pulls back.
    fn pulled_back(&mut self, situation: &'static str, direct: bool) {
        let mut scene = Scene::us();
        let on = direct.then_some(scene.express);
        let sale = scene.sale(on, NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
        let reversed = ChargeReversed::of(scene.charge(sale), usd(100_00));
        self.tell(&mut scene, situation, Fact::ChargeReversed(reversed));
    }

    /// A refund that comes back after it took a transfer back, and a recipient who sends the rest of it back.
    fn refund_of_a_transfer(&mut self) {
        let (mut scene, situation) = (Scene::us(), "destination charge");
        let sale = scene.sale(None, NewPayment::card(usd(100_00)).destination(scene.standard));
        let back = NewRefund::of(sale).amount(usd(40_00)).reverse_transfer();
        let made = self.ask(&mut scene, (situation, None), Command::CreateRefund(back));
        let Some(fundroute::journal::Answer::Refund(refund)) = made.request.map(|row| row.answer) else {
            panic!("a refund is answered with its id")
        };
        let reason = RefundFailure::ExpiredOrCanceledCard;
        self.tell(&mut scene, situation, Fact::RefundFailed(RefundFailed { refund, reason }));
        let charge = scene.charge(sale);
        let transfer = scene.platform.charge(charge).unwrap().transfer().unwrap();
        let on = ("a transfer sent back", Some(scene.standard));
        self.ask(&mut scene, on, Command::ReturnTransfer(NewTransferReturn::of(transfer)));
    }

    fn accounts(&mut self) {
        let mut scene = Scene::us();
        let made = self.ask_new_account(&mut scene, "an account", NewAccount::express(Country::US));
        let status = CapabilityStatus::Active;
        let fact = CapabilityReviewed { account: made, capability: Capability::Transfers, status };
        scene.express = made;
        self.tell(&mut scene, "an account", Fact::CapabilityReviewed(fact));
        let sale = scene.sale(None, NewPayment::card(usd(10_00)));
        let charge = scene.charge(sale);
        let FactOutcome::Anomaly(anomaly) = self.tell(&mut scene, "an anomaly", succeeded(charge, usd(10_00))) else {
            panic!("a charge succeeds once")
        };
        self.ask(&mut scene, ("an anomaly", None), Command::CloseAnomaly(anomaly));
        scene.fund();
        let transfer = NewTransfer::to(made, usd(1_00));
        let sent = self.ask(&mut scene, ("a transfer alone", None), Command::CreateTransfer(transfer));
        let Some(fundroute::journal::Answer::Transfer(transfer)) = sent.request.map(|row| row.answer) else {
            panic!("a transfer is answered with its id")
        };
        let reversal = fundroute::routing::NewTransferReversal::of(transfer);
        self.ask(&mut scene, ("a transfer alone", None), Command::ReverseTransfer(reversal));
    }

    fn debit(&mut self) {
        let mut scene = Scene::us();
        scene.fund_seller();
        let on = ("an account debit", Some(scene.express));
        let debit = NewTransfer::to(scene.platform.id(), usd(33_00));
        let made = self.ask(&mut scene, on, Command::CreateTransfer(debit));
        let Some(fundroute::journal::Answer::Transfer(transfer)) = made.request.map(|row| row.answer) else {
            panic!("a transfer is answered with its id")
        };
        let reversal = fundroute::routing::NewTransferReversal::of(transfer);
        self.ask(&mut scene, on, Command::ReverseTransfer(reversal));
    }

    /// Tax forms through everything that can happen to them.
    fn tax_forms(&mut self) {
        use crate::grid_tax::{accepted, command, delivered, details, file, high, new, other_totals};
        use fundroute::tools::tax::TaxCommand;

        let (mut scene, situation) = (Scene::us(), "a tax form");
        let create = TaxCommand::Create(new(high()).details(details()));
        let made = self.ask(&mut scene, (situation, None), command(create));
        let Some(fundroute::journal::Answer::TaxForm(form)) = made.request.map(|row| row.answer) else {
            panic!("a form is answered with its id")
        };
        self.ask(&mut scene, (situation, None), command(file(form)));
        self.tell(&mut scene, situation, accepted(form));
        self.tell(&mut scene, situation, delivered(form));
        self.ask(&mut scene, (situation, None), command(other_totals(form)));
    }

    /// Top-ups through everything that can happen to them.
    fn top_ups(&mut self) {
        use crate::grid_top_ups::{failed, reversed, succeeded};

        let (mut scene, situation) = (Scene::us(), "a top-up");
        for fate in 0..3 {
            let made = self.ask(&mut scene, (situation, None), Command::CreateTopUp(NewTopUp::of(usd(10_00))));
            let Some(fundroute::journal::Answer::TopUp(top_up)) = made.request.map(|row| row.answer) else {
                panic!("a top-up is answered with its id")
            };
            match fate {
                0 => drop(self.ask(&mut scene, (situation, None), Command::CancelTopUp(CancelTopUp { top_up }))),
                1 => drop(self.tell(&mut scene, situation, failed(top_up))),
                _ => {
                    self.tell(&mut scene, situation, succeeded(top_up));
                    self.tell(&mut scene, situation, reversed(top_up));
                }
            }
        }
    }

    /// A review of a payment, which ends.
    fn reviews(&mut self) {
        use fundroute::tools::risk::{OpenReview, ReviewOf, RiskCommand};

        let (mut scene, situation) = (Scene::us(), "a review");
        let sale = scene.sale(None, NewPayment::card(usd(100_00)));
        let open = RiskCommand::OpenReview(OpenReview { of: ReviewOf::Payment(sale) });
        self.ask(&mut scene, (situation, None), Command::Risk(open));
        let fact = opened(&scene.platform, sale, DisputeCase::Chargeback);
        let report = Report::new(scene.key(), scene.platform.now(), fact);
        let mut events = scene.platform.record(&report).unwrap().changes.events;
        events.retain(|event| event.kind.name().starts_with("review."));
        self.note(situation, &events, None);
    }

    /// Plans and holds through everything that can happen to them.
    fn reserves(&mut self) {
        use crate::grid_reserves::{disable, fixed, hold, release, rolling};

        let (mut scene, on) = (Scene::us(), ("a reserve", None));
        scene.fund_seller();
        let seller = scene.express;
        let made = self.ask(&mut scene, on, Command::Reserve(rolling(seller)));
        let Some(fundroute::journal::Answer::ReservePlan(plan)) = made.request.map(|row| row.answer) else {
            panic!("a plan is answered with its id")
        };
        let sale = scene.start(Some(seller), NewPayment::card(usd(100_00)));
        let taken = crate::scene::succeeded(scene.charge(sale), usd(100_00));
        self.tell(&mut scene, "a reserve of a charge", taken);
        self.ask(&mut scene, on, Command::Reserve(disable(plan)));
        let made = self.ask(&mut scene, on, Command::Reserve(hold(seller, usd(10_00))));
        let Some(fundroute::journal::Answer::ReserveHold(hold)) = made.request.map(|row| row.answer) else {
            panic!("a hold is answered with its id")
        };
        self.ask(&mut scene, on, Command::Reserve(release(hold, Some(usd(4_00)))));
        let until = fixed(seller, scene.platform.now());
        self.ask(&mut scene, on, Command::Reserve(until));
        self.tell(&mut scene, "a reserve of the processor", crate::grid_reserved_funds::kept(seller, usd(5_00)));
        for changes in scene.platform.advance_to(scene.platform.now().plus_days(40).unwrap()).unwrap() {
            self.note("a reserve in time", &changes.events, Some(seller));
        }
    }

    /// Accounts that are asked for everything: what a person gives, and that one leaves.
    fn persons(&mut self) {
        let mut scene = Scene::vetted();
        let new = NewAccount::custom(Country::US).request(Capability::Transfers).business_type(BusinessType::Company);
        let account = self.ask_new_account(&mut scene, "a company", new);
        scene.express = account;
        let owner = NewPerson::new(account, Relationship::of([PersonRole::Owner]));
        let made = self.ask(&mut scene, ("a company", None), Command::CreatePerson(owner));
        let Some(fundroute::journal::Answer::Person(person)) = made.request.map(|row| row.answer) else {
            panic!("a person is answered with its id")
        };
        let name = Information::about_person(person).set("first_name", "Jo");
        self.ask(&mut scene, ("a company", None), Command::ProvideInformation(name));
        self.ask(&mut scene, ("a company", None), Command::DeletePerson(person));
    }

    fn ask_new_account(&mut self, scene: &mut Scene, situation: &'static str, new: NewAccount) -> AccountId {
        let request = Request::new(scene.key(), Command::CreateAccount(new));
        let decided = scene.platform.handle(request).unwrap();
        let fundroute::journal::Answer::Account(account) = decided.answer else {
            panic!("an account is answered with its id")
        };
        self.note(situation, &decided.changes.events, Some(account));
        account
    }
}

fn everything() -> Seen {
    let mut seen = Seen::default();
    let someone = Some(AccountId::from_host([0; 14]));
    seen.payment("direct charge", someone, |order, _| {
        let fee = tenth(&order);
        order.application_fee(fee)
    });
    seen.payment("destination charge", None, |order, seller| {
        let fee = tenth(&order);
        order.destination(seller).application_fee(fee)
    });
    seen.payment("platform's own charge", None, |order, _| order);
    seen.held("direct charge", true);
    seen.held("destination charge", false);
    seen.payouts("account's payout", true);
    seen.payouts("platform's payout", false);
    seen.delayed_refund("direct charge", true);
    seen.delayed_refund("platform's own charge", false);
    seen.pulled_back("direct charge", true);
    seen.pulled_back("a debit pulled back", false);
    seen.refund_of_a_transfer();
    seen.dispute("direct charge", true);
    seen.dispute("platform's own charge", false);
    seen.accounts();
    seen.debit();
    seen.top_ups();
    seen.tax_forms();
    seen.reserves();
    seen.reviews();
    seen.persons();
    seen.connection();
    seen.reader("direct charge", true);
    seen.reader("destination charge", false);
    seen
}

/// A tenth of the orders' 100.00.
const fn tenth(order: &NewPayment) -> Money {
    Money::new(10_00, order.amount.currency())
}

/// Every name in the sources that an event has on the wire.
fn declared() -> Vec<String> {
    let folders = [
        "accounts",
        "routing",
        "payments",
        "payments/dispute",
        "payouts",
        "payouts/reserve",
        "payouts/top_up",
        "terminal",
        "tools/tax",
        "tools/risk",
        "journal",
    ];
    let texts = folders.map(|folder| {
        let path: std::path::PathBuf = [env!("CARGO_MANIFEST_DIR"), "src", folder, "event.rs"].iter().collect();
        std::fs::read_to_string(path).unwrap()
    });
    let arms = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.split_once(" => \""));
    arms.filter_map(|(_, rest)| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn every_event_is_emitted_and_its_name_is_unique() {
    let declared = declared();
    let unique: BTreeSet<String> = declared.iter().cloned().collect();
    assert_eq!(unique.len(), declared.len(), "{declared:?}");
    let emitted: BTreeSet<String> = everything().0.keys().map(|(name, _, _)| (*name).to_owned()).collect();
    assert_eq!(emitted, unique);
}

#[test]
fn the_catalogue() {
    let mut text =
        "Every event with the object it is about, and whether it names a connected account, by situation.\n\n"
            .to_owned();
    for ((name, object, situation), named) in everything().0 {
        let named: Vec<&str> = named.into_iter().map(|named| if named { "account" } else { "-" }).collect();
        text.push_str(&format!("{name:<42} {object:<5} {situation:<24} {}\n", named.join(" or ")));
    }
    golden::check("events.txt", &text);
}

#[test]
fn an_event_names_the_account_whose_object_it_is_about() {
    for ((name, _, situation), named) in everything().0 {
        let routed = name.starts_with("transfer.") || name.starts_with("application_fee.");
        let own =
            matches!(situation, "direct charge" | "account's payout" | "an account" | "a company" | "a connection")
                || situation.starts_with("a reserve");
        let expected = (own && !routed && !name.starts_with("anomaly.")) || situation == "an account debit";
        assert_eq!(named, BTreeSet::from([expected]), "{name}, {situation}");
    }
}
