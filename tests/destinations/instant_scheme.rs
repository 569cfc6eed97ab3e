//! What a platform takes of its accounts' payouts within minutes by a scheme of prices.

use fundroute::accounts::Priced;
use fundroute::ids::PricingSchemeId;
use fundroute::routing::{
    AssignPricing, Excess, Fee, FeePlan, NewPricingScheme, PricingStatus, UpdatePricingScheme, When,
};

use super::advance::{at, instantly, sale};
use super::*;

fn percent(rate: &str) -> Fee {
    Fee::percent(rate.parse().unwrap())
}

/// 1 percent from 50.00 on, and 5 percent below.
fn falling() -> FeePlan {
    FeePlan::builder(Excess::Cap)
        .in_order()
        .rule(When::always().currency(USD).from(usd(50_00)), percent("1 %"))
        .rule(When::always(), percent("5 %"))
        .build()
        .unwrap()
}

/// A seller with so much that is pending, on a platform with that scheme for all, and with a price of 2 percent besides.
fn priced(minor: i64) -> (Platform, World, AccountId, PricingSchemeId) {
    let (mut platform, mut world, jo) = at(utc(2026, 11, 3).at(12, 0), Rulebook::standard());
    sale(&mut platform, &mut world, "sale", jo, minor);
    platform.payouts().set_instant_price("price", USD, Some(percent("2 %"))).unwrap();
    let scheme = NewPricingScheme::of_instant_payouts("minutes", falling());
    let scheme = platform.pricing().create("scheme", scheme).unwrap().answer;
    platform.pricing().assign("all", AssignPricing::to_all(scheme).of_instant_payouts()).unwrap();
    (platform, world, jo, scheme)
}

fn net(platform: &Platform, account: AccountId) -> i64 {
    let told = platform.instant_balance(account, USD).unwrap();
    let [net] = told.net_available[..] else { panic!("{told:?}") };
    net.amount.minor()
}

#[test]
fn a_scheme_in_force_goes_before_the_price_of_the_currency() {
    let (mut platform, _, jo, scheme) = priced(200_00);
    let rules = platform.pricing_scheme(scheme).unwrap().rules();
    let payout = instantly(&mut platform, jo, 60_00).unwrap();
    let known = platform.payout(payout).unwrap();
    let rule = known.price_rule().unwrap();
    assert_eq!((known.application_fee_amount(), rule.rules), (usd(60), rules));
    assert_eq!(rule.rule, When::always().currency(USD).from(usd(50_00)));
    let payout = instantly(&mut platform, jo, 10_00).unwrap();
    let known = platform.payout(payout).unwrap();
    assert_eq!((known.application_fee_amount(), known.price_rule().unwrap().rule), (usd(50), When::always()));

    let off = UpdatePricingScheme::of(scheme).status(PricingStatus::Disabled);
    platform.pricing().update("off", off).unwrap();
    let payout = instantly(&mut platform, jo, 11_00).unwrap();
    let known = platform.payout(payout).unwrap();
    assert_eq!((known.application_fee_amount(), known.price_rule()), (usd(22), None));
    assert_eq!(platform.audit(), []);
}

/// What can be paid out is exact also where a larger payout costs less.
#[test]
fn the_largest_payout_knows_where_a_rule_begins() {
    for have in [10, 47_61, 50_49, 50_50, 52_00, 52_49, 60_00] {
        let (platform, _, jo, _) = priced(have.max(50));
        let have = i64::try_from(platform.instant_balance(jo, USD).unwrap().instant_available).unwrap();
        let share = |amount: i64, percent: i64| (amount * percent + 50).div_euclid(100);
        let fee = |amount: i64| if amount >= 50_00 { share(amount, 1) } else { share(amount, 5) };
        let most = (50..=have).rev().find(|amount| amount + fee(*amount) <= have).unwrap_or(0);
        assert_eq!(net(&platform, jo), most, "{have}");
    }
}

#[test]
fn an_account_can_have_a_scheme_of_its_own() {
    let (mut platform, _, jo, _) = priced(200_00);
    let own = FeePlan::builder(Excess::Cap).rule(When::always(), percent("10 %")).build().unwrap();
    let own = platform.pricing().create("own", NewPricingScheme::of_instant_payouts("jo", own)).unwrap().answer;
    platform.pricing().assign("to jo", AssignPricing::to_account(jo, own).of_instant_payouts()).unwrap();
    assert_eq!(platform.balance_settings(jo).unwrap().pricing(Priced::InstantPayouts), Some(own));
    let payout = instantly(&mut platform, jo, 60_00).unwrap();
    assert_eq!(platform.payout(payout).unwrap().application_fee_amount(), usd(6_00));
    platform.pricing().assign("back", AssignPricing::revert(jo).of_instant_payouts()).unwrap();
    let payout = instantly(&mut platform, jo, 61_00).unwrap();
    assert_eq!(platform.payout(payout).unwrap().application_fee_amount(), usd(61));
}
