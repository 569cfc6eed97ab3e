//! Percentages of an amount, and conversion between currencies.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::amount::fixed_point;
use super::rounding::{scale, signed};
use super::{Currency, Money, MoneyError, Rounding};

/// One, in the parts that a [`Rate`] counts.
const TRILLION: u128 = 1_000_000_000_000;

/// Decimals of a fraction, and of the percentage that says the same.
const FRACTION_DECIMALS: u32 = 12;
const PERCENT_DECIMALS: u32 = 10;

/// A share of an amount, such as a fee of 2.9 %.
///
/// A rate is exact: zero to a million times the amount, with up to ten decimals of a percent. More
/// decimals are refused, not rounded. Taking a rate of an amount is exact too, but for the one
/// rounding that is named.
///
/// As text a rate is a percentage, and so it is with serde: `"2.9 %"`. The space may be left out
/// when reading.
///
/// ```
/// use fundroute::money::{Rate, Rounding, usd};
///
/// let fee: Rate = "2.9%".parse()?;
/// assert_eq!(fee, Rate::from_basis_points(290));
/// assert_eq!(fee.to_string(), "2.9 %");
/// assert_eq!(fee.of(usd(5_00), Rounding::NearestTiesAway)?, usd(15)); // 14.5 cents
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
// INVARIANT: kept as trillionths, from 0 to 10^18, by the constructors, `FromStr` and serde alike:
// one value has one form, and an amount times a rate always fits 128 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate(i64);

impl Rate {
    /// Nothing of anything.
    pub const ZERO: Rate = Rate(0);

    /// All of it: 100 %.
    pub const WHOLE: Rate = Rate(1_000_000_000_000);

    const MAX: Rate = Rate(1_000_000_000_000_000_000);

    /// So many percent: 2.9 is 0.029 of an amount.
    ///
    /// ```
    /// use fundroute::money::Rate;
    /// use rust_decimal::Decimal;
    ///
    /// let rate = Rate::percent(Decimal::new(29, 1))?;
    /// assert_eq!(rate.fraction(), Decimal::new(29, 3));
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MoneyError::InvalidRate`] below zero, above 100 million percent, or with more than ten
    /// decimals that are not zero.
    pub fn percent(percent: Decimal) -> Result<Self, MoneyError> {
        let plain = percent.normalize();
        PERCENT_DECIMALS
            .checked_sub(plain.scale())
            .and_then(|missing| 10_i128.checked_pow(missing))
            .and_then(|factor| plain.mantissa().checked_mul(factor))
            .and_then(|parts| i64::try_from(parts).ok())
            .and_then(Self::from_parts)
            .ok_or_else(|| MoneyError::InvalidRate(format!("{percent} %")))
    }

    /// So many hundredths of a percent: 290 is 2.9 %.
    pub fn from_basis_points(basis_points: u32) -> Self {
        // A basis point is 10^8 trillionths, so the largest count stays below half the bound.
        Self(i64::from(basis_points).saturating_mul(100_000_000))
    }

    /// The rate as a plain number: 0.029 for 2.9 %.
    pub fn fraction(self) -> Decimal {
        Decimal::new(self.0, FRACTION_DECIMALS).normalize()
    }

    /// This share of the amount, rounded once as named.
    ///
    /// ```
    /// use fundroute::money::{Rate, Rounding, jpy};
    ///
    /// let tax = Rate::from_basis_points(1_000);
    /// assert_eq!(tax.of(jpy(4_84), Rounding::NearestTiesAway)?, jpy(48));
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if the share is too large to hold, which takes a rate above 100 %.
    pub fn of(self, amount: Money, rounding: Rounding) -> Result<Money, MoneyError> {
        let minor = scale(amount.minor(), self.0, TRILLION, rounding)?;
        Ok(Money::new(minor, amount.currency()))
    }

    /// The shares of several amounts of one currency in one sum, in trillionths of a minor unit: exact.
    pub(crate) fn of_each(parts: &[(Self, Money)]) -> Result<i128, MoneyError> {
        let mut sum = 0_i128;
        for (rate, amount) in parts {
            let product = i128::from(amount.minor()).checked_mul(i128::from(rate.0)).ok_or(MoneyError::Overflow)?;
            sum = sum.checked_add(product).ok_or(MoneyError::Overflow)?;
        }
        Ok(sum)
    }

