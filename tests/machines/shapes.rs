//! How everything that is stored looks when it is written down, and that it reads back as it was.

use std::collections::BTreeSet;
use std::fmt::Debug;

use fundroute::accounts::{
    AccountTokenChanged, Authorize, CapabilityReviewed, CapabilityStatus, CheckOutcome, Component,
    ExternalAccountChecked, Information, InformationChecked, NewAccount, NewAccountLink, NewAccountSession,
    NewApplication, NewExternalAccount, NewPerson, Ownership, Relationship, TokenStatus, UpdateExternalAccount,
};
use fundroute::calendar::Recurrence;
use fundroute::ids::{
    AccountId, ChargeId, DisputeId, ExternalAccountId, ObjectId, PaymentId, PayoutId, RefundId, TransferId,
};
use fundroute::ids::{AnomalyId, ApplicationFeeId};
use fundroute::journal::{BalanceRow, Changes, Fact, Guard, Record, Report, Snapshot};
use fundroute::ledger::{Entry, EntryKind, LedgerAccount, Posting};
use fundroute::money::{Currency, usd};
use fundroute::payments::{
    ActionCompleted, ActionRequired, AuthorizationIncremented, CancelPayment, CancelRefund, CaptureFailed,
    CapturePayment, CardRefund, ChargeAuthorized, ChargeCaptured, ChargeFailed, ChargeFailure, ChargeSubmitted,
    ChargeSucceeded, ConfirmPayment, DeclineCode, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened,
    DisputeReason, FraudType, FraudWarned, IncrementAuthorization, IncrementDeclined, ManualCapture, Named, NewPayment,
    NewRefund, NextAction, PaymentCard, RefundCanceled, RefundFailed, RefundFailure, RefundReason, RefundSucceeded,
    RefundTraced, RefundUnderWay, SubmitEvidence, UpdatePayment,
};
use fundroute::payouts::{
    CancelPayout, NewPayout, PayoutFailed, PayoutPaid, PayoutSchedule, PayoutSubmitted, SetPayoutSchedule,
};
use fundroute::platform::{Command, Request};
use fundroute::routing::{NewApplicationFeeRefund, NewTransfer, NewTransferReturn, NewTransferReversal};
use fundroute::rulebook::{
    BusinessType, Capability, CardBrand, CardFunding, CardWallet, Check, Country, PaymentMethod, PersonRole,
    RequirementErrorCode, Rulebook, Vetting,
};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::golden;
use crate::scene::{Scene, noon, succeeded};

/// Values under names, as one JSON object in their order.
struct Shown<'a, T>(&'a [(String, T)]);

impl<T: Serialize> Serialize for Shown<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Places at which to cut or damage something of this length: some sixty, spread over all of it.
fn cuts(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by((length >> 6).max(1))
}

/// That a value reads back as it was from both formats, and that damaged bytes are refused and nothing worse.
fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    let bytes = postcard::to_stdvec(value).unwrap();
    assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), value);
    for cut in cuts(bytes.len()) {
        let part = bytes.get(..cut).unwrap();
        assert!(postcard::from_bytes::<T>(part).is_err(), "{cut} of {} bytes", bytes.len());
        let mut damaged = bytes.clone();
        if let Some(byte) = damaged.get_mut(cut) {
            *byte ^= 0xff;
        }
        // Another value, or an error: anything but a panic.
        let _ = postcard::from_bytes::<T>(&damaged);
    }
    for cut in cuts(json.len()).filter(|cut| json.is_char_boundary(*cut)) {
        assert!(serde_json::from_str::<T>(json.get(..cut).unwrap()).is_err(), "{cut} of {json}");
    }
    let blanked = json.replace(|c: char| c.is_ascii_digit(), "x");
    let _ = serde_json::from_str::<T>(&blanked);
}

pub(crate) fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, shapes: &[(String, T)]) {
    for (_, value) in shapes {
        round_trips(value);
    }
    let names: BTreeSet<&String> = shapes.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), shapes.len(), "a name for each shape");
    golden::check(&format!("shape_{name}.json"), &(serde_json::to_string_pretty(&Shown(shapes)).unwrap() + "\n"));
}

