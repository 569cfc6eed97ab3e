//! Sharing bit by bit, as a charge is refunded in parts: shares of the running total, less what was
//! given.

use super::allocate::{Party, give, stand_at};
use super::rounding::signed;
use super::{Money, MoneyError, Rounding, Spare, Split, mul_div};

/// Shares over a series of amounts.
impl Split {
    /// Hands out more of an amount that is shared bit by bit, such as the refunds of a charge among
    /// those it was paid to.
    ///
    /// `given` is what each party got so far, and the answer is what each gets now. The parts are
    /// the shares of the running total, less what was given; but nobody is ever asked for something
    /// back. Where rounding would ask (in a split of 6:6:2 the third party's share of 3 rounds to
    /// 1, that of 4 to 0), it gets nothing now, and the unit that is then missing comes off whoever
    /// stands furthest above the exact share.
    ///
    /// What holds, whatever the amounts and their order, if every call is told what the calls
    /// before it gave:
    ///
    /// - The parts of every call sum to its amount, none is negative, and a zero weight gets zero.
    /// - Whenever every exact share of the running total is whole, every party has exactly that. So
    ///   weigh the parties with what each received of the whole: a series that gives all of it back
    ///   then ends exactly, for every party, and on the way there nobody is asked for more than was
    ///   received.
    /// - No party stands a whole unit above its exact share. The party of [`Spare::To`] may, by the
    ///   units spared from the others, but never above its share of the next total at which all
    ///   shares are whole: what it cannot take goes as by [`Spare::Largest`].
    /// - Between two parties, both stand within a unit of exact, and always at
    ///   [`allocate`](Split::allocate) of the running total. Among more, one can fall further
    ///   behind for a while, by less than the number of the others (with [`Spare::To`], twice
    ///   that).
    /// - With [`Spare::Largest`] no other way to hand out the amount without taking something back
    ///   comes closer to the exact shares, by the sum of the squared differences.
    ///
    /// If the parties have more than their shares from elsewhere, such as a reversal by hand, they
    /// get nothing until their shares catch up.
    ///
    /// ```
    /// use fundroute::money::{Spare, Split, usd};
    ///
    /// // 14 cents went out as 6, 6 and 2; they come back in three refunds.
    /// let split = Split::new(vec![6, 6, 2], Spare::Largest)?;
    /// let first = split.take(&[usd(0), usd(0), usd(0)], usd(3))?;
    /// assert_eq!(first, [usd(1), usd(1), usd(1)]);
    /// let second = split.take(&first, usd(1))?;
    /// assert_eq!(second, [usd(1), usd(0), usd(0)]);
    /// let third = split.take(&[usd(2), usd(1), usd(1)], usd(10))?;
    /// assert_eq!(third, [usd(4), usd(5), usd(1)]);
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MoneyError::PartCount`] unless `given` has one part for each party,
    /// [`MoneyError::CurrencyMismatch`] unless all is in one currency,
    /// [`MoneyError::NegativeAmount`] if anything is below zero, [`MoneyError::Overflow`] if the
    /// running total is too large to hold.
    pub fn take(&self, given: &[Money], amount: Money) -> Result<Vec<Money>, MoneyError> {
        if given.len() != self.weights().len() {
            return Err(MoneyError::PartCount { parties: self.weights().len(), parts: given.len() });
        }
        let total = given.iter().try_fold(amount, |total, part| total.checked_add(*part));
        let given = given.iter().map(|part| magnitude(*part)).collect::<Result<Vec<u64>, _>>()?;
        magnitude(amount)?;
        let total = magnitude(total?)?;

        let mut parties = self.parties(total, given.into_iter())?;
        let short = least_short(total, &parties);
        let mut spare = stand_at(short, total, &mut parties)?;
        // Only what is spared from whole shares is the named party's; while others wait for theirs,
        // they come first.
        if let Spare::To(named) = self.spare()
            && short == 0
        {
            let most = self.share_when_all_are_whole(named, total)?;
            give(parties.iter_mut().find(|party| party.index == named), &mut spare, most);
        }
        self.one_each(short, &mut spare, &mut parties);
        parties
            .iter()
            .map(|party| signed(party.total.checked_sub(party.given).map(u128::from), false))
            .map(|part| Ok(Money::new(part?, amount.currency())))
            .collect()
    }

    /// The party's share of the next total, from this one on, at which all exact shares are whole.
    fn share_when_all_are_whole(&self, index: usize, total: u64) -> Result<u64, MoneyError> {
        let divisor = self.weights().iter().copied().fold(0, greatest_common_divisor);
        let rounds = self.sum().checked_div(divisor.into()).map(|period| u128::from(total).div_ceil(period));
        let weight = self.weights().get(index).and_then(|weight| weight.checked_div(divisor));
        let share = rounds
            .zip(weight)
            .and_then(|(rounds, weight)| rounds.checked_mul(weight.into()))
            .ok_or(MoneyError::Overflow)?;
        Ok(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

/// The fewest units that all must stand short of their whole shares, so that nobody has to give
/// anything back.
///
/// Standing everyone equally short, and then topping up those furthest below exact, is the same as
/// taking the excess unit by unit off whoever stands furthest above, however large the excess is.
fn least_short(total: u64, parties: &[Party]) -> u64 {
    let fits = |short| parties.iter().map(|party| u128::from(party.held_at(short))).sum::<u128>() <= u128::from(total);
    let (mut low, mut high) = (0, if fits(0) { 0 } else { total });
    while low < high {
        let middle = u64::midpoint(low, high);
        if fits(middle) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    low
}

fn magnitude(amount: Money) -> Result<u64, MoneyError> {
    u64::try_from(amount.minor()).map_err(|_| MoneyError::NegativeAmount(amount))
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

/// One party's next part of a whole that follows a running total, such as the fee given back as a
/// charge is refunded.
///
/// `so_far` is the running total with the present step, `base` what it comes to in the end, `given`
/// what was given of the whole in the steps before. The part is the rounded share of the whole for
/// the running total, less what was given: so a series that ends in full has given the whole
/// exactly, however it was cut. If more was given than the share comes to, as after a reversal by
/// hand, the part is zero until the share catches up.
///
/// ```
/// use fundroute::money::cumulative_part;
///
/// // A fee of 123 on a charge of 1000, refunded in two halves.
/// assert_eq!(cumulative_part(123, 500, 1000, 0), Ok(62));
/// assert_eq!(cumulative_part(123, 1000, 1000, 62), Ok(61));
/// ```
///
/// # Errors
///
/// [`MoneyError::InvalidProportion`] unless `base` is above zero, `so_far` is between zero and
/// `base`, and `given` between zero and `whole`.
// ROUNDING: the house rounding, as recorded of reversals that a partial refund caused: 880 * 500 /
// 1200 = 366.67 was booked as 367 (payments API, test mode; no tie is on record).
pub fn cumulative_part(whole: i64, so_far: i64, base: i64, given: i64) -> Result<i64, MoneyError> {
    if base <= 0 || !(0..=base).contains(&so_far) || !(0..=whole).contains(&given) {
        return Err(MoneyError::InvalidProportion { whole, so_far, base, given });
    }
    let share = mul_div(whole, so_far, base, Rounding::NearestTiesAway)?;
    Ok(share.saturating_sub(given).max(0))
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::integer_division,
    reason = "small numbers, and a test may fail loudly"
)]
mod tests {
    use proptest::prelude::*;

