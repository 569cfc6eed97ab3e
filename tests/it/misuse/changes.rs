//! Changes of what was vetted, rules that come later, and facts in another order.

use fundroute::accounts::*;
use fundroute::journal::*;
use fundroute::payments::*;
use fundroute::payouts::*;
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::routing::NewTransfer;
use fundroute::rulebook::*;

use super::*;

const REQUIREMENTS: &str = "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,\
                            since,from,after,confidence,source\n";

fn with_rule(row: &str) -> Rulebook {
    let mut book = Rulebook::standard();
    book.read(Table::Requirements, &format!("{REQUIREMENTS}{row}\n")).unwrap();
    book
}

fn deadline(lab: &Lab, account: AccountId) -> Option<Timestamp> {
    lab.p.requirements(account).unwrap().current_deadline
}

fn is_on(lab: &Lab, account: AccountId) -> bool {
    lab.p.account(account).unwrap().charges_enabled()
}

#[test]
fn a_change_of_what_was_verified_has_fourteen_days_though_it_fails() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    lab.wait(40);
    let me = lab.p.persons(jo).unwrap()[0].id();
    lab.give(Information::about(jo).set("individual.ssn_last_4", "1234")).unwrap();
    let until = lab.p.now().plus_days(14).unwrap();
    lab.wait(3);
    lab.fails(jo, Some(me), Check::Identity, &["ssn_last_4"]);
    assert_eq!((is_on(&lab, jo), deadline(&lab, jo)), (true, Some(until)));
    lab.wait(10);
    assert!(is_on(&lab, jo));
    lab.wait(1);
    assert!(!is_on(&lab, jo), "the fourteen days are over");
}

#[test]
fn another_business_type_has_fourteen_days() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    let until = lab.p.now().plus_days(14).unwrap();
    lab.give(Information::about(jo).business_type(BusinessType::Company)).unwrap();
    assert_eq!((is_on(&lab, jo), deadline(&lab, jo)), (true, Some(until)));
    lab.wait(10);
    lab.give(Information::about(jo).business_type(BusinessType::NonProfit)).unwrap();
    assert_eq!(deadline(&lab, jo), Some(until), "another change does not extend it");
    lab.wait(4);
    assert!(!is_on(&lab, jo));
    lab.give(Information::about(jo).business_type(BusinessType::Company)).unwrap();
    assert!(!is_on(&lab, jo), "there is nothing left to go on with");
}

#[test]
fn another_representative_has_fourteen_days() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Company));
    let is_rep = |person: &&Person| person.relationship().is(PersonRole::Representative);
    let rep = lab.p.persons(jo).unwrap().into_iter().find(is_rep).unwrap().id();
    let until = lab.p.now().plus_days(14).unwrap();
    lab.give(Information::about_person(rep).relationship(Relationship::of([PersonRole::Owner]).owning(100))).unwrap();
    assert_eq!((is_on(&lab, jo), deadline(&lab, jo)), (true, Some(until)));
    lab.wait(2);
    lab.person(jo, Relationship::of([PersonRole::Representative]));
    assert_eq!((is_on(&lab, jo), deadline(&lab, jo)), (true, Some(until)));
    lab.wait(12);
    assert!(!is_on(&lab, jo));
}

#[test]
fn what_a_company_failed_at_is_not_asked_of_an_individual() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Company));
    let owner = lab.person(jo, Relationship::of([PersonRole::Owner]));
    lab.give(Information::about_person(owner).set("first_name", "Ann")).unwrap();
    lab.give(Information::about(jo).set("company.tax_id", "123456789")).unwrap();
    lab.fails(jo, Some(owner), Check::Identity, &[]);
    lab.fails(jo, None, Check::TaxId, &[]);
    lab.give(Information::about(jo).business_type(BusinessType::Individual)).unwrap();
    let due = lab.due(jo);
    assert!(!due.iter().any(|path| path.starts_with("company.") || path.starts_with("person_")), "{due:?}");
}

