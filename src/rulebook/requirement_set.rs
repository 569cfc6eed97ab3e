//! Which rules a country's accounts are asked by.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;
use iso_country::Country;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::requirement::RequirementKey;
use super::{BusinessType, Confidence, Party, RequirementRule, Source, Stage, table};

/// What accounts in one country are asked for.
///
/// Sets build on one another: Germany's on that of the European Economic Area, and that on the one of countries that nothing is known of. A rule of a more
/// particular set takes the place of the more general sets' rules about the same party, path and stage, for the business
/// types that it is for; for others those stay. Where a country is not known, the common set holds.
///
/// ```
/// use fundroute::rulebook::{BusinessType, Confidence, Country, Rulebook};
/// use rust_decimal::Decimal;
///
/// let book = Rulebook::standard();
/// let germany = book.requirement_set(Country::DE);
/// assert!(germany.sets().eq(["de", "eea", "common", "everywhere"]));
/// assert!(germany.rules().count() > 30);
/// assert!(germany.owner_threshold().is_reached_by(Decimal::from(25)));
/// assert!(!book.requirement_set(Country::AE).admits(BusinessType::Individual));
/// let unknown = book.requirement_set(Country::Unspecified);
/// assert_eq!((unknown.name(), unknown.confidence()), ("common", Confidence::Low));
/// ```
///
/// A host that knows a country better gives it a set of its own, over whichever of the others it keeps:
///
/// ```
/// use fundroute::rulebook::{Country, Rulebook, RulebookError, Table};
///
/// let mut book = Rulebook::standard();
/// book.read(
///     Table::Requirements,
///     "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,since,from,after,confidence,source\n\
///      ke,individual,*,*,*,individual,first_name last_name id_number,unprovided,both,,,,,,,high,our lawyers\n",
/// )?;
/// book.read(
///     Table::RequirementSets,
///     "country,sets,confidence,business_types,owners,source\n\
///      KE,ke everywhere,high,individual,>=25,our lawyers\n",
/// )?;
/// let kenya = book.requirement_set(Country::KE);
/// assert!(kenya.rules().any(|rule| rule.path() == "id_number") && !kenya.rules().any(|rule| rule.path() == "email"));
/// # Ok::<(), RulebookError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequirementSet<'a>(pub(super) &'a CountrySet);

impl<'a> RequirementSet<'a> {
    /// The most particular set that holds.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.0.sets.first().map_or("", AsRef::as_ref)
    }

    /// Every set that holds, the most particular first.
    pub fn sets(self) -> impl Iterator<Item = &'a str> {
        self.0.sets.iter().map(AsRef::as_ref)
    }

    /// How sure it is that the set says what is asked there.
    #[must_use]
    pub const fn confidence(self) -> Confidence {
        self.0.confidence
    }

    /// Whether there can be accounts there for such a business.
    // RULE: in the United Arab Emirates companies only, and public bodies in the United States only
    // (docs.stripe.com/connect/required-verification-information and /connect/identity-verification, 2024).
    #[must_use]
    pub fn admits(self, business_type: BusinessType) -> bool {
        self.0.business_types.contains(&business_type)
    }

    /// How much of a company a person owns at the least who counts as its owner.
    #[must_use]
    pub const fn owner_threshold(self) -> OwnerThreshold {
        self.0.owners
    }

    /// How much it is where nobody reaches the [threshold](Self::owner_threshold), if that matters.
    // RULE: in Singapore above 10 percent, if nobody owns more than 25 (docs.stripe.com/connect/updated_requirements/sg, 2021).
    #[must_use]
    pub const fn owner_threshold_if_nobody(self) -> Option<OwnerThreshold> {
        self.0.owners_if_nobody
    }

    /// What cannot be changed there once it was verified, by the names of lists of requirements.
    // RULE: in Brazil no tax id (docs.stripe.com/connect/update-verified-information, 2024); that of an individual is the number of
    // the person.
    pub fn locked_fields(self) -> impl Iterator<Item = &'a str> {
        self.0.locked.iter().map(AsRef::as_ref)
    }

    /// How many days there are for something that was verified and has expired, such as a document; nothing where it is as for any
    /// other check that fails.
    // RULE: in the United Arab Emirates 28 days (docs.stripe.com/connect/required-verification-information, 2024).
    #[must_use]
    pub const fn expired_days(self) -> Option<u16> {
        self.0.expired_days
    }

    /// Every rule that holds there, by party, path and stage; whether it [applies](RequirementRule::applies) to an account is
    /// for the rule to say.
    pub fn rules(self) -> impl Iterator<Item = &'a RequirementRule> {
        self.0.rules.iter()
    }

    /// Where it comes from that these sets hold.
    #[must_use]
    pub const fn source(self) -> &'a Source {
        &self.0.source
    }
}

/// How much of a company makes an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerThreshold {
    percent: Decimal,
    or_more: bool,
}

impl OwnerThreshold {
    /// The bound.
    #[must_use]
    pub const fn percent(self) -> Decimal {
        self.percent
    }

    /// Whether who owns exactly the bound is an owner.
    #[must_use]
    pub const fn is_inclusive(self) -> bool {
        self.or_more
    }

