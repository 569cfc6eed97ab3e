//! Closing an account, and turning it away while it holds something.

use fundroute::accounts::{
    Access, AccountError, Action, Actor, Denial, NewAccount, PayoutsAction, Phase, RejectAccount, RejectReason, Review,
    Scope,
};
use fundroute::journal::{DeadlineKind, Fact, FactOutcome};
use fundroute::money::{Currency, eur, usd};
use fundroute::payments::{NewPayment, NewRefund};
use fundroute::payouts::{NewPayout, PayoutFailed, PayoutPaid};
use fundroute::platform::{Command, Error, NewPlatform, Request};
use fundroute::prelude::{GB, PaymentMethod, US};
use fundroute::rulebook::{Country, Price, RejectionEra, Rulebook};

use crate::shop::{Shop, close, opened, pause_payouts, reject, unreject};

fn live(seller: NewAccount) -> Shop {
    live_by(Rulebook::standard(), US, seller)
}

fn live_by(book: Rulebook, country: Country, seller: NewAccount) -> Shop {
    Shop::of(NewPlatform::in_country(country).live(), book, seller)
}

fn refused(shop: &mut Shop, command: Command) -> AccountError {
    let before = shop.platform.snapshot();
    let error = shop.ask(command).unwrap_err();
    assert_eq!(shop.platform.snapshot(), before, "a refusal leaves no trace");
    let Error::Account(error) = error else { panic!("{error:?}") };
    error
}

fn not_zero(shop: &Shop, currency: Currency) -> AccountError {
    AccountError::BalanceNotZero { account: shop.jo, currency }
}

#[test]
fn a_live_account_with_a_full_dashboard_is_never_closed_by_its_platform() {
    let mut shop = live(NewAccount::standard(US));
    let (account, action) = (shop.jo, Action::Close);
    let denied = AccountError::NotPermitted { account, action, denial: Denial::HolderOnly };
    assert_eq!(refused(&mut shop, close(account)), denied);
    assert_eq!(shop.platform.permits(account, Actor::Platform, action), Err(denied.into()));

    let mut test = Shop::of(NewPlatform::in_country(US), Rulebook::standard(), NewAccount::standard(US));
    assert_eq!(test.platform.permits(test.jo, Actor::Platform, action), Ok(()));
    test.ask(close(test.jo)).unwrap();
    assert_eq!(test.platform.readiness(test.jo).unwrap().phase, Phase::Closed);
}

#[test]
fn a_live_account_is_closed_once_nothing_lies_on_it_or_is_on_its_way() {
    let mut shop = live(NewAccount::express(US));
    let jo = shop.jo;
    let key = shop.key();
    shop.platform.acting_as(jo).unwrap().payments().create(&key, NewPayment::card(usd(100_00))).unwrap();
    shop.by_hand();
    shop.world.settle(&mut shop.platform).unwrap();
    let left = not_zero(&shop, Currency::USD);
    assert_eq!(refused(&mut shop, close(jo)), left, "pending");
    shop.wait(3);
    assert_eq!(refused(&mut shop, close(jo)), left, "available");
    let payout = shop.ask_as(jo, Command::CreatePayout(NewPayout::of(usd(96_80)))).unwrap();
    assert_eq!(refused(&mut shop, close(jo)), left, "in transit");
    let fundroute::journal::Answer::Payout(payout) = payout else { panic!("no payout") };
    shop.tell(Fact::PayoutPaid(PayoutPaid { payout }));
    shop.ask(close(jo)).unwrap();
    assert_eq!(shop.platform.account(jo).unwrap().standing().access, Access::Closed);
}

/// Payers who are owed are not left behind: a refund that waits for the account's money keeps it open, until it is given up.
#[test]
fn a_live_account_is_not_closed_while_a_refund_waits_for_its_money() {
    let mut shop = live(NewAccount::express(US));
    let (jo, key) = (shop.jo, shop.key());
    let sale =
        shop.platform.acting_as(jo).unwrap().payments().create(&key, NewPayment::card(usd(100_00))).unwrap().answer;
    shop.wait(9);
    assert_eq!(shop.platform.balance(jo, Currency::USD).unwrap().total(), 0, "paid out");
    let decided = shop.platform.decide(&Request::new("end", close(jo))).unwrap();
    shop.ask_as(jo, Command::CreateRefund(NewRefund::of(sale))).unwrap();
    let left = not_zero(&shop, Currency::USD);
    assert_eq!(refused(&mut shop, close(jo)), left);
    assert!(matches!(shop.platform.apply(&decided.changes), Err(Error::Stale(_))));
    shop.wait(31);
    shop.ask(close(jo)).unwrap();
}

