//! Payments that are planned first, and payers who have something to do before they have paid.

use fundroute::accounts::{AccountError, Actor, CapabilityReviewed, CapabilityStatus};
use fundroute::calendar::hours;
use fundroute::ids::{ChargeId, PaymentId};
use fundroute::journal::{AnomalyReason, Fact, FactOutcome, Instruction, Record, Report};
use fundroute::payments::{
    ActionCompleted, ActionRequired, CancelPayment, Cancellation, CapturePayment, ChargeAuthorized, ChargeFailed,
    ChargeFailure, ChargeSucceeded, ConfirmPayment, DeclineCode, NextAction, PaymentAction, PaymentError,
    PaymentInstruction, PaymentState, PaymentStatus, UpdatePayment,
};
use fundroute::prelude::*;
use fundroute::rulebook::Capability;
use fundroute::simulator::{AUTHENTICATION_REQUIRED, DECLINED, NEVER_ANSWERS};

use crate::shop::{Shop, rules};

fn plan(shop: &mut Shop, payment: NewPayment) -> PaymentId {
    let key = shop.key();
    let id = shop.platform.payments().create(&key, payment).unwrap().answer;
    shop.world.settle(&mut shop.platform).unwrap();
    id
}

fn confirm(shop: &mut Shop, attempt: ConfirmPayment) -> Result<(), Error> {
    let key = shop.key();
    shop.platform.payments().confirm(&key, attempt)?;
    shop.world.settle(&mut shop.platform)
}

fn change(shop: &mut Shop, change: UpdatePayment) -> Result<(), Error> {
    let key = shop.key();
    shop.platform.payments().update(&key, change).map(drop)
}

fn tell(shop: &mut Shop, fact: Fact) -> FactOutcome {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.record(&Report::new(key, now, fact)).unwrap().answer
}

fn took(charge: ChargeId, amount: Money) -> Fact {
    Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount))
}

/// A checkout page is opened, the basket changes, the buyer chooses how to pay, and pays.
#[test]
fn a_checkout_from_the_open_page_to_the_money() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let cart = plan(&mut shop, NewPayment::open(usd(25_00)).destination(jo).application_fee(usd(2_50)));
    assert_eq!(shop.status(cart), "requires_payment_method");
    assert_eq!(shop.platform.charge_of(cart).unwrap_err(), PaymentError::NoAttempt(cart).into());
    assert!(shop.platform.instructions().is_empty());

    change(&mut shop, UpdatePayment::of(cart).amount(usd(40_00)).application_fee(usd(4_00))).unwrap();
    change(&mut shop, UpdatePayment::of(cart).method(PaymentMethod::Card).token("pm_card_visa")).unwrap();
    assert_eq!(shop.status(cart), "requires_confirmation");
    confirm(&mut shop, ConfirmPayment::of(cart)).unwrap();
    assert_eq!((shop.status(cart), shop.pending(jo)), ("succeeded".to_owned(), 36_00));
    assert_eq!(shop.charge_of(cart).ordinal(), 1);
    shop.sound();
}

/// The payer shows the bank who they are; a payment that has no answer yet is not paid out and not captured.
#[test]
fn a_payer_authenticates() {
    let mut shop = Shop::open();
    let sale = plan(&mut shop, NewPayment::card(usd(10_00)).token(AUTHENTICATION_REQUIRED));
    let state = *shop.platform.payment(sale).unwrap().state();
    assert_eq!(state, PaymentState::RequiresAction { action: NextAction::Authenticate, expires_at: Timestamp::MAX });
    assert!(shop.platform.instructions().is_empty(), "the world waits for the payer");
    shop.world.complete_action(&mut shop.platform, sale).unwrap();
    assert_eq!((shop.status(sale), shop.pending(shop.house)), ("succeeded".to_owned(), 10_00 - 59));

    let held = plan(&mut shop, NewPayment::card(usd(10_00)).token(AUTHENTICATION_REQUIRED).manual_capture());
    shop.world.complete_action(&mut shop.platform, held).unwrap();
    assert_eq!(shop.status(held), "requires_capture");

    let lost = plan(&mut shop, NewPayment::card(usd(10_00)).token(AUTHENTICATION_REQUIRED));
    shop.world.fail_action(&mut shop.platform, lost).unwrap();
    assert_eq!(shop.status(lost), "requires_payment_method");
    let why = shop.platform.payment(lost).unwrap().last_failure();
    assert_eq!(why, Some(ChargeFailure::Card(DeclineCode::AuthenticationRequired)));
}

