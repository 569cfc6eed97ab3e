//! Why a balance is what it is: explanations and statements.

use fundroute::ids::{AccountId, ObjectId};
use fundroute::ledger::{EntryKind, Explanation, LineKind};
use fundroute::money::Currency;
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;

use crate::shop::{NOBODY, Shop, root};

/// Checks that every balance is the sum of what explains it, in each bucket, and that the statement's lines say the same.
fn explained(shop: &Shop) {
    for (account, currency) in shop.platform.balances() {
        let balance = shop.platform.balance(account, currency).unwrap();
        let steps = shop.platform.explain(account, currency).unwrap();
        let sum = |bucket: fn(&Explanation) -> i128| steps.iter().map(bucket).sum::<i128>();
        let named = format!("{account} in {currency} at {}", shop.platform.now());
        assert_eq!(sum(|step| step.pending), balance.pending, "pending of {named}");
        assert_eq!(sum(|step| step.available), balance.available, "available of {named}");
        assert_eq!(sum(|step| step.in_transit), balance.in_transit, "in transit of {named}");
        assert_eq!(sum(|step| step.reserved), balance.connect_reserved + balance.risk_reserved, "reserved of {named}");
        for step in &steps {
            begins_where_it_should(step, account);
        }
        let statement = shop.platform.statement(account).unwrap();
        let lines = statement.lines.iter().filter(|line| line.currency == currency);
        // A payout's line takes its money out of the balance when it is sent.
        assert_eq!(lines.map(|line| line.net).sum::<i128>() + balance.in_transit, balance.total(), "{named}");
        assert!(statement.balances.contains(&balance), "{named}");
    }
    shop.sound();
}

/// Every chain ends at the payment that the money came from; what nobody paid ends at itself.
fn begins_where_it_should(step: &Explanation, account: AccountId) {
    let end = root(&step.because);
    match step.entry {
        EntryKind::Charge
        | EntryKind::Refund
        | EntryKind::RefundReturned
        | EntryKind::ApplicationFee
        | EntryKind::ApplicationFeeRefund
        | EntryKind::Dispute
        | EntryKind::DisputeFee
        | EntryKind::DisputeLost
        | EntryKind::DisputeReversal
        | EntryKind::FailureFee
        | EntryKind::PaymentFailure
        | EntryKind::PaymentReversal
        | EntryKind::Submission => {
            assert!(matches!(end, ObjectId::Payment(_)), "{step:?}");
        }
        // A transfer out of the platform's own money began with itself.
        EntryKind::Transfer | EntryKind::TransferReversal => {
            assert!(matches!(end, ObjectId::Payment(_) | ObjectId::Transfer(_)), "{step:?}");
        }
        EntryKind::Payout | EntryKind::PayoutCanceled | EntryKind::PayoutFailed | EntryKind::PayoutPaid => {
            assert!(matches!(end, ObjectId::Payout(_)), "{step:?}");
        }
        EntryKind::ReservedFunds => assert!(matches!(end, ObjectId::ReservedFunds(_)), "{step:?}"),
        EntryKind::ReserveHold | EntryKind::ReserveRelease => {
            assert!(matches!(end, ObjectId::Payment(_) | ObjectId::Transfer(_) | ObjectId::ReserveHold(_)), "{step:?}");
        }
        EntryKind::Provider => assert!(matches!(end, ObjectId::ProviderTransaction(_)), "{step:?}"),
        EntryKind::TopUp | EntryKind::TopUpReversal => assert!(matches!(end, ObjectId::TopUp(_)), "{step:?}"),
        EntryKind::Settlement => assert_eq!(end, account.into(), "{step:?}"),
        // What another account owes; whose money settled there, or was collected, is told by the account.
        EntryKind::ConnectReserve => assert!(!matches!(end, ObjectId::Charge(_) | ObjectId::Refund(_)), "{step:?}"),
        EntryKind::Collection | EntryKind::ConnectFees | EntryKind::WriteOff => {
            assert!(matches!(end, ObjectId::Account(_)), "{step:?}")
        }
    }
}

