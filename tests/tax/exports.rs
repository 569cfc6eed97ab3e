//! Rows for whoever files, and what is kept of payees.

use fundroute::journal::Changes;
use fundroute::prelude::*;
use fundroute::rulebook::{TaxFormType, TaxIncome, UsState};
use fundroute::tools::csv;
use fundroute::tools::tax::{NewTaxForm, TaxCorrection, TaxDetails, TaxFigures, TaxLevel};

use crate::shop::{Shop, figures, full, in_state, worker};

const SECRET: &str = "000-12-3456";

#[test]
fn rows_say_what_a_filer_needs() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let months = [500_00; 12];
    let paid = TaxFigures::of(usd(6_000_00), 12).card_not_present(4_000_50).by_month(months).withheld(60_00, 5_00);
    let form = shop.of_2024(1, paid);
    shop.file(form);
    shop.accept(form);
    let corrected = shop.platform.tax_forms().correct("c", form, TaxCorrection::Totals(figures(5, 1))).unwrap().answer;
    let text = csv(shop.platform.tax_form_rows(&[form, corrected]).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let head = "form_id,type,tax_year,corrected,corrects,replaces,part_from,part_until,payee,name,tin,line1,city,state,postal_code,\
                country,currency,gross,card_not_present,transactions,royalties,dividends_in_lieu,fishing_proceeds,golden_parachute,\
                federal_withheld,state_withheld,january,february,march,april,may,june,july,august,september,october,november,december";
    assert_eq!(lines[0], head);
    let year = ",500.00".repeat(12);
    let jo = format!("worker-1,Jo Doe,{SECRET},1 Main St,Austin,TX,78701,,USD");
    assert_eq!(
        lines[1],
        format!("{form},us_1099_k,2024,no,,,,,{jo},6000.00,4000.50,12,0.00,0.00,0.00,0.00,60.00,5.00{year}")
    );
    let rest = format!("5.00,0.00,1,0.00,0.00,0.00,0.00,0.00,0.00{}", ",".repeat(12));
    assert_eq!(
        lines[2],
        format!("{corrected},us_1099_k,2024,yes,{form},,,,{jo},{rest}"),
        "with the payee of the first"
    );
    assert_eq!(lines.len(), 3);
    let unknown = fundroute::ids::TaxFormId::from_host([1; 14]);
    assert_eq!(shop.platform.tax_form_rows(&[form, unknown]), Err(Error::NotFound(unknown.into())));
    assert_eq!(csv(shop.platform.tax_form_rows(&[]).unwrap()).unwrap(), "");
}

#[test]
fn what_was_split_says_by_which_day() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let form = shop.of_2024(1, figures(6_000, 12));
    let parts = [figures(2_000, 4), figures(4_000, 8)];
    let day = utc(2024, 5, 1);
    let other = shop.platform.tax_forms().split("s", (form, day), parts, full()).unwrap().answer;
    let text = csv(shop.platform.tax_form_rows(&[form, other]).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].contains(",no,,,,2024-05-01,worker-1,") && lines[2].contains(",no,,,2024-05-01,,worker-1,"));
}

/// docs.stripe.com/connect/file-tax-forms (2024): with tax withheld for the state the platform files there itself.
#[test]
fn a_form_with_tax_withheld_is_exported_to_the_state() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let paid = figures(30_000, 300).withheld(0, 100_00);
    let new = NewTaxForm::of(TaxFormType::Us1099K, 2023, worker(1), paid).details(in_state(UsState::Az));
    let form = shop.create(new);
    assert_eq!(shop.filed(form), ["ready", "ready"]);
    let decided = shop.platform.tax_forms().export("state", form).unwrap();
    assert_eq!(shop.filed(form), ["ready", "exported"]);
    assert_eq!(decided.changes.instructions.len(), 1, "it goes to its payee");
    shop.file(form);
    shop.accept(form);
    let corrected =
        shop.platform.tax_forms().correct("c", form, TaxCorrection::Totals(paid.card_not_present(5_00))).unwrap();
    assert_eq!(shop.filed(corrected.answer), ["ready", "ready"]);
}

fn journal_of(changes: &Changes) -> String {
    serde_json::to_string(&changes.without_personal()).unwrap()
}

#[test]
fn a_tax_number_is_in_no_journal() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let new = NewTaxForm::of(TaxFormType::Us1099K, 2024, worker(1), figures(6_000, 1)).details(full());
    let request = Request::new("jo", Command::Tax(Box::new(fundroute::tools::tax::TaxCommand::Create(new.clone()))));
    let made = shop.platform.handle(request.clone()).unwrap();
    let fundroute::journal::Answer::TaxForm(form) = made.answer else { panic!("no form") };
    for secret in [SECRET, "Jo Doe", "Main St", "Austin", "78701"] {
        assert!(!journal_of(&made.changes).contains(secret), "{secret}");
        assert!(serde_json::to_string(&made.changes.personal).unwrap().contains(secret));
        assert!(!format!("{request:?}").contains(secret), "a log of requests");
    }
    assert!(journal_of(&made.changes).contains("TX"), "which state it is decides where it is filed");

    // The same request says the same, and another number is another request, although the journal has neither.
    assert!(shop.platform.tax_forms().create("jo", new.clone()).unwrap().changes.is_empty());
    let other = new.details(full().tin("000-12-0000"));
    let reused = shop.platform.tax_forms().create("jo", other).unwrap_err();
    assert_eq!(reused.code(), Some("idempotency_error"));

    shop.platform.accounts().erase("forget", form).unwrap();
    assert_eq!(shop.platform.information(form), None);
    let text = csv(shop.platform.tax_form_rows(&[form]).unwrap()).unwrap();
    assert!(!text.contains(SECRET) && text.contains("6000.00"));
    assert_eq!(shop.filed(form)[0], "ready", "the figures and states stay");
}

#[test]
fn a_payee_sees_the_last_four_of_the_number() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    for (number, tin, shown) in
        [(1, SECRET, "*******3456"), (2, "12-3", "12-3"), (3, "ÄÖÜ34567", "****4567"), (4, "1", "1")]
    {
        let new = NewTaxForm::of(TaxFormType::Us1099Nec, 2024, worker(number), figures(600, 1));
        let form = shop.create(new.details(TaxDetails::new().tin(tin)));
        let row = shop.platform.tax_form_rows(&[form]).unwrap().remove(0);
        assert_eq!(row.for_payee().details().get("tin"), Some(shown));
        assert_eq!(row.details().get("tin"), Some(tin));
    }
}

#[test]
fn every_form_of_a_year_is_found() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let ours = [shop.of_2024(1, figures(1, 1)), shop.of_2024(2, figures(1, 1))];
    let other = NewTaxForm::of(TaxFormType::Us1099Misc, 2025, worker(1), figures(0, 0).with(TaxIncome::Royalties, 5));
    shop.create(other);
    let mut found: Vec<_> = shop.platform.tax_forms_of_year(2024).map(|form| form.id()).collect();
    found.sort_unstable();
    let mut ours = ours.to_vec();
    ours.sort_unstable();
    assert_eq!(found, ours);
    assert_eq!(
        shop.platform.tax_form(ours[0]).unwrap().filing_status(TaxLevel::State).map(|status| status.as_str()),
        Some("needs_attention")
    );
}
