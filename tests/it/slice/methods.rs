//! Cards, bank debits and vouchers: what each does to a payment, and when its money becomes available.

use fundroute::accounts::AccountError;
use fundroute::ids::AccountId;
use fundroute::ledger::{Bucket, LineKind};
use fundroute::payments::{
    ChargeFailure, ChargeState, ConfirmPayment, DebitFailure, DeclineCode, PaymentError, PaymentInstruction,
};
use fundroute::prelude::*;
use fundroute::rulebook::Capability;
use fundroute::simulator::{DEBIT_REFUSED, DECLINED, INSUFFICIENT_FUNDS, PAYS_AT_ONCE};

use crate::shop::{NOBODY, Shop, monday, rules};

fn why(shop: &Shop, payment: fundroute::ids::PaymentId) -> Option<ChargeFailure> {
    shop.platform.payment(payment).unwrap().last_failure()
}

#[test]
fn a_card_is_taken_at_once() {
    let mut shop = Shop::open();
    let sale = shop.order(NewPayment::card(usd(20_00)));
    assert_eq!(shop.status(sale), "processing");
    assert!(shop.lines(shop.house).is_empty());
    shop.settle();
    assert_eq!(shop.status(sale), "succeeded");
    assert_eq!(shop.lines(shop.house), ["charge 2000 - 88 = 1912 (charge)"]);
    assert!(shop.platform.instructions().is_empty());
}

/// docs.stripe.com/testing (2026): the documented cards; docs.stripe.com/payments/paymentintents/lifecycle (2026).
#[test]
fn a_declined_card_leaves_the_payment_open_for_another() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(20_00)).token(DECLINED));
    assert_eq!(
        (shop.status(sale).as_str(), why(&shop, sale)),
        ("requires_payment_method", Some(ChargeFailure::Card(DeclineCode::GenericDecline)))
    );
    let first = shop.charge_of(sale);
    let again = ConfirmPayment::by(PaymentMethod::Card, sale);
    shop.platform.payments().confirm("again", again.clone().token(INSUFFICIENT_FUNDS)).unwrap();
    shop.settle();
    assert_eq!(why(&shop, sale), Some(ChargeFailure::Card(DeclineCode::InsufficientFunds)));
    assert!(shop.lines(shop.house).is_empty());
    shop.platform.payments().confirm("third", again).unwrap();
    shop.settle();
    assert_eq!(shop.status(sale), "succeeded");
    assert_ne!(shop.charge_of(sale), first);
    assert!(matches!(shop.platform.charge(first).unwrap().state(), ChargeState::Failed { .. }));
    assert_eq!(shop.lines(shop.house), ["charge 2000 - 88 = 1912 (charge)"]);
}

/// docs.stripe.com/payments/ach-direct-debit (2026): days in processing, then taken or refused; 0.8 %, at most 5.00
/// (stripe.com/pricing/local-payment-methods, 2026).
#[test]
fn a_us_bank_debit_is_in_processing_until_the_bank_has_answered() {
    let mut shop = Shop::open();
    let debit = NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00));
    let (taken, refused) = (shop.sell(debit.clone()), shop.sell(debit.token(DEBIT_REFUSED)));
    shop.until(utc(2026, 11, 5).at(23, 59));
    assert_eq!((shop.status(taken).as_str(), shop.status(refused).as_str()), ("processing", "processing"));
    assert_eq!(shop.lines(shop.house), ["payment 10000 - 0 = 10000 (charge)"; 2]);
    assert_eq!(shop.pending(shop.house), 200_00);
    shop.until(utc(2026, 11, 6));
    assert_eq!((shop.status(taken).as_str(), shop.status(refused).as_str()), ("succeeded", "requires_payment_method"));
    assert_eq!(why(&shop, refused), Some(ChargeFailure::Debit(DebitFailure::AccountClosed)));
    // One that was refused costs 4.00 (a third-party reading of stripe.com/pricing/local-payment-methods, 2026).
    let lines = [
        "payment 10000 - 0 = 10000 (charge)",
        "payment 10000 - 80 = 9920 (charge)",
        "payment_failure_refund -10000 - 0 = -10000 (charge_failure)",
        "stripe_fee -400 - 0 = -400 (fee)",
    ];
    assert_eq!(shop.lines(shop.house), lines);
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (99_20, -4_00));
}

