//! Account debits that come to the platform in another currency than they were taken in.

use fundroute::ledger::LineKind;
use fundroute::routing::RoutingError;
use fundroute::rulebook::DebitTerms;

use super::*;

const fn gbp(minor: i64) -> Money {
    Money::new(minor, GBP)
}

/// A platform in Germany with a British seller who has 84.28 pounds of 100.00 euros that were sent to it.
fn funded(rules: Rulebook) -> (Desk, AccountId) {
    let mut desk = Desk::open_in(DE, rules);
    let al = desk.seller(NewAccount::express(GB));
    desk.fund(eur(200_00));
    desk.rate(EUR, GBP, "0.86");
    desk.transfer(NewTransfer::to(al, eur(100_00))).unwrap();
    assert_eq!(desk.holds(al, GBP), (0, 84_28));
    (desk, al)
}

fn debit(desk: &mut Desk, of: AccountId, amount: Money) -> Result<TransferId, Error> {
    let (key, house) = (desk.key(), desk.house);
    desk.platform.acting_as(of)?.transfers().create(&key, NewTransfer::to(house, amount)).map(|made| made.answer)
}

fn give_back(desk: &mut Desk, of: AccountId, reversal: NewTransferReversal) -> Result<(), Error> {
    let key = desk.key();
    desk.platform.handle(Request::new(key, Command::ReverseTransfer(reversal)).acting_as(of)).map(drop)
}

/// The account pays in pounds, the platform gets euros, at the middle less two per cent. What goes back does so at the middle of its day,
/// and comes to the account whole: what the rate did in between is the platform's.
#[test]
fn the_platform_gets_its_own_currency_and_the_account_pays_in_its_own() {
    let (mut desk, al) = funded(rules());
    desk.rate(GBP, EUR, "1.16");
    let (before, position) = (desk.holds(desk.house, EUR).1, (desk.position(GBP), desk.position(EUR)));
    let rent = debit(&mut desk, al, gbp(33_00)).unwrap();
    assert_eq!(desk.last(al), "transfer -3300 - 0 = -3300 GBP");
    // 3300 * 1.1368 = 3751.44
    assert_eq!(desk.last(desk.house), "payment 3751 - 0 = 3751 EUR @ 1.1368");
    assert_eq!((desk.holds(al, GBP), desk.holds(desk.house, EUR)), ((0, 51_28), (0, before + 37_51)));
    assert_eq!(desk.holds(desk.house, GBP), (0, 0));
    assert_eq!((desk.position(GBP), desk.position(EUR)), (position.0 + 33_00, position.1 - 37_51));
    let known = desk.platform.transfer(rent).unwrap();
    assert_eq!((known.debited(), known.amount(), known.amount_received()), (Some(al), gbp(33_00), eur(37_51)));
    assert_eq!(known.conversion().unwrap().rate().to_string(), "1.1368");
    desk.sound();

    desk.rate(GBP, EUR, "1.2");
    give_back(&mut desk, al, NewTransferReversal::of(rent).amount(gbp(13_00))).unwrap();
    assert_eq!(desk.last(al), "transfer_refund 1300 - 0 = 1300 GBP");
    assert_eq!(desk.last(desk.house), "payment_refund -1560 - 0 = -1560 EUR @ 1.2");
    give_back(&mut desk, al, NewTransferReversal::of(rent)).unwrap();
    assert_eq!(desk.last(desk.house), "payment_refund -2400 - 0 = -2400 EUR @ 1.2");
    assert!(desk.platform.transfer(rent).unwrap().is_reversed());
    assert_eq!((desk.holds(al, GBP), desk.holds(desk.house, EUR)), ((0, 84_28), (0, before + 37_51 - 39_60)));
    desk.sound();
}

