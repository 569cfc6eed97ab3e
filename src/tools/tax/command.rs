use serde::{Deserialize, Serialize};

use super::{TaxDeliveryMethod, TaxError, TaxFigures, TaxLevel, TaxPayee};
use crate::accounts::Values;
use crate::calendar::Timestamp;
use crate::ids::{Family, TaxFormId};
use crate::rulebook::{TaxFormType, UsState};

/// The first tax year that forms are made for; nothing is known of earlier ones.
const FIRST_YEAR: u16 = 2000;
/// The last.
const LAST_YEAR: u16 = 2999;
/// The most characters of what is known of a payee.
// RULE: no page names a limit; this one is our own.
const LONGEST_TEXT: usize = 200;
/// The most characters of what stands for a taxpayer, or for a payee of the host's own.
const LONGEST_REFERENCE: usize = 64;

/// What is known of a payee: data about a person, which are kept apart from the journal.
///
/// ```
/// use fundroute::rulebook::UsState;
/// use fundroute::tools::tax::TaxDetails;
///
/// let jo = TaxDetails::new().name("Jo Doe").tin("000-12-3456").address("1 Main St", "Austin", UsState::Tx, "78701");
/// assert_eq!(jo.state(), Some(UsState::Tx));
/// assert!(!format!("{jo:?}").contains("3456"), "a log shows which data there are, and not what they say");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxDetails {
    values: Values,
    state: Option<UsState>,
}

impl TaxDetails {
    pub(super) const NAME: &'static str = "name";
    pub(super) const TIN: &'static str = "tin";
    pub(super) const LINE1: &'static str = "address.line1";
    pub(super) const CITY: &'static str = "address.city";
    pub(super) const POSTAL_CODE: &'static str = "address.postal_code";
    pub(super) const COUNTRY: &'static str = "address.country";

    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn with(mut self, field: &str, value: impl Into<String>) -> Self {
        self.values.0.insert(field.into(), value.into());
        self
    }

    /// The same, with the name that the number belongs to.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with(Self::NAME, name)
    }

    /// The same, with the tax number.
    #[must_use]
    pub fn tin(self, number: impl Into<String>) -> Self {
        self.with(Self::TIN, number)
    }

    /// The same, with an address in the United States.
    #[must_use]
    pub fn address(
        mut self,
        line1: impl Into<String>,
        city: impl Into<String>,
        state: UsState,
        postal_code: impl Into<String>,
    ) -> Self {
        self.state = Some(state);
        self.with(Self::LINE1, line1).with(Self::CITY, city).with(Self::POSTAL_CODE, postal_code)
    }

    /// The same, with an address elsewhere; the country by its two letters.
    #[must_use]
    pub fn address_abroad(
        self,
        line1: impl Into<String>,
        city: impl Into<String>,
        postal_code: impl Into<String>,
        country: impl Into<String>,
    ) -> Self {
        let text = self.with(Self::LINE1, line1).with(Self::CITY, city).with(Self::POSTAL_CODE, postal_code);
        text.with(Self::COUNTRY, country)
    }

    /// The state of the United States that the payee lives in, if one was given.
    pub const fn state(&self) -> Option<UsState> {
        self.state
    }

    /// The values, by field.
    pub const fn values(&self) -> &Values {
        &self.values
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.0.is_empty()
    }

    /// Whether something is given under this name.
    pub(super) fn has(&self, field: &str) -> bool {
        self.values.get(field).is_some()
    }

    /// The same without data about the person, for what is written into the journal about it.
    pub(crate) fn without_values(&self) -> Self {
        Self { values: Values::default(), state: self.state }
    }

    fn check(&self) -> Result<(), TaxError> {
        let is_field = |field: &str| {
            [Self::NAME, Self::TIN, Self::LINE1, Self::CITY, Self::POSTAL_CODE, Self::COUNTRY].contains(&field)
        };
        let wrong = self
            .values
            .0
            .iter()
            .find(|(field, value)| !is_field(field) || value.trim().is_empty() || value.chars().count() > LONGEST_TEXT)
            .map(|(field, _)| field.chars().take(LONGEST_REFERENCE).collect());
        wrong.map_or(Ok(()), |field| Err(TaxError::DetailInvalid(field)))
    }
}

/// Whether a text can stand for somebody: it is not empty, not too long, and no tax number, which would be seven digits or more and what
/// groups them.
fn is_reference(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_number = digits >= 7 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '.' | '/'));
    !text.trim().is_empty() && text.chars().count() <= LONGEST_REFERENCE && !is_number
}

