//! Who gets what of an amount, and gives what back.

mod stored;

use serde::{Deserialize, Serialize};

use self::stored::Deepest;
use super::{Excess, NewTransfer, PlanError};
use crate::ids::{AccountId, PaymentId};
use crate::money::{Currency, Money, MoneyError, Rate, Rounding, Spare, Split, mul_div};

/// How deep splits of splits go.
const DEEPEST: u8 = 8;

/// The whole, in the parts that a rate counts.
const WHOLE: u64 = 1_000_000_000_000;

/// Who gets the minor units that are left over when every share is rounded down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpareUnits {
    /// One each to those whose shares are not whole, from the first on; the rest stands last.
    First,
    /// One each to those whose shares are not whole, from the last back; the rest stands last.
    Last,
    /// One each to those whom rounding down cost most; of equals, to the one that stands first.
    #[default]
    Largest,
    /// All to whoever gets the rest.
    Rest,
}

/// How much a part of a split is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Get {
    Amount(Money),
    Share(Rate),
    Rest,
}

/// Who gets a part of a split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum To {
    Account(AccountId),
    Among(SplitPlan),
}

/// Who gets what of an amount: amounts, shares of the whole, and the rest; each for an account, or to be split again.
///
/// Amounts go first, then shares, and somebody gets what they leave. The parts always sum to the whole, to the last minor unit. A plan is
/// checked when it is built; that amounts and shares come to more than there is, only an amount can show, and the plan says what is done
/// then. Under [`Excess::Cap`] whoever stands first gets its part first. Under [`Excess::Owe`] the one with the rest gets less than
/// nothing; where the rest is split again, its shares bear that.
///
/// A cart of 100.00: the courier gets 8.00, a charity 1 % of the cart, the platform 12 %, a quarter of which goes to whoever brought the
/// buyer, and the seller the rest.
///
/// ```
/// use fundroute::ids::AccountId;
/// use fundroute::money::usd;
/// use fundroute::routing::{Excess, SplitPlan};
///
/// let [house, seller, courier, charity, affiliate] = [1, 2, 3, 4, 5].map(|id| AccountId::from_host([id; 14]));
/// let ours = SplitPlan::builder(Excess::Refuse).share(affiliate, "25 %".parse()?).rest(house).build()?;
/// let plan = SplitPlan::builder(Excess::Refuse)
///     .amount(courier, usd(8_00))
///     .share(charity, "1 %".parse()?)
///     .share_among("12 %".parse()?, ours)
///     .rest(seller)
///     .build()?;
///
/// let cart = plan.allot(usd(100_00))?;
/// let amounts = [courier, charity, affiliate, house, seller].map(|party| cart.of(party));
/// assert_eq!(amounts, [8_00, 1_00, 3_00, 9_00, 79_00]);
///
/// // A return of 30.00: everybody gives back in proportion, and in the end exactly what it got.
/// let first = cart.give_back(&cart.nothing_yet(), usd(30_00))?;
/// assert_eq!(first.of(seller), 23_70);
/// let last = cart.give_back(&first, usd(70_00))?;
/// assert_eq!(first.and(&last)?, cart);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// INVARIANT: kept by `build`, through which serde goes: the parts come to the whole, in one currency, and not too deep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Deepest", into = "SplitPlanBuilder")]
pub struct SplitPlan(SplitPlanBuilder);

/// A [`SplitPlan`] in the making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitPlanBuilder {
    parts: Vec<(To, Get)>,
    spare: SpareUnits,
    excess: Excess,
}

impl SplitPlan {
    /// A plan without parts yet; `excess` says what becomes of amounts and shares that come to more than there is.
    pub const fn builder(excess: Excess) -> SplitPlanBuilder {
        SplitPlanBuilder { parts: Vec::new(), spare: SpareUnits::Largest, excess }
    }

    /// Splits an amount. The same plan splits the same amount the same way for ever.
    ///
    /// # Errors
    /// [`PlanError::AmountNotPositive`], [`PlanError::CurrencyNotCovered`] where the plan names amounts in another currency,
    /// [`PlanError::PartsAboveWhole`] where it says that parts may not come to more than there is.
    pub fn allot(&self, whole: Money) -> Result<Allotment, PlanError> {
        if !whole.is_positive() {
            return Err(PlanError::AmountNotPositive(whole));
        }
        if self.0.currency()?.is_some_and(|currency| currency != whole.currency()) {
            return Err(PlanError::CurrencyNotCovered(whole.currency()));
        }
        let mut parts = Vec::new();
        self.split(whole, None, &mut parts)?;
        Ok(Allotment { currency: whole.currency(), parts })
    }