    use super::super::allocate::tests::{ORDERED, above_exact, any_split, cents, split, weights};
    use super::super::{eur, usd};
    use super::*;

    fn all_usd(parts: &[i64]) -> Vec<Money> {
        parts.iter().copied().map(usd).collect()
    }

    /// What each party has in all after the amounts were handed out one after another.
    fn life(split: &Split, amounts: &[i64]) -> Vec<i64> {
        let mut given = vec![usd(0); split.weights().len()];
        for amount in amounts {
            let parts = split.take(&given, usd(*amount)).unwrap();
            assert!(parts.iter().all(|part| !part.is_negative()), "{split:?} {given:?} {amount}");
            assert_eq!(cents(&parts).iter().sum::<i64>(), *amount);
            let sums = given.iter().zip(&parts).map(|(given, part)| given.checked_add(*part).unwrap());
            given = sums.collect();
        }
        cents(&given)
    }

    #[test]
    fn nobody_is_asked_for_something_back() {
        let shares = split(&[6, 6, 2], Spare::Largest);
        assert_eq!(cents(&shares.allocate(usd(3)).unwrap()), [1, 1, 1]);
        assert_eq!(cents(&shares.allocate(usd(4)).unwrap()), [2, 2, 0]);
        assert_eq!(life(&shares, &[3, 1]), [2, 1, 1]);
        assert_eq!(life(&shares, &[3, 1, 10]), [6, 6, 2]);
    }

