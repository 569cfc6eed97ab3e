use fundroute::accounts::{CapabilityStatus, DisabledReason, Phase};
use fundroute::ids::AccountId;
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, Table, VettingPolicy};

use super::{Desk, names};

/// A US company of which everything is known, but that nobody has confirmed its tax id.
fn unconfirmed(desk: &mut Desk) -> AccountId {
    let oak = desk.custom(US, BusinessType::Company);
    for _ in 0..4 {
        desk.give_all_but(oak, &[]);
    }
    desk.world.add_bank(&mut desk.platform, oak, US, USD, "000123456789").unwrap();
    for instruction in desk.platform.instructions() {
        let is_tax_id = matches!(
            instruction,
            fundroute::journal::Instruction::Account(fundroute::accounts::AccountInstruction::Verify {
                check: fundroute::rulebook::Check::TaxId,
                ..
            })
        );
        if !is_tax_id {
            desk.world.answer(&desk.platform, &instruction);
        }
    }
    while let Some(report) = desk.world.tell(desk.platform.now()) {
        desk.platform.record(&report).unwrap();
    }
    oak
}

fn pay(desk: &mut Desk, account: AccountId, amount: Money) {
    let key = desk.key();
    let sale = desk.platform.payments().create(&key, NewPayment::card(amount).destination(account)).unwrap().answer;
    let charge = desk.platform.payment(sale).unwrap().latest_charge().unwrap();
    let (key, at) = (desk.key(), desk.platform.now());
    desk.platform.payments().record_succeeded(&key, at, charge, amount).unwrap();
}

/// docs.stripe.com/connect/required-verification-information (2024): a US company's tax id unconfirmed at 1,500 USD stops cards.
#[test]
fn an_amount_that_is_reached_stops_what_waits_for_confirmation() {
    let mut desk = Desk::open();
    let oak = unconfirmed(&mut desk);
    let ready = desk.platform.readiness(oak).unwrap();
    assert_eq!((ready.phase, ready.disabled_reason), (Phase::Ready, None), "{ready:?}");
    assert_eq!(names(&ready.requirements.pending_verification), ["company.tax_id"]);
    pay(&mut desk, oak, usd(1_499_50));
    desk.platform.advance_to(desk.platform.now().plus_days(1).unwrap()).unwrap();
    assert!(desk.platform.account(oak).unwrap().can(Capability::CardPayments));
    pay(&mut desk, oak, usd(50));
    assert!(desk.platform.account(oak).unwrap().can(Capability::CardPayments), "not before the clock goes on");
    let next = desk.platform.next_deadline().unwrap();
    desk.platform.advance_to(next).unwrap();
    let ready = desk.platform.readiness(oak).unwrap();
    assert_eq!(ready.disabled_reason, Some(DisabledReason::RequirementsPendingVerification), "{ready:?}");
    assert_eq!(names(&ready.waiting_for), ["company.tax_id"]);
    assert!(!ready.charges_enabled);
    desk.checked(oak, None, fundroute::rulebook::Check::TaxId, None);
    assert_eq!(desk.platform.readiness(oak).unwrap().phase, Phase::Ready);
}

/// The same after 30 days, to the microsecond.
#[test]
fn a_time_that_is_over_stops_what_waits_for_confirmation() {
    let mut desk = Desk::open();
    let oak = unconfirmed(&mut desk);
    let over = desk.platform.account(oak).unwrap().created().plus_days(30).unwrap();
    let before = over.checked_add(-chrono::TimeDelta::microseconds(1)).unwrap();
    desk.platform.advance_to(before).unwrap();
    assert!(desk.platform.account(oak).unwrap().can(Capability::CardPayments));
    desk.platform.advance_to(over).unwrap();
    let account = desk.platform.account(oak).unwrap();
    assert_eq!(account.capability(Capability::CardPayments), Some(CapabilityStatus::Pending));
    assert!(account.can(Capability::Transfers), "they fall together when cards are off, not while they wait");
    assert!(!account.charges_enabled() && !account.payouts_enabled());
}

