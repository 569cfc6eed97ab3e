//! What a way to pay needs and allows.

use std::collections::BTreeMap;

use iso_country::Country;
use serde::Deserialize;

use super::table::{self, Unit};
use super::words::each_method;
use super::{
    Capability, DisputeProcess, DisputeRule, MethodTerm, Notification, PaymentMethod, Rulebook, RulebookError, Source,
    Table,
};
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
///
/// What no page says is unknown, which is not the same as no. Whatever depends on it is refused by name until the host answers:
///
/// ```
/// use fundroute::rulebook::{Country, MethodTerm, PaymentMethod, Rulebook};
///
/// let book = Rulebook::standard();
/// let ideal = book.payment_method(PaymentMethod::Ideal);
/// assert!(ideal.unknown().any(|term| term == MethodTerm::Countries));
///
/// let ours = ideal.clone().open_to(&[Country::NL, Country::BE]);
/// let book = book.with_payment_method(ours)?;
/// assert!(book.payment_method(PaymentMethod::Ideal).is_open_to(Country::NL));
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodRule {
    method: PaymentMethod,
    notification: Notification,
    answer_days: Option<u8>,
    capability: Option<Capability>,
    countries: Scope<Country>,
    currencies: Scope<Currency>,
    domestic: bool,
    min: Option<Money>,
    max: Option<Money>,
    refunds: Option<Refunds>,
    refundable_days: Option<u16>,
    delay: MethodDelay,
    voucher_expiry_days: Option<u8>,
    captures_later: bool,
    disputes: DisputeRule,
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
    fn read(text: &str) -> Result<Option<Self>, String> {
        match text {
            "no" => Ok(Some(Self::Never)),
            "yes" => Ok(Some(Self::SameWay)),
            "details" => Ok(Some(Self::ToNamedAccount)),
            "in_person" => Ok(Some(Self::InPerson)),
            "unknown" => Ok(None),
            other => Err(format!("`{other}` is neither yes, no, details, in_person nor unknown")),
        }
    }
}

/// Who says how long payments by a method stay pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MethodDelay {
    /// The country of the business that settles them.
    OfCountry,
    /// The method.
    Own(Delay),
    /// Nobody that is known.
    Unknown,
}

/// All of something, or only some, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope<T> {
    All,
    Only(Box<[T]>),
    Unknown,
}

impl<T: PartialEq> Scope<T> {
    fn read(text: &str, value: impl Fn(&str) -> Result<T, String>) -> Result<Self, String> {
        match text {
            "*" => return Ok(Self::All),
            "unknown" => return Ok(Self::Unknown),
            _ => {}
        }
        let some = table::list(text, value)?;
        if some.is_empty() { Err("a list is empty; `*` is everything".to_owned()) } else { Ok(Self::Only(some)) }
    }

