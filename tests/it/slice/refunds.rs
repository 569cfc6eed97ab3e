//! Money given back: who bears it, in every combination, and transfers taken back.

use fundroute::accounts::NewAccount;
use fundroute::ids::{AccountId, PaymentId};
use fundroute::journal::{AnomalyReason, FactOutcome};
use fundroute::payments::{CardRefund, PaymentError, PendingReason, RefundState, WhoBears};
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReversal, RoutingError};

use crate::shop::Shop;

/// A sale of 100.00 in each of the six forms that share it.
fn sale(shop: &mut Shop, form: &str, jo: AccountId) -> PaymentId {
    let order = NewPayment::card(usd(100_00));
    match form {
        "direct, with commission" => shop.sell_as(jo, order.application_fee(usd(10_00))),
        "direct" => shop.sell_as(jo, order),
        "destination, with commission" => shop.sell(order.destination(jo).application_fee(usd(10_00))),
        "destination, an amount" => shop.sell(order.destination(jo).transfer_amount(usd(70_00))),
        "destination, whole" => shop.sell(order.destination(jo)),
        _ => shop.sell(order),
    }
}

/// A word for why a refund was refused.
fn word(error: &Error) -> &'static str {
    let words = [
        (matches!(error, Error::Payment(PaymentError::TransferBearerMissing(_))), "whose transfer?"),
        (matches!(error, Error::Payment(PaymentError::FeeBearerMissing(_))), "whose fee?"),
        (matches!(error, Error::Payment(PaymentError::NoTransfer(_))), "no transfer"),
        (matches!(error, Error::Payment(PaymentError::NoFee(_))), "no fee"),
        (matches!(error, Error::Payment(PaymentError::FeeNeedsTransfer(_))), "fee without transfer"),
    ];
    words.into_iter().find(|(is_it, _)| *is_it).map_or("another error", |(_, word)| word)
}

/// What a refund of 40.00 does: the platform's and the seller's balance, or why it is refused.
fn outcome(form: &str, settled: bool, bearers: (Option<WhoBears>, Option<WhoBears>)) -> String {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    if settled {
        shop.sell(NewPayment::card(usd(1_000_00)));
    }
    let sale = sale(&mut shop, form, jo);
    if settled {
        shop.wait(2);
    }
    let total = |shop: &Shop, account| {
        if settled { shop.available(account) } else { shop.pending(account) }
    };
    let (house, seller) = (total(&shop, shop.house), total(&shop, jo));
    let (transfer, application_fee) = bearers;
    let back = NewRefund { transfer, application_fee, ..NewRefund::of(sale).amount(usd(40_00)) };
    let before = shop.platform.snapshot();
    let given = if form.starts_with("direct") { shop.refund_as(jo, back) } else { shop.refund(back) };
    shop.sound();
    match given {
        Ok(_) => format!("{} {}", total(&shop, shop.house) - house, total(&shop, jo) - seller),
        Err(error) => {
            assert_eq!(shop.platform.snapshot(), before);
            word(&error).to_owned()
        }
    }
}

/// docs.stripe.com/connect/destination-charges and /connect/direct-charges (2026). Rows: the transfer is not spoken of, kept,
/// reversed. Columns: the commission is not spoken of, kept, refunded. Cells: what the platform and the seller pay.
#[test]
fn every_combination_of_who_bears_a_refund() {
    let direct = "0 -4000";
    let house = "-4000 0";
    let whose = "whose transfer?";
    let grids = [
        ("direct, with commission", [["whose fee?", direct, "-400 -3600"]; 2], ["no transfer"; 3]),
        ("direct", [[direct, direct, "no fee"]; 2], ["no transfer"; 3]),
        (
            "destination, with commission",
            [[whose; 3], ["whose fee?", house, "fee without transfer"]],
            ["whose fee?", "0 -4000", "-400 -3600"],
        ),
        ("destination, an amount", [[whose; 3], [house; 3]], ["-1200 -2800"; 3]),
        ("destination, whole", [[whose; 3], [house; 3]], ["0 -4000"; 3]),
        ("separate", [[house, house, "no fee"]; 2], ["no transfer"; 3]),
    ];
    let choices = [None, Some(WhoBears::Charged), Some(WhoBears::Recipient)];
    for (form, [open, kept], reversed) in grids {
        for (transfer, row) in choices.into_iter().zip([open, kept, reversed]) {
            for (fee, expected) in choices.into_iter().zip(row) {
                for settled in [false, true] {
                    let seen = outcome(form, settled, (transfer, fee));
                    assert_eq!(seen, expected, "{form}, settled {settled}, transfer {transfer:?}, fee {fee:?}");
                }
            }
        }
    }
}

/// A full refund is a refund of all that is left; beyond it there is nothing (docs.stripe.com/refunds, 2024).
#[test]
fn a_full_refund_after_partial_ones() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    shop.refund(NewRefund::of(sale).amount(usd(30_00))).unwrap();
    let rest = shop.refund(NewRefund::of(sale)).unwrap();
    assert_eq!(shop.platform.refund(rest).unwrap().amount(), usd(70_00));
    let more = shop.refund(NewRefund::of(sale));
    let error = PaymentError::RefundTooLarge { payment: sale, asked: usd(0), refundable: usd(0) };
    assert_eq!(more, Err(error.into()));
    shop.ends(&[(shop.house, -3_20)]);
}

