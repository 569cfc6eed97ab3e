//! What a platform takes of its sales.

use serde::{Deserialize, Serialize};

use super::{Excess, Fee, Occasion, PlanError, Sale, SaleDetails, When};
use crate::money::{Currency, Money, MoneyError, Rate, Rounding, mul_div};

/// How many rules a plan has at most: our own choice, so that no sale takes long to find its own.
const MOST_RULES: usize = 500;

/// Which of several rules decides that a sale comes under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Precedence {
    /// The one that is the most particular.
    #[default]
    MostParticular,
    /// The one that was named first.
    First,
}

/// The tax on what a platform takes, such as value added tax, which is a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommissionTax {
    rate: Rate,
    is_included: bool,
    rounding: Rounding,
}

impl CommissionTax {
    /// A tax that the seller pays besides the fee.
    pub const fn on_top(rate: Rate) -> Self {
        Self { rate, is_included: false, rounding: Rounding::NearestTiesAway }
    }

    /// A tax that the fee, as the plan has it, includes.
    pub const fn included(rate: Rate) -> Self {
        Self { rate, is_included: true, rounding: Rounding::NearestTiesAway }
    }

    /// The same tax, rounded like this to a whole minor unit: to the nearest one, ties up, unless this is said.
    #[must_use]
    pub const fn rounded(mut self, rounding: Rounding) -> Self {
        self.rounding = rounding;
        self
    }

    /// The part of a sum that is tax.
    // ROUNDING: each line to the nearest minor unit, ties up (support.stripe.com, rounding rules for Stripe fees, undated), unless the tax
    // has a rounding of its own.
    fn within(self, gross: Money) -> Result<Money, MoneyError> {
        self.rate.contained_in(gross, self.rounding)
    }

    /// The fee before tax, and the tax.
    fn split(self, fee: Money) -> Result<(Money, Money), MoneyError> {
        if self.is_included {
            let tax = self.within(fee)?;
            return Ok((fee.checked_sub(tax)?, tax));
        }
        Ok((fee, self.rate.of(fee, self.rounding)?))
    }
}

/// What a platform takes of one sale, with the rule that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commission {
    /// What it earns.
    pub fee: Money,
    /// What it takes as tax on that.
    pub tax: Money,
    /// What of the two the sale does not cover, and the seller owes besides.
    pub owed: Money,
    /// The rule that decided.
    pub rule: When,
}

impl Commission {
    /// What is taken out of the sale: fee and tax, less what the sale does not cover. It is what
    /// [`NewPayment::application_fee`](crate::payments::NewPayment::application_fee) wants of who does without
    /// [`NewPayment::plan`](crate::payments::NewPayment::plan), which takes the tax apart.
    pub fn collected(&self) -> Money {
        let minor = self.fee.minor().saturating_add(self.tax.minor()).saturating_sub(self.owed.minor());
        Money::new(minor, self.fee.currency())
    }

    /// What of that is tax: all of it, or its share where the sale does not cover everything.
    // ROUNDING: nearest minor unit, ties up, once.
    pub fn tax_collected(&self) -> Money {
        let (collected, all) = (self.collected().minor(), self.fee.minor().saturating_add(self.tax.minor()));
        if self.owed.is_zero() || all == 0 {
            return self.tax;
        }
        let share = mul_div(self.tax.minor(), collected, all, Rounding::NearestTiesAway).unwrap_or(0);
        Money::new(share, self.tax.currency())
    }
}

