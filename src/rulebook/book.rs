//! All rules together, and how to ask for one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use iso_country::Country;

use super::advice::AdviceKey;
use super::authorization::{OvercaptureKey, WindowKey};
use super::bank_calendar::Calendars;
use super::capability::Capabilities;
use super::connect_price::ConnectTerms;
use super::conversion::ConversionKey;
use super::conversion::SettlementPolicy;
use super::dispute::FeeKey;
use super::field::FieldKey;
use super::field_shape::Shapes;
use super::instant::InstantPolicy;
use super::lane::{AtHome, Ruling, Way};
use super::method::{MethodDelay, Methods};
use super::method_fees::FeesKey;
use super::number::Number;
use super::payout::{self, PayoutKey, PayoutMinimum};
use super::requirement::RequirementKey;
use super::requirement_set::CountrySet;
use super::sorted::Sorted;
use super::tax::TaxTables;
use super::{
    AccessPolicy, AuthorizationWindow, BankDebitPolicy, BankDebitTerms, BankFormat, Capability, CapabilityRule,
    ChargeLimits, Check, ConversionFee, CountryRule, CrossBorderEra, DebitRegion, DebitTerms, DisputeFee,
    DisputePolicy, DocumentRule, FailureAdvice, FieldRule, InstantRule, MethodFees, MethodRule, MethodTerm,
    OnboardingEra, OvercaptureLimit, PaymentMethod, PayoutFailureRule, PayoutLimits, PayoutRoute, Price, RejectionEra,
    RequirementRule, RequirementSet, RulebookError, SameDayPayouts, ScheduleRule, ServiceAgreement, SettlementSpeed,
    SettlementTiming, Source, StartOfDayRule, Subject, Table, TerminalCountry, TestDestination, TestToken, TimeZone,
    TopUpTerms, VettingPolicy,
};
use crate::calendar::{Delay, days};
use crate::money::Currency;

/// The rules by which everything is decided, as one value.
///
/// Cheap to clone: copies share what they have in common. Two books are equal if they say the same.
///
/// A host that knows better says so, rule by rule, or reads a table of its own over the standard one:
///
/// ```
/// use fundroute::calendar::Delay;
/// use fundroute::rulebook::{Country, PaymentMethod, Rulebook, RulebookError, Table};
///
/// let mut book = Rulebook::standard()
///     .with_settlement_delay(Country::US, None, Delay::Business(1))?
///     .with_refundable(PaymentMethod::Boleto, true);
/// book.read(
///     Table::Prices,
///     "country,method,currency,percent,fixed,source\n\
///      US,card,usd,2.7%,5,our contract\n",
/// )?;
/// assert_eq!(book.settlement_delay(Country::US, PaymentMethod::Card)?, Delay::Business(1));
///
/// let error = book.read(Table::Prices, "country,method,currency,percent,fixed,source\nUS,card,usd,x,5,us\n");
/// assert_eq!(error.unwrap_err().to_string(), "prices.csv, line 2: `x` is not a usable rate");
/// # Ok::<(), RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook(pub(super) Arc<Book>);

