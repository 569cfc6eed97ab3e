//! Account debits: what the platform takes back from an account (docs.stripe.com/connect/account-debits, 2024 and 2026).

use fundroute::accounts::{
    AccountError, Action, Actor, Controller, Dashboard, Denial, FeePayer, RejectAccount, RejectReason, Scope,
};
use fundroute::ids::{AccountId, TransferId};
use fundroute::journal::{Answer, Outcome};
use fundroute::prelude::*;
use fundroute::routing::{NewTransferReversal, RoutingError};
use fundroute::rulebook::{AccountKind, Capability, DebitTerms};

use crate::shop::{Shop, events, rules};

mod refused;

/// A request to debit an account.
fn debit(shop: &Shop, amount: Money) -> Command {
    Command::CreateTransfer(NewTransfer::to(shop.house, amount))
}

fn ask(shop: &mut Shop, on: AccountId, command: Command) -> Result<Decided<Answer>, Error> {
    let key = shop.key();
    shop.platform.handle(Request::new(key, command).acting_as(on))
}

fn debited(shop: &mut Shop, on: AccountId, amount: Money) -> Result<TransferId, Error> {
    let key = shop.key();
    let to = shop.house;
    Ok(shop.platform.acting_as(on)?.transfers().create(&key, NewTransfer::to(to, amount))?.answer)
}

fn custom(country: Country) -> NewAccount {
    NewAccount::custom(country).request(Capability::Transfers)
}

/// A shop in the United States with an Express seller who has 100.00 dollars that came out of a sale.
fn funded() -> (Shop, AccountId) {
    funded_by(Shop::open(), NewAccount::express(US))
}

fn funded_by(mut shop: Shop, new: NewAccount) -> (Shop, AccountId) {
    let jo = shop.seller(new);
    let currency = shop.platform.account(jo).unwrap().default_currency();
    shop.sell(NewPayment::card(Money::new(100_00, currency)).destination(jo));
    shop.wait(14);
    assert_eq!(shop.available(jo), 100_00);
    (shop, jo)
}

/// A recorded exchange of the field: 33 dollars of an account.
#[test]
fn example_m15_a_debit_of_33_dollars() {
    let (mut shop, jo) = funded();
    let (house, before) = (shop.house, shop.available(shop.house));
    let command = Command::CreateTransfer(NewTransfer::to(house, usd(33_00)).group("rent"));
    let decided = ask(&mut shop, jo, command).unwrap();
    let Answer::Transfer(id) = decided.answer else { panic!("a transfer is answered with its id") };

    assert_eq!(shop.lines(jo).last().unwrap(), "transfer -3300 - 0 = -3300 (transfer)");
    assert_eq!(shop.lines(house).last().unwrap(), "payment 3300 - 0 = 3300 (charge)");
    assert_eq!((shop.available(jo), shop.available(house)), (67_00, before + 33_00));
    assert_eq!((shop.pending(jo), shop.pending(house)), (0, 0));

    let transfer = shop.platform.transfer(id).unwrap();
    assert_eq!((transfer.debited(), transfer.destination(), transfer.source()), (Some(jo), house, None));
    assert_eq!((transfer.amount(), transfer.amount_reversed()), (usd(33_00), usd(0)));
    assert_eq!((transfer.created(), transfer.available_on()), (shop.platform.now(), shop.platform.now()));
    assert_eq!(transfer.transfer_group().as_deref(), Some("rent"));
    assert_eq!(events(&decided.changes), ["transfer.created"]);
    let event = decided.changes.events.first().unwrap();
    assert_eq!((event.object, event.account), (id.into(), Some(jo)));
    for account in [jo, house] {
        let step = shop.platform.explain(account, USD).unwrap().pop().unwrap();
        assert_eq!(step.because, [id.into()]);
    }
    shop.sound();
}

#[test]
fn other_transfers_debit_nobody() {
    let (mut shop, jo) = funded();
    shop.sell(NewPayment::card(usd(100_00)));
    shop.wait(7);
    let free = shop.transfer(NewTransfer::to(jo, usd(1_00))).unwrap();
    assert_eq!(shop.platform.transfer(free).unwrap().debited(), None);
}

