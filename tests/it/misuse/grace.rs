//! Time that is given to an account once, and ways to have it again.

use fundroute::accounts::*;
use fundroute::ids::*;
use fundroute::journal::*;
use fundroute::prelude::*;
use fundroute::rulebook::*;

use super::*;

fn company(lab: &mut Lab) -> AccountId {
    lab.ready(custom(US).business_type(BusinessType::Company))
}

fn individual(lab: &mut Lab) -> AccountId {
    lab.ready(custom(US).business_type(BusinessType::Individual))
}

fn is_on(lab: &Lab, account: AccountId) -> bool {
    lab.p.account(account).unwrap().charges_enabled()
}

fn turn(lab: &mut Lab, account: AccountId, business_type: BusinessType) {
    lab.give(Information::about(account).business_type(business_type)).unwrap();
}

fn representative(lab: &Lab, account: AccountId) -> Person {
    let represents = |person: &&Person| person.relationship().is(PersonRole::Representative);
    lab.p.persons(account).unwrap().into_iter().find(represents).unwrap().clone()
}

fn without_role(person: &Person) -> Relationship {
    let mut relationship = person.relationship().clone();
    relationship.roles.retain(|role| *role != PersonRole::Representative);
    relationship
}

fn relate(lab: &mut Lab, person: PersonId, relationship: Relationship) {
    lab.give(Information::about_person(person).relationship(relationship)).unwrap();
}

fn director(lab: &mut Lab, account: AccountId) -> PersonId {
    let director = lab.person(account, Relationship::of([PersonRole::Director]));
    name(lab, director);
    director
}

fn name(lab: &mut Lab, person: PersonId) {
    lab.give(Information::about_person(person).set("first_name", "Al").set("last_name", "Oak")).unwrap();
}

fn is_asked(lab: &Lab, account: AccountId, path: &str) -> bool {
    lab.due(account).iter().any(|known| known == path)
}

#[test]
fn there_and_back_again_gives_no_time_twice() {
    let mut lab = Lab::new();
    let jo = individual(&mut lab);
    turn(&mut lab, jo, BusinessType::Company);
    lab.wait(13);
    assert!(is_on(&lab, jo));
    turn(&mut lab, jo, BusinessType::Individual);
    assert!(is_on(&lab, jo), "everything is known of the individual");
    lab.wait(2);
    turn(&mut lab, jo, BusinessType::Company);
    assert!(!is_on(&lab, jo), "the fourteen days of the company were over");
    turn(&mut lab, jo, BusinessType::Individual);
    assert!(is_on(&lab, jo));
}

#[test]
fn a_change_brings_nothing_back_that_was_off() {
    let mut lab = Lab::new();
    let jo = individual(&mut lab);
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.fails(jo, Some(me), Check::Identity, &["first_name"]);
    lab.wait(15);
    assert!(!is_on(&lab, jo));
    turn(&mut lab, jo, BusinessType::Company);
    assert!(!is_on(&lab, jo));
}

#[test]
fn a_capability_asked_for_meanwhile_has_no_time_of_its_own() {
    let mut lab = Lab::new();
    let new = NewAccount::custom(US).request(Capability::Transfers).business_type(BusinessType::Individual);
    let jo = lab.ready(new);
    turn(&mut lab, jo, BusinessType::Company);
    let capability = Capability::UsBankAccountAchPayments;
    lab.ask(Command::RequestCapability(RequestCapability { account: jo, capability, requested: true })).unwrap();
    lab.give(
        Information::about(jo).set("business_profile.mcc", "5734").set("business_profile.url", "https://a.example"),
    )
    .unwrap();
    let known = lab.p.account(jo).unwrap();
    assert_ne!(known.capability(capability), Some(CapabilityStatus::Active), "nothing is known of the company");
    assert!(known.payouts_enabled(), "what worked goes on");
}

#[test]
fn a_representative_stands_down_once() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    let rep = representative(&lab, oak);
    relate(&mut lab, rep.id(), without_role(&rep));
    lab.wait(13);
    assert!(is_on(&lab, oak));
    relate(&mut lab, rep.id(), rep.relationship().clone());
    lab.wait(2);
    assert!(is_on(&lab, oak));
    relate(&mut lab, rep.id(), without_role(&rep));
    assert!(!is_on(&lab, oak));
}

