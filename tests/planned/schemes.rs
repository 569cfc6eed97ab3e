//! The platform's commission by a scheme of prices.

use fundroute::accounts::{Controller, Dashboard, FeePayer, LossBearer, Priced};
use fundroute::ids::{PricingRulesId, PricingSchemeId};
use fundroute::payments::{ChargeSucceeded, ConfirmPayment, PaymentCard, PaymentError, UpdatePayment};
use fundroute::platform::{ErrorKind, NewQuote};
use fundroute::routing::{
    AssignPricing, NewPricingScheme, PlanError, PricingError, PricingStatus, SaleDetails, Tier, Tiering,
    UpdatePricingScheme,
};
use fundroute::rulebook::{Capability, CardBrand, CardFunding};

use super::*;

/// A tenth of all that a shop's accounts sell; twelve percent by one network, and 0.30 more in dollars from a hundred on.
fn prices() -> FeePlan {
    FeePlan::builder(Excess::Cap)
        .in_order()
        .rule(When::always().brand(CardBrand::AmericanExpress), Fee::percent(rate("12 %")))
        .rule(When::always().currency(USD).from(usd(100_00)), Fee::percent(rate("10 %")).plus(usd(30)))
        .rule(When::always(), Fee::percent(rate("10 %")))
        .build()
        .unwrap()
}

fn flat(text: &str) -> FeePlan {
    FeePlan::builder(Excess::Cap).rule(When::always(), Fee::percent(rate(text))).build().unwrap()
}

impl Shop {
    fn scheme(&mut self, plan: FeePlan) -> PricingSchemeId {
        let key = self.key();
        self.platform.pricing().create(&key, NewPricingScheme::of_payments("ours", plan)).unwrap().answer
    }

    fn assign(&mut self, assign: AssignPricing) {
        let key = self.key();
        self.platform.pricing().assign(&key, assign).unwrap();
    }

    fn change(&mut self, update: UpdatePricingScheme) {
        let key = self.key();
        self.platform.pricing().update(&key, update).unwrap();
    }

    fn priced() -> (Self, PricingSchemeId) {
        let mut shop = Self::open();
        let scheme = shop.scheme(prices());
        shop.assign(AssignPricing::to_all(scheme));
        (shop, scheme)
    }

    fn rules(&self, scheme: PricingSchemeId) -> PricingRulesId {
        self.platform.pricing_scheme(scheme).unwrap().rules()
    }

    /// What the platform took of a payment, and by which rules.
    fn taken(&self, payment: PaymentId) -> (i64, Option<PricingRulesId>) {
        let charge = self.charge(payment);
        let fee = charge.application_fee().map(|fee| self.platform.application_fee(fee).unwrap().amount().minor());
        (fee.unwrap_or(0), charge.pricing())
    }
}

#[test]
fn a_sale_that_names_nothing_follows_the_scheme() {
    let (mut shop, scheme) = Shop::priced();
    let ann = shop.ann;
    let rules_id = shop.rules(scheme);
    let rules = Some(rules_id);
    let small = shop.pay(NewPayment::card(usd(50_00)).destination(ann));
    let large = shop.pay(NewPayment::card(usd(100_00)).destination(ann));
    assert_eq!((shop.taken(small), shop.taken(large)), ((5_00, rules), (10_30, rules)));
    assert_eq!(shop.total(ann), 45_00 + 89_70);
    let told = shop.charge(large).commission().unwrap();
    assert_eq!((told.rule, told.owed), (When::always().currency(USD).from(usd(100_00)), usd(0)));
    assert_eq!(shop.platform.pricing_rules(rules_id).unwrap().scheme(), scheme);
    let kept = shop.pay(NewPayment::card(usd(50_00)));
    assert_eq!(shop.taken(kept), (0, None));
    shop.sound();
}

