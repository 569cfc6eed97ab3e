//! What the processor keeps in reserves of its own: told, raised, let go, twice, late and in any order.

use fundroute::accounts::{AccountError, CloseAccount};
use fundroute::journal::{AnomalyReason, Outcome};
use fundroute::ledger::{LedgerAccount, LineKind, ReportingCategory};
use fundroute::payouts::{FundsReserved, NewPayout, PayoutError};
use fundroute::platform::Identity;

use super::*;

fn kept(account: AccountId, reference: &str, amount: Money) -> Fact {
    Fact::FundsReserved(FundsReserved { account, reference: reference.to_owned(), amount })
}

/// A seller who has 100.00 less what the sale cost, available.
fn funded() -> Shop {
    let mut shop = Shop::open();
    shop.direct(100_00);
    shop.wait(7);
    assert_eq!(shop.purse(), (0, 96_80, 0));
    shop
}

fn amount(shop: &Shop, reference: &str) -> i64 {
    shop.platform.reserved_funds(reference).unwrap().unwrap().amount().minor()
}

fn anomalies(shop: &Shop) -> Vec<AnomalyReason> {
    let of = |record: &Record| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None };
    shop.platform.records().filter_map(of).collect()
}

#[test]
fn it_is_made_raised_and_let_go() {
    let mut shop = funded();
    let jo = shop.jo;
    for (told, purse) in [(40_00, (0, 56_80, 40_00)), (60_00, (0, 36_80, 60_00)), (10_00, (0, 86_80, 10_00))] {
        shop.wait(1);
        assert_eq!(shop.tell(kept(jo, "res_1", usd(told))), FactOutcome::Applied);
        assert_eq!((shop.purse(), amount(&shop, "res_1")), (purse, told));
        shop.sound();
    }
    shop.wait(1);
    assert_eq!(shop.tell(kept(jo, "res_1", usd(0))), FactOutcome::Applied);
    assert_eq!(shop.purse(), (0, 96_80, 0));
    shop.sound();

    // A debit and credits of one type and under one heading, and no volume.
    let lines: Vec<_> = shop.platform.statement(jo).unwrap().lines;
    let of = |line: &&fundroute::ledger::BalanceTransaction| line.kind == LineKind::ReservedFunds;
    let amounts: Vec<i64> = lines.iter().filter(of).map(|line| line.amount).collect();
    assert_eq!(amounts, [-40_00, -20_00, 50_00, 10_00]);
    let (first, kind) = (lines.iter().find(of).unwrap(), LineKind::ReservedFunds);
    assert_eq!((first.kind.name(), first.fee), ("reserved_funds", 0));
    assert_eq!(kind.reporting_category(1), ReportingCategory::RiskReservedFunds);
    assert_eq!(ReportingCategory::RiskReservedFunds.to_string(), "risk_reserved_funds");
    assert_eq!(shop.platform.outside(LedgerAccount::Losses, USD), 0);
}

/// Any account: one whose losses are the processor's, and the platform itself. And in each currency by itself.
#[test]
fn any_account_can_have_some() {
    let mut shop = Shop::open();
    let bo = shop.another(NewAccount::standard(US));
    let house = shop.platform.id();
    shop.sell(None, NewPayment::card(usd(100_00)));
    shop.sell(Some(bo), NewPayment::card(usd(100_00)));
    shop.wait(1);
    for (account, reference) in [(bo, "res_1"), (house, "res_2")] {
        assert_eq!(shop.tell(kept(account, reference, usd(5_00))), FactOutcome::Applied);
        assert_eq!(shop.platform.balance(account, USD).unwrap().risk_reserved, 5_00);
        let event = shop.platform.reserved_funds(reference).unwrap().unwrap();
        assert_eq!((event.account(), event.amount()), (account, usd(5_00)));
    }
    shop.sound();
}