/// What a [`Rulebook`] holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Book {
    pub(super) countries: Sorted<Country, CountryRule>,
    pub(super) currencies: Sorted<Currency, ChargeLimits>,
    pub(super) timings: Sorted<Country, SettlementTiming>,
    pub(super) method_delays: Sorted<(Country, PaymentMethod), Delay>,
    pub(super) methods: Methods,
    pub(super) prices: Sorted<(Country, PaymentMethod, Currency), Price>,
    pub(super) payout_minimums: Sorted<PayoutKey, PayoutMinimum>,
    pub(super) payout_failures: BTreeMap<Box<str>, PayoutFailureRule>,
    pub(super) advice: Sorted<AdviceKey, FailureAdvice>,
    pub(super) capabilities: Capabilities,
    pub(super) shapes: Arc<Shapes>,
    pub(super) fields: BTreeMap<FieldKey, FieldRule>,
    pub(super) requirements: BTreeMap<RequirementKey, RequirementRule>,
    pub(super) requirement_sets: BTreeMap<Country, CountrySet>,
    pub(super) other_requirements: CountrySet,
    pub(super) test_destinations: BTreeMap<Country, BTreeMap<Number, TestDestination>>,
    pub(super) test_tokens: BTreeMap<Box<str>, (Country, Number)>,
    pub(super) other_test_tokens: BTreeMap<Box<str>, TestToken>,
    pub(super) lanes: BTreeMap<Way, Ruling>,
    /// What follows from the lanes where platform and account are in one country.
    pub(super) flows_at_home: Sorted<(Country, ServiceAgreement), AtHome>,
    pub(super) bank_formats: BTreeMap<(Country, Currency), BankFormat>,
    pub(super) instant: BTreeMap<(Country, Currency), InstantRule>,
    pub(super) connect: ConnectTerms,
    pub(super) debit_regions: BTreeMap<Country, DebitRegion>,
    pub(super) debit_terms: BTreeMap<Currency, DebitTerms>,
    pub(super) top_up_terms: BTreeMap<(Country, Currency), TopUpTerms>,
    pub(super) bank_debits: BTreeMap<(Country, Currency), BankDebitTerms>,
    pub(super) bank_debit_policy: BankDebitPolicy,
    pub(super) conversion_fees: BTreeMap<ConversionKey, ConversionFee>,
    pub(super) settlement: SettlementPolicy,
    pub(super) authorization_windows: BTreeMap<WindowKey, AuthorizationWindow>,
    pub(super) overcapture_limits: BTreeMap<OvercaptureKey, OvercaptureLimit>,
    pub(super) dispute_fees: BTreeMap<FeeKey, DisputeFee>,
    pub(super) method_fees: BTreeMap<FeesKey, MethodFees>,
    pub(super) dispute_policy: DisputePolicy,
    pub(super) terminal_countries: BTreeMap<Country, TerminalCountry>,
    pub(super) documents: BTreeMap<Check, DocumentRule>,
    pub(super) tax: TaxTables,
    pub(super) onboarding_era: OnboardingEra,
    pub(super) cross_border_era: CrossBorderEra,
    pub(super) recipient_corridors: bool,
    pub(super) calendars: Calendars,
    pub(super) starts_of_day: BTreeMap<Country, StartOfDayRule>,
    pub(super) same_day_payouts: BTreeMap<(Country, Currency), SameDayPayouts>,
    pub(super) first_payout_wait: TimeDelta,
    pub(super) vetting: VettingPolicy,
    pub(super) access: AccessPolicy,
    pub(super) preview_controllers: bool,
    pub(super) v2_events: bool,
    pub(super) instant_policy: InstantPolicy,
    pub(super) time_zones: BTreeMap<Box<str>, TimeZone>,
    pub(super) rejection_era: RejectionEra,
    pub(super) request_retention: TimeDelta,
    pub(super) recipient_delay: Option<TimeDelta>,
    pub(super) parked_fact_limit: TimeDelta,
    pub(super) attempt_limit: Option<u16>,
    pub(super) refund_funding_window: TimeDelta,
    pub(super) refund_details_window: TimeDelta,
    pub(super) collection_wait: Option<TimeDelta>,
    pub(super) reserve_limit: TimeDelta,
    pub(super) returns_processor_fee: bool,
    pub(super) manual_payout_lead: u8,
    pub(super) automatic_payout_lead: u8,
    pub(super) arrival_as_paid: bool,
    pub(super) processor_name: Box<str>,
    /// Where payouts have no trace ids; and where only those within minutes have none.
    pub(super) traceless: [BTreeSet<Country>; 2],
}

