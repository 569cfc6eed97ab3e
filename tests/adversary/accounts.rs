//! Accounts in the hands of somebody who gives them the wrong things, at the wrong time, twice, or about nobody.

use fundroute::accounts::*;
use fundroute::ids::{AccountLinkId, AccountSessionId, ConnectionId, ExternalAccountId, LoginLinkId, PersonId};
use fundroute::payouts::SetDelayDays;
use fundroute::rulebook::{BusinessType, Capability, Check, FieldFormat, PersonRole, RequirementErrorCode, Subject};

use super::*;

fn texts() -> Vec<String> {
    let fixed =
        ["", " ", "\0", "\n\r\t", "\u{202e}evil", "a\u{2066}b\u{2069}", "\u{200b}", "\u{200f}\u{200e}", "\u{feff}"];
    let mut all: Vec<String> = fixed.map(str::to_owned).to_vec();
    all.extend(["x".repeat(5_001), "ü".repeat(100_000), "'; drop table--".to_owned(), "\u{1f4a3}\u{fe0f}".to_owned()]);
    all
}

/// A platform whose accounts are asked for everything, with a company that has two persons.
fn rig() -> (Rig, PersonId, PersonId) {
    let mut rig = Rig::open(US, Rulebook::standard());
    let new = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let Answer::Account(oak) =
        rig.run(Command::CreateAccount(new.business_type(BusinessType::Company))).unwrap().answer
    else {
        panic!("an account is made")
    };
    rig.flo = oak;
    let mut person = |role| {
        let command = Command::CreatePerson(NewPerson::new(oak, Relationship::of([role])));
        let Answer::Person(id) = rig.run(command).unwrap().answer else { panic!("a person is added") };
        id
    };
    let (ada, bea) = (person(PersonRole::Representative), person(PersonRole::Owner));
    (rig, ada, bea)
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whatever stands in a field is refused, or short, and can be shown as it is: nothing in it turns the text around or is nothing at all.
#[test]
fn no_field_keeps_what_cannot_be_shown() {
    let (mut rig, ada, _) = rig();
    let oak = rig.flo;
    let fields: Vec<(Subject, String, FieldFormat)> = {
        let book = rig.platform.rulebook();
        let all = book.fields().map(|rule| (rule.subject(), rule.path().to_owned(), rule.format()));
        all.collect()
    };
    assert!(fields.len() > 100);
    for text in texts() {
        for (subject, field, format) in &fields {
            let about =
                if *subject == Subject::Person { Information::about_person(ada) } else { Information::about(oak) };
            let told = Command::ProvideInformation(about.set(field, text.clone()));
            match rig.by(Actor::Holder, oak, told) {
                Err(error) => assert!(error.to_string().len() < 300, "{field}: {error}"),
                Ok(_) => {
                    assert!(text.chars().count() <= 40_000 && !text.chars().any(char::is_control), "{field} {format}");
                    assert!(!text.chars().any(is_direction), "{field} takes {text:?}");
                    assert!(
                        text.chars().any(|c| c.is_alphanumeric() || c.is_ascii_punctuation() || c > '\u{ffff}'),
                        "{field}: {text:?}"
                    );
                }
            }
        }
        // And what is no field at all.
        let told = Information::about(oak).set(&text, text.clone());
        let error = rig.by(Actor::Holder, oak, Command::ProvideInformation(told)).unwrap_err();
        assert!(error.to_string().len() < 300 && !error.to_string().contains("evil"), "{error}");
    }
    rig.sound();
}

/// Addresses, names and words that are kept in the journal are short and can be shown as they are, or are refused.
#[test]
fn no_page_and_no_name_keeps_what_cannot_be_shown() {
    let (mut rig, ..) = rig();
    let oak = rig.flo;
    for text in texts() {
        let url = format!("https://shop.example/{text}");
        let is_odd = text.len() > 2_000 || text.chars().any(|c| c.is_control() || c.is_whitespace() || is_direction(c));
        let link = NewAccountLink::onboarding(oak, url.clone(), "https://shop.example/done");
        let answer = rig.run(Command::CreateAccountLink(link));
        assert!(answer.is_err() == is_odd, "{text:?}");
        let app = NewApplication::platform(url.clone());
        assert!(rig.run(Command::RegisterApplication(app)).is_err() == is_odd, "{text:?}");
        let mut name = Branding::new();
        name = name.display_name(&text);
        if rig.run(Command::UpdatePlatform(UpdatePlatform { branding: name })).is_ok() {
            assert!(
                text.chars().count() <= 100 && !text.chars().any(is_direction) && !text.trim().is_empty(),
                "{text:?}"
            );
        }
        rig.run(Command::RegisterApplication(NewApplication::platform("https://shop.example/app"))).unwrap();
        let wish = Authorize::new_account(US)
            .state(text.clone())
            .fill_in(&text, text.clone())
            .fill_in("company.name", text.clone());
        let key = rig.key();
        if let Ok(decided) = rig.ask(Request { actor: Actor::Holder, ..Request::new(key, Command::Authorize(wish)) }) {
            let kept: usize = decided.changes.personal.iter().map(|write| format!("{:?}", write).len()).sum();
            assert!(text.len() <= Authorize::LONGEST_STATE && kept < 20_000, "{} of {}", kept, text.len());
        }
        for bank in [
            NewExternalAccount::bank(oak, US, USD, text.clone()).routing(text.clone()),
            NewExternalAccount::bank_token(oak, US, USD, text.clone(), "6789"),
        ] {
            let _ = rig.run(Command::AddExternalAccount(bank.holder(text.clone(), HolderType::Company)));
        }
    }
    rig.sound();
}

/// Lists in commands and facts that name one thing a thousand times are kept as naming it once.
#[test]
fn lists_that_say_one_thing_a_thousand_times_are_kept_short() {
    let (mut rig, ada, bea) = rig();
    let oak = rig.flo;
    let long = |role| Relationship { roles: vec![role; 1_000].into(), percent_ownership: None };
    rig.run(Command::CreatePerson(NewPerson::new(oak, long(PersonRole::Director)))).unwrap();
    rig.run(Command::ProvideInformation(Information::about_person(bea).relationship(long(PersonRole::Owner)))).unwrap();
    for person in rig.platform.persons(oak).unwrap() {
        assert_eq!(person.relationship().roles.len(), 1, "{:?}", person.relationship().roles.len());
    }
    let new = NewAccount { capabilities: vec![Capability::Transfers; 1_000], ..NewAccount::express(US) };
    let Answer::Account(jo) = rig.run(Command::CreateAccount(new)).unwrap().answer else { panic!() };
    assert_eq!(rig.platform.account(jo).unwrap().capabilities().len(), 1);
    rig.run(Command::ProvideInformation(Information::about_person(ada).set("first_name", "Ada"))).unwrap();
    let outcome = CheckOutcome::Failed {
        code: RequirementErrorCode::VerificationFailedOther,
        fields: vec!["first_name".into(); 5_000],
    };
    let fact = InformationChecked { account: oak, person: Some(ada), check: Check::Identity, revision: 1, outcome };
    rig.tell(Fact::InformationChecked(fact));
    let known = rig.platform.person(ada).unwrap().given().check(Check::Identity).unwrap().clone();
    let CheckStatus::Concluded(CheckOutcome::Failed { fields, .. }) = known.status else { panic!("it failed") };
    assert_eq!(fields.len(), 1);
    rig.sound();
}

/// Every command about accounts, about this one and what belongs to it.
fn commands(oak: AccountId, person: PersonId) -> Vec<Command> {
    let bank = ExternalAccountId::of_host(oak);
    let (capability, reason) = (Capability::CardPayments, RejectReason::Other);
    vec![
        Command::ProvideInformation(Information::about(oak).set("company.name", "Oak")),
        Command::ProvideInformation(Information::about_person(person).set("first_name", "Ada")),
        Command::CreatePerson(NewPerson::new(oak, Relationship::of([PersonRole::Director]))),
        Command::DeletePerson(person),
        Command::RequestCapability(RequestCapability { account: oak, capability, requested: true }),
        Command::RequestCapability(RequestCapability { account: oak, capability, requested: false }),
        Command::RejectAccount(RejectAccount::new(oak, reason)),
        Command::UnrejectAccount(UnrejectAccount { account: oak }),
        Command::SetPause(SetPause::both(oak, true)),
        Command::ReassessAccount(oak),
        Command::CreateAccountLink(NewAccountLink::update(oak, "https://shop.example/a", "https://shop.example/b")),
        Command::CreateAccountSession(NewAccountSession::of(oak).show(Component::Balances)),
        Command::CreateLoginLink(oak),
        Command::SetDelayDays(SetDelayDays { account: oak, delay: Some(9) }),
        Command::AddExternalAccount(NewExternalAccount::bank(oak, US, USD, "000123456789").routing("110000000")),
        Command::UpdateExternalAccount(UpdateExternalAccount::new(bank)),
        Command::DeleteExternalAccount(bank),
        Command::Deauthorize(oak),
        Command::Erase(person.into()),
        Command::CloseAccount(CloseAccount { account: oak }),
    ]
}

trait OfHost {
    fn of_host(account: AccountId) -> Self;
}

impl OfHost for ExternalAccountId {
    fn of_host(account: AccountId) -> Self {
        ExternalAccountId::from_host(account.uuid().into_bytes()[..14].try_into().unwrap())
    }
}

/// What belongs to nobody is answered with that, by everybody, and leaves no trace.
#[test]
fn what_nobody_knows_is_not_found() {
    let (mut rig, ..) = rig();
    let nobody = AccountId::from_host([0xab; 14]);
    let no_person = PersonId::from_host([0xab; 14]);
    let mut all = commands(nobody, no_person);
    all.extend([
        Command::VisitAccountLink(AccountLinkId::from_host([1; 14])),
        Command::LeaveAccountLink(AccountLinkId::from_host([1; 14])),
        Command::ClaimAccountSession(AccountSessionId::from_host([1; 14])),
        Command::UseLoginLink(LoginLinkId::from_host([1; 14])),
        Command::Erase(ConnectionId::from_host([1; 14]).into()),
        Command::Authorize(Authorize::account(nobody)),
    ]);
    for command in all {
        let is_of_oauth = matches!(command, Command::Authorize(_));
        let error = rig.run(command.clone()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)) || is_of_oauth, "{command:?}: {error:?}");
        let key = rig.key();
        let _refused = rig.ask(Request::new(key, command).by(Actor::Holder, nobody)).unwrap_err();
    }
    rig.sound();
}

