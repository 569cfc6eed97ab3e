//! Transfers and commissions.

use fundroute::ids::{AccountId, ApplicationFeeId, PaymentId, TransferId};
use fundroute::journal::Answer;
use fundroute::money::{Money, eur, usd};
use fundroute::payments::{NewPayment, NewRefund};
use fundroute::payouts::NewPayout;
use fundroute::platform::{Command, Platform};
use fundroute::routing::{NewApplicationFeeRefund, NewTransfer, NewTransferReversal};

use crate::grid::{Cell, Did, Machine, did};
use crate::scene::{Scene, advance, ask};

/// The transfer, the payment it is tied to, and its recipient.
type Sent = (TransferId, Option<PaymentId>, AccountId);

fn transfer_state(platform: &Platform, (transfer, ..): Sent) -> String {
    let transfer = platform.transfer(transfer).unwrap();
    if transfer.is_reversed() {
        return "reversed".to_owned();
    }
    if transfer.amount_reversed().is_zero() { "created" } else { "partly reversed" }.to_owned()
}

#[derive(Clone, Copy)]
enum Source {
    Free,
    Tied,
    Destination,
}

/// A transfer of 80.00; out of a payment of 100.00 where it is tied to one.
fn sent(source: Source, standard: bool, story: fn(&mut Scene, Sent)) -> (Platform, Sent) {
    let mut scene = Scene::us();
    scene.fund();
    scene.by_hand(scene.express);
    let seller = if standard { scene.standard } else { scene.express };
    let payment = match source {
        Source::Free => None,
        Source::Tied => Some(scene.sale(None, NewPayment::card(usd(100_00)))),
        Source::Destination => {
            let order = NewPayment::card(usd(100_00)).destination(seller).transfer_amount(usd(80_00));
            Some(scene.sale(None, order))
        }
    };
    let own = payment.and_then(|payment| scene.platform.charge_of(payment).unwrap().transfer());
    let transfer = own.unwrap_or_else(|| {
        let new = NewTransfer { source: payment, ..NewTransfer::to(seller, usd(80_00)) };
        let Answer::Transfer(id) = scene.ask(None, Command::CreateTransfer(new)) else { panic!("no transfer") };
        id
    });
    let ids = (transfer, payment, seller);
    story(&mut scene, ids);
    (scene.platform, ids)
}

/// All that the recipient has is sent to its bank.
fn paid_out(scene: &mut Scene, (_, _, seller): Sent) {
    scene.wait(7);
    let available = scene.platform.balance(seller, usd(0).currency()).unwrap().available;
    if available > 0 {
        let amount = usd(i64::try_from(available).unwrap());
        scene.ask(Some(seller), Command::CreatePayout(NewPayout::of(amount)));
    }
}

fn reverse(transfer: TransferId, amount: Option<Money>) -> Command {
    Command::ReverseTransfer(NewTransferReversal { transfer, amount })
}

fn reversed_by(amount: i64) -> impl Fn(&mut Scene, Sent) {
    move |scene, (transfer, ..)| {
        scene.ask(None, reverse(transfer, Some(usd(amount))));
    }
}

fn refund(platform: &mut Platform, on: Option<AccountId>, refund: NewRefund) -> Cell {
    did(ask(platform, "x", on, Command::CreateRefund(refund)))
}

fn transfers() -> Machine<Sent> {
    let about =
        "A transfer of 80.00 to an express seller unless said otherwise, tied to a payment of 100.00 or to none.";
    let mut machine = Machine::new("transfer", about, transfer_state);
    machine.row("created, tied to none", sent(Source::Free, false, |_, _| ()));
    machine.row("created, tied and pending", sent(Source::Tied, false, |_, _| ()));
    machine.row("created, tied and settled", sent(Source::Tied, false, |scene, _| scene.wait(7)));
    machine.row("created, by a destination charge", sent(Source::Destination, false, |_, _| ()));
    machine.row("created, settled and paid out", sent(Source::Destination, false, paid_out));
    machine.row("created, standard, paid out", sent(Source::Destination, true, |scene, _| scene.wait(7)));
    machine.row("partly reversed, tied to none", sent(Source::Free, false, |s, ids| reversed_by(30_00)(s, ids)));
    machine.row("partly reversed, tied", sent(Source::Tied, false, |s, ids| reversed_by(30_00)(s, ids)));
    machine.row(
        "partly reversed, by a refund",
        sent(Source::Destination, false, |scene, (_, payment, _)| {
            let back = NewRefund::of(payment.unwrap()).amount(usd(40_00)).reverse_transfer();
            scene.ask(None, Command::CreateRefund(back));
        }),
    );
    machine.row("reversed, tied to none", sent(Source::Free, false, |s, ids| reversed_by(80_00)(s, ids)));
    machine.row(
        "reversed, of a destination charge",
        sent(Source::Destination, false, |s, ids| reversed_by(80_00)(s, ids)),
    );
    machine
}

