use serde::Serialize;

use super::{TaxDetails, TaxFigures, TaxForm, TaxFormRole, TaxPart};
use crate::accounts::Values;
use crate::money::wide;
use crate::rulebook::{TaxFormType, TaxIncome};

/// A tax form as a row of a file, for whoever files or prints it.
///
/// On the wire its columns are `form_id`, `type`, `tax_year`, `corrected` (`yes` or `no`), `corrects`, `replaces`, `part_from`, `part_until`,
/// `payee`, `name`, `tin`, `line1`, `city`, `state`, `postal_code`, `country`, `currency`, `gross`, `card_not_present`, `transactions`,
/// `royalties`, `dividends_in_lieu`, `fishing_proceeds`, `golden_parachute`, `federal_withheld`, `state_withheld`, and `january` to
/// `december`; amounts in major units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "Columns")]
pub struct TaxFormRow {
    form: TaxForm,
    details: Values,
}

impl TaxFormRow {
    /// A form with what is kept of its payee, by the [form that has it](TaxForm::details_of).
    #[must_use]
    pub fn new(form: &TaxForm, details: Option<&Values>) -> Self {
        Self { form: form.clone(), details: details.cloned().unwrap_or_default() }
    }

    /// The form.
    pub const fn form(&self) -> &TaxForm {
        &self.form
    }

    /// What is kept of the payee.
    pub const fn details(&self) -> &Values {
        &self.details
    }

    /// The row as the payee may see it: of the tax number the last four characters.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::TaxFormType;
    /// use fundroute::tools::csv;
    /// use fundroute::tools::tax::{NewTaxForm, TaxDetails, TaxFigures, TaxPayee};
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = TaxPayee::External("worker-17".into());
    /// let form = NewTaxForm::of(TaxFormType::Us1099Nec, 2026, jo, TaxFigures::of(usd(700_00), 1));
    /// let form = form.details(TaxDetails::new().name("Jo Doe").tin("000-12-3456"));
    /// let form = platform.tax_forms().create("jo", form)?.answer;
    /// let rows = platform.tax_form_rows(&[form])?;
    /// assert!(csv(&rows).unwrap().contains("000-12-3456"));
    /// let shown = csv(rows.iter().map(|row| row.for_payee())).unwrap();
    /// assert!(shown.contains("*******3456") && !shown.contains("000-12"));
    /// # Ok::<(), Error>(())
    /// ```
    // RULE: a payee's copy shows the last four of the number (docs.stripe.com/connect/deliver-tax-forms, 2024).
    #[must_use]
    pub fn for_payee(&self) -> Self {
        let mut next = self.clone();
        if let Some(tin) = next.details.0.get_mut(TaxDetails::TIN) {
            let hidden = tin.chars().count().saturating_sub(4);
            *tin = tin.chars().enumerate().map(|(place, c)| if place < hidden { '*' } else { c }).collect();
        }
        next
    }
}

/// The columns, in their order.
#[derive(Serialize)]
struct Columns {
    form_id: String,
    #[serde(rename = "type")]
    form: TaxFormType,
    tax_year: u16,
    corrected: &'static str,
    corrects: String,
    replaces: String,
    part_from: String,
    part_until: String,
    payee: String,
    name: String,
    tin: String,
    line1: String,
    city: String,
    state: &'static str,
    postal_code: String,
    country: String,
    currency: &'static str,
    gross: String,
    card_not_present: String,
    transactions: u32,
    royalties: String,
    dividends_in_lieu: String,
    fishing_proceeds: String,
    golden_parachute: String,
    federal_withheld: String,
    state_withheld: String,
    january: String,
    february: String,
    march: String,
    april: String,
    may: String,
    june: String,
    july: String,
    august: String,
    september: String,
    october: String,
    november: String,
    december: String,
}

fn months_of(figures: &TaxFigures) -> [String; 12] {
    let major = |minor: i64| wide::major(minor.into(), figures.currency());
    figures.months().map_or_else(Default::default, |months| months.map(major))
}

impl From<TaxFormRow> for Columns {
    fn from(TaxFormRow { form, details }: TaxFormRow) -> Self {
        let figures = form.figures();
        let major = |minor: i64| wide::major(minor.into(), figures.currency());
        let of = |income| major(figures.amounts().of(income));
        let text = |field| details.get(field).unwrap_or_default().to_owned();
        let id = |id: Option<crate::ids::TaxFormId>| id.map_or_else(String::new, |id| id.to_string());
        let (part_from, part_until) = match form.part() {
            TaxPart::Whole => (String::new(), String::new()),
            TaxPart::Before(day) => (String::new(), day.date().to_string()),
            TaxPart::From(day) => (day.date().to_string(), String::new()),
        };
        let corrected = match form.role() {
            TaxFormRole::Original | TaxFormRole::Reissued => "no",
            TaxFormRole::CorrectedTotals | TaxFormRole::CorrectedPayee => "yes",
        };
        let [january, february, march, april, may, june, july, august, september, october, november, december] =
            months_of(figures);
        Self {
            form_id: form.id().to_string(),
            form: form.form_type(),
            tax_year: form.tax_year(),
            corrected,
            corrects: id(form.corrects()),
            replaces: id(form.replaces()),
            part_from,
            part_until,
            payee: form.payee().to_string(),
            name: text(TaxDetails::NAME),
            tin: text(TaxDetails::TIN),
            line1: text(TaxDetails::LINE1),
            city: text(TaxDetails::CITY),
            state: form.lives_in().map_or("", crate::rulebook::UsState::as_str),
            postal_code: text(TaxDetails::POSTAL_CODE),
            country: text(TaxDetails::COUNTRY),
            currency: figures.currency().code(),
            gross: major(figures.gross()),
            card_not_present: major(figures.without_card()),
            transactions: figures.transactions(),
            royalties: of(TaxIncome::Royalties),
            dividends_in_lieu: of(TaxIncome::DividendsInLieu),
            fishing_proceeds: of(TaxIncome::FishingProceeds),
            golden_parachute: of(TaxIncome::GoldenParachute),
            federal_withheld: major(figures.federal_withheld()),
            state_withheld: major(figures.state_withheld()),
            january,
            february,
            march,
            april,
            may,
            june,
            july,
            august,
            september,
            october,
            november,
            december,
        }
    }
}
