//! What a bank account is asked for, and how its numbers are built.

use std::fmt;
use std::str::FromStr;

use iso_country::Country;
use serde::{Deserialize, Serialize};

use super::number::{Number, plain};
use super::shape::Shape;
use super::words::read_and_print;
use super::{DestinationKind, Rulebook, RulebookError, Source, Table, TestDestination, UnknownWord, table};
use crate::money::Currency;

/// Something that the holder of a bank account is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankField {
    /// The name of the holder, as the bank knows it.
    AccountHolderName,
    /// The number of the account.
    AccountNumber,
    /// What the account is used for, by one of [`BankFormat::account_types`].
    AccountType,
    /// The number of the bank.
    BankCode,
    /// The number of its branch.
    BranchCode,
    /// The number of bank and branch in Australia.
    Bsb,
    /// The number of bank, branch and account in Argentina.
    Cbu,
    /// The number of bank, branch and account in Peru.
    Cci,
    /// The number of bank, branch and account in Mexico.
    Clabe,
    /// The number of the bank in Hong Kong.
    ClearingCode,
    /// The international number of bank and account.
    Iban,
    /// The code of bank and branch in India.
    Ifsc,
    /// The number of the bank in Canada.
    InstitutionNumber,
    /// The number of the bank in the United States.
    RoutingNumber,
    /// The number of bank and branch in the United Kingdom.
    SortCode,
    /// The SWIFT code of the bank, or its number in the country.
    SwiftOrBankCode,
    /// The number of the branch in Canada.
    TransitNumber,
}

impl BankField {
    /// Every field, by name.
    pub const ALL: [Self; 17] = [
        Self::AccountHolderName,
        Self::AccountNumber,
        Self::AccountType,
        Self::BankCode,
        Self::BranchCode,
        Self::Bsb,
        Self::Cbu,
        Self::Cci,
        Self::Clabe,
        Self::ClearingCode,
        Self::Iban,
        Self::Ifsc,
        Self::InstitutionNumber,
        Self::RoutingNumber,
        Self::SortCode,
        Self::SwiftOrBankCode,
        Self::TransitNumber,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountHolderName => "account_holder_name",
            Self::AccountNumber => "account_number",
            Self::AccountType => "account_type",
            Self::BankCode => "bank_code",
            Self::BranchCode => "branch_code",
            Self::Bsb => "bsb",
            Self::Cbu => "cbu",
            Self::Cci => "cci",
            Self::Clabe => "clabe",
            Self::ClearingCode => "clearing_code",
            Self::Iban => "iban",
            Self::Ifsc => "ifsc",
            Self::InstitutionNumber => "institution_number",
            Self::RoutingNumber => "routing_number",
            Self::SortCode => "sort_code",
            Self::SwiftOrBankCode => "swift_or_bank_code",
            Self::TransitNumber => "transit_number",
        }
    }
}

read_and_print!(BankField, "a field of a bank account");

/// What is wrong with a bank account's numbers. It never holds any of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BankFormatError {
    /// The check digits of the account number do not fit the rest of it: a digit is wrong, or two are swapped.
    #[error("the check digits of the account number are wrong")]
    AccountChecksum,
    /// The account number is not built as those of the country are.
    #[error("the account number is not of the form `{expected}`")]
    AccountShape {
        /// How it would be built, in the notation of the table.
        expected: Box<str>,
    },
    /// The IBAN is of another country.
    #[error("the IBAN does not begin with `{expected}`")]
    IbanCountry {
        /// The country of the bank.
        expected: Country,
    },
    /// The IBAN is too short or too long for the country.
    #[error("the IBAN has {found} characters, not {expected}")]
    IbanLength {
        /// How many an IBAN of the country has.
        expected: u8,
        /// How many were typed, without blanks.
        found: usize,
    },
    /// The check digit of the routing number does not fit the rest of it.
    #[error("the check digit of the routing number is wrong")]
    RoutingChecksum,
    /// There is no routing number, and the country needs one.
    #[error("a routing number of the form `{expected}` is missing")]
    RoutingMissing {
        /// How it would be built, in the notation of the table.
        expected: Box<str>,
    },
    /// There is a routing number, where the account number says everything.
    #[error("there is no routing number beside such an account number")]
    RoutingNotExpected,
    /// The routing number is not built as those of the country are.
    #[error("the routing number is not of the form `{expected}`")]
    RoutingShape {
        /// How it would be built, in the notation of the table.
        expected: Box<str>,
    },
    /// How such accounts are numbered is not known.
    #[error("the rulebook has no format for bank accounts in `{country}` that hold `{currency}`")]
    UnknownFormat {
        /// Where the bank is.
        country: Country,
        /// What the account holds.
        currency: Currency,
    },
}