/// A platform to which nearly everything has happened, with what changed on the way.
fn story() -> (Scene, Vec<Changes>) {
    let mut scene = Scene::us();
    let mut journal = Vec::new();
    let seller = scene.express;
    let mut sale = |scene: &mut Scene, on: Option<AccountId>, order: NewPayment| {
        let payment = scene.start(on, order);
        let (charge, amount) = (scene.charge(payment), scene.platform.payment(payment).unwrap().amount());
        let report = Report::new(scene.key(), scene.platform.now(), succeeded(charge, amount));
        journal.push(scene.platform.record(&report).unwrap().changes);
        payment
    };
    scene.by_hand(scene.platform.id());
    let order = NewPayment::card(usd(100_00)).destination(seller).application_fee(usd(10_00)).transfer_group("order-1");
    let first = sale(&mut scene, None, order);
    sale(&mut scene, Some(seller), NewPayment::card(usd(20_00)).application_fee(usd(2_00)).token("pm_card_visa"));
    let debit = sale(&mut scene, None, NewPayment::by(PaymentMethod::UsBankAccount, usd(300_00)));
    let refused = scene.start(None, NewPayment::card(usd(5_00)));
    scene.refuse(refused);
    let back = NewRefund::of(first).amount(usd(25_00)).reverse_transfer().refund_application_fee();
    journal.push(scene.platform.refunds().create("back", back).unwrap().changes);
    journal.push(scene.platform.refunds().create("back-2", NewRefund::of(debit).amount(usd(1_00))).unwrap().changes);
    scene.tell(succeeded(Named::Reference("unheard-of".to_owned()), usd(1_00)));
    let charge = scene.charge(first);
    scene.tell(succeeded(charge, usd(100_00)));
    let back = NewRefund::of(debit).amount(usd(2_00));
    let refund = scene.platform.refunds().create("back-3", back).unwrap().answer;
    let reason = RefundFailure::Declined;
    let report = Report::new("failed", scene.platform.now(), Fact::RefundFailed(RefundFailed { refund, reason }));
    journal.push(scene.platform.record(&report).unwrap().changes);
    let until = scene.platform.now().plus_days(9).unwrap();
    journal.extend(scene.platform.advance_to(until).unwrap());
    let theirs = |record: &Record| if let Record::Payout(payout) = record { Some(payout.id()) } else { None };
    let payout = scene.platform.records().find_map(theirs).unwrap();
    let at = scene.platform.now();
    journal.push(scene.platform.payouts().record_submitted("sent", at, payout).unwrap().changes);
    journal.push(scene.platform.payouts().record_failed("back", at, payout, "account_closed").unwrap().changes);
    let transfer = NewTransfer::to(seller, usd(7_00));
    journal.push(scene.platform.transfers().create("free", transfer).unwrap().changes);
    let house = scene.platform.id();
    let rent = NewTransfer::to(house, usd(3_00)).group("rent");
    journal.push(scene.platform.acting_as(seller).unwrap().transfers().create("rent", rent).unwrap().changes);
    (scene, journal)
}

