use fundroute::journal::{Fact, Report};
use fundroute::ledger::LineKind;
use fundroute::payments::ChargeSucceeded;
use fundroute::payouts::{NewReservePlan, PlanRelease, ReleaseReason, ReservePlanStatus};
use fundroute::prelude::*;
use fundroute::rulebook::Vetting;

use super::{Shop, percent};

/// docs.stripe.com/api/reserve/plan/object (2026): of each charge, those that come of transfers among them.
#[test]
fn every_way_on_which_money_comes_brings_its_share() {
    let (mut shop, _) = Shop::with_plan();
    let jo = shop.jo;
    let mut before = 0;
    let mut came = |shop: &Shop| {
        let (_, _, reserve) = shop.purse();
        let more = reserve - before;
        before = reserve;
        shop.sound();
        more
    };
    shop.sell(Some(jo), NewPayment::card(usd(100_00)).application_fee(usd(10_00)));
    assert_eq!(came(&shop), 25_00);
    shop.sell(None, NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    assert_eq!(came(&shop), 25_00);
    shop.sell(None, NewPayment::card(usd(100_00)).destination(jo).transfer_amount(usd(80_00)));
    assert_eq!(came(&shop), 20_00);
    let order = shop.sell(None, NewPayment::card(usd(500_00)));
    assert_eq!(came(&shop), 0);
    shop.platform.transfers().create("tied", NewTransfer::to(jo, usd(70_00)).from_payment(order)).unwrap();
    assert_eq!(came(&shop), 17_50);
    shop.wait(3);
    shop.platform.transfers().create("free", NewTransfer::to(jo, usd(50_00))).unwrap();
    assert_eq!(came(&shop), 12_50);
    assert_eq!(shop.platform.balance(shop.platform.id(), USD).unwrap().risk_reserved, 0);
}

/// The charge shows as it would without a plan; what is held back are lines of their own, and a report reconciles.
#[test]
fn the_lines_of_a_charge_are_as_without_a_plan() {
    let lines = |shop: &Shop| {
        let statement = shop.platform.statement(shop.jo).unwrap();
        let figures = statement.lines.iter().map(|line| (line.kind, line.amount, line.net, line.available_on));
        let held = |kind: &LineKind| matches!(kind, LineKind::ReserveHold | LineKind::ReserveRelease);
        let (ours, others): (Vec<_>, Vec<_>) = figures.partition(|(kind, ..)| held(kind));
        (ours, others)
    };
    let (mut with, _) = Shop::with_plan();
    let mut without = Shop::open();
    for shop in [&mut with, &mut without] {
        let jo = shop.jo;
        shop.sell(Some(jo), NewPayment::card(usd(100_00)).application_fee(usd(10_00)));
        shop.sell(None, NewPayment::card(usd(40_00)).destination(jo).application_fee(usd(4_00)));
    }
    let ((held, rest), (none, plain)) = (lines(&with), lines(&without));
    assert_eq!((rest, none.len()), (plain, 0));
    let kinds: Vec<_> = held.iter().map(|(kind, amount, ..)| (*kind, *amount)).collect();
    assert_eq!(kinds, [(LineKind::ReserveHold, -25_00), (LineKind::ReserveHold, -10_00)]);
    with.wait(40);
    let report = with.platform.balance_report(with.jo, utc(2026, 11, 1)..utc(2027, 1, 1)).unwrap();
    let dollars = report.currency(USD).unwrap();
    let nets: i128 = dollars.lines.iter().map(|line| line.net).sum();
    assert_eq!(dollars.opening.held() + nets, dollars.closing.held());
    let sum = |kind| dollars.lines.iter().filter(|line| line.kind == kind).map(|line| line.net).sum::<i128>();
    assert_eq!((sum(LineKind::ReserveHold), sum(LineKind::ReserveRelease)), (-35_00, 35_00));
}

/// A report that ends while money is held back reconciles, too, and says how much that is.
#[test]
fn a_report_says_what_is_held_back() {
    let (mut shop, _) = Shop::with_plan();
    shop.direct(100_00);
    let report = shop.platform.balance_report(shop.jo, utc(2026, 11, 1)..utc(2026, 11, 3)).unwrap();
    let dollars = report.currency(USD).unwrap();
    let nets: i128 = dollars.lines.iter().map(|line| line.net).sum();
    assert_eq!((dollars.closing.held(), dollars.closing.risk_reserved), (nets, 25_00));
    assert!(report.to_string().contains("and 25.00 USD held back"), "{report}");
    let statement = shop.platform.statement(shop.jo).unwrap().to_string();
    assert!(statement.contains("reserve_hold") && statement.contains("held back 25.00 USD"), "{statement}");
}

#[test]
fn what_is_held_back_is_explained_by_the_payment() {
    let (mut shop, _) = Shop::with_plan();
    let (jo, sale) = (shop.jo, shop.direct(100_00));
    shop.wait(40);
    let steps = shop.platform.explain(jo, USD).unwrap();
    let reserved: Vec<_> = steps.iter().filter(|step| step.reserved != 0).collect();
    assert_eq!(reserved.iter().map(|step| step.reserved).collect::<Vec<_>>(), [25_00, -25_00]);
    assert!(reserved.iter().all(|step| step.because.last() == Some(&sale.into())), "{reserved:?}");
    let available: i128 = steps.iter().map(|step| step.available).sum();
    assert_eq!(available, shop.purse().1);
}

#[test]
fn the_share_is_the_nearest_minor_unit() {
    let (mut shop, _) = Shop::with_plan();
    for (minor, share) in [(54, 14), (53, 13), (55, 14), (100, 25)] {
        let sale = shop.direct(minor);
        assert_eq!(shop.held(sale).amount(), usd(share), "{minor}");
    }
}

/// No more is held back than comes: fees and commissions are the processor's and the platform's.
#[test]
fn all_of_it_is_what_is_left_after_the_fees() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    shop.plan(NewReservePlan::manual(jo, percent(100)));
    let sale = shop.sell(Some(jo), NewPayment::card(usd(100_00)).application_fee(usd(10_00)));
    assert_eq!((shop.held(sale).amount(), shop.purse()), (usd(86_80), (0, 0, 86_80)));
    let sale = shop.sell(None, NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    assert_eq!((shop.held(sale).amount(), shop.purse()), (usd(90_00), (0, 0, 176_80)));
    shop.sound();
}

#[test]
fn a_plan_has_effect_on_what_comes_from_then_on() {
    let mut shop = Shop::open();
    shop.direct(100_00);
    let plan = shop.plan(NewReservePlan::rolling(shop.jo, percent(25), 30));
    assert_eq!(shop.purse().2, 0);
    let sale = shop.direct(40_00);
    let held = shop.held(sale);
    assert_eq!((held.plan(), held.percent(), held.amount()), (Some(plan), Some(percent(25)), usd(10_00)));
}

/// docs.stripe.com/api/reserve/hold/object (2026): at midnight UTC of the day after; 180 days at the latest.
#[test]
fn example_when_what_is_held_back_is_let_go() {
    let noon = utc(2026, 11, 2).at(12, 0);
    let latest = noon.plus_days(180).unwrap();
    let soon = utc(2026, 11, 20).at(7, 30);
    for (release, expected) in [
        (PlanRelease::Rolling { days_after_charge: 30, expires_on: None }, utc(2026, 12, 3)),
        (PlanRelease::Rolling { days_after_charge: 1, expires_on: None }, utc(2026, 11, 4)),
        (PlanRelease::Rolling { days_after_charge: 180, expires_on: None }, latest),
        (PlanRelease::Fixed { release_after: soon }, utc(2026, 11, 21)),
        (PlanRelease::Fixed { release_after: latest }, latest),
        (PlanRelease::Manual, latest),
    ] {
        let mut shop = Shop::open();
        shop.plan(NewReservePlan { account: shop.jo, percent: percent(25), currency: None, release });
        let sale = shop.direct(100_00);
        assert_eq!(shop.held(sale).scheduled_release(), expected, "{release:?}");
        shop.platform.advance_to(expected.checked_add(-chrono::TimeDelta::microseconds(1)).unwrap()).unwrap();
        assert_eq!(shop.purse().2, 25_00, "{release:?}");
        shop.platform.advance_to(expected).unwrap();
        assert_eq!((shop.purse().2, shop.releases()), (0, vec![(25_00, ReleaseReason::HoldExpired, None)]));
        shop.sound();
    }
}

/// What is told late is held back since it was charged, and not at all once that would be over.
#[test]
fn a_charge_that_is_told_late_is_held_back_since_it_was_made() {
    let (mut shop, _) = Shop::with_plan();
    let (jo, noon) = (shop.jo, shop.platform.now());
    let sales = [(); 2].map(|()| shop.start(Some(jo), NewPayment::card(usd(100_00))));
    let told = |shop: &mut Shop, sale| {
        let (key, charge) = (shop.key(), shop.charge(sale));
        let fact = Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(100_00)));
        shop.platform.record(&Report::new(key, noon, fact)).unwrap();
    };
    shop.wait(20);
    told(&mut shop, sales[0]);
    let held = shop.held(sales[0]);
    assert_eq!((held.created(), held.scheduled_release()), (noon, utc(2026, 12, 3)));
    shop.wait(20);
    told(&mut shop, sales[1]);
    assert_eq!(shop.platform.charge_of(sales[1]).unwrap().hold(), None);
    assert_eq!(shop.purse().2, 0);
    shop.sound();
}

