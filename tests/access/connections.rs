//! What holders let in, and how it ends.

use super::*;

#[test]
fn wishes_that_oauth_does_not_know_are_refused_in_its_words() {
    let mut platform = platform();
    let wish = || Authorize::new_account(US);
    let refused = |platform: &mut Platform, wish: Authorize| {
        platform.connections().authorize("x", wish).unwrap_err().code().unwrap()
    };
    assert_eq!(refused(&mut platform, wish()), "invalid_client");
    let app = NewApplication::platform("https://shop.example/a").redirect_uri("https://shop.example/b");
    platform.connections().register("app", app).unwrap();
    assert_eq!(refused(&mut platform, wish().scope(Scope::ReadOnly)), "invalid_scope");
    assert_eq!(refused(&mut platform, wish().redirect_uri("https://shop.example/b/")), "invalid_redirect_uri");
    assert_eq!(refused(&mut platform, wish().state("x".repeat(3_000))), "invalid_request");
    let token = Authorize { response_type: "token".to_owned(), ..wish() };
    assert_eq!(refused(&mut platform, token), "unsupported_response_type");
    let first = platform.connections().authorize("1", wish()).unwrap().answer;
    assert_eq!(platform.connection(first).unwrap().redirect_uri(), "https://shop.example/a");
    let second = platform.connections().authorize("2", wish().redirect_uri("https://shop.example/b")).unwrap().answer;
    assert_eq!(platform.connection(second).unwrap().redirect_uri(), "https://shop.example/b");
    let denied = platform.connections().deny("3", wish().state("s")).unwrap().answer;
    let told = platform.connection(denied).unwrap().redirect_query();
    assert_eq!(told, [("error", "access_denied".to_owned()), ("state", "s".to_owned())]);
    let foreign = platform.connection(second).unwrap().code().replace("ac_", "ac_0");
    for code in ["", "ac_1", "ac_00000000000080008000000000000000", &foreign, &first.to_string()] {
        let error = platform.connections().exchange("x", code).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some("invalid_grant")), "{code}");
    }
    let code = platform.connection(first).unwrap().code();
    let odd = ExchangeCode { grant_type: "password".to_owned(), ..ExchangeCode::of(code.clone()) };
    let error = platform.handle(Request::new("x", Command::ExchangeCode(odd))).unwrap_err();
    assert_eq!(error.code(), Some("unsupported_grant_type"));
    // The code's last microsecond, and its end.
    seconds_later(&mut platform, 299);
    assert!(platform.clone().connections().exchange("x", &code).is_ok());
    seconds_later(&mut platform, 1);
    assert_eq!(platform.connections().exchange("x", &code).unwrap_err().code(), Some("invalid_grant"));
}

#[test]
fn only_holders_let_somebody_in() {
    let mut platform = registered();
    let wish = Command::Authorize(Authorize::new_account(US));
    let error = platform.handle(Request::new("1", wish.clone())).unwrap_err();
    assert_eq!(error, ConnectionError::HolderOnly.into());
    let (_, jo) = connect(&mut platform, "jo", Authorize::new_account(US));
    let (_, mo) = connect(&mut platform, "mo", Authorize::new_account(US));
    let stolen = Request::new("2", Command::Authorize(Authorize::account(jo))).by(Actor::Holder, mo);
    assert_eq!(platform.handle(stolen).unwrap_err(), Error::NotForAccounts(mo));
    let extension = Request::new("3", wish).by(Actor::Extension(Scope::ReadWrite), mo);
    assert_eq!(platform.handle(extension).unwrap_err(), Error::NotForAccounts(mo));
    let express = platform.accounts().create("e", NewAccount::express(US)).unwrap().answer;
    let error = platform.connections().authorize("4", Authorize::account(express)).unwrap_err();
    assert_eq!(error, ConnectionError::NotConnectable(express).into());
    let error = platform.connections().deauthorize("5", express).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some("no_deauth_on_controlled_account")));
}