/// The name of a record's kind, and of the state it is in where it has one.
fn state_of(record: &Record) -> String {
    if let Record::Transfer(transfer) = record
        && transfer.debited().is_some()
    {
        return "Transfer: a debit".to_owned();
    }
    if let Record::Charge(charge) = record
        && charge.submitted().is_positive()
    {
        return "Charge: on its way".to_owned();
    }
    let value = serde_json::to_value(record).unwrap();
    let (kind, object) = value.as_object().unwrap().iter().next().unwrap();
    if let Record::ExternalAccount(known) = record {
        return format!("ExternalAccount: {}", known.state().as_str());
    }
    if let Record::Person(person) = record {
        return format!("Person: {:?}", person.verification());
    }
    if let Record::Profile(profile) = record
        && !profile.due().is_empty()
    {
        return "Profile: asked for more".to_owned();
    }
    let state = match object.get("state") {
        Some(serde_json::Value::String(name)) => name.clone(),
        Some(serde_json::Value::Object(map)) => map.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    if state.is_empty() { kind.clone() } else { format!("{kind}: {state}") }
}

/// A company with a representative who is known, one owner who is being looked at, and one who is not.
fn company() -> Scene {
    let mut scene = Scene::vetted();
    let new = NewAccount::custom(Country::US).request(Capability::Transfers).business_type(BusinessType::Company);
    let account = scene.platform.accounts().create("company", new).unwrap().answer;
    let told = Information::about(account).set("company.name", "Oak Inc").set("company.tax_id", "111111111");
    scene.platform.accounts().provide("told", told).unwrap();
    for (role, name) in
        [(PersonRole::Representative, Some("Jo")), (PersonRole::Owner, Some("Al")), (PersonRole::Owner, None)]
    {
        let key = scene.key();
        let mut person = NewPerson::new(account, Relationship::of([role]));
        if let Some(name) = name {
            person = person.set("first_name", name).set("last_name", "Oak").set("dob", "1990-01-31");
        }
        scene.platform.accounts().add_person(&key, person).unwrap();
    }
    let jo = scene.platform.persons(account).unwrap().first().unwrap().id();
    let outcome = CheckOutcome::Verified;
    scene.tell(Fact::InformationChecked(InformationChecked {
        account,
        person: Some(jo),
        check: Check::Identity,
        revision: 1,
        outcome,
    }));
    let code = RequirementErrorCode::VerificationFailedTaxIdMatch;
    let outcome = CheckOutcome::Failed { code, fields: vec!["company.tax_id".into()] };
    let check = Check::TaxId;
    scene.tell(Fact::InformationChecked(InformationChecked { account, person: None, check, revision: 1, outcome }));
    scene
}

/// Everything that is handed out to holders, and a connection that one made.
fn pages() -> Scene {
    let mut scene = Scene::us();
    let (express, standard) = (scene.express, scene.standard);
    let again = "https://shop.example/again";
    let link = NewAccountLink::onboarding(express, again, "https://shop.example/done");
    scene.platform.accounts().create_link("link", link).unwrap();
    let session = NewAccountSession::of(standard).show(Component::Balances).show(Component::Payouts);
    scene.platform.accounts().create_session("session", session).unwrap();
    scene.platform.accounts().create_login_link("login", express).unwrap();
    let shop = NewApplication::platform("https://shop.example/back");
    scene.platform.connections().register("shop", shop).unwrap();
    scene.platform.connections().authorize("wish", Authorize::new_account(Country::US)).unwrap();
    scene
}

/// Payments that are captured later: one that waits for that, and one that was let go.
fn held() -> Scene {
    let mut scene = Scene::us();
    let how = ManualCapture::new().multicapture().incremental();
    for amount in [usd(1_00), usd(2_00), usd(3_00)] {
        let payment = scene.start(None, NewPayment::card(amount).capture_later(how));
        let charge = scene.charge(payment);
        let card = PaymentCard::of(CardBrand::Visa);
        scene.tell(Fact::ChargeAuthorized(ChargeAuthorized::of(charge, amount).card(card)));
        if amount == usd(2_00) {
            scene.ask(None, Command::CancelPayment(CancelPayment::of(payment)));
        }
        if amount == usd(3_00) {
            scene.ask(None, Command::CapturePayment(CapturePayment::of(payment).amount(usd(1_00))));
            let taken = ChargeCaptured { charge: charge.into(), capture: 1, amount: usd(1_00), is_final: true };
            scene.tell(Fact::ChargeCaptured(taken));
        }
    }
    scene
}

/// Refunds in the rarer states.
fn refunds() -> Vec<Scene> {
    let book = Rulebook::standard().with_vetting(Vetting::ByHost).with_refund_details(PaymentMethod::UsBankAccount);
    let mut scene = Scene::by(Country::US, book);
    let sale = scene.sale(None, NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    let because = NewRefund::of(sale).amount(usd(1_00)).because(RefundReason::RequestedByCustomer);
    let refund = scene.platform.refunds().create("back", because).unwrap().answer;
    let mut canceled = scene.clone();
    canceled.ask(None, Command::CancelRefund(CancelRefund { refund }));
    let mut failed = scene.clone();
    failed.tell(Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined }));
    failed.wait(9);
    for key in ["first", "second"] {
        failed.platform.refunds().create(key, NewRefund::of(sale).amount(usd(40_00))).unwrap();
    }
    vec![scene, canceled, failed]
}