    fn split(&self, whole: Money, excess: Option<Excess>, parts: &mut Vec<(AccountId, i64)>) -> Result<(), PlanError> {
        for ((to, _), minor) in self.0.parts.iter().zip(self.0.amounts(whole, excess)?) {
            match to {
                To::Account(account) => parts.push((*account, minor)),
                To::Among(plan) => plan.split(Money::new(minor, whole.currency()), excess, parts)?,
            }
        }
        Ok(())
    }

    /// Splits what a payment is to bring, of which nobody gets less than nothing.
    pub(crate) fn allot_sale(&self, sale: Money) -> Result<Allotment, PlanError> {
        let parts = self.allot(sale)?;
        let owing = parts.parts().find(|(_, part)| part.is_negative());
        match owing {
            Some((account, part)) => Err(PlanError::PartOwed { account, owed: part.checked_neg()? }),
            None => Ok(parts),
        }
    }

    /// Splits what a payment has brought, which cannot be refused any more: where amounts and shares come to more than that, whoever
    /// stands first gets its part first.
    // RULE: what others get of a payment is capped at what was captured (docs.stripe.com/connect/destination-charges, 2026). That this
    // holds of every part of a split is our reading.
    pub(crate) fn allot_taken(&self, taken: Money) -> Result<Allotment, PlanError> {
        self.allot_sale(taken).or_else(|_| {
            let mut parts = Vec::new();
            self.split(taken, Some(Excess::Cap), &mut parts)?;
            Ok(Allotment { currency: taken.currency(), parts })
        })
    }

    /// Everybody who gets a part, in the order of the plan and each once.
    pub fn accounts(&self) -> Vec<AccountId> {
        let mut accounts = Vec::new();
        self.0.gather(&mut accounts);
        accounts
    }
}

impl SplitPlanBuilder {
    /// An account that gets an amount, in minor units of its currency.
    #[must_use]
    pub fn amount(self, account: AccountId, amount: Money) -> Self {
        self.part(To::Account(account), Get::Amount(amount))
    }

    /// An amount that is split again.
    #[must_use]
    pub fn amount_among(self, amount: Money, plan: SplitPlan) -> Self {
        self.part(To::Among(plan), Get::Amount(amount))
    }

    /// An account that gets a share of the whole.
    #[must_use]
    pub fn share(self, account: AccountId, rate: Rate) -> Self {
        self.part(To::Account(account), Get::Share(rate))
    }

    /// A share of the whole that is split again.
    #[must_use]
    pub fn share_among(self, rate: Rate, plan: SplitPlan) -> Self {
        self.part(To::Among(plan), Get::Share(rate))
    }

    /// The account that gets what amounts and shares leave.
    #[must_use]
    pub fn rest(self, account: AccountId) -> Self {
        self.part(To::Account(account), Get::Rest)
    }

    /// What amounts and shares leave is split again.
    #[must_use]
    pub fn rest_among(self, plan: SplitPlan) -> Self {
        self.part(To::Among(plan), Get::Rest)
    }

    /// Who gets the spare minor units of the shares: [`SpareUnits::Largest`] unless said otherwise.
    #[must_use]
    pub const fn spare(mut self, spare: SpareUnits) -> Self {
        self.spare = spare;
        self
    }

    fn part(mut self, to: To, get: Get) -> Self {
        self.parts.push((to, get));
        self
    }

