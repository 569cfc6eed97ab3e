//! Tax on the platform's commission, as a line of its own.

use fundroute::ids::ObjectId;
use fundroute::ledger::{FeeKind, LineKind, ReportingCategory};
use fundroute::money::{Currency, Rounding, eur};
use fundroute::payouts::NewReservePlan;
use fundroute::routing::{Commission, CommissionTax, NewApplicationFeeRefund, SetExchangeRate, Tier, Tiering};

use super::*;

fn taxed(tax: CommissionTax) -> FeePlan {
    FeePlan::builder(Excess::Cap).rule(When::always(), Fee::percent(rate("10 %"))).tax(tax).build().unwrap()
}

fn vat() -> CommissionTax {
    CommissionTax::on_top(rate("19 %"))
}

/// Kind, amount and fee of each line of an owner.
fn lines(shop: &Shop, owner: AccountId) -> Vec<(LineKind, i64, i128)> {
    let lines = shop.platform.statement(owner).unwrap().lines;
    lines.iter().map(|line| (line.kind, line.amount, line.fee)).collect()
}

/// The seller pays fee and tax; the platform has both, each on its own line and under its own heading.
#[test]
fn a_tax_is_a_line_of_its_own_on_both_sides() {
    let mut shop = Shop::open();
    let (ann, house) = (shop.ann, shop.house);
    let sale = shop.pay(NewPayment::card(usd(100_00)).destination(ann).plan(taxed(vat())));
    assert_eq!(lines(&shop, ann), [(LineKind::Payment, 100_00, 10_00), (LineKind::CommissionTax, -1_90, 0)]);
    let kinds: Vec<_> = lines(&shop, house).into_iter().skip(1).collect();
    let expected =
        [(LineKind::Transfer, -100_00, 0), (LineKind::CommissionTax, 1_90, 0), (LineKind::ApplicationFee, 10_00, 0)];
    for line in expected {
        assert!(kinds.contains(&line), "{kinds:?}");
    }
    let statement = shop.platform.statement(ann).unwrap();
    assert_eq!(statement.lines[0].fee_details[0].kind, FeeKind::ApplicationFee);
    assert_eq!(statement.lines[1].reporting_category, ReportingCategory::Tax);
    assert_eq!((LineKind::CommissionTax.name(), ReportingCategory::Tax.as_str()), ("tax_fee", "tax"));
    assert!(statement.to_string().contains("tax_fee"));

    let fee = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
    assert_eq!((fee.amount(), fee.tax(), fee.tax_refunded()), (usd(11_90), usd(1_90), usd(0)));
    let step = shop.platform.explain(ann, USD).unwrap().remove(1);
    assert_eq!(step.because, [ObjectId::from(fee.id()), shop.charge(sale).id().into(), sale.into()]);
    let report = shop.platform.balance_report(house, utc(2026, 11, 1)..utc(2026, 12, 1)).unwrap();
    let activity = report.currency(USD).unwrap().activity();
    let owed = activity.iter().find(|activity| activity.category == ReportingCategory::Tax).unwrap();
    assert_eq!((owed.net, owed.count), (1_90, 1));
    shop.sound();
}

#[test]
fn a_tax_that_is_included_is_taken_out_of_the_fee() {
    let mut shop = Shop::open();
    let full = shop.full();
    let plan = taxed(CommissionTax::included(rate("19 %")));
    let sale = shop.try_pay_as(full, NewPayment::card(usd(100_00)).plan(plan)).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    let told = shop.charge(sale).commission().unwrap();
    assert_eq!(
        (told.fee, told.tax, told.collected(), told.tax_collected()),
        (usd(8_40), usd(1_60), usd(10_00), usd(1_60))
    );
    let taxes: Vec<_> = [full, shop.house]
        .into_iter()
        .flat_map(|owner| lines(&shop, owner))
        .filter(|(kind, ..)| *kind == LineKind::CommissionTax)
        .collect();
    assert_eq!(taxes, [(LineKind::CommissionTax, -1_60, 0), (LineKind::CommissionTax, 1_60, 0)]);
    // The processor's 3.20 and the commission.
    assert_eq!(shop.total(full), 100_00 - 3_20 - 10_00);
    shop.sound();
}