/// How the bank accounts of one country are numbered.
///
/// ```
/// use fundroute::money::Currency;
/// use fundroute::rulebook::{BankField, BankFormatError, Country, Rulebook};
///
/// let book = Rulebook::standard();
/// let us = book.bank_format(Country::US, Currency::USD).ok_or("no format")?;
/// assert_eq!(us.fields(), [BankField::RoutingNumber, BankField::AccountNumber]);
/// us.check(Some("110000000"), "000123456789")?;
/// assert_eq!(us.check(Some("111000000"), "000123456789"), Err(BankFormatError::RoutingChecksum));
///
/// let germany = book.bank_format(Country::DE, Currency::EUR).ok_or("no format")?;
/// assert!(germany.is_iban());
/// germany.check(None, "DE89 3704 0044 0532 0130 00")?;
/// assert_eq!(germany.check(None, "DE89 3704 0044 0532 0130 01"), Err(BankFormatError::AccountChecksum));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In the shapes `9n` is nine digits, `8-11an` eight to eleven letters or digits, `4a` four letters, `'KR'` those letters, and
/// `[3an]` three more or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankFormat {
    country: Country,
    currency: Currency,
    fields: Box<[BankField]>,
    routing: Option<Shape>,
    account: AccountForm,
    check: Option<Checksum>,
    account_types: Box<[Box<str>]>,
    test_routing: Option<Number>,
    test_account: Option<Number>,
    source: Source,
}

/// How the number of an account is built.
#[derive(Clone, Debug, PartialEq, Eq)]
enum AccountForm {
    /// An IBAN of that length.
    Iban(u8),
    Number(Shape),
    /// Either, the IBAN without a routing number.
    Either(Shape, u8),
}

/// A checksum other than that of IBANs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Checksum {
    /// Of routing numbers in the United States.
    Aba,
    /// Of account numbers in Mexico.
    Clabe,
}

impl BankFormat {
    /// Where the bank is.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// What such accounts hold.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What the holder is asked for, in the order of a form.
    ///
    /// All that names the bank goes into the routing number, one part after the other.
    #[must_use]
    pub fn fields(&self) -> &[BankField] {
        &self.fields
    }

    /// Whether the holder is asked for it.
    #[must_use]
    pub fn asks_for(&self, field: BankField) -> bool {
        self.fields.contains(&field)
    }

    /// The words that [`BankField::AccountType`] may be. Empty where it is not asked for.
    #[must_use]
    pub fn account_types(&self) -> &[Box<str>] {
        &self.account_types
    }

    /// How the routing number is built, for a person. `None` where there is none.
    #[must_use]
    pub fn routing_shape(&self) -> Option<String> {
        self.routing.as_ref().map(ToString::to_string)
    }

    /// How the account number is built, for a person.
    #[must_use]
    pub fn account_shape(&self) -> String {
        match &self.account {
            AccountForm::Iban(_) => "IBAN".to_owned(),
            AccountForm::Number(shape) => shape.to_string(),
            AccountForm::Either(shape, _) => format!("{shape} or IBAN"),
        }
    }

    /// Whether the account number is an IBAN and nothing else.
    #[must_use]
    pub const fn is_iban(&self) -> bool {
        match self.account {
            AccountForm::Iban(_) => true,
            AccountForm::Number(_) | AccountForm::Either(..) => false,
        }
    }

    /// How many characters an IBAN of the country has, where IBANs are taken.
    #[must_use]
    pub const fn iban_length(&self) -> Option<u8> {
        match self.account {
            AccountForm::Iban(length) | AccountForm::Either(_, length) => Some(length),
            AccountForm::Number(_) => None,
        }
    }

    /// A routing number to try the country with, where one is known.
    #[must_use]
    pub fn test_routing(&self) -> Option<&str> {
        self.test_routing.as_ref().map(Number::as_str)
    }

