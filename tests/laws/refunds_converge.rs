//! Whatever the world says about one refund, in whatever order and however often, it ends the same; and a refund that waits is not
//! overlooked by workers that decide at the same time.

use fundroute::journal::{Changes, DeadlineKind, Fact, FactOutcome, Report};
use fundroute::ledger::LedgerAccount;
use fundroute::payments::{
    CardRefund, NewPayment, NewRefund, RefundCanceled, RefundFailed, RefundFailure, RefundStatus, RefundSucceeded,
    RefundTraced, RefundUnderWay,
};
use fundroute::prelude::*;
use fundroute::simulator::World;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::facts_converge::{outcome, permutations};
use crate::rules::Rules;
use crate::store::{Conflict, Store, Worker};

const RULES: Rules = Rules { boleto_refundable: true, ..Rules::PLAIN };

/// A platform with a refund by this method, of a destination charge whose transfer it takes back.
fn refunded(method: PaymentMethod, details: bool, settled: bool) -> (Platform, fundroute::ids::RefundId) {
    let mut book = RULES.book();
    if details {
        book = book.with_refund_details(method);
    }
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
    platform.payouts().set_schedule("by hand", jo, fundroute::payouts::PayoutSchedule::Manual).unwrap();
    let order = NewPayment::by(method, usd(100_00)).destination(jo).application_fee(usd(10_00));
    let sale = platform.payments().create("sale", order).unwrap().answer;
    world.advance(&mut platform, days(if settled { 9 } else { 4 })).unwrap();
    let back = NewRefund::of(sale).amount(usd(33_33)).reverse_transfer().keep_application_fee();
    let refund = platform.refunds().create("back", back).unwrap().answer;
    platform.advance_to(platform.now().plus_days(2).unwrap()).unwrap();
    (platform, refund)
}

/// Everything that can be told of a refund, at several times.
fn everything(platform: &Platform, refund: fundroute::ids::RefundId) -> Vec<Report> {
    let hours = |hours: i64| platform.now().checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let failed = |reason| Fact::RefundFailed(RefundFailed { refund, reason });
    let facts = [
        (hours(30), Fact::RefundUnderWay(RefundUnderWay { refund })),
        (hours(24), Fact::RefundSucceeded(RefundSucceeded { refund })),
        (hours(20), Fact::RefundSucceeded(RefundSucceeded { refund })),
        (hours(12), Fact::RefundCanceled(RefundCanceled { refund })),
        (hours(9), failed(RefundFailure::LostOrStolenCard)),
        (hours(6), failed(RefundFailure::Declined)),
    ];
    let report = |(number, (at, fact))| Report::new(format!("f{number}"), at, fact);
    facts.into_iter().enumerate().map(report).collect()
}

type Outcome = [String; 2];

fn told(platform: &Platform, reports: &[Report]) -> Outcome {
    let mut platform = platform.clone();
    for report in reports {
        platform.record(report).unwrap();
        assert_eq!(platform.audit(), []);
    }
    let now = format!("{:?}", outcome(&platform));
    platform.advance_to(platform.now().plus_days(60).unwrap()).unwrap();
    [now, format!("{:?}", outcome(&platform))]
}

/// Each kind of refund there is: shown as done at once, on its way, waiting for the payer, and each before and after settlement.
fn all_kinds() -> Vec<(Platform, fundroute::ids::RefundId)> {
    let mut kinds = Vec::new();
    for settled in [false, true] {
        for (method, details) in
            [(PaymentMethod::Card, false), (PaymentMethod::UsBankAccount, false), (PaymentMethod::UsBankAccount, true)]
        {
            kinds.push(refunded(method, details, settled));
        }
    }
    kinds.push(waiting(1).0);
    kinds
}

