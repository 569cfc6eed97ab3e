//! Payments that carry a plan, captured in parts and given back in parts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fundroute::calendar::utc;
use fundroute::ids::{AccountId, ChargeId, PaymentId};
use fundroute::journal::{Fact, FactOutcome, Report};
use fundroute::money::{Money, Rate, usd};
use fundroute::payments::{ChargeAuthorized, ChargeCaptured, ManualCapture};
use fundroute::prelude::*;
use fundroute::routing::{CommissionTax, Excess, Fee, FeePlan, PaymentPlan, Sale, SplitPlan, Tier, Tiering, When};
use fundroute::rulebook::Vetting;
use fundroute::simulator::World;
use proptest::prelude::*;

use super::{account, excess, split};

/// Everybody whom a plan may name besides the platform.
const PARTIES: [u8; 5] = [0, 1, 2, 3, 9];

static SHOP: LazyLock<Platform> = LazyLock::new(|| {
    let rules = Rulebook::standard().with_vetting(Vetting::ByHost);
    let mut platform = Platform::new(NewPlatform::in_country(US), rules, utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    for number in PARTIES {
        let account = NewAccount::express(US).with_id(AccountId::from_host([number; 14]));
        platform.accounts().create(&format!("account {number}"), account).unwrap();
    }
    world.settle(&mut platform).unwrap();
    platform
});

/// The platform's own account.
pub(super) fn house() -> AccountId {
    SHOP.id()
}

/// What everybody holds, the platform with what the processor has taken.
type Books = BTreeMap<AccountId, i128>;

#[derive(Clone)]
struct Story {
    platform: Platform,
    sale: PaymentId,
    told: u32,
}

impl Story {
    /// A payment that is authorized; nothing where its plan cannot be carried out for the amount.
    fn hold(whole: i64, plan: PaymentPlan) -> Option<Self> {
        let mut platform = SHOP.clone();
        let mut order = NewPayment::card(usd(whole)).capture_later(ManualCapture::new().multicapture());
        if let PaymentPlan::Commission(_) = plan {
            order = order.destination(account(1));
        }
        let order = match plan {
            PaymentPlan::Commission(plan) => order.plan(plan),
            PaymentPlan::Split(plan) => order.plan(plan),
        };
        let sale = platform.payments().create("order", order).ok()?.answer;
        let mut story = Self { platform, sale, told: 0 };
        let mut held = ChargeAuthorized::of(story.charge(), usd(whole));
        held.multicapture = Some(true);
        story.tell(Fact::ChargeAuthorized(held));
        Some(story)
    }

    fn charge(&self) -> ChargeId {
        self.platform.payment(self.sale).unwrap().latest_charge().unwrap()
    }

    fn tell(&mut self, fact: Fact) {
        self.told += 1;
        let report = Report::new(format!("fact {}", self.told), self.platform.now(), fact);
        assert_eq!(self.platform.record(&report).unwrap().answer, FactOutcome::Applied);
    }

    /// The world takes so much, as the host never asked for it: no plan can refuse it.
    fn take(&mut self, number: u8, amount: i64, is_final: bool) {
        let charge = self.charge().into();
        self.tell(Fact::ChargeCaptured(ChargeCaptured { charge, capture: number, amount: usd(amount), is_final }));
    }

    fn give_back(&mut self, amount: i64) {
        self.told += 1;
        let mut refund = NewRefund::of(self.sale).amount(usd(amount)).reverse_transfer();
        if self.platform.charge_of(self.sale).unwrap().application_fee().is_some() {
            refund = refund.refund_application_fee();
        }
        self.platform.refunds().create(&format!("refund {}", self.told), refund).unwrap();
    }

    fn books(&self) -> Books {
        let held = |account| {
            let balance = self.platform.balance(account, USD).unwrap();
            balance.pending + balance.available
        };
        let mut books: Books =
            PARTIES.iter().map(|number| account(*number)).map(|party| (party, held(party))).collect();
        let charge = self.platform.charge_of(self.sale).unwrap();
        let fees = charge.captured().map_or(0, |_| i128::from(charge.processor_fee()));
        books.insert(house(), held(house()) + fees);
        books
    }

    fn is_sound(&self) -> bool {
        self.platform.audit().is_empty()
    }
}

/// Cuts a whole at these marks.
fn cut(whole: i64, marks: &[i64]) -> Vec<i64> {
    let (mut parts, mut left) = (Vec::new(), whole);
    for mark in marks {
        let part = (*mark).min(left);
        if part > 0 {
            parts.push(part);
            left -= part;
        }
    }
    if left > 0 {
        parts.push(left);
    }
    parts
}

/// Captures a payment in parts: each adds just what it takes, and takes nothing of a split from anybody.
fn captured(story: &mut Story, parts: &[i64], is_split: bool) {
    let mut total = 0;
    let mut before = story.books();
    for (place, part) in parts.iter().enumerate() {
        story.take(u8::try_from(place + 1).unwrap(), *part, place + 1 == parts.len());
        total += i128::from(*part);
        let now = story.books();
        assert_eq!(now.values().sum::<i128>(), total);
        if is_split {
            assert!(now.iter().all(|(party, held)| *held >= before[party]), "{before:?} then {now:?}");
        }
        before = now;
    }
}

/// Gives a payment back in parts: each costs just what it gives, and nobody gets anything by it.
fn given_back(story: &mut Story, parts: &[i64]) {
    for part in parts {
        let before = story.books();
        story.give_back(*part);
        let now = story.books();
        assert_eq!(before.values().sum::<i128>() - now.values().sum::<i128>(), i128::from(*part));
    }
}

fn fee_plan() -> impl Strategy<Value = FeePlan> {
    (excess(), 0..20_000_u32, 0..300_i64, 0..200_i64, any::<(bool, bool)>(), 0..30_u32).prop_map(
        |(excess, percent, fixed, least, (slices, on_top), tax)| {
            let rate = |share| Rate::from_basis_points(percent / share);
            let tiering = if slices { Tiering::Slices } else { Tiering::Whole };
            let tiers = vec![Tier::new(usd(0), rate(2)), Tier::new(usd(700), rate(3))];
            let fee = Fee::tiers(tiering, tiers).plus(usd(fixed)).at_least(usd(least));
            let tax = Rate::from_basis_points(tax * 100);
            FeePlan::builder(excess)
                .rule(When::always(), Fee::percent(rate(2)))
                .rule(When::always().currency(USD), fee)
                .tax(if on_top { CommissionTax::on_top(tax) } else { CommissionTax::included(tax) })
                .build()
                .unwrap()
        },
    )
}

proptest! {
    #![proptest_config(crate::cases(128))]

    /// Whatever the plan, however it was captured, and whatever the refunds and their order: when all is back, everybody is where one
    /// refund of everything would have put them.
    #[test]
    fn shared_payments_end_where_one_refund_puts_them(
        plan in split(2),
        whole in 50..2_000_i64,
        captures in proptest::collection::vec(1..900_i64, 0..4),
        refunds in proptest::collection::vec(1..400_i64, 0..8),
    ) {
        let Some(mut story) = Story::hold(whole, plan.clone().into()) else {
            prop_assert!(is_refused(&plan, whole));
            return Ok(());
        };
        let captures = cut(whole, &captures);
        captured(&mut story, &captures, true);
        if captures.len() == 1 {
            let parts = plan.allot(usd(whole)).unwrap();
            prop_assert!(story.books().into_iter().all(|(party, held)| held == i128::from(parts.of(party))));
        }
        let mut at_once = story.clone();
        at_once.give_back(whole);
        given_back(&mut story, &cut(whole, &refunds));
        prop_assert_eq!(story.books(), at_once.books());
        prop_assert!(story.books().values().all(|held| *held == 0), "{:?}", story.books());
        prop_assert!(story.is_sound() && at_once.is_sound());
    }

    /// The same of a commission, which is always what the plan says of all that was captured.
    #[test]
    fn planned_commissions_end_where_one_refund_puts_them(
        plan in fee_plan(),
        whole in 50..2_000_i64,
        captures in proptest::collection::vec(1..900_i64, 0..4),
        refunds in proptest::collection::vec(1..400_i64, 0..8),
    ) {
        let sale = Sale { account: account(1), method: PaymentMethod::Card, amount: usd(whole) };
        let planned = plan.commission(&sale);
        let Some(mut story) = Story::hold(whole, plan.into()) else {
            prop_assert!(planned.is_err());
            return Ok(());
        };
        let taken = i128::from(planned.unwrap().collected().minor());
        captured(&mut story, &cut(whole, &captures), false);
        prop_assert_eq!(story.books()[&house()], taken);
        prop_assert_eq!(story.books()[&account(1)], i128::from(whole) - taken);
        let mut at_once = story.clone();
        at_once.give_back(whole);
        given_back(&mut story, &cut(whole, &refunds));
        prop_assert_eq!(story.books(), at_once.books());
        prop_assert!(story.books().values().all(|held| *held == 0), "{:?}", story.books());
        prop_assert!(story.is_sound() && at_once.is_sound());
    }
}

/// Whether a plan says itself that it cannot be carried out: because it refuses, or because somebody would owe.
fn is_refused(plan: &SplitPlan, whole: i64) -> bool {
    plan.allot(usd(whole)).map_or(true, |parts| parts.parts().any(|(_, part): (_, Money)| part.is_negative()))
}

/// The bounds of the law: nothing, all, and more than all.
#[test]
fn plans_of_nothing_of_all_and_of_more() {
    let all =
        |excess, fee| FeePlan::builder(excess).rule(When::always().currency(USD), fee).only_in([USD]).build().unwrap();
    let whole = || Fee::percent(Rate::from_basis_points(10_000));
    for (fee, excess, taken) in [
        (Fee::percent(Rate::ZERO), Excess::Refuse, 0),
        (whole(), Excess::Refuse, 10_00),
        (whole().plus(usd(1)), Excess::Cap, 10_00),
        (whole().plus(usd(1)), Excess::Owe, 10_00),
    ] {
        let mut story = Story::hold(10_00, all(excess, fee).into()).unwrap();
        captured(&mut story, &[3_33, 6_67], false);
        assert_eq!(story.books()[&house()], taken);
        given_back(&mut story, &[1, 9_99]);
        assert!(story.books().values().all(|held| *held == 0));
    }
    assert!(Story::hold(10_00, all(Excess::Refuse, whole().plus(usd(1))).into()).is_none());
}