#[test]
fn money_that_comes_while_an_account_is_being_closed_makes_the_decision_stale() {
    let mut shop = live(NewAccount::express(US));
    let jo = shop.jo;
    shop.fund();
    let decided = shop.platform.decide(&Request::new("end", close(jo))).unwrap();
    shop.ask(Command::CreateTransfer(fundroute::routing::NewTransfer::to(jo, usd(1_00)))).unwrap();
    assert!(matches!(shop.platform.apply(&decided.changes), Err(Error::Stale(_))));
}

#[test]
fn every_currency_that_it_can_hold_counts() {
    let price = Price::new(GB, PaymentMethod::Card, Currency::EUR, "2.5%".parse().unwrap(), 20);
    let book = Rulebook::standard().with_price(price).unwrap().with_unbanked_settlement(true);
    let mut shop = live_by(book, GB, NewAccount::express(GB));
    let (jo, key) = (shop.jo, shop.key());
    shop.platform.acting_as(jo).unwrap().payments().create(&key, NewPayment::card(eur(100_00))).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    let left = not_zero(&shop, Currency::EUR);
    assert_eq!(refused(&mut shop, close(jo)), left);
}

#[test]
fn closed_is_the_end() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    shop.fund_seller();
    shop.ask(close(jo)).unwrap();
    let gone = AccountError::NotConnected(jo, Access::Closed);
    let delay = fundroute::payouts::SetDelayDays { account: jo, delay: Some(9) };
    for command in [
        close(jo),
        reject(jo, PayoutsAction::Pause),
        unreject(jo),
        pause_payouts(jo, true),
        Command::SetDelayDays(delay),
        Command::CreateTransfer(fundroute::routing::NewTransfer::to(jo, usd(1_00))),
        Command::CreatePayment(NewPayment::card(usd(1_00)).destination(jo)),
        Command::ProvideInformation(fundroute::accounts::Information::about(jo).set("individual.first_name", "Jo")),
    ] {
        assert_eq!(refused(&mut shop, command), gone);
    }
    for (account, actor) in [(jo, Actor::Platform), (jo, Actor::Holder), (jo, Actor::Extension(Scope::ReadWrite))] {
        let request = Request::new("x", Command::CreatePayout(NewPayout::of(usd(1_00)))).by(actor, account);
        assert_eq!(shop.platform.handle(request).unwrap_err(), gone.clone().into());
    }
    let code = Error::from(gone).code();
    assert_eq!(code, Some("account_invalid"));
    let asked = shop.platform.requirements(jo).unwrap();
    assert!(asked.eventually_due.is_empty(), "nothing is asked of it any more");
    let due = |deadline: &fundroute::journal::Deadline| deadline.what == DeadlineKind::Reassess(jo);
    assert!(!shop.platform.deadlines().any(due));
    let account = shop.platform.account(jo).unwrap();
    assert!(!account.charges_enabled() && !account.payouts_enabled() && account.details_submitted());
}

#[test]
fn an_account_that_gave_nothing_has_given_nothing_when_it_is_closed() {
    let mut shop = Shop::open();
    let al = shop.platform.accounts().create("al", NewAccount::express(US)).unwrap().answer;
    shop.ask(close(al)).unwrap();
    assert!(!shop.platform.account(al).unwrap().details_submitted());
}

