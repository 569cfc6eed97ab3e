//! The ways to pay, row by row, and what a host can say of them.

use chrono::{NaiveDate, TimeDelta};

use super::super::*;
use crate::calendar::{Delay, utc};
use crate::money::{Currency, brl, eur, usd};

use Capability as C;
use Country::{AU, BR, CA, CH, DE, FR, GB, GI, HK, JP, MX, NL, NO, NZ, RO, SG, US};
use MethodTerm::{Capability as Able, Countries, Currencies, Delay as Wait, Disputes, Refunds};
use Notification::{Delayed, Immediate, Voucher};
use PaymentMethod::*;

/// What a row says: whom it needs, who may take it, in what, and when its money is there.
type Row = (PaymentMethod, Notification, Option<C>, &'static [Country], &'static [Currency], Option<Delay>);

const AUD: Currency = Currency::AUD;
const CAD: Currency = Currency::CAD;
const EUR: Currency = Currency::EUR;
const GBP: Currency = Currency::GBP;
const NZD: Currency = Currency::NZD;
const USD: Currency = Currency::USD;

/// Of each list some that are in it; what is not in it comes below.
fn rows() -> [Row; 17] {
    let business = |days| Some(Delay::Business(days));
    [
        (AcssDebit, Delayed, Some(C::AcssDebitPayments), &[CA, US], &[], business(5)),
        (Affirm, Immediate, Some(C::AffirmPayments), &[CA, US], &[CAD, USD], None),
        (
            AfterpayClearpay,
            Immediate,
            Some(C::AfterpayClearpayPayments),
            &[AU, CA, GB, NZ, US],
            &[AUD, CAD, GBP, NZD, USD],
            None,
        ),
        (AuBecsDebit, Delayed, Some(C::AuBecsDebitPayments), &[AU], &[AUD], business(2)),
        (BacsDebit, Delayed, Some(C::BacsDebitPayments), &[GB, AU, CA, DE, NO, SG, US], &[GBP], business(4)),
        (Boleto, Voucher, Some(C::BoletoPayments), &[BR], &[Currency::BRL], business(2)),
        (Card, Immediate, Some(C::CardPayments), &[BR, DE, HK, JP, US], &[AUD, EUR, Currency::JPY], None),
        (
            CardPresent,
            Immediate,
            Some(C::CardPayments),
            &[AU, CA, CH, DE, FR, GB, NL, NO, NZ, SG, US],
            &[AUD, EUR, USD],
            None,
        ),
        (Cashapp, Immediate, Some(C::CashappPayments), &[US], &[USD], None),
        (Ideal, Immediate, Some(C::IdealPayments), &[], &[EUR], None),
        (InteracPresent, Immediate, Some(C::CardPayments), &[CA], &[CAD], None),
        (Klarna, Immediate, Some(C::KlarnaPayments), &[AU, CA, CH, DE, GB, NZ, RO, US], &[AUD, EUR, GBP, USD], None),
        (NzBankAccount, Delayed, Some(C::NzBankAccountBecsDebitPayments), &[NZ], &[NZD], business(2)),
        (Paypal, Immediate, None, &[], &[AUD, EUR, GBP, Currency::SGD, USD], None),
        (Pix, Immediate, Some(C::PixPayments), &[BR], &[Currency::BRL], business(2)),
        (SepaDebit, Delayed, Some(C::SepaDebitPayments), &[AU, DE, FR, GI, HK, MX, US], &[EUR], business(6)),
        (UsBankAccount, Delayed, Some(C::UsBankAccountAchPayments), &[US], &[USD], business(4)),
    ]
}

/// Every country and every currency of the book that a row does not say.
fn others(of: PaymentMethod, countries: &[Country], currencies: &[Currency]) -> (Vec<Country>, Vec<Currency>) {
    let book = Rulebook::standard();
    let rule = book.payment_method(of);
    let open = book.countries().map(CountryRule::country).filter(|country| rule.is_open_to(*country));
    let taken = Currency::all().filter(|currency| rule.takes(*currency));
    (
        open.filter(|country| !countries.contains(country)).collect(),
        taken.filter(|currency| !currencies.contains(currency)).collect(),
    )
}