/// The rounding is the plan's to name: 19 % of 0.50 is 0.095.
#[test]
fn a_tax_is_rounded_as_the_plan_says() {
    for (rounding, tax) in [
        (Rounding::NearestTiesAway, 10),
        (Rounding::NearestTiesEven, 10),
        (Rounding::TowardZero, 9),
        (Rounding::AwayFromZero, 10),
    ] {
        let mut shop = Shop::open();
        let ann = shop.ann;
        let sale = shop.pay(NewPayment::card(usd(5_00)).destination(ann).plan(taxed(vat().rounded(rounding))));
        assert_eq!(shop.charge(sale).commission().unwrap().tax, usd(tax), "{rounding:?}");
        assert_eq!(shop.total(ann), 5_00 - 50 - i128::from(tax));
        shop.sound();
    }
}

/// It goes back with the commission, in proportion and in the end in full, each part on its own line.
#[test]
fn a_tax_goes_back_with_its_commission() {
    let mut shop = Shop::open();
    let (ann, house) = (shop.ann, shop.house);
    let sale = shop.pay(NewPayment::card(usd(33_33)).destination(ann).plan(taxed(vat())));
    let fees = i128::from(shop.charge(sale).processor_fee());
    let mut parts = Vec::new();
    for amount in [11_11, 11_11, 11_11] {
        let refund = shop.refund(back(sale, amount).refund_application_fee()).unwrap();
        let refunded = shop.platform.refund(refund).unwrap().application_fee_refund().unwrap();
        let refunded = shop.platform.application_fee_refund(refunded).unwrap();
        parts.push((refunded.amount().minor(), refunded.tax().minor()));
    }
    // A fee of 3.33 and a tax of 0.63: thirds of 3.96 and of 0.63.
    assert_eq!(parts, [(132, 21); 3]);
    let fee = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
    assert_eq!((fee.tax_refunded(), fee.amount_refunded()), (usd(63), usd(3_96)));
    assert_eq!((shop.total(ann), shop.total(house)), (0, -fees));
    let taxes = |owner| -> i64 {
        lines(&shop, owner)
            .iter()
            .filter(|(kind, ..)| *kind == LineKind::CommissionTax)
            .map(|(_, amount, _)| amount)
            .sum()
    };
    assert_eq!((taxes(ann), taxes(house)), (0, 0));
    shop.sound();
}

#[test]
fn a_commission_that_goes_back_by_itself_takes_its_tax_along() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let sale = shop.pay(NewPayment::card(usd(100_00)).destination(ann).plan(taxed(vat())));
    let fee = shop.charge(sale).application_fee().unwrap();
    for (asked, tax) in [(Some(usd(1_00)), 16), (None, 1_74)] {
        let refund = NewApplicationFeeRefund { fee, amount: asked };
        let key = shop.key();
        let id = shop.platform.transfers().refund_fee_part(&key, refund).unwrap().answer;
        assert_eq!(shop.platform.application_fee_refund(id).unwrap().tax(), usd(tax));
    }
    assert_eq!(shop.total(ann), 100_00);
    shop.sound();
}

/// Captures add to the tax what the plan says of all.
#[test]
fn a_tax_grows_with_captures() {
    let mut shop = Shop::open();
    let ann = shop.ann;
    let sale = shop.pay(parcels(usd(10_00)).destination(ann).plan(taxed(vat())));
    for (amount, tax) in [(3_33, 6), (3_33, 13), (3_34, 19)] {
        let capture = CapturePayment::of(sale).amount(usd(amount));
        shop.capture(if amount == 3_34 { capture } else { capture.more_to_come() }).unwrap();
        let fee = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
        assert_eq!(fee.tax(), usd(tax));
    }
    assert_eq!(shop.total(ann), 10_00 - 1_19);
    shop.sound();
}

