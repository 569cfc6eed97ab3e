//! Every row of `payout_test_values.csv`: what it says is what the world makes of it.

use fundroute::journal::Record;
use fundroute::money::{Currency, Rate};
use fundroute::payouts::{InstantBarrier, NewPayout, NewTopUp, Payout, PayoutState, TopUpState};
use fundroute::rulebook::{Price, TestOutcome, TestTokenKind, Vetting};

use super::*;

/// A platform with a seller in a country who has plenty available and nowhere to be paid to.
fn rich(country: Country) -> (Platform, World, AccountId, Currency) {
    let book = Rulebook::standard().with_vetting(Vetting::ByHost).without_same_day_payouts();
    let currency = book.country(country).unwrap().default_currency();
    let free = Price::new(country, PaymentMethod::Card, currency, Rate::ZERO, 0);
    let book = book.with_price(free).unwrap();
    let mut platform = Platform::new(NewPlatform::in_country(country), book, utc(2026, 10, 5)).unwrap();
    let mut world = World::new();
    let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = platform.accounts().create("jo", new).unwrap().answer;
    world.settle(&mut platform).unwrap();
    let sale = NewPayment::card(Money::new(5_000_000, currency));
    platform.acting_as(jo).unwrap().payments().create("sale", sale).unwrap();
    world.advance(&mut platform, days(45)).unwrap();
    assert_eq!(platform.balance(jo, currency).unwrap().available, 5_000_000, "{country}");
    (platform, world, jo, currency)
}

fn destination(jo: AccountId, currency: Currency, test: &TestDestination) -> NewExternalAccount {
    let country = test.country();
    match test.token() {
        Some(token) => {
            let last4 = test.number().get(test.number().len() - 4..).unwrap();
            NewExternalAccount::card(jo, country, currency, token, last4, Card::debit(CardBrand::Visa, 12, 2030))
        }
        None => {
            let bank = NewExternalAccount::bank(jo, country, currency, test.number());
            test.routing().map_or(bank.clone(), |routing| bank.routing(routing))
        }
    }
}

/// The payout to a destination that was added just now: by hand, or with the next run where there is none by hand.
fn paid_out(platform: &mut Platform, world: &mut World, jo: AccountId, currency: Currency) -> Payout {
    let asked = platform.acting_as(jo).unwrap().payouts().create("out", Money::new(100_000, currency));
    if let Err(error) = asked {
        assert!(matches!(error, Error::Payout(PayoutError::ManualNotAllowed(_))), "{error}");
    }
    world.advance(platform, days(9)).unwrap();
    let known =
        platform.records().find_map(|record| if let Record::Payout(payout) = record { Some(payout) } else { None });
    known.unwrap().as_ref().clone()
}

fn instantly(platform: &mut Platform, jo: AccountId, currency: Currency) -> Result<PayoutId, Error> {
    let payout = NewPayout::of(Money::new(100_000, currency)).instant();
    platform.acting_as(jo).unwrap().payouts().request("now", payout).map(|decided| decided.answer)
}

fn failure(payout: &Payout) -> Option<&str> {
    if let PayoutState::Failed { failure_code, .. } = payout.state() { Some(failure_code) } else { None }
}

/// Where payouts within minutes are open to it, they come to the same.
fn within_minutes(platform: &mut Platform, world: &mut World, jo: AccountId, bank: ExternalAccountId) -> bool {
    let known = platform.external_account(bank).unwrap().clone();
    let methods = known.available_payout_methods(platform.rulebook(), platform.account(jo).unwrap());
    let (is_instant, currency) = (methods.contains(&PayoutMethod::Instant), known.currency());
    match instantly(platform, jo, currency) {
        Ok(payout) => {
            world.settle(platform).unwrap();
            let payout = platform.payout(payout).unwrap();
            let number = platform.bank_details(bank).unwrap().number.as_ref().unwrap().as_str().to_owned();
            let test = platform.rulebook().test_destination(known.country(), &number);
            let test = test.or_else(|| platform.rulebook().test_destination_by_token(&number)).unwrap();
            if let TestOutcome::Failed(code) = test.outcome() {
                assert_eq!(failure(payout), Some(code.as_ref()));
            } else {
                assert_eq!(payout.status().to_string(), "paid");
            }
        }
        Err(error) => {
            let is_shut = state(platform, bank) == ExternalAccountState::VerificationFailed;
            let is_known = |error: &Error| {
                let barred = PayoutError::InstantNotOpen { account: jo, why: InstantBarrier::Destination };
                let closed = PayoutError::InstantNotOpen { account: jo, why: InstantBarrier::Currency };
                let none = PayoutError::ManualNotAllowed(known.country());
                [barred, closed, none].map(Error::from).contains(error)
            };
            let barred = if is_shut { error == PayoutError::BankAccountErrored(bank).into() } else { is_known(&error) };
            assert!(barred, "{error}");
        }
    }
    is_instant
}

/// The payout, the bank account and what is said of payouts within minutes are as the row says.
fn what_became(
    platform: &mut Platform,
    (jo, currency): (AccountId, Currency),
    test: &TestDestination,
    (payout, is_instant): (&Payout, bool),
) {
    let book = Rulebook::standard();
    let said = format!("{} {}", test.country(), test.token().unwrap_or(test.number()));
    let bank = payout.destination();
    if let TestOutcome::Failed(code) = test.outcome() {
        assert_eq!(failure(payout), Some(code.as_ref()), "{said}");
        let breaks = book.payout_failure(code).unwrap().breaks_destination();
        let expected = if breaks { ExternalAccountState::Errored } else { ExternalAccountState::New };
        assert_eq!(state(platform, bank), expected, "{said}");
        return;
    }
    assert_eq!(payout.status().to_string(), "paid", "{said}");
    if *test.outcome() == TestOutcome::NotInstant {
        assert!(!is_instant, "{said}");
        let why = instantly(platform, jo, currency).unwrap_err();
        // Slovakia has none at all.
        let is_open = book.instant_destinations(test.country(), currency).is_some();
        let barrier = if is_open { InstantBarrier::Destination } else { InstantBarrier::Currency };
        assert_eq!(why, PayoutError::InstantNotOpen { account: jo, why: barrier }.into(), "{said}");
    }
}

