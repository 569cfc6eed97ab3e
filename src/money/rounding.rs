//! Named rounding, and the one exact multiplication that everything proportional goes through.

use serde::{Deserialize, Serialize};

use super::MoneyError;

/// What becomes of a part of a minor unit. There is no default: whoever multiplies names one.
///
/// The magnitude is rounded and the sign put back, so a refund rounds exactly as the charge did.
///
/// ```
/// use fundroute::money::{Rate, Rounding, usd};
///
/// let rate: Rate = "0.5 %".parse()?;
/// assert_eq!(rate.of(usd(5_00), Rounding::NearestTiesAway)?, usd(3)); // 2.5 cents
/// assert_eq!(rate.of(usd(-5_00), Rounding::NearestTiesAway)?, usd(-3));
/// assert_eq!(rate.of(usd(5_00), Rounding::NearestTiesEven)?, usd(2));
/// assert_eq!(rate.of(usd(5_00), Rounding::TowardZero)?, usd(2));
/// assert_eq!(rate.of(usd(5_00), Rounding::AwayFromZero)?, usd(3));
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rounding {
    /// To the nearest minor unit, a tie away from zero: the house rounding, and the field's for
    /// fees, taxes and refunds.
    // ROUNDING: 0.025 becomes 0.03 and 0.024 becomes 0.02 (support.stripe.com, rounding rules for
    // Stripe fees, undated).
    NearestTiesAway,
    /// To the nearest minor unit, a tie to the even one, so that many ties cancel out.
    NearestTiesEven,
    /// Any part is dropped.
    TowardZero,
    /// Any part counts as a whole unit.
    AwayFromZero,
}

impl Rounding {
    /// A quotient once its remainder is rounded away. `None` if it does not fit.
    pub(super) fn settle(self, quotient: u128, remainder: u128, divisor: u128) -> Option<u128> {
        // Compared with what is missing to the next unit, which unlike twice the remainder cannot
        // overflow.
        let missing = divisor.checked_sub(remainder)?;
        let goes_up = match self {
            Rounding::NearestTiesAway => remainder >= missing,
            Rounding::NearestTiesEven => remainder > missing || (remainder == missing && quotient & 1 == 1),
            Rounding::TowardZero => false,
            Rounding::AwayFromZero => remainder > 0,
        };
        quotient.checked_add(u128::from(goes_up))
    }
}

/// The amount times `num` over `den`, rounded once.
///
/// The product is held exactly, so only the result can be too large. This is the proportional part
/// of anything: a refund's share of a fee, a transfer's share of a charge.
///
/// ```
/// use fundroute::money::{Rounding, mul_div};
///
/// // 500 of a charge of 1200 come back, of which 880 had been transferred.
/// assert_eq!(mul_div(880, 500, 1200, Rounding::NearestTiesAway), Ok(367));
/// assert_eq!(mul_div(-880, 500, 1200, Rounding::NearestTiesAway), Ok(-367));
/// ```
///
/// # Errors
///
/// [`MoneyError::InvalidDivisor`] unless `den` is above zero, [`MoneyError::Overflow`] if the
/// result is too large to hold.
pub fn mul_div(amount: i64, num: i64, den: i64, rounding: Rounding) -> Result<i64, MoneyError> {
    if den <= 0 {
        return Err(MoneyError::InvalidDivisor(den));
    }
    scale(amount, num, den.unsigned_abs().into(), rounding)
}

/// As [`mul_div`], by a divisor already known to be above zero.
pub(super) fn scale(amount: i64, num: i64, divisor: u128, rounding: Rounding) -> Result<i64, MoneyError> {
    quotient(i128::from(amount).checked_mul(i128::from(num)).ok_or(MoneyError::Overflow)?, divisor, rounding)
}

/// A product over a divisor that is above zero, rounded once.
pub(super) fn quotient(product: i128, divisor: u128, rounding: Rounding) -> Result<i64, MoneyError> {
    let magnitude = product.unsigned_abs();
    let rounded = magnitude
        .checked_div(divisor)
        .zip(magnitude.checked_rem(divisor))
        .and_then(|(quotient, remainder)| rounding.settle(quotient, remainder, divisor));
    signed(rounded, product < 0)
}

