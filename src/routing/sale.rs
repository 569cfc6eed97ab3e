//! What decides how much a platform takes of a sale, and for which sales a fee is.

use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::ids::AccountId;
use crate::money::{Currency, Money};
use crate::rulebook::{CardBrand, CardFunding, Country, PaymentMethod};

/// A sale, as far as it decides what the platform takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Whose it is.
    pub account: AccountId,
    /// How it is paid.
    pub method: PaymentMethod,
    /// How much the payer pays, in minor units of its currency.
    pub amount: Money,
}

/// What else is known of a sale, or of a payout. What is not known meets no condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SaleDetails {
    /// The network of the card.
    pub brand: Option<CardBrand>,
    /// Whose money the card spends.
    pub funding: Option<CardFunding>,
    /// Where the card was issued.
    pub card_country: Option<Country>,
    /// The country of the business whose sale it is.
    pub merchant_country: Option<Country>,
    /// Whether the money is converted to be booked.
    pub is_converted: Option<bool>,
}

/// What a rule is held against: a sale or a payout, which has no method.
#[derive(Clone, Copy)]
pub(crate) struct Occasion {
    pub(crate) account: AccountId,
    pub(crate) method: Option<PaymentMethod>,
    pub(crate) amount: Money,
    pub(crate) details: SaleDetails,
}

impl Occasion {
    pub(crate) const fn of_sale(sale: &Sale, details: SaleDetails) -> Self {
        let Sale { account, method, amount } = *sale;
        Self { account, method: Some(method), amount, details }
    }
}

/// For which sales a [`Fee`](super::Fee) is: those of one account, by one method, in one currency, or any of these left open. In a plan
/// whose rules go [in order](super::FeePlanBuilder::in_order) also those of some size, by some card, of businesses in a country, in person,
/// or that are converted.
///
/// ```
/// use fundroute::money::usd;
/// use fundroute::prelude::*;
/// use fundroute::routing::When;
/// use fundroute::rulebook::{CardBrand, CardFunding};
///
/// let foreign_credit = When::always().funding(CardFunding::Credit).merchant_in(US);
/// let large_by_visa = When::always().brand(CardBrand::Visa).currency(USD).from(usd(1_000_00));
/// # let _ = (foreign_credit, large_by_visa);
/// ```
// RULE: the conditions of prices (docs.stripe.com/connect/platform-pricing-tools, 2024, and /pricing-schemes, 2026). Those by account, by
// amount and by conversion are our own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct When {
    account: Option<AccountId>,
    method: Option<PaymentMethod>,
    currency: Option<Currency>,
    merchant_country: Option<Country>,
    brand: Option<CardBrand>,
    funding: Option<CardFunding>,
    card_country: Option<Country>,
    in_person: Option<bool>,
    converted: Option<bool>,
    from: Option<Money>,
    below: Option<Money>,
}

impl When {
    /// Every sale.
    pub const fn always() -> Self {
        Self {
            account: None,
            method: None,
            currency: None,
            merchant_country: None,
            brand: None,
            funding: None,
            card_country: None,
            in_person: None,
            converted: None,
            from: None,
            below: None,
        }
    }

    /// Only sales of this account.
    #[must_use]
    pub const fn account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Only sales paid like this.
    #[must_use]
    pub const fn method(mut self, method: PaymentMethod) -> Self {
        self.method = Some(method);
        self
    }

    /// Only sales in this currency.
    #[must_use]
    pub const fn currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// Only sales of businesses in this country: that of whoever the payer does business with.
    #[must_use]
    pub const fn merchant_in(mut self, country: Country) -> Self {
        self.merchant_country = Some(country);
        self
    }

    /// Only sales by cards of this network.
    #[must_use]
    pub const fn brand(mut self, brand: CardBrand) -> Self {
        self.brand = Some(brand);
        self
    }

    /// Only sales by cards of this kind.
    #[must_use]
    pub const fn funding(mut self, funding: CardFunding) -> Self {
        self.funding = Some(funding);
        self
    }

    /// Only sales by cards that were issued in this country.
    #[must_use]
    pub const fn card_from(mut self, country: Country) -> Self {
        self.card_country = Some(country);
        self
    }