fn check_payee(payee: &TaxPayee) -> Result<(), TaxError> {
    match payee {
        TaxPayee::External(reference) if !is_reference(reference) => Err(TaxError::PayeeInvalid),
        TaxPayee::External(_) | TaxPayee::Account(_) => Ok(()),
    }
}

/// A command: make a form of what a payee was paid in a year.
///
/// There is one form for a type, a year and a payee. What it says is told by the host: for an account it is what
/// [`tax_totals`](crate::Platform::tax_totals) finds in the ledger, for somebody who was paid elsewhere what the host knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTaxForm {
    /// Its type.
    pub form: TaxFormType,
    /// The year that it reports.
    pub tax_year: u16,
    /// Whom it is about.
    pub payee: TaxPayee,
    /// What it reports.
    pub figures: TaxFigures,
    /// What is known of the payee.
    pub details: TaxDetails,
    /// What stands for whoever pays the tax: a text of the host's own making, which is the same for all payees who share a tax number, and
    /// from which nobody finds the number. Their forms are summed for limits.
    pub taxpayer: Option<Box<str>>,
    /// Whether the platform has borne the processor's fees, where the account's settings do not say.
    pub platform_paid_fees: Option<bool>,
}

impl NewTaxForm {
    /// A form of somebody of whom nothing else is known.
    pub fn of(form: TaxFormType, tax_year: u16, payee: impl Into<TaxPayee>, figures: TaxFigures) -> Self {
        let (payee, details) = (payee.into(), TaxDetails::new());
        Self { form, tax_year, payee, figures, details, taxpayer: None, platform_paid_fees: None }
    }

    /// The same, with what is known of the payee.
    #[must_use]
    pub fn details(mut self, details: TaxDetails) -> Self {
        self.details = details;
        self
    }

    /// The same, summed with all forms of this taxpayer.
    #[must_use]
    pub fn taxpayer(mut self, taxpayer: impl Into<Box<str>>) -> Self {
        self.taxpayer = Some(taxpayer.into());
        self
    }

    /// The same, where the platform has borne the processor's fees, or the account has.
    #[must_use]
    pub const fn platform_paid_fees(mut self, paid: bool) -> Self {
        self.platform_paid_fees = Some(paid);
        self
    }

    /// That it makes sense by itself.
    ///
    /// # Errors
    /// [`TaxError::YearInvalid`], [`TaxError::PayeeInvalid`], [`TaxError::TaxpayerInvalid`], [`TaxError::DetailInvalid`], and those of the
    /// [figures](TaxFigures::check).
    pub fn check(&self) -> Result<(), TaxError> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&self.tax_year) {
            return Err(TaxError::YearInvalid(self.tax_year));
        }
        check_payee(&self.payee)?;
        if self.taxpayer.as_deref().is_some_and(|text| !is_reference(text)) {
            return Err(TaxError::TaxpayerInvalid);
        }
        self.details.check()?;
        self.figures.check(self.form)
    }
}

/// What a correction is about: the payee or the totals, never both.
// RULE: docs.stripe.com/connect/correct-tax-forms (2024).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaxCorrection {
    /// The form had the wrong payee, or said something wrong of the right one: a corrected form takes its totals off, and a new one,
    /// uncorrected, puts them on whoever is given here. Nothing is taken over of what was known of the payee.
    Payee(TaxDetails),
    /// The totals were wrong: one corrected form has those that are given here.
    Totals(TaxFigures),
}

