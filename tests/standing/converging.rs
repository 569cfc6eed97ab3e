//! What the processor says ends the same, in whatever order it comes.

use fundroute::accounts::{AccountError, DisabledReason, PayoutsAction, RejectReason, RejectedBy, Review, Standing};
use fundroute::calendar::{Timestamp, hours};
use fundroute::journal::{Fact, FactOutcome};
use fundroute::platform::Error;

use crate::shop::{Shop, cleared, close, confirmed, opened, pause_payouts, reject, turned_away, unreject};

fn facts(shop: &Shop) -> Vec<(Timestamp, Fact)> {
    let (jo, now) = (shop.jo, shop.platform.now());
    let ago = |number: i64| now.checked_add(-hours(number)).unwrap();
    vec![
        (ago(4), opened(jo, Review::UnderReview)),
        (ago(4), opened(jo, Review::Listed)),
        (ago(3), cleared(jo)),
        (ago(3), confirmed(jo, RejectReason::FraudOther)),
        (ago(3), turned_away(jo, RejectReason::Other)),
        (ago(2), turned_away(jo, RejectReason::TermsOfService)),
        (ago(1), opened(jo, Review::UnderReview)),
        (now, cleared(jo)),
    ]
}

/// Every order of `many` out of so many.
fn orders(of: usize, many: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for _ in 0..many {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            let free = (0..of).filter(move |place| !order.contains(place));
            free.collect::<Vec<_>>()
        };
        orders = orders
            .iter()
            .flat_map(|order| longer(order).into_iter().map(|place| [order.clone(), vec![place]].concat()))
            .collect();
    }
    orders
}

#[test]
fn every_order_of_delivery_ends_the_same() {
    let mut bases = vec![Shop::open(); 4];
    for (place, base) in bases.iter_mut().enumerate() {
        let jo = base.jo;
        match place {
            1 => drop(base.ask(reject(jo, PayoutsAction::None)).unwrap()),
            2 => drop(base.ask(pause_payouts(jo, true)).unwrap()),
            3 => drop(base.ask(close(jo)).unwrap()),
            _ => {}
        }
    }
    for base in &bases {
        let facts = facts(base);
        let mut ends: std::collections::BTreeMap<Vec<usize>, (String, Vec<usize>)> = Default::default();
        for order in orders(facts.len(), 3) {
            let mut shop = base.clone();
            for place in &order {
                let (at, fact) = &facts[*place];
                shop.tell_at(*at, fact.clone());
            }
            let account = shop.platform.account(shop.jo).unwrap();
            let oversight = shop.platform.profile(account.profile()).unwrap().oversight();
            let end = format!("{account:?} {oversight:?}");
            let mut set = order.clone();
            set.sort_unstable();
            let (known, first) = ends.entry(set).or_insert_with(|| (end.clone(), order.clone()));
            assert_eq!(*known, end, "{first:?} and {order:?}");
        }
    }
}

fn standing(shop: &Shop) -> Standing {
    shop.platform.account(shop.jo).unwrap().standing()
}

fn reason(shop: &Shop) -> Option<&'static str> {
    shop.platform.readiness(shop.jo).unwrap().disabled_reason.map(DisabledReason::as_str)
}

#[test]
fn the_graver_of_two_at_one_moment_holds() {
    let mut shop = Shop::open();
    let (jo, now) = (shop.jo, shop.platform.now());
    shop.tell_at(now, opened(jo, Review::Listed));
    assert_eq!(shop.tell_at(now, opened(jo, Review::UnderReview)), FactOutcome::Stale);
    assert_eq!(shop.tell_at(now, cleared(jo)), FactOutcome::Applied, "nothing was said of a rejection before");
    assert_eq!(standing(&shop).review, Some(Review::Listed));
    assert_eq!(shop.tell_at(now, turned_away(jo, RejectReason::Listed)), FactOutcome::Applied);
    assert_eq!(shop.tell_at(now, cleared(jo)), FactOutcome::Stale);
    assert_eq!(reason(&shop), Some("rejected.listed"));
}

#[test]
fn the_processors_rejection_wins_and_only_the_processor_takes_it_back() {
    let mut shop = Shop::open();
    let (jo, now) = (shop.jo, shop.platform.now());
    shop.ask(reject(jo, PayoutsAction::None)).unwrap();
    assert_eq!(reason(&shop), Some("rejected.platform_fraud"));
    assert!(shop.platform.account(jo).unwrap().payouts_enabled());
    shop.tell(turned_away(jo, RejectReason::TermsOfService));
    assert_eq!(reason(&shop), Some("rejected.terms_of_service"));
    assert!(!shop.platform.account(jo).unwrap().payouts_enabled());
    let refused = shop.ask(unreject(jo)).unwrap_err();
    assert_eq!(refused, Error::Account(AccountError::RejectionFinal(jo)));
    let twice = shop.ask(reject(jo, PayoutsAction::Pause)).unwrap_err();
    assert_eq!(twice, AccountError::AlreadyRejected { account: jo, by: RejectedBy::Processor }.into());
    shop.world.advance_to(&mut shop.platform, now.checked_add(hours(1)).unwrap()).unwrap();
    shop.tell(cleared(jo));
    assert_eq!(reason(&shop), Some("rejected.platform_fraud"), "the platform's own stands again");
    shop.ask(unreject(jo)).unwrap();
    assert_eq!((reason(&shop), standing(&shop)), (None, Standing::GOOD));
}

#[test]
fn taking_a_rejection_back_leaves_the_pauses() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    shop.ask(pause_payouts(jo, true)).unwrap();
    shop.ask(reject(jo, PayoutsAction::Pause)).unwrap();
    let twice = shop.ask(reject(jo, PayoutsAction::Pause)).unwrap_err();
    assert_eq!(twice, AccountError::AlreadyRejected { account: jo, by: RejectedBy::Platform }.into());
    shop.ask(unreject(jo)).unwrap();
    assert_eq!(standing(&shop), Standing { payouts_paused: true, ..Standing::GOOD });
    assert_eq!(reason(&shop), Some("platform_paused"));
    assert_eq!(shop.ask(unreject(jo)).unwrap_err(), AccountError::NotRejected(jo).into());
}

#[test]
fn a_report_about_the_platform_itself_is_an_anomaly() {
    let mut shop = Shop::open();
    let platform = shop.platform.id();
    for fact in [opened(platform, Review::Listed), cleared(platform), turned_away(platform, RejectReason::Other)] {
        assert!(matches!(shop.tell(fact), FactOutcome::Anomaly(_)));
    }
    let unknown = fundroute::ids::AccountId::from_host([9; 14]);
    let report = fundroute::journal::Report::new("x", shop.platform.now(), cleared(unknown));
    assert_eq!(shop.platform.record(&report).unwrap_err(), Error::NotFound(unknown.into()));
}

#[test]
fn what_is_news_is_told_once() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let names = |shop: &mut Shop, command| {
        let key = shop.key();
        let decided = shop.platform.handle(fundroute::platform::Request::new(key, command)).unwrap();
        let mut names: Vec<_> = decided.changes.events.iter().map(|event| event.kind.name()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(&mut shop, pause_payouts(jo, true)), ["account.updated"]);
    assert_eq!(names(&mut shop, pause_payouts(jo, true)), [""; 0]);
    let all = ["account.updated", "capability.updated", "capability.updated"];
    assert_eq!(names(&mut shop, reject(jo, PayoutsAction::Pause)), all);
    assert_eq!(names(&mut shop, unreject(jo)), all);
    assert_eq!(names(&mut shop, close(jo)), all);
}
