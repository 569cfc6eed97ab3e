//! The plain words that rows of data speak.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is none of the words expected in its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct UnknownWord {
    pub(super) expected: &'static str,
    pub(super) text: String,
}

impl UnknownWord {
    /// What was expected, with its article, such as `a payment method`.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }

    /// The text that was found.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Reads and prints a word by its wire name; a name that it had before is read as well.
macro_rules! read_and_print {
    ($word:ty, $expected:literal $(, $old:literal is $variant:ident)*) => {
        impl fmt::Display for $word {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $word {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                const RENAMED: &[(&str, $word)] = &[$(($old, <$word>::$variant)),*];
                let renamed = || RENAMED.iter().find(|(old, _)| *old == text).map(|(_, word)| *word);
                let found = Self::ALL.into_iter().find(|word| word.as_str() == text).or_else(renamed);
                found.ok_or_else(|| UnknownWord { expected: $expected, text: text.to_owned() })
            }
        }
    };
}

/// Declares words whose description is little more than their wire name, in the order in which `ALL` gives them.
macro_rules! words {
    (
        $(#[$about:meta])*
        $word:ident, $expected:literal: $($wire:literal $variant:ident $($more:literal)? $(was $old:literal)?,)+
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $word {
            $(
                #[doc = concat!("`", $wire, "`" $(, ": ", $more)?)]
                #[serde(rename = $wire $(, alias = $old)?)]
                $variant,
            )+
        }

        impl $word {
            /// Every word, in order.
            pub const ALL: [Self; [$($wire),+].len()] = [$(Self::$variant),+];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)+
                }
            }
        }

        read_and_print!($word, $expected $($(, $old is $variant)?)+);
    };
}

mod capability;
mod card;
mod document;
mod failure;
mod method;
mod requirement;
mod tax;

pub(super) use capability::each_capability;
pub use capability::{Capability, CapabilityFamily};
pub use card::{CardBrand, CardFunding, CardWallet, Trade};
pub use document::{FilePurpose, FileType};
pub use failure::{FailureOf, TurnOf};
pub(super) use method::each_method;
pub use method::{MethodTerm, PaymentMethod};
pub(super) use read_and_print;
pub use requirement::{
    BusinessType, Check, CompanyStructure, Confidence, DayUnit, FieldFormat, Impact, Party, PersonRole,
    RequirementErrorCode, Since, Stage, Subject,
};
pub use tax::{StateFilingWay, TaxFormType, TaxIncome, UsState};

/// How a connected account is run: who talks to its owner, and who answers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// The platform runs everything and answers for losses; the owner sees the platform only.
    Custom,
    /// The processor verifies the owner, on its own pages; the platform answers for losses.
    Express,
    /// The owner has an account of their own with the processor, and answers for it there.
    Standard,
}

impl AccountKind {
    /// Every kind, by name.
    pub const ALL: [Self; 3] = [Self::Custom, Self::Express, Self::Standard];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::Express => "express",
            Self::Standard => "standard",
        }
    }
}

read_and_print!(AccountKind, "an account kind");

/// How far a country's support is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Open to every platform.
    Ga,
    /// Open to platforms that asked and were let in.
    Preview,
}

impl Availability {
    /// Every stage, by name.
    pub const ALL: [Self; 2] = [Self::Ga, Self::Preview];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ga => "ga",
            Self::Preview => "preview",
        }
    }
}

read_and_print!(Availability, "an availability");

/// What a payout goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DestinationKind {
    /// The balance of the payer rather than a bank or a card: the money to send is missing.
    Balance,
    /// A bank account.
    Bank,
    /// A debit card.
    Card,
}

impl DestinationKind {
    /// Every kind, by name.
    pub const ALL: [Self; 3] = [Self::Balance, Self::Bank, Self::Card];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Bank => "bank",
            Self::Card => "card",
        }
    }
}

read_and_print!(DestinationKind, "a kind of payout destination");

/// When a business learns whether a payment worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notification {
    /// At once, as with a card.
    Immediate,
    /// Days later, as with a bank debit.
    Delayed,
    /// When the payer has paid the slip they were given, or let it expire.
    Voucher,
}

impl Notification {
    /// Every way, the fastest first.
    pub const ALL: [Self; 3] = [Self::Immediate, Self::Delayed, Self::Voucher];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Delayed => "delayed",
            Self::Voucher => "voucher",
        }
    }
}

