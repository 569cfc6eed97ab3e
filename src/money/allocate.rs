//! Sharing an amount among several, so that the parts sum to it.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::rounding::signed;
use super::{Money, MoneyError};

/// Who gets the minor units that are left over when every party has its exact share rounded down.
///
/// Only a party with a weight can get one. With two parties there is never more than one unit left.
///
/// ```
/// use fundroute::money::{Spare, Split, usd};
///
/// // The exact shares are 1.11, 2.78 and 1.11 cents.
/// let five_cents = |spare| Split::new(vec![2, 5, 2], spare)?.allocate(usd(5));
/// assert_eq!(five_cents(Spare::First)?, [usd(2), usd(2), usd(1)]);
/// assert_eq!(five_cents(Spare::Last)?, [usd(1), usd(2), usd(2)]);
/// assert_eq!(five_cents(Spare::Largest)?, [usd(1), usd(3), usd(1)]);
/// assert_eq!(five_cents(Spare::To(2))?, [usd(1), usd(2), usd(2)]);
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Spare {
    /// One each to the parties whose share is not whole, from the first on.
    First,
    /// One each to the parties whose share is not whole, from the last back.
    Last,
    /// One each to the parties whose rounding down cost them most; of equals, the one that stands
    /// first.
    Largest,
    /// All to the party at this index, counted from zero.
    To(usize),
}

/// How an amount is shared among several parties: a weight for each, and who gets the spare minor
/// units.
///
/// The parts always sum to the whole, a zero weight gets zero, and the same split of the same
/// amount is the same for ever. Only the ratio of the weights counts, so they may be percentages,
/// basis points, or the amounts that each paid.
///
/// # Example
///
/// ```
/// use fundroute::money::{Spare, Split, usd};
///
/// let split = Split::new(vec![50, 50], Spare::First)?;
/// assert_eq!(split.allocate(usd(1_01))?, [usd(51), usd(50)]);
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
// INVARIANT: at least one weight is above zero, and a party named for the spare units has one: kept
// by `new`, through which serde goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Split {
    weights: Vec<u64>,
    spare: Spare,
}

/// A split as it is stored, before it is checked.
#[derive(Deserialize)]
struct Unchecked {
    weights: Vec<u64>,
    spare: Spare,
}

impl TryFrom<Unchecked> for Split {
    type Error = MoneyError;

    fn try_from(stored: Unchecked) -> Result<Self, Self::Error> {
        Self::new(stored.weights, stored.spare)
    }
}

/// One party's place in a hand-out.
pub(super) struct Party {
    pub(super) index: usize,
    /// The exact share is `whole` and `remainder` over the sum of the weights.
    pub(super) whole: u64,
    pub(super) remainder: u128,
    pub(super) given: u64,
    /// What the party has in all once the hand-out is done.
    pub(super) total: u64,
}

impl Party {
    /// What the party holds if all stand so many units short of their whole shares, but give
    /// nothing back.
    pub(super) fn held_at(&self, short: u64) -> u64 {
        self.given.max(self.whole.saturating_sub(short))
    }

    /// Whether one unit more, on top of what such a stand gives, is within the party's share,
    /// rounded up.
    pub(super) fn may_gain_at(&self, short: u64) -> bool {
        let level = self.whole.checked_sub(short);
        level.is_some_and(|level| self.total <= level) && (short > 0 || self.remainder > 0)
    }
}

impl Split {
    /// A split among as many parties as there are weights.
    ///
    /// # Errors
    ///
    /// [`MoneyError::SplitWithoutWeight`] if no weight is above zero,
    /// [`MoneyError::SpareWithoutWeight`] if the spare units are for a party that does not exist or
    /// has no weight.
    pub fn new(weights: Vec<u64>, spare: Spare) -> Result<Self, MoneyError> {
        if weights.iter().all(|weight| *weight == 0) {
            return Err(MoneyError::SplitWithoutWeight);
        }
        match spare {
            Spare::To(index) if weights.get(index).is_none_or(|weight| *weight == 0) => {
                Err(MoneyError::SpareWithoutWeight(index))
            }
            Spare::To(_) | Spare::First | Spare::Last | Spare::Largest => Ok(Self { weights, spare }),
        }
    }

    /// The weight of each party.
    pub fn weights(&self) -> &[u64] {
        &self.weights
    }

    /// Who gets the spare units.
    pub const fn spare(&self) -> Spare {
        self.spare
    }