#[test]
fn every_order_of_everything_that_is_told_of_a_refund_ends_the_same() {
    for (platform, refund) in all_kinds() {
        let all = everything(&platform, refund);
        // Every set of the six facts, in every order of each.
        for set in 1_u8..64 {
            let facts: Vec<Report> = all
                .iter()
                .enumerate()
                .filter(|(place, _)| set & (1 << place) != 0)
                .map(|(_, fact)| fact.clone())
                .collect();
            // Five of them say no more than four or six.
            if facts.len() == 5 {
                continue;
            }
            let expected = told(&platform, &facts);
            permutations(&facts, &mut Vec::new(), &mut |order| {
                assert_eq!(told(&platform, order), expected, "{order:#?}");
            });
        }
    }
}

/// How a refund shows on the payer's statement is told before, between and after everything else, and contradicted.
#[test]
fn every_order_of_what_is_told_of_the_statement_ends_the_same() {
    for (platform, refund) in all_kinds() {
        let shows =
            |id: &str, shows_as| Report::new(id, platform.now(), Fact::RefundTraced(RefundTraced { refund, shows_as }));
        let all = everything(&platform, refund);
        let facts =
            [shows("beside", CardRefund::Refund), shows("gone", CardRefund::Reversal), all[1].clone(), all[4].clone()];
        let expected = told(&platform, &facts);
        let mut seen = 0;
        permutations(&facts, &mut Vec::new(), &mut |order| {
            seen += 1;
            assert_eq!(told(&platform, order), expected, "{order:#?}");
        });
        assert_eq!(seen, 24);
    }
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn any_order_and_any_number_of_facts_about_a_refund_end_the_same(
        kind in 0..7_usize,
        set in 1_u8..64,
        order in proptest::collection::vec(any::<Index>(), 20),
        times in proptest::collection::vec(1..=3_usize, 6),
    ) {
        let (platform, refund) = all_kinds().swap_remove(kind);
        let all = everything(&platform, refund);
        let facts: Vec<Report> =
            all.into_iter().enumerate().filter(|(place, _)| set & (1 << place) != 0).map(|(_, fact)| fact).collect();
        let mut mixed: Vec<Report> =
            facts.iter().zip(&times).flat_map(|(fact, times)| vec![fact.clone(); *times]).collect();
        for last in (1..mixed.len()).rev() {
            mixed.swap(last, order[last].index(last + 1));
        }
        prop_assert_eq!(told(&platform, &facts), told(&platform, &mixed), "{:#?}", mixed);
    }
}

/// Failure holds over success, whichever is told first, and the money is back once.
#[test]
fn a_refund_that_failed_before_or_after_it_succeeded_has_failed() {
    for (platform, refund) in all_kinds().into_iter().take(6) {
        let house = |platform: &Platform| platform.balance(platform.id(), USD).unwrap().total();
        let before = house(&platform);
        let all = everything(&platform, refund);
        for order in [[1, 4], [4, 1]] {
            let mut platform = platform.clone();
            for place in order {
                platform.record(&all[place]).unwrap();
            }
            let known = platform.refund(refund).unwrap();
            assert_eq!(known.status(), RefundStatus::Failed);
            assert_eq!(known.failure_reason(), Some(RefundFailure::LostOrStolenCard));
            assert!(known.confirmed_at().is_some());
            assert_eq!(house(&platform) - before, 33_33);
        }
    }
}

