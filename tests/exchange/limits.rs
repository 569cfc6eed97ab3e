//! How little and how much can be paid out, row by row: at home, to recipients from abroad, within minutes, to cards; and in which steps.

use fundroute::accounts::{Card, NewExternalAccount};
use fundroute::journal::Answer;
use fundroute::payouts::{NewPayout, PayoutError, PayoutSchedule, SetPayoutSchedule};
use fundroute::rulebook::{Capability, CardBrand, CrossBorderEra, PayoutLimits, PayoutRoute};
use fundroute::simulator::bank_account;

use super::*;

/// More than the largest minimum that there is, in minor units of any currency.
const PLENTY: i64 = 60_000_000;

/// A seller paid by hand, with plenty in its own currency: of direct charges at home, or of transfers from the United States.
fn rich(country: Country, is_recipient: bool) -> (Desk, AccountId, Currency) {
    let none = ConversionFee::new(Rate::ZERO).in_country(country);
    let book = Rulebook::standard().with_vetting(Vetting::ByHost).without_same_day_payouts();
    let book = book.with_conversion_fee(none).unwrap().with_cross_border_era(CrossBorderEra::Recipient);
    let currency = book.country(country).unwrap().default_currency();
    let home = if is_recipient { US } else { country };
    let own = book.country(home).unwrap().default_currency();
    let book = book.with_price(Price::new(home, PaymentMethod::Card, own, Rate::ZERO, 0)).unwrap();
    let mut desk = Desk::open_in(home, book);
    let new = NewAccount::custom(country).request(Capability::Transfers);
    let jo = desk.seller(if is_recipient { new.recipient() } else { new.request(Capability::CardPayments) });
    let by_hand = SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual };
    if desk.platform.rulebook().schedule_rule(country).allows_manual() || is_recipient {
        desk.ask(Command::SetPayoutSchedule(by_hand)).unwrap();
    }
    if is_recipient {
        if own != currency {
            desk.rate(own, currency, "1");
        }
        desk.fund(Money::new(PLENTY + 1_000_000, own));
        desk.transfer(NewTransfer::to(jo, Money::new(PLENTY, own))).unwrap();
        desk.wait(1);
    } else {
        desk.sell_as(jo, NewPayment::card(Money::new(PLENTY, currency)));
        desk.wait(45);
    }
    assert_eq!(desk.holds(jo, currency), (0, PLENTY.into()), "{country}");
    let bank = bank_account(desk.platform.rulebook(), jo, country, currency);
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    (desk, jo, currency)
}

fn pay(desk: &mut Desk, jo: AccountId, payout: NewPayout) -> Result<(), PayoutError> {
    let request = Request::new(desk.key(), Command::CreatePayout(payout)).acting_as(jo);
    match desk.platform.handle(request) {
        Ok(_) => Ok(()),
        Err(Error::Payout(error)) => Err(error),
        Err(error) => panic!("{error}"),
    }
}

/// The next amount that is a whole number of steps.
const fn whole(minor: i64, step: i64) -> i64 {
    minor + (step - minor % step) % step
}

/// One less than the least is refused, and the least is not.
fn least(country: Country, is_recipient: bool, route: PayoutRoute) -> bool {
    let (mut desk, jo, currency) = rich(country, is_recipient);
    let limits: PayoutLimits = desk.platform.rulebook().payout_limits_on(route, country, currency);
    let step = limits.multiple();
    let least = whole(limits.min(), step);
    let money = |minor| Money::new(minor, currency);
    if !desk.platform.rulebook().schedule_rule(country).allows_manual() && !is_recipient {
        assert_eq!(pay(&mut desk, jo, NewPayout::of(money(least))), Err(PayoutError::ManualNotAllowed(country)));
        return false;
    }
    let (amount, minimum) = (money(limits.min() - 1), money(limits.min()));
    let below = pay(&mut desk, jo, NewPayout::of(amount));
    let expected = if amount.is_positive() {
        PayoutError::AmountTooSmall { amount, minimum }
    } else {
        PayoutError::AmountNotPositive(amount)
    };
    assert_eq!(below, Err(expected), "{country}");
    if step > 1 {
        let odd = money(least + 1);
        let refused = PayoutError::AmountNotMultiple { amount: odd, multiple: step };
        assert_eq!(pay(&mut desk, jo, NewPayout::of(odd)), Err(refused), "{country}");
    }
    assert_eq!(pay(&mut desk, jo, NewPayout::of(money(least))), Ok(()), "{country}");
    desk.sound();
    true
}