/// What a platform takes of its sales: one [`Fee`] for all, and others for some.
///
/// Of several rules that a sale comes under the most particular decides: one for its account goes before one for its method, and that
/// before one for its currency. Rules that go [in order](FeePlanBuilder::in_order) can ask for more: there the first one decides that the
/// sale comes under. A plan is checked when it is built, so that a sale finds a rule in any currency the plan is for; whether
/// its fee may be more than the sale, which fixed parts and minimums can cause, the plan says as well.
///
/// ```
/// use fundroute::ids::AccountId;
/// use fundroute::money::{eur, usd};
/// use fundroute::prelude::*;
/// use fundroute::routing::{CommissionTax, Excess, Fee, FeePlan, Sale, When};
///
/// let (jo, ann) = (AccountId::from_host([1; 14]), AccountId::from_host([2; 14]));
/// let plan = FeePlan::builder(Excess::Cap)
///     .rule(When::always(), Fee::percent("10 %".parse()?))
///     .rule(When::always().currency(USD), Fee::percent("9 %".parse()?).plus(usd(30)).at_least(usd(1_00)))
///     .rule(When::always().account(ann), Fee::percent("5 %".parse()?))
///     .tax(CommissionTax::on_top("19 %".parse()?))
///     .build()?;
///
/// let take = |account, amount| plan.commission(&Sale { account, method: PaymentMethod::Card, amount });
/// let of_jo = take(jo, usd(100_00))?;
/// assert_eq!((of_jo.fee, of_jo.tax, of_jo.collected()), (usd(9_30), usd(1_77), usd(11_07)));
/// assert_eq!(take(jo, eur(100_00))?.fee, eur(10_00));
/// assert_eq!(take(ann, usd(100_00))?.fee, usd(5_00));
/// assert_eq!(take(jo, usd(50))?.collected(), usd(50)); // no more than there is
///
/// // A payment that carries the plan works it out by itself, on what is captured.
/// let order = NewPayment::card(usd(100_00)).destination(jo).plan(plan);
/// # let _ = order;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// INVARIANT: kept by `build`, through which serde goes: rules are sound, no two are for the same sales, and every sale in a currency of the
// plan comes under one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FeePlanBuilder", into = "FeePlanBuilder")]
pub struct FeePlan(FeePlanBuilder);

/// A [`FeePlan`] in the making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeePlanBuilder {
    rules: Vec<(When, Fee)>,
    currencies: Vec<Currency>,
    precedence: Precedence,
    excess: Excess,
    tax: Option<CommissionTax>,
}

impl FeePlan {
    /// A plan without rules yet; `excess` says what becomes of a fee that is more than its sale.
    pub const fn builder(excess: Excess) -> FeePlanBuilder {
        let precedence = Precedence::MostParticular;
        FeePlanBuilder { rules: Vec::new(), currencies: Vec::new(), precedence, excess, tax: None }
    }

    /// What the platform takes of a sale.
    ///
    /// # Errors
    /// [`PlanError::AmountNotPositive`], [`PlanError::CurrencyNotCovered`] where the plan is for other currencies,
    /// [`PlanError::FeeAboveSale`] where it says that no fee may be, [`PlanError::Money`] beyond what [`Money`] holds.
    pub fn commission(&self, sale: &Sale) -> Result<Commission, PlanError> {
        self.commission_with(sale, SaleDetails::default())
    }

    /// The same of a sale of which more is known.
    ///
    /// ```
    /// use fundroute::ids::AccountId;
    /// use fundroute::money::usd;
    /// use fundroute::prelude::*;
    /// use fundroute::routing::{Excess, Fee, FeePlan, Sale, SaleDetails, When};
    /// use fundroute::rulebook::CardBrand;
    ///
    /// let plan = FeePlan::builder(Excess::Cap)
    ///     .in_order()
    ///     .rule(When::always().brand(CardBrand::AmericanExpress), Fee::percent("12 %".parse()?))
    ///     .rule(When::always().currency(USD).from(usd(1_000_00)), Fee::percent("5 %".parse()?))
    ///     .rule(When::always(), Fee::percent("10 %".parse()?))
    ///     .build()?;
    /// let sale = |amount| Sale { account: AccountId::from_host([1; 14]), method: PaymentMethod::Card, amount };
    /// let by = |brand| SaleDetails { brand: Some(brand), ..SaleDetails::default() };
    /// let take = |amount, brand| plan.commission_with(&sale(amount), by(brand)).map(|taken| taken.fee);
    /// assert_eq!(take(usd(1_000_00), CardBrand::AmericanExpress)?, usd(120_00));
    /// assert_eq!(take(usd(1_000_00), CardBrand::Visa)?, usd(50_00));
    /// assert_eq!(take(usd(999_99), CardBrand::Visa)?, usd(100_00));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`commission`](Self::commission).
    pub fn commission_with(&self, sale: &Sale, details: SaleDetails) -> Result<Commission, PlanError> {
        let (plan, amount) = (&self.0, sale.amount);
        if !amount.is_positive() {
            return Err(PlanError::AmountNotPositive(amount));
        }
        let (rule, fee) = self.rule_of(&Occasion::of_sale(sale, details))?;
        let (fee, tax) = plan.with_tax(fee.of(amount)?)?;
        let (gross, none) = (fee.checked_add(tax)?, Money::zero(amount.currency()));
        let whole = Commission { fee, tax, owed: none, rule };
        if gross.minor() <= amount.minor() {
            return Ok(whole);
        }
        match plan.excess {
            Excess::Refuse => Err(PlanError::FeeAboveSale { fee: gross, sale: amount }),
            Excess::Owe => Ok(Commission { owed: gross.checked_sub(amount)?, ..whole }),
            Excess::Cap => {
                let tax = plan.tax.map_or(Ok(none), |tax| tax.within(amount))?;
                Ok(Commission { fee: amount.checked_sub(tax)?, tax, ..whole })
            }
        }
    }