/// Every controller under which the platform bears losses, and no other.
#[test]
fn accounts_whose_losses_are_the_platforms_can_be_debited() {
    let priced = |kind| Controller { fees: FeePayer::Application, ..Controller::of(kind) };
    let theirs = Controller { dashboard: Dashboard::None, ..priced(AccountKind::Standard) };
    for (new, open) in [
        (NewAccount::standard(US), false),
        (NewAccount::standard(US).platform_controls(), false),
        (NewAccount::express(US), true),
        (custom(US), true),
        (NewAccount::controlled(priced(AccountKind::Express), US).request(Capability::Transfers), true),
        (NewAccount::controlled(priced(AccountKind::Custom), US).request(Capability::Transfers), true),
        (NewAccount::controlled(theirs, US).request(Capability::Transfers), false),
    ] {
        let name = format!("{:?}", new.controller);
        let (mut shop, jo) = funded_by(Shop::open(), new);
        let (action, denial) = (Action::Debit, Denial::LossesNotYours);
        let error = Error::from(AccountError::NotPermitted { account: jo, action, denial });
        let expected = if open { Ok(()) } else { Err(error) };
        assert_eq!(debited(&mut shop, jo, usd(33_00)).map(drop), expected, "{name}");
        assert_eq!(shop.available(jo), if open { 67_00 } else { 100_00 }, "{name}");
        shop.sound();
    }
}

#[test]
fn the_handles_of_the_kinds_debit() {
    let (mut shop, jo) = funded();
    shop.platform.express(jo).unwrap().debit("rent", usd(33_00)).unwrap();
    let (mut other, al) = funded_by(Shop::open(), custom(US));
    other.platform.custom(al).unwrap().debit("rent", usd(33_00)).unwrap();
    assert_eq!((shop.available(jo), other.available(al)), (67_00, 67_00));
}

/// In the account's own currency, wherever both are in one region and the platform can hold it.
#[test]
fn a_debit_is_in_the_accounts_currency() {
    let free = |country, currency| {
        let none = fundroute::money::Rate::ZERO;
        fundroute::rulebook::Price::new(country, PaymentMethod::Card, currency, none, 0)
    };
    let book = rules()
        .with_price(free(GB, EUR))
        .and_then(|book| book.with_price(free(Country::JP, fundroute::money::Currency::JPY)))
        .unwrap();
    for (from, to) in [(DE, Country::FR), (GB, DE), (Country::JP, Country::JP)] {
        let (mut shop, jo) = funded_by(Shop::open_by(from, book.clone()), NewAccount::express(to));
        let currency = shop.platform.account(jo).unwrap().default_currency();
        let held = |shop: &Shop| shop.platform.balance(shop.house, currency).unwrap().available;
        let before = held(&shop);
        debited(&mut shop, jo, Money::new(33_00, currency)).unwrap();
        assert_eq!((shop.available(jo), held(&shop)), (67_00, before + 33_00), "{from} of {to}");
        shop.sound();
    }
}

/// That there is a fee is published, how much it is not: the host names it, and the platform pays it.
#[test]
fn the_platform_pays_for_a_debit_what_the_host_says() {
    let terms = DebitTerms::new(USD).fee("1%".parse().unwrap(), 25);
    let book = rules().with_debit_terms(terms).unwrap();
    let (mut shop, jo) = funded_by(Shop::open_by(US, book), NewAccount::express(US));
    shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(7);
    let (fees, before) = (shop.processor_fees(), shop.available(shop.house));
    let id = debited(&mut shop, jo, usd(33_00)).unwrap();
    let house = shop.house;
    assert_eq!(shop.lines(jo).last().unwrap(), "transfer -3300 - 0 = -3300 (transfer)");
    assert_eq!(shop.lines(house).last().unwrap(), "payment 3300 - 58 = 3242 (charge)");
    assert_eq!((shop.processor_fees(), shop.available(house)), (fees + 58, before + 32_42));
    shop.sound();

    // What the processor took stays with it when the debit is taken back.
    ask(&mut shop, jo, Command::ReverseTransfer(NewTransferReversal::of(id))).unwrap();
    assert_eq!((shop.available(jo), shop.available(house)), (100_00, before - 58));
    assert_eq!(shop.processor_fees(), fees + 58);
    shop.sound();
}