#[test]
fn every_destination_comes_to_what_its_row_says() {
    let book = Rulebook::standard();
    let (mut seen, mut instant) = (std::collections::BTreeMap::<String, u32>::new(), 0);
    for test in book.test_destinations() {
        let said = format!("{} {}", test.country(), test.token().unwrap_or(test.number()));
        let (mut platform, mut world, jo, currency) = rich(test.country());
        let new = destination(jo, currency, test);
        let kind = format!("{:?}", test.outcome()).split('(').next().unwrap().to_owned();
        *seen.entry(kind).or_default() += 1;
        if let TestOutcome::Refused(funding) = test.outcome() {
            let (error, code) = refused(&mut platform, new);
            assert_eq!(
                (error, code),
                (AccountError::CardNotDebit(*funding).into(), Some("invalid_card_type")),
                "{said}"
            );
            continue;
        }
        let bank = add(&mut platform, "bank", new);
        world.look_whose(&platform, bank);
        world.settle(&mut platform).unwrap();
        let mut other = (platform.clone(), world.clone());
        let is_instant = within_minutes(&mut other.0, &mut other.1, jo, bank);
        instant += u32::from(is_instant);
        let is_document = *test.outcome() == TestOutcome::OwnershipDocument;
        if is_document {
            assert_eq!(state(&platform, bank), ExternalAccountState::VerificationFailed, "{said}");
            let refused = platform.acting_as(jo).unwrap().payouts().create("not yet", Money::new(100_000, currency));
            assert_eq!(refused.unwrap_err(), PayoutError::BankAccountErrored(bank).into());
            let path = "documents.bank_account_ownership_verification";
            platform
                .accounts()
                .provide("shown", Information::about(jo).set(path, "file_identity_document_success"))
                .unwrap();
            world.settle(&mut platform).unwrap();
        }
        assert_eq!(state(&platform, bank), ExternalAccountState::New, "{said}");
        let payout = paid_out(&mut platform, &mut world, jo, currency);
        assert_eq!(payout.destination(), bank, "{said}");
        what_became(&mut platform, (jo, currency), test, (&payout, is_instant));
        assert_eq!(platform.audit(), [], "{said}");
    }
    let seen: Vec<(String, u32)> = seen.into_iter().collect();
    let expected = [
        ("Failed", 80),
        ("NotInstant", 36),
        ("OwnershipDocument", 1),
        ("OwnershipVerified", 1),
        ("Paid", 79),
        ("Refused", 2),
    ];
    assert_eq!(seen, expected.map(|(kind, count)| (kind.to_owned(), count)));
    assert!(instant > 0);
    // With the six of top-ups and the one of a payer that is every row.
    assert_eq!(book.test_destinations().count() + book.test_tokens().count(), 206);
}

#[test]
fn every_source_of_top_ups_comes_to_what_its_row_says() {
    let book = Rulebook::standard();
    let mut seen = 0;
    for test in book.test_tokens().filter(|test| test.kind() == TestTokenKind::TopUpSource) {
        let mut platform = platform_in(US);
        let mut world = World::new();
        let house = platform.id();
        platform.payouts().set_schedule("by hand", house, PayoutSchedule::Manual).unwrap();
        world.add_bank(&mut platform, house, US, USD, test.token()).unwrap();
        let top_up = platform.top_ups().create("top-up", NewTopUp::of(usd(500_00))).unwrap().answer;
        world.advance(&mut platform, days(10)).unwrap();
        let known = platform.top_up(top_up).unwrap();
        let available = platform.balance(house, USD).unwrap().available;
        if let TestOutcome::Failed(code) = test.outcome() {
            let TopUpState::Failed { failure_code, .. } = known.state() else { panic!("{known:?}") };
            assert_eq!((failure_code.as_ref(), available), (code.as_ref(), 0));
        } else {
            assert_eq!((known.status().to_string().as_str(), available), ("succeeded", 500_00));
        }
        seen += 1;
    }
    assert_eq!(seen, 6);
}

/// A direct charge, or one on behalf of the account, stops its payouts; a charge of the platform's own stops nobody's.
#[test]
fn a_card_that_blocks_payouts_does_so() {
    let book = Rulebook::standard();
    let cards: Vec<_> = book.test_tokens().filter(|test| test.kind() == TestTokenKind::PayerCard).collect();
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0].outcome(), &TestOutcome::BlocksPayouts);
    let order = || NewPayment::card(usd(10_00)).token(cards[0].token());
    let take = |on: u8| {
        let (mut platform, mut world, jo, _) = onboarded();
        match on {
            0 => platform.acting_as(jo).unwrap().payments().create("sale", order()).unwrap(),
            1 => platform.payments().create("sale", order().destination(jo).on_behalf_of(jo)).unwrap(),
            2 => platform.payments().create("sale", order().destination(jo)).unwrap(),
            _ => platform.payments().create("sale", order()).unwrap(),
        };
        world.settle(&mut platform).unwrap();
        let account = platform.account(jo).unwrap();
        (account.charges_enabled(), account.payouts_enabled())
    };
    assert_eq!([take(0), take(1), take(2), take(3)], [(true, false), (true, false), (true, true), (true, true)]);
}