/// A platform that owes so many payers 50.00 each and has nothing, the first of them, a seller, and its journal.
fn waiting(number: usize) -> ((Platform, fundroute::ids::RefundId), fundroute::ids::AccountId, Vec<Changes>) {
    let start = utc(2026, 11, 2);
    let founding = Platform::founding(&NewPlatform::in_country(US), &RULES.book(), start).unwrap();
    let mut platform = Platform::replay(RULES.book(), [founding.clone()]).unwrap();
    let mut journal = vec![founding];
    let account = platform.accounts().create("jo", NewAccount::express(US)).unwrap();
    let jo = account.answer;
    journal.push(account.changes);
    for (number, capability) in [0, 1].into_iter().zip(platform.account(jo).unwrap().capabilities().to_vec()) {
        let fact = fundroute::accounts::CapabilityReviewed {
            account: jo,
            capability: capability.capability(),
            status: fundroute::accounts::CapabilityStatus::Active,
        };
        let report = Report::new(format!("review-{number}"), start, Fact::CapabilityReviewed(fact));
        journal.push(platform.record(&report).unwrap().changes);
    }
    let mut sales = Vec::new();
    for place in 0..number {
        let order = NewPayment::card(usd(50_00)).destination(jo);
        let sale = platform.payments().create(&format!("sale-{place}"), order).unwrap();
        journal.push(sale.changes);
        let charge = platform.charge_of(sale.answer).unwrap().id();
        let taken = platform.payments().record_succeeded(&format!("taken-{place}"), start, charge, usd(50_00));
        journal.push(taken.unwrap().changes);
        sales.push(sale.answer);
    }
    journal.extend(platform.advance_to(start.plus_days(9).unwrap()).unwrap());
    let mut refunds = Vec::new();
    for (place, sale) in sales.into_iter().enumerate() {
        let back = platform.refunds().create(&format!("back-{place}"), NewRefund::of(sale).keep_transfer()).unwrap();
        journal.push(back.changes);
        refunds.push(back.answer);
    }
    ((platform, refunds[0]), jo, journal)
}

/// Two workers: one puts a refund into the queue because there is too little, the other brings the money. Whoever is first, the refund
/// is not left behind.
#[test]
fn money_that_comes_while_a_refund_is_put_into_the_queue_is_not_overlooked() {
    let ((mut platform, _), jo, mut journal) = waiting(1);
    let mut sales = Vec::new();
    for (key, amount) in [("a", usd(50_00)), ("b", usd(60_00))] {
        let sale = platform.payments().create(key, NewPayment::card(amount).destination(jo)).unwrap();
        journal.push(sale.changes);
        let (charge, now) = (platform.charge_of(sale.answer).unwrap().id(), platform.now());
        journal
            .push(platform.payments().record_succeeded(&format!("{key} taken"), now, charge, amount).unwrap().changes);
        sales.push(sale.answer);
    }
    // The one that waits since the beginning is given up, and nothing waits any more.
    journal.extend(platform.advance_to(platform.now().plus_days(40).unwrap()).unwrap());
    let house = LedgerAccount::Available { owner: platform.id() };
    let who = fundroute::platform::Identity { platform: platform.id(), livemode: false };
    let worker = Worker { who, rulebook: RULES.book(), now: platform.now() };
    let decide = |store: &Store, key: &str, command: Command| {
        let request = Request::new(key, command);
        worker.decide(store, |part| part.decide(&request)).decided.unwrap().changes
    };
    let back = Command::CreateRefund(NewRefund::of(sales[0]).keep_transfer());
    let transfer = platform.charge_of(sales[1]).unwrap().transfer().unwrap();
    let bring = Command::ReverseTransfer(fundroute::routing::NewTransferReversal::of(transfer));
    let store = Store::of(&journal);
    let (waits, money) = (decide(&store, "back", back), decide(&store, "bring", bring));
    assert_eq!((waits.queues.len(), waits.entries.len()), (1, 0));

    let mut money_first = store.clone();
    money_first.commit(&money).unwrap();
    assert_eq!(money_first.commit(&waits), Err(Conflict::Range(house, USD)));

    let mut refund_first = store;
    refund_first.commit(&waits).unwrap();
    refund_first.commit(&money).unwrap();
    let due = refund_first.next_deadline().unwrap();
    assert_eq!(due.what, DeadlineKind::FundRefunds(platform.id(), USD));
    let later = Worker { now: due.due, ..worker };
    let booked = later.decide(&refund_first, |part| part.decide_due(due)).decided.unwrap();
    refund_first.commit(&booked).unwrap();
    // Three fees: 1.75 twice and 2.04. What was brought is 60.00.
    assert_eq!(refund_first.balance_of(house, USD), 60_00 - 5_54 - 50_00);
}

