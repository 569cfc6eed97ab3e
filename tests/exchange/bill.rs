//! What the processor bills the platform by the month for its accounts (stripe.com/connect/pricing by way of third parties, 2026): 2.00 USD
//! for each account that was paid out, 0.25 % and 0.25 USD for each payout.

use fundroute::accounts::{CloseAccount, FeePayer, UpdateExternalAccount};
use fundroute::ids::{ObjectId, PayoutId};
use fundroute::payouts::{CancelPayout, NewPayout, PayoutSchedule, SetPayoutSchedule};
use fundroute::rulebook::ConnectItem::{ActiveAccount, CrossBorderPayout, InstantPayout, Payout};
use fundroute::rulebook::{Capability, ConnectItem, ConnectPrice, RulebookError};
use fundroute::simulator::bank_account;
use fundroute::tools::{BillRow, csv};

use super::crossing::funded;
use super::*;

/// A platform at home that is billed by the list, and a seller of its country with plenty.
fn billed() -> (Desk, AccountId) {
    funded(US, free().with_connect_prices(true), NewAccount::express(US), USD)
}

impl Desk {
    fn bill(&self, at: Timestamp) -> Vec<BillRow> {
        self.platform.monthly_bill(at).unwrap()
    }

    /// The bill of a month: item, payouts, and what it comes to.
    fn bill_of(&self, at: Timestamp) -> Vec<(ConnectItem, i64, Money)> {
        let row = |row: BillRow| (row.item, row.payouts, Money::new(row.fees.try_into().unwrap(), row.currency));
        self.bill(at).into_iter().map(row).collect()
    }

    fn november(&self) -> Vec<(ConnectItem, i64, Money)> {
        self.bill_of(utc(2026, 11, 2))
    }

    fn december(&self) -> Vec<(ConnectItem, i64, Money)> {
        self.bill_of(utc(2026, 12, 2))
    }

    fn until(&mut self, at: Timestamp) {
        self.platform.advance_to(at).unwrap();
    }

    fn call_off(&mut self, seller: AccountId, payout: PayoutId) {
        let request = Request::new(self.key(), Command::CancelPayout(CancelPayout { payout })).acting_as(seller);
        self.platform.handle(request).unwrap();
    }

    /// A bank sends a payout back, for no fault of its own.
    fn fails(&mut self, payout: PayoutId) {
        let (key, now) = (self.key(), self.platform.now());
        self.platform.payouts().record_failed(&key, now, payout, "could_not_process").unwrap();
        let known = self.platform.payout(payout).unwrap();
        let (account, currency) = (known.account(), known.amount().currency());
        let bank = self.platform.account(account).unwrap().bank_for(currency).unwrap();
        self.ask(Command::UpdateExternalAccount(UpdateExternalAccount::new(bank))).unwrap();
    }
}

#[test]
fn example_b1_two_payouts_of_one_account_in_november() {
    let (mut desk, jo) = billed();
    let before = desk.holds(desk.house, USD);
    desk.pay_out(jo, usd(1_000_00));
    desk.pay_out(jo, usd(401_00));
    // 2.50 and 0.25; 1.0025, which is 1.00, and 0.25.
    let counted = [(ActiveAccount, 2, usd(2_00)), (Payout, 2, usd(4_00))];
    assert_eq!((desk.november(), desk.holds(desk.house, USD), desk.bills()), (counted.to_vec(), before, vec![]));
    assert!(desk.bill(utc(2026, 11, 2)).iter().all(|row| row.billed.is_none()));
    desk.until(Timestamp::from_micros(utc(2026, 12, 1).micros() - 1).unwrap());
    assert_eq!(desk.bills(), []);
    desk.until(utc(2026, 12, 1));
    assert_eq!(desk.november(), counted);
    let mut bills = desk.bills();
    bills.sort_by_key(|bill| bill.minor());
    assert_eq!((bills, desk.holds(desk.house, USD)), (vec![usd(-4_00), usd(-2_00)], (before.0, before.1 - 6_00)));
    desk.wait(90);
    assert_eq!((desk.bills().len(), desk.november(), desk.december()), (2, counted.to_vec(), vec![]));
    desk.sound();
}

