//! Whether a form has to be filed, and where.

use fundroute::accounts::{Controller, Dashboard, FeePayer, LossBearer, RequirementCollector};
use fundroute::prelude::*;
use fundroute::rulebook::{
    Capability, StateDuty, StateLimit, StateTaxRule, TaxFormType, TaxIncome, TaxLimit, UsState, Vetting,
};
use fundroute::tools::tax::{
    NewTaxForm, TaxAttention, TaxBasis, TaxDetails, TaxError, TaxFigures, TaxFormRole, TaxLevel, TaxPart,
};

use crate::shop::{Shop, figures, full, in_state, worker};

use TaxFormType::{AuSerr, EuDac7, NzMrdp, Us1099K, Us1099Misc, Us1099Nec};

/// docs.stripe.com/connect/1099-K (2024) and the law of 2025-07-04.
#[test]
fn the_federal_limits_of_each_year() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let cases = [
        (Us1099K, 2023, 20_000, 201, "will_not_file"),
        (Us1099K, 2023, 20_001, 200, "will_not_file"),
        (Us1099K, 2023, 20_001, 201, "ready"),
        (Us1099K, 2024, 5_000, 900, "will_not_file"),
        (Us1099K, 2024, 5_001, 1, "ready"),
        (Us1099K, 2025, 5_001, 201, "will_not_file"),
        (Us1099K, 2026, 20_001, 201, "ready"),
        (Us1099K, 2021, 90_000, 900, "needs_attention"),
        (Us1099Nec, 2025, 599, 1, "will_not_file"),
        (Us1099Nec, 2025, 600, 1, "ready"),
        (Us1099Nec, 2026, 1_999, 1, "will_not_file"),
        (Us1099Nec, 2026, 2_000, 1, "ready"),
        (Us1099Nec, 2027, 9_000, 1, "needs_attention"),
    ];
    for (number, (form, year, dollars, transactions, expected)) in (1..).zip(cases) {
        let new = NewTaxForm::of(form, year, worker(number), figures(dollars, transactions));
        let id = shop.create(new.details(full()));
        assert_eq!(shop.filed(id)[0], expected, "{form} {year} {dollars} {transactions}");
        let is_unknown = expected == "needs_attention";
        assert_eq!(shop.form(id).country().basis() == TaxBasis::Unknown, is_unknown);
        assert_eq!(shop.form(id).attention().contains(&TaxAttention::LimitUnknown), is_unknown || year != 2023);
    }
}

/// docs.stripe.com/connect/1099-MISC (2024): royalties and what is paid in lieu of dividends from 10.00 on, and more from one cent on.
#[test]
fn income_with_a_box_of_its_own_has_a_limit_of_its_own() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let cases = [
        (TaxIncome::Royalties, 9_99, "will_not_file"),
        (TaxIncome::Royalties, 10_00, "ready"),
        (TaxIncome::DividendsInLieu, 10_00, "ready"),
        (TaxIncome::FishingProceeds, 1, "ready"),
        (TaxIncome::GoldenParachute, 1, "ready"),
    ];
    for (number, (income, minor, expected)) in (1..).zip(cases) {
        let figures = figures(599, 1).with(income, minor);
        let id = shop.create(NewTaxForm::of(Us1099Misc, 2025, worker(number), figures).details(full()));
        assert_eq!(shop.filed(id)[0], expected, "{income} {minor}");
    }
}

