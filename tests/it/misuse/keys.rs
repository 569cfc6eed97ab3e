//! Request keys that come back with what persons said: the same again, or something else.

use fundroute::accounts::*;
use fundroute::ids::{ApplicationId, ObjectId};
use fundroute::journal::*;
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::rulebook::*;

use super::*;

/// An account of each kind of owner, and for everything that a request may say about persons: the request, and a later one that
/// says something else of the same.
struct Said {
    lab: Lab,
    stories: Vec<(Command, Command)>,
}

fn said() -> Said {
    let mut lab = Lab::new();
    let jo = lab.create(custom(US).business_type(BusinessType::Individual));
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    let ann = lab.person(oak, Relationship::of([PersonRole::Owner]));
    let bank = lab.w.add_bank(&mut lab.p, oak, US, USD, "000123456789").unwrap();
    let tell = |told: Information| Command::ProvideInformation(told);
    let holder =
        |name: &str| Command::UpdateExternalAccount(UpdateExternalAccount::new(bank).holder(name, HolderType::Company));
    let stories = vec![
        (
            tell(Information::about(jo).set("individual.first_name", "Jo")),
            tell(Information::about(jo).set("individual.first_name", "Ada")),
        ),
        (
            tell(Information::about(oak).set("company.name", "One Inc")),
            tell(Information::about(oak).set("company.name", "Two Inc")),
        ),
        (
            tell(Information::about_person(ann).set("first_name", "Ann")),
            tell(Information::about_person(ann).set("first_name", "Anna")),
        ),
        (holder("One Inc"), holder("Two Inc")),
    ];
    Said { lab, stories }
}

#[test]
fn the_same_key_with_something_else_is_refused_and_a_late_retry_replayed() {
    let Said { mut lab, stories } = said();
    for (place, (first, later)) in stories.into_iter().enumerate() {
        let key = format!("first-{place}");
        let reused = Err(RequestError::KeyReused(key.clone()).into());
        let ask = |lab: &mut Lab, command: &Command| {
            lab.p.handle(Request::new(&*key, command.clone())).map(|decided| decided.outcome)
        };
        assert_eq!(ask(&mut lab, &first), Ok(Outcome::Applied));
        assert_eq!(ask(&mut lab, &later), reused, "{later:?}");
        lab.ask(later.clone()).unwrap();
        assert_eq!(ask(&mut lab, &first), Ok(Outcome::Replayed), "{first:?}");
        assert_eq!(ask(&mut lab, &later), reused, "{later:?}");
    }
}

#[test]
fn a_new_person_or_bank_account_is_known_by_what_was_said_of_it() {
    let mut lab = Lab::new();
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    let person = |name: &str| {
        Command::CreatePerson(NewPerson::new(oak, Relationship::of([PersonRole::Owner])).set("first_name", name))
    };
    let bank = |number: &str, name: &str| {
        let bank = NewExternalAccount::bank(oak, US, USD, number).routing("110000000");
        Command::AddExternalAccount(bank.holder(name, HolderType::Company))
    };
    let (number, other) = ("000123456789", "000222222227");
    for (key, first, later) in [
        ("person", person("Ann"), person("Bo")),
        ("number", bank(number, "Oak"), bank(other, "Oak")),
        ("holder", bank(number, "Oak"), bank(number, "Elm")),
    ] {
        let first = Request::new(key, first);
        let made = lab.p.handle(first.clone()).unwrap();
        let refused = lab.p.handle(Request::new(key, later)).map(|decided| decided.answer);
        assert_eq!(refused, Err(RequestError::KeyReused(key.to_owned()).into()));
        if let Answer::Person(id) = made.answer {
            lab.give(Information::about_person(id).set("first_name", "Anna")).unwrap();
        }
        let again = lab.p.handle(first).unwrap();
        assert_eq!((again.answer, again.outcome), (made.answer, Outcome::Replayed));
    }
}

#[test]
fn a_worker_knows_a_key_again_as_the_whole_platform_does() {
    let Said { mut lab, stories } = said();
    let identity = Identity { platform: lab.p.id(), livemode: false };
    for (first, later) in stories {
        let key = lab.key();
        lab.p.handle(Request::new(&*key, first.clone())).unwrap();
        for command in [first, later] {
            let request = Request::new(&*key, command);
            let mut worker = Platform::partial(identity, Rulebook::standard(), lab.p.now());
            let decided = loop {
                match worker.decide(&request) {
                    Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| lab.p.look_up(key))),
                    decided => break decided,
                }
            };
            assert_eq!(decided, lab.p.decide(&request));
        }
    }
}