    /// The rule that decides, and its fee.
    // RULE: of rules in order the first match wins (docs.stripe.com/connect/platform-pricing-tools, 2024, and /pricing-schemes, 2026).
    pub(crate) fn rule_of(&self, occasion: &Occasion) -> Result<(When, &Fee), PlanError> {
        let (plan, currency) = (&self.0, occasion.amount.currency());
        let mut rules = plan.rules.iter().filter(|(when, _)| when.covers(occasion));
        let rule = match plan.precedence {
            Precedence::MostParticular => rules.max_by_key(|(when, _)| when.rank()),
            Precedence::First => rules.next(),
        };
        let rule = rule.filter(|_| plan.is_for(currency)).map(|(when, fee)| (*when, fee));
        rule.ok_or(PlanError::CurrencyNotCovered(currency))
    }

    /// The amounts from which on the fee may be less than just below them.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Money> + '_ {
        self.0.rules.iter().flat_map(|(when, fee)| when.edges().chain(fee.steps()))
    }

    /// That every sale finds a price by it, which is no price of nothing.
    // RULE: a scheme has a fallback that is not zero (docs.stripe.com/connect/platform-pricing-tools, 2024).
    pub(super) fn check_fallback(&self) -> Result<(), PlanError> {
        let fallback = self.0.rules.iter().find(|(when, _)| *when == When::always());
        match fallback.filter(|_| self.0.currencies.is_empty()) {
            Some((_, fee)) if fee.is_nothing() => Err(PlanError::FallbackNothing),
            Some(_) => Ok(()),
            None => Err(PlanError::NoRule),
        }
    }

    /// That it asks for nothing that payouts do not have.
    pub(super) fn check_for_payouts(&self) -> Result<(), PlanError> {
        let taxed = self.0.tax.map(|_| When::always());
        let odd = self.0.rules.iter().map(|(when, _)| *when).find(|when| !when.is_of_payouts());
        match odd.or(taxed) {
            Some(when) => Err(PlanError::RuleOfSales(Box::new(when))),
            None => Ok(()),
        }
    }

    /// Whether it is for sales in a currency.
    pub(crate) fn is_for(&self, currency: Currency) -> bool {
        self.0.is_for(currency)
    }

    /// What is taken of money that has come, which cannot be refused any more: where the plan would do that, as much as there is.
    // RULE: the commission is capped at what was captured (docs.stripe.com/connect/direct-charges, 2026).
    pub(crate) fn of_taken(&self, sale: &Sale, details: SaleDetails) -> Commission {
        self.commission_with(sale, details).unwrap_or_else(|_| {
            let (amount, none) = (sale.amount, Money::zero(sale.amount.currency()));
            let tax = self.0.tax.and_then(|tax| tax.within(amount).ok()).unwrap_or(none);
            let fee = amount.checked_sub(tax).unwrap_or(amount);
            Commission { fee, tax, owed: none, rule: When::always() }
        })
    }
}

