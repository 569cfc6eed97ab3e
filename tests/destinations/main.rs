//! Bank accounts and debit cards: what is taken, what becomes of it, and who gets to see which numbers.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::panic, reason = "a test may fail loudly")]
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]
#![expect(clippy::arithmetic_side_effects, reason = "a test may fail loudly")]

use fundroute::accounts::{
    AccountError, AccountNumber, Actor, BankAccountType, Card, Denial, ExternalAccountState, HolderType, Information,
    Metadata, NewDestination, NewExternalAccount, Ownership, PayoutMethod, TokenStatus, UpdateExternalAccount,
};
use fundroute::ids::{AccountId, ExternalAccountId, PayoutId};
use fundroute::journal::{Answer, Changes, Fact};
use fundroute::payouts::{PayoutError, PayoutFailed, PayoutSchedule, SetPayoutSchedule};
use fundroute::prelude::*;
use fundroute::rulebook::{
    BankFormatError, Capability, CardBrand, CardFunding, RequirementErrorCode, TestDestination, TestOutcome,
};
use fundroute::simulator::{NEVER_ANSWERS, UNREADABLE_DOCUMENT, World};

mod advance;
mod defaults;
mod instant;
mod instant_days;
mod instant_price;
mod instant_scheme;
mod test_values;

const ROUTING: &str = "110000000";

fn platform_in(country: Country) -> Platform {
    Platform::new(NewPlatform::in_country(country), Rulebook::standard(), utc(2026, 11, 2)).unwrap()
}

/// A custom seller in the United States, who has given everything and has a bank account.
fn onboarded() -> (Platform, World, AccountId, ExternalAccountId) {
    let mut platform = platform_in(US);
    let mut world = World::new();
    let new = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = world.onboard(&mut platform, new).unwrap();
    let bank = platform.account(jo).unwrap().bank_for(USD).unwrap();
    (platform, world, jo, bank)
}

fn empty(country: Country) -> (Platform, AccountId) {
    let mut platform = platform_in(country);
    let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = platform.accounts().create("jo", new).unwrap().answer;
    (platform, jo)
}

fn us_bank(account: AccountId, number: &str) -> NewExternalAccount {
    NewExternalAccount::bank(account, US, USD, number).routing(ROUTING)
}

fn add(platform: &mut Platform, key: &str, new: NewExternalAccount) -> ExternalAccountId {
    platform.accounts().add_external_account(key, new).unwrap().answer
}

fn state(platform: &Platform, id: ExternalAccountId) -> ExternalAccountState {
    platform.external_account(id).unwrap().state()
}

fn events(changes: &Changes) -> Vec<&'static str> {
    changes.events.iter().map(|event| event.kind.name()).filter(|name| name.contains("external")).collect()
}

/// What is refused leaves no trace, and repeats no number.
fn refused(platform: &mut Platform, new: NewExternalAccount) -> (Error, Option<&'static str>) {
    let (number, routing) = match &new.kind {
        NewDestination::Bank { number, routing, .. } => (number.clone(), routing.clone()),
        NewDestination::Card { number, .. } => (number.clone(), None),
    };
    let before = platform.snapshot();
    let error = platform.accounts().add_external_account("refused", new).unwrap_err();
    assert_eq!(platform.snapshot(), before);
    for secret in [Some(number.as_str().to_owned()), routing.map(|routing| routing.0)].into_iter().flatten() {
        let said = format!("{error} {error:?}");
        assert!(secret.trim().is_empty() || !said.contains(&secret), "{said}");
    }
    let code = error.code();
    (error, code)
}

fn invalid(reason: BankFormatError) -> Error {
    AccountError::BankNumberInvalid { reason }.into()
}