/// It comes to the same as a payment that carries the plan itself.
#[test]
fn a_scheme_is_booked_like_a_plan() {
    let books = [false, true].map(|by_scheme| {
        let (mut shop, _) =
            if by_scheme { Shop::priced() } else { (Shop::open(), PricingSchemeId::from_host([9; 14])) };
        let ann = shop.ann;
        let order = NewPayment::card(usd(133_33)).destination(ann);
        let sale = shop.pay(if by_scheme { order } else { order.plan(prices()) });
        shop.refund(back(sale, 33_33).refund_application_fee()).unwrap();
        shop.refund(back(sale, 50_00).refund_application_fee()).unwrap();
        shop.sound();
        [ann, shop.house].map(|owner| {
            let lines = shop.platform.statement(owner).unwrap().lines;
            lines.into_iter().map(|line| (line.kind, line.amount, line.fee, line.net)).collect::<Vec<_>>()
        })
    });
    assert_eq!(books[0], books[1]);
}

/// W17 (docs.stripe.com/connect/platform-pricing-tools, 2024): of a card authorized for 10.00, of which 5.00 are captured, the fee is on 5.00.
#[test]
fn example_w17_the_fee_is_on_what_is_captured() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let scheme = shop.scheme(flat("7 %"));
    shop.assign(AssignPricing::to_all(scheme));
    let sale = shop.pay(NewPayment::card(usd(10_00)).destination(ann).manual_capture());
    shop.capture(CapturePayment::of(sale).amount(usd(5_00))).unwrap();
    assert_eq!(shop.taken(sale).0, 35);
    shop.sound();
}

/// W11: 1.00 less 5 percent and 10 percent more is 1.05, rounded once; and bounds come before both.
#[test]
fn example_w11_modifiers_compound_and_are_rounded_once() {
    let fee = |fee: Fee| fee.of(usd(100_00)).unwrap();
    assert_eq!(fee(Fee::fixed(usd(1_00)).discounted(rate("5 %")).marked_up(rate("10 %"))), usd(1_05));
    assert_eq!(fee(Fee::fixed(usd(1_00)).discounted(rate("5 %"))), usd(95));
    assert_eq!(fee(Fee::percent(rate("5 %")).at_most(usd(2_00)).marked_up(rate("10 %"))), usd(2_20));
    assert_eq!(fee(Fee::percent(rate("1 %")).marked_up(rate("10 %")).at_least(usd(3_00))), usd(3_30));
    let steep = Fee::percent(rate("5 %")).or_less(Fee::fixed(usd(3_00))).discounted(rate("50 %"));
    assert_eq!(fee(steep), usd(1_50));
    assert_eq!(fee(Fee::percent(rate("100 %")).discounted(rate("100 %"))), usd(0));
}

#[test]
fn what_a_payment_names_goes_before_the_scheme() {
    let (mut shop, _) = Shop::priced();
    let ann = shop.ann;
    let order = || NewPayment::card(usd(20_00)).destination(ann);
    for (named, expected) in [
        (order().application_fee(usd(7)), 7),
        (order().application_fee(usd(0)), 0),
        (order().transfer_amount(usd(19_00)), 0),
        (order().plan(flat("50 %")), 10_00),
        (order().capture_later(ManualCapture::new().multicapture()), 0),
    ] {
        let sale = shop.pay(named.clone());
        if matches!(named.capture, fundroute::payments::Capture::Manual(_)) {
            shop.capture(CapturePayment::of(sale)).unwrap();
        }
        assert_eq!(shop.taken(sale), (expected, None), "{named:?}");
    }
    for fee in [0, 9] {
        let captured = shop.pay(order().manual_capture());
        assert!(shop.charge(captured).pricing().is_some());
        shop.capture(CapturePayment::of(captured).application_fee(usd(fee))).unwrap();
        assert_eq!(shop.taken(captured), (fee, None));

        let changed = shop.pay(order().confirm_later());
        let (update, confirm) = (shop.key(), shop.key());
        shop.platform.payments().update(&update, UpdatePayment::of(changed).application_fee(usd(fee))).unwrap();
        shop.platform.payments().confirm(&confirm, ConfirmPayment::of(changed)).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
        assert_eq!(shop.taken(changed), (fee, None));
    }
    shop.sound();
}