impl Book {
    /// A book that knows the payment methods and the capabilities, and nothing else.
    pub(super) fn new(methods: Methods, capabilities: Capabilities) -> Self {
        Self {
            countries: Sorted::default(),
            currencies: Sorted::default(),
            timings: Sorted::default(),
            method_delays: Sorted::default(),
            methods,
            prices: Sorted::default(),
            payout_minimums: Sorted::default(),
            payout_failures: BTreeMap::new(),
            advice: Sorted::default(),
            test_destinations: BTreeMap::new(),
            test_tokens: BTreeMap::new(),
            other_test_tokens: BTreeMap::new(),
            capabilities,
            shapes: Arc::default(),
            fields: BTreeMap::new(),
            requirements: BTreeMap::new(),
            requirement_sets: BTreeMap::new(),
            other_requirements: CountrySet::nothing(),
            lanes: BTreeMap::new(),
            flows_at_home: Sorted::default(),
            bank_formats: BTreeMap::new(),
            instant: BTreeMap::new(),
            connect: ConnectTerms::default(),
            debit_regions: BTreeMap::new(),
            debit_terms: BTreeMap::new(),
            top_up_terms: BTreeMap::new(),
            bank_debits: BTreeMap::new(),
            bank_debit_policy: BankDebitPolicy::STANDARD,
            conversion_fees: BTreeMap::new(),
            settlement: SettlementPolicy::default(),
            authorization_windows: BTreeMap::new(),
            overcapture_limits: BTreeMap::new(),
            dispute_fees: BTreeMap::new(),
            method_fees: BTreeMap::new(),
            dispute_policy: DisputePolicy::STANDARD,
            terminal_countries: BTreeMap::new(),
            documents: BTreeMap::new(),
            tax: TaxTables::default(),
            onboarding_era: OnboardingEra::Current,
            cross_border_era: CrossBorderEra::SelfServe,
            recipient_corridors: false,
            calendars: Calendars::default(),
            starts_of_day: BTreeMap::new(),
            same_day_payouts: BTreeMap::new(),
            first_payout_wait: TimeDelta::zero(),
            vetting: VettingPolicy::STANDARD,
            access: AccessPolicy::STANDARD,
            preview_controllers: false,
            v2_events: false,
            instant_policy: InstantPolicy::standard(),
            time_zones: BTreeMap::new(),
            rejection_era: RejectionEra::Current,
            request_retention: days(30),
            recipient_delay: None,
            parked_fact_limit: days(30),
            attempt_limit: None,
            refund_funding_window: days(30),
            refund_details_window: days(45),
            collection_wait: Some(days(180)),
            reserve_limit: days(180),
            returns_processor_fee: false,
            manual_payout_lead: 1,
            automatic_payout_lead: 0,
            arrival_as_paid: false,
            processor_name: "STRIPE".into(),
            traceless: payout::traceless(),
        }
    }
}

static STANDARD: LazyLock<Rulebook> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the tables are part of the crate, and a test reads each of them")]
    Rulebook::embedded().expect("the standard tables are valid")
});

impl Rulebook {
    /// The rules of the field, as far as its public pages tell them, and the newest where they changed.
    #[must_use]
    pub fn standard() -> Self {
        STANDARD.clone()
    }

    /// What holds for accounts in a country.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, and for [`Country::Unspecified`].
    pub fn country(&self, country: Country) -> Result<&CountryRule, RulebookError> {
        self.0.countries.get(&country).ok_or(RulebookError::UnknownCountry(country))
    }

    /// Every country where accounts can be, always in the same order.
    pub fn countries(&self) -> impl Iterator<Item = &CountryRule> {
        self.0.countries.values()
    }

    /// Whether an account in that country can hold that currency. No account is in an unknown country.
    #[must_use]
    pub fn settles_in(&self, country: Country, currency: Currency) -> bool {
        self.0.countries.get(&country).is_some_and(|rule| rule.settles_in(currency))
    }

    /// How little and how much may be charged in a currency.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCurrency`] where that is not known.
    pub fn charge_limits(&self, currency: Currency) -> Result<&ChargeLimits, RulebookError> {
        self.0.currencies.get(&currency).ok_or(RulebookError::UnknownCurrency(currency))
    }