#[test]
fn every_country_has_a_test_account_that_can_be_added() {
    let book = Rulebook::standard();
    let mut tried = 0;
    for format in book.bank_formats().filter(|format| format.test_account().is_some()) {
        let country = format.country();
        let mut platform = platform_in(US);
        let new = NewAccount::custom(country).request(Capability::Transfers);
        let new = if platform.accounts().create("jo", new.clone()).is_err() { new.recipient() } else { new };
        let Ok(jo) = platform.accounts().create("jo", new).map(|decided| decided.answer) else { continue };
        let bank = NewExternalAccount::bank(jo, country, format.currency(), format.test_account().unwrap());
        let bank = match format.test_routing() {
            Some(routing) => bank.routing(routing),
            None => bank,
        };
        let id = add(&mut platform, "bank", bank);
        assert_eq!(platform.account(jo).unwrap().bank_for(format.currency()), Some(id), "{country}");
        tried += 1;
    }
    assert!(tried > 60, "{tried} countries only");
}

#[test]
fn every_documented_test_destination_is_taken_in_test_mode_and_none_in_live_mode() {
    let book = Rulebook::standard();
    for test in book.test_destinations() {
        let country = test.country();
        let currency = book.country(country).unwrap().default_currency();
        let numbers = |jo, test: &TestDestination| match test.token() {
            Some(token) => {
                let last4 = test.number().get(test.number().len() - 4..).unwrap();
                NewExternalAccount::card(jo, country, currency, token, last4, Card::debit(CardBrand::Visa, 12, 2030))
            }
            None => {
                let bank = NewExternalAccount::bank(jo, country, currency, test.number());
                test.routing().map_or(bank.clone(), |routing| bank.routing(routing))
            }
        };
        let (mut platform, jo) = empty(country);
        if let TestOutcome::Refused(funding) = test.outcome() {
            let refusal = refused(&mut platform, numbers(jo, test));
            assert_eq!(refusal, (AccountError::CardNotDebit(*funding).into(), Some("invalid_card_type")));
            continue;
        }
        add(&mut platform, "destination", numbers(jo, test));
        let mut live = Platform::new(NewPlatform::in_country(country).live(), book.clone(), utc(2026, 11, 2)).unwrap();
        let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
        let jo = live.accounts().create("jo", new).unwrap().answer;
        let (error, code) = refused(&mut live, numbers(jo, test));
        assert_eq!((error, code), (AccountError::TestNumberInLiveMode.into(), Some("account_number_invalid")));
    }
}

#[test]
fn a_number_that_cannot_be_right_is_refused_for_the_right_reason() {
    let (mut platform, jo) = empty(US);
    let bank = |number: &str| NewExternalAccount::bank(jo, US, USD, number);
    let missing = BankFormatError::RoutingMissing { expected: "9n".into() };
    let table = [
        (bank("000987654321"), invalid(missing), Some("routing_number_invalid")),
        (
            bank("000987654321").routing("111000000"),
            invalid(BankFormatError::RoutingChecksum),
            Some("routing_number_invalid"),
        ),
        (
            bank("000987654321").routing("11000000"),
            invalid(BankFormatError::RoutingShape { expected: "9n".into() }),
            Some("routing_number_invalid"),
        ),
        (
            us_bank(jo, "000987654321000987"),
            invalid(BankFormatError::AccountShape { expected: "1-17n".into() }),
            Some("account_number_invalid"),
        ),
        (us_bank(jo, " "), AccountError::NumberMissing.into(), Some("parameter_missing")),
        (
            NewExternalAccount::bank_token(jo, US, USD, "btok_1", "12345"),
            AccountError::Last4Invalid.into(),
            Some("account_number_invalid"),
        ),
        (
            us_bank(jo, "000987654321").metadata(Metadata::new().set("", "x")),
            AccountError::Metadata(fundroute::accounts::MetadataError::Key).into(),
            None,
        ),
    ];
    for (new, error, code) in table {
        assert_eq!(refused(&mut platform, new), (error, code));
    }
    let (mut platform, jo) = empty(DE);
    let iban = |number: &str| NewExternalAccount::bank(jo, DE, EUR, number);
    let table = [
        (iban("DE89 3704 0044 0532 0130 01"), BankFormatError::AccountChecksum, Some("account_number_invalid")),
        (
            iban("DE89 3704 0044 0532 0130 0"),
            BankFormatError::IbanLength { expected: 22, found: 21 },
            Some("account_number_invalid"),
        ),
        (
            iban("FR89 3704 0044 0532 0130 00"),
            BankFormatError::IbanCountry { expected: DE },
            Some("account_number_invalid"),
        ),
        (iban("DE89370400440532013009"), BankFormatError::AccountChecksum, Some("account_number_invalid")),
        (
            iban("DE21500500009876543210").routing("50050000"),
            BankFormatError::RoutingNotExpected,
            Some("routing_number_invalid"),
        ),
        (
            NewExternalAccount::bank(jo, US, EUR, "000987654321").routing(ROUTING),
            BankFormatError::UnknownFormat { country: US, currency: EUR },
            Some("bank_account_unusable"),
        ),
    ];
    for (new, reason, code) in table {
        assert_eq!(refused(&mut platform, new), (invalid(reason), code));
    }
    // A country of which no format is known takes anything.
    let (mut platform, jo) = empty(DE);
    add(&mut platform, "georgia", NewExternalAccount::bank(jo, Country::GE, EUR, "as given"));
}