/// One record of each kind in each state that it can be in.
fn records() -> Vec<(String, Record)> {
    let mut found: Vec<(String, Record)> = Vec::new();
    let mut take = |scene: &Scene| {
        for record in scene.platform.records() {
            let name = state_of(record);
            if found.iter().all(|(known, _)| *known != name) {
                found.push((name, record.clone()));
            }
        }
    };
    let (mut scene, _) = story();
    take(&scene);
    scene.wait(40);
    take(&scene);
    let mut vouchers = Scene::of(Country::BR);
    let voucher = vouchers.start(None, NewPayment::by(PaymentMethod::Boleto, vouchers.money(100_00)));
    take(&vouchers);
    vouchers.ask(None, Command::CancelPayment(CancelPayment::of(voucher)));
    take(&vouchers);
    let mut payouts = Scene::us();
    let payout = payouts.payout();
    payouts.start(None, NewPayment::card(usd(1_00)));
    take(&payouts);
    let mut called_off = payouts.clone();
    called_off.ask(Some(called_off.express), Command::CancelPayout(CancelPayout { payout }));
    take(&called_off);
    payouts.tell(Fact::PayoutSubmitted(PayoutSubmitted { payout }));
    take(&payouts);
    payouts.tell(Fact::PayoutPaid(PayoutPaid { payout }));
    take(&payouts);
    let mut parked = Scene::us();
    let sale = parked.start(None, NewPayment::card(usd(1_00)));
    parked.tell(succeeded(Named::Reference("early".to_owned()), usd(1_00)));
    let charge = parked.charge(sale);
    parked.tell(Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "early".to_owned() }));
    take(&parked);
    let mut debit = Scene::us();
    debit.start(None, NewPayment::by(PaymentMethod::UsBankAccount, usd(2_00)));
    let sale = debit.sale(None, NewPayment::by(PaymentMethod::UsBankAccount, usd(1_00)));
    let refund = debit.platform.refunds().create("back", NewRefund::of(sale)).unwrap().answer;
    debit.tell(Fact::RefundSucceeded(RefundSucceeded { refund }));
    take(&debit);
    take(&held());
    for scene in refunds() {
        take(&scene);
    }
    take(&company());
    take(&pages());
    for platform in crate::grid_disputes::every_state() {
        take(&Scene { platform, ..Scene::us() });
    }
    for platform in crate::grid_terminal::platforms() {
        take(&Scene { platform, ..Scene::us() });
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

#[test]
fn records_in_every_state() {
    let records = records();
    let names: Vec<&str> = records.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "Account",
        "AccountLink: Issued",
        "AccountSession",
        "Anomaly",
        "Application",
        "ApplicationFee",
        "ApplicationFeeRefund",
        "BalanceSettings",
        "Charge: Authorized",
        "Charge: Failed",
        "Charge: Pending",
        "Charge: Released",
        "Charge: Succeeded",
        "Charge: on its way",
        "Connection: CodeIssued",
        "ConnectionToken",
        "Dispute: AppealNeedsResponse",
        "Dispute: AppealUnderReview",
        "Dispute: Lost",
        "Dispute: NeedsResponse",
        "Dispute: Prevented",
        "Dispute: UnderReview",
        "Dispute: WarningClosed",
        "Dispute: WarningNeedsResponse",
        "Dispute: WarningUnderReview",
        "Dispute: Won",
        "EarlyFraudWarning",
        "ExternalAccount: errored",
        "ExternalAccount: new",
        "Location",
        "LoginLink",
        "ParkedFact: GivenUp",
        "ParkedFact: TakenUp",
        "ParkedFact: Waiting",
        "PastAction",
        "Payment: Canceled",
        "Payment: Processing",
        "Payment: RequiresAction",
        "Payment: RequiresCapture",
        "Payment: RequiresPaymentMethod",
        "Payment: Succeeded",
        "Payout: Canceled",
        "Payout: Failed",
        "Payout: InTransit",
        "Payout: Paid",
        "Payout: Pending",
        "Person: Pending",
        "Person: Unverified",
        "Person: Verified",
        "Profile",
        "Profile: asked for more",
        "Reader",
        "Refund: AwaitingCard",
        "Refund: Canceled",
        "Refund: Failed",
        "Refund: Pending",
        "Refund: RequiresAction",
        "Refund: Succeeded",
        "Refund: Waiting",
        "Transfer",
        "Transfer: a debit",
        "TransferReversal",
    ];
    assert_eq!(names, expected);
    check("records", &records);
}

