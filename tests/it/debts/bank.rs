//! Banks that are debited for balances below zero: when, for how much, and what becomes of the platform's money meanwhile.

use fundroute::accounts::{
    AccountError, Action, Actor, Card, Denial, ExternalAccountState, NewExternalAccount, SetPause,
    UpdateExternalAccount,
};
use fundroute::ids::{ExternalAccountId, PayoutId, TransferId};
use fundroute::journal::{Instruction, Record};
use fundroute::money::Rate;
use fundroute::payouts::debt::BankDebit;
use fundroute::payouts::{
    Payout, PayoutError, PayoutInstruction, PayoutSchedule, PayoutState, PayoutStatus, SetDebitNegativeBalances,
};
use fundroute::routing::NewTransferReversal;
use fundroute::rulebook::{BankDebitPolicy, BankDebitTerms, Capability, CardBrand, Price};
use fundroute::simulator::NEVER_ANSWERS;

use super::*;

/// A seller whose bank is debited, and who owes so much since Monday 2026-11-09, at noon, out of a sale that was paid out.
fn owing(account: NewAccount, amount: Money) -> (Shop, AccountId, PaymentId) {
    owing_by(rules(), account, amount)
}

fn owing_by(rules: Rulebook, account: NewAccount, amount: Money) -> (Shop, AccountId, PaymentId) {
    let mut shop = Shop::open_by(US, rules);
    let jo = shop.banked(account);
    let key = shop.key();
    shop.platform.payouts().debit_negative_balances(&key, jo, true).unwrap();
    shop.sell(NewPayment::card(usd(1_000_00)));
    let sale = shop.sell(NewPayment::card(usd(500_00)).destination(jo));
    shop.until(utc(2026, 11, 9).at(12, 0));
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 500_00));
    take_back(&mut shop, sale, amount);
    (shop, jo, sale)
}

/// So much of a sale is refunded, with its transfer.
fn take_back(shop: &mut Shop, sale: PaymentId, amount: Money) {
    shop.refund(NewRefund::of(sale).amount(amount).reverse_transfer()).unwrap();
}

fn debits(shop: &Shop, account: AccountId) -> Vec<Payout> {
    shop.payouts(account).into_iter().filter(Payout::is_debit).collect()
}

fn stands(shop: &Shop, account: AccountId) -> BankDebit {
    shop.platform.bank_debit(account, USD).unwrap()
}

/// What an account has available, on its way from its bank, and what the platform has set aside.
fn sums(shop: &Shop, account: AccountId) -> (i128, i128, i128) {
    (shop.available(account), shop.pending(account), set_aside(shop))
}

fn failed(shop: &mut Shop, payout: PayoutId, code: &str) {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.payouts().record_failed(&key, now, payout, code).unwrap();
}

fn bank_of(shop: &Shop, account: AccountId) -> ExternalAccountId {
    shop.platform.account(account).unwrap().bank_for(USD).unwrap()
}