#[test]
fn a_role_given_back_puts_no_deadline_of_its_holder_off() {
    let mut lab = Lab::new();
    let oak = lab.unchecked(Check::Identity);
    lab.wait(29);
    assert!(is_on(&lab, oak));
    let rep = representative(&lab, oak);
    relate(&mut lab, rep.id(), without_role(&rep));
    relate(&mut lab, rep.id(), rep.relationship().clone());
    lab.wait(2);
    assert!(!is_on(&lab, oak), "thirty days without anybody having confirmed who they are");
}

#[test]
fn a_failure_told_again_starts_no_time_anew() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    lab.wait(100);
    let al = director(&mut lab, oak);
    lab.fails(oak, Some(al), Check::Identity, &["first_name"]);
    let first = lab.p.requirements(oak).unwrap().current_deadline;
    lab.wait(10);
    lab.fails(oak, Some(al), Check::Identity, &["first_name"]);
    assert_eq!(lab.p.requirements(oak).unwrap().current_deadline, first);
    lab.wait(4);
    assert!(!is_on(&lab, oak));
    lab.fails(oak, Some(al), Check::Identity, &["first_name"]);
    assert!(!is_on(&lab, oak), "said again, it is no better");
}

fn fails_now(lab: &mut Lab, account: AccountId, person: PersonId) {
    lab.fails(account, Some(person), Check::Identity, &["first_name"]);
}

fn remove(lab: &mut Lab, person: PersonId) {
    lab.ask(Command::DeletePerson(person)).unwrap();
}

/// A company, long since ready, with a director in whom a check has just failed.
fn doubted(lab: &mut Lab) -> (AccountId, PersonId) {
    let oak = company(lab);
    lab.wait(100);
    let al = director(lab, oak);
    fails_now(lab, oak, al);
    (oak, al)
}

#[test]
fn who_is_removed_and_added_again_has_no_time_of_their_own() {
    let mut lab = Lab::new();
    let (oak, al) = doubted(&mut lab);
    let first = lab.p.requirements(oak).unwrap().current_deadline;
    lab.wait(13);
    remove(&mut lab, al);
    let again = director(&mut lab, oak);
    assert!(is_on(&lab, oak));
    fails_now(&mut lab, oak, again);
    assert_eq!(lab.p.requirements(oak).unwrap().current_deadline, first);
    lab.wait(1);
    assert!(!is_on(&lab, oak), "fourteen days, whatever they are called");
    remove(&mut lab, again);
    assert!(is_on(&lab, oak), "nobody is in doubt");
    let third = director(&mut lab, oak);
    assert!(!is_on(&lab, oak), "somebody has to be found true now");
    let (check, revision, outcome) = (Check::Identity, 1, CheckOutcome::Verified);
    let at = lab.p.now();
    let fact = InformationChecked { account: oak, person: Some(third), check, revision, outcome };
    lab.tell_at(at, Fact::InformationChecked(fact));
    assert!(is_on(&lab, oak));
    fails_now(&mut lab, oak, third);
    assert!(is_on(&lab, oak), "who was found true once has time of their own");
}

#[test]
fn who_is_added_again_before_they_are_removed_has_no_time_either() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    lab.wait(100);
    let al = director(&mut lab, oak);
    let empty = lab.person(oak, Relationship::of([PersonRole::Director]));
    fails_now(&mut lab, oak, al);
    lab.wait(13);
    name(&mut lab, empty);
    remove(&mut lab, al);
    lab.wait(1);
    assert!(!is_on(&lab, oak));
}

#[test]
fn whom_nobody_came_for_keeps_their_own_time() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    lab.wait(100);
    let other = director(&mut lab, oak);
    lab.wait(1);
    let al = director(&mut lab, oak);
    fails_now(&mut lab, oak, al);
    lab.wait(10);
    fails_now(&mut lab, oak, other);
    remove(&mut lab, al);
    lab.wait(13);
    assert!(is_on(&lab, oak), "they were there before anybody failed");
    lab.wait(1);
    assert!(!is_on(&lab, oak));
}

#[test]
fn who_comes_long_after_somebody_has_left_has_time_of_their_own() {
    for (away, is_in_time) in [(14, false), (15, true)] {
        let mut lab = Lab::new();
        let (oak, al) = doubted(&mut lab);
        remove(&mut lab, al);
        lab.wait(away);
        let other = director(&mut lab, oak);
        fails_now(&mut lab, oak, other);
        assert_eq!(is_on(&lab, oak), is_in_time, "{away}");
    }
}

