//! What holds of every payment, charge, refund, transfer, commission and payout at every step of every story, whatever was asked and
//! told before.

use std::collections::BTreeMap;

use fundroute::ids::{AccountId, ObjectId};
use fundroute::journal::{Changes, EventKind, Record};
use fundroute::ledger::{Entry, EntryKind, LedgerAccount, LineKind};
use fundroute::money::Currency;
use fundroute::payments::{Charge, ChargeState, Flow, PaymentEvent, PaymentStatus, Refund, RefundStatus};
use fundroute::payouts::{
    CanceledBy, DebtEvent, Payout, PayoutEvent, PayoutState, PayoutStatus, TopUpEvent, TopUpStatus,
};
use fundroute::platform::Platform;
use fundroute::routing::{RoutingEvent, Share};
use proptest::prelude::*;

use crate::stage::Stage;
use crate::story::story;

/// No more is given back than was captured, no more captured than can be, and something once it succeeded.
fn charge_bounds(platform: &Platform, charge: &Charge) {
    // A debit is on its way with all of its amount, and only before anything is known of it.
    let is_open = matches!(charge.state(), ChargeState::Pending { .. });
    assert!(charge.submitted().is_zero() || (is_open && charge.submitted() == charge.amount()), "{charge:?}");
    let Some(captured) = charge.captured() else {
        assert!(
            charge.amount_captured().is_zero() && charge.transfer().is_none() && charge.application_fee().is_none()
        );
        return;
    };
    let total = charge.amount_captured().minor();
    let most = charge.authorization().map_or(charge.amount().minor(), |held| held.most_capturable());
    assert!(0 < total && total <= most, "{charge:?}");
    let (settled, settles_in) = (charge.amount_settled().minor(), charge.settlement_currency());
    assert!((0..=total).contains(&captured.refunded()), "{charge:?}");
    assert!((0..=settled).contains(&captured.transferred()), "{charge:?}");
    if let Some(fee) = charge.application_fee() {
        let fee = platform.application_fee(fee).unwrap();
        assert!(0 < fee.amount().minor() && fee.amount().minor() <= total, "{fee:?} of {charge:?}");
        assert!((0..=fee.amount().minor()).contains(&fee.amount_refunded().minor()), "{fee:?}");
    }
    // A destination charge has one transfer, in the currency in which it is booked, and it comes to no more than the charge.
    if let Some(transfer) = charge.transfer() {
        let transfer = platform.transfer(transfer).unwrap();
        assert_eq!((transfer.source(), transfer.amount().currency()), (Some(charge.id()), settles_in));
        assert!(transfer.amount().minor() <= settled, "{transfer:?} of {charge:?}");
    }
}

/// One of the two instruments at most, and no more of it than the payment.
fn payment_bounds(platform: &Platform, payment: &fundroute::payments::PaymentIntent) {
    let whole = payment.amount().minor();
    match *payment.flow() {
        Flow::Direct { application_fee, .. } => assert!((0..=whole).contains(&application_fee)),
        Flow::Destination { share: Share::ApplicationFee(fee), .. } => assert!(0 < fee && fee <= whole),
        Flow::Destination { share: Share::TransferAmount(part), .. } => assert!(0 < part && part <= whole),
        Flow::Destination { share: Share::Whole, .. } | Flow::Separate => {}
    }
    // At most one attempt of each payment has brought money.
    let paid = platform.family(payment.id()).filter_map(|record| match record {
        Record::Charge(charge) if charge.captured().is_some() => Some(charge.id()),
        _ => None,
    });
    let paid: Vec<_> = paid.collect();
    assert!(paid.len() <= 1, "{payment:?} was paid by {paid:?}");
    assert_eq!(!payment.amount_received().is_zero(), paid.len() == 1, "{payment:?}");
    assert!(paid.first().is_none_or(|charge| payment.latest_charge() == Some(*charge)));
}

/// Amounts of payments can be charged in their currency, those of payouts can be paid in theirs.
fn multiples(platform: &Platform, record: &Record) {
    let book = platform.rulebook();
    let (amount, multiple) = match record {
        Record::Payment(payment) => {
            (payment.amount(), book.charge_limits(payment.amount().currency()).unwrap().charge_multiple())
        }
        Record::Payout(payout) => {
            (payout.amount(), book.charge_limits(payout.amount().currency()).unwrap().payout_multiple())
        }
        _ => return,
    };
    let is_debit = matches!(record, Record::Payout(payout) if payout.is_debit());
    let size = if is_debit { -amount.minor() } else { amount.minor() };
    assert!(size > 0 && size % multiple == 0, "{record:?} is no multiple of {multiple}");
}

