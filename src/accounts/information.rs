use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AccountToken, CheckOutcome, Relationship, Sealed};
use crate::ids::{AccountId, ObjectId, PersonId};
use crate::rulebook::{BusinessType, Check, DocumentFile};

/// How the fields begin of the individual that an account belongs to.
const INDIVIDUAL: &str = "individual.";

/// A command: give what an account is asked for. The one door for all of it.
///
/// Fields go by the names that [`Requirements`](super::Requirements) use: `business_profile.url`, `company.tax_id`,
/// `individual.first_name`, `tos_acceptance.ip`. Those of one person of a company go by their own names (`first_name`)
/// beside the [person](Self::person). A date of birth is one field, `dob`, written `1988-04-30`. The parts of an address abroad are
/// given together with its country, by which they are checked.
///
/// ```
/// use fundroute::accounts::Information;
/// use fundroute::ids::AccountId;
/// use fundroute::rulebook::BusinessType;
///
/// let jo = AccountId::from_host([7; 14]);
/// let told = Information::about(jo)
///     .business_type(BusinessType::Individual)
///     .set("individual.first_name", "Jo")
///     .set("individual.dob", "1988-04-30");
/// assert_eq!(told.fields.len(), 3);
/// assert!(!format!("{told:?}").contains("1988")); // a log names the fields, and no values
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Information {
    /// Whose it is.
    pub account: AccountId,
    /// The person that the fields are about, if they are about one of a company.
    pub person: Option<PersonId>,
    /// What the person is to the company from now on; nothing to leave it as it is.
    pub relationship: Option<Relationship>,
    /// The fields by name. Kept apart from the journal, as personal data.
    pub fields: BTreeMap<Box<str>, String>,
    /// What is known of the files among them, by the same names; nothing where the host has not looked.
    #[serde(default)]
    pub files: BTreeMap<Box<str>, DocumentFile>,
    /// Further fields, which the processor was given and nobody here.
    #[serde(default)]
    pub sealed: Option<Sealed>,
}

impl Information {
    /// Information about an account, its company, or the individual that it belongs to.
    pub const fn about(account: AccountId) -> Self {
        Self::of(account, None)
    }

    /// Information about a person of a company.
    pub const fn about_person(person: PersonId) -> Self {
        let account = AccountId::of(person.family(), 0);
        Self::of(account, Some(person))
    }

    const fn of(account: AccountId, person: Option<PersonId>) -> Self {
        Self { account, person, relationship: None, fields: BTreeMap::new(), files: BTreeMap::new(), sealed: None }
    }

    /// The same, with one field more, or another value for it.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<String>) -> Self {
        self.fields.insert(field.into(), value.into());
        self
    }

    /// The same, with a file more, of which this is known: what it has to be like, the rulebook
    /// [says](crate::rulebook::Rulebook::document_rule).
    ///
    /// ```
    /// use fundroute::accounts::Information;
    /// use fundroute::ids::AccountId;
    /// use fundroute::rulebook::{DocumentFile, FilePurpose, FileType};
    ///
    /// let passport = DocumentFile::new(FilePurpose::IdentityDocument, FileType::Jpeg, 2_400_000);
    /// let jo = Information::about(AccountId::from_host([7; 14]));
    /// let told = jo.attach("individual.verification.document", "file_passport", passport);
    /// assert_eq!(told.files.len(), 1);
    /// ```
    #[must_use]
    pub fn attach(mut self, field: &str, name: impl Into<String>, file: DocumentFile) -> Self {
        self.files.insert(field.into(), file);
        self.set(field, name)
    }

    /// The same, with fields more whose values are behind a token: their holder gave them to the processor, and the platform has not seen
    /// them. Which fields they are the host has to say, because nobody here can look.
    #[must_use]
    pub fn sealed<'f>(mut self, token: AccountToken, fields: impl IntoIterator<Item = &'f str>) -> Self {
        self.sealed = Some(Sealed::new(token, fields));
        self
    }

    /// The same, naming the sort of business.
    #[must_use]
    pub fn business_type(self, business_type: BusinessType) -> Self {
        self.set("business_type", business_type.as_str())
    }

    /// The same, with another relationship of the person to the company.
    #[must_use]
    pub fn relationship(mut self, relationship: Relationship) -> Self {
        self.relationship = Some(relationship);
        self
    }

    /// What it says about a person, or about the account and its company.
    pub(crate) fn values_of(&self, of: ObjectId) -> Values {
        let all = self.with_sealed();
        let fields = all.fields.iter().map(|(field, value)| (&**field, value));
        let of_individual = |field: &str| field.starts_with(INDIVIDUAL);
        match (self.person, of) {
            (None, ObjectId::Person(_)) => {
                fields.filter_map(|(field, value)| Some((field.strip_prefix(INDIVIDUAL)?, value))).collect()
            }
            (None, _) => fields.filter(|(field, _)| !of_individual(field)).collect(),
            (Some(person), ObjectId::Person(of)) if person == of => fields.collect(),
            (Some(_), _) => Values::default(),
        }
    }

    /// The same, with what is behind the token among the rest.
    pub(crate) fn with_sealed(&self) -> Cow<'_, Self> {
        match &self.sealed {
            None => Cow::Borrowed(self),
            Some(sealed) => {
                let mut all = Self { sealed: None, ..self.clone() };
                all.fields.extend(sealed.values());
                Cow::Owned(all)
            }
        }
    }

    /// The same without the values, for what is written into the journal about it.
    pub(crate) fn without_values(&self) -> Self {
        Self { fields: self.fields.keys().map(|field| (field.clone(), String::new())).collect(), ..self.clone() }
    }
}

