//! Which fields are asked of whom, and by when.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Deserialize;

use super::field::FieldKey;
use super::{
    BusinessType, Capability, CompanyStructure, Confidence, DayUnit, Impact, Party, ServiceAgreement, Since, Source,
    Stage, Subject, Table, table,
};
use crate::money::{Currency, Money};

/// One field that is asked of one party, and what stops when it is not given, or not verified, in time.
///
/// ```
/// use fundroute::money::usd;
/// use fundroute::rulebook::{
///     BusinessType, Capability, Country, Impact, Party, Rulebook, ServiceAgreement, Since, Stage,
/// };
///
/// let book = Rulebook::standard();
/// let set = book.requirement_set(Country::US);
/// let cards = [Capability::CardPayments, Capability::Transfers];
/// let tax_id = set.rules().find(|rule| {
///     rule.applies(BusinessType::Company, None, &cards, ServiceAgreement::Full)
///         && (rule.party(), rule.path(), rule.stage()) == (Party::Company, "company.tax_id", Stage::Unverified)
///         && rule.impact() == Impact::Charges
/// });
/// let limit = tax_id.ok_or("no such rule")?.limit();
/// assert_eq!(limit.amount, Some(usd(1_500_00)));
/// assert_eq!(limit.time, Some((30, Since::Created)));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementRule {
    key: RequirementKey,
    limit: Limit,
    until: Option<NaiveDate>,
    after: Option<Box<str>>,
    turns_away: bool,
    confidence: Confidence,
    source: Source,
}

/// When a requirement must be met: when the account has taken so much, or when so many days are over, whichever comes first.
/// With neither, at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// All charges of the account together.
    pub amount: Option<Money>,
    /// Days, and from when on.
    pub time: Option<(u16, Since)>,
    /// Which days they are.
    pub unit: DayUnit,
}

impl Limit {
    /// Whether there is nothing to wait for.
    #[must_use]
    pub const fn is_immediate(&self) -> bool {
        self.amount.is_none() && self.time.is_none()
    }
}

impl RequirementRule {
    /// Whether an account is asked for this: by what it is for, what it has requested, and its agreement.
    ///
    /// A company that has not named its structure counts as a private company.
    // RULE: an unset structure is treated as private (docs.stripe.com/connect/identity-verification, 2024).
    #[must_use]
    pub fn applies(
        &self,
        business_type: BusinessType,
        structure: Option<CompanyStructure>,
        capabilities: &[Capability],
        agreement: ServiceAgreement,
    ) -> bool {
        self.key.entities.contains(&business_type)
            && self.key.structures.takes(&[structure.unwrap_or(CompanyStructure::PrivateCompany)])
            && self.key.capabilities.takes(capabilities)
            && self.key.agreement.is_none_or(|wanted| wanted == agreement)
    }

    /// Whose field it is.
    #[must_use]
    pub const fn party(&self) -> Party {
        self.key.party
    }

