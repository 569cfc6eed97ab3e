//! The platform's money goes where the field lets it go, and in the ways that it is let go there
//! (docs.stripe.com/connect/charges and /connect/cross-border-payouts, 2026).

use fundroute::ErrorKind;
use fundroute::accounts::AccountError;
use fundroute::ids::AccountId;
use fundroute::payments::{ChargeFailure, ConfirmPayment, DeclineCode};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, CrossBorderEra, FundsFlow, LaneClosed, Price, Table};

use crate::shop::{Shop, rules};

/// Rules by which cards cost nothing in dollars, wherever the platform is, and accounts there can hold them.
fn dollars(countries: &[Country]) -> Rulebook {
    countries.iter().fold(rules(), |book, country| {
        let free = Price::new(*country, PaymentMethod::Card, USD, fundroute::money::Rate::ZERO, 0);
        book.with_price(free).and_then(|book| book.with_settlement_currencies(*country, &[USD])).unwrap()
    })
}

/// What a destination charge, a transfer out of a payment, and one out of what there is come to, and that each refusal leaves no
/// trace.
fn ways(shop: &mut Shop, seller: AccountId) -> [Result<(), Error>; 3] {
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    shop.wait(14);
    [
        Command::CreatePayment(NewPayment::card(usd(10_00)).destination(seller)),
        Command::CreateTransfer(NewTransfer::to(seller, usd(1_00)).from_payment(sale)),
        Command::CreateTransfer(NewTransfer::to(seller, usd(1_00))),
    ]
    .map(|command| {
        let before = shop.platform.snapshot();
        let key = shop.key();
        let came = shop.platform.handle(Request::new(key, command)).map(drop);
        if came.is_err() {
            assert_eq!(shop.platform.snapshot(), before);
        }
        shop.sound();
        came
    })
}

#[test]
fn money_crosses_no_border_that_is_closed() {
    use Country::{AE, AU, CA, CH, FR, IS, JP, MX, SG};

    let every = [US, DE, GB, BR, AE, AU, CA, CH, FR, IS, JP, MX, SG];
    let other = |platform, account| LaneClosed::OtherRegion { platform, account };
    let rows = [
        (US, US, None),
        (US, DE, None),
        (GB, DE, None),
        (DE, FR, None),
        (DE, CH, None),
        (CA, US, None),
        (AE, AE, None),
        (US, BR, Some(other(US, BR))),
        (US, AU, Some(other(US, AU))),
        (AU, US, Some(other(AU, US))),
        (SG, JP, Some(other(SG, JP))),
        (MX, US, Some(other(MX, US))),
        (DE, JP, Some(other(DE, JP))),
    ];
    for (from, to, closed) in rows {
        let mut shop = Shop::open_by(from, dollars(&every));
        let jo = shop.seller(NewAccount::express(to));
        let expected = closed.map_or(Ok(()), |why| Err(Error::from(AccountError::from(why))));
        assert_eq!(ways(&mut shop, jo), [expected.clone(), expected.clone(), expected], "{from} to {to}");
    }
}

/// What is booked on the account itself comes to it wherever it is.
#[test]
fn a_direct_charge_crosses_no_border() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(BR));
    shop.sell_as(jo, NewPayment::card(brl(10_00)));
    assert!(shop.pending(jo) > 0);
}

/// Recipients in India were paid by transfers, and not by destination charges (docs.stripe.com/connect/cross-border-payouts, 2024).
#[test]
fn a_lane_may_be_open_for_transfers_alone() {
    let book = dollars(&[US, Country::IN]).with_cross_border_era(CrossBorderEra::Recipient);
    let mut shop = Shop::open_by(US, book);
    let jo = shop.seller(NewAccount::custom(Country::IN).request(Capability::Transfers).recipient());
    let [destination, tied, free] = ways(&mut shop, jo);
    let error = Error::from(AccountError::FlowClosed { account: jo, flow: FundsFlow::Destination });
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some("transfers_not_allowed")));
    assert_eq!((destination, tied, free), (Err(error), Ok(()), Ok(())));
}

