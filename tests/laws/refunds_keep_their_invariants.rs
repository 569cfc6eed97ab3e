//! What holds of refunds whatever is refunded, in which parts, with which choices, and whatever comes back.

use std::collections::BTreeMap;

use fundroute::ids::{AccountId, PaymentId, RefundId};
use fundroute::journal::{Changes, EventKind, Record};
use fundroute::ledger::EntryKind;
use fundroute::payments::{NewRefund, PaymentEvent, RefundFailure, WhoBears};
use fundroute::payouts::PayoutSchedule;
use fundroute::prelude::*;
use fundroute::routing::RoutingEvent;
use fundroute::simulator::World;
use proptest::prelude::*;

/// How the sale is shared.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Direct,
    Fee,
    Part,
}

struct Shop {
    platform: Platform,
    jo: AccountId,
    sale: PaymentId,
    on: Option<AccountId>,
    amount: i64,
    share: i64,
    /// What the processor keeps of the sale.
    processor: i128,
    count: u32,
}

impl Shop {
    /// A sale of so much, with so much of it shared; both parties have plenty besides.
    fn open(shape: Shape, amount: i64, share: i64, settled: bool) -> Self {
        let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2)).unwrap();
        let mut world = World::new();
        let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
        for (key, account) in [("hold", platform.id()), ("hold jo", jo)] {
            platform.payouts().set_schedule(key, account, PayoutSchedule::Manual).unwrap();
        }
        platform.payments().create("float", NewPayment::card(usd(9_000_00))).unwrap();
        platform.acting_as(jo).unwrap().payments().create("float", NewPayment::card(usd(9_000_00))).unwrap();
        world.advance(&mut platform, days(7)).unwrap();
        let card = NewPayment::card(usd(amount));
        let on = matches!(shape, Shape::Direct).then_some(jo);
        let order = match shape {
            Shape::Direct => card.application_fee(usd(share)),
            Shape::Fee => card.destination(jo).application_fee(usd(share)),
            Shape::Part => card.destination(jo).transfer_amount(usd(share)),
        };
        let sale = match on {
            Some(jo) => platform.acting_as(jo).unwrap().payments().create("sale", order),
            None => platform.payments().create("sale", order),
        };
        let sale = sale.unwrap().answer;
        world.settle(&mut platform).unwrap();
        if settled {
            world.advance(&mut platform, days(7)).unwrap();
        }
        let processor = platform.charge_of(sale).unwrap().processor_fee().into();
        Self { platform, jo, sale, on, amount, share, processor, count: 0 }
    }

    fn key(&mut self) -> String {
        self.count += 1;
        format!("key {}", self.count)
    }

    fn held(&self) -> [i128; 2] {
        [self.platform.id(), self.jo].map(|account| self.platform.balance(account, USD).unwrap().total())
    }

    fn refund(&mut self, amount: Option<i64>, transfer: bool, fee: bool) -> (RefundId, Changes) {
        let charge = self.platform.charge_of(self.sale).unwrap();
        let bears = |taken: bool| if taken { WhoBears::Recipient } else { WhoBears::Charged };
        let refund = NewRefund {
            amount: amount.map(usd),
            transfer: charge.transfer().map(|_| bears(transfer)),
            application_fee: charge.application_fee().map(|_| bears(fee)),
            ..NewRefund::of(self.sale)
        };
        let (key, on) = (self.key(), self.on);
        let decided = match on {
            Some(jo) => self.platform.acting_as(jo).unwrap().refunds().create(&key, refund),
            None => self.platform.refunds().create(&key, refund),
        };
        let decided = decided.unwrap();
        (decided.answer, decided.changes)
    }

    fn fail(&mut self, refund: RefundId) -> Changes {
        let (key, now) = (self.key(), self.platform.now());
        let reason = RefundFailure::Declined;
        self.platform.refunds().record_failed(&key, now, refund, reason).unwrap().changes
    }

    /// What was pulled back and what was returned in all.
    fn shares(&self) -> [i64; 2] {
        let mut sums = [0, 0];
        for record in self.platform.family(self.sale) {
            match record {
                Record::TransferReversal(reversal) => sums[0] += reversal.amount().minor(),
                Record::ApplicationFeeRefund(refund) => sums[1] += refund.amount().minor(),
                _ => {}
            }
        }
        sums
    }
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![Just(Shape::Direct), Just(Shape::Fee), Just(Shape::Part)]
}

