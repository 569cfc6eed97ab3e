//! Links, sessions and login links.

use super::*;

#[test]
fn every_controller_has_onboarding_links_and_those_whose_requirements_the_platform_collects_have_update_links() {
    let controllers = every_controller();
    assert_eq!(controllers.len(), 9);
    for controller in controllers {
        let book = Rulebook::standard().with_preview_controllers(true);
        let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
        let new =
            NewAccount::controlled(controller, US).request(Capability::CardPayments).request(Capability::Transfers);
        let account = platform.accounts().create("new", new).unwrap().answer;
        let is_platforms = controller.requirements == RequirementCollector::Application;
        let update = platform.accounts().create_link("update", NewAccountLink::update(account, AGAIN, DONE));
        assert_eq!(update.is_ok(), is_platforms, "{controller:?}");
        if let Err(error) = update {
            assert_eq!(denial(error), Denial::RequirementsNotYours);
        }
        platform.accounts().create_link("onboard", onboarding(account)).unwrap();
        let grants = platform.profile(platform.account(account).unwrap().profile()).unwrap().grants();
        assert_eq!(grants.locked, !is_platforms, "{controller:?}");
        let login = platform.accounts().create_login_link("login", account).unwrap_err();
        if controller.dashboard == Dashboard::Express {
            assert_eq!(login, AccessError::DetailsNotSubmitted(account).into());
        } else {
            assert_eq!(denial(login), Denial::WrongDashboard);
        }
    }
}

#[test]
fn the_first_link_or_session_closes_personal_data_to_the_platform() {
    for by_link in [true, false] {
        let mut platform = platform();
        let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
        let told = |name: &str| Information::about(jo).set("individual.first_name", name);
        platform.accounts().provide("type", Information::about(jo).business_type(BusinessType::Individual)).unwrap();
        platform.accounts().provide("before", told("Jo")).unwrap();
        if by_link {
            platform.accounts().create_link("link", onboarding(jo)).unwrap();
        } else {
            let session = NewAccountSession::of(jo).show(Component::Payments);
            platform.accounts().create_session("session", session).unwrap();
        }
        assert_eq!(denial(platform.accounts().provide("after", told("Joe")).unwrap_err()), Denial::Locked);
        let bank = NewExternalAccount::bank(jo, US, USD, "000123456789");
        assert_eq!(denial(platform.accounts().add_external_account("bank", bank.clone()).unwrap_err()), Denial::Locked);
        platform.holder_of(jo).unwrap().accounts().provide("after", told("Joe")).unwrap();
        platform.holder_of(jo).unwrap().accounts().add_external_account("bank", bank).unwrap();
        // What the business is called and does stays open.
        let business = Information::about(jo).set("business_profile.url", "https://jo.example");
        platform.accounts().provide("business", business).unwrap();
    }
}

#[test]
fn addresses_are_encrypted_where_money_is_real() {
    for live in [false, true] {
        let new = NewPlatform::in_country(US);
        let new = if live { new.live() } else { new };
        let mut platform = Platform::new(new, Rulebook::standard(), utc(2026, 11, 2)).unwrap();
        let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
        let plain = platform.accounts().create_link("1", NewAccountLink::onboarding(jo, "http://a.example", DONE));
        assert_eq!(plain.is_ok(), !live);
        let plain = platform.accounts().create_link("2", NewAccountLink::onboarding(jo, AGAIN, "http://a.example"));
        assert_eq!(
            plain.map_err(|error| (error.kind(), error.code())).err(),
            live.then_some((ErrorKind::Invalid, Some("url_invalid")))
        );
        let none = platform.accounts().create_link("3", NewAccountLink::onboarding(jo, "", DONE)).unwrap_err();
        assert!(matches!(none, Error::Access(AccessError::UrlInvalid(_))));
        let plain = platform.connections().register("app", NewApplication::platform("http://a.example"));
        assert_eq!(plain.is_ok(), !live);
    }
}

