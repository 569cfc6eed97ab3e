//! Who asks for what is somebody else's.

use fundroute::accounts::*;
use fundroute::ids::*;
use fundroute::journal::*;
use fundroute::payments::*;
use fundroute::payouts::*;
use fundroute::prelude::*;
use fundroute::routing::NewApplicationFeeRefund;
use fundroute::rulebook::*;

use super::*;

fn debit(to: AccountId) -> NewPayment {
    NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)).destination(to)
}

fn direct_with_fee(lab: &mut Lab) -> (AccountId, PaymentId) {
    let jo = lab.ready(NewAccount::standard(US));
    lab.funded();
    let sale =
        lab.ask_as(jo, Command::CreatePayment(NewPayment::card(usd(100_00)).application_fee(usd(40_00)))).unwrap();
    let Answer::Payment(sale) = sale else { panic!() };
    lab.world_wait(1);
    (jo, sale)
}

#[test]
fn a_platform_without_controls_does_not_cancel_the_holders_payout() {
    let mut lab = Lab::new();
    let jo = lab.ready(NewAccount::standard(US));
    lab.ask_by(
        Actor::Holder,
        jo,
        Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual }),
    )
    .unwrap();
    lab.ask_as(jo, Command::CreatePayment(NewPayment::card(usd(500_00)))).unwrap();
    lab.world_wait(5);
    let paid = lab.ask_by(Actor::Holder, jo, Command::CreatePayout(NewPayout::of(usd(100_00))));
    let Ok(Answer::Payout(payout)) = paid else { panic!("{paid:?}") };
    assert!(lab.ask_as(jo, Command::CreatePayout(NewPayout::of(usd(100_00)))).is_err());
    let canceled = lab.ask_as(jo, Command::CancelPayout(CancelPayout { payout }));
    assert!(canceled.is_err(), "{canceled:?}");
}

#[test]
fn an_anonymous_holder_does_not_reconnect_somebody_elses_account() {
    let mut lab = Lab::new();
    lab.p.connections().register("app", NewApplication::platform("https://shop.example/back")).unwrap();
    let jo = lab.create(NewAccount::standard(US));
    lab.ask_by(Actor::Holder, jo, Command::Deauthorize(jo)).unwrap();
    // Not acting as jo: as somebody who only knows its id.
    let outside = OutsideAccount { id: jo, country: US, is_controlled: false, capabilities: Vec::new() };
    let wish = lab.p.connections().authorize("x", Authorize::outside(outside));
    let Ok(wish) = wish else { return };
    let code = lab.p.connection(wish.answer).unwrap().code();
    let exchanged = lab.p.connections().exchange("y", &code);
    assert!(exchanged.is_err(), "{:?}", exchanged.map(|d| d.answer));
}

#[test]
fn a_platform_does_not_accept_terms_for_a_guardian() {
    let mut lab = Lab::new();
    let jo = lab.create(NewAccount::express(US).business_type(BusinessType::Company));
    assert!(lab.give(Information::about(jo).set("tos_acceptance.ip", "8.8.8.8")).is_err());
    let guardian = NewPerson::new(jo, Relationship::of([PersonRole::LegalGuardian]))
        .set("additional_tos_acceptances.account.date", "1609798905")
        .set("additional_tos_acceptances.account.ip", "8.8.8.8");
    let added = lab.ask(Command::CreatePerson(guardian));
    assert!(added.is_err(), "{added:?}");
}

#[test]
fn an_extension_does_not_close_an_account_even_in_test_mode() {
    let mut lab = Lab::new();
    lab.p.connections().register("app", NewApplication::extension("https://shop.example/back")).unwrap();
    let outside = OutsideAccount {
        id: AccountId::from_host([9; 14]),
        country: US,
        is_controlled: true,
        capabilities: vec![Capability::Transfers, Capability::CardPayments],
    };
    let wish = lab.p.connections().authorize("x", Authorize::outside(outside)).unwrap().answer;
    let code = lab.p.connection(wish).unwrap().code();
    lab.p.connections().exchange("y", &code).unwrap();
    let closed = lab.ask(Command::CloseAccount(CloseAccount { account: AccountId::from_host([9; 14]) }));
    assert!(closed.is_err(), "a read-only extension closed it: {closed:?}");
}

#[test]
fn a_holder_does_not_give_the_platforms_commission_back() {
    let mut lab = Lab::new();
    let (jo, sale) = direct_with_fee(&mut lab);
    let before = lab.p.balance(lab.p.id(), USD).unwrap();
    let back = lab.ask_by(Actor::Holder, jo, Command::CreateRefund(NewRefund::of(sale).refund_application_fee()));
    let after = lab.p.balance(lab.p.id(), USD).unwrap();
    assert!(back.is_err(), "the holder moved the platform's money: {before:?} -> {after:?}");
}

#[test]
fn an_extension_does_not_give_the_platforms_commission_back() {
    let mut lab = Lab::new();
    let (jo, sale) = direct_with_fee(&mut lab);
    let other = Actor::Extension(Scope::ReadWrite);
    let back = lab.ask_by(other, jo, Command::CreateRefund(NewRefund::of(sale).refund_application_fee()));
    assert!(back.is_err(), "{back:?}");
}

