//! What accounts may do follows from what they gave, at every step of any sequence of information, checks and time; and the
//! nine laws hold for these steps too.

mod oversight;

use fundroute::accounts::{
    CapabilityStatus, CheckOutcome, DisabledReason, Information, InformationChecked, NewPerson, Person, Phase,
    Readiness, RejectReason, RejectedBy, Relationship, RequestCapability, RequirementPath, Requirements, SetPause,
};
use fundroute::ids::{AccountId, ObjectId, PayoutId, PersonId};
use fundroute::journal::{Changes, Fact, Record, Report};
use fundroute::payments::ChargeSucceeded;
use fundroute::payouts::{NewPayout, PayoutPaid, PayoutSubmitted};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, PersonRole, RequirementErrorCode, Subject};
use fundroute::simulator::World;
use proptest::prelude::*;

use crate::facts_converge::outcome;
use crate::partial_equals_whole::{work, worker};
use crate::rules::Rules;
use crate::stage::{Act, Stage, bank};
use crate::store::Store;
use crate::story::Pick;

const VETTED: Rules = Rules { vetted: true, ..Rules::PLAIN };

/// What somebody does about an account.
#[derive(Clone, Debug)]
enum Step {
    /// Gives some of what is asked for; now and then in a form that nobody takes.
    Give { who: Pick, skip: u8, count: u8, spoiled: bool },
    /// Changes something that was given before.
    Change { who: Pick, which: u8 },
    /// Adds a person with these roles.
    Join { who: Pick, roles: u8, percent: u8 },
    /// Removes a person.
    Leave { person: Pick },
    /// Gives a person a date of birth by which they are under age, some of them not for long.
    Born { person: Pick, days: u16 },
    /// Asks for a capability, or gives it up.
    Request { who: Pick, capability: u8, requested: bool },
    /// Adds a bank account.
    Bank { who: Pick },
    /// The world answers one check.
    Checked { which: Pick, revision: i8, fails: bool, named: bool, ago: u32 },
    /// A payer pays for an account.
    Pay { who: Pick, amount: i64 },
    /// The platform stops an account's payments or payouts, or lets them go on.
    Pause { who: Pick, payments: bool, payouts: bool },
    /// The platform turns an account away or takes that back, the processor looks into it, or wants to know something.
    Oversee { who: Pick, what: oversight::Word },
    /// The bank has a payout, or it has arrived.
    Payout { which: Pick, arrived: bool },
    /// Time passes.
    Wait { hours: u16 },
}

fn who() -> impl Strategy<Value = Pick> {
    (0..8_u16).prop_map(Pick)
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![3 => 1..72_u16, 2 => 72..480_u16, 1 => 480..4_500_u16];
    prop_oneof![
        9 => (who(), any::<u8>(), prop_oneof![2 => 1..6_u8, 3 => Just(u8::MAX)], proptest::bool::weighted(0.08))
            .prop_map(|(who, skip, count, spoiled)| Step::Give { who, skip, count, spoiled }),
        2 => (who(), any::<u8>()).prop_map(|(who, which)| Step::Change { who, which }),
        2 => (who(), any::<u8>(), any::<u8>()).prop_map(|(who, roles, percent)| Step::Join { who, roles, percent }),
        1 => who().prop_map(|person| Step::Leave { person }),
        1 => (who(), prop_oneof![2 => 0..120_u16, 1 => 120..1_800_u16]).prop_map(|(person, days)| Step::Born { person, days }),
        1 => (who(), 0..4_u8, any::<bool>())
            .prop_map(|(who, capability, requested)| Step::Request { who, capability, requested }),
        2 => who().prop_map(|who| Step::Bank { who }),
        8 => (who(), -1..=1_i8, proptest::bool::weighted(0.2), any::<bool>(), any::<u32>())
            .prop_map(|(which, revision, fails, named, ago)| Step::Checked { which, revision, fails, named, ago }),
        3 => (who(), prop_oneof![100..2_000_00_i64, 100_000_00..400_000_00_i64])
            .prop_map(|(who, amount)| Step::Pay { who, amount }),
        2 => (who(), any::<bool>(), any::<bool>())
            .prop_map(|(who, payments, payouts)| Step::Pause { who, payments, payouts }),
        2 => (who(), oversight::word()).prop_map(|(who, what)| Step::Oversee { who, what }),
        2 => (who(), any::<bool>()).prop_map(|(which, arrived)| Step::Payout { which, arrived }),
        3 => wait.prop_map(|hours| Step::Wait { hours }),
    ]
}