/// The world says that a check fails before or after the person is removed, and before or after another one comes.
#[test]
fn when_the_world_says_that_somebody_removed_is_in_doubt_is_no_matter() {
    let mut ends = Vec::new();
    for told in 0..3 {
        let mut lab = Lab::new();
        let oak = company(&mut lab);
        lab.wait(100);
        let al = director(&mut lab, oak);
        let at = lab.p.now();
        let (check, revision) = (Check::Identity, 1);
        let outcome = CheckOutcome::Failed { code: RequirementErrorCode::VerificationFailedOther, fields: Vec::new() };
        let fact = InformationChecked { account: oak, person: Some(al), check, revision, outcome };
        let say = |lab: &mut Lab, when| {
            if when == told {
                lab.tell_at(at, Fact::InformationChecked(fact.clone()));
            }
        };
        lab.wait(13);
        say(&mut lab, 0);
        remove(&mut lab, al);
        say(&mut lab, 1);
        director(&mut lab, oak);
        say(&mut lab, 2);
        assert!(is_on(&lab, oak));
        lab.wait(1);
        ends.push(is_on(&lab, oak));
    }
    assert_eq!(ends, [false; 3]);
}

#[test]
fn once_the_time_is_over_giving_it_again_is_not_enough() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    lab.wait(100);
    let al = director(&mut lab, oak);
    lab.fails(oak, Some(al), Check::Identity, &["first_name"]);
    lab.wait(14);
    assert!(!is_on(&lab, oak));
    name(&mut lab, al);
    assert!(!is_on(&lab, oak), "it has to be found true now");
    assert_eq!(lab.p.requirements(oak).unwrap().past_due, []);
    let (check, revision) = (Check::Identity, lab.revision(oak, Some(al), Check::Identity));
    let outcome = CheckOutcome::Verified;
    let at = lab.p.now();
    let fact = InformationChecked { account: oak, person: Some(al), check, revision, outcome };
    lab.tell_at(at, Fact::InformationChecked(fact));
    assert!(is_on(&lab, oak));
}

/// The world tells four times of one check, in any order: the time counts from the same failure.
#[test]
fn since_when_a_check_fails_is_no_matter_of_the_order() {
    let failed = |code| CheckOutcome::Failed { code, fields: Vec::new() };
    let code = RequirementErrorCode::VerificationFailedOther;
    let answers = [(1, failed(code)), (2, failed(code)), (3, CheckOutcome::Verified), (4, failed(code))];
    let mut ends = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [3, 0, 2, 1], [1, 3, 0, 2], [2, 3, 1, 0]] {
        let mut lab = Lab::new();
        let oak = company(&mut lab);
        let al = director(&mut lab, oak);
        let start = lab.p.now();
        lab.wait(5);
        let revision = lab.revision(oak, Some(al), Check::Identity);
        for which in order {
            let (day, outcome): &(i64, CheckOutcome) = &answers[which];
            let at = start.plus_days(*day).unwrap();
            let check = Check::Identity;
            let outcome = outcome.clone();
            let fact = InformationChecked { account: oak, person: Some(al), check, revision, outcome };
            lab.tell_at(at, Fact::InformationChecked(fact));
        }
        let dues = lab.p.person(al).unwrap().due().to_vec();
        assert_eq!(dues[0].deadline, Some(start.plus_days(18).unwrap()), "{order:?} {:?}", lab.p.requirements(oak));
        ends.push(lab.p.person(al).unwrap().clone());
    }
    assert!(ends.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn what_the_world_took_away_does_not_come_back_by_asking_again() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    let (account, capability, status) = (oak, Capability::CardPayments, CapabilityStatus::Inactive);
    let at = lab.p.now();
    lab.tell_at(at, Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }));
    for requested in [false, true] {
        lab.ask(Command::RequestCapability(RequestCapability { account, capability, requested })).unwrap();
    }
    assert_eq!(lab.p.account(oak).unwrap().capability(capability), Some(status));
}

#[test]
fn what_a_document_proved_has_fourteen_days_when_it_is_changed() {
    let mut lab = Lab::new();
    let jo = individual(&mut lab);
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.give(Information::about(jo).set("individual.first_name", "Jane")).unwrap();
    lab.fails(jo, Some(me), Check::Identity, &["first_name"]);
    lab.give(Information::about(jo).set("individual.verification.document", "file_identity_document_success")).unwrap();
    lab.w.settle(&mut lab.p).unwrap();
    lab.wait(40);
    assert_eq!((is_on(&lab, jo), lab.p.person(me).unwrap().verification()), (true, Verification::Verified));
    lab.give(Information::about(jo).set("individual.first_name", "Joan")).unwrap();
    lab.wait(13);
    assert!(is_on(&lab, jo));
    lab.wait(1);
    assert!(!is_on(&lab, jo), "nobody has confirmed the new name");
}

