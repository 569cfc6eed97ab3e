//! What is told of a payout before its day of arrival, and what the day itself comes to.

use fundroute::payouts::{NewPayout, PayoutSchedule, PayoutStatus, SetPayoutSchedule};

use super::*;

/// A payout of 100.00 that is expected in a day or two, on a platform by whose rules its day counts for its arrival, or does not.
fn expected(counts: bool) -> (Stage, fundroute::ids::PayoutId) {
    let mut stage = plain();
    let (founding, book) = (stage.journal.clone(), Rules::PLAIN.book().with_arrival_as_paid(counts));
    stage.platform = Platform::replay(book, founding).unwrap();
    let now = stage.platform.now();
    let float = Request::new("float", Command::CreatePayment(NewPayment::card(usd(500_00))));
    stage.play(&Act::Ask(float)).unwrap();
    let charge = stage.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None })[0];
    stage.platform.payments().record_succeeded("float", now, charge, usd(500_00)).unwrap();
    let by_hand = SetPayoutSchedule { account: stage.platform.id(), schedule: PayoutSchedule::Manual };
    stage.platform.handle(Request::new("by hand", Command::SetPayoutSchedule(by_hand))).unwrap();
    stage.platform.advance_to(now.plus_days(10).unwrap().midnight().at(22, 30)).unwrap();
    let payout = stage.platform.handle(Request::new("out", Command::CreatePayout(NewPayout::of(usd(100_00))))).unwrap();
    let fundroute::journal::Answer::Payout(payout) = payout.answer else { panic!("no payout") };
    (stage, payout)
}

/// Every subset of what can be told of it, in every order, some before its day and the rest long after: it ends the same as where all of it
/// was told in time. Where nothing came of it by its day, that counts for the arrival, if the rules say so.
#[test]
fn what_is_told_before_and_after_the_day_of_arrival_ends_the_same() {
    for counts in [false, true] {
        let (stage, payout) = expected(counts);
        let arrival = stage.platform.payout(payout).unwrap().arrival_date();
        let eve = arrival.checked_add(chrono::TimeDelta::hours(-1)).unwrap();
        assert!(eve > stage.platform.now(), "it is expected later");
        let at = |minutes: i64| stage.platform.now().checked_add(chrono::TimeDelta::minutes(minutes)).unwrap();
        let failed = |code: &str| Fact::PayoutFailed(PayoutFailed { payout, failure_code: code.to_owned() });
        let all = [
            (at(1), Fact::PayoutSubmitted(PayoutSubmitted { payout })),
            (at(3), Fact::PayoutPaid(PayoutPaid { payout })),
            (at(2), failed("account_closed")),
            (at(4), failed("no_account")),
            (at(5), Fact::PayoutCanceled(PayoutCanceled { payout })),
        ];
        let all: Vec<Report> =
            all.into_iter().enumerate().map(|(n, (at, fact))| Report::new(format!("f{n}"), at, fact)).collect();
        let until = arrival.plus_days(30).unwrap();
        let mut ends = std::collections::BTreeSet::new();
        for chosen in 0..32_u8 {
            let facts: Vec<Report> =
                (0..5).filter(|bit| chosen & (1 << bit) != 0).map(|bit| all[bit].clone()).collect();
            let mut in_time = None;
            permutations(&facts, &mut Vec::new(), &mut |order| {
                for early in 0..=order.len() {
                    let mut platform = stage.platform.clone();
                    platform.advance_to(eve).unwrap();
                    order[..early].iter().for_each(|report| drop(platform.record(report).unwrap()));
                    platform.advance_to(arrival.plus_days(3).unwrap()).unwrap();
                    order[early..].iter().for_each(|report| drop(platform.record(report).unwrap()));
                    platform.advance_to(until).unwrap();
                    assert!(platform.audit().is_empty());
                    let known = platform.payout(payout).unwrap();
                    ends.insert((facts.len(), known.status(), known.is_overdue()));
                    let end = outcome(&platform);
                    assert_eq!(&end, in_time.get_or_insert_with(|| end.clone()), "{counts} {early} {order:#?}");
                }
            });
        }
        // Where nothing at all is told, the day decides.
        let silent = if counts { (0, PayoutStatus::Paid, false) } else { (0, PayoutStatus::Pending, true) };
        assert!(ends.contains(&silent), "{ends:?}");
        assert_eq!(ends.iter().any(|(.., is_overdue)| *is_overdue), !counts);
    }
}
