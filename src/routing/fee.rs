//! How much is taken of one amount.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::PlanError;
use crate::money::{Currency, Money, MoneyError, Rate, Rounding, compound};

/// What becomes of what is to be taken out of an amount and is more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Excess {
    /// Nothing is taken: it is an error.
    Refuse,
    /// As much is taken as there is.
    Cap,
    /// All is taken, and whoever gets the rest owes the difference.
    Owe,
}

/// Which part of an amount the rate of a [`Tier`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tiering {
    /// All of it: the tier that it reaches decides.
    Whole,
    /// What of it lies in the tier: each part has the rate of its own.
    Slices,
}

/// A rate that begins with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// The amount from which on it is there; the first one begins with nothing.
    pub from: Money,
    /// The rate.
    pub rate: Rate,
}

impl Tier {
    /// A rate from this amount on.
    pub const fn new(from: Money, rate: Rate) -> Self {
        Self { from, rate }
    }
}

/// How the part of a fee that depends on the amount is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Shape {
    Percent(Rate),
    Tiers(Tiering, Vec<Tier>),
}

/// What a fee is changed by once it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Modifier {
    Discount(Rate),
    Markup(Rate),
}

impl Modifier {
    /// By how many trillionths the fee is multiplied.
    const fn factor(self) -> u64 {
        match self {
            Self::Discount(rate) => Rate::WHOLE.trillionths().saturating_sub(rate.trillionths()),
            Self::Markup(rate) => Rate::WHOLE.trillionths().saturating_add(rate.trillionths()),
        }
    }
}

/// How many discounts and markups a fee has at most: our own choice, so that no fee takes long to work out.
const MOST_MODIFIERS: usize = 10;

/// A part that depends on the amount, what is added to it, between which bounds, and what all of that is changed by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Blend {
    shape: Shape,
    fixed: Option<Money>,
    min: Option<Money>,
    max: Option<Money>,
    modifiers: Vec<Modifier>,
}

/// What is taken of an amount: a percentage of it, a fixed amount, both, or rates by tiers; between two bounds, or whichever of several
/// is least.
///
/// ```
/// use fundroute::money::usd;
/// use fundroute::routing::{Fee, Tier, Tiering};
///
/// let blended = Fee::percent("2.9 %".parse()?).plus(usd(30)).at_least(usd(50)).at_most(usd(20_00));
/// assert_eq!(blended.of(usd(5_00))?, usd(50)); // 44.5 cents, below the least
/// assert_eq!(blended.of(usd(9_00))?, usd(56)); // 56.1 cents
/// assert_eq!(blended.of(usd(9_000_00))?, usd(20_00));
///
/// let tiers = vec![Tier::new(usd(0), "10 %".parse()?), Tier::new(usd(100_00), "5 %".parse()?)];
/// assert_eq!(Fee::tiers(Tiering::Whole, tiers.clone()).of(usd(150_00))?, usd(7_50));
/// assert_eq!(Fee::tiers(Tiering::Slices, tiers).of(usd(150_00))?, usd(12_50));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    first: Blend,
    others: Vec<Blend>,
}

impl Fee {
    const fn new(shape: Shape, fixed: Option<Money>) -> Self {
        Self { first: Blend { shape, fixed, min: None, max: None, modifiers: Vec::new() }, others: Vec::new() }
    }

    /// A percentage of the amount.
    pub const fn percent(rate: Rate) -> Self {
        Self::new(Shape::Percent(rate), None)
    }

    /// The same for every amount.
    pub const fn fixed(fee: Money) -> Self {
        Self::new(Shape::Percent(Rate::ZERO), Some(fee))
    }

    /// Rates by tiers, from the lowest up.
    pub const fn tiers(tiering: Tiering, tiers: Vec<Tier>) -> Self {
        Self::new(Shape::Tiers(tiering, tiers), None)
    }

    /// The same, and a fixed amount besides, in the place of one named before.
    #[must_use]
    pub const fn plus(mut self, fixed: Money) -> Self {
        self.first.fixed = Some(fixed);
        self
    }

    /// The same, and no less than this.
    #[must_use]
    pub const fn at_least(mut self, min: Money) -> Self {
        self.first.min = Some(min);
        self
    }

    /// The same, and no more than this.
    #[must_use]
    pub const fn at_most(mut self, max: Money) -> Self {
        self.first.max = Some(max);
        self
    }

