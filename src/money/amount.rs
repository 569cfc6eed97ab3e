//! Amounts of money, and every way in which handling them can fail.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Currency;

/// An amount of money: a whole number of minor units (cents) of one currency, negative for a debt.
///
/// There are no operators, because every sum can overflow or mix currencies: the `checked_` methods
/// say so in their type. Amounts have no order of their own for the same reason;
/// [`checked_cmp`](Money::checked_cmp) compares two of one currency.
///
/// ```
/// use fundroute::money::{Currency, Money, eur, usd};
///
/// let price = Money::new(12_34, Currency::USD);
/// assert_eq!(price, usd(12_34));
/// assert_eq!(price.to_string(), "12.34 USD");
/// assert_eq!("12.34 USD".parse(), Ok(price));
/// assert_eq!(price.checked_add(usd(1)), Ok(usd(12_35)));
/// assert!(price.checked_add(eur(1)).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// So many minor units: 1234 is 12.34 in a currency with two digits, and 1234 in one with none.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in that currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads an amount in major units, as people write it.
    ///
    /// Accepted are an optional minus, digits, and at most as many decimals as the currency has,
    /// with a point between: `12`, `12.3`, `12.34`, `-0.05`. Nothing is ever rounded: a decimal too
    /// many is refused, even if it is a zero. So are a plus, an exponent, spaces, separators of
    /// thousands, and a point without a digit on either side.
    ///
    /// ```
    /// use fundroute::money::{Currency, Money, MoneyError, usd};
    ///
    /// assert_eq!(Money::parse_major("12.3", Currency::USD), Ok(usd(12_30)));
    /// let refused = Money::parse_major("0.1575", Currency::USD);
    /// assert!(matches!(refused, Err(MoneyError::FractionalMinorUnit { .. })));
    /// ```
    ///
    /// # Errors
    ///
    /// [`MoneyError::InvalidAmount`] for what is not a number, [`MoneyError::FractionalMinorUnit`]
    /// for a number with too many decimals, [`MoneyError::Overflow`] for one too large to hold.
    pub fn parse_major(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        match fixed_point(text, currency.exponent()) {
            Ok(minor) => Ok(Self::new(minor, currency)),
            Err(Misfit::NotANumber) => Err(MoneyError::InvalidAmount(text.to_owned())),
            Err(Misfit::TooFine) => Err(MoneyError::FractionalMinorUnit { text: text.to_owned(), currency }),
            Err(Misfit::TooLarge) => Err(MoneyError::Overflow),
        }
    }

    /// The number of minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in major units without its currency, for printing.
    ///
    /// ```
    /// use fundroute::money::{jpy, usd};
    ///
    /// assert_eq!(usd(-5).major().to_string(), "-0.05");
    /// assert_eq!(format!("{:>8}", jpy(500).major()), "     500");
    /// ```
    pub const fn major(self) -> Major {
        Major(self)
    }

    /// Whether this is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether this is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Whether this is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum of the two.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] if the currencies differ, [`MoneyError::Overflow`] if the
    /// sum is too large to hold.
    pub fn checked_add(self, other: Money) -> Result<Self, MoneyError> {
        self.require_same_currency(other)?;
        self.with(self.minor.checked_add(other.minor))
    }

    /// This less the other.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] if the currencies differ, [`MoneyError::Overflow`] if the
    /// difference is too large to hold.
    pub fn checked_sub(self, other: Money) -> Result<Self, MoneyError> {
        self.require_same_currency(other)?;
        self.with(self.minor.checked_sub(other.minor))
    }

    /// The same amount with the other sign.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] for the one amount that has no opposite, the lowest.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.with(self.minor.checked_neg())
    }

    /// Which of the two is more.
    ///
    /// ```
    /// use fundroute::money::{eur, usd};
    ///
    /// assert!(usd(2).checked_cmp(usd(1))?.is_gt());
    /// assert!(usd(2).checked_cmp(eur(1)).is_err());
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] if the currencies differ.
    pub fn checked_cmp(self, other: Money) -> Result<Ordering, MoneyError> {
        self.require_same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    pub(super) fn require_same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }

    fn with(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        minor.map(|minor| Self::new(minor, self.currency)).ok_or(MoneyError::Overflow)
    }
}

