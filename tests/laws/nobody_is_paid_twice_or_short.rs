//! Over a charge's life its transfers, its commission and its refunds never exceed it, and the parts of a split sum to the whole.

use std::collections::BTreeMap;

use fundroute::ids::AccountId;
use fundroute::journal::Record;
use fundroute::ledger::{LedgerAccount, LineKind};
use fundroute::money::{Currency, Spare, Split};
use fundroute::payments::{Charge, ChargeSplit, ChargeSucceeded};
use fundroute::prelude::*;
use fundroute::routing::{Allotment, NewTransferReversal};
use fundroute::simulator::World;
use proptest::prelude::*;

use crate::model::Model;
use crate::money_is_conserved::play;
use crate::rules::Rules;
use crate::stage::Stage;
use crate::story::story;

/// Every share of every sale, whoever's it is, and its tax.
pub(crate) fn check_shares(stage: &Stage, model: &Model) {
    check(stage, model);
    check_taxes(stage, model);
}

/// Every charge, transfer and commission against what the model has counted.
fn check(stage: &Stage, model: &Model) {
    for record in stage.platform.records() {
        match record {
            Record::Charge(charge) => check_charge(charge, model),
            Record::Transfer(transfer) => {
                let share = &model.transfers[&transfer.id()];
                let told = (transfer.amount().minor().into(), transfer.amount_reversed().minor().into());
                assert_eq!(told, (share.amount, share.back), "{transfer:?}");
                assert!(share.back >= 0 && share.back <= share.amount);
            }
            Record::ApplicationFee(fee) => {
                let share = &model.fees[&fee.id()];
                let told = (fee.amount().minor().into(), fee.amount_refunded().minor().into());
                assert_eq!(told, (share.amount, share.back), "{fee:?}");
                assert!(share.back >= 0 && share.back <= share.amount);
                let tax = (fee.tax().minor().into(), fee.tax_refunded().minor().into());
                assert_eq!(tax, share.tax, "{fee:?}");
                assert!(share.tax.1 >= 0 && share.tax.1 <= share.tax.0 && share.tax.0 <= share.amount, "{fee:?}");
            }
            _ => {}
        }
    }
}

fn check_charge(charge: &Charge, model: &Model) {
    let sale = &model.sales[&charge.payment()];
    let Some(captured) = charge.captured() else { return };
    let amount = i128::from(charge.amount_captured().minor());
    let told = (i128::from(captured.refunded()), i128::from(captured.transferred()));
    assert_eq!(told, (sale.refunded, sale.transferred), "{charge:?}");
    assert_eq!(Some(captured.available_on()), sale.taken);
    assert_eq!((amount, i128::from(charge.processor_fee())), (sale.total, sale.processor), "{charge:?}");
    let disputed = model.disputed(charge.payment());
    assert_eq!(charge.disputed(), disputed, "{charge:?}");
    assert_eq!(i128::from(charge.reversed().minor()), model.reversed(charge.payment()), "{charge:?}");
    let refundable = (amount - sale.refunded - model.kept_back(charge.payment())).max(0);
    assert_eq!(i128::from(charge.refundable().minor()), refundable, "{charge:?}");
    assert_eq!(i128::from(charge.amount_settled().minor()), sale.settled(), "{charge:?}");
    assert!(sale.refunded >= 0 && sale.refunded <= amount, "{charge:?}");
    assert!(sale.transferred >= 0 && sale.transferred <= sale.settled(), "{charge:?}");
    let tied = model.transfers.values().filter(|share| share.source == Some(charge.payment()));
    assert_eq!(tied.map(|share| share.amount - share.back).sum::<i128>(), sale.transferred);
    let minors = |all: Option<&Allotment>| -> Vec<(AccountId, i128)> {
        all.into_iter().flat_map(Allotment::parts).map(|(account, part)| (account, part.minor().into())).collect()
    };
    let split = charge.split();
    assert_eq!(minors(split.and_then(ChargeSplit::parts)), sale.shared.parts, "{charge:?}");
    let returned: Vec<i128> = minors(split.and_then(ChargeSplit::returned)).into_iter().map(|(_, part)| part).collect();
    assert_eq!(returned, sale.shared.returned, "{charge:?}");
    let is_given = |(part, back): (&(AccountId, i128), &i128)| (0..=part.1).contains(back);
    assert!(sale.shared.parts.iter().zip(&returned).all(is_given), "{charge:?}");
}

