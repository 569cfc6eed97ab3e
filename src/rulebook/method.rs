//! What a way to pay needs and allows.

use std::collections::BTreeMap;

use iso_country::Country;
use serde::Deserialize;

use super::table::{self, Unit};
use super::{Capability, Notification, PaymentMethod, Source};
use crate::calendar::Delay;
use crate::money::{Currency, Money};

/// What holds for one way to pay, wherever it is used.
///
/// ```
/// use fundroute::money::{Currency, brl};
/// use fundroute::rulebook::{Country, PaymentMethod, Rulebook};
///
/// let book = Rulebook::standard();
/// let boleto = book.payment_method(PaymentMethod::Boleto);
/// assert!(boleto.is_open_to(Country::BR) && !boleto.is_open_to(Country::US));
/// assert!(boleto.takes(Currency::BRL) && !boleto.takes(Currency::USD));
/// assert_eq!(boleto.max(), Some(brl(49_999_99)));
/// assert!(!boleto.is_refundable());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodRule {
    method: PaymentMethod,
    notification: Notification,
    capability: Capability,
    countries: Scope<Country>,
    currencies: Scope<Currency>,
    min: Option<Money>,
    max: Option<Money>,
    refunds: Refunds,
    refundable_days: Option<u16>,
    delay: Option<Delay>,
    voucher_expiry_days: Option<u8>,
    captures_later: bool,
    source: Source,
}

/// How payments by a method are given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refunds {
    /// They are not.
    Never,
    /// At a reader, with the payer and the card there.
    InPerson,
    /// The way they came.
    SameWay,
    /// To a bank account that the payer has to name first.
    ToNamedAccount,
}

impl Refunds {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "no" => Ok(Self::Never),
            "yes" => Ok(Self::SameWay),
            "details" => Ok(Self::ToNamedAccount),
            "in_person" => Ok(Self::InPerson),
            other => Err(format!("`{other}` is neither yes, no, details nor in_person")),
        }
    }
}

/// All of something, or only some.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope<T> {
    All,
    Only(Box<[T]>),
}

impl<T: PartialEq> Scope<T> {
    fn read(text: &str, value: impl Fn(&str) -> Result<T, String>) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::All);
        }
        let some = table::list(text, value)?;
        if some.is_empty() { Err("a list is empty; `*` is everything".to_owned()) } else { Ok(Self::Only(some)) }
    }

    fn contains(&self, value: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(some) => some.contains(value),
        }
    }
}

impl MethodRule {
    /// The way to pay.
    #[must_use]
    pub const fn method(&self) -> PaymentMethod {
        self.method
    }

    /// When a business learns whether such a payment worked.
    #[must_use]
    pub const fn notification(&self) -> Notification {
        self.notification
    }

    /// What the account of the business that settles the payment must be able to do.
    #[must_use]
    pub const fn capability(&self) -> Capability {
        self.capability
    }

    /// Whether a business in that country can take it. An unspecified country can take nothing.
    #[must_use]
    pub fn is_open_to(&self, country: Country) -> bool {
        country != Country::Unspecified && self.countries.contains(&country)
    }

    /// Whether customers can pay in that currency with it.
    #[must_use]
    pub fn takes(&self, currency: Currency) -> bool {
        self.currencies.contains(&currency)
    }

    /// The smallest such payment, where the method has a bound of its own beside that of the currency.
    #[must_use]
    pub const fn min(&self) -> Option<Money> {
        self.min
    }

    /// The largest such payment, where the method has a bound of its own beside that of the currency.
    #[must_use]
    pub const fn max(&self) -> Option<Money> {
        self.max
    }

    /// Whether such a payment can be given back.
    // RULE: a boleto cannot; the business has to find another way to the customer (docs.stripe.com/payments/boleto, 2026).
    #[must_use]
    pub const fn is_refundable(&self) -> bool {
        !matches!(self.refunds, Refunds::Never)
    }

    /// Whether the payer has to name a bank account before such a payment is given back. No method of the standard book is like that.
    // RULE: methods without a way back ask the payer, such as konbini, PromptPay and bank transfers (docs.stripe.com/api/refunds/create,
    // 2026; docs.stripe.com/payments/customer-balance/refunding, 2026). A host that has a way to a boleto's payer says so.
    #[must_use]
    pub const fn refund_needs_details(&self) -> bool {
        matches!(self.refunds, Refunds::ToNamedAccount)
    }

    /// Whether such a payment is given back at a reader, and in no other way.
    // RULE: refunds at a reader are for Interac only, and Interac has no other (docs.stripe.com/terminal/features/refunds, 2025).
    #[must_use]
    pub const fn is_refunded_in_person(&self) -> bool {
        matches!(self.refunds, Refunds::InPerson)
    }

    /// For how many days after the payment it can be given back, where a bound is known.
    #[must_use]
    pub const fn refundable_days(&self) -> Option<u16> {
        self.refundable_days
    }