#[test]
fn what_is_of_the_future_is_due_on_its_day_and_not_before() {
    let mut lab =
        Lab::by(with_rule("us,individual,*,*,*,individual,nationality,unprovided,both,,,,,2026-12-01,,low,ours"));
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    let future = lab.p.future_requirements(jo).unwrap();
    assert_eq!(future.currently_due.len(), 1);
    assert_eq!((future.past_due.len(), future.current_deadline), (0, Some(utc(2026, 12, 1))));
    lab.wait(30);
    assert!(lab.p.requirements(jo).unwrap().past_due.iter().any(|path| path.as_str() == "individual.nationality"));
}

/// A capability has its part of what is of the future, asked for or not.
#[test]
fn a_capability_tells_what_it_will_be_asked_for() {
    let row = "us,individual,*,card_payments,*,individual,nationality,unprovided,charges,,,,,2026-12-01,,low,ours";
    let mut lab = Lab::by(with_rule(row));
    let new = NewAccount::custom(US).request(Capability::Transfers).business_type(BusinessType::Individual);
    let jo = lab.create(new);
    let future = |lab: &Lab, capability| {
        let report = lab.p.capability(jo, capability).unwrap();
        assert!(!report.requirements.eventually_due.iter().any(|path| path.as_str() == "individual.nationality"));
        report.future_requirements.currently_due.iter().map(|path| path.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(future(&lab, Capability::Transfers), [""; 0]);
    assert_eq!(future(&lab, Capability::CardPayments), ["individual.nationality"]);
    let capability = Capability::CardPayments;
    lab.ask(Command::RequestCapability(RequestCapability { account: jo, capability, requested: true })).unwrap();
    assert_eq!(future(&lab, Capability::Transfers), [""; 0]);
    assert_eq!(future(&lab, Capability::CardPayments), ["individual.nationality"]);
}

/// A rule of Germany's own about what the rules of the whole area ask for holds from its day on; theirs holds until then.
#[test]
fn a_rule_of_tomorrow_does_not_take_todays_away() {
    let asked = |book: Rulebook, wait: i64| {
        let mut lab = Lab::by(book);
        let jo = lab.create(custom(DE).business_type(BusinessType::Company));
        lab.wait(wait);
        lab.p.requirements(jo).unwrap().past_due.iter().any(|path| path.as_str() == "company.tax_id")
    };
    assert!(asked(Rulebook::standard(), 0));
    let tomorrow =
        with_rule("de,company,*,*,*,company,company.tax_id,unprovided,charges,,,90,created,2026-12-01,,low,ours");
    assert!(asked(tomorrow.clone(), 0));
    assert!(!asked(tomorrow.clone(), 29), "the new rule leaves time");
    assert!(asked(tomorrow, 120));
}

#[test]
fn rules_that_were_changed_reach_every_account_that_is_looked_at() {
    let mut lab = Lab::new();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    let book = with_rule("us,individual,*,*,*,individual,nationality,unprovided,both,,,,,,,low,ours");
    let at = lab.p.now();
    lab.p = Platform::restore(book, lab.p.snapshot(), at);
    assert!(is_on(&lab, jo));
    lab.p.accounts().reassess("rules", jo).unwrap();
    assert!(lab.due(jo).contains(&"individual.nationality".to_owned()) && !is_on(&lab, jo));
    let me = lab.p.id();
    assert_eq!(lab.p.accounts().reassess("own", me).map(drop), Err(AccountError::IsPlatform(me).into()));
    let held = Request::new("held", Command::ReassessAccount(jo)).by(Actor::Holder, jo);
    assert!(lab.p.handle(held).is_err());
}

#[test]
fn an_address_abroad_is_written_as_there() {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Company));
    let owner = |country: &str| {
        NewPerson::new(jo, Relationship::of([PersonRole::Owner]))
            .set("address.country", country)
            .set("address.city", "London")
            .set("address.postal_code", "SW1A 1AA")
    };
    lab.ask(Command::CreatePerson(owner("GB"))).unwrap();
    for country in ["US", "XX", ""] {
        assert!(lab.ask(Command::CreatePerson(owner(country))).is_err(), "{country}");
    }
    let company = Information::about(jo).set("company.address.postal_code", "SW1A 1AA");
    assert!(lab.give(company.clone()).is_err());
    lab.give(company.set("company.address.country", "GB")).unwrap();
}