impl FeePlanBuilder {
    /// A fee for some sales.
    #[must_use]
    pub fn rule(mut self, when: When, fee: Fee) -> Self {
        self.rules.push((when, fee));
        self
    }

    /// Of several rules that a sale comes under the first one decides, in the order in which they were named. The last one is for every
    /// sale that the plan is for.
    #[must_use]
    pub const fn in_order(mut self) -> Self {
        self.precedence = Precedence::First;
        self
    }

    /// The plan is for sales in these currencies and no others. Without this it is for all of them, and needs a rule that is for every
    /// sale.
    #[must_use]
    pub fn only_in(mut self, currencies: impl IntoIterator<Item = Currency>) -> Self {
        self.currencies.extend(currencies);
        self
    }

    /// There is a tax on what is taken.
    #[must_use]
    pub const fn tax(mut self, tax: CommissionTax) -> Self {
        self.tax = Some(tax);
        self
    }

    /// The plan, if it is sound.
    ///
    /// # Errors
    /// What is wrong with a [`Fee`]: [`PlanError::MixedCurrencies`], [`PlanError::RateAboveWhole`], [`PlanError::AmountNotPositive`],
    /// [`PlanError::MinAboveMax`], [`PlanError::TiersOutOfOrder`]. What is wrong with the rules: [`PlanError::CurrencyOfFee`] where a
    /// fee names amounts in a currency that its rule is not for, [`PlanError::RuleTwice`], [`PlanError::RuleNeverReached`],
    /// [`PlanError::RuleUnordered`], [`PlanError::TooManyRules`], [`PlanError::NoRule`] where the plan has none for every sale, and [`PlanError::CurrencyNotCovered`] where it has none in a currency that it is for.
    pub fn build(self) -> Result<FeePlan, PlanError> {
        if self.rules.len() > MOST_RULES {
            return Err(PlanError::TooManyRules(MOST_RULES));
        }
        for (place, (when, fee)) in self.rules.iter().enumerate() {
            when.check()?;
            if let Some(currency) = fee.check()?.filter(|currency| when.named_currency() != Some(*currency)) {
                return Err(PlanError::CurrencyOfFee(currency));
            }
            let mut later = self.rules.iter().skip(place.saturating_add(1)).map(|(other, _)| other);
            if later.clone().any(|other| other == when) {
                return Err(PlanError::RuleTwice(Box::new(*when)));
            }
            match self.precedence {
                Precedence::MostParticular if !when.is_plain() => {
                    return Err(PlanError::RuleUnordered(Box::new(*when)));
                }
                Precedence::First => {
                    if let Some(hidden) = later.find(|other| when.covers_all_of(other)) {
                        return Err(PlanError::RuleNeverReached(Box::new(*hidden)));
                    }
                }
                Precedence::MostParticular => {}
            }
        }
        let has = |wanted: When| self.rules.iter().any(|(when, _)| *when == wanted);
        if has(When::always()) {
            return Ok(FeePlan(self));
        }
        if self.currencies.is_empty() {
            return Err(PlanError::NoRule);
        }
        match self.currencies.iter().find(|currency| !has(When::always().currency(**currency))) {
            Some(currency) => Err(PlanError::CurrencyNotCovered(*currency)),
            None => Ok(FeePlan(self)),
        }
    }

    fn is_for(&self, currency: Currency) -> bool {
        self.currencies.is_empty() || self.currencies.contains(&currency)
    }

    fn with_tax(&self, fee: Money) -> Result<(Money, Money), MoneyError> {
        self.tax.map_or(Ok((fee, Money::zero(fee.currency()))), |tax| tax.split(fee))
    }
}

impl TryFrom<FeePlanBuilder> for FeePlan {
    type Error = PlanError;

    fn try_from(stored: FeePlanBuilder) -> Result<Self, Self::Error> {
        stored.build()
    }
}

impl From<FeePlan> for FeePlanBuilder {
    fn from(plan: FeePlan) -> Self {
        plan.0
    }
}
