//! Accounts that settle in several currencies: with a bank account for each, or without, and how what has none is paid out
//! (docs.stripe.com/currencies, 2024; docs.stripe.com/connect/multicurrency-settlement, 2025).

use fundroute::accounts::AccountError;
use fundroute::ids::PayoutId;
use fundroute::journal::{Answer, Instruction};
use fundroute::payouts::{NewPayout, PayoutError, PayoutInstruction, PayoutSchedule, SetPayoutSchedule, Suspension};
use fundroute::simulator::bank_account;

use super::*;

const fn gbp(minor: i64) -> Money {
    Money::new(minor, GBP)
}

/// A platform in the United Kingdom, and a seller there with a bank account for pounds.
fn british() -> (Desk, AccountId) {
    let mut desk = Desk::open_in(GB, rules());
    let jo = desk.seller(NewAccount::express(GB));
    desk.bank(jo, GBP);
    desk.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual })).unwrap();
    (desk, jo)
}

impl Desk {
    fn bank(&mut self, account: AccountId, currency: Currency) {
        let country = self.platform.account(account).unwrap().country();
        let bank = bank_account(self.platform.rulebook(), account, country, currency);
        self.ask(Command::AddExternalAccount(bank)).unwrap();
    }

    fn settle_in(&mut self, account: AccountId, currency: Currency, settles: bool) -> Result<(), Error> {
        let key = self.key();
        self.platform.payouts().settle_in(&key, account, currency, settles).map(drop)
    }

    fn send(&mut self, account: AccountId, amount: Money) -> Result<PayoutId, Error> {
        let request = Request::new(self.key(), Command::CreatePayout(NewPayout::of(amount))).acting_as(account);
        let Answer::Payout(payout) = self.platform.handle(request)?.answer else { panic!("a payout is answered so") };
        Ok(payout)
    }
}

/// What comes in a currency that was named stays in it; without a bank account it gathers.
#[test]
fn a_currency_without_a_bank_account_accrues() {
    let (mut desk, jo) = british();
    desk.rate(EUR, GBP, "0.8");
    // Before, and after: converted, and not.
    desk.sell_as(jo, NewPayment::card(eur(100_00)));
    assert_eq!((desk.holds(jo, EUR), desk.holds(jo, GBP)), ((0, 0), (78_40, 0)));
    desk.settle_in(jo, EUR, true).unwrap();
    desk.sell_as(jo, NewPayment::card(eur(100_00)));
    assert_eq!((desk.holds(jo, EUR), desk.holds(jo, GBP)), ((100_00, 0), (78_40, 0)));
    // Nothing leaves by itself, and why is told.
    let daily = PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily);
    desk.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule: daily })).unwrap();
    desk.wait(14);
    assert_eq!((desk.holds(jo, EUR), desk.holds(jo, GBP)), ((0, 100_00), (0, 0)));
    assert_eq!(desk.platform.payout_suspension(jo, EUR).unwrap(), Some(Suspension::NoBankAccount));
    // With a bank account for it the next run takes it.
    desk.bank(jo, EUR);
    desk.wait(2);
    assert_eq!(desk.holds(jo, EUR), (0, 0));
    desk.sound();
}

#[test]
fn removing_the_bank_account_does_not_undo_it() {
    let (mut desk, jo) = british();
    desk.bank(jo, EUR);
    let bank = desk.platform.account(jo).unwrap().bank_for(EUR).unwrap();
    let refused = AccountError::SettlesInIt { account: jo, currency: EUR };
    assert_eq!(desk.settle_in(jo, EUR, false), Err(refused.into()));
    desk.ask(Command::DeleteExternalAccount(bank)).unwrap();
    let account = desk.platform.account(jo).unwrap();
    assert!(account.settles_in(EUR) && account.bank_for(EUR).is_none());
    assert_eq!(account.bank_currencies().collect::<Vec<_>>(), [GBP]);
    assert_eq!(account.settlement_currencies().collect::<Vec<_>>(), [EUR]);
    desk.sell_as(jo, NewPayment::card(eur(100_00)));
    assert_eq!(desk.holds(jo, EUR), (100_00, 0));
    // To say so does; what is there stays.
    desk.settle_in(jo, EUR, false).unwrap();
    desk.rate(EUR, GBP, "0.8");
    desk.sell_as(jo, NewPayment::card(eur(100_00)));
    assert_eq!((desk.holds(jo, EUR), desk.holds(jo, GBP)), ((100_00, 0), (78_40, 0)));
    desk.sound();
}