#[test]
fn every_balance_is_explained_at_every_step_of_a_long_story() {
    let mut shop = Shop::open();
    let (jo, bo) = (shop.banked_at(NewAccount::express(US), "000111111116"), shop.banked(NewAccount::standard(US)));
    let hans = shop.banked(NewAccount::express(DE));
    explained(&shop);
    let destination = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    explained(&shop);
    let direct = shop.sell_as(bo, NewPayment::card(usd(80_00)).application_fee(usd(8_00)));
    shop.sell_as(hans, NewPayment::card(eur(60_00)));
    explained(&shop);
    let separate = shop.sell(NewPayment::card(usd(200_00)));
    let tied = shop.transfer(NewTransfer::to(bo, usd(90_00)).from_payment(separate)).unwrap();
    explained(&shop);
    shop.refund(NewRefund::of(destination).amount(usd(25_00)).reverse_transfer().refund_application_fee()).unwrap();
    shop.refund_as(bo, NewRefund::of(direct).amount(usd(10_00)).refund_application_fee()).unwrap();
    explained(&shop);
    shop.reverse(NewTransferReversal::of(tied).amount(usd(20_00))).unwrap();
    explained(&shop);
    for _ in 0..5 {
        shop.wait(1);
        explained(&shop);
    }
    let lost = shop.refund(NewRefund::of(separate).amount(usd(5_00))).unwrap();
    let (now, reason) = (shop.platform.now(), fundroute::payments::RefundFailure::LostOrStolenCard);
    shop.platform.refunds().record_failed("lost", now, lost, reason).unwrap();
    explained(&shop);
    let free = shop.transfer(NewTransfer::to(jo, usd(30_00))).unwrap();
    shop.reverse(NewTransferReversal::of(free).amount(usd(5_00))).unwrap();
    explained(&shop);
    shop.new_bank(jo, "000123456789");
    let by_hand = shop.pay_out(jo, usd(12_00)).unwrap();
    explained(&shop);
    shop.platform.acting_as(jo).unwrap().payouts().cancel("no", by_hand).unwrap();
    explained(&shop);
    for _ in 0..5 {
        shop.wait(2);
        explained(&shop);
    }
    let paid = shop.payouts(jo).pop().unwrap().id();
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("returned", now, paid, "account_closed").unwrap();
    explained(&shop);
    assert_eq!(shop.available(jo), 67_50 + 25_00);
}

/// From a cent on the seller's account back to the payment, by every step between.
#[test]
fn a_chain_names_every_step_back_to_the_payment() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    let back = NewRefund::of(sale).amount(usd(25_00)).reverse_transfer().refund_application_fee();
    let refund = shop.refund(back).unwrap();
    let (charge, transfer, fee) = (shop.charge_of(sale), shop.transfer_of(sale), shop.fee_of(sale));
    let record = shop.platform.refund(refund).unwrap();
    let (reversal, fee_refund) = (record.transfer_reversal().unwrap(), record.application_fee_refund().unwrap());
    let whence = |account, kind: LineKind| -> Vec<ObjectId> {
        let steps = shop.platform.explain(account, USD).unwrap();
        let of = |step: &Explanation| step.transaction.as_ref().is_some_and(|line| line.kind == kind);
        steps.into_iter().find(of).unwrap().because
    };
    let house = shop.house;
    let (sale, charge, refund): (ObjectId, ObjectId, ObjectId) = (sale.into(), charge.into(), refund.into());
    assert_eq!(whence(house, LineKind::Charge), [charge, sale]);
    assert_eq!(whence(house, LineKind::Transfer), [transfer.into(), charge, sale]);
    assert_eq!(whence(house, LineKind::ApplicationFee), [fee.into(), charge, sale]);
    assert_eq!(whence(jo, LineKind::Payment), [transfer.into(), charge, sale]);
    assert_eq!(whence(house, LineKind::Refund), [refund, charge, sale]);
    assert_eq!(whence(jo, LineKind::PaymentRefund), [reversal.into(), refund, charge, sale]);
    assert_eq!(whence(jo, LineKind::ApplicationFeeRefund), [fee_refund.into(), refund, charge, sale]);
}

/// The first program of the README: 100.00 to a seller less 10.00, a quarter given back by everyone.
#[test]
fn the_statement_of_the_first_program_says_67_50_paid_out() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    shop.refund(NewRefund::of(sale).amount(usd(25_00)).reverse_transfer().refund_application_fee()).unwrap();
    shop.wait(5);
    let statement = shop.platform.statement(jo).unwrap();
    assert_eq!(statement.paid_out(USD), 67_50);
    let expected = format!(
        "statement of {jo}
  2026-11-02  payment                       90.00 USD  available 2026-11-04  (100.00 USD less fees of 10.00 USD)
  2026-11-02  payment_refund               -25.00 USD  available 2026-11-04
  2026-11-02  application_fee_refund         2.50 USD  available 2026-11-04
  2026-11-04  payout                       -67.50 USD  available 2026-11-04
  paid out 67.50 USD, available 0.00 USD, pending 0.00 USD, on its way to the bank 0.00 USD
"
    );
    assert_eq!(statement.to_string(), expected);
}

#[test]
fn who_never_had_anything_has_nothing_to_explain() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    assert_eq!(shop.platform.explain(jo, USD), Ok(Vec::new()));
    assert_eq!(shop.platform.statement(jo).unwrap().balances, []);
    assert_eq!(shop.platform.balance(jo, Currency::JPY).unwrap().total(), 0);
    let nobody = AccountId::from_host(NOBODY);
    assert_eq!(shop.platform.explain(nobody, USD), Err(Error::NotFound(nobody.into())));
    assert_eq!(shop.platform.statement(nobody), Err(Error::NotFound(nobody.into())));
}
