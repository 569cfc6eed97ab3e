//! Partial platforms, journals and snapshots of what lets somebody in.

use super::*;

/// What a worker decides who has to ask for every key.
fn in_parts(store: &Platform, request: &Request) -> Result<(Answer, Changes), Error> {
    let who = Identity { platform: store.id(), livemode: store.livemode() };
    let mut worker = Platform::partial(who, store.rulebook().clone(), store.now());
    for _ in 0..10 {
        match worker.decide(request) {
            Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| store.look_up(key))),
            decided => return decided.map(|decided| (decided.answer, decided.changes)),
        }
    }
    panic!("{request:?} asks for ever more")
}

/// Carries a request out, and checks that a part decides the same and that all of it can be written and read.
fn step(platform: &mut Platform, request: &Request) -> (Answer, Changes) {
    let whole = platform.decide(request).map(|decided| (decided.answer, decided.changes));
    assert_eq!(in_parts(platform, request), whole, "{request:?}");
    let (answer, changes) = whole.unwrap();
    let json = serde_json::to_string(&changes).unwrap();
    assert_eq!(serde_json::from_str::<Changes>(&json).unwrap(), changes);
    let bytes = postcard::to_stdvec(&changes).unwrap();
    assert_eq!(postcard::from_bytes::<Changes>(&bytes).unwrap(), changes);
    let asked = serde_json::to_string(request).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&asked).unwrap(), *request);
    assert_eq!(postcard::from_bytes::<Request>(&postcard::to_stdvec(request).unwrap()).unwrap(), *request);
    platform.apply(&changes).unwrap();
    (answer, changes)
}

#[test]
fn a_part_decides_as_the_whole_does_and_what_is_written_can_be_read() {
    let mut platform = registered();
    let jo = World::new().onboard(&mut platform, NewAccount::express(US)).unwrap();
    let mo = platform.accounts().create("mo", NewAccount::standard(US)).unwrap().answer;
    let mut journal = Vec::new();
    let mut go = |platform: &mut Platform, request: Request| {
        let (answer, changes) = step(platform, &request);
        journal.push(changes);
        answer
    };
    let start = platform.clone();
    let app = NewApplication::platform("https://shop.example/new");
    go(&mut platform, Request::new("app-2", Command::RegisterApplication(app)));
    let Answer::AccountLink(link) = go(&mut platform, Request::new("1", Command::CreateAccountLink(onboarding(jo))))
    else {
        panic!()
    };
    go(&mut platform, Request::new("2", Command::VisitAccountLink(link)));
    go(&mut platform, Request::new("3", Command::VisitAccountLink(link)).by(Actor::Holder, jo));
    go(&mut platform, Request::new("4", Command::LeaveAccountLink(link)));
    let session = NewAccountSession::of(jo).set(Component::Payouts, Feature::InstantPayouts, true);
    let Answer::AccountSession(session) = go(&mut platform, Request::new("5", Command::CreateAccountSession(session)))
    else {
        panic!()
    };
    go(&mut platform, Request::new("6", Command::ClaimAccountSession(session)));
    let Answer::LoginLink(login) = go(&mut platform, Request::new("7", Command::CreateLoginLink(jo))) else { panic!() };
    go(&mut platform, Request::new("8", Command::UseLoginLink(login)).by(Actor::Holder, jo));
    let outside = OutsideAccount {
        id: AccountId::from_host([9; 14]),
        country: US,
        is_controlled: false,
        capabilities: vec![Capability::Transfers],
    };
    let wishes = [Authorize::outside(outside), Authorize::new_account(US), Authorize::account(mo)];
    for (number, wish) in wishes.into_iter().enumerate() {
        let mut request = Request::new(format!("a{number}"), Command::Authorize(wish.clone()));
        (request.actor, request.account) = (Actor::Holder, (number == 2).then_some(mo));
        let denied =
            Request { key: format!("d{number}"), command: Command::DenyAuthorization(wish), ..request.clone() };
        go(&mut platform, denied);
        let Answer::Connection(connection) = go(&mut platform, request) else { panic!() };
        let code = ExchangeCode::of(platform.connection(connection).unwrap().code());
        for round in 0..2 {
            go(&mut platform, Request::new(format!("x{number}-{round}"), Command::ExchangeCode(code.clone())));
        }
    }
    let mut request = Request::new("again", Command::Authorize(Authorize::account(mo)));
    (request.actor, request.account) = (Actor::Holder, Some(mo));
    let Answer::Connection(connection) = go(&mut platform, request) else { panic!() };
    let code = ExchangeCode::of(platform.connection(connection).unwrap().code());
    go(&mut platform, Request::new("again", Command::ExchangeCode(code)));
    go(&mut platform, Request::new("end", Command::Deauthorize(mo)).by(Actor::Holder, mo));
    survives(&start, &platform, &journal);
}

/// That a journal adds up to a platform, which is the same after a rest.
fn survives(start: &Platform, platform: &Platform, journal: &[Changes]) {
    let mut replayed = start.clone();
    for changes in journal {
        replayed.apply(changes).unwrap();
    }
    assert_eq!(replayed.snapshot(), platform.snapshot());
    let snapshot = platform.snapshot();
    let bytes = postcard::to_stdvec(&snapshot).unwrap();
    assert_eq!(postcard::from_bytes::<Snapshot>(&bytes).unwrap(), snapshot);
    let restored = Platform::restore(Rulebook::standard(), snapshot.clone(), platform.now());
    assert_eq!(restored.snapshot(), snapshot);
    for record in platform.records() {
        let json = serde_json::to_string(record).unwrap();
        assert_eq!(&serde_json::from_str::<Record>(&json).unwrap(), record);
    }
    assert_eq!(platform.audit(), []);
}