#[test]
fn a_state_has_rules_of_its_own() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let of = |number, state, figures| NewTaxForm::of(Us1099K, 2023, worker(number), figures).details(in_state(state));
    let withheld = figures(50, 1).withheld(0, 5_00);
    let cases = [
        (UsState::Tx, figures(90_000, 900), "will_not_file", TaxBasis::NotRequired),
        (UsState::Az, figures(90_000, 900), "will_not_file", TaxBasis::NotWithheld),
        (UsState::Az, withheld, "ready", TaxBasis::Reached(TaxLimit::from(0))),
        (UsState::Ri, withheld, "will_not_file", TaxBasis::Below(TaxLimit::from(100_00))),
        (UsState::Ma, figures(599, 900), "will_not_file", TaxBasis::Below(TaxLimit::from(600_00))),
        (UsState::Ma, figures(600, 1), "ready", TaxBasis::Reached(TaxLimit::from(600_00))),
        (
            UsState::Il,
            figures(1_000, 3),
            "will_not_file",
            TaxBasis::Below(TaxLimit::from(1_000_00).with_transactions(4)),
        ),
        (UsState::Il, figures(1_000, 4), "ready", TaxBasis::Reached(TaxLimit::from(1_000_00).with_transactions(4))),
        (
            UsState::Ca,
            figures(20_001, 200),
            "will_not_file",
            TaxBasis::Below(TaxLimit::above(20_000_00).with_transactions(200)),
        ),
        (
            UsState::Ca,
            figures(20_001, 201),
            "ready",
            TaxBasis::Reached(TaxLimit::above(20_000_00).with_transactions(200)),
        ),
    ];
    for (number, (state, figures, expected, basis)) in (1..).zip(cases) {
        let id = shop.create(of(number, state, figures));
        assert_eq!(shop.filed(id)[1], expected, "{state}");
        assert_eq!(shop.form(id).state().map(|(state, filing)| (state, filing.basis())), Some((state, basis)));
    }
}

/// Where the tables tell nothing the form waits, and the host says what holds: for one form, or in a row of its own.
#[test]
fn a_state_of_which_nothing_is_known_is_not_guessed() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let new = NewTaxForm::of(Us1099K, 2024, worker(1), figures(700, 1)).details(in_state(UsState::Ma));
    let form = shop.create(new.clone());
    assert_eq!(shop.filed(form), ["will_not_file", "needs_attention"]);
    assert_eq!(shop.form(form).attention(), [TaxAttention::LimitUnknown]);
    shop.platform.tax_forms().override_limits("yes", form, TaxLevel::State, Some(true)).unwrap();
    assert_eq!(shop.filed(form), ["will_not_file", "ready"]);
    shop.platform.tax_forms().override_limits("back", form, TaxLevel::State, None).unwrap();
    assert_eq!(shop.filed(form), ["will_not_file", "needs_attention"]);

    let limit = StateLimit::Own(TaxLimit::from(600_00));
    let rule = StateTaxRule::new(UsState::Ma, Us1099K, 2024, StateDuty::Required, limit);
    let rules = Rulebook::standard().with_vetting(Vetting::ByHost).with_state_tax_rule(rule).unwrap();
    let mut shop = Shop::open_by(utc(2026, 11, 2), rules);
    let form = shop.create(new);
    assert_eq!(shop.filed(form), ["will_not_file", "ready"]);
}

#[test]
fn totals_that_rise_make_a_form_ready() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let form = shop.of_2024(1, figures(4_000, 1));
    assert_eq!((shop.filed(form)[0], shop.form(form).delivery().status().as_str()), ("will_not_file", "ready"));
    let decided = shop.platform.tax_forms().refresh("more", form, figures(6_000, 2)).unwrap();
    assert_eq!(shop.filed(form)[0], "ready");
    let names: Vec<_> = decided.changes.events.iter().map(|event| event.kind.name()).collect();
    assert_eq!(names, ["tax.form.updated"]);
    shop.platform.tax_forms().refresh("less", form, figures(5_000, 2)).unwrap();
    assert_eq!(shop.filed(form)[0], "will_not_file");
}