impl fmt::Debug for Information {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Information")
            .field("account", &self.account)
            .field("person", &self.person)
            .field("relationship", &self.relationship)
            .field("fields", &self.fields.keys().collect::<Vec<_>>())
            .field("files", &self.files)
            .field("sealed", &self.sealed)
            .finish()
    }
}

/// A command: add a person to a company's account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPerson {
    /// Whose person.
    pub account: AccountId,
    /// What the person is to the company.
    pub relationship: Relationship,
    /// Fields by name, such as `first_name`. Kept apart from the journal, as personal data.
    pub fields: BTreeMap<Box<str>, String>,
    /// What is known of the files among them, by the same names; nothing where the host has not looked.
    #[serde(default)]
    pub files: BTreeMap<Box<str>, DocumentFile>,
    /// Further fields, which the processor was given and nobody here.
    #[serde(default)]
    pub sealed: Option<Sealed>,
}

impl NewPerson {
    /// A person of a company, of whom nothing else is known yet.
    pub const fn new(account: AccountId, relationship: Relationship) -> Self {
        Self { account, relationship, fields: BTreeMap::new(), files: BTreeMap::new(), sealed: None }
    }

    /// The same person, with one field more, or another value for it.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<String>) -> Self {
        self.fields.insert(field.into(), value.into());
        self
    }

    /// The same person, with a file more, of which this is known.
    #[must_use]
    pub fn attach(mut self, field: &str, name: impl Into<String>, file: DocumentFile) -> Self {
        self.files.insert(field.into(), file);
        self.set(field, name)
    }

    /// The same person, with fields more whose values are behind a token.
    #[must_use]
    pub fn sealed<'f>(mut self, token: AccountToken, fields: impl IntoIterator<Item = &'f str>) -> Self {
        self.sealed = Some(Sealed::new(token, fields));
        self
    }

    /// What it says about the person.
    pub(crate) fn values(&self) -> Values {
        let sealed = self.sealed.iter().flat_map(Sealed::values);
        Values(self.fields.clone().into_iter().chain(sealed).collect())
    }

    /// The same without the values, for what is written into the journal about it.
    pub(crate) fn without_values(&self) -> Self {
        Self { fields: self.fields.keys().map(|field| (field.clone(), String::new())).collect(), ..self.clone() }
    }
}

impl fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPerson")
            .field("account", &self.account)
            .field("relationship", &self.relationship)
            .field("fields", &self.fields.keys().collect::<Vec<_>>())
            .field("files", &self.files)
            .field("sealed", &self.sealed)
            .finish()
    }
}

/// A fact: what came of checking something that was given.
///
/// Of several answers about one revision the one with the latest time holds, in whatever order they come; an answer about
/// something that was changed since is stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationChecked {
    /// The account.
    pub account: AccountId,
    /// The person that was checked; nothing for the account's company.
    pub person: Option<PersonId>,
    /// What was checked.
    pub check: Check,
    /// Which revision of it, as the instruction said.
    pub revision: u32,
    /// What came of it.
    pub outcome: CheckOutcome,
}

/// The values that are kept of what was given, by field: data about persons.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(pub BTreeMap<Box<str>, String>);

impl<'a> FromIterator<(&'a str, &'a String)> for Values {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a String)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(field, value)| (field.into(), value.clone())).collect())
    }
}

impl Values {
    /// The value of a field, if it is kept.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Values").field(&self.0.keys().collect::<Vec<_>>()).finish()
    }
}
