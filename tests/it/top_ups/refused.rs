//! What nobody can ask of a top-up.

use fundroute::ErrorKind;
use fundroute::accounts::{AccountError, Actor, ExternalAccountChecked, NewExternalAccount, Ownership, Scope};
use fundroute::ids::{ExternalAccountId, TopUpId};
use fundroute::journal::{Fact, Instruction, Report};
use fundroute::payouts::{CancelTopUp, NewTopUp, TopUpAction, TopUpError, TopUpInstruction, TopUpStatus};
use fundroute::prelude::*;
use fundroute::rulebook::RequirementErrorCode;

use super::{bank_of, banked, status, succeeded, top_up};
use crate::shop::{NOBODY, Shop, events};

/// That it is refused, for that reason, and nothing has happened.
fn refused(shop: &mut Shop, new: NewTopUp, expected: impl Into<Error>, kind: ErrorKind, code: Option<&str>) {
    let before = shop.platform.snapshot();
    let error = top_up(shop, new).unwrap_err();
    assert_eq!(error, expected.into());
    assert_eq!((error.kind(), error.code()), (kind, code), "{error}");
    assert_eq!(shop.platform.snapshot(), before);
}

#[test]
fn nothing_and_less() {
    let mut shop = banked();
    for minor in [0, -1, i64::MIN] {
        let (amount, code) = (usd(minor), Some("parameter_invalid_integer"));
        refused(&mut shop, NewTopUp::of(amount), TopUpError::AmountNotPositive(amount), ErrorKind::Invalid, code);
    }
}

/// A platform holds the currencies that settle where it is, and pulls money in those that its country has top-ups in.
#[test]
fn in_a_currency_that_it_does_not_have() {
    let mut shop = banked();
    let (account, country, currency) = (shop.house, US, EUR);
    let not_held = AccountError::CurrencyNotHeld { account, country, currency };
    let code = Error::from(not_held.clone()).code();
    refused(&mut shop, NewTopUp::of(eur(5_00)), not_held, ErrorKind::Invalid, code);
    let mut shop = Shop::open_in(DE);
    let not_open = TopUpError::NotOpen { country: DE, currency: EUR };
    refused(&mut shop, NewTopUp::of(eur(5_00)), not_open, ErrorKind::Refused, Some("country_unsupported"));
}

/// As much as the world has passes, and as much as a balance holds comes.
#[test]
fn the_largest_amount_there_is() {
    let mut shop = banked();
    let id = top_up(&mut shop, NewTopUp::of(usd(i64::MAX))).unwrap();
    succeeded(&mut shop, id);
    let more = top_up(&mut shop, NewTopUp::of(usd(i64::MAX))).unwrap();
    succeeded(&mut shop, more);
    assert_eq!(shop.pending(shop.house), i128::from(i64::MAX) * 2);
    shop.wait(20);
    assert_eq!(shop.available(shop.house), i128::from(i64::MAX) * 2);
    shop.sound();
}

#[test]
fn a_statement_with_no_room() {
    let mut shop = banked();
    for text in ["", "               ", "2026-11", "sixteen letters!", "Überweisung", "two\nlines", "€"] {
        let new = NewTopUp::of(usd(5_00)).statement_descriptor(text);
        refused(&mut shop, new, TopUpError::DescriptorInvalid(text.to_owned()), ErrorKind::Invalid, None);
    }
    for text in ["a", "fifteen letters", "2026-11 x", "\"<Jo's> *\\\"!"] {
        let id = top_up(&mut shop, NewTopUp::of(usd(5_00)).statement_descriptor(text)).unwrap();
        assert_eq!(shop.platform.top_up(id).unwrap().statement_descriptor(), Some(text));
    }
    let long = NewTopUp::of(usd(5_00)).description("ü".repeat(5_001));
    refused(&mut shop, long, TopUpError::DescriptionTooLong(5_001), ErrorKind::Invalid, None);
    assert!(top_up(&mut shop, NewTopUp::of(usd(5_00)).description("ü".repeat(5_000))).is_ok());
}

