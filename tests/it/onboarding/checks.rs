use fundroute::accounts::{Information, Phase, Verification};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Check, RequirementErrorCode};
use fundroute::simulator::{UNKNOWN_NUMBER, UNREADABLE_DOCUMENT};

use super::{Desk, names};

/// docs.stripe.com/connect/handling-api-verification (2024): a number that nobody knows is asked for again, and a document does as
/// well; one that cannot be read does not.
#[test]
fn a_failed_check_is_made_good_by_a_document() {
    let mut desk = Desk::open();
    let jo = desk.custom(US, BusinessType::Individual);
    for _ in 0..3 {
        desk.give_all_but(jo, &["individual.id_number", "individual.ssn_last_4"]);
    }
    desk.give(Information::about(jo).set("individual.id_number", UNKNOWN_NUMBER).set("individual.ssn_last_4", "1111"))
        .unwrap();
    desk.settle();
    let asked = desk.asked(jo);
    let wrong: Vec<&str> = asked.errors.iter().map(|error| error.requirement.as_str()).collect();
    assert!(wrong.contains(&"individual.id_number"), "{asked:?}");
    assert_eq!(asked.errors[0].code, RequirementErrorCode::VerificationFailedIdNumberMatch);
    let instead = asked.alternatives.iter().map(|known| names(&known.alternative_fields_due)).collect::<Vec<_>>();
    assert!(instead.contains(&vec!["individual.verification.document"]), "{asked:?}");
    let person = desk.platform.persons(jo).unwrap()[0].id();
    assert_eq!(desk.platform.person(person).unwrap().verification(), Verification::Unverified);

    // Something that cannot be read is no answer.
    let document = |name: &str| Information::about(jo).set("individual.verification.document", name);
    desk.give(document(UNREADABLE_DOCUMENT)).unwrap();
    assert_eq!(desk.platform.person(person).unwrap().verification(), Verification::Pending);
    assert!(names(&desk.asked(jo).pending_verification).contains(&"individual.id_number"));
    desk.settle();
    let code = RequirementErrorCode::VerificationDocumentNotReadable;
    assert!(desk.asked(jo).errors.iter().any(|error| error.code == code));
    desk.give(document("file_identity_document_success")).unwrap();
    desk.settle();
    let asked = desk.asked(jo);
    assert!(asked.errors.is_empty() && !names(&asked.eventually_due).contains(&"individual.id_number"), "{asked:?}");
    assert_eq!(desk.platform.person(person).unwrap().verification(), Verification::Verified);
}

/// Giving the same field again is an answer too, and the first check's result is about something else then.
#[test]
fn a_late_answer_to_what_was_changed_is_stale() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    desk.give(Information::about(oak).set("company.tax_id", "123456789")).unwrap();
    desk.give(Information::about(oak).set("company.tax_id", "000000000")).unwrap();
    let profile = desk.platform.account(oak).unwrap().profile();
    assert_eq!(desk.platform.profile(profile).unwrap().given().check(Check::TaxId).unwrap().revision, 2);
    let outcome =
        fundroute::accounts::CheckOutcome::Failed { code: RequirementErrorCode::InvalidTaxId, fields: Vec::new() };
    let old = fundroute::accounts::InformationChecked {
        account: oak,
        person: None,
        check: Check::TaxId,
        revision: 1,
        outcome,
    };
    let now = desk.platform.now();
    let told = desk.platform.accounts().record_checked("late", now, old).unwrap();
    assert_eq!(told.answer, fundroute::journal::FactOutcome::Stale);
    assert!(desk.asked(oak).errors.is_empty());
}

/// docs.stripe.com/connect/update-verified-information (2024): fourteen days after a change of verified data, not extended by
/// another change.
#[test]
fn a_change_of_verified_data_has_fourteen_days() {
    let mut desk = Desk::open();
    let new = NewAccount::custom(US)
        .request(fundroute::rulebook::Capability::CardPayments)
        .request(fundroute::rulebook::Capability::Transfers);
    let jo = desk.ready(new.business_type(BusinessType::Individual));
    desk.wait(40);
    let changed = desk.platform.now();
    desk.give(Information::about(jo).set("individual.address.city", "Reno")).unwrap();
    desk.wait(10);
    desk.give(Information::about(jo).set("individual.address.city", "Elko")).unwrap();
    let still = |desk: &Desk| desk.platform.account(jo).unwrap().charges_enabled();
    let over = changed.plus_days(14).unwrap();
    desk.platform.advance_to(over.checked_add(-chrono::TimeDelta::microseconds(1)).unwrap()).unwrap();
    assert!(still(&desk));
    desk.platform.advance_to(over).unwrap();
    assert!(!still(&desk), "an address in the United States is to be confirmed before cards are taken");
    let ready = desk.platform.readiness(jo).unwrap();
    assert_eq!(ready.phase, Phase::Restricted);
    assert!(names(&ready.waiting_for).contains(&"individual.address.city"));
    desk.settle();
    assert_eq!(desk.platform.readiness(jo).unwrap().phase, Phase::Ready);
}
