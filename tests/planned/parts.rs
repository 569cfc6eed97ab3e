//! A platform that knows only what it is given decides as the whole one does, and asks for everybody at once.

use fundroute::payments::{ChargeAuthorized, ChargeCaptured, ChargeSucceeded};
use fundroute::platform::Identity;

use super::*;

/// A worker that knows nothing, and is given what it asks for; tells in how many rounds.
fn worked<T>(store: &Platform, mut step: impl FnMut(&mut Platform) -> Result<T, Error>) -> (T, usize) {
    let who = Identity { platform: store.id(), livemode: false };
    let mut worker = Platform::partial(who, store.rulebook().clone(), store.now());
    let mut round = 0;
    loop {
        match step(&mut worker) {
            Err(Error::NotLoaded(keys)) if round < 10 => {
                worker.load(keys.into_iter().map(|key| store.look_up(key)));
                round += 1;
            }
            done => return (done.unwrap(), round),
        }
    }
}

fn asks(shop: &mut Shop, command: Command) -> usize {
    let request = Request::new(shop.key(), command);
    let (decided, rounds) = worked(&shop.platform, |worker| worker.decide(&request));
    assert_eq!(decided.changes, shop.platform.handle(request).unwrap().changes);
    rounds
}

fn hears(shop: &mut Shop, fact: Fact) -> usize {
    let report = Report::new(shop.key(), shop.platform.now(), fact);
    let (decided, rounds) = worked(&shop.platform, |worker| worker.decide_fact(&report));
    assert_eq!(decided.changes, shop.platform.record(&report).unwrap().changes);
    rounds
}

fn last_payment(shop: &Shop) -> PaymentId {
    let id = |record: &Record| if let Record::Payment(payment) = record { Some(payment.id()) } else { None };
    shop.platform.records().filter_map(id).max().unwrap()
}

#[test]
fn a_worker_writes_the_same_journal() {
    let mut shop = Shop::open();
    let cart = shop.cart();
    assert!(asks(&mut shop, Command::CreatePayment(NewPayment::card(usd(100_00)).plan(cart.clone()))) <= 2);
    let sale = last_payment(&shop);
    let charge = shop.charge_id(sale);
    assert!(hears(&mut shop, Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(100_00)))) <= 2);
    assert_eq!(shop.totals(), [33_30, 51_70, 5_00]);
    for amount in [33_33, 66_67] {
        assert!(asks(&mut shop, Command::CreateRefund(back(sale, amount))) <= 2);
    }
    assert_eq!(shop.totals(), [0, 0, 0]);

    let ann = shop.ann;
    let order = NewPayment::card(usd(100_00)).destination(ann).plan(tenth(Excess::Cap));
    assert!(asks(&mut shop, Command::CreatePayment(order)) <= 2);
    let charge = shop.charge_id(last_payment(&shop));
    assert!(hears(&mut shop, Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(100_00)))) <= 2);
    shop.sound();
}

#[test]
fn a_worker_books_captures_in_parts() {
    let mut shop = Shop::open();
    let cart = shop.parts(Excess::Cap).build().unwrap();
    asks(&mut shop, Command::CreatePayment(parcels(usd(100_00)).plan(cart)));
    let sale = last_payment(&shop);
    let charge = shop.charge_id(sale);
    let mut held = ChargeAuthorized::of(charge, usd(100_00));
    held.multicapture = Some(true);
    hears(&mut shop, Fact::ChargeAuthorized(held));
    for (number, amount) in [(1, 40_00), (2, 60_00)] {
        let capture = CapturePayment::of(sale).amount(usd(amount));
        asks(&mut shop, Command::CapturePayment(if number == 1 { capture.more_to_come() } else { capture }));
        let captured =
            ChargeCaptured { charge: charge.into(), capture: number, amount: usd(amount), is_final: number == 2 };
        assert!(hears(&mut shop, Fact::ChargeCaptured(captured)) <= 2);
    }
    assert_eq!(shop.totals(), [33_30, 51_70, 5_00]);
    shop.sound();
}