#[test]
fn a_plan_that_has_expired_leaves_what_it_holds_back() {
    let mut shop = Shop::open();
    let end = utc(2026, 11, 10);
    let plan = shop.plan(NewReservePlan::rolling(shop.jo, percent(25), 30).expires_on(end));
    shop.direct(100_00);
    shop.wait(8);
    assert_eq!(shop.platform.reserve_plan(plan).unwrap().status(), ReservePlanStatus::Expired);
    shop.direct(100_00);
    assert_eq!(shop.purse().2, 25_00);
    let settings = shop.platform.balance_settings(shop.jo).unwrap();
    assert_eq!((settings.reserve_plan(USD), shop.platform.account(shop.jo).unwrap().has_reserve_plan()), (None, false));
}

/// docs.stripe.com/api/reserve/plan (2026): disabling a plan lets everything go at once; a few at a time, so that no step is long.
#[test]
fn a_plan_that_is_disabled_lets_everything_go_sixteen_at_a_time() {
    let (mut shop, plan) = Shop::with_plan();
    let sales: Vec<_> = (0..40).map(|_| shop.direct(4_00)).collect();
    let other = shop.plan(NewReservePlan::rolling(shop.jo, percent(10), 30).in_currency(USD));
    shop.direct(4_00);
    shop.platform.reserves().disable_plan("enough", plan).unwrap();
    let mut left = Vec::new();
    while shop.a_moment() > 0 {
        left.push(shop.purse().2);
    }
    assert_eq!(left, [24_40, 8_40, 40], "the last forty cents are another plan's");
    assert_eq!(shop.releases().iter().filter(|(.., source)| source.is_none()).count(), sales.len());
    assert!(shop.releases().iter().all(|(minor, reason, _)| (*minor, *reason) == (1_00, ReleaseReason::PlanDisabled)));
    assert!(!shop.platform.deadlines().any(|deadline| deadline.due <= shop.platform.now()));
    assert!(shop.platform.reserve_plan(other).unwrap().is_active());
    shop.sound();
}