/// Two workers put refunds of different payments into one queue: one of them has to look again, and both wait in it.
#[test]
fn two_workers_put_refunds_into_one_queue() {
    let ((platform, _), jo, mut journal) = waiting(2);
    let mut more = platform.clone();
    let mut sales = Vec::new();
    for key in ["a", "b"] {
        let sale = more.payments().create(key, NewPayment::card(usd(50_00)).destination(jo)).unwrap();
        journal.push(sale.changes);
        let charge = more.charge_of(sale.answer).unwrap().id();
        let now = more.now();
        journal
            .push(more.payments().record_succeeded(&format!("{key} taken"), now, charge, usd(50_00)).unwrap().changes);
        sales.push(sale.answer);
    }
    journal.extend(more.advance_to(more.now().plus_days(9).unwrap()).unwrap());
    let mut store = Store::of(&journal);
    let who = fundroute::platform::Identity { platform: more.id(), livemode: false };
    let worker = Worker { who, rulebook: RULES.book(), now: more.now() };
    let decide = |store: &Store, place: usize| {
        let request =
            Request::new(format!("back {place}"), Command::CreateRefund(NewRefund::of(sales[place]).keep_transfer()));
        worker.decide(store, |part| part.decide(&request)).decided.unwrap().changes
    };
    let (faster, slower) = (decide(&store, 0), decide(&store, 1));
    store.commit(&faster).unwrap();
    assert!(store.commit(&slower).is_err());
    store.commit(&decide(&store, 1)).unwrap();
    // All four are in it, in their order.
    let key = fundroute::journal::Key::Balance(more.id(), USD);
    let row = store.look_up(key).balance.unwrap();
    let mut waiting = Vec::new();
    let mut next = row.first_refund;
    while let Some(refund) = next {
        let found = store.look_up(fundroute::journal::Key::Family(refund.family()));
        let known = found.records.into_iter().find_map(|(_, record)| match record {
            fundroute::journal::Record::Refund(known) if known.id() == refund => Some(known),
            _ => None,
        });
        waiting.push(refund);
        next = known.unwrap().next_waiting();
    }
    assert_eq!((waiting.len(), waiting.last().copied()), (4, row.last_refund));
}

/// Refunds are booked in their order as money comes; one that is not covered holds up a smaller one behind it, until it is given up.
#[test]
fn the_queue_keeps_its_order() {
    let ((mut platform, first), _, _) = waiting(3);
    let soon = |platform: &mut Platform| {
        let soon = Timestamp::from_micros(platform.now().micros() + 1).unwrap();
        platform.advance_to(soon).unwrap();
    };
    let ids: Vec<_> = platform
        .records()
        .filter_map(|record| match record {
            fundroute::journal::Record::Refund(refund) => Some(refund.id()),
            _ => None,
        })
        .collect();
    assert_eq!(ids[0], first);
    let status =
        |platform: &Platform| ids.iter().map(|id| platform.refund(*id).unwrap().status().as_str()).collect::<Vec<_>>();
    let transfers: Vec<_> =
        ids.iter().map(|id| platform.charge(platform.refund(*id).unwrap().charge()).unwrap()).collect();
    let transfers: Vec<_> = transfers.into_iter().map(|charge| charge.transfer().unwrap()).collect();
    let house = platform.id();
    let bring = |platform: &mut Platform, key: &str, place: usize, amount| {
        let reversal = fundroute::routing::NewTransferReversal::of(transfers[place]).amount(amount);
        platform.transfers().reverse_part(key, reversal).unwrap();
        soon(platform);
    };
    // Three fees of 1.75 are owed.
    bring(&mut platform, "some", 0, usd(50_00));
    bring(&mut platform, "nearly enough", 1, usd(5_24));
    assert_eq!(status(&platform), ["pending"; 3]);
    bring(&mut platform, "a cent", 1, usd(1));
    assert_eq!(status(&platform), ["succeeded", "pending", "pending"]);
    // The second one is called off outside: the third moves up.
    let now = platform.now();
    assert_eq!(platform.refunds().record_canceled("off", now, ids[1]).unwrap().answer, FactOutcome::Applied);
    bring(&mut platform, "enough for one", 2, usd(50_00));
    assert_eq!(status(&platform), ["succeeded", "canceled", "succeeded"]);
    assert_eq!(platform.balance(house, USD).unwrap().available, 0);
    assert_eq!(platform.audit(), []);
}

