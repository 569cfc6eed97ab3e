//! Debits elsewhere, instalments, wallets and transfers; and what is refused as long as nobody knows what holds for them.

use fundroute::calendar::Delay;
use fundroute::ids::{AccountId, PaymentId};
use fundroute::journal::Fact;
use fundroute::ledger::LineKind;
use fundroute::money::{Currency, Rate};
use fundroute::payments::{
    CapturePayment, ChargeAuthorized, ChargeSucceeded, IncrementAuthorization, ManualCapture, PaymentCard,
    PaymentError, PaymentStatus, RefundStatus,
};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, CardBrand, CardFunding, CardWallet, MethodTerm, Price, Rulebook, RulebookError};

use crate::shop::{Shop, rules};

use PaymentMethod::*;

const AU: Country = Country::AU;
const CA: Country = Country::CA;
const NL: Country = Country::NL;
const NZ: Country = Country::NZ;
const AUD: Currency = Currency::AUD;
const CAD: Currency = Currency::CAD;
const NZD: Currency = Currency::NZD;

/// A house in a country that takes that method in that currency, for nothing.
fn takes(country: Country, method: PaymentMethod, currency: Currency) -> Rulebook {
    rules().with_price(Price::new(country, method, currency, Rate::ZERO, 0)).unwrap()
}

fn ask(shop: &mut Shop, seller: AccountId, order: NewPayment) -> Result<PaymentId, Error> {
    let key = shop.key();
    let mut acting = shop.platform.acting_as(seller)?;
    acting.payments().create(&key, order).map(|decided| decided.answer)
}

/// When the money of each is there: debits after days of their own, all else when cards of the country are
/// (docs.stripe.com/payouts, 2026). Taken on a Monday, debits four days later, on the Friday.
#[test]
fn example_each_method_settles_in_its_time() {
    let rows = [
        (AU, AuBecsDebit, AUD, utc(2026, 11, 9).at(14, 0)), // midnight there
        (GB, BacsDebit, GBP, utc(2026, 11, 12)),
        (NZ, NzBankAccount, NZD, utc(2026, 11, 9).at(12, 0)),
        (US, Cashapp, USD, utc(2026, 11, 4)),
        (US, AfterpayClearpay, USD, utc(2026, 11, 4)),
        (DE, Klarna, EUR, utc(2026, 11, 9)),
        (BR, Pix, BRL, utc(2026, 11, 4)),
    ];
    for (country, method, currency, available_on) in rows {
        let mut shop = Shop::open_by(country, takes(country, method, currency));
        let sale = shop.sell(NewPayment::by(method, Money::new(100_00, currency)));
        let is_debit = method.as_str().contains("debit") || method == NzBankAccount;
        assert_eq!(shop.status(sale), if is_debit { "processing" } else { "succeeded" }, "{method}");
        let submitted = shop.platform.balance(shop.house, currency).unwrap().submitted;
        assert_eq!(submitted, if is_debit { 100_00 } else { 0 }, "{method}");
        shop.wait(if is_debit { 4 } else { 0 });
        let line = shop.transactions(shop.house).pop().unwrap();
        assert_eq!((line.kind, line.available_on, line.net), (LineKind::Payment, available_on, 100_00), "{method}");
        shop.sound();
    }
}

/// What is not known of a method is named, nothing happens, and the host's answer opens it.
#[test]
fn what_is_unknown_of_a_method_is_refused_by_name_until_the_host_answers() {
    let unknown = |method, term| Error::from(RulebookError::UnknownMethodTerm { method, term });
    let book = takes(CA, AcssDebit, CAD).with_price(Price::new(CA, Affirm, CAD, Rate::ZERO, 0)).unwrap();
    let mut shop = Shop::open_by(CA, book.clone());
    let order = |method| NewPayment::by(method, Money::new(60_00, CAD));
    for (method, term) in [
        (AcssDebit, MethodTerm::Currencies),
        (Affirm, MethodTerm::Delay),
        (Ideal, MethodTerm::Countries),
        (Paypal, MethodTerm::Countries),
    ] {
        let (key, before) = (shop.key(), shop.platform.snapshot());
        let refused = shop.platform.payments().create(&key, order(method)).map(|decided| decided.answer);
        assert_eq!(refused, Err(unknown(method, term)), "{method}");
        assert_eq!(shop.platform.snapshot(), before);
    }
    let debit = book.payment_method(AcssDebit).clone().paid_in(&[CAD]);
    let known = book.with_payment_method(debit).unwrap();
    let known = known.with_settlement_delay(CA, Some(Affirm), Delay::Business(1)).unwrap();
    let now = shop.platform.now();
    shop.platform = Platform::restore(known.clone(), shop.platform.snapshot(), now);
    let sales = [AcssDebit, Affirm].map(|method| shop.sell(order(method)));
    shop.wait(4);
    assert!(sales.iter().all(|sale| shop.status(*sale) == "succeeded"));
    assert_eq!(shop.pending(shop.house) + shop.available(shop.house), 120_00);

    // Whether it can be given back nobody said either; the money is not lost for that.
    let before = shop.platform.snapshot();
    assert_eq!(shop.refund(NewRefund::of(sales[1])), Err(unknown(Affirm, MethodTerm::Refunds)));
    assert_eq!(shop.platform.snapshot(), before);
    let affirm = known.payment_method(Affirm).clone().refundable_for(Some(120));
    let known = known.with_payment_method(affirm).unwrap();
    shop.platform = Platform::restore(known, shop.platform.snapshot(), shop.platform.now());
    shop.refund(NewRefund::of(sales[1])).unwrap();
    shop.sound();
}