#[test]
fn every_minimum_at_home() {
    let book = Rulebook::standard();
    let known =
        book.countries().filter(|rule| book.payout_limits_source(rule.country(), rule.default_currency()).is_some());
    let countries: Vec<Country> = known.map(|rule| rule.country()).collect();
    assert_eq!(countries.len(), 45);
    let by_hand = countries.into_iter().filter(|country| least(*country, false, PayoutRoute::Domestic));
    assert_eq!(by_hand.count(), 43, "all but Brazil and India");
    let min = |country, currency| book.payout_limits(country, currency).min();
    assert_eq!((min(US, USD), min(Country::RO, Currency::RON), min(DE, EUR)), (1, 5_00, 1_00));
}

#[test]
fn every_minimum_of_recipients_from_abroad() {
    let book = Rulebook::standard().with_cross_border_era(CrossBorderEra::Recipient);
    let mut seen = 0;
    for rule in book.countries() {
        let (country, currency) = (rule.country(), rule.default_currency());
        let ours = book.payout_limits_on(PayoutRoute::CrossBorder, country, currency);
        let lane = book.lane(US, country, fundroute::rulebook::ServiceAgreement::Recipient);
        if country == US
            || lane.corridor().is_none()
            || !book.has_payout_row(PayoutRoute::CrossBorder, country, currency)
        {
            continue;
        }
        assert!(ours.min() <= PLENTY, "{country}");
        assert!(least(country, true, PayoutRoute::CrossBorder), "{country}");
        seen += 1;
    }
    // All but Bulgaria, whose row is of when it had the lev.
    assert_eq!(seen, 82);
    let min = |country, currency| book.payout_limits_on(PayoutRoute::CrossBorder, country, currency).min();
    assert_eq!(min(Country::LA, Currency::LAK), 516_000_00);
    assert_eq!(min(Country::TH, Currency::THB), 600_00);
    assert_eq!(min(Country::EC, USD), 1);
    // An account under the full agreement, and one at home, have those of their country.
    assert_eq!(book.payout_limits(Country::TH, Currency::THB).min(), 1_00);
    assert_eq!(min(DE, EUR), book.payout_limits(DE, EUR).min());
}

/// docs.stripe.com/payouts/instant-payouts, 2026.
#[test]
fn every_bound_of_payouts_within_minutes() {
    let rows = [
        ("AE", "aed", 200, 999_900),
        ("AU", "aud", 50, 999_900),
        ("CA", "cad", 60, 999_900),
        ("CZ", "czk", 1_000, 9_999_900),
        ("DK", "dkk", 500, 999_900),
        ("DE", "eur", 40, 999_900),
        ("GB", "gbp", 40, 999_900),
        ("HK", "hkd", 500, 999_900),
        ("HU", "huf", 20_000, 99_999_900),
        ("MY", "myr", 200, 999_900),
        ("NO", "nok", 500, 999_900),
        ("NZ", "nzd", 50, 999_900),
        ("PL", "pln", 200, 999_900),
        ("RO", "ron", 200, 999_900),
        ("SE", "sek", 500, 999_900),
        ("SG", "sgd", 50, 999_900),
        ("US", "usd", 50, 999_900),
    ];
    for (country, currency, min, max) in rows {
        let (country, currency): (Country, Currency) = (country.parse().unwrap(), currency.parse().unwrap());
        let (mut desk, jo, known) = rich(country, false);
        assert_eq!(known, currency);
        let money = |minor| Money::new(minor, currency);
        let card = Card::debit(CardBrand::Visa, 12, 2030);
        let card = NewExternalAccount::card(jo, country, currency, "tok_any", "4242", card).default_for_currency();
        let rule = desk.platform.rulebook().instant_destinations(country, currency).unwrap();
        if rule.to_cards() {
            desk.ask(Command::AddExternalAccount(card)).unwrap();
        }
        let step = desk.platform.rulebook().payout_limits(country, currency).multiple();
        let mut now = |minor| pay(&mut desk, jo, NewPayout::of(money(minor)).instant());
        let small = PayoutError::AmountTooSmall { amount: money(min - step), minimum: money(min) };
        assert_eq!(now(min - step), Err(small), "{country}");
        let large = PayoutError::AmountTooLarge { amount: money(max + step), maximum: money(max) };
        assert_eq!(now(max + step), Err(large), "{country}");
        assert_eq!(now(min), Ok(()), "{country}");
        if max < PLENTY {
            assert_eq!(now(max), Ok(()), "{country}");
        }
    }
}