/// So many refunds wait that they are booked in several goes, a microsecond apart, and none is left behind.
#[test]
fn a_long_queue_is_booked_in_several_goes() {
    let ((mut platform, _), _, _) = waiting(20);
    let refunds = |platform: &Platform, status: RefundStatus| {
        let of = |record: &fundroute::journal::Record| match record {
            fundroute::journal::Record::Refund(refund) => refund.status() == status,
            _ => false,
        };
        platform.records().filter(|record| of(record)).count()
    };
    let charges: Vec<_> = platform
        .records()
        .filter_map(
            |record| if let fundroute::journal::Record::Charge(charge) = record { charge.transfer() } else { None },
        )
        .collect();
    // All at one moment: nineteen can be paid, less twenty fees of 1.75.
    for (place, transfer) in charges.into_iter().enumerate() {
        platform.transfers().reverse(&format!("bring {place}"), transfer).unwrap();
    }
    let mut seen = Vec::new();
    for _ in 0..4 {
        let soon = Timestamp::from_micros(platform.now().micros() + 1).unwrap();
        platform.advance_to(soon).unwrap();
        seen.push(refunds(&platform, RefundStatus::Succeeded));
    }
    assert_eq!(seen, [16, 19, 19, 19]);
    assert_eq!(refunds(&platform, RefundStatus::Pending), 1);
    assert_eq!(platform.balance(platform.id(), USD).unwrap().available, 15_00);
}

/// At the end of the calendar a refund that has to wait for its payer cannot be given a time any more: it fails, and the clock goes on.
#[test]
fn a_refund_that_cannot_be_given_a_time_any_more_does_not_stop_the_clock() {
    let end = Timestamp::MAX.checked_add(-days(50)).unwrap();
    let book = RULES.book().with_refund_details(PaymentMethod::Card).with_refund_windows(days(20), days(45));
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
    platform.payouts().set_schedule("by hand", jo, fundroute::payouts::PayoutSchedule::Manual).unwrap();
    let order = NewPayment::card(usd(50_00)).destination(jo);
    let sale = platform.payments().create("sale", order).unwrap().answer;
    world.advance(&mut platform, days(9)).unwrap();
    platform.advance_to(end).unwrap();
    let back = NewRefund::of(sale).amount(usd(10_00)).keep_transfer();
    let refund = platform.refunds().create("back", back).unwrap().answer;
    assert_eq!(platform.refund(refund).unwrap().status(), RefundStatus::Pending);
    // Ten days later there is money, and no room for the 45 days that the payer would have.
    platform.advance_to(end.plus_days(10).unwrap()).unwrap();
    let transfer = platform.charge_of(sale).unwrap().transfer().unwrap();
    platform.transfers().reverse("bring", transfer).unwrap();
    platform.advance_to(Timestamp::MAX).unwrap();
    assert_eq!(platform.refund(refund).unwrap().failure_reason(), Some(RefundFailure::Declined));
    assert_eq!(platform.charge_of(sale).unwrap().refundable(), usd(50_00));
    assert_eq!(platform.audit(), []);
}