#[test]
fn only_sales_whose_processing_the_platform_pays_follow_it() {
    let (mut shop, scheme) = Shop::priced();
    let full = shop.full();
    let (fees, losses) = (FeePayer::Application, LossBearer::Processor);
    let of_standard = Controller::of(fundroute::rulebook::AccountKind::Standard);
    let controller = Controller { fees, losses, dashboard: Dashboard::None, ..of_standard };
    let of = |country| {
        NewAccount::controlled(controller, country).request(Capability::CardPayments).request(Capability::Transfers)
    };
    let ours = shop.world.onboard(&mut shop.platform, of(US)).unwrap();
    // From accounts in Brazil a platform elsewhere cannot take commissions, so no scheme asks them for any.
    let abroad = shop.world.onboard(&mut shop.platform, of(BR)).unwrap();
    let sale = shop.try_pay_as(abroad, NewPayment::card(brl(20_00))).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!((shop.taken(sale), shop.platform.balance(abroad, BRL).unwrap().held() > 0), ((0, None), true));
    for (seller, expected) in [(full, (0, None)), (ours, (2_00, Some(shop.rules(scheme))))] {
        let sale = shop.try_pay_as(seller, NewPayment::card(usd(20_00))).unwrap();
        shop.world.settle(&mut shop.platform).unwrap();
        assert_eq!(shop.taken(sale), expected);
        // Of what the platform charges for them it pays the processor anyhow.
        let sale = shop.pay(NewPayment::card(usd(20_00)).destination(seller));
        assert_eq!(shop.taken(sale).0, 2_00);
    }
    shop.sound();
}

/// The rules of the moment at which the attempt began hold for it, whenever the money is told of, and in whatever order.
#[test]
fn an_attempt_keeps_the_rules_that_it_began_with() {
    let books = [[0, 1], [1, 0]].map(|order| {
        let (mut shop, scheme) = Shop::priced();
        let ann = shop.ann;
        let first = shop.try_pay(NewPayment::card(usd(50_00)).destination(ann)).unwrap();
        let before = shop.rules(scheme);
        shop.change(UpdatePricingScheme::of(scheme).plan(flat("20 %")));
        let second = shop.try_pay(NewPayment::card(usd(50_00)).destination(ann)).unwrap();
        shop.change(UpdatePricingScheme::of(scheme).status(PricingStatus::Disabled));
        for place in order {
            let charge = shop.charge_id([first, second][place]);
            let card = PaymentCard::of(CardBrand::AmericanExpress);
            shop.tell(Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(50_00)).card(card)));
        }
        assert_eq!(shop.taken(first), (6_00, Some(before)));
        assert_eq!(shop.taken(second), (10_00, Some(shop.rules(scheme))));
        let third = shop.pay(NewPayment::card(usd(50_00)).destination(ann));
        assert_eq!(shop.taken(third), (0, None));
        shop.sound();
        [ann, shop.house].map(|owner| shop.total(owner))
    });
    assert_eq!(books[0], books[1]);
}

#[test]
fn an_account_can_have_a_scheme_of_its_own_until_it_is_reverted() {
    let (mut shop, of_all) = Shop::priced();
    let (ann, ben) = (shop.ann, shop.ben);
    let own = shop.scheme(flat("1 %"));
    shop.assign(AssignPricing::to_account(ann, own));
    let takes = |shop: &mut Shop| {
        [ann, ben].map(|seller| {
            let sale = shop.pay(NewPayment::card(usd(50_00)).destination(seller));
            shop.taken(sale).0
        })
    };
    assert_eq!(takes(&mut shop), [50, 5_00]);
    shop.change(UpdatePricingScheme::of(of_all).plan(flat("8 %")));
    assert_eq!(takes(&mut shop), [50, 4_00]);
    shop.change(UpdatePricingScheme::of(own).status(PricingStatus::Disabled).name("given up"));
    assert_eq!(takes(&mut shop), [0, 4_00]);
    shop.assign(AssignPricing::revert(ann));
    assert_eq!(takes(&mut shop), [4_00, 4_00]);
    shop.assign(AssignPricing::end_for_all());
    assert_eq!(takes(&mut shop), [0, 0]);
    assert_eq!(shop.platform.balance_settings(ann).unwrap().pricing(Priced::Payments), None);
    assert_eq!(shop.platform.pricing_scheme(own).unwrap().name(), "given up");
    shop.sound();
}