#[test]
fn cards_are_debit_cards_of_countries_that_pay_to_them() {
    let (mut platform, jo) = empty(US);
    let card = |card: Card| NewExternalAccount::card(jo, US, USD, "tok_1", "4242", card);
    let good = Card::debit(CardBrand::Visa, 11, 2026);
    let table = [
        (
            card(Card { funding: CardFunding::Credit, ..good }),
            AccountError::CardNotDebit(CardFunding::Credit),
            Some("invalid_card_type"),
        ),
        (card(Card { exp_month: 13, ..good }), AccountError::ExpiryMonthInvalid(13), Some("invalid_expiry_month")),
        (
            card(Card { exp_month: 10, ..good }),
            AccountError::CardExpired { month: 10, year: 2026 },
            Some("expired_card"),
        ),
        (
            NewExternalAccount::card(jo, Country::KE, USD, "tok_1", "4242", good),
            AccountError::CardsNotTaken { country: Country::KE, currency: USD },
            Some("invalid_card_type"),
        ),
        (
            NewExternalAccount {
                kind: NewDestination::Card { number: AccountNumber::Full("4000056655665556".into()), card: good },
                ..card(good)
            },
            AccountError::CardNumber,
            Some("invalid_number"),
        ),
    ];
    for (new, error, code) in table {
        assert_eq!(refused(&mut platform, new), (error.into(), code));
    }
    let id = add(&mut platform, "card", card(good));
    let known = platform.external_account(id).unwrap();
    let owner = platform.account(jo).unwrap();
    assert_eq!(known.last4(), "4242");
    let methods = known.available_payout_methods(platform.rulebook(), owner);
    assert_eq!(methods, [PayoutMethod::Standard, PayoutMethod::Instant]);
    let extended = UpdateExternalAccount::new(id).expires(1, 2031);
    platform.accounts().update_external_account("longer", extended).unwrap();
    let past = UpdateExternalAccount::new(id).expires(1, 2020);
    let error = platform.accounts().update_external_account("past", past).unwrap_err();
    assert_eq!(error, AccountError::CardExpired { month: 1, year: 2020 }.into());
    let typed = UpdateExternalAccount::new(id).account_type(BankAccountType::Savings);
    let error = platform.accounts().update_external_account("typed", typed).unwrap_err();
    assert_eq!(error, AccountError::NotOfThatKind(id).into());
}