/// What was given back of a tax was given back, also where the plan takes less of more: the tax is no less than that.
#[test]
fn a_tax_does_not_fall_below_what_went_back_of_it() {
    let tiers = vec![Tier::new(usd(0), rate("20 %")), Tier::new(usd(60_00), rate("2 %"))];
    let plan = FeePlan::builder(Excess::Refuse)
        .rule(When::always().currency(USD), Fee::tiers(Tiering::Whole, tiers))
        .only_in([USD])
        .tax(vat())
        .build()
        .unwrap();
    let mut shop = Shop::open();
    let (ann, house) = (shop.ann, shop.house);
    let sale = shop.pay(parcels(usd(100_00)).destination(ann).plan(plan));
    shop.capture(CapturePayment::of(sale).amount(usd(50_00)).more_to_come()).unwrap();
    let fee = shop.charge(sale).application_fee().unwrap();
    let key = shop.key();
    shop.platform.transfers().refund_fee(&key, fee).unwrap();
    shop.capture(CapturePayment::of(sale)).unwrap();
    // 2.00 and 0.38 are the plan's, but 10.00 and 1.90 have been given back.
    let told = shop.platform.application_fee(fee).unwrap();
    assert_eq!((told.amount(), told.amount_refunded()), (usd(11_90), usd(11_90)));
    assert_eq!((told.tax(), told.tax_refunded()), (usd(1_90), usd(1_90)));
    for owner in [ann, house] {
        let taxes = lines(&shop, owner).into_iter().filter(|(kind, ..)| *kind == LineKind::CommissionTax);
        assert_eq!(taxes.map(|(_, amount, _)| amount).sum::<i64>(), 0);
    }
    assert_eq!(shop.total(ann), 100_00);
    shop.sound();
}

/// Where the sale does not cover fee and tax, of what is taken the same share is tax.
#[test]
fn a_tax_on_what_is_owed_is_owed() {
    let plan = FeePlan::builder(Excess::Owe)
        .rule(When::always().currency(USD), Fee::fixed(usd(10_00)))
        .only_in([USD])
        .tax(vat())
        .build()
        .unwrap();
    let mut shop = Shop::open();
    let ann = shop.ann;
    let sale = shop.pay(NewPayment::card(usd(5_95)).destination(ann).plan(plan));
    let told = *shop.charge(sale).commission().unwrap();
    let expected = Commission { fee: usd(10_00), tax: usd(1_90), owed: usd(5_95), rule: When::always().currency(USD) };
    assert_eq!((told, told.tax_collected()), (expected, usd(95)));
    let fee = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
    assert_eq!((fee.amount(), fee.tax(), shop.total(ann)), (usd(5_95), usd(95), 0));
    shop.sound();
}

/// A reserve holds back a part of what is left after fee and tax, and no more.
#[test]
fn what_is_taxed_is_not_held_back() {
    let mut shop = Shop::open();
    let (ann, key) = (shop.ann, shop.key());
    shop.platform.reserves().create_plan(&key, NewReservePlan::rolling(ann, rate("100 %"), 30)).unwrap();
    shop.pay(NewPayment::card(usd(100_00)).destination(ann).plan(taxed(vat())));
    let balance = shop.platform.balance(ann, USD).unwrap();
    assert_eq!((balance.pending, balance.risk_reserved), (0, 88_10));
    shop.sound();
}

/// A commission that is converted for who pays it has its tax converted as well, at the same rate, and nothing is lost between the two.
#[test]
fn a_tax_is_converted_like_its_commission() {
    let mut shop = Shop::open();
    for (from, to, mid) in
        [(EUR, USD, "1.1"), (USD, EUR, "0.9"), (USD, Currency::CAD, "1.36"), (EUR, Currency::CAD, "1.5")]
    {
        let key = shop.key();
        shop.platform.exchange_rates().set(&key, SetExchangeRate::new(from, to, mid.parse().unwrap())).unwrap();
    }
    let maple = shop.world.onboard(&mut shop.platform, NewAccount::express(Country::CA)).unwrap();
    let sale = shop.pay(NewPayment::card(eur(99_99)).destination(maple).plan(taxed(vat())));
    let held = |shop: &Shop| shop.platform.balance(maple, Currency::CAD).unwrap().pending;
    let line = shop.platform.statement(maple).unwrap().lines;
    let tax = line.iter().find(|line| line.kind == LineKind::CommissionTax).unwrap();
    assert_eq!(tax.currency, Currency::CAD);
    let fee = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
    assert_eq!(tax.exchange_rate, fee.conversion_paid().map(|paid| paid.rate()));
    assert_eq!(i128::from(tax.amount), -i128::from(fee.conversion_paid().unwrap().of(fee.tax()).unwrap().minor()));
    assert!(held(&shop) > 0);
    for part in [33_33, 33_33, 33_33] {
        let refund = NewRefund::of(sale).amount(eur(part)).reverse_transfer().refund_application_fee();
        shop.refund(refund).unwrap();
    }
    let fee = shop.platform.application_fee(shop.charge(sale).application_fee().unwrap()).unwrap();
    assert_eq!((fee.amount_refunded(), fee.tax_refunded()), (fee.amount(), fee.tax()));
    shop.sound();
}