    /// Shares the amount: one part for each party, in the order of the weights, which sum to the
    /// amount.
    ///
    /// A negative amount is shared as its magnitude, and every part then takes the sign. Every part
    /// is the exact share rounded down or up, except that [`Spare::To`] can give its party a few
    /// units more.
    ///
    /// # Errors
    ///
    /// None that a valid split can cause; [`MoneyError::Overflow`] stands for sums that cannot be
    /// held.
    pub fn allocate(&self, amount: Money) -> Result<Vec<Money>, MoneyError> {
        let total = amount.minor().unsigned_abs();
        let mut parties = self.parties(total, std::iter::repeat(0))?;
        let mut spare = stand_at(0, total, &mut parties)?;
        if let Spare::To(named) = self.spare {
            give(parties.iter_mut().find(|party| party.index == named), &mut spare, u64::MAX);
        }
        self.one_each(0, &mut spare, &mut parties);
        parties
            .iter()
            .map(|party| signed(Some(party.total.into()), amount.is_negative()))
            .map(|part| Ok(Money::new(part?, amount.currency())))
            .collect()
    }

    /// The exact share of each in the total, beside what each was given of it.
    pub(super) fn parties(&self, total: u64, given: impl Iterator<Item = u64>) -> Result<Vec<Party>, MoneyError> {
        let sum = self.sum();
        let of = |index, weight, given| {
            let product = u128::from(total).checked_mul(u128::from(weight))?;
            Some(Party {
                index,
                whole: u64::try_from(product.checked_div(sum)?).ok()?,
                remainder: product.checked_rem(sum)?,
                given,
                total: given,
            })
        };
        self.weights
            .iter()
            .zip(given)
            .enumerate()
            .map(|(index, (weight, given))| of(index, *weight, given).ok_or(MoneyError::Overflow))
            .collect()
    }

    /// Gives the spare units one each, in the order that the split names or, where some must wait
    /// for their whole shares, to whoever stands furthest below exact.
    pub(super) fn one_each(&self, short: u64, spare: &mut u64, parties: &mut [Party]) {
        let mut waiting: Vec<&mut Party> = parties.iter_mut().filter(|party| party.may_gain_at(short)).collect();
        match self.spare {
            Spare::First if short == 0 => {}
            Spare::Last if short == 0 => waiting.reverse(),
            // A stable sort: of equals, the one that stands first.
            Spare::First | Spare::Last | Spare::Largest | Spare::To(_) => {
                waiting.sort_by_key(|party| Reverse(party.remainder));
            }
        }
        for party in waiting {
            let one_more = party.total.saturating_add(1);
            give(Some(party), spare, one_more);
        }
    }

    pub(super) fn sum(&self) -> u128 {
        self.weights.iter().copied().map(u128::from).sum()
    }
}

/// Lets each party stand so many units short of its whole share, and says how many units that
/// leaves.
pub(super) fn stand_at(short: u64, total: u64, parties: &mut [Party]) -> Result<u64, MoneyError> {
    let mut left = total;
    for party in parties {
        party.total = party.held_at(short);
        left = left.checked_sub(party.total).ok_or(MoneyError::Overflow)?;
    }
    Ok(left)
}