#[test]
fn banks_are_instant_where_the_table_says_so() {
    let methods = |country: Country, own: bool| {
        let mut platform = platform_in(country);
        let mut world = World::new();
        let currency = platform.rulebook().country(country).unwrap().default_currency();
        let new = NewAccount::express(country);
        let owner = if own { platform.id() } else { platform.accounts().create("jo", new).unwrap().answer };
        let number = platform.rulebook().bank_format(country, currency).unwrap().test_account().unwrap().to_owned();
        let id = world.add_bank(&mut platform, owner, country, currency, &number).unwrap();
        let known = platform.external_account(id).unwrap();
        known.available_payout_methods(platform.rulebook(), platform.account(owner).unwrap()).len()
    };
    assert_eq!((methods(US, false), methods(US, true)), (2, 2));
    assert_eq!((methods(Country::AU, false), methods(Country::AU, true)), (1, 2));
    assert_eq!((methods(BR, false), methods(BR, true)), (1, 1));
}

#[test]
fn placement_says_what_becomes_of_the_default() {
    let (mut platform, jo) = empty(US);
    let default = |platform: &Platform| platform.account(jo).unwrap().bank_for(USD);
    let first = add(&mut platform, "1", us_bank(jo, "000111222333"));
    assert_eq!(default(&platform), Some(first), "the first one is the default by itself");
    let second = add(&mut platform, "2", us_bank(jo, "000111222444"));
    assert_eq!(default(&platform), Some(first), "a further one stands beside it");
    let third = add(&mut platform, "3", us_bank(jo, "000111222555").default_for_currency());
    assert_eq!(default(&platform), Some(third));
    let replacing = us_bank(jo, "000111222666").replacing_default();
    let decided = platform.accounts().add_external_account("4", replacing).unwrap();
    assert_eq!(events(&decided.changes), ["account.external_account.created", "account.external_account.deleted"]);
    assert_eq!(default(&platform), Some(decided.answer));
    assert_eq!(state(&platform, third), ExternalAccountState::Deleted);
    assert_eq!(
        (state(&platform, first), state(&platform, second)),
        (ExternalAccountState::New, ExternalAccountState::New)
    );
    let update = UpdateExternalAccount::new(second).default_for_currency();
    let decided = platform.accounts().update_external_account("5", update).unwrap();
    assert_eq!(events(&decided.changes), ["account.external_account.updated"]);
    assert_eq!(default(&platform), Some(second));
    let ids: Vec<_> = platform.external_accounts(jo).unwrap().iter().map(|known| known.id()).collect();
    assert_eq!(ids.len(), 3);
    assert!(!ids.contains(&third));
}

#[test]
fn the_default_stays_as_long_as_it_is_needed() {
    let book = Rulebook::standard().with_settlement_currencies(US, &[USD, EUR]).unwrap();
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
    let dollars = add(&mut platform, "1", us_bank(jo, "000123456789"));
    let euros = add(&mut platform, "2", NewExternalAccount::bank(jo, US, EUR, "000123456789"));
    let more_euros = add(&mut platform, "3", NewExternalAccount::bank(jo, US, EUR, "000123456789"));
    let refusal = |id| Err(AccountError::DefaultNeeded(id).into());
    let mut delete = |key: &str, id| platform.accounts().delete_external_account(key, id).map(|decided| decided.answer);
    assert_eq!(delete("4", dollars), refusal(dollars));
    assert_eq!(delete("5", euros), refusal(euros), "there is another one of that currency");
    assert_eq!(delete("6", more_euros), Ok(more_euros));
    assert_eq!(delete("7", euros), Ok(euros), "the last one of a currency that is not the account's own");
    assert_eq!(delete("8", euros), Err(Error::NotFound(euros.into())), "gone is gone");
    assert_eq!(platform.account(jo).unwrap().bank_for(EUR), None);
    let update = UpdateExternalAccount::new(euros).default_for_currency();
    assert_eq!(platform.accounts().update_external_account("9", update), Err(Error::NotFound(euros.into())));
    assert_eq!(
        platform.accounts().delete_external_account("10", dollars).unwrap_err().kind(),
        fundroute::ErrorKind::Refused
    );
}