/// What was sent again had failed, is as much of the same balance, and no other try of it is alive.
fn tries(platform: &Platform, payout: &Payout) {
    if let Some(next) = payout.resent_as() {
        let next = platform.payout(next).unwrap();
        assert_eq!((payout.status(), next.resend_of()), (PayoutStatus::Failed, Some(payout.id())), "{payout:?}");
        assert!(!payout.is_debit() && next.id() > payout.id(), "{payout:?}");
    }
    let Some(first) = payout.resend_of() else { return };
    let first = platform.payout(first).unwrap();
    assert_eq!((first.account(), first.amount()), (payout.account(), payout.amount()), "{payout:?}");
    let is_last = first.resent_as() == Some(payout.id());
    assert!(is_last || payout.status() == PayoutStatus::Canceled, "{payout:?} is not the try that {first:?} knows");
}

fn bounds(platform: &Platform, changes: &Changes) {
    for write in &changes.records {
        multiples(platform, &write.record);
        match &write.record {
            Record::Charge(charge) => charge_bounds(platform, platform.charge(charge.id()).unwrap()),
            Record::Payment(payment) => payment_bounds(platform, platform.payment(payment.id()).unwrap()),
            Record::Payout(payout) => tries(platform, platform.payout(payout.id()).unwrap()),
            Record::Transfer(transfer) => {
                let transfer = platform.transfer(transfer.id()).unwrap();
                let (amount, back) = (transfer.amount().minor(), transfer.amount_reversed().minor());
                assert!((0..=amount).contains(&back), "{transfer:?}");
                let reversals = platform.family(transfer.id()).filter_map(|record| match record {
                    Record::TransferReversal(reversal) if reversal.transfer() == transfer.id() => {
                        Some(reversal.amount().minor())
                    }
                    _ => None,
                });
                assert_eq!(reversals.sum::<i64>(), back, "{transfer:?}");
            }
            _ => {}
        }
    }
}

type Pots = BTreeMap<(AccountId, Currency), i128>;

/// Whether something is taken back, or taken whatever there is.
const fn takes_back(kind: EntryKind, is_debit: bool) -> bool {
    match kind {
        EntryKind::Refund
        | EntryKind::Dispute
        | EntryKind::DisputeFee
        | EntryKind::DisputeReversal
        | EntryKind::FailureFee
        | EntryKind::PaymentReversal
        | EntryKind::TransferReversal
        | EntryKind::ApplicationFeeRefund
        | EntryKind::RefundReturned
        | EntryKind::ReservedFunds
        | EntryKind::Settlement
        | EntryKind::TopUpReversal
        // What accounts owe, or the processor's bill, may be more than the platform has.
        | EntryKind::ConnectFees
        | EntryKind::Collection
        | EntryKind::ConnectReserve
        // What a provider has told of, nobody here has chosen.
        | EntryKind::ApplicationFee
        | EntryKind::Provider => true,
        EntryKind::Transfer | EntryKind::PayoutCanceled | EntryKind::PayoutFailed => is_debit,
        EntryKind::Charge
        | EntryKind::DisputeLost
        | EntryKind::PaymentFailure
        | EntryKind::Submission
        | EntryKind::Payout
        | EntryKind::PayoutPaid
        | EntryKind::ReserveHold
        | EntryKind::ReserveRelease
        | EntryKind::TopUp
        | EntryKind::WriteOff => false,
    }
}