    fn contains(&self, value: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(some) => some.contains(value),
            Self::Unknown => false,
        }
    }

    const fn is_known(&self) -> bool {
        match self {
            Self::All | Self::Only(_) => true,
            Self::Unknown => false,
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

    /// Within how much time the payer's bank says whether such a payment worked, where it takes days and that is known. After that it is
    /// worth asking; nothing happens by itself.
    // RULE: 14 business days of SEPA debits, 5 on average (docs.stripe.com/payments/sepa-debit, 2024); of the others the longest that
    // their pages tell (docs.stripe.com/payments/ach-direct-debit, /payments/bacs-debit, /payments/au-becs-debit, /payments/acss-debit
    // and /payments/nz-bank-account, 2026).
    #[must_use]
    pub fn answered_within(&self) -> Option<Delay> {
        self.answer_days.map(Delay::Business)
    }

    /// What the account of the business that settles the payment must be able to do, where that is known.
    #[must_use]
    pub const fn capability(&self) -> Option<Capability> {
        self.capability
    }

    /// Whether a business in that country can take it, as far as is known. An unspecified country can take nothing.
    #[must_use]
    pub fn is_open_to(&self, country: Country) -> bool {
        country != Country::Unspecified && self.countries.contains(&country)
    }

    /// Whether customers can pay in that currency with it, as far as is known.
    #[must_use]
    pub fn takes(&self, currency: Currency) -> bool {
        self.currencies.contains(&currency)
    }

    /// Whether customers pay only in the default currency of the country where the business is.
    // RULE: Afterpay knows domestic payments only, Affirm prices in the domestic currency only (docs.stripe.com/payments/afterpay-clearpay
    // and /payments/affirm/accept-a-payment, 2026); that this is the country's default currency is our reading.
    #[must_use]
    pub const fn is_domestic(&self) -> bool {
        self.domestic
    }

    /// The smallest such payment, where the method has a bound of its own: it stands in place of that of the currency.
    // RULE: some methods, such as iDEAL, go down to one minor unit (docs.stripe.com/currencies, 2024).
    #[must_use]
    pub const fn min(&self) -> Option<Money> {
        self.min
    }

    /// The largest such payment, where the method has a bound of its own beside that of the currency.
    #[must_use]
    pub const fn max(&self) -> Option<Money> {
        self.max
    }

    /// Whether such a payment can be given back, as far as is known.
    // RULE: a boleto cannot; the business has to find another way to the customer (docs.stripe.com/payments/boleto, 2026).
    #[must_use]
    pub const fn is_refundable(&self) -> bool {
        match self.refunds {
            Some(Refunds::SameWay | Refunds::ToNamedAccount | Refunds::InPerson) => true,
            Some(Refunds::Never) | None => false,
        }
    }

    /// Whether the payer has to name a bank account before such a payment is given back. No method of the standard book is like that.
    // RULE: methods without a way back ask the payer, such as konbini, PromptPay and bank transfers (docs.stripe.com/api/refunds/create,
    // 2026; docs.stripe.com/payments/customer-balance/refunding, 2026). A host that has a way to a boleto's payer says so.
    #[must_use]
    pub const fn refund_needs_details(&self) -> bool {
        matches!(self.refunds, Some(Refunds::ToNamedAccount))
    }

    /// Whether such a payment is given back at a reader, and in no other way.
    // RULE: refunds at a reader are for Interac only, and Interac has no other (docs.stripe.com/terminal/features/refunds, 2025).
    #[must_use]
    pub const fn is_refunded_in_person(&self) -> bool {
        matches!(self.refunds, Some(Refunds::InPerson))
    }

    /// For how many days after the payment it can be given back, where a bound is known.
    #[must_use]
    pub const fn refundable_days(&self) -> Option<u16> {
        self.refundable_days
    }

    /// How long such a payment stays pending once it has succeeded, where that is the method's to say and not the country's, and known.
    #[must_use]
    pub const fn delay(&self) -> Option<Delay> {
        match self.delay {
            MethodDelay::Own(delay) => Some(delay),
            MethodDelay::OfCountry | MethodDelay::Unknown => None,
        }
    }

    /// In how many calendar days the slip given to the payer expires, for methods that give one.
    #[must_use]
    pub const fn voucher_expiry_days(&self) -> Option<u8> {
        self.voucher_expiry_days
    }

    /// Whether the money can be authorized first and captured later.
    // RULE: of the methods here cards, wallets and those that collect instalments
    // (docs.stripe.com/payments/place-a-hold-on-a-payment-method, 2026); networks that authorize and capture in one message, such as
    // Interac, never (docs.stripe.com/terminal/features/refunds, 2025).
    #[must_use]
    pub const fn can_capture_later(&self) -> bool {
        self.captures_later
    }

    /// What a dispute of such a payment comes to, as far as is known.
    #[must_use]
    pub const fn disputes(&self) -> &DisputeRule {
        &self.disputes
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// Every term that nobody has said.
    ///
    /// A payment is refused where its capability, countries, currencies or delay are unknown, and a refund where that is unknown. Of
    /// disputes the world's word is enough, and a bound that is not known does not bind.
    pub fn unknown(&self) -> impl Iterator<Item = MethodTerm> {
        MethodTerm::ALL.into_iter().filter(|term| !self.knows(*term))
    }

    const fn knows(&self, term: MethodTerm) -> bool {
        match term {
            MethodTerm::Capability => self.capability.is_some(),
            MethodTerm::Countries => self.countries.is_known(),
            MethodTerm::Currencies => self.currencies.is_known(),
            MethodTerm::Delay => !matches!(self.delay, MethodDelay::Unknown),
            MethodTerm::Disputes => self.disputes.process().is_some(),
            MethodTerm::Refunds => self.refunds.is_some(),
        }
    }

    /// That a term is known.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownMethodTerm`] where it is not.
    pub const fn check_known(&self, term: MethodTerm) -> Result<(), RulebookError> {
        if self.knows(term) { Ok(()) } else { Err(RulebookError::UnknownMethodTerm { method: self.method, term }) }
    }

    /// The capability that a payment by it needs, or the answer that it is not known.
    pub(crate) fn needed_capability(&self) -> Result<Capability, RulebookError> {
        let term = MethodTerm::Capability;
        self.capability.ok_or(RulebookError::UnknownMethodTerm { method: self.method, term })
    }

    pub(super) const fn own_delay(&self) -> MethodDelay {
        self.delay
    }

    pub(super) fn set_refunds(&mut self, refunds: Refunds) {
        self.refunds = Some(refunds);
        self.source = Source::host();
    }
}

/// Answers of the host's own, for [`Rulebook::with_payment_method`].
impl MethodRule {
    /// The same, open to businesses in these countries and in no others.
    #[must_use]
    pub fn open_to(mut self, countries: &[Country]) -> Self {
        (self.countries, self.source) = (Scope::Only(countries.into()), Source::host());
        self
    }

    /// The same, paid in these currencies and in no others.
    #[must_use]
    pub fn paid_in(mut self, currencies: &[Currency]) -> Self {
        (self.currencies, self.source) = (Scope::Only(currencies.into()), Source::host());
        self
    }

    /// The same, for businesses whose account has this capability.
    #[must_use]
    pub fn needing(mut self, capability: Capability) -> Self {
        (self.capability, self.source) = (Some(capability), Source::host());
        self
    }

    /// The same, from one amount to another; without one, only the bound of the currency holds.
    #[must_use]
    pub fn between(mut self, min: Option<Money>, max: Option<Money>) -> Self {
        (self.min, self.max, self.source) = (min, max, Source::host());
        self
    }

    /// The same, pending for so long; for as long as charges in the country are where none is given.
    #[must_use]
    pub fn settling_after(mut self, delay: Option<Delay>) -> Self {
        (self.delay, self.source) = (delay.map_or(MethodDelay::OfCountry, MethodDelay::Own), Source::host());
        self
    }

    /// The same, given back the way it was paid, for so many days after the payment; without end where none are given.
    #[must_use]
    pub fn refundable_for(mut self, days: Option<u16>) -> Self {
        (self.refunds, self.refundable_days, self.source) = (Some(Refunds::SameWay), days, Source::host());
        self
    }

    /// The same, with other disputes.
    #[must_use]
    pub fn disputed(mut self, disputes: DisputeRule) -> Self {
        (self.disputes, self.source) = (disputes, Source::host());
        self
    }

    /// What contradicts itself, if anything.
    fn problem(&self) -> Option<&'static str> {
        let bounds = || self.min.into_iter().chain(self.max);
        if bounds().any(|bound| !self.takes(bound.currency())) {
            return Some("bounds are in a currency that can be paid in");
        }
        if self.min.zip(self.max).is_some_and(|(min, max)| min.currency() != max.currency()) {
            return Some("both bounds are in one currency");
        }
        if self.answer_days.is_some() && self.notification != Notification::Delayed {
            return Some("only what is told later is told within some days");
        }
        let least = self.min.map_or(0, Money::minor);
        if least < 0 || self.max.is_some_and(|max| max.minor() < least) {
            return Some("the minimum must be neither negative nor above the maximum");
        }
        None
    }
}

/// Ways to pay.
impl Rulebook {
    /// The book with another rule for a way to pay, in place of the one for the same.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where it is open to a country in which accounts cannot be, [`RulebookError::Invalid`] if the
    /// rule contradicts itself.
    pub fn with_payment_method(mut self, rule: MethodRule) -> Result<Self, RulebookError> {
        if let Scope::Only(countries) = &rule.countries {
            countries.iter().try_for_each(|country| self.country(*country).map(drop))?;
        }
        if let Some(reason) = rule.problem() {
            return Err(RulebookError::Invalid { table: Table::PaymentMethods, reason });
        }
        let method = rule.method;
        *self.book_mut().methods.get_mut(method) = rule;
        Ok(self)
    }
}

macro_rules! one_for_each {
    ($($wire:literal $field:ident $variant:ident $what:literal,)+) => {
        /// One rule for each payment method.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(super) struct Methods {
            $($field: Box<MethodRule>,)+
        }

        impl Methods {
            /// Takes the rules of a whole table, or names a method that has none.
            pub(super) fn new(mut rules: BTreeMap<PaymentMethod, MethodRule>) -> Result<Self, PaymentMethod> {
                let mut take = |method| rules.remove(&method).map(Box::new).ok_or(method);
                Ok(Self { $($field: take(PaymentMethod::$variant)?,)+ })
            }

            pub(super) const fn get(&self, method: PaymentMethod) -> &MethodRule {
                match method {
                    $(PaymentMethod::$variant => &self.$field,)+
                }
            }

            pub(super) const fn get_mut(&mut self, method: PaymentMethod) -> &mut MethodRule {
                match method {
                    $(PaymentMethod::$variant => &mut self.$field,)+
                }
            }
        }
    };
}