#[test]
fn without_a_bank_account_to_pull_it_from() {
    let (mut shop, new) = (Shop::open(), NewTopUp::of(usd(5_00)));
    refused(&mut shop, new.clone(), TopUpError::NoBankAccount(USD), ErrorKind::Refused, None);
    let nowhere = ExternalAccountId::from_host(NOBODY);
    let missing = Some("resource_missing");
    refused(&mut shop, new.clone().from_bank(nowhere), Error::NotFound(nowhere.into()), ErrorKind::NotFound, missing);
    // That of an account is none of the platform's.
    let jo = shop.banked(NewAccount::express(US));
    let theirs = bank_of(&shop, jo);
    refused(&mut shop, new.clone().from_bank(theirs), Error::NotFound(theirs.into()), ErrorKind::NotFound, missing);
    // Nor is one that was removed.
    let house = shop.house;
    shop.new_bank(house, "000123456789");
    let old = bank_of(&shop, house);
    shop.new_bank(house, "000123456789");
    assert_eq!(
        top_up(&mut shop, new.clone().from_bank(old)).map(|id| shop.platform.top_up(id).unwrap().source()),
        Ok(old)
    );
    shop.platform.accounts().delete_external_account("gone", old).unwrap();
    refused(&mut shop, new.from_bank(old), Error::NotFound(old.into()), ErrorKind::NotFound, missing);
}

#[test]
fn from_a_card_or_a_bank_account_that_is_not_its_own() {
    let mut shop = banked();
    let (house, new) = (shop.house, NewTopUp::of(usd(5_00)));
    let card = fundroute::accounts::Card::debit(fundroute::rulebook::CardBrand::Visa, 12, 2030);
    let card = NewExternalAccount::card(house, US, USD, "tok_visa_debit", "5556", card);
    let card = shop.platform.accounts().add_external_account("card", card).unwrap().answer;
    refused(&mut shop, new.clone().from_bank(card), TopUpError::NotABankAccount(card), ErrorKind::Refused, None);
    let external_account = bank_of(&shop, house);
    let outcome = Ownership::Failed(RequirementErrorCode::VerificationFailedOther);
    let fact = Fact::ExternalAccountChecked(ExternalAccountChecked { external_account, outcome });
    shop.platform.record(&Report::new("check", shop.platform.now(), fact)).unwrap();
    refused(&mut shop, new, TopUpError::BankAccountErrored(external_account), ErrorKind::Refused, None);
}

/// A connected account never tops up, whoever acts for it.
#[test]
fn by_anybody_but_the_platform() {
    let mut shop = banked();
    let jo = shop.banked(NewAccount::standard(US));
    let id = top_up(&mut shop, NewTopUp::of(usd(5_00))).unwrap();
    let before = shop.platform.snapshot();
    let commands = [Command::CreateTopUp(NewTopUp::of(usd(5_00))), Command::CancelTopUp(CancelTopUp { top_up: id })];
    for command in commands {
        let request = Request::new("theirs", command.clone());
        let asked = [
            request.clone().acting_as(jo),
            request.clone().by(Actor::Holder, jo),
            request.clone().by(Actor::Extension(Scope::ReadWrite), jo),
        ];
        for request in asked {
            let error = shop.platform.handle(request).unwrap_err();
            assert_eq!(error, Error::NotForAccounts(jo));
            assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some("platform_account_required")));
        }
        let nobody = Request { actor: Actor::Holder, ..request };
        assert_eq!(shop.platform.handle(nobody).unwrap_err(), Error::NobodyActedFor);
    }
    assert_eq!(shop.platform.snapshot(), before);
}

/// Only what is pending is called off, and the bank is told.
#[test]
fn called_off_too_late() {
    let mut shop = banked();
    let ids: Vec<TopUpId> = (1..4).map(|minor| top_up(&mut shop, NewTopUp::of(usd(minor))).unwrap()).collect();
    let decided = shop.platform.top_ups().cancel("cancel", ids[0]).unwrap();
    assert_eq!(events(&decided.changes), ["topup.canceled"]);
    assert_eq!(decided.changes.instructions, [Instruction::TopUp(TopUpInstruction::Cancel { top_up: ids[0] })]);
    assert_eq!(decided.changes.entries, []);
    assert_eq!(shop.platform.instructions().len(), 2);
    let now = shop.platform.now();
    shop.platform.top_ups().record_failed("failed", now, ids[1], "no_account").unwrap();
    succeeded(&mut shop, ids[2]);
    let expected = [TopUpStatus::Canceled, TopUpStatus::Failed, TopUpStatus::Succeeded];
    for (top_up, status) in ids.iter().copied().zip(expected) {
        let error = shop.platform.top_ups().cancel("late", top_up).unwrap_err();
        let action = TopUpAction::Cancel;
        assert_eq!(error, TopUpError::IllegalTransition { top_up, status, action }.into());
        assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, None));
        assert_eq!(error.to_string(), format!("top-up `{top_up}` is {status} and cannot be canceled"));
    }
    let nobody = TopUpId::from_host(NOBODY);
    let error = shop.platform.top_ups().cancel("nobody", nobody).unwrap_err();
    assert_eq!(error, Error::NotFound(nobody.into()));
    assert_eq!(status(&shop, ids[0]), TopUpStatus::Canceled);
}