/// docs.stripe.com/payments/sepa-debit (2026): euro only, at most 10,000.00, a capability of its own.
#[test]
fn a_sepa_debit_takes_days_and_has_a_limit() {
    let mut shop = Shop::open();
    let hans = shop.seller(NewAccount::express(DE).request(Capability::SepaDebitPayments));
    let debit = |minor| NewPayment::by(PaymentMethod::SepaDebit, eur(minor));
    let sale = shop.sell_as(hans, debit(10_000_00));
    assert_eq!(shop.status(sale), "processing");
    shop.wait(4);
    assert_eq!((shop.status(sale).as_str(), shop.pending(hans)), ("succeeded", 10_000_00));
    let key = shop.key();
    let refused = shop.platform.acting_as(hans).unwrap().payments().create(&key, debit(10_000_01));
    let error = PaymentError::AmountTooLarge { amount: eur(10_000_01), maximum: eur(10_000_00) };
    assert_eq!(refused.map(|decided| decided.answer), Err(error.into()));

    let eva = shop.seller(NewAccount::express(DE));
    let refused = shop.platform.acting_as(eva).unwrap().payments().create(&key, debit(10_00));
    let error = AccountError::CapabilityNotActive { account: eva, capability: Capability::SepaDebitPayments };
    assert_eq!(refused.map(|decided| decided.answer), Err(error.into()));
}

/// A shop in Brazil, with a seller who takes boletos there.
fn brazil() -> (Shop, AccountId) {
    let mut shop = Shop::open_in(BR);
    let ana = shop.seller(NewAccount::express(BR).request(Capability::BoletoPayments));
    (shop, ana)
}

fn boleto(minor: i64) -> NewPayment {
    NewPayment::by(PaymentMethod::Boleto, brl(minor))
}

/// docs.stripe.com/payments/boleto (2026): nothing is booked before the voucher is paid.
#[test]
fn a_boleto_requires_action_until_it_is_paid() {
    let (mut shop, ana) = brazil();
    let sale = shop.sell_as(ana, boleto(100_00));
    assert_eq!(shop.status(sale), "requires_action");
    shop.wait(2);
    assert_eq!(shop.status(sale), "requires_action");
    assert!(shop.lines(ana).is_empty());
    shop.world.pay_voucher(&mut shop.platform, sale).unwrap();
    assert_eq!(shop.status(sale), "succeeded");
    assert_eq!(shop.lines(ana), ["payment 10000 - 438 = 9562 (charge)"]);
    assert_eq!(shop.transactions(ana).pop().unwrap().available_on, utc(2026, 11, 6));

    let at_once = shop.sell_as(ana, boleto(5_00).token(PAYS_AT_ONCE));
    assert_eq!(shop.status(at_once), "succeeded");
}

/// docs.stripe.com/payments/boleto/accept-a-payment (2026): three days by default, to the end of the last.
#[test]
fn a_boleto_that_nobody_pays_runs_out() {
    let (mut shop, ana) = brazil();
    let sale = shop.sell_as(ana, boleto(100_00));
    shop.until(utc(2026, 11, 5).at(23, 59));
    assert_eq!(shop.status(sale), "requires_action");
    shop.until(utc(2026, 11, 6));
    assert_eq!(
        (shop.status(sale).as_str(), why(&shop, sale)),
        ("requires_payment_method", Some(ChargeFailure::PaymentExpired))
    );
    assert!(shop.lines(ana).is_empty() && shop.platform.instructions().is_empty());
    // Another voucher may be handed out.
    let again = ConfirmPayment::by(PaymentMethod::Boleto, sale).token(PAYS_AT_ONCE);
    shop.platform.acting_as(ana).unwrap().payments().confirm("again", again).unwrap();
    shop.settle();
    assert_eq!((shop.status(sale).as_str(), shop.pending(ana)), ("succeeded", 95_62));
}