#[test]
fn only_who_may_manage_them_manages_them() {
    let mut platform = platform_in(US);
    let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
    let bank = add(&mut platform, "open", us_bank(jo, "000123456789"));
    let bo = platform.accounts().create("bo", NewAccount::express(US)).unwrap().answer;
    let update = Command::UpdateExternalAccount(UpdateExternalAccount::new(bank));
    let by = |actor: Actor, on: AccountId| Request::new("try", update.clone()).by(actor, on);
    assert!(platform.decide(&by(Actor::Holder, jo)).is_ok());
    assert_eq!(platform.decide(&by(Actor::Holder, bo)).unwrap_err(), Error::NotForAccounts(bo));
    let extension = Actor::Extension(fundroute::accounts::Scope::ReadWrite);
    let error = platform.decide(&by(extension, jo)).unwrap_err();
    assert!(matches!(error, Error::Account(AccountError::NotPermitted { denial: Denial::PlatformOnly, .. })));
}

/// The seller with 200.00 available and a payout of 50.00 under way.
fn with_payout() -> (Platform, World, AccountId, ExternalAccountId, PayoutId) {
    let (mut platform, mut world, jo, bank) = onboarded();
    let schedule = PayoutSchedule::Manual;
    let house = platform.id();
    for account in [jo, house] {
        let by_hand = Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule });
        platform.handle(Request::new(format!("by hand {account}"), by_hand)).unwrap();
    }
    platform.payments().create("sale", NewPayment::card(usd(1_000_00))).unwrap();
    world.advance(&mut platform, days(4)).unwrap();
    platform.transfers().create("move", NewTransfer::to(jo, usd(250_00))).unwrap();
    let payout = platform.acting_as(jo).unwrap().payouts().create("pay", usd(50_00)).unwrap().answer;
    (platform, world, jo, bank, payout)
}

fn comes_back(payout: PayoutId) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: "account_closed".to_owned() })
}

fn tell(platform: &mut Platform, id: &str, at: Timestamp, fact: Fact) -> Changes {
    platform.record(&fundroute::journal::Report::new(id, at, fact)).unwrap().changes
}

#[test]
fn a_returned_payout_stops_them_until_an_update_however_empty() {
    let (mut platform, mut world, jo, bank, payout) = with_payout();
    let now = platform.now();
    let changes = tell(&mut platform, "back", now, comes_back(payout));
    assert_eq!(events(&changes), ["account.external_account.updated"]);
    assert_eq!(state(&platform, bank), ExternalAccountState::Errored);
    assert_eq!(platform.requirements(jo).unwrap().past_due[0].as_str(), "external_account");
    assert!(!platform.account(jo).unwrap().payouts_enabled());
    let refused = platform.acting_as(jo).unwrap().payouts().create("again", usd(1_00)).unwrap_err();
    assert_eq!(refused, PayoutError::BankAccountErrored(bank).into());
    let daily = PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily);
    let daily = Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule: daily });
    platform.handle(Request::new("daily", daily)).unwrap();
    world.advance(&mut platform, days(5)).unwrap();
    assert_eq!(platform.balance(jo, USD).unwrap().available, 250_00);

    let decided = platform.accounts().update_external_account("renew", UpdateExternalAccount::new(bank)).unwrap();
    assert_eq!(events(&decided.changes), ["account.external_account.updated"]);
    assert_eq!(state(&platform, bank), ExternalAccountState::New);
    assert!(platform.requirements(jo).unwrap().past_due.is_empty());
    world.advance(&mut platform, days(5)).unwrap();
    assert_eq!(platform.balance(jo, USD).unwrap().available, 0);

    // What happened before the update is no news after it.
    let at = platform.now().checked_add(days(-8)).unwrap();
    tell(&mut platform, "late", at, comes_back(payout));
    assert_eq!(state(&platform, bank), ExternalAccountState::New);
    let now = platform.now();
    tell(&mut platform, "later", now, comes_back(payout));
    assert_eq!(state(&platform, bank), ExternalAccountState::Errored);
}