#[test]
fn how_long_links_and_sessions_last_is_a_setting_and_exact() {
    let policy = AccessPolicy {
        link_seconds: 600,
        session_seconds: 60,
        code_seconds: 5,
        ..Rulebook::standard().access_policy()
    };
    let book = Rulebook::standard().with_access_policy(policy);
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
    let session = NewAccountSession::of(jo).show(Component::Payments);
    let [first, second] =
        ["1", "2"].map(|key| platform.accounts().create_session(key, session.clone()).unwrap().answer);
    let links = ["l1", "l2"].map(|key| platform.accounts().create_link(key, onboarding(jo)).unwrap().answer);
    seconds_later(&mut platform, 59);
    platform.accounts().claim_session("c1", first).unwrap();
    assert_eq!(platform.accounts().claim_session("c2", first).unwrap_err(), AccessError::SessionClaimed(first).into());
    seconds_later(&mut platform, 1);
    assert_eq!(
        platform.accounts().claim_session("c3", second).unwrap_err(),
        AccessError::SessionExpired(second).into()
    );
    seconds_later(&mut platform, 539);
    let opened = platform.accounts().visit_link("v1", links[0]).unwrap().answer;
    assert!(matches!(opened, Visit::Opened { .. }));
    seconds_later(&mut platform, 1);
    let shut = platform.accounts().visit_link("v2", links[1]).unwrap().answer;
    assert_eq!(shut, Visit::SentToRefresh { url: AGAIN.to_owned() });
    // The first visit, asked again, is answered as it was: the key stands for one visit.
    let replayed = platform.accounts().visit_link("v1", links[0]).unwrap();
    assert_eq!((replayed.answer, replayed.outcome), (opened, Outcome::Replayed));
    assert_eq!(platform.deadlines().filter(|deadline| deadline.due < utc(2026, 11, 2).at(13, 0)).count(), 0);
}

#[test]
fn a_link_asks_for_as_much_as_it_was_made_for() {
    let policy = AccessPolicy { links_collect_banks: true, ..Rulebook::standard().access_policy() };
    let book = Rulebook::standard().with_access_policy(policy);
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2).at(12, 0)).unwrap();
    let jo = platform
        .accounts()
        .create("jo", NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers))
        .unwrap()
        .answer;
    platform.accounts().provide("type", Information::about(jo).business_type(BusinessType::Individual)).unwrap();
    let current = platform.accounts().create_link("1", onboarding(jo)).unwrap().answer;
    let all = onboarding(jo).eventually_due().with_future_requirements();
    let all = platform.accounts().create_link("2", all).unwrap().answer;
    let due = platform.requirements(jo).unwrap();
    assert_eq!(platform.collected_by(current).unwrap(), due.currently_due);
    assert!(due.eventually_due.iter().all(|path| platform.collected_by(all).unwrap().contains(path)));
    let Visit::Opened { collect } = platform.accounts().visit_link("v", current).unwrap().answer else { panic!() };
    assert_eq!(collect, due.currently_due);
    let left = platform.accounts().leave_link("l", current).unwrap();
    assert_eq!(left.answer, DONE);
    let names: Vec<_> = left.changes.events.iter().map(|event| (event.kind.name(), event.account)).collect();
    assert_eq!(names, [("v2.core.account_link.returned", Some(jo))]);
}

#[test]
fn a_login_link_is_for_the_light_dashboard_once() {
    let mut platform = platform();
    let jo = World::new().onboard(&mut platform, NewAccount::express(US)).unwrap();
    let link = platform.accounts().create_login_link("1", jo).unwrap().answer;
    platform.holder_of(jo).unwrap().accounts().use_login_link("browser", link).unwrap();
    let again = platform.accounts().use_login_link("2", link).unwrap_err();
    assert_eq!(again, AccessError::LoginLinkUsed(link).into());
}

#[test]
fn extensions_cannot_open_pages_and_others_cannot_open_each_others() {
    let mut platform = platform();
    let mut world = World::new();
    let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
    let mo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
    let link = platform.accounts().create_link("1", onboarding(jo)).unwrap().answer;
    let session = NewAccountSession::of(jo).show(Component::Payments);
    let session = platform.accounts().create_session("2", session).unwrap().answer;
    for scope in [Scope::ReadOnly, Scope::ReadWrite] {
        let mut extension = platform.by(Actor::Extension(scope), jo).unwrap();
        assert_eq!(extension.accounts().visit_link("x", link).unwrap_err(), Error::NotForAccounts(jo));
        assert_eq!(denial(extension.accounts().claim_session("x", session).unwrap_err()), Denial::PlatformOnly);
        assert!(extension.accounts().create_link("x", onboarding(jo)).is_err());
    }
    let mut other = platform.holder_of(mo).unwrap();
    assert_eq!(other.accounts().visit_link("x", link).unwrap_err(), Error::NotForAccounts(mo));
    assert_eq!(other.accounts().claim_session("x", session).unwrap_err(), Error::NotForAccounts(mo));
}

