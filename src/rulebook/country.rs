//! Where accounts may be.

use iso_country::Country;
use serde::Deserialize;

use super::{Availability, Region, ServiceAgreement, Source, table};
use crate::money::Currency;

/// What holds for accounts in one country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountryRule {
    country: Country,
    name: Box<str>,
    availability: Availability,
    region: Region,
    default_currency: Currency,
    /// INVARIANT: `with_settlement` puts the default currency first.
    settlement_currencies: Box<[Currency]>,
    /// Empty if not known.
    agreements: Box<[ServiceAgreement]>,
    custom_platform_2010s: bool,
    express_2017: bool,
    cross_border_recipient: Option<bool>,
    commissions_at_home: bool,
    account_tokens: bool,
    source: Source,
}

impl CountryRule {
    /// The country.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// Its name in English.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether every platform may have accounts there.
    #[must_use]
    pub const fn availability(&self) -> Availability {
        self.availability
    }

    /// The region it belongs to.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// The currency that an account there settles in unless it chose another.
    #[must_use]
    pub const fn default_currency(&self) -> Currency {
        self.default_currency
    }

    /// The currencies that an account there can hold, the default first.
    ///
    /// What is known: regions with several settlement currencies may have more, which a host adds with
    /// [`Rulebook::with_settlement_currencies`](super::Rulebook::with_settlement_currencies).
    #[must_use]
    pub fn settlement_currencies(&self) -> &[Currency] {
        &self.settlement_currencies
    }

    /// Whether an account there can hold that currency.
    #[must_use]
    pub fn settles_in(&self, currency: Currency) -> bool {
        self.settlement_currencies.contains(&currency)
    }

    /// The service agreements that accounts there are known to have. Empty if that is not known.
    #[must_use]
    pub fn agreements(&self) -> &[ServiceAgreement] {
        &self.agreements
    }

    /// Whether accounts there can have that service agreement. Where nothing is known it is the full one.
    ///
    /// ```
    /// use fundroute::rulebook::{Country, Rulebook, ServiceAgreement};
    ///
    /// let book = Rulebook::standard();
    /// assert!(book.country(Country::DE)?.offers(ServiceAgreement::Full));
    /// assert!(!book.country(Country::KE)?.offers(ServiceAgreement::Full));
    /// assert!(book.country(Country::KE)?.offers(ServiceAgreement::Recipient));
    /// # Ok::<(), fundroute::rulebook::RulebookError>(())
    /// ```
    #[must_use]
    pub fn offers(&self, agreement: ServiceAgreement) -> bool {
        match agreement {
            ServiceAgreement::Full if self.agreements.is_empty() => true,
            ServiceAgreement::Full | ServiceAgreement::Recipient => self.agreements.contains(&agreement),
        }
    }

    /// Whether platforms there could have Custom accounts in the 2010s.
    #[must_use]
    pub const fn custom_platform_2010s(&self) -> bool {
        self.custom_platform_2010s
    }

    /// Whether Express accounts could be there in 2017.
    #[must_use]
    pub const fn express_2017(&self) -> bool {
        self.express_2017
    }

    /// Whether accounts there under the recipient agreement were paid from abroad between 2019 and 2024, where that is known.
    #[must_use]
    pub const fn cross_border_recipient(&self) -> Option<bool> {
        self.cross_border_recipient
    }

    /// Whether accounts there pay commissions on their charges to platforms of their own country only.
    // RULE: platforms elsewhere take none from accounts in Brazil (docs.stripe.com/connect/direct-charges, 2024).
    #[must_use]
    pub const fn commissions_at_home(&self) -> bool {
        self.commissions_at_home
    }

    /// Whether platforms there hand in what holders give about themselves, and give nothing of it themselves.
    // RULE: French platforms must use account tokens (docs.stripe.com/connect/custom-accounts, 2024).
    #[must_use]
    pub const fn account_tokens(&self) -> bool {
        self.account_tokens
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// The same country with those settlement currencies, and its default.
    pub(super) fn with_settlement(mut self, currencies: &[Currency]) -> Self {
        let mut all = vec![self.default_currency];
        for currency in currencies {
            if !all.contains(currency) {
                all.push(*currency);
            }
        }
        self.settlement_currencies = all.into();
        self
    }
}

/// A row of `countries.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::country")]
    code: Country,
    name: String,
    #[serde(deserialize_with = "table::parsed")]
    availability: Availability,
    #[serde(deserialize_with = "table::parsed")]
    default_currency: Currency,
    settlement_currencies: String,
    #[serde(deserialize_with = "table::parsed")]
    region: Region,
    agreements: Option<String>,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    custom_platform_2010s: bool,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    express_2017: bool,
    #[serde(default, deserialize_with = "table::yes_no_or_unknown")]
    cross_border_recipient: Option<bool>,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    commissions_at_home: bool,
    #[serde(default, deserialize_with = "table::yes_or_no")]
    account_tokens: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(Country, CountryRule), String> {
        let currencies = table::list(&self.settlement_currencies, |code| {
            code.parse::<Currency>().map_err(|error| error.to_string())
        })?;
        let agreements = table::list(self.agreements.as_deref().unwrap_or_default(), |agreement| {
            agreement.parse::<ServiceAgreement>().map_err(|error| error.to_string())
        })?;
        let rule = CountryRule {
            country: self.code,
            name: self.name.into(),
            availability: self.availability,
            region: self.region,
            default_currency: self.default_currency,
            settlement_currencies: Box::default(),
            agreements,
            custom_platform_2010s: self.custom_platform_2010s,
            express_2017: self.express_2017,
            cross_border_recipient: self.cross_border_recipient,
            commissions_at_home: self.commissions_at_home,
            account_tokens: self.account_tokens,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.code, rule.with_settlement(&currencies)))
    }
}
