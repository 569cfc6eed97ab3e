//! Answers of the world and moments in time that come late, come again, or say less than they should.

use fundroute::accounts::*;
use fundroute::ids::*;
use fundroute::journal::*;
use fundroute::payments::*;
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::rulebook::*;

use super::*;

fn unconfirmed(lab: &mut Lab) -> AccountId {
    lab.unchecked(Check::TaxId)
}

pub(super) fn late_worker(store: &Platform, now: Timestamp, request: &Request) -> Result<Decided<Answer>, Error> {
    let mut w =
        Platform::partial(Identity { platform: store.id(), livemode: store.livemode() }, store.rulebook().clone(), now);
    loop {
        match w.decide(request) {
            Err(Error::NotLoaded(keys)) => w.load(keys.into_iter().map(|key| store.look_up(key))),
            other => return other,
        }
    }
}

fn lab_time(t: Timestamp, hours: i64) -> Timestamp {
    Timestamp::from_micros(t.micros() + hours * 3_600_000_000).unwrap()
}

#[test]
fn a_failed_check_that_names_a_field_as_the_lists_do_is_not_passed() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.fails(jo, Some(me), Check::Identity, &["dob.day"]);
    assert!(!lab.due(jo).is_empty(), "the check failed, and nothing is asked for");
}

#[test]
fn a_failed_check_that_wants_a_field_that_was_not_given_is_not_passed() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    for _ in 0..4 {
        for request in lab.w.answers(&lab.p, jo).unwrap() {
            if let Command::ProvideInformation(told) = &request.command
                && told.fields.contains_key("individual.id_number")
            {
                let mut told = told.clone();
                told.fields.remove("individual.id_number");
                if !told.fields.is_empty() {
                    lab.give(told).unwrap();
                }
                continue;
            }
            lab.p.handle(request).unwrap();
        }
    }
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.fails(jo, Some(me), Check::Identity, &["id_number"]);
    lab.wait(60);
    let r = lab.p.requirements(jo).unwrap();
    assert!(
        r.past_due.iter().chain(&r.currently_due).any(|p| p.as_str().starts_with("individual.")),
        "identity failed two months ago: {r:?}"
    );
}

#[test]
fn giving_the_same_again_does_not_start_the_grace_anew() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Company));
    let rep = lab.p.persons(jo).unwrap()[0].id();
    for _ in 0..6 {
        lab.give(Information::about_person(rep).set("address.line1", "1 Wrong Street")).unwrap();
        lab.fails(jo, Some(rep), Check::Address, &["address.line1"]);
        lab.wait(13);
    }
    let ok = lab.p.account(jo).unwrap().charges_enabled();
    assert!(!ok, "78 days with an address that fails every time, and never past due");
}

#[test]
fn errors_and_alternatives_name_each_path_once() {
    let mut lab = Lab::new();
    let oak = unconfirmed(&mut lab);
    lab.fails(oak, None, Check::TaxId, &[]);
    let r = lab.p.requirements(oak).unwrap();
    let mut names: Vec<&str> = r.errors.iter().map(|e| e.requirement.as_str()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(all, names.len(), "{:?}", r.errors);
    for a in &r.alternatives {
        let mut o = a.original_fields_due.clone();
        o.sort();
        o.dedup();
        assert_eq!(o.len(), a.original_fields_due.len(), "{a:?}");
    }
}

#[test]
fn a_check_that_was_never_started_is_asked_for() {
    // Given under rules that check nothing; then the host's rules check it.
    let mut old = Rulebook::standard();
    let header = "subject,path,format,check,alternative,personal,test_value,documented,source,year,note\n";
    old.read(Table::Fields, &format!("{header}company,company.tax_id,tax_id,,,yes,000000000,yes,ours,2024,\n"))
        .unwrap();
    let mut lab = Lab::by(old);
    let jo = lab.ready(custom(US).business_type(BusinessType::Company));
    assert!(lab.p.account(jo).unwrap().charges_enabled());
    let at = lab.p.now();
    lab.p = Platform::restore(Rulebook::standard(), lab.p.snapshot(), at);
    lab.wait(31);
    lab.give(Information::about(jo).set("business_profile.mcc", "5734")).unwrap();
    let r = lab.p.readiness(jo).unwrap();
    let asked = lab
        .p
        .instructions()
        .iter()
        .any(|i| matches!(i, Instruction::Account(AccountInstruction::Verify { check: Check::TaxId, .. })));
    assert!(
        r.charges_enabled || asked || r.requirements.currently_due.iter().any(|p| p.as_str() == "company.tax_id"),
        "off, waiting for {:?}, and nobody was asked",
        r.waiting_for
    );
}

#[test]
fn an_answer_about_a_deleted_person_is_stale() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Company));
    let owner = lab.person(jo, Relationship::of([PersonRole::Owner]));
    lab.give(Information::about_person(owner).set("first_name", "Ann")).unwrap();
    lab.ask(Command::DeletePerson(owner)).unwrap();
    let fact = InformationChecked {
        account: jo,
        person: Some(owner),
        check: Check::Identity,
        revision: 1,
        outcome: CheckOutcome::Verified,
    };
    let at = lab.p.now();
    let told = lab.p.record(&Report::new("late", at, Fact::InformationChecked(fact))).unwrap();
    let events: Vec<&str> = told.changes.events.iter().map(|e| e.kind.name()).collect();
    assert!(!events.contains(&"person.updated"), "{events:?} after person.deleted");
}