/// Nothing that somebody chooses to send leaves an account below nothing: only what is taken back does.
fn nobody_is_overdrawn_by_sending(platform: &Platform, pots: &mut Pots, changes: &Changes) {
    for entry in &changes.entries {
        let before = pots.clone();
        for (account, currency, amount) in entry.movements() {
            if let LedgerAccount::Available { owner } = account {
                *pots.entry((owner, currency)).or_default() += amount;
            }
        }
        let is_debit = match entry.cause() {
            ObjectId::Transfer(id) => platform.transfer(id).unwrap().debited().is_some(),
            ObjectId::Payout(id) => platform.payout(id).unwrap().is_debit(),
            _ => false,
        };
        let takes_back = takes_back(entry.kind(), is_debit);
        for (purse, now) in pots.iter() {
            let was = before.get(purse).copied().unwrap_or(0);
            // What the processor and the platform take of a charge that is available at once may be more than there is.
            let fees = entry.lines().iter().filter(|line| (line.owner(), line.currency()) == *purse);
            let fees =
                fees.map(
                    |line| if line.kind() == LineKind::ProcessorFee { -i128::from(line.amount()) } else { line.fee() },
                );
            let least = was.min(0) - if entry.kind() == EntryKind::Charge { fees.sum() } else { 0 };
            assert!(takes_back || *now >= least, "{entry:?} took {purse:?} from {was} to {now}");
        }
        // Settling moves what is pending to what is available, and changes nobody's total.
        if entry.kind() == EntryKind::Settlement {
            let mut totals: Pots = BTreeMap::new();
            for (account, currency, amount) in entry.movements() {
                let (LedgerAccount::Available { owner } | LedgerAccount::Pending { owner, .. }) = account else {
                    panic!("{entry:?} moves {account:?}")
                };
                *totals.entry((owner, currency)).or_default() += amount;
            }
            assert!(entry.lines().is_empty() && totals.values().all(|total| *total == 0), "{entry:?}");
        }
        debits_on_their_way_touch_nothing_else(entry, is_debit);
        for line in entry.lines() {
            let details: i128 = line.fees().map(|fee| i128::from(fee.amount)).sum();
            assert_eq!((line.fee(), line.net()), (details, i128::from(line.amount()) - details), "{line:?}");
        }
    }
}

/// Invariant 24: what a payout leaves behind because its account's settings say so comes to nothing with it.
pub(crate) fn minimums_come_to_nothing(changes: &Changes) {
    for entry in &changes.entries {
        let of = |kind: LineKind| {
            let lines = entry.lines().iter().filter(move |line| line.kind() == kind);
            lines.map(|line| line.net()).collect::<Vec<i128>>()
        };
        let (held, let_go) = (of(LineKind::PayoutMinimumBalanceHold), of(LineKind::PayoutMinimumBalanceRelease));
        assert_eq!(held.iter().chain(&let_go).sum::<i128>(), 0, "{entry:?}");
        assert!(held.iter().all(|amount| *amount < 0) && let_go.iter().all(|amount| *amount > 0), "{entry:?}");
        assert!((held.len(), let_go.len()) == (1, 1) || (held.len(), let_go.len()) == (0, 0), "{entry:?}");
    }
}

/// Invariant 18: what is sent is there, whoever asks for it, and nothing is sent of a balance below zero but what pending days lend to a payout
/// within minutes.
fn payouts_take_what_is_there(platform: &Platform, pots: &Pots, changes: &Changes) {
    let mut pots = pots.clone();
    minimums_come_to_nothing(changes);
    for entry in &changes.entries {
        let lines = |kind: LineKind| entry.lines().iter().filter(move |line| line.kind() == kind);
        if let (EntryKind::Payout, ObjectId::Payout(id)) = (entry.kind(), entry.cause()) {
            let payout = platform.payout(id).unwrap();
            let there = pots.get(&(payout.account(), payout.amount().currency())).copied().unwrap_or(0);
            let lent: i128 = payout.advances().map(|(_, part)| i128::from(part.minor())).sum();
            let taken: i128 = lines(LineKind::Payout).map(|line| -line.net()).sum();
            assert!(payout.is_debit() || (taken > 0 && taken <= there.max(0) + lent), "{payout:?} of {there}");
            assert!(payout.is_debit() || there >= 0 || lent > 0, "{payout:?} of {there}");
            assert_eq!(payout.is_debit(), payout.amount().minor() < 0, "{payout:?}");
        }
        for (account, currency, amount) in entry.movements() {
            if let LedgerAccount::Available { owner } = account {
                *pots.entry((owner, currency)).or_default() += amount;
            }
        }
    }
}

