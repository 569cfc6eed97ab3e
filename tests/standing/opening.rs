//! Where a platform may open which accounts, and how it shows itself.

use fundroute::accounts::{AccountError, Actor, Branding, NewAccount, UpdatePlatform};
use fundroute::platform::{Command, Error, ErrorKind, NewPlatform, Platform, Request};
use fundroute::prelude::{BR, DE, US};
use fundroute::rulebook::{
    Capability, Country, CrossBorderEra, LaneClosed, OnboardingEra, Rulebook, RulebookError, ServiceAgreement,
};

use crate::shop::{Shop, noon};

fn platform(country: Country, book: Rulebook) -> Platform {
    Platform::new(NewPlatform::in_country(country), book, noon()).unwrap()
}

fn recipient(country: Country) -> NewAccount {
    NewAccount::custom(country).request(Capability::Transfers).recipient()
}

#[test]
fn under_the_full_agreement_accounts_are_opened_anywhere() {
    let book = Rulebook::standard();
    let countries: Vec<Country> = book.countries().map(|rule| rule.country()).collect();
    assert_eq!(countries.len(), 122);
    for from in [US, DE, BR, Country::HU, Country::KE] {
        let mut platform = platform(from, book.clone());
        for country in &countries {
            let key = format!("{country}");
            let new = NewAccount::custom(*country).request(Capability::Transfers);
            assert!(platform.accounts().create(&key, new).is_ok(), "{from} to {country}");
        }
    }
}

#[test]
fn a_recipient_is_opened_only_where_it_can_be_paid() {
    let book = Rulebook::standard();
    let old = book.clone().with_cross_border_era(CrossBorderEra::Recipient);
    let both = book.clone().with_recipient_corridors(true);
    let rows = [
        (US, US, [true, true, true]),
        (US, Country::KE, [false, true, true]),
        (US, DE, [false, true, true]),
        (DE, Country::FR, [true, true, true]),
        (DE, Country::KE, [false, false, false]),
        (Country::KE, Country::KE, [false, false, false]),
        (US, BR, [false, false, false]),
    ];
    for (from, to, open) in rows {
        for (book, open) in [&book, &old, &both].into_iter().zip(open) {
            let created = platform(from, book.clone()).accounts().create("x", recipient(to)).map(drop);
            let lane = book.lane(from, to, ServiceAgreement::Recipient);
            assert_eq!(created.is_ok(), open, "{from} to {to}");
            assert_eq!(lane.corridor().is_some(), open);
            if let Err(error) = created {
                assert!(matches!(error, Error::Account(AccountError::LaneClosed(_))), "{error:?}");
                assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some("country_unsupported")));
            }
        }
    }
    let refused = platform(US, book).accounts().create("x", recipient(Country::KE)).unwrap_err();
    let why = LaneClosed::Agreement { platform: US, account: Country::KE };
    assert_eq!(refused, AccountError::LaneClosed(why).into());
}

#[test]
fn in_the_2010s_kinds_were_open_in_some_countries_only() {
    let book = Rulebook::standard().with_onboarding_era(OnboardingEra::TwentyTens);
    let mut here = platform(US, book.clone());
    here.accounts().create("e", NewAccount::express(US)).unwrap();
    let refused = here.accounts().create("x", NewAccount::express(DE)).unwrap_err();
    assert!(matches!(refused, Error::Rulebook(RulebookError::NotOnboarded { country: DE, .. })));
    assert_eq!(refused.code(), Some("country_unsupported"));
    here.accounts().create("s", NewAccount::standard(DE)).unwrap();
    let custom = || NewAccount::custom(US).request(Capability::Transfers);
    here.accounts().create("c", custom()).unwrap();
    let refused = platform(Country::KE, book).accounts().create("x", custom()).unwrap_err();
    assert!(matches!(refused, Error::Rulebook(RulebookError::NotOnboarded { country: Country::KE, .. })));
}

#[test]
fn the_platform_alone_says_how_it_shows_itself() {
    let ours = Branding::new().display_name("Rocket Rides").logo("file_rocket").secondary_color("#00AAff");
    let mut shop = Shop::open();
    assert_eq!(shop.platform.branding().unwrap(), Branding::new());
    let command = |branding: &Branding| Command::UpdatePlatform(UpdatePlatform { branding: branding.clone() });
    let key = shop.key();
    let decided = shop.platform.handle(Request::new(key, command(&ours))).unwrap();
    let names: Vec<_> = decided.changes.events.iter().map(|event| (event.kind.name(), event.account)).collect();
    assert_eq!(names, [("account.updated", None)]);
    assert_eq!(shop.platform.branding().unwrap(), ours);
    shop.ask(command(&Branding::new())).unwrap();
    assert_eq!(shop.platform.branding().unwrap(), Branding::new());

    let wrong = ours.clone().primary_color("red");
    let refused = shop.ask(command(&wrong)).unwrap_err();
    assert_eq!(refused, AccountError::BrandingInvalid("primary_color").into());
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    let new = NewPlatform::in_country(US).branded(wrong);
    assert_eq!(Platform::new(new, Rulebook::standard(), noon()).unwrap_err(), refused);
    let jo = shop.jo;
    for actor in [Actor::Platform, Actor::Holder] {
        let request = Request::new("x", command(&ours)).by(actor, jo);
        assert_eq!(shop.platform.handle(request).unwrap_err(), Error::NotForAccounts(jo));
    }
}

#[test]
fn a_replayed_journal_and_a_snapshot_know_it_all() {
    let mut shop = Shop::open();
    let ours = Branding::new().display_name("Rocket Rides");
    shop.platform.accounts().update_platform("brand", ours.clone()).unwrap();
    shop.ask(crate::shop::reject(shop.jo, fundroute::accounts::PayoutsAction::None)).unwrap();
    shop.tell(crate::shop::opened(shop.jo, fundroute::accounts::Review::Listed));
    shop.platform.payouts().set_delay_days("wait", shop.jo, Some(9)).unwrap();
    let json = serde_json::to_string(&shop.platform.snapshot()).unwrap();
    let again = serde_json::from_str(&json).unwrap();
    let restored = Platform::restore(Rulebook::standard(), again, shop.platform.now());
    assert_eq!(restored.branding().unwrap(), ours);
    assert_eq!(restored.snapshot(), shop.platform.snapshot());
    assert_eq!(restored.readiness(shop.jo).unwrap(), shop.platform.readiness(shop.jo).unwrap());
}