/// One percent of a company makes no owner, where the law begins at twenty-five.
#[test]
fn who_owns_too_little_is_no_owner() {
    let mut lab = Lab::new();
    let owned = |lab: &mut Lab, percent: u16| {
        let jo = lab.create(custom(US).business_type(BusinessType::Company));
        let owner = lab.person(jo, Relationship::of([PersonRole::Owner]).owning(percent));
        let due = lab.due(jo);
        (due.contains(&"relationship.owner".to_owned()), due.iter().any(|path| path.starts_with(&owner.to_string())))
    };
    assert_eq!(owned(&mut lab, 1), (true, false));
    assert_eq!(owned(&mut lab, 24), (true, false));
    assert_eq!(owned(&mut lab, 25), (false, true));
}

#[test]
fn the_world_is_not_asked_about_closed_accounts() {
    let mut lab = Lab::new();
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    let ann = lab.person(oak, Relationship::of([PersonRole::Owner]));
    lab.give(Information::about_person(ann).set("first_name", "Ann")).unwrap();
    lab.give(Information::about(oak).set("company.tax_id", "123456789")).unwrap();
    assert_eq!(lab.p.instructions().len(), 2);
    lab.ask(Command::CloseAccount(CloseAccount { account: oak })).unwrap();
    assert_eq!(lab.p.instructions(), []);
}

fn hour(from: Timestamp, hours: i64) -> Timestamp {
    Timestamp::from_micros(from.micros() + hours * 3_600_000_000).unwrap()
}

#[test]
fn whether_details_are_submitted_is_no_matter_of_the_order_of_facts() {
    let told = |order: [usize; 2]| {
        let mut lab = Lab::new();
        let jo = lab.create(NewAccount::express(US).business_type(BusinessType::Individual));
        let bank = NewExternalAccount::bank_token(jo, US, USD, "btok_x", "6789");
        let bank = lab.ask_by(Actor::Holder, jo, Command::AddExternalAccount(bank));
        let Ok(Answer::ExternalAccount(bank)) = bank else { panic!("{bank:?}") };
        let start = lab.p.now();
        let fact = |status| Fact::AccountTokenChanged(AccountTokenChanged { external_account: bank, status });
        lab.tell_at(start, fact(TokenStatus::Deactivated));
        lab.w.complete(&mut lab.p, jo).unwrap();
        lab.p.advance_to(hour(start, 5)).unwrap();
        let facts = [(hour(start, 2), TokenStatus::Active), (hour(start, 3), TokenStatus::Deactivated)];
        for (at, status) in order.map(|which| facts[which]) {
            lab.tell_at(at, fact(status));
        }
        let account = lab.p.account(jo).unwrap();
        (account.details_submitted(), account.payouts_enabled())
    };
    assert_eq!(told([0, 1]), told([1, 0]));
}

#[test]
fn the_first_charge_is_when_it_was_made() {
    let row =
        "us,individual,*,tax_reporting_us_1099_k,*,individual,nationality,unprovided,both,,,30,first_charge,,,low,ours";
    let mut lab = Lab::by(with_rule(row));
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    lab.ask(Command::CreatePayment(NewPayment::card(usd(100_00)).destination(jo))).unwrap();
    lab.world_wait(1);
    let first = lab.p.first_received(jo, USD).unwrap();
    assert!(first <= lab.p.now());
    lab.wait(365);
    lab.ask(Command::RequestCapability(RequestCapability {
        account: jo,
        capability: Capability::TaxReportingUs1099K,
        requested: true,
    }))
    .unwrap();
    let past = lab.p.requirements(jo).unwrap().past_due;
    assert!(
        past.iter().any(|path| path.as_str() == "individual.nationality"),
        "thirty days were over long ago: {past:?}"
    );
}