/// With confirmation by hand the world stops after the payer's part until the host says so.
#[test]
fn confirmation_by_hand_takes_two() {
    let mut shop = Shop::open();
    let sale = plan(&mut shop, NewPayment::card(usd(10_00)).token(AUTHENTICATION_REQUIRED).confirm_by_hand());
    shop.world.complete_action(&mut shop.platform, sale).unwrap();
    assert_eq!((shop.status(sale), shop.pending(shop.house)), ("requires_confirmation".to_owned(), 0));
    let charge = shop.charge_of(sale);
    let key = shop.key();
    let decided = shop.platform.payments().confirm(&key, ConfirmPayment::of(sale)).unwrap();
    let go_on = Instruction::Payment(PaymentInstruction::Confirm { charge });
    assert_eq!((&decided.changes.instructions[..], shop.platform.instructions()), (&[go_on.clone()][..], vec![go_on]));
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!((shop.status(sale), shop.charge_of(sale)), ("succeeded".to_owned(), charge));
}

/// Another card, or another amount, while an attempt waits for the host: that attempt is called off, and late money of it is seen.
#[test]
fn a_change_starts_an_attempt_anew() {
    for by_amount in [true, false] {
        let mut shop = Shop::open();
        let order = NewPayment::card(usd(10_00)).token(AUTHENTICATION_REQUIRED).confirm_by_hand();
        let sale = plan(&mut shop, order);
        shop.world.complete_action(&mut shop.platform, sale).unwrap();
        let first = shop.charge_of(sale);
        let key = shop.key();
        let void = Instruction::Payment(PaymentInstruction::Void { charge: first });
        let next = ConfirmPayment::by(PaymentMethod::Card, sale).token("pm_card_visa");
        let changes = if by_amount {
            shop.platform.payments().update(&key, UpdatePayment::of(sale).amount(usd(12_00))).unwrap().changes
        } else {
            shop.platform.payments().confirm(&key, next.clone()).unwrap().changes
        };
        assert!(changes.instructions.contains(&void));
        if by_amount {
            confirm(&mut shop, next).unwrap();
        }
        shop.world.settle(&mut shop.platform).unwrap();
        let amount = usd(if by_amount { 12_00 } else { 10_00 });
        assert_eq!(
            (shop.status(sale), shop.platform.payment(sale).unwrap().amount()),
            ("succeeded".to_owned(), amount)
        );
        assert_ne!(shop.charge_of(sale), first);
        assert!(matches!(tell(&mut shop, took(first, usd(10_00))), FactOutcome::Anomaly(_)));
        assert_eq!(shop.pending(shop.house), i128::from(amount.minor()) - if by_amount { 65 } else { 59 });
    }
}

/// A payment that failed was changed to another amount; then the money of the old one came. It is not the payment's.
#[test]
fn late_money_of_another_amount_is_an_anomaly() {
    for later in [true, false] {
        let mut shop = Shop::open();
        let order = NewPayment::card(usd(10_00)).token(DECLINED);
        let sale = plan(&mut shop, if later { order.manual_capture() } else { order });
        let charge = shop.charge_of(sale);
        change(&mut shop, UpdatePayment::of(sale).amount(usd(12_00))).unwrap();
        let (key, now) = (shop.key(), shop.platform.now());
        for amount in [usd(10_00), usd(12_00)] {
            let held = Fact::ChargeAuthorized(ChargeAuthorized::of(charge, amount));
            let fact = if later { held } else { took(charge, amount) };
            let decided = shop.platform.record(&Report::new(format!("{key}-{amount}"), now, fact)).unwrap();
            assert!(matches!(decided.answer, FactOutcome::Anomaly(_)));
            let void = Instruction::Payment(PaymentInstruction::Void { charge });
            assert_eq!(decided.changes.instructions.contains(&void), later && amount == usd(10_00));
        }
        assert_eq!((shop.status(sale), shop.pending(shop.house)), ("requires_payment_method".to_owned(), 0));
    }
}