    /// The plan, if it is sound.
    ///
    /// # Errors
    /// [`PlanError::RestUnassigned`] where nobody gets the rest, although there are amounts, the shares leave one, or it gets the spare
    /// units; [`PlanError::RestTwice`]; [`PlanError::NoRest`] where shares come to more than the whole, or leave nothing for whoever gets
    /// the rest; [`PlanError::AmountNotPositive`], [`PlanError::MixedCurrencies`], [`PlanError::TooDeep`].
    pub fn build(self) -> Result<SplitPlan, PlanError> {
        if let Some(amount) = self.amounts_named().find(|amount| !amount.is_positive()) {
            return Err(PlanError::AmountNotPositive(*amount));
        }
        let shares = self.shares().fold(0, u64::saturating_add);
        let (rests, has_amounts) =
            (self.parts.iter().filter(|(_, get)| *get == Get::Rest).count(), self.amounts_named().count() > 0);
        match rests {
            0 if shares > WHOLE => return Err(PlanError::NoRest),
            0 if shares < WHOLE || has_amounts || self.spare == SpareUnits::Rest => {
                return Err(PlanError::RestUnassigned);
            }
            1 if shares >= WHOLE => return Err(PlanError::NoRest),
            0 | 1 => {}
            _ => return Err(PlanError::RestTwice),
        }
        self.currency()?;
        if self.depth() > DEEPEST { Err(PlanError::TooDeep(DEEPEST)) } else { Ok(SplitPlan(self)) }
    }

    fn shares(&self) -> impl Iterator<Item = u64> {
        self.parts
            .iter()
            .filter_map(|(_, get)| if let Get::Share(rate) = get { Some(rate.trillionths()) } else { None })
    }

    fn amounts_named(&self) -> impl Iterator<Item = &Money> {
        self.parts.iter().filter_map(|(_, get)| if let Get::Amount(amount) = get { Some(amount) } else { None })
    }

    fn nested(&self) -> impl Iterator<Item = &Self> {
        self.parts.iter().filter_map(|(to, _)| if let To::Among(SplitPlan(plan)) = to { Some(plan) } else { None })
    }

    fn gather(&self, accounts: &mut Vec<AccountId>) {
        for (to, _) in &self.parts {
            match to {
                To::Account(account) if accounts.contains(account) => {}
                To::Account(account) => accounts.push(*account),
                To::Among(SplitPlan(plan)) => plan.gather(accounts),
            }
        }
    }

    fn depth(&self) -> u8 {
        self.nested().map(Self::depth).max().unwrap_or(0).saturating_add(1)
    }

    /// In which currency it names amounts, if it does.
    fn currency(&self) -> Result<Option<Currency>, PlanError> {
        let mut known: Option<Currency> = None;
        let own = self.amounts_named().map(|amount| Ok(Some(amount.currency())));
        for currency in own.chain(self.nested().map(Self::currency)) {
            match (known, currency?) {
                (Some(known), Some(other)) if known != other => return Err(PlanError::MixedCurrencies(known, other)),
                (_, currency) => known = known.or(currency),
            }
        }
        Ok(known)
    }

    /// How much each part is, in its order; `excess` in the place of what the plan says.
    fn amounts(&self, whole: Money, excess: Option<Excess>) -> Result<Vec<i64>, PlanError> {
        let shares = self.allocate(whole)?;
        let (mut shares, mut rest) = (shares.iter().map(|share| share.minor()), 0_i64);
        let mut parts = Vec::with_capacity(self.parts.len());
        for (_, get) in &self.parts {
            parts.push(match get {
                // A debt is borne by the shares and the rest.
                Get::Amount(_) if whole.is_negative() => 0,
                Get::Amount(amount) => amount.minor(),
                Get::Share(_) => shares.next().unwrap_or_default(),
                Get::Rest => 0,
            });
        }
        let taken = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)).ok_or(MoneyError::Overflow)?;
        let left = whole.minor().checked_sub(taken).ok_or(MoneyError::Overflow)?;
        let is_short = left < 0 && !whole.is_negative();
        match excess.unwrap_or(self.excess) {
            Excess::Refuse if is_short => {
                return Err(PlanError::PartsAboveWhole { taken: Money::new(taken, whole.currency()), whole });
            }
            Excess::Cap if is_short => self.cap(whole.minor(), &mut parts),
            Excess::Refuse | Excess::Cap | Excess::Owe => rest = left,
        }
        for ((_, get), part) in self.parts.iter().zip(&mut parts) {
            if *get == Get::Rest {
                *part = rest;
            }
        }
        Ok(parts)
    }

    /// The exact shares of the whole, and last what they leave.
    // ROUNDING: each share down, and the units that are spare then as the plan says.
    fn allocate(&self, whole: Money) -> Result<Vec<Money>, MoneyError> {
        let mut weights: Vec<u64> = self.shares().collect();
        let rest = weights.iter().fold(WHOLE, |rest, share| rest.saturating_sub(*share));
        let last = weights.len();
        weights.push(rest);
        let spare = match self.spare {
            SpareUnits::First => Spare::First,
            SpareUnits::Last => Spare::Last,
            SpareUnits::Largest => Spare::Largest,
            SpareUnits::Rest => Spare::To(last),
        };
        Split::new(weights, spare)?.allocate(whole)
    }

    /// Gives out what there is: amounts first, then shares.
    fn cap(&self, whole: i64, parts: &mut [i64]) {
        let mut left = whole;
        for amounts in [true, false] {
            for ((_, get), part) in self.parts.iter().zip(parts.iter_mut()) {
                if matches!(get, Get::Amount(_)) == amounts {
                    *part = left.min(*part);
                    left = left.saturating_sub(*part);
                }
            }
        }
    }
}

