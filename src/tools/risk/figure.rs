//! What rules look at: figures, and what they are held against.

use serde::{Deserialize, Serialize};

use super::{RiskError, Tally};
use crate::money::{Currency, Money, Rate};

/// How many days a window can have: our own choice. Each is a row that is read.
pub const LONGEST_WINDOW: u16 = 120;

/// In what a rate is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Amounts, in minor units of the payments' currency.
    Amount,
    /// Numbers of payments, refunds or disputes.
    Number,
}

/// A figure of one account.
///
/// A window of so many days ends with the day of the look, in UTC, and has that day in it. Payments count on the day of their attempt,
/// refunds on the day on which they were booked, disputes on the day on which they were opened, and warnings on the day on which they were
/// given: all in the currency that the payer pays in, and none converted. Only payments that were attempted since the platform has rules
/// count, with all that came of them.
// Which day counts no page says: it is our own reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// For how many whole days the account has been there: a number.
    AccountAge,
    /// How many disputes were filed; inquiries that never became one are none: a number.
    Disputes {
        /// The window, in days.
        days: u16,
    },
    /// The disputes filed, of the payments that succeeded, both within the window: a rate.
    DisputeRate {
        /// The window, in days.
        days: u16,
        /// Of numbers or of amounts.
        of: Share,
        /// How many payments there have to be before there is a rate.
        least: u32,
    },
    /// How many whole days ago the first payment came in; no figure before there is one: a number.
    FirstPayment,
    /// How many early fraud warnings were given: a number.
    FraudWarnings {
        /// The window, in days.
        days: u16,
    },
    /// What the account owes and the platform answers for: an amount.
    NegativeExposure,
    /// How many payments succeeded: a number.
    Payments {
        /// The window, in days.
        days: u16,
    },
    /// After how many days a card payment is available to be paid out: a number.
    PayoutSpeed,
    /// The refunds, of the payments that succeeded, both within the window: a rate.
    RefundRate {
        /// The window, in days.
        days: u16,
        /// Of numbers or of amounts.
        of: Share,
        /// How many payments there have to be before there is a rate.
        least: u32,
    },
    /// What was paid: an amount.
    Volume {
        /// The window, in days.
        days: u16,
    },
}

impl Figure {
    /// The window, in days, where it has one.
    pub const fn days(self) -> Option<u16> {
        match self {
            Self::Disputes { days }
            | Self::DisputeRate { days, .. }
            | Self::FraudWarnings { days }
            | Self::Payments { days }
            | Self::RefundRate { days, .. }
            | Self::Volume { days } => Some(days),
            Self::AccountAge | Self::FirstPayment | Self::NegativeExposure | Self::PayoutSpeed => None,
        }
    }

    /// What it is where so much was counted in its window; nothing where it is not counted, or where there are too few payments.
    pub(crate) fn counted(self, tally: &Tally) -> Option<Value> {
        match self {
            Self::Disputes { .. } => Some(Value::Number(tally.disputes)),
            Self::FraudWarnings { .. } => Some(Value::Number(tally.warnings)),
            Self::Payments { .. } => Some(Value::Number(tally.payments)),
            Self::Volume { .. } => Some(Value::Amount(tally.volume)),
            Self::DisputeRate { of, least, .. } => tally.share(of, least, (tally.disputes, tally.disputed)),
            Self::RefundRate { of, least, .. } => tally.share(of, least, (tally.refunds, tally.refunded)),
            Self::AccountAge | Self::FirstPayment | Self::NegativeExposure | Self::PayoutSpeed => None,
        }
    }
}

/// What a figure came to, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A number, or days.
    Number(i64),
    /// An amount, in minor units.
    Amount(i64),
    /// So many of so many, or so much of so much in minor units: never rounded.
    Share {
        /// Of these.
        part: i64,
        /// There were so many; never none.
        whole: i64,
    },
}