impl fmt::Display for Money {
    /// Honours width, fill and sign; ignores a precision, which would hide digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{} {}", unsigned_major(*self)?, self.currency);
        f.pad_integral(!self.is_negative(), "", &text)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads what `Display` writes: the amount as [`Money::parse_major`] takes it, one space, the
    /// currency's code.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((major, code)) = text.split_once(' ') else {
            return Err(MoneyError::InvalidAmount(text.to_owned()));
        };
        Self::parse_major(major, code.parse()?)
    }
}

/// An amount in major units without its currency: what [`Money::major`] prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Major(Money);

impl fmt::Display for Major {
    /// Honours width, fill and sign; ignores a precision, which would hide digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad_integral(!self.0.is_negative(), "", &unsigned_major(self.0)?.to_string())
    }
}

fn unsigned_major(amount: Money) -> Result<Decimal, fmt::Error> {
    Decimal::try_new(amount.minor, amount.currency.exponent()).map(|major| major.abs()).map_err(|_| fmt::Error)
}

/// Why a text is not a number with so many decimals.
pub(super) enum Misfit {
    NotANumber,
    TooFine,
    TooLarge,
}

/// Reads a plain decimal number as a whole number of its last place: `12.3` with two places is
/// 1230.
pub(super) fn fixed_point(text: &str, places: u32) -> Result<i64, Misfit> {
    let (is_negative, number) = match text.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, text),
    };
    let (whole, decimals) = match number.split_once('.') {
        Some((_, "")) => return Err(Misfit::NotANumber),
        Some(halves) => halves,
        None => (number, ""),
    };
    let is_plain = !whole.is_empty() && whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit());
    if !is_plain {
        return Err(Misfit::NotANumber);
    }
    let mut decimals = decimals.bytes();
    let padded = (0..places).map(|_| decimals.next().unwrap_or(b'0'));
    // Counted downwards, since there is one more number below zero than above.
    let below = whole
        .bytes()
        .chain(padded)
        .try_fold(0_i64, |value, digit| value.checked_mul(10)?.checked_sub(i64::from(digit.saturating_sub(b'0'))));
    if decimals.next().is_some() {
        return Err(Misfit::TooFine);
    }
    let value = if is_negative { below } else { below.and_then(i64::checked_neg) };
    value.ok_or(Misfit::TooLarge)
}

/// US dollars, in cents: `usd(100_00)` is 100.00 USD.
pub const fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Euros, in cents: `eur(100_00)` is 100.00 EUR.
pub const fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// Pounds sterling, in pence: `gbp(100_00)` is 100.00 GBP.
pub const fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

/// Brazilian reais, in centavos: `brl(100_00)` is 100.00 BRL.
pub const fn brl(minor: i64) -> Money {
    Money::new(minor, Currency::BRL)
}

/// Japanese yen, which have no minor unit: `jpy(100)` is 100 JPY.
pub const fn jpy(minor: i64) -> Money {
    Money::new(minor, Currency::JPY)
}