/// A command about tax forms. Only the platform itself may give any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TaxCommand {
    /// Say whether a payee wants forms electronically.
    Consent {
        /// The payee.
        payee: TaxPayee,
        /// Whether they do.
        paperless: bool,
    },
    /// Correct a form that was accepted.
    Correct {
        /// The form.
        form: TaxFormId,
        /// In what.
        correction: TaxCorrection,
    },
    /// Make a form.
    Create(NewTaxForm),
    /// Bring a form to its payee again, after it did not arrive.
    DeliverAgain {
        /// The form.
        form: TaxFormId,
        /// How.
        by: TaxDeliveryMethod,
    },
    /// Say more, or something else, of the payee of a form that nobody was asked to file yet. What is not named stays.
    Describe {
        /// The form.
        form: TaxFormId,
        /// What is known.
        details: TaxDetails,
        /// Whether the platform puts it in the place of what the payee says, at any time of the year.
        overwrite: bool,
    },
    /// Take over the filing of a form with a state for which tax was withheld.
    Export {
        /// The form.
        form: TaxFormId,
    },
    /// File a form that is ready.
    File {
        /// The form.
        form: TaxFormId,
        /// With whom.
        with: TaxLevel,
    },
    /// File a form, or do not, whatever the limits say; or let them have their say again.
    Override {
        /// The form.
        form: TaxFormId,
        /// With whom.
        with: TaxLevel,
        /// Whether it is to be filed; nothing where the limits are to say.
        file: Option<bool>,
    },
    /// Give a form that nobody was asked to file yet the figures of today.
    Refresh {
        /// The form.
        form: TaxFormId,
        /// The figures.
        figures: TaxFigures,
    },
    /// Make a new form in the place of one that was rejected.
    Replace {
        /// The form.
        form: TaxFormId,
        /// Other figures, where they were wrong.
        figures: Option<TaxFigures>,
        /// What is known of the payee, where that was wrong: all of it, nothing is taken over.
        details: Option<TaxDetails>,
    },
    /// Make two forms of one, because the payee became somebody else in the course of the year.
    Split {
        /// The form.
        form: TaxFormId,
        /// On which day.
        on: Timestamp,
        /// What was paid before it.
        before: TaxFigures,
        /// What was paid from it on.
        after: TaxFigures,
        /// What is known of whom the payee became.
        details: TaxDetails,
    },
}

impl TaxCommand {
    /// What it says about a person.
    pub(crate) fn details(&self) -> Option<&TaxDetails> {
        match self {
            Self::Create(new) => Some(&new.details),
            Self::Correct { correction: TaxCorrection::Payee(details), .. }
            | Self::Describe { details, .. }
            | Self::Replace { details: Some(details), .. }
            | Self::Split { details, .. } => Some(details),
            Self::Consent { .. }
            | Self::Correct { correction: TaxCorrection::Totals(_), .. }
            | Self::DeliverAgain { .. }
            | Self::Export { .. }
            | Self::File { .. }
            | Self::Override { .. }
            | Self::Refresh { .. }
            | Self::Replace { details: None, .. } => None,
        }
    }

    /// The same without data about persons.
    pub(crate) fn without_values(&self) -> Self {
        let mut next = self.clone();
        let details = match &mut next {
            Self::Create(new) => Some(&mut new.details),
            Self::Correct { correction: TaxCorrection::Payee(details), .. }
            | Self::Describe { details, .. }
            | Self::Replace { details: Some(details), .. }
            | Self::Split { details, .. } => Some(details),
            Self::Consent { .. }
            | Self::Correct { correction: TaxCorrection::Totals(_), .. }
            | Self::DeliverAgain { .. }
            | Self::Export { .. }
            | Self::File { .. }
            | Self::Override { .. }
            | Self::Refresh { .. }
            | Self::Replace { details: None, .. } => None,
        };
        if let Some(details) = details {
            *details = details.without_values();
        }
        next
    }

    /// The family that it names.
    pub(crate) fn family(&self) -> Option<Family> {
        let payee = |payee: &TaxPayee| match payee {
            TaxPayee::Account(account) => Some(account.family()),
            TaxPayee::External(_) => None,
        };
        match self {
            Self::Consent { payee: of, .. } => payee(of),
            Self::Create(new) => payee(&new.payee),
            Self::Correct { form, .. }
            | Self::DeliverAgain { form, .. }
            | Self::Describe { form, .. }
            | Self::Export { form }
            | Self::File { form, .. }
            | Self::Override { form, .. }
            | Self::Refresh { form, .. }
            | Self::Replace { form, .. }
            | Self::Split { form, .. } => Some(form.family()),
        }
    }

    /// That it makes sense by itself, as far as that can be seen without the form.
    pub(crate) fn check(&self) -> Result<(), TaxError> {
        match self {
            Self::Create(new) => new.check(),
            Self::Consent { payee, .. } => check_payee(payee),
            Self::Correct { .. }
            | Self::DeliverAgain { .. }
            | Self::Describe { .. }
            | Self::Export { .. }
            | Self::File { .. }
            | Self::Override { .. }
            | Self::Refresh { .. }
            | Self::Replace { .. }
            | Self::Split { .. } => self.details().map_or(Ok(()), TaxDetails::check),
        }
    }
}