/// What payers' banks were asked for comes from payers, goes back to them, or becomes a payment with its fees and its date: nothing
/// else is ever taken from there.
fn debits_on_their_way_touch_nothing_else(entry: &Entry, is_debit: bool) {
    let moved = entry.movements().filter(|(account, ..)| matches!(account, LedgerAccount::Submitted { .. }));
    let moved: i128 = moved.map(|(.., amount)| amount).sum();
    let kinds: Vec<_> = entry.lines().iter().map(|line| line.kind()).collect();
    match entry.kind() {
        EntryKind::Submission => {
            assert_eq!(kinds, [LineKind::PaymentSubmitted], "{entry:?}");
            assert_ne!(moved, 0, "{entry:?}");
        }
        EntryKind::PaymentFailure => {
            assert_eq!(kinds, [LineKind::PaymentFailureRefund], "{entry:?}");
            assert!(moved < 0, "{entry:?}");
        }
        EntryKind::Charge if moved != 0 => {
            let taken = entry.lines().iter().find(|line| line.kind() == LineKind::Payment).unwrap();
            assert_eq!(moved, -i128::from(taken.amount()), "{entry:?}");
        }
        // What an owner's bank was asked for comes from it, and goes back there or becomes available.
        EntryKind::Payout if is_debit => {
            assert_eq!(moved, i128::from(entry.lines()[0].amount()), "{entry:?}");
            assert!(moved > 0 && kinds == [LineKind::Payout], "{entry:?}");
        }
        // What was called off with the payout that it was to take back, and paid all the same, was not on its way.
        EntryKind::PayoutPaid if is_debit && moved == 0 => assert_eq!(kinds, [LineKind::Payout], "{entry:?}"),
        EntryKind::PayoutPaid if is_debit => assert!(moved < 0 && kinds.is_empty(), "{entry:?}"),
        // What has arrived before is not on its way any more.
        EntryKind::PayoutCanceled if is_debit => {
            assert!(moved <= 0 && kinds == [LineKind::PayoutCancel], "{entry:?}");
        }
        EntryKind::PayoutFailed if is_debit => {
            assert!(moved <= 0 && kinds == [LineKind::PayoutFailure], "{entry:?}");
        }
        _ => assert_eq!(moved, 0, "{entry:?}"),
    }
}

/// The event that tells first of all of an entry, and whose it is.
fn primary(platform: &Platform, entry: &Entry) -> Option<(EventKind, Option<AccountId>)> {
    let theirs = |owner: AccountId| Some(owner).filter(|owner| *owner != platform.id());
    Some(match (entry.kind(), entry.cause()) {
        (EntryKind::Transfer, ObjectId::Transfer(id)) => {
            (RoutingEvent::TransferCreated.into(), platform.transfer(id).unwrap().debited())
        }
        (EntryKind::Refund, ObjectId::Refund(id)) => {
            let charge = platform.refund(id).unwrap().charge();
            (PaymentEvent::ChargeRefunded.into(), theirs(platform.charge(charge).unwrap().owner()))
        }
        (EntryKind::PaymentReversal, ObjectId::Charge(id)) => {
            (PaymentEvent::ChargeUpdated.into(), theirs(platform.charge(id).unwrap().owner()))
        }
        (EntryKind::Payout, ObjectId::Payout(id)) => {
            (PayoutEvent::Created.into(), theirs(platform.payout(id).unwrap().account()))
        }
        (EntryKind::PayoutFailed, ObjectId::Payout(id)) => {
            (PayoutEvent::Failed.into(), theirs(platform.payout(id).unwrap().account()))
        }
        (EntryKind::PayoutPaid, ObjectId::Payout(id)) => {
            (PayoutEvent::Paid.into(), theirs(platform.payout(id).unwrap().account()))
        }
        (EntryKind::PayoutCanceled, ObjectId::Payout(id)) => {
            (PayoutEvent::Canceled.into(), theirs(platform.payout(id).unwrap().account()))
        }
        (EntryKind::Collection, ObjectId::Account(_)) => (DebtEvent::Collected.into(), None),
        (EntryKind::WriteOff, ObjectId::Account(id)) => (DebtEvent::WrittenOff.into(), Some(id)),
        (EntryKind::TopUp, ObjectId::TopUp(_)) => (TopUpEvent::Succeeded.into(), None),
        (EntryKind::TopUpReversal, ObjectId::TopUp(_)) => (TopUpEvent::Reversed.into(), None),
        _ => return None,
    })
}