/// 50.00 owed since Monday: the bank is debited on Tuesday, the money is there four bank days later (Wednesday is a holiday), and for three
/// more the platform's stays set aside (docs.stripe.com/connect/account-balances, 2024).
#[test]
fn example_d10_a_bank_is_debited_for_what_is_owed() {
    let (mut shop, jo, _) = owing(NewAccount::express(US), usd(50_00));
    let (bank, before) = (bank_of(&shop, jo), shop.available(shop.house));
    assert_eq!(stands(&shop, jo), BankDebit::Ahead { at: utc(2026, 11, 10) });
    let fired = shop.platform.advance_to(utc(2026, 11, 10)).unwrap();
    let made = fired.last().unwrap();
    assert_eq!(names(std::slice::from_ref(made)), ["payout.created"]);
    let payout = debits(&shop, jo)[0].clone();
    let (id, arrival_date) = (payout.id(), utc(2026, 11, 17));
    let asked = PayoutInstruction::Debit {
        payout: id,
        source: bank,
        amount: usd(50_00),
        arrival_date,
        statement_descriptor: "STRIPE".into(),
    };
    assert_eq!(made.instructions, [Instruction::Payout(asked.clone())]);
    assert!(shop.platform.instructions().contains(&Instruction::Payout(asked)));
    assert_eq!((payout.amount(), payout.arrival_date()), (usd(-50_00), arrival_date));
    assert_eq!(shop.lines(jo).last().unwrap(), "payout 5000 - 0 = 5000 (payout)");
    // The money counts once it is there: until then it is owed, and nothing is paid out.
    assert_eq!((sums(&shop, jo), shop.in_transit(jo)), ((-50_00, 50_00, 50_00), -50_00));
    assert_eq!(shop.platform.who_owes(jo).unwrap()[0].bank_debit, BankDebit::UnderWay { payout: id });
    assert!(shop.pay_out(jo, usd(1_00)).is_err());

    shop.until(arrival_date);
    assert_eq!(*shop.platform.payout(id).unwrap().state(), PayoutState::Paid { paid_at: arrival_date });
    assert_eq!((sums(&shop, jo), shop.in_transit(jo)), ((0, 0, 50_00), 0));
    assert_eq!(shop.platform.payout(id).unwrap().covered(), Some((usd(50_00), utc(2026, 11, 20))));
    assert_eq!((stands(&shop, jo), shop.platform.who_owes(jo).unwrap()), (BankDebit::None, vec![]));
    shop.until(utc(2026, 11, 20).checked_add(chrono::TimeDelta::microseconds(-1)).unwrap());
    assert_eq!((set_aside(&shop), shop.available(shop.house)), (50_00, before));
    shop.until(utc(2026, 11, 20));
    assert_eq!((set_aside(&shop), shop.available(shop.house)), (0, before + 50_00));
    let last = "reserve_transaction 5000 - 0 = 5000 (connect_reserved_funds)";
    assert_eq!(shop.lines(shop.house).last().unwrap(), last);
    assert_eq!((shop.paid_out(jo), shop.platform.payout(id).unwrap().covered()), (450_00, None));
    shop.sound();
}

/// support.stripe.com/questions/auto-debit-faq: the next day in the United States, after three business days in the United Kingdom.
#[test]
fn when_a_bank_is_debited_follows_from_its_country() {
    let dates = [
        (US, utc(2026, 11, 17), utc(2026, 11, 23)),
        (GB, utc(2026, 11, 19), utc(2026, 11, 25)),
        (DE, utc(2026, 11, 19), utc(2026, 11, 27)),
    ];
    for (country, at, arrival) in dates {
        let free = Price::new(GB, PaymentMethod::Card, GBP, Rate::ZERO, 0);
        let mut shop = Shop::open_by(country, rules().with_price(free).unwrap());
        let jo = shop.banked(NewAccount::express(country));
        let coin = shop.platform.account(jo).unwrap().default_currency();
        let sale = shop.sell(NewPayment::card(Money::new(20_00, coin)).destination(jo));
        shop.sell(NewPayment::card(Money::new(200_00, coin)));
        shop.until(utc(2026, 11, 16).at(12, 0));
        take_back(&mut shop, sale, Money::new(20_00, coin));
        assert_eq!(shop.platform.bank_debit(jo, coin).unwrap(), BankDebit::Ahead { at }, "{country}");
        shop.until(at);
        let [debit] = &debits(&shop, jo)[..] else { panic!("{country}") };
        assert_eq!((debit.amount(), debit.arrival_date()), (Money::new(-20_00, coin), arrival), "{country}");
        shop.until(arrival);
        assert_eq!(shop.platform.balance(jo, coin).unwrap().available, 0, "{country}");
        shop.sound();
    }
}