/// What the payer has to do ends by the clock, where an end is told; of several ends the first counts.
#[test]
fn the_payers_part_runs_out() {
    let mut shop = Shop::open();
    let sale = plan(&mut shop, NewPayment::card(usd(10_00)).token(NEVER_ANSWERS));
    let charge = shop.charge_of(sale);
    let start = shop.platform.now();
    let until = |span| start.checked_add(hours(span)).unwrap();
    for (span, expected) in [(3, FactOutcome::Applied), (1, FactOutcome::Applied), (2, FactOutcome::Stale)] {
        let required = ActionRequired::of(charge, NextAction::Redirect).until(until(span));
        assert_eq!(tell(&mut shop, Fact::ActionRequired(required)), expected);
    }
    assert_eq!(shop.platform.next_deadline(), Some(until(1)));
    shop.platform.advance_to(until(2)).unwrap();
    assert_eq!(shop.status(sale), "requires_payment_method");
    let why = shop.platform.payment(sale).unwrap().last_failure();
    assert_eq!(why, Some(ChargeFailure::PaymentExpired));
    // The money came after all, and so it is paid.
    assert_eq!(tell(&mut shop, took(charge, usd(10_00))), FactOutcome::Applied);
    assert_eq!(shop.status(sale), "succeeded");
    // Nobody was asked to do anything before the world began.
    let old = plan(&mut shop, NewPayment::card(usd(10_00)).token(NEVER_ANSWERS));
    let past = ActionRequired::of(shop.charge_of(old), NextAction::Redirect).until(start);
    tell(&mut shop, Fact::ActionRequired(past));
    shop.wait(1);
    assert_eq!(shop.status(old), "requires_payment_method");
}

/// As many attempts as the rulebook allows; then it is given up, and money that comes after all is taken up all the same.
#[test]
fn attempts_are_limited() {
    for late in [false, true] {
        let mut shop = Shop::open_by(US, rules().with_attempt_limit(Some(3)));
        let sale = plan(&mut shop, NewPayment::card(usd(10_00)).token(DECLINED));
        for token in [DECLINED, NEVER_ANSWERS] {
            assert_eq!(shop.status(sale), "requires_payment_method");
            confirm(&mut shop, ConfirmPayment::by(PaymentMethod::Card, sale).token(token)).unwrap();
        }
        let (charge, now) = (shop.charge_of(sale).into(), shop.platform.now());
        let failed = Fact::ChargeFailed(ChargeFailed { charge, failure: DeclineCode::GenericDecline.into() });
        let last = shop.platform.record(&Report::new("last", now, failed)).unwrap();
        let told = ["payment_intent.payment_failed", "payment_intent.canceled", "charge.failed"];
        assert_eq!(crate::shop::events(&last.changes), told);
        let payment = shop.platform.payment(sale).unwrap();
        assert_eq!(*payment.state(), PaymentState::Canceled { at: now, by: Cancellation::AttemptsExhausted });
        let again = ConfirmPayment::by(PaymentMethod::Card, sale);
        assert!(matches!(confirm(&mut shop, again), Err(Error::Payment(PaymentError::UnexpectedState { .. }))));
        if late {
            let charge = shop.charge_of(sale);
            assert_eq!(tell(&mut shop, took(charge, usd(10_00))), FactOutcome::Applied);
            assert_eq!((shop.status(sale), shop.pending(shop.house)), ("succeeded".to_owned(), 10_00 - 59));
        }
    }
    let endless = rules().with_attempt_limit(Some(0)).attempt_limit();
    assert_eq!((endless, rules().attempt_limit()), (Some(1), None));
}

