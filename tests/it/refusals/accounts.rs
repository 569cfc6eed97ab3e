use fundroute::accounts::{AccountError, NewAccount, NewExternalAccount};
use fundroute::ids::AccountId;
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, RulebookError};

use super::Table;
use crate::shop::{NOBODY, Shop};

#[test]
fn accounts_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let create = Command::CreateAccount;
    let mut table = Table::default();
    let bare = create(NewAccount::custom(US));
    table.row("a custom account that asks for nothing", bare, AccountError::NothingRequested, None);
    for (name, country) in [("a country without accounts", Country::KP), ("no country", Country::Unspecified)] {
        let error = RulebookError::UnknownCountry(country);
        table.row(name, create(NewAccount::express(country)), error, Some("country_unsupported"));
    }
    let taken = create(NewAccount::express(US).with_id(jo));
    table.row("an id that is taken", taken, Error::IdTaken(jo.into()), Some("resource_already_exists"));
    let house = create(NewAccount::express(US).with_id(shop.house));
    table.row("the platform's own id", house, Error::IdTaken(shop.house.into()), Some("resource_already_exists"));
    let second = second_of(AccountId::from_host(NOBODY));
    let odd = create(NewAccount::express(US).with_id(second));
    table.row("an id that heads no family", odd, Error::IdTaken(second.into()), Some("resource_already_exists"));
    let on_account = create(NewAccount::express(US));
    let error = Error::NotForAccounts(jo);
    table.for_account("an account of an account", jo, on_account, error, Some("platform_account_required"));
    table.check(&mut shop);
}

/// The id whose place in its family is the second.
fn second_of(id: AccountId) -> AccountId {
    let text = id.to_string();
    format!("{}0001", text.strip_suffix("0000").unwrap()).parse().unwrap()
}

#[test]
fn bank_accounts_are_refused() {
    let mut shop = Shop::open();
    let (jo, bo) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(US)));
    let nobody = AccountId::from_host(NOBODY);
    let bank = |account, country, currency, number: &str| {
        Command::AddExternalAccount(NewExternalAccount::bank(account, country, currency, number).routing("110000000"))
    };
    let number = "000123456789";
    let mut table = Table::default();
    let missing = Some("parameter_missing");
    table.row("no number", bank(jo, US, USD, ""), AccountError::NumberMissing, missing);
    let error = Error::NotFound(nobody.into());
    table.row("an unknown account", bank(nobody, US, USD, number), error, Some("resource_missing"));
    let settings = second_of(jo);
    let error = Error::NotFound(settings.into());
    table.row("the account's settings", bank(settings, US, USD, number), error, Some("resource_missing"));
    let error = AccountError::CurrencyNotHeld { account: jo, country: US, currency: EUR };
    table.row("a currency not held", bank(jo, DE, EUR, number), error, None);
    let error = RulebookError::UnknownCountry(Country::KP);
    table.row("a bank nowhere", bank(jo, Country::KP, USD, number), error, Some("country_unsupported"));
    let (command, error) = (bank(jo, US, USD, number), Error::NotForAccounts(bo));
    table.for_account("somebody else's account", bo, command, error, Some("platform_account_required"));
    table.check(&mut shop);
}

/// docs.stripe.com/error-codes (2024): `capability_not_active`.
#[test]
fn sellers_without_the_capability_are_refused() {
    let mut shop = Shop::open();
    let idle = shop.platform.accounts().create("idle", NewAccount::express(US)).unwrap().answer;
    let taker = shop.platform.accounts().create("taker", NewAccount::custom(US).request(Capability::Transfers));
    let taker = taker.unwrap().answer;
    let status = fundroute::accounts::CapabilityStatus::Active;
    let now = shop.platform.now();
    shop.platform.accounts().record_reviewed("yes", now, taker, Capability::Transfers, status).unwrap();
    let order = NewPayment::card(usd(10_00));
    let lacks = |account, capability| AccountError::CapabilityNotActive { account, capability };
    let code = Some("capability_not_active");
    let mut table = Table::default();
    let destination = Command::CreatePayment(order.clone().destination(idle));
    table.row("a destination under review", destination, lacks(idle, Capability::Transfers), code);
    let transfer = Command::CreateTransfer(NewTransfer::to(idle, usd(1_00)));
    table.row("a transfer to an account under review", transfer, lacks(idle, Capability::Transfers), code);
    let direct = Command::CreatePayment(order);
    let error = lacks(taker, Capability::CardPayments);
    table.for_account("cards on an account that never asked for them", taker, direct, error, code);
    table.check(&mut shop);
}