#[test]
fn a_scheme_that_refuses_a_sale_refuses_it_before_it_is_asked_for() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let plan = FeePlan::builder(Excess::Refuse)
        .in_order()
        .rule(When::always().currency(USD), Fee::fixed(usd(1_00)))
        .rule(When::always(), Fee::percent(rate("10 %")))
        .build()
        .unwrap();
    let scheme = shop.scheme(plan);
    shop.assign(AssignPricing::to_all(scheme));
    let above = |amount| PaymentError::Plan(PlanError::FeeAboveSale { fee: usd(1_00), sale: usd(amount) }).into();
    let small = NewPayment::card(usd(99)).destination(ann);
    assert_eq!(shop.platform.quote(&NewQuote::of(small.clone())).unwrap_err(), above(99));
    assert_eq!(shop.try_pay(small).unwrap_err(), above(99));
    let held = shop.pay(NewPayment::card(usd(20_00)).destination(ann).manual_capture());
    assert_eq!(shop.capture(CapturePayment::of(held).amount(usd(98))).unwrap_err(), above(98));
    shop.capture(CapturePayment::of(held).amount(usd(1_00))).unwrap();
    assert_eq!((shop.taken(held).0, shop.total(ann)), (1_00, 0));
    shop.sound();
}

#[test]
fn schemes_that_make_no_sense_are_refused() {
    let mut shop = Shop::open();
    let zero = flat("0 %");
    let dollars = FeePlan::builder(Excess::Cap).rule(When::always().currency(USD), Fee::fixed(usd(1))).only_in([USD]);
    let free = FeePlan::builder(Excess::Cap).rule(When::always(), Fee::percent(rate("9 %")).discounted(rate("100 %")));
    for (name, plan, error) in [
        ("", flat("1 %"), PricingError::NameInvalid { length: 0, most: 100 }),
        (&*"x".repeat(101), flat("1 %"), PricingError::NameInvalid { length: 101, most: 100 }),
        ("zero", zero, PlanError::FallbackNothing.into()),
        ("free", free.build().unwrap(), PlanError::FallbackNothing.into()),
        ("dollars", dollars.build().unwrap(), PlanError::NoRule.into()),
    ] {
        let refused = shop.platform.pricing().create("bad", NewPricingScheme::of_payments(name, plan)).unwrap_err();
        assert_eq!((refused.kind(), refused), (ErrorKind::Invalid, error.into()), "{name}");
    }
    let scheme = shop.scheme(flat("1 %"));
    let nothing = shop.platform.pricing().update("bad", UpdatePricingScheme::of(scheme)).unwrap_err();
    assert_eq!(nothing, PricingError::NothingToChange.into());
    let wrong = AssignPricing::to_all(scheme).of_instant_payouts();
    let refused = shop.platform.pricing().assign("bad", wrong).unwrap_err();
    assert_eq!(refused, PricingError::WrongScheme { scheme, wanted: Priced::InstantPayouts }.into());
    let of_platform = AssignPricing::to_account(shop.house, scheme);
    assert!(shop.platform.pricing().assign("bad", of_platform).is_err());
    let cards = FeePlan::builder(Excess::Cap)
        .in_order()
        .rule(When::always().brand(CardBrand::Visa), Fee::percent(rate("1 %")))
        .rule(When::always(), Fee::percent(rate("2 %")));
    let cards = NewPricingScheme::of_instant_payouts("cards", cards.build().unwrap());
    let refused = shop.platform.pricing().create("bad", cards).unwrap_err();
    assert!(matches!(refused, Error::Pricing(PricingError::Plan(PlanError::RuleOfSales(_)))), "{refused:?}");
    shop.sound();
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let tenth = || Fee::percent(rate("10 %"));
    let built = |plan: fundroute::routing::FeePlanBuilder| plan.build().map(drop).unwrap_err();
    let ordered = || FeePlan::builder(Excess::Cap).in_order();
    let visa = When::always().brand(CardBrand::Visa);
    assert_eq!(built(ordered()), PlanError::NoRule);
    assert_eq!(built(ordered().rule(visa, tenth())), PlanError::NoRule);
    let hidden = ordered().rule(When::always(), tenth()).rule(visa, tenth());
    assert_eq!(built(hidden), PlanError::RuleNeverReached(Box::new(visa)));
    let narrow = visa.funding(CardFunding::Debit);
    let hidden = ordered().rule(visa, tenth()).rule(narrow, tenth()).rule(When::always(), tenth());
    assert_eq!(built(hidden), PlanError::RuleNeverReached(Box::new(narrow)));
    let unordered = FeePlan::builder(Excess::Cap).rule(visa, tenth()).rule(When::always(), tenth());
    assert_eq!(built(unordered), PlanError::RuleUnordered(Box::new(visa)));
    let dollars = || When::always().currency(USD);
    for (when, error) in [
        (When::always().from(usd(1)), PlanError::CurrencyOfFee(USD)),
        (dollars().from(usd(0)), PlanError::AmountNotPositive(usd(0))),
        (dollars().below(usd(-1)), PlanError::AmountNotPositive(usd(-1))),
        (dollars().from(usd(5)).below(usd(5)), PlanError::MinAboveMax { min: usd(5), max: usd(5) }),
        (dollars().from(fundroute::money::eur(5)), PlanError::CurrencyOfFee(EUR)),
    ] {
        assert_eq!(built(ordered().rule(when, tenth()).rule(When::always(), tenth())), error);
    }
    let many = (1..=500).fold(ordered(), |plan, size| plan.rule(dollars().below(usd(size)), tenth()));
    assert!(many.clone().rule(When::always(), tenth()).build().is_err());
    assert_eq!(built(many.rule(When::always(), tenth())), PlanError::TooManyRules(500));
    let modified = |count| (0..count).fold(tenth(), |fee, _| fee.marked_up(rate("1 %")));
    assert!(ordered().rule(When::always(), modified(10)).build().is_ok());
    assert_eq!(built(ordered().rule(When::always(), modified(11))), PlanError::TooManyModifiers(10));
    let above = tenth().discounted(rate("101 %"));
    assert_eq!(built(ordered().rule(When::always(), above)), PlanError::RateAboveWhole(rate("101 %")));
}

