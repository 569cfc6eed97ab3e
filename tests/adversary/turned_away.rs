//! Accounts that the clock turns away or whose holders leave, and what is told of them meanwhile.

use fundroute::accounts::{
    CapabilityReviewed, CapabilityStatus, CheckOutcome, InformationChecked, Review, ReviewClosed, ReviewOpened,
    ReviewOutcome,
};
use fundroute::ids::PersonId;
use fundroute::rulebook::{BusinessType, Capability, Check, RequirementErrorCode};

use super::*;

const SG: Country = Country::SG;

/// An account in Singapore, whose holder was found to be who they say, a year ago.
fn verified() -> (Rig, PersonId, Timestamp) {
    let mut platform =
        Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2).at(9, 0)).unwrap();
    let mut world = World::new();
    let jo = NewAccount::custom(SG).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = world.onboard(&mut platform, jo.business_type(BusinessType::Individual)).unwrap();
    world.settle(&mut platform).unwrap();
    let me = platform.persons(jo).unwrap().first().unwrap().id();
    let (start, started) = (platform.snapshot(), platform.now());
    let mut rig = Rig { platform, start, started, journal: Vec::new(), jo, flo: jo, keys: 0 };
    rig.wait(days(300));
    (rig, me, started)
}

fn checked(rig: &Rig, me: PersonId, outcome: CheckOutcome) -> Fact {
    let revision = rig.platform.person(me).unwrap().given().check(Check::Identity).unwrap().revision;
    let (account, person, check) = (rig.jo, Some(me), Check::Identity);
    Fact::InformationChecked(InformationChecked { account, person, check, revision, outcome })
}

fn fails() -> CheckOutcome {
    CheckOutcome::Failed { code: RequirementErrorCode::VerificationFailedOther, fields: vec!["first_name".into()] }
}

/// That somebody was in doubt, and no longer is, told late and in any order.
#[test]
fn orders_of_late_answers_about_who_somebody_is() {
    let (rig, me, _) = verified();
    let facts = vec![(24 * 280, checked(&rig, me, fails())), (24 * 270, checked(&rig, me, CheckOutcome::Verified))];
    let end = all_orders_agree(&rig, facts);
    assert!(end.platform.account(end.jo).unwrap().charges_enabled());
    assert_eq!(end.platform.account(end.jo).unwrap().standing().rejection, None);
}

/// That somebody is in doubt for longer than may be, and what the processor has said since.
#[test]
fn orders_of_late_doubt_and_what_the_processor_says() {
    for outcome in [ReviewOutcome::Cleared, ReviewOutcome::Rejected(RejectReason::FraudOther)] {
        let (rig, me, _) = verified();
        let account = rig.jo;
        let facts = vec![
            (24 * 280, checked(&rig, me, fails())),
            (24 * 5, Fact::ReviewClosed(ReviewClosed { account, outcome })),
            (24 * 3, checked(&rig, me, fails())),
        ];
        let end = all_orders_agree(&rig, facts);
        let mut end = end.clone();
        end.wait(days(1));
        assert!(!end.platform.account(account).unwrap().charges_enabled());
        assert!(end.platform.account(account).unwrap().standing().rejection.is_some());
    }
}

/// Everything that the world tells of an account, with a payout of it under way.
#[test]
fn orders_of_all_that_is_told_of_an_account() {
    let (mut rig, me, _) = verified();
    let account = rig.jo;
    rig.wait(hours(1));
    let (capability, status) = (Capability::CardPayments, CapabilityStatus::Inactive);
    let reviewed = |status| Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status });
    let facts = vec![
        (24 * 280, checked(&rig, me, fails())),
        (24 * 5, Fact::ReviewClosed(ReviewClosed { account, outcome: ReviewOutcome::Cleared })),
        (24 * 6, Fact::ReviewOpened(ReviewOpened { account, review: Review::UnderReview })),
        (24 * 4, checked(&rig, me, CheckOutcome::Verified)),
        (24 * 3, reviewed(status)),
        (24 * 2, reviewed(CapabilityStatus::Active)),
    ];
    let end = all_orders_agree(&rig, facts);
    assert!(end.platform.account(account).unwrap().charges_enabled());
}

/// That a holder has left is told before or after what was under way came or was given back.
#[test]
fn orders_of_the_end_of_a_connection_and_of_what_was_under_way() {
    let mut rig = Rig::ca();
    let flo = rig.flo;
    let (_, reader) = rig.stall(None);
    let order = NewPayment::by(PaymentMethod::InteracPresent, cad(20_00)).destination(flo).application_fee(cad(2_00));
    let sale = rig.pay(order);
    let (paid, action) = rig.process(reader, sale);
    rig.tell(took(paid, cad(20_00)));
    rig.tell(ended(reader, action));
    let back = NewRefund::of(sale).reverse_transfer().refund_application_fee();
    let action = rig.start(reader, ReaderTask::RefundPayment(back)).unwrap();
    let refund = rig.platform.reader(reader).unwrap().action().unwrap().kind().refund().unwrap();
    let order = NewPayment::card(cad(30_00)).destination(flo).application_fee(cad(3_00));
    let open = rig.pay(order);
    let open = rig.charge(open);
    rig.wait(days(1));
    let left = fundroute::accounts::ConnectionRevoked { account: flo };
    let facts = vec![
        (9, took(open, cad(30_00))),
        (8, Fact::ConnectionRevoked(left)),
        (7, ended(reader, action)),
        (6, Fact::RefundSucceeded(RefundSucceeded { refund })),
    ];
    for without in [3, 0] {
        let mut facts = facts.clone();
        facts.remove(without);
        all_orders_agree(&rig, facts);
    }
}