#[test]
fn a_payout_under_way_outlives_its_bank_account() {
    let (mut platform, mut world, jo, bank, payout) = with_payout();
    add(&mut platform, "other", us_bank(jo, "000123456789").replacing_default());
    assert_eq!(state(&platform, bank), ExternalAccountState::Deleted);
    assert!(platform.bank_details(bank).is_some(), "its number is needed to send what is under way");
    world.run_out(&mut platform).unwrap();
    assert_eq!(platform.payout(payout).unwrap().status(), fundroute::payouts::PayoutStatus::Paid);
    let now = platform.now();
    tell(&mut platform, "back", now, comes_back(payout));
    assert_eq!(state(&platform, bank), ExternalAccountState::Deleted);
    assert!(platform.account(jo).unwrap().payouts_enabled());
}

#[test]
fn an_owner_that_cannot_be_confirmed_is_asked_for_and_a_document_settles_it() {
    let (mut platform, mut world, jo, bank) = onboarded();
    let code = RequirementErrorCode::VerificationFailedNameMatch;
    let now = platform.now();
    platform.accounts().record_external_account_checked("1", now, bank, Ownership::Failed(code)).unwrap();
    let asked = platform.requirements(jo).unwrap();
    assert_eq!((asked.past_due[0].as_str(), asked.errors[0].code), ("external_account", code));
    let document = "documents.bank_account_ownership_verification";
    assert_eq!(asked.alternatives[0].alternative_fields_due[0].as_str(), document);
    assert_eq!(state(&platform, bank), ExternalAccountState::VerificationFailed);

    let mut show = |platform: &mut Platform, key: &str, file: &str| {
        let about = Information::about(jo).set(document, file);
        platform.accounts().provide(key, about).unwrap();
        let waiting = platform.requirements(jo).unwrap().pending_verification;
        assert!(waiting.iter().any(|path| path.as_str() == "external_account"));
        world.settle(platform).unwrap();
    };
    show(&mut platform, "2", UNREADABLE_DOCUMENT);
    assert_eq!(state(&platform, bank), ExternalAccountState::VerificationFailed);
    assert_eq!(platform.requirements(jo).unwrap().past_due[0].as_str(), "external_account");
    show(&mut platform, "3", "file_identity_document_success");
    assert_eq!(state(&platform, bank), ExternalAccountState::New);
    assert!(platform.account(jo).unwrap().payouts_enabled());
    assert!(platform.requirements(jo).unwrap().is_clear());
    let known = platform.external_account(bank).unwrap();
    assert_eq!(known.refusal(), None);
}

