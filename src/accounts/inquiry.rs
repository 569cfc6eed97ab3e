//! What the processor wants to know about a business, beside what its rules ask of everybody.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::RequirementPath;
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::rulebook::Impact;

/// What the processor wants to know about an account's business, by its name among requirements:
/// `interv_….<what>.<how it is answered>`.
///
/// ```
/// use fundroute::accounts::InquiryName;
///
/// let name: InquiryName = "interv_1a2b.restricted_or_prohibited_industry_diligence.form".parse()?;
/// assert_eq!((name.about(), name.answered_by()), ("restricted_or_prohibited_industry_diligence", "form"));
/// assert!("company.tax_id".parse::<InquiryName>().is_err());
/// # Ok::<(), fundroute::accounts::NoInquiry>(())
/// ```
// RULE: docs.stripe.com/connect/handle-verification-updates (2024).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InquiryName(Box<str>);

/// A text that is no name of something that the processor wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "what a processor wants to know is named `interv_`, an id, what it is about and how it is answered, with dots between"
)]
pub struct NoInquiry;

impl InquiryName {
    /// How such names begin.
    pub(crate) const PREFIX: &'static str = "interv_";
    /// The longest name that is taken; the field publishes no limit of its own.
    pub const LONGEST: usize = 200;

    /// What it is about, in the field's word.
    pub fn about(&self) -> &str {
        self.part(1)
    }

    /// How its holder answers it, in the field's word.
    pub fn answered_by(&self) -> &str {
        self.part(2)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, place: usize) -> &str {
        self.0.split('.').nth(place).unwrap_or_default()
    }

    pub(crate) fn path(&self) -> RequirementPath {
        RequirementPath::new(self.0.clone())
    }
}

impl FromStr for InquiryName {
    type Err = NoInquiry;

    fn from_str(text: &str) -> Result<Self, NoInquiry> {
        let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let rest = text.strip_prefix(Self::PREFIX).filter(|_| text.len() <= Self::LONGEST).ok_or(NoInquiry)?;
        if rest.split('.').count() == 3 && rest.split('.').all(is_word) {
            Ok(Self(text.into()))
        } else {
            Err(NoInquiry)
        }
    }
}

impl TryFrom<String> for InquiryName {
    type Error = NoInquiry;

    fn try_from(text: String) -> Result<Self, NoInquiry> {
        text.parse()
    }
}

impl From<InquiryName> for String {
    fn from(name: InquiryName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for InquiryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How far an inquiry has got; of two tellings of one moment the greater one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryState {
    /// It is over.
    Closed,
    /// The holder has answered, and the processor looks at it.
    Answered,
    /// The holder has to answer.
    Open,
}

/// A fact: the processor wants to know something about an account's business, has its answer, or needs no more.
///
/// Of several tellings about one inquiry the one with the latest time holds, in whatever order they come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryChanged {
    /// The account.
    pub account: AccountId,
    /// What the processor wants to know.
    pub inquiry: InquiryName,
    /// How far that has got.
    pub state: InquiryState,
    /// What stops until it is answered, or once its time is over. Charges are every capability, and payouts need one that is on.
    pub impact: Impact,
    /// Until when there is time to answer; nothing where there is none.
    pub deadline: Option<Timestamp>,
}

/// What the world last said about something that the processor wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    name: InquiryName,
    state: InquiryState,
    impact: Impact,
    deadline: Option<Timestamp>,
    as_of: Timestamp,
}

/// So many inquiries of one account are known at a time. Those that are over make room, the oldest first.
pub(crate) const MOST_INQUIRIES: usize = 64;

impl Inquiry {
    pub(crate) fn new(fact: &InquiryChanged, as_of: Timestamp) -> Self {
        let InquiryChanged { inquiry, state, impact, deadline, .. } = fact.clone();
        Self { name: inquiry, state, impact, deadline, as_of }
    }

    /// What the processor wants to know.
    pub const fn name(&self) -> &InquiryName {
        &self.name
    }

    /// How far that has got.
    pub const fn state(&self) -> InquiryState {
        self.state
    }

    /// What stops until it is answered, or once its time is over.
    pub const fn impact(&self) -> Impact {
        self.impact
    }

    /// Until when there is time to answer; nothing where there is none.
    pub const fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// Of when that is.
    pub const fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// Whether this telling holds against another one of the same inquiry.
    // INVARIANT: a total order, so that the order of delivery is no matter.
    fn outdoes(&self, other: &Self) -> bool {
        let rank = |known: &Self| (known.as_of, known.state, known.impact, known.deadline);
        rank(self) > rank(other)
    }
}

/// The inquiries of an account after a telling of one, in the order of their names.
pub(crate) enum Heard {
    /// It is the latest of that inquiry.
    News(Vec<Inquiry>),
    /// A later one is known.
    Stale,
    /// There is no room for another one.
    TooMany,
}

/// What becomes of what is known of an account's inquiries.
pub(crate) fn hear(known: &[Inquiry], told: Inquiry) -> Heard {
    let mut next = known.to_vec();
    match next.binary_search_by(|one| one.name.cmp(&told.name)) {
        Ok(place) => match next.get_mut(place).filter(|one| told.outdoes(one)) {
            Some(one) => *one = told,
            None => return Heard::Stale,
        },
        Err(place) => next.insert(place, told),
    }
    if next.len() > MOST_INQUIRIES {
        let over = next.iter().enumerate().filter(|(_, one)| one.state == InquiryState::Closed);
        match over.min_by_key(|(_, one)| one.as_of).map(|(place, _)| place) {
            Some(place) => drop(next.remove(place)),
            None => return Heard::TooMany,
        }
    }
    Heard::News(next)
}