/// support.stripe.com/questions/auto-debit-faq: Standard accounts only below -10.00, all others for any amount.
#[test]
fn from_which_debt_on_a_bank_is_debited_follows_from_the_kind() {
    let [(_, standard), (_, express), (_, custom)] = every_kind(US);
    for (account, owed, is_debited) in
        [(&standard, 10_00, false), (&standard, 10_01, true), (&express, 1, true), (&custom, 1, true)]
    {
        let mut shop = Shop::open();
        let jo = shop.banked(account.clone());
        if shop.platform.account(jo).unwrap().may_owe() {
            shop.platform.payouts().debit_negative_balances("on", jo, true).unwrap();
        }
        shop.sell(NewPayment::card(usd(1_000_00)));
        let sale = shop.sell_as(jo, NewPayment::card(usd(100_00)));
        shop.wait(5);
        shop.chargeback(sale, "dp_1", usd(100_00));
        let rest = owes(&shop, jo) - owed;
        shop.transfer(NewTransfer::to(jo, usd(i64::try_from(rest).unwrap()))).unwrap();
        assert_eq!(owes(&shop, jo), owed);
        shop.wait(3);
        assert_eq!(debits(&shop, jo).len(), usize::from(is_debited), "{owed}");
        // Too little stays as it is, until more is owed.
        assert_eq!(stands(&shop, jo) == BankDebit::None, !is_debited);
        shop.sound();
    }
}

/// The debt of a Standard account grows beyond what is tolerated: it is looked at again, for all of it.
#[test]
fn a_debt_that_was_too_small_is_looked_at_again_once_it_grows() {
    let policy = BankDebitPolicy { tolerance: 30, ..rules().bank_debit_policy() };
    let mut shop = Shop::open_by(US, rules().with_bank_debit_policy(policy));
    let jo = shop.banked(NewAccount::standard(US));
    let sales: Vec<PaymentId> = (0..2).map(|_| shop.sell_as(jo, NewPayment::card(usd(5_00)))).collect();
    shop.wait(5);
    shop.chargeback(sales[0], "dp_1", usd(5_00));
    assert_eq!(owes(&shop, jo), 20_00, "with the fee of the dispute");
    shop.wait(3);
    assert_eq!((debits(&shop, jo).len(), stands(&shop, jo)), (0, BankDebit::None));
    shop.chargeback(sales[1], "dp_2", usd(5_00));
    shop.wait(3);
    assert_eq!(debits(&shop, jo)[0].amount(), usd(-40_00));
    shop.sound();
}

/// What comes in before the day pays first; what falls again has its time again.
#[test]
fn what_comes_in_pays_before_the_bank_does() {
    let (mut shop, jo, sale) = owing(NewAccount::express(US), usd(50_00));
    shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
    shop.until(utc(2026, 11, 9).at(18, 0));
    take_back(&mut shop, sale, usd(30_00));
    // The day that was named is kept: what is owed since then is a day old.
    shop.until(utc(2026, 11, 10).at(12, 0));
    assert_eq!(debits(&shop, jo)[0].amount(), usd(-30_00));

    let (mut shop, jo, sale) = owing(NewAccount::express(US), usd(50_00));
    shop.transfer(NewTransfer::to(jo, usd(20_00))).unwrap();
    shop.until(utc(2026, 11, 10));
    assert_eq!(debits(&shop, jo)[0].amount(), usd(-30_00), "for what is left");

    let (mut paid, ..) = owing(NewAccount::express(US), usd(50_00));
    paid.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
    paid.wait(20);
    assert_eq!((debits(&paid, jo).len(), stands(&paid, jo), set_aside(&paid)), (0, BankDebit::None, 0));
    take_back(&mut shop, sale, usd(1_00));
    shop.wait(30);
    shop.sound();
}

/// In Germany three days: the debt of Monday was paid on Tuesday, that of Wednesday is another one.
#[test]
fn a_debt_that_was_paid_in_between_has_its_time_again() {
    let mut shop = Shop::open_in(DE);
    let jo = shop.banked(NewAccount::express(DE));
    let sale = shop.sell(NewPayment::card(eur(50_00)).destination(jo));
    shop.sell(NewPayment::card(eur(500_00)));
    shop.until(utc(2026, 11, 16).at(12, 0));
    take_back(&mut shop, sale, eur(10_00));
    shop.wait(1);
    shop.transfer(NewTransfer::to(jo, eur(10_00))).unwrap();
    shop.wait(1);
    take_back(&mut shop, sale, eur(20_00));
    let stands = |shop: &Shop| shop.platform.bank_debit(jo, EUR).unwrap();
    shop.until(utc(2026, 11, 19));
    assert_eq!(stands(&shop), BankDebit::Ahead { at: utc(2026, 11, 23) });
    assert!(debits(&shop, jo).is_empty());
    shop.until(utc(2026, 11, 23));
    assert_eq!(debits(&shop, jo)[0].amount(), eur(-20_00));
    shop.sound();
}