    #[test]
    fn a_named_party_takes_no_spare_unit_it_could_never_return() {
        let shares = split(&[34, 33, 33], Spare::To(0));
        assert_eq!(cents(&shares.allocate(usd(99)).unwrap()), [35, 32, 32]);
        assert_eq!(life(&shares, &[50]), [18, 16, 16]);
        assert_eq!(life(&shares, &[50, 49]), [34, 33, 32]);
        assert_eq!(life(&shares, &[50, 49, 1]), [34, 33, 33]);

        // Shares of 50:30:20 are whole at every ten, so five is the most that half of nine can be.
        let shares = split(&[50, 30, 20], Spare::To(0));
        assert_eq!(life(&shares, &[9]), [5, 2, 2]);
        assert_eq!(life(&shares, &[9, 1]), [5, 3, 2]);
        // The unit that the named party cannot take is not its own twice.
        assert_eq!(life(&split(&[12, 8, 24], Spare::To(1)), &[43]), [12, 8, 23]);
    }

    #[test]
    fn who_waits_for_a_whole_share_comes_before_spare_units() {
        // The exact shares of 4 are 1.6, 1.2 and 1.2.
        let shares = split(&[40, 30, 30], Spare::To(0));
        assert_eq!(life(&shares, &[3]), [3, 0, 0]);
        assert_eq!(life(&shares, &[3, 1]), [3, 1, 0]);
        // The exact shares of 13 are 2.17, 4.33 and 6.5, or 4.33, 2.17 and 6.5.
        let given = all_usd(&[0, 0, 10]);
        let first = split(&[1, 2, 3], Spare::First).take(&given, usd(3));
        assert_eq!(first, Ok(all_usd(&[0, 3, 0])));
        let last = split(&[2, 1, 3], Spare::Last).take(&given, usd(3));
        assert_eq!(last, Ok(all_usd(&[3, 0, 0])));
    }

    #[test]
    fn who_has_more_than_the_share_waits() {
        let shares = split(&[1, 1, 0], Spare::First);
        assert_eq!(shares.take(&all_usd(&[40, 0, 0]), usd(30)), Ok(all_usd(&[0, 30, 0])));
        assert_eq!(shares.take(&all_usd(&[40, 0, 0]), usd(50)), Ok(all_usd(&[5, 45, 0])));
        assert_eq!(shares.take(&all_usd(&[0, 0, 10]), usd(11)), Ok(all_usd(&[6, 5, 0])));
        let far = i64::MAX / 2;
        let shares = split(&[1, 1, 1], Spare::Largest);
        assert_eq!(shares.take(&all_usd(&[far, 0, 0]), usd(7)), Ok(all_usd(&[0, 4, 3])));
    }

    #[test]
    fn what_cannot_be_handed_out_is_refused() {
        let shares = split(&[1, 1], Spare::First);
        let nothing = all_usd(&[0, 0]);
        let count = MoneyError::PartCount { parties: 2, parts: 1 };
        assert_eq!(shares.take(&nothing[..1], usd(1)), Err(count));
        assert_eq!(shares.take(&nothing, usd(-1)), Err(MoneyError::NegativeAmount(usd(-1))));
        assert_eq!(shares.take(&all_usd(&[5, -1]), usd(1)), Err(MoneyError::NegativeAmount(usd(-1))));
        assert!(matches!(shares.take(&nothing, eur(1)), Err(MoneyError::CurrencyMismatch { .. })));
        assert!(matches!(shares.take(&[usd(0), eur(0)], usd(1)), Err(MoneyError::CurrencyMismatch { .. })));
        assert_eq!(shares.take(&all_usd(&[1, i64::MAX]), usd(0)), Err(MoneyError::Overflow));
        assert_eq!(shares.take(&all_usd(&[0, 1]), usd(i64::MAX)), Err(MoneyError::Overflow));
    }

