//! Payouts within minutes: what of a balance they can take, what they cost, and how much of them a day allows.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{InstantBarrier, Payout};
use crate::calendar::Timestamp;
use crate::ids::{ExternalAccountId, InstantTermsId};
use crate::money::{Currency, Money, MoneyError, Rate, Rounding};
use crate::routing::{Fee, Occasion, PriceRule, PricingRules};

/// Parts of an amount, by the day from whose pending money each is taken; nothing for what is available.
pub(crate) type Parts = SmallVec<[(Option<Timestamp>, i128); 4]>;

/// What an owner has in one currency, as far as a payout within minutes is concerned.
pub(crate) struct Funds<'a> {
    pub(crate) available: i128,
    /// By the date on which it becomes available, soonest first; below zero where more goes than comes.
    pub(crate) pending: &'a [(Timestamp, i128)],
    /// The last date whose money counts.
    pub(crate) through: Timestamp,
}

impl Funds<'_> {
    /// How much may be taken, in all, of what is there by each day: what a later day owes stays, and so does what makes up for what is
    /// owed now.
    // RULE: an advance does not repair a balance below zero: it takes from days with a positive balance of everything until then
    // (docs.stripe.com/payouts/instant-payouts-advance-funding, 2026). That nothing is lent that a later day takes back follows from the
    // same sums.
    fn reach(&self) -> Parts {
        let mut sums = Parts::from_elem((None, self.available), 1);
        let mut sum = self.available;
        for (on, amount) in self.pending {
            // INVARIANT: sums of i64 in i128: saturation is never reached.
            sum = sum.saturating_add(*amount);
            sums.push((Some(*on), sum));
        }
        let mut least = i128::MAX;
        for (_, sum) in sums.iter_mut().rev() {
            least = least.min(*sum);
            *sum = least.max(0);
        }
        sums.retain(|(on, _)| on.is_none_or(|on| on <= self.through));
        sums
    }

    /// All that can be taken.
    pub(crate) fn total(&self) -> i128 {
        self.reach().last().map_or(0, |(_, total)| *total)
    }

    /// From where so much is taken: what is available first, then the pending days, soonest first; nothing where there is less.
    pub(crate) fn take(&self, needed: i128) -> Option<Parts> {
        let mut parts = Parts::new();
        let mut taken = 0_i128;
        for (on, total) in self.reach() {
            let part = total.min(needed).saturating_sub(taken);
            if part > 0 {
                taken = taken.saturating_add(part);
                parts.push((on, part));
            }
        }
        (taken == needed).then_some(parts)
    }

    /// Whether a day takes more than it brings, so that what is available is not all there to be taken.
    pub(crate) fn owes(&self) -> bool {
        self.available < 0 || self.pending.iter().any(|(_, amount)| *amount < 0)
    }
}

/// What a payout within minutes costs its account besides the amount.
pub(crate) struct InstantCost<'a> {
    /// What the processor takes, as a share of the amount; nothing where somebody else is billed.
    pub(crate) processor: Rate,
    /// What the platform takes.
    pub(crate) price: Option<InstantPrice<'a>>,
}

/// What the platform takes of a payout within minutes.
#[derive(Clone, Copy)]
pub(crate) enum InstantPrice<'a> {
    /// What was said for its currency.
    Fee(&'a Fee),
    /// What a scheme says of one payout or another.
    Rules(&'a PricingRules, Occasion),
}

impl InstantPrice<'_> {
    fn of(&self, amount: Money) -> Result<Money, MoneyError> {
        match self {
            Self::Fee(fee) => fee.of(amount),
            Self::Rules(rules, occasion) => match rules.plan().rule_of(&Occasion { amount, ..*occasion }) {
                Ok((_, fee)) => fee.of(amount),
                // INVARIANT: a scheme has a rule for everything.
                Err(_) => Ok(Money::zero(amount.currency())),
            },
        }
    }

    /// The rule of a scheme that decides.
    pub(crate) fn rule(&self, amount: Money) -> Option<PriceRule> {
        match self {
            Self::Fee(_) => None,
            Self::Rules(rules, occasion) => {
                let (rule, _) = rules.plan().rule_of(&Occasion { amount, ..*occasion }).ok()?;
                Some(PriceRule { rules: rules.id(), rule })
            }
        }
    }

    /// The amounts from which on it may be less than just below them.
    fn steps(&self) -> Vec<Money> {
        match self {
            Self::Fee(fee) => fee.steps().collect(),
            Self::Rules(rules, _) => rules.plan().steps().collect(),
        }
    }
}

