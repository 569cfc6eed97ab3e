//! How a host changes rules, one by one or by the table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use iso_country::Country;

use super::book::Book;
use super::capability::Capabilities;
use super::field::FieldKey;
use super::field_shape::Shapes;
use super::method::{Methods, Refunds};
use super::payout::{FailureRow, MinimumRow, PayoutMinimum};
use super::test_destination::{TestKey, TestValue};
use super::{
    Capability, ChargeLimits, FieldRule, PaymentMethod, PayoutLimits, PayoutRoute, Price, RequirementRule, Rulebook,
    RulebookError, SettlementTiming, Subject, Table, TestDestination, TestOutcome, advice, capability, charge_limits,
    country, field, field_shape, method, price, requirement, requirement_set, table, test_destination, timing,
};
use crate::calendar::Delay;
use crate::money::Currency;

/// Changes, each of which gives the changed book.
impl Rulebook {
    /// The book with other limits for charges in a currency.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Invalid`] if they contradict themselves.
    pub fn with_charge_limits(mut self, limits: ChargeLimits) -> Result<Self, RulebookError> {
        if let Some(reason) = limits.problem() {
            return Err(RulebookError::Invalid { table: Table::Currencies, reason });
        }
        self.book_mut().currencies.insert(limits.currency(), limits);
        Ok(self)
    }

    /// The book with another time for which a fact waits for the one it builds on. Less than nothing counts as nothing.
    #[must_use]
    pub fn with_parked_fact_limit(mut self, limit: TimeDelta) -> Self {
        self.book_mut().parked_fact_limit = limit.max(TimeDelta::zero());
        self
    }

    /// The book with other numbers of business days from a payout to its arrival.
    #[must_use]
    pub fn with_payout_leads(mut self, manual: u8, automatic: u8) -> Self {
        let book = self.book_mut();
        book.manual_payout_lead = manual;
        book.automatic_payout_lead = automatic;
        self
    }

    /// The book in which a payout counts as arrived as soon as the day comes on which it is expected, for hosts whose bank never answers;
    /// or only once that is told. It concerns the payouts that are made from then on.
    ///
    /// A failure that is told later is one of a payout that had arrived. What is kept back on its day has not arrived.
    // RULE: paid means that it is expected to be there (docs.stripe.com/api/payouts/object, 2026).
    #[must_use]
    pub fn with_arrival_as_paid(mut self, counts: bool) -> Self {
        self.book_mut().arrival_as_paid = counts;
        self
    }

    /// The book in which banks in a country know payouts by an id, or know none; all of them, or just those within minutes.
    #[must_use]
    pub fn with_trace_ids(mut self, country: Country, within_minutes: bool, known: bool) -> Self {
        let [never, instant] = &mut self.book_mut().traceless;
        let traceless = if within_minutes { instant } else { never };
        if known {
            traceless.remove(&country)
        } else {
            traceless.insert(country)
        };
        self
    }

    /// The book with another name that banks show beside payouts, where nothing else is said. Only its first 22 characters are shown, and none
    /// that is not plain ASCII.
    #[must_use]
    pub fn with_processor_name(mut self, name: &str) -> Self {
        let plain = name.chars().filter(|c| c.is_ascii() && !c.is_ascii_control());
        self.book_mut().processor_name = plain.take(22).collect::<String>().into();
        self
    }

    /// The book with other limits for payouts to a bank in a country.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be.
    pub fn with_payout_limits(
        mut self,
        country: Country,
        currency: Currency,
        limits: PayoutLimits,
    ) -> Result<Self, RulebookError> {
        self.country(country)?;
        self.book_mut()
            .payout_minimums
            .insert((country, currency, PayoutRoute::Domestic), PayoutMinimum::of_host(limits));
        Ok(self)
    }

    /// The book with other limits for payouts on a certain way.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be.
    pub fn with_payout_limits_on(
        mut self,
        route: PayoutRoute,
        country: Country,
        currency: Currency,
        limits: PayoutLimits,
    ) -> Result<Self, RulebookError> {
        self.country(country)?;
        self.book_mut().payout_minimums.insert((country, currency, route), PayoutMinimum::of_host(limits));
        Ok(self)
    }

    /// The book with a price, in place of the one for the same country, method and currency.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, [`RulebookError::Invalid`] if the price contradicts itself.
    pub fn with_price(mut self, price: Price) -> Result<Self, RulebookError> {
        self.country(price.country())?;
        if let Some(reason) = price.problem() {
            return Err(RulebookError::Invalid { table: Table::Prices, reason });
        }
        self.book_mut().prices.insert(price.key(), price);
        Ok(self)
    }

