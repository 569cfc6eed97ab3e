//! The same facts about the world, delivered in any order and any number of times between the same two clock steps, end in
//! equal records and equal balances by owner, currency, bucket and date.
//!
//! What a host is told may be late and doubled, but it is about one world: a charge has one reference, succeeds once at most and
//! is then paid in full. Sets that contradict themselves are anomalies, and which of two
//! contradicting facts is taken for true depends on which one comes first.

mod arrivals;
mod bank_debits;
mod disputes;
mod payout_reversals;
mod plans;
mod reversals;
mod top_ups;

use std::collections::BTreeMap;

use fundroute::accounts::{Account, CapabilityReviewed, CapabilityStatus};
use fundroute::ids::{AccountId, ChargeId, ObjectId};
use fundroute::journal::{Fact, ParkedState, Record, Report};
use fundroute::money::Currency;
use fundroute::payments::{
    Asked, AuthorizationIncremented, Capture, CaptureFailed, ChargeAuthorized, ChargeCaptured, ChargeFailed,
    ChargeFailure, ChargeState, ChargeSubmitted, ChargeSucceeded, DebitFailure, DeclineCode, Named, Raise,
};
use fundroute::payouts::{DebtWrittenOff, FundsReserved, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSubmitted};
use fundroute::prelude::*;
use proptest::prelude::*;
use proptest::sample::Index;

use self::disputes::about_dispute;
use self::reversals::about_reversal;
use self::top_ups::about_top_ups;
use crate::rules::Rules;
use crate::stage::{Act, FAILURE_CODES, Stage, about_payer, about_refund, about_trace};
use crate::story::{Story, opening, story};

pub(crate) type Pots = BTreeMap<(AccountId, Currency), (i128, i128, Vec<(Timestamp, i128)>, Option<Timestamp>)>;

/// Everything that must come out the same: not the journal, nor in which order records came to be, nor that a fact had to wait. A balance
/// on which nothing is left is as one that never was, as `Platform::balance` has it.
pub(crate) fn outcome(platform: &Platform) -> (BTreeMap<ObjectId, Record>, Pots) {
    let waited = |record: &Record| matches!(record, Record::ParkedFact(parked) if parked.state == ParkedState::TakenUp);
    let records = platform.records().filter(|record| !waited(record)).map(|record| (record.id(), record.clone()));
    let pots = platform.balances().into_iter().map(|(account, currency)| {
        let held = platform.balance(account, currency).unwrap();
        let others = held.in_transit + held.submitted + held.connect_reserved;
        let since = platform.overdraft(account, currency).unwrap().map(|overdraft| overdraft.since);
        ((account, currency), (held.available, others, platform.pending(account, currency), since))
    });
    (records.collect(), pots.filter(|(_, pot)| *pot != (0, 0, Vec::new(), None)).collect())
}

/// A draw of numbers from which a world is made.
type Dice = Vec<(u8, u8, u32, u32)>;

fn dice() -> impl Strategy<Value = Dice> {
    proptest::collection::vec(any::<(u8, u8, u32, u32)>(), 24)
}

/// Moments before now, not before the platform was founded.
fn past(stage: &Stage, ago: u32) -> Timestamp {
    let start = utc(2026, 11, 2).at(9, 0);
    let span = stage.platform.now().since(start).num_microseconds().unwrap();
    let ago = i64::from(ago) * 10_000 % (span + 1);
    stage.platform.now().checked_add(chrono::TimeDelta::microseconds(-ago)).unwrap()
}