/// How large a payout can be.
pub(crate) struct Bounds {
    pub(crate) min: Money,
    pub(crate) max: i64,
    pub(crate) multiple: i64,
}

impl InstantCost<'_> {
    /// What the processor and the platform take of a payout.
    // ROUNDING: each to the nearest minor unit, ties up, as all fees (support.stripe.com/questions/rounding-rules-for-stripe-fees).
    pub(crate) fn of(&self, amount: Money) -> Result<(Money, Money), MoneyError> {
        let processor = self.processor.of(amount, Rounding::NearestTiesAway)?;
        let nothing = Money::new(0, amount.currency());
        Ok((processor, self.price.as_ref().map_or(Ok(nothing), |price| price.of(amount))?))
    }

    /// What has to be there for a payout.
    pub(crate) fn needed(&self, amount: Money) -> Result<Money, MoneyError> {
        let (processor, commission) = self.of(amount)?;
        amount.checked_add(processor)?.checked_add(commission)
    }

    /// The largest payout that so much is enough for, with its cost; zero where that is none.
    // RULE: the net amount is the largest that with its fee is not more than what can be paid out (recorded exchanges, 2023-2025: 3 percent
    // on 100000 leave 97087).
    pub(crate) fn most(&self, enough: i128, bounds: &Bounds) -> Money {
        let currency = bounds.min.currency();
        let of_currency = |from: &Money| from.currency() == currency;
        let steps = self.price.iter().flat_map(InstantPrice::steps).filter(of_currency).map(|from| from.minor());
        let mut edges: Vec<i64> = steps.filter(|edge| *edge > 1).chain([1]).collect();
        edges.sort_unstable_by(|one, other| other.cmp(one));
        let mut high = i64::try_from(enough).unwrap_or(i64::MAX).min(bounds.max);
        for low in edges {
            // Between two edges a larger payout never needs less.
            if let Some(most) = self.most_between(enough, (low, high), bounds) {
                return Money::new(if most < bounds.min.minor() { 0 } else { most }, currency);
            }
            high = high.min(low.saturating_sub(1));
        }
        Money::new(0, currency)
    }

    fn most_between(&self, enough: i128, (low, high): (i64, i64), bounds: &Bounds) -> Option<i64> {
        let (currency, multiple) = (bounds.min.currency(), bounds.multiple.max(1));
        let amount = |steps: i64| steps.checked_mul(multiple).map(|minor| Money::new(minor, currency));
        let is_enough = |steps: i64| {
            let needed = amount(steps).and_then(|amount| self.needed(amount).ok());
            needed.is_some_and(|needed| i128::from(needed.minor()) <= enough)
        };
        let mut least = low.saturating_sub(1).checked_div(multiple)?.saturating_add(1);
        let mut most = high.checked_div(multiple)?;
        if least > most || !is_enough(least) {
            return None;
        }
        while least < most {
            let rest = most.saturating_sub(least);
            let middle = least.saturating_add(rest.saturating_add(1).checked_div(2)?);
            if is_enough(middle) { least = middle } else { most = middle.saturating_sub(1) }
        }
        amount(least).map(Money::minor)
    }
}

/// What is kept of a payout within minutes besides what every payout has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Instant {
    /// What the processor took, in minor units.
    pub(crate) fee: i64,
    /// What the platform took.
    pub(crate) commission: i64,
    /// What was taken of pending days, by when it would have become available.
    // INVARIANT: days of the few that count: there are never more of them than dates in that time.
    pub(crate) advance: SmallVec<[(Timestamp, i64); 1]>,
    /// How many objects were born of it.
    pub(crate) born: u16,
    /// The rule of a scheme that said what the platform took.
    pub(crate) priced: Option<Box<PriceRule>>,
}

impl Payout {
    /// By which rule of which scheme the platform's commission on it was found; nothing where no scheme was in force.
    pub fn price_rule(&self) -> Option<&PriceRule> {
        self.instant()?.priced.as_deref()
    }
}

impl Instant {
    /// What goes back to the pending days when so much comes back: no more than that, and first to the day that was taken from last.
    // RULE: an advance whose payout failed is taken back, and the days get their money back
    // (docs.stripe.com/payouts/instant-payouts-advance-funding, 2026). That the days go on bearing a fee that does not come back is our
    // reading: what is available would fall below zero by it otherwise.
    pub(crate) fn given_back(&self, came_back: i64) -> SmallVec<[(Timestamp, i64); 1]> {
        let mut left = came_back;
        let mut parts = SmallVec::new();
        for (on, amount) in self.advance.iter().rev() {
            let part = left.min(*amount);
            left = left.saturating_sub(part);
            if part > 0 {
                parts.push((*on, part));
            }
        }
        parts.reverse();
        parts
    }
}