impl From<SplitPlan> for SplitPlanBuilder {
    fn from(plan: SplitPlan) -> Self {
        plan.0
    }
}

/// What each gets of an amount, or gives back of it, in the order of the plan; an account stands there as often as the plan names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allotment {
    currency: Currency,
    parts: Vec<(AccountId, i64)>,
}

impl Allotment {
    /// Each part, in minor units; one below zero is owed.
    pub fn parts(&self) -> impl Iterator<Item = (AccountId, Money)> + '_ {
        self.parts.iter().map(|(account, minor)| (*account, Money::new(*minor, self.currency)))
    }

    /// What one account gets in all, in minor units; below zero where it owes.
    pub fn of(&self, account: AccountId) -> i64 {
        let ours = self.parts.iter().filter(|(party, _)| *party == account);
        ours.fold(0, |sum, (_, minor)| sum.saturating_add(*minor))
    }

    /// The sum of all parts.
    // INVARIANT: they were made of one amount.
    pub fn whole(&self) -> Money {
        Money::new(self.parts.iter().fold(0, |sum, (_, minor)| sum.saturating_add(*minor)), self.currency)
    }

    /// The same parties with nothing yet: what they have given back before the first time.
    #[must_use]
    pub fn nothing_yet(&self) -> Self {
        Self { currency: self.currency, parts: self.parts.iter().map(|(account, _)| (*account, 0)).collect() }
    }

    /// What each has in both together: all that has gone back so far.
    ///
    /// # Errors
    /// [`MoneyError::PartCount`] and [`MoneyError::CurrencyMismatch`] where they are not of the same parties, [`MoneyError::Overflow`].
    pub fn and(&self, other: &Self) -> Result<Self, MoneyError> {
        if other.parts.len() != self.parts.len() {
            return Err(MoneyError::PartCount { parties: self.parts.len(), parts: other.parts.len() });
        }
        let sums = self.parts().zip(other.parts()).map(|((account, one), (_, other))| {
            let sum = one.checked_add(other)?;
            Ok((account, sum.minor()))
        });
        Ok(Self { currency: self.currency, parts: sums.collect::<Result<_, _>>()? })
    }

    /// The transfers that carry an allotment of a sale out: one for each account that gets something and is not the platform itself.
    pub fn transfers(&self, sale: PaymentId, platform: AccountId) -> Vec<NewTransfer> {
        let mut accounts: Vec<AccountId> = Vec::new();
        for (account, _) in &self.parts {
            if *account != platform && !accounts.contains(account) {
                accounts.push(*account);
            }
        }
        let amounts = accounts.into_iter().map(|account| (account, Money::new(self.of(account), self.currency)));
        let paid = amounts.filter(|(_, amount)| amount.is_positive());
        paid.map(|(account, amount)| NewTransfer::to(account, amount).from_payment(sale)).collect()
    }

    /// What each gives back as an amount of the whole goes back, after all have given `before`.
    ///
    /// The parts sum to the amount. Whatever the amounts and their order: once all of the whole has gone back, everybody has given back
    /// exactly what it had got, and whoever owed is owed nothing.
    ///
    /// # Errors
    /// [`PlanError::NotReturnable`] unless the amount lies above zero and within what is left, [`PlanError::Money`] where the amount is in
    /// another currency or `before` is not of these parties.
    pub fn give_back(&self, before: &Self, amount: Money) -> Result<Self, PlanError> {
        let (whole, given) = (self.whole(), before.whole());
        let left = whole.checked_sub(given)?;
        if !amount.is_positive() || amount.checked_cmp(left)?.is_gt() {
            return Err(PlanError::NotReturnable { asked: amount, left, whole });
        }
        if before.parts.len() != self.parts.len() {
            return Err(MoneyError::PartCount { parties: self.parts.len(), parts: before.parts.len() }.into());
        }
        // What was got and what is owed are two series, whose running totals differ by what has gone back.
        let got = self.magnitudes(|minor| minor.max(0));
        let had = before.magnitudes(|minor| minor.max(0));
        let sum = |parts: &[Money]| parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.minor()));
        let so_far = given.checked_add(amount)?.minor();
        // ROUNDING: the running total to the nearest minor unit, ties up; within it the units go to whoever is furthest below exact.
        let target = mul_div(sum(&got), so_far, whole.minor(), Rounding::NearestTiesAway)?;
        let now = target.checked_sub(sum(&had)).ok_or(MoneyError::Overflow)?;
        let gives = series(&got, &had, Money::new(now, self.currency))?;
        let (owes, eased) = (self.magnitudes(|minor| minor.min(0)), before.magnitudes(|minor| minor.min(0)));
        let gets = series(&owes, &eased, Money::new(now, self.currency).checked_sub(amount)?)?;
        let parts = self.parts.iter().zip(gives.iter().zip(&gets));
        let parts = parts.map(|((account, _), (gives, gets))| Ok((*account, gives.checked_sub(*gets)?.minor())));
        Ok(Self { currency: self.currency, parts: parts.collect::<Result<_, MoneyError>>()? })
    }

    /// The same parts in the currency in which they are booked, where `booked` tells what each total is there. They sum to what the whole
    /// is.
    // ROUNDING: the running total of the parts is converted, so that no unit is lost between them.
    pub(crate) fn booked(&self, booked: impl Fn(i64) -> Result<Money, MoneyError>) -> Result<Self, MoneyError> {
        let (mut total, mut before) = (0_i64, booked(0)?);
        let mut parts = Vec::with_capacity(self.parts.len());
        for (account, minor) in &self.parts {
            total = total.checked_add(*minor).ok_or(MoneyError::Overflow)?;
            let after = booked(total)?;
            parts.push((*account, after.checked_sub(before)?.minor()));
            before = after;
        }
        Ok(Self { currency: before.currency(), parts })
    }

    /// What each has once more has come of the same payment, `before` of which was given out: nobody has less than before, and what that
    /// takes comes off whoever gets most now.
    // INVARIANT: the parts still sum to the whole, which is no less than that of `before`.
    pub(crate) fn onto(mut self, before: &Self) -> Self {
        let mut over = 0_i64;
        for ((_, part), (_, had)) in self.parts.iter_mut().zip(&before.parts) {
            over = over.saturating_add(had.saturating_sub(*part).max(0));
            *part = (*part).max(*had);
        }
        while over > 0 {
            let gains = self.parts.iter_mut().zip(&before.parts).map(|((_, part), (_, had))| (part, *had));
            // Of equals the one that stands first.
            let most = gains.rev().max_by_key(|(part, had)| part.saturating_sub(*had));
            let Some((part, had)) = most.filter(|(part, had)| **part > *had) else { break };
            let less = over.min(part.saturating_sub(had));
            *part = part.saturating_sub(less);
            over = over.saturating_sub(less);
        }
        self
    }

    fn magnitudes(&self, pick: impl Fn(i64) -> i64) -> Vec<Money> {
        self.parts.iter().map(|(_, minor)| Money::new(pick(*minor).saturating_abs(), self.currency)).collect()
    }
}

/// The next parts of a series that ends with each party having `whole`.
fn series(whole: &[Money], given: &[Money], amount: Money) -> Result<Vec<Money>, MoneyError> {
    if amount.is_zero() {
        return Ok(whole.iter().map(|part| Money::zero(part.currency())).collect());
    }
    let weights = whole.iter().map(|part| part.minor().unsigned_abs()).collect();
    Split::new(weights, Spare::Largest)?.take(given, amount)
}