read_and_print!(Notification, "a kind of notification");

/// A part of the world within which, and between some of which, money moves by the same rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Africa south of the Sahara.
    Africa,
    /// Asia and the Pacific.
    Apac,
    /// Canada.
    Ca,
    /// Switzerland.
    Ch,
    /// The European Economic Area.
    Eea,
    /// Latin America and the Caribbean.
    Latam,
    /// The Middle East and North Africa.
    Mena,
    /// None of the others.
    Other,
    /// The United Kingdom.
    Uk,
    /// The United States.
    Us,
}

impl Region {
    /// Every region, by name.
    pub const ALL: [Self; 10] = [
        Self::Africa,
        Self::Apac,
        Self::Ca,
        Self::Ch,
        Self::Eea,
        Self::Latam,
        Self::Mena,
        Self::Other,
        Self::Uk,
        Self::Us,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Africa => "africa",
            Self::Apac => "apac",
            Self::Ca => "ca",
            Self::Ch => "ch",
            Self::Eea => "eea",
            Self::Latam => "latam",
            Self::Mena => "mena",
            Self::Other => "other",
            Self::Uk => "uk",
            Self::Us => "us",
        }
    }
}

read_and_print!(Region, "a region");

/// What the owner of a connected account agreed with the processor to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceAgreement {
    /// A contract with the processor: the account may take payments and receive transfers.
    Full,
    /// A contract with the platform alone: the account may only receive transfers.
    Recipient,
}

impl ServiceAgreement {
    /// Every agreement, by name.
    pub const ALL: [Self; 2] = [Self::Full, Self::Recipient];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Recipient => "recipient",
        }
    }
}

read_and_print!(ServiceAgreement, "a service agreement");

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};

    use serde::de::DeserializeOwned;

    use super::*;

    /// A word prints, parses and is stored under one name, and comes back from every form of it.
    fn check<T>(words: impl IntoIterator<Item = T>)
    where
        T: Copy + Debug + Display + DeserializeOwned + FromStr<Err = UnknownWord> + PartialEq + Serialize,
    {
        for word in words {
            let name = word.to_string();
            assert_eq!(name.parse(), Ok(word));
            assert_eq!(serde_json::to_string(&word).unwrap(), format!("\"{name}\""));
            assert_eq!(serde_json::from_str::<T>(&format!("\"{name}\"")).unwrap(), word);
            let bytes = postcard::to_stdvec(&word).unwrap();
            assert_eq!(postcard::from_bytes::<T>(&bytes).unwrap(), word);
            assert!(name.to_uppercase().parse::<T>().is_err());
        }
    }

    /// A name that a word had before is read, from text and from JSON, and never written.
    #[test]
    fn a_name_of_before_is_read_and_not_written() {
        assert_eq!("platform_payments".parse(), Ok(Capability::Transfers));
        let read: Capability = serde_json::from_str("\"platform_payments\"").unwrap();
        assert_eq!((read, read.as_str()), (Capability::Transfers, "transfers"));
    }

    #[test]
    fn words_have_one_name_everywhere() {
        check(AccountKind::ALL);
        check(Availability::ALL);
        check(BusinessType::ALL);
        check(Capability::ALL);
        check(CapabilityFamily::ALL);
        check(CardBrand::ALL);
        check(CardFunding::ALL);
        check(CardWallet::ALL);
        check(Check::ALL);
        check(CompanyStructure::ALL);
        check(Confidence::ALL);
        check(DayUnit::ALL);
        check(DestinationKind::ALL);
        check(FieldFormat::ALL);
        check(FilePurpose::ALL);
        check(FileType::ALL);
        check(Impact::ALL);
        check(MethodTerm::ALL);
        check(Notification::ALL);
        check(Party::ALL);
        check(PaymentMethod::ALL);
        check(PersonRole::ALL);
        check(Region::ALL);
        check(RequirementErrorCode::ALL);
        check(ServiceAgreement::ALL);
        check(Since::ALL);
        check(Stage::ALL);
        check(Subject::ALL);
        check(Trade::ALL);
    }

    #[test]
    fn an_unknown_word_says_what_was_expected() {
        let error = "cash".parse::<PaymentMethod>().unwrap_err();
        assert_eq!(error.to_string(), "`cash` is not a payment method");
        assert_eq!((error.expected(), error.text()), ("a payment method", "cash"));
    }
}