    /// The same with its bounds, or another one with its own: whichever is less.
    ///
    /// ```
    /// use fundroute::money::usd;
    /// use fundroute::routing::Fee;
    ///
    /// let [steep, flat] = [Fee::percent("5 %".parse()?).plus(usd(5)), Fee::percent("2 %".parse()?).plus(usd(30))];
    /// let fee = steep.or_less(flat);
    /// assert_eq!((fee.of(usd(1_53))?, fee.of(usd(19_26))?), (usd(13), usd(69)));
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    #[must_use]
    pub fn or_less(mut self, other: Self) -> Self {
        self.others.push(other.first);
        self.others.extend(other.others);
        self
    }

    /// The same, and so much of it less: after the bounds, and after what was named before.
    ///
    /// ```
    /// use fundroute::money::usd;
    /// use fundroute::routing::Fee;
    ///
    /// let fee = Fee::fixed(usd(1_00)).discounted("5 %".parse()?).marked_up("10 %".parse()?);
    /// assert_eq!(fee.of(usd(50_00))?, usd(1_05)); // 104.5 cents
    /// # Ok::<(), fundroute::money::MoneyError>(())
    /// ```
    // RULE: discounts and markups come after the fee and compound in their order (docs.stripe.com/connect/platform-pricing-tools, 2024).
    #[must_use]
    pub fn discounted(self, rate: Rate) -> Self {
        self.modified(Modifier::Discount(rate))
    }

    /// The same, and so much of it more: after the bounds, and after what was named before.
    #[must_use]
    pub fn marked_up(self, rate: Rate) -> Self {
        self.modified(Modifier::Markup(rate))
    }

    fn modified(mut self, modifier: Modifier) -> Self {
        for blend in std::iter::once(&mut self.first).chain(&mut self.others) {
            blend.modifiers.push(modifier);
        }
        self
    }

    /// Whether nothing is ever taken.
    pub(crate) fn is_nothing(&self) -> bool {
        std::iter::once(&self.first).chain(&self.others).any(Blend::is_nothing)
    }

    /// What is taken of an amount. It may be more than that.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] where it names amounts in another currency, [`MoneyError::Overflow`] beyond what [`Money`] holds.
    pub fn of(&self, amount: Money) -> Result<Money, MoneyError> {
        let mut least = self.first.of(amount)?;
        for other in &self.others {
            least = lesser(other.of(amount)?, least)?;
        }
        Ok(least)
    }

    /// The amounts from which on the fee may be less than just below them: where a tier begins that holds for all of the amount.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Money> + '_ {
        std::iter::once(&self.first)
            .chain(&self.others)
            .flat_map(|blend| match &blend.shape {
                Shape::Tiers(Tiering::Whole, tiers) => tiers.as_slice(),
                Shape::Tiers(Tiering::Slices, _) | Shape::Percent(_) => &[],
            })
            .map(|tier| tier.from)
    }

    /// That it makes sense; tells in which currency it names amounts, if it does.
    pub(crate) fn check(&self) -> Result<Option<Currency>, PlanError> {
        let blends = || std::iter::once(&self.first).chain(&self.others);
        let mut named: Vec<Money> = Vec::new();
        for blend in blends() {
            named.extend([blend.fixed, blend.min, blend.max].into_iter().flatten());
            named.extend(blend.check()?.iter().map(|tier| tier.from));
            blend.check_modifiers()?;
        }
        if let Some(amount) = named.iter().find(|amount| amount.is_negative()) {
            return Err(PlanError::AmountNotPositive(*amount));
        }
        let currency = named.first().map(|amount| amount.currency());
        if let Some(other) = named.iter().map(|amount| amount.currency()).find(|other| Some(*other) != currency) {
            return Err(PlanError::MixedCurrencies(currency.unwrap_or(other), other));
        }
        let bounds = blends().filter_map(|blend| blend.min.zip(blend.max));
        match bounds.into_iter().find(|(min, max)| min.minor() > max.minor()) {
            Some((min, max)) => Err(PlanError::MinAboveMax { min, max }),
            None => Ok(currency),
        }
    }
}

