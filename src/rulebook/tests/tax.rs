//! From how much on income is reported, where, and when.

use chrono::NaiveDate;

use super::super::*;
use crate::money::Currency;

use TaxFormType::{AuSerr, CaMrdp, EuDac7, GbMrdp, NzMrdp, Us1099K, Us1099Misc, Us1099Nec};
use TaxIncome::{DividendsInLieu, FishingProceeds, GoldenParachute, Payments, Royalties};

/// docs.stripe.com/connect/1099-K (2024), and the law of 2025-07-04: every tax year of every form, and the year before the first.
#[test]
fn every_federal_limit_is_the_published_one() {
    let book = Rulebook::standard();
    let limit = |form, income, year| book.federal_tax_limit(form, income, year);
    let many = TaxLimit::above(20_000_00).with_transactions(200);
    for (year, expected) in [
        (2021, None),
        (2022, Some(many)),
        (2023, Some(many)),
        (2024, Some(TaxLimit::above(5_000_00))),
        (2025, Some(many)),
        (2026, Some(many)),
        (2027, Some(many)),
        (2040, Some(many)),
    ] {
        assert_eq!(limit(Us1099K, Payments, year), expected, "{year}");
    }
    for form in [Us1099Nec, Us1099Misc] {
        for (year, expected) in [
            (2021, None),
            (2022, Some(600_00)),
            (2025, Some(600_00)),
            (2026, Some(2_000_00)),
            (2027, None),
            (2030, None),
        ] {
            assert_eq!(limit(form, Payments, year), expected.map(TaxLimit::from), "{form} {year}");
        }
    }
    let always = [(Royalties, 10_00), (DividendsInLieu, 10_00), (FishingProceeds, 1), (GoldenParachute, 1)];
    for (income, amount) in always {
        for year in [2022, 2026, 2030] {
            assert_eq!(limit(Us1099Misc, income, year), Some(TaxLimit::from(amount)));
        }
        assert_eq!(limit(Us1099K, income, 2023), None);
    }
    assert_eq!(limit(EuDac7, Payments, 2023), None);
    let source = book.federal_tax_source(Us1099Nec, Payments, 2027).unwrap();
    assert!(source.note().contains("not known beforehand"), "there is a row, and it says that nobody knows");
}

/// The states in the order of the table of 2023: `.` none, `w` if withheld, `p` on a page of their own, `c` handed on.
const DUTIES: &str = "AL p AK . AZ w AR c CA c CO w CT p DE . DC p FL p GA p HI c ID . IL p IN w IA w KS c KY w LA w ME p MD p MA p \
    MI . MN w MS . MO . MT p NE . NV . NH . NJ c NM . NY p NC p ND w OH . OK . OR p PA . RI w SC w SD . TN p TX . UT w VT p VA p WA . \
    WV w WI w WY .";

#[test]
fn every_state_is_as_published_for_2023() {
    let book = Rulebook::standard();
    let mut words = DUTIES.split_whitespace();
    for state in UsState::ALL {
        assert_eq!(words.next(), Some(state.as_str()), "every state, in the order of the table");
        let rule = book.state_tax_rule(state, Us1099K, 2023).unwrap();
        let expected = match words.next().unwrap() {
            "." => (StateDuty::No, None),
            "w" => (StateDuty::IfWithheld, None),
            "p" => (StateDuty::Required, Some(StateFilingWay::Portal)),
            _ => (StateDuty::Required, Some(StateFilingWay::Combined)),
        };
        assert_eq!((rule.duty(), rule.way()), expected, "{state}");
        assert_eq!(rule.source().page(), "docs.stripe.com/connect/tax-reporting");
        let own = match state.as_str() {
            "AR" => Some(2_500_00),
            "DC" | "MD" | "MA" | "MT" | "NC" | "VT" | "VA" => Some(600_00),
            "IL" | "NJ" => Some(1_000_00),
            "RI" => Some(100_00),
            _ if rule.duty() == StateDuty::IfWithheld => Some(0),
            _ => None,
        };
        let limit = own.map(TaxLimit::from);
        let limit = if state == UsState::Il { limit.map(|limit| limit.with_transactions(4)) } else { limit };
        assert_eq!(rule.limit(), limit.map_or(StateLimit::AsFederal, StateLimit::Own), "{state}");
        let due = match state.as_str() {
            "AL" | "CT" | "FL" | "NY" | "TN" | "VT" | "VA" => Some(StateDue::On(4, 30)),
            "MT" => Some(StateDue::On(4, 1)),
            "IA" => Some(StateDue::On(2, 15)),
            "ME" => None,
            _ if rule.duty() == StateDuty::No => None,
            _ => Some(StateDue::AsFederal),
        };
        assert_eq!(rule.due(), due, "{state}");
        assert_eq!(
            rule.number().is_some(),
            ["CT", "KS", "MD", "NC", "SC", "VT", "WI"].contains(&state.as_str()),
            "{state}"
        );
    }
    assert_eq!(words.next(), None);
}