    /// How long such a payment stays pending once it has succeeded, where that is the method's to say and not the country's.
    #[must_use]
    pub const fn delay(&self) -> Option<Delay> {
        self.delay
    }

    /// In how many calendar days the slip given to the payer expires, for methods that give one.
    #[must_use]
    pub const fn voucher_expiry_days(&self) -> Option<u8> {
        self.voucher_expiry_days
    }

    /// Whether the money can be authorized first and captured later.
    // RULE: of the methods here only cards (docs.stripe.com/payments/place-a-hold-on-a-payment-method, 2026); networks that
    // authorize and capture in one message, such as Interac, never (docs.stripe.com/terminal/features/refunds, 2025).
    #[must_use]
    pub const fn can_capture_later(&self) -> bool {
        self.captures_later
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    pub(super) fn set_refunds(&mut self, refunds: Refunds) {
        self.refunds = refunds;
        self.source = Source::host();
    }
}

/// One rule for each payment method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Methods {
    boleto: MethodRule,
    card: MethodRule,
    card_present: MethodRule,
    interac_present: MethodRule,
    sepa_debit: MethodRule,
    us_bank_account: MethodRule,
}

impl Methods {
    /// Takes the rules of a whole table, or names a method that has none.
    pub(super) fn new(mut rules: BTreeMap<PaymentMethod, MethodRule>) -> Result<Self, PaymentMethod> {
        let mut take = |method| rules.remove(&method).ok_or(method);
        Ok(Self {
            boleto: take(PaymentMethod::Boleto)?,
            card: take(PaymentMethod::Card)?,
            card_present: take(PaymentMethod::CardPresent)?,
            interac_present: take(PaymentMethod::InteracPresent)?,
            sepa_debit: take(PaymentMethod::SepaDebit)?,
            us_bank_account: take(PaymentMethod::UsBankAccount)?,
        })
    }

    pub(super) const fn get(&self, method: PaymentMethod) -> &MethodRule {
        match method {
            PaymentMethod::Boleto => &self.boleto,
            PaymentMethod::Card => &self.card,
            PaymentMethod::CardPresent => &self.card_present,
            PaymentMethod::InteracPresent => &self.interac_present,
            PaymentMethod::SepaDebit => &self.sepa_debit,
            PaymentMethod::UsBankAccount => &self.us_bank_account,
        }
    }

    pub(super) const fn get_mut(&mut self, method: PaymentMethod) -> &mut MethodRule {
        match method {
            PaymentMethod::Boleto => &mut self.boleto,
            PaymentMethod::Card => &mut self.card,
            PaymentMethod::CardPresent => &mut self.card_present,
            PaymentMethod::InteracPresent => &mut self.interac_present,
            PaymentMethod::SepaDebit => &mut self.sepa_debit,
            PaymentMethod::UsBankAccount => &mut self.us_bank_account,
        }
    }
}

/// A row of `payment_methods.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    method: PaymentMethod,
    #[serde(deserialize_with = "table::parsed")]
    notification: Notification,
    #[serde(deserialize_with = "table::parsed")]
    capability: Capability,
    countries: String,
    currencies: String,
    min: Option<i64>,
    max: Option<i64>,
    refundable: String,
    delay_days: Option<u8>,
    delay_unit: Option<Unit>,
    voucher_expiry_days: Option<u8>,
    refundable_days: Option<u16>,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    captures_later: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(PaymentMethod, MethodRule), String> {
        let countries = Scope::read(&self.countries, table::country_from)?;
        let currencies =
            Scope::read(&self.currencies, |code| code.parse::<Currency>().map_err(|error| error.to_string()))?;
        let delay = match (self.delay_days, self.delay_unit) {
            (Some(days), Some(unit)) => Some(unit.delay(days)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err("a delay is a number of days and a unit".to_owned());
            }
        };
        if self.min.unwrap_or(0) < 0 || self.max.is_some_and(|max| max < self.min.unwrap_or(0)) {
            return Err("the minimum must be neither negative nor above the maximum".to_owned());
        }
        let bound = |minor: Option<i64>| match (minor, &currencies) {
            (None, _) => Ok(None),
            (Some(minor), Scope::Only(only)) if only.len() == 1 => {
                Ok(only.first().map(|currency| Money::new(minor, *currency)))
            }
            (Some(_), Scope::All | Scope::Only(_)) => Err("bounds in minor units need a single currency".to_owned()),
        };
        let rule = MethodRule {
            method: self.method,
            notification: self.notification,
            capability: self.capability,
            min: bound(self.min)?,
            max: bound(self.max)?,
            countries,
            currencies,
            refunds: Refunds::read(&self.refundable)?,
            refundable_days: self.refundable_days,
            delay,
            voucher_expiry_days: self.voucher_expiry_days,
            captures_later: self.captures_later,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.method, rule))
    }
}