fn steps(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), count)
}

/// The accounts of every story: an individual and companies, of each kind, in countries that ask for different things.
fn opening() -> Vec<Command> {
    let (person, company) = (BusinessType::Individual, BusinessType::Company);
    let custom = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let payee = NewAccount::custom(US).request(Capability::Transfers);
    [
        NewAccount::express(US).business_type(person),
        custom.business_type(company),
        NewAccount::standard(DE).business_type(company),
        NewAccount::express(Country::SG).business_type(person),
        payee.business_type(BusinessType::NonProfit),
        NewAccount::express(Country::KE),
    ]
    .map(Command::CreateAccount)
    .to_vec()
}

/// The stage with its accounts, those of `done` with everything given and found true, and the acts that led there.
fn stage(done: u8) -> (Stage, Vec<Act>, Vec<AccountId>) {
    let mut stage = Stage::new(VETTED);
    let mut acts = Vec::new();
    for (number, command) in opening().into_iter().enumerate() {
        let act = Act::Ask(Request::new(format!("open-{number}"), command));
        stage.play(&act).unwrap();
        acts.push(act);
    }
    let house = stage.platform.id();
    let accounts: Vec<AccountId> = stage.accounts().into_iter().filter(|id| *id != house).collect();
    let mut world = World::new();
    for (_, account) in accounts.iter().enumerate().filter(|(place, _)| done & (1 << place) != 0) {
        for _ in 0..4 {
            let answers = world.answers(&stage.platform, *account).unwrap().into_iter().map(Act::Ask);
            for act in answers.collect::<Vec<_>>() {
                stage.play(&act).unwrap();
                acts.push(act);
            }
            for instruction in stage.platform.instructions() {
                world.answer(&stage.platform, &instruction);
            }
            while let Some(report) = world.tell(stage.platform.now()) {
                let act = Act::Tell(report);
                stage.play(&act).unwrap();
                acts.push(act);
            }
        }
        let owner = stage.platform.account(*account).unwrap();
        let bank = bank(stage.platform.rulebook(), *account, owner.country(), owner.default_currency());
        let request = Request::new(format!("bank of {account}"), Command::AddExternalAccount(bank));
        let act = Act::Ask(request.by(fundroute::accounts::Actor::Holder, *account));
        stage.play(&act).unwrap();
        acts.push(act);
    }
    (stage, acts, accounts)
}