#[test]
fn late_facts_about_a_closed_account_are_taken() {
    for fails in [false, true] {
        let mut shop = Shop::open();
        let jo = shop.jo;
        shop.by_hand();
        shop.fund_seller();
        let answer = shop.ask_as(jo, Command::CreatePayout(NewPayout::of(usd(200_00)))).unwrap();
        let fundroute::journal::Answer::Payout(payout) = answer else { panic!("no payout") };
        shop.ask(close(jo)).unwrap();
        let fact = if fails {
            Fact::PayoutFailed(PayoutFailed { payout, failure_code: "account_closed".to_owned() })
        } else {
            Fact::PayoutPaid(PayoutPaid { payout })
        };
        assert_eq!(shop.tell(fact), FactOutcome::Applied);
        assert_eq!(shop.tell(opened(jo, Review::Listed)), FactOutcome::Applied);
        shop.wait(30);
        let balance = shop.platform.balance(jo, Currency::USD).unwrap();
        assert_eq!((balance.available, balance.in_transit), (if fails { 200_00 } else { 0 }, 0));
        assert_eq!(shop.platform.readiness(jo).unwrap().phase, Phase::Closed);
        assert_eq!(shop.platform.audit(), []);
    }
}

#[test]
fn until_2026_a_live_account_was_rejected_only_with_nothing_on_it() {
    let then = Rulebook::standard().with_rejection_era(RejectionEra::BalancesMustBeZero);
    for (book, is_live) in [(then.clone(), true), (then, false), (Rulebook::standard(), true)] {
        let is_old = book.rejection_era() == RejectionEra::BalancesMustBeZero;
        let new = NewPlatform::in_country(US);
        let new = if is_live { new.live() } else { new };
        let mut shop = Shop::of(new, book, NewAccount::express(US));
        let jo = shop.jo;
        let mut empty = shop.clone();
        empty.ask(reject(jo, PayoutsAction::Pause)).unwrap();
        let key = shop.key();
        shop.platform.acting_as(jo).unwrap().payments().create(&key, NewPayment::card(usd(100_00))).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
        if is_old && is_live {
            let left = not_zero(&shop, Currency::USD);
            assert_eq!(refused(&mut shop, reject(jo, PayoutsAction::Pause)), left);
        } else {
            shop.ask(reject(jo, PayoutsAction::Pause)).unwrap();
        }
    }
}

#[test]
fn only_who_bears_the_losses_rejects_and_pauses_and_only_for_reasons_of_its_own() {
    let mut shop = Shop::of(NewPlatform::in_country(US), Rulebook::standard(), NewAccount::standard(US));
    let account = shop.jo;
    let denied = |action, denial| AccountError::NotPermitted { account, action, denial };
    for (command, action) in [
        (reject(account, PayoutsAction::Pause), Action::Reject),
        (unreject(account), Action::Reject),
        (pause_payouts(account, true), Action::Pause),
    ] {
        assert_eq!(refused(&mut shop, command), denied(action, Denial::LossesNotYours));
    }
    let mut shop = Shop::open();
    let jo = shop.jo;
    for reason in [RejectReason::Listed, RejectReason::IncompleteVerification] {
        let command = Command::RejectAccount(RejectAccount::new(jo, reason));
        assert_eq!(refused(&mut shop, command), AccountError::ReasonNotYours(reason));
    }
    let nothing = fundroute::accounts::SetPause { account: jo, payments: None, payouts: None };
    assert_eq!(refused(&mut shop, Command::SetPause(nothing)), AccountError::NothingToChange);
    let platform = shop.platform.id();
    for command in [close(platform), reject(platform, PayoutsAction::Pause), pause_payouts(platform, true)] {
        assert_eq!(refused(&mut shop, command), AccountError::IsPlatform(platform));
    }
    for (command, action) in [
        (reject(jo, PayoutsAction::Pause), Action::Reject),
        (pause_payouts(jo, true), Action::Pause),
        (close(jo), Action::Close),
    ] {
        let denial = Denial::PlatformOnly;
        let denied = AccountError::NotPermitted { account: jo, action, denial };
        let request = Request::new("x", command).by(Actor::Holder, jo);
        assert_eq!(shop.platform.handle(request).unwrap_err(), denied.into());
    }
}

#[test]
fn reasons_of_before_are_still_read() {
    let jo = fundroute::ids::AccountId::from_host([1; 14]);
    let read = |reason: &str| {
        let json = format!(r#"{{"account":"{jo}","reason":"{reason}"}}"#);
        serde_json::from_str::<RejectAccount>(&json).unwrap()
    };
    assert_eq!(read("fraud"), RejectAccount::new(jo, RejectReason::FraudOther));
    assert_eq!(read("terms_of_service").reason, RejectReason::TermsOfService);
    assert_eq!(read("other").reason, RejectReason::Other);
}