#[test]
fn changes_and_entries() {
    let (_, journal) = story();
    let mut entries: Vec<(String, Entry)> = Vec::new();
    let mut changes: Vec<(String, Changes)> = Vec::new();
    for step in journal.into_iter().chain(crate::grid_disputes::journal()) {
        let Some(entry) = step.entries.first() else { continue };
        let mut name = format!("{:?}", entry.kind());
        if step.records.iter().any(|write| state_of(&write.record) == "Transfer: a debit") {
            name = format!("{name}: a debit");
        }
        if entries.iter().all(|(known, _)| *known != name) {
            entries.push((name.clone(), entry.clone()));
            changes.push((name, step.clone()));
        }
        round_trips(&step);
        let mut again = step.clone();
        again.personal.clear();
        assert_eq!(step.without_personal(), again);
    }
    check("entries", &entries);
    check("changes", &changes);
}

fn commands() -> [Command; 22] {
    let account = AccountId::from_host([1; 14]);
    let (payment, payout) = (PaymentId::from_host([2; 14]), PayoutId::from_host([3; 14]));
    let (transfer, fee) = (TransferId::from_host([4; 14]), ApplicationFeeId::from_host([5; 14]));
    let order = NewPayment::card(usd(100_00)).destination(account).application_fee(usd(10_00));
    let schedule = PayoutSchedule::Automatic(Recurrence::monthly([1, 31]).unwrap());
    [
        Command::AddExternalAccount(
            NewExternalAccount::bank(account, Country::US, Currency::USD, "000123456789").routing("110000000"),
        ),
        Command::AcceptDispute(DisputeId::from_host([7; 14])),
        Command::SubmitEvidence(SubmitEvidence::new(DisputeId::from_host([7; 14]), "note-17").automated()),
        Command::CancelPayment(CancelPayment::of(payment)),
        Command::CancelPayout(CancelPayout { payout }),
        Command::CapturePayment(
            CapturePayment::of(payment).amount(usd(7_00)).more_to_come().transfer_amount(usd(5_00)),
        ),
        Command::CancelRefund(CancelRefund { refund: RefundId::from_host([7; 14]) }),
        Command::CloseAnomaly(AnomalyId::from_host([6; 14])),
        Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::SepaDebit, payment).token("pm_1")),
        Command::CreateAccount(NewAccount::custom(Country::DE).request(Capability::Transfers).with_id(account)),
        Command::CreatePayment(order.transfer_group("order-1").token("pm_2").with_id(payment)),
        Command::CreatePayout(NewPayout::of(usd(1))),
        Command::CreateRefund(NewRefund::of(payment).amount(usd(25_00)).reverse_transfer().keep_application_fee()),
        Command::DeleteExternalAccount(ExternalAccountId::from_host([8; 14])),
        Command::CreateTransfer(NewTransfer::to(account, usd(7)).from_payment(payment).group("order-1")),
        Command::IncrementAuthorization(IncrementAuthorization::to(payment, usd(12_00)).application_fee(usd(1_00))),
        Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee).amount(usd(3))),
        Command::ReturnTransfer(NewTransferReturn::of(transfer).amount(usd(5))),
        Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(usd(4))),
        Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule }),
        Command::UpdatePayment(UpdatePayment::of(payment).method(PaymentMethod::Card).amount(usd(9_00))),
        Command::UpdateExternalAccount(UpdateExternalAccount::new(ExternalAccountId::from_host([8; 14]))),
    ]
}