/// What a step comes to, as things stand.
fn act(stage: &Stage, accounts: &[AccountId], number: usize, step: &Step) -> Act {
    let platform = &stage.platform;
    let one = |who: Pick| who.of(accounts).unwrap();
    let ask = |command| Act::Ask(Request::new(format!("step-{number}"), command));
    // Holders speak where the processor collects, and once more than that where the platform does.
    let give = |account, command| match fundroute::accounts::Actor::Holder {
        holder if !number.is_multiple_of(3) => {
            Act::Ask(Request::new(format!("step-{number}"), command).by(holder, account))
        }
        _ => Act::Ask(Request::new(format!("step-{number}"), command)),
    };
    match step {
        Step::Give { who, skip, count, spoiled } => {
            let account = one(*who);
            let asked = platform.requirements(account).unwrap().eventually_due;
            let first = usize::from(*skip) % asked.len().max(1);
            let some: Vec<_> = asked.iter().cycle().skip(first).take(usize::from(*count).min(asked.len())).collect();
            give(account, Command::ProvideInformation(answer(platform, account, &some, *spoiled)))
        }
        Step::Change { who, which } => {
            let account = one(*who);
            give(account, Command::ProvideInformation(changed(platform, account, usize::from(*which))))
        }
        Step::Join { who, roles, percent } => {
            let roles = PersonRole::ALL.into_iter().enumerate().filter(|(bit, _)| roles & (1 << bit) != 0);
            let mut relationship = Relationship::of(roles.map(|(_, role)| role));
            if percent % 2 == 0 {
                relationship = relationship.owning(u16::from(percent % 60));
            }
            give(one(*who), Command::CreatePerson(NewPerson::new(one(*who), relationship)))
        }
        Step::Leave { person } => {
            let person = person.of(&persons(platform, accounts)).unwrap_or(PersonId::from_host([9; 14]));
            give(AccountId::from_host([9; 14]), Command::DeletePerson(person))
        }
        Step::Born { person, days } => {
            let person = person.of(&persons(platform, accounts)).unwrap_or(PersonId::from_host([9; 14]));
            let told = Information::about_person(person).set("dob", born(*days));
            give(told.account, Command::ProvideInformation(told))
        }
        Step::Request { who, capability, requested } => {
            let capability = [
                Capability::CardPayments,
                Capability::Transfers,
                Capability::UsBankAccountAchPayments,
                Capability::SepaDebitPayments,
            ][usize::from(*capability)];
            ask(Command::RequestCapability(RequestCapability { account: one(*who), capability, requested: *requested }))
        }
        Step::Bank { who } => {
            let account = platform.account(one(*who)).unwrap();
            let (country, currency) = (account.country(), account.default_currency());
            give(one(*who), Command::AddExternalAccount(bank(platform.rulebook(), one(*who), country, currency)))
        }
        Step::Checked { .. } => Act::Tell(checked(stage, accounts, number, step)),
        Step::Pause { who, payments, payouts } => {
            ask(Command::SetPause(SetPause { account: one(*who), payments: Some(*payments), payouts: Some(*payouts) }))
        }
        Step::Oversee { who, what } => oversight::act(platform.now(), one(*who), number, *what),
        Step::Payout { which, arrived } => Act::Tell(payout(platform, number, *which, *arrived)),
        Step::Pay { who, amount } => {
            let account = platform.account(one(*who)).unwrap();
            let amount = Money::new(*amount, USD);
            ask(Command::CreatePayment(NewPayment::card(amount).destination(account.id())))
        }
        Step::Wait { hours } => {
            Act::Wait(platform.now().checked_add(chrono::TimeDelta::hours((*hours).into())).unwrap())
        }
    }
}

/// Another value for something that was given.
fn changed(platform: &Platform, account: AccountId, which: usize) -> Information {
    let known = platform.account(account).unwrap();
    let given = platform.profile(known.profile()).unwrap().given();
    let given: Vec<&str> = given.fields().map(|(field, _)| field).collect();
    let field = given.get(which % given.len().max(1)).copied().unwrap_or("company.name");
    let subjects = [Subject::Account, Subject::Company];
    let rule = subjects.into_iter().find_map(|subject| platform.rulebook().field(subject, field));
    Information::about(account).set(field, rule.map_or("x", |rule| rule.test_value(known.country())))
}

/// The date of birth of somebody who is of age so many days after everything has begun.
fn born(days: u16) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2008, 11, 2).unwrap();
    first.checked_add_days(chrono::Days::new(days.into())).unwrap().to_string()
}