    /// Only sales where the card is there, or only those where it is not.
    #[must_use]
    pub const fn in_person(mut self, in_person: bool) -> Self {
        self.in_person = Some(in_person);
        self
    }

    /// Only sales whose money is converted to be booked, or only those whose money is not.
    #[must_use]
    pub const fn converted(mut self, converted: bool) -> Self {
        self.converted = Some(converted);
        self
    }

    /// Only sales of so much or more, in minor units of a currency that is also [named](Self::currency).
    #[must_use]
    pub const fn from(mut self, amount: Money) -> Self {
        self.from = Some(amount);
        self
    }

    /// Only sales of less than that, in minor units of a currency that is also [named](Self::currency).
    #[must_use]
    pub const fn below(mut self, amount: Money) -> Self {
        self.below = Some(amount);
        self
    }

    /// The currency that it names.
    pub(super) const fn named_currency(&self) -> Option<Currency> {
        self.currency
    }

    /// The amounts at which it begins or ceases to be met.
    pub(super) fn edges(&self) -> impl Iterator<Item = Money> + use<> {
        [self.from, self.below].into_iter().flatten()
    }

    pub(super) fn covers(&self, occasion: &Occasion) -> bool {
        let Occasion { account, method, amount, details } = occasion;
        let is_as_large = |bound: Option<Money>| bound.is_none_or(|bound| bound.minor() <= amount.minor());
        meets(self.account, Some(*account))
            && meets(self.method, *method)
            && meets(self.currency, Some(amount.currency()))
            && meets(self.merchant_country, details.merchant_country)
            && meets(self.brand, details.brand)
            && meets(self.funding, details.funding)
            && meets(self.card_country, details.card_country)
            && meets(self.in_person, method.map(PaymentMethod::is_in_person))
            && meets(self.converted, details.is_converted)
            && is_as_large(self.from)
            && (self.below.is_none() || !is_as_large(self.below))
    }

    /// Whether it is for all sales that another one is for.
    pub(super) fn covers_all_of(&self, other: &Self) -> bool {
        let minor = |bound: Option<Money>| bound.map(Money::minor);
        meets(self.account, other.account)
            && meets(self.method, other.method)
            && meets(self.currency, other.currency)
            && meets(self.merchant_country, other.merchant_country)
            && meets(self.brand, other.brand)
            && meets(self.funding, other.funding)
            && meets(self.card_country, other.card_country)
            && meets(self.in_person, other.in_person.or(other.method.map(PaymentMethod::is_in_person)))
            && meets(self.converted, other.converted)
            && minor(self.from).is_none_or(|from| minor(other.from).is_some_and(|least| from <= least))
            && minor(self.below).is_none_or(|below| minor(other.below).is_some_and(|most| most <= below))
    }

    /// That its amounts make sense.
    pub(super) fn check(&self) -> Result<(), PlanError> {
        if let Some(bound) = self.edges().find(|bound| !bound.is_positive()) {
            return Err(PlanError::AmountNotPositive(bound));
        }
        if let Some(bound) = self.edges().find(|bound| Some(bound.currency()) != self.currency) {
            return Err(PlanError::CurrencyOfFee(bound.currency()));
        }
        match self.from.zip(self.below).filter(|(from, below)| from.minor() >= below.minor()) {
            Some((min, max)) => Err(PlanError::MinAboveMax { min, max }),
            None => Ok(()),
        }
    }

    /// Whether it asks for no more than an account, a method and a currency.
    pub(super) fn is_plain(&self) -> bool {
        let Self { account, method, currency, .. } = *self;
        *self == Self { account, method, currency, ..Self::always() }
    }

    /// Whether it asks for nothing that payouts do not have.
    pub(super) const fn is_of_payouts(&self) -> bool {
        let has_card = self.brand.is_some() || self.funding.is_some() || self.card_country.is_some();
        !(has_card || self.method.is_some() || self.in_person.is_some() || self.converted.is_some())
    }

    /// What a more particular rule has more of: an account of its own goes before a method, and that before a currency.
    pub(super) const fn rank(&self) -> (bool, bool, bool) {
        (self.account.is_some(), self.method.is_some(), self.currency.is_some())
    }
}

/// Whether something is known to be what is wanted, if anything is.
fn meets<T: PartialEq>(wanted: Option<T>, known: Option<T>) -> bool {
    wanted.is_none() || wanted == known
}
