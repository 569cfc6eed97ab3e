//! Terms of single countries, by the clock: for how long somebody can go unverified in Singapore, and what has expired in the Emirates.

use fundroute::accounts::{
    CheckOutcome, DisabledReason, Information, InformationChecked, Phase, RejectReason, RejectedBy, ReviewClosed,
    ReviewOutcome,
};
use fundroute::calendar::{BankCalendar, Timestamp};
use fundroute::ids::{AccountId, PersonId};
use fundroute::journal::{Fact, Instruction, Report};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Check, RequirementErrorCode, Table};

use super::{Desk, names};

/// An individual in Singapore of whom everything is known, but whom nobody has confirmed.
fn unconfirmed(desk: &mut Desk) -> (AccountId, PersonId) {
    let jo = desk.custom(Country::SG, BusinessType::Individual);
    for _ in 0..4 {
        desk.give_all_but(jo, &[]);
    }
    let bank = desk.platform.rulebook().country(Country::SG).unwrap().default_currency();
    desk.world.add_bank(&mut desk.platform, jo, Country::SG, bank, "000123456").unwrap();
    answer_all_but(desk, Check::Identity);
    (jo, desk.platform.persons(jo).unwrap().first().unwrap().id())
}

fn answer_all_but(desk: &mut Desk, left_out: Check) {
    for instruction in desk.platform.instructions() {
        let is_left_out = matches!(&instruction, Instruction::Account(fundroute::accounts::AccountInstruction::Verify { check, .. }) if *check == left_out);
        if !is_left_out {
            desk.world.answer(&desk.platform, &instruction);
        }
    }
    while let Some(report) = desk.world.tell(desk.platform.now()) {
        desk.platform.record(&report).unwrap();
    }
}

fn is_on(desk: &Desk, account: AccountId) -> bool {
    desk.platform.account(account).unwrap().charges_enabled()
}

fn just_before(at: Timestamp) -> Timestamp {
    at.checked_add(-chrono::TimeDelta::microseconds(1)).unwrap()
}

fn reason(desk: &Desk, account: AccountId) -> Option<DisabledReason> {
    desk.platform.readiness(account).unwrap().disabled_reason
}

const TURNED_AWAY: Option<DisabledReason> = Some(DisabledReason::Rejected(RejectedBy::Processor, RejectReason::Other));

/// docs.stripe.com/connect/required-verification-information (2024): unverified for more than 120 business days, the account is
/// closed, as `rejected.other`. From Monday, the 2nd of November 2026, the 120th is Monday, the 19th of April 2027.
#[test]
fn who_is_not_verified_for_120_business_days_is_turned_away_in_singapore() {
    let mut desk = Desk::open();
    let (jo, me) = unconfirmed(&mut desk);
    let over = utc(2027, 4, 20);
    desk.platform.advance_to(utc(2027, 4, 6)).unwrap();
    assert!(is_on(&desk, jo));
    assert!(names(&desk.asked(jo).pending_verification).contains(&"individual.first_name"));
    desk.platform.advance_to(just_before(over)).unwrap();
    assert_eq!((is_on(&desk, jo), reason(&desk, jo)), (true, None));
    let changes = desk.platform.advance_to(over).unwrap();
    assert_eq!(reason(&desk, jo), TURNED_AWAY);
    assert_eq!(TURNED_AWAY.unwrap().as_str(), "rejected.other");
    let account = desk.platform.account(jo).unwrap();
    assert!(!account.charges_enabled() && !account.payouts_enabled());
    let updated = changes[0].events.iter().filter(|event| event.kind.name() == "account.updated").count();
    assert_eq!((changes.len(), updated), (1, 1), "told once");
    // Verified too late, it stays; what the processor takes back, the clock does not do again.
    desk.checked(jo, Some(me), Check::Identity, Some("first_name"));
    assert_eq!(reason(&desk, jo), TURNED_AWAY);
    let fact = Fact::ReviewClosed(ReviewClosed { account: jo, outcome: ReviewOutcome::Cleared });
    let (key, at) = (desk.key(), desk.platform.now().plus_days(1).unwrap());
    desk.platform.advance_to(at).unwrap();
    desk.platform.record(&Report::new(key, at, fact)).unwrap();
    assert_eq!(reason(&desk, jo), Some(DisabledReason::RequirementsPastDue));
    desk.give(Information::about(jo).set("individual.first_name", "Jo")).unwrap();
    desk.checked(jo, Some(me), Check::Identity, None);
    assert_eq!(desk.platform.readiness(jo).unwrap().phase, Phase::Ready);
}