/// Whatever state an account is in, each command about it is answered or refused, twice as well, by everybody, and the clock goes on.
#[test]
fn every_command_in_every_state_twice_and_after_a_jump() {
    let states: [&[Command]; 6] = {
        let pause = |oak| Command::SetPause(SetPause::both(oak, true));
        let (base, ..) = rig();
        let oak = base.flo;
        let reject = Command::RejectAccount(RejectAccount::new(oak, RejectReason::FraudOther));
        let close = Command::CloseAccount(CloseAccount { account: oak });
        let leaked: [Vec<Command>; 6] = [
            vec![],
            vec![pause(oak)],
            vec![reject.clone()],
            vec![close.clone()],
            vec![reject.clone(), close],
            vec![pause(oak), reject],
        ];
        leaked.map(|commands| &*commands.leak())
    };
    for state in states {
        let (mut base, _, bea) = rig();
        for command in state {
            base.run(command.clone()).unwrap();
        }
        for command in commands(base.flo, bea) {
            let mut rig = base.clone();
            for actor in [Actor::Holder, Actor::Extension(Scope::ReadWrite), Actor::Platform] {
                let account = rig.flo;
                let first = rig.by(actor, account, command.clone()).is_ok();
                let second = rig.by(actor, account, command.clone()).is_ok();
                let is_once = matches!(
                    command,
                    Command::DeletePerson(_)
                        | Command::RejectAccount(_)
                        | Command::UnrejectAccount(_)
                        | Command::CloseAccount(_)
                        | Command::Deauthorize(_)
                );
                assert!(!(first && second && is_once), "{command:?} works twice");
                assert!(first || !second, "{command:?} works the second time alone");
            }
            let standing = rig.platform.account(rig.flo).unwrap().standing();
            let known = rig.platform.account(rig.flo).unwrap();
            let is_stopped = standing.rejection.is_some() || standing.access == Access::Closed;
            assert!(!is_stopped || !(known.charges_enabled() || known.payouts_enabled()), "{command:?}");
            rig.wait(days(1_000));
            rig.sound();
        }
    }
}

