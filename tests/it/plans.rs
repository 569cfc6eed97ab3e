//! Plans of fees and shares: worked examples, what makes no sense, and a cart that is sold, split and given back.

use fundroute::ids::AccountId;
use fundroute::money::{Currency, Money, MoneyError, Rate, eur, jpy};
use fundroute::payments::NewRefund;
use fundroute::prelude::*;
use fundroute::routing::{
    Commission, CommissionTax, Excess, Fee, FeePlan, NewTransferReversal, PlanError, Sale, SpareUnits, SplitPlan, Tier,
    Tiering, When,
};

use crate::shop::Shop;

fn account(number: u8) -> AccountId {
    AccountId::from_host([number; 14])
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn sale(account: AccountId, method: PaymentMethod, amount: Money) -> Sale {
    Sale { account, method, amount }
}

/// Fees of a platform, as recorded in test mode: the lesser of 5 % and 0.05, and of 2 % and 0.30.
#[test]
fn example_m14_the_lesser_of_two_fees() {
    let fee = Fee::percent(rate("5 %")).plus(usd(5)).or_less(Fee::percent(rate("2 %")).plus(usd(30)));
    for (amount, expected) in [
        (1_53, 13),
        (2_33, 17),
        (2_50, 18),
        (4_50, 28),
        (5_99, 35),
        (8_00, 45),
        (9_00, 48),
        (12_76, 56),
        (19_26, 69),
        (4_998_45, 100_27),
    ] {
        assert_eq!(fee.of(usd(amount)), Ok(usd(expected)), "{amount}");
    }
}

#[test]
fn tiers_begin_where_they_say() {
    let tiers =
        || vec![Tier::new(usd(0), rate("10 %")), Tier::new(usd(100), rate("5 %")), Tier::new(usd(200), rate("1 %"))];
    let (whole, slices) = (Fee::tiers(Tiering::Whole, tiers()), Fee::tiers(Tiering::Slices, tiers()));
    let rows = [(0, 0, 0), (99, 10, 10), (1_00, 5, 10), (1_01, 5, 10), (1_99, 10, 15), (2_00, 2, 15), (3_00, 3, 16)];
    for (amount, of_whole, of_slices) in rows {
        let fees = (whole.of(usd(amount)), slices.of(usd(amount)));
        assert_eq!(fees, (Ok(usd(of_whole)), Ok(usd(of_slices))), "{amount}");
    }
    // 10 % of 0.05 and 5 % of 0.05 are three quarters of a cent together, and nothing or one if each is rounded for itself.
    let fine = vec![Tier::new(usd(0), rate("10 %")), Tier::new(usd(5), rate("5 %"))];
    assert_eq!(Fee::tiers(Tiering::Slices, fine).of(usd(10)), Ok(usd(1)));
}

/// The most particular rule decides, in whatever order they were named: account, then method, then currency.
#[test]
fn the_most_particular_rule_decides() {
    use PaymentMethod::{Card, SepaDebit};

    let (jo, ann) = (account(1), account(2));
    let all = When::always();
    let rules = [
        (all, 1),
        (all.currency(EUR), 2),
        (all.method(SepaDebit), 3),
        (all.method(SepaDebit).currency(EUR), 4),
        (all.account(jo), 5),
        (all.account(jo).currency(EUR), 6),
        (all.account(jo).method(SepaDebit), 7),
        (all.account(jo).method(SepaDebit).currency(EUR), 8),
    ];
    let plan = |rules: &[(When, u32)]| {
        let start = FeePlan::builder(Excess::Refuse);
        let add = |plan: fundroute::routing::FeePlanBuilder, (when, percent): &(When, u32)| {
            plan.rule(*when, Fee::percent(Rate::from_basis_points(percent * 100)))
        };
        rules.iter().fold(start, add).build().unwrap()
    };
    let backwards: Vec<_> = rules.iter().rev().copied().collect();
    for (who, method, amount, percent) in [
        (ann, Card, usd(100_00), 1),
        (ann, Card, eur(100_00), 2),
        (ann, SepaDebit, usd(100_00), 3),
        (ann, SepaDebit, eur(100_00), 4),
        (jo, Card, usd(100_00), 5),
        (jo, Card, eur(100_00), 6),
        (jo, SepaDebit, usd(100_00), 7),
        (jo, SepaDebit, eur(100_00), 8),
    ] {
        for plan in [plan(&rules), plan(&backwards)] {
            let taken = plan.commission(&sale(who, method, amount)).unwrap();
            assert_eq!(taken.fee.minor(), percent * 100);
            assert_eq!(rules.iter().find(|(when, _)| *when == taken.rule).unwrap().1, u32::try_from(percent).unwrap());
        }
    }
}

#[test]
fn a_fee_above_its_sale_is_refused_capped_or_owed() {
    let taken = |excess, tax: Option<CommissionTax>, amount| {
        let plan = FeePlan::builder(excess).rule(When::always().currency(USD), Fee::fixed(usd(10_00))).only_in([USD]);
        let plan = tax.map_or(plan.clone(), |tax| plan.tax(tax)).build().unwrap();
        plan.commission(&sale(account(1), PaymentMethod::Card, usd(amount)))
    };
    let shape = |taken: Result<Commission, PlanError>| {
        taken.map(|taken| [taken.fee, taken.tax, taken.owed, taken.collected()].map(Money::minor))
    };
    let (top, included) = (Some(CommissionTax::on_top(rate("19 %"))), Some(CommissionTax::included(rate("19 %"))));
    assert_eq!(shape(taken(Excess::Refuse, top, 11_90)), Ok([10_00, 1_90, 0, 11_90]));
    let above = PlanError::FeeAboveSale { fee: usd(11_90), sale: usd(11_89) };
    assert_eq!(shape(taken(Excess::Refuse, top, 11_89)), Err(above));
    assert_eq!(shape(taken(Excess::Cap, top, 1_19)), Ok([1_00, 19, 0, 1_19]));
    assert_eq!(shape(taken(Excess::Owe, top, 1_90)), Ok([10_00, 1_90, 10_00, 1_90]));
    assert_eq!(shape(taken(Excess::Refuse, included, 11_90)), Ok([8_40, 1_60, 0, 10_00]));
    assert_eq!(shape(taken(Excess::Cap, included, 1_19)), Ok([1_00, 19, 0, 1_19]));
    assert_eq!(shape(taken(Excess::Cap, None, 1)), Ok([1, 0, 0, 1]));
    for amount in [0, -1] {
        assert_eq!(shape(taken(Excess::Cap, None, amount)), Err(PlanError::AmountNotPositive(usd(amount))));
    }
}

#[test]
fn a_plan_of_fees_that_makes_no_sense_is_not_built() {
    let all = When::always();
    let build = |fee: Fee| FeePlan::builder(Excess::Cap).rule(all.currency(USD), fee).only_in([USD]).build().map(drop);
    let percent = || Fee::percent(rate("1 %"));
    let tiers =
        |from: &[i64]| Fee::tiers(Tiering::Whole, from.iter().map(|from| Tier::new(usd(*from), rate("1 %"))).collect());
    assert_eq!(build(percent().plus(usd(1)).at_most(eur(2))), Err(PlanError::MixedCurrencies(USD, EUR)));
    assert_eq!(build(Fee::percent(rate("100.0000000001 %"))), Err(PlanError::RateAboveWhole(rate("100.0000000001 %"))));
    assert_eq!(build(percent().or_less(Fee::fixed(usd(-1)))), Err(PlanError::AmountNotPositive(usd(-1))));
    let (min, max) = (usd(2), usd(1));
    assert_eq!(build(percent().at_least(min).at_most(max)), Err(PlanError::MinAboveMax { min, max }));
    for wrong in [&[][..], &[1], &[0, 0], &[0, 2, 1]] {
        assert_eq!(build(tiers(wrong)), Err(PlanError::TiersOutOfOrder), "{wrong:?}");
    }
    assert_eq!(build(tiers(&[0, 1, 2])), Ok(()));

    let start = || FeePlan::builder(Excess::Cap);
    let built = |plan: fundroute::routing::FeePlanBuilder| plan.build().map(drop);
    assert_eq!(built(start()), Err(PlanError::NoRule));
    assert_eq!(built(start().rule(all, Fee::fixed(usd(1)))), Err(PlanError::CurrencyOfFee(USD)));
    assert_eq!(built(start().rule(all.currency(EUR), Fee::fixed(usd(1)))), Err(PlanError::CurrencyOfFee(USD)));
    assert_eq!(built(start().rule(all.currency(USD), percent())), Err(PlanError::NoRule));
    let euros_missing = start().rule(all.currency(USD), percent()).only_in([USD, EUR]);
    assert_eq!(built(euros_missing), Err(PlanError::CurrencyNotCovered(EUR)));
    let twice = start().rule(all, percent()).rule(all.currency(USD), percent()).rule(all, percent());
    assert_eq!(built(twice), Err(PlanError::RuleTwice(Box::new(all))));

    let dollars = start().rule(all, percent()).only_in([USD]).build().unwrap();
    let refused = dollars.commission(&sale(account(1), PaymentMethod::Card, eur(1)));
    assert_eq!(refused, Err(PlanError::CurrencyNotCovered(EUR)));
}

#[test]
fn spare_units_go_where_the_plan_says() {
    let [a, b, rest] = [1, 2, 3].map(account);
    for (spare, expected) in [
        (SpareUnits::First, [4, 3, 3]),
        (SpareUnits::Last, [3, 3, 4]),
        (SpareUnits::Largest, [3, 3, 4]),
        (SpareUnits::Rest, [3, 3, 4]),
    ] {
        let plan = SplitPlan::builder(Excess::Refuse).share(a, rate("33 %")).share(b, rate("33 %")).rest(rest);
        let parts = plan.spare(spare).build().unwrap().allot(usd(10)).unwrap();
        assert_eq!([a, b, rest].map(|party| parts.of(party)), expected, "{spare:?}");
    }
}

#[test]
fn parts_above_the_whole_are_refused_capped_or_owed() {
    let [courier, charity, seller, owner] = [1, 2, 3, 4].map(account);
    let owners = SplitPlan::builder(Excess::Refuse).share(owner, rate("50 %")).rest(seller).build().unwrap();
    let plan = |excess| {
        let plan = SplitPlan::builder(excess).share(charity, rate("10 %")).amount(courier, usd(8_00));
        plan.rest_among(owners.clone()).build().unwrap()
    };
    let of = |excess, whole| {
        plan(excess).allot(usd(whole)).map(|parts| [courier, charity, seller, owner].map(|party| parts.of(party)))
    };
    for excess in [Excess::Refuse, Excess::Cap, Excess::Owe] {
        assert_eq!(of(excess, 10_00), Ok([8_00, 1_00, 50, 50]));
    }
    let above = PlanError::PartsAboveWhole { taken: usd(8_80), whole: usd(8_00) };
    assert_eq!(of(Excess::Refuse, 8_00), Err(above));
    assert_eq!(of(Excess::Cap, 8_00), Ok([8_00, 0, 0, 0]));
    assert_eq!(of(Excess::Cap, 5_00), Ok([5_00, 0, 0, 0]));
    assert_eq!(of(Excess::Owe, 5_00), Ok([8_00, 50, -1_75, -1_75]));

    // Whoever owed is eased of it as the sale goes back.
    let owed = plan(Excess::Owe).allot(usd(5_00)).unwrap();
    let half = owed.give_back(&owed.nothing_yet(), usd(2_50)).unwrap();
    assert_eq!([courier, charity, seller, owner].map(|party| half.of(party)), [4_00, 25, -87, -88]);
    let rest = owed.give_back(&half, usd(2_50)).unwrap();
    assert_eq!([courier, charity, seller, owner].map(|party| rest.of(party)), [4_00, 25, -88, -87]);
}

#[test]
fn a_split_that_makes_no_sense_is_not_built() {
    let a = account(1);
    let start = || SplitPlan::builder(Excess::Cap);
    let built = |plan: fundroute::routing::SplitPlanBuilder| plan.build().map(drop);
    let (half, whole) = (|| rate("50 %"), || rate("100 %"));
    assert_eq!(built(start()), Err(PlanError::RestUnassigned));
    assert_eq!(built(start().share(a, half())), Err(PlanError::RestUnassigned));
    assert_eq!(built(start().share(a, whole()).amount(a, usd(1))), Err(PlanError::RestUnassigned));
    assert_eq!(built(start().share(a, whole()).spare(SpareUnits::Rest)), Err(PlanError::RestUnassigned));
    assert_eq!(built(start().share(a, whole()).share(a, half())), Err(PlanError::NoRest));
    assert_eq!(built(start().share(a, whole()).rest(a)), Err(PlanError::NoRest));
    assert_eq!(built(start().rest(a).rest(a)), Err(PlanError::RestTwice));
    assert_eq!(built(start().amount(a, usd(0)).rest(a)), Err(PlanError::AmountNotPositive(usd(0))));
    let euros = start().amount(a, eur(1)).rest(a).build().unwrap();
    let mixed = start().amount(a, usd(1)).rest_among(euros.clone());
    assert_eq!(built(mixed), Err(PlanError::MixedCurrencies(USD, EUR)));
    assert_eq!(euros.allot(usd(1_00)).map(drop), Err(PlanError::CurrencyNotCovered(USD)));
    assert_eq!(euros.allot(eur(0)).map(drop), Err(PlanError::AmountNotPositive(eur(0))));

    let mut deep = start().rest(a).build().unwrap();
    for level in 2..=9 {
        let next = start().rest_among(deep.clone()).build();
        if level == 9 {
            assert_eq!(next, Err(PlanError::TooDeep(8)));
        } else {
            deep = next.unwrap();
        }
    }
}

#[test]
fn what_cannot_be_given_back_is_refused() {
    let plan = SplitPlan::builder(Excess::Cap).share(account(1), rate("10 %")).rest(account(2)).build().unwrap();
    let parts = plan.allot(usd(10_00)).unwrap();
    let first = parts.give_back(&parts.nothing_yet(), usd(4_00)).unwrap();
    for asked in [usd(6_01), usd(0), usd(-1)] {
        let error = PlanError::NotReturnable { asked, left: usd(6_00), whole: usd(10_00) };
        assert_eq!(parts.give_back(&first, asked), Err(error));
    }
    let other = MoneyError::CurrencyMismatch { left: Currency::JPY, right: USD };
    assert_eq!(parts.give_back(&first, jpy(1)), Err(other.into()));
    let alone = SplitPlan::builder(Excess::Cap).rest(account(1)).build().unwrap().allot(usd(1_00)).unwrap();
    let count = MoneyError::PartCount { parties: 2, parts: 1 };
    assert_eq!(parts.give_back(&alone, usd(1)), Err(count.into()));
}

/// What is stored is checked as it is read.
#[test]
fn a_stored_plan_is_checked() {
    let plan = FeePlan::builder(Excess::Owe)
        .rule(When::always(), Fee::percent(rate("2.5 %")))
        .rule(When::always().currency(USD), Fee::tiers(Tiering::Slices, vec![Tier::new(usd(0), rate("1 %"))]))
        .tax(CommissionTax::included(rate("19 %")))
        .build()
        .unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<FeePlan>(&text).unwrap(), plan);
    assert!(serde_json::from_str::<FeePlan>(&text.replace("2.5 %", "250 %")).is_err());

    let inner = SplitPlan::builder(Excess::Cap).share(account(1), rate("25 %")).rest(account(2)).build().unwrap();
    let plan = SplitPlan::builder(Excess::Cap).amount(account(3), usd(1)).rest_among(inner).build().unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<SplitPlan>(&text).unwrap(), plan);
    assert!(serde_json::from_str::<SplitPlan>(&text.replace("25 %", "100 %")).is_err());
}