/// A price above the amount comes out of what the platform has besides, and never leads it below zero.
#[test]
fn a_debit_may_cost_more_than_it_brings_if_the_platform_has_it() {
    let terms = DebitTerms::new(USD).fee(fundroute::money::Rate::ZERO, 50);
    let book = rules().with_debit_terms(terms).unwrap();
    let (mut shop, jo) = funded_by(Shop::open_by(US, book), NewAccount::express(US));
    let house = shop.house;
    shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(7);
    let rest = i64::try_from(shop.available(house)).unwrap();
    shop.transfer(NewTransfer::to(jo, usd(rest - 39))).unwrap();
    let (account, currency, available, needed) = (house, USD, 39, 40);
    let error = RoutingError::InsufficientFunds { account, currency, available, needed };
    let before = shop.platform.snapshot();
    assert_eq!(debited(&mut shop, jo, usd(10)), Err(error.into()));
    assert_eq!(shop.platform.snapshot(), before);
    debited(&mut shop, jo, usd(11)).unwrap();
    assert_eq!(shop.available(house), 0);
    shop.sound();
}

/// In dollars a debit takes up to 100,000.00; a host that knows better says so.
#[test]
fn a_debit_takes_up_to_the_maximum() {
    let rich = |book| {
        let mut shop = Shop::open_by(US, book);
        let jo = shop.seller(NewAccount::express(US));
        shop.sell(NewPayment::card(usd(200_000_00)).destination(jo));
        shop.wait(7);
        (shop, jo)
    };
    let (mut shop, jo) = rich(rules());
    let maximum = usd(100_000_00);
    let asked = usd(100_000_01);
    let error = Error::from(RoutingError::DebitTooLarge { asked, maximum });
    assert_eq!((error.kind(), error.code()), (fundroute::ErrorKind::Invalid, Some("amount_too_large")));
    assert_eq!(debited(&mut shop, jo, asked), Err(error));
    debited(&mut shop, jo, maximum).unwrap();
    assert_eq!(shop.available(jo), 100_000_00);
    let (mut shop, jo) = rich(rules().with_debit_terms(DebitTerms::new(USD)).unwrap());
    debited(&mut shop, jo, usd(200_000_00)).unwrap();
    assert_eq!(shop.available(jo), 0);
}

/// A debit of all that there is leaves nothing for the next one, and one that is sent again is the same one.
#[test]
fn what_was_taken_is_not_taken_twice() {
    let (mut shop, jo) = funded();
    let request = Request::new("rent", debit(&shop, usd(100_00))).acting_as(jo);
    let first = shop.platform.handle(request.clone()).unwrap();
    let again = shop.platform.handle(request).unwrap();
    assert_eq!((again.answer, again.outcome), (first.answer, Outcome::Replayed));
    assert_eq!(shop.available(jo), 0);
    let error = RoutingError::InsufficientFunds { account: jo, currency: USD, available: 0, needed: 1 };
    assert_eq!(debited(&mut shop, jo, usd(1)), Err(error.into()));
    shop.sound();
}

/// What a rejection leaves on an account can be taken: that it is open is our reading, nothing is published.
#[test]
fn an_account_that_was_turned_away_can_be_debited() {
    let (mut shop, jo) = funded();
    shop.platform.accounts().reject("out", RejectAccount::new(jo, RejectReason::FraudOther)).unwrap();
    debited(&mut shop, jo, usd(33_00)).unwrap();
    assert_eq!(shop.available(jo), 67_00);
}

