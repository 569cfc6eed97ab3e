use fundroute::accounts::{AccountError, NewAccount};
use fundroute::ids::{AccountId, ApplicationFeeId, PaymentId, RefundId};
use fundroute::journal::RequestError;
use fundroute::money::Currency;
use fundroute::payments::{
    CancelPayment, CancelRefund, Cancellation, ConfirmPayment, PaymentAction, PaymentError, PaymentState,
    PaymentStatus, RefundReason, RefundStatus,
};
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, RoutingError};
use fundroute::rulebook::RulebookError;
use fundroute::simulator::{DECLINED, NEVER_ANSWERS};

use super::Table;
use crate::shop::{NOBODY, Shop};

fn pay(order: NewPayment) -> Command {
    Command::CreatePayment(order)
}

#[test]
fn payments_of_a_wrong_amount_are_refused() {
    let mut shop = Shop::open();
    let card = |amount| pay(NewPayment::card(amount));
    let mut table = Table::default();
    for (name, amount) in [("nothing", usd(0)), ("less than nothing", usd(-1)), ("the lowest there is", usd(i64::MIN))]
    {
        table.row(name, card(amount), PaymentError::AmountNotPositive(amount), Some("parameter_invalid_integer"));
    }
    // docs.stripe.com/currencies (2024): at least 0.50, at most eight digits.
    let error = PaymentError::AmountTooSmall { amount: usd(49), minimum: usd(50) };
    table.row("too little", card(usd(49)), error, Some("amount_too_small"));
    for amount in [usd(1_000_000_00), usd(i64::MAX)] {
        let error = PaymentError::AmountTooLarge { amount, maximum: usd(999_999_99) };
        table.row("too much", card(amount), error, Some("amount_too_large"));
    }
    let kwd = |minor| Money::new(minor, Currency::KWD);
    let error = PaymentError::NotPresentable(Currency::KWD);
    table.row("a currency that nobody can pay in", card(kwd(5_120)), error, None);
    let isk = |minor| Money::new(minor, Currency::ISK);
    let error = PaymentError::AmountNotMultiple { amount: isk(5_124_50), multiple: 100 };
    table.row("a fraction of a crown", card(isk(5_124_50)), error, Some("invalid_charge_amount"));
    let error = RoutingError::NoExchangeRate { from: EUR, to: USD };
    table.row("a currency not held, at no rate", card(eur(10_00)), error, None);
    table.check(&mut shop);
    for amount in [50, 999_999_99] {
        shop.sell(NewPayment::card(usd(amount)));
    }
}

#[test]
fn payments_shared_in_a_wrong_way_are_refused() {
    let mut shop = Shop::open();
    let (jo, hans) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(DE)));
    let order = NewPayment::card(usd(10_00));
    let to_jo = order.clone().destination(jo);
    let mut table = Table::default();
    for fee in [usd(10_01), usd(-1)] {
        let error = || PaymentError::FeeExceedsAmount { fee, amount: usd(10_00) };
        table.row("a commission out of range", pay(to_jo.clone().application_fee(fee)), error(), None);
        table.for_account("the same, direct", jo, pay(order.clone().application_fee(fee)), error(), None);
    }
    for transfer in [usd(10_01), usd(0), usd(-1)] {
        let error = PaymentError::TransferExceedsAmount { transfer, amount: usd(10_00) };
        table.row("a transfer out of range", pay(to_jo.clone().transfer_amount(transfer)), error, None);
    }
    let error = || PaymentError::WrongCurrency { given: EUR, needed: USD };
    table.row("a commission in euro", pay(to_jo.clone().application_fee(eur(1_00))), error(), None);
    table.row("a transfer in euro", pay(to_jo.clone().transfer_amount(eur(1_00))), error(), None);
    let both = pay(to_jo.clone().application_fee(usd(1_00)).transfer_amount(usd(9_00)));
    table.row("a commission and an amount", both, PaymentError::FeeAndTransferAmount, Some("parameters_exclusive"));
    let missing = Some("parameter_missing");
    let fee = pay(order.clone().application_fee(usd(1_00)));
    table.row("a commission from nobody", fee, PaymentError::NobodyToShareWith, missing);
    let amount = order.clone().transfer_amount(usd(1_00));
    table.row("a transfer to nobody", pay(amount.clone()), PaymentError::NobodyToShareWith, missing);
    table.for_account("a transfer amount, direct", jo, pay(amount), PaymentError::NobodyToShareWith, missing);
    let error = PaymentError::DestinationOnDirect(jo);
    table.for_account("a destination, direct", jo, pay(to_jo), error, None);
    let nobody = AccountId::from_host(NOBODY);
    let error = Error::NotFound(nobody.into());
    table.row("an unknown destination", pay(order.clone().destination(nobody)), error, Some("resource_missing"));
    let error = RoutingError::NoExchangeRate { from: USD, to: EUR };
    table.row("a destination that holds no dollars, at no rate", pay(order.clone().destination(hans)), error, None);
    let error = RoutingError::NoExchangeRate { from: EUR, to: USD };
    let commission = pay(NewPayment::card(eur(10_00)).application_fee(eur(1_00)));
    table.for_account(
        "a commission in a currency that the platform does not hold, at no rate",
        hans,
        commission,
        error,
        None,
    );
    let error = AccountError::IsPlatform(shop.house);
    table.row("the platform as destination", pay(order.destination(shop.house)), error, Some("account_invalid"));
    table.check(&mut shop);
}