/// What the bank says about a payout.
fn payout(platform: &Platform, number: usize, which: Pick, arrived: bool) -> Report {
    let payouts = platform.records().filter_map(|record| match record {
        Record::Payout(payout) => Some(payout.id()),
        _ => None,
    });
    let payout = which.of(&payouts.collect::<Vec<_>>()).unwrap_or(PayoutId::from_host([9; 14]));
    let fact = if arrived {
        Fact::PayoutPaid(PayoutPaid { payout })
    } else {
        Fact::PayoutSubmitted(PayoutSubmitted { payout })
    };
    Report::new(format!("payout-{number}"), platform.now(), fact)
}

fn persons(platform: &Platform, accounts: &[AccountId]) -> Vec<PersonId> {
    accounts.iter().flat_map(|account| platform.persons(*account).unwrap()).map(|person| person.id()).collect()
}

/// Values for what is asked for; the first one spoiled, if so.
fn answer(platform: &Platform, account: AccountId, asked: &[&RequirementPath], spoiled: bool) -> Information {
    let country = platform.account(account).unwrap().country();
    let value = |subject, field: &str| {
        let whole = field.rsplit_once('.').map_or(field, |(whole, _)| whole);
        let rule = [field, whole].into_iter().find_map(|field| platform.rulebook().field(subject, field));
        rule.map(|rule| (rule.path().to_owned(), rule.test_value(country).to_owned()))
    };
    let mut told = Information::about(account);
    let person = asked.first().and_then(|path| path.as_str().split_once('.')?.0.parse::<PersonId>().ok());
    told.person = person;
    for path in asked.iter().map(|path| path.as_str()) {
        let known = match (path.split_once('.'), person) {
            (Some((id, field)), Some(person)) if id == person.to_string() => {
                if let Some(role) = field.strip_prefix("relationship.").and_then(|role| role.parse().ok()) {
                    let now = platform.person(person).unwrap().relationship().clone();
                    told.relationship = Some(told.relationship.take().unwrap_or(now).and(role));
                    None
                } else {
                    value(Subject::Person, field)
                }
            }
            (Some(("individual", field)), None) => {
                value(Subject::Person, field).map(|(field, value)| (format!("individual.{field}"), value))
            }
            (_, None) => value(Subject::Account, path).or_else(|| value(Subject::Company, path)),
            (_, Some(_)) => None,
        };
        let known = known.filter(|(field, _)| field != "external_account" && !field.starts_with("relationship.re"));
        if let Some((field, value)) = known.filter(|(field, _)| !is_role(field)) {
            let value = if field == "business_type" { "individual".to_owned() } else { value };
            told = told.set(&field, value);
        }
    }
    if let Some(value) = told.fields.values_mut().next().filter(|_| spoiled) {
        *value = "\u{0}".to_owned();
    }
    told
}

fn is_role(field: &str) -> bool {
    field.strip_prefix("relationship.").is_some_and(|role| role.parse::<PersonRole>().is_ok())
}

/// An answer to one of the checks that are open, or to one that is not.
fn checked(stage: &Stage, accounts: &[AccountId], number: usize, step: &Step) -> Report {
    let Step::Checked { which, revision, fails, named, ago } = step else { panic!("{step:?} is no check") };
    let platform = &stage.platform;
    let mut open = Vec::new();
    for account in accounts {
        let own = platform.account(*account).unwrap().profile();
        let company = platform.profile(own).unwrap().given().checks();
        open.extend(company.map(|(check, state)| (*account, None, check, state.revision)));
        for person in platform.persons(*account).unwrap() {
            let checks = person.given().checks();
            open.extend(checks.map(|(check, state)| (*account, Some(person.id()), check, state.revision)));
        }
    }
    let nobody = (accounts[0], None, fundroute::rulebook::Check::Registry, 1);
    let (account, person, check, known) = which.of(&open).unwrap_or(nobody);
    let outcome = if *fails {
        let code = [RequirementErrorCode::VerificationFailedOther, RequirementErrorCode::InformationMissing]
            [usize::from(ago.is_multiple_of(2))];
        let fields = if *named { vec!["company.tax_id".into(), "dob".into()] } else { Vec::new() };
        CheckOutcome::Failed { code, fields }
    } else {
        CheckOutcome::Verified
    };
    let revision = known.saturating_add_signed(i32::from(*revision).min(0));
    let start = utc(2026, 11, 2).at(9, 0);
    let span = platform.now().since(start).num_seconds().max(1);
    let at = platform.now().checked_add(-chrono::TimeDelta::seconds(i64::from(*ago) % span)).unwrap();
    let fact = InformationChecked { account, person, check, revision, outcome };
    Report::new(format!("checked-{number}"), at, Fact::InformationChecked(fact))
}