fn facts() -> [Fact; 24] {
    let account = AccountId::from_host([1; 14]);
    let (charge, payout) = (ChargeId::from_host([2; 14]), PayoutId::from_host([3; 14]));
    let (capability, status) = (Capability::CardPayments, CapabilityStatus::Active);
    let (failure, failure_code) = (ChargeFailure::Card(DeclineCode::ExpiredCard), "account_closed".to_owned());
    let external_account = ExternalAccountId::from_host([5; 14]);
    let card = PaymentCard {
        brand: CardBrand::Visa,
        funding: Some(CardFunding::Debit),
        country: Some(Country::US),
        wallet: Some(CardWallet::ApplePay),
    };
    let refund = RefundId::from_host([4; 14]);
    [
        Fact::AccountTokenChanged(AccountTokenChanged { external_account, status: TokenStatus::Deactivated }),
        Fact::ExternalAccountChecked(ExternalAccountChecked { external_account, outcome: Ownership::Verified }),
        Fact::ActionCompleted(ActionCompleted { charge: charge.into() }),
        Fact::ActionRequired(ActionRequired::of(charge, NextAction::Authenticate)),
        Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }),
        Fact::AuthorizationIncremented(AuthorizationIncremented { charge: charge.into(), attempt: 1, amount: usd(3) }),
        Fact::CaptureFailed(CaptureFailed { charge: charge.into(), capture: 1, failure }),
        Fact::ChargeAuthorized(ChargeAuthorized::of(charge, usd(10_00)).card(card).most_capturable(12_00)),
        Fact::ChargeCaptured(ChargeCaptured { charge: charge.into(), capture: 2, amount: usd(7_00), is_final: false }),
        Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure }),
        Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "ch_outside".to_owned() }),
        Fact::ChargeSucceeded(ChargeSucceeded::of(Named::Reference("ch_outside".to_owned()), usd(100_00))),
        Fact::IncrementDeclined(IncrementDeclined { charge: charge.into(), attempt: 1, failure }),
        Fact::DisputeChanged(DisputeChanged {
            dispute: DisputeId::from_host([7; 14]).into(),
            change: DisputeChange::PartlyWon { amount: usd(5_00) },
        }),
        Fact::DisputeOpened(DisputeOpened {
            charge: charge.into(),
            reference: "du_1".to_owned(),
            amount: usd(100_00),
            reason: DisputeReason::Fraudulent,
            case: DisputeCase::Inquiry,
            network: Some(CardBrand::AmericanExpress),
            respond_by: Some(noon()),
            settled: None,
        }),
        Fact::FraudWarned(FraudWarned {
            charge: charge.into(),
            reference: "issfr_1".to_owned(),
            fraud_type: FraudType::Misc,
        }),
        Fact::PayoutFailed(PayoutFailed { payout, failure_code }),
        Fact::PayoutPaid(PayoutPaid { payout }),
        Fact::PayoutSubmitted(PayoutSubmitted { payout }),
        Fact::RefundCanceled(RefundCanceled { refund }),
        Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::ChargeForPendingRefundDisputed }),
        Fact::RefundSucceeded(RefundSucceeded { refund }),
        Fact::RefundTraced(RefundTraced { refund, shows_as: CardRefund::Refund }),
        Fact::RefundUnderWay(RefundUnderWay { refund }),
    ]
}