/// An amount, a share of it, and cuts of it that end in full.
fn sale() -> impl Strategy<Value = (i64, i64, Vec<i64>)> {
    (100..=500_00_i64).prop_flat_map(|amount| {
        let cuts = proptest::collection::vec(1..amount, 0..6);
        (Just(amount), 1..=amount, cuts).prop_map(|(amount, share, mut cuts)| {
            cuts.extend([0, amount]);
            cuts.sort_unstable();
            cuts.dedup();
            (amount, share, cuts.windows(2).map(|pair| pair[1] - pair[0]).collect())
        })
    })
}

/// The primary event of money that moved: one, about what moved, on the account that was charged.
fn one_primary_event(shop: &Shop, changes: &Changes, refund: RefundId, expected: PaymentEvent) {
    let primary = changes.events.iter().filter(|event| {
        matches!(
            event.kind,
            EventKind::Payment(PaymentEvent::RefundCreated | PaymentEvent::RefundUpdated | PaymentEvent::RefundFailed)
        )
    });
    let primary: Vec<_> = primary.collect();
    assert_eq!(primary.len(), 1);
    assert_eq!((primary[0].kind, primary[0].object), (EventKind::Payment(expected), refund.into()));
    assert!(changes.events.iter().filter(|event| event.object == refund.into()).all(|event| event.account == shop.on));
}