#[test]
fn a_new_person_is_told_of_once() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Company));
    let made = lab.p.accounts().add_person("p", NewPerson::new(jo, Relationship::of([PersonRole::Owner]))).unwrap();
    let names: Vec<&str> =
        made.changes.events.iter().map(|e| e.kind.name()).filter(|n| n.starts_with("person")).collect();
    assert_eq!(names, ["person.created"]);
}

#[test]
fn an_old_document_does_not_vouch_for_a_new_name() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(GB).business_type(BusinessType::Individual));
    lab.give(Information::about(jo).set("individual.verification.document", "file_identity_document_success")).unwrap();
    lab.w.settle(&mut lab.p).unwrap();
    lab.wait(100);
    // Months later somebody else takes the account over: another name, another birth date; nobody knows them.
    let other = Information::about(jo)
        .set("individual.first_name", "Mallory")
        .set("individual.last_name", "Unknown")
        .set("individual.dob", "1980-02-03");
    lab.give(other).unwrap();
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.fails(jo, Some(me), Check::Identity, &[]);
    lab.wait(60);
    let due = lab.due(jo);
    assert!(
        due.iter().any(|p| p == "individual.first_name") && !lab.p.account(jo).unwrap().charges_enabled(),
        "the document of somebody else stands for the new name: {due:?} {:?}",
        lab.p.readiness(jo).unwrap().phase
    );
}

#[test]
fn an_old_document_does_not_vouch_for_a_new_tax_id() {
    let mut lab = Lab::new();
    let oak = lab.ready(custom(US).business_type(BusinessType::Company));
    lab.give(Information::about(oak).set("company.verification.document", "file_identity_document_success")).unwrap();
    lab.w.settle(&mut lab.p).unwrap();
    lab.wait(100);
    lab.give(Information::about(oak).set("company.tax_id", "123456789").set("company.name", "Another Inc")).unwrap();
    lab.fails(oak, None, Check::TaxId, &[]);
    lab.wait(60);
    let due = lab.due(oak);
    assert!(!due.is_empty() && !lab.p.account(oak).unwrap().charges_enabled(), "{due:?}");
}

#[test]
fn a_person_whose_identity_failed_is_not_verified() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    lab.give(Information::about(jo).set("individual.verification.document", "file_identity_document_success")).unwrap();
    lab.w.settle(&mut lab.p).unwrap();
    lab.give(Information::about(jo).set("individual.first_name", "Mallory")).unwrap();
    let me = lab.p.persons(jo).unwrap()[0].id();
    assert_ne!(lab.p.person(me).unwrap().verification(), Verification::Verified, "verified data were edited");
}

#[test]
fn a_stale_reassess_deadline_changes_nothing() {
    let mut lab = Lab::new();
    let oak = unconfirmed(&mut lab);
    let stale: Vec<Deadline> =
        lab.p.deadlines().copied().filter(|d| matches!(d.what, DeadlineKind::Reassess(_))).collect();
    assert_eq!(stale.len(), 1);
    lab.wait(40);
    let before = lab.p.account(oak).unwrap().clone();
    assert!(!before.charges_enabled(), "past due");
    let changes = lab.p.decide_due(stale[0]).unwrap();
    lab.p.apply(&changes).unwrap();
    let after = lab.p.account(oak).unwrap().clone();
    assert_eq!(after.charges_enabled(), before.charges_enabled(), "a deadline of the past enabled it again");
    assert_eq!(after, before);
}

#[test]
fn a_stale_cross_volume_deadline_changes_nothing() {
    let mut lab = Lab::new();
    let oak = unconfirmed(&mut lab);
    let sale = lab.p.payments().create("s", NewPayment::card(usd(800_00)).destination(oak)).unwrap().answer;
    let charge = lab.p.payment(sale).unwrap().latest_charge().unwrap();
    let at = lab.p.now();
    lab.p.payments().record_succeeded("f", at, charge, usd(800_00)).unwrap();
    let stale = *lab.p.deadlines().find(|d| matches!(d.what, DeadlineKind::CrossVolume(..))).unwrap();
    lab.wait(40);
    let before = lab.p.account(oak).unwrap().clone();
    assert!(!before.charges_enabled());
    let changes = lab.p.decide_due(stale).unwrap();
    lab.p.apply(&changes).unwrap();
    assert_eq!(lab.p.account(oak).unwrap().clone(), before);
}