    /// How long a payment stays pending, for a new account in the country of the business that settles it.
    ///
    /// The method's own delay comes before the country's.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, [`RulebookError::UnknownSettlementTiming`] where they can be
    /// but only receive transfers, [`RulebookError::UnknownMethodTerm`] where it is not known for the method.
    // RULE: cards settle by country, bank debits and slips by method (docs.stripe.com/payouts, 2026).
    pub fn settlement_delay(&self, country: Country, method: PaymentMethod) -> Result<Delay, RulebookError> {
        self.least_delay(country, method, SettlementSpeed::Initial)
    }

    pub(super) fn least_delay(
        &self,
        country: Country,
        method: PaymentMethod,
        speed: SettlementSpeed,
    ) -> Result<Delay, RulebookError> {
        if let Some(delay) = self.0.method_delays.get(&(country, method)) {
            return Ok(*delay);
        }
        let timing = self.settlement_timing(country)?;
        match self.payment_method(method).own_delay() {
            MethodDelay::OfCountry => Ok(timing.at(speed)),
            MethodDelay::Own(delay) => Ok(delay),
            MethodDelay::Unknown => Err(RulebookError::UnknownMethodTerm { method, term: MethodTerm::Delay }),
        }
    }

    /// How long charges stay pending in a country, unless their payment method says otherwise.
    ///
    /// # Errors
    ///
    /// As [`settlement_delay`](Self::settlement_delay).
    pub fn settlement_timing(&self, country: Country) -> Result<&SettlementTiming, RulebookError> {
        self.country(country)?;
        self.0.timings.get(&country).ok_or(RulebookError::UnknownSettlementTiming(country))
    }

    /// Which payout schedules the accounts of a country may have: every one, daily by default, where nothing else is known.
    #[must_use]
    pub fn schedule_rule(&self, country: Country) -> &ScheduleRule {
        self.0.timings.get(&country).map_or(&ScheduleRule::FREE, SettlementTiming::schedule)
    }

    /// What a way to pay needs and allows.
    #[must_use]
    pub fn payment_method(&self, method: PaymentMethod) -> &MethodRule {
        self.0.methods.get(method)
    }

    /// What a capability needs, and what it opens.
    #[must_use]
    pub fn capability(&self, capability: Capability) -> &CapabilityRule {
        self.0.capabilities.get(capability)
    }

    /// A field that can be asked for, by its [path](FieldRule::path).
    #[must_use]
    pub fn field(&self, subject: Subject, path: &str) -> Option<&FieldRule> {
        self.0.fields.get(&(subject, path.into()))
    }

    /// Every field that can be asked for, by subject and path.
    pub fn fields(&self) -> impl Iterator<Item = &FieldRule> {
        self.0.fields.values()
    }