#[test]
fn a_platform_is_given_a_separate_account_for_one_that_another_controls_and_an_extension_is_not() {
    let outside = OutsideAccount {
        id: AccountId::from_host([9; 14]),
        country: US,
        is_controlled: true,
        capabilities: vec![Capability::Transfers, Capability::CardPayments, Capability::Transfers],
    };
    let mut platform = registered();
    let (_, account) = connect(&mut platform, "1", Authorize::outside(outside.clone()));
    assert_ne!(account, outside.id);
    assert!(!platform.account(account).unwrap().details_submitted(), "it is a new one");
    let free = OutsideAccount { is_controlled: false, ..outside.clone() };
    let (first, account) = connect(&mut platform, "2", Authorize::outside(free.clone()));
    assert_eq!(account, outside.id);
    World::new().settle(&mut platform).unwrap();
    let known = platform.account(account).unwrap();
    assert!(
        known.details_submitted() && known.can(Capability::CardPayments) && known.kind() == Some(AccountKind::Standard)
    );
    assert_eq!((known.capabilities().len(), known.extension()), (2, None));
    // Known now, it is its holder who lets the platform in again.
    let error = platform.connections().authorize("3", Authorize::outside(free)).unwrap_err();
    assert_eq!(error, fundroute::platform::Error::NobodyActedFor);
    let (second, again) = connect(&mut platform, "3", Authorize::account(account));
    assert_eq!(again, account);
    assert!(matches!(platform.connection(first).unwrap().state(), ConnectionState::Superseded { .. }));
    assert!(matches!(platform.connection(second).unwrap().state(), ConnectionState::Connected { .. }));

    let mut extension = self::platform();
    extension.connections().register("app", NewApplication::extension("https://tool.example/back")).unwrap();
    let created = extension.accounts().create("own", NewAccount::standard(US)).unwrap_err();
    assert_eq!(created, ConnectionError::ExtensionsConnect.into());
    let other = extension.connections().register("app-2", NewApplication::platform("https://tool.example/back"));
    assert_eq!(other.unwrap_err(), ConnectionError::KindFixed.into());
    let (_, account) = connect(&mut extension, "1", Authorize::outside(outside.clone()));
    assert_eq!(account, outside.id);
    World::new().settle(&mut extension).unwrap();
    assert_eq!(extension.account(account).unwrap().extension(), Some(Scope::ReadOnly));
    let sale = NewPayment::card(usd(10_00));
    let error = extension.acting_as(account).unwrap().payments().create("s", sale.clone()).unwrap_err();
    assert_eq!(denial(error), Denial::ReadOnly);
    let (_, account) = connect(&mut extension, "2", Authorize::account(account).scope(Scope::ReadWrite));
    extension.acting_as(account).unwrap().payments().create("s", sale).unwrap();
    let error = extension.transfers().create("t", NewTransfer::to(account, usd(1))).unwrap_err();
    assert_eq!(denial(error), Denial::PlatformOnly);
    assert_eq!(denial(extension.accounts().create_link("l", onboarding(account)).unwrap_err()), Denial::PlatformOnly);
}

#[test]
fn the_application_alone_is_told_that_it_was_let_in_or_is_no_longer() {
    let mut platform = registered();
    let connection = platform.connections().authorize("1", Authorize::new_account(US)).unwrap().answer;
    let code = platform.connection(connection).unwrap().code();
    let exchanged = platform.connections().exchange("1", &code).unwrap();
    let Exchange::Connected { account, scope: Scope::ReadWrite, livemode: false, .. } = exchanged.answer else {
        panic!("{:?}", exchanged.answer)
    };
    let application = platform.application().unwrap().id();
    let told = |changes: &Changes| -> Vec<(&str, ObjectId, Option<AccountId>)> {
        let news = changes.events.iter().filter(|event| event.kind.name().starts_with("account.application"));
        news.map(|event| (event.kind.name(), event.object, event.account)).collect()
    };
    let expected = |name| vec![(name, application.into(), Some(account))];
    assert_eq!(told(&exchanged.changes), expected("account.application.authorized"));
    let ended = platform.connections().deauthorize("2", account).unwrap();
    assert_eq!(told(&ended.changes), expected("account.application.deauthorized"));
    let all = [AccountEvent::ApplicationAuthorized, AccountEvent::ApplicationDeauthorized];
    assert!(all.into_iter().all(|event| event.receivers() == Receivers::ApplicationOnly));
    assert_eq!(AccountEvent::Updated.receivers(), Receivers::Platform);
    let kept = [AccountEvent::PersonCreated, AccountEvent::PersonUpdated, AccountEvent::PersonDeleted];
    assert!(kept.into_iter().all(|event| event.receivers() == Receivers::ControllingPlatform));
}