/// A cart of two sellers and a courier: one separate charge, a transfer for each, and returns line by line until all is back. Nobody but
/// the processor keeps a cent, and nobody loses one.
#[test]
fn a_cart_is_split_and_given_back() {
    let mut shop = Shop::open();
    let house = shop.platform.id();
    let [ann, ben, courier] = [1, 2, 3].map(|_| shop.seller(NewAccount::express(US)));
    let goods = SplitPlan::builder(Excess::Refuse).share(ann, rate("33.3 %")).rest(ben).build().unwrap();
    let plan = SplitPlan::builder(Excess::Refuse)
        .amount(courier, usd(7_77))
        .share(house, rate("12.5 %"))
        .rest_among(goods)
        .build()
        .unwrap();
    let cart = plan.allot(usd(100_01)).unwrap();
    let order = shop.sell(NewPayment::card(usd(100_01)));
    let fees = shop.processor_fees();
    let sent: Vec<_> =
        cart.transfers(order, house).into_iter().map(|new| (new.destination, shop.transfer(new).unwrap())).collect();
    assert_eq!(sent.len(), 3);
    assert_eq!(shop.pending(house), i128::from(cart.of(house)) - fees);

    let mut back = cart.nothing_yet();
    for amount in [33_33, 1, 33_33, 33_34] {
        let parts = cart.give_back(&back, usd(amount)).unwrap();
        shop.refund(NewRefund::of(order).amount(usd(amount))).unwrap();
        for (account, transfer) in &sent {
            let part = usd(parts.of(*account));
            if part.is_positive() {
                shop.reverse(NewTransferReversal::of(*transfer).amount(part)).unwrap();
            }
        }
        back = back.and(&parts).unwrap();
    }
    assert_eq!(back, cart);
    for account in [ann, ben, courier] {
        assert_eq!(shop.pending(account), 0);
    }
    assert_eq!(shop.pending(house), -fees);
    shop.sound();
}