impl Blend {
    // ROUNDING: the exact fee, with its discounts and markups, to the nearest minor unit, ties up, once (support.stripe.com, rounding rules
    // for Stripe fees, undated; docs.stripe.com/connect/platform-pricing-tools, 2024: 1.00 less 5 percent and 10 percent more is 1.05).
    // Rounding keeps the order of what it rounds, so that the least of several is the same before and after.
    fn of(&self, amount: Money) -> Result<Money, MoneyError> {
        let of_one = |rate| Rate::of_each(&[(rate, amount)]);
        let share = match &self.shape {
            Shape::Percent(rate) => of_one(*rate)?,
            Shape::Tiers(Tiering::Whole, tiers) => {
                let mut reached = Rate::ZERO;
                for tier in tiers {
                    reached = if tier.from.checked_cmp(amount)?.is_le() { tier.rate } else { reached };
                }
                of_one(reached)?
            }
            Shape::Tiers(Tiering::Slices, tiers) => Rate::of_each(&slices(tiers, amount)?)?,
        };
        let whole = |named: Money| {
            named.checked_cmp(amount)?;
            Rate::of_each(&[(Rate::WHOLE, named)])
        };
        let fee = share.checked_add(self.fixed.map_or(Ok(0), whole)?).ok_or(MoneyError::Overflow)?;
        let fee = self.max.map(whole).transpose()?.map_or(fee, |max| fee.min(max));
        let fee = self.min.map(whole).transpose()?.map_or(fee, |min| fee.max(min));
        let factors: SmallVec<[u64; 4]> = self.modifiers.iter().map(|modifier| modifier.factor()).collect();
        Ok(Money::new(compound(fee, &factors, Rounding::NearestTiesAway)?, amount.currency()))
    }

    fn is_nothing(&self) -> bool {
        let is_zero = |named: Option<Money>| named.is_none_or(Money::is_zero);
        let has_no_share = match &self.shape {
            Shape::Percent(rate) => *rate == Rate::ZERO,
            Shape::Tiers(_, tiers) => tiers.iter().all(|tier| tier.rate == Rate::ZERO),
        };
        let takes_nothing = has_no_share && is_zero(self.fixed);
        let is_at_most_nothing = self.max.is_some_and(Money::is_zero);
        ((takes_nothing || is_at_most_nothing) && is_zero(self.min))
            || self.modifiers.iter().any(|modifier| modifier.factor() == 0)
    }

    /// That its discounts and markups make sense.
    fn check_modifiers(&self) -> Result<(), PlanError> {
        if self.modifiers.len() > MOST_MODIFIERS {
            return Err(PlanError::TooManyModifiers(MOST_MODIFIERS));
        }
        let discounts = self.modifiers.iter().filter_map(|modifier| match modifier {
            Modifier::Discount(rate) => Some(*rate),
            Modifier::Markup(_) => None,
        });
        match discounts.into_iter().find(|rate| *rate > Rate::WHOLE) {
            Some(rate) => Err(PlanError::RateAboveWhole(rate)),
            None => Ok(()),
        }
    }

    /// That its rates make sense; tells its tiers.
    fn check(&self) -> Result<&[Tier], PlanError> {
        let whole = Rate::from_basis_points(10_000);
        let (rates, tiers): (Vec<Rate>, &[Tier]) = match &self.shape {
            Shape::Percent(rate) => (vec![*rate], &[]),
            Shape::Tiers(_, tiers) => (tiers.iter().map(|tier| tier.rate).collect(), tiers),
        };
        if let Some(rate) = rates.into_iter().find(|rate| *rate > whole) {
            return Err(PlanError::RateAboveWhole(rate));
        }
        let begins = tiers.first().is_none_or(|tier| tier.from.is_zero());
        let ascends = tiers.iter().zip(tiers.iter().skip(1)).all(|(low, high)| low.from.minor() < high.from.minor());
        let is_empty = matches!(&self.shape, Shape::Tiers(_, tiers) if tiers.is_empty());
        if is_empty || !begins || !ascends { Err(PlanError::TiersOutOfOrder) } else { Ok(tiers) }
    }
}

fn lesser(one: Money, other: Money) -> Result<Money, MoneyError> {
    Ok(if one.checked_cmp(other)?.is_lt() { one } else { other })
}

/// What of an amount lies in each tier, with the rate for it.
fn slices(tiers: &[Tier], amount: Money) -> Result<Vec<(Rate, Money)>, MoneyError> {
    let ends = tiers.iter().skip(1).map(|tier| Some(tier.from)).chain(std::iter::once(None));
    let mut slices = Vec::new();
    for (tier, end) in tiers.iter().zip(ends) {
        if tier.from.checked_cmp(amount)?.is_ge() {
            break;
        }
        let end = match end {
            Some(end) if end.checked_cmp(amount)?.is_lt() => end,
            Some(_) | None => amount,
        };
        slices.push((tier.rate, end.checked_sub(tier.from)?));
    }
    Ok(slices)
}