#[test]
fn every_row_says_what_was_read() {
    let book = Rulebook::standard();
    assert_eq!(rows().map(|row| row.0), PaymentMethod::ALL);
    for (method, notification, capability, countries, currencies, delay) in rows() {
        let rule = book.payment_method(method);
        assert_eq!((rule.method(), rule.notification(), rule.capability()), (method, notification, capability));
        assert!(countries.iter().all(|country| rule.is_open_to(*country)), "{method}");
        assert!(currencies.iter().all(|currency| rule.takes(*currency)), "{method}");
        assert_eq!(rule.delay(), delay, "{method}");
        let year = if method.is_in_person() { 2025 } else { 2026 };
        assert!(rule.source().page().starts_with("docs.stripe.com/") && rule.source().year() == Some(year), "{method}");
        assert!(!rule.is_open_to(Country::Unspecified) && !rule.refund_needs_details(), "{method}");
        assert_eq!(rule.voucher_expiry_days().is_some(), notification == Voucher, "{method}");
        let answered = match method {
            NzBankAccount => Some(2),
            AuBecsDebit => Some(3),
            UsBankAccount => Some(4),
            AcssDebit => Some(5),
            BacsDebit => Some(7),
            SepaDebit => Some(14),
            Affirm | AfterpayClearpay | Boleto | Card | CardPresent | Cashapp | Ideal | InteracPresent | Klarna
            | Paypal | Pix => None,
        };
        assert_eq!(rule.answered_within(), answered.map(Delay::Business), "{method}");
        assert_eq!(answered.is_some(), notification == Delayed, "{method}");
        assert_eq!(method.is_card(), method == Card || method.is_in_person());
    }
}

/// How many more countries and currencies there are than those that were named above.
#[test]
fn no_row_is_open_to_more_than_was_read() {
    let many = |method| match method {
        // Every country and currency; the domestic ones are bound by their countries.
        Card => (122 - 5, Currency::all().count() - 3),
        AfterpayClearpay => (0, Currency::all().count() - 5),
        CardPresent => (23 - 11, Currency::all().count() - 3),
        BacsDebit => (34 - 7, 0),
        Klarna => (32 - 8, 13 - 4),
        Paypal => (0, 14 - 5),
        SepaDebit => (40 - 7, 0),
        AcssDebit | Affirm | AuBecsDebit | Boleto | Cashapp | Ideal | InteracPresent | NzBankAccount | Pix
        | UsBankAccount => (0, 0),
    };
    for (method, _, _, countries, currencies, _) in rows() {
        let (countries, currencies) = others(method, countries, currencies);
        assert_eq!((countries.len(), currencies.len()), many(method), "{method}: {countries:?} {currencies:?}");
    }
    let book = Rulebook::standard();
    assert!(!book.payment_method(Klarna).is_open_to(BR) && !book.payment_method(BacsDebit).is_open_to(CH));
    assert!(!book.payment_method(SepaDebit).is_open_to(BR) && !book.payment_method(Klarna).takes(Currency::JPY));
    let domestic = PaymentMethod::ALL.into_iter().filter(|method| book.payment_method(*method).is_domestic());
    assert_eq!(domestic.collect::<Vec<_>>(), [Affirm, AfterpayClearpay, CardPresent, InteracPresent]);
}

#[test]
fn amounts_refunds_and_later_captures() {
    let book = Rulebook::standard();
    let bounds = |method| (book.payment_method(method).min(), book.payment_method(method).max());
    let aud = crate::money::Money::new(10_000_00, AUD);
    let gbp = crate::money::Money::new(100_000_00, GBP);
    for method in PaymentMethod::ALL {
        let expected = match method {
            AuBecsDebit => (None, Some(aud)),
            BacsDebit => (None, Some(gbp)),
            Boleto => (Some(brl(5_00)), Some(brl(49_999_99))),
            Ideal => (Some(eur(1)), None),
            SepaDebit => (None, Some(eur(10_000_00))),
            UsBankAccount => (Some(usd(50)), None),
            AcssDebit | Affirm | AfterpayClearpay | Card | CardPresent | Cashapp | InteracPresent | Klarna
            | NzBankAccount | Paypal | Pix => (None, None),
        };
        assert_eq!(bounds(method), expected, "{method}");
        let rule = book.payment_method(method);
        let refundable = [
            AuBecsDebit,
            Card,
            CardPresent,
            InteracPresent,
            Cashapp,
            Klarna,
            NzBankAccount,
            Pix,
            SepaDebit,
            UsBankAccount,
        ];
        assert_eq!(rule.is_refundable(), refundable.contains(&method), "{method}");
        let days = [SepaDebit, UsBankAccount].contains(&method).then_some(180);
        assert_eq!(rule.refundable_days(), days, "{method}");
        let later = [Affirm, AfterpayClearpay, Card, CardPresent, Cashapp, Klarna, Paypal];
        assert_eq!(rule.can_capture_later(), later.contains(&method), "{method}");
    }
}