    /// What accounts in a country are asked for. Where nothing is known of a country, it is what is common to all.
    #[must_use]
    pub fn requirement_set(&self, country: Country) -> RequirementSet<'_> {
        RequirementSet(self.0.requirement_sets.get(&country).unwrap_or(&self.0.other_requirements))
    }

    /// What the processor takes from a payment, by the country of the business that settles it.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownPrice`] where that is not known.
    pub fn price(&self, country: Country, method: PaymentMethod, currency: Currency) -> Result<&Price, RulebookError> {
        let price = self.0.prices.get(&(country, method, currency));
        price.ok_or(RulebookError::UnknownPrice { country, method, currency })
    }

    /// Which amounts an account in a country can pay out to a bank there.
    ///
    /// Where no minimum is known it is one minor unit, and where no multiple is known it is one as well.
    // RULE: the minimum is by country and currency, and typically one base unit (docs.stripe.com/payouts, 2026).
    #[must_use]
    pub fn payout_limits(&self, country: Country, currency: Currency) -> PayoutLimits {
        self.payout_limits_on(PayoutRoute::Domestic, country, currency)
    }

    /// The same on a certain way; what is not known of it is as for a bank in the country.
    ///
    /// ```
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::{Country, PayoutRoute, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// let limits = |route, country, currency| book.payout_limits_on(route, country, currency);
    /// assert_eq!(limits(PayoutRoute::CrossBorder, Country::UZ, Currency::UZS).min(), 343_000_00);
    /// assert_eq!(limits(PayoutRoute::DebitCard, Country::US, Currency::USD).max(), Some(2_999_99));
    /// ```
    // RULE: recipients from abroad have minimums of their own (docs.stripe.com/connect/cross-border-payouts/special-requirements, 2025).
    #[must_use]
    pub fn payout_limits_on(&self, route: PayoutRoute, country: Country, currency: Currency) -> PayoutLimits {
        let multiple = self.0.currencies.get(&currency).map_or(1, ChargeLimits::payout_multiple);
        let row = |route| self.0.payout_minimums.get(&(country, currency, route));
        payout::limits([row(route), row(PayoutRoute::Domestic)], multiple)
    }

    /// Whether anything is known of payouts on just this way.
    #[must_use]
    pub fn has_payout_row(&self, route: PayoutRoute, country: Country, currency: Currency) -> bool {
        self.0.payout_minimums.get(&(country, currency, route)).is_some()
    }

    /// Where the minimum of [`payout_limits`](Self::payout_limits) comes from, if it is known.
    #[must_use]
    pub fn payout_limits_source(&self, country: Country, currency: Currency) -> Option<&Source> {
        self.0.payout_minimums.get(&(country, currency, PayoutRoute::Domestic)).map(PayoutMinimum::source)
    }

    /// Every failure code of payouts that is known, by its name.
    pub fn payout_failures(&self) -> impl Iterator<Item = &PayoutFailureRule> {
        self.0.payout_failures.values()
    }

    /// What a failure code of a payout means. `None` for a code that is not known, which banks may well use.
    #[must_use]
    pub fn payout_failure(&self, code: &str) -> Option<&PayoutFailureRule> {
        self.0.payout_failures.get(code)
    }

    /// The test destination with that number in that country.
    #[must_use]
    pub fn test_destination(&self, country: Country, number: &str) -> Option<&TestDestination> {
        self.0.test_destinations.get(&country)?.get(number)
    }

    /// The test destination that a token stands for.
    #[must_use]
    pub fn test_destination_by_token(&self, token: &str) -> Option<&TestDestination> {
        let (country, number) = self.0.test_tokens.get(token)?;
        self.test_destination(*country, number.as_str())
    }

    /// What a token of test mode stands for that is nothing to pay out to: a payer's card, or a bank account that is debited for top-ups.
    #[must_use]
    pub fn test_token(&self, token: &str) -> Option<&TestToken> {
        self.0.other_test_tokens.get(token)
    }

    /// All of those.
    pub fn test_tokens(&self) -> impl Iterator<Item = &TestToken> {
        self.0.other_test_tokens.values()
    }

    /// Every test destination, by country and number.
    pub fn test_destinations(&self) -> impl Iterator<Item = &TestDestination> {
        self.0.test_destinations.values().flat_map(BTreeMap::values)
    }

    /// For how long a request sent again is known to be the same. After that its key is fresh. 30 days in the standard book.
    // RULE: keys are kept for at least 24 hours (docs.stripe.com/api/idempotent_requests, 2024); how long the newer interface keeps
    // them is not published, and thirty days is this crate's choice.
    #[must_use]
    pub fn request_retention(&self) -> TimeDelta {
        self.0.request_retention
    }

    /// For how long a fact waits for the fact that it builds on, before it is taken for an anomaly. 30 days in the standard book,
    /// which is this crate's choice.
    #[must_use]
    pub fn parked_fact_limit(&self) -> TimeDelta {
        self.0.parked_fact_limit
    }

    /// How many attempts to collect a payment can fail before it is given up. None in the standard book: that there is a limit is
    /// published, and how high it is not (docs.stripe.com/api/payment_intents/confirm, 2026).
    #[must_use]
    pub fn attempt_limit(&self) -> Option<u16> {
        self.0.attempt_limit
    }

    /// For how long a refund waits for the balance to cover it, before it fails. 30 days in the standard book: no page names a time, so
    /// this is our own choice.
    #[must_use]
    pub fn refund_funding_window(&self) -> TimeDelta {
        self.0.refund_funding_window
    }

    /// For how long a refund waits for the payer to name a bank account, before it is canceled. 45 days in the standard book.
    // RULE: docs.stripe.com/payments/customer-balance/refunding (2026).
    #[must_use]
    pub fn refund_details_window(&self) -> TimeDelta {
        self.0.refund_details_window
    }

    /// For how long an account may be below zero before the platform that answers for its losses covers it; nothing for ever. 180 days in
    /// the standard book.
    // RULE: docs.stripe.com/connect/account-balances (2024).
    #[must_use]
    pub fn collection_wait(&self) -> Option<TimeDelta> {
        self.0.collection_wait
    }

    /// For how long a reserve holds money back at most. 180 days in the standard book.
    // RULE: docs.stripe.com/connect/connected-account-reserves (2025).
    #[must_use]
    pub fn reserve_limit(&self) -> TimeDelta {
        self.0.reserve_limit
    }

    /// Whether the processor gives its fee back with a refund. Not in the standard book; accounts of an older contract have it so.
    // RULE: fees are not returned (docs.stripe.com/refunds, 2024). Under the older rule it returned what the fee of the whole is above
    // that of the rest (recorded exchanges, 2023-2025).
    #[must_use]
    pub fn returns_processor_fee(&self) -> bool {
        self.0.returns_processor_fee
    }

    /// What banks show beside payouts where neither the payout nor any settings say something else.
    // RULE: the processor's name (docs.stripe.com/payouts/statement-descriptors, 2026).
    #[must_use]
    pub fn processor_name(&self) -> &str {
        &self.0.processor_name
    }

    /// Whether a bank in a country knows payouts by an id; those within minutes, or those on a bank day.
    ///
    /// ```
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert!(book.has_trace_ids(Country::US, true) && book.has_trace_ids(Country::GB, false));
    /// assert!(!book.has_trace_ids(Country::GB, true) && !book.has_trace_ids(Country::JP, false));
    /// ```
    #[must_use]
    pub fn has_trace_ids(&self, country: Country, within_minutes: bool) -> bool {
        let [never, instant] = &self.0.traceless;
        let has_none = never.contains(&country) || (within_minutes && instant.contains(&country));
        !has_none
    }

    /// Whether the day on which a payout is expected at the bank counts for its arrival, where nothing else was told of it. It does not in
    /// the standard book.
    #[must_use]
    pub fn arrival_as_paid(&self) -> bool {
        self.0.arrival_as_paid
    }

    /// Business days from asking for a payout to its arrival. One in the standard book.
    // RULE: 1 to 4 business days, by country and bank (docs.stripe.com/payouts, 2026).
    #[must_use]
    pub fn manual_payout_lead(&self) -> u8 {
        self.0.manual_payout_lead
    }

    /// Business days from the run of an automatic payout to its arrival. None in the standard book: the payout day is the day
    /// of arrival.
    #[must_use]
    pub fn automatic_payout_lead(&self) -> u8 {
        self.0.automatic_payout_lead
    }

    /// The book of the tables that come with the crate.
    fn embedded() -> Result<Self, RulebookError> {
        let methods = super::edit::read_methods(Table::PaymentMethods.standard())?;
        let capabilities = super::edit::read_capabilities(Table::Capabilities.standard())?;
        let mut book = Self(Arc::new(Book::new(methods, capabilities)));
        for table in Table::ALL {
            book.read(table, table.standard())?;
        }
        Ok(book)
    }
}
