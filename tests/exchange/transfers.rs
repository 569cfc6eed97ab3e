//! Transfers to accounts that cannot hold what they are sent.

use fundroute::routing::{NewTransferReturn, RoutingError};

use super::*;

/// Recorded exchanges, 2023-2025: 61 cents become 83 Canadian ones and come back as 61, for 85.
#[test]
fn example_m11_a_transfer_is_converted_and_comes_back_whole() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.fund(usd(100_00));
    desk.rate(USD, CAD, "1.38656");
    let transfer = desk.transfer(NewTransfer::to(jo, usd(61))).unwrap();
    assert_eq!(desk.last(desk.house), "transfer -61 - 0 = -61 USD");
    assert_eq!(desk.lines(jo), ["payment 83 - 0 = 83 CAD @ 1.35883"]);
    let known = desk.platform.transfer(transfer).unwrap();
    assert_eq!((known.amount(), known.amount_received()), (usd(61), cad(83)));
    assert_eq!(known.conversion().unwrap().rate().to_string(), "1.3588288", "in full precision");
    assert_eq!((desk.position(USD), desk.position(CAD)), (61, -83));

    let back = desk.reverse(NewTransferReversal::of(transfer)).unwrap();
    assert_eq!(desk.last(desk.house), "transfer_refund 61 - 0 = 61 USD");
    assert_eq!(desk.last(jo), "payment_refund -85 - 0 = -85 CAD @ 1.38656");
    let known = desk.platform.transfer_reversal(back).unwrap();
    assert_eq!((known.amount(), known.amount_taken()), (usd(61), cad(85)));
    assert!(desk.platform.transfer(transfer).unwrap().is_reversed());
    // What the rate did in between is the account's.
    assert_eq!(desk.holds(jo, CAD), (0, -2));
    assert_eq!((desk.position(USD), desk.position(CAD)), (0, 2));
    desk.sound();
}

/// Recorded exchanges, 2023-2025: 2.00 dollars as won, euros and Singapore dollars, and back.
#[test]
fn example_m12_a_transfer_into_each_of_three_currencies_and_back() {
    let recipient = |country| NewAccount::express(country).recipient();
    for (account, currency, mid, there, back) in [
        (recipient(Country::KR), KRW, "13.4833", "2643 - 0 = 2643 KRW @ 13.2136", "-2697 - 0 = -2697 KRW @ 13.4833"),
        (NewAccount::express(DE), EUR, "0.944836", "185 - 0 = 185 EUR @ 0.925939", "-189 - 0 = -189 EUR @ 0.944836"),
        (recipient(SG), SGD, "1.36622", "268 - 0 = 268 SGD @ 1.3389", "-273 - 0 = -273 SGD @ 1.36622"),
    ] {
        // The recordings are of a time when platforms could send abroad under the recipient agreement.
        let mut desk = Desk::open_in(US, rules().with_recipient_corridors(true));
        let seller = desk.seller(account);
        desk.fund(usd(100_00));
        desk.rate(USD, currency, mid);
        let transfer = desk.transfer(NewTransfer::to(seller, usd(2_00))).unwrap();
        assert_eq!(desk.last(seller), format!("payment {there}"));
        desk.reverse(NewTransferReversal::of(transfer)).unwrap();
        assert_eq!(desk.last(seller), format!("payment_refund {back}"));
        assert_eq!(desk.last(desk.house), "transfer_refund 200 - 0 = 200 USD");
        desk.sound();
    }
}

/// A transfer tied to a payment waits with it, and each part of it that comes back is converted by itself, at the rate of its day.
#[test]
fn parts_of_a_tied_transfer_come_back_at_the_rates_of_their_days() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.25");
    let sale = desk.sell(NewPayment::card(usd(100_00)));
    let transfer = desk.transfer(NewTransfer::to(jo, usd(10_01)).from_payment(sale)).unwrap();
    // 1001 * 1.225 = 1226.225
    assert_eq!(desk.holds(jo, CAD), (12_26, 0));
    desk.rate(USD, CAD, "1.5");
    desk.reverse(NewTransferReversal::of(transfer).amount(usd(1))).unwrap();
    // 1.5 Canadian cents, ties away from zero.
    assert_eq!(desk.last(jo), "payment_refund -2 - 0 = -2 CAD @ 1.5");
    desk.rate(USD, CAD, "1.1");
    desk.reverse(NewTransferReversal::of(transfer)).unwrap();
    assert_eq!(desk.last(jo), "payment_refund -1100 - 0 = -1100 CAD @ 1.1");
    assert_eq!(desk.holds(jo, CAD), (1_24, 0));
    assert_eq!(desk.platform.charge_of(sale).unwrap().captured().unwrap().transferred(), 0);
    desk.wait(7);
    assert_eq!(desk.holds(jo, CAD), (0, 1_24));
    desk.sound();
}