    /// The path of the [field](super::FieldRule).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.key.path
    }

    /// Whether the limit is about a field that is not given, or about one that is given and not verified.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.key.stage
    }

    /// What stops when the limit is passed.
    #[must_use]
    pub const fn impact(&self) -> Impact {
        self.key.impact
    }

    /// When it must be met.
    #[must_use]
    pub const fn limit(&self) -> Limit {
        self.limit
    }

    /// Whether it must be met at once.
    #[must_use]
    pub const fn is_immediate(&self) -> bool {
        self.limit.is_immediate()
    }

    /// The capabilities that make an account be asked for this, and stop without it; none stands for all.
    #[must_use]
    pub fn capabilities(&self) -> &[Capability] {
        &self.key.capabilities.any
    }

    /// The day from which the rule holds; until then it is a requirement of the future. `None` if it always held.
    #[must_use]
    pub const fn from(&self) -> Option<NaiveDate> {
        self.key.from
    }

    /// The day from which it holds no longer, because a more particular set has a rule of its own from then on.
    #[must_use]
    pub const fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    /// The field of the account that has to be given before this one is asked for, such as an owner before the word that these
    /// are all of them.
    // RULE: `company.owners_provided` is asked for once there is an owner (docs.stripe.com/connect/testing-verification, 2024).
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Whether the account is turned away for good once the limit is passed.
    // RULE: in Singapore, when somebody was not verified for 120 business days
    // (docs.stripe.com/connect/required-verification-information, 2024).
    #[must_use]
    pub const fn turns_away(&self) -> bool {
        self.turns_away
    }

    /// The set that the rule is from: that of the country, or a more general one.
    #[must_use]
    pub fn set(&self) -> &str {
        &self.key.set
    }

    /// How sure it is.
    #[must_use]
    pub const fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    pub(super) const fn key(&self) -> &RequirementKey {
        &self.key
    }

    /// The same for those business types only, and until that day.
    pub(super) fn only_for(&self, entities: Vec<BusinessType>, until: Option<NaiveDate>) -> Self {
        let mut rule = self.clone();
        rule.key.entities = entities.into();
        rule.until = until;
        rule
    }
}

/// What a rule is about: two rules that differ in nothing here would contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RequirementKey {
    pub(super) party: Party,
    pub(super) path: Box<str>,
    pub(super) stage: Stage,
    pub(super) set: Box<str>,
    pub(super) entities: Box<[BusinessType]>,
    impact: Impact,
    structures: Choice<CompanyStructure>,
    capabilities: Choice<Capability>,
    agreement: Option<ServiceAgreement>,
    from: Option<NaiveDate>,
}

/// Any of some, if some are named, and none of others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Choice<T> {
    any: Box<[T]>,
    none: Box<[T]>,
}

impl<T: PartialEq + FromStr<Err: fmt::Display>> Choice<T> {
    fn read(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self { any: Box::default(), none: Box::default() });
        }
        let (none, any): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(|word| word.starts_with('!'));
        if none.is_empty() && any.is_empty() {
            return Err("a list is empty; `*` is everything".to_owned());
        }
        Ok(Self { any: table::words(&any.join(" "))?, none: table::words(&none.join(" ").replace('!', ""))? })
    }

    fn takes(&self, given: &[T]) -> bool {
        (self.any.is_empty() || given.iter().any(|one| self.any.contains(one)))
            && !given.iter().any(|one| self.none.contains(one))
    }
}