/// Money that was paid is booked, however late the payer was.
#[test]
fn a_boleto_paid_after_it_ran_out_still_counts() {
    let (mut shop, ana) = brazil();
    let sale = shop.sell_as(ana, boleto(100_00));
    shop.until(utc(2026, 11, 10));
    assert_eq!(shop.status(sale), "requires_payment_method");
    shop.world.pay_voucher(&mut shop.platform, sale).unwrap();
    assert_eq!((shop.status(sale).as_str(), shop.pending(ana)), ("succeeded", 95_62));
    assert_eq!(shop.transactions(ana).pop().unwrap().available_on, utc(2026, 11, 12));
    shop.sound();
}

/// A voucher that is called off is not asked for any more; the world is told so.
#[test]
fn a_boleto_can_be_called_off() {
    let (mut shop, ana) = brazil();
    let sale = shop.sell_as(ana, boleto(100_00));
    let charge = shop.charge_of(sale);
    let canceled = shop.platform.acting_as(ana).unwrap().payments().cancel("never mind", sale).unwrap();
    assert_eq!(
        canceled.changes.instructions,
        [PaymentInstruction::Void { charge }].map(fundroute::journal::Instruction::Payment)
    );
    assert_eq!(shop.status(sale), "canceled");
    shop.wait(10);
    assert_eq!(shop.status(sale), "canceled");
    assert!(shop.lines(ana).is_empty() && shop.platform.next_deadline().is_none());
}

/// docs.stripe.com/payments/boleto (2026): 5.00 to 49,999.99, in reais only, no refunds.
#[test]
fn a_boleto_has_limits_and_is_not_refunded() {
    let (mut shop, ana) = brazil();
    let mut ask = |order: NewPayment| {
        let key = shop.key();
        shop.platform.acting_as(ana).unwrap().payments().create(&key, order).map(|decided| decided.answer)
    };
    let small = PaymentError::AmountTooSmall { amount: brl(4_99), minimum: brl(5_00) };
    assert_eq!(ask(boleto(4_99)), Err(small.into()));
    let large = PaymentError::AmountTooLarge { amount: brl(50_000_00), maximum: brl(49_999_99) };
    assert_eq!(ask(boleto(50_000_00)), Err(large.into()));
    assert!(ask(boleto(5_00)).is_ok());
    let sale = ask(boleto(49_999_99)).unwrap();
    let method = PaymentMethod::Boleto;
    let foreign = PaymentError::MethodUnavailable { method, country: BR, currency: USD };
    assert_eq!(ask(NewPayment::by(method, usd(10_00))), Err(foreign.into()));
    shop.world.pay_voucher(&mut shop.platform, sale).unwrap();
    let before = shop.platform.snapshot();
    assert_eq!(shop.refund_as(ana, NewRefund::of(sale)), Err(PaymentError::NotRefundable(method).into()));
    assert_eq!(shop.platform.snapshot(), before);

    // A house whose rules say otherwise gives boletos back, on their slow way.
    let mut shop = Shop::open_by(BR, rules().with_refundable(method, true));
    let ana = shop.seller(NewAccount::express(BR).request(Capability::BoletoPayments));
    let sale = shop.sell_as(ana, boleto(100_00).token(PAYS_AT_ONCE));
    shop.refund_as(ana, NewRefund::of(sale)).unwrap();
    assert_eq!(shop.lines(ana).last().unwrap(), "payment_refund -10000 - 0 = -10000 (refund)");
}