    /// An account number to try the country with, where one is known.
    #[must_use]
    pub fn test_account(&self) -> Option<&str> {
        self.test_account.as_ref().map(Number::as_str)
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// Whether these can be the numbers of an account.
    ///
    /// Blanks, and single hyphens between characters, are what people type to read a number better (`10-88-00`,
    /// `DE89 3704 …`) and do not count, nor does the case of letters. A blank routing number is none.
    ///
    /// # Errors
    ///
    /// What is wrong, the routing number first. The errors hold no part of the numbers.
    pub fn check(&self, routing: Option<&str>, account: &str) -> Result<(), BankFormatError> {
        let account = plain(account).ok_or_else(|| self.account_misshapen())?;
        let iban = match &self.account {
            AccountForm::Iban(length) => Some(*length),
            AccountForm::Number(_) => None,
            AccountForm::Either(_, length) => {
                account.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(*length)
            }
        };
        let alone = iban.is_some() && !self.is_iban();
        self.check_routing(routing.filter(|routing| !routing.trim().is_empty()), alone)?;
        match (&self.account, iban) {
            (_, Some(length)) => self.check_iban(&account, length),
            (AccountForm::Number(shape) | AccountForm::Either(shape, _), None) if shape.matches(&account) => {
                if self.check == Some(Checksum::Clabe) && !weighs_ten(&account) {
                    return Err(BankFormatError::AccountChecksum);
                }
                Ok(())
            }
            (AccountForm::Iban(_) | AccountForm::Number(_) | AccountForm::Either(..), None) => {
                Err(self.account_misshapen())
            }
        }
    }

    fn check_routing(&self, routing: Option<&str>, iban_alone: bool) -> Result<(), BankFormatError> {
        let (shape, routing) = match (&self.routing, routing) {
            (None, None) => return Ok(()),
            (None, Some(_)) => return Err(BankFormatError::RoutingNotExpected),
            (Some(_), None) if iban_alone => return Ok(()),
            (Some(_), Some(_)) if iban_alone => return Err(BankFormatError::RoutingNotExpected),
            (Some(shape), None) => {
                return Err(BankFormatError::RoutingMissing { expected: shape.to_string().into() });
            }
            (Some(shape), Some(routing)) => (shape, routing),
        };
        let Some(routing) = plain(routing).filter(|routing| shape.matches(routing)) else {
            return Err(BankFormatError::RoutingShape { expected: shape.to_string().into() });
        };
        if self.check == Some(Checksum::Aba) && !weighs_ten(&routing) {
            return Err(BankFormatError::RoutingChecksum);
        }
        Ok(())
    }

    /// ISO 13616: letters of the country, two check digits, and up to thirty letters or digits, of one length in each country.
    fn check_iban(&self, iban: &str, length: u8) -> Result<(), BankFormatError> {
        let mut start = iban.chars();
        let letters = start.by_ref().take(2).filter(char::is_ascii_alphabetic).count() == 2;
        let digits = start.by_ref().take(2).filter(char::is_ascii_digit).count() == 2;
        if !letters || !digits {
            return Err(self.account_misshapen());
        }
        if !iban.starts_with(&self.country.to_string()) {
            return Err(BankFormatError::IbanCountry { expected: self.country });
        }
        if iban.len() != usize::from(length) {
            return Err(BankFormatError::IbanLength { expected: length, found: iban.len() });
        }
        if is_one_of_97(iban) { Ok(()) } else { Err(BankFormatError::AccountChecksum) }
    }

    fn account_misshapen(&self) -> BankFormatError {
        BankFormatError::AccountShape { expected: self.account_shape().into() }
    }
}

/// Whether an IBAN's number, first four characters last and letters as two digits, leaves one when divided by 97 (ISO 13616).
fn is_one_of_97(iban: &str) -> bool {
    let (last, first) = iban.split_at_checked(4).unwrap_or_default();
    let values = first.chars().chain(last.chars()).filter_map(|character| character.to_digit(36));
    let remainder = values.fold(0_u32, |remainder, value| {
        let shift = if value < 10 { 10 } else { 100 };
        // INVARIANT: below 97 * 100 + 36.
        remainder.saturating_mul(shift).saturating_add(value).rem_euclid(97)
    });
    remainder == 1
}

/// Whether digits with the weights 3, 7, 1 from the left sum to a multiple of ten, as in ABA routing numbers and in CLABEs.
fn weighs_ten(digits: &str) -> bool {
    let weighed = digits.chars().filter_map(|digit| digit.to_digit(10)).zip([3_u32, 7, 1].into_iter().cycle());
    // INVARIANT: a shape has at most 64 digits, so the sum is small.
    let sum = weighed.fold(0_u32, |sum, (digit, weight)| sum.saturating_add(digit.saturating_mul(weight)));
    sum.rem_euclid(10) == 0
}

/// Bank accounts.
impl Rulebook {
    /// How bank accounts in a country that hold a currency are numbered.
    ///
    /// Where the currency is one of several that accounts there can hold, and only one format is known, they are numbered
    /// alike.
    #[must_use]
    pub fn bank_format(&self, country: Country, currency: Currency) -> Option<&BankFormat> {
        if let Some(format) = self.0.bank_formats.get(&(country, currency)) {
            return Some(format);
        }
        if !self.settles_in(country, currency) {
            return None;
        }
        let mut formats = self.bank_formats().filter(|format| format.country == country);
        formats.next().filter(|_| formats.next().is_none())
    }