/// What happened to one charge that was waiting for an answer.
fn about_charge(
    stage: &Stage,
    charge: ChargeId,
    (what, how, early, late): (u8, u8, u32, u32),
) -> Vec<(Timestamp, Fact)> {
    let amount = stage.platform.charge(charge).unwrap().amount();
    let (first, second) = (past(stage, early.max(late)), past(stage, early.min(late)));
    let reference = format!("outside-{charge}");
    let submitted = (first, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: reference.clone() }));
    let named = |by_reference: bool| if by_reference { Named::Reference(reference.clone()) } else { Named::Id(charge) };
    let by_reference = |bit: u8| what & 1 == 1 && how & bit != 0;
    let is_card = stage.platform.charge(charge).unwrap().method().is_card();
    let failure = |at, bit, failure| {
        // A debit fails as debits do, now and then; it costs a fee then.
        let failure = if is_card || how & 32 == 0 { failure } else { DebitFailure::ReferToCustomer.into() };
        (at, Fact::ChargeFailed(ChargeFailed { charge: named(by_reference(bit)), failure }))
    };
    let success = |at, bit| (at, Fact::ChargeSucceeded(ChargeSucceeded::of(named(by_reference(bit)), amount)));
    let mut facts = if what & 1 == 1 { vec![submitted] } else { Vec::new() };
    // The payer has something to do, as is told once, twice or not at all.
    for bits in [how, what].into_iter().take(usize::from(early.to_le_bytes()[0] % 3)) {
        facts.push((first, about_payer(named(by_reference(8)), bits, stage.platform.now())));
    }
    let payment = stage.platform.charge(charge).unwrap().payment();
    if stage.platform.payment(payment).unwrap().capture() != Capture::Automatic {
        let authorized = ChargeAuthorized::of(named(by_reference(1)), amount);
        facts.push((first, Fact::ChargeAuthorized(authorized)));
        if what >> 1 & 1 == 1 {
            facts.push(failure(first, 2, ChargeFailure::Card(DeclineCode::TryAgainLater)));
        }
        facts.extend(captures(stage, named(by_reference(4)), (1, amount, None), (what, how, early, late)));
        return facts;
    }
    match what >> 1 & 3 {
        0 => facts.push(success(second, 1)),
        1 => facts.push(failure(second, 1, ChargeFailure::Card(DeclineCode::GenericDecline))),
        // It seemed to fail, and was taken after all.
        2 => facts.extend([failure(first, 1, ChargeFailure::Card(DeclineCode::ProcessingError)), success(second, 2)]),
        _ => facts.extend([
            failure(first, 1, ChargeFailure::Card(DeclineCode::InsufficientFunds)),
            failure(second, 2, ChargeFailure::Card(DeclineCode::GenericDecline)),
        ]),
    }
    facts
}

/// What the processor keeps of an account's money in one reserve, told three times, twice of one moment.
fn about_reserve(
    stage: &Stage,
    account: &Account,
    (what, how, early, late): (u8, u8, u32, u32),
) -> Vec<(Timestamp, Fact)> {
    let (account, currency) = (account.id(), account.default_currency());
    let kept = |minor: u8| {
        let (reference, amount) = (format!("reserve-{account}"), Money::new(i64::from(minor) * 7, currency));
        Fact::FundsReserved(FundsReserved { account, reference, amount })
    };
    vec![(past(stage, early), kept(what)), (past(stage, late), kept(how)), (past(stage, early), kept(how / 2))]
}

/// What becomes of what is held ready of a charge, from its capture of that number on: it is captured in one or two parts,
/// or in one that seemed to fail. Nobody captures more than is left, or goes on after the last capture.
fn captures(
    stage: &Stage,
    charge: Named,
    (first, left, asked): (u8, Money, Option<(i64, bool)>),
    (what, how, early, late): (u8, u8, u32, u32),
) -> Vec<(Timestamp, Fact)> {
    let (before, after) = (past(stage, early.max(late)), past(stage, early.min(late)));
    let (left, currency) = (left.minor(), left.currency());
    let part = |capture, minor, is_final| {
        let amount = Money::new(minor, currency);
        Fact::ChargeCaptured(ChargeCaptured { charge: charge.clone(), capture, amount, is_final })
    };
    let failure = DeclineCode::ProcessingError.into();
    let failed = |capture| Fact::CaptureFailed(CaptureFailed { charge: charge.clone(), capture, failure });
    let (amount, is_final) = asked.unwrap_or((left / 2, what >> 3 & 1 == 1));
    if amount <= 0 || amount > left {
        return Vec::new();
    }
    let mut facts = Vec::new();
    if what >> 4 & 1 == 1 {
        facts.push((before, failed(first)));
        if how & 1 == 1 {
            return facts;
        }
    }
    facts.push((before, part(first, amount, is_final)));
    // What goes on after a capture that seemed to have failed takes that for granted.
    if !is_final && left > amount && asked.is_none() && what >> 4 & 1 == 0 {
        facts.push((after, part(first + 1, left - amount, true)));
    }
    facts
}

