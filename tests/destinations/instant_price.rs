//! What a platform takes of its accounts' payouts within minutes.

use fundroute::ErrorKind;
use fundroute::ledger::{FeeKind, LineKind};
use fundroute::money::MoneyError;
use fundroute::payments::NewPayment;
use fundroute::payouts::SetInstantPrice;
use fundroute::routing::{Fee, FeeSource, NewApplicationFeeRefund, PlanError, SetExchangeRate};
use fundroute::rulebook::{PaymentMethod, Price};

use super::advance::{at, fails, instantly, sale};
use super::*;

fn percent(rate: &str) -> Fee {
    Fee::percent(rate.parse().unwrap())
}

/// A seller with so much that is pending, on a platform that takes that price.
fn priced(minor: i64, price: Fee) -> (Platform, World, AccountId) {
    let (mut platform, mut world, jo) = at(utc(2026, 11, 3).at(12, 0), Rulebook::standard());
    sale(&mut platform, &mut world, "sale", jo, minor);
    platform.payouts().set_instant_price("price", USD, Some(price)).unwrap();
    (platform, world, jo)
}

fn net(platform: &Platform, account: AccountId) -> Money {
    let told = platform.instant_balance(account, USD).unwrap();
    let [net] = told.net_available[..] else { panic!("{told:?}") };
    net.amount
}

/// W12 (docs.stripe.com/connect/instant-payouts, 2024): 2 percent on 5.00 leave 4.90.
#[test]
fn example_w12_two_percent_of_five_dollars_leave_four_ninety() {
    let (platform, _, jo) = priced(5_00, percent("2 %"));
    assert_eq!((platform.instant_balance(jo, USD).unwrap().instant_available, net(&platform, jo)), (5_00, usd(4_90)));
}

/// Recorded: 3 percent on 100000 leave 97087.
#[test]
fn example_l8_three_percent_of_a_thousand_dollars_leave_970_87() {
    let (mut platform, _, jo) = priced(1_000_00, percent("3 %"));
    assert_eq!(net(&platform, jo), usd(970_87));
    let error = instantly(&mut platform, jo, 970_88).unwrap_err();
    let short = PayoutError::InsufficientFunds { account: jo, available: 1_000_00, needed: usd(1_000_01) };
    assert_eq!(error, short.into());
    instantly(&mut platform, jo, 970_87).unwrap();
    assert_eq!(platform.balance(jo, USD).unwrap().pending, 0);
}

#[test]
fn it_is_a_commission_paid_with_the_payout() {
    let (mut platform, _, jo) = priced(100_00, percent("2 %").plus(usd(10)).at_most(usd(1_50)));
    let (own, now) = (platform.id(), platform.now());
    let before = platform.balance(own, USD).unwrap().available;
    let payout = instantly(&mut platform, jo, 50_00).unwrap();
    let known = platform.payout(payout).unwrap();
    let fee = platform.application_fee(known.application_fee().unwrap()).unwrap();
    assert_eq!((known.application_fee_amount(), known.fee(), fee.amount()), (usd(1_10), usd(0), usd(1_10)));
    assert_eq!((fee.source(), fee.charge(), fee.account()), (FeeSource::Payout(payout), None, jo));
    let lent: Vec<_> = known.advances().map(|(_, amount)| amount).collect();
    assert_eq!(lent, [usd(51_10)], "the price is lent, too");
    assert_eq!(platform.balance(own, USD).unwrap().available - before, 1_10, "and available at once");

    let theirs = platform.statement(jo).unwrap();
    let line = theirs.lines.last().unwrap();
    let fees: Vec<(FeeKind, i64)> = line.fee_details.iter().map(|fee| (fee.kind, fee.amount)).collect();
    assert_eq!(
        (line.kind, line.amount, line.net, fees),
        (LineKind::Payout, -50_00, -51_10, vec![(FeeKind::ApplicationFee, 1_10)])
    );
    let ours = platform.statement(own).unwrap();
    let line = ours.lines.last().unwrap();
    assert_eq!((line.kind, line.amount, line.available_on), (LineKind::ApplicationFee, 1_10, now));
    let why = platform.explain(own, USD).unwrap();
    assert!(why.last().unwrap().because.contains(&payout.into()), "{why:?}");
    assert_eq!(platform.audit(), []);
}