/// docs.stripe.com/connect/tax-reporting (2024): forms that share a number are summed, the first hundred of them.
#[test]
fn forms_that_share_a_taxpayer_are_summed() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let of = |number, dollars| {
        let new = NewTaxForm::of(Us1099K, 2024, worker(number), figures(dollars, 1)).details(full());
        new.taxpayer("jo, by any name")
    };
    let first = shop.create(of(1, 3_000));
    assert_eq!(shop.filed(first)[0], "will_not_file");
    let second = shop.create(of(2, 2_001));
    assert_eq!((shop.filed(first)[0], shop.filed(second)[0]), ("ready", "ready"), "5,001.00 together");
    let year = shop.form(first).taxpayer().unwrap();
    let known = shop.platform.taxpayer_year(year).unwrap();
    assert_eq!(
        (known.forms(), known.amounts().of(TaxIncome::Payments), known.amounts().transactions()),
        (2, 5_001_00, 2)
    );
    shop.platform.tax_forms().refresh("less", second, figures(2_000, 1)).unwrap();
    assert_eq!((shop.filed(first)[0], shop.filed(second)[0]), ("will_not_file", "will_not_file"));

    // Another year, another type and another taxpayer are none of it.
    let others = [
        NewTaxForm { tax_year: 2022, ..of(3, 4_000) },
        NewTaxForm { form: Us1099Nec, ..of(3, 100) },
        of(3, 4_000).taxpayer("somebody else"),
    ];
    for new in others {
        let other = shop.create(new);
        assert_ne!(shop.form(other).taxpayer(), Some(year));
    }
    for number in 4..102 {
        shop.create(of(number, 1));
    }
    assert_eq!(shop.platform.taxpayer_year(year).unwrap().forms(), 100);
    assert_eq!(shop.filed(first)[0], "ready", "5,098.00 together");
    let late = shop.create(of(102, 1));
    assert_eq!((shop.form(late).taxpayer(), shop.filed(late)[0]), (None, "will_not_file"), "the hundred and first");
}

#[test]
fn what_was_filed_stays_so_whatever_it_is_summed_with() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let of = |number, dollars| {
        NewTaxForm::of(Us1099K, 2024, worker(number), figures(dollars, 1)).details(full()).taxpayer("jo")
    };
    let (first, second) = (shop.create(of(1, 3_000)), shop.create(of(2, 3_000)));
    shop.file(first);
    shop.platform.tax_forms().refresh("less", second, figures(1, 1)).unwrap();
    assert_eq!((shop.filed(first)[0], shop.filed(second)[0]), ("filing", "will_not_file"));
}

/// docs.stripe.com/connect/tax-reporting (2024): who makes the 1099-K.
#[test]
fn whose_the_1099_k_is_to_make() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let standard = shop.world.onboard(&mut shop.platform, NewAccount::standard(US)).unwrap();
    let priced = Controller {
        fees: FeePayer::Application,
        losses: LossBearer::Application,
        requirements: RequirementCollector::Application,
        dashboard: Dashboard::None,
    };
    let priced = shop
        .platform
        .accounts()
        .create("priced", NewAccount::controlled(priced, US).request(Capability::Transfers))
        .unwrap()
        .answer;
    let (jo, house) = (shop.jo, shop.platform.id());
    let mut ask = |key: &str, form, account, paid: Option<bool>| {
        let new = NewTaxForm::of(form, 2024, account, figures(6_000, 1));
        let new = paid.map_or(new.clone(), |paid| new.platform_paid_fees(paid));
        shop.platform.tax_forms().create(key, new).map(drop)
    };
    assert_eq!(ask("a", Us1099K, standard, Some(true)), Err(TaxError::IssuedByProcessor(standard).into()));
    assert_eq!(ask("b", Us1099Nec, standard, None), Ok(()), "what it is paid for work is the platform's to tell");
    assert_eq!(ask("c", Us1099K, priced, None), Err(TaxError::IssuerUnsaid(priced).into()));
    assert_eq!(ask("d", Us1099K, priced, Some(false)), Err(TaxError::IssuedByProcessor(priced).into()));
    assert_eq!(ask("e", Us1099K, priced, Some(true)), Ok(()));
    assert_eq!(ask("f", Us1099K, jo, None), Ok(()));
    assert_eq!(ask("g", Us1099Nec, house, None), Err(TaxError::PayeeInvalid.into()));
    let nobody = fundroute::ids::AccountId::from_host([7; 14]);
    assert_eq!(ask("h", Us1099Nec, nobody, None), Err(Error::NotFound(nobody.into())));
}