    /// Every format of bank accounts, by country and currency.
    pub fn bank_formats(&self) -> impl Iterator<Item = &BankFormat> {
        self.0.bank_formats.values()
    }

    /// Whether these can be the numbers of a bank account, or are those of a [test account](Self::test_destination).
    ///
    /// Some of the test accounts have wrong check digits, and all of them pass here. [`BankFormat::check`] makes no exception.
    ///
    /// ```
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::{BankFormatError, Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// book.check_bank_account(Country::GB, Currency::GBP, Some("10-88-00"), "00012345")?;
    /// book.check_bank_account(Country::DE, Currency::EUR, None, "DE89370400440532013002")?; // a test account
    /// let missing = book.check_bank_account(Country::GB, Currency::GBP, None, "00012345").unwrap_err();
    /// assert_eq!(missing.to_string(), "a routing number of the form `6n` is missing");
    /// # Ok::<(), BankFormatError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BankFormatError::UnknownFormat`] where [`bank_format`](Self::bank_format) knows none, and what
    /// [`BankFormat::check`] refuses.
    // RULE: check digits do not count in test mode: four of the test IBANs are wrong (docs.stripe.com/connect/testing, 2018).
    pub fn check_bank_account(
        &self,
        country: Country,
        currency: Currency,
        routing: Option<&str>,
        account: &str,
    ) -> Result<(), BankFormatError> {
        if self.test_bank_account(country, account).is_some_and(|test| test.is_at(routing)) {
            return Ok(());
        }
        let format = self.bank_format(country, currency);
        format.ok_or(BankFormatError::UnknownFormat { country, currency })?.check(routing, account)
    }

    /// The [test account](Self::test_destination) with that number, however the number is typed.
    #[must_use]
    pub fn test_bank_account(&self, country: Country, account: &str) -> Option<&TestDestination> {
        let plain_account = plain(account).unwrap_or_default();
        let test =
            self.test_destination(country, account.trim()).or_else(|| self.test_destination(country, &plain_account));
        test.filter(|test| test.kind() == DestinationKind::Bank)
    }

    pub(super) fn read_bank_formats(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| self.knows(row.check()?, |((country, _), _)| *country);
        let formats = table::read(Table::BankFormats, csv, check)?;
        self.book_mut().bank_formats.extend(formats);
        Ok(())
    }
}

/// A row of `bank_formats.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    fields: String,
    routing: Option<String>,
    account: String,
    iban_length: Option<u8>,
    check: Option<Checksum>,
    account_types: Option<String>,
    test_routing: Option<String>,
    test_account: Option<String>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<((Country, Currency), BankFormat), String> {
        let account = match (self.account.as_str(), self.iban_length) {
            ("IBAN", Some(length)) => AccountForm::Iban(length),
            (account, length) => match (account.strip_suffix(" or IBAN"), length) {
                (Some(shape), Some(length)) => AccountForm::Either(shape.parse()?, length),
                (None, None) if account != "IBAN" => AccountForm::Number(account.parse()?),
                (Some(_) | None, Some(_) | None) => {
                    return Err("a row has an `iban_length` if and only if its `account` speaks of IBANs".to_owned());
                }
            },
        };
        let fields: Box<[BankField]> =
            table::list(&self.fields, |field| field.parse().map_err(|error: UnknownWord| error.to_string()))?;
        let account_types = table::list(self.account_types.as_deref().unwrap_or_default(), |word| Ok(word.into()))?;
        if fields.contains(&BankField::AccountType) == account_types.is_empty() {
            return Err("a row has `account_types` if and only if it asks for one".to_owned());
        }
        let format = BankFormat {
            country: self.country,
            currency: self.currency,
            fields,
            routing: self.routing.map(|shape| shape.parse()).transpose()?,
            account,
            check: self.check,
            account_types,
            test_routing: self.test_routing.map(Number::new),
            test_account: self.test_account.map(Number::new),
            source: Source::new(self.source, self.year, self.note),
        };
        format.check_test_numbers()?;
        Ok(((format.country, format.currency), format))
    }
}

impl BankFormat {
    /// A row whose own test numbers do not pass contradicts itself.
    fn check_test_numbers(&self) -> Result<(), String> {
        let Some(account) = self.test_account() else { return Ok(()) };
        self.check(self.test_routing(), account).map_err(|error| format!("the test numbers do not pass: {error}"))
    }
}
