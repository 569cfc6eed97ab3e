use super::When;
use crate::ids::AccountId;
use crate::money::{Currency, Money, MoneyError, Rate};

/// Why a plan of fees or shares makes no sense, or cannot be carried out for an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Nothing can be taken of nothing, and no plan names amounts below zero.
    #[error("`{0}` is not a positive amount")]
    AmountNotPositive(Money),
    /// The plan is not for sales in that currency, or has no rule for them.
    #[error("the plan has no rule for sales in {0}")]
    CurrencyNotCovered(Currency),
    /// A fee names amounts in a currency that its rule is not for.
    #[error("a fee with amounts in {0} needs a rule for sales in {0}")]
    CurrencyOfFee(Currency),
    /// The fee is more than the sale, and the plan wants no such fees.
    #[error("a fee of `{fee}` is more than the sale of `{sale}`")]
    FeeAboveSale {
        /// The fee, with the tax on it.
        fee: Money,
        /// The sale.
        sale: Money,
    },
    /// What a plan falls back on takes nothing, and so would be no price at all.
    #[error("the rule for every sale takes nothing")]
    FallbackNothing,
    /// A bound below is above the bound above.
    #[error("the least, `{min}`, is above the most, `{max}`")]
    MinAboveMax {
        /// The least.
        min: Money,
        /// The most.
        max: Money,
    },
    /// One fee, or one split, names amounts in two currencies.
    #[error("amounts in {0} and {1} do not go together")]
    MixedCurrencies(Currency, Currency),
    /// The plan has no rule for every sale, and names no currencies that it is for.
    #[error("the plan has no rule for every sale")]
    NoRule,
    /// More than the whole.
    #[error("{0} is more than the whole")]
    RateAboveWhole(Rate),
    /// Two rules are for the same sales.
    #[error("two rules are for the same sales: {0:?}")]
    RuleTwice(Box<When>),
    /// No sale ever comes to the rule: the one before it is for all of its sales.
    #[error("no sale comes to the rule for {0:?}")]
    RuleNeverReached(Box<When>),
    /// Which of several rules is the most particular is plain for accounts, methods and currencies; any other condition needs an order.
    #[error("a rule with further conditions needs a plan whose rules go in order: {0:?}")]
    RuleUnordered(Box<When>),
    /// Nobody sells anything in a payout, and nobody pays it with a card.
    #[error("payouts have no methods, cards, conversions or taxes: {0:?}")]
    RuleOfSales(Box<When>),
    /// Tiers begin with nothing, and each above the one before.
    #[error("tiers must begin with zero and ascend")]
    TiersOutOfOrder,
    /// The shares come to more than the whole, or to all of it with somebody left to get the rest.
    #[error("the shares leave no rest")]
    NoRest,
    /// Somebody has to get what the shares and amounts leave.
    #[error("nobody gets the rest")]
    RestUnassigned,
    /// Two get the rest; it can be split again instead.
    #[error("two get the rest")]
    RestTwice,
    /// The amounts and shares come to more than there is, and the plan wants no such splits.
    #[error("`{taken}` are to be taken out of `{whole}`")]
    PartsAboveWhole {
        /// The amounts and shares together.
        taken: Money,
        /// What there is.
        whole: Money,
    },
    /// Somebody would get less than nothing of a payment: it brings no more than it brings, so what is owed besides is debited by hand.
    #[error("`{account}` would get less than nothing: `{owed}` more are to be taken than there is")]
    PartOwed {
        /// Who would owe.
        account: AccountId,
        /// How much.
        owed: Money,
    },
    /// Splits of splits of splits go only so deep.
    #[error("the split is deeper than {0} levels")]
    TooDeep(u8),
    /// A fee has only so many discounts and markups.
    #[error("more than {0} discounts and markups")]
    TooManyModifiers(usize),
    /// A plan has only so many rules.
    #[error("more than {0} rules")]
    TooManyRules(usize),
    /// More is to be given back than was split, or less than nothing.
    #[error("`{asked}` cannot be given back, of `{whole}` `{left}` are left")]
    NotReturnable {
        /// What was asked for.
        asked: Money,
        /// What is left.
        left: Money,
        /// What was split.
        whole: Money,
    },
    /// The arithmetic of money.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