/// Each line of a bill leads to what it is for, by the explanation of the balance and by the list.
#[test]
fn each_line_says_what_it_is_for() {
    let (mut desk, jo) = billed();
    desk.pay_out(jo, usd(100_00));
    desk.until(utc(2026, 12, 1));
    let why = desk.platform.explain(desk.house, USD).unwrap();
    let roots: Vec<ObjectId> = why.iter().rev().take(2).filter_map(|step| step.because.first().copied()).collect();
    assert!(why.iter().rev().take(2).all(|step| step.because.last() == Some(&jo.into())));
    let rows = desk.bill(utc(2026, 11, 30));
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert!(roots.contains(&row.source.into()), "{why:?}");
        let known = desk.platform.connect_fees(jo, row.item, USD, utc(2026, 11, 2)).unwrap().unwrap();
        assert_eq!((known.id(), known.fees(), known.billed()), (row.source, row.fees, row.billed));
    }
    let printed = csv(rows.clone()).unwrap();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "month,account,country,item,payouts,currency,fees,billed,billed_currency,source_id");
    assert_eq!(lines[1], format!("2026-11,{jo},US,active_account,1,usd,2.00,2.00,usd,{}", rows[0].source));
    assert_eq!(lines[2], format!("2026-11,{jo},US,payout,1,usd,0.50,0.50,usd,{}", rows[1].source));
}

#[test]
fn nobody_is_billed_by_a_list_that_was_not_signed() {
    let (mut desk, jo) = funded(US, free(), NewAccount::express(US), USD);
    desk.pay_out(jo, usd(1_000_00));
    desk.until(utc(2027, 1, 1));
    assert_eq!((desk.november(), desk.bills()), (vec![], vec![]));
}

/// Nothing where the account pays the processor itself (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026), nor of the
/// platform's own payouts.
#[test]
fn by_who_pays_the_processor() {
    let book = || free().with_connect_prices(true);
    let custom = NewAccount::custom(US).request(Capability::Transfers);
    for (new, lines) in [(NewAccount::express(US), 2), (custom, 2), (NewAccount::standard(US).platform_controls(), 0)] {
        let (mut desk, seller) = funded(US, book(), new, USD);
        let fees = desk.platform.account(seller).unwrap().controller().unwrap().fees;
        assert_eq!(fees == FeePayer::Account, lines == 0);
        desk.pay_out(seller, usd(100_00));
        assert_eq!(desk.november().len(), lines);
    }
    let (mut desk, _) = billed();
    let bank = bank_account(desk.platform.rulebook(), desk.house, US, USD);
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    desk.ask(Command::CreatePayout(NewPayout::of(usd(1_00)))).unwrap();
    assert_eq!(desk.november(), []);
}

/// The share is in the payout's currency, what is fixed in that of the list; both are taken in what the platform holds.
#[test]
fn abroad_the_fixed_parts_are_dollars() {
    let (mut desk, hans) = funded(US, free().with_connect_prices(true), NewAccount::express(DE), EUR);
    desk.rate(EUR, USD, "1.1");
    desk.pay_out(hans, eur(1_000_00));
    let mut counted = desk.november();
    counted.sort_by_key(|(item, _, cost)| (*item, cost.minor()));
    let expected = [
        (ActiveAccount, 1, usd(2_00)),
        (CrossBorderPayout, 1, eur(2_50)),
        (Payout, 1, usd(25)),
        (Payout, 1, eur(2_50)),
    ];
    assert_eq!(counted, expected);
    desk.until(utc(2026, 12, 1));
    let mut bills: Vec<i64> = desk.bills().into_iter().map(|bill| bill.minor()).collect();
    bills.sort_unstable();
    assert_eq!(bills, [-2_75, -2_75, -2_00, -25]);
    assert!(desk.bills().iter().all(|bill| bill.currency() == USD));
    desk.sound();
}