    /// The book in which payments with that method can be refunded, or cannot.
    #[must_use]
    pub fn with_refundable(mut self, method: PaymentMethod, refundable: bool) -> Self {
        let refunds = if refundable { Refunds::SameWay } else { Refunds::Never };
        self.book_mut().methods.get_mut(method).set_refunds(refunds);
        self
    }

    /// The book in which payments with that method are given back to a bank account that the payer has to name first.
    #[must_use]
    pub fn with_refund_details(mut self, method: PaymentMethod) -> Self {
        self.book_mut().methods.get_mut(method).set_refunds(Refunds::ToNamedAccount);
        self
    }

    /// The book in which so many attempts to collect a payment can fail; nothing for any number, and zero counts as one.
    #[must_use]
    pub fn with_attempt_limit(mut self, attempts: Option<u16>) -> Self {
        self.book_mut().attempt_limit = attempts.map(|attempts| attempts.max(1));
        self
    }

    /// The book with other times for which refunds wait: for money, and for the payer to name a bank account. Less than nothing counts
    /// as nothing.
    #[must_use]
    pub fn with_refund_windows(mut self, funding: TimeDelta, details: TimeDelta) -> Self {
        let book = self.book_mut();
        (book.refund_funding_window, book.refund_details_window) =
            (funding.max(TimeDelta::zero()), details.max(TimeDelta::zero()));
        self
    }

    /// The book in which accounts may be below zero for so long before the platform that answers for their losses covers it; nothing for
    /// ever, and less than nothing counts as nothing at all.
    #[must_use]
    pub fn with_collection_wait(mut self, wait: Option<TimeDelta>) -> Self {
        self.book_mut().collection_wait = wait.map(|wait| wait.max(TimeDelta::zero()));
        self
    }

    /// The book with another time for which a reserve holds money back at most. Less than nothing counts as nothing.
    #[must_use]
    pub fn with_reserve_limit(mut self, limit: TimeDelta) -> Self {
        self.book_mut().reserve_limit = limit.max(TimeDelta::zero());
        self
    }

    /// The book in which the processor gives its fee back with a refund, or keeps it.
    #[must_use]
    pub fn with_processor_fee_returned(mut self, returned: bool) -> Self {
        self.book_mut().returns_processor_fee = returned;
        self
    }

    /// The book with another time for which request keys are kept. Less than nothing counts as nothing.
    #[must_use]
    pub fn with_request_retention(mut self, retention: TimeDelta) -> Self {
        self.book_mut().request_retention = retention.max(TimeDelta::zero());
        self
    }

    /// The book with those settlement currencies for a country, beside its default currency.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be.
    pub fn with_settlement_currencies(
        mut self,
        country: Country,
        currencies: &[Currency],
    ) -> Result<Self, RulebookError> {
        let rule = self.country(country)?.clone().with_settlement(currencies);
        self.book_mut().countries.insert(country, rule);
        Ok(self)
    }

    /// The book with another delay for a country: of one payment method, or of all that have no delay of their own.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be.
    pub fn with_settlement_delay(
        mut self,
        country: Country,
        method: Option<PaymentMethod>,
        delay: Delay,
    ) -> Result<Self, RulebookError> {
        self.country(country)?;
        let book = self.book_mut();
        if let Some(method) = method {
            book.method_delays.insert((country, method), delay);
        } else {
            let timing = book.timings.get(&country);
            let timing = timing.map_or_else(|| SettlementTiming::of_host(delay), |timing| timing.with_initial(delay));
            book.timings.insert(country, timing);
        }
        Ok(self)
    }