/// The fact that a payment was taken, if it was asked for.
fn taken(stage: &Stage, number: usize) -> Option<Act> {
    let record = stage.platform.instructions().into_iter().find_map(|instruction| match instruction.object() {
        ObjectId::Charge(charge) => Some(charge),
        _ => None,
    })?;
    let amount = stage.platform.charge(record).unwrap().amount();
    let fact = Fact::ChargeSucceeded(ChargeSucceeded::of(record, amount));
    Some(Act::Tell(Report::new(format!("taken-{number}"), stage.platform.now(), fact)))
}

fn is_subset(part: &[RequirementPath], whole: &[RequirementPath]) -> bool {
    part.iter().all(|path| whole.contains(path))
}

/// What must hold of an account at every moment.
fn check(platform: &Platform, account: AccountId) {
    let Readiness { requirements: asked, .. } = platform.readiness(account).unwrap();
    lists(&asked, platform.now());
    lists(&platform.future_requirements(account).unwrap(), platform.now());
    grown(platform, account);
    enabled(platform, account);
    gates(platform, account);
}

/// Whoever counts as under age is so until a day to come, the first of a month; where they answer for an account in the United States
/// and nobody grown up does for them, it is asked for a guardian.
fn grown(platform: &Platform, account: AccountId) {
    let persons = platform.persons(account).unwrap();
    for until in persons.iter().filter_map(|person| person.minor_until()) {
        assert!(until > platform.now() && until == until.midnight() && until.date().format("%d").to_string() == "01");
    }
    let asked = platform.requirements(account).unwrap().past_due;
    let is_asked = asked.iter().any(|path| path.as_str() == "relationship.legal_guardian");
    let answers = |role: PersonRole, is_minor: bool| {
        let is = |person: &&&Person| {
            person.relationship().is(role) || (role != PersonRole::LegalGuardian && person.is_individual())
        };
        persons.iter().filter(is).any(|person| person.is_minor() == is_minor)
    };
    let is_here = platform.account(account).unwrap().country() == US;
    let needs = answers(PersonRole::Representative, true) && !answers(PersonRole::LegalGuardian, false);
    assert_eq!(is_asked, is_here && needs, "{persons:?}");
}

fn lists(asked: &Requirements, now: Timestamp) {
    assert!(is_subset(&asked.past_due, &asked.currently_due), "{asked:?}");
    assert!(is_subset(&asked.currently_due, &asked.eventually_due), "{asked:?}");
    assert!(asked.current_deadline.is_none_or(|deadline| deadline > now), "{asked:?}");
    for error in &asked.errors {
        assert!(asked.currently_due.contains(&error.requirement), "{asked:?}");
    }
    for alternative in &asked.alternatives {
        assert!(is_subset(&alternative.original_fields_due, &asked.eventually_due), "{asked:?}");
    }
}

