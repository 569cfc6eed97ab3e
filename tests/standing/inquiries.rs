//! What the processor wants to know about a business, and what it takes away.

use fundroute::accounts::{
    AccountError, CapabilityDisabledReason, CapabilityReviewed, CapabilityStatus, CapabilityStopped, DisabledReason,
    Information, InquiryChanged, InquiryName, InquiryState, NewAccountLink, Phase, Visit, v2,
};
use fundroute::calendar::{Timestamp, days, hours};
use fundroute::journal::{AnomalyReason, Changes, Fact, FactOutcome, Record, Report};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, Impact, RequirementErrorCode, Vetting};

use crate::shop::{Shop, close, noon};

const NAME: &str = "interv_1a2b.restricted_or_prohibited_industry_diligence.form";

fn asked(shop: &Shop, name: &str, state: InquiryState, deadline: Option<Timestamp>) -> Fact {
    let inquiry = name.parse().unwrap();
    Fact::InquiryChanged(InquiryChanged { account: shop.jo, inquiry, state, impact: Impact::Both, deadline })
}

fn phase(shop: &Shop) -> (Phase, Option<DisabledReason>) {
    let ready = shop.platform.readiness(shop.jo).unwrap();
    (ready.phase, ready.disabled_reason)
}

fn events(changes: &[Changes]) -> Vec<&'static str> {
    changes.iter().flat_map(|one| &one.events).map(|event| event.kind.name()).collect()
}

/// docs.stripe.com/changelog (2024-09-30): such an item is among the requirements with its error, and due by its deadline.
#[test]
fn what_the_processor_wants_to_know_is_asked_for_until_it_is_over() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let deadline = noon().checked_add(days(5)).unwrap();
    let open = asked(&shop, NAME, InquiryState::Open, Some(deadline));
    let report = Report::new("1", noon(), open);
    let changes = shop.platform.record(&report).unwrap().changes;
    assert_eq!(events(&[changes]), ["capability.updated", "capability.updated", "account.updated"]);
    let wanted = shop.platform.requirements(jo).unwrap();
    assert_eq!(wanted.currently_due, wanted.eventually_due);
    assert_eq!((wanted.currently_due[0].as_str(), wanted.past_due.len()), (NAME, 0));
    assert_eq!(wanted.errors[0].code, RequirementErrorCode::VerificationSupportability);
    assert_eq!((wanted.current_deadline, phase(&shop)), (Some(deadline), (Phase::Ready, None)));
    let cards = shop.platform.capability(jo, Capability::CardPayments).unwrap();
    assert_eq!(cards.requirements.currently_due, wanted.currently_due);
    let link = NewAccountLink::onboarding(jo, "https://shop.example/again", "https://shop.example/done");
    let link = shop.platform.accounts().create_link("link", link).unwrap().answer;
    let visit = shop.platform.accounts().visit_link("visit", link).unwrap().answer;
    assert_eq!(visit, Visit::Opened { collect: wanted.currently_due }, "the page asks for it");

    let changes = shop.platform.advance_to(deadline).unwrap();
    assert!(events(&changes).contains(&"capability.updated"));
    let past = (Phase::Restricted, Some(DisabledReason::RequirementsPastDue));
    assert_eq!(phase(&shop), past);
    let answered = asked(&shop, NAME, InquiryState::Answered, Some(deadline));
    assert_eq!(shop.tell(answered), FactOutcome::Applied);
    let waiting = (Phase::Verifying, Some(DisabledReason::RequirementsPendingVerification));
    assert_eq!(phase(&shop), waiting, "it is looked at, and too late");
    assert_eq!(shop.platform.requirements(jo).unwrap().pending_verification[0].as_str(), NAME);
    let later = shop.platform.now().checked_add(hours(1)).unwrap();
    shop.platform.advance_to(later).unwrap();
    let over = asked(&shop, NAME, InquiryState::Closed, None);
    assert_eq!(shop.tell(over), FactOutcome::Applied);
    assert_eq!((phase(&shop), shop.platform.requirements(jo).unwrap().is_clear()), ((Phase::Ready, None), true));
    let profile = shop.platform.account(jo).unwrap().profile();
    let known = shop.platform.profile(profile).unwrap().inquiries();
    assert_eq!((known.len(), known[0].name().as_str(), known[0].state()), (1, NAME, InquiryState::Closed));
}

