//! Where a rule comes from.

use std::fmt;

/// The page that a rule was read from, or `the host` for one that the host made.
///
/// ```
/// use fundroute::money::Currency;
/// use fundroute::rulebook::{Country, PaymentMethod, Rulebook};
///
/// let book = Rulebook::standard();
/// let price = book.price(Country::US, PaymentMethod::Card, Currency::USD)?;
/// assert_eq!(price.source().to_string(), "stripe.com/pricing, 2026");
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    page: Box<str>,
    year: Option<u16>,
    note: Box<str>,
}

impl Source {
    pub(super) fn new(page: String, year: Option<u16>, note: Option<String>) -> Self {
        Self { page: page.into(), year, note: note.unwrap_or_default().into() }
    }

    pub(super) fn host() -> Self {
        Self::new("the host".to_owned(), None, None)
    }

    /// The page, or what it is where there is no page.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.page
    }

    /// The year in which the page said so, where known.
    #[must_use]
    pub const fn year(&self) -> Option<u16> {
        self.year
    }

    /// What else there is to know. Empty if nothing.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{}, {year}", self.page),
            None => f.write_str(&self.page),
        }
    }
}