/// A command: say what the platform takes of its accounts' payouts within minutes in a currency, from now on.
///
/// It comes on top of each payout, as a commission that is paid with it and can be
/// [given back](crate::routing::NewApplicationFeeRefund). The platform's own payouts have none. It holds for accounts that no
/// [scheme](crate::routing::NewPricingScheme::of_instant_payouts) is in force for.
///
/// ```
/// use fundroute::prelude::*;
/// use fundroute::routing::Fee;
///
/// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// let price = Fee::percent("2 %".parse()?).at_least(usd(50));
/// platform.payouts().set_instant_price("price", USD, Some(price.clone()))?;
/// assert_eq!(platform.instant_price(USD)?, Some(&price));
/// # Ok::<(), Error>(())
/// ```
// RULE: a platform can ask for a fixed amount, a percentage or both, between bounds; it is collected with the payout, as an application fee
// (docs.stripe.com/connect/instant-payouts and /connect/platform-pricing-tools, 2024).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetInstantPrice {
    /// For payouts in which currency.
    pub currency: Currency,
    /// What is taken; nothing for no price at all.
    pub price: Option<Fee>,
}

/// What was asked for since a day began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Spent {
    until: Timestamp,
    amount: i64,
    count: u32,
}

/// Whose payouts are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Those of all connected accounts.
    OfAccounts,
    /// The platform's own.
    Own,
}

/// What a platform takes of payouts within minutes in one currency, and how much of them was asked for today, as far as a day has a limit.
// INVARIANT: its id is made of the currency, so that it is found by key. A day that is over counts for nothing, so that none is ever closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstantTerms {
    id: InstantTermsId,
    currency: Currency,
    price: Option<Fee>,
    of_accounts: Option<Spent>,
    own: Option<Spent>,
}

impl InstantTerms {
    pub(crate) const fn new(id: InstantTermsId, currency: Currency) -> Self {
        Self { id, currency, price: None, of_accounts: None, own: None }
    }

    /// Its id.
    pub const fn id(&self) -> InstantTermsId {
        self.id
    }

    /// Of payouts in which currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What the platform takes of its accounts' payouts, if anything.
    pub const fn price(&self) -> Option<&Fee> {
        self.price.as_ref()
    }

    pub(crate) fn with_price(self, price: Option<Fee>) -> Self {
        Self { price, ..self }
    }

    /// How much was asked for by `now` since the day began, in minor units, and how often.
    pub(crate) fn spent(&self, whose: Counted, now: Timestamp) -> (i64, u32) {
        let spent = match whose {
            Counted::OfAccounts => self.of_accounts,
            Counted::Own => self.own,
        };
        spent.filter(|spent| now < spent.until).map_or((0, 0), |spent| (spent.amount, spent.count))
    }

    /// The same after one more payout was asked for, on a day that ends at `until`.
    // RULE: what counts is when a payout is asked for (docs.stripe.com/payouts/instant-payouts, 2026). That one which fails or is called off
    // counts all the same is our own choice: no page says.
    pub(crate) fn spend(mut self, whose: Counted, amount: i64, (now, until): (Timestamp, Timestamp)) -> Self {
        let (before, count) = self.spent(whose, now);
        let spent = Some(Spent { until, amount: before.saturating_add(amount), count: count.saturating_add(1) });
        match whose {
            Counted::OfAccounts => self.of_accounts = spent,
            Counted::Own => self.own = spent,
        }
        self
    }
}

/// What of an account's money can be paid out within minutes now: see [`Platform::instant_balance`](crate::Platform::instant_balance).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstantBalance {
    /// The currency of all amounts.
    pub currency: Currency,
    /// `instant_available`: everything that can be taken, available or pending, with what the payout costs; no more than the day allows.
    #[serde(with = "crate::money::wide")]
    pub instant_available: i128,
    /// Why there is nothing, where the account has no such payouts.
    pub barrier: Option<InstantBarrier>,
    /// How much the day still allows, to all accounts of the platform together or to the platform itself, where it has a limit.
    pub left_today: Option<Money>,
    /// When the next day begins, where a day has a limit.
    pub resets_at: Option<Timestamp>,
    /// `net_available`: the largest payout to each bank account or card in the currency, with which there is still enough for what it
    /// costs.
    pub net_available: Vec<NetAvailable>,
}

/// The largest payout within minutes to one bank account or card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NetAvailable {
    /// The bank account or card.
    pub destination: ExternalAccountId,
    /// The largest payout that would not be refused; zero where none would be made.
    pub amount: Money,
}