/// The name of an enum's variant, as it is written.
pub(crate) fn variant(value: &impl Debug) -> String {
    format!("{value:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

#[test]
fn requests_and_reports() {
    let named = |command: Command| {
        let account = matches!(command, Command::CreatePayout(_)).then(|| AccountId::from_host([1; 14]));
        (variant(&command), Request { account, ..Request::new("key-1", command) })
    };
    check("requests", &commands().map(named));
    let reported = facts().map(|fact| (variant(&fact), Report::new("evt_1", noon(), fact)));
    check("reports", &reported);
}

#[test]
fn a_snapshot() {
    let (scene, _) = story();
    let snapshot = scene.platform.snapshot();
    check("snapshot", &[("snapshot".to_owned(), snapshot.clone())]);
    let bytes = postcard::to_stdvec(&snapshot).unwrap();
    let read: Snapshot = postcard::from_bytes(&bytes).unwrap();
    let now = scene.platform.now();
    let restored = fundroute::Platform::restore(Rulebook::standard(), read, now);
    assert_eq!(postcard::to_stdvec(&restored.snapshot()).unwrap(), bytes);
    assert!(restored.deadlines().eq(scene.platform.deadlines()));
    assert_eq!(restored.audit(), []);
}

#[test]
fn ids_are_text_for_people_and_bytes_for_machines() {
    let (account, payment) = (AccountId::from_host([1; 14]), PaymentId::from_host([2; 14]));
    assert_eq!(serde_json::to_string(&payment).unwrap(), format!("\"{payment}\""));
    assert!(payment.to_string().starts_with("pi_"));
    assert_eq!(postcard::to_stdvec(&account).unwrap(), [&[16], &account.uuid().as_bytes()[..]].concat());
    let object = ObjectId::from(payment);
    assert_eq!(serde_json::to_string(&object).unwrap(), format!("\"{payment}\""));
    for damaged in ["\"pi_\"", "\"acct_02020202020282028202020202020000\"", "7", "null", "\"\""] {
        assert!(serde_json::from_str::<PaymentId>(damaged).is_err(), "{damaged}");
    }
    assert!(serde_json::from_str::<ObjectId>("\"nobody_02020202020282028202020202020000\"").is_err());
}

/// A balance and a range beyond what 64 bits hold.
fn wide() -> (BalanceRow, Guard) {
    let (account, most) = (AccountId::from_host([1; 14]), 1_i128 << 100);
    let mut row = BalanceRow::empty(account, Currency::USD);
    (row.available, row.in_transit, row.pending) = (most, -most, vec![(noon(), most - 1)]);
    let available = LedgerAccount::Available { owner: account };
    (row, Guard { account: available, currency: Currency::USD, low: i128::MIN, high: i128::MAX })
}

#[test]
fn wide_balances_are_exact() {
    let (row, guard) = wide();
    round_trips(&row);
    round_trips(&guard);
}

#[test]
fn wide_balances_are_exact_through_a_tree_of_values() {
    let (row, guard) = wide();
    let through_a_tree = |json: String| serde_json::from_str::<serde_json::Value>(&json);
    let read = through_a_tree(serde_json::to_string(&row).unwrap()).and_then(serde_json::from_value::<BalanceRow>);
    assert_eq!(read.unwrap(), row);
    let read = through_a_tree(serde_json::to_string(&guard).unwrap()).and_then(serde_json::from_value::<Guard>);
    assert_eq!(read.unwrap(), guard);
    let read = serde_json::to_value(guard).and_then(serde_json::from_value::<Guard>);
    assert_eq!(read.unwrap(), guard);
}

#[test]
fn an_entry_off_balance_is_not_read() {
    let owner = AccountId::from_host([1; 14]);
    let postings = [
        Posting { account: LedgerAccount::Available { owner }, amount: usd(5_00) },
        Posting { account: LedgerAccount::Payers, amount: usd(-5_00) },
    ];
    let entry = Entry::balanced(EntryKind::Charge, owner.into(), noon(), [], postings).unwrap();
    round_trips(&entry);
    let json = serde_json::to_string(&entry).unwrap();
    let tampered = json.replacen("-500", "-499", 1);
    assert_ne!(json, tampered);
    let refusal = serde_json::from_str::<Entry>(&tampered).unwrap_err().to_string();
    assert!(refusal.contains("off balance"), "{refusal}");
    let bytes = postcard::to_stdvec(&entry).unwrap();
    let tampered = (0..bytes.len()).filter(|place| {
        let mut damaged = bytes.clone();
        damaged.get_mut(*place).is_some_and(|byte| {
            *byte ^= 2;
            true
        }) && postcard::from_bytes::<Entry>(&damaged).is_ok_and(|read| {
            Entry::balanced(read.kind(), read.cause(), read.at(), read.lines().to_vec(), read.postings().to_vec())
                .is_err()
        })
    });
    assert_eq!(tampered.count(), 0);
}