#[test]
fn what_no_page_says_is_unknown() {
    let book = Rulebook::standard();
    for method in PaymentMethod::ALL {
        let expected: &[MethodTerm] = match method {
            AcssDebit => &[Currencies, Disputes, Refunds],
            Affirm => &[Wait, Disputes, Refunds],
            AfterpayClearpay | BacsDebit => &[Disputes, Refunds],
            AuBecsDebit | Boleto | Cashapp | InteracPresent | Klarna | NzBankAccount | Pix => &[Disputes],
            Card | CardPresent | SepaDebit | UsBankAccount => &[],
            Ideal => &[Countries, Wait, Disputes, Refunds],
            Paypal => &[Able, Countries, Disputes, Refunds],
        };
        let rule = book.payment_method(method);
        assert_eq!(rule.unknown().collect::<Vec<_>>(), expected, "{method}");
        for term in MethodTerm::ALL {
            let refused = RulebookError::UnknownMethodTerm { method, term };
            assert_eq!(rule.check_known(term).err(), expected.contains(&term).then_some(refused), "{method} {term}");
        }
    }
    let unknown = RulebookError::UnknownMethodTerm { method: Ideal, term: Wait };
    assert_eq!(unknown.to_string(), "the rulebook does not know the delay of `ideal` payments");
    assert_eq!(book.settlement_delay(NL, Ideal), Err(unknown.clone()));
    assert_eq!(book.settlement_delay_after(NL, Ideal, 3), Err(unknown));
    // One country's answer is no other's.
    let book = book.with_settlement_delay(NL, Some(Ideal), Delay::Business(3)).unwrap();
    assert_eq!(book.settlement_delay(NL, Ideal), Ok(Delay::Business(3)));
    assert!(book.settlement_delay(DE, Ideal).is_err());
}

#[test]
fn disputes_by_method() {
    let book = Rulebook::standard();
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let paid = day(2026, 1, 31);
    for method in PaymentMethod::ALL {
        let rule = book.payment_method(method).disputes();
        let expected = match method {
            Card | CardPresent => (Some(DisputeProcess::Evidence), Some(day(2026, 5, 31))),
            SepaDebit => (Some(DisputeProcess::Final), Some(day(2027, 2, 28))),
            UsBankAccount => (Some(DisputeProcess::Final), Some(day(2026, 4, 1))),
            Affirm | AfterpayClearpay | Cashapp | Klarna | Paypal | Pix => (None, Some(day(2026, 7, 30))),
            AcssDebit | AuBecsDebit | BacsDebit | Boleto | Ideal | InteracPresent | NzBankAccount => (None, None),
        };
        assert_eq!((rule.process(), rule.last_day(paid)), expected, "{method}");
        assert_eq!(rule.is_final(), [SepaDebit, UsBankAccount].contains(&method), "{method}");
    }
    let sepa = book.payment_method(SepaDebit).disputes();
    assert_eq!(sepa.window().unwrap().last_day(paid), Some(day(2026, 3, 28)));
    assert_eq!(DisputeWindow::Days(1).last_day(NaiveDate::MAX), None);
    for bad in ["", "8", "8 years", "x weeks", "-1 days", "99999 days", "8  weeks"] {
        assert!(bad.parse::<DisputeWindow>().is_err(), "{bad}");
    }
}

/// docs.stripe.com/payments/place-a-hold-on-a-payment-method (2026).
#[test]
fn example_how_long_an_authorization_holds() {
    let book = Rulebook::standard();
    let what = |method| AuthorizationUse {
        method,
        brand: CardBrand::Unknown,
        off_session: false,
        extended: false,
        country: US,
        currency: USD,
    };
    let at = utc(2026, 11, 2).at(15, 30);
    for method in PaymentMethod::ALL {
        let expected = match method {
            Affirm => Some(utc(2026, 12, 2).at(15, 30)),
            AfterpayClearpay => Some(utc(2026, 11, 15).at(15, 30)),
            Card | Cashapp => Some(utc(2026, 11, 9).at(15, 30)),
            CardPresent => Some(utc(2026, 11, 4).at(15, 30)),
            Klarna => Some(utc(2026, 12, 1)),
            Paypal => Some(utc(2026, 11, 22).at(15, 30)),
            AcssDebit | AuBecsDebit | BacsDebit | Boleto | Ideal | InteracPresent | NzBankAccount | Pix | SepaDebit
            | UsBankAccount => None,
        };
        assert_eq!(book.capture_before(&what(method), at), expected, "{method}");
        assert_eq!(expected.is_some(), book.payment_method(method).can_capture_later(), "{method}");
    }
    assert_eq!(book.authorization_window(&what(Klarna)), Some(TimeDelta::days(28)));
    let ours = AuthorizationWindow::new(Klarna, 1, 0).to_midnight();
    assert_eq!(ours.ends(at), Some(utc(2026, 11, 4)));
    assert_eq!(ours.ends(crate::calendar::Timestamp::MAX), None);
}