#[test]
fn a_link_of_an_account_that_was_turned_away_stays_void_when_that_is_taken_back() {
    let mut platform = platform();
    let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
    let link = platform.accounts().create_link("1", onboarding(jo)).unwrap().answer;
    let reject = Command::RejectAccount(RejectAccount::new(jo, RejectReason::Credit));
    platform.handle(Request::new("away", reject)).unwrap();
    assert_eq!(platform.link_status(link).unwrap(), LinkStatus::Void);
    let another = platform.accounts().create_link("2", onboarding(jo)).unwrap_err();
    assert_eq!(another, AccessError::Rejected(jo).into());
    let visit = platform.accounts().visit_link("v1", link).unwrap().answer;
    assert_eq!(visit, Visit::SentToRefresh { url: AGAIN.to_owned() });
    platform.handle(Request::new("back", Command::UnrejectAccount(UnrejectAccount { account: jo }))).unwrap();
    assert_eq!(platform.link_status(link).unwrap(), LinkStatus::Void);
    let visit = platform.accounts().visit_link("v2", link).unwrap().answer;
    assert_eq!(visit, Visit::SentToRefresh { url: AGAIN.to_owned() });
    let another = platform.accounts().create_link("3", onboarding(jo)).unwrap().answer;
    assert!(matches!(platform.accounts().visit_link("v3", another).unwrap().answer, Visit::Opened { .. }));
    // Once more, all within one moment.
    let third = platform.accounts().create_link("4", onboarding(jo)).unwrap().answer;
    let reject = Command::RejectAccount(RejectAccount::new(jo, RejectReason::Credit));
    platform.handle(Request::new("away again", reject)).unwrap();
    platform.handle(Request::new("back again", Command::UnrejectAccount(UnrejectAccount { account: jo }))).unwrap();
    assert_eq!(platform.link_status(third).unwrap(), LinkStatus::Void);
}

#[test]
fn a_link_of_an_account_that_was_lost_stays_void_when_it_is_connected_again() {
    let mut platform = registered();
    let (_, jo) = connect(&mut platform, "jo", Authorize::new_account(US));
    let link = platform.accounts().create_link("1", onboarding(jo)).unwrap().answer;
    platform.connections().deauthorize("end", jo).unwrap();
    assert_eq!(platform.link_status(link).unwrap(), LinkStatus::Void);
    connect(&mut platform, "again", Authorize::account(jo));
    assert_eq!(platform.link_status(link).unwrap(), LinkStatus::Void);
    let another = platform.accounts().create_link("2", onboarding(jo)).unwrap().answer;
    assert_eq!(platform.link_status(another).unwrap(), LinkStatus::Issued);
}

/// What the processor says makes links void in whatever order it is told, and whatever it takes back.
#[test]
fn links_are_void_after_a_rejection_by_the_processor_in_every_order_of_reports() {
    let mut platform = platform();
    let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
    let early = platform.now();
    seconds_later(&mut platform, 60);
    let (account, at) = (jo, platform.now());
    let rejected = Fact::RejectedByProcessor(RejectedByProcessor { account, reason: RejectReason::FraudOther });
    let cleared = Fact::ReviewClosed(ReviewClosed { account, outcome: ReviewOutcome::Cleared });
    let facts = [Report::new("away", early, rejected), Report::new("back", at, cleared)];
    let first = platform.accounts().create_link("1", onboarding(jo)).unwrap().answer;
    let mut ends = Vec::new();
    for order in [[0, 1], [1, 0]] {
        let mut platform = platform.clone();
        for which in [order, order].concat() {
            assert!(platform.record(&facts[which]).is_ok());
        }
        assert_eq!(platform.link_status(first).unwrap(), LinkStatus::Void, "{order:?}");
        let second = platform.accounts().create_link("2", onboarding(jo)).unwrap().answer;
        assert_eq!(platform.link_status(second).unwrap(), LinkStatus::Issued);
        ends.push(platform.snapshot().records);
    }
    assert!(ends[0].iter().map(|(_, record)| record).eq(ends[1].iter().map(|(_, record)| record)));
}

/// docs.stripe.com/connect/custom/hosted-onboarding (2024): where the platform collects what an account is asked for, the page leaves the
/// bank account to it, unless the platform's settings say otherwise.
#[test]
fn pages_of_accounts_without_dashboard_ask_for_a_bank_account_if_told_to() {
    let asks = |book: Rulebook, new: NewAccount| {
        let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
        let account = platform.accounts().create("a", new).unwrap().answer;
        let link = platform.accounts().create_link("l", onboarding(account)).unwrap().answer;
        let asked = platform.requirements(account).unwrap();
        assert!(asked.currently_due.iter().any(|path| path.as_str() == "external_account"), "it is asked for");
        platform.collected_by(link).unwrap().iter().any(|path| path.as_str() == "external_account")
    };
    let custom = || NewAccount::custom(US).request(Capability::Transfers).business_type(BusinessType::Individual);
    let book = Rulebook::standard();
    assert!(asks(book.clone(), NewAccount::express(US)) && asks(book.clone(), NewAccount::standard(US)));
    assert!(!asks(book.clone(), custom()));
    let policy = AccessPolicy { links_collect_banks: true, ..book.access_policy() };
    assert!(asks(book.with_access_policy(policy), custom()));
}