/// What a figure is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// A number, or days.
    Number(u32),
    /// An amount.
    Amount(Money),
    /// A rate.
    Rate(Rate),
}

/// On which side of the threshold a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// As large as it, or larger.
    AtLeast,
    /// Smaller.
    Below,
}

/// When a rule is about an account: one of its figures, held against a threshold.
///
/// ```
/// use fundroute::tools::risk::{Condition, Figure, Share};
///
/// // At least 1 % of the payments of 30 days were disputed, and there were 100 at least.
/// let rate = Figure::DisputeRate { days: 30, of: Share::Number, least: 100 };
/// let condition = Condition::at_least_rate(rate, "1 %".parse()?);
/// assert!(condition.check().is_ok());
/// // A number is no rate.
/// assert!(Condition::at_least(rate, 3).check().is_err());
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Condition {
    /// The figure.
    pub figure: Figure,
    /// On which side of the threshold.
    pub comparison: Comparison,
    /// The threshold.
    pub threshold: Threshold,
    /// In which currency the figure is taken: that of the threshold where that is an amount, otherwise the account's own, where none is
    /// named. No other currency is counted into it.
    pub currency: Option<Currency>,
}

impl Condition {
    /// The figure is that number, or larger.
    pub const fn at_least(figure: Figure, number: u32) -> Self {
        Self { figure, comparison: Comparison::AtLeast, threshold: Threshold::Number(number), currency: None }
    }

    /// The figure is smaller than that number.
    pub const fn below(figure: Figure, number: u32) -> Self {
        Self { figure, comparison: Comparison::Below, threshold: Threshold::Number(number), currency: None }
    }

    /// The figure is that amount, or larger.
    pub const fn at_least_amount(figure: Figure, amount: Money) -> Self {
        Self { figure, comparison: Comparison::AtLeast, threshold: Threshold::Amount(amount), currency: None }
    }

    /// The figure is that rate, or larger.
    pub const fn at_least_rate(figure: Figure, rate: Rate) -> Self {
        Self { figure, comparison: Comparison::AtLeast, threshold: Threshold::Rate(rate), currency: None }
    }

    /// The same in this currency.
    #[must_use]
    pub const fn in_currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// In which currency the figure of an account is taken whose own currency this is.
    pub(crate) fn currency_of(&self, own: Currency) -> Currency {
        self.named_currency().unwrap_or(own)
    }

    /// The currency that it names, by itself or by its threshold.
    pub(crate) const fn named_currency(&self) -> Option<Currency> {
        match self.threshold {
            Threshold::Amount(amount) => Some(amount.currency()),
            Threshold::Number(_) | Threshold::Rate(_) => self.currency,
        }
    }

    /// That it says something.
    ///
    /// # Errors
    /// [`RiskError::WindowOutOfRange`], [`RiskError::WrongThreshold`] where a figure is held against something else than what it is, or
    /// against an amount in another currency, and [`RiskError::SaysNothing`] where it always holds, or never can.
    pub fn check(&self) -> Result<(), RiskError> {
        if let Some(days) = self.figure.days().filter(|days| *days == 0 || *days > LONGEST_WINDOW) {
            return Err(RiskError::WindowOutOfRange { days, most: LONGEST_WINDOW });
        }
        let is_zero = match (self.figure, self.threshold) {
            (Figure::NegativeExposure | Figure::Volume { .. }, Threshold::Amount(amount)) => {
                if self.currency.is_some_and(|currency| currency != amount.currency()) {
                    return Err(RiskError::WrongThreshold(self.figure));
                }
                !amount.is_positive()
            }
            (Figure::DisputeRate { .. } | Figure::RefundRate { .. }, Threshold::Rate(rate)) => rate == Rate::ZERO,
            (
                Figure::AccountAge
                | Figure::Disputes { .. }
                | Figure::FirstPayment
                | Figure::FraudWarnings { .. }
                | Figure::Payments { .. }
                | Figure::PayoutSpeed,
                Threshold::Number(number),
            ) => number == 0,
            (_, Threshold::Amount(_) | Threshold::Number(_) | Threshold::Rate(_)) => {
                return Err(RiskError::WrongThreshold(self.figure));
            }
        };
        // No figure is below nothing: at least nothing is always so, and below nothing never.
        if is_zero { Err(RiskError::SaysNothing) } else { Ok(()) }
    }