/// Recorded exchanges 2023-2025 (249 of 249): while a charge is pending its refund nets inside the pending money, afterwards it
/// takes what is available, and waits where that is too little.
#[test]
fn a_refund_comes_out_of_the_money_that_it_gives_back() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    shop.refund(NewRefund::of(sale).amount(usd(10_00))).unwrap();
    assert_eq!(shop.platform.pending(shop.house, USD), [(utc(2026, 11, 4), 86_80)]);
    shop.wait(2);
    shop.refund(NewRefund::of(sale).amount(usd(10_00))).unwrap();
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (0, 76_80));
    let line = shop.transactions(shop.house).pop().unwrap();
    assert_eq!(line.available_on, shop.platform.now());
    let short = shop.refund(NewRefund::of(sale)).unwrap();
    assert_eq!(shop.platform.refund(short).unwrap().pending_reason(), Some(PendingReason::InsufficientFunds));
    assert_eq!(shop.available(shop.house), 76_80);
}

/// docs.stripe.com/refunds (2024): a card shows as given back at once, a bank debit on its way.
#[test]
fn a_refund_of_a_bank_debit_takes_days() {
    let mut shop = Shop::open();
    let card = shop.sell(NewPayment::card(usd(100_00)));
    let debit = shop.sell(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    shop.wait(4);
    let card = shop.refund(NewRefund::of(card).amount(usd(1_00))).unwrap();
    let debit = shop.refund(NewRefund::of(debit).amount(usd(1_00))).unwrap();
    assert!(matches!(shop.platform.refund(card).unwrap().state(), RefundState::Succeeded { .. }));
    assert_eq!(shop.platform.refund(debit).unwrap().state(), &RefundState::Pending { unsettled: true });
    shop.settle();
    let lines = shop.lines(shop.house);
    let [.., first, second] = lines.as_slice() else { return assert_eq!(lines.len(), 4) };
    assert_eq!(first, "refund -100 - 0 = -100 (refund)");
    assert_eq!(second, "payment_refund -100 - 0 = -100 (refund)");
    shop.wait(1);
    let at = shop.platform.now();
    assert_eq!(shop.platform.refund(debit).unwrap().state(), &RefundState::Succeeded { at });
}

/// docs.stripe.com/payments/ach-direct-debit (2026): within 180 days; a card knows no such limit.
#[test]
fn a_bank_debit_is_given_back_for_180_days() {
    let mut shop = Shop::open();
    let card = shop.sell(NewPayment::card(usd(100_00)));
    let debit = shop.sell(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    shop.wait(4 + 180);
    shop.refund(NewRefund::of(debit).amount(usd(1_00))).unwrap();
    shop.wait(1);
    let error = PaymentError::NotRefundable(PaymentMethod::UsBankAccount);
    assert_eq!(shop.refund(NewRefund::of(debit).amount(usd(1_00))), Err(error.into()));
    shop.refund(NewRefund::of(card).amount(usd(1_00))).unwrap();
}

/// docs.stripe.com/connect/separate-charges-and-transfers (2024): any number of parts, up to the whole.
#[test]
fn a_transfer_is_taken_back_in_parts() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    let transfer = shop.transfer(NewTransfer::to(jo, usd(70_00)).from_payment(sale)).unwrap();
    shop.reverse(NewTransferReversal::of(transfer).amount(usd(30_00))).unwrap();
    assert_eq!((shop.pending(jo), shop.pending(shop.house)), (40_00, 56_80));
    // What came back may be sent again.
    shop.transfer(NewTransfer::to(jo, usd(60_00)).from_payment(sale)).unwrap();
    shop.wait(2);
    shop.reverse(NewTransferReversal::of(transfer)).unwrap();
    assert!(shop.platform.transfer(transfer).unwrap().is_reversed());
    assert_eq!((shop.available(jo), shop.available(shop.house)), (60_00, 36_80));
    let again = shop.reverse(NewTransferReversal::of(transfer));
    let error = RoutingError::ReversalTooLarge { transfer, asked: usd(0), left: usd(0) };
    assert_eq!(again, Err(error.into()));
    shop.sound();
}

/// docs.stripe.com/connect/account-balances (2024): a reversal may leave an account owing only where the platform answers for
/// its losses: express and custom, not standard.
#[test]
fn a_reversal_may_leave_only_some_kinds_owing() {
    for (name, account) in crate::shop::every_kind(US) {
        let mut shop = Shop::open();
        let jo = shop.banked(account);
        shop.spare_bank(jo);
        let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
        shop.sell(NewPayment::card(usd(100_00)));
        shop.wait(2);
        assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 100_00), "{name}");
        let before = shop.platform.snapshot();
        let back = shop.refund(NewRefund::of(sale).amount(usd(40_00)).reverse_transfer());
        let reversal = NewTransferReversal::of(shop.transfer_of(sale)).amount(usd(10_00));
        let by_hand = shop.reverse(reversal);
        if name == "standard" {
            let short = |needed| (jo, USD, 0_i128, needed);
            let (account, currency, available, needed) = short(40_00);
            assert_eq!(back, Err(PaymentError::InsufficientFunds { account, currency, available, needed }.into()));
            let (account, currency, available, needed) = short(10_00);
            assert_eq!(by_hand, Err(RoutingError::InsufficientFunds { account, currency, available, needed }.into()));
            assert_eq!(shop.platform.snapshot(), before);
        } else {
            assert!(back.is_ok() && by_hand.is_ok());
            assert_eq!(shop.available(jo), -50_00, "{name}");
            // What it earns next makes up for it, and only the rest is paid out.
            shop.sell(NewPayment::card(usd(80_00)).destination(jo));
            shop.wait(2);
            assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 130_00), "{name}");
        }
        shop.sound();
    }
}