    /// The part of an amount that this share of the rest, put on top of it, has made: the tax in a price that includes it.
    ///
    /// ```
    /// use fundroute::money::{Rate, Rounding, eur};
    ///
    /// let tax: Rate = "19 %".parse()?;
    /// assert_eq!(tax.contained_in(eur(1_19), Rounding::NearestTiesAway)?, eur(19));
    /// assert_eq!(tax.contained_in(eur(1_00), Rounding::NearestTiesAway)?, eur(16)); // 15.97 cents
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None that an amount and a rate can cause: the part is no more than the amount.
    pub fn contained_in(self, amount: Money, rounding: Rounding) -> Result<Money, MoneyError> {
        let whole = TRILLION.saturating_add(self.0.unsigned_abs().into());
        let minor = scale(amount.minor(), self.0, whole, rounding)?;
        Ok(Money::new(minor, amount.currency()))
    }

    /// The parts that it counts, of which a trillion are the whole.
    pub(crate) const fn trillionths(self) -> u64 {
        self.0.unsigned_abs()
    }

    fn from_parts(parts: i64) -> Option<Self> {
        let rate = Self(parts);
        (Self::ZERO <= rate && rate <= Self::MAX).then_some(rate)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rate({self})")
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{} %", Decimal::new(self.0, PERCENT_DECIMALS).normalize());
        f.pad_integral(true, "", &text)
    }
}

impl FromStr for Rate {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_suffix('%')
            .map(|number| number.strip_suffix(' ').unwrap_or(number))
            .and_then(|number| fixed_point(number, PERCENT_DECIMALS).ok())
            .and_then(Self::from_parts)
            .ok_or_else(|| MoneyError::InvalidRate(text.to_owned()))
    }
}

impl TryFrom<String> for Rate {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

/// How many minor units of one currency a minor unit of another is worth.
///
/// Which two currencies it stands between is told by the conversion, and counts: between US cents
/// and won, which have no minor unit, a dollar at 1321.36 won is the rate 13.2136. Every decimal
/// number above zero is a rate, and it is applied with all of its digits.
///
/// ```
/// use fundroute::money::{Currency, ExchangeRate, Money, Rounding, usd};
///
/// let rate: ExchangeRate = "13.2136".parse()?;
/// let won = rate.convert(usd(300_00), Currency::KRW, Rounding::NearestTiesAway)?;
/// assert_eq!(won, Money::new(396_408, Currency::KRW));
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
// RULE: minor units to minor units, as `exchange_rate` of a balance transaction
// (API reference, 2026). The field shows six significant digits but applies all; a rate read
// from a report can therefore be a unit off.
// INVARIANT: above zero and without trailing zeros, kept by `new`, through which `FromStr` and
// serde go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExchangeRate(Decimal);

impl ExchangeRate {
    /// The rate that gives so many minor units for one.
    ///
    /// # Errors
    ///
    /// [`MoneyError::InvalidExchangeRate`] for zero and below.
    pub fn new(rate: Decimal) -> Result<Self, MoneyError> {
        if rate > Decimal::ZERO {
            Ok(Self(rate.normalize()))
        } else {
            Err(MoneyError::InvalidExchangeRate(rate.to_string()))
        }
    }

