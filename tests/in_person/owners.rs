//! Who owns what, by charge type: docs.stripe.com/terminal/features/connect (2024).

use super::*;
use fundroute::accounts::{AccountError, Actor, Denial, Scope};
use fundroute::payments::PaymentError;
use fundroute::rulebook::Capability;
use fundroute::terminal::{NewConnectionToken, StartReaderAction, TerminalCommand, TerminalError};

/// A direct charge of 20.00 with a commission of 2.00, at the account's own reader.
#[test]
fn example_an_account_takes_a_direct_payment_at_its_own_reader() {
    let mut market = Market::open();
    let (flo, flos) = (market.flo, market.flos);
    let order = NewPayment::by(PaymentMethod::InteracPresent, cad(20_00)).application_fee(cad(2_00));
    let mut acting = market.platform.acting_as(flo).unwrap();
    let order = acting.payments().create("order", order).unwrap().answer;
    let decided = acting.readers().process_payment_intent("take", flos, order).unwrap();
    assert_eq!(decided.changes.instructions.len(), 1);
    market.settle();
    assert_eq!(market.status(order), PaymentStatus::Succeeded);
    assert_eq!((market.total(flo), market.house()), (20_00 - 15 - 2_00, 2_00));
    // The account's own refund, at its own reader, with the commission given back.
    let back = NewRefund::of(order).amount(cad(10_00)).refund_application_fee();
    market.platform.standard(flo).unwrap().readers().refund_payment("back", flos, back).unwrap();
    market.settle();
    assert_eq!((market.total(flo), market.house()), (10_00 - 15 - 1_00, 1_00));
}

/// That separate charges are like destination charges is our own reading of the page.
#[test]
fn a_separate_charge_is_taken_at_the_platforms_reader() {
    let mut market = Market::open();
    let order = NewPayment::by(PaymentMethod::CardPresent, cad(20_00));
    let order = market.platform.payments().create("order", order).unwrap().answer;
    market.process(order);
    // 2.7 % of 20.00 and 0.05.
    assert_eq!((market.status(order), market.house()), (PaymentStatus::Succeeded, 20_00 - 59));
}

#[test]
fn a_reader_takes_no_payment_of_another_owner() {
    let mut market = Market::open();
    let (flo, flos, reader) = (market.flo, market.flos, market.reader);
    let order = market.order(PaymentMethod::CardPresent);
    let direct = NewPayment::by(PaymentMethod::CardPresent, cad(20_00));
    let direct = market.platform.acting_as(flo).unwrap().payments().create("direct", direct).unwrap().answer;
    let before = market.platform.snapshot();
    let other = |reader, payment| Err(TerminalError::OtherOwner { reader, payment }.into());
    for task in [ReaderTask::ProcessPaymentIntent, ReaderTask::CollectPaymentMethod, ReaderTask::ConfirmPaymentIntent] {
        assert_eq!(market.start(reader, task(direct)), other(reader, direct));
        let key = market.key();
        let theirs = market.platform.acting_as(flo).unwrap().readers().start(&key, flos, task(order));
        assert_eq!(theirs.map(|decided| decided.answer), other(flos, order));
    }
    let refused = market.start(reader, ReaderTask::RefundPayment(NewRefund::of(direct))).unwrap_err();
    assert_eq!(
        (&refused, refused.code()),
        (&TerminalError::OtherOwner { reader, payment: direct }.into(), Some("resource_missing"))
    );
    // Nor does anybody drive another one's reader, or stand one in another one's place.
    let key = market.key();
    let foreign = market.platform.acting_as(flo).unwrap().readers().process_payment_intent(&key, reader, direct);
    assert_eq!(foreign.map(drop), Err(TerminalError::ReaderNotOnAccount(reader).into()));
    assert_eq!(
        market.start(flos, ReaderTask::ProcessPaymentIntent(order)),
        Err(TerminalError::ReaderNotOnAccount(flos).into())
    );
    let (stall, mut acting) = (market.stall, market.platform.acting_as(flo).unwrap());
    let refused = TerminalError::LocationNotOnAccount(stall);
    let new = NewReader::new(stall, DeviceType::StripeS700);
    assert_eq!(acting.readers().register("here", new).map(drop), Err(refused.clone().into()));
    assert_eq!(acting.locations().delete("gone", stall).map(drop), Err(refused.clone().into()));
    let token = acting.connection_tokens().create("token", NewConnectionToken::at(stall));
    assert_eq!(token.map(drop), Err(refused.into()));
    assert_eq!(
        acting.readers().cancel_action("stop", reader).map(drop),
        Err(TerminalError::ReaderNotOnAccount(reader).into())
    );
    assert_eq!(market.platform.snapshot(), before, "a refusal leaves no trace");
}