fn about_payout(
    stage: &Stage,
    payout: fundroute::ids::PayoutId,
    (what, how, early, late): (u8, u8, u32, u32),
) -> Vec<(Timestamp, Fact)> {
    let (first, second) = (past(stage, early.max(late)), past(stage, early.min(late)));
    let submitted = (first, Fact::PayoutSubmitted(PayoutSubmitted { payout }));
    let paid = (second, Fact::PayoutPaid(PayoutPaid { payout }));
    let failed = |at| {
        // The bank may give another reason each time.
        let failure_code = FAILURE_CODES[usize::from(how.wrapping_add(u8::from(at == first)) % 4)].to_owned();
        (at, Fact::PayoutFailed(PayoutFailed { payout, failure_code }))
    };
    let canceled = |at| (at, Fact::PayoutCanceled(PayoutCanceled { payout }));
    match what % 8 {
        0 => vec![submitted],
        1 => vec![submitted, paid],
        2 => vec![submitted, failed(second)],
        3 => vec![paid],
        4 => vec![submitted, (first, Fact::PayoutPaid(PayoutPaid { payout })), failed(second)],
        5 => vec![submitted, canceled(second)],
        // The processor calls it off twice, and the bank says one thing or the other.
        6 if how & 1 == 1 => vec![canceled(first), canceled(second), paid],
        6 => vec![canceled(second), failed(first), submitted],
        // The bank says twice that it came back.
        _ => vec![failed(first), failed(second), paid],
    }
}

/// By which id a bank finds a payout, as is told twice or not at all.
fn about_payouts_trace(
    stage: &Stage,
    payout: fundroute::ids::PayoutId,
    (what, how, early, late): (u8, u8, u32, u32),
) -> Vec<(Timestamp, Fact)> {
    let told = |at, which| (past(stage, at), about_trace(payout, which));
    if how % 4 == 0 { vec![told(early, what), told(late, how / 4)] } else { Vec::new() }
}

/// The processor gives up what is owed, or a part of it, before or after it is told why.
fn written_off(stage: &Stage, account: AccountId, (_, _, early, late): (u8, u8, u32, u32)) -> (Timestamp, Fact) {
    let amount = Money::new(i64::from(early % 9_000), USD);
    (past(stage, late), Fact::DebtWrittenOff(DebtWrittenOff { account, amount }))
}

/// Whether two charges wait of which one dispute was told: whose money is told of first has it.
fn contradicts_itself(stage: &Stage) -> bool {
    let mut told: BTreeMap<&str, &Named> = BTreeMap::new();
    let waiting = stage.platform.records().filter_map(|record| match record {
        Record::ParkedFact(parked) if matches!(parked.state, ParkedState::Waiting { .. }) => Some(&parked.report.fact),
        _ => None,
    });
    let disputes = waiting.filter_map(|fact| if let Fact::DisputeOpened(opened) = fact { Some(opened) } else { None });
    disputes.into_iter().any(|opened| *told.entry(&opened.reference).or_insert(&opened.charge) != &opened.charge)
}

/// A world: what happened to everything that waits for an answer.
fn world(stage: &Stage, dice: &Dice) -> Vec<Report> {
    if contradicts_itself(stage) { Vec::new() } else { all_that_happened(stage, dice) }
}