/// The lines of a debit the other way round, in parts and to the end.
#[test]
fn a_debit_can_be_taken_back() {
    let (mut shop, jo) = funded();
    shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(7);
    let (house, before) = (shop.house, shop.available(shop.house));
    let id = debited(&mut shop, jo, usd(33_00)).unwrap();
    let part = Command::ReverseTransfer(NewTransferReversal::of(id).amount(usd(3_00)));
    let decided = ask(&mut shop, jo, part).unwrap();
    assert_eq!(shop.lines(jo).last().unwrap(), "transfer_refund 300 - 0 = 300 (transfer_reversal)");
    assert_eq!(shop.lines(house).last().unwrap(), "payment_refund -300 - 0 = -300 (refund)");
    assert_eq!(events(&decided.changes), ["transfer.reversed"]);
    assert_eq!(decided.changes.events.first().unwrap().account, Some(jo));
    let Answer::TransferReversal(reversal) = decided.answer else { panic!("a reversal is answered with its id") };
    assert_eq!(shop.platform.transfer_reversal(reversal).unwrap().transfer(), id);
    let step = shop.platform.explain(jo, USD).unwrap().pop().unwrap();
    assert_eq!(step.because, [reversal.into(), id.into()]);
    shop.sound();

    let all = Command::ReverseTransfer(NewTransferReversal::of(id));
    ask(&mut shop, jo, all.clone()).unwrap();
    assert_eq!((shop.available(jo), shop.available(house)), (100_00, before));
    assert!(shop.platform.transfer(id).unwrap().is_reversed());
    let none = usd(0);
    let error = RoutingError::ReversalTooLarge { transfer: id, asked: none, left: none };
    assert_eq!(ask(&mut shop, jo, all).map(drop), Err(error.into()));
    shop.sound();
}

/// A worker that loads what it is told to, and a replay, come to the same.
#[test]
fn a_debit_is_the_same_in_every_way_that_it_is_played() {
    let (shop, jo) = funded();
    let mut journal = Vec::new();
    let mut live = shop.platform.clone();
    let start = live.snapshot();
    let Answer::Transfer(id) = ({
        let decided = live.handle(Request::new("rent", debit(&shop, usd(33_00))).acting_as(jo)).unwrap();
        journal.push(decided.changes);
        decided.answer
    }) else {
        panic!("a transfer is answered with its id")
    };
    let back = Command::ReverseTransfer(NewTransferReversal::of(id).amount(usd(3_00)));
    journal.push(live.handle(Request::new("back", back).acting_as(jo)).unwrap().changes);
    let now = live.now();
    let mut replayed = Platform::restore(rules(), start, now);
    for changes in &journal {
        let bytes = postcard::to_stdvec(changes).unwrap();
        let read: fundroute::journal::Changes = postcard::from_bytes(&bytes).unwrap();
        let text = serde_json::to_string(&read).unwrap();
        replayed.apply(&serde_json::from_str(&text).unwrap()).unwrap();
    }
    assert_eq!(replayed.snapshot(), live.snapshot());
    assert_eq!(replayed.transfer(id).unwrap().debited(), Some(jo));
    assert_eq!(replayed.audit(), []);
}

/// docs.stripe.com/connect/account-debits (2024): a debit leads below zero only where the platform has connected reserves and a bank account
/// in the currency; then as much of the platform's money is set aside.
#[test]
fn a_debit_leads_below_zero_where_the_platform_may() {
    let open = |new: NewPlatform, is_banked: bool| {
        let mut shop = Shop::around(Platform::new(new, rules(), crate::shop::monday()).unwrap());
        let house = shop.house;
        if is_banked {
            shop.new_bank(house, "000123456789");
        }
        let key = shop.key();
        shop.platform.payouts().set_schedule(&key, house, fundroute::payouts::PayoutSchedule::Manual).unwrap();
        funded_by(shop, NewAccount::express(US))
    };
    let new = || NewPlatform::in_country(US);
    for (name, (mut shop, jo)) in [
        ("without a bank account", open(new(), false)),
        ("without connected reserves", open(new().without_connect_reserves(), true)),
    ] {
        let error = RoutingError::InsufficientFunds { account: jo, currency: USD, available: 100_00, needed: 130_00 };
        assert_eq!(debited(&mut shop, jo, usd(130_00)), Err(error.into()), "{name}");
        shop.sound();
    }
    let (mut shop, jo) = open(new(), true);
    let own = shop.available(shop.house);
    debited(&mut shop, jo, usd(130_00)).unwrap();
    assert_eq!((shop.available(jo), crate::debts::set_aside(&shop)), (-30_00, 30_00));
    assert_eq!(shop.available(shop.house), own + 100_00, "what it got is set aside as far as it is owed");
    // And further below, if need be.
    debited(&mut shop, jo, usd(10_00)).unwrap();
    assert_eq!((shop.available(jo), crate::debts::owes(&shop, jo)), (-40_00, 40_00));
    shop.sound();
}