/// Why an amount could not be read, computed or split.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// Two amounts of different currencies met where only one currency makes sense. Convert one
    /// first.
    #[error("`{left}` and `{right}` are different currencies")]
    CurrencyMismatch {
        /// The currency of the amount acted upon.
        left: Currency,
        /// The currency of the other amount.
        right: Currency,
    },
    /// A number that would need a part of a minor unit. Round it where it was computed.
    #[error("`{text}` has more decimals than {currency} can hold")]
    FractionalMinorUnit {
        /// The text as it was given.
        text: String,
        /// The currency it was to be an amount of.
        currency: Currency,
    },
    /// A text that is not an amount at all.
    #[error("`{0}` is not an amount of money")]
    InvalidAmount(String),
    /// A division by zero or by a negative number.
    #[error("cannot divide by `{0}`, only by a number above zero")]
    InvalidDivisor(i64),
    /// An exchange rate that is not a plain number above zero, or not one between a currency and
    /// itself.
    #[error("`{0}` is not a usable exchange rate")]
    InvalidExchangeRate(String),
    /// A share of a running total that makes no sense: more than the base, or more given than there
    /// is.
    #[error("no share of `{whole}` can be drawn for `{so_far}` of `{base}` with `{given}` given before")]
    InvalidProportion {
        /// The amount that is shared out over time.
        whole: i64,
        /// The running total that has come in.
        so_far: i64,
        /// What the running total comes to in the end.
        base: i64,
        /// What was given of the whole before.
        given: i64,
    },
    /// A rate below zero, above a million times the amount, with more than ten decimals of a
    /// percent, or not a rate at all.
    #[error("`{0}` is not a usable rate")]
    InvalidRate(String),
    /// An amount below zero where only an amount to hand out or handed out makes sense.
    #[error("`{0}` is below zero and cannot be handed out")]
    NegativeAmount(Money),
    /// A result too large to hold.
    #[error("the amount is too large to hold")]
    Overflow,
    /// The parts given before do not match the parties of the split.
    #[error("the split has `{parties}` parties, but `{parts}` parts were given")]
    PartCount {
        /// How many weights the split has.
        parties: usize,
        /// How many parts came in.
        parts: usize,
    },
    /// The party named for the spare units has no weight, so it takes no part in the split.
    #[error("party `{0}` has no weight in the split and cannot take its spare units")]
    SpareWithoutWeight(usize),
    /// A split without any weight above zero.
    #[error("a split needs at least one weight above zero")]
    SplitWithoutWeight,
    /// A code that is no currency of the payments API.
    #[error("`{0}` is not a known currency")]
    UnknownCurrency(String),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency() -> impl Strategy<Value = Currency> {
        prop::sample::select(Currency::all().collect::<Vec<_>>())
    }

    #[test]
    fn text_has_the_digits_of_the_currency() {
        let kwd = |minor| Money::new(minor, Currency::KWD);
        for (amount, text) in [
            (usd(12_34), "12.34 USD"),
            (usd(0), "0.00 USD"),
            (usd(-5), "-0.05 USD"),
            (usd(i64::MIN), "-92233720368547758.08 USD"),
            (usd(i64::MAX), "92233720368547758.07 USD"),
            (jpy(500), "500 JPY"),
            (jpy(i64::MIN), "-9223372036854775808 JPY"),
            (kwd(1_234), "1.234 KWD"),
            (kwd(-1), "-0.001 KWD"),
        ] {
            assert_eq!(amount.to_string(), text);
            assert_eq!(text.parse(), Ok(amount));
            assert_eq!(format!("{} {}", amount.major(), amount.currency()), text);
        }
    }

    #[test]
    fn text_lines_up_and_never_hides_digits() {
        assert_eq!(format!("[{:>12}]", usd(-12_34)), "[  -12.34 USD]");
        assert_eq!(format!("[{:<12.1}]", usd(12_34)), "[12.34 USD   ]");
        assert_eq!(format!("[{:+.0}]", usd(12_34).major()), "[+12.34]");
        assert_eq!(format!("[{:08}]", usd(-12_34).major()), "[-0012.34]");
    }

    #[test]
    fn major_units_are_read_as_people_write_them() {
        for (text, minor) in [
            ("12.34", 12_34),
            ("12.3", 12_30),
            ("12", 12_00),
            ("-0.05", -5),
            ("-0", 0),
            ("0012.34", 12_34),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(Money::parse_major(text, Currency::USD), Ok(usd(minor)), "{text}");
        }
        assert_eq!(Money::parse_major("0.5", Currency::KWD), Ok(Money::new(500, Currency::KWD)));
        assert_eq!(Money::parse_major("15", Currency::JPY), Ok(jpy(15)));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "", "-", ".", "-.", "5.", ".5", "+5", "--5", "1e3", "1,000", "1_000", " 1", "1 ", "1.2.3", "0x1", "NaN",
            "١",
        ] {
            let refused = Money::parse_major(text, Currency::USD);
            assert_eq!(refused, Err(MoneyError::InvalidAmount(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_part_of_a_minor_unit_is_refused_and_never_rounded() {
        for (text, currency) in [
            ("12.345", Currency::USD),
            ("12.340", Currency::USD),
            ("15.75", Currency::JPY),
            ("15.0", Currency::JPY),
            ("0.0001", Currency::KWD),
            ("999999999999999999999.001", Currency::USD),
        ] {
            let text = text.to_owned();
            let refused = Money::parse_major(&text, currency);
            assert_eq!(refused, Err(MoneyError::FractionalMinorUnit { text, currency }));
        }
        assert!(serde_json::from_str::<Money>(r#"{"minor":15.75,"currency":"usd"}"#).is_err());
    }

    #[test]
    fn too_much_money_is_refused() {
        for text in ["92233720368547758.08", "-92233720368547758.09", "99999999999999999999"] {
            assert_eq!(Money::parse_major(text, Currency::USD), Err(MoneyError::Overflow), "{text}");
        }
        assert_eq!(usd(i64::MAX).checked_add(usd(1)), Err(MoneyError::Overflow));
        assert_eq!(usd(i64::MIN).checked_sub(usd(1)), Err(MoneyError::Overflow));
        assert_eq!(usd(i64::MIN).checked_neg(), Err(MoneyError::Overflow));
    }

    #[test]
    fn currencies_do_not_mix() {
        let mismatch = MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::BRL };
        assert_eq!(gbp(1).checked_add(brl(1)), Err(mismatch.clone()));
        assert_eq!(gbp(1).checked_sub(brl(1)), Err(mismatch.clone()));
        assert_eq!(gbp(1).checked_cmp(brl(1)), Err(mismatch));
        assert_ne!(usd(1), eur(1));
    }

    #[test]
    fn sums_signs_and_comparisons() {
        assert_eq!(usd(70).checked_add(usd(-100)), Ok(usd(-30)));
        assert_eq!(usd(70).checked_sub(usd(100)), Ok(usd(-30)));
        assert_eq!(usd(70).checked_neg(), Ok(usd(-70)));
        assert_eq!(usd(1).checked_cmp(usd(2)), Ok(Ordering::Less));
        let signs = |amount: Money| (amount.is_negative(), amount.is_zero(), amount.is_positive());
        assert_eq!(signs(usd(-1)), (true, false, false));
        assert_eq!(signs(Money::zero(Currency::USD)), (false, true, false));
        assert_eq!(signs(usd(1)), (false, false, true));
    }

    #[test]
    fn text_of_another_shape_is_refused() {
        for text in ["12.34USD", "12.34  USD", "USD 12.34", "12.34 USD ", "12.34", ""] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
        assert_eq!("1.00 usd".parse(), Ok(usd(1_00)));
    }

    #[test]
    fn stored_form_is_minor_units_and_code() {
        let text = serde_json::to_string(&usd(12_34)).unwrap();
        assert_eq!(text, r#"{"minor":1234,"currency":"usd"}"#);
    }

    proptest! {
        #[test]
        fn every_amount_survives_text_and_storage(minor: i64, currency in currency()) {
            let amount = Money::new(minor, currency);
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
            let bytes = postcard::to_stdvec(&amount).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Money>(&bytes).unwrap(), amount);
        }

        #[test]
        fn no_text_panics(text in ".{0,40}", currency in currency()) {
            let _ = Money::parse_major(&text, currency);
            let _ = text.parse::<Money>();
        }

        #[test]
        fn adding_and_taking_away_again_changes_nothing(a: i64, b: i64) {
            if let Ok(sum) = usd(a).checked_add(usd(b)) {
                prop_assert_eq!(sum.checked_sub(usd(b)), Ok(usd(a)));
            } else {
                prop_assert!(i64::try_from(i128::from(a).strict_add(i128::from(b))).is_err());
            }
        }
    }
}
