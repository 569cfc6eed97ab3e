//! How little may be paid out, and why banks send payouts back.

use std::collections::BTreeSet;

use iso_country::Country;
use serde::Deserialize;

use super::{DestinationKind, RulebookError, Source, Table, table};
use crate::money::Currency;

/// Which amounts can be paid out to a bank, in minor units of the currency they were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutLimits {
    min: i64,
    multiple: i64,
}

impl PayoutLimits {
    /// Payouts of at least `min` minor units, in multiples of `multiple`.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Invalid`] if either is below one.
    pub const fn new(min: i64, multiple: i64) -> Result<Self, RulebookError> {
        if min < 1 || multiple < 1 {
            let reason = "payouts are at least one minor unit, and multiples of at least one";
            return Err(RulebookError::Invalid { table: Table::PayoutMinimums, reason });
        }
        Ok(Self { min, multiple })
    }

    /// The smallest payout.
    #[must_use]
    pub const fn min(self) -> i64 {
        self.min
    }

    /// Payouts are multiples of this.
    #[must_use]
    pub const fn multiple(self) -> i64 {
        self.multiple
    }

    /// Whether exactly this amount can be paid out.
    #[must_use]
    pub const fn allows(self, minor: i64) -> bool {
        minor >= self.min && minor.rem_euclid(self.multiple) == 0
    }

    /// The most of an available amount that can be paid out. What stays behind waits for more.
    ///
    /// ```
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// // RULE: of 10.45 forint, 10 can leave (docs.stripe.com/currencies, 2024).
    /// let limits = Rulebook::standard().payout_limits(Country::HU, Currency::HUF);
    /// assert_eq!(limits.payable(10_45), Some(10_00));
    /// assert_eq!(limits.payable(99), None);
    /// ```
    #[must_use]
    pub const fn payable(self, available: i64) -> Option<i64> {
        if available < self.min {
            return None;
        }
        // INVARIANT: `available` is positive here, so taking its remainder off stays at or above zero.
        let whole = available.saturating_sub(available.rem_euclid(self.multiple));
        if whole < self.min { None } else { Some(whole) }
    }
}

/// Where payouts have no trace ids; and where only those within minutes have none.
// RULE: docs.stripe.com/payouts/trace-ids (2026).
pub(super) fn traceless() -> [BTreeSet<Country>; 2] {
    let never = [Country::AR, Country::BO, Country::CL, Country::CO, Country::EG, Country::JP, Country::PH];
    [BTreeSet::from(never), BTreeSet::from([Country::GB])]
}

/// The limits of one country and currency as a table or a host gave them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PayoutMinimum {
    min: i64,
    /// The currency's own where it is not given.
    multiple: Option<i64>,
    source: Source,
}

impl PayoutMinimum {
    pub(super) fn of_host(limits: PayoutLimits) -> Self {
        Self { min: limits.min, multiple: Some(limits.multiple), source: Source::host() }
    }

    pub(super) const fn source(&self) -> &Source {
        &self.source
    }
}

/// The limits by what is known of them: a row on the minimum, and the multiple of the currency.
pub(super) fn limits(minimum: Option<&PayoutMinimum>, currency_multiple: i64) -> PayoutLimits {
    PayoutLimits {
        min: minimum.map_or(1, |minimum| minimum.min),
        multiple: minimum.and_then(|minimum| minimum.multiple).unwrap_or(currency_multiple),
    }
}

/// Why a bank sent a payout back, by the code it comes with.
///
/// Banks have more reasons than any list: a code that is not in the table is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutFailureRule {
    code: Box<str>,
    applies_to: Box<[DestinationKind]>,
    breaks_destination: bool,
    meaning: Box<str>,
    source: Source,
}

impl PayoutFailureRule {
    /// The code on the wire, such as `account_closed`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What such a payout went to.
    #[must_use]
    pub fn applies_to(&self) -> &[DestinationKind] {
        &self.applies_to
    }

    /// Whether nothing more is paid out to this bank account or card until its owner changes its details.
    #[must_use]
    pub const fn breaks_destination(&self) -> bool {
        self.breaks_destination
    }

    /// What happened, for a person.
    #[must_use]
    pub fn meaning(&self) -> &str {
        &self.meaning
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// A row of `payout_minimums.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MinimumRow {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    min: i64,
    multiple: Option<i64>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl MinimumRow {
    pub(super) fn check(self) -> Result<((Country, Currency), PayoutMinimum), String> {
        PayoutLimits::new(self.min, self.multiple.unwrap_or(1)).map_err(|error| error.to_string())?;
        let source = Source::new(self.source, self.year, self.note);
        Ok(((self.country, self.currency), PayoutMinimum { min: self.min, multiple: self.multiple, source }))
    }
}

/// A row of `payout_failure_codes.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FailureRow {
    code: String,
    applies_to: String,
    #[serde(deserialize_with = "table::yes_or_no")]
    breaks_destination: bool,
    meaning: String,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl FailureRow {
    pub(super) fn check(self) -> Result<(Box<str>, PayoutFailureRule), String> {
        let applies_to =
            table::list(&self.applies_to, |kind| kind.parse::<DestinationKind>().map_err(|error| error.to_string()))?;
        let rule = PayoutFailureRule {
            code: self.code.into(),
            applies_to,
            breaks_destination: self.breaks_destination,
            meaning: self.meaning.into(),
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((rule.code.clone(), rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_at_least_one() {
        for (min, multiple) in [(0, 1), (-1, 1), (1, 0), (1, i64::MIN)] {
            assert!(PayoutLimits::new(min, multiple).is_err(), "{min} {multiple}");
        }
        assert!(PayoutLimits::new(i64::MAX, i64::MAX).is_ok());
    }

    #[test]
    fn what_can_leave_is_whole_and_enough() {
        let forint = PayoutLimits::new(100, 100).unwrap();
        let table = [(0, None), (99, None), (100, Some(100)), (199, Some(100)), (1_045, Some(1_000)), (-500, None)];
        for (available, expected) in table {
            assert_eq!(forint.payable(available), expected, "{available}");
        }
        // A minimum that is no multiple: 500 leaves, 499 does not, and 499 is all that 499 would round down to.
        let odd = PayoutLimits::new(450, 100).unwrap();
        assert_eq!((odd.payable(499), odd.payable(500)), (None, Some(500)));
        assert_eq!(PayoutLimits::new(1, 1).unwrap().payable(i64::MAX), Some(i64::MAX));
        assert_eq!(forint.payable(i64::MIN), None);
        assert!(forint.allows(200) && !forint.allows(250) && !forint.allows(0) && !forint.allows(-100));
    }
}