#[test]
fn in_the_platforms_region_and_in_what_the_country_settles_in() {
    let strict = rules().with_settlement_across_regions(false);
    let mut desk = Desk::open_in(GB, strict.clone());
    let (jo, hans) = (desk.seller(NewAccount::express(GB)), desk.seller(NewAccount::express(Country::DK)));
    let dkk = Currency::DKK;
    let before = desk.platform.snapshot();
    let abroad = |currency| Err(AccountError::CurrencyAcrossRegions { account: hans, currency }.into());
    let not_held =
        |account, country, currency| Err(AccountError::CurrencyNotHeld { account, country, currency }.into());
    for (account, currency, came) in [
        (hans, EUR, abroad(EUR)),
        (hans, USD, not_held(hans, Country::DK, USD)),
        (jo, Currency::JPY, not_held(jo, GB, Currency::JPY)),
    ] {
        assert_eq!(desk.settle_in(account, currency, true), came);
        let country = desk.platform.account(account).unwrap().country();
        let bank = bank_account(desk.platform.rulebook(), account, country, currency);
        assert_eq!(desk.ask(Command::AddExternalAccount(bank)).map(drop), came);
    }
    assert_eq!(desk.platform.snapshot(), before);
    // Its own currency, and any of its country's at home or where a host says so.
    desk.bank(hans, dkk);
    desk.settle_in(jo, EUR, true).unwrap();
    let mut desk = Desk::open_in(GB, strict.clone().with_settlement_across_regions(true));
    let hans = desk.seller(NewAccount::express(Country::DK));
    desk.settle_in(hans, EUR, true).unwrap();
    // The European Economic Area is one region.
    let mut desk = Desk::open_in(DE, strict);
    let hans = desk.seller(NewAccount::express(Country::DK));
    desk.bank(hans, EUR);
}

#[test]
fn no_account_settles_in_more_than_eighteen_currencies() {
    let all: Vec<Currency> = Currency::all().filter(|currency| *currency != GBP).take(18).collect();
    let mut known = all.clone();
    known.push(GBP);
    let mut desk = Desk::open_in(GB, rules().with_settlement_currencies(GB, &known).unwrap());
    let jo = desk.seller(NewAccount::express(GB));
    for currency in &all[..17] {
        desk.settle_in(jo, *currency, true).unwrap();
    }
    let full = AccountError::SettlementCurrenciesFull { account: jo, most: 18 };
    assert_eq!(desk.settle_in(jo, all[17], true), Err(full.into()));
    desk.settle_in(jo, all[0], true).unwrap();
    desk.settle_in(jo, all[0], false).unwrap();
    desk.settle_in(jo, all[17], true).unwrap();
}

/// 100.00 EUR at 0.8, less 2 %, are 78.40 GBP at the bank; the euros leave the balance, and come back as they left.
#[test]
fn example_x2_a_payout_by_hand_without_a_bank_account_is_converted() {
    let (mut desk, jo) = british();
    desk.settle_in(jo, EUR, true).unwrap();
    desk.sell_as(jo, NewPayment::card(eur(300_00)));
    desk.wait(14);
    let before = desk.platform.snapshot();
    // Where no rate is known there is nowhere to go.
    let nowhere = PayoutError::NoBankAccount { account: jo, currency: EUR };
    assert_eq!(desk.send(jo, eur(100_00)), Err(nowhere.into()));
    assert_eq!(desk.platform.snapshot(), before);
    desk.rate(EUR, GBP, "0.8");
    let payout = desk.send(jo, eur(100_00)).unwrap();
    let sent = desk.platform.payout(payout).unwrap();
    assert_eq!((sent.amount(), sent.arrives()), (eur(100_00), gbp(78_40)));
    assert_eq!(sent.conversion().unwrap().rate(), "0.784".parse().unwrap());
    assert_eq!(sent.destination(), desk.platform.account(jo).unwrap().bank_for(GBP).unwrap());
    let asked = desk.platform.instructions();
    let asked = asked.iter().find_map(|asked| {
        let Instruction::Payout(PayoutInstruction::Send { payout: id, amount, .. }) = asked else { return None };
        (*id == payout).then_some(*amount)
    });
    assert_eq!(asked, Some(gbp(78_40)));
    assert_eq!(desk.holds(jo, EUR), (0, 200_00));
    assert_eq!(desk.last(jo), "payout -10000 - 0 = -10000 EUR");
    // What it crosses no border for costs nothing; what reaches the bank is pounds.
    desk.rate(EUR, GBP, "0.9");
    desk.wait(3);
    assert_eq!(desk.platform.payout(payout).unwrap().status().to_string(), "paid");
    assert_eq!(desk.platform.outside(LedgerAccount::Banks, GBP), 78_40);
    assert_eq!((desk.position(EUR), desk.position(GBP)), (100_00, -78_40));
    let now = desk.platform.now();
    desk.platform.payouts().record_failed("back", now, payout, "could_not_process").unwrap();
    assert_eq!(desk.holds(jo, EUR), (0, 300_00));
    assert_eq!((desk.position(EUR), desk.position(GBP)), (0, 0));
    assert_eq!(desk.platform.outside(LedgerAccount::Banks, GBP), 0);
    desk.sound();
}

