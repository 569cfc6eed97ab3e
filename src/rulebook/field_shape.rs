//! How numbers and codes are written, country by country.

use std::collections::BTreeMap;

use iso_country::Country;
use serde::Deserialize;

use super::check_digits::CheckDigits;
use super::{FieldFormat, Source, table};

/// How values of a format are written in one country: one of several kinds of number, or one list of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    patterns: Box<[Box<str>]>,
    check_digits: Option<CheckDigits>,
    example: Box<str>,
    source: Source,
}

/// Every shape, by what it is a shape of.
pub(super) type Shapes = BTreeMap<ShapeKey, Shape>;

/// Format, country, and the kind of number.
pub(super) type ShapeKey = (FieldFormat, Country, Box<str>);

/// The shapes of a format in a country. None if nothing is known.
pub(super) fn of(shapes: &Shapes, format: FieldFormat, country: Country) -> impl Iterator<Item = &Shape> {
    let from: ShapeKey = (format, country, Box::default());
    shapes.range(from..).take_while(move |((f, c, _), _)| (*f, *c) == (format, country)).map(|(_, shape)| shape)
}

impl Shape {
    /// Whether a value is written like this. How it is set in groups does not matter, and neither does case.
    pub(super) fn accepts(&self, value: &str) -> bool {
        let value = squeezed(value);
        self.patterns.iter().any(|pattern| fits(pattern, &value))
            && self.check_digits.is_none_or(|check| check.holds(&value))
    }

    pub(super) fn example(&self) -> &str {
        &self.example
    }

    #[cfg(test)]
    pub(super) const fn source(&self) -> &Source {
        &self.source
    }
}

/// A value without what only groups it.
fn squeezed(value: &str) -> String {
    value.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/')).map(|c| c.to_ascii_uppercase()).collect()
}

/// In a pattern `#` is a digit, `@` a letter, `*` either, and everything else itself.
fn fits(pattern: &str, value: &str) -> bool {
    let one = |(wanted, found): (char, char)| match wanted {
        '#' => found.is_ascii_digit(),
        '@' => found.is_ascii_alphabetic(),
        '*' => found.is_ascii_alphanumeric(),
        literal => literal == found,
    };
    pattern.chars().count() == value.chars().count() && pattern.chars().zip(value.chars()).all(one)
}

/// A row of `field_shapes.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    format: FieldFormat,
    #[serde(deserialize_with = "table::country")]
    country: Country,
    kind: String,
    shapes: String,
    check_digits: Option<CheckDigits>,
    example: String,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(ShapeKey, Shape), String> {
        let patterns = table::list(&self.shapes, |pattern| Ok(squeezed(pattern).into()))?;
        let example = self.example.into();
        let source = Source::new(self.source, self.year, self.note);
        let shape = Shape { patterns, check_digits: self.check_digits, example, source };
        if !shape.accepts(shape.example()) {
            return Err("the example is not written like the row says".to_owned());
        }
        Ok(((self.format, self.country, self.kind.into()), shape))
    }
}