/// docs.stripe.com/connect/direct-charges (2026): a commission is given back by itself, and the payer's money is not touched.
#[test]
fn a_commission_is_given_back_by_itself() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    let sale = shop.sell_as(jo, NewPayment::card(usd(100_00)).application_fee(usd(10_00)));
    let fee = shop.fee_of(sale);
    let part = NewApplicationFeeRefund::of(fee).amount(usd(4_00));
    shop.platform.transfers().refund_fee_part("part", part).unwrap();
    assert_eq!(shop.lines(jo).last().unwrap(), "application_fee_refund 400 - 0 = 400 (fee)");
    assert_eq!(
        shop.lines(shop.house).last().unwrap(),
        "application_fee_refund -400 - 0 = -400 (platform_earning_refund)"
    );
    // A refund that asks for its share of the commission, 10.00, finds 6.00 left.
    shop.refund_as(jo, NewRefund::of(sale).refund_application_fee()).unwrap();
    assert_eq!(shop.fee_refunds(sale), [4_00, 6_00]);
    let more = shop.platform.transfers().refund_fee("more", fee).map(|decided| decided.answer);
    assert_eq!(more, Err(RoutingError::FeeRefundTooLarge { fee, asked: usd(0), left: usd(0) }.into()));
    shop.ends(&[(jo, -3_20), (shop.house, 0)]);
}

/// What went back to the payer is not there to be shared out any more, though the field's documents bound tied transfers by
/// the charge alone.
#[test]
fn what_was_refunded_is_not_transferred_as_well() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    shop.refund(NewRefund::of(sale).amount(usd(30_00))).unwrap();
    let share = |amount| NewTransfer::to(jo, amount).from_payment(sale);
    let left = RoutingError::SourceExceeded { payment: sale, asked: usd(70_01), left: usd(70_00) };
    assert_eq!(shop.transfer(share(usd(70_01))), Err(left.into()));
    assert!(shop.transfer(share(usd(70_00))).is_ok());
}

/// A card's refund may take the charge off the statement, which is told by itself and moves nothing; of other methods it is an anomaly
/// (docs.stripe.com/api/refunds/object, 2026).
#[test]
fn how_a_refund_shows_on_the_statement_is_told_by_itself() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    let refund = shop.refund(NewRefund::of(sale)).unwrap();
    assert_eq!(shop.platform.refund(refund).unwrap().shows_as(), None);
    let before = shop.platform.balance(shop.platform.id(), USD).unwrap();
    let now = shop.platform.now();
    for (id, told, holds, outcome) in [
        ("first", CardRefund::Refund, CardRefund::Refund, FactOutcome::Applied),
        ("again", CardRefund::Refund, CardRefund::Refund, FactOutcome::Stale),
        ("better", CardRefund::Reversal, CardRefund::Reversal, FactOutcome::Applied),
        ("late", CardRefund::Refund, CardRefund::Reversal, FactOutcome::Stale),
    ] {
        let decided = shop.platform.refunds().record_traced(id, now, refund, told).unwrap();
        assert_eq!(decided.answer, outcome, "{id}");
        assert_eq!(shop.platform.refund(refund).unwrap().shows_as(), Some(holds), "{id}");
    }
    assert_eq!(shop.platform.balance(shop.platform.id(), USD).unwrap(), before);
    assert_eq!(shop.platform.refund(refund).unwrap().confirmed_at(), None);

    let debit = shop.sell(NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    shop.wait(5);
    let other = shop.refund(NewRefund::of(debit)).unwrap();
    let now = shop.platform.now();
    let odd = shop.platform.refunds().record_traced("odd", now, other, CardRefund::Refund).unwrap().answer;
    let FactOutcome::Anomaly(odd) = odd else { panic!("{odd:?}") };
    assert_eq!(shop.platform.anomaly(odd).unwrap().reason, AnomalyReason::NotByCard);
    assert_eq!(shop.platform.refund(other).unwrap().shows_as(), None);
    shop.sound();
}
