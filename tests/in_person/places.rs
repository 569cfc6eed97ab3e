//! Places, readers and tokens: how they are named, changed and removed.

use super::*;
use fundroute::terminal::{CartLine, ConnectionToken, NewConnectionToken, ReaderStatus, TerminalError, UpdateLocation};

fn create(platform: &mut Platform, name: &str, address: Address) -> Result<LocationId, Error> {
    platform.locations().create("place", NewLocation::new(name, address)).map(|decided| decided.answer)
}

/// docs.stripe.com/terminal/fleet/locations (2025).
#[test]
fn an_address_says_what_its_country_needs() {
    let mut platform = Market::open().platform;
    let missing = |country, missing| Err(TerminalError::AddressIncomplete { country, missing }.into());
    let address = |country| Address::new(country, "1 Street", "12345");
    assert_eq!(create(&mut platform, "x", address(US).city("Here")), missing(US, "state"));
    assert_eq!(create(&mut platform, "x", address(US).state("CA")), missing(US, "city"));
    assert_eq!(create(&mut platform, "x", address(DE)), missing(DE, "city"));
    assert!(create(&mut platform.clone(), "x", address(Country::IE)).is_ok());
    let refused = create(&mut platform, "x", address(BR).city("Here").state("SP")).unwrap_err();
    assert_eq!(
        (&refused, refused.code()),
        (&TerminalError::CountryUnsupported(BR).into(), Some("terminal_location_country_unsupported"))
    );
    for text in [String::new(), "  ".to_owned(), "x".repeat(256), "ü".repeat(100_000)] {
        let characters = text.chars().count();
        let refused = |what| Err(TerminalError::TextInvalid { what, characters }.into());
        assert_eq!(create(&mut platform, &text, toronto()), refused("display_name"));
        assert_eq!(create(&mut platform, "x", toronto().line2(text.as_str())), refused("line2"));
        assert_eq!(create(&mut platform, "x", toronto().city(text.as_str())), refused("city"));
        assert_eq!(
            create(&mut platform, "x", Address { postal_code: text.clone(), ..toronto() }),
            refused("postal_code")
        );
    }
    assert!(create(&mut platform, &"ü".repeat(255), toronto()).is_ok());
}

#[test]
fn a_place_changes_within_its_country() {
    let mut market = Market::open();
    let stall = market.stall;
    let update = UpdateLocation::new(stall)
        .display_name("Jo's new stall")
        .address(Address { line1: "1 King".to_owned(), ..toronto() });
    market.platform.locations().update("move", update).unwrap();
    let known = market.platform.location(stall).unwrap();
    assert_eq!((known.display_name(), known.address().line1.as_str()), ("Jo's new stall", "1 King"));
    let abroad = Address::new(US, "1 Street", "12345").city("Here").state("CA");
    let refused = market.platform.locations().update("abroad", UpdateLocation::new(stall).address(abroad)).map(drop);
    assert_eq!(refused, Err(TerminalError::CountryFixed { location: stall, country: CA }.into()));
}

#[test]
fn what_is_deleted_takes_nothing_more() {
    let mut market = Market::open();
    let (stall, reader) = (market.stall, market.reader);
    let order = market.order(PaymentMethod::CardPresent);
    market.platform.locations().delete("close", stall).unwrap();
    let gone = TerminalError::LocationDeleted(stall);
    assert_eq!(market.platform.locations().delete("again", stall).map(drop), Err(gone.clone().into()));
    let update = UpdateLocation::new(stall).display_name("x");
    assert_eq!(market.platform.locations().update("again", update).map(drop), Err(gone.clone().into()));
    let token = NewConnectionToken::at(stall);
    assert_eq!(market.platform.connection_tokens().create("token", token).map(drop), Err(gone.into()));
    let refused = market.start(reader, ReaderTask::ProcessPaymentIntent(order)).unwrap_err();
    assert_eq!(refused, TerminalError::InvalidLocation { reader, location: stall, country: CA }.into());
    let new = NewReader::new(stall, DeviceType::StripeS700);
    let refused = market.platform.readers().register("here", new).unwrap_err();
    assert_eq!(refused.code(), Some("terminal_reader_invalid_location_for_activation"));
    // What moves no money works everywhere.
    market.start(reader, ReaderTask::CollectInputs("form".to_owned())).unwrap();
    let busy = market.platform.readers().delete("delete", reader).map(drop);
    assert_eq!(busy, Err(TerminalError::ReaderBusy(reader).into()));
    market.settle();
    market.platform.readers().delete("delete", reader).unwrap();
    let gone = || Err(TerminalError::ReaderDeleted(reader).into());
    assert_eq!(market.platform.readers().delete("again", reader).map(drop), gone());
    assert_eq!(market.platform.readers().update("again", reader, "x").map(drop), gone());
    assert_eq!(market.start(reader, ReaderTask::ProcessPaymentIntent(order)).map(drop), gone());
    assert_eq!(market.platform.readers().cancel_action("again", reader).map(drop), gone());
}

