//! A sum of shares times several rates, held exactly whatever its size.

use super::rounding::signed;
use super::{MoneyError, Rounding};

/// One, in the parts that a rate counts.
const TRILLION: u64 = 1_000_000_000_000;

/// A whole number of any size, as 64-bit digits, the lowest first.
struct Wide(Vec<u64>);

impl Wide {
    fn of(number: u128) -> Self {
        let [high, low] = halves(number);
        Self(vec![low, high])
    }

    fn times(&mut self, factor: u64) {
        let mut carried = 0_u64;
        for digit in &mut self.0 {
            // INVARIANT: a product of 64-bit numbers and one more fit 128 bits.
            let product = u128::from(*digit).saturating_mul(factor.into()).saturating_add(carried.into());
            [carried, *digit] = halves(product);
        }
        self.0.push(carried);
    }

    /// Divides it by a trillion, and tells what is left over.
    fn divide(&mut self) -> u64 {
        let mut left = 0_u64;
        for digit in self.0.iter_mut().rev() {
            let brought_down = (u128::from(left) << 64) | u128::from(*digit);
            // INVARIANT: what is left over is below the divisor, so that each quotient is one digit.
            [_, *digit] = halves(brought_down.checked_div(TRILLION.into()).unwrap_or(0));
            [_, left] = halves(brought_down.checked_rem(TRILLION.into()).unwrap_or(0));
        }
        left
    }

    fn fitting(&self) -> Option<u128> {
        let (low, high) = self.0.split_at_checked(2)?;
        let whole = low.iter().rev().fold(0_u128, |sum, digit| (sum << 64) | u128::from(*digit));
        high.iter().all(|digit| *digit == 0).then_some(whole)
    }
}

/// The upper and the lower 64 bits.
const fn halves(number: u128) -> [u64; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = number.to_be_bytes();
    [u64::from_be_bytes([a, b, c, d, e, f, g, h]), u64::from_be_bytes([i, j, k, l, m, n, o, p])]
}

/// So many trillionths of a minor unit, times each factor, also in trillionths, in whole minor units: exact but for one rounding.
pub(crate) fn compound(trillionths: i128, factors: &[u64], rounding: Rounding) -> Result<i64, MoneyError> {
    let mut number = Wide::of(trillionths.unsigned_abs());
    for factor in factors {
        number.times(*factor);
    }
    let mut is_more = false;
    for _ in factors {
        is_more |= number.divide() > 0;
    }
    // Anything below the last division counts only as being there: it breaks a tie, and no more.
    let left = u128::from(number.divide()).saturating_mul(2).saturating_add(u128::from(is_more));
    let rounded =
        number.fitting().and_then(|whole| rounding.settle(whole, left, u128::from(TRILLION).saturating_mul(2)));
    signed(rounded, trillionths < 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::{Rate, usd};

    const ONE: u64 = TRILLION;
    const HALF_UP: Rounding = Rounding::NearestTiesAway;

    #[test]
    fn a_discount_and_a_markup_are_rounded_once() {
        // 1.00 less 5 percent and 10 percent more: 104.5 cents.
        let factors = [950_000_000_000, 1_100_000_000_000];
        assert_eq!(compound(100 * i128::from(ONE), &factors, HALF_UP), Ok(105));
        assert_eq!(compound(-100 * i128::from(ONE), &factors, HALF_UP), Ok(-105));
        assert_eq!(compound(100 * i128::from(ONE), &factors, Rounding::NearestTiesEven), Ok(104));
    }

    #[test]
    fn the_smallest_part_breaks_a_tie() {
        // 0.5 times (1 + 1/10^12) is just above a tie, and less than it just below.
        let tie = 500_000_000_000;
        for (factor, expected) in [(ONE - 1, 0), (ONE, 0), (ONE + 1, 1)] {
            assert_eq!(compound(tie, &[factor], Rounding::NearestTiesEven), Ok(expected), "{factor}");
            assert_eq!(compound(tie, &[factor, ONE, ONE], Rounding::NearestTiesEven), Ok(expected), "{factor}");
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(compound(i128::MAX, &[u64::MAX; 10], HALF_UP), Err(MoneyError::Overflow));
        assert_eq!(compound(i128::from(i64::MAX) * i128::from(ONE), &[ONE; 10], HALF_UP), Ok(i64::MAX));
        assert_eq!(compound(i128::MAX, &[0], HALF_UP), Ok(0));
    }

    proptest! {
        /// Without factors, or with ones, it is what a rate takes; and the order of factors does not matter.
        #[test]
        fn it_agrees_with_a_rate(minor in any::<i32>(), points in 0..=20_000_u32, ones in 0..4_usize) {
            let rate = Rate::from_basis_points(points);
            let product = i128::from(minor).checked_mul(rate.trillionths().into()).unwrap();
            let expected = rate.of(usd(minor.into()), HALF_UP).map(|money| money.minor());
            prop_assert_eq!(compound(product, &vec![ONE; ones], HALF_UP), expected);
        }

        #[test]
        fn factors_commute(minor in any::<i32>(), one in 0..2 * ONE, other in 0..2 * ONE) {
            let product = i128::from(minor).checked_mul(ONE.into()).unwrap();
            prop_assert_eq!(compound(product, &[one, other], HALF_UP), compound(product, &[other, one], HALF_UP));
        }
    }
}