#[test]
fn the_latest_report_holds_in_whatever_order_they_come() {
    let (platform, _, jo, bank) = onboarded();
    let at = |hour: i64| platform.now().checked_add(hours(-hour)).unwrap();
    let checked = |outcome| {
        Fact::ExternalAccountChecked(fundroute::accounts::ExternalAccountChecked { external_account: bank, outcome })
    };
    let token =
        |status| Fact::AccountTokenChanged(fundroute::accounts::AccountTokenChanged { external_account: bank, status });
    let failed = Ownership::Failed(RequirementErrorCode::VerificationFailedOther);
    let facts = [
        ("a", at(9), checked(failed)),
        ("b", at(6), checked(Ownership::Verified)),
        ("c", at(6), checked(failed)),
        ("d", at(8), token(TokenStatus::Deactivated)),
        ("e", at(3), token(TokenStatus::Active)),
    ];
    let mut ends = Vec::new();
    for turn in 0..facts.len() {
        for is_backwards in [false, true] {
            let mut order: Vec<usize> = (0..facts.len()).map(|place| (place + turn) % facts.len()).collect();
            if is_backwards {
                order.reverse();
            }
            let mut platform = platform.clone();
            for place in order {
                let (id, at, fact) = &facts[place];
                tell(&mut platform, id, *at, fact.clone());
            }
            assert_eq!(state(&platform, bank), ExternalAccountState::VerificationFailed);
            let known = platform.external_account(bank).unwrap().clone();
            ends.push((known, platform.requirements(jo).unwrap(), platform.account(jo).unwrap().clone()));
        }
    }
    assert!(ends.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn no_number_leaves_the_place_where_numbers_are_kept() {
    let (mut platform, jo) = empty(US);
    let (number, holder) = ("000987654321", "Jolanda Doe");
    let secrets = [number, ROUTING, holder, "btok_secret", "0098765"];
    let mut said = String::new();
    let mut kept = Vec::new();
    let bank = us_bank(jo, number).holder(holder, HolderType::Individual);
    let token = NewExternalAccount::bank_token(jo, US, USD, "btok_secret", "4321").holder(holder, HolderType::Company);
    for (key, command) in
        [("bank", Command::AddExternalAccount(bank.clone())), ("token", Command::AddExternalAccount(token))]
    {
        let request = Request::new(key, command);
        let decided = platform.handle(request.clone()).unwrap();
        said += &format!("{request:?} {decided:?}");
        kept.push(decided);
    }
    let Answer::ExternalAccount(id) = kept[0].answer else { panic!("a bank account is answered with its id") };
    let update = UpdateExternalAccount::new(id).holder(holder, HolderType::Company);
    let request = Request::new("update", Command::UpdateExternalAccount(update));
    let decided = platform.handle(request.clone()).unwrap();
    said += &format!("{request:?} {decided:?}");
    kept.push(decided);
    said += &format!(
        "{:?}",
        platform.handle(Request::new("bank", Command::AddExternalAccount(us_bank(jo, "000111222333"))))
    );
    for decided in &kept {
        said += &serde_json::to_string(&decided.changes.without_personal()).unwrap();
        assert!(serde_json::to_string(&decided.changes).unwrap().contains(holder), "it is kept apart, not lost");
    }
    for id in platform.external_accounts(jo).unwrap() {
        said += &format!("{id:?} {:?}", platform.bank_details(id.id()));
    }
    for secret in secrets {
        assert!(!said.contains(secret), "{secret}");
    }
    // The name was changed and the number stayed; forgetting takes both.
    let details = platform.bank_details(id).unwrap();
    assert_eq!((details.number.as_ref().unwrap().as_str(), details.holder_name.as_deref()), (number, Some(holder)));
    assert_eq!(
        platform.handle(Request::new("bank", Command::AddExternalAccount(bank))).unwrap().answer,
        kept[0].answer
    );
    platform.accounts().erase("forget", id).unwrap();
    assert!(platform.bank_details(id).is_none());
    assert_eq!(platform.external_account(id).unwrap().last4(), "4321");
    // A number of no more than four characters is not shown at all.
    let short = add(&mut platform, "short", us_bank(jo, "4321"));
    assert_eq!(platform.external_account(short).unwrap().last4(), "");
}

#[test]
fn the_world_never_answers_for_a_token_that_says_so() {
    let mut platform = platform_in(US);
    let mut world = World::new();
    let jo = world.onboard_with_bank(&mut platform, NewAccount::express(US), NEVER_ANSWERS).unwrap();
    let bank = platform.account(jo).unwrap().bank_for(USD).unwrap();
    assert_eq!(platform.bank_details(bank).unwrap().number.as_ref().unwrap().as_str(), NEVER_ANSWERS);
    let card = Card::debit(CardBrand::Visa, 12, 2030);
    let token = "tok_visa_debit_us_transferFail";
    let card = NewExternalAccount::card(jo, US, USD, token, "5572", card).default_for_currency();
    let card = add(&mut platform, "card", card);
    let sale = NewPayment::card(usd(10_00)).destination(jo);
    platform.payments().create("sale", sale).unwrap();
    world.advance(&mut platform, days(9)).unwrap();
    assert_eq!(state(&platform, card), ExternalAccountState::Errored);
    assert_eq!(state(&platform, bank), ExternalAccountState::New);
}