#[test]
fn of_somebody_forgotten_nothing_is_left_to_compare_with() {
    let Said { mut lab, stories } = said();
    for (first, later) in stories {
        let key = lab.key();
        let of = lab.p.handle(Request::new(&*key, first.clone())).unwrap().changes.personal.first().unwrap().of;
        lab.ask(Command::Erase(of)).unwrap();
        let left: Vec<ObjectId> = lab.p.snapshot().personal.iter().map(|write| write.of).collect();
        assert!(!left.contains(&of), "{left:?}");
        for command in [first, later] {
            let outcome = lab.p.handle(Request::new(&*key, command)).map(|decided| decided.outcome);
            assert_eq!(outcome, Ok(Outcome::Replayed));
        }
    }
}

/// A key that is fresh again is used for somebody else of the same account, and the request comes again.
#[test]
fn a_key_used_anew_has_forgotten_what_it_said_before() {
    let mut lab = Lab::new();
    let oak = lab.create(custom(US).business_type(BusinessType::Company));
    let persons = [PersonRole::Owner, PersonRole::Director].map(|role| lab.person(oak, Relationship::of([role])));
    let asks = |first: &str| {
        let told = [Information::about_person(persons[0]), Information::about_person(persons[1])];
        let [ann, bo] = told.map(|told| Command::ProvideInformation(told.set("first_name", first)));
        let person = NewPerson::new(oak, Relationship::of([PersonRole::Owner])).set("first_name", first);
        [ann, bo, Command::CreatePerson(person)].map(|command| Request::new("again", command))
    };
    for (first, other) in asks("Ann").into_iter().zip(asks("Bo")) {
        assert_eq!(lab.p.handle(first.clone()).unwrap().outcome, Outcome::Applied);
        for store in [lab.p.clone(), Platform::restore(Rulebook::standard(), lab.p.snapshot(), lab.p.now())] {
            let retried = answers::late_worker(&store, store.now(), &first).map(|decided| decided.outcome);
            assert_eq!(retried, Ok(Outcome::Replayed), "{first:?}");
            let reused = Err(RequestError::KeyReused("again".to_owned()).into());
            assert_eq!(store.decide(&other).map(|decided| decided.outcome), reused, "{other:?}");
        }
        let of_key =
            lab.p.snapshot().personal.iter().filter(|write| matches!(write.data, PersonalData::Said { .. })).count();
        assert_eq!(of_key, 1, "what the key said before is still there");
        lab.wait(31);
    }
}

/// docs.stripe.com/api/idempotent_requests (2026): keys are an account's own. Extensions on one account each have theirs.
#[test]
fn extensions_of_one_account_have_keys_of_their_own() {
    let mut lab = Lab::new();
    let jo = lab.ready(NewAccount::standard(US));
    let [one, two] = [1, 2].map(|name| ApplicationId::from_host([name; 14]));
    let scope = Scope::ReadWrite;
    let sale = |amount: i64| Request::new("order-1", Command::CreatePayment(NewPayment::card(Money::new(amount, USD))));
    let ask = |lab: &mut Lab, request: Request| lab.p.handle(request).map(|decided| (decided.answer, decided.outcome));
    let first = ask(&mut lab, sale(10_00).by_extension(one, scope, jo)).unwrap();
    // The same key of another one, with the same content and with other content, is another request.
    let second = ask(&mut lab, sale(10_00).by_extension(two, scope, jo)).unwrap();
    assert_eq!((first.1, second.1), (Outcome::Applied, Outcome::Applied));
    assert_ne!(first.0, second.0);
    let mut handle = lab.p.by_extension(two, scope, jo).unwrap();
    let by_hand = handle.payments().create("order-1", NewPayment::card(usd(10_00))).unwrap();
    assert_eq!(Answer::Payment(by_hand.answer), second.0);
    let unnamed = ask(&mut lab, sale(11_00).by(Actor::Extension(scope), jo)).unwrap();
    let holder = ask(&mut lab, sale(12_00).by(Actor::Holder, jo)).unwrap();
    let platform = ask(&mut lab, sale(13_00).acting_as(jo)).unwrap();
    assert!([unnamed, holder, platform].iter().all(|(_, outcome)| *outcome == Outcome::Applied));
    // Each is known again, also where it may do less by now, and its key is not good for anything else.
    let again = ask(&mut lab, sale(10_00).by_extension(one, Scope::ReadOnly, jo)).unwrap();
    assert_eq!(again, (first.0, Outcome::Replayed));
    let other = ask(&mut lab, sale(99_00).by_extension(two, scope, jo));
    assert_eq!(other, Err(RequestError::KeyReused("order-1".to_owned()).into()));
    // What was written before requests named an extension is read as before.
    let mut old = serde_json::to_value(sale(10_00).by(Actor::Extension(scope), jo)).unwrap();
    old.as_object_mut().unwrap().remove("extension").unwrap();
    assert_eq!(serde_json::from_value::<Request>(old).unwrap().extension, None);
}