/// docs.stripe.com/connect/required-verification-information (2024): the whole number of a person at 500,000 USD; asked for at
/// half of it.
#[test]
fn what_will_be_asked_for_is_told_before_it_stops_anything() {
    let mut desk = Desk::open();
    let jo = desk.custom(US, BusinessType::Individual);
    for _ in 0..3 {
        desk.give_all_but(jo, &["individual.id_number"]);
    }
    desk.settle();
    desk.world.add_bank(&mut desk.platform, jo, US, USD, "000123456789").unwrap();
    let asked = desk.asked(jo);
    assert_eq!((names(&asked.eventually_due), asked.currently_due.len()), (vec!["individual.id_number"], 0));
    pay(&mut desk, jo, usd(249_999_50));
    desk.wait(1);
    assert!(desk.asked(jo).currently_due.is_empty());
    pay(&mut desk, jo, usd(50));
    desk.wait(1);
    let asked = desk.asked(jo);
    assert_eq!((names(&asked.currently_due), asked.past_due.len()), (vec!["individual.id_number"], 0));
    assert_eq!(asked.current_deadline, None, "an amount has no date");
    assert_eq!(desk.platform.readiness(jo).unwrap().phase, Phase::Ready);
    pay(&mut desk, jo, usd(250_000_00));
    desk.wait(1);
    let ready = desk.platform.readiness(jo).unwrap();
    assert_eq!(names(&ready.blocked_by), ["individual.id_number"]);
    assert_eq!((ready.phase, ready.charges_enabled), (Phase::Restricted, false));
    desk.give_all_but(jo, &[]);
    desk.settle();
    assert_eq!(desk.platform.readiness(jo).unwrap().phase, Phase::Ready);
}

/// A host that gives no notice and no grace says so in its rulebook.
#[test]
fn how_much_notice_there_is_is_the_hosts_to_say() {
    let policy = VettingPolicy { notice_percent: 100, ..Rulebook::standard().vetting_policy() };
    let mut desk = Desk::open_by(Rulebook::standard().with_vetting_policy(policy));
    let jo = desk.custom(US, BusinessType::Individual);
    for _ in 0..3 {
        desk.give_all_but(jo, &["individual.id_number"]);
    }
    desk.settle();
    pay(&mut desk, jo, usd(499_999_50));
    desk.wait(1);
    assert!(!names(&desk.asked(jo).currently_due).contains(&"individual.id_number"));
    pay(&mut desk, jo, usd(50));
    desk.wait(1);
    assert!(names(&desk.asked(jo).past_due).contains(&"individual.id_number"));
}

/// docs.stripe.com/connect/handle-verification-updates (2024): what a rule will ask for stands apart until its day, and then moves
/// over.
#[test]
fn a_rule_of_tomorrow_is_told_today() {
    let mut rules = Rulebook::standard();
    let header = "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,since,from,\
                  after,confidence,source\n";
    let row = "us,individual,*,*,*,individual,nationality,unprovided,both,,,,,2026-12-01,,low,our lawyers\n";
    let later =
        "us,individual,*,*,*,individual,political_exposure,unprovided,both,,,20,created,2026-12-01,,low,our lawyers\n";
    rules.read(Table::Requirements, &format!("{header}{row}{later}")).unwrap();
    let mut desk = Desk::open_by(rules);
    let jo = desk.custom(US, BusinessType::Individual);
    for _ in 0..3 {
        desk.give_all_but(jo, &["individual.nationality", "individual.political_exposure"]);
    }
    desk.settle();
    desk.world.add_bank(&mut desk.platform, jo, US, USD, "000123456789").unwrap();
    let future = desk.platform.future_requirements(jo).unwrap();
    assert_eq!(names(&future.eventually_due), ["individual.nationality", "individual.political_exposure"]);
    assert_eq!(desk.platform.readiness(jo).unwrap().phase, Phase::Ready, "the future stops nothing");
    assert!(desk.asked(jo).eventually_due.is_empty());
    desk.platform.advance_to(utc(2026, 12, 1)).unwrap();
    let asked = desk.asked(jo);
    assert_eq!(names(&asked.past_due), ["individual.nationality"], "due at once");
    assert_eq!(names(&asked.eventually_due), ["individual.nationality", "individual.political_exposure"]);
    assert!(desk.platform.future_requirements(jo).unwrap().eventually_due.is_empty());
    // Twenty days after the switch, not after the account was created.
    desk.platform.advance_to(utc(2026, 12, 20)).unwrap();
    assert_eq!(desk.asked(jo).current_deadline, Some(utc(2026, 12, 21)));
    desk.platform.advance_to(utc(2026, 12, 21)).unwrap();
    assert!(names(&desk.asked(jo).past_due).contains(&"individual.political_exposure"));
}