/// Bounds are those of the bank's currency, and what it cannot move is cut off.
#[test]
fn what_arrives_is_what_the_bank_can_move() {
    let huf = Currency::HUF;
    let free = Price::new(Country::HU, PaymentMethod::Card, EUR, Rate::ZERO, 0);
    let mut desk = Desk::open_in(Country::HU, rules().with_price(free).unwrap());
    let jo = desk.seller(NewAccount::express(Country::HU));
    desk.bank(jo, huf);
    desk.settle_in(jo, EUR, true).unwrap();
    desk.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual })).unwrap();
    desk.sell_as(jo, NewPayment::card(eur(100_00)));
    desk.wait(14);
    desk.rate(EUR, huf, "390.123");
    let payout = desk.send(jo, eur(10_00)).unwrap();
    // 10.00 at 390.123, less 2 %, are 3,823.2054 forint: 3,823 arrive.
    let arrives = desk.platform.payout(payout).unwrap().arrives();
    assert_eq!(arrives, Money::new(3_823_00, huf));
    desk.wait(3);
    assert_eq!((desk.position(EUR), desk.position(huf)), (10_00, -3_823_00));
    // A cent of it is 3.82 forint, and three forint reach a bank; a hundredth of that none does.
    desk.rate(EUR, huf, "0.39");
    let (amount, minimum) = (Money::new(0, huf), Money::new(1_00, huf));
    assert_eq!(desk.send(jo, eur(1)), Err(PayoutError::AmountTooSmall { amount, minimum }.into()));
    let available = desk.holds(jo, EUR).1;
    let needed = eur(500_00);
    assert_eq!(desk.send(jo, needed), Err(PayoutError::InsufficientFunds { account: jo, available, needed }.into()));
    desk.sound();
}

/// Without a bank account for its own currency either there is nowhere to go; within minutes nothing is converted.
#[test]
fn only_into_the_default_currency_and_not_within_minutes() {
    let mut desk = Desk::open_in(GB, rules());
    let jo = desk.seller(NewAccount::express(GB));
    desk.settle_in(jo, EUR, true).unwrap();
    desk.rate(EUR, GBP, "0.8");
    desk.sell_as(jo, NewPayment::card(eur(100_00)));
    desk.wait(14);
    let nowhere = PayoutError::NoBankAccount { account: jo, currency: EUR };
    assert_eq!(desk.send(jo, eur(10_00)), Err(nowhere.into()));
    desk.bank(jo, GBP);
    let request = Request::new(desk.key(), Command::CreatePayout(NewPayout::of(eur(10_00)).instant())).acting_as(jo);
    let refused = desk.platform.handle(request).unwrap_err();
    assert_eq!(refused.code(), Some("instant_payouts_currency_disabled"));
    // One with a bank account of its own goes there as it is.
    desk.bank(jo, EUR);
    let payout = desk.send(jo, eur(10_00)).unwrap();
    assert_eq!(desk.platform.payout(payout).unwrap().arrives(), eur(10_00));
}
