//! What can be asked of an account: every field, how its value is written, and how it is verified.

use std::sync::Arc;

use chrono::NaiveDate;
use iso_country::Country;
use serde::Deserialize;

use super::field_shape::{self as shape, Shapes};
use super::{Check, FieldFormat, RequirementErrorCode, Source, Subject, format, table};

/// One field that an account, its company or a person of it can have.
///
/// Its [path](Self::path) is the whole name on the wire for fields of the account and of the company (`business_profile.mcc`,
/// `company.tax_id`); for fields of a person it is what follows `individual.` or `person_<id>.` (`first_name`).
///
/// ```
/// use fundroute::rulebook::{Check, Country, RequirementErrorCode, Rulebook, Subject};
///
/// let book = Rulebook::standard();
/// let today = "2026-11-21".parse()?;
/// let born = book.field(Subject::Person, "dob").ok_or("no such field")?;
/// assert_eq!(born.check(Country::US, "1990-02-28", today), Ok(()));
/// assert_eq!(born.check(Country::US, "2020-02-28", today), Err(RequirementErrorCode::InvalidDobAgeUnderMinimum));
/// assert!(born.items().eq(["dob.day", "dob.month", "dob.year"]));
///
/// let tax_id = book.field(Subject::Company, "company.tax_id").ok_or("no such field")?;
/// assert_eq!((tax_id.verified_by(), tax_id.alternative()), (Some(Check::TaxId), Some("company.verification.document")));
/// assert_eq!(tax_id.check(Country::US, "12-3456", today), Err(RequirementErrorCode::InvalidTaxIdFormat));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRule {
    subject: Subject,
    path: Box<str>,
    format: FieldFormat,
    check: Option<Check>,
    alternative: Option<Box<str>>,
    renews: Box<[Box<str>]>,
    personal: bool,
    test_value: Box<str>,
    documented: bool,
    items: Box<[Box<str>]>,
    shapes: Arc<Shapes>,
    source: Source,
}

impl FieldRule {
    /// Whose field it is.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.subject
    }

    /// Its name: on the wire for fields of the account and the company, and behind the person for fields of a person.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What its value looks like.
    #[must_use]
    pub const fn format(&self) -> FieldFormat {
        self.format
    }

    /// How the outside world verifies it. `None` if it is taken as given.
    #[must_use]
    pub const fn verified_by(&self) -> Option<Check> {
        self.check
    }

    /// The path of the same subject that can be given instead when it cannot be verified, such as a document.
    #[must_use]
    pub fn alternative(&self) -> Option<&str> {
        self.alternative.as_deref()
    }

    /// The fields of the account that have to be given anew once this one was verified and is changed.
    // RULE: whoever changes a verified tax id accepts the terms anew (docs.stripe.com/connect/update-verified-information, 2024).
    pub fn renews(&self) -> impl Iterator<Item = &str> {
        self.renews.iter().map(AsRef::as_ref)
    }

    /// Whether its value says something about a person, so that it is kept apart and can be erased.
    #[must_use]
    pub const fn is_personal(&self) -> bool {
        self.personal
    }

    /// The names under which lists of requirements show it: its path, but for a date of birth its three parts.
    // RULE: dates of birth are asked for as day, month and year (docs.stripe.com/connect/testing-verification, 2024).
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(AsRef::as_ref)
    }

    /// A value that passes in that country, for tests and simulations.
    #[must_use]
    pub fn test_value(&self, country: Country) -> &str {
        let mut shapes = shape::of(&self.shapes, self.format, country).peekable();
        if self.documented || shapes.peek().is_none() {
            return &self.test_value;
        }
        let examples = || shape::of(&self.shapes, self.format, country);
        if examples().any(|shape| shape.accepts(&self.test_value)) {
            return &self.test_value;
        }
        shapes.next().map_or(&self.test_value, shape::Shape::example)
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// Whether a value is written as it should be, in a country: that of the address for parts of an address, that of the
    /// account otherwise.
    ///
    /// A value that test mode is documented to take (`000000000` for a number, `1901-01-01` for a date of birth) passes in every
    /// country; in earnest it is what the check by the outside world refuses.
    ///
    /// # Errors
    ///
    /// What is wrong, as the field names it; never the value.
    // RULE: invalid_tax_id_format, invalid_dob_age_under_minimum and the other codes are those of the requirements' errors
    // (API reference, 2026).
    pub fn check(&self, country: Country, value: &str, today: NaiveDate) -> Result<(), RequirementErrorCode> {
        if !format::can_be_seen(value) {
            return Err(RequirementErrorCode::InformationMissing);
        }
        if self.documented && *value == *self.test_value {
            return Ok(());
        }
        format::check(self.format, value, today)?;
        let mut shapes = shape::of(&self.shapes, self.format, country).peekable();
        if shapes.peek().is_none() || shapes.any(|shape| shape.accepts(value)) {
            Ok(())
        } else {
            Err(format::wrong(self.format))
        }
    }

    pub(super) fn with_shapes(mut self, shapes: &Arc<Shapes>) -> Self {
        self.shapes = Arc::clone(shapes);
        self
    }
}

/// Subject and path.
pub(super) type FieldKey = (Subject, Box<str>);

/// A row of `fields.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    subject: Subject,
    path: String,
    #[serde(deserialize_with = "table::parsed")]
    format: FieldFormat,
    check: Option<Check>,
    alternative: Option<String>,
    renews: Option<String>,
    #[serde(deserialize_with = "table::yes_or_no")]
    personal: bool,
    test_value: String,
    #[serde(deserialize_with = "table::yes_or_no")]
    documented: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(FieldKey, FieldRule), String> {
        let company = self.path.starts_with("company.");
        if self.path.is_empty() || company != (self.subject == Subject::Company) {
            return Err("paths of a company, and no others, begin with `company.`".to_owned());
        }
        if self.test_value.is_empty() {
            return Err("a field needs a value for tests".to_owned());
        }
        let path: Box<str> = self.path.into();
        let part = |part: &str| format!("{path}.{part}").into();
        let items = if self.format == FieldFormat::DateOfBirth {
            Box::from(["day", "month", "year"].map(part))
        } else {
            Box::from([path.clone()])
        };
        let rule = FieldRule {
            subject: self.subject,
            path: path.clone(),
            format: self.format,
            check: self.check,
            alternative: self.alternative.map(Into::into),
            renews: table::list(self.renews.as_deref().unwrap_or_default(), |path| Ok(path.into()))?,
            personal: self.personal,
            test_value: self.test_value.into(),
            documented: self.documented,
            items,
            shapes: Arc::default(),
            source: Source::new(self.source, self.year, self.note),
        };
        Ok(((self.subject, path), rule))
    }
}