/// docs.stripe.com/connect/handle-verification-updates (2024): only the processor's pages take the answer.
#[test]
fn it_is_not_answered_by_way_of_the_api() {
    let mut shop = Shop::open();
    shop.tell(asked(&shop.clone(), NAME, InquiryState::Open, None));
    let told = Information::about(shop.jo).set(NAME, "we sell flowers");
    let error = shop.platform.holder_of(shop.jo).unwrap().accounts().provide("told", told).unwrap_err();
    assert_eq!(error, AccountError::AnsweredOnPage.into());
    for name in [
        "",
        "interv_",
        "interv_1",
        "interv_1.a",
        "interv_1.a.b.c",
        "interv_1..b",
        "interv_1.a b.c",
        "interv_1.\u{202e}a.b",
    ] {
        assert!(name.parse::<InquiryName>().is_err(), "{name}");
        assert!(serde_json::from_value::<InquiryName>(name.into()).is_err(), "{name}");
    }
    assert!(format!("interv_1.{}.form", "a".repeat(300)).parse::<InquiryName>().is_err());
}

#[test]
fn it_is_asked_of_accounts_that_a_host_vets_and_of_closed_ones_no_more() {
    let book = Rulebook::standard().with_vetting(Vetting::ByHost);
    let mut shop = Shop::of(NewPlatform::in_country(US), book, NewAccount::express(US));
    assert_eq!(phase(&shop), (Phase::Ready, None));
    let open = asked(&shop, NAME, InquiryState::Open, None);
    shop.tell(open.clone());
    assert_eq!(phase(&shop), (Phase::Restricted, Some(DisabledReason::RequirementsPastDue)));
    shop.ask(close(shop.jo)).unwrap();
    assert!(shop.platform.requirements(shop.jo).unwrap().eventually_due.is_empty());
    let other = asked(&shop, "interv_2.other_supportability_inquiry.form", InquiryState::Open, None);
    assert_eq!(shop.tell(other), FactOutcome::Applied, "a fact is not refused");
    assert!(shop.platform.requirements(shop.jo).unwrap().eventually_due.is_empty());

    let mut house = Shop::open();
    house.jo = house.platform.id();
    let FactOutcome::Anomaly(id) = house.tell(asked(&house.clone(), NAME, InquiryState::Open, None)) else { panic!() };
    assert_eq!(house.platform.anomaly(id).unwrap().reason, AnomalyReason::IsPlatform);
}

/// No more are kept than there is room for: those that are over go first, and a new one beyond that is for a person to look at.
#[test]
fn no_account_grows_by_what_is_asked_of_it() {
    let mut shop = Shop::open();
    let name = |number: usize| format!("interv_{number}.business_model_verification.form");
    let count = |shop: &Shop| {
        let profile = shop.platform.account(shop.jo).unwrap().profile();
        shop.platform.profile(profile).unwrap().inquiries().len()
    };
    for number in 0..64 {
        let open = asked(&shop, &name(number), InquiryState::Open, None);
        assert_eq!(shop.tell(open), FactOutcome::Applied);
    }
    let one_more = asked(&shop, &name(64), InquiryState::Open, None);
    let FactOutcome::Anomaly(id) = shop.tell(one_more.clone()) else { panic!("there is no room") };
    assert_eq!(shop.platform.anomaly(id).unwrap().reason, AnomalyReason::TooMany);
    shop.wait(1);
    let over = asked(&shop, &name(3), InquiryState::Closed, None);
    shop.tell(over);
    assert_eq!((shop.tell(one_more), count(&shop)), (FactOutcome::Applied, 64));
}

