//! From how much on income is reported to tax authorities, where, and on which days.

mod row;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use self::row::{Cycle, Federal, Sellers, State};
use super::{
    Confidence, Rulebook, RulebookError, Source, StateFilingWay, Table, TaxFormType, TaxIncome, UsState, table,
};
use crate::money::Currency;

/// From how much on something is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaxLimit {
    /// The amount, in minor units of the form's currency.
    pub amount: i64,
    /// The number of payments that has to come with it; nothing where any will do.
    pub transactions: Option<u32>,
    /// Whether the limit itself is enough, or only what is above it.
    pub counts: bool,
}

impl TaxLimit {
    /// As much as this amount is enough.
    #[must_use]
    pub const fn from(amount: i64) -> Self {
        Self { amount, transactions: None, counts: true }
    }

    /// Only what is above this amount is enough.
    #[must_use]
    pub const fn above(amount: i64) -> Self {
        Self { amount, transactions: None, counts: false }
    }

    /// The same, but only with so many payments, counted in the same way.
    #[must_use]
    pub const fn with_transactions(mut self, transactions: u32) -> Self {
        self.transactions = Some(transactions);
        self
    }

    /// Whether an amount in minor units, and a number of payments, are enough.
    ///
    /// ```
    /// use fundroute::rulebook::TaxLimit;
    ///
    /// let federal = TaxLimit::above(20_000_00).with_transactions(200);
    /// assert!(federal.is_reached(20_000_01, 201));
    /// assert!(!federal.is_reached(20_000_00, 201) && !federal.is_reached(90_000_00, 200));
    /// assert!(TaxLimit::from(600_00).is_reached(600_00, 1));
    /// ```
    #[must_use]
    pub const fn is_reached(self, amount: i64, transactions: u32) -> bool {
        let enough = if self.counts { amount >= self.amount } else { amount > self.amount };
        enough
            && match self.transactions {
                Some(least) if self.counts => transactions >= least,
                Some(least) => transactions > least,
                None => true,
            }
    }

    const fn problem(self) -> Option<&'static str> {
        if self.amount < 0 { Some("a limit must not be negative") } else { None }
    }
}

/// From how much on a form is filed with the federal authority, over some years.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FederalRow {
    until: Option<u16>,
    /// Nothing where it is not known.
    limit: Option<TaxLimit>,
    source: Source,
}

/// By form, kind of income and first tax year.
type FederalKey = (TaxFormType, TaxIncome, u16);

/// All that is known of tax forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TaxTables {
    federal: BTreeMap<FederalKey, FederalRow>,
    states: BTreeMap<(UsState, TaxFormType, u16), StateTaxRule>,
    cycles: BTreeMap<(TaxFormType, u16), TaxCycle>,
    platforms: BTreeMap<TaxFormType, PlatformTaxRule>,
}

/// Whether a state wants a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateDuty {
    /// It does not.
    No,
    /// Only where tax was withheld for it.
    IfWithheld,
    /// It does.
    Required,
}

/// From how much on a state wants a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StateLimit {
    /// As the federal authority.
    AsFederal,
    /// By a limit of its own.
    Own(TaxLimit),
}

/// Until when a state wants its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateDue {
    /// As the federal authority.
    AsFederal,
    /// Until a month and day of the year after.
    On(u32, u32),
}

/// What a state wants of a form for a tax year.
///
/// ```
/// use fundroute::rulebook::{Rulebook, StateLimit, TaxFormType, TaxLimit, UsState};
///
/// let book = Rulebook::standard();
/// let illinois = book.state_tax_rule(UsState::Il, TaxFormType::Us1099K, 2025).unwrap();
/// assert_eq!(illinois.limit(), StateLimit::Own(TaxLimit::from(1_000_00).with_transactions(4)));
/// // No page tells of it in 2026: a host that knows says so.
/// assert_eq!(book.state_tax_rule(UsState::Il, TaxFormType::Us1099K, 2026), None);
/// let ours = illinois.clone().of_year(2026);
/// let book = book.with_state_tax_rule(ours)?;
/// assert!(book.state_tax_rule(UsState::Il, TaxFormType::Us1099K, 2026).is_some());
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateTaxRule {
    state: UsState,
    form: TaxFormType,
    tax_year: u16,
    duty: StateDuty,
    way: Option<StateFilingWay>,
    limit: StateLimit,
    due: Option<StateDue>,
    number: Option<Box<str>>,
    source: Source,
}

impl StateTaxRule {
    /// A rule of the host's own.
    #[must_use]
    pub fn new(state: UsState, form: TaxFormType, tax_year: u16, duty: StateDuty, limit: StateLimit) -> Self {
        let (way, due, number) = (None, None, None);
        Self { state, form, tax_year, duty, way, limit, due, number, source: Source::host() }
    }