/// A transfer out of a payment is that payment's money; one out of what there is may be money that was paid in.
#[test]
fn each_way_is_opened_for_itself() {
    let rows: [(&str, [Option<FundsFlow>; 3]); 4] = [
        ("destination", [None, Some(FundsFlow::Separate), Some(FundsFlow::Separate)]),
        ("separate", [Some(FundsFlow::Destination), None, None]),
        ("top_up", [Some(FundsFlow::Destination), Some(FundsFlow::Separate), None]),
        ("destination top_up", [None, Some(FundsFlow::Separate), None]),
    ];
    for (flows, closed) in rows {
        let mut book = rules();
        let head = "era,platform,account,agreement,lane,fee,flows,source";
        book.read(Table::CrossBorder, &format!("{head}\nself_serve,US,US,full,same_region,0%,{flows},us\n")).unwrap();
        let mut shop = Shop::open_by(US, book);
        let account = shop.seller(NewAccount::express(US));
        let refused = |flow| AccountError::FlowClosed { account, flow }.into();
        let expected = closed.map(|flow| flow.map_or(Ok(()), |flow| Err(refused(flow))));
        assert_eq!(ways(&mut shop, account), expected, "{flows}");
    }
}

/// A payment that failed is tried again by the rules of now.
#[test]
fn a_border_that_was_closed_since_stops_another_attempt() {
    let mut shop = Shop::open_by(US, dollars(&[DE]));
    let jo = shop.seller(NewAccount::express(DE));
    let sale = shop.order(NewPayment::card(usd(10_00)).destination(jo));
    let (charge, now) = (shop.charge_of(sale), shop.platform.now());
    shop.platform
        .payments()
        .record_failed("no", now, charge, ChargeFailure::Card(DeclineCode::GenericDecline))
        .unwrap();
    let again = Request::new("again", Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, sale)));
    let mut book = dollars(&[DE]);
    let head = "era,platform,account,agreement,lane,closed,source";
    book.read(Table::CrossBorder, &format!("{head}\nself_serve,US,DE,full,closed,other_region,us\n")).unwrap();
    let mut closed = Platform::restore(book, shop.platform.snapshot(), now);
    let error = Error::from(AccountError::from(LaneClosed::OtherRegion { platform: US, account: DE }));
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some("country_unsupported")));
    assert_eq!(closed.handle(again.clone()).map(drop), Err(error));
    assert_eq!(closed.snapshot(), shop.platform.snapshot());
    assert!(shop.platform.handle(again).is_ok());
}

/// Whatever currencies both can hold: a platform outside Brazil takes no commission from an account there, when the payment is created
/// or later (docs.stripe.com/connect/direct-charges, 2024).
#[test]
fn accounts_in_brazil_pay_commissions_at_home_only() {
    use fundroute::payments::{PaymentError, UpdatePayment};

    let mut shop = Shop::open_by(US, dollars(&[BR]));
    let jo = shop.seller(NewAccount::express(BR));
    let ask = |shop: &mut Shop, command| {
        let key = shop.key();
        shop.platform.handle(Request::new(key, command).acting_as(jo)).map(|decided| decided.answer)
    };
    let refused = Error::from(PaymentError::CommissionFromAbroad(jo));
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::Refused, Some("application_fees_not_allowed")));
    let sale = NewPayment::card(usd(10_00));
    let with_fee = Command::CreatePayment(sale.clone().application_fee(usd(1_00)));
    assert_eq!(ask(&mut shop, with_fee), Err(refused.clone()));
    let plain = ask(&mut shop, Command::CreatePayment(sale.confirm_later())).unwrap();
    let fundroute::journal::Answer::Payment(plain) = plain else { panic!("{plain:?}") };
    let later = Command::UpdatePayment(UpdatePayment::of(plain).application_fee(usd(1_00)));
    assert_eq!(ask(&mut shop, later), Err(refused));
    let mut home = Shop::open_in(BR);
    let bia = home.seller(NewAccount::express(BR));
    home.sell_as(bia, NewPayment::card(brl(10_00)).application_fee(brl(1_00)));
    assert_eq!(home.pending(home.house), 1_00);
}