/// Persons and bank accounts of an account are told of to the platform that controls it: not to one that is an extension there.
#[test]
fn an_extension_does_not_hear_of_persons_and_bank_accounts() {
    let told = |events: &[Event], account: AccountId| -> Vec<&str> {
        assert!(events.iter().all(|event| event.account == Some(account)));
        events.iter().map(|event| event.kind.name()).collect()
    };
    for is_extension in [true, false] {
        let mut platform = platform();
        let back = "https://shop.example/back";
        let application = if is_extension { NewApplication::extension(back) } else { NewApplication::platform(back) };
        platform.connections().register("app", application).unwrap();
        let (_, jo) = connect(&mut platform, "jo", Authorize::new_account(US));
        assert_eq!(platform.account(jo).unwrap().extension().is_some(), is_extension);
        let bank = NewExternalAccount::bank(jo, US, USD, "000123456789").routing("110000000");
        let company = Information::about(jo).business_type(BusinessType::Company);
        let commands = [
            (Command::AddExternalAccount(bank), "account.external_account.created"),
            (Command::ProvideInformation(company), "account.updated"),
            (Command::CreatePerson(NewPerson::new(jo, Relationship::of([PersonRole::Owner]))), "person.created"),
        ];
        for (command, name) in commands {
            let request = Request::new(name, command).by(Actor::Holder, jo);
            let events = platform.handle(request).unwrap().changes.events;
            let is_told = !is_extension || name == "account.updated";
            assert_eq!(told(&events, jo).contains(&name), is_told, "{name} {events:?}");
            assert!(told(&events, jo).contains(&"account.updated"));
        }
    }
}

#[test]
fn controls_of_payouts_are_not_restored_when_an_account_is_connected_again() {
    let mut platform = registered();
    let jo = platform.accounts().create("jo", NewAccount::standard(US).platform_controls()).unwrap().answer;
    let schedule = |account| SetPayoutSchedule { account, schedule: PayoutSchedule::Manual };
    let set = |platform: &mut Platform, key: &str| {
        platform.handle(Request::new(key, Command::SetPayoutSchedule(schedule(jo)))).map(drop)
    };
    set(&mut platform, "1").unwrap();
    platform.holder_of(jo).unwrap().connections().deauthorize("end", jo).unwrap();
    assert!(matches!(set(&mut platform, "2"), Err(Error::Account(AccountError::NotConnected(..)))));
    let (_, again) = connect(&mut platform, "again", Authorize::account(jo));
    assert_eq!(again, jo);
    assert_eq!(denial(set(&mut platform, "3").unwrap_err()), Denial::NeedsPlatformControls);
}

#[test]
fn the_end_of_a_connection_is_the_same_in_every_order_of_reports() {
    let mut platform = registered();
    let (connection, jo) = connect(&mut platform, "jo", Authorize::new_account(US));
    platform.advance_to(platform.now().checked_add(hours(9)).unwrap()).unwrap();
    let end = platform.now();
    let at = |back: i64| Timestamp::from_micros(end.micros() - back * 3_600_000_000).unwrap();
    let mut ends = Vec::new();
    for order in [[1, 4, 12], [1, 12, 4], [4, 1, 12], [4, 12, 1], [12, 1, 4], [12, 4, 1]] {
        for command_first in [None, Some(0), Some(1), Some(2)] {
            let mut platform = platform.clone();
            for (place, back) in order.into_iter().enumerate() {
                if command_first == Some(place) && platform.account(jo).unwrap().standing().access == Access::Connected
                {
                    platform.connections().deauthorize("end", jo).unwrap();
                }
                platform.connections().record_revoked(&format!("fact-{back}"), at(back.min(8)), jo).unwrap();
            }
            let known = platform.connection(connection).unwrap().state();
            ends.push((known, platform.account(jo).unwrap().standing()));
        }
    }
    let (ConnectionState::Revoked { at: ended, by: RevokedBy::Holder, .. }, _) = ends[0] else { panic!() };
    assert_eq!(ended, at(8));
    assert!(ends.iter().all(|known| *known == ends[0]));
}

