use fundroute::accounts::NewAccount;
use fundroute::ids::{AccountId, PaymentId, TransferId};
use fundroute::prelude::*;
use fundroute::routing::{NewTransferReversal, RoutingError};
use fundroute::simulator::NEVER_ANSWERS;

use super::Table;
use crate::shop::{NOBODY, Shop};

fn send(transfer: NewTransfer) -> Command {
    Command::CreateTransfer(transfer)
}

#[test]
fn transfers_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(2);
    let mut table = Table::default();
    for amount in [usd(0), usd(-1), usd(i64::MIN)] {
        let error = || RoutingError::AmountNotPositive(amount);
        let code = Some("parameter_invalid_integer");
        table.row("not positive", send(NewTransfer::to(jo, amount)), error(), code);
        table.row("not positive, tied", send(NewTransfer::to(jo, amount).from_payment(sale)), error(), code);
    }
    let (account, currency, available) = (shop.house, USD, 9_41);
    for amount in [9_42, i64::MAX] {
        let error = RoutingError::InsufficientFunds { account, currency, available, needed: i128::from(amount) };
        table.row("more than is there", send(NewTransfer::to(jo, usd(amount))), error, Some("balance_insufficient"));
    }
    let missing = Some("resource_missing");
    let nobody = AccountId::from_host(NOBODY);
    let error = Error::NotFound(nobody.into());
    table.row("to an unknown account", send(NewTransfer::to(nobody, usd(1_00))), error, missing);
    let error = RoutingError::ToPlatform(shop.house);
    table.row("to the platform", send(NewTransfer::to(shop.house, usd(1_00))), error, missing);
    let error = RoutingError::NoExchangeRate { from: EUR, to: USD };
    table.row("in a currency not held, at no rate", send(NewTransfer::to(jo, eur(1_00))), error, None);
    let error = Error::NotForAccounts(jo);
    let code = Some("platform_account_required");
    table.for_account("by a seller", jo, send(NewTransfer::to(jo, usd(1_00))), error, code);
    table.check(&mut shop);
}

#[test]
fn transfers_from_a_payment_that_cannot_be_a_source_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let unpaid = shop.sell(NewPayment::card(usd(10_00)).token(NEVER_ANSWERS));
    let direct = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    let whole = shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.transfer(NewTransfer::to(jo, usd(4_00)).from_payment(sale)).unwrap();
    let from = |payment, amount| send(NewTransfer::to(jo, amount).from_payment(payment));
    let mut table = Table::default();
    table.row("not paid yet", from(unpaid, usd(1)), RoutingError::SourceUnusable(unpaid), None);
    table.row("a direct charge", from(direct, usd(1)), RoutingError::SourceUnusable(direct), None);
    let exceeded = |payment, asked, left| RoutingError::SourceExceeded { payment, asked, left };
    table.row("transferred whole", from(whole, usd(1)), exceeded(whole, usd(1), usd(0)), None);
    table.row("more than is left", from(sale, usd(6_01)), exceeded(sale, usd(6_01), usd(6_00)), None);
    let most = usd(i64::MAX);
    table.row("far more", from(sale, most), exceeded(sale, most, usd(6_00)), None);
    let nobody = PaymentId::from_host(NOBODY);
    table.row("unknown", from(nobody, usd(1)), Error::NotFound(nobody.into()), Some("resource_missing"));
    table.check(&mut shop);
}

#[test]
fn reversals_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let part = shop.transfer(NewTransfer::to(jo, usd(4_00)).from_payment(sale)).unwrap();
    shop.reverse(NewTransferReversal::of(part).amount(usd(1_00))).unwrap();
    let whole = shop.transfer(NewTransfer::to(jo, usd(4_00)).from_payment(sale)).unwrap();
    shop.reverse(NewTransferReversal::of(whole)).unwrap();
    let back = |transfer, amount| Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(amount));
    let too_large = |transfer, asked, left| RoutingError::ReversalTooLarge { transfer, asked, left };
    let mut table = Table::default();
    for amount in [usd(0), usd(-1)] {
        let error = RoutingError::AmountNotPositive(amount);
        table.row("not positive", back(part, amount), error, Some("parameter_invalid_integer"));
    }
    table.row("more than is left", back(part, usd(3_01)), too_large(part, usd(3_01), usd(3_00)), None);
    table.row("of a reversed one", back(whole, usd(1)), too_large(whole, usd(1), usd(0)), None);
    let all = Command::ReverseTransfer(NewTransferReversal::of(whole));
    table.row("all of a reversed one", all, too_large(whole, usd(0), usd(0)), None);
    let error = RoutingError::WrongCurrency { given: EUR, needed: USD };
    table.row("in euro", back(part, eur(1_00)), error, None);
    let nobody = TransferId::from_host(NOBODY);
    table.row("unknown", back(nobody, usd(1)), Error::NotFound(nobody.into()), Some("resource_missing"));
    let error = Error::NotForAccounts(jo);
    table.for_account("by the seller", jo, back(part, usd(1)), error, Some("platform_account_required"));
    table.check(&mut shop);
}

/// An express account may owe after a reversal, a standard one may not (docs.stripe.com/connect/account-balances, 2024).
#[test]
fn a_reversal_beyond_the_balance_of_a_standard_account_is_refused() {
    let mut shop = Shop::open();
    let al = shop.banked(NewAccount::standard(US));
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    let transfer = shop.transfer(NewTransfer::to(al, usd(8_00)).from_payment(sale)).unwrap();
    shop.wait(2);
    assert_eq!((shop.available(al), shop.paid_out(al)), (0, 8_00));
    let error = RoutingError::InsufficientFunds { account: al, currency: USD, available: 0, needed: 1 };
    let mut table = Table::default();
    let back = Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(usd(1)));
    table.row("it was paid out", back, error, Some("balance_insufficient"));
    table.check(&mut shop);
}