/// The holder of a full dashboard takes payments, one of a light dashboard does not; an extension may where it may write.
#[test]
fn who_may_have_a_reader_do_something() {
    let mut market = Market::open();
    let (jo, flo, flos) = (market.jo, market.flo, market.flos);
    let task = ReaderTask::CollectInputs("form".to_owned());
    let start = TerminalCommand::StartReaderAction(StartReaderAction { reader: flos, task });
    let ask = |actor, account, key: &str| {
        let request = Request::new(key, Command::Terminal(start.clone())).by(actor, account);
        market.platform.clone().handle(request).map(drop)
    };
    assert_eq!(ask(Actor::Holder, flo, "holder"), Ok(()));
    assert_eq!(ask(Actor::Extension(Scope::ReadWrite), flo, "extension"), Ok(()));
    let denied = |answer: Result<(), Error>| match answer {
        Err(Error::Account(AccountError::NotPermitted { denial, .. })) => Some(denial),
        other => panic!("{other:?}"),
    };
    assert_eq!(denied(ask(Actor::Extension(Scope::ReadOnly), flo, "reader")), Some(Denial::ReadOnly));
    assert_eq!(denied(ask(Actor::Holder, jo, "light")), Some(Denial::WrongDashboard));
    assert_eq!(ask(Actor::Platform, jo, "another's"), Err(TerminalError::ReaderNotOnAccount(flos).into()));
    let unnamed = Request { actor: Actor::Holder, ..Request::new("nobody", Command::Terminal(start.clone())) };
    assert_eq!(market.platform.handle(unnamed).map(drop), Err(Error::NobodyActedFor));
}

/// The account that a payment is for takes cards itself.
#[test]
fn an_account_without_card_payments_is_not_paid_in_person() {
    let mut market = Market::open();
    let only_transfers = NewAccount::custom(CA).request(Capability::Transfers);
    let al = market.world.onboard(&mut market.platform, only_transfers).unwrap();
    let order = NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).destination(al);
    let refused = market.platform.payments().create("order", order).unwrap_err();
    let capability = Capability::CardPayments;
    assert_eq!(refused, AccountError::CapabilityNotActive { account: al, capability }.into());
    let online = NewPayment::card(cad(20_00)).destination(al);
    assert_eq!(market.platform.payments().create("order", online).map(drop), Ok(()));
}

/// A platform in Germany with accounts there and in France, and a place in each.
fn europe() -> (Platform, World, [AccountId; 2], [ReaderId; 2]) {
    let mut book = Rulebook::standard().with_vetting(Vetting::ByHost);
    for country in [DE, Country::FR] {
        let price = Price::new(country, PaymentMethod::CardPresent, EUR, "1.4%".parse().unwrap(), 10);
        book = book.with_price(price).unwrap();
    }
    let mut platform = Platform::new(NewPlatform::in_country(DE), book, utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    let accounts = [DE, Country::FR].map(|country| world.onboard(&mut platform, NewAccount::express(country)).unwrap());
    let readers = [DE, Country::FR].map(|country| {
        let (key, device) = (format!("place in {country}"), format!("reader in {country}"));
        let address = Address::new(country, "Markt 1", "04109").city("Somewhere");
        let place = platform.locations().create(&key, NewLocation::new("Stall", address)).unwrap().answer;
        platform.readers().register(&device, NewReader::new(place, DeviceType::StripeS700)).unwrap().answer
    });
    (platform, world, accounts, readers)
}

#[test]
fn a_payment_for_an_account_in_another_country_is_on_its_behalf() {
    let (mut platform, mut world, [at_home, abroad], [german, french]) = europe();
    let order = || NewPayment::by(PaymentMethod::CardPresent, eur(20_00));
    let refused = platform.payments().create("order", order().destination(abroad)).unwrap_err();
    assert_eq!((&refused, refused.code()), (&PaymentError::OnBehalfOfNeeded(abroad).into(), Some("parameter_missing")));
    assert!(platform.payments().create("at home", order().destination(at_home)).is_ok());
    let order = platform.payments().create("order", order().destination(abroad).on_behalf_of(abroad)).unwrap().answer;
    // It is the business of an account in France, so it is taken there.
    let wrong = platform.readers().process_payment_intent("here", german, order).unwrap_err();
    assert_eq!(wrong.code(), Some("terminal_reader_invalid_location_for_payment"));
    platform.readers().process_payment_intent("there", french, order).unwrap();
    world.settle(&mut platform).unwrap();
    assert_eq!(platform.payment(order).unwrap().status(), PaymentStatus::Succeeded);
    assert_eq!(platform.balance(abroad, EUR).unwrap().pending, 20_00);
}

#[test]
fn readers_take_the_currency_of_the_country() {
    let refused = |country, method, amount: Money| {
        let mut platform = Platform::new(NewPlatform::in_country(country), rules(), utc(2026, 11, 2)).unwrap();
        let refused = platform.payments().create("order", NewPayment::by(method, amount)).unwrap_err();
        let currency = amount.currency();
        assert_eq!(refused, PaymentError::MethodUnavailable { method, country, currency }.into());
        assert_eq!(refused.code(), Some("payment_intent_incompatible_payment_method"));
    };
    // A business in Britain holds euros and dollars, and takes neither at a reader.
    refused(GB, PaymentMethod::CardPresent, eur(20_00));
    refused(GB, PaymentMethod::CardPresent, usd(20_00));
    refused(US, PaymentMethod::InteracPresent, cad(20_00));
    refused(CA, PaymentMethod::InteracPresent, usd(20_00));
    refused(BR, PaymentMethod::CardPresent, brl(20_00));
}
