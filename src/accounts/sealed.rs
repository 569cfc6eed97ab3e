//! Data about persons that a platform hands in without having seen them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What stands for data about a legal entity or a person that its holder gave to the processor, and not to the platform: `ct_…` of an
/// account, `cpt_…` of a person. It is good once.
///
/// ```
/// use fundroute::accounts::AccountToken;
///
/// let token: AccountToken = "ct_1NqcAVEHCdJo".parse()?;
/// assert_eq!(token.as_str(), "ct_1NqcAVEHCdJo");
/// assert_eq!(format!("{token:?}"), "ct_…"); // a log shows that there is one
/// assert!("tok_visa".parse::<AccountToken>().is_err());
/// # Ok::<(), fundroute::accounts::NoAccountToken>(())
/// ```
// RULE: docs.stripe.com/connect/account-tokens (2024).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountToken(Box<str>);

/// A text that is no token of data about an account or a person. It is not in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a token of data about an account begins with `ct_`, of a person with `cpt_`, and has letters and digits behind it"
)]
pub struct NoAccountToken;

impl AccountToken {
    /// The longest token that is taken; the field publishes no limit of its own.
    pub const LONGEST: usize = 255;

    /// The token as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands for data about a person of a company.
    pub fn is_of_person(&self) -> bool {
        self.0.starts_with("cpt_")
    }

    fn kind(text: &str) -> Option<(&'static str, &str)> {
        ["ct_", "cpt_"].into_iter().find_map(|kind| Some((kind, text.strip_prefix(kind)?)))
    }
}

impl FromStr for AccountToken {
    type Err = NoAccountToken;

    fn from_str(text: &str) -> Result<Self, NoAccountToken> {
        let is_fine = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let known = Self::kind(text).filter(|(_, rest)| text.len() <= Self::LONGEST && is_fine(rest));
        known.map(|_| Self(text.into())).ok_or(NoAccountToken)
    }
}

impl TryFrom<String> for AccountToken {
    type Error = NoAccountToken;

    fn try_from(text: String) -> Result<Self, NoAccountToken> {
        text.parse()
    }
}

impl From<AccountToken> for String {
    fn from(token: AccountToken) -> Self {
        token.0.into()
    }
}

impl fmt::Debug for AccountToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", Self::kind(&self.0).map_or("", |(kind, _)| kind))
    }
}

/// Fields whose values the processor has, and nobody here: a token, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The token.
    pub token: AccountToken,
    /// The fields that it gives, by the names that [`Information`](super::Information) has for them.
    pub fields: BTreeSet<Box<str>>,
}

impl Sealed {
    pub(crate) fn new<'f>(token: AccountToken, fields: impl IntoIterator<Item = &'f str>) -> Self {
        Self { token, fields: fields.into_iter().map(Into::into).collect() }
    }

    /// What is kept of the fields, where values are kept that were given in the open: in which token each is.
    pub(crate) fn values(&self) -> impl Iterator<Item = (Box<str>, String)> + '_ {
        self.fields.iter().map(|field| (field.clone(), self.token.as_str().to_owned()))
    }
}