    /// Reads a table over the rules of the book: a row takes the place of the rule about the same thing, other rules stay.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Table`] with the line of the first row that cannot be read, contradicts itself, is about what an
    /// earlier row is about, or names a country that is not in the book. The book is then as it was.
    pub fn read(&mut self, table: Table, csv: &str) -> Result<(), RulebookError> {
        match table {
            Table::Countries => {
                let rules = table::read(table, csv, country::Row::check)?;
                self.book_mut().countries.extend(rules);
                self.find_flows_at_home();
                self.find_calendars();
            }
            Table::Currencies => self.book_mut().currencies.extend(table::read(table, csv, charge_limits::Row::check)?),
            Table::SettlementTiming => {
                let check = |row: timing::Row| self.knows(row.check()?, |(country, _)| *country);
                let rules = table::read(table, csv, check)?;
                self.book_mut().timings.extend(rules);
            }
            Table::PaymentMethods => {
                let rules = table::read(table, csv, method::Row::check)?;
                let book = self.book_mut();
                for (method, rule) in rules {
                    *book.methods.get_mut(method) = rule;
                }
            }
            Table::Prices => self.read_prices(csv)?,
            Table::PayoutMinimums => {
                let check = |row: MinimumRow| self.knows(row.check()?, |((country, ..), _)| *country);
                let rules = table::read(table, csv, check)?;
                self.book_mut().payout_minimums.extend(rules);
            }
            Table::PayoutFailureCodes | Table::FailureAdvice => self.read_failures(table, csv)?,
            Table::PayoutTestValues => self.read_test_destinations(csv)?,
            Table::Capabilities => {
                let rules = table::read(table, csv, capability::Row::check)?;
                let book = self.book_mut();
                for (capability, rule) in rules {
                    *book.capabilities.get_mut(capability) = rule;
                }
            }
            Table::FieldShapes | Table::Fields => self.read_fields(table, csv)?,
            Table::Requirements | Table::RequirementSets => self.read_requirements(table, csv)?,
            Table::CrossBorder => self.read_lanes(csv)?,
            Table::BankFormats => self.read_bank_formats(csv)?,
            Table::TimeZones => self.read_time_zones(csv)?,
            Table::InstantPayouts => self.read_instant_payouts(csv)?,
            Table::ConnectPrices => self.read_connect_prices(csv)?,
            Table::DebitRegions => self.read_debit_regions(csv)?,
            Table::DebitTerms => self.read_debit_terms(csv)?,
            Table::TopUpTerms => self.read_top_up_terms(csv)?,
            Table::BankDebits => self.read_bank_debits(csv)?,
            Table::ConversionFees => self.read_conversion_fees(csv)?,
            Table::AuthorizationWindows => self.read_authorization_windows(csv)?,
            Table::OvercaptureLimits => self.read_overcapture_limits(csv)?,
            Table::DisputeFees => self.read_dispute_fees(csv)?,
            Table::MethodFees => self.read_method_fees(csv)?,
            Table::TerminalCountries => self.read_terminal_countries(csv)?,
            Table::BankHolidays => self.read_bank_holidays(csv)?,
            Table::BankCalendars => self.read_bank_calendars(csv)?,
            Table::StartsOfDay => self.read_starts_of_day(csv)?,
            Table::SameDayPayouts => self.read_same_day_payouts(csv)?,
            Table::DocumentFiles => self.read_document_files(csv)?,
            Table::TaxFederal | Table::TaxStates | Table::TaxCycles | Table::TaxPlatforms => {
                self.read_tax(table, csv)?
            }
        }
        Ok(())
    }

    fn read_prices(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: price::Row| self.knows(row.check()?, |(_, price)| price.country());
        let rules = table::read(Table::Prices, csv, check)?;
        self.book_mut().prices.extend(rules);
        Ok(())
    }

    fn read_failures(&mut self, table: Table, csv: &str) -> Result<(), RulebookError> {
        if table == Table::FailureAdvice {
            let rules = table::read(table, csv, advice::Row::check)?;
            self.book_mut().advice.extend(rules);
        } else {
            let rules = table::read(table, csv, FailureRow::check)?;
            self.book_mut().payout_failures.extend(rules);
        }
        Ok(())
    }

    fn read_test_destinations(&mut self, csv: &str) -> Result<(), RulebookError> {
        let rows = table::read(Table::PayoutTestValues, csv, |row: test_destination::Row| {
            let row = row.check()?;
            match row.1.outcome() {
                TestOutcome::Failed(code) if self.payout_failure(code).is_none() => {
                    Err(format!("`{code}` is not a failure code of {}", Table::PayoutFailureCodes))
                }
                TestOutcome::Failed(_)
                | TestOutcome::Paid
                | TestOutcome::NotInstant
                | TestOutcome::OwnershipVerified
                | TestOutcome::OwnershipDocument
                | TestOutcome::Refused(_)
                | TestOutcome::BlocksPayouts => Ok(row),
            }
        })?;
        let book = self.book_mut();
        for (key, value) in rows {
            match (key, value) {
                (TestKey::Destination(country, number), TestValue::Destination(destination)) => {
                    let by_number = book.test_destinations.entry(country).or_default();
                    // A destination that is replaced takes its token along.
                    if let Some(token) = by_number.get(&number).and_then(TestDestination::token) {
                        book.test_tokens.remove(token);
                    }
                    if let Some(token) = destination.token() {
                        book.test_tokens.insert(token.into(), (country, number.clone()));
                    }
                    by_number.insert(number, destination);
                }
                (TestKey::Token(_) | TestKey::Destination(..), TestValue::Token(token)) => {
                    book.other_test_tokens.insert(token.token().into(), token);
                }
                // INVARIANT: a row that is no destination has a token for its key.
                (TestKey::Token(_), TestValue::Destination(_)) => {}
            }
        }
        Ok(())
    }

