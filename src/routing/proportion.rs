use serde::{Deserialize, Serialize};

use crate::money::{MoneyError, cumulative_part};

/// How much of a share the partial refunds of a charge have pulled back so far, in minor units.
///
/// Each part is the rounded share of all refunds that asked for it, less what was given already, so that any
/// sequence of refunds that ends in full ends exactly.
///
/// ```
/// use fundroute::routing::Proportion;
///
/// // A commission of 1.23 on 10.00, refunded in three parts.
/// let (mut so_far, mut parts) = (Proportion::default(), Vec::new());
/// for refund in [3_33, 3_33, 3_34] {
///     let part;
///     (so_far, part) = so_far.extend(1_23, 10_00, refund, 1_23)?;
///     parts.push(part);
/// }
/// assert_eq!(parts, [41, 41, 41]);
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Proportion {
    asked: i64,
    given: i64,
}

impl Proportion {
    /// The state after one more refund of `amount`, and the part that goes with it: a share of `share` that is to
    /// `base` as the refunds are, at most `left`.
    ///
    /// # Errors
    /// [`MoneyError`] where the refunds together exceed `base`.
    // ROUNDING: nearest minor unit, ties away from zero, on the running total (recorded exchanges, 2023-2025).
    // RULE: what a reversal by hand has taken already is not asked for again: the part is capped at what is left,
    // without an error (recorded: 5620 reversed by 2781, by hand by 290, then by the remaining 2549).
    pub fn extend(self, share: i64, base: i64, amount: i64, left: i64) -> Result<(Self, i64), MoneyError> {
        let asked = self.asked.checked_add(amount).ok_or(MoneyError::Overflow)?;
        let part = cumulative_part(share, asked, base, self.given)?.clamp(0, left.max(0));
        let given = self.given.checked_add(part).ok_or(MoneyError::Overflow)?;
        Ok((Self { asked, given }, part))
    }

    /// The state after one of those refunds came to nothing. Its part stays given, and counts for the refunds to come: nobody gives
    /// the same part twice.
    #[must_use]
    pub const fn without(self, amount: i64) -> Self {
        Self { asked: self.asked.saturating_sub(amount), given: self.given }
    }

    /// The sum of the refunds that asked for the share.
    pub const fn asked(self) -> i64 {
        self.asked
    }

    /// What they were given.
    pub const fn given(self) -> i64 {
        self.given
    }
}
