use std::fmt;

use serde::{Deserialize, Serialize};

use super::AccountError;

/// The number of a bank account or card, or what stands for it. It prints as no more than its last four characters.
///
/// ```
/// use fundroute::accounts::AccountNumber;
///
/// let number = AccountNumber::Full("DE89 3704 0044 0532 0130 00".to_owned());
/// assert_eq!(number.last4(), "3000");
/// assert_eq!(format!("{number:?}"), "…3000");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountNumber {
    /// The whole number, or IBAN.
    Full(String),
    /// A word under which somebody else keeps the number.
    Token {
        /// The word.
        token: String,
        /// The last four characters of the number.
        last4: String,
    },
}

impl AccountNumber {
    /// The last four characters of the number: all that is ever shown. A number of four characters or fewer shows nothing.
    pub fn last4(&self) -> String {
        match self {
            Self::Full(number) => {
                let mut last: Vec<char> = number.chars().rev().filter(|c| c.is_alphanumeric()).take(5).collect();
                if last.len() < 5 {
                    return String::new();
                }
                last.truncate(4);
                last.reverse();
                last.into_iter().collect()
            }
            Self::Token { last4, .. } => last4.clone(),
        }
    }

    /// The whole number, or the word that stands for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Full(number) => number,
            Self::Token { token, .. } => token,
        }
    }

    /// The same with nothing that tells which one it is.
    pub(super) fn emptied(&self) -> Self {
        match self {
            Self::Full(_) => Self::Full(String::new()),
            Self::Token { .. } => Self::Token { token: String::new(), last4: String::new() },
        }
    }

    pub(super) fn check(&self) -> Result<(), AccountError> {
        if self.as_str().trim().is_empty() {
            return Err(AccountError::NumberMissing);
        }
        let fits = |last4: &str| last4.len() == 4 && last4.chars().all(|c| c.is_ascii_alphanumeric());
        match self {
            Self::Token { last4, .. } if !fits(last4) => Err(AccountError::Last4Invalid),
            Self::Token { .. } | Self::Full(_) => Ok(()),
        }
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.last4();
        let hidden = shown.chars().count().saturating_sub(4);
        write!(f, "…{}", shown.chars().skip(hidden).collect::<String>())
    }
}

/// The personal part of a bank account or card, stored apart from the journal so that a person can be erased.
///
/// What a later write does not name stays as it was.
///
/// ```
/// use fundroute::accounts::{AccountNumber, BankDetails};
///
/// let number = AccountNumber::Full("000123456789".to_owned());
/// let details = BankDetails { number: Some(number), ..BankDetails::default() };
/// assert_eq!(format!("{details:?}"), "BankDetails(…6789)"); // a log never holds the number
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankDetails {
    /// Its number or IBAN, or what stands for it.
    pub number: Option<AccountNumber>,
    /// The number of the bank and its branch, where the country has such numbers.
    pub routing: Option<String>,
    /// The name of the holder; empty where it was taken back.
    pub holder_name: Option<String>,
}

impl BankDetails {
    /// The last four characters of the number: all that is ever shown.
    pub fn last4(&self) -> String {
        self.number.as_ref().map(AccountNumber::last4).unwrap_or_default()
    }

    /// What is kept after a further write.
    pub(crate) fn update(&mut self, later: &Self) {
        let BankDetails { number, routing, holder_name } = later;
        for (known, new) in [(&mut self.routing, routing), (&mut self.holder_name, holder_name)] {
            if new.is_some() {
                known.clone_from(new);
            }
        }
        if number.is_some() {
            self.number.clone_from(number);
        }
    }
}

impl fmt::Debug for BankDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BankDetails(…{})", self.last4())
    }
}

/// The number of a bank and its branch. It does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing(pub String);

impl fmt::Debug for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