    /// The same rule for another tax year, on the host's word.
    #[must_use]
    pub fn of_year(mut self, tax_year: u16) -> Self {
        (self.tax_year, self.source) = (tax_year, Source::host());
        self
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> UsState {
        self.state
    }

    /// The form.
    #[must_use]
    pub const fn form(&self) -> TaxFormType {
        self.form
    }

    /// The tax year.
    #[must_use]
    pub const fn tax_year(&self) -> u16 {
        self.tax_year
    }

    /// Whether the state wants it.
    #[must_use]
    pub const fn duty(&self) -> StateDuty {
        self.duty
    }

    /// How it gets there, where that is known.
    #[must_use]
    pub const fn way(&self) -> Option<StateFilingWay> {
        self.way
    }

    /// From how much on.
    #[must_use]
    pub const fn limit(&self) -> StateLimit {
        self.limit
    }

    /// Until when, where that is known.
    #[must_use]
    pub const fn due(&self) -> Option<StateDue> {
        self.due
    }

    /// Which number of its own the state wants on it, if any.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    fn problem(&self) -> Option<&'static str> {
        if !self.form.is_us() {
            return Some("states want forms of the United States only");
        }
        match self.limit {
            StateLimit::AsFederal => None,
            StateLimit::Own(limit) => limit.problem(),
        }
    }
}

/// On which days the forms of a tax year are made, filed and delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxCycle {
    /// The form.
    pub form: TaxFormType,
    /// The tax year.
    pub tax_year: u16,
    /// From when on payees are asked for what is missing.
    pub outreach_from: Option<NaiveDate>,
    /// From when on forms of payees that became somebody else can be split.
    pub split_from: Option<NaiveDate>,
    /// From when on forms are filed.
    pub file_from: Option<NaiveDate>,
    /// Until when they are filed, so that they arrive in time.
    pub file_until: Option<NaiveDate>,
    /// Until when payees have to have theirs.
    pub deliver_by: Option<NaiveDate>,
    /// Until when the federal authority has to have them.
    pub due: Option<NaiveDate>,
    /// Until when what is known of a payee still changes a form.
    pub identity_until: Option<NaiveDate>,
    source: Source,
}

impl TaxCycle {
    /// A cycle of the host's own, of which no day is known.
    #[must_use]
    pub fn new(form: TaxFormType, tax_year: u16) -> Self {
        Self {
            form,
            tax_year,
            outreach_from: None,
            split_from: None,
            file_from: None,
            file_until: None,
            deliver_by: None,
            due: None,
            identity_until: None,
            source: Source::host(),
        }
    }

    /// Where the days come from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// What platforms report of their sellers outside the United States.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformTaxRule {
    form: TaxFormType,
    currency: Option<Currency>,
    seller_copy: bool,
    due: Option<(u32, u32)>,
    goods: Option<(u32, i64)>,
    confidence: Confidence,
    source: Source,
}

impl PlatformTaxRule {
    /// The form.
    #[must_use]
    pub const fn form(&self) -> TaxFormType {
        self.form
    }

    /// In which currency it reports; nothing where that is not known.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// Whether sellers get a copy.
    #[must_use]
    pub const fn seller_copy(&self) -> bool {
        self.seller_copy
    }

    /// Until which month and day of the year after it is due, where that is known.
    #[must_use]
    pub const fn due(&self) -> Option<(u32, u32)> {
        self.due
    }

    /// Sellers of goods alone are left out below so many sales, if they come to no more than so many minor units; nothing where that is
    /// not known.
    #[must_use]
    pub const fn goods(&self) -> Option<(u32, i64)> {
        self.goods
    }

    /// How sure the rule is.
    #[must_use]
    pub const fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// Tax forms.
impl Rulebook {
    /// From how much of a kind of income on a form is filed with the federal authority for a tax year. `None` where that is not known.
    ///
    /// ```
    /// use fundroute::rulebook::{Rulebook, TaxFormType, TaxIncome, TaxLimit};
    ///
    /// let book = Rulebook::standard();
    /// let limit = |form, year| book.federal_tax_limit(form, TaxIncome::Payments, year);
    /// assert_eq!(limit(TaxFormType::Us1099K, 2024), Some(TaxLimit::above(5_000_00)));
    /// assert_eq!(limit(TaxFormType::Us1099Nec, 2026), Some(TaxLimit::from(2_000_00)));
    /// assert_eq!(limit(TaxFormType::Us1099Nec, 2027), None, "it grows with prices from then on");
    /// ```
    #[must_use]
    pub fn federal_tax_limit(&self, form: TaxFormType, income: TaxIncome, tax_year: u16) -> Option<TaxLimit> {
        self.federal_row(form, income, tax_year)?.limit
    }