/// Each condition by itself, met, not met, and not known.
#[test]
fn every_condition_is_met_by_what_it_names_alone() {
    let ann = AccountId::from_host([1; 14]);
    let sale = |method, amount| fundroute::routing::Sale { account: ann, method, amount };
    let card = sale(PaymentMethod::Card, usd(10_00));
    let unknown = SaleDetails::default();
    let known = SaleDetails {
        brand: Some(CardBrand::Visa),
        funding: Some(CardFunding::Debit),
        card_country: Some(US),
        merchant_country: Some(DE),
        is_converted: Some(true),
    };
    let always = When::always;
    for (met, unmet, is_of_details) in [
        (always().account(ann), always().account(AccountId::from_host([2; 14])), false),
        (always().method(PaymentMethod::Card), always().method(PaymentMethod::Klarna), false),
        (always().currency(USD), always().currency(EUR), false),
        (always().in_person(false), always().in_person(true), false),
        (always().currency(USD).from(usd(10_00)), always().currency(USD).from(usd(10_01)), false),
        (always().currency(USD).below(usd(10_01)), always().currency(USD).below(usd(10_00)), false),
        (always().brand(CardBrand::Visa), always().brand(CardBrand::Jcb), true),
        (always().funding(CardFunding::Debit), always().funding(CardFunding::Credit), true),
        (always().card_from(US), always().card_from(DE), true),
        (always().merchant_in(DE), always().merchant_in(US), true),
        (always().converted(true), always().converted(false), true),
    ] {
        let decides = |when: When, details| {
            let plan = FeePlan::builder(Excess::Cap).in_order().rule(when, Fee::percent(rate("1 %")));
            let plan = plan.rule(When::always(), Fee::percent(rate("2 %"))).build().unwrap();
            let taken = plan.commission_with(&card, details).unwrap();
            assert_eq!(taken.fee, if taken.rule == when { usd(10) } else { usd(20) });
            taken.rule == when
        };
        assert!(decides(met, known) && !decides(unmet, known), "{met:?}");
        assert_eq!(decides(met, unknown), !is_of_details, "{met:?}");
        assert!(!decides(unmet, unknown), "{unmet:?}");
    }
    let present = sale(PaymentMethod::CardPresent, usd(10_00));
    let plan = FeePlan::builder(Excess::Cap).in_order().rule(always().in_person(true), Fee::percent(rate("1 %")));
    let plan = plan.rule(always(), Fee::percent(rate("2 %"))).build().unwrap();
    assert_eq!(plan.commission(&present).unwrap().fee, usd(10));
}