/// Somebody who was removed is gone: nothing is given about them, asked of them, or told of them, and they come back as somebody else.
#[test]
fn who_was_removed_is_gone() {
    let (mut rig, _, bea) = rig();
    let oak = rig.flo;
    rig.run(Command::ProvideInformation(Information::about_person(bea).set("first_name", "Beatrix"))).unwrap();
    let revision = rig.platform.person(bea).unwrap().given().check(Check::Identity).unwrap().revision;
    rig.run(Command::DeletePerson(bea)).unwrap();
    for command in [
        Command::ProvideInformation(Information::about_person(bea).set("first_name", "Beatrix")),
        Command::ProvideInformation(Information::about_person(bea).relationship(Relationship::of([PersonRole::Owner]))),
        Command::DeletePerson(bea),
    ] {
        assert_eq!(rig.run(command).unwrap_err(), Error::NotFound(bea.into()));
    }
    let outcome = CheckOutcome::Failed { code: RequirementErrorCode::VerificationFailedOther, fields: vec![] };
    let fact = InformationChecked { account: oak, person: Some(bea), check: Check::Identity, revision, outcome };
    rig.tell(Fact::InformationChecked(fact));
    let asked = rig.platform.requirements(oak).unwrap();
    assert!(asked.eventually_due.iter().all(|path| !path.as_str().starts_with(&bea.to_string())));
    let again =
        Command::CreatePerson(NewPerson::new(oak, Relationship::of([PersonRole::Owner])).set("first_name", "Beatrix"));
    let Answer::Person(other) = rig.run(again).unwrap().answer else { panic!() };
    assert_ne!(other, bea);
    let said =
        format!("{:?}{}", rig.platform, serde_json::to_string(&rig.platform.records().collect::<Vec<_>>()).unwrap());
    assert!(!said.contains("Beatrix"));
    rig.sound();
}