#[test]
fn a_reader_has_a_name_and_a_status() {
    let mut market = Market::open();
    let reader = market.reader;
    assert_eq!(market.platform.reader(reader).unwrap().status(), None);
    market.platform.readers().update("name", reader, "till 2").unwrap();
    assert_eq!(market.platform.reader(reader).unwrap().label(), Some("till 2"));
    let refused = market.platform.readers().update("huge", reader, &"x".repeat(1 << 20)).map(drop);
    assert_eq!(refused, Err(TerminalError::TextInvalid { what: "label", characters: 1 << 20 }.into()));
    let (key, now) = (market.key(), market.platform.now());
    market.platform.readers().record_seen(&key, now, reader, ReaderStatus::Offline).unwrap();
    let offline = market.start(reader, ReaderTask::CollectInputs("form".to_owned())).unwrap_err();
    assert_eq!(
        (&offline, offline.code()),
        (&TerminalError::ReaderOffline(reader).into(), Some("terminal_reader_offline"))
    );
    // Readers beside a telephone have no status.
    let small = NewReader::new(market.stall, DeviceType::StripeM2);
    let small = market.platform.readers().register("small", small).unwrap().answer;
    market.platform.readers().record_seen("small-1", now, small, ReaderStatus::Offline).unwrap();
    assert_eq!(market.platform.reader(small).unwrap().status(), None);
    let order = market.order(PaymentMethod::CardPresent);
    market.start(small, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    market.settle();
    assert_eq!(market.status(order), PaymentStatus::Succeeded);
}

/// docs.stripe.com/terminal/references/testing (2025).
#[test]
fn simulated_readers_are_for_test_mode() {
    let mut platform = Platform::new(NewPlatform::in_country(CA).live(), rules(), utc(2026, 11, 2)).unwrap();
    let place = create(&mut platform, "x", toronto()).unwrap();
    for device_type in DeviceType::ALL.iter().copied() {
        let answer = platform.readers().register(device_type.as_str(), NewReader::new(place, device_type)).map(drop);
        if device_type.as_str().contains("simulated") {
            assert_eq!(answer, Err(TerminalError::SimulatedInLiveMode(device_type).into()));
        } else {
            assert_eq!(answer, Ok(()));
        }
    }
}

#[test]
fn tokens_are_made_of_ids() {
    let mut market = Market::open();
    let (stall, flo) = (market.stall, market.flo);
    let all = market.platform.connection_tokens().create("token", NewConnectionToken::new()).unwrap();
    let again = market.platform.connection_tokens().create("token", NewConnectionToken::new()).unwrap();
    assert_eq!((again.answer, again.changes.is_empty()), (all.answer, true));
    let one =
        market.platform.connection_tokens().create("till at the stall", NewConnectionToken::at(stall)).unwrap().answer;
    assert_ne!(all.answer, one);
    let token = market.platform.connection_token(one).unwrap();
    assert_eq!((token.location(), token.owner()), (Some(stall), market.platform.id()));
    assert_eq!(ConnectionToken::id_in(&token.secret()), Some(one));
    let theirs = market.platform.acting_as(flo).unwrap().connection_tokens().create("token", NewConnectionToken::new());
    assert_eq!(market.platform.connection_token(theirs.unwrap().answer).unwrap().owner(), flo);
}

#[test]
fn a_cart_is_shown_whole_or_not() {
    let mut market = Market::open();
    let reader = market.reader;
    let invalid =
        |cart: Cart| (ReaderTask::SetReaderDisplay(cart), Err(TerminalError::CartInvalid { most: 50 }.into()));
    let line = CartLine { description: "Honey".to_owned(), amount: cad(1), quantity: u32::MAX };
    let many = Cart { lines: vec![line; 51], ..Cart::of(cad(51)) };
    let cases = [
        invalid(Cart::of(cad(1))),
        invalid(Cart::of(cad(1)).line("Honey", usd(1), 1)),
        invalid(Cart::of(cad(1)).line("Honey", cad(1), 1).tax(eur(1))),
        invalid(many.clone()),
        (
            ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("", cad(1), 1)),
            Err(TerminalError::TextInvalid { what: "description", characters: 0 }.into()),
        ),
        (
            ReaderTask::PrintContent("x".repeat(300)),
            Err(TerminalError::TextInvalid { what: "content", characters: 300 }.into()),
        ),
        (
            ReaderTask::CollectInputs(String::new()),
            Err(TerminalError::TextInvalid { what: "inputs", characters: 0 }.into()),
        ),
    ];
    for (task, refused) in cases {
        assert_eq!(market.start(reader, task), refused);
    }
    let fits = Cart { lines: many.lines[1..].to_vec(), ..many };
    assert!(market.start(reader, ReaderTask::SetReaderDisplay(fits)).is_ok());
}
