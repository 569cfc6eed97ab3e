//! The rates that the host sets.

use fundroute::ids::QuotedRateId;
use fundroute::platform::{ErrorKind, Identity};
use fundroute::routing::RoutingError;

use super::*;

#[test]
fn a_rate_is_found_by_its_pair_and_replaced() {
    let mut desk = Desk::open();
    assert_eq!(desk.platform.exchange_rate(USD, CAD), Ok(None));
    desk.rate(USD, CAD, "1.3");
    let first = desk.platform.exchange_rate(USD, CAD).unwrap().unwrap().clone();
    assert_eq!((first.from(), first.to(), first.set_at()), (USD, CAD, desk.platform.now()));
    assert_eq!(desk.platform.exchange_rate(CAD, USD), Ok(None), "the way back is a rate of its own");
    desk.wait(1);
    desk.rate(USD, CAD, "1.4");
    let next = desk.platform.exchange_rate(USD, CAD).unwrap().unwrap();
    assert_eq!((next.id(), next.mid().to_string().as_str()), (first.id(), "1.4"));
    assert_eq!(next.set_at(), utc(2026, 11, 3));
    let known: QuotedRateId = next.id();
    assert_eq!(known.to_string().parse(), Ok(known));
    desk.sound();
}

#[test]
fn rates_that_make_no_sense_are_refused() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(US));
    let same = SetExchangeRate::new(USD, USD, "1".parse().unwrap());
    let refused = desk.ask(Command::SetExchangeRate(same)).unwrap_err();
    assert_eq!(refused, RoutingError::ExchangedForItself(USD).into());
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::Invalid, None));
    let other = Command::SetExchangeRate(SetExchangeRate::new(USD, CAD, "1.3".parse().unwrap()));
    let refused = desk.platform.handle(Request::new("seller", other).acting_as(jo)).unwrap_err();
    assert_eq!(refused, Error::NotForAccounts(jo));
    assert!("0".parse::<fundroute::money::ExchangeRate>().is_err());
    assert!(serde_json::from_str::<SetExchangeRate>(r#"{"from":"usd","to":"cad","mid":"-1"}"#).is_err());
    desk.sound();
}

/// The same request is answered as before, also after the rate has changed; and a worker that knows a part asks for the pair by its key.
#[test]
fn a_worker_that_knows_a_part_converts_as_the_whole_does() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.fund(usd(100_00));
    desk.rate(USD, CAD, "1.3");
    let requests = [
        Request::new("rate", Command::SetExchangeRate(SetExchangeRate::new(USD, CAD, "1.4".parse().unwrap()))),
        Request::new("sent", Command::CreateTransfer(NewTransfer::to(jo, usd(10_00)))),
        Request::new("again", Command::SetExchangeRate(SetExchangeRate::new(USD, CAD, "1.5".parse().unwrap()))),
        Request::new("sent", Command::CreateTransfer(NewTransfer::to(jo, usd(10_00)))),
    ];
    for request in requests {
        let who = Identity { platform: desk.house, livemode: false };
        let mut worker = Platform::partial(who, rules(), desk.platform.now());
        let mut rounds = 0;
        let decided = loop {
            match worker.decide(&request) {
                Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| desk.platform.look_up(key))),
                decided => break decided.unwrap(),
            }
            rounds += 1;
            assert!(rounds < 6);
        };
        assert_eq!(decided, desk.platform.decide(&request).unwrap());
        desk.platform.apply(&decided.changes).unwrap();
    }
    assert_eq!(desk.lines(jo), ["payment 1372 - 0 = 1372 CAD @ 1.372"]);
    desk.sound();
}

/// What was converted says so wherever it is shown, with all digits of its rate.
#[test]
fn statements_and_reports_show_the_rates() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(30)));
    desk.refund_as(jo, NewRefund::of(sale).refund_application_fee()).unwrap();
    let shown = desk.platform.statement(jo).unwrap().to_string();
    assert_eq!(shown.matches("converted at 1.3557614").count(), 2, "the charge, and the commission returned: {shown}");
    assert_eq!(shown.matches("converted at 1.38343").count(), 1, "the refund: {shown}");
    let report = desk.platform.balance_report(jo, utc(2026, 11, 1)..utc(2026, 12, 1)).unwrap();
    let rates: Vec<String> =
        report.currency(CAD).unwrap().lines.iter().map(|line| line.exchange_rate.unwrap().to_string()).collect();
    assert_eq!(rates, ["1.3557614", "1.38343", "1.3557614"]);
    let steps = desk.platform.explain(jo, CAD).unwrap();
    let rate = |step: &fundroute::ledger::Explanation| step.transaction.as_ref().and_then(|line| line.exchange_rate);
    assert_eq!(steps.iter().filter_map(rate).count(), 3);
    // The platform's commission was not converted.
    assert!(desk.transactions(desk.house).iter().all(|line| line.exchange_rate.is_none()));
}