/// docs.stripe.com/connect/platform-tax-reporting (2025); the limits are general knowledge.
#[test]
fn who_sells_a_few_goods_in_europe_is_left_out() {
    let mut shop = Shop::open(utc(2026, 11, 2));
    let euros = |minor, sales| TaxFigures::of(eur(minor), sales);
    let small = TaxBasis::SmallSeller { sales: 30, amount: 2_000_00 };
    let cases = [
        (EuDac7, euros(2_000_00, 29).goods_only(), "will_not_file", small),
        (EuDac7, euros(2_000_00, 30).goods_only(), "ready", TaxBasis::Everybody),
        (EuDac7, euros(2_000_01, 29).goods_only(), "ready", TaxBasis::Everybody),
        (EuDac7, euros(1, 1), "ready", TaxBasis::Everybody),
        (NzMrdp, euros(1, 1), "needs_attention", TaxBasis::Unknown),
    ];
    let abroad = TaxDetails::new().name("Jo").tin("DE1").address_abroad("Hauptstr. 1", "Berlin", "10115", "DE");
    for (number, (form, figures, expected, basis)) in (1..).zip(cases) {
        let id = shop.create(NewTaxForm::of(form, 2025, worker(number), figures).details(abroad.clone()));
        assert_eq!((shop.filed(id), shop.form(id).country().basis()), (vec![expected], basis), "no state of theirs");
    }
    let form = shop.create(NewTaxForm::of(AuSerr, 2025, worker(9), euros(1, 1)).details(abroad));
    shop.platform.tax_forms().override_limits("yes", form, TaxLevel::Country, Some(true)).unwrap();
    let form = shop.form(form);
    assert_eq!((form.country().status().as_str(), form.delivery().status().as_str()), ("ready", "will_not_deliver"));
}

/// docs.stripe.com/connect/split-tax-forms (2024): two forms by date, from 4 January on, by post only.
#[test]
fn a_payee_that_became_somebody_else_has_two_forms() {
    let mut shop = Shop::open(utc(2024, 1, 3));
    let new = NewTaxForm::of(Us1099K, 2023, worker(1), figures(30_000, 300)).details(full());
    let form = shop.create(new);
    let day = utc(2023, 7, 1);
    let parts = [figures(10_000, 100), figures(20_001, 300)];
    let split = |shop: &mut Shop, day, parts| {
        let key = shop.key();
        shop.platform.tax_forms().split(&key, (form, day), parts, in_state(UsState::Ma)).map(|decided| decided.answer)
    };
    assert_eq!(split(&mut shop, day, parts), Err(TaxError::SplitInvalid(form).into()), "more than there was");
    let parts = [figures(9_999, 99), figures(20_001, 201)];
    assert_eq!(split(&mut shop, utc(2024, 1, 1), parts), Err(TaxError::SplitInvalid(form).into()), "of another year");
    assert_eq!(split(&mut shop, day.at(12, 0), parts), Err(TaxError::SplitInvalid(form).into()), "at noon");
    assert_eq!(split(&mut shop, day, parts), Err(TaxError::NotYet(utc(2024, 1, 4)).into()));
    shop.platform.advance_to(utc(2024, 1, 10)).unwrap();
    let second = split(&mut shop, day, parts).unwrap();
    assert_eq!((shop.form(form).part(), shop.form(second).part()), (TaxPart::Before(day), TaxPart::From(day)));
    assert_eq!((shop.filed(form)[0], shop.filed(second)), ("will_not_file", vec!["ready", "ready"]));
    assert_eq!(shop.form(second).role(), TaxFormRole::Original);
    assert_eq!(
        split(&mut shop, day, [figures(0, 0), figures(9_999, 99)]),
        Err(TaxError::SplitInvalid(form).into()),
        "once"
    );
    shop.platform.tax_forms().set_consent("yes", worker(1), true).unwrap();
    shop.file(second);
    assert_eq!(format!("{:?}", shop.form(second).delivery().under_way()), "Some(Post)", "whatever the payee wants");
}