/// What cannot be: each with an error of its own, and nothing lost.
#[test]
fn senseless_plans_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let cart = plan(&mut shop, NewPayment::open(usd(25_00)).destination(jo).application_fee(usd(5_00)));
    let before = shop.platform.payment(cart).unwrap().clone();
    let wrong = |payment: PaymentError| Err(Error::Payment(payment));
    assert_eq!(confirm(&mut shop, ConfirmPayment::of(cart)), wrong(PaymentError::MethodMissing));
    let mut at_once = NewPayment::open(usd(25_00));
    at_once.confirm = true;
    let key = shop.key();
    let refused = shop.platform.payments().create(&key, at_once).map(drop);
    assert_eq!(refused, wrong(PaymentError::MethodMissing));
    let of = || UpdatePayment::of(cart);
    let fee_above = PaymentError::FeeExceedsAmount { fee: usd(5_00), amount: usd(4_00) };
    let table = [
        (of(), PaymentError::NothingToChange),
        (of().token("pm_card_visa"), PaymentError::NothingToChange),
        (of().amount(usd(0)), PaymentError::AmountNotPositive(usd(0))),
        (of().amount(usd(-1)), PaymentError::AmountNotPositive(usd(-1))),
        (
            of().amount(usd(49)).application_fee(usd(0)),
            PaymentError::AmountTooSmall { amount: usd(49), minimum: usd(50) },
        ),
        (of().amount(eur(25_00)), PaymentError::WrongCurrency { given: EUR, needed: USD }),
        (of().amount(usd(4_00)), fee_above),
        (of().transfer_amount(usd(1_00)), PaymentError::FeeAndTransferAmount),
        (of().application_fee(eur(1)), PaymentError::WrongCurrency { given: EUR, needed: USD }),
    ];
    for (update, expected) in table {
        assert_eq!(change(&mut shop, update.clone()), wrong(expected), "{update:?}");
    }
    assert!(change(&mut shop, of().amount(usd(i64::MAX))).is_err());
    assert_eq!(*shop.platform.payment(cart).unwrap(), before);
    let other = shop.seller(NewAccount::express(US));
    let key = shop.key();
    let elsewhere = Command::UpdatePayment(of().amount(usd(26_00)));
    let refused = shop.platform.handle(Request::new(key, elsewhere).acting_as(other)).map(drop);
    assert_eq!(refused, wrong(PaymentError::NotOnAccount(cart)));

    confirm(&mut shop, ConfirmPayment::by(PaymentMethod::Card, cart).token(NEVER_ANSWERS)).unwrap();
    let status = PaymentStatus::Processing;
    let busy = PaymentError::UnexpectedState { payment: cart, status, action: PaymentAction::Update };
    assert_eq!(change(&mut shop, of().amount(usd(26_00))), wrong(busy));
    let key = shop.key();
    let refused = shop.platform.payments().capture(&key, CapturePayment::of(cart)).map(drop);
    assert!(matches!(refused, Err(Error::Payment(PaymentError::UnexpectedState { .. }))));
}

/// A planned payment can be called off, and what is not there is not called off outside.
#[test]
fn a_plan_is_called_off() {
    let mut shop = Shop::open();
    for order in [NewPayment::open(usd(5_00)), NewPayment::card(usd(5_00)).confirm_later()] {
        let cart = plan(&mut shop, order);
        let key = shop.key();
        let request = Request::new(key, Command::CancelPayment(CancelPayment::of(cart)));
        let decided = shop.platform.handle(request).unwrap();
        assert!(decided.changes.instructions.is_empty());
        assert_eq!(shop.status(cart), "canceled");
        assert!(confirm(&mut shop, ConfirmPayment::by(PaymentMethod::Card, cart)).is_err());
    }
    shop.wait(40);
    shop.sound();
}