#[test]
fn a_plan_that_holds_nothing_back_is_disabled_in_one_go() {
    let (mut shop, plan) = Shop::with_plan();
    shop.platform.reserves().disable_plan("enough", plan).unwrap();
    assert_eq!((shop.a_moment(), shop.a_moment()), (1, 0));
    let again = shop.plan(NewReservePlan::rolling(shop.jo, percent(50), 30));
    let sale = shop.direct(10_00);
    assert_eq!(shop.held(sale).plan(), Some(again));
}

/// The longest time is a rule that a host can change.
#[test]
fn a_host_may_hold_back_for_a_shorter_time() {
    let rules = Rulebook::standard().with_vetting(Vetting::ByHost).with_reserve_limit(days(90));
    let mut shop = Shop::under(NewPlatform::in_country(US), rules);
    shop.plan(NewReservePlan::manual(shop.jo, percent(25)));
    let sale = shop.direct(100_00);
    assert_eq!(shop.held(sale).scheduled_release(), shop.platform.now().plus_days(90).unwrap());
    let long = NewReservePlan::rolling(shop.jo, percent(25), 91).in_currency(USD);
    let refused = shop.platform.reserves().create_plan("long", long).unwrap_err();
    assert_eq!(refused.to_string(), "a charge is held back for 1 to 90 days, not for 91");
}