#[test]
fn a_worker_notices_that_a_volume_was_crossed() {
    let mut lab = Lab::new();
    let oak = unconfirmed(&mut lab);
    let Answer::Payment(sale) =
        lab.ask(Command::CreatePayment(NewPayment::card(usd(2_000_00)).destination(oak))).unwrap()
    else {
        panic!()
    };
    let charge = lab.p.payment(sale).unwrap().latest_charge().unwrap();
    let at = lab.p.now();
    lab.p.payments().record_succeeded("f", at, charge, usd(2_000_00)).unwrap();
    let now = lab_time(at, 1);
    let request = Request::new("next", Command::CreatePayment(NewPayment::card(usd(20_00)))).acting_as(oak);
    let part = late_worker(&lab.p, now, &request);
    let mut whole = lab.p.clone();
    whole.advance_to(now).unwrap();
    let refused = whole.decide(&request);
    assert!(refused.is_err());
    assert!(matches!(part, Err(Error::Overdue(_))), "the whole: {refused:?}\nthe worker: {:?}", part.map(|d| d.answer));
}

#[test]
fn a_worker_notices_that_a_time_has_passed() {
    let mut lab = Lab::new();
    let oak = unconfirmed(&mut lab);
    let now = lab_time(lab.p.now(), 40 * 24);
    let request = Request::new("next", Command::CreatePayment(NewPayment::card(usd(20_00)).destination(oak)));
    let part = late_worker(&lab.p, now, &request);
    assert!(matches!(part, Err(Error::Overdue(_))), "{part:?}");
}

#[test]
fn a_capability_asked_for_anew_is_vetted_anew() {
    let mut lab = Lab::by(Rulebook::standard().with_vetting(Vetting::ByHost));
    let jo = lab.create(NewAccount::custom(US).request(Capability::Transfers).request(Capability::CardPayments));
    lab.w.settle(&mut lab.p).unwrap();
    assert_eq!(lab.p.account(jo).unwrap().capability(Capability::CardPayments), Some(CapabilityStatus::Active));
    let ask = |requested| {
        Command::RequestCapability(RequestCapability { account: jo, capability: Capability::CardPayments, requested })
    };
    lab.ask(ask(false)).unwrap();
    lab.wait(400);
    lab.ask(ask(true)).unwrap();
    assert_eq!(lab.p.account(jo).unwrap().capability(Capability::CardPayments), Some(CapabilityStatus::Pending));
}

/// What is told, by name.
fn told(changes: &[Changes]) -> Vec<&'static str> {
    changes.iter().flat_map(|changes| &changes.events).map(|event| event.kind.name()).collect()
}

/// Requirements that are new for a capability are told, though its status is what it was; and nothing is told where nothing changed.
#[test]
fn a_capability_that_is_asked_for_something_else_is_told() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    let said = |decided: Decided<Answer>| {
        told(&[decided.changes]).iter().filter(|name| **name == "capability.updated").count()
    };
    let tell = |field: &str, value: &str| Command::ProvideInformation(Information::about(jo).set(field, value));
    let done = lab.p.handle(Request::new("name", tell("individual.first_name", "Jo"))).unwrap();
    assert_eq!(lab.p.account(jo).unwrap().capability(Capability::Transfers), Some(CapabilityStatus::Inactive));
    assert_eq!(said(done), 2, "card payments and transfers are asked for less");
    let done = lab.p.handle(Request::new("again", tell("individual.first_name", "Jo"))).unwrap();
    assert_eq!(said(done), 0);
    let request = Command::ReassessAccount(jo);
    let done = lab.p.handle(Request::new("look", request)).unwrap();
    assert!(told(&[done.changes]).is_empty());
}

/// The same where an amount has brought it.
#[test]
fn a_capability_that_an_amount_asks_for_more_is_told() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    for _ in 0..3 {
        for mut request in lab.w.answers(&lab.p, jo).unwrap() {
            if let Command::ProvideInformation(told) = &mut request.command {
                told.fields.remove("individual.id_number");
            }
            lab.p.handle(request).unwrap();
        }
    }
    lab.w.settle(&mut lab.p).unwrap();
    let before = lab.p.account(jo).unwrap().capabilities().to_vec();
    let sale = lab.p.payments().create("s", NewPayment::card(usd(250_000_00)).destination(jo)).unwrap().answer;
    let (charge, at) = (lab.p.payment(sale).unwrap().latest_charge().unwrap(), lab.p.now());
    lab.p.payments().record_succeeded("f", at, charge, usd(250_000_00)).unwrap();
    let fired = lab.p.advance_to(lab_time(at, 1)).unwrap();
    assert!(lab.p.requirements(jo).unwrap().currently_due.iter().any(|path| path.as_str() == "individual.id_number"));
    assert_eq!(lab.p.account(jo).unwrap().capabilities(), before);
    assert!(told(&fired).contains(&"capability.updated"), "{fired:?}");
}