#[test]
fn who_is_verified_in_time_stays_and_a_change_counts_anew() {
    let mut desk = Desk::open();
    let (jo, me) = unconfirmed(&mut desk);
    desk.platform.advance_to(utc(2027, 4, 19)).unwrap();
    desk.checked(jo, Some(me), Check::Identity, None);
    desk.platform.advance_to(utc(2028, 5, 1)).unwrap();
    assert!(is_on(&desk, jo));
    // 14 days as a change of what was verified has; after that it fails, but only in 120 business days is the account turned away.
    desk.give(Information::about(jo).set("individual.first_name", "Joan")).unwrap();
    desk.platform.advance_to(utc(2028, 10, 16)).unwrap();
    assert_eq!((is_on(&desk, jo), reason(&desk, jo)), (true, None), "still checked");
    desk.platform.advance_to(utc(2028, 10, 17)).unwrap();
    assert_eq!(reason(&desk, jo), TURNED_AWAY);
}

/// Days on which the banks are closed do not count, where the host names them.
#[test]
fn holidays_are_the_hosts_to_name() {
    let calendar = BankCalendar::weekends_only().with_holidays([utc(2026, 11, 9).date(), utc(2026, 12, 25).date()]);
    let mut desk = Desk::open_by(Rulebook::standard().with_calendar(Country::SG, calendar).unwrap());
    let (jo, _) = unconfirmed(&mut desk);
    desk.platform.advance_to(just_before(utc(2027, 4, 22))).unwrap();
    assert!(is_on(&desk, jo));
    desk.platform.advance_to(utc(2027, 4, 22)).unwrap();
    assert_eq!(reason(&desk, jo), TURNED_AWAY);
}

/// Whoever is removed while their check fails takes no days with them: the one who comes after counts from the failure.
#[test]
fn nobody_has_120_days_twice() {
    let mut desk = Desk::open();
    let oak = desk.ready(
        NewAccount::custom(Country::SG)
            .request(fundroute::rulebook::Capability::Transfers)
            .business_type(BusinessType::Company),
    );
    let mut owner = None;
    let begun = desk.platform.now();
    for days in [0, 14, 29] {
        desk.platform.advance_to(begun.plus_days(days).unwrap()).unwrap();
        if let Some(owner) = owner {
            let key = desk.key();
            desk.platform.accounts().delete_person(&key, owner).unwrap();
        }
        let next = desk.person(oak, fundroute::accounts::Relationship::of([fundroute::rulebook::PersonRole::Owner]));
        let told =
            Information::about_person(next).set("first_name", "Al").set("last_name", "Oak").set("dob", "1970-01-01");
        desk.give(told).unwrap();
        desk.checked(oak, Some(next), Check::Identity, Some("first_name"));
        owner = Some(next);
    }
    let standing = |desk: &Desk| desk.platform.account(oak).unwrap().standing().rejection;
    desk.platform.advance_to(just_before(utc(2027, 5, 4))).unwrap();
    assert_eq!(standing(&desk), None);
    desk.platform.advance_to(utc(2027, 5, 4)).unwrap();
    assert!(standing(&desk).is_some(), "120 business days after the failure of the one before");
}

#[test]
fn an_account_turned_away_says_when_the_days_are_data() {
    let mut rules = Rulebook::standard();
    let header = "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,since,unit,from,\
                  after,turns_away,confidence,source";
    let row =
        |rest: &str| format!("{header}\nsg,individual,*,*,*,individual,first_name,unverified,both,,,{rest},low,ours\n");
    for (rest, wrong) in [
        ("10,unverified,weeks,,,yes", "unknown variant"),
        (",,business_days,,,", "a unit is that of days"),
        (",,,,,yes", "turned away"),
        ("10,unverified,,,,perhaps", "neither"),
    ] {
        let error = rules.read(Table::Requirements, &row(rest)).unwrap_err().to_string();
        assert!(error.contains(wrong), "{rest}: {error}");
    }
    rules.read(Table::Requirements, &row("10,unverified,,,,yes")).unwrap();
}