fn all_that_happened(stage: &Stage, dice: &Dice) -> Vec<Report> {
    let mut rolls = dice.iter().copied().cycle();
    let mut facts = Vec::new();
    for record in stage.platform.records() {
        let roll = rolls.next().unwrap();
        match record {
            Record::Account(account) if !account.is_platform() && roll.1 % 3 == 0 => {
                facts.push(written_off(stage, account.id(), roll));
            }
            // What was told before and waits may say something else.
            Record::Charge(charge) if charge.is_waited_for() => {}
            Record::Charge(charge) if matches!(charge.state(), ChargeState::Pending { .. }) => {
                facts.extend(about_charge(stage, charge.id(), roll));
                if roll.1 % 2 == 0 {
                    facts.extend(about_dispute(stage, charge, rolls.next().unwrap()));
                }
                facts.extend(about_reversal(stage, charge, roll));
            }
            Record::Charge(charge) if charge.captured().is_some() && roll.1 % 3 == 0 => {
                facts.extend(about_dispute(stage, charge, roll));
                facts.extend(about_reversal(stage, charge, roll));
            }
            Record::Charge(charge) if charge.captured().is_some() && charge.authorization().is_none() => {
                facts.extend(about_reversal(stage, charge, roll));
            }
            Record::Charge(charge) if charge.is_capturable() => {
                let held = charge.authorization().unwrap();
                let left = Money::new(held.amount() - held.taken(), charge.amount().currency());
                match held.asked() {
                    Some(Asked::Capture { capture, amount, is_final, .. }) => {
                        let asked = (*capture, left, Some((*amount, *is_final)));
                        facts.extend(captures(stage, charge.id().into(), asked, roll));
                    }
                    Some(Asked::Increment(Raise { attempt, amount, .. })) => {
                        let (attempt, amount) = (*attempt, Money::new(*amount, left.currency()));
                        let raised = AuthorizationIncremented { charge: charge.id().into(), attempt, amount };
                        facts.push((past(stage, roll.2), Fact::AuthorizationIncremented(raised)));
                    }
                    None => {}
                }
            }
            Record::Payout(payout) => {
                facts.extend(about_payout(stage, payout.id(), roll));
                facts.extend(about_payouts_trace(stage, payout.id(), roll));
            }
            Record::Account(account) if roll.0 % 4 == 1 => facts.extend(about_reserve(stage, account, roll)),
            Record::TopUp(top_up) => facts.extend(about_top_ups(stage, top_up.id(), roll)),
            Record::Refund(refund) => {
                let fact = |what| about_refund(refund.id(), what);
                facts.extend([(past(stage, roll.2), fact(roll.0)), (past(stage, roll.3), fact(roll.1))]);
                facts.push((past(stage, roll.2 ^ roll.3), fact(roll.0 ^ roll.1)));
            }
            Record::Account(account) if !account.capabilities().is_empty() && roll.0 % 4 == 0 => {
                let state = account.capabilities()[usize::from(roll.1) % account.capabilities().len()];
                for (at, status) in [
                    (roll.2, CapabilityStatus::Inactive),
                    (roll.3, CapabilityStatus::Active),
                    (roll.2 ^ roll.3, CapabilityStatus::Pending),
                ] {
                    let (account, capability) = (account.id(), state.capability());
                    let fact = Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status });
                    facts.push((past(stage, at), fact));
                }
            }
            _ => {}
        }
    }
    let number = |(number, (at, fact))| Report::new(format!("world-{number}"), at, fact);
    facts.into_iter().enumerate().map(number).collect()
}

/// The facts in some order, each one to three times.
fn delivery(reports: &[Report], order: &[Index], times: &[u8]) -> Vec<Report> {
    let mut times = times.iter().cycle();
    let often = |report: &Report| vec![report.clone(); usize::from(*times.next().unwrap() % 3) + 1];
    let mut all: Vec<Report> = reports.iter().flat_map(often).collect();
    let mut order = order.iter().cycle();
    for last in (1..all.len()).rev() {
        all.swap(last, order.next().unwrap().index(last + 1));
    }
    all
}

/// Tells a platform all of it, and lets the same time pass.
pub(crate) fn told(stage: &Stage, reports: &[Report], until: Timestamp) -> [(BTreeMap<ObjectId, Record>, Pots); 2] {
    let mut platform = stage.platform.clone();
    for report in reports {
        platform.record(report).unwrap();
        assert!(platform.audit().is_empty());
    }
    let at_once = outcome(&platform);
    platform.advance_to(until).unwrap();
    [at_once, outcome(&platform)]
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn any_order_and_any_number_of_deliveries_end_the_same(
        story in story(30..90),
        dice in dice(),
        order in proptest::collection::vec(any::<Index>(), 40),
        times in proptest::collection::vec(any::<u8>(), 17),
        span in 0..40_i64,
    ) {
        let stage = Stage::played(&story);
        let reports = world(&stage, &dice);
        let until = stage.platform.now().plus_days(span).unwrap();
        let [once, later] = told(&stage, &reports, until);
        let mixed = delivery(&reports, &order, &times);
        let [mixed_once, mixed_later] = told(&stage, &mixed, until);
        let nothing: Vec<String> = Vec::new();
        prop_assert_eq!(differences(&once, &mixed_once), nothing.clone(), "{:#?}", mixed);
        prop_assert_eq!(differences(&later, &mixed_later), nothing, "{:#?}", mixed);
    }
}