proptest! {
    #![proptest_config(crate::cases(96))]

    /// All refunds with both wishes, together in full: the recipient ends with nothing, the platform with the processor's fee, and
    /// every part is less than one unit off its exact share of all that were made so far.
    #[test]
    fn full_refunds_in_any_parts_end_where_they_began(
        shape in shape(), (amount, share, cuts) in sale(), settled in any::<bool>(),
    ) {
        let mut shop = Shop::open(shape, amount, share, settled);
        let whole = Shop::open(shape, amount, share, settled);
        let mut whole = whole;
        whole.refund(None, true, true);
        let mut so_far = 0_i128;
        for cut in cuts {
            let (refund, changes) = shop.refund(Some(cut), true, true);
            one_primary_event(&shop, &changes, refund, PaymentEvent::RefundCreated);
            so_far += i128::from(cut);
            // The transfer of a payment with a commission is the whole of it.
            let of = match shape {
                Shape::Direct => [0, shop.share],
                Shape::Fee => [shop.amount, shop.share],
                Shape::Part => [shop.share, 0],
            };
            for (given, whole) in shop.shares().into_iter().zip(of) {
                let off = i128::from(given) * i128::from(amount) - i128::from(whole) * so_far;
                prop_assert!(off.abs() < i128::from(amount), "{given} of {whole} is a unit off");
            }
        }
        prop_assert_eq!(shop.held(), whole.held());
        prop_assert_eq!(shop.shares(), whole.shares());
        let started = 9_000_00_i128 - (9_000_00_i128 * 29 + 500) / 1_000 - 30;
        let [house, jo] = shop.held();
        let (bears, other) = if shop.on.is_some() { (jo, house) } else { (house, jo) };
        prop_assert_eq!((bears, other), (started - shop.processor, started));
        prop_assert_eq!(shop.platform.audit(), []);
    }

    /// A refund without wishes touches nobody but the one who was charged: fee and transfer stay.
    #[test]
    fn a_refund_without_wishes_touches_nobody_else(shape in shape(), (amount, share, cuts) in sale()) {
        let mut shop = Shop::open(shape, amount, share, false);
        let before = shop.held();
        for cut in &cuts {
            let (_, changes) = shop.refund(Some(*cut), false, false);
            let owner = shop.on.unwrap_or(shop.platform.id());
            prop_assert!(changes.entries.iter().flat_map(|entry| entry.lines()).all(|line| line.owner() == owner));
        }
        prop_assert_eq!(shop.shares(), [0, 0]);
        let [house, jo] = shop.held();
        let (charged, other) = if shop.on.is_some() { (jo, house) } else { (house, jo) };
        let (charged_before, other_before) = if shop.on.is_some() { (before[1], before[0]) } else { (before[0], before[1]) };
        prop_assert_eq!((charged, other), (charged_before - i128::from(amount), other_before));
    }

    /// A refund that comes back restores exactly what the one who was charged was debited, and what can be refunded; the shares stay,
    /// nobody gives one twice, and refunds that are made again end in full.
    #[test]
    fn a_refund_that_comes_back_restores_what_was_debited(
        shape in shape(),
        (amount, share, cuts) in sale(),
        wishes in proptest::collection::vec(any::<(bool, bool)>(), 8),
        settled in any::<bool>(),
    ) {
        let mut shop = Shop::open(shape, amount, share, settled);
        let owner = shop.on.unwrap_or(shop.platform.id());
        for (cut, (fails, both)) in cuts.iter().zip(wishes.iter().cycle()) {
            let (refund, made) = shop.refund(Some(*cut), *both, *both);
            if !fails {
                continue;
            }
            let (refundable, shares) = (shop.platform.charge_of(shop.sale).unwrap().refundable(), shop.shares());
            let changes = shop.fail(refund);
            one_primary_event(&shop, &changes, refund, PaymentEvent::RefundFailed);
            // What is restored is the line of the refund itself: shares are other lines, and stay.
            let net = |changes: &Changes, kind: EntryKind| -> i128 {
                let entries = changes.entries.iter().filter(|entry| entry.kind() == kind);
                let lines = entries.flat_map(|entry| entry.lines());
                lines.filter(|line| line.source() == refund.into() && line.owner() == owner).map(|line| line.net()).sum()
            };
            prop_assert_eq!(net(&changes, EntryKind::RefundReturned), -net(&made, EntryKind::Refund));
            let now = shop.platform.charge_of(shop.sale).unwrap().refundable();
            prop_assert_eq!(now.minor(), refundable.minor() + cut);
            prop_assert_eq!(shop.shares(), shares);
            let kept = shop.platform.refund(refund).unwrap().transfer_reversal();
            let told = changes.events.iter().find(|event| {
                event.kind == EventKind::Routing(RoutingEvent::TransferReversalKept)
            });
            prop_assert_eq!(told.map(|event| event.object), kept.map(Into::into));
        }
        if !shop.platform.charge_of(shop.sale).unwrap().refundable().is_zero() {
            shop.refund(None, true, true);
        }
        let charge = shop.platform.charge_of(shop.sale).unwrap();
        prop_assert!(charge.refundable().is_zero());
        let [pulled, returned] = shop.shares();
        let transfer = charge.transfer().map(|id| shop.platform.transfer(id).unwrap().amount().minor());
        prop_assert!(pulled <= transfer.unwrap_or(0) && returned <= amount);
        prop_assert_eq!(shop.platform.audit(), []);
    }

    /// A commission given back by hand and a refund that gives it back come to the same whichever is first, and so does a reversal by
    /// hand; the payer is not touched by either.
    #[test]
    fn what_is_given_back_by_hand_and_by_a_refund_commutes(
        (amount, share, cuts) in sale(), hand in (1..=100_i64, 1..=100_i64),
    ) {
        let mut ends = BTreeMap::new();
        for refund_first in [true, false] {
            let mut shop = Shop::open(Shape::Fee, amount, share, false);
            let charge = shop.platform.charge_of(shop.sale).unwrap();
            let (fee, transfer) = (charge.application_fee().unwrap(), charge.transfer().unwrap());
            let payers = |shop: &Shop| shop.platform.outside(fundroute::ledger::LedgerAccount::Payers, USD);
            if refund_first {
                shop.refund(Some(cuts[0]), true, true);
            }
            let before = payers(&shop);
            let fee_left = shop.platform.application_fee(fee).unwrap();
            let fee_left = fee_left.amount().minor() - fee_left.amount_refunded().minor();
            let left = shop.platform.transfer(transfer).unwrap();
            let left = left.amount().minor() - left.amount_reversed().minor();
            // So little that the refund finds its own share all the same.
            let (of_fee, of_transfer) = ((share - cuts[0]).min(hand.0), (amount - cuts[0] - 1).min(hand.1));
            if of_fee > 0 && of_fee <= fee_left {
                let part = fundroute::routing::NewApplicationFeeRefund::of(fee).amount(usd(of_fee));
                shop.platform.transfers().refund_fee_part("by hand", part).unwrap();
            }
            if of_transfer > 0 && of_transfer <= left {
                let part = fundroute::routing::NewTransferReversal::of(transfer).amount(usd(of_transfer));
                shop.platform.transfers().reverse_part("by hand too", part).unwrap();
            }
            prop_assert_eq!(payers(&shop), before);
            if !refund_first {
                shop.refund(Some(cuts[0]), true, true);
            }
            ends.insert(refund_first, (shop.held(), shop.shares()));
        }
        prop_assert_eq!(&ends[&true], &ends[&false]);
    }
}