    /// Whether a figure that came to this is on the side that is meant.
    // ROUNDING: none: a share is compared by multiplying.
    pub(crate) fn holds(&self, value: Value) -> bool {
        let at_least = match (value, self.threshold) {
            (Value::Number(value), Threshold::Number(number)) => value >= i64::from(number),
            (Value::Amount(value), Threshold::Amount(amount)) => value >= amount.minor(),
            (Value::Share { part, whole }, Threshold::Rate(rate)) => {
                // INVARIANT: an i64 times a trillion, and times a rate, fits in an i128.
                let part = i128::from(part).saturating_mul(i128::from(Rate::WHOLE.trillionths()));
                part >= i128::from(whole).saturating_mul(i128::from(rate.trillionths()))
            }
            (Value::Number(_) | Value::Amount(_) | Value::Share { .. }, _) => return false,
        };
        match self.comparison {
            Comparison::AtLeast => at_least,
            Comparison::Below => !at_least,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{eur, usd};

    #[test]
    fn a_condition_that_says_nothing_is_refused() {
        let volume = Figure::Volume { days: 30 };
        let rate = Figure::RefundRate { days: 1, of: Share::Amount, least: 0 };
        for condition in [
            Condition::at_least(Figure::Payments { days: 30 }, 0),
            Condition::below(Figure::AccountAge, 0),
            Condition::at_least_amount(volume, usd(0)),
            Condition::at_least_amount(volume, usd(-1)),
            Condition::at_least_rate(rate, Rate::ZERO),
        ] {
            assert_eq!(condition.check(), Err(RiskError::SaysNothing), "{condition:?}");
        }
        for days in [0, LONGEST_WINDOW + 1, u16::MAX] {
            let condition = Condition::at_least(Figure::Payments { days }, 1);
            assert_eq!(condition.check(), Err(RiskError::WindowOutOfRange { days, most: LONGEST_WINDOW }));
        }
        for condition in [
            Condition::at_least(volume, 1),
            Condition::at_least_amount(rate, usd(1)),
            Condition::at_least_rate(Figure::AccountAge, Rate::WHOLE),
            Condition::at_least_amount(volume, usd(1)).in_currency(eur(1).currency()),
        ] {
            assert_eq!(condition.check(), Err(RiskError::WrongThreshold(condition.figure)), "{condition:?}");
        }
    }

    #[test]
    fn a_rate_is_compared_exactly_and_needs_its_sample() {
        let third = Figure::DisputeRate { days: 7, of: Share::Number, least: 3 };
        let tally = |payments, disputes| Tally { payments, disputes, ..Tally::default() };
        assert_eq!(third.counted(&tally(2, 2)), None, "two of two are too few");
        let one_of_three = third.counted(&tally(3, 1)).unwrap();
        assert_eq!(one_of_three, Value::Share { part: 1, whole: 3 });
        // A third lies between these two.
        let at_least = |rate: &str| Condition::at_least_rate(third, rate.parse().unwrap());
        assert!(at_least("33.3333333333 %").holds(one_of_three));
        assert!(!at_least("33.3333333334 %").holds(one_of_three));
        let huge = Value::Share { part: i64::MAX, whole: i64::MAX };
        assert!(at_least("100 %").holds(huge) && !at_least("100.0000000001 %").holds(huge));
        assert_eq!(Figure::DisputeRate { days: 7, of: Share::Number, least: 0 }.counted(&tally(0, 1)), None);
    }
}