#[test]
fn payments_by_a_wrong_method_or_without_a_price_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let gb = shop.seller(NewAccount::express(GB));
    let code = Some("payment_intent_incompatible_payment_method");
    let mut table = Table::default();
    for (method, amount) in [(PaymentMethod::Boleto, brl(10_00)), (PaymentMethod::SepaDebit, usd(10_00))] {
        let error = PaymentError::MethodUnavailable { method, country: US, currency: amount.currency() };
        table.for_account("not open here", jo, pay(NewPayment::by(method, amount)), error, code);
    }
    let (country, method, currency) = (GB, PaymentMethod::Card, GBP);
    let error = RulebookError::UnknownPrice { country, method, currency };
    table.for_account("no price is known", gb, pay(NewPayment::card(gbp(10_00))), error, None);
    table.check(&mut shop);
}

#[test]
fn payments_in_a_wrong_state_are_refused() {
    let mut shop = Shop::open();
    let paid = shop.sell(NewPayment::card(usd(10_00)));
    let waiting = shop.sell(NewPayment::card(usd(10_00)).token(NEVER_ANSWERS));
    let declined = shop.sell(NewPayment::card(usd(10_00)).token(DECLINED));
    let canceled = shop.sell(NewPayment::card(usd(10_00)).token(DECLINED));
    shop.platform.payments().cancel("cancel", canceled).unwrap();
    let confirm = |payment| Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, payment));
    let cancel = |payment| Command::CancelPayment(CancelPayment::of(payment));
    let refund = |payment| Command::CreateRefund(NewRefund::of(payment));
    let state = |payment, status, action| PaymentError::UnexpectedState { payment, status, action };
    let mut table = Table::default();
    let closed =
        [(paid, PaymentStatus::Succeeded), (waiting, PaymentStatus::Processing), (canceled, PaymentStatus::Canceled)];
    for (payment, status) in closed {
        let code = Some("payment_intent_unexpected_state");
        table.row("confirmed", confirm(payment), state(payment, status, PaymentAction::Confirm), code);
        table.row("canceled", cancel(payment), state(payment, status, PaymentAction::Cancel), code);
    }
    let open = [
        (waiting, PaymentStatus::Processing),
        (declined, PaymentStatus::RequiresPaymentMethod),
        (canceled, PaymentStatus::Canceled),
    ];
    for (payment, status) in open {
        let error = state(payment, status, PaymentAction::Refund);
        table.row("refunded", refund(payment), error, Some("charge_not_refundable"));
    }
    let nobody = PaymentId::from_host(NOBODY);
    // A payment's id ends with its place in the family; the next place is its charge's.
    let text = paid.to_string();
    let charge: PaymentId = format!("{}0001", text.strip_suffix("0000").unwrap()).parse().unwrap();
    for payment in [nobody, charge] {
        for command in [confirm(payment), cancel(payment), refund(payment)] {
            table.row("an unknown payment", command, Error::NotFound(payment.into()), Some("resource_missing"));
        }
    }
    table.check(&mut shop);
    assert!(paid.to_string().replace("pi_", "ch_").parse::<PaymentId>().is_err());
}