    /// Reads fields, or how they are written; every field keeps the shapes that it is checked against.
    fn read_fields(&mut self, table: Table, csv: &str) -> Result<(), RulebookError> {
        if table == Table::FieldShapes {
            let rules = table::read(table, csv, field_shape::Row::check)?;
            let mut shapes = Shapes::clone(&self.0.shapes);
            shapes.extend(rules);
            self.book_mut().shapes = Arc::new(shapes);
        } else {
            let rules = table::read(table, csv, field::Row::check)?;
            let known = |rule: &FieldRule, path: &str| {
                let key = (rule.subject(), path.into());
                rules.contains_key(&key) || self.0.fields.contains_key(&key)
            };
            let lost = rules.values().find(|rule| rule.alternative().is_some_and(|path| !known(rule, path)));
            if let Some(rule) = lost {
                let path = rule.alternative().unwrap_or_default();
                let reason = format!("the alternative of `{}`, `{path}`, is not a field", rule.path());
                return Err(RulebookError::Table { table, line: 1, reason });
            }
            self.book_mut().fields.extend(rules);
        }
        let book = self.book_mut();
        for rule in book.fields.values_mut() {
            *rule = rule.clone().with_shapes(&book.shapes);
        }
        Ok(())
    }

    /// Reads requirements, or which sets of them hold where, and finds out again what holds in each country.
    fn read_requirements(&mut self, table: Table, csv: &str) -> Result<(), RulebookError> {
        if table == Table::Requirements {
            let is_field = |field: &FieldKey| self.0.fields.contains_key(field);
            let payments: Vec<Capability> =
                Capability::ALL.into_iter().filter(|known| self.capability(*known).takes_payments()).collect();
            let rules = table::read_each(table, csv, |row: requirement::Row| row.check(is_field, &payments))?;
            self.book_mut().requirements.extend(rules);
        } else {
            let names: BTreeSet<&str> = self.0.requirements.values().map(RequirementRule::set).collect();
            let check = |row: requirement_set::Row| {
                let row = row.check(|set| names.contains(set), |path| self.is_asked_for(path))?;
                row.0.map_or(Ok(()), |country| self.knows(country, |country| *country).map(drop))?;
                Ok(row)
            };
            let rows = table::read(table, csv, check)?;
            let book = self.book_mut();
            for (country, set) in rows {
                match country {
                    Some(country) => drop(book.requirement_sets.insert(country, set)),
                    None => book.other_requirements = set,
                }
            }
        }
        let book = self.book_mut();
        let mut known: BTreeMap<Box<[Box<str>]>, Arc<[RequirementRule]>> = BTreeMap::new();
        for set in book.requirement_sets.values_mut().chain([&mut book.other_requirements]) {
            let rules = known.entry(set.sets.clone());
            set.rules = Arc::clone(rules.or_insert_with(|| requirement_set::resolve(&book.requirements, &set.sets)));
        }
        Ok(())
    }

    /// Whether lists of requirements may name this: a field of the account, of its company, or of the individual.
    fn is_asked_for(&self, path: &str) -> bool {
        match path.strip_prefix("individual.") {
            Some(own) => self.field(Subject::Person, own).is_some(),
            None => [Subject::Account, Subject::Company].iter().any(|of| self.field(*of, path).is_some()),
        }
    }

    /// Lets a row pass if its country is in the book.
    pub(super) fn knows<R>(&self, row: R, country: impl Fn(&R) -> Country) -> Result<R, String> {
        let known = self.country(country(&row));
        known.map_err(|error| error.to_string())?;
        Ok(row)
    }

    pub(super) fn book_mut(&mut self) -> &mut Book {
        Arc::make_mut(&mut self.0)
    }
}

/// Reads the rules of every payment method, to begin a book with.
pub(super) fn read_methods(csv: &str) -> Result<Methods, RulebookError> {
    let rules = table::read(Table::PaymentMethods, csv, method::Row::check)?;
    Methods::new(rules).map_err(|method| RulebookError::Table {
        table: Table::PaymentMethods,
        line: 1,
        reason: format!("no row for `{method}`"),
    })
}

/// Reads the rules of every capability, to begin a book with.
pub(super) fn read_capabilities(csv: &str) -> Result<Capabilities, RulebookError> {
    let rules = table::read(Table::Capabilities, csv, capability::Row::check)?;
    Capabilities::new(rules).map_err(|capability| RulebookError::Table {
        table: Table::Capabilities,
        line: 1,
        reason: format!("no row for `{capability}`"),
    })
}