/// An account with a capability, nothing due and nothing pending is enabled, and one that is not says why, and that is so.
fn enabled(platform: &Platform, account: AccountId) {
    let ready = platform.readiness(account).unwrap();
    let all_on = ready.capabilities.iter().all(|state| state.status() == CapabilityStatus::Active);
    let has_some = !ready.capabilities.is_empty();
    let standing = platform.account(account).unwrap().standing();
    let is_paused = standing.payments_paused || standing.payouts_paused;
    let is_overseen = oversight::check(platform, account, &ready);
    assert_eq!(is_paused && !is_overseen, ready.disabled_reason == Some(DisabledReason::PlatformPaused));
    assert!(!(standing.payments_paused && ready.charges_enabled));
    assert!(!(standing.payouts_paused && ready.payouts_enabled));
    if has_some && ready.requirements.is_clear() && !is_paused && !is_overseen {
        assert!(all_on && ready.payouts_enabled && ready.details_submitted, "{ready:?}");
        assert_eq!((ready.phase, ready.disabled_reason), (Phase::Ready, None));
    }
    match ready.disabled_reason {
        None => assert!(has_some && all_on && ready.payouts_enabled, "{ready:?}"),
        Some(DisabledReason::RequirementsPastDue) => {
            assert!(!ready.blocked_by.is_empty() && is_subset(&ready.blocked_by, &ready.requirements.past_due));
        }
        Some(DisabledReason::RequirementsPendingVerification) => {
            let pending = &ready.requirements.pending_verification;
            assert!(!ready.waiting_for.is_empty() && is_subset(&ready.waiting_for, pending), "{ready:?}");
        }
        Some(DisabledReason::ActionRequiredRequestedCapabilities) => assert!(!has_some),
        Some(DisabledReason::PlatformPaused | DisabledReason::UnderReview | DisabledReason::Listed) => {}
        // What was told of an account, and not found out by the clock.
        Some(DisabledReason::Rejected(_, RejectReason::FraudOther | RejectReason::Listed)) => {}
        // Who is not verified in Singapore is turned away in the end, and in no other country of the story.
        Some(DisabledReason::Rejected(RejectedBy::Processor, RejectReason::Other)) => {
            let account = platform.account(account).unwrap();
            let days = platform.now().since(account.created()).num_days();
            assert!(account.country() == Country::SG && days > 160 && !ready.charges_enabled && !ready.payouts_enabled);
        }
        other => panic!("nothing else stands in the way: {other:?}"),
    }
    let cards = platform.account(account).unwrap().can(Capability::CardPayments);
    assert!(!cards || ready.charges_enabled, "{ready:?}");
}

/// No money moves that a gate forbids.
fn gates(platform: &Platform, account: AccountId) {
    let known = platform.account(account).unwrap();
    let order = NewPayment::card(usd(10_00));
    let asked = |request: Request| platform.decide(&request).err();
    if !known.can(Capability::Transfers) {
        let paid = Request::new("gate", Command::CreatePayment(order.clone().destination(account)));
        let sent = Request::new("gate", Command::CreateTransfer(NewTransfer::to(account, usd(1))));
        assert!(asked(paid).is_some() && asked(sent).is_some());
    }
    if !known.can(Capability::CardPayments) {
        assert!(asked(Request::new("gate", Command::CreatePayment(order)).acting_as(account)).is_some());
    }
    if !known.payouts_enabled() {
        let amount = Money::new(100, known.default_currency());
        let payout = Request::new("gate", Command::CreatePayout(NewPayout::of(amount))).acting_as(account);
        assert!(asked(payout).is_some());
    }
}