/// What comes in while the bank is asked is the seller's, and is paid out; the debit stays, and what it brings is paid out too.
#[test]
fn what_comes_in_while_the_bank_is_asked_leaves_the_debit_as_it_is() {
    let (mut shop, jo, _) = owing(NewAccount::express(US), usd(50_00));
    shop.until(utc(2026, 11, 10));
    shop.transfer(NewTransfer::to(jo, usd(60_00))).unwrap();
    assert_eq!(sums(&shop, jo), (10_00, 50_00, 0));
    assert!(matches!(stands(&shop, jo), BankDebit::UnderWay { .. }));
    shop.until(utc(2026, 11, 17));
    // Whether the debt was paid by that or by the bank, as much of the platform's stays set aside.
    assert_eq!((debits(&shop, jo).len(), set_aside(&shop)), (1, 50_00));
    assert_eq!(debits(&shop, jo)[0].covered().map(|(cover, _)| cover), Some(usd(50_00)));
    shop.wait(5);
    assert_eq!((shop.available(jo), shop.paid_out(jo), set_aside(&shop)), (0, 510_00, 0));
    shop.sound();
}

/// While the bank is asked it is not asked again; what is owed beyond is asked for afterwards.
#[test]
fn a_bank_is_asked_for_one_debt_at_a_time() {
    let (mut shop, jo, sale) = owing(NewAccount::express(US), usd(50_00));
    shop.until(utc(2026, 11, 12));
    take_back(&mut shop, sale, usd(30_00));
    shop.until(utc(2026, 11, 16).at(12, 0));
    assert_eq!((debits(&shop, jo).len(), sums(&shop, jo)), (1, (-80_00, 50_00, 80_00)));
    shop.until(utc(2026, 11, 17));
    assert_eq!(sums(&shop, jo), (-30_00, 0, 80_00));
    assert_eq!(stands(&shop, jo), BankDebit::Ahead { at: utc(2026, 11, 18) });
    shop.until(utc(2026, 11, 24));
    let amounts: Vec<i64> = debits(&shop, jo).iter().map(|debit| debit.amount().minor()).collect();
    // Of the first debit nothing is kept back any more, of the second its own part.
    assert_eq!((amounts, sums(&shop, jo)), (vec![-50_00, -30_00], (0, 0, 30_00)));
    shop.wait(7);
    assert_eq!(set_aside(&shop), 0);
    shop.sound();
}

/// support.stripe.com/questions/auto-debit-faq: a bank that does not pay is asked again, and not for ever; a new one is.
#[test]
fn a_bank_that_does_not_pay_is_asked_three_times() {
    let policy = rules().bank_debit_policy();
    assert_eq!(policy, BankDebitPolicy { tolerance: 10, attempts: 3, reserve_days: 3 });
    for (attempts, asked) in [(3, 3), (2, 2), (0, 1)] {
        let book = rules().with_bank_debit_policy(BankDebitPolicy { attempts, ..policy });
        let (mut shop, jo, _) = owing_by(book, NewAccount::express(US), usd(50_00));
        let bank = bank_of(&shop, jo);
        for attempt in 1..=asked {
            shop.platform.advance_to(shop.platform.now().plus_days(5).unwrap()).unwrap();
            let BankDebit::UnderWay { payout } = stands(&shop, jo) else { panic!("attempt {attempt}") };
            failed(&mut shop, payout, "insufficient_funds");
            assert_eq!(sums(&shop, jo), (-50_00, 0, 50_00));
            assert_eq!(shop.lines(jo).last().unwrap(), "payout_failure -5000 - 0 = -5000 (payout_reversal)");
            let known = shop.platform.external_account(bank).unwrap();
            let state = if attempt == asked { ExternalAccountState::Errored } else { ExternalAccountState::New };
            assert_eq!((known.failed_debits(), known.state()), (attempt, state));
        }
        assert_eq!(stands(&shop, jo), BankDebit::None);
        shop.wait(30);
        assert_eq!((debits(&shop, jo).len(), shop.available(jo)), (usize::from(asked), -50_00));
        // Payouts to it have stopped as well, until another one takes its place.
        shop.transfer(NewTransfer::to(jo, usd(60_00))).unwrap();
        assert_eq!(shop.pay_out(jo, usd(1_00)), Err(PayoutError::BankAccountErrored(bank).into()));
        shop.reverse(NewTransferReversal::of(last_transfer(&shop))).unwrap();
        assert_eq!(stands(&shop, jo), BankDebit::None);
        shop.new_bank(jo, "000123456789");
        assert!(matches!(stands(&shop, jo), BankDebit::Ahead { .. }));
        shop.wait(14);
        assert_eq!(shop.available(jo), 0);
        shop.sound();
    }
}

