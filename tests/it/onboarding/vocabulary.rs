//! An account in the words of the newer interface, in every phase that it can be in.

use fundroute::accounts::v2::{AwaitingActionFrom, CapabilityStatus, StatusCode};
use fundroute::accounts::{CapabilityStatus as Known, Phase, RejectAccount, RejectReason, Review, SetPause};
use fundroute::ids::AccountId;
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, Table, Vetting};

use super::Desk;

/// The phase of an account, and what its card payments are in both vocabularies.
fn told(desk: &Desk, account: AccountId) -> (Phase, Option<Known>, Option<CapabilityStatus>, Vec<StatusCode>) {
    let cards = Capability::CardPayments;
    let report = desk.platform.capability_v2(account, cards).unwrap();
    let all = desk.platform.account_v2(account).unwrap();
    assert!(all.capabilities.contains(&report));
    let known = desk.platform.capability(account, cards).unwrap().status;
    assert_eq!(known == Some(Known::Active), report.status == Some(CapabilityStatus::Active), "both say the same");
    let codes = report.status_details.iter().map(|detail| detail.code).collect();
    (desk.platform.readiness(account).unwrap().phase, known, report.status, codes)
}

#[test]
fn every_phase_has_its_words() {
    use CapabilityStatus::{Active, Pending, Rejected, Restricted};
    let mut desk = Desk::open();
    let off = Some(Known::Inactive);
    let jo = desk.custom(US, BusinessType::Individual);
    assert_eq!(told(&desk, jo), (Phase::Incomplete, off, Some(Restricted), vec![StatusCode::RequirementsPastDue]));
    for _ in 0..3 {
        desk.give_all_but(jo, &[]);
    }
    let checking = vec![StatusCode::RequirementsPendingVerification];
    // Transfers do not wait for the address, cards do.
    assert_eq!(told(&desk, jo), (Phase::Restricted, Some(Known::Pending), Some(Pending), checking));
    let entries = desk.platform.account_v2(jo).unwrap().entries;
    assert!(entries.iter().any(|entry| entry.awaiting_action_from == AwaitingActionFrom::Processor));
    desk.settle();
    assert_eq!(told(&desk, jo), (Phase::Restricted, Some(Known::Active), Some(Active), vec![]), "no bank account yet");

    let mut vetted = Desk::open_by(Rulebook::standard().with_vetting(Vetting::ByHost));
    let ann = vetted.custom(US, BusinessType::Individual);
    let deciding = vec![StatusCode::DeterminingStatus];
    assert_eq!(told(&vetted, ann), (Phase::Verifying, Some(Known::Pending), Some(Pending), deciding));

    let al = desk.ready(NewAccount::express(US));
    assert_eq!(told(&desk, al), (Phase::Ready, Some(Known::Active), Some(Active), vec![]));
    let now = desk.platform.now();
    desk.platform.accounts().record_review_opened("look", now, al, Review::UnderReview).unwrap();
    assert_eq!(told(&desk, al), (Phase::UnderReview, off, Some(Pending), vec![StatusCode::DeterminingStatus]));
    let el = desk.ready(NewAccount::express(US));
    desk.platform.accounts().set_pause("stop", SetPause::payments(el, true)).unwrap();
    assert_eq!(told(&desk, el), (Phase::Paused, off, Some(Restricted), vec![StatusCode::RestrictedOther]));
    desk.platform.accounts().set_pause("go on", SetPause::payments(el, false)).unwrap();
    desk.platform.accounts().reject("out", RejectAccount::new(el, RejectReason::Credit)).unwrap();
    assert_eq!(told(&desk, el), (Phase::Rejected, off, Some(Rejected), vec![StatusCode::RejectedPlatformOther]));
    desk.platform.accounts().unreject("in", el).unwrap();
    desk.platform.accounts().record_rejected("out-2", now, el, RejectReason::FraudOther).unwrap();
    assert_eq!(told(&desk, el), (Phase::Rejected, off, Some(Rejected), vec![StatusCode::RejectedFraud]));

    let ed = desk.ready(NewAccount::standard(US));
    desk.platform.connections().record_revoked("left", now, ed).unwrap();
    assert_eq!(told(&desk, ed), (Phase::Disconnected, off, Some(Restricted), vec![StatusCode::RestrictedOther]));
    let em = desk.ready(NewAccount::express(US));
    desk.platform.accounts().close("close", em).unwrap();
    assert_eq!(told(&desk, em), (Phase::Closed, off, Some(Restricted), vec![StatusCode::RestrictedOther]));
}

/// Where accounts of that sort cannot be at all, nothing that is given helps.
#[test]
fn what_no_account_like_this_can_have() {
    // Opened by rules that had accounts for individuals there, and read by today's, which have none.
    let mut book = Rulebook::standard();
    let row =
        "country,sets,confidence,business_types,owners,source\nAE,ae common everywhere,low,individual,>=25,ours\n";
    book.read(Table::RequirementSets, row).unwrap();
    let mut desk = Desk::open_by(book);
    let oak = desk.custom(Country::AE, BusinessType::Individual);
    let now = desk.platform.now();
    desk.platform = Platform::restore(Rulebook::standard(), desk.platform.snapshot(), now);
    let report = desk.platform.capability_v2(oak, Capability::Transfers).unwrap();
    assert_eq!(report.status, Some(CapabilityStatus::Unsupported));
    assert_eq!(report.status_details[0].code, StatusCode::UnsupportedEntityType);
    let other = desk.platform.capability_v2(oak, Capability::KlarnaPayments).unwrap();
    assert_eq!((other.requested, other.status), (false, Some(CapabilityStatus::Unsupported)));
}