#[test]
fn of_other_years_little_is_known_of_states() {
    let book = Rulebook::standard();
    let known = |form, year| -> Vec<(UsState, StateLimit)> {
        let rules = book.state_tax_rules().filter(|rule| rule.form() == form && rule.tax_year() == year);
        rules.map(|rule| (rule.state(), rule.limit())).collect()
    };
    let own = |minor| StateLimit::Own(TaxLimit::from(minor));
    use UsState::{Ar, Dc, Il, Ma, Md, Ms, Mt, Nj, Va, Vt};
    let illinois = StateLimit::Own(TaxLimit::from(1_000_00).with_transactions(4));
    let six_hundred = own(600_00);
    let expected = [
        (Ar, own(2_500_00)),
        (Dc, six_hundred),
        (Il, illinois),
        (Md, six_hundred),
        (Ma, six_hundred),
        (Mt, six_hundred),
        (Nj, own(1_000_00)),
        (Vt, six_hundred),
        (Va, six_hundred),
    ];
    assert_eq!(known(Us1099K, 2025), expected);
    assert_eq!(known(Us1099Nec, 2023), [(Ms, own(601_00))]);
    assert_eq!(known(Us1099Misc, 2023), [(Ar, own(2_500_00)), (Ms, own(601_00))]);
    for year in [2022, 2024, 2026] {
        assert!([Us1099K, Us1099Nec, Us1099Misc].into_iter().all(|form| known(form, year).is_empty()), "{year}");
    }
}

#[test]
fn the_cycle_of_2023_is_the_only_one_known() {
    let book = Rulebook::standard();
    let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day);
    for (form, due) in [(Us1099K, day(3, 31)), (Us1099Misc, day(3, 31)), (Us1099Nec, day(1, 31))] {
        let cycle = book.tax_cycle(form, 2023).unwrap();
        assert_eq!((cycle.file_from, cycle.file_until, cycle.deliver_by), (day(1, 10), day(1, 23), day(1, 31)));
        assert_eq!((cycle.due, cycle.identity_until, cycle.split_from), (due, day(2, 15), day(1, 4)));
        assert_eq!(cycle.outreach_from, NaiveDate::from_ymd_opt(2023, 11, 1));
        assert_eq!((book.tax_cycle(form, 2022), book.tax_cycle(form, 2024)), (None, None));
    }
    let mut ours = TaxCycle::new(Us1099K, 2026);
    ours.file_from = NaiveDate::from_ymd_opt(2027, 1, 11);
    let book = book.with_tax_cycle(ours.clone());
    assert_eq!((book.tax_cycle(Us1099K, 2026), ours.source().page()), (Some(&ours), "the host"));
}

/// docs.stripe.com/connect/platform-tax-reporting (2025).
#[test]
fn sellers_outside_the_united_states() {
    let book = Rulebook::standard();
    let rule = |form| book.platform_tax_rule(form).unwrap();
    for form in [EuDac7, GbMrdp, CaMrdp, AuSerr, NzMrdp] {
        assert_eq!(rule(form).currency(), Some(Currency::EUR).filter(|_| form == EuDac7));
        assert_eq!((rule(form).form(), form.is_us()), (form, false));
        assert_eq!(rule(form).seller_copy(), form != AuSerr);
        assert_eq!(rule(form).goods().is_some(), form == EuDac7, "{form}");
        assert_eq!(rule(form).due().is_some(), form == EuDac7);
    }
    let dac7 = rule(EuDac7);
    assert_eq!((dac7.goods(), dac7.due(), dac7.confidence()), (Some((30, 2_000_00)), Some((1, 31)), Confidence::Low));
    assert_eq!(book.platform_tax_rule(Us1099K), None);
}

