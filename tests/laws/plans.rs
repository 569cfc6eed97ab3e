//! Plans of fees and shares lose nothing: the parts sum to the whole, and what goes back bit by bit ends exactly, by themselves and on
//! payments that carry them.

mod payments;
mod quotes;
pub(crate) mod stories;

use fundroute::ids::AccountId;
use fundroute::money::{Money, Rate, eur, usd};
use fundroute::routing::{
    Allotment, CommissionTax, Excess, Fee, FeePlan, Sale, SpareUnits, SplitPlan, Tier, Tiering, When,
};
use fundroute::rulebook::PaymentMethod;
use proptest::prelude::*;

/// The fourth is the platform itself.
fn account(number: u8) -> AccountId {
    if number == 4 { payments::house() } else { AccountId::from_host([number; 14]) }
}

fn excess() -> impl Strategy<Value = Excess> {
    prop_oneof![Just(Excess::Refuse), Just(Excess::Cap), Just(Excess::Owe)]
}

/// Shares in thousandths of a percent, amounts in cents, a rest, and how deep the rest of the rest goes.
fn split(depth: u32) -> BoxedStrategy<SplitPlan> {
    let spare =
        prop_oneof![Just(SpareUnits::First), Just(SpareUnits::Last), Just(SpareUnits::Largest), Just(SpareUnits::Rest)];
    let inner = if depth == 0 { Just(None).boxed() } else { proptest::option::of(split(depth - 1)).boxed() };
    let shares = proptest::collection::vec((0..5_u8, 0..25_000_u32), 0..4);
    let amounts = proptest::collection::vec((0..5_u8, 1..900_i64), 0..3);
    (excess(), spare, shares, amounts, inner, 0..3_u8)
        .prop_map(|(excess, spare, shares, amounts, inner, among)| {
            let mut plan = SplitPlan::builder(excess).spare(spare);
            for (place, (party, share)) in shares.into_iter().enumerate() {
                let rate: Rate = format!("{}.{:03} %", share / 1_000, share % 1_000).parse().unwrap();
                plan = match &inner {
                    Some(inner) if among == 1 && place == 0 => plan.share_among(rate, inner.clone()),
                    _ => plan.share(account(party), rate),
                };
            }
            for (place, (party, amount)) in amounts.into_iter().enumerate() {
                plan = match &inner {
                    Some(inner) if among == 2 && place == 0 => plan.amount_among(usd(amount), inner.clone()),
                    _ => plan.amount(account(party), usd(amount)),
                };
            }
            match inner {
                Some(inner) if among == 0 => plan.rest_among(inner).build().unwrap(),
                _ => plan.rest(account(9)).build().unwrap(),
            }
        })
        .boxed()
}