/// Whatever is told of an inquiry, in any order and more than once, the latest word holds.
#[test]
fn every_order_of_delivery_ends_the_same() {
    let base = Shop::open();
    let told = |hour: i64, state: InquiryState| {
        let at = noon().checked_add(hours(-hour)).unwrap();
        Report::new(format!("{hour}-{state:?}"), at, asked(&base, NAME, state, Some(at)))
    };
    let reports = [
        told(3, InquiryState::Open),
        told(2, InquiryState::Answered),
        told(2, InquiryState::Closed),
        told(1, InquiryState::Closed),
    ];
    let mut ends = Vec::new();
    for first in 0..4 {
        for second in 0..4 {
            for third in 0..4 {
                let mut shop = base.clone();
                for place in [first, second, third, 0, 1, 2, 3] {
                    shop.platform.record(&reports[place]).unwrap();
                }
                let records: Vec<Record> = shop.platform.records().cloned().collect();
                ends.push(serde_json::to_string(&records).unwrap());
            }
        }
    }
    assert!(ends.iter().all(|end| *end == ends[0]));
    let without_last = |places: [usize; 3]| {
        let mut shop = base.clone();
        for place in places {
            shop.platform.record(&reports[place]).unwrap();
        }
        phase(&shop)
    };
    let waiting = (Phase::Verifying, Some(DisabledReason::RequirementsPendingVerification));
    for places in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(without_last(places), waiting, "answered is more than closed, of one moment");
    }
}

/// What only the world can see, such as that nobody used an account for long, it tells with its reason.
#[test]
fn a_capability_that_the_world_takes_away_says_why() {
    use CapabilityDisabledReason as Why;
    let cards = Capability::CardPayments;
    for (reason, word) in [
        (Why::PausedInactivity, "paused.inactivity"),
        (Why::RejectedInactivity, "rejected.inactivity"),
        (Why::RejectedUnsupportedBusiness, "rejected.unsupported_business"),
        (Why::PendingOnboarding, "pending.onboarding"),
    ] {
        let mut shop = Shop::open();
        let stopped = CapabilityStopped { account: shop.jo, capability: cards, reason };
        assert_eq!(shop.tell(Fact::CapabilityStopped(stopped)), FactOutcome::Applied);
        let report = shop.platform.capability(shop.jo, cards).unwrap();
        assert_eq!(report.status, Some(CapabilityStatus::Inactive));
        assert_eq!(report.disabled_reason.map(Why::as_str), Some(word));
        let newer = shop.platform.capability_v2(shop.jo, cards).unwrap();
        let is_unsupported = reason == Why::RejectedUnsupportedBusiness;
        assert_eq!(newer.status_details[0].code == v2::StatusCode::UnsupportedBusiness, is_unsupported);
        // The same without a reason is older news; what comes later holds.
        let reviewed =
            |status| Fact::CapabilityReviewed(CapabilityReviewed { account: shop.jo, capability: cards, status });
        let (off, on) = (reviewed(CapabilityStatus::Inactive), reviewed(CapabilityStatus::Active));
        assert_eq!(shop.tell(off), FactOutcome::Stale);
        let later = shop.platform.now().checked_add(hours(1)).unwrap();
        shop.platform.advance_to(later).unwrap();
        assert_eq!(shop.tell(on), FactOutcome::Applied);
        assert_eq!(shop.platform.capability(shop.jo, cards).unwrap().disabled_reason, None);
        assert_eq!(phase(&shop), (Phase::Ready, None));
    }
    let mut shop = Shop::open();
    let (capability, reason) = (Capability::UsBankAccountAchPayments, Why::PausedInactivity);
    let stopped = CapabilityStopped { account: shop.jo, capability, reason };
    let FactOutcome::Anomaly(id) = shop.tell(Fact::CapabilityStopped(stopped)) else { panic!("nobody asked for it") };
    assert_eq!(shop.platform.anomaly(id).unwrap().reason, AnomalyReason::NotRequested);
}