#[test]
fn an_extension_does_not_end_the_platforms_own_connection() {
    let mut lab = Lab::new();
    let jo = lab.ready(NewAccount::standard(US));
    let ended = lab.ask_by(Actor::Extension(Scope::ReadOnly), jo, Command::Deauthorize(jo));
    let access = lab.p.account(jo).unwrap().standing().access;
    assert_eq!(access, Access::Connected, "another application, which may only read, cut the platform off: {ended:?}");
}

#[test]
fn an_extensions_commission_is_not_the_platforms() {
    let mut lab = Lab::new();
    let jo = lab.ready(NewAccount::standard(US));
    let new = NewPayment::card(usd(20_00)).application_fee(usd(5_00));
    let taken = lab.ask_by(Actor::Extension(Scope::ReadWrite), jo, Command::CreatePayment(new));
    lab.world_wait(1);
    let got = lab.p.balance(lab.p.id(), USD).unwrap();
    assert_eq!(got.pending + got.available, 0, "{taken:?}");
}

#[test]
fn what_lies_on_a_closed_account_can_be_taken_back() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    lab.funded();
    let Answer::Payment(sale) = lab.ask(Command::CreatePayment(NewPayment::card(usd(100_00)).destination(jo))).unwrap()
    else {
        panic!()
    };
    lab.world_wait(1);
    lab.ask(Command::CloseAccount(CloseAccount { account: jo })).unwrap();
    lab.ask(Command::CreateRefund(NewRefund::of(sale).reverse_transfer())).unwrap();
}

/// A debit is still under way when the account that is to get it is closed: the money stays with the platform, and somebody has
/// to look.
#[test]
fn what_was_on_its_way_to_a_closed_account_stays_with_the_platform() {
    let mut lab = Lab::live();
    let new = custom(US).business_type(BusinessType::Individual);
    let jo = lab.w.onboard_with_bank(&mut lab.p, new, "55779911").unwrap();
    let with_fee = debit(jo).application_fee(usd(10_00));
    let Answer::Payment(sale) = lab.ask(Command::CreatePayment(with_fee)).unwrap() else { panic!() };
    lab.ask(Command::CloseAccount(CloseAccount { account: jo })).unwrap();
    lab.world_wait(20);
    let charge = lab.p.charge(lab.p.payment(sale).unwrap().latest_charge().unwrap()).unwrap();
    assert_eq!((charge.transfer(), charge.application_fee()), (None, None));
    let rest = lab.p.balance(jo, USD).unwrap();
    assert_eq!((rest.available, rest.pending), (0, 0));
    let own = lab.p.balance(lab.p.id(), USD).unwrap();
    assert_eq!(own.available + own.pending + own.in_transit, 99_20, "all but the processor's fee");
    let known = lab.p.snapshot().records;
    let reasons: Vec<AnomalyReason> = known
        .iter()
        .filter_map(|(_, record)| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None })
        .collect();
    assert_eq!(reasons, [AnomalyReason::RecipientClosed]);
    lab.ask(Command::CreateRefund(NewRefund::of(sale).amount(usd(50_00)))).unwrap();
}

#[test]
fn closing_stands_only_if_nothing_became_pending_meanwhile() {
    let mut lab = Lab::live();
    let new = custom(US).business_type(BusinessType::Individual);
    let jo = lab.w.onboard_with_bank(&mut lab.p, new, "55779911").unwrap();
    let card = NewPayment::card(usd(100_00)).destination(jo);
    let Answer::Payment(sale) = lab.ask(Command::CreatePayment(card)).unwrap() else { panic!() };
    let close = lab.p.decide(&Request::new("close", Command::CloseAccount(CloseAccount { account: jo }))).unwrap();
    let charge = lab.p.payment(sale).unwrap().latest_charge().unwrap();
    let at = lab.p.now();
    lab.p.payments().record_succeeded("paid", at, charge, usd(100_00)).unwrap();
    assert!(matches!(lab.p.apply(&close.changes), Err(Error::Stale(_))));
}

#[test]
fn no_commission_is_given_back_to_a_closed_account() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    lab.funded();
    let card = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
    let Answer::Payment(sale) = lab.ask(Command::CreatePayment(card)).unwrap() else { panic!() };
    lab.world_wait(5);
    let charge = lab.p.payment(sale).unwrap().latest_charge().unwrap();
    let fee = lab.p.charge(charge).unwrap().application_fee().unwrap();
    lab.ask(Command::CloseAccount(CloseAccount { account: jo })).unwrap();
    let back = lab.ask(Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee)));
    assert_eq!(back, Err(AccountError::NotConnected(jo, Access::Closed).into()));
}

#[test]
fn debug_output_never_holds_a_number() {
    let jo = AccountId::from_host([7; 14]);
    let slip = NewExternalAccount::bank_token(jo, US, USD, "btok", "000123456789");
    assert!(!format!("{slip:?}").contains("000123456789"), "{slip:?}");
}