#[test]
fn a_pause_takes_no_time_away() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    let rep = representative(&lab, oak);
    lab.ask(Command::SetPause(SetPause::both(oak, true))).unwrap();
    relate(&mut lab, rep.id(), Relationship::of([PersonRole::Owner]).owning(100));
    lab.ask(Command::SetPause(SetPause::both(oak, false))).unwrap();
    assert!(is_on(&lab, oak));
}

#[test]
fn of_a_company_that_becomes_an_individual_there_is_one_representative() {
    let mut lab = Lab::new();
    let jo = individual(&mut lab);
    let me = lab.p.persons(jo).unwrap()[0].id();
    for business_type in [BusinessType::Company, BusinessType::Individual] {
        let told =
            Request::new(lab.key(), Command::ProvideInformation(Information::about(jo).business_type(business_type)));
        let changes = lab.p.handle(told).unwrap().changes;
        let names: Vec<&str> = changes.events.iter().map(|event| event.kind.name()).collect();
        assert!(names.contains(&"person.updated"), "{names:?}");
        assert!(is_on(&lab, jo));
    }
    lab.give(Information::about(jo).set("individual.first_name", "Al")).unwrap();
    turn(&mut lab, jo, BusinessType::Company);
    let persons = lab.p.persons(jo).unwrap();
    assert_eq!((persons.len(), persons[0].id(), persons[0].is_individual()), (1, me, false));
}

#[test]
fn a_minor_has_a_guardian_who_is_somebody_else_and_grown_up() {
    let mut lab = Lab::new();
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    let roles = [PersonRole::Representative, PersonRole::Executive];
    let rep = lab.person(oak, Relationship::of(roles));
    lab.give(Information::about_person(rep).set("dob", "2010-01-01")).unwrap();
    let wanted = "relationship.legal_guardian";
    assert!(is_asked(&lab, oak, wanted));
    relate(&mut lab, rep, Relationship::of(roles).and(PersonRole::LegalGuardian));
    assert!(is_asked(&lab, oak, wanted), "not themselves");
    let other = lab.person(oak, Relationship::of([PersonRole::LegalGuardian]));
    lab.give(Information::about_person(other).set("dob", "2012-01-01")).unwrap();
    assert!(is_asked(&lab, oak, wanted), "not another minor");
    lab.give(Information::about_person(other).set("dob", "1982-01-01")).unwrap();
    assert!(!is_asked(&lab, oak, wanted));
}

#[test]
fn who_has_no_website_describes_the_product() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    let (url, other) = ("business_profile.url", "business_profile.product_description");
    assert!(is_asked(&lab, jo, url));
    let alternatives = lab.p.requirements(jo).unwrap().alternatives;
    assert!(alternatives.iter().any(|known| known.alternative_fields_due[0].as_str() == other), "{alternatives:?}");
    lab.give(Information::about(jo).set(other, "Handmade shoes for children")).unwrap();
    assert!(!is_asked(&lab, jo, url));
}

#[test]
fn who_owns_everything_need_not_say_that_these_are_all_owners() {
    let mut lab = Lab::new();
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    let owner = lab.person(oak, Relationship::of([PersonRole::Owner]).owning(60));
    assert!(is_asked(&lab, oak, "company.owners_provided"));
    relate(&mut lab, owner, Relationship::of([PersonRole::Owner]).owning(100));
    assert!(!is_asked(&lab, oak, "company.owners_provided"));
}

#[test]
fn another_owner_has_the_terms_accepted_anew() {
    let mut lab = Lab::new();
    let oak = company(&mut lab);
    lab.wait(40);
    assert!(!is_asked(&lab, oak, "tos_acceptance.date"));
    let owns = |person: &&Person| person.relationship().is(PersonRole::Owner);
    let owner = lab.p.persons(oak).unwrap().into_iter().find(owns).unwrap().clone();
    let less = Relationship { percent_ownership: Some(30_00), ..owner.relationship().clone() };
    relate(&mut lab, owner.id(), less);
    assert!(is_asked(&lab, oak, "tos_acceptance.date") && is_on(&lab, oak));
    lab.give(Information::about(oak).set("tos_acceptance.date", "1790000000").set("tos_acceptance.ip", "203.0.113.7"))
        .unwrap();
    assert!(!is_asked(&lab, oak, "tos_acceptance.date"));
    lab.person(oak, Relationship::of([PersonRole::Owner]).owning(70));
    assert!(is_asked(&lab, oak, "tos_acceptance.date"));
}