/// What is kept is kept, whatever that leaves: the platform answers for an account of its own, and it is not paid out.
#[test]
fn it_may_lead_below_zero() {
    let mut shop = funded();
    let (jo, house) = (shop.jo, shop.platform.id());
    shop.platform.payouts().debit_negative_balances("spare", jo, false).unwrap();
    shop.tell(kept(jo, "res_1", usd(100_00)));
    assert_eq!(shop.purse(), (0, -3_20, 100_00));
    assert_eq!(shop.platform.balance(house, USD).unwrap().connect_reserved, 3_20);
    let key = shop.key();
    let payout = Request::new(key, Command::CreatePayout(NewPayout::of(usd(1)))).acting_as(jo);
    let refused = shop.platform.decide(&payout).map(drop);
    assert!(matches!(refused, Err(Error::Payout(PayoutError::InsufficientFunds { .. }))), "{refused:?}");
    shop.sound();
    // What the processor lets go pays the debt.
    shop.wait(1);
    shop.tell(kept(jo, "res_1", usd(50_00)));
    assert_eq!(shop.purse(), (0, 46_80, 50_00));
    assert_eq!(shop.platform.balance(house, USD).unwrap().connect_reserved, 0);
    shop.sound();
}

/// It stands beside what the platform holds back, which no telling of it lets go; and no claim lets go of it.
#[test]
fn it_stands_beside_what_the_platform_holds_back() {
    let (mut shop, _) = Shop::with_plan();
    let sale = shop.direct(100_00);
    shop.wait(7);
    assert_eq!(shop.purse(), (0, 71_80, 25_00));
    let jo = shop.jo;
    shop.tell(kept(jo, "res_1", usd(30_00)));
    shop.tell(kept(jo, "res_2", usd(1_00)));
    assert_eq!(shop.purse(), (0, 40_80, 56_00));
    shop.sound();
    shop.refund(Some(jo), NewRefund::of(sale).amount(usd(60_00))).unwrap();
    assert_eq!(shop.purse(), (0, 5_80, 31_00));
    shop.sound();
    shop.wait(200);
    assert_eq!((shop.purse(), amount(&shop, "res_1")), ((0, 5_80, 31_00), 30_00));
    shop.sound();
}

/// Every order of four tellings, of which two are of one moment and one is told twice, ends the same.
#[test]
fn any_order_ends_the_same() {
    let shop = funded();
    let (jo, now) = (shop.jo, shop.platform.now());
    let hours = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let told = [(3, 40_00), (2, 0), (1, 15_00), (1, 25_00)];
    let reports: Vec<Report> = told
        .iter()
        .enumerate()
        .map(|(n, (ago, minor))| Report::new(format!("f{n}"), hours(*ago), kept(jo, "res_1", usd(*minor))))
        .collect();
    let mut ends = Vec::new();
    for order in 0..256_usize {
        let places = [order & 3, order >> 2 & 3, order >> 4 & 3, order >> 6 & 3];
        if (0..4).any(|place| !places.contains(&place)) {
            continue;
        }
        let mut told = shop.clone();
        for place in places {
            told.platform.record(&reports[place]).unwrap();
            assert_eq!(told.platform.record(&reports[place]).unwrap().outcome, Outcome::Replayed);
        }
        told.sound();
        assert_eq!((told.purse(), amount(&told, "res_1")), ((0, 71_80, 25_00), 25_00));
        ends.push(told.platform.reserved_funds("res_1").unwrap().cloned());
    }
    assert_eq!(ends.len(), 24);
    assert!(ends.windows(2).all(|pair| pair[0] == pair[1]), "{ends:?}");
}