/// What an account sends back by itself it gives at the rate of the day, and only out of what it has.
#[test]
fn an_account_sends_back_no_more_than_it_has() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::standard(CA));
    desk.fund(usd(100_00));
    desk.rate(USD, CAD, "1.25");
    let transfer = desk.transfer(NewTransfer::to(jo, usd(10_00))).unwrap();
    assert_eq!(desk.holds(jo, CAD), (0, 12_25));
    let give = |desk: &mut Desk, amount| {
        let back = Command::ReturnTransfer(NewTransferReturn::of(transfer).amount(amount));
        let key = desk.key();
        desk.platform.handle(Request::new(key, back).acting_as(jo)).map(drop)
    };
    let needed = |needed| RoutingError::InsufficientFunds { account: jo, currency: CAD, available: 12_25, needed };
    assert_eq!(give(&mut desk, usd(10_00)), Err(needed(12_50).into()));
    // Nor can it be taken: the processor bears the losses of a standard account.
    assert_eq!(desk.reverse(NewTransferReversal::of(transfer)), Err(needed(12_50).into()));
    give(&mut desk, usd(9_80)).unwrap();
    assert_eq!(desk.last(jo), "payment_refund -1225 - 0 = -1225 CAD @ 1.25");
    assert_eq!(desk.last(desk.house), "transfer_refund 980 - 0 = 980 USD");
    desk.sound();
}

/// Accounts hold further currencies of their country where they have a bank account for them, and get those unconverted.
#[test]
fn what_an_account_can_hold_is_not_converted() {
    let mut desk = Desk::open_in(DE, rules());
    let (al, bo) = (desk.seller(NewAccount::express(GB)), desk.seller(NewAccount::express(GB)));
    let bank = fundroute::simulator::bank_account(desk.platform.rulebook(), bo, DE, EUR);
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    desk.fund(eur(100_00));
    let unset = RoutingError::NoExchangeRate { from: EUR, to: GBP };
    assert_eq!(desk.transfer(NewTransfer::to(al, eur(10_00))), Err(unset.into()));
    desk.rate(EUR, GBP, "0.86");
    desk.transfer(NewTransfer::to(al, eur(10_00))).unwrap();
    desk.transfer(NewTransfer::to(bo, eur(10_00))).unwrap();
    assert_eq!(desk.lines(al), ["payment 843 - 0 = 843 GBP @ 0.8428"]);
    assert_eq!(desk.lines(bo), ["payment 1000 - 0 = 1000 EUR"]);
    // Balances are by currency, and none pays for another.
    assert_eq!((desk.holds(bo, GBP), desk.holds(bo, EUR)), ((0, 0), (0, 10_00)));
    desk.sound();
}

#[test]
fn what_would_come_to_nothing_is_refused() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.fund(usd(100_00));
    desk.rate(USD, CAD, "0.5");
    let nothing = |amount| RoutingError::ConvertsToNothing { amount, to: CAD };
    assert_eq!(desk.transfer(NewTransfer::to(jo, usd(1))), Err(nothing(usd(1)).into()));
    let transfer = desk.transfer(NewTransfer::to(jo, usd(10))).unwrap();
    desk.rate(USD, CAD, "0.4");
    assert_eq!(desk.reverse(NewTransferReversal::of(transfer).amount(usd(1))), Err(nothing(usd(1)).into()));
    // A rate beyond all reason is an error, and not an amount.
    desk.rate(USD, CAD, "79228162514264337593543950335");
    let absurd = desk.reverse(NewTransferReversal::of(transfer));
    assert_eq!(absurd, Err(fundroute::money::MoneyError::Overflow.into()));
    desk.sound();
}
