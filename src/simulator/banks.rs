//! Bank accounts that pass for those of a country.

use super::top_ups::is_token;
use super::world::World;
use super::{NEVER_ANSWERS, PAYOUT_CALLED_OFF};
use crate::accounts::{AccountNumber, ExternalAccountChecked, NewExternalAccount, Ownership};
use crate::ids::{AccountId, ExternalAccountId};
use crate::journal::Fact;
use crate::money::Currency;
use crate::platform::Platform;
use crate::rulebook::{
    BankFormat, Country, DestinationKind, RequirementErrorCode, Rulebook, TestDestination, TestOutcome,
};

/// The number of a bank account that takes every payout, where a country has no other form for it.
const TAKES_EVERYTHING: &str = "000123456789";
/// The number of a bank, where a country has no other form for it.
const SOME_BANK: &str = "AAAAAAAA";

/// A bank account in a country that takes every payout in a currency, for tests: its number is the documented one where there is one.
///
/// ```
/// use fundroute::prelude::*;
/// use fundroute::simulator::bank_account;
///
/// let mut platform = Platform::new(NewPlatform::in_country(GB), Rulebook::standard(), utc(2026, 11, 2))?;
/// let jo = platform.accounts().create("jo", NewAccount::express(GB))?.answer;
/// let bank = bank_account(platform.rulebook(), jo, GB, GBP);
/// let bank = platform.accounts().add_external_account("bank", bank)?.answer;
/// assert_eq!(platform.external_account(bank)?.last4(), "2345");
/// # Ok::<(), Error>(())
/// ```
pub fn bank_account(book: &Rulebook, account: AccountId, country: Country, currency: Currency) -> NewExternalAccount {
    at_a_bank(book, (account, country, currency), &paying_number(book, country))
}

/// A bank account number that takes payouts in a country: the documented one, or one that means nothing else there.
pub(super) fn paying_number(book: &Rulebook, country: Country) -> String {
    let is_paying_bank = |known: &&TestDestination| {
        let is_bank_there = known.kind() == DestinationKind::Bank && known.country() == country;
        is_bank_there && *known.outcome() == TestOutcome::Paid
    };
    if let Some(known) = book.test_destinations().find(is_paying_bank) {
        return known.number().to_owned();
    }
    let format = book.bank_formats().find(|format| format.country() == country);
    let known = format.and_then(BankFormat::test_account).map(str::to_owned);
    let iban = || iban(country, format.filter(|format| format.is_iban())?.iban_length()?);
    known.or_else(iban).unwrap_or_else(|| TAKES_EVERYTHING.to_owned())
}

/// The bank account with this number, at a bank that can have it.
pub(super) fn at_a_bank(
    book: &Rulebook,
    (account, country, currency): (AccountId, Country, Currency),
    number: &str,
) -> NewExternalAccount {
    if matches!(number, NEVER_ANSWERS | PAYOUT_CALLED_OFF) || is_token(book, number) {
        return by_token((account, country, currency), number);
    }
    let bank = NewExternalAccount::bank(account, country, currency, number);
    let of_test = book.test_bank_account(country, number).map(TestDestination::routing);
    let of_country = || {
        let format = book.bank_format(country, currency)?;
        let is_iban = format.iban_length().is_some() && number.starts_with(|c: char| c.is_ascii_alphabetic());
        format.routing_shape().filter(|_| format.is_iban() || !is_iban)?;
        Some(format.test_routing().unwrap_or(SOME_BANK))
    };
    match of_test.unwrap_or_else(of_country) {
        Some(routing) => bank.routing(routing),
        None => bank,
    }
}

impl World {
    /// Somebody looks whose a bank account is, where its test number says so, and tells at once: that it is its owner's, or that a document
    /// has to show it.
    ///
    /// [`add_bank`](Self::add_bank) does so by itself.
    pub fn look_whose(&mut self, platform: &Platform, bank: ExternalAccountId) {
        let Ok(known) = platform.external_account(bank) else { return };
        let number = platform.bank_details(bank).and_then(|details| details.number.as_ref());
        let Some(AccountNumber::Full(number)) = number else { return };
        let outcome = match platform.rulebook().test_bank_account(known.country(), number).map(TestDestination::outcome)
        {
            Some(TestOutcome::OwnershipVerified) => Ownership::Verified,
            Some(TestOutcome::OwnershipDocument) => Ownership::Failed(RequirementErrorCode::VerificationFailedOther),
            Some(
                TestOutcome::Paid
                | TestOutcome::Failed(_)
                | TestOutcome::NotInstant
                | TestOutcome::Refused(_)
                | TestOutcome::BlocksPayouts,
            )
            | None => return,
        };
        let checked = ExternalAccountChecked { external_account: bank, outcome };
        self.will(platform.now(), Fact::ExternalAccountChecked(checked));
    }
}

/// The bank account for which a word of this world stands.
pub(super) fn by_token(
    (account, country, currency): (AccountId, Country, Currency),
    number: &str,
) -> NewExternalAccount {
    NewExternalAccount::bank_token(account, country, currency, number, "0000")
}

/// The IBAN of a country with nothing but zeros beside its check digits (ISO 13616).
fn iban(country: Country, length: u8) -> Option<String> {
    let name = country.to_string();
    // The letters stand for 10 to 35, and the check digits, as zeros, follow them; zeros before change nothing.
    let value = |all: u32, letter: char| Some(all.checked_mul(100)?.checked_add(letter.to_digit(36)?)?.rem_euclid(97));
    let remainder = name.chars().try_fold(0_u32, value)?.checked_mul(100)?.rem_euclid(97);
    let check = 98_u32.checked_sub(remainder)?;
    let width = usize::from(length).checked_sub(4)?;
    Some(format!("{name}{check:02}{:0>width$}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::BankFormatError;

    #[test]
    fn every_country_has_a_number_that_passes() {
        let book = Rulebook::standard();
        let account = AccountId::from_host([1; 14]);
        for format in book.bank_formats() {
            let (country, currency) = (format.country(), format.currency());
            let number = paying_number(&book, country);
            let bank = at_a_bank(&book, (account, country, currency), &number);
            let (_, routing) = bank.kind.numbers();
            let checked: Result<(), BankFormatError> = book.check_bank_account(country, currency, routing, &number);
            assert_eq!(checked, Ok(()), "{country}");
            assert_eq!(bank.check_rules(&book, false), Ok(()), "{country}");
        }
    }

    #[test]
    fn the_iban_of_zeros_is_one() {
        assert_eq!(iban(Country::AT, 20).as_deref(), Some("AT180000000000000000"));
        let book = Rulebook::standard();
        let format = book.bank_format(Country::AT, Currency::EUR).unwrap();
        assert_eq!(format.check(None, &iban(Country::AT, 20).unwrap()), Ok(()));
    }
}
