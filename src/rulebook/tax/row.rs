//! How the tables of tax forms are read.

use chrono::NaiveDate;
use serde::Deserialize;

use super::super::{Confidence, Source, StateFilingWay, TaxFormType, TaxIncome, UsState, table};
use super::{
    FederalKey, FederalRow, PlatformTaxRule, StateDue, StateDuty, StateLimit, StateTaxRule, TaxCycle, TaxLimit,
};
use crate::money::Currency;

/// A row of `tax_federal.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Federal {
    #[serde(deserialize_with = "table::parsed")]
    form: TaxFormType,
    #[serde(deserialize_with = "table::parsed")]
    income: TaxIncome,
    from: u16,
    until: Option<u16>,
    amount: String,
    transactions: Option<u32>,
    #[serde(deserialize_with = "table::yes_or_no")]
    counts: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

fn minor(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("`{text}` is not a number of minor units"))
}

impl Federal {
    pub(super) fn check(self) -> Result<(FederalKey, FederalRow), String> {
        let Self { form, income, from, until, amount, transactions, counts, .. } = self;
        let limit = match amount.as_str() {
            "unknown" => None,
            text => Some(TaxLimit { amount: minor(text)?, transactions, counts }),
        };
        if let Some(problem) = limit.and_then(TaxLimit::problem) {
            return Err(problem.to_owned());
        }
        if until.is_some_and(|until| until < from) {
            return Err("the last year lies before the first".to_owned());
        }
        let source = Source::new(self.source, self.year, self.note);
        Ok(((form, income, from), FederalRow { until, limit, source }))
    }
}

/// A row of `tax_states.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    #[serde(deserialize_with = "table::parsed")]
    state: UsState,
    #[serde(deserialize_with = "table::parsed")]
    form: TaxFormType,
    tax_year: u16,
    duty: StateDuty,
    way: Option<StateFilingWay>,
    limit: String,
    transactions: Option<u32>,
    due: Option<String>,
    number: Option<String>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

/// A month and day, written `04-30`.
fn month_and_day(text: &str) -> Result<(u32, u32), String> {
    let bad = || format!("`{text}` is not a month and a day");
    let (month, day) = text.split_once('-').ok_or_else(bad)?;
    let (month, day) = (month.parse().map_err(|_| bad())?, day.parse().map_err(|_| bad())?);
    // One that is there in every year.
    NaiveDate::from_ymd_opt(2023, month, day).map(|_| (month, day)).ok_or_else(bad)
}

impl State {
    pub(super) fn check(self) -> Result<((UsState, TaxFormType, u16), StateTaxRule), String> {
        let Self { state, form, tax_year, duty, way, transactions, .. } = self;
        let limit = match self.limit.as_str() {
            "as_federal" => StateLimit::AsFederal,
            "" if duty == StateDuty::No => StateLimit::AsFederal,
            text => StateLimit::Own(TaxLimit { amount: minor(text)?, transactions, counts: true }),
        };
        let due = match self.due.as_deref() {
            None => None,
            Some("federal") => Some(StateDue::AsFederal),
            Some(text) => month_and_day(text).map(|(month, day)| Some(StateDue::On(month, day)))?,
        };
        let source = Source::new(self.source, self.year, self.note);
        let number = self.number.map(Into::into);
        let rule = StateTaxRule { state, form, tax_year, duty, way, limit, due, number, source };
        match rule.problem() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok(((state, form, tax_year), rule)),
        }
    }
}

/// A row of `tax_cycles.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cycle {
    #[serde(deserialize_with = "table::parsed")]
    form: TaxFormType,
    tax_year: u16,
    outreach_from: Option<NaiveDate>,
    split_from: Option<NaiveDate>,
    file_from: Option<NaiveDate>,
    file_until: Option<NaiveDate>,
    deliver_by: Option<NaiveDate>,
    due: Option<NaiveDate>,
    identity_until: Option<NaiveDate>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Cycle {
    pub(super) fn check(self) -> Result<((TaxFormType, u16), TaxCycle), String> {
        let Self { form, tax_year, outreach_from, split_from, file_from, file_until, .. } = self;
        let Self { deliver_by, due, identity_until, .. } = self;
        let source = Source::new(self.source, self.year, self.note);
        let cycle = TaxCycle {
            form,
            tax_year,
            outreach_from,
            split_from,
            file_from,
            file_until,
            deliver_by,
            due,
            identity_until,
            source,
        };
        Ok(((form, tax_year), cycle))
    }
}

/// A row of `tax_platforms.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sellers {
    #[serde(deserialize_with = "table::parsed")]
    form: TaxFormType,
    currency: Option<String>,
    #[serde(deserialize_with = "table::yes_or_no")]
    seller_copy: bool,
    due: Option<String>,
    least_sales: Option<u32>,
    most_amount: Option<i64>,
    #[serde(deserialize_with = "table::parsed")]
    confidence: Confidence,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Sellers {
    pub(super) fn check(self) -> Result<(TaxFormType, PlatformTaxRule), String> {
        let Self { form, seller_copy, confidence, .. } = self;
        if form.is_us() {
            return Err(format!("{form} is a form of the United States"));
        }
        let currency = self.currency.as_deref().map(|code| code.parse::<Currency>().map_err(|error| error.to_string()));
        let currency = currency.transpose()?;
        let due = self.due.as_deref().map(month_and_day).transpose()?;
        let goods = self.least_sales.zip(self.most_amount);
        if goods.is_some() && currency.is_none() {
            return Err("an amount needs a currency".to_owned());
        }
        let source = Source::new(self.source, self.year, self.note);
        Ok((form, PlatformTaxRule { form, currency, seller_copy, due, goods, confidence, source }))
    }
}
