use fundroute::accounts::{AccountError, CapabilityStatus, DisabledReason, Phase};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, ServiceAgreement};

use super::{Desk, names, refused};

fn request(
    desk: &mut Desk,
    account: fundroute::ids::AccountId,
    capability: Capability,
) -> Result<fundroute::ids::AccountId, Error> {
    let key = desk.key();
    desk.platform.accounts().request(&key, account, capability).map(|decided| decided.answer)
}

fn unrequest(
    desk: &mut Desk,
    account: fundroute::ids::AccountId,
    capability: Capability,
) -> Result<fundroute::ids::AccountId, Error> {
    let key = desk.key();
    desk.platform.accounts().unrequest(&key, account, capability).map(|decided| decided.answer)
}

/// docs.stripe.com/connect/account-capabilities (2024): card payments need transfers, and the two are off together.
#[test]
fn cards_need_transfers_and_both_fall_together() {
    let mut desk = Desk::open();
    let (cards, transfers) = (Capability::CardPayments, Capability::Transfers);
    let alone = NewAccount::custom(US).request(cards);
    let error = AccountError::CapabilityNeeds { capability: cards, needs: transfers };
    let answer = desk.platform.accounts().create("alone", alone).map(|decided| decided.answer);
    assert_eq!(refused(answer), error);
    let jo = desk.create(NewAccount::custom(US).request(Capability::UsBankAccountAchPayments));
    assert_eq!(refused(request(&mut desk, jo, cards)), error);
    request(&mut desk, jo, transfers).unwrap();
    request(&mut desk, jo, cards).unwrap();
    let error = AccountError::CapabilityNeeded { capability: transfers, by: cards };
    assert_eq!(refused(unrequest(&mut desk, jo, transfers)), error);
    unrequest(&mut desk, jo, cards).unwrap();
    unrequest(&mut desk, jo, transfers).unwrap();

    let al = desk.ready(NewAccount::express(US));
    let now = desk.platform.now();
    desk.platform.accounts().record_reviewed("no cards", now, al, cards, CapabilityStatus::Inactive).unwrap();
    let account = desk.platform.account(al).unwrap();
    assert_eq!([cards, transfers].map(|known| account.capability(known)), [Some(CapabilityStatus::Inactive); 2]);
    let ready = desk.platform.readiness(al).unwrap();
    assert_eq!((ready.phase, ready.disabled_reason), (Phase::Restricted, Some(DisabledReason::Other)));
    desk.platform
        .accounts()
        .record_reviewed("cards", now.plus_days(0).unwrap(), al, cards, CapabilityStatus::Inactive)
        .unwrap();
    desk.wait(1);
    let now = desk.platform.now();
    desk.platform.accounts().record_reviewed("again", now, al, cards, CapabilityStatus::Active).unwrap();
    assert_eq!(desk.platform.readiness(al).unwrap().phase, Phase::Ready);
}

/// docs.stripe.com/connect/account-capabilities (2024): some cannot be given up.
#[test]
fn a_permanent_capability_stays() {
    let mut desk = Desk::open();
    let jo = desk.create(NewAccount::custom(US).request(Capability::LegacyPayments));
    let error = AccountError::CapabilityPermanent(Capability::LegacyPayments);
    assert_eq!(refused(unrequest(&mut desk, jo, Capability::LegacyPayments)), error);
}

/// docs.stripe.com/connect/service-agreement-types (2024): a recipient has transfers and nothing else.
#[test]
fn a_recipient_receives_transfers_only() {
    let mut desk = Desk::open();
    let jo = desk.create(NewAccount::express(US).recipient());
    assert_eq!(desk.platform.account(jo).unwrap().capabilities().len(), 1);
    let capability = Capability::CardPayments;
    let error = AccountError::CapabilityNotInAgreement { capability, agreement: ServiceAgreement::Recipient };
    assert_eq!(refused(request(&mut desk, jo, capability)), error);
    // No business profile is wanted of somebody who takes no payments.
    assert!(names(&desk.asked(jo).eventually_due).iter().all(|path| !path.starts_with("business_profile")));
}

#[test]
fn a_capability_of_another_country_is_refused() {
    let mut desk = Desk::open();
    let jo = desk.create(NewAccount::express(US));
    let capability = Capability::IndiaInternationalPayments;
    let error = AccountError::CapabilityNotInCountry { capability, country: US };
    assert_eq!(refused(request(&mut desk, jo, capability)), error);
}