/// Invariant 23: a top-up is booked once, and taken off again at most once, and after that; no more than came goes back.
fn top_ups(came: &mut BTreeMap<ObjectId, (i64, i64)>, changes: &Changes) {
    for line in changes.entries.iter().flat_map(Entry::lines) {
        let (topped, back) = came.entry(line.source()).or_default();
        match line.kind() {
            LineKind::TopUp => *topped += line.amount(),
            LineKind::TopUpReversal => *back -= line.amount(),
            _ => continue,
        }
        assert!(*topped > 0 && (*back == 0 || back == topped), "{line:?}: {topped} came and {back} went");
    }
    let (topped, back) = came
        .values()
        .fold((0, 0), |(topped, back), (more, less)| (topped + i128::from(*more), back + i128::from(*less)));
    assert!(topped >= back, "{topped} came and {back} went");
    for write in &changes.records {
        let Record::TopUp(top_up) = &write.record else { continue };
        let amount = top_up.amount().minor();
        let expected = match top_up.status() {
            TopUpStatus::Pending | TopUpStatus::Failed | TopUpStatus::Canceled => (0, 0),
            TopUpStatus::Succeeded => (amount, 0),
            TopUpStatus::Reversed => (amount, amount),
        };
        // What one telling brings and another one in the same changes takes is one record.
        assert_eq!(came.get(&top_up.id().into()).copied().unwrap_or_default(), expected, "{top_up:?}");
    }
}

/// Every movement of money is told once, on the account whose it is; a charge as taken, or as one more part of it.
fn told_once(platform: &Platform, changes: &Changes) {
    for entry in &changes.entries {
        if let Some((kind, account)) = primary(platform, entry) {
            let told = changes.events.iter().filter(|event| event.kind == kind);
            let about: Vec<_> = told.filter(|event| names(platform, event.object, entry.cause())).collect();
            let same = changes.entries.iter().filter(|other| other.kind() == entry.kind());
            let same = same.filter(|other| names(platform, subject(platform, other.cause()), entry.cause())).count();
            assert!(about.len() == same && about.iter().all(|event| event.account == account), "{entry:?}: {about:?}");
        }
        if let (EntryKind::Charge, ObjectId::Charge(id)) = (entry.kind(), entry.cause()) {
            let charge = platform.charge(id).unwrap();
            let owner = Some(charge.owner()).filter(|owner| *owner != platform.id());
            let ways = [PaymentEvent::ChargeSucceeded, PaymentEvent::ChargeCaptured, PaymentEvent::ChargeUpdated];
            let told = changes.events.iter().filter(|event| {
                event.object == id.into() && ways.iter().any(|way| event.kind == EventKind::Payment(*way))
            });
            let told: Vec<_> = told.collect();
            assert!(!told.is_empty() && told.iter().all(|event| event.account == owner), "{entry:?}: {told:?}");
            assert!(entry.lines().iter().any(|line| {
                matches!(line.kind(), LineKind::Charge | LineKind::Payment) && line.owner() == charge.owner()
            }));
        }
    }
}

/// What the event of an entry is about: of a refund its charge.
fn subject(platform: &Platform, cause: ObjectId) -> ObjectId {
    match cause {
        ObjectId::Refund(id) => platform.refund(id).unwrap().charge().into(),
        other => other,
    }
}

fn names(platform: &Platform, object: ObjectId, cause: ObjectId) -> bool {
    object == subject(platform, cause)
}

/// The states of what was there before a step.
#[derive(Default)]
struct States {
    payments: BTreeMap<ObjectId, PaymentStatus>,
    refunds: BTreeMap<ObjectId, RefundStatus>,
    payouts: BTreeMap<ObjectId, (PayoutStatus, Option<CanceledBy>)>,
    charges: BTreeMap<ObjectId, i64>,
    top_ups: BTreeMap<ObjectId, TopUpStatus>,
}