/// Platforms elsewhere have no row: nothing is guessed, and a host puts in what it pays.
#[test]
fn what_is_not_known_is_not_taken_before_a_host_says_it() {
    let book = free().with_connect_prices(true);
    let (mut desk, hans) = funded(DE, book.clone(), NewAccount::express(DE), EUR);
    desk.pay_out(hans, eur(100_00));
    assert_eq!((desk.november(), book.connect_price(DE, Payout)), (vec![], None));

    let ours = |item, fixed| ConnectPrice::new(DE, item, EUR, fixed);
    let book = book.with_connect_price(ours(ActiveAccount, 1_90)).unwrap();
    let book = book.with_connect_price(ours(Payout, 10).and_share("1 %".parse().unwrap())).unwrap();
    let (mut desk, hans) = funded(DE, book, NewAccount::express(DE), EUR);
    desk.pay_out(hans, eur(100_50));
    assert_eq!(desk.november(), [(ActiveAccount, 1, eur(1_90)), (Payout, 1, eur(1_11))]);
}

#[test]
fn prices_that_cannot_be_are_refused() {
    let book = || Rulebook::standard();
    let ours = |item, fixed| ConnectPrice::new(US, item, USD, fixed);
    let one: Rate = "1 %".parse().unwrap();
    for bad in [
        ours(Payout, -1),
        ours(Payout, i64::MAX),
        ours(Payout, 0).and_share("100.01 %".parse().unwrap()),
        ours(ActiveAccount, 0).and_share(one),
        ours(CrossBorderPayout, 1),
        ours(InstantPayout, 1),
    ] {
        let refused = book().with_connect_price(bad.clone());
        assert!(matches!(refused, Err(RulebookError::Invalid { table: Table::ConnectPrices, .. })), "{bad:?}");
    }
    let nowhere = ConnectPrice::new(Country::AQ, Payout, USD, 1);
    assert_eq!(book().with_connect_price(nowhere), Err(RulebookError::UnknownCountry(Country::AQ)));
    for row in ["AQ,payout,usd,,1,us", "US,payout,usd,x,1,us", "US,rent,usd,,1,us", "US,payout,usd,,-1,us"] {
        let table = format!("country,item,currency,percent,fixed,source\n{row}\n");
        assert!(book().read(Table::ConnectPrices, &table).is_err(), "{row}");
    }
}

/// One that is called off costs nothing; one that comes back costs what a payout costs, and makes no account active.
#[test]
fn which_payouts_count() {
    let (mut desk, jo) = billed();
    let first = desk.pay_out(jo, usd(100_00));
    desk.call_off(jo, first);
    assert_eq!(desk.november(), []);
    let failed = desk.pay_out(jo, usd(100_00));
    assert_eq!(desk.november(), [(ActiveAccount, 1, usd(2_00)), (Payout, 1, usd(50))]);
    desk.fails(failed);
    assert_eq!(desk.november(), [(Payout, 1, usd(50))]);
    // What is told twice, or once more with another reason, takes nothing off twice.
    desk.pay_out(jo, usd(200_00));
    desk.fails(failed);
    assert_eq!(desk.november(), [(ActiveAccount, 1, usd(2_00)), (Payout, 2, usd(1_25))]);
    desk.sound();
}

/// What was billed for a month is given back in the one in which it comes to nothing.
#[test]
fn what_comes_to_nothing_later_is_given_back_later() {
    let (mut desk, jo) = billed();
    desk.until(utc(2026, 11, 30).at(12, 0));
    let (one, two) = (desk.pay_out(jo, usd(100_00)), desk.pay_out(jo, usd(300_00)));
    desk.until(utc(2026, 12, 1).at(1, 0));
    assert_eq!(desk.bills().len(), 2);
    desk.fails(one);
    assert_eq!(desk.december(), [], "the other one was sent in November");
    desk.call_off(jo, two);
    assert_eq!(desk.december(), [(ActiveAccount, 0, usd(-2_00)), (Payout, -1, usd(-1_00))]);
    // December is active by itself.
    desk.pay_out(jo, usd(100_00));
    assert_eq!(desk.december(), [(Payout, 0, usd(-50))]);
    desk.until(utc(2027, 1, 1));
    let sum: i64 = desk.bills().iter().map(|bill| bill.minor()).sum();
    assert_eq!(sum, -(2_00 + 50 + 50));
    desk.sound();
}