#[test]
fn a_limit_is_reached_by_both_of_its_figures() {
    let many = TaxLimit::above(20_000_00).with_transactions(200);
    let illinois = TaxLimit::from(1_000_00).with_transactions(4);
    for (limit, amount, transactions, expected) in [
        (many, 20_000_01, 201, true),
        (many, 20_000_00, 201, false),
        (many, 20_000_01, 200, false),
        (many, i64::MAX, 0, false),
        (illinois, 1_000_00, 4, true),
        (illinois, 999_99, 4, false),
        (illinois, 1_000_00, 3, false),
        (TaxLimit::above(5_000_00), 5_000_01, 0, true),
        (TaxLimit::above(5_000_00), 5_000_00, 900, false),
        (TaxLimit::from(0), 0, 0, true),
        (TaxLimit::from(1), -1, 1, false),
    ] {
        assert_eq!(limit.is_reached(amount, transactions), expected, "{limit:?} {amount} {transactions}");
    }
}

#[test]
fn a_host_has_limits_of_its_own() -> Result<(), RulebookError> {
    let standard = Rulebook::standard();
    let limit = |book: &Rulebook, form, year| book.federal_tax_limit(form, Payments, year);
    let ours = standard.clone().with_federal_tax_limit(Us1099K, Payments, 2026, TaxLimit::from(1))?;
    let many = limit(&standard, Us1099K, 2025);
    assert_eq!(
        [2025, 2026, 2027, 2030].map(|year| limit(&ours, Us1099K, year)),
        [many, Some(TaxLimit::from(1)), many, many]
    );
    let ours = ours.with_federal_tax_limit(Us1099Nec, Payments, 2027, TaxLimit::from(2_100_00))?;
    let known = [2026, 2027, 2028].map(|year| limit(&ours, Us1099Nec, year));
    assert_eq!(known, [Some(TaxLimit::from(2_000_00)), Some(TaxLimit::from(2_100_00)), None]);
    let ours = ours.with_federal_tax_limit(Us1099K, Payments, 2020, TaxLimit::from(7))?;
    assert_eq!([2019, 2020, 2021].map(|year| limit(&ours, Us1099K, year)), [None, Some(TaxLimit::from(7)), None]);
    for (form, amount) in [(Us1099K, -1), (EuDac7, 1)] {
        assert!(standard.clone().with_federal_tax_limit(form, Payments, 2026, TaxLimit::from(amount)).is_err());
    }
    let mut book = standard.clone();
    book.read(
        Table::TaxStates,
        "state,form,tax_year,duty,way,limit,transactions,due,number,source\nTX,us_1099_k,2026,required,portal,100,,04-30,,us\n",
    )?;
    let texas = book.state_tax_rule(UsState::Tx, Us1099K, 2026).unwrap();
    assert_eq!((texas.limit(), texas.due()), (StateLimit::Own(TaxLimit::from(100)), Some(StateDue::On(4, 30))));
    let known = book.clone();
    let states = "state,form,tax_year,duty,way,limit,transactions,due,number,source\n";
    for (table, text) in [
        (Table::TaxStates, format!("{states}TX,eu_dac7,2026,required,,100,,,,us\n")),
        (Table::TaxStates, format!("{states}TX,us_1099_k,2026,required,,-1,,,,us\n")),
        (Table::TaxStates, format!("{states}TX,us_1099_k,2026,required,,much,,,,us\n")),
        (Table::TaxStates, format!("{states}TX,us_1099_k,2026,required,,1,,13-01,,us\n")),
        (Table::TaxStates, format!("{states}TX,us_1099_k,2026,required,,1,,02-29,,us\n")),
        (Table::TaxStates, format!("{states}ZZ,us_1099_k,2026,required,,1,,,,us\n")),
        (
            Table::TaxFederal,
            "form,income,from,until,amount,transactions,counts,source\nus_1099_k,payments,2026,2025,1,,yes,us\n"
                .to_owned(),
        ),
        (
            Table::TaxFederal,
            "form,income,from,until,amount,transactions,counts,source\nus_1099_k,payments,2026,,-1,,yes,us\n"
                .to_owned(),
        ),
        (Table::TaxPlatforms, "form,currency,seller_copy,confidence,source\nus_1099_k,usd,yes,medium,us\n".to_owned()),
    ] {
        assert!(book.read(table, &text).is_err(), "{text}");
    }
    assert_eq!(book, known);
    Ok(())
}