fn last_transfer(shop: &Shop) -> TransferId {
    let all = |record: &Record| if let Record::Transfer(transfer) = record { Some(transfer.id()) } else { None };
    shop.platform.records().filter_map(all).last().unwrap()
}

/// A bank account that is not there is not asked twice; an update of it, even of nothing, counts from the start.
#[test]
fn a_bank_that_can_never_pay_is_asked_once() {
    let (mut shop, jo, _) = owing(NewAccount::express(US), usd(50_00));
    shop.platform.advance_to(utc(2026, 11, 10)).unwrap();
    let (bank, BankDebit::UnderWay { payout }) = (bank_of(&shop, jo), stands(&shop, jo)) else { panic!("no debit") };
    failed(&mut shop, payout, "debit_not_authorized");
    assert_eq!(shop.platform.external_account(bank).unwrap().state(), ExternalAccountState::Errored);
    assert_eq!(stands(&shop, jo), BankDebit::None);
    let again = UpdateExternalAccount::new(bank);
    shop.platform.accounts().update_external_account("again", again).unwrap();
    assert!(matches!(stands(&shop, jo), BankDebit::Ahead { .. }));
    assert_eq!(shop.platform.external_account(bank).unwrap().failed_debits(), 0);
    shop.sound();
}

/// A debit that is pulled back after it had arrived: while the platform's money stays set aside for it nothing moves there, afterwards it
/// is set aside anew.
#[test]
fn a_debit_that_is_pulled_back_is_owed_again() {
    for (late, aside) in [(false, 50_00), (true, 0)] {
        let (mut shop, jo, _) = owing(NewAccount::express(US), usd(50_00));
        let since = shop.platform.now();
        shop.until(utc(2026, 11, if late { 23 } else { 18 }).at(12, 0));
        let (payout, own) = (debits(&shop, jo)[0].id(), shop.available(shop.house));
        assert_eq!(sums(&shop, jo), (0, 0, aside));
        failed(&mut shop, payout, "insufficient_funds");
        assert_eq!((sums(&shop, jo), shop.available(shop.house)), ((-50_00, 0, 50_00), own - 50_00 + aside));
        let overdraft = shop.platform.overdraft(jo, USD).unwrap().unwrap();
        assert!(overdraft.since > since, "a debt of its own");
        let next = utc(2026, 11, if late { 24 } else { 19 });
        assert_eq!(stands(&shop, jo), BankDebit::Ahead { at: next });
        assert_eq!(shop.platform.payout(payout).unwrap().covered(), None);
        shop.wait(30);
        assert_eq!((sums(&shop, jo), debits(&shop, jo).len()), ((0, 0, 0), 2));
        shop.sound();
    }
}