    /// The rate as a plain number.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// The rate with a share taken out of it: what is left for whoever is charged a fee inside the rate.
    ///
    /// ```
    /// use fundroute::money::ExchangeRate;
    ///
    /// let middle: ExchangeRate = "1.38343".parse()?;
    /// assert_eq!(middle.less("2 %".parse()?)?.to_string(), "1.3557614");
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MoneyError::InvalidExchangeRate`] where nothing would be left.
    // ROUNDING: exact, but for digits beyond the twenty-eighth, which a decimal cannot hold.
    pub fn less(self, share: Rate) -> Result<Self, MoneyError> {
        let left = Decimal::ONE.checked_sub(share.fraction()).and_then(|left| self.0.checked_mul(left));
        left.map_or_else(|| Err(MoneyError::InvalidExchangeRate(self.to_string())), Self::new)
    }

    /// The rate of two conversions, one after the other.
    ///
    /// # Errors
    ///
    /// [`MoneyError::InvalidExchangeRate`] where it is too large or too small to hold.
    // ROUNDING: exact, but for digits beyond the twenty-eighth, which a decimal cannot hold.
    pub fn then(self, next: Self) -> Result<Self, MoneyError> {
        let both = self.0.checked_mul(next.0);
        both.map_or_else(|| Err(MoneyError::InvalidExchangeRate(self.to_string())), Self::new)
    }

    /// The rate at which one amount becomes another.
    ///
    /// # Errors
    ///
    /// [`MoneyError::InvalidExchangeRate`] unless both are above zero.
    // ROUNDING: exact, but for digits beyond the twenty-eighth, which a decimal cannot hold. Converting the amount again gives the other
    // one, because no amount has as many digits.
    pub fn between(given: Money, got: Money) -> Result<Self, MoneyError> {
        let rate = Decimal::from(got.minor()).checked_div(Decimal::from(given.minor()));
        let rate = rate.filter(|_| given.is_positive() && got.is_positive());
        rate.map_or_else(|| Err(MoneyError::InvalidExchangeRate(format!("{got} for {given}"))), Self::new)
    }

    /// What the amount is worth in the other currency, rounded once as named.
    ///
    /// # Errors
    ///
    /// [`MoneyError::InvalidExchangeRate`] between a currency and itself, unless the rate is one;
    /// [`MoneyError::Overflow`] if the result is too large to hold.
    pub fn convert(self, amount: Money, to: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        if amount.currency() == to && self.0 != Decimal::ONE {
            return Err(MoneyError::InvalidExchangeRate(self.to_string()));
        }
        let (quotient, remainder, divisor) =
            long_division(amount.minor().unsigned_abs(), self.0).ok_or(MoneyError::Overflow)?;
        let minor = signed(rounding.settle(quotient, remainder, divisor), amount.is_negative())?;
        Ok(Money::new(minor, to))
    }
}

/// The magnitude times the factor, as quotient, remainder and divisor. `None` if it does not fit.
///
/// The product can need 160 bits, more than there are. So it is divided as on paper, a byte of the
/// magnitude at a time from the highest: a remainder (below 2^94, since a decimal has at most 28
/// places) moved up by a byte, plus a byte times the digits of the factor (below 2^96), always
/// fits.
fn long_division(magnitude: u64, factor: Decimal) -> Option<(u128, u128, u128)> {
    let digits = factor.mantissa().unsigned_abs();
    let divisor = 10_u128.checked_pow(factor.scale())?;
    let mut quotient = 0_u128;
    let mut remainder = 0_u128;
    for byte in magnitude.to_be_bytes() {
        let brought_down = remainder.checked_mul(256)?.checked_add(digits.checked_mul(u128::from(byte))?)?;
        quotient = quotient.checked_mul(256)?.checked_add(brought_down.checked_div(divisor)?)?;
        remainder = brought_down.checked_rem(divisor)?;
    }
    Some((quotient, remainder, divisor))
}

impl fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad_integral(true, "", &self.0.to_string())
    }
}

impl FromStr for ExchangeRate {
    type Err = MoneyError;

    /// Reads digits with at most one point between them, and refuses more than a decimal can hold
    /// exactly.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && text.starts_with(|c: char| c.is_ascii_digit())
            && text.ends_with(|c: char| c.is_ascii_digit());
        is_plain
            .then(|| Decimal::from_str_exact(text).ok())
            .flatten()
            .and_then(|rate| Self::new(rate).ok())
            .ok_or_else(|| MoneyError::InvalidExchangeRate(text.to_owned()))
    }
}

impl TryFrom<String> for ExchangeRate {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ExchangeRate> for String {
    fn from(rate: ExchangeRate) -> Self {
        rate.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{eur, jpy, mul_div, usd};
    use super::*;

    const HOUSE: Rounding = Rounding::NearestTiesAway;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    fn exchange(text: &str) -> ExchangeRate {
        text.parse().unwrap()
    }

    #[test]
    fn a_percentage_is_exact() {
        for (percent, amount, share) in [
            ("7 %", 100, 7),
            ("1.1 %", 1_000, 11),
            ("2.9 %", 5_00, 15),
            ("15 %", 43, 6),
            ("15 %", 4_84, 73),
            ("0.25 %", 10_00, 3),
            ("0.25 %", 9_99, 2),
            ("100 %", 1_23, 1_23),
            ("0 %", 1_23, 0),
            ("250 %", -1_01, -2_53),
            ("0.0000000001 %", i64::MAX, 9_223_372),
        ] {
            assert_eq!(rate(percent).of(usd(amount), HOUSE), Ok(usd(share)), "{percent} of {amount}");
        }
        assert_eq!(rate("8 %").of(jpy(50), Rounding::TowardZero), Ok(jpy(4)));
    }

    #[test]
    fn extremes_fit_or_say_so() {
        assert_eq!(rate("100%").of(usd(i64::MIN), HOUSE), Ok(usd(i64::MIN)));
        assert_eq!(rate("100.0000000001%").of(usd(i64::MAX), HOUSE), Err(MoneyError::Overflow));
        assert_eq!(rate("100000000%").of(usd(i64::MIN), HOUSE), Err(MoneyError::Overflow));
    }

    #[test]
    fn all_constructors_agree() {
        assert_eq!(Rate::percent(Decimal::new(290, 2)), Ok(rate("2.9 %")));
        assert_eq!(Rate::percent(Decimal::new(29, 1)), Ok(Rate::from_basis_points(290)));
        assert_eq!(Rate::percent(Decimal::ZERO), Ok(Rate::ZERO));
        assert_eq!(Rate::from_basis_points(290).fraction().to_string(), "0.029");
        assert_eq!(Rate::from_basis_points(u32::MAX).to_string(), "42949672.95 %");
        assert_eq!(rate("2.90%").to_string(), "2.9 %");
        assert_eq!(rate("100%").to_string(), "100 %");
        assert_eq!(format!("{:?}", rate("2.9%")), "Rate(2.9 %)");
        assert_eq!(format!("{:>7}", rate("2.9%")), "  2.9 %");
        assert!(rate("2.9%") < rate("3%"));
    }

    #[test]
    fn a_rate_out_of_bounds_is_refused() {
        let text = [
            "-1%",
            "2.9",
            "",
            "%",
            " %",
            "2.9  %",
            " 2.9%",
            "2.9 % ",
            "2,9%",
            "+1%",
            "1e1%",
            ".5%",
            "5.%",
            "0.00000000001%",
            "0.10000000000%",
            "100000000.0000000001%",
            "99999999999999999999%",
        ];
        for text in text {
            assert_eq!(text.parse::<Rate>(), Err(MoneyError::InvalidRate(text.to_owned())));
        }
        for percent in
            [Decimal::NEGATIVE_ONE, Decimal::new(1, 11), Decimal::MAX, Decimal::MIN, Decimal::new(100_000_001, 0)]
        {
            assert!(Rate::percent(percent).is_err(), "{percent}");
        }
        assert_eq!(Rate::percent(Decimal::new(100_000_000, 0)), Ok(Rate::MAX));
        assert_eq!(Rate::percent(Decimal::new(10, 11)), Ok(rate("0.0000000001%")));
        assert!(serde_json::from_str::<Rate>("\"-1 %\"").is_err());
        assert!(serde_json::from_str::<Rate>("2.9").is_err());
    }

    #[test]
    fn rates_are_put_together_exactly() {
        let two: Rate = "2 %".parse().unwrap();
        // Recorded exchanges, 2023-2025: the middle, and what came in.
        for (middle, inbound) in [("1.38343", "1.35576"), ("13.4833", "13.2136"), ("1.43118", "1.40256")] {
            let less = exchange(middle).less(two).unwrap().to_string();
            assert_eq!(
                Decimal::from_str(&less).unwrap().round_dp(5).to_string().get(..inbound.len()).unwrap(),
                inbound
            );
        }
        assert_eq!(exchange("1.5").less(Rate::ZERO), Ok(exchange("1.5")));
        assert!(exchange("1.5").less(Rate::WHOLE).is_err() && exchange("1.5").less("200 %".parse().unwrap()).is_err());
        assert!(exchange("0.0000000000000000000000000001").less(two).is_ok(), "rounded to what it was");
        assert_eq!(exchange("0.88").then(exchange("1.2")), Ok(exchange("1.056")));
        let huge = exchange("79228162514264337593543950335");
        assert!(huge.then(huge).is_err());
        let tiny = exchange("0.0000000000000000000000000001");
        assert!(tiny.then(tiny).is_err());
        assert!(ExchangeRate::between(usd(0), eur(1)).is_err() && ExchangeRate::between(usd(1), eur(-1)).is_err());
    }

    proptest! {
        #[test]
        fn a_rate_between_two_amounts_leads_from_one_to_the_other(given in 1..=999_999_999_999_i64, got in 1..=999_999_999_999_i64) {
            let rate = ExchangeRate::between(usd(given), eur(got)).unwrap();
            prop_assert_eq!(rate.convert(usd(given), Currency::EUR, HOUSE), Ok(eur(got)));
        }
    }

    #[test]
    fn conversion_counts_minor_units() {
        let krw = |minor| Money::new(minor, Currency::KRW);
        let kwd = |minor| Money::new(minor, Currency::KWD);
        assert_eq!(exchange("13.2136").convert(usd(30_000), Currency::KRW, HOUSE), Ok(krw(396_408)));
        assert_eq!(exchange("13.21361667").convert(usd(30_000), Currency::KRW, HOUSE), Ok(krw(396_409)));
        assert_eq!(exchange("3.0725").convert(usd(1_00), Currency::KWD, HOUSE), Ok(kwd(307)));
        assert_eq!(exchange("0.5").convert(usd(-1), Currency::EUR, HOUSE), Ok(eur(-1)));
        assert_eq!(exchange("0.5").convert(usd(-1), Currency::EUR, Rounding::TowardZero), Ok(eur(0)));
    }

    #[test]
    fn every_digit_of_a_rate_counts() {
        let third = exchange("0.3333333333333333333333333333");
        assert_eq!(third.convert(usd(3), Currency::EUR, Rounding::TowardZero), Ok(eur(0)));
        assert_eq!(third.convert(usd(3), Currency::EUR, HOUSE), Ok(eur(1)));
        // The product needs 153 bits.
        let long = exchange("0.1234567890123456789012345678");
        let expected = eur(1_138_687_895_536_349_070);
        assert_eq!(long.convert(usd(i64::MAX), Currency::EUR, HOUSE), Ok(expected));
        let one = exchange("1");
        assert_eq!(one.convert(usd(i64::MIN), Currency::EUR, HOUSE), Ok(eur(i64::MIN)));
        let huge = ExchangeRate::new(Decimal::MAX).unwrap();
        assert_eq!(huge.convert(usd(i64::MAX), Currency::EUR, HOUSE), Err(MoneyError::Overflow));
        assert_eq!(huge.convert(usd(0), Currency::EUR, HOUSE), Ok(eur(0)));
    }

    #[test]
    fn a_currency_converts_to_itself_only_at_one() {
        assert_eq!(exchange("1.0").convert(usd(5), Currency::USD, HOUSE), Ok(usd(5)));
        let refused = exchange("1.1").convert(usd(5), Currency::USD, HOUSE);
        assert_eq!(refused, Err(MoneyError::InvalidExchangeRate("1.1".to_owned())));
    }

    #[test]
    fn an_exchange_rate_is_a_plain_number_above_zero() {
        let too_long = "0.33333333333333333333333333333333333";
        for text in ["", "0", "0.00", "-1", "+1", "1e1", "1_0", ".5", "5.", "1.2.3", " 1", "1 %", too_long] {
            assert_eq!(text.parse::<ExchangeRate>(), Err(MoneyError::InvalidExchangeRate(text.to_owned())));
        }
        assert!(ExchangeRate::new(Decimal::ZERO).is_err());
        assert!(ExchangeRate::new(Decimal::NEGATIVE_ONE).is_err());
        assert!(serde_json::from_str::<ExchangeRate>("\"0\"").is_err());
        assert_eq!(exchange("1.50").to_string(), "1.5");
        assert_eq!(exchange("1.50").value(), Decimal::new(15, 1));
        assert_eq!(format!("{:>5}", exchange("1.5")), "  1.5");
    }

    proptest! {
        #[test]
        fn every_rate_survives_text_and_storage(parts in 0..=Rate::MAX.0) {
            let rate = Rate(parts);
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
            let percent = rate.fraction().checked_mul(Decimal::ONE_HUNDRED).unwrap();
            prop_assert_eq!(Rate::percent(percent), Ok(rate));
            let json = serde_json::to_string(&rate).unwrap();
            prop_assert_eq!(&json, &format!("\"{rate}\""));
            prop_assert_eq!(serde_json::from_str::<Rate>(&json).unwrap(), rate);
            let bytes = postcard::to_stdvec(&rate).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Rate>(&bytes).unwrap(), rate);
        }

        #[test]
        fn every_exchange_rate_survives_text_and_storage(
            digits in 1..(1_i128 << 96),
            places in 0..=28_u32,
        ) {
            let rate = ExchangeRate::new(Decimal::from_i128_with_scale(digits, places)).unwrap();
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
            let json = serde_json::to_string(&rate).unwrap();
            prop_assert_eq!(serde_json::from_str::<ExchangeRate>(&json).unwrap(), rate);
            let bytes = postcard::to_stdvec(&rate).unwrap();
            prop_assert_eq!(postcard::from_bytes::<ExchangeRate>(&bytes).unwrap(), rate);
        }

        #[test]
        fn short_exchange_rates_convert_as_plain_fractions(
            minor: i64,
            digits in 1..=i64::MAX,
            places in 0..=18_u32,
        ) {
            let rate = ExchangeRate::new(Decimal::new(digits, places)).unwrap();
            let plain = mul_div(minor, digits, 10_i64.pow(places), HOUSE).map(eur);
            prop_assert_eq!(rate.convert(usd(minor), Currency::EUR, HOUSE), plain);
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = text.parse::<Rate>();
            let _ = text.parse::<ExchangeRate>();
        }
    }
}