    #[test]
    fn two_parties_always_stand_at_their_share() {
        for (a, b) in (0..8).flat_map(|a| (1..8).map(move |b| (a, b))) {
            for spare in [Spare::First, Spare::Last, Spare::Largest, Spare::To(1)] {
                let shares = split(&[a, b], spare);
                for (before, after) in (0..30).flat_map(|before| (before..30).map(move |after| (before, after))) {
                    let steps = life(&shares, &[before, after - before]);
                    assert_eq!(steps, cents(&shares.allocate(usd(after)).unwrap()), "{shares:?} {before} {after}");
                }
            }
        }
    }

    /// Tries every way to hand out the amount; the last party gets what the others leave.
    fn least_squares(split: &Split, given: &[i64], amount: i64) -> i128 {
        let ways = (0..=amount).flat_map(|a| (0..=amount - a).map(move |b| [a, b, amount - a - b]));
        let totals = ways.map(|way| given.iter().zip(way).map(|(given, part)| given + part).collect::<Vec<i64>>());
        totals.map(|totals| squares(split, &totals)).min().unwrap()
    }

    fn squares(split: &Split, totals: &[i64]) -> i128 {
        above_exact(split, totals).iter().map(|distance| distance * distance).sum()
    }

    #[test]
    fn partial_refunds_return_exactly_each_share() {
        let refunds = |whole: i64, steps: &[i64]| {
            let base = steps.iter().sum();
            let (mut so_far, mut given, mut parts) = (0, 0, vec![]);
            for step in steps {
                so_far += step;
                let part = cumulative_part(whole, so_far, base, given).unwrap();
                given += part;
                parts.push(part);
            }
            parts
        };
        assert_eq!(refunds(123, &[333, 333, 334]), [41, 41, 41]);
        assert_eq!(refunds(123, &[500, 500]), [62, 61]);
        assert_eq!(refunds(880, &[500, 500, 200]), [367, 366, 147]);
        assert_eq!(refunds(10_33, &[33_33, 33_33, 33_34]), [344, 345, 344]);
        assert_eq!(refunds(95_33, &[33_33, 33_33, 33_34]), [3177, 3178, 3178]);
        assert_eq!(refunds(0, &[1, 2]), [0, 0]);
    }

    #[test]
    fn a_proportion_catches_up_with_what_was_given_by_hand() {
        assert_eq!(cumulative_part(100, 50, 100, 80), Ok(0));
        assert_eq!(cumulative_part(100, 90, 100, 80), Ok(10));
        assert_eq!(cumulative_part(i64::MAX, i64::MAX, i64::MAX, 0), Ok(i64::MAX));
    }

    #[test]
    fn a_proportion_that_makes_no_sense_is_refused() {
        for (whole, so_far, base, given) in [
            (100, 0, 0, 0),
            (100, -1, -1, 0),
            (100, -1, 50, 0),
            (100, 51, 50, 0),
            (100, 10, 50, -1),
            (100, 10, 50, 101),
            (-100, 10, 50, 0),
        ] {
            let refused = cumulative_part(whole, so_far, base, given);
            assert_eq!(refused, Err(MoneyError::InvalidProportion { whole, so_far, base, given }));
        }
    }