/// Nothing is known of a debit for weeks: nothing more is asked for, and the platform covers nothing meanwhile. Then the bank answers, or
/// after thirty days the platform covers the debt all the same, and what the bank brings later is the account's.
#[test]
fn a_bank_that_says_nothing_is_waited_for() {
    let mut shop = Shop::open_by(US, rules().with_collection_wait(Some(days(20))));
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(1_000_00)));
    shop.wait(3);
    let sent = shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
    shop.wait(2);
    shop.reverse(NewTransferReversal::of(sent)).unwrap();
    shop.wait(40);
    let [debit] = &debits(&shop, jo)[..] else { panic!("asked more than once") };
    assert_eq!((debit.status(), sums(&shop, jo)), (PayoutStatus::Pending, (-50_00, 50_00, 50_00)));
    let mut silent = shop.clone();
    silent.wait(20);
    assert_eq!(sums(&silent, jo), (0, 50_00, 0));
    let now = silent.platform.now();
    silent.platform.payouts().record_paid("paid", now, debit.id()).unwrap();
    assert_eq!(sums(&silent, jo), (50_00, 0, 50_00));
    silent.wait(3_650);
    silent.sound();
    let (id, now, key) = (debit.id(), shop.platform.now(), shop.key());
    shop.platform.payouts().record_submitted(&key, now, id).unwrap();
    assert_eq!(shop.platform.payout(id).unwrap().status(), PayoutStatus::InTransit);
    let mut paid = shop.clone();
    paid.platform.payouts().record_paid("paid", now, id).unwrap();
    assert_eq!((sums(&paid, jo), paid.platform.overdraft(jo, USD).unwrap()), ((0, 0, 50_00), None));
    // It says that it does not pay: within a day the platform does.
    failed(&mut shop, id, "account_closed");
    shop.wait(1);
    assert_eq!(sums(&shop, jo), (0, 0, 0));
    shop.sound();
    paid.sound();
}

/// The platform collects what Custom accounts are asked for: their banks are not debited unless it says so. A manual schedule changes
/// nothing about it.
#[test]
fn whose_bank_is_debited_is_a_setting() {
    for (name, account) in every_kind(US) {
        let mut shop = Shop::open();
        let jo = shop.banked(account);
        assert_eq!(shop.platform.balance_settings(jo).unwrap().debits_negative_balances(), name != "custom", "{name}");
    }
    let house = Shop::open();
    assert!(house.platform.balance_settings(house.house).unwrap().debits_negative_balances());

    let (mut shop, jo, _) = owing(NewAccount::custom(US).request(Capability::Transfers), usd(50_00));
    let manual = PayoutSchedule::Manual;
    shop.platform.payouts().set_schedule("by hand", jo, manual).unwrap();
    let off = shop.platform.payouts().debit_negative_balances("off", jo, false).unwrap();
    assert_eq!(names(&[off.changes]), ["balance_settings.updated"]);
    assert_eq!(stands(&shop, jo), BankDebit::None);
    shop.wait(10);
    assert!(debits(&shop, jo).is_empty());
    let on = shop.platform.payouts().debit_negative_balances("on", jo, true).unwrap();
    assert_eq!((on.answer, names(&[on.changes])), (jo, vec!["balance_settings.updated"]));
    let same = shop.platform.payouts().debit_negative_balances("same", jo, true).unwrap();
    assert_eq!(names(&[same.changes]), [""; 0]);
    shop.wait(1);
    assert!(matches!(stands(&shop, jo), BankDebit::UnderWay { .. }));
    // What is under way goes on, whatever is said meanwhile, and so it does while payouts are paused.
    shop.platform.payouts().debit_negative_balances("late", jo, false).unwrap();
    let pause = SetPause { account: jo, payments: None, payouts: Some(true) };
    shop.platform.handle(Request::new("pause", Command::SetPause(pause))).unwrap();
    let payout = debits(&shop, jo)[0].id();
    let refused = shop.platform.acting_as(jo).unwrap().payouts().cancel("stop", payout).map(drop);
    assert_eq!(refused, Err(PayoutError::AutomaticNotCancelable(payout).into()));
    shop.wait(14);
    assert_eq!((shop.platform.payout(payout).unwrap().status(), shop.available(jo)), (PayoutStatus::Paid, 0));
    shop.sound();
}