    /// Where that comes from; nothing where there is no row for it.
    #[must_use]
    pub fn federal_tax_source(&self, form: TaxFormType, income: TaxIncome, tax_year: u16) -> Option<&Source> {
        self.federal_row(form, income, tax_year).map(|row| &row.source)
    }

    fn federal_row(&self, form: TaxFormType, income: TaxIncome, tax_year: u16) -> Option<&FederalRow> {
        let rows = self.0.tax.federal.range((form, income, 0)..=(form, income, tax_year));
        rows.map(|(_, row)| row).next_back().filter(|row| row.until.is_none_or(|until| tax_year <= until))
    }

    /// What a state wants of a form for a tax year. `None` where that is not known.
    #[must_use]
    pub fn state_tax_rule(&self, state: UsState, form: TaxFormType, tax_year: u16) -> Option<&StateTaxRule> {
        self.0.tax.states.get(&(state, form, tax_year))
    }

    /// All that is known of states.
    pub fn state_tax_rules(&self) -> impl Iterator<Item = &StateTaxRule> {
        self.0.tax.states.values()
    }

    /// On which days the forms of a tax year are filed and delivered. `None` where that is not known.
    #[must_use]
    pub fn tax_cycle(&self, form: TaxFormType, tax_year: u16) -> Option<&TaxCycle> {
        self.0.tax.cycles.get(&(form, tax_year))
    }

    /// What platforms report of their sellers on a form. `None` for forms of the United States.
    ///
    /// ```
    /// use fundroute::rulebook::{Rulebook, TaxFormType};
    ///
    /// let book = Rulebook::standard();
    /// let rule = |form| book.platform_tax_rule(form).unwrap();
    /// assert_eq!(rule(TaxFormType::EuDac7).goods(), Some((30, 2_000_00)));
    /// assert!(rule(TaxFormType::NzMrdp).seller_copy() && !rule(TaxFormType::AuSerr).seller_copy());
    /// assert_eq!(rule(TaxFormType::NzMrdp).goods(), None, "not known");
    /// ```
    #[must_use]
    pub fn platform_tax_rule(&self, form: TaxFormType) -> Option<&PlatformTaxRule> {
        self.0.tax.platforms.get(&form)
    }

    /// The book with another federal limit for one tax year.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Invalid`] for a limit below zero, or a form that is not of the United States.
    pub fn with_federal_tax_limit(
        mut self,
        form: TaxFormType,
        income: TaxIncome,
        tax_year: u16,
        limit: TaxLimit,
    ) -> Result<Self, RulebookError> {
        let problem = if form.is_us() { limit.problem() } else { Some("that form is not of the United States") };
        if let Some(reason) = problem {
            return Err(RulebookError::Invalid { table: Table::TaxFederal, reason });
        }
        let source = Source::host();
        // What held from then on holds from the next year on.
        let before = self.federal_row(form, income, tax_year).cloned();
        if let (Some(before), Some(next)) = (before, tax_year.checked_add(1))
            && before.until.is_none_or(|until| until > tax_year)
        {
            self.book_mut().tax.federal.entry((form, income, next)).or_insert(before);
        }
        let row = FederalRow { until: Some(tax_year), limit: Some(limit), source };
        self.book_mut().tax.federal.insert((form, income, tax_year), row);
        Ok(self)
    }

    /// The book with another rule of a state, in the place of the one for the same form and tax year.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Invalid`] for a limit below zero, or a form that is not of the United States.
    pub fn with_state_tax_rule(mut self, rule: StateTaxRule) -> Result<Self, RulebookError> {
        if let Some(reason) = rule.problem() {
            return Err(RulebookError::Invalid { table: Table::TaxStates, reason });
        }
        self.book_mut().tax.states.insert((rule.state, rule.form, rule.tax_year), rule);
        Ok(self)
    }

    /// The book with other days for the forms of a tax year.
    #[must_use]
    pub fn with_tax_cycle(mut self, cycle: TaxCycle) -> Self {
        self.book_mut().tax.cycles.insert((cycle.form, cycle.tax_year), cycle);
        self
    }

    /// Reads one of the tables of tax forms.
    pub(super) fn read_tax(&mut self, of: Table, csv: &str) -> Result<(), RulebookError> {
        let mut read = TaxTables::default();
        if of == Table::TaxFederal {
            read.federal = table::read(of, csv, Federal::check)?;
        } else if of == Table::TaxStates {
            read.states = table::read(of, csv, State::check)?;
        } else if of == Table::TaxCycles {
            read.cycles = table::read(of, csv, Cycle::check)?;
        } else {
            read.platforms = table::read(of, csv, Sellers::check)?;
        }
        let known = &mut self.book_mut().tax;
        known.federal.extend(read.federal);
        known.states.extend(read.states);
        known.cycles.extend(read.cycles);
        known.platforms.extend(read.platforms);
        Ok(())
    }
}