    proptest! {
        #[test]
        fn a_life_keeps_its_promises(
            split in any_split(40),
            amounts in prop::collection::vec(0..60_i64, 1..12),
        ) {
            let sum: i128 = split.weights().iter().copied().map(i128::from).sum();
            let others = i128::try_from(split.weights().len()).unwrap() - 1;
            let behind = if matches!(split.spare(), Spare::To(_)) { 2 * others } else { others };
            for steps in 1..=amounts.len() {
                let totals = life(&split, &amounts[..steps]);
                for (index, distance) in above_exact(&split, &totals).into_iter().enumerate() {
                    prop_assert!(distance == 0 || distance > -sum * behind);
                    prop_assert!(distance < sum || split.spare() == Spare::To(index));
                    prop_assert!(totals[index] == 0 || split.weights()[index] > 0);
                }
            }
        }

        #[test]
        fn a_life_that_ends_in_full_ends_exactly(
            split in any_split(40),
            cuts in prop::collection::vec(0..=1_000_i64, 0..8),
        ) {
            // The weights are what each received; all of it comes back between random cuts.
            let received: Vec<i64> =
                split.weights().iter().map(|weight| i64::try_from(*weight).unwrap()).collect();
            let whole: i64 = received.iter().sum();
            let mut marks: Vec<i64> = cuts.iter().map(|cut| whole * cut / 1_000).collect();
            marks.sort_unstable();
            marks.push(whole);
            let steps: Vec<i64> = marks
                .iter()
                .scan(0, |last, mark| Some(mark - std::mem::replace(last, *mark)))
                .collect();
            for reached in 0..steps.len() {
                let totals = life(&split, &steps[..reached]);
                prop_assert!(totals.iter().zip(&received).all(|(total, most)| total <= most));
            }
            prop_assert_eq!(life(&split, &steps), received);
        }

        #[test]
        fn whole_shares_are_met_whatever_came_before(
            split in any_split(9),
            factor in 1..9_u64,
            amounts in prop::collection::vec(0..9_i64, 0..9),
            rounds in 1..20_i64,
        ) {
            // The same ratios: a common factor must not hide where all shares are whole.
            let blown_up: Vec<u64> = split.weights().iter().map(|weight| weight * factor).collect();
            let blown_up = Split::new(blown_up, split.spare()).unwrap();
            let round = i64::try_from(split.weights().iter().sum::<u64>()).unwrap();
            let before: i64 = amounts.iter().sum();
            let total = (before / round + rounds) * round;
            let end = life(&blown_up, &[amounts, vec![total - before]].concat());
            let distances = above_exact(&blown_up, &end);
            prop_assert!(distances.iter().all(|distance| *distance == 0), "{end:?}");
        }

        #[test]
        fn the_first_hand_out_is_a_plain_split(
            amount in 0..=i64::MAX,
            weights in weights(u64::MAX),
            spare in prop::sample::select(&ORDERED[..]),
        ) {
            let split = split(&weights, spare);
            let parts = split.take(&vec![usd(0); weights.len()], usd(amount));
            prop_assert_eq!(parts, split.allocate(usd(amount)));
        }

        #[test]
        fn nothing_comes_closer(
            weights in prop::array::uniform3(1..9_u64),
            given in prop::array::uniform3(0..9_i64),
            amount in 0..12_i64,
        ) {
            let split = split(&weights, Spare::Largest);
            let parts = split.take(&all_usd(&given), usd(amount)).unwrap();
            let totals: Vec<i64> =
                given.iter().zip(cents(&parts)).map(|(given, part)| given + part).collect();
            prop_assert_eq!(squares(&split, &totals), least_squares(&split, &given, amount));
        }

        #[test]
        fn any_hand_out_is_an_answer_or_a_refusal(
            split in any_split(u64::MAX),
            given in prop::collection::vec(any::<i64>(), 0..7),
            amount: i64,
        ) {
            if let Ok(parts) = split.take(&all_usd(&given), usd(amount)) {
                prop_assert_eq!(cents(&parts).iter().sum::<i64>(), amount);
            }
        }

        #[test]
        fn large_hand_outs_sum_too(
            split in any_split(u64::MAX),
            given in prop::collection::vec(0..=i64::MAX / 8, 7),
            amount in 0..=i64::MAX / 8,
        ) {
            let given = all_usd(&given[..split.weights().len()]);
            let parts = cents(&split.take(&given, usd(amount)).unwrap());
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
            for (part, weight) in parts.iter().zip(split.weights()) {
                prop_assert!(*part == 0 || (*part > 0 && *weight > 0));
            }
        }

        #[test]
        fn every_series_of_refunds_returns_the_whole(
            whole in 0..=i64::MAX,
            steps in prop::collection::vec(0..=i64::MAX / 16, 1..16),
        ) {
            let base: i64 = steps.iter().sum();
            prop_assume!(base > 0);
            let (mut so_far, mut given) = (0, 0);
            for step in steps {
                so_far += step;
                let part = cumulative_part(whole, so_far, base, given).unwrap();
                prop_assert!(part >= 0);
                given += part;
            }
            prop_assert_eq!(given, whole);
        }
    }
}