/// A tier that holds for all of the amount under a scheme, capped.
#[test]
fn a_scheme_takes_no_more_than_there_is() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let tiers = vec![Tier::new(usd(0), rate("100 %")), Tier::new(usd(5_00), rate("1 %"))];
    let plan = FeePlan::builder(Excess::Owe)
        .in_order()
        .rule(When::always().currency(USD), Fee::tiers(Tiering::Whole, tiers).plus(usd(1_00)))
        .rule(When::always(), Fee::percent(rate("1 %")));
    let scheme = shop.scheme(plan.build().unwrap());
    shop.assign(AssignPricing::to_all(scheme));
    let sale = shop.pay(NewPayment::card(usd(4_00)).destination(ann));
    assert_eq!((shop.taken(sale).0, shop.charge(sale).commission().unwrap().owed), (4_00, usd(1_00)));
    let sale = shop.pay(NewPayment::card(usd(5_00)).destination(ann));
    assert_eq!(shop.taken(sale).0, 1_05);
    shop.sound();
}

/// A card that is presented to a reader is quoted as one that a reader has taken.
#[test]
fn payments_in_person_and_open_ones_are_quoted() {
    let (mut shop, scheme) = Shop::priced();
    let (ann, rules) = (shop.ann, shop.rules(scheme));
    let quoted = |shop: &Shop, payment: NewPayment| {
        let card = PaymentCard::of(CardBrand::AmericanExpress);
        let quote = NewQuote::of(payment.destination(ann)).paid_by(PaymentMethod::Card).card(card);
        shop.platform.quote(&quote).map(|quote| (quote.method, quote.application_fee, quote.pricing))
    };
    for method in [PaymentMethod::Card, PaymentMethod::CardPresent] {
        for payment in [NewPayment::by(method, usd(50_00)), NewPayment::by(method, usd(50_00)).manual_capture()] {
            assert_eq!(quoted(&shop, payment), Ok((method, Some(usd(6_00)), Some(rules))));
        }
    }
    let card = PaymentMethod::Card;
    assert_eq!(quoted(&shop, NewPayment::open(usd(50_00))), Ok((card, Some(usd(6_00)), Some(rules))));
    let open = NewQuote::of(NewPayment::open(usd(50_00)));
    assert_eq!(shop.platform.quote(&open), Err(PaymentError::MethodMissing.into()));
    let before = shop.platform.snapshot();
    let nobody = NewQuote::of(NewPayment::card(usd(50_00)).destination(AccountId::from_host([9; 14])));
    assert_eq!(shop.platform.quote(&nobody).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(shop.platform.snapshot(), before);
    // No key is used by it.
    shop.platform.payments().create("quote", NewPayment::card(usd(50_00)).destination(ann)).unwrap();
    assert!(shop.platform.quote(&NewQuote::of(NewPayment::card(usd(50_00)).destination(ann))).is_ok());
}