    /// Whether who owns so many percent is an owner.
    #[must_use]
    pub fn is_reached_by(self, percent: Decimal) -> bool {
        percent > self.percent || (self.or_more && percent == self.percent)
    }
}

impl FromStr for OwnerThreshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (or_more, number) = match text.strip_prefix(">=") {
            Some(number) => (true, Some(number)),
            None => (false, text.strip_prefix('>')),
        };
        let percent = number.and_then(|number| number.parse::<Decimal>().ok());
        match percent.filter(|percent| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(percent)) {
            Some(percent) => Ok(Self { percent, or_more }),
            None => Err(format!("`{text}` is not a bound such as `>=25`")),
        }
    }
}

/// What holds in one country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CountrySet {
    pub(super) sets: Box<[Box<str>]>,
    confidence: Confidence,
    business_types: Box<[BusinessType]>,
    owners: OwnerThreshold,
    owners_if_nobody: Option<OwnerThreshold>,
    pub(super) locked: Box<[Box<str>]>,
    expired_days: Option<u16>,
    pub(super) rules: Arc<[RequirementRule]>,
    source: Source,
}

impl CountrySet {
    /// What holds where no row says so: nothing is admitted.
    pub(super) fn nothing() -> Self {
        Self {
            sets: Box::default(),
            confidence: Confidence::Low,
            business_types: Box::default(),
            owners: OwnerThreshold { percent: Decimal::ZERO, or_more: false },
            owners_if_nobody: None,
            locked: Box::default(),
            expired_days: None,
            rules: Arc::default(),
            source: Source::host(),
        }
    }
}

/// The rules of several sets together, the most particular first.
///
/// Of each rule the business types are left for which no set before its own says anything about the same field of the same
/// party at the same stage; where a set before its own does so from a day on, the rule holds until that day.
pub(super) fn resolve(
    requirements: &BTreeMap<RequirementKey, RequirementRule>,
    sets: &[Box<str>],
) -> Arc<[RequirementRule]> {
    let mut said: BTreeMap<(Party, &str, Stage), BTreeMap<BusinessType, Option<NaiveDate>>> = BTreeMap::new();
    let mut kept: BTreeMap<(&RequirementKey, Option<NaiveDate>), RequirementRule> = BTreeMap::new();
    for set in sets {
        let of_set = || requirements.values().filter(|rule| rule.set() == &**set);
        for rule in of_set() {
            let taken = said.get(&(rule.party(), rule.path(), rule.stage()));
            let mut left: BTreeMap<Option<NaiveDate>, Vec<BusinessType>> = BTreeMap::new();
            for entity in &rule.key().entities {
                match taken.and_then(|taken| taken.get(entity)) {
                    None => left.entry(None).or_default().push(*entity),
                    Some(Some(from)) if rule.from().is_none_or(|own| own < *from) => {
                        left.entry(Some(*from)).or_default().push(*entity);
                    }
                    Some(_) => {}
                }
            }
            for (until, entities) in left {
                kept.insert((rule.key(), until), rule.only_for(entities, until));
            }
        }
        for rule in of_set() {
            let all = said.entry((rule.party(), rule.path(), rule.stage())).or_default();
            for entity in &rule.key().entities {
                // Of several days the first one counts, and a rule that always held comes before them all.
                let from = all.entry(*entity).or_insert_with(|| rule.from());
                *from = rule.from().min(*from);
            }
        }
    }
    kept.into_values().collect()
}

/// A row of `requirement_sets.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    country: String,
    sets: String,
    #[serde(deserialize_with = "table::parsed")]
    confidence: Confidence,
    business_types: String,
    owners: String,
    locked_fields: Option<String>,
    expired_days: Option<u16>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    /// The row, by its country; the row of `*` is that of every country without one.
    pub(super) fn check(
        self,
        is_set: impl Fn(&str) -> bool,
        is_field: impl Fn(&str) -> bool,
    ) -> Result<(Option<Country>, CountrySet), String> {
        let country = if self.country == "*" { None } else { Some(table::country_from(&self.country)?) };
        let sets = table::list(&self.sets, |set| {
            if is_set(set) { Ok(set.into()) } else { Err(format!("no rule is of a set `{set}`")) }
        })?;
        let business_types = table::words(&self.business_types)?;
        if sets.is_empty() || business_types.is_empty() {
            return Err("a country has at least one set and one business type".to_owned());
        }
        let (owners, if_nobody) = match self.owners.split_once(" else ") {
            Some((owners, if_nobody)) => (owners.parse()?, Some(if_nobody.parse()?)),
            None => (self.owners.parse()?, None),
        };
        let locked = table::list(self.locked_fields.as_deref().unwrap_or_default(), |path| {
            if is_field(path) { Ok(path.into()) } else { Err(format!("`{path}` is not a field of fields.csv")) }
        })?;
        let row = CountrySet {
            sets,
            confidence: self.confidence,
            business_types,
            owners,
            owners_if_nobody: if_nobody,
            locked,
            expired_days: self.expired_days,
            rules: Arc::default(),
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((country, row))
    }
}