/// What is not the same in two outcomes.
fn differences(one: &(BTreeMap<ObjectId, Record>, Pots), other: &(BTreeMap<ObjectId, Record>, Pots)) -> Vec<String> {
    fn apart<K: Ord + Clone + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
        one: &BTreeMap<K, V>,
        other: &BTreeMap<K, V>,
    ) -> Vec<String> {
        let keys: std::collections::BTreeSet<&K> = one.keys().chain(other.keys()).collect();
        let apart = keys.into_iter().filter(|key| one.get(key) != other.get(key));
        apart.map(|key| format!("{key:?}: {:?} or {:?}", one.get(key), other.get(key))).collect()
    }
    let mut all = apart(&one.0, &other.0);
    all.extend(apart(&one.1, &other.1));
    all
}

/// Calls `see` with every order of the items.
pub(crate) fn permutations<T: Clone>(items: &[T], taken: &mut Vec<T>, see: &mut impl FnMut(&[T])) {
    if items.is_empty() {
        see(taken);
    }
    for (place, item) in items.iter().enumerate() {
        let rest: Vec<T> =
            items.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, item)| item.clone()).collect();
        taken.push(item.clone());
        permutations(&rest, taken, see);
        taken.pop();
    }
}

pub(crate) fn plain() -> Stage {
    let rules = Rules::PLAIN;
    Stage::played(&Story { rules, steps: opening() })
}

/// One charge and one payout, and everything that can be told of them: all 720 orders of six facts end the same.
#[test]
fn every_order_of_a_small_world_ends_the_same() {
    let mut stage = plain();
    let float = Request::new("float", Command::CreatePayment(NewPayment::card(usd(500_00))));
    stage.play(&Act::Ask(float)).unwrap();
    let charge = stage.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None })[0];
    let now = stage.platform.now();
    stage.platform.payments().record_succeeded("float", now, charge, usd(500_00)).unwrap();
    stage.platform.advance_to(now.plus_days(10).unwrap()).unwrap();
    let payout = stage.platform.payouts().create("payout", usd(100_00)).unwrap().answer;
    let jo = stage.accounts()[0];
    let sale = NewPayment::card(usd(20_00)).destination(jo).application_fee(usd(3_00));
    let sale = stage.platform.payments().create("sale", sale).unwrap().answer;
    let charge = stage.platform.charge_of(sale).unwrap().id();
    let now = stage.platform.now();
    let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let (reference, amount) = ("outside".to_owned(), usd(20_00));
    let named = Named::Reference(reference.clone());
    let failure_code = "account_closed".to_owned();
    let facts = [
        (at(70), Fact::ChargeSubmitted(ChargeSubmitted { charge, reference })),
        (
            at(60),
            Fact::ChargeFailed(ChargeFailed {
                charge: named.clone(),
                failure: ChargeFailure::Card(DeclineCode::ProcessingError),
            }),
        ),
        (at(50), Fact::ChargeSucceeded(ChargeSucceeded::of(named, amount))),
        (at(40), Fact::PayoutSubmitted(PayoutSubmitted { payout })),
        (at(30), Fact::PayoutPaid(PayoutPaid { payout })),
        (at(20), Fact::PayoutFailed(PayoutFailed { payout, failure_code })),
    ];
    let facts: Vec<Report> =
        facts.into_iter().enumerate().map(|(number, (at, fact))| Report::new(format!("f{number}"), at, fact)).collect();
    let until = now.plus_days(9).unwrap();
    let expected = told(&stage, &facts, until);
    let mut orders = 0;
    permutations(&facts, &mut Vec::new(), &mut |order| {
        orders += 1;
        assert_eq!(told(&stage, order, until), expected, "{order:#?}");
    });
    assert_eq!(orders, 720);
}