/// What was said the first time stays said, and under the same key nothing else can be.
#[test]
fn a_payment_that_is_given_up_keeps_the_reason() {
    use fundroute::payments::CancellationReason::{Abandoned, Duplicate, Fraudulent, RequestedByCustomer};
    let mut shop = Shop::open();
    let names = ["abandoned", "duplicate", "fraudulent", "requested_by_customer"];
    for (reason, name) in [Abandoned, Duplicate, Fraudulent, RequestedByCustomer].into_iter().zip(names) {
        let payment = shop.sell(NewPayment::card(usd(10_00)).token(DECLINED));
        let (key, at) = (shop.key(), shop.platform.now());
        shop.platform.payments().cancel_because(&key, payment, reason).unwrap();
        let gone = PaymentState::Canceled { at, by: Cancellation::Asked(Some(reason)) };
        assert_eq!(shop.platform.payment(payment).unwrap().state(), &gone);
        assert_eq!((reason.as_str(), serde_json::to_string(&reason).unwrap()), (name, format!("\"{name}\"")));
        let other = shop.platform.payments().cancel(&key, payment).map(drop);
        assert_eq!(other, Err(RequestError::KeyReused(key).into()));
    }
    let payment = shop.sell(NewPayment::card(usd(10_00)).token(DECLINED));
    let (key, at) = (shop.key(), shop.platform.now());
    shop.platform.payments().cancel(&key, payment).unwrap();
    let by = Cancellation::Asked(None);
    assert_eq!(shop.platform.payment(payment).unwrap().state(), &PaymentState::Canceled { at, by });
}

#[test]
fn payments_of_somebody_else_are_refused() {
    let mut shop = Shop::open();
    let (jo, bo) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(US)));
    let jos = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    let ours = shop.sell(NewPayment::card(usd(10_00)));
    let to_jo = shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    let back = |payment| Command::CreateRefund(NewRefund::of(payment));
    let cancel = |payment| Command::CancelPayment(CancelPayment::of(payment));
    let confirm = |payment| Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, payment));
    let code = Some("resource_missing");
    let mut table = Table::default();
    for command in [back(jos), cancel(jos), confirm(jos)] {
        table.row("the platform, of a direct charge", command.clone(), PaymentError::NotOnAccount(jos), code);
        table.for_account("another seller", bo, command, PaymentError::NotOnAccount(jos), code);
    }
    table.for_account("a seller, of the platform's", jo, back(ours), PaymentError::NotOnAccount(ours), code);
    table.for_account("a recipient, of its destination", jo, back(to_jo), PaymentError::NotOnAccount(to_jo), code);
    table.check(&mut shop);
}