#[test]
fn a_capability_that_nobody_knows_is_named_too() {
    let book = takes(DE, Paypal, EUR);
    let paypal = book.payment_method(Paypal).clone().open_to(&[DE]);
    let mut shop = Shop::open_by(DE, book.clone().with_payment_method(paypal.clone()).unwrap());
    let hans = shop.seller(NewAccount::custom(DE).request(Capability::Transfers).request(Capability::LinkPayments));
    let order = NewPayment::by(Paypal, eur(10_00));
    let error = RulebookError::UnknownMethodTerm { method: Paypal, term: MethodTerm::Capability };
    assert_eq!(ask(&mut shop, hans, order.clone()), Err(error.into()));
    let known = book.with_payment_method(paypal.needing(Capability::LinkPayments)).unwrap();
    let now = shop.platform.now();
    shop.platform = Platform::restore(known, shop.platform.snapshot(), now);
    assert!(ask(&mut shop, hans, order).is_ok());
}

/// docs.stripe.com/currencies (2024): some methods go down to one minor unit, far below the minimum of the currency.
#[test]
fn example_one_cent_by_ideal() {
    let book = takes(NL, Ideal, EUR).with_price(Price::new(NL, Card, EUR, Rate::ZERO, 0)).unwrap();
    let ideal = book.payment_method(Ideal).clone().open_to(&[NL]).settling_after(None);
    let mut shop = Shop::open_by(NL, book.with_payment_method(ideal).unwrap());
    let sale = shop.sell(NewPayment::by(Ideal, eur(1)));
    assert_eq!((shop.status(sale).as_str(), shop.pending(shop.house)), ("succeeded", 1));
    let error = PaymentError::AmountTooSmall { amount: eur(1), minimum: eur(50) };
    let refused = shop.platform.payments().create("card", NewPayment::card(eur(1))).map(|decided| decided.answer);
    assert_eq!(refused, Err(error.into()));
}

/// docs.stripe.com/payments/afterpay-clearpay (2026): at home only. docs.stripe.com/payments/au-becs-debit (2026): 10,000.00 at most.
#[test]
fn limits_of_place_and_amount() {
    let book = takes(GB, AfterpayClearpay, GBP).with_price(Price::new(GB, AfterpayClearpay, USD, Rate::ZERO, 0));
    let mut shop = Shop::open_by(GB, book.unwrap());
    assert!(shop.platform.rulebook().settles_in(GB, USD));
    let error = PaymentError::MethodUnavailable { method: AfterpayClearpay, country: GB, currency: USD };
    let pay = |amount| NewPayment::by(AfterpayClearpay, amount);
    let refused = shop.platform.payments().create("abroad", pay(usd(10_00))).map(|decided| decided.answer);
    assert_eq!(refused, Err(error.into()));
    let sale = shop.sell(pay(gbp(10_00)));
    assert_eq!(shop.status(sale), "succeeded");

    let mut shop = Shop::open_by(AU, takes(AU, AuBecsDebit, AUD));
    let debit = |minor| NewPayment::by(AuBecsDebit, Money::new(minor, AUD));
    let (amount, maximum) = (Money::new(10_000_01, AUD), Money::new(10_000_00, AUD));
    let refused = shop.platform.payments().create("much", debit(10_000_01)).map(|decided| decided.answer);
    assert_eq!(refused, Err(PaymentError::AmountTooLarge { amount, maximum }.into()));
    shop.sell(debit(10_000_00));
}

/// docs.stripe.com/payments/place-a-hold-on-a-payment-method (2026): Klarna's until midnight of the 28th day.
#[test]
fn example_klarna_is_captured_within_twenty_eight_days() {
    let mut shop = Shop::open_by(US, takes(US, Klarna, USD));
    shop.until(utc(2026, 11, 2).at(15, 30));
    let order = NewPayment::by(Klarna, usd(80_00)).capture_later(ManualCapture::new().incremental().multicapture());
    let [parcel, lost] = [shop.sell(order.clone()), shop.sell(order)];
    let payment = shop.platform.payment(parcel).unwrap();
    assert_eq!((payment.status(), payment.due()), (PaymentStatus::RequiresCapture, Some(utc(2026, 12, 1))));
    assert!(shop.lines(shop.house).is_empty());

    // Raises and parts are for cards, unless the world says otherwise.
    let more = IncrementAuthorization::to(parcel, usd(90_00));
    let refused = shop.platform.payments().increment_authorization("more", more).map(|decided| decided.answer);
    assert_eq!(refused, Err(PaymentError::NotIncremental(parcel).into()));
    let part = CapturePayment::of(parcel).amount(usd(10_00)).more_to_come();
    let refused = shop.platform.payments().capture("part", part).map(|decided| decided.answer);
    assert_eq!(refused, Err(PaymentError::OneCaptureOnly(parcel).into()));

    shop.until(utc(2026, 11, 30).at(23, 59));
    shop.platform.payments().capture("parcel", CapturePayment::of(parcel).amount(usd(50_00))).unwrap();
    shop.settle();
    let mut lines = shop.lines(shop.house);
    lines.sort();
    assert_eq!(lines, ["payment 8000 - 0 = 8000 (charge)", "refund -3000 - 0 = -3000 (partial_capture_reversal)"]);
    assert_eq!(shop.status(lost), "requires_capture");
    shop.until(utc(2026, 12, 1));
    assert_eq!(shop.status(lost), "canceled");
    shop.sound();
}