/// When money taken by a method on an account of a country becomes available.
///
/// docs.stripe.com/payouts (2026): US cards 2 business days, German ones 7 calendar days, Brazilian ones 30;
/// boletos 2 business days (docs.stripe.com/payments/boleto, 2026), ACH 4 business days after the bank's yes
/// (docs.stripe.com/payments/ach-direct-debit, 2026), SEPA 6 (docs.stripe.com/payments/sepa-debit, 2026).
#[test]
fn money_settles_by_country_and_method() {
    use PaymentMethod::{Boleto, Card, SepaDebit, UsBankAccount};
    let rows = [
        (US, Card, usd(100_00), 2, utc(2026, 11, 4)),
        (US, Card, usd(100_00), 6, utc(2026, 11, 10)),
        (US, Card, usd(100_00), 7, utc(2026, 11, 12)), // a Saturday counts as Monday, and the 11th is a holiday
        (DE, Card, eur(100_00), 2, utc(2026, 11, 9)),
        (DE, Card, eur(100_00), 7, utc(2026, 11, 14)), // on a Saturday as well
        (BR, Card, brl(100_00), 2, utc(2026, 12, 2)),
        (BR, Boleto, brl(100_00), 2, utc(2026, 11, 4)),
        (BR, Boleto, brl(100_00), 6, utc(2026, 11, 10)),
        (US, UsBankAccount, usd(100_00), 2, utc(2026, 11, 13)), // taken on Friday the 6th
        (DE, SepaDebit, eur(100_00), 2, utc(2026, 11, 16)),     // taken on Friday the 6th
    ];
    for (country, method, amount, day, available_on) in rows {
        let mut shop = Shop::open();
        let asks = NewAccount::express(country).request(Capability::BoletoPayments);
        let asks = asks.request(Capability::UsBankAccountAchPayments).request(Capability::SepaDebitPayments);
        let jo = shop.seller(asks);
        shop.until(utc(2026, 11, day).at(15, 30));
        shop.sell_as(jo, NewPayment::by(method, amount).token(PAYS_AT_ONCE));
        shop.wait(4);
        let line = shop.transactions(jo).pop().unwrap();
        let named = format!("{method} in {country:?} on the {day}.");
        assert_eq!(line.available_on, available_on, "{named}");
        assert_eq!(line.kind == LineKind::Charge, method == Card, "{named}");
        assert_eq!(line.bucket, Bucket::Pending, "{named}");
        shop.until(available_on.checked_add(-hours(1)).unwrap().max(shop.platform.now()));
        assert!(shop.platform.now() >= available_on || shop.available(jo) == 0, "{named}");
        shop.until(available_on.max(shop.platform.now()));
        assert_eq!((shop.available(jo), shop.pending(jo)), (line.net, 0), "{named}");
    }
}

/// The world answers for what it was asked, and for nothing else.
#[test]
fn a_voucher_of_an_unknown_payment_cannot_be_paid() {
    let mut shop = Shop::open();
    let nobody = fundroute::ids::PaymentId::from_host(NOBODY);
    assert_eq!(shop.world.pay_voucher(&mut shop.platform, nobody), Err(Error::NotFound(nobody.into())));
    assert_eq!(shop.platform.now(), monday());
}

/// The documented test tokens, and what each is refused for.
#[test]
fn test_tokens_are_refused_for_their_reasons() {
    let table = [
        ("pm_card_visa_chargeDeclinedFraudulent", "card_declined", Some("fraudulent")),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", Some("lost_card")),
        ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", Some("stolen_card")),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", Some("incorrect_cvc")),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", Some("expired_card")),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", Some("processing_error")),
    ];
    let mut shop = Shop::open();
    for (token, code, decline_code) in table {
        let sale = shop.sell(NewPayment::card(usd(10_00)).token(token));
        let failure = why(&shop, sale).unwrap();
        assert_eq!((failure.code(), failure.decline_code()), (code, decline_code), "{token}");
    }
    let debit = NewPayment::by(PaymentMethod::UsBankAccount, usd(10_00)).token("pm_usBankAccount_insufficientFunds");
    let sale = shop.sell(debit);
    shop.world.advance(&mut shop.platform, days(10)).unwrap();
    assert_eq!(why(&shop, sale), Some(DebitFailure::InsufficientFunds.into()));
}