/// Facts about accounts with times and dates at the ends of what can be told.
#[test]
fn facts_at_the_ends_of_time() {
    let (mut rig, ada, _) = rig();
    let oak = rig.flo;
    for deadline in [Some(Timestamp::MIN), Some(Timestamp::MAX), None] {
        for state in [InquiryState::Open, InquiryState::Answered, InquiryState::Closed] {
            let inquiry = "interv_1.url.form".parse().unwrap();
            let impact = fundroute::rulebook::Impact::Both;
            rig.tell(Fact::InquiryChanged(InquiryChanged { account: oak, inquiry, state, impact, deadline }));
            rig.wait(days(1));
            rig.sound();
        }
    }
    let outcome = CheckOutcome::Verified;
    for revision in [0, 1, u32::MAX] {
        let person = Some(ada);
        let fact =
            InformationChecked { account: oak, person, check: Check::Identity, revision, outcome: outcome.clone() };
        let (key, now) = (rig.key(), rig.platform.now());
        for at in [Timestamp::MIN, now] {
            let report = Report::new(format!("{key}-{}", at.micros()), at, Fact::InformationChecked(fact.clone()));
            rig.platform.record(&report).unwrap();
        }
        let ahead = Report::new(format!("{key}-ahead"), Timestamp::MAX, Fact::InformationChecked(fact));
        assert!(matches!(rig.platform.record(&ahead), Err(Error::FactAheadOfClock { .. })));
    }
}