/// A commission does not come back by itself; the platform can give it back, once.
#[test]
fn it_stays_until_the_platform_gives_it_back() {
    for is_failed in [true, false] {
        let (mut platform, _, jo) = priced(100_00, percent("2 %"));
        let (own, pending) = (platform.id(), platform.pending(jo, USD));
        let day = pending[0].0;
        let payout = instantly(&mut platform, jo, 50_00).unwrap();
        if is_failed {
            fails(&mut platform, payout);
        } else {
            platform.acting_as(jo).unwrap().payouts().cancel("not", payout).unwrap();
        }
        let left = platform.balance(jo, USD).unwrap();
        // The day that lent the price goes on bearing it: what is available is not below zero for it.
        assert_eq!((left.available, platform.pending(jo, USD)), (0, vec![(day, 99_00)]));
        let fee = platform.payout(payout).unwrap().application_fee().unwrap();
        let back = |platform: &mut Platform, key: &str, part: Option<i64>| {
            let back = NewApplicationFeeRefund { fee, amount: part.map(usd) };
            platform.handle(Request::new(key, Command::RefundApplicationFee(back))).map(drop)
        };
        let before = platform.balance(own, USD).unwrap().available;
        back(&mut platform, "part", Some(40)).unwrap();
        assert!(back(&mut platform, "much", Some(61)).is_err());
        back(&mut platform, "rest", None).unwrap();
        assert!(back(&mut platform, "again", None).is_err());
        assert_eq!(platform.application_fee(fee).unwrap().amount_refunded(), usd(1_00));
        assert_eq!(platform.balance(jo, USD).unwrap().total(), 100_00);
        assert_eq!((before - platform.balance(own, USD).unwrap().available, platform.audit()), (1_00, Vec::new()));
    }
}

/// A price holds from when it is set; the platform's own payouts have none.
#[test]
fn it_can_be_changed_and_taken_away() {
    let (mut platform, mut world, jo) = priced(100_00, Fee::fixed(usd(50)));
    assert_eq!(platform.instant_price(USD).unwrap(), Some(&Fee::fixed(usd(50))));
    let first = instantly(&mut platform, jo, 10_00).unwrap();
    platform.payouts().set_instant_price("none", USD, None).unwrap();
    let second = instantly(&mut platform, jo, 20_00).unwrap();
    let price = |payout| platform.payout(payout).unwrap().application_fee_amount();
    assert_eq!((price(first), price(second), platform.instant_price(USD).unwrap()), (usd(50), usd(0), None));
    assert_eq!(platform.balance(jo, USD).unwrap().pending, 69_50);

    platform.payouts().set_instant_price("again", USD, Some(percent("50 %"))).unwrap();
    let own = platform.id();
    world.add_bank(&mut platform, own, US, USD, "000123456789").unwrap();
    platform.payments().create("own", NewPayment::card(usd(100_00))).unwrap();
    world.settle(&mut platform).unwrap();
    let payout = platform.payouts().create_instant("own-now", usd(10_00)).unwrap().answer;
    assert_eq!(platform.payout(payout).unwrap().application_fee(), None);
}

/// A price that comes to nothing leaves no commission.
#[test]
fn a_price_of_nothing_leaves_no_trace() {
    let (mut platform, _, jo) = priced(100_00, percent("0.1 %"));
    let payout = instantly(&mut platform, jo, 4_99).unwrap();
    assert_eq!(platform.payout(payout).unwrap().application_fee(), None);
    assert_eq!(platform.balance(jo, USD).unwrap().pending, 95_01);
}