#[test]
fn the_first_charge_is_no_matter_of_the_order_of_facts() {
    let row = "us,individual,*,*,*,individual,nationality,unprovided,both,,,30,first_charge,,,low,ours";
    let told = |order: [usize; 2]| {
        let mut lab = Lab::by(with_rule(row));
        let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
        lab.give(Information::about(jo).set("individual.first_name", "Ada")).unwrap();
        let me = lab.p.persons(jo).unwrap()[0].id();
        let sale = lab.ask(Command::CreatePayment(NewPayment::card(usd(100_00)).destination(jo)));
        let Ok(Answer::Payment(sale)) = sale else { panic!("{sale:?}") };
        let charge = lab.p.payment(sale).unwrap().latest_charge().unwrap();
        let revision = lab.revision(jo, Some(me), Check::Identity);
        let (check, outcome) = (Check::Identity, CheckOutcome::Verified);
        let checked = InformationChecked { account: jo, person: Some(me), check, revision, outcome };
        let later = hour(lab.p.now(), 1);
        lab.p.advance_to(later).unwrap();
        let facts =
            [Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(100_00))), Fact::InformationChecked(checked)];
        for fact in order.map(|which| facts[which].clone()) {
            lab.tell_at(later, fact);
        }
        lab.wait(1);
        (lab.p.first_received(jo, USD), deadline(&lab, jo))
    };
    assert_eq!(told([0, 1]), told([1, 0]));
}

/// A snapshot from which an object was lost: the clock goes on for everybody else, and somebody is told.
#[test]
fn a_damaged_account_does_not_stop_the_clock() {
    let mut lab = Lab::new();
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    lab.answer(oak);
    lab.w.add_bank(&mut lab.p, oak, US, USD, "000123456789").unwrap();
    assert!(lab.p.account(oak).unwrap().review_at().is_some());
    let lost = ObjectId::from(lab.p.account(oak).unwrap().profile());
    let platform = damaged(&lab.p, lost);
    let until = platform.now().plus_days(400).unwrap();
    assert_eq!(at_once(platform, until).1, 1);
}

/// The same platform after an object was lost from its snapshot.
fn damaged(platform: &Platform, lost: ObjectId) -> Platform {
    let mut snapshot = platform.snapshot();
    let before = snapshot.records.len();
    snapshot.records.retain(|(_, record)| record.id() != lost);
    assert_eq!(snapshot.records.len() + 1, before);
    Platform::restore(Rulebook::standard(), snapshot, platform.now())
}

/// How often these changes tell of a deadline that could not happen.
fn told(fired: &[Changes]) -> usize {
    let opened = fired.iter().flat_map(|changes| &changes.events);
    opened.filter(|event| event.kind == EventKind::AnomalyOpened).count()
}

fn at_once(mut platform: Platform, until: Timestamp) -> (Platform, usize) {
    let fired = platform.advance_to(until).unwrap();
    (platform, told(&fired))
}

/// Decides one thing after the other, and applies it. The clock stands still at the last thing that was due.
fn one_by_one(mut platform: Platform, until: Timestamp) -> (Platform, usize) {
    let mut fired = Vec::new();
    while let Some(changes) = platform.decide_next(until).unwrap() {
        assert!(fired.len() < 50, "it never ends");
        platform.apply(&changes).unwrap();
        fired.push(changes);
    }
    (platform, told(&fired))
}

/// Each time after a restart.
fn with_restarts(mut platform: Platform, until: Timestamp) -> (Platform, usize) {
    let mut all = 0;
    for _ in 0..50 {
        let Some(next) = platform.next_deadline().filter(|next| *next <= until) else { break };
        all += told(&platform.advance_to(next).unwrap());
        platform = Platform::restore(Rulebook::standard(), platform.snapshot(), next);
    }
    platform.advance_to(until).unwrap();
    (platform, all)
}

/// By workers that look up what they need, and a host that keeps the deadlines by what the changes say of them.
fn by_workers(mut store: Platform, until: Timestamp) -> (Platform, usize) {
    let who = Identity { platform: store.id(), livemode: store.livemode() };
    let mut table: Vec<Deadline> = store.deadlines().copied().collect();
    let mut fired = Vec::new();
    while let Some(due) = table.iter().copied().filter(|deadline| deadline.due <= until).min() {
        assert!(fired.len() < 50, "it never ends");
        let mut worker = Platform::partial(who, Rulebook::standard(), until);
        let changes = loop {
            match worker.decide_due(due) {
                Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| store.look_up(key))),
                decided => break decided.unwrap(),
            }
        };
        store.apply(&changes).unwrap();
        for (what, next) in changes.deadlines() {
            table.retain(|known| known.what != what);
            table.extend(next.map(|due| Deadline { due, what }));
        }
        let settled = matches!(due.what, DeadlineKind::Settle(..));
        table.retain(|known| !(settled && *known == due));
        fired.push(changes);
        let known: Vec<Deadline> = store.deadlines().copied().collect();
        assert!(known.iter().all(|deadline| table.contains(deadline) || deadline.due > until), "{known:?} {table:?}");
    }
    (store, told(&fired))
}

