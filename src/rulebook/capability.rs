//! What a capability needs, and what it opens.

use std::collections::BTreeMap;

use iso_country::Country;
use serde::Deserialize;

use super::words::each_capability;
use super::{Capability, CapabilityFamily, ServiceAgreement, Source, table};

/// What holds for one capability.
///
/// ```
/// use fundroute::rulebook::{Capability, Country, Rulebook, ServiceAgreement};
///
/// let book = Rulebook::standard();
/// let cards = book.capability(Capability::CardPayments);
/// assert_eq!(cards.needs(), [Capability::Transfers]);
/// assert!(cards.takes_payments() && !cards.is_permanent());
/// assert!(cards.is_open_under(ServiceAgreement::Full) && !cards.is_open_under(ServiceAgreement::Recipient));
/// assert!(!book.capability(Capability::IndiaInternationalPayments).is_open_to(Country::US));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapabilityRule {
    capability: Capability,
    family: CapabilityFamily,
    needs: Box<[Capability]>,
    permanent: bool,
    payments: bool,
    agreements: Box<[ServiceAgreement]>,
    /// None is any.
    countries: Box<[Country]>,
    brings: Box<[Capability]>,
    brings_in: Box<[Country]>,
    source: Source,
}

impl CapabilityRule {
    /// The capability.
    #[must_use]
    pub const fn capability(&self) -> Capability {
        self.capability
    }

    /// What it is about.
    #[must_use]
    pub const fn family(&self) -> CapabilityFamily {
        self.family
    }

    /// Which others an account has to request with it.
    // RULE: card payments need transfers (docs.stripe.com/connect/account-capabilities, 2024).
    #[must_use]
    pub fn needs(&self) -> &[Capability] {
        &self.needs
    }

    /// Whether an account that has requested it cannot take that back.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        self.permanent
    }

    /// Whether an account that has it can take payments of some kind, as the business that settles them.
    #[must_use]
    pub const fn takes_payments(&self) -> bool {
        self.payments
    }

    /// Whether an account under that agreement can have it.
    // RULE: under the recipient agreement there are transfers only (docs.stripe.com/connect/service-agreement-types, 2024).
    #[must_use]
    pub fn is_open_under(&self, agreement: ServiceAgreement) -> bool {
        self.agreements.contains(&agreement)
    }

    /// Whether an account in that country can have it, as far as is known. An unspecified country can have nothing.
    #[must_use]
    pub fn is_open_to(&self, country: Country) -> bool {
        country != Country::Unspecified && (self.countries.is_empty() || self.countries.contains(&country))
    }

    /// Which others an account in that country is given with it, without asking for them.
    ///
    /// ```
    /// use fundroute::rulebook::{Capability, Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// let of_old = book.capability(Capability::LegacyPayments);
    /// assert_eq!(of_old.brings(Country::CA), [Capability::CardPayments, Capability::Transfers]);
    /// assert!(of_old.brings(Country::US).is_empty());
    /// ```
    // RULE: accounts in Canada with the oldest capability have the two that took its place requested for them
    // (docs.stripe.com/connect/account-capabilities, 2024).
    #[must_use]
    pub fn brings(&self, country: Country) -> &[Capability] {
        if self.brings_in.contains(&country) { &self.brings } else { &[] }
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

macro_rules! one_for_each {
    ($($wire:literal $field:ident $variant:ident $what:literal $(was $old:literal)?,)+) => {
        /// One rule for each capability.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(super) struct Capabilities {
            $($field: Box<CapabilityRule>,)+
        }

        impl Capabilities {
            /// Takes the rules of a whole table, or names a capability that has none.
            pub(super) fn new(mut rules: BTreeMap<Capability, CapabilityRule>) -> Result<Self, Capability> {
                let mut take = |capability| rules.remove(&capability).map(Box::new).ok_or(capability);
                Ok(Self { $($field: take(Capability::$variant)?,)+ })
            }

            pub(super) const fn get(&self, capability: Capability) -> &CapabilityRule {
                match capability {
                    $(Capability::$variant => &self.$field,)+
                }
            }

            pub(super) const fn get_mut(&mut self, capability: Capability) -> &mut CapabilityRule {
                match capability {
                    $(Capability::$variant => &mut self.$field,)+
                }
            }
        }
    };
}

each_capability!(one_for_each);

/// A row of `capabilities.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::parsed")]
    capability: Capability,
    #[serde(deserialize_with = "table::parsed")]
    family: CapabilityFamily,
    needs: String,
    #[serde(deserialize_with = "table::yes_or_no")]
    permanent: bool,
    #[serde(deserialize_with = "table::yes_or_no")]
    payments: bool,
    agreements: String,
    countries: String,
    brings: Option<String>,
    brings_in: Option<String>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(Capability, CapabilityRule), String> {
        let needs = table::words(&self.needs)?;
        if needs.contains(&self.capability) {
            return Err("a capability does not need itself".to_owned());
        }
        let brings: Box<[Capability]> = table::words(self.brings.as_deref().unwrap_or_default())?;
        if brings.contains(&self.capability) {
            return Err("a capability does not bring itself".to_owned());
        }
        let brings_in = table::list(self.brings_in.as_deref().unwrap_or_default(), table::country_from)?;
        if brings.is_empty() != brings_in.is_empty() {
            return Err("what a capability brings it brings in some countries".to_owned());
        }
        let agreements = table::words(&self.agreements)?;
        if agreements.is_empty() {
            return Err("a capability that no agreement allows is none".to_owned());
        }
        let rule = CapabilityRule {
            capability: self.capability,
            family: self.family,
            needs,
            permanent: self.permanent,
            payments: self.payments,
            agreements,
            countries: table::list(&self.countries, table::country_from)?,
            brings,
            brings_in,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.capability, rule))
    }
}