/// Cards are never debited, nor banks where that is not open, nor for another currency.
#[test]
fn only_bank_accounts_are_debited_and_only_where_that_is_open() {
    let owing_to = |country: Country, book: Rulebook, is_card: bool| {
        let mut shop = Shop::open_by(US, book);
        let jo = shop.seller(NewAccount::express(US));
        if is_card {
            let card = Card::debit(CardBrand::Visa, 12, 2030);
            let card = NewExternalAccount::card(jo, US, USD, "tok_visa_debit", "5556", card).default_for_currency();
            shop.platform.accounts().add_external_account("card", card).unwrap();
        } else {
            shop.new_bank(jo, "000123456789");
        }
        shop.sell(NewPayment::card(usd(1_000_00)));
        shop.wait(3);
        let sent = shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
        shop.wait(2);
        assert_eq!(shop.available(jo), 0, "{country}");
        shop.reverse(NewTransferReversal::of(sent)).unwrap();
        shop.wait(5);
        assert_eq!(shop.available(jo), -50_00);
        shop.sound();
        debits(&shop, jo).len()
    };
    assert_eq!(owing_to(US, rules(), false), 1);
    assert_eq!(owing_to(US, rules(), true), 0);
    assert_eq!(owing_to(US, rules().without_bank_debits(US, USD), false), 0);
    let slow = rules().with_bank_debit_terms(BankDebitTerms::new(US, USD, 9, 1)).unwrap();
    assert_eq!(owing_to(US, slow, false), 0);
}

/// What the platform itself owes is taken from its own bank, like a Standard account's (docs.stripe.com/connect/account-balances, 2024).
#[test]
fn the_platform_s_own_bank_is_debited_too() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    shop.new_bank(shop.house, "000123456789");
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(5);
    shop.chargeback(sale, "dp_1", usd(100_00));
    let owed = shop.available(shop.house);
    assert!(owed < -10_00);
    shop.wait(3);
    assert_eq!(i128::from(debits(&shop, shop.house)[0].amount().minor()), owed);
    shop.wait(14);
    assert_eq!((shop.available(shop.house), set_aside(&shop)), (0, 0));
    assert_eq!(debits(&shop, shop.house)[0].covered(), None, "nothing is set aside for the platform itself");
    shop.sound();
}

/// A host that trusts what banks bring at once sets nothing aside afterwards.
#[test]
fn a_host_says_for_how_long_the_platform_s_money_stays_set_aside() {
    for (reserve_days, aside) in [(0, 0), (1, 50_00)] {
        let policy = BankDebitPolicy { reserve_days, ..rules().bank_debit_policy() };
        let book = rules().with_bank_debit_policy(policy);
        let (mut shop, jo, _) = owing_by(book, NewAccount::express(US), usd(50_00));
        shop.until(utc(2026, 11, 17));
        assert_eq!(sums(&shop, jo), (0, 0, aside));
        shop.wait(1);
        assert_eq!(set_aside(&shop), 0);
        shop.sound();
    }
}

/// A debit stands for what was owed when it was decided, and is decided once: whoever moves the balance meanwhile has it decided again.
#[test]
fn a_debit_is_decided_on_what_is_owed_and_once() {
    let (mut shop, jo, sale) = owing(NewAccount::express(US), usd(50_00));
    let at = utc(2026, 11, 10);
    let decide = |shop: &Shop| {
        let mut platform = shop.platform.clone();
        while let Some(changes) = platform.decide_next(at).unwrap() {
            if changes.events.iter().any(|event| event.kind.name() == "payout.created") {
                return changes;
            }
            platform.apply(&changes).unwrap();
        }
        panic!("no debit");
    };
    let debit: Changes = decide(&shop);
    let mut credited = shop.clone();
    credited.transfer(NewTransfer::to(jo, usd(20_00))).unwrap();
    assert!(matches!(credited.platform.apply(&debit), Err(Error::Stale(_))), "for more than is owed");
    take_back(&mut credited, sale, usd(5_00));
    credited.until(at);
    assert_eq!(debits(&credited, jo)[0].amount(), usd(-35_00));
    // Two workers fire the same deadline.
    shop.platform.apply(&debit).unwrap();
    assert!(matches!(shop.platform.apply(&debit), Err(Error::Stale(_))));
    // Somebody says that the bank is not to be debited, while somebody else plans to.
    let (mut shop, jo, sale) = owing(NewAccount::express(US), usd(50_00));
    let off =
        Request::new("off", Command::SetDebitNegativeBalances(SetDebitNegativeBalances { account: jo, debit: false }));
    let off = shop.platform.decide(&off).unwrap().changes;
    take_back(&mut shop, sale, usd(1_00));
    shop.platform.apply(&off).unwrap();
    let back = Request::new("more", Command::CreateRefund(NewRefund::of(sale).amount(usd(1_00)).reverse_transfer()));
    let back = shop.platform.decide(&back).unwrap().changes;
    shop.platform.payouts().debit_negative_balances("on", jo, true).unwrap();
    assert!(matches!(shop.platform.apply(&back), Err(Error::Stale(_))), "it did not know that the bank may be debited");
}