/// A price that changes concerns what is made from then on, and an account that is active stays as dear as it was.
#[test]
fn prices_change_for_what_is_made_later() {
    let (mut desk, jo) = billed();
    desk.pay_out(jo, usd(100_00));
    let dearer = |item, fixed| ConnectPrice::new(US, item, USD, fixed);
    let book = desk.platform.rulebook().clone();
    let book = book.with_connect_price(dearer(ActiveAccount, 9_00)).unwrap();
    let book = book.with_connect_price(dearer(Payout, 1_00)).unwrap();
    let snapshot = desk.platform.snapshot();
    desk.platform = Platform::restore(book, snapshot, desk.platform.now());
    let second = desk.pay_out(jo, usd(100_00));
    assert_eq!(desk.november(), [(ActiveAccount, 2, usd(2_00)), (Payout, 2, usd(1_50))]);
    desk.call_off(jo, second);
    assert_eq!(desk.november(), [(ActiveAccount, 1, usd(2_00)), (Payout, 1, usd(50))]);
}

/// A payout is not refused for what it costs somebody else, however much that is, and a bill may be more than there is.
#[test]
fn no_payout_is_refused_for_its_price() {
    let price = ConnectPrice::new(US, Payout, USD, 1_000_000_000_000_000).and_share("100 %".parse().unwrap());
    let book = free().with_connect_price(price).unwrap().with_connect_prices(true);
    let (mut desk, jo) = funded(US, book, NewAccount::express(US), USD);
    desk.pay_out(jo, usd(1));
    desk.pay_out(jo, usd(2));
    desk.until(utc(2026, 12, 1));
    assert!(desk.holds(desk.house, USD).1 < -1_000_000_000_000_000);
    desk.sound();
}

#[test]
fn an_account_that_was_closed_is_billed_for_what_it_had() {
    let (mut desk, jo) = billed();
    let all = desk.holds(jo, USD).1;
    let payout = desk.pay_out(jo, usd(all.try_into().unwrap()));
    let now = desk.platform.now();
    desk.platform.payouts().record_paid("paid", now, payout).unwrap();
    desk.ask(Command::CloseAccount(CloseAccount { account: jo })).unwrap();
    desk.until(utc(2026, 12, 1));
    assert_eq!((desk.bills().len(), desk.november().len()), (2, 2));
}

/// A row for all accounts would have the second of them decide anew.
#[test]
fn whoever_pays_two_accounts_at_once_disturbs_nobody() {
    let (mut desk, jo) = billed();
    let bo = desk.seller(NewAccount::express(US));
    let bank = bank_account(desk.platform.rulebook(), bo, US, USD);
    let by_hand = SetPayoutSchedule { account: bo, schedule: PayoutSchedule::Manual };
    desk.ask(Command::SetPayoutSchedule(by_hand)).unwrap();
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    desk.transfer(NewTransfer::to(bo, usd(500_00))).unwrap();
    let both = [jo, bo].map(|seller| {
        let request = Request::new("out", Command::CreatePayout(NewPayout::of(usd(100_00)))).acting_as(seller);
        desk.platform.decide(&request).unwrap().changes
    });
    for changes in &both {
        desk.platform.apply(changes).unwrap();
    }
    assert_eq!(desk.november().len(), 4);
    desk.sound();
}

/// What a bank tells of a payout comes to one bill, in whatever order and however often it is told.
#[test]
fn the_order_of_facts_is_no_matter() {
    let (desk, jo) = billed();
    let mut bills = Vec::new();
    for order in [[0, 1, 1], [1, 0, 1], [1, 1, 0], [1, 0, 0]] {
        let mut desk = desk.clone();
        let (first, now) = (desk.pay_out(jo, usd(100_00)), desk.platform.now());
        desk.pay_out(jo, usd(200_00));
        for (number, fact) in order.into_iter().enumerate() {
            let id = format!("fact-{number}");
            match fact {
                0 => desk.platform.payouts().record_paid(&id, now, first).unwrap(),
                _ => desk.platform.payouts().record_failed(&id, now, first, "could_not_process").unwrap(),
            };
        }
        assert_eq!(desk.november(), [(ActiveAccount, 1, usd(2_00)), (Payout, 2, usd(1_25))]);
        desk.until(utc(2026, 12, 1));
        bills.push(desk.bills());
    }
    assert!(bills.windows(2).all(|pair| pair[0] == pair[1]), "{bills:?}");
}