/// Gives the party spare units, until it has so many or there are none.
pub(super) fn give(party: Option<&mut Party>, spare: &mut u64, most: u64) {
    if let Some(party) = party {
        let units = most.saturating_sub(party.total).min(*spare);
        party.total = party.total.saturating_add(units);
        *spare = spare.saturating_sub(units);
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small numbers, and a test may fail loudly")]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::usd;
    use super::*;

    pub(crate) const ORDERED: [Spare; 3] = [Spare::First, Spare::Last, Spare::Largest];

    pub(crate) fn split(weights: &[u64], spare: Spare) -> Split {
        Split::new(weights.to_vec(), spare).unwrap()
    }

    pub(crate) fn cents(parts: &[Money]) -> Vec<i64> {
        parts.iter().map(|part| part.minor()).collect()
    }

    /// How far a total stands above the exact share, in parts of the sum of the weights.
    pub(crate) fn above_exact(split: &Split, totals: &[i64]) -> Vec<i128> {
        let sum: i128 = split.weights().iter().copied().map(i128::from).sum();
        let total: i128 = totals.iter().copied().map(i128::from).sum();
        let weights = split.weights().iter().copied().map(i128::from);
        totals.iter().zip(weights).map(|(x, weight)| i128::from(*x) * sum - total * weight).collect()
    }

    pub(crate) fn weights(most: u64) -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec(prop_oneof![1 => Just(0), 4 => 0..=most], 1..7)
            .prop_filter("a weight above zero", |weights| weights.iter().any(|weight| *weight > 0))
    }

    pub(crate) fn any_split(most: u64) -> impl Strategy<Value = Split> {
        (weights(most), 0..4_usize, any::<prop::sample::Index>()).prop_map(|(weights, kind, index)| {
            let with_weight: Vec<usize> = (0..weights.len()).filter(|i| weights[*i] > 0).collect();
            let named = Spare::To(*index.get(&with_weight));
            let spare = ORDERED.get(kind).copied().unwrap_or(named);
            Split::new(weights, spare).unwrap()
        })
    }

    #[test]
    fn spare_units_go_where_the_split_says() {
        for (weights, amount, [first, last, largest, to_second]) in [
            (&[1, 1, 1][..], 100, [[34, 33, 33], [33, 33, 34], [34, 33, 33], [33, 34, 33]]),
            (&[1, 1, 1], 101, [[34, 34, 33], [33, 34, 34], [34, 34, 33], [33, 35, 33]]),
            (&[1, 1, 1], -101, [[-34, -34, -33], [-33, -34, -34], [-34, -34, -33], [-33, -35, -33]]),
            (&[2, 5, 2], 5, [[2, 2, 1], [1, 2, 2], [1, 3, 1], [1, 3, 1]]),
            (&[0, 1, 1], 3, [[0, 2, 1], [0, 1, 2], [0, 2, 1], [0, 2, 1]]),
            (&[2, 1, 1], 2, [[1, 1, 0], [1, 0, 1], [1, 1, 0], [1, 1, 0]]),
            (&[50, 30, 20], 10, [[5, 3, 2]; 4]),
            (&[1, 2, 3], 0, [[0, 0, 0]; 4]),
        ] {
            for (spare, parts) in
                [(Spare::First, first), (Spare::Last, last), (Spare::Largest, largest), (Spare::To(1), to_second)]
            {
                let answer = split(weights, spare).allocate(usd(amount)).unwrap();
                assert_eq!(cents(&answer), parts, "{weights:?} {spare:?} {amount}");
            }
        }
    }

    #[test]
    fn two_shares_rounded_separately_do_not_add_up_but_a_split_does() {
        let parts = split(&[20, 80], Spare::Largest).allocate(usd(10_02)).unwrap();
        assert_eq!(cents(&parts), [2_00, 8_02]);
        assert_eq!(cents(&split(&[50, 50], Spare::First).allocate(usd(1_01)).unwrap()), [51, 50]);
        assert_eq!(cents(&split(&[50, 50], Spare::Last).allocate(usd(1_01)).unwrap()), [50, 51]);
    }

    #[test]
    fn a_split_that_makes_no_sense_cannot_be_built_or_loaded() {
        for weights in [vec![], vec![0], vec![0, 0]] {
            assert_eq!(Split::new(weights, Spare::First), Err(MoneyError::SplitWithoutWeight));
        }
        for index in [1, 2, usize::MAX] {
            let refused = Split::new(vec![1, 0], Spare::To(index));
            assert_eq!(refused, Err(MoneyError::SpareWithoutWeight(index)));
        }
        assert!(serde_json::from_str::<Split>(r#"{"weights":[0],"spare":"First"}"#).is_err());
        assert!(serde_json::from_str::<Split>(r#"{"weights":[1],"spare":{"To":1}}"#).is_err());
        let sound = serde_json::from_str::<Split>(r#"{"weights":[1],"spare":{"To":0}}"#).unwrap();
        assert_eq!((sound.weights(), sound.spare()), (&[1][..], Spare::To(0)));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(amount: i64, extreme in 0..6_u8, split in any_split(u64::MAX)) {
            let amount = match extreme { 0 => i64::MIN, 1 => i64::MAX, _ => amount };
            let parts = cents(&split.allocate(usd(amount)).unwrap());
            let sum: i128 = parts.iter().copied().map(i128::from).sum();
            prop_assert_eq!(sum, i128::from(amount));
            for (part, weight) in parts.iter().zip(split.weights()) {
                prop_assert!(*part == 0 || *weight > 0);
                prop_assert!(*part == 0 || part.signum() == amount.signum());
            }
            prop_assert_eq!(cents(&split.allocate(usd(amount)).unwrap()), parts);
        }

        #[test]
        fn parts_are_exact_but_for_the_spare_units(
            amount in 0..=i64::MAX,
            split in any_split(u32::MAX.into()),
        ) {
            let sum: i128 = split.weights().iter().copied().map(i128::from).sum();
            let parts = cents(&split.allocate(usd(amount)).unwrap());
            for (index, distance) in above_exact(&split, &parts).into_iter().enumerate() {
                prop_assert!(distance > -sum);
                prop_assert!(distance < sum || split.spare() == Spare::To(index));
            }
        }

        #[test]
        fn every_split_survives_storage(split in any_split(u64::MAX)) {
            let json = serde_json::to_string(&split).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Split>(&json).unwrap(), &split);
            let bytes = postcard::to_stdvec(&split).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Split>(&bytes).unwrap(), split);
        }

    }
}