each_method!(one_for_each);

/// A row of `payment_methods.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    method: PaymentMethod,
    #[serde(deserialize_with = "table::parsed")]
    notification: Notification,
    answer_days: Option<u8>,
    capability: String,
    countries: String,
    currencies: String,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    domestic: bool,
    min: Option<i64>,
    max: Option<i64>,
    refundable: String,
    delay_days: Option<String>,
    delay_unit: Option<Unit>,
    voucher_expiry_days: Option<u8>,
    refundable_days: Option<u16>,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    captures_later: bool,
    #[serde(default)]
    disputes: String,
    dispute_window: Option<String>,
    unauthorized_window: Option<String>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

/// A word, or that it is not known.
fn known<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<Option<T>, String> {
    match text {
        "unknown" | "" => Ok(None),
        word => word.parse().map(Some).map_err(|error: T::Err| error.to_string()),
    }
}

impl Row {
    pub(super) fn check(self) -> Result<(PaymentMethod, MethodRule), String> {
        let countries = Scope::read(&self.countries, table::country_from)?;
        let currencies =
            Scope::read(&self.currencies, |code| code.parse::<Currency>().map_err(|error| error.to_string()))?;
        let delay = match (self.delay_days.as_deref(), self.delay_unit) {
            (Some("unknown"), None) => MethodDelay::Unknown,
            (Some(days), Some(unit)) => {
                let days = days.parse().map_err(|_| format!("`{days}` is neither a number of days nor unknown"))?;
                MethodDelay::Own(unit.delay(days))
            }
            (None, None) => MethodDelay::OfCountry,
            (Some(_), None) | (None, Some(_)) => {
                return Err("a delay is a number of days and a unit".to_owned());
            }
        };
        let bound = |minor: Option<i64>| match (minor, &currencies) {
            (None, _) => Ok(None),
            (Some(minor), Scope::Only(only)) if only.len() == 1 => {
                Ok(only.first().map(|currency| Money::new(minor, *currency)))
            }
            (Some(_), Scope::All | Scope::Only(_) | Scope::Unknown) => {
                Err("bounds in minor units need a single currency".to_owned())
            }
        };
        let window = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
        let disputes = DisputeRule::read(
            known::<DisputeProcess>(&self.disputes)?,
            (window(&self.dispute_window)?, window(&self.unauthorized_window)?),
        );
        let rule = MethodRule {
            method: self.method,
            notification: self.notification,
            answer_days: self.answer_days,
            capability: known(&self.capability)?,
            min: bound(self.min)?,
            max: bound(self.max)?,
            countries,
            currencies,
            domestic: self.domestic,
            refunds: Refunds::read(&self.refundable)?,
            refundable_days: self.refundable_days,
            delay,
            voucher_expiry_days: self.voucher_expiry_days,
            captures_later: self.captures_later,
            disputes,
            source: Source::new(self.source, self.year, self.note),
        };
        rule.problem().map_or(Ok((self.method, rule)), |problem| Err(problem.to_owned()))
    }
}