/// What stands on the lines of taxes is what the model has counted.
fn check_taxes(stage: &Stage, model: &Model) {
    let mut lines: BTreeMap<(AccountId, Currency), i128> = BTreeMap::new();
    for entry in stage.platform.entries() {
        for line in entry.lines().iter().filter(|line| line.kind() == LineKind::CommissionTax) {
            *lines.entry((line.owner(), line.currency())).or_default() += line.net();
        }
    }
    let counted = |purse| model.taxes.get(purse).copied().unwrap_or(0);
    assert!(lines.iter().all(|(purse, sum)| *sum == counted(purse)), "{lines:?}, not {:?}", model.taxes);
    assert!(model.taxes.iter().all(|(purse, sum)| *sum == 0 || lines.contains_key(purse)), "{:?}", model.taxes);
}

/// Cents, and where to cut them.
fn amount_and_cuts() -> impl Strategy<Value = (i64, Vec<i64>)> {
    (50..=200_00_i64).prop_flat_map(|amount| (Just(amount), proptest::collection::vec(1..amount, 0..6))).prop_map(
        |(amount, mut cuts)| {
            cuts.extend([0, amount]);
            cuts.sort_unstable();
            cuts.dedup();
            (amount, cuts.windows(2).map(|pair| pair[1] - pair[0]).collect())
        },
    )
}

