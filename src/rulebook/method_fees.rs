//! What the processor takes when a payment fails, or is disputed, by how it was made.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{PaymentMethod, Rulebook, RulebookError, Source, Table, table};
use crate::calendar::Timestamp;
use crate::money::{Currency, Money};

/// What the processor takes beside its price for a payment by one method, settled in one currency, from one day on.
///
/// ```
/// use fundroute::calendar::utc;
/// use fundroute::money::{Currency, eur, usd};
/// use fundroute::rulebook::{MethodFees, PaymentMethod, Rulebook};
///
/// let book = Rulebook::standard();
/// let debit = |book: &Rulebook, method, currency| {
///     book.method_fees(method, currency, utc(2026, 11, 2)).map(|fees| (fees.failure(), fees.dispute()))
/// };
/// let sepa = debit(&book, PaymentMethod::SepaDebit, Currency::EUR);
/// assert_eq!(sepa, Some((Some(eur(3_50)), Some(eur(15_00)))));
///
/// // What it is over Bacs no page says: a host puts in what it pays.
/// assert_eq!(debit(&book, PaymentMethod::BacsDebit, Currency::GBP), None);
/// let ours = MethodFees::new(PaymentMethod::UsBankAccount, Currency::USD).of_failure(2_00);
/// let book = book.with_method_fees(ours)?;
/// assert_eq!(debit(&book, PaymentMethod::UsBankAccount, Currency::USD), Some((Some(usd(2_00)), None)));
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodFees {
    method: PaymentMethod,
    currency: Currency,
    failure: Option<i64>,
    dispute: Option<i64>,
    from: Option<NaiveDate>,
    source: Source,
}

/// Far above every fee, and far below what an amount can be.
const MOST: i64 = 1_000_000_000_000_000;

/// What a row is about; of several for one method and currency the latest that has begun holds.
pub(super) type FeesKey = (PaymentMethod, Currency, Option<NaiveDate>);

impl MethodFees {
    /// Fees of the host's own, none of which is known yet.
    #[must_use]
    pub fn new(method: PaymentMethod, currency: Currency) -> Self {
        Self { method, currency, failure: None, dispute: None, from: None, source: Source::host() }
    }

    /// The same, with so many minor units for a payment that failed.
    #[must_use]
    pub const fn of_failure(mut self, minor: i64) -> Self {
        self.failure = Some(minor);
        self
    }

    /// The same, with so many minor units for a payment that is disputed.
    #[must_use]
    pub const fn of_dispute(mut self, minor: i64) -> Self {
        self.dispute = Some(minor);
        self
    }

    /// The same, from a day on.
    #[must_use]
    pub const fn from(mut self, day: NaiveDate) -> Self {
        self.from = Some(day);
        self
    }

    /// How it is paid.
    #[must_use]
    pub const fn method(&self) -> PaymentMethod {
        self.method
    }

    /// What is taken for a payment that failed, where that is known.
    #[must_use]
    pub fn failure(&self) -> Option<Money> {
        self.failure.map(|minor| Money::new(minor, self.currency))
    }

    /// What is taken for a payment that is disputed, where that is known. It is not given back.
    #[must_use]
    pub fn dispute(&self) -> Option<Money> {
        self.dispute.map(|minor| Money::new(minor, self.currency))
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    const fn key(&self) -> FeesKey {
        (self.method, self.currency, self.from)
    }

    fn problem(&self) -> Option<&'static str> {
        let fees = || self.failure.into_iter().chain(self.dispute);
        if fees().any(|fee| fee < 0) {
            return Some("a fee is never negative");
        }
        fees().any(|fee| fee > MOST).then_some("no fee is that high")
    }
}

/// What a failure and a dispute cost.
impl Rulebook {
    /// What the processor takes when a payment by that method fails or is disputed, by the currency in which it settles, at a time.
    /// `None` where that is not known, which is not the same as nothing.
    #[must_use]
    pub fn method_fees(&self, method: PaymentMethod, currency: Currency, at: Timestamp) -> Option<&MethodFees> {
        let rows = self.0.method_fees.range((method, currency, None)..=(method, currency, Some(at.date())));
        rows.last().map(|(_, fees)| fees)
    }

    /// Every such fee that is known.
    pub fn all_method_fees(&self) -> impl Iterator<Item = &MethodFees> {
        self.0.method_fees.values()
    }

    /// The book with other fees, in place of those for the same method, currency and first day.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Invalid`] if the fees contradict themselves.
    pub fn with_method_fees(mut self, fees: MethodFees) -> Result<Self, RulebookError> {
        if let Some(reason) = fees.problem() {
            return Err(RulebookError::Invalid { table: Table::MethodFees, reason });
        }
        self.book_mut().method_fees.insert(fees.key(), fees);
        Ok(self)
    }

    pub(super) fn read_method_fees(&mut self, csv: &str) -> Result<(), RulebookError> {
        let fees = table::read(Table::MethodFees, csv, Row::check)?;
        self.book_mut().method_fees.extend(fees);
        Ok(())
    }
}

/// A row of `method_fees.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::parsed")]
    method: PaymentMethod,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    failure: Option<i64>,
    dispute: Option<i64>,
    from: Option<NaiveDate>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<(FeesKey, MethodFees), String> {
        let fees = MethodFees {
            method: self.method,
            currency: self.currency,
            failure: self.failure,
            dispute: self.dispute,
            from: self.from,
            source: Source::new(self.source, self.year, self.note),
        };
        fees.problem().map_or(Ok((fees.key(), fees)), |problem| Err(problem.to_owned()))
    }
}