/// docs.stripe.com/connect/oauth-reference (2024): what is filled in beforehand is ignored where it is not good, or the holder has an
/// account. It is data about persons: nowhere in the journal, and forgotten when it shall be.
#[test]
fn what_a_link_had_filled_in_is_shown_and_forgotten() {
    let mut platform = registered();
    let wish = |who: Authorize| {
        let wish = who.fill_in("individual.first_name", "Josephine").fill_in("individual.dob", "1961-08-04");
        wish.fill_in("company.shoe_size", "44").fill_in("business_profile.url", "no blanks in here")
    };
    assert!(!format!("{:?}", wish(Authorize::new_account(US))).contains("Josephine"));
    let decided = platform.connections().authorize("jo", wish(Authorize::new_account(US))).unwrap();
    let connection = decided.answer;
    let shown = platform.filled_in(connection).unwrap();
    assert_eq!(shown, [("individual.dob", "1961-08-04"), ("individual.first_name", "Josephine")]);
    let journal = serde_json::to_string(&decided.changes.without_personal()).unwrap();
    assert!(!journal.contains("Josephine") && !journal.contains("1961"), "{journal}");
    // The same again is replayed, something else refused; what came of it is the same without the data.
    let again = platform.connections().authorize("jo", wish(Authorize::new_account(US))).unwrap();
    assert_eq!((again.answer, again.outcome), (connection, Outcome::Replayed));
    let other = wish(Authorize::new_account(US)).fill_in("individual.first_name", "Ada");
    assert!(matches!(platform.connections().authorize("jo", other), Err(Error::Request(_))));
    let code = platform.connection(connection).unwrap().code();
    platform.accounts().erase("forget", connection).unwrap();
    assert_eq!(platform.filled_in(connection).unwrap(), []);
    let Exchange::Connected { account, .. } = platform.connections().exchange("code", &code).unwrap().answer else {
        panic!("the code is new")
    };
    // Of an account that exists nothing is kept.
    let known = platform.connections().authorize("again", wish(Authorize::account(account))).unwrap();
    assert_eq!(known.changes.personal, []);
    assert_eq!(platform.filled_in(known.answer).unwrap(), []);
}

/// docs.stripe.com/connect/oauth-reference (2024): `client_id`, `stripe_landing` and `always_prompt` of a link to connect.
#[test]
fn a_link_says_which_page_comes_first_and_whether_to_ask_again() {
    let (login, register) = (Some(Landing::Login), Some(Landing::Register));
    let mut platform = registered();
    let wish = Authorize::new_account(US);
    assert_eq!(platform.landing(&wish), Ok(register));
    assert_eq!(platform.landing(&wish.clone().landing(Landing::Login)), Ok(login));
    let (_, jo) = connect(&mut platform, "1", wish.clone());
    let again = Authorize::account(jo);
    assert_eq!(platform.landing(&again), Ok(None), "she has let the platform in");
    assert_eq!(platform.landing(&again.clone().always_prompt()), Ok(register));
    platform.connections().deauthorize("2", jo).unwrap();
    assert_eq!(platform.landing(&again), Ok(register), "and no longer");
    let own = platform.accounts().create("3", NewAccount::standard(US)).unwrap().answer;
    assert_eq!(platform.landing(&Authorize::account(own)), Ok(register), "nobody asked for this one");

    let application = platform.application().unwrap().id();
    let stranger = fundroute::ids::ApplicationId::from_host([7; 14]);
    let error = platform.connections().authorize("4", wish.clone().client_id(stranger)).unwrap_err();
    assert_eq!(error.code(), Some("invalid_client"));
    platform.connections().authorize("4", wish.client_id(application)).unwrap();

    let mut extension = self::platform();
    extension.connections().register("app", NewApplication::extension("https://tool.example/back")).unwrap();
    let outside = OutsideAccount {
        id: AccountId::from_host([9; 14]),
        country: US,
        is_controlled: true,
        capabilities: vec![Capability::Transfers],
    };
    assert_eq!(
        extension.landing(&Authorize::outside(outside.clone())),
        Ok(login),
        "who is only looked at has an account"
    );
    let (_, al) = connect(&mut extension, "1", Authorize::outside(outside));
    let more = Authorize::account(al).scope(Scope::ReadWrite);
    assert_eq!(extension.landing(&Authorize::account(al)), Ok(None));
    assert_eq!(extension.landing(&more), Ok(register), "it wants more than it was given");
    assert!(self::platform().landing(&Authorize::new_account(US)).is_err(), "nobody is registered");
}