/// Puts the sign back on a magnitude.
pub(super) fn signed(magnitude: Option<u128>, is_negative: bool) -> Result<i64, MoneyError> {
    magnitude
        .and_then(|magnitude| i128::try_from(magnitude).ok())
        .and_then(|value| if is_negative { value.checked_neg() } else { Some(value) })
        .and_then(|value| i64::try_from(value).ok())
        .ok_or(MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Rounding; 4] =
        [Rounding::NearestTiesAway, Rounding::NearestTiesEven, Rounding::TowardZero, Rounding::AwayFromZero];

    #[test]
    fn house_rounding_is_the_fields() {
        // In thousandths of a minor unit: fees and reversals as the field publishes and books them.
        for (thousandths, rounded) in [
            (2_500, 3),
            (2_400, 2),
            (8_500, 9),
            (17_500, 18),
            (27_500, 28),
            (44_500, 45),
            (479_500, 480),
            (366_667, 367),
            (733_333, 733),
            (35_621, 36),
            (6_450, 6),
            (72_600, 73),
            (104_500, 105),
            (499, 0),
            (500, 1),
            (0, 0),
        ] {
            assert_eq!(mul_div(thousandths, 1, 1_000, Rounding::NearestTiesAway), Ok(rounded));
            assert_eq!(mul_div(-thousandths, 1, 1_000, Rounding::NearestTiesAway), Ok(-rounded));
        }
    }

    #[test]
    fn each_rounding_has_its_own_answer() {
        // Tenths in; answers in the order of `ALL`.
        for (tenths, expected) in [
            (24, [2, 2, 2, 3]),
            (25, [3, 2, 2, 3]),
            (26, [3, 3, 2, 3]),
            (35, [4, 4, 3, 4]),
            (30, [3, 3, 3, 3]),
            (-24, [-2, -2, -2, -3]),
            (-25, [-3, -2, -2, -3]),
            (-35, [-4, -4, -3, -4]),
            (-1, [0, 0, 0, -1]),
        ] {
            let answers = ALL.map(|rounding| mul_div(tenths, 1, 10, rounding).unwrap());
            assert_eq!(answers, expected, "{tenths} tenths");
        }
    }

    #[test]
    fn the_product_may_be_larger_than_any_amount() {
        for rounding in ALL {
            for amount in [i64::MIN, i64::MAX] {
                assert_eq!(mul_div(amount, i64::MAX, i64::MAX, rounding), Ok(amount));
            }
            assert_eq!(mul_div(i64::MIN, -1, 1, rounding), Err(MoneyError::Overflow));
            assert_eq!(mul_div(i64::MIN, i64::MIN, 1, rounding), Err(MoneyError::Overflow));
        }
        assert_eq!(mul_div(i64::MAX, 1, 2, Rounding::NearestTiesAway), Ok(1 << 62));
        assert_eq!(mul_div(i64::MAX, 1, 2, Rounding::TowardZero), Ok((1 << 62) - 1));
    }

    #[test]
    fn only_a_divisor_above_zero_divides() {
        for den in [0, -1, i64::MIN] {
            let refused = mul_div(1, 1, den, Rounding::NearestTiesAway);
            assert_eq!(refused, Err(MoneyError::InvalidDivisor(den)));
        }
    }

    proptest! {
        #[test]
        #[expect(
            clippy::arithmetic_side_effects,
            reason = "products of 64-bit numbers fit, and a test may fail loudly"
        )]
        fn the_answer_is_the_nearest(amount: i32, num: i32, den in 1..=i64::from(i32::MAX)) {
            let exact = i128::from(amount) * i128::from(num);
            for rounding in ALL {
                let answer = mul_div(amount.into(), num.into(), den, rounding).unwrap();
                let error = i128::from(answer) * i128::from(den) - exact; // in parts of the divisor
                let den = i128::from(den);
                match rounding {
                    Rounding::NearestTiesAway => {
                        prop_assert!(error.abs() * 2 <= den);
                        prop_assert!(error.abs() * 2 < den || error.signum() == exact.signum());
                    }
                    Rounding::NearestTiesEven => {
                        prop_assert!(error.abs() * 2 <= den);
                        prop_assert!(error.abs() * 2 < den || answer % 2 == 0);
                    }
                    Rounding::TowardZero => {
                        prop_assert!(error.abs() < den);
                        prop_assert!(error == 0 || error.signum() != exact.signum());
                    }
                    Rounding::AwayFromZero => {
                        prop_assert!(error.abs() < den);
                        prop_assert!(error == 0 || error.signum() == exact.signum());
                    }
                }
            }
        }

        #[test]
        fn a_refund_rounds_as_its_charge(
            amount in -i64::MAX..=i64::MAX,
            num: i32,
            den in 1..=i64::MAX,
        ) {
            for rounding in ALL {
                let there = mul_div(amount, num.into(), den, rounding);
                let back = mul_div(amount.saturating_neg(), num.into(), den, rounding);
                if let (Ok(there), Ok(back)) = (there, back) {
                    prop_assert_eq!(there.checked_add(back), Some(0));
                }
            }
        }
    }
}