/// A paid charge of each flow with `share` cents for the platform; the others' account.
fn paid(
    amount: i64,
    share: i64,
    flow: u8,
    settled: bool,
) -> (Platform, fundroute::ids::PaymentId, fundroute::ids::AccountId) {
    let rules = Rules::PLAIN;
    let mut platform = Platform::new(NewPlatform::in_country(US), rules.book(), utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    // Enough to give everything back, whatever has settled.
    platform.payments().create("float", NewPayment::card(usd(5_000_00))).unwrap();
    let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
    platform.acting_as(jo).unwrap().payments().create("float", NewPayment::card(usd(5_000_00))).unwrap();
    for (key, account) in [("hold", platform.id()), ("hold-jo", jo)] {
        platform.payouts().set_schedule(key, account, fundroute::payouts::PayoutSchedule::Manual).unwrap();
    }
    world.settle(&mut platform).unwrap();
    world.advance(&mut platform, days(7)).unwrap();
    let sale = NewPayment::card(usd(amount));
    let sale = match flow {
        0 => platform.acting_as(jo).unwrap().payments().create("sale", sale.application_fee(usd(share))),
        1 => platform.payments().create("sale", sale.destination(jo).application_fee(usd(share))),
        _ => platform.payments().create("sale", sale.destination(jo).transfer_amount(usd(amount - share))),
    };
    let sale = sale.unwrap().answer;
    let charge = platform.charge_of(sale).unwrap().id();
    let success = ChargeSucceeded::of(charge, usd(amount));
    let now = platform.now();
    let told = platform.record(&fundroute::journal::Report::new(
        "paid",
        now,
        fundroute::journal::Fact::ChargeSucceeded(success),
    ));
    told.unwrap();
    if settled {
        world.advance(&mut platform, days(7)).unwrap();
    }
    (platform, sale, jo)
}

proptest! {
    #![proptest_config(crate::cases(96))]

    #[test]
    fn nothing_exceeds_the_charge_it_comes_from_at_any_step(story in story(40..140)) {
        play(&story, check_shares);
    }

    /// However a charge is given back in parts, in the end everyone has exactly what the charge had brought: nothing, but for
    /// the processor's fee.
    #[test]
    fn any_partial_refunds_that_end_in_full_return_exactly_each_share(
        (amount, parts) in amount_and_cuts(),
        share in 1..=100_i64,
        flow in 0..3_u8,
        settled in any::<bool>(),
    ) {
        let share = (amount * share / 100).clamp(1, amount - 1);
        let (mut platform, sale, jo) = paid(amount, share, flow, settled);
        let before = |platform: &Platform, account| platform.balance(account, USD).unwrap().total();
        let (ours, theirs) = (before(&platform, platform.id()), before(&platform, jo));
        let payers = platform.outside(LedgerAccount::Payers, USD);
        for (number, part) in parts.iter().enumerate() {
            let refund = NewRefund::of(sale).amount(usd(*part));
            let refund = if flow == 0 { refund } else { refund.reverse_transfer() };
            let refund = if flow == 2 { refund } else { refund.refund_application_fee() };
            let key = format!("back-{number}");
            let refunded = if flow == 0 {
                platform.acting_as(jo).unwrap().refunds().create(&key, refund)
            } else {
                platform.refunds().create(&key, refund)
            };
            prop_assert!(refunded.is_ok(), "{:?}", refunded);
        }
        // What each had of the sale; whoever it is booked on bore the processor's fee, and still does.
        prop_assert_eq!(before(&platform, platform.id()), ours - i128::from(share));
        prop_assert_eq!(before(&platform, jo), theirs - i128::from(amount - share));
        prop_assert_eq!(platform.outside(LedgerAccount::Payers, USD), payers + i128::from(amount));
        prop_assert_eq!(platform.charge_of(sale).unwrap().refundable(), usd(0));
        prop_assert_eq!(platform.audit(), []);
        let over = platform.decide(&Request::new("one-more", Command::CreateRefund(NewRefund::of(sale).amount(usd(1)))));
        prop_assert!(over.is_err());
    }

    #[test]
    fn the_parts_of_a_split_sum_to_the_whole_and_so_do_those_of_a_series(
        weights in proptest::collection::vec(0..=1_000_u64, 1..7),
        (amount, parts) in amount_and_cuts(),
        spare in 0..3_usize,
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let spare = [Spare::First, Spare::Last, Spare::Largest][spare];
        let split = Split::new(weights.clone(), spare).unwrap();
        let shares = split.allocate(usd(amount)).unwrap();
        prop_assert_eq!(shares.iter().map(|share| share.minor()).sum::<i64>(), amount);
        let sum: u64 = weights.iter().sum();
        for (share, weight) in shares.iter().zip(&weights) {
            let exact = i128::from(amount) * i128::from(*weight);
            let off = (i128::from(share.minor()) * i128::from(sum) - exact).abs();
            prop_assert!(off < i128::from(sum), "{} is more than a cent off", share);
        }
        // Given back in parts, each party's parts come to what it had received.
        let received = shares.iter().map(|share| share.minor().unsigned_abs()).collect();
        let back = Split::new(received, spare).unwrap();
        let mut given = vec![usd(0); weights.len()];
        for part in parts {
            let parts = back.take(&given, usd(part)).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.minor()).sum::<i64>(), part);
            prop_assert!(parts.iter().all(|part| !part.is_negative()));
            for (given, part) in given.iter_mut().zip(parts) {
                *given = given.checked_add(part).unwrap();
            }
        }
        prop_assert_eq!(given, shares);
    }
}

/// What a reversal by hand has taken already is not taken again by a refund: 5620 less 2781 by a refund, less 290 by hand, leave
/// 2549 for the refund of all the rest.
#[test]
fn a_refund_pulls_back_no_more_than_is_left() {
    let (mut platform, sale, jo) = paid(100_00, 100_00 - 56_20, 2, false);
    let before = platform.balance(jo, USD).unwrap().total();
    let pulled = |platform: &Platform| before - platform.balance(jo, USD).unwrap().total();
    let back = NewRefund::of(sale).reverse_transfer();
    platform.refunds().create("part", back.clone().amount(usd(49_48))).unwrap();
    assert_eq!(pulled(&platform), 27_81);
    let transfer = platform.charge_of(sale).unwrap().transfer().unwrap();
    let by_hand = NewTransferReversal::of(transfer).amount(usd(2_90));
    platform.transfers().reverse_part("by-hand", by_hand).unwrap();
    platform.refunds().create("rest", back).unwrap();
    assert_eq!(pulled(&platform), 56_20);
    assert!(platform.transfer(transfer).unwrap().is_reversed());
    assert_eq!(platform.audit(), []);
}