/// A price may be more than the payout: then the payout has to leave enough for it.
#[test]
fn a_price_above_the_payout_is_paid_out_of_the_rest() {
    let (mut platform, _, jo) = priced(6_00, Fee::fixed(usd(5_00)));
    assert_eq!(net(&platform, jo), usd(1_00));
    assert_eq!(instantly(&mut platform, jo, 1_01).unwrap_err().kind(), ErrorKind::Insufficient);
    instantly(&mut platform, jo, 1_00).unwrap();
    let (platform, _, jo) = priced(6_00, Fee::fixed(usd(5_51)));
    assert_eq!(net(&platform, jo), usd(0), "less than the least payout");
}

#[test]
fn a_price_that_makes_no_sense_is_refused() {
    let (mut platform, _, jo) = priced(6_00, Fee::fixed(usd(5_00)));
    let eur = |minor| Money::new(minor, fundroute::money::Currency::EUR);
    let table = [
        (Fee::fixed(eur(50)), PlanError::CurrencyOfFee(eur(1).currency())),
        (percent("1 %").plus(eur(1)).at_least(usd(1)), PlanError::MixedCurrencies(eur(1).currency(), USD)),
        (percent("1 %").at_least(usd(2)).at_most(usd(1)), PlanError::MinAboveMax { min: usd(2), max: usd(1) }),
        (Fee::fixed(usd(-1)), PlanError::AmountNotPositive(usd(-1))),
    ];
    for (price, why) in table {
        let before = platform.snapshot();
        let error = platform.payouts().set_instant_price("bad", USD, Some(price)).unwrap_err();
        assert_eq!((error.kind(), error), (ErrorKind::Invalid, PayoutError::Price(why).into()));
        assert_eq!(platform.snapshot(), before, "a refusal leaves no trace");
    }
    let command = Command::SetInstantPrice(SetInstantPrice { currency: USD, price: None });
    let error = platform.handle(Request::new("theirs", command).acting_as(jo)).unwrap_err();
    assert_eq!(error, Error::NotForAccounts(jo));
    // A price beyond all money is refused when it is asked for.
    platform.payouts().set_instant_price("huge", USD, Some(Fee::fixed(usd(i64::MAX)))).unwrap();
    let error = instantly(&mut platform, jo, 1_00).unwrap_err();
    assert_eq!(error, MoneyError::Overflow.into());
    assert_eq!(net(&platform, jo), usd(0));
}

/// What a platform cannot hold is converted for it, as commissions are.
#[test]
fn it_is_converted_for_a_platform_that_does_not_hold_the_currency() {
    let pounds = Price::new(Country::GB, PaymentMethod::Card, GBP, "1.5 %".parse().unwrap(), 20);
    let book = Rulebook::standard().with_price(pounds).unwrap();
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    let new = NewAccount::custom(Country::GB).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = world.onboard(&mut platform, new).unwrap();
    let gbp = GBP;
    let sale = NewPayment::card(Money::new(100_00, gbp));
    platform.acting_as(jo).unwrap().payments().create("sale", sale).unwrap();
    world.settle(&mut platform).unwrap();
    platform.payouts().set_instant_price("price", gbp, Some(percent("10 %"))).unwrap();
    let ask = |platform: &mut Platform| {
        let amount = Money::new(10_00, gbp);
        platform.acting_as(jo).unwrap().payouts().create_instant("now", amount).map(|decided| decided.answer)
    };
    assert!(matches!(ask(&mut platform), Err(Error::Routing(_))), "no rate is known");
    platform.exchange_rates().set("rate", SetExchangeRate::new(gbp, USD, "1.3".parse().unwrap())).unwrap();
    let payout = ask(&mut platform).unwrap();
    let fee = platform.application_fee(platform.payout(payout).unwrap().application_fee().unwrap()).unwrap();
    let by = fee.conversion_received().unwrap();
    let got = by.of(Money::new(1_00, gbp)).unwrap();
    let own = platform.id();
    assert_eq!((platform.balance(own, USD).unwrap().available, got.currency()), (got.minor().into(), USD));
    assert_eq!(platform.balance(own, gbp).unwrap().total(), 0);
    assert_eq!(platform.audit(), []);
}