/// A debit card gets less than 3,000.00 at a time; what is more leaves with the next payout.
#[test]
fn a_debit_card_takes_less_than_three_thousand_at_a_time() {
    let (mut desk, jo, _) = rich(US, false);
    let card = NewExternalAccount::card(jo, US, USD, "tok_any", "4242", Card::debit(CardBrand::Visa, 12, 2030));
    let Answer::ExternalAccount(card) = desk.ask(Command::AddExternalAccount(card)).unwrap() else { panic!("no card") };
    let out = |minor| NewPayout::of(usd(minor)).to(card);
    let above = PayoutError::AboveMaximum { amount: usd(3_000_00), maximum: usd(2_999_99) };
    assert_eq!(pay(&mut desk, jo, out(3_000_00)), Err(above.clone()));
    assert_eq!(Error::from(above).code(), Some("amount_too_large"));
    assert_eq!(pay(&mut desk, jo, out(2_999_99)), Ok(()));
    // A bank account takes more at once, and so does the card within minutes.
    assert_eq!(pay(&mut desk, jo, NewPayout::of(usd(3_000_00))), Ok(()));
    assert_eq!(pay(&mut desk, jo, out(3_000_00).instant()), Ok(()));
    let rest = desk.holds(jo, USD).1;
    desk.ask(Command::UpdateExternalAccount(
        fundroute::accounts::UpdateExternalAccount::new(card).default_for_currency(),
    ))
    .unwrap();
    let schedule = PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily);
    desk.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule })).unwrap();
    desk.world.advance_to(&mut desk.platform, utc(2026, 12, 21)).unwrap();
    let after = desk.holds(jo, USD).1;
    assert_eq!((rest - after) % 2_999_99, 0);
    assert!(after < rest, "{rest} {after}");
    // One a bank day.
    desk.world.advance_to(&mut desk.platform, utc(2026, 12, 22)).unwrap();
    assert_eq!(desk.holds(jo, USD).1, after - 2_999_99);
    desk.sound();
}

/// docs.stripe.com/currencies, 2024: in which steps currencies are paid out.
#[test]
fn currencies_are_paid_out_in_their_steps() {
    let book = Rulebook::standard();
    for (country, currency, step) in [
        (Country::HU, "huf", 100),
        (Country::TW, "twd", 100),
        (Country::IS, "isk", 100),
        (Country::UG, "ugx", 100),
        (Country::KW, "kwd", 10),
        (Country::BH, "bhd", 10),
        (Country::JO, "jod", 10),
        (Country::OM, "omr", 10),
        (Country::TN, "tnd", 10),
        (US, "usd", 1),
        (Country::JP, "jpy", 1),
    ] {
        let currency: Currency = currency.parse().unwrap();
        for route in [PayoutRoute::Domestic, PayoutRoute::CrossBorder, PayoutRoute::DebitCard] {
            let limits = book.payout_limits_on(route, country, currency);
            assert_eq!(limits.multiple(), step, "{currency}");
            let (least, odd) = (limits.min().max(step), 7 % step);
            let least = whole(least, step);
            assert_eq!(limits.payable(least + odd), Some(least), "{currency}");
            assert!(limits.allows(least) && (odd == 0 || !limits.allows(least + odd)), "{currency}");
        }
    }
    let card = book.payout_limits_on(PayoutRoute::DebitCard, US, USD);
    assert_eq!(
        (card.payable(2_999_98), card.payable(2_999_99), card.payable(9_999_99)),
        (Some(2_999_98), Some(2_999_99), Some(2_999_99))
    );
    assert!(card.allows(2_999_99) && !card.allows(3_000_00));
    assert!(card.at_most(0).is_err() && PayoutLimits::new(500, 100).unwrap().at_most(499).is_err());
    let ours = PayoutLimits::new(7_00, 50).unwrap();
    let book = book.with_payout_limits_on(PayoutRoute::CrossBorder, Country::KE, Currency::KES, ours).unwrap();
    assert_eq!(book.payout_limits_on(PayoutRoute::CrossBorder, Country::KE, Currency::KES), ours);
}