/// How much of 80.00 somebody may want back.
pub(crate) const fn reversals() -> [(&'static str, Option<Money>); 5] {
    [
        ("reverse all", None),
        ("reverse 30.00", Some(usd(30_00))),
        ("reverse 80.01", Some(usd(80_01))),
        ("reverse 0.00", Some(usd(0))),
        ("reverse euros", Some(eur(1_00))),
    ]
}

#[test]
fn transfer() {
    let mut machine = transfers();
    for (name, amount) in reversals() {
        machine.column(name, move |platform, (transfer, ..)| did(ask(platform, "x", None, reverse(transfer, amount))));
    }
    machine.column("reverse for the seller", |platform, (transfer, _, seller)| {
        did(ask(platform, "x", Some(seller), reverse(transfer, None)))
    });
    type Bears = fn(NewRefund) -> NewRefund;
    let refunds: [(&str, Bears); 4] = [
        ("refund 50.00, pull back", |refund| refund.amount(usd(50_00)).reverse_transfer()),
        ("refund 50.00, keep", |refund| refund.amount(usd(50_00)).keep_transfer()),
        ("refund 50.00, left open", |refund| refund.amount(usd(50_00))),
        ("refund the rest, pull back", NewRefund::reverse_transfer),
    ];
    for (name, bears) in refunds {
        machine.column(name, move |platform, (_, payment, _)| match payment {
            Some(payment) => refund(platform, None, bears(NewRefund::of(payment))),
            None => Ok(Did::Nothing),
        });
    }
    machine.column("transfer 20.00 more", |platform, (_, payment, seller)| {
        let new = NewTransfer { source: payment, ..NewTransfer::to(seller, usd(20_00)) };
        did(ask(platform, "x", None, Command::CreateTransfer(new)))
    });
    machine.column("reverse all, what the seller has then", |platform, (transfer, _, seller)| {
        ask(platform, "x", None, reverse(transfer, None))?;
        let balance = platform.balance(seller, usd(0).currency())?;
        Ok(Did::Said(format!("{} pending, {} available", balance.pending, balance.available)))
    });
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}

/// The commission, its payment, the account that paid it, and for whom the payment was made.
type Commission = (ApplicationFeeId, PaymentId, AccountId, Option<AccountId>);

fn fee_state(platform: &Platform, (fee, ..): Commission) -> String {
    let fee = platform.application_fee(fee).unwrap();
    if fee.amount_refunded().is_zero() {
        return "collected".to_owned();
    }
    if fee.amount_refunded() == fee.amount() { "refunded" } else { "partly refunded" }.to_owned()
}

/// A commission of 10.00 on a payment of 100.00.
fn commission(direct: bool, story: fn(&mut Scene, Commission)) -> (Platform, Commission) {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    scene.by_hand(scene.express);
    let seller = scene.express;
    let order = NewPayment::card(usd(100_00)).application_fee(usd(10_00));
    let (on, order) = if direct { (Some(seller), order) } else { (None, order.destination(seller)) };
    let payment = scene.sale(on, order);
    let fee = scene.platform.charge_of(payment).unwrap().application_fee().unwrap();
    let ids = (fee, payment, seller, on);
    story(&mut scene, ids);
    (scene.platform, ids)
}

fn return_fee(fee: ApplicationFeeId, amount: Option<Money>) -> Command {
    Command::RefundApplicationFee(NewApplicationFeeRefund { fee, amount })
}

/// What the platform has is sent to its bank, so that it has nothing to give back.
fn platform_paid_out(scene: &mut Scene, _: Commission) {
    scene.wait(7);
    let own = scene.platform.id();
    let available = scene.platform.balance(own, usd(0).currency()).unwrap().available;
    let amount = usd(i64::try_from(available).unwrap());
    scene.ask(None, Command::CreatePayout(NewPayout::of(amount)));
}

fn fees() -> Machine<Commission> {
    let about =
        "A commission of 10.00 on a payment of 100.00 for an express seller: destination charges, and direct ones.";
    let mut machine = Machine::new("application_fee", about, fee_state);
    let half: fn(&mut Scene, Commission) = |scene, (fee, ..)| {
        scene.ask(None, return_fee(fee, Some(usd(5_00))));
    };
    let all: fn(&mut Scene, Commission) = |scene, (fee, ..)| {
        scene.ask(None, return_fee(fee, None));
    };
    machine.row("collected", commission(false, |_, _| ()));
    machine.row("collected, settled", commission(false, |scene, _| scene.wait(7)));
    machine.row("collected, paid out", commission(false, platform_paid_out));
    machine.row("collected, direct", commission(true, |_, _| ()));
    machine.row("collected, direct, settled", commission(true, |scene, _| scene.wait(7)));
    machine.row("collected, direct, paid out", commission(true, platform_paid_out));
    machine.row("partly refunded", commission(false, half));
    machine.row("partly refunded, direct", commission(true, half));
    machine.row("refunded", commission(false, all));
    machine.row("refunded, direct", commission(true, all));
    machine
}

#[test]
fn application_fee() {
    let mut machine = fees();
    for (name, amount) in [
        ("return all", None),
        ("return 5.00", Some(usd(5_00))),
        ("return 10.01", Some(usd(10_01))),
        ("return euros", Some(eur(1_00))),
    ] {
        machine.column(name, move |platform, (fee, ..)| did(ask(platform, "x", None, return_fee(fee, amount))));
    }
    machine.column("return for the seller", |platform, (fee, _, seller, _)| {
        did(ask(platform, "x", Some(seller), return_fee(fee, None)))
    });
    type Bears = fn(NewRefund) -> NewRefund;
    let refunds: [(&str, Bears); 6] = [
        ("refund, return", |refund| refund.refund_application_fee()),
        ("refund, keep", |refund| refund.keep_application_fee()),
        ("refund, pull back, return", |refund| refund.reverse_transfer().refund_application_fee()),
        ("refund, pull back, keep", |refund| refund.reverse_transfer().keep_application_fee()),
        ("refund, keep transfer, return", |refund| refund.keep_transfer().refund_application_fee()),
        ("refund, keep both", |refund| refund.keep_transfer().keep_application_fee()),
    ];
    for (name, bears) in refunds {
        machine.column(name, move |platform, (_, payment, _, on)| {
            refund(platform, on, bears(NewRefund::of(payment).amount(usd(50_00))))
        });
    }
    machine.column("a month passes", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.check();
}