/// A company in the Emirates of which everything is verified, long since.
fn emirates(desk: &mut Desk) -> AccountId {
    let oak = desk.ready(
        NewAccount::custom(Country::AE)
            .request(fundroute::rulebook::Capability::CardPayments)
            .request(fundroute::rulebook::Capability::Transfers)
            .business_type(BusinessType::Company),
    );
    desk.wait(300);
    oak
}

fn expires(desk: &mut Desk, account: AccountId, field: &str) {
    let profile = desk.platform.account(account).unwrap().profile();
    let revision = desk.platform.profile(profile).unwrap().given().check(Check::CompanyDocument).unwrap().revision;
    let code = RequirementErrorCode::VerificationDocumentExpired;
    let outcome = CheckOutcome::Failed { code, fields: vec![field.into()] };
    let fact = InformationChecked { account, person: None, check: Check::CompanyDocument, revision, outcome };
    let (key, at) = (desk.key(), desk.platform.now());
    desk.platform.record(&Report::new(key, at, Fact::InformationChecked(fact))).unwrap();
}

const LICENSE: &str = "documents.company_license";

/// docs.stripe.com/connect/required-verification-information (2024): documents that have expired have 28 days, and are currently due
/// for the last two weeks of them.
#[test]
fn what_has_expired_has_28_days_in_the_emirates() {
    let mut desk = Desk::open();
    let oak = emirates(&mut desk);
    let begun = desk.platform.now();
    expires(&mut desk, oak, LICENSE);
    let asked = desk.asked(oak);
    assert_eq!((names(&asked.eventually_due), asked.currently_due.len()), (vec![LICENSE], 0));
    assert_eq!(asked.errors[0].code, RequirementErrorCode::VerificationDocumentExpired);
    desk.platform.advance_to(just_before(begun.plus_days(14).unwrap())).unwrap();
    assert!(desk.asked(oak).currently_due.is_empty());
    desk.wait(1);
    let asked = desk.asked(oak);
    assert_eq!((names(&asked.currently_due), asked.past_due.len()), (vec![LICENSE], 0));
    assert_eq!(asked.current_deadline, begun.plus_days(28).ok());
    // Told again that it has expired, it has no longer.
    expires(&mut desk, oak, LICENSE);
    assert_eq!(desk.asked(oak).current_deadline, begun.plus_days(28).ok());
    desk.platform.advance_to(just_before(begun.plus_days(28).unwrap())).unwrap();
    assert!(is_on(&desk, oak));
    desk.wait(1);
    assert_eq!(names(&desk.asked(oak).past_due), [LICENSE]);
    assert!(!is_on(&desk, oak));
    desk.give(Information::about(oak).set(LICENSE, "file_identity_document_success")).unwrap();
    assert!(!is_on(&desk, oak), "it has to be found true now");
    desk.checked(oak, None, Check::CompanyDocument, None);
    assert!(is_on(&desk, oak));
}

#[test]
fn a_new_document_in_time_is_checked_while_the_account_goes_on() {
    let mut desk = Desk::open();
    let oak = emirates(&mut desk);
    let begun = desk.platform.now();
    expires(&mut desk, oak, LICENSE);
    desk.wait(20);
    desk.give(Information::about(oak).set(LICENSE, "file_new_license")).unwrap();
    assert!(is_on(&desk, oak), "verified it has to be only when the 28 days are over");
    desk.checked(oak, None, Check::CompanyDocument, Some(LICENSE));
    assert_eq!((is_on(&desk, oak), desk.asked(oak).current_deadline), (true, begun.plus_days(28).ok()));
    desk.platform.advance_to(begun.plus_days(28).unwrap()).unwrap();
    assert!(!is_on(&desk, oak));
}

#[test]
fn what_was_never_verified_has_no_28_days() {
    let mut desk = Desk::open();
    let oak = desk.custom(Country::AE, BusinessType::Company);
    for _ in 0..4 {
        desk.give_all_but(oak, &[]);
    }
    answer_all_but(&mut desk, Check::CompanyDocument);
    expires(&mut desk, oak, LICENSE);
    assert!(names(&desk.asked(oak).past_due).contains(&LICENSE));
    // Elsewhere what has expired is like anything else that fails.
    let oak = desk.ready(NewAccount::express(US).business_type(BusinessType::Company));
    let profile = desk.platform.account(oak).unwrap().profile();
    assert_eq!(desk.platform.rulebook().requirement_set(US).expired_days(), None);
    assert!(desk.platform.profile(profile).unwrap().given().check(Check::CompanyDocument).is_none());
}