/// A row of `requirements.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    set: String,
    entities: String,
    structures: String,
    capabilities: String,
    agreement: String,
    #[serde(deserialize_with = "table::parsed")]
    party: Party,
    paths: String,
    #[serde(deserialize_with = "table::parsed")]
    stage: Stage,
    #[serde(deserialize_with = "table::parsed")]
    impact: Impact,
    amount: Option<i64>,
    currency: Option<String>,
    days: Option<u16>,
    since: Option<Since>,
    unit: Option<DayUnit>,
    from: Option<String>,
    after: Option<String>,
    turns_away: Option<String>,
    #[serde(deserialize_with = "table::parsed")]
    confidence: Confidence,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    /// One rule for each path of the row. In its capabilities the word `payments` stands for those that take payments.
    pub(super) fn check(
        self,
        is_field: impl Fn(&FieldKey) -> bool,
        payments: &[Capability],
    ) -> Result<Vec<(RequirementKey, RequirementRule)>, String> {
        let limit = self.limit()?;
        let entities = self.entities()?;
        if self.set.is_empty() || self.set.contains(char::is_whitespace) {
            return Err("a set has a name without blanks".to_owned());
        }
        let agreement = if self.agreement == "*" { None } else { Some(parse(&self.agreement)?) };
        let from = self.from.as_deref().map(day).transpose()?;
        let known = |subject, path: &str| {
            let field = is_field(&(subject, path.into()));
            if field { Ok(()) } else { Err(format!("`{path}` is not a field of {}", Table::Fields)) }
        };
        let turns_away = self.turns_away()?;
        if let Some(after) = &self.after {
            known(Subject::Account, after)?;
        }
        let (structures, capabilities) =
            (Choice::read(&self.structures)?, Choice::read(&spelled_out(&self.capabilities, payments))?);
        let mut rules = Vec::new();
        for path in self.paths.split_whitespace() {
            known(self.party.subject(), path)?;
            let key = RequirementKey {
                party: self.party,
                path: path.into(),
                stage: self.stage,
                set: self.set.as_str().into(),
                entities: entities.clone(),
                impact: self.impact,
                structures: structures.clone(),
                capabilities: capabilities.clone(),
                agreement,
                from,
            };
            let rule = RequirementRule {
                key: key.clone(),
                limit,
                until: None,
                after: self.after.as_deref().map(Into::into),
                turns_away,
                confidence: self.confidence,
                source: Source::new(self.source.clone(), self.year, self.note.clone()),
            };
            rules.push((key, rule));
        }
        if rules.is_empty() { Err("a row asks for at least one field".to_owned()) } else { Ok(rules) }
    }

    fn limit(&self) -> Result<Limit, String> {
        let amount = match (self.amount, &self.currency) {
            (Some(minor), Some(code)) if minor > 0 => Some(Money::new(minor, parse::<Currency>(code)?)),
            (None, None) => None,
            (Some(_), _) | (None, Some(_)) => return Err("an amount is above zero and has a currency".to_owned()),
        };
        let time = match (self.days, self.since) {
            (Some(days), Some(since)) if days > 0 => Some((days, since)),
            (None, None) => None,
            (Some(_), _) | (None, Some(_)) => return Err("days are above zero and have a beginning".to_owned()),
        };
        match (self.unit, time) {
            (Some(_), None) => Err("a unit is that of days".to_owned()),
            (unit, time) => Ok(Limit { amount, time, unit: unit.unwrap_or_default() }),
        }
    }

    /// Whether the account is turned away once the days are over.
    fn turns_away(&self) -> Result<bool, String> {
        match (self.turns_away.as_deref(), self.days) {
            (None | Some("no"), _) => Ok(false),
            (Some("yes"), Some(_)) if self.stage == Stage::Unverified => Ok(true),
            (Some("yes"), _) => Err("an account is turned away for what is not verified within some days".to_owned()),
            (Some(other), _) => Err(format!("`{other}` is neither `yes` nor `no`")),
        }
    }

    /// Which business types are meant: those that can have the party at all, and of these all that are named.
    fn entities(&self) -> Result<Box<[BusinessType]>, String> {
        let named: Box<[BusinessType]> = match self.entities.as_str() {
            "*" => BusinessType::ALL.into(),
            named => table::words(named)?,
        };
        let possible = |entity: &BusinessType| match self.party {
            Party::Account | Party::LegalGuardian => true,
            Party::Individual => *entity == BusinessType::Individual,
            Party::Company | Party::Director | Party::Executive | Party::Owner | Party::Representative => {
                *entity != BusinessType::Individual
            }
        };
        let mut entities: Vec<BusinessType> = named.iter().copied().filter(possible).collect();
        entities.sort_unstable();
        let all = self.entities == "*" || entities.len() == named.len();
        if all && !entities.is_empty() {
            Ok(entities.into())
        } else {
            Err(format!("`{}` cannot have a party `{}`", self.entities, self.party))
        }
    }
}

/// A list of capabilities with every one named for which `payments` stands.
fn spelled_out(capabilities: &str, payments: &[Capability]) -> String {
    let mut words = Vec::new();
    for word in capabilities.split_whitespace() {
        match word {
            "payments" => words.extend(payments.iter().map(Capability::to_string)),
            "!payments" => words.extend(payments.iter().map(|capability| format!("!{capability}"))),
            word => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| format!("`{text}` is not a day such as `2027-01-01`"))
}

fn parse<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}