#[test]
fn refunds_of_a_wrong_amount_are_refused() {
    let mut shop = Shop::open();
    let part = shop.sell(NewPayment::card(usd(10_00)));
    shop.refund(NewRefund::of(part).amount(usd(4_00))).unwrap();
    let whole = shop.sell(NewPayment::card(usd(10_00)));
    shop.refund(NewRefund::of(whole)).unwrap();
    let back = |payment, amount| Command::CreateRefund(NewRefund::of(payment).amount(amount));
    let too_large = |payment, asked, refundable| PaymentError::RefundTooLarge { payment, asked, refundable };
    let mut table = Table::default();
    for amount in [usd(0), usd(-1)] {
        let error = PaymentError::AmountNotPositive(amount);
        table.row("not positive", back(part, amount), error, Some("parameter_invalid_integer"));
    }
    let error = PaymentError::WrongCurrency { given: EUR, needed: USD };
    table.row("in euro", back(part, eur(1_00)), error, None);
    table.row("more than is left", back(part, usd(6_01)), too_large(part, usd(6_01), usd(6_00)), None);
    table.row("more than there was", back(part, usd(10_01)), too_large(part, usd(10_01), usd(6_00)), None);
    let code = Some("charge_already_refunded");
    table.row("one cent more", back(whole, usd(1)), too_large(whole, usd(1), usd(0)), code);
    let all = Command::CreateRefund(NewRefund::of(whole));
    table.row("all of nothing", all, too_large(whole, usd(0), usd(0)), code);
    table.check(&mut shop);

    let reason = RefundReason::ExpiredUncapturedCharge;
    let mut table = Table::default();
    let nobodys = Command::CreateRefund(NewRefund::of(part).because(reason));
    table.row("for a reason that nobody gives", nobodys, PaymentError::ReasonReserved(reason), None);
    table.check(&mut shop);

    let steps = fundroute::rulebook::ChargeLimits::new(USD, None, 99_999_999).in_multiples(100, 1);
    let mut dollars = Shop::open_by(US, crate::shop::rules().with_charge_limits(steps).unwrap());
    let sale = dollars.sell(NewPayment::card(usd(10_00)));
    let error = PaymentError::AmountNotMultiple { amount: usd(1_50), multiple: 100 };
    let mut table = Table::default();
    table.row("half a step", back(sale, usd(1_50)), error, Some("invalid_charge_amount"));
    table.check(&mut dollars);

    // A Standard account cannot owe what it has passed on.
    let jo = shop.banked(NewAccount::standard(US));
    let passed_on = shop.sell(NewPayment::card(usd(6_00)).destination(jo));
    shop.wait(2);
    let (account, currency, available, needed) = (jo, USD, 0, 6_00);
    let error = PaymentError::InsufficientFunds { account, currency, available, needed };
    let mut table = Table::default();
    let back = Command::CreateRefund(NewRefund::of(passed_on).reverse_transfer());
    table.row("more than the recipient has", back, error, Some("balance_insufficient"));
    table.check(&mut shop);
}

#[test]
fn refunds_that_need_nobody_to_act_are_not_called_off() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let refund = shop.refund(NewRefund::of(sale)).unwrap();
    let error = PaymentError::RefundNotCancelable { refund, status: RefundStatus::Succeeded };
    let mut table = Table::default();
    table.row("by card", Command::CancelRefund(CancelRefund { refund }), error, None);
    let nobody = RefundId::from_host(NOBODY);
    let unknown = Command::CancelRefund(CancelRefund { refund: nobody });
    table.row("unknown", unknown, Error::NotFound(nobody.into()), Some("resource_missing"));
    table.check(&mut shop);
}

#[test]
fn refunds_of_commissions_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(2_00)));
    let fee = shop.fee_of(sale);
    shop.platform.transfers().refund_fee_part("part", NewApplicationFeeRefund::of(fee).amount(usd(50))).unwrap();
    let back = |fee, amount| Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee).amount(amount));
    let mut table = Table::default();
    for amount in [usd(0), usd(-1)] {
        let error = RoutingError::AmountNotPositive(amount);
        table.row("not positive", back(fee, amount), error, Some("parameter_invalid_integer"));
    }
    let error = RoutingError::FeeRefundTooLarge { fee, asked: usd(1_51), left: usd(1_50) };
    table.row("more than is left", back(fee, usd(1_51)), error, None);
    let error = RoutingError::WrongCurrency { given: EUR, needed: USD };
    table.row("in euro", back(fee, eur(1_00)), error, None);
    let nobody = ApplicationFeeId::from_host(NOBODY);
    table.row("unknown", back(nobody, usd(1)), Error::NotFound(nobody.into()), Some("resource_missing"));
    let error = Error::NotForAccounts(jo);
    table.for_account("by the seller", jo, back(fee, usd(1)), error, Some("platform_account_required"));
    table.check(&mut shop);
}