/// What a debit costs is named in its currency, and converted in the middle of the market.
#[test]
fn the_platform_pays_for_a_debit_in_the_currency_in_which_it_comes() {
    let terms = DebitTerms::new(GBP).fee("1%".parse().unwrap(), 25);
    let (mut desk, al) = funded(rules().with_debit_terms(terms).unwrap());
    desk.rate(GBP, EUR, "1.16");
    let fees = |desk: &Desk| {
        (desk.platform.outside(LedgerAccount::Fees, GBP), desk.platform.outside(LedgerAccount::Fees, EUR))
    };
    let before = fees(&desk);
    debit(&mut desk, al, gbp(33_00)).unwrap();
    // 58 pence * 1.16 = 67.28 euro cents.
    assert_eq!(desk.last(desk.house), "payment 3751 - 67 = 3684 EUR @ 1.1368");
    assert_eq!(fees(&desk), (before.0, before.1 + 67));
    desk.sound();

    // A price above what arrives comes out of what the platform has besides.
    let house = desk.house;
    let rest = i64::try_from(desk.holds(house, EUR).1).unwrap();
    desk.transfer(NewTransfer::to(al, eur(rest - 17))).unwrap();
    let short = RoutingError::InsufficientFunds { account: house, currency: EUR, available: 17, needed: 18 };
    // 10 pence come to 11 cents, and cost 25 pence, which are 29; so one of 10 costs 18 more than it brings.
    assert_eq!(debit(&mut desk, al, gbp(10)), Err(short.into()));
    desk.transfer(NewTransfer::to(al, eur(17))).unwrap();
    let all = i64::try_from(desk.holds(al, GBP).1).unwrap();
    debit(&mut desk, al, gbp(all)).unwrap();
    desk.sound();
}

/// Only out of what the platform has of its own currency, at today's rate.
#[test]
fn no_more_is_given_back_than_the_platform_has() {
    let (mut desk, al) = funded(rules());
    desk.rate(GBP, EUR, "1.16");
    let rent = debit(&mut desk, al, gbp(33_00)).unwrap();
    let rest = i64::try_from(desk.holds(desk.house, EUR).1).unwrap();
    desk.transfer(NewTransfer::to(al, eur(rest - 38_27))).unwrap();
    let house = desk.house;
    let short = RoutingError::InsufficientFunds { account: house, currency: EUR, available: 38_27, needed: 38_28 };
    assert_eq!(give_back(&mut desk, al, NewTransferReversal::of(rent)), Err(short.into()));
    desk.rate(GBP, EUR, "1.15");
    give_back(&mut desk, al, NewTransferReversal::of(rent)).unwrap();
    assert_eq!(desk.holds(house, EUR), (0, 32));
    desk.sound();
}

/// A platform that has a bank account for the currency keeps it.
#[test]
fn what_the_platform_can_hold_comes_unconverted() {
    let (mut desk, al) = funded(rules().with_settlement_currencies(DE, &[EUR, GBP]).unwrap());
    let bank = fundroute::simulator::bank_account(desk.platform.rulebook(), desk.house, GB, GBP);
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    let rent = debit(&mut desk, al, gbp(33_00)).unwrap();
    assert_eq!(desk.last(desk.house), "payment 3300 - 0 = 3300 GBP");
    assert_eq!(desk.platform.transfer(rent).unwrap().conversion(), None);
    give_back(&mut desk, al, NewTransferReversal::of(rent)).unwrap();
    assert_eq!((desk.holds(al, GBP), desk.holds(desk.house, GBP)), ((0, 84_28), (0, 0)));
    desk.sound();
}

#[test]
fn a_debit_that_cannot_be_converted_is_refused_without_a_trace() {
    let (mut desk, al) = funded(rules());
    let refused = |desk: &mut Desk, amount, error: Error| {
        let before = desk.platform.snapshot();
        assert_eq!(debit(desk, al, amount), Err(error));
        assert_eq!(desk.platform.snapshot(), before);
    };
    let unset = RoutingError::NoExchangeRate { from: GBP, to: EUR };
    refused(&mut desk, gbp(33_00), unset.into());
    desk.rate(GBP, EUR, "0.4");
    refused(&mut desk, gbp(1), RoutingError::ConvertsToNothing { amount: gbp(1), to: EUR }.into());
    // The account is asked for its own currency, whatever the platform gets.
    refused(&mut desk, eur(1_00), RoutingError::WrongCurrency { given: EUR, needed: GBP }.into());
    desk.rate(GBP, EUR, "79228162514264337593543950335");
    refused(&mut desk, gbp(1_00), fundroute::money::MoneyError::Overflow.into());
    let paid = desk.transactions(al).iter().filter(|line| line.kind == LineKind::Transfer).count();
    assert_eq!(paid, 0);
    desk.sound();
}