/// An object is lost in each of the ways in which something due needs it: it is told once, whoever lets it happen, and never comes
/// back.
#[test]
fn what_cannot_happen_is_told_once_and_is_gone_for_good() {
    let mut lab = Lab::new();
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    let jo = lab.ready(NewAccount::express(US));
    lab.ask(Command::CreatePayment(NewPayment::card(usd(90_00)).destination(jo))).unwrap();
    lab.w.settle(&mut lab.p).unwrap();
    lab.answer(oak);
    let until = lab.p.now().plus_days(400).unwrap();
    let profile = lab.p.account(oak).unwrap().profile();
    for (lost, least) in [(ObjectId::from(profile), 1), (oak.into(), 0), (jo.into(), 1)] {
        let platform = damaged(&lab.p, lost);
        let (whole, often) = at_once(platform.clone(), until);
        assert!(often >= least && whole.next_deadline().is_none(), "{lost} {often}");
        for way in [one_by_one, with_restarts, by_workers] {
            let (other, told) = way(platform.clone(), until);
            assert_eq!((told, other.next_deadline()), (often, None), "{lost}");
            assert!(other.snapshot() == whole.snapshot(), "{lost}");
        }
        let later = Platform::restore(Rulebook::standard(), whole.snapshot(), until);
        assert_eq!((later.now(), later.next_deadline(), later.decide_next(until)), (until, None, Ok(None)));
    }
}

/// A worker that meets what was given up goes on, and does not wait for it.
#[test]
fn a_worker_does_not_wait_for_what_was_given_up() {
    let mut lab = Lab::new();
    let jo = lab.ready(NewAccount::express(US));
    lab.ask(Command::CreatePayment(NewPayment::card(usd(90_00)).destination(jo))).unwrap();
    lab.w.settle(&mut lab.p).unwrap();
    let until = lab.p.now().plus_days(40).unwrap();
    let (store, often) = at_once(damaged(&lab.p, jo.into()), until);
    assert!(often > 0 && store.balance(jo, USD).unwrap().pending > 0);
    let settle = |due: &Deadline| matches!(due.what, DeadlineKind::Settle(who, _) if who == jo);
    let due = *lab.p.deadlines().find(|due| settle(due)).unwrap();
    assert_eq!(store.decide_due(due).map(|changes| changes.is_empty()), Ok(true));
    let request = Request::new("next", Command::CreateTransfer(NewTransfer::to(jo, usd(1_00))));
    let whole = store.decide(&request);
    assert_eq!(answers::late_worker(&store, until, &request), whole);
    assert!(!matches!(whole, Err(Error::Overdue(_))));
}

/// Payouts are stopped while money comes: the money gets no run after all.
#[test]
fn what_stops_payouts_conflicts_with_a_run_that_comes_at_the_same_time() {
    let mut lab = Lab::new();
    lab.funded();
    let jo = lab.ready(custom(US).business_type(BusinessType::Individual));
    let stops = [
        Command::SetPause(SetPause::payouts(jo, true)),
        Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual }),
        Command::RejectAccount(RejectAccount {
            account: jo,
            reason: RejectReason::Credit,
            payouts: PayoutsAction::Pause,
        }),
    ];
    for stop in stops {
        let mut lab = Lab { p: lab.p.clone(), w: World::new(), n: 1_000 };
        let decided = lab.p.decide(&Request::new("stop", stop.clone())).unwrap();
        lab.ask(Command::CreateTransfer(NewTransfer::to(jo, usd(10_00)))).unwrap();
        assert!(lab.p.next_payout(jo, USD).is_some());
        assert!(matches!(lab.p.apply(&decided.changes), Err(Error::Stale(_))), "{stop:?}");
        lab.ask(stop).unwrap();
        assert_eq!(lab.p.next_payout(jo, USD), None);
    }
}