#[test]
fn a_host_answers_what_is_unknown() {
    let book = Rulebook::standard();
    let rule = book.payment_method(Paypal).clone();
    let rule = rule.open_to(&[DE, FR]).needing(C::LinkPayments).refundable_for(Some(180));
    let rule = rule.disputed(DisputeRule::new(DisputeProcess::Evidence).within(DisputeWindow::Days(180)));
    let ours = book.clone().with_payment_method(rule.clone()).unwrap();
    let paypal = ours.payment_method(Paypal);
    assert_eq!((paypal.unknown().count(), paypal.capability()), (0, Some(C::LinkPayments)));
    assert!(paypal.is_open_to(DE) && !paypal.is_open_to(GB) && paypal.is_refundable() && paypal.takes(EUR));
    assert_eq!((paypal.refundable_days(), paypal.source().page()), (Some(180), "the host"));
    assert_eq!(book, Rulebook::standard());

    let debit = book.payment_method(AcssDebit).clone().paid_in(&[CAD]).settling_after(None);
    let cad = |minor| Some(crate::money::Money::new(minor, CAD));
    let ours = book.clone().with_payment_method(debit.clone().between(cad(1), cad(5_000_00))).unwrap();
    let rule = ours.payment_method(AcssDebit);
    assert_eq!((rule.min(), rule.max(), rule.delay()), (cad(1), cad(5_000_00), None));
    assert_eq!(ours.settlement_delay(CA, AcssDebit), book.settlement_delay(CA, Card));

    let refused = |rule: MethodRule| book.clone().with_payment_method(rule).unwrap_err();
    assert_eq!(refused(rule.clone().open_to(&[Country::KP])), RulebookError::UnknownCountry(Country::KP));
    for (min, max) in [(cad(-1), None), (cad(2), cad(1)), (Some(usd(1)), None), (None, Some(usd(1)))] {
        let RulebookError::Invalid { table, .. } = refused(debit.clone().between(min, max)) else { panic!("{min:?}") };
        assert_eq!(table, Table::PaymentMethods);
    }
    let both = debit.paid_in(&[CAD, USD]).between(cad(1), Some(usd(2)));
    assert!(matches!(refused(both), RulebookError::Invalid { .. }));
}

#[test]
fn a_row_can_be_read_over_another() {
    let header = "method,notification,capability,countries,currencies,refundable,delay_days,delay_unit,disputes,source";
    let mut book = Rulebook::standard();
    book.read(Table::PaymentMethods, &format!("{header}\nideal,immediate,ideal_payments,NL,eur,yes,3,business,,us\n"))
        .unwrap();
    let ideal = book.payment_method(Ideal);
    assert_eq!((ideal.delay(), ideal.unknown().collect::<Vec<_>>()), (Some(Delay::Business(3)), vec![Disputes]));
    for (row, reason) in [
        (
            "ideal,immediate,ideal_payments,NL,eur,maybe,,,,us",
            "`maybe` is neither yes, no, details, in_person nor unknown",
        ),
        ("ideal,immediate,ideal_payments,NL,eur,yes,few,business,,us", "`few` is neither a number of days nor unknown"),
        ("ideal,immediate,ideal_payments,NL,eur,yes,3,,,us", "a delay is a number of days and a unit"),
        (
            "ideal,immediate,ideal_payments,NL,eur,yes,unknown,business,,us",
            "`unknown` is neither a number of days nor unknown",
        ),
        ("ideal,immediate,nothing,NL,eur,yes,,,,us", "`nothing` is not a capability"),
        ("ideal,immediate,ideal_payments,,eur,yes,,,,us", "a list is empty; `*` is everything"),
        ("ideal,immediate,ideal_payments,NL,eur,yes,,,perhaps,us", "`perhaps` is not a way to deal with disputes"),
    ] {
        let error = book.read(Table::PaymentMethods, &format!("{header}\n{row}\n")).unwrap_err();
        assert_eq!(error.to_string(), format!("payment_methods.csv, line 2: {reason}"));
    }
    let header = "method,notification,answer_days,capability,countries,currencies,refundable,source";
    let error =
        book.read(Table::PaymentMethods, &format!("{header}\nideal,immediate,2,ideal_payments,NL,eur,yes,us\n"));
    let expected = "payment_methods.csv, line 2: only what is told later is told within some days";
    assert_eq!(error.unwrap_err().to_string(), expected);
    let error = book.read(
        Table::AuthorizationWindows,
        "method,brand,off_session,extended,country,currency,days,hours,source\nklarna,*,*,no,*,*,1,noon,us\n",
    );
    assert_eq!(
        error.unwrap_err().to_string(),
        "authorization_windows.csv, line 2: `noon` is neither a number of hours nor midnight"
    );
}