/// Plays steps, and tells every act that was played.
fn play(stage: &mut Stage, accounts: &[AccountId], steps: &[Step], mut seen: impl FnMut(&Stage, &Act)) {
    for (number, step) in steps.iter().enumerate() {
        let act = act(stage, accounts, number, step);
        let _refused = stage.play(&act);
        seen(stage, &act);
        if let Some(act) = taken(stage, number) {
            stage.play(&act).unwrap();
            seen(stage, &act);
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn what_an_account_can_do_follows_from_what_it_gave(done in any::<u8>(), steps in steps(20..90)) {
        let (mut stage, _, accounts) = stage(done);
        play(&mut stage, &accounts, &steps, |stage, _| {
            for account in &accounts {
                check(&stage.platform, *account);
            }
        });
        prop_assert_eq!(stage.platform.audit(), []);
    }

    #[test]
    fn a_worker_with_a_store_asks_for_the_same(done in any::<u8>(), steps in steps(20..70)) {
        let (mut stage, _, accounts) = stage(done);
        let mut store = Store::of(&stage.journal);
        let mut worker = worker(&stage);
        for (number, step) in steps.iter().enumerate() {
            let mut acts = vec![act(&stage, &accounts, number, step)];
            while let Some(act) = acts.pop() {
                let whole = stage.play(&act).map(|came| came.changes().cloned().collect::<Vec<_>>());
                prop_assert_eq!(work(&mut store, &mut worker, &act), whole, "{:?}", act);
                prop_assert_eq!(store.next_deadline(), stage.platform.deadlines().next().copied());
                acts.extend(taken(&stage, number));
            }
        }
    }

    #[test]
    fn a_journal_gives_the_same_accounts_with_and_without_what_tells_who_they_are(done in any::<u8>(), steps in steps(20..70)) {
        let (mut stage, _, accounts) = stage(done);
        play(&mut stage, &accounts, &steps, |_, _| {});
        let live = stage.platform.snapshot();
        let again = Platform::replay(VETTED.book(), stage.journal.iter().cloned()).unwrap();
        prop_assert_eq!(&again.snapshot(), &live);
        let erased = Platform::replay(VETTED.book(), stage.journal.iter().map(Changes::without_personal)).unwrap();
        prop_assert_eq!(erased.snapshot(), fundroute::journal::Snapshot { personal: Vec::new(), ..live.clone() });
        let restored = Platform::restore(VETTED.book(), live.clone(), stage.platform.now());
        prop_assert_eq!(restored.snapshot(), live);
    }

    #[test]
    fn time_steps_do_not_matter_to_what_is_due(done in any::<u8>(), steps in steps(20..70), size in 1..30_i64) {
        let (mut stage, mut acts, accounts) = stage(done);
        play(&mut stage, &accounts, &steps, |_, act| acts.push(act.clone()));
        let mut slow = Stage::new(VETTED);
        for act in &acts {
            if let Act::Wait(until) = act {
                while slow.platform.now() < *until {
                    let next = slow.platform.now().checked_add(chrono::TimeDelta::hours(size)).unwrap();
                    slow.play(&Act::Wait(next.min(*until))).unwrap();
                }
            }
            let _refused = slow.play(act);
        }
        prop_assert_eq!(slow.journal, stage.journal);
    }

    #[test]
    fn checks_told_in_any_order_end_the_same(done in any::<u8>(), steps in steps(20..60), order in any::<[u8; 24]>()) {
        let (mut stage, _, accounts) = stage(done);
        play(&mut stage, &accounts, &steps, |_, _| {});
        let mut reports = Vec::new();
        for (number, dice) in order.iter().enumerate() {
            let step = Step::Checked {
                which: Pick(u16::from(*dice)),
                revision: 0,
                fails: dice % 3 == 0,
                named: dice % 5 == 0,
                ago: u32::from(dice % 4),
            };
            reports.push(checked(&stage, &accounts, 1_000 + number, &step));
        }
        let mut other = stage.platform.clone();
        for report in &reports {
            stage.platform.record(report).unwrap();
        }
        let mut shuffled: Vec<(u8, &Report)> = order.iter().rev().copied().zip(&reports).collect();
        shuffled.sort_by_key(|(place, report)| (place.wrapping_mul(73), report.id.clone()));
        for (_, report) in shuffled.iter().chain(&shuffled) {
            other.record(report).unwrap();
        }
        prop_assert_eq!(outcome(&stage.platform), outcome(&other));
    }
}