/// Only the platform changes its commission, and what was open when a payment was planned has to be open when it is collected.
#[test]
fn a_plan_is_checked_again_when_it_is_collected() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let cart = Command::CreatePayment(NewPayment::card(usd(25_00)).application_fee(usd(5_00)).confirm_later());
    let key = shop.key();
    let answer = shop.platform.handle(Request::new(key, cart).acting_as(jo)).unwrap().answer;
    let fundroute::journal::Answer::Payment(cart) = answer else { panic!("{answer:?}") };
    for fee in [0, 6_00] {
        let cheaper = Command::UpdatePayment(UpdatePayment::of(cart).application_fee(usd(fee)));
        let key = shop.key();
        assert!(shop.platform.handle(Request::new(key, cheaper).by(Actor::Holder, jo)).is_err(), "{fee}");
    }
    let (capability, status) = (Capability::CardPayments, CapabilityStatus::Inactive);
    tell(&mut shop, Fact::CapabilityReviewed(CapabilityReviewed { account: jo, capability, status }));
    let go = Command::ConfirmPayment(ConfirmPayment::of(cart));
    let key = shop.key();
    let refused = shop.platform.handle(Request::new(key, go).acting_as(jo)).map(drop);
    assert!(matches!(refused, Err(Error::Account(AccountError::CapabilityNotActive { .. }))), "{refused:?}");
    assert_eq!(shop.status(cart), "requires_confirmation");
}

/// Facts about a payer before the attempt's reference is known wait, and every order of them ends the same.
#[test]
fn every_order_of_what_the_payer_does_ends_the_same() {
    for by_hand in [true, false] {
        let mut shop = Shop::open();
        let order = NewPayment::card(usd(10_00)).token(NEVER_ANSWERS);
        let sale = plan(&mut shop, if by_hand { order.confirm_by_hand() } else { order });
        let charge = shop.charge_of(sale);
        let failure = DeclineCode::AuthenticationRequired.into();
        let failed = ChargeFailed { charge: charge.into(), failure };
        let facts = [
            Fact::ActionRequired(ActionRequired::of(charge, NextAction::Authenticate)),
            Fact::ActionCompleted(ActionCompleted { charge: charge.into() }),
            Fact::ChargeFailed(failed),
            took(charge, usd(10_00)),
        ];
        for length in 1..=facts.len() {
            let mut ends: Vec<Vec<Record>> = Vec::new();
            for order in 0..24_usize {
                // The order as a number in the factorial system.
                let mut left: Vec<&Fact> = facts[..length].iter().collect();
                let mut platform = shop.platform.clone();
                let mut digits = order;
                for number in 0..length {
                    let fact = left.remove(digits % left.len());
                    digits /= length - number;
                    for _ in 0..2 {
                        let now = platform.now();
                        platform.record(&Report::new(format!("{fact:?}"), now, fact.clone())).unwrap();
                    }
                }
                ends.push(platform.records().cloned().collect());
            }
            assert!(ends.iter().all(|end| *end == ends[0]), "{by_hand}, {length}");
        }
    }
}

/// Reasons of anomalies are what a person reads first.
#[test]
fn late_money_for_a_plan_that_was_called_off_is_seen() {
    let mut shop = Shop::open();
    let sale = plan(&mut shop, NewPayment::card(usd(10_00)).token(AUTHENTICATION_REQUIRED));
    let charge = shop.charge_of(sale);
    let key = shop.key();
    shop.platform.payments().cancel(&key, sale).unwrap();
    let FactOutcome::Anomaly(anomaly) = tell(&mut shop, took(charge, usd(10_00))) else { panic!("booked") };
    assert_eq!(shop.platform.anomaly(anomaly).unwrap().reason, AnomalyReason::PaymentCanceled);
}