/// What says the same again, or is older, changes nothing; what cannot be is an anomaly, and moves no money.
#[test]
fn what_is_odd_moves_nothing() {
    let mut shop = funded();
    let jo = shop.jo;
    shop.tell(kept(jo, "res_1", usd(40_00)));
    let (before, house) = (shop.purse(), shop.platform.id());
    assert_eq!(shop.tell(kept(jo, "res_1", usd(40_00))), FactOutcome::Stale);
    assert_eq!(shop.tell(kept(jo, "res_1", usd(39_99))), FactOutcome::Stale);
    for (fact, reason) in [
        (kept(jo, "res_1", usd(-1)), AnomalyReason::AmountDiffers),
        (kept(jo, "res_3", usd(i64::MIN)), AnomalyReason::AmountDiffers),
        (kept(jo, "res_1", usd(i64::MAX)), AnomalyReason::OutOfRange),
        (kept(jo, "res_3", usd(1_000_000_000_000_000_001)), AnomalyReason::OutOfRange),
        (kept(jo, "res_1", eur(1_00)), AnomalyReason::ReferenceTaken),
        (kept(house, "res_1", usd(50_00)), AnomalyReason::ReferenceTaken),
    ] {
        shop.tell(fact);
        assert_eq!(anomalies(&shop).last(), Some(&reason));
    }
    assert_eq!((shop.purse(), shop.platform.reserved_funds("res_3")), (before, Ok(None)));
    let nobody = AccountId::from_host([9; 14]);
    let report = Report::new("nobody", shop.platform.now(), kept(nobody, "res_4", usd(1)));
    assert_eq!(shop.platform.record(&report).map(drop), Err(Error::NotFound(nobody.into())));
    // As much as can be said is kept, and let go again.
    let most = 1_000_000_000_000_000_000;
    shop.wait(1);
    assert_eq!(shop.tell(kept(jo, "res_1", usd(most))), FactOutcome::Applied);
    shop.tell(kept(jo, "res_5", usd(most)));
    assert_eq!(shop.purse().2, 2 * i128::from(most));
    shop.sound();
    shop.wait(1);
    shop.tell(kept(jo, "res_1", usd(0)));
    assert_eq!(shop.purse(), (0, 96_80 - i128::from(most), i128::from(most)));
    shop.sound();
}

/// An account with money in reserve is not closed, and a worker that knows a part decides as the whole does.
#[test]
fn a_worker_writes_the_same_and_nobody_is_closed_meanwhile() {
    let mut shop = funded();
    let jo = shop.jo;
    let report = Report::new("kept", shop.platform.now(), kept(jo, "res_1", usd(96_80)));
    let who = Identity { platform: shop.platform.id(), livemode: false };
    let mut worker = Platform::partial(who, shop.platform.rulebook().clone(), shop.platform.now());
    let mut rounds = 0;
    let part = loop {
        match worker.decide_fact(&report) {
            Err(Error::NotLoaded(keys)) if rounds < 10 => {
                worker.load(keys.into_iter().map(|key| shop.platform.look_up(key)));
                rounds += 1;
            }
            decided => break decided,
        }
    };
    assert_eq!(part, shop.platform.decide_fact(&report));
    assert!(rounds <= 2, "{rounds}");
    let changes = shop.platform.record(&report).unwrap().changes;
    let names: Vec<_> = changes.events.iter().map(|event| (event.kind.name(), event.account)).collect();
    assert_eq!(names, [("reserved_funds.updated", Some(jo))]);
    let bytes = postcard::to_stdvec(&changes).unwrap();
    assert_eq!(postcard::from_bytes::<fundroute::journal::Changes>(&bytes).unwrap(), changes);

    let live = NewPlatform::in_country(US).live();
    let mut shop = Shop::by(live);
    let jo = shop.jo;
    shop.tell(kept(jo, "res_1", usd(1)));
    shop.direct(3_00);
    shop.wait(30);
    let key = shop.key();
    let close = Request::new(key, Command::CloseAccount(CloseAccount { account: jo }));
    let refused = shop.platform.decide(&close).map(drop);
    let not_zero = AccountError::BalanceNotZero { account: jo, currency: USD };
    assert_eq!(refused, Err(not_zero.into()));
}