#[test]
fn debits_and_transfers_are_not_captured_later() {
    let mut shop = Shop::open_by(AU, takes(AU, AuBecsDebit, AUD));
    let order = NewPayment::by(AuBecsDebit, Money::new(10_00, AUD)).manual_capture();
    let refused = shop.platform.payments().create("later", order).map(|decided| decided.answer);
    assert_eq!(refused, Err(PaymentError::CaptureNotLater(AuBecsDebit).into()));
}

/// docs.stripe.com/refunds (2024): a card's refund shows as succeeded at once, those of other methods take time.
#[test]
fn refunds_of_wallets_take_their_time() {
    let mut shop = Shop::open_by(US, takes(US, Cashapp, USD));
    let (wallet, card) = (shop.sell(NewPayment::by(Cashapp, usd(10_00))), shop.sell(NewPayment::card(usd(10_00))));
    let [by_wallet, by_card] = [wallet, card].map(|sale| shop.refund(NewRefund::of(sale)).unwrap());
    let status = |shop: &Shop, refund| shop.platform.refund(refund).unwrap().status();
    assert_eq!((status(&shop, by_wallet), status(&shop, by_card)), (RefundStatus::Pending, RefundStatus::Succeeded));
    shop.wait(1);
    assert_eq!(status(&shop, by_wallet), RefundStatus::Succeeded);
}

/// docs.stripe.com/api/charges/object (2026): Apple Pay is a card, with its wallet named.
#[test]
fn a_wallet_on_a_phone_is_a_card() {
    let mut shop = Shop::open();
    let order = shop.order(NewPayment::card(usd(10_00)).manual_capture());
    let charge = shop.charge_of(order);
    let phone = PaymentCard { funding: Some(CardFunding::Debit), ..PaymentCard::of(CardBrand::Mastercard) };
    let told = ChargeAuthorized::of(charge, usd(10_00)).card(phone.from_wallet(CardWallet::ApplePay));
    let (id, now) = (shop.key(), shop.platform.now());
    let report = fundroute::journal::Report::new(id, now, Fact::ChargeAuthorized(told));
    shop.platform.record(&report).unwrap();
    let card = shop.platform.charge(charge).unwrap().authorization().unwrap().card().unwrap();
    assert_eq!((card.wallet, card.brand), (Some(CardWallet::ApplePay), CardBrand::Mastercard));
    assert_eq!(shop.platform.charge(charge).unwrap().method(), Card);
    assert_eq!(shop.platform.charge(charge).unwrap().card(), Some(&phone.from_wallet(CardWallet::ApplePay)));
}

/// What is told of a card with the success itself; of what is no card nothing is kept.
#[test]
fn a_card_that_is_charged_at_once_is_known_too() {
    let mut shop = Shop::open_by(US, takes(US, Cashapp, USD));
    let tell = |shop: &mut Shop, order: NewPayment| {
        let order = shop.order(order);
        let charge = shop.charge_of(order);
        let (id, now) = (shop.key(), shop.platform.now());
        let phone = PaymentCard::of(CardBrand::Visa).from_wallet(CardWallet::GooglePay);
        let told = Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(10_00)).card(phone));
        shop.platform.record(&fundroute::journal::Report::new(id, now, told)).unwrap();
        assert_eq!(shop.status(order), "succeeded");
        charge
    };
    let by_card = tell(&mut shop, NewPayment::card(usd(10_00)));
    let card = shop.platform.charge(by_card).unwrap().card().unwrap();
    assert_eq!((card.brand, card.wallet), (CardBrand::Visa, Some(CardWallet::GooglePay)));
    let by_wallet = tell(&mut shop, NewPayment::by(Cashapp, usd(10_00)));
    assert_eq!(shop.platform.charge(by_wallet).unwrap().card(), None);

    // The documented test cards say what they are.
    let prepaid = shop.sell(NewPayment::card(usd(10_00)).token("pm_card_mastercard_prepaid"));
    let card = *shop.platform.charge(shop.charge_of(prepaid)).unwrap().card().unwrap();
    let expected = PaymentCard { funding: Some(CardFunding::Prepaid), ..PaymentCard::of(CardBrand::Mastercard) };
    assert_eq!(card, expected);
}