/// Whether a bank is debited is for whoever says when the account is paid out.
#[test]
fn only_whoever_says_when_an_account_is_paid_out_says_whether_its_bank_is_debited() {
    let mut shop = Shop::open();
    let (jo, bo) = (shop.banked(NewAccount::standard(US)), shop.banked(NewAccount::express(US)));
    let set = |account| Command::SetDebitNegativeBalances(SetDebitNegativeBalances { account, debit: false });
    let before = shop.platform.snapshot();
    let mut refused = |request: Request| shop.platform.handle(request).map(drop).unwrap_err();
    let action = Action::SetBalanceSettings;
    let denied = |denial| Error::from(AccountError::NotPermitted { account: jo, action, denial });
    assert_eq!(refused(Request::new("x", set(jo))), denied(Denial::NeedsPlatformControls));
    assert_eq!(refused(Request::new("x", set(bo)).acting_as(jo)), Error::NotForAccounts(jo));
    let nobody = AccountId::from_host(crate::shop::NOBODY);
    assert_eq!(refused(Request::new("x", set(nobody))), Error::NotFound(nobody.into()));
    assert_eq!(shop.platform.snapshot(), before);
    shop.platform.handle(Request::new("x", set(jo)).by(Actor::Holder, jo)).unwrap();
    assert!(!shop.platform.balance_settings(jo).unwrap().debits_negative_balances());
    assert_eq!(shop.platform.balance_settings(bo).map(|of| of.debits_negative_balances()), Ok(true));
    shop.sound();
}

/// Two reports of one debit, of which one says that the bank account cannot be used: counted once, in either order.
#[test]
fn two_reasons_for_one_debit_that_was_not_paid_count_once() {
    let ends = [["insufficient_funds", "account_closed"], ["account_closed", "insufficient_funds"]].map(|codes| {
        let (mut shop, jo, _) = owing_by(rules(), NewAccount::express(US), usd(50_00));
        shop.until(utc(2026, 11, 18).at(12, 0));
        let payout = debits(&shop, jo)[0].id();
        codes.into_iter().for_each(|code| failed(&mut shop, payout, code));
        let bank = shop.platform.external_account(bank_of(&shop, jo)).unwrap();
        (bank.failed_debits(), bank.is_usable())
    });
    assert_eq!(ends, [(1, false); 2]);
}

/// The bank account is updated while its bank is asked: what becomes of a debit of the details before says nothing of those now, whenever
/// the bank has told it, and whichever of several reports comes first.
#[test]
fn a_debit_of_before_an_update_does_not_count_against_what_came_after() {
    let ends = [[-1, 1], [1, -1], [1, 1], [-1, -1]].map(|hours| {
        let (mut shop, jo, _) = owing_by(rules(), NewAccount::express(US), usd(50_00));
        shop.until(utc(2026, 11, 18).at(12, 0));
        let (payout, bank) = (debits(&shop, jo)[0].id(), bank_of(&shop, jo));
        let (key, updated) = (shop.key(), shop.platform.now());
        shop.platform.accounts().update_external_account(&key, UpdateExternalAccount::new(bank)).unwrap();
        shop.until(utc(2026, 11, 18).at(14, 0));
        for hours in hours {
            let (key, at) = (shop.key(), updated.checked_add(chrono::TimeDelta::hours(hours)).unwrap());
            shop.platform.payouts().record_failed(&key, at, payout, "insufficient_funds").unwrap();
        }
        let bank = shop.platform.external_account(bank).unwrap();
        (bank.failed_debits(), bank.is_usable())
    });
    assert_eq!(ends, [(0, true); 4]);
}