impl States {
    /// What is over stays over, but for what is documented: a payout comes back after it was paid, or after the processor called it off, a
    /// refund fails after it succeeded or was canceled.
    fn step(&mut self, record: &Record) {
        let id = record.id();
        match record {
            Record::Payment(payment) => {
                let is = payment.status();
                let was = self.payments.insert(id, is);
                let is_over = matches!(was, Some(PaymentStatus::Succeeded | PaymentStatus::Canceled));
                assert!(!is_over || was == Some(is), "{payment:?} was {was:?}");
            }
            Record::Charge(charge) => {
                let is = charge.amount_captured().minor();
                let was = self.charges.insert(id, is);
                assert!(was.is_none_or(|was| was <= is), "{charge:?} had taken {was:?}");
            }
            Record::Refund(refund) => self.refund(refund),
            // A top-up that seemed to fail may come after all; nothing else goes on after an end but a reversal.
            Record::TopUp(top_up) => {
                let is = top_up.status();
                let was = self.top_ups.insert(id, is);
                let stays = match was {
                    Some(TopUpStatus::Canceled | TopUpStatus::Reversed) => was == Some(is),
                    Some(TopUpStatus::Failed) => !matches!(is, TopUpStatus::Pending | TopUpStatus::Canceled),
                    Some(TopUpStatus::Succeeded) => matches!(is, TopUpStatus::Succeeded | TopUpStatus::Reversed),
                    Some(TopUpStatus::Pending) | None => true,
                };
                assert!(stays, "{top_up:?} was {was:?}");
            }
            Record::Payout(payout) => {
                let by = if let PayoutState::Canceled { by, .. } = payout.state() { Some(*by) } else { None };
                let is = payout.status();
                let was = self.payouts.insert(id, (is, by));
                let is_reversal = payout.original_payout().is_some();
                let stays = match was {
                    // What is called off because there is nothing to take back may have been paid, or not, all the same.
                    Some((PayoutStatus::Canceled, Some(CanceledBy::Platform))) if is_reversal => {
                        !matches!(is, PayoutStatus::Pending | PayoutStatus::InTransit)
                    }
                    Some((PayoutStatus::Canceled, Some(CanceledBy::Processor))) => {
                        is == PayoutStatus::Failed || by == Some(CanceledBy::Processor)
                    }
                    Some((PayoutStatus::Canceled | PayoutStatus::Failed, _)) => was == Some((is, by)),
                    Some((PayoutStatus::Paid, _)) => {
                        matches!(is, PayoutStatus::Paid | PayoutStatus::Failed) || by == Some(CanceledBy::Processor)
                    }
                    _ => true,
                };
                assert!(stays, "{payout:?} was {was:?}");
            }
            _ => {}
        }
    }

    fn refund(&mut self, refund: &Refund) {
        let is = refund.status();
        let was = self.refunds.insert(refund.id().into(), is);
        let stays = match was {
            Some(RefundStatus::Failed) => is == RefundStatus::Failed,
            Some(RefundStatus::Canceled) => matches!(is, RefundStatus::Canceled | RefundStatus::Failed),
            // A card's refund shows as succeeded at once: until the world has said so, it may say that it works on it.
            Some(RefundStatus::Succeeded) => {
                let seemed_to = is == RefundStatus::Pending && refund.confirmed_at().is_none();
                matches!(is, RefundStatus::Succeeded | RefundStatus::Failed | RefundStatus::Canceled) || seemed_to
            }
            _ => true,
        };
        assert!(stays, "{refund:?} was {was:?}");
    }
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn what_holds_of_everything_holds_at_every_step(story in story(40..120)) {
        let mut stage = Stage::new(story.rules);
        let (mut states, mut pots, mut pulled) = (States::default(), Pots::new(), BTreeMap::new());
        for step in &story.steps {
            let act = stage.act(step);
            let Ok(came) = stage.play(&act) else { continue };
            if came.is_replay() {
                continue;
            }
            for changes in came.changes() {
                bounds(&stage.platform, changes);
                payouts_take_what_is_there(&stage.platform, &pots, changes);
                nobody_is_overdrawn_by_sending(&stage.platform, &mut pots, changes);
                told_once(&stage.platform, changes);
                top_ups(&mut pulled, changes);
                changes.records.iter().for_each(|write| states.step(&write.record));
            }
        }
        for (account, currency) in stage.platform.balances() {
            let held = stage.platform.balance(account, currency).unwrap();
            prop_assert_eq!(held.available, pots.get(&(account, currency)).copied().unwrap_or(0));
        }
    }
}