/// docs.stripe.com/connect/account-capabilities (2024): one that was not asked for tells what it would need.
#[test]
fn an_unrequested_capability_tells_what_it_would_need() {
    let mut desk = Desk::open();
    let new = NewAccount::custom(US).request(Capability::Transfers).business_type(BusinessType::Individual);
    let jo = desk.ready(new);
    let before = desk.platform.snapshot();
    let preview = desk.platform.capability(jo, Capability::CardPayments).unwrap();
    assert_eq!((preview.requested_at, preview.status), (None, None));
    assert_eq!(names(&preview.requirements.currently_due), ["business_profile.mcc", "business_profile.url"]);
    assert_eq!(desk.platform.snapshot(), before, "looking is not asking");
    request(&mut desk, jo, Capability::CardPayments).unwrap();
    let asked = desk.platform.capability(jo, Capability::CardPayments).unwrap();
    assert_eq!((asked.requested_at, asked.status), (Some(desk.platform.now()), Some(CapabilityStatus::Inactive)));
    assert_eq!(asked.requirements.currently_due, preview.requirements.currently_due);
    // What it had goes down with what it asked for.
    assert_eq!(desk.platform.readiness(jo).unwrap().phase, Phase::Restricted);
    desk.give_all_but(jo, &[]);
    desk.settle();
    assert_eq!(desk.platform.readiness(jo).unwrap().phase, Phase::Ready);
}

/// docs.stripe.com/connect/account-capabilities (2024): the oldest capability grants charges, transfers and payouts by itself, also where
/// the two that took its place are off.
#[test]
fn the_oldest_capability_stands_for_both() {
    let mut desk = Desk::open();
    let (cards, transfers) = (Capability::CardPayments, Capability::Transfers);
    let alone = NewAccount::custom(US).request(Capability::LegacyPayments).business_type(BusinessType::Individual);
    let jo = desk.ready(alone.clone());
    let al = desk.ready(alone.request(transfers).request(cards));
    let now = desk.platform.now();
    desk.platform.accounts().record_reviewed("off", now, al, cards, CapabilityStatus::Inactive).unwrap();
    for account in [jo, al] {
        let known = desk.platform.account(account).unwrap();
        assert_ne!(known.capability(cards), Some(CapabilityStatus::Active));
        assert!(known.can(cards) && known.can(transfers) && known.charges_enabled() && known.payouts_enabled());
        let key = desk.key();
        desk.platform.payments().create(&key, NewPayment::card(usd(10_00)).destination(account)).unwrap();
        let mut own = desk.platform.acting_as(account).unwrap();
        own.payments().create(&key, NewPayment::card(usd(10_00))).unwrap();
        let pause = fundroute::accounts::SetPause::payments(account, true);
        let paused = Request::new(desk.key(), Command::SetPause(pause));
        desk.platform.handle(paused).unwrap();
        assert!(!desk.platform.account(account).unwrap().can(cards), "it grants nothing while it is off itself");
    }
}

/// docs.stripe.com/connect/account-capabilities (2024): in Canada whoever has the oldest capability is given the two that took its place,
/// and can give them up.
#[test]
fn in_canada_the_oldest_capability_brings_both() {
    let mut desk = Desk::open();
    let (old, cards, transfers) = (Capability::LegacyPayments, Capability::CardPayments, Capability::Transfers);
    let requested = |desk: &Desk, account| {
        let profile = desk.platform.account(account).unwrap().profile();
        desk.platform.profile(profile).unwrap().requested().collect::<Vec<_>>()
    };
    let elsewhere = desk.create(NewAccount::custom(US).request(old));
    assert_eq!(requested(&desk, elsewhere), [old]);
    let first = desk.create(NewAccount::custom(Country::CA).request(old));
    let later = desk.create(NewAccount::custom(Country::CA).request(transfers));
    assert_eq!(requested(&desk, later), [transfers]);
    request(&mut desk, later, old).unwrap();
    for account in [first, later] {
        assert_eq!(requested(&desk, account), [cards, transfers, old]);
        assert!(desk.platform.account(account).unwrap().capability(cards).is_some());
        assert!(names(&desk.asked(account).eventually_due).contains(&"business_profile.mcc"));
        unrequest(&mut desk, account, cards).unwrap();
        unrequest(&mut desk, account, transfers).unwrap();
        assert_eq!(requested(&desk, account), [old], "what was given can be given up");
    }
}