fn minors(parts: &Allotment) -> Vec<i64> {
    parts.parts().map(|(_, part)| part.minor()).collect()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn the_parts_of_any_plan_sum_to_the_whole(plan in split(2), whole in 1..2_000_i64) {
        let Ok(parts) = plan.allot(usd(whole)) else { return Ok(()) };
        prop_assert_eq!(minors(&parts).iter().sum::<i64>(), whole);
        prop_assert_eq!(parts.whole(), usd(whole));
        prop_assert_eq!(&plan.allot(usd(whole)).unwrap(), &parts);
        let text = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(serde_json::from_str::<SplitPlan>(&text).unwrap(), plan);
    }

    /// Whatever the plan, the amounts and their order: each step sums to what goes back, nobody is asked for something back, and in the
    /// end everybody stands where one return of everything would have put them.
    #[test]
    fn any_returns_that_end_in_full_end_exactly(
        plan in split(2),
        whole in 1..2_000_i64,
        steps in proptest::collection::vec(1..400_i64, 0..12),
    ) {
        let Ok(parts) = plan.allot(usd(whole)) else { return Ok(()) };
        let at_once = parts.give_back(&parts.nothing_yet(), usd(whole)).unwrap();
        prop_assert_eq!(&at_once, &parts);

        let (mut back, mut left) = (parts.nothing_yet(), whole);
        for step in steps.into_iter().chain(std::iter::once(whole)) {
            let step = step.min(left);
            if step == 0 {
                break;
            }
            let more = parts.give_back(&back, usd(step)).unwrap();
            prop_assert_eq!(more.whole(), usd(step));
            for (part, all) in minors(&more).into_iter().zip(minors(&parts)) {
                prop_assert!(part.signum() * all.signum() >= 0, "{} of {}: {:?}", part, all, more);
            }
            (back, left) = (back.and(&more).unwrap(), left - step);
            for (part, all) in minors(&back).into_iter().zip(minors(&parts)) {
                prop_assert!(part.abs() <= all.abs(), "{} of {}", part, all);
            }
        }
        prop_assert_eq!(back, parts);
    }

    /// A fee is no more than its sale where the plan says so, and what is collected and owed is fee and tax.
    #[test]
    fn what_is_taken_of_a_sale_adds_up(
        excess in excess(),
        percent in 0..20_000_u32,
        fixed in 0..500_i64,
        bounds in (0..300_i64, 300..2_000_i64),
        tax in (any::<bool>(), 0..30_u32),
        amount in 1..5_000_i64,
        slices in any::<bool>(),
    ) {
        let rate = Rate::from_basis_points(percent / 2);
        let tiering = if slices { Tiering::Slices } else { Tiering::Whole };
        let tiers = vec![Tier::new(usd(0), rate), Tier::new(usd(1_000), Rate::from_basis_points(percent / 3))];
        let fee = Fee::tiers(tiering, tiers).plus(usd(fixed)).at_least(usd(bounds.0)).at_most(usd(bounds.1));
        let tax_rate = Rate::from_basis_points(tax.1 * 100);
        let tax = if tax.0 { CommissionTax::on_top(tax_rate) } else { CommissionTax::included(tax_rate) };
        let plan = FeePlan::builder(excess)
            .rule(When::always(), Fee::percent(rate))
            .rule(When::always().currency(usd(0).currency()), fee.clone())
            .tax(tax)
            .build()
            .unwrap();
        let sale = |amount: Money| Sale { account: account(1), method: PaymentMethod::Card, amount };
        let nominal = fee.of(usd(amount)).unwrap().minor();
        prop_assert!((bounds.0..=bounds.1).contains(&nominal));
        match plan.commission(&sale(usd(amount))) {
            Ok(taken) => {
                let all = [taken.fee, taken.tax, taken.owed, taken.collected()].map(Money::minor);
                prop_assert!(all.iter().all(|part| *part >= 0), "{:?}", taken);
                prop_assert_eq!(all[0] + all[1], all[2] + all[3]);
                prop_assert!(all[3] <= amount);
                prop_assert!(excess == Excess::Owe || all[2] == 0);
                if all[3] < amount && excess != Excess::Owe {
                    let own = if matches!(tax, tax if tax == CommissionTax::on_top(tax_rate)) { all[0] } else { all[3] };
                    prop_assert_eq!(own, nominal);
                }
            }
            Err(_) => prop_assert_eq!(excess, Excess::Refuse),
        }
        prop_assert!(plan.commission(&sale(eur(amount))).is_ok() || excess == Excess::Refuse);
    }

    /// Amounts as large as there are give an answer or an error.
    #[test]
    fn no_amount_is_too_large(plan in split(1), whole in any::<i64>(), back in any::<i64>()) {
        if let Ok(parts) = plan.allot(usd(whole)) {
            prop_assert_eq!(parts.whole(), usd(whole));
            let _answer = parts.give_back(&parts.nothing_yet(), usd(back));
        }
        let fee = Fee::percent(Rate::from_basis_points(9_999)).plus(usd(i64::MAX / 2)).at_most(usd(i64::MAX));
        let _answer = fee.of(usd(whole));
        let tiers = vec![Tier::new(usd(0), Rate::from_basis_points(10_000)), Tier::new(usd(1), Rate::ZERO)];
        let _answer = Fee::tiers(Tiering::Slices, tiers).of(usd(whole));
    }
}
